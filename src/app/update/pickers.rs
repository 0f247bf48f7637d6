//! Choices among many: agents, inboxes, links, attachments, and the palette of all actions.

use std::collections::BTreeSet;

use crate::app::conversation::Open;
use crate::app::line::Line;
use crate::app::picker::{Choice, Picked, Picker, PickerKind};
use crate::app::{App, Effect, Layer, Pane, PromptKind, Severity, words};
use crate::keymap::Key;
use crate::model::conversation::{Item, NoteItem};
use crate::model::description::Act;
use crate::model::ids::{AccountId, MessageId};
use crate::model::message::{Attachment, Link};
use crate::model::status::Status;
use crate::model::view::{ConversationRow, View};
use crate::op::wish::Wish;
use crate::text;

/// Gives the first nine choices a digit each.
fn number(choices: &mut [Choice]) {
    for (n, choice) in choices.iter_mut().take(9).enumerate() {
        choice.key = (n + 1).to_string();
    }
}

fn is_of_message(choice: &Choice) -> bool {
    matches!(choice.means, Picked::Attachment(..) | Picked::Link(_) | Picked::CopyLink(_))
}

impl App {
    /// Finds anew what can be chosen.
    pub(super) fn find_choices(&mut self) {
        let Some(Layer::Picker(picker)) = self.layers.last_mut() else { return };
        match picker.kind {
            PickerKind::Palette => self.find_in_palette(),
            PickerKind::Tags => self.find_tags(),
            PickerKind::Choice | PickerKind::Assign | PickerKind::Saved => picker.find(),
            // What is typed are the ids of all of them.
            PickerKind::Merge => {}
        }
    }

    /// Completes what was typed by the choice under the cursor.
    pub(super) fn complete_choice(&mut self) -> Vec<Effect> {
        let Some(Layer::Picker(picker)) = self.layers.last_mut() else { return Vec::new() };
        if picker.kind == PickerKind::Palette {
            return self.complete_in_palette();
        }
        if picker.kind == PickerKind::Merge {
            picker.step(1);
            return Vec::new();
        }
        if let Some(choice) = picker.chosen().filter(|_| !picker.line.is_empty()) {
            let off = picker.kind == PickerKind::Tags && picker.line.text().starts_with('-');
            let label = if off { choice.label.replacen('#', "-", 1) } else { choice.label.clone() };
            picker.line = Line::new(&label);
            self.find_choices();
        }
        Vec::new()
    }

    /// Lists the views, to go to one by its name.
    pub(super) fn open_views(&mut self) -> Vec<Effect> {
        let choice = |(place, view): (usize, &View)| {
            let key = self.digit_of_view(place).map(|digit| digit.to_string()).unwrap_or_default();
            let means = Picked::View(view.name());
            Choice { key, ..Choice::new(text::render(&view.title()), view.query(), means) }
        };
        let choices = self.views.iter().enumerate().map(|(place, view)| choice((place, view))).collect();
        self.push(Layer::Picker(Picker::new(say!("title-views"), choices)))
    }

    /// Offers the tags that are known by now where some are being chosen.
    pub(super) fn refresh_tags(&mut self) {
        if matches!(self.layers.last(), Some(Layer::Picker(picker)) if picker.kind == PickerKind::Tags) {
            self.find_tags();
        }
    }

    /// Says how much is marked, or else names the current conversation.
    pub fn selection(&self) -> String {
        match self.marks.is_empty() {
            true => self.current_id().and_then(|id| self.named(id).name).unwrap_or_else(|| say!("these-one")),
            false => self.marked_count().map_or_else(|| say!("marked-all"), |count| say!("marked", count = count)),
        }
    }

    pub(super) fn open_status(&mut self) -> Vec<Effect> {
        let here = self.current_row().filter(|_| self.marks.is_empty()).map(|row| row.status);
        let others = Status::ALL.into_iter().filter(|status| Some(*status) != here);
        let choices = others.map(|status| Choice::new(status.name(), "", Picked::Status(status))).collect();
        self.push(Layer::Picker(Picker::new(say!("title-status", what = self.selection()), choices)))
    }

