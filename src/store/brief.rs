//! What the fold reads of messages. A bulk folds thousands of conversations whose mail is as it was: they are folded from this.

use std::collections::BTreeSet;

use rusqlite::Row;

use super::code::Code;
use super::connection::Transaction;
use super::error::StoreError;
use super::facts::id_of;
use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;
use crate::model::message::{Direction, FoldMessage, Origin};

/// What the fold reads of a message: less than a tenth of its row, and nothing to be parsed.
#[derive(Clone, Debug)]
pub(super) struct Brief {
    pub id: MessageId,
    pub variant: i64,
    pub arrived: Timestamp,
    pub direction: Direction,
    pub origin: Origin,
    pub history: bool,
    pub inbox: String,
    /// Whether it stands in no folder.
    pub gone: bool,
    /// Whether it stands in the archive alone.
    pub archived: bool,
}

impl Brief {
    /// Returns the messages of a conversation that are not hidden, in the order of their arrival.
    pub(super) fn of_conversation(tx: &Transaction<'_>, conversation: i64) -> Result<Vec<Self>, StoreError> {
        let mut find = tx.prepare_cached(
            "SELECT message_id, variant, arrived, direction, origin, history, inbox, gone_at IS NOT NULL, archived FROM message
             WHERE conversation = ?1 AND hidden = 0",
        )?;
        let read = |row: &Row<'_>| {
            Ok(Self {
                id: id_of(row, 0)?,
                variant: row.get(1)?,
                arrived: Timestamp(row.get(2)?),
                direction: row.get::<_, Code<_>>(3)?.0,
                origin: row.get::<_, Code<_>>(4)?.0,
                history: row.get(5)?,
                inbox: row.get(6)?,
                gone: row.get(7)?,
                archived: row.get(8)?,
            })
        };
        let mut all: Vec<Self> = find.query_map([conversation], read)?.collect::<Result<_, _>>()?;
        all.sort_by(|a, b| a.order().cmp(&b.order()));
        Ok(all)
    }

    /// Tells whether the message says what became of another, which its row does not hold. What is history says nothing any more.
    pub(super) fn is_report(&self) -> bool {
        self.origin == Origin::Bounce && !self.history
    }

    fn order(&self) -> (i64, &MessageId, i64, i64) {
        order_of(self.arrived, &self.id, self.variant)
    }

    fn fold_message(&self) -> FoldMessage {
        FoldMessage {
            id: self.id.clone(),
            direction: self.direction,
            origin: self.origin,
            arrived: self.arrived,
            // What is in the archive was dealt with by whoever put it there.
            history: self.history || self.archived,
            gone: self.gone,
        }
    }
}

/// The messages of a conversation as the fold takes them: the first of each Message-ID speaks, the others are only shown. It has left
/// where all of them have.
pub(super) fn fold_messages(briefs: &[Brief]) -> Vec<FoldMessage> {
    let there: BTreeSet<&MessageId> = briefs.iter().filter(|b| !b.gone && !b.archived).map(|brief| &brief.id).collect();
    let mut seen = BTreeSet::new();
    let speaks = briefs.iter().filter(|brief| seen.insert(&brief.id));
    speaks.map(|brief| FoldMessage { gone: !there.contains(&brief.id), ..brief.fold_message() }).collect()
}

/// The order in which a conversation is told: the server's second, then the id, then the variant.
pub(super) fn order_of(arrived: Timestamp, id: &MessageId, variant: i64) -> (i64, &MessageId, i64, i64) {
    (arrived.seconds(), id, arrived.0, variant)
}
