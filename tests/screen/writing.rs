//! Dialogues that write mail: reply, review, send, take back, drafts, the outbox.

use std::path::Path;

use postroom::app::Event;
use postroom::model::ids::MessageId;
use postroom::model::phrase::Phrase;
use postroom::model::reply::OutState;
use postroom::model::status::Status;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::runtime::Harness;

use super::seed::{Desk, Mail, look, replying};

fn write(screen: &mut Harness, text: &str) {
    screen.text(text).unwrap();
}

#[test]
fn a_reply_is_written_looked_over_sent_and_filed() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    insta::assert_snapshot!("the_editor_at_80x24", screen.screen());
    write(&mut screen, "A new lamp is on its way.");
    assert!(screen.screen().contains(" kept "), "{}", screen.screen());
    screen.keys("<c-s>").unwrap();
    insta::assert_snapshot!("the_review_at_80x24", screen.screen());
    screen.keys("<enter>").unwrap();
    assert!(screen.status().contains("Goes to Ana Lima in 10 s · u takes it back"), "{}", screen.status());
    screen.wait(4_000).unwrap();
    assert!(screen.status().contains("in 6 s"), "{}", screen.status());
    assert_eq!(desk.deliver(), 0);
    screen.wait(7_000).unwrap();
    assert_eq!(desk.deliver(), 1);
    look(&mut screen);
    assert!(screen.status().contains("Sent to Ana Lima"), "{}", screen.status());
    screen.keys("<enter>").unwrap();
    assert!(screen.screen().contains("A new lamp is on its way."), "{}", screen.screen());
    assert_eq!(screen.app().current_row().unwrap().status, Status::Waiting);
}

#[test]
fn u_takes_a_mail_back_while_it_waits_and_the_text_is_as_it_was() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "Too early");
    screen.keys("<c-s><enter>u").unwrap();
    assert!(screen.screen().contains("Too early"), "{}", screen.screen());
    assert_eq!(desk.store.outgoing().unwrap()[0].state, OutState::Cancelled);
    write(&mut screen, " but now");
    screen.keys("<c-s>c").unwrap();
    assert_eq!(desk.store.outgoing().unwrap()[1].state, OutState::Held);
    desk.clock.advance(11_000);
    assert_eq!(desk.deliver(), 1);
    look(&mut screen).keys("7").unwrap();
    assert!(screen.screen().contains("Refund"), "closed with the reply: {}", screen.screen());
}

#[test]
fn a_second_reply_is_sent_while_the_first_still_waits_and_both_go_out() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "First");
    screen.keys("<c-s><enter>r").unwrap();
    assert!(!screen.app().compose().unwrap().text().contains("First"), "{}", screen.screen());
    write(&mut screen, "Second");
    screen.keys("<c-s><enter>").unwrap();
    desk.clock.advance(11_000);
    assert_eq!(desk.deliver(), 2, "{:?}", desk.store.outgoing().unwrap());
}

#[test]
fn escape_keeps_the_draft_and_the_next_reply_takes_it_up() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "Half a");
    screen.keys("<esc><esc>").unwrap();
    assert!(screen.status().contains("The draft is kept"), "{}", screen.status());
    assert!(desk.store.drafts().unwrap()[0].body.starts_with("Half a"));
    screen.keys("r").unwrap();
    assert!(screen.screen().contains("Half a"), "{}", screen.screen());
    assert_eq!(desk.store.drafts().unwrap().len(), 1);
}

#[test]
fn a_reply_that_was_only_looked_at_leaves_no_draft() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    screen.keys("<esc><esc>").unwrap();
    assert!(desk.store.drafts().unwrap().is_empty());
    assert!(screen.app().layers.is_empty());
}

#[test]
fn a_draft_is_discarded_only_after_a_question_and_can_be_brought_back() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "Never mind");
    screen.keys("<c-s>d").unwrap();
    assert!(screen.status().contains("Discard this draft? y"), "{}", screen.status());
    screen.keys("n").unwrap();
    assert_eq!(desk.store.drafts().unwrap().len(), 1);
    screen.keys("dy").unwrap();
    assert!(desk.store.drafts().unwrap().is_empty());
    screen.keys("D").unwrap();
    insta::assert_snapshot!("the_drafts_at_80x24", screen.screen());
    screen.keys("<enter>").unwrap();
    assert!(screen.screen().contains("Never mind"), "{}", screen.screen());
    assert_eq!(desk.store.drafts().unwrap().len(), 1);
}

