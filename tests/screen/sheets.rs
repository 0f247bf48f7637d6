//! Sheets: what is asked rises from the bottom and never covers the row that it is about; the palette, help and what can follow a key.

use std::collections::BTreeSet;

use postroom::app::{Layer, Page, Pane};
use postroom::keymap::{Action, Bound, Context, Key, Keymap};
use postroom::model::status::Status;
use postroom::model::view::View;
use postroom::runtime::Harness;

use super::seed::Desk;

const SIZES: [(u16, u16); 6] = [(40, 8), (40, 12), (80, 24), (100, 30), (140, 40), (200, 50)];

/// Every sheet that rises over the list, by its keys.
const SHEETS: [&str; 13] = [":", "a", "t", "m", "n", "zz", "z", "g", "s", "/", "T", "'", ":assign<space>"];

fn picker(screen: &Harness) -> &postroom::app::Picker {
    match screen.app().layers.last() {
        Some(Layer::Picker(picker)) => picker,
        other => panic!("no picker: {other:?}"),
    }
}

fn labels(screen: &Harness) -> Vec<&str> {
    let picker = picker(screen);
    picker.shown.iter().map(|place| picker.choices[*place].label.as_str()).collect()
}

#[test]
fn a_sheet_never_covers_the_cursors_row_and_takes_at_most_half_the_height() {
    for size in SIZES {
        for keys in SHEETS {
            for before in ["", "jj", "G"] {
                let desk = Desk::new();
                let mut screen = desk.screen(size);
                screen.keys(&format!("{before}{keys}")).unwrap();
                let app = screen.app();
                let sheet = app.sheet().unwrap_or_else(|| panic!("{keys} is no sheet"));
                assert!(sheet.height <= size.1 / 2 && sheet.width <= 100, "{keys} at {size:?}: {sheet:?}");
                assert_eq!(sheet.bottom(), app.geometry().body.bottom(), "{keys} at {size:?}");
                let Some(row) = app.list.current() else { continue };
                let last = row.people.as_str().split(' ').next().unwrap();
                let above: Vec<String> =
                    screen.screen().lines().take(usize::from(sheet.y)).map(str::to_owned).collect();
                let is_seen = above.iter().any(|line| line.contains(last));
                assert!(is_seen, "{before}{keys} at {size:?} covers {last}:\n{}", screen.screen());
            }
        }
    }
}

#[test]
fn escape_closes_one_layer_and_leaves_the_list_as_it_was() {
    for size in [(40, 12), (80, 24), (140, 40)] {
        for keys in SHEETS {
            let desk = Desk::new();
            let mut screen = desk.screen(size);
            screen.keys("jj").unwrap();
            let on = screen.app().current_id();
            screen.keys(keys).unwrap();
            assert!(screen.app().layers.len() + screen.app().pending.len() == 1, "{keys}");
            screen.keys("<esc>").unwrap();
            assert!(screen.app().layers.is_empty() && screen.app().pending.is_empty(), "{keys}");
            assert_eq!(screen.app().current_id(), on, "{keys}");
            assert_eq!(desk.store.unpushed(10).unwrap().len(), 0, "{keys}");
        }
    }
}

#[test]
fn sheets_look_so() {
    let shots = [
        ("palette", ":"),
        ("palette_snooze", ":snooze<space>tue"),
        ("assign", "ab"),
        ("tag", "tvip<space>la"),
        ("which_go", "g"),
        ("which_snooze", "z"),
        ("move", "m"),
        ("note", "nThe<space>parcel<space>is<space>still<space>here."),
        ("search", "/from:ana"),
        ("status", ":status<enter>"),
        ("help", "?"),
        ("help_found", "?snooze"),
        ("help_every_key", "?<tab>"),
        ("log_of_all", "egl"),
    ];
    for (columns, rows) in [(40, 12), (80, 24), (140, 40)] {
        for (name, keys) in shots {
            let desk = Desk::new();
            let mut screen = desk.screen((columns, rows));
            screen.keys(keys).unwrap();
            insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), screen.screen());
        }
    }
}

