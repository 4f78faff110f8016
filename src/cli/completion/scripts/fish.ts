/** Completion for fish 3 and later. */
export const FISH = `# Completion of jwtctl for fish. Write it to ~/.config/fish/completions/jwtctl.fish
function __jwtctl_complete
    set -l before (commandline -opc)
    set -l typed (commandline -ct)
    set -l word (string unescape -- "$typed"; or printf '%s\\n' "$typed")
    set -l lines (printf '%s\\0' $before[2..-1] "$word" | command jwtctl completion fish --candidates 2>/dev/null)
    for line in $lines[2..-1]
        printf '%s\\n' $line
    end
    if contains -- "$lines[1]" files directories
        set -l prefix (string match -r -- '^(?:--[^=]*=)?@?' "$word")
        set -l start (math (string length -- "$prefix") + 1)
        for name in (__fish_complete_path (string sub -s $start -- "$word"))
            printf '%s%s\\n' "$prefix" $name
        end
    end
end
complete -c jwtctl -f -a '(__jwtctl_complete)'
`;
