# Completions of postroom for fish: postroom completions fish > ~/.config/fish/completions/postroom.fish

function __postroom_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l found (command $before[1] completions fish -- $before[2..-1] "$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$current"
    end
end

complete -c postroom -f -a '(__postroom_complete)'
