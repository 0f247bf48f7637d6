//! Which mail is which: several mails can bear one Message-ID, and one mail several. Each that differs has a row of its own, and a pure
//! function of all of them ([`thread::standings`], [`thread::second_names`]) says who keeps the id, who is another mail under an id of
//! its own, and who is a copy. Only ids that were met more than once cost anything.

mod sent;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use sent::sent_key;

use rusqlite::{OptionalExtension, params};

use super::author::keep_copies;
use super::batch::Batch;
use super::connection::Transaction;
use super::error::StoreError;
use super::facts::{Facts, hash, header_block, message_id};
use super::gone::stands;
use super::location::is_draft_copy;
use super::log_mail::is_kept_log_mail;
use super::message::{Packed, get_raw, unpacked};
use crate::mime;
use crate::model::ids::MessageId;
use crate::model::reply::Draft;
use crate::thread::{self, Claim, Standing};

/// So many bytes of a mail are read to compare its text.
const READ_MAX: u64 = 64 << 20;

/// Returns the id that a mail has where another keeps the one that it bears: what tells it from all others that bear it.
pub(super) fn name_of(bears: &MessageId, variant: i64, text_hash: &str) -> MessageId {
    MessageId::derived(format!("{bears}\n{variant}\n{text_hash}").as_bytes())
}

/// Returns a hash of `From`, `Date` and base subject.
fn likeness(facts: &Facts) -> i64 {
    let from = facts.envelope.from.first().map(|from| from.key()).unwrap_or_default();
    let date = facts.envelope.date.map(|date| date.seconds().to_string()).unwrap_or_default();
    hash(&[&from, &date, &facts.base_subject])
}

/// A mail that bears a Message-ID, as much of it as deciding needs.
struct Bearer {
    facts: Facts,
    name: MessageId,
    likeness: i64,
}

impl Bearer {
    fn is_whole(&self) -> bool {
        !self.facts.partial
    }
}

/// What a mail is to be.
#[derive(PartialEq, Eq)]
struct Role {
    id: MessageId,
    claimed: Option<MessageId>,
    copy: bool,
    beside: Option<MessageId>,
}

