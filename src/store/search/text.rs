//! What search finds of a mail: its text folded, and put into the index.

use rusqlite::params;

use crate::mime;
use crate::query::{Part, Passage, fold_text};
use crate::store::StoreError;
use crate::store::batch::Batch;

/// So many people of one mail are found by its text.
const PEOPLE_MAX: usize = 200;

/// What search finds of a mail, folded.
pub(in crate::store) struct SearchText {
    subject: String,
    people: String,
    body: String,
    attachments: String,
}

/// Returns what search finds of a mail.
pub(in crate::store) fn search_text(parsed: &mime::Parsed) -> SearchText {
    let envelope = &parsed.envelope;
    // A form or a group names who wrote beside `From`.
    let named = envelope.original.iter().chain(&envelope.reply_to);
    let people = envelope.from.iter().chain(&envelope.sender).chain(named).chain(&envelope.to).chain(&envelope.cc);
    let people: Vec<String> = people.take(PEOPLE_MAX).map(|a| format!("{} {}", a.name, a.email)).collect();
    let names: Vec<&str> = parsed.readable.attachments.iter().map(|a| a.name.as_str()).collect();
    SearchText {
        subject: fold_text(&envelope.subject),
        people: fold_text(&people.join(" ")),
        body: fold_text(&parsed.search_text),
        attachments: fold_text(&names.join(" ")),
    }
}

impl SearchText {
    /// Returns it as a query sees it.
    pub(super) fn passages(self) -> [Passage; 4] {
        [
            Passage { part: Part::Subject, folded: self.subject },
            Passage { part: Part::People, folded: self.people },
            Passage { part: Part::Body, folded: self.body },
            Passage { part: Part::Attachments, folded: self.attachments },
        ]
    }
}

impl Batch<'_> {
    pub(in crate::store) fn index(&self, row: i64, text: &SearchText) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "INSERT INTO search (rowid, subject, people, body, attachments) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![row, text.subject, text.people, text.body, text.attachments])?;
        Ok(())
    }
}
