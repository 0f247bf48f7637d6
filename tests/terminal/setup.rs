//! From an empty home to the first reply that is sent: the set-up as a person meets it, with the keys that it takes.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::environment::Environment;
use super::server::{live, send};
use super::support::dovecot::Dovecot;
use super::support::oauth::{AuthServer, CLIENT, SECRET};
use super::support::smtp::{At, How, SmtpServer};
use super::support::terminal::Terminal;
use super::until;

/// Wide, so that no question is broken.
const SIZE: (u16, u16) = (220, 60);

/// Somebody who answers, and whose keys are counted.
struct Typist {
    terminal: Terminal,
    keys: usize,
}

impl Typist {
    fn at(env: &Environment, args: &[&str]) -> Self {
        let mut command = live(env, args);
        command.env("USER", "alice");
        Self { terminal: Terminal::run_in_session(&command, SIZE), keys: 0 }
    }

    /// Waits until a question that begins so stands last, and answers it with a line.
    fn answer(&mut self, question: &str, line: &str) -> String {
        let is_asked = |screen: &str| {
            let last = screen.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim_end();
            last.starts_with(question) && last.ends_with(':')
        };
        let is_hidden = question.starts_with("Password of") || question.starts_with("Client secret");
        let is_shown = !is_hidden && line.starts_with(|c: char| !c.is_control());
        let screen = self.terminal.until(question, is_asked);
        self.terminal.text(line).text("\n");
        self.keys += line.chars().count() + 1;
        if is_shown {
            // The question may come again at once: the answer stands behind the one that it was given to.
            let given = |row: &str| row.starts_with(question) && row.trim_end().ends_with(line.trim_end());
            self.terminal.until("the answer", |screen| screen.lines().any(given));
        }
        screen
    }

    /// Answers wrongly, and waits until that is told.
    fn refused(&mut self, question: &str, wrong: &str, why: &str) {
        let told = |typist: &Self| String::from_utf8_lossy(&typist.terminal.bytes()).matches("Not so: ").count();
        let before = told(self);
        self.answer(question, wrong);
        until("the reason", || (told(self) > before).then_some(()));
        self.terminal.shows(&[why]);
    }

    fn press(&mut self, keys: &str) -> &Terminal {
        self.keys += postroom::keymap::parse_keys(keys).unwrap().len();
        self.terminal.press(keys);
        &self.terminal
    }

    fn text(&mut self, text: &str) -> &Terminal {
        self.keys += text.chars().count();
        self.terminal.text(text);
        &self.terminal
    }
}

fn config(env: &Environment) -> std::path::PathBuf {
    env.path("home/.config/postroom/config.toml")
}

/// Lets what is sent go out at once; nobody sits there to take it back.
fn at_once(env: &Environment) -> String {
    let text = std::fs::read_to_string(config(env)).unwrap();
    std::fs::write(config(env), format!("{text}\n[sending]\nundo_seconds = 0\n")).unwrap();
    text
}

fn question(server: &Dovecot, user: &str) {
    let mail = "Message-ID: <q1@c.example>\nFrom: Carla Diaz <carla@c.example>\nTo: support@localhost\nSubject: Refund\n\nWhere is it?\n";
    server.deliver(user, "INBOX", mail);
}

/// Opens the screen, answers the only question, and returns the keys that it took.
fn reply(env: &Environment, smtp: &SmtpServer) -> usize {
    let mut typist = Typist::at(env, &[]);
    typist.terminal.shows(&["Carla Diaz", "Refund"]);
    typist.press("r").shows(&["carla@c.example", "quoted line"]);
    typist.text("It is on its way.").shows(&["It is on its way.", "kept "]);
    typist.press("<c-s>").shows(&["Send to Carla Diaz?"]);
    send(&mut typist.terminal, &["Sent to Carla Diaz"]);
    typist.keys += 1;
    until("the reply", || (smtp.mails().len() == 1).then_some(()));
    let text = String::from_utf8_lossy(&smtp.mails()[0].bytes).into_owned();
    assert!(text.contains("In-Reply-To: <q1@c.example>") && text.contains("Alice"), "{text}");
    typist.keys
}

