//! A TOML file read by hand, key by key, so that every complaint knows its line and all of them are told at once.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

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

/// The file that is being read, and what was wrong in it so far.
pub(super) struct Reader<'a> {
    file: &'a Path,
    text: &'a str,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a Path, text: &'a str) -> Self {
        Self { file, text, problems: RefCell::new(Vec::new()) }
    }

    /// Parses the text; mistakes of syntax are noted and the rest is read on.
    pub(super) fn parse(&self) -> Spanned<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let offset = error.span().map_or(0, |span| span.start);
            self.complain(false, offset, error.message().trim_end().to_owned(), phrase!("hint-toml"));
        }
        table
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
        let place = |p: &Problem| {
            let (line, column) = position(self.text, p.offset);
            let file = self.file.display().to_string();
            phrase!("file-place", file = file, line = line.to_string(), column = column.to_string())
        };
        let told = |p: &Problem| {
            let error = UserError::new(ErrorKind::Config, p.what.clone()).within(place(p));
            UserError { remedy: p.remedy.clone(), ..error }
        };
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

    /// As [`Reader::finish`], of a file that the program starts without.
    pub(super) fn finish_mildly(self) -> Vec<UserError> {
        self.problems.borrow_mut().iter_mut().for_each(|problem| problem.mild = true);
        self.finish().unwrap_or_else(|error| vec![error])
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

    fn entry(&self, key: &str) -> Option<&'r Spanned<DeValue<'a>>> {
        self.table?.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value)
    }

    fn take(&self, key: &'static str) -> Option<&'r Spanned<DeValue<'a>>> {
        self.known.borrow_mut().insert(key);
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
            let (line, _) = position(self.reader.text, name.span().start);
            let place = phrase!("file-row", file = self.reader.file.display().to_string(), line = line.to_string());
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
