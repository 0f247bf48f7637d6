//! Everything that reads bytes of others, over saved inputs and over changes of them that are the same on every run.
//! `cargo run --release --example fuzz` goes on where this ends, for minutes, and counts what each input costs.

use std::collections::BTreeSet;

use super::targets::{TARGETS, folder, mutate, saved};

/// Changed inputs of each target: all together they take a second or two.
const CHANGES: usize = 60;

#[test]
fn every_target_reads_its_saved_inputs_and_changes_of_them() {
    for target in TARGETS {
        let inputs = saved(target);
        assert!(!inputs.is_empty(), "{} has no inputs", target.name);
        for (name, input) in &inputs {
            let read = std::panic::catch_unwind(|| (target.run)(input));
            assert!(read.is_ok(), "tests/fuzz/{}/{name}", target.name);
        }
        let inputs: Vec<Vec<u8>> = inputs.into_iter().map(|(_, input)| input).collect();
        let mut rng = fastrand::Rng::with_seed(1);
        for turn in 0..CHANGES {
            let mut input = mutate::changed(&mut rng, &inputs, target.words);
            input.truncate(2 << 10);
            let read = std::panic::catch_unwind(|| (target.run)(&input));
            assert!(read.is_ok(), "{}, change {turn}: {:?}", target.name, String::from_utf8_lossy(&input));
        }
    }
}

#[test]
fn every_folder_of_inputs_belongs_to_a_target() {
    let root = folder(&TARGETS[0]).parent().unwrap().to_owned();
    let there: BTreeSet<String> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, TARGETS.iter().map(|target| target.name.to_owned()).collect());
}

#[test]
fn a_change_is_the_same_for_the_same_seed_and_another_for_another() {
    let inputs = vec![b"Subject: a\n\nhello".to_vec(), b"b".repeat(100)];
    let all = |seed| {
        let mut rng = fastrand::Rng::with_seed(seed);
        (0..50).map(|_| mutate::changed(&mut rng, &inputs, &["x"])).collect::<Vec<_>>()
    };
    assert_eq!(all(7), all(7));
    assert_ne!(all(7), all(8));
}
