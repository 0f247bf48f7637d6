//! What is shown of mails that others got wrong: placeholders beside HTML, packed mail, charsets that nothing names. They stand beside the
//! project; where they are missing a line says so.

use std::path::Path;

use postroom::mime::{self, Parsed};
use postroom::model::message::{Block, TextPart};

/// Reads one of the cases.
fn case(name: &str) -> Option<(Vec<u8>, Parsed)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases").join(format!("{name}.eml"));
    let Ok(raw) = std::fs::read(&path) else {
        println!("skipped: no case at {}", path.display());
        return None;
    };
    let parsed = mime::parse(&raw);
    Some((raw, parsed))
}

fn text(parsed: &Parsed) -> String {
    let lines = parsed.readable.blocks.iter().flat_map(Block::lines);
    lines.map(|line| line.to_string()).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn warnings(parsed: &Parsed) -> Vec<&str> {
    parsed.readable.warnings.iter().map(|warning| warning.as_str()).collect()
}

#[test]
fn html_is_shown_beside_a_placeholder_and_the_placeholder_where_it_is_asked_for() {
    let Some((raw, parsed)) = case("mail/plain-part-is-a-placeholder") else { return };
    assert!(text(&parsed).starts_with("Dear Ana,\n\nyour order 4412 has been cancelled"), "{}", text(&parsed));
    assert_eq!(parsed.readable.part, Some(TextPart::Html));
    assert_eq!(parsed.readable.links[0].target.as_str(), "https://shop.example/pay");
    let plain = mime::readable_as(&raw, TextPart::Plain).expect("it has a plain text");
    assert!(plain.turned && plain.blocks[0].lines()[0].as_str().starts_with("Coloca uma mensagem"));
}

#[test]
fn an_empty_winmail_dat_says_what_it_is() {
    let Some((_, parsed)) = case("mail/tnef-only") else { return };
    assert!(warnings(&parsed).iter().any(|warning| warning.contains("winmail.dat (TNEF)")), "{:?}", warnings(&parsed));
    assert_eq!(parsed.readable.attachments[0].name.as_str(), "winmail.dat");
}

#[test]
fn raw_headers_are_read_in_the_charset_of_the_text() {
    let Some((_, parsed)) = case("mail/raw-header-in-the-bodys-charset") else { return };
    assert_eq!((parsed.envelope.from[0].name.as_str(), parsed.envelope.subject.as_str()), ("교육팀", "주문 취소"));
    assert_eq!(
        mime::envelope(&case("mail/raw-header-in-the-bodys-charset").expect("it is there").0).subject,
        "주문 취소"
    );
    assert_eq!(warnings(&parsed), [""; 0]);
}

#[test]
fn a_raw_file_name_is_read_in_the_charset_of_the_text() {
    let Some((_, parsed)) = case("reports/13-raw-cp1251-name") else { return };
    assert_eq!(parsed.readable.attachments[0].name.as_str(), "Что нового_332.rtf");
}

#[test]
fn a_disposition_encoded_as_a_whole_is_read() {
    let Some((_, parsed)) = case("reports/14-encoded-disposition") else { return };
    let file = &parsed.readable.attachments[0];
    assert_eq!((file.name.as_str(), file.media.as_str()), ("2022-Prozeßauftrag.pdf", "application/octet-stream"));
}

#[test]
fn undeclared_japanese_is_read_and_said_to_be_a_guess() {
    let Some((_, parsed)) = case("mail/undeclared-shift-jis") else { return };
    assert_eq!(text(&parsed), "お世話になっております。注文番号4412を取り消してください。");
    assert!(warnings(&parsed)[0].contains("Shift_JIS, which is a guess"), "{:?}", warnings(&parsed));
}

#[test]
fn readable_text_is_not_called_unreadable() {
    let Some((_, parsed)) = case("mail/readable-but-warned") else { return };
    assert_eq!(text(&parsed), "El 12 de octubre es el día de la Hispanidad en España.");
    assert!(warnings(&parsed).iter().all(|warning| !warning.contains("can't be read")), "{:?}", warnings(&parsed));
}

#[test]
fn an_encoded_word_that_names_no_charset_is_read() {
    let Some((_, parsed)) = case("mail/encoded-word-without-charset") else { return };
    assert_eq!(parsed.envelope.subject, "[list] Re: E n: Brasília");
}
