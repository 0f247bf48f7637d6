#!/bin/sh
# Gives out what nobody has, the longest waiting first, each to whoever has the least open at that moment.
#
#     */5 * * * *  round-robin.sh alice bob carol
#
# Who takes one in between keeps it: `is:unassigned` is asked again as it is assigned.
set -eu
[ $# -gt 0 ] || { echo "usage: round-robin.sh AGENT…" >&2; exit 2; }

least() {
    for agent; do
        printf '%s %s\n' "$(postroom count "assignee:$agent status:open,in-progress" --ok-if-empty)" "$agent"
    done | sort -n -s | head -n 1 | cut -d ' ' -f 2
}

postroom list "is:unassigned status:open" --sort waiting --format ids --ok-if-empty |
    while read -r id; do
        postroom assign "$(least "$@")" "id:${id%@*} is:unassigned" --ok-if-empty
    done
