//! What follows of a mail from where it stands, from the records that say it was sent, and from the team: who wrote it, which way it went,
//! whose it is. Decided by all of these together whenever one of them comes or goes, so that their order makes no difference.

use std::sync::Arc;

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::batch::Batch;
use super::code::Code;
use super::connection::Transaction;
use super::error::StoreError;
use super::facts::{Facts, header_block, outside_kept, own_id, row_of, variant_of};
use super::team::Roster;
use super::types::{Folder, FolderRole};
use crate::mime::{self, Parsed};
use crate::model::address::Address;
use crate::model::agent::{Inbox, Team};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, MessageId};
use crate::model::message::{Authorship, Direction, Envelope, Origin};
use crate::op::operation::Known;
use crate::op::record::Record;
use crate::thread::{
    self, Claim,
    author::{self, CopySays, Evidence, Stand},
};

/// A folder that a mail stands in, or stood in while the folder's UIDs are void.
pub(super) struct Standing {
    folder: String,
    stand: Stand,
}

/// Where mail is read from, and by which team.
pub(super) struct Place<'a> {
    pub team: &'a Team,
    /// Of which edition that team is.
    pub edition: i64,
    pub account: &'a AccountId,
    pub folder: &'a str,
    pub is_sent: bool,
    /// Mail that arrived before this is history.
    pub history_before: Option<Timestamp>,
}

impl<'a> Place<'a> {
    pub(super) fn of(roster: &'a Roster, folder: &'a Folder, history_before: Option<Timestamp>) -> Self {
        Self {
            team: &roster.team,
            edition: roster.edition,
            account: &folder.account,
            folder: &folder.name,
            is_sent: folder.role == FolderRole::Sent,
            history_before,
        }
    }

    /// Returns what is kept of a mail that arrived here.
    pub(super) fn facts(&self, parsed: &Parsed, raw: &[u8], arrived: Timestamp, partial: bool) -> Facts {
        let envelope = parsed.envelope.clone();
        let id = own_id(&envelope).unwrap_or_else(|| MessageId::derived(header_block(raw)));
        let (base_subject, is_reply) = thread::base_subject(&envelope.subject);
        let facts = Facts {
            row: 0,
            id,
            variant: variant_of(&envelope),
            twin: false,
            conversation: 0,
            arrived,
            direction: Direction::Inbound,
            authorship: Authorship::Sender,
            author: String::new(),
            origin: envelope.origin,
            history: self.history_before.is_some_and(|before| arrived < before),
            hidden: false,
            partial,
            inbox: String::new(),
            inbox_rank: 0,
            base_subject,
            is_reply,
            customer: String::new(),
            attachments: parsed.readable.attachments.iter().any(|a| !a.inline),
            snippet: parsed.readable.snippet(200).to_string(),
            why: String::new(),
            envelope,
            text_hash: (!partial).then(|| mime::hash_of(&parsed.readable)),
            claimed: None,
            copy: false,
            gone_at: None,
            derived: self.edition,
            archived: false,
            beside: None,
            sent_key: None,
            outside: String::new(),
            notice: None,
        };
        let derived = self.derived(&facts, &[]);
        facts.with(derived, self.edition)
    }

    /// Returns what follows of a mail from the team, from standing here alone, and from the records that name it.
    pub(super) fn derived(&self, facts: &Facts, sent: &[Option<String>]) -> Derived {
        let copy = CopySays::of(&facts.envelope);
        let stand = Stand { account: self.account.clone(), is_sent: self.is_sent, copy };
        Derived::of(facts, vec![Standing { folder: self.folder.to_owned(), stand }], sent, self.team)
    }
}

/// What follows of a mail from the team, the records and from where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Derived {
    pub direction: Direction,
    pub authorship: Authorship,
    pub author: String,
    pub origin: Origin,
    pub customer: String,
    pub inbox: String,
    pub inbox_rank: i64,
    pub outside: String,
    pub notice: Option<String>,
}

