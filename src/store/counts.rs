//! Counts beside views: kept, never counted.

use rusqlite::{OptionalExtension, params};

use super::code::Code;
use super::connection::Transaction;
use super::gone::departed;
use super::home::is_gone;
use super::{Store, StoreError, derive, upgrade};
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId, Tag};
use crate::model::status::Status;
use crate::model::view::{Counts, View};

impl Store {
    /// Returns how many mails of this store are due and were left, and since when the first of them is; `None` where there is none.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn overdue(&self) -> Result<Option<(u64, Timestamp)>, StoreError> {
        let now = self.author().clock.now();
        self.read(|tx| overdue(tx, now))
    }

    /// Returns how many conversations each view holds for `me`.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn counts(&self, me: &Handle) -> Result<Counts, StoreError> {
        let now = self.author().clock.now();
        self.read(|tx| {
            let mut counts = Counts::default();
            for view in View::FIXED {
                let n = count_of(tx, &view, me)?;
                let apart = loose(tx, &view, me)?;
                if apart > 0 {
                    counts.loose.insert(view.clone(), apart);
                }
                if n > 0 {
                    counts.of.insert(view, n);
                }
            }
            let team = self.team();
            for group in team.groups_of(me) {
                let view = View::Team(group.name.clone());
                counts.of.insert(view.clone(), count_of(tx, &view, me)?);
            }
            for (name, n) in named(tx, "inbox:")? {
                if let Ok(inbox) = InboxId::new(&name) {
                    counts.of.insert(View::Inbox(inbox), n);
                }
            }
            for (name, n) in named(tx, "tag:")? {
                if let Ok(tag) = Tag::new(&name) {
                    counts.of.insert(View::Tag(tag), n);
                }
            }
            // What goes out later is not late: it waits for its time, and nothing waits for it.
            let mut find = tx.prepare_cached(
                "SELECT count(*) FROM outgoing WHERE state IN ('held', 'stopped', 'sending', 'uncertain', 'failed', 'sent')
                     AND NOT (state = 'held' AND due > ?1)",
            )?;
            let on_the_way = unsigned(find.query_row([now.0], |row| row.get(0))?);
            counts.overdue = overdue(tx, now)?;
            let unpushed = tally(tx, "to-push")?;
            if unpushed > 0 {
                let team = self.team();
                let all = unpushed_by_account(tx)?;
                (counts.orphaned, counts.waiting) = all.into_iter().partition(|(name, _)| is_gone(&team, name));
            }
            let orphaned: u64 = counts.orphaned.values().sum();
            counts.to_push = unpushed.saturating_sub(orphaned) + on_the_way;
            counts.failed =
                number(tx, "SELECT count(*) FROM outgoing WHERE state IN ('stopped', 'uncertain', 'failed')")?;
            counts.to_move = number(tx, "SELECT count(*) FROM mail_move")?;
            counts.stuck = number(tx, "SELECT count(*) FROM mail_move WHERE reason <> ''")?;
            let mut bounced = tx.prepare_cached(
                "SELECT count(*) FROM conversation WHERE bounced IS NOT NULL AND (bounced IN (?1, '') OR assignee = ?1)",
            )?;
            counts.bounced = unsigned(bounced.query_row([me.as_str()], |row| row.get(0))?);
            counts.departed = departed(tx, me)?;
            counts.upgraded = upgrade::untold(tx)?;
            counts.to_derive = derive::left(tx)?;
            Ok(counts)
        })
    }
}

/// A mail that has been due for so many milliseconds was left: who sends has it out or put off by then.
const LEFT_AFTER: i64 = 10_000;

/// Returns how many held mails are due and left, and since when the first of them is due.
fn overdue(tx: &Transaction<'_>, now: Timestamp) -> Result<Option<(u64, Timestamp)>, StoreError> {
    let mut find = tx.prepare_cached("SELECT count(*), min(due) FROM outgoing WHERE state = 'held' AND due <= ?1")?;
    let found =
        find.query_row([now.plus(-LEFT_AFTER).0], |row| Ok((unsigned(row.get(0)?), row.get::<_, Option<i64>>(1)?)))?;
    Ok(found.1.map(|since| (found.0, Timestamp(since))))
}

