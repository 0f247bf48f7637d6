//! `postroom watch`: what enters, changes or leaves a query, as it comes.

use std::ffi::OsString;
use std::fs::TryLockError;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::follow::{self, Follower, StateFile};
use crate::cli::json::{ConversationJson, Moment, SCHEMA};
use crate::cli::output::{Output, json_line};
use crate::cli::targets::{self, Use};
use crate::cli::words::usage;
use crate::error::{ErrorKind, UserError};
use crate::model::phrase::Phrase;
use crate::program::{self, End, Ended, Program};
use crate::query::Query;
use crate::store::{AsideEvent, Happening, Watch, WatchEvent};
use crate::text;

/// How many events are read at a time.
const PAGE: usize = 200;
/// How often a query that asks for the time is asked whole.
const SWEEP: Duration = Duration::from_secs(60);
/// How often it is noted that the watch is in use.
const USE: Duration = Duration::from_secs(3600);
/// The longest wait between two tries of a command.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// The arguments.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Prints a line of JSON for each event: `event` is begins, enters, changes or leaves, `conversation` as `list --json`\n\
has it, `cursor` where to go on. `postroom help watch` has the rest.\n\n\
  postroom watch 'status:open inbox:support' --state ~/.local/state/support.cursor\n\
  postroom watch 'tag:urgent' --exec '/usr/local/bin/page-me' --tries 10\n\
  postroom watch 'tag:urgent' --exec '/usr/local/bin/page-me' --retry"
)]
pub struct WatchArgs {
    /// The query; without one, everything that is not closed and not snoozed
    query: Vec<String>,
    /// Go on behind this cursor, which an earlier line had
    #[arg(long, value_name = "CURSOR", conflicts_with_all = ["state", "all"])]
    after: Option<String>,
    /// Keep the cursor of the last line in this file, and go on from it
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Where it begins anew, begin with all that matches now
    #[arg(long)]
    all: bool,
    /// Print what there is and end
    #[arg(long)]
    once: bool,
    /// End after so many lines
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<usize>,
    /// Run this command for each event, one at a time, with the line on its stdin; words in quotes are one, there is no shell
    #[arg(long, value_name = "CMD", conflicts_with = "all")]
    exec: Option<String>,
    /// Kill the command after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, requires = "exec", value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// Set an event aside after so many tries
    #[arg(long, value_name = "N", default_value_t = 5, requires = "exec", value_parser = clap::value_parser!(u32).range(1..))]
    tries: u32,
    /// Wait so many seconds before the second try, and twice as long before each next one, up to a minute
    #[arg(long, value_name = "SECONDS", default_value_t = 1, requires = "exec")]
    pause: u64,
    /// Run the command once more for each event that was set aside, and end
    #[arg(long, requires = "exec", conflicts_with_all = ["after", "state", "once"])]
    retry: bool,
}

/// `"type":"watch"`: one event.
#[derive(Serialize, JsonSchema)]
pub struct WatchJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    event: &'static str,
    cursor: &'a str,
    at: Moment,
    id: Option<&'a str>,
    conversation: Option<ConversationJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tries: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aside: Option<String>,
}

impl<'a> WatchJson<'a> {
    fn new(event: &'a WatchEvent) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "watch",
            event: event.happening.name(),
            cursor: &event.cursor,
            at: event.at.into(),
            id: event.conversation.as_ref().map(|id| id.as_str()),
            conversation: event.row.as_ref().map(ConversationJson::row),
            tries: None,
            aside: None,
        }
    }
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the query, of the store and of the file with the cursor; a cursor that is not known.
pub fn run(around: &Surroundings, out: &mut Output, args: &WatchArgs) -> Result<Exit, UserError> {
    let everything_active = ["is:active".to_owned()];
    let query = targets::query(if args.query.is_empty() { &everything_active } else { &args.query })?;
    let exec = args.exec.as_deref().map(|line| Exec::new(line, args)).transpose()?;
    let desk = around.open()?;
    targets::admit(&desk, &query, Use::Read(out))?;
    let exec = exec.map(|exec| Exec { variables: desk.variables(), ..exec });
    let what = if args.retry { "retry" } else { "run" };
    let _lock = exec.as_ref().map(|exec| ExecLock::take(&desk, &query, exec, what)).transpose()?;
    if args.retry {
        return retry(&desk, out, &query, exec.as_ref());
    }
    let state = args.state.as_deref().map(StateFile::new);
    let watch = begin(&desk, &query, args, exec.as_ref(), state.as_ref())?;
    let follower = Follower::new(&desk.store);
    let mut watching =
        Watching { desk, query, exec, state, watch, follower, left: args.limit, printed: false, cursor: String::new() };
    watching.tell_asides(out)?;
    watching.run(out, args.once)
}

