//! Keeps mail in memory, as the store would, so that what a pass does can be looked at.

use std::collections::BTreeMap;
use std::sync::Mutex;

use postroom::model::clock::Timestamp;
use postroom::model::ids::{AccountId, MessageId};
use postroom::store::{Aside, Content, Folder, FolderRole, Incoming, PassEnd, Relocated, StoreError, Untold};
use postroom::sync::imap::keep::Keep;

/// One message at its place.
#[derive(Clone, Debug)]
pub struct Kept {
    pub flags: Vec<String>,
    pub content: Content,
    pub size: u64,
}

impl Kept {
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Whole(bytes) | Content::Headers(bytes) => bytes,
        }
    }

    pub fn is_whole(&self) -> bool {
        matches!(self.content, Content::Whole(_))
    }
}

#[derive(Debug, Default)]
struct Inner {
    folders: Vec<Folder>,
    places: BTreeMap<(i64, u32), Kept>,
    known: BTreeMap<MessageId, Content>,
    batches: usize,
    uid_reads: usize,
    order: Vec<u32>,
    fail_after: Option<usize>,
    refuses: Option<u32>,
    asides: BTreeMap<(i64, u32), (Aside, bool)>,
    later: i64,
}

/// The memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Inner>);

fn id_of(raw: &[u8]) -> Option<MessageId> {
    let text = String::from_utf8_lossy(raw);
    let line = text.lines().find(|l| l.to_lowercase().starts_with("message-id:"))?;
    MessageId::new(line.split_once(':')?.1)
}

impl Memory {
    /// The messages of a folder by UID.
    pub fn mail(&self, name: &str) -> BTreeMap<u32, Kept> {
        let inner = self.0.lock().unwrap();
        let Some(folder) = inner.folders.iter().find(|f| f.name == name) else { return BTreeMap::new() };
        inner.places.iter().filter(|((f, _), _)| *f == folder.id).map(|((_, u), k)| (*u, k.clone())).collect()
    }

    /// How often the UIDs of a folder were read.
    pub fn uid_reads(&self) -> usize {
        self.0.lock().unwrap().uid_reads
    }

    /// UIDs in the order in which they came.
    pub fn order(&self) -> Vec<u32> {
        self.0.lock().unwrap().order.clone()
    }

    /// A folder as it is kept.
    pub fn kept_folder(&self, name: &str) -> Folder {
        self.0.lock().unwrap().folders.iter().find(|f| f.name == name).unwrap().clone()
    }

    /// Refuses the mail with this UID from now on; `None` takes all.
    pub fn refuse(&self, uid: Option<u32>) {
        self.0.lock().unwrap().refuses = uid;
    }

    /// Lets so many milliseconds go by.
    pub fn later(&self, milliseconds: i64) {
        self.0.lock().unwrap().later += milliseconds;
    }

    /// What is set aside of a folder.
    pub fn aside(&self, name: &str) -> Vec<Aside> {
        let id = self.kept_folder(name).id;
        self.asides(id).unwrap()
    }

    /// Makes the disk full after so many batches; `None` frees it.
    pub fn fail_after(&self, batches: Option<usize>) {
        let mut inner = self.0.lock().unwrap();
        inner.batches = 0;
        inner.fail_after = batches;
    }
}

impl Keep for Memory {
    type Ready = (i64, Vec<Incoming>);
    type Body = Vec<u8>;

    fn folder(&self, account: &AccountId, name: &str, role: FolderRole) -> Result<Folder, StoreError> {
        let mut inner = self.0.lock().unwrap();
        if let Some(folder) = inner.folders.iter().find(|f| f.name == name) {
            return Ok(folder.clone());
        }
        let folder = Folder {
            id: inner.folders.len() as i64 + 1,
            account: account.clone(),
            name: name.to_owned(),
            role,
            validity: None,
            uid_next: None,
            modseq: None,
            last_pass: None,
            messages: None,
            flags_below: None,
            lowest_fetched: None,
            highest_fetched: None,
            seen_next: None,
            seen_modseq: None,
        };
        inner.folders.push(folder.clone());
        Ok(folder)
    }

    fn folders(&self, _: &AccountId) -> Result<Vec<Folder>, StoreError> {
        Ok(self.0.lock().unwrap().folders.clone())
    }

    fn uids(&self, folder: i64) -> Result<Vec<u32>, StoreError> {
        let mut inner = self.0.lock().unwrap();
        inner.uid_reads += 1;
        Ok(inner.places.keys().filter(|(f, _)| *f == folder).map(|(_, u)| *u).collect())
    }

    fn read_mail(&self, folder: i64, batch: Vec<Incoming>) -> Result<Self::Ready, StoreError> {
        Ok((folder, batch))
    }

    fn ingest(&self, (folder, batch): Self::Ready) -> Result<usize, StoreError> {
        let mut inner = self.0.lock().unwrap();
        if inner.fail_after.is_some_and(|n| inner.batches >= n) {
            return Err(StoreError::Full);
        }
        let refused = inner.refuses.is_some_and(|uid| batch.iter().any(|mail| mail.uid == uid));
        if refused
            && !batch
                .iter()
                .all(|mail| matches!(&mail.content, Content::Whole(raw) if raw.starts_with(b"Message-ID: <7.")))
        {
            return Err(StoreError::Content("this mail is too odd".to_owned()));
        }
        inner.batches += 1;
        let mut new = 0;
        for mail in batch {
            let kept = Kept { flags: mail.flags, content: mail.content, size: mail.size };
            if let Some(id) = id_of(kept.bytes()) {
                new += usize::from(inner.known.insert(id, kept.content.clone()).is_none());
            }
            inner.order.push(mail.uid);
            inner.places.entry((folder, mail.uid)).or_insert(kept);
        }
        Ok(new)
    }

