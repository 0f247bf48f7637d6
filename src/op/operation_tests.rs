use super::*;

#[test]
fn an_operation_is_a_json_object_named_by_its_kind() {
    let op = Operation::from(Known::SetStatus { to: Status::InProgress });
    let text = serde_json::to_string(&op).unwrap();
    assert_eq!(text, r#"{"kind":"set-status","to":"in-progress"}"#);
    assert_eq!(serde_json::from_str::<Operation>(&text).unwrap(), op);
}

#[test]
fn a_kind_from_a_newer_version_is_carried_word_for_word() {
    let text = r#"{"kind":"escalate","level":3}"#;
    let op: Operation = serde_json::from_str(text).unwrap();
    assert!(op.known().is_none());
    assert_eq!(op.name(), "escalate");
    assert_eq!(serde_json::to_string(&op).unwrap(), text);
}

#[test]
fn a_known_kind_with_an_impossible_value_has_no_effect_but_is_kept() {
    let text = r#"{"kind":"assign","to":"two words"}"#;
    let op: Operation = serde_json::from_str(text).unwrap();
    assert!(op.known().is_none());
    assert_eq!(serde_json::to_string(&op).unwrap(), text);
}

#[test]
fn an_over_long_note_has_no_effect() {
    let value = serde_json::json!({"kind": "note", "text": "x".repeat(TEXT_MAX * 4 + 1)});
    let op: Operation = serde_json::from_value(value).unwrap();
    assert!(op.known().is_none());
}

#[test]
fn mentions_are_words_that_begin_with_an_at_sign() {
    let found = mentions_in("@Bob, please ask (@alice.w!) not bob@example.com @");
    let names: Vec<_> = found.iter().map(Handle::as_str).collect();
    assert_eq!(names, ["alice.w", "bob"]);
}

#[test]
fn an_expectation_holds_only_for_just_that_assignee() {
    let bob = Handle::new("bob").unwrap();
    assert!(Expect::Nobody.holds(None));
    assert!(!Expect::Nobody.holds(Some(&bob)));
    assert!(Expect::of(Some(&bob)).holds(Some(&bob)));
    assert!(!Expect::of(Some(&bob)).holds(None));
}

#[test]
fn where_history_ends_is_one_line_that_nobody_takes_back() {
    let op = Known::HistoryBefore { mailbox: "support@example.com".into(), before: Timestamp(1_800_000_000_000) };
    let text = serde_json::to_string(&Operation::from(op.clone())).unwrap();
    assert!(text.starts_with(r#"{"kind":"history-before","mailbox":"support@example.com","before":"#), "{text}");
    assert_eq!(serde_json::from_str::<Operation>(&text).unwrap().known(), Some(&op));
    assert!(!op.is_undoable());
}
