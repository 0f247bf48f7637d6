//! The list: pages by key, ids, exact numbers. A page costs the same anywhere in a list of any length.

use std::sync::LazyLock;

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

use super::code::Code;
use super::connection::Transaction;
use super::conversation::find;
use super::counts;
use super::facts::message_id;
use super::people::by_third_parties;
use super::resolve::shortest;
use super::search::condition;
use super::shown::{AS_OF, as_of_column};
use super::{Store, StoreError, news};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle, InboxId, MessageId, Tag};
use crate::model::message::{Authorship, Direction, Origin};
use crate::model::text::SafeText;
use crate::model::view::{ConversationRow, Lease, ListOrder, PageKey, Sort, View, WithCustomers, Worker};
use crate::op::operation::{Expect, Target};
use crate::query::{self, Context, Query};

mod walk;

/// Which way a page runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Behind,
    Before,
}

/// The condition of a query, and the index that the list of a tag walks.
pub(super) struct Source {
    pub from: &'static str,
    pub condition: String,
    pub values: Vec<Value>,
    /// The table whose order columns the index holds.
    pub order: &'static str,
}

/// A row with all that stands beside it, in one question: ?1 is the present moment, ?2 who asks. The four ids are the neighbours that a
/// short id must not be taken for. None of it may need a temporary table (`ORDER BY` without an index, `IN` over an index's column):
/// making one for each row costs more than all the rest.
const ROW: &str = "c.id, c.inbox, c.subject, c.title, c.people, c.snippet, c.status, c.assignee, c.snoozed_until,
    c.last_at, c.messages, c.notes, c.attachments, c.waiting_since,
    EXISTS (SELECT 1 FROM conversation_pending p WHERE p.conversation = c.rowid)
        OR EXISTS (SELECT 1 FROM mail_move) AND EXISTS (
            SELECT 1 FROM message m CROSS JOIN mail_move v ON v.message = m.id WHERE m.conversation = c.rowid),
    EXISTS (SELECT 1 FROM outgoing o WHERE o.conversation = c.id AND +o.state IN ('stopped', 'uncertain', 'failed')),
    EXISTS (SELECT 1 FROM draft d WHERE d.conversation = c.id AND d.actor = ?2 AND d.discarded_at IS NULL),
    (SELECT group_concat(t.tag, ' ') FROM conversation_tag t WHERE t.conversation = c.rowid),
    (SELECT agent FROM (SELECT l.agent, max(l.until) FROM conversation_lease l
        WHERE l.conversation = c.rowid AND l.until > ?1 AND l.agent <> ?2)),
    (SELECT max(l.until) FROM conversation_lease l WHERE l.conversation = c.rowid AND l.agent <> ?2),
    (SELECT n.id FROM conversation n WHERE n.id < c.id ORDER BY n.id DESC LIMIT 1),
    (SELECT n.id FROM conversation n WHERE n.id > c.id ORDER BY n.id LIMIT 1),
    (SELECT n.id FROM conversation_alias n WHERE n.id < c.id ORDER BY n.id DESC LIMIT 1),
    (SELECT n.id FROM conversation_alias n WHERE n.id > c.id ORDER BY n.id LIMIT 1),
    c.bounced IS NOT NULL,
    EXISTS (SELECT 1 FROM conversation_mention m WHERE m.conversation = c.rowid AND m.agent = ?2)
        AND NOT EXISTS (SELECT 1 FROM conversation_mention_looked k WHERE k.agent = ?2 AND k.conversation = c.rowid),
    EXISTS (SELECT 1 FROM conversation_follower f WHERE f.conversation = c.rowid AND f.agent = ?2),
    c.gone, c.answered,
    (SELECT w.agent || char(10) || w.until || char(10) || w.worker FROM conversation_worker w
        WHERE w.conversation = c.rowid AND w.at_work = 1 AND w.until > ?1),
    (SELECT max(r.op ->> '$.waiting') FROM conversation_lease l CROSS JOIN member m ON m.conversation = c.rowid
        CROSS JOIN target t ON t.message_id = m.message_id CROSS JOIN record r ON r.seq = t.record
        WHERE l.conversation = c.rowid AND l.until > ?1 AND l.agent <> ?2
            AND r.kind = 'replying' AND r.actor = l.agent AND r.op ->> '$.until' = l.until),
    c.first_at, c.last_inbound_at, c.last_outbound_at,
    (SELECT n.kinds || char(10) || n.who || char(10) || n.words FROM conversation_news n
        WHERE n.agent = ?2 AND n.conversation = c.rowid)";

