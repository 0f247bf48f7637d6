use proptest::prelude::*;
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::CellWidth as _;
use ratatui::layout::{Rect, Size};
use ratatui::style::{Color, Modifier, Style};

use super::*;

const ABLE: Ability = Ability { repeats: Repeats::All, colours: true };

/// Texts as mails bring them; every emulator agrees on their widths.
const TEXTS: [&str; 14] = [
    "Refund for order 4412",
    "a",
    " ",
    "          ",
    "営業時間のお問い合わせ",
    "誠",
    "──────────────",
    "aaaaaaaaaaaaaaaaaaaa",
    "ne\u{301}e a\u{308}",
    "مُحَمَّد سالم",
    "שלום",
    "พร่ง",
    "😀",
    "│",
];

/// Graphemes on whose width terminals disagree: vt100 counts every emoji of a family, for one.
const DOUBTFUL: [&str; 4] = ["👨\u{200d}👩\u{200d}👧", "❤\u{fe0f}", "🇩🇪", "👍🏽"];

fn wire(size: (u16, u16), ability: Ability) -> Wire<Memory> {
    Wire::new(Memory { written: Vec::new(), size: Size::new(size.0, size.1) }, ability)
}

fn written(wire: &mut Wire<Memory>, frame: &Buffer, cursor: Option<Position>) -> Vec<u8> {
    wire.frame(frame);
    wire.finish(cursor).unwrap();
    std::mem::take(&mut wire.device_mut().written)
}

fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\x1b', "ESC").replace('\r', "CR").replace('\n', "LF")
}

/// What a person can see of a cell.
fn seen(text: &str, style: (vt100::Color, vt100::Color, [bool; 5])) -> (&str, vt100::Color, vt100::Color, [bool; 5]) {
    let (fg, bg, attributes @ [.., underline, inverse]) = style;
    let text = if text.is_empty() { " " } else { text };
    let blank = text == " " && !underline && !inverse;
    (text, if blank { vt100::Color::Default } else { fg }, bg, if blank { [false; 5] } else { attributes })
}

fn colour(colour: Color) -> vt100::Color {
    match colour {
        Color::Indexed(n) => vt100::Color::Idx(n),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        Color::Red => vt100::Color::Idx(1),
        Color::LightCyan => vt100::Color::Idx(14),
        _ => vt100::Color::Default,
    }
}

/// Checks that an emulator shows a frame, cell by cell.
fn shows(emulator: &vt100::Parser, frame: &Buffer) -> Result<(), TestCaseError> {
    let mut covered = 0;
    for (n, cell) in frame.content.iter().enumerate() {
        let (x, y) = frame.pos_of(n);
        if covered > 0 {
            covered -= 1;
            continue;
        }
        covered = cell.cell_width() - 1;
        let on = emulator.screen().cell(y, x).unwrap();
        // Most cells are blank, and nothing of what `seen` passes over is looked at on them.
        let is_blank = !on.has_contents() && on.bgcolor() == vt100::Color::Default && !on.underline() && !on.inverse();
        if is_blank && *cell == Cell::EMPTY {
            continue;
        }
        let has = |attribute| cell.modifier.contains(attribute);
        let wanted =
            [Modifier::BOLD, Modifier::DIM, Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED].map(has);
        let wanted = seen(cell.symbol(), (colour(cell.fg), colour(cell.bg), wanted));
        let drawn = [on.bold(), on.dim(), on.italic(), on.underline(), on.inverse()];
        let mut drawn = seen(on.contents(), (on.fgcolor(), on.bgcolor(), drawn));
        if DOUBTFUL.contains(&cell.symbol()) && cell.symbol().starts_with(drawn.0) {
            drawn.0 = cell.symbol();
        }
        prop_assert_eq!(drawn, wanted, "at {},{} of {}", x, y, frame.area);
    }
    Ok(())
}

/// What happens from one frame to the next.
#[derive(Clone, Debug)]
enum Turn {
    Text(u16, u16, usize, Style),
    Doubtful(u16, u16, usize),
    Look(u16, u16, u16, Style),
    Clear(u16),
    Up(u16, u16, u16),
    Down(u16, u16, u16),
    Columns(u16, u16),
    Nothing,
    Resize(u16, u16),
    Forget,
}

