use std::process::{Command, Stdio};

use super::tnef::tests as samples;
use crate::mime::{attachment, parse, readable};
use crate::model::message::{Block, Readable};

fn lines(readable: &Readable) -> String {
    readable.blocks.iter().flat_map(Block::lines).map(|line| line.to_string()).collect::<Vec<_>>().join("|")
}

fn warned(readable: &Readable, word: &str) -> bool {
    readable.warnings.iter().any(|warning| warning.as_str().contains(word))
}

fn names(readable: &Readable) -> Vec<(String, bool)> {
    readable.attachments.iter().map(|file| (file.name.to_string(), file.inline)).collect()
}

fn packed(kind: &str, bytes: &[u8]) -> Vec<u8> {
    let text = data_encoding::BASE64.encode(bytes);
    let text: Vec<&str> = text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!(
        "From: ann@a.example\nSubject: packed\n{kind}\nContent-Transfer-Encoding: base64\nMIME-Version: 1.0\n\n{}\n",
        text.join("\n")
    )
    .into_bytes()
}

const TNEF: &str = "Content-Type: application/ms-tnef;\n name=\"winmail.dat\"";

#[test]
fn text_and_files_of_a_winmail_dat_are_shown_and_saved_as_any_others() {
    let raw = packed(TNEF, &samples::sample());
    let parsed = parse(&raw);
    assert_eq!(parsed.envelope.subject, "packed");
    assert_eq!(lines(&parsed.readable), "Привет|Subject: Inner|inner text");
    assert_eq!(
        names(&parsed.readable),
        [
            ("Rechnung Größe.pdf", false),
            ("a.txt", false),
            ("Inner.eml", false),
            ("winmail.dat", true),
            ("winmail.dat", true)
        ]
        .map(|(name, inline)| (name.to_owned(), inline))
    );
    assert_eq!(parsed.readable.warnings, []);
    let file = attachment(&raw, 0).unwrap();
    assert_eq!(
        (file.name.as_str(), file.media.as_str(), file.bytes.as_slice()),
        ("Rechnung Größe.pdf", "application/pdf", &b"%PDF\r\n\r"[..])
    );
    assert_eq!(attachment(&raw, 4).unwrap().bytes, samples::sample());
    assert!(parsed.search_text.contains("Привет") && parsed.search_text.contains("Rechnung"));
}

#[test]
fn a_text_beside_a_winmail_dat_is_not_shown_twice() {
    let inner = packed(TNEF, &samples::sample());
    let inner = String::from_utf8(inner).unwrap().replace("From: ann@a.example\nSubject: packed\n", "");
    let raw = format!("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nPrivet\n--b\n{inner}\n--b--\n");
    let shown = readable(raw.as_bytes());
    assert_eq!(lines(&shown), "Privet|Subject: Inner|inner text");
    assert_eq!(shown.attachments.len(), 5);
}

#[test]
fn a_winmail_dat_that_holds_nothing_or_is_cut_off_says_so() {
    let shown = readable(&packed(TNEF, b"x\x9f>\x22\0\0"));
    assert!(warned(&shown, "winmail.dat (TNEF)"), "{:?}", shown.warnings);
    assert_eq!(names(&shown), [("winmail.dat".to_owned(), false)]);
    let whole = samples::sample();
    let shown = readable(&packed(TNEF, &whole[..whole.len() - 3]));
    assert_eq!(lines(&shown), "Привет|Subject: Inner|inner text");
    assert!(warned(&shown, "damaged"));
    for length in 0..whole.len() {
        let raw = packed(TNEF, &whole[..length]);
        let shown = readable(&raw);
        for (at, file) in shown.attachments.iter().enumerate() {
            assert_eq!(attachment(&raw, at).unwrap().bytes.len() as u64, file.size, "{length}");
        }
    }
}

/// Signs with a key made for the test; `None`, and a line that says so, where there is no openssl.
fn signed(args: &[&str], content: &[u8]) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (key, certificate, input, output) = (path("key.pem"), path("cert.pem"), path("in.txt"), path("out.eml"));
    std::fs::write(&input, content).unwrap();
    let run = |args: &[&str]| {
        Command::new("openssl")
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    let made = run(&[
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=ann",
        "-days",
        "2",
        "-keyout",
        &key,
        "-out",
        &certificate,
    ]);
    if !made {
        println!("skipped: no openssl");
        return None;
    }
    let files = ["-in", &input, "-out", &output, "-signer", &certificate, "-inkey", &key];
    let encrypts = args.contains(&"-encrypt");
    let all: Vec<&str> = if encrypts {
        [args, &["-in", &input, "-out", &output, &certificate]].concat()
    } else {
        [args, &files].concat()
    };
    assert!(run(&all), "{all:?}");
    Some([b"From: ann@a.example\nSubject: signed\n", std::fs::read(&output).unwrap().as_slice()].concat())
}

const ENTITY: &[u8] = b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n--q\r\n\
    Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--q--\r\n";

