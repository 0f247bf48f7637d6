//! The loyal cursor: what a key acts on was under the cursor when it was pressed, whoever did something meanwhile.

use postroom::app::{Event, Pane};
use postroom::config::AfterClose;
use postroom::model::change::Change;
use postroom::model::ids::{ConversationId, Handle, MessageId};
use postroom::model::shown::Shown;
use postroom::model::status::Status;
use postroom::op::record::Record;
use postroom::op::wish::Wish;
use postroom::runtime::harness::Harness;
use postroom::service::triage;
use postroom::store::Store;

use super::seed::{Desk, type_ids};

fn id(desk: &Desk, message: &str) -> ConversationId {
    desk.store.conversation_of(&MessageId::new(message).unwrap()).unwrap().unwrap()
}

/// Lets a colleague do something to a conversation, as it is to be seen by them now; the screen hears of it.
fn colleague(store: &Store, screen: &mut Harness, on: &ConversationId, wish: Wish) {
    let row = store.row_now(on).unwrap().unwrap();
    let _ = triage::plan(store, &[Shown::from(&row)], &[wish]).unwrap().carry_out(store).unwrap();
    screen.happen(Event::StoreChanged(Change::of([row.id].into()))).unwrap();
}

fn handle(name: &str) -> Handle {
    Handle::new(name).unwrap()
}

fn take(who: &str) -> Wish {
    Wish::Assign { to: Some(handle(who)) }
}

fn under_cursor(screen: &Harness) -> ConversationId {
    screen.app().list.current().unwrap().id.clone()
}

/// A screen on the view of what nobody has, and the conversations in it.
fn unassigned(desk: &Desk, size: (u16, u16)) -> (Harness, Vec<ConversationId>) {
    let screen = desk.screen(size);
    let rows = screen.app().list.rows.iter().map(|row| row.id.clone()).collect();
    (screen, rows)
}

#[test]
fn taking_a_row_out_of_the_list_leaves_the_cursor_on_it_and_r_answers_that_customer() {
    let desk = Desk::new();
    for size in [(80, 24), (140, 40)] {
        let (mut screen, rows) = unassigned(&desk, size);
        screen.keys("i").unwrap();
        assert_eq!(under_cursor(&screen), rows[0]);
        insta::assert_snapshot!(format!("taken_by_me_{}x{}", size.0, size.1), screen.screen());
        screen.keys("r").unwrap();
        assert_eq!(screen.app().compose().unwrap().conversation(), Some(&rows[0]));
        screen.keys("<esc>ju").unwrap();
    }
}

#[test]
fn a_row_that_left_goes_when_the_cursor_moves_which_comes_to_its_old_neighbour() {
    let desk = Desk::new();
    let (mut screen, rows) = unassigned(&desk, (80, 24));
    screen.keys("ji").unwrap();
    assert_eq!(under_cursor(&screen), rows[1]);
    screen.keys("j").unwrap();
    assert_eq!(under_cursor(&screen), rows[2]);
    assert!(screen.app().list.rows.iter().all(|row| row.id != rows[1]));
    screen.keys("i").unwrap().keys("k").unwrap();
    assert_eq!(under_cursor(&screen), rows[0]);
}

#[test]
fn a_colleague_who_takes_my_row_leaves_it_under_my_hand_and_the_first_key_only_says_so() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let (mut screen, rows) = unassigned(&desk, size);
        let bob = desk.other("bob");
        colleague(&bob, &mut screen, &rows[0], take("bob"));
        assert_eq!(under_cursor(&screen), rows[0]);
        let shown = screen.screen();
        assert!(shown.contains("· bob took it"), "{shown}");
        screen.keys("e").unwrap();
        insta::assert_snapshot!(format!("taken_by_bob_{}x{}", size.0, size.1), screen.screen());
        let row = |id| desk.store.row_now(id).unwrap().unwrap();
        assert_eq!(row(&rows[0]).status, Status::Open);
        screen.keys("e").unwrap();
        assert_eq!(row(&rows[0]).status, Status::Closed);
        assert_eq!(row(&rows[1]).status, Status::Open);
    }
}

#[test]
fn reading_keys_act_at_once_on_a_row_that_a_colleague_took() {
    let desk = Desk::new();
    let (mut screen, rows) = unassigned(&desk, (80, 24));
    let bob = desk.other("bob");
    colleague(&bob, &mut screen, &rows[0], take("bob"));
    screen.keys("<enter>").unwrap();
    assert_eq!((screen.app().focus, &screen.app().open.as_ref().unwrap().id), (Pane::Conversation, &rows[0]));
}

#[test]
fn closing_and_going_on_visits_each_row_once() {
    let desk = Desk::new();
    for keys in ["e", "<enter>e"] {
        let (mut screen, rows) = unassigned(&desk, (80, 24));
        screen.keys(keys).unwrap();
        for wanted in rows.iter().skip(1).take(3) {
            assert_eq!(screen.app().current_id().as_ref(), Some(wanted), "{keys}");
            screen.keys("e").unwrap();
        }
        let closed = |id: &&ConversationId| desk.store.row_now(id).unwrap().unwrap().status == Status::Closed;
        assert_eq!(rows.iter().filter(closed).count(), 4, "{keys}");
        screen.keys("uuuu").unwrap();
    }
}

