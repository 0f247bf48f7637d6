//! What others make of a mail that we build: Python's email package, and the machines on its way.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::tests::{address, any_text, expected, simple, spaced};
use super::*;

const PYTHON: &str = r#"
import sys, base64, email, email.policy, json
for line in sys.stdin:
    m = email.message_from_bytes(base64.b64decode(line), policy=email.policy.default)
    html = m.get_body(preferencelist=("html",))
    print(json.dumps({
        "subject": m["Subject"], "to": [[a.display_name, a.addr_spec] for a in m["To"].addresses],
        "from": m["From"].addresses[0].addr_spec, "date": m["Date"].datetime.isoformat(), "refs": m["References"],
        "text": m.get_body(preferencelist=("plain",)).get_content(), "html": html and html.get_content(),
        "files": [[p.get_filename(), base64.b64encode(p.get_payload(decode=True)).decode()] for p in m.iter_attachments()],
        "defects": [str(d) for p in m.walk() for d in p.defects] + [str(d) for h in m.values() for d in getattr(h, "defects", [])],
    }), flush=True)
"#;

/// Python, waiting for mails.
struct Python {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Python {
    /// Starts it; `None`, with a line, where there is none.
    fn start() -> Option<Self> {
        let started = Command::new("python3")
            .args(["-c", PYTHON])
            .env("PYTHONIOENCODING", "utf-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut child) = started else {
            println!("skipped: there is no python3 here");
            return None;
        };
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Some(Self { child, input, output })
    }

