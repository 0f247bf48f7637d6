//! Dialogues that work on conversations.

use postroom::model::status::Status;
use postroom::op::operation::{Expect, Known, Target};
use postroom::op::record::NewOperation;

use super::seed::{Desk, Mail};

#[test]
fn e_closes_and_u_undoes_and_says_so() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let before = screen.app().list.rows.len();
    screen.keys("e").unwrap();
    assert_eq!(screen.app().list.rows.len(), before - 1);
    assert!(screen.status().contains("You closed this · u undoes it"), "{}", screen.status());
    screen.keys("u").unwrap();
    assert_eq!(screen.app().list.rows.len(), before);
    assert!(screen.status().contains("Undid: closed this"), "{}", screen.status());
    screen.keys("U").unwrap();
    assert_eq!(screen.app().list.rows.len(), before - 1);
}

#[test]
fn s_and_a_letter_set_the_status() {
    for (key, status) in
        [("so", Status::Open), ("si", Status::InProgress), ("sw", Status::Waiting), ("sc", Status::Closed)]
    {
        let desk = Desk::new();
        let mut screen = desk.screen((80, 24));
        screen.keys("<enter>").unwrap().keys(key).unwrap();
        assert_eq!(screen.app().current_row().unwrap().status, status);
    }
}

#[test]
fn a_a_takes_a_conversation() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>aa").unwrap();
    assert_eq!(screen.app().current_row().unwrap().assignee.as_ref().unwrap().as_str(), "alice");
}

#[test]
fn a_and_a_few_letters_assign_to_somebody_else() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>abo<enter>").unwrap();
    assert_eq!(screen.app().current_row().unwrap().assignee.as_ref().unwrap().as_str(), "bob");
    assert!(screen.status().contains("You assigned this to bob"), "{}", screen.status());
}

#[test]
fn tags_are_put_on_and_taken_off_and_become_views() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>tvip<space>late<enter>t-late<enter>").unwrap();
    let tags: Vec<String> = screen.app().current_row().unwrap().tags.iter().map(ToString::to_string).collect();
    assert_eq!(tags, ["vip"]);
    assert!(screen.app().views.iter().any(|view| view.title() == "#vip"));
}

#[test]
fn a_tag_with_a_space_in_its_place_is_refused_in_words() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("t").unwrap().text("a(b").unwrap().keys("<enter>").unwrap();
    assert!(screen.screen().contains("can't be used"), "{}", screen.screen());
    assert_eq!(desk.store.unpushed(10).unwrap().len(), 0);
}

#[test]
fn a_note_stands_in_the_conversation_in_its_place() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen
        .keys("<enter>n")
        .unwrap()
        .text("ask @bob first")
        .unwrap()
        .keys("<c-j>")
        .unwrap()
        .text("second line")
        .unwrap();
    screen.keys("<enter>").unwrap();
    let shown = screen.screen();
    assert!(
        shown.contains("│ note by alice") && shown.contains("│ ask @bob first") && shown.contains("│ second line"),
        "{shown}"
    );
}

#[test]
fn snooze_takes_words_and_puts_the_conversation_to_sleep() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let before = screen.app().list.rows.len();
    screen.keys("z").unwrap().text("mon 9:00").unwrap();
    assert!(screen.screen().contains("Mon 23 Nov 2026 09:00 UTC"), "{}", screen.screen());
    screen.keys("<enter>").unwrap();
    assert_eq!(screen.app().list.rows.len(), before - 1);
    screen.keys("7").unwrap();
    assert_eq!(screen.app().list.rows.len(), 1);
    screen.keys("Z").unwrap();
    assert_eq!(screen.app().list.rows.len(), 0);
}

#[test]
fn a_claim_that_comes_too_late_says_who_was_first_and_a_again_takes_it_over() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>").unwrap();
    let anchor = screen.app().open.as_ref().unwrap().data.as_ref().unwrap().anchor.clone();
    let target = Target { expect: Some(Expect::Nobody), ..Target::on(anchor) };
    let bob = postroom::model::ids::Handle::new("bob").unwrap();
    let theirs = vec![NewOperation::new(Known::Assign { to: Some(bob) }, vec![target])];
    let _ = desk.other("bob").commit(theirs).unwrap();
    desk.clock.advance(2_000);
    screen.keys("aa").unwrap();
    assert!(
        screen.status().contains("bob took it first, 2 s ago · press a again to take it over"),
        "{}",
        screen.status()
    );
    screen.keys("aa").unwrap();
    assert_eq!(screen.app().current_row().unwrap().assignee.as_ref().unwrap().as_str(), "alice");
}

#[test]
fn the_cursor_stays_on_its_conversation_when_mail_comes_in_above_it() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("jj").unwrap();
    let on = screen.app().current_id();
    let mail = Mail { id: "new@x", from: "New <new@x.example>", subject: "New", refs: "", ago: 0, body: "Hello." };
    desk.mail(50, &mail);
    screen.happen(postroom::app::Event::StoreChanged(postroom::model::change::Change::Everything)).unwrap();
    assert_eq!(screen.app().current_id(), on);
    assert_eq!(screen.app().list.cursor, 3);
}

#[test]
fn title_follow_and_move_change_the_conversation() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>T<c-u>").unwrap().text("Broken lamp").unwrap().keys("<enter>Fmsales<enter>").unwrap();
    let open = screen.app().open.as_ref().unwrap().data.clone().unwrap();
    assert_eq!(open.row.title.as_str(), "Broken lamp");
    assert_eq!(open.followers.len(), 1);
    assert_eq!(open.row.inbox.as_str(), "sales");
}

#[test]
fn a_move_to_an_inbox_of_another_account_says_why_it_can_not_be() {
    let desk = Desk::of_two_accounts();
    let mut screen = desk.screen((160, 24));
    screen.keys("<enter>msales<enter>").unwrap();
    let said = screen.status();
    let why = "the conversation is of the account main, and the inbox sales belongs to the account second";
    assert!(said.contains(why), "{said}");
    assert_eq!(screen.app().current_row().unwrap().inbox.as_str(), "support");
}

#[test]
fn merge_and_split_can_be_undone() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let before = screen.app().list.rows.len();
    screen.keys("j<space>gM").unwrap();
    assert_eq!(screen.app().list.rows.len(), before - 1, "{}", screen.screen());
    screen.keys("u").unwrap();
    assert_eq!(screen.app().list.rows.len(), before);
    screen.keys("g<enter>S<esc><esc>").unwrap();
    assert_eq!(screen.app().list.rows.len(), before + 1, "{}", screen.screen());
}

#[test]
fn the_log_of_a_conversation_says_who_did_what() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>sisoL").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("alice opened this") && shown.contains("alice started on this"), "{shown}");
}
