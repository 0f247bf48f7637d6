//! One mail: what threading, the fold and the screen know of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::address::{Address, is_plain};
use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;
use crate::model::invitation::Invitation;
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From a customer to the team.
    Inbound,
    /// From the team to a customer.
    Outbound,
}

/// Whether a person wrote a message, as far as its headers tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A person, as far as can be told.
    #[default]
    Human,
    /// A machine: `Auto-Submitted` present and not `no` (RFC 3834 section 5). Never reopens, is never answered.
    Automatic,
    /// A delivery report (RFC 3464) or the like: belongs to the message that bounced.
    Bounce,
    /// A message of our own that came back.
    Loop,
}

/// Who wrote a message, and how that is known. The direction follows from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Authorship {
    /// `From` is none of our addresses: whoever it names.
    #[default]
    Sender,
    /// `From` is one of our addresses, and the mail itself names somebody outside as its author (`X-Original-From`, `X-Original-Sender`,
    /// `Reply-To`): a web form, or a group that rewrites `From`. A claim: whoever fills a form in can name anybody.
    Form,
    /// A colleague wrote to us alone.
    Colleague,
    /// One of our inboxes wrote to us alone.
    Ourselves,
    /// Ours: it stands among sent mail.
    Filed,
    /// Ours: a record says that it was sent.
    Recorded,
    /// Ours, by another program: our own server vouches for the domain of `From` (RFC 8601).
    Vouched,
    /// It says that it is from us, and nobody vouches for that.
    Unproven,
    /// It says that it is from us, and our own server says that this is false.
    Forged,
}

impl Authorship {
    /// Tells whether the message bears our own address as its author's, proven or not, and does not name somebody else.
    pub fn is_ours(self) -> bool {
        !matches!(self, Authorship::Sender | Authorship::Form)
    }

    /// Returns which way such a message went.
    pub fn direction(self) -> Direction {
        match self {
            Authorship::Filed | Authorship::Recorded | Authorship::Vouched => Direction::Outbound,
            _ => Direction::Inbound,
        }
    }

    /// Says what stands beside a message whose author is not simply whom `From` names; `None` where it is. `author` is that person.
    pub fn mark(self, author: &str) -> Option<Phrase> {
        Some(match self {
            Authorship::Form => phrase!("wrote-form"),
            Authorship::Colleague => phrase!("wrote-colleague", who = author),
            Authorship::Ourselves => phrase!("wrote-ourselves"),
            Authorship::Unproven => phrase!("wrote-unproven"),
            Authorship::Forged => phrase!("wrote-forged"),
            Authorship::Sender | Authorship::Filed | Authorship::Recorded | Authorship::Vouched => return None,
        })
    }

    /// Says how it is known who wrote a message. `author` is that person.
    pub fn reason(self, author: &str) -> Phrase {
        match self {
            Authorship::Sender => phrase!("wrote-why-sender", who = author),
            Authorship::Form => phrase!("wrote-why-form", who = author),
            Authorship::Colleague => phrase!("wrote-why-colleague", who = author),
            Authorship::Ourselves => phrase!("wrote-why-ourselves"),
            Authorship::Filed => phrase!("wrote-why-filed"),
            Authorship::Recorded => phrase!("wrote-why-recorded"),
            Authorship::Vouched => phrase!("wrote-why-vouched"),
            Authorship::Unproven => phrase!("wrote-why-unproven"),
            Authorship::Forged => phrase!("wrote-why-forged"),
        }
    }
}

/// What one server found out about the sender of a mail (RFC 8601). Only what our own server says is worth anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Vouch {
    /// The authserv-id of the server, in lower case.
    pub by: String,
    /// The domains for which a check passed (`dkim=pass`, `dmarc=pass`), in lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<String>,
    /// The domains for which a check failed, in lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
}

/// What the fold needs of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldMessage {
    /// The message.
    pub id: MessageId,
    /// Which way it went.
    pub direction: Direction,
    /// Whether a person wrote it.
    pub origin: Origin,
    /// When the server took it in (IMAP INTERNALDATE, RFC 3501 section 2.3.3): the same for every client, unlike the `Date` header.
    pub arrived: Timestamp,
    /// Whether it came with the first import and is older than the cut-off: it starts closed and nothing runs on it.
    pub history: bool,
    /// Whether another program took it away: it stands in no folder, or in the archive alone.
    pub gone: bool,
}

/// How far somebody had read a conversation: everything, in either direction, that had arrived before a second, and the named messages
/// of that second. Several mails can arrive in one second, and the one that was not seen must count as new.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AsOf {
    /// The second in which the newest message that was seen arrived (IMAP INTERNALDATE), in seconds since 1970.
    pub at: i64,
    /// The messages of that second that were seen, sorted.
    pub ids: Vec<MessageId>,
}

