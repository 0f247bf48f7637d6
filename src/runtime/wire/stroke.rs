//! Bytes in the making: what was written, and what the terminal's pen and cursor are after it.

use super::Repeats;
use super::motion::{self, At, sequence};
use super::pen::{self, Look};
use super::slot::Slot;

/// The longest stretch of cells that are right already and that it is tried to write over.
const GAP_MAX: usize = 16;
/// The shortest stretch that is worth saying as one glyph and a number.
const REPEAT_MIN: usize = 5;
/// So many blanks that are to be drawn are worth erasing the stretch that they stand in and stepping over it: six bytes more than a step.
const ERASE_MIN: usize = 8;
/// The shortest changed end of a row that is worth erasing as a whole.
const TAIL_MIN: usize = 4;

/// What is being written to the terminal.
#[derive(Clone, Debug, Default)]
pub(super) struct Stroke {
    pub bytes: Vec<u8>,
    pub pen: Look,
    pub at: Option<At>,
    /// Which glyphs the terminal repeats by a number.
    pub repeats: Repeats,
    /// Columns that the terminal has.
    pub columns: u16,
    /// Cells drawn.
    pub cells: u64,
}

impl Stroke {
    /// Makes row `y` show `next` where it shows `shown`.
    pub fn row(&mut self, y: u16, shown: &[Slot<'_>], next: &[Slot<'_>]) {
        if shown.iter().chain(next).any(Slot::is_fenced) {
            return self.whole(y, next);
        }
        let doubt = shown.iter().zip(next).position(|(a, b)| a != b && (a.is_doubtful() || b.is_doubtful()));
        let Some(doubt) = doubt else {
            return self.cells(y, 0, shown, next);
        };
        // Some terminals keep a mark in the cell of the letter before it, which is then drawn again too.
        let is_mark = |at: &usize| [shown, next].iter().any(|row| row.get(*at).is_some_and(Slot::is_mark));
        let doubt = (0..=doubt).rev().find(|at| !is_mark(at)).unwrap_or(0);
        // Where a wide glyph comes to stand over it, erasing must not cut that in half.
        let doubt = next.iter().take(doubt + 1).rposition(|slot| slot.width > 0).unwrap_or(doubt);
        self.cells(y, 0, shown, next.get(..doubt).unwrap_or(next));
        self.anew(y, doubt, next);
    }