#[test]
fn what_openssl_signs_opaquely_is_read_with_its_files() {
    for args in [
        &["smime", "-sign", "-nodetach", "-binary"][..],
        &["cms", "-sign", "-nodetach", "-stream", "-indef", "-binary"],
        &["cms", "-sign", "-nodetach", "-binary", "-nosmimecap", "-nocerts"],
    ] {
        let Some(raw) = signed(args, ENTITY) else { return };
        let parsed = parse(&raw);
        assert_eq!(parsed.envelope.subject, "signed");
        assert_eq!(lines(&parsed.readable), "Grüße", "{args:?}");
        assert_eq!(parsed.readable.attachments[0].name.as_str(), "a.pdf");
        assert_eq!(attachment(&raw, 0).unwrap().bytes, b"%PDF");
        assert_eq!(names(&parsed.readable)[1], ("smime.p7m".to_owned(), true));
        assert!(warned(&parsed.readable, "does not check the signature"));
    }
}

#[test]
fn what_is_encrypted_says_what_it_is_and_what_to_do() {
    for args in [&["smime", "-encrypt", "-aes128"][..], &["cms", "-encrypt", "-aes128", "-stream"]] {
        let Some(raw) = signed(args, ENTITY) else { return };
        let shown = readable(&raw);
        assert!(shown.blocks.is_empty());
        assert!(warned(&shown, "encrypted (S/MIME)") && warned(&shown, "decrypt"), "{:?}", shown.warnings);
    }
    let pgp = "Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n";
    assert!(warned(&readable(pgp.as_bytes()), "encrypted (OpenPGP)"));
}

#[test]
fn what_is_packed_in_one_another_stops_at_a_depth() {
    // Signed TNEF in TNEF, of which each holds the next as a mail.
    let mut inner =
        samples::tnef(&[samples::attribute(1, 0x8004, b"Bottom\0"), samples::attribute(1, 0x800c, b"bottom\0")]);
    for _ in 0..30 {
        let list = samples::properties_of(&[(0x000d, 0x3701, &[&[0; 16][..], &inner].concat())]);
        inner = samples::tnef(&[samples::attribute(2, 0x9002, &[0; 14]), samples::attribute(2, 0x9005, &list)]);
    }
    let raw = packed(TNEF, &inner);
    let shown = readable(&raw);
    assert!(warned(&shown, "winmail.dat (TNEF)"));
    assert!(shown.attachments.len() < 12, "{}", shown.attachments.len());
}

#[test]
fn what_is_written_out_of_a_winmail_dat_is_bounded_by_its_bytes() {
    let file = |bytes: &[u8]| [samples::attribute(2, 0x9002, &[0; 14]), samples::attribute(2, 0x800f, bytes)].concat();
    let inside = |inner: &[u8]| {
        let mail = samples::properties_of(&[(0x000d, 0x3701, &[&[0; 16][..], inner].concat())]);
        samples::tnef(&[samples::attribute(2, 0x9002, &[0; 14]), samples::attribute(2, 0x9005, &mail)])
    };
    let many = samples::tnef(&vec![file(b""); 1_000]);
    let large = samples::tnef(&[file(&[b'x'; 300_000])]);
    let deep = (0..6).fold(large.clone(), |inner, _| inside(&inner));
    for hostile in [many, large, deep] {
        let raw = packed(TNEF, &hostile);
        let (out, tree) = super::open(&raw, &super::tree_of(&raw)).unwrap();
        // Each round writes what it unpacks, a third longer in base64, and keeps the part that it was; a part has a head.
        let most = (1 + 2 * super::ROUNDS) * raw.len() + tree.parts.len() * 500;
        assert!(out.len() <= most, "{} bytes of {}", out.len(), raw.len());
    }
}

#[test]
fn compressed_texts_of_all_parts_together_are_cut() {
    // MS-OXRTFCP section 2.2: each two bytes stand for seventeen.
    let run = [0xff, 0, 0xf, 0, 0xf, 0, 0xf, 0, 0xf, 0, 0xf, 0, 0xf, 0, 0xf, 0, 0xf].repeat(20_000);
    let text = [&[0; 8][..], b"LZFu", &[0; 4], &run].concat();
    let tnef = samples::tnef(&[samples::attribute(1, 0x9003, &samples::properties_of(&[(0x0102, 0x1009, &text)]))]);
    let part = packed(TNEF, &tnef);
    let part = String::from_utf8(part).unwrap().replace("From: ann@a.example\nSubject: packed\n", "");
    let raw = format!("Content-Type: multipart/mixed; boundary=b\n\n{}--b--\n", format!("--b\n{part}\n").repeat(30));
    let made = match super::open(raw.as_bytes(), &super::tree_of(raw.as_bytes())) {
        Some((out, _)) => out.len().saturating_sub(raw.len()),
        None => 0,
    };
    assert!(made <= 4 * super::TEXT_MAX, "{made} bytes more than the mail");
}

#[test]
fn a_mail_that_claims_to_be_unpacked_is_one_more_attachment() {
    let raw = packed("Content-Type: application/ms-tnef; x-unpacked=whole; name=winmail.dat", &samples::sample());
    assert_eq!(names(&readable(&raw)), [("winmail.dat".to_owned(), true)]);
}
