//! A TOML file read by hand, key by key, so that every complaint knows its line and all of them are told at once.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::error::{ErrorKind, UserError};
use crate::model::nearest::nearest;
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;

/// One complaint: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    offset: usize,
    what: Phrase,
    remedy: Option<Phrase>,
    /// Whether the program starts all the same.
    mild: bool,
}

/// A file that lies under the one that is read: what that does not say is said by this one.
pub(super) struct Under {
    file: PathBuf,
    /// Its text behind so many bytes of comment that its places come after those of all files over it: a place says which file it is of.
    text: String,
    base: usize,
}

impl Under {
    /// Puts files under one whose text is `own`, each under those before it.
    pub(super) fn all(own: &str, files: Vec<(PathBuf, String)>) -> Vec<Self> {
        let mut end = own.len();
        let under = files.into_iter().map(|(file, text)| {
            let base = end + 2;
            let text = format!("#{}\n{text}", " ".repeat(base - 2));
            end = text.len();
            Self { file, text, base }
        });
        under.collect()
    }
}

/// The file that is being read, those under it, and what was wrong in them so far.
pub(super) struct Reader<'a> {
    file: &'a Path,
    text: &'a str,
    under: &'a [Under],
    problems: RefCell<Vec<Problem>>,
    /// What is written otherwise by now, and read all the same.
    older: RefCell<Vec<Problem>>,
    /// Every key that was asked for, with its section.
    #[cfg(test)]
    asked: RefCell<BTreeSet<(String, String)>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a Path, text: &'a str) -> Self {
        Self::over(file, text, &[])
    }

    /// Reads a file over others.
    pub(super) fn over(file: &'a Path, text: &'a str, under: &'a [Under]) -> Self {
        Self {
            file,
            text,
            under,
            problems: RefCell::default(),
            older: RefCell::default(),
            #[cfg(test)]
            asked: RefCell::default(),
        }
    }

    /// Parses the texts; mistakes of syntax are noted and the rest is read on.
    pub(super) fn parse(&self) -> Spanned<DeTable<'a>> {
        let mut table = self.parse_one(self.text);
        for under in self.under {
            lay_under(table.as_mut(), self.parse_one(&under.text).into_inner());
        }
        table
    }

    fn parse_one(&self, text: &'a str) -> Spanned<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let offset = error.span().map_or(0, |span| span.start);
            self.complain(false, offset, error.message().trim_end().to_owned(), phrase!("hint-toml"));
        }
        table
    }

    /// Returns file, line and column of a place.
    fn place(&self, offset: usize) -> (&'a Path, usize, usize) {
        let (file, text, base) = match self.under.iter().rfind(|under| under.base <= offset) {
            Some(under) => (under.file.as_path(), under.text.get(under.base..).unwrap_or_default(), under.base),
            None => (self.file, self.text, 0),
        };
        let (line, column) = position(text, offset - base);
        (file, line, column)
    }

    /// Tells whether a place is of a file that lies under the one that is read.
    fn is_under(&self, offset: usize) -> bool {
        self.under.first().is_some_and(|first| first.base <= offset)
    }

    fn complain(&self, mild: bool, offset: usize, what: impl Into<Phrase>, remedy: impl Into<Phrase>) {
        self.problems.borrow_mut().push(Problem {
            mild,
            offset,
            what: what.into(),
            remedy: Some(remedy.into()).filter(|remedy| *remedy != Phrase::said("")),
        });
    }

    /// Returns the root of the file as a section.
    pub(super) fn root<'r>(&'r self, table: &'r Spanned<DeTable<'a>>) -> Section<'r, 'a> {
        Section::new(self, String::new(), table.span(), Some(table.get_ref()), false)
    }

    /// Returns what the program starts in spite of, an error each; or every complaint as one error. Both are in the order of the file.
    pub(super) fn finish(self) -> Result<Vec<UserError>, UserError> {
        let mut problems = self.problems.take();
        problems.sort_by_key(|p| p.offset);
        problems.dedup();
        let told = |p: &Problem| self.told(p);
        if problems.iter().all(|problem| problem.mild) {
            return Ok(problems.iter().map(told).collect());
        }
        if let [one] = problems.as_slice() {
            return Err(told(one));
        }
        // One a line, as a person reads them; the code says how many.
        let parts: Vec<UserError> = problems.iter().map(told).collect();
        let lines: String = parts.iter().map(|part| format!("\n  {part}")).collect();
        let what = phrase!("config-mistakes", count = problems.len(), lines = lines);
        Err(UserError::new(ErrorKind::Config, what).of_parts(parts))
    }

    fn told(&self, p: &Problem) -> UserError {
        let (file, line, column) = self.place(p.offset);
        let file = file.display().to_string();
        let place = phrase!("file-place", file = file, line = line.to_string(), column = column.to_string());
        let error = UserError::new(ErrorKind::Config, p.what.clone()).within(place);
        UserError { remedy: p.remedy.clone(), ..error }
    }

    /// Returns what stands there as older versions wrote it, in the order of the file.
    pub(super) fn older(&self) -> Vec<UserError> {
        let mut older = self.older.take();
        older.sort_by_key(|p| p.offset);
        older.iter().map(|p| self.told(p)).collect()
    }

    /// Returns every key that was asked for, with its section.
    #[cfg(test)]
    pub(super) fn asked(&self) -> BTreeSet<(String, String)> {
        self.asked.borrow().clone()
    }

    /// As [`Reader::finish`], of a file that the program starts without.
    pub(super) fn finish_mildly(self) -> Vec<UserError> {
        self.problems.borrow_mut().iter_mut().for_each(|problem| problem.mild = true);
        self.finish().unwrap_or_else(|error| vec![error])
    }
}

