//! What `--json` prints of what reports ask for; the rules are those of `json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::Moment;
use crate::model::conversation::MessageItem;
use crate::model::ids::{Handle, MessageId};
use crate::model::message::Direction;
use crate::model::stats::{Closing, Reply, Stats, Wait, WaitEnd};
use crate::model::text::SafeText;

/// What happened in a conversation.
#[derive(Serialize, JsonSchema)]
pub struct StatsJson<'a> {
    customers: &'a [SafeText],
    first_reply: Option<Moment>,
    last_reply: Option<Moment>,
    replies: Vec<ReplyJson<'a>>,
    closed: Vec<ClosingJson<'a>>,
    waits: Vec<WaitJson>,
}

impl<'a> From<&'a Stats> for StatsJson<'a> {
    fn from(stats: &'a Stats) -> Self {
        Self {
            customers: &stats.customers,
            first_reply: stats.first_reply.map(Moment::from),
            last_reply: stats.replies.last().map(|reply| reply.at.into()),
            replies: stats.replies.iter().map(ReplyJson::from).collect(),
            closed: stats.closed.iter().map(ClosingJson::from).collect(),
            waits: stats.waits.iter().map(WaitJson::from).collect(),
        }
    }
}

/// A mail of ours that a person wrote.
#[derive(Serialize, JsonSchema)]
struct ReplyJson<'a> {
    message: &'a MessageId,
    at: Moment,
    actor: Option<&'a Handle>,
    sent_by: SentBy,
}

impl<'a> From<&'a Reply> for ReplyJson<'a> {
    fn from(reply: &'a Reply) -> Self {
        let actor = reply.actor.as_ref();
        Self { message: &reply.message, at: reply.at.into(), actor, sent_by: SentBy::of(actor) }
    }
}

/// Who sent a mail of ours.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SentBy {
    /// An agent, by postroom.
    Agent,
    /// Another program.
    Program,
}

impl SentBy {
    fn of(actor: Option<&Handle>) -> Self {
        if actor.is_some() { SentBy::Agent } else { SentBy::Program }
    }

    /// Returns it for a message; `None` for one of others.
    pub fn of_message(message: &MessageItem) -> Option<Self> {
        (message.direction == Direction::Outbound).then(|| Self::of(message.actor.as_ref()))
    }
}

/// A time in which it was closed.
#[derive(Serialize, JsonSchema)]
struct ClosingJson<'a> {
    at: Moment,
    actor: Option<&'a Handle>,
    until: Option<Moment>,
}

impl<'a> From<&'a Closing> for ClosingJson<'a> {
    fn from(closing: &'a Closing) -> Self {
        let Closing { at, actor, until } = closing;
        Self { at: (*at).into(), actor: actor.as_ref(), until: until.map(Moment::from) }
    }
}

/// A time in which the customer waited.
#[derive(Serialize, JsonSchema)]
struct WaitJson {
    from: Moment,
    to: Option<Moment>,
    /// Its length in seconds.
    seconds: Option<i64>,
    end: Option<WaitEnd>,
}

impl From<&Wait> for WaitJson {
    fn from(wait: &Wait) -> Self {
        Self {
            from: wait.from.into(),
            to: wait.to.map(Moment::from),
            seconds: wait.length().map(|length| length.div_euclid(1000)),
            end: wait.end,
        }
    }
}
