//! Measures what each key costs a slow line, and what idleness, start and memory cost the machine: postroom beside aerc and neomutt, on the
//! same mail, in terminals of the same size, in one run.
//!
//! `cargo run --release --example bench_keys -- [--mails 2000] [--memory 100000] [--million] [--idle 60] [--size 80x24] [--brief]`
//!
//! The others are measured where they are installed (Debian: `aerc`, `neomutt`), each with the settings it comes with and its keys for the
//! same thing; neomutt scrolls by lines and has a header cache. Bytes and milliseconds of a key are medians, to the last byte that follows.
//! `--memory` fills a second Maildir and store of that size for start and memory, `--million` one of a million. `--brief` takes seconds,
//! for CI.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "bench_keys/clients.rs"]
mod clients;
#[path = "bench_keys/mail.rs"]
mod mail;
mod support;
#[path = "bench_keys/using.rs"]
mod using;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clients::Client;
use support::pty::Drawn;
use support::times::{brief, load, option};
use using::{grown, measure, start};

/// What is measured, in the order of the table.
const WHAT: [&str; 9] =
    ["j, k", "j at the edge", "page", "open", "scroll", "mark", "command line", "typed letter", "view, folder"];

fn main() -> ExitCode {
    if support::fetching::plays_postroom() {
        return postroom::cli::main();
    }
    let given = |name: &str, usual: u32, in_brief: u32| {
        let usual = if brief() { in_brief } else { usual };
        option(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} {text}: no number")))
    };
    let size = size();
    let clients = clients::clients();
    keys(&clients, given("--mails", 2_000, 200), size, Duration::from_secs(given("--idle", 60, 1).into()));
    let million = std::env::args().any(|argument| argument == "--million").then_some(1_000_000);
    for mails in [given("--memory", 100_000, 0)].into_iter().filter(|mails| *mails > 0).chain(million) {
        sizes(&clients, mails, size);
    }
    ExitCode::SUCCESS
}

fn size() -> (u16, u16) {
    let text = option("--size").unwrap_or_else(|| "80x24".into());
    let parts = text.split_once('x').and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)));
    parts.unwrap_or_else(|| panic!("--size {text}: not like 80x24"))
}

/// Says what each key costs, and idleness.
fn keys(clients: &[Client], mails: u32, size: (u16, u16), idle: Duration) {
    let dir = tempfile::tempdir().expect("a temp folder");
    mail::make(dir.path(), mails);
    println!("\n{mails} mails at {}x{}, load {}: bytes and ms of a key, medians\n", size.0, size.1, load());
    let used: Vec<_> = clients.iter().map(|client| use_it(client, dir.path(), size, idle)).collect();
    head(clients);
    for what in WHAT {
        row(
            what,
            used.iter().map(|used| match used.keys.get(what) {
                Some(drawn) => format!("{} B, {:.1} ms", drawn.bytes, drawn.took.as_secs_f64() * 1e3),
                None => "–".into(),
            }),
        );
    }
    row(
        &format!("{} s of idleness", idle.as_secs()),
        used.iter().map(|used| format!("{} B, {:.2} s CPU", used.idle.0, used.idle.1)),
    );
}

/// Says what start and memory cost with so much mail.
fn sizes(clients: &[Client], mails: u32, size: (u16, u16)) {
    let dir = tempfile::tempdir().expect("a temp folder");
    mail::make(dir.path(), mails);
    println!("\n{mails} mails, load {}\n", load());
    // The first start is the one that fills caches; the second is what a day begins with.
    let used: Vec<_> =
        clients.iter().map(|client| [(); 2].map(|()| grown(client, dir.path(), size, mail::MARK))).collect();
    head(clients);
    for (n, what) in ["first start", "next start"].into_iter().enumerate() {
        row(what, used.iter().map(|runs| format!("{:.0} ms", runs[n].start)));
    }
    row("memory, at most", used.iter().map(|runs| format!("{:.0} MiB, {:.0} MiB", runs[1].resident, runs[1].peak)));
}

fn head(clients: &[Client]) {
    row("", clients.iter().map(|client| client.name.to_owned()));
    row("---", clients.iter().map(|_| "---".to_owned()));
}

fn row(what: &str, cells: impl Iterator<Item = String>) {
    println!("| {what} | {} |", cells.collect::<Vec<_>>().join(" | "));
}

/// What came out of using a program.
struct Used {
    keys: BTreeMap<&'static str, Drawn>,
    idle: (usize, f64),
}

fn use_it(client: &Client, dir: &Path, size: (u16, u16), idle: Duration) -> Used {
    let (mut pty, _) = start(client, dir, size, mail::MARK);
    let keys = client.deeds.iter().map(|deed| (deed.what, measure(&mut pty, deed))).collect();
    Used { keys, idle: pty.idle(idle) }
}
