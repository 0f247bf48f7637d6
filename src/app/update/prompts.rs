//! What the lines of text are for: searching, tagging, noting, snoozing, titling.

use std::collections::BTreeSet;

use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer, Prompt, PromptKind, Severity};
use crate::model::description::Act;
use crate::model::ids::{OpId, Tag};
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
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
        let wish = match prompt.kind {
            PromptKind::Search => return self.accept_search(&text),
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
            PromptKind::Tag => read_tags(&text),
            PromptKind::Note => Ok(Wish::Note { text }),
            PromptKind::EditNote(_) if text.trim().is_empty() => Err(phrase!("prompt-note-empty")),
            PromptKind::EditNote(note) => Ok(Wish::EditNote { note, text }),
            PromptKind::Title => Ok(Wish::Title { text }),
            PromptKind::Snooze => match prompt.when {
                Some(until) if until > self.now => Ok(Wish::Snooze { until: Some(until) }),
                Some(_) => Err(phrase!("prompt-past")),
                // Nobody snoozes until a moment that was not shown.
                None if text.trim().is_empty() => Err(phrase!("prompt-say-until")),
                None => return vec![self.ask(Purpose::When, Ask::When(text))],
            },
        };
        match wish.and_then(|wish| wish.check().map(|()| wish).map_err(|unfit| unfit.phrase())) {
            Ok(Wish::EditNote { note, text }) => self.accept_edited_note(note, &text),
            Ok(wish) => {
                // First on the disk, so that a note that can't be committed is not lost.
                let mut effects = self.keep_note();
                self.pop_layer();
                effects.extend(self.operate(wish));
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

    fn accept_edited_note(&mut self, note: OpId, text: &str) -> Vec<Effect> {
        let mut effects = self.keep_note();
        self.pop_layer();
        let old = self.notes().into_iter().find(|old| old.id == note);
        let text = text.trim_end();
        if old.is_none_or(|old| old.lines.iter().map(SafeText::as_str).eq(text.lines())) {
            self.tell(Severity::Info, &say!("already-noted"), "");
            let place = note.to_string();
            effects.push(self.ask(Purpose::KeepNote, Ask::KeepNote { place, text: String::new() }));
            return effects;
        }
        effects.extend(self.operate_open(Wish::EditNote { note, text: text.to_owned() }, Act::ChangedNote));
        effects
    }

    fn accept_search(&mut self, text: &str) -> Vec<Effect> {
        if let Some(Layer::Prompt(Prompt { error: Some(_), .. })) = self.layers.last() {
            return vec![self.ask(Purpose::Parse, Ask::Parse(text.to_owned()))];
        }
        self.pop_layer();
        let text = text.trim();
        if text.is_empty() {
            return self.show_view(self.view);
        }
        self.focus = crate::app::Pane::List;
        self.open = None;
        self.fill_list(Some(text.to_owned()))
    }

    pub(super) fn complete(&mut self) -> Vec<Effect> {
        let tags: Vec<String> = self.tags.iter().map(ToString::to_string).collect();
        let team: Vec<String> = self.team().iter().map(|(handle, _)| handle.to_string()).collect();
        let inboxes: Vec<String> = self.around.inboxes.iter().map(ToString::to_string).collect();
        let Some(Layer::Prompt(prompt)) = self.layers.last_mut() else { return Vec::new() };
        if matches!(prompt.kind, PromptKind::Attach | PromptKind::SaveTo | PromptKind::SaveAllTo) {
            let text = prompt.line.before().to_owned();
            return vec![self.ask(Purpose::Paths, Ask::Paths(text))];
        }
        let (offers, at) = match &prompt.offered {
            Some((offers, at)) => (offers.clone(), (at + 1) % offers.len().max(1)),
            None => (offers(prompt.kind, prompt.line.word(), &tags, &team, &inboxes), 0),
        };
        let Some(word) = offers.get(at).cloned() else { return Vec::new() };
        let effects = self.edit(|line| line.replace_word(&word));
        if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
            prompt.offered = Some((offers, at));
        }
        effects
    }
}

/// Returns the words that `typed` may be the beginning of.
fn offers(kind: PromptKind, typed: &str, tags: &[String], team: &[String], inboxes: &[String]) -> Vec<String> {
    let named = |prefix: &str, names: &[String]| -> Vec<String> {
        let rest = typed.strip_prefix(prefix).unwrap_or_default();
        names.iter().filter(|name| name.starts_with(rest)).map(|name| format!("{prefix}{name}")).collect()
    };
    match kind {
        PromptKind::Tag if typed.starts_with('-') => named("-", tags),
        PromptKind::Tag if typed.starts_with('+') => named("+", tags),
        PromptKind::Tag => named("", tags),
        PromptKind::Note | PromptKind::EditNote(_) if typed.starts_with('@') => named("@", team),
        PromptKind::Search => {
            for (prefix, names) in [("tag:", tags), ("assignee:", team), ("inbox:", inboxes)] {
                if typed.starts_with(prefix) {
                    return named(prefix, names);
                }
            }
            search_words().into_iter().filter(|word| word.starts_with(typed)).collect()
        }
        _ => Vec::new(),
    }
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

/// Reads `billing -late +vip` as tags to add and to remove.
fn read_tags(text: &str) -> Result<Wish, Phrase> {
    let (mut add, mut remove) = (BTreeSet::new(), BTreeSet::new());
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        let (set, name) = match word.strip_prefix('-') {
            Some(name) => (&mut remove, name),
            None => (&mut add, word.trim_start_matches(['+', '#'])),
        };
        set.insert(Tag::new(name.trim_start_matches('#')).map_err(|error| error.phrase())?);
    }
    if add.is_empty() && remove.is_empty() {
        return Err(phrase!("prompt-no-tag"));
    }
    Ok(Wish::Tag { add, remove })
}

#[cfg(test)]
#[path = "prompts_tests.rs"]
mod tests;
