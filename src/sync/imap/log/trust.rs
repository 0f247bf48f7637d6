//! Which mails of the folder count.
//!
//! Where a server files mail to an address with a tag (support+Postroom@) into the folder of that name, anybody who can send mail can put
//! one there, records and all. What a server delivers it marks with fields that a mail which a client puts there lacks. So a mail counts
//! where it is signed, however it came, and an unsigned one where it was not delivered.

use std::collections::{BTreeMap, BTreeSet};

use super::sign::{Fingerprint, Key, Keys, Signature};
use crate::store::LogPlace;

/// Fields that servers write into a mail which they deliver, in lower case: RFC 5321 section 4.4 and what Postfix, Exim, qmail, Dovecot,
/// Cyrus, Gmail and Fastmail write beside.
const DELIVERED: &[&[u8]] = &[
    b"received",
    b"return-path",
    b"delivered-to",
    b"x-delivered-to",
    b"x-original-to",
    b"x-resolved-to",
    b"envelope-to",
    b"x-envelope-to",
    b"delivery-date",
    b"x-received",
    b"x-sieve",
];

/// The longest name among them, and blanks.
const NAME_MAX: usize = 64;

/// Tells whether the header of a mail says that it was delivered.
pub fn is_delivered(raw: &[u8]) -> bool {
    for line in raw.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return false;
        }
        // What is folded belongs to the field above: a long subject can break in front of any word.
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().take(NAME_MAX).position(|byte| *byte == b':') else { continue };
        let name = line.get(..colon).unwrap_or_default().trim_ascii().to_ascii_lowercase();
        if DELIVERED.contains(&name.as_slice()) {
            return true;
        }
    }
    false
}

/// What decides whether a mail counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its UID.
    pub uid: u32,
    /// Who signed it.
    pub signature: Signature,
    /// Whether its header says that it was delivered.
    pub delivered: bool,
}

/// A key that counts.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The key.
    pub key: Key,
    /// The UID at which it stands under the folder's UIDVALIDITY: that of the lowest mail that ever held it there.
    pub uid: Option<u32>,
    /// The UID of a mail that holds it.
    pub here: Option<u32>,
    /// The keys that it takes the place of.
    pub replaces: BTreeSet<Fingerprint>,
}

/// What is known of a folder that decides which of its mails count.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    validity: u32,
    keys: Keys,
    counted: BTreeMap<Fingerprint, Counted>,
    /// The highest UID of mails that a replaced key signs.
    until: BTreeMap<Fingerprint, u32>,
    /// Whether the server writes the fields of delivery into mails that clients put there: then they say nothing.
    pub adds_headers: bool,
    /// Keys that the config names: they count wherever they stand.
    pub named: BTreeSet<Fingerprint>,
    /// All mails up to this UID count, because somebody looked at them.
    pub looked_at: Option<u32>,
    /// From where on the team wants signatures, or not, in the order of the log.
    pub signing: Vec<(LogPlace, bool)>,
}

impl Trust {
    /// Begins with no key in a folder with this UIDVALIDITY.
    pub fn new(validity: u32) -> Self {
        Self { validity, ..Self::default() }
    }

    /// Takes in a key that counts.
    pub fn add(&mut self, counted: Counted) {
        let fingerprint = counted.key.fingerprint();
        self.keys.insert(fingerprint, counted.key);
        match self.counted.get_mut(&fingerprint) {
            Some(known) => {
                known.uid = [known.uid, counted.uid].into_iter().flatten().min();
                known.here = known.here.max(counted.here);
                known.replaces.extend(counted.replaces);
            }
            None => drop(self.counted.insert(fingerprint, counted)),
        }
        self.until.clear();
        for (by, counted) in &self.counted {
            // A key that takes the place of itself says nothing.
            for replaced in counted.replaces.iter().filter(|replaced| *replaced != by) {
                // One that does not stand in the folder yet ends nothing there.
                let uid = counted.uid.unwrap_or(u32::MAX);
                self.until.entry(*replaced).and_modify(|until| *until = uid.min(*until)).or_insert(uid);
            }
        }
    }

    /// Returns the keys that signatures are tried with.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Returns a key that counts.
    pub fn counted(&self, fingerprint: Fingerprint) -> Option<&Counted> {
        self.counted.get(&fingerprint)
    }

    /// Returns all keys that count.
    pub fn all(&self) -> impl Iterator<Item = (Fingerprint, &Counted)> {
        self.counted.iter().map(|(fingerprint, counted)| (*fingerprint, counted))
    }

    /// Returns up to which UID a replaced key counts.
    pub fn until(&self, fingerprint: Fingerprint) -> Option<u32> {
        self.until.get(&fingerprint).copied()
    }

    /// Returns the key that is signed with: the one that came last of those that none replaces. Any does for readers.
    pub fn newest(&self) -> Option<Key> {
        let standing = self.counted.iter().filter(|(fingerprint, _)| !self.until.contains_key(fingerprint));
        standing.max_by_key(|(fingerprint, counted)| (counted.uid, **fingerprint)).map(|(_, counted)| counted.key)
    }

    /// Tells whether the team wants a signature at this UID.
    fn wants_signature(&self, uid: u32) -> bool {
        let below = |place: &LogPlace| place.validity != self.validity || place.uid < uid;
        self.signing.iter().rev().find(|(place, _)| below(place)).is_some_and(|(_, signed)| *signed)
    }

    /// Tells whether a mail counts by its signature, however it came.
    pub fn is_signed(&self, mark: &Mark) -> bool {
        let Signature::Good(by) = mark.signature else { return false };
        self.counted.contains_key(&by) && self.until(by).is_none_or(|until| mark.uid <= until)
    }

    /// Tells whether a mail counts.
    pub fn accepts(&self, mark: &Mark) -> bool {
        let as_before = (!mark.delivered || self.adds_headers) && !self.wants_signature(mark.uid);
        self.looked_at.is_some_and(|up_to| mark.uid <= up_to) || as_before || self.is_signed(mark)
    }

    /// Tells whether a mail that was judged so must be read again: what is known now says something else.
    pub fn differs(&self, mark: &Mark, accepted: bool) -> bool {
        let may_be_signed = matches!(mark.signature, Signature::Unknown(by) if self.counted.contains_key(&by));
        self.accepts(mark) != accepted || (may_be_signed && !accepted)
    }
}

#[cfg(test)]
#[path = "trust_tests.rs"]
mod tests;
