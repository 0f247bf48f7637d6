//! A mail of ours made into bytes that nothing on the way has a reason to change.
//!
//! Pure: no clock, no randomness, no files. The same [`Mail`] gives the same bytes, so a mail can be built once, kept, sent and filed.
//! Parts, transfer encodings and file names are `lettre`'s; header fields are written here, because lettre lets control bytes and
//! look-alikes of encoded words through and does not bound lines.

mod flowed;
mod header;
mod html;
mod part;
mod reply;

use std::borrow::Cow;

pub use flowed::{flow, unflow};
pub use reply::attribution;

use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;
use crate::model::phrase::Phrase;
use crate::model::reply::Identity;
use crate::model::text::in_quotes;

/// The most ids in `References`: the first, and the newest of the rest.
pub const REFERENCES_MAX: usize = 40;
/// The most bytes of `References`: servers refuse or cut longer fields.
const REFERENCES_BYTES_MAX: usize = 3_900;
/// The most bytes of one id in `References`; with brackets and a space it stays far below the 998 of RFC 5322 section 2.1.1.
const REFERENCE_BYTES_MAX: usize = 900;
/// The most recipients of one mail.
pub const RECIPIENTS_MAX: usize = 1000;

/// What a mail is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// The Message-ID, fixed by the caller before anything is sent.
    pub message_id: Option<MessageId>,
    /// The `Date`.
    pub date: Timestamp,
    /// From whom.
    pub identity: Identity,
    /// The inbox's address.
    pub inbox: Address,
    /// The agent's address; needed unless the identity is [`Identity::SendAs`].
    pub agent: Option<Address>,
    /// `To`.
    pub to: Vec<Address>,
    /// `Cc`.
    pub cc: Vec<Address>,
    /// `Bcc`: in [`Built::copy`] alone.
    pub bcc: Vec<Address>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Whether the text is Markdown and goes out as text and HTML.
    pub markdown: bool,
    /// The message that this one answers or forwards.
    pub parent: Option<Parent>,
    /// Whether it forwards the parent: it then belongs to the thread, but answers nothing.
    pub forward: bool,
    /// The HTML of the mail that is forwarded, fit to stand in ours; `None` goes as text alone.
    pub original: Option<String>,
    /// The line above the quote, which names its author as they name themselves: no Markdown. Empty where nothing is in_quotes.
    pub attribution: String,
    /// The files.
    pub files: Vec<File>,
    /// A calendar that answers an invitation, beside the text (RFC 6047 section 2.4).
    pub calendar: Option<String>,
    /// Whether a machine answers: `Auto-Submitted: auto-replied` (RFC 3834 section 5).
    pub automatic: bool,
}

/// What an answer needs of the message that it answers (RFC 5322 section 3.6.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    /// Its Message-ID.
    pub message_id: MessageId,
    /// Its `References`, or its `In-Reply-To` where it has exactly one id and no `References`.
    pub references: Vec<MessageId>,
}

/// A file with its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The name that the recipient sees.
    pub name: String,
    /// The media type.
    pub media: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The Content-ID by which the mail's HTML shows it (RFC 2392); empty where it is only attached.
    pub cid: String,
}

/// A mail ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// Our own copy, `Bcc` included; [`without_bcc`] makes of it what goes on the wire.
    pub copy: Vec<u8>,
    /// The envelope's sender: the inbox, so that bounces reach the team.
    pub from: String,
    /// The envelope's recipients, each once.
    pub recipients: Vec<String>,
    /// Whether an address needs SMTPUTF8 (RFC 6531).
    pub utf8: bool,
}

/// Why a mail can't be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadMail {
    /// No recipient.
    NoRecipient,
    /// Over [`RECIPIENTS_MAX`].
    TooManyRecipients(usize),
    /// Not an address.
    BadAddress(String),
    /// The identity needs the agent's address.
    NoAgentAddress,
    /// The Message-ID is missing or can't stand in a header.
    NoMessageId,
}

