//! Identities: messages, conversations, operations, inboxes, agents, tags.
//!
//! Each is a newtype, so that one can't be passed for another. The constructors are the only way in, and they keep the
//! bounds that the rest of the program relies on.

use std::borrow::Cow;
use std::fmt;

use data_encoding::Encoding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;

/// The longest Message-ID kept, in bytes; RFC 5322 section 2.1.1 bounds a line to 998, and a longer one is hashed.
pub const MESSAGE_ID_MAX: usize = 996;
/// The fewest characters of a conversation id that are ever shown.
pub const SHORT_ID_MIN: usize = 4;

macro_rules! string_id {
    ($name:ident) => {
        impl $name {
            /// Returns the identity as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

/// A mail's Message-ID without its angle brackets (RFC 5322 section 3.6.4).
///
/// Operations are anchored on these, because every client of a mailbox sees the same ones. The log can hold anything, so what comes from
/// there is read as from a header.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(String);
string_id!(MessageId);

impl TryFrom<String> for MessageId {
    type Error = BadName;
    fn try_from(given: String) -> Result<Self, BadName> {
        Self::new(&given).ok_or_else(|| bad_name("Message-ID", &given, phrase!("name-empty")))
    }
}

impl From<MessageId> for String {
    fn from(id: MessageId) -> String {
        id.0
    }
}

/// How ids end that a mail does not carry itself.
const DERIVED: &str = "@derived.postroom.invalid";
/// How the ids of messages of a chat end.
const CHAT: &str = ".msg@postroom.invalid";

impl MessageId {
    /// Reads an id as it stands in a header: brackets, folding white space and control bytes are dropped. Returns `None`
    /// when nothing is left. Over [`MESSAGE_ID_MAX`] bytes it is replaced by a hash of itself. What it returns it reads as just that.
    pub fn new(raw: &str) -> Option<Self> {
        let seen = raw.trim();
        // Nearly all are as they should be, and each one kept is read back through here.
        let seen = if seen.bytes().all(|byte| byte.is_ascii_graphic()) {
            Cow::Borrowed(seen)
        } else {
            Cow::Owned(seen.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect())
        };
        let bare = seen.trim_start_matches('<').trim_end_matches('>');
        match bare.len() {
            0 => None,
            n if n > MESSAGE_ID_MAX => Some(Self(format!("{}@long.postroom.invalid", hex_digest(bare.as_bytes())))),
            _ => Some(Self(bare.to_owned())),
        }
    }

    /// Derives the id of a mail that carries none from its bytes, so that every client derives the same one.
    pub fn derived(bytes: &[u8]) -> Self {
        Self(format!("{}{DERIVED}", hex_digest(bytes)))
    }

    /// Tells whether the mail itself carries no id, and this one was derived from its headers.
    pub fn is_derived(&self) -> bool {
        self.0.ends_with(DERIVED)
    }

    /// Tells whether it is the id of a message of a chat: channels make the same one of the same message, so two with it are one.
    pub fn is_chat(&self) -> bool {
        self.0.ends_with(CHAT)
    }

    /// Makes the id of a copy of a draft, which is never the id that the mail is sent with. `unique` tells it from all others.
    pub fn of_draft_copy(unique: Uuid, domain: &str) -> Option<Self> {
        Self::new(&format!("{DRAFT_COPY}{unique}@{domain}"))
    }

    /// Tells whether [`MessageId::of_draft_copy`] may have made it. Anybody can write such an id: alone it proves nothing.
    pub fn is_draft_copy(&self) -> bool {
        self.0.starts_with(DRAFT_COPY)
    }
}

/// Behind the `@` in the ids of messages that only stand for a mail which can't be had.
pub const STAND_IN_DOMAIN: &str = "set-aside.postroom.invalid";

impl MessageId {
    /// Tells whether it is the id of a message that stands for a mail which can't be had. Anybody can write such an id: alone it proves
    /// nothing.
    pub fn is_stand_in(&self) -> bool {
        self.0.strip_suffix(STAND_IN_DOMAIN).is_some_and(|local| local.ends_with('@'))
    }

    /// Returns the record, or the snapshot, that the id of a mail of the team's log names. Anybody can write such an id: alone it
    /// proves nothing.
    pub fn log_record(&self) -> Option<OpId> {
        let (local, _) = self.0.rsplit_once('@').filter(|_| self.is_of_log())?;
        local.split_once('.')?.0.parse().ok()
    }

    /// Tells whether the mails of the team's log bear such ids. Anybody can write one: alone it proves nothing.
    pub fn is_of_log(&self) -> bool {
        let domain = self.0.rsplit_once('@').map_or("", |(_, domain)| domain);
        matches!(domain, "log.postroom.invalid" | "snapshot.postroom.invalid")
    }
}

/// How the ids of copies of drafts begin.
const DRAFT_COPY: &str = "postroom-draft.";

/// A conversation's full id: 26 letters and digits of a hash of its thread root.
///
/// It changes when an older root turns up; the store keeps resolving every id that it ever showed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ConversationId(String);
string_id!(ConversationId);

impl ConversationId {
    /// Returns the id of the conversation whose thread root is `root`.
    pub fn of_root(root: &MessageId) -> Self {
        let digest = Sha256::digest(root.as_str().as_bytes());
        let bits: Vec<u8> = digest.iter().copied().take(16).collect();
        let mut text = ALPHABET.encode(&bits);
        text.truncate(26);
        Self(text)
    }

    /// How many characters an id has.
    pub const LEN: usize = 26;

    /// Reads an id, or the beginning of one, as a person types it: case, `o`/`0` and `i`/`l`/`1` don't matter. Returns `None`
    /// when it can't be one.
    pub fn normalise(typed: &str) -> Option<String> {
        let folded: String = typed.trim().chars().map(fold_letter).collect::<Option<_>>()?;
        ((1..=Self::LEN).contains(&folded.len())).then_some(folded)
    }

    /// Takes an id back from where it was kept; the caller vouches that [`ConversationId::of_root`] made it.
    pub fn from_kept(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// Crockford's base 32, in lower case: no `i`, `l`, `o`, `u`, so an id can be read aloud and never spells much.
static ALPHABET: std::sync::LazyLock<Encoding> = std::sync::LazyLock::new(|| {
    let mut spec = data_encoding::Specification::new();
    spec.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    spec.encoding().unwrap_or(data_encoding::BASE32HEX_NOPAD)
});

/// The alphabet of everything that is short and for people to copy.
pub(super) fn base32() -> &'static Encoding {
    &ALPHABET
}

fn fold_letter(c: char) -> Option<char> {
    match c.to_ascii_lowercase() {
        'o' => Some('0'),
        'i' | 'l' => Some('1'),
        'u' => None,
        c if c.is_ascii_alphanumeric() => Some(c),
        _ => None,
    }
}

fn hex_digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let half: Vec<u8> = digest.iter().copied().take(16).collect();
    data_encoding::HEXLOWER.encode(&half)
}

/// The id of one operation record: a UUIDv7, or a name-based one where every client must derive the same (rules).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct OpId(#[schemars(with = "String")] pub Uuid);

impl OpId {
    /// Returns the id that every client derives for what `rule` does about `message`.
    pub fn derived(rule: &str, message: &MessageId) -> Self {
        let name = format!("{rule}\n{message}");
        Self(Uuid::new_v5(&RULES, name.as_bytes()))
    }

    /// Returns the id of one of the several records that an operation with this given id becomes, the same on every client: that of the
    /// account whose first inbox has this address, and there the `part`th, counted from 0.
    #[must_use]
    pub fn part(self, address: &str, part: usize) -> Self {
        let name = format!("{}\n{part}", address.to_lowercase());
        Self(Uuid::new_v5(&self.0, name.as_bytes()))
    }
}

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for OpId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// The namespace of derived operation ids (RFC 9562 section 5.5); never to be changed, or rules would run twice.
const RULES: Uuid = Uuid::from_u128(0x6f2d_1c0e_53a4_4e0b_9a77_70c1_5d0f_2a11);

/// What is wrong with a name that a person or the log gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadName {
    /// `tag`, `agent`, `inbox`, `Message-ID`.
    pub what: &'static str,
    /// What was given, cut to 80 characters.
    pub given: String,
    /// The rule that it broke, and so the remedy.
    pub why: Phrase,
}

impl BadName {
    /// Returns what it says.
    pub fn phrase(&self) -> Phrase {
        let given = in_quotes(&self.given);
        phrase!("name-bad", what = self.what, given = given, why = self.why.clone())
    }
}

fn bad_name(what: &'static str, given: &str, why: Phrase) -> BadName {
    BadName { what, given: given.chars().take(80).collect(), why }
}

fn plain_name(what: &'static str, given: &str, max: usize) -> Result<String, BadName> {
    let bad = |why| bad_name(what, given, why);
    // Some letters become two in lower case; what is kept is what is measured.
    let text = given.trim().to_lowercase();
    if text.is_empty() {
        return Err(bad(phrase!("name-empty")));
    }
    if text.chars().count() > max {
        return Err(bad(phrase!("too-long")));
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || ",:\"'()<>".contains(c)) {
        return Err(bad(phrase!("name-letters")));
    }
    if text.starts_with(['-', '+', '@', '#']) {
        return Err(bad(phrase!("name-first")));
    }
    if !text.chars().all(crate::model::text::is_drawable) {
        return Err(bad(phrase!("name-invisible")));
    }
    Ok(text)
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident, $what:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);
        string_id!($name);
        impl $name {
            /// Reads a name, in lower case.
            ///
            /// # Errors
            /// Says which rule of names it breaks.
            pub fn new(given: &str) -> Result<Self, BadName> {
                plain_name($what, given, $max).map(Self)
            }
        }
        impl TryFrom<String> for $name {
            type Error = BadName;
            fn try_from(given: String) -> Result<Self, BadName> {
                Self::new(&given)
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }
        impl std::str::FromStr for $name {
            type Err = BadName;
            fn from_str(given: &str) -> Result<Self, BadName> {
                Self::new(given)
            }
        }
    };
}

named!(
    /// An agent's handle, such as `alice`: 1 to 64 characters.
    Handle, "agent", 64
);
named!(
    /// A tag, such as `billing/late`: 1 to 64 characters.
    Tag, "tag", 64
);
named!(
    /// An inbox's name, such as `support`: 1 to 64 characters.
    InboxId, "inbox", 64
);
named!(
    /// An account's name, such as `main`: 1 to 64 characters.
    AccountId, "account", 64
);

#[cfg(test)]
#[path = "ids_tests.rs"]
mod tests;
