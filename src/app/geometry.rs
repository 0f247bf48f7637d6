//! Where everything stands on the screen. Both the moves of the cursor and the drawing follow it.

use ratatui::layout::Rect;

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

/// From this many columns on there are three panes.
const THREE_FROM: u16 = 120;
/// From this many columns on there are two.
const TWO_FROM: u16 = 90;
/// Below this many columns a row of the list takes two lines.
const ONE_LINE_FROM: u16 = 72;
/// Below this many rows what is told has no row of its own: it is lent one while something stands there.
const STATUS_FROM: u16 = 16;

/// From this many columns on the customer stands beside the conversation.
const CUSTOMER_BESIDE_FROM: u16 = 180;
/// From this many columns on the customer can stand in the place of the views; below, in the place of all else.
const CUSTOMER_FROM: u16 = 140;
/// The columns of the customer's pane.
const CUSTOMER: u16 = 32;

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
        let part = |x: u16, w: u16| Some(Rect::new(x, 0, w, body.height));
        let (views, list, conversation) = if width >= THREE_FROM {
            let views = 20;
            let list = (width - views) * 2 / 5;
            (part(0, views), part(views + 1, list), part(views + list + 2, width - views - list - 2))
        } else if width >= TWO_FROM && focus == Pane::Views {
            (part(0, 24), part(25, width - 25), None)
        } else if width >= TWO_FROM {
            let list = width * 2 / 5;
            (None, part(0, list), part(list + 1, width - list - 1))
        } else {
            match focus {
                Pane::Views => (Some(body), None, None),
                Pane::List => (None, Some(body), None),
                Pane::Conversation => (None, None, Some(body)),
                Pane::Customer => (None, None, None),
            }
        };
        let narrow = list.is_some_and(|list| list.width < ONE_LINE_FROM);
        let row_height = if narrow { 2 } else { 1 };
        Self { views, list, conversation, customer: None, body, status, hints, row_height }
    }

    /// Makes room for the customer: beside the conversation, else in the place of the views, else, while it has the keys, in that of all
    /// but the views. `shown` says whether somebody wants it; `None` shows it where it stands beside the conversation.
    #[must_use]
    pub fn with_customer(self, focus: Pane, shown: Option<bool>) -> Self {
        let width = self.body.width;
        let has_keys = focus == Pane::Customer;
        let is_shown = has_keys || shown.unwrap_or(width >= CUSTOMER_BESIDE_FROM);
        match (self.list, self.conversation) {
            _ if width < CUSTOMER_FROM => {
                if has_keys {
                    self.as_page()
                } else {
                    self
                }
            }
            (_, Some(conversation)) if is_shown && width >= CUSTOMER_BESIDE_FROM => {
                let narrow = conversation.width.saturating_sub(CUSTOMER + 1);
                let conversation = Rect { width: narrow, ..conversation };
                let customer = Rect { x: conversation.right() + 1, width: CUSTOMER, ..conversation };
                Self { conversation: Some(conversation), customer: Some(customer), ..self }
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

    fn as_page(self) -> Self {
        let x = self.views.map_or(0, |views| views.right() + 1);
        let page = Rect { x, width: self.body.width.saturating_sub(x), ..self.body };
        Self { list: None, conversation: None, customer: Some(page), ..self }
    }

    /// Returns how many rows of the list fit, at least one.
    pub fn list_rows(&self) -> usize {
        let lines = self.list.unwrap_or(self.body).height.saturating_sub(1);
        usize::from((lines / self.row_height).max(1))
    }
}
