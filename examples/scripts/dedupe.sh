#!/bin/sh
# Merges what a customer sent twice: open conversations of one address with one subject, begun within a day. They go into the oldest.
#
#     dedupe.sh --dry-run        shows the plan
#
# Only conversations that nobody has taken up are looked at.
set -eu
postroom list 'is:unassigned status:open newer:7d' --sort created \
    --jq '[.id, .customer.email, .created, .title] | @tsv' |
    awk -F '\t' -f "$(dirname "$0")/dedupe.awk" |
    postroom batch - --ok-if-empty "$@"
