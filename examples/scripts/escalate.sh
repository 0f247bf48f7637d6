#!/bin/sh
# Brings to somebody's eyes what has waited too long: a note that mentions them, and a tag that keeps it out of the next run.
#
#     */10 * * * *  escalate.sh 4h carol
#
# The note is written under a key, so that there is one a day in each conversation, however often this is interrupted and by however many
# it is run.
set -eu
after=${1:?usage: escalate.sh SPAN AGENT} who=${2:?usage: escalate.sh SPAN AGENT}
late="status:open waiting:>$after -tag:escalated"
found=$(mktemp)
trap 'rm -f "$found"' EXIT

postroom list "$late" --format ids --ok-if-empty --allow-unknown >"$found"
postroom note "@$who: this has waited for more than $after" - --once "escalated-$(date +%F)" --ok-if-empty <"$found"
postroom tag escalated - --ok-if-empty <"$found"
# What was answered begins anew.
postroom tag -escalated 'tag:escalated is:any -status:open' --ok-if-empty --allow-unknown