impl Batch<'_> {
    /// Finds among the mails that bear one Message-ID, of which `first` keeps it, the row of the very mail that came; `None` where it is
    /// none of them, or that can't be told before its body is here.
    pub(super) fn same_mail(
        &self,
        first: &Facts,
        came: &Facts,
        size: u64,
        packed: &Packed,
    ) -> Result<Option<Facts>, StoreError> {
        if first.id.is_chat() {
            return Ok(Some(first.clone()));
        }
        if self.is_same(first, came, size, packed)? {
            return Ok(Some(first.clone()));
        }
        for other in Facts::sharing(self.tx, &first.id)? {
            if self.is_same(&other, came, size, packed)? {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }

    fn is_same(&self, known: &Facts, came: &Facts, size: u64, packed: &Packed) -> Result<bool, StoreError> {
        if known.variant != came.variant {
            return Ok(false);
        }
        if known.partial || came.partial {
            return self.is_same_delivery(known, size, packed);
        }
        Ok(text_hash(self.tx, known)? == came.text_hash)
    }

    /// Tells whether two mails of which one has no body here are one: a server that took a mail in has written so on top of it, and what is
    /// moved or copied keeps that.
    fn is_same_delivery(&self, known: &Facts, size: u64, packed: &Packed) -> Result<bool, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM location WHERE message = ?1 AND size <> ?2)
                AND NOT EXISTS (SELECT 1 FROM location WHERE message = ?1 AND size = ?2)",
        )?;
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        if find.query_row([known.row, size], |row| row.get(0))? {
            return Ok(false);
        }
        let Some(kept) = get_raw(self.tx, known.row, READ_MAX)? else { return Ok(false) };
        let Some(came) = unpacked(packed)? else { return Ok(false) };
        let (kept, came) = (header_block(&kept), header_block(&came));
        let starts = |line: &[u8]| line.get(..9).is_some_and(|name| name.eq_ignore_ascii_case(b"received:"));
        Ok(came.split(|byte| *byte == b'\n').any(starts) && kept == came)
    }

    /// Puts a mail that bears the Message-ID of another into a row of its own, to be decided about; `erased` is the id by which its words
    /// were erased. Returns the row.
    pub(super) fn add_bearer(&mut self, facts: &mut Facts, erased: Option<MessageId>) -> Result<i64, StoreError> {
        let bears = facts.id.clone();
        facts.conversation = self.new_conversation()?;
        facts.copy = true;
        facts.hidden = true;
        if let Some(name) = erased {
            facts.id = name;
        } else if let Some(text_hash) = &facts.text_hash {
            facts.id = name_of(&bears, facts.variant, text_hash);
        }
        facts.claimed = Some(bears.clone());
        let row = facts.insert(self.tx)?;
        facts.row = row;
        if facts.partial {
            facts.id = name_of_partial(&bears, row);
            self.tx
                .prepare_cached("UPDATE message SET message_id = ?2 WHERE id = ?1")?
                .execute(params![row, facts.id.as_str()])?;
        }
        self.take_name(&facts.id, row, facts.conversation, false)?;
        self.contested.insert(bears);
        self.unplaced.insert(facts.conversation);
        Ok(row)
    }

    /// Has it decided anew what the mails are that bear the Message-ID of this one, where it shares one.
    pub(super) fn contest(&mut self, known: &Facts) -> Result<(), StoreError> {
        let bears = known.borne();
        let mut find = self.tx.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM message WHERE claimed = ?1)
                 OR EXISTS (SELECT 1 FROM message WHERE message_id = ?1 AND twin = 1)",
        )?;
        if known.twin || known.claimed.is_some() || find.query_row([bears.as_str()], |row| row.get(0))? {
            self.contested.insert(bears.clone());
        }
        self.sent.extend(known.sent_key);
        Ok(())
    }

    /// After the body of a mail came: where another row holds the same mail, they become one.
    pub(super) fn meet_bearers(&mut self, known: &Facts) -> Result<(), StoreError> {
        let bears = known.borne().clone();
        let Some(now) = Facts::by_row(self.tx, known.row)? else { return Ok(()) };
        let mut all: Vec<Facts> = Facts::by_id(self.tx, &bears)?.into_iter().collect();
        all.extend(Facts::sharing(self.tx, &bears)?);
        if all.len() < 2 {
            return Ok(());
        }
        self.contested.insert(bears.clone());
        for other in all.into_iter().filter(|other| other.row != now.row && !other.partial) {
            if other.variant == now.variant && text_hash(self.tx, &other)? == now.text_hash {
                return self.absorb(&now, &other, &bears);
            }
        }
        Ok(())
    }

    /// Gives the places of a row to another that holds the same mail, and drops it.
    pub(super) fn give_place(&mut self, from: &Facts, into: i64) -> Result<(), StoreError> {
        if let Some(into) = Facts::by_row(self.tx, into)? {
            keep_copies(self.tx, from, &into.envelope)?;
        }
        for sql in [
            "UPDATE location SET message = ?2 WHERE message = ?1",
            "UPDATE OR REPLACE lost_location SET message = ?2 WHERE message = ?1",
            "UPDATE OR REPLACE adrift SET message = ?2 WHERE message = ?1",
            "UPDATE OR REPLACE mail_move SET message = ?2 WHERE message = ?1",
            "UPDATE member SET message = ?2 WHERE message = ?1 AND second = 1",
        ] {
            self.tx.prepare_cached(sql)?.execute([from.row, into])?;
        }
        self.tx
            .prepare_cached("UPDATE member SET message = ?2 WHERE message_id = ?3 AND message = ?1")?
            .execute(params![from.row, into, from.id.as_str()])?;
        for sql in [
            "DELETE FROM raw WHERE message = ?1",
            "DELETE FROM search WHERE rowid = ?1",
            "DELETE FROM message WHERE id = ?1",
        ] {
            self.tx.prepare_cached(sql)?.execute([from.row])?;
        }
        self.alone.remove(&from.conversation);
        self.unplaced.insert(from.conversation);
        self.touch(from.conversation, true);
        Ok(())
    }

    /// Makes a row part of another that holds the same mail.
    fn absorb(&mut self, from: &Facts, into: &Facts, bears: &MessageId) -> Result<(), StoreError> {
        self.give_place(from, into.row)?;
        if from.claimed.is_none() {
            self.tx
                .prepare_cached("UPDATE message SET message_id = ?2, claimed = NULL WHERE id = ?1")?
                .execute(params![into.row, bears.as_str()])?;
            self.take_name(bears, into.row, into.conversation, false)?;
        } else {
            self.tx.prepare_cached("DELETE FROM member WHERE message_id = ?1")?.execute([from.id.as_str()])?;
        }
        self.unplaced.insert(into.conversation);
        if let Some(into) = Facts::by_row(self.tx, into.row)? {
            self.meet(&into, from)?;
        }
        Ok(())
    }

    /// Makes an id lead to a message.
    pub(super) fn take_name(
        &self,
        id: &MessageId,
        row: i64,
        conversation: i64,
        second: bool,
    ) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "INSERT INTO member (message_id, conversation, message, second) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (message_id) DO UPDATE SET message = ?3, second = ?4",
            )?
            .execute(params![id.as_str(), conversation, row, second])?;
        Ok(())
    }

    /// Returns the id that a message has now, of one of which this may be a second name.
    pub(super) fn first_name(&self, id: &MessageId) -> Result<MessageId, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT x.message_id FROM member m JOIN message x ON x.id = m.message WHERE m.message_id = ?1 AND m.second = 1",
        )?;
        let found: Option<String> = find.query_row([id.as_str()], |row| row.get(0)).optional()?;
        Ok(found.map_or_else(|| id.clone(), |id| message_id(&id)))
    }

    /// Decides about all mails whose Message-ID was met again.
    pub(super) fn settle_contested(&mut self) -> Result<(), StoreError> {
        while let Some(id) = self.contested.pop_first() {
            self.settle(&id)?;
        }
        Ok(())
    }

    fn settle(&mut self, id: &MessageId) -> Result<(), StoreError> {
        let bearers = self.bearers(id)?;
        let standings = thread::standings(&self.claims(&bearers)?);
        let roles = roles(id, &bearers, &standings);
        let moved = self.moved_drafts_of(id, &bearers, &standings, &roles)?;
        for (bearer, role) in bearers.iter().zip(&roles) {
            self.put_role(bearer, role)?;
        }
        for (bearer, role) in bearers.iter().zip(&roles) {
            self.take_name(&role.id, bearer.facts.row, bearer.facts.conversation, false)?;
            let had = &bearer.facts.id;
            if *had != role.id && *had != *id && *had != bearer.name {
                self.tx.prepare_cached("DELETE FROM member WHERE message_id = ?1")?.execute([had.as_str()])?;
            }
            if role.id != bearer.name && bearers.len() > 1 && bearer.is_whole() {
                self.take_name(&bearer.name, bearer.facts.row, bearer.facts.conversation, true)?;
            }
        }
        if let [alone] = bearers.as_slice() {
            // It was met by its headers alone and looked like another mail until its body came.
            self.tx
                .prepare_cached("DELETE FROM member WHERE message_id = ?1 AND message = ?2 AND second = 1")?
                .execute(params![alone.name.as_str(), alone.facts.row])?;
        }
        for (bearer, role) in bearers.iter().zip(&roles) {
            self.show_as(bearer.facts.row, role)?;
        }
        self.draft_parents.extend(moved);
        Ok(())
    }

    fn bearers(&self, id: &MessageId) -> Result<Vec<Bearer>, StoreError> {
        let mut all: Vec<Facts> = Facts::by_id(self.tx, id)?.into_iter().collect();
        all.extend(Facts::sharing(self.tx, id)?);
        let mut bearers = Vec::with_capacity(all.len());
        for mut facts in all {
            facts.text_hash = text_hash(self.tx, &facts)?;
            let name = match &facts.text_hash {
                Some(text_hash) => name_of(id, facts.variant, text_hash),
                None if facts.partial => name_of_partial(id, facts.row),
                None if facts.id != *id => facts.id.clone(),
                None => second_name(self.tx, facts.row)?.unwrap_or_else(|| name_of(id, facts.variant, "")),
            };
            // What was erased is like no other.
            let erased = facts.text_hash.is_none() && !facts.partial;
            let likeness = if erased { hash(&[name.as_str()]) } else { likeness(&facts) };
            bearers.push(Bearer { facts, name, likeness });
        }
        Ok(bearers)
    }

    /// Texts are read only where several mails are alike and their texts differ.
    fn claims(&mut self, bearers: &[Bearer]) -> Result<Vec<Claim>, StoreError> {
        let mut alike: BTreeMap<i64, (usize, BTreeSet<&str>)> = BTreeMap::new();
        for bearer in bearers {
            let (count, texts) = alike.entry(bearer.likeness).or_default();
            *count += 1;
            texts.extend(bearer.facts.text_hash.as_deref());
        }
        let mut claims = Vec::with_capacity(bearers.len());
        for Bearer { facts, name, likeness } in bearers {
            let compared =
                alike.get(likeness).is_some_and(|(count, texts)| texts.len() > 1 && *count <= thread::COMPARED_MAX);
            let text = match (&facts.text_hash, compared) {
                (Some(_), true) => {
                    get_raw(self.tx, facts.row, READ_MAX)?.map(|raw| mime::words_of(&mime::readable(&raw)))
                }
                (Some(text_hash), false) => Some(text_hash.clone()),
                (None, _) => (!facts.partial).then(String::new),
            };
            claims.push(Claim {
                likeness: *likeness,
                text,
                rank: self.claim_of(facts)?,
                arrived: facts.arrived,
                name: name.clone(),
            });
        }
        Ok(claims)
    }

    fn put_role(&mut self, bearer: &Bearer, role: &Role) -> Result<(), StoreError> {
        let Facts { row, conversation, id, claimed, copy, beside, twin, .. } = &bearer.facts;
        let had = Role { id: id.clone(), claimed: claimed.clone(), copy: *copy, beside: beside.clone() };
        if had == *role && !twin {
            return Ok(());
        }
        self.tx
            .prepare_cached(
                "UPDATE message SET message_id = ?2, claimed = ?3, copy = ?4, beside = ?5, twin = 0, text_hash = ?6
                 WHERE id = ?1",
            )?
            .execute(params![
                row,
                role.id.as_str(),
                role.claimed.as_ref().map(MessageId::as_str),
                role.copy,
                role.beside.as_ref().map(MessageId::as_str),
                bearer.facts.text_hash,
            ])?;
        self.alone.remove(conversation);
        self.unplaced.insert(*conversation);
        self.touch(*conversation, true);
        self.sent.extend(bearer.facts.sent_key);
        Ok(())
    }

    /// Hides what is a copy now; shows what is none any more, and what a copy stands for.
    fn show_as(&mut self, row: i64, role: &Role) -> Result<(), StoreError> {
        let Some(known) = Facts::by_row(self.tx, row)? else { return Ok(()) };
        let hidden = role.copy || (known.hidden && self.is_to_hide(&known)?);
        if hidden != known.hidden {
            self.update(&known, &Facts { hidden, ..known.clone() })?;
        }
        // Whether it is ours depends on whether another has the better claim.
        self.derive_again(row)?;
        self.keep_standing(row, None)
    }

    /// Tells whether a mail that is no copy is not to be seen: it only stood for one that could not be had, was erased, or is a mail of the log or a copy of a draft.
    fn is_to_hide(&mut self, known: &Facts) -> Result<bool, StoreError> {
        let is_stand_in = known.id.is_stand_in() && !stands(self.tx, known.row)?;
        if is_stand_in || self.is_erased_row(known)? || is_kept_log_mail(self.tx, known)? {
            return Ok(true);
        }
        let mut find = self.tx.prepare_cached("SELECT flags FROM location WHERE message = ?1")?;
        let flags = find.query_map([known.row], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let is_draft = |flags: &String| {
            is_draft_copy(known.borne(), &flags.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>())
        };
        Ok(!flags.is_empty() && flags.iter().all(is_draft))
    }

    /// Finds the drafts that answer the mail which had the id, where another has it now: they go with the mail.
    fn moved_drafts_of(
        &self,
        id: &MessageId,
        bearers: &[Bearer],
        standings: &[Standing],
        roles: &[Role],
    ) -> Result<Vec<(i64, MessageId)>, StoreError> {
        let had = bearers.iter().position(|bearer| bearer.facts.id == *id && !bearer.facts.twin);
        let now = had.map(|at| match standings.get(at) {
            Some(Standing::CopyOf(head)) => *head,
            _ => at,
        });
        let Some(now) = now.and_then(|at| roles.get(at)).filter(|role| role.id != *id) else { return Ok(Vec::new()) };
        let mut find = self.tx.prepare_cached("SELECT id, json FROM draft WHERE instr(json, ?1) > 0")?;
        let drafts = find.query_map([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut moved = Vec::new();
        for draft in drafts {
            let (draft, json): (i64, String) = draft?;
            let parent = serde_json::from_str::<Draft>(&json).ok().and_then(|draft| draft.parent);
            if parent.as_ref() == Some(id) {
                moved.push((draft, now.id.clone()));
            }
        }
        Ok(moved)
    }

    /// Lets drafts follow the mails that they answer, once it is known where these are.
    pub(super) fn follow_parents(&mut self) -> Result<(), StoreError> {
        for (row, parent) in std::mem::take(&mut self.draft_parents) {
            let mut find = self.tx.prepare_cached("SELECT json FROM draft WHERE id = ?1")?;
            let json: Option<String> = find.query_row([row], |row| row.get(0)).optional()?;
            let Some(draft) = json.and_then(|json| serde_json::from_str::<Draft>(&json).ok()) else { continue };
            let draft = Draft { parent: Some(parent.clone()), ..draft };
            self.tx
                .prepare_cached(
                    "UPDATE draft SET json = ?2, conversation = coalesce((SELECT c.id FROM member m
                         JOIN conversation c ON c.rowid = m.conversation WHERE m.message_id = ?3), conversation)
                     WHERE id = ?1",
                )?
                .execute(params![row, serde_json::to_string(&draft).unwrap_or_default(), parent.as_str()])?;
        }
        Ok(())
    }
}

