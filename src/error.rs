//! Errors as people meet them: what happened, to what, what to do now; and the exit code that scripts act on.

use std::fmt;

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

/// An error to be read by a person. Both the status line and the command line show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserError {
    /// The kind.
    pub kind: ErrorKind,
    /// What happened, to what, with the place: file and line, column of a query, name of the server.
    pub message: String,
    /// What to do now; empty where there is nothing.
    pub hint: String,
}

impl UserError {
    /// Makes an error.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: String::new() }
    }

    /// Adds what to do now.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.hint.is_empty() {
            write!(f, " ({})", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for UserError {}
