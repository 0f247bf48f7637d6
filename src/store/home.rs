//! Which account's log a record goes to: that of the mailbox which holds the mail that the record is about.
//!
//! Whoever shares that mailbox sees the record, and nobody else does.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};

use super::batch::{get_meta, set_meta};
use super::connection::Transaction;
use super::{Store, StoreError};
use crate::model::agent::Team;
use crate::model::ids::{AccountId, MessageId};
use crate::model::template::Template;
use crate::op::operation::{Known, Operation, Target};
use crate::op::record::NewOperation;

/// The account whose log takes what is about no mail that is here.
const HOME: &str = "log-home";

/// Finds the accounts of operations.
pub(super) struct Homes<'t> {
    tx: &'t Transaction<'t>,
    team: &'t Team,
    /// Where that goes which is about no mail that is here; empty while no account is known.
    home: String,
    /// Whether there is no other account.
    single: bool,
}

impl<'t> Homes<'t> {
    pub(super) fn of(tx: &'t Transaction<'t>, team: &'t Team) -> Result<Self, StoreError> {
        let mut all: BTreeSet<String> = team.inboxes.iter().map(|inbox| inbox.account.to_string()).collect();
        let mut find = tx.prepare_cached("SELECT name FROM account")?;
        for name in find.query_map([], |row| row.get(0))? {
            all.insert(name?);
        }
        let told = get_meta(tx, HOME)?.filter(|home| team.inboxes.is_empty() || knows(team, home));
        let first = || team.inboxes.first().map(|inbox| inbox.account.to_string());
        let home = told.or_else(first).or_else(|| all.first().cloned()).unwrap_or_default();
        Ok(Self { tx, team, single: all.iter().all(|name| *name == home), home })
    }

    /// Sends what is about no mail that is here to this account instead.
    pub(super) fn or_home(self, account: &AccountId) -> Self {
        if self.single { self } else { Self { home: account.to_string(), ..self } }
    }

    /// Returns the account of a message: that of its inbox; for mail that is not here, that of the conversation which names it.
    pub(super) fn of_message(&self, id: &MessageId) -> Result<String, StoreError> {
        if self.single {
            return Ok(self.home.clone());
        }
        let mut find = self.tx.prepare_cached(
            "SELECT x.id, x.inbox FROM member m JOIN message x ON x.id = m.message WHERE m.message_id = ?1",
        )?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let mut found: Option<(i64, String)> = find.query_row([id.as_str()], read).optional()?;
        if found.is_none() {
            let mut find = self.tx.prepare_cached(
                "SELECT x.id, x.inbox FROM member m JOIN message x ON x.conversation = m.conversation
                 WHERE m.message_id = ?1 ORDER BY x.hidden, x.arrived, x.message_id LIMIT 1",
            )?;
            found = find.query_row([id.as_str()], read).optional()?;
        }
        let Some((message, inbox)) = found else { return Ok(self.home.clone()) };
        match self.team.inbox_named(&inbox) {
            Some(inbox) => Ok(inbox.account.to_string()),
            None => self.of_place(message),
        }
    }

