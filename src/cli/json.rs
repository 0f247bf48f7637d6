//! What `--json` prints: types for that alone, so that the schema `postroom/1` changes only on purpose. Fields are added, never
//! renamed or removed, while the name of the schema stays.

use schemars::JsonSchema;
use serde::Serialize;

use super::invite_json::InvitationJson;
use super::stats_json::{SentBy, StatsJson};
use crate::model::clock::Timestamp;
use crate::model::conversation::{ContextItem, Conversation, Item, Parties, Related, Relation, SharedId, WhyItem};
use crate::model::ids::{ConversationId, Handle, InboxId, MessageId, OpId, Tag};
use crate::model::message::{Attachment, Authorship, Block, Link, TextPart};
use crate::model::news::News;
use crate::model::phrase::{Args, Phrase};
use crate::model::refusal::Refusal;
use crate::model::stats::Stats;
use crate::model::status::Status;
use crate::model::text::SafeText;
use crate::model::view::{ConversationRow, Worker};
use crate::op::Record;
use crate::text;

/// The name of the schema, in every object.
pub const SCHEMA: &str = "postroom/1";

/// A moment in UTC (RFC 3339), with milliseconds where they are not zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Moment(String);

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(jiff::Timestamp::from_millisecond(at.0).map(|t| t.to_string()).unwrap_or_default())
    }
}

/// `"type":"conversation"`: one conversation.
#[derive(Serialize, JsonSchema)]
pub struct ConversationJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    id: &'a str,
    short: &'a str,
    inbox: &'a InboxId,
    title: &'a SafeText,
    people: &'a SafeText,
    snippet: &'a SafeText,
    status: Status,
    assignee: Option<&'a Handle>,
    tags: &'a [Tag],
    snoozed_until: Option<Moment>,
    last_at: Moment,
    waiting_since: Option<Moment>,
    messages: u32,
    notes: u32,
    attachments: bool,
    replying: Option<&'a Handle>,
    lease: Option<LeaseJson<'a>>,
    pending: bool,
    draft: bool,
    failed: bool,
    bounced: bool,
    gone: bool,
    mentioned: bool,
    unread: bool,
    news: Option<&'a News>,
    followed: bool,
    answered: u32,
    created: Moment,
    last_inbound: Option<Moment>,
    last_outbound: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<StatsJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    followers: Option<Vec<&'a Handle>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Vec<ContextJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related: Option<Vec<RelatedJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<ItemJson<'a>>>,
}

impl<'a> ConversationJson<'a> {
    /// Makes the object of a list.
    pub fn row(row: &'a ConversationRow) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "conversation",
            id: row.id.as_str(),
            short: &row.short,
            inbox: &row.inbox,
            title: &row.title,
            people: &row.people,
            snippet: &row.snippet,
            status: row.status,
            assignee: row.assignee.as_ref(),
            tags: &row.tags,
            snoozed_until: row.snoozed_until.map(Moment::from),
            last_at: row.last_at.into(),
            waiting_since: row.waiting_since.map(Moment::from),
            messages: row.messages,
            notes: row.notes,
            attachments: row.attachments,
            replying: row.replying.as_ref().map(|lease| &lease.agent),
            lease: row.worker.as_ref().map(LeaseJson::from),
            pending: row.pending,
            draft: row.draft,
            failed: row.failed,
            bounced: row.bounced,
            gone: row.gone,
            mentioned: row.mentioned,
            unread: row.unread,
            news: row.news.as_ref(),
            followed: row.followed,
            answered: row.answered,
            created: row.created.into(),
            last_inbound: row.last_inbound.map(Moment::from),
            last_outbound: row.last_outbound.map(Moment::from),
            stats: None,
            followers: None,
            earlier: None,
            context: None,
            related: None,
            items: None,
        }
    }

    /// Puts in what reports ask for.
    #[must_use]
    pub fn with_stats(self, stats: Option<&'a Stats>) -> Self {
        Self { stats: stats.map(StatsJson::from), ..self }
    }

    /// Makes the object of `show`, with the time line.
    pub fn whole(conversation: &'a Conversation) -> Self {
        Self {
            followers: Some(conversation.followers.iter().collect()),
            earlier: Some(conversation.earlier),
            context: Some(conversation.context.iter().map(ContextJson::from).collect()),
            related: Some(conversation.related.iter().map(RelatedJson::from).collect()),
            items: Some(conversation.items.iter().map(ItemJson::from).collect()),
            ..Self::row(&conversation.row)
        }
    }
}

