//! A Dovecot of a test's own: in a temporary folder, on free ports of this machine, gone with the value.
//!
//! `POSTROOM_TEST_SERVER=cyrus` or `courier` puts that server in its place; tests that need settings of Dovecot's own are skipped then.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postroom::config::{Auth, Endpoint, Imap, Secret, Security};
use postroom::model::ids::AccountId;
use postroom::sync::imap::ImapAccount;
use postroom::sync::imap::{Session, Waker};

/// The password of every user.
pub const PASSWORD: &str = "pass";

/// A running server.
pub struct Dovecot {
    child: Child,
    dir: tempfile::TempDir,
    pub imap: u16,
    pub imaps: u16,
}

fn free_ports() -> (u16, u16) {
    let a = TcpListener::bind("127.0.0.1:0").unwrap();
    let b = TcpListener::bind("127.0.0.1:0").unwrap();
    (a.local_addr().unwrap().port(), b.local_addr().unwrap().port())
}

/// The server that the tests run against: `dovecot`, `cyrus` or `courier`.
pub fn kind() -> String {
    std::env::var("POSTROOM_TEST_SERVER").unwrap_or_else(|_| "dovecot".to_owned())
}

fn installed(kind: &str) -> bool {
    let unpacked = |variable: &str, usual: &str, program: &str| {
        let dir = std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
        Path::new(&dir).join(program).exists()
    };
    match kind {
        "cyrus" => unpacked("CYRUS_DIR", "/opt/cyrus", "usr/lib/cyrus/bin/master"),
        "courier" => unpacked("COURIER_DIR", "/opt/courier", "usr/sbin/couriertcpd"),
        _ => Path::new("/usr/sbin/dovecot").exists() || Path::new("/usr/local/sbin/dovecot").exists(),
    }
}

impl Dovecot {
    /// Starts a server with Debian's defaults; `None` where none is installed and that was allowed.
    pub fn start() -> Option<Self> {
        Self::with("")
    }

    /// Starts a server with further settings.
    pub fn with(extra: &str) -> Option<Self> {
        Self::with_format("maildir", extra)
    }

    /// Starts a server that takes mail by LMTP too, and files what comes for `user+Folder@` into that folder. Returns also the port;
    /// `None` where it can't.
    pub fn with_lmtp() -> Option<(Self, u16)> {
        if kind() != "dovecot" || !Path::new("/usr/lib/dovecot/lmtp").exists() {
            eprintln!("skipped: no Dovecot with LMTP (apt-get install dovecot-lmtpd)");
            return None;
        }
        let (port, _) = free_ports();
        let server = Self::with(&format!(
            "protocols = imap lmtp\nrecipient_delimiter = +\nlmtp_save_to_detail_mailbox = yes\n\
             lda_mailbox_autocreate = yes\nhostname = mx.example.com\npostmaster_address = postmaster@example.com\n\
             service lmtp {{\n  chroot =\n  inet_listener lmtp {{\n    address = 127.0.0.1\n    port = {port}\n  }}\n}}\n"
        ))?;
        Some((server, port))
    }

    /// Starts a server whose certificate has no alternative names: it names its host as its subject alone.
    pub fn without_names() -> Option<Self> {
        if kind() != "dovecot" {
            eprintln!("skipped: settings of Dovecot's own");
            return None;
        }
        Self::begin("maildir", "", false)
    }

    /// Starts a server that stores mail as `format`.
    pub fn with_format(format: &str, extra: &str) -> Option<Self> {
        Self::begin(format, extra, true)
    }

    fn begin(format: &str, extra: &str, has_names: bool) -> Option<Self> {
        let kind = kind();
        if kind != "dovecot" && (!extra.is_empty() || format != "maildir") {
            eprintln!("skipped: settings of Dovecot's own");
            return None;
        }
        if !installed(&kind) {
            if std::env::var_os("POSTROOM_TEST_SKIP_SERVERS").is_some_and(|v| v == "1") {
                eprintln!("skipped: {kind} is not installed");
                return None;
            }
            let how = match kind.as_str() {
                "dovecot" => "apt-get install dovecot-imapd openssl".to_owned(),
                other => format!("tests/support/install-{other}.sh"),
            };
            panic!("{kind} is not installed: `{how}`, or set POSTROOM_TEST_SKIP_SERVERS=1");
        }
        // Between looking for a free port and taking it somebody else may have taken it.
        (0..5).find_map(|_| Self::try_start(format, extra, has_names)).or_else(|| panic!("{kind} does not start"))
    }

