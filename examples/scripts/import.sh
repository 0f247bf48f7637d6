#!/bin/sh
# Makes an archive readable and searchable without a server: an inbox on this machine, with all mail of the archives closed.
#
#     import.sh ~/old-support old-support.mbox sales-2019/
#     postroom --store ~/old-support list 'refund is:any'
#
# What is there already is passed over: it may be called again after a break, and with newer archives.
set -eu
store=${1:?usage: import.sh STORE ARCHIVE…}
shift
postroom --store "$store" import "$@"
