#!/bin/sh
# Forwards invoices that came as files to the books, and says so in the conversation.
#
#     */15 * * * *  forward-invoices.sh books@example.com
#
# The key makes it once for each conversation; the tag keeps them out of the next run's list.
set -eu
books=${1:?usage: forward-invoices.sh ADDRESS}

postroom list "attachment:invoice -tag:in-the-books" --format ids --ok-if-empty --allow-unknown |
    while read -r id; do
        postroom forward "$id" --to "$books" --send --once "to-$books"
        postroom tag in-the-books "$id"
    done