    pub(super) fn open_move(&mut self) -> Vec<Effect> {
        let here = self.current_row().map(|row| row.inbox.clone());
        let lie_in = self.accounts_of_selection();
        let others = self.around.inboxes.iter().filter(|inbox| Some(*inbox) != here.as_ref() || !self.marks.is_empty());
        let choices = others.map(|inbox| {
            let account = self.around.accounts.get(inbox);
            let foreign = lie_in.iter().find(|lies| account.is_some_and(|account| account != **lies));
            let disabled = foreign.zip(account).map(|(lies, account)| {
                say!("inbox-of-another", account = account.to_string(), lies = lies.to_string())
            });
            let open = match self.counts.get(&View::Inbox(inbox.clone())) {
                0 => String::new(),
                open => say!("move-open", count = open),
            };
            Choice { disabled, ..Choice::new(inbox.as_str(), open, Picked::Move(inbox.clone())) }
        });
        let mut choices: Vec<Choice> = choices.collect();
        choices.sort_by_key(|choice| choice.disabled.is_some());
        self.push(Layer::Picker(Picker::new(say!("title-move", what = self.selection()), choices)))
    }

    /// Returns the accounts that the marked conversations lie in, or else the current one, as far as they are on the screen.
    fn accounts_of_selection(&self) -> BTreeSet<&AccountId> {
        let marked = self.list.rows.iter().filter(|row| self.is_marked(row));
        let current = self.current_row().filter(|_| self.marks.is_empty());
        marked.chain(current).filter_map(|row| self.around.accounts.get(&row.inbox)).collect()
    }

    /// Returns the links of the open conversation: those of the message under the cursor first, then the others, newest first.
    pub fn links(&self) -> Vec<(MessageId, Link)> {
        let Some(open) = &self.open else { return Vec::new() };
        let first = open.message().map(|message| message.id.clone());
        let mut links: Vec<(MessageId, Link)> = Vec::new();
        for (_, message) in open.messages().rev() {
            let all = message.body.links.iter().chain(&message.body.addresses);
            links.extend(all.map(|link| (message.id.clone(), link.clone())));
        }
        links.sort_by_key(|(id, _)| Some(id) != first.as_ref());
        links
    }

    /// Returns the attachments of the open conversation, in the same order.
    pub fn attachments(&self) -> Vec<(MessageId, Attachment)> {
        let Some(open) = &self.open else { return Vec::new() };
        let first = open.message().map(|message| message.id.clone());
        let mut found: Vec<(MessageId, Attachment)> = Vec::new();
        for (_, message) in open.messages().rev() {
            found.extend(message.body.attachments.iter().map(|file| (message.id.clone(), file.clone())));
        }
        found.sort_by_key(|(id, _)| Some(id) != first.as_ref());
        found
    }

    /// Returns the notes of the open conversation, newest first.
    pub(super) fn notes(&self) -> Vec<NoteItem> {
        let items = self.open.as_ref().and_then(|open| open.data.as_ref()).map(|data| data.items.as_slice());
        let notes = items.unwrap_or_default().iter().rev().filter_map(|item| match item {
            Item::Note(note) => Some(note.clone()),
            _ => None,
        });
        notes.collect()
    }

    /// Opens the line with a note's text; where there are several, after a choice.
    pub(super) fn open_edit_note(&mut self) -> Vec<Effect> {
        let notes = self.notes();
        if let [one] = notes.as_slice() {
            return self.edit_note(one);
        }
        let choices = notes.into_iter().map(|note| {
            let detail = format!("{}, {}", note.actor, crate::app::words::minute(note.at, &self.around.zone));
            let first = note.lines.first().map(ToString::to_string).unwrap_or_default();
            Choice::new(first, detail, Picked::Note(Box::new(note)))
        });
        let choices = choices.collect();
        self.push(Layer::Picker(Picker::new(say!("title-edit-note"), choices)))
    }