    /// Returns the account in whose folders a message stands, the one that the config names before others.
    fn of_place(&self, message: i64) -> Result<String, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT DISTINCT f.account FROM location l JOIN folder f ON f.id = l.folder WHERE l.message = ?1 ORDER BY 1",
        )?;
        let all = find.query_map([message], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let named = all.iter().find(|account| knows(self.team, account));
        Ok(named.or(all.first()).unwrap_or(&self.home).clone())
    }

    /// Gives each operation its account; one whose targets lie in several becomes one for each.
    pub(super) fn split(&self, operations: Vec<NewOperation>) -> Result<Vec<(String, NewOperation)>, StoreError> {
        let mut all = Vec::with_capacity(operations.len());
        for mut operation in operations {
            let on = std::mem::take(&mut operation.on);
            let parts = if self.single {
                vec![(self.home.clone(), on)]
            } else if on.is_empty() {
                self.of_shared(&operation.op)?.into_iter().map(|home| (home, Vec::new())).collect()
            } else {
                let parts = self.by_account(on)?;
                self.refuse(&operation.op, &parts)?;
                parts
            };
            all.extend(operation.split(parts, |account| self.first_address(account)));
        }
        Ok(all)
    }

    /// Sorts targets by the account that their mail lies in.
    fn by_account(&self, on: Vec<Target>) -> Result<Vec<(String, Vec<Target>)>, StoreError> {
        let mut parts: Vec<(String, Vec<Target>)> = Vec::new();
        for target in on {
            let home = self.of_message(&target.on)?;
            match parts.iter_mut().find(|(known, _)| *known == home) {
                Some((_, on)) => on.push(target),
                None => parts.push((home, vec![target])),
            }
        }
        Ok(parts)
    }

    /// Returns the address of an account's first inbox: what all clients call the account, whatever its name in their configs.
    fn first_address(&self, account: &str) -> String {
        let inbox = self.team.inboxes.iter().find(|inbox| inbox.account.as_str() == account);
        inbox.map_or_else(|| account.to_owned(), |inbox| inbox.address.email.clone())
    }

    /// Returns the accounts of an operation without targets: a saved reply is shared with those whose inboxes it is for, and withdrawn
    /// where it was shared.
    fn of_shared(&self, op: &Known) -> Result<Vec<String>, StoreError> {
        let Known::SavedReply { name, text } = op else { return Ok(vec![self.home.clone()]) };
        let mut all = BTreeSet::new();
        if text.is_empty() {
            let mut find = self.tx.prepare_cached("SELECT account, op FROM record WHERE kind = 'saved-reply'")?;
            for row in find.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))? {
                let (account, op) = row?;
                let shared = serde_json::from_str(&op).ok();
                if matches!(shared, Some(Operation::Known(Known::SavedReply { name: other, .. })) if other == *name) {
                    all.insert(account);
                }
            }
        } else {
            let reply = Template::parse(name, text);
            let inboxes = self.team.inboxes.iter().filter(|inbox| reply.is_for(inbox.id.as_str()));
            all.extend(inboxes.map(|inbox| inbox.account.to_string()));
        }
        Ok(if all.is_empty() { vec![self.home.clone()] } else { all.into_iter().collect() })
    }

    /// A conversation is where its mails are: it neither moves to an inbox of another mailbox nor becomes one with what lies there, since
    /// who shares only one of them could not follow.
    fn refuse(&self, op: &Known, parts: &[(String, Vec<Target>)]) -> Result<(), StoreError> {
        let (to, hint) = match op {
            Known::Move { inbox, .. } => {
                let Some(known) = self.team.inbox(inbox) else { return Ok(()) };
                let address = known.address.email.as_str();
                (known.account.to_string(), phrase!("hint-move-within", address = address))
            }
            Known::Merge { into } => (self.of_message(into)?, phrase!("hint-merge-within")),
            _ => return Ok(()),
        };
        let others: Vec<&(String, Vec<Target>)> = parts.iter().filter(|(home, _)| *home != to).collect();
        let Some((from, _)) = others.first() else { return Ok(()) };
        let count = others.iter().map(|(_, on)| on.len()).sum::<usize>();
        let message = match op {
            Known::Move { inbox, .. } => {
                phrase!("store-inbox-elsewhere", count = count, from = from, inbox = inbox.as_str(), to = to)
            }
            _ => phrase!("store-merge-elsewhere", count = count, from = from, to = to),
        };
        Err(StoreError::Refused { message, hint })
    }
}

fn knows(team: &Team, account: &str) -> bool {
    team.inboxes.iter().any(|inbox| inbox.account.as_str() == account)
}

/// Tells whether an account is one that the config no longer names.
pub(super) fn is_gone(team: &Team, account: &str) -> bool {
    !team.inboxes.is_empty() && !knows(team, account)
}

impl Store {
    /// Says which account's log takes what is about no mail: the first of the config. What an older postroom wrote, which kept one log
    /// for all accounts in the mailbox of the first, is that account's from now on.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn adopt_log(&self, account: &AccountId) -> Result<(), StoreError> {
        // Every start calls this: it must not take the write lock.
        let done = self.read(|tx| Ok(get_meta(tx, HOME)?.as_deref() == Some(account.as_str()) && !has_orphans(tx)?))?;
        if done {
            return Ok(());
        }
        self.change(|batch| {
            set_meta(batch.tx, HOME, account.as_str())?;
            batch.touch_team();
            rename(batch.tx, "", account.as_str())
        })?;
        Ok(())
    }

    /// Tells whether an operation could be committed: one that would carry a conversation from one account to another is refused.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn allows(&self, operation: NewOperation) -> Result<(), StoreError> {
        self.read(|tx| Homes::of(tx, &self.team())?.split(vec![operation]).map(|_| ()))
    }
}

/// Tells whether anything belongs to no account.
fn has_orphans(tx: &Transaction<'_>) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM record WHERE account = '' AND epoch IS NULL)
             OR EXISTS (SELECT 1 FROM record WHERE account = '' AND epoch IS NOT NULL)
             OR EXISTS (SELECT 1 FROM log_stray WHERE account = '')
             OR EXISTS (SELECT 1 FROM log_account WHERE account = '')",
    )?;
    Ok(find.query_row([], |row| row.get(0))?)
}

/// Gives the log of one account to another, with how far it was read.
pub(super) fn rename(tx: &Transaction<'_>, from: &str, to: &str) -> Result<(), StoreError> {
    for sql in [
        "UPDATE record SET account = ?2 WHERE account = ?1",
        "UPDATE OR REPLACE log_stray SET account = ?2 WHERE account = ?1",
        "UPDATE OR REPLACE log_copy SET account = ?2 WHERE account = ?1",
        "UPDATE OR IGNORE log_account SET account = ?2 WHERE account = ?1",
    ] {
        tx.execute(sql, params![from, to])?;
    }
    tx.execute("DELETE FROM log_account WHERE account = ?1", [from])?;
    // What met as records of two logs may stand in another order as records of one.
    tx.execute("DELETE FROM undone", [])?;
    Ok(())
}
