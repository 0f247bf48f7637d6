//! Named views, their counts, and the list's rows.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle, InboxId, Tag};
use crate::model::message::AsOf;
use crate::model::news::News;
use crate::model::own::OwnView;
use crate::model::phrase::Phrase;
use crate::model::status::Status;
use crate::model::text::SafeText;

/// A named query with a maintained count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// News that reach me: mentions, answers, what was given to me, trouble.
    InTray,
    /// Assigned to me, not closed, not snoozed.
    Mine,
    /// Assigned to nobody, not closed, not snoozed.
    Unassigned,
    /// Status open, not snoozed.
    Open,
    /// Status in progress, not snoozed.
    InProgress,
    /// Status waiting, not snoozed.
    Waiting,
    /// Status closed.
    Closed,
    /// Snoozed and not yet awake.
    Snoozed,
    /// Notes that mention me and that I have not seen.
    Mentions,
    /// What I follow, not closed.
    Followed,
    /// Conversations with a draft of mine.
    Drafts,
    /// Mail of ours that is on its way or could not be sent.
    Outbox,
    /// Every conversation.
    All,
    /// Conversations assigned to a team, not closed, not snoozed.
    Team(Handle),
    /// Conversations of one inbox, not closed, not snoozed.
    Inbox(InboxId),
    /// Conversations with one tag, not closed, not snoozed.
    Tag(Tag),
    /// A view of one's own.
    Own(Arc<OwnView>),
}

impl View {
    /// The views that every team has, in the order of the screen.
    pub const FIXED: [View; 13] = [
        View::InTray,
        View::Mine,
        View::Unassigned,
        View::Open,
        View::InProgress,
        View::Waiting,
        View::Closed,
        View::Snoozed,
        View::Drafts,
        View::Outbox,
        View::Mentions,
        View::Followed,
        View::All,
    ];

    /// Returns the name by which a view is asked for: `in-progress`, `inbox:support`, `tag:vip`, or that of one's own.
    pub fn name(&self) -> String {
        match self {
            View::InTray => "in-tray".into(),
            View::Mine => "mine".into(),
            View::Unassigned => "unassigned".into(),
            View::Open => "open".into(),
            View::InProgress => "in-progress".into(),
            View::Waiting => "waiting".into(),
            View::Closed => "closed".into(),
            View::Snoozed => "snoozed".into(),
            View::Mentions => "mentions".into(),
            View::Followed => "followed".into(),
            View::Drafts => "drafts".into(),
            View::Outbox => "outbox".into(),
            View::All => "all".into(),
            View::Team(team) => format!("team:{team}"),
            View::Inbox(inbox) => format!("inbox:{inbox}"),
            View::Tag(tag) => format!("tag:{tag}"),
            View::Own(own) => own.name.clone(),
        }
    }

    /// Returns the place of the view that a digit from 1 to 9 shows: the one of one's own that has it for a key, else the one at that place.
    pub fn of_digit(views: &[View], digit: usize) -> Option<usize> {
        let own = |view: &View| view.own_digit() == Some(digit);
        let place = digit.checked_sub(1).filter(|place| *place < views.len());
        views.iter().position(own).or(place)
    }

    /// Returns the digit that shows the view at a place.
    pub fn digit(views: &[View], place: usize) -> Option<usize> {
        let own = views.get(place).and_then(View::own_digit);
        own.or(Some(place + 1).filter(|digit| *digit <= 9 && Self::of_digit(views, *digit) == Some(place)))
    }

    fn own_digit(&self) -> Option<usize> {
        match self {
            View::Own(own) => own.key.map(usize::from),
            _ => None,
        }
    }

