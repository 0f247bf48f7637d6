//! Whole screens of writing, at the smallest size and at a large one, and what Markdown makes of a mail.

use std::path::Path;

use postroom::app::Event;
use postroom::model::change::Change;
use postroom::model::clock::Timestamp;
use postroom::model::ids::{AccountId, MessageId};
use postroom::model::reply::OutState;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::runtime::Harness;
use postroom::store::{Delivery, NewOutgoing, Recipient};

use super::seed::Desk;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (140, 40);

/// Takes the screen at both sizes.
fn both(name: &str, draw: impl Fn((u16, u16)) -> String) {
    for (columns, rows) in [SMALL, LARGE] {
        insta::assert_snapshot!(format!("{name}_at_{columns}x{rows}"), draw((columns, rows)));
    }
}

fn replying(desk: &Desk, size: (u16, u16), text: &str) -> Harness {
    let mut screen = desk.screen(size);
    screen.keys("r").unwrap().text(text).unwrap();
    screen
}

#[test]
fn markdown_is_said_while_writing_and_before_sending_and_goes_out_as_text_and_html() {
    both("markdown_while_writing", |size| {
        let desk = Desk::new();
        let mut screen = replying(&desk, size, "You get **30 euros** back.");
        screen.keys("<c-t>").unwrap().screen()
    });
    let desk = Desk::new();
    let mut screen = replying(&desk, SMALL, "You get **30 euros** back.");
    screen.keys("<c-t><c-s>").unwrap();
    insta::assert_snapshot!("markdown_before_sending_at_80x24", screen.screen());
    screen.keys("<enter>").unwrap();
    let id = desk.store.outgoing().unwrap()[0].id;
    let mail = String::from_utf8(desk.store.outgoing_bytes(id).unwrap().unwrap()).unwrap();
    assert!(mail.contains("multipart/alternative") && mail.contains("<strong>30 euros</strong>"), "{mail}");
    assert!(mail.contains("**30 euros**"), "the text goes as it was typed: {mail}");
}

#[test]
fn markdown_stays_with_the_draft_and_the_same_key_takes_it_away() {
    let desk = Desk::new();
    let mut screen = replying(&desk, SMALL, "*Hello*");
    screen.keys("<c-t><esc><esc>").unwrap();
    assert!(desk.store.drafts().unwrap()[0].markdown);
    screen.keys("r").unwrap();
    assert!(screen.screen().contains("· Markdown"), "{}", screen.screen());
    screen.keys("<c-t>").unwrap();
    assert!(!screen.screen().contains("Markdown"), "{}", screen.screen());
    assert!(!desk.store.drafts().unwrap()[0].markdown);
}

#[test]
fn help_names_the_keys_that_work_while_writing() {
    both("the_keys_while_writing", |size| {
        let desk = Desk::new();
        desk.screen(size).keys("r<f1>").unwrap().screen()
    });
}

#[test]
fn every_warning_stands_in_the_review() {
    both("the_review_with_warnings", |size| {
        let desk = Desk::new();
        let mut screen = replying(&desk, size, "See the attached list for {order.code}.");
        screen.keys("<s-tab><home><c-k><s-tab><s-tab><s-tab><end>").unwrap();
        screen.text(", eve, a@x.example, b@x.example, c@x.example, d@x.example").unwrap();
        screen.keys("<c-s>").unwrap().screen()
    });
    both("the_review_of_nothing", |size| {
        let desk = Desk::new();
        desk.screen(size).keys("c<c-s>").unwrap().screen()
    });
}

#[test]
fn what_is_new_stands_in_the_review() {
    both("the_review_with_news", |size| {
        let desk = Desk::new();
        let mut screen = replying(&desk, size, "Here it comes.");
        desk.clock.advance(5_000);
        replied(&desk, "bob");
        // The other program's work is seen by asking now and then: here the screen is told, so that it has asked before it draws.
        screen.happen(Event::StoreChanged(Change::Everything)).unwrap().keys("<c-s>").unwrap().screen()
    });
}

/// Lets a colleague answer the first conversation.
fn replied(desk: &Desk, who: &str) {
    let target = Target::on(MessageId::new("order@shop").unwrap());
    let replied = Known::Replied { message: MessageId::new("theirs@team").unwrap(), then: None, hash: None };
    desk.other(who).commit(vec![NewOperation::new(replied, vec![target])]).map(drop).unwrap();
}

#[test]
fn the_undo_window_counts_down() {
    both("the_undo_window", |size| {
        let desk = Desk::new();
        let mut screen = replying(&desk, size, "A new lamp is on its way.");
        screen.keys("<c-s><enter>").unwrap().wait(4_000).unwrap().screen()
    });
}

#[test]
fn a_time_to_send_and_a_time_to_snooze_are_shown_before_enter() {
    both("the_time_to_send", |size| {
        let desk = Desk::new();
        let mut screen = replying(&desk, size, "A new lamp is on its way.");
        screen.keys("<c-s>l").unwrap().text("mon 8:00").unwrap().screen()
    });
    both("the_time_to_snooze", |size| {
        let desk = Desk::new();
        desk.screen(size).keys("zz").unwrap().text("1 dec 14:00").unwrap().screen()
    });
}

fn file(dir: &Path, name: &str, text: &str) {
    std::fs::write(dir.join(name), text).unwrap();
}

