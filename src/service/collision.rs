//! A mail that was stopped before its first byte because somebody was first, beside what they did.

use crate::error::UserError;
use crate::mime;
use crate::model::conversation::{Conversation, Item};
use crate::model::ids::MessageId;
use crate::model::message::{Block, Direction, Readable};
use crate::model::reply::{Collision, Theirs};
use crate::model::text::SafeText;
use crate::store::{News, Store};

/// The newest items of a conversation among which the others' answers are looked for.
const ITEMS: usize = 60;
/// The most lines of a text that are shown.
const LINES_MAX: usize = 40;

/// Returns both answers: the mail of that number, and what happened since it was begun. `None` where there is no such mail.
///
/// # Errors
/// When the store can't be read.
pub fn collision(store: &Store, id: i64) -> Result<Option<Collision>, UserError> {
    let Some(mail) = store.outgoing_by_id(id)? else { return Ok(None) };
    let delivery = store.delivery(id)?;
    let data = match &mail.conversation {
        Some(conversation) => store.conversation(conversation, ITEMS)?,
        None => None,
    };
    let raw = store.outgoing_bytes(id)?.unwrap_or_default();
    let ours = own(&mime::parse(&raw).readable);
    let mut theirs: Vec<Theirs> = Vec::new();
    let mut told: Vec<Option<MessageId>> = Vec::new();
    for news in store.news(&delivery)? {
        // A colleague's answer is known by its record, which names them, and by the mail once that is here.
        let place =
            news.message.as_ref().and_then(|message| told.iter().position(|other| other.as_ref() == Some(message)));
        match place.and_then(|place| theirs.get_mut(place)) {
            Some(known) if news.said.is_empty() => (known.who, known.words) = (news.who.clone(), news.words()),
            Some(_) => {}
            None => {
                told.push(news.message.clone());
                theirs.push(one(&news, data.as_ref()));
            }
        }
    }
    let (short, people) = data.map_or_else(Default::default, |data| (data.row.short, data.row.people));
    Ok(Some(Collision { id, short, people, theirs, ours }))
}

fn one(news: &News, data: Option<&Conversation>) -> Theirs {
    let mut found = Theirs {
        at: news.at,
        words: news.words(),
        who: news.who.clone(),
        ours: news.said.is_empty(),
        lines: Vec::new(),
    };
    for item in data.iter().flat_map(|data| &data.items) {
        match item {
            Item::Message(message) if news.message.as_ref() == Some(&message.id) => {
                found.ours = message.direction == Direction::Outbound;
                found.lines = own(&message.body);
            }
            Item::Note(note)
                if news.message.is_none() && note.at == news.at && note.actor.as_str() == news.who.as_str() =>
            {
                found.lines = note.lines.iter().take(LINES_MAX).cloned().collect();
            }
            _ => {}
        }
    }
    found
}

/// Returns the lines that the author of a mail wrote.
fn own(body: &Readable) -> Vec<SafeText> {
    let texts = body.blocks.iter().filter_map(|block| match block {
        Block::Text(lines) => Some(lines),
        _ => None,
    });
    texts.flatten().filter(|line| !line.is_empty()).take(LINES_MAX).cloned().collect()
}
