//! What can go wrong on the way to a token, and what it means for trying again.

use std::fmt;

use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
use crate::sync::error::{Failure, Remedy, SyncError};
use crate::text;

/// What can go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody has logged in yet.
    NoGrant,
    /// The provider gives no token for it any more: it was revoked, or has expired.
    Revoked(String),
    /// The command that has the client's secret does not give it.
    NoClientSecret(Phrase),
    /// The person said no.
    Denied,
    /// Nobody agreed in time.
    TooLate,
    /// The provider refuses what was asked: its code, its words.
    Refused(String, String),
    /// The provider can't be reached, or is in trouble.
    Unreachable(String),
    /// What it said is no answer.
    Nonsense(String),
    /// The tokens can't be kept or read.
    NotKept(String),
    /// What was pasted is not where the browser was sent.
    NotTheAddress,
    /// It belongs to another try.
    OfAnother,
    /// We were asked to stop.
    Stopped,
}

/// What went wrong for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// The account.
    pub account: AccountId,
    /// What.
    pub why: Why,
}

impl OAuthError {
    /// Tells it to a person, with the command that mends it.
    pub fn for_user(&self) -> UserError {
        let kind = match self.why {
            Why::NoGrant | Why::NotKept(_) | Why::NoClientSecret(_) => ErrorKind::Config,
            Why::NotTheAddress => ErrorKind::Usage,
            _ => ErrorKind::Remote,
        };
        let what = phrase!("oauth-trouble", account = self.account.as_str(), what = self.phrase());
        UserError::new(kind, what).hint(self.hint())
    }

    fn phrase(&self) -> Phrase {
        let safe = |words: &str| SafeText::line_max(words, 300);
        match &self.why {
            Why::NoGrant => phrase!("oauth-no-grant"),
            Why::Revoked(words) if words.is_empty() => phrase!("oauth-revoked"),
            Why::Revoked(words) => phrase!("oauth-revoked-words", words = safe(words)),
            Why::NoClientSecret(why) => phrase!("oauth-no-client-secret", why = why.clone()),
            Why::Denied => phrase!("oauth-denied"),
            Why::TooLate => phrase!("oauth-too-late"),
            Why::Refused(code, words) if words.is_empty() => phrase!("oauth-refused", code = safe(code)),
            Why::Refused(code, words) => phrase!("oauth-refused-words", code = safe(code), words = safe(words)),
            Why::Unreachable(why) => phrase!("oauth-unreachable", why = safe(why)),
            Why::Nonsense(why) => phrase!("oauth-nonsense", why = safe(why)),
            Why::NotKept(why) => phrase!("oauth-not-kept", why = safe(why)),
            Why::NotTheAddress => phrase!("oauth-not-the-address"),
            Why::OfAnother => phrase!("oauth-of-another"),
            Why::Stopped => phrase!("oauth-stopped"),
        }
    }

    fn hint(&self) -> Phrase {
        let account = self.account.as_str();
        match &self.why {
            Why::Unreachable(_) => phrase!("hint-then", then = phrase!("tries-again")),
            Why::Refused(..) | Why::Nonsense(_) => phrase!("hint-oauth-client", account = account),
            Why::NotKept(_) => phrase!("hint-oauth-kept", account = account),
            Why::NoClientSecret(_) => phrase!("hint-run-password-command"),
            Why::Stopped => Phrase::said(""),
            _ => phrase!("hint-login", account = account),
        }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::render(&self.phrase()))
    }
}

impl std::error::Error for OAuthError {}

impl From<OAuthError> for SyncError {
    fn from(error: OAuthError) -> Self {
        Self::Remote(Box::new(error))
    }
}

impl Failure for OAuthError {
    fn remedy(&self) -> Remedy {
        match self.why {
            Why::Unreachable(_) => Remedy::Wait,
            Why::Stopped => Remedy::Stop,
            _ => Remedy::Person,
        }
    }

    fn leaves_connection_usable(&self) -> bool {
        true
    }

    fn told(&self, _: &Account) -> UserError {
        self.for_user()
    }
}
