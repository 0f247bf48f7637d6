//! Who is of the team: what the config says, corrected by the `team` records of the accounts' logs; and the edition of it that rows are
//! derived by.
//!
//! Each process keeps the team as it last read it. A count that moves with the records tells, at one look into an index, whether that is
//! still what the store says: every write looks, and [`Store::data_version`] does where another process wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use rusqlite::{OptionalExtension, params};

use super::batch::{Batch, get_meta, set_meta};
use super::commit::append_new;
use super::connection::Transaction;
use super::facts::hash;
use super::record::Kept;
use super::types::{Committed, LogPlace, TeamEntry, TeamSet};
use super::{Store, StoreError, undone};
use crate::model::address::Address;
use crate::model::agent::{Team, TeamRecord};
use crate::model::ids::AccountId;
use crate::model::team::as_it_counts;
use crate::op::operation::Known;
use crate::op::record::NewOperation;

/// The version of the rules by which rows are derived from mails, folders and the team. Whoever changes them raises it: what is here is
/// derived again then.
const RULES: i64 = 4;

/// The version before any was kept.
const FIRST_RULES: i64 = 1;

/// What moves whenever the team may be another.
const COUNT: &str = "team-count";

/// Of rows that were derived by a team which is not the store's, such as that of a config that was edited since: they are behind always.
const UNSURE: i64 = -1;

/// The team as one process knows it.
#[derive(Debug)]
pub(super) struct Roster {
    pub team: Arc<Team>,
    count: i64,
    /// The number of the edition that rows derived by this team are of.
    pub edition: i64,
}

impl Roster {
    /// Reads it. Where the store's edition is that of another team or of other rules, what is derived by this one is of none.
    fn load(tx: &Transaction<'_>, config: &Team) -> Result<Self, StoreError> {
        let records = counting(tx)?;
        let team = as_it_counts(config, &records);
        let edition = match current(tx)? {
            Some((number, RULES, of)) if of == decisive(&team, records.keys()) => number,
            _ => UNSURE,
        };
        Ok(Self { team: Arc::new(team), count: count(tx)?, edition })
    }

    /// Reads it, and begins an edition where there is none of this team and these rules.
    fn settle(tx: &Transaction<'_>, config: &Team) -> Result<Self, StoreError> {
        if current(tx)?.is_none() {
            // What was here before anybody asked is taken as derived by this config, without a record.
            let any: bool = tx.query_row("SELECT EXISTS (SELECT 1 FROM message)", [], |row| row.get(0))?;
            begin(tx, 0, if any { FIRST_RULES } else { RULES }, decisive(config, [].into_iter()))?;
        }
        let found = Self::load(tx, config)?;
        if found.edition != UNSURE {
            return Ok(found);
        }
        let next = current(tx)?.map_or(0, |(number, _, _)| number.saturating_add(1));
        begin(tx, next, RULES, decisive(&found.team, counting(tx)?.keys()))?;
        let count = moved(tx)?;
        Ok(Self { count, edition: next, ..found })
    }

    /// Tells whether it is the team that the store is derived by.
    pub(super) fn is_of_store(&self) -> bool {
        self.edition != UNSURE
    }

    /// Returns the one that is known, or reads it anew where it is another by now.
    pub(super) fn fresh(known: Arc<Self>, tx: &Transaction<'_>, config: &Team) -> Result<Arc<Self>, StoreError> {
        if count(tx)? == known.count { Ok(known) } else { Ok(Arc::new(Self::load(tx, config)?)) }
    }
}

/// Returns the number of the edition that the store's rows are to be of.
pub(super) fn edition(tx: &Transaction<'_>) -> Result<i64, StoreError> {
    Ok(current(tx)?.map_or(0, |(number, _, _)| number))
}

