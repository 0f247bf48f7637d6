#!/bin/sh
# Runs a program for each conversation that nobody has and that has just come, such as a bell, a pager or a chat's webhook.
#
#     watch.sh notify-send        (under systemd, or in a terminal)
#
# The program gets a line of words. Where it fails, it is run again after a second, two, and so on, five times in all; the next line waits
# for that, and none is lost. Beside it runs `postroom sync --watch`.
set -eu
[ $# -gt 0 ] || { echo "usage: watch.sh PROGRAM [WORDS…]" >&2; exit 2; }
state=${XDG_STATE_HOME:-$HOME/.local/state}/postroom-bell.cursor
mkdir -p "$(dirname "$state")"

# The program reads nothing: on standard input are the lines that come after.
ring() {
    try=1
    until "$@" </dev/null; do
        if [ "$try" -ge 5 ]; then
            echo "watch.sh: given up: $*" >&2
            return 0
        fi
        sleep "${PAUSE-$try}"
        try=$((try + 1))
    done
}

# With ONCE set it prints what there is and ends, for cron and for tests.
postroom watch 'is:unassigned status:open' --state "$state" ${ONCE+--once $ONCE} \
    --jq 'select(.event == "enters") | .conversation | "\(.short) \(.people): \(.title)"' |
    while IFS= read -r line; do
        ring "$@" "$line"
    done
