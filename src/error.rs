//! Errors as people meet them: what happened, to what, what to do now; and the exit code that scripts act on.

use std::fmt;

use crate::model::phrase::Phrase;
use crate::text;

/// What kind of trouble it is; decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// Nothing matched.
    Nothing,
    /// The command line, a query or a given value is wrong.
    Usage,
    /// The config, keymap or theme is wrong.
    Config,
    /// The server failed or could not be reached; work that was done is queued.
    Remote,
    /// Something no longer holds that the caller expected.
    Precondition,
    /// The local store can't be read or written.
    Store,
    /// A mistake of ours.
    Internal,
}

impl ErrorKind {
    /// Returns its name in JSON, which stays.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::Nothing => "nothing",
            ErrorKind::Usage => "usage",
            ErrorKind::Config => "config",
            ErrorKind::Remote => "remote",
            ErrorKind::Precondition => "precondition",
            ErrorKind::Store => "store",
            ErrorKind::Internal => "internal",
        }
    }

    /// Returns the exit code: 1 nothing matched, 2 usage or config, 3 remote, 4 precondition, 5 store, 70 internal.
    pub fn exit_code(self) -> u8 {
        match self {
            ErrorKind::Nothing => 1,
            ErrorKind::Usage | ErrorKind::Config => 2,
            ErrorKind::Remote => 3,
            ErrorKind::Precondition => 4,
            ErrorKind::Store => 5,
            ErrorKind::Internal => 70,
        }
    }
}

/// An error to be read by a person. Both the status line and the command line show it. It is a code with arguments until it is shown:
/// whoever decides by an error asks for the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserError {
    /// The kind.
    pub kind: ErrorKind,
    /// What happened, to what, with the place: file and line, column of a query, name of the server.
    pub what: Phrase,
    /// What to do now; `None` where there is nothing.
    pub remedy: Option<Phrase>,
    /// Behind one pointer: errors travel in the results of hundreds of functions, of which few have any.
    pub(crate) parts: Option<Box<Parts>>,
}

/// Mistakes that one error is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts(Vec<UserError>);

impl UserError {
    /// Makes an error: `UserError::new(ErrorKind::Store, phrase!("file-unreadable", path = …, why = …))`. Words that are there already are
    /// taken too, and have no code of their own.
    pub fn new(kind: ErrorKind, what: impl Into<Phrase>) -> Self {
        Self { kind, what: what.into(), remedy: None, parts: None }
    }

    /// Adds what to do now.
    #[must_use]
    pub fn hint(mut self, remedy: impl Into<Phrase>) -> Self {
        self.remedy = Some(remedy.into()).filter(|remedy| *remedy != Phrase::said(""));
        self
    }

    /// As [`UserError::hint`], where there may be nothing to do.
    #[must_use]
    pub fn hint_any(self, remedy: Option<Phrase>) -> Self {
        Self { remedy, ..self }
    }

    /// Adds the mistakes that it is.
    #[must_use]
    pub fn of_parts(self, parts: Vec<UserError>) -> Self {
        Self { parts: Some(Box::new(Parts(parts))), ..self }
    }

    /// Returns, where it is several mistakes at once, each as an error of its own. The whole says all of them.
    pub fn parts(&self) -> &[UserError] {
        self.parts.as_ref().map_or(&[], |parts| &parts.0)
    }

    /// Puts in front what the trouble came up with: a file, a mail, an account.
    #[must_use]
    pub fn within(self, place: impl Into<Phrase>) -> Self {
        let what = phrase!("error-within", place = place.into(), what = self.what);
        Self { what, ..self }
    }

    /// Tells whether this is what happened.
    pub fn is(&self, code: &str) -> bool {
        self.what.is(code)
    }

    /// Returns what happened in words.
    pub fn message(&self) -> String {
        text::render(&self.what)
    }

    /// Returns what to do now in words; empty where there is nothing.
    pub fn advice(&self) -> String {
        self.remedy.as_ref().map_or_else(String::new, text::render)
    }

    /// Returns what happened with what to do now, to be kept or said as one.
    pub fn whole(&self) -> Phrase {
        match &self.remedy {
            Some(remedy) => phrase!("error-whole", what = self.what.clone(), remedy = remedy.clone()),
            None => self.what.clone(),
        }
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::render(&self.whole()))
    }
}

impl std::error::Error for UserError {}
