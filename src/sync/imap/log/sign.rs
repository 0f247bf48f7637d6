//! Keys of the log and what is signed with them.
//!
//! A signature says that whoever wrote a mail could read the log's folder, not which person it was: everybody with the mailbox's password
//! has the key. It keeps out who can only send mail.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::{Digest as _, Sha256};

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Bytes of a fingerprint and of a signature: the first half of SHA-256.
const HALF: usize = 16;
/// How the line begins that signs a mail. It stands behind the end of the records, where older versions have stopped reading.
const SIGNED: &str = "-- signed ";

/// What a key is called where it must not be shown: the first 128 bits of its SHA-256, in hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; HALF]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

/// What is not the 32 hex digits of a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 32 hex digits")]
pub struct NoFingerprint;

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = HEXLOWER.decode(text.trim().to_ascii_lowercase().as_bytes()).map_err(|_| NoFingerprint)?;
        Ok(Self(bytes.try_into().map_err(|_| NoFingerprint)?))
    }
}

/// A key of the log: 256 random bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; KEY_BYTES]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.fingerprint())
    }
}

impl Key {
    /// Makes a key; `None` where the system gives no random numbers.
    pub fn random() -> Option<Self> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Reads 64 hex digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }

    /// Returns it as 64 hex digits.
    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// Returns what it is called.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut first = [0; HALF];
        first.iter_mut().zip(Sha256::digest(self.0)).for_each(|(to, from)| *to = from);
        Fingerprint(first)
    }
}

/// Keys by their fingerprints.
pub type Keys = BTreeMap<Fingerprint, Key>;

/// Who signed a mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signature {
    /// Nobody.
    #[default]
    None,
    /// Somebody with a key that is not known.
    Unknown(Fingerprint),
    /// It says this key, and was not signed with it or is not what was signed.
    Bad(Fingerprint),
    /// Somebody with this key.
    Good(Fingerprint),
}

/// Takes in what is signed: the values of a mail as they stand between its markers, once that is unwrapped and unpacked.
pub(super) struct Sealing(Hmac<Sha256>);

impl Sealing {
    /// Begins with what the values are.
    pub fn new(key: &Key, kind: &str, format: u32) -> Option<Self> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).ok()?;
        mac.update(format!("postroom {kind}, format {format}\n").as_bytes());
        Some(Self(mac))
    }

    pub fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Writes the line that says so.
    pub fn line(self, key: &Key) -> String {
        let sum = self.0.finalize().into_bytes();
        let half: Vec<u8> = sum.iter().take(HALF).copied().collect();
        format!("{SIGNED}{} {} --", key.fingerprint(), HEXLOWER.encode(&half))
    }

    /// Tells, in a time that does not depend on where they differ, whether that was signed.
    pub fn is(self, seal: &Seal) -> bool {
        self.0.verify_truncated_left(&seal.sum).is_ok()
    }
}

/// What the line of a mail says that signs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seal {
    pub by: Fingerprint,
    sum: [u8; HALF],
}

impl Seal {
    /// Reads the line.
    pub fn read(line: &str) -> Option<Self> {
        let (by, sum) = line.trim().strip_prefix(SIGNED)?.strip_suffix(" --")?.trim().split_once(' ')?;
        let sum = HEXLOWER.decode(sum.trim().as_bytes()).ok()?.try_into().ok()?;
        Some(Self { by: by.parse().ok()?, sum })
    }
}
