/** Completion for bash 3.2 and later. */
export const BASH = `# Completion of jwtctl for bash. In ~/.bashrc: eval "$(jwtctl completion bash)"
_jwtctl() {
  local rest=\${COMP_LINE:0:COMP_POINT} words=() count=0 index piece word kind line value cut=0
  # Words that bash has cut at = : @ are put together again.
  for ((index = 0; index <= COMP_CWORD; index++)); do
    piece=\${COMP_WORDS[index]}
    if [[ $index -eq 0 || $rest == [[:space:]]* ]]; then
      rest=\${rest#"\${rest%%[![:space:]]*}"}
      count=$((count + 1))
    fi
    if ((index == COMP_CWORD)); then piece=$rest; fi
    words[count - 1]+=$piece
    rest=\${rest:\${#piece}}
  done
  word=\${words[count - 1]}
  # What is inserted begins after the last cut.
  if [[ $word != *[\\"\\'\\\\]* ]]; then
    for ((index = 0; index < \${#word}; index++)); do
      piece=\${word:index:1}
      if [[ $piece == [=:@] && $COMP_WORDBREAKS == *"$piece"* ]]; then cut=$((index + 1)); fi
    done
  fi
  COMPREPLY=()
  {
    IFS= read -r kind
    while IFS= read -r line; do
      value=\${line%%$'\\t'*}
      value=\${value:cut}
      case $word in
        [\\"\\']*) if [[ $value == *[\\"\\'\\\\\\$\\\`!]* ]]; then continue; fi ;;
        *) printf -v value %q "$value" ;;
      esac
      COMPREPLY[\${#COMPREPLY[@]}]=$value
    done
  } < <(printf '%s\\0' "\${words[@]:1}" | command jwtctl completion bash --candidates 2>/dev/null)
  # Where files fit, readline completes them itself.
  if [[ $kind == words ]]; then compopt +o default +o bashdefault 2>/dev/null; fi
  return 0
}
complete -o default -o bashdefault -F _jwtctl jwtctl
`;
