//! Marks and what they act on.

use postroom::model::clock::Timestamp;
use postroom::model::ids::{AccountId, Handle};
use postroom::model::status::Status;
use postroom::op::Wish;
use postroom::service::triage;
use postroom::store::{Content, FolderRole, Incoming};

use super::seed::{Desk, Mail, NOW, look};
use super::wishes::id;

/// A desk with `count` conversations, more than any page holds.
pub fn crowd(count: u32) -> Desk {
    let desk = Desk::empty();
    let folder = desk.store.folder(&AccountId::new("main").unwrap(), "INBOX", FolderRole::Inbox).unwrap();
    let batch = (0..count)
        .map(|n| {
            let raw = format!(
                "Message-ID: <m{n}@x>\r\nFrom: Person {n} <p{n}@x.example>\r\nTo: support@team.example\r\nSubject: Question {n}\r\n\r\nText {n}\r\n"
            );
            let arrived = Timestamp::from_seconds(NOW - i64::from(n) * 60);
            Incoming { uid: n + 1, flags: Vec::new(), arrived, size: raw.len() as u64, modseq: None, content: Content::Whole(raw.into_bytes()) }
        })
        .collect();
    desk.store.ingest(folder.id, batch).unwrap();
    desk
}

#[test]
fn space_marks_and_an_action_acts_on_the_marked_ones() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let before = screen.app().list.rows.len();
    screen.keys("<space><space>").unwrap();
    assert!(screen.screen().contains("2 marked"), "{}", screen.screen());
    screen.keys("e").unwrap();
    assert_eq!(screen.app().list.rows.len(), before - 2);
    assert!(screen.status().contains("You closed 2 conversations"), "{}", screen.status());
    screen.keys("u").unwrap();
    assert_eq!(screen.app().list.rows.len(), before);
}

#[test]
fn v_marks_a_range() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("jvjjv").unwrap();
    assert_eq!(screen.app().marked_count(), Some(3));
    screen.keys("<esc><esc>").unwrap();
    assert!(screen.app().marks.is_empty());
}

#[test]
fn star_marks_all_that_match_and_never_a_page() {
    let desk = crowd(350);
    let mut screen = desk.screen((80, 24));
    screen.keys("*<space>").unwrap();
    assert!(screen.screen().contains("349 marked"), "{}", screen.screen());
    screen.keys("e").unwrap();
    assert!(screen.screen().contains("Close 349 conversations?"), "{}", screen.screen());
    assert_eq!(screen.app().total(), Some(350), "nothing is done to many before they were asked about");
    screen.keys("<esc>").unwrap();
    assert!(
        screen.screen().contains("349 marked") && !screen.screen().contains("Close 349 conversations?"),
        "{}",
        screen.screen()
    );
    screen.keys("e<enter>").unwrap();
    assert!(screen.status().contains("You closed 349 conversations"), "{}", screen.status());
    assert_eq!(screen.app().total(), Some(1));
    screen.keys("u").unwrap();
    assert_eq!(screen.app().total(), Some(350));
}

#[test]
fn what_comes_in_after_star_is_not_closed_by_it_and_is_told() {
    let desk = crowd(5);
    let mut screen = desk.screen((80, 24));
    screen.keys("*").unwrap();
    // Nobody has told the screen yet.
    let other = desk.other("bob");
    let folder = other.folder(&AccountId::new("main").unwrap(), "INBOX", FolderRole::Inbox).unwrap();
    let mail = |uid: u32, id: &str, refs: &str| {
        let raw = format!(
            "Message-ID: <{id}>\r\nFrom: Person 2 <p2@x.example>\r\nTo: support@team.example\r\n{refs}Subject: More\r\n\r\nText\r\n"
        );
        let arrived = Timestamp::from_seconds(NOW + 60);
        Incoming {
            uid,
            flags: Vec::new(),
            arrived,
            size: raw.len() as u64,
            modseq: None,
            content: Content::Whole(raw.into_bytes()),
        }
    };
    let answer = mail(100, "answer@x", "References: <m2@x>\r\n");
    other.ingest(folder.id, vec![answer, mail(101, "new@y", "")]).unwrap();
    screen.keys("e").unwrap();
    assert!(screen.status().contains("1 conversation was left out: new mail came in meanwhile"), "{}", screen.status());
    assert!(screen.app().notices.iter().any(|notice| notice.text.as_str() == "You closed 4 conversations"));
    screen.keys("j").unwrap();
    let mut open: Vec<String> = screen.app().list.rows.iter().map(|row| row.title.to_string()).collect();
    open.sort();
    assert_eq!(open, ["More", "Question 2"]);
}

#[test]
fn the_number_of_marks_is_that_of_the_fixed_set() {
    let desk = crowd(5);
    let mut screen = desk.screen((80, 24));
    screen.keys("*").unwrap();
    let mail = Mail { id: "new@x", from: "New <new@x.example>", subject: "New", refs: "", ago: -1, body: "Hello." };
    desk.mail(50, &mail);
    screen.happen(postroom::app::Event::StoreChanged(postroom::model::change::Change::Everything)).unwrap();
    assert!(screen.screen().contains("5 marked"), "{}", screen.screen());
    screen.keys("gg<space>").unwrap();
    assert!(screen.screen().contains("6 marked"), "{}", screen.screen());
}

