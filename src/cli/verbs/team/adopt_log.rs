//! `postroom team adopt-log`.

use super::{LogOf, account, connected};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::SCHEMA;
use crate::cli::output::Output;
use crate::cli::team_log;
use crate::error::UserError;
use crate::model::text::SafeText;
use crate::sync::log::adopt::Adoptable;
use crate::sync::log::errand::{adopt_once, adoptable_once};
use crate::text;

/// Lists what waits, and takes it in where that was said.
///
/// # Errors
/// Those of the config and the store; a server that fails.
pub(super) fn run(around: &Surroundings, out: &mut Output, log: &LogOf) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let of = account(&desk, log)?;
    let (pass, waiting) = connected(around, &desk, of, |session| {
        let (pass, waiting) = adoptable_once(&desk.store, of, session)?;
        if !log.yes || waiting.is_empty() {
            return Ok((pass, waiting));
        }
        Ok((adopt_once(&desk.store, of, session)?, waiting))
    })?;
    if waiting.is_empty() {
        out.talk(&text::render(&phrase!("team-nothing-to-adopt", account = of.id.as_str())));
        return Ok(Exit::Nothing);
    }
    print(&desk, out, of.id.as_str(), &waiting);
    if log.yes {
        let count: u64 = waiting.iter().map(|of| of.records).sum();
        out.talk(&text::render(&phrase!("team-adopted", count = count)));
        team_log::tell(out, of, &pass);
        return team_log::ended(&desk, of, &pass);
    }
    out.talk(&text::render(&phrase!("team-adopt-yes")));
    Ok(Exit::Done)
}

fn print(desk: &Desk, out: &mut Output, account: &str, waiting: &[Adoptable]) {
    if out.format() != Format::Json {
        out.talk(&text::render(&phrase!("team-adoptable", account = account)));
    }
    for of in waiting {
        if out.format() == Format::Json {
            out.json(&serde_json::json!({
                "schema": SCHEMA, "type": "adoptable", "account": account, "actor": of.actor.as_str(), "records": of.records,
                "first": moment(of.first), "last": moment(of.last),
            }));
            continue;
        }
        let records = crate::text::count(usize::try_from(of.records).unwrap_or(usize::MAX));
        let line = format!("{}  {records}  {} – {}", of.actor, desk.minute(of.first), desk.minute(of.last));
        out.line(&SafeText::line(&line));
    }
}

fn moment(at: crate::model::clock::Timestamp) -> serde_json::Value {
    serde_json::to_value(crate::cli::json::Moment::from(at)).unwrap_or_default()
}