#[test]
fn every_action_stands_in_the_palette_and_in_help_with_one_sentence() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys(":").unwrap();
    let offered: BTreeSet<&str> = labels(&screen).into_iter().collect();
    let helped: BTreeSet<String> =
        Context::ALL.iter().flat_map(|context| screen.app().help(*context)).map(|(_, sentence)| sentence).collect();
    for action in Action::ALL {
        assert!(offered.contains(action.name()), "{} is not in the palette", action.name());
        let sentence = action.sentence();
        let is_helped = helped.iter().any(|helped| helped.starts_with(sentence.trim_end_matches('.')));
        assert!(is_helped, "{} is not in help", action.name());
        assert_eq!(sentence.matches(". ").count(), 0, "{sentence}");
    }
}

#[test]
fn no_built_in_key_needs_control_alt_or_a_function_key() {
    let keymap = Keymap::builtin();
    let is_plain = |key: &Key| !key.ctrl && !key.alt && !matches!(key.code, postroom::keymap::Code::F(_));
    // What is written in has ways of its own, behind Escape.
    let contexts = Context::ALL.into_iter().filter(|context| !matches!(context, Context::Compose | Context::Input));
    for context in contexts {
        let plain: BTreeSet<Bound> = [context, Context::Global]
            .into_iter()
            .flat_map(|of| keymap.bindings(of))
            .filter(|(keys, _)| keys.iter().all(is_plain))
            .map(|(_, bound)| bound)
            .collect();
        for (keys, bound) in keymap.bindings(context) {
            let by_name = context == Context::Global && bound.action().is_some();
            let drawn = matches!(bound.action(), Some(Action::Redraw | Action::Suspend));
            let has_way = plain.contains(&bound) || by_name || drawn;
            assert!(has_way || keys.iter().all(is_plain), "{context:?}: {}", bound.name());
        }
    }
}

#[test]
fn what_can_not_be_done_says_why_alike_by_key_by_palette_and_in_help() {
    let desk = Desk::empty();
    let mut screen = desk.screen((80, 24));
    let keymap = screen.app().around.keymap.clone();
    let off: Vec<(Action, String)> = Action::ALL
        .iter()
        .filter_map(|action| Some((*action, postroom::text::render(&screen.app().why_not(*action)?))))
        .collect();
    assert!(off.len() > 40, "{off:?}");
    for (action, why) in off {
        let told = format!("{}: {why}", action.name().replace('-', " "));
        screen.keys(":").unwrap().text(action.name()).unwrap();
        assert_eq!(picker(&screen).chosen().unwrap().disabled.as_deref(), Some(why.as_str()), "{}", action.name());
        screen.keys("<enter>").unwrap();
        let last = |screen: &Harness| screen.app().notices.last().unwrap().text.to_string();
        assert!(last(&screen).contains(&told), "{}: {}", action.name(), last(&screen));
        screen.keys("<esc>").unwrap();
        assert!(screen.app().layers.is_empty(), "{}", action.name());
        let label = keymap.label(Context::List, action);
        if !label.is_empty() {
            screen.keys(&label).unwrap();
            assert!(last(&screen).contains(&told), "{label}: {}", last(&screen));
            // A pause, behind which keys are not meant for a line that did not open.
            screen.wait(600).unwrap();
            let helped = screen.app().help(Context::List);
            assert!(helped.iter().any(|(_, line)| line.contains(&why)), "{}", action.name());
        }
    }
}

