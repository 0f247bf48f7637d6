//! What belongs together, as the screen shows it: notices above their answers, related conversations, who is new.

use postroom::model::ids::{ConversationId, MessageId};
use postroom::store::{FolderRole, Store};

use super::seed::{Desk, type_ids};

const NOTICE: &str = "Message-ID: <f04n@example.com>\nFrom: Support <support@team.example>\nTo: support@team.example\n\
                      Bcc: ann@a.example, ben@b.example, cora@c.example\nSubject: Outage tonight\n\
                      Date: Fri, 20 Nov 2026 08:00:00 +0000\n\nWe are down from 22:00.\nThe shops stay open.\n\n\
                      Orders are kept.\nWe are up again at 23:00.\n";

fn answer(name: &str, text: &str) -> String {
    let key = name.to_lowercase();
    let domain = key.chars().next().unwrap();
    format!(
        "Message-ID: <f04{key}@x.example>\nFrom: {name} <{key}@{domain}.example>\nTo: support@team.example\n\
         Subject: Re: Outage tonight\nDate: Fri, 20 Nov 2026 09:00:00 +0000\nIn-Reply-To: <f04n@example.com>\n\n{text}\n"
    )
}

/// A notice to many and three answers to it; `seen` says whether our copy names its Bcc.
fn notice(seen: bool) -> Desk {
    let desk = Desk::empty();
    let raw = if seen {
        NOTICE.to_owned()
    } else {
        NOTICE.replace("Bcc: ann@a.example, ben@b.example, cora@c.example\n", "")
    };
    desk.raw_mail_in("Sent", FolderRole::Sent, 1, &raw);
    desk.raw_mail(1, &answer("Ann", "My contract is A-1, cancel me"));
    desk.raw_mail(2, &answer("Ben", "thanks"));
    desk.raw_mail(3, &answer("Cora", "My shop is down already!"));
    desk
}

/// Ann's answer, a mail of hers that names another case, and two of strangers that name one mail that is not here.
fn related(desk: &Desk) {
    let mail = |uid: u32, id: &str, from: &str, subject: &str, refs: &str| {
        desk.raw_mail(
            uid,
            &format!(
                "Message-ID: <{id}>\nFrom: {from}\nTo: support@team.example\nSubject: {subject}\nReferences: {refs}\n\
                 Date: Fri, 20 Nov 2026 09:30:00 +0000\n\nHello.\n"
            ),
        );
    };
    mail(11, "order@d.example", "Dee <dee@d.example>", "Order 4411", "");
    mail(12, "both@a.example", "Ann <ann@a.example>", "Both of them", "<order@d.example> <f04ann@x.example>");
    mail(13, "ticket@e.example", "Eve <eve@e.example>", "Ticket of Eve", "<constant@crm.example>");
    mail(14, "late@a.example", "Ann <ann@a.example>", "Re: A ticket", "<constant@crm.example>");
    mail(15, "more@a.example", "Ann <ann@a.example>", "Re: Outage tonight", "<late@a.example> <f04ann@x.example>");
    mail(16, "fay@f.example", "Fay <fay@f.example>", "Re: Both of them", "<both@a.example>");
}

fn id(store: &Store, message: &str) -> ConversationId {
    store.conversation_of(&MessageId::new(message).unwrap()).unwrap().unwrap()
}

/// The screen with the conversation of a message open.
fn shown(desk: &Desk, size: (u16, u16), message: &str, keys: &str) -> String {
    let mut screen = desk.screen(size);
    open(desk, &mut screen, message);
    if !keys.is_empty() {
        screen.keys(keys).unwrap();
    }
    screen.screen()
}

fn open(desk: &Desk, screen: &mut postroom::runtime::Harness, message: &str) {
    let wanted = id(&desk.store, message);
    screen.keys("/").unwrap().text("is:any").unwrap().keys("<enter>gg").unwrap();
    let place = screen.app().list.rows.iter().position(|row| row.id == wanted).unwrap();
    screen.keys(&"j".repeat(place)).unwrap().keys("<enter>").unwrap();
    assert_eq!(screen.app().open.as_ref().unwrap().id, wanted);
}

#[test]
fn the_notice_stands_above_the_answer_to_it_and_says_how_many_answered() {
    let desk = notice(true);
    for size in [(80, 24), (140, 40)] {
        let name = |what: &str| format!("{what}_{}x{}", size.0, size.1);
        insta::assert_snapshot!(name("context"), shown(&desk, size, "f04ann@x.example", ""));
        insta::assert_snapshot!(name("context_unfolded"), shown(&desk, size, "f04ann@x.example", "x"));
        insta::assert_snapshot!(name("notice"), shown(&desk, size, "f04n@example.com", ""));
        let mut screen = desk.screen(size);
        screen.keys("/").unwrap().text("is:any").unwrap().keys("<enter>").unwrap();
        insta::assert_snapshot!(name("answered_in_the_list"), screen.screen());
    }
}

#[test]
fn where_our_copy_names_nobody_the_notice_is_open_and_the_answers_are_apart_all_the_same() {
    let desk = notice(false);
    let answers = ["f04ann@x.example", "f04ben@x.example", "f04cora@x.example"].map(|one| id(&desk.store, one));
    let notice = id(&desk.store, "f04n@example.com");
    assert!(answers[0] != answers[1] && answers[1] != answers[2] && !answers.contains(&notice));
    let row = desk.store.rows(&[notice]).unwrap().remove(0);
    assert_eq!((row.status.name(), row.answered), ("open", 3));
    let screen = shown(&desk, (80, 24), "f04n@example.com", "");
    assert!(screen.contains("our own address") && screen.contains("3 answered"), "{screen}");
}

