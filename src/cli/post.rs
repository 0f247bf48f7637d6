//! From the outbox to the server, for verbs: which account a mail goes out by, and one go over its outbox. Where no account has a server
//! (the sample), mail is filed as the screen files it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::output::Output;
use super::patience::wait_while;
use super::{connect, remote, team_log};
use crate::config::Account;
use crate::error::UserError;
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::phrase::Phrase;
use crate::model::reply::{OutState, Outgoing};
use crate::service::compose::Mute;
use crate::sync::lock::{self, SyncLock};
use crate::sync::round::Round;
use crate::sync::{outbox, serverless};
use crate::text;

/// How long `--wait` waits for another process that sends.
const PATIENCE: Duration = Duration::from_secs(120);

/// Whoever sends a mail so many milliseconds ahead is told that a postroom must run then.
const FOR_LATER: i64 = 300_000;

/// Tells whether mail of an account can go out at all.
///
/// # Errors
/// Names what to configure.
pub fn check(desk: &Desk, id: &AccountId) -> Result<(), UserError> {
    match Mute::of(&desk.config.accounts, id) {
        Some(mute) => Err(mute.error(id, "or keep a draft with --draft")),
        None => Ok(()),
    }
}

fn account<'a>(desk: &'a Desk, id: &AccountId) -> Option<&'a Account> {
    desk.config.accounts.iter().find(|account| account.id == *id)
}

/// Sends what is due of these mails now, and tells how each one stands. With `--offline`, and where another process sends, they stay in
/// the outbox.
///
/// # Errors
/// Those of the store; a server that fails is told and becomes exit code 3, because the mails are kept.
pub fn deliver(around: &Surroundings, desk: &Desk, out: &mut Output, mails: &[i64]) -> Result<Exit, UserError> {
    if around.global.offline {
        out.talk(&say!("told-outbox-keeps"));
        return Ok(Exit::Done);
    }
    if !desk.config.has_server() {
        serverless::deliver(&desk.store, &desk.config.accounts)?;
        serverless::derive_some(&desk.store)?;
        serverless::settle(&desk.store, &desk.config.accounts)?;
        return tell(desk, out, mails);
    }
    let mut accounts = BTreeSet::new();
    for id in mails {
        accounts.insert(desk.store.delivery(*id)?.account);
    }
    let Some(lock) = SyncLock::try_take(&desk.store)? else {
        out.talk(&say!("told-another-sends"));
        let of: Vec<&Account> = accounts.iter().filter_map(|id| account(desk, id)).collect();
        let stands = remote::by_other(desk, out, &of);
        return if around.global.wait { Ok(wait(desk, out, mails)?.or_worse(stands)) } else { Ok(stands) };
    };
    let mut round = connect::round(desk)?;
    let mut failed = false;
    for id in &accounts {
        check(desk, id)?;
        out.progress(&say!("told-sending", account = id.as_str()));
        let Some(account) = account(desk, id) else { continue };
        match round.visit(account).outbox() {
            Ok(log) => {
                team_log::tell(out, account, &log);
                tell_learned(desk, out, account)?;
                failed |= log.trouble.is_some();
            }
            Err(error) => {
                out.error(&error);
                failed = true;
            }
        }
    }
    // An answer to what came to another account is told on the log of that one.
    let mut others = team_log::waiting(desk)?;
    others.retain(|account| !accounts.contains(&account.id));
    let exit = team_log::bring(desk, out, &mut round, &team_log::Due::now(desk)?, &others, Exit::Done)?;
    round.close();
    drop(lock);
    let exit = exit.or_worse(tell(desk, out, mails)?);
    Ok(if failed { Exit::Remote.or_worse(exit) } else { exit })
}

