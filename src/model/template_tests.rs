#![allow(clippy::string_slice)]

use proptest::prelude::*;

use super::*;

const FILE: &str = "name: Refund accepted\nsubject: Refund {order}\ntags: billing, refund\nlanguage: en\ninboxes: support\n---\nHello {customer.first_name|there},\n\n{{code}} {order}\n{cursor}\n{agent.name}\n";

fn values(of: &[(&str, &str)]) -> BTreeMap<String, String> {
    of.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

#[test]
fn a_file_has_a_header_and_a_text_and_reads_back() {
    let template = Template::parse("refund", FILE);
    assert_eq!(template.name, "Refund accepted");
    assert_eq!(template.subject, "Refund {order}");
    assert_eq!(template.tags, ["billing", "refund"]);
    assert!(template.is_for("Support") && !template.is_for("sales"));
    assert!(template.body.starts_with("Hello "));
    assert_eq!(Template::parse("x", &template.to_file()), template);
}

#[test]
fn a_text_without_header_is_all_body_and_named_by_its_file() {
    for file in ["Hello: this is\nno header", "Hello", "", "Dear all,\n---\nrest"] {
        let template = Template::parse("hello", file);
        assert_eq!((template.name.as_str(), template.body.as_str()), ("hello", file));
    }
    let fenced = Template::parse("x", "---\r\nname: y\r\n---\r\nBody\r\n");
    assert_eq!((fenced.name.as_str(), fenced.body.as_str()), ("y", "Body\n"));
}

#[test]
fn variables_are_filled_fall_back_or_are_reported() {
    let template = Template::parse("refund", FILE);
    let out = template.render(&values(&[("agent.name", "Alice"), ("customer.first_name", "  ")]));
    assert_eq!(out.text, "Hello there,\n\n{code} {order}\n\nAlice\n");
    assert_eq!(out.unresolved, [Unresolved { name: "order".into(), offset: 21, length: 7 }]);
    assert_eq!(&out.text[out.cursor..], "\nAlice\n");
    let out = template.render(&values(&[("order", "4412"), ("agent.name", "A"), ("customer.first_name", "Carla")]));
    assert_eq!(out.text, "Hello Carla,\n\n{code} 4412\n\nA\n");
    assert!(out.unresolved.is_empty());
}

#[test]
fn a_value_is_never_read_as_a_template() {
    let out = render("{a} {b}", &values(&[("a", "{b}"), ("b", "x")]));
    assert_eq!(out.text, "{b} x");
    assert!(out.unresolved.is_empty());
}

#[test]
fn a_text_with_a_placeholder_is_found_before_it_is_sent() {
    assert_eq!(placeholders("Hi {customer.first_name},\norder {order}").len(), 1);
    assert_eq!(placeholders_among("Hi {customer.first_name},\norder {order}", &["order".to_owned()]).len(), 2);
    assert_eq!(placeholders("{date} {link.calendar}").len(), 2);
    assert!(placeholders("if (a) {b} else {c}; {x} {count}").is_empty());
    assert!(placeholders("fn main() { println!(); } {} { x } {{order}}").is_empty());
    assert!(placeholders("> Hi {date}\nthanks").is_empty());
    let one = &placeholders("é {agent.title}")[0];
    assert_eq!((one.offset, one.length), (3, 13));
}

#[test]
fn lint_names_the_line_and_the_likely_word() {
    let faults = lint("name: x\ncolour: red\n---\nHi {customer.frist_name}\n{x|y} {own} {open\n", &["own".to_owned()]);
    let lines: Vec<usize> = faults.iter().map(|f| f.line).collect();
    assert_eq!(lines, [2, 4, 5]);
    assert!(crate::text::render(&faults[1].message).contains("did you mean {customer.first_name}?"), "{faults:?}");
    assert_eq!(lint("", &[]).len(), 1);
    assert!(lint(FILE, &["order".to_owned()]).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_renders_and_what_is_reported_stands_there(text in "(\\{|\\}|\\||[a-z.]|é|\n| |name|字){0,60}") {
        let out = render(&text, &values(&[("name", "v")]));
        for u in &out.unresolved {
            let there = &out.text[u.offset..u.offset + u.length];
            let whole = there.starts_with('{') && there.ends_with('}') && there.contains(&u.name);
            prop_assert!(whole);
        }
        prop_assert!(out.text.is_char_boundary(out.cursor));
        lint(&text, &[]);
        Template::parse("x", &text);
        for u in placeholders(&text) {
            let there = text[u.offset..u.offset + u.length].contains(&u.name);
            prop_assert!(there);
        }
    }

    #[test]
    fn a_text_without_braces_stays_as_it_is(text in "[^{}]{0,80}") {
        prop_assert_eq!(render(&text, &BTreeMap::new()).text, text);
    }
}

#[test]
fn what_whoever_writes_fills_in_is_no_mistake_and_what_stands_nowhere_is_one() {
    let file = "name: Address\nfill: order, {leaves}\n---\nyour order {order} leaves on {leaves}.\n";
    assert_eq!(lint(file, &[]), []);
    assert_eq!(Template::parse("x", file).fill, ["order", "leaves"]);
    assert_eq!(Template::parse("x", &Template::parse("x", file).to_file()), Template::parse("x", file));
    let faults = lint("name: Address\nfill: order, leave\n---\nyour order {order} leaves on {leaves}.\n", &[]);
    assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [2, 4], "{faults:?}");
}

#[test]
fn a_language_that_is_not_written_is_a_fault_with_those_that_are() {
    assert!(lint("language: pt-BR\n---\nOi", &[]).is_empty());
    let faults = lint("name: a\nlanguage: klingon\n---\nx", &[]);
    assert_eq!(
        faults.iter().map(|fault| (fault.line, fault.message.code.as_ref())).collect::<Vec<_>>(),
        [(2, "template-language")]
    );
}

#[test]
fn a_header_that_leaves_thousands_of_names_to_whoever_writes_is_checked_in_one_go_over_the_text() {
    let names: Vec<String> = (0..4_000).map(|n| format!("v{n}")).collect();
    let body: String = names.iter().skip(1).map(|name| format!("{{{name}}}\n")).collect();
    let file = format!("fill: {}\n---\n{body}", names.join(", "));
    let faults = lint(&file, &[]);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0].line, 1);
}
