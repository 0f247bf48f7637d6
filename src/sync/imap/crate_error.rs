//! What the IMAP crate reports as failed, as errors of ours with the server's words.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::divert::{Handle, lock};
use super::error::{ImapError, split_code};
use super::quirks;

/// Runs a call into the crate, which asserts on what servers send.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, ImapError> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| ImapError::Protocol("it answered what the protocol does not allow".to_owned()))
}

/// Reads an error of the crate, with the words that the crate threw away.
pub(super) fn from_crate(error: imap::Error, shared: &Handle) -> ImapError {
    let (tagged, bye) = {
        let shared = lock(shared);
        (shared.tagged.clone(), shared.bye.clone())
    };
    let words = |fallback: String| match tagged.split_once(' ') {
        Some((status, rest)) if matches!(status.to_ascii_uppercase().as_str(), "NO" | "BAD") => rest.to_owned(),
        _ => fallback,
    };
    match error {
        imap::Error::No(no) => refusal("NO", &words(no.information)),
        imap::Error::Bad(bad) => refusal("BAD", &words(bad.information)),
        imap::Error::Io(error) => match ImapError::from_io(error) {
            ImapError::Lost(_) => ended(bye),
            other => other,
        },
        imap::Error::ConnectionLost | imap::Error::Bye(_) => ended(bye),
        imap::Error::Validate(_) => ImapError::Protocol("a line end can't be sent".to_owned()),
        other => ImapError::Protocol(other.to_string().chars().take(120).collect()),
    }
}

fn ended(bye: Option<String>) -> ImapError {
    let words = bye.unwrap_or_default();
    quirks::throttled(&words).unwrap_or_else(|| ImapError::Lost(split_code(&words).1))
}

/// Reads the words of a tagged answer into an error.
fn refusal(status: &str, words: &str) -> ImapError {
    if let Some(throttled) = quirks::throttled(words) {
        return throttled;
    }
    let (code, text) = split_code(words);
    match status {
        "BAD" => ImapError::Bad(text),
        _ => ImapError::No { code, text },
    }
}
