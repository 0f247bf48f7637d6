use super::*;
use crate::model::clock::Timestamp;
use crate::model::ids::Tag;
use crate::op::operation::Target;
use crate::op::record::FORMAT;
use crate::text;

fn handle(name: &str) -> Handle {
    Handle::new(name).unwrap()
}

fn record(id: u128, actor: &str, op: Known) -> Record {
    Record {
        v: FORMAT,
        id: OpId(uuid::Uuid::from_u128(id)),
        batch: None,
        actor: handle(actor),
        host: "box".into(),
        by: None,
        at: Timestamp(0),
        lamport: 1,
        after: None,
        on: vec![Target::on(MessageId::new("a@x").unwrap())],
        op: op.into(),
        place: None,
    }
}

fn undo(id: u128, actor: &str, of: u128) -> Record {
    record(id, actor, Known::Undo { of: OpId(uuid::Uuid::from_u128(of)) })
}

fn tagged(id: u128, actor: &str, tag: &str) -> Record {
    record(id, actor, Known::Tag { add: [Tag::new(tag).unwrap()].into(), remove: [].into() })
}

/// Says the last of the records, which are about `count` conversations each.
fn said(records: &[Record], count: usize) -> String {
    let behind = |of: OpId| -> Vec<(Record, usize)> {
        records.iter().filter(|r| r.id == of).map(|r| (r.clone(), count)).collect()
    };
    let names = Names { subject: &|_| Some("Refund".into()), behind: &behind };
    text::sentence(&describe(records.last().unwrap(), count, names), &|_| "then".into()).to_string()
}

#[test]
fn an_undo_says_what_it_took_back() {
    let closed = record(1, "alice", Known::SetStatus { to: crate::model::status::Status::Closed });
    assert_eq!(said(&[closed.clone(), undo(2, "alice", 1)], 1), "alice took back: closed this");
    assert_eq!(
        said(&[tagged(1, "alice", "late"), undo(2, "alice", 1)], 10_000),
        "alice took back: tagged 10,000 conversations #late"
    );
    assert_eq!(said(&[closed, undo(2, "bob", 1)], 1), "bob took back what alice did: closed this");
}

#[test]
fn an_undo_of_an_undo_says_what_came_back() {
    let tagged = tagged(1, "alice", "late");
    let first = undo(2, "alice", 1);
    let second = undo(3, "alice", 2);
    assert_eq!(said(&[tagged.clone(), first.clone(), second.clone()], 1), "alice brought back: tagged this #late");
    assert_eq!(said(&[tagged, first, second, undo(4, "alice", 3)], 1), "alice took back: tagged this #late");
}

#[test]
fn an_undo_of_what_is_not_here_says_so_much() {
    assert_eq!(said(&[undo(2, "alice", 1)], 1), "alice took something back");
    assert_eq!(said(&[undo(2, "alice", 2)], 1), "alice took something back");
}

#[test]
fn a_bulk_names_its_number_and_leaves_what_a_person_wrote() {
    assert_eq!(said(&[tagged(1, "alice", "late")], 12), "alice tagged 12 conversations #late");
    let note = record(1, "alice", Known::Note { text: "close this one".into(), mentions: [].into() });
    assert_eq!(said(&[note], 2), "alice noted: close this one (2 conversations)");
    let merged = record(1, "alice", Known::Merge { into: MessageId::new("b@x").unwrap() });
    assert_eq!(said(&[merged], 2), "alice merged 2 conversations into \"Refund\"");
}

#[test]
fn the_notice_of_an_undo_counts_each_operation_by_itself() {
    let mut many = tagged(1, "alice", "late");
    many.on = (0..5).map(|n| Target::on(MessageId::new(&format!("{n}@x")).unwrap())).collect();
    let undone = undone(&[many, tagged(2, "alice", "big")], Names::NONE);
    let notice = text::undo_notice(&undone, &|_| "then".into());
    assert_eq!(notice.as_str(), "Undid: tagged 5 conversations #late, tagged this #big");
}

#[test]
fn what_is_only_planned_is_said_as_yet_to_be_done() {
    use crate::model::ids::InboxId;
    use crate::model::status::Status;
    let alice = Handle::new("alice").unwrap();
    let tags = |name: &str| std::collections::BTreeSet::from([Tag::new(name).unwrap()]);
    let time = |_| "noon".to_owned();
    for (op, said) in [
        (Known::Assign { to: Some(alice.clone()) }, "take this"),
        (Known::Assign { to: None }, "unassign this"),
        (Known::SetStatus { to: Status::Open }, "open this"),
        (Known::SetStatus { to: Status::InProgress }, "start on this"),
        (Known::SetStatus { to: Status::Waiting }, "set this to waiting"),
        (Known::SetStatus { to: Status::Closed }, "close this"),
        (Known::Snooze { until: Some(Timestamp(0)) }, "snooze this until noon"),
        (Known::Snooze { until: None }, "wake this"),
        (Known::Tag { add: tags("a"), remove: tags("b") }, "tag this #a and take #b off"),
        (
            Known::Note { text: "She took it and closed this".into(), mentions: Default::default() },
            "note: She took it and closed this",
        ),
        (Known::SeenMentions, "see the notes that mention them"),
        (Known::Title { text: String::new() }, "take the title away"),
        (Known::Title { text: "Lamp".into() }, "title this Lamp"),
        (Known::Move { inbox: InboxId::new("sales").unwrap(), from: None }, "move this to sales"),
        (Known::Follow { who: alice.clone(), on: false }, "stop following this"),
        (Known::Follow { who: Handle::new("bob").unwrap(), on: true }, "make bob a follower"),
        (Known::Follow { who: Handle::new("bob").unwrap(), on: false }, "remove the follower bob"),
        (Known::Split, "split this off"),
        (Known::Team(Default::default()), "set the team's addresses and members"),
        (Known::Lease { worker: "w1".into(), until: Timestamp(0), over: None }, "take this for w1 (until noon)"),
        (
            Known::Runner { host: "box".into(), until: Timestamp(0), over: None },
            "run the team's rules on box (until noon)",
        ),
        (Known::Claim { what: "mail".into(), key: "k".into(), over: None }, "begin mail"),
        (Known::Merge { into: MessageId::new("a@x").unwrap() }, "merge this with another conversation"),
    ] {
        assert_eq!(text::planned(&act(&op, &alice, Names::NONE), &time), said);
    }
}

#[test]
fn what_was_erased_is_counted_by_kind() {
    let message = |n: u8| MessageId::new(&format!("{n}@x")).unwrap();
    let said = |records: u128, messages: u8| {
        let records = (0..records).map(|n| OpId(uuid::Uuid::from_u128(n))).collect();
        let op = Known::Erase { records, messages: (0..messages).map(message).collect() };
        text::sentence(&describe(&record(1, "alice", op), 1, Names::NONE), &|_| String::new()).to_string()
    };
    assert_eq!(said(0, 1), "alice erased the words of one message");
    assert_eq!(said(2, 0), "alice erased the words of 2 records");
    assert_eq!(said(1, 3), "alice erased the words of 3 messages and one record");
}
