//! `postroom team set`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::{show, standings};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::SCHEMA;
use crate::cli::output::Output;
use crate::cli::remote;
use crate::cli::words::usage;
use crate::error::{ErrorKind, UserError};
use crate::model::agent::TeamRecord;
use crate::model::ids::{AccountId, BadName, Handle, InboxId};
use crate::model::text::in_quotes;
use crate::service::team::edit::{Edit, edited};
use crate::service::team::{self, Standing};
use crate::store::TeamSet;
use crate::sync::lock::SyncLock;

/// The arguments.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Only what is named is changed. With nothing behind the = it is taken out: --team billing= . Without --account it is changed\nin all accounts. Who reads the log goes by it from then on, whatever their config says."
)]
pub(super) struct SetArgs {
    /// Only in this account
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// Take over what the config says of inboxes, agents, teams and authserv-id
    #[arg(long)]
    from_config: bool,
    /// The address of an inbox
    #[arg(long, value_name = "NAME=ADDR")]
    inbox: Vec<String>,
    /// All other addresses of an inbox
    #[arg(long, value_name = "[INBOX=]ADDR,..")]
    alias: Vec<String>,
    /// All addresses of an agent: mail from them is ours
    #[arg(long, value_name = "HANDLE=ADDR,..")]
    colleague: Vec<String>,
    /// All members of a team
    #[arg(long, value_name = "NAME=HANDLE,..")]
    team: Vec<String>,
    /// The first word of the Authentication-Results that count, which the team's own mail server writes
    #[arg(long, value_name = "ID")]
    authserv: Option<String>,
    /// Whether records count only in signed mails of the log
    #[arg(long, value_name = "true|false")]
    signed: Option<bool>,
    /// Let unsigned records count no more though somebody writes such
    #[arg(long)]
    force: bool,
    /// Print what the record would be, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Changes the record of one account or all. Where a log says so already nothing is written.
///
/// # Errors
/// When nothing is named, what is named can't be so, or not everybody signs; those of the config and the store; a server that fails.
pub(super) fn run(around: &Surroundings, out: &mut Output, args: &SetArgs) -> Result<Exit, UserError> {
    let edits = edits(args)?;
    if edits.is_empty() && !args.from_config {
        return Err(usage(phrase!("team-no-edit")).hint(phrase!("hint-team-no-edit")));
    }
    let desk = around.open()?;
    // What a colleague set meanwhile is the ground that this stands on.
    let exit = if args.dry_run { Exit::Done } else { remote::bring(around, &desk, out, Exit::Done)? };
    let all = standings(&desk, args.account.as_deref())?;
    if all.len() > 1 {
        let of_one = [("--inbox", !args.inbox.is_empty()), ("--alias", !args.alias.is_empty())];
        let of_one = of_one.into_iter().chain([("--authserv", args.authserv.is_some())]).find(|(_, named)| *named);
        if let Some((flag, _)) = of_one {
            let names = all.iter().map(|standing| standing.account.as_str()).collect::<Vec<_>>().join(", ");
            return Err(usage(phrase!("team-needs-account", flag = flag)).hint(phrase!("hint-accounts", names = names)));
        }
    }
    let wanted =
        all.into_iter().map(|standing| wanted(&desk, args, &edits, standing)).collect::<Result<Vec<_>, _>>()?;
    let named: Vec<AccountId> = wanted.iter().map(|wanted| wanted.account.clone()).collect();
    let mut wrote = false;
    for wanted in wanted {
        if args.dry_run && !wanted.is_so() {
            would(out, &wanted);
            continue;
        }
        let (wanted, is_set) = put(&desk, args, &edits, wanted)?;
        wrote |= is_set;
        tell(out, &wanted, is_set);
    }
    if !wrote {
        return Ok(exit);
    }
    let exit = exit.or_worse(remote::bring(around, &desk, out, Exit::Done)?);
    for account in &named {
        remote::tell_unseen(&desk, out, account)?;
    }
    Ok(exit)
}

/// How often the edits are made anew because another process set the record meanwhile.
const TRIES_MAX: usize = 1000;

/// What an account's record is to be.
struct Wanted {
    account: AccountId,
    /// What it is; `None` where the log says nothing.
    before: Option<TeamRecord>,
    record: TeamRecord,
    /// The inboxes that an edit made.
    new: Vec<InboxId>,
}

impl Wanted {
    fn is_so(&self) -> bool {
        self.before.as_ref() == Some(&self.record)
    }
}

/// Works out what an account's record is to be.
fn wanted(desk: &Desk, args: &SetArgs, edits: &[Edit], standing: Standing) -> Result<Wanted, UserError> {
    let before = standing.entry.map(|entry| entry.record);
    let base = match &before {
        Some(record) if !args.from_config => record.clone(),
        // The first record says all that the config says: what it left out would not count.
        _ => team::proposal(&desk.store, &standing.account)?,
    };
    let known: Vec<InboxId> = base.inboxes.iter().map(|inbox| inbox.id.clone()).collect();
    let record = edited(base, edits)?;
    let turns_on = record.signed && !before.as_ref().is_some_and(|before| before.signed);
    if turns_on && !args.force {
        team::all_sign(&desk.store, &standing.account)?;
    }
    let new = record.inboxes.iter().map(|inbox| inbox.id.clone()).filter(|id| !known.contains(id)).collect();
    Ok(Wanted { account: standing.account, before, record, new })
}

/// Writes the record, and tells whether it was written. What another process set meanwhile stays: the edits are made anew on top of it.
fn put(desk: &Desk, args: &SetArgs, edits: &[Edit], mut to: Wanted) -> Result<(Wanted, bool), UserError> {
    for _ in 0..TRIES_MAX {
        if to.is_so() {
            return Ok((to, false));
        }
        match team::set(&desk.store, &to.account, to.before.as_ref(), to.record.clone())? {
            TeamSet::Set(_) => return Ok((to, true)),
            TeamSet::Already => return Ok((to, false)),
            TeamSet::Changed => {}
        }
        if let Some(standing) = standings(desk, Some(to.account.as_str()))?.pop() {
            to = wanted(desk, args, edits, standing)?;
        }
    }
    Err(UserError::new(ErrorKind::Precondition, phrase!("team-changed", account = to.account.as_str()))
        .hint(phrase!("hint-team-changed")))
}

fn would(out: &mut Output, wanted: &Wanted) {
    let Wanted { account, record, .. } = wanted;
    if out.format() == Format::Json {
        json(out, account, record, "would-set");
    } else {
        out.talk(&say!("told-team-would", account = account.as_str()));
        show::record(out, record);
        show::is_signed(out, record);
    }
    tell_new(out, wanted);
}

fn tell(out: &mut Output, wanted: &Wanted, is_set: bool) {
    let Wanted { account, record, .. } = wanted;
    if out.format() == Format::Json {
        json(out, account, record, if is_set { "set" } else { "already" });
    }
    out.talk(&match is_set {
        true => say!("told-team-set", account = account.as_str()),
        false => say!("told-team-already", account = account.as_str()),
    });
    tell_new(out, wanted);
}

/// Says which inboxes are new: a name that is mistyped makes one.
fn tell_new(out: &mut Output, wanted: &Wanted) {
    for inbox in &wanted.new {
        out.talk(&say!("told-team-new-inbox", account = wanted.account.as_str(), inbox = inbox.as_str()));
    }
}

/// `"type":"team-set"`: what the record of an account is now.
#[derive(Serialize, JsonSchema)]
pub struct SetJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    account: &'a str,
    outcome: &'a str,
    record: &'a TeamRecord,
}

