//! What `--json` prints is of the schema that `postroom schema` prints: every verb, on the sample.

use std::collections::BTreeSet;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::Value;

use crate::environment::{Environment, Said};

/// The schema, ready to look at objects.
struct Judge {
    whole: Value,
    schemas: Schemas,
    compiler: Compiler,
}

impl Judge {
    fn new(env: &Environment) -> Self {
        let printed = env.run(&["schema"]);
        assert_eq!(printed.status, 0, "{printed}");
        let whole: Value = serde_json::from_str(&printed.stdout).unwrap();
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.add_resource("postroom.json", whole.clone()).unwrap();
        Self { whole, schemas: Schemas::new(), compiler }
    }

    fn of(&mut self, kind: &str) -> Option<SchemaIndex> {
        let _ = self.whole["$defs"].get(kind)?;
        Some(self.compiler.compile(&format!("postroom.json#/$defs/{kind}"), &mut self.schemas).unwrap())
    }

    /// Returns what is wrong with an object; nothing where it is of its schema, and the schema names each of its fields.
    fn wrong(&mut self, object: &Value) -> Option<String> {
        let kind = object["type"].as_str().unwrap_or_default().to_owned();
        let Some(index) = self.of(&kind) else { return Some(format!("there is no schema of {kind:?}: {object}")) };
        if let Err(error) = self.schemas.validate(object, index) {
            return Some(format!("{error:#}\n{object}"));
        }
        let mut named = BTreeSet::new();
        fields(&self.whole["$defs"][&kind], &mut named);
        let own = object.as_object().unwrap().keys();
        let unnamed: Vec<&String> = own.filter(|field| !named.contains(field.as_str())).collect();
        (!unnamed.is_empty()).then(|| format!("the schema of {kind} lacks {unnamed:?}"))
    }
}

/// The fields that a schema names, in whichever form of the object.
fn fields<'s>(schema: &'s Value, into: &mut BTreeSet<&'s str>) {
    into.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()));
    for forms in ["oneOf", "anyOf", "allOf"] {
        schema[forms].as_array().into_iter().flatten().for_each(|form| fields(form, into));
    }
}

/// Stands for the id of a conversation with an attached file.
const ATTACHED: &str = "ATTACHED";

/// Each verb, in an order in which the later ones find what the earlier ones made.
const CASES: &[(&str, &[&str])] = &[
    ("list", &["list", "is:any"]),
    ("show", &["show", "is:any"]),
    ("count", &["count", "is:any"]),
    ("log", &["log", "-n", "100"]),
    ("why", &["why", "x6c0"]),
    ("customer", &["customer", "x6c0"]),
    ("views", &["views"]),
    ("keys", &["keys"]),
    ("config", &["config", "show"]),
    ("config", &["config", "check"]),
    ("config", &["config", "path"]),
    ("doctor", &["doctor"]),
    ("watch", &["watch", "is:any", "--all", "--once"]),
    ("next", &["next", "--peek"]),
    ("next", &["next"]),
    ("triage", &["triage", "tag:press", "--add-tag", "late", "--dry-run"]),
    ("triage", &["triage", "tag:press", "--add-tag", "late"]),
    ("assign", &["assign", "bob", "x6c0", "--dry-run"]),
    ("assign", &["assign", "bob", "x6c0"]),
    ("status", &["status", "waiting", "x6c0", "--dry-run"]),
    ("status", &["status", "waiting", "x6c0"]),
    ("tag", &["tag", "vip,-late", "tag:press", "--dry-run"]),
    ("tag", &["tag", "vip,-late", "tag:press"]),
    ("note", &["note", "called her, @bob", "x6c0", "--dry-run"]),
    ("note", &["note", "called her, @bob", "x6c0"]),
    ("seen", &["seen", "is:any"]),
    ("snooze", &["snooze", "tomorrow 9", "x6c0", "--dry-run"]),
    ("snooze", &["snooze", "tomorrow 9", "x6c0"]),
    ("title", &["title", "Recall", "x6c0", "--dry-run"]),
    ("title", &["title", "Recall", "x6c0"]),
    ("follow", &["follow", "x6c0"]),
    ("move", &["move", "sales", "x6c0", "--dry-run"]),
    ("move", &["move", "sales", "x6c0"]),
    ("undo", &["undo"]),
    ("redo", &["redo"]),
    ("batch", &["batch", "-"]),
    ("merge", &["merge", "--into", "x6c0", "jm3n", "--dry-run"]),
    ("merge", &["merge", "--into", "x6c0", "jm3n"]),
    ("split", &["split", "x6c0", "--message", "2"]),
    ("reply", &["reply", "tag:recall", "--body", "Hello", "--dry-run"]),
    ("reply", &["reply", "tag:recall", "--body", "Hello", "--draft", "--max", "50"]),
    ("reply", &["reply", "tag:press", "--body", "Thank you", "--send", "--max", "50"]),
    ("forward", &["forward", "tag:press", "--to", "books@example.com", "--dry-run"]),
    ("invite", &["invite", "is:any", "accept", "--dry-run"]),
    ("new", &["new", "--to", "ana@example.org", "--subject", "Hello", "--body", "Hi", "--later", "tomorrow 9"]),
    ("draft", &["draft", "list"]),
    ("outbox", &["outbox", "list"]),
    ("replies", &["replies", "list"]),
    ("replies", &["replies", "lint"]),
    ("attachment", &["attachment", ATTACHED]),
    ("apply", &["apply", "-"]),
    ("sync", &["sync"]),
    ("sync", &["sync", "--status"]),
    ("team", &["team"]),
    ("team", &["team", "show"]),
    ("team", &["team", "set", "--inbox", "support=support@example.com", "--dry-run"]),
    ("export", &["export", "tag:press", "--format", "json"]),
    ("export", &["export", "tag:press", "--format", "mbox", "--to", "out.mbox"]),
    ("import", &["import", "out.mbox", "--to", "demo", "--dry-run"]),
    ("backup", &["backup", "out"]),
    ("backup", &["backup", "out", "--check"]),
    ("erase", &["erase", "x6c0", "--dry-run"]),
    ("login", &["login"]),
];