impl Derived {
    /// Decides it. Where the mail stands nowhere, only a record can make it another than it was when it still stood somewhere.
    fn of(facts: &Facts, places: Vec<Standing>, sent: &[Option<String>], team: &Team) -> Self {
        let (folders, stands): (Vec<String>, Vec<Stand>) =
            places.into_iter().map(|place| (place.folder, place.stand)).unzip();
        let envelope = author::as_it_stands(&facts.envelope, &stands);
        let envelope = envelope.as_ref();
        let text = facts.text_hash.as_deref();
        let evidence = Evidence { envelope, stands: &stands, sent, text, is_outranked: facts.claimed.is_some() };
        let authorship = author::authorship(&evidence, team);
        if stands.is_empty() && authorship != Authorship::Recorded {
            return facts.derived();
        }
        let direction = authorship.direction();
        let is_ours = authorship.is_ours();
        let origin = match mime::origin_in_team(envelope, team) {
            Origin::Automatic if is_ours => Origin::Loop,
            origin => origin,
        };
        let author = author::authors(envelope, authorship, team).first().map(|one| one.key()).unwrap_or_default();
        let customer = author::customer_key(envelope, authorship, team);
        let found = folders.iter().zip(&stands).map(|(folder, stand)| inbox(team, folder, stand, envelope, direction));
        // Of several places the one that says it by the stronger sign.
        let (inbox_rank, inbox) = found.min().unwrap_or_else(|| (facts.inbox_rank, facts.inbox.clone()));
        let outside = outside_kept(author::outside_people(envelope, authorship, origin, team));
        let notice = author::notice(envelope, authorship, team).map(|named| named.join("\n"));
        Self { direction, authorship, author, origin, customer, inbox, inbox_rank, outside, notice }
    }
}

/// Finds the inbox of a copy, and how it was found: by folder, by address, by default.
fn inbox(team: &Team, folder: &str, stand: &Stand, envelope: &Envelope, direction: Direction) -> (i64, String) {
    let account = &stand.account;
    let mine = |inbox: &&Inbox| &inbox.account == account;
    if let Some(inbox) = team.inboxes.iter().filter(mine).find(|inbox| inbox.folder.as_deref() == Some(folder)) {
        return (0, inbox.id.to_string());
    }
    let from: &[Address] = match direction {
        Direction::Outbound => &envelope.from,
        Direction::Inbound => &[],
    };
    let CopySays { delivered_to, to, cc, .. } = &stand.copy;
    let named = from.iter().chain(delivered_to).chain(to).chain(cc);
    for address in named {
        if let Some(inbox) = team.inbox_for(account, &address.email) {
            return (1, inbox.id.to_string());
        }
    }
    match team.default_inbox(account) {
        Some(inbox) => (2, inbox.id.to_string()),
        None => (3, account.to_string()),
    }
}

impl Facts {
    /// Returns who wrote it, as it was derived; of several the one first who counts.
    pub(super) fn authors(&self) -> Vec<&Address> {
        author::named(&self.envelope, self.authorship, &self.author)
    }

    /// What it is by what was derived.
    pub(super) fn derived(&self) -> Derived {
        Derived {
            direction: self.direction,
            authorship: self.authorship,
            author: self.author.clone(),
            origin: self.origin,
            customer: self.customer.clone(),
            inbox: self.inbox.clone(),
            inbox_rank: self.inbox_rank,
            outside: self.outside.clone(),
            notice: self.notice.clone(),
        }
    }

    /// Returns it with this derived, by an edition.
    pub(super) fn with(self, derived: Derived, edition: i64) -> Self {
        let Derived { direction, authorship, author, origin, customer, inbox, inbox_rank, outside, notice } = derived;
        let derived = edition;
        Self { direction, authorship, author, origin, customer, inbox, inbox_rank, outside, notice, derived, ..self }
    }
}

