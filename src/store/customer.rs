//! The customer of a conversation, with what else there is of them: found by their address, through the people of conversations.
//!
//! No mail is opened but the newest of theirs, for their name. What a form says of its author finds nothing (who wrote, rule 1): only
//! whoever asks for an address by itself gets what there is of it.

use std::collections::BTreeSet;

use rusqlite::params;

use super::code::Code;
use super::connection::Transaction;
use super::conversation::{find, note_item};
use super::facts::{Facts, message_id};
use super::list::row_by_number;
use super::people::by_third_parties;
use super::refold::fold_conversation;
use super::{Store, StoreError};
use crate::model::address::Address;
use crate::model::agent::Team;
use crate::model::clock::Timestamp;
use crate::model::customer::{Customer, CustomerAddress, CustomerConversation, CustomerNote, OTHERS_MAX};
use crate::model::ids::{ConversationId, Handle, InboxId, MessageId};
use crate::model::message::{Authorship, Direction, Origin};
use crate::model::text::SafeText;
use crate::query::Side;

/// The most conversations of one customer that are looked at.
const LOOKED_AT_MAX: usize = 300;
/// The most conversations whose notes are read.
const NOTED_MAX: usize = 8;
/// The most notes told of.
const NOTES_MAX: usize = 5;
/// The most characters of a name or an address.
const NAME_MAX: usize = 100;

/// Whose message it is rather than another's: as themselves, a person, on the customer's side, the newest.
type Rank = (bool, bool, bool, i64);

/// Who a conversation is with.
struct Who {
    key: String,
    address: Address,
    is_claimed: bool,
    answers_to: Option<SafeText>,
    others: Vec<SafeText>,
}

/// What one conversation says of a customer.
struct Found {
    number: i64,
    last_at: i64,
    inbox: String,
    has_notes: bool,
    mails: u64,
    first: Option<i64>,
    last: Option<i64>,
    newest: Option<i64>,
    is_claimed: bool,
}

/// Who asks, and when.
struct Asking<'a> {
    now: Timestamp,
    me: &'a Handle,
    limit: usize,
}

impl Store {
    /// Returns the customer of a conversation with at most `limit` of their other conversations, an empty one where nobody from outside
    /// takes part; `None` where the conversation is gone.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn customer_of(&self, id: &ConversationId, limit: usize) -> Result<Option<Customer>, StoreError> {
        let team = self.team();
        let asking = Asking { now: self.author().clock.now(), me: &self.author().actor, limit };
        self.read(|tx| {
            let Some((number, _)) = find(tx, id)? else { return Ok(None) };
            let Some(who) = who(tx, number, &team)? else { return Ok(Some(Customer::default())) };
            if who.is_claimed {
                return Ok(Some(claimed(tx, number, who)?));
            }
            known(tx, &who.key, Some(number), &asking).map(|customer| {
                let shown = SafeText::line_max(who.address.short(), NAME_MAX);
                let name = Some(shown).filter(|name| !name.is_empty()).unwrap_or_else(|| customer.name.clone());
                Some(Customer { name, answers_to: who.answers_to, others: who.others, ..customer })
            })
        })
    }

    /// Returns what there is of an address, with at most `limit` of its conversations; `None` where there is nothing, or it is ours.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn customer(&self, address: &str, limit: usize) -> Result<Option<Customer>, StoreError> {
        let key = Address::new("", address).key();
        if self.team().owns(&key) {
            return Ok(None);
        }
        let asking = Asking { now: self.author().clock.now(), me: &self.author().actor, limit };
        let customer = self.read(|tx| known(tx, &key, None, &asking))?;
        Ok(Some(customer).filter(|customer| !customer.conversations.is_empty()))
    }
}

