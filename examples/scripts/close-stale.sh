#!/bin/sh
# Closes what has waited for the customer for too long. For every night:
#
#     15 3 * * *  close-stale.sh 14d
#
# Closed is only what stood in the list: a customer who writes in between is left out and told, and so is the fifth hundred and one.
# `postroom undo` takes a whole night back.
set -eu
age=${1:-14d}
stale="status:waiting older:$age"

postroom list "$stale" --format ids --ok-if-empty |
    postroom status closed - "$stale" --max "${MAX:-500}" --ok-if-empty
