//! What hostile mail and a hostile mail server cost a sync: seconds, peak memory and growth of the store, beside their bounds. It ends with
//! 1 where one is over.
//!
//! `cargo run --release --example bench_mail_bombs`; `--brief` sends fewer, for CI, and passes no judgement on seconds: they would be those of
//! a busy machine and of a profile that is not optimised.
//!
//! The bombs: mails that are nearly all header, and mails of a few MB that are built to be dear to read, sent to a Dovecot of the tests' own,
//! synced and opened; and servers that fail at a mail, or send a hundred times what they told. `postroom sync` runs in a process of its own: this program, started again, does what `main.rs` does.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use support::servers::dovecot::{Dovecot, PASSWORD};
use support::servers::faulty_imap::{At, Fail, Faulty};
use support::servers::header_bombs::{BOMB_BYTES, BOMBS, header_bomb};
use support::times::{brief, load};

/// Set for the process that is to be postroom itself.
const PLAY_POSTROOM: &str = "POSTROOM_BENCH_PLAYS_POSTROOM";

/// What one sync may cost.
struct Bounds {
    seconds: f64,
    peak_mib: f64,
    store_mib: f64,
}

fn main() -> ExitCode {
    if std::env::var_os(PLAY_POSTROOM).is_some() {
        return postroom::cli::main();
    }
    println!("load of the machine before: {}", load());
    println!("{:<44} {:>18} {:>18} {:>18}", "", "seconds (most)", "MiB peak (most)", "MiB store (most)");
    let work = tempfile::tempdir().unwrap();
    let mut good = header_bombs(&work.path().join("headers"));
    good &= built_bombs(&work.path().join("built"));
    for (name, how) in [
        ("a mail at which the server hangs up", Fail::HangUp),
        ("a mail that the server refuses", Fail::No),
        ("a mail of 300 bytes that comes as 100 MB", Fail::Flood(100)),
    ] {
        let server = Faulty::start(if brief() { 120 } else { 2000 });
        server.fail(77, At::All, how);
        let sync = Sync::new(&work.path().join(format!("{how:?}")), server.endpoint().port);
        good &= sync.run(name, &Bounds { seconds: 30.0, peak_mib: 160.0, store_mib: 16.0 });
        let mails = server.state.lock().unwrap().folders["INBOX"].len();
        assert_eq!(sync.count("is:any"), mails, "one row for each mail");
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Sends mails that are nearly all header, with as many others behind them, and syncs until their bodies have come too.
fn header_bombs(dir: &Path) -> bool {
    let Some(server) = Dovecot::start() else { return true };
    let bombs = if brief() { 2 } else { BOMBS };
    let mut session = server.session("bench");
    for n in 1..=bombs {
        session.append("INBOX", &[], None, &header_bomb(n, n % 2 == 0)).unwrap();
        let mail = format!("Subject: Order {n}\r\nMessage-ID: <order{n}@c.example>\r\n\r\nWhere is it?\r\n");
        session.append("INBOX", &[], None, mail.as_bytes()).unwrap();
    }
    session.logout();
    let sync = Sync::new(dir, server.imap);
    let all = bombs as f64 * BOMB_BYTES as f64 / f64::from(1 << 20);
    let bounds = Bounds { seconds: 60.0, peak_mib: 160.0, store_mib: all + 8.0 };
    let mut good = sync.run(&format!("{bombs} mails with 9.8 MB of header"), &bounds);
    assert_eq!((sync.count("subject:order"), sync.count("subject:bomb")), (bombs, bombs), "all have come");
    for round in 2..=bombs.div_ceil(3) {
        good &= sync.run(&format!("their bodies, round {round}"), &bounds);
    }
    assert_eq!(sync.count("body:\"text of bomb\""), bombs, "and their text");
    good
}

/// A mail that is dear to read for its size, with a name.
type Built = (&'static str, String);

/// Mails of about `size` bytes, each of another kind.
fn built(size: usize) -> Vec<Built> {
    let head = |content: &str| {
        format!("From: m@example.org\r\nSubject: Bomb\r\nMIME-Version: 1.0\r\nContent-Type: {content}\r\n\r\n")
    };
    let filled = |head: String, piece: &str| head + &piece.repeat(size / piece.len());
    let numbered = |head: String, piece: &dyn Fn(usize) -> String| {
        let mut text = head;
        let mut n = 0;
        while text.len() < size {
            text.push_str(&piece(n));
            n += 1;
        }
        text
    };
    let plain = "text/plain; charset=utf-8";
    let html = "text/html; charset=utf-8";
    vec![
        (
            "parts within parts",
            numbered(String::from("From: m@example.org\r\nSubject: Bomb\r\n"), &|n| {
                format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")
            }),
        ),
        ("many parts", filled(head("multipart/mixed; boundary=b"), "--b\r\n\r\nx\r\n")),
        (
            "many files",
            filled(
                head("multipart/mixed; boundary=b"),
                "--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n",
            ),
        ),
        ("HTML, elements within elements", filled(head(html), "<div><blockquote>")),
        ("HTML, tables within tables", filled(head(html), "<table><tr><td>")),
        ("HTML, nothing but <", filled(head(html), "<")),
        ("HTML, links", numbered(head(html), &|n| format!("<a href=\"https://{n}.example/\">{n}</a>"))),
        ("HTML, styles", numbered(head(html), &|n| format!("<style>.c{n}{{display:none}}</style><p class=c{n}>x"))),
        ("quotes within quotes", numbered(head(plain), &|n| format!("{} x\r\n", ">".repeat(n % 900)))),
        ("attributions", filled(head(plain), "On Mon, Nov 23, 2026 at 9:00 AM Ann <a@x.example> wrote:\r\n")),
        ("one line", filled(head(plain), "word ")),
        ("marks upon a letter", filled(head(plain), "\u{301}")),
        ("addresses in the text", numbered(head(plain), &|n| format!("https://{n}.example/x "))),
        (
            "recipients",
            numbered(String::from("From: m@example.org\r\nSubject: Bomb\r\nTo: "), &|n| {
                format!("a{n}@x.example,\r\n ")
            }) + "z@x.example\r\n\r\nx\r\n",
        ),
        (
            "references",
            numbered(String::from("From: m@example.org\r\nSubject: Bomb\r\nReferences:"), &|n| {
                format!(" <r{n}@x.example>\r\n")
            }) + "\r\nx\r\n",
        ),
        (
            "encoded words",
            filled(String::from("From: m@example.org\r\nSubject: Bomb"), "\r\n =?utf-8?q?=C3=BC?=") + "\r\n\r\nx\r\n",
        ),
        (
            "calendar, events",
            filled(
                head("text/calendar; method=REQUEST"),
                "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20261124T090000Z\r\nEND:VEVENT\r\n",
            ),
        ),
        (
            "calendar, rules",
            filled(
                head("text/calendar; method=REQUEST") + "BEGIN:VEVENT\r\nDTSTART:20261124T090000Z\r\n",
                "RRULE:FREQ=SECONDLY;COUNT=999999999\r\n",
            ),
        ),
        ("uuencoded files", filled(head(plain), "begin 644 a\r\n#86)C\r\n`\r\nend\r\n")),
    ]
}

/// Sends mails that are dear to read, each to a mailbox of its own, syncs them and opens them.
fn built_bombs(dir: &Path) -> bool {
    let Some(server) = Dovecot::start() else { return true };
    let size = if brief() { 100_000 } else { 4_000_000 };
    let mut good = true;
    for (n, (name, mail)) in built(size).into_iter().enumerate() {
        let user = format!("bomb{n}");
        let mut session = server.session(&user);
        session.append("INBOX", &[], None, mail.as_bytes()).unwrap();
        session.logout();
        let sync = Sync::of_user(&dir.join(&user), server.imap, &user);
        // Its text, its rows and what finds it again stand beside its bytes.
        let all = 4.0 * mail.len() as f64 / f64::from(1 << 20);
        let bounds = Bounds { seconds: 20.0, peak_mib: 160.0, store_mib: all + 2.0 };
        good &= sync.run(&format!("{name}, {:.1} MB", mail.len() as f64 / 1e6), &bounds);
        assert_eq!(sync.count("is:any"), 1, "{name} has come");
        good &= sync.costs("  opened", &["show", "is:any"], &bounds);
    }
    good
}

/// A client of its own for one server.
struct Sync {
    dir: PathBuf,
}

impl Sync {
    fn new(dir: &Path, port: u16) -> Self {
        Self::of_user(dir, port, "bench")
    }

    fn of_user(dir: &Path, port: u16, user: &str) -> Self {
        std::fs::create_dir_all(dir).unwrap();
        let config = format!(
            "[me]\nhandle = \"bench\"\n\n[account.main.imap]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"plain\"\n\
             user = \"{user}\"\npassword_env = \"SECRET\"\n\n[inbox.bench]\naddress = \"bench@example.com\"\n"
        );
        std::fs::write(dir.join("config.toml"), config).unwrap();
        Self { dir: dir.to_owned() }
    }

    fn postroom(&self, args: &[&str]) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(args).env(PLAY_POSTROOM, "1").env("SECRET", PASSWORD);
        command.env("POSTROOM_CONFIG", self.dir.join("config.toml")).env("POSTROOM_STORE", self.dir.join("store"));
        command
    }

    fn count(&self, query: &str) -> usize {
        let output = self.postroom(&["count", query]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
    }

    fn store_bytes(&self) -> u64 {
        let Ok(files) = std::fs::read_dir(self.dir.join("store")) else { return 0 };
        files.filter_map(|file| file.ok()?.metadata().ok()).map(|file| file.len()).sum()
    }

    /// Syncs once; prints what it cost, and tells whether it is within its bounds.
    fn run(&self, name: &str, bounds: &Bounds) -> bool {
        self.costs(name, &["--quiet", "sync"], bounds)
    }

    /// Runs a verb; prints what it cost, and tells whether it is within its bounds.
    fn costs(&self, name: &str, verb: &[&str], bounds: &Bounds) -> bool {
        let before = self.store_bytes();
        let begun = Instant::now();
        let mut child = self.postroom(verb).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let mut peak_kib = 0_u64;
        while child.try_wait().unwrap().is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let high =
                text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
            peak_kib = peak_kib.max(high.unwrap_or(0));
            std::thread::sleep(Duration::from_millis(2));
        }
        let seconds = begun.elapsed().as_secs_f64();
        let peak_mib = peak_kib as f64 / 1024.0;
        let store_mib = self.store_bytes().saturating_sub(before) as f64 / f64::from(1 << 20);
        let column = |is: f64, most: f64| format!("{is:.1} ({most:.0})");
        println!(
            "{name:<44} {:>18} {:>18} {:>18}",
            column(seconds, bounds.seconds),
            column(peak_mib, bounds.peak_mib),
            column(store_mib, bounds.store_mib)
        );
        let in_time = brief() || seconds <= bounds.seconds;
        in_time && peak_mib <= bounds.peak_mib && store_mib <= bounds.store_mib
    }
}
