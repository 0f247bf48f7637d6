//! Importing archives: the mails of mboxes, Maildirs and folders, one after the other into an account.
//!
//! A portion of mails is in memory at a time. Nothing notes how far an import came: what is there already is passed over, so that one
//! that was interrupted goes on when it is begun again, and none comes twice.

mod arrival;
mod flags;
mod maildir;
mod mbox;
mod source;

use std::collections::HashSet;
use std::path::PathBuf;

pub use source::{Item, Sources};

use crate::error::UserError;
use crate::mime;
use crate::model::address::Address;
use crate::model::agent::Team;
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::message::Envelope;
use crate::model::phrase::Phrase;
use crate::store::{ArchivedMail, Fate, FolderRole, MailKey, Store};

/// How many mails are put together.
const PORTION: usize = 200;
/// So many bytes of mails are put together, unless one alone is larger.
const PORTION_BYTES: usize = 8 << 20;
/// The most damaged mails that are named; more are counted.
pub const NAMED_MAX: usize = 100;

/// A mail as an archive has it.
pub struct Mail {
    /// The file, and in an mbox the line.
    pub place: String,
    /// Its bytes, lines ended with CRLF.
    pub raw: Vec<u8>,
    /// When the archive says that it arrived.
    named: Option<Timestamp>,
    /// When its file was changed last.
    changed: Option<Timestamp>,
    /// Its flags, where the archive has any.
    flags: Option<Vec<String>>,
    /// Whether it stood among what was sent.
    sent: bool,
}

/// Why a mail of an archive is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It is larger than any mail that is taken.
    TooLarge,
    /// It has no header.
    NoMail,
    /// It is a pipe, a device or a folder.
    NoFile,
    /// It can't be read, by the words of the system.
    Read(String),
    /// The server refuses it.
    Refused(Phrase),
}

impl Damage {
    /// Says it to people.
    pub fn phrase(&self) -> Phrase {
        match self {
            Damage::TooLarge => phrase!("import-too-large"),
            Damage::NoMail => phrase!("import-no-header"),
            Damage::NoFile => phrase!("import-no-file"),
            Damage::Read(why) => phrase!("import-unread", why = why),
            Damage::Refused(what) => what.clone(),
        }
    }
}

/// A mail that is not taken, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// The file, and in an mbox the line.
    pub place: String,
    /// Why.
    pub why: Damage,
}

/// A mail that is ready to be put into an account.
pub struct Ready {
    /// The file, and in an mbox the line.
    pub place: String,
    /// The mail.
    pub mail: ArchivedMail,
    /// Whether it is an answer of ours: it stood among what was sent, or one of our addresses wrote it to somebody outside.
    pub ours: bool,
}

/// What became of a mail that was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It is there now.
    Taken,
    /// It was there.
    There,
    /// It is never taken.
    LeftOut,
    /// The server refuses it.
    Refused(Phrase),
    /// It was not put any more: [`Into::ended`] says why.
    NotPut,
}

/// Where the mails of an import go, and who is told of it.
pub trait Into {
    /// Takes a portion; returns what became of each, in their order.
    ///
    /// # Errors
    /// When no more can be taken. What was taken stays.
    fn put(&mut self, mails: Vec<Ready>) -> Result<Vec<End>, UserError>;

    /// Returns why no more can be taken, where that came in the middle of a portion.
    fn ended(&mut self) -> Option<UserError> {
        None
    }

    /// Is told how far it is, and which hundredth of what is to be read was, where that is known.
    fn told(&mut self, so_far: &Summary, percent: Option<u64>);

    /// Is told of a mail that is not taken.
    fn is_damaged(&mut self, damaged: &Damaged);

    /// Tells whether somebody ended it.
    fn is_stopped(&self) -> bool;
}

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Mails that were put there.
    pub mails: usize,
    /// Mails that were there.
    pub there: usize,
    /// Mails that are never taken: drafts, what was thrown away or erased, the team's log.
    pub left_out: usize,
    /// Mails that can't be read, or that the server refuses.
    pub damaged: usize,
    /// The first of these.
    pub named: Vec<Damaged>,
    /// Folders of a Maildir that are left out.
    pub folders: Vec<PathBuf>,
    /// Whether somebody ended it.
    pub stopped: bool,
}