/// The worker that has a conversation from `next`.
#[derive(Serialize, JsonSchema)]
struct LeaseJson<'a> {
    agent: &'a Handle,
    worker: &'a SafeText,
    until: Moment,
}

impl<'a> From<&'a Worker> for LeaseJson<'a> {
    fn from(worker: &'a Worker) -> Self {
        Self { agent: &worker.agent, worker: &worker.name, until: worker.until.into() }
    }
}

/// A notice of ours that went to many and that a conversation answers.
#[derive(Serialize, JsonSchema)]
struct ContextJson<'a> {
    message: &'a MessageId,
    conversation: &'a str,
    short: &'a str,
    subject: &'a SafeText,
    at: Moment,
}

impl<'a> From<&'a ContextItem> for ContextJson<'a> {
    fn from(item: &'a ContextItem) -> Self {
        let ContextItem { message, conversation, short } = item;
        Self {
            message: &message.id,
            conversation: conversation.as_str(),
            short,
            subject: &message.subject,
            at: message.at.into(),
        }
    }
}

/// A conversation that may have to do with another one.
#[derive(Serialize, JsonSchema)]
struct RelatedJson<'a> {
    id: &'a str,
    short: &'a str,
    title: &'a SafeText,
    relation: Relation,
}

impl<'a> From<&'a Related> for RelatedJson<'a> {
    fn from(other: &'a Related) -> Self {
        let row = &other.row;
        Self { id: row.id.as_str(), short: &row.short, title: &row.title, relation: other.relation }
    }
}

/// `"type":"together"`: what a conversation has to do with others.
#[derive(Serialize, JsonSchema)]
pub struct TogetherJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    conversation: &'a str,
    answered: u32,
    context: Vec<ContextJson<'a>>,
    related: Vec<RelatedJson<'a>>,
}

impl<'a> From<&'a Conversation> for TogetherJson<'a> {
    fn from(of: &'a Conversation) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "together",
            conversation: of.row.id.as_str(),
            answered: of.row.answered,
            context: of.context.iter().map(ContextJson::from).collect(),
            related: of.related.iter().map(RelatedJson::from).collect(),
        }
    }
}

/// An entry of the time line, told apart by `kind`.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ItemJson<'a> {
    Message {
        id: &'a MessageId,
        direction: crate::model::message::Direction,
        origin: crate::model::message::Origin,
        at: Moment,
        authorship: Authorship,
        author: &'a SafeText,
        doubts: &'a [SafeText],
        actor: Option<&'a Handle>,
        sent_by: Option<SentBy>,
        parties: &'a Parties,
        reply_to: Option<&'a SafeText>,
        from: &'a SafeText,
        to: &'a SafeText,
        cc: &'a SafeText,
        subject: &'a SafeText,
        blocks: &'a [Block],
        attachments: &'a [Attachment],
        links: Vec<&'a Link>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        invitations: Vec<InvitationJson<'a>>,
        warnings: &'a [SafeText],
        part: Option<TextPart>,
        partial: bool,
        gone: bool,
        why: &'a SafeText,
        new_here: bool,
        sending: Option<&'a SafeText>,
        bounced: &'a [SafeText],
        delayed: &'a [SafeText],
        left: Option<Box<SaidJson>>,
        missing: Option<Box<SaidJson>>,
        shares: &'a [SharedId],
        known_as: &'a [MessageId],
    },
    Note {
        id: OpId,
        actor: &'a Handle,
        at: Moment,
        lines: &'a [SafeText],
        mentions: &'a [Handle],
        edited: Option<Moment>,
        erased: Option<ErasedJson<'a>>,
        pending: bool,
    },
    Event {
        id: OpId,
        at: Moment,
        sentence: &'a SafeText,
        void: bool,
        reason: String,
        code: Option<&'a str>,
        args: Option<&'a Args>,
        pending: bool,
    },
}

/// Who erased words, and when.
#[derive(Serialize, JsonSchema)]
pub struct ErasedJson<'a> {
    who: &'a Handle,
    at: Moment,
}

