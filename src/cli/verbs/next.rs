//! `postroom next`.

use super::list;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::RefusedJson;
use crate::cli::output::Output;
use crate::cli::targets::Use;
use crate::cli::words::usage;
use crate::cli::{act, remote, targets};
use crate::error::UserError;
use crate::model::text::in_quotes;
use crate::query::Query;
use crate::service::next::{self, Asked, Settled};
use crate::store::{Claim, Claimed};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct NextArgs {
    /// Which conversations come into question; with --release ids, or - for ids from stdin
    query: Vec<String>,
    /// Show what would be taken, and take nothing
    #[arg(long)]
    peek: bool,
    /// Take up to so many
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: u16,
    /// Take this one, or end with 4
    #[arg(long, value_name = "ID", conflicts_with_all = ["query", "peek", "count", "release"])]
    id: Option<String>,
    /// How long nobody else gets it, unless it is dealt with before: at most a day
    #[arg(long, value_name = "SPAN", default_value = next::LEASE_WORDS)]
    lease: String,
    /// What this worker calls itself, so that several of one agent are told apart [default: host/process]
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    worker: Option<String>,
    /// Give back: these conversations, or all that --worker has
    #[arg(long, conflicts_with = "peek")]
    release: bool,
}

/// Runs the verb: of what nobody has, a team of yours has, or a worker left behind, the conversation whose customer has waited longest
/// becomes yours and is printed, once the log has confirmed it.
///
/// # Errors
/// Those of reading the query, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &NextArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    if args.release {
        return release(around, &desk, out, args);
    }
    let how = if args.peek { Use::Read(out) } else { Use::Change };
    let query = if args.query.is_empty() { Query::any() } else { targets::asked(&desk, &args.query, how)? };
    let context = desk.context();
    let asked = Asked::new(&desk.store, &query, &context);
    if args.peek {
        let rows = asked.peek(usize::from(args.count))?;
        list::print(&desk, out, &rows);
        return if rows.is_empty() { act::nothing(out) } else { Ok(Exit::Done) };
    }
    let claim = claim(around, &desk, args)?;
    match &args.id {
        Some(id) => one(around, &desk, out, asked.take_one(&targets::one(&desk, id)?, &claim)?),
        None => several(around, &desk, out, &asked, &claim, usize::from(args.count)),
    }
}

fn claim(around: &Surroundings, desk: &Desk, args: &NextArgs) -> Result<Claim, UserError> {
    let worker = args.worker.clone().unwrap_or_else(|| next::worker_name(&around.host));
    next::claim(worker, &args.lease, desk.clock.now(), &desk.zone)
        .ok_or_else(|| usage(phrase!("lease-bad", given = in_quotes(&args.lease))).hint(phrase!("hint-lease")))
}

/// Takes as many as are wanted: where somebody was faster on the log, the next ones.
fn several(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    asked: &Asked<'_>,
    claim: &Claim,
    count: usize,
) -> Result<Exit, UserError> {
    let (mut held, mut exit) = (Vec::new(), Exit::Done);
    while held.len() < count {
        let claimed = asked.take(count - held.len(), claim)?;
        if claimed.ids.is_empty() {
            break;
        }
        let settled;
        (settled, exit) = settle(around, desk, out, &claimed)?;
        for row in &settled.lost {
            let what = &row.short;
            out.talk(&say!("told-next-lost", what = what, why = next::holder(row)));
        }
        held.extend(settled.held);
        // What the server did not answer for may be somebody else's: to take more of it would not help.
        if exit != Exit::Done {
            break;
        }
    }
    list::print(desk, out, &held);
    if held.is_empty() && exit == Exit::Done { act::nothing(out) } else { Ok(exit) }
}

fn one(around: &Surroundings, desk: &Desk, out: &mut Output, claimed: Claimed) -> Result<Exit, UserError> {
    let (settled, exit) = settle(around, desk, out, &claimed)?;
    list::print(desk, out, &settled.held);
    for row in &settled.lost {
        let why = next::holder(row);
        if out.format() == Format::Json {
            out.json(&RefusedJson::new(Some(row.id.as_str()), "lease", &why));
        }
        out.warn(&say!("told-not-yours", what = &row.short, why = why));
    }
    Ok(if settled.lost.is_empty() { exit } else { Exit::Precondition })
}

/// Brings the claims to the server, also where another process does that, and tells which stand.
fn settle(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    claimed: &Claimed,
) -> Result<(Settled, Exit), UserError> {
    out.answer_for(&claimed.ids);
    let exit = match remote::bring_and_wait(around, desk, out, Exit::Done)? {
        // The pass told what of other work of this agent does not stand, such as claims of other workers: it is not this command's end.
        Exit::Precondition => Exit::Done,
        exit => exit,
    };
    Ok((next::settle(&desk.store, claimed)?, exit))
}

/// Gives back what this agent's workers have. What was dealt with or is over already is no worker's: it is told, and no failure.
fn release(around: &Surroundings, desk: &Desk, out: &mut Output, args: &NextArgs) -> Result<Exit, UserError> {
    let ids = if args.query.is_empty() { None } else { Some(targets::find(desk, &args.query, Use::Change)?) };
    if ids.is_none() && args.worker.is_none() {
        return Err(usage(phrase!("release-what")).hint(phrase!("hint-release")));
    }
    let given = next::give_back(&desk.store, ids.as_deref(), args.worker.as_deref())?;
    for id in ids.iter().flatten().filter(|id| !given.contains(id)) {
        out.talk(&say!("told-no-lease", id = id.as_str()));
    }
    if given.is_empty() {
        return if ids.is_some_and(|ids| !ids.is_empty()) { Ok(Exit::Done) } else { act::nothing(out) };
    }
    out.talk(&say!("told-given-back", count = given.len()));
    remote::bring(around, desk, out, Exit::Done)
}
