//! `postroom team show`.

use schemars::JsonSchema;
use serde::Serialize;

use super::standings;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::{Moment, SCHEMA, SaidJson};
use crate::cli::output::Output;
use crate::cli::table::Column;
use crate::error::UserError;
use crate::model::agent::TeamRecord;
use crate::model::ids::Handle;
use crate::model::team::Difference;
use crate::model::text::SafeText;
use crate::service::team::{self, Signing, Standing};
use crate::text;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// Only of this account
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
}

/// Prints what each account's log says. Where none says anything the exit code is 1.
///
/// # Errors
/// Those of the config and the store.
pub(super) fn run(around: &Surroundings, out: &mut Output, args: &ShowArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let mut exit = Exit::Nothing;
    for standing in standings(&desk, args.account.as_deref())? {
        let signing = team::signing(&desk.store, &standing.account)?;
        if standing.entry.is_some() {
            exit = Exit::Done;
        }
        print(&desk, out, &standing, &signing);
        if out.format() != Format::Json {
            hints(out, &standing, &signing);
        }
    }
    Ok(exit)
}

/// `"type":"team"`: what an account's log says of the team.
#[derive(Serialize, JsonSchema)]
pub struct TeamJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    account: &'a str,
    record: Option<&'a TeamRecord>,
    by: Option<&'a Handle>,
    at: Option<Moment>,
    differences: Vec<SaidJson>,
    /// Who wrote to the log in the last 30 days.
    authors: Vec<&'a Handle>,
    /// Who of them has not signed.
    unsigned: Vec<&'a Handle>,
}

fn print(desk: &Desk, out: &mut Output, standing: &Standing, signing: &Signing) {
    let entry = standing.entry.as_ref();
    if out.format() == Format::Json {
        out.json(&TeamJson {
            schema: SCHEMA,
            r#type: "team",
            account: standing.account.as_str(),
            record: entry.map(|entry| &entry.record),
            by: entry.map(|entry| &entry.by),
            at: entry.map(|entry| entry.at.into()),
            differences: standing.differences.iter().map(|one| SaidJson::new(&one.phrase())).collect(),
            authors: signing.authors.iter().map(|(author, _)| author).collect(),
            unsigned: signing.missing(),
        });
        return;
    }
    let Some(entry) = entry else {
        out.talk(&say!("team-row-none", account = standing.account.as_str()));
        return;
    };
    let (account, who, at) = (standing.account.as_str(), entry.by.as_str(), desk.time(entry.at));
    let head = match entry.place {
        Some(_) => say!("team-row-set", account = account, who = who, at = at),
        None => say!("team-row-waits", account = account, who = who, at = at),
    };
    out.line(&SafeText::line(&head));
    record(out, &entry.record);
    let differs = |one: &Difference| row(say!("team-row-differs"), &text::render(&one.phrase()), "", "");
    let signed = row(say!("team-row-signed"), &signed(&entry.record, signing), "", "");
    lay(out, &std::iter::once(signed).chain(standing.differences.iter().map(differs)).collect::<Vec<_>>());
}

/// Prints what a record says.
pub(super) fn record(out: &mut Output, record: &TeamRecord) {
    lay(out, &rows(record));
    // A long id is no reason to set the others apart.
    let authserv = record.authserv.iter().map(|id| row(say!("team-row-authserv"), id, "", ""));
    lay(out, &authserv.collect::<Vec<_>>());
}

/// Prints whether unsigned records count.
pub(super) fn is_signed(out: &mut Output, record: &TeamRecord) {
    let words = if record.signed { say!("team-signed-yes") } else { say!("team-signed-off") };
    lay(out, &[row(say!("team-row-signed"), &words, "", "")]);
}

fn lay(out: &mut Output, rows: &[Vec<SafeText>]) {
    out.table(&[Column::FIXED; 4], rows);
}

fn rows(record: &TeamRecord) -> Vec<Vec<SafeText>> {
    let mut rows = Vec::new();
    for inbox in &record.inboxes {
        let also = list(&inbox.aliases);
        let also = if also.is_empty() { also } else { say!("team-aliases", aliases = also) };
        rows.push(row(say!("team-row-inbox"), inbox.id.as_str(), &inbox.address, &also));
    }
    for agent in &record.agents {
        rows.push(row(say!("team-row-agent"), agent.handle.as_str(), &agent.name, &list(&agent.addresses)));
    }
    for team in &record.teams {
        rows.push(row(say!("team-row-team"), team.name.as_str(), &list(&team.members), ""));
    }
    rows
}

fn list<T: ToString>(all: impl IntoIterator<Item = T>) -> String {
    all.into_iter().map(|one| one.to_string()).collect::<Vec<_>>().join(", ")
}

fn row(what: String, name: &str, of: &str, more: &str) -> Vec<SafeText> {
    // Empty cells give way to what stands behind them.
    let cells = [name, of, more].into_iter().filter(|cell| !cell.is_empty());
    std::iter::once(format!("  {what:<8}")).chain(cells.map(str::to_owned)).map(|cell| SafeText::line(&cell)).collect()
}

fn signed(record: &TeamRecord, signing: &Signing) -> String {
    let authors = signing.authors.len();
    match record.signed {
        true => say!("team-signed-yes"),
        false => say!("team-signed-no", signing = authors - signing.missing().len(), authors = authors),
    }
}

/// Says what can be done about what was shown.
fn hints(out: &mut Output, standing: &Standing, signing: &Signing) {
    let Some(entry) = &standing.entry else {
        out.talk(&say!("team-hint-none"));
        return;
    };
    if standing.differences.iter().any(Difference::is_contradiction) {
        out.talk(&say!("team-hint-differs"));
    }
    if !entry.record.signed {
        let missing = list(signing.missing());
        match missing.is_empty() {
            true => out.talk(&say!("team-hint-signed")),
            false => out.talk(&say!("team-hint-unsigned", authors = missing)),
        }
    }
}
