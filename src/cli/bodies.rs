//! Where verbs fetch mails of which only the headers are here.

use std::time::Duration;

use super::connect;
use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::output::Output;
use super::patience::wait_while;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::MessageId;
use crate::store::Body;
use crate::sync::lock::SyncLock;
use crate::sync::pass::is_too_large;

/// How long another process that holds the connection is given to fetch them.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sees to it that these mails are here whole: they are fetched, unless `--offline` says to leave them. What does not come is told, with
/// what to do, and tells how the command ends.
///
/// # Errors
/// Those of the store.
pub fn bring(around: &Surroundings, desk: &Desk, out: &mut Output, mails: &[MessageId]) -> Result<Exit, UserError> {
    let mut exit = Exit::Done;
    let mut missing = Vec::new();
    for id in mails {
        match desk.store.body(id)? {
            Body::OnServer(size) if is_too_large(size) => {
                let what = phrase!("mail-too-large", size = crate::app::words::size(size));
                out.error(&UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-other-program")));
                exit = Exit::Precondition;
            }
            Body::OnServer(_) => missing.push(id.clone()),
            Body::Gone => {
                out.error(&UserError::new(ErrorKind::Precondition, phrase!("a-mail-gone-unfetched")));
                exit = Exit::Precondition;
            }
            Body::LetGo(days) => {
                out.error(&UserError::new(ErrorKind::Precondition, phrase!("mail-let-go", days = days)));
                exit = Exit::Precondition;
            }
            Body::Here | Body::Unknown => {}
        }
    }
    if missing.is_empty() {
        return Ok(exit);
    }
    let failed = fetch(around, desk, out, &missing)?;
    let mut left = 0;
    for id in &missing {
        left += usize::from(desk.store.body(id)? != Body::Here);
    }
    if left == 0 {
        return Ok(exit);
    }
    out.error(&failed.unwrap_or_else(|| still_away(left).hint(phrase!("hint-sync-then-again"))));
    Ok(Exit::Remote.or_worse(exit))
}

fn still_away(count: usize) -> UserError {
    UserError::new(ErrorKind::Remote, phrase!("texts-still-away", count = count))
}

/// Fetches mails; returns what kept them from coming, where that is known.
///
/// # Errors
/// Those of the store.
pub fn fetch(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    missing: &[MessageId],
) -> Result<Option<UserError>, UserError> {
    if around.global.offline || !desk.config.has_server() {
        return Ok(Some(still_away(missing.len()).hint(phrase!("hint-without-offline"))));
    }
    for id in missing {
        desk.store.want_body(id)?;
    }
    out.talk(&say!("told-fetching", count = missing.len()));
    let Some(_lock) = SyncLock::try_take(&desk.store)? else { return wait(desk, missing) };
    let mut round = connect::round(desk)?;
    let mut failed = None;
    for account in desk.config.served() {
        if desk.store.asked_bodies(Some(&account.id))?.is_empty() {
            continue;
        }
        let fetched = round.visit(account).bodies();
        if let Err(error) = fetched {
            let error = connect::by_hand(error, phrase!("then-command"));
            failed = Some(error.within(still_away(missing.len()).what));
        }
    }
    round.close();
    Ok(failed)
}

/// Waits until the process that holds the connection has fetched them.
fn wait(desk: &Desk, missing: &[MessageId]) -> Result<Option<UserError>, UserError> {
    let came = wait_while(&desk.store, PATIENCE, || {
        for id in missing {
            if matches!(desk.store.body(id)?, Body::OnServer(_)) {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    Ok((!came).then(|| still_away(missing.len()).hint(phrase!("hint-other-fetches"))))
}
