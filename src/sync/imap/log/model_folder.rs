//! A folder in memory that misbehaves on demand: loses answers, hides mails until NOOP, changes its UIDVALIDITY, is deleted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::codec::{KEY_SUBJECT, SNAPSHOT_SUBJECT};
use super::folder::{FolderError, LogFolder, LogMail, Opened, Witness};
use super::trust::is_delivered;
use crate::model::clock::Timestamp;
use crate::store::Identity;

#[derive(Debug)]
struct Mailbox {
    validity: u32,
    next: u32,
    mails: BTreeMap<u32, Vec<u8>>,
    dates: BTreeMap<u32, Timestamp>,
    /// The server's clock, where it has one.
    now: Option<Timestamp>,
    modseq: u64,
    there: bool,
    read_only: bool,
    /// The highest UIDVALIDITY that was ever given: no restore gives one twice.
    last_validity: u32,
    backup: Option<Backup>,
    /// What the server writes on top of every mail that a client puts there.
    adds: String,
}

/// The folder as it was.
#[derive(Clone, Debug)]
struct Backup {
    validity: u32,
    next: u32,
    modseq: u64,
    mails: BTreeMap<u32, Vec<u8>>,
    there: bool,
}

impl Mailbox {
    fn new_validity(&mut self) {
        self.last_validity += 1;
        self.validity = self.last_validity;
        self.modseq = 1;
    }
}

/// The server; clones are the same.
#[derive(Clone, Debug)]
pub struct Server(Arc<Mutex<Mailbox>>);

impl Server {
    pub fn new() -> Self {
        let mailbox = Mailbox {
            validity: 100,
            next: 1,
            mails: BTreeMap::new(),
            dates: BTreeMap::new(),
            now: None,
            modseq: 1,
            there: false,
            read_only: false,
            last_validity: 100,
            backup: None,
            adds: String::new(),
        };
        Self(Arc::new(Mutex::new(mailbox)))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Mailbox) -> T) -> T {
        work(&mut self.0.lock().unwrap())
    }

    pub fn uids(&self) -> Vec<u32> {
        self.with(|m| m.mails.keys().copied().collect())
    }

    pub fn mails(&self) -> Vec<(u32, Vec<u8>)> {
        self.with(|m| m.mails.clone()).into_iter().collect()
    }

    pub fn put(&self, raw: &[u8]) -> (u32, u32) {
        self.with(|m| {
            let uid = m.next;
            m.next += 1;
            m.modseq += 1;
            m.mails.insert(uid, raw.to_vec());
            (m.validity, uid)
        })
    }

    pub fn is_there(&self) -> bool {
        self.with(|m| m.there)
    }

    /// Sets the server's clock.
    pub fn set_clock(&self, now: Timestamp) {
        self.with(|m| m.now = Some(now));
    }

    /// Writes these fields on top of every mail that a client puts there.
    pub fn adds(&self, fields: &str) {
        self.with(|m| m.adds = fields.to_owned());
    }

    pub fn mail(&self, uid: u32) -> Option<Vec<u8>> {
        self.with(|m| m.mails.get(&uid).cloned())
    }

    /// All mails look as if they had been delivered.
    pub fn mark(&self, fields: &[u8]) {
        self.with(|m| m.mails.values_mut().for_each(|raw| *raw = [fields, raw.as_slice()].concat()));
    }

    /// A mail comes again by delivery.
    pub fn redeliver_one(&self, n: usize, fields: &str) {
        if let Some((_, raw)) = self.nth(n) {
            self.put(&[fields.as_bytes(), &raw].concat());
        }
    }

    /// The mailbox is moved to another server by delivering its mails again.
    pub fn redeliver(&self, fields: &[u8]) {
        self.mark(fields);
        self.lose_order(1);
    }

    /// Says when the server took a mail in.
    pub fn dated(&self, uid: u32, at: Timestamp) {
        self.with(|m| m.dates.insert(uid, at));
    }

    fn nth(&self, n: usize) -> Option<(u32, Vec<u8>)> {
        self.with(|m| m.mails.iter().nth(n % m.mails.len().max(1)).map(|(uid, raw)| (*uid, raw.clone())))
    }

    /// Somebody copies a mail into the folder again.
    pub fn duplicate(&self, n: usize) {
        if let Some((_, raw)) = self.nth(n) {
            self.put(&raw);
        }
    }

    /// Two replicas were joined: a mail gets a new UID under the same UIDVALIDITY.
    pub fn move_to_new_uid(&self, n: usize) {
        if let Some((uid, raw)) = self.nth(n) {
            self.remove_mail(uid);
            self.put(&raw);
        }
    }

    pub fn delete_mail(&self, n: usize) {
        if let Some((uid, _)) = self.nth(n) {
            self.remove_mail(uid);
        }
    }

    fn remove_mail(&self, uid: u32) {
        self.with(|m| {
            m.mails.remove(&uid);
            m.modseq += 1;
        });
    }

    /// Somebody removes every mail.
    pub fn empty(&self) {
        self.uids().into_iter().for_each(|uid| self.remove_mail(uid));
    }

    pub fn back_up(&self) {
        self.with(|m| {
            let (validity, next, modseq, there) = (m.validity, m.next, m.modseq, m.there);
            m.backup = Some(Backup { validity, next, modseq, mails: m.mails.clone(), there });
        });
    }

    /// Puts the folder back as it was when it was backed up last.
    pub fn restore(&self) {
        self.with(|m| {
            if let Some(backup) = m.backup.clone() {
                (m.validity, m.next, m.modseq) = (backup.validity, backup.next, backup.modseq);
                (m.mails, m.there) = (backup.mails, backup.there);
            }
        });
    }

    pub fn delete_folder(&self) {
        self.with(|m| {
            m.there = false;
            m.mails.clear();
        });
    }

    /// The server lost its list of UIDs: all mails are there, in another order.
    pub fn lose_order(&self, seed: u64) {
        self.with(|m| {
            let mut mails: Vec<Vec<u8>> = std::mem::take(&mut m.mails).into_values().collect();
            fastrand::Rng::with_seed(seed).shuffle(&mut mails);
            m.new_validity();
            m.next = 1 + mails.len() as u32;
            m.mails = (1..).zip(mails).collect();
        });
    }

    pub fn set_read_only(&self, read_only: bool) {
        self.with(|m| m.read_only = read_only);
    }
}

