use super::*;
use crate::model::message::Block;

fn shown(raw: &str) -> String {
    let readable = readable(raw.as_bytes());
    readable.blocks.iter().flat_map(Block::lines).map(|line| line.to_string()).collect::<Vec<_>>().join("|")
}

fn alternative(plain: &str, html: &str) -> String {
    format!(
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{plain}\n--b\n\
         Content-Type: text/html\n\n{html}\n--b--\n"
    )
}

#[test]
fn of_alternatives_the_plain_text_is_read_where_it_says_something() {
    assert_eq!(shown(&alternative("plain", "<p>html</p>")), "plain");
    assert_eq!(shown(&alternative(" \n", "<p>html</p>")), "html");
    assert_eq!(shown(&alternative("Your mail client does not support HTML.", "<p>html</p>")), "html");
}

#[test]
fn a_file_in_the_alternative_that_was_not_chosen_is_still_there() {
    let raw = "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\
        Content-Type: text/html\n\nhtml\n--c\nContent-Type: application/pdf; name=a.pdf\n\nx\n--c--\n--b--\n";
    let readable = readable(raw.as_bytes());
    assert_eq!(shown(raw), "plain");
    assert_eq!(readable.attachments.len(), 1);
    assert_eq!(readable.attachments[0].name.as_str(), "a.pdf");
}

#[test]
fn mixed_parts_keep_their_order_and_pictures_of_html_are_inline() {
    let raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: image/png\n\nx\n--b\n\ntwo\n--b\n\
        Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\nthree\n--r\nContent-Type: image/gif\n\
        Content-ID: <i>\n\ny\n--r--\n--b--\n";
    assert_eq!(shown(raw), "one|two|three");
    let inline: Vec<bool> = readable(raw.as_bytes()).attachments.iter().map(|attachment| attachment.inline).collect();
    assert_eq!(inline, [false, true]);
}

#[test]
fn a_missing_last_boundary_and_a_missing_boundary_parameter_lose_nothing() {
    assert_eq!(shown("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n"), "one|two");
    assert_eq!(shown("Content-Type: multipart/mixed\n\n--xyz\n\none\n--xyz\n\ntwo\n--xyz--\n"), "one|two");
    assert_eq!(shown("Content-Type: multipart/mixed; boundary=wrong\n\n--right\n\none\n--right--\n"), "one");
    assert_eq!(shown("Content-Type: multipart/mixed; boundary=b\n\nonly this\n"), "only this");
}

#[test]
fn an_outer_boundary_closes_what_the_inner_left_open() {
    let raw = "Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\none\n--out\n\n\
        two\n--out--\nepilogue\n";
    assert_eq!(shown(raw), "one|two");
}

#[test]
fn a_mail_inside_a_mail_is_shown_with_its_headers_and_listed() {
    let raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee\n--b\nContent-Type: message/rfc822\n\nFrom: j@x\nSubject: inner\n\n\
        hello\n--b--\n";
    assert_eq!(shown(raw), "see|From: j@x|Subject: inner|hello");
    let bytes = attachment(raw.as_bytes(), 0).expect("the mail inside");
    assert_eq!(bytes.name, "inner.eml");
    assert_eq!(bytes.bytes, b"From: j@x\nSubject: inner\n\nhello");
}

#[test]
fn a_delivery_report_says_which_mail_it_is_about() {
    let raw = "From: MAILER-DAEMON@x\nMessage-ID: <own@x>\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
        --b\n\nsorry\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b\nContent-Type: message/rfc822\n\n\
        Message-ID: <bounced@y>\nSubject: hi\n\nhello\n--b--\n";
    let parsed = parse(raw.as_bytes());
    assert_eq!(parsed.envelope.origin, Origin::Bounce);
    assert_eq!(parsed.envelope.about.as_ref().map(|id| id.as_str()), Some("bounced@y"));
    assert!(matches!(parsed.readable.blocks[0], Block::Text(_)));
    assert!(parsed.readable.blocks[1..].iter().all(|block| matches!(block, Block::Quote(_))));
}

#[test]
fn signed_encrypted_and_packed_mails_say_so() {
    let says = |raw: &str, word: &str| {
        let readable = readable(raw.as_bytes());
        assert!(
            readable.warnings.iter().any(|warning| warning.as_str().contains(word)),
            "{word}: {:?}",
            readable.warnings
        );
    };
    says(
        "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\n\n--b\n\nx\n--b--",
        "signed (OpenPGP)",
    );
    says("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx", "encrypted (S/MIME)");
    says("Content-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--", "encrypted (OpenPGP)");
    says("Content-Type: application/ms-tnef; name=winmail.dat\n\nx", "TNEF");
}