/// Keys of which one is enough: where a file names one, those of the file under it count no more.
const EITHER: [&[&str]; 2] =
    [&["password", "password_command", "password_env", "password_keyring", "password_prompt"], &["kind", "local"]];

/// Adds to a table what it does not say itself: key by key, sections within sections.
fn lay_under<'a>(own: &mut DeTable<'a>, under: DeTable<'a>) {
    let names: Vec<String> = own.iter().map(|(key, _)| key.get_ref().to_string()).collect();
    let said = |name: &str| names.iter().any(|own| own == name);
    for (key, value) in under {
        let name = key.get_ref().to_string();
        if said(&name) {
            let both = own.iter_mut().find(|(own, _)| own.get_ref().as_ref() == name).map(|(_, own)| own.as_mut());
            if let (Some(DeValue::Table(own)), DeValue::Table(under)) = (both, value.into_inner()) {
                lay_under(own, under);
            }
        } else if !EITHER.iter().any(|keys| keys.contains(&name.as_str()) && keys.iter().any(|key| said(key))) {
            own.insert(key, value);
        }
    }
}

/// Returns line and column, both from 1, of a byte offset; the column counts characters.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// One table of the file. Keys that nobody asked for are unknown, and [`Section::finish`] says so.
pub(super) struct Section<'r, 'a> {
    reader: &'r Reader<'a>,
    /// The dotted name, empty for the root.
    pub(super) name: String,
    span: Range<usize>,
    table: Option<&'r DeTable<'a>>,
    known: RefCell<BTreeSet<&'static str>>,
    /// Whether the program starts in spite of what is wrong here.
    mild: bool,
}

impl<'r, 'a> Section<'r, 'a> {
    fn new(
        reader: &'r Reader<'a>,
        name: String,
        span: Range<usize>,
        table: Option<&'r DeTable<'a>>,
        mild: bool,
    ) -> Self {
        Self { reader, name, span, table, known: RefCell::new(BTreeSet::new()), mild }
    }

    /// Returns the section, without which the program starts: what is wrong in it is told, and stops nothing.
    pub(super) fn mild(self) -> Self {
        Self { mild: true, ..self }
    }

    fn complain_at(&self, offset: usize, what: impl Into<Phrase>, remedy: impl Into<Phrase>) {
        self.reader.complain(self.mild, offset, what, remedy);
    }

    fn full(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// Returns whether the section stands in the file.
    pub(super) fn is_there(&self) -> bool {
        self.table.is_some()
    }

    /// Complains about a key of this section, or about the section where the key is missing.
    pub(super) fn complain(&self, key: &str, what: impl Into<Phrase>, remedy: impl Into<Phrase>) {
        let span = self.entry(key).map_or(self.span.clone(), |value| value.span());
        self.complain_at(span.start, what, remedy);
    }

    /// Notes that a key is written otherwise by now: it is read, and `config check` says how it is written.
    pub(super) fn is_older(&self, key: &str, now: Phrase) {
        let Some(value) = self.entry(key) else { return };
        let what = phrase!("config-older", key = self.full(key));
        self.reader.older.borrow_mut().push(Problem {
            mild: true,
            offset: value.span().start,
            what,
            remedy: Some(now),
        });
    }

    /// Tells whether a key is said by a file that lies under the one that is read: others read it too.
    pub(super) fn is_shared(&self, key: &str) -> bool {
        self.entry(key).is_some_and(|value| self.reader.is_under(value.span().start))
    }

    fn entry(&self, key: &str) -> Option<&'r Spanned<DeValue<'a>>> {
        self.table?.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value)
    }

