//! The log's folder on a real server.

use super::codec::{KEY_SUBJECT, SNAPSHOT_SUBJECT};
use super::folder::{FolderError, LogFolder, LogMail, Opened, Witness};
use super::trust::is_delivered;
use crate::model::clock::Timestamp;
use crate::model::stop::Stop;
use crate::model::text::in_quotes;
use crate::store::Identity;
use crate::sync::imap::plan::portions;
use crate::sync::imap::session::{FolderState, may_delete, uid_sets};
use crate::sync::imap::{Fetched, ImapError, Session};

/// What is asked of each mail.
const ITEMS: &str = "(UID INTERNALDATE BODY.PEEK[])";
/// What is asked first where mails may be large.
const SIZES: &str = "(UID RFC822.SIZE)";
/// What tells which mail it is.
const IDENTITY: &str = "(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])";
/// What tells whether it was delivered.
const DELIVERY: &str = "(UID BODY.PEEK[HEADER])";
/// Bytes from which on a mail is worth a question more.
const HEAVY: u64 = 16 * 1024;
/// The largest mail that is fetched. Ours are far smaller; what somebody else put into the folder must not stop the log.
const MAIL_MAX: u64 = 32 << 20;

/// The folder's name: as the config says, and as the server has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderName {
    /// As the config says: `Postroom`.
    pub wanted: String,
    /// As it was found or made: perhaps `INBOX.Postroom`.
    pub found: Option<String>,
    /// Whether sizes are asked for before anything is fetched: at first, where the last mail is large (`n:*` would fetch it again each
    /// time nothing is behind it, RFC 3501 section 6.4.8), and after a fetch that failed.
    heavy: bool,
}

impl FolderName {
    /// Returns the name before it was looked for.
    pub fn new(wanted: impl Into<String>) -> Self {
        Self { wanted: wanted.into(), found: None, heavy: true }
    }
}

/// The folder over a session that is lent for a pass.
pub struct SessionFolder<'a> {
    session: &'a mut Session,
    name: &'a mut FolderName,
    /// Whether nothing happened since the folder was selected, so that its state is that of now.
    fresh: bool,
}

impl<'a> SessionFolder<'a> {
    /// Lends the session to the log.
    pub fn new(session: &'a mut Session, name: &'a mut FolderName) -> Self {
        Self { session, name, fresh: false }
    }

    /// Finds the folder, or makes it where this server wants it.
    fn find(&mut self) -> Result<String, FolderError> {
        if let Some(found) = &self.name.found {
            return Ok(found.clone());
        }
        let listed = self.session.list().map_err(told)?;
        let wanted = &self.name.wanted;
        let found = match self.session.find_folder(&listed, wanted).map_err(told)? {
            Some(found) => found,
            None => match self.session.make_folder(&listed, wanted).map_err(told) {
                Err(error @ (FolderError::Lost(_) | FolderError::Throttled { .. })) => return Err(error),
                Err(error) => return Err(FolderError::NotMade { name: wanted.clone(), why: error.to_string() }),
                Ok(made) => made,
            },
        };
        self.name.found = Some(found.clone());
        Ok(found)
    }

    /// Returns the UIDs of mails whose subject has these words.
    fn find_subject(&mut self, words: &str) -> Result<Vec<u32>, FolderError> {
        match self.session.search(&format!("SUBJECT \"{words}\"")) {
            Ok(uids) => Ok(uids),
            Err(error) if error.leaves_session_usable() => Ok(Vec::new()),
            Err(error) => Err(told(error)),
        }
    }

    /// Fetches mails in portions that fit one command's answer. Of those that are too large only the number is told.
    fn fetch_sized(&mut self, sizes: Vec<Fetched>, each: &mut dyn FnMut(LogMail)) -> Result<(), FolderError> {
        let sizes = sizes.into_iter().map(|found| (found.uid, found.size)).collect();
        for portion in portions(sizes, MAIL_MAX, false).into_iter().rev() {
            for set in uid_sets(&portion.whole) {
                hand(self.session.uid_fetch(&set, ITEMS).map_err(told)?, each);
            }
            portion.headers.into_iter().for_each(|uid| each(LogMail { uid, raw: Vec::new(), arrived: None }));
        }
        Ok(())
    }
}

fn hand(fetched: Vec<Fetched>, each: &mut dyn FnMut(LogMail)) {
    for mail in fetched {
        if let Some(raw) = mail.body {
            each(LogMail { uid: mail.uid, raw, arrived: mail.date });
        }
    }
}

/// Tells whether the last of these mails is large.
fn ends_heavy(mails: &[Fetched], size: impl Fn(&Fetched) -> Option<u64>) -> bool {
    let last = mails.iter().max_by_key(|mail| mail.uid);
    last.is_some_and(|mail| size(mail).is_none_or(|size| size > HEAVY))
}

fn told(error: ImapError) -> FolderError {
    match error {
        ImapError::NoFolder(name) => FolderError::Missing(name),
        ImapError::Throttled { wait, text } => FolderError::Throttled { wait, text },
        ImapError::No { code, text } if matches!(code.as_str(), "NOPERM" | "READ-ONLY") => FolderError::ReadOnly(text),
        // RFC 5530 section 3.
        ImapError::No { code, text } if code == "OVERQUOTA" => FolderError::Full(text),
        ImapError::No { text, .. } | ImapError::Bad(text) => FolderError::Refused(text),
        error => FolderError::Lost(error.to_string()),
    }
}