#[test]
fn from_an_empty_home_to_the_first_reply_it_takes_so_many_keys() {
    let Some(server) = Dovecot::start() else { return };
    let (smtp, env) = (SmtpServer::start(), Environment::new());
    question(&server, "support@localhost");
    let mut typist = Typist::at(&env, &["init"]);
    typist.answer("The address that customers write to", "support@localhost");
    typist.answer("IMAP server", &format!("localhost:{}", server.imap));
    typist.answer("Security", "plain");
    typist.answer("SMTP server", &format!("localhost:{}", smtp.port));
    typist.answer("Security", "plain");
    typist.answer("Login name", "");
    typist.answer("Password from", "");
    typist.answer("Password of support@localhost", "pass");
    let shown = typist.answer("Your handle in the team", "");
    for part in ["the login works", "INBOX (inbox, 1 mail)", "Postroom (the team's log"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    typist.answer("Your name, as customers see it", "Alice Moreau");
    typist.answer("The inbox's name", "");
    typist.answer("Further addresses", "");
    typist.answer("The address of another inbox", "");
    let shown = typist.answer("Go on", "");
    assert!(shown.contains("The team will share all mail in INBOX"), "{shown}");
    typist.answer("Send a mail to", "");
    let keys = typist.keys;
    assert!(typist.terminal.ends().success());
    let text = at_once(&env);
    assert!(!text.contains("= \"pass\""), "no secret stands in it: {text}");
    insta::assert_snapshot!(format!("{keys} keys set it up, {} more send a reply", reply(&env, &smtp)));
}

/// Asks over HTTP and returns the whole answer.
fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, path.to_owned()));
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Agrees in a browser at the address that the terminal shows, the first or a later one.
fn agree(typist: &Typist, authorize: &str, nth: usize) {
    let address = until("the whole address", || {
        let bytes = String::from_utf8_lossy(&typist.terminal.bytes()).into_owned();
        let (at, _) = bytes.match_indices(authorize).nth(nth)?;
        let (address, _) = bytes.split_at(at).1.split_once('\r')?;
        Some(address.to_owned())
    });
    let answer = get(&address);
    let back = answer.lines().find_map(|line| line.strip_prefix("Location: ")).unwrap();
    assert!(get(back).contains("You can close this page"));
}

#[test]
fn with_tokens_it_takes_so_many_keys_and_an_agreement_in_a_browser() {
    const USER: &str = "support@localhost";
    let Some(server) = Dovecot::start() else { return };
    let (smtp, auth, env) = (SmtpServer::start(), AuthServer::start(USER), Environment::new());
    auth.known_by(smtp.tokens());
    question(&server, USER);
    let at = format!("http://127.0.0.1:{}", auth.port);
    let (authorize, token) = (format!("{at}/authorize"), format!("{at}/token"));
    let urls = ["--oauth-authorize-url", &authorize, "--oauth-token-url", &token];
    let scopes = ["--oauth-scope", "mail", "--oauth-scope", "offline_access"];
    let mut typist = Typist::at(&env, &[["init"].as_slice(), &urls, &scopes].concat());
    typist.answer("The address that customers write to", USER);
    typist.answer("IMAP server", &format!("localhost:{}", server.imap));
    typist.answer("Security", "plain");
    typist.answer("SMTP server", &format!("localhost:{}", smtp.port));
    typist.answer("Security", "plain");
    typist.answer("Login name", "");
    let shown = typist.answer("Log in by", "");
    assert!(shown.contains("[oauth2]"), "{shown}");
    typist.answer("Client id", CLIENT);
    typist.answer("Client secret", SECRET);
    agree(&typist, &authorize, 0);
    typist.answer("Your handle in the team", "");
    typist.answer("Your name, as customers see it", "Alice Moreau");
    for question in ["The inbox's name", "Further addresses", "The address of another inbox", "Go on", "Send a mail to"]
    {
        typist.answer(question, "");
    }
    let keys = typist.keys;
    assert!(typist.terminal.ends().success());
    let text = at_once(&env);
    assert!(text.contains("auth = \"oauth2\""), "{text}");
    insta::assert_snapshot!(format!("{keys} keys set it up, {} more send a reply", reply(&env, &smtp)));
    assert!(smtp.lines().iter().any(|line| line.starts_with("bearer ")), "{:?}", smtp.lines());
}

