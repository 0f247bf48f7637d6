//! What JSON says of a customer: for `customer --json`, and for the panels of the config.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{ConversationJson, Moment, SCHEMA};
use super::output::json_line;
use crate::model::customer::{Customer, CustomerAddress, CustomerConversation, CustomerNote};
use crate::model::ids::{Handle, InboxId, OpId};
use crate::model::panel::Panel;
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;

/// `"type":"customer"`: a person from outside, with what there is of them.
#[derive(Serialize, JsonSchema)]
pub struct CustomerJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    name: &'a SafeText,
    addresses: Vec<AddressJson<'a>>,
    /// Whether only a form names them.
    claimed: bool,
    answers_to: Option<&'a SafeText>,
    others: &'a [SafeText],
    first_at: Option<Moment>,
    last_at: Option<Moment>,
    inboxes: &'a [InboxId],
    #[serde(skip_serializing_if = "Option::is_none")]
    conversations: Option<Vec<TheirsJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<usize>,
    /// Whether there is more of them than was looked at.
    part: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<Vec<NoteJson<'a>>>,
}

#[derive(Serialize, JsonSchema)]
struct AddressJson<'a> {
    email: &'a str,
    mails: u64,
}

impl<'a> From<&'a CustomerAddress> for AddressJson<'a> {
    fn from(address: &'a CustomerAddress) -> Self {
        Self { email: &address.key, mails: address.mails }
    }
}

/// A conversation of theirs.
#[derive(Serialize, JsonSchema)]
struct TheirsJson<'a> {
    claimed: bool,
    #[serde(flatten)]
    row: ConversationJson<'a>,
}

impl<'a> From<&'a CustomerConversation> for TheirsJson<'a> {
    fn from(one: &'a CustomerConversation) -> Self {
        Self { claimed: one.is_claimed, row: ConversationJson::row(&one.row) }
    }
}

/// A note in one of their conversations.
#[derive(Serialize, JsonSchema)]
struct NoteJson<'a> {
    conversation: &'a str,
    short: &'a str,
    id: OpId,
    actor: &'a Handle,
    at: Moment,
    lines: &'a [SafeText],
}

impl<'a> From<&'a CustomerNote> for NoteJson<'a> {
    fn from(one: &'a CustomerNote) -> Self {
        let CustomerNote { conversation, short, note } = one;
        Self {
            conversation: conversation.as_str(),
            short,
            id: note.id,
            actor: &note.actor,
            at: note.at.into(),
            lines: &note.lines,
        }
    }
}

impl<'a> CustomerJson<'a> {
    /// Makes the object with their conversations and notes.
    pub fn whole(customer: &'a Customer) -> Self {
        Self {
            conversations: Some(customer.conversations.iter().map(TheirsJson::from).collect()),
            more: Some(customer.more),
            notes: Some(customer.notes.iter().map(NoteJson::from).collect()),
            ..Self::person(customer)
        }
    }

    /// Makes the object of who it is alone.
    fn person(customer: &'a Customer) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "customer",
            name: &customer.name,
            addresses: customer.addresses.iter().map(AddressJson::from).collect(),
            claimed: customer.is_claimed,
            answers_to: customer.answers_to.as_ref(),
            others: &customer.others,
            first_at: customer.first.map(Moment::from),
            last_at: customer.last.map(Moment::from),
            inboxes: &customer.inboxes,
            conversations: None,
            more: None,
            part: customer.is_part,
            notes: None,
        }
    }
}

/// `"type":"panel"`: what a panel reads on its standard input.
#[derive(Serialize, JsonSchema)]
pub struct PanelJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    panel: &'a str,
    customer: CustomerJson<'a>,
    conversation: ConversationJson<'a>,
}

/// Returns what a panel reads: one line.
pub fn payload(panel: &Panel, row: &ConversationRow, customer: &Customer) -> Vec<u8> {
    let json = PanelJson {
        schema: SCHEMA,
        r#type: "panel",
        panel: &panel.name,
        customer: CustomerJson::person(customer),
        conversation: ConversationJson::row(row),
    };
    let mut line = json_line(&json).into_bytes();
    line.push(b'\n');
    line
}
