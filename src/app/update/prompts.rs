//! What the lines of text are for: searching, tagging, noting, snoozing, titling.

use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer, Prompt, PromptKind};
use crate::command::Action;
use crate::model::description::Act;
use crate::op::wish::Wish;
use crate::query;
use crate::text;

/// The keys whose every value stands in the language's own list.
const CLOSED: [&str; 3] = ["status", "is", "has"];

impl App {
    pub(super) fn open_prompt(&mut self, kind: PromptKind, text: &str) -> Vec<Effect> {
        self.push(Layer::Prompt(Prompt::new(kind, text)))
    }

    /// Reads what was typed, once the keys have rested.
    pub(super) fn typed(&mut self, _number: u64) -> Vec<Effect> {
        let Some(Layer::Prompt(prompt)) = self.layers.last_mut() else { return Vec::new() };
        let text = prompt.line.text();
        if text.trim().is_empty() {
            prompt.error = None;
            return Vec::new();
        }
        match prompt.kind {
            PromptKind::Search => vec![self.ask(Purpose::Parse, Ask::Parse(text))],
            PromptKind::Snooze | PromptKind::SendLater if prompt.when.is_none() => {
                vec![self.ask(Purpose::When, Ask::When(text))]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn accept_prompt(&mut self) -> Vec<Effect> {
        let Some(Layer::Prompt(prompt)) = self.layers.last().cloned() else { return Vec::new() };
        let text = prompt.line.text();
        if prompt.ends_in_new_line() {
            return self.edit(|line| {
                line.erase_back();
                line.insert("\n");
            });
        }
        let wish = match prompt.kind {
            PromptKind::Search => return self.accept_search(&text),
            PromptKind::Find => return self.accept_find(&text),
            PromptKind::SaveView => return self.accept_save_view(&text),
            PromptKind::GiveBack => return self.accept_reason(&text),
            PromptKind::PipeMail => return self.accept_pipe(&text),
            PromptKind::Attach => return self.accept_attach(&text),
            PromptKind::SaveTo | PromptKind::SaveAllTo | PromptKind::PipeTo => {
                return self.accept_saving(prompt.kind, &text);
            }
            PromptKind::SendLater => match prompt.when {
                Some(at) if at > self.now => return self.accept_later(at),
                Some(_) => Err(phrase!("prompt-past")),
                None if text.trim().is_empty() => Err(phrase!("prompt-say-when")),
                None => return vec![self.ask(Purpose::When, Ask::When(text))],
            },
            PromptKind::Note if !self.note_has_its_place(&prompt) => Err(phrase!("note-place-gone")),
            PromptKind::Note => self.wish_of(Action::Note, &[&text]).map_err(|problem| problem.what()),
            PromptKind::EditNote(_) if text.trim().is_empty() => Err(phrase!("prompt-note-empty")),
            PromptKind::EditNote(note) => {
                self.wish_of(Action::EditNote, &[&note.to_string(), &text]).map_err(|problem| problem.what())
            }
            PromptKind::Title => self.wish_of(Action::Title, &[&text]).map_err(|problem| problem.what()),
            PromptKind::Snooze => match prompt.when {
                Some(until) if until > self.now => Ok(Wish::Snooze { until: Some(until) }),
                Some(_) => Err(phrase!("prompt-past")),
                // Nobody snoozes until a moment that was not shown.
                None if text.trim().is_empty() => Err(phrase!("prompt-say-until")),
                None => return vec![self.ask(Purpose::When, Ask::When(text))],
            },
        };
        match wish {
            Ok(wish) => {
                // First on the disk, so that a note that can't be committed is not lost.
                let mut effects = self.keep_note();
                self.pop_layer();
                if prompt.kind == PromptKind::Snooze {
                    self.snoozed = Some(format!("{} {}", Action::Snooze.name(), text.trim()));
                }
                effects.extend(match prompt.kind {
                    PromptKind::EditNote(_) => self.operate_open(wish, Act::ChangedNote),
                    _ => self.operate(wish),
                });
                effects
            }
            Err(error) => {
                if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
                    prompt.error = Some(text::render(&error));
                }
                Vec::new()
            }
        }
    }

    fn accept_save_view(&mut self, name: &str) -> Vec<Effect> {
        match self.save_view(name) {
            Ok(effects) => {
                self.pop_layer();
                effects
            }
            Err(why) => {
                if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
                    prompt.error = Some(text::render(&why));
                }
                Vec::new()
            }
        }
    }

    fn accept_reason(&mut self, reason: &str) -> Vec<Effect> {
        self.accept_give_back(reason).unwrap_or_else(|why| {
            if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
                prompt.error = Some(text::render(&why));
            }
            Vec::new()
        })
    }

