//! `postroom team adopt-log`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{LogOf, account, connected, needs_server};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::{Moment, SCHEMA};
use crate::cli::output::Output;
use crate::cli::team_log;
use crate::cli::words::usage;
use crate::error::UserError;
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
use crate::sync::log::keys::{UpTo, Waiting};
use crate::text;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(super) struct AdoptArgs {
    #[command(flatten)]
    log: LogOf,
    /// With --yes: take in what was looked at, up to the mail that the list names; what came later stays as it is
    #[arg(long = "up-to", value_name = "LOG.PLACE", requires = "yes")]
    up_to: Option<UpTo>,
}

/// Lists what waits, and takes it in where that was said.
///
/// # Errors
/// Those of the config and the store; a server that fails; --yes without saying what was looked at.
pub(super) fn run(around: &Surroundings, out: &mut Output, args: &AdoptArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let of = account(&desk, &args.log)?;
    needs_server(around)?;
    if args.log.yes && args.up_to.is_none() {
        return Err(look_first(phrase!("team-adopt-blind")));
    }
    let (waiting, adopted) = connected(around, &desk, of, |visit| visit.adopt(args.up_to))?;
    if waiting.authors.is_empty() {
        out.talk(&text::render(&phrase!("team-nothing-to-adopt", account = of.id.as_str())));
        tell_later(out, waiting.later);
        return Ok(Exit::Nothing);
    }
    match adopted {
        Some(None) => Err(look_first(phrase!("team-adopt-other"))),
        Some(Some(pass)) => {
            print(&desk, out, of.id.as_str(), &waiting);
            let count: u64 = waiting.authors.iter().map(|of| of.records).sum();
            out.talk(&text::render(&phrase!("team-adopted", count = count)));
            tell_later(out, waiting.later);
            team_log::tell(out, of, &pass);
            team_log::ended(&desk, out, &team_log::Due::now(&desk)?, of, &pass)
        }
        None => {
            print(&desk, out, of.id.as_str(), &waiting);
            let up_to = waiting.up_to.map(|up_to| up_to.to_string()).unwrap_or_default();
            out.talk(&text::render(&phrase!("team-adopt-yes", to = up_to)));
            Ok(Exit::Done)
        }
    }
}

fn look_first(what: Phrase) -> UserError {
    usage(what).hint(phrase!("hint-team-adopt-look"))
}

fn tell_later(out: &mut Output, count: u64) {
    if count > 0 {
        out.talk(&text::render(&phrase!("team-adopt-later", count = count)));
    }
}

/// `"type":"adoptable"`: what somebody wrote in mails of the log that don't count.
#[derive(Serialize, JsonSchema)]
pub struct AdoptableJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    account: &'a str,
    actor: &'a str,
    from: &'a str,
    records: u64,
    first: Moment,
    last: Moment,
    up_to: Option<&'a str>,
}

fn print(desk: &Desk, out: &mut Output, account: &str, waiting: &Waiting) {
    if out.format() != Format::Json {
        out.talk(&text::render(&phrase!("team-adoptable", account = account)));
    }
    let up_to = waiting.up_to.map(|up_to| up_to.to_string());
    for of in &waiting.authors {
        if out.format() == Format::Json {
            out.json(&AdoptableJson {
                schema: SCHEMA,
                r#type: "adoptable",
                account,
                actor: of.actor.as_str(),
                from: of.from.as_str(),
                records: of.records,
                first: of.first.into(),
                last: of.last.into(),
                up_to: up_to.as_deref(),
            });
            continue;
        }
        let records = crate::text::count(usize::try_from(of.records).unwrap_or(usize::MAX));
        let (first, last) = (desk.minute(of.first), desk.minute(of.last));
        out.line(&SafeText::line(&format!("{}  {records}  {first} – {last}  {}", of.actor, of.from)));
    }
}
