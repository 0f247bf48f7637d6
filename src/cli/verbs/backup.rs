//! `postroom backup`.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::going::Going;
use crate::cli::json::SCHEMA;
use crate::cli::output::Output;
use crate::error::UserError;
use crate::model::phrase::{Args, Phrase};
use crate::service::backup::{self, Backup, Doing, Source};
use crate::text;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// The folder that the backup is, or is to be
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// Put a new backup in the place of the one that is there
    #[arg(long, conflicts_with = "check")]
    overwrite: bool,
    /// Look whether the backup is whole and sound, and write nothing
    #[arg(long)]
    check: bool,
}

/// Runs the verb.
///
/// # Errors
/// Those of the config and the store; when the backup can't be written, or there is none to look at.
pub fn run(around: &Surroundings, out: &mut Output, args: &BackupArgs) -> Result<Exit, UserError> {
    let mut going = Going::new(&around.clock);
    if args.check {
        let found = backup::check(&args.path, &mut |at| out.progress(&doing(&mut going, at)))?;
        return Ok(checked(out, &args.path, &found));
    }
    let desk = around.open()?;
    let config = &desk.config;
    let from = Source { store: &desk.store, config: &config.file, replies: &config.replies_dir };
    let made = backup::make(&from, &args.path, args.overwrite, &mut |at| out.progress(&doing(&mut going, at)))?;
    out.talk(&say!("backup-made", path = shown(&args.path), what = holds(&made)));
    if out.format() == Format::Json {
        out.json(&BackupJson::new("made", &args.path, &made));
    }
    Ok(Exit::Done)
}

/// Says what it is at.
fn doing(going: &mut Going, at: Doing) -> String {
    match at {
        Doing::Copies(size) => say!("backup-copies", size = crate::text::size(size)),
        Doing::Sums { done, total } => {
            let left = going.left("sums", done, total);
            say!("backup-sums", done = crate::text::size(done), total = crate::text::size(total)) + &left
        }
        Doing::Examines(size) => say!("backup-examines", size = crate::text::size(size)),
    }
}

/// Tells how a backup stands.
fn checked(out: &mut Output, path: &Path, found: &Backup) -> Exit {
    if out.format() == Format::Json {
        out.json(&BackupJson::new("checked", path, found));
    }
    if found.faults.is_empty() {
        out.talk(&say!("backup-is-sound", path = shown(path), at = found.at.as_str(), what = holds(found)));
        return Exit::Done;
    }
    found.faults.iter().for_each(|fault| out.warn(&text::render(fault)));
    out.warn(&say!("backup-is-faulty"));
    out.hint(&say!("hint-backup-anew"));
    Exit::Store
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn holds(backup: &Backup) -> Phrase {
    let facts = backup.facts;
    phrase!("backup-holds", conversations = facts.conversations, drafts = facts.drafts, outbox = facts.outbox)
}

/// `"type":"backup"`: a backup that was made or looked at.
#[derive(Serialize, JsonSchema)]
pub struct BackupJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    outcome: &'static str,
    path: &'a Path,
    at: &'a str,
    store_version: i64,
    size: u64,
    files: &'a [String],
    conversations: u64,
    messages: u64,
    drafts: u64,
    outbox: u64,
    to_push: u64,
    faults: Vec<FaultJson<'a>>,
}

/// Something that is wrong with a backup.
#[derive(Serialize, JsonSchema)]
struct FaultJson<'a> {
    code: &'a str,
    args: &'a Args,
    sentence: String,
}

impl<'a> BackupJson<'a> {
    fn new(outcome: &'static str, path: &'a Path, backup: &'a Backup) -> Self {
        let facts = backup.facts;
        let fault =
            |fault: &'a Phrase| FaultJson { code: &fault.code, args: &fault.args, sentence: text::english(fault) };
        Self {
            schema: SCHEMA,
            r#type: "backup",
            outcome,
            path,
            at: &backup.at,
            store_version: facts.version,
            size: backup.size,
            files: &backup.files,
            conversations: facts.conversations,
            messages: facts.messages,
            drafts: facts.drafts,
            outbox: facts.outbox,
            to_push: facts.to_push,
            faults: backup.faults.iter().map(fault).collect(),
        }
    }
}