    fn accept_search(&mut self, text: &str) -> Vec<Effect> {
        if let Some(Layer::Prompt(Prompt { error: Some(_), .. })) = self.layers.last() {
            return vec![self.ask(Purpose::Parse, Ask::Parse(text.to_owned()))];
        }
        self.pop_layer();
        self.search(text)
    }

    /// Shows what a search finds; without words, the view again.
    pub(super) fn search(&mut self, text: &str) -> Vec<Effect> {
        let text = text.trim();
        if text.is_empty() {
            return self.show_view(self.view);
        }
        self.focus = crate::app::Pane::List;
        self.open = None;
        self.fill_list(Some(text.to_owned()))
    }

    pub(super) fn complete(&mut self) -> Vec<Effect> {
        let Some(Layer::Prompt(prompt)) = self.layers.last() else { return Vec::new() };
        if matches!(prompt.kind, PromptKind::Attach | PromptKind::SaveTo | PromptKind::SaveAllTo) {
            let text = prompt.line.before().to_owned();
            return vec![self.ask(Purpose::Paths, Ask::Paths(text))];
        }
        let (offers, at) = match &prompt.offered {
            Some((offers, at)) => (offers.clone(), (at + 1) % offers.len().max(1)),
            None => match prompt.kind {
                PromptKind::Note | PromptKind::EditNote(_) => (self.offers_of(Action::Note, &prompt.line), 0),
                PromptKind::Search => (self.offers_of_search(prompt.line.word()), 0),
                _ => return Vec::new(),
            },
        };
        let Some(word) = offers.get(at).cloned() else { return Vec::new() };
        let effects = self.edit(|line| line.replace_word(&word));
        if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
            prompt.offered = Some((offers, at));
        }
        effects
    }

    pub(super) fn offers_of_search(&self, typed: &str) -> Vec<String> {
        let tags: Vec<String> = self.tags.iter().map(ToString::to_string).collect();
        let mut team: Vec<String> = self.team().iter().map(|(handle, _)| handle.to_string()).collect();
        team.extend(self.teams.iter().map(|team| team.name.to_string()));
        let inboxes: Vec<String> = self.around.inboxes.iter().map(ToString::to_string).collect();
        search_offers(typed, &tags, &team, &inboxes)
    }
}

/// Returns the words of a search that `typed` may be the beginning of.
fn search_offers(typed: &str, tags: &[String], team: &[String], inboxes: &[String]) -> Vec<String> {
    for (prefix, names) in [("tag:", tags), ("assignee:", team), ("inbox:", inboxes)] {
        if let Some(rest) = typed.strip_prefix(prefix) {
            return names.iter().filter(|name| name.starts_with(rest)).map(|name| format!("{prefix}{name}")).collect();
        }
    }
    search_words().into_iter().filter(|word| word.starts_with(typed)).collect()
}

/// Returns the words that a search can begin with, as the language itself lists them: none that it would refuse.
fn search_words() -> Vec<String> {
    let mut words = Vec::new();
    for key in query::KEYS {
        if !CLOSED.contains(&key) {
            words.push(format!("{key}:"));
        }
        words.extend(query::values_of(key).into_iter().map(|value| format!("{key}:{value}")));
    }
    words
}

#[cfg(test)]
#[path = "prompts_tests.rs"]
mod tests;