    /// Returns the name that the screen shows.
    pub fn title(&self) -> Phrase {
        match self {
            View::InTray => phrase!("view-in-tray"),
            View::Mine => phrase!("view-mine"),
            View::Unassigned => phrase!("view-unassigned"),
            View::Open => phrase!("view-open"),
            View::InProgress => phrase!("view-in-progress"),
            View::Waiting => phrase!("view-waiting"),
            View::Closed => phrase!("view-closed"),
            View::Snoozed => phrase!("view-snoozed"),
            View::Mentions => phrase!("view-mentions"),
            View::Followed => phrase!("view-followed"),
            View::Drafts => phrase!("view-drafts"),
            View::Outbox => phrase!("view-outbox"),
            View::All => phrase!("view-all"),
            View::Team(team) => Phrase::said(capitalised(team.as_str())),
            View::Inbox(inbox) => Phrase::said(inbox.as_str()),
            View::Tag(tag) => Phrase::said(format!("#{tag}")),
            View::Own(own) => Phrase::said(&own.name),
        }
    }

    /// Returns the query, in the search language, that the view stands for.
    pub fn query(&self) -> String {
        match self {
            View::InTray => "is:in-tray".into(),
            View::Mine => "is:mine".into(),
            View::Unassigned => "is:unassigned status:open,in-progress".into(),
            View::Open => "status:open -is:snoozed".into(),
            View::InProgress => "status:in-progress -is:snoozed".into(),
            View::Waiting => "status:waiting -is:snoozed".into(),
            View::Closed => "status:closed".into(),
            View::Snoozed => "is:snoozed".into(),
            View::Mentions => "is:mentioned".into(),
            View::Followed => "is:followed -status:closed".into(),
            View::Drafts => "has:draft".into(),
            View::Outbox => "has:outbox".into(),
            View::All => "is:any".into(),
            View::Team(team) => format!("assignee:{team} is:active"),
            View::Inbox(inbox) => format!("inbox:{inbox} is:active"),
            View::Tag(tag) => format!("tag:{tag} is:active"),
            View::Own(own) => own.query.clone(),
        }
    }

    /// Returns the order in which the screen shows its list at first: by `open` where it is one of what is open, else its own.
    pub fn screen_order(&self, open: Sort) -> ListOrder {
        let is_open = match self {
            View::Mine | View::Unassigned | View::Open | View::InProgress => true,
            View::Team(_) | View::Inbox(_) | View::Tag(_) => true,
            View::InTray | View::Waiting | View::Closed | View::Snoozed | View::Mentions => false,
            View::Followed | View::Drafts | View::Outbox | View::All | View::Own(_) => false,
        };
        if is_open { ListOrder { sort: open, reverse: false } } else { self.order() }
    }

    /// Tells whether all of its conversations have the same status.
    pub fn fixes_status(&self) -> bool {
        matches!(self, View::Open | View::InProgress | View::Waiting | View::Closed)
    }

    /// Tells whether all of its conversations have the same owner.
    pub fn fixes_owner(&self) -> bool {
        matches!(self, View::Mine | View::Unassigned | View::Team(_))
    }

    /// Tells whether all of its conversations lie in the same inbox.
    pub fn fixes_inbox(&self) -> bool {
        matches!(self, View::Inbox(_))
    }

    /// Returns the order of its list.
    pub fn order(&self) -> ListOrder {
        match self {
            View::Own(own) => ListOrder { sort: own.sort, reverse: own.reverse },
            _ => ListOrder::default(),
        }
    }
}

/// Writes a name as the views beside it are written: `Billing`.
fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How many conversations each view holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The conversations; a view that is missing holds none. Each team that I am in has its view here, also one that holds none.
    pub of: BTreeMap<View, u64>,
    /// Drafts and mails of a view that belong to no conversation (yet).
    pub loose: BTreeMap<View, u64>,
    /// Operations and mails that the server does not have yet, without those whose time has not come.
    pub to_push: u64,
    /// Of them the operations, by the account whose log is to take them.
    pub waiting: BTreeMap<String, u64>,
    /// Operations for logs of accounts that the config no longer names, by account: they stay here, and are not among those above.
    pub orphaned: BTreeMap<String, u64>,
    /// Mails whose time has come and that are not out, and since when the first of them is due.
    pub overdue: Option<(u64, Timestamp)>,
    /// Mails that failed or are uncertain and want a person.
    pub failed: u64,
    /// Mails that are to stand in another folder of the server, because their conversation was moved here.
    pub to_move: u64,
    /// How many of them the server did not let us move so far.
    pub stuck: u64,
    /// Conversations with a mail that came back, where that is mine to deal with: I sent it or have the conversation, or nobody knows who did.
    pub bounced: u64,
    /// Conversations that I have and that were closed because another program took their mail away, as far as I was not told, with
    /// their titles.
    pub departed: BTreeMap<ConversationId, SafeText>,
    /// Conversations that the rules of this program changed, or would have without the records that keep them, once all are looked at
    /// and as long as nobody was told.
    pub upgraded: u64,
    /// Mails whose rows older rules or another team made, and that are still to be looked at again.
    pub to_derive: u64,
}

