//! The names of exported files. They come from ids, times and the letters and digits of a title, so that no mail can name a place
//! outside the folder, and from nothing that another sync changes, so that an export that was interrupted finds its own files again.

use sha2::{Digest, Sha256};
use unicode_normalization::char::is_combining_mark;

use crate::model::ids::MessageId;
use crate::model::view::ConversationRow;
use crate::store::ConversationMail;

/// The most bytes of a title in a name.
const TITLE_MAX: usize = 60;

/// Returns the name of a conversation: the letters of its title, then its id, which tells it from all others.
pub fn conversation(row: &ConversationRow) -> String {
    let title = letters(row.title.as_str());
    if title.is_empty() { row.id.to_string() } else { format!("{title}-{}", row.id) }
}

/// Returns the name of a mail: when it arrived, in UTC, and a hash of its Message-ID.
pub fn mail(mail: &ConversationMail) -> String {
    let at = jiff::Timestamp::from_millisecond(mail.arrived.0).unwrap_or_default();
    format!("{}-{}.eml", at.strftime("%Y%m%dT%H%M%SZ"), hash(&mail.id))
}

fn hash(id: &MessageId) -> String {
    let digest = Sha256::digest(id.as_str().as_bytes());
    data_encoding::HEXLOWER.encode(digest.get(..10).unwrap_or_default())
}

/// Keeps letters and digits, and one dash for all between them.
fn letters(title: &str) -> String {
    let mut name = String::new();
    // Thai, Hindi and others write vowels as marks of the letter before.
    let is_letter = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    for word in title.split(|c| !is_letter(c)).filter(|word| !word.is_empty()) {
        let dash = usize::from(!name.is_empty());
        let room = TITLE_MAX.saturating_sub(name.len() + dash);
        let mut word = word.to_lowercase();
        if word.len() > room {
            if !name.is_empty() {
                break;
            }
            word.truncate((0..=room).rev().find(|at| word.is_char_boundary(*at)).unwrap_or(0));
        }
        name.push_str(if dash == 1 { "-" } else { "" });
        name.push_str(&word);
    }
    name
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
