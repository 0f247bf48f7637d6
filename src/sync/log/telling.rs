//! What people must be told of a pass over the log, in words. What of their own work did not stand is told apart: see
//! [`crate::model::refusal`].

use mailparse::MailHeaderMap as _;

use super::LogPass;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::phrase::{Arg, Phrase};
use crate::model::text::SafeText;
use crate::text;

/// How many of the mails that don't count are named.
const NAMED: usize = 3;

/// A mail that holds records and does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// Whether it was delivered; else it only lacks a signature.
    pub delivered: bool,
    /// Its Message-ID, as it says.
    pub id: SafeText,
    /// Who it is from, as it says.
    pub from: SafeText,
}

impl Stranger {
    /// Reads of a mail what it says of itself.
    pub fn of(raw: &[u8], delivered: bool) -> Self {
        let headers = mailparse::parse_headers(raw).map(|(headers, _)| headers).unwrap_or_default();
        let field = |name: &str| headers.get_first_value(name).unwrap_or_default();
        Self {
            delivered,
            id: SafeText::line_max(field("Message-ID").trim(), 80),
            from: SafeText::line_max(field("From").trim(), 80),
        }
    }

    fn phrase(&self) -> Phrase {
        phrase!("log-stranger", id = self.id.clone(), from = self.from.clone())
    }
}

impl LogPass {
    /// Counts a mail that does not count.
    pub(in crate::sync) fn refuse(&mut self, stranger: &Stranger) {
        *(if stranger.delivered { &mut self.delivered } else { &mut self.unsigned }) += 1;
        if self.strangers.len() < NAMED {
            self.strangers.push(stranger.clone());
        }
    }

    /// Adds what another pass over the same log found that people must be told of mails that don't count.
    pub fn also_refused(&mut self, other: &Self) {
        self.delivered += other.delivered;
        self.unsigned += other.unsigned;
        self.strangers.extend(other.strangers.iter().take(NAMED.saturating_sub(self.strangers.len())).cloned());
        self.adds_headers |= other.adds_headers;
    }

    /// Returns what a person must read of mails that don't count, each once.
    pub fn refused_mails(&self) -> Vec<UserError> {
        let mut told = Vec::new();
        let named = |delivered: bool| {
            let all = self.strangers.iter().filter(|stranger| stranger.delivered == delivered);
            let list: Vec<String> = all.map(|stranger| text::render(&stranger.phrase())).collect();
            list.join("; ")
        };
        let of = || of(self.account.as_ref());
        if self.delivered > 0 && !self.unadopted {
            let what = phrase!("log-delivered", count = self.delivered, of = of(), which = named(true));
            told.push(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-log-delivered")));
        }
        if self.unsigned > 0 {
            let what = phrase!("log-unsigned", count = self.unsigned, of = of(), which = named(false));
            told.push(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-log-unsigned")));
        }
        if self.adds_headers {
            let what = phrase!("log-adds-headers", of = of());
            told.push(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-log-adds-headers")));
        }
        told
    }

    /// Returns what stands until somebody does something about it.
    pub fn standing(&self) -> Option<UserError> {
        let what = || phrase!("log-unadopted", of = of(self.account.as_ref()));
        let error = || UserError::new(ErrorKind::Precondition, what()).hint(phrase!("hint-log-unadopted"));
        self.unadopted.then(error)
    }

    /// Returns what a person must read of this pass, each with what to do about it.
    pub fn told(&self) -> Vec<UserError> {
        let mut told: Vec<UserError> = Vec::new();
        let of = || of(self.account.as_ref());
        for notice in &self.notices {
            let what = Phrase::from(&notice.words);
            told.push(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-assign-again")));
        }
        if self.read_only {
            let what = phrase!("log-read-only", of = of());
            told.push(UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-log-insert")));
        }
        if self.newer > 0 {
            let what = phrase!("log-newer", count = self.newer, of = of());
            told.push(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-log-newer")));
        }
        let strays = self.foreign + self.damaged;
        if strays > 0 {
            let what = phrase!("log-strays", count = strays, of = of());
            told.push(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-log-strays", count = strays)));
        }
        told.extend(self.refused_mails());
        told
    }
}

/// Names the account where there are several, so that people know which.
pub(in crate::sync) fn of(account: Option<&AccountId>) -> Arg {
    account.map_or_else(|| Arg::from(""), |account| Arg::from(phrase!("sync-of-account", account = account.as_str())))
}

#[cfg(test)]
#[path = "telling_tests.rs"]
mod tests;
