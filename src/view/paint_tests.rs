#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::window;

#[test]
fn the_title_of_a_window_does_not_take_the_faint_colour_of_its_frame() {
    let mut terminal = Terminal::new(TestBackend::new(20, 3)).unwrap();
    let (faint, bold) = (Style::new().fg(Color::Indexed(240)), Style::new().add_modifier(Modifier::BOLD));
    terminal.draw(|frame| _ = window(frame, Rect::new(0, 0, 20, 3), "Title", faint, bold)).unwrap();
    let buffer = terminal.backend().buffer();
    let title = &buffer[(3, 0)];
    assert_eq!((title.symbol(), title.fg), ("i", Color::Reset));
    assert!(title.modifier.contains(Modifier::BOLD));
    assert_eq!(buffer[(15, 0)].fg, Color::Indexed(240));
}