#[test]
fn the_others_see_that_a_reply_is_being_written_until_it_is_left() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    let id = screen.app().compose().unwrap().conversation().unwrap().clone();
    let bob = desk.other("bob");
    let seen = || bob.rows(std::slice::from_ref(&id)).unwrap()[0].replying.clone();
    assert_eq!(seen().unwrap().agent.as_str(), "alice");
    screen.keys("<esc><esc>").unwrap();
    assert_eq!(seen(), None);
}

#[test]
fn a_reply_where_somebody_else_is_replying_says_so() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>").unwrap();
    let anchor = MessageId::new("order@shop").unwrap();
    let until = desk.clock.now().plus(60_000);
    desk.other("bob")
        .commit(vec![NewOperation::new(Known::Replying { until, waiting: None }, vec![Target::on(anchor)])])
        .map(drop)
        .unwrap();
    screen.keys("r").unwrap();
    assert!(screen.screen().contains("bob is replying here"), "{}", screen.screen());
}

#[test]
fn new_mail_under_a_draft_is_announced_and_stands_in_the_review() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "Here it comes");
    desk.clock.advance(5_000);
    desk.mail(50, &Mail { id: "late@shop", ago: 0, refs: "order@shop", body: "Found it!", ..copy() });
    look(&mut screen);
    assert!(screen.screen().contains("! Ana Lima wrote at"), "{}", screen.screen());
    screen.keys("<c-s>").unwrap();
    assert!(screen.screen().contains("under your draft: “Found it!”"), "{}", screen.screen());
    screen.keys("<enter><enter>").unwrap();
    desk.clock.advance(11_000);
    assert_eq!(desk.deliver(), 1, "what was shown does not stop it");
}

#[test]
fn what_comes_in_during_the_review_is_drawn_there_and_asks_for_the_key_once_more() {
    for (columns, rows) in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = replying(&desk, (columns, rows));
        write(&mut screen, "Here it comes");
        screen.keys("<c-s>").unwrap();
        assert!(!screen.screen().contains("under your draft"), "{}", screen.screen());
        desk.clock.advance(5_000);
        desk.mail(50, &Mail { id: "late@shop", ago: 0, refs: "order@shop", body: "Found it!", ..copy() });
        look(&mut screen);
        insta::assert_snapshot!(format!("news_in_the_review_at_{columns}x{rows}"), screen.screen());
        screen.keys("<enter>").unwrap();
        assert!(screen.status().contains("Not sent: Ana Lima wrote at"), "{}", screen.status());
        assert_eq!(desk.store.outgoing().unwrap().len(), 0);
        screen.keys("<enter>").unwrap();
        assert_eq!(desk.store.outgoing().unwrap().len(), 1);
        desk.clock.advance(11_000);
        assert_eq!(desk.deliver(), 1, "what was shown does not stop it");
    }
}

#[test]
fn news_that_come_in_after_the_review_was_left_do_not_open_it_again() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "Here it comes");
    screen.keys("<c-s><esc>").unwrap();
    desk.mail(50, &Mail { id: "late@shop", ago: 0, refs: "order@shop", body: "Found it!", ..copy() });
    look(&mut screen);
    assert!(screen.screen().contains("! Ana Lima wrote at"), "{}", screen.screen());
    assert!(!screen.screen().contains("Send to"), "{}", screen.screen());
}

fn copy() -> Mail {
    Mail {
        id: "",
        from: "Ana Lima <ana@lima.example>",
        subject: "Re: Refund for order 4412",
        refs: "",
        ago: 0,
        body: "",
    }
}

/// A screen on which a reply was stopped because the customer wrote again.
fn stopped(desk: &Desk, size: (u16, u16)) -> Harness {
    let mut screen = replying(desk, size);
    write(&mut screen, "Please send a photo.");
    screen.keys("<c-s><enter>").unwrap();
    desk.clock.advance(5_000);
    desk.mail(50, &Mail { id: "late@shop", refs: "order@shop", ago: 0, body: "Found it!", ..copy() });
    desk.clock.advance(6_000);
    assert_eq!(desk.deliver(), 0);
    look(&mut screen);
    screen
}

