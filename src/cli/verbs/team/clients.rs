//! `postroom team` alone: who is on the log, with what, and when they were last heard of.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::{Moment, SCHEMA};
use crate::cli::output::Output;
use crate::cli::table::Column;
use crate::error::UserError;
use crate::model::ids::Handle;
use crate::model::text::SafeText;
use crate::service::team;
use crate::text;

/// `"type":"client"`: a client of an agent on an account's log, or an agent who has written nothing there.
#[derive(Serialize, JsonSchema)]
pub struct ClientJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    account: &'a str,
    agent: &'a Handle,
    host: Option<&'a str>,
    /// The program and its version; `null` where it is of before those were said.
    version: Option<&'a str>,
    last_seen: Option<Moment>,
    records: u64,
}

/// Lists every client of every agent, the last heard of first, and those agents who were never heard of. Where there is nobody the exit code
/// is 1.
///
/// # Errors
/// Those of the config and the store.
pub(super) fn run(around: &Surroundings, out: &mut Output) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let (now, mut rows) = (desk.clock.now(), Vec::new());
    for account in &desk.config.accounts {
        let clients = team::clients(&desk.store, &account.id)?;
        let heard: BTreeSet<Handle> = clients.iter().map(|client| client.agent.clone()).collect();
        let team = desk.store.team();
        let silent = team.agents.iter().map(|agent| &agent.handle).filter(|handle| !heard.contains(*handle));
        if out.format() == Format::Json {
            let one = |agent, host, version, last_seen, records| ClientJson {
                schema: SCHEMA,
                r#type: "client",
                account: account.id.as_str(),
                agent,
                host,
                version,
                last_seen,
                records,
            };
            for client in &clients {
                let (host, by) = (Some(client.host.as_str()), client.by.as_deref());
                out.json(&one(&client.agent, host, by, Some(client.at.into()), client.records));
            }
            silent.clone().for_each(|agent| out.json(&one(agent, None, None, None, 0)));
        }
        let cell = |text: &str| SafeText::line(text);
        rows.extend(clients.iter().map(|client| {
            let version = client.by.clone().unwrap_or_else(|| say!("team-version-unsaid"));
            let seen = say!("team-seen", span = text::span(now.since(client.at).max(0)));
            vec![
                cell(client.agent.as_str()),
                cell(account.id.as_str()),
                cell(&seen),
                cell(&version),
                cell(&client.host),
            ]
        }));
        rows.extend(silent.map(|agent| {
            let (account, never) = (account.id.as_str(), say!("team-never-seen"));
            vec![cell(agent.as_str()), cell(account), cell(&never), cell(""), cell("")]
        }));
    }
    if out.format() != Format::Json {
        out.table(&[Column::FIXED; 5], &rows);
    }
    Ok(if rows.is_empty() { Exit::Nothing } else { Exit::Done })
}