/// Returns whom a conversation is with: whoever wrote last as themselves, people before programs and the customer's side before third
/// parties; else whom a form names; else whom we wrote to.
fn who(tx: &Transaction<'_>, conversation: i64, team: &Team) -> Result<Option<Who>, StoreError> {
    let thirds: BTreeSet<MessageId> =
        by_third_parties(tx, conversation, team)?.into_iter().map(|(message, _)| message).collect();
    let mut find = tx.prepare_cached(
        "SELECT id, message_id, author, authorship, origin, arrived FROM message
         WHERE conversation = ?1 AND hidden = 0 AND copy = 0 AND direction = ?2 AND author <> ''",
    )?;
    let mut rows = find.query(params![conversation, Code(Direction::Inbound)])?;
    let mut best: Option<(Rank, i64, String)> = None;
    let mut all = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let Code(authorship): Code<Authorship> = row.get(3)?;
        let author: String = row.get(2)?;
        if authorship.is_ours() || team.owns(&author) {
            continue;
        }
        let Code(origin): Code<Origin> = row.get(4)?;
        let proven = authorship == Authorship::Sender;
        let third = thirds.contains(&message_id(&row.get::<_, String>(1)?));
        let rank = (proven, origin == Origin::Human, !third, row.get::<_, i64>(5)?);
        all.insert(author.clone());
        if best.as_ref().is_none_or(|(before, ..)| *before < rank) {
            best = Some((rank, row.get(0)?, author));
        }
    }
    match best {
        Some(((proven, ..), message, key)) => written_by(tx, message, key, !proven, &all, team).map(Some),
        None => written_to(tx, conversation, team),
    }
}

fn written_by(
    tx: &Transaction<'_>,
    message: i64,
    key: String,
    is_claimed: bool,
    all: &BTreeSet<String>,
    team: &Team,
) -> Result<Who, StoreError> {
    let facts = Facts::by_row(tx, message)?;
    let address = facts.as_ref().and_then(|facts| facts.authors().first().map(|one| (*one).clone()));
    let elsewhere = facts.as_ref().and_then(|facts| {
        let mut all = facts.envelope.reply_to.iter();
        all.find(|to| to.key() != key && !to.email.is_empty() && !team.owns(&to.email)).map(|to| shown(&to.email))
    });
    let others = all.iter().filter(|other| **other != key).take(OTHERS_MAX).map(|other| shown(other)).collect();
    let address = address.unwrap_or_else(|| Address::new("", key.clone()));
    Ok(Who { key, address, is_claimed, answers_to: elsewhere, others })
}

/// Returns whom our newest mail of a conversation is to.
fn written_to(tx: &Transaction<'_>, conversation: i64, team: &Team) -> Result<Option<Who>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT id FROM message WHERE conversation = ?1 AND hidden = 0 AND direction = ?2 ORDER BY arrived DESC LIMIT 1",
    )?;
    let newest =
        find.query_map(params![conversation, Code(Direction::Outbound)], |row| row.get(0))?.next().transpose()?;
    let Some(facts) = newest.map_or(Ok(None), |row| Facts::by_row(tx, row))? else { return Ok(None) };
    let mut to = facts.envelope.to.iter().chain(&facts.envelope.cc);
    let address = to.find(|one| !one.key().is_empty() && !team.owns(&one.email)).cloned();
    Ok(address.map(|address| Who {
        key: address.key(),
        address,
        is_claimed: false,
        answers_to: None,
        others: Vec::new(),
    }))
}

/// Returns what may be told of somebody whom only a form names: what stands in this conversation.
fn claimed(tx: &Transaction<'_>, conversation: i64, who: Who) -> Result<Customer, StoreError> {
    let here = of_conversation(tx, conversation, &who.key)?;
    let address = CustomerAddress { shown: shown(&who.key), key: who.key, mails: here.mails };
    let time = |at: Option<i64>| at.map(Timestamp);
    Ok(Customer {
        name: SafeText::line_max(who.address.short(), NAME_MAX),
        addresses: vec![address],
        is_claimed: true,
        answers_to: who.answers_to,
        others: who.others,
        first: time(here.first),
        last: time(here.last),
        ..Customer::default()
    })
}

