//! Why a server leaves mails where they are, in words for a person, and what is asked before any of them is touched.

use super::session::{Selected, may_delete};
use super::{ImapError, Session};
use crate::model::text::{SafeText, in_quotes};
use crate::store::StoreError;
use crate::sync::error::SyncError;

/// What was refused is tried again after this time, in milliseconds: rights are granted by people.
pub(super) const REFUSED: i64 = 5 * 60_000;

/// Why mails stay where they are.
pub(super) enum Refusal {
    /// The server does not let us; in words for a person.
    No(String),
    /// The connection or the store failed.
    Failed(SyncError),
}

impl From<ImapError> for Refusal {
    fn from(error: ImapError) -> Self {
        let words = match &error {
            ImapError::NoFolder(name) => format!("there is no folder {} on the server", in_quotes(name)),
            ImapError::No { code, text } if code == "OVERQUOTA" => format!("the mailbox is full: {text}"),
            ImapError::No { text, .. } | ImapError::Bad(text) => format!("the server says no: {text}"),
            _ => return Self::Failed(error.into()),
        };
        Self::No(SafeText::line_max(&words, 200).to_string())
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Asks whether mails of a folder may be removed (RFC 4314 section 4).
pub(super) fn ask_to_delete(session: &mut Session, folder: &str) -> Result<(), Refusal> {
    if !may(session, folder, may_delete)? {
        return Err(Refusal::No(format!("you may not delete in {folder}")));
    }
    Ok(())
}

/// Asks whether mails may be put into a folder (RFC 4314 section 4).
pub(super) fn ask_to_insert(session: &mut Session, folder: &str) -> Result<(), Refusal> {
    if !may(session, folder, |rights| rights.contains('i'))? {
        return Err(Refusal::No(format!("you may not put mail into {folder}")));
    }
    Ok(())
}

fn may(session: &mut Session, folder: &str, needed: fn(&str) -> bool) -> Result<bool, ImapError> {
    match session.my_rights(folder) {
        Ok(rights) => Ok(rights.is_none_or(|rights| needed(&rights))),
        Err(error @ (ImapError::NoFolder(_) | ImapError::Throttled { .. })) => Err(error),
        // Whoever is not told tries.
        Err(error) if error.leaves_session_usable() => Ok(true),
        Err(error) => Err(error),
    }
}

/// Opens a folder whose mails are to be changed.
pub(super) fn select_to_change(session: &mut Session, folder: &str) -> Result<Selected, Refusal> {
    let selected = session.select(folder)?;
    if selected.read_only {
        return Err(Refusal::No(format!("{folder} can only be read")));
    }
    Ok(selected)
}
