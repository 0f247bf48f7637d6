#!/bin/sh
# Runs a script of this folder under cron: with what came in, and with what was done brought to the team before it ends.
#
#     */10 * * * *  cron-job.sh tag-by-domain.sh ~/domains
#
# Each Unix user has a store of their own (two users on one store are refused); where both work on one mailbox, the log decides who was
# first. Beside a screen or `sync --watch` of the same user it waits for that one's sync instead of making its own.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
script=${1:?usage: cron-job.sh SCRIPT [WORDS…]}
shift
PATH=$here:$PATH
export PATH

postroom sync --wait
code=0
"$script" "$@" || code=$?
postroom sync --wait
exit "$code"
