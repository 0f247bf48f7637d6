//! The mails of a conversation as an export asks for them: which there are, when they came, and whether their text is here.

use rusqlite::params;

use super::body::{self, Body};
use super::conversation::find;
use super::facts::message_id;
use super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, MessageId};

/// A mail of a conversation, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationMail {
    /// Its id here.
    pub id: MessageId,
    /// When the server took it in.
    pub arrived: Timestamp,
    /// Where its text is.
    pub body: Body,
}

impl Store {
    /// Returns the mails of a conversation in time order, each with where its text is; none where the conversation is not here.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn mails_of(&self, id: &ConversationId) -> Result<Vec<ConversationMail>, StoreError> {
        self.read(|tx| {
            let Some((number, _)) = find(tx, id)? else { return Ok(Vec::new()) };
            let mut find = tx.prepare_cached(
                "SELECT message_id, arrived FROM message WHERE conversation = ?1 AND hidden = 0
                 ORDER BY arrived / 1000, message_id",
            )?;
            let found = find.query_map(params![number], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
            let mut mails: Vec<ConversationMail> = Vec::new();
            for one in found {
                let (id, arrived) = one?;
                let id = message_id(&id);
                if mails.last().is_none_or(|before| before.id != id) {
                    let body = body::body(tx, &id)?;
                    mails.push(ConversationMail { id, arrived: Timestamp(arrived), body });
                }
            }
            Ok(mails)
        })
    }
}
