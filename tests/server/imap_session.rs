//! Sessions against a real Dovecot, and against servers that lie.

use std::time::Duration;

use crate::support::dovecot::{Dovecot, PASSWORD};
use crate::support::scripted_imap::Scripted;
use postroom::config::{Auth, Security};
use postroom::model::clock::Timestamp;
use postroom::sync::imap::divert::IdleEnd;
use postroom::sync::imap::session::Event;
use postroom::sync::imap::{ImapError, Session, Waker};

const MAIL: &str = "From: Carol <carol@example.org>\nTo: support@example.com\nSubject: Hello\nMessage-ID: <one@example.org>\n\nIt broke.\n";

fn waker() -> Waker {
    Waker::new().unwrap()
}

#[test]
fn every_kind_of_security_gets_in() {
    let Some(server) = Dovecot::start() else { return };
    for security in [Security::Plain, Security::StartTls, Security::Tls] {
        let session = Session::open(&server.endpoint("alice", security), PASSWORD, &waker()).unwrap();
        assert!(session.capabilities().has("idle"), "{security:?}");
        session.logout();
    }
}

#[test]
fn a_wrong_password_is_told_as_one() {
    let Some(server) = Dovecot::start() else { return };
    let endpoint = server.endpoint("alice", Security::Tls);
    let Err(error) = Session::open(&endpoint, "wrong", &waker()) else { panic!("let in") };
    assert!(matches!(error, ImapError::Login(_)), "{error}");
    let told = error.for_user(&server.account("alice").id, &endpoint);
    assert!(told.message().contains("main") && told.message().contains("localhost"), "{told}");
    assert!(told.advice().contains("password"), "{told}");
    assert!(!told.to_string().contains("wrong"), "{told}");
}

#[test]
fn passwords_beyond_ascii_go_by_sasl() {
    let Some(server) = Dovecot::with("passdb {\n  driver = static\n  args = password=pässwort\n}\n") else { return };
    let session = Session::open(&server.endpoint("alice", Security::Tls), "pässwort", &waker()).unwrap();
    session.logout();
}

#[test]
fn a_certificate_that_nobody_trusts_is_refused() {
    let Some(server) = Dovecot::start() else { return };
    for security in [Security::Tls, Security::StartTls] {
        let mut endpoint = server.endpoint("alice", security);
        endpoint.ca_file = None;
        let Err(error) = Session::open(&endpoint, PASSWORD, &waker()) else { panic!("trusted") };
        assert!(matches!(error, ImapError::Certificate(_)), "{error}");
    }
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let Some(server) = Dovecot::start() else { return };
    let mut endpoint = server.endpoint("alice", Security::Tls);
    endpoint.host = "127.0.0.2".to_owned();
    // Dovecot listens on 127.0.0.1 only, so this may also be refused a step earlier.
    let Err(error) = Session::open(&endpoint, PASSWORD, &waker()) else { panic!("trusted") };
    assert!(matches!(error, ImapError::Certificate(_) | ImapError::Refused), "{error}");
}

#[test]
fn a_certificate_that_names_its_host_as_its_subject_alone_is_refused_and_told() {
    let Some(server) = Dovecot::without_names() else { return };
    for security in [Security::Tls, Security::StartTls] {
        let endpoint = server.endpoint("alice", security);
        let Err(error) = Session::open(&endpoint, PASSWORD, &waker()) else { panic!("trusted") };
        assert!(matches!(error, ImapError::Certificate(_)), "{error}");
        assert!(error.to_string().contains("subjectAltName"), "{error}");
    }
}

#[test]
fn a_port_where_nobody_listens_refuses() {
    let Some(server) = Dovecot::start() else { return };
    let endpoint = server.endpoint("alice", Security::Tls);
    drop(server);
    let Err(error) = Session::open(&endpoint, PASSWORD, &waker()) else { panic!("connected") };
    assert!(matches!(error, ImapError::Refused | ImapError::CaFile(_)), "{error}");
}

#[test]
fn a_host_that_does_not_exist_is_told_as_one() {
    let scripted = Scripted::each(Vec::new());
    let mut endpoint = scripted.endpoint();
    endpoint.host = "mail.nowhere.invalid".to_owned();
    let Err(error) = Session::open(&endpoint, PASSWORD, &waker()) else { panic!("connected") };
    assert!(matches!(error, ImapError::UnknownHost | ImapError::Timeout), "{error}");
}

