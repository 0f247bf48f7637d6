#!/bin/sh
# Tells everybody who asked about an outage the same, once, and waits with them.
#
#     outage-reply.sh tag:outage-0503 outage
#
# The second word names a saved reply. Those who write later are told when it is called again; nobody is told twice, since the query
# names the outage. Conversations that can't be answered are told and left as they are.
set -eu
query=${1:?usage: outage-reply.sh QUERY SAVED-REPLY} saved=${2:?}
key=outage-$(printf %s "$query" | cksum | cut -d ' ' -f 1)

postroom reply "$query" --saved "$saved" --send --once "$key" --skip-unfit --max "${MAX:-300}" --ok-if-empty --allow-unknown
