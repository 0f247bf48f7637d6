//! The config: built-in values, the user's TOML file, the environment, flags; each over the one before.
//!
//! This room reads and checks; it opens no store and no connection.

mod hooks;
mod invitation;
mod layers;
mod load;
mod notify;
mod oauth2;
mod panels;
pub mod providers;
mod reader;
mod shape;
mod show;
mod teams;
mod trust;
mod views;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

pub use layers::{Layers, Paths};
pub use notify::{Desktop, Notify, Quiet, Way};
pub use oauth2::{Kept, OAuth2, Provider};
pub use shape::is_loopback;
pub use show::quoted;
pub use trust::guard;
pub use views::{VIEWS_FILE, keep_view};

use crate::error::UserError;
use crate::model::agent::{Agent, Inbox, RecordTeam, Team};
use crate::model::ids::{AccountId, Handle, InboxId};
use crate::model::keyboard::Layout;
use crate::model::language::Language;
use crate::model::list_look::ListLook;
use crate::model::own::{OwnKey, OwnView};
use crate::model::screen_order::TerminalBidi;
use crate::model::sender_name::SenderName;
use crate::model::view::Sort;

/// Everything that is configured.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file that was read, or would be.
    pub file: PathBuf,
    /// The folder of the store, the outgoing files and the log file.
    pub data_dir: PathBuf,
    /// Where saved replies lie.
    pub replies_dir: PathBuf,
    /// Who sits here.
    pub me: Handle,
    /// The agents and inboxes.
    pub agents: Vec<Agent>,
    /// The inboxes.
    pub inboxes: Vec<Inbox>,
    /// The name that mail of an inbox bears, where that is not just the inbox's own.
    pub sender_names: BTreeMap<InboxId, SenderName>,
    /// The named groups of agents.
    pub teams: Vec<RecordTeam>,
    /// The accounts.
    pub accounts: Vec<Account>,
    /// How the program looks and behaves.
    pub ui: Ui,
    /// How mail is sent.
    pub sending: Sending,
    /// The time zone in which days and times are read and shown; `None` is the machine's.
    pub timezone: Option<jiff::tz::TimeZone>,
    /// Names of variables that programs of the config get beside the usual ones.
    pub environment: Vec<String>,
    /// Programs that are run when something happens.
    pub hooks: Vec<crate::model::hook::Hook>,
    /// Programs whose lines stand beside a conversation.
    pub panels: Vec<crate::model::panel::Panel>,
    /// Keys bound over those of the keymap.
    pub keys: Vec<OwnKey>,
    /// Views of one's own: those of this file, then those that were saved on the screen.
    pub views: Vec<OwnView>,
    /// What is wrong in the config and stops nothing.
    pub problems: Vec<UserError>,
    /// What is written as older versions wrote it, with how it is written now; it is read all the same.
    pub older: Vec<UserError>,
    /// What of the news is told, and how.
    pub notify: Notify,
}

/// Where mail comes from and goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account's name.
    pub id: AccountId,
    /// What stands behind it.
    pub remote: Remote,
}

/// What stands behind an account: the kind, with what the config says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remote {
    /// No server: what is done is settled here at once, and mail that is sent is filed and goes nowhere. For whoever works alone, or tries
    /// an archive.
    Local,
    /// A mailbox over IMAP, and SMTP to send by.
    Imap(Box<Imap>),
    /// A team server, at its address. No config holds one: it is a mistake that is told.
    Team {
        /// Its address.
        url: String,
    },
    /// A script in memory, by its name.
    #[cfg(test)]
    Scripted(String),
}

impl Account {
    /// Tells whether work of this account waits for a server; else it is done here at once.
    pub fn has_server(&self) -> bool {
        self.remote != Remote::Local
    }

    /// Tells whether mail can be sent by it.
    pub fn can_send(&self) -> bool {
        match &self.remote {
            Remote::Imap(imap) => imap.smtp.is_some(),
            _ => true,
        }
    }