#[test]
fn no_password_goes_in_clear_to_another_machine() {
    let scripted = Scripted::each(Vec::new());
    let mut endpoint = scripted.endpoint();
    endpoint.host = "192.0.2.1".to_owned();
    let Err(error) = Session::open(&endpoint, PASSWORD, &waker()) else { panic!("connected") };
    assert!(matches!(error, ImapError::PlainRefused), "{error}");
}

/// An HS256 token that Dovecot's test key signed: `email` alice, valid until 2100.
fn token() -> String {
    use data_encoding::BASE64URL_NOPAD;
    let header = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = BASE64URL_NOPAD.encode(br#"{"sub":"alice","email":"alice","iat":1500000000,"exp":4102444800}"#);
    let signed = format!("{header}.{claims}");
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&hmac_sha256(b"secretkey", signed.as_bytes())))
}

fn hmac_sha256(key: &[u8], data: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner: Vec<u8> = block.iter().map(|b| b ^ 0x36).chain(data.iter().copied()).collect();
    let outer: Vec<u8> = block.iter().map(|b| b ^ 0x5c).chain(Sha256::digest(&inner).iter().copied()).collect();
    Sha256::digest(&outer).to_vec()
}

#[test]
fn tokens_get_in_and_wrong_ones_do_not() {
    let Some(server) = Dovecot::start() else { return };
    for auth in [Auth::XOAuth2, Auth::OAuthBearer] {
        let mut endpoint = server.endpoint("alice", Security::Tls);
        endpoint.auth = auth;
        Session::open(&endpoint, &token(), &waker()).unwrap().logout();
        let Err(error) = Session::open(&endpoint, &format!("{}x", token()), &waker()) else { panic!("let in") };
        assert!(matches!(error, ImapError::Login(_)), "{auth:?} {error}");
    }
}

#[test]
fn mail_goes_in_and_comes_out_byte_for_byte() {
    let Some(server) = Dovecot::start() else { return };
    let mut session = server.session("alice");
    let mut mail = MAIL.replace('\n', "\r\n").into_bytes();
    mail.extend(b"8-bit \xff\xfe and a line that looks like {10}\r\na1 OK not yet\r\n)\r\n");
    let at = Timestamp::from_seconds(1_700_000_000);
    let appended = session.append("INBOX", &["\\Seen", "kw"], Some(at), &mail).unwrap();
    let selected = session.select("INBOX").unwrap();
    assert_eq!(selected.state.validity, appended.validity);
    assert_eq!(selected.state.messages, Some(1));
    assert!(selected.takes_keywords && selected.state.modseq.is_some());
    let fetched = session.uid_fetch_full("1:*").unwrap();
    assert_eq!(fetched.len(), 1);
    assert_eq!(Some(fetched[0].uid), appended.uid);
    assert_eq!(fetched[0].body.as_deref(), Some(&mail[..]));
    assert_eq!(fetched[0].date, Some(at));
    assert_eq!(fetched[0].size, Some(mail.len() as u64));
    let flags = fetched[0].flags.clone().unwrap();
    assert!(flags.iter().any(|f| f == "\\Seen") && flags.iter().any(|f| f == "kw"), "{flags:?}");
    assert_eq!(session.search_message_id("one@example.org").unwrap(), [fetched[0].uid]);
    assert_eq!(session.search_message_id("two@example.org").unwrap(), [0_u32; 0]);
}

#[test]
fn a_server_without_literal_plus_is_waited_for() {
    let Some(server) = Dovecot::without(&["LITERAL+"]) else { return };
    let mut session = server.session("alice");
    assert!(!session.capabilities().has("LITERAL+"));
    assert!(session.append("INBOX", &[], None, MAIL.as_bytes()).unwrap().uid.is_some());
    let error = session.append("Nowhere", &[], None, MAIL.as_bytes()).unwrap_err();
    assert!(matches!(error, ImapError::NoFolder(_)), "{error}");
    session.noop().unwrap();
}

#[test]
fn folders_have_names_in_every_script_and_tell_how_they_stand() {
    let Some(server) = Dovecot::start() else { return };
    let mut session = server.session("alice");
    for name in ["Entwürfe & Co", "受信箱", "a\"b\\c"] {
        session.create(name).unwrap();
        session.subscribe(name).unwrap();
        session.append(name, &[], None, MAIL.as_bytes()).unwrap();
        assert_eq!(session.select(name).unwrap().state.messages, Some(1));
    }
    let named = session.list().unwrap();
    assert!(named.iter().all(|l| l.state.is_none()), "names alone were asked for: {named:?}");
    let listed = session.list_with_states().unwrap();
    assert_eq!(named.len(), listed.len());
    let found = listed.iter().find(|l| l.name == "受信箱").unwrap();
    assert!(found.is_selectable());
    assert_eq!(found.state.as_ref().unwrap().messages, Some(1));
    let sent = listed.iter().find(|l| l.attributes.iter().any(|a| a == "\\sent")).unwrap();
    assert_eq!(sent.name, "Sent");
    assert_eq!(session.status("受信箱").unwrap(), found.state.clone().unwrap());
    let error = session.select("Nowhere").unwrap_err();
    assert!(matches!(error, ImapError::NoFolder(_)), "{error}");
    session.noop().unwrap();
}

