//! Dialogues that change nothing in the store.

use postroom::app::Pane;
use postroom::keymap::{Action, Context};
use postroom::model::view::View;

use super::seed::Desk;

#[test]
fn j_and_k_move_and_enter_opens_and_escape_goes_back() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("jjk<enter>").unwrap();
    assert_eq!(screen.app().focus, Pane::Conversation);
    assert!(screen.screen().contains("Invoice 2026-118"), "{}", screen.screen());
    screen.keys("<esc>").unwrap();
    assert_eq!(screen.app().focus, Pane::List);
    assert_eq!(screen.app().list.cursor, 1);
}

#[test]
fn a_search_fills_the_list_and_escape_returns_to_the_view() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("/").unwrap().text("from:jonas").unwrap().keys("<enter>").unwrap();
    assert_eq!(screen.app().list.rows.len(), 1);
    assert_eq!(screen.app().total(), Some(1));
    screen.keys("<esc>").unwrap();
    assert!(screen.app().list.search.is_none());
    assert!(screen.app().list.rows.len() > 3);
}

#[test]
fn a_search_that_can_not_be_read_is_not_searched() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("/").unwrap().text("status:opne").unwrap().keys("<enter>").unwrap();
    assert!(screen.app().list.search.is_none());
    assert!(screen.screen().contains("column"), "{}", screen.screen());
}

#[test]
fn a_search_for_an_unknown_name_says_so_beside_its_result_until_another_list_is_shown() {
    for (columns, rows) in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        screen.keys("/").unwrap().text("-inbox:suport assignee:bbo").unwrap().keys("<enter>").unwrap();
        screen.keys("<esc>/").unwrap().text("-inbox:suport").unwrap().keys("<enter>").unwrap();
        assert!(screen.app().list.rows.len() > 3, "the search itself is right");
        insta::assert_snapshot!(format!("an_unknown_name_at_{columns}x{rows}"), screen.screen());
        screen.keys("/").unwrap().text("inbox:support").unwrap().keys("<enter>").unwrap();
        assert_eq!(screen.app().unread(), 0, "{}", screen.status());
    }
}

#[test]
fn a_key_without_meaning_says_so() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("Q").unwrap();
    assert!(screen.status().contains("Q does nothing here"), "{}", screen.status());
}

#[test]
fn an_action_that_can_not_act_says_why() {
    let desk = Desk::empty();
    let mut screen = desk.screen((80, 24));
    screen.keys("e").unwrap();
    assert!(screen.status().contains("Can't close: there is no conversation here"), "{}", screen.status());
}

#[test]
fn escape_leaves_a_half_typed_sequence() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("s<esc>").unwrap();
    assert!(screen.app().pending.is_empty());
    assert_eq!(screen.app().notices.len(), 0);
}

#[test]
fn q_goes_back_from_a_conversation_and_quits_from_the_list() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>q").unwrap();
    assert!(!screen.app().quitting);
    screen.keys("q").unwrap();
    assert!(screen.app().quitting);
}

#[test]
fn numbers_and_brackets_show_views() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("4").unwrap();
    assert_eq!(screen.app().shown_view(), Some(&View::Open));
    screen.keys("[").unwrap();
    assert_eq!(screen.app().shown_view(), Some(&View::Unassigned));
}

#[test]
fn y_copies_to_the_clipboard_of_the_terminal() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>yayiyl").unwrap();
    let short = screen.app().current_row().unwrap().short.clone();
    assert_eq!(screen.asked().copied[..2], ["ana@lima.example".to_owned(), short]);
}

#[test]
fn a_paste_never_acts_as_keys() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.happen(postroom::app::Event::Paste("eeee".into())).unwrap();
    assert_eq!(desk.store.unpushed(10).unwrap().len(), 0);
    screen.keys("n").unwrap().happen(postroom::app::Event::Paste("two\nlines\x1b[2J".into())).unwrap();
    screen.keys("<enter>").unwrap();
    let log = desk.store.unpushed(10).unwrap();
    assert!(log[0].1.contains(r#""text":"two\nlines""#), "{}", log[0].1);
}

#[test]
fn ctrl_z_goes_to_the_background_and_the_screen_is_drawn_anew() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<c-z>").unwrap();
    assert_eq!(screen.asked().suspended, 1);
    assert!(screen.screen().contains("Refund"), "{}", screen.screen());
}

