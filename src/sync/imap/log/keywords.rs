//! The mirror of states to IMAP keywords, for people who look with other programs.
//!
//! It only ever writes: what the keywords say is never read back as a state, since some servers keep a few keywords only and lose them
//! with their index. Off unless the account says `mirror_keywords = true`, and where the folder takes no keywords of ours.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::change::Change;
use crate::model::ids::AccountId;
use crate::store::{Folder, Mirrored, Store};
use crate::sync::error::SyncError;
use crate::sync::imap::plan::went_back;
use crate::sync::imap::session::uid_sets;
use crate::sync::imap::{ImapError, Session};

/// How our keywords begin.
const PREFIX: &str = "$postroom-";
/// A conversation that somebody has.
const ASSIGNED: &str = "$postroom-assigned";
/// So many tags are mirrored: Dovecot's Maildir keeps 26 keywords of a folder safe, and five are ours.
const TAGS_MAX: usize = 12;
/// Refuses keywords for the rest of a folder after so many refusals (Cyrus takes 128 a mailbox).
const REFUSALS_MAX: usize = 3;

/// What is to be changed: for each keyword, the UIDs that get it and those that lose it.
pub type Steps = BTreeMap<String, (Vec<u32>, Vec<u32>)>;

/// Returns a tag as a keyword, as Thunderbird writes it: lower case, and only what an atom may hold (RFC 3501 section 9).
pub fn keyword_of(tag: &str) -> Option<String> {
    let fits = |c: char| if c.is_ascii_alphanumeric() || "-_.$".contains(c) { c } else { '_' };
    let word: String = tag.to_lowercase().chars().map(fits).take(64).collect();
    word.chars().any(|c| c.is_ascii_alphanumeric()).then_some(word)
}

/// Finds what has to change so that keywords say what the states are. Keywords that are neither ours nor one of `tags` are let be.
pub fn steps(messages: &[Mirrored], tags: &BTreeSet<String>) -> Steps {
    let mut steps = Steps::new();
    for message in messages {
        let has: BTreeSet<String> = message.flags.iter().map(|flag| flag.to_ascii_lowercase()).collect();
        let mut wanted: BTreeSet<String> = message.tags.iter().filter_map(|tag| keyword_of(tag)).collect();
        wanted.retain(|word| tags.contains(word));
        wanted.insert(format!("{PREFIX}{}", message.status.name()));
        if message.assigned {
            wanted.insert(ASSIGNED.to_owned());
        }
        for word in wanted.difference(&has) {
            steps.entry(word.clone()).or_default().0.push(message.uid);
        }
        for word in has.difference(&wanted).filter(|word| word.starts_with(PREFIX) || tags.contains(*word)) {
            steps.entry(word.clone()).or_default().1.push(message.uid);
        }
    }
    steps
}

/// Writes the keywords of what a change touched into the account's inboxes.
///
/// # Errors
/// Errors of the connection and the store; that a server refuses keywords is none.
pub fn mirror(store: &Store, session: &mut Session, account: &AccountId, change: &Change) -> Result<(), SyncError> {
    let tags = store.top_tags(TAGS_MAX)?.iter().filter_map(|tag| keyword_of(tag.as_str())).collect();
    for folder in store.inbox_folders(account)? {
        let messages = store.mirrored(folder.id, change, PREFIX)?;
        let steps = steps(&messages, &tags);
        if !steps.is_empty() {
            write(store, session, &folder, messages, steps)?;
        }
    }
    Ok(())
}

fn write(
    store: &Store,
    session: &mut Session,
    folder: &Folder,
    messages: Vec<Mirrored>,
    steps: Steps,
) -> Result<(), SyncError> {
    let selected = match session.select(&folder.name) {
        Ok(selected) => selected,
        Err(error) if error.leaves_session_usable() => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    // UIDs of before would name other mails.
    let void = selected.state.validity != folder.validity || went_back(folder, &selected.state);
    if selected.read_only || !selected.takes_keywords || void {
        return Ok(());
    }
    let mut flags: BTreeMap<u32, Vec<String>> = messages.into_iter().map(|m| (m.uid, m.flags)).collect();
    let mut touched = BTreeSet::new();
    let mut refusals = 0;
    for (word, (gets, loses)) in steps {
        for (how, uids) in [("-FLAGS", loses), ("+FLAGS", gets)] {
            if refusals >= REFUSALS_MAX || !store_word(session, &uids, how, &word)? {
                refusals += 1;
                continue;
            }
            for uid in uids {
                let kept = flags.entry(uid).or_default();
                kept.retain(|flag| !flag.eq_ignore_ascii_case(&word));
                if how == "+FLAGS" {
                    kept.push(word.clone());
                }
                touched.insert(uid);
            }
        }
    }
    flags.retain(|uid, _| touched.contains(uid));
    store.set_flags(folder.id, flags.into_iter().map(|(uid, flags)| (uid, flags, None)).collect())?;
    Ok(())
}

/// Changes one keyword; `false` where the server refuses.
fn store_word(session: &mut Session, uids: &[u32], how: &str, word: &str) -> Result<bool, ImapError> {
    for set in uid_sets(uids) {
        match session.store_flags(&set, how, &[word]) {
            Ok(()) => {}
            Err(error) if error.leaves_session_usable() => {
                tracing::info!(%error, word, "the server refused a keyword");
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

#[cfg(test)]
#[path = "keywords_tests.rs"]
mod tests;
