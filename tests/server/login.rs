//! Logging in by OAuth2, whole: an authorization server over real HTTP, Dovecot's oauth2 passdb, and a server of outgoing mail that takes the
//! same tokens.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use postroom::config::{Config, OAuth2, Paths, Secret};
use postroom::model::agent::Team;
use postroom::model::change::Connectivity;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::AccountId;
use postroom::store::{Store, StoreOptions};
use postroom::sync::oauth::{Grant, Grants, OAuthError, Why, browser, device};
use postroom::sync::{Configured, SecretProvider};

use super::verbs::{USER, config, count, mail, server};
use crate::environment::{Environment, Said};
use crate::support::desk::author;
use crate::support::dovecot::Dovecot;
use crate::support::oauth::AuthServer;
use crate::support::smtp::SmtpServer;
use crate::support::syncing::{start, wait_for};

/// A mailbox, who gives out tokens for it, and where its mail goes out.
struct Place {
    imap: Dovecot,
    smtp: SmtpServer,
    auth: AuthServer,
    env: Environment,
}

fn place(mails: u32) -> Option<Place> {
    let imap = server(mails)?;
    let (smtp, auth, env) = (SmtpServer::start(), AuthServer::start(USER), Environment::new());
    auth.known_by(smtp.tokens());
    let file = config(&env);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text(&imap, &smtp, &auth)).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    Some(Place { imap, smtp, auth, env })
}

fn text(imap: &Dovecot, smtp: &SmtpServer, auth: &AuthServer) -> String {
    format!(
        "[me]\nhandle = \"alice\"\n\n[agent.alice]\nname = \"Alice Moor\"\n\n[inbox.support]\naddress = \"team@example.com\"\n\n\
         [account.main.imap]\nhost = \"localhost\"\nport = {}\nsecurity = \"plain\"\nuser = \"{USER}\"\nauth = \"oauth2\"\n\n\
         [account.main.smtp]\nhost = \"localhost\"\nport = {}\nsecurity = \"plain\"\n\n{}",
        imap.imap,
        smtp.port,
        auth.section("main")
    )
}

/// Asks over HTTP and returns the whole answer.
fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, path.to_owned()));
    let mut stream = TcpStream::connect(host).unwrap();
    // A test ends rather than hang.
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Agrees, and returns the address to which the browser is sent back.
fn agree(url: &str) -> String {
    let answer = get(url);
    let line = answer.lines().find_map(|line| line.strip_prefix("Location: "));
    line.unwrap_or_else(|| panic!("not sent back: {answer}")).to_owned()
}

/// A login that waits for a browser, and the address that it names. [`finish`] waits for its end.
fn begin(env: &Environment, args: &[&str]) -> (Child, BufReader<std::process::ChildStderr>, String) {
    begin_with(env.command(&[BROWSER, args].concat()))
}

const BROWSER: &[&str] = &["login", "main", "--browser", "--no-open"];

#[allow(clippy::zombie_processes)]
fn begin_with(mut command: Command) -> (Child, BufReader<std::process::ChildStderr>, String) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    loop {
        let mut line = String::new();
        assert!(said.read_line(&mut line).unwrap() > 0, "it ended: {:?}", child.wait());
        // With --json it stands in an object.
        if let Some(at) = line.find("http://") {
            let url = line.split_at(at).1.split(['"', '\n']).next().unwrap().to_owned();
            return (child, said, url);
        }
    }
}

fn finish(mut child: Child, mut said: BufReader<std::process::ChildStderr>) -> Said {
    drop(child.stdin.take());
    let (mut stdout, mut stderr) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    said.read_to_string(&mut stderr).unwrap();
    Said { stdout, stderr, status: child.wait().unwrap().code().unwrap() }
}

/// Logs in as somebody at a browser of this machine does.
fn log_in(env: &Environment, args: &[&str]) -> Said {
    agreed(begin(env, args))
}

fn agreed((child, said, url): (Child, BufReader<std::process::ChildStderr>, String)) -> Said {
    let page = get(&agree(&url));
    assert!(page.contains("You can close this page"), "{page}");
    finish(child, said)
}