    fn edit_note(&mut self, note: &NoteItem) -> Vec<Effect> {
        let text: Vec<&str> = note.lines.iter().map(crate::model::text::SafeText::as_str).collect();
        self.open_note_at(PromptKind::EditNote(note.id), &text.join("\n"), note.id.to_string())
    }

    /// Lists the links; choosing one is what `means` makes of its target.
    pub(super) fn open_links(&mut self, title: impl Into<String>, means: fn(String) -> Picked) -> Vec<Effect> {
        let choices = self.links().into_iter().map(|(_, link)| {
            let warning = link.warning.map(|warning| format!("! {warning}")).unwrap_or_default();
            let label = match link.number {
                0 => link.target.to_string(),
                number => format!("[{number}] {}", link.target),
            };
            Choice::new(label, warning, means(link.target.to_string()))
        });
        let mut choices: Vec<Choice> = choices.collect();
        number(&mut choices);
        self.push(Layer::Picker(Picker::new(title, choices)))
    }

    /// Offers to save all files of the message under the cursor, and all of the conversation where it has more.
    fn all_to_save(&self, files: &[(MessageId, Attachment)]) -> Vec<Choice> {
        let here = self.open.as_ref().and_then(|open| open.message()).map(|message| &message.id);
        let of_message: Vec<&(MessageId, Attachment)> = files.iter().filter(|(id, _)| Some(id) == here).collect();
        let offer = |label: String, files: &[&(MessageId, Attachment)]| {
            let size = files.iter().map(|(_, file)| file.size).fold(0, u64::saturating_add);
            let these = files.iter().map(|(id, file)| (id.clone(), file.index)).collect();
            Choice::new(label, words::size(size), Picked::SaveAll(these))
        };
        let mut offers = Vec::new();
        if of_message.len() > 1 {
            offers.push(offer(say!("save-all-of-message", count = of_message.len()), &of_message));
        }
        if files.len() > of_message.len().max(1) {
            let all: Vec<&(MessageId, Attachment)> = files.iter().collect();
            offers.push(offer(say!("save-all-of-conversation", count = files.len()), &all));
        }
        offers
    }

    pub(super) fn open_attachments(&mut self) -> Vec<Effect> {
        if self.attachments().is_empty() {
            let first = self.open.as_mut().and_then(|open| {
                open.list_files = true;
                open.coming().into_iter().next()
            });
            let why = first.map(|id| text::render(&self.why_no_body(&id, true))).unwrap_or_default();
            self.tell(Severity::Info, &why, &say!("files-listed-then"));
            return Vec::new();
        }
        let files = self.attachments();
        let choices = files.iter().map(|(message, file)| {
            let detail = format!("{}, {}", words::size(file.size), file.media);
            Choice::new(file.name.to_string(), detail, Picked::Attachment(message.clone(), file.index))
        });
        let mut choices: Vec<Choice> = choices.collect();
        number(&mut choices);
        choices.extend(self.all_to_save(&files));
        let coming = self.open.as_ref().map(crate::app::Open::coming).unwrap_or_default();
        choices.extend(coming.into_iter().map(|message| {
            let disabled = Some(say!("mail-still-away"));
            Choice { disabled, ..Choice::new(say!("files-of-another"), "", Picked::Attachment(message, 0)) }
        }));
        self.push(Layer::Picker(Picker::new(say!("title-attachments"), choices)))
    }

