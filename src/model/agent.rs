//! Team members and the addresses that they answer.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::address::Address;
use crate::model::ids::{AccountId, Handle, InboxId};
use crate::model::language::Language;
use crate::model::phrase::Phrase;
use crate::model::sender_name::SenderName;

/// A team member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The handle used in assignments and mentions.
    pub handle: Handle,
    /// The name that colleagues and customers see.
    pub name: String,
    /// The agent's own address, where one is known.
    pub address: Option<Address>,
    /// The job title, for `{agent.title}` in saved replies.
    pub title: Option<String>,
    /// All of the agent's own addresses besides `address`, in lower case: mail from them is ours.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub addresses: BTreeSet<String>,
}

/// One shared address of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// The inbox's name.
    pub id: InboxId,
    /// The account that its mail comes from.
    pub account: AccountId,
    /// The address that customers write to and replies come from.
    pub address: Address,
    /// Other addresses that lead here.
    pub aliases: Vec<String>,
    /// The IMAP folder whose mail belongs here; `None` when the inbox is told by address.
    pub folder: Option<String>,
    /// The language in which its customers are written to where their mail tells none, as this client's config says.
    #[serde(skip)]
    pub language: Option<Language>,
}

/// What the account's log says of the team: addresses, agents and teams that fold, threading and rules must read alike on all clients.
/// Addresses are in lower case. Fields that a newer program adds are lost here and stay on the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TeamRecord {
    /// The shared addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inboxes: Vec<RecordInbox>,
    /// The team members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<RecordAgent>,
    /// Named groups of agents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<RecordTeam>,
    /// The authserv-id whose Authentication-Results count (RFC 8601 section 2.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authserv: Option<String>,
    /// Whether records count only in signed mails from here on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed: bool,
}

/// A shared address in a [`TeamRecord`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordInbox {
    /// The inbox's name.
    pub id: InboxId,
    /// The address that customers write to.
    pub address: String,
    /// Other addresses that lead here.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub aliases: BTreeSet<String>,
}

/// A team member in a [`TeamRecord`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordAgent {
    /// The handle used in assignments and mentions.
    pub handle: Handle,
    /// The name that colleagues and customers see.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The agent's own addresses: mail from them is ours.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub addresses: BTreeSet<String>,
}

/// A named group of agents in a [`TeamRecord`]: it may be assigned and mentioned, and shares the handles' names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordTeam {
    /// The team's name.
    pub name: Handle,
    /// Who is in it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub members: BTreeSet<Handle>,
}

/// Words that mean somebody else where a team can stand: whoever asks, nobody, the program itself.
const TAKEN: [&str; 4] = ["me", "nobody", "none", "postroom"];

impl RecordTeam {
    /// Reads a team's name, in lower case.
    ///
    /// # Errors
    /// Says which rule of names it breaks, or that the word means something else.
    pub fn named(given: &str) -> Result<Handle, Phrase> {
        let name = Handle::new(given).map_err(|error| error.phrase())?;
        if TAKEN.contains(&name.as_str()) {
            return Err(phrase!("team-name-taken", name = name.as_str()));
        }
        Ok(name)
    }
}

impl TeamRecord {
    /// The most bytes of all its names and addresses.
    pub const BYTES_MAX: usize = 256 * 1024;

    /// Tells whether it is as short as other clients take it.
    pub fn is_within_bounds(&self) -> bool {
        let inboxes = self.inboxes.iter().map(|inbox| {
            inbox.id.as_str().len()
                + inbox.address.len()
                + inbox.aliases.iter().map(|alias| alias.len() + 8).sum::<usize>()
        });
        let agents = self.agents.iter().map(|agent| {
            agent.handle.as_str().len()
                + agent.name.len()
                + agent.addresses.iter().map(|one| one.len() + 8).sum::<usize>()
        });
        let teams = self.teams.iter().map(|team| {
            team.name.as_str().len() + team.members.iter().map(|one| one.as_str().len() + 8).sum::<usize>()
        });
        let each =
            inboxes.chain(agents).chain(teams).map(|bytes| bytes.saturating_add(32)).fold(0, usize::saturating_add);
        each.saturating_add(self.authserv.as_ref().map_or(0, String::len)) <= Self::BYTES_MAX
    }
}

