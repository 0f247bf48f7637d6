//! How the sync of each account stands, by the word of the process that syncs: `sync --status`, and the lines of `sync --watch`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::desk::Desk;
use super::exit::Exit;
use super::global::Format;
use super::json::{Moment, SCHEMA};
use super::output::Output;
use crate::config::Account;
use crate::error::UserError;
use crate::model::change::{Connectivity, SyncStatus, Trouble};
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::reply::OutState;
use crate::model::text::SafeText;
use crate::store::HookFailure;
use crate::sync::bulletin;
use crate::sync::lock;
use crate::text;

/// What of an account the server does not have yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
struct Waiting {
    operations: u64,
    mails: u64,
    moves: u64,
}

/// `"type":"sync-status"`: how the sync of one account stands.
#[derive(Serialize, JsonSchema)]
pub struct StatusJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    account: &'a str,
    state: &'static str,
    message: &'a str,
    last_pass: Option<Moment>,
    /// Seconds since that.
    lag: Option<i64>,
    next_try: Option<Moment>,
    troubles: &'a [Trouble],
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<Waiting>,
}

impl<'a> StatusJson<'a> {
    fn new(status: &'a SyncStatus, state: &'static str, now: Timestamp, waiting: Option<Waiting>) -> Self {
        Self {
            schema: SCHEMA,
            r#type: "sync-status",
            account: &status.account,
            state,
            message: &status.message,
            last_pass: status.last_pass.map(Moment::from),
            lag: status.last_pass.map(|at| now.since(at) / 1000),
            next_try: status.next_try.map(Moment::from),
            troubles: &status.troubles,
            waiting,
        }
    }
}

/// Tells how the accounts stand, whoever syncs them, and what of them waits. Ends with 3 where one is not connected or in trouble.
///
/// # Errors
/// Those of the store.
pub fn show(desk: &Desk, out: &mut Output, accounts: &[&Account]) -> Result<Exit, UserError> {
    // Nobody keeps the lock: what a process that ended has left behind says nothing.
    let is_synced = lock::is_held(&desk.store)?;
    let now = desk.clock.now();
    let mut exit = Exit::Done;
    let mut all = waiting(desk)?;
    for account in accounts {
        let told = is_synced.then(|| bulletin::read(&desk.store, account.id.as_str())).flatten();
        let is_told = told.is_some();
        let status = told.unwrap_or(SyncStatus { account: account.id.to_string(), ..SyncStatus::default() });
        let last = desk.store.folders(&account.id)?.into_iter().filter_map(|folder| folder.last_pass).max();
        let status = SyncStatus { last_pass: status.last_pass.max(last), ..status };
        let state = if is_told { name(status.state) } else { "none" };
        let waiting = all.remove(&account.id).unwrap_or_default();
        if out.format() == Format::Json {
            out.json(&StatusJson::new(&status, state, now, Some(waiting)));
        } else {
            let says = if is_told { says(desk, &status) } else { say!("sync-by-nobody") };
            let last = match status.last_pass {
                Some(at) => say!("status-last", span = text::span(now.since(at))),
                None => say!("status-never"),
            };
            out.line(&line(&format!("{}: {says} · {last} · {}", account.id, waits(waiting))));
            troubles(out, &status);
        }
        let is_well = status.state < Connectivity::Offline && status.troubles.is_empty();
        exit = exit.or_worse(if is_well { Exit::Done } else { Exit::Remote });
    }
    Ok(exit.or_worse(show_hooks(desk, out)?))
}

/// `"type":"hook-status"`: a hook that failed and did not succeed since.
#[derive(Serialize, JsonSchema)]
pub struct HookStatusJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    hook: &'a str,
    /// For how many events it failed, a hundred at most.
    failed: u32,
    why: String,
    at: Moment,
}

