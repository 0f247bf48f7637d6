//! What was answered so far. It is kept when the questions are left, without what is secret.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::config::Security;
use crate::config::providers::Listens;

/// How a connection is secured, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecurityWord {
    /// TLS from the first byte
    Tls,
    /// STARTTLS before the login
    Starttls,
    /// None: to this machine only
    Plain,
}

impl SecurityWord {
    pub const ALL: [SecurityWord; 3] = [SecurityWord::Tls, SecurityWord::Starttls, SecurityWord::Plain];

    pub fn word(self) -> &'static str {
        match self {
            SecurityWord::Tls => "tls",
            SecurityWord::Starttls => "starttls",
            SecurityWord::Plain => "plain",
        }
    }
}

impl From<Security> for SecurityWord {
    fn from(security: Security) -> Self {
        match security {
            Security::Tls => SecurityWord::Tls,
            Security::StartTls => SecurityWord::Starttls,
            Security::Plain => SecurityWord::Plain,
        }
    }
}

/// How an account logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Login {
    /// By a password, or an app password
    Password,
    /// By tokens, once somebody agreed in a browser
    Oauth2,
}

/// Where the password comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PasswordFrom {
    /// A command prints it.
    Command,
    /// It stands in an environment variable.
    Environment,
    /// The desktop's keyring has it.
    Keyring,
    /// It is asked for each time.
    Prompt,
    /// It stands in a file of its own that its owner alone can read.
    File,
}

impl PasswordFrom {
    pub const ALL: [PasswordFrom; 5] = [
        PasswordFrom::Command,
        PasswordFrom::Environment,
        PasswordFrom::Keyring,
        PasswordFrom::Prompt,
        PasswordFrom::File,
    ];

    pub fn word(self) -> &'static str {
        match self {
            PasswordFrom::Command => "command",
            PasswordFrom::Environment => "environment",
            PasswordFrom::Keyring => "keyring",
            PasswordFrom::Prompt => "prompt",
            PasswordFrom::File => "file",
        }
    }
}

/// One server, as far as it was told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    /// The host name; `none` for no server.
    pub host: Option<String>,
    /// The port.
    pub port: Option<u16>,
    /// How the connection is secured.
    pub security: Option<SecurityWord>,
}

impl Server {
    pub fn of(listens: &Listens) -> Self {
        Self { host: Some(listens.host.clone()), port: Some(listens.port), security: Some(listens.security.into()) }
    }

    pub fn is_none(&self) -> bool {
        self.host.as_deref() == Some(NONE)
    }
}

/// What stands for a server that there is none of.
pub const NONE: &str = "none";

/// An inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct More {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
}

impl More {
    /// Returns it as it is typed.
    pub fn written(&self) -> String {
        let usual = self.address.split('@').next();
        if usual == Some(self.name.as_str()) { self.address.clone() } else { format!("{}={}", self.name, self.address) }
    }
}

/// Everything that is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    pub account: Option<String>,
    pub address: Option<String>,
    pub provider: Option<String>,
    /// Whether the servers that were found are the right ones.
    pub fits: Option<bool>,
    pub imap: Server,
    pub smtp: Server,
    pub user: Option<String>,
    pub login: Option<Login>,
    pub client_id: Option<String>,
    /// Empty where the client has none.
    #[serde(skip)]
    pub client_secret: Option<String>,
    pub authorize_url: Option<String>,
    pub token_url: Option<String>,
    pub device_url: Option<String>,
    pub scopes: Vec<String>,
    pub from: Option<PasswordFrom>,
    pub command: Option<String>,
    pub environment: Option<String>,
    #[serde(skip)]
    pub password: Option<String>,
    pub ca_file: Option<String>,
    pub me: Option<String>,
    pub name: Option<String>,
    pub inbox: Option<String>,
    pub aliases: Option<Vec<String>>,
    pub more: Vec<More>,
    /// Whether there is no further inbox.
    pub no_more: bool,
    /// `INBOX` where it is that of the login itself.
    pub inbox_folder: Option<String>,
    pub log_folder: Option<String>,
    pub sent: Option<String>,
    /// Whether what is shared may be.
    #[serde(skip)]
    pub agrees: Option<bool>,
    #[serde(skip)]
    pub test_mail: Option<bool>,
}

impl Answers {
    /// Returns the name of the account.
    pub fn account(&self) -> &str {
        self.account.as_deref().unwrap_or("main")
    }

    /// Returns the team's folder, where it is not INBOX.
    pub fn team_folder(&self) -> Option<&str> {
        self.inbox_folder.as_deref().filter(|name| !name.eq_ignore_ascii_case("INBOX"))
    }

    /// Returns these answers with those of an earlier time, for the same address, where these stop short: whoever leaves a second time, and
    /// sooner, loses nothing.
    pub fn over(&self, earlier: &Answers) -> Answers {
        let mut all = self.clone();
        if self.address.is_some() && self.address != earlier.address {
            return all;
        }
        let e = earlier;
        for (mine, earlier) in [(&mut all.imap, &e.imap), (&mut all.smtp, &e.smtp)] {
            let is_same = mine.host.is_none() || mine.host == earlier.host;
            mine.host = mine.host.take().or_else(|| earlier.host.clone());
            mine.port = mine.port.or(earlier.port.filter(|_| is_same));
            mine.security = mine.security.or(earlier.security.filter(|_| is_same));
        }
        for (mine, earlier) in [
            (&mut all.address, &e.address),
            (&mut all.user, &e.user),
            (&mut all.client_id, &e.client_id),
            (&mut all.command, &e.command),
            (&mut all.environment, &e.environment),
            (&mut all.me, &e.me),
            (&mut all.name, &e.name),
            (&mut all.inbox, &e.inbox),
            (&mut all.inbox_folder, &e.inbox_folder),
            (&mut all.log_folder, &e.log_folder),
            (&mut all.sent, &e.sent),
        ] {
            *mine = mine.take().or_else(|| earlier.clone());
        }
        all.login = all.login.or(e.login);
        all.from = all.from.or(e.from);
        all.aliases = all.aliases.take().or_else(|| e.aliases.clone());
        if !all.no_more {
            all.more.extend(e.more.iter().skip(self.more.len()).cloned());
        }
        all
    }

    /// Tells whether the account logs in with tokens.
    pub fn by_tokens(&self) -> bool {
        self.login == Some(Login::Oauth2)
    }
}
