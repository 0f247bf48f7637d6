//! The command line: arguments to a verb, a verb to operations or rows, those to text, and all of it to an exit code.
//!
//! stdout carries data only, stderr talk. No verb asks anything unless both sit on a terminal. This room holds no rules of its own:
//! what an operation does is decided by `op` and `store`.

mod act;
mod args;
mod ask;
mod bodies;
mod completing;
mod connect;
mod customer_json;
mod demo;
mod desk;
mod doctor;
mod dry;
mod erasing;
mod error_json;
mod examples;
mod exit;
mod follow;
mod global;
mod going;
mod hooks;
mod importing;
mod invite_json;
mod json;
mod log_json;
mod mail_json;
mod mistyped;
mod moving;
mod output;
mod patience;
mod post;
mod remote;
mod saved;
mod schema;
mod screen;
mod shape;
mod stats_json;
mod status;
mod syncing;
mod table;
mod targets;
mod team_log;
mod verbs;
mod watch;
mod words;
mod writing;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use args::Args;
use desk::Surroundings;
pub use exit::Exit;
use global::{Format, Global};
use output::Output;

use crate::error::{ErrorKind, UserError};
use crate::model::text::SafeText;

/// Returns the words of a command line, those that negate a condition of a query in parentheses: `-tag:x` would be read as an option.
pub(crate) fn words_of_queries(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut is_literal = false;
    let negates = |word: &str| {
        let key = word.strip_prefix('-').and_then(|rest| rest.split_once(':')).map(|(key, _)| key);
        key.is_some_and(|key| crate::query::KEYS.contains(&key))
    };
    let read = |word: OsString| {
        is_literal |= word == "--";
        match word.to_str().filter(|word| !is_literal && negates(word)) {
            Some(word) => format!("({word})").into(),
            None => word,
        }
    };
    words.map(read).collect()
}

/// Says what to do about the first argument that is meant as part of a query and read as an option: `-tag:x`.
fn query_like() -> Option<UserError> {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let mut found = words.take_while(|word| word != "--").filter(|word| {
        let name = word.strip_prefix('-').and_then(|rest| rest.split_once(':')).map(|(name, _)| name);
        name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase()))
    });
    let word = SafeText::line_max(&found.next()?, 100);
    let told = UserError::new(ErrorKind::Usage, format!("{word} is read as an option, and there is none like it"));
    Some(told.hint(format!("what begins with `-` in a query stands behind `--`: write `-- '{word}'`")))
}

/// Tells of a command line that can't be read, or prints the help or the version that it asks for.
fn mistyped(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Help and version are no errors and go to stdout; a closed pipe there is no error either.
        let printed = error.print().and_then(|()| std::io::stdout().flush());
        let unwritten = printed.err().and_then(|error| output::unwritten(&error, Format::Table));
        return ExitCode::from(unwritten.unwrap_or(Exit::Done).code());
    }
    // Not all of the flags could be read, but what is wanted can be seen.
    let wants_json = global::wants_json(std::env::args_os());
    let mut out = Output::new(&Global { json: wants_json, ..Global::default() });
    match query_like() {
        Some(told) => out.error(&told),
        None if wants_json => out.error(&mistyped::error(error)),
        // Nothing can be told when stderr is closed.
        None => drop(error.print()),
    }
    ExitCode::from(Exit::Usage.code())
}

/// Runs the program with the arguments and the environment of the process.
pub fn main() -> ExitCode {
    let mut program = Args::command();
    let parsed = program.try_get_matches_from_mut(words_of_queries(std::env::args_os())).and_then(|words| {
        let args = Args::from_arg_matches(&words).map_err(|error| error.format(&mut program))?;
        Ok((args, words.subcommand_name().map(str::to_owned)))
    });
    let (args, verb) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return mistyped(&error),
    };
    let mut out = Output::new(&args.global);
    let ok_if_empty = args.global.ok_if_empty;
    let done = shape::Shape::of(&args.global, verb.as_deref()).and_then(|shape| {
        out.shape_by(shape);
        Surroundings::of_process(&args.global).and_then(|around| args.run(&around, &mut out))
    });
    let exit = match done {
        Ok(Exit::Nothing) if ok_if_empty => Exit::Done,
        Ok(exit) => exit,
        Err(error) => {
            out.error(&error);
            Exit::from(error.kind)
        }
    };
    crate::program::end_all();
    ExitCode::from(out.finish(exit).code())
}
