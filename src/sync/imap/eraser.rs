//! Removes erased mails from the server, wherever they stand.
//!
//! The store's rows say which mails; they die once a go has found none of them in any folder, so neither a crash nor a day offline leaves
//! one behind. Every folder that can be opened is searched: a mail can have been copied to where nobody knew. Only single mails are
//! removed, by UID EXPUNGE (RFC 4315), and only after what stands behind a UID was looked at.

use std::collections::{BTreeMap, BTreeSet};

use super::fetch::message_id;
use super::refusal::{REFUSED, Refusal, ask_to_delete, select_to_change};
use super::session::uid_sets;
use super::{Fetched, ImapError, Session};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, MessageId};
use crate::store::{MailTrace, Store, identity_of, names_in};
use crate::sync::error::SyncError;

/// Mails looked for together: so many are looked for again when a crash comes in between.
const CHUNK: usize = 100;
/// Mails that one SEARCH asks for.
const ASKED: usize = 20;
/// What tells which mail it is: all headers, since one without a Message-ID goes by a hash of them.
const HEADERS: &str = "(UID BODY.PEEK[HEADER])";

/// Removes the erased mails of an account whose time has come by `by`. Returns how many were removed.
///
/// # Errors
/// When the connection ends or the store fails; what was not done is done by the next call. That the server refuses is none: it stands
/// in [`Store::traces_waiting`].
pub fn erase_due(store: &Store, account: &AccountId, session: &mut Session, by: Timestamp) -> Result<u64, SyncError> {
    let due = store.mail_traces(account, by)?;
    if due.is_empty() {
        return Ok(0);
    }
    let folders: Vec<String> =
        session.list()?.into_iter().filter(|listed| listed.is_selectable()).map(|listed| listed.name).collect();
    let mut removed = 0;
    for chunk in due.chunks(CHUNK) {
        let mut refused: BTreeMap<&MessageId, String> = BTreeMap::new();
        for folder in &folders {
            let validity = match session.examine(folder) {
                // It went meanwhile, or is not ours to read.
                Err(error) if is_answer(&error, session) => continue,
                examined => examined?.state.validity,
            };
            let (stay, reason) = match find(session, folder, validity, chunk) {
                Ok(found) if found.is_empty() => continue,
                Ok(found) => match remove(session, folder, &found) {
                    Ok(()) => {
                        removed += found.len() as u64;
                        continue;
                    }
                    Err(Refusal::Failed(error)) => return Err(error),
                    Err(Refusal::No(reason)) => (found.into_iter().map(|(_, id)| id).collect(), reason),
                },
                // Nobody knows what stands there.
                Err(error) if is_answer(&error, session) => {
                    let all: BTreeSet<MessageId> = chunk.iter().map(|mail| mail.message.clone()).collect();
                    (all, format!("{folder} can't be searched: {error}"))
                }
                Err(error) => return Err(error.into()),
            };
            tracing::warn!(folder, %reason, "erased mails can't be removed");
            let here = chunk.iter().map(|mail| &mail.message).filter(|id| stay.contains(id));
            refused.extend(here.map(|id| (id, reason.clone())));
        }
        let done = chunk.iter().map(|mail| &mail.message).filter(|id| !refused.contains_key(id)).cloned();
        store.end_mail_traces(account, &done.collect::<Vec<_>>())?;
        let again = store.author().clock.now().plus(REFUSED);
        for (id, reason) in refused {
            store.put_off_mail_traces(account, std::slice::from_ref(id), &reason, again)?;
        }
    }
    Ok(removed)
}

/// Tells whether the server answered and said no, so that the next thing can be asked. Who is asked to slow down asks nothing more.
fn is_answer(error: &ImapError, session: &Session) -> bool {
    error.leaves_session_usable() && !matches!(error, ImapError::Throttled { .. }) && session.is_usable()
}

