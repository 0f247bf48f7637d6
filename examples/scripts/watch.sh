#!/bin/sh
# Runs a program for each conversation that nobody has and that has just come, such as a bell, a pager or a chat's webhook.
#
#     watch.sh notify-send        (under systemd, or in a terminal)
#
# The program gets a line of words; it is tried again where it fails. Beside it runs `postroom sync --watch`.
set -eu
[ $# -gt 0 ] || { echo "usage: watch.sh PROGRAM [WORDS…]" >&2; exit 2; }
state=${XDG_STATE_HOME:-$HOME/.local/state}/postroom-bell.cursor
mkdir -p "$(dirname "$state")"

# With ONCE set it prints what there is and ends, for cron and for tests.
postroom watch 'is:unassigned status:open' --state "$state" ${ONCE+--once $ONCE} \
    --jq 'select(.event == "enters") | .conversation | "\(.short) \(.people): \(.title)"' |
    while read -r line; do
        "$@" "$line"
    done
