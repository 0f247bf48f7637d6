use std::path::Path;

use super::*;
use crate::model::agent::Team;
use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::ids::Handle;
use crate::op::record::Author;
use crate::store::{Store, StoreOptions};

fn store(dir: &Path) -> Store {
    let author = Author {
        actor: Handle::new("alice").unwrap(),
        host: "test".to_owned(),
        clock: Clock::fixed(Timestamp::from_seconds(1_800_000_000)),
        ids: Ids::counted(1),
    };
    Store::open(dir, StoreOptions { author, team: Team::default(), history_after: i64::MAX }).unwrap()
}

fn add(store: &Store, line: &u32) -> Result<u32, UserError> {
    store.note_is_news(*line)?;
    if line.is_multiple_of(7) {
        return Err(UserError::new(ErrorKind::Usage, "seven"));
    }
    Ok(*line)
}

trait News {
    fn note_is_news(&self, line: u32) -> Result<(), UserError>;
    fn knows(&self, line: u32) -> bool;
}

/// What a store keeps that is simplest to write and to ask for.
impl News for Store {
    fn note_is_news(&self, line: u32) -> Result<(), UserError> {
        Ok(self.is_news(&format!("line:{line}"), "x").map(|_| ())?)
    }

    fn knows(&self, line: u32) -> bool {
        let asked = self.together(|| Ok::<_, UserError>((!self.is_news(&format!("line:{line}"), "x")?, Keep::Nothing)));
        asked.unwrap()
    }
}

#[test]
fn a_command_that_fails_leaves_nothing_and_the_others_all() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let lines: Vec<u32> = (1..=u32::try_from(PORTION).unwrap() * 2 + 3).collect();
    let (came, ended) = in_portions(&store, &lines, |line| add(&store, line));
    assert_eq!((came.len(), ended), (lines.len(), None));
    for (line, came) in lines.iter().zip(&came) {
        assert_eq!((came.is_ok(), store.knows(*line)), (!line.is_multiple_of(7), !line.is_multiple_of(7)), "{line}");
    }
}

#[test]
fn where_the_store_fails_what_was_done_before_in_other_transactions_stays() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let last = u32::try_from(PORTION).unwrap() + 5;
    let lines: Vec<u32> = (1..=last + 10).collect();
    let (came, ended) = in_portions(&store, &lines, |line| {
        if *line == last { Err(UserError::new(ErrorKind::Store, "full")) } else { add(&store, line) }
    });
    assert_eq!((came.len(), ended.map(|error| error.kind)), (PORTION, Some(ErrorKind::Store)));
    assert!(store.knows(1) && !store.knows(last - 1), "the transaction of the failure is taken back");
}

#[test]
fn commands_that_are_one_stay_together_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let came = as_one(
        &store,
        &[1, 7, 8],
        |line| add(&store, line),
        |came| Ok(if came.iter().all(Result::is_ok) { Keep::All } else { Keep::Nothing }),
    );
    assert_eq!(came.unwrap().iter().filter(|came| came.is_ok()).count(), 2);
    assert!(!store.knows(1) && !store.knows(8));
    let failed = as_one(&store, &[1], |line| add(&store, line), |_| Err(UserError::new(ErrorKind::Precondition, "no")));
    assert!(failed.is_err() && !store.knows(1));
    as_one(&store, &[1], |line| add(&store, line), |_| Ok(Keep::All)).unwrap();
    assert!(store.knows(1));
}

#[test]
fn others_can_write_whenever_it_was_written_for_long() {
    let dir = tempfile::tempdir().unwrap();
    let (store, other) = (store(dir.path()), store(dir.path()));
    let lines: Vec<u32> = (1..=6).collect();
    let mut breaks = 0;
    // Each command takes longer than nothing.
    let rest = || {
        breaks += 1;
        other.note_is_news(1000 + breaks).unwrap();
    };
    let (came, ended) = with_breaks(&store, &lines, |line| add(&store, line), Duration::ZERO, rest);
    assert_eq!((came.len(), ended), (6, None));
    assert_eq!(breaks, 6, "between each two, and before the first");
    assert!((1..=6).all(|one| store.knows(1000 + one)));
}