/// Their conversations, the newest first: where they are an author, and where they are written to and nobody answered.
const THEIRS: [(Side, &str); 2] = [
    (
        Side::Author,
        "SELECT p.conversation, c.last_at, c.inbox, c.notes > 0
         FROM conversation_person p CROSS JOIN conversation c ON c.rowid = p.conversation
         WHERE p.email = ?1 AND p.role = ?2 ORDER BY p.conversation DESC LIMIT ?3",
    ),
    (
        Side::Recipient,
        "SELECT p.conversation, c.last_at, c.inbox, c.notes > 0
         FROM conversation_person p CROSS JOIN conversation c ON c.rowid = p.conversation
         WHERE p.email = ?1 AND p.role = ?2 AND c.last_inbound_at IS NULL ORDER BY p.conversation DESC LIMIT ?3",
    ),
];

/// Returns who has other conversations of the customer of one, as far as those are neither closed nor asleep.
pub(super) fn owners_of_others(
    tx: &Transaction<'_>,
    conversation: i64,
    team: &Team,
) -> Result<BTreeSet<Handle>, StoreError> {
    let Some(who) = who(tx, conversation, team)?.filter(|who| !who.is_claimed) else { return Ok(BTreeSet::new()) };
    let mut find = tx.prepare_cached(
        "SELECT DISTINCT assignee FROM (
             SELECT c.assignee, c.active, c.rowid AS number
             FROM conversation_person p CROSS JOIN conversation c ON c.rowid = p.conversation
             WHERE p.email = ?1 AND p.role = ?2 ORDER BY p.conversation DESC LIMIT ?3)
         WHERE active = 1 AND assignee IS NOT NULL AND number <> ?4",
    )?;
    let limit = i64::try_from(LOOKED_AT_MAX).unwrap_or(i64::MAX);
    let by = params![who.key, Code(Side::Author), limit, conversation];
    let names = find.query_map(by, |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(names.iter().filter_map(|name| Handle::new(name).ok()).collect())
}

fn known(tx: &Transaction<'_>, key: &str, here: Option<i64>, asking: &Asking<'_>) -> Result<Customer, StoreError> {
    let (mut found, is_part) = theirs(tx, key, here)?;
    found.sort_by_key(|one| std::cmp::Reverse(one.last_at));
    let sum = |claimed: bool| found.iter().filter(move |one| one.is_claimed == claimed).map(|one| one.mails).sum();
    let proven = || found.iter().filter(|one| !one.is_claimed);
    let newest = proven().filter(|one| one.newest.is_some()).max_by_key(|one| one.last);
    let mut customer = Customer {
        name: named(tx, newest.and_then(|one| one.newest), key)?,
        addresses: vec![CustomerAddress { key: key.to_owned(), shown: shown(key), mails: sum(false) }],
        first: proven().filter_map(|one| one.first).min().map(Timestamp),
        last: proven().filter_map(|one| one.last).max().map(Timestamp),
        is_part,
        ..Customer::default()
    };
    let inboxes: BTreeSet<InboxId> = proven().filter_map(|one| InboxId::new(&one.inbox).ok()).collect();
    customer.inboxes = inboxes.into_iter().collect();
    found.retain(|one| Some(one.number) != here);
    customer.more = found.len().saturating_sub(asking.limit);
    for one in found.iter().take(asking.limit) {
        let row = row_by_number(tx, one.number, asking.now, asking.me)?.filter(|row| row.as_of.is_some());
        customer.conversations.extend(row.map(|row| CustomerConversation { row, is_claimed: one.is_claimed }));
    }
    customer.notes = notes(tx, &found, asking)?;
    Ok(customer)
}

