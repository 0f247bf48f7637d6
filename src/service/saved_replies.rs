//! Saved replies: the files of the folder that the config names, over those that the team shares on its log.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::compose::variables;
use crate::config::Sending;
use crate::error::UserError;
use crate::mime;
use crate::model::language::Language;
use crate::model::reply::Draft;
use crate::model::shared_reply::{Difference, SharedReply, Sharing, compare, is_same};
use crate::model::template::{Template, placeholders_among, render};
use crate::model::text::SafeText;
use crate::op::operation::Known;
use crate::op::record::NewOperation;
use crate::store::{Store, StoreError, reply_key};
use crate::text::{long_date, read_long_date};

/// The most bytes of one saved reply.
const SIZE_MAX: u64 = 1 << 20;

/// A saved reply and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedReply {
    /// The reply.
    pub template: Template,
    /// The whole file, header included.
    pub text: String,
    /// The file; `None` where only the log has it.
    pub file: Option<PathBuf>,
    /// How it stands beside what the team shares.
    pub shared: Shared,
    /// Who shared what the team has under its name, and when; `None` where the team does not have it.
    pub by: Option<Sharing>,
    /// The text that this agent last used under its name, where the team has made another of it since and there is no own file.
    pub last_used: Option<String>,
}

impl SavedReply {
    /// Returns what it is on the team's log; `None` where an own file is used.
    pub fn from_team(&self) -> Option<SharedReply> {
        let by = self.by.clone().filter(|_| self.file.is_none())?;
        Some(SharedReply { name: self.template.name.clone(), text: self.text.clone(), by })
    }

    /// Returns how it differs from what this agent last used, which is to be looked at before it is used again; `None` where it was not
    /// changed, is used for the first time, or is an own file.
    pub fn change(&self) -> Option<Difference> {
        self.last_used.as_deref().map(|old| difference(old, &self.text))
    }
}

/// Returns how a text differs from an older one.
pub fn difference(old: &str, new: &str) -> Difference {
    let known: BTreeSet<SafeText> = mime::links_in(old).into_iter().map(|link| link.target).collect();
    let links = mime::links_in(new).into_iter().filter(|link| !known.contains(&link.target)).collect();
    Difference { links, lines: compare(old, new) }
}

/// Notes that this agent uses a shared reply as it is, having seen what became of it.
///
/// # Errors
/// When the store can't be written.
pub fn remember(store: &Store, reply: &SharedReply) -> Result<(), StoreError> {
    store.reply_is_seen(&reply.name, &reply.text)
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

/// A file or folder of saved replies that is left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub why: Unreadable,
}

/// Why a saved reply can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It has more than a MiB.
    TooLarge,
    /// It is written in another encoding.
    NotUtf8,
    /// The system says so: no permission, a broken disk.
    System(String),
}

impl Trouble {
    /// Returns the name that the reply has by its file.
    pub fn name(&self) -> String {
        stem(&self.path)
    }

    /// Returns what it says, and what to do about it.
    pub fn error(&self) -> UserError {
        let path = self.path.display().to_string();
        let usage = |what| UserError::new(crate::error::ErrorKind::Usage, what);
        match &self.why {
            Unreadable::TooLarge => usage(phrase!("reply-too-large", path = path)).hint(phrase!("hint-reply-size")),
            Unreadable::NotUtf8 => usage(phrase!("reply-not-utf8", path = path)).hint(phrase!("hint-save-as-utf8")),
            Unreadable::System(why) => usage(phrase!("reply-unreadable", path = path, why = why)),
        }
    }
}

/// The saved replies that there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Those that can be used, by name.
    pub replies: Vec<SavedReply>,
    /// What is left out.
    pub troubles: Vec<Trouble>,
}

impl Shelf {
    /// Finds the reply of that name, in any case; a file's name without `.md` does too. An own file goes before what the team shares, in
    /// whichever capitals: nobody gets into the place of a file by sharing a name that looks the same.
    pub fn find(&self, name: &str) -> Option<&SavedReply> {
        let is_called = |reply: &&SavedReply| {
            reply.template.name.to_lowercase() == name.to_lowercase()
                || reply.file.as_deref().is_some_and(|file| stem(file).eq_ignore_ascii_case(name))
        };
        let of = |reply: &&SavedReply| (reply.file.is_none(), reply.template.name != name);
        self.replies.iter().filter(is_called).min_by_key(of)
    }

    /// Finds what is wrong with the file of that name.
    pub fn trouble_of(&self, name: &str) -> Option<&Trouble> {
        self.troubles.iter().find(|trouble| trouble.name().eq_ignore_ascii_case(name))
    }
}

