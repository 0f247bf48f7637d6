use super::super::testing::Bench;
use super::super::{Keep, Store, StoreError};
use super::CopyFacts;
use crate::model::status::Status;
use crate::op::operation::Known;

fn bench() -> Bench {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    bench.mail(2, "b@x", "bea@example.net", "Refund", &[]);
    bench
}

#[test]
fn a_copy_is_of_one_moment_while_others_write() {
    let bench = bench();
    let other = bench.again();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("postroom.db");
    let made = bench.store.together(|| {
        let _ = bench.act("a@x", Known::SetStatus { to: Status::Closed });
        let copied = std::thread::scope(|scope| scope.spawn(|| other.copy_to(&file)).join().unwrap());
        Ok::<_, StoreError>((copied, Keep::All))
    });
    let made = made.unwrap().unwrap();
    let CopyFacts { conversations, messages, to_push, .. } = made;
    assert_eq!((conversations, messages, to_push), (2, 2, 0), "what was not yet written is not in it");
    assert_eq!(Store::look_at_copy(&file).unwrap(), (made, Vec::new()));
    let beside: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["postroom.db"], "it is one file, and looking at it makes no other");
    let again = bench.store.copy_to(&file).unwrap_err();
    assert!(matches!(again, StoreError::File { .. }), "{again}");
}

#[test]
fn a_copy_that_is_cut_off_or_none_at_all_is_told() {
    let bench = bench();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("postroom.db");
    let _ = bench.store.copy_to(&file).unwrap();
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let cut = Store::look_at_copy(&file);
    assert!(!matches!(cut, Ok((_, wrong)) if wrong.is_empty()));
    std::fs::write(&file, b"").unwrap();
    assert!(matches!(Store::look_at_copy(&file), Err(StoreError::Damaged { .. })));
    std::fs::write(
        &file,
        b"a text, and no database at all: long enough for a header of a hundred bytes, which it is not, really",
    )
    .unwrap();
    assert!(matches!(Store::look_at_copy(&file), Err(StoreError::Damaged { .. })));
}
