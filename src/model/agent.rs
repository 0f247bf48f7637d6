//! Team members and the addresses that they answer.

use serde::{Deserialize, Serialize};

use crate::model::address::Address;
use crate::model::ids::{AccountId, Handle, InboxId};

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
}

/// Who belongs to the team and which addresses are its own: decides the direction and the inbox of a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// The agents named in the config.
    pub agents: Vec<Agent>,
    /// The inboxes of the config, the first being the default.
    pub inboxes: Vec<Inbox>,
}

impl Team {
    /// Tells whether `email` is one of the team's own addresses: an inbox's, an alias, or an agent's.
    pub fn owns(&self, email: &str) -> bool {
        let email = email.trim().to_lowercase();
        self.inboxes.iter().any(|inbox| inbox.receives(&email))
            || self.agents.iter().filter_map(|a| a.address.as_ref()).any(|a| a.key() == email)
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
    fn receives(&self, email: &str) -> bool {
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
