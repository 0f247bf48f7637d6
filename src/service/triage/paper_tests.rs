use super::*;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, MessageId};
use crate::model::message::AsOf;
use crate::model::text::SafeText;

fn row() -> ConversationRow {
    let root = MessageId::new("m1@example.com").unwrap();
    ConversationRow {
        id: ConversationId::of_root(&root),
        short: "abcd".into(),
        inbox: InboxId::new("support").unwrap(),
        title: SafeText::line("Refund"),
        people: SafeText::line("Ana"),
        snippet: SafeText::default(),
        status: Status::Open,
        assignee: None,
        tags: vec![Tag::new("billing").unwrap()],
        snoozed_until: None,
        last_at: Timestamp(0),
        messages: 1,
        notes: 2,
        attachments: false,
        waiting_since: None,
        replying: None,
        worker: None,
        pending: false,
        draft: false,
        failed: false,
        bounced: false,
        mentioned: false,
        unread: false,
        news: None,
        followed: false,
        answered: 0,
        gone: false,
        created: Timestamp(0),
        last_inbound: None,
        last_outbound: None,
        as_of: None,
    }
}

fn target(as_of: Option<AsOf>) -> Target {
    Target { on: MessageId::new("m1@example.com").unwrap(), as_of, expect: None, gone: false }
}

fn bob() -> Handle {
    Handle::new("bob").unwrap()
}

#[test]
fn a_line_of_a_plan_survives_its_json() {
    let line =
        PlanLine::of(&Step { row: row(), target: target(None), op: Known::Assign { to: Some(bob()) }, id: None }, None)
            .unwrap();
    let text = serde_json::to_string(&line).unwrap();
    assert!(text.contains(r#""expect":{"assignee":null}"#), "{text}");
    assert_eq!(serde_json::from_str::<PlanLine>(&text).unwrap(), line);
}

#[test]
fn a_line_whose_value_changed_is_refused_in_words() {
    let line =
        PlanLine::of(&Step { row: row(), target: target(None), op: Known::Assign { to: Some(bob()) }, id: None }, None)
            .unwrap();
    assert_eq!(line.refusal(&row(), &target(None)), None);
    let taken = ConversationRow { assignee: Some(bob()), ..row() };
    assert_eq!(
        crate::text::render(&line.refusal(&taken, &target(None)).unwrap()),
        "bob has it; the plan expected that nobody has it"
    );
}

#[test]
fn a_note_is_written_once_however_often_the_plan_is_applied() {
    let op = Known::Note { text: "x".into(), mentions: BTreeSet::new() };
    let line = PlanLine::of(&Step { row: row(), target: target(None), op, id: None }, None).unwrap();
    let after = ConversationRow { notes: 3, ..row() };
    assert!(line.refusal(&after, &target(None)).is_some());
}

#[test]
fn a_tag_expects_only_its_own_tags() {
    let late = Tag::new("late").unwrap();
    let op = Known::Tag { add: BTreeSet::from([late.clone()]), remove: BTreeSet::new() };
    let line = PlanLine::of(&Step { row: row(), target: target(None), op, id: None }, None).unwrap();
    let other = ConversationRow { tags: vec![], ..row() };
    assert_eq!(line.refusal(&other, &target(None)), None);
    let done = ConversationRow { tags: vec![late], ..row() };
    assert!(line.refusal(&done, &target(None)).is_some());
}

#[test]
fn closing_is_refused_when_mail_came_in_after_the_plan() {
    let seen = AsOf { at: 5, ids: vec![] };
    let line = PlanLine::of(
        &Step { row: row(), target: target(Some(seen.clone())), op: Known::SetStatus { to: Status::Closed }, id: None },
        None,
    )
    .unwrap();
    assert_eq!(line.refusal(&row(), &target(Some(seen))), None);
    let newer = target(Some(AsOf { at: 9, ids: vec![] }));
    assert!(line.refusal(&row(), &newer).unwrap().is("plan-news"));
}