impl Store {
    /// Returns how it is known who wrote a mail; as of anybody's where it is not here.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn authorship(&self, id: &MessageId) -> Result<Authorship, StoreError> {
        self.read(|tx| Ok(Facts::by_id(tx, id)?.map(|facts| facts.authorship).unwrap_or_default()))
    }
}

/// Returns the hashes of the records that say a mail was sent.
fn sent(tx: &Transaction<'_>, id: &MessageId) -> Result<Vec<Option<String>>, StoreError> {
    let mut find = tx.prepare_cached("SELECT hash FROM sending WHERE message_id = ?1")?;
    Ok(find.query_map([id.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Returns where a mail stands.
fn places(tx: &Transaction<'_>, facts: &Facts) -> Result<Vec<Standing>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT f.account, f.name, f.role, l.copy FROM location l JOIN folder f ON f.id = l.folder WHERE l.message = ?1
         UNION ALL
         SELECT f.account, f.name, f.role, l.copy FROM lost_location l JOIN folder f ON f.id = l.folder WHERE l.message = ?1
             AND NOT EXISTS (SELECT 1 FROM location o WHERE o.message = ?1 AND o.folder = l.folder)",
    )?;
    let mut rows = find.query([facts.row])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (account, folder) = (row.get::<_, String>(0)?, row.get(1)?);
        let is_sent = row.get::<_, Code<FolderRole>>(2)?.0 == FolderRole::Sent;
        let copy: Option<CopySays> =
            row.get::<_, Option<String>>(3)?.map(|said| serde_json::from_str(&said).unwrap_or_default());
        if let Ok(account) = AccountId::new(&account) {
            let copy = copy.unwrap_or_else(|| CopySays::of(&facts.envelope));
            all.push(Standing { folder, stand: Stand { account, is_sent, copy } });
        }
    }
    Ok(all)
}

/// Keeps what the header of a copy says, where that is not what the kept one says.
pub(super) fn put_copy(
    tx: &Transaction<'_>,
    (folder, uid): (i64, u32),
    kept: &Envelope,
    here: &Envelope,
) -> Result<(), StoreError> {
    let says = CopySays::of(here);
    put_said(tx, (folder, uid), (says != CopySays::of(kept)).then(|| serde_json::to_string(&says).unwrap_or_default()))
}

/// Keeps it as it was kept elsewhere.
pub(super) fn put_said(
    tx: &Transaction<'_>,
    (folder, uid): (i64, u32),
    says: Option<String>,
) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE location SET copy = ?3 WHERE folder = ?1 AND uid = ?2")?
        .execute(params![folder, uid, says])?;
    Ok(())
}

/// Another copy's header is kept of a mail from here on: what places said that had the former stays.
pub(super) fn keep_copies(tx: &Transaction<'_>, known: &Facts, new: &Envelope) -> Result<(), StoreError> {
    let says = CopySays::of(&known.envelope);
    if says == CopySays::of(new) {
        return Ok(());
    }
    let says = serde_json::to_string(&says).unwrap_or_default();
    for sql in [
        "UPDATE location SET copy = ?2 WHERE message = ?1 AND copy IS NULL",
        "UPDATE lost_location SET copy = ?2 WHERE message = ?1 AND copy IS NULL",
    ] {
        tx.prepare_cached(sql)?.execute(params![known.row, says])?;
    }
    Ok(())
}

impl Batch<'_> {
    /// Keeps which mail a record says was sent.
    pub(super) fn write_sending(&mut self, record: &Record, seq: i64) -> Result<(), StoreError> {
        let Some(Known::Replied { message, hash, .. }) = record.known() else { return Ok(()) };
        self.tx
            .prepare_cached("INSERT OR REPLACE INTO sending (message_id, record, hash) VALUES (?1, ?2, ?3)")?
            .execute(params![message.as_str(), seq, hash])?;
        self.sending.insert(message.clone());
        self.has_sending = Some(true);
        Ok(())
    }

    /// Forgets it.
    pub(super) fn drop_sending(&mut self, record: &Record, seq: i64) -> Result<(), StoreError> {
        let Some(Known::Replied { message, .. }) = record.known() else { return Ok(()) };
        self.tx.prepare_cached("DELETE FROM sending WHERE record = ?1")?.execute([seq])?;
        self.sending.insert(message.clone());
        Ok(())
    }

    /// Decides anew of the mails that records of this batch are about.
    pub(super) fn derive_sent(&mut self) -> Result<(), StoreError> {
        for id in std::mem::take(&mut self.sending) {
            self.go_on()?;
            let Some(row) = row_of(self.tx, &id)? else { continue };
            self.derive_again(row)?;
            let sharing: Vec<i64> = Facts::sharing(self.tx, &id)?.into_iter().map(|other| other.row).collect();
            for other in &sharing {
                self.derive_again(*other)?;
            }
            if !sharing.is_empty() {
                self.contested.insert(id);
            }
        }
        self.place_linked()
    }

    /// Decides anew of a mail, since where it stands, its text or the records that name it are others now.
    pub(super) fn derive_again(&mut self, row: i64) -> Result<(), StoreError> {
        let Some(known) = Facts::by_row(self.tx, row)? else { return Ok(()) };
        let new = known.clone().with(self.derived(&known)?, known.derived);
        self.update(&known, &new)
    }

    /// Returns how sure it is that a mail is ours if no other that bears its Message-ID is: in which order they have the better claim to it.
    pub(super) fn claim_of(&mut self, known: &Facts) -> Result<u8, StoreError> {
        let sent = if self.has_sending()? { sent(self.tx, known.borne())? } else { Vec::new() };
        let stands: Vec<Stand> = places(self.tx, known)?.into_iter().map(|place| place.stand).collect();
        let envelope = author::as_it_stands(&known.envelope, &stands);
        let text = known.text_hash.as_deref();
        let evidence =
            Evidence { envelope: envelope.as_ref(), stands: &stands, sent: &sent, text, is_outranked: false };
        Ok(match author::authorship(&evidence, self.team()) {
            Authorship::Filed => 0,
            Authorship::Recorded if sent.iter().any(|hash| hash.is_some() && hash.as_deref() == text) => 1,
            Authorship::Recorded | Authorship::Vouched => 2,
            _ => Claim::OF_OTHERS,
        })
    }

    /// Returns what follows of a mail from the team, from the records and from all places where it stands.
    pub(super) fn derived(&mut self, known: &Facts) -> Result<Derived, StoreError> {
        let sent = if self.has_sending()? { sent(self.tx, known.borne())? } else { Vec::new() };
        Ok(Derived::of(known, places(self.tx, known)?, &sent, self.team()))
    }

    /// Decides of a mail that is met for the first time and stands in this folder: what was read of it did not ask the records.
    pub(super) fn derive_new(&mut self, facts: &mut Facts, folder: &Folder) -> Result<(), StoreError> {
        let roster = Arc::clone(&self.roster);
        let is_sure = facts.authorship == Authorship::Filed || !author::is_to_outside(&facts.envelope, &roster.team);
        if is_sure || !self.has_sending()? {
            return Ok(());
        }
        let sent = sent(self.tx, &facts.id)?;
        if !sent.is_empty() {
            let derived = Place::of(&roster, folder, None).derived(facts, &sent);
            *facts = facts.clone().with(derived, facts.derived);
        }
        Ok(())
    }

    fn has_sending(&mut self) -> Result<bool, StoreError> {
        if let Some(known) = self.has_sending {
            return Ok(known);
        }
        let mut find = self.tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM sending)")?;
        let found = find.query_row([], |row| row.get(0)).optional()?.unwrap_or(false);
        self.has_sending = Some(found);
        Ok(found)
    }
}

#[cfg(test)]
#[path = "author_tests.rs"]
mod tests;
