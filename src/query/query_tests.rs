use proptest::prelude::*;

use super::*;
use crate::model::view::View;

fn shown(text: &str) -> String {
    parse(text).unwrap_or_else(|e| panic!("{text:?}: {e} ({:?})", e.hint)).to_string()
}

fn error(text: &str) -> QueryError {
    parse(text).expect_err(text)
}

#[test]
fn every_form_of_the_language_is_read() {
    for (text, canonical) in [
        ("", ""),
        ("is:any", ""),
        ("status:o,Waiting", "status:open,waiting"),
        ("is:closed", "status:closed"),
        ("assignee:me,none,Bob", "assignee:me,none,bob"),
        ("tag:a,b inbox:support", "tag:a,b inbox:support"),
        ("from:Eve@Example.COM to:@example.com with:ann*", "from:eve@example.com to:@example.com with:ann"),
        (
            "subject:\"two words\" body:x* note:y attachment:inv.pdf",
            "subject:\"two words\" body:x* note:y attachment:inv.pdf",
        ),
        ("subject:a,b c", "(subject:a or subject:b) c"),
        ("has:attachment has:draft is:mine", "has:attachment has:draft is:mine"),
        ("older:2 days", "older:2"),
        ("older:2d newer:3mo", "older:2d newer:3mo"),
        ("before:2026-01-01 after:yesterday on:today", "before:2026-01-01 after:yesterday on:today"),
        ("waiting:2d waiting:<1h", "waiting:>2d waiting:<1h"),
        ("id:ABOL", "id:ab01"),
        ("messages:>=10 messages:3", "messages:>=10 messages:=3"),
        ("a or b c", "a or b c"),
        ("(a or b) c", "(a or b) c"),
        ("-(a b) not c --d", "-(a b) -c d"),
        ("a and b AND c", "a b c"),
        ("\"or\" \"-x\" \"k:v\"", "\"or\" \"-x\" \"k:v\""),
        ("http://example.com/a", "http://example.com/a"),
        ("Re: 12:30", "Re: 12:30"),
        ("\"say \\\"hi\\\"\"", "\"say \\\"hi\\\"\""),
        ("退款 إعادة", "退款 إعادة"),
        ("\"refund\" refund subject:\"x\"", "\"refund\" refund subject:\"x\""),
        ("ｓｔａｔｕｓ：ｏｐｅｎ，waiting －tag：x", "status:open,waiting -tag:x"),
        ("status:open،waiting؛closed is:unread؟", "status:open,waiting,closed is:unread"),
        ("older:٢d newer:３h messages:＞٠ waiting:≥۲d", "older:2d newer:3h messages:>0 waiting:>2d"),
        ("before:٢٠٢٦-٠١-٠٥ after:২০২৬－০১－০৬ on:२०२६-०१-०७", "before:2026-01-05 after:2026-01-06 on:2026-01-07"),
        (
            "“two words” „zwei Wörter“ «deux mots» 「東京 都」 “open",
            "\"two words\" \"zwei Wörter\" \"deux mots\" \"東京 都\" “open",
        ),
        ("（a or b） refun＊", "(a or b) refun*"),
        ("צה\"ל \"חייל צה\"ל\" from:צה\"ל", "צה\"ל \"חייל צה\\\"ל\" from:\"צה\\\"ל\""),
        ("👍🎉 -🇩🇪", "👍 🎉 -🇩🇪"),
        ("from:أحمد؟ assignee:bob、eve", "from:أحمد assignee:bob,eve"),
    ] {
        if text == "older:2 days" {
            assert!(parse(text).is_err());
            continue;
        }
        assert_eq!(shown(text), canonical, "{text:?}");
    }
}

#[test]
fn every_view_has_a_query_that_is_read() {
    for view in View::FIXED {
        shown(&view.query());
    }
}

#[test]
fn the_guide_shows_every_key_and_only_what_is_read() {
    for (form, _) in guide() {
        shown(form);
    }
    for key in KEYS {
        assert!(guide().iter().any(|(form, _)| form.starts_with(&format!("{key}:"))), "{key}");
        values_of(key).into_iter().for_each(|value| drop(shown(&format!("{key}:{value}"))));
    }
}

