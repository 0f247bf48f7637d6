//! What `log --json` prints; the rules are those of `json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{Moment, SCHEMA};
use crate::model::conversation::{LogEntry, LogTarget};
use crate::model::ids::{ConversationId, OpId};
use crate::model::text::SafeText;

/// `"type":"operation"`: an entry of the audit trail.
#[derive(Serialize, JsonSchema)]
pub struct LogJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    id: OpId,
    batch: Option<OpId>,
    account: &'a SafeText,
    at: Moment,
    actor: &'a SafeText,
    host: &'a SafeText,
    operation: &'a str,
    sentence: &'a SafeText,
    conversations: &'a [String],
    touched: u64,
    on_server: bool,
    undone: bool,
    lost_to: Option<&'a str>,
    lost: u64,
    op: &'a serde_json::Value,
    targets: Vec<TargetJson<'a>>,
}

/// A target of an operation as it stands on the log, and the conversation that it is of.
#[derive(Serialize, JsonSchema)]
struct TargetJson<'a> {
    conversation: Option<&'a ConversationId>,
    #[serde(flatten)]
    target: &'a serde_json::Value,
}

impl<'a> LogJson<'a> {
    /// Makes the object of an entry with all its targets.
    pub fn new(entry: &'a LogEntry, targets: &'a [LogTarget]) -> Self {
        let targets =
            targets.iter().map(|of| TargetJson { conversation: of.conversation.as_ref(), target: &of.target });
        let targets = targets.collect();
        Self {
            schema: SCHEMA,
            r#type: "operation",
            id: entry.id,
            batch: entry.batch,
            account: &entry.account,
            at: entry.at.into(),
            actor: &entry.actor,
            host: &entry.host,
            operation: &entry.kind,
            sentence: &entry.sentence,
            conversations: &entry.conversations,
            touched: entry.touched,
            on_server: entry.on_server.is_some(),
            undone: entry.undone,
            lost_to: entry.lost_to.as_deref(),
            lost: entry.lost,
            op: &entry.operation,
            targets,
        }
    }
}
