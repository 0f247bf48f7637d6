use super::entry;
use crate::model::clock::Timestamp;

const AT: Timestamp = Timestamp(1_796_133_600_000);

fn text(raw: &str) -> String {
    String::from_utf8(entry(raw.as_bytes(), AT)).unwrap()
}

#[test]
fn a_mail_stands_between_its_from_line_and_an_empty_one() {
    let mail = "From: Ana <ana@example.org>\r\nSubject: x\r\n\r\nHello\r\n";
    assert_eq!(text(mail), format!("From ana@example.org Tue Dec  1 14:00:00 2026\n{mail}\n"));
}

#[test]
fn every_line_that_could_begin_a_mail_gets_one_mark_more() {
    let said = text("From: ana@example.org\n\nFrom here\n>From there\n>>From all\nFromage\n > From\n>From\n");
    let body = said.split_once("\n\n").unwrap().1;
    assert_eq!(body, ">From here\n>>From there\n>>>From all\nFromage\n > From\n>From\n\n");
}

#[test]
fn the_first_line_of_a_mail_can_be_no_separator_either() {
    let said = text("From eve Tue Dec  1 14:00:00 2026\nSubject: x\n\n");
    assert!(said.starts_with("From MAILER-DAEMON Tue Dec  1 14:00:00 2026\n>From eve "), "{said}");
}

#[test]
fn a_mail_without_an_end_of_line_gets_one() {
    assert!(text("From: a@b.example\n\nend").ends_with("\n\nend\n\n"));
    assert_eq!(text(""), "From MAILER-DAEMON Tue Dec  1 14:00:00 2026\n\n");
}

#[test]
fn an_author_who_is_no_plain_address_is_not_named() {
    for from in ["\"a b\"@example.org", "=?utf-8?q?x=0AFrom?=", "ä@example.org"] {
        let said = text(&format!("From: {from}\n\nx\n"));
        let first = said.lines().next().unwrap();
        assert_eq!(first.split(' ').filter(|word| !word.is_empty()).count(), 7, "{first}");
        assert!(first.is_ascii(), "{first}");
    }
}

proptest::proptest! {
    #[test]
    fn taking_one_mark_off_gives_the_mail_back(lines in proptest::collection::vec("(>{0,3}From |>|x|\r)[a-z ]{0,5}\r?\n", 0..12)) {
        let mail = lines.concat();
        let said = text(&mail);
        let inner = said.split_once('\n').unwrap().1.strip_suffix('\n').unwrap();
        let mut back = String::new();
        for line in inner.split_inclusive('\n') {
            proptest::prop_assert!(!line.starts_with("From "));
            let bare = line.trim_start_matches('>');
            back.push_str(if bare.starts_with("From ") { line.strip_prefix('>').unwrap() } else { line });
        }
        proptest::prop_assert_eq!(back, mail);
    }
}
