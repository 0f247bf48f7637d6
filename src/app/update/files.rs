//! Files: those that go out with a mail, those that came with one, and saved replies.

use crate::app::compose::paths_in;
use crate::app::picker::{Choice, Picked, Picker, PickerKind};
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Field, Hand, Layer, PromptKind, SavedText, Saving, Severity, words};
use crate::error::UserError;
use crate::model::ids::MessageId;
use crate::model::reply::{DraftKind, OutgoingFile};
use crate::model::text::SafeText;

impl App {
    pub(super) fn accept_attach(&mut self, text: &str) -> Vec<Effect> {
        let paths = paths_in(text);
        self.pop_layer();
        if paths.is_empty() {
            return Vec::new();
        }
        vec![self.ask(Purpose::Files { pasted: None }, Ask::Files(paths))]
    }

    /// Takes files that were copied into the store. A paste of which anything is no file was text after all.
    pub(super) fn take_files(
        &mut self,
        pasted: Option<String>,
        files: Vec<OutgoingFile>,
        wrong: &[SafeText],
    ) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        if let (Some(text), false) = (pasted, wrong.is_empty()) {
            compose.body.insert(&text);
            return self.touch();
        }
        let told: Vec<String> = files.iter().map(|f| format!("{} ({})", f.name, words::size(f.size))).collect();
        compose.attach(files);
        for wrong in wrong {
            self.tell(Severity::Error, wrong.as_str(), "");
        }
        if told.is_empty() {
            return Vec::new();
        }
        let key = self.compose_key(crate::keymap::Action::Detach);
        self.tell(Severity::Info, &say!("files-attached", names = told.join(", ")), &say!("hint-takes-off", key = key));
        self.touch()
    }

    /// Takes the paths that the typed one can become: the only one is put in, of many as much as they share.
    pub(super) fn take_paths(&mut self, paths: Vec<String>) -> Vec<Effect> {
        let Some(Layer::Prompt(prompt)) = self.layers.last_mut() else { return Vec::new() };
        let Some(first) = paths.first() else {
            prompt.error = Some(say!("no-file-begins-so"));
            return Vec::new();
        };
        let shared = paths.iter().skip(1).fold(first.clone(), |shared, path| common(&shared, path));
        let before = prompt.line.before();
        let kept = before.len() - last_word(before).len();
        let head = before.get(..kept).unwrap_or_default().to_owned();
        let after = prompt.line.after().to_owned();
        prompt.line = crate::app::line::Line::new(&format!("{head}{}", escaped(&shared)));
        prompt.line.insert(&after);
        prompt.error = None;
        let name = |path: &String| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        let names: Vec<String> = paths.iter().map(name).collect();
        prompt.offered = (names.len() > 1).then_some((names, usize::MAX));
        Vec::new()
    }

    pub(super) fn open_detach(&mut self) -> Vec<Effect> {
        let Some(compose) = self.compose() else { return Vec::new() };
        let files = compose.draft.files.iter().enumerate();
        let choices =
            files.map(|(n, file)| Choice::new(&file.name, words::size(file.size), Picked::Detach(n))).collect();
        self.push(Layer::Picker(Picker::new(say!("title-take-off"), choices)))
    }

    pub(super) fn detach(&mut self, place: usize) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        if place < compose.draft.files.len() {
            compose.draft.files.remove(place);
        }
        self.touch()
    }

    pub(super) fn open_saved(&mut self, replies: Vec<SavedText>, troubles: &[UserError]) -> Vec<Effect> {
        for trouble in troubles {
            self.tell(Severity::Warning, &trouble.message(), &trouble.advice());
        }
        if replies.is_empty() && troubles.is_empty() {
            self.tell(Severity::Info, &say!("no-saved-replies"), &say!("hint-saved-replies"));
        }
        if replies.is_empty() {
            self.give_up_typing();
            return Vec::new();
        }
        let choice = |saved: SavedText| {
            // Where it comes from stands first: what its author wrote into the tags must not push it off the screen.
            let changed = saved.change.as_ref().map(|_| say!("reply-changed"));
            let origin = [saved.team.as_ref().map(|reply| self.shared_by(reply)), changed];
            let about = Some(saved.about.clone()).filter(|about| !about.is_empty());
            let detail: Vec<String> = origin.into_iter().chain([about]).flatten().collect();
            Choice::new(saved.name.clone(), detail.join(" · "), Picked::Saved(Box::new(saved)))
        };
        let choices: Vec<Choice> = replies.into_iter().map(choice).collect();
        let wanted = self.wanted_reply.take().flatten();
        let at = wanted.as_ref().and_then(|name| choices.iter().position(|choice| choice.label == *name));
        let mut picker = Picker::of(PickerKind::Saved, say!("title-saved-replies"), choices);
        picker.at = at.or(picker.at);
        let effects = self.push(Layer::Picker(picker));
        if at.is_some() { self.accept_choice() } else { effects }
    }

    /// Puts a saved reply in where the cursor is.
    pub(super) fn put_saved(&mut self, saved: &SavedText) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        let at = compose.body.offset();
        (compose.field, compose.hand) = (Field::Body, Hand::Typing);
        compose.body.insert(saved.text.trim_end());
        let cursor = at + saved.cursor.min(saved.text.trim_end().len());
        compose.body.jump(cursor);
        if !saved.subject.is_empty() && (compose.draft.kind == DraftKind::New || compose.subject.is_empty()) {
            compose.subject = crate::app::line::Line::new(SafeText::line(&saved.subject).as_str());
        }
        let draft = &mut compose.draft;
        for name in &saved.unresolved {
            // Sending is refused while one of them stands in the text.
            if !draft.variables.contains(name) {
                draft.variables.push(name.clone());
            }
        }
        // The cursor of the text itself stays where its author wants it.
        if let Some(variable) = compose.unfilled().into_iter().find(|one| one.offset == cursor) {
            compose.body.take_in_hand(&variable);
        }
        self.touch()
    }

    /// Asks what to do with an attachment.
    pub(super) fn open_file_deeds(&mut self, message: MessageId, index: usize) -> Vec<Effect> {
        let all = self.attachments().iter().filter(|(id, _)| *id == message).count();
        self.chosen_files = vec![(message.clone(), index)];
        let mut choices = vec![
            Choice::new(say!("file-open"), say!("file-open-how"), Picked::OpenFile(message, index)),
            Choice::new(say!("file-save"), say!("file-save-how"), Picked::Ask(PromptKind::SaveTo)),
            Choice::new(say!("file-pipe"), say!("file-pipe-how"), Picked::Ask(PromptKind::PipeTo)),
        ];
        if all > 1 {
            let detail = say!("file-save-all-how", count = all);
            choices.insert(2, Choice::new(say!("file-save-all"), detail, Picked::Ask(PromptKind::SaveAllTo)));
        }
        self.push(Layer::Picker(Picker::new(say!("title-attachment"), choices)))
    }

    pub(super) fn open_saving(&mut self, kind: PromptKind) -> Vec<Effect> {
        if let (PromptKind::SaveAllTo, [(message, _)]) = (kind, self.chosen_files.as_slice()) {
            let message = message.clone();
            let all = self.attachments().into_iter().filter(|(id, _)| *id == message);
            self.chosen_files = all.map(|(id, file)| (id, file.index)).collect();
        }
        let text = if kind == PromptKind::PipeTo { "" } else { "~/" };
        self.open_prompt(kind, text)
    }

    pub(super) fn accept_saving(&mut self, kind: PromptKind, text: &str) -> Vec<Effect> {
        self.pop_layer();
        let files = std::mem::take(&mut self.chosen_files);
        let saving = match kind {
            PromptKind::PipeTo => Saving::Pipe(text.trim().to_owned()),
            _ => Saving::To(paths_in(text).into_iter().next().unwrap_or_default()),
        };
        if text.trim().is_empty() || files.is_empty() {
            return Vec::new();
        }
        vec![Effect::SaveFiles(files, saving)]
    }
}

/// Returns the word of a line of paths that is being typed; an escaped space does not end it.
fn last_word(before: &str) -> &str {
    let mut start = 0;
    let mut escaped = false;
    for (at, c) in before.char_indices() {
        if c.is_whitespace() && !escaped {
            start = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    before.get(start..).unwrap_or_default()
}

fn escaped(path: &str) -> String {
    let mut out = String::new();
    for c in path.chars() {
        if c.is_whitespace() || matches!(c, '\\' | '\'' | '"') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn common(a: &str, b: &str) -> String {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
}
