//! The customer beside the conversation, and the panels of the config.

use postroom::app::{Event, Pane};
use postroom::model::change::Change;
use postroom::model::ids::{ConversationId, MessageId};
use postroom::model::panel::Panel;
use postroom::model::shown::Shown;
use postroom::model::status::Status;
use postroom::op::wish::Wish;
use postroom::service::triage;

use super::seed::{Desk, Mail};

fn id(desk: &Desk, message: &str) -> ConversationId {
    desk.store.conversation_of(&MessageId::new(message).unwrap()).unwrap().unwrap()
}

fn wish(desk: &Desk, message: &str, wish: Wish) {
    let row = desk.store.row_now(&id(desk, message)).unwrap().unwrap();
    let _ = triage::plan(&desk.store, &[Shown::from(&row)], &[wish]).unwrap().carry_out(&desk.store).unwrap();
}

/// The desk, and two more conversations of Ana's: one with notes of Bob's, one that is closed; and one that a form says is hers.
fn desk() -> Desk {
    let desk = Desk::new();
    let from = "Ana Lima <ana@lima.example>";
    let mail = |id, subject, ago, body| Mail { id, from, subject, refs: "", ago, body };
    desk.mail(60, &mail("ana-old@shop", "Do you deliver to islands?", 20_000, "I live on one."));
    desk.mail(
        61,
        &mail("ana-bulb@shop", "Which bulb fits the lamp that I bought in spring?", 7_000, "The old one is dim."),
    );
    wish(&desk, "ana-old@shop", Wish::Status { to: Status::Closed });
    wish(&desk, "ana-bulb@shop", Wish::Assign { to: postroom::model::ids::Handle::new("bob").ok() });
    let bob = desk.other("bob");
    let row = bob.row_now(&id(&desk, "ana-bulb@shop")).unwrap().unwrap();
    let note = Wish::Note { text: "Pays by invoice only, never ask her for a card. @cleo knows why.".into() };
    let _ = triage::plan(&bob, &[Shown::from(&row)], &[note]).unwrap().carry_out(&bob).unwrap();
    desk
}

fn form(desk: &Desk) {
    desk.raw_mail(
        70,
        "Message-ID: <form@web>\nFrom: Website <support@team.example>\nReply-To: Ana Lima <ana@lima.example>\n\
         To: support@team.example\nDate: Fri, 20 Nov 2026 09:59:30 +0000\nSubject: Contact form: change my address\n\n\
         Please send my lamps to another place.",
    );
}

fn panel(name: &str, script: &str) -> Panel {
    Panel {
        name: name.into(),
        title: postroom::model::text::SafeText::line(name),
        run: ["sh", "-c", script].map(str::to_owned).into(),
        when: String::new(),
        timeout: 20,
        keep: 300,
        claims: false,
    }
}

const SHOP: &str = "read who; printf '4412 broken, refund open\\n4398 delivered 3 May\\n'";

#[test]
fn the_customer_stands_where_there_is_room() {
    let desk = desk();
    for size in [(80, 24), (100, 30), (140, 40), (200, 50)] {
        let mut screen = desk.screen_with_panels(size, vec![panel("Shop", SHOP)]);
        screen.keys("p").unwrap();
        insta::assert_snapshot!(format!("customer_{}x{}", size.0, size.1), screen.screen());
        screen.keys("<esc>").unwrap();
        assert_eq!(screen.app().focus, Pane::List);
    }
}

#[test]
fn on_a_wide_screen_it_stands_there_without_a_key_and_follows_the_cursor_until_it_is_put_away() {
    let desk = desk();
    let mut screen = desk.screen((200, 50));
    let name = |screen: &postroom::runtime::Harness| screen.app().customer().map(|one| one.name.to_string());
    assert_eq!(name(&screen).as_deref(), Some("Ana Lima"));
    screen.keys("j").unwrap();
    assert_eq!(name(&screen).as_deref(), Some("Jonas Berg"));
    screen.keys("pp").unwrap();
    assert_eq!((name(&screen), screen.app().focus), (None, Pane::List));
    screen.keys("k").unwrap();
    assert_eq!(name(&screen), None);
    screen.keys("p").unwrap();
    assert_eq!(name(&screen).as_deref(), Some("Ana Lima"));
}