fn json(out: &mut Output, account: &AccountId, record: &TeamRecord, outcome: &str) {
    out.json(&SetJson { schema: SCHEMA, r#type: "team-set", account: account.as_str(), outcome, record });
}

/// Reads the flags, in the order of their list.
fn edits(args: &SetArgs) -> Result<Vec<Edit>, UserError> {
    let mut all = Vec::new();
    for given in &args.inbox {
        let (name, address) = pair(given, "--inbox", "NAME=ADDR")?;
        all.push(Edit::Inbox(InboxId::new(name).map_err(unfit)?, some(address).map(str::to_owned)));
    }
    for given in &args.alias {
        let (name, aliases) = given.split_once('=').map_or((None, given.as_str()), |(name, all)| (Some(name), all));
        let id = name.map(InboxId::new).transpose().map_err(unfit)?;
        let aliases = words(aliases).map(str::to_owned).collect();
        let said = all.iter_mut().find_map(|edit| match edit {
            Edit::Aliases(known, said) if *known == id => Some(said),
            _ => None,
        });
        match said {
            Some(said) => said.extend::<BTreeSet<String>>(aliases),
            None => all.push(Edit::Aliases(id, aliases)),
        }
    }
    for given in &args.colleague {
        // One without an address of their own is an agent all the same.
        let (name, addresses) = match given.split_once('=') {
            Some((name, addresses)) => (name, some(addresses)),
            None => (given.as_str(), Some("")),
        };
        let addresses = addresses.map(|addresses| words(addresses).map(str::to_owned).collect());
        all.push(Edit::Agent(Handle::new(name).map_err(unfit)?, addresses));
    }
    for given in &args.team {
        let (name, members) = pair(given, "--team", "NAME=HANDLE,..")?;
        let members = some(members).map(|members| words(members).map(Handle::new).collect::<Result<_, _>>());
        all.push(Edit::Team(name.trim().to_lowercase(), members.transpose().map_err(unfit)?));
    }
    all.extend(args.authserv.as_ref().map(|id| Edit::Authserv(some(id).map(str::to_owned))));
    all.extend(args.signed.map(Edit::Signed));
    Ok(all)
}

fn pair<'a>(given: &'a str, flag: &str, form: &str) -> Result<(&'a str, &'a str), UserError> {
    given.split_once('=').ok_or_else(|| {
        usage(phrase!("team-edit-bad", given = in_quotes(given))).hint(phrase!(
            "hint-team-edit",
            flag = flag,
            form = form
        ))
    })
}

fn unfit(bad: BadName) -> UserError {
    usage(bad.phrase())
}

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(|word| word.trim_start_matches('@').trim()).filter(|word| !word.is_empty())
}

/// Reads an account's log, and where it says nothing of the team writes there what the config says. What keeps it from that is told and
/// no error: the record can be set at any time.
///
/// # Errors
/// When the store can't be read or written.
pub fn establish(around: &Surroundings, desk: &Desk, out: &mut Output, account: &AccountId) -> Result<(), UserError> {
    // Who holds the lock reads the log too, and nobody knows here how far.
    if SyncLock::try_take(&desk.store)?.is_none() || remote::bring(around, desk, out, Exit::Done)? != Exit::Done {
        out.talk(&say!("told-team-later", account = account.as_str()));
        return Ok(());
    }
    if desk.store.team_record(account)?.is_some() {
        return Ok(());
    }
    let record = team::proposal(&desk.store, account)?;
    if let TeamSet::Set(_) = team::set(&desk.store, account, None, record)? {
        out.talk(&say!("told-team-written", account = account.as_str()));
        remote::bring(around, desk, out, Exit::Done)?;
    }
    Ok(())
}
