#!/bin/sh
# Makes old mail readable and searchable without a server: an inbox on this machine, with all that was archived, closed.
#
#     import.sh ~/old-support support@example.com old-support.mbox ~/Maildir
#     postroom --store ~/old-support list 'refund is:any'
#
# What is there already is passed over: it may be called again after a break, and with newer archives.
set -eu
store=${1:?usage: import.sh STORE ADDRESS ARCHIVE…} address=${2:?usage: import.sh STORE ADDRESS ARCHIVE…}
shift 2
if [ -e "$store/config.toml" ]; then
    postroom --store "$store" import "$@"
else
    postroom --store "$store" import --address "$address" "$@"
fi
