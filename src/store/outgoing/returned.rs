//! A delivery report changes nothing of a mail's state, which says what its server said: it only adds why nobody has it.

use rusqlite::{OptionalExtension as _, params};

use super::super::StoreError;
use super::super::connection::Transaction;
use super::{columns, delivery};
use crate::model::message::{Envelope, Fate, Outcome};
use crate::model::phrase::Phrase;

/// The most recipients named.
const NAMED_MAX: usize = 20;
/// The most characters kept of what a server said of one.
const WORDS_MAX: usize = 300;

/// Notes at the mail that a report is about whom of its recipients it did not reach. Other mail says nothing.
pub(in crate::store) fn came_back(tx: &Transaction<'_>, report: &Envelope) -> Result<(), StoreError> {
    let Some(about) = &report.about else { return Ok(()) };
    let mut find = tx.prepare_cached("SELECT id FROM outgoing WHERE message_id = ?1 AND state IN ('sent', 'filed')")?;
    let Some(id) = find.query_row([about.as_str()], |row| row.get(0)).optional()? else { return Ok(()) };
    let sent = delivery(tx, id)?;
    let to = || sent.recipients.iter().map(|to| to.email.as_str());
    let of = |outcome| -> Vec<Phrase> {
        let told = report.fates.iter().filter(|fate| fate.outcome == outcome && fate.is_of(to()));
        told.take(NAMED_MAX).map(short).collect()
    };
    let (failed, delayed) = (of(Outcome::Failed), of(Outcome::Delayed));
    let reason = match (failed.is_empty(), delayed.is_empty()) {
        (true, true) => return Ok(()),
        (true, false) => phrase!("outgoing-delayed", who = delayed),
        (false, _) => phrase!("outgoing-bounced", who = failed),
    };
    let (code, args) = columns(Some(&reason))?;
    // That it came back is not taken back by a report that it is late.
    tx.prepare_cached(
        "UPDATE outgoing SET code = ?2, args = ?3
             WHERE id = ?1 AND NOT (code = 'outgoing-bounced' AND ?2 = 'outgoing-delayed')",
    )?
    .execute(params![id, code, args])?;
    Ok(())
}

fn short(fate: &Fate) -> Phrase {
    let cut = |text: &str| text.chars().take(WORDS_MAX).collect();
    Fate { recipient: cut(&fate.recipient), words: cut(&fate.words), ..fate.clone() }.phrase()
}
