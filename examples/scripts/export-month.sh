#!/bin/sh
# Keeps a month of an inbox: the mail as an mbox that any mail program reads, and a table of its messages.
#
#     0 4 1 * *  export-month.sh support 2026-11 /srv/archive
#
# A conversation belongs to the month in which the last thing happened in it. An export that was cut off goes on when this is called
# again; one that is whole stays as it is.
set -eu
inbox=${1:?usage: export-month.sh INBOX YYYY-MM FOLDER} month=${2:?} folder=${3:?}
year=${month%-*} number=${month#*-}
case $number in
    12) end=$((year + 1))-01-01 ;;
    09) end=$year-10-01 ;;
    0*) end=$year-0$((${number#0} + 1))-01 ;;
    *) end=$year-$((number + 1))-01 ;;
esac
query="inbox:$inbox is:any after:$month-01 before:$end"

mkdir -p "$folder"
export_to() { # FILE FORMAT [OPTION…]
    [ -e "$folder/$1" ] && return
    file=$folder/$1 format=$2
    shift 2
    postroom export "$query" --format "$format" --to "$file" --ok-if-empty "$@"
}
export_to "$inbox-$month.mbox" mbox
export_to "$inbox-$month.csv" csv --rows messages