impl<'a> From<&'a Item> for ItemJson<'a> {
    fn from(item: &'a Item) -> Self {
        match item {
            Item::Message(m) => ItemJson::Message {
                id: &m.id,
                direction: m.direction,
                origin: m.origin,
                at: m.at.into(),
                authorship: m.authorship,
                author: &m.author,
                doubts: &m.doubts,
                actor: m.actor.as_ref(),
                sent_by: SentBy::of_message(m),
                parties: &m.parties,
                reply_to: m.reply_to.as_ref(),
                from: &m.from,
                to: &m.to,
                cc: &m.cc,
                subject: &m.subject,
                blocks: &m.body.blocks,
                attachments: &m.body.attachments,
                links: m.body.links.iter().chain(&m.body.addresses).collect(),
                invitations: m.body.invitations.iter().map(InvitationJson::from).collect(),
                warnings: &m.body.warnings,
                part: m.body.part,
                partial: m.partial,
                gone: m.gone,
                why: &m.why,
                new_here: m.new_here.is_some(),
                sending: m.sending.as_ref(),
                bounced: &m.bounced,
                delayed: &m.delayed,
                left: m.left.as_ref().map(|left| Box::new(SaidJson::new(left))),
                missing: m.missing.as_ref().map(|missing| Box::new(SaidJson::new(missing))),
                shares: &m.shares,
                known_as: &m.known_as,
            },
            Item::Note(n) => ItemJson::Note {
                id: n.id,
                actor: &n.actor,
                at: n.at.into(),
                lines: &n.lines,
                mentions: &n.mentions,
                edited: n.edited.map(Moment::from),
                erased: n.erased.as_ref().map(|by| ErasedJson { who: &by.who, at: by.at.into() }),
                pending: n.pending,
            },
            Item::Event(e) => ItemJson::Event {
                id: e.id,
                at: e.at.into(),
                sentence: &e.sentence,
                void: e.void.is_some(),
                reason: e.void.as_ref().map_or_else(String::new, text::english),
                code: e.void.as_ref().map(|why| &*why.code),
                args: e.void.as_ref().map(|why| &why.args),
                pending: e.pending,
            },
        }
    }
}

/// `"type":"count"`.
#[derive(Serialize, JsonSchema)]
pub struct CountJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    query: &'a str,
    count: u64,
}

impl<'a> CountJson<'a> {
    /// Makes the object.
    pub fn new(query: &'a str, count: u64) -> Self {
        Self { schema: SCHEMA, r#type: "count", query, count }
    }
}

/// `"type":"done"`: what a command did.
#[derive(Serialize, JsonSchema)]
pub struct DoneJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    batch: Option<OpId>,
    operations: Vec<DoneOperation<'a>>,
    conversations: Vec<&'a str>,
}

/// One record that a command wrote.
#[derive(Serialize, JsonSchema)]
pub struct DoneOperation<'a> {
    id: OpId,
    operation: &'a str,
    sentence: &'a SafeText,
    targets: usize,
}

impl<'a> DoneOperation<'a> {
    /// Makes the objects of records, each with its sentence.
    pub fn all(records: &'a [Record], said: &'a [SafeText]) -> Vec<Self> {
        let operation = |(record, sentence): (&'a Record, &'a SafeText)| Self {
            id: record.id,
            operation: record.op.name(),
            sentence,
            targets: record.on.len(),
        };
        records.iter().zip(said).map(operation).collect()
    }
}

impl<'a> DoneJson<'a> {
    /// Makes the object.
    pub fn new(rows: &'a [ConversationRow], records: &'a [Record], said: &'a [SafeText]) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "done",
            batch: records.first().and_then(|record| record.batch),
            operations: DoneOperation::all(records, said),
            conversations: rows.iter().map(|row| row.id.as_str()).collect(),
        }
    }
}

/// `"type":"refused"`: something that no longer held.
#[derive(Serialize, JsonSchema)]
pub struct RefusedJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    conversation: Option<&'a str>,
    title: Option<&'a str>,
    operation: &'a str,
    did: Option<String>,
    why: String,
    /// Why, to decide by, and what it names.
    code: &'a str,
    args: &'a Args,
}

impl<'a> RefusedJson<'a> {
    /// Makes the object of what was done here and does not stand.
    pub fn fallen(refusal: &'a Refusal) -> Self {
        Self {
            title: Some(refusal.title.as_str()),
            did: Some(text::english(&refusal.did)),
            ..Self::new(Some(refusal.conversation.as_str()), &refusal.operation, &refusal.why)
        }
    }

    /// Makes the object of an operation that was not carried out.
    pub fn new(conversation: Option<&'a str>, operation: &'a str, why: &'a Phrase) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "refused",
            conversation,
            title: None,
            operation,
            did: None,
            why: text::english(why),
            code: &why.code,
            args: &why.args,
        }
    }
}

