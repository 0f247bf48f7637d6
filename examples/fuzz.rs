//! Changes inputs for minutes and has everything read them that reads bytes of others: mail, HTML, quotes, queries, configs, the team's log
//! and more. It looks for what ends the program, breaks a promise, or costs more time or memory than the input's length allows.
//!
//! `cargo run --release --example fuzz -- [--minutes N] [--seed N] [TARGET ...]`, one minute and all targets unless said. `--brief` takes
//! seconds, for CI. Inputs come from `tests/fuzz/TARGET/`; one that fails is saved there as `failed-…` (the tests read it from then on), and
//! the program ends with 1. Where it is killed, or a target ends it, what was read last lies in the file that it names first.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

#[path = "../tests/support/fuzz/mod.rs"]
mod targets;

use std::alloc::System;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use targets::{TARGETS, Target, folder, mutate, saved, target};

/// Counts what is allocated: the same input costs the same on every machine, unlike seconds.
#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The longest that one input may take, whatever its cost in memory. Far above what any takes on a busy machine.
const TIME_MAX: Duration = Duration::from_secs(10);
/// Changes of each target with `--brief`.
const BRIEF: usize = 60;
/// The most inputs that are changed further.
const POOL_MAX: usize = 2_000;
/// Inputs run on a stack of this many bytes, so that recursion that grows with the input shows.
const STACK: usize = 1 << 20;

/// How to go on until when.
struct Plan {
    seed: u64,
    until: Option<Instant>,
    last: PathBuf,
}

/// What came of a target.
#[derive(Default)]
struct Outcome {
    runs: usize,
    prints: usize,
    failed: Vec<PathBuf>,
    /// The most bytes allocated for a byte of input, of inputs of at least a KiB.
    dearest: usize,
}

/// When what runs now was begun, in milliseconds of the process; 0 where nothing runs.
static BEGUN: AtomicU64 = AtomicU64::new(0);

fn main() {
    let mut words = std::env::args().skip(1);
    let (mut minutes, mut seed, mut brief, mut chosen) = (1.0, 1, false, Vec::new());
    while let Some(word) = words.next() {
        match word.as_str() {
            "--brief" => brief = true,
            "--minutes" => minutes = words.next().unwrap().parse::<f64>().unwrap(),
            "--seed" => seed = words.next().unwrap().parse().unwrap(),
            name => chosen.push(target(name).unwrap_or_else(|| panic!("there is no target {name}"))),
        }
    }
    if chosen.is_empty() {
        chosen = TARGETS.iter().collect();
    }
    let last = std::env::temp_dir().join(format!("postroom-fuzz-{}", std::process::id()));
    println!("what is read last lies in {}", last.display());
    let begun = Instant::now();
    watch(begun);
    // What fails is told by us, once.
    std::panic::set_hook(Box::new(|_| {}));
    let each = Duration::from_secs_f64(minutes * 60.0 / chosen.len() as f64);
    let mut failed = 0;
    println!("{:<10} {:>9} {:>7} {:>12} {:>12}", "target", "inputs", "prints", "bytes/byte", "bound");
    for target in chosen {
        let plan = Plan { seed, until: (!brief).then(|| Instant::now() + each), last: last.clone() };
        let outcome = std::thread::scope(|scope| {
            let run = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || fuzz(target, &plan, begun));
            run.unwrap().join().unwrap()
        });
        let (runs, prints, dearest) = (outcome.runs, outcome.prints, outcome.dearest);
        println!("{:<10} {runs:>9} {prints:>7} {dearest:>12} {:>12}", target.name, target.allocated.1);
        outcome.failed.iter().for_each(|file| println!("  failed: {}", file.display()));
        failed += outcome.failed.len();
    }
    let _ = std::fs::remove_file(&last);
    println!("{failed} failed");
    std::process::exit(i32::from(failed > 0));
}

/// Ends the process where one input takes too long: a thread can't be stopped.
fn watch(begun: Instant) {
    std::thread::spawn(move || {
        loop {
            std::thread::park_timeout(Duration::from_secs(1));
            let since = BEGUN.load(Ordering::Relaxed);
            let now = u64::try_from(begun.elapsed().as_millis()).unwrap();
            if since > 0 && now.saturating_sub(since) > u64::try_from(TIME_MAX.as_millis()).unwrap() {
                eprintln!("an input takes more than {} s", TIME_MAX.as_secs());
                std::process::exit(1);
            }
        }
    });
}

fn fuzz(target: &Target, plan: &Plan, begun: Instant) -> Outcome {
    let mut outcome = Outcome::default();
    let mut rng = fastrand::Rng::with_seed(plan.seed);
    let mut seen = HashSet::new();
    let mut pool: Vec<Vec<u8>> = Vec::new();
    // What is made once, at the first use of a table, is no cost of the first input.
    let inputs = saved(target);
    inputs.iter().for_each(|(_, input)| drop(std::panic::catch_unwind(|| (target.run)(input))));
    for (_, input) in inputs {
        try_one(target, plan, begun, &input, &mut outcome);
        pool.push(input);
    }
    let is_over = |runs: usize| plan.until.map_or(runs >= BRIEF, |until| Instant::now() >= until);
    while !is_over(outcome.runs) && outcome.failed.len() < 3 {
        let input = mutate::changed(&mut rng, &pool, target.words);
        if let Some(print) = try_one(target, plan, begun, &input, &mut outcome)
            && seen.insert(print)
            && pool.len() < POOL_MAX
        {
            pool.push(input);
        }
    }
    outcome.prints = seen.len();
    outcome
}

/// Has one input read; returns the print, or `None` where it failed, and is saved.
fn try_one(target: &Target, plan: &Plan, begun: Instant, input: &[u8], outcome: &mut Outcome) -> Option<u64> {
    std::fs::write(&plan.last, input).unwrap();
    outcome.runs += 1;
    BEGUN.store(u64::try_from(begun.elapsed().as_millis()).unwrap().max(1), Ordering::Relaxed);
    let region = Region::new(MEMORY);
    let read = std::panic::catch_unwind(|| (target.run)(input));
    let cost = region.change();
    BEGUN.store(0, Ordering::Relaxed);
    let allocated = cost.bytes_allocated;
    if input.len() >= 1 << 10 {
        outcome.dearest = outcome.dearest.max(allocated.saturating_sub(target.allocated.0) / input.len());
    }
    let why = match read {
        Err(panic) => said(&*panic),
        Ok(_) if allocated > target.allocated.0 + target.allocated.1 * input.len() => {
            format!("{allocated} bytes were allocated for {}", input.len())
        }
        Ok(print) => return Some(print),
    };
    println!("{}: {why}", target.name);
    outcome.failed.push(save(target, input));
    None
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    text.unwrap_or_default().chars().take(500).collect()
}

fn save(target: &Target, input: &[u8]) -> PathBuf {
    let name = data_encoding::HEXLOWER.encode(&Sha256::digest(input)[..6]);
    let file = folder(target).join(format!("failed-{name}"));
    std::fs::write(&file, input).unwrap();
    Path::new("tests/fuzz").join(target.name).join(file.file_name().unwrap())
}