#[test]
fn messages_move_and_take_flags() {
    for capabilities in [&[][..], &["MOVE"][..]] {
        let Some(server) = Dovecot::without(capabilities) else { return };
        let mut session = server.session("alice");
        session.append("INBOX", &[], None, MAIL.as_bytes()).unwrap();
        session.select("INBOX").unwrap();
        session.store_flags("1", "+FLAGS", &["done"]).unwrap();
        assert!(session.uid_fetch("1", "(FLAGS)").unwrap()[0].flags.clone().unwrap().contains(&"done".to_owned()));
        session.uid_move("1", "Sent").unwrap();
        assert_eq!(session.status("Sent").unwrap().messages, Some(1));
        assert_eq!(session.uid_fetch("1:*", "(FLAGS)").unwrap().len(), 0);
    }
}

#[test]
fn qresync_tells_what_changed_and_what_went() {
    let Some(server) = Dovecot::start() else { return };
    for n in 0..5 {
        server.deliver("alice", "INBOX", &MAIL.replace("one@", &format!("{n}@")));
    }
    let mut session = server.session("alice");
    let before = session.examine("INBOX").unwrap().state;
    let mut other = server.session("alice");
    other.select("INBOX").unwrap();
    other.store_flags("2", "+FLAGS", &["\\Flagged"]).unwrap();
    other.store_flags("3:4", "+FLAGS", &["\\Deleted"]).unwrap();
    other.expunge("3:4").unwrap();
    let mut session = server.session("alice");
    let after =
        session.examine_since("INBOX", before.validity.unwrap(), before.modseq.unwrap(), before.uid_next.unwrap() - 1);
    let after = after.unwrap();
    let gone: Vec<u32> = after.vanished.iter().cloned().flatten().collect();
    assert_eq!(gone, [3, 4]);
    assert_eq!(after.changed.iter().map(|f| f.uid).collect::<Vec<_>>(), [2]);
}

#[test]
fn idle_ends_with_new_mail_with_a_wake_up_and_with_time() {
    let Some(server) = Dovecot::start() else { return };
    let waker = waker();
    let mut session = Session::open(&server.endpoint("alice", Security::Tls), PASSWORD, &waker).unwrap();
    session.select("INBOX").unwrap();
    waker.wake();
    assert_eq!(session.idle(Duration::from_secs(600)).unwrap(), IdleEnd::Woken);
    assert_eq!(session.idle(Duration::ZERO).unwrap(), IdleEnd::Timeout);
    std::thread::scope(|scope| {
        scope.spawn(|| server.deliver("alice", "INBOX", MAIL));
        assert_eq!(session.idle(Duration::from_secs(600)).unwrap(), IdleEnd::Changed);
    });
    assert!(session.take_events().contains(&Event::Exists(1)));
    assert_eq!(session.uid_fetch_full("1:*").unwrap().len(), 1);
    waker.stop();
    assert!(matches!(session.idle(Duration::from_secs(600)), Err(ImapError::Stopped)));
}

#[test]
fn lines_that_are_no_imap_do_not_end_a_session() {
    let server = Scripted::once(|peer| {
        peer.log_in("");
        peer.answer(
            "NOOP",
            "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\nrubbish\r\n* \u{e9}\r\n* 3 EXISTS\r\n* OK [WEIRD {] x\r\n",
        );
        let (tag, _) = peer.command();
        peer.send(format!("{tag} NO [CANNOT {{] \u{fc}ber alles\r\n"));
        peer.answer("NOOP", "");
    });
    let mut session = Session::open(&server.endpoint(), PASSWORD, &waker()).unwrap();
    session.noop().unwrap();
    assert_eq!(session.take_events(), [Event::Exists(3)]);
    let error = session.noop().unwrap_err();
    assert!(error.leaves_session_usable(), "{error:?}");
    session.noop().unwrap();
    server.finish();
}

