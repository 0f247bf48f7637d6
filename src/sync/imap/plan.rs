//! What to fetch, and in which order. Pure: numbers in, numbers out.
//!
//! Newest first, in portions that bound memory and what an interruption costs. Nothing that a server says is expanded beyond what is
//! known here, because ranges cost it nothing.

use std::ops::RangeInclusive;

use super::session::{Capabilities, FolderState};
use crate::model::clock::Timestamp;
use crate::store::Folder;

/// The most bytes in one portion, as far as sizes are told truly.
pub const PORTION_BYTES: u64 = 2 << 20;
/// The most messages in one portion.
pub const PORTION_MESSAGES: usize = 500;
/// The first portion is small: a screenful is there at once.
pub const FIRST_MESSAGES: usize = 50;
/// Where a server has no MODSEQ, the flags of this many newest messages are read again in each pass.
pub const FLAG_WINDOW: usize = 500;
/// In each such pass the flags of this many older messages are read again too, another stretch of them each time.
pub const FLAG_STRETCH: usize = 500;
/// The width of the first window of UIDs that is asked for; each further one is four times as wide, up to [`WINDOW_MAX`].
const WINDOW_FIRST: u32 = 1000;
/// The widest window.
const WINDOW_MAX: u32 = 32_000;
/// A folder in which nothing seems to change is opened after this time, in milliseconds, to see whether its mails are still the same.
const CHECK_AFTER: i64 = 10 * 60_000;
/// So much of a header is fetched while the body stays on the server, in bytes; the rest comes with the body. What a list, a search or
/// threading reads of a mail fits many times.
pub const HEADER_MAX: u64 = 64 << 10;
/// What a message without a size counts as, in bytes.
const UNKNOWN_SIZE: u64 = 64 << 10;

/// How changes are learned of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One command tells what changed and what went (RFC 7162 section 3.2).
    Qresync,
    /// Flags by MODSEQ, what went by comparing (RFC 7162 section 3.1).
    Condstore,
    /// UIDs only.
    Plain,
}

impl Mode {
    /// Chooses the best that the server offers.
    pub fn of(capabilities: &Capabilities) -> Self {
        if capabilities.has("QRESYNC") && capabilities.has("ENABLE") {
            Mode::Qresync
        } else if capabilities.has("CONDSTORE") {
            Mode::Condstore
        } else {
            Mode::Plain
        }
    }
}

/// Tells whether a folder can be left closed, from what STATUS says. `here` is how many of its messages are here.
pub fn is_unchanged(mode: Mode, folder: &Folder, here: u32, state: &FolderState) -> bool {
    let complete = folder.last_pass.is_some() && folder.uid_next.is_some();
    let same = folder.validity == state.validity && folder.uid_next == state.uid_next;
    let flags = match mode {
        Mode::Qresync | Mode::Condstore => state.modseq.is_some_and(|n| n > 0) && folder.modseq == state.modseq,
        // Changed flags don't show in the STATUS of such a server.
        Mode::Plain => here == 0,
    };
    complete && same && flags && state.messages == Some(here) && !went_back(folder, state)
}

/// Tells whether UIDNEXT or HIGHESTMODSEQ is less than it was under the same UIDVALIDITY: the server was restored from a backup, and its
/// UIDs may name other mails than those that are here. What was not told says nothing.
pub fn went_back(folder: &Folder, told: &FolderState) -> bool {
    fn lower<T: PartialOrd>(told: Option<T>, seen: Option<T>) -> bool {
        told.zip(seen).is_some_and(|(told, seen)| told < seen)
    }
    let (next, modseq) = seen(folder);
    let same = told.validity.is_none() || folder.validity == told.validity;
    same && (lower(told.uid_next, next) || lower(told.modseq.filter(|n| *n > 0), modseq))
}

