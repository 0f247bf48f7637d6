//! Mail made to hurt: deep, huge, cut, random. Nothing panics, nothing overflows the stack, work stays bounded.

use postroom::mime;
use postroom::model::message::{Block, Readable};
use proptest::prelude::*;

/// Runs on a small stack, so that recursion that grows with the mail shows.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 * 1024).spawn(work).expect("a thread");
    thread.join().expect("the mail is read without overflowing the stack");
}

fn text(readable: &Readable) -> String {
    readable.blocks.iter().flat_map(Block::lines).map(|line| format!("{line}\n")).collect()
}

#[test]
fn ten_thousand_recipients_are_cut_to_a_thousand_and_counted() {
    let to: Vec<String> = (0..10_000).map(|n| format!("\"Person, {n}\" <person{n}@example.com>")).collect();
    let raw = format!("From: a@example.com\nTo: {}\nSubject: all\n\nhello\n", to.join(",\n "));
    let envelope = mime::envelope(raw.as_bytes());
    assert_eq!(envelope.to.len(), 1_000);
    assert_eq!(envelope.recipients, 10_000);
    assert_eq!(envelope.to[1].name, "Person, 1");
}

#[test]
fn two_hundred_nested_multiparts_are_read_to_a_bound_and_the_rest_is_an_attachment() {
    on_a_small_stack(|| {
        let mut raw = String::from("From: a@example.com\n");
        for n in 0..200 {
            raw.push_str(&format!("Content-Type: multipart/mixed; boundary=\"b{n}\"\n\n--b{n}\n"));
        }
        raw.push_str("Content-Type: text/plain\n\nthe kernel\n");
        (0..200).rev().for_each(|n| raw.push_str(&format!("--b{n}--\n")));
        let parsed = mime::parse(raw.as_bytes());
        assert_eq!(parsed.readable.attachments.len(), 1);
        assert!(parsed.readable.warnings.iter().any(|warning| warning.as_str().contains("too deep")));
        let bytes = mime::attachment(raw.as_bytes(), 0).expect("the rest is there").bytes;
        assert!(String::from_utf8_lossy(&bytes).contains("the kernel"));
    });
}

#[test]
fn two_hundred_mails_in_one_another_are_read_to_a_bound() {
    on_a_small_stack(|| {
        let mut raw = String::new();
        for n in 0..200 {
            raw.push_str(&format!("Subject: level {n}\nContent-Type: message/rfc822\n\n"));
        }
        raw.push_str("Subject: innermost\n\nthe kernel\n");
        let parsed = mime::parse(raw.as_bytes());
        assert!(text(&parsed.readable).contains("Subject: level 50"));
        assert!(!parsed.readable.attachments.is_empty());
        assert!(parsed.readable.warnings.iter().any(|warning| warning.as_str().contains("too deep")));
    });
}

#[test]
fn a_body_of_fifty_megabytes_is_cut_where_it_says_so() {
    let mut raw = b"From: a@example.com\nSubject: big\n\n".to_vec();
    while raw.len() < 50_000_000 {
        raw.extend_from_slice(
            b"On Monday he wrote: this is a line of a very long mail, and > it goes on and on and on\n",
        );
    }
    let parsed = mime::parse(&raw);
    let shown = text(&parsed.readable);
    assert!(shown.len() < 1_100_000, "{}", shown.len());
    assert!(shown.contains("longer than postroom shows"));
    assert!(parsed.search_text.len() <= 256 * 1024);
}

#[test]
fn a_line_of_fifty_megabytes_is_read() {
    let mut raw = b"Subject: big\nContent-Type: text/html\n\n".to_vec();
    raw.extend(std::iter::repeat_n(b'<', 50_000_000));
    assert!(text(&mime::parse(&raw).readable).len() < 1_100_000);
}

#[test]
fn html_of_fifty_thousand_open_elements_is_read() {
    on_a_small_stack(|| {
        for tag in [
            "div",
            "table><tr><td",
            "blockquote",
            "ul><li",
            "a href='http://x.example/'",
            "span style='display:none'",
            "b",
        ] {
            let close = tag.split([' ', '>']).next().unwrap_or_default();
            let raw = format!(
                "Subject: deep\nContent-Type: text/html\n\n{}the kernel{}",
                format!("<{tag}>").repeat(50_000),
                format!("</{close}>").repeat(50_000)
            );
            let shown = text(&mime::parse(raw.as_bytes()).readable);
            assert!(tag.contains("none") || shown.contains("the kernel"), "{tag}: {shown:.200}");
        }
    });
}

#[test]
fn attributes_and_parameters_without_end_take_bounded_work() {
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=b/c")).collect();
    for markup in [format!("<p{attributes}>the kernel"), format!("<p{attributes}"), format!("<p title='{attributes}>x")]
    {
        mime::parse(format!("Content-Type: text/html\n\n{markup}").as_bytes());
    }
    let parameters: String = (0..50_000).map(|n| format!("; p{n}*0*=x; p{n}*1*=y")).collect();
    mime::parse(
        format!("Content-Type: text/plain{parameters}\nContent-Disposition: inline{parameters}\n\nx").as_bytes(),
    );
}

