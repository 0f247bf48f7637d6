//! What the store keeps of a message beside its bytes: enough to thread, fold and list it without opening the mail.

use rusqlite::{Row, params};
use sha2::{Digest, Sha256};

use super::brief::{Brief, order_of};
use super::code::Code;
use super::connection::Transaction;
use super::error::StoreError;
use crate::mime;
use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;
use crate::model::message::{Authorship, Direction, Envelope, Origin};
use crate::thread::{Node, Outside};

/// One row of `message`.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub row: i64,
    pub id: MessageId,
    pub variant: i64,
    pub twin: bool,
    pub conversation: i64,
    pub arrived: Timestamp,
    pub direction: Direction,
    pub authorship: Authorship,
    /// The key of the address of whom [`Facts::authorship`] names as the author; empty where there is none.
    pub author: String,
    pub origin: Origin,
    pub history: bool,
    pub hidden: bool,
    pub partial: bool,
    pub inbox: String,
    pub inbox_rank: i64,
    pub base_subject: String,
    pub is_reply: bool,
    pub customer: String,
    pub attachments: bool,
    pub snippet: String,
    pub why: String,
    pub envelope: Envelope,
    /// The hash of its text ([`crate::mime::text_hash`]); `None` while its body is not here.
    pub text_hash: Option<String>,
    /// The Message-ID that it bears, where another mail keeps that; then its own id is a derived one.
    pub claimed: Option<MessageId>,
    /// Whether it is another copy of a mail that is here under this or another Message-ID: it is neither shown nor folded.
    pub copy: bool,
    /// When it left the server; `None` while it stands there.
    pub gone_at: Option<Timestamp>,
    /// The edition of rules and team that it is derived by.
    pub derived: i64,
    /// Whether it stands in the archive alone.
    pub archived: bool,
    /// The mail that it belongs with, whatever it names: of a copy the one that it is a copy of, else the one that keeps the Message-ID
    /// which it bears too, where both have the same author and base subject.
    pub beside: Option<MessageId>,
    /// Of mail of ours that stands among sent mail what its copies under other Message-IDs share.
    pub sent_key: Option<i64>,
    /// Who outside takes part in it, as [`outside_kept`] puts it.
    pub outside: String,
    /// The keys of whom it names in To and Cc, a line each, where it is a mail of ours that went to many.
    pub notice: Option<String>,
}

const COLUMNS: &str =
    "id, message_id, variant, twin, conversation, arrived, direction, origin, history, hidden, partial,
    inbox, inbox_rank, base_subject, is_reply, customer, attachments, snippet, why, envelope, derived,
    authorship, author, text_hash, claimed, copy, gone_at, archived, beside, sent_key, outside, notice";

/// How [`Outside`] is kept: nothing, an address, or this.
const SEVERAL: &str = "*";

/// Puts the people outside that a mail has into a column.
pub(super) fn outside_kept(outside: Outside) -> String {
    match outside {
        Outside::Nobody => String::new(),
        Outside::One(key) => key,
        Outside::Several => SEVERAL.to_owned(),
    }
}

fn outside_of(kept: &str) -> Outside {
    match kept {
        "" => Outside::Nobody,
        SEVERAL => Outside::Several,
        key => Outside::One(key.to_owned()),
    }
}

pub(super) fn id_of(row: &Row<'_>, column: usize) -> rusqlite::Result<MessageId> {
    let text: String = row.get(column)?;
    Ok(message_id(&text))
}

/// Takes a Message-ID back from where it was kept.
pub(super) fn message_id(kept: &str) -> MessageId {
    MessageId::new(kept).unwrap_or_else(|| MessageId::derived(kept.as_bytes()))
}