#[test]
fn related_conversations_stand_below_the_heading_and_new_people_are_named() {
    let desk = notice(true);
    related(&desk);
    for size in [(80, 24), (140, 40)] {
        let name = |what: &str| format!("{what}_{}x{}", size.0, size.1);
        insta::assert_snapshot!(name("related"), shown(&desk, size, "f04ann@x.example", "gg"));
        insta::assert_snapshot!(name("related_new_here"), shown(&desk, size, "f04ann@x.example", "G"));
        insta::assert_snapshot!(name("related_one"), shown(&desk, size, "order@d.example", ""));
        insta::assert_snapshot!(name("related_picker"), shown(&desk, size, "f04ann@x.example", "+"));
    }
}

#[test]
fn one_key_joins_what_is_related_and_undo_takes_it_back() {
    let desk = notice(true);
    related(&desk);
    let (order, ann) = (id(&desk.store, "order@d.example"), id(&desk.store, "f04ann@x.example"));
    let mut screen = desk.screen((100, 30));
    open(&desk, &mut screen, "order@d.example");
    screen.keys("+<enter>").unwrap();
    assert_eq!(id(&desk.store, "f04ann@x.example"), ann, "they are of different customers: {}", screen.screen());
    type_ids(&mut screen).keys("<enter>").unwrap();
    assert_eq!(id(&desk.store, "f04ann@x.example"), order, "{}", screen.screen());
    assert!(screen.status().contains("into"), "{}", screen.status());
    screen.keys("u").unwrap();
    assert_eq!(id(&desk.store, "f04ann@x.example"), ann);
    // Of several the chosen one.
    let mut screen = desk.screen((100, 30));
    open(&desk, &mut screen, "f04ann@x.example");
    screen.keys("+").unwrap().text("ticket").unwrap().keys("<enter>").unwrap();
    type_ids(&mut screen).keys("<enter>").unwrap();
    assert_eq!(id(&desk.store, "late@a.example"), ann);
    assert_eq!(id(&desk.store, "order@d.example"), order);
    let other = desk.other("bob");
    assert_eq!(id(&other, "late@a.example"), ann, "it is remembered");
}

#[test]
fn each_message_says_how_much_is_related_to_it_and_a_key_goes_there_and_back() {
    let desk = notice(true);
    related(&desk);
    for size in [(80, 24), (140, 40)] {
        let mut screen = desk.screen(size);
        open(&desk, &mut screen, "order@d.example");
        assert!(screen.screen().contains("related mail 1"), "{}", screen.screen());
        let (order, ann) = (id(&desk.store, "order@d.example"), id(&desk.store, "f04ann@x.example"));
        screen.keys("gr").unwrap();
        assert_eq!(screen.app().open.as_ref().unwrap().id, ann);
        // Of what is there only one mail names the order, and none but that one goes back to it at once.
        let place =
            |screen: &postroom::runtime::Harness| screen.app().open.as_ref().unwrap().message().unwrap().id.to_string();
        let go_to = |screen: &mut postroom::runtime::Harness, message: &str| {
            screen.keys("gg").unwrap();
            for _ in 0..10 {
                if place(screen) != message {
                    screen.keys("J").unwrap();
                }
            }
            assert_eq!(place(screen), message);
        };
        go_to(&mut screen, "both@a.example");
        let is_at = |screen: &postroom::runtime::Harness| screen.app().open.as_ref().unwrap().id.clone();
        screen.keys("gr").unwrap();
        assert_eq!(is_at(&screen), order, "{}", screen.screen());
        // Where the message under the cursor has to do with nothing, what the others have to do with is offered.
        screen.keys("gr").unwrap();
        assert_eq!(is_at(&screen), ann);
        go_to(&mut screen, "f04ann@x.example");
        screen.keys("gr").unwrap();
        assert!(screen.screen().contains("Go to what is related"), "{}", screen.screen());
        screen.text("4411").unwrap().keys("<enter>").unwrap();
        assert_eq!(is_at(&screen), order);
    }
}

#[test]
fn while_something_is_marked_nothing_that_is_related_is_joined() {
    let desk = notice(true);
    related(&desk);
    let (order, ann) = (id(&desk.store, "order@d.example"), id(&desk.store, "f04ann@x.example"));
    let mut screen = desk.screen((100, 30));
    screen.keys("/").unwrap().text("is:any").unwrap().keys("<enter>*gg").unwrap();
    let place = screen.app().list.rows.iter().position(|row| row.id == ann).unwrap();
    screen.keys(&"j".repeat(place)).unwrap().keys("<enter>+").unwrap();
    assert!(screen.status().contains("marked"), "{}", screen.screen());
    assert_ne!(order, ann);
    assert_eq!((id(&desk.store, "order@d.example"), id(&desk.store, "f04ann@x.example")), (order, ann));
}

#[test]
fn where_nothing_is_related_the_key_says_so() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    for keys in ["<enter>+", "gr"] {
        screen.keys(keys).unwrap();
        assert!(screen.status().contains("no conversation is related"), "{keys}: {}", screen.status());
    }
}
