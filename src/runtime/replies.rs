//! Saved replies, files to attach, and the completion of paths: what the disk holds for whoever writes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::app::SavedText;
use crate::app::compose::paths_in;
use crate::app::event::Answer;
use crate::error::UserError;
use crate::model::reply::Draft;
use crate::model::template::Template;
use crate::model::text::SafeText;
use crate::runtime::backend::StoreBackend;
use crate::runtime::files::expand;
use crate::service::compose::variables;

/// The longest saved reply in bytes.
const REPLY_MAX: u64 = 1_000_000;
/// The largest file that can be attached, in bytes; servers take less.
const FILE_MAX: u64 = 100_000_000;
/// The most paths that a completion offers.
const PATHS_MAX: usize = 200;

/// Returns the saved replies of a folder, each with its file; those that can't be read, and what is no file, are left out.
pub(crate) fn in_folder(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // Asked of what a link leads to: a pipe or a device would be read for ever.
        let fits = std::fs::metadata(&path).is_ok_and(|meta| meta.is_file() && meta.len() <= REPLY_MAX);
        if !hidden
            && fits
            && path.extension().is_some_and(|extension| extension == "md")
            && let Ok(bytes) = std::fs::read(&path)
        {
            found.push((path, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    found.sort();
    found
}

/// Returns the saved replies of the folder and those that the team shares, filled in for a draft, by name.
pub(super) fn saved(backend: &StoreBackend, draft: &Draft) -> Result<Vec<SavedText>, UserError> {
    let mut templates: BTreeMap<String, Template> = BTreeMap::new();
    for (name, text) in backend.store.saved_replies()? {
        // The log's name counts, as everywhere; a header could name another's.
        templates.insert(name.clone(), Template { name: name.clone(), ..Template::parse(&name, &text) });
    }
    // One's own file goes before the team's of the same name.
    for (path, text) in in_folder(&backend.writing.replies_dir) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let template = Template::parse(&stem, &text);
        templates.insert(template.name.clone(), template);
    }
    let values = values(backend, draft)?;
    let inbox = draft.inbox.as_ref().map_or("", |inbox| inbox.as_str());
    let fits = templates.into_values().filter(|template| template.is_for(inbox));
    Ok(fits.map(|template| filled(&template, &values)).collect())
}

fn filled(template: &Template, values: &BTreeMap<String, String>) -> SavedText {
    let rendered = template.render(values);
    let subject = crate::model::template::render(&template.subject, values);
    let before = rendered.text.get(..rendered.cursor).unwrap_or(&rendered.text);
    let unresolved = rendered.unresolved.iter().chain(&subject.unresolved);
    let mut names: Vec<String> = unresolved.map(|unresolved| unresolved.name.clone()).collect();
    names.dedup();
    let mut about: Vec<String> = template.tags.iter().map(|tag| format!("#{tag}")).collect();
    about.extend((!template.language.is_empty()).then(|| template.language.clone()));
    SavedText {
        name: SafeText::line_max(&template.name, 100).to_string(),
        about: SafeText::line_max(&about.join(" "), 100).to_string(),
        subject: subject.text,
        text: safe(&rendered.text),
        cursor: safe(before).len(),
        unresolved: names,
    }
}

fn safe(text: &str) -> String {
    SafeText::lines(text).iter().map(SafeText::as_str).collect::<Vec<_>>().join("\n")
}

/// Returns the variables that can be filled in here.
fn values(backend: &StoreBackend, draft: &Draft) -> Result<BTreeMap<String, String>, UserError> {
    let short = match &draft.conversation {
        Some(id) => backend.store.rows(std::slice::from_ref(id))?.first().map(|row| row.short.clone()),
        None => None,
    };
    let (sending, short) = (&backend.writing.sending, short.unwrap_or_default());
    Ok(variables(&backend.store, sending, draft, &short, &backend.zone))
}

/// Copies files into the store.
pub(super) fn files(backend: &StoreBackend, paths: &[String]) -> Answer {
    let (mut files, mut wrong) = (Vec::new(), Vec::new());
    for path in paths {
        match one_file(backend, &expand(path)) {
            Ok(file) => files.push(file),
            Err(words) => wrong.push(SafeText::line_max(&format!("{path}: {words}"), 300)),
        }
    }
    Answer::Files(files, wrong)
}

fn one_file(backend: &StoreBackend, path: &Path) -> Result<crate::model::reply::OutgoingFile, String> {
    let meta = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !meta.is_file() {
        return Err("that is no file".to_owned());
    }
    if meta.len() > FILE_MAX {
        return Err("that is too large for a mail".to_owned());
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let name = SafeText::line(&path.file_name().unwrap_or_default().to_string_lossy()).to_string();
    backend.store.put_file(&name, media(&name), &bytes).map_err(|error| error.to_string())
}

/// Returns the media type that a file's name tells.
fn media(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "txt" | "log" | "md" => "text/plain",
        "csv" => "text/csv",
        "html" | "htm" => "text/html",
        "ics" => "text/calendar",
        "json" => "application/json",
        "zip" => "application/zip",
        "gz" | "tgz" => "application/gzip",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "odt" => "application/vnd.oasis.opendocument.text",
        "mp4" => "video/mp4",
        "mp3" => "audio/mpeg",
        _ => "application/octet-stream",
    }
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