impl AsOf {
    /// Returns the mark of somebody who has seen all of `messages`; `None` where there are none.
    pub fn all_of<'a>(messages: impl IntoIterator<Item = (Timestamp, &'a MessageId)>) -> Option<Self> {
        let mut mark: Option<AsOf> = None;
        for (arrived, id) in messages {
            let at = arrived.seconds();
            match &mut mark {
                Some(mark) if mark.at > at => {}
                Some(mark) if mark.at == at => mark.ids.push(id.clone()),
                _ => mark = Some(AsOf { at, ids: vec![id.clone()] }),
            }
        }
        if let Some(mark) = &mut mark {
            mark.ids.sort();
            mark.ids.dedup();
        }
        mark
    }
}

/// The headers that every mail is known by before its body is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The Message-ID; derived from the bytes where the mail has none.
    pub message_id: Option<MessageId>,
    /// `In-Reply-To`, each id of it.
    pub in_reply_to: Vec<MessageId>,
    /// `References`, oldest first, at most 64: the first 16 and the last 48 of a longer list.
    pub references: Vec<MessageId>,
    /// The decoded subject, at most 2,000 characters.
    pub subject: String,
    /// `From`; several authors are rare but legal (RFC 5322 section 3.6.2).
    pub from: Vec<Address>,
    /// `Sender`, where it differs.
    pub sender: Option<Address>,
    /// `Reply-To`.
    pub reply_to: Vec<Address>,
    /// `To`, at most 1,000.
    pub to: Vec<Address>,
    /// `Cc`, at most 1,000.
    pub cc: Vec<Address>,
    /// `Bcc`, on our own copies only.
    pub bcc: Vec<Address>,
    /// `Delivered-To`, `X-Original-To` and `Envelope-To`: which of our addresses the mail came in by.
    pub delivered_to: Vec<Address>,
    /// `X-Original-From`, then `X-Original-Sender`: whom a group that rewrote `From` names as the author.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub original: Vec<Address>,
    /// Whether a server says that it delivered the mail (`Delivered-To`, `X-Delivered-To`): one's own copy in Sent was not delivered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_delivered: bool,
    /// The identifier of `List-Id` (RFC 2919), in lower case; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub list_id: String,
    /// What servers found out about the sender: of each server what stands topmost, at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vouches: Vec<Vouch>,
    /// How many recipients `To` and `Cc` name in all, also when they were cut.
    pub recipients: usize,
    /// The `Date` header, where it can be read.
    pub date: Option<Timestamp>,
    /// Whether a person wrote it, as far as the mail alone tells.
    pub origin: Origin,
    /// How many strong marks of a machine it bears; 0 where it bears none, or where a certain one decides.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub marks: u8,
    /// The message that a delivery report is about.
    pub about: Option<MessageId>,
    /// What a delivery report says of the recipients that did not get the mail, at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fates: Vec<Fate>,
}

fn is_zero(marks: &u8) -> bool {
    *marks == 0
}

/// What became of a mail for one recipient, as a delivery report tells it (RFC 3464). Nothing of it is to be trusted: it came by mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fate {
    /// The address; empty where the report names none.
    pub recipient: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The status code (RFC 3463), such as `5.1.1`; empty where none is given.
    pub status: String,
    /// What the server said, without codes; empty where it said nothing.
    pub words: String,
}

/// Returns an address as it is compared: in lower case, its domain in ASCII, without `+detail`.
fn plain_address(address: &str) -> String {
    let lower = address.trim().to_lowercase();
    let Some((local, domain)) = lower.rsplit_once('@') else { return lower };
    let local = local.split('+').next().filter(|local| !local.is_empty()).unwrap_or(local);
    format!("{local}@{}", idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned()))
}

/// How a delivery stands that did not go as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Not there yet; the server goes on trying.
    Delayed,
    /// It will never arrive.
    Failed,
}