impl Counts {
    /// Returns the number shown beside `view`: its conversations, and the drafts or mails that belong to none.
    pub fn get(&self, view: &View) -> u64 {
        self.conversations(view).saturating_add(self.loose(view))
    }

    /// Returns the number of conversations in `view`.
    pub fn conversations(&self, view: &View) -> u64 {
        self.of.get(view).copied().unwrap_or(0)
    }

    /// Returns the number of drafts or mails of `view` that belong to no conversation.
    pub fn loose(&self, view: &View) -> u64 {
        self.loose.get(view).copied().unwrap_or(0)
    }
}

/// Who is writing a reply just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lease {
    /// The agent.
    pub agent: Handle,
    /// When the lease ends by itself.
    pub until: Timestamp,
    /// Since when a finished answer waits to go out; `None` while it is being written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Timestamp>,
}

impl Lease {
    /// Says who writes there, or has an answer waiting since when.
    pub fn phrase(&self, since: impl Fn(Timestamp) -> String) -> Phrase {
        let who = self.agent.to_string();
        match self.waiting {
            Some(at) => phrase!("has-answer-waiting", who = who, since = since(at)),
            None => phrase!("is-replying", who = who),
        }
    }
}

/// Which worker has a conversation from `next`: one process of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Worker {
    /// The agent.
    pub agent: Handle,
    /// What the worker calls itself.
    pub name: SafeText,
    /// When its lease ends by itself.
    pub until: Timestamp,
}

/// One line of the conversation list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConversationRow {
    /// The full id.
    pub id: ConversationId,
    /// The shortest prefix of the id that is unique now, at least four characters.
    pub short: String,
    /// The inbox.
    pub inbox: InboxId,
    /// The title an agent gave, else the subject.
    pub title: SafeText,
    /// The customer's name, and how many more take part.
    pub people: SafeText,
    /// The beginning of the newest message.
    pub snippet: SafeText,
    /// The status; `open` also for one that has just woken.
    pub status: Status,
    /// Who has it.
    pub assignee: Option<Handle>,
    /// The tags, sorted.
    pub tags: Vec<Tag>,
    /// When it wakes, while it sleeps.
    pub snoozed_until: Option<Timestamp>,
    /// When the newest message arrived, or it woke.
    pub last_at: Timestamp,
    /// How many messages it holds.
    pub messages: u32,
    /// How many notes it holds.
    pub notes: u32,
    /// Whether a message has an attachment.
    pub attachments: bool,
    /// Since when the customer waits for an answer: the first inbound message after our last one.
    pub waiting_since: Option<Timestamp>,
    /// Who else is replying.
    pub replying: Option<Lease>,
    /// Which worker has it from `next`, one's own included.
    pub worker: Option<Worker>,
    /// Whether an operation on it is not on the server yet.
    pub pending: bool,
    /// Whether there is a draft of mine in it.
    pub draft: bool,
    /// Whether a mail of it failed or is uncertain.
    pub failed: bool,
    /// Whether a mail of it came back and nobody has dealt with that.
    pub bounced: bool,
    /// Whether a note mentions me and I have not opened it since.
    pub mentioned: bool,
    /// Whether something came that I have not looked at: a customer's mail, a mention, a conversation given to me, a claim that I lost.
    pub unread: bool,
    /// What the in-tray holds of it.
    pub news: Option<News>,
    /// Whether I follow it.
    pub followed: bool,
    /// How many other conversations answer a notice of it that went to many.
    pub answered: u32,
    /// How far its messages are shown by this row: all that were here. What is decided about the row is decided about these.
    pub as_of: Option<AsOf>,
    /// Whether another program took all of its mail away.
    pub gone: bool,
    /// When its first message arrived.
    pub created: Timestamp,
    /// When the newest mail arrived that a person wrote to us.
    pub last_inbound: Option<Timestamp>,
    /// When the newest mail arrived that one of us wrote.
    pub last_outbound: Option<Timestamp>,
}