/// Returns the other mails that bear the Message-ID of this one, copies left out, in the order of their arrival.
pub(super) fn others_of(tx: &Transaction<'_>, facts: &Facts) -> Result<Vec<Facts>, StoreError> {
    let bears = facts.borne();
    let mut others = Facts::sharing(tx, bears)?;
    if facts.claimed.is_some() {
        others.extend(Facts::by_id(tx, bears)?);
    }
    others.retain(|other| other.row != facts.row && !other.copy);
    others.sort_by(|a, b| a.order().cmp(&b.order()));
    Ok(others)
}

/// Returns the ids of the copies of a mail: those that bear its Message-ID, and those that bear another.
pub(super) fn copies_of(tx: &Transaction<'_>, id: &MessageId) -> Result<(Vec<MessageId>, Vec<MessageId>), StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT message_id, claimed IS NOT NULL FROM message WHERE copy = 1 AND beside = ?1 ORDER BY message_id",
    )?;
    let copies = find.query_map([id.as_str()], |row| Ok((message_id(&row.get::<_, String>(0)?), row.get(1)?)))?;
    let copies = copies.collect::<Result<Vec<(MessageId, bool)>, _>>()?;
    let (same, other): (Vec<_>, Vec<_>) = copies.into_iter().partition(|(_, same)| *same);
    let ids = |copies: Vec<(MessageId, bool)>| copies.into_iter().map(|(id, _)| id).collect();
    Ok((ids(same), ids(other)))
}