#[test]
fn with_tokens_every_answer_wrong_once_and_a_client_that_is_refused_end_in_a_config_that_works() {
    const USER: &str = "support@localhost";
    let Some(server) = Dovecot::start() else { return };
    let (smtp, auth, env) = (SmtpServer::start(), AuthServer::start(USER), Environment::new());
    auth.known_by(smtp.tokens());
    let at = format!("http://127.0.0.1:{}", auth.port);
    let (authorize, token) = (format!("{at}/authorize"), format!("{at}/token"));
    let urls = ["--oauth-authorize-url", &authorize, "--oauth-token-url", &token];
    let scopes = ["--oauth-scope", "mail", "--oauth-scope", "offline_access"];
    let mut typist = Typist::at(&env, &[["init", "--provider", "gmail"].as_slice(), &urls, &scopes].concat());
    typist.answer("The address", USER);
    typist.refused("IMAP imap.gmail.com:993 (tls)", "perhaps", "neither yes nor no");
    typist.answer("IMAP imap.gmail.com:993 (tls)", "no");
    typist.answer("IMAP server [imap.gmail.com]", &format!("localhost:{}", server.imap));
    typist.answer("Security", "plain");
    typist.answer(
        "SMTP server, or none where no mail is to be sent [smtp.gmail.com]",
        &format!("localhost:{}", smtp.port),
    );
    typist.answer("Security", "plain");
    typist.answer("Login name", "");
    typist.refused("Log in by", "key", "is neither password nor oauth2");
    typist.answer("Log in by", "oauth2");
    typist.refused("Client id", "", "nothing");
    typist.answer("Client id", CLIENT);
    typist.answer("Client secret", "hunter2");
    agree(&typist, &authorize, 0);
    typist.refused("What is told anew", "password", "none of user, login, again, leave");
    let shown = typist.answer("What is told anew", "");
    assert!(shown.contains("the provider refuses it (invalid_client)"), "{shown}");
    typist.answer("Log in by", "");
    typist
        .answer(&format!("Client id, as you registered it with the provider (`postroom help oauth2`) [{CLIENT}]"), "");
    typist.answer("Client secret", SECRET);
    agree(&typist, &authorize, 1);
    for question in ["Your handle", "Your name", "The inbox's name", "Further", "The address of another", "Go on"] {
        typist.answer(question, "");
    }
    typist.refused("Send a mail to", "perhaps", "neither yes nor no");
    typist.answer("Send a mail to", "no");
    assert!(typist.terminal.ended().success());
    let typed = String::from_utf8_lossy(&typist.terminal.bytes()).into_owned();
    assert!(!typed.contains("hunter2") && !typed.contains(SECRET), "the secret is not shown: {typed}");
    let text = std::fs::read_to_string(config(&env)).unwrap();
    assert!(text.contains("client_secret_command = ") && !text.contains(SECRET), "{text}");
    // The token is renewed with the secret that stands beside it.
    assert_eq!(env.run(&["init", "--check"]).status, 0);
    assert_eq!(env.run(&["sync"]).status, 0);
}