/// Tells whether rows of an edition were made by the rules of this program.
pub(super) fn is_of_these_rules(tx: &Transaction<'_>, edition: i64) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached("SELECT rules FROM edition WHERE number = ?1")?;
    let rules: Option<i64> = find.query_row([edition], |row| row.get(0)).optional()?;
    Ok(rules == Some(RULES))
}

fn count(tx: &Transaction<'_>) -> Result<i64, StoreError> {
    Ok(get_meta(tx, COUNT)?.and_then(|count| count.parse().ok()).unwrap_or(0))
}

/// Moves the count, so that every process reads the team anew.
fn moved(tx: &Transaction<'_>) -> Result<i64, StoreError> {
    let next = count(tx)?.saturating_add(1);
    set_meta(tx, COUNT, &next.to_string())?;
    Ok(next)
}

/// The newest edition: its number, rules and team.
fn current(tx: &Transaction<'_>) -> Result<Option<(i64, i64, i64)>, StoreError> {
    let mut find = tx.prepare_cached("SELECT number, rules, team FROM edition ORDER BY number DESC LIMIT 1")?;
    Ok(find.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?)
}

fn begin(tx: &Transaction<'_>, number: i64, rules: i64, team: i64) -> Result<(), StoreError> {
    tx.execute("INSERT INTO edition (number, rules, team) VALUES (?1, ?2, ?3)", params![number, rules, team])?;
    Ok(())
}

