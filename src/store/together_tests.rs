use std::panic::{AssertUnwindSafe, catch_unwind};

use super::testing::Bench;
use super::*;
use crate::model::status::Status;
use crate::op::operation::Known;
use crate::query::{self, Context};

fn close() -> Known {
    Known::SetStatus { to: Status::Closed }
}

fn bench() -> Bench {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    bench.mail(2, "b@x", "bea@example.net", "Refund", &[]);
    bench
}

fn closed(store: &Store, context: &Context) -> usize {
    store.ids(&query::parse("status:closed").unwrap(), context).unwrap().len()
}

#[test]
fn what_is_written_together_is_seen_within_and_by_others_at_the_end() {
    let bench = bench();
    let context = super::testing::context(&bench.store);
    let other = bench.again();
    let changes = bench.store.subscribe();
    let within = bench.store.together(|| {
        let _ = bench.act("a@x", close());
        let _ = bench.act("b@x", close());
        Ok::<_, StoreError>((closed(&bench.store, &context), Keep::All))
    });
    assert_eq!(within.unwrap(), 2);
    assert_eq!((closed(&bench.store, &context), closed(&other, &context)), (2, 2));
    assert_eq!(changes.try_iter().collect::<Vec<_>>(), [Change::Everything], "told once, when it is there");
    bench.sound();
}

#[test]
fn another_thread_sees_nothing_until_all_is_done() {
    let bench = bench();
    let context = super::testing::context(&bench.store);
    let other = bench.again();
    let seen = bench.store.together(|| {
        let _ = bench.act("a@x", close());
        let seen = std::thread::scope(|scope| scope.spawn(|| closed(&other, &context)).join().unwrap());
        Ok::<_, StoreError>((seen, Keep::All))
    });
    assert_eq!(seen.unwrap(), 0);
    assert_eq!(closed(&other, &context), 1);
}

#[test]
fn nothing_stays_of_what_fails_is_not_to_be_kept_or_panics() {
    let bench = bench();
    let context = super::testing::context(&bench.store);
    let before = bench.dump();
    let failed: Result<(), StoreError> = bench.store.together(|| {
        let _ = bench.act("a@x", close());
        Err(StoreError::Stopped)
    });
    assert!(matches!(failed, Err(StoreError::Stopped)));
    let looked = bench.store.together(|| {
        let _ = bench.act("a@x", close());
        Ok::<_, StoreError>((closed(&bench.store, &context), Keep::Nothing))
    });
    assert_eq!(looked.unwrap(), 1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        bench.store.together(|| -> Result<((), Keep), StoreError> {
            let _ = bench.act("a@x", close());
            panic!("in the middle")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(bench.dump(), before);
    let _ = bench.act("a@x", close());
    assert_eq!(closed(&bench.again(), &context), 1, "what comes later is written as ever");
    bench.sound();
}

#[test]
fn a_part_is_taken_back_by_itself() {
    let bench = bench();
    let context = super::testing::context(&bench.store);
    let done = bench.store.together(|| {
        let _ = bench.act("a@x", close());
        let part: Result<(), StoreError> = bench.store.together(|| {
            let _ = bench.act("b@x", close());
            Err(StoreError::Stopped)
        });
        assert!(part.is_err());
        Ok::<_, StoreError>((closed(&bench.store, &context), Keep::All))
    });
    assert_eq!(done.unwrap(), 1);
    assert_eq!(closed(&bench.again(), &context), 1);
    bench.sound();
}