#[test]
fn after_close_stays_or_returns_to_the_list_where_the_config_says_so() {
    let mut desk = Desk::new();
    desk.after_close = AfterClose::Stay;
    let (mut screen, rows) = unassigned(&desk, (80, 24));
    screen.keys("<enter>e").unwrap();
    assert_eq!((screen.app().focus, screen.app().current_id()), (Pane::Conversation, Some(rows[0].clone())));
    screen.keys(")").unwrap();
    assert_eq!(screen.app().current_id(), Some(rows[1].clone()));
    screen.keys("e").unwrap().keys(")").unwrap();
    assert_eq!(screen.app().current_id(), Some(rows[2].clone()));
    desk.after_close = AfterClose::List;
    let (mut screen, rows) = unassigned(&desk, (80, 24));
    screen.keys("<enter>e").unwrap();
    assert_eq!((screen.app().focus, screen.app().current_id()), (Pane::List, Some(rows[1].clone())));
}

#[test]
fn a_bulk_action_leaves_the_cursor_where_it_is() {
    let desk = Desk::new();
    let (mut screen, rows) = unassigned(&desk, (80, 24));
    screen.keys("<space><space><space>").unwrap();
    assert_eq!(under_cursor(&screen), rows[3]);
    screen.keys("i").unwrap();
    assert_eq!(under_cursor(&screen), rows[3]);
    assert_eq!(screen.app().list.rows.len(), rows.len() - 3);
}

#[test]
fn a_prompt_and_a_picker_stay_with_the_conversation_that_they_were_opened_for() {
    let desk = Desk::new();
    let (mut screen, rows) = unassigned(&desk, (80, 24));
    let bob = desk.other("bob");
    screen.keys("t").unwrap().text("vip").unwrap();
    colleague(&bob, &mut screen, &rows[0], take("bob"));
    screen.keys("<enter>").unwrap();
    let tags = |id: &ConversationId| desk.store.row_now(id).unwrap().unwrap().tags.len();
    assert_eq!((tags(&rows[0]), tags(&rows[1])), (1, 0));
    screen.keys("ja").unwrap();
    let on = under_cursor(&screen);
    colleague(&bob, &mut screen, &on, Wish::Status { to: Status::Closed });
    screen.keys("cleo<enter>").unwrap();
    assert_eq!(desk.store.row_now(&on).unwrap().unwrap().assignee, Some(handle("cleo")));
    assert_eq!(desk.store.row_now(&rows[2]).unwrap().unwrap().assignee, None);
}

#[test]
fn merging_joins_the_marked_alone_and_asks_where_their_customers_differ() {
    let desk = Desk::new();
    for size in [(80, 24), (140, 40)] {
        let (mut screen, rows) = unassigned(&desk, size);
        screen.keys("<space><space>M").unwrap();
        insta::assert_snapshot!(format!("merge_of_two_customers_{}x{}", size.0, size.1), screen.screen());
        let now = |id: &ConversationId| desk.store.row_now(id).unwrap().unwrap().id;
        // Neither the key that comes next in the hand nor the id of one of the two merges them.
        screen.keys("<enter>").unwrap();
        assert_ne!(now(&rows[0]), now(&rows[1]));
        assert!(screen.status().contains("Not merged"), "{}", screen.status());
        let one = desk.store.row_now(&rows[0]).unwrap().unwrap().short;
        screen.text(&one).unwrap().keys("<enter><c-u>").unwrap();
        assert_ne!(now(&rows[0]), now(&rows[1]));
        type_ids(&mut screen).keys("<enter>").unwrap();
        assert_eq!(now(&rows[0]), now(&rows[1]));
        assert_eq!(now(&rows[2]), rows[2]);
        screen.keys("u").unwrap();
        assert_ne!(now(&rows[0]), now(&rows[1]));
    }
}

#[test]
fn merging_one_marked_conversation_touches_none() {
    let desk = Desk::new();
    let (mut screen, rows) = unassigned(&desk, (80, 24));
    screen.keys("<space>M").unwrap();
    assert!(screen.status().contains("only one is marked"), "{}", screen.status());
    assert_eq!(desk.store.row_now(&rows[0]).unwrap().unwrap().id, rows[0]);
}

#[test]
fn conversations_of_one_customer_merge_without_a_question() {
    let desk = Desk::new();
    let mail = |uid: u32, id: &str| {
        let raw = format!(
            "Message-ID: <{id}>\nFrom: Ana Lima <ana@lima.example>\nTo: support@team.example\nSubject: {id}\n\
             Date: Fri, 20 Nov 2026 09:30:00 +0000\n\nHello.\n"
        );
        desk.raw_mail(uid, &raw);
    };
    mail(31, "one@lima");
    mail(32, "two@lima");
    let mut screen = desk.screen((80, 24));
    screen.keys("<space><space>M").unwrap();
    assert!(screen.app().layers.is_empty(), "{}", screen.screen());
    assert_eq!(id(&desk, "one@lima"), id(&desk, "two@lima"));
}

