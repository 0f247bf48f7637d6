//! Measures the first and the no-change sync of a mailbox against Dovecot on loopback, beside `mbsync` on the same mailbox in the same
//! run, alternating. Prints seconds, messages a second and peak memory of each round, then medians and ratios.
//!
//! `cargo build --release && cargo run --release --example bench_sync -- [--messages 20000] [--rounds 3] [--brief]`

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

mod support;

use support::corpus::{self, MAILBOX};
use support::servers::dovecot::Dovecot;
use support::times::{brief, option};

fn main() {
    let given = |name, usual| option(name).and_then(|value| value.parse().ok()).unwrap_or(usual);
    let messages: usize = given("--messages", if brief() { 200 } else { 20_000 });
    let rounds: usize = given("--rounds", if brief() { 1 } else { 3 });
    if !corpus::is_here() {
        println!("skipped: {MAILBOX} is not here");
        return;
    }
    if Command::new("mbsync").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("skipped: mbsync is not installed (Debian package isync)");
        return;
    }
    if !binary().exists() {
        println!("{} is missing: run `cargo build --release` first", binary().display());
        std::process::exit(2);
    }
    let server = Dovecot::start().expect("Dovecot");
    let (count, bytes) = fill(&server.maildir("bench"), messages);
    println!("{count} real messages, {:.0} MB, Dovecot maildir, TLS, loopback", bytes as f64 / 1e6);
    let work = tempfile::tempdir().expect("temp dir");
    let mut table = Table::default();
    for round in 0..rounds {
        let dir = work.path().join(round.to_string());
        fs::create_dir_all(&dir).expect("round");
        let ours = Ours::new(&server, &dir.join("ours"));
        let theirs = Theirs::new(&server, &dir.join("theirs"), true);
        let relaxed = Theirs::new(&server, &dir.join("relaxed"), false);
        table.add("postroom sync, first", run(&mut ours.command()));
        table.add("mbsync, first", run(&mut theirs.command()));
        table.add("mbsync FSync no, first", run(&mut relaxed.command()));
        table.add("postroom sync, no change", run(&mut ours.command()));
        table.add("mbsync, no change", run(&mut theirs.command()));
        let listed = ours.count();
        assert!(listed > 0, "postroom holds no conversation after its sync");
        fs::remove_dir_all(&dir).expect("clean up");
    }
    table.print(count);
}

/// Writes a Maildir of real mail.
fn fill(maildir: &Path, wanted: usize) -> (usize, u64) {
    for folder in ["cur", "new", "tmp"] {
        fs::create_dir_all(maildir.join(folder)).expect("maildir");
    }
    let (mut count, mut bytes) = (0usize, 0u64);
    corpus::each(wanted, |mail| {
        count += 1;
        bytes += mail.len() as u64;
        let path = maildir.join("cur").join(format!("{}.M{count}.bench,S={}:2,S", 1_500_000_000 + count, mail.len()));
        fs::write(&path, mail).expect("mail");
    });
    own(maildir.parent().expect("home"));
    (count, bytes)
}

/// Gives the files to the user that Dovecot runs as when it was started by root.
fn own(path: &Path) {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    chown(path, Some(65534), Some(65534)).expect("chown");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("dir") {
            own(&entry.expect("entry").path());
        }
    }
}

struct Ours {
    dir: PathBuf,
}

impl Ours {
    fn new(server: &Dovecot, dir: &Path) -> Self {
        fs::create_dir_all(dir).expect("dir");
        let config = format!(
            "[me]\nhandle = \"bench\"\n\n[account.main.imap]\nhost = \"localhost\"\nport = {}\nsecurity = \"tls\"\n\
             user = \"bench\"\npassword_env = \"BENCH_PASSWORD\"\nca_file = {:?}\n\n\
             [inbox.bench]\naddress = \"bench@example.com\"\naccount = \"main\"\n",
            server.imaps,
            server.certificate()
        );
        fs::write(dir.join("config.toml"), config).expect("config");
        Self { dir: dir.to_owned() }
    }

