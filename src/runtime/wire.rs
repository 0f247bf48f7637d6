//! Between frames and the terminal: the fewest bytes that make the terminal show the next frame.
//!
//! Over SSH every byte of a key is waited for. The frame is compared with what the terminal shows, row by row. Rows that moved are moved
//! by the terminal. What is right already is jumped over, or written again where that is shorter; looks change by the shortest way; ends of
//! rows are erased. The terminal is left in its default look, so that nothing need be reset first, and with no frame nothing is written.

mod device;
mod motion;
mod moved;
mod pen;
mod slot;
mod stroke;

use std::io;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;

use self::moved::Moved;
use self::slot::{Slot, slots};
use self::stroke::Stroke;

pub use self::device::{Device, Memory, Tty};

/// A frame of fewer bytes is through before anybody could see half of it.
const TOGETHER_MIN: usize = 400;
/// A frame of fewer bytes has no rows that are worth moving.
const MOVE_MIN: usize = 120;

/// What a terminal can do beyond what all can.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ability {
    /// Which glyphs it repeats by a number.
    pub repeats: Repeats,
    /// Whether colours are wanted.
    pub colours: bool,
}

/// Which glyphs a terminal repeats by a number (REP, ECMA-48 8.3.103).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repeats {
    /// None, as far as is known.
    #[default]
    Nothing,
    /// Those of ASCII: tmux 3.3a passes over REP behind any other, and the rest of the row stands too far left.
    Ascii,
    /// All.
    All,
}

impl Repeats {
    /// Tells whether this one can be repeated.
    fn takes(self, glyph: &str) -> bool {
        match self {
            Repeats::Nothing => false,
            Repeats::Ascii => glyph.is_ascii(),
            Repeats::All => true,
        }
    }
}

/// Shows frames on a device.
#[derive(Debug)]
pub struct Wire<D> {
    device: D,
    ability: Ability,
    /// What the terminal shows; `None` where somebody else wrote to it.
    shown: Option<Buffer>,
    /// Whether the cursor is to be seen, where that is known.
    cursor: Option<bool>,
    /// Where the cursor is; `None` where it is hidden.
    cursor_at: Option<Position>,
    stroke: Stroke,
    /// Bytes written, ever.
    pub bytes: u64,
}

impl<D: Device> Wire<D> {
    /// Makes one that knows nothing yet of what the device shows.
    pub fn new(device: D, ability: Ability) -> Self {
        let stroke = Stroke { repeats: ability.repeats, ..Stroke::default() };
        Self { device, ability, shown: None, cursor: None, cursor_at: None, stroke, bytes: 0 }
    }

    /// Returns where the frames go.
    pub fn device(&self) -> &D {
        &self.device
    }

    /// Returns where the frames go, to be changed.
    pub fn device_mut(&mut self) -> &mut D {
        &mut self.device
    }

    /// Returns the frame that is shown.
    pub fn shown(&self) -> Option<&Buffer> {
        self.shown.as_ref()
    }

    /// Returns where the cursor is; `None` where it is hidden.
    pub fn cursor(&self) -> Option<Position> {
        self.cursor_at
    }

    /// Returns how many cells were drawn, ever.
    pub fn cells(&self) -> u64 {
        self.stroke.cells
    }

    /// Forgets what is known of the terminal: somebody else wrote to it.
    pub fn forget(&mut self) {
        (self.shown, self.cursor) = (None, None);
    }

    /// Takes a frame; it is written by [`Wire::finish`].
    pub fn frame(&mut self, next: &Buffer) {
        let mut shown = match self.shown.take().filter(|shown| shown.area == next.area) {
            Some(shown) => shown,
            None => self.begin(next),
        };
        let columns = usize::from(next.area.width).max(1);
        let (old, new): (Vec<&[Cell]>, Vec<&[Cell]>) =
            (shown.content.chunks(columns).collect(), next.content.chunks(columns).collect());
        self.stroke = self.paint(&old, &new);
        for (old, new) in shown.content.iter_mut().zip(&next.content).filter(|(old, new)| old != new) {
            old.clone_from(new);
        }
        self.shown = Some(shown);
    }

    /// Begins on an empty screen.
    fn begin(&mut self, next: &Buffer) -> Buffer {
        self.stroke.bytes.extend_from_slice(b"\x1b[r\x1b[m\x1b[H\x1b[2J");
        self.stroke.pen = pen::Look::default();
        self.stroke.at = Some(motion::At::new(0, 0));
        self.stroke.columns = next.area.width;
        Buffer::empty(next.area)
    }

    /// Draws what differs, with rows moved first where that is shorter.
    fn paint(&self, shown: &[&[Cell]], next: &[&[Cell]]) -> Stroke {
        let plain = self.rows(shown, next, None);
        if plain.bytes.len() - self.stroke.bytes.len() < MOVE_MIN {
            return plain;
        }
        let moved = moved::candidates(shown, next);
        let tried = moved.iter().map(|moved| self.rows(shown, next, Some(*moved)));
        // Of two that are equally short, the one that moves nothing.
        std::iter::once(plain.clone()).chain(tried).min_by_key(|stroke| stroke.bytes.len()).unwrap_or(plain)
    }

    fn rows(&self, shown: &[&[Cell]], next: &[&[Cell]], moved: Option<Moved>) -> Stroke {
        let mut stroke = self.stroke.clone();
        if let Some(Moved { top, bottom, by }) = moved
            && let (Ok(top), Ok(bottom)) = (u16::try_from(top), u16::try_from(bottom))
        {
            stroke.shift(top, bottom, by);
        }
        for (y, new) in (0u16..).zip(next) {
            let from = moved.map_or(Some(usize::from(y)), |moved| moved.source(usize::from(y)));
            let old = from.and_then(|from| shown.get(from).copied());
            if old == Some(*new) {
                continue;
            }
            let new = slots(new, self.ability.colours);
            let old = old.map_or_else(|| vec![Slot::BLANK; new.len()], |old| slots(old, self.ability.colours));
            stroke.row(y, &old, &new);
        }
        stroke
    }

    /// Writes the frame that was taken, with the cursor at a place or hidden. Writes nothing where nothing is new.
    ///
    /// # Errors
    /// When the device can't be written.
    pub fn finish(&mut self, cursor: Option<Position>) -> io::Result<()> {
        self.cursor_at = cursor;
        self.stroke.wear(pen::Look::default());
        if let Some(Position { x, y }) = cursor {
            self.stroke.go(usize::from(x), y);
        }
        if self.cursor != Some(cursor.is_some()) {
            let sequence: &[u8] = if cursor.is_some() { b"\x1b[?25h" } else { b"\x1b[?25l" };
            self.stroke.bytes.extend_from_slice(sequence);
            self.cursor = Some(cursor.is_some());
        }
        let mut bytes = std::mem::take(&mut self.stroke.bytes);
        if bytes.is_empty() {
            return Ok(());
        }
        if bytes.len() >= TOGETHER_MIN {
            // Synchronised output: the terminal shows the frame when it has all of it.
            bytes = [b"\x1b[?2026h".as_slice(), &bytes, b"\x1b[?2026l"].concat();
        }
        self.bytes += u64::try_from(bytes.len()).unwrap_or_default();
        self.device.write_all(&bytes)?;
        self.device.flush()
    }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