impl BadMail {
    /// Returns what it says.
    pub fn phrase(&self) -> Phrase {
        match self {
            BadMail::NoRecipient => phrase!("mail-no-recipient"),
            BadMail::TooManyRecipients(given) => {
                let (given, most) = (given.to_string(), RECIPIENTS_MAX.to_string());
                phrase!("mail-too-many-recipients", given = given, most = most)
            }
            BadMail::BadAddress(address) => phrase!("no-mail-address", given = in_quotes(address)),
            BadMail::NoAgentAddress => phrase!("mail-no-agent-address"),
            BadMail::NoMessageId => phrase!("mail-no-message-id"),
        }
    }
}

/// Makes the bytes.
///
/// # Errors
/// When an address is none, nobody is to receive it, or the identity lacks the agent's address.
pub fn build(mail: &Mail) -> Result<Built, BadMail> {
    let id = mail.message_id.as_ref().and_then(header::id_token).ok_or(BadMail::NoMessageId)?;
    let sender = Senders::of(mail)?;
    let to = wire_addresses(&mail.to)?;
    let cc = wire_addresses(&mail.cc)?;
    let bcc = wire_addresses(&mail.bcc)?;
    let recipients = envelope_recipients(&[&to, &cc, &bcc])?;
    let utf8 = std::iter::once(&sender.from)
        .chain(&sender.sender)
        .chain(&sender.reply_to)
        .chain(to.iter().chain(&cc).chain(&bcc))
        .any(|address| !address.email.is_ascii());
    let copy = write(mail, id, &sender, [&to, &cc, &bcc]);
    Ok(Built { copy, from: header::wire_address(&mail.inbox)?.email, recipients, utf8 })
}

/// Makes the bytes of a mail that is still being written, for other mail programs to show: it may lack anything but its Message-ID and
/// the inbox's address. What is no address yet is left out.
///
/// # Errors
/// When the Message-ID or the inbox's address can't be used.
pub fn build_draft(mail: &Mail) -> Result<Vec<u8>, BadMail> {
    let id = mail.message_id.as_ref().and_then(header::id_token).ok_or(BadMail::NoMessageId)?;
    let inbox = || Mail { identity: Identity::SendAs, ..mail.clone() };
    let sender = Senders::of(mail).or_else(|_| Senders::of(&inbox()))?;
    let whole = |given: &[Address]| -> Vec<Address> {
        given.iter().filter_map(|address| header::wire_address(address).ok()).take(RECIPIENTS_MAX).collect()
    };
    Ok(write(mail, id, &sender, [&whole(&mail.to), &whole(&mail.cc), &whole(&mail.bcc)]))
}

/// Writes a mail with its blind copies.
fn write(mail: &Mail, id: String, sender: &Senders, [to, cc, bcc]: [&Vec<Address>; 3]) -> Vec<u8> {
    let mut out = header::Fields::default();
    out.tokens("Message-ID", [id]);
    out.tokens("Date", [header::date(mail.date)]);
    out.addresses("From", std::slice::from_ref(&sender.from));
    if let Some(agent) = &sender.sender {
        out.addresses("Sender", std::slice::from_ref(agent));
    }
    if let Some(inbox) = &sender.reply_to {
        out.addresses("Reply-To", std::slice::from_ref(inbox));
    }
    if to.is_empty() && cc.is_empty() && !bcc.is_empty() {
        // RFC 5322 section 3.6.3 allows none, but filters count a missing To as a mark of spam.
        out.tokens("To", ["undisclosed-recipients:;".to_owned()]);
    } else if !to.is_empty() {
        out.addresses("To", to);
    }
    if !cc.is_empty() {
        out.addresses("Cc", cc);
    }
    if !bcc.is_empty() {
        out.addresses("Bcc", bcc);
    }
    out.text("Subject", &mail.subject);
    if let Some(parent) = &mail.parent {
        if !mail.forward {
            out.tokens("In-Reply-To", header::id_token(&parent.message_id));
        }
        out.tokens("References", references(parent));
    }
    if mail.automatic {
        out.tokens("Auto-Submitted", ["auto-replied".to_owned()]);
    }
    out.tokens("MIME-Version", ["1.0".to_owned()]);

    let mut copy = out.into_bytes();
    part::root(mail).write(&mut copy);
    copy
}

/// Who stands in the header of a mail.
struct Senders {
    from: Address,
    sender: Option<Address>,
    reply_to: Option<Address>,
}

