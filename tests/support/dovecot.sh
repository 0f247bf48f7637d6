#!/bin/sh
# Starts Dovecot in a folder of its own and stays in the foreground: the tests kill its process group.
# usage: dovecot.sh DIR IMAP_PORT IMAPS_PORT [maildir|sdbox|mdbox]
# Works as root (drops to nobody) and as any other user. Any user name is known; the password is "pass".
# DIR/extra.conf is read last.
set -eu
dir=$1 imap=$2 imaps=$3 format=${4:-maildir}
mkdir -p "$dir/run" "$dir/state" "$dir/mail" "$dir/tls" "$dir/jwt/default/HS256"
[ -f "$dir/extra.conf" ] || : > "$dir/extra.conf"
# With CERTIFICATE_NAMES=none the certificate names its host as its subject alone.
names="subjectAltName=DNS:localhost,IP:127.0.0.1"
[ "${CERTIFICATE_NAMES:-}" != none ] || names="keyUsage=digitalSignature"
if [ ! -f "$dir/tls/cert.pem" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=localhost \
    -addext "$names" -keyout "$dir/tls/key.pem" -out "$dir/tls/cert.pem" 2>/dev/null
fi
if [ "$(id -u)" = 0 ]; then user=nobody group=nogroup; else user=$(id -un) group=$(id -gn); fi
printf 'secretkey' | base64 | tr -d '\n' > "$dir/jwt/default/HS256/default"
cat > "$dir/oauth2.conf.ext" <<CONF
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$dir/jwt/
CONF
cat > "$dir/dovecot.conf" <<CONF
base_dir = $dir/run
state_dir = $dir/state
log_path = $dir/log
protocols = imap
listen = 127.0.0.1
default_internal_user = $user
default_internal_group = $group
default_login_user = $user
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
ssl = yes
ssl_cert = <$dir/tls/cert.pem
ssl_key = <$dir/tls/key.pem
ssl_dh =
mail_location = $format:~/mail
mail_max_userip_connections = 200
first_valid_uid = 0
passdb {
  driver = static
  args = password=pass
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $dir/oauth2.conf.ext
}
userdb {
  driver = static
  args = uid=$user gid=$group home=$dir/mail/%n allow_all_users=yes
}
namespace inbox {
  inbox = yes
  mailbox Drafts {
    special_use = \Drafts
    auto = create
  }
  mailbox Sent {
    special_use = \Sent
    auto = create
  }
  mailbox Trash {
    special_use = \Trash
  }
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  service_count = 0
  process_min_avail = 1
  client_limit = 500
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service stats {
  chroot =
}
service imap-urlauth-login {
  chroot =
}
!include $dir/extra.conf
CONF
chmod 755 "$dir"
if [ "$(id -u)" = 0 ]; then
  chown -R 65534:65534 "$dir"
  exec setpriv --reuid=65534 --regid=65534 --clear-groups "$(command -v dovecot || echo /usr/sbin/dovecot)" -F -c "$dir/dovecot.conf"
fi
exec "$(command -v dovecot || echo /usr/sbin/dovecot)" -F -c "$dir/dovecot.conf"
