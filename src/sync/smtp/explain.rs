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
        phrase!("smtp-means-send-as")
    } else if has(&["5.7.57", "5.7.0 authentication", "authentication required", "not authenticated"]) {
        phrase!("smtp-means-login")
    } else if has(&["5.1.1", "user unknown", "no such user", "does not exist", "mailbox unavailable"]) {
        phrase!("smtp-means-no-address")
    } else if has(&["5.2.2", "over quota", "mailbox full", "mailbox is full"]) {
        phrase!("smtp-means-full")
    } else if has(&["5.3.4", "5.2.3", "too large", "too big", "exceeds size", "size limit"]) {
        phrase!("smtp-means-too-large")
    } else if has(&["5.7.26", "5.7.27", "dmarc", "spf", "dkim"]) {
        phrase!("smtp-means-domain")
    } else if has(&["relay"]) {
        phrase!("smtp-means-relay")
    } else if has(&["5.7."]) {
        phrase!("smtp-means-rules")
    } else {
        return words.to_owned();
    };
    say!("smtp-explained", words = words, meaning = meaning)
}