#[test]
fn enter_opens_a_conversation_of_theirs_and_the_pane_goes_along() {
    let desk = desk();
    for size in [(80, 24), (140, 40), (200, 50)] {
        let mut screen = desk.screen(size);
        screen.keys("pj<enter>").unwrap();
        let open = screen.app().open.as_ref().map(|open| open.id.clone());
        assert_eq!((open, screen.app().focus), (Some(id(&desk, "ana-old@shop")), Pane::Conversation));
        assert_eq!(screen.app().customer().is_some(), size.0 >= 140, "below it is a page");
        screen.keys("p").unwrap();
        let theirs: Vec<_> =
            screen.app().customer().unwrap().conversations.iter().map(|one| one.row.id.clone()).collect();
        assert_eq!(theirs, [id(&desk, "order@shop"), id(&desk, "ana-bulb@shop")]);
        screen.keys("<esc><esc>").unwrap();
        assert_eq!(screen.app().focus, Pane::List);
    }
}

#[test]
fn m_asks_which_stays_and_merges_the_two() {
    let desk = desk();
    let mut screen = desk.screen((140, 40));
    screen.keys("pM").unwrap();
    insta::assert_snapshot!("merge_theirs_140x40", screen.screen());
    screen.keys("<enter>").unwrap();
    assert_eq!(id(&desk, "ana-bulb@shop"), id(&desk, "order@shop"));
    assert_ne!(id(&desk, "ana-old@shop"), id(&desk, "order@shop"));
    let theirs = screen.app().customer().unwrap().conversations.len();
    assert_eq!(theirs, 1, "{}", screen.screen());
}

#[test]
fn the_whole_address_is_copied_though_only_its_beginning_is_drawn() {
    let desk = desk();
    let address = format!("{}@lima.example", "a".repeat(120));
    desk.raw_mail(
        62,
        &format!(
            "Message-ID: <long@shop>\nFrom: {address}\nTo: support@team.example\n\
             Date: Fri, 20 Nov 2026 09:59:30 +0000\nSubject: A long name\n\nHello."
        ),
    );
    let mut screen = desk.screen((80, 24));
    screen.keys("ggpya").unwrap();
    assert_eq!(screen.asked().copied, [address]);
}

#[test]
fn what_is_marked_in_the_list_has_no_part_in_it() {
    let desk = desk();
    let mut screen = desk.screen((140, 40));
    screen.keys("j<space><space>ggpM<enter>").unwrap();
    assert_eq!(id(&desk, "ana-bulb@shop"), id(&desk, "order@shop"));
    for other in ["invoice@north", "login@dana"] {
        assert_ne!(id(&desk, other), id(&desk, "order@shop"));
    }
}

#[test]
fn no_other_key_acts_on_a_conversation_while_the_customer_has_the_keys() {
    let desk = desk();
    let before = desk.store.unpushed(100).unwrap().len();
    for size in [(80, 24), (200, 50)] {
        let mut screen = desk.screen(size);
        screen.keys("p").unwrap();
        for key in ["e", "a", "t", "n", "r", "z", "m", "sw", "F", "T"] {
            // What follows a key that opened no line without a pause was meant for that line.
            screen.wait(600).unwrap().keys(key).unwrap();
            assert!(
                screen.app().layers.is_empty() && screen.status().contains("the customer has the keys"),
                "{key}: {}",
                screen.status()
            );
        }
        assert_eq!(screen.app().focus, Pane::Customer);
    }
    assert_eq!(desk.store.unpushed(100).unwrap().len(), before);
}

#[test]
fn what_only_a_form_says_shows_nothing_older_and_no_panel_is_asked_unless_it_may_be() {
    let desk = desk();
    form(&desk);
    let runs = desk.dir().join("runs");
    let note = |name: &str| panel(name, &format!("echo $POSTROOM_PANEL >> '{}'; echo told", runs.display()));
    let panels = vec![note("never"), Panel { claims: true, ..note("anyway") }];
    let mut screen = desk.screen_with_panels((80, 24), panels);
    screen.keys("p").unwrap();
    insta::assert_snapshot!("customer_claimed_80x24", screen.screen());
    assert_eq!(std::fs::read_to_string(&runs).unwrap(), "anyway\n");
    screen.keys("<esc>jp").unwrap();
    assert!(screen.screen().contains("by a form"), "{}", screen.screen());
}

