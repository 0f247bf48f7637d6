//! `postroom team rotate-key`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{LogOf, account, connected};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::{Moment, SCHEMA};
use crate::cli::output::Output;
use crate::cli::team_log;
use crate::error::UserError;
use crate::model::text::SafeText;
use crate::sync::log::keys::KeyLine;
use crate::text;

/// Lists the keys, and replaces them where that was said.
///
/// # Errors
/// Those of the config and the store; a server that fails.
pub(super) fn run(around: &Surroundings, out: &mut Output, log: &LogOf) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let of = account(&desk, log)?;
    let (pass, keys) = connected(around, &desk, of, |visit| visit.keys(log.yes))?;
    if keys.is_empty() {
        out.talk(&text::render(&phrase!("team-no-keys", account = of.id.as_str())));
        return Ok(Exit::Nothing);
    }
    print(&desk, out, of.id.as_str(), &keys);
    team_log::tell(out, of, &pass);
    if log.yes {
        if let Some(newest) = keys.iter().find(|key| key.signs) {
            out.talk(&text::render(&phrase!("team-rotated", fingerprint = newest.fingerprint.clone())));
        }
        return team_log::ended(&desk, out, &team_log::Due::now(&desk)?, of, &pass);
    }
    out.talk(&text::render(&phrase!("team-rotate-yes")));
    Ok(Exit::Done)
}

/// `"type":"log-key"`: a key that the log is signed with.
#[derive(Serialize, JsonSchema)]
pub struct KeyJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    account: &'a str,
    fingerprint: &'a str,
    actor: &'a str,
    at: Moment,
    signs: bool,
    replaced: bool,
}

fn print(desk: &Desk, out: &mut Output, account: &str, keys: &[KeyLine]) {
    if out.format() == Format::Table {
        out.talk(&text::render(&phrase!("team-keys", account = account)));
    }
    for key in keys {
        match out.format() {
            Format::Json => out.json(&KeyJson {
                schema: SCHEMA,
                r#type: "log-key",
                account,
                fingerprint: &key.fingerprint,
                actor: key.actor.as_str(),
                at: key.at.into(),
                signs: key.signs,
                replaced: key.replaced,
            }),
            Format::Ids => out.line(&SafeText::line(&key.fingerprint)),
            Format::Table => {
                let stands = match (key.signs, key.replaced) {
                    (true, _) => "signs",
                    (false, true) => "replaced",
                    (false, false) => "counts",
                };
                let line = format!("{}  {stands:<8}  {}  {}", key.fingerprint, desk.minute(key.at), key.actor);
                out.line(&SafeText::line(&line));
            }
        }
    }
}