/// Finds the watch, at the place to go on from.
fn begin(
    desk: &Desk,
    query: &Query,
    args: &WatchArgs,
    exec: Option<&Exec>,
    state: Option<&StateFile>,
) -> Result<Watch, UserError> {
    let context = desk.context();
    let known = match follow::cursor(args.after.as_deref(), state)? {
        Some(cursor) => match desk.store.watch_behind(query, &context, &cursor)? {
            Some(watch) => Some(watch),
            None => return Err(follow::unknown(&cursor, state)),
        },
        None => None,
    };
    Ok(match (exec, known) {
        (Some(exec), known) => desk.store.watch_for(query, &context, &exec.line, known)?,
        (None, Some(known)) => known,
        (None, None) => desk.store.watch(query, &context, args.all)?,
    })
}

/// A watch that runs.
struct Watching {
    desk: Desk,
    query: Query,
    exec: Option<Exec>,
    state: Option<StateFile>,
    watch: Watch,
    follower: Follower,
    left: Option<usize>,
    printed: bool,
    /// That of the last line.
    cursor: String,
}

/// Whether to go on.
#[derive(PartialEq, Eq)]
enum Step {
    On,
    End,
}

impl Watching {
    fn run(&mut self, out: &mut Output, once: bool) -> Result<Exit, UserError> {
        let drifts = self.query.drifts();
        let idle = if drifts { SWEEP } else { USE };
        let (mut swept, mut used) = (None::<Instant>, Instant::now());
        loop {
            self.follower.mark();
            if drifts && swept.is_none_or(|at| at.elapsed() >= SWEEP) {
                self.desk.store.sweep_watch(&self.watch, &self.query, &self.desk.context())?;
                swept = Some(Instant::now());
            }
            while self.desk.store.look_at_watch(&self.watch, &self.query, &self.desk.context())? {}
            if self.hand_out(out)? == Step::End {
                return Ok(Exit::Done);
            }
            if once {
                return Ok(if self.printed { Exit::Done } else { Exit::Nothing });
            }
            if used.elapsed() >= USE {
                if !self.desk.store.use_watch(&self.watch)? {
                    return Err(follow::unknown(&self.cursor, self.state.as_ref()));
                }
                used = Instant::now();
            }
            if !self.follower.wait(idle) {
                return Ok(Exit::Done);
            }
        }
    }

    /// Hands out all events that there are.
    fn hand_out(&mut self, out: &mut Output) -> Result<Step, UserError> {
        loop {
            let events = self.desk.store.watch_events(&mut self.watch, PAGE)?;
            if events.is_empty() {
                return Ok(Step::On);
            }
            for event in &events {
                if self.left == Some(0) || self.hand(out, event)? == Step::End {
                    return Ok(Step::End);
                }
            }
            if self.left == Some(0) {
                return Ok(Step::End);
            }
        }
    }

    fn hand(&mut self, out: &mut Output, event: &WatchEvent) -> Result<Step, UserError> {
        let mut line = WatchJson::new(event);
        match &self.exec {
            // The command is for what happens to conversations.
            Some(_) if event.happening == Happening::Begins => {}
            Some(exec) => match exec.try_on(event, &self.follower) {
                None => return Ok(Step::End),
                Some((tries, None)) => {
                    self.desk.store.ran(&self.watch, &exec.line, event)?;
                    line.tries = Some(tries);
                }
                Some((tries, Some(reason))) => {
                    let aside = AsideEvent { event: event.clone(), tries, reason };
                    self.desk.store.set_event_aside(&self.watch, &exec.line, &aside)?;
                    tell_aside(out, &exec.line, &aside);
                    line.tries = Some(tries);
                    line.aside = Some(text::english(&aside.reason));
                }
            },
            None => {}
        }
        out.json(&line);
        out.flush();
        if out.is_closed() {
            return Ok(Step::End);
        }
        if let Some(state) = &self.state {
            state.write(&event.cursor)?;
        }
        self.printed = true;
        self.cursor.clone_from(&event.cursor);
        self.left = self.left.map(|left| left.saturating_sub(1));
        Ok(Step::On)
    }

    /// Says how many events were set aside before.
    fn tell_asides(&self, out: &mut Output) -> Result<(), UserError> {
        let Some(exec) = &self.exec else { return Ok(()) };
        let count = self.desk.store.events_aside(&self.watch, &exec.line)?.len();
        if count > 0 {
            out.warn(&say!("watch-asides", count = count, command = &exec.line));
            out.hint(&say!("hint-watch-retry"));
        }
        Ok(())
    }
}

