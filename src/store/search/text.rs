//! What search finds of a mail: its text folded, and put into the index.

use rusqlite::params;

use crate::mime;
use crate::query::{Part, Passage, has_twins, indexed_text, is_turkish};
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
    // A subject alone is too short to tell.
    let turkish = is_turkish(&parsed.search_text) || is_turkish(&envelope.subject);
    SearchText {
        subject: indexed_text(&envelope.subject, turkish),
        people: indexed_text(&people.join(" "), false),
        body: indexed_text(&parsed.search_text, turkish),
        attachments: indexed_text(&names.join(" "), turkish),
    }
}

impl SearchText {
    /// Tells whether any of it is found by more than its words.
    pub(in crate::store) fn has_twins(&self) -> bool {
        [&self.subject, &self.body, &self.attachments].into_iter().any(|text| has_twins(text))
            || self.has_twins_of_people()
    }

    /// Tells it of the names in it.
    pub(in crate::store) fn has_twins_of_people(&self) -> bool {
        has_twins(&self.people)
    }

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