/// Tells which hooks fail. Ends with 3 where one does.
fn show_hooks(desk: &Desk, out: &mut Output) -> Result<Exit, UserError> {
    let failures = desk.store.hook_failures()?;
    for HookFailure { hook, events, reason, at } in &failures {
        let failed = *events;
        if out.format() == Format::Json {
            let why = text::english(reason);
            out.json(&HookStatusJson { schema: SCHEMA, r#type: "hook-status", hook, failed, why, at: (*at).into() });
        } else {
            let when = desk.time(*at);
            out.line(&line(&say!("hook-fails", hook = hook, count = failed, at = when, why = reason.clone())));
            out.line(&line(&format!("  {}", say!("hint-hook-failed"))));
        }
    }
    Ok(if failures.is_empty() { Exit::Done } else { Exit::Remote })
}

/// Tells one change of an account, as it comes.
pub fn tell(desk: &Desk, out: &mut Output, status: &SyncStatus) {
    if out.format() == Format::Json {
        out.json(&StatusJson::new(status, name(status.state), desk.clock.now(), None));
        return;
    }
    out.warn(line(&format!("{}: {}", status.account, says(desk, status))).as_str());
    for Trouble { text, hint, .. } in &status.troubles {
        out.warn(line(&format!("  {text}")).as_str());
        out.hint(hint);
    }
}

fn troubles(out: &mut Output, status: &SyncStatus) {
    for Trouble { text, hint, .. } in &status.troubles {
        out.line(&line(&format!("  {text}")));
        if !hint.is_empty() {
            out.line(&line(&format!("  {hint}")));
        }
    }
}

/// Says in a few words how an account stands, and when it is tried again.
pub fn says(desk: &Desk, status: &SyncStatus) -> String {
    let state = match status.state {
        Connectivity::Current => say!("sync-connected"),
        Connectivity::Working => say!("sync-working"),
        Connectivity::Connecting => say!("sync-connecting"),
        Connectivity::Offline => say!("sync-offline"),
        Connectivity::Blocked => say!("sync-blocked"),
    };
    let why = if status.message.is_empty() { state } else { format!("{state}: {}", status.message) };
    match status.next_try {
        Some(at) => say!("status-again", says = why, at = desk.time(at)),
        None => why,
    }
}

fn waits(waiting: Waiting) -> String {
    if waiting == Waiting::default() {
        return say!("status-nothing-waits");
    }
    let parts = [
        (waiting.operations, say!("operations-of", count = waiting.operations)),
        (waiting.mails, say!("status-mails", count = waiting.mails)),
        (waiting.moves, say!("status-moves", count = waiting.moves)),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, said)| said).collect();
    say!("status-waits", what = parts.join(", "))
}

/// Counts what waits, for every account: each mail once, whatever becomes of it meanwhile.
fn waiting(desk: &Desk) -> Result<BTreeMap<AccountId, Waiting>, UserError> {
    let store = &desk.store;
    let mut all: BTreeMap<AccountId, Waiting> = BTreeMap::new();
    for (account, operations) in store.counts(&store.author().actor)?.waiting {
        if let Ok(id) = AccountId::new(&account) {
            all.entry(id).or_default().operations = operations;
        }
    }
    let waits = [OutState::Held, OutState::Sending, OutState::Sent, OutState::Uncertain];
    for mail in store.outgoing()?.into_iter().filter(|mail| waits.contains(&mail.state)) {
        all.entry(store.delivery(mail.id)?.account).or_default().mails += 1;
    }
    for moves in store.moves_waiting()? {
        all.entry(moves.account).or_default().moves += moves.mails;
    }
    Ok(all)
}

/// The state's name in JSON, which stays.
fn name(state: Connectivity) -> &'static str {
    match state {
        Connectivity::Current => "connected",
        Connectivity::Working => "working",
        Connectivity::Connecting => "connecting",
        Connectivity::Offline => "offline",
        Connectivity::Blocked => "blocked",
    }
}

fn line(text: &str) -> SafeText {
    SafeText::line_max(text, 1000)
}
