//! The schema of what `--json` prints, made from the types that are printed: JSON Schema, draft 2020-12.
//!
//! It says what is there and of which kind it is. Fields may come to it, so whoever reads by it passes over what it does not name.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::customer_json::{CustomerJson, PanelJson};
use super::error_json::{ErrorLine, SaidLine};
use super::hooks::HookJson;
use super::json::{
    ConversationJson, CountJson, DepartedJson, DiffersJson, DoneJson, RefusedJson, SCHEMA, TogetherJson, TroubleJson,
    UndoneJson, UpgradedJson, WhyJson,
};
use super::mail_json::{AttachmentJson, DraftJson, FaultJson, MailJson, OutgoingJson, SavedJson};
use super::status::{HookStatusJson, StatusJson};
use super::verbs;
use crate::service::triage::paper::PlanLine;

/// Makes the schema of a type.
type Make = fn(&mut SchemaGenerator) -> Schema;

/// A kind of object: what stands in `type`, and how its schema is made.
#[derive(Clone, Copy)]
pub struct Kind {
    /// What stands in `type`.
    pub name: &'static str,
    make: Make,
}

/// Says of which type the objects of a kind are.
macro_rules! kinds {
    ($($name:literal => $of:ty,)+) => {
        &[$(Kind { name: $name, make: <$of as JsonSchema>::json_schema }),+]
    };
}

/// Every kind of object that is printed.
pub const KINDS: &[Kind] = kinds! {
    "adoptable" => verbs::team::adopt_log::AdoptableJson<'static>,
    "attachment" => AttachmentJson<'static>,
    "backup" => verbs::backup::BackupJson<'static>,
    "check" => verbs::doctor::CheckedJson<'static>,
    "client" => verbs::team::clients::ClientJson<'static>,
    "config" => verbs::config::ConfigJson<'static>,
    "config-check" => verbs::config::CheckJson<'static>,
    "conversation" => ConversationJson<'static>,
    "count" => CountJson<'static>,
    "customer" => CustomerJson<'static>,
    "departed" => DepartedJson<'static>,
    "done" => DoneJson<'static>,
    "draft" => DraftJson<'static>,
    "erase" => verbs::erase::EraseJson<'static>,
    "error" => ErrorLine,
    "export" => verbs::export::ExportJson<'static>,
    "fault" => FaultJson<'static>,
    "hint" => SaidLine<'static>,
    "hook" => HookJson<'static>,
    "hook-status" => HookStatusJson<'static>,
    "import" => verbs::import::ImportJson<'static>,
    "info" => SaidLine<'static>,
    "key" => verbs::keys::KeyJson<'static>,
    "line" => verbs::batch::told::LineJson<'static>,
    "log-key" => verbs::team::rotate_key::KeyJson<'static>,
    "login" => verbs::login::LoginJson<'static>,
    "mail" => MailJson<'static>,
    "operation" => verbs::log::FollowedJson<'static>,
    "outgoing" => OutgoingJson<'static>,
    "panel" => PanelJson<'static>,
    "paths" => verbs::config::PathsJson<'static>,
    "plan" => PlanLine,
    "refused" => RefusedJson<'static>,
    "saved-reply" => SavedJson<'static>,
    "sync-status" => StatusJson<'static>,
    "team" => verbs::team::show::TeamJson<'static>,
    "team-differs" => DiffersJson<'static>,
    "team-set" => verbs::team::set::SetJson<'static>,
    "together" => TogetherJson<'static>,
    "trouble" => TroubleJson<'static>,
    "undone" => UndoneJson<'static>,
    "upgraded" => UpgradedJson,
    "view" => verbs::views::ViewJson,
    "warning" => SaidLine<'static>,
    "watch" => verbs::watch::WatchJson<'static>,
    "why" => WhyJson<'static>,
};

/// What a visit to the server tells.
const VISIT: &[&str] = &["refused", "trouble", "departed", "upgraded", "team-differs"];
/// What a verb that changes conversations prints.
const ACT: &[&str] = &["done", "plan"];
/// What a verb that writes mail prints.
const WRITE: &[&str] = &["mail", "draft", "outgoing"];