/// `"type":"trouble"`: something of an account that does not work.
#[derive(Serialize, JsonSchema)]
pub struct TroubleJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    account: &'a str,
    part: &'static str,
    message: &'a str,
    hint: &'a str,
}

impl<'a> TroubleJson<'a> {
    /// Makes the object of a trouble; `part` is [`Part::name`], or `connection`.
    ///
    /// [`Part::name`]: crate::model::change::Part::name
    pub fn new(account: &'a str, part: &'static str, message: &'a str, hint: &'a str) -> Self {
        Self { schema: SCHEMA, r#type: "trouble", account, part, message, hint }
    }
}

/// `"type":"why"`: why a message is in its conversation.
#[derive(Serialize, JsonSchema)]
pub struct WhyJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    conversation: &'a str,
    message: &'a MessageId,
    subject: &'a SafeText,
    why: &'a SafeText,
    authorship: Authorship,
    author: &'a SafeText,
    wrote: String,
    new_here: bool,
}

impl<'a> WhyJson<'a> {
    /// Makes the object; `wrote` says in words how it is known who wrote it.
    pub fn new(conversation: &'a str, item: &'a WhyItem, wrote: String) -> Self {
        let WhyItem { id: message, subject, authorship, author, why, new_here } = item;
        let (authorship, new_here) = (*authorship, new_here.is_some());
        Self { schema: SCHEMA, r#type: "why", conversation, message, subject, why, authorship, author, wrote, new_here }
    }
}

/// `"type":"undone"`: what undo or redo did.
#[derive(Serialize, JsonSchema)]
pub struct UndoneJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    /// What was taken back, in words.
    notice: &'a SafeText,
    /// The conversations that it is about, those of a large batch in part.
    about: Vec<AboutJson<'a>>,
    /// How many more it is about.
    more: usize,
    operations: Vec<OpId>,
}

/// A conversation with the name that a person gives it.
#[derive(Serialize, JsonSchema)]
struct AboutJson<'a> {
    conversation: &'a ConversationId,
    name: &'a str,
}

impl<'a> UndoneJson<'a> {
    /// Makes the object; `notice` names the conversations.
    pub fn new(undone: &'a crate::store::Undone, notice: &'a SafeText) -> Self {
        let operations = undone.committed.records.iter().map(|record| record.id).collect();
        let about = undone.about.iter().map(|(conversation, name)| AboutJson { conversation, name }).collect();
        Self { schema: SCHEMA, r#type: "undone", notice, about, more: undone.more, operations }
    }
}

/// `"type":"departed"`: a conversation of the agent that is closed because another program took its mail away.
#[derive(Serialize, JsonSchema)]
pub struct DepartedJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    conversation: &'a ConversationId,
    title: &'a SafeText,
}

impl<'a> DepartedJson<'a> {
    /// Makes the object.
    pub fn new(conversation: &'a ConversationId, title: &'a SafeText) -> Self {
        Self { schema: SCHEMA, r#type: "departed", conversation, title }
    }
}

/// `"type":"upgraded"`: conversations that the rules of this program changed, or would have without the records that keep them.
#[derive(Serialize, JsonSchema)]
pub struct UpgradedJson {
    schema: &'static str,
    r#type: &'static str,
    conversations: u64,
}

impl UpgradedJson {
    /// Makes the object.
    pub fn new(conversations: u64) -> Self {
        Self { schema: SCHEMA, r#type: "upgraded", conversations }
    }
}

/// `"type":"team-differs"`: where the config says something that the team's record overrules; none where it says nothing against it now.
#[derive(Serialize, JsonSchema)]
pub struct DiffersJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    account: &'a str,
    differences: Vec<SaidJson>,
}

impl<'a> DiffersJson<'a> {
    /// Takes what differs in an account.
    pub fn new(account: &'a str, differences: &[Phrase]) -> Self {
        let differences = differences.iter().map(SaidJson::new).collect();
        Self { schema: SCHEMA, r#type: "team-differs", account, differences }
    }
}

/// Something that is said: to decide by, and in words.
#[derive(Serialize, JsonSchema)]
pub struct SaidJson {
    code: String,
    args: Args,
    sentence: String,
}

impl SaidJson {
    /// Takes what is said of it.
    pub fn new(said: &Phrase) -> Self {
        Self { code: said.code.to_string(), args: said.args.clone(), sentence: text::english(said) }
    }
}