/// What goes wrong at the next append.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    #[default]
    None,
    /// The mail is not stored and the connection ends.
    Before,
    /// The mail is stored and the connection ends.
    After,
    /// The mail is stored, the server does not tell its UID.
    NoUid,
}

/// One client's view of the folder.
pub struct ModelFolder {
    pub server: Server,
    pub offline: bool,
    pub fault: Fault,
    /// After how many appends the fault comes.
    pub fault_in: usize,
    /// Whether nothing can be removed.
    pub no_remove: bool,
    /// What can be seen: new mails only after NOOP.
    seen: u32,
    pub appends: usize,
    /// Whether SEARCH is refused.
    pub no_search: bool,
    /// Whether the server tells neither UIDNEXT nor HIGHESTMODSEQ.
    pub bare: bool,
}

impl ModelFolder {
    pub fn new(server: &Server) -> Self {
        Self {
            server: server.clone(),
            offline: false,
            fault: Fault::None,
            fault_in: 0,
            no_remove: false,
            seen: 0,
            appends: 0,
            no_search: false,
            bare: false,
        }
    }

    /// Makes the folder, as the first client does.
    pub fn open_and_see(&mut self) {
        self.open().unwrap();
    }

    fn reach(&self) -> Result<(), FolderError> {
        if self.offline { Err(FolderError::Lost("no route".into())) } else { Ok(()) }
    }

    fn hand(&self, wanted: impl Fn(u32) -> bool, each: &mut dyn FnMut(LogMail)) {
        let (mails, dates) = self.server.with(|m| (m.mails.clone(), m.dates.clone()));
        // The newest first: nothing may depend on the order.
        for (uid, raw) in mails.into_iter().rev().filter(|(uid, _)| wanted(*uid) && *uid <= self.seen) {
            each(LogMail { uid, raw, arrived: dates.get(&uid).copied() });
        }
    }
}