    /// Returns the servers that it logs in to.
    pub fn endpoints(&self) -> Vec<&Endpoint> {
        match &self.remote {
            Remote::Imap(imap) => std::iter::once(&imap.imap).chain(imap.smtp.as_ref()).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns how its tokens are got; `None` where it logs in otherwise.
    pub fn oauth2(&self) -> Option<&Arc<OAuth2>> {
        self.endpoints().into_iter().find_map(|endpoint| match &endpoint.secret {
            Secret::OAuth2(oauth) => Some(oauth),
            _ => None,
        })
    }

    /// Mail older than this many days at the first sync is history: it starts closed. `None` where nothing comes that was there before.
    pub fn history_days(&self) -> Option<u32> {
        match &self.remote {
            Remote::Imap(imap) => Some(imap.history_days),
            _ => None,
        }
    }

    /// Tells what the config says of whether its server files sent mail by itself; `None` where it says nothing.
    pub fn server_files_sent(&self) -> Option<bool> {
        match &self.remote {
            Remote::Imap(imap) => imap.server_files_sent,
            _ => None,
        }
    }

    /// Returns the authserv-id of its server's Authentication-Results (RFC 8601 section 2.5), where it is known.
    fn authserv(&self) -> Option<&String> {
        match &self.remote {
            Remote::Imap(imap) => imap.authserv.as_ref(),
            _ => None,
        }
    }
}

/// What the config says of an account of the kind `imap`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imap {
    /// IMAP.
    pub imap: Endpoint,
    /// SMTP, where mail can be sent.
    pub smtp: Option<Endpoint>,
    /// The folder that the team's mail comes into, where the login is a person's own; `None` is INBOX. Where it is set, no other folder is
    /// read than this one, what stands below it, and those that the config names.
    pub inbox_folder: Option<String>,
    /// Folders to sync beside INBOX and Sent, as the server names them, in UTF-8.
    pub folders: Vec<String>,
    /// The Sent folder, where SPECIAL-USE and common names don't tell.
    pub sent: Option<String>,
    /// The log folder's name, `Postroom` unless set.
    pub log_folder: String,
    /// Fingerprints of the log's keys that count wherever they stand, 32 hex digits each.
    pub log_keys: Vec<String>,
    /// Whether the server files sent mail itself (Gmail, Exchange): `None` finds out.
    pub server_files_sent: Option<bool>,
    /// Mail older than this many days at the first sync is history: it starts closed.
    pub history_days: u32,
    /// For so many days the text of mail is kept that another program took away; 0 lets it go at once.
    pub gone_days: u32,
    /// Whether the archive (RFC 6154 `\Archive`) is synced.
    pub sync_archive: bool,
    /// Bodies larger than this many bytes are fetched when they are opened.
    pub body_limit: u64,
    /// The authserv-id of the server's Authentication-Results (RFC 8601 section 2.5), where it is known.
    pub authserv: Option<String>,
    /// Whether operations are mirrored to IMAP keywords.
    pub mirror_keywords: bool,
    /// Whether the server is told what was opened, dealt with and answered here, as `\\Seen` and `\\Answered`.
    pub mirror_flags: bool,
}

/// Where one goes when a conversation was closed, or answered and closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfterClose {
    /// To the next one of the list; where the closed one was open, that is opened.
    #[default]
    Next,
    /// Nowhere.
    Stay,
    /// To the list, with the cursor on the next one.
    List,
}

impl Imap {
    /// Returns what a config says that names no more than the servers.
    pub fn of(imap: Endpoint, smtp: Option<Endpoint>) -> Self {
        Self {
            imap,
            smtp,
            inbox_folder: None,
            folders: Vec::new(),
            sent: None,
            log_folder: "Postroom".to_owned(),
            log_keys: Vec::new(),
            server_files_sent: None,
            history_days: 30,
            gone_days: 30,
            sync_archive: true,
            body_limit: BODY_LIMIT,
            authserv: None,
            mirror_keywords: false,
            mirror_flags: true,
        }
    }
}

/// How a connection is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS before the login.
    StartTls,
    /// None: allowed to loopback only.
    Plain,
}

/// One server to log in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The host name, for the certificate too.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How it is secured.
    pub security: Security,
    /// The user name.
    pub user: String,
    /// How to get the password or token.
    pub secret: Secret,
    /// How to log in.
    pub auth: Auth,
    /// A PEM file with further trusted certificates.
    pub ca_file: Option<PathBuf>,
    /// Seconds that any one network step may take.
    pub timeout: u32,
}

/// How to log in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// User and password.
    #[default]
    Password,
    /// XOAUTH2 with a token from the secret.
    XOAuth2,
    /// OAUTHBEARER (RFC 7628) with a token from the secret.
    OAuthBearer,
    /// Whichever of the two the server has.
    OAuth2,
}

