//! `postroom import`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::importing::{self, Into, Onto};
use crate::cli::json::SCHEMA;
use crate::cli::output::Output;
use crate::cli::words::usage;
use crate::config::Account;
use crate::error::UserError;
use crate::model::text::in_quotes;
use crate::service::import::{self, Damaged, Sources, Summary};

/// How many damaged mails are named on stderr.
const SHOWN: usize = 10;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// An mbox, a Maildir, a folder of .eml files, one mail, or - for an mbox on stdin
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The account, and the folder in it; INBOX unless named
    #[arg(long, value_name = "ACCOUNT[/FOLDER]")]
    to: Option<String>,
    /// Take the mails as work that nobody has dealt with; else they are closed
    #[arg(long)]
    open: bool,
    /// On a server: put our own answers into the folder for sent mail
    #[arg(long)]
    sent: bool,
    /// Where there is no config: an address of yours that the mails came to; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    address: Vec<String>,
    /// Count what would be taken, and take nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments and the config, of the store, and of what was named and is no archive.
pub fn run(around: &Surroundings, out: &mut Output, args: &ImportArgs) -> Result<Exit, UserError> {
    let mut sources = Sources::open(&args.paths)?;
    let desk = match around.config() {
        Err(error) if error.is("config-missing") && around.layers.config.is_none() && !args.dry_run => {
            importing::set_up(around, out, &args.paths, &args.address)?
        }
        config if !args.address.is_empty() => {
            let config = config?;
            let what = phrase!("import-address-set", file = config.file.display().to_string());
            return Err(usage(what).hint(phrase!("hint-import-address-set")));
        }
        config => around.open_with(config?)?,
    };
    let (account, folder) = destination(&desk, args.to.as_deref())?;
    if account.has_server() && !args.dry_run {
        return on_server(around, out, args, &desk, account, folder);
    }
    let target = match args.dry_run {
        true => Onto::Nowhere(account, HashSet::default()),
        false => Onto::Here(account.id.clone(), importing::places_here(folder)),
    };
    let mut to = Into::new(&desk, out, target, args.open);
    let mut summary = Summary::default();
    let ended = import::run(&desk.store, &mut sources, args.open, &mut to, &mut summary);
    Ok(told(out, args, (account, folder), &summary, ended))
}

/// Imports onto a server, between two syncs: the first tells what is there, the second shows what came.
fn on_server(
    around: &Surroundings,
    out: &mut Output,
    args: &ImportArgs,
    desk: &Desk,
    account: &Account,
    folder: Option<&str>,
) -> Result<Exit, UserError> {
    if around.global.offline {
        return Err(usage(phrase!("import-offline")).hint(phrase!("hint-import-offline")));
    }
    let synced = importing::sync(around, desk, out, account)?;
    if synced == Exit::Remote {
        out.warn(&say!("import-not-begun"));
        return Ok(synced);
    }
    let places = importing::places_on(desk, account, folder, args.sent)?;
    let mut sources = Sources::open(&args.paths)?;
    let mut summary = Summary::default();
    let ended = importing::with_round(desk, |round| {
        let mut to = Into::new(desk, out, Onto::server(desk, round, account, places), args.open);
        import::run(&desk.store, &mut sources, args.open, &mut to, &mut summary)
    });
    let well = ended.is_ok();
    let exit = told(out, args, (account, folder), &summary, ended);
    if !well || summary.stopped {
        return Ok(exit);
    }
    Ok(importing::sync(around, desk, out, account)?.or_worse(exit))
}

