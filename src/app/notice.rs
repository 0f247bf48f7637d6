//! What was told. A list, not a slot: an error stays until somebody has acknowledged it.

use crate::app::App;
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::text::SafeText;

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something happened.
    Info,
    /// Something went otherwise than wished.
    Warning,
    /// Something failed.
    Error,
}

/// One thing that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// What happened, to what.
    pub text: SafeText,
    /// What to do now; empty where there is nothing.
    pub hint: SafeText,
    /// When.
    pub at: Timestamp,
    /// Whether somebody has acknowledged it, or it has been shown for long enough.
    pub seen: bool,
}

/// For how many milliseconds is shown what is neither error nor warning.
const SHOWN_FOR: i64 = 8_000;
const KEPT: usize = 200;

impl App {
    /// Tells something.
    pub fn tell(&mut self, severity: Severity, text: &str, hint: &str) {
        let (text, hint) = (SafeText::line_max(text, 500), SafeText::line_max(hint, 500));
        // The same trouble again only counts anew; it doesn't fill the list.
        self.notices.retain(|old| old.text != text || old.hint != hint || old.seen);
        // What was only said gives way to what is said now.
        self.notices.iter_mut().filter(|old| old.severity == Severity::Info).for_each(|old| old.seen = true);
        self.notices.push(Notice { severity, text, hint, at: self.now, seen: false });
        let over = self.notices.len().saturating_sub(KEPT);
        self.notices.drain(..over);
    }

    /// Tells an error.
    pub fn fail(&mut self, error: &UserError) {
        // What somebody else was faster with is no failure; it stays until read all the same.
        let severity = if error.kind == ErrorKind::Precondition { Severity::Warning } else { Severity::Error };
        self.tell(severity, &error.message, &error.hint);
    }

    /// Returns what the status line shows: the newest error that nobody acknowledged, else the newest warning, else what was told last.
    pub fn notice(&self) -> Option<&Notice> {
        let fresh = || self.notices.iter().rev().filter(|notice| !notice.seen);
        let first = |wanted| fresh().find(move |notice| notice.severity == wanted);
        first(Severity::Error).or_else(|| first(Severity::Warning)).or_else(|| fresh().next())
    }

    /// Acknowledges what the status line shows, and tells whether there was anything.
    pub fn acknowledge(&mut self) -> bool {
        let Some(shown) = self.notice().cloned() else { return false };
        self.notices.iter_mut().filter(|notice| **notice == shown).for_each(|notice| notice.seen = true);
        true
    }

    /// Returns how many errors and warnings nobody has acknowledged.
    pub fn unread(&self) -> usize {
        self.notices.iter().filter(|notice| !notice.seen && notice.severity > Severity::Info).count()
    }

    /// Lets go of what was only said.
    pub(crate) fn pass_by(&mut self) {
        self.notices
            .iter_mut()
            .filter(|notice| notice.severity == Severity::Info)
            .for_each(|notice| notice.seen = true);
    }

    /// Lets go of what has been shown for long enough; errors and warnings stay.
    pub(crate) fn expire_notices(&mut self) {
        let now = self.now;
        self.notices
            .iter_mut()
            .filter(|notice| notice.severity == Severity::Info && now.since(notice.at) >= SHOWN_FOR)
            .for_each(|notice| notice.seen = true);
    }
}
