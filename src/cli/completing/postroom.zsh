#compdef postroom
# Completions of postroom for zsh: put `source <(postroom completions zsh)` behind `compinit` into ~/.zshrc, or keep this as `_postroom`
# in a folder of $fpath.

_postroom() {
    local -a found keys others
    local one
    found=("${(@f)$("${(Q)words[1]}" completions zsh -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    for one in "${found[@]}"; do
        # A key of a query is followed by its value.
        case "$one" in
            '') ;;
            *\\:) keys+=("$one") ;;
            *) others+=("$one") ;;
        esac
    done
    if (( $#keys + $#others == 0 )); then
        _files
        return
    fi
    (( $#keys )) && _describe -V -t keys 'key' keys -S ''
    (( $#others )) && _describe -V -t values 'value' others
    return 0
}

if [[ "${funcstack[1]}" == _postroom ]]; then
    _postroom "$@"
else
    compdef _postroom postroom
fi