impl Store {
    /// Tells whether an answer of my own is said to wait in a conversation.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn answer_is_said_to_wait(&self, id: &ConversationId) -> Result<bool, StoreError> {
        let (now, me) = (self.author().clock.now(), self.author().actor.clone());
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM conversation c JOIN conversation_lease l ON l.conversation = c.rowid
                     JOIN member m ON m.conversation = c.rowid JOIN target t ON t.message_id = m.message_id
                     JOIN record r ON r.seq = t.record
                     WHERE c.id = ?1 AND l.agent = ?2 AND l.until > ?3 AND r.kind = 'replying' AND r.actor = l.agent
                         AND r.op ->> '$.until' = l.until AND r.op ->> '$.waiting' IS NOT NULL)",
            )?;
            Ok(find.query_row(params![id.as_str(), me.as_str(), now.0], |row| row.get(0))?)
        })
    }

    /// Returns rows of the list behind `after`, newest first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn page(
        &self,
        query: &Query,
        context: &Context,
        after: Option<&PageKey>,
        limit: usize,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        self.page_in(query, context, ListOrder::default(), after, limit)
    }

    /// Returns rows of the list in that order behind `after`, which is of the same order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn page_in(
        &self,
        query: &Query,
        context: &Context,
        order: ListOrder,
        after: Option<&PageKey>,
        limit: usize,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        self.read(|tx| page(tx, query, context, Seek::new(order, after, Way::Behind), limit))
    }

    /// Returns the rows in front of `before`, in the order of the list that the key is of: those nearest to it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn page_before(
        &self,
        query: &Query,
        context: &Context,
        before: &PageKey,
        limit: usize,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        self.read(|tx| {
            let mut rows = page(tx, query, context, Seek::new(before.order, Some(before), Way::Before), limit)?;
            rows.reverse();
            Ok(rows)
        })
    }

    /// Returns all that match, in the order of the list.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn ids(&self, query: &Query, context: &Context) -> Result<Vec<ConversationId>, StoreError> {
        self.read(|tx| {
            let source = source(tx, query, context)?;
            let sql = format!(
                "SELECT c.id FROM {} WHERE {} ORDER BY {o}.last_at DESC, {o}.id DESC",
                source.from,
                source.condition,
                o = source.order
            );
            let mut find = tx.prepare_cached(&sql)?;
            let found = find.query_map(params_from_iter(source.values), |row| row.get::<_, String>(0))?;
            found.map(|id| Ok(ConversationId::from_kept(id?))).collect()
        })
    }

    /// Returns all that match in another order than the list's; `reverse` turns it round. All that match are put in order at once.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn ids_by(
        &self,
        query: &Query,
        context: &Context,
        sort: Sort,
        reverse: bool,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let all = Seek::new(ListOrder { sort, reverse }, None, Way::Behind);
        self.read(|tx| {
            let mut ids = Vec::new();
            for stretch in all.stretches() {
                let (asked, (bound, order)) = (condition(tx, query, context)?, stretch.sql("c"));
                let sql =
                    format!("SELECT c.id FROM conversation c WHERE ({}) AND {bound} ORDER BY {order}", asked.condition);
                let mut find = tx.prepare_cached(&sql)?;
                let found = find.query_map(params_from_iter(asked.values), |row| row.get::<_, String>(0))?;
                for id in found {
                    ids.push(ConversationId::from_kept(id?));
                }
            }
            Ok(ids)
        })
    }

    /// Returns how many match: the kept number where the query is a view's.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn count(&self, query: &Query, context: &Context) -> Result<u64, StoreError> {
        self.read(|tx| {
            if let Some(view) = view_of(query) {
                return counts::count_of(tx, &view, &context.me);
            }
            let source = source(tx, query, context)?;
            let sql = format!("SELECT count(*) FROM {} WHERE {}", source.from, source.condition);
            let n: i64 = tx.prepare_cached(&sql)?.query_row(params_from_iter(source.values), |row| row.get(0))?;
            Ok(u64::try_from(n).unwrap_or(0))
        })
    }

    /// Returns the rows of these conversations, in this order; those that are gone are left out.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn rows(&self, ids: &[ConversationId]) -> Result<Vec<ConversationRow>, StoreError> {
        let now = self.author().clock.now();
        let me = &self.author().actor;
        self.read(|tx| {
            let mut rows = Vec::with_capacity(ids.len());
            for id in ids {
                rows.extend(row_by_id(tx, id, now, me)?);
            }
            Ok(rows)
        })
    }

    /// Returns the row of a conversation by any id that it had: of one that was merged, the row of what it belongs to. `None` where it is gone.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn row_now(&self, id: &ConversationId) -> Result<Option<ConversationRow>, StoreError> {
        let now = self.author().clock.now();
        let me = &self.author().actor;
        self.read(|tx| match find(tx, id)? {
            Some((_, id)) => row_by_id(tx, &id, now, me),
            None => Ok(None),
        })
    }

    /// Returns these conversations, each with the customers who wrote in it; those that are gone are left out.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn with_customers(&self, ids: &[ConversationId]) -> Result<Vec<WithCustomers>, StoreError> {
        let now = self.author().clock.now();
        let me = &self.author().actor;
        self.read(|tx| {
            let mut find_customers = tx.prepare_cached(
                "SELECT DISTINCT customer FROM message WHERE conversation = ?1 AND hidden = 0 AND direction = ?2 AND customer <> ''",
            )?;
            let mut all = Vec::with_capacity(ids.len());
            for id in ids {
                let Some((number, id)) = find(tx, id)? else { continue };
                let Some(row) = row_by_id(tx, &id, now, me)? else { continue };
                let found = find_customers.query_map(params![number, Code(Direction::Inbound)], |row| row.get(0))?;
                all.push(WithCustomers { row, customers: found.collect::<Result<_, _>>()? });
            }
            Ok(all)
        })
    }

    /// Returns the rows with targets for an operation that has seen all that is here now, and expects the present assignee.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn targets(&self, ids: &[ConversationId]) -> Result<Vec<(ConversationRow, Target)>, StoreError> {
        let now = self.author().clock.now();
        let me = &self.author().actor;
        self.read(|tx| {
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                let Some(row) = row_by_id(tx, id, now, me)? else { continue };
                let Some(on) = anchor(tx, id)? else { continue };
                let expect = Some(Expect::of(row.assignee.as_ref()));
                found.push((row.clone(), Target { on, as_of: row.as_of, expect, gone: row.gone }));
            }
            Ok(found)
        })
    }
}