#[test]
fn errors_name_the_column_and_the_nearest_word() {
    let cases = [
        ("a statsu:open", 2, "status:"),
        ("status:opne", 7, "status:open"),
        ("is:snozed", 3, "is:snoozed"),
        ("has:atachment", 4, "has:attachment"),
        ("a (b", 2, ")"),
        ("a b)", 3, "quotes"),
        ("\"abc", 0, "\""),
        ("a or", 4, "quotes"),
        ("or a", 0, "quotes"),
        ("-", 1, "quotes"),
        ("()", 1, "quotes"),
        ("older:fortnight", 6, "older:2d"),
        ("before:31.1.2026", 7, "2026-01-31"),
        ("messages:many", 9, "messages:>10"),
        ("status:", 0, "status:"),
        ("older:2d,3d", 9, "or"),
        ("id:u!", 3, "letters"),
        ("tag:\"a b\"", 4, "letters"),
        ("foo:bar", 0, "quotes"),
    ];
    for (text, at, hint) in cases {
        let error = error(text);
        assert_eq!(error.at, at, "{text:?}: {error}");
        let said = crate::text::render_any(error.hint.as_ref());
        assert!(said.contains(hint), "{text:?}: {error}: {said}");
    }
}

#[test]
fn size_and_depth_are_bounded() {
    assert!(parse(&"(".repeat(3000)).is_err());
    assert!(parse(&"-".repeat(3999)).is_err());
    assert!(parse(&format!("{}a{}", "(".repeat(DEPTH_MAX), ")".repeat(DEPTH_MAX))).is_ok());
    assert!(parse(&format!("{}a{}", "(".repeat(DEPTH_MAX + 1), ")".repeat(DEPTH_MAX + 1))).is_err());
    assert!(parse(&"a ".repeat(TERMS_MAX)).is_ok());
    assert!(parse(&"a ".repeat(TERMS_MAX + 1)).is_err());
    assert!(parse(&"a".repeat(TEXT_MAX + 1)).is_err());
    assert!(parse(&"a ".repeat(CHARS_MAX)).is_err());
}

proptest! {
    #[test]
    fn a_query_written_back_reads_the_same(text in pieces()) {
        if let Ok(query) = parse(&text) {
            let shown = query.to_string();
            prop_assert_eq!(parse(&shown).map_err(|e| format!("{shown}: {e}")), Ok(query));
        }
    }

    #[test]
    fn no_input_does_worse_than_an_error(text in "\\PC{0,80}|[ -~\\n\\t\\x00]{0,80}") {
        if let Ok(query) = parse(&text) {
            prop_assert_eq!(parse(&query.to_string()), Ok(query));
        }
    }
}

/// Text made of pieces of the language, whole and broken.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(" "),
        Just(" "),
        Just(" "),
        Just("-"),
        Just("not "),
        Just(" or "),
        Just("("),
        Just(")"),
        Just("*"),
        Just("\""),
        Just("\\"),
        Just(","),
        Just(":"),
        Just("status:open"),
        Just("is:mine,active"),
        Just("is:any"),
        Just("is:closed"),
        Just("tag:vip"),
        Just("tag:a*b"),
        Just("from:ann"),
        Just("with:@x.org"),
        Just("to:a@x.org"),
        Just("from:\"A B\""),
        Just("subject:"),
        Just("body:refund"),
        Just("note:"),
        Just("attachment:\"a b\"*"),
        Just("older:2d"),
        Just("waiting:<3h"),
        Just("before:2026-02-29"),
        Just("on:today"),
        Just("id:ab"),
        Just("messages:<=2"),
        Just("refund"),
        Just("東京"),
        Just("%_"),
        Just("€"),
        Just("has:draft"),
        Just("assignee:me,none"),
        Just("inbox:support"),
        Just("has:outbox"),
        Just("is:mentioned"),
        Just("é"),
        Just("after:2026-01-02"),
        Just("newer:99999y"),
        Just("has:tag"),
        Just("is:followed"),
        Just("is:snoozed"),
    ];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}
