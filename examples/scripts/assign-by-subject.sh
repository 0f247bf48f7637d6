#!/bin/sh
# Gives conversations that nobody has to whoever is in charge of what they are about. RULES has an agent or a team and a query on each line:
#
#     billing   subject:invoice or subject:refund
#     carol     "cargo bike"
#
#     */5 * * * *  assign-by-subject.sh ~/rules
#
# The first line that fits counts: what it assigned is unassigned no more when the next one is reached. Who took one meanwhile keeps it.
set -eu
sed -e 's/^[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "${1:?usage: assign-by-subject.sh RULES}" |
    while read -r who query; do
        postroom assign "$who" "($query) is:unassigned" --ok-if-empty
    done
