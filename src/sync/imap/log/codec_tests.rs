use proptest::prelude::*;

use super::*;
use crate::model::clock::{Clock, Ids};
use crate::model::ids::{Handle, Tag};
use crate::model::status::Status;
use crate::op::operation::Target;
use crate::op::record::{Author, NewOperation};

fn author(seed: u64) -> Author {
    Author {
        actor: Handle::new("alice").unwrap(),
        host: "box".into(),
        clock: Clock::fixed(Timestamp::from_seconds(1_795_318_527)),
        ids: Ids::counted(seed),
    }
}

fn target(n: usize) -> Target {
    Target::on(MessageId::new(&format!("order-{n}@shop.example")).unwrap())
}

fn records(ops: Vec<(Known, usize)>) -> Vec<String> {
    let ops = ops.into_iter().map(|(op, n)| NewOperation::new(op, (0..n).map(target).collect())).collect();
    author(1).batch(0, None, ops).iter().map(Record::to_json).collect()
}

fn encoded(lines: &[String]) -> Vec<u8> {
    encoded_about("Refund for order 4412", lines)
}

fn encoded_about(subject: &str, lines: &[String]) -> Vec<u8> {
    let from = Address::new("Support", "support@shop.example");
    let setting = Setting {
        from: &from,
        subject_of: &|_| Some(subject.into()),
        names: describe::Names::NONE,
        time: &|at| format!("{} s", at.seconds()),
        key: None,
    };
    encode(&lines.iter().map(String::as_str).collect::<Vec<_>>(), &setting).unwrap()
}

fn header(raw: &[u8], name: &str) -> String {
    use mailparse::MailHeaderMap as _;
    mailparse::parse_mail(raw).unwrap().headers.get_first_value(name).unwrap_or_default()
}

fn read_back(raw: &[u8]) -> Vec<String> {
    match decode(raw) {
        Decoded::Records { values, damaged: false, .. } => values.into_iter().map(|value| value.json).collect(),
        other => panic!("{other:?}\n{}", String::from_utf8_lossy(raw)),
    }
}

fn body(raw: &[u8]) -> &[u8] {
    let at = raw.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    &raw[at + 4..]
}

/// The mail as a server gives it back that re-encodes what it stores.
fn rebuilt(raw: &[u8], content_type: &str, encoding: &str, body: &str) -> Vec<u8> {
    format!(
        "Received: from nowhere\r\nSubject: {}\r\nMIME-Version: 1.0\r\nContent-Type: {content_type}\r\n\
         Content-Transfer-Encoding: {encoding}\r\n\r\n{body}",
        header(raw, "Subject").replace('\n', " ")
    )
    .into_bytes()
}

