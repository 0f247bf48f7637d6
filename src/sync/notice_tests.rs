use super::*;
use crate::model::agent::Team;
use crate::model::clock::{Clock, Ids};
use crate::model::ids::Handle;
use crate::op::record::Author;
use crate::store::StoreOptions;
use crate::sync::lock;

fn open(dir: &std::path::Path) -> Store {
    let author = Author {
        actor: Handle::new("alice").unwrap(),
        host: "box".into(),
        clock: Clock::fixed(crate::model::clock::Timestamp(1)),
        ids: Ids::counted(1),
    };
    Store::open(dir, StoreOptions { author, team: Team::default(), history_after: 0 }).unwrap()
}

#[test]
fn a_commit_and_a_nudge_of_another_process_are_heard_and_its_log_file_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (open(dir.path()), open(dir.path()));
    let notice = Notice::of(&one);
    let hears = |act: &dyn Fn()| {
        notice.is_told();
        act();
        notice.is_told()
    };
    assert!(hears(&|| _ = other.is_news("something", "new").unwrap()));
    assert!(hears(&|| lock::nudge(&other)));
    assert!(!hears(&|| std::fs::write(dir.path().join("postroom.log"), "line").unwrap()));
    assert!(!hears(&|| _ = one.data_version().unwrap()), "who only looks is not heard");
}

#[test]
fn what_was_done_before_a_wait_ends_it_and_so_does_whoever_wakes() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (open(dir.path()), open(dir.path()));
    let (notice, waker) = (Notice::of(&one), Waker::new().unwrap());
    lock::nudge(&other);
    assert!(!notice.wait(&waker, SLOW) && notice.fresh.get(), "it is told and not woken");
    for notice in [notice, Notice { told: None, fresh: Cell::new(false) }] {
        waker.wake();
        assert!(notice.wait(&waker, Duration::MAX));
        assert!(!notice.wait(&waker, Duration::ZERO));
    }
}

#[test]
fn asking_whether_the_lock_is_held_keeps_nobody_from_it_and_nudges_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert!(!lock::is_held(&store).unwrap());
    let held = lock::SyncLock::try_take(&store).unwrap().unwrap();
    assert!(lock::is_held(&store).unwrap() && lock::SyncLock::try_take(&store).unwrap().is_none());
    drop(held);
    assert!(!lock::is_held(&store).unwrap() && lock::SyncLock::try_take(&store).unwrap().is_some());
    assert_eq!(lock::nudges(&store), 0);
    lock::nudge(&store);
    lock::nudge(&store);
    assert_eq!(lock::nudges(&store), 2);
}
