//! Whose turn a move is where several clients moved one conversation at once: the log's order says it, and all read the same there.

use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::{OptionalExtension, params};

use super::super::{Store, StoreError, record};
use super::MailMoved;
use super::queue::stands_in;
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, InboxId, OpId};
use crate::op::operation::Known;
use crate::store::batch::Batch;

/// Undos of undos are followed so far.
const DEPTH: usize = 16;

/// How a move of ours stands to those of colleagues that none of both knew of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveTurn {
    /// Whether ours is on the log; then all that stands before it there was read.
    pub is_placed: bool,
    /// Where the moves go that stand before ours: folders, one for each move.
    pub ahead: Vec<String>,
    /// When it is tried again; 0 before it was put off.
    pub due: Timestamp,
}

/// From which inbox to which; what does not tell is none.
type Way = (Option<InboxId>, Option<InboxId>);

/// A record that moves a conversation, or takes such a one back.
struct Moving {
    seq: i64,
    is_ours: bool,
    place: Option<(u32, u32, u32)>,
    /// Several where a batch was taken back.
    ways: Vec<Way>,
}

/// Records that were read, by number, with `None` for those that move nothing: the row of a bulk has the targets of thousands, and to read
/// it again for each of them would take seconds.
type Read = HashMap<i64, Option<Rc<Moving>>>;

impl Store {
    /// Tells for moves of ours which of colleagues come before each: those that were not known when ours was made and stand before it on the
    /// log, and, where the mail has come to a folder by a colleague's way, those that move it on from there.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn move_turns(&self, ids: &[i64]) -> Result<Vec<MoveTurn>, StoreError> {
        let mut read = Read::new();
        let (turns, _, _) = self.change(|batch| ids.iter().map(|id| batch.move_turn(*id, &mut read)).collect())?;
        Ok(turns)
    }

    /// Takes in that a colleague had brought a mail to a folder before it was removed from the old one here; where that is not the one that
    /// it was to go to, it goes on from there. `moved` tells where it is now.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn finish_elsewhere(&self, moved: &MailMoved, folder: &str) -> Result<Change, StoreError> {
        let ((), change, _) = self.change(|batch| {
            batch
                .tx
                .prepare_cached(
                    "UPDATE mail_move SET onward = nullif(coalesce(onward, target), ?2), target = ?2 WHERE id = ?1",
                )?
                .execute(params![moved.id, folder])?;
            batch.finish_move(moved)?;
            batch.place_linked()
        })?;
        Ok(change)
    }
}

impl Batch<'_> {
    fn move_turn(&self, id: i64, read: &mut Read) -> Result<MoveTurn, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT v.account, v.source, v.due, m.conversation FROM mail_move v JOIN message m ON m.id = v.message
             WHERE v.id = ?1 AND m.conversation IS NOT NULL",
        )?;
        let columns = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        let found: Option<(String, String, i64, i64)> = find.query_row([id], columns).optional()?;
        let first = MoveTurn { is_placed: true, ..MoveTurn::default() };
        let Some((account, source, due, conversation)) = found else { return Ok(first) };
        let Ok(account) = AccountId::new(&account) else { return Ok(first) };
        let comes_into = self.comes_into(account.as_str())?;
        let folder = |inbox: &Option<InboxId>| {
            let inbox = inbox.as_ref()?;
            Some(stands_in(self.team(), &account, inbox.as_str(), &comes_into)?.to_owned())
        };
        let is_here = |inbox: &Option<InboxId>| folder(inbox).as_ref() == Some(&source);
        let begins = |moving: &Moving| moving.ways.iter().any(|(from, _)| is_here(from));
        let all = self.moving_records(conversation, read)?;
        // What was moved from here before it was brought here again is over.
        let ends = |moving: &Moving| moving.ways.iter().any(|(_, to)| is_here(to));
        let brought = all.iter().filter(|moving| ends(moving)).filter_map(|moving| moving.place).max();
        let is_later = |moving: &Moving| moving.place.is_none() || moving.place > brought;
        let ours = || all.iter().filter(|moving| moving.is_ours);
        let from_here = ours().filter(|moving| begins(moving) && is_later(moving)).max_by_key(|moving| moving.seq);
        let Some(mine) = from_here.or_else(|| ours().max_by_key(|moving| moving.seq)) else { return Ok(first) };
        let Some(place) = mine.place else { return Ok(MoveTurn { due: Timestamp(due), ..MoveTurn::default() }) };
        let ahead = all.iter().filter(|moving| !moving.is_ours).filter(|moving| {
            // Numbers are given in the order in which records come to be known here. What brings it here has done that.
            let is_unknown =
                moving.seq > mine.seq && moving.place.is_some_and(|theirs| theirs < place) && !ends(moving);
            // It came here on the way of a colleague, who moves it on.
            is_unknown || (from_here.is_none() && begins(moving) && is_later(moving))
        });
        let to = |moving: &Moving| moving.ways.iter().find_map(|(_, to)| folder(to)).unwrap_or_default();
        let mut ahead: Vec<String> = ahead.map(|moving| to(moving)).collect();
        if from_here.is_none() && !ahead.is_empty() {
            // Behind those who said that they move it from here.
            ahead.push(source.clone());
        }
        Ok(MoveTurn { is_placed: true, ahead, due: Timestamp(due) })
    }

    /// Returns the records that move a conversation, in no order.
    fn moving_records(&self, conversation: i64, read: &mut Read) -> Result<Vec<Rc<Moving>>, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT r.seq FROM member b CROSS JOIN target t ON t.message_id = b.message_id
                 CROSS JOIN record r ON r.seq = t.record WHERE b.conversation = ?1 AND r.kind = 'move'
             UNION
             SELECT t.record FROM member b CROSS JOIN undo_target t ON t.message_id = b.message_id
                 WHERE b.conversation = ?1",
        )?;
        let found: Vec<i64> = find.query_map([conversation], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut all = Vec::new();
        for seq in found {
            let moving = match read.get(&seq) {
                Some(known) => known.clone(),
                None => read.entry(seq).or_insert(self.moving(seq)?.map(Rc::new)).clone(),
            };
            all.extend(moving);
        }
        Ok(all)
    }

    /// Reads a record; `None` where it moves nothing.
    fn moving(&self, seq: i64) -> Result<Option<Moving>, StoreError> {
        let Some(kept) = record::by_seq(self.tx, seq)? else { return Ok(None) };
        let ways = self.ways(kept.record.known(), DEPTH)?;
        if ways.is_empty() {
            return Ok(None);
        }
        let mut find = self.tx.prepare_cached("SELECT made FROM record WHERE seq = ?1")?;
        let is_ours = find.query_row([seq], |row| row.get(0))?;
        let place = kept.place.map(|place| (place.epoch, place.uid, place.index));
        Ok(Some(Moving { seq, is_ours, place, ways }))
    }

    /// Returns from which inbox to which an operation moves; none where it moves nothing.
    fn ways(&self, known: Option<&Known>, depth: usize) -> Result<Vec<Way>, StoreError> {
        match known {
            Some(Known::Move { inbox, from }) => Ok(vec![(from.clone(), Some(inbox.clone()))]),
            Some(Known::Undo { of }) if depth > 0 => self.ways_back(*of, depth - 1),
            _ => Ok(Vec::new()),
        }
    }

    fn ways_back(&self, of: OpId, depth: usize) -> Result<Vec<Way>, StoreError> {
        let mut all = Vec::new();
        for kept in record::of_id(self.tx, of)? {
            all.extend(self.ways(kept.record.known(), depth)?.into_iter().map(|(from, to)| (to, from)));
        }
        Ok(all)
    }
}
