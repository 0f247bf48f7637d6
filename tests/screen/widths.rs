//! No row is wider than it says: what the screen writes stands where the frame says it stands, in the width tables of real terminals.

use postroom::model::columns::{columns, drawn};
use postroom::runtime::wire::{Ability, Memory, Repeats, Wire};
use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Rect, Size};
use unicode_segmentation::UnicodeSegmentation as _;

use super::counted::{Counted, Place, Table};
use super::seed::Desk;

const COLUMNS: u16 = 60;
const ROWS: u16 = 8;

/// What mails are made of, on whose columns terminals disagree in many places.
const TEXTS: [&str; 26] = [
    "Refund for order 4412",
    " ",
    "            ",
    "─────────────",
    "استفسار عن الطلب",
    "مُحَمَّدٌ",
    "שאלה עַל",
    "می\u{200c}خواهم",
    "สวัสดีครับ น้ำ",
    "ສະບາຍດີ",
    "សួស្តី ទំនិញ",
    "नमस्ते ऑर्डर की",
    "আমার টাকা ফেরত",
    "வணக்கம் ஆர்டர்",
    "കോഴി മലയാളം",
    "ಕಾಫಿ ಕೂ",
    "ශ්‍රී ලංකා",
    "မြန်မာ",
    "田中 太郎様",
    "안녕하세요",
    "한국",
    "👨\u{200d}👩\u{200d}👧",
    "👍🏽 ok",
    "🇩🇪🇫🇷",
    "❤\u{fe0f} ☹\u{fe0f} 1\u{fe0f}\u{20e3}",
    "🏴\u{200d}☠\u{fe0f}",
];

#[test]
fn the_terminals_of_the_tables_give_whole_graphemes_the_columns_that_they_gave_when_they_were_asked() {
    for table in &Table::all() {
        for (text, columns) in &table.sequences {
            let mut terminal = Counted::new(table, (40, 2));
            terminal.process(format!("a{text}|").as_bytes());
            let end = terminal.rows[0].iter().position(|place| *place == Place::Letter("|".into(), 1));
            assert_eq!(end, Some(columns + 1), "{text:?} in {}", table.name);
        }
    }
}

/// Returns what a terminal makes of texts that are written one after the other, each at its column, with nothing else around.
fn alone(table: &Table, texts: &[(usize, &str)], columns: usize) -> Vec<Place> {
    let mut terminal = Counted::new(table, (columns + 12, 1));
    for (column, text) in texts {
        terminal.process(format!("\x1b[{}G{text}", column + 1).as_bytes());
    }
    terminal.rows[0].clone()
}

/// Tells whether a text is a mark or a sign that belongs to the letter before it: to a reader, or in a terminal.
fn is_sign(table: &Table, text: &str) -> bool {
    let joins = text.chars().next().is_some_and(|first| table.of(first) == 0);
    joins || (!text.is_empty() && format!("a{text}").graphemes(true).next().is_some_and(|first| first.len() > 1))
}

/// Checks that a terminal shows a row of a frame: each grapheme at its place and whole, and nothing else. Pictures that a terminal makes
/// wider than they are may lose their ends.
fn shows(table: &Table, shown: &[Place], cells: &[Cell]) -> Result<(), String> {
    let width = |symbol: &str| columns(symbol).max(1);
    let mut x = 0;
    while x < cells.len() {
        // A letter and its signs, which have cells of their own.
        let (begin, mut texts) = (x, vec![(0, cells[x].symbol())]);
        x += width(cells[x].symbol());
        while x < cells.len() && is_sign(table, cells[x].symbol()) {
            texts.push((x - begin, cells[x].symbol()));
            x += width(cells[x].symbol());
        }
        let taken = x - begin;
        let wanted = match texts[..] {
            [(_, " ")] => vec![Place::Blank; 1],
            _ => alone(table, &texts, taken),
        };
        let there = &shown[begin..x.min(shown.len())];
        let fits = wanted.iter().skip(taken).all(|place| *place == Place::Blank);
        let is_right = if fits {
            there == &wanted[..taken]
        } else {
            let whole: String = texts.iter().map(|(_, text)| *text).collect();
            let first = whole.chars().next().unwrap();
            first > '\u{2000}' && matches!(&there[0], Place::Letter(text, _) if text.starts_with(first))
        };
        if !is_right {
            return Err(format!("{} at {begin}: {texts:?} is wanted, {there:?} is shown", table.name));
        }
    }
    Ok(())
}

fn all_shows(table: &Table, terminal: &Counted, frame: &Buffer) -> Result<(), String> {
    let columns = usize::from(frame.area.width);
    for (y, (shown, cells)) in terminal.rows.iter().zip(frame.content.chunks(columns)).enumerate() {
        let row: String = cells.iter().map(Cell::symbol).collect();
        shows(table, shown, cells).map_err(|why| format!("row {y}, {row:?}: {why}"))?;
    }
    Ok(())
}

