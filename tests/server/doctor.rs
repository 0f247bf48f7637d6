//! `postroom doctor` against real servers: what is broken is named, and nothing of mail or secrets is.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use postroom::model::clock::Timestamp;

use crate::environment::{Environment, Said};
use crate::support::dovecot::Dovecot;
use crate::support::smtp::{At, How, SmtpServer};

const ACL: &str = "protocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile\n}\n";
const CONFIG: &str = "home/.config/postroom/config.toml";

/// A set-up in which all is well, with both servers.
struct SetUp {
    env: Environment,
    imap: Dovecot,
    smtp: SmtpServer,
}

impl SetUp {
    fn new(settings: &str) -> Option<Self> {
        Some(Self::on(Dovecot::with(settings)?))
    }

    fn on(imap: Dovecot) -> Self {
        let set_up = Self { imap, smtp: SmtpServer::start(), env: Environment::new() };
        std::fs::create_dir_all(set_up.env.path("home/.config/postroom")).unwrap();
        set_up.write(&set_up.config());
        set_up
    }

    fn config(&self) -> String {
        let (imap, smtp) = (self.imap.certificate(), self.smtp.certificate());
        format!(
            "[me]\nhandle = \"alice\"\n[ui]\neditor = \"cat\"\nopener = \"cat\"\n\
             [account.main.imap]\nhost = \"localhost\"\nport = {}\nuser = \"team\"\npassword = \"pass\"\nca_file = {:?}\n\
             [account.main.smtp]\nhost = \"localhost\"\nport = {}\nca_file = {:?}\n\
             [inbox.support]\naddress = \"support@example.com\"\n",
            self.imap.imaps, imap, self.smtp.tls_port, smtp
        )
    }

