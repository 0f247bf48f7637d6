//! Working off the queue: what is longest waiting is taken, one after the other, and nothing is kept that was not dealt with.

use postroom::app::{Event, Layer, Pane};
use postroom::model::ids::{ConversationId, Handle};
use postroom::model::status::Status;
use postroom::model::view::ConversationRow;
use postroom::op::Wish;
use postroom::runtime::Harness;
use postroom::service::queue::Shift;
use postroom::service::triage;
use postroom::store::Store;

use super::seed::{Desk, WORKER};
use super::wishes::{id, records, verb, without_ids};

/// Those that may be taken, whose customers have waited longest first.
const ORDER: [&str; 4] = ["thanks@omar", "press@daily", "quote@south", "ship@li"];

fn row(desk: &Desk, message: &str) -> ConversationRow {
    desk.store.row_now(&id(desk, message)).unwrap().unwrap()
}

fn owner(desk: &Desk, message: &str) -> Option<String> {
    row(desk, message).assignee.map(|who| who.to_string())
}

fn open(screen: &Harness) -> ConversationId {
    screen.app().open.as_ref().unwrap().id.clone()
}

/// Lets a colleague do something to conversations.
fn wish(store: &Store, desk: &Desk, messages: &[&str], wish: Wish) {
    let ids: Vec<ConversationId> = messages.iter().map(|message| id(desk, message)).collect();
    let shown = store.shown(&ids).unwrap();
    let _ = triage::plan(store, &shown, &[wish]).unwrap().carry_out(store).unwrap();
}

/// Lets bob take conversations.
fn bob_all(desk: &Desk, messages: &[&str]) -> Store {
    let bob = desk.other("bob");
    wish(&bob, desk, messages, to("bob"));
    bob
}

fn to(who: &str) -> Wish {
    Wish::Assign { to: Some(Handle::new(who).unwrap()) }
}

#[test]
fn w_takes_what_waits_longest_opens_it_and_says_how_the_queue_stands() {
    for (columns, rows) in [(40, 12), (80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        screen.keys("w").unwrap();
        assert_eq!(open(&screen), id(&desk, ORDER[0]));
        assert_eq!(screen.app().focus, Pane::Conversation);
        let taken = row(&desk, ORDER[0]);
        assert_eq!(taken.assignee.unwrap().as_str(), "alice");
        assert_eq!(taken.worker.unwrap().name.as_str(), WORKER);
        insta::assert_snapshot!(format!("the_queue_at_{columns}x{rows}"), screen.screen());
    }
}

#[test]
fn closing_goes_on_to_the_next_of_the_queue_and_none_comes_twice() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("w").unwrap();
    for next in &ORDER[1..] {
        screen.keys("e").unwrap();
        assert_eq!(open(&screen), id(&desk, next));
    }
    assert!(screen.screen().contains("done today 3"), "{}", screen.screen());
    assert_eq!(row(&desk, ORDER[0]).status, Status::Closed);
}

#[test]
fn answering_and_closing_goes_on_to_the_next_of_the_queue() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("wr").unwrap().text("You are welcome.").unwrap().keys("<c-s>c").unwrap();
    assert_eq!(open(&screen), id(&desk, ORDER[1]));
    assert_eq!(desk.store.outgoing().unwrap().len(), 1);
    // It is answered, and no more in hand: leaving the queue gives it back to nobody.
    screen.keys("<esc>").unwrap();
    assert_eq!(owner(&desk, ORDER[0]).as_deref(), Some("alice"));
    assert_eq!(owner(&desk, ORDER[1]), None);
}

#[test]
fn what_one_undo_takes_back_is_what_was_done_and_not_that_the_next_was_taken() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("we").unwrap();
    assert_eq!(open(&screen), id(&desk, ORDER[1]));
    screen.keys("u").unwrap();
    assert_eq!(row(&desk, ORDER[0]).status, Status::Open, "{}", screen.status());
    assert_eq!(owner(&desk, ORDER[0]).as_deref(), Some("alice"));
}

/// What is in hand, whether it is being worked on, and what is open.
fn in_hand(screen: &Harness) -> (ConversationId, bool, ConversationId) {
    let hand = screen.app().queue.as_ref().unwrap().hand.as_ref().unwrap();
    (hand.row.id.clone(), hand.is_held(), open(screen))
}