#[test]
fn the_message_cursor_follows_the_view() {
    let desk = Desk::empty();
    for n in 1..=12u32 {
        let refs: String = (1..n).map(|n| format!("<long{n:02}@x.example> ")).collect();
        let text = "A line of this mail.\n".repeat(10);
        desk.raw_mail(
            n,
            &format!(
                "Message-ID: <long{n:02}@x.example>\nFrom: Ana <ana@x.example>\nTo: support@team.example\nSubject: Long\n\
                 References: {refs}\nDate: Fri, 20 Nov 2026 09:{n:02}:00 +0000\n\nThis is number {n}.\n{text}"
            ),
        );
    }
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>gg").unwrap();
    let on = |screen: &Harness| screen.app().open.as_ref().unwrap().message().unwrap().id.to_string();
    assert_eq!(on(&screen), "long01@x.example");
    screen.keys("J").unwrap();
    assert_eq!(on(&screen), "long02@x.example");
    screen.keys("S").unwrap();
    insta::assert_snapshot!("split_asks_with_the_message_80x24", screen.screen());
    screen.keys("<esc>G").unwrap();
    assert_eq!(on(&screen), "long12@x.example");
    screen.keys("<pgup><pgup><pgup>").unwrap();
    let seen = on(&screen);
    assert_ne!(seen, "long12@x.example");
    let number = seen.get(4..6).unwrap().trim_start_matches('0').to_owned();
    assert!(screen.screen().contains(&format!("This is number {number}.")), "{seen} {}", screen.screen());
}

/// Keys of a hand that knows what it wants; those of the first list change something.
const ACTING: [&str; 14] = [
    "i",
    "e",
    "sc",
    "sw",
    "so",
    "si",
    "aa",
    "abo<enter>",
    "t+vip<enter>",
    "t-vip<enter>",
    "nseen<enter>",
    "zz2<space>d<enter>",
    "F",
    "r<esc>",
];
const MOVING: [&str; 14] =
    ["j", "j", "j", "k", "gg", "G", "<enter>", "<esc>", ")", "(", "<pgdn>", "<pgup>", "J", "<space>"];

/// Returns the conversations that my records since `known` are about, and how many records there are by now.
fn touched(desk: &Desk, known: usize) -> (Vec<ConversationId>, usize) {
    let all = desk.store.unpushed(100_000).unwrap();
    let new = all.iter().skip(known).map(|(_, json)| Record::parse(json).unwrap());
    let mine = new.filter(|record| record.actor == handle("alice"));
    let on = mine.flat_map(|record| record.on).filter_map(|target| desk.store.conversation_of(&target.on).unwrap());
    (on.collect(), all.len())
}

#[test]
fn what_an_acting_key_changes_is_what_was_under_the_cursor_whatever_a_colleague_does_meanwhile() {
    let mut acted = 0;
    for seed in 1..=8 {
        let mut random = fastrand::Rng::with_seed(seed);
        let desk = Desk::new();
        let bob = desk.other("bob");
        let mut screen = desk.screen((random.u16(40..200), random.u16(12..50)));
        for step in 0..250 {
            match random.u8(0..10) {
                0 | 1 => {
                    let rows = screen.app().list.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
                    let Some(on) = random.choice(rows) else { continue };
                    let wish = match random.u8(0..3) {
                        0 => take("bob"),
                        1 => Wish::Status { to: Status::Closed },
                        _ => Wish::Status { to: Status::Open },
                    };
                    colleague(&bob, &mut screen, &on, wish);
                }
                2 => {
                    let view = random.choice(["1", "2", "3", "4", "5", "6", "7"]).unwrap();
                    screen.keys(view).unwrap();
                }
                3 => {
                    let size = Event::Resize(random.u16(40..200), random.u16(8..50));
                    screen.happen(size).unwrap();
                }
                4..=6 => {
                    screen.keys(random.choice(MOVING).unwrap()).unwrap();
                }
                _ => {
                    let keys = random.choice(ACTING).unwrap();
                    let on = screen.app().current_id();
                    let is_plain = screen.app().marks.is_empty() && screen.app().layers.is_empty();
                    let (_, known) = touched(&desk, 0);
                    screen.keys(keys).unwrap();
                    let (changed, _) = touched(&desk, known);
                    acted += changed.len();
                    let is_only_that = changed.iter().all(|id| Some(id) == on.as_ref());
                    assert!(
                        !is_plain || is_only_that,
                        "seed {seed}, step {step}: {keys} on {on:?} changed {changed:?}"
                    );
                    while !screen.app().layers.is_empty() {
                        screen.keys("<esc>").unwrap();
                    }
                }
            }
        }
    }
    assert!(acted > 100, "{acted}");
}