    /// Starts a server that lacks capabilities: `-CONDSTORE` and the like are taken from what it has.
    pub fn without(capabilities: &[&str]) -> Option<Self> {
        const ALL: &str = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT THREAD=REFERENCES MULTIAPPEND UNSELECT CHILDREN NAMESPACE \
                           UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN LIST-STATUS BINARY MOVE \
                           SPECIAL-USE LITERAL+";
        let kept: Vec<&str> = ALL.split_ascii_whitespace().filter(|c| !capabilities.contains(c)).collect();
        Self::with(&format!("imap_capability = {}\n", kept.join(" ")))
    }

    /// Starts a server on which `support` shares a mailbox by ACL: with alice and bob, and with gus to be read only. Names have this
    /// separator, and this prefix in front of one's own. Whoever logs in may not read their own INBOX: to look into it would be an error
    /// that is told.
    #[allow(dead_code, reason = "used by the tests that set up an account")]
    pub fn sharing(separator: char, prefix: &str) -> Option<Self> {
        let server = Self::with(&format!(
            "mail_plugins = acl\nprotocol imap {{\n  mail_plugins = acl imap_acl\n}}\n\
             plugin {{\n  acl = vfile\n  acl_shared_dict = file:%h/../shared-mailboxes\n}}\n\
             namespace inbox {{\n  separator = {separator}\n  prefix = {prefix}\n}}\n\
             namespace shared {{\n  type = shared\n  separator = {separator}\n  prefix = shared{separator}%%u{separator}\n\
             location = maildir:%h/../%%n/mail\n  subscriptions = no\n  list = yes\n}}\n"
        ))?;
        let log = format!("{prefix}Postroom");
        let sent = format!("{prefix}Sent");
        let mut lines = vec![format!("CREATE {log}")];
        for folder in ["INBOX", &log, &sent] {
            for agent in ["alice", "bob"] {
                lines.push(format!("SETACL {folder} {agent} lrwstipekx"));
            }
            lines.push(format!("SETACL {folder} gus lr"));
        }
        server.say("support", &lines.iter().map(String::as_str).collect::<Vec<_>>());
        let question = "From: Carla Diaz <carla@c.example>\nTo: support@shop.example\nSubject: Question 1\nMessage-ID: <1@c.example>\n\nHow long?\n";
        server.deliver("support", "INBOX", question);
        for agent in ["alice", "bob", "gus"] {
            let private = "From: Mum <mum@home.example>\nSubject: Private\nMessage-ID: <p@home>\n\nDinner?\n";
            server.deliver(agent, "INBOX", private);
            std::fs::write(server.maildir(agent).join("dovecot-acl"), "owner l\n").unwrap();
        }
        Some(server)
    }

    /// Says these lines as `user`, each of which has to be taken.
    #[allow(dead_code, reason = "used by the tests that set up an account")]
    pub fn say(&self, user: &str, lines: &[&str]) {
        let stream = TcpStream::connect(("127.0.0.1", self.imap)).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let login = format!("LOGIN {user} {PASSWORD}");
        for line in std::iter::once(login.as_str()).chain(lines.iter().copied()) {
            write!(&stream, "a {line}\r\n").unwrap();
            let mut answer = String::new();
            while !answer.starts_with("a ") {
                answer.clear();
                assert!(reader.read_line(&mut answer).unwrap() > 0, "{line}");
            }
            assert!(answer.starts_with("a OK"), "{line}: {answer}");
        }
    }