#[test]
fn a_stopped_mail_shouts_and_shows_just_what_is_new() {
    let desk = Desk::new();
    let mut screen = stopped(&desk, (80, 24));
    assert!(screen.status().contains("Error: A mail was not sent"), "{}", screen.status());
    screen.keys("O").unwrap();
    insta::assert_snapshot!("the_outbox_at_80x24", screen.screen());
    screen.keys("s").unwrap();
    assert_eq!(desk.deliver(), 1);
    look(&mut screen);
    assert_eq!(screen.app().counts.failed, 0);
}

#[test]
fn the_outbox_answers_the_shout_that_calls_for_it() {
    let desk = Desk::new();
    let mut screen = stopped(&desk, (80, 24));
    screen.keys("O").unwrap();
    assert!(!screen.status().contains("A mail was not sent"), "{}", screen.status());
    screen.keys("<esc>").unwrap();
    assert!(screen.status().contains("! 1 not sent"), "what is not done yet still stands there: {}", screen.status());
}

#[test]
fn a_mail_that_became_uncertain_under_the_cursor_is_not_sent_again_by_the_key_that_tries_again() {
    let desk = Desk::new();
    let mut screen = stopped(&desk, (140, 40));
    screen.keys("O").unwrap();
    let id = desk.store.outgoing().unwrap()[0].id;
    // Another process sends it, and the line breaks before the server's answer; the screen still shows it as stopped.
    assert!(desk.store.retry(id, desk.clock.now(), true).unwrap());
    desk.store.advance(id, OutState::Held, OutState::Sending, None, None).unwrap();
    desk.store.advance(id, OutState::Sending, OutState::Uncertain, None, None).unwrap();
    screen.keys("r").unwrap();
    assert!(screen.status().contains("it may have arrived"), "{}", screen.status());
    assert_eq!(desk.store.outgoing().unwrap()[0].state, OutState::Uncertain);
    screen.keys("s").unwrap();
    assert_eq!(desk.store.outgoing().unwrap()[0].state, OutState::Held);
}

#[test]
fn a_stopped_mail_can_become_a_note() {
    let desk = Desk::new();
    let mut screen = stopped(&desk, (140, 40));
    screen.keys("O").unwrap();
    insta::assert_snapshot!("the_outbox_at_140x40", screen.screen());
    screen.keys("n").unwrap();
    look(&mut screen).keys("<esc><enter>").unwrap();
    assert!(screen.screen().contains("▎ Please send a photo."), "{}", screen.screen());
    assert_eq!(desk.store.outgoing().unwrap()[0].state, OutState::Cancelled);
    assert!(desk.store.drafts().unwrap().is_empty());
}

#[test]
fn a_stopped_mail_can_be_edited() {
    let desk = Desk::new();
    let mut screen = stopped(&desk, (80, 24));
    screen.keys("Oe").unwrap();
    assert!(screen.screen().contains("Please send a photo."), "{}", screen.screen());
    assert!(screen.screen().contains("under your draft"), "{}", screen.screen());
}

#[test]
fn a_reply_to_nobody_and_one_with_a_placeholder_are_not_sent() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "Your code is {order.code}.");
    screen.keys("<c-s><enter>").unwrap();
    assert!(screen.status().contains("Can't be sent: the text still holds {order.code}"), "{}", screen.status());
    assert!(desk.store.outgoing().unwrap().is_empty());
    screen.keys("<esc><esc><esc>c<c-s><enter>").unwrap();
    assert!(screen.status().contains("nobody is to receive this"), "{}", screen.status());
}

#[test]
fn a_new_mail_has_its_headers_typed_and_can_be_sent_later() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    screen.keys("c").unwrap();
    write(&mut screen, "Mia South <mia@south.example>");
    screen.keys("<tab><tab><tab>").unwrap();
    write(&mut screen, "Your quote");
    screen.keys("<tab>").unwrap();
    write(&mut screen, "200 lamps cost 4,000.");
    screen.keys("<c-s>").unwrap();
    insta::assert_snapshot!("the_review_at_140x40", screen.screen());
    screen.keys("l").unwrap();
    write(&mut screen, "mon 8:00");
    screen.keys("<enter>").unwrap();
    assert!(screen.status().contains("Goes to Mia South on Mon 2026-11-23 08:00 UTC"), "{}", screen.status());
    let mail = &desk.store.outgoing().unwrap()[0];
    assert_eq!((mail.state, mail.subject.as_str()), (OutState::Held, "Your quote"));
}