#[test]
fn the_first_hit_begins_as_was_typed_or_nothing_is_chosen() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    for typed in ["as", "clo", "snooze t", "zzz", "snz", "vie", "colours", "mvbox", "undo"] {
        screen.keys(":").unwrap().text(typed).unwrap();
        let begins =
            |label: &str| label.split(['-', ' ']).any(|word| word.starts_with(typed)) || label.starts_with(typed);
        if let Some(choice) = picker(&screen).chosen() {
            assert!(begins(&choice.label), "{typed}: {}", choice.label);
        }
        screen.keys("<esc>").unwrap();
    }
    for typed in ["b", "da", "finn", "cf", "xo", "nobod", "ob"] {
        screen.keys("a").unwrap().text(typed).unwrap();
        if let Some(choice) = picker(&screen).chosen() {
            let words = format!("{} {}", choice.label, choice.detail).to_lowercase();
            let initials: String = choice.detail.split(' ').filter_map(|word| word.chars().next()).collect();
            let is_meant = words.split(' ').any(|word| word.starts_with(typed)) || initials.to_lowercase() == typed;
            assert!(is_meant, "{typed}: {words}");
        }
        screen.keys("<esc>").unwrap();
    }
}

#[test]
fn the_palette_puts_what_is_called_so_first_and_what_only_speaks_of_it_under_a_heading() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys(":").unwrap().text("as").unwrap();
    assert_eq!(labels(&screen)[..2], ["assign", "assign-me"]);
    screen.keys("<c-u>").unwrap().text("snz").unwrap();
    assert_eq!(picker(&screen).chosen(), None);
    assert!(screen.screen().contains("words:") && screen.screen().contains("snooze"), "{}", screen.screen());
    // Nothing is done by chance.
    screen.keys("<enter>").unwrap();
    assert!(matches!(screen.app().layers.last(), Some(Layer::Picker(_))));
    screen.keys("<c-u>").unwrap().text("waiting").unwrap();
    assert!(screen.screen().contains("view waiting"), "{}", screen.screen());
}

#[test]
fn the_palette_shows_a_times_moment_while_it_is_typed_and_on_what_it_acts() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys(":").unwrap().text("snooze tue 14").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("2026-11-24 14:00") && shown.contains("Ana Lima t1z9"), "{shown}");
    screen.keys("<enter>").unwrap();
    let row = screen.app().current_row().unwrap().clone();
    assert!(desk.store.row_now(&row.id).unwrap().unwrap().snoozed_until.is_some());
    screen.keys(":").unwrap().text("snooze tuesday weekly").unwrap();
    assert!(picker(&screen).choices.iter().all(|choice| choice.disabled.is_some()), "{}", screen.screen());
}

#[test]
fn the_palette_remembers_what_was_done_and_goes_back_to_it_by_up_and_offers_it_first() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys(":").unwrap().text("assign bob").unwrap().keys("<enter>:").unwrap().text("note hello").unwrap();
    screen.keys("<enter>:").unwrap();
    assert_eq!(labels(&screen)[..2], ["note hello", "assign bob"]);
    screen.keys("<up><up>").unwrap();
    assert_eq!(picker(&screen).line.text(), "assign bob");
    screen.keys("<down>").unwrap();
    assert_eq!(picker(&screen).line.text(), "note hello");
}

#[test]
fn the_palette_opens_a_conversation_by_its_id_shows_views_searches_and_replies_with_a_saved_reply() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let third = screen.app().list.rows[2].clone();
    screen.keys(":").unwrap().text(&third.short).unwrap().keys("<enter>").unwrap();
    assert_eq!((screen.app().focus, screen.app().current_id()), (Pane::Conversation, Some(third.id)));
    screen.keys("<esc>:").unwrap().text("view waiting").unwrap().keys("<enter>").unwrap();
    assert_eq!(screen.app().shown_view(), Some(&View::Waiting));
    screen.keys(":").unwrap().text("search from:jonas").unwrap().keys("<enter>").unwrap();
    assert_eq!(screen.app().query(), "from:jonas");
}

