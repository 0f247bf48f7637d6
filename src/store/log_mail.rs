//! Mails of the team's log that stand where they don't belong: dragged into INBOX, or in a folder of all mail. They are no messages.
//!
//! Hiding what a customer wrote would be worse than showing a mail of the log, so a mail must be one in every respect: its Message-ID
//! is of the form that log mails have, and between the markers of its text stands first the very record, or snapshot, that this id
//! names. Who answers or forwards such a mail, or quotes it, writes under another id. While only the headers are here, the form of the
//! id, the subject and Auto-Submitted decide; the body says it again when it comes. Nothing is read here as a record of the log.

use std::io::Read;

use serde::Deserialize;

use super::batch::{get_meta, set_meta};
use super::connection::Transaction;
use super::facts::Facts;
use super::message::get_raw;
use super::{Opening, Store, StoreError};
use crate::mime::Parsed;
use crate::model::ids::OpId;
use crate::model::message::Origin;

/// How the subjects of log mails begin.
const SUBJECT: &str = "[postroom]";
/// How the line in front of the records begins.
const MARKER: &str = "-- postroom ";
/// The line behind them.
const END: &str = "-- end --";
/// The first value must come within so many unpacked bytes.
const UNPACKED_MAX: u64 = 64 << 20;
/// The name in `meta` of what was done for mails of before.
const DONE: &str = "log-mails-hidden";

/// Tells whether a mail is one of the log; `headers` where its body is not here.
pub(super) fn is_log_mail(parsed: &Parsed, raw: &[u8], headers: bool) -> bool {
    let envelope = &parsed.envelope;
    let Some(id) = envelope.message_id.as_ref().and_then(|id| id.log_record()) else { return false };
    if headers {
        return envelope.subject.starts_with(SUBJECT) && envelope.origin != Origin::Human;
    }
    // As it was written; and as it reads where a server has encoded it anew.
    names_first(&String::from_utf8_lossy(raw), id) || names_first(&parsed.search_text, id)
}

/// Tells whether the first value between the markers of a text is the record or the snapshot `id`.
fn names_first(text: &str, id: OpId) -> bool {
    #[derive(Deserialize)]
    struct First {
        id: Option<OpId>,
        snapshot: Option<OpId>,
    }
    let mut lines = text.lines();
    let Some(marker) = lines.by_ref().map(str::trim).find(|line| line.starts_with(MARKER)) else { return false };
    let visible: Vec<u8> = lines
        .take_while(|line| line.trim() != END)
        .flat_map(|line| line.bytes().filter(u8::is_ascii_graphic))
        .collect();
    let first: Option<Result<First, _>> = if marker.contains("compressed") {
        let Some(packed) = base64(&visible) else { return false };
        let Ok(decoder) = zstd::stream::read::Decoder::new(packed.as_slice()) else { return false };
        serde_json::Deserializer::from_reader(decoder.take(UNPACKED_MAX)).into_iter().next()
    } else {
        serde_json::Deserializer::from_slice(&visible).into_iter().next()
    };
    matches!(first, Some(Ok(first)) if first.id == Some(id) || first.snapshot == Some(id))
}

/// Unpacks what there is: the end may be cut off.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let whole = text.len() - text.len() % 4;
    data_encoding::BASE64.decode(text.get(..whole)?).ok()
}

/// The same of a mail that is kept.
pub(super) fn is_kept_log_mail(tx: &Transaction<'_>, known: &Facts) -> Result<bool, StoreError> {
    if known.id.log_record().is_none() {
        return Ok(false);
    }
    let Some(raw) = get_raw(tx, known.row, UNPACKED_MAX)? else { return Ok(false) };
    Ok(is_log_mail(&crate::mime::parse(&raw), &raw, known.partial))
}

impl Store {
    /// Hides the log mails that an older postroom took for messages. Does nothing where that was done.
    pub(super) fn hide_log_mails(&self, told: &mut dyn FnMut(Opening)) -> Result<(), StoreError> {
        if self.read(|tx| get_meta(tx, DONE))?.is_some() {
            return Ok(());
        }
        self.change(|batch| {
            if batch.tx.query_row("SELECT EXISTS (SELECT 1 FROM message)", [], |row| row.get(0))? {
                told(Opening::Tidying);
            }
            let mut find = batch.tx.prepare(
                "SELECT id FROM message WHERE hidden = 0
                   AND (message_id LIKE '%@log.postroom.invalid' OR message_id LIKE '%@snapshot.postroom.invalid')",
            )?;
            let rows = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            for row in rows {
                if let Some(known) = Facts::by_row(batch.tx, row)?
                    && is_kept_log_mail(batch.tx, &known)?
                {
                    batch.update(&known, &Facts { hidden: true, ..known.clone() })?;
                }
            }
            batch.place_linked()?;
            set_meta(batch.tx, DONE, "1")
        })?;
        Ok(())
    }
}

#[cfg(test)]
#[path = "log_mail_tests.rs"]
mod tests;