#[test]
fn what_an_undo_brings_back_is_in_hand_and_open_again_and_what_was_taken_since_goes_back() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = desk.screen(size);
        screen.keys("weu").unwrap();
        let first = id(&desk, ORDER[0]);
        assert_eq!(in_hand(&screen), (first.clone(), true, first.clone()), "{}", screen.screen());
        assert!(screen.screen().contains("yours until"), "{}", screen.screen());
        assert_eq!((owner(&desk, ORDER[1]), row(&desk, ORDER[1]).worker), (None, None));
        let (back, again) = (row(&desk, ORDER[1]), row(&desk, ORDER[0]));
        let told = format!(
            "{} {}: undone: closed this · {} {}: given back",
            again.people, again.short, back.people, back.short
        );
        assert!(screen.app().notice().unwrap().text.as_str().contains(&told), "{}", screen.status());
        // The next key acts on it, and leaving gives it back.
        screen.keys("e").unwrap();
        assert_eq!(open(&screen), id(&desk, ORDER[1]));
        screen.keys("u<esc>").unwrap();
        assert_eq!((owner(&desk, ORDER[0]), owner(&desk, ORDER[1])), (None, None));
    }
}

#[test]
fn each_undo_goes_one_further_back_in_the_queue() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("weeu").unwrap();
    let (first, second) = (id(&desk, ORDER[0]), id(&desk, ORDER[1]));
    assert_eq!(in_hand(&screen), (second.clone(), true, second));
    screen.keys("u").unwrap();
    assert_eq!(in_hand(&screen), (first.clone(), true, first));
    assert_eq!((owner(&desk, ORDER[1]), owner(&desk, ORDER[2])), (None, None));
}

#[test]
fn the_last_of_the_queue_is_in_hand_again_at_once_when_it_is_undone() {
    let desk = Desk::new();
    bob_all(&desk, &["order@shop", "invoice@north", "login@dana", "ship@li", "quote@south", "press@daily"]);
    let first = id(&desk, ORDER[0]);
    for undone in ["e", "sw", "abo<enter>"] {
        let mut screen = desk.screen((80, 24));
        screen.keys("w").unwrap().keys(undone).unwrap();
        assert!(!in_hand(&screen).1, "{undone}: {}", screen.screen());
        screen.keys("u").unwrap();
        assert_eq!(in_hand(&screen), (first.clone(), true, first.clone()), "{undone}: {}", screen.screen());
        assert!(screen.screen().contains("yours until"), "{undone}: {}", screen.screen());
        assert!(!screen.screen().contains("has it"), "{undone}: {}", screen.screen());
        screen.keys("<esc>").unwrap();
        assert_eq!(owner(&desk, ORDER[0]), None, "{undone}");
    }
}

#[test]
fn an_answer_that_is_taken_back_is_in_hand_again() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("wr").unwrap().text("You are welcome.").unwrap().keys("<c-s><enter>").unwrap();
    assert!(!in_hand(&screen).1);
    screen.keys("u<esc><esc>").unwrap();
    let first = id(&desk, ORDER[0]);
    assert_eq!(in_hand(&screen), (first.clone(), true, first), "{}", screen.screen());
}

#[test]
fn what_i_took_at_another_screen_is_told_as_mine() {
    let desk = Desk::new();
    bob_all(&desk, &["order@shop", "invoice@north", "login@dana", "ship@li", "quote@south", "press@daily"]);
    let shift = Shift::new("box/2".into(), jiff::tz::TimeZone::UTC);
    assert!(shift.take(&desk.store, &[]).unwrap().is_some());
    let mut screen = desk.screen((160, 24));
    screen.keys("w").unwrap();
    assert!(screen.status().contains("you have it, taken at box/2"), "{}", screen.status());
    let on = id(&desk, ORDER[0]);
    screen.keys("/").unwrap().text(&format!("id:{on}")).unwrap().keys("<enter><enter>").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("yours until") && !shown.contains("of alice"), "{shown}");
}

#[test]
fn what_goes_back_to_the_queue_is_named_with_what_is_taken_instead() {
    let desk = Desk::new();
    for size in [(80, 24), (120, 24)] {
        let mut screen = desk.screen(size);
        screen.keys("wW<enter>").unwrap();
        let (back, taken) = (row(&desk, ORDER[0]), row(&desk, ORDER[1]));
        let told =
            format!("{} {}: given back · {} {}: yours until", back.people, back.short, taken.people, taken.short);
        assert!(screen.app().notice().unwrap().text.as_str().starts_with(&told), "{}", screen.status());
        screen.keys("<esc>").unwrap();
    }
}

