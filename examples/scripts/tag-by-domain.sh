#!/bin/sh
# Tags conversations by the domain that their customers write from. DOMAINS has a domain and tags on each line:
#
#     bigcorp.example   vip,wholesale
#     press.example     press
#
#     */10 * * * *  tag-by-domain.sh ~/domains
#
# All lines are done by one process. What has its tags already is passed over, so it may run as often as one likes.
set -eu
sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "${1:?usage: tag-by-domain.sh DOMAINS}" |
    while read -r domain tags; do
        printf 'tag %s "from:@%s"\n' "$tags" "$domain"
    done |
    postroom batch - --ok-if-empty
