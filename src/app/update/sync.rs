//! How the accounts stand: what of it stands among the notices until its cause is gone, and what it means for what waits.

use crate::app::{App, Severity, words};
use crate::keymap::Action;
use crate::model::change::{Connectivity, Part, SyncStatus};
use crate::model::ids::AccountId;
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
use crate::text;

/// As what the team's record stands among the notices; no account can be called so.
const TEAM: &str = "(team)";

impl App {
    /// Takes how an account stands. What does not work becomes a notice that stands until the account says it no more.
    pub(super) fn take_status(&mut self, status: SyncStatus) {
        if status.state < Connectivity::Offline && status.state != Connectivity::Connecting {
            self.offline_since.remove(&status.account);
        } else if status.state >= Connectivity::Offline {
            self.offline_since.entry(status.account.clone()).or_insert(self.now);
        }
        let standing = standing(&status, &self.key_of(Action::SyncNow));
        let texts: Vec<SafeText> = standing.iter().map(|(_, text, _)| SafeText::line_max(text, 500)).collect();
        self.settle_standing(&status.account, |text| texts.iter().any(|told| told.as_str() == text));
        for (severity, text, hint) in standing {
            self.tell_standing(&status.account, severity, &text, &hint);
        }
        self.sync.insert(status.account.clone(), status);
    }

    /// Takes where the config says something that the team's record overrules: it stands among the notices until they agree.
    pub(super) fn take_differences(&mut self, differs: &[(AccountId, Vec<Phrase>)]) {
        let tell = |(account, said): &(AccountId, Vec<Phrase>)| {
            let differences = said.iter().map(text::render).collect::<Vec<_>>().join("; ");
            say!("told-team-differs", account = account.as_str(), differences = differences)
        };
        let told: Vec<String> = differs.iter().map(tell).collect();
        let still: Vec<SafeText> = told.iter().map(|said| SafeText::line_max(said, 500)).collect();
        self.settle_standing(TEAM, |text| still.iter().any(|said| said.as_str() == text));
        for said in told {
            self.tell_standing(TEAM, Severity::Warning, &said, &say!("team-hint-differs"));
        }
    }

    /// Tells whether everything is here and there: every account is connected and without trouble, its last pass was complete, and nothing
    /// waits to go out.
    pub fn is_in_sync(&self) -> bool {
        let good = |status: &SyncStatus| {
            status.state == Connectivity::Current && status.message.is_empty() && status.troubles.is_empty()
        };
        let waits = self.counts.to_push + self.counts.to_move + self.counts.failed;
        waits == 0 && self.sync.values().all(good)
    }

    /// Returns the parts of the accounts that are in trouble, each once.
    pub fn parts_in_trouble(&self) -> Vec<Part> {
        let mut parts: Vec<Part> =
            self.sync.values().flat_map(|status| &status.troubles).map(|trouble| trouble.part).collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// Says which account keeps operations from the server, and why; with `room`, since when. `None` where nothing does that is known.
    pub fn why_to_push(&self, room: bool) -> Option<String> {
        let several = self.sync.len() > 1;
        let lags = self.counts.waiting.iter().find_map(|(account, count)| {
            let of = if several { account.to_string() } else { say!("the-mailbox") };
            let reason = match self.offline_since.get(account) {
                _ if self.read_only.contains(account) => say!("push-read-only", of = of),
                Some(since) if several && room => {
                    say!("push-offline-since", of = of, since = words::clock(*since, &self.around.zone))
                }
                Some(_) if several => say!("push-offline", of = of),
                _ => return None,
            };
            Some((*count, reason))
        });
        lags.map(|(count, reason)| match count == self.counts.to_push {
            true => reason,
            false => say!("push-some-wait", count = count, why = reason),
        })
    }

    /// Says why a mail of an account is still here though its time has come; `None` where it goes out now.
    pub fn why_held(&self, account: &str) -> Option<String> {
        let Some(status) = self.sync.get(account) else {
            return (!self.sync.is_empty()).then(|| say!("push-not-synced", account = account));
        };
        if status.state >= Connectivity::Offline {
            return Some(status.message.clone());
        }
        let first = |part: Part| status.troubles.iter().find(|trouble| trouble.part == part);
        let trouble = first(Part::Outbox).or_else(|| first(Part::Log));
        trouble.map(|trouble| trouble.text.clone())
    }
}

/// Returns what an account says that does not work: how much it matters, what it is, what to do.
fn standing(status: &SyncStatus, key: &str) -> Vec<(Severity, String, String)> {
    let severity = match status.state {
        Connectivity::Offline => Some(Severity::Warning),
        Connectivity::Blocked => Some(Severity::Error),
        _ => None,
    };
    let connection = severity.filter(|_| !status.message.is_empty());
    let connection = connection.map(|severity| (severity, status.message.clone(), String::new()));
    let troubles = status.troubles.iter().map(|t| match t.part {
        // A mail that does not go out is a promise that is being broken.
        Part::Outbox => (Severity::Error, t.text.clone(), say!("hint-outbox-trouble", key = key, what = &t.hint)),
        _ => (Severity::Warning, t.text.clone(), t.hint.clone()),
    });
    connection.into_iter().chain(troubles).collect()
}