#[test]
fn what_can_follow_a_key_is_shown_at_once_by_a_question_mark_and_another_key_does_nothing() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.typed_and_then("g", postroom::app::Event::Key(Key::char('?'))).unwrap();
    assert!(screen.app().which && screen.screen().contains("In-tray"), "{}", screen.screen());
    screen.keys("x").unwrap();
    assert!(!screen.app().which && screen.app().pending.is_empty());
    assert!(screen.status().contains("gx does nothing here"), "{}", screen.status());
}

#[test]
fn g_goes_to_places_and_the_last_view_is_one_key_away() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    for (keys, view) in [
        ("gi", View::InTray),
        ("gm", View::Mine),
        ("gu", View::Unassigned),
        ("gw", View::Waiting),
        ("gf", View::Followed),
        ("ga", View::All),
        ("gc", View::Closed),
    ] {
        screen.keys(keys).unwrap();
        assert_eq!(screen.app().shown_view(), Some(&view), "{keys}");
    }
    screen.keys("-").unwrap();
    assert_eq!(screen.app().shown_view(), Some(&View::All));
    screen.keys("g-").unwrap();
    assert_eq!(screen.app().shown_view(), Some(&View::Closed));
    screen.keys("gaGgg").unwrap();
    assert_eq!(screen.app().list.cursor, 0);
    screen.keys("ge").unwrap();
    assert_eq!(screen.app().list.cursor + 1, screen.app().list.rows.len());
    screen.keys("gl").unwrap();
    assert!(matches!(screen.app().layers.last(), Some(Layer::Page(Page::Log { id: None, .. }))));
}

#[test]
fn z_and_a_letter_snooze_and_the_last_words_count_again() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let until =
        |screen: &Harness, id| desk.store.row_now(id).unwrap().unwrap().snoozed_until.map(|at| screen.app().say(at));
    let rows: Vec<_> = screen.app().list.rows.iter().map(|row| row.id.clone()).collect();
    screen.keys("zl").unwrap();
    assert!(screen.status().contains("nothing was snoozed yet"), "{}", screen.status());
    screen.keys("zt").unwrap();
    assert_eq!(until(&screen, &rows[0]).as_deref(), Some("Sat 2026-11-21 09:00 UTC"));
    screen.keys("jzz").unwrap().text("tue 9").unwrap().keys("<enter>jzl").unwrap();
    assert_eq!(until(&screen, &rows[1]).as_deref(), Some("Tue 2026-11-24 09:00 UTC"));
    assert_eq!(until(&screen, &rows[2]), until(&screen, &rows[1]));
}

#[test]
fn a_full_stop_does_the_last_thing_once_more_and_d_deletes_nothing() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let rows: Vec<_> = screen.app().list.rows.iter().map(|row| row.id.clone()).collect();
    let row = |id| desk.store.row_now(id).unwrap().unwrap();
    screen.keys("d").unwrap();
    assert!(screen.status().contains("nothing is deleted here · e closes"), "{}", screen.status());
    assert_eq!(desk.store.unpushed(10).unwrap().len(), 0);
    screen.keys("tvip<enter>j.").unwrap();
    assert!(row(&rows[0]).tags == row(&rows[1]).tags && row(&rows[1]).tags.len() == 1, "{}", screen.screen());
    screen.keys("e.").unwrap();
    assert_eq!((row(&rows[1]).status, row(&rows[2]).status), (Status::Closed, Status::Closed));
}

