//! Exit codes: a contract with scripts, written in the README.

use crate::error::ErrorKind;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Nothing matched.
    Nothing,
    /// The command line or the config is wrong.
    Usage,
    /// The server failed; the work is queued.
    Remote,
    /// A precondition did not hold; which ones was listed.
    Precondition,
    /// The store can't be read or written.
    Store,
    /// A mistake of ours.
    Internal,
}

impl Exit {
    /// Returns the number.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Nothing => ErrorKind::Nothing.exit_code(),
            Exit::Usage => ErrorKind::Usage.exit_code(),
            Exit::Remote => ErrorKind::Remote.exit_code(),
            Exit::Precondition => ErrorKind::Precondition.exit_code(),
            Exit::Store => ErrorKind::Store.exit_code(),
            Exit::Internal => ErrorKind::Internal.exit_code(),
        }
    }

    /// Returns how a command ends of which one part ended so and another as `other`. A broken expectation outranks a server that failed:
    /// that one nobody can mend by waiting. Anything outranks that all went well.
    #[must_use]
    pub fn or_worse(self, other: Self) -> Self {
        match (self, other) {
            (Exit::Precondition, _) | (_, Exit::Done) => self,
            (_, other) => other,
        }
    }
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Nothing => Exit::Nothing,
            ErrorKind::Usage | ErrorKind::Config => Exit::Usage,
            ErrorKind::Remote => Exit::Remote,
            ErrorKind::Precondition => Exit::Precondition,
            ErrorKind::Store => Exit::Store,
            ErrorKind::Internal => Exit::Internal,
        }
    }
}
