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

#[test]
fn the_kinds_that_later_work_needs_survive_their_json_and_none_but_the_team_can_be_taken_back() {
    let over = Some(OpId(uuid::Uuid::from_u128(3)));
    let until = Timestamp(60_000);
    for (op, json) in [
        (
            Known::Lease { worker: "box/7".into(), until, over },
            r#"{"kind":"lease","worker":"box/7","until":60000,"over":"00000000-0000-0000-0000-000000000003"}"#,
        ),
        (Known::Runner { host: "box".into(), until, over: None }, r#"{"kind":"runner","host":"box","until":60000}"#),
        (
            Known::Claim { what: "mail".into(), key: "rule 1".into(), over: None },
            r#"{"kind":"claim","what":"mail","key":"rule 1"}"#,
        ),
        (
            Known::Erase { records: over.into_iter().collect(), messages: [MessageId::new("a@x").unwrap()].into() },
            r#"{"kind":"erase","records":["00000000-0000-0000-0000-000000000003"],"messages":["a@x"]}"#,
        ),
        (
            Known::Replied { message: MessageId::new("r@x").unwrap(), then: None, hash: Some("ab".into()) },
            r#"{"kind":"replied","message":"r@x","then":null,"hash":"ab"}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&Operation::from(op.clone())).unwrap(), json);
        assert_eq!(serde_json::from_str::<Operation>(json).unwrap().known(), Some(&op));
        assert!(!op.is_undoable(), "{json}");
    }
}

#[test]
fn a_team_record_survives_its_json_and_can_be_taken_back() {
    let json = r#"{"kind":"team","inboxes":[{"id":"support","address":"support@example.com","aliases":["help@example.com"]}],
        "agents":[{"handle":"alice","name":"Alice","addresses":["alice@example.com"]}],
        "teams":[{"name":"billing","members":["alice"]}],"authserv":"mx.example.com","signed":true}"#;
    let op: Operation = serde_json::from_str(json).unwrap();
    let known = op.known().unwrap();
    let Known::Team(team) = known else { panic!("{known:?}") };
    assert!(team.signed && team.teams[0].members.len() == 1);
    assert_eq!(serde_json::from_str::<Operation>(&serde_json::to_string(&op).unwrap()).unwrap(), op);
    assert!(known.is_undoable());
    let more = r#"{"kind":"team","agents":[{"handle":"alice","pager":"7"}],"holidays":["2026-12-25"]}"#;
    assert!(
        serde_json::from_str::<Operation>(more).unwrap().known().is_some(),
        "what a newer program adds is no fault"
    );
}

#[test]
fn names_longer_than_other_clients_take_make_an_operation_unknown() {
    let long = "x".repeat(1001);
    for json in [
        serde_json::json!({"kind": "lease", "worker": long, "until": 1}),
        serde_json::json!({"kind": "runner", "host": long, "until": 1}),
        serde_json::json!({"kind": "claim", "what": "mail", "key": long}),
        serde_json::json!({"kind": "replied", "message": "a@x", "hash": long}),
        serde_json::json!({"kind": "team", "agents": [{"handle": "alice", "name": "x".repeat(300_000)}]}),
        serde_json::json!({"kind": "erase", "messages": (0..=TARGETS_MAX).map(|n| format!("{n}@x")).collect::<Vec<_>>()}),
    ] {
        assert!(
            serde_json::from_value::<Operation>(json.clone()).unwrap().known().is_none(),
            "{:.80}",
            json.to_string()
        );
    }
}

#[test]
fn of_an_erased_operation_nothing_stays_that_somebody_wrote() {
    let secret = "secret";
    for json in [
        serde_json::json!({"kind": "note", "text": secret, "mentions": ["secret"]}),
        serde_json::json!({"kind": "edit-note", "note": uuid::Uuid::nil(), "text": secret}),
        serde_json::json!({"kind": "title", "text": secret}),
        serde_json::json!({"kind": "tag", "add": ["secret"], "remove": ["secret"]}),
        serde_json::json!({"kind": "saved-reply", "name": "hello", "text": secret}),
        serde_json::json!({"kind": "of-tomorrow", "text": secret, "in": {"deep": [secret]}}),
    ] {
        let op: Operation = serde_json::from_value(json.clone()).unwrap();
        let left = op.clone().without_words();
        assert_eq!(left.name(), op.name());
        assert!(!serde_json::to_string(&left).unwrap().contains(secret), "{left:?}");
    }
}