#[test]
fn a_screen_on_which_nothing_happens_draws_no_cell() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.wait(1_000).unwrap();
    let before = screen.engine.stats.cells;
    screen.wait(1_000).unwrap().wait(1_000).unwrap();
    assert_eq!(screen.engine.stats.cells, before);
}

#[test]
fn moving_the_cursor_draws_two_rows_and_no_more() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("j").unwrap();
    let before = screen.engine.stats.cells;
    screen.keys("j").unwrap();
    assert!(screen.engine.stats.cells - before <= 160, "{}", screen.engine.stats.cells - before);
}

#[test]
fn the_screen_follows_the_terminals_size() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    screen.happen(postroom::app::Event::Resize(60, 12)).unwrap();
    assert_eq!(screen.screen().lines().count(), 12);
    for (columns, rows) in [(10, 2), (39, 24), (80, 7)] {
        screen.happen(postroom::app::Event::Resize(columns, rows)).unwrap();
        assert!(screen.screen().starts_with("postroom"), "{}", screen.screen());
    }
    screen.happen(postroom::app::Event::Resize(140, 40)).unwrap();
    assert!(screen.screen().contains("For you"));
}

#[test]
fn every_action_can_be_asked_for_on_every_screen_without_harm() {
    let desk = Desk::new();
    for (size, first) in [((20, 4), "j"), ((40, 8), ":"), ((80, 24), "<enter>"), ((140, 40), "<space>v")] {
        let mut screen = desk.screen(size);
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

#[test]
fn a_key_becomes_a_frame_and_is_measured() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("jjkk").unwrap();
    assert_eq!(screen.engine.stats.keys(), 4);
    assert!(screen.engine.stats.percentile(99) >= screen.engine.stats.percentile(50));
}

#[test]
fn a_search_is_written_anew_or_gone_on_with_and_an_id_finds_its_conversation() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("/").unwrap().text("lamp").unwrap().keys("<enter>").unwrap();
    screen.keys("/").unwrap().text("invoice").unwrap().keys("<enter>").unwrap();
    assert_eq!(screen.app().query(), "invoice");
    screen.keys("/<end>").unwrap().text(" address").unwrap().keys("<enter>").unwrap();
    assert_eq!(screen.app().query(), "invoice address");
    let wanted = screen.app().list.current().unwrap().clone();
    screen.keys("/<bs>").unwrap().text(&wanted.short).unwrap().keys("<enter>").unwrap();
    let found: Vec<_> = screen.app().list.rows.iter().map(|row| row.id.clone()).collect();
    assert_eq!(found, [wanted.id]);
}

/// Keys that open a line, a choice or a mail, and what is typed behind them.
const TYPED: [&str; 8] = [
    "tvip<enter>",
    "nseen<enter>",
    "abo<enter>",
    "zzmon<enter>",
    "Tedit<enter>",
    "reat<space>it<enter>",
    ";refund<enter>",
    "feve<enter>",
];

#[test]
fn what_is_typed_behind_a_line_that_did_not_open_is_told_and_runs_nothing() {
    for keys in TYPED {
        let desk = Desk::empty();
        let mut screen = desk.screen((140, 24));
        let (view, typed) = (screen.app().view, postroom::keymap::parse_keys(keys).unwrap().len() - 1);
        screen.keys(keys).unwrap();
        let letters = if keys.starts_with("zz") { typed - 1 } else { typed };
        let app = screen.app();
        assert!(app.layers.is_empty() && app.view == view && app.list.search.is_none(), "{keys}: {}", screen.screen());
        assert!(screen.status().contains(&format!("{letters} keys were not taken")), "{keys}: {}", screen.status());
        assert!(screen.status().contains("there is no conversation here"), "{keys}: {}", screen.status());
        assert_eq!(app.notices.iter().filter(|told| told.text.as_str().contains("not taken")).count(), 1);
        // The line is over: the next key acts.
        screen.keys("4").unwrap();
        assert_eq!(screen.app().shown_view(), Some(&View::Open), "{keys}");
    }
}