impl Fate {
    /// Tells whether it can be that of a mail to these addresses. Whoever knows a mail's id can say that it failed for anybody, so what names
    /// somebody to whom it never went says nothing of it. The recipient is the one that the sender gave (`Original-Recipient`, RFC 3464
    /// section 2.3.1) where the report tells it; without, a forward may have made another of it, and then nobody can tell whose it is.
    /// `ana+shop@` is `ana@` (RFC 5233). Many programs name nobody, or a command that a mailbox runs: only the mail's own id tells what their report is about, and it counts.
    pub fn is_of<'a>(&self, recipients: impl IntoIterator<Item = &'a str>) -> bool {
        let named = plain_address(&self.recipient);
        !is_plain(&named) || recipients.into_iter().any(|recipient| plain_address(recipient) == named)
    }

    /// Tells whether it can be that of a mail with this header; also where that names more people than are kept of it.
    pub fn is_of_mail(&self, mail: &Envelope) -> bool {
        let all = || mail.to.iter().chain(&mail.cc).chain(&mail.bcc).map(|address| address.email.as_str());
        self.is_of(all()) || mail.recipients > mail.to.len() + mail.cc.len()
    }

    /// Returns what is said of it, without the outcome: `ana@lima.example 5.1.1 user unknown`.
    pub fn phrase(&self) -> Phrase {
        let who = match self.recipient.as_str() {
            "" => phrase!("fate-nobody-named"),
            named => Phrase::said(named),
        };
        let words = match self.words.as_str() {
            "" => meaning(&self.status),
            words => Some(Phrase::said(words)),
        };
        match (self.status.as_str(), words) {
            ("", None) => who,
            ("", Some(words)) => phrase!("fate-words", who = who, words = words),
            (status, None) => phrase!("fate-status", who = who, status = status),
            (status, Some(words)) => phrase!("fate-both", who = who, status = status, words = words),
        }
    }
}

/// What a status code means (RFC 3463 section 3), for reports that give nothing else.
fn meaning(status: &str) -> Option<Phrase> {
    let detail = status.split_once('.').map_or("", |(_, detail)| detail);
    Some(match detail {
        "1.1" | "1.10" => phrase!("fate-no-mailbox"),
        "1.2" => phrase!("fate-no-server"),
        "2.1" => phrase!("fate-disabled"),
        "2.2" => phrase!("fate-full"),
        "2.3" | "3.4" => phrase!("fate-too-large"),
        "4.1" => phrase!("fate-no-answer"),
        "4.7" => phrase!("fate-too-long"),
        _ if detail.starts_with("7.") => phrase!("fate-forbidden"),
        _ => return None,
    })
}

/// An attachment, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attachment {
    /// The part's number, counted from 0 through the attachments of its message in the order of the mail.
    pub index: usize,
    /// The file name, cleaned of paths and direction tricks; never empty.
    pub name: SafeText,
    /// The media type, in lower case, such as `application/pdf`.
    pub media: SafeText,
    /// Size in bytes once decoded.
    pub size: u64,
    /// Whether it is shown inside the text (an image of an HTML mail) rather than attached by a person.
    pub inline: bool,
}

/// A link of a mail, numbered in its text as `[1]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Link {
    /// The number shown in the text, from 1; 0 where the target itself stands in the text.
    pub number: usize,
    /// The real target.
    pub target: SafeText,
    /// A warning, such as that the text shows another host than the target's.
    pub warning: Option<SafeText>,
}

/// A stretch of a mail's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", content = "lines", rename_all = "lowercase")]
pub enum Block {
    /// What the author wrote.
    Text(Vec<SafeText>),
    /// What the author quoted, with its attribution line; folded on the screen.
    Quote(Vec<SafeText>),
    /// The signature; folded on the screen.
    Signature(Vec<SafeText>),
}

impl Block {
    /// Returns the lines.
    pub fn lines(&self) -> &[SafeText] {
        match self {
            Block::Text(lines) | Block::Quote(lines) | Block::Signature(lines) => lines,
        }
    }
}

/// Which of its texts is read of a mail that has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextPart {
    /// The plain one.
    Plain,
    /// The HTML.
    Html,
}

impl TextPart {
    /// Returns the other.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            TextPart::Plain => TextPart::Html,
            TextPart::Html => TextPart::Plain,
        }
    }
}

/// A mail made readable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Readable {
    /// The text in order.
    pub blocks: Vec<Block>,
    /// The attachments in order.
    pub attachments: Vec<Attachment>,
    /// The links in order.
    pub links: Vec<Link>,
    /// The web addresses that stand in the text itself, without a number.
    pub addresses: Vec<Link>,
    /// The events of its calendars, at most twenty.
    pub invitations: Vec<Invitation>,
    /// What could not be read or is suspicious, each a sentence.
    pub warnings: Vec<SafeText>,
    /// Which of its texts is shown, where it has a plain one and HTML (multipart/alternative); `None` where it has one.
    pub part: Option<TextPart>,
    /// Whether that is not the one that is shown unless another is asked for.
    pub turned: bool,
}

impl Readable {
    /// Returns the first `max` characters of what the author wrote, on one line.
    pub fn snippet(&self, max: usize) -> SafeText {
        let mut text = String::new();
        for block in &self.blocks {
            if let Block::Text(lines) = block {
                for line in lines.iter().filter(|line| !line.is_empty()) {
                    if text.chars().count() > max {
                        return SafeText::line_max(&text, max);
                    }
                    text.push_str(line.as_str().trim());
                    text.push(' ');
                }
            }
        }
        SafeText::line_max(text.trim_end(), max)
    }
}
