//! Measures the first and the no-change sync of a mailbox against Dovecot on loopback, beside `mbsync` on the same mailbox in the same
//! run, alternating. Prints seconds, messages a second and peak memory of each round, then medians and ratios.
//!
//! `cargo run --release --example bench_sync -- [--messages 20000] [--rounds 3] [--brief]`

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

mod support;

use support::corpus::{self, MAILBOX};
use support::fetching::{self, Mbsync, Ours};
use support::process::{Spent, run};
use support::servers::dovecot::Dovecot;
use support::times::{brief, option};

fn main() -> ExitCode {
    if fetching::plays_postroom() {
        return postroom::cli::main();
    }
    let given = |name, usual| option(name).and_then(|value| value.parse().ok()).unwrap_or(usual);
    let messages: usize = given("--messages", if brief() { 200 } else { 20_000 });
    let rounds: usize = given("--rounds", if brief() { 1 } else { 3 });
    if !corpus::is_here() {
        println!("skipped: {MAILBOX} is not here");
        return ExitCode::SUCCESS;
    }
    if Command::new("mbsync").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("skipped: mbsync is not installed (Debian package isync)");
        return ExitCode::SUCCESS;
    }
    let server = Dovecot::start().expect("Dovecot");
    let (count, bytes) = fill(&server.maildir("bench"), messages);
    println!("{count} real messages, {:.0} MB, Dovecot maildir, TLS, loopback", bytes as f64 / 1e6);
    let work = tempfile::tempdir().expect("temp dir");
    let mut table = Table::default();
    for round in 0..rounds {
        let dir = work.path().join(round.to_string());
        fs::create_dir_all(&dir).expect("round");
        let ours = Ours::new(&server, "bench", &dir.join("ours"));
        let theirs = Mbsync::new(&server, "bench", &dir.join("theirs"), true);
        let relaxed = Mbsync::new(&server, "bench", &dir.join("relaxed"), false);
        let sync = ["--quiet", "sync"];
        table.add("postroom sync, first", run(&mut ours.online(&sync), ""));
        table.add("mbsync, first", run(&mut theirs.command(), ""));
        table.add("mbsync FSync no, first", run(&mut relaxed.command(), ""));
        table.add("postroom sync, no change", run(&mut ours.online(&sync), ""));
        table.add("mbsync, no change", run(&mut theirs.command(), ""));
        assert_ne!(ours.told(&["count", "is:any"]).trim(), "0", "postroom holds no conversation after its sync");
        fs::remove_dir_all(&dir).expect("clean up");
    }
    table.print(count);
    ExitCode::SUCCESS
}

/// Writes a Maildir of real mail.
fn fill(maildir: &Path, wanted: usize) -> (usize, u64) {
    fetching::maildir(maildir);
    let (mut count, mut bytes) = (0usize, 0u64);
    corpus::each(wanted, |mail| {
        count += 1;
        bytes += mail.len() as u64;
        let path = maildir.join("cur").join(format!("{}.M{count}.bench,S={}:2,S", 1_500_000_000 + count, mail.len()));
        fs::write(&path, mail).expect("mail");
    });
    fetching::own(maildir.parent().expect("home"));
    (count, bytes)
}

#[derive(Default)]
struct Table {
    rows: Vec<(&'static str, Vec<Spent>)>,
}

impl Table {
    fn add(&mut self, name: &'static str, figures: Spent) {
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
