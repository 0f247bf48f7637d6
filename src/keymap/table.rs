//! The key table of the README, made from the keymap so that it can't go stale.

use std::collections::BTreeMap;

use crate::keymap::{Bound, Context, Keymap, write_keys};

/// Returns a Markdown table of every binding of `keymap`, a section for each context.
pub fn table_markdown(keymap: &Keymap) -> String {
    let mut out = String::new();
    for context in Context::ALL {
        let rows = rows(keymap, context);
        if rows.is_empty() {
            continue;
        }
        out.push_str(&format!("### {}\n\n| key | action | does |\n|---|---|---|\n", context.title()));
        for (bound, keys) in rows {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
            out.push_str(&format!("| {} | `{}` | {} |\n", keys.join(" "), bound.name(), bound.sentence()));
        }
        out.push('\n');
    }
    out
}

/// Returns what is bound in `context`, in the order of the action table, lines behind it, with its keys.
pub(crate) fn rows(keymap: &Keymap, context: Context) -> Vec<(Bound, Vec<String>)> {
    let mut by_bound: BTreeMap<Bound, Vec<(usize, Vec<crate::keymap::Key>)>> = BTreeMap::new();
    for (keys, bound) in keymap.bindings(context) {
        by_bound.entry(bound).or_default().push((keys.len(), keys));
    }
    by_bound
        .into_iter()
        .map(|(bound, mut keys)| {
            keys.sort_by_key(|(length, keys)| (*length, keys.first().map(|key| key.rank())));
            (bound, keys.iter().map(|(_, keys)| write_keys(keys)).collect())
        })
        .collect()
}

impl Keymap {
    /// Returns what is bound in `context`, in the order of the action table, lines behind it, with its keys in our notation.
    pub fn rows(&self, context: Context) -> Vec<(Bound, Vec<String>)> {
        rows(self, context)
    }
}