/// Puts a text as the screen does it: signs that take a column have a cell of their own. What does not fit is left out.
fn put(frame: &mut Buffer, mut x: u16, y: u16, text: &str) {
    for grapheme in text.graphemes(true) {
        let grapheme = drawn(grapheme);
        let splits = columns(&grapheme) > 1 && grapheme.chars().all(|c| columns(c.encode_utf8(&mut [0; 4])) < 2);
        let mut parts = vec![String::new()];
        for c in grapheme.chars() {
            if splits && columns(c.encode_utf8(&mut [0; 4])) == 1 && parts != [String::new()] {
                parts.push(String::new());
            }
            parts.last_mut().unwrap().push(c);
        }
        for part in parts {
            let wide = u16::try_from(columns(&part)).unwrap();
            if x + wide <= COLUMNS {
                frame[(x, y)].set_symbol(&part);
                (1..wide).for_each(|more| frame[(x + more, y)].reset());
                x += wide;
                // Signs that stood on a letter which is there no more go with it: rows of the screen are drawn whole.
                let is_left =
                    |symbol: &str| format!("a{symbol}").graphemes(true).next().is_some_and(|one| one.len() > 1);
                let mut behind = x;
                while behind < COLUMNS && is_left(frame[(behind, y)].symbol()) {
                    frame[(behind, y)].reset();
                    behind += 1;
                }
            }
        }
    }
}

fn frames() -> impl Strategy<Value = Vec<Vec<(u16, u16, usize)>>> {
    let text = (0..COLUMNS, 0..ROWS, 0..TEXTS.len());
    prop::collection::vec(prop::collection::vec(text, 0..10), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_row_is_wider_than_it_says_in_the_width_tables_of_xterm_vte_and_kitty(
        frames in frames(),
        moves in prop::collection::vec(0..4u16, 8),
        repeats in prop_oneof![Just(Repeats::Nothing), Just(Repeats::Ascii), Just(Repeats::All)],
    ) {
        for table in &Table::all() {
            let memory = Memory { written: Vec::new(), size: Size::new(COLUMNS, ROWS) };
            let mut wire = Wire::new(memory, Ability { repeats, colours: true });
            let mut terminal = Counted::new(table, (usize::from(COLUMNS), usize::from(ROWS)));
            let mut frame = Buffer::empty(Rect::new(0, 0, COLUMNS, ROWS));
            for (texts, up) in frames.iter().zip(&moves) {
                // Rows go up, as where a list is scrolled, and others come.
                let columns = usize::from(COLUMNS);
                frame.content.rotate_left(usize::from(*up) * columns);
                let blank = frame.content.len() - usize::from(*up) * columns;
                frame.content[blank..].iter_mut().for_each(ratatui::buffer::Cell::reset);
                for (x, y, text) in texts {
                    put(&mut frame, *x, *y, TEXTS[*text]);
                }
                wire.frame(&frame);
                wire.finish(None).unwrap();
                terminal.process(&std::mem::take(&mut wire.device_mut().written));
                all_shows(table, &terminal, &frame).map_err(TestCaseError::fail)?;
            }
        }
    }
}

/// Mails of every script, as they came.
fn desk() -> Desk {
    let desk = Desk::empty();
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/languages");
    let mut paths: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
    paths.sort();
    assert!(paths.len() > 20, "the mails stand in {dir}");
    for (uid, path) in (1..).zip(&paths) {
        desk.raw_mail(uid, &std::fs::read_to_string(path).unwrap());
    }
    desk
}

#[test]
fn mail_of_every_script_stands_where_it_should_in_the_width_tables_of_xterm_vte_and_kitty() {
    let desk = desk();
    let tables = Table::all();
    for size in [(132u16, 40u16), (80, 24)] {
        let mut screen = desk.screen(size);
        let mut terminals = tables.each_ref().map(|table| Counted::new(table, (size.0.into(), size.1.into())));
        let mut wrong = Vec::new();
        for keys in ["4", "j", "<enter>", "<c-d>", "<c-d>", "<esc>", "j", "j"].into_iter().cycle().take(110) {
            screen.keys(keys).unwrap();
            let bytes = screen.written();
            let frame = screen.buffer().unwrap();
            for (table, terminal) in tables.iter().zip(&mut terminals) {
                terminal.process(&bytes);
                wrong.extend(all_shows(table, terminal, frame).err());
            }
        }
        assert_eq!(wrong, Vec::<String>::new(), "at {size:?}");
    }
}
