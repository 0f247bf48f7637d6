//! What `--json` prints of drafts, the outbox, saved replies and attachments; the rules are those of `json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{Moment, SCHEMA};
use crate::model::address::Address;
use crate::model::ids::{ConversationId, InboxId, MessageId};
use crate::model::invitation::{Answer, InvitationAnswer};
use crate::model::phrase::{Args, Phrase};
use crate::model::reply::{Draft, DraftKind, Identity, Outgoing};
use crate::model::status::Status;
use crate::service::saved_replies::SavedReply;
use crate::store::{Delivery, Recipient};
use crate::text;

/// `"type":"draft"`: a mail being written.
#[derive(Serialize, JsonSchema)]
pub struct DraftJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    id: i64,
    saved_at: Moment,
    discarded_at: Option<Moment>,
    #[serde(flatten)]
    mail: Fields<'a>,
}

#[derive(Serialize, JsonSchema)]
struct Fields<'a> {
    kind: DraftKind,
    conversation: Option<&'a ConversationId>,
    parent: Option<&'a MessageId>,
    inbox: Option<&'a InboxId>,
    identity: Identity,
    to: &'a [Address],
    cc: &'a [Address],
    bcc: &'a [Address],
    subject: &'a str,
    body: &'a str,
    markdown: bool,
    then: Option<Status>,
    /// The answer to an invitation that goes along.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<AnswerJson<'a>>,
    files: Vec<FileJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct AnswerJson<'a> {
    answer: Answer,
    attendee: &'a Address,
    invited: bool,
    organizer: &'a str,
}

impl<'a> From<&'a InvitationAnswer> for AnswerJson<'a> {
    fn from(of: &'a InvitationAnswer) -> Self {
        Self { answer: of.answer, attendee: &of.attendee, invited: of.invited, organizer: &of.organizer }
    }
}

#[derive(Serialize, JsonSchema)]
struct FileJson<'a> {
    name: &'a str,
    size: u64,
}

impl<'a> Fields<'a> {
    fn new(draft: &'a Draft, files: Vec<FileJson<'a>>) -> Self {
        Self {
            kind: draft.kind,
            conversation: draft.conversation.as_ref(),
            parent: draft.parent.as_ref(),
            inbox: draft.inbox.as_ref(),
            identity: draft.identity,
            to: &draft.to,
            cc: &draft.cc,
            bcc: &draft.bcc,
            subject: &draft.subject,
            body: &draft.body,
            markdown: draft.markdown,
            then: draft.then,
            invitation: draft.invitation.as_deref().map(AnswerJson::from),
            files,
        }
    }
}

impl<'a> From<&'a Draft> for DraftJson<'a> {
    fn from(draft: &'a Draft) -> Self {
        let files = draft.files.iter().map(|f| FileJson { name: &f.name, size: f.size }).collect();
        Self {
            schema: SCHEMA,
            r#type: "draft",
            id: draft.id,
            saved_at: draft.saved_at.into(),
            discarded_at: draft.discarded_at.map(Moment::from),
            mail: Fields::new(draft, files),
        }
    }
}

/// `"type":"mail"`: a mail of a dry run.
#[derive(Serialize, JsonSchema)]
pub struct MailJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    #[serde(flatten)]
    mail: Fields<'a>,
}

impl<'a> MailJson<'a> {
    /// Makes the object; `files` are names and sizes.
    pub fn new(draft: &'a Draft, files: &[(&'a str, u64)]) -> Self {
        let files = files.iter().map(|(name, size)| FileJson { name, size: *size }).collect();
        Self { schema: SCHEMA, r#type: "mail", mail: Fields::new(draft, files) }
    }
}

/// `"type":"outgoing"`: a mail of the outbox.
#[derive(Serialize, JsonSchema)]
pub struct OutgoingJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    id: i64,
    message: &'a MessageId,
    conversation: Option<&'a ConversationId>,
    actor: &'a str,
    state: &'static str,
    /// In English.
    reason: String,
    /// The code of the reason and what it names, by which a script decides; null where there is none.
    code: Option<&'a str>,
    args: Option<&'a Args>,
    to: &'a str,
    /// The addresses that it goes to, copies included, each with what the server said.
    recipients: &'a [Recipient],
    subject: &'a str,
    attempts: u32,
    due: Moment,
    size: u64,
}

impl<'a> OutgoingJson<'a> {
    /// Makes the object of a mail and how it is delivered.
    pub fn new(mail: &'a Outgoing, delivery: &'a Delivery) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "outgoing",
            id: mail.id,
            message: &mail.message_id,
            conversation: mail.conversation.as_ref(),
            actor: mail.actor.as_str(),
            state: mail.state.name(),
            reason: mail.reason.as_ref().map_or_else(String::new, text::english),
            code: mail.reason.as_ref().map(|why| &*why.code),
            args: mail.reason.as_ref().map(|why| &why.args),
            to: &mail.to,
            recipients: &delivery.recipients,
            subject: &mail.subject,
            attempts: mail.attempts,
            due: mail.due.into(),
            size: mail.size,
        }
    }
}

/// `"type":"saved-reply"`: a saved reply.
#[derive(Serialize, JsonSchema)]
pub struct SavedJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    name: &'a str,
    subject: &'a str,
    tags: &'a [String],
    language: &'a str,
    inboxes: &'a [String],
    team: &'static str,
    origin: &'static str,
    shared_by: Option<&'a str>,
    shared_at: Option<Moment>,
    changed: bool,
    body: &'a str,
}

impl<'a> From<&'a SavedReply> for SavedJson<'a> {
    fn from(saved: &'a SavedReply) -> Self {
        let reply = &saved.template;
        Self {
            schema: SCHEMA,
            r#type: "saved-reply",
            name: &reply.name,
            subject: &reply.subject,
            tags: &reply.tags,
            language: &reply.language,
            inboxes: &reply.inboxes,
            team: saved.shared.word(),
            origin: if saved.file.is_some() { "file" } else { "team" },
            shared_by: saved.by.as_ref().map(|by| by.who.as_str()),
            shared_at: saved.by.as_ref().map(|by| by.at.into()),
            changed: saved.last_used.is_some(),
            body: &reply.body,
        }
    }
}

/// `"type":"fault"`: something wrong with a saved reply.
#[derive(Serialize, JsonSchema)]
pub struct FaultJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    name: &'a str,
    line: usize,
    message: String,
    /// What is wrong, to decide by, and what it names.
    code: &'a str,
    args: &'a Args,
}

impl<'a> FaultJson<'a> {
    /// Makes the object.
    pub fn new(name: &'a str, line: usize, what: &'a Phrase) -> Self {
        let message = text::english(what);
        Self { schema: SCHEMA, r#type: "fault", name, line, message, code: &what.code, args: &what.args }
    }
}

/// `"type":"attachment"`: an attachment of a conversation.
#[derive(Serialize, JsonSchema)]
pub struct AttachmentJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    number: usize,
    message: &'a MessageId,
    name: &'a str,
    media: &'a str,
    size: u64,
    inline: bool,
    file: Option<String>,
}

impl<'a> AttachmentJson<'a> {
    /// Makes the object; `file` is where it was saved.
    pub fn new(
        number: usize,
        message: &'a MessageId,
        of: &'a crate::model::message::Attachment,
        file: Option<String>,
    ) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "attachment",
            number,
            message,
            name: of.name.as_str(),
            media: of.media.as_str(),
            size: of.size,
            inline: of.inline,
            file,
        }
    }
}
