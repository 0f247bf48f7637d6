use super::*;

/// The lines with their signs, as people read them.
fn read(old: &str, new: &str) -> Vec<String> {
    let line = |line: &DiffLine| match line {
        DiffLine::Same(text) => format!("  {text}"),
        DiffLine::Old(text) => format!("- {text}"),
        DiffLine::New(text) => format!("+ {text}"),
        DiffLine::Skipped(count) => format!("… {count}"),
    };
    compare(old, new).iter().map(line).collect()
}

#[test]
fn what_is_other_stands_line_by_line_with_a_few_lines_around_it() {
    let old = "1\n2\n3\n4\n5\nPay at https://good.example\n6\n7\n8\n9\n";
    let new = "1\n2\n3\n4\n5\nPay at https://evil.example\nnow\n6\n7\n8\n9\n";
    let expected = [
        "… 3",
        "  4",
        "  5",
        "- Pay at https://good.example",
        "+ Pay at https://evil.example",
        "+ now",
        "  6",
        "  7",
        "… 2",
    ];
    assert_eq!(read(old, new), expected);
}

#[test]
fn what_is_new_at_either_end_and_what_went_is_found() {
    assert_eq!(read("b\n", "a\nb\nc\n"), ["+ a", "  b", "+ c"]);
    assert_eq!(read("a\na\n", "a\n"), ["  a", "- a"]);
    assert_eq!(read("", "a"), ["+ a"]);
    assert_eq!(read("a", "a"), Vec::<String>::from(["  a".to_owned()]));
}

#[test]
fn the_ends_of_lines_alone_make_no_other_text() {
    assert!(is_same("a\r\nb", "a\nb\n") && !is_same("a\nb", "a\n\nb") && !is_same("a", "a\u{200b}"));
}

#[test]
fn nothing_that_a_terminal_would_obey_or_leave_out_is_hidden() {
    let new = "pay\u{202e}elpmaxe.live\u{202c} \u{1b}]8;;https://evil.example\u{7}here\u{1b}[2J\u{200b}\tx\u{fe0f}";
    let shown = read("pay", new);
    let expected = "+ pay<U+202E>elpmaxe.live<U+202C> <U+001B>]8;;https://evil.example<U+0007>here<U+001B>[2J<U+200B>";
    assert!(shown[1].starts_with(expected), "{shown:?}");
    assert!(!shown.concat().contains(['\u{1b}', '\u{202e}', '\u{7}']));
}

#[test]
fn long_texts_that_share_nothing_are_shown_as_all_old_and_all_new() {
    let text = |word: &str| (0..COMPARED_MAX).map(|n| format!("{word} {n}\n")).collect::<String>();
    let shown = read(&format!("top\n{}", text("old")), &format!("top\n{}", text("new")));
    assert_eq!(shown.len(), 1 + 2 * COMPARED_MAX);
    assert_eq!(
        (shown[0].as_str(), shown[1].as_str(), shown[COMPARED_MAX + 1].as_str()),
        ("  top", "- old 0", "+ new 0")
    );
}