#[test]
fn escape_leaves_the_queue_gives_back_what_is_in_hand_and_says_so() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("we<esc>").unwrap();
    assert!(screen.app().queue.is_none());
    assert_eq!(screen.app().focus, Pane::List);
    assert!(screen.status().contains("given back, the queue is left, 1 done today"), "{}", screen.status());
    assert!(screen.status().contains(&row(&desk, ORDER[1]).short), "{}", screen.status());
    assert_eq!((owner(&desk, ORDER[1]), owner(&desk, ORDER[0]).as_deref()), (None, Some("alice")));
    assert!(row(&desk, ORDER[1]).worker.is_none());
}

#[test]
fn leaving_the_program_gives_back_what_is_in_hand() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("w").unwrap().happen(postroom::app::Event::Quit).unwrap();
    drop(screen);
    assert_eq!(owner(&desk, ORDER[0]), None);
}

#[test]
fn giving_back_passes_over_and_the_reason_is_a_note() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("wW<enter>").unwrap();
    assert_eq!(open(&screen), id(&desk, ORDER[1]));
    screen.keys("W").unwrap().text("needs the lamp people").unwrap().keys("<enter>").unwrap();
    assert_eq!(open(&screen), id(&desk, ORDER[2]));
    assert_eq!((owner(&desk, ORDER[0]), owner(&desk, ORDER[1])), (None, None));
    assert_eq!((row(&desk, ORDER[0]).notes, row(&desk, ORDER[1]).notes), (0, 1));
}

#[test]
fn the_same_records_come_of_the_queue_by_key_and_by_verb() {
    let cases: [(&str, &[&[&str]], usize); 5] = [
        ("w", &[&["next"]], 2),
        ("we", &[&["next"], &["status", "closed", "0"], &["next"]], 5),
        ("w<esc>", &[&["next"], &["next", "--release", "0"]], 4),
        ("wW<enter>", &[&["next"], &["next", "--release", "0"], &["next", "not id:0"]], 6),
        ("wWbusy<enter>", &[&["next"], &["next", "--release", "0"], &["note", "busy", "0"], &["next", "not id:0"]], 7),
    ];
    for (keys, verbs, count) in cases {
        let by_key = Desk::new();
        by_key.screen((80, 24)).keys(keys).unwrap();
        let by_verb = Desk::new();
        let first = id(&by_verb, ORDER[0]).to_string();
        for args in verbs {
            let mut words: Vec<String> = args.iter().map(|word| word.replace('0', &first)).collect();
            if words[0] == "next" {
                words.insert(1, format!("--worker={WORKER}"));
            }
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let said = verb(&by_verb, &words, "");
            assert_eq!(said.status, 0, "{words:?}: {}", said.stderr);
        }
        let (by_key, by_verb) = (records(&by_key), records(&by_verb));
        assert_eq!(by_key.len(), count, "{keys}: {by_key:?}");
        assert_eq!(without_ids(by_key), without_ids(by_verb), "{keys}");
    }
}

#[test]
fn a_claim_that_a_colleague_won_is_told_and_the_next_is_a_key_away() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("w").unwrap();
    bob_all(&desk, &[ORDER[0]]);
    screen.look().unwrap();
    let short = row(&desk, ORDER[0]).short;
    assert!(screen.status().contains(&short) && screen.status().contains("bob has it"), "{}", screen.status());
    assert_eq!(open(&screen), id(&desk, ORDER[0]), "nothing moves under the hand");
    screen.keys("w").unwrap();
    assert_eq!(open(&screen), id(&desk, ORDER[1]));
    screen.keys("<esc>").unwrap();
    assert_eq!(owner(&desk, ORDER[0]).as_deref(), Some("bob"), "it is not given back over his head");
}

#[test]
fn what_i_give_away_myself_is_told_as_no_loss() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("wabo<enter>").unwrap();
    assert!(screen.status().contains("you assigned this to bob"), "{}", screen.status());
    screen.keys("w").unwrap();
    assert_eq!(open(&screen), id(&desk, ORDER[1]));
}

#[test]
fn what_is_in_hand_is_shown_again_until_it_was_dealt_with() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("w").unwrap().keys("w").unwrap();
    assert_eq!(open(&screen), id(&desk, ORDER[0]));
    assert!(screen.status().contains("it is in hand"), "{}", screen.status());
    assert_eq!(owner(&desk, ORDER[1]), None);
}

