//! The hooks of the config: `[hook.NAME]`.

use super::reader::Section;
use crate::model::hook::{Hook, HookEvent, Once};
use crate::model::text::in_quotes;
use crate::program::words;
use crate::query;

/// The longest name of a program of the config, in bytes.
const NAME_MAX: usize = 64;

/// Reads all hooks.
pub(super) fn hooks(root: &Section<'_, '_>) -> Vec<Hook> {
    let mut hooks = Vec::new();
    for (name, section) in root.sections("hook") {
        if !is_name(&name) {
            section.complain("", phrase!("config-hook-name", name = in_quotes(&name)), phrase!("hint-hook-name"));
        }
        let on = events(&section);
        let run = run(&section);
        let query = section.text("query").unwrap_or_default();
        if let Err(error) = query::parse(&query) {
            section.complain("query", error.phrase(), error.hint.clone().unwrap_or("".into()));
        }
        let once = section.word("once", &[("client", Once::Client), ("team", Once::Team)]).unwrap_or_default();
        let timeout = section.number("timeout", 1..=600).and_then(|n| u32::try_from(n).ok()).unwrap_or(30);
        section.finish();
        hooks.push(Hook { name, on, run, query, once, timeout });
    }
    hooks
}

/// Tells whether a program of the config can be called so.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !name.is_empty() && name.len() <= NAME_MAX && name.chars().all(plain)
}

fn events(section: &Section<'_, '_>) -> Vec<HookEvent> {
    let all = HookEvent::ALL.map(HookEvent::name).join(", ");
    let mut on = Vec::new();
    let given = section.texts("on").unwrap_or_default();
    if given.is_empty() {
        let what = phrase!("config-key-missing", key = format!("{}.on", section.name));
        section.complain("on", what, phrase!("hint-hook-events", events = &all));
    }
    for name in &given {
        match HookEvent::named(name) {
            Some(event) if on.contains(&event) => {}
            Some(event) => on.push(event),
            None => {
                let what = phrase!("config-no-hook-event", name = in_quotes(name));
                section.complain("on", what, phrase!("hint-hook-events", events = &all));
            }
        }
    }
    on
}

/// Reads the program: a list of its words, or a line of them.
pub(super) fn run(section: &Section<'_, '_>) -> Vec<String> {
    let run = match section.line_or_words("run") {
        Some(Ok(line)) => words(&line).unwrap_or_default(),
        Some(Err(argv)) => argv,
        None => Vec::new(),
    };
    if run.first().is_none_or(String::is_empty) {
        section.complain("run", phrase!("config-hook-run", section = &section.name), phrase!("hint-hook-run"));
    }
    run
}