/// The highest UIDNEXT and HIGHESTMODSEQ that a folder is known to have had.
fn seen(folder: &Folder) -> (Option<u32>, Option<u64>) {
    let fetched = folder.highest_fetched.map(|uid| uid.saturating_add(1));
    (folder.uid_next.max(folder.seen_next).max(fetched), folder.modseq.max(folder.seen_modseq))
}

/// Tells whether the server tells more than it ever did, which is to be remembered.
pub fn went_on(folder: &Folder, uid_next: u32, modseq: Option<u64>) -> bool {
    let (next, highest) = seen(folder);
    Some(uid_next) > next || modseq > highest
}

/// Tells whether a folder is to be opened though nothing seems to have changed: after a restore all numbers can be as they were, and only
/// the mails tell.
pub fn is_to_check(folder: &Folder, now: Timestamp) -> bool {
    folder.last_pass.is_some_and(|last| now.since(last) > CHECK_AFTER)
}

/// Tells whether something that a server said of a folder is not what the last pass over it ended with. What was not told is as it was;
/// where nothing was told, it is that something happened.
pub fn differs(folder: &Folder, state: &FolderState) -> bool {
    fn other<T: PartialEq>(kept: Option<T>, told: Option<T>) -> bool {
        told.is_some() && kept != told
    }
    folder.last_pass.is_none()
        || *state == FolderState::default()
        || other(folder.validity, state.validity)
        || other(folder.uid_next, state.uid_next)
        || other(folder.messages, state.messages)
        || other(folder.modseq, state.modseq.filter(|n| *n > 0))
}

/// Chooses the messages whose flags are read again where no MODSEQ tells which changed: the newest of the sorted `here`, and a stretch of
/// older ones below the UID `below`, so that all have their turn. Returns their ranges, and below which UID the next pass goes on.
pub fn flag_windows(here: &[u32], below: Option<u32>) -> (Vec<RangeInclusive<u32>>, Option<u32>) {
    let (old, new) = here.split_at(here.len().saturating_sub(FLAG_WINDOW));
    let end = match below.map_or(0, |below| old.partition_point(|uid| *uid < below)) {
        0 => old.len(),
        end => end,
    };
    let stretch = old.get(end.saturating_sub(FLAG_STRETCH)..end).unwrap_or_default();
    let span = |uids: &[u32]| Some(*uids.first()?..=*uids.last()?);
    (span(stretch).into_iter().chain(span(new)).collect(), stretch.first().copied())
}

/// How the kept UIDs of a folder relate to the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing is kept, or a first pass was interrupted.
    Fresh,
    /// The kept UIDs are void: messages are found again by who they are.
    Renumbered,
    /// So they are, though UIDVALIDITY is the same: the server was restored from a backup.
    Restored,
    /// All below this UID was here at the end of the last pass.
    From(u32),
}

/// Compares UIDVALIDITY (RFC 3501 section 2.3.1.1), and whether the other numbers went back under it.
pub fn start(folder: &Folder, validity: u32, told: &FolderState) -> Start {
    match (folder.validity, folder.uid_next) {
        (Some(kept), _) if kept != validity => Start::Renumbered,
        (Some(_), _) if went_back(folder, told) => Start::Restored,
        (Some(_), Some(next)) if folder.last_pass.is_some() => Start::From(next.max(1)),
        _ => Start::Fresh,
    }
}

/// Cuts the UIDs from `lowest` to `highest` into windows, the newest first.
pub fn windows(lowest: u32, highest: u32) -> Vec<RangeInclusive<u32>> {
    let lowest = lowest.max(1);
    let mut windows = Vec::new();
    let (mut top, mut width) = (highest, WINDOW_FIRST);
    while top >= lowest {
        let bottom = top.saturating_sub(width - 1).max(lowest);
        windows.push(bottom..=top);
        if bottom == lowest {
            break;
        }
        top = bottom - 1;
        // Servers may number as they like, so the windows are bounded in count as well.
        width = if windows.len() > 200 { u32::MAX } else { width.saturating_mul(4).min(WINDOW_MAX) };
    }
    windows
}