/// Returns the id that names just this mail, whoever keeps the Message-ID that it bears.
pub(super) fn own_name(tx: &Transaction<'_>, facts: &Facts) -> Result<MessageId, StoreError> {
    Ok(second_name(tx, facts.row)?.unwrap_or_else(|| facts.id.clone()))
}

/// Returns the id that a whole mail bears, and the one that it has where another keeps that.
pub fn names_in(raw: &[u8]) -> (MessageId, MessageId) {
    let bears = super::facts::identity_of(raw);
    let name = name_of(&bears, super::facts::Identity::read(raw).variant, &mime::text_hash(raw));
    (bears, name)
}

/// The id of a mail whose body is not here and whose Message-ID another keeps: nobody is shown it.
fn name_of_partial(bears: &MessageId, row: i64) -> MessageId {
    MessageId::derived(format!("{bears}\nrow\n{row}").as_bytes())
}

/// Returns the id that a mail would have if another kept the Message-ID which both bear.
pub(super) fn second_name(tx: &Transaction<'_>, row: i64) -> Result<Option<MessageId>, StoreError> {
    let mut find =
        tx.prepare_cached("SELECT message_id FROM member WHERE message = ?1 AND second = 1 ORDER BY message_id")?;
    let found: Option<String> = find.query_row([row], |row| row.get(0)).optional()?;
    Ok(found.and_then(|id| MessageId::new(&id)))
}

