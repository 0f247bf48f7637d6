use std::net::TcpListener;

use proptest::prelude::*;
use proptest::string::string_regex;

use super::*;

/// A connection whose server has sent these bytes and closed.
fn told(bytes: &[u8]) -> Wire {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut far, _) = listener.accept().unwrap();
    let bytes = bytes.to_vec();
    // Whoever is tired of us hangs up.
    std::thread::spawn(move || far.write_all(&bytes));
    near.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    Wire { stream: Stream::Plain(near), ahead: Vec::new(), step: Duration::from_secs(20) }
}

#[test]
fn a_reply_of_several_lines_is_one() {
    let mut wire = told(b"250-one\r\n250-two\r\n250 three\r\n354\r\n");
    assert_eq!(wire.reply().unwrap(), Reply { code: 250, lines: vec!["one".into(), "two".into(), "three".into()] });
    assert_eq!(wire.reply().unwrap(), Reply { code: 354, lines: vec![String::new()] });
    assert!(matches!(wire.reply(), Err(Broken::Closed)));
}

#[test]
fn a_reply_or_a_line_without_end_is_given_up() {
    for endless in ["250-more\r\n", "x"] {
        let error = told(endless.repeat(200_000).as_bytes()).reply().unwrap_err();
        assert!(matches!(error, Broken::Nonsense(_)), "{error}");
    }
}

#[test]
fn a_servers_words_move_no_cursor() {
    let reply = told("550-\u{1b}]0;pwned\u{7}no\u{9b}2J\r\n550 \u{202e}way\r\n".as_bytes()).reply().unwrap();
    assert_eq!(reply.words(), "550 no way");
    let error = told(b"\x1b[2J\x1b]52;c;AAAA\x07boo\r\n").reply().unwrap_err();
    assert_eq!(error.to_string(), "does not speak SMTP: boo");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_server_says_is_a_reply_or_an_error(
        lines in prop::collection::vec(string_regex("([0-9]{3}|[0-9a-zé]{0,4})[ \\-=]?\\PC{0,10}\r?\n").unwrap(), 0..6),
        tail in prop::collection::vec(any::<u8>(), 0..30),
    ) {
        let mut wire = told(&[lines.concat().into_bytes(), tail].concat());
        while let Ok(reply) = wire.reply() {
            prop_assert!((200..600).contains(&reply.code) && !reply.lines.is_empty());
            prop_assert!(!reply.words().contains(char::is_control));
        }
    }
}