    /// Draws a row anew from a column on. How many columns the terminal gives a doubtful grapheme is not known, so nothing behind one is
    /// known either: it is erased, and what follows has its place said.
    fn anew(&mut self, y: u16, mut from: usize, next: &[Slot<'_>]) {
        while let Some(rest) = next.get(from..).filter(|rest| !rest.is_empty()) {
            self.go(from, y);
            self.erase_to_end();
            let doubt = rest.iter().position(Slot::is_doubtful);
            let width = |at: usize| rest.get(at).map_or(1, |slot| usize::from(slot.width.max(1)));
            let taken = doubt.map_or(rest.len(), |at| at + width(at));
            let part = rest.get(..taken).unwrap_or(rest);
            self.cells(y, from, &vec![Slot::BLANK; part.len()], part);
            from += taken;
        }
    }

    /// Writes a row from its beginning, blanks too. mlterm 3.9 counts a fence as a column where the cursor jumps in a row, so that what is
    /// written behind a jump stands too far left by as many.
    fn whole(&mut self, y: u16, next: &[Slot<'_>]) {
        self.go(0, y);
        self.erase_to_end();
        let full = next.iter().rposition(|slot| *slot != Slot::BLANK).map_or(0, |last| last + 1);
        for (x, slot) in next.iter().take(full).enumerate().filter(|(_, slot)| slot.width > 0) {
            self.go(x, y);
            self.print(slot);
        }
        // No step from here comes where it is to.
        self.at = None;
    }

    /// Makes the cells from column `first` on show `next`.
    fn cells(&mut self, y: u16, first: usize, shown: &[Slot<'_>], next: &[Slot<'_>]) {
        let differs: Vec<bool> = shown.iter().zip(next).map(|(a, b)| a != b).collect();
        let reaches_end = first + next.len() == usize::from(self.columns);
        let full = next.iter().rposition(|slot| *slot != Slot::BLANK).map_or(0, |last| last + 1);
        let tail = differs.iter().skip(full).filter(|differs| **differs).count();
        let end = if reaches_end && tail >= TAIL_MIN { full } else { next.len() };
        let mut x = 0;
        while let Some(ahead) = differs.get(x..end).and_then(|rest| rest.iter().position(|differs| *differs)) {
            x += ahead;
            let Some(slot) = next.get(x) else { break };
            // Covered by a glyph that is right already, as far as anybody sees.
            if slot.width == 0 {
                x += 1;
                continue;
            }
            self.approach(first, x, y, next);
            x += self.put(next.get(x..end).unwrap_or_default(), differs.get(x..end).unwrap_or_default());
        }
        if end < next.len() {
            self.go(first + end, y);
            self.erase_to_end();
        }
    }

    /// Brings the cursor to the slot `x`: over what stands between, where writing it again is shorter than a jump.
    fn approach(&mut self, first: usize, x: usize, y: u16, next: &[Slot<'_>]) {
        let target = first + x;
        let here = self.at.filter(|at| at.row == y).and_then(|at| at.column).map(usize::from);
        let from = here.filter(|at| *at >= first && *at < target && target - at <= GAP_MAX);
        if let Some(gap) = from.and_then(|at| next.get(at - first..x))
            && gap.first().is_some_and(|slot| slot.width > 0)
            && !gap.iter().any(Slot::is_doubtful)
        {
            let look = next.get(x).map_or(self.pen, |slot| slot.look);
            let (mut over, mut jump) = (self.clone_empty(), self.clone_empty());
            gap.iter().filter(|slot| slot.width > 0).for_each(|slot| over.print(slot));
            jump.go(target, y);
            let total = |stroke: &Stroke| {
                let mut bytes = Vec::new();
                pen::change(&mut bytes, stroke.pen, look);
                stroke.bytes.len() + bytes.len()
            };
            let shorter = if total(&over) <= total(&jump) { over } else { jump };
            self.bytes.extend_from_slice(&shorter.bytes);
            (self.pen, self.at) = (shorter.pen, shorter.at);
            return;
        }
        self.go(target, y);
    }

    fn clone_empty(&self) -> Self {
        Self { bytes: Vec::new(), ..*self }
    }

    /// Draws what stands first in `rest`, as often as it follows itself there and has to be drawn. Returns how many columns that took.
    fn put(&mut self, rest: &[Slot<'_>], differs: &[bool]) -> usize {
        let Some(slot) = rest.first() else { return 1 };
        let same = rest.iter().zip(differs).take_while(|(other, differs)| *other == slot && **differs).count();
        let one = slot.width == 1 && slot.text.chars().nth(1).is_none() && !slot.is_doubtful();
        if one
            && self.repeats.takes(slot.text)
            && same >= REPEAT_MIN
            && (same - 1) * slot.text.len() > sequence(same - 1, b'b').len()
        {
            self.print(slot);
            self.bytes.extend(sequence(same - 1, b'b'));
            self.advance(same - 1);
            return same;
        }
        let (blank, wrong) = blank(rest, differs);
        if wrong >= ERASE_MIN {
            self.wear(Look::default());
            self.bytes.extend(sequence(blank, b'X'));
            return blank;
        }
        self.print(slot);
        usize::from(slot.width.max(1))
    }

    fn print(&mut self, slot: &Slot<'_>) {
        if slot.text != " " || !self.pen.blanks_as(slot.look) {
            self.wear(slot.look);
        }
        self.bytes.extend_from_slice(slot.text.as_bytes());
        self.cells += 1;
        self.advance(usize::from(slot.width));
        if slot.is_doubtful()
            && let Some(at) = &mut self.at
        {
            at.column = None;
        }
    }

    fn advance(&mut self, columns: usize) {
        if let Some(at) = &mut self.at {
            let column = at.column.and_then(|column| column.checked_add(u16::try_from(columns).ok()?));
            at.column = column.filter(|column| *column < self.columns);
        }
    }

    /// Takes the cursor to a place.
    pub fn go(&mut self, column: usize, row: u16) {
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        motion::go(&mut self.bytes, self.at, column, row);
        self.at = Some(At::new(column, row));
    }

    /// Changes the pen.
    pub fn wear(&mut self, look: Look) {
        pen::change(&mut self.bytes, self.pen, look);
        self.pen = look;
    }

    /// Erases from the cursor to the end of its row (EL): in the default look, since terminals differ in the background it gets.
    fn erase_to_end(&mut self) {
        self.wear(Look::default());
        self.bytes.extend_from_slice(b"\x1b[K");
    }

    /// Lets the rows from `top` to before `bottom` move by `by` (up where positive), with blank rows behind them: within margins (DECSTBM),
    /// by lines deleted or inserted (DL, IL).
    pub fn shift(&mut self, top: u16, bottom: u16, by: i32) {
        self.wear(Look::default());
        self.bytes.extend(format!("\x1b[{};{bottom}r", top + 1).into_bytes());
        // Where margins leave the cursor, not every terminal agrees.
        self.at = None;
        self.go(0, top);
        let lines = usize::try_from(by.unsigned_abs()).unwrap_or_default();
        self.bytes.extend(sequence(lines, if by > 0 { b'M' } else { b'L' }));
        self.bytes.extend_from_slice(b"\x1b[r");
        self.at = None;
    }
}

/// Returns how many blanks stand first in `rest`, up to the last that has to be drawn, and how many of them have to be.
fn blank(rest: &[Slot<'_>], differs: &[bool]) -> (usize, usize) {
    let run = rest.iter().zip(differs).take_while(|(slot, _)| **slot == Slot::BLANK).map(|(_, differs)| *differs);
    run.enumerate().fold((0, 0), |(end, wrong), (at, differs)| if differs { (at + 1, wrong + 1) } else { (end, wrong) })
}
