//! Lines of a batch: divided into words as a shell does it, or JSON, and read by the parser of the command line.

use clap::{CommandFactory, FromArgMatches};
use serde::Deserialize;

use crate::cli::act::Request;
use crate::cli::args::{Args, Verb};
use crate::cli::desk::Desk;
use crate::cli::global::Global;
use crate::cli::verbs::{assign, follow, merge, move_to, note, seen, snooze, split, status, tag, title, triage};
use crate::cli::{mistyped, words, words_of_queries};
use crate::error::UserError;
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;

/// The longest line, in bytes: the longest note several times over.
const LINE_MAX: usize = 4 << 20;

/// What a line can ask for.
const VERBS: &str = "assign, follow, merge, move, note, redo, seen, snooze, split, status, tag, title, triage, undo";

/// A line that is neither blank nor a comment.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Its number in the file, from 1.
    pub number: usize,
    /// What it says.
    pub text: String,
}

/// Returns the lines of a file.
pub fn all(text: &str) -> Vec<Typed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = (1..).zip(text.lines()).map(|(number, line)| Typed { number, text: line.trim().to_owned() });
    lines.filter(|line| !line.text.is_empty() && !line.text.starts_with('#')).collect()
}

/// What a line asks for.
pub enum Work {
    /// That something is so with conversations.
    Change(Request),
    /// That something is taken back: the last thing, or this.
    Undo(Option<String>),
    /// That it is brought back.
    Redo,
}

/// A line as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonLine {
    verb: String,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    targets: Vec<String>,
}

impl JsonLine {
    /// Returns its words; what stands behind `--` is never an option.
    fn words(self) -> Vec<String> {
        let ends = (!self.targets.is_empty() && !self.args.iter().any(|arg| arg == "--")).then(|| "--".to_owned());
        std::iter::once(self.verb).chain(self.args).chain(ends).chain(self.targets).collect()
    }
}

/// Returns the verb of a line as it is written, as far as it can be told.
pub fn verb_of(text: &str) -> String {
    if text.starts_with('{') {
        let line: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        return SafeText::line_max(line.get("verb").and_then(|verb| verb.as_str()).unwrap_or("?"), 30).to_string();
    }
    SafeText::line_max(text.split_whitespace().next().unwrap_or_default(), 30).to_string()
}

/// The parser of the command line, built once for all lines.
pub struct Parser(clap::Command);

impl Parser {
    /// Builds it.
    pub fn new() -> Self {
        Self(Args::command())
    }

    /// Reads a line: the verb, and what is asked for. Targets are looked up as the store stands.
    ///
    /// # Errors
    /// Says what is wrong, and what would be right.
    pub fn read(&mut self, desk: &Desk, line: &Typed) -> Result<(String, Work), UserError> {
        let words = split_up(&line.text)?;
        let program = std::iter::once("postroom".to_owned()).chain(words).map(Into::into);
        let matches = self.0.try_get_matches_from_mut(words_of_queries(program)).map_err(|error| of_parser(&error))?;
        let name = matches.subcommand_name().unwrap_or_default().to_owned();
        let args = Args::from_arg_matches(&matches).map_err(|error| of_parser(&error))?;
        if args.global != Global::default() {
            return Err(words::usage(phrase!("batch-global")).hint(phrase!("hint-batch-global")));
        }
        let work = work(desk, args.verb, &name)?;
        Ok((name, work))
    }
}

fn split_up(text: &str) -> Result<Vec<String>, UserError> {
    if text.len() > LINE_MAX {
        return Err(words::usage(phrase!("batch-line-long")));
    }
    if text.starts_with('{') {
        let line: JsonLine = serde_json::from_str(text).map_err(|error| {
            words::usage(phrase!("batch-no-json", why = error.to_string())).hint(phrase!("hint-batch-json-braces"))
        })?;
        return Ok(line.words());
    }
    shlex::split(text)
        .ok_or_else(|| words::usage(phrase!("batch-open-quote")).hint(phrase!("hint-batch-open-quote-braces")))
}

fn of_parser(error: &clap::Error) -> UserError {
    if mistyped::is_help(error) {
        return refused(phrase!("batch-help"));
    }
    mistyped::error(error)
}

fn refused(what: Phrase) -> UserError {
    words::usage(what).hint(phrase!("hint-batch-verbs", verbs = VERBS))
}

fn work(desk: &Desk, verb: Option<Verb>, name: &str) -> Result<Work, UserError> {
    let request = match verb {
        Some(Verb::Undo(args)) => return Ok(Work::Undo(args.of)),
        Some(Verb::Redo(_)) => return Ok(Work::Redo),
        Some(Verb::Assign(args)) => assign::request(desk, &args),
        Some(Verb::Follow(args)) => follow::request(desk, &args),
        Some(Verb::Merge(args)) => merge::request(desk, &args),
        Some(Verb::Move(args)) => move_to::request(desk, &args),
        Some(Verb::Note(args)) => note::request(desk, &args),
        Some(Verb::Seen(args)) => seen::request(desk, &args),
        Some(Verb::Snooze(args)) => snooze::request(desk, &args),
        Some(Verb::Split(args)) => split::request(desk, &args),
        Some(Verb::Status(args)) => status::request(desk, &args),
        Some(Verb::Tag(args)) => tag::request(desk, &args),
        Some(Verb::Title(args)) => title::request(desk, &args),
        Some(Verb::Triage(args)) => triage::request(desk, &args),
        Some(_) => return Err(refused(phrase!("batch-not-this", verb = name))),
        None => return Err(refused(phrase!("batch-no-verb"))),
    };
    Ok(Work::Change(request?))
}