#[test]
fn literals_are_bounded_and_a_cut_off_one_is_an_error() {
    for (answer, words) in [
        ("* 1 FETCH (UID 1 BODY[] {99999999999999999999999}\r\n", "announced"),
        ("* 1 FETCH (UID 1 BODY[] {4000000000}\r\nabc", "announced"),
        ("* 1 FETCH (UID 1 BODY[] {400}\r\nabc", "broke off"),
    ] {
        let server = Scripted::once(move |peer| {
            peer.log_in("");
            peer.command();
            peer.send(answer);
        });
        let mut session = Session::open(&server.endpoint(), PASSWORD, &waker()).unwrap();
        let error = session.uid_fetch_full("1").unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(!session.is_usable());
        server.finish();
    }
}

#[test]
fn a_line_without_end_is_an_error() {
    let server = Scripted::once(|peer| {
        peer.log_in("");
        peer.command();
        let chunk = vec![b'x'; 1 << 20];
        for _ in 0..20 {
            peer.send(&chunk);
        }
    });
    let mut session = Session::open(&server.endpoint(), PASSWORD, &waker()).unwrap();
    assert!(matches!(session.noop(), Err(ImapError::Protocol(_))));
    drop(session);
    server.finish();
}

#[test]
fn a_bye_in_the_middle_is_told_with_the_servers_words() {
    let server = Scripted::once(|peer| {
        peer.log_in("");
        peer.command();
        peer.send("* 1 EXISTS\r\n* BYE [UNAVAILABLE] Shutting down for the night\r\n");
    });
    let mut session = Session::open(&server.endpoint(), PASSWORD, &waker()).unwrap();
    let error = session.noop().unwrap_err();
    assert!(matches!(&error, ImapError::Lost(words) if words == "Shutting down for the night"), "{error:?}");
    server.finish();
}

#[test]
fn another_tag_than_ours_ends_the_session() {
    let server = Scripted::once(|peer| {
        peer.log_in("");
        peer.command();
        peer.send("a77 OK done\r\n");
    });
    let mut session = Session::open(&server.endpoint(), PASSWORD, &waker()).unwrap();
    assert!(matches!(session.noop(), Err(ImapError::Protocol(_))));
    assert!(!session.is_usable());
    server.finish();
}

#[test]
fn a_server_that_asks_for_patience_is_given_it() {
    let server = Scripted::once(|peer| {
        peer.log_in("");
        let (tag, _) = peer.command();
        peer.send(format!("{tag} NO Request is throttled. Suggested Backoff Time: 299609 milliseconds\r\n"));
    });
    let mut session = Session::open(&server.endpoint(), PASSWORD, &waker()).unwrap();
    let Err(ImapError::Throttled { wait, .. }) = session.noop() else { panic!("not throttled") };
    assert_eq!(wait, Some(Duration::from_millis(299_609)));
    server.finish();
}

#[test]
fn data_before_the_go_ahead_is_kept_and_the_refusal_of_an_append_is_told() {
    let server = Scripted::once(|peer| {
        peer.log_in("IDLE");
        let (tag, command) = peer.command();
        assert_eq!(command, "APPEND \"INBOX\" () {5}");
        peer.send("* 9 EXISTS\r\n+ go\r\n");
        assert_eq!(peer.bytes(7), b"hello\r\n");
        peer.send(format!("{tag} OK [APPENDUID 7 42] done\r\n"));
        let (tag, _) = peer.command();
        peer.send(format!("{tag} NO [OVERQUOTA] Quota exceeded\r\n"));
        let (tag, _) = peer.command();
        peer.send("* 10 EXISTS\r\n+ idling\r\n* OK Still here\r\n* 11 EXI");
        peer.send("STS\r\n");
        assert_eq!(peer.command().0, "DONE");
        peer.send(format!("{tag} OK done\r\n"));
        let (tag, _) = peer.command();
        peer.send(format!("{tag} BAD no idling today\r\n"));
        peer.answer("NOOP", "");
    });
    let mut session = Session::open(&server.endpoint(), PASSWORD, &waker()).unwrap();
    let appended = session.append("INBOX", &[], None, b"hello").unwrap();
    assert_eq!((appended.validity, appended.uid), (Some(7), Some(42)));
    assert_eq!(session.take_events(), [Event::Exists(9)]);
    let error = session.append("INBOX", &[], None, b"hello").unwrap_err();
    assert!(
        matches!(&error, ImapError::No { code, text } if code == "OVERQUOTA" && text == "Quota exceeded"),
        "{error:?}"
    );
    assert_eq!(session.idle(Duration::from_secs(600)).unwrap(), IdleEnd::Changed);
    assert_eq!(session.take_events(), [Event::Exists(10), Event::Exists(11)]);
    assert!(session.idle(Duration::from_secs(600)).is_err());
    session.noop().unwrap();
    server.finish();
}

