use std::collections::BTreeSet;

use super::*;
use crate::model::ids::{ConversationId, InboxId};
use crate::model::status::Status;
use crate::query::{Passage, parse};

fn context() -> Context {
    let zone = jiff::tz::TimeZone::UTC;
    Context { me: Handle::new("me").unwrap(), now: Timestamp(1_800_000_000_000), zone }
}

fn facts() -> ConversationFacts {
    ConversationFacts {
        id: ConversationId::from_kept("7k3mabc"),
        former_ids: BTreeSet::from([ConversationId::from_kept("9qqq")]),
        inbox: InboxId::new("support").unwrap(),
        status: Status::Open,
        assignee: None,
        snoozed_until: None,
        last_at: context().now,
        waiting_since: None,
        subject: "Costs 5 €".into(),
        title: None,
        messages: 1,
        notes: 1,
        attachments: false,
        tags: BTreeSet::new(),
        followers: BTreeSet::new(),
        mentions: BTreeSet::new(),
        unread: BTreeSet::new(),
        in_tray: BTreeSet::new(),
        gone: false,
        upgraded: false,
        bounced: false,
        outgoing: false,
        drafts: BTreeSet::new(),
        people: vec![Person::new(Side::Author, "Ann@X.org", "Ann Lée")],
        text: vec![
            Passage::new(Part::Subject, "Costs 5 €"),
            Passage::new(Part::Body, "My refund of order 4412 東京都"),
            Passage::new(Part::Note, "order first, refund later"),
        ],
    }
}

fn found(query: &str) -> bool {
    parse(query).unwrap().matches(&facts(), &context())
}

#[test]
fn a_word_is_found_whole_and_a_beginning_with_a_star() {
    assert!(found("refund") && found("refun*") && found("REFUND"));
    assert!(!found("refun") && !found("und*"));
}

#[test]
fn quoted_text_stands_together_in_one_mail_or_note() {
    assert!(found("\"order 4412\"") && found("\"order 44\"*"));
    assert!(!found("\"4412 order\"") && !found("\"refund order\""));
    assert!(found("note:\"order first\"") && !found("body:first"));
}

#[test]
fn any_part_of_a_run_without_spaces_is_found() {
    assert!(found("東京") && found("京都") && found("京") && found("東京都"));
    assert!(!found("都京"));
}

#[test]
fn signs_that_no_index_holds_are_looked_for_in_the_subject() {
    assert!(found("€") && found("-%") && !found("%"));
}

#[test]
fn people_are_found_by_address_domain_and_the_beginning_of_a_name() {
    assert!(found("from:ann@x.org") && found("with:@x.org") && found("from:lee"));
    assert!(!found("to:ann") && !found("from:ee") && !found("with:@org"));
}

#[test]
fn a_former_id_leads_to_its_conversation() {
    assert!(found("id:7k3m") && found("id:9qqq") && !found("id:zz"));
}
