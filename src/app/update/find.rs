//! Finding in the open conversation: hits are shown while they are typed.

use crate::app::{App, Effect, Find, Layer, Prompt, PromptKind};

/// What searches everywhere where it is typed first.
pub(super) const EVERYWHERE: char = '/';

impl App {
    pub(super) fn open_find(&mut self) -> Vec<Effect> {
        let prompt = Prompt {
            found: self.open.as_ref().and_then(|open| open.find.clone()),
            ..Prompt::new(PromptKind::Find, "")
        };
        if let Some(open) = &mut self.open {
            open.look_for(None);
        }
        self.push(Layer::Prompt(prompt))
    }

    /// Searches everywhere where nothing is typed yet. Tells whether that is so.
    pub(super) fn find_everywhere(&mut self, typed: char) -> Option<Vec<Effect>> {
        let Some(Layer::Prompt(prompt)) = self.layers.last() else { return None };
        if typed != EVERYWHERE || prompt.kind != PromptKind::Find || !prompt.line.is_empty() {
            return None;
        }
        let _ = self.leave_find();
        Some(self.open_search())
    }

    /// Shows what is found of what is typed by now, from where one is on.
    pub(super) fn find_typed(&mut self) {
        let Some(Layer::Prompt(prompt)) = self.layers.last_mut().filter(|layer| matches!(layer, Layer::Prompt(_)))
        else {
            return;
        };
        prompt.error = None;
        let text = prompt.line.text();
        let Some(open) = &mut self.open else { return };
        let from = open.find.as_ref().filter(|find| !find.of_search).map_or_else(|| open.seen_top(), |find| find.from);
        open.look_for(Find::typed(&text, from));
    }

    /// Leaves the line; what stood before it was opened stands again.
    pub(super) fn leave_find(&mut self) -> Vec<Effect> {
        if let Some(Layer::Prompt(prompt)) = self.pop_layer()
            && let Some(open) = &mut self.open
        {
            open.look_for(prompt.found);
        }
        Vec::new()
    }

    /// Keeps the hits, or says that there are none.
    pub(super) fn accept_find(&mut self, text: &str) -> Vec<Effect> {
        if text.trim().is_empty() {
            return self.leave_find();
        }
        let Some(open) = self.open.as_ref() else { return self.leave_find() };
        if open.has_hits() {
            self.pop_layer();
            return Vec::new();
        }
        let earlier = open.data.as_ref().map_or(0, |data| data.earlier);
        let words = match earlier {
            0 => say!("prompt-find-none"),
            count => {
                let key =
                    self.around.keymap.label(crate::keymap::Context::Conversation, crate::keymap::Action::Earlier);
                say!("prompt-find-earlier", count = count, key = key)
            }
        };
        if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
            prompt.error = Some(words);
        }
        Vec::new()
    }
}