impl LogFolder for ModelFolder {
    fn open(&mut self) -> Result<Opened, FolderError> {
        self.reach()?;
        let opened = self.server.with(|m| {
            if !m.there {
                m.there = true;
                m.new_validity();
                m.next = 1;
            }
            Opened {
                validity: m.validity,
                read_only: m.read_only,
                uid_next: Some(m.next).filter(|_| !self.bare),
                modseq: Some(m.modseq).filter(|_| !self.bare),
                messages: u32::try_from(m.mails.len()).ok(),
                first: false,
            }
        });
        self.noop()?;
        Ok(opened)
    }

    fn append(&mut self, raw: &[u8], at: Option<Timestamp>) -> Result<Option<(u32, u32)>, FolderError> {
        self.reach()?;
        let fault = match self.fault_in {
            0 => std::mem::take(&mut self.fault),
            _ => Fault::None,
        };
        self.fault_in = self.fault_in.saturating_sub(1);
        if fault == Fault::Before {
            return Err(FolderError::Lost("cut before".into()));
        }
        self.appends += 1;
        let fields = self.server.with(|m| m.adds.clone());
        let placed = self.server.put(&[fields.as_bytes(), raw].concat());
        if let Some(at) = at.or(self.server.with(|m| m.now)) {
            self.server.dated(placed.1, at);
        }
        match fault {
            Fault::After => Err(FolderError::Lost("cut after".into())),
            Fault::NoUid => Ok(None),
            _ => Ok(Some(placed)),
        }
    }

    fn noop(&mut self) -> Result<(), FolderError> {
        self.reach()?;
        self.seen = self.server.with(|m| m.next.saturating_sub(1));
        Ok(())
    }

    fn fetch_after(&mut self, uid: u32, each: &mut dyn FnMut(LogMail)) -> Result<(), FolderError> {
        self.reach()?;
        // `n:*` names the last mail even where its UID is lower.
        let last = self.server.uids().last().copied().unwrap_or(0);
        self.hand(|n| n > uid || n == last, each);
        Ok(())
    }

    fn fetch(&mut self, uids: &[u32], each: &mut dyn FnMut(LogMail)) -> Result<(), FolderError> {
        self.reach()?;
        self.hand(|n| uids.contains(&n), each);
        Ok(())
    }

    fn uids(&mut self) -> Result<Vec<u32>, FolderError> {
        self.reach()?;
        Ok(self.server.uids())
    }

    fn identities(&mut self, uids: &[u32]) -> Result<Vec<Witness>, FolderError> {
        self.reach()?;
        let mails = self.server.with(|m| m.mails.clone());
        let wanted = mails.into_iter().filter(|(uid, _)| uids.contains(uid));
        Ok(wanted.map(|(uid, raw)| (uid, Identity::read(&raw).message)).collect())
    }

    fn find_snapshots(&mut self) -> Result<Vec<u32>, FolderError> {
        self.reach()?;
        if self.no_search {
            return Ok(Vec::new());
        }
        let is = |raw: &[u8]| String::from_utf8_lossy(raw).contains(&format!("Subject: {SNAPSHOT_SUBJECT}"));
        Ok(self.server.with(|m| m.mails.iter().filter(|(_, raw)| is(raw)).map(|(uid, _)| *uid).collect()))
    }

    fn find_keys(&mut self) -> Result<Vec<u32>, FolderError> {
        self.reach()?;
        if self.no_search {
            return Ok(Vec::new());
        }
        let is = |raw: &[u8]| String::from_utf8_lossy(raw).contains(&format!("Subject: {KEY_SUBJECT}"));
        Ok(self.server.with(|m| m.mails.iter().filter(|(_, raw)| is(raw)).map(|(uid, _)| *uid).collect()))
    }

    fn delivered(&mut self, uids: &[u32]) -> Result<Vec<u32>, FolderError> {
        self.reach()?;
        let mails = self.server.with(|m| m.mails.clone());
        let marked = mails.into_iter().filter(|(uid, raw)| uids.contains(uid) && is_delivered(raw));
        Ok(marked.map(|(uid, _)| uid).collect())
    }

    fn remove(&mut self, uids: &[u32]) -> Result<bool, FolderError> {
        self.reach()?;
        if self.no_remove {
            return Ok(false);
        }
        uids.iter().for_each(|uid| self.server.remove_mail(*uid));
        Ok(true)
    }
}
