//! Keys of the log in its folder: each in a mail of its own, made where there is none, put back where somebody deleted it, and replaced.
//!
//! A key that stands in the folder is read by whoever can read the folder, and by nobody who can only send mail. All keys that count,
//! count: two clients that begin at once make two, and every reader has both.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::codec::{self, Head, KEY_SUBJECT};
use super::folder::{FolderError, LogFolder};
use super::imap_log::{ImapLog, LOOKS, LogError, LogPass, State, say};
use super::payload::{self, Kind};
use super::reading::Reading;
use super::sign::{Fingerprint, Key};
use super::trust::{Counted, Trust};
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, OpId};
use crate::model::text::SafeText;
use crate::op::record::BY;
use crate::store::{LogKey, LogKeyPlace, LogPlace};
use crate::sync::log::keys::KeyLine;

/// What the mail of a key says, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    /// The key's own id.
    pub id: OpId,
    /// The key, 64 hex digits.
    pub key: String,
    /// What it is called, 32 hex digits.
    pub fingerprint: String,
    /// Who made it.
    pub actor: Handle,
    /// Where.
    #[serde(default)]
    pub host: String,
    /// With which program.
    #[serde(default)]
    pub by: String,
    /// When, by that machine's clock.
    pub at: Timestamp,
    /// The keys that it takes the place of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<String>,
    /// Where its mail stood before it was put back: UIDVALIDITY and UID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stood: Option<(u32, u32)>,
}

impl KeyRecord {
    /// Reads it; `None` where it is not what it says.
    pub fn read(json: &str) -> Option<(Self, Key)> {
        let record: Self = serde_json::from_str(json).ok()?;
        let key = Key::from_hex(&record.key)?;
        (record.fingerprint == key.fingerprint().to_string()).then_some((record, key))
    }

    /// Returns the keys that it takes the place of.
    pub fn replaced(&self) -> impl Iterator<Item = Fingerprint> {
        self.replaces.iter().filter_map(|text| text.parse().ok())
    }

    fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A key that was read and counts.
#[derive(Clone, Debug)]
pub struct KeyMail {
    /// What its mail says.
    pub record: KeyRecord,
    /// What it is called.
    pub fingerprint: Fingerprint,
    /// The UID of the mail.
    pub uid: u32,
    /// The UID at which the key stands by that mail; `None` where the mail was delivered and the key is known from elsewhere.
    pub stands: Option<u32>,
    /// Whether the mail looks delivered.
    pub delivered: bool,
}

impl ImapLog {
    /// Everything that a pass writes.
    pub(super) fn write(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<(), LogError> {
        self.put_back_keys(folder, pass)?;
        self.push(folder, pass)?;
        self.look_after(folder, pass)?;
        self.remove_traces(folder, pass)
    }

    /// Returns from where on the team wants signatures, or not.
    pub(super) fn signing(&self) -> Result<Vec<(LogPlace, bool)>, LogError> {
        let signing = self.store.signing_since(&self.account)?;
        #[cfg(test)]
        let signing = [signing, self.wanted.clone()].concat();
        Ok(signing)
    }

    /// Returns what decides which mails count in a folder with this UIDVALIDITY.
    pub(super) fn trust(&self, validity: u32) -> Result<Trust, LogError> {
        let mut trust = Trust::new(validity);
        trust.named = self.settings.named.iter().copied().collect();
        trust.adds_headers = self.state.as_ref().is_some_and(|state| state.adds_headers);
        trust.looked_at = self.adopting;
        trust.signing = self.signing()?;
        for kept in self.store.log_keys(&self.account)? {
            let Some((record, key)) = KeyRecord::read(&kept.json) else { continue };
            if kept.counts || trust.named.contains(&key.fingerprint()) {
                let at = kept.at.filter(|at| at.validity == validity);
                let (uid, here) = (at.map(|at| at.uid), at.map(|at| at.here));
                trust.add(Counted { key, uid, here, replaces: record.replaced().collect() });
            }
        }
        Ok(trust)
    }

    /// Keeps the keys that a portion of the folder held.
    pub(super) fn keep_keys(&self, reading: &Reading, validity: u32) -> Result<(), LogError> {
        for mail in &reading.keys {
            let record = KeyRecord { stood: None, ..mail.record.clone() };
            self.store.keep_log_key(
                &self.account,
                &LogKey {
                    fingerprint: mail.fingerprint.to_string(),
                    json: record.json(),
                    counts: !mail.delivered,
                    at: mail.stands.map(|uid| LogKeyPlace { validity, uid, here: mail.uid }),
                },
            )?;
        }
        Ok(())
    }

    /// Returns the key that is signed with.
    pub(super) fn signing_key(&self) -> Option<Key> {
        self.reading.as_ref().and_then(|reading| reading.trust.newest())
    }

    /// Sees to it that there is a key in the folder to sign with.
    pub(super) fn ensure_key(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<(), LogError> {
        let Some(reading) = &self.reading else { return Ok(()) };
        if let Some(key) = reading.trust.newest() {
            let fingerprint = key.fingerprint();
            if reading.trust.counted(fingerprint).is_some_and(|counted| counted.uid.is_some()) {
                return Ok(());
            }
            let kept = self.kept(fingerprint)?;
            return kept.map_or(Ok(()), |record| self.append_key(folder, &record, pass));
        }
        let Some(record) = self.new_key(Vec::new())? else { return Ok(()) };
        self.append_key(folder, &record, pass)
    }

    fn kept(&self, fingerprint: Fingerprint) -> Result<Option<KeyRecord>, LogError> {
        let name = fingerprint.to_string();
        let kept = self.store.log_keys(&self.account)?.into_iter().find(|kept| kept.fingerprint == name);
        Ok(kept.and_then(|kept| KeyRecord::read(&kept.json)).map(|(record, _)| record))
    }

    /// Makes a key that counts here from now on. `None` where the system gives no random numbers.
    fn new_key(&mut self, replaces: Vec<String>) -> Result<Option<KeyRecord>, LogError> {
        let Some(key) = Key::random() else {
            tracing::warn!("the system gives no random numbers: the team's log is not signed");
            return Ok(None);
        };
        let author = self.store.author();
        let record = KeyRecord {
            id: author.ids.next(),
            key: key.hex(),
            fingerprint: key.fingerprint().to_string(),
            actor: author.actor.clone(),
            host: author.host.clone(),
            by: BY.to_owned(),
            at: author.clock.now(),
            replaces,
            stood: None,
        };
        let fingerprint = record.fingerprint.clone();
        self.store.keep_log_key(&self.account, &LogKey { fingerprint, json: record.json(), counts: true, at: None })?;
        if let Some(reading) = &mut self.reading {
            reading.trust.add(Counted { key, uid: None, here: None, replaces: record.replaced().collect() });
        }
        Ok(Some(record))
    }

    /// Puts a key into the folder and reads it back.
    fn append_key(
        &mut self,
        folder: &mut dyn LogFolder,
        record: &KeyRecord,
        pass: &mut LogPass,
    ) -> Result<(), LogError> {
        let Ok(fingerprint) = record.fingerprint.parse::<Fingerprint>() else { return Ok(()) };
        folder.append(&self.key_mail(record), Some(self.store.author().clock.now()))?;
        pass.appended += 1;
        for _ in 0..LOOKS {
            self.read(folder, pass)?;
            let Some(reading) = &self.reading else { continue };
            if reading.trust.counted(fingerprint).is_some_and(|counted| counted.uid.is_some()) {
                return Ok(());
            }
            if reading.keys.iter().any(|mail| mail.fingerprint == fingerprint && mail.delivered) {
                return self.adds_headers(folder, true, pass);
            }
        }
        Err(LogError::NotShown)
    }

    /// Makes the mail of a key: a sentence for people on top.
    fn key_mail(&self, record: &KeyRecord) -> Vec<u8> {
        let json = record.json();
        let replaces = match record.replaces.len() {
            0 => "",
            _ => "It takes the place of the keys before it.\r\n",
        };
        let body = format!(
            "This is the key {} of the team's log, made by {} ({}, {}).\r\n\
             Postroom signs its mails in this folder with it. Please don't delete it, and don't forward it.\r\n{replaces}\r\n{}",
            record.fingerprint,
            record.actor,
            say(record.at),
            SafeText::line_max(&record.host, 64),
            payload::write(Kind::Key, &[&json])
        );
        let stood = record.stood.map_or(record.id, |(validity, uid)| stood_id(record.id, validity, uid));
        codec::mail(&Head {
            subject: &format!("{KEY_SUBJECT} of the team's log by {}: please don't delete it", record.actor),
            author: record.actor.as_str(),
            from: &self.settings.from,
            id: &codec::mail_id([stood].into_iter(), record.id, None, &[]),
            answers: None,
            at: record.at,
            body: &body,
        })
    }

    /// Returns the mails of the keys that the folder lacks, which has those at `present`.
    pub(super) fn missing_keys(
        &self,
        trust: &Trust,
        validity: u32,
        present: &HashSet<u32>,
    ) -> Result<Vec<KeyRecord>, LogError> {
        let missing: BTreeMap<String, Option<u32>> = trust
            .all()
            .filter(|(_, counted)| counted.here.is_none_or(|here| !present.contains(&here)))
            .map(|(fingerprint, counted)| (fingerprint.to_string(), counted.uid))
            .collect();
        if missing.is_empty() {
            return Ok(Vec::new());
        }
        let mut records = Vec::new();
        for kept in self.store.log_keys(&self.account)? {
            let Some(uid) = missing.get(&kept.fingerprint) else { continue };
            let stood = uid.map(|uid| (validity, uid));
            records.extend(KeyRecord::read(&kept.json).map(|(record, _)| KeyRecord { stood, ..record }));
        }
        // What replaces others stands behind them.
        records.sort_by_key(|record| (record.stood, !record.replaces.is_empty(), record.at, record.id));
        Ok(records)
    }

    /// Puts back the keys that somebody deleted, before anything else is written.
    pub(super) fn put_back_keys(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<(), LogError> {
        let (Some(state), Some(reading)) = (self.state.as_ref(), self.reading.as_ref()) else { return Ok(()) };
        if self.compared || reading.trust.all().next().is_none() {
            return Ok(());
        }
        let present: HashSet<u32> = folder.uids()?.into_iter().collect();
        let validity = state.validity;
        let records = self.missing_keys(&reading.trust, validity, &present)?;
        if records.is_empty() {
            return Ok(());
        }
        self.append_keys(folder, &records, pass)?;
        self.read(folder, pass)
    }

    /// Appends mails of keys, without reading them back.
    pub(super) fn append_keys(
        &mut self,
        folder: &mut dyn LogFolder,
        records: &[KeyRecord],
        pass: &mut LogPass,
    ) -> Result<(), LogError> {
        for record in records {
            folder.append(&self.key_mail(record), Some(self.store.author().clock.now()))?;
            pass.appended += 1;
        }
        Ok(())
    }

    /// Notes whether the server writes fields of delivery into what clients put into the folder, and judges all mails anew.
    pub(super) fn adds_headers(
        &mut self,
        folder: &mut dyn LogFolder,
        adds: bool,
        pass: &mut LogPass,
    ) -> Result<(), LogError> {
        let Some(state) = self.state.clone().filter(|state| state.adds_headers != adds) else { return Ok(()) };
        tracing::warn!(account = %self.account, adds, "whether the server marks what clients write as delivered");
        self.save(State { adds_headers: adds, ..state })?;
        pass.adds_headers = adds;
        let opened = folder.open()?;
        self.establish(folder, &opened, false, pass)
    }

    /// Replaces all keys by a new one, after reading what is new.
    ///
    /// # Errors
    /// As [`ImapLog::sync`]; [`FolderError::ReadOnly`] where nothing can be written.
    pub fn rotate(&mut self, folder: &mut dyn LogFolder) -> Result<LogPass, LogError> {
        let mut pass = self.pull(folder)?;
        if pass.read_only {
            return Err(FolderError::ReadOnly(String::new()).into());
        }
        self.put_back_keys(folder, &mut pass)?;
        let Some(reading) = &self.reading else { return Ok(pass) };
        let replaces: BTreeSet<String> = reading.trust.all().map(|(fingerprint, _)| fingerprint.to_string()).collect();
        if let Some(record) = self.new_key(replaces.into_iter().collect())? {
            self.append_key(folder, &record, &mut pass)?;
        }
        Ok(pass)
    }

    /// Returns the keys that count, the one that is signed with first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn keys(&self) -> Result<Vec<KeyLine>, LogError> {
        let Some(state) = &self.state else { return Ok(Vec::new()) };
        let trust = self.trust(state.validity)?;
        let newest = trust.newest().map(|key| key.fingerprint());
        let mut lines = Vec::new();
        for (fingerprint, _) in trust.all() {
            let Some(record) = self.kept(fingerprint)? else { continue };
            lines.push(KeyLine {
                fingerprint: record.fingerprint.clone(),
                actor: SafeText::line_max(record.actor.as_str(), 64),
                at: record.at,
                signs: newest == Some(fingerprint),
                replaced: trust.until(fingerprint).is_some(),
            });
        }
        lines.sort_by_key(|line| (!line.signs, line.replaced, line.at, line.fingerprint.clone()));
        Ok(lines)
    }
}

/// Tells the mails of a key that is put back from one another.
fn stood_id(id: OpId, validity: u32, uid: u32) -> OpId {
    OpId(uuid::Uuid::new_v5(&id.0, format!("{validity}.{uid}").as_bytes()))
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