/// A hash of all that rows are derived by: the inboxes, whose addresses are ours, which servers vouch for them, and which accounts have a
/// record. The latter because
/// what is here may have been derived by a config of another day: what a record says is derived once from its beginning.
fn decisive<'a>(team: &Team, recorded: impl Iterator<Item = &'a AccountId>) -> i64 {
    let mut parts: Vec<String> = Vec::new();
    for inbox in &team.inboxes {
        let aliases: BTreeSet<String> = inbox.aliases.iter().map(|alias| alias.to_lowercase()).collect();
        let folder = inbox.folder.as_deref().unwrap_or_default();
        parts.extend([inbox.account.to_string(), inbox.id.to_string(), inbox.address.key(), folder.to_owned()]);
        parts.extend(aliases);
        parts.push(String::new());
    }
    parts.push(String::new());
    let own =
        team.agents.iter().flat_map(|agent| agent.address.iter().map(Address::key).chain(agent.addresses.clone()));
    parts.extend(own.collect::<BTreeSet<String>>());
    parts.push(String::new());
    parts.extend(team.authserv.iter().flat_map(|(account, by)| [account.to_string(), by.to_lowercase()]));
    parts.push(String::new());
    parts.extend(recorded.map(AccountId::to_string));
    hash(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The numbers of the `team` records of all accounts, or of one.
fn numbers(tx: &Transaction<'_>, account: Option<&AccountId>) -> Result<BTreeSet<i64>, StoreError> {
    let mut find = match account {
        Some(_) => tx.prepare_cached("SELECT seq FROM record WHERE kind = 'team' AND account = ?1")?,
        None => tx.prepare_cached("SELECT seq FROM record WHERE kind = 'team'")?,
    };
    let seqs = find.query_map(rusqlite::params_from_iter(account.map(AccountId::as_str)), |row| row.get(0))?;
    Ok(seqs.collect::<Result<_, _>>()?)
}

/// Returns the `team` records that count of all accounts, or of one, in log order.
fn records(tx: &Transaction<'_>, account: Option<&AccountId>) -> Result<Vec<(TeamEntry, AccountId)>, StoreError> {
    let seqs = numbers(tx, account)?;
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = Vec::with_capacity(seqs.len());
    for (kept, active) in undone::with_active(tx, &seqs)? {
        if let (true, Some(Known::Team(record)), Ok(account)) =
            (active, kept.record.known(), AccountId::new(&kept.account))
        {
            let entry = TeamEntry {
                record: record.clone(),
                id: kept.record.id,
                by: kept.record.actor.clone(),
                at: kept.record.at,
                place: kept.place,
                number: kept.seq,
            };
            all.push((entry, account));
        }
    }
    Ok(all)
}

/// Returns the record of each account that counts: the last of its log.
fn counting(tx: &Transaction<'_>) -> Result<BTreeMap<AccountId, TeamRecord>, StoreError> {
    Ok(records(tx, None)?.into_iter().map(|(entry, account)| (account, entry.record)).collect())
}

impl Store {
    /// Returns the team as it counts: the config's, corrected by the newest `team` record of each account's log that is not taken back.
    /// What another process wrote is in it after the next commit or [`Store::data_version`].
    pub fn team(&self) -> Arc<Team> {
        Arc::clone(&self.roster().team)
    }

    /// Returns the team as the config alone says it.
    pub fn config_team(&self) -> &Team {
        &self.inner.options.team
    }

    /// Returns what an account's log says of the team; `None` where it says nothing. Of several records the last that is not taken back
    /// counts, one that is not pushed yet behind those that are.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn team_record(&self, account: &AccountId) -> Result<Option<TeamEntry>, StoreError> {
        Ok(self.read(|tx| records(tx, Some(account)))?.pop().map(|(entry, _)| entry))
    }

    /// Returns the two last `team` records of an account's log where they are of two authors and the later one was written by somebody who
    /// had not read the earlier: what that set may be lost, and nobody meant it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn team_unseen(&self, account: &AccountId) -> Result<Option<(TeamEntry, TeamEntry)>, StoreError> {
        self.read(|tx| {
            let mut all = records(tx, Some(account))?;
            let (Some((last, _)), Some((before, _))) = (all.pop(), all.pop()) else { return Ok(None) };
            if before.by == last.by || before.record == last.record {
                return Ok(None);
            }
            let read = super::record::whole(tx, last.number)?.and_then(|record| record.after);
            // Of a folder that was made anew nobody can say what was read.
            let unread = before
                .place
                .zip(read)
                .is_some_and(|(place, read)| place.validity == read.validity && place.uid > read.uid);
            Ok(unread.then_some((before, last)))
        })
    }

    /// Returns from which places of an account's log on records count only in signed mails, and from which they count in any: the places of
    /// its `team` records, and of what takes them back, in log order, each with what holds from there on. Each is judged by what stands up
    /// to it alone, so that what comes later changes nothing in front of it. Before the first, records count in any mail.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn signing_since(&self, account: &AccountId) -> Result<Vec<(LogPlace, bool)>, StoreError> {
        let at = self.read(|tx| undone::last_at_each_place(tx, &numbers(tx, Some(account))?))?;
        let signed = |kept: Option<Kept>| match kept.as_ref().and_then(|kept| kept.record.known()) {
            Some(Known::Team(record)) => record.signed,
            _ => false,
        };
        Ok(at.into_iter().map(|(place, kept)| (place, signed(kept))).collect())
    }

    /// Puts a `team` record on an account's log. Returns `None`, and writes nothing, where that says just this already.
    ///
    /// # Errors
    /// When the record is over its bounds or the store can't be written.
    pub fn set_team(&self, account: &AccountId, record: TeamRecord) -> Result<Option<Committed>, StoreError> {
        Ok(match self.set_team_where(account, record, |_| true)? {
            TeamSet::Set(committed) => Some(committed),
            TeamSet::Already | TeamSet::Changed => None,
        })
    }

    /// Puts a `team` record on an account's log if that still says `before`: who made the record from that would take back what another
    /// process set since.
    ///
    /// # Errors
    /// When the record is over its bounds or the store can't be written.
    pub fn set_team_over(
        &self,
        account: &AccountId,
        before: Option<&TeamRecord>,
        record: TeamRecord,
    ) -> Result<TeamSet, StoreError> {
        self.set_team_where(account, record, |said| said == before)
    }

    fn set_team_where(
        &self,
        account: &AccountId,
        record: TeamRecord,
        holds: impl FnOnce(Option<&TeamRecord>) -> bool,
    ) -> Result<TeamSet, StoreError> {
        let op = Known::Team(record);
        if !op.is_within_bounds() {
            return Err(StoreError::TooLong(op.name()));
        }
        let mut holds_still = true;
        let (records, change, lost) = self.change(|batch| {
            let said = records(batch.tx, Some(account))?.pop().map(|(entry, _)| entry.record);
            holds_still = holds(said.as_ref());
            if !holds_still || said.is_some_and(|said| Known::Team(said) == op) {
                return Ok(Vec::new());
            }
            let operation = NewOperation::new(op, Vec::new());
            append_new(batch, self.author(), vec![(account.to_string(), operation)])
        })?;
        Ok(match (holds_still, records.is_empty()) {
            (false, _) => TeamSet::Changed,
            (true, true) => TeamSet::Already,
            (true, false) => TeamSet::Set(Committed { records, change, lost }),
        })
    }

    pub(super) fn roster(&self) -> Arc<Roster> {
        Arc::clone(&self.inner.roster.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps the team as a transaction read it, unless a later one was quicker.
    pub(super) fn keep_roster(&self, roster: Arc<Roster>) {
        let mut kept = self.inner.roster.write().unwrap_or_else(PoisonError::into_inner);
        if roster.count > kept.count {
            *kept = roster;
        }
    }

    /// Reads the team anew where another process changed it.
    pub(super) fn notice_team(&self) -> Result<(), StoreError> {
        let known = self.roster();
        let fresh = self.read(|tx| Roster::fresh(Arc::clone(&known), tx, self.config_team()))?;
        self.keep_roster(fresh);
        Ok(())
    }
}

/// Reads the team of a store that is being opened, and begins an edition where this config makes one.
pub(super) fn open(connections: &super::connection::Connections, config: &Team) -> Result<Roster, StoreError> {
    let found = connections.read(|tx| Roster::load(tx, config))?;
    // Every start comes here: it must not take the write lock.
    if found.edition != UNSURE { Ok(found) } else { connections.write(|tx| Roster::settle(tx, config)) }
}

/// Reads the team of a store that is only read.
pub(super) fn look(connections: &super::connection::Connections, config: &Team) -> Result<Roster, StoreError> {
    connections.read(|tx| Roster::load(tx, config))
}

impl Batch<'_> {
    /// The team as this transaction sees it.
    pub(super) fn team(&self) -> &Team {
        &self.roster.team
    }

    /// Reads the team anew, after a `team` record came, moved or was taken back. Tells whether it is another.
    pub(super) fn settle_team(&mut self) -> Result<bool, StoreError> {
        if !std::mem::take(&mut self.team_touched) {
            return Ok(false);
        }
        let before = Arc::clone(&self.roster);
        // One whose config is not the store's must not have all derived by it.
        let found = match before.edition {
            UNSURE => Roster::load(self.tx, self.config)?,
            _ => Roster::settle(self.tx, self.config)?,
        };
        let changed = found.team != before.team;
        let count = if found.count == before.count { moved(self.tx)? } else { found.count };
        self.roster = Arc::new(Roster { count, ..found });
        Ok(changed)
    }

    /// Notes that the team is to be read anew.
    pub(super) fn touch_team(&mut self) {
        self.team_touched = true;
    }

    /// Notes so where an undo may be of a `team` record.
    pub(super) fn touch_team_by_undo(&mut self) -> Result<(), StoreError> {
        let known = match self.has_team {
            Some(known) => known,
            None => {
                self.tx.query_row("SELECT EXISTS (SELECT 1 FROM record WHERE kind = 'team')", [], |row| row.get(0))?
            }
        };
        self.has_team = Some(known);
        self.team_touched |= known;
        Ok(())
    }
}

#[cfg(test)]
#[path = "team_tests.rs"]
mod tests;
