//! Where verbs remove what was erased from the servers.

use std::collections::BTreeSet;

use super::connect;
use super::desk::Desk;
use super::exit::Exit;
use super::output::Output;
use crate::error::UserError;
use crate::model::ids::AccountId;
use crate::sync::erasures;
use crate::sync::round::Round;

/// Removes erased mails of all accounts, and the bytes of erased words from the store's files. The caller holds the lock of the sync.
/// `exit` is how the command ends when that goes well.
///
/// # Errors
/// Those of the store; a server that fails or refuses is told and becomes exit code 3, because it is tried again.
pub fn bring<'d>(desk: &'d Desk, out: &mut Output, round: &mut Round<'d>, mut exit: Exit) -> Result<Exit, UserError> {
    if desk.store.is_to_scrub()? {
        out.progress(&say!("erase-scrubs"));
        desk.store.scrub(&crate::model::stop::Stop::never())?;
    }
    let waiting = desk.store.traces_waiting()?;
    let mails: BTreeSet<AccountId> = waiting.into_iter().filter(|w| w.mails > 0).map(|w| w.account).collect();
    for account in desk.config.served().into_iter().filter(|account| mails.contains(&account.id)) {
        match round.visit(account).erasures() {
            Ok(0) => {}
            Ok(removed) => out.talk(&say!("erased-on-server", account = account.id.as_str(), count = removed)),
            Err(error) => {
                out.error(&connect::by_hand(error, phrase!("then-sync-tries")));
                exit = Exit::Remote.or_worse(exit);
            }
        }
    }
    let told = erasures::told(&desk.store, None)?;
    told.iter().for_each(|error| out.error(error));
    Ok(if told.is_empty() { exit } else { Exit::Remote.or_worse(exit) })
}
