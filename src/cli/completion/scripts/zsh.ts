/** Completion for zsh: as a file of fpath, or by eval. */
export const ZSH = `#compdef jwtctl
# Completion of jwtctl for zsh. Write it as _jwtctl into a directory of fpath, or: eval "$(jwtctl completion zsh)"
_jwtctl() {
  local -a given lines values shown
  local line
  given=("\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  lines=("\${(@f)$(printf '%s\\0' "\${given[@]}" | command jwtctl completion zsh --candidates 2>/dev/null)}")
  for line in "\${(@)lines[2,-1]}"; do
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  if (( $#values )); then compadd -l -d shown -a -- values; fi
  if [[ $lines[1] == (files|directories) ]]; then
    if [[ $PREFIX == --*=* ]]; then compset -P '--*='; fi
    compset -P '@'
    if [[ $lines[1] == files ]]; then _files; else _files -/; fi
  fi
  return 0
}
if [[ \${funcstack[1]-} == _jwtctl ]]; then
  _jwtctl "$@"
else
  compdef _jwtctl jwtctl
fi
`;