#[test]
fn every_answer_wrong_once_and_every_server_refusing_once_ends_in_a_config_that_works() {
    let Some(server) = Dovecot::start() else { return };
    let (smtp, env) = (SmtpServer::start(), Environment::new());
    let mut typist = Typist::at(&env, &["init"]);
    typist.refused("The address", "support", "is no mail address");
    typist.answer("The address", "support@localhost");
    typist.refused("IMAP server", "imap localhost", "is no name of a server");
    typist.refused("IMAP server", "localhost:imap", "is no port");
    // Nobody listens there.
    typist.answer("IMAP server", "localhost");
    typist.refused("Port", "99999", "is no port");
    typist.answer("Port", "1");
    typist.refused("Security", "ssh", "is none of tls, starttls and plain");
    typist.answer("Security", "plain");
    typist.refused("SMTP server", "-", "is no name of a server");
    typist.answer("SMTP server", "");
    typist.refused("Port", "smtp", "is no port");
    typist.answer("Port", &smtp.port.to_string());
    typist.refused("Security", "ssl3", "is none of tls, starttls and plain");
    typist.answer("Security", "plain");
    typist.answer("Login name", "support");
    typist.refused("Password from", "memory", "is no place for a password");
    typist.answer("Password from", "command");
    typist.refused("The command", "", "nothing");
    typist.answer("The command", "echo 'no entry named support' >&2; exit 1");
    typist.terminal.shows(&["no entry named support"]);
    typist.refused("What is told anew", "everything", "none of server, user, password, again, leave");
    typist.answer("What is told anew", "");
    typist.answer("Password from", "environment");
    typist.refused("The environment variable", "MY PASSWORD", "is no name of a variable");
    typist.answer("The environment variable", "POSTROOM_NO_SUCH_VARIABLE");
    let shown = typist.answer("What is told anew", "");
    assert!(shown.contains("POSTROOM_NO_SUCH_VARIABLE"), "{shown}");
    typist.answer("Password from", "file");
    typist.refused("Password of support", "", "no password was given");
    typist.answer("Password of support", "wrong");
    let shown = typist.answer("What is told anew", "");
    assert!(shown.contains("localhost:1: the connection was refused"), "{shown}");
    assert!(shown.contains("`again` tries it once more") && !shown.contains("postroom init` again"), "{shown}");
    typist.answer("IMAP server", &format!("localhost:{}", server.imap));
    typist.answer("Security", "plain");
    let shown = typist.answer("What is told anew", "");
    assert!(shown.contains("it refused the login"), "{shown}");
    smtp.fault(At::Auth, How::Say("535 5.7.8 not today".to_owned()));
    typist.answer("Password from", "file");
    typist.answer("Password of support", "pass");
    let shown = typist.answer("What is told anew", "again");
    assert!(shown.contains("not today"), "{shown}");
    typist.refused("Your handle", "Alice Moreau", "");
    typist.answer("Your handle", "alice");
    typist.refused("Your name", "Alice <alice>", "can't stand in front of an address");
    typist.answer("Your name", "Alice");
    typist.refused("The inbox's name", "a b", "");
    typist.answer("The inbox's name", "support");
    typist.refused("Further addresses", "help", "is no mail address");
    typist.answer("Further addresses", "help@localhost");
    typist.refused("The address of another inbox", "support@localhost", "there is an inbox");
    typist.answer("The address of another inbox", "sales@localhost");
    typist.answer("The address of another inbox", "");
    typist.refused("Go on", "perhaps", "neither yes nor no");
    typist.answer("Go on", "yes");
    typist.refused("Send a mail to", "perhaps", "neither yes nor no");
    typist.answer("Send a mail to", "yes");
    let ended = typist.terminal.ends();
    assert!(ended.success(), "{ended}");
    assert_eq!(smtp.mails().len(), 1);
    insta::assert_snapshot!(
        std::fs::read_to_string(config(&env))
            .unwrap()
            .replace(&server.imap.to_string(), "$IMAP")
            .replace(&smtp.port.to_string(), "$SMTP")
            .replace(env.path("").to_str().unwrap(), "$ROOM/")
    );
    assert_eq!(env.run(&["init", "--check"]).status, 0);
}