/// What each verb prints on stdout. Any prints `error`, `warning`, `hint` and `info` on stderr.
pub const VERBS: &[(&str, &[&[&str]])] = &[
    ("apply", &[ACT, VISIT]),
    ("assign", &[ACT, VISIT]),
    ("attachment", &[&["attachment"]]),
    ("backup", &[&["backup"]]),
    ("batch", &[&["line", "plan"], VISIT]),
    ("config", &[&["config", "config-check", "paths"]]),
    ("count", &[&["count"]]),
    ("customer", &[&["customer"]]),
    ("doctor", &[&["check"]]),
    ("draft", &[WRITE, VISIT]),
    ("erase", &[&["erase"], VISIT]),
    ("export", &[&["conversation", "export"]]),
    ("follow", &[ACT, VISIT]),
    ("forward", &[WRITE, VISIT]),
    ("import", &[&["import"], VISIT]),
    ("invite", &[WRITE, VISIT]),
    ("keys", &[&["key"]]),
    ("list", &[&["conversation"]]),
    ("log", &[&["operation"]]),
    ("login", &[&["login"]]),
    ("merge", &[ACT, VISIT]),
    ("move", &[ACT, VISIT]),
    ("new", &[WRITE, VISIT]),
    ("next", &[&["conversation"], VISIT]),
    ("note", &[ACT, VISIT]),
    ("outbox", &[WRITE, VISIT]),
    ("redo", &[&["undone"], VISIT]),
    ("replies", &[&["saved-reply", "fault"], VISIT]),
    ("reply", &[WRITE, VISIT]),
    ("seen", &[ACT, VISIT]),
    ("show", &[&["conversation"]]),
    ("snooze", &[ACT, VISIT]),
    ("split", &[ACT, VISIT]),
    ("status", &[ACT, VISIT]),
    ("sync", &[&["sync-status", "hook-status"], VISIT]),
    ("tag", &[ACT, VISIT]),
    ("team", &[&["client", "team", "team-set", "log-key", "adoptable"], VISIT]),
    ("title", &[ACT, VISIT]),
    ("triage", &[ACT, VISIT]),
    ("undo", &[&["undone"], VISIT]),
    ("views", &[&["view"]]),
    ("watch", &[&["watch"]]),
    ("why", &[&["why", "together"]]),
];

/// Returns the kinds of objects that `name` is about: a kind of that name, and all that a verb of that name prints. Empty where there is
/// neither.
pub fn about(name: &str) -> Vec<Kind> {
    let printed: Vec<&str> =
        VERBS.iter().filter(|(verb, _)| *verb == name).flat_map(|(_, kinds)| kinds.concat()).collect();
    KINDS.iter().filter(|kind| kind.name == name || printed.contains(&kind.name)).copied().collect()
}

/// Returns the schema of these kinds, each below its name.
pub fn of(kinds: &[Kind]) -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut all = Map::new();
    for kind in kinds {
        let mut schema = (kind.make)(&mut generator);
        name(&mut schema, kind.name);
        all.insert(kind.name.to_owned(), schema.to_value());
    }
    let any: Vec<Value> = all.keys().map(|name| json!({ "$ref": format!("#/$defs/{name}") })).collect();
    all.extend(generator.take_definitions(true));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "One object on a line of its own. Fields may come to it; none is renamed or goes.",
        "oneOf": any,
        "$defs": all,
    })
}

/// Says what stands in `schema` and `type`.
fn name(schema: &mut Schema, kind: &str) {
    let fields = schema.ensure_object().entry("properties").or_insert_with(|| json!({}));
    if let Value::Object(fields) = fields {
        fields.insert("schema".to_owned(), json!({ "const": SCHEMA }));
        fields.insert("type".to_owned(), json!({ "const": kind }));
    }
}

/// Returns the verbs and what each prints, as a table.
pub fn table() -> String {
    let verbs = |kind: &str| {
        let prints = |kinds: &&[&[&str]]| kinds.iter().any(|some| some.contains(&kind));
        let all = VERBS.iter().filter(|(_, kinds)| prints(kinds)).map(|(verb, _)| format!("`{verb}`"));
        all.collect::<Vec<_>>()
    };
    let row = |kind: &Kind| {
        let by = verbs(kind.name);
        let by = match (kind.name, by.len()) {
            ("error" | "hint" | "info" | "warning", _) => "all, on stderr".to_owned(),
            ("hook", _) => "what a hook reads".to_owned(),
            ("panel", _) => "what a panel reads".to_owned(),
            (_, many) if many > 9 => "verbs that change something".to_owned(),
            _ => by.join(", "),
        };
        format!("| `{}` | {by} |\n", kind.name)
    };
    format!("| type | printed by |\n|---|---|\n{}", KINDS.iter().map(row).collect::<String>())
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
