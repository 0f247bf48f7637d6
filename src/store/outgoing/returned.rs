//! A delivery report changes nothing of a mail's state, which says what its server said: it only adds why nobody has it.

use rusqlite::{Transaction, params};

use super::super::StoreError;
use crate::model::message::{Envelope, Outcome};

/// The most characters of the reason.
const REASON_MAX: usize = 1000;

/// Notes at the mail that a report is about whom it did not reach. Other mail says nothing.
pub(in crate::store) fn came_back(tx: &Transaction<'_>, report: &Envelope) -> Result<(), StoreError> {
    let Some(about) = &report.about else { return Ok(()) };
    let of = |outcome| {
        let fates: Vec<String> =
            report.fates.iter().filter(|fate| fate.outcome == outcome).map(|fate| fate.sentence()).collect();
        fates.join("; ")
    };
    let (failed, delayed) = (of(Outcome::Failed), of(Outcome::Delayed));
    let reason = match (failed.as_str(), delayed.as_str()) {
        ("", "") => return Ok(()),
        ("", delayed) => format!("delayed, the server goes on trying: {delayed}"),
        (failed, _) => format!("bounced: {failed}"),
    };
    let reason: String = reason.chars().take(REASON_MAX).collect();
    tx.prepare_cached(
        "UPDATE outgoing SET reason = ?2 WHERE message_id = ?1 AND state IN ('sent', 'filed')
             AND NOT (reason LIKE 'bounced: %' AND ?2 LIKE 'delayed%')",
    )?
    .execute(params![about.as_str(), reason])?;
    Ok(())
}
