//! The key table of the README, made from the keymap so that it can't go stale.

use std::collections::BTreeMap;

use crate::keymap::{Action, Context, Keymap, write_keys};

/// Returns a Markdown table of every binding of `keymap`, a section for each context.
pub fn table_markdown(keymap: &Keymap) -> String {
    let mut out = String::new();
    for context in Context::ALL {
        let rows = rows(keymap, context);
        if rows.is_empty() {
            continue;
        }
        out.push_str(&format!("### {}\n\n| key | action | does |\n|---|---|---|\n", context.title()));
        for (action, keys) in rows {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
            out.push_str(&format!("| {} | `{}` | {} |\n", keys.join(" "), action.name(), action.sentence()));
        }
        out.push('\n');
    }
    out
}

/// Returns each action bound in `context`, in the order of the action table, with its keys.
pub(crate) fn rows(keymap: &Keymap, context: Context) -> Vec<(Action, Vec<String>)> {
    let mut by_action: BTreeMap<Action, Vec<(usize, Vec<crate::keymap::Key>)>> = BTreeMap::new();
    for (keys, action) in keymap.bindings(context) {
        by_action.entry(action).or_default().push((keys.len(), keys));
    }
    by_action
        .into_iter()
        .map(|(action, mut keys)| {
            keys.sort_by_key(|(length, keys)| (*length, keys.first().map(|key| key.rank())));
            (action, keys.iter().map(|(_, keys)| write_keys(keys)).collect())
        })
        .collect()
}

impl Keymap {
    /// Returns each action bound in `context`, in the order of the action table, with its keys in our notation.
    pub fn rows(&self, context: Context) -> Vec<(Action, Vec<String>)> {
        rows(self, context)
    }
}