impl Facts {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let envelope: String = row.get(19)?;
        let direction = row.get::<_, Code<_>>(6)?.0;
        Ok(Self {
            row: row.get(0)?,
            id: id_of(row, 1)?,
            variant: row.get(2)?,
            twin: row.get(3)?,
            conversation: row.get(4)?,
            arrived: Timestamp(row.get(5)?),
            direction,
            origin: row.get::<_, Code<_>>(7)?.0,
            history: row.get(8)?,
            hidden: row.get(9)?,
            partial: row.get::<_, i64>(10)? > 0,
            inbox: row.get(11)?,
            inbox_rank: row.get(12)?,
            base_subject: row.get(13)?,
            is_reply: row.get(14)?,
            customer: row.get(15)?,
            attachments: row.get(16)?,
            snippet: row.get(17)?,
            why: row.get(18)?,
            envelope: serde_json::from_str(&envelope).unwrap_or_default(),
            derived: row.get(20)?,
            authorship: authorship(direction, row.get::<_, Code<_>>(21)?.0),
            author: row.get(22)?,
            text_hash: row.get(23)?,
            claimed: row.get::<_, Option<String>>(24)?.map(|id| message_id(&id)),
            copy: row.get(25)?,
            gone_at: row.get::<_, Option<i64>>(26)?.map(Timestamp),
            archived: row.get(27)?,
            beside: row.get::<_, Option<String>>(28)?.map(|id| message_id(&id)),
            sent_key: row.get(29)?,
            outside: row.get(30)?,
            notice: row.get(31)?,
        })
    }

    /// Returns the messages of a conversation, hidden ones included, in the order of their arrival.
    pub(super) fn of_conversation(tx: &Transaction<'_>, conversation: i64) -> Result<Vec<Self>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM message WHERE conversation = ?1");
        let mut all: Vec<Self> =
            tx.prepare_cached(&sql)?.query_map([conversation], Self::read)?.collect::<Result<_, _>>()?;
        all.sort_by(|a, b| a.order().cmp(&b.order()));
        Ok(all)
    }

    /// Returns one message.
    pub(super) fn by_row(tx: &Transaction<'_>, row: i64) -> Result<Option<Self>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM message WHERE id = ?1");
        Ok(tx.prepare_cached(&sql)?.query_map([row], Self::read)?.next().transpose()?)
    }

    /// Returns the message of that id.
    pub(super) fn by_id(tx: &Transaction<'_>, id: &MessageId) -> Result<Option<Self>, StoreError> {
        row_of(tx, id)?.map_or(Ok(None), |row| Self::by_row(tx, row))
    }

    /// Returns the other mails that bear the Message-ID which one of them keeps, copies among them.
    pub(super) fn sharing(tx: &Transaction<'_>, id: &MessageId) -> Result<Vec<Self>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM message WHERE claimed = ?1
             UNION ALL SELECT {COLUMNS} FROM message WHERE message_id = ?1 AND twin = 1"
        );
        Ok(tx.prepare_cached(&sql)?.query_map([id.as_str()], Self::read)?.collect::<Result<_, _>>()?)
    }

    /// Writes the row and returns its number.
    pub(super) fn insert(&self, tx: &Transaction<'_>) -> Result<i64, StoreError> {
        let envelope = serde_json::to_string(&self.envelope).unwrap_or_default();
        tx.prepare_cached(
            "INSERT INTO message (message_id, variant, twin, conversation, arrived, direction, origin, history, hidden,
                 partial, inbox, inbox_rank, base_subject, is_reply, customer, subject_key, attachments, snippet, why,
                 envelope, derived, authorship, author, text_hash, claimed, copy, gone_at, archived,
                 beside, sent_key, outside, notice)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                 ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32)",
        )?
        .execute(params![
            self.id.as_str(),
            self.variant,
            self.twin,
            self.conversation,
            self.arrived.0,
            Code(self.direction),
            Code(self.origin),
            self.history,
            self.hidden,
            i64::from(self.partial),
            self.inbox,
            self.inbox_rank,
            self.base_subject,
            self.is_reply,
            self.customer,
            self.subject_key(),
            self.attachments,
            self.snippet,
            self.why,
            envelope,
            self.derived,
            Code(self.authorship),
            self.author,
            self.text_hash,
            self.claimed.as_ref().map(MessageId::as_str),
            self.copy,
            self.gone_at.map(|at| at.0),
            self.archived,
            self.beside.as_ref().map(MessageId::as_str),
            self.sent_key,
            self.outside,
            self.notice,
        ])?;
        Ok(tx.last_insert_rowid())
    }

    /// The order in which a conversation is told.
    pub(super) fn order(&self) -> (i64, &MessageId, i64, i64) {
        order_of(self.arrived, &self.id, self.variant)
    }

    /// Returns the key under which a subject alone can find mail of the same customer; `None` where it can't.
    pub(super) fn subject_key(&self) -> Option<i64> {
        if self.base_subject.is_empty() || self.customer.is_empty() {
            return None;
        }
        Some(hash(&[&self.customer, &self.base_subject]))
    }

    /// The Message-ID that the mail bears, whoever keeps it; a derived one where it bears none.
    pub(super) fn borne(&self) -> &MessageId {
        self.claimed.as_ref().unwrap_or(&self.id)
    }

    /// The ids that the message names, in the order that threading asks for. What a copy names says nothing: it may be forged.
    pub(super) fn parents(&self) -> Vec<MessageId> {
        if self.copy {
            return self.beside.iter().cloned().collect();
        }
        let envelope = &self.envelope;
        let named = envelope.references.iter().chain(&envelope.in_reply_to).chain(&envelope.about);
        self.beside.iter().chain(named).filter(|id| **id != self.id).cloned().collect()
    }

    /// What threading reads of it.
    pub(super) fn node(&self) -> Node {
        Node {
            id: self.id.clone(),
            parents: self.parents(),
            bound: self.beside.iter().cloned().collect(),
            base_subject: if self.copy { String::new() } else { self.base_subject.clone() },
            is_reply: self.is_reply,
            customer: if self.copy { String::new() } else { self.customer.clone() },
            author: if self.copy || self.authorship.is_ours() { String::new() } else { self.author.clone() },
            outside: if self.copy { Outside::Nobody } else { outside_of(&self.outside) },
            list_id: if self.copy { String::new() } else { self.envelope.list_id.clone() },
            notice: self.notice.as_ref().map(|named| named.lines().map(str::to_owned).collect()),
            arrived: self.arrived,
            direction: self.direction,
            origin: self.origin,
        }
    }

    /// By what it may belong together with mail that names the same absent id: its customer, its mailing list.
    pub(super) fn classes(&self) -> Vec<i64> {
        let customer = (!self.customer.is_empty()).then(|| hash(&["customer", &self.customer]));
        let list = (!self.envelope.list_id.is_empty()).then(|| hash(&["list", &self.envelope.list_id]));
        customer.into_iter().chain(list).collect()
    }

    /// What the fold reads of it.
    pub(super) fn brief(&self) -> Brief {
        Brief {
            id: self.id.clone(),
            variant: self.variant,
            arrived: self.arrived,
            direction: self.direction,
            origin: self.origin,
            history: self.history,
            inbox: self.inbox.clone(),
            gone: self.gone_at.is_some(),
            archived: self.archived,
        }
    }
}