    fn write(&self, config: &str) {
        let file = self.env.write(CONFIG, config);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Runs the verb with the machine's own clock.
    fn doctor(&self, args: &[&str]) -> Said {
        let mut all = vec!["doctor"];
        all.extend(args);
        let mut command = self.env.command(&all);
        command.env_remove("POSTROOM_CLOCK");
        self.env.run_with(command, "")
    }

    /// Returns the faults, each as topic, code and text.
    fn faults(&self) -> (i32, Vec<[String; 3]>) {
        let said = self.doctor(&["--json"]);
        let lines = said.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let text = |line: &serde_json::Value, key: &str| line[key].as_str().unwrap().to_owned();
        let faults = lines.filter(|line| line["level"] == "fault");
        let faults = faults.map(|line| {
            assert!(line["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "nothing mends it: {line}");
            [text(&line, "topic"), text(&line, "code"), text(&line, "text")]
        });
        (said.status, faults.collect())
    }

    /// Asserts that a config changed so has this fault, and ends so.
    fn names(&self, from: &str, to: &str, status: i32, topic: &str, words: &str) {
        let config = self.config();
        assert!(config.contains(from), "{config}");
        self.write(&config.replacen(from, to, 1));
        self.has_fault(status, topic, words);
    }

    fn has_fault(&self, status: i32, topic: &str, words: &str) {
        let (ended, faults) = self.faults();
        let is_named = faults.iter().any(|[of, _, text]| of == topic && text.contains(words));
        assert!(is_named && ended == status, "{topic} {words:?}: {ended} {faults:#?}");
    }
}

#[test]
fn where_all_is_well_no_fault_is_named_and_nothing_is_made() {
    let Some(set_up) = SetUp::new("") else { return };
    let said = set_up.doctor(&[]);
    assert_eq!(set_up.faults(), (0, Vec::new()), "{said}");
    assert!(said.stdout.contains("for reading: TLS, logged in"), "{said}");
    assert!(said.stdout.contains("for sending: logged in"), "{said}");
    assert!(said.stdout.contains("without NOTIFY: ") || said.stdout.contains("NOTIFY"), "{said}");
    assert!(!set_up.env.path("store").exists(), "a look makes no store");
    let only = set_up.doctor(&["--only-wrong"]);
    assert!(only.stdout.lines().all(|line| !line.starts_with("ok ")), "{only}");
}

#[test]
fn what_is_wrong_with_a_server_is_named() {
    let Some(set_up) = SetUp::new("") else { return };
    set_up.names("\"pass\"", "\"hunter2\"", 3, "server", "refused the login");
    let port = format!("port = {}", set_up.imap.imaps);
    set_up.names(&port, "port = 1", 3, "server", "the connection was refused");
    set_up.names("host = \"localhost\"", "host = \"nowhere.invalid\"", 3, "server", "the name is not known");
    set_up.names("host = \"localhost\"", "host = \"127.1\"", 3, "server", "mismatch");
    let authority = format!("ca_file = {:?}", set_up.imap.certificate());
    set_up.names(&authority, "", 3, "server", "self-signed certificate");
    set_up.write(&set_up.config());
    set_up.smtp.fault(At::Connect, How::Say("554 5.7.1 not from there".to_owned()));
    set_up.has_fault(3, "server", "not from there");
    set_up.smtp.clear_faults();
    assert_eq!(set_up.faults(), (0, Vec::new()));
}

#[test]
fn a_certificate_that_has_expired_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let made = Command::new("sh").args(["-c", EXPIRED]).current_dir(dir.path()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let path = |name: &str| dir.path().join(name).display().to_string();
    let settings = format!("ssl_cert = <{}\nssl_key = <{}\n", path("cert.pem"), path("key.pem"));
    let Some(set_up) = SetUp::new(&settings) else { return };
    let authority = format!("ca_file = {:?}", set_up.imap.certificate());
    set_up.names(&authority, &format!("ca_file = {:?}", path("cert.pem")), 3, "server", "certificate has expired");
}

#[test]
fn what_is_wrong_with_the_config_and_its_programs_is_named() {
    let Some(set_up) = SetUp::new("") else { return };
    set_up.names("handle", "handel", 2, "config", "handel");
    set_up.names("\"cat\"", "\"no-such-editor -n\"", 2, "programs", "no-such-editor");
    set_up.write(&set_up.config());
    let file = set_up.env.path(CONFIG);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o602)).unwrap();
    set_up.has_fault(2, "config", "config.toml");
    std::fs::remove_file(&file).unwrap();
    set_up.has_fault(2, "config", "config.toml");
}

#[test]
fn a_damaged_store_and_one_that_others_may_enter_are_named() {
    let Some(set_up) = SetUp::new("") else { return };
    assert_eq!(set_up.env.run(&["sync"]).status, 0);
    assert_eq!(set_up.faults(), (0, Vec::new()));
    let file = set_up.env.path("store/postroom.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = set_up.doctor(&[]);
    assert!(said.stdout.contains("chmod 600"), "{said}");
    // Beyond the first page, which holds the version: only whoever reads every page sees it.
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[8192..].chunks_mut(4096).step_by(3).for_each(|page| page[..64].fill(0xff));
    std::fs::write(&file, bytes).unwrap();
    set_up.has_fault(5, "store", "damaged");
}

#[test]
fn a_clock_that_is_wrong_is_named_with_how_far_it_is_off() {
    let Some(set_up) = SetUp::new("") else { return };
    set_up.imap.deliver("team", "INBOX", "From: ana@example.org\nSubject: hello\n\nhello\n");
    assert_eq!(set_up.faults(), (0, Vec::new()));
    let now = jiff::Timestamp::now();
    for (minutes, words) in [(90, "1 h ahead of the server's"), (-90, "1 h behind the server's")] {
        let mut command = set_up.env.command(&["doctor", "--only-wrong"]);
        command.env("POSTROOM_CLOCK", (now + jiff::SignedDuration::from_mins(minutes)).to_string());
        let said = set_up.env.run_with(command, "");
        assert!(said.status == 4 && said.stdout.contains(words), "{said}");
    }
}

#[test]
fn the_inbox_of_whoever_logs_in_is_not_looked_at_where_the_team_has_another() {
    // A server that can't compare dates with its own clock: a mail from the future is all that says something.
    let Some(imap) = Dovecot::without(&["WITHIN"]) else { return };
    let set_up = SetUp::on(imap);
    let mut session = set_up.imap.session("team");
    session.create("Team").unwrap();
    // Dovecot takes a date of more than two hours ahead for a mistake, and puts its own in place of it.
    let later = Timestamp(jiff::Timestamp::now().as_millisecond() + 3_600_000);
    session.append("INBOX", &[], Some(later), b"Subject: my own\r\n\r\nhello\r\n").unwrap();
    session.logout();
    // Whoever looks at it takes it for the server's time.
    set_up.has_fault(4, "clock", "behind the server's");
    let of_team = "[account.main]\ninbox_folder = \"Team\"\nlog_folder = \"Postroom\"\n[account.main.imap]";
    set_up.write(&set_up.config().replacen("[account.main.imap]", of_team, 1));
    assert_eq!(set_up.faults(), (0, Vec::new()));
}

#[test]
fn a_log_that_may_only_be_read_is_named() {
    let Some(set_up) = SetUp::new(ACL) else { return };
    let mut session = set_up.imap.session("team");
    session.create("Postroom").unwrap();
    session.logout();
    let rights = set_up.imap.maildir("team").join(".Postroom/dovecot-acl");
    std::fs::write(&rights, "owner lr\n").unwrap();
    set_up.has_fault(3, "log", "colleagues don't see what you do");
    std::fs::write(&rights, "owner lrswi\n").unwrap();
    assert_eq!(set_up.faults(), (0, Vec::new()));
    let said = set_up.doctor(&["--only-wrong"]);
    assert!(said.stdout.contains("old mails of the log are left to others"), "{said}");
}

#[test]
fn what_a_server_lacks_is_told_with_what_is_done_without() {
    let Some(imap) = Dovecot::without(&["IDLE", "MOVE", "UIDPLUS"]) else { return };
    let set_up = SetUp::on(imap);
    let said = set_up.doctor(&[]);
    for lacks in ["without IDLE: ", "without MOVE: ", "without UIDPLUS: "] {
        assert!(said.stdout.contains(lacks), "{said}");
    }
    assert_eq!(said.status, 0, "{said}");
}

#[test]
fn no_secret_and_nothing_of_a_mail_stands_in_what_it_prints() {
    let Some(set_up) = SetUp::new("") else { return };
    let mail =
        "From: Zoe Quill <zoe.quill@customer.example>\nTo: support@example.com\nSubject: Zanzibar\n\nmy card 4111\n";
    set_up.imap.deliver("team", "INBOX", mail);
    let command = "printf 'pass\\n' # of-the-vault";
    let with_command = set_up.config().replacen("password = \"pass\"", &format!("password_command = {command:?}"), 1);
    set_up.write(&with_command);
    assert_eq!(set_up.env.run(&["sync"]).status, 0);
    assert_eq!(set_up.env.run(&["list", "zanzibar", "--quiet"]).status, 0, "the mail is here");
    let broken = with_command.replacen("[ui]", "[ui]\nthem = \"pass\"", 1);
    for config in [with_command.as_str(), broken.as_str(), &set_up.config().replacen("\"pass\"", "\"hunter2\"", 1)] {
        set_up.write(config);
        for args in [&[][..], &["--json"]] {
            let said = set_up.doctor(args).to_string();
            for secret in ["hunter2", "of-the-vault", "Zoe", "zoe.quill", "customer.example", "Zanzibar", "4111"] {
                assert!(!said.contains(secret), "{secret}: {said}");
            }
            let alone = said.split(|c: char| !c.is_alphanumeric()).any(|word| word == "pass");
            assert!(!alone, "the password: {said}");
        }
    }
}

/// Makes a certificate for this machine that ended long ago, with its key. `openssl req` makes none that ended.
const EXPIRED: &str = r#"
set -eu
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout key.pem -out csr.pem
: > index
echo 01 > serial
cat > ca.conf <<CONF
[ca]
default_ca = own
[own]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
[host]
subjectAltName = DNS:localhost
CONF
openssl ca -batch -notext -selfsign -config ca.conf -extensions host -keyfile key.pem -in csr.pem -out cert.pem \
  -startdate 20200101000000Z -enddate 20200201000000Z
chmod 755 .
chmod 644 key.pem cert.pem
"#;
