//! Where a mail is written: beside the conversation that it answers, below it, or in its place.

use ratatui::layout::Rect;

use crate::app::compose::Shape;
use crate::app::{App, Compose, Hand, Pane};

/// From this many columns on the text stands beside the conversation.
const BESIDE_FROM: u16 = 120;
/// The fewest rows that the text with its head takes below the conversation, and the most.
const ROWS_MIN: u16 = 8;
const ROWS_MAX: u16 = 16;
/// The fewest rows that the conversation keeps above it: its heading, and four of what is answered.
const KEPT: u16 = 7;

/// The most columns of the text, for eyes to find the next line.
const TEXT_MAX: u16 = 80;
/// The columns right of the text, into which the rows of a quote are pushed by their sign.
pub const SPARE: u16 = 4;

/// Where a mail is written, and where its conversation is read meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Desk {
    /// The text with its head; empty while the conversation is read in its place.
    pub text: Rect,
    /// The conversation; `None` where it has no room, or there is none.
    pub conversation: Option<Rect>,
    /// Whether they stand side by side.
    pub beside: bool,
}

impl Desk {
    /// Returns the columns of the text.
    pub fn text_columns(&self) -> u16 {
        self.text.width.saturating_sub(1 + SPARE).clamp(1, TEXT_MAX)
    }
}

impl App {
    /// Returns how a text stands that is written.
    pub fn text_shape(&self, compose: &Compose) -> Shape {
        // How many columns it has depends on nothing that is in it.
        let columns = usize::from(self.desk(compose, u16::MAX).text_columns());
        Shape { columns, as_is: self.around.screen_order.as_is() }
    }

    /// Tells whether the conversation that is answered is in sight while its answer is written.
    pub(crate) fn reads_beside(&self) -> bool {
        self.compose().is_some_and(|compose| {
            let desk = self.desk(compose, ROWS_MIN);
            desk.conversation.is_some() && !desk.text.is_empty()
        })
    }

    /// Returns where a mail is written; `wanted` are the rows that it fills.
    pub fn desk(&self, compose: &Compose, wanted: u16) -> Desk {
        let geometry = self.geometry_with(Pane::Conversation);
        let body = geometry.body;
        let is_open =
            compose.conversation().is_some() && self.open.as_ref().map(|open| &open.id) == compose.conversation();
        let alone = Desk { text: body, conversation: None, beside: false };
        if !is_open {
            return alone;
        }
        match geometry.conversation {
            Some(conversation) if body.width >= BESIDE_FROM && conversation.x > 0 => {
                // From three panes on the views stay; what is left of the conversation otherwise is the text's.
                let from = geometry.views.filter(|_| geometry.customer.is_some()).map_or(0, |views| views.right() + 1);
                let from = from.min(conversation.x - 1);
                let text = Rect::new(from, body.y, conversation.x - 1 - from, body.height);
                Desk { text, conversation: Some(conversation), beside: true }
            }
            _ if compose.hand == Hand::Reading => {
                Desk { text: Rect::default(), conversation: Some(body), beside: false }
            }
            _ if body.height >= ROWS_MIN + KEPT => {
                // What is looked over before it goes out has all the room that there is.
                let most = if compose.review.is_some() { u16::MAX } else { ROWS_MAX };
                let rows = wanted.clamp(ROWS_MIN, most).min(body.height - KEPT);
                let above = Rect { height: body.height - rows, ..body };
                let text = Rect { y: body.y + above.height, height: rows, ..body };
                Desk { text, conversation: Some(above), beside: false }
            }
            _ => alone,
        }
    }
}
