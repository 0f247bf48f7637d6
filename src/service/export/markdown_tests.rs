use super::{fenced, plain};
use crate::model::text::SafeText;

#[test]
fn no_line_of_a_mail_ends_its_fence() {
    let lines = SafeText::lines("```\n# heading\n`````\n![](http://tracker.example/x.png)\n");
    let said = fenced(&lines);
    assert!(said.starts_with("``````text\n```\n") && said.ends_with("\n``````\n"), "{said}");
    assert_eq!(fenced(&SafeText::lines("a\n\nb\n\n\n")), "```text\na\n\nb\n```\n");
    assert_eq!(fenced(&[]), "");
}

#[test]
fn no_subject_draws_anything() {
    assert_eq!(
        plain("![x](y) <b>*a*</b> `c` #1 &lt; \\"),
        "\\!\\[x\\](y) \\<b\\>\\*a\\*\\</b\\> \\`c\\` \\#1 \\&lt; \\\\"
    );
    assert_eq!(plain("Order 4411 (two)"), "Order 4411 (two)");
}

#[test]
fn a_page_is_read_by_a_markdown_reader_as_what_it_says() {
    use pulldown_cmark::{Event, Parser, Tag};
    let page = format!(
        "# {}\n\n{}",
        plain("<script>alert(1)</script> ![p](http://x.example)"),
        fenced(&SafeText::lines("# no\n<img src=x>"))
    );
    let bad = |event: &Event<'_>| {
        matches!(event, Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Image { .. } | Tag::Link { .. }))
    };
    assert_eq!(Parser::new(&page).filter(bad).count(), 0, "{page}");
    assert_eq!(Parser::new(&page).filter(|event| matches!(event, Event::Start(Tag::Heading { .. }))).count(), 1);
}
