use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::sync::mpsc;

use super::*;

#[test]
fn events_run_one_after_the_other_and_those_beyond_what_may_wait_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("out");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    let program = |n: usize| {
        // It waits until somebody reads.
        let words = ["sh".into(), "-c".into(), "read n; echo $n > \"$0\"".into(), pipe.clone().into_os_string()];
        Program::new::<std::ffi::OsString>(words).input(format!("{n}\n").into_bytes())
    };
    let (queue, arrived) = mpsc::channel();
    let (sender, mut notifier) = (Sender::new(queue), Notifier::default());
    // Nobody reads yet: one runs at most, and as many wait as may.
    let told = (0..WAITING + 10).map(|n| {
        notifier.run(program(n), &sender);
        arrived.try_recv().ok()
    });
    let refused: Vec<usize> = told.enumerate().filter_map(|(n, told)| told.map(|_| n)).collect();
    assert!((9..=10).contains(&refused.len()), "{refused:?}");
    let out = OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
    let taken = (0..WAITING + 10).filter(|n| !refused.contains(n));
    let lines = BufReader::new(out).lines().map(|line| line.unwrap().parse::<usize>().unwrap());
    for (line, expected) in lines.zip(taken.clone()).take(taken.clone().count()) {
        assert_eq!(line, expected);
    }
}

#[test]
fn a_program_that_fails_is_told_and_the_next_one_has_its_turn() {
    let (queue, arrived) = mpsc::channel();
    let (sender, mut notifier) = (Sender::new(queue), Notifier::default());
    notifier.run(Program::new(["/nonexistent/bell"]), &sender);
    notifier.run(Program::new(["false"]), &sender);
    for _ in 0..2 {
        let (_, event) = arrived.recv().unwrap();
        assert!(matches!(&event, Event::Failed(error) if error.is("notifier-failed")), "{event:?}");
    }
}
