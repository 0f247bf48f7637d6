//! `postroom triage`.

use std::collections::BTreeSet;

use crate::cli::act::{Changes, carry_out, nothing, steps};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words;
use crate::error::UserError;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct TriageArgs {
    /// A query, ids, or - for ids from stdin; all that match are changed
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// Give them to an agent, `me`, or `nobody`
    #[arg(long, value_name = "WHO")]
    assign: Option<String>,
    /// Put this tag on
    #[arg(long, value_name = "TAG")]
    add_tag: Vec<String>,
    /// Take this tag off
    #[arg(long, value_name = "TAG")]
    remove_tag: Vec<String>,
    /// Set the status
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// Write a note; - reads it from stdin
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Put them to sleep: 3h, 2d, "tomorrow 9"; `now` wakes
    #[arg(long, value_name = "WHEN")]
    snooze: Option<String>,
    /// Give them a title
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Move them to another inbox
    #[arg(long = "move", value_name = "INBOX")]
    inbox: Option<String>,
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &TriageArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let changes = changes(&desk, args)?;
    if changes == Changes::default() {
        return Err(words::usage("nothing is to be done")
            .hint("add --assign, --add-tag, --remove-tag, --status, --note, --snooze, --title or --move"));
    }
    let Some(steps) = steps(&desk, &args.targets, &changes)? else { return nothing(out) };
    carry_out(around, &desk, out, steps, args.dry)
}

fn changes(desk: &Desk, args: &TriageArgs) -> Result<Changes, UserError> {
    let tags = |words: &[String]| -> Result<BTreeSet<_>, UserError> {
        words.iter().flat_map(|word| word.split(',')).filter(|w| !w.is_empty()).map(words::tag).collect()
    };
    Ok(Changes {
        assign: args.assign.as_deref().map(|word| words::agent(desk, word)).transpose()?,
        add: tags(&args.add_tag)?,
        remove: tags(&args.remove_tag)?,
        status: args.status.as_deref().map(|word| word.parse().map_err(words::usage)).transpose()?,
        note: args.note.as_deref().map(|word| words::text(word, "the note")).transpose()?,
        snooze: args.snooze.as_deref().map(|word| words::moment(desk, word)).transpose()?,
        title: args.title.clone(),
        inbox: args.inbox.as_deref().map(|word| words::inbox(desk, word)).transpose()?,
    })
}
