//! What can go wrong with a mail server, what it means for trying again, and how it is told to a person.

use std::time::Duration;
use std::{fmt, io};

pub use crate::sync::error::Remedy;

use super::account::ImapAccount;
use super::meter;
use crate::config::{Account, Endpoint, Remote, Secret};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::phrase::Phrase;
use crate::model::text::{SafeText, in_quotes};
use crate::sync::error::{Failure, SyncError};
use crate::sync::imap::quirks;
use crate::text;

/// A failure of one connection.
#[derive(Debug)]
pub enum ImapError {
    /// The host has no address.
    UnknownHost,
    /// Nobody listens on the port.
    Refused,
    /// A step took longer than the endpoint's timeout.
    Timeout,
    /// The certificate is not to be trusted.
    Certificate(String),
    /// TLS could not be agreed on.
    Tls(String),
    /// Passwords don't cross a network in clear.
    PlainRefused,
    /// The server has no STARTTLS.
    NoStartTls,
    /// The CA file can't be used.
    CaFile(String),
    /// The server does not let us in.
    Login(String),
    /// The server says NO.
    No {
        /// The response code in upper case, such as `TRYCREATE`; empty without one.
        code: String,
        /// The server's words.
        text: String,
    },
    /// The server says BAD.
    Bad(String),
    /// The server wants us to slow down.
    Throttled {
        /// For how long, where it says so.
        wait: Option<Duration>,
        /// The server's words.
        text: String,
    },
    /// The connection ended; holds the server's BYE where there was one.
    Lost(String),
    /// What came is no IMAP, or more than we take.
    Protocol(String),
    /// The server sends more than it told, with all that may be added to it.
    TooMuch(String),
    /// The server sends, but hardly anything.
    TooSlow {
        /// The bytes that came.
        bytes: u64,
        /// The seconds that they took.
        seconds: u64,
    },
    /// A folder does not exist.
    NoFolder(String),
    /// We were asked to stop.
    Stopped,
    /// The socket failed.
    Io(io::Error),
}

impl fmt::Display for ImapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::render(&self.phrase()))
    }
}

impl std::error::Error for ImapError {}

impl ImapError {
    /// Packs the error for a way through code that knows `io::Error` only.
    pub(super) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }

    /// Reads an error of the socket.
    pub fn from_io(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::Timeout,
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => Self::Lost(String::new()),
            _ => match error.downcast::<ImapError>() {
                Ok(ours) => ours,
                Err(other) => Self::Io(other),
            },
        }
    }

    /// Tells whether the connection can be used further: the server answered, and said no.
    pub fn leaves_session_usable(&self) -> bool {
        matches!(self, Self::No { .. } | Self::Bad(_) | Self::NoFolder(_) | Self::Throttled { .. })
    }

    /// Tells whether the server has no place for another connection: one of ours, or of somebody who shares the login or the address.
    pub fn is_of_too_many(&self) -> bool {
        match self {
            Self::No { code, text } => quirks::too_many_connections(code, text),
            Self::Lost(text) | Self::Throttled { text, .. } => quirks::too_many_connections("", text),
            _ => false,
        }
    }

    /// Returns what it means for trying again.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Certificate(_) | Self::PlainRefused | Self::NoStartTls | Self::CaFile(_) | Self::Login(_) => {
                Remedy::Person
            }
            Self::Throttled { wait: Some(wait), .. } => Remedy::WaitAtLeast(*wait),
            Self::Throttled { wait: None, .. } => Remedy::WaitAtLeast(Duration::from_secs(60)),
            Self::Stopped => Remedy::Stop,
            _ => Remedy::Wait,
        }
    }

    /// Tells it to a person: whose server, which, what to do.
    pub fn for_user(&self, account: &AccountId, endpoint: &Endpoint) -> UserError {
        let host = &endpoint.host;
        let kind = match self {
            Self::PlainRefused | Self::CaFile(_) => ErrorKind::Config,
            _ => ErrorKind::Remote,
        };
        let (port, what) = (endpoint.port.to_string(), self.phrase());
        let what = phrase!("imap-trouble", account = account.as_str(), host = host, port = port, what = what);
        UserError::new(kind, what).hint(self.hint(account, endpoint))
    }

    /// Returns what happened. What the server said in it is made safe to show, and bounded.
    pub fn phrase(&self) -> Phrase {
        let safe = |words: &str| SafeText::line_max(words, 400);
        match self {
            Self::UnknownHost => phrase!("imap-unknown-host"),
            Self::Refused => phrase!("imap-refused"),
            Self::Timeout => phrase!("imap-timeout"),
            Self::Certificate(why) => phrase!("imap-certificate", why = safe(why)),
            Self::Tls(why) => phrase!("imap-tls", why = safe(why)),
            Self::PlainRefused => phrase!("imap-plain"),
            Self::NoStartTls => phrase!("imap-no-starttls"),
            Self::CaFile(why) => Phrase::from(&safe(why)),
            Self::Login(words) => phrase!("imap-login", words = safe(words)),
            Self::No { text, .. } => phrase!("imap-no", words = safe(text)),
            Self::Bad(words) => phrase!("imap-bad", words = safe(words)),
            Self::Throttled { text, .. } => phrase!("imap-throttled", words = safe(text)),
            Self::Lost(words) if words.is_empty() => phrase!("imap-lost"),
            Self::Lost(words) => phrase!("imap-bye", words = safe(words)),
            Self::Protocol(why) => phrase!("imap-protocol", why = safe(why)),
            Self::TooMuch(why) => phrase!("imap-too-much", why = safe(why)),
            Self::TooSlow { bytes, seconds } => {
                let (bytes, seconds, least) = (bytes.to_string(), seconds.to_string(), meter::RATE_LEAST.to_string());
                phrase!("imap-too-slow", bytes = bytes, seconds = seconds, least = least)
            }
            Self::NoFolder(name) => phrase!("imap-no-folder", folder = safe(&in_quotes(name))),
            Self::Stopped => phrase!("imap-stopped"),
            Self::Io(error) => Phrase::from(&safe(&error.to_string())),
        }
    }

    fn hint(&self, account: &AccountId, endpoint: &Endpoint) -> Phrase {
        let host = &endpoint.host;
        let account = account.as_str();
        // A command that goes on by hand puts its own words in place of these.
        let then = phrase!("tries-again");
        match self {
            Self::UnknownHost => phrase!("hint-imap-host", account = account),
            Self::Refused => phrase!("hint-imap-refused", host = host, then = then),
            _ if self.is_of_too_many() => phrase!("hint-imap-too-many", host = host, then = then),
            Self::Timeout | Self::TooSlow { .. } | Self::Lost(_) | Self::Io(_) => phrase!("hint-then", then = then),
            Self::Certificate(_) => phrase!("hint-imap-certificate", host = host, account = account),
            Self::Tls(_) => phrase!("hint-imap-tls", account = account),
            Self::PlainRefused => phrase!("hint-imap-plain", account = account),
            Self::NoStartTls => phrase!("hint-imap-no-starttls", account = account),
            Self::CaFile(_) => phrase!("hint-imap-ca-file", account = account),
            Self::Login(_) if matches!(endpoint.secret, Secret::OAuth2(_)) => {
                phrase!("hint-token-refused", account = account)
            }
            Self::Login(_) => phrase!("hint-imap-login", user = &endpoint.user, account = account),
            Self::No { .. } | Self::Bad(_) | Self::Protocol(_) | Self::TooMuch(_) => {
                phrase!("hint-imap-said-no", host = host, then = then)
            }
            Self::Throttled { .. } => phrase!("hint-imap-throttled"),
            Self::NoFolder(name) => phrase!("hint-imap-no-folder", folder = in_quotes(name), account = account),
            Self::Stopped => Phrase::said(""),
        }
    }
}

