//! Saved replies that the team shares: who shared one stands beside it, and what was changed is shown before it is put in again.

use std::path::Path;

use postroom::model::clock::Timestamp;
use postroom::runtime::Harness;
use postroom::service::saved_replies;
use postroom::store::Store;

use super::seed::Desk;

const SIZES: [(u16, u16); 2] = [(80, 24), (140, 40)];

const OLD: &str = "name: Refund accepted\nsubject: Your refund\ntags: billing\n---\nDear {customer.first_name},\n\n\
    your money is on its way.\nFollow it at https://bank.example/refunds\n\n{agent.first_name}\n";

fn share(store: &Store, text: &str) {
    saved_replies::share(store, vec![("Refund accepted".to_owned(), text.to_owned())]).unwrap();
}

fn evil() -> String {
    OLD.replace("https://bank.example/refunds", "https://bank.example@evil.example/refunds")
}

/// The list of saved replies over a new answer, three days after what was shared so far.
fn listed(desk: &Desk, size: (u16, u16)) -> Harness {
    let mut screen = desk.screen_with_replies(size, Path::new("nowhere"));
    screen.wait(3 * Timestamp::DAY).unwrap().keys("r<c-r>").unwrap();
    screen
}

#[test]
fn who_shared_a_reply_stands_in_the_list_and_its_first_use_needs_no_question() {
    for size in SIZES {
        let desk = Desk::new();
        share(&desk.other("bob"), OLD);
        let own = tempfile::tempdir().unwrap();
        std::fs::write(own.path().join("hours.md"), "name: Opening hours\ntags: all\n---\nMonday to Friday.\n")
            .unwrap();
        let mut screen = desk.screen_with_replies(size, own.path());
        screen.wait(3 * Timestamp::DAY).unwrap().keys("r<c-r>").unwrap();
        insta::assert_snapshot!(format!("the_shared_replies_at_{}x{}", size.0, size.1), screen.screen());
        screen.keys("<down><enter>").unwrap();
        assert!(screen.screen().contains("Follow it at https://bank.example/refunds"), "{}", screen.screen());
        let seen: Vec<String> = desk.store.seen_replies().unwrap().into_values().collect();
        assert_eq!(seen, [OLD]);
    }
}

#[test]
fn a_reply_that_was_changed_is_shown_as_a_difference_before_it_is_put_in() {
    for size in SIZES {
        let desk = Desk::new();
        let bob = desk.other("bob");
        share(&bob, OLD);
        let mut screen = listed(&desk, size);
        screen.keys("<enter><esc><esc>").unwrap();
        share(&bob, &evil());
        screen.keys("r<c-r>").unwrap();
        assert!(screen.screen().contains("shared by bob, now · changed"), "{}", screen.screen());
        screen.keys("<enter>").unwrap();
        insta::assert_snapshot!(format!("the_changed_reply_at_{}x{}", size.0, size.1), screen.screen());
        // Back to the list, with nothing put in and nothing remembered.
        screen.keys("<esc>").unwrap();
        assert!(screen.screen().contains("Saved reply"), "{}", screen.screen());
        assert_eq!(desk.store.seen_replies().unwrap().into_values().collect::<Vec<_>>(), [OLD]);
        screen.keys("<enter><enter>").unwrap();
        assert!(screen.screen().contains("https://bank.example@evil.example/refunds"), "{}", screen.screen());
        // What was composed before stays as it was composed.
        assert!(screen.screen().contains("Follow it at https://bank.example/refunds"), "{}", screen.screen());
        let count = |screen: &Harness| screen.screen().matches("evil.example").count();
        assert_eq!(count(&screen), 1);
        screen.keys("<c-r><enter>").unwrap();
        assert_eq!(count(&screen), 2, "no question again: {}", screen.screen());
        share(&bob, OLD);
        screen.keys("<c-r><enter>").unwrap();
        assert!(screen.screen().contains("was changed since you last used it"), "{}", screen.screen());
    }
}

#[test]
fn nothing_in_a_changed_reply_reaches_the_terminal_as_a_command_or_is_hidden_from_the_reader() {
    let hostile = "name: Refund accepted\n---\n\u{202e}elpmaxe.live\u{202c} \u{1b}]0;owned\u{7}\u{1b}[2Jhere\n";
    let desk = Desk::new();
    let bob = desk.other("bob");
    share(&bob, OLD);
    let mut screen = listed(&desk, (140, 40));
    screen.keys("<enter>").unwrap();
    share(&bob, hostile);
    screen.keys("<c-r><enter>").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("+ <U+202E>elpmaxe.live<U+202C> <U+001B>]0;owned<U+0007><U+001B>[2Jhere"), "{shown}");
    assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{7}']));
}

#[test]
fn the_last_line_of_a_long_change_can_be_reached_on_a_small_screen() {
    let desk = Desk::new();
    let bob = desk.other("bob");
    share(&bob, OLD);
    let mut screen = listed(&desk, (80, 24));
    screen.keys("<enter>").unwrap();
    let long = format!("{}\n{} the very end\n", "x\n".repeat(60), "a word and another ".repeat(150));
    share(&bob, &long);
    screen.keys("<c-r><enter>").unwrap();
    assert!(!screen.screen().contains("the very end"), "{}", screen.screen());
    screen.keys("G").unwrap();
    assert!(screen.screen().contains("the very end"), "{}", screen.screen());
}

#[test]
fn the_name_and_the_tags_of_a_shared_reply_leave_room_for_who_shared_it() {
    let desk = Desk::new();
    let name = "Refund accepted with a very long name that fills the line as far as it goes and further";
    let text = format!("tags: {}\n---\nHello\n", "shared by alice, ".repeat(10));
    saved_replies::share(&desk.other("mallory"), vec![(name.to_owned(), text)]).unwrap();
    let screen = listed(&desk, (80, 24));
    assert!(screen.screen().contains("shared by mallory, 3d"), "{}", screen.screen());
}
