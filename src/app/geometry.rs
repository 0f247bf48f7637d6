//! Where everything stands on the screen. Both the moves of the cursor and the drawing follow it.

use ratatui::layout::Rect;

use crate::model::list_look::Density;

/// A pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// The column of views.
    Views,
    /// The list of conversations.
    List,
    /// The conversation.
    Conversation,
    /// The customer beside the conversation.
    Customer,
}

/// Below this many columns a row of the list takes two lines.
pub const ONE_LINE_FROM: u16 = 60;
/// From this many columns on the conversation stands beside the list.
const TWO_FROM: u16 = 100;
/// From this many columns on the views stand beside both; below they are laid over the list while they have the keys.
const THREE_FROM: u16 = 140;
/// Below this many rows what is told has no row of its own: it is lent one while something stands there.
const STATUS_FROM: u16 = 16;

/// A pane that is made narrower by the mouse keeps so many columns.
const PANE_MIN: u16 = 30;
/// From this many columns on the customer stands beside the conversation; from three panes on the pane can stand in the place of the
/// views, below in the place of all else.
const CUSTOMER_BESIDE_FROM: u16 = 180;

/// The columns of the views.
const VIEWS: u16 = 21;
/// The columns of the customer's pane.
const CUSTOMER: u16 = 32;
/// The columns of the list beside the conversation, by how many panes there are.
const LIST_OF_TWO: u16 = 42;
const LIST_OF_THREE: u16 = 48;
const LIST_OF_FOUR: u16 = 66;
/// A list that is wider tells no more.
const LIST_MAX: u16 = 90;
/// The columns of a conversation beside all else, and the most that are read with comfort.
const CONVERSATION: u16 = 78;
const CONVERSATION_MAX: u16 = 92;

/// The places of the panes; one that is not shown is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// The views.
    pub views: Option<Rect>,
    /// The list, with its heading.
    pub list: Option<Rect>,
    /// The conversation, with its heading.
    pub conversation: Option<Rect>,
    /// The customer, with the heading.
    pub customer: Option<Rect>,
    /// Everything above the rows at the bottom, for what lies over the panes.
    pub body: Rect,
    /// The row of what was told, above the last one; `None` on a low screen while nothing stands there.
    pub status: Option<Rect>,
    /// The last row: the keys that work now.
    pub hints: Rect,
    /// Lines that a row of the list takes.
    pub row_height: u16,
}

impl Geometry {
    /// Divides a screen of `size` (columns, rows) while `focus` has the keys; `stands` tells whether something is to be told that a low
    /// screen lends a row to.
    pub fn of(size: (u16, u16), focus: Pane, stands: bool) -> Self {
        let (width, height) = size;
        let told = height >= STATUS_FROM || (stands && height > 2);
        let body = Rect::new(0, 0, width, height.saturating_sub(1 + u16::from(told)));
        let status = told.then(|| Rect::new(0, height - 2, width, 1));
        let hints = Rect::new(0, height.saturating_sub(1), width, height.min(1));
        let whole = Self {
            views: None,
            list: None,
            conversation: None,
            customer: None,
            body,
            status,
            hints,
            row_height: if width < ONE_LINE_FROM { 2 } else { 1 },
        };
        match width {
            CUSTOMER_BESIDE_FROM.. => whole.beside(&[VIEWS, list_of_four(width), width]),
            THREE_FROM.. => whole.beside(&[VIEWS, LIST_OF_THREE, width]),
            TWO_FROM.. => whole.beside(&[0, LIST_OF_TWO, width]).with_views_over(focus),
            _ => match focus {
                Pane::Views | Pane::List => Self { list: Some(body), ..whole }.with_views_over(focus),
                Pane::Conversation => Self { conversation: Some(body), ..whole },
                Pane::Customer => whole,
            },
        }
    }

    /// Puts views, list and conversation side by side, so many columns each with a line between them; the last takes what is left.
    fn beside(self, [views, list, rest]: &[u16; 3]) -> Self {
        let part = |x: u16, w: u16| Rect::new(x, 0, w, self.body.height).intersection(self.body);
        let at = if *views > 0 { views + 1 } else { 0 };
        let then = at + list + 1;
        Self {
            views: (*views > 0).then(|| part(0, *views)),
            list: Some(part(at, *list)),
            conversation: Some(part(then, rest.saturating_sub(then))),
            row_height: if *list < ONE_LINE_FROM { 2 } else { 1 },
            ..self
        }
    }

