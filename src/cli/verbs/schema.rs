//! `postroom schema`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::output::Output;
use crate::cli::schema::{self, KINDS, VERBS};
use crate::cli::words::usage;
use crate::error::UserError;
use crate::model::nearest::nearest;
use crate::model::text::in_quotes;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct SchemaArgs {
    /// A type of objects, or a verb: all that it prints; without one, everything
    #[arg(value_name = "TYPE|VERB")]
    name: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// When there is neither a type nor a verb of that name; names the nearest.
pub fn run(_: &Surroundings, out: &mut Output, args: &SchemaArgs) -> Result<Exit, UserError> {
    let kinds = args.name.as_deref().map_or_else(|| KINDS.to_vec(), schema::about);
    if let (Some(name), true) = (&args.name, kinds.is_empty()) {
        return Err(unknown(name));
    }
    let made = schema::of(&kinds);
    match out.format() {
        Format::Json => out.json(&made),
        _ => out.own(&format!("{made:#}\n")),
    }
    Ok(Exit::Done)
}

fn unknown(name: &str) -> UserError {
    let known = KINDS.iter().map(|kind| kind.name).chain(VERBS.iter().map(|(verb, _)| *verb));
    let hint = match nearest(name, known) {
        Some(near) => phrase!("hint-did-you-mean", near = near.to_owned()),
        None => phrase!("hint-schema"),
    };
    usage(phrase!("no-schema", name = in_quotes(name))).hint(hint)
}
