use std::collections::BTreeSet;

use clap::{CommandFactory, Parser};

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
    let lines: [&[&str]; 9] = [
        &["list"],
        &["show", "x"],
        &["count"],
        &["log"],
        &["why", "x"],
        &["keys"],
        &["undo"],
        &["batch", "-"],
        &["tag", "vip", "x"],
    ];
    for line in lines {
        let args = Args::try_parse_from([&["postroom"], line].concat()).unwrap();
        let chosen: BTreeSet<&str> = keys::of(&args.verb.unwrap()).concat().into_iter().collect();
        // What only a visit to the server prints, and what only `show` fills in.
        let kinds: Vec<Kind> = about(line[0]).into_iter().filter(|kind| !VISIT[1..].contains(&kind.name)).collect();
        let all = of(&kinds);
        let mut named: BTreeSet<&str> = BTreeSet::new();
        for kind in &kinds {
            named.extend(all["$defs"][kind.name]["properties"].as_object().unwrap().keys().map(String::as_str));
        }
        if line[0] == "list" {
            ["followers", "earlier", "context", "related", "items"].iter().for_each(|whole| {
                named.remove(whole);
            });
        }
        assert_eq!(chosen, named, "{line:?}");
    }
}
