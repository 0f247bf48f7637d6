//! Working off the queue at one place, such as a screen: what `next` hands out, one after the other, by the same leases.

use jiff::tz::TimeZone;

use super::next::{self, Asked, LEASE_WORDS};
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle};
use crate::model::phrase::Phrase;
use crate::model::queue::{Hand, QueueStand, Taken};
use crate::model::text::in_quotes;
use crate::model::view::{ConversationRow, ListOrder, Sort};
use crate::query::{Context, Query, parse};
use crate::store::{Claim, Store};

/// Who works off the queue here.
#[derive(Clone, Debug)]
pub struct Shift {
    worker: String,
    zone: TimeZone,
}

impl Shift {
    /// Makes the shift of a worker; the day is that of `zone`.
    pub fn new(worker: String, zone: TimeZone) -> Self {
        Self { worker, zone }
    }

    fn context(&self, store: &Store) -> Context {
        let author = store.author();
        Context { me: author.actor.clone(), now: author.clock.now(), zone: self.zone.clone() }
    }

    fn claim(&self, now: Timestamp) -> Result<Claim, UserError> {
        next::claim(self.worker.clone(), LEASE_WORDS, now, &self.zone).ok_or_else(|| {
            let bad = phrase!("lease-bad", given = in_quotes(LEASE_WORDS));
            UserError::new(ErrorKind::Internal, bad)
        })
    }

    /// Takes the conversation that has waited longest of those that may be taken, but for those that were passed over; `None` where there
    /// is none.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn take(&self, store: &Store, passed: &[ConversationId]) -> Result<Option<Taken>, UserError> {
        let (query, context) = (but_for(passed)?, self.context(store));
        let claim = self.claim(context.now)?;
        let claimed = Asked::new(store, &query, &context).take(1, &claim)?;
        let row = claimed.ids.first().map(|id| store.row_now(id)).transpose()?.flatten();
        Ok(row.map(|row| Taken { row, until: claim.until }))
    }

    /// Lengthens the lease of a conversation in hand, and returns when it ends by itself now.
    ///
    /// # Errors
    /// Says who has it by now. When the store can't be written.
    pub fn renew(&self, store: &Store, id: &ConversationId) -> Result<Timestamp, UserError> {
        let (query, context) = (Query::any(), self.context(store));
        let claim = self.claim(context.now)?;
        let _ = Asked::new(store, &query, &context).renew(id, &claim)?;
        Ok(claim.until)
    }

    /// Gives a conversation in hand back to whoever had it, and tells whether it was still at work.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn give_back(&self, store: &Store, id: &ConversationId) -> Result<bool, UserError> {
        Ok(!next::give_back(store, Some(std::slice::from_ref(id)), Some(&self.worker))?.is_empty())
    }

    /// Returns how the queue stands, but for what was passed over, and how what is in hand does.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn stand(
        &self,
        store: &Store,
        hand: Option<&ConversationId>,
        passed: &[ConversationId],
    ) -> Result<QueueStand, UserError> {
        let (query, context) = (but_for(passed)?, self.context(store));
        let waiting = Asked::new(store, &query, &context).count()?;
        let now = hand.map(|id| Ok::<_, UserError>((id, store.row_now(id)?))).transpose()?;
        let hand = now.map(|(id, row)| self.hand(id, row.as_ref(), &context));
        let longest = if waiting == 0 { longest(store, &context, passed)? } else { None };
        Ok(QueueStand { waiting, done: store.dealt_with_since(self.midnight(context.now))?, longest, hand })
    }

    fn hand(&self, id: &ConversationId, row: Option<&ConversationRow>, context: &Context) -> Hand {
        let Some(row) = row.filter(|row| row.id == *id) else { return Hand::Lost(phrase!("left-deleted")) };
        let held = row.worker.as_ref();
        match held.filter(|worker| worker.agent == context.me && worker.name.as_str() == self.worker) {
            Some(worker) => Hand::Held(worker.until),
            None if row.assignee.as_ref() == Some(&context.me) && held.is_none() => Hand::Kept,
            None => Hand::Lost(holder(row, &context.me)),
        }
    }

    fn midnight(&self, now: Timestamp) -> Timestamp {
        let day = jiff::Timestamp::from_millisecond(now.0).map(|now| now.to_zoned(self.zone.clone()));
        let begin = day.and_then(|day| day.start_of_day());
        begin.map_or(now, |begin| Timestamp(begin.timestamp().as_millisecond()))
    }
}

/// Asks for what anybody may get, but for these.
fn but_for(passed: &[ConversationId]) -> Result<Query, UserError> {
    if passed.is_empty() {
        return Ok(Query::any());
    }
    let words: Vec<String> = passed.iter().map(|id| format!("-id:{id}")).collect();
    parse(&words.join(" ")).map_err(|error| UserError::new(ErrorKind::Internal, error.phrase()))
}

/// Returns the conversation on which a customer has waited longest, whoever has it, and who that is.
fn longest(
    store: &Store,
    context: &Context,
    passed: &[ConversationId],
) -> Result<Option<Box<(ConversationRow, Phrase)>>, UserError> {
    let query = but_for(passed)?.and(read("status:open,in-progress")?);
    let order = ListOrder { sort: Sort::Waiting, reverse: false };
    let mut rows = store.page_in(&query, context, order, None, 1)?;
    let row = rows.pop().filter(|row| row.waiting_since.is_some());
    Ok(row.map(|row| {
        let who = holder(&row, &context.me);
        Box::new((row, who))
    }))
}

/// Says who has a conversation, to one who may be that: what one has oneself is nobody else's.
fn holder(row: &ConversationRow, me: &Handle) -> Phrase {
    let is_mine = row.assignee.as_ref() == Some(me) && row.replying.is_none();
    match &row.worker {
        Some(worker) if worker.agent == *me => phrase!("you-have-it-at", worker = worker.name.as_str()),
        None if is_mine => phrase!("you-have-it"),
        _ => next::holder(row),
    }
}

fn read(text: &str) -> Result<Query, UserError> {
    parse(text).map_err(|error| UserError::new(ErrorKind::Internal, error.phrase()))
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