#[test]
fn the_reply_stands_beside_its_conversation_on_a_wide_screen() {
    let desk = Desk::new();
    let screen = replying(&desk, (140, 40));
    insta::assert_snapshot!("the_editor_at_140x40", screen.screen());
}

#[test]
fn text_from_right_to_left_can_be_read_while_it_is_written() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("jjr").unwrap();
    write(&mut screen, "שלום דנה, error 12 תוקן.");
    insta::assert_snapshot!("the_editor_with_hebrew_at_80x24", screen.screen());
}

#[test]
fn the_external_editor_gets_headers_and_text_and_what_it_makes_of_them_counts() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "Draft");
    screen.editor("To: bob@new.example\nCc: c@new.example\nSubject: Changed\n\nAll new\x1b[2J").keys("<c-e>").unwrap();
    let given = screen.asked().edited[0].clone();
    assert!(given.starts_with("To: Ana Lima <ana@lima.example>\n") && given.contains("\n\nDraft"), "{given}");
    let draft = &desk.store.drafts().unwrap()[0];
    assert_eq!((draft.subject.as_str(), draft.body.as_str()), ("Changed", "All new"));
    assert_eq!((draft.to[0].email.as_str(), draft.cc[0].email.as_str()), ("bob@new.example", "c@new.example"));
    screen.keys("<c-e>").unwrap();
    assert!(screen.status().contains("the editor failed"), "{}", screen.status());
    assert!(screen.screen().contains("All new"), "{}", screen.screen());
}

#[test]
fn undo_and_quoting_work_in_the_text() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    let quotes = |screen: &Harness| screen.app().compose().unwrap().text().contains("> Here it is.");
    assert!(quotes(&screen), "{}", screen.screen());
    screen.keys("<c-q>").unwrap();
    assert!(!quotes(&screen), "{}", screen.screen());
    write(&mut screen, "x");
    screen.keys("<c-u><c-q>").unwrap();
    assert!(quotes(&screen), "{}", screen.screen());
}

fn file(dir: &Path, name: &str, text: &str) -> String {
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn files_are_attached_by_path_with_completion_and_taken_off_again() {
    let desk = Desk::new();
    let dir = tempfile::tempdir().unwrap();
    file(dir.path(), "offer final.pdf", "%PDF");
    let mut screen = replying(&desk, (80, 24));
    screen.keys("<c-o>").unwrap();
    write(&mut screen, &format!("{}/off", dir.path().display()));
    screen.keys("<tab><enter>").unwrap();
    assert!(screen.screen().contains("offer final.pdf (4 B)"), "{}", screen.screen());
    assert_eq!(desk.store.drafts().unwrap()[0].files[0].media, "application/pdf");
    screen.keys("<c-x><enter>").unwrap();
    assert!(!screen.screen().contains("offer final.pdf"), "{}", screen.screen());
}

#[test]
fn paths_that_are_dropped_on_the_terminal_become_files_and_other_text_stays_text() {
    let desk = Desk::new();
    let dir = tempfile::tempdir().unwrap();
    let (a, b) = (file(dir.path(), "a.txt", "a"), file(dir.path(), "b.txt", "bb"));
    let mut screen = replying(&desk, (80, 24));
    screen.happen(Event::Paste(format!("'{a}' '{b}'"))).unwrap();
    assert!(screen.screen().contains("a.txt (1 B), b.txt (2 B)"), "{}", screen.screen());
    screen.happen(Event::Paste("/not/a/file and words\n".into())).unwrap();
    assert!(screen.screen().contains("/not/a/file and words"), "{}", screen.screen());
}

#[test]
fn a_saved_reply_is_picked_with_a_preview_and_filled_in() {
    let desk = Desk::new();
    let dir = tempfile::tempdir().unwrap();
    file(
        dir.path(),
        "refund.md",
        "name: Refund accepted\ntags: billing\n---\nDear {customer.first_name},\n\nyou get {amount} back.\n\n{agent.first_name}\n",
    );
    file(dir.path(), "hours.md", "name: Opening hours\n---\nMonday to Friday.\n");
    let mut screen = desk.screen_with_replies((80, 24), dir.path());
    screen.keys("r<c-r>").unwrap();
    write(&mut screen, "ref");
    insta::assert_snapshot!("the_saved_replies_at_80x24", screen.screen());
    screen.keys("<enter>").unwrap();
    assert!(screen.screen().contains("Dear Ana,"), "{}", screen.screen());
    assert!(screen.screen().contains("! 1 to fill in: {amount} · <tab> goes to the next"), "{}", screen.screen());
    // The first thing to fill is in hand.
    write(&mut screen, "30");
    assert!(screen.screen().contains("you get 30 back."), "{}", screen.screen());
}

#[test]
fn a_letter_in_the_review_is_no_text_and_escape_goes_back_to_it() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "abc");
    screen.keys("<c-s><esc>").unwrap();
    write(&mut screen, "d");
    assert!(desk.store.drafts().unwrap()[0].body.starts_with("abcd"));
}

