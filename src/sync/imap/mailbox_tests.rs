use super::*;

fn listed(line: &str, literals: &[&[u8]]) -> Option<(Vec<String>, Option<String>, String)> {
    let literals: Vec<Vec<u8>> = literals.iter().map(|l| l.to_vec()).collect();
    match parse(line.as_bytes(), &literals)? {
        Response::MailboxData(MailboxDatum::List { name_attributes, delimiter, name }) => {
            let word = |a: &NameAttribute<'_>| match a {
                NameAttribute::Extension(word) => word.to_string(),
                other => format!("{other:?}"),
            };
            Some((name_attributes.iter().map(word).collect(), delimiter.map(Into::into), name.into()))
        }
        _ => None,
    }
}

fn stands(line: &str) -> Option<(String, Vec<StatusAttribute>)> {
    match parse(line.as_bytes(), &[])? {
        Response::MailboxData(MailboxDatum::Status { mailbox, status }) => Some((mailbox.into(), status)),
        _ => None,
    }
}

#[test]
fn names_come_out_as_they_are_called_however_they_are_written() {
    for (line, literals, name) in [
        (r#"* LIST (\HasNoChildren) "." Sent"#, &[][..], "Sent"),
        (r#"* list () "/" "a b""#, &[], "a b"),
        (r#"* LIST () "/" "say \"hi\" to C:\\mail""#, &[], r#"say "hi" to C:\mail"#),
        ("* LIST () NIL \0", &[&b"quote\" and \\"[..]], "quote\" and \\"),
        (r#"* LIST (\HasNoChildren) "\\" "Mail\\Post \"room\"""#, &[], r#"Mail\Post "room""#),
        ("* LIST () \"\\\\\" \0", &[&b"a\\b"[..]], r"a\b"),
        (r#"* LIST () "\\" inbox"#, &[], "INBOX"),
        ("* LIST () NIL NIL", &[], "NIL"),
        (r#"* LIST () "/" """#, &[], ""),
    ] {
        assert_eq!(listed(&format!("{line}\r\n"), literals).unwrap().2, name, "{line}");
    }
    let (attributes, delimiter, _) = listed("* LIST (\\NoSelect \\Odd) \"\\\\\" x\r\n", &[]).unwrap();
    assert_eq!((attributes, delimiter.as_deref()), (vec!["\\NoSelect".to_owned(), "\\Odd".to_owned()], Some("\\")));
}

#[test]
fn a_value_that_is_none_is_left_out_and_the_others_count() {
    use StatusAttribute::{HighestModSeq, Messages, UidNext, UidValidity};
    let (name, status) =
        stands("* STATUS \"a \\\"b\\\"\" (MESSAGES 3 HIGHESTMODSEQ NIL UIDNEXT 9 ODD (1 2) UIDVALIDITY 7)\r\n")
            .unwrap();
    assert_eq!(name, "a \"b\"");
    assert_eq!(status, [Messages(3), UidNext(9), UidValidity(7)]);
    assert_eq!(stands("* STATUS inbox (highestmodseq 12)\r\n").unwrap(), ("INBOX".into(), vec![HighestModSeq(12)]));
    assert_eq!(stands("* STATUS \"a\\\\b\" (MESSAGES 1)\r\n").unwrap(), ("a\\b".into(), vec![Messages(1)]));
    assert_eq!(stands("* STATUS x ()\r\n").unwrap().1, []);
}

#[test]
fn what_is_neither_is_left_to_others() {
    for line in [
        "* 3 EXISTS",
        "* LISTS () NIL x",
        "* LIST",
        "* LIST () \"/\"",
        "* STATUS x",
        "* STATUS x (MESSAGES 3",
        "a1 LIST () NIL x",
    ] {
        assert!(parse(format!("{line}\r\n").as_bytes(), &[]).is_none(), "{line}");
    }
}