    /// Lays the views over the left of all else while they have the keys.
    fn with_views_over(self, focus: Pane) -> Self {
        let over = Rect { width: VIEWS.min(self.body.width), ..self.body };
        Self { views: (focus == Pane::Views).then_some(over), ..self }
    }

    /// Tells whether the views lie over what stands to their right.
    pub fn views_lie_over(&self) -> bool {
        self.views.is_some() && self.body.width < THREE_FROM
    }

    /// Makes room for the customer: beside the conversation, else in the place of the views, else, while it has the keys, in that of all
    /// but the views. `shown` says whether somebody wants it; `None` shows it where it stands beside the conversation.
    #[must_use]
    pub fn with_customer(self, focus: Pane, shown: Option<bool>) -> Self {
        let width = self.body.width;
        let has_keys = focus == Pane::Customer;
        let is_shown = has_keys || shown.unwrap_or(width >= CUSTOMER_BESIDE_FROM);
        match (self.list, self.conversation) {
            _ if width < THREE_FROM => {
                if has_keys {
                    self.as_page()
                } else {
                    self
                }
            }
            (Some(_), Some(conversation)) if width >= CUSTOMER_BESIDE_FROM => {
                // What is left of a very wide screen stays empty at its end.
                let room = conversation.width.saturating_sub(if is_shown { CUSTOMER + 1 } else { 0 });
                let conversation = Rect { width: room.min(CONVERSATION_MAX), ..conversation };
                let customer = Rect { x: conversation.right() + 1, width: CUSTOMER, ..conversation };
                Self { conversation: Some(conversation), customer: is_shown.then_some(customer), ..self }
            }
            (Some(list), Some(conversation)) if is_shown && focus != Pane::Views => {
                let customer = Rect { x: 0, width: CUSTOMER, ..list };
                let list = Rect { x: CUSTOMER + 1, ..list };
                let x = list.right() + 1;
                let conversation = Rect { x, width: width.saturating_sub(x), ..conversation };
                Self {
                    views: None,
                    list: Some(list),
                    conversation: Some(conversation),
                    customer: Some(customer),
                    ..self
                }
            }
            _ => self,
        }
    }

    /// Returns the place of what is only read: all but the views.
    pub fn page(&self) -> Rect {
        let beside = self.views.filter(|views| views.width < self.body.width);
        let x = beside.map_or(0, |views| views.right() + 1);
        Rect { x, width: self.body.width.saturating_sub(x), ..self.body }
    }

    /// Moves the line between list and conversation to a column, as far as both keep room.
    #[must_use]
    pub fn with_split(self, at: Option<u16>) -> Self {
        let (Some(at), Some(list), Some(conversation)) = (at, self.list, self.conversation) else { return self };
        let (first, last) = (list.x + PANE_MIN, conversation.right().saturating_sub(PANE_MIN + 1));
        if first > last || list.right() + 1 != conversation.x {
            return self;
        }
        let at = at.clamp(first, last);
        let list = Rect { width: at - list.x, ..list };
        let conversation = Rect { x: at + 1, width: conversation.right() - at - 1, ..conversation };
        let row_height = if list.width < ONE_LINE_FROM { 2 } else { 1 };
        Self { list: Some(list), conversation: Some(conversation), row_height, ..self }
    }

    /// Has a row of the list take as many lines as was chosen.
    #[must_use]
    pub fn with_density(self, density: Density) -> Self {
        let row_height = match density {
            Density::Auto => self.row_height,
            Density::Comfortable => 2,
            Density::Compact => 1,
        };
        Self { row_height, ..self }
    }

    fn as_page(self) -> Self {
        Self { list: None, conversation: None, customer: Some(self.page()), ..self }
    }

    /// Returns how many rows of the list fit, at least one.
    pub fn list_rows(&self) -> usize {
        let lines = self.list.unwrap_or(self.body).height.saturating_sub(1);
        usize::from((lines / self.row_height).max(1))
    }
}

/// Returns the columns of the list beside views, conversation and customer: half of what these leave, the rest is the conversation's.
fn list_of_four(width: u16) -> u16 {
    let spare = width.saturating_sub(VIEWS + LIST_OF_FOUR + CONVERSATION + CUSTOMER + 3);
    let read = (spare / 2).min(CONVERSATION_MAX - CONVERSATION);
    (LIST_OF_FOUR + spare - read).min(LIST_MAX)
}

#[cfg(test)]
#[path = "geometry_tests.rs"]
mod tests;