#[test]
fn the_sender_can_be_changed() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    screen.keys("<tab><space><space>").unwrap();
    assert!(screen.screen().contains("Alice Moor <alice@team.example>, answers to support@"), "{}", screen.screen());
}

#[test]
fn with_the_external_editor_first_every_mail_begins_in_it() {
    let mut desk = Desk::new();
    desk.editor_first = true;
    let mut screen = desk.screen((80, 24));
    for (n, key) in ["r", "R", "f", "c"].into_iter().enumerate() {
        let text = format!("To: bob@new.example\nSubject: By {key}\n\nWritten outside");
        screen.editor(&text).keys(key).unwrap();
        assert_eq!(screen.asked().edited.len(), n + 1, "{key} opens the editor once");
        assert!(screen.screen().contains("Written outside"), "{}", screen.screen());
        screen.keys("<c-s>dy").unwrap();
    }
    assert!(desk.store.drafts().unwrap().is_empty());
}

#[test]
fn an_external_editor_that_is_left_as_it_was_leaves_no_draft() {
    let mut desk = Desk::new();
    let looked = replying(&desk, (80, 24)).keys("x<c-e>").unwrap().asked().edited[0].clone();
    let draft = desk.store.drafts().unwrap().remove(0);
    desk.store.discard_draft(draft.id).unwrap();
    desk.editor_first = true;
    let mut screen = desk.screen((80, 24));
    screen.editor(&looked.replacen("\n\nx", "\n\n", 1)).keys("r<esc><esc>").unwrap();
    assert_eq!(screen.asked().edited.len(), 1);
    assert!(desk.store.drafts().unwrap().is_empty(), "{:?}", desk.store.drafts());
}

#[test]
fn the_external_editor_waits_where_somebody_else_is_replying() {
    let mut desk = Desk::new();
    desk.editor_first = true;
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>").unwrap();
    let anchor = MessageId::new("order@shop").unwrap();
    let until = desk.clock.now().plus(60_000);
    let lease = NewOperation::new(Known::Replying { until, waiting: None }, vec![Target::on(anchor)]);
    desk.other("bob").commit(vec![lease]).map(drop).unwrap();
    screen.keys("r").unwrap();
    assert!(screen.screen().contains("bob is replying here"), "{}", screen.screen());
    assert!(screen.asked().edited.is_empty());
}

#[test]
fn drafts_and_mails_to_somebody_new_are_counted_and_the_way_to_them_is_shown() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    screen.keys("c").unwrap();
    write(&mut screen, "mia@south.example");
    screen.keys("<esc><esc>").unwrap();
    look(&mut screen).keys("9").unwrap();
    let shown = screen.screen();
    assert!(shown.lines().any(|line| line.contains("9 Drafts") && line.contains(" 1 ")), "{shown}");
    assert!(shown.contains("1 draft to somebody new: D shows it"), "{shown}");
    // That it says nothing is to be met once.
    screen.keys("D<enter><c-s><enter><enter>").unwrap();
    look(&mut screen).keys("]").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("1 mail to somebody new: O shows it"), "{shown}");
    assert_eq!(screen.app().counts.get(&postroom::model::view::View::Drafts), 0);
}