#[test]
fn the_window_stays_bounded_from_end_to_end() {
    let desk = crowd(1_000);
    let mut screen = desk.screen((80, 24));
    let first = screen.app().current_id();
    for _ in 0..99 {
        screen.keys("<c-d>").unwrap();
        assert!(screen.app().list.rows.len() <= 500);
    }
    assert_eq!(screen.app().list.current().unwrap().title.as_str(), "Question 990");
    for _ in 0..105 {
        screen.keys("<c-u>").unwrap();
        assert!(screen.app().list.rows.len() <= 500);
    }
    assert_eq!(screen.app().current_id(), first);
    screen.keys("G").unwrap();
    assert_eq!(screen.app().list.current().unwrap().title.as_str(), "Question 999");
    screen.keys("gg").unwrap();
    assert_eq!(screen.app().current_id(), first);
}

/// Lets bob have conversations.
pub fn give_bob(desk: &Desk, messages: &[&str]) {
    let bob = desk.other("bob");
    let ids: Vec<_> = messages.iter().map(|message| id(desk, message)).collect();
    let to = Wish::Assign { to: Some(Handle::new("bob").unwrap()) };
    let _ = triage::plan(&bob, &bob.shown(&ids).unwrap(), &[to]).unwrap().carry_out(&bob).unwrap();
}

fn status(desk: &Desk, message: &str) -> Status {
    desk.store.row_now(&id(desk, message)).unwrap().unwrap().status
}

#[test]
fn what_others_have_among_the_marked_is_asked_about_before_anything_is_done_to_it() {
    for (size, title) in [
        ((80, 24), "─ Close 2 conversations? 1 is somebody else's: bob 1"),
        ((140, 40), "─ Close 2 conversations? 1 is somebody else's: bob 1"),
    ] {
        let desk = Desk::new();
        give_bob(&desk, &["invoice@north"]);
        let mut screen = desk.screen(size);
        screen.keys("4<space><space>e").unwrap();
        assert!(screen.screen().contains(title), "{}", screen.screen());
        assert_eq!(status(&desk, "order@shop"), Status::Open);
        screen.keys("<esc>").unwrap();
        assert_eq!((status(&desk, "order@shop"), screen.app().marked_count()), (Status::Open, Some(2)));
        screen.keys("e<enter>").unwrap();
        assert_eq!((status(&desk, "order@shop"), status(&desk, "invoice@north")), (Status::Closed, Status::Closed));
    }
}

#[test]
fn what_a_team_of_mine_has_is_not_somebody_elses() {
    let desk = Desk::in_a_team();
    let ids = [id(&desk, "invoice@north")];
    let to = Wish::Assign { to: Some(Handle::new("care").unwrap()) };
    let _ = triage::plan(&desk.store, &desk.store.shown(&ids).unwrap(), &[to]).unwrap().carry_out(&desk.store).unwrap();
    let mut screen = desk.screen((80, 24));
    screen.keys("5<space><space>e").unwrap();
    assert!(screen.status().contains("You closed 2 conversations"), "{}", screen.screen());
}

#[test]
fn mail_that_came_in_since_it_was_marked_is_asked_about() {
    let answer = || Mail {
        id: "answer@north",
        from: "Jonas Berg <jonas@north.example>",
        subject: "Re: Invoice 2026-118 has the wrong address",
        refs: "invoice@north",
        ago: -1,
        body: "It is urgent.",
    };
    for keys in ["<space><space>", "*", "vj"] {
        let desk = Desk::new();
        let mut screen = desk.screen((100, 24));
        screen.keys(keys).unwrap();
        desk.mail(50, &answer());
        look(&mut screen);
        screen.keys("t").unwrap().text("late").unwrap().keys("<enter>").unwrap();
        let shown = screen.screen();
        assert!(shown.contains("conversations #late? 1 with mail that came in since"), "{keys}: {shown}");
        assert_eq!(desk.store.unpushed(10).unwrap(), []);
        screen.keys("<enter>").unwrap();
        assert_eq!(desk.store.unpushed(10).unwrap().len(), 1, "{keys}");
    }
}

#[test]
fn several_that_are_nobodys_and_as_they_were_marked_are_dealt_with_at_once() {
    let desk = Desk::new();
    give_bob(&desk, &["invoice@north"]);
    let mut screen = desk.screen((80, 24));
    // What one follows oneself is nobody else's.
    screen.keys("4<space><space>F").unwrap();
    assert!(screen.status().contains("You followed 2 conversations"), "{}", screen.screen());
    screen.keys("jj<space><space>e").unwrap();
    assert!(screen.status().contains("You closed 2 conversations"), "{}", screen.screen());
}
