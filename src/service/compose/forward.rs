//! Forwarding: the original's header, text and HTML below one's own words with its files beside them, or the original as a file.

use sha2::{Digest, Sha256};

use super::{begin_bare, domain, inbox_of};
use crate::config::Sending;
use crate::error::{ErrorKind, UserError};
use crate::mime::{self, Original};
use crate::model::ids::{ConversationId, MessageId};
use crate::model::reply::{Draft, DraftKind, OutgoingFile, split_forwarded};
use crate::model::text::{SafeText, in_quotes};
use crate::model::warning::Warning;
use crate::store::{Body, Store, StoreError};

/// The most characters of a subject that become the name of a file.
const NAME_MAX: usize = 80;

/// Returns the message that a forward or an answer takes where none is named: the customer's newest. See [`Store::to_answer`].
///
/// # Errors
/// When the conversation is gone, or the store can't be read.
pub fn usual(store: &Store, conversation: &ConversationId) -> Result<MessageId, UserError> {
    let found = store.to_answer(conversation)?.map(|(_, message)| message);
    found.ok_or_else(|| UserError::new(ErrorKind::Precondition, phrase!("reply-conversation-gone")))
}

/// Begins a forward of a message as it came: a file with its bytes, and no word of it in the text. Without `parent` it is the customer's
/// newest.
///
/// # Errors
/// Those of [`super::begin_in`].
pub fn forward_as_file(
    store: &Store,
    sending: &Sending,
    conversation: &ConversationId,
    parent: Option<&MessageId>,
) -> Result<Draft, UserError> {
    let (inbox, usual) = store
        .to_answer(conversation)?
        .ok_or_else(|| UserError::new(ErrorKind::Precondition, phrase!("reply-conversation-gone")))?;
    let parent = parent.unwrap_or(&usual);
    let (begun, raw, _) = begin_bare(store, sending, DraftKind::Forward, conversation, &inbox, parent)?;
    // RFC 5322 section 2.3: on the wire a line ends in CRLF, whatever a file of mail has.
    let bytes = with_line_ends(&raw);
    let name = file_name(&mime::envelope(&bytes).subject);
    let files = vec![store.put_file(&name, "message/rfc822", &bytes)?];
    let body = split_forwarded(&begun.body).0.trim_end().to_owned();
    Ok(Draft { body, files, ..begun })
}

fn with_line_ends(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 20);
    for byte in raw {
        if *byte == b'\n' && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

fn file_name(subject: &str) -> String {
    let flat: String = SafeText::line(subject).as_str().chars().take(NAME_MAX).collect();
    let name = flat.replace(['/', '\\'], "_");
    let name = name.trim().trim_matches('.').trim();
    format!("{}.eml", if name.is_empty() { "mail" } else { name })
}

/// Returns the bytes of a mail that is to be forwarded. One that lies on the server is asked for.
///
/// # Errors
/// When they are not here: whether they come, and what to do.
pub(super) fn whole(store: &Store, message: &MessageId) -> Result<Vec<u8>, UserError> {
    if let Some(raw) = store.whole(message)? {
        return Ok(raw);
    }
    let (what, hint) = match store.want_body(message)? {
        Body::LetGo(days) => (phrase!("mail-let-go", days = days), None),
        Body::Gone => (phrase!("a-mail-gone-unfetched"), None),
        Body::OnServer(_) => (phrase!("forward-being-fetched"), Some(phrase!("hint-forward-again"))),
        Body::Here | Body::Unknown => {
            (phrase!("message-not-here", message = message.as_str()), Some(phrase!("hint-sync")))
        }
    };
    Err(UserError::new(ErrorKind::Precondition, what).hint_any(hint))
}

/// Returns the text that a forward begins with: room to write, the signature, the mail.
pub(super) fn body(signature: &str, original: &Original) -> String {
    format!("{signature}\n\n{}", original.block())
}

/// Copies the files of a mail into the store, to go along with it.
///
/// # Errors
/// When the store can't be written.
pub(super) fn files(store: &Store, draft: &Draft, original: &Original) -> Result<Vec<OutgoingFile>, UserError> {
    let mut files = Vec::new();
    for enclosed in original.files() {
        let file = store.put_file(&enclosed.file.name, &enclosed.file.media, &enclosed.file.bytes)?;
        let cid = if enclosed.cid.is_empty() { String::new() } else { own_cid(store, draft, &enclosed.cid)? };
        files.push(OutgoingFile { cid, ..file });
    }
    Ok(files)
}

/// Makes our own Content-ID of one of the mail's: that came from outside, and may hold anything.
fn own_cid(store: &Store, draft: &Draft, theirs: &str) -> Result<String, UserError> {
    let team = store.team();
    let domain = domain(inbox_of(&team, draft)?);
    let parent = draft.parent.as_ref().map_or("", |id| id.as_str());
    let digest = Sha256::digest(format!("{parent}\n{theirs}").as_bytes());
    let half: Vec<u8> = digest.iter().copied().take(16).collect();
    Ok(format!("{}@{domain}", data_encoding::HEXLOWER.encode(&half)))
}

/// What a forward's text still holds of the mail that it forwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Nothing, or the mail has no HTML.
    TextAlone,
    /// Another text than the mail's: its HTML would bring back what was taken out.
    Changed,
    /// All of it: the mail's HTML says the same, with the images that the draft takes along.
    Whole(String),
}

