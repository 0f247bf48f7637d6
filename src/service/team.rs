//! The team's record: what an account's log says of inboxes, agents and teams, where the config says otherwise, and how it is set.

pub mod edit;

use crate::error::{ErrorKind, UserError};
use crate::model::agent::{Team, TeamRecord};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, Handle};
use crate::model::phrase::Phrase;
use crate::model::team::{self, Difference};
use crate::store::{LogClient, Store, StoreError, TeamEntry, TeamSet};

/// What the log of one account says of the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The account.
    pub account: AccountId,
    /// The record that counts, who set it and when; `None` where the log says nothing.
    pub entry: Option<TeamEntry>,
    /// Where the config says something else; none where there is no record.
    pub differences: Vec<Difference>,
}

impl Standing {
    /// Returns where the config says something that does not count.
    pub fn contradictions(&self) -> Vec<Phrase> {
        self.differences.iter().filter(|one| one.is_contradiction()).map(Difference::phrase).collect()
    }
}

/// Returns what each account's log says of the team, in the order of the config.
///
/// # Errors
/// When the store can't be read.
pub fn show(store: &Store) -> Result<Vec<Standing>, StoreError> {
    accounts(store.config_team()).into_iter().map(|account| standing(store, account)).collect()
}

/// Returns, for each account, where its config says something that does not count because the team's record says otherwise; accounts
/// without such are left out.
///
/// # Errors
/// When the store can't be read.
pub fn contradictions(store: &Store) -> Result<Vec<(AccountId, Vec<Phrase>)>, StoreError> {
    let mut all = Vec::new();
    for standing in show(store)? {
        let said = standing.contradictions();
        if !said.is_empty() {
            all.push((standing.account, said));
        }
    }
    Ok(all)
}

/// For how many days back it is asked who signs.
const SIGNING_DAYS: i64 = 30;

/// Who of an account's authors of the last 30 days signs, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signing {
    /// Each author, and whether they signed.
    pub authors: Vec<(Handle, bool)>,
}

impl Signing {
    /// Returns who has not signed.
    pub fn missing(&self) -> Vec<&Handle> {
        self.authors.iter().filter(|(_, signs)| !signs).map(|(author, _)| author).collect()
    }
}

/// Returns who of an account's authors signs.
///
/// # Errors
/// When the store can't be read.
pub fn signing(store: &Store, account: &AccountId) -> Result<Signing, StoreError> {
    let since = store.author().clock.now().plus(-SIGNING_DAYS * Timestamp::DAY);
    Ok(Signing { authors: store.signers(account, since)? })
}

/// Returns the clients that wrote to an account's log, the last heard of first.
///
/// # Errors
/// When the store can't be read.
pub fn clients(store: &Store, account: &AccountId) -> Result<Vec<LogClient>, StoreError> {
    let mut all = store.log_clients(account)?;
    all.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| (&a.agent, &a.host).cmp(&(&b.agent, &b.host))));
    Ok(all)
}

/// Refuses that unsigned records count no more while somebody writes such: their work would be lost on all clients.
///
/// # Errors
/// Names who has not signed in the last 30 days. When the store can't be read.
pub fn all_sign(store: &Store, account: &AccountId) -> Result<(), UserError> {
    let signing = signing(store, account)?;
    let missing: Vec<&str> = signing.missing().into_iter().map(Handle::as_str).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = phrase!("team-unsigned", account = account.as_str(), authors = missing.join(", "));
    Err(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-team-unsigned")))
}

fn standing(store: &Store, account: AccountId) -> Result<Standing, StoreError> {
    let entry = store.team_record(&account)?;
    let said = entry.as_ref().map(|entry| &entry.record);
    let differences = said.map(|said| team::differences(store.config_team(), &account, said)).unwrap_or_default();
    Ok(Standing { account, entry, differences })
}

/// The accounts of a config's inboxes, each once, in their order.
fn accounts(config: &Team) -> Vec<AccountId> {
    let mut all: Vec<AccountId> = Vec::new();
    for inbox in &config.inboxes {
        if !all.contains(&inbox.account) {
            all.push(inbox.account.clone());
        }
    }
    all
}

/// Returns the record that the config stands for in an account, given what the log says already: see [`team::proposal`].
///
/// # Errors
/// When the store can't be read.
pub fn proposal(store: &Store, account: &AccountId) -> Result<TeamRecord, StoreError> {
    let said = store.team_record(account)?;
    Ok(team::proposal(store.config_team(), account, said.as_ref().map(|entry| &entry.record)))
}

/// Puts a record that was made from `before` on an account's log. Where the log says the same already, or says something else than `before`
/// by now, nothing is written.
///
/// # Errors
/// When the config names no such account, the record is longer than other clients take it, or the store can't be written.
pub fn set(
    store: &Store,
    account: &AccountId,
    before: Option<&TeamRecord>,
    record: TeamRecord,
) -> Result<TeamSet, UserError> {
    if !accounts(store.config_team()).contains(account) {
        let what = phrase!("team-no-account", account = account.as_str());
        return Err(UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-name-in-config")));
    }
    Ok(store.set_team_over(account, before, record)?)
}

#[cfg(test)]
#[path = "team_tests.rs"]
mod tests;