    fn begin_body(&self) -> Result<Vec<u8>, StoreError> {
        Ok(Vec::new())
    }

    fn push_body(&self, body: &mut Vec<u8>, piece: &[u8]) -> Result<(), StoreError> {
        body.extend_from_slice(piece);
        Ok(())
    }

    fn ingest_body(&self, folder: i64, uid: u32, raw: Vec<u8>) -> Result<(), StoreError> {
        let mut inner = self.0.lock().unwrap();
        inner.places.get_mut(&(folder, uid)).unwrap().content = Content::Whole(raw);
        Ok(())
    }

    fn wanted_bodies(&self, folder: i64, limit: usize) -> Result<Vec<(u32, u64)>, StoreError> {
        let inner = self.0.lock().unwrap();
        let now = Timestamp::from_seconds(1_800_000_000).plus(inner.later);
        let waits = |place| inner.asides.get(place).is_some_and(|(aside, _)| aside.next_try > now);
        let wanted = inner.places.iter().filter(|(place, k)| place.0 == folder && !k.is_whole() && !waits(*place));
        Ok(wanted.map(|((_, uid), kept)| (*uid, kept.size)).take(limit).collect())
    }

    fn set_flags(&self, folder: i64, flags: Vec<(u32, Vec<String>, Option<u64>)>) -> Result<(), StoreError> {
        let mut inner = self.0.lock().unwrap();
        for (uid, flags, _) in flags {
            inner.places.get_mut(&(folder, uid)).unwrap().flags = flags;
        }
        Ok(())
    }

    fn expunge(&self, folder: i64, uids: &[u32]) -> Result<(), StoreError> {
        let mut inner = self.0.lock().unwrap();
        for uid in uids {
            let aside = inner.asides.contains_key(&(folder, *uid));
            assert!(inner.places.remove(&(folder, *uid)).is_some() || aside, "{uid} was not here");
        }
        Ok(())
    }

    fn let_go(&self, _: &AccountId, _: u32) -> Result<(), StoreError> {
        Ok(())
    }

    fn reset_folder(&self, folder: i64, validity: u32) -> Result<(), StoreError> {
        let mut inner = self.0.lock().unwrap();
        inner.places.retain(|(f, _), _| *f != folder);
        let folder = inner.folders.iter_mut().find(|f| f.id == folder).unwrap();
        folder.validity = Some(validity);
        (folder.uid_next, folder.modseq, folder.last_pass) = (None, None, None);
        (folder.messages, folder.flags_below) = (None, None);
        Ok(())
    }

    fn relocate(&self, folder: i64, found: Vec<Relocated>) -> Result<Vec<u32>, StoreError> {
        let mut inner = self.0.lock().unwrap();
        let mut missing = Vec::new();
        for found in found {
            match inner.known.get(&found.message).cloned() {
                Some(content) => {
                    inner.places.insert((folder, found.uid), Kept { flags: found.flags, content, size: found.size });
                }
                None => missing.push(found.uid),
            }
        }
        Ok(missing)
    }

    fn finish_pass(&self, folder: i64, end: PassEnd) -> Result<(), StoreError> {
        let mut inner = self.0.lock().unwrap();
        let folder = inner.folders.iter_mut().find(|f| f.id == folder).unwrap();
        folder.validity = Some(end.validity);
        folder.uid_next = Some(end.uid_next);
        folder.modseq = end.modseq;
        folder.messages = end.messages;
        folder.flags_below = end.flags_below;
        folder.last_pass = Some(end.at);
        Ok(())
    }

    fn asides(&self, folder: i64) -> Result<Vec<Aside>, StoreError> {
        let inner = self.0.lock().unwrap();
        Ok(inner.asides.iter().filter(|((f, _), _)| *f == folder).map(|(_, (aside, _))| aside.clone()).collect())
    }

    fn set_aside(&self, folder: i64, mails: &[Aside]) -> Result<(), StoreError> {
        let mut inner = self.0.lock().unwrap();
        for aside in mails {
            let told = inner.asides.get(&(folder, aside.uid)).is_some_and(|(_, told)| *told);
            inner.asides.insert((folder, aside.uid), (aside.clone(), told));
        }
        Ok(())
    }

    fn forget_asides(&self, folder: i64, uids: &[u32]) -> Result<(), StoreError> {
        self.0.lock().unwrap().asides.retain(|(f, uid), _| *f != folder || !uids.contains(uid));
        Ok(())
    }

    fn tell_asides(&self, _: &AccountId) -> Result<Vec<Untold>, StoreError> {
        let mut inner = self.0.lock().unwrap();
        let names: BTreeMap<i64, String> = inner.folders.iter().map(|f| (f.id, f.name.clone())).collect();
        let mut untold = Vec::new();
        for ((folder, uid), (aside, told)) in &mut inner.asides {
            if *uid > 0 && !*told {
                *told = true;
                let (folder, name) = (*folder, names[folder].clone());
                untold.push(Untold { folder, name, aside: aside.clone(), sender: None });
            }
        }
        Ok(untold)
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_800_000_000).plus(self.0.lock().unwrap().later)
    }
}
