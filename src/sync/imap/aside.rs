//! Mails and folders that can't be fetched: what is said of them, what stands in their place, and when they are tried again. Pure.

use super::account::ImapAccount;
use super::error::{ImapError, split_code};
use super::fetched::Fetched;
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::ids::STAND_IN_DOMAIN;
use crate::model::phrase::{Arg, Phrase};
use crate::model::text::SafeText;
use crate::store::{Aside, AsideReason, Content, Folder, Incoming, Untold, WHOLE_FOLDER};
use crate::text;

/// A mail is tried again after so long, in milliseconds; twice as long after each time.
const MAIL_FIRST: i64 = 60 * 60 * 1000;
/// The longest of these waits.
const MAIL_LONGEST: i64 = 24 * 60 * 60 * 1000;
/// A folder is tried again after so long.
const FOLDER_FIRST: i64 = 5 * 60 * 1000;
/// The longest of these waits.
const FOLDER_LONGEST: i64 = 60 * 60 * 1000;
/// So much of a server's words is kept, in characters.
const WORDS_MAX: usize = 200;

/// Why something did not come.
pub(super) struct Fault {
    reason: AsideReason,
    words: String,
}

impl Fault {
    /// Reads it from the error of a command.
    pub(super) fn of(error: &ImapError) -> Self {
        let reason = match error {
            ImapError::No { .. } | ImapError::Bad(_) | ImapError::NoFolder(_) => AsideReason::Refused,
            ImapError::TooMuch(_) => AsideReason::TooMuch,
            ImapError::TooSlow { .. } | ImapError::Timeout => AsideReason::TooSlow,
            ImapError::Protocol(_) => AsideReason::Unreadable,
            _ => AsideReason::Ended,
        };
        let words = match error {
            ImapError::No { text, .. } | ImapError::Bad(text) | ImapError::Lost(text) => split_code(text).1,
            ImapError::TooMuch(text) | ImapError::Protocol(text) => text.clone(),
            ImapError::TooSlow { bytes, seconds } => format!("{bytes} bytes in {seconds} seconds"),
            other => other.to_string(),
        };
        Self { reason, words: SafeText::line_max(&words, WORDS_MAX).as_str().to_owned() }
    }

    /// The server has it, and leaves it out of its answers.
    pub(super) fn not_sent() -> Self {
        Self { reason: AsideReason::NotSent, words: String::new() }
    }

    /// The store does not take it.
    pub(super) fn of_store(words: &str) -> Self {
        Self { reason: AsideReason::Store, words: SafeText::line_max(words, WORDS_MAX).as_str().to_owned() }
    }
}

/// Makes what is kept of a mail or a folder that failed now; `before` is what was kept.
pub(super) fn new(before: Option<&Aside>, uid: u32, validity: u32, fault: Fault, now: Timestamp) -> Aside {
    let tries = before.map_or(0, |aside| aside.tries).saturating_add(1);
    let (first, longest) =
        if uid == WHOLE_FOLDER { (FOLDER_FIRST, FOLDER_LONGEST) } else { (MAIL_FIRST, MAIL_LONGEST) };
    let wait = first.saturating_mul(1_i64 << tries.saturating_sub(1).min(16)).min(longest);
    Aside {
        uid,
        validity,
        reason: fault.reason,
        words: fault.words,
        shown: before.is_some_and(|aside| aside.shown),
        first_at: before.map_or(now, |aside| aside.first_at),
        tries,
        next_try: now.plus(wait),
    }
}

/// Returns what happened, with the server's words.
fn happened(aside: &Aside) -> Phrase {
    let why = match aside.reason {
        AsideReason::Refused => phrase!("aside-refused"),
        AsideReason::Ended => phrase!("aside-ended"),
        AsideReason::TooMuch => phrase!("aside-too-much"),
        AsideReason::TooSlow => phrase!("aside-too-slow"),
        AsideReason::Unreadable => phrase!("aside-unreadable"),
        AsideReason::NotSent => phrase!("aside-not-sent"),
        AsideReason::Store => phrase!("aside-store"),
    };
    if aside.words.is_empty() {
        return why;
    }
    phrase!("aside-with-words", why = why, words = SafeText::line_max(&aside.words, 400))
}

/// Tells a person of a mail that was set aside.
pub(super) fn warning(account: &ImapAccount, untold: &Untold) -> UserError {
    let Untold { name, aside, sender, .. } = untold;
    let from = |sender: &_| Arg::from(phrase!("aside-from", sender = SafeText::line_max(sender, 200)));
    let what = phrase!(
        "aside-mail",
        account = account.id.as_str(),
        uid = aside.uid.to_string(),
        folder = SafeText::line_max(name, 200),
        from = sender.as_deref().map_or_else(|| Arg::from(""), from),
        why = happened(aside),
    );
    let hint = if aside.shown { phrase!("hint-aside-in-list") } else { phrase!("hint-aside-stands-in") };
    UserError::new(ErrorKind::Remote, what).hint(hint)
}

/// Tells a person of a folder that can't be read.
pub(super) fn folder_warning(account: &ImapAccount, name: &str, aside: &Aside) -> UserError {
    let (account, name) = (account.id.as_str(), SafeText::line_max(name, 200));
    let what = phrase!("aside-folder", account = account, folder = name, why = happened(aside));
    UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-aside-folder"))
}

/// Makes what stands in the list for a mail that can't be had: the header block that could be, else a message that says so. That one has
/// the same Message-ID on every client.
pub(super) fn stand_in(
    folder: &Folder,
    aside: &Aside,
    about: Option<Fetched>,
    header: Option<Vec<u8>>,
    now: Timestamp,
) -> Incoming {
    let about = about.unwrap_or_default();
    let size = about.size;
    let arrived = about.date.unwrap_or(now);
    let content = match header {
        Some(header) => Content::Headers(header),
        None => Content::Whole(says_so(folder, aside, size).into_bytes()),
    };
    let length = match &content {
        Content::Whole(bytes) | Content::Headers(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
    };
    Incoming {
        uid: aside.uid,
        flags: about.flags.unwrap_or_default(),
        arrived,
        size: size.unwrap_or(length),
        modseq: about.modseq,
        content,
    }
}

fn says_so(folder: &Folder, aside: &Aside, size: Option<u64>) -> String {
    let Aside { uid, validity, .. } = aside;
    let name = SafeText::line_max(&folder.name, 100);
    let bytes = size.map(|size| format!(" of {size} bytes")).unwrap_or_default();
    let place: String = folder.name.bytes().map(|byte| format!("{byte:02x}")).collect();
    let place = place.get(..place.len().min(200)).unwrap_or_default();
    format!(
        "Message-ID: <{validity}.{uid}.{place}@{STAND_IN_DOMAIN}>\r\n\
         Subject: A mail that can't be fetched\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         This stands for a mail{bytes} that can't be fetched: {}.\r\n\r\n\
         It is number {uid} in the folder {name}. It is tried again by itself, and takes this place once it comes. Another mail program \
         may be able to open it.\r\n",
        text::english(&happened(aside))
    )
}

#[cfg(test)]
#[path = "aside_tests.rs"]
mod tests;