#[test]
fn a_browser_that_comes_back_logs_in_to_both_servers_and_mail_comes() {
    let Some(place) = place(2) else { return };
    let env = &place.env;
    let before = env.run(&["sync"]);
    assert_eq!(before.status, 2, "{before}");
    assert!(before.stderr.contains("nobody has logged it in yet"), "{before}");
    assert!(before.stderr.contains("run `postroom login main`"), "{before}");
    let said = log_in(env, &["--json"]);
    assert_eq!(said.status, 0, "{said}");
    for words in ["\"type\":\"login\"", "\"account\":\"main\"", "\"renews\":true", "\"kept\":\"file\""] {
        assert!(said.stdout.contains(words), "{words}: {said}");
    }
    assert!(said.stderr.contains("The mail server lets us in") && said.stderr.contains("outgoing mail"), "{said}");
    let file = env.path("store/oauth2/main.json");
    let kept = std::fs::read_to_string(&file).unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(file.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let token = kept.split('"').nth(3).unwrap();
    assert!(token.len() > 50 && !said.stderr.contains(token) && !said.stdout.contains(token), "{said}");
    let shown = env.run(&["config", "show"]);
    assert!(shown.stdout.contains("auth = \"oauth2\"") && !shown.stdout.contains("s3cret"), "{shown}");
    let synced = env.run(&["sync"]);
    assert_eq!(synced.status, 0, "{synced}");
    assert_eq!(count(env, "is:any"), "2");
    assert!(place.smtp.lines().iter().any(|line| line.starts_with("bearer ")), "{:?}", place.smtp.lines());
}

#[test]
fn whoever_connects_and_says_nothing_or_has_no_end_keeps_no_browser_waiting() {
    let Some(place) = place(0) else { return };
    let (child, said, url) = begin(&place.env, &["--no-test"]);
    let back = agree(&url);
    let host = back.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
    let connect = |_| TcpStream::connect(&host).unwrap();
    let silent: Vec<TcpStream> = (0..40).map(connect).collect();
    let mut slow: Vec<TcpStream> = (0..10).map(connect).collect();
    slow.iter_mut().for_each(|stream| stream.write_all(b"GET / HT").unwrap());
    let mut endless = TcpStream::connect(&host).unwrap();
    // It is closed long before all of it is written.
    let cut = (0..1000).any(|_| endless.write_all(&[b'x'; 64 << 10]).is_err());
    assert!(cut, "a question without an end is read without an end");
    let mut whole = TcpStream::connect(&host).unwrap();
    whole.write_all(b"GET /favicon.ico HTTP/1.1\r\n\r\n").unwrap();
    whole.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    whole.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "whoever says no more still reads: {answer}");
    let page = get(&back);
    assert!(page.contains("You can close this page"), "{page}");
    let said = finish(child, said);
    assert_eq!(said.status, 0, "{said}");
    drop((silent, slow));
}

#[test]
fn where_the_browser_runs_elsewhere_its_address_is_pasted_and_others_are_told_apart() {
    let Some(place) = place(0) else { return };
    let (mut child, said, url) = begin(&place.env, &[]);
    let back = agree(&url);
    let (foreign, _) = back.split_once("state=").unwrap();
    let stdin = child.stdin.as_mut().unwrap();
    writeln!(stdin, "hello\n{foreign}state=another\n{back}").unwrap();
    let said = finish(child, said);
    assert_eq!(said.status, 0, "{said}");
    assert!(said.stderr.contains("that is not the address"), "{said}");
    assert!(said.stderr.contains("belongs to another try"), "{said}");
    assert_eq!(place.auth.asked(), ["authorization_code"], "a code of another try is never redeemed");
}

#[test]
fn whoever_says_no_is_told_and_nothing_is_kept() {
    let Some(place) = place(0) else { return };
    place.auth.refuse();
    let (child, said, url) = begin(&place.env, &[]);
    let page = get(&agree(&url));
    assert!(page.contains("400 Bad Request"), "{page}");
    let said = finish(child, said);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("was not agreed to"), "{said}");
    assert!(!place.env.path("store/oauth2/main.json").exists());
}

#[test]
fn a_code_that_is_typed_on_another_device_logs_in() {
    let Some(place) = place(1) else { return };
    let said = place.env.run(&["login", "--device"]);
    assert_eq!(said.status, 0, "{said}");
    assert!(said.stderr.contains("/activate on any device and type: ABCD-EFGH"), "{said}");
    assert_eq!(place.env.run(&["sync"]).status, 0);
    assert_eq!(count(&place.env, "is:any"), "1");
    let forgotten = place.env.run(&["login", "--forget"]);
    assert_eq!(forgotten.status, 0, "{forgotten}");
    assert_eq!(place.env.run(&["login", "--forget"]).status, 1);
    assert_eq!(place.env.run(&["sync"]).status, 2);
}

