//! Hooks: programs of the reader's own config that are run when something happens. The log and mail name none.

/// What a hook can be run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HookEvent {
    /// A person outside wrote.
    New,
    /// Somebody was given a conversation.
    Assigned,
    /// A conversation was closed.
    Closed,
    /// A mail of ours went out.
    Sent,
    /// A note mentions somebody.
    Mention,
}

impl HookEvent {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::New, Self::Assigned, Self::Closed, Self::Sent, Self::Mention];

    /// Returns its name in the config and in JSON, which stays.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Assigned => "assigned",
            Self::Closed => "closed",
            Self::Sent => "sent",
            Self::Mention => "mention",
        }
    }

    /// Returns the one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }
}

/// How often a hook is run for one event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Once {
    /// Once on each client whose config has it.
    #[default]
    Client,
    /// Once in the team: by the client whose claim is the first on the log.
    Team,
}

impl Once {
    /// Returns its name in the config.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Team => "team",
        }
    }
}

/// A program that is run for events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its name; with [`Once::Team`] the team's clients know it by that.
    pub name: String,
    /// For what.
    pub on: Vec<HookEvent>,
    /// The program and its words.
    pub run: Vec<String>,
    /// The query that the conversation must answer; empty for every one.
    pub query: String,
    /// How often for one event.
    pub once: Once,
    /// Seconds after which it is killed.
    pub timeout: u32,
}
