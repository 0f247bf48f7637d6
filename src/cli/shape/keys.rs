//! The fields of what verbs print, so that one that is not there is told before anything is done.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cli::schema;

/// What of a conversation only some verbs print.
const WHOLE: [&str; 5] = ["followers", "earlier", "context", "related", "items"];
/// Those that print of a conversation its row alone.
const OF_ROWS: [&str; 2] = ["list", "next"];

/// Returns the fields of all kinds of objects that a verb prints, by their schema; none where it prints none.
pub fn of(verb: &str) -> BTreeSet<String> {
    let kinds = schema::about(verb);
    let all = schema::of(&kinds);
    let mut fields = BTreeSet::new();
    for kind in &kinds {
        gather(all.pointer(&format!("/$defs/{}", kind.name)), &all, &mut fields);
    }
    if OF_ROWS.contains(&verb) {
        fields.retain(|field| !WHOLE.contains(&field.as_str()));
    }
    fields
}

/// Gathers the properties of a schema and of those that it is made of.
fn gather(schema: Option<&Value>, all: &Value, into: &mut BTreeSet<String>) {
    let Some(schema) = schema else { return };
    if let Some(Value::Object(properties)) = schema.get("properties") {
        into.extend(properties.keys().cloned());
    }
    for list in ["allOf", "anyOf", "oneOf"] {
        let parts = schema.get(list).and_then(Value::as_array);
        parts.into_iter().flatten().for_each(|part| gather(Some(part), all, into));
    }
    if let Some(Value::String(to)) = schema.get("$ref") {
        gather(all.pointer(to.trim_start_matches('#')), all, into);
    }
}
