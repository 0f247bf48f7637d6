//! The conversation: scrolling, opening the next, leaving.

use crate::app::conversation::{NEWEST, Open};
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Pane, Severity};
use crate::config::AfterClose;
use crate::keymap::{Action, Context};
use crate::model::change::Connectivity;
use crate::model::conversation::Item;
use crate::model::ids::MessageId;
use crate::model::message::Direction;
use crate::model::phrase::Phrase;
use crate::model::view::View;

/// So many items are loaded at most to show what a search found.
const SEARCHED_MAX: usize = 1_000;

fn is_inbound(item: &Item) -> bool {
    matches!(item, Item::Message(message) if message.direction == Direction::Inbound)
}

fn is_note(item: &Item) -> bool {
    matches!(item, Item::Note(_))
}

impl App {
    pub(super) fn act_conversation(&mut self, action: Action) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let half = (open.laid.height / 2).max(1) as isize;
        match action {
            Action::Down => open.scroll(1),
            Action::Up => open.scroll(-1),
            Action::PageDown => open.scroll(half),
            Action::PageUp => open.scroll(-half),
            Action::Top => {
                let first = open.messages().next().map(|(_, message)| message.id.clone());
                open.selected = first;
                open.go_to(0);
            }
            Action::Bottom => {
                open.selected = None;
                open.go_to(usize::MAX);
            }
            Action::NextMessage => open.select(1),
            Action::PreviousMessage => open.select(-1),
            Action::NextInbound => return self.go_to_item(1, is_inbound, &say!("no-inbound-below")),
            Action::PreviousInbound => return self.go_to_item(-1, is_inbound, &say!("no-inbound-above")),
            Action::NextNote => return self.go_to_item(1, is_note, &say!("no-note-below")),
            Action::PreviousNote => return self.go_to_item(-1, is_note, &say!("no-note-above")),
            Action::NextHit => open.walk_hits(1),
            Action::PreviousHit => open.walk_hits(-1),
            Action::EndFind => open.look_for(None),
            Action::Find => return self.open_find(),
            Action::Headers => return self.open_source(),
            Action::Unfold => open.unfolded = !open.unfolded,
            Action::TextOrHtml => return self.turn_text(),
            Action::Earlier => {
                open.newest += NEWEST;
                open.growing = true;
                return self.load_open();
            }
            Action::NextConversation => return self.open_neighbour(1),
            Action::PreviousConversation => return self.open_neighbour(-1),
            _ => {}
        }
        Vec::new()
    }

    /// Goes to the next item that is meant, or tells that there is none.
    fn go_to_item(&mut self, by: isize, is_meant: fn(&Item) -> bool, none: &str) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return Vec::new() };
        if open.go_to_item(by, is_meant) {
            return Vec::new();
        }
        let earlier = open.data.as_ref().map_or(0, |data| data.earlier);
        let hint = match by {
            ..0 if earlier > 0 => {
                let key = self.around.keymap.label(Context::Conversation, Action::Earlier);
                say!("earlier", count = earlier, key = key)
            }
            _ => String::new(),
        };
        self.tell(Severity::Info, none, &hint);
        Vec::new()
    }

    /// Shows the message under the cursor by its other text.
    fn turn_text(&mut self) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let Some(message) = open.message() else { return Vec::new() };
        let Some(part) = message.body.part else {
            self.tell(Severity::Info, &say!("mail-one-text"), "");
            return Vec::new();
        };
        let id = message.id.clone();
        open.parts.insert(id, part.other());
        self.load_open()
    }

    /// Gives the keys to the conversation under the list's cursor.
    pub(super) fn enter_conversation(&mut self) -> Vec<Effect> {
        let Some(id) = self.list.current().map(|row| row.id.clone()) else { return Vec::new() };
        self.focus = Pane::Conversation;
        let mut effects = Vec::new();
        if self.open.as_ref().map(|open| &open.id) != Some(&id) {
            self.open = Some(Open::new(id.clone()).found_by(self.list.search.as_deref()));
            effects = self.load_open();
        }
        effects.extend(self.look());
        effects
    }

    /// Loads all of a conversation in which a search found something that is not among what is loaded.
    pub(super) fn seek_hits(&mut self) -> Vec<Effect> {
        let Some(open) = self.open.as_mut().filter(|open| open.lacks_hits() && open.newest < SEARCHED_MAX) else {
            return Vec::new();
        };
        open.newest = SEARCHED_MAX;
        self.load_open()
    }

    /// Has it remembered, once it is on the screen, that somebody looks at the open conversation, not only passed it in the list.
    pub(super) fn look(&mut self) -> Option<Effect> {
        let open = self.open.as_mut().filter(|open| self.focus == Pane::Conversation && !open.looked)?;
        let row = &open.data.as_ref()?.row;
        let (id, as_of) = (open.id.clone(), row.as_of.clone());
        open.looked = true;
        // It leaves the in-tray by that: nobody need tell me.
        let is_under_cursor = self.list.current().is_some_and(|row| row.id == id);
        self.list.mine |= is_under_cursor && self.shown_view() == Some(&View::InTray);
        Some(self.ask(Purpose::Told, Ask::Opened(id, as_of)))
    }

    pub(super) fn leave_conversation(&mut self) -> Vec<Effect> {
        // What came in while it was open has been looked at too.
        if let Some(open) = &mut self.open {
            open.looked = false;
        }
        let mut effects: Vec<Effect> = self.look().into_iter().collect();
        if let Some(open) = &mut self.open {
            (open.looked, open.since) = (false, None);
        }
        self.focus = Pane::List;
        effects.extend(self.preview());
        effects
    }

    /// Goes on when a conversation is done with: to the next of the queue, or as the config says to the next of the list, to the list, or
    /// not at all.
    pub(super) fn go_on_from_here(&mut self) -> Vec<Effect> {
        if self.current_id().is_some_and(|id| self.is_in_hand(&id)) {
            return self.take_next();
        }
        let is_open = self.focus == Pane::Conversation;
        let is_listed = self.list.current().map(|row| &row.id) == self.current_id().as_ref();
        match self.around.after_close {
            AfterClose::Stay => Vec::new(),
            AfterClose::Next if is_open && is_listed => self.open_neighbour(1),
            _ => {
                let mut effects = if is_open { self.leave_conversation() } else { Vec::new() };
                if is_listed {
                    effects.extend(self.step(1));
                }
                effects
            }
        }
    }

    fn open_neighbour(&mut self, by: isize) -> Vec<Effect> {
        let screen = self.list_rows();
        if !self.list.step(by, screen) {
            return Vec::new();
        }
        if let Some(open) = &mut self.open {
            open.looked = false;
        }
        let mut effects: Vec<Effect> = self.look().into_iter().collect();
        effects.extend(self.want_rows());
        effects.extend(self.enter_conversation());
        effects
    }

    /// Asks for the bodies that the open conversation lacks, each once; when they came, lists the files that somebody waits for.
    pub(super) fn want_bodies(&mut self) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let coming = open.coming();
        if open.list_files && coming.is_empty() {
            open.list_files = false;
            if self.layers.is_empty() {
                return self.act(Action::Attachments);
            }
            return Vec::new();
        }
        let new: Vec<MessageId> = coming.into_iter().filter(|id| open.asked.insert(id.clone())).collect();
        if new.is_empty() { Vec::new() } else { vec![self.ask(Purpose::Bodies, Ask::Bodies(new))] }
    }

    /// Returns what stands in the place of a body that is not here; `whole` where it speaks of the mail with its files.
    pub fn why_no_body(&self, message: &MessageId, whole: bool) -> Phrase {
        let piece = if whole { phrase!("body-the-mail") } else { phrase!("body-the-text") };
        if let Some(why) = self.open.as_ref().and_then(|open| open.cannot_come.get(message)) {
            return phrase!("body-not-here", piece = piece, why = why.to_string());
        }
        match self.is_connected() {
            true => phrase!("body-coming", piece = piece),
            false => phrase!("body-comes-later", piece = piece),
        }
    }

    /// Tells whether mail of the open conversation can come now.
    fn is_connected(&self) -> bool {
        let inbox = self.open.as_ref().and_then(|open| open.data.as_ref()).map(|data| &data.row.inbox);
        let account = inbox.and_then(|inbox| self.around.accounts.get(inbox));
        let mut of_it = self.sync.values().filter(|status| account.is_none_or(|id| id.as_str() == status.account));
        of_it.any(|status| matches!(status.state, Connectivity::Current | Connectivity::Working))
    }

    /// Asks for the open conversation.
    pub(super) fn load_open(&mut self) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let (id, newest, parts) = (open.id.clone(), open.newest, open.parts.clone());
        vec![self.ask(Purpose::Conversation(id.clone()), Ask::Conversation { id, newest, parts })]
    }
}