#[test]
fn panels_that_hang_flood_print_escapes_fail_or_are_missing_say_so_and_the_screen_stays_whole() {
    let desk = desk();
    let missing = Panel { run: vec!["/no/such/program".into()], ..panel("missing", "") };
    let panels = vec![
        Panel { timeout: 1, ..panel("hangs", "sleep 600") },
        panel("escapes", "printf '\\033[2J\\033]0;owned\\007red \\033[31malert\\033[0m \\342\\200\\256rtl\\n'"),
        panel("fails", "echo part; echo 'no such shop' >&2; exit 3"),
        missing,
        Panel { when: "inbox:sales".into(), ..panel("elsewhere", "echo never") },
        panel("floods", "i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done"),
    ];
    let mut screen = desk.screen_with_panels((200, 50), panels);
    screen.keys("p").unwrap();
    insta::assert_snapshot!("panels_in_trouble_200x50", screen.screen());
    assert!(!screen.screen().contains('\u{1b}'));
}

#[test]
fn a_line_of_a_panel_that_is_wider_than_the_pane_goes_on_in_the_next() {
    let desk = desk();
    let say = "echo '4398 delivered on 3 May, signed for by a neighbour at the harbour'; echo; echo short";
    let screen = desk.screen_with_panels((200, 50), vec![panel("Shop", say)]);
    let shown = screen.screen();
    let at = |words: &str| shown.lines().position(|line| line.trim_end().ends_with(words));
    let (first, rest) = (at("4398 delivered on 3 May,").unwrap(), at("the harbour").unwrap());
    assert!(first < rest && at("short") == Some(rest + 2), "{shown}");
}

#[test]
fn what_a_panel_said_is_kept_for_its_time_and_enter_asks_again() {
    let desk = desk();
    let runs = desk.dir().join("runs");
    let script = format!("echo run >> '{0}'; grep -c run '{0}'", runs.display());
    let mut screen = desk.screen_with_panels((200, 50), vec![panel("Shop", &script)]);
    let count = || std::fs::read_to_string(&runs).unwrap().lines().count();
    assert_eq!(count(), 1);
    screen.keys("j").unwrap();
    assert_eq!(count(), 2, "of another conversation");
    screen.keys("k").unwrap().wait(30_000).unwrap();
    assert_eq!(count(), 2, "kept");
    assert!(screen.screen().contains("Shop 30 s ago"), "{}", screen.screen());
    screen.keys("pG<enter>").unwrap();
    assert_eq!(count(), 3);
    assert!(screen.screen().contains("Shop just now"), "{}", screen.screen());
    screen.keys("<esc>j").unwrap().wait(301_000).unwrap().keys("k").unwrap();
    assert_eq!(count(), 4, "it was over");
    screen.happen(Event::StoreChanged(Change::Everything)).unwrap();
    assert_eq!(count(), 4, "news in the store ask no panel");
}

#[test]
fn a_mail_that_begins_a_conversation_of_theirs_comes_into_the_pane_and_the_cursor_stays() {
    let desk = desk();
    let mut screen = desk.screen((200, 50));
    screen.keys("pj").unwrap();
    let on = screen.app().customer.conversation().unwrap().row.id.clone();
    let from = "Ana Lima <ana@lima.example>";
    desk.mail(
        62,
        &Mail { id: "ana-new@shop", from, subject: "One more thing", refs: "", ago: 0, body: "Hello again." },
    );
    screen.happen(Event::StoreChanged(Change::of([id(&desk, "ana-new@shop")].into()))).unwrap();
    let theirs = &screen.app().customer().unwrap().conversations;
    assert_eq!((theirs.len(), theirs[0].row.id.clone()), (3, id(&desk, "ana-new@shop")));
    assert_eq!(screen.app().customer.conversation().unwrap().row.id, on);
}

#[test]
fn the_orders_of_the_example_script_stand_beside_the_conversation() {
    let desk = desk();
    let orders = desk.dir().join("orders.csv");
    std::fs::write(
        &orders,
        "ana@lima.example,4412,broken,12 Nov\nli@lei.example,4500,sent,1 Nov\nANA@lima.example,4398,paid,3 May\n",
    )
    .unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/scripts/orders-panel");
    let run = vec![script.to_owned(), orders.display().to_string()];
    let mut screen = desk.screen_with_panels((80, 24), vec![Panel { run, ..panel("Shop", "") }]);
    screen.keys("p").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("4412 broken, 12 Nov") && shown.contains("4398 paid, 3 May"), "{shown}");
    assert!(!shown.contains("4500"), "{shown}");
    screen.keys("<esc>jp").unwrap();
    assert!(screen.screen().contains("no order"), "{}", screen.screen());
}
