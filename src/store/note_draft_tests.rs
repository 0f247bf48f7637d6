use super::super::testing::Bench;

#[test]
fn a_note_that_is_typed_is_kept_at_its_place_for_its_author_until_it_is_written() {
    let bench = Bench::new();
    let store = &bench.store;
    store.keep_note("one", "ask @bob").unwrap();
    store.keep_note("one", "ask @bob first\n").unwrap();
    store.keep_note("two", "another").unwrap();
    assert_eq!(bench.again().kept_note("one").unwrap().as_deref(), Some("ask @bob first"));
    store.note_is_written("ask @bob first").unwrap();
    assert_eq!(store.kept_note("one").unwrap(), None);
    assert_eq!(store.kept_note("two").unwrap().as_deref(), Some("another"));
    store.keep_note("two", "  ").unwrap();
    assert_eq!(store.kept_note("two").unwrap(), None);
}
