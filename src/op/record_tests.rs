use proptest::prelude::*;

use super::*;
use crate::model::ids::MessageId;
use crate::op::describe;

fn author() -> Author {
    Author {
        actor: Handle::new("alice").unwrap(),
        host: "box".into(),
        clock: Clock::fixed(Timestamp::from_seconds(1_800_000_000)),
        ids: Ids::counted(7),
    }
}

fn target(n: usize) -> Target {
    Target::on(MessageId::new(&format!("m{n}@x")).unwrap())
}

#[test]
fn a_record_survives_its_json() {
    let made = author().batch(4, None, vec![NewOperation::new(Known::Assign { to: None }, vec![target(1)])]);
    let record = &made[0];
    assert_eq!(record.lamport, 5);
    assert_eq!(&Record::parse(&record.to_json()).unwrap(), record);
}

#[test]
fn a_bulk_over_the_bound_becomes_several_records_of_one_batch() {
    let on = (0..TARGETS_MAX * 2 + 1).map(target).collect();
    let made = author().batch(0, None, vec![NewOperation::new(Known::Split, on)]);
    assert_eq!(made.iter().map(|r| r.on.len()).collect::<Vec<_>>(), [TARGETS_MAX, TARGETS_MAX, 1]);
    assert!(made.iter().all(|r| r.batch == made[0].batch));
    assert_eq!(made[2].lamport, 3);
}

#[test]
fn a_field_from_a_newer_version_is_no_error() {
    let mut json: serde_json::Value =
        serde_json::from_str(&author().batch(0, None, vec![NewOperation::new(Known::Split, vec![])])[0].to_json())
            .unwrap();
    json["colour"] = "blue".into();
    json["op"]["depth"] = 3.into();
    assert!(Record::parse(&json.to_string()).unwrap().known().is_some());
}

#[test]
fn what_is_no_record_is_refused_with_its_place() {
    let error = Record::parse("{\"v\":1,\n\"id\":}").unwrap_err();
    assert!(error.to_string().contains("line 2"), "{error}");
}

/// JSON that has the shape of records, or nearly.
fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    let word = "(|alice|a@x|open|closed|assign|note|tag|merge|00000000-0000-7000-8000-000000000001|\\PC{0,20})";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Halves are exact in every reader's arithmetic.
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 2.0)),
        word.prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(3, 24, 4, |inner| {
        let key = "(v|id|actor|host|at|lamport|on|op|kind|to|add|as_of|ids|expect|agent|text|of|[a-z]{0,5})";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..5).prop_map(|map| json!(map)),
        ]
    });
    let field = "(v|id|batch|actor|host|at|lamport|after|on|op|extra)";
    (prop::collection::btree_map(field, value.clone(), 0..3), value).prop_map(|(over, op)| {
        let mut record = json!({
            "v": 1, "id": "00000000-0000-7000-8000-000000000001", "actor": "alice", "host": "h", "at": 1, "lamport": 1,
            "on": [{"on": "a@x"}], "op": op,
        });
        for (field, value) in over {
            record[field] = value;
        }
        record
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_stands_on_the_log_is_refused_or_reads_back_the_same(value in json()) {
        if let Ok(record) = Record::parse(&value.to_string()) {
            prop_assert_eq!(&Record::parse(&record.to_json()).unwrap(), &record);
            let what = describe::describe(&record, 1, describe::Names::NONE);
            let _ = crate::text::sentence(&what, &|at| at.0.to_string());
        }
    }
}

#[test]
fn an_erased_record_keeps_who_when_on_what_and_where_it_stood() {
    let note = Known::Note { text: "secret".into(), mentions: Default::default() };
    let record = author().batch(4, None, vec![NewOperation::new(note, vec![target(1)])]).remove(0);
    let place = LogPlace { epoch: 1, validity: 2, uid: 3, index: 4 };
    let left = record.clone().redacted(place);
    let json = left.to_json();
    assert!(!json.contains("secret") && json.contains(r#""place":[1,2,3,4]"#), "{json}");
    assert_eq!(Record::parse(&json).unwrap(), left);
    let later = LogPlace { uid: 9, ..place };
    assert_eq!(left.clone().redacted(later), left, "written anew once more it still says where it stood first");
    assert_eq!(Record { op: record.op.clone(), place: None, ..left }, record);
}