/// Returns how many operations wait for each account's log: what waits is little, and found by its index.
fn unpushed_by_account(tx: &Transaction<'_>) -> Result<Vec<(String, u64)>, StoreError> {
    let mut find = tx.prepare_cached("SELECT account, count(*) FROM record WHERE epoch IS NULL GROUP BY account")?;
    let found = find.query_map([], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(super) fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn number(tx: &Transaction<'_>, sql: &str) -> Result<u64, StoreError> {
    Ok(unsigned(tx.prepare_cached(sql)?.query_row([], |row| row.get(0))?))
}

pub(super) fn tally(tx: &Transaction<'_>, name: &str) -> Result<u64, StoreError> {
    let mut find = tx.prepare_cached("SELECT n FROM tally WHERE name = ?1")?;
    Ok(find.query_row([name], |row| row.get(0)).optional()?.map_or(0, unsigned))
}

/// Returns the counts whose names begin with `prefix`, without it.
pub(super) fn named(tx: &Transaction<'_>, prefix: &str) -> Result<Vec<(String, u64)>, StoreError> {
    let mut find = tx.prepare_cached("SELECT name, n FROM tally WHERE name >= ?1 AND name < ?2 ORDER BY name")?;
    // `;` follows `:`.
    let end = format!("{};", prefix.trim_end_matches(':'));
    let found = find.query_map([prefix, &end], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    found
        .map(|row| {
            let (name, n) = row?;
            Ok((name.strip_prefix(prefix).unwrap_or_default().to_owned(), unsigned(n)))
        })
        .collect()
}

fn by_agent(tx: &Transaction<'_>, sql: &str, me: &Handle) -> Result<u64, StoreError> {
    Ok(unsigned(tx.prepare_cached(sql)?.query_row([me.as_str()], |row| row.get(0))?))
}

/// Returns how many drafts and mails stand beside a view's conversations, because they belong to none (yet): new mail to somebody new.
fn loose(tx: &Transaction<'_>, view: &View, me: &Handle) -> Result<u64, StoreError> {
    match view {
        View::Drafts => {
            let mut find = tx.prepare_cached(
                "SELECT count(*) FROM draft d WHERE d.actor = ?1 AND d.discarded_at IS NULL
                     AND NOT EXISTS (SELECT 1 FROM conversation c WHERE c.id = d.conversation)",
            )?;
            Ok(unsigned(find.query_row([me.as_str()], |row| row.get(0))?))
        }
        View::Outbox => number(
            tx,
            "SELECT count(*) FROM outgoing o WHERE o.state IN ('held', 'stopped', 'sending', 'uncertain', 'failed')
                 AND NOT EXISTS (SELECT 1 FROM conversation c WHERE c.id = o.conversation)",
        ),
        _ => Ok(0),
    }
}

/// Returns the number of one view. Drafts and outgoing mail are few and found by their index.
pub(super) fn count_of(tx: &Transaction<'_>, view: &View, me: &Handle) -> Result<u64, StoreError> {
    match view {
        View::Mine => tally(tx, &format!("mine:{me}")),
        View::Unassigned => {
            Ok(tally(tx, "unassigned")?.saturating_sub(tally(tx, "unassigned-waiting")?))
        }
        View::Open => tally(tx, "open"),
        View::InProgress => tally(tx, "in-progress"),
        View::Waiting => tally(tx, "waiting"),
        View::Closed => tally(tx, "closed"),
        View::Snoozed => tally(tx, "snoozed"),
        View::InTray => by_agent(
            tx,
            // Of few rows each, found by their indexes.
            "SELECT count(*) FROM (
                 SELECT conversation FROM conversation_news INDEXED BY conversation_news_tray WHERE agent = ?1 AND kinds & 62 <> 0
                 UNION SELECT c.rowid FROM outgoing o CROSS JOIN conversation c ON c.id = o.conversation
                     WHERE o.actor = ?1 AND o.state IN ('stopped', 'uncertain', 'failed'))",
            me,
        ),
        View::Mentions => {
            let looked = by_agent(tx, "SELECT count(*) FROM conversation_mention_looked WHERE agent = ?1", me)?;
            Ok(tally(tx, &format!("mention:{me}"))?.saturating_sub(looked))
        }
        View::Followed => {
            // Few, found by the index on who follows.
            let mut find = tx.prepare_cached(
                "SELECT count(*) FROM conversation_follower f CROSS JOIN conversation c ON c.rowid = f.conversation
                 WHERE f.agent = ?1 AND c.status <> ?2",
            )?;
            Ok(unsigned(find.query_row(params![me.as_str(), Code(Status::Closed)], |row| row.get(0))?))
        }
        View::All => tally(tx, "all"),
        View::Team(team) => tally(tx, &format!("mine:{team}")),
        View::Inbox(inbox) => tally(tx, &format!("inbox:{inbox}")),
        View::Tag(tag) => tally(tx, &format!("tag:{tag}")),
        // It is counted, never kept: see [`Store::count`].
        View::Own(_) => Ok(0),
        View::Drafts => Ok(unsigned(
            tx.prepare_cached(
                "SELECT count(DISTINCT d.conversation) FROM draft d JOIN conversation c ON c.id = d.conversation
                 WHERE d.actor = ?1 AND d.discarded_at IS NULL",
            )?
            .query_row([me.as_str()], |row| row.get(0))?,
        )),
        View::Outbox => number(
            tx,
            "SELECT (SELECT count(*) FROM conversation WHERE bounced IS NOT NULL)
                  + (SELECT count(DISTINCT c.id) FROM outgoing o JOIN conversation c ON c.id = o.conversation
                     WHERE o.state IN ('held', 'stopped', 'sending', 'uncertain', 'failed') AND c.bounced IS NULL)",
        ),
    }
}

#[cfg(test)]
#[path = "counts_tests.rs"]
mod tests;