impl Store {
    /// Returns the inbox of a conversation and the message that an answer answers: the newest that a person wrote to us, the customer's side
    /// before third parties ([`Store::by_third_parties`]) and these before a colleague, else the newest that a person wrote at all, else the
    /// newest.
    /// No mail is opened for it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn to_answer(&self, id: &ConversationId) -> Result<Option<(InboxId, MessageId)>, StoreError> {
        let team = self.team();
        self.read(|tx| {
            let Some((number, _)) = find(tx, id)? else { return Ok(None) };
            let thirds = by_third_parties(tx, number, &team)?;
            let mut find = tx.prepare_cached(
                "SELECT c.inbox, m.message_id, (m.direction = ?2 AND m.origin = ?3)
                     * (CASE WHEN m.authorship IN (?4, ?5) THEN 3 WHEN m.authorship = ?6 THEN 2 ELSE 1 END) AS rank
                 FROM conversation c JOIN message m ON m.conversation = c.rowid
                 WHERE c.rowid = ?1 AND m.hidden = 0
                 ORDER BY rank DESC, m.arrived DESC, m.message_id DESC",
            )?;
            let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?));
            let [sender, form, colleague] = [Authorship::Sender, Authorship::Form, Authorship::Colleague].map(Code);
            let human = params![number, Code(Direction::Inbound), Code(Origin::Human), sender, form, colleague];
            let mut best = None;
            for found in find.query_map(human, read)? {
                let (inbox, message, rank) = found?;
                // Third parties go before what nobody outside wrote.
                if best.is_some() && rank < 3 {
                    break;
                }
                let message = message_id(&message);
                let is_third = thirds.iter().any(|(third, _)| *third == message);
                if best.is_none() || !is_third {
                    best = InboxId::new(&inbox).ok().map(|inbox| (inbox, message));
                }
                if !is_third {
                    break;
                }
            }
            Ok(best)
        })
    }
}

