//! The two rows at the bottom: what was told stands above the keys that work now, and neither covers the other.

use postroom::app::{Event, Hit, Pane};
use postroom::error::{ErrorKind, UserError};
use postroom::runtime::Harness;

use super::seed::Desk;

const SIZES: [(u16, u16); 5] = [(40, 8), (40, 12), (80, 24), (140, 40), (200, 50)];

/// Every layer, by keys from the list.
const LAYERS: [&str; 19] = [
    "", "<s-tab>", "<enter>", "/", "t", "n", "zz", "z", "g", "a", ":", "?", "!", "L", "s", "O", "D", "rx<c-s>",
    "rx<c-s>d",
];

fn failure(words: &'static str) -> Event {
    Event::Failed(UserError::new(ErrorKind::Store, words).hint("free some space"))
}

#[test]
fn the_last_row_tells_keys_in_every_layer_at_every_size_and_what_is_told_stands_above_it() {
    for size in SIZES {
        for keys in LAYERS {
            let desk = Desk::new();
            let mut screen = desk.screen(size);
            if !keys.is_empty() {
                screen.keys(keys).unwrap();
            }
            let before = screen.hints();
            assert!(before.split(' ').count() > 1, "{keys} at {size:?}: {before:?}");
            screen.happen(failure("the disk is full")).unwrap();
            assert_eq!(screen.hints(), before, "{keys} at {size:?}");
            if screen.status().contains("Discard this draft?") {
                continue;
            }
            assert!(screen.status().contains("the disk is full"), "{keys} at {size:?}: {}", screen.screen());
            let rows: Vec<String> = screen.screen().lines().map(str::to_owned).collect();
            let told = rows.iter().filter(|row| row.contains("the disk is full")).count();
            assert!(told == 1 || keys == "!", "{keys} at {size:?}: {}", rows.join("\n"));
        }
    }
}

#[test]
fn a_low_screen_lends_a_row_to_what_is_told_and_never_the_cursors() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 9));
    screen.keys("G").unwrap();
    let last = |screen: &Harness| screen.screen().lines().nth(7).unwrap_or_default().to_owned();
    assert!(last(&screen).contains("Omar Said"), "{}", screen.screen());
    screen.happen(failure("the disk is full")).unwrap();
    assert!(last(&screen).contains("the disk is full"), "{}", screen.screen());
    assert!(screen.screen().contains("Omar Said"), "{}", screen.screen());
    screen.wait(9_000).unwrap().keys("G").unwrap();
    assert!(last(&screen).contains("Omar Said"), "{}", screen.screen());
}

#[test]
fn escape_goes_one_step_out_whatever_is_told() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<space><enter>t").unwrap().happen(failure("the disk is full")).unwrap();
    screen.keys("<esc>").unwrap();
    assert!(screen.app().layers.is_empty() && screen.app().focus == Pane::Conversation);
    screen.keys("<esc>").unwrap();
    assert!(screen.app().focus == Pane::List && !screen.app().marks.is_empty());
    screen.keys("<esc>").unwrap();
    assert!(screen.app().marks.is_empty());
    assert!(screen.status().contains("the disk is full"), "no key takes it away unread: {}", screen.status());
}

#[test]
fn a_warning_of_the_composer_stands_in_its_head_while_its_cause_holds() {
    for size in [(40, 12), (80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = desk.screen(size);
        screen.keys("r").unwrap().text("Order {customer.name} of {date}").unwrap();
        insta::assert_snapshot!(format!("to_fill_in_at_{}x{}", size.0, size.1), screen.screen());
        assert!(screen.hints().contains("<tab> fill in"), "{}", screen.hints());
        // What is in hand is what is typed over.
        screen.keys("<tab>").unwrap().text("4412").unwrap();
        assert!(screen.screen().contains("! 1 to fill in: {date}"), "{}", screen.screen());
        screen.keys("<tab>").unwrap().text("today").unwrap();
        assert!(screen.screen().contains("Order 4412 of today"), "{}", screen.screen());
        assert!(!screen.screen().contains("to fill in"), "{}", screen.screen());
        assert!(!screen.hints().contains("fill in"), "{}", screen.hints());
    }
}

#[test]
fn the_reason_why_a_mail_can_not_be_sent_goes_with_the_look_at_it() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("r").unwrap().text("Order {customer.name}").unwrap().keys("<c-s><enter>").unwrap();
    assert!(screen.status().contains("Can't be sent"), "{}", screen.status());
    assert!(screen.hints().contains("<enter> send"), "{}", screen.hints());
    screen.keys("<esc>").unwrap();
    assert!(!screen.status().contains("Can't be sent"), "{}", screen.status());
}