/// Reads all saved replies. One's own file goes before the team's of the same name; a folder that is not there holds none.
///
/// # Errors
/// When the store can't be read.
pub fn all(store: &Store, folder: &Path) -> Result<Shelf, StoreError> {
    let shared = store.saved_replies()?;
    let mut shared: BTreeMap<String, SharedReply> =
        shared.into_iter().map(|reply| (reply.name.clone(), reply)).collect();
    let seen = store.seen_replies()?;
    let mut shelf = Shelf::default();
    let (files, trouble) = files(folder);
    shelf.troubles.extend(trouble);
    for file in files {
        let text = match read(&file) {
            Ok(text) => text,
            Err(why) => {
                shelf.troubles.push(Trouble { path: file, why });
                continue;
            }
        };
        let template = Template::parse(&stem(&file), &text);
        let team = shared.remove(&template.name);
        let state = match &team {
            None => Shared::No,
            Some(team) if team.text == text => Shared::Same,
            Some(_) => Shared::Differs,
        };
        let by = team.map(|team| team.by);
        shelf.replies.push(SavedReply { template, text, file: Some(file), shared: state, by, last_used: None });
    }
    for (name, SharedReply { text, by, .. }) in shared {
        // The log's name counts, as everywhere; a header could name another's.
        let template = Template { name: name.clone(), ..Template::parse(&name, &text) };
        let last_used = seen.get(&reply_key(&name)).filter(|old| !is_same(old, &text)).cloned();
        let reply = SavedReply { template, text, file: None, shared: Shared::Same, by: Some(by), last_used };
        shelf.replies.push(reply);
    }
    shelf.replies.sort_by(|a, b| a.template.name.cmp(&b.template.name));
    Ok(shelf)
}

/// Returns the files `*.md` of a folder, sorted; what is no file, and a link that leads nowhere, is no saved reply.
fn files(folder: &Path) -> (Vec<PathBuf>, Option<Trouble>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return (Vec::new(), None),
        Err(error) => {
            let why = Unreadable::System(error.to_string());
            return (Vec::new(), Some(Trouble { path: folder.to_owned(), why }));
        }
    };
    let is_reply = |path: &PathBuf| {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        // Asked of what a link leads to: a pipe or a device would be read for ever.
        !hidden && path.extension().is_some_and(|extension| extension == "md") && path.is_file()
    };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_reply).collect();
    found.sort();
    (found, None)
}

fn read(file: &Path) -> Result<String, Unreadable> {
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .and_then(|open| open.take(SIZE_MAX + 1).read_to_end(&mut bytes))
        .map_err(|error| Unreadable::System(error.to_string()))?;
    if bytes.len() as u64 > SIZE_MAX {
        return Err(Unreadable::TooLarge);
    }
    String::from_utf8(bytes).map_err(|_| Unreadable::NotUtf8)
}

fn stem(file: &Path) -> String {
    file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A saved reply with its variables filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The subject, for a mail that has none of its own; empty where the reply names none.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Where the cursor goes, in bytes of the text.
    pub cursor: usize,
    /// The variables that nothing is known for, in the text and in the subject. They stay as they are.
    pub unresolved: Vec<String>,
}

/// Returns what the variables of a draft stand for; dates are those of `zone`.
///
/// # Errors
/// When the store can't be read.
pub fn values(
    store: &Store,
    sending: &Sending,
    draft: &Draft,
    zone: &jiff::tz::TimeZone,
) -> Result<BTreeMap<String, String>, StoreError> {
    let row = match &draft.conversation {
        Some(id) => store.rows(std::slice::from_ref(id))?.into_iter().next(),
        None => None,
    };
    Ok(variables(store, sending, draft, &row.map(|row| row.short).unwrap_or_default(), zone))
}

/// Returns the language that a saved reply is written in; `None` where its header names none that is known.
pub fn language(template: &Template) -> Option<Language> {
    Language::of(&template.language)
}

/// Puts the date into the language of a saved reply. One that somebody set by hand stays.
fn in_language_of(template: &Template, values: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut values = values.clone();
    if let Some((language, shown)) = language(template).zip(values.get_mut("date"))
        && let Some(date) = Language::ALL.into_iter().find_map(|language| read_long_date(language, shown))
    {
        *shown = long_date(language, date);
    }
    values
}

/// Fills in a saved reply; its date is of its language.
pub fn fill(template: &Template, values: &BTreeMap<String, String>) -> Filled {
    let values = &in_language_of(template, values);
    let rendered = template.render(values);
    let subject = render(&template.subject, values);
    let unresolved = rendered.unresolved.iter().chain(&subject.unresolved);
    let mut unresolved: Vec<String> = unresolved.map(|unresolved| unresolved.name.clone()).collect();
    unresolved.dedup();
    Filled { subject: subject.text, text: rendered.text, cursor: rendered.cursor, unresolved }
}

/// Fills the variables that have a value or a fallback into a text that somebody typed. All else stays as it is: it may hold code.
pub fn fill_typed(text: &str, values: &BTreeMap<String, String>) -> String {
    let known: Vec<String> = values.keys().cloned().collect();
    let mut out = text.to_owned();
    for found in placeholders_among(text, &known).iter().rev() {
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

/// Shares texts with the team under these names; an empty text takes the reply of that name from the team. What was shared from here is
/// known here.
///
/// # Errors
/// When the store can't be written.
pub fn share(store: &Store, texts: Vec<(String, String)>) -> Result<(), StoreError> {
    let share = |(name, text): &(String, String)| {
        NewOperation::new(Known::SavedReply { name: name.clone(), text: text.clone() }, Vec::new())
    };
    // A saved reply claims nothing, so nothing can be lost.
    store.commit(texts.iter().map(share).collect()).map(drop)?;
    texts.iter().filter(|(_, text)| !text.is_empty()).try_for_each(|(name, text)| store.reply_is_seen(name, text))
}

#[cfg(test)]
#[path = "saved_replies_tests.rs"]
mod tests;
