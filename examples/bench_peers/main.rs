//! One command, one table: postroom beside whatever of mbsync, notmuch, mu, neomutt and aerc is installed, on the same mail, in turn, in
//! one run. Medians of the rounds, and how many times postroom's each of the others' figures is.
//!
//! `cargo run --release --example bench_peers -- [--maildir DIR] [--mails 27500] [--rounds 3] [--changed 10000] [--large-mail 100] [--growth
//! 10000,100000] [--million] [--only PART,PART] [--json] [--brief]`
//!
//! The mail is that of `../shared/corpora`, or of any Maildir, which is only read; without either it is made up. It is fetched from a
//! Dovecot that is started for it on this machine. `--only` takes some of the parts `sync`, `read`, `change`, `screen`, `large` and
//! `growth`; `--json` prints the table as JSON too, last. `--brief` takes seconds, for CI, and its figures mean nothing. What is not
//! installed is left out with a line (Debian: isync, notmuch, maildir-utils, neomutt, aerc).
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod change;
#[path = "../bench_keys/clients.rs"]
mod clients;
mod growth;
mod large;
mod mail;
mod peers;
mod read;
mod screen;
#[path = "../support/mod.rs"]
mod support;
mod sync;
mod table;
#[path = "../bench_keys/using.rs"]
mod using;

use std::path::PathBuf;
use std::process::ExitCode;

use mail::Mail;
use peers::Peers;
use support::fetching::{self, Ours};
use support::servers::dovecot::Dovecot;
use support::times::{brief, load, option};
use table::Table;

/// How much is done.
struct Plan {
    maildir: Option<PathBuf>,
    mails: usize,
    rounds: usize,
    changed: usize,
    /// MB of the one large mail.
    large: usize,
    growth: Vec<usize>,
    only: Option<String>,
}

impl Plan {
    fn given() -> Self {
        let number = |name: &str, usual: usize, in_brief: usize| {
            let usual = if brief() { in_brief } else { usual };
            option(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} {text}: no number")))
        };
        let sizes = option("--growth").unwrap_or_else(|| if brief() { "60" } else { "10000,100000" }.to_owned());
        let size = |text: &str| text.parse().unwrap_or_else(|_| panic!("--growth {sizes}: not like 10000,100000"));
        let million = std::env::args().any(|argument| argument == "--million").then_some(1_000_000);
        Self {
            maildir: option("--maildir").map(PathBuf::from),
            mails: number("--mails", 27_500, 120),
            rounds: number("--rounds", 3, 1),
            changed: number("--changed", 10_000, 30),
            large: number("--large-mail", 100, 3),
            growth: sizes.split(',').map(size).chain(million).collect(),
            only: option("--only"),
        }
    }

    fn has(&self, part: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.split(',').any(|named| named == part))
    }
}

/// What all parts work with.
struct Bench {
    server: Dovecot,
    peers: Peers,
    mail: Mail,
    /// A folder of the run's own.
    dir: PathBuf,
}

fn main() -> ExitCode {
    if fetching::plays_postroom() {
        return postroom::cli::main();
    }
    let plan = Plan::given();
    let Some(server) = Dovecot::start() else {
        println!("skipped: Dovecot does not start here");
        return ExitCode::SUCCESS;
    };
    let temporary = tempfile::tempdir().expect("a temp folder");
    let dir = temporary.path().to_owned();
    let mail = Mail::make(plan.maildir.as_deref(), plan.mails, &dir.join("mail/INBOX"));
    mail.serve(&server, "bench");
    let bench = Bench { server, peers: Peers::found(), mail, dir };
    let mut table = Table::new(&bench);
    println!("{}; load before: {}", table.about(), load());
    let ours = sync::measure(&bench, &mut table, if plan.has("sync") { plan.rounds } else { 0 });
    parts(&plan, &bench, &ours, &mut table);
    table.print();
    ExitCode::SUCCESS
}

fn parts(plan: &Plan, bench: &Bench, ours: &Ours, table: &mut Table) {
    if plan.has("read") {
        read::measure(bench, ours, table, plan.rounds);
    }
    if plan.has("screen") {
        screen::measure(&bench.dir, table, plan.rounds);
    }
    // What changes something comes last.
    if plan.has("change") {
        change::measure(bench, ours, table, plan.changed);
    }
    if plan.has("large") {
        large::measure(bench, table, plan.large);
    }
    if plan.has("growth") {
        growth::measure(bench, table, &plan.growth);
    }
}
