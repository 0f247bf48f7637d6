//! A process from its start to its end, with what it took.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

/// How often it is looked at how much memory a process has.
const LOOK: Duration = Duration::from_millis(2);

/// What a process took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// From start to end.
    pub seconds: f64,
    /// Of processor, in hundredths; what it started counts where it waited for it.
    pub cpu: f64,
    /// The most memory it had.
    pub peak_mib: f64,
}

/// Runs a command to its end, and well.
pub fn run(command: &mut Command, input: &str) -> Spent {
    until_end(command, input, &[0])
}

/// Runs a command that may also find nothing, or nothing that is not so already.
pub fn ask(command: &mut Command, input: &str) -> Spent {
    until_end(command, input, &[0, 1, 2, 4])
}

fn until_end(command: &mut Command, input: &str, well: &[i32]) -> Spent {
    let begun = Instant::now();
    let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.unwrap_or_else(|why| panic!("{command:?}: {why}"));
    let mut writing = child.stdin.take().unwrap();
    let folder = format!("/proc/{}", child.id());
    let over = AtomicBool::new(false);
    let (seconds, peak_mib) = std::thread::scope(|scope| {
        let peak = scope.spawn(|| {
            let mut peak = 0.0_f64;
            while !over.load(Ordering::Relaxed) {
                peak = peak.max(memory(&folder));
                std::thread::park_timeout(LOOK);
            }
            peak
        });
        // One that reads nothing may have ended before.
        writing.write_all(input.as_bytes()).unwrap_or_default();
        drop(writing);
        // It is left as a zombie, whose times can be read.
        let pid = Pid::from_child(&child);
        waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).unwrap();
        let seconds = begun.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        peak.thread().unpark();
        (seconds, peak.join().unwrap())
    });
    let cpu = cpu(&folder);
    let status = child.wait().unwrap();
    assert!(status.code().is_some_and(|code| well.contains(&code)), "{command:?} ended with {status}");
    Spent { seconds, cpu, peak_mib }
}

fn memory(folder: &str) -> f64 {
    let text = std::fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
    let high = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    high.and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

/// Seconds of processor of a process and of what it waited for.
fn cpu(folder: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("{folder}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    fields.skip(11).take(4).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
