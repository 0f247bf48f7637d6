use super::*;
use crate::model::ids::MessageId;

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