#[test]
fn an_id_is_derived_from_the_headers_alone() {
    let whole = envelope(b"From: a@x\r\nSubject: s\r\n\r\nbody");
    let unix = envelope(b"From: a@x\nSubject: s\n");
    assert_eq!(whole.message_id, unix.message_id);
    assert_ne!(whole.message_id, envelope(b"From: a@x\nSubject: t\n\n").message_id);
}

#[test]
fn a_uuencoded_file_in_the_text_is_an_attachment() {
    let raw = "Subject: x\n\nsee\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye\n";
    assert_eq!(shown(raw), "see|bye");
    assert_eq!(
        attachment(raw.as_bytes(), 0).map(|file| (file.name, file.bytes)),
        Some(("cat.txt".to_owned(), b"Cat".to_vec()))
    );
}

#[test]
fn mail_with_lone_carriage_returns_is_read() {
    assert_eq!(shown("Subject: x\rFrom: a@x\r\rone\rtwo\r"), "one|two");
}

#[test]
fn where_a_mail_came_in_is_known_by_its_delivery_headers() {
    let envelope =
        envelope(b"Delivered-To: a@x\nX-Original-To: b@y\nDelivered-To: A@x\nDelivered-To: mailing list\n\n");
    let addresses: Vec<&str> = envelope.delivered_to.iter().map(|address| address.email.as_str()).collect();
    assert_eq!(addresses, ["a@x", "b@y"]);
}

#[test]
fn a_mail_encoded_in_a_mail_is_read() {
    let raw = b"Subject: outer\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n<http://a.example>\n--b\n\
        Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n\
        U3ViamVjdDogaW5uZXIKCnRoZSBrZXJuZWwK\n--b--\n";
    let parsed = parse(raw);
    let lines: Vec<&str> = parsed.readable.blocks.iter().flat_map(|block| block.lines()).map(|l| l.as_str()).collect();
    assert!(lines.contains(&"Subject: inner") && lines.contains(&"the kernel"), "{lines:?}");
    assert!(parsed.search_text.contains("the kernel"));
    assert_eq!(parsed.readable.attachments.len(), 1);
    assert_eq!(attachment(raw, 0).map(|file| file.bytes), Some(b"Subject: inner\n\nthe kernel\n".to_vec()));
}

#[test]
fn fields_that_nobody_reads_are_passed_over_with_their_folds() {
    let read = envelope(b"Received: by x\n\tSubject: fold\n more\nDKIM-Signature: a\nSubject: true\n\nx");
    assert_eq!(read.subject, "true");
}

#[test]
fn the_fields_that_say_what_a_mail_is_are_read_behind_any_number_of_others() {
    let filler: String = (0..50_000).map(|n| format!("X-{n}: y\r\n")).collect();
    let mail =
        format!("{filler}Subject: Late\r\nFROM : Ana <ana@example.net>\r\nMessage-ID: <a@b>\r\n\r\nThe text\r\n");
    let envelope = parse(mail.as_bytes()).envelope;
    assert_eq!((envelope.subject.as_str(), envelope.from[0].email.as_str()), ("Late", "ana@example.net"));
    assert_eq!(envelope.message_id.map(|id| id.as_str().to_owned()).as_deref(), Some("a@b"));
    let many = format!("{}Subject: One\r\n\r\n", "To: a@b.c\r\n".repeat(50_000));
    assert_eq!(parse(many.as_bytes()).envelope.subject.as_str(), "", "even those have an end");
}

#[test]
fn the_hash_of_a_text_is_the_same_for_a_copy_that_was_encoded_and_wrapped_anew() {
    let sent = b"From: a@x\nSubject: One\n\nThe lamp is on its way, and it shines.\n> When?\n-- \nAnna\n";
    let copy = b"Received: by mx\nSubject: Other\nContent-Transfer-Encoding: quoted-printable\n\nThe lamp is on its way,=20\nand it sh=\nines.\n\n> When?\n-- \nAnna\n";
    let other = b"From: a@x\nSubject: One\n\nThe lamp is gone.\n> When?\n-- \nAnna\n";
    assert_eq!(text_hash(sent), text_hash(copy));
    assert_ne!(text_hash(sent), text_hash(other));
    assert_eq!(text_hash(sent).len(), 32);
}
