use super::*;
use crate::text;

#[test]
fn a_pattern_names_agent_and_inbox_and_is_written_as_it_was_read() {
    let name = SenderName::parse(" {agent} at {inbox} ").unwrap();
    assert_eq!(name.of("Alice Moor", "Lamp Support"), "Alice Moor at Lamp Support");
    assert_eq!(name.to_string(), "{agent} at {inbox}");
    assert_eq!(SenderName::parse("{agent}").unwrap().of("  Bob ", ""), "Bob");
    assert_eq!(SenderName::parse("The lamp shop").unwrap().of("Bob", "Support"), "The lamp shop");
}

#[test]
fn what_a_pattern_does_not_know_is_named() {
    for (pattern, said) in [
        ("{agnt} at {inbox}", "{agnt} is none of {agent}, {inbox}"),
        ("{agent", "{agent is none of {agent}, {inbox}"),
        ("x}", "} is none of {agent}, {inbox}"),
        ("  ", "it names nobody"),
    ] {
        assert_eq!(text::render(&SenderName::parse(pattern).unwrap_err()), said);
    }
}