impl Summary {
    /// Returns how many mails were looked at.
    pub fn all(&self) -> usize {
        self.mails + self.there + self.left_out + self.damaged
    }

    fn note_damage(&mut self, damaged: Damaged, to: &mut dyn Into) {
        to.is_damaged(&damaged);
        self.damaged += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(damaged);
        }
    }
}

/// Imports what `sources` hold; `open` are mails that nobody has dealt with.
///
/// # Errors
/// When what was named is no archive, or no more can be taken; `summary` tells how far it came.
pub fn run(
    store: &Store,
    sources: &mut Sources,
    open: bool,
    to: &mut dyn Into,
    summary: &mut Summary,
) -> Result<(), UserError> {
    let (team, now) = (store.team(), store.author().clock.now());
    let (mut portion, mut bytes) = (Vec::new(), 0);
    while let Some(item) = sources.read_item()? {
        match item {
            Item::Mail(mail) => {
                bytes += mail.raw.len();
                portion.push(ready(mail, &team, open, now));
            }
            Item::Damaged(damaged) => summary.note_damage(damaged, to),
            Item::LeftOut(folder) => summary.folders.push(folder),
            Item::LeftOutMail => summary.left_out += 1,
        }
        if portion.len() >= PORTION || bytes >= PORTION_BYTES {
            bytes = 0;
            put(std::mem::take(&mut portion), to, summary)?;
            to.told(summary, sources.percent());
        }
        if to.is_stopped() {
            summary.stopped = true;
            return Ok(());
        }
    }
    put(portion, to, summary)
}

fn put(portion: Vec<Ready>, to: &mut dyn Into, summary: &mut Summary) -> Result<(), UserError> {
    if portion.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = portion.iter().map(|ready| ready.place.clone()).collect();
    for (place, end) in places.into_iter().zip(to.put(portion)?) {
        match end {
            End::Taken => summary.mails += 1,
            End::There => summary.there += 1,
            End::LeftOut => summary.left_out += 1,
            End::Refused(what) => summary.note_damage(Damaged { place, why: Damage::Refused(what) }, to),
            End::NotPut => {}
        }
    }
    to.ended().map_or(Ok(()), Err)
}

fn ready(mail: Mail, team: &Team, open: bool, now: Timestamp) -> Ready {
    let envelope = mime::envelope(&mail.raw);
    let arrived = arrival::of(mail.named, envelope.date, mail.changed, now);
    let ours = mail.sent || is_ours(&envelope, team);
    // What was dealt with was read.
    let flags = mail.flags.unwrap_or_else(|| if open { Vec::new() } else { vec!["\\Seen".to_owned()] });
    Ready { place: mail.place, mail: ArchivedMail { raw: mail.raw, arrived, flags }, ours }
}

fn is_ours(envelope: &Envelope, team: &Team) -> bool {
    let owns = |address: &Address| team.owns(&address.email);
    let mut to = envelope.to.iter().chain(&envelope.cc).chain(&envelope.bcc);
    envelope.from.iter().any(owns) && to.any(|address| !owns(address))
}

/// Where the mails of an import go within an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The folder.
    pub mail: (String, FolderRole),
    /// The folder for our own answers, where they go to another.
    pub ours: Option<(String, FolderRole)>,
}

/// The folder that a part of a portion goes to, the place of each mail in the portion, and the mails.
pub type Part<'p> = (&'p (String, FolderRole), Vec<usize>, Vec<ArchivedMail>);

impl Places {
    /// Divides a portion by the folders that its mails go to; each mail with its place in the portion.
    pub fn divide(&self, mails: Vec<Ready>) -> Vec<Part<'_>> {
        let mut parts = vec![(&self.mail, Vec::new(), Vec::new())];
        parts.extend(self.ours.as_ref().map(|ours| (ours, Vec::new(), Vec::new())));
        for (at, ready) in mails.into_iter().enumerate() {
            let ours = ready.ours && parts.len() > 1;
            if let Some((_, places, mails)) = if ours { parts.last_mut() } else { parts.first_mut() } {
                places.push(at);
                mails.push(ready.mail);
            }
        }
        parts.retain(|(_, places, _)| !places.is_empty());
        parts
    }
}

