//! Where sheets stand: what is asked rises from the bottom, over the pane that it acts in, and never over the row that it is about.

use ratatui::layout::Rect;

use crate::app::layer::Layer;
use crate::app::picker::{Picker, PickerKind};
use crate::app::prompt::{Prompt, PromptKind};
use crate::app::{App, Pane};
use crate::model::text::columns;

/// A sheet is never wider.
const WIDEST: u16 = 100;
/// A sheet is no narrower than this, where the screen has the room: it begins further left then.
const NARROWEST: u16 = 60;
/// The rows of the palette.
const PALETTE: usize = 8;
/// From this many columns on what is chosen is shown beside the choices, and below under them.
pub const PREVIEW_BESIDE_FROM: u16 = 60;

impl App {
    /// Returns where the sheet stands that lies topmost; `None` where none does.
    pub fn sheet(&self) -> Option<Rect> {
        if self.which {
            return Some(self.place_of_sheet(self.which_lines()));
        }
        self.sheet_of(self.layers.last()?)
    }

    /// Returns where a layer stands that is a sheet.
    pub fn sheet_of(&self, layer: &Layer) -> Option<Rect> {
        let lines = match layer {
            Layer::Picker(picker) => lines_of(picker),
            Layer::Prompt(prompt) => self.prompt_lines(prompt),
            Layer::Quit(quitting) => quitting.mail.soon.len() + usize::from(quitting.mail.later.is_some()),
            Layer::Page(_) | Layer::Compose(_) | Layer::Collision(_) | Layer::Out(_) => return None,
        };
        Some(self.place_of_sheet(lines))
    }

    /// Returns the place of a sheet with so many lines under its title: at most half the screen, above the rows at the bottom.
    fn place_of_sheet(&self, lines: usize) -> Rect {
        let body = self.geometry().body;
        let widest = body.width.min(WIDEST);
        let left = self.left_of_sheet();
        let room = body.width.saturating_sub(left);
        let width = widest.min(room.max(NARROWEST.min(widest)));
        let most = (self.size.1 / 2).max(2);
        let height = u16::try_from(lines + 1).unwrap_or(u16::MAX).min(most).min(body.height);
        Rect::new(left.min(body.width - width), body.bottom() - height, width, height)
    }

    /// Returns the left edge of the pane that a sheet acts in.
    fn left_of_sheet(&self) -> u16 {
        let is_covered =
            self.layers.iter().any(|layer| matches!(layer, Layer::Compose(_) | Layer::Out(_) | Layer::Page(_)));
        if is_covered {
            return 0;
        }
        let places = self.geometry();
        let place = match self.focus {
            Pane::Views | Pane::List => places.list,
            Pane::Conversation => places.conversation,
            Pane::Customer => places.customer,
        };
        place.map_or(0, |place| place.x)
    }

    /// Returns how many rows of the list stand above the sheet: the cursor's is one of them.
    pub(crate) fn rows_in_sight(&self) -> usize {
        let rows = self.list_rows();
        let places = self.geometry();
        let (Some(sheet), Some(list)) = (self.sheet(), places.list) else { return rows };
        let covered = list.intersection(sheet);
        if covered.is_empty() {
            return rows;
        }
        let lost = covered.height.div_ceil(places.row_height.max(1));
        rows.saturating_sub(usize::from(lost)).max(1)
    }

    /// Returns how many lines a prompt takes: the text, and what is said of it. A text that is wrapped into more is scrolled.
    fn prompt_lines(&self, prompt: &Prompt) -> usize {
        let room = usize::from(self.geometry().body.width.min(WIDEST)).saturating_sub(3).max(5);
        let text = prompt.line.text();
        let lines: usize = text.split('\n').map(|line| columns(line) / room + 1).sum();
        match prompt.kind {
            PromptKind::Note | PromptKind::EditNote(_) => lines + 1,
            _ => lines.min(3) + 1,
        }
    }
}

/// Returns how many lines the choices of a picker take. That stays while letters narrow them down: nothing jumps, and less is drawn.
fn lines_of(picker: &Picker) -> usize {
    match picker.kind {
        PickerKind::Palette => PALETTE,
        PickerKind::Saved => usize::MAX - 1,
        PickerKind::Choice | PickerKind::Assign | PickerKind::Tags => picker.choices.len().max(1),
        PickerKind::Merge => picker.choices.len() + 1,
    }
}
