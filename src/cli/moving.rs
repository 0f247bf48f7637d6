//! Where verbs move mail on the server, after a conversation was moved to an inbox with another folder.

use std::collections::BTreeSet;

use super::connect;
use super::desk::Desk;
use super::exit::Exit;
use super::output::Output;
use crate::config::Account;
use crate::error::UserError;
use crate::model::ids::AccountId;
use crate::sync::moves;
use crate::sync::round::Round;

/// Moves what waits, of all accounts. The caller holds the lock of the sync. `exit` is how the command ends when that goes well.
///
/// # Errors
/// Those of the store; a server that fails or refuses is told and becomes exit code 3, because the mail follows later.
pub fn bring<'d>(desk: &'d Desk, out: &mut Output, round: &mut Round<'d>, mut exit: Exit) -> Result<Exit, UserError> {
    let waiting: BTreeSet<AccountId> = desk.store.moves_waiting()?.into_iter().map(|w| w.account).collect();
    for id in waiting {
        if let Some(account) = desk.config.served().into_iter().find(|account| account.id == id) {
            exit = of_account(desk, out, round, account, exit)?;
        }
    }
    Ok(exit)
}

/// Moves what waits of one account.
///
/// # Errors
/// As [`bring`].
pub fn of_account<'d>(
    desk: &'d Desk,
    out: &mut Output,
    round: &mut Round<'d>,
    account: &'d Account,
    exit: Exit,
) -> Result<Exit, UserError> {
    if !desk.store.moves_waiting()?.iter().any(|waiting| waiting.account == account.id) {
        return Ok(exit);
    }
    match round.visit(account).moves() {
        Ok(moves) => {
            if moves.moved > 0 {
                out.talk(&format!("{}: {}", account.id, say!("told-moved", count = moves.moved)));
            }
            moves.kept.iter().for_each(|folder| out.error(&moves::kept(folder)));
        }
        Err(error) => {
            out.error(&connect::by_hand(error, phrase!("then-sync-tries")));
            return Ok(Exit::Remote.or_worse(exit));
        }
    }
    settled(desk, out, Some(&account.id), exit)
}

/// Tells what could not be moved, and how the command ends with that.
///
/// # Errors
/// Those of the store.
pub fn settled(desk: &Desk, out: &mut Output, account: Option<&AccountId>, exit: Exit) -> Result<Exit, UserError> {
    let told = moves::told(&desk.store, account)?;
    told.iter().for_each(|error| out.error(error));
    Ok(if told.is_empty() { exit } else { Exit::Remote.or_worse(exit) })
}
