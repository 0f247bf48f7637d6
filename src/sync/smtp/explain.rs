//! What a server's refusal means for the person who reads it.

/// Returns the server's words, and behind them what to do where the code (RFC 3463, and the ones that Exchange and Gmail are known for) tells.
pub fn explain(words: &str) -> String {
    let lower = words.to_ascii_lowercase();
    let has = |needles: &[&str]| needles.iter().any(|n| lower.contains(n));
    let meaning = if has(&[
        "5.7.60",
        "sendasdenied",
        "send as",
        "not owned by user",
        "not allowed to send",
        "sender address rejected: not owned",
    ]) {
        "this login may not send as the inbox's address: ask for the right to Send As (or Send on Behalf, and set the identity so)"
    } else if has(&["5.7.57", "5.7.0 authentication", "authentication required", "not authenticated"]) {
        "the server wants a login: set user and secret of this account's smtp"
    } else if has(&["5.1.1", "user unknown", "no such user", "does not exist", "mailbox unavailable"]) {
        "there is no such address: check it"
    } else if has(&["5.2.2", "over quota", "mailbox full", "mailbox is full"]) {
        "the recipient's mailbox is full"
    } else if has(&["5.3.4", "5.2.3", "too large", "too big", "exceeds size", "size limit"]) {
        "the mail is too large: send fewer or smaller files"
    } else if has(&["5.7.26", "5.7.27", "dmarc", "spf", "dkim"]) {
        "the sender's domain does not vouch for this server (SPF, DKIM, DMARC): ask who runs the domain"
    } else if has(&["relay"]) {
        "this server does not send for others: check that host and login belong together"
    } else if has(&["5.7."]) {
        "the server's rules forbid it: the words above say which"
    } else {
        return words.to_owned();
    };
    format!("{words} ({meaning})")
}