    fn take(&self, key: &'static str) -> Option<&'r Spanned<DeValue<'a>>> {
        self.known.borrow_mut().insert(key);
        #[cfg(test)]
        self.reader.asked.borrow_mut().insert((self.name.clone(), key.to_owned()));
        self.entry(key)
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: Phrase) {
        let given = value.get_ref().type_str();
        let what = phrase!("config-wrong-type", key = self.full(key), wanted = wanted, given = given);
        self.complain_at(value.span().start, what, "");
    }

    /// Returns a text.
    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        let value = self.take(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong_type(key, value, phrase!("config-a-text"));
                None
            }
        }
    }

    /// Returns a text that must be there; an empty one, and a complaint, where it is not.
    pub(super) fn required(&self, key: &'static str, remedy: impl Into<Phrase>) -> String {
        let missing = self.entry(key).is_none();
        match self.text(key) {
            Some(text) if !text.trim().is_empty() => text,
            given => {
                if missing || given.is_some() {
                    self.complain(key, phrase!("config-key-missing", key = self.full(key)), remedy);
                }
                String::new()
            }
        }
    }

    /// Returns a whole number within bounds.
    pub(super) fn number(&self, key: &'static str, bounds: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let value = self.take(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok(),
            _ => None,
        };
        match number {
            Some(n) if bounds.contains(&n) => Some(n),
            _ => {
                let (least, most) = (bounds.start().to_string(), bounds.end().to_string());
                let what = phrase!("config-out-of-bounds", key = self.full(key), least = least, most = most);
                self.complain_at(value.span().start, what, "");
                None
            }
        }
    }

    /// Returns `true` or `false`.
    pub(super) fn yes(&self, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        match value.get_ref() {
            DeValue::Boolean(yes) => Some(*yes),
            _ => {
                self.wrong_type(key, value, phrase!("config-true-or-false"));
                None
            }
        }
    }

    /// Returns the meaning of `true`, `false` or one of several words.
    pub(super) fn yes_or_word<T: Copy>(&self, key: &'static str, yes: [T; 2], words: &[(&str, T)]) -> Option<T> {
        let is_bare = self.table.into_iter().flat_map(|table| table.iter());
        let is_bare =
            is_bare.filter(|(name, _)| name.get_ref() == key).any(|(_, value)| value.get_ref().as_bool().is_some());
        match is_bare {
            true => self.yes(key).map(|said| if said { yes[1] } else { yes[0] }),
            false => self.word(key, words),
        }
    }

    /// Returns what one of several names stands for; what is none is told with the nearest.
    pub(super) fn named<T>(&self, key: &'static str, names: &[&str], find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(key)?;
        let found = find(&text);
        if found.is_none() {
            let hint = match nearest(&text, names.iter().copied()) {
                Some(near) => phrase!("hint-did-you-mean", near = in_quotes(near)),
                None => phrase!("hint-it-knows", names = names.join(", ")),
            };
            self.complain(key, phrase!("config-cant-be", key = self.full(key), given = in_quotes(&text)), hint);
        }
        found
    }

    /// Returns a list of texts; one text alone is a list of one.
    pub(super) fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        let value = self.take(key)?;
        self.list(key, value)
    }

    /// Returns a command: a text as it is, or else a list of its words.
    pub(super) fn line_or_words(&self, key: &'static str) -> Option<Result<String, Vec<String>>> {
        let value = self.take(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Ok(text.to_string())),
            _ => self.list(key, value).map(Err),
        }
    }

    fn list(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        let texts: Option<Vec<String>> = match value.get_ref() {
            DeValue::String(text) => Some(vec![text.to_string()]),
            DeValue::Array(items) => items.iter().map(|i| i.get_ref().as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        if texts.is_none() {
            self.wrong_type(key, value, phrase!("config-a-list"));
        }
        texts
    }

    /// Returns the meaning of one of several words.
    pub(super) fn word<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let list: Vec<String> = words.iter().map(|(word, _)| in_quotes(word)).collect();
            self.complain(
                key,
                phrase!("config-cant-be", key = self.full(key), given = in_quotes(text)),
                phrase!("hint-use", words = list.join(" or ")),
            );
        }
        found
    }

    /// Returns a name such as a handle, checked by its own rules.
    pub(super) fn name<T: std::str::FromStr>(&self, key: &'static str) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        let text = self.text(key)?;
        match text.parse() {
            Ok(name) => Some(name),
            Err(error) => {
                self.complain(key, error.to_string(), "");
                None
            }
        }
    }

    /// Returns the section of that name; an absent one is empty.
    pub(super) fn section(&self, key: &'static str) -> Section<'r, 'a> {
        let value = self.take(key);
        self.below(key, value)
    }

    fn below(&self, key: &str, value: Option<&'r Spanned<DeValue<'a>>>) -> Section<'r, 'a> {
        let span = value.map_or(self.span.clone(), Spanned::span);
        let table = value.and_then(|value| match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => {
                self.wrong_type(key, value, phrase!("config-a-section"));
                None
            }
        });
        Section::new(self.reader, self.full(key), span, table, self.mild)
    }

    /// Returns the sections under `key`, such as `[account.main]` for `account`, by name, in the order of the file.
    pub(super) fn sections(&self, key: &'static str) -> Vec<(String, Section<'r, 'a>)> {
        self.section(key).sections_below()
    }

    /// Returns the sections right below this one, by name, in the order of the file; the names are the user's own.
    pub(super) fn sections_below(&self) -> Vec<(String, Section<'r, 'a>)> {
        let Some(table) = self.table else { return Vec::new() };
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        entries
            .into_iter()
            .map(|(name, value)| (name.get_ref().to_string(), self.below(name.get_ref(), Some(value))))
            .collect()
    }

    /// Returns every text below this section by its dotted name; the names are the user's own.
    pub(super) fn own_texts(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        self.own_texts_into("", &mut found);
        found
    }

    fn own_texts_into(&self, prefix: &str, found: &mut Vec<(String, String)>) {
        for (name, value) in self.table.into_iter().flat_map(|table| table.iter()) {
            let full =
                if prefix.is_empty() { name.get_ref().to_string() } else { format!("{prefix}.{}", name.get_ref()) };
            match value.get_ref() {
                DeValue::String(text) => found.push((full, text.to_string())),
                DeValue::Table(_) => self.below(name.get_ref(), Some(value)).own_texts_into(&full, found),
                _ => self.wrong_type(name.get_ref(), value, phrase!("config-a-text")),
            }
        }
    }

    /// Returns every row right below this section, with its place: its name, and its text, empty where it is none.
    pub(super) fn own_rows(&self) -> Vec<(String, String, Phrase)> {
        let mut rows: Vec<_> = self.table.into_iter().flat_map(|table| table.iter()).collect();
        rows.sort_by_key(|(name, _)| name.span().start);
        let row = |name: &Spanned<DeString<'a>>, value: &Spanned<DeValue<'a>>| {
            let text = value.get_ref().as_str().unwrap_or_default().to_owned();
            let (file, line, _) = self.reader.place(name.span().start);
            let place = phrase!("file-row", file = file.display().to_string(), line = line.to_string());
            (name.get_ref().to_string(), text, place)
        };
        rows.into_iter().map(|(name, value)| row(name, value)).collect()
    }

    /// Returns every list of texts of this section by its name; the names are the user's own. One text alone is a list of one.
    pub(super) fn own_lists(&self) -> Vec<(String, Vec<String>)> {
        let entries = self.table.into_iter().flat_map(|table| table.iter());
        let mut found: Vec<_> = entries
            .filter_map(|(name, value)| {
                let list = self.list(name.get_ref(), value)?;
                Some((name.span().start, name.get_ref().to_string(), list))
            })
            .collect();
        found.sort_by_key(|(at, ..)| *at);
        found.into_iter().map(|(_, name, list)| (name, list)).collect()
    }

    /// Complains about every key that nobody asked for, with the nearest name that would be known.
    pub(super) fn finish(self) {
        let known = self.known.take();
        for (key, _) in self.table.into_iter().flat_map(|table| table.iter()) {
            let name = key.get_ref().as_ref();
            if known.contains(name) {
                continue;
            }
            let name_given = in_quotes(name);
            let what = match self.name.is_empty() {
                true => phrase!("config-knows-no", name = name_given),
                false => phrase!("config-section-knows-no", section = &self.name, name = name_given),
            };
            self.complain_at(key.span().start, what, meant(name, &known));
        }
    }
}

/// Says which known name is meant, or which there are.
fn meant(name: &str, known: &BTreeSet<&'static str>) -> Phrase {
    match nearest(name, known.iter().copied()) {
        Some(near) => phrase!("hint-did-you-mean", near = in_quotes(near)),
        None => phrase!("hint-it-knows", names = known.iter().copied().collect::<Vec<_>>().join(", ")),
    }
}
