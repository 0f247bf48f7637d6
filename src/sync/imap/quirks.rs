//! What single servers do differently, with their names, measured unless it says otherwise. Nothing else in the sync names a server.

use std::time::Duration;

use super::error::ImapError;

/// The longest back-off that a server may ask for.
const BACKOFF_MAX: Duration = Duration::from_secs(3600);

/// Exchange throttles with `NO Request is throttled. Suggested Backoff Time: 299609 milliseconds` (from its documentation), Gmail
/// with `[OVERQUOTA]` or `[THROTTLED]`.
pub(super) fn throttled(words: &str) -> Option<ImapError> {
    let low = words.to_ascii_lowercase();
    let wait = low.split_once("suggested backoff time:").and_then(|(_, rest)| {
        let number: u64 = rest.split_ascii_whitespace().next()?.parse().ok()?;
        Some(Duration::from_millis(number).min(BACKOFF_MAX))
    });
    let says_so =
        low.contains("[throttled]") || low.contains("throttl") || low.contains("account exceeded command or bandwidth");
    (wait.is_some() || says_so).then(|| ImapError::Throttled { wait, text: words.trim().to_owned() })
}

/// Tells whether a refused login can pass later without anybody changing the password: RFC 5530 section 3, and Dovecot's and Gmail's
/// words for too many connections.
pub(super) fn login_may_pass_later(code: &str, text: &str) -> bool {
    let low = text.to_ascii_lowercase();
    matches!(code, "UNAVAILABLE" | "INUSE" | "LIMIT" | "SERVERBUG" | "OVERQUOTA")
        || low.contains("too many simultaneous")
        || low.contains("maximum number of connections")
        || low.contains("temporary")
        || low.contains("try again later")
}

/// Tells whether a refusal says that too many connections are open already: the response code LIMIT (RFC 5530 section 3), and the words
/// of Dovecot, Gmail, Courier and Cyrus.
pub(super) fn too_many_connections(code: &str, text: &str) -> bool {
    let low = text.to_ascii_lowercase();
    let many = ["too many", "maximum number of", "maximum", "limit"].iter().any(|words| low.contains(words));
    code == "LIMIT" || low.starts_with("[limit]") || (many && low.contains("connection"))
}

/// Takes the time off that Dovecot puts behind its words, as in `Permission denied (0.001 + 0.000 secs).`: the same refusal is then told in
/// the same words each time.
pub(super) fn without_timing(text: &str) -> &str {
    let timing = |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || " .+".contains(c));
    let cut = text.strip_suffix(" secs).").and_then(|front| front.rsplit_once(" ("));
    cut.filter(|(_, rest)| timing(rest)).map_or(text, |(words, _)| words)
}

/// How long one IDLE lasts: the standard says 29 minutes (RFC 2177 section 3), Gmail hangs up after about ten (not measured).
pub const IDLE_FOR: Duration = Duration::from_secs(9 * 60);

/// The longest stretch of an IDLE after which DONE asks whether the server is still there: with the time for its answer a connection that
/// is dead, or a server that hangs, is noticed within a minute. It costs about eighty bytes.
pub(super) const IDLE_TURN: Duration = Duration::from_secs(30);

/// Dovecot 2.3 takes a second NOTIFY in a connection, and tells nothing after it. It also takes no name that modified UTF-7 encodes.
pub(super) const NOTIFY_ONCE: bool = true;

/// Dovecot answers BAD to `*` in the known UIDs of QRESYNC, so the highest known UID is always written out.
pub(super) fn known_uids(highest: u32) -> Option<String> {
    (highest > 0).then(|| format!("1:{highest}"))
}

/// Exchange answers `BAD User is authenticated but not connected` after quick reconnects: the session is of no use (not measured).
pub(super) fn session_is_dead(text: &str) -> bool {
    text.to_ascii_lowercase().contains("authenticated but not connected")
}

/// Tells whether a refusal concerns the account, not the one folder that was asked for.
pub(super) fn stops_everything(error: &ImapError) -> bool {
    matches!(error, ImapError::Throttled { .. }) || matches!(error, ImapError::Bad(text) if session_is_dead(text))
}

#[cfg(test)]
#[path = "quirks_tests.rs"]
mod tests;
