//! What one place of a row shows.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use ratatui::buffer::Cell;

use super::pen::Look;
use crate::model::columns::columns;

/// What stands at a column of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot<'a> {
    /// One grapheme; empty where a wide one to the left covers the column.
    pub text: &'a str,
    pub look: Look,
    /// Columns that it takes; 0 where it is covered.
    pub width: u16,
}

impl Slot<'_> {
    /// An empty place.
    pub const BLANK: Slot<'static> = Slot {
        text: " ",
        look: Look {
            fg: ratatui::style::Color::Reset,
            bg: ratatui::style::Color::Reset,
            attributes: ratatui::style::Modifier::empty(),
        },
        width: 1,
    };

    /// Tells whether it belongs to the letter before it, and has a column of its own.
    pub fn is_mark(&self) -> bool {
        self.text.chars().next().is_some_and(is_mark_with_a_place)
    }

    /// Tells whether a fence stands at it.
    pub fn is_fenced(&self) -> bool {
        !self.text.is_ascii() && self.text.contains(FENCE)
    }

    /// Tells whether terminals may disagree about the columns it takes.
    pub fn is_doubtful(&self) -> bool {
        if self.text.is_ascii() {
            return false;
        }
        let mut chars = self.text.trim_start_matches(FENCE).chars();
        let Some(first) = chars.next() else { return false };
        // Newer than the tables of many terminals, half a flag, or a sign that only some count.
        let young = matches!(first, '\u{1F1E6}'..='\u{1F1FF}' | '\u{1FA70}'..='\u{1FBFF}');
        let alone = columns(first.encode_utf8(&mut [0; 4]));
        young || alone != usize::from(self.width) || is_mark_with_a_place(first) || !chars.all(is_plain_mark)
    }
}

/// Takes no column in any terminal: a left-to-right mark.
const FENCE: char = '\u{200E}';

/// Tells whether it is a mark that some terminals give a column and some draw over the letter before it.
fn is_mark_with_a_place(c: char) -> bool {
    c >= '\u{900}' && CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::SpacingMark
}

/// Tells whether a mark is drawn over the letter before it by every terminal and takes no column.
fn is_plain_mark(c: char) -> bool {
    c == FENCE
        || matches!(c,
        '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}'
        | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}'
        | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}' | '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}'
        | '\u{EB1}' | '\u{EB4}'..='\u{EBC}' | '\u{EC8}'..='\u{ECE}' | '\u{3099}' | '\u{309A}')
}

/// Returns what a row of a frame shows, column by column. What can't be shown at its place is blank.
pub(super) fn slots(cells: &[Cell], colours: bool) -> Vec<Slot<'_>> {
    let mut out: Vec<Slot<'_>> = cells.iter().map(|cell| slot(cell, colours)).collect();
    let columns = out.len();
    let mut covered = 0;
    for (x, slot) in out.iter_mut().enumerate() {
        if covered > 0 {
            covered -= 1;
            *slot = Slot { text: "", look: Look::default(), width: 0 };
        } else if x + usize::from(slot.width) > columns {
            *slot = Slot { look: slot.look.on_blank(), ..Slot::BLANK };
        } else {
            covered = slot.width - 1;
        }
    }
    out
}

fn slot(cell: &Cell, colours: bool) -> Slot<'_> {
    let look = if colours {
        Look { fg: cell.fg, bg: cell.bg, attributes: cell.modifier }
    } else {
        Look { attributes: cell.modifier, ..Look::default() }
    };
    let width = u16::try_from(columns(cell.symbol())).unwrap_or(1);
    match cell.symbol() {
        text if text == " " || width == 0 => Slot { look: look.on_blank(), ..Slot::BLANK },
        text => Slot { text, look, width },
    }
}