impl Senders {
    fn of(mail: &Mail) -> Result<Self, BadMail> {
        let inbox = header::wire_address(&mail.inbox)?;
        let agent = || mail.agent.as_ref().ok_or(BadMail::NoAgentAddress).and_then(header::wire_address);
        Ok(match mail.identity {
            Identity::SendAs => Self { from: inbox, sender: None, reply_to: None },
            Identity::OnBehalf => {
                let agent = agent()?;
                // A Sender that equals From must not be given (RFC 5322 section 3.6.2).
                let same = agent.key() == inbox.key();
                Self { from: inbox, sender: (!same).then_some(agent), reply_to: None }
            }
            Identity::Personal => {
                let agent = agent()?;
                let same = agent.key() == inbox.key();
                Self { from: agent, sender: None, reply_to: (!same).then_some(inbox) }
            }
        })
    }
}

fn wire_addresses(given: &[Address]) -> Result<Vec<Address>, BadMail> {
    given.iter().map(header::wire_address).collect()
}

fn envelope_recipients(lists: &[&Vec<Address>]) -> Result<Vec<String>, BadMail> {
    let mut seen = std::collections::HashSet::new();
    let mut recipients = Vec::new();
    for address in lists.iter().copied().flatten() {
        if seen.insert(address.key()) {
            recipients.push(address.email.clone());
        }
    }
    match recipients.len() {
        0 => Err(BadMail::NoRecipient),
        n if n > RECIPIENTS_MAX => Err(BadMail::TooManyRecipients(n)),
        _ => Ok(recipients),
    }
}

/// The parent's references and the parent, each once, bounded: the root keeps the thread together, the newest ones place the answer.
fn references(parent: &Parent) -> Vec<String> {
    let mut ids: Vec<&MessageId> = Vec::new();
    for id in parent.references.iter().filter(|id| **id != parent.message_id) {
        if id.as_str().len() <= REFERENCE_BYTES_MAX && !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.push(&parent.message_id);
    // The root and the newest, as many as there is room for. Each stands in brackets, behind a space or on a line of its own.
    let room = |id: &MessageId| id.as_str().len() + 5;
    let mut left = REFERENCES_BYTES_MAX - "References:".len();
    left = left.saturating_sub(ids.first().map_or(0, |root| room(root)));
    let mut newest = ids.iter().skip(1).rev().take(REFERENCES_MAX - 1);
    let kept = std::iter::from_fn(|| {
        let id = newest.next()?;
        left = left.checked_sub(room(id))?;
        Some(())
    })
    .count();
    if ids.len() > kept + 1 {
        ids.drain(1..ids.len() - kept);
    }
    ids.into_iter().filter_map(header::id_token).collect()
}

/// Returns the mail with another `Date`; `None` where it has that date already, or none at all.
pub fn redated(copy: &[u8], date: Timestamp) -> Option<Vec<u8>> {
    let line = format!("Date: {}\r\n", header::date(date));
    let mut at = 0usize;
    loop {
        let rest = copy.get(at..)?;
        let length = rest.iter().position(|b| *b == b'\n')? + 1;
        let found = rest.get(..length)?;
        if found == b"\r\n" || found == line.as_bytes() {
            return None;
        }
        if found.get(..5)?.eq_ignore_ascii_case(b"date:") {
            let (before, after) = (copy.get(..at)?, copy.get(at + length..)?);
            return Some([before, line.as_bytes(), after].concat());
        }
        at += length;
    }
}

/// Returns the mail without its `Bcc` field: what goes on the wire.
pub fn without_bcc(copy: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0usize;
    let mut dropping = false;
    while let Some(rest) = copy.get(at..) {
        let length = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |n| n + 1);
        let line = rest.get(..length).unwrap_or_default();
        if line.is_empty() || line == b"\r\n" || line == b"\n" {
            if let Some(out) = &mut out {
                out.extend_from_slice(rest);
            }
            break;
        }
        let folded = line.first().is_some_and(|b| *b == b' ' || *b == b'\t');
        dropping = if folded { dropping } else { line.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"bcc:")) };
        match (&mut out, dropping) {
            (None, true) => out = Some(copy.get(..at).unwrap_or_default().to_vec()),
            (Some(out), false) => out.extend_from_slice(line),
            _ => {}
        }
        at += length;
    }
    out.map_or(Cow::Borrowed(copy), Cow::Owned)
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "compose_peers_tests.rs"]
mod peers_tests;