/// The root of a conversation, where it is here; then its first message. Neither reads the others, however many there are.
const ANCHOR: [&str; 2] = [
    "SELECT m.message_id FROM conversation c CROSS JOIN member b ON b.message_id = c.root CROSS JOIN message m ON m.id = b.message
     WHERE c.id = ?1 AND m.conversation = c.rowid AND m.hidden = 0",
    "SELECT m.message_id FROM conversation c CROSS JOIN message m ON m.conversation = c.rowid
     WHERE c.id = ?1 AND m.hidden = 0 ORDER BY m.arrived LIMIT 1",
];

/// Returns the message that operations on a conversation are anchored on: its root where that is here, else its first.
pub(super) fn anchor(tx: &Transaction<'_>, id: &ConversationId) -> Result<Option<MessageId>, StoreError> {
    for sql in ANCHOR {
        let found: Option<String> = tx.prepare_cached(sql)?.query_row([id.as_str()], |row| row.get(0)).optional()?;
        if let Some(found) = found {
            return Ok(Some(message_id(&found)));
        }
    }
    Ok(None)
}

/// The views that every team has, by their queries.
static FIXED: LazyLock<Vec<(Query, View)>> = LazyLock::new(|| {
    let read = |view: &View| Some((query::parse(&view.query()).ok()?, view.clone()));
    View::FIXED.iter().filter_map(read).collect()
});

/// Returns the view whose query this is.
fn view_of(asked: &Query) -> Option<View> {
    if let Some((_, view)) = FIXED.iter().find(|(own, _)| own == asked) {
        return Some(view.clone());
    }
    let is = |view: &View| query::parse(&view.query()).is_ok_and(|own| own == *asked);
    let text = asked.to_string();
    let word = text.split_whitespace().next().unwrap_or_default();
    let view = match word.split_once(':') {
        Some(("tag", name)) => View::Tag(Tag::new(name).ok()?),
        Some(("assignee", name)) => View::Team(Handle::new(name).ok()?),
        Some(("inbox", name)) => View::Inbox(InboxId::new(name).ok()?),
        _ => return None,
    };
    is(&view).then_some(view)
}

pub(super) fn source(tx: &Transaction<'_>, query: &Query, context: &Context) -> Result<Source, StoreError> {
    if let Some(View::Tag(tag)) = view_of(query) {
        return Ok(Source {
            from: "conversation_tag t CROSS JOIN conversation c ON c.rowid = t.conversation",
            condition: "t.tag = ? AND t.active = 1".into(),
            values: vec![Value::Text(tag.to_string())],
            order: "t",
        });
    }
    let sql = condition(tx, query, context)?;
    Ok(Source { from: "conversation c", condition: sql.condition, values: sql.values, order: "c" })
}

/// Where a page begins and which way it runs.
struct Seek<'k> {
    order: ListOrder,
    key: Option<&'k PageKey>,
    way: Way,
    /// In a list by waiting, whether of the rows on which somebody waits or of the others: each has an index's order of its own.
    waits: Option<bool>,
}

impl<'k> Seek<'k> {
    fn new(order: ListOrder, key: Option<&'k PageKey>, way: Way) -> Self {
        Self { order, key, way, waits: None }
    }

    /// Returns the stretches of the list that a page is read from, one behind the other.
    fn stretches(&self) -> Vec<Self> {
        if self.order.sort != Sort::Waiting {
            return vec![Self { ..*self }];
        }
        // What nobody waits for is the end of the list, either way round.
        let first = self.way == Way::Behind;
        let begun = |waits: bool| Self { waits: Some(waits), ..*self };
        let whole = |waits: bool| Self { key: None, ..begun(waits) };
        match self.key {
            None => vec![whole(first), whole(!first)],
            Some(key) => {
                let waits = key.by != i64::MAX;
                let mut stretches = vec![begun(waits)];
                if waits == first {
                    stretches.push(whole(!first));
                }
                stretches
            }
        }
    }