fn style() -> impl Strategy<Value = Style> {
    let colour = prop_oneof![
        4 => Just(Color::Reset),
        1 => Just(Color::Red),
        1 => Just(Color::LightCyan),
        2 => Just(Color::Indexed(117)),
        1 => Just(Color::Rgb(1, 200, 33)),
    ];
    let attribute = prop_oneof![
        3 => Just(Modifier::empty()),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::DIM),
        1 => Just(Modifier::UNDERLINED | Modifier::ITALIC),
        1 => Just(Modifier::REVERSED | Modifier::BOLD),
    ];
    (colour.clone(), colour, attribute).prop_map(|(fg, bg, attribute)| {
        let all = Modifier::all();
        Style::new().fg(fg).bg(bg).remove_modifier(all).add_modifier(attribute)
    })
}

fn turn() -> impl Strategy<Value = Turn> {
    let place = || (0u16..90, 0u16..30);
    prop_oneof![
        8 => (place(), 0..TEXTS.len(), style()).prop_map(|((x, y), n, style)| Turn::Text(x, y, n, style)),
        2 => (place(), 0..DOUBTFUL.len()).prop_map(|((x, y), n)| Turn::Doubtful(x, y, n)),
        2 => (place(), 1u16..40, style()).prop_map(|((x, y), n, style)| Turn::Look(x, y, n, style)),
        1 => (0u16..30).prop_map(Turn::Clear),
        3 => (place(), 1u16..9).prop_map(|((a, b), n)| Turn::Up(a % 30, b, n)),
        2 => (place(), 1u16..9).prop_map(|((a, b), n)| Turn::Down(a % 30, b, n)),
        1 => place().prop_map(|(x, y)| Turn::Columns(x, y)),
        1 => Just(Turn::Nothing),
        1 => (2u16..80, 2u16..26).prop_map(|(w, h)| Turn::Resize(w, h)),
        1 => Just(Turn::Forget),
    ]
}