/// Returns their conversations, and whether there are more than are looked at. The one they are asked about is among them.
fn theirs(tx: &Transaction<'_>, key: &str, here: Option<i64>) -> Result<(Vec<Found>, bool), StoreError> {
    let limit = i64::try_from(LOOKED_AT_MAX + 1).unwrap_or(i64::MAX);
    let mut all: Vec<Found> = Vec::new();
    let mut is_part = false;
    for (side, sql) in THEIRS {
        let mut find = tx.prepare_cached(sql)?;
        let mut rows = find.query(params![key, Code(side), limit])?;
        let mut looked_at = 0;
        while let Some(row) = rows.next()? {
            looked_at += 1;
            if looked_at > LOOKED_AT_MAX {
                is_part = true;
                break;
            }
            let number: i64 = row.get(0)?;
            if all.iter().any(|known| known.number == number) {
                continue;
            }
            let one = of_conversation(tx, number, key)?;
            // Others can bear a name of theirs in a header that says nothing of who wrote.
            if one.mails > 0 || side == Side::Recipient || Some(number) == here {
                all.push(Found { last_at: row.get(1)?, inbox: row.get(2)?, has_notes: row.get(3)?, ..one });
            }
        }
    }
    Ok((all, is_part))
}

/// Returns what a conversation holds of an address: what its owner wrote, else what forms say.
fn of_conversation(tx: &Transaction<'_>, number: i64, key: &str) -> Result<Found, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT id, authorship, arrived FROM message
         WHERE conversation = ?1 AND hidden = 0 AND copy = 0 AND direction = ?2 AND author = ?3",
    )?;
    let mut found = Found {
        number,
        last_at: 0,
        inbox: String::new(),
        has_notes: false,
        mails: 0,
        first: None,
        last: None,
        newest: None,
        is_claimed: false,
    };
    let mut said: Vec<(i64, Authorship, i64)> = Vec::new();
    let mut rows = find.query(params![number, Code(Direction::Inbound), key])?;
    while let Some(row) = rows.next()? {
        said.push((row.get(0)?, row.get::<_, Code<_>>(1)?.0, row.get(2)?));
    }
    found.is_claimed = !said.is_empty() && said.iter().all(|(_, authorship, _)| *authorship != Authorship::Sender);
    let counts = |authorship: Authorship| match found.is_claimed {
        true => authorship == Authorship::Form,
        false => authorship == Authorship::Sender,
    };
    let counted: Vec<_> = said.into_iter().filter(|(_, authorship, _)| counts(*authorship)).collect();
    found.mails = u64::try_from(counted.len()).unwrap_or(u64::MAX);
    found.first = counted.iter().map(|(.., at)| *at).min();
    found.last = counted.iter().map(|(.., at)| *at).max();
    found.newest = counted.iter().max_by_key(|(.., at)| *at).map(|(row, ..)| *row);
    Ok(found)
}

/// Returns the name that a message of theirs gives, else the address.
fn named(tx: &Transaction<'_>, message: Option<i64>, key: &str) -> Result<SafeText, StoreError> {
    let facts = message.map_or(Ok(None), |row| Facts::by_row(tx, row))?;
    let name = facts.as_ref().and_then(|facts| facts.authors().first().map(|one| one.short().to_owned()));
    Ok(SafeText::line_max(&name.unwrap_or_else(|| key.to_owned()), NAME_MAX))
}

/// Returns the newest notes of the newest conversations that have some.
fn notes(tx: &Transaction<'_>, found: &[Found], asking: &Asking<'_>) -> Result<Vec<CustomerNote>, StoreError> {
    let mut all = Vec::new();
    for one in found.iter().filter(|one| one.has_notes).take(NOTED_MAX) {
        let Some(row) = row_by_number(tx, one.number, asking.now, asking.me)? else { continue };
        let (_, folded) = fold_conversation(tx, one.number)?;
        for note in &folded.state.notes {
            let note = note_item(tx, note, false)?;
            if note.erased.is_none() {
                all.push(CustomerNote { conversation: row.id.clone(), short: row.short.clone(), note });
            }
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse((one.note.at, one.note.id)));
    all.truncate(NOTES_MAX);
    Ok(all)
}

fn shown(address: &str) -> SafeText {
    SafeText::line_max(address, NAME_MAX)
}

#[cfg(test)]
#[path = "customer_tests.rs"]
mod tests;
