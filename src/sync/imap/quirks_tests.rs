use super::{too_many_connections, without_timing};

#[test]
fn words_for_too_many_connections_are_known_and_others_are_not_taken_for_them() {
    for (code, text) in [
        ("LIMIT", "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)"),
        ("ALERT", "Too many simultaneous connections. (Failure)"),
        ("", "Too many connections, try again later"),
        ("", "[LIMIT] no"),
        ("", "Connection limit reached"),
    ] {
        assert!(too_many_connections(code, text), "{code} {text}");
    }
    for (code, text) in [
        ("AUTHENTICATIONFAILED", "Invalid credentials"),
        ("OVERQUOTA", "Quota limit exceeded"),
        ("", "Too many bad commands"),
        ("", "Connection closed"),
        ("", ""),
    ] {
        assert!(!too_many_connections(code, text), "{code} {text}");
    }
}

#[test]
fn the_time_that_dovecot_needed_is_no_part_of_its_words() {
    assert_eq!(without_timing("Permission denied (0.001 + 0.000 + 0.002 secs)."), "Permission denied");
    for text in ["Permission denied", "Wait (some secs).", "", "Quota exceeded (mailbox for user is full)"] {
        assert_eq!(without_timing(text), text);
    }
}