#[test]
fn a_token_that_is_over_is_renewed_before_each_login_and_what_renews_it_too() {
    let Some(place) = place(1) else { return };
    place.auth.lasting(30);
    assert_eq!(log_in(&place.env, &[]).status, 0);
    for _ in 0..3 {
        let said = place.env.run(&["sync"]);
        assert_eq!(said.status, 0, "{said}");
    }
    let asked = place.auth.asked();
    assert!(asked.iter().filter(|kind| *kind == "refresh_token").count() >= 3, "{asked:?}");
}

#[test]
fn a_login_that_was_revoked_is_told_with_what_mends_it_and_the_mail_of_the_gap_comes_afterwards() {
    let Some(place) = place(1) else { return };
    let env = &place.env;
    place.auth.lasting(0);
    assert_eq!(log_in(env, &[]).status, 0);
    assert_eq!(env.run(&["sync"]).status, 0);
    place.auth.revoke();
    let _ = place.imap.deliver(USER, "INBOX", &mail(7));
    let id = env.run(&["list", "subject:\"Question 1\"", "--format", "ids"]).stdout;
    let said = env.run(&["assign", "me", id.trim()]);
    assert_eq!(said.status, 3, "the work is queued: {said}");
    let said = env.run(&["sync"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("main: its login has expired or was revoked"), "{said}");
    assert!(said.stderr.contains("run `postroom login main`"), "{said}");
    assert_eq!(count(env, "is:any"), "1");
    place.auth.lasting(3600);
    assert_eq!(log_in(env, &[]).status, 0);
    let said = env.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(count(env, "is:any"), "2");
    assert!(env.run(&["sync", "--status"]).stdout.contains("main"));
}

#[test]
fn a_token_that_the_server_refuses_before_its_time_is_renewed_at_once() {
    let Some(place) = place(1) else { return };
    place.auth.give_bad_tokens(true);
    let refused = log_in(&place.env, &[]);
    assert_eq!(refused.status, 3, "{refused}");
    assert!(refused.stderr.contains("postroom login main"), "{refused}");
    place.auth.give_bad_tokens(false);
    let said = place.env.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(place.auth.asked(), ["authorization_code", "refresh_token"]);
}

#[test]
fn a_provider_in_trouble_is_told_and_the_next_try_goes_through() {
    let Some(place) = place(1) else { return };
    place.auth.lasting(0);
    assert_eq!(log_in(&place.env, &[]).status, 0);
    place.auth.in_trouble(1);
    let said = place.env.run(&["sync"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("can't be reached: HTTP 503"), "{said}");
    assert!(!said.stderr.contains("postroom login"), "nothing is wrong with the login: {said}");
    assert_eq!(place.env.run(&["sync"]).status, 0);
}

/// How the account of a place gets its tokens, and where they are kept.
fn oauth(place: &Place) -> Arc<OAuth2> {
    let paths = Paths { config: config(&place.env), data: place.env.path("store"), shared: Vec::new() };
    let text = text(&place.imap, &place.smtp, &place.auth);
    let read = Config::parse(&text, &paths, &postroom::config::Layers::default(), true).unwrap();
    Arc::clone(read.accounts[0].oauth2().unwrap())
}

fn store(dir: &tempfile::TempDir) -> Store {
    let author = author("alice", Clock::default(), Ids::default());
    Store::open(dir.path(), StoreOptions { author, team: Team::default(), history_after: 0 }).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_seconds(1_795_339_200)
}

#[test]
fn a_code_that_pends_is_asked_for_again_and_more_rarely_when_it_was_asked_too_often() {
    let Some(place) = place(0) else { return };
    let oauth = oauth(&place);
    place.auth.pend(1, 2);
    let code = device::begin(&oauth).unwrap();
    assert_eq!(code.user_code.as_str(), "ABCD-EFGH");
    let mut rests = Vec::new();
    let rest = |wait: Duration| {
        rests.push(wait.as_secs());
        true
    };
    let grant = device::finish(&oauth, &code, rest, now).unwrap();
    assert!(grant.renews());
    assert_eq!(rests, [1, 6, 6, 6]);
    place.auth.pend(0, 1000);
    let error = device::finish(&oauth, &code, |_| true, now).unwrap_err();
    assert_eq!(error.why, Why::TooLate);
    assert_eq!(device::finish(&oauth, &code, |_| false, now).unwrap_err().why, Why::Stopped);
    place.auth.refuse();
    assert_eq!(device::finish(&oauth, &code, |_| true, now).unwrap_err().why, Why::Denied);
}

#[test]
fn a_code_is_worth_nothing_without_what_only_its_asker_knows() {
    let Some(place) = place(0) else { return };
    let oauth = oauth(&place);
    let (mine, anothers) = (browser::begin(&oauth).unwrap(), browser::begin(&oauth).unwrap());
    assert_ne!(mine.url, anothers.url);
    let back = agree(&mine.url);
    let code = mine.code(&oauth, &back).unwrap();
    assert_eq!(anothers.code(&oauth, &back).unwrap_err().why, Why::OfAnother);
    assert!(matches!(anothers.finish(&oauth, &code, now()).unwrap_err().why, Why::Revoked(_)));
    assert!(
        matches!(mine.finish(&oauth, &code, now()), Err(OAuthError { why: Why::Revoked(_), .. })),
        "each is good once"
    );
}

#[test]
fn several_who_find_a_token_over_renew_it_once() {
    let Some(place) = place(0) else { return };
    let oauth = oauth(&place);
    let clock = Clock::fixed(now());
    let grants = Grants::beside(&place.env.path("store"), clock.clone());
    place.auth.pend(0, 0);
    let code = device::begin(&oauth).unwrap();
    let grant = device::finish(&oauth, &code, |_| true, now).unwrap();
    grants.keep(&oauth, &grant).unwrap();
    assert_eq!(grants.token(&oauth).unwrap(), grant.access_token());
    clock.advance(3600 * 1000);
    let all: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| grants.token(&oauth).unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(all.iter().all(|token| *token == all[0] && token != grant.access_token()), "{all:?}");
    assert_eq!(place.auth.asked(), ["device_code", "refresh_token"]);
}

/// Somebody agreed at that moment.
fn granted(oauth: &OAuth2, at: Timestamp) -> Grant {
    let code = device::begin(oauth).unwrap();
    device::finish(oauth, &code, |_| true, || at).unwrap()
}

#[test]
fn who_logs_in_while_an_older_login_is_renewed_is_neither_overwritten_nor_forgotten_whatever_comes_of_it() {
    let Some(place) = place(0) else { return };
    let oauth = oauth(&place);
    for fails in [false, true] {
        let clock = Clock::fixed(now());
        let grants = Grants::beside(&place.env.path("store"), clock.clone());
        let later = Timestamp(now().0 + 3_600_000);
        let old = granted(&oauth, now());
        // Of two logins the server takes the newer's refresh token only.
        let new = granted(&oauth, later);
        let old = if fails { old } else { granted(&oauth, now()) };
        grants.keep(&oauth, &old).unwrap();
        clock.advance(3600 * 1000);
        let (kept, whose, what) = (grants.clone(), Arc::clone(&oauth), new.clone());
        place.auth.while_renewing(move || kept.keep(&whose, &what).unwrap());
        assert_eq!(grants.token(&oauth).unwrap(), new.access_token(), "{fails}");
        assert_eq!(grants.read(&oauth).unwrap().unwrap().access_token(), new.access_token(), "{fails}");
    }
}

#[test]
fn what_is_forgotten_while_it_is_renewed_stays_forgotten() {
    let Some(place) = place(0) else { return };
    let oauth = oauth(&place);
    let clock = Clock::fixed(now());
    let grants = Grants::beside(&place.env.path("store"), clock.clone());
    grants.keep(&oauth, &granted(&oauth, now())).unwrap();
    clock.advance(3600 * 1000);
    let (kept, whose) = (grants.clone(), Arc::clone(&oauth));
    place.auth.while_renewing(move || assert!(kept.forget(&whose).unwrap()));
    assert_eq!(grants.token(&oauth).unwrap_err().why, Why::NoGrant);
    assert!(grants.read(&oauth).unwrap().is_none());
}

#[test]
fn the_screens_sync_says_what_mends_a_revoked_login_and_goes_on_once_somebody_did() {
    let Some(place) = place(1) else { return };
    let oauth = oauth(&place);
    let grants = Grants::beside(&place.env.path("store"), Clock::fixed(now()));
    let kept = grants.clone();
    let secrets: Arc<dyn SecretProvider> =
        Arc::new(Configured { prompt: |_: &AccountId, _: &postroom::config::Endpoint| None, grants: Some(kept) });
    let log_in = || {
        let code = device::begin(&oauth).unwrap();
        let grant = device::finish(&oauth, &code, |_| true, now).unwrap();
        grants.keep(&oauth, &grant).unwrap();
    };
    place.auth.lasting(0);
    log_in();
    place.auth.revoke();
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let mut endpoint = place.imap.endpoint(USER, postroom::config::Security::Plain);
    (endpoint.auth, endpoint.secret) = (postroom::config::Auth::OAuth2, Secret::OAuth2(Arc::clone(&oauth)));
    let (supervisor, statuses) = start(&store, crate::support::dovecot::account(endpoint), secrets);
    let blocked = wait_for(&statuses, |status| status.state == Connectivity::Blocked);
    assert!(blocked.message.contains("run `postroom login main`"), "{blocked:?}");
    place.auth.lasting(3600);
    log_in();
    postroom::sync::lock::nudge(&store);
    wait_for(&statuses, |status| status.state == Connectivity::Current);
    supervisor.stop();
    assert_eq!(store.counts(&store.author().actor).unwrap().conversations(&postroom::model::view::View::All), 1);
}

#[test]
fn tokens_that_no_keyring_takes_are_told_with_what_to_do_and_kept_nowhere() {
    let Some(place) = place(1) else { return };
    let file = config(&place.env);
    let in_keyring = text(&place.imap, &place.smtp, &place.auth)
        .replace("[account.main.oauth2]\n", "[account.main.oauth2]\ntokens = \"keyring\"\n");
    std::fs::write(&file, in_keyring).unwrap();
    // The rooms of tests have no bus, so no keyring either.
    let said = log_in(&place.env, &[]);
    assert!(said.status != 0 && said.stderr.contains("can't be kept or read"), "{said}");
    assert!(said.stderr.contains("tokens = \"file\""), "{said}");
    assert!(!place.env.path("store/oauth2/main.json").exists(), "they are kept nowhere else");
}

/// A bus of its own with a keyring of a desktop on it, that is open. It ends with the value.
struct Keyring {
    bus: Child,
    address: String,
    _home: tempfile::TempDir,
}

impl Keyring {
    /// `None` where the machine has none.
    fn start() -> Option<Self> {
        let home = tempfile::tempdir().unwrap();
        // The bus lives as long as its program, and that as long as somebody holds its stdin.
        let script = "printf pass | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>&1 &\n\
                      until dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner \
                      string:org.freedesktop.secrets; do kill -0 $! || exit 1; done >/dev/null 2>&1\n\
                      echo \"$DBUS_SESSION_BUS_ADDRESS\"; cat >/dev/null; kill $!";
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-c", script]).env("HOME", home.path()).env("XDG_RUNTIME_DIR", home.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut bus = command.spawn().ok()?;
        let mut address = String::new();
        let _ = BufReader::new(bus.stdout.take()?).read_line(&mut address);
        let keyring = Self { bus, address: address.trim().to_owned(), _home: home };
        (!keyring.address.is_empty()).then_some(keyring)
    }

    fn command(&self, env: &Environment, args: &[&str]) -> Command {
        let mut command = env.command(args);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        drop(self.bus.stdin.take());
        let _ = self.bus.wait();
    }
}

#[test]
fn a_keyring_of_the_desktop_keeps_tokens_and_takes_no_password_of_a_script() {
    let Some(keyring) = Keyring::start() else {
        eprintln!("skipped: no gnome-keyring-daemon with dbus-run-session (apt-get install gnome-keyring dbus)");
        return;
    };
    let Some(place) = place(1) else { return };
    let env = &place.env;
    let in_keyring = text(&place.imap, &place.smtp, &place.auth)
        .replace("[account.main.oauth2]\n", "[account.main.oauth2]\ntokens = \"keyring\"\n");
    std::fs::write(config(env), in_keyring).unwrap();
    let run = |args: &[&str]| env.run_with(keyring.command(env, args), "");
    let said = agreed(begin_with(keyring.command(env, BROWSER)));
    assert!(said.status == 0 && said.stderr.contains("kept in the keyring"), "{said}");
    assert!(!env.path("store/oauth2/main.json").exists());
    assert_eq!(run(&["sync"]).status, 0);
    assert_eq!(count(env, "is:any"), "1");
    assert_eq!(run(&["login", "main", "--forget"]).status, 0);
    assert_eq!(run(&["login", "main", "--forget"]).status, 1, "nothing is kept any more");
    let said = run(&["sync"]);
    assert!(said.status == 2 && said.stderr.contains("nobody has logged it in yet"), "{said}");
    // `init` puts a password there that a person types.
    let other = Environment::new();
    let port = place.imap.imap.to_string();
    let args = ["init", "--me", "alice", "--address", "team@example.com", "--user", USER, "--imap-host", "localhost"];
    let more = ["--imap-port", &port, "--imap-security", "plain", "--smtp-host", "none", "--password-keyring"];
    let args = [&args[..], &more].concat();
    let said = other.run_with(keyring.command(&other, &args), "");
    assert!(said.status != 0 && said.stderr.contains("keyring"), "a script has to put it there itself: {said}");
}