#[test]
fn of_a_mailbox_that_others_share_the_folders_are_asked_for_and_nothing_is_shared_before_somebody_agrees() {
    let Some(server) = Dovecot::sharing('/', "") else { return };
    // Who may see to the rights is told who reads the mailbox.
    server.say("support", &["SETACL INBOX alice lrwstipekxa"]);
    let (smtp, env) = (SmtpServer::start(), Environment::new());
    let (imap, out) = (format!("localhost:{}", server.imap), format!("localhost:{}", smtp.port));
    let mut typist = Typist::at(&env, &["init"]);
    for (question, line) in [
        ("The address", "support@shop.example"),
        ("IMAP server", &imap),
        ("Security", "plain"),
        ("SMTP server", &out),
        ("Security", "plain"),
        ("Login name", "alice"),
        ("Password from", "command"),
        ("The command", "echo pass"),
    ] {
        typist.answer(question, line);
    }
    let shown = typist.answer("The folder that the team's mail comes into [INBOX]", "shared/suport");
    assert!(shown.contains("Others share these folders with you"), "{shown}");
    assert!(shown.lines().any(|line| line.trim() == "shared/support"), "{shown}");
    // It is looked for with the two that are proposed beside it, and is not there.
    typist.answer("The folder of the team's log [shared/suport/Postroom]", "");
    typist.answer("The folder of sent mail [shared/suport/Sent]", "");
    let shown = typist.answer("The folder that the team's mail comes into", "shared/support");
    assert!(shown.contains("Not so: there is no folder"), "{shown}");
    typist.answer("The folder of the team's log [shared/support/Postroom]", "");
    typist.answer("The folder of sent mail [shared/support/Sent]", "");
    let shown = typist.answer("Your handle in the team", "");
    assert!(shown.contains("shared/support (inbox, 1 mail)"), "{shown}");
    let rest = ["Your name", "The inbox's name", "Further addresses", "The address of another inbox"];
    rest.iter().for_each(|question| drop(typist.answer(question, "")));
    let shown = typist.answer("Go on", "no");
    let shares = "The team will share all mail in shared/support, and in shared/support/Postroom every note";
    for part in [shares, "Beside you these read shared/support: ", "bob", "gus"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert_eq!(typist.terminal.ends().code(), Some(2));
    assert!(!config(&env).exists(), "nothing was agreed to");
    // All of it is proposed the next time.
    let mut typist = Typist::at(&env, &["init"]);
    let first = ["The address", "IMAP server", "Port", "Security", "SMTP server", "Port", "Security", "Login name"];
    first.iter().for_each(|question| drop(typist.answer(question, "")));
    typist.answer(
        "Password from: command, environment, keyring, prompt (each time), or file (of mode 0600) [command]",
        "",
    );
    typist.answer("The command", "");
    typist.answer("The folder that the team's mail comes into [shared/support]", "");
    typist.answer("The folder of the team's log [shared/support/Postroom]", "");
    typist.answer("The folder of sent mail [shared/support/Sent]", "");
    typist.answer("Your handle", "");
    rest.iter().for_each(|question| drop(typist.answer(question, "")));
    typist.answer("Go on", "yes");
    typist.answer("Send a mail to", "no");
    assert!(typist.terminal.ends().success());
    let text = std::fs::read_to_string(config(&env)).unwrap();
    for line in [
        "inbox_folder = \"shared/support\"",
        "log_folder = \"shared/support/Postroom\"",
        "sent = \"shared/support/Sent\"",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert_eq!(env.run(&["sync"]).status, 0, "alice's own INBOX can't be read, and is not looked at");
    let listed = env.run(&["list", "is:any"]);
    assert!(listed.stdout.contains("Question 1") && !listed.stdout.contains("Private"), "{listed}");
}

#[test]
fn a_mail_to_oneself_that_is_refused_is_told_and_loses_no_answer() {
    let Some(server) = Dovecot::start() else { return };
    let (smtp, env) = (SmtpServer::start(), Environment::new());
    smtp.fault(At::Mail, How::Say("553 5.7.1 not your address".to_owned()));
    let (imap, out) = (format!("localhost:{}", server.imap), format!("localhost:{}", smtp.port));
    let servers = ["--imap-host", &imap, "--imap-security", "plain", "--smtp-host", &out, "--smtp-security", "plain"];
    let login = ["--address", "support@localhost", "--user", "support@localhost", "--password-command", "echo pass"];
    let rest = ["--me", "alice", "--name", "Alice", "--inbox", "support", "--alias", "help@localhost", "--test-mail"];
    let mut typist = Typist::at(&env, &[["init"].as_slice(), &servers, &login, &rest].concat());
    typist.answer("The address of another inbox", "");
    typist.answer("Go on", "");
    assert!(typist.terminal.ended().success(), "{}", typist.terminal.screen());
    assert!(typist.terminal.screen().contains("not your address"), "{}", typist.terminal.screen());
    assert!(config(&env).exists() && smtp.mails().is_empty());
}

#[test]
fn answers_are_kept_when_the_questions_are_left_and_proposed_the_next_time() {
    use std::os::unix::fs::PermissionsExt;

    let env = Environment::new();
    let mut typist = Typist::at(&env, &["init", "--no-test"]);
    typist.answer("The address", "support@shop.example");
    typist.answer("IMAP server", "post.shop.example:1993");
    typist.answer("Security", "");
    typist.answer("SMTP server", "none");
    typist.answer("Login name", "postbox");
    typist.answer("Password from", "file");
    typist.answer("Password of postbox", "hunter2");
    typist.answer("Your handle", "\u{4}");
    assert_eq!(typist.terminal.ends().code(), Some(2));
    assert!(!config(&env).exists());
    let kept = env.path("home/.local/state/postroom/init.json");
    let text = std::fs::read_to_string(&kept).unwrap();
    assert!(text.contains("postbox") && !text.contains("hunter2"), "{text}");
    assert_eq!(kept.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let mut typist = Typist::at(&env, &["init", "--no-test"]);
    for question in ["The address", "IMAP server", "Port", "Security", "SMTP server", "Login name", "Password from"] {
        typist.answer(question, "");
    }
    typist.answer("Password of postbox", "hunter2");
    for question in ["Your handle", "Your name", "The inbox's name", "Further", "The address of another", "Go on"] {
        typist.answer(question, "");
    }
    assert!(typist.terminal.ends().success());
    let text = std::fs::read_to_string(config(&env)).unwrap();
    assert!(text.contains("host = \"post.shop.example\"\nport = 1993") && !kept.exists(), "{text}");
    let password = env.path("home/.config/postroom/main.password");
    assert_eq!(std::fs::read_to_string(&password).unwrap(), "hunter2\n");
    assert_eq!(password.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn ctrl_c_while_a_password_is_typed_leaves_the_terminal_as_it_was_and_shows_nothing_of_it() {
    use std::os::unix::process::ExitStatusExt;

    let env = Environment::new();
    let mut typist = Typist::at(&env, &["init", "--no-test", "--smtp-host", "none", "--imap-port", "993"]);
    typist.answer("The address", "support@shop.example");
    typist.answer("IMAP server", "");
    typist.answer("Security", "");
    typist.answer("Login name", "postbox");
    typist.answer("Password from", "file");
    typist.terminal.shows(&["Password of postbox:"]);
    assert!(!typist.terminal.is_plain());
    typist.terminal.text("hunter2\u{3}");
    assert_eq!(typist.terminal.ended().signal(), Some(2));
    assert!(typist.terminal.is_plain());
    assert!(!typist.terminal.screen().contains("hunter"), "{}", typist.terminal.screen());
    assert!(!config(&env).exists());
}

#[test]
fn without_a_config_the_program_leads_to_the_set_up_or_the_sample() {
    let env = Environment::new();
    let bare = || {
        let mut command = env.command(&[]);
        command.env_remove("POSTROOM_STORE").env("USER", "alice");
        command
    };
    let mut terminal = Terminal::run_in_session(&bare(), SIZE);
    terminal.shows(&["There is no config yet.", "init sets up an account"]);
    terminal.text("help\n");
    terminal.shows(&["init or demo."]);
    terminal.text("demo\n");
    terminal.shows(&["Unassigned", "? help"]);
    terminal.press("qq");
    assert!(terminal.ends().success());
    let mut terminal = Terminal::run_in_session(&bare(), SIZE);
    terminal.shows(&["[init]:"]);
    terminal.text("\n");
    terminal.shows(&["This sets up an account", "The address that customers write to"]);
    terminal.text("\u{4}");
    assert_eq!(terminal.ends().code(), Some(2));
    let said = env.run(&[]);
    assert_eq!(said.status, 2, "{said}");
    assert!(said.stderr.contains("postroom init") && said.stderr.contains("postroom demo"), "{said}");
}
