//! Ninety processes work on one store at once: every record that one of them remembers is there, once.

use std::path::Path;

use postroom::model::ids::MessageId;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;

use super::support::desk;
use super::support::times::brief;
use super::{Plan, Tally, compare, process, remember, remembered};

/// Processes at once.
const CROWD: usize = 90;
/// Records that each makes.
const RECORDS: usize = 10;

pub fn run(plan: &Plan) -> Option<Tally> {
    let crowd = if brief() { CROWD / 6 } else { CROWD };
    let mut tally = Tally::default();
    for _ in 0..plan.runs {
        let dir = tempfile::tempdir().unwrap();
        let folder = |n: usize| dir.path().join(n.to_string());
        (0..crowd).for_each(|n| std::fs::create_dir(folder(n)).unwrap());
        let store = dir.path().join("store");
        let children: Vec<_> = (0..crowd)
            .map(|n| process("crowd", &[store.to_str().unwrap(), folder(n).to_str().unwrap(), &n.to_string()]))
            .collect();
        for (n, mut child) in children.into_iter().enumerate() {
            let status = child.wait().unwrap();
            if !status.success() {
                tally.wrong.push(format!("process {n} ended with {status}"));
            }
        }
        let store = desk::open(&store, desk::author("alice"), desk::team("support@example.com"));
        let there: Vec<String> =
            store.unpushed(usize::MAX >> 1).unwrap().into_iter().map(|(id, _)| id.to_string()).collect();
        let known: Vec<String> = (0..crowd).flat_map(|n| remembered(&folder(n))).collect();
        compare(&there, &known, &mut tally);
        if known.len() != crowd * RECORDS {
            tally.wrong.push(format!("{} of {} records were made", known.len(), crowd * RECORDS));
        }
        tally.wrong.extend(store.check().unwrap());
        tally.runs += 1;
        tally.faults += crowd;
    }
    Some(tally)
}

pub fn child(arguments: &[String]) {
    let (dir, own) = (Path::new(&arguments[0]), Path::new(&arguments[1]));
    let store = desk::open(dir, desk::author(&format!("agent{}", arguments[2])), desk::team("support@example.com"));
    for turn in 0..RECORDS {
        let on = MessageId::new(&format!("m{}@crowd.example", turn % 3)).unwrap();
        let op = Known::Title { text: format!("turn {turn} of {}", arguments[2]) };
        let made = store.commit(vec![NewOperation::new(op, vec![Target::on(on)])]).unwrap();
        remember(own, made.records.iter().map(|record| record.id.to_string()));
    }
}
