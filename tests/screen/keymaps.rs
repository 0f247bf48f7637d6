//! The built-in keymaps in the hand.

use postroom::app::{Layer, Page, Pane, PromptKind};
use postroom::keymap::{Action, Context, Keymap};
use postroom::model::status::Status;
use postroom::model::view::View;

use super::seed::Desk;

#[test]
fn hands_that_know_mutt_close_with_d_undo_with_u_and_go_on() {
    let desk = Desk::new();
    let mut screen = desk.screen_with_preset((80, 24), "mutt");
    screen.keys("=j<space>").unwrap();
    assert_eq!(screen.app().focus, Pane::Conversation);
    screen.keys("i").unwrap();
    assert_eq!(screen.app().focus, Pane::List);
    let first = screen.app().current_row().unwrap().clone();
    screen.keys("d").unwrap();
    assert_eq!(desk.store.row_now(&first.id).unwrap().unwrap().status, Status::Closed);
    screen.keys("u").unwrap();
    assert_eq!(desk.store.row_now(&first.id).unwrap().unwrap().status, Status::Open);
}

#[test]
fn hands_that_know_mutt_tag_limit_and_change_the_folder() {
    let desk = Desk::new();
    let mut screen = desk.screen_with_preset((80, 24), "mutt");
    screen.keys("tt").unwrap();
    assert_eq!(screen.app().marked_count(), Some(2));
    screen.keys("wc").unwrap();
    assert!(screen.screen().contains("2 conversations"), "{}", screen.screen());
    screen.keys("l").unwrap();
    assert!(matches!(screen.app().layers.last(), Some(Layer::Prompt(prompt)) if prompt.kind == PromptKind::Search));
    screen.keys("<esc>c").unwrap().text("waiting").unwrap().keys("<enter>").unwrap();
    assert_eq!(screen.app().shown_view(), Some(&View::Waiting));
    screen.keys("g").unwrap();
    assert!(screen.screen().contains("no conversation"), "{}", screen.screen());
}

#[test]
fn hands_that_know_emacs_move_search_and_leave_with_c_g() {
    let desk = Desk::new();
    let mut screen = desk.screen_with_preset((80, 24), "emacs");
    screen.keys("<c-n><c-n><c-p>").unwrap();
    assert_eq!(screen.app().list.cursor, 1);
    screen.keys("<a-gt>").unwrap();
    assert_eq!(screen.app().list.cursor + 1, screen.app().list.rows.len());
    screen.keys("<a-lt><c-f>").unwrap();
    assert_eq!((screen.app().list.cursor, screen.app().focus), (0, Pane::Conversation));
    screen.keys("<c-g><c-s>").unwrap().text("from:jonas").unwrap().keys("<enter>").unwrap();
    assert_eq!(screen.app().list.rows.len(), 1);
    screen.keys("<c-g>").unwrap();
    assert!(screen.app().list.search.is_none());
    screen.keys("<c-x>b<c-g><a-x>").unwrap().text("help").unwrap().keys("<enter>").unwrap();
    assert!(matches!(screen.app().layers.last(), Some(Layer::Page(Page::Help(_)))));
    screen.keys("<c-g><c-x><c-c>").unwrap();
    assert!(screen.app().quitting);
}

#[test]
fn hands_that_know_emacs_write_look_over_and_send_with_c_c_c_c() {
    let desk = Desk::new();
    let mut screen = desk.screen_with_preset((80, 24), "emacs");
    screen.keys("r").unwrap().text("Done").unwrap().keys("<c-c><c-c>").unwrap();
    assert_eq!(screen.app().context(), Context::Review);
    screen.keys("<c-c><c-c>").unwrap();
    assert!(screen.app().layers.is_empty(), "{}", screen.screen());
    assert_eq!(desk.store.outgoing().unwrap().len(), 1);
}

#[test]
fn help_shows_the_keys_of_the_preset_in_force() {
    for (preset, key) in [("default", "e"), ("mutt", "d"), ("emacs", "e")] {
        let desk = Desk::new();
        let screen = desk.screen_with_preset((80, 24), preset);
        let help = screen.app().help(Context::List);
        let close = help.iter().find(|(_, sentence)| sentence == "Close.").unwrap();
        assert!(close.0.split(' ').any(|of| of == key), "{preset}: {close:?}");
    }
}

#[test]
fn every_action_of_every_preset_can_be_asked_for_by_each_of_its_keys_without_harm() {
    for preset in Keymap::presets() {
        let desk = Desk::new();
        for first in ["j", ":", "<enter>"] {
            let mut screen = desk.screen_with_preset((80, 24), preset);
            for context in Context::ALL {
                screen.keys(first).unwrap();
                let keymap = screen.app().around.keymap.clone();
                for (keys, bound) in keymap.bindings(context) {
                    if bound.action() != Some(Action::Quit) {
                        screen.keys(&postroom::keymap::write_keys(&keys)).unwrap();
                    }
                }
            }
        }
    }
}

#[test]
fn a_key_with_arguments_snoozes_assigns_tags_and_shows_a_view() {
    let desk = Desk::new();
    let rows = "[list]\ngs = \"snooze 2d\"\nB = \"assign bob\"\nV = \"tag +vip\"\n[global]\nF1 = \"view waiting\"\nF2 = \"view wating\"\n";
    let mut screen = desk.screen_with_keys((80, 24), rows);
    let first = screen.app().current_row().unwrap().id.clone();
    screen.keys("V").unwrap();
    assert_eq!(desk.store.row_now(&first).unwrap().unwrap().tags[0].as_str(), "vip");
    screen.keys("B").unwrap();
    assert_eq!(desk.store.row_now(&first).unwrap().unwrap().assignee.unwrap().as_str(), "bob");
    let id = screen.app().current_row().unwrap().id.clone();
    screen.keys("gs").unwrap();
    assert!(desk.store.row_now(&id).unwrap().unwrap().snoozed_until.is_some());
    screen.keys("<f1>").unwrap();
    assert_eq!(screen.app().shown_view(), Some(&View::Waiting));
    screen.keys("<f2>").unwrap();
    let said = screen.screen();
    assert!(said.contains("there is no view \"wating\"") && said.contains("did you mean waiting?"), "{said}");
}

#[test]
fn the_palette_completes_what_an_action_takes_and_says_why_a_line_can_not_be() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let first = screen.app().current_row().unwrap().id.clone();
    screen.keys(":").unwrap().text("assign b").unwrap();
    assert!(screen.screen().contains("assign bob"), "{}", screen.screen());
    screen.keys("<enter>").unwrap();
    assert_eq!(desk.store.row_now(&first).unwrap().unwrap().assignee.unwrap().as_str(), "bob");
    screen.keys(":").unwrap().text("snooze 2d").unwrap().keys("<enter>").unwrap();
    screen.keys(":").unwrap().text("assign bxb").unwrap();
    assert!(screen.screen().contains("nobody is called bxb"), "{}", screen.screen());
    screen.keys("<enter>").unwrap();
    assert!(screen.status().starts_with("Can't assign bxb"), "{}", screen.status());
    screen.keys("<esc>:").unwrap().text("vi").unwrap().keys("<tab>").unwrap();
    assert!(screen.screen().contains("\n:view"), "{}", screen.screen());
}