/// Draws a turn; whatever doesn't fit is left out.
fn take(frame: &mut Buffer, turn: &Turn) {
    let Rect { width, height, .. } = frame.area;
    let row = |frame: &Buffer, y: u16| -> Vec<Cell> {
        let first = usize::from(y) * usize::from(width);
        frame.content[first..first + usize::from(width)].to_vec()
    };
    let put = |frame: &mut Buffer, y: u16, cells: &[Cell]| {
        let first = usize::from(y) * usize::from(width);
        frame.content[first..first + usize::from(width)].clone_from_slice(cells);
    };
    match *turn {
        Turn::Text(x, y, n, style) if x < width && y < height => {
            frame.set_stringn(x, y, TEXTS[n], usize::from(width - x), style);
        }
        // Emulators wrap where they count more columns than there are.
        Turn::Doubtful(x, y, n) if x + 12 < width && y < height => {
            frame.set_string(x, y, DOUBTFUL[n], Style::new());
        }
        Turn::Look(x, y, n, style) if x < width && y < height => {
            frame.set_style(Rect::new(x, y, n.min(width - x), 1), style);
        }
        Turn::Clear(y) if y < height => put(frame, y, &vec![Cell::EMPTY; usize::from(width)]),
        Turn::Up(a, b, n) => {
            let (top, bottom) = (a.min(b).min(height), a.max(b).min(height));
            for y in top..bottom {
                let cells = if y + n < bottom { row(frame, y + n) } else { vec![Cell::EMPTY; usize::from(width)] };
                put(frame, y, &cells);
            }
        }
        Turn::Down(a, b, n) => {
            let (top, bottom) = (a.min(b).min(height), a.max(b).min(height));
            for y in (top..bottom).rev() {
                let cells = if y >= top + n { row(frame, y - n) } else { vec![Cell::EMPTY; usize::from(width)] };
                put(frame, y, &cells);
            }
        }
        Turn::Columns(x, y) => {
            for y in y..height {
                frame.set_stringn(x.min(width - 1), y, "│", 1, Style::new().fg(Color::Indexed(240)));
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_emulator_shows_every_frame_cell_by_cell(
        frames in prop::collection::vec((prop::collection::vec(turn(), 0..12), prop::option::of((0u16..80, 0u16..26))), 1..12),
        repeats in prop_oneof![Just(Repeats::Nothing), Just(Repeats::Ascii), Just(Repeats::All)],
    ) {
        let mut frame = Buffer::empty(Rect::new(0, 0, 60, 16));
        let mut emulator = vt100::Parser::new(16.try_into().unwrap(), 60.try_into().unwrap(), 0);
        let mut wire = wire((60, 16), Ability { repeats, ..ABLE });
        for (turns, cursor) in frames {
            for turn in &turns {
                match *turn {
                    Turn::Resize(columns, rows) => {
                        frame = Buffer::empty(Rect::new(0, 0, columns, rows));
                        emulator = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
                        wire.forget();
                    }
                    Turn::Forget => {
                        emulator.process(b"\x1b[1;31mwhatever\x1b[3;4r");
                        wire.forget();
                    }
                    _ => take(&mut frame, turn),
                }
            }
            let cursor = cursor.map(|(x, y)| Position::new(x % frame.area.width, y % frame.area.height));
            let bytes = written(&mut wire, &frame, cursor);
            emulator.process(&bytes);
            shows(&emulator, &frame)?;
            prop_assert_eq!(emulator.screen().hide_cursor(), cursor.is_none());
            if let Some(Position { x, y }) = cursor {
                prop_assert_eq!(emulator.screen().cursor_position(), (y, x));
            }
            // It is left in its default look.
            prop_assert_eq!(emulator.screen().fgcolor(), vt100::Color::Default);
            prop_assert_eq!(emulator.screen().bgcolor(), vt100::Color::Default);
            prop_assert!(!emulator.screen().bold() && !emulator.screen().inverse() && !emulator.screen().underline());
            prop_assert_eq!(written(&mut wire, &frame, cursor), Vec::<u8>::new());
        }
    }

    #[test]
    fn a_session_takes_fewer_bytes_than_ratatuis_own_backend(
        frames in prop::collection::vec(prop::collection::vec(turn(), 1..12), 1..12),
    ) {
        let size = Rect::new(0, 0, 80, 24);
        let (mut frame, mut before) = (Buffer::empty(size), Buffer::empty(size));
        let mut wire = wire((80, 24), ABLE);
        written(&mut wire, &frame, None);
        for turns in frames {
            let plain = |turn: &&Turn| !matches!(turn, Turn::Resize(..) | Turn::Forget | Turn::Doubtful(..));
            turns.iter().filter(plain).for_each(|turn| take(&mut frame, turn));
            let ours = written(&mut wire, &frame, None).len();
            let mut theirs = Vec::new();
            Backend::draw(&mut CrosstermBackend::new(&mut theirs), before.diff_iter(&frame)).unwrap();
            prop_assert!(ours <= theirs.len(), "{} and {}", ours, theirs.len());
            before = frame.clone();
        }
    }
}

/// A list as it is drawn: times of six columns at the left edge, the cursor on them.
fn list(first: usize, cursor: usize) -> Buffer {
    let mut frame = Buffer::empty(Rect::new(0, 0, 80, 24));
    frame.set_string(0, 0, " All 82 · due first", Style::new().add_modifier(Modifier::BOLD));
    for y in 1..22u16 {
        let n = first + usize::from(y) - 1;
        let row = format!("{:>4}h   O Customer {n:<7}   Change of address for order {n:<16} bob   s{n:03}", n % 100);
        frame.set_string(0, y, row, Style::new());
        if n == cursor {
            let tab = Style::new().fg(Color::Indexed(117)).add_modifier(Modifier::REVERSED);
            frame.set_style(Rect::new(0, y, 6, 1), tab);
        }
    }
    frame.set_string(0, 23, " enter open  r reply  i take", Style::new());
    frame
}

#[test]
fn a_step_of_the_tab_takes_34_bytes() {
    let mut wire = wire((80, 24), ABLE);
    written(&mut wire, &list(100, 103), None);
    let bytes = written(&mut wire, &list(100, 104), None);
    assert_eq!(readable(&bytes), "ESC[5H   3h CRLFESC[7;38;5;117m   4h ESC[m");
    assert_eq!(bytes.len(), 34);
}

#[test]
fn a_step_over_the_edge_moves_the_rows_and_draws_one() {
    let mut wire = wire((80, 24), ABLE);
    written(&mut wire, &list(100, 120), None);
    let down = written(&mut wire, &list(101, 121), None);
    assert!(down.len() <= 150, "{}", readable(&down));
    assert!(readable(&down).starts_with("ESC[2;22rESC[2HESC[MESC[r"), "{}", readable(&down));
    written(&mut wire, &list(101, 101), None);
    let up = written(&mut wire, &list(100, 100), None);
    assert!(up.len() <= 150, "{}", readable(&up));
    assert!(readable(&up).starts_with("ESC[2;22rESC[2HESC[LESC[r"), "{}", readable(&up));
}

#[test]
fn a_letter_typed_at_the_cursor_is_one_byte() {
    let mut wire = wire((40, 5), ABLE);
    let typed = |text: &str| {
        let mut frame = Buffer::empty(Rect::new(0, 0, 40, 5));
        frame.set_string(0, 2, text, Style::new());
        (frame, Some(Position::new(u16::try_from(text.len()).unwrap(), 2)))
    };
    let (frame, cursor) = typed("Dear Ana");
    written(&mut wire, &frame, cursor);
    let (frame, cursor) = typed("Dear Ana,");
    assert_eq!(readable(&written(&mut wire, &frame, cursor)), ",");
}

#[test]
fn only_a_large_frame_is_kept_together() {
    let mut wire = wire((80, 24), ABLE);
    let first = written(&mut wire, &list(0, 0), None);
    assert!(first.starts_with(b"\x1b[?2026h") && first.ends_with(b"\x1b[?2026l"));
    assert!(!readable(&written(&mut wire, &list(0, 1), None)).contains("2026"));
}

#[test]
fn without_colours_none_is_written() {
    let mut wire = wire((80, 24), Ability { colours: false, ..ABLE });
    written(&mut wire, &list(100, 103), None);
    assert_eq!(readable(&written(&mut wire, &list(100, 104), None)), "ESC[5H   3h CRLFESC[7m   4h ESC[m");
}

#[test]
fn a_wide_letter_over_a_grapheme_of_doubtful_width_stays_whole() {
    let mut wire = wire((60, 3), ABLE);
    let mut emulator = vt100::Parser::new(3.try_into().unwrap(), 60.try_into().unwrap(), 0);
    let mut frame = Buffer::empty(Rect::new(0, 0, 60, 3));
    frame.set_string(30, 1, DOUBTFUL[0], Style::new());
    emulator.process(&written(&mut wire, &frame, None));
    let mut next = Buffer::empty(Rect::new(0, 0, 60, 3));
    next.set_string(13, 1, TEXTS[4], Style::new());
    emulator.process(&written(&mut wire, &next, None));
    shows(&emulator, &next).unwrap();
}

#[test]
fn a_row_with_fences_is_written_as_a_whole_without_a_jump_in_it() {
    let mut wire = wire((20, 3), ABLE);
    let mut frame = Buffer::empty(Rect::new(0, 0, 20, 3));
    for (cell, x) in ["\u{200e}ש", "ל", "ו", "ם\u{200e}"].into_iter().zip(1..) {
        frame[(x, 1)].set_symbol(cell);
    }
    frame.set_string(14, 1, "│ a", Style::new());
    frame.set_string(14, 2, "│", Style::new());
    let first = readable(&written(&mut wire, &frame, None));
    let whole = "ESC[K \u{200e}שלום\u{200e}         │";
    assert_eq!(first, format!("ESC[rESC[mESC[HESC[2JLF{whole} aESC[3;15H│ESC[?25l"));
    frame.set_string(16, 1, "b", Style::new());
    let next = readable(&written(&mut wire, &frame, None));
    assert_eq!(next, format!("ESCMCR{whole} b"));
    frame.set_string(1, 1, "abcd", Style::new());
    let last = readable(&written(&mut wire, &frame, None));
    assert_eq!(last, "ESC[2HESC[K abcd         │ b");
}

#[test]
fn what_stands_behind_a_grapheme_of_doubtful_width_is_erased_with_it() {
    let mut wire = wire((40, 3), ABLE);
    let mut frame = Buffer::empty(Rect::new(0, 0, 40, 3));
    frame.set_string(0, 1, "my family 👨\u{200d}👩\u{200d}👧 is here", Style::new());
    written(&mut wire, &frame, None);
    let mut next = Buffer::empty(Rect::new(0, 0, 40, 3));
    next.set_string(0, 1, "my family    is here", Style::new());
    assert_eq!(readable(&written(&mut wire, &next, None)), "ESC[10DESC[K   is here");
}
