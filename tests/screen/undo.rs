//! What is told of an undo and of what can be undone: about whom, with which key, and no longer than it holds.

use postroom::app::Severity;
use postroom::model::ids::Handle;
use postroom::op::Wish;
use postroom::service::triage;

use super::seed::{Desk, Mail, look};
use super::wishes::id;

#[test]
fn an_undo_names_its_conversation_and_the_key_that_brings_it_back() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = desk.screen(size);
        screen.keys("eu").unwrap();
        let shown = screen.status();
        assert!(shown.starts_with("Ana Lima t1z9: undone: closed this · U redoes it"), "{shown}");
        screen.keys("U").unwrap();
        let shown = screen.status();
        assert!(shown.starts_with("Ana Lima t1z9: redone: closed this · u undoes it"), "{shown}");
        // It is opened from the list of what was told.
        screen.keys("!<enter>").unwrap();
        assert_eq!(screen.app().current_id(), Some(id(&desk, "order@shop")));
    }
}

#[test]
fn an_undo_of_several_names_them_and_lists_them_all() {
    let desk = Desk::new();
    let mut screen = desk.screen((120, 24));
    screen.keys("<space><space><space><space>e").unwrap();
    screen.keys("u").unwrap();
    let said = screen.app().notice().unwrap().clone();
    let words = said.text.to_string();
    assert!(words.starts_with("Undid: closed 4 conversations: ") && words.ends_with(", and 1 more"), "{words}");
    assert_eq!(said.parts.iter().filter(|part| words.contains(part.text.as_str())).count(), 3, "{words}");
    assert!(said.parts.iter().any(|part| part.text.as_str() == "Ana Lima t1z9"), "{said:?}");
    assert_eq!((said.parts.len(), said.more), (4, 0));
    screen.keys("!jj<enter>").unwrap();
    assert_eq!(screen.app().current_id(), Some(said.parts[1].conversation.clone()));
}

#[test]
fn a_notice_that_is_cut_keeps_the_key_that_takes_it_back() {
    let desk = Desk::new();
    for (columns, rows) in [(40, 12), (80, 24)] {
        let mut screen = desk.screen((columns, rows));
        screen.keys("n").unwrap().text(&"the lamp is to be looked at by somebody ".repeat(3)).unwrap();
        screen.keys("<enter>").unwrap();
        assert!(screen.status().contains("… · u undoes it"), "{}", screen.status());
        assert!(screen.status().starts_with("Ana Lima"), "{}", screen.status());
        screen.keys("u").unwrap();
        assert!(screen.status().contains("… · U redoes it"), "{}", screen.status());
    }
}

#[test]
fn a_mail_that_was_just_sent_to_a_long_name_keeps_the_key_that_takes_it_back() {
    let desk = Desk::new();
    let name = "The department for the lighting of public places and of private ones too";
    desk.raw_mail(
        60,
        &format!(
            "Message-ID: <long@x>\nFrom: {name} <long@x.example>\nTo: support@team.example\nSubject: Lamps\n\
             Date: Fri, 20 Nov 2026 09:59:30 +0000\n\nHello.\n"
        ),
    );
    let mut screen = desk.screen((80, 24));
    screen.keys("ggr").unwrap().text("Hello.").unwrap().keys("<c-s><enter>").unwrap();
    let shown = screen.status();
    assert!(shown.contains("… in 10 s · u takes it back"), "{shown}");
}

#[test]
fn only_the_last_deed_says_the_key_that_undoes_it() {
    let desk = Desk::new();
    let mut screen = desk.screen((100, 24));
    screen.keys("tvip<enter>je!").unwrap();
    assert_eq!(screen.screen().matches("u undoes it").count(), 1, "{}", screen.screen());
    screen.keys("<esc>u!").unwrap();
    let shown = screen.screen();
    assert_eq!((shown.matches("u undoes it").count(), shown.matches("U redoes it").count()), (0, 1), "{shown}");
}

#[test]
fn what_was_told_of_a_deed_goes_when_it_is_undone() {
    let desk = Desk::new();
    let mut screen = desk.screen((100, 24));
    screen.keys("*").unwrap();
    let late = Mail {
        id: "late@shop",
        from: "Ana Lima <ana@lima.example>",
        subject: "Re: Refund for order 4412",
        refs: "order@shop",
        ago: -1,
        body: "And the bulb?",
    };
    // Nobody has told the screen yet.
    desk.mail(50, &late);
    screen.keys("e").unwrap();
    assert!(screen.status().contains("left out: new mail came in meanwhile"), "{}", screen.status());
    screen.keys("u").unwrap();
    screen.wait(60_000).unwrap();
    assert_eq!((screen.app().unread(), screen.app().notice()), (0, None), "{}", screen.status());
}

#[test]
fn a_claim_that_was_lost_is_told_no_longer_once_it_was_taken_over() {
    let desk = Desk::new();
    let mut screen = desk.screen((120, 24));
    screen.keys("<enter>").unwrap();
    let bob = desk.other("bob");
    let row = bob.row_now(&id(&desk, "order@shop")).unwrap().unwrap();
    let to = Wish::Assign { to: Some(Handle::new("bob").unwrap()) };
    let _ = triage::plan(&bob, &[(&row).into()], &[to]).unwrap().carry_out(&bob).unwrap();
    screen.keys("aa").unwrap();
    assert!(screen.status().contains("bob took it first"), "{}", screen.status());
    look(&mut screen).keys("aa").unwrap();
    assert!(screen.status().contains("you took this"), "{}", screen.status());
    screen.wait(60_000).unwrap();
    assert!(screen.app().notices.iter().all(|notice| notice.seen || notice.severity == Severity::Info));
    assert!(!screen.status().contains("took it first"), "{}", screen.status());
}