    /// Takes a letter in a picker: `a` straight away in the assignees is me, so that `a a` takes a conversation; a blank among tags sets.
    pub(super) fn picker_shortcut(&mut self, key: Key) -> Option<Vec<Effect>> {
        if let Some(effects) = self.look_before(key) {
            return Some(effects);
        }
        let Some(Layer::Picker(picker)) = self.layers.last_mut() else { return None };
        // A file or a link by its number.
        if let (Some(typed), true) = (key.typed().filter(char::is_ascii_digit), picker.line.is_empty()) {
            let is_numbered = |choice: &Choice| choice.key == typed.to_string() && is_of_message(choice);
            if let Some(place) = picker.choices.iter().position(is_numbered) {
                picker.at = picker.shown.iter().position(|shown| *shown == place).or(picker.at);
                return Some(self.accept_choice());
            }
        }
        match picker.kind {
            PickerKind::Assign if picker.line.is_empty() && key == Key::char('a') => Some(self.accept_choice()),
            PickerKind::Tags if key == Key::char(' ') => Some(self.set_tag()),
            _ if key == Key::char(' ') => match picker.chosen().map(|choice| &choice.means) {
                Some(Picked::Column(column)) => {
                    let column = *column;
                    Some(self.turn_column(column))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Opens a conversation that was named.
    pub(super) fn open_row(&mut self, row: &ConversationRow) -> Vec<Effect> {
        if let Some(place) = self.list.rows.iter().position(|one| one.id == row.id) {
            let by = place as isize - self.list.cursor as isize;
            self.step(by);
        }
        self.focus = Pane::Conversation;
        self.open = Some(Open::new(row.id.clone()));
        self.load_open()
    }

    pub(super) fn accept_choice(&mut self) -> Vec<Effect> {
        let Some(Layer::Picker(picker)) = self.layers.last() else { return Vec::new() };
        if picker.kind == PickerKind::Tags {
            return self.accept_tags();
        }
        if picker.kind == PickerKind::Merge && !picker.is_merge_typed() {
            let words = say!("merge-wanted", ids = picker.ids_to_merge().join(" "));
            self.tell(Severity::Info, &words, "");
            return Vec::new();
        }
        let is_palette = picker.kind == PickerKind::Palette;
        let Some(choice) = picker.chosen().cloned() else { return Vec::new() };
        if let Some(reason) = choice.disabled {
            let what = match choice.means {
                Picked::Move(inbox) => say!("move-to", inbox = inbox.to_string()),
                _ => choice.label.replace('-', " "),
            };
            self.tell(Severity::Info, &say!("cant-act", what = what, why = reason), "");
            return Vec::new();
        }
        // A saved reply that was changed is looked at above the list, and so is the list whose columns are chosen.
        if !matches!(choice.means, Picked::Saved(_) | Picked::Column(_)) {
            self.pop_layer();
        }
        if let (true, Picked::Line(line)) = (is_palette, &choice.means) {
            self.palette.remember(line);
        }
        match choice.means {
            Picked::Act(action) => {
                self.palette.remember(action.name());
                self.act(action)
            }
            Picked::Line(line) => self.run_line(&line),
            Picked::Row(row) => self.open_row(&row),
            Picked::Tag(_) => Vec::new(),
            Picked::Column(column) => self.turn_column(column),
            Picked::Wish(wish) => self.operate_now(*wish),
            Picked::View(name) => match self.views.iter().position(|view| view.name() == name) {
                Some(place) => self.show_view(place),
                None => Vec::new(),
            },
            Picked::Theme(name) => {
                self.choose_theme(&name);
                Vec::new()
            }
            Picked::Assign(to) => self.operate(Wish::Assign { to }),
            Picked::Status(to) => self.operate(Wish::Status { to }),
            Picked::Move(inbox) => self.operate(Wish::Move { inbox }),
            Picked::Link(target) => vec![Effect::OpenLink(target)],
            Picked::CopyLink(target) => self.copy_text(target),
            Picked::Attachment(message, index) => self.open_file_deeds(message, index),
            Picked::SaveAll(files) => {
                self.chosen_files = files;
                self.open_saving(PromptKind::SaveAllTo)
            }
            Picked::OpenFile(message, index) => vec![Effect::OpenAttachment { message, index }],
            Picked::Ask(kind) => self.open_saving(kind),
            Picked::Saved(saved) => self.choose_saved(saved),
            Picked::Detach(place) => self.detach(place),
            Picked::AddPeople(people) => self.add_people(&people),
            Picked::Note(note) => self.edit_note(&note),
            Picked::Join(other) => self.join(&other),
            Picked::MergeInto(row) => self.merge_into(&row),
            Picked::MergeTheirs(row, other) => self.merge_one(&row, other),
            Picked::Split(message) => self.operate_open(Wish::Split { message }, Act::Split),
        }
    }
}