    /// Returns what rows beyond the key hold, and their order, as SQL over the order columns of a table. All columns rise or fall together,
    /// so that an index is walked from the key on.
    fn sql(&self, table: &str) -> (String, String) {
        let falls = self.order.falls() != (self.way == Way::Before);
        let (sign, dir) = if falls { ("<", "DESC") } else { (">", "ASC") };
        let mut columns: Vec<String> = self.by().map(|by| format!("{table}.{by}")).into_iter().collect();
        columns.extend(["last_at", "id"].map(|column| format!("{table}.{column}")));
        let order = columns.iter().map(|column| format!("{column} {dir}")).collect::<Vec<_>>().join(", ");
        let mut bound = match self.key {
            Some(_) => format!("({}) {sign} ({})", columns.join(", "), vec!["?"; columns.len()].join(", ")),
            None => "TRUE".to_owned(),
        };
        if let Some(waits) = self.waits {
            let is = if waits { "IS NOT NULL" } else { "IS NULL" };
            bound = format!("{table}.waiting_since {is} AND {bound}");
        }
        (bound, order)
    }

    /// Returns the column that goes before all else; `None` where there is none.
    fn by(&self) -> Option<&'static str> {
        match self.order.sort {
            Sort::Activity => None,
            Sort::Waiting => (self.waits != Some(false)).then_some("waiting_since"),
            Sort::Created => Some("first_at"),
        }
    }

    /// Returns the values of the bound.
    fn values(&self) -> Vec<Value> {
        let Some(key) = self.key else { return Vec::new() };
        // [`ListOrder::by`] rises in every list; the column does where that is not turned round.
        let by = if self.order.falls() { key.by.saturating_neg() } else { key.by };
        let mut values: Vec<Value> = self.by().map(|_| Value::Integer(by)).into_iter().collect();
        values.extend([Value::Integer(key.last_at.0), Value::Text(key.id.to_string())]);
        values
    }
}

/// Returns the SQL of the row numbers of a page, and its values. The rows are read after that: what sorts must not carry them.
fn page_sql(
    tx: &Transaction<'_>,
    query: &Query,
    context: &Context,
    seek: &Seek<'_>,
    limit: usize,
) -> Result<(String, Vec<Value>), StoreError> {
    let Source { from, condition, mut values, order } = source(tx, query, context)?;
    let view = view_of(query);
    let from = match (&view, seek.order.sort) {
        // Those who wait for a customer are nobody's too, and in many teams most of what is active: they are not walked past.
        (Some(View::Unassigned), Sort::Activity) => "conversation c INDEXED BY conversation_workable",
        (Some(View::Unassigned), Sort::Waiting) => "conversation c INDEXED BY conversation_workable_waits",
        (Some(View::Unassigned), Sort::Created) => "conversation c INDEXED BY conversation_workable_created",
        // Two indexes fit as well, and this one alone has the order of those on whom nobody waits.
        (Some(View::Mine | View::Team(_)), Sort::Waiting) => "conversation c INDEXED BY conversation_waiting",
        _ => from,
    };
    let held = if view == Some(View::Unassigned) { "c.workable = 1 AND " } else { "" };
    // What stands beside a tag is the activity alone.
    let (bound, order) = seek.sql(if seek.order.sort == Sort::Activity { order } else { "c" });
    values.extend(seek.values());
    values.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
    Ok((format!("SELECT c.rowid FROM {from} WHERE {held}({condition}) AND {bound} ORDER BY {order} LIMIT ?"), values))
}

fn numbers(
    tx: &Transaction<'_>,
    query: &Query,
    context: &Context,
    seek: &Seek<'_>,
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    let mut numbers: Vec<i64> = Vec::new();
    for stretch in seek.stretches() {
        let left = limit.saturating_sub(numbers.len());
        if left == 0 {
            break;
        }
        let (sql, values) = page_sql(tx, query, context, &stretch, left)?;
        let mut find = tx.prepare_cached(&sql)?;
        let found = find.query_map(params_from_iter(values), |row| row.get(0))?;
        numbers.extend(found.collect::<Result<Vec<i64>, _>>()?);
    }
    Ok(numbers)
}

