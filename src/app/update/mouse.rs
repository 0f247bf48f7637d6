//! What the mouse does: a click moves the cursor and a second opens, the wheel scrolls what is under it, the line between panes is dragged.

use crate::app::compose::Hand;
use crate::app::mouse::{Did, Hit, Mouse};
use crate::app::{App, Compose, Effect, Field, Layer, Page, Pane, Severity};
use crate::keymap::{Action, Code, Context, Key, parse_keys};
use crate::model::ids::ConversationId;
use crate::model::text::places::{place_at, row as row_of_line};

/// Returns a column of the screen as one counted from a left edge.
fn from_left(column: u16, left: u16) -> isize {
    isize::try_from(i32::from(column) - i32::from(left)).unwrap_or(0)
}

/// So many lines one turn of the wheel scrolls.
const WHEEL: isize = 3;

impl App {
    pub(super) fn mouse(&mut self, mouse: Mouse) -> Vec<Effect> {
        let Mouse { column, row, did } = mouse;
        match did {
            Did::Press => self.press_at(column, row),
            Did::Drag if self.hits.is_dragging => {
                self.split = Some(column);
                self.list.follow(self.list_rows());
                Vec::new()
            }
            Did::Drag => Vec::new(),
            Did::Release => {
                self.hits.is_dragging = false;
                Vec::new()
            }
            Did::WheelUp => self.wheel(column, row, -1),
            Did::WheelDown => self.wheel(column, row, 1),
        }
    }

    /// What lies over the panes takes the mouse alone.
    fn is_for(&self, hit: &Hit) -> bool {
        match hit {
            Hit::Choice(_) | Hit::Key(_) => true,
            Hit::Text { .. } | Hit::Field { .. } => {
                self.context() == Context::Compose || self.context() == Context::Mail
            }
            Hit::Line { .. } => matches!(self.layers.last(), Some(Layer::Prompt(_))),
            Hit::Filter { .. } => matches!(self.layers.last(), Some(Layer::Picker(_) | Layer::Page(Page::Help(_)))),
            _ => self.layers.is_empty(),
        }
    }

    fn press_at(&mut self, column: u16, row: u16) -> Vec<Effect> {
        if let Some(dropped) = self.closing.click(self.now) {
            self.tell_dropped(dropped);
            return Vec::new();
        }
        self.expire_read();
        let Some(hit) = self.hits.at(column, row).find(|hit| self.is_for(hit)).cloned() else { return Vec::new() };
        match hit {
            Hit::Row(id) => self.press_row(&id),
            Hit::View(place) => self.show_view(place),
            Hit::Choice(place) => self.press_choice(place),
            Hit::Key(keys) => {
                let keys = parse_keys(&keys).unwrap_or_default();
                keys.into_iter().flat_map(|key| self.key(key)).collect()
            }
            Hit::Text { row, left } => self.press_text(row, column, left),
            Hit::Field { field, left, scrolled, room } => {
                let effects = self.go_to_field(field);
                let as_is = self.around.screen_order.as_is();
                if let Some(line) = self.compose_mut().and_then(Compose::line) {
                    line.jump(row_of_line(&line.text(), room, as_is).place(from_left(column, left) + scrolled));
                }
                effects
            }
            Hit::Line { row, left, room } => {
                let as_is = self.around.screen_order.as_is();
                self.move_cursor(|line| line.jump(place_at(&line.text(), row, from_left(column, left), room, as_is)))
            }
            Hit::Filter { left, scrolled, room } => {
                let as_is = self.around.screen_order.as_is();
                let column = from_left(column, left) + scrolled;
                self.move_cursor(|line| line.jump(row_of_line(&line.text(), room, as_is).place(column)))
            }
            Hit::Split => {
                self.hits.is_dragging = true;
                Vec::new()
            }
            Hit::Pane(Pane::Conversation) if self.focus != Pane::Conversation => self.enter_conversation(),
            Hit::Pane(Pane::List) if self.focus == Pane::Conversation => self.leave_conversation(),
            Hit::Pane(Pane::Customer) if self.focus != Pane::Customer => self.act(Action::Customer),
            Hit::Pane(pane @ (Pane::List | Pane::Views)) => {
                (self.focus, self.view_cursor) = (pane, self.view);
                Vec::new()
            }
            Hit::Pane(_) => Vec::new(),
        }
    }

