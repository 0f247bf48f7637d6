//! Where a mail lies on its server, with the flags that it has there.

use rusqlite::params;

use super::StoreError;
use super::connection::Transaction;
use crate::model::ids::MessageId;

/// Tells whether a mail is a postroom's copy of a draft. By its flag too, which no mail from outside can have: what only bears such an id
/// is shown.
pub(super) fn is_draft_copy(id: &MessageId, flags: &[String]) -> bool {
    id.is_draft_copy() && flags.iter().any(|flag| flag.eq_ignore_ascii_case("\\Draft"))
}

/// Puts flags into one text.
pub(super) fn flags_kept(flags: &[String]) -> String {
    let mut flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    flags.sort_unstable();
    flags.join(" ")
}

/// Keeps where a mail lies, in the place of what lay there. What its header says there, where that is not what the kept one says, is taken
/// from the place in that folder whose UID became void.
pub(super) fn put_location(
    tx: &Transaction<'_>,
    folder: i64,
    uid: u32,
    message: i64,
    flags: &[String],
    size: u64,
    modseq: Option<u64>,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO location (folder, uid, message, flags, size, modseq, copy)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT copy FROM lost_location WHERE folder = ?1 AND message = ?3))",
    )?
    .execute(params![
        folder,
        uid,
        message,
        flags_kept(flags),
        i64::try_from(size).unwrap_or(i64::MAX),
        modseq.map(|m| i64::try_from(m).unwrap_or(i64::MAX)),
    ])?;
    Ok(())
}