#[test]
fn keys_that_arrive_just_after_a_layer_closed_by_itself_are_dropped_and_counted() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("r").unwrap().text("On its way.").unwrap().keys("<c-s>").unwrap().wait(600).unwrap();
    // A key is on its way already when the mail is put into the outbox and its window closes.
    screen.typed_and_then("c", Event::Key(postroom::keymap::Key::char('c'))).unwrap();
    assert!(screen.app().layers.is_empty(), "{}", screen.screen());
    screen.keys("ec").unwrap();
    assert!(
        screen.app().layers.is_empty()
            && screen.app().notices.iter().all(|told| !told.text.as_str().contains("closed "))
    );
    assert!(screen.status().contains("2 keys were not taken"), "{}", screen.status());
    screen.wait(600).unwrap().keys("c").unwrap();
    assert!(screen.app().compose().is_some(), "{}", screen.screen());
}

#[test]
fn keys_act_at_once_after_a_layer_that_a_key_closed() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("r").unwrap().text("On its way.").unwrap().keys("<c-s><enter>c").unwrap();
    assert!(screen.app().compose().is_some(), "{}", screen.screen());
}

/// A place: the desk, and the keys that lead there.
type Place = (fn() -> Desk, &'static str);

/// What lies where a key could have nothing to do, beside [`LAYERS`].
const BARE: [Place; 9] = [
    (Desk::empty, ""),
    (Desk::empty, "O"),
    (Desk::empty, "D"),
    (Desk::empty, "!"),
    (Desk::new, "/zzzz<enter>"),
    (Desk::new, "txyz<bs><bs><bs>"),
    (Desk::new, "azz"),
    (Desk::new, "jj<enter>"),
    (Desk::new, "?zzzz"),
];

/// Returns the keys that the last row names.
fn named(screen: &Harness) -> Vec<String> {
    let (columns, _) = screen.app().size;
    let row = screen.app().geometry().hints.y;
    let mut keys: Vec<String> = Vec::new();
    for column in 0..columns {
        if let Some(Hit::Key(key)) = screen.app().hits.at(column, row).next()
            && keys.last() != Some(key)
        {
            keys.push(key.clone());
        }
    }
    keys
}

/// What a key can change: what is drawn, asked for and kept, and whether one leaves.
fn state(desk: &Desk, screen: &Harness) -> String {
    let drawn = screen.buffer().map(|buffer| format!("{:?}", buffer.content));
    let kept = desk.store.unpushed(1_000).unwrap().len();
    format!("{drawn:?} {:?} {kept} {}", screen.asked(), screen.app().quitting)
}

#[test]
fn every_key_that_the_last_row_names_does_something_where_one_stands() {
    let layers = LAYERS.iter().map(|keys| (Desk::new as fn() -> Desk, *keys));
    let mut tried = String::new();
    for (desk, keys) in layers.chain(BARE) {
        let open = || {
            let mut desk = desk();
            desk.mouse = true;
            let mut screen = desk.screen((140, 40));
            if !keys.is_empty() {
                screen.keys(keys).unwrap();
            }
            // What a look at a mail takes is behind.
            screen.wait(600).unwrap();
            (desk, screen)
        };
        let (_, before) = open();
        let named = named(&before);
        let which = before.app().which().into_iter();
        let not_now: Vec<String> =
            which.filter(|(_, words)| words.ends_with(" (not now)")).map(|(key, _)| key).collect();
        for key in &named {
            let (desk, mut screen) = open();
            let was = state(&desk, &screen);
            screen.keys(key).unwrap();
            assert_ne!(state(&desk, &screen), was, "{key} of {keys:?} does nothing\n{}", screen.screen());
            // What the place said before is not what the key says. One that is marked as not for now says why, and no other does.
            let says_why = screen.status().contains("Can't") && screen.status() != before.status();
            assert_eq!(says_why, not_now.contains(key), "{key} of {keys:?}: {}", screen.status());
        }
        let place = if before.app().list.rows.is_empty() && keys.len() < 2 { "nothing there" } else { "" };
        tried.push_str(&format!("{place:13} {keys:18} | {}\n", named.join("  ")));
    }
    // Which keys those are: none is left out by chance.
    insta::assert_snapshot!("the_keys_that_the_last_row_names", tried);
}

#[test]
fn what_can_follow_a_key_is_shown_whole_or_counted() {
    for size in [(40, 8), (40, 12), (80, 24), (140, 40)] {
        for key in ["g", "z", "s", "y", "V", "I"] {
            let desk = Desk::new();
            let mut screen = desk.screen(size);
            screen.typed_and_then(key, Event::Key(postroom::keymap::Key::char('?'))).unwrap();
            let all = screen.app().which();
            let mut shown: Vec<String> = screen.screen().lines().map(str::to_owned).collect();
            let _ = shown.pop();
            let shown = shown.join("\n");
            let is_shown = |(key, words): &&(String, String)| {
                let words: String = words.chars().take(8).collect();
                shown.lines().any(|line| line.contains(&format!("{key} {words}")))
            };
            let hidden = all.len() - all.iter().filter(is_shown).count();
            let counted = shown.contains(&format!("{hidden} more"));
            assert!(hidden == 0 || counted, "{key} at {size:?}: {hidden}\n{shown}");
        }
    }
}