#[test]
fn the_lease_is_lengthened_by_a_key_and_not_by_time_alone() {
    let desk = Desk::new();
    let until = |desk: &Desk| row(desk, ORDER[0]).worker.map(|worker| worker.until);
    let mut screen = desk.screen((80, 24));
    screen.keys("w").unwrap();
    let first = until(&desk).unwrap();
    screen.wait(6 * 60_000).unwrap();
    assert_eq!(until(&desk), Some(first));
    screen.keys("j").unwrap();
    assert_eq!(until(&desk), Some(first.plus(6 * 60_000)));
    // Whoever went to lunch has it again by a key, where nobody took it.
    screen.wait(40 * 60_000).unwrap();
    assert_eq!(until(&desk), None);
    screen.keys("k").unwrap();
    assert_eq!(until(&desk), Some(first.plus(46 * 60_000)));
}

#[test]
fn where_nothing_can_be_taken_it_is_said_what_waits_longest_and_how_to_go_on() {
    let desk = Desk::new();
    let all = ["order@shop", "invoice@north", "login@dana", "ship@li", "quote@south", "press@daily", "thanks@omar"];
    bob_all(&desk, &all);
    for (columns, rows) in [(80, 24), (140, 40)] {
        let mut screen = desk.screen((columns, rows));
        screen.keys("w").unwrap();
        assert!(screen.app().queue.is_none());
        insta::assert_snapshot!(format!("an_empty_queue_at_{columns}x{rows}"), screen.screen());
    }
}

#[test]
fn the_last_one_done_leaves_the_queue_open_and_says_that_it_is_empty() {
    let desk = Desk::new();
    let bob = bob_all(&desk, &["order@shop", "invoice@north", "login@dana", "ship@li", "quote@south", "press@daily"]);
    let mut screen = desk.screen((100, 24));
    screen.keys("we").unwrap();
    assert!(screen.status().contains("Nothing to take"), "{}", screen.status());
    assert!(screen.screen().contains("Queue 0 waiting"), "{}", screen.screen());
    // What is given back by a colleague comes at once.
    wish(&bob, &desk, &["press@daily"], Wish::Assign { to: None });
    screen.look().unwrap().keys("w").unwrap();
    assert_eq!(open(&screen), id(&desk, "press@daily"));
}

#[test]
fn what_was_given_back_is_offered_again_when_nothing_else_is_left() {
    let desk = Desk::new();
    bob_all(&desk, &["order@shop", "invoice@north", "login@dana", "ship@li", "quote@south", "press@daily"]);
    let mut screen = desk.screen((100, 24));
    screen.keys("wW<enter>").unwrap();
    assert!(screen.status().contains("1 that you gave back is left"), "{}", screen.status());
    screen.keys("w").unwrap();
    assert_eq!(open(&screen), id(&desk, ORDER[0]));
    assert_eq!(owner(&desk, ORDER[0]).as_deref(), Some("alice"));
}

#[test]
fn a_prompt_that_is_open_when_the_next_comes_stays_and_the_next_waits_for_its_key() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.typed_and_then("w/", Event::Tick(desk.clock.now())).unwrap();
    let is_prompt = |screen: &Harness| matches!(screen.app().layers.last(), Some(Layer::Prompt(_)));
    assert!(is_prompt(&screen) && screen.app().open.is_none(), "{}", screen.screen());
    assert_eq!(owner(&desk, ORDER[0]).as_deref(), Some("alice"));
    screen.text("lamp").unwrap();
    assert!(is_prompt(&screen) && screen.screen().contains("/lamp"), "{}", screen.screen());
    screen.keys("<esc>w").unwrap();
    assert_eq!(open(&screen), id(&desk, ORDER[0]));
    assert_eq!(owner(&desk, ORDER[1]), None);
}

#[test]
fn nothing_is_given_back_where_nothing_is_in_hand() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("W").unwrap();
    assert!(screen.status().contains("nothing of the queue is in hand"), "{}", screen.status());
}

#[test]
fn what_is_closed_in_the_last_minutes_of_its_lease_is_not_taken_up_again() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("w").unwrap();
    screen.wait(6 * 60_000).unwrap();
    screen.keys("e").unwrap();
    let closed = row(&desk, ORDER[0]);
    assert_eq!((closed.status, closed.worker), (Status::Closed, None));
    assert_eq!(open(&screen), id(&desk, ORDER[1]));
}