#[test]
fn mails_encoded_in_one_another_are_read_to_a_bound() {
    let mut raw = "Subject: innermost\n\nthe kernel\n".to_owned();
    for level in 0..50 {
        raw = format!(
            "Subject: level {level}\nContent-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n{}",
            raw.replace('=', "=3D")
        );
    }
    let parsed = mime::parse(raw.as_bytes());
    assert!(text(&parsed.readable).contains("Subject: level 48"));
    assert_eq!(parsed.readable.attachments.len(), 1);
}

#[test]
fn a_hundred_thousand_parts_are_bounded() {
    let raw = format!(
        "Content-Type: multipart/mixed; boundary=b\n\n{}--b--\n",
        "--b\nContent-Type: application/pdf\n\nx\n".repeat(100_000)
    );
    let readable = mime::parse(raw.as_bytes()).readable;
    assert!(readable.attachments.len() <= 5_000);
    assert!(readable.warnings.iter().any(|warning| warning.as_str().contains("too many")));
}

#[test]
fn nuls_controls_and_escapes_come_out_of_everything() {
    let raw = b"From: \x1b[31mred\x1b[0m <a@example.com>\nSubject: a\0b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n\
        one\0two \x1b]0;title\x07 \xe2\x80\xaeevil\n--b\nContent-Type: application/x\nContent-Disposition: attachment;\n \
        filename=\"..\\..\\\xe2\x80\xaefdp.exe\"\n\nx\n--b--\n";
    let parsed = mime::parse(raw);
    let shown = text(&parsed.readable);
    assert!(shown.contains("onetwo"), "{shown:?}");
    assert!(!shown.contains(['\0', '\u{1b}', '\u{202e}']));
    assert_eq!(parsed.readable.attachments[0].name.as_str(), "fdp.exe");
}

#[test]
fn nothing_at_all_is_an_empty_mail() {
    for raw in [&b""[..], b"\n", b"\r\n\r\n", b"\r", b"From ", b"Content-Type: multipart/mixed; boundary=x"] {
        let parsed = mime::parse(raw);
        assert!(parsed.envelope.message_id.is_some());
        assert!(parsed.readable.attachments.is_empty());
        assert!(mime::attachment(raw, 0).is_none());
    }
}

/// A mail with most of what mails have, to be broken.
const WHOLE: &str = "From: =?utf-8?B?SsO8cmdlbg==?= <j@example.com>\r\nTo: a, \"b, c\" <d@e>;\r\nSubject: =?iso-8859-1?Q?caf=E9?=\r\n\
    Date: Mon, 1 Jan 2024 10:00:00 +0200\r\nMessage-ID: <1@x>\r\nReferences: <a@b> <c@d>\r\n\
    Content-Type: multipart/mixed; boundary=\"=_out\"\r\n\r\n--=_out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n\
    Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    Hello=20=\r\n w=C3=B6rld\r\n> quoted\r\n-- \r\nme\r\n--in\r\nContent-Type: text/html\r\n\r\n<p>Hello <b>x</b><table><tr><td>1</td>\
    <td>2</td></tr></table><a href=http://x.y>http://z.w</a></p>\r\n--in--\r\n--=_out\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\
    \r\n\r\nbegin 644 f.txt\r\n#0V%T\r\n`\r\nend\r\n--=_out\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n\
    BEGIN:VEVENT\r\nSUMMARY:x\r\nDTSTART:20240101T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--=_out\r\nContent-Type: application/pdf;\r\n \
    name*0*=utf-8''a%C3; name*1*=%A4.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n--=_out--\r\n";

fn holds_together(raw: &[u8]) {
    let parsed = mime::parse(raw);
    assert_eq!(parsed.envelope.message_id, mime::envelope(raw).message_id);
    for attachment in &parsed.readable.attachments {
        let bytes = mime::attachment(raw, attachment.index).expect("what is listed is there");
        assert_eq!(bytes.bytes.len() as u64, attachment.size);
    }
    for line in parsed.readable.blocks.iter().flat_map(Block::lines) {
        assert!(!line.as_str().chars().any(char::is_control));
    }
}

#[test]
fn a_mail_cut_anywhere_is_read() {
    for end in 0..WHOLE.len() {
        holds_together(&WHOLE.as_bytes()[..end]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        holds_together(&raw);
    }

    #[test]
    fn a_mail_with_bytes_changed_is_read(changes in proptest::collection::vec((0..WHOLE.len(), any::<u8>()), 0..30)) {
        let mut raw = WHOLE.as_bytes().to_vec();
        for (at, byte) in changes {
            raw[at] = byte;
        }
        holds_together(&raw);
    }

    #[test]
    fn pieces_of_mail_in_any_order_are_read(pieces in proptest::collection::vec((0..WHOLE.len(), 1..200usize), 0..20)) {
        let raw: Vec<u8> = pieces.into_iter().flat_map(|(at, len)| WHOLE.as_bytes()[at..(at + len).min(WHOLE.len())].to_vec()).collect();
        holds_together(&raw);
    }

    #[test]
    fn headers_alone_and_the_whole_mail_give_one_id(
        subject in "[ -~]{0,40}", body in "(?s).{0,80}", crlf in any::<bool>()
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let head = format!("From: a@example.com{end}Subject: x{subject}{end}");
        let whole = format!("{head}{end}{body}");
        let alone = format!("{head}{end}");
        prop_assert_eq!(mime::envelope(whole.as_bytes()).message_id, mime::envelope(alone.as_bytes()).message_id);
    }
}
