//! News: what came and was not looked at, the in-tray, and what is told of it, with two agents on one store.

use postroom::app::Event;
use postroom::config::{Notify, Quiet, Way};
use postroom::model::change::Change;
use postroom::model::clock::Timestamp;
use postroom::model::ids::{AccountId, ConversationId, Handle, MessageId};
use postroom::model::news::NewsEvent;
use postroom::model::shown::Shown;
use postroom::model::status::Status;
use postroom::model::view::View;
use postroom::op::wish::Wish;
use postroom::runtime::Harness;
use postroom::service::triage;
use postroom::store::{FolderRole, PassEnd, Store};

use super::seed::{Desk, Mail, NOW};

const SIZES: [(u16, u16); 2] = [(80, 24), (140, 40)];

/// The usual mail, of which all that is there came with the first pass.
fn desk() -> Desk {
    let desk = Desk::new();
    let folder = desk.store.folder(&AccountId::new("main").unwrap(), "INBOX", FolderRole::Inbox).unwrap();
    let at = Timestamp::from_seconds(NOW);
    let end = PassEnd { validity: 1, uid_next: 100, modseq: None, messages: None, flags_below: None, at };
    desk.store.finish_pass(folder.id, end).unwrap();
    desk
}

const ANSWER: Mail = Mail {
    id: "order4@shop",
    from: "Ana Lima <ana@lima.example>",
    subject: "Re: Refund for order 4412",
    refs: "order@shop order3@shop",
    ago: 3,
    body: "It is urgent, the courier comes at five!",
};

const OTHER: Mail = Mail {
    id: "stairs@petra",
    from: "Petra Holm <petra@holm.example>",
    subject: "A lamp for the stairs",
    refs: "",
    ago: 2,
    body: "Which one is bright enough?",
};

fn id(desk: &Desk, message: &str) -> ConversationId {
    desk.store.conversation_of(&MessageId::new(message).unwrap()).unwrap().unwrap()
}

fn wish(store: &Store, on: &ConversationId, wish: Wish) {
    let row = store.row_now(on).unwrap().unwrap();
    let _ = triage::plan(store, &[Shown::from(&row)], &[wish]).unwrap().carry_out(store).unwrap();
}

fn assign(who: &str) -> Wish {
    Wish::Assign { to: Some(Handle::new(who).unwrap()) }
}

/// A day's news: an answer in what alice has, a mention, something given to her, and mail that is nobody's.
fn day() -> Desk {
    let desk = desk();
    let bob = desk.other("bob");
    wish(&desk.store, &id(&desk, "order@shop"), assign("alice"));
    desk.mail(20, &ANSWER);
    desk.mail(21, &OTHER);
    wish(&bob, &id(&desk, "invoice@north"), Wish::Note { text: "@alice the address is Hafengasse 3".into() });
    wish(&bob, &id(&desk, "login@dana"), assign("alice"));
    desk
}

fn records(desk: &Desk) -> usize {
    desk.store.unpushed_of(&AccountId::new("main").unwrap(), 1000).unwrap().len()
}

fn changed(screen: &mut Harness) {
    screen.happen(Event::StoreChanged(Change::Everything)).unwrap();
}

#[test]
fn what_came_bears_a_sign_in_the_list_until_it_is_opened_and_that_writes_no_record() {
    for size in SIZES {
        let desk = day();
        let mut screen = desk.screen(size);
        insta::assert_snapshot!(format!("new_in_the_list_{}x{}", size.0, size.1), screen.screen());
        let unread = |screen: &Harness| screen.app().list.rows.iter().filter(|row| row.unread).count();
        assert_eq!(unread(&screen), 2, "the mail of nobody's and the mention");
        let before = records(&desk);
        screen.keys("<enter>").unwrap();
        assert_eq!((unread(&screen), records(&desk)), (1, before));
        screen.keys("<esc>").unwrap();
        assert_eq!((unread(&screen), records(&desk)), (1, before));
    }
}

#[test]
fn a_conversation_opens_on_the_first_mail_that_came_since_i_looked_below_a_line_that_says_so() {
    for size in SIZES {
        let desk = day();
        let mut screen = desk.screen(size);
        screen.keys("2<enter>").unwrap();
        let shown = screen.screen();
        assert!(shown.contains("new since you looked"), "{shown}");
        insta::assert_snapshot!(format!("new_in_a_conversation_{}x{}", size.0, size.1), shown);
        screen.keys("<esc>").unwrap();
        screen.keys("<enter>").unwrap();
        assert!(!screen.screen().contains("new since you looked"), "{}", screen.screen());
    }
}

#[test]
fn the_in_tray_has_its_sections_says_what_is_new_and_its_number_is_seen_at_every_width() {
    for size in [(40, 12), (80, 24), (100, 30), (140, 40), (200, 50)] {
        let desk = day();
        let mut screen = desk.screen(size);
        // A small screen has a row for what is told only while something is; there the head of the list says it.
        let sign = if size.1 < 16 { "●3" } else { "● 3 new" };
        assert!(screen.screen().contains(sign), "{}", screen.screen());
        screen.keys("1").unwrap();
        assert_eq!(screen.app().shown_view(), Some(&View::InTray));
        assert_eq!(screen.app().list.rows.len(), 3);
        insta::assert_snapshot!(format!("in_tray_{}x{}", size.0, size.1), screen.screen());
    }
}

