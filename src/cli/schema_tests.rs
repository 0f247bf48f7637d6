use std::collections::BTreeSet;

use clap::CommandFactory;

use super::super::args::Args;
use super::super::shape::keys;
use super::*;

/// Verbs that print no objects: they are for people, or open the screen.
const SILENT: [&str; 5] = ["completions", "demo", "help", "init", "schema"];

#[test]
fn every_verb_says_what_it_prints_and_only_kinds_that_have_a_schema() {
    let program = Args::command();
    let mut verbs: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
    verbs.retain(|verb| !SILENT.contains(verb));
    verbs.sort_unstable();
    let listed: Vec<&str> = VERBS.iter().map(|(verb, _)| *verb).collect();
    assert_eq!(verbs, listed);
    for (verb, kinds) in VERBS {
        for kind in kinds.concat() {
            assert!(KINDS.iter().any(|known| known.name == kind), "{verb} prints {kind}, which has no schema");
        }
    }
}

#[test]
fn every_reference_of_a_schema_leads_somewhere() {
    fn look(at: &Value, all: &Value) {
        match at {
            Value::Object(map) => {
                if let Some(Value::String(to)) = map.get("$ref") {
                    assert!(all.pointer(to.trim_start_matches('#')).is_some(), "{to}");
                }
                map.values().for_each(|value| look(value, all));
            }
            Value::Array(list) => list.iter().for_each(|value| look(value, all)),
            _ => {}
        }
    }
    let all = of(KINDS);
    look(&all, &all);
    for kind in KINDS {
        let one = of(&[*kind]);
        look(&one, &one);
        let object = &one["$defs"][kind.name];
        assert_eq!(object["properties"]["type"]["const"], kind.name);
        assert!(object["required"].as_array().is_some_and(|all| all.contains(&"type".into())), "{}", kind.name);
    }
}

#[test]
fn the_fields_that_can_be_chosen_of_a_verb_are_those_of_its_schema() {
    for (verb, kinds) in VERBS {
        let fields = keys::of(verb);
        assert!(fields.contains("type") && fields.len() > 2, "{verb}: {fields:?}");
        assert!(!kinds.concat().contains(&"done") || fields.contains("batch"), "{verb}: {fields:?}");
        assert!(!kinds.concat().contains(&"refused") || fields.contains("why"), "{verb}: {fields:?}");
    }
    let whole = |verb: &str| keys::of(verb).contains("items");
    assert_eq!([whole("show"), whole("list"), whole("next")], [true, false, false]);
    for verb in SILENT {
        assert_eq!(keys::of(verb), BTreeSet::new(), "{verb}");
    }
}
