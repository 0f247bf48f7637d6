use super::{Namespace, parse, unescape_names};

fn personal(line: &str) -> Option<(String, Option<char>)> {
    parse(line.as_bytes()).map(|namespace| (namespace.prefix, namespace.delimiter))
}

#[test]
fn the_first_personal_namespace_is_read_however_its_strings_are_spelled() {
    for (line, prefix, delimiter) in [
        ("* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n", "", Some('/')),
        ("* NAMESPACE ((\"INBOX.\" \".\")) ((\"user.\" \".\")) ((\"\" \".\"))\r\n", "INBOX.", Some('.')),
        ("* namespace ((\"Mail\\\\\" \"\\\\\")) NIL NIL\r\n", "Mail\\", Some('\\')),
        ("* NAMESPACE ((\"\" NIL)) NIL NIL\r\n", "", None),
        (
            "* NAMESPACE (({5}\r\nMail/ \"/\" \"X-PARAM\" (\"a\" \"b\"))(\"#mh/\" \"/\")) NIL NIL\r\n",
            "Mail/",
            Some('/'),
        ),
        ("* NAMESPACE ((\"a\\\"b.\" \".\")) NIL NIL\r\n", "a\"b.", Some('.')),
    ] {
        assert_eq!(personal(line), Some((prefix.to_owned(), delimiter)), "{line}");
    }
}

#[test]
fn what_names_no_namespace_of_ones_own_or_breaks_off_is_none() {
    for line in [
        "* NAMESPACE NIL NIL ((\"\" \"/\"))\r\n",
        "* NAMESPACE ((\"INBOX.\r\n",
        "* NAMESPACE (({99}\r\nMail/\r\n",
        "* NAMESPACE ((NIL \"/\")) NIL NIL\r\n",
        "* NAMESPACE \r\n",
        "* NAMESPACES ((\"\" \"/\")) NIL NIL\r\n",
        "",
    ] {
        assert_eq!(personal(line), None, "{line}");
    }
}

#[test]
fn a_name_that_has_the_prefix_gets_no_second_one() {
    let namespace = Namespace { prefix: "Mail/".to_owned(), delimiter: Some('/') };
    assert_eq!(namespace.below("Postroom").as_deref(), Some("Mail/Postroom"));
    assert_eq!(namespace.below("Mail/Postroom"), None);
    assert_eq!(Namespace::default().below("Postroom"), None);
}

#[test]
fn names_with_escapes_become_literals_in_their_place_and_the_delimiter_stays() {
    let plain = |line: &str, literals: &[&str]| {
        let literals = literals.iter().map(|l| l.as_bytes().to_vec()).collect();
        let (line, literals) = unescape_names(line.as_bytes(), literals);
        let texts: Vec<String> = literals.into_iter().map(|l| String::from_utf8(l).unwrap()).collect();
        (String::from_utf8(line).unwrap(), texts)
    };
    let (line, names) = plain("* LIST (\\HasNoChildren) \"\\\\\" \"Mail\\\\Post \\\"room\\\"\"\r\n", &[]);
    assert_eq!(
        (line.as_str(), names.as_slice()),
        ("* LIST (\\HasNoChildren) \"\\\\\" \0\r\n", ["Mail\\Post \"room\"".to_owned()].as_slice())
    );
    let (line, names) = plain("* LIST () NIL \"a\\\\b\"\r\n", &[]);
    assert_eq!((line.as_str(), names.len()), ("* LIST () NIL \0\r\n", 1));
    let (line, names) = plain("* STATUS \"a\\\\b\" (MESSAGES 1)\r\n", &[]);
    assert_eq!((line.as_str(), names.as_slice()), ("* STATUS \0 (MESSAGES 1)\r\n", ["a\\b".to_owned()].as_slice()));
    let (line, names) = plain("* LIST () \"\\\\\" \0\r\n", &["a\\b"]);
    assert_eq!((line.as_str(), names.as_slice()), ("* LIST () \"\\\\\" \0\r\n", ["a\\b".to_owned()].as_slice()));
    let untouched = "* OK \"a\\\\b\"\r\n";
    assert_eq!(plain(untouched, &[]).0, untouched);
}