#[test]
fn behind_a_key_that_did_not_open_a_line_the_next_key_acts_after_a_pause_or_where_it_types_nothing() {
    let desk = Desk::empty();
    let mut screen = desk.screen((80, 24));
    screen.keys("t<pgdn>4").unwrap();
    assert_eq!(screen.app().shown_view(), Some(&View::Open));
    screen.keys("t").unwrap().wait(600).unwrap().keys("3").unwrap();
    assert_eq!(screen.app().shown_view(), Some(&View::Unassigned));
}

#[test]
fn what_is_typed_for_a_tag_of_a_row_that_a_colleague_took_runs_nothing() {
    let desk = Desk::new();
    let bob = desk.other("bob");
    let mut screen = desk.screen((80, 24));
    let on = screen.app().current_row().unwrap().id.clone();
    let shown = bob.shown(&[on]).unwrap();
    let wish = postroom::op::Wish::Assign { to: Some(postroom::model::ids::Handle::new("bob").unwrap()) };
    let _ = postroom::service::triage::plan(&bob, &shown, &[wish]).unwrap().carry_out(&bob).unwrap();
    screen.look().unwrap();
    screen.keys("tie<enter>").unwrap();
    assert!(screen.app().layers.is_empty() && screen.app().focus == Pane::List, "{}", screen.screen());
    assert_eq!(desk.store.unpushed(100).unwrap().len(), 1, "nothing but bob's");
    screen.keys("tie<enter>").unwrap();
    assert_eq!(desk.store.row_now(&shown[0].id).unwrap().unwrap().tags.len(), 1);
}

#[test]
fn a_search_that_finds_nothing_offers_what_may_have_been_meant_and_enter_looks_for_it() {
    for (columns, rows) in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        screen.keys("/").unwrap().text("refnud").unwrap().keys("<enter>").unwrap();
        insta::assert_snapshot!(format!("what_may_have_been_meant_{columns}x{rows}"), screen.screen());
        screen.keys("<enter>").unwrap();
        assert_eq!((screen.app().query().as_str(), screen.app().list.rows.len()), ("refund", 1));
        if columns > 100 {
            continue;
        }
        // An agent, and who wrote.
        for (typed, meant) in [("assignee:aliec is:any", "assignee:alice"), ("from:jonsa", "from:jonas")] {
            screen.keys("i/").unwrap().text(typed).unwrap().keys("<enter>").unwrap();
            assert!(screen.screen().contains(&format!("Did you mean {meant} (1)?")), "{typed}: {}", screen.screen());
            screen.keys("<esc>").unwrap();
        }
    }
}

#[test]
fn a_search_that_is_like_nothing_offers_nothing_and_enter_is_not_named() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("/").unwrap().text("qwertzu").unwrap().keys("<enter>").unwrap();
    assert!(!screen.screen().contains("Did you mean"), "{}", screen.screen());
    assert!(!screen.hints().contains("<enter>"), "{}", screen.hints());
}

#[test]
fn a_mistyped_key_of_a_query_is_told_with_the_nearest() {
    let desk = Desk::new();
    let mut screen = desk.screen((100, 24));
    screen.keys("/").unwrap().text("statsu:open").unwrap().keys("<enter>").unwrap();
    assert!(screen.screen().contains("status"), "{}", screen.screen());
}

#[test]
fn a_terminal_that_got_another_size_while_the_program_was_stopped_shows_all_of_it() {
    let desk = Desk::new();
    let mut screen = desk.screen((100, 30));
    // Nobody tells a stopped program of it.
    screen.engine.wire.device_mut().size = (70, 20).into();
    screen.keys("<c-z>").unwrap();
    assert_eq!(screen.app().size, (70, 20));
    assert!(screen.hints().contains("? help"), "{}", screen.screen());
}