#[test]
fn saved_replies_are_shown_beside_what_they_would_put_in() {
    let replies = tempfile::tempdir().unwrap();
    let refund = "name: Refund accepted\nsubject: Your refund\ntags: billing\nlanguage: en\n---\nDear {customer.first_name},\n\n{cursor}\n\nyou get {amount} back.\n\n{agent.first_name}\n";
    file(replies.path(), "refund.md", refund);
    file(replies.path(), "hours.md", "name: Opening hours\n---\nMonday to Friday.\n");
    file(replies.path(), "erstattung.md", "name: Erstattung\nlanguage: de\n---\nGuten Tag {customer.name},\n");
    both("the_saved_replies_with_preview", |size| {
        let desk = Desk::new();
        let mut screen = desk.screen_with_replies(size, replies.path());
        screen.keys("r<c-r><down><down>").unwrap().screen()
    });
}

#[test]
fn a_path_is_completed_as_far_as_it_is_clear() {
    both("a_path_that_is_completed", |size| {
        let desk = Desk::new();
        let mut screen = replying(&desk, size, "Here is how.");
        screen.keys("<c-o>").unwrap().text("tests/support/inst").unwrap().keys("<tab>").unwrap().screen()
    });
}

fn mail(n: i64, state: OutState) -> NewOutgoing {
    NewOutgoing {
        message_id: MessageId::new(&format!("out{n}@team.example")).unwrap(),
        conversation: None,
        to: format!("Customer {n}"),
        subject: format!("A mail that is {state}"),
        due: Timestamp::from_seconds(super::seed::NOW).plus(3_600_000 * n),
        copy: b"Subject: x\r\n\r\nhello\r\n".to_vec(),
        delivery: Delivery {
            account: AccountId::new("main").unwrap(),
            from: "support@team.example".into(),
            recipients: vec![Recipient::new("customer@x.example")],
            utf8: false,
            anchor: None,
            as_of: None,
            seen_op: None,
            then: None,
            waits_since: Timestamp::from_seconds(super::seed::NOW),
            anyway: false,
            draft: None,
            out: false,
            fixed: false,
            gone: false,
            copied: false,
        },
    }
}

/// Fills the outbox with a mail in each state.
fn every_state(desk: &Desk) {
    use OutState::*;
    let store = &desk.store;
    let ways: [(OutState, &[OutState], &str); 8] = [
        (Held, &[], ""),
        (Stopped, &[Stopped], "not sent, because meanwhile bob replied"),
        (Sending, &[Sending], ""),
        (
            Uncertain,
            &[Sending, Uncertain],
            "mail.example had the whole mail and did not answer. It may have gone out: look whether it arrived, then send it again or drop it",
        ),
        (Failed, &[Sending, Failed], "mail.example refuses it for good: 550 5.1.1 no such user"),
        (Sent, &[Sending, Sent], "sent; the copy could not be filed yet: mail.example does not answer"),
        (Filed, &[Sending, Sent, Filed], ""),
        (Cancelled, &[Cancelled], ""),
    ];
    for (n, (state, way, reason)) in (1..).zip(ways) {
        let id = store.queue(&mail(n, state)).unwrap().id;
        let mut from = Held;
        for to in way {
            assert!(
                store.advance(id, from, *to, (!reason.is_empty()).then(|| reason.into()), None).unwrap(),
                "{from} to {to}"
            );
            from = *to;
        }
    }
}

#[test]
fn the_outbox_tells_each_state_and_what_can_be_done() {
    both("the_outbox_with_every_state", |size| {
        let desk = Desk::new();
        every_state(&desk);
        desk.screen(size).keys("O").unwrap().screen()
    });
    let desk = Desk::new();
    every_state(&desk);
    let mut screen = desk.screen(SMALL);
    screen.keys("O").unwrap();
    let mut hints = String::new();
    for _ in 0..7 {
        let row = screen.app().layers.last().and_then(|layer| match layer {
            postroom::app::Layer::Out(list) => list.mail().map(|mail| mail.state),
            _ => None,
        });
        hints.push_str(&format!("{}: {}\n", row.unwrap(), screen.status()));
        screen.keys("j").unwrap();
    }
    insta::assert_snapshot!("the_keys_of_each_state", hints);
}

#[test]
fn drafts_are_listed_with_those_that_were_discarded() {
    both("the_drafts_of_both_kinds", |size| {
        let desk = Desk::new();
        let mut screen = replying(&desk, size, "Half an answer");
        screen.keys("<esc><esc>jr").unwrap().text("Never mind").unwrap().keys("<c-s>dyc").unwrap();
        screen.text("mia@south.example").unwrap().keys("<esc><esc><esc>D").unwrap().screen()
    });
}

#[test]
fn a_colleague_who_is_replying_is_seen_in_the_list_and_in_the_conversation() {
    let desk = Desk::new();
    let until = desk.clock.now().plus(60_000);
    let on = Target::on(MessageId::new("order@shop").unwrap());
    desk.other("bob")
        .commit(vec![NewOperation::new(Known::Replying { until, waiting: None }, vec![on])])
        .map(drop)
        .unwrap();
    both("bob_is_replying_in_the_list", |size| desk.screen(size).screen());
    both("bob_is_replying_in_the_conversation", |size| desk.screen(size).keys("<enter>").unwrap().screen());
    both("bob_is_replying_too", |size| desk.screen(size).keys("r").unwrap().screen());
}

#[test]
fn a_stopped_mail_stands_in_its_conversation() {
    both("a_stopped_mail_in_its_conversation", |size| {
        let desk = Desk::new();
        let mut screen = replying(&desk, size, "Please send a photo.");
        screen.keys("<c-s><enter>").unwrap();
        desk.clock.advance(5_000);
        replied(&desk, "bob");
        desk.clock.advance(6_000);
        assert_eq!(desk.deliver(), 0);
        let changed = postroom::app::Event::StoreChanged(postroom::model::change::Change::Everything);
        // Drawn anew, because the screen in memory keeps what lay under the right half of a wide letter; no terminal does.
        screen.happen(changed).unwrap().keys("<esc><enter>G<c-l>").unwrap().screen()
    });
}