/// Puts a portion into an account without a server.
///
/// # Errors
/// When the store can't be written.
pub fn put_here(
    store: &Store,
    account: &AccountId,
    places: &Places,
    open: bool,
    mails: Vec<Ready>,
) -> Result<Vec<End>, UserError> {
    let mut ends = vec![End::There; mails.len()];
    for ((name, role), at, part) in places.divide(mails) {
        let fates = store.import_here(account, (name.as_str(), *role), &part, open)?;
        for (at, fate) in at.into_iter().zip(fates) {
            if let Some(end) = ends.get_mut(at) {
                *end = end_of(fate);
            }
        }
    }
    Ok(ends)
}

/// Tells of a portion what would become of it; `met` are the mails that were looked at before.
///
/// # Errors
/// When the store can't be read.
pub fn look(
    store: &Store,
    account: &AccountId,
    met: &mut HashSet<MailKey>,
    mails: Vec<Ready>,
) -> Result<Vec<End>, UserError> {
    let mails: Vec<ArchivedMail> = mails.into_iter().map(|ready| ready.mail).collect();
    let judged = store.judge_import(account, &mails)?.into_iter();
    Ok(judged.map(|one| if met.insert(one.key) { end_of(one.fate) } else { End::There }).collect())
}

/// Writes mails as a server keeps them. No server keeps a NUL: it can't stand in what IMAP carries (RFC 3501 section 4.3.1), so one puts
/// 0x80 in its place and another refuses the mail. Written so from the first, a mail is the same here, there, and when it is met again.
pub fn as_kept_by_servers(mut mails: Vec<Ready>) -> Vec<Ready> {
    for byte in mails.iter_mut().flat_map(|ready| &mut ready.mail.raw) {
        if *byte == 0 {
            *byte = 0x80;
        }
    }
    mails
}

/// Returns what became of a mail that nothing else stood against.
pub fn end_of(fate: Fate) -> End {
    match fate {
        Fate::New => End::Taken,
        Fate::There => End::There,
        Fate::LeftOut => End::LeftOut,
    }
}

/// Returns the address that most of the first mails came to, where whose mail it is must be asked.
///
/// # Errors
/// As [`Sources::read_item`].
pub fn likely_address(sources: &mut Sources, most: usize) -> Result<Option<String>, UserError> {
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for _ in 0..most {
        let Some(item) = sources.read_item()? else { break };
        let Item::Mail(mail) = item else { continue };
        let envelope = mime::envelope(&mail.raw);
        let named = if envelope.delivered_to.is_empty() { &envelope.to } else { &envelope.delivered_to };
        let keys: HashSet<String> = named.iter().map(Address::key).collect();
        keys.into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
    }
    Ok(counts.into_iter().max_by_key(|(_, count)| *count).map(|(key, _)| key))
}

/// Returns the header of a mail.
fn header(raw: &[u8]) -> &[u8] {
    let end = memchr::memmem::find(raw, b"\n\n").or_else(|| memchr::memmem::find(raw, b"\r\n\r\n"));
    end.and_then(|end| raw.get(..end)).unwrap_or(raw)
}

/// Tells whether a line is a field of a header (RFC 5322 section 2.2).
fn is_field(line: &[u8]) -> bool {
    let name = line.iter().take_while(|byte| byte.is_ascii_graphic() && **byte != b':').count();
    let rest = line.get(name..).unwrap_or_default().trim_ascii_start();
    (1..=100).contains(&name) && rest.starts_with(b":")
}

/// Ends the lines of a mail with CRLF where the archive has none. One that has some is as it was sent.
fn within_lines(raw: Vec<u8>) -> Vec<u8> {
    let first = memchr::memchr(b'\n', &raw).and_then(|end| raw.get(..end));
    if first.is_none_or(|line| line.ends_with(b"\r")) {
        return raw;
    }
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 30);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(text) if !text.ends_with(b"\r") => {
                out.extend_from_slice(text);
                out.extend_from_slice(b"\r\n");
            }
            _ => out.extend_from_slice(line),
        }
    }
    out
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
