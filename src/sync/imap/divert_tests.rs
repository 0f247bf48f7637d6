use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::sync::imap::wire::Stream;
use crate::sync::waker::Waker;

/// A transport, and the server's end of its connection.
fn connected() -> (Divert, Handle, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (far, _) = listener.accept().unwrap();
    let wire = Wire::new(Stream::Plain(near), Waker::new().unwrap(), Duration::from_secs(20)).unwrap();
    let (divert, shared) = Divert::new(wire);
    lock(&shared).greeted = true;
    (divert, shared, far)
}

/// What came of a server's bytes: what the crate was handed, the queue, the lines set aside, how it ended.
fn outcome(pieces: &[&[u8]]) -> (Vec<u8>, Vec<String>, usize, Result<usize, String>) {
    let (mut divert, shared, mut far) = connected();
    let pieces: Vec<Vec<u8>> = pieces.iter().map(|piece| piece.to_vec()).collect();
    let server = std::thread::spawn(move || {
        // Whoever is tired of us hangs up.
        pieces.iter().try_for_each(|piece| far.write_all(piece).and_then(|()| far.flush()))
    });
    let mut out = Vec::new();
    let end = divert.read_to_end(&mut out).map_err(|error| error.to_string());
    drop(divert);
    let _ = server.join().unwrap();
    let shared = lock(&shared);
    (out, shared.queue.iter().map(|item| format!("{item:?}")).collect(), shared.stray_count, end)
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    let literal = prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| {
        let mut line = format!("* 3 FETCH (UID 7 BODY[] {{{}}}\r\n", bytes.len()).into_bytes();
        line.extend(&bytes);
        line.extend(b")\r\n");
        line
    });
    prop_oneof![
        literal,
        "[*+a] ?[0-9]{0,11} ?(FETCH|EXISTS|LIST|OK|BYE|\\[|\\(|\\)|\"|\\{|\\}|[ -~]){0,8}\r?\n"
            .prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..60),
        Just(b"* LIST () {9999999999999999999999}\r\n".to_vec()),
        Just(b"* 1 FETCH (BODY[] {4294967296}\r\n".to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_server_sends_the_crate_sees_whole_answers_alone(lines in prop::collection::vec(line(), 0..12)) {
        let bytes = lines.concat();
        let (out, ..) = outcome(&[&bytes]);
        prop_assert!(out.is_empty() || out.ends_with(b"\n"), "{out:?}");
        for line in out.split_inclusive(|b| *b == b'\n') {
            prop_assert!(matches!(line.first(), Some(b'a' | b'+')), "{line:?}");
        }
    }

    #[test]
    fn where_the_network_cuts_makes_no_difference(
        lines in prop::collection::vec(line(), 0..8),
        at in any::<prop::sample::Index>(),
    ) {
        let bytes = lines.concat();
        let (before, after) = bytes.split_at(at.index(bytes.len() + 1));
        prop_assert_eq!(outcome(&[before, after]), outcome(&[&bytes]));
    }
}

#[test]
fn an_answer_without_end_ends_the_session_before_it_fills_the_memory() {
    for line in ["* 1 EXISTS\r\n", "* 1 FETCH (FLAGS ())\r\n"] {
        let (mut divert, shared, mut far) = connected();
        lock(&shared).queue_max = 100;
        let server = std::thread::spawn(move || while far.write_all(line.as_bytes()).is_ok() {});
        let error = divert.read(&mut [0; 16]).unwrap_err();
        assert!(error.to_string().contains("no end"), "{error}");
        drop(divert);
        server.join().unwrap();
        assert!((100..=102).contains(&lock(&shared).queue.len()), "two for each message that it told of");
    }
}

#[test]
fn an_answer_is_bounded_in_bytes_whatever_it_is_made_of() {
    let literal = format!("* LIST () \"/\" {{6000}}\r\n{}\r\n", "x".repeat(6000));
    let long = format!("* OK {}\r\n", "x".repeat(6000));
    for line in [literal.as_str(), &long, "* 5 FETCH (FLAGS ())\r\n", "* SEARCH 1 2 3\r\n", "* 7 EXISTS\r\n"] {
        let (mut divert, shared, mut far) = connected();
        (lock(&shared).literal_max, lock(&shared).beside_max) = (1 << 16, 1 << 16);
        let text = line.repeat((1 << 20) / line.len());
        let server = std::thread::spawn(move || while far.write_all(text.as_bytes()).is_ok() {});
        let error = divert.read(&mut [0; 16]).unwrap_err();
        assert!(error.to_string().contains("more than it may"), "{error}");
        drop(divert);
        server.join().unwrap();
        assert!(lock(&shared).answered <= 3 << 16, "{}", lock(&shared).answered);
    }
}

#[test]
fn a_server_that_asks_for_more_for_ever_is_given_up() {
    let (mut divert, _shared, mut far) = connected();
    let line = format!("+ {}\r\n", "x".repeat(1000));
    let server = std::thread::spawn(move || while far.write_all(line.as_bytes()).is_ok() {});
    let error = std::io::copy(&mut divert, &mut std::io::sink()).unwrap_err();
    assert!(error.to_string().contains("no end"), "{error}");
    drop(divert);
    server.join().unwrap();
}

#[test]
fn a_literal_of_four_gigabytes_is_refused_before_it_comes() {
    let (.., end) = outcome(&[b"* 1 FETCH (BODY[] {4294967296}\r\n"]);
    assert!(end.unwrap_err().contains("more than one message may have"));
}

#[test]
fn a_server_that_begins_an_idle_again_and_again_is_given_up() {
    let (mut divert, shared, mut far) = connected();
    lock(&shared).duty = Duty::Idle { until: Instant::now() + Duration::from_secs(60), begun: false };
    let server = std::thread::spawn(move || while far.write_all(b"+ idling\r\n").is_ok() {});
    let error = divert.read(&mut [0; 16]).unwrap_err();
    assert!(error.to_string().contains("no IMAP"), "{error}");
    drop(divert);
    server.join().unwrap();
}
