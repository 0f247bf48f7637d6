//! Reading a mail: its plain text or its HTML, whichever is asked for.

use crate::error::UserError;
use crate::mime;
use crate::model::conversation::{Conversation, Item};
use crate::model::ids::MessageId;
use crate::model::message::TextPart;
use crate::store::Store;

/// Shows one mail of a conversation by its plain text or its HTML. Tells whether it has such a text; where it has none, or its bytes are
/// not here, it stays as it is.
///
/// # Errors
/// When the store can't be read.
pub fn show_part(
    store: &Store,
    conversation: &mut Conversation,
    message: &MessageId,
    part: TextPart,
) -> Result<bool, UserError> {
    let Some(raw) = store.whole(message)? else { return Ok(false) };
    let Some(readable) = mime::readable_as(&raw, part) else { return Ok(false) };
    for item in &mut conversation.items {
        if let Item::Message(shown) = item
            && shown.id == *message
        {
            shown.body = readable;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Shows every mail of a conversation so that has such a text. Tells whether any has.
///
/// # Errors
/// When the store can't be read.
pub fn show_parts(store: &Store, conversation: &mut Conversation, part: TextPart) -> Result<bool, UserError> {
    let messages = conversation.items.iter().filter_map(|item| match item {
        Item::Message(message) if !message.partial => Some(message.id.clone()),
        _ => None,
    });
    let mut any = false;
    for message in messages.collect::<Vec<_>>() {
        any |= show_part(store, conversation, &message, part)?;
    }
    Ok(any)
}