/// Reads `ACCOUNT/FOLDER`. An account without a server that is the only one need not be named.
fn destination<'d, 'a>(desk: &'d Desk, to: Option<&'a str>) -> Result<(&'d Account, Option<&'a str>), UserError> {
    let accounts = &desk.config.accounts;
    let names = || accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>().join(", ");
    let Some(to) = to else {
        return match accounts.as_slice() {
            [only] if !only.has_server() => Ok((only, None)),
            _ => Err(usage(phrase!("import-wants-account")).hint(phrase!("hint-import-account", names = names()))),
        };
    };
    let (name, folder) = to.split_once('/').map_or((to, None), |(name, folder)| (name, Some(folder)));
    let account = accounts.iter().find(|account| account.id.as_str() == name);
    let account = account.ok_or_else(|| {
        usage(phrase!("config-no-account", account = in_quotes(name)))
            .hint(phrase!("hint-import-account", names = names()))
    })?;
    Ok((account, folder.filter(|folder| !folder.is_empty())))
}

/// Says what came of it; returns how the command ends.
fn told(
    out: &mut Output,
    args: &ImportArgs,
    (account, folder): (&Account, Option<&str>),
    summary: &Summary,
    ended: Result<(), UserError>,
) -> Exit {
    out.end_progress();
    let count = summary.mails;
    let to = account.id.as_str();
    if ended.is_ok() || count > 0 {
        out.talk(&match args.dry_run {
            true => say!("import-would", count = count, to = to),
            false => say!("import-done", count = count, to = to),
        });
    }
    if summary.there > 0 {
        out.talk(&say!("import-there", count = summary.there));
    }
    if summary.left_out > 0 {
        out.talk(&say!("import-left-out", count = summary.left_out));
    }
    for folder in &summary.folders {
        out.talk(&say!("import-folder-left-out", path = folder.display().to_string()));
    }
    if summary.damaged > SHOWN {
        out.warn(&say!("import-damaged", count = summary.damaged));
    }
    if out.format() == Format::Json {
        out.json(&ImportJson::new(args, to, folder, summary, ended.is_ok()));
    }
    match ended {
        Ok(()) if summary.stopped => {
            out.warn(&say!("import-stopped"));
            Exit::Remote
        }
        Err(error) => {
            out.error(&error);
            if count > 0 {
                out.warn(&say!("import-goes-on"));
            }
            Exit::from(error.kind)
        }
        Ok(()) if summary.damaged > 0 => Exit::Precondition,
        Ok(()) if summary.all() == 0 => Exit::Nothing,
        Ok(()) => Exit::Done,
    }
}

/// Names a mail that is not taken, as one of the first.
pub fn name_damaged(out: &mut Output, damaged: &Damaged, number: usize) {
    if number <= SHOWN {
        let why = crate::text::render(&damaged.why.phrase());
        out.warn(&say!("import-damaged-one", place = &damaged.place, why = why));
    }
}

/// `"type":"import"`: what came of an import.
#[derive(Serialize, JsonSchema)]
pub struct ImportJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    account: &'a str,
    folder: Option<&'a str>,
    dry_run: bool,
    complete: bool,
    imported: usize,
    there: usize,
    left_out: usize,
    damaged: usize,
    damaged_mails: Vec<DamagedJson<'a>>,
    folders_left_out: Vec<&'a Path>,
}

#[derive(Serialize, JsonSchema)]
struct DamagedJson<'a> {
    place: &'a str,
    why: String,
}

impl<'a> ImportJson<'a> {
    fn new(args: &ImportArgs, account: &'a str, folder: Option<&'a str>, summary: &'a Summary, whole: bool) -> Self {
        let named = |damaged: &'a Damaged| DamagedJson {
            place: &damaged.place,
            why: crate::text::render(&damaged.why.phrase()),
        };
        Self {
            schema: SCHEMA,
            r#type: "import",
            account,
            folder,
            dry_run: args.dry_run,
            complete: whole && !summary.stopped,
            imported: summary.mails,
            there: summary.there,
            left_out: summary.left_out,
            damaged: summary.damaged,
            damaged_mails: summary.named.iter().map(named).collect(),
            folders_left_out: summary.folders.iter().map(PathBuf::as_path).collect(),
        }
    }
}
