//! The colours on the screen.

use std::collections::BTreeSet;

use postroom::app::Event;
use postroom::model::view::ConversationRow;
use postroom::runtime::Harness;
use postroom::theme::floor::{contrast, rgb};
use ratatui::style::{Color, Modifier};

use super::seed::Desk;

fn desk(theme: &str) -> Desk {
    let mut desk = Desk::new();
    desk.theme = theme.to_owned();
    desk
}

/// Returns the colours of every cell that shows something: foreground and background.
fn colours(screen: &Harness) -> BTreeSet<(String, String)> {
    let buffer = screen.buffer().unwrap();
    let cells = buffer.content.iter().filter(|cell| cell.symbol() != " ");
    cells.map(|cell| (cell.fg.to_string(), cell.bg.to_string())).collect()
}

fn theme(screen: &Harness) -> &str {
    &screen.engine.theme.name
}

#[test]
fn the_palette_shows_a_theme_while_the_cursor_is_on_it_and_escape_restores() {
    let desk = desk("dark");
    let mut screen = desk.screen((80, 24));
    let before = colours(&screen);
    screen.keys(":").unwrap().text("theme light").unwrap();
    assert_eq!((theme(&screen), screen.app().theme.as_str()), ("light", "dark"));
    screen.keys("<esc>").unwrap();
    assert_eq!(theme(&screen), "dark");
    assert_eq!(colours(&screen), before);
    screen.keys(":").unwrap().text("theme").unwrap().keys("<enter><down><down>").unwrap();
    assert_eq!(theme(&screen), "mono");
    screen.keys("<up>").unwrap();
    assert_eq!(theme(&screen), "light");
    screen.keys("<esc>").unwrap();
    assert_eq!(theme(&screen), "dark");
}

#[test]
fn enter_keeps_a_theme_and_says_what_keeps_it_for_longer() {
    let desk = desk("dark");
    let mut screen = desk.screen((140, 40));
    screen.keys(":").unwrap().text("theme mono").unwrap().keys("<enter>").unwrap();
    assert_eq!((theme(&screen), screen.app().theme.as_str()), ("mono", "mono"));
    assert!(screen.status().contains("mono until you leave"), "{}", screen.status());
    assert!(screen.status().contains("theme = \"mono\" in the config keeps it"), "{}", screen.status());
    screen.keys("j<enter><esc>").unwrap();
    assert_eq!(theme(&screen), "mono");
}

#[test]
fn the_terminals_answer_chooses_the_colours_and_an_unanswered_question_leaves_sixteen() {
    let desk = desk("auto");
    let mut screen = desk.screen((80, 24));
    assert_eq!(theme(&screen), "16-colour");
    screen.happen(Event::Ground([0xfd, 0xf6, 0xe3])).unwrap();
    assert_eq!(theme(&screen), "light");
    let ground = [0x50, 0x54, 0x5c];
    screen.happen(Event::Ground(ground)).unwrap();
    assert_eq!(theme(&screen), "dark");
    for (fg, _) in colours(&screen) {
        let Some(fg) = rgb(fg.parse::<Color>().unwrap()) else { continue };
        let rule = rgb(Color::Indexed(240)).unwrap();
        assert!(fg == rule || contrast(fg, ground) >= 4.5, "{fg:?}");
    }
    // A theme that was chosen stays, whatever comes late.
    screen.keys(":").unwrap().text("theme light").unwrap().keys("<enter>").unwrap();
    screen.happen(Event::Ground([0; 3])).unwrap();
    assert_eq!(theme(&screen), "light");
}

#[test]
fn high_contrast_paints_every_cell_of_every_layer() {
    for (name, on) in [("high-contrast", Color::Indexed(16)), ("high-contrast-light", Color::Indexed(231))] {
        let desk = desk(name);
        for keys in ["j", ":", "?", "<enter>", "r", "n", "/", "O", "<space>", "s"] {
            let mut screen = desk.screen((140, 40));
            screen.keys(keys).unwrap();
            let cells = &screen.buffer().unwrap().content;
            // A terminal paints both halves of a wide letter with the first.
            let halves = cells.windows(2).filter(|two| postroom::view::layout::width(two[0].symbol()) < 2);
            for cell in halves.map(|two| &two[1]) {
                assert_eq!(cell.bg, on, "{name} {keys}");
                assert!(contrast(rgb(cell.fg).unwrap(), rgb(cell.bg).unwrap()) >= 7.0, "{name} {keys}: {}", cell.fg);
            }
        }
    }
}

#[test]
fn the_theme_without_colour_draws_none_on_any_layer() {
    let desk = desk("mono");
    for keys in ["j", ":", "?", "<enter>", "r", "n", "/", "O", "<space>", "s", "Q"] {
        let mut screen = desk.screen((140, 40));
        screen.keys(keys).unwrap();
        let none = BTreeSet::from([("Reset".to_owned(), "Reset".to_owned())]);
        assert_eq!(colours(&screen), none, "{keys}");
    }
}

#[test]
fn reverse_is_the_row_under_the_cursor_alone() {
    for name in ["dark", "light", "high-contrast", "16-colour", "mono"] {
        let desk = desk(name);
        let mut screen = desk.screen((80, 24));
        screen.keys("e<space>j").unwrap();
        let buffer = screen.buffer().unwrap();
        let rows: BTreeSet<usize> = (buffer.content.iter().enumerate())
            .filter(|(_, cell)| cell.modifier.contains(Modifier::REVERSED))
            .map(|(n, _)| n / usize::from(buffer.area.width))
            .collect();
        assert_eq!(rows.len(), 1, "{name}: {rows:?}");
    }
}

/// Returns how the first row of the list reads without any colour.
fn row_text(screen: &Harness, row: &ConversationRow) -> String {
    let line = screen.screen().lines().find(|line| line.contains(&row.short)).unwrap_or_default().to_owned();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_row_reads_differently_in_every_state_without_any_colour() {
    let desk = desk("mono");
    let mut screen = desk.screen((80, 24));
    screen.keys("/").unwrap().text("invoice is:any").unwrap().keys("<enter>").unwrap();
    let row = screen.app().current_row().unwrap().clone();
    let id = row.short.clone();
    let mut seen: Vec<(String, String)> = vec![("open".into(), row_text(&screen, &row))];
    let states = [
        (":", "status in-progress", "in progress"),
        (":", "status waiting", "waiting"),
        (":", "status closed", "closed"),
        (":", "status open", ""),
        (":", "assign bob", "bob's"),
        (":", "assign me", "mine"),
        (":", "assign nobody", ""),
        (":", "tag vip", "tagged"),
        (":", "tag -vip", ""),
        (":", "snooze 2d", "asleep"),
        (":", "snooze now", ""),
        (":", "note hello", "noted"),
    ];
    for (key, line, state) in states {
        screen.keys(key).unwrap().text(line).unwrap().keys("<enter>").unwrap();
        if !state.is_empty() {
            seen.push((state.to_owned(), row_text(&screen, &row)));
        }
    }
    screen.keys("<space>k").unwrap();
    seen.push(("marked".to_owned(), row_text(&screen, &row)));
    for (n, (state, text)) in seen.iter().enumerate() {
        assert!(text.contains(&id), "{state}: {text}");
        for (other, same) in &seen[n + 1..] {
            assert_ne!(text, same, "{state} and {other}");
        }
    }
}