    fn read(&mut self, mail: &[u8]) -> serde_json::Value {
        writeln!(self.input, "{}", data_encoding::BASE64.encode(mail)).unwrap();
        let mut line = String::new();
        assert!(self.output.read_line(&mut line).unwrap() > 0, "Python can't read {}", String::from_utf8_lossy(mail));
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Joins flowed text as Python hands it out.
fn joined(read: &serde_json::Value) -> String {
    let unix = read["text"].as_str().unwrap().replace("\r\n", "\n");
    unflow(&unix.trim_end_matches('\n').split('\n').collect::<Vec<_>>())
}

#[test]
fn python_reads_the_same_mail_in_every_script() {
    let Some(mut python) = Python::start() else { return };
    for (subject, body, file) in [
        ("Refund for order 4412", "Hello,\nplain.", "plain.txt"),
        (
            "Größenänderung für Straße — sehr lange Betreffzeile mit vielen Wörtern, die gefaltet werden muss",
            "Grüße\naus Köln",
            "Größe.pdf",
        ),
        ("رد: طلب استرداد رقم ٤٤١٢", "مرحبا\nشكرا لك", "فاتورة.pdf"),
        (
            "注文の返金について、とても長い件名がここに入りますので折り返しが必要です",
            "こんにちは。\nありがとうございます。",
            "請求書.pdf",
        ),
        ("ขอเงินคืนสำหรับคำสั่งซื้อ", "สวัสดีครับ", "ใบเสร็จ.pdf"),
        ("İade ısrarı", "Değişiklik", "fatura.pdf"),
        ("=?utf-8?Q?not_encoded?=", "> quote\nFrom me", "a'b*c.txt"),
        ("👩‍👩‍👧 family", "e\u{301}", "👩‍👩‍👧.png"),
    ] {
        let name: String = subject.chars().take(12).collect();
        let mail = Mail {
            subject: subject.into(),
            body: body.into(),
            to: vec![Address::new(name.clone(), "to@x.example"), address("b@x.example")],
            files: vec![File {
                name: file.into(),
                media: "application/pdf".into(),
                bytes: vec![0, 255, 13, 10],
                ..File::default()
            }],
            parent: Some(Parent { message_id: MessageId::new("p@x").unwrap(), references: vec![] }),
            ..simple()
        };
        let read = python.read(&build(&mail).unwrap().copy);
        assert_eq!(read["subject"], subject);
        assert_eq!(read["to"][0][0].as_str().unwrap().trim(), spaced(&name));
        assert_eq!((&read["to"][1][1], &read["refs"]), (&"b@x.example".into(), &"<p@x>".into()));
        assert_eq!(read["date"], "2026-11-18T11:06:40+00:00");
        assert_eq!(joined(&read), body);
        assert_eq!(read["files"][0], serde_json::json!([file, "AP8NCg=="]));
        assert_eq!(read["defects"], serde_json::json!([]), "{subject}");
    }
}

/// Any mail, with the text of its parts.
fn any_mail() -> impl Strategy<Value = Mail> {
    let files = prop::collection::vec((any_text(6), prop::collection::vec(any::<u8>(), 0..200)), 0..3);
    (any_text(20), any_text(8), any_text(120), files, any::<bool>()).prop_map(
        |(subject, name, body, files, markdown)| {
            let file =
                |(name, bytes)| File { name, media: "application/octet-stream".into(), bytes, ..File::default() };
            Mail {
                subject,
                to: vec![Address::new(name, "to@x.example"), address("other@x.example")],
                body,
                files: files.into_iter().map(file).collect(),
                markdown,
                ..simple()
            }
        },
    )
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() })
}

#[test]
fn python_reads_any_mail_as_it_was_written() {
    let Some(python) = Python::start() else { return };
    let python = std::cell::RefCell::new(python);
    let ran = runner(256).run(&any_mail(), |mail| {
        let built = build(&mail).unwrap();
        let read = python.borrow_mut().read(&built.copy);
        prop_assert_eq!(read["subject"].as_str().unwrap(), spaced(&mail.subject));
        // In names Python makes one space of many, and keeps one between encoded words that belong together (RFC 2047 section 6.2
        // takes it out; mailparse does).
        // What is white space to Unicode is no letter of a name at its ends, and one space to Python between its words.
        let letters = |text: &str| text.replace(char::is_whitespace, "");
        prop_assert_eq!(
            letters(read["to"][0][0].as_str().unwrap()),
            letters(&mail.to[0].name.replace(char::is_control, ""))
        );
        prop_assert_eq!(&read["to"][0][1], "to@x.example");
        prop_assert_eq!(&read["to"][1][1], "other@x.example");
        prop_assert_eq!(&read["from"], "support@shop.example");
        prop_assert_eq!(joined(&read), expected(&mail.body));
        prop_assert_eq!(read["html"].is_string(), mail.markdown);
        let files = read["files"].as_array().unwrap();
        prop_assert_eq!(files.len(), mail.files.len());
        for (file, read) in mail.files.iter().zip(files) {
            prop_assert_eq!(read[1].as_str().unwrap(), data_encoding::BASE64.encode(&file.bytes));
            // Other names are cleaned, or quoted in ways that Python takes apart otherwise.
            if !file.name.is_empty() && file.name.chars().all(|c| c.is_alphanumeric() || c == '-') {
                prop_assert_eq!(read[0].as_str().unwrap_or_default(), &file.name);
            }
        }
        prop_assert_eq!(&read["defects"], &serde_json::json!([]));
        Ok(())
    });
    ran.unwrap();
}

/// A mail as it arrives: through servers and gateways that mend what is not as it should be. Each of these is done by some.
fn transit(wire: &[u8]) -> Vec<u8> {
    // Line ends are made CRLF, and NULs are dropped.
    let text: Vec<u8> = wire.iter().copied().filter(|b| !matches!(b, b'\r' | 0)).collect();
    let mut out: Vec<u8> = Vec::new();
    let mut head = true;
    for line in text.strip_suffix(b"\n").unwrap_or(&text).split(|b| *b == b'\n') {
        let mut line = line.to_vec();
        head &= !line.is_empty();
        if head {
            // White space at the end of a header line goes, and with it lines that hold nothing else.
            line.truncate(line.trim_ascii_end().len());
        } else if line.starts_with(b"From ") {
            // A mailbox in one file takes this for the beginning of the next mail.
            line.insert(0, b'>');
        }
        if !head {
            // Where 8BITMIME is missing the text is encoded anew.
            line.iter_mut().filter(|b| !b.is_ascii()).for_each(|b| *b = b'=');
        }
        for piece in line.chunks(998) {
            out.extend_from_slice(piece);
            out.extend_from_slice(b"\r\n");
        }
        if line.is_empty() {
            out.extend_from_slice(b"\r\n");
        }
    }
    out
}

/// The body as a signature sees it (RFC 6376 section 3.4.3, the strict one): whole, without empty lines at the end.
fn signed(mail: &[u8]) -> (&[u8], &[u8]) {
    let end = mail.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let (head, mut body) = mail.split_at(end + 2);
    body = &body[2..];
    while body.ends_with(b"\r\n\r\n") {
        body = &body[..body.len() - 2];
    }
    (head, body)
}

#[test]
fn nothing_on_the_way_rewrites_a_mail_so_that_a_signature_breaks() {
    let ran = runner(256).run(&any_mail(), |mail| {
        let built = build(&mail).unwrap();
        let wire = without_bcc(&built.copy);
        let arrived = transit(&wire);
        let (sent, got) = (signed(&wire), signed(&arrived));
        prop_assert_eq!(String::from_utf8_lossy(sent.0), String::from_utf8_lossy(got.0));
        prop_assert_eq!(String::from_utf8_lossy(sent.1), String::from_utf8_lossy(got.1));
        Ok(())
    });
    ran.unwrap();
}

#[test]
fn a_line_that_is_broken_before_from_is_encoded_otherwise() {
    let copy = |body: &str| build(&Mail { body: body.into(), markdown: true, ..simple() }).unwrap().copy;
    let quoted = |copy: &[u8]| String::from_utf8_lossy(copy).contains("quoted-printable");
    let (broken, other) = (copy("a𐕯A𞺫𑄶\"\"ı字wordFrom ="), copy("a𐕯A𞺫𑄶\"\"ı字wordfrom ="));
    assert_eq!(transit(&broken), broken);
    assert!(!quoted(&broken) && quoted(&other), "as a rule it can be read as it stands");
}

#[test]
fn a_line_that_begins_with_from_is_hidden_in_text_and_in_html() {
    let mail = Mail {
        body: "From the top\nHello\nFrom me\n\n    From code\n\n```\nFrom a block\n```\n".into(),
        markdown: true,
        ..simple()
    };
    let built = build(&mail).unwrap();
    let text = String::from_utf8(built.copy.clone()).unwrap();
    assert!(!text.lines().any(|line| line.starts_with("From ")), "{text}");
    assert_eq!(transit(&built.copy), built.copy);
}
