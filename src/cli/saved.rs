//! Saved replies: the files of the folder that the config names, over those that the team shares on its log.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::desk::Desk;
use super::words::{nearest, usage};
use crate::error::{ErrorKind, UserError};
use crate::model::template::Template;

/// The largest file that is read, in bytes.
const FILE_MAX: u64 = 1 << 20;

/// A saved reply and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The reply.
    pub template: Template,
    /// The whole file, header included.
    pub text: String,
    /// The file; `None` where only the log has it.
    pub file: Option<PathBuf>,
    /// How it stands beside what the team shares.
    pub shared: Shared,
}

/// How a saved reply stands beside what the team shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// The team has it as it is here.
    Same,
    /// The team has another text under its name.
    Differs,
    /// The team does not have it.
    No,
}

impl Shared {
    /// Returns the word of lists and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Shared::Same => "shared",
            Shared::Differs => "differs",
            Shared::No => "here",
        }
    }
}

/// Reads all saved replies, by name.
///
/// # Errors
/// When the store or a file can't be read. A folder that is not there holds none.
pub fn all(desk: &Desk) -> Result<Vec<Saved>, UserError> {
    let mut shared: BTreeMap<String, String> = desk.store.saved_replies()?.into_iter().collect();
    let mut found = Vec::new();
    for file in files(&desk.config.replies_dir)? {
        let text = read(&file)?;
        let stem = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let template = Template::parse(&stem, &text);
        let state = match shared.remove(&template.name) {
            None => Shared::No,
            Some(team) if team == text => Shared::Same,
            Some(_) => Shared::Differs,
        };
        found.push(Saved { template, text, file: Some(file), shared: state });
    }
    for (name, text) in shared {
        let template = Template { name: name.clone(), ..Template::parse(&name, &text) };
        found.push(Saved { template, text, file: None, shared: Shared::Same });
    }
    found.sort_by(|a, b| a.template.name.cmp(&b.template.name));
    Ok(found)
}

/// Finds the reply of that name, in any case; a file's name without `.md` does too.
///
/// # Errors
/// Names the nearest where there is none.
pub fn find(desk: &Desk, name: &str) -> Result<Saved, UserError> {
    let all = all(desk)?;
    let stem =
        |saved: &Saved| saved.file.as_ref().and_then(|f| f.file_stem().map(|s| s.to_string_lossy().into_owned()));
    let matches = |saved: &&Saved| {
        saved.template.name.to_lowercase() == name.to_lowercase()
            || stem(saved).is_some_and(|s| s.eq_ignore_ascii_case(name))
    };
    if let Some(saved) = all.iter().find(matches) {
        return Ok(saved.clone());
    }
    let names: Vec<&str> = all.iter().map(|saved| saved.template.name.as_str()).collect();
    let hint = if names.is_empty() {
        format!(
            "there is none yet: put files NAME.md into {}, or run `postroom replies pull`",
            desk.config.replies_dir.display()
        )
    } else {
        nearest(name, &names)
    };
    Err(UserError::new(ErrorKind::Usage, format!("no saved reply is called {name:?}")).hint(hint))
}

fn files(dir: &Path) -> Result<Vec<PathBuf>, UserError> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(dir, &error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(dir, &error))?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.extension().is_some_and(|e| e == "md") && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Reads one file of a saved reply.
///
/// # Errors
/// When it can't be read, is too large or no UTF-8.
fn read(file: &Path) -> Result<String, UserError> {
    let size = std::fs::metadata(file).map_err(|error| unreadable(file, &error))?.len();
    if size > FILE_MAX {
        return Err(usage(format!("{} is too large for a saved reply", file.display())));
    }
    std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> UserError {
    usage(format!("{} can't be read: {error}", path.display()))
}

/// Reads `--set name=value`.
///
/// # Errors
/// When there is no `=`.
pub fn settings(given: &[String]) -> Result<BTreeMap<String, String>, UserError> {
    given
        .iter()
        .map(|pair| {
            let (name, value) = pair.split_once('=').ok_or_else(|| usage(format!("--set {pair}: write NAME=VALUE")))?;
            Ok((name.trim().to_owned(), value.to_owned()))
        })
        .collect()
}

/// Fills the variables that have a value or a fallback into a text that somebody typed. All else stays as it is: it may hold code.
pub fn fill(text: &str, values: &BTreeMap<String, String>) -> String {
    let known: Vec<String> = values.keys().cloned().collect();
    let mut out = text.to_owned();
    for found in crate::model::template::placeholders_among(text, &known).iter().rev() {
        let range = found.offset..found.offset.saturating_add(found.length);
        let fallback =
            text.get(range.clone()).and_then(|whole| whole.trim_end_matches('}').split_once('|')).map(|(_, f)| f);
        let value = values.get(&found.name).map(String::as_str).filter(|v| !v.trim().is_empty()).or(fallback);
        if let Some(value) = value {
            out.replace_range(range, value);
        }
    }
    out
}

#[cfg(test)]
#[path = "saved_tests.rs"]
mod tests;
