//! Tags of what is marked, or of the current conversation: several are set and taken off at once.

use std::collections::BTreeMap;

use crate::app::line::Line;
use crate::app::picker::{Choice, Picked, Picker, PickerKind};
use crate::app::{App, Effect, Layer, Severity};
use crate::command::{Action, Problem};
use crate::model::ids::Tag;
use crate::model::view::ConversationRow;
use crate::text;

impl App {
    pub(super) fn open_tags(&mut self) -> Vec<Effect> {
        let title = say!("title-tag", what = self.selection());
        let effects = self.push(Layer::Picker(Picker::of(PickerKind::Tags, title, Vec::new())));
        self.find_tags();
        effects
    }

    /// Finds anew which tags begin as was typed; where none is called so, it can become a new one.
    pub(super) fn find_tags(&mut self) {
        let Some(Layer::Picker(picker)) = self.layers.last() else { return };
        let text = picker.line.text();
        let set = picker.set.clone();
        let (off, typed) = read(&text);
        let begins = |tag: &&Tag| tag.as_str().to_lowercase().starts_with(&typed.to_lowercase());
        let mut tags: Vec<Tag> = self.tags_by_use().iter().filter(begins).cloned().collect();
        tags.sort_by_key(|tag| tag.as_str() != typed);
        let rows = self.rows_of_selection();
        let has = |tag: &Tag| rows.iter().filter(|row| row.tags.contains(tag)).count();
        if off {
            tags.retain(|tag| has(tag) > 0 || tag.as_str() == typed);
        }
        let mut choices: Vec<Choice> = tags
            .iter()
            .map(|tag| {
                let state = state_of(has(tag), rows.len(), set.get(tag).copied(), off);
                let uses = self.tag_uses.iter().find(|(used, _)| used == tag).map(|(_, count)| *count);
                let uses = uses.map(|count| say!("tag-used", count = count)).unwrap_or_default();
                let detail =
                    [state, uses].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ");
                Choice::new(format!("#{tag}"), detail, Picked::Tag(tag.clone()))
            })
            .collect();
        if !typed.is_empty() && !tags.iter().any(|tag| tag.as_str() == typed) {
            choices.push(new_tag(typed, off));
        }
        let begins = choices.len();
        if let Some(Layer::Picker(picker)) = self.layers.last_mut() {
            let was = picker.at;
            picker.show(choices, begins);
            if typed.is_empty() {
                picker.at = was.map(|at| at.min(begins.saturating_sub(1))).filter(|_| begins > 0);
            }
        }
    }

    /// Returns the tags in use: those first that were set here last, then those that anybody put on, the last one first.
    fn tags_by_use(&self) -> Vec<Tag> {
        let lately = self.tag_uses.iter().map(|(tag, _)| tag).filter(|tag| self.tags.contains(tag));
        let mut all: Vec<Tag> = Vec::new();
        for tag in self.tags_used.iter().chain(lately).chain(&self.tags) {
            if !all.contains(tag) {
                all.push(tag.clone());
            }
        }
        all
    }

    /// Returns the rows of what is marked, as far as they are in the window, or else the current one.
    pub(super) fn rows_of_selection(&self) -> Vec<&ConversationRow> {
        if self.marks.is_empty() {
            return self.current_row().into_iter().collect();
        }
        self.list.rows.iter().filter(|row| self.is_marked(row)).collect()
    }

    /// Sets the tag under the cursor, or takes it off where all have it, to be done by Enter.
    pub(super) fn set_tag(&mut self) -> Vec<Effect> {
        let Some(Layer::Picker(picker)) = self.layers.last() else { return Vec::new() };
        let (off, _) = read(&picker.line.text());
        let is_put_on = picker.line.text().trim().starts_with('+');
        let Some((tag, None)) = picker.chosen().and_then(|choice| match &choice.means {
            Picked::Tag(tag) => Some((tag.clone(), choice.disabled.clone())),
            _ => None,
        }) else {
            return Vec::new();
        };
        let rows = self.rows_of_selection();
        let all_have = !rows.is_empty() && rows.iter().all(|row| row.tags.contains(&tag));
        // What was typed with a sign is meant so.
        let to = !off && (is_put_on || !all_have);
        if let Some(Layer::Picker(picker)) = self.layers.last_mut() {
            if picker.set.remove(&tag).is_none() {
                picker.set.insert(tag, to);
            }
            picker.line = Line::default();
        }
        self.name_set_tags();
        self.find_tags();
        Vec::new()
    }

