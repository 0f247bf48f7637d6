//! The order of the fold, also where records of two accounts' logs meet in one conversation.

use std::collections::HashMap;

use super::record::Order;
use crate::model::ids::OpId;

/// Where a record stands among those of several logs: the highest counter of its own log so far, and the record that brought it.
pub(super) type Rank = (u64, OpId);

/// What decides where a record stands.
pub(super) struct Key<'a> {
    pub order: Order,
    pub account: &'a str,
    pub lamport: u64,
    pub id: OpId,
}

impl Key<'_> {
    fn is_placed(&self) -> bool {
        !self.order.0
    }
}

/// Sorts records into the order of the fold: those on a log by their places there, then those on none in local order.
///
/// Places of two logs can't be compared. Where records of several logs meet, because a mail came to two accounts or an answer went to
/// the other one, they are merged by their counters (Lamport): each stands behind the highest counter that its own log has shown among
/// these records up to it, and of two such the one brought by the lower id comes first. So
///
/// - the order is a function of the records and of their order in each log, not of names, clocks or the turn in which they were read:
///   all clients that have both logs agree;
/// - what remains of it for a client with one of the logs is just that log's order: what it sees, it sees in the same order as the others;
/// - who writes to one log having read the other counts higher than what was read, and so stands behind it.
pub(super) fn in_order<T>(records: &mut [T], key: impl for<'a> Fn(&'a T) -> Key<'a>) {
    records.sort_by_key(|record| key(record).order);
    let mut accounts = records.iter().map(&key).filter(Key::is_placed).map(|key| key.account);
    let first = accounts.next();
    if accounts.all(|account| Some(account) == first) {
        return;
    }
    let mut highest: HashMap<&str, Rank> = HashMap::new();
    let mut ranks: HashMap<OpId, Rank> = HashMap::with_capacity(records.len());
    for key in records.iter().map(&key).filter(Key::is_placed) {
        let own = (key.lamport, key.id);
        let rank = highest.entry(key.account).or_insert(own);
        if own.0 > rank.0 {
            *rank = own;
        }
        ranks.insert(key.id, *rank);
    }
    // Records of one rank are of one log and stand in its order already; those on no log have none, and stay behind.
    records.sort_by_key(|record| {
        let rank = ranks.get(&key(record).id).copied();
        (rank.is_none(), rank)
    });
}
