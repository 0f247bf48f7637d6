#!/bin/sh
# Unpacks Debian's Cyrus into /opt/cyrus, beside an installed Dovecot with which the package conflicts. As root; once.
# usage: install-cyrus.sh [DIR]
set -eu
to=${1:-/opt/cyrus}
apt-get install -y --no-install-recommends libical3 libpcre3 libxapian30 libzephyr4 libclamav12 libsasl2-modules sasl2-bin
debs=$(mktemp -d)
cd "$debs"
apt-get download cyrus-imapd cyrus-common
for deb in *.deb; do dpkg -x "$deb" "$to"; done
rm -r "$debs"
