//! Where the mails of a move stand: in the folder they come from, and what of them has reached the other one.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::ids::MessageId;
use crate::store::MailMove;
use crate::sync::imap::fetch::message_id;
use crate::sync::imap::session::uid_sets;
use crate::sync::imap::{Fetched, ImapError, Session};

/// What tells which mail it is.
const IDENTITY: &str = "(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])";
/// The same for mail without a Message-ID, which goes by a hash of its headers.
const HEADERS: &str = "(UID RFC822.SIZE BODY.PEEK[HEADER])";

/// Copies that stand in the target.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// UIDVALIDITY of the target.
    pub validity: Option<u32>,
    /// UID and size by Message-ID, each to be taken once.
    found: HashMap<MessageId, Vec<(u32, u64)>>,
}

impl Copies {
    /// Takes the copy of a mail out. With `size` only one of that size is one.
    pub fn take(&mut self, mail: &MailMove, size: Option<u64>) -> Option<u32> {
        let found = self.found.get_mut(&mail.message)?;
        let wanted = size.unwrap_or(mail.size);
        let same = found.iter().position(|(_, found)| *found == wanted);
        let at = same.or(if size.is_none() && !found.is_empty() { Some(0) } else { None })?;
        Some(found.remove(at).0)
    }
}

/// Looks for copies of moves that had begun.
///
/// # Errors
/// As those of the session.
pub(super) fn look_in_target(session: &mut Session, target: &str, begun: &[&MailMove]) -> Result<Copies, ImapError> {
    let mut copies = Copies::default();
    if begun.is_empty() {
        return Ok(copies);
    }
    let selected = session.examine(target)?;
    // On some servers a fresh copy shows after a NOOP only.
    session.noop()?;
    copies.validity = selected.state.validity;
    let from = |mail: &&MailMove| match mail.begun {
        // Where UIDNEXT is less by now, the folder was restored from a backup, and a copy can stand anywhere.
        Some((validity, next))
            if Some(validity) == selected.state.validity && selected.state.uid_next.is_none_or(|now| now >= next) =>
        {
            next
        }
        _ => 1,
    };
    let first = begun.iter().map(from).min().unwrap_or(1).max(1);
    let derived = begun.iter().any(|mail| mail.message.is_derived());
    for fetched in session.uid_fetch(&format!("{first}:*"), if derived { HEADERS } else { IDENTITY })? {
        // `n:*` names the last mail even where its UID is lower (RFC 3501 section 6.4.8).
        if fetched.uid >= first
            && let Some(id) = identity(&fetched, derived)
        {
            copies.found.entry(id).or_default().push((fetched.uid, fetched.size.unwrap_or(0)));
        }
    }
    Ok(copies)
}

/// The mails that stand in the source: UID and size by the number of the move.
#[derive(Debug, Default)]
pub(super) struct Located(BTreeMap<i64, (u32, u64)>);

impl Located {
    pub fn get(&self, id: i64) -> Option<(u32, u64)> {
        self.0.get(&id).copied()
    }

    /// Finds them in the open folder: by UID where that still holds, else by Message-ID. A UID counts only where the mail behind it is
    /// the one that was meant.
    ///
    /// # Errors
    /// As those of the session.
    pub fn find(session: &mut Session, validity: Option<u32>, mails: &[MailMove]) -> Result<Self, ImapError> {
        let mut located = Self::default();
        let known = |mail: &&MailMove| mail.at.filter(|(kept, _)| Some(*kept) == validity).map(|(_, uid)| uid);
        let mut uids: Vec<u32> = mails.iter().filter_map(|mail| known(&mail)).collect();
        uids.sort_unstable();
        let mut there: HashMap<u32, Fetched> = HashMap::new();
        for set in uid_sets(&uids) {
            there.extend(session.uid_fetch(&set, IDENTITY)?.into_iter().map(|fetched| (fetched.uid, fetched)));
        }
        let mut used: HashSet<u32> = HashSet::new();
        for mail in mails {
            let Some(fetched) = known(&mail).and_then(|uid| there.get(&uid)) else { continue };
            let id = identity(fetched, false);
            if id.as_ref() == Some(&mail.message) || (id.is_none() && mail.message.is_derived()) {
                located.0.insert(mail.id, (fetched.uid, fetched.size.unwrap_or(mail.size)));
                used.insert(fetched.uid);
            }
        }
        for mail in mails.iter().filter(|mail| known(mail).is_none() && !mail.message.is_derived()) {
            let found = session.search_message_id(mail.message.as_str())?;
            for fetched in session.uid_fetch(&uid_sets(&found).concat(), IDENTITY)? {
                let same = identity(&fetched, false).as_ref() == Some(&mail.message);
                if same && fetched.size.is_none_or(|size| size == mail.size) && used.insert(fetched.uid) {
                    located.0.insert(mail.id, (fetched.uid, fetched.size.unwrap_or(mail.size)));
                    break;
                }
            }
        }
        Ok(located)
    }
}

/// The most mails of one size that are compared: of more nobody can say that one of them is ours.
const ALIKE_MAX: usize = 16;

/// Returns the UIDs of the mails of that size in the open folder that are not marked as deleted.
///
/// # Errors
/// As those of the session.
pub(super) fn of_size(session: &mut Session, size: u64) -> Result<Vec<u32>, ImapError> {
    session.noop()?;
    let (under, over) = (size.saturating_sub(1), size.saturating_add(1));
    session.search(&format!("UNDELETED LARGER {under} SMALLER {over}"))
}

/// Returns the bytes of mails of the open folder; none where there are many.
///
/// # Errors
/// As those of the session.
pub(super) fn bodies(session: &mut Session, uids: &[u32]) -> Result<Vec<Vec<u8>>, ImapError> {
    let mut all = Vec::new();
    if uids.len() <= ALIKE_MAX {
        for set in uid_sets(uids) {
            all.extend(session.uid_fetch_full(&set)?.into_iter().filter_map(|fetched| fetched.body));
        }
    }
    Ok(all)
}

/// Returns which mail of the open folder has these bytes and this size and is not marked as deleted: the last that came, where there are
/// several; none where there are many to compare.
///
/// # Errors
/// As those of the session.
pub(super) fn same(session: &mut Session, size: u64, bytes: &[u8]) -> Result<Option<u32>, ImapError> {
    let alike = of_size(session, size)?;
    let mut last = None;
    if alike.len() <= ALIKE_MAX {
        for set in uid_sets(&alike) {
            let found = session.uid_fetch_full(&set)?.into_iter();
            last = last.max(found.filter(|found| found.body.as_deref() == Some(bytes)).map(|found| found.uid).max());
        }
    }
    Ok(last)
}

/// Reads which mail it is; `whole` where all headers are there, so that one without a Message-ID can be told.
fn identity(fetched: &Fetched, whole: bool) -> Option<MessageId> {
    let header = fetched.header.as_deref()?;
    if !whole {
        return message_id(header);
    }
    Some(crate::store::identity_of(header))
}