/// A conversation with those who wrote in it from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithCustomers {
    /// The list's row.
    pub row: ConversationRow,
    /// What tells its customers apart, a word each that means nothing to a person.
    pub customers: BTreeSet<String>,
}

/// By what conversations are put in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Sort {
    /// The newest activity first.
    #[default]
    Activity,
    /// Whoever has waited longest first; what nobody waits for last, either way round.
    Waiting,
    /// The newest conversation first.
    Created,
}

/// In which order a list stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListOrder {
    /// By what.
    pub sort: Sort,
    /// Whether that is turned round.
    pub reverse: bool,
}

impl Sort {
    /// All, in the order in which they are offered.
    pub const ALL: [Sort; 3] = [Sort::Waiting, Sort::Activity, Sort::Created];

    /// Returns the name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Waiting => "waiting",
            Sort::Activity => "activity",
            Sort::Created => "created",
        }
    }
}

impl ListOrder {
    /// Returns the number by which rows rise in this order before all else: 0 where their activity alone counts.
    pub fn by(self, row: &ConversationRow) -> i64 {
        let waits = |sign: i64| row.waiting_since.map_or(i64::MAX, |at| at.0.saturating_mul(sign));
        match (self.sort, self.reverse) {
            (Sort::Activity, _) => 0,
            (Sort::Waiting, false) => waits(1),
            (Sort::Waiting, true) => waits(-1),
            (Sort::Created, false) => row.created.0.saturating_neg(),
            (Sort::Created, true) => row.created.0,
        }
    }

    /// Tells whether of rows that stand equal otherwise the newest activity comes first.
    pub fn falls(self) -> bool {
        (self.sort == Sort::Waiting) == self.reverse
    }
}

/// Where a page of the list begins: behind the row with this key. Never an offset: a page costs the same anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageKey {
    /// The order of the list.
    pub order: ListOrder,
    /// Where the row stands in it, of [`ListOrder::by`].
    pub by: i64,
    /// The row's `last_at`.
    pub last_at: Timestamp,
    /// The row's id, which orders rows of the same moment.
    pub id: ConversationId,
}

impl PageKey {
    /// Returns the key just in front of a row: a page behind it begins with that row.
    pub fn before(row: &ConversationRow, order: ListOrder) -> Self {
        let key = row.key_in(order);
        let id = key.id.as_str();
        // `~` sorts behind every letter of an id, and an id less its last letter in front of it.
        let shorter = || id.chars().take(id.chars().count().saturating_sub(1)).collect();
        let id = if order.falls() { format!("{id}~") } else { shorter() };
        Self { id: ConversationId::from_kept(id), ..key }
    }

    /// Returns the key behind the last row of a list.
    pub fn end(order: ListOrder) -> Self {
        let (last_at, id) = if order.falls() { (i64::MIN, "") } else { (i64::MAX, "~") };
        Self { order, by: i64::MAX, last_at: Timestamp(last_at), id: ConversationId::from_kept(id) }
    }

    /// Compares two keys of one order as their rows stand in the list: rows of one moment fall or rise by their ids as moments do.
    pub fn compare(&self, other: &Self) -> Ordering {
        let rising = (self.last_at.0, self.id.as_str()).cmp(&(other.last_at.0, other.id.as_str()));
        self.by.cmp(&other.by).then(if self.order.falls() { rising.reverse() } else { rising })
    }
}

impl ConversationRow {
    /// Returns the key of the page that begins behind this row.
    pub fn key(&self) -> PageKey {
        self.key_in(ListOrder::default())
    }

    /// Returns the key of the page that begins behind this row, in a list of that order.
    pub fn key_in(&self, order: ListOrder) -> PageKey {
        PageKey { order, by: order.by(self), last_at: self.last_at, id: self.id.clone() }
    }
}
