//! `postroom keys`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::SCHEMA;
use crate::cli::output::Output;
use crate::cli::screen;
use crate::error::UserError;
use crate::keymap::{Context, Keymap, table_markdown};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct KeysArgs {
    /// Print the built-in keys, whatever the config says
    #[arg(long)]
    builtin: bool,
    /// Print those of a built-in keymap
    #[arg(long, value_name = "KEYMAP", conflicts_with = "builtin", value_parser = Keymap::presets())]
    preset: Option<String>,
}

/// Runs the verb: prints every key and what it does, as a table in Markdown.
///
/// # Errors
/// None: mistakes of the keymap file are told, and the rest is printed.
pub fn run(around: &Surroundings, out: &mut Output, args: &KeysArgs) -> Result<Exit, UserError> {
    let (name, keymap) = match (&args.preset, around.config()) {
        (Some(name), _) => (name.clone(), Keymap::preset(name).map(|(keymap, _)| keymap).unwrap_or_default()),
        (None, Ok(config)) if !args.builtin => {
            let (keymap, problems) = screen::keymap(&config);
            problems.iter().for_each(|problem| out.error(problem));
            (config.ui.keymap, keymap)
        }
        _ => ("default".to_owned(), Keymap::builtin()),
    };
    match out.format() {
        Format::Json => print(out, &name, &keymap),
        Format::Table | Format::Ids => out.own(&table_markdown(&keymap)),
    }
    Ok(Exit::Done)
}

/// `"type":"key"`: what keys do in one place of the screen.
#[derive(Serialize, JsonSchema)]
pub struct KeyJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    /// The keymap that the config names.
    keymap: &'a str,
    context: &'static str,
    keys: &'a [String],
    action: String,
    does: String,
}

fn print(out: &mut Output, name: &str, keymap: &Keymap) {
    for context in Context::ALL {
        for (bound, keys) in keymap.rows(context) {
            let (action, does) = (bound.name().to_string(), bound.sentence().to_string());
            let context = context.name();
            out.json(&KeyJson { schema: SCHEMA, r#type: "key", keymap: name, context, keys: &keys, action, does });
        }
    }
}