#[test]
fn tags_are_set_by_space_on_all_that_are_marked_and_the_last_ones_are_offered_first() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let rows: Vec<_> = screen.app().list.rows.iter().map(|row| row.id.clone()).collect();
    let tags = |id| {
        let row = desk.store.row_now(id).unwrap().unwrap();
        row.tags.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    screen.keys("tlate<enter>").unwrap();
    screen.keys("<space><space>t").unwrap();
    assert!(screen.screen().contains("Tag 2 marked") && screen.screen().contains("on 1 of 2"), "{}", screen.screen());
    screen.keys("l<space>vip<space><enter>").unwrap();
    assert_eq!(
        (tags(&rows[0]), tags(&rows[1])),
        (vec!["late".into(), "vip".into()], vec!["late".into(), "vip".into()])
    );
    screen.keys("ggt").unwrap();
    assert_eq!(labels(&screen).len(), 2);
    screen.keys("-la<enter>").unwrap();
    assert_eq!(tags(&rows[0]), ["vip"]);
    screen.keys("t").unwrap().text("va").unwrap();
    assert_eq!(labels(&screen), ["#va"]);
    screen.keys("<bs>").unwrap();
    assert_eq!(labels(&screen), ["#vip", "#v"], "a tag in use stands before a new one");
}

#[test]
fn help_is_looked_through_by_words_and_does_what_is_found() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let first = screen.app().current_row().unwrap().id.clone();
    screen.keys("?").unwrap();
    assert!(screen.screen().contains("Answer") && screen.screen().contains("reply"), "{}", screen.screen());
    screen.text("take").unwrap().keys("<esc>?").unwrap().text("assign to me").unwrap().keys("<enter>").unwrap();
    assert!(screen.app().layers.is_empty());
    assert_eq!(desk.store.row_now(&first).unwrap().unwrap().assignee.unwrap().as_str(), "alice");
    screen.keys("?<tab>").unwrap();
    assert!(screen.screen().contains("In the list"), "{}", screen.screen());
    screen.keys("<pgdn><pgdn><esc>").unwrap();
    assert!(screen.app().layers.is_empty());
}

#[test]
fn a_saved_reply_begins_an_answer_with_its_picker_or_by_its_name() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys(";").unwrap();
    assert!(screen.app().compose().is_some(), "{}", screen.screen());
}

#[test]
fn a_backslash_before_enter_begins_a_new_line_of_a_note() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen
        .keys("n")
        .unwrap()
        .text("one\\")
        .unwrap()
        .keys("<enter>")
        .unwrap()
        .text("two")
        .unwrap()
        .keys("<enter>")
        .unwrap();
    assert!(desk.store.unpushed(10).unwrap()[0].1.contains(r#""text":"one\ntwo""#));
}

#[test]
fn tags_stand_by_who_put_them_on_last_with_how_often_that_was() {
    let desk = Desk::new();
    let bob = desk.other("bob");
    let ids: Vec<_> = desk.screen((80, 24)).app().list.rows.iter().map(|row| row.id.clone()).collect();
    let tag = |id: &postroom::model::ids::ConversationId, tag: &str| {
        let wish = postroom::op::Wish::Tag {
            add: [postroom::model::ids::Tag::new(tag).unwrap()].into(),
            remove: Default::default(),
        };
        let shown = bob.shown(std::slice::from_ref(id)).unwrap();
        let _ = postroom::service::triage::plan(&bob, &shown, &[wish]).unwrap().carry_out(&bob).unwrap();
    };
    tag(&ids[1], "zebra");
    tag(&ids[2], "zebra");
    tag(&ids[3], "late");
    tag(&ids[4], "vip");
    tag(&ids[5], "zebra");
    for (columns, rows) in [(80, 24), (140, 40)] {
        let mut screen = desk.screen((columns, rows));
        screen.keys("t").unwrap();
        let offered = |screen: &Harness| match screen.app().layers.last() {
            Some(Layer::Picker(picker)) => picker.choices.iter().map(|choice| choice.label.clone()).collect(),
            _ => Vec::<String>::new(),
        };
        assert_eq!(offered(&screen), ["#zebra", "#vip", "#late"]);
        insta::assert_snapshot!(format!("tags_by_use_{columns}x{rows}"), screen.screen());
    }
    let mut screen = desk.screen((80, 24));
    screen.keys("t").unwrap().text("late").unwrap().keys("<enter>t").unwrap();
    assert!(screen.screen().contains("used 2 times lately"), "{}", screen.screen());
}