    fn base(&self) -> Command {
        let mut command = Command::new(binary());
        command.arg("--config").arg(self.dir.join("config.toml")).arg("--store").arg(self.dir.join("store"));
        command.env("BENCH_PASSWORD", "pass");
        command
    }

    fn command(&self) -> Command {
        let mut command = self.base();
        command.args(["--quiet", "sync"]);
        command
    }

    fn count(&self) -> u64 {
        let output = self.base().args(["count", "is:any"]).output().expect("count");
        String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(0)
    }
}

/// The release binary beside this example.
fn binary() -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let target = own.parent().and_then(Path::parent).expect("target folder");
    target.join("postroom")
}

struct Theirs {
    rc: PathBuf,
}

impl Theirs {
    fn new(server: &Dovecot, dir: &Path, fsync: bool) -> Self {
        fs::create_dir_all(dir.join("md")).expect("dir");
        let rc = dir.join("mbsyncrc");
        let text = format!(
            "SyncState *\n{}\n\nIMAPAccount a\nHost localhost\nPort {}\nUser bench\nPass pass\nSSLType IMAPS\nCertificateFile {}\n\
             AuthMechs LOGIN\n\nIMAPStore far\nAccount a\n\nMaildirStore near\nPath {md}/\nInbox {md}/INBOX\nSubFolders Verbatim\n\n\
             Channel c\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\n",
            if fsync { "" } else { "FSync no" },
            server.imaps,
            server.certificate().display(),
            md = dir.join("md").display()
        );
        fs::write(&rc, text).expect("mbsyncrc");
        Self { rc }
    }

    fn command(&self) -> Command {
        let mut command = Command::new("mbsync");
        command.arg("-q").arg("-c").arg(&self.rc).arg("c");
        command
    }
}

struct Figures {
    seconds: f64,
    peak_mib: f64,
}

/// Runs a command to its end, watching its peak memory.
fn run(command: &mut Command) -> Figures {
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().expect("start");
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0u64;
    let code = loop {
        if let Some(code) = child.try_wait().expect("wait") {
            break code;
        }
        let text = fs::read_to_string(&status).unwrap_or_default();
        let high = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak_kib = peak_kib.max(high.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(code.success(), "{command:?} ended with {code}");
    Figures { seconds: begin.elapsed().as_secs_f64(), peak_mib: peak_kib as f64 / 1024.0 }
}

#[derive(Default)]
struct Table {
    rows: Vec<(&'static str, Vec<Figures>)>,
}

impl Table {
    fn add(&mut self, name: &'static str, figures: Figures) {
        println!("{name:<28} {:>8.3} s {:>7.1} MiB", figures.seconds, figures.peak_mib);
        match self.rows.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) => all.push(figures),
            None => self.rows.push((name, vec![figures])),
        }
    }

    fn median(&self, name: &str) -> f64 {
        let (_, all) = self.rows.iter().find(|(known, _)| *known == name).expect("row");
        middle(all.iter().map(|f| f.seconds))
    }

    fn print(&self, messages: usize) {
        println!("\nmedians");
        for (name, all) in &self.rows {
            let seconds = middle(all.iter().map(|f| f.seconds));
            let peak = middle(all.iter().map(|f| f.peak_mib));
            println!("{name:<28} {seconds:>8.3} s {:>9.0} messages/s {peak:>7.1} MiB", messages as f64 / seconds);
        }
        let ratio = |a: &str, b: &str| self.median(a) / self.median(b);
        println!(
            "\nmbsync takes {:.2} times as long for the first sync",
            ratio("mbsync, first", "postroom sync, first")
        );
        println!("mbsync FSync no: {:.2} times", ratio("mbsync FSync no, first", "postroom sync, first"));
        println!("without a change: {:.2} times", ratio("mbsync, no change", "postroom sync, no change"));
    }
}

fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
