//! What the store answered.

use std::sync::Arc;

use crate::app::event::{Answer, Done};
use crate::app::tickets::{Purpose, Ticket};
use crate::app::{App, Ask, Effect, Layer, Page, Severity, words};
use crate::error::UserError;
use crate::keymap::{Action, Context};
use crate::model::conversation::{Conversation, LogEntry};
use crate::model::ids::ConversationId;
use crate::model::text::SafeText;
use crate::model::view::Counts;
use crate::op::describe;
use crate::op::outcome::{LeftOut, WhyNot};
use crate::op::wish::Wish;

impl App {
    pub(super) fn answered(&mut self, ticket: Ticket, answer: Result<Answer, UserError>) -> Vec<Effect> {
        let Some(purpose) = self.tickets.close(ticket) else { return Vec::new() };
        match answer {
            Ok(answer) => self.take(purpose, answer),
            Err(error) => self.refused(&purpose, &error),
        }
    }

    fn take(&mut self, purpose: Purpose, answer: Answer) -> Vec<Effect> {
        match (purpose, answer) {
            (purpose, Answer::Rows(rows)) => self.take_rows(&purpose, rows),
            (Purpose::Conversation(id), Answer::Conversation(data)) => {
                if self.open.as_ref().is_none_or(|open| open.id != id) {
                    return Vec::new();
                }
                self.take_conversation(data);
                self.want_bodies()
            }
            (Purpose::KeptNote(place), Answer::KeptNote(Some(text))) => {
                self.take_kept_note(&place, &text);
                Vec::new()
            }
            (_, Answer::Bodies(not)) => {
                if let Some(open) = &mut self.open {
                    open.cannot_come.extend(not);
                }
                Vec::new()
            }
            (_, Answer::Counts(counts)) => {
                self.shout(&counts);
                self.tell_orphaned(&counts);
                self.counts = counts;
                self.take_tags();
                Vec::new()
            }
            (purpose, answer @ (Answer::Begun(_) | Answer::Kept(_) | Answer::News(_) | Answer::Saved(..))) => {
                self.take_writing(&purpose, answer)
            }
            (Purpose::Files { pasted }, Answer::Files(files, wrong)) => self.take_files(pasted, files, &wrong),
            (_, Answer::Paths(paths)) => self.take_paths(paths),
            (Purpose::News, Answer::Review(review)) => self.freshen_review(*review),
            (_, Answer::Review(review)) => self.take_review(*review),
            (_, Answer::Queued(leaving)) => self.queued(leaving),
            (purpose, answer @ (Answer::Outbox(_) | Answer::Drafts(_) | Answer::Did(_))) => {
                self.take_outgoing(&purpose, answer)
            }
            (_, Answer::Count(count)) => {
                self.list.found = Some(count);
                Vec::new()
            }
            (_, Answer::Marked { token, ids }) => {
                self.take_marked(token, ids);
                Vec::new()
            }
            (_, Answer::Parsed) => {
                self.judge(None);
                Vec::new()
            }
            (_, Answer::When(at)) => {
                if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
                    prompt.when = Some(at);
                    prompt.error = None;
                }
                Vec::new()
            }
            (Purpose::Commit { wish, said, quiet, on }, Answer::Done(done)) => {
                self.done(&wish, &said, quiet, on, &done)
            }
            (Purpose::Undo { redo }, Answer::Undone(what)) => self.undone(redo, what),
            (_, Answer::Refused(why)) => {
                self.tell(Severity::Info, why.as_str(), "");
                Vec::new()
            }
            (_, Answer::Log(found)) => self.take_log(found),
            (_, Answer::Names { tags, agents }) => {
                self.tags = tags;
                self.others = agents;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Tells once of operations that no server will ever get as things are.
    fn tell_orphaned(&mut self, counts: &Counts) {
        if counts.orphaned.is_empty() || !self.counts.orphaned.is_empty() {
            return;
        }
        let (text, hint) = words::orphaned(&counts.orphaned);
        self.tell(Severity::Warning, &text, hint);
    }

    fn undone(&mut self, redo: bool, what: Option<SafeText>) -> Vec<Effect> {
        match what {
            Some(what) => {
                let key = self.key_of(if redo { Action::Undo } else { Action::Redo });
                let back = if redo { "undoes" } else { "redoes" };
                self.tell(Severity::Info, what.as_str(), &format!("{key} {back} it"));
            }
            None if redo => self.tell(Severity::Info, "There is nothing to redo", ""),
            None => self.tell(Severity::Info, "There is nothing to undo", ""),
        }
        Vec::new()
    }

    fn take_log(&mut self, found: Vec<LogEntry>) -> Vec<Effect> {
        if let Some(Layer::Page(Page::Log { entries, at, .. })) = self.layers.last_mut() {
            // The cursor stays on its entry when others come in above it.
            let was = entries.as_ref().and_then(|old| old.get(*at)).map(|entry| entry.id);
            *at = found.iter().position(|entry| Some(entry.id) == was).unwrap_or(0);
            *entries = Some(found);
        }
        Vec::new()
    }

    fn take_conversation(&mut self, data: Option<Box<Conversation>>) {
        let Some(open) = &mut self.open else { return };
        match data {
            Some(data) => open.data = Some(Arc::new(*data)),
            None => {
                self.open = None;
                self.focus = crate::app::Pane::List;
                self.tell(Severity::Warning, "That conversation is gone: it was merged or deleted", "");
            }
        }
    }

    fn done(&mut self, wish: &Wish, said: &str, quiet: bool, on: Option<ConversationId>, done: &Done) -> Vec<Effect> {
        let lost = done.lost.len();
        for lost in &done.lost {
            let (who, when) = match &lost.held_by {
                Some((who, at)) => (who.to_string(), format!(", {} ago", words::span(self.now.since(*at)))),
                None => ("Somebody".to_owned(), String::new()),
            };
            let key = self.key_of(Action::Assign);
            self.tell_of(
                Severity::Warning,
                &format!("{who} took it first{when}"),
                &format!("press {key} again to take it over"),
                on.clone(),
            );
        }
        let done_to = done.conversations.saturating_sub(lost);
        if quiet {
            return Vec::new();
        }
        if done_to == 0 && lost == 0 && done.left_out.is_empty() {
            let text = words::already(wish, done.already, &self.around.me, &self.around.zone);
            self.tell_of(Severity::Info, &text, "", on.clone());
        }
        if done_to > 0 && lost == 0 {
            let text = describe::about(said, done_to);
            let undo = self.key_of(Action::Undo);
            self.tell_of(Severity::Info, &format!("You {text}"), &format!("{undo} undoes it"), on.clone());
        }
        self.tell_left_out(&done.left_out, on);
        // New tags may have come into use.
        let tagged = done_to > 0 && matches!(wish, Wish::Tag { .. });
        if tagged { vec![self.ask(Purpose::Names, Ask::Names)] } else { Vec::new() }
    }

    /// Tells what was not done.
    fn tell_left_out(&mut self, left_out: &[LeftOut], on: Option<ConversationId>) {
        let (text, hint) = match left_out {
            [] => return,
            [LeftOut { why: WhyNot::Gone, .. }] => ("It is gone: it was deleted".to_owned(), ""),
            [_] if on.is_some() => {
                ("Not done: new mail came in since it was shown".to_owned(), "look at it, then press the key again")
            }
            several => {
                let were = if several.len() == 1 { "was" } else { "were" };
                let many = describe::conversations(several.len());
                (format!("{many} {were} left out: new mail came in meanwhile"), "look at it, then press the key again")
            }
        };
        self.tell_of(Severity::Warning, &text, hint, on);
    }

    fn refused(&mut self, purpose: &Purpose, error: &UserError) -> Vec<Effect> {
        match purpose {
            Purpose::Parse | Purpose::When => {
                let shown = match error.hint.as_str() {
                    "" => error.message.clone(),
                    hint => format!("{} ({hint})", error.message),
                };
                self.judge(Some(shown));
            }
            Purpose::Found | Purpose::Paths => {}
            Purpose::MarkAll => {
                self.marks.clear();
                self.fail(error);
            }
            Purpose::Keep | Purpose::Queue | Purpose::Review => self.not_kept(error),
            _ => self.fail(error),
        }
        if matches!(purpose, Purpose::Fill { .. }) {
            self.list.loaded = true;
            self.list.at_start = true;
            self.list.at_end = true;
        }
        Vec::new()
    }

    /// Shows under the line what is wrong with it.
    fn judge(&mut self, error: Option<String>) {
        if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
            prompt.error = error;
            prompt.when = None;
        }
    }

    /// Returns the key of an action in the list, in our notation.
    pub fn key_of(&self, action: Action) -> String {
        self.around.keymap.label(Context::List, action)
    }
}