#[test]
fn e_in_the_in_tray_sees_a_mention_and_closes_the_rest_and_the_hint_says_which() {
    let desk = day();
    let mut screen = desk.screen((80, 24));
    screen.keys("1").unwrap();
    assert!(screen.hints().contains("e seen"), "{}", screen.hints());
    screen.keys("e").unwrap();
    let row = |message: &str| desk.store.row_now(&id(&desk, message)).unwrap().unwrap();
    assert_eq!((row("invoice@north").status, row("invoice@north").mentioned), (Status::Open, false));
    assert_eq!(row("invoice@north").news, None);
    assert!(screen.hints().contains("e close") || !screen.hints().contains("e seen"), "{}", screen.hints());
    screen.keys("e").unwrap();
    assert_eq!(row("order@shop").status, Status::Closed);
}

#[test]
fn a_row_that_was_opened_stays_in_the_in_tray_until_the_cursor_leaves_it() {
    let desk = day();
    let mut screen = desk.screen((80, 24));
    screen.keys("1j").unwrap();
    let on = screen.app().list.current().unwrap().id.clone();
    screen.keys("<enter><esc>").unwrap();
    assert_eq!(screen.app().list.current().unwrap().id, on);
    assert!(screen.screen().contains("looked at"), "{}", screen.screen());
    screen.keys("j").unwrap();
    assert!(screen.app().list.rows.iter().all(|row| row.id != on));
    assert_eq!(screen.app().counts.get(&View::InTray), 2);
}

#[test]
fn e_on_a_mention_that_was_opened_and_left_still_sees_it_at_once_and_tells_the_log() {
    let desk = day();
    let mut screen = desk.screen((80, 24));
    let before = records(&desk);
    screen.keys("1<enter><esc>").unwrap();
    assert_eq!(records(&desk), before);
    assert!(screen.hints().contains("e seen"), "{}", screen.hints());
    screen.keys("e").unwrap();
    assert_eq!(records(&desk), before + 1);
    assert_eq!(desk.store.row_now(&id(&desk, "invoice@north")).unwrap().unwrap().status, Status::Open);
}

#[test]
fn su_marks_as_unread_again_and_ss_as_looked_at() {
    let desk = day();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>su").unwrap();
    assert!(screen.app().list.current().unwrap().unread, "{}", screen.screen());
    assert!(screen.status().contains("marked as unread"), "{}", screen.status());
    screen.keys("ss").unwrap();
    assert!(!screen.app().list.current().unwrap().unread);
}

/// Everything is told in every way.
fn loud() -> Notify {
    let ways = [Way::Bell, Way::Desktop, Way::Command];
    Notify { ways: NewsEvent::ALL.map(|event| (event, ways.into())).into(), title: true, ..Notify::default() }
}

/// Lets the seconds go by in which a screen looks at what others did.
fn look(screen: &mut Harness) {
    screen.look().unwrap();
    changed(screen);
}

#[test]
fn what_happens_is_told_once_and_nothing_that_was_there_at_the_start_or_that_i_did() {
    let mut desk = desk();
    desk.notify = loud();
    let bob = desk.other("bob");
    wish(&bob, &id(&desk, "login@dana"), assign("alice"));
    let mut screen = desk.screen((80, 24));
    look(&mut screen);
    assert_eq!((screen.asked().rung, screen.asked().titles), (0, vec!["● 1 · postroom".to_owned()]));
    wish(&desk.store, &id(&desk, "quote@south"), assign("alice"));
    look(&mut screen);
    assert_eq!(screen.asked().rung, 0, "I did that myself");
    wish(&bob, &id(&desk, "press@daily"), assign("alice"));
    look(&mut screen);
    look(&mut screen);
    let asked = screen.asked();
    assert_eq!((asked.rung, asked.run_for), (1, vec![NewsEvent::Assigned]));
    let [told] = asked.notified.as_slice() else { panic!("{:?}", asked.notified) };
    assert!(told.starts_with("bob gave you ") && told.ends_with(": Interview about lighting"), "{told}");
    assert_eq!(asked.titles.last().unwrap(), "● 2 · postroom");
}

#[test]
fn of_two_screens_on_a_store_one_tells() {
    let mut desk = desk();
    desk.notify = loud();
    let (mut one, mut two) = (desk.screen((80, 24)), desk.screen((80, 24)));
    look(&mut one);
    look(&mut two);
    desk.mail(20, &OTHER);
    look(&mut one);
    look(&mut two);
    assert_eq!((one.asked().rung, two.asked().rung), (1, 0));
    assert_eq!(one.asked().notified.len(), 1);
}

#[test]
fn in_quiet_hours_nothing_is_told_and_the_title_counts_on() {
    let mut desk = desk();
    let time = |hour| jiff::civil::time(hour, 0, 0, 0);
    // It is ten o'clock.
    desk.notify = Notify { quiet: Some(Quiet { from: time(9), to: time(11) }), ..loud() };
    let mut screen = desk.screen((80, 24));
    look(&mut screen);
    wish(&desk.other("bob"), &id(&desk, "press@daily"), assign("alice"));
    look(&mut screen);
    assert_eq!((screen.asked().rung, screen.asked().notified.len(), screen.asked().run_for.len()), (0, 0, 0));
    assert_eq!(screen.asked().titles.last().unwrap(), "● 1 · postroom");
}
