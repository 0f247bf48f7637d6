//! A mail that was stopped beside what stopped it: what is done about it is decided with both answers in sight.

use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Beginning, Deed, Effect, Layer, Severity};
use crate::keymap::Action;
use crate::model::reply::Collision;

impl App {
    pub(super) fn open_collision(&mut self, id: i64) -> Vec<Effect> {
        vec![self.ask(Purpose::Collision, Ask::Collision(id))]
    }

    pub(super) fn take_collision(&mut self, found: Option<Box<Collision>>) -> Vec<Effect> {
        match found {
            Some(collision) => self.push(Layer::Collision(collision)),
            None => {
                self.tell(Severity::Warning, &say!("mail-too-late"), "");
                Vec::new()
            }
        }
    }

    pub(super) fn act_collision(&mut self, action: Action) -> Vec<Effect> {
        let Some(Layer::Collision(collision)) = self.layers.last() else { return Vec::new() };
        let id = collision.id;
        let deed = match action {
            Action::Edit => {
                self.pop_layer();
                return self.begin_with(Beginning::TakenBack(id));
            }
            Action::DiscardDraft => {
                self.pop_layer();
                return self.ask_drop(id);
            }
            Action::ToNote => Deed::Note,
            Action::SendAnyway => Deed::SendAnyway,
            _ => return Vec::new(),
        };
        self.pop_layer();
        vec![self.ask(Purpose::Deed, Ask::Deed(id, deed))]
    }
}