/// Verbs that print no objects.
const SILENT: [&str; 5] = ["completions", "demo", "help", "init", "schema"];

/// Verbs that print nothing on the sample: it has no server, and no invitation that asks for an answer.
const NOTHING_HERE: [&str; 3] = ["invite", "login", "sync"];

/// The verbs, as the help lists them.
fn verbs(env: &Environment) -> BTreeSet<String> {
    let help = env.run(&["--help"]).stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let of_line = |line: &str| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')).map(str::to_owned);
    listed.filter_map(of_line).filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
}

/// What a case reads on stdin.
fn input(env: &Environment, args: &[&str]) -> String {
    match args {
        ["batch", ..] => "tag vip x6c0\ntagg x\nassign carol tag:press\n".to_owned(),
        ["apply", ..] => env.run(&["tag", "planned", "tag:press", "--dry-run", "--json"]).stdout,
        _ => String::new(),
    }
}

#[test]
fn every_verb_prints_what_its_schema_says() {
    let env = Environment::demo();
    let mut judge = Judge::new(&env);
    std::fs::create_dir(env.path("store/replies")).unwrap();
    std::fs::write(env.path("store/replies/thanks.md"), "Thank you, {customer.first_name}!\n").unwrap();
    std::fs::write(env.path("store/replies/wrong.md"), "Hello {nobody.knows}\n").unwrap();
    let attached = env.run(&["list", "has:attachment", "-n", "1", "--jq", ".id"]).stdout;
    let known: BTreeSet<String> = CASES.iter().map(|(verb, _)| (*verb).to_owned()).collect();
    let mut all = verbs(&env);
    all.retain(|verb| !SILENT.contains(&verb.as_str()));
    assert_eq!(all, known, "each verb has a case, and each case a verb");
    let (mut wrong, mut silent) = (Vec::new(), all);
    for (verb, args) in CASES {
        let fill = |arg: &&'static str| if *arg == ATTACHED { attached.trim() } else { *arg };
        let args: Vec<&str> = args.iter().map(fill).chain(["--json"]).collect();
        let Said { stdout, stderr, .. } = env.pipe(&args, &input(&env, &args));
        let printed: Value = serde_json::from_str(&env.run(&["schema", verb]).stdout).unwrap();
        for line in stdout.lines() {
            silent.remove(*verb);
            let object: Value = serde_json::from_str(line).unwrap();
            wrong.extend(judge.wrong(&object).map(|why| format!("{args:?}: {why}")));
            let kind = object["type"].as_str().unwrap_or_default();
            if printed["$defs"].get(kind).is_none() {
                wrong.push(format!("{args:?}: `postroom schema {verb}` does not say that it prints {kind:?}"));
            }
        }
        for line in stderr.lines() {
            let object: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{args:?}: {line}"));
            wrong.extend(judge.wrong(&object).map(|why| format!("{args:?}: {why}")));
        }
    }
    wrong.truncate(20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let silent: Vec<String> = silent.into_iter().collect();
    assert_eq!(silent, NOTHING_HERE);
}

#[test]
fn what_is_not_of_the_schema_is_seen() {
    let env = Environment::demo();
    let mut judge = Judge::new(&env);
    let said = env.run(&["count", "is:any", "--json"]).stdout;
    let fine: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(judge.wrong(&fine), None);
    for (field, value) in [("count", Value::from("nine")), ("more", Value::from(1)), ("type", Value::from("counts"))] {
        let mut other = fine.clone();
        other[field] = value;
        assert!(judge.wrong(&other).is_some(), "{other}");
    }
    let mut less = fine.clone();
    less.as_object_mut().unwrap().remove("query");
    assert!(judge.wrong(&less).is_some());
}

#[test]
fn a_schema_is_printed_of_a_type_or_a_verb_and_the_nearest_of_what_there_is_not_is_named() {
    let env = Environment::new();
    insta::assert_snapshot!(env.run(&["schema", "count"]));
    insta::assert_snapshot!(env.run(&["schema", "conversaton"]));
    let of = |name: &str| {
        let all: Value = serde_json::from_str(&env.run(&["schema", name, "--json"]).stdout).unwrap();
        all["oneOf"].as_array().unwrap().len()
    };
    assert_eq!((of("operation"), of("why"), of("config")), (1, 2, 3));
    let help = env.run(&["help", "json"]).stdout;
    assert!(help.contains("| `conversation` | `export`, `list`, `next`, `show` |"), "{help}");
}
