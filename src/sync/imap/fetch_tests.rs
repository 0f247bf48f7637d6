use super::message_id;

#[test]
fn the_message_id_is_read_folded_or_not() {
    for header in
        ["Message-ID: <a@b>\r\n\r\n", "Message-Id:\r\n <a@b>\r\n\r\n", "MESSAGE-ID: <a@b>\r\nMessage-ID: <c@d>\r\n\r\n"]
    {
        assert_eq!(message_id(header.as_bytes()).unwrap().as_str(), "a@b", "{header:?}");
    }
    for header in ["\r\n", "", "Message-ID: \r\n\r\n", "Other: <a@b>\r\n\r\n"] {
        assert_eq!(message_id(header.as_bytes()), None, "{header:?}");
    }
}