/// Returns how it is known who wrote a message. Rows that no rule of authorship has seen yet say nothing of it beside the direction.
fn authorship(direction: Direction, kept: Authorship) -> Authorship {
    if direction == Direction::Outbound && kept == Authorship::Sender { Authorship::Filed } else { kept }
}

/// Returns the row of the first message with that id.
pub(super) fn row_of(tx: &Transaction<'_>, id: &MessageId) -> Result<Option<i64>, StoreError> {
    let mut find = tx.prepare_cached("SELECT message FROM member WHERE message_id = ?1")?;
    let found: Option<Option<i64>> = find.query_map([id.as_str()], |row| row.get(0))?.next().transpose()?;
    Ok(found.flatten())
}

pub(super) fn hash(parts: &[&str]) -> i64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let bytes = digest.finalize();
    bytes.iter().take(8).fold(0i64, |sum, byte| (sum << 8) | i64::from(*byte))
}

/// What tells two mails of one Message-ID apart.
pub(super) fn variant_of(envelope: &Envelope) -> i64 {
    let from = envelope.from.first().map(|a| a.key()).unwrap_or_default();
    let date = envelope.date.map(|d| d.seconds().to_string()).unwrap_or_default();
    hash(&[&from, &date, &envelope.subject])
}

/// Which mail it is, as far as its Message-ID, From, Date and Subject tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its Message-ID; `None` where it has none.
    pub message: Option<MessageId>,
    /// A hash of From, Date and Subject: it tells mails of one Message-ID apart.
    pub variant: i64,
}

impl Identity {
    /// Reads the headers Message-ID, From, Date and Subject; others may stand between them, and a body behind.
    pub fn read(header: &[u8]) -> Self {
        let envelope = mime::parse(header_block(header)).envelope;
        let variant = variant_of(&envelope);
        Self { message: own_id(&envelope), variant }
    }
}

/// Returns the id by which a mail with these headers is known: its own, or one derived from them.
pub fn identity_of(header: &[u8]) -> MessageId {
    let envelope = mime::parse(header).envelope;
    own_id(&envelope).unwrap_or_else(|| MessageId::derived(header_block(header)))
}

/// Returns the Message-ID that a mail bears. One that looks like those that are derived here would be another mail's.
pub(super) fn own_id(envelope: &Envelope) -> Option<MessageId> {
    envelope.message_id.clone().filter(|id| !id.is_derived())
}

/// Returns the header part of a mail, so that a mail without an id has the same derived one with and without its body.
pub(super) fn header_block(raw: &[u8]) -> &[u8] {
    let end = raw.windows(4).position(|w| w == b"\r\n\r\n").or_else(|| raw.windows(2).position(|w| w == b"\n\n"));
    end.and_then(|end| raw.get(..end)).unwrap_or(raw)
}
