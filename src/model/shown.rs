//! What a front end showed of a conversation when somebody decided about it: it travels with the wish, so that nothing is done to mail
//! that nobody saw. As a mark it goes through pipes.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::model::ids::{ConversationId, Handle, MessageId};
use crate::model::message::AsOf;
use crate::model::view::ConversationRow;

/// A conversation as it was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub id: ConversationId,
    /// How far its messages were shown; `None` where it had none.
    pub as_of: Option<AsOf>,
    /// Who had it.
    pub assignee: Option<Handle>,
    /// Whether it was shown that all of its mail had left.
    pub gone: bool,
}

impl From<&ConversationRow> for Shown {
    fn from(row: &ConversationRow) -> Self {
        Self { id: row.id.clone(), as_of: row.as_of.clone(), assignee: row.assignee.clone(), gone: row.gone }
    }
}

/// A second that no message arrives in: the mark of a conversation that showed none.
const NO_SECOND: i64 = -(1 << 47);
/// Bytes of a mark in front of the assignee: one to check them all, six of the second, four of the messages.
const FIXED: usize = 11;

/// Behind the assignee in the mark of a conversation all of whose mail had left; no handle holds it.
const GONE: &str = "!";

/// The mark of what was shown, as `list --format ids` prints it behind the id: letters and digits that mean nothing to a person.
///
/// It holds the second of the newest message, a hash of the messages of that second, and the assignee: all that makes an [`AsOf`] again
/// while no other mail has come in that second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The second in which the newest message arrived that was shown, in seconds since 1970; `None` where none was.
    pub at: Option<i64>,
    /// Who had it.
    pub assignee: Option<Handle>,
    /// Whether it was shown that all of its mail had left.
    pub gone: bool,
    messages: [u8; 4],
}

impl Mark {
    /// Makes the mark of what was shown.
    pub fn of(as_of: Option<&AsOf>, assignee: Option<&Handle>) -> Self {
        Self {
            at: as_of.map(|as_of| as_of.at),
            assignee: assignee.cloned(),
            gone: false,
            messages: hash_of(as_of.map_or(&[], |as_of| as_of.ids.as_slice())),
        }
    }

    /// Returns the mark of a row of the list.
    pub fn of_row(row: &ConversationRow) -> Self {
        Self { gone: row.gone, ..Self::of(row.as_of.as_ref(), row.assignee.as_ref()) }
    }

    /// Reads what [`fmt::Display`] wrote; `None` for anything else, such as the domain of a Message-ID.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = crate::model::ids::base32().decode(text.as_bytes()).ok()?;
        let (check, rest) = bytes.split_first()?;
        let (fixed, handle) = rest.split_at_checked(FIXED - 1)?;
        if *check != check_of(rest) {
            return None;
        }
        let (at, messages) = fixed.split_first_chunk::<6>()?;
        let [a, b, c, d, e, f] = *at;
        // The sign of 48 bits.
        let at = i64::from_be_bytes([a, b, c, d, e, f, 0, 0]) >> 16;
        let handle = std::str::from_utf8(handle).ok()?;
        let (handle, gone) = handle.strip_suffix(GONE).map_or((handle, false), |handle| (handle, true));
        let assignee = if handle.is_empty() { None } else { Some(Handle::new(handle).ok()?) };
        let messages = messages.first_chunk::<4>().copied()?;
        Some(Self { at: (at != NO_SECOND).then_some(at), assignee, gone, messages })
    }

    /// Returns how far was shown where these are the messages of the mark's second now. Where others have come in that second nothing of
    /// it counts as shown.
    pub fn as_of(&self, mut now: Vec<MessageId>) -> Option<AsOf> {
        now.sort();
        now.dedup();
        let at = self.at?;
        Some(AsOf { at, ids: if hash_of(&now) == self.messages { now } else { Vec::new() } })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [_, _, at @ ..] = self.at.unwrap_or(NO_SECOND).to_be_bytes();
        let handle = self.assignee.as_ref().map_or("", Handle::as_str);
        let gone = if self.gone { GONE } else { "" };
        let rest: Vec<u8> = at.into_iter().chain(self.messages).chain(handle.bytes()).chain(gone.bytes()).collect();
        let all: Vec<u8> = std::iter::once(check_of(&rest)).chain(rest).collect();
        f.write_str(&crate::model::ids::base32().encode(&all))
    }
}

fn hash_of(ids: &[MessageId]) -> [u8; 4] {
    let mut hash = Sha256::new();
    for id in ids {
        hash.update(id.as_str().as_bytes());
        hash.update(b"\n");
    }
    let mut short = [0; 4];
    short.iter_mut().zip(hash.finalize()).for_each(|(short, byte)| *short = byte);
    short
}

fn check_of(bytes: &[u8]) -> u8 {
    Sha256::digest(bytes).first().copied().unwrap_or(0)
}

#[cfg(test)]
#[path = "shown_tests.rs"]
mod tests;
