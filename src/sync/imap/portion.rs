//! Fetches one portion, and makes of what came what the store takes in. It must not judge why something did not come.

use super::error::ImapError;
use super::fetched::Fetched;
use super::plan::{HEADER_MAX, Portion};
use super::session::{Session, uid_sets};
use crate::mime::FIELDS_READ;
use crate::model::clock::Timestamp;
use crate::store::{Content, Incoming};

const WHOLE: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])";
const HEADERS: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]<0.65536>)";
/// What a server tells of a mail without looking into it.
const ABOUT: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE)";
/// So many bytes more than it had told may come for one command, and half of what it told: RFC822.SIZE is an estimate on some servers.
pub(super) const REST: u64 = 4 << 20;

/// What came of a portion, and what ended it before all had come.
pub(super) struct Came {
    /// The mails, by UID.
    pub mails: Vec<Incoming>,
    /// The failure.
    pub fault: Option<ImapError>,
}

/// Returns how many bytes may come where the server told of `told`.
pub(super) fn most(told: u64) -> u64 {
    told.saturating_add(told / 2).saturating_add(REST)
}

/// Fetches a portion, as far as it comes.
pub(super) fn fetch(session: &mut Session, portion: &Portion, now: Timestamp) -> Came {
    let mut mails = Vec::with_capacity(portion.len());
    let mut fault = None;
    let mut cut = Vec::new();
    for (uids, items) in [(&portion.whole, WHOLE), (&portion.headers, HEADERS)] {
        for set in uid_sets(uids) {
            if fault.is_some() {
                break;
            }
            let (came, failed) = session.uid_fetch_as_far(&set, items, most(portion.bytes));
            fault = failed;
            for fetched in came.into_iter().filter(|f| uids.binary_search(&f.uid).is_ok()) {
                match incoming(fetched, now) {
                    Some(mail) if is_cut(&mail.content) => cut.push(mail),
                    Some(mail) => mails.push(mail),
                    None => {}
                }
            }
        }
    }
    if fault.is_none() && !cut.is_empty() {
        fault = complete(session, &mut cut);
        mails.append(&mut cut);
    }
    mails.sort_by_key(|m| m.uid);
    mails.dedup_by_key(|m| m.uid);
    Came { mails, fault }
}

fn is_cut(content: &Content) -> bool {
    matches!(content, Content::Headers(bytes) if length(bytes) >= HEADER_MAX)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Gets the fields that matter of headers that were cut off, wherever in them they stand. Mails of which they don't come are taken out.
fn complete(session: &mut Session, cut: &mut Vec<Incoming>) -> Option<ImapError> {
    cut.sort_by_key(|mail| mail.uid);
    let uids: Vec<u32> = cut.iter().map(|mail| mail.uid).collect();
    let told = HEADER_MAX.saturating_mul(u64::try_from(uids.len()).unwrap_or(u64::MAX));
    let mut came = Vec::new();
    let mut fault = None;
    for set in uid_sets(&uids) {
        if fault.is_none() {
            let (fields, failed) = session.uid_fetch_as_far(&set, &fields(), most(told));
            came.extend(fields);
            fault = failed;
        }
    }
    cut.retain_mut(|mail| {
        let fields = came.iter_mut().find(|f| f.uid == mail.uid).and_then(|f| f.header.take());
        if let (Some(fields), Content::Headers(header)) = (&fields, &mut mail.content) {
            *header = joined(fields, header);
        }
        fields.is_some()
    });
    fault
}

/// Puts the fields that matter in front of a header that was cut off, without those of its own that have their names.
fn joined(fields: &[u8], header: &[u8]) -> Vec<u8> {
    let name = |line: &[u8]| {
        let end = line.iter().position(|b| *b == b':')?;
        Some(line.get(..end)?.trim_ascii().to_ascii_lowercase())
    };
    let starts = |line: &[u8]| !line.starts_with(b" ") && !line.starts_with(b"\t");
    let lines = |block: &[u8]| -> Vec<Vec<u8>> {
        let whole = block.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let whole = block.get(..whole).unwrap_or_default();
        whole
            .split_inclusive(|b| *b == b'\n')
            .filter(|line| !line.trim_ascii().is_empty())
            .map(<[u8]>::to_vec)
            .collect()
    };
    let first = lines(fields);
    let known: Vec<Vec<u8>> = first.iter().filter(|line| starts(line)).filter_map(|line| name(line)).collect();
    let mut block: Vec<u8> = first.concat();
    let mut keeps = true;
    for line in lines(header) {
        if starts(&line) {
            keeps = name(&line).is_some_and(|name| !known.contains(&name));
        }
        if keeps {
            block.extend(line);
        }
    }
    block.extend(b"\r\n");
    block
}

fn incoming(fetched: Fetched, now: Timestamp) -> Option<Incoming> {
    let content = match (fetched.body, fetched.header) {
        (Some(body), _) => Content::Whole(body),
        (None, Some(mut header)) => {
            // A server may not know of parts and send all.
            header.truncate(usize::try_from(HEADER_MAX).unwrap_or(usize::MAX));
            Content::Headers(header)
        }
        (None, None) => return None,
    };
    let length = match &content {
        Content::Whole(bytes) | Content::Headers(bytes) => length(bytes),
    };
    Some(Incoming {
        uid: fetched.uid,
        flags: fetched.flags.unwrap_or_default(),
        arrived: fetched.date.unwrap_or(now),
        size: match &content {
            Content::Whole(_) => length,
            Content::Headers(_) => fetched.size.unwrap_or(length),
        },
        modseq: fetched.modseq,
        content,
    })
}

/// Asks what the server tells of a mail without looking into it.
pub(super) fn about(session: &mut Session, uid: u32) -> (Option<Fetched>, Option<ImapError>) {
    let (came, fault) = session.uid_fetch_as_far(&uid.to_string(), ABOUT, REST);
    (came.into_iter().find(|f| f.uid == uid), fault)
}

/// The ways to learn who wrote what in a mail that does not come, the better first: each is the items to ask for.
pub(super) const GLIMPSES: [fn() -> String; 2] = [fields, || "(UID ENVELOPE)".to_owned()];

/// Returns what asks for the fields that say what a mail is, wherever in its header they stand.
fn fields() -> String {
    format!("(UID BODY.PEEK[HEADER.FIELDS ({})]<0.{HEADER_MAX}>)", FIELDS_READ.join(" ").to_ascii_uppercase())
}

/// Asks for a glimpse of a mail: a header block.
pub(super) fn glimpse(session: &mut Session, uid: u32, items: &str) -> (Option<Vec<u8>>, Option<ImapError>) {
    let (came, fault) = session.uid_fetch_as_far(&uid.to_string(), items, REST);
    let header = came.into_iter().filter(|f| f.uid == uid).find_map(|f| f.header.or(f.envelope));
    let header = header.filter(|header| header.contains(&b':'));
    (header, fault)
}

#[cfg(test)]
#[path = "portion_tests.rs"]
mod tests;
