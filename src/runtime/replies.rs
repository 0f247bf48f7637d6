//! Saved replies, files to attach, and the completion of paths: what the disk holds for whoever writes.

use std::collections::BTreeSet;

use crate::app::SavedText;
use crate::app::compose::paths_in;
use crate::app::event::Answer;
use crate::error::UserError;
use crate::model::phrase::Phrase;
use crate::model::reply::{Draft, OutgoingFile};
use crate::model::text::SafeText;
use crate::runtime::backend::StoreBackend;
use crate::runtime::files::expand;
use crate::service::attachments;
use crate::service::saved_replies::{self, Filled, SavedReply, Trouble};

/// The most paths that a completion offers.
const PATHS_MAX: usize = 200;

/// Returns the saved replies for a draft's inbox, filled in, and what is wrong with those that can't be read.
pub(super) fn saved(backend: &StoreBackend, draft: &Draft) -> Result<Answer, UserError> {
    let (store, writing) = (&backend.store, &backend.writing);
    let shelf = saved_replies::all(store, &writing.replies_dir)?;
    let values = saved_replies::values(store, &writing.sending, draft, &backend.zone)?;
    let inbox = draft.inbox.as_ref().map_or("", |inbox| inbox.as_str());
    let fits = shelf.replies.iter().filter(|reply| reply.template.is_for(inbox));
    let texts = fits.map(|reply| text(reply, saved_replies::fill(&reply.template, &values))).collect();
    Ok(Answer::Saved(texts, shelf.troubles.iter().map(Trouble::error).collect()))
}

/// Returns the names of the saved replies; none where they can't be read, which is told when one is wanted.
pub(super) fn names(backend: &StoreBackend) -> Vec<String> {
    let shelf = saved_replies::all(&backend.store, &backend.writing.replies_dir);
    let name = |reply: &SavedReply| SafeText::line_max(&reply.template.name, 100).to_string();
    shelf.map(|shelf| shelf.replies.iter().map(name).collect()).unwrap_or_default()
}

/// Makes a filled reply fit for the text area.
fn text(reply: &SavedReply, filled: Filled) -> SavedText {
    let template = &reply.template;
    let before = filled.text.get(..filled.cursor).unwrap_or(&filled.text);
    let mut about: Vec<String> = template.tags.iter().map(|tag| format!("#{tag}")).collect();
    about.extend((!template.language.is_empty()).then(|| template.language.clone()));
    SavedText {
        name: SafeText::line_max(&template.name, 100).to_string(),
        about: SafeText::line_max(&about.join(" "), 100).to_string(),
        cursor: safe(before).len(),
        text: safe(&filled.text),
        subject: filled.subject,
        unresolved: filled.unresolved,
        team: reply.from_team(),
        change: reply.change(),
    }
}

fn safe(text: &str) -> String {
    SafeText::lines(text).iter().map(SafeText::as_str).collect::<Vec<_>>().join("\n")
}

/// Copies files into the store.
pub(super) fn files(backend: &StoreBackend, paths: &[String]) -> Answer {
    let (mut files, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        match one_file(backend, path) {
            Ok(file) => files.push(file),
            Err(why) => wrong.push(SafeText::line_max(&say!("error-within", place = path, what = why), 300)),
        }
    }
    Answer::Files(files, wrong)
}

fn one_file(backend: &StoreBackend, path: &str) -> Result<OutgoingFile, Phrase> {
    let file = attachments::read(&expand(path)).map_err(|unfit| match unfit.hint() {
        None => unfit.phrase(),
        Some(hint) => phrase!("error-within", place = unfit.phrase(), what = hint),
    })?;
    backend.store.put_file(&file.name, &file.media, &file.bytes).map_err(|error| error.to_string().into())
}

/// Returns the paths that the last path of a line can become, folders with `/` at their end.
pub(super) fn paths(text: &str) -> Vec<String> {
    let ends = text.ends_with(char::is_whitespace) && !text.ends_with("\\ ");
    let typed = if ends { String::new() } else { paths_in(text).pop().unwrap_or_default() };
    let (folder, beginning) = typed.rsplit_once('/').map_or(("", typed.as_str()), |(f, b)| (f, b));
    let head = if typed.contains('/') { format!("{folder}/") } else { String::new() };
    let place = if head.is_empty() { expand(".") } else { expand(&head) };
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let hidden = name.starts_with('.') && !beginning.starts_with('.');
        if name.starts_with(beginning) && !hidden && found.len() < PATHS_MAX {
            let slash = if entry.path().is_dir() { "/" } else { "" };
            found.insert(format!("{head}{name}{slash}"));
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
#[path = "replies_tests.rs"]
mod tests;
