//! `postroom sync --watch` and `--status`, and what `sync` does beside them: the real program, a real Dovecot, a real SMTP server.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use crate::support::dovecot::Dovecot;
use crate::support::person::{command, config};
use crate::support::smtp::SmtpServer;
use rustix::process::{Pid, Signal, kill_process};

struct Desk {
    dir: tempfile::TempDir,
    server: Option<Dovecot>,
    smtp: SmtpServer,
}

/// A process that watches.
struct Watcher {
    child: Child,
    said: BufReader<ChildStderr>,
    manager: UnixDatagram,
}

impl Desk {
    fn new() -> Option<Self> {
        let (server, smtp, dir) = (Dovecot::start()?, SmtpServer::start(), tempfile::tempdir().unwrap());
        let inbox = "address = \"support@shop.example\"\n\n[sending]\nundo_seconds = 0";
        config(dir.path(), server.imap, smtp.port, inbox);
        Some(Self { dir, server: Some(server), smtp })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        command(env!("CARGO_BIN_EXE_postroom"), self.dir.path(), args)
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.command(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (status.code().unwrap_or(128), text(stdout), text(stderr))
    }

    fn status(&self) -> (i32, serde_json::Value) {
        let (status, said, _) = self.run(&["sync", "--status", "--json"]);
        (status, serde_json::from_str(&said).unwrap())
    }

    fn mail(&self, n: u32) {
        let mail = format!(
            "Message-ID: <q{n}@c.example>\nFrom: Carla <carla@c.example>\nTo: support@shop.example\nSubject: Parcel {n}\n\nWhere?\n"
        );
        self.server().deliver("support", "INBOX", &mail);
    }

    fn server(&self) -> &Dovecot {
        self.server.as_ref().unwrap()
    }

    fn watch(&self, name: &str) -> Watcher {
        let socket = self.path(name);
        let manager = UnixDatagram::bind(&socket).unwrap();
        let mut command = self.command(&["sync", "--watch"]);
        let mut child = command.env("NOTIFY_SOCKET", &socket).stderr(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        Watcher { child, said, manager }
    }
}

impl Watcher {
    /// Reads on until it says so.
    fn says(&mut self, wanted: &str) {
        let mut line = String::new();
        while !line.contains(wanted) {
            line.clear();
            assert!(self.said.read_line(&mut line).unwrap() > 0, "it ended before it said {wanted:?}");
        }
    }

    /// Reads on until systemd is told so.
    fn tells(&self, wanted: &str) {
        let mut bytes = [0; 1024];
        loop {
            let length = self.manager.recv(&mut bytes).unwrap();
            if String::from_utf8_lossy(&bytes[..length]).contains(wanted) {
                return;
            }
        }
    }

    /// Has all that systemd is told read from now on: a socket that nobody reads fills up.
    fn is_heard(&self) {
        let manager = self.manager.try_clone().unwrap();
        std::thread::spawn(move || while manager.recv(&mut [0; 1024]).is_ok() {});
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    fn ends(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

#[test]
fn a_watcher_brings_mail_sends_and_pushes_and_says_how_it_stands() {
    let Some(desk) = Desk::new() else { return };
    desk.mail(1);
    let (status, none) = desk.status();
    assert_eq!((status, none["state"].as_str(), none["last_pass"].is_null()), (0, Some("none"), true), "{none}");
    let mut watcher = desk.watch("one");
    watcher.tells("READY=1");
    watcher.says("main: connected");
    desk.mail(2);
    let (status, _, told) = desk.run(&["sync", "--wait"]);
    assert_eq!(status, 0, "{told}");
    assert_eq!(desk.run(&["count", "is:any"]).1, "2\n");
    let sent = desk.run(&["reply", "subject:\"Parcel 2\"", "--body", "It comes.", "--send", "--wait"]);
    assert_eq!((sent.0, desk.smtp.mails().len()), (0, 1), "{}", sent.2);
    assert_eq!(desk.run(&["tag", "vip", "subject:\"Parcel 1\"", "--wait"]).0, 0);
    let (status, now) = desk.status();
    assert_eq!((status, now["state"].as_str(), &now["waiting"]["operations"]), (0, Some("connected"), &0.into()));
    assert!(now["lag"].as_i64().unwrap() < 60, "{now}");
    watcher.signal(Signal::TERM);
    watcher.tells("STOPPING=1");
    assert_eq!(watcher.ends(), Some(0));
    assert_eq!(desk.status().1["state"], "none");
}

#[test]
fn a_second_watcher_takes_over_when_the_first_is_killed() {
    let Some(desk) = Desk::new() else { return };
    let mut first = desk.watch("one");
    first.says("main: connected");
    let mut second = desk.watch("two");
    second.says("takes over when it ends");
    let beside = desk.run(&["sync"]);
    assert!(beside.0 == 3 && beside.2.contains("another postroom is syncing this store already"), "{}", beside.2);
    first.signal(Signal::KILL);
    assert_eq!(first.ends(), None);
    second.tells("STATUS=1 of 1");
    desk.mail(1);
    let waited = desk.run(&["sync", "--wait"]);
    assert_eq!((waited.0, desk.run(&["count", "is:any"]).1.as_str()), (0, "1\n"), "{}", waited.2);
    second.signal(Signal::TERM);
    assert_eq!(second.ends(), Some(0));
}

#[test]
fn a_server_that_goes_away_is_told_with_the_next_try_and_status_ends_with_3() {
    let Some(mut desk) = Desk::new() else { return };
    let mut watcher = desk.watch("one");
    watcher.says("main: connected");
    desk.server = None;
    watcher.says("main: offline");
    let (status, now) = desk.status();
    assert!(status == 3 && now["state"] == "offline" && !now["next_try"].is_null(), "{now}");
    assert!(desk.run(&["tag", "vip", "is:any"]).0 < 2);
    watcher.signal(Signal::TERM);
    assert_eq!(watcher.ends(), Some(0));
}

#[test]
fn offline_connects_to_nothing() {
    let Some(desk) = Desk::new() else { return };
    desk.mail(1);
    let logins = || desk.server().log().matches("Login: user=<support>").count();
    let before = logins();
    let (status, _, told) = desk.run(&["sync", "--offline"]);
    assert!(status == 0 && told.contains("nothing was connected"), "{told}");
    assert_eq!(logins(), before);
    assert_eq!(desk.run(&["count", "is:any"]).1, "0\n");
    let refused = desk.run(&["sync", "--watch", "--offline"]);
    assert_eq!(refused.0, 2, "{}", refused.2);
}

/// The unit in `examples/` starts what is there.
#[test]
fn the_unit_for_systemd_starts_the_watcher() {
    let unit =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/postroom.service")).unwrap();
    for line in ["Type=notify", "ExecStart=%h/.cargo/bin/postroom sync --watch", "Restart=on-failure"] {
        assert!(unit.lines().any(|one| one == line), "{line}");
    }
}

/// Thirty commands at once, each with a tag of its own, `round` by round. Every one ends well, and what it did is on the server.
fn thirty_at_once(desk: &Desk, round: u32) {
    let running: Vec<Child> = (1..=30)
        .map(|n| {
            let query = format!("subject:\"Parcel {n}\"");
            let mut command = desk.command(&["tag", &format!("t{round}-{n}"), &query, "--wait", "--quiet"]);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in running {
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        assert_eq!((status.code(), String::from_utf8(stderr).unwrap().as_str()), (Some(0), ""));
    }
    let (_, log, _) = desk.run(&["log", "--json"]);
    let records: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let tags: Vec<_> = records.iter().filter(|one| one["operation"] == "tag").collect();
    assert_eq!(tags.len(), 30 * round as usize);
    assert!(tags.iter().all(|one| !one["on_server"].is_null()), "{log}");
}

#[test]
fn thirty_commands_at_once_wait_each_for_its_own_work_and_all_end_well() {
    let Some(desk) = Desk::new() else { return };
    (1..=30).for_each(|n| desk.mail(n));
    assert_eq!(desk.run(&["sync"]).0, 0);
    thirty_at_once(&desk, 1);
}

/// Half a minute or more, so not every time: `cargo test --test server watch_verb -- --ignored`.
#[test]
#[ignore = "a measurement: ten rounds of thirty processes, alone and beside a watcher"]
fn three_hundred_commands_in_ten_rounds_all_end_well() {
    for watched in [false, true] {
        let Some(desk) = Desk::new() else { return };
        (1..=30).for_each(|n| desk.mail(n));
        assert_eq!(desk.run(&["sync"]).0, 0);
        let watcher = watched.then(|| desk.watch("one"));
        watcher.iter().for_each(Watcher::is_heard);
        let begun = std::time::Instant::now();
        (1..=10).for_each(|round| thirty_at_once(&desk, round));
        eprintln!("three hundred, beside a watcher: {watched}: {:.1} s", begun.elapsed().as_secs_f64());
        if let Some(watcher) = watcher {
            watcher.signal(Signal::TERM);
            assert_eq!(watcher.ends(), Some(0));
        }
    }
}

#[test]
fn a_sync_that_waits_is_not_satisfied_with_a_look_that_began_before() {
    let Some(desk) = Desk::new() else { return };
    let mut watcher = desk.watch("one");
    watcher.says("main: connected");
    watcher.is_heard();
    // The watcher is told of each mail as it comes and looks by itself all the time: none of those looks may stand for the one asked for.
    for n in 1..=8 {
        desk.mail(n);
        let (status, _, told) = desk.run(&["sync", "--wait"]);
        assert_eq!((status, desk.run(&["count", "is:any"]).1), (0, format!("{n}\n")), "{told}");
    }
    watcher.signal(Signal::TERM);
    assert_eq!(watcher.ends(), Some(0));
}

#[test]
fn asking_how_it_stands_keeps_no_command_from_the_lock() {
    let Some(desk) = Desk::new() else { return };
    desk.mail(1);
    assert_eq!(desk.run(&["sync"]).0, 0);
    let mut asking: Vec<Child> = (0..8)
        .map(|_| desk.command(&["sync", "--status"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
        .collect();
    let synced = desk.run(&["sync"]);
    assert_eq!(synced.0, 0, "{}", synced.2);
    asking.iter_mut().for_each(|child| assert!(child.wait().unwrap().success()));
}

#[test]
fn a_mail_that_waits_is_counted_once() {
    let Some(desk) = Desk::new() else { return };
    desk.mail(1);
    assert_eq!(desk.run(&["sync"]).0, 0);
    assert_eq!(desk.run(&["reply", "is:any", "--body", "It comes.", "--send", "--offline"]).0, 0);
    assert_eq!(desk.run(&["tag", "vip", "is:any", "--offline"]).0, 0);
    let (_, now) = desk.status();
    let waits = |what: &str| now["waiting"][what].as_u64();
    assert_eq!((waits("mails"), waits("operations"), waits("moves")), (Some(1), Some(1), Some(0)), "{now}");
}
