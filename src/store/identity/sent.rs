//! Our own mail that is there twice, under two Message-IDs: a relay gave it another one, and the server filed what it sent.

use std::collections::BTreeSet;

use rusqlite::params;

use super::super::batch::Batch;
use super::super::error::StoreError;
use super::super::facts::{Facts, hash, row_of};
use super::super::record;
use super::{Bearer, Role};
use crate::model::ids::MessageId;
use crate::model::message::{Direction, Envelope};
use crate::op::operation::Known;
use crate::op::record::Record;
use crate::thread::{self, OwnMail};

/// Returns what copies of a mail of ours share, whatever their Message-IDs: outside recipients, base subject and text. `None` where it
/// is no mail of ours to somebody outside, was delivered, or its body is not here.
pub(in crate::store) fn sent_key(facts: &Facts, own: &dyn Fn(&str) -> bool) -> Option<i64> {
    let Envelope { to, cc, is_delivered, .. } = &facts.envelope;
    if *is_delivered || facts.partial || facts.direction != Direction::Outbound {
        return None;
    }
    let text_hash = facts.text_hash.as_deref()?;
    let outside: BTreeSet<String> = to.iter().chain(cc).filter(|to| !own(&to.email)).map(|to| to.key()).collect();
    if outside.is_empty() {
        return None;
    }
    let mut parts: Vec<&str> = vec![&facts.base_subject, text_hash];
    parts.extend(outside.iter().map(String::as_str));
    Some(hash(&parts))
}

impl Batch<'_> {
    /// Notes that a mail stands among sent mail.
    pub(in crate::store) fn note_sent(&mut self, row: i64) -> Result<(), StoreError> {
        let Some(facts) = Facts::by_row(self.tx, row)? else { return Ok(()) };
        let team = self.team();
        let key = sent_key(&facts, &|email| team.owns(email));
        if key != facts.sent_key {
            self.tx.prepare_cached("UPDATE message SET sent_key = ?2 WHERE id = ?1")?.execute(params![row, key])?;
            self.sent.extend(facts.sent_key);
            self.sent.extend(key);
        }
        Ok(())
    }

    /// Notes that a record says that a mail was sent.
    pub(in crate::store) fn note_replied(&mut self, message: &MessageId) -> Result<(), StoreError> {
        if let Some(row) = row_of(self.tx, message)? {
            let mut find = self.tx.prepare_cached("SELECT sent_key FROM message WHERE id = ?1")?;
            self.sent.extend(find.query_row([row], |row| row.get::<_, Option<i64>>(0))?);
        }
        Ok(())
    }

    /// Decides which of our mails that are alike are copies of another under another Message-ID.
    pub(in crate::store) fn settle_sent(&mut self) -> Result<(), StoreError> {
        while let Some(key) = self.sent.pop_first() {
            let mut find = self.tx.prepare_cached("SELECT id FROM message WHERE sent_key = ?1 AND claimed IS NULL")?;
            let rows = find.query_map([key], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            let mut alike = Vec::new();
            for row in rows {
                alike.extend(Facts::by_row(self.tx, row)?);
            }
            if alike.len() > 1 || alike.iter().any(|facts| facts.copy) {
                self.settle_alike(&alike)?;
            }
        }
        Ok(())
    }

    fn settle_alike(&mut self, alike: &[Facts]) -> Result<(), StoreError> {
        let mut mails = Vec::with_capacity(alike.len());
        for facts in alike {
            mails.push(OwnMail {
                id: facts.id.clone(),
                recorded: self.is_recorded(facts)?,
                arrived: facts.arrived,
                date: facts.envelope.date.unwrap_or(facts.arrived),
            });
        }
        for (facts, head) in alike.iter().zip(thread::second_names(&mails)) {
            let beside = head.and_then(|head| mails.get(head)).map(|head| head.id.clone());
            if facts.copy == beside.is_some() && facts.beside == beside {
                continue;
            }
            let role = Role { id: facts.id.clone(), claimed: None, copy: beside.is_some(), beside };
            let bearer = Bearer { facts: facts.clone(), name: facts.id.clone(), likeness: 0 };
            self.put_role(&bearer, &role)?;
            self.show_as(facts.row, &role)?;
        }
        Ok(())
    }

    /// Tells whether a record says that this mail was sent.
    fn is_recorded(&mut self, facts: &Facts) -> Result<bool, StoreError> {
        let records = record::of_conversation(self.tx, facts.conversation, &mut self.kept)?;
        let names =
            |record: &Record| matches!(record.known(), Some(Known::Replied { message, .. }) if *message == facts.id);
        Ok(records.iter().any(|(_, record)| names(record)))
    }
}