/// Finds mails in the folder that is open: by Message-ID, and those without one where we know them to stand. Returns UIDs, each with what stands there.
fn find(
    session: &mut Session,
    folder: &str,
    validity: Option<u32>,
    mails: &[MailTrace],
) -> Result<Vec<(u32, MessageId)>, ImapError> {
    let named: Vec<&str> = mails
        .iter()
        .map(|mail| mail.bears.as_ref().unwrap_or(&mail.message))
        .filter(|id| !id.is_derived() && !id.is_of_log())
        .map(MessageId::as_str)
        .collect();
    let mut uids = BTreeSet::new();
    for ids in named.chunks(ASKED) {
        uids.extend(session.search_message_ids(ids)?);
    }
    let known = mails.iter().flat_map(|mail| &mail.places);
    uids.extend(known.filter(|(name, at, _)| name == folder && Some(*at) == validity).map(|(_, _, uid)| *uid));
    let wanted: BTreeSet<&MessageId> = mails.iter().map(|mail| &mail.message).collect();
    let mut found = Vec::new();
    for set in uid_sets(&uids.into_iter().collect::<Vec<_>>()) {
        let fetched = session.uid_fetch(&set, HEADERS)?;
        found.extend(fetched.into_iter().filter_map(|mail| Some((mail.uid, identity(&mail)?))));
    }
    let mut sharing = Vec::new();
    for (uid, id) in found.iter().filter(|(_, id)| !wanted.contains(id)) {
        sharing.extend(which_of(session, (folder, validity), mails, *uid, id)?.map(|which| (*uid, which)));
    }
    // The log's own mails are not taken away with a mail that somebody gave the id of one.
    found.retain(|(_, id)| wanted.contains(id) && !id.is_of_log());
    found.append(&mut sharing);
    Ok(found)
}

/// Tells which of the erased mails that share the id `bears` with others stands behind a UID: that it is known to stand there says it, else
/// its text.
fn which_of(
    session: &mut Session,
    (folder, validity): (&str, Option<u32>),
    mails: &[MailTrace],
    uid: u32,
    bears: &MessageId,
) -> Result<Option<MessageId>, ImapError> {
    let sharing: Vec<&MailTrace> = mails.iter().filter(|mail| mail.bears.as_ref() == Some(bears)).collect();
    if sharing.is_empty() {
        return Ok(None);
    }
    let here = |(name, at, known): &(String, u32, u32)| name == folder && Some(*at) == validity && *known == uid;
    if let Some(known) = sharing.iter().find(|mail| mail.places.iter().any(here)) {
        return Ok(Some(known.message.clone()));
    }
    let fetched = session.uid_fetch(&uid.to_string(), "(UID BODY.PEEK[])")?;
    let body = fetched.iter().find(|mail| mail.uid == uid).and_then(|mail| mail.body.as_deref());
    let name = body.map(|raw| names_in(raw).1);
    Ok(name.filter(|name| sharing.iter().any(|mail| mail.message == *name)))
}

fn identity(fetched: &Fetched) -> Option<MessageId> {
    let header = fetched.header.as_deref()?;
    message_id(header).or_else(|| Some(identity_of(header)))
}

fn remove(session: &mut Session, folder: &str, found: &[(u32, MessageId)]) -> Result<(), Refusal> {
    if !session.capabilities().has("UIDPLUS") {
        return Err(Refusal::No(format!("in {folder}: the server can't remove single mails (it has no UIDPLUS)")));
    }
    ask_to_delete(session, folder)?;
    let before = session.selected().and_then(|selected| selected.state.validity);
    let selected = select_to_change(session, folder)?;
    if selected.state.validity != before {
        return Err(Refusal::No(format!("{folder} became another folder meanwhile")));
    }
    let mut uids: Vec<u32> = found.iter().map(|(uid, _)| *uid).collect();
    uids.sort_unstable();
    Ok(session.remove(&uids)?)
}
