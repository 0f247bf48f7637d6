use super::{Namespace, parse};

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
    let namespace = Namespace { prefix: "Mail/".to_owned(), delimiter: Some('/'), ..Namespace::default() };
    assert_eq!(namespace.below("Postroom").as_deref(), Some("Mail/Postroom"));
    assert_eq!(namespace.below("Mail/Postroom"), None);
    assert_eq!(Namespace::default().below("Postroom"), None);
}

#[test]
fn what_others_share_is_known_by_its_prefix_and_gets_none_of_ones_own() {
    let read = |line: &str| parse(line.as_bytes()).unwrap();
    let found = read(
        "* NAMESPACE ((\"INBOX.\" \".\")(\"#mh.\" \".\")) ((\"user.\" \".\" \"X\" (\"a\"))) ((\"shared.\" \".\")(\"\" \".\"))\r\n",
    );
    assert_eq!(found.elsewhere, ["user.", "shared."]);
    assert_eq!(found.below("user.support.Postroom"), None);
    assert_eq!(found.below("Postroom").as_deref(), Some("INBOX.Postroom"));
    let found = read("* NAMESPACE ((\"\" \"/\")) NIL (({5}\r\nTeam/ \"/\"))\r\n");
    assert!(found.is_elsewhere("Team/Support") && !found.is_elsewhere("Teams"));
    for broken in ["* NAMESPACE ((\"\" \"/\")) ((\"user", "* NAMESPACE ((\"\" \"/\"))) ) x"] {
        assert!(read(broken).elsewhere.is_empty(), "{broken}");
    }
}
