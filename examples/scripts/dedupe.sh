#!/bin/sh
# Merges what a customer sent twice: conversations of one address with one subject, begun within two hours of the oldest, go into that.
# What comes every day, such as a report, stays apart.
#
#     dedupe.sh --dry-run        shows the plan
#
# Looked at is only what nobody has taken up and nothing but that customer's mail stands in.
set -eu
postroom list 'is:unassigned status:open newer:7d messages:<2' --sort created --stats --ok-if-empty \
    --jq '[.id, (.stats.customers[0] // ""), (.created[:19] + "Z" | fromdateiso8601), .title] | @tsv' |
    sort -t "$(printf '\t')" -k 3,3n |
    awk -F '\t' '
        $2 != "" {
            kind = $2 FS tolower($4)
            # By the first of them, and not by the one before: else a row of mails becomes one, however long it is.
            if (kind in id && $3 - at[kind] <= 7200) { print "merge --into", id[kind], $1; next }
            id[kind] = $1
            at[kind] = $3
        }' |
    postroom batch - --ok-if-empty "$@"
