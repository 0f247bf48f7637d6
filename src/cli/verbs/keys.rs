//! `postroom keys`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::screen;
use crate::error::UserError;
use crate::keymap::{Keymap, table_markdown};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct KeysArgs {
    /// Print the built-in keys, whatever the config says
    #[arg(long)]
    builtin: bool,
}

/// Runs the verb: prints every key and what it does, as a table in Markdown.
///
/// # Errors
/// None: mistakes of the keymap file are told, and the rest is printed.
pub fn run(around: &Surroundings, out: &mut Output, args: &KeysArgs) -> Result<Exit, UserError> {
    let keymap = match around.config() {
        Ok(config) if !args.builtin => {
            let (keymap, problems) = screen::keymap(&config);
            problems.iter().for_each(|problem| out.error(problem));
            keymap
        }
        _ => Keymap::builtin(),
    };
    out.own(&table_markdown(&keymap));
    Ok(Exit::Done)
}
