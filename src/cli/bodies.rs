//! Where verbs fetch mails of which only the headers are here.

use std::time::Duration;

use super::connect;
use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::output::Output;
use super::patience::wait_while;
use super::words::number;
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::MessageId;
use crate::store::Body;
use crate::sync::SecretProvider;
use crate::sync::error::SyncError;
use crate::sync::imap::{Session, fetch_asked, is_too_large};
use crate::sync::lock::SyncLock;

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
                let text = format!("a mail of {} is too large to be fetched", crate::app::words::size(size));
                out.error(&UserError::new(ErrorKind::Precondition, text).hint("open it in another mail program"));
                exit = Exit::Precondition;
            }
            Body::OnServer(_) => missing.push(id.clone()),
            Body::Gone => {
                let text = "a mail is no longer on the server, and was never fetched whole";
                out.error(&UserError::new(ErrorKind::Precondition, text));
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
        left += usize::from(desk.store.whole(id)?.is_none());
    }
    if left == 0 {
        return Ok(exit);
    }
    let text = format!("the text of {} is still on the server", number(left, "mail"));
    out.error(
        &failed.unwrap_or_else(|| UserError::new(ErrorKind::Remote, text).hint("run `postroom sync`, and try again")),
    );
    Ok(Exit::Remote.or_worse(exit))
}

/// Fetches mails; returns what kept them from coming, where that is known.
fn fetch(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    missing: &[MessageId],
) -> Result<Option<UserError>, UserError> {
    let text = || format!("the text of {} is still on the server", number(missing.len(), "mail"));
    if around.global.offline || desk.config.accounts.is_empty() {
        let hint = "run the command again without --offline, or `postroom sync`";
        return Ok(Some(UserError::new(ErrorKind::Remote, text()).hint(hint)));
    }
    for id in missing {
        desk.store.want_body(id)?;
    }
    out.talk(&format!("fetching {} …", number(missing.len(), "mail")));
    let Some(_lock) = SyncLock::try_take(&desk.store)? else { return wait(desk, missing, text()) };
    let waker = connect::waker()?;
    connect::stop_on_interrupt(&waker);
    let secrets = connect::secrets(desk, true);
    let mut failed = None;
    for account in &desk.config.accounts {
        if desk.store.asked_bodies(Some(&account.id))?.is_empty() {
            continue;
        }
        let fetched = secrets.secret(&account.id, &account.imap).and_then(|secret| {
            let run = |account: &Account| -> Result<(), SyncError> {
                let mut session = Session::open(&account.imap, &secret, &waker)?;
                fetch_asked(&desk.store, &mut session, &account.id)?;
                session.logout();
                Ok(())
            };
            run(account).map_err(|error| error.for_user(&account.id, &account.imap))
        });
        if let Err(error) = fetched {
            let error = connect::by_hand(error, phrase!("then-command"));
            failed = Some(error.within(text()));
        }
    }
    Ok(failed)
}

/// Waits until the process that holds the connection has fetched them.
fn wait(desk: &Desk, missing: &[MessageId], text: String) -> Result<Option<UserError>, UserError> {
    let came = wait_while(PATIENCE, || {
        for id in missing {
            if matches!(desk.store.body(id)?, Body::OnServer(_)) {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    let hint = "another postroom on this machine is fetching it: try again in a while";
    Ok((!came).then(|| UserError::new(ErrorKind::Remote, text).hint(hint)))
}
