//! Is everything as postroom needs it? What a look at one thing found, and the looks that need no server: the store, and the programs that
//! the config names.
//!
//! Nothing is changed by looking. A finding names files, servers, accounts and folders, and no mail: it is made to be shown to strangers.

mod programs;
mod store;

pub use programs::programs;
pub use store::{account, outbox, store};

use crate::error::{ErrorKind, UserError};
use crate::model::phrase::Phrase;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// postroom itself, and the machine.
    Program,
    /// The config, keymap and theme.
    Config,
    /// Who may read and write the files.
    Rights,
    /// The store's file.
    Store,
    /// This machine's clock beside that of a server.
    Clock,
    /// A server: its name, its certificate, the login.
    Server,
    /// What a server can do.
    Abilities,
    /// Folders of a mailbox.
    Folders,
    /// The team's log.
    Log,
    /// When mail was last fetched.
    Sync,
    /// Mail on its way out.
    Outbox,
    /// The terminal.
    Terminal,
    /// The editor, and other programs of the config.
    Programs,
    /// How news are told.
    Notify,
}

impl Topic {
    /// Returns its name in JSON, which stays.
    pub fn name(self) -> &'static str {
        match self {
            Self::Program => "postroom",
            Self::Config => "config",
            Self::Rights => "rights",
            Self::Store => "store",
            Self::Clock => "clock",
            Self::Server => "server",
            Self::Abilities => "abilities",
            Self::Folders => "folders",
            Self::Log => "log",
            Self::Sync => "sync",
            Self::Outbox => "outbox",
            Self::Terminal => "terminal",
            Self::Programs => "programs",
            Self::Notify => "notify",
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// All is well.
    Ok,
    /// Something is worse than it could be.
    Warning,
    /// Something does not work. The kind decides the exit code.
    Fault(ErrorKind),
}

/// What a look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub topic: Topic,
    /// Of which account, where it is of one.
    pub account: Option<String>,
    /// How bad it is.
    pub level: Level,
    /// What was found.
    pub what: Phrase,
    /// What mends it; `None` where nothing is to be done.
    pub remedy: Option<Phrase>,
}

impl Finding {
    fn new(topic: Topic, level: Level, what: Phrase) -> Self {
        Self { topic, account: None, level, what, remedy: None }
    }

    /// All is well.
    pub fn ok(topic: Topic, what: Phrase) -> Self {
        Self::new(topic, Level::Ok, what)
    }

    /// Something is worse than it could be.
    pub fn warning(topic: Topic, what: Phrase, remedy: Phrase) -> Self {
        Self { remedy: Some(remedy), ..Self::new(topic, Level::Warning, what) }
    }

    /// Something does not work.
    pub fn fault(topic: Topic, error: UserError) -> Self {
        Self { remedy: error.remedy, ..Self::new(topic, Level::Fault(error.kind), error.what) }
    }

    /// Something is told as an error elsewhere, and stops nothing.
    pub fn mild(topic: Topic, error: UserError) -> Self {
        Self { remedy: error.remedy, ..Self::new(topic, Level::Warning, error.what) }
    }

    /// Says of which account it is.
    #[must_use]
    pub fn of(self, account: impl ToString) -> Self {
        Self { account: Some(account.to_string()), ..self }
    }
}