impl LogFolder for SessionFolder<'_> {
    fn stop(&self) -> Stop {
        self.session.stop()
    }

    fn open(&mut self) -> Result<Opened, FolderError> {
        let name = self.find()?;
        let first = self.session.selected().is_none();
        let selected = match self.session.select(&name) {
            Ok(selected) => selected,
            Err(ImapError::NoFolder(_)) => {
                // Somebody deleted it: what the name was is no longer sure either.
                self.name.found = None;
                let name = self.find()?;
                self.session.select(&name).map_err(told)?
            }
            Err(error) => return Err(told(error)),
        };
        self.fresh = true;
        let validity = selected.state.validity.ok_or_else(|| {
            FolderError::Refused(format!(
                "it tells no UIDVALIDITY of {}, which the team's log can't do without",
                in_quotes(name)
            ))
        })?;
        let FolderState { uid_next, messages, modseq, .. } = selected.state;
        let modseq = modseq.filter(|n| *n > 0);
        Ok(Opened { validity, read_only: selected.read_only, uid_next, modseq, messages, first })
    }

    fn append(&mut self, raw: &[u8], at: Option<Timestamp>) -> Result<Option<(u32, u32)>, FolderError> {
        let name = self.find()?;
        self.fresh = false;
        let appended = self.session.append(&name, &["\\Seen"], at, raw).map_err(told)?;
        Ok(appended.validity.zip(appended.uid))
    }

    fn noop(&mut self) -> Result<(), FolderError> {
        if std::mem::take(&mut self.fresh) {
            return Ok(());
        }
        self.session.noop().map_err(told)
    }

    fn fetch_after(&mut self, uid: u32, each: &mut dyn FnMut(LogMail)) -> Result<(), FolderError> {
        if uid == 0 {
            let uids = self.uids()?;
            return self.fetch(&uids, each);
        }
        let set = format!("{}:*", uid.saturating_add(1));
        if self.name.heavy {
            let mut sizes = self.session.uid_fetch(&set, SIZES).map_err(told)?;
            let heavy = ends_heavy(&sizes, |mail| mail.size);
            sizes.retain(|found| found.uid > uid);
            self.fetch_sized(sizes, each)?;
            self.name.heavy = heavy;
            return Ok(());
        }
        self.name.heavy = true;
        let fetched = self.session.uid_fetch(&set, ITEMS).map_err(told)?;
        self.name.heavy = ends_heavy(&fetched, |mail| mail.body.as_ref().and_then(|raw| u64::try_from(raw.len()).ok()));
        hand(fetched, each);
        Ok(())
    }

    fn fetch(&mut self, uids: &[u32], each: &mut dyn FnMut(LogMail)) -> Result<(), FolderError> {
        for set in uid_sets(uids) {
            let mut sizes = self.session.uid_fetch(&set, SIZES).map_err(told)?;
            sizes.retain(|found| uids.contains(&found.uid));
            self.fetch_sized(sizes, each)?;
        }
        Ok(())
    }

    fn uids(&mut self) -> Result<Vec<u32>, FolderError> {
        self.session.search("ALL").map_err(told)
    }

    fn identities(&mut self, uids: &[u32]) -> Result<Vec<Witness>, FolderError> {
        let mut found = Vec::new();
        for set in uid_sets(uids) {
            for fetched in self.session.uid_fetch(&set, IDENTITY).map_err(told)? {
                if let Some(header) = fetched.header.filter(|_| uids.contains(&fetched.uid)) {
                    found.push((fetched.uid, Identity::read(&header).message));
                }
            }
        }
        Ok(found)
    }

    fn find_snapshots(&mut self) -> Result<Vec<u32>, FolderError> {
        self.find_subject(SNAPSHOT_SUBJECT)
    }

    fn find_keys(&mut self) -> Result<Vec<u32>, FolderError> {
        self.find_subject(KEY_SUBJECT)
    }

    fn delivered(&mut self, uids: &[u32]) -> Result<Vec<u32>, FolderError> {
        let mut found = Vec::new();
        for set in uid_sets(uids) {
            for fetched in self.session.uid_fetch(&set, DELIVERY).map_err(told)? {
                let marked = fetched.header.is_some_and(|header| is_delivered(&header));
                found.extend(Some(fetched.uid).filter(|uid| marked && uids.contains(uid)));
            }
        }
        Ok(found)
    }

    fn remove(&mut self, uids: &[u32]) -> Result<bool, FolderError> {
        if !self.session.capabilities().has("UIDPLUS") {
            return Ok(false);
        }
        let name = self.find()?;
        match self.session.my_rights(&name) {
            Ok(Some(rights)) if !may_delete(&rights) => return Ok(false),
            Err(error) if !error.leaves_session_usable() => return Err(told(error)),
            _ => {}
        }
        match self.session.remove(uids) {
            Ok(()) => Ok(true),
            Err(error) if error.leaves_session_usable() => Ok(false),
            Err(error) => Err(told(error)),
        }
    }
}