fn tell_aside(out: &mut Output, command: &str, AsideEvent { event, tries, reason }: &AsideEvent) {
    let what = event
        .row
        .as_ref()
        .map_or_else(String::new, |row| format!("{} {}", row.short, text::titled(row.title.as_str())));
    out.warn(&say!("watch-aside", command = command, what = what, tries = *tries, why = reason.clone()));
    out.hint(&say!("hint-watch-retry"));
}

/// Runs the command once more for what was set aside.
fn retry(desk: &Desk, out: &mut Output, query: &Query, exec: Option<&Exec>) -> Result<Exit, UserError> {
    let Some(exec) = exec else { return Ok(Exit::Nothing) };
    let watch = desk.store.watch_for(query, &desk.context(), &exec.line, None)?;
    let follower = Follower::new(&desk.store);
    let asides = desk.store.events_aside(&watch, &exec.line)?;
    if asides.is_empty() {
        return crate::cli::act::nothing(out);
    }
    let mut exit = Exit::Done;
    for mut aside in asides {
        let ended = exec.run(&aside.event, &follower);
        if ended.end == End::Stopped {
            break;
        }
        aside.tries = aside.tries.saturating_add(1);
        let mut line = WatchJson::new(&aside.event);
        line.tries = Some(aside.tries);
        match ended.why() {
            None => desk.store.ran_aside(&watch, &exec.line, &aside.event)?,
            Some(why) => {
                exit = Exit::Precondition;
                line.aside = Some(text::english(&why));
                aside.reason = why;
                desk.store.still_aside(&watch, &exec.line, &aside)?;
                tell_aside(out, &exec.line, &aside);
            }
        }
        out.json(&line);
        out.flush();
    }
    Ok(exit)
}

/// The right to run a command for the events of a query: two at once would run it twice. It ends with the value, and with the process.
struct ExecLock {
    _file: std::fs::File,
}

impl ExecLock {
    fn take(desk: &Desk, query: &Query, exec: &Exec, what: &str) -> Result<Self, UserError> {
        let of = format!("{what}\n{}\n{query}\n{}", desk.config.me, exec.line);
        let name = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, of.as_bytes()).simple().to_string();
        let path = desk.store.path().with_file_name(format!("watch-{name}.lock"));
        let failed = |error: std::io::Error| {
            let shown = path.display().to_string();
            UserError::new(ErrorKind::Store, phrase!("store-file", path = shown, why = error.to_string()))
                .hint(phrase!("hint-folder-and-disk"))
        };
        let file = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                let what = phrase!("watch-exec-runs", command = &exec.line);
                Err(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-watch-exec-runs")))
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// A command, and how patient one is with it.
struct Exec {
    /// As it was typed: what was run for whom is kept by it.
    line: String,
    argv: Vec<String>,
    timeout: Duration,
    tries: u32,
    pause: Duration,
    variables: Vec<(&'static str, OsString)>,
}

impl Exec {
    fn new(line: &str, args: &WatchArgs) -> Result<Self, UserError> {
        let argv = program::words(line).filter(|argv| !argv.is_empty());
        let argv = argv
            .ok_or_else(|| usage(phrase!("command-unreadable", command = line)).hint(phrase!("hint-command-words")))?;
        let seconds = Duration::from_secs;
        let (timeout, pause) = (seconds(args.timeout), seconds(args.pause));
        Ok(Self { line: line.to_owned(), argv, timeout, tries: args.tries, pause, variables: Vec::new() })
    }

    fn run(&self, event: &WatchEvent, follower: &Follower) -> Ended {
        let mut line = json_line(&WatchJson::new(event)).into_bytes();
        line.push(b'\n');
        Program::new(&self.argv)
            .input(line)
            .variables(&self.variables)
            .variable("POSTROOM_EVENT", event.happening.name())
            .variable("POSTROOM_CURSOR", &event.cursor)
            .variable("POSTROOM_CONVERSATION", event.conversation.as_ref().map_or("", |id| id.as_str()))
            .limit(self.timeout)
            .until(follower.stop())
            .run()
    }

    /// Runs it until it ends well or failed as often as it may: how often it was tried, and why the last try failed. `None` where it was
    /// stopped meanwhile.
    fn try_on(&self, event: &WatchEvent, follower: &Follower) -> Option<(u32, Option<Phrase>)> {
        let mut pause = self.pause;
        let mut tries = 1;
        loop {
            let ended = self.run(event, follower);
            if ended.end == End::Stopped {
                return None;
            }
            match ended.why() {
                Some(_) if tries < self.tries => {}
                why => return Some((tries, why)),
            }
            if !follower.rest(pause) {
                return None;
            }
            pause = (pause * 2).min(PAUSE_MAX);
            tries += 1;
        }
    }
}