#[test]
fn what_was_typed_is_kept_when_the_terminal_goes_away() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "First");
    screen.typed_and_then("and last words", Event::Quit).unwrap();
    assert!(screen.app().quitting);
    let drafts = desk.store.drafts().unwrap();
    assert!(drafts[0].body.starts_with("Firstand last words"), "{}", drafts[0].body);
    assert!(desk.store.discarded_drafts().unwrap().is_empty(), "one draft, in one version");
}

#[test]
fn a_reply_that_came_back_shouts_stands_at_its_mail_and_is_dealt_with_by_a_status() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    desk.mail(
        50,
        &Mail {
            id: "dsn@mx",
            from: "Mail Delivery System <MAILER-DAEMON@mx.example>",
            subject: "Undelivered Mail Returned to Sender",
            refs: "",
            ago: 0,
            body: "<ana@lima.example>: user unknown\n\nMessage-ID: <order2@team>",
        },
    );
    look(&mut screen);
    assert!(screen.status().contains("Error: A mail came back: the customer does not have it"), "{}", screen.status());
    screen.keys("gg<enter>").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("! bounced: ana@lima.example user unknown"), "{shown}");
    assert!(shown.contains("! 1 came back"), "{shown}");
    assert_eq!(screen.app().current_row().unwrap().messages, 4, "{shown}");
    insta::assert_snapshot!("a_bounce_at_140x40", shown);
    screen.wait(9_000).unwrap().keys("sw").unwrap();
    look(&mut screen);
    assert!(!screen.screen().contains("came back"), "{}", screen.screen());
    assert!(screen.screen().contains("bounced: ana@lima.example"), "what happened stays to be seen");
}

#[test]
fn a_recipient_that_the_server_refused_is_told_apart_from_those_who_have_the_mail() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (140, 40));
    write(&mut screen, "Hello all");
    screen.keys("<c-s><enter>").unwrap();
    desk.clock.advance(11_000);
    let id = desk.store.outgoing().unwrap()[0].id;
    desk.store.advance(id, OutState::Held, OutState::Sending, None, None).unwrap();
    let delivery = desk.store.delivery(id).unwrap();
    let reason = Phrase::new("outgoing-refused").with("who", "bob@lima.example: 550 5.1.1 no such user here");
    desk.store.record_delivery(id, OutState::Sent, Some(reason), None, &delivery).unwrap();
    look(&mut screen);
    let shown = screen.status();
    assert!(shown.contains("Error: Sent, but not delivered to bob@lima.example: 550 5.1.1 no such user"), "{shown}");
    screen.keys("O").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("not delivered to bob@lima.example"), "{shown}");
}

#[test]
fn a_draft_in_the_list_is_discarded_after_a_question_and_can_be_brought_back() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "abc");
    screen.keys("<esc><esc>Dd").unwrap();
    assert!(screen.status().contains("Discard this draft? y discards it"), "{}", screen.status());
    screen.keys("n").unwrap();
    assert_eq!(desk.store.drafts().unwrap().len(), 1);
    screen.keys("dy").unwrap();
    assert!(desk.store.drafts().unwrap().is_empty());
    screen.keys("<enter>").unwrap();
    assert!(screen.screen().contains("abc"), "{}", screen.screen());
}

#[test]
fn the_keys_of_the_editor_stand_on_the_last_row_whatever_is_told() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "abc");
    screen.keys("<esc><esc>r").unwrap();
    assert!(screen.status().contains("Your draft of"), "{}", screen.status());
    assert!(screen.hints().contains("<esc> keys  <pgup> read"), "{}", screen.hints());
    write(&mut screen, "d");
    assert!(screen.hints().contains("<esc> keys  <pgup> read"), "{}", screen.hints());
}

#[test]
fn a_kept_draft_that_is_not_what_was_asked_for_says_so() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    write(&mut screen, "abc");
    screen.keys("<esc><esc>f").unwrap();
    assert!(screen.status().contains("Your reply of"), "{}", screen.status());
    assert!(screen.status().contains("stands here · send or discard it first"), "{}", screen.status());
    assert!(screen.screen().contains("abc"), "{}", screen.screen());
    screen.keys("<esc><esc>R").unwrap();
    assert!(screen.status().contains("keeps its recipients"), "{}", screen.status());
    screen.keys("<esc><esc>r").unwrap();
    assert!(screen.status().contains("Your draft of"), "{}", screen.status());
}
