//! `postroom log`.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::follow::{self, Follower, StateFile};
use crate::cli::global::Format;
use crate::cli::log_json::LogJson;
use crate::cli::output::Output;
use crate::cli::table::Column;
use crate::cli::words::usage;
use crate::cli::{act, targets};
use crate::error::UserError;
use crate::model::clock::Timestamp;
use crate::model::conversation::LogEntry;
use crate::model::ids::Handle;
use crate::model::text::{SafeText, in_quotes};
use crate::model::when::read_span;
use crate::query::{Day, NameAsked, Naming};
use crate::service::known;
use crate::store::{LogFilter, LogPoint, LogWanted};

/// How many entries are read at a time.
const PAGE: usize = 500;
/// How long nothing is looked for where nobody commits.
const IDLE: Duration = Duration::from_secs(3600);

/// The arguments.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "With --follow each record is printed once, oldest first, as this store gets to know it; with --json each line has a\n\
`cursor` to go on from. `postroom help watch` has the rest.\n\n\
  postroom log --follow --json --kind assign --state ~/.local/state/assigned.cursor\n\
  postroom log --actor bob --since 2d"
)]
pub struct LogArgs {
    /// Only what was done to this conversation
    #[arg(value_name = "ID")]
    conversation: Option<String>,
    /// The same, by name
    #[arg(long = "conversation", value_name = "ID", conflicts_with = "conversation")]
    of: Option<String>,
    /// Only what this agent did
    #[arg(long, value_name = "AGENT")]
    actor: Option<String>,
    /// Only operations of this kind: assign, set-status, tag, note, replied …
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only what was done since then: 2h, 3d, 2026-11-29, or a moment as JSON has it
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Go on: print each record as it comes, until Ctrl-C
    #[arg(long, short)]
    follow: bool,
    /// Go on behind this cursor, which an earlier line had
    #[arg(long, value_name = "CURSOR", requires = "follow", conflicts_with = "state")]
    after: Option<String>,
    /// Keep the cursor of the last line in this file, and go on from it
    #[arg(long, value_name = "FILE", requires = "follow")]
    state: Option<PathBuf>,
    /// Print what there is and end
    #[arg(long, requires = "follow")]
    once: bool,
    /// Print at most so many
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<usize>,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments and of the store.
pub fn run(around: &Surroundings, out: &mut Output, args: &LogArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let wanted = wanted(&desk, args)?;
    if args.follow {
        return follow(&desk, out, args, &wanted);
    }
    let mut left = args.limit.unwrap_or(usize::MAX);
    let mut before = None;
    let mut any = false;
    while left > 0 && !out.is_closed() {
        let filter = LogFilter { conversation: wanted.conversation.clone(), before, limit: PAGE };
        let mut page = desk.store.log(&filter)?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        page.retain(|entry| wanted.takes(entry));
        page.truncate(left);
        left = left.saturating_sub(page.len());
        any |= !page.is_empty();
        print(&desk, out, &page)?;
    }
    if any { Ok(Exit::Done) } else { act::nothing(out) }
}

/// Reads which records are wanted.
fn wanted(desk: &Desk, args: &LogArgs) -> Result<LogWanted, UserError> {
    let conversation = args.conversation.as_deref().or(args.of.as_deref());
    let actor = args.actor.as_deref().map(|name| if name == "me" { desk.config.me.as_str() } else { name });
    let actor = actor.map(Handle::new).transpose().map_err(|error| usage(error.to_string()))?;
    if let Some(agent) = actor.as_ref().filter(|_| !desk.allow_unknown) {
        let asked = NameAsked { naming: Naming::Agent, name: agent.to_string(), negated: false };
        if let Some(unknown) = known::unknown_name(&desk.store, asked)? {
            return Err(targets::refused(&unknown));
        }
    }
    Ok(LogWanted {
        actor,
        kind: args.kind.clone(),
        since: args.since.as_deref().map(|word| since(desk, word)).transpose()?,
        conversation: conversation.map(|word| targets::one(desk, word)).transpose()?,
    })
}

/// Reads a moment that has passed.
fn since(desk: &Desk, word: &str) -> Result<Timestamp, UserError> {
    if let Some(span) = read_span(word) {
        return Ok(desk.context().ago(span));
    }
    if let Ok(date) = word.parse::<jiff::civil::Date>() {
        return Ok(desk.context().begin_of(Day::Date(date)));
    }
    let moment: Result<jiff::Timestamp, _> = word.parse();
    let moment =
        moment.map_err(|_| usage(phrase!("since-unreadable", given = in_quotes(word))).hint(phrase!("hint-since")))?;
    Ok(Timestamp(moment.as_millisecond()))
}

/// Prints records as they come.
fn follow(desk: &Desk, out: &mut Output, args: &LogArgs, wanted: &LogWanted) -> Result<Exit, UserError> {
    let state = args.state.as_deref().map(StateFile::new);
    let mut at = match follow::cursor(args.after.as_deref(), state.as_ref())? {
        Some(cursor) => desk.store.log_point(&cursor)?.ok_or_else(|| follow::unknown(&cursor, state.as_ref()))?,
        // Whoever names a time wants what was done since then too.
        None if wanted.since.is_some() => LogPoint::BEGIN,
        None => desk.store.log_end()?,
    };
    if let Some(state) = &state {
        state.write(&at.cursor())?;
    }
    let mut follower = Follower::new(&desk.store);
    let mut left = args.limit.unwrap_or(usize::MAX);
    let mut any = false;
    loop {
        follower.mark();
        loop {
            let (entries, next) = desk.store.log_behind(at, wanted)?;
            let all = entries.len() <= left;
            for (point, entry) in entries.iter().take(left) {
                print_followed(desk, out, point.cursor(), entry)?;
                out.flush();
                if out.is_closed() {
                    return Ok(Exit::Done);
                }
                if let Some(state) = &state {
                    state.write(&point.cursor())?;
                }
            }
            left = left.saturating_sub(entries.len());
            any |= !entries.is_empty();
            if left == 0 || !all {
                return Ok(Exit::Done);
            }
            if next == at {
                break;
            }
            at = next;
        }
        if args.once {
            return if any { Ok(Exit::Done) } else { act::nothing(out) };
        }
        if !follower.wait(IDLE) {
            return Ok(Exit::Done);
        }
    }
}

fn print_followed(desk: &Desk, out: &mut Output, cursor: String, entry: &LogEntry) -> Result<(), UserError> {
    if out.format() == Format::Json {
        let targets = desk.store.log_targets(entry.id)?;
        out.json(&FollowedJson { cursor: Some(cursor), entry: LogJson::new(entry, &targets) });
        return Ok(());
    }
    print(desk, out, std::slice::from_ref(entry))
}

/// An operation as it comes: that of `log`, and where to go on behind it.
#[derive(Serialize, JsonSchema)]
pub struct FollowedJson<'a> {
    #[serde(flatten)]
    entry: LogJson<'a>,
    /// Only of `log --follow`.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

fn print(desk: &Desk, out: &mut Output, entries: &[LogEntry]) -> Result<(), UserError> {
    match out.format() {
        Format::Json => {
            for entry in entries {
                out.json(&LogJson::new(entry, &desk.store.log_targets(entry.id)?));
            }
        }
        Format::Ids => entries.iter().for_each(|entry| out.line(&SafeText::line(&entry.id.to_string()))),
        Format::Table => {
            let columns = [Column::FIXED, Column::FIXED, Column::FIXED, Column::between(24, 400), Column::FIXED];
            let cells: Vec<Vec<SafeText>> = entries.iter().map(|entry| cells(desk, entry)).collect();
            out.table(&columns, &cells);
        }
    }
    Ok(())
}

fn cells(desk: &Desk, entry: &LogEntry) -> Vec<SafeText> {
    let whom = match entry.conversations.as_slice() {
        [one] if entry.touched == 1 => one.clone(),
        // Some are about no conversation, such as the team's record, and of an erased one no id is left.
        _ if entry.touched == 0 => "-".to_owned(),
        _ if entry.touched == 1 => "1 conv".to_owned(),
        _ => format!("{} convs", entry.touched),
    };
    // In a column of its own: a long sentence is cut, what became of it never.
    let mut became = match &entry.lost_to {
        _ if entry.undone => "undone".to_owned(),
        Some(who) if who == "nobody" => "nobody had it".to_owned(),
        Some(who) => format!("{who} was first"),
        None if entry.lost > 0 => {
            let said = crate::text::number;
            format!("lost {} of {}", said(entry.lost), said(entry.touched))
        }
        None => String::new(),
    };
    if entry.on_server.is_none() && desk.config.has_server() {
        became = if became.is_empty() { "unsent".to_owned() } else { format!("{became}, unsent") };
    }
    vec![
        SafeText::line(&desk.minute(entry.at)),
        SafeText::line(&whom),
        SafeText::line(&became),
        entry.sentence.clone(),
        SafeText::line(&entry.id.to_string()),
    ]
}