/// Sends what is due in the outbox of an account: the end of `postroom sync`. `exit` is how the command ends when that goes well, and
/// `told` the trouble of the log that was told already.
///
/// # Errors
/// Those of the store; a server that fails is told and becomes exit code 3.
pub fn send_due<'d>(
    desk: &'d Desk,
    out: &mut Output,
    round: &mut Round<'d>,
    account: &'d Account,
    exit: Exit,
    told: Option<&UserError>,
) -> Result<Exit, UserError> {
    if !account.can_send() {
        return Ok(exit);
    }
    let now = desk.clock.now();
    let ever = Timestamp(i64::MAX);
    let mut mails = Vec::new();
    for (state, by) in
        [(OutState::Held, now), (OutState::Sent, now), (OutState::Sending, ever), (OutState::Uncertain, ever)]
    {
        for mail in desk.store.outgoing_due(state, by, usize::MAX)? {
            if desk.store.delivery(mail.id)?.account == account.id {
                mails.push(mail.id);
            }
        }
    }
    if mails.is_empty() {
        return Ok(exit);
    }
    match round.visit(account).outbox() {
        Ok(mut log) => {
            log.trouble = log.trouble.filter(|trouble| Some(trouble) != told);
            team_log::tell(out, account, &log);
            tell_learned(desk, out, account)?;
        }
        Err(error) => {
            out.error(&error);
            return Ok(Exit::Remote);
        }
    }
    let sent = tell(desk, out, &mails)?;
    Ok(if exit == Exit::Done { sent } else { exit })
}

/// Tells once what was learned of the server that sends.
fn tell_learned(desk: &Desk, out: &mut Output, account: &Account) -> Result<(), UserError> {
    if let Some(told) = outbox::server_files(&desk.store, account)? {
        out.error(&told);
    }
    Ok(())
}

/// Tells of mail that is due and not out, where no postroom runs that sends it.
///
/// # Errors
/// When the store can't be read.
pub fn tell_left(desk: &Desk, out: &mut Output, hint: bool) -> Result<(), UserError> {
    let Some((count, since)) = desk.store.overdue()? else { return Ok(()) };
    if lock::is_held(&desk.store)? {
        return Ok(());
    }
    out.warn(&say!("told-mail-was-left", count = count, since = desk.time(since)));
    if hint {
        out.hint(&say!("hint-sync-sends"));
    }
    Ok(())
}

fn wait(desk: &Desk, out: &mut Output, mails: &[i64]) -> Result<Exit, UserError> {
    out.progress(&say!("told-waits"));
    wait_while(&desk.store, PATIENCE, || {
        let now = desk.clock.now();
        let moving = |mail: &Outgoing| match mail.state {
            OutState::Held => mail.due <= now && mail.reason.is_none(),
            OutState::Sending | OutState::Sent => true,
            _ => false,
        };
        for id in mails {
            if desk.store.outgoing_by_id(*id)?.as_ref().is_some_and(moving) {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    tell(desk, out, mails)
}

/// Tells how each mail stands: those that are out by their number, the others one by one.
///
/// # Errors
/// When the store can't be read.
pub fn tell(desk: &Desk, out: &mut Output, mails: &[i64]) -> Result<Exit, UserError> {
    let (mut gone, mut exit) = (0usize, Exit::Done);
    for id in mails {
        let Some(mail) = desk.store.outgoing_by_id(*id)? else { continue };
        let line = format!("{} · {}", text::render(&stands(&mail)), text::titled(mail.subject.as_str()));
        match mail.state {
            OutState::Sent | OutState::Filed => {
                gone += 1;
                if mail.reason.is_some() {
                    out.warn(&line);
                }
            }
            OutState::Held if mail.due > desk.clock.now() && mail.reason.is_none() => {
                let (id, at) = (mail.id.to_string(), desk.time(mail.due));
                out.talk(&say!("told-mail-due", id = id, at = at, to = &mail.to));
                if mail.due.since(desk.clock.now()) > FOR_LATER && !lock::is_watched(&desk.store)? {
                    out.hint(&say!("hint-needs-postroom"));
                }
            }
            OutState::Held | OutState::Sending => {
                out.warn(&line);
                exit = exit.or_worse(Exit::Remote);
            }
            OutState::Stopped => {
                out.warn(&line);
                out.hint(&say!("hint-send-anyway", id = mail.id.to_string()));
                exit = exit.or_worse(Exit::Precondition);
            }
            OutState::Failed | OutState::Uncertain => {
                out.warn(&line);
                exit = exit.or_worse(Exit::Remote);
            }
            OutState::Cancelled => {}
        }
    }
    if gone > 0 {
        out.talk(&say!("told-sent", count = gone));
    }
    Ok(exit)
}

/// Says how a mail stands.
fn stands(mail: &Outgoing) -> Phrase {
    let (id, state) = (mail.id.to_string(), mail.state.to_string());
    match mail.reason.clone() {
        Some(why) => phrase!("told-mail-stands-why", id = id, state = state, why = why, to = &mail.to),
        None => phrase!("told-mail-stands", id = id, state = state, to = &mail.to),
    }
}
