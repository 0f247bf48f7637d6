//! A terminal that counts columns as a real one does: by a table that was asked of it (`tests/languages/real/widths.py`). It knows what the
//! screen writes and nothing more.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

/// The columns that a terminal gives.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    /// Ranges of code points by their first: the last, and the columns. Others have one.
    ranges: BTreeMap<u32, (u32, usize)>,
    /// Graphemes that were asked for as a whole.
    pub sequences: Vec<(String, usize)>,
}

impl Table {
    /// Reads the tables of all terminals.
    pub fn all() -> [Self; 3] {
        [
            Self::read("xterm", include_str!("../languages/widths-xterm.txt")),
            Self::read("vte", include_str!("../languages/widths-vte.txt")),
            Self::read("kitty", include_str!("../languages/widths-kitty.txt")),
        ]
    }

    fn read(name: &'static str, text: &str) -> Self {
        let hex = |digits: &str| u32::from_str_radix(digits, 16).unwrap();
        let (mut ranges, mut sequences) = (BTreeMap::new(), Vec::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((letters, columns)) = line.split_once(" = ") {
                let letters = letters.split(' ').map(|digits| char::from_u32(hex(digits)).unwrap()).collect();
                sequences.push((letters, columns.parse().unwrap()));
            } else {
                let (range, columns) = line.split_once(' ').unwrap();
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                ranges.insert(hex(first), (hex(last), columns.parse().unwrap()));
            }
        }
        Self { name, ranges, sequences }
    }

    /// Returns the columns of a code point by itself.
    pub fn of(&self, c: char) -> usize {
        let found = self.ranges.range(..=u32::from(c)).next_back();
        found.filter(|(_, (last, _))| u32::from(c) <= *last).map_or(1, |(_, (_, columns))| *columns)
    }

    fn sequence(&self, text: &str) -> Option<usize> {
        self.sequences.iter().find(|(letters, _)| letters == text).map(|(_, columns)| *columns)
    }

    /// Returns by how much a code point makes wider what it stands behind, where it belongs to that.
    fn joins(&self, before: &str, c: char) -> Option<isize> {
        let alone = self.of(c);
        let last = before.chars().next_back()?;
        let first = before.chars().next()?;
        let is = |sequence: &str, columns| self.sequence(sequence) == Some(columns);
        match c {
            '\u{FE0F}' if is("❤\u{FE0F}", 2) && self.of(first) == 1 && is_picture(first) => Some(1),
            '\u{FE0E}' if is("😀\u{FE0E}", 1) && self.of(first) == 2 && is_picture(first) => Some(-1),
            '\u{1F3FB}'..='\u{1F3FF}' if is("👍🏽", 2) && is_picture(last) => Some(0),
            '\u{1F1E6}'..='\u{1F1FF}' if self.of(c) == 2 && is("🇩🇪", 2) && before.chars().count() == 1 => {
                ('\u{1F1E6}'..='\u{1F1FF}').contains(&last).then_some(0)
            }
            _ => (alone == 0).then_some(0),
        }
    }
}

fn is_picture(c: char) -> bool {
    matches!(c, '#' | '*' | '0'..='9' | '©' | '®' | '\u{203C}'..='\u{3299}' | '\u{1F000}'..)
}

/// What stands at a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Blank,
    /// A letter with its marks, and its columns.
    Letter(String, usize),
    /// The letter so many columns to the left covers it.
    Covered(usize),
}

/// The screen of a terminal.
#[derive(Debug)]
pub struct Counted<'t> {
    table: &'t Table,
    pub rows: Vec<Vec<Place>>,
    at: (usize, usize),
    margins: (usize, usize),
    /// Whether the last column was written, so that the next letter goes to the next row.
    wraps: bool,
    autowrap: bool,
    /// What was printed last, which REP prints again.
    last: Option<char>,
}

impl<'t> Counted<'t> {
    pub fn new(table: &'t Table, (columns, rows): (usize, usize)) -> Self {
        let rows_of = vec![vec![Place::Blank; columns]; rows];
        Self { table, rows: rows_of, at: (0, 0), margins: (0, rows), wraps: false, autowrap: true, last: None }
    }

