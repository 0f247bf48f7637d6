//! Breaks everything that can break, for minutes, and counts what became of it: processes are killed, lines are cut, servers lie, the disk is
//! full, the database is damaged, clocks are years off, ninety work at once. In the end nothing is lost, nothing is there twice, and all
//! stores say the same as the server.
//!
//! `cargo run --release --example faults -- [--runs N] [--seed N] [PART ...]`, all parts unless said, each with as many runs as stand with it.
//! `--brief` takes seconds, for CI. Ends with 1 where something was lost, is there twice, or is otherwise than it must be.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, clippy::print_stderr)]

mod claims;
mod clock;
mod crowd;
mod disk;
mod log;
mod moves;
mod send;
#[path = "../support/mod.rs"]
mod support;
mod wire;

use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Instant;

use support::times::{brief, option};

/// What is asked of a part.
pub struct Plan {
    /// How many runs.
    pub runs: usize,
    /// From which all chances come.
    pub seed: u64,
}

/// What became of a part.
#[derive(Default)]
pub struct Tally {
    /// Runs that were made.
    pub runs: usize,
    /// What went wrong on purpose.
    pub faults: usize,
    /// Mails and records that are nowhere in the end.
    pub lost: usize,
    /// Those that are there twice.
    pub doubled: usize,
    /// What else is otherwise than it must be, each a sentence.
    pub wrong: Vec<String>,
}

/// One kind of fault.
struct Part {
    name: &'static str,
    about: &'static str,
    run: fn(&Plan) -> Option<Tally>,
    child: fn(&[String]),
    /// Runs unless said, and with `--brief`.
    runs: (usize, usize),
}

fn no_child(_: &[String]) {}

const PARTS: &[Part] = &[
    Part {
        name: "log",
        about: "kill -9 in commit, push and pull of the team's log",
        run: log::run,
        child: log::child,
        runs: (200, 5),
    },
    Part {
        name: "send",
        about: "SMTP and APPEND cut, stalled, refused, the sender killed",
        run: send::run,
        child: send::child,
        runs: (100, 5),
    },
    Part {
        name: "moves",
        about: "kill -9 in moves, a colleague moves the same, back and on",
        run: moves::run,
        child: moves::child,
        runs: (150, 6),
    },
    Part {
        name: "claims",
        about: "many claim the same conversations at once",
        run: claims::run,
        child: no_child,
        runs: (1, 1),
    },
    Part {
        name: "wire",
        about: "the line to IMAP cut, delayed, split, stalled, numbers false, kill -9 in sync",
        run: wire::run,
        child: wire::child,
        runs: (1000, 25),
    },
    Part {
        name: "disk",
        about: "kill -9, a full disk, damaged files, no WAL, read-only",
        run: disk::run,
        child: disk::child,
        runs: (300, 16),
    },
    Part { name: "clock", about: "clocks ten years off, both ways", run: clock::run, child: no_child, runs: (20, 2) },
    Part { name: "crowd", about: "ninety processes on one store", run: crowd::run, child: crowd::child, runs: (3, 1) },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, name, rest @ ..] = arguments.as_slice()
        && word == "child"
    {
        (part(name).child)(rest);
        return ExitCode::SUCCESS;
    }
    let number = |name: &str| option(name).map(|value| value.parse::<usize>().unwrap());
    let seed = number("--seed").unwrap_or(1) as u64;
    let values = ["--runs", "--seed"].map(option);
    let named = |word: &&String| !word.starts_with("--") && !values.iter().flatten().any(|value| value == *word);
    let mut chosen: Vec<&Part> = arguments.iter().filter(named).map(|name| part(name)).collect();
    if chosen.is_empty() {
        chosen = PARTS.iter().collect();
    }
    let mut all = Tally::default();
    println!(
        "{:<8} {:>6} {:>7} {:>6} {:>8} {:>6} {:>8}",
        "part", "runs", "faults", "lost", "doubled", "wrong", "seconds"
    );
    for part in chosen {
        let runs = number("--runs").unwrap_or(if brief() { part.runs.1 } else { part.runs.0 });
        let begun = Instant::now();
        let Some(tally) = (part.run)(&Plan { runs, seed }) else { continue };
        let (lost, doubled, wrong) = (tally.lost, tally.doubled, tally.wrong.len());
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "{:<8} {:>6} {:>7} {lost:>6} {doubled:>8} {wrong:>6} {seconds:>8.1}  {}",
            part.name, tally.runs, tally.faults, part.about
        );
        tally.wrong.iter().for_each(|what| println!("  {what}"));
        all.runs += tally.runs;
        all.faults += tally.faults;
        all.lost += lost;
        all.doubled += doubled;
        all.wrong.extend(tally.wrong);
    }
    let is_fine = all.lost == 0 && all.doubled == 0 && all.wrong.is_empty();
    let survived =
        if is_fine { all.faults } else { all.faults.saturating_sub(all.lost + all.doubled + all.wrong.len()) };
    println!(
        "{} runs, {survived} of {} faults survived, {} lost, {} doubled, {} wrong",
        all.runs,
        all.faults,
        all.lost,
        all.doubled,
        all.wrong.len()
    );
    if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn part(name: &str) -> &'static Part {
    PARTS.iter().find(|part| part.name == name).unwrap_or_else(|| panic!("there is no part {name}"))
}

/// Begins a process of a part: this program, with these arguments.
fn process(part: &str, arguments: &[&str]) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([&["child", part], arguments].concat())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Writes down what a process did, line by line, as a person would remember it: what stands there must be there in the end.
fn remember(dir: &std::path::Path, lines: impl IntoIterator<Item = String>) {
    use std::io::Write as _;
    let file = std::fs::File::options().create(true).append(true).open(dir.join("remembered"));
    let text: String = lines.into_iter().map(|line| line + "\n").collect();
    file.unwrap().write_all(text.as_bytes()).unwrap();
}

/// Returns what [`remember`] wrote. A last line that a kill cut off was not remembered.
fn remembered(dir: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(dir.join("remembered")).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().map(str::to_owned).collect()
}

/// Counts ids that are missing and those that are there more than once.
fn compare(there: &[String], remembered: &[String], tally: &mut Tally) {
    let unique: std::collections::BTreeSet<&String> = there.iter().collect();
    tally.doubled += there.len() - unique.len();
    tally.lost += remembered.iter().filter(|id| !unique.contains(id)).count();
}

/// Returns the ids of all records of a store, those of the log in its order.
fn records(store: &postroom::store::Store) -> Vec<String> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = store.log_lines(&support::desk::account(), after, 500).unwrap();
        let Some(last) = page.last() else { return all };
        after = Some(last.place);
        all.extend(page.iter().map(|line| postroom::op::record::Record::parse(&line.json).unwrap().id.to_string()));
    }
}
