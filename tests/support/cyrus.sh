#!/bin/sh
# Starts Cyrus in a folder of its own and stays in the foreground: the tests kill its process group.
# usage: cyrus.sh DIR IMAP_PORT IMAPS_PORT
# Unpacked by install-cyrus.sh. Users: team, alice, bob; the password is "pass". As root it drops to nobody.
set -eu
dir=$1 imap=$2 imaps=$3 home=${CYRUS_DIR:-/opt/cyrus}
bin=$home/usr/lib/cyrus/bin
LD_LIBRARY_PATH=$(echo "$home"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH
mkdir -p "$dir/conf/socket" "$dir/conf/proc" "$dir/conf/db" "$dir/conf/log" "$dir/conf/lock" "$dir/spool" "$dir/tls"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=localhost \
  -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout "$dir/tls/key.pem" -out "$dir/tls/cert.pem" 2>/dev/null
if [ "$(id -u)" = 0 ]; then user=nobody; else user=$(id -un); fi
cat > "$dir/imapd.conf" <<CONF
configdirectory: $dir/conf
partition-default: $dir/spool
defaultpartition: default
cyrus_user: $user
cyrus_group: $(id -gn $user)
admins: cyrus
servername: localhost
altnamespace: yes
unixhierarchysep: yes
virtdomains: off
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $dir/sasldb2
sasl_mech_list: PLAIN LOGIN
autocreate_quota: 0
autocreate_inbox_folders: Sent | Drafts | Trash
autocreate_subscribe_folders: Sent | Drafts | Trash
xlist-sent: Sent
xlist-drafts: Drafts
xlist-trash: Trash
tls_server_cert: $dir/tls/cert.pem
tls_server_key: $dir/tls/key.pem
tls_versions: tls1_2 tls1_3
idlesocket: $dir/conf/socket/idle
lmtpsocket: $dir/conf/socket/lmtp
imapidlepoll: 1
duplicatesuppression: no
munge8bit: no
conversations: no
tlscache_db: skiplist
CONF
cat > "$dir/cyrus.conf" <<CONF
START {
  recover cmd="$bin/ctl_cyrusdb -C $dir/imapd.conf -r"
}
SERVICES {
  imap  cmd="$bin/imapd -C $dir/imapd.conf"    listen="127.0.0.1:$imap"  prefork=2 maxchild=300
  imaps cmd="$bin/imapd -s -C $dir/imapd.conf" listen="127.0.0.1:$imaps" prefork=0 maxchild=100
}
DAEMON {
  idled cmd="$bin/idled -C $dir/imapd.conf -d"
}
EVENTS { }
CONF
for name in cyrus team alice bob; do echo pass | saslpasswd2 -p -f "$dir/sasldb2" -u localhost $name; done
chmod 755 "$dir"
if [ "$(id -u)" = 0 ]; then
  chown -R 65534:65534 "$dir"
  exec setpriv --reuid=65534 --regid=65534 --clear-groups "$bin/master" -C "$dir/imapd.conf" -M "$dir/cyrus.conf" -p "$dir/master.pid" -j 1
fi
exec "$bin/master" -C "$dir/imapd.conf" -M "$dir/cyrus.conf" -p "$dir/master.pid" -j 1