/// Where a password or token comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// The first line that a line of the shell prints.
    Command(String),
    /// The first line that a program prints, by its words.
    Program(Vec<String>),
    /// An environment variable.
    Env(String),
    /// The keyring of the desktop, under service `postroom` and this user name.
    Keyring(String),
    /// Asked for on the terminal.
    Prompt,
    /// In clear, from a config file of mode 0600.
    Clear(String),
    /// A token that renews itself, once somebody agreed.
    OAuth2(Arc<OAuth2>),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Secret::Command(command) => write!(f, "Command({command:?})"),
            Secret::Program(argv) => write!(f, "Program({argv:?})"),
            Secret::Env(name) => write!(f, "Env({name:?})"),
            Secret::Keyring(user) => write!(f, "Keyring({user:?})"),
            Secret::Prompt => f.write_str("Prompt"),
            Secret::Clear(_) => f.write_str("Clear(…)"),
            Secret::OAuth2(oauth) => write!(f, "OAuth2({oauth:?})"),
        }
    }
}

/// With which signs the screen is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// With those that the terminal draws in one column, as it says itself.
    #[default]
    Auto,
    /// With all.
    Unicode,
    /// With those of ASCII.
    Ascii,
}

/// How the program looks and behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ui {
    /// The theme's name.
    pub theme: String,
    /// The keymap's name.
    pub keymap: String,
    /// `$VISUAL`, `$EDITOR` or what the config says; `None` means the built-in editor.
    pub editor: Option<String>,
    /// Whether `r` opens the editor of `editor` first.
    pub external_editor_first: bool,
    /// Where one goes when a conversation was closed, or answered and closed.
    pub after_close: AfterClose,
    /// Whether a reply takes what nobody has.
    pub reply_takes: bool,
    /// With which signs is drawn.
    pub glyphs: Glyphs,
    /// By what the lists of what is open are sorted at first.
    pub sort: Sort,
    /// How lists look where their view says nothing of it.
    pub look: ListLook,
    /// Whether mouse events are asked for.
    pub mouse: bool,
    /// Whether the screen is told in lines, for screen readers.
    pub linear: bool,
    /// Whether nothing on the screen changes but by a key, or by what happens.
    pub reduced_motion: bool,
    /// Who lays out right-to-left text.
    pub terminal_bidi: TerminalBidi,
    /// The language of whoever sits here; `None` where neither the config nor the environment names one that is known.
    pub language: Option<Language>,
    /// The layout of the keyboard, where it is none of Latin letters.
    pub layout: Option<Layout>,
    /// The command that opens attachments and links, with the file or address as its last argument.
    pub opener: String,
}

/// How mail is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// Seconds in which a sent reply can be taken back.
    pub undo_seconds: u32,
    /// Whether replies quote what they answer.
    pub quote: bool,
    /// From whom replies go out.
    pub identity: crate::model::reply::Identity,
    /// The company's name, for `{company}`.
    pub company: String,
    /// Variables of the team's own for saved replies, such as `link.calendar`.
    pub variables: std::collections::BTreeMap<String, String>,
    /// The signature of each inbox and agent, by name.
    pub signatures: std::collections::BTreeMap<String, String>,
    /// Whether drafts are copied to the IMAP Drafts folder.
    pub copy_drafts: bool,
}

/// Bodies larger than this are fetched when they are opened, unless the config says otherwise: 1 MiB.
pub const BODY_LIMIT: u64 = 1 << 20;

impl Config {
    /// Makes whoever sits here one of the agents, so that an assignment to oneself needs no `[agent.…]` section.
    fn know_me(&mut self) {
        if !self.agents.iter().any(|agent| agent.handle == self.me) {
            let (handle, name) = (self.me.clone(), self.me.to_string());
            self.agents.push(Agent { handle, name, address: None, addresses: BTreeSet::new(), title: None });
        }
    }

    /// Returns the accounts that have a server.
    pub fn served(&self) -> Vec<&Account> {
        self.accounts.iter().filter(|account| account.has_server()).collect()
    }

    /// Tells whether any account has a server.
    pub fn has_server(&self) -> bool {
        self.accounts.iter().any(Account::has_server)
    }

    /// Returns the team: agents, inboxes, named groups, and the authserv-ids.
    pub fn team(&self) -> Team {
        let authserv =
            self.accounts.iter().filter_map(|account| Some((account.id.clone(), account.authserv()?.clone())));
        Team {
            agents: self.agents.clone(),
            inboxes: self.inboxes.clone(),
            groups: self.teams.clone(),
            authserv: authserv.collect(),
            sender_names: self.sender_names.clone(),
        }
    }
}