/// Reads the mail that a draft forwards; `None` where it forwards none, or the mail is not here whole.
///
/// # Errors
/// When the store can't be read.
pub(in crate::service) fn original(store: &Store, draft: &Draft) -> Result<Option<Original>, StoreError> {
    let Some(parent) = draft.parent.as_ref().filter(|_| draft.kind == DraftKind::Forward) else { return Ok(None) };
    Ok(store.whole(parent)?.map(|raw| Original::read(&raw)))
}

/// Looks what a forward's text still holds of the mail, and makes its HTML fit to go along.
pub(super) fn held(store: &Store, draft: &Draft, original: &Original) -> Held {
    let Some(theirs) = split_forwarded(&draft.body).1 else { return Held::TextAlone };
    let place = |cid: &str| {
        let ours = own_cid(store, draft, cid).ok()?;
        draft.files.iter().any(|file| file.cid == ours).then(|| format!("cid:{ours}"))
    };
    let Some(html) = original.html(&place) else { return Held::TextAlone };
    if alike(theirs) == alike(&original.block()) { Held::Whole(html) } else { Held::Changed }
}

/// Tells what of the mail that a draft forwards does not go along as its author has it before them.
///
/// # Errors
/// When the store can't be read.
pub(in crate::service) fn warnings(store: &Store, draft: &Draft) -> Result<Vec<Warning>, StoreError> {
    let Some(original) = original(store, draft)? else { return Ok(Vec::new()) };
    let held = held(store, draft, &original);
    let unseen = matches!(held, Held::Whole(_)) && original.html_says_more();
    let changed = held == Held::Changed;
    let told = [unseen.then_some(Warning::ForwardUnseen), changed.then_some(Warning::ForwardChanged)];
    Ok(files_left(draft, &original).into_iter().chain(told.into_iter().flatten()).collect())
}

/// Tells of files of the mail that were too many to be taken along.
fn files_left(draft: &Draft, original: &Original) -> Option<Warning> {
    // As a file the mail brings all of them.
    let (all, most) = (original.file_count(), mime::ENCLOSED_MAX);
    (draft.files.len() > 1 && all > most).then_some(Warning::FilesLeft { all, most })
}

/// A text without what editors change by themselves.
fn alike(text: &str) -> String {
    let lines: Vec<String> = SafeText::lines(text).iter().map(|line| line.as_str().trim_end().to_owned()).collect();
    lines.join("\n").trim_end().to_owned()
}

/// Takes files off a draft, each named by its name or its number from 1.
///
/// # Errors
/// When there is none of that name or number: which there are.
pub fn leave_out(draft: &mut Draft, named: &[String]) -> Result<(), UserError> {
    let mut out = vec![false; draft.files.len()];
    for given in named {
        let by_name = |file: &OutgoingFile| file.name == *given;
        let number = given.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let is_meant = |(at, file): (usize, &OutgoingFile)| {
            by_name(file) || (number == Some(at) && !draft.files.iter().any(by_name))
        };
        let meant: Vec<bool> = draft.files.iter().enumerate().map(is_meant).collect();
        if !meant.contains(&true) {
            let all = draft.files.iter().enumerate().map(|(at, file)| format!("{} {}", at + 1, file.name));
            let all = all.collect::<Vec<_>>().join(", ");
            let what = phrase!("no-such-file-along", name = in_quotes(given));
            let hint = (!all.is_empty()).then(|| phrase!("hint-files-along", files = all));
            return Err(UserError::new(ErrorKind::Usage, what).hint_any(hint));
        }
        out.iter_mut().zip(meant).for_each(|(out, meant)| *out |= meant);
    }
    let mut out = out.into_iter();
    draft.files.retain(|_| !out.next().unwrap_or(false));
    Ok(())
}

#[cfg(test)]
#[path = "forward_tests.rs"]
mod tests;