    /// A first press brings the cursor to a row, a second opens it. One that came under the hand just now takes none.
    fn press_row(&mut self, id: &ConversationId) -> Vec<Effect> {
        if self.hits.is_settling(id, self.now) {
            let name = self.named(id.clone()).name.unwrap_or_default();
            self.tell_of(Severity::Info, &say!("mouse-row-moved", name = name), "", Some(id.clone()));
            return Vec::new();
        }
        let Some(place) = self.list.rows.iter().position(|row| row.id == *id) else { return Vec::new() };
        let mut effects = if self.is_reading() { self.leave_conversation() } else { Vec::new() };
        let was_there = self.focus == Pane::List && self.list.cursor == place && effects.is_empty();
        self.focus = Pane::List;
        if was_there {
            return self.enter_conversation();
        }
        effects.extend(self.step(place as isize - self.list.cursor as isize));
        effects
    }

    /// A press in the text that is written brings its cursor to the letter that stands there.
    fn press_text(&mut self, row: usize, column: u16, left: u16) -> Vec<Effect> {
        let shape = self.compose().map(|compose| self.text_shape(compose));
        if let (Some(compose), Some(shape)) = (self.compose_mut(), shape) {
            (compose.field, compose.hand) = (Field::Body, Hand::Typing);
            compose.body.moved();
            compose.body.area.click(row, from_left(column, left), shape);
        }
        Vec::new()
    }

    /// A first press brings the cursor to a choice, a second takes it.
    fn press_choice(&mut self, place: usize) -> Vec<Effect> {
        let Some(Layer::Picker(picker)) = self.layers.last_mut() else { return Vec::new() };
        if picker.at == Some(place) {
            return self.act(Action::Accept);
        }
        picker.at = picker.shown.len().checked_sub(1).map(|last| place.min(last));
        Vec::new()
    }

    /// Scrolls what is under the mouse, whichever pane has the keys.
    fn wheel(&mut self, column: u16, row: u16, by: isize) -> Vec<Effect> {
        match self.layers.last_mut() {
            None => {}
            Some(Layer::Picker(picker)) => {
                picker.step(by);
                return Vec::new();
            }
            Some(Layer::Prompt(_) | Layer::Quit(_)) => return Vec::new(),
            Some(Layer::Out(list)) if list.asking.is_some() => return Vec::new(),
            Some(Layer::Compose(compose)) if compose.asking => return Vec::new(),
            Some(Layer::Compose(compose)) if compose.review.is_none() => {
                return self.wheel_beside_text(column, row, by);
            }
            Some(_) => {
                let code = if by < 0 { Code::Up } else { Code::Down };
                return self.key(Key::plain(code));
            }
        }
        match self.pane_at(column, row) {
            Some(Pane::Conversation) => {
                if let Some(open) = &mut self.open {
                    open.scroll(by * WHEEL);
                }
                Vec::new()
            }
            Some(Pane::List) if !self.is_reading() => self.step(by),
            Some(Pane::Views) => self.act_views(if by < 0 { Action::Up } else { Action::Down }),
            Some(Pane::Customer) if self.focus == Pane::Customer => {
                self.act_customer(if by < 0 { Action::Up } else { Action::Down })
            }
            _ => Vec::new(),
        }
    }

    fn pane_at(&self, column: u16, row: u16) -> Option<Pane> {
        self.hits.at(column, row).find_map(|hit| match hit {
            Hit::Pane(pane) => Some(*pane),
            _ => None,
        })
    }

    /// Scrolls the conversation beside or above a mail that is being written: what is typed is not scrolled away under the hand.
    fn wheel_beside_text(&mut self, column: u16, row: u16, by: isize) -> Vec<Effect> {
        if self.pane_at(column, row) == Some(Pane::Conversation)
            && let Some(open) = &mut self.open
        {
            open.scroll(by * WHEEL);
        }
        Vec::new()
    }
}
