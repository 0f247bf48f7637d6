use proptest::prelude::*;

use super::*;

#[test]
fn a_message_id_loses_its_brackets_and_folding() {
    let id = MessageId::new(" <a.b@c\r\n d> ").unwrap();
    assert_eq!(id.as_str(), "a.b@cd");
}

#[test]
fn an_empty_message_id_is_none() {
    assert_eq!(MessageId::new(" <> "), None);
}

#[test]
fn an_over_long_message_id_is_replaced_by_its_hash() {
    let id = MessageId::new(&"x".repeat(5000)).unwrap();
    assert!(id.as_str().len() < 80, "{id}");
    assert_eq!(Some(id), MessageId::new(&"x".repeat(5000)));
}

#[test]
fn a_conversation_id_has_26_letters_that_can_be_read_aloud() {
    let id = ConversationId::of_root(&MessageId::new("a@b").unwrap());
    assert_eq!(id.as_str().len(), 26);
    assert_eq!(ConversationId::normalise(id.as_str()).as_deref(), Some(id.as_str()));
}

#[test]
fn a_typed_id_forgives_look_alike_letters() {
    assert_eq!(ConversationId::normalise("O1lI").as_deref(), Some("0111"));
    assert_eq!(ConversationId::normalise("u123"), None);
    assert_eq!(ConversationId::normalise("a b"), None);
}

#[test]
fn a_rules_operation_id_depends_on_rule_and_message_alone() {
    let message = MessageId::new("a@b").unwrap();
    assert_eq!(OpId::derived("vip", &message), OpId::derived("vip", &message));
    assert_ne!(OpId::derived("vip", &message), OpId::derived("spam", &message));
}

#[test]
fn names_are_folded_to_lower_case_and_refused_with_the_rule() {
    assert_eq!(Tag::new("Billing").unwrap().as_str(), "billing");
    let bad = Tag::new("two words").unwrap_err();
    assert!(bad.why.is("name-letters"), "{bad}");
    assert!(Handle::new("").is_err());
    assert!(Tag::new("-late").is_err());
    assert!(Tag::new("a\u{202e}b").is_err());
}

#[test]
fn a_name_of_another_that_looks_the_same_is_refused() {
    // A zero-width space, a soft hyphen, a letter of the private area.
    for hidden in ['\u{200b}', '\u{ad}', '\u{feff}', '\u{e000}'] {
        assert!(Handle::new(&format!("ali{hidden}ce")).is_err(), "{hidden:?}");
    }
}

#[test]
fn a_name_that_grows_in_lower_case_is_measured_in_lower_case() {
    // Each of these is two characters in lower case, and what was kept must be readable again.
    assert!(Handle::new(&"\u{130}".repeat(33)).is_err());
    let name = Handle::new(&"\u{130}".repeat(32)).unwrap();
    assert_eq!(Handle::new(name.as_str()), Ok(name));
}

#[test]
fn a_message_id_from_the_log_is_cleaned_like_one_from_a_mail() {
    let id: MessageId = serde_json::from_str(r#""<a\r\nBcc: eve@evil.example>""#).unwrap();
    assert_eq!(id.as_str(), "aBcc:eve@evil.example");
    assert!(serde_json::from_str::<MessageId>("\" \"").is_err());
    let long: MessageId = serde_json::from_str(&format!("\"{}\"", "x".repeat(5000))).unwrap();
    assert_eq!(Some(long), MessageId::new(&"x".repeat(5000)));
}

#[test]
fn ids_of_the_logs_mails_are_known_by_their_domain() {
    for (id, is) in [
        ("018f.ab@log.postroom.invalid", true),
        ("018f.0@snapshot.postroom.invalid", true),
        ("a@log.postroom.invalid.example.com", false),
        ("log.postroom.invalid@example.com", false),
        ("a@msg.postroom.invalid", false),
    ] {
        assert_eq!(MessageId::new(id).unwrap().is_of_log(), is, "{id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_read_once_is_read_the_same_again(text in "[ <>\r\n\u{1}a@İ]{0,12}|\\PC{0,80}") {
        if let Some(id) = MessageId::new(&text) {
            prop_assert_eq!(MessageId::new(id.as_str()), Some(id.clone()));
            prop_assert_eq!(serde_json::from_str::<MessageId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
        }
        if let Ok(handle) = Handle::new(&text) {
            prop_assert_eq!(Handle::new(handle.as_str()), Ok(handle));
        }
    }
}
