//! `postroom triage`.

use crate::cli::act::{Request, change};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words;
use crate::command::Action;
use crate::error::UserError;
use crate::op::wish::Wish;

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
    change(around, &desk, out, &request(&desk, args)?)
}

/// Returns what the arguments ask for.
///
/// # Errors
/// When they can't be read.
pub fn request(desk: &Desk, args: &TriageArgs) -> Result<Request, UserError> {
    let wishes = wishes(desk, args)?;
    if wishes.is_empty() {
        return Err(words::usage(phrase!("triage-nothing")).hint(phrase!("hint-triage-flags")));
    }
    Request::of(desk, &args.targets, wishes, args.dry)
}

/// Returns what the flags wish, in the order in which it is done: the status in front of the snooze, which it would end.
fn wishes(desk: &Desk, args: &TriageArgs) -> Result<Vec<Wish>, UserError> {
    let mut wishes = Vec::new();
    let mut wish = |action, given: &str| -> Result<(), UserError> {
        wishes.push(words::wish(desk, action, &[given])?);
        Ok(())
    };
    if let Some(word) = &args.note {
        wish(Action::Note, &words::text(desk, word)?)?;
    }
    if let Some(word) = &args.assign {
        wish(Action::Assign, word)?;
    }
    // A tag that is both put on and taken off is put on: the last counts.
    let signed = |words: &[String], sign: char| {
        words
            .iter()
            .flat_map(|word| word.split(','))
            .filter(|word| !word.is_empty())
            .map(move |word| format!("{sign}{word}"))
            .collect::<Vec<_>>()
    };
    let tags = [signed(&args.remove_tag, '-'), signed(&args.add_tag, '+')].concat();
    if !tags.is_empty() {
        wish(Action::Tag, &tags.join(","))?;
    }
    if let Some(word) = &args.status {
        wish(Action::Status, word)?;
    }
    if let Some(word) = &args.snooze {
        wish(Action::Snooze, word)?;
    }
    if let Some(text) = &args.title {
        wish(Action::Title, text)?;
    }
    if let Some(word) = &args.inbox {
        wish(Action::Move, word)?;
    }
    Ok(wishes)
}