fn quoted_printable(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut column = 0;
    for &b in bytes {
        let piece = match b {
            b'\r' => continue,
            b'\n' => {
                out.push_str("\r\n");
                column = 0;
                continue;
            }
            33..=60 | 62..=126 => (b as char).to_string(),
            _ => format!("={b:02X}"),
        };
        if column + piece.len() > 72 {
            out.push_str("=\r\n");
            column = 0;
        }
        column += piece.len();
        out.push_str(&piece);
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    let all = data_encoding::BASE64.encode(bytes);
    all.as_bytes().chunks(76).map(|c| format!("{}\r\n", std::str::from_utf8(c).unwrap())).collect()
}

fn op() -> impl Strategy<Value = (Known, usize)> {
    let text = prop_oneof![
        any::<String>(),
        Just("سؤال عن الطلب 4412".to_owned()),
        Just("-- postroom log, format 1 --".into())
    ];
    let what = prop_oneof![
        text.clone().prop_map(|text| Known::Note { text, mentions: Default::default() }),
        text.prop_map(|text| Known::Title { text }),
        Just(Known::Assign { to: Handle::new("bob").ok() }),
        Just(Known::SetStatus { to: Status::Closed }),
        Just(Known::Tag { add: Tag::new("billing").into_iter().collect(), remove: Default::default() }),
    ];
    (what, 0usize..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_survive_the_mail_and_what_servers_make_of_it(ops in prop::collection::vec(op(), 1..5)) {
        let lines = records(ops);
        let raw = encoded(&lines);
        prop_assert_eq!(&read_back(&raw), &lines);
        let text = String::from_utf8(body(&raw).to_vec()).unwrap();
        let as_is = raw.iter().copied().filter(|b| *b != b'\r').collect::<Vec<u8>>();
        prop_assert_eq!(&read_back(&as_is), &lines, "LF only");
        let plain = "text/plain; charset=utf-8";
        let qp = quoted_printable(text.as_bytes());
        prop_assert_eq!(&read_back(&rebuilt(&raw, plain, "quoted-printable", &qp)), &lines, "quoted-printable");
        prop_assert_eq!(&read_back(&rebuilt(&raw, plain, "base64", &base64(text.as_bytes()))), &lines, "base64");
        let escaped = text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace("\r\n", "<br>\r\n");
        let html = format!("<html><body><div class=\"x\">{escaped}</div></body></html>");
        prop_assert_eq!(&read_back(&rebuilt(&raw, "text/html; charset=utf-8", "8bit", &html)), &lines, "HTML only");
        let both = format!(
            "--x\r\nContent-Type: text/html\r\n\r\n<p>{escaped}\r\n--x\r\nContent-Type: {plain}\r\n\r\n{text}\r\n--x--\r\n"
        );
        prop_assert_eq!(&read_back(&rebuilt(&raw, "multipart/alternative; boundary=x", "8bit", &both)), &lines, "both");
    }

    #[test]
    fn any_mail_is_read_without_trouble(raw in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&raw);
    }
}

#[test]
fn a_person_reads_who_did_what_to_which_mail() {
    let raw = encoded(&records(vec![(Known::Assign { to: Handle::new("bob").ok() }, 1)]));
    assert_eq!(header(&raw, "Subject"), "[postroom] alice assigned this to bob · Refund for order 4412");
    assert_eq!(header(&raw, "From"), "\"alice (postroom)\" <support@shop.example>");
    assert_eq!(header(&raw, "In-Reply-To"), "<order-0@shop.example>");
    assert_eq!(
        header(&raw, "Date"),
        "Sun, 22 Nov 2026 04:55:27 +0000".replace("04:55:27", header(&raw, "Date").get(17..25).unwrap())
    );
    let text = String::from_utf8(body(&raw).to_vec()).unwrap();
    assert!(
        text.starts_with("alice assigned this to bob · Refund for order 4412 (1795318527 s, box)\r\n\r\n-- "),
        "{text}"
    );
}

#[test]
fn a_bulk_is_counted_in_the_subject_and_is_one_mail() {
    let raw = encoded(&records(vec![(Known::SetStatus { to: Status::Closed }, 10_000)]));
    assert_eq!(header(&raw, "Subject"), "[postroom] alice closed 10,000 conversations");
    assert!(raw.len() < 400_000, "{}", raw.len());
    assert_eq!(read_back(&raw).len(), 1);
}

#[test]
fn a_small_batch_fits_a_literal_of_4096_bytes() {
    let raw = encoded(&records(vec![
        (Known::Assign { to: Handle::new("bob").ok() }, 1),
        (Known::SetStatus { to: Status::Waiting }, 1),
        (Known::Tag { add: Tag::new("billing").into_iter().collect(), remove: Default::default() }, 1),
    ]));
    assert!(raw.len() < 4096, "{}", raw.len());
}

#[test]
fn no_line_of_a_mail_is_longer_than_the_standard_allows() {
    let long = Known::Note { text: "عربي 🙂 ".repeat(4000), mentions: Default::default() };
    let raw = encoded(&records(vec![(long, 3)]));
    assert!(raw.split(|b| *b == b'\n').all(|line| line.len() <= 998));
}

#[test]
fn the_same_records_make_the_same_message_id_and_others_another() {
    let lines = records(vec![(Known::SetStatus { to: Status::Closed }, 1), (Known::SetStatus { to: Status::Open }, 1)]);
    let all = header(&encoded(&lines), "Message-ID");
    assert_eq!(all, header(&encoded(&lines), "Message-ID"));
    assert_ne!(all, header(&encoded(&lines[..1]), "Message-ID"));
}

#[test]
fn a_persons_mail_in_the_folder_is_not_ours() {
    assert_eq!(decode(b"From: a@b\r\nSubject: [postroom] hello\r\n\r\nhello\r\n"), Decoded::Foreign);
    assert_eq!(decode(b""), Decoded::Foreign);
}

fn text(raw: &[u8]) -> String {
    String::from_utf8(body(raw).to_vec()).unwrap().split("\r\n-- postroom").next().unwrap().replace("\r\n", "\n")
}

#[test]
fn a_note_of_several_lines_can_be_read_in_full() {
    let note = Known::Note { text: "first line\n-- end --\nthe last".into(), mentions: Default::default() };
    let raw = encoded(&records(vec![(note, 1)]));
    assert_eq!(
        text(&raw),
        "alice noted: first line -- end -- the last · Refund for order 4412 (1795318527 s, box)\n  | first line\n  | -- end --\n  | the last\n"
    );
    assert_eq!(read_back(&raw).len(), 1);
}

#[test]
fn a_bulk_names_the_first_of_its_conversations() {
    let raw = encoded(&records(vec![(Known::SetStatus { to: Status::Closed }, 22)]));
    let text = text(&raw);
    assert!(
        text.starts_with("alice closed 22 conversations (1795318527 s, box)\n  · Refund for order 4412\n"),
        "{text}"
    );
    assert!(text.ends_with("  … and 2 more\n"), "{text}");
}

#[test]
fn several_things_done_to_one_conversation_are_named_in_the_subject() {
    let late = || Known::Tag { add: Tag::new("late").into_iter().collect(), remove: Default::default() };
    let raw = encoded(&records(vec![(Known::Assign { to: Handle::new("alice").ok() }, 1), (late(), 1)]));
    assert_eq!(header(&raw, "Subject"), "[postroom] alice took this, tagged this #late · Refund for order 4412");
    let raw = encoded(&records(vec![(late(), 2), (Known::SetStatus { to: Status::Closed }, 1)]));
    assert_eq!(header(&raw, "Subject"), "[postroom] alice did 2 things to 2 conversations");
}

#[test]
fn nothing_that_is_quoted_makes_a_sentence_a_marker() {
    const MARKER: &str = "-- postroom log, format 1 --";
    for padding in 0..260 {
        let quoted = format!("{}{MARKER}", "x".repeat(padding));
        let author = Author { host: quoted.clone(), ..author(1) };
        let title = NewOperation::new(Known::Title { text: quoted.clone() }, vec![target(1)]);
        let lines: Vec<String> = author.batch(0, None, vec![title]).iter().map(Record::to_json).collect();
        let raw = encoded_about(&quoted, &lines);
        assert_eq!(read_back(&raw), lines);
        let markers = String::from_utf8_lossy(body(&raw)).lines().filter(|line| line.trim() == MARKER).count();
        assert_eq!(markers, 1, "{padding}");
    }
}