impl Failure for ImapError {
    fn remedy(&self) -> Remedy {
        self.remedy()
    }

    fn leaves_connection_usable(&self) -> bool {
        self.leaves_session_usable()
    }

    fn is_of_too_many(&self) -> bool {
        self.is_of_too_many()
    }

    fn is_throttle(&self) -> bool {
        matches!(self, Self::Throttled { .. })
    }

    fn told(&self, account: &Account) -> UserError {
        match &account.remote {
            Remote::Imap(imap) => self.for_user(&account.id, &imap.imap),
            _ => UserError::new(ErrorKind::Remote, self.phrase()),
        }
    }
}

impl From<ImapError> for SyncError {
    fn from(error: ImapError) -> Self {
        Self::Remote(Box::new(error))
    }
}

impl SyncError {
    /// Takes out what an IMAP server did not do, or the way to it.
    ///
    /// # Errors
    /// The error itself, where it is of anything else.
    pub fn into_imap(self) -> Result<ImapError, Self> {
        let Self::Remote(failure) = self else { return Err(self) };
        if !(&*failure as &dyn std::any::Any).is::<ImapError>() {
            return Err(Self::Remote(failure));
        }
        let any: Box<dyn std::any::Any> = failure;
        any.downcast::<ImapError>()
            .map(|error| *error)
            .map_err(|_| Self::Refused(UserError::new(ErrorKind::Internal, "")))
    }

    /// Tells it to a person, for whoever knows the account as one of this kind.
    pub(super) fn of_imap(self, account: &ImapAccount) -> UserError {
        match self.into_imap() {
            Ok(error) => error.for_user(&account.id, &account.imap),
            Err(Self::Remote(failure)) => failure.told(&Account::from(account)),
            Err(Self::Store(error)) => error.into(),
            Err(Self::Refused(error) | Self::User(error)) => error,
        }
    }
}

/// Splits the words of a tagged NO, BAD or OK into the response code in upper case (without its arguments) and the rest.
pub(super) fn split_code(text: &str) -> (String, String) {
    let text = text.trim();
    if let Some((code, rest)) = text.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        let word = code.split(' ').next().unwrap_or_default();
        return (word.to_ascii_uppercase(), quirks::without_timing(rest.trim()).to_owned());
    }
    (String::new(), quirks::without_timing(text).to_owned())
}