    /// Shows what was written.
    pub fn process(&mut self, bytes: &[u8]) {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\x1b' => self.escape(&mut chars),
                '\r' => self.go(0, self.at.1),
                '\n' => self.down(),
                '\x08' => self.go(self.at.0.saturating_sub(1), self.at.1),
                c => self.put(c),
            }
        }
    }

    fn columns(&self) -> usize {
        self.rows[0].len()
    }

    fn go(&mut self, column: usize, row: usize) {
        self.at = (column.min(self.columns() - 1), row.min(self.rows.len() - 1));
        self.wraps = false;
    }

    fn down(&mut self) {
        self.wraps = false;
        if self.at.1 + 1 == self.margins.1 {
            self.shift(self.margins.0, 1);
        } else {
            self.at.1 = (self.at.1 + 1).min(self.rows.len() - 1);
        }
    }

    /// Takes rows away at one, with blank ones at the end of the margins.
    fn shift(&mut self, row: usize, count: usize) {
        let blank = vec![Place::Blank; self.columns()];
        for _ in 0..count {
            self.rows.remove(row);
            self.rows.insert(self.margins.1 - 1, blank.clone());
        }
    }

    fn put(&mut self, c: char) {
        self.last = Some(c);
        if let Some(more) = self.before().and_then(|(column, text)| Some((column, self.table.joins(&text, c)?))) {
            return self.join(more.0, c, more.1);
        }
        let width = self.table.of(c);
        // A mark with nothing to stand on.
        if width == 0 {
            return;
        }
        if self.wraps || self.at.0 + width > self.columns() {
            if self.autowrap {
                self.at.0 = 0;
                self.down();
            } else {
                self.at.0 = self.columns() - width;
            }
        }
        let (column, row) = self.at;
        for n in column..column + width {
            self.vacate(n, row);
            self.rows[row][n] = Place::Covered(n - column);
        }
        self.rows[row][column] = if c == ' ' { Place::Blank } else { Place::Letter(c.to_string(), width) };
        self.advance(column + width);
    }

    fn advance(&mut self, column: usize) {
        self.wraps = column >= self.columns();
        self.at.0 = column.min(self.columns() - 1);
    }

    /// Returns the letter before the cursor, with its column.
    fn before(&self) -> Option<(usize, String)> {
        let column = if self.wraps { self.at.0 } else { self.at.0.checked_sub(1)? };
        let row = &self.rows[self.at.1];
        let column = if let Place::Covered(left) = row[column] { column - left } else { column };
        if let Place::Letter(text, _) = &row[column] { Some((column, text.clone())) } else { None }
    }

    fn join(&mut self, column: usize, c: char, more: isize) {
        let row = self.at.1;
        let Place::Letter(text, width) = self.rows[row][column].clone() else { return };
        let wide = width.saturating_add_signed(more).min(self.columns() - column);
        for n in column + wide.min(width)..column + wide.max(width) {
            if wide > width {
                self.vacate(n, row);
            }
            self.rows[row][n] = if wide > width { Place::Covered(n - column) } else { Place::Blank };
        }
        self.rows[row][column] = Place::Letter(format!("{text}{c}"), wide);
        if wide != width {
            self.advance(column + wide);
        }
    }

    /// Takes away what stands at a column, with all of a wide letter.
    fn vacate(&mut self, column: usize, row: usize) {
        let first = if let Place::Covered(left) = self.rows[row][column] { column - left } else { column };
        let Place::Letter(_, width) = self.rows[row][first] else { return };
        self.rows[row][first..first + width].fill(Place::Blank);
    }

    fn erase(&mut self, from: usize, to: usize, row: usize) {
        for column in from..to.min(self.columns()) {
            self.vacate(column, row);
            self.rows[row][column] = Place::Blank;
        }
    }

    fn escape(&mut self, chars: &mut Peekable<Chars>) {
        match chars.next() {
            Some('M') if self.at.1 == self.margins.0 => panic!("nothing is moved by a step up"),
            Some('M') => self.go(self.at.0, self.at.1 - 1),
            Some('[') => self.control(chars),
            other => panic!("ESC {other:?} is not known here"),
        }
    }

    fn control(&mut self, chars: &mut Peekable<Chars>) {
        let mut said = String::new();
        let end = loop {
            match chars.next().unwrap() {
                c @ ('0'..='9' | ';' | '?') => said.push(c),
                c => break c,
            }
        };
        let numbers: Vec<usize> = said.trim_start_matches('?').split(';').map(|n| n.parse().unwrap_or(0)).collect();
        let number = |n: usize| numbers.get(n).copied().unwrap_or(0).max(1);
        let (column, row) = self.at;
        match end {
            'm' => {}
            'h' | 'l' if said == "?7" => self.autowrap = end == 'h',
            'h' | 'l' => assert!(["?2026", "?25"].contains(&said.as_str()), "mode {said} is not known here"),
            'H' => self.go(number(1) - 1, number(0) - 1),
            'G' => self.go(number(0) - 1, row),
            'd' => self.go(column, number(0) - 1),
            'C' => self.go(column + number(0), row),
            'D' => self.go(column.saturating_sub(number(0)), row),
            'K' => self.erase(column, self.columns(), row),
            'X' => self.erase(column, column + number(0), row),
            'J' => (0..self.rows.len()).for_each(|row| self.erase(0, self.columns(), row)),
            'b' => {
                let Some(last) = self.last else { return };
                (0..number(0)).for_each(|_| self.put(last));
            }
            'M' => self.shift(row, number(0)),
            'L' => {
                for _ in 0..number(0) {
                    self.rows.remove(self.margins.1 - 1);
                    let blank = vec![Place::Blank; self.columns()];
                    self.rows.insert(row, blank);
                }
            }
            'r' => {
                self.margins = if said.is_empty() { (0, self.rows.len()) } else { (number(0) - 1, number(1)) };
                self.go(0, 0);
            }
            other => panic!("CSI {said}{other} is not known here"),
        }
    }
}