/// Returns the hash of the text of a mail; rows of before it was kept are read for it. `None` where its body is not here, or was erased.
fn text_hash(tx: &Transaction<'_>, facts: &Facts) -> Result<Option<String>, StoreError> {
    if facts.partial || facts.text_hash.is_some() {
        return Ok(facts.text_hash.clone().filter(|_| !facts.partial));
    }
    Ok(get_raw(tx, facts.row, READ_MAX)?.map(|raw| mime::text_hash(&raw)))
}

fn roles(id: &MessageId, bearers: &[Bearer], standings: &[Standing]) -> Vec<Role> {
    let keeps = |standing: &Standing| *standing == Standing::Keeps;
    let keeper = standings.iter().position(keeps).and_then(|at| bearers.get(at)).map(|bearer| &bearer.facts);
    let id_of = |at: usize| match standings.get(at) {
        Some(Standing::Keeps) => Some(id.clone()),
        _ => bearers.get(at).map(|bearer| bearer.name.clone()),
    };
    let role = |(at, (bearer, standing)): (usize, (&Bearer, &Standing))| {
        let own = id_of(at).unwrap_or_else(|| bearer.name.clone());
        let together =
            |keeper: &&Facts| keeper.author == bearer.facts.author && keeper.base_subject == bearer.facts.base_subject;
        match standing {
            Standing::Keeps => Role { id: own, claimed: None, copy: false, beside: None },
            Standing::Apart => Role {
                id: own,
                claimed: Some(id.clone()),
                copy: false,
                beside: keeper.filter(together).map(|_| id.clone()),
            },
            Standing::CopyOf(head) => Role { id: own, claimed: Some(id.clone()), copy: true, beside: id_of(*head) },
        }
    };
    bearers.iter().zip(standings).enumerate().map(role).collect()
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
