//! The team's log for verbs: read and pushed after a change, without the mail.

use std::collections::BTreeMap;

use super::connect;
use super::desk::Desk;
use super::exit::Exit;
use super::global::Format;
use super::json::{RefusedJson, TroubleJson};
use super::output::Output;
use crate::config::Account;
use crate::error::UserError;
use crate::model::change::Part;
use crate::model::ids::AccountId;
use crate::model::refusal::Refusals;
use crate::store::QueueEnd;
use crate::sync::log::LogPass;
use crate::sync::round::Round;

/// How many refusals are told as lines.
const SHOWN: usize = 10;

/// Reads and pushes the logs of these accounts. The caller holds the lock of the sync.
///
/// # Errors
/// Those of the store; a server that fails is told and becomes exit code 3, because the work is queued.
pub fn bring<'d>(
    desk: &'d Desk,
    out: &mut Output,
    round: &mut Round<'d>,
    due: &Due,
    accounts: &[&'d Account],
    mut exit: Exit,
) -> Result<Exit, UserError> {
    for account in accounts {
        match round.visit(account).log() {
            Ok(passes) => {
                for pass in &passes {
                    tell(out, account, pass);
                    exit = ended(desk, out, due, account, pass)?.or_worse(exit);
                }
                tell_kept(desk, out, due, account, passes.last())?;
            }
            Err(error) => exit = queued(out, &error, exit),
        }
    }
    Ok(exit)
}

/// Says that something waits still, where nothing else said why.
fn tell_kept(
    desk: &Desk,
    out: &mut Output,
    due: &Due,
    account: &Account,
    last: Option<&LogPass>,
) -> Result<(), UserError> {
    let silent = last.is_some_and(|pass| pass.trouble.is_none() && !pass.read_only);
    if silent && due.waits(desk, &account.id)? {
        out.warn(&say!("told-work-is-kept"));
    }
    Ok(())
}

/// Returns the accounts whose servers do not have all that was done.
///
/// # Errors
/// When the store can't be read.
pub fn waiting(desk: &Desk) -> Result<Vec<&Account>, UserError> {
    let waiting = desk.store.unpushed_accounts()?;
    Ok(desk.config.served().into_iter().filter(|account| waiting.contains(&account.id)).collect())
}

/// How a command ends that brought something to an account's log: what was claimed here may have been somebody else's when the server had
/// it, and the server may not take anything.
///
/// # Errors
/// When the store can't be read.
pub fn ended(desk: &Desk, out: &Output, due: &Due, account: &Account, pass: &LogPass) -> Result<Exit, UserError> {
    if !pass.notices.is_empty() || !left_to_tell(out, &pass.refused).is_empty() {
        return Ok(Exit::Precondition);
    }
    Ok(if pass.trouble.is_some() || due.waits(desk, &account.id)? { Exit::Remote } else { Exit::Done })
}

/// What the queues held when a command began to bring it: it answers for that, and not for what other processes do meanwhile.
pub struct Due(BTreeMap<AccountId, QueueEnd>);

impl Due {
    /// Reads what waits now, for the logs of all accounts.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn now(desk: &Desk) -> Result<Self, UserError> {
        let mut ends = BTreeMap::new();
        for account in desk.store.unpushed_accounts()? {
            if let Some(end) = desk.store.queue_end(&account)? {
                ends.insert(account, end);
            }
        }
        Ok(Self(ends))
    }

    /// Tells whether something of it waits still for the log of an account.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn waits(&self, desk: &Desk, account: &AccountId) -> Result<bool, UserError> {
        let Some(end) = self.0.get(account) else { return Ok(false) };
        Ok(desk.store.waits_up_to(account, *end)?)
    }

    /// Tells whether something of it waits still for any log that has a server.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn any_waits(&self, desk: &Desk) -> Result<bool, UserError> {
        for account in desk.config.served() {
            if self.waits(desk, &account.id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Tells what must be read of a pass over the log.
pub fn tell(out: &mut Output, account: &Account, pass: &LogPass) {
    pass.told().iter().for_each(|error| out.error(error));
    if out.format() == Format::Json {
        for error in pass.refused_mails() {
            out.json(&TroubleJson::new(account.id.as_str(), Part::Log.name(), &error.message(), &error.advice()));
        }
    }
    if let Some(standing) = pass.standing() {
        tell_trouble(out, account.id.as_str(), Part::Log.name(), &standing);
    }
    if let Some(trouble) = &pass.trouble {
        tell_trouble(out, account.id.as_str(), Part::Log.name(), trouble);
    }
    tell_refused(out, &left_to_tell(out, &pass.refused));
}

/// Returns what is to be told of what does not stand: not the claims of which the command itself says what came of them.
fn left_to_tell(out: &Output, refused: &Refusals) -> Refusals {
    let listed = refused.listed.iter().filter(|refusal| !out.answers_for(refusal)).cloned().collect();
    Refusals { listed, more: refused.more }
}

/// Tells what does not work, and as JSON too: `part` is what it concerns.
pub fn tell_trouble(out: &mut Output, account: &str, part: &'static str, trouble: &UserError) {
    let trouble = connect::by_hand(trouble.clone(), phrase!("then-sync-tries"));
    if out.format() == Format::Json {
        out.json(&TroubleJson::new(account, part, &trouble.message(), &trouble.advice()));
    }
    out.error(&trouble);
}

/// Tells what of one's own work does not stand: the first ten as lines, as JSON all that are listed.
fn tell_refused(out: &mut Output, refused: &Refusals) {
    if refused.is_empty() {
        return;
    }
    if out.format() == Format::Json {
        refused.listed.iter().for_each(|refusal| out.json(&RefusedJson::fallen(refusal)));
    }
    out.warn(&format!("postroom: {}", say!("told-do-not-stand", count = refused.len())));
    for refusal in refused.listed.iter().take(SHOWN) {
        out.warn(&format!("  {}", crate::text::refusal(refusal)));
    }
    refused.listed.iter().for_each(|refusal| out.has_refused(refusal));
    if refused.len() > SHOWN {
        out.warn(&format!("  {}", say!("told-more", count = refused.len() - SHOWN)));
    }
}

/// Tells that the server failed, and returns how a command ends that would have ended with `exit`.
pub fn queued(out: &mut Output, error: &UserError, exit: Exit) -> Exit {
    out.error(&connect::by_hand(error.clone(), phrase!("then-sync-tries")));
    out.warn(&say!("told-work-is-kept"));
    Exit::Remote.or_worse(exit)
}