fn page(
    tx: &Transaction<'_>,
    query: &Query,
    context: &Context,
    seek: Seek<'_>,
    limit: usize,
) -> Result<Vec<ConversationRow>, StoreError> {
    let numbers = match walk::page(tx, query, context, &seek, limit)? {
        Some(numbers) => numbers,
        None => numbers(tx, query, context, &seek, limit)?,
    };
    let mut read = tx.prepare_cached(&format!("SELECT {ROW}, {AS_OF} FROM conversation c WHERE c.rowid = ?3"))?;
    let mut row = |number| read.query_row(params![context.now.0, context.me.as_str(), number], row_of);
    numbers.into_iter().map(|number| Ok(row(number)?)).collect()
}

/// Returns the row of a conversation by its number.
pub(super) fn row_by_number(
    tx: &Transaction<'_>,
    number: i64,
    now: Timestamp,
    me: &Handle,
) -> Result<Option<ConversationRow>, StoreError> {
    let mut find = tx.prepare_cached(&format!("SELECT {ROW}, {AS_OF} FROM conversation c WHERE c.rowid = ?3"))?;
    Ok(find.query_row(params![now.0, me.as_str(), number], row_of).optional()?)
}

pub(super) fn row_by_id(
    tx: &Transaction<'_>,
    id: &ConversationId,
    now: Timestamp,
    me: &Handle,
) -> Result<Option<ConversationRow>, StoreError> {
    let mut find = tx.prepare_cached(&format!("SELECT {ROW}, {AS_OF} FROM conversation c WHERE c.id = ?3"))?;
    Ok(find.query_row(params![now.0, me.as_str(), id.as_str()], row_of).optional()?)
}

/// Reads the columns of [`ROW`].
fn row_of(row: &Row<'_>) -> rusqlite::Result<ConversationRow> {
    let text = |column| row.get::<_, String>(column);
    let maybe = |column| row.get::<_, Option<String>>(column);
    let time = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Timestamp));
    let (id, subject, title) = (ConversationId::from_kept(text(0)?), text(2)?, maybe(3)?);
    let near = [maybe(20)?, maybe(21)?, maybe(22)?, maybe(23)?];
    let bad = |e| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(e));
    let mut tags: Vec<Tag> = maybe(17)?.unwrap_or_default().split(' ').filter_map(|tag| Tag::new(tag).ok()).collect();
    tags.sort();
    let waiting = time(30)?;
    let (unread, news) = news::of_column(maybe(34)?.as_deref(), row.get(15)?);
    let lease = maybe(18)?.and_then(|agent| Handle::new(&agent).ok()).zip(time(19)?);
    Ok(ConversationRow {
        short: shortest(&id, near.iter().flatten()),
        id,
        inbox: InboxId::new(&text(1)?).map_err(bad)?,
        title: SafeText::line_max(title.as_deref().unwrap_or(&subject), 500),
        people: SafeText::line(&text(4)?),
        snippet: SafeText::line(&text(5)?),
        status: row.get::<_, Code<_>>(6)?.0,
        assignee: maybe(7)?.and_then(|a| Handle::new(&a).ok()),
        tags,
        snoozed_until: time(8)?,
        last_at: Timestamp(row.get(9)?),
        messages: row.get(10)?,
        notes: row.get(11)?,
        attachments: row.get(12)?,
        waiting_since: time(13)?,
        replying: lease.map(|(agent, until)| Lease { agent, until, waiting }),
        pending: row.get(14)?,
        draft: row.get(16)?,
        failed: row.get(15)?,
        bounced: row.get(24)?,
        mentioned: row.get(25)?,
        followed: row.get(26)?,
        gone: row.get(27)?,
        answered: row.get(28)?,
        worker: maybe(29)?.as_deref().and_then(worker),
        created: Timestamp(row.get(31)?),
        last_inbound: time(32)?,
        last_outbound: time(33)?,
        unread,
        news,
        as_of: as_of_column(row, 35)?,
    })
}

/// Reads the worker of [`ROW`].
fn worker(kept: &str) -> Option<Worker> {
    let mut lines = kept.splitn(3, '\n');
    let agent = Handle::new(lines.next()?).ok()?;
    let until = Timestamp(lines.next()?.parse().ok()?);
    Some(Worker { agent, until, name: SafeText::line_max(lines.next()?, 255) })
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
