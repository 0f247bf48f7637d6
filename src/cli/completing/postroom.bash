# Completions of postroom for bash: put `source <(postroom completions bash)` into ~/.bashrc.

_postroom() {
    local rest="${COMP_LINE:0:COMP_POINT}" words=() word current head breaks i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word="${COMP_WORDS[i]}"
        # Bash divides words at : and = too; what no blank divides is one word.
        local apart=1
        if ((i > 0)) && [[ "$rest" != [[:space:]]* ]]; then apart=; fi
        rest="${rest#"${rest%%[![:space:]]*}"}"
        if ((i == COMP_CWORD)); then word="$rest"; fi
        if [[ -n "$apart" ]]; then
            words+=("$word")
        else
            words[${#words[@]}-1]+="$word"
        fi
        rest="${rest#"$word"}"
    done
    current="${words[${#words[@]}-1]#[\"\']}"
    words[${#words[@]}-1]="$current"
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <("${COMP_WORDS[0]}" completions bash -- "${words[@]:1}" 2>/dev/null)
    # A key of a query is followed by its value.
    if [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[:=] ]]; then
        compopt -o nospace 2>/dev/null
    fi
    # Only what stands behind the last : or = is replaced.
    breaks="${COMP_WORDBREAKS//[^:=]/}"
    if [[ -n "$breaks" ]]; then
        head="${current%"${current##*[$breaks]}"}"
        COMPREPLY=("${COMPREPLY[@]#"$head"}")
    fi
}

complete -o bashdefault -o default -F _postroom postroom