#[test]
fn a_greeting_of_another_protocol_is_told() {
    for greeting in ["220 smtp.example.org ESMTP\r\n", "* PREAUTH hi\r\n", "\u{0}\u{0}\u{0}\r\n"] {
        let server = Scripted::once(move |peer| peer.send(greeting));
        let Err(error) = Session::open(&server.endpoint(), PASSWORD, &waker()) else { panic!("let in") };
        assert!(matches!(error, ImapError::Protocol(_)), "{error}");
        server.finish();
    }
}

#[test]
fn a_server_that_sends_more_than_it_told_is_cut_off() {
    let server = Scripted::once(|peer| {
        peer.log_in("");
        peer.command();
        for n in 1..=3 {
            peer.send(format!("* {n} FETCH (UID {n} BODY[] {{600}}\r\n{})\r\n", "x".repeat(600)));
        }
        peer.send("a2 OK done\r\n");
    });
    let mut session = Session::open(&server.endpoint(), PASSWORD, &waker()).unwrap();
    session.set_literal_max(1500);
    let error = session.uid_fetch_full("1:3").unwrap_err();
    assert!(matches!(error, ImapError::TooMuch(_)), "{error}");
    server.finish();
}

#[test]
fn a_server_that_never_ends_its_answer_is_cut_off_long_before_a_gigabyte() {
    let literal = format!("* LIST () \"/\" {{60000}}\r\n{}\r\n", "x".repeat(60_000));
    let (told, sent) = std::sync::mpsc::channel();
    let server = Scripted::once(move |peer| {
        peer.log_in("");
        peer.command();
        let many = literal.repeat(17);
        // Whoever is tired of it hangs up.
        told.send((0..1024).take_while(|_| peer.try_send(&many)).count()).unwrap();
    });
    let mut session = Session::open(&server.endpoint(), PASSWORD, &waker()).unwrap();
    let error = session.noop().unwrap_err();
    assert!(matches!(error, ImapError::TooMuch(_)), "{error}");
    drop(session);
    server.finish();
    // 64 MiB of literals, 16 MiB beside, and what lies in the pipes.
    assert!(sent.recv().unwrap() < 100);
}

#[test]
fn no_noise_makes_a_session_panic_or_hang() {
    const PIECES: [&[u8]; 16] = [
        b"* ",
        b"a2 OK ",
        b"a2 NO [",
        b"\r\n",
        b"{3}\r\n",
        b"{",
        b"FETCH (",
        b"UID 1 ",
        b"BODY[] ",
        b"\0",
        b"\"",
        b")",
        b"+ \r\n",
        b"LIST () \"/\" ",
        b"\xff\xfe",
        b"1 ",
    ];
    for seed in 0..150 {
        let server = Scripted::once(move |peer| {
            peer.log_in("LITERAL+ IDLE");
            let mut dice = fastrand::Rng::with_seed(seed);
            peer.command();
            for _ in 0..dice.usize(1..40) {
                peer.send(PIECES[dice.usize(..PIECES.len())]);
            }
        });
        let mut session = Session::open(&server.endpoint(), PASSWORD, &waker()).unwrap();
        let _ = session.list();
        let _ = session.uid_fetch_full("1");
        drop(session);
        server.finish();
    }
}

#[test]
fn a_server_that_hangs_in_an_idle_is_noticed_with_the_next_question_whether_it_is_there() {
    let (heard, hears) = std::sync::mpsc::channel();
    let server = Scripted::once(move |peer| {
        peer.log_in("IDLE");
        peer.answer("EXAMINE", "* 0 EXISTS\r\n* OK [UIDVALIDITY 1] v\r\n");
        // It answers once, so that not every turn ends the connection, and then never again.
        for answers in [true, false] {
            let (tag, command) = peer.command();
            assert_eq!(command, "IDLE");
            peer.send("+ idling\r\n");
            assert_eq!(peer.command().0, "DONE");
            if answers {
                peer.send(format!("{tag} OK done\r\n"));
            }
        }
        // The client hangs up.
        assert_eq!(peer.command().0, "");
        heard.send(()).unwrap();
    });
    let endpoint = postroom::config::Endpoint { timeout: 1, ..server.endpoint() };
    let mut session = Session::open(&endpoint, "pass", &Waker::new().unwrap()).unwrap();
    session.examine("INBOX").unwrap();
    let ended = session.idle(Duration::from_secs(3600));
    assert!(matches!(ended, Err(ImapError::Timeout)), "{ended:?}");
    drop(session);
    hears.recv().unwrap();
    server.finish();
}