    fn try_start(format: &str, extra: &str, has_names: bool) -> Option<Self> {
        let dir = tempfile::Builder::new().prefix("postroom-dovecot").tempdir().unwrap();
        std::fs::write(dir.path().join("extra.conf"), extra).unwrap();
        let (imap, imaps) = free_ports();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/support/{}.sh", kind()));
        let mut child = Command::new("sh")
            .arg(script)
            .arg(dir.path())
            .args([imap.to_string(), imaps.to_string(), format.to_owned()])
            .env("CERTIFICATE_NAMES", if has_names { "" } else { "none" })
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let end = Instant::now() + Duration::from_secs(20);
        while Instant::now() < end {
            if child.try_wait().unwrap().is_some() {
                return None;
            }
            if greets(imap) {
                return Some(Self { child, dir, imap, imaps });
            }
            std::thread::yield_now();
            std::thread::park_timeout(Duration::from_millis(10));
        }
        let server = Self { child, dir, imap, imaps };
        drop(server);
        None
    }

    /// The certificate that a client has to trust.
    pub fn certificate(&self) -> PathBuf {
        self.dir.path().join("tls/cert.pem")
    }

    /// How to reach it as `user`.
    pub fn endpoint(&self, user: &str, security: Security) -> Endpoint {
        Endpoint {
            host: "localhost".to_owned(),
            port: if security == Security::Tls { self.imaps } else { self.imap },
            security,
            user: user.to_owned(),
            secret: Secret::Clear(PASSWORD.to_owned()),
            auth: Auth::Password,
            ca_file: (security != Security::Plain).then(|| self.certificate()),
            timeout: 20,
        }
    }

    /// An account that syncs INBOX and Sent over a connection in clear.
    pub fn account(&self, user: &str) -> ImapAccount {
        account(self.endpoint(user, Security::Plain))
    }

    /// A session in clear as `user`.
    pub fn session(&self, user: &str) -> Session {
        Session::open(&self.endpoint(user, Security::Plain), PASSWORD, &Waker::new().unwrap()).unwrap()
    }

    /// Puts a mail into a folder of `user` and returns its UID.
    pub fn deliver(&self, user: &str, folder: &str, mail: &str) -> u32 {
        let mail = mail.replace("\r\n", "\n").replace('\n', "\r\n");
        let mut session = self.session(user);
        let uid = session.append(folder, &[], None, mail.as_bytes()).unwrap().uid.unwrap();
        session.logout();
        uid
    }

    /// Where the INBOX of `user` lies, when mail is stored as a Maildir.
    pub fn maildir(&self, user: &str) -> PathBuf {
        self.dir.path().join("mail").join(user).join("mail")
    }

    /// Backs up all mail of `user`, with the server's own lists and indexes.
    pub fn back_up(&self, user: &str) -> Backup {
        let backup = Backup { from: self.maildir(user), dir: tempfile::tempdir().unwrap() };
        copy_all(&backup.from, &backup.dir.path().join("mail"));
        backup
    }

    /// What the server calls a folder beside INBOX: Courier keeps all below it.
    pub fn named(&self, folder: &str) -> String {
        if kind() == "courier" { format!("INBOX.{folder}") } else { folder.to_owned() }
    }

    /// What the server wrote into its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }
}

/// Mail as it was.
pub struct Backup {
    from: PathBuf,
    dir: tempfile::TempDir,
}

impl Backup {
    /// Puts all mail back as it was.
    pub fn restore(&self) {
        std::fs::remove_dir_all(&self.from).unwrap();
        copy_all(&self.dir.path().join("mail"), &self.from);
    }

    /// Puts the mail back without the indexes, which many backups leave out: HIGHESTMODSEQ begins anew, UIDs are those of the Maildir.
    pub fn restore_without_indexes(&self) {
        self.restore();
        let done = Command::new("find").arg(&self.from).args(["-name", "dovecot.index*", "-delete"]).status().unwrap();
        assert!(done.success());
    }
}

/// Copies a folder with owners and times, which the server looks at.
fn copy_all(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(done.success(), "{} is not copied", from.display());
}

/// An account over an endpoint.
pub fn account(imap: Endpoint) -> ImapAccount {
    let config = Imap { history_days: 365, ..Imap::of(imap, None) };
    ImapAccount { id: AccountId::new("main").unwrap(), config }
}

fn greets(port: u16) -> bool {
    let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with("* OK")
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // The master alone would leave its children behind for seconds.
        if let Some(group) = rustix::process::Pid::from_raw(i32::try_from(self.child.id()).unwrap()) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("Dovecot's log:\n{}", self.log());
        }
    }
}
