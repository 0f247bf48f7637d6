//! Whom a mail can be addressed to: people of the mail that is here, found by the beginnings of their names' words or of their addresses.
//!
//! The index of the search finds the newest mails that name such people, and only those are looked at: what it costs does not grow with
//! the store.

use std::collections::BTreeMap;

use rusqlite::params;

use super::code::Code;
use super::connection::Transaction;
use super::facts::Facts;
use super::{Store, StoreError};
use crate::model::address::Address;
use crate::model::agent::Team;
use crate::model::clock::Timestamp;
use crate::model::reply::Known;
use crate::query::{Side, fold_text};

/// The most mails that are looked at, the newest first.
const MAILS_MAX: i64 = 300;
/// The most conversations of one person that are counted.
const COUNTED_MAX: u64 = 100;

impl Store {
    /// Returns people whose names have words that begin so, or whose addresses do: colleagues first, then whom mail went to or came from,
    /// the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn recipients(&self, typed: &str, limit: usize) -> Result<Vec<Known>, StoreError> {
        let wanted = fold_text(typed);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let team = self.team();
        self.read(|tx| {
            let mut found: Vec<Address> = colleagues(&team, &wanted);
            let others = by_mail(tx, &wanted, limit, &team)?;
            found.extend(others);
            found.truncate(limit);
            found.into_iter().map(|address| known(tx, address)).collect()
        })
    }

    /// Returns those of these addresses that no mail which is here came from or went to, and that are none of ours.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn strangers(&self, addresses: &[Address]) -> Result<Vec<String>, StoreError> {
        let team = self.team();
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM conversation_person WHERE email = ?1)")?;
            let mut strangers = Vec::new();
            for address in addresses.iter().filter(|one| !team.owns(&one.email)) {
                let is_known: bool = find.query_row([address.key()], |row| row.get(0))?;
                if !is_known && !strangers.contains(&address.email) {
                    strangers.push(address.email.clone());
                }
            }
            Ok(strangers)
        })
    }
}

/// Tells whether each word that is wanted begins a word of the name, or all of it the address.
fn fits(address: &Address, wanted: &str) -> bool {
    let (name, email) = (fold_text(&address.name), fold_text(&address.email));
    let begins = |word: &str| name.split(' ').chain(email.split(' ')).any(|other| other.starts_with(word));
    wanted.split(' ').all(begins)
}

fn colleagues(team: &Team, wanted: &str) -> Vec<Address> {
    let own = team.agents.iter().filter_map(|agent| {
        let address = agent.address.as_ref()?;
        let name = if address.name.is_empty() { agent.name.clone() } else { address.name.clone() };
        Some(Address::new(name, address.email.clone()))
    });
    own.filter(|address| fits(address, wanted)).collect()
}

/// Returns people outside whom the newest mails name.
fn by_mail(tx: &Transaction<'_>, wanted: &str, limit: usize, team: &Team) -> Result<Vec<Address>, StoreError> {
    // What is folded holds letters and spaces, so that no word of it can end the string.
    let words: Vec<String> = wanted.split(' ').map(|word| format!("\"{word}\" *")).collect();
    let mut find = tx.prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2")?;
    let rows: Vec<i64> = find
        .query_map(params![format!("people : ({})", words.join(" AND ")), MAILS_MAX], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut found: Vec<Address> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| *row > 0) {
        let Some(facts) = Facts::by_row(tx, row)? else { continue };
        let envelope = &facts.envelope;
        for address in envelope.from.iter().chain(&envelope.to).chain(&envelope.cc) {
            if !address.email.contains('@') || team.owns(&address.email) || !fits(address, wanted) {
                continue;
            }
            match places.get(&address.key()).and_then(|at| found.get_mut(*at)) {
                Some(known) if known.name.is_empty() => known.name.clone_from(&address.name),
                Some(_) => {}
                None => {
                    places.insert(address.key(), found.len());
                    found.push(address.clone());
                }
            }
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// Looks at the newest conversations of a person, each side of them along the index: what it costs does not grow with theirs.
fn known(tx: &Transaction<'_>, address: Address) -> Result<Known, StoreError> {
    let mut find = tx.prepare_cached(NEWEST)?;
    let most = i64::try_from(COUNTED_MAX + 1).unwrap_or(i64::MAX);
    let mut found: BTreeMap<i64, i64> = BTreeMap::new();
    for side in [Side::Author, Side::Recipient] {
        let rows = find.query_map(params![address.key(), Code(side), most], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for row in rows {
            let (conversation, last) = row?;
            found.insert(conversation, last);
        }
    }
    let conversations = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let last = found.into_values().max().map(Timestamp);
    Ok(Known { address, conversations: conversations.min(COUNTED_MAX), many: conversations > COUNTED_MAX, last })
}

const NEWEST: &str =
    "SELECT p.conversation, c.last_at FROM conversation_person p CROSS JOIN conversation c ON c.rowid = p.conversation
     WHERE p.email = ?1 AND p.role = ?2 ORDER BY p.conversation DESC LIMIT ?3";

#[cfg(test)]
#[path = "recipient_tests.rs"]
mod tests;
