#!/bin/sh
# Merges what a customer sent twice: conversations of one address with one subject, begun within a day, go into the oldest of them.
#
#     dedupe.sh --dry-run        shows the plan
#
# Looked at is only what nobody has taken up and nothing but that customer's mail stands in.
set -eu
postroom list 'is:unassigned status:open newer:7d messages:<2' --sort created --stats --ok-if-empty \
    --jq '[.id, (.stats.customers[0] // ""), (.created[:19] + "Z" | fromdateiso8601), .title] | @tsv' |
    awk -F '\t' '
        # The newest stands first, so that each goes into the next older one of its kind, and so on to the oldest.
        $2 != "" {
            kind = $2 FS tolower($4)
            if (kind in id && at[kind] - $3 <= 86400) { print "merge --into", $1, id[kind] }
            id[kind] = $1
            at[kind] = $3
        }' |
    postroom batch - --ok-if-empty "$@"
