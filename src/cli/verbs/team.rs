//! `postroom team`: what holds for the whole team, as it stands on the log.

pub mod adopt_log;
pub mod clients;
mod invite;
pub mod rotate_key;
pub mod set;
pub mod show;

use clap::Subcommand;

use crate::cli::connect;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words::usage;
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::text::in_quotes;
use crate::service::team::{self, Standing};
use crate::sync::lock::SyncLock;
use crate::sync::round::Visit;

pub use set::establish;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct TeamArgs {
    #[command(subcommand)]
    what: Option<What>,
}

/// What to do for the team; without it, who is on the log is listed.
#[derive(Debug, Subcommand)]
enum What {
    /// List who wrote what in mails of the log that don't count; with --yes what you looked at counts
    AdoptLog(adopt_log::AdoptArgs),
    /// List the keys that the log is signed with; with --yes a new one takes their place
    RotateKey(LogOf),
    /// Show what the log says of inboxes, agents and teams, who set it, and where the config says otherwise
    Show(show::ShowArgs),
    /// Print what a colleague has to run to work on the same mailbox; no password is in it
    Invite(invite::InviteArgs),
    /// Change what the log says; all clients go by it
    Set(Box<set::SetArgs>),
}

/// Which log, and whether to do it.
#[derive(Debug, clap::Args)]
struct LogOf {
    /// Of this account, where there are several
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// Do it; else it is only listed
    #[arg(long)]
    yes: bool,
}

/// Runs the verb.
///
/// # Errors
/// Those of the config and the store; a server that fails.
pub fn run(around: &Surroundings, out: &mut Output, args: &TeamArgs) -> Result<Exit, UserError> {
    let Some(what) = &args.what else { return clients::run(around, out) };
    match what {
        What::Invite(args) => invite::run(around, out, args),
        What::AdoptLog(args) => adopt_log::run(around, out, args),
        What::RotateKey(log) => rotate_key::run(around, out, log),
        What::Show(args) => show::run(around, out, args),
        What::Set(args) => set::run(around, out, args),
    }
}

/// Finds the account whose log is meant.
fn account<'d>(desk: &'d Desk, log: &LogOf) -> Result<&'d Account, UserError> {
    let accounts = desk.config.served();
    let names = || accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>().join(", ");
    match (&log.account, accounts.as_slice()) {
        (Some(name), _) => accounts.iter().copied().find(|account| account.id.as_str() == name).ok_or_else(|| {
            usage(phrase!("config-no-account", account = in_quotes(name)))
                .hint(phrase!("hint-accounts", names = names()))
        }),
        (None, [one]) => Ok(one),
        (None, []) => Err(usage(phrase!("config-no-account-at-all")).hint(phrase!("hint-add-account"))),
        (None, _) => Err(usage(phrase!("team-which-account")).hint(phrase!("hint-which-account", names = names()))),
    }
}

/// Refuses what can't be done without a server.
fn needs_server(around: &Surroundings) -> Result<(), UserError> {
    if around.global.offline {
        return Err(usage(phrase!("team-needs-server")).hint(phrase!("hint-team-needs-server")));
    }
    Ok(())
}

/// Works on an account's log over a connection, while no other process does.
fn connected<T>(
    around: &Surroundings,
    desk: &Desk,
    account: &Account,
    work: impl FnOnce(&mut Visit<'_>) -> Result<T, UserError>,
) -> Result<T, UserError> {
    needs_server(around)?;
    let Some(_lock) = SyncLock::try_take(&desk.store)? else {
        return Err(UserError::new(ErrorKind::Precondition, phrase!("team-busy")).hint(phrase!("hint-team-busy")));
    };
    let mut round = connect::round(desk)?;
    let done = work(round.visit(account));
    round.close();
    done
}

/// Returns what the logs say, of one account or all.
fn standings(desk: &Desk, account: Option<&str>) -> Result<Vec<Standing>, UserError> {
    let all = team::show(&desk.store)?;
    let Some(name) = account else { return Ok(all) };
    let names: Vec<String> = all.iter().map(|standing| standing.account.to_string()).collect();
    let found: Vec<Standing> = all.into_iter().filter(|standing| standing.account.as_str() == name).collect();
    if found.is_empty() {
        let what = phrase!("config-no-account", account = in_quotes(name));
        return Err(usage(what).hint(phrase!("hint-accounts", names = names.join(", "))));
    }
    Ok(found)
}
