#!/bin/sh
# Unpacks Debian's Courier into /opt/courier, beside an installed Dovecot with which the package conflicts. As root; once.
# usage: install-courier.sh [DIR]
set -eu
to=${1:-/opt/courier}
apt-get install -y --no-install-recommends libcourier-unicode4 libgamin0 gamin courier-authlib courier-authdaemon \
  courier-authlib-userdb libidn12
debs=$(mktemp -d)
cd "$debs"
apt-get download courier-imap courier-base
for deb in *.deb; do dpkg -x "$deb" "$to"; done
rm -r "$debs"