    /// Names in the title what was set so far.
    fn name_set_tags(&mut self) {
        let mut title = say!("title-tag", what = self.selection());
        let Some(Layer::Picker(picker)) = self.layers.last_mut() else { return };
        for (tag, on) in &picker.set {
            title.push_str(&format!(" {}{tag}", if *on { "+" } else { "-" }));
        }
        picker.title = title;
    }

    /// Sets and takes off what was chosen: all that was set, and what the cursor is on where something was typed or nothing was set.
    pub(super) fn accept_tags(&mut self) -> Vec<Effect> {
        let Some(Layer::Picker(picker)) = self.layers.last() else { return Vec::new() };
        let text = picker.line.text();
        let (off, _) = read(&text);
        let mut set: BTreeMap<String, bool> =
            picker.set.iter().map(|(tag, on)| (tag.as_str().to_owned(), *on)).collect();
        let is_line = text.contains(',');
        let chosen = picker.chosen().filter(|_| !is_line && (!text.is_empty() || set.is_empty()));
        if let Some(reason) = chosen.and_then(|choice| choice.disabled.clone()) {
            self.tell(Severity::Info, &say!("cant-act", what = Action::Tag.name(), why = reason), "");
            return Vec::new();
        }
        if let Some(Picked::Tag(tag)) = chosen.map(|choice| choice.means.clone()) {
            set.insert(tag.as_str().to_owned(), !off);
        }
        let mut words: Vec<String> =
            set.into_iter().map(|(tag, on)| if on { tag } else { format!("-{tag}") }).collect();
        words.extend(is_line.then(|| text.clone()));
        match self.wish_of(Action::Tag, &[&words.join(",")]) {
            Ok(wish) => {
                self.pop_layer();
                self.operate(wish)
            }
            Err(problem) => {
                let why = match problem {
                    Problem::NoTag => phrase!("prompt-no-tag"),
                    problem => problem.what(),
                };
                self.tell(Severity::Info, &say!("cant-act", what = Action::Tag.name(), why = text::render(&why)), "");
                Vec::new()
            }
        }
    }

    /// Remembers tags that were set, so that they are offered first.
    pub(super) fn remember_tags<'t>(&mut self, tags: impl IntoIterator<Item = &'t Tag>) {
        for tag in tags {
            self.tags_used.retain(|old| old != tag);
            self.tags_used.insert(0, tag.clone());
        }
    }
}

/// Parts the sign that takes a tag off from the tag.
fn read(text: &str) -> (bool, &str) {
    let text = text.trim();
    let name = text.trim_start_matches(['+', '-', '#']);
    (text.starts_with('-'), name)
}

/// Says on how many a tag is, and what becomes of that.
fn state_of(has: usize, of: usize, set: Option<bool>, off: bool) -> String {
    let on = match (has, of) {
        (0, _) => String::new(),
        (_, 1) => say!("tag-on"),
        (has, of) if has == of => say!("tag-on-all", count = of),
        (has, of) => say!("tag-on-some", count = has, of = of),
    };
    let then = match set {
        Some(true) => say!("tag-set"),
        Some(false) => say!("tag-taken-off"),
        None if off => say!("tag-off-how"),
        None if has > 0 && has == of => say!("tag-space-takes-off"),
        None => String::new(),
    };
    [on, then].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn new_tag(typed: &str, off: bool) -> Choice {
    match Tag::new(typed) {
        Ok(tag) => {
            let detail = if off { say!("tag-off-how") } else { say!("tag-new") };
            Choice::new(format!("#{tag}"), detail, Picked::Tag(tag))
        }
        Err(bad) => {
            let disabled = Some(text::render(&bad.phrase()));
            let means = Picked::Line(String::new());
            Choice { disabled, ..Choice::new(format!("#{}", crate::model::text::SafeText::line(typed)), "", means) }
        }
    }
}
