#!/bin/sh
# Starts Courier in a folder of its own and stays in the foreground: the tests kill its process group. As root.
# usage: courier.sh DIR IMAP_PORT
# Unpacked by install-courier.sh. Users: team, alice, bob; the password is "pass". The socket of its authdaemon is compiled in, hence
# the private mount namespace. Its IDLE looks every 60 seconds, as Debian's does.
set -eu
dir=$1 imap=$2 home=${COURIER_DIR:-/opt/courier}
mkdir -p "$dir/mail" "$dir/etc" "$dir/run/authdaemon"
for name in team alice bob; do
  mkdir -p "$dir/mail/$name"
  "$home/usr/bin/maildirmake.courier" "$dir/mail/$name/Maildir"
  "$home/usr/bin/maildirmake.courier" -f Sent "$dir/mail/$name/Maildir"
done
cp /etc/courier/authdaemonrc "$dir/etc/authdaemonrc"
sed -i 's/^authmodulelist=.*/authmodulelist="authuserdb"/; s/^daemons=.*/daemons=3/' "$dir/etc/authdaemonrc"
: > "$dir/etc/userdb"
chmod 600 "$dir/etc/userdb"
password=$(openssl passwd -1 pass)
for name in team alice bob; do
  printf '%s\tuid=65534|gid=65534|home=%s|mail=%s|systempw=%s\n' $name "$dir/mail/$name" "$dir/mail/$name/Maildir" "$password" \
    >> "$dir/etc/userdb"
done
chmod 755 "$dir"
chown -R 65534:65534 "$dir/mail"
export IMAP_CAPABILITY="IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"
export IMAP_KEYWORDS=1 IMAP_ACL=1 IMAP_IDLE_TIMEOUT=60 IMAP_MAILBOX_SANITY_CHECK=1 IMAP_USELOCKS=1 IMAP_ENHANCEDIDLE=0 IMAP_UMASK=022
export IMAP_ULIMITD=1310720 IMAP_CHECK_ALL_FOLDERS=0 IMAP_OBSOLETE_CLIENT=0 IMAP_SHAREDINDEXFILE="$dir/etc/index"
export IMAP_TRASHFOLDERNAME=Trash IMAP_EMPTYTRASH= IMAP_MOVE_EXPUNGE_TO_TRASH=0 HEADERFROM=X-IMAP-Sender MAILDIRPATH=Maildir
export DEBUG_LOGIN=0 IMAP_STARTTLS= IMAP_TLS_REQUIRED=0 AUTHMODULES=authdaemon
export dir imap home
exec unshare -m --propagation private sh -c '
  mount --bind "$dir/etc" /etc/courier
  mkdir -p /run/courier
  mount --bind "$dir/run" /run/courier
  makeuserdb -f /etc/courier/userdb
  /usr/lib/courier/courier-authlib/authdaemond &
  until [ -S /run/courier/authdaemon/socket ]; do sleep 0.01; done
  exec "$home/usr/sbin/couriertcpd" -address=127.0.0.1 -maxprocs=200 -maxperip=200 -maxperc=200 -nodnslookup -noidentlookup "$imap" \
    "$home/usr/lib/courier/courier/imaplogin" "$home/usr/bin/imapd" Maildir'