/// Who belongs to the team and which addresses are its own: decides the direction and the inbox of a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// The agents: of the config, then those whom only a record of the team names.
    pub agents: Vec<Agent>,
    /// The inboxes, the first being the default.
    pub inboxes: Vec<Inbox>,
    /// Named groups of agents.
    pub groups: Vec<RecordTeam>,
    /// Per account, the authserv-id whose Authentication-Results count (RFC 8601 section 2.5).
    pub authserv: BTreeMap<AccountId, String>,
    /// The name that mail of an inbox bears, where that is not just the inbox's own.
    pub sender_names: BTreeMap<InboxId, SenderName>,
}

impl Team {
    /// Returns what `From` is of a mail that an agent writes for an inbox: `Alice at Support <support@example.com>`.
    pub fn sender(&self, inbox: &Inbox, agent: &Handle) -> Address {
        let Some(pattern) = self.sender_names.get(&inbox.id) else { return inbox.address.clone() };
        let known = self.agents.iter().find(|one| one.handle == *agent).map(|one| one.name.trim());
        let agent = known.filter(|name| !name.is_empty()).unwrap_or(agent.as_str());
        let own = inbox.address.name.trim();
        let inbox_name = if own.is_empty() { inbox.id.as_str() } else { own };
        Address { name: pattern.of(agent, inbox_name), email: inbox.address.email.clone() }
    }

    /// Tells whether `email` is one of the team's own addresses: an inbox's, an alias, or an agent's.
    pub fn owns(&self, email: &str) -> bool {
        let email = email.trim().to_lowercase();
        self.inboxes.iter().any(|inbox| inbox.receives(&email))
            || self.agents.iter().any(|agent| {
                agent.address.as_ref().is_some_and(|address| address.key() == email) || agent.addresses.contains(&email)
            })
    }

    /// Returns the agents that are meant where these are named: of a team its members.
    pub fn people(&self, named: BTreeSet<Handle>) -> BTreeSet<Handle> {
        let mut people = BTreeSet::new();
        for name in named {
            match self.groups.iter().find(|group| group.name == name) {
                Some(group) => people.extend(group.members.iter().cloned()),
                None => drop(people.insert(name)),
            }
        }
        people
    }

    /// Returns the teams that `agent` is in.
    pub fn groups_of<'a>(&'a self, agent: &'a Handle) -> impl Iterator<Item = &'a RecordTeam> {
        self.groups.iter().filter(move |group| group.members.contains(agent))
    }

    /// Returns the inbox that `email` (any case) leads to, within `account`.
    pub fn inbox_for(&self, account: &AccountId, email: &str) -> Option<&Inbox> {
        let email = email.trim().to_lowercase();
        self.inboxes.iter().find(|inbox| &inbox.account == account && inbox.receives(&email))
    }

    /// Returns the inbox of that name.
    pub fn inbox(&self, id: &InboxId) -> Option<&Inbox> {
        self.inbox_named(id.as_str())
    }

    /// Returns the inbox of a name that may be none.
    pub fn inbox_named(&self, name: &str) -> Option<&Inbox> {
        self.inboxes.iter().find(|inbox| inbox.id.as_str() == name)
    }

    /// Returns the first inbox of `account`, where mail goes that names no address of ours.
    pub fn default_inbox(&self, account: &AccountId) -> Option<&Inbox> {
        self.inboxes.iter().find(|inbox| &inbox.account == account)
    }
}

impl Inbox {
    /// Returns the folder that holds its mail, and tells INBOX in any case as one (RFC 3501 section 5.1).
    pub fn mailbox(&self) -> &str {
        match self.folder.as_deref() {
            Some(folder) if !folder.eq_ignore_ascii_case("INBOX") => folder,
            _ => "INBOX",
        }
    }

    /// Tells whether `email`, in lower case, is this inbox's address or alias; `support+tag@` counts as `support@` (RFC 5233).
    pub fn receives(&self, email: &str) -> bool {
        let plain = without_detail(email);
        self.address.key() == email
            || self.address.key() == plain
            || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(email) || alias.eq_ignore_ascii_case(&plain))
    }
}

fn without_detail(email: &str) -> String {
    match email.split_once('@') {
        Some((local, domain)) => {
            let plain = local.split_once('+').map_or(local, |(before, _)| before);
            format!("{plain}@{domain}")
        }
        None => email.to_owned(),
    }
}