/// A portion of messages to fetch in one go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Portion {
    /// UIDs of messages to fetch whole, ascending.
    pub whole: Vec<u32>,
    /// UIDs of messages of which only the headers are fetched, ascending.
    pub headers: Vec<u32>,
    /// The bytes that come: of the whole ones as the server claims, of the others at most.
    pub bytes: u64,
}

impl Portion {
    /// Returns how many messages it has.
    pub fn len(&self) -> usize {
        self.whole.len() + self.headers.len()
    }

    /// Tells whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the UID of the message that is asked for first.
    pub fn first(&self) -> Option<u32> {
        self.whole.first().or(self.headers.first()).copied()
    }

    /// Returns what is left of it when the messages with these UIDs, in order, have come.
    #[must_use]
    pub fn without(&self, came: &[u32]) -> Self {
        Self { whole: without(&self.whole, came), headers: without(&self.headers, came), bytes: self.bytes }
    }

    /// Splits a portion that failed: the halves of what is left, then by itself the message at which it stopped, because most servers
    /// answer in order.
    pub fn split(&self) -> Vec<Self> {
        let Some(first) = self.first() else { return Vec::new() };
        let rest = self.without(&[first]);
        let (whole, headers) = (halves(&rest.whole), halves(&rest.headers));
        let mut parts = vec![
            Self { whole: whole.0, headers: headers.0, bytes: self.bytes },
            Self { whole: whole.1, headers: headers.1, bytes: self.bytes },
            Self {
                whole: self.whole.iter().copied().filter(|uid| *uid == first).collect(),
                headers: self.headers.iter().copied().filter(|uid| *uid == first).collect(),
                bytes: self.bytes,
            },
        ];
        parts.retain(|part| !part.is_empty());
        parts
    }
}

fn halves(uids: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let (left, right) = uids.split_at(uids.len().div_ceil(2));
    (left.to_vec(), right.to_vec())
}

/// Cuts messages (UID and claimed size) into portions, the newest first. Those over `body_limit` bytes come as headers. `first` makes
/// the first portion small.
pub fn portions(mut messages: Vec<(u32, Option<u64>)>, body_limit: u64, first: bool) -> Vec<Portion> {
    // A change of flags that comes in between tells no size.
    messages.sort_unstable_by_key(|(uid, size)| (std::cmp::Reverse(*uid), size.is_none()));
    messages.dedup_by_key(|(uid, _)| *uid);
    let mut portions: Vec<Portion> = Vec::new();
    let mut portion = Portion::default();
    for (uid, size) in messages {
        let size = size.unwrap_or(UNKNOWN_SIZE);
        let most = if first && portions.is_empty() { FIRST_MESSAGES } else { PORTION_MESSAGES };
        let weight = if size > body_limit { size.min(HEADER_MAX) } else { size };
        let full = portion.len() >= most || portion.bytes.saturating_add(weight) > PORTION_BYTES;
        if full && !portion.is_empty() {
            portions.push(std::mem::take(&mut portion));
        }
        if size > body_limit {
            portion.headers.push(uid);
        } else {
            portion.whole.push(uid);
        }
        portion.bytes = portion.bytes.saturating_add(weight);
    }
    portions.push(portion);
    portions.retain(|p| !p.is_empty());
    for portion in &mut portions {
        portion.whole.reverse();
        portion.headers.reverse();
    }
    portions
}

/// Returns which of the sorted `here` lie in `ranges`.
pub fn within(here: &[u32], ranges: &[RangeInclusive<u32>]) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    for range in ranges {
        let from = here.partition_point(|uid| uid < range.start());
        found.extend(here.get(from..).unwrap_or_default().iter().take_while(|uid| range.contains(uid)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns what of the sorted `these` is not in the sorted `those`.
pub fn without(these: &[u32], those: &[u32]) -> Vec<u32> {
    these.iter().copied().filter(|uid| those.binary_search(uid).is_err()).collect()
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
