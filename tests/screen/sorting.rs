//! By what the list is sorted: chosen on the screen, kept for a view, with the cursor loyal to its conversation.

use postroom::model::view::Sort;
use postroom::runtime::Harness;

use super::seed::Desk;

fn sorted(by: Sort) -> Desk {
    let mut desk = Desk::new();
    desk.sort = by;
    desk
}

fn head(screen: &Harness) -> String {
    screen.screen().lines().next().unwrap_or_default().to_owned()
}

fn people(screen: &Harness) -> Vec<String> {
    screen.app().list.rows.iter().map(|row| row.people.to_string()).collect()
}

#[test]
fn what_is_open_begins_with_whoever_has_waited_longest_and_the_head_says_so() {
    let screen = sorted(Sort::Waiting).screen((80, 24));
    assert!(head(&screen).starts_with(" Unassigned 7 · waiting longest ↑ "), "{}", head(&screen));
    assert_eq!(people(&screen).first().map(String::as_str), Some("Omar Said"));
    assert!(screen.screen().lines().nth(1).unwrap().starts_with("   8d "), "{}", screen.screen());
    let screen = sorted(Sort::Waiting).screen((40, 20));
    assert!(head(&screen).starts_with(" Unassigned 7 ↑waiting"), "{}", head(&screen));
}

#[test]
fn the_cursor_stays_on_its_conversation_when_the_list_is_sorted_anew() {
    let mut screen = sorted(Sort::Waiting).screen((80, 24));
    screen.keys("jj").unwrap();
    let on = screen.app().current_row().unwrap().id.clone();
    for (keys, words) in [
        ("Va", "newest first ↓"),
        ("Va", "oldest first ↑"),
        ("Vc", "last created ↓"),
        ("Vc", "first created ↑"),
        ("Vw", "waiting longest ↑"),
        ("Vw", "waiting shortest ↓"),
    ] {
        screen.keys(keys).unwrap();
        assert!(head(&screen).contains(words), "{keys}: {}", head(&screen));
        assert_eq!(screen.app().current_row().unwrap().id, on, "{keys}");
        assert_eq!(people(&screen).len(), 7, "{keys}");
    }
}

#[test]
fn an_order_is_kept_for_its_view_and_for_no_other() {
    let mut screen = sorted(Sort::Waiting).screen((80, 24));
    screen.keys("Vc").unwrap();
    assert!(head(&screen).contains("last created ↓"), "{}", head(&screen));
    screen.keys("4").unwrap();
    assert!(head(&screen).contains("waiting longest ↑"), "{}", head(&screen));
    screen.keys("3").unwrap();
    assert!(head(&screen).contains("last created ↓"), "{}", head(&screen));
}

#[test]
fn an_order_is_chosen_from_a_list_or_typed_and_one_that_is_none_is_told_with_the_nearest() {
    let mut screen = sorted(Sort::Waiting).screen((80, 24));
    screen.keys("VV").unwrap();
    assert!(screen.screen().contains("who waits longest stands first"), "{}", screen.screen());
    screen.keys("<down><enter>").unwrap();
    assert!(head(&screen).contains("newest first ↓"), "{}", head(&screen));
    screen.keys(":").unwrap().text("sort created").unwrap().keys("<enter>").unwrap();
    assert!(head(&screen).contains("last created ↓"), "{}", head(&screen));
    screen.keys(":").unwrap().text("sort creatd").unwrap();
    assert!(screen.screen().contains("created"), "{}", screen.screen());
    screen.keys("<esc>1Vw").unwrap();
    assert!(screen.status().contains("the in-tray stands by what its news are about"), "{}", screen.status());
}

#[test]
fn a_list_longer_than_its_window_is_sorted_around_the_cursor() {
    let mut desk = super::bytes::busy();
    desk.sort = Sort::Activity;
    let mut screen = desk.screen((80, 24));
    screen.keys("jjjjj").unwrap();
    let on = screen.app().current_row().unwrap().id.clone();
    screen.keys("Vw").unwrap();
    assert_eq!(screen.app().current_row().unwrap().id, on);
    screen.keys("<home>").unwrap();
    let first = screen.app().current_row().unwrap().waiting_since;
    screen.keys("<end>").unwrap();
    let last = screen.app().current_row().unwrap().waiting_since;
    assert!(first < last, "{first:?} {last:?}");
    assert_eq!(screen.app().list.rows.len(), 70);
}
