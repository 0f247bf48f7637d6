//! `postroom init --check`: tries everything that a config says of servers, and writes nothing.

use super::world::{secret, try_sending};
use crate::cli::connect;
use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::sync::oauth::Grants;

/// Tries all accounts of the config, each whatever became of the others.
///
/// # Errors
/// Those of the config; that a server let nobody in.
pub fn run(around: &Surroundings, out: &mut Output) -> Result<Exit, UserError> {
    let config = around.config()?;
    config.problems.iter().for_each(|problem| out.warn(&problem.to_string()));
    let grants = Grants::beside(&config.data_dir, around.clock.clone());
    let mut failed = 0_u64;
    for account in config.served() {
        if let Err(error) = check(out, account, &grants) {
            out.error(&error);
            failed += 1;
        }
    }
    match failed {
        0 => {
            out.talk(&say!("init-check-fine", path = config.file.display().to_string()));
            Ok(Exit::Done)
        }
        failed => Err(UserError::new(ErrorKind::Remote, phrase!("init-check-failed", count = failed))),
    }
}

fn check(out: &mut Output, account: &Account, grants: &Grants) -> Result<(), UserError> {
    let secret = secret(account, grants.clone(), true)?;
    let endpoints = account.endpoints();
    endpoints.first().iter().for_each(|endpoint| out.progress(&connect::logging_in(endpoint)));
    let found = connect::test_login(account, &secret, phrase!("then-command"))?;
    out.talk(&say!("init-check-account", account = account.id.as_str()));
    connect::folders(&found).iter().for_each(|line| out.talk(&format!("  {line}")));
    if account.can_send() {
        endpoints.get(1).iter().for_each(|endpoint| out.progress(&connect::logging_in(endpoint)));
        try_sending(account, &secret)?;
        out.talk(&say!("login-smtp-works"));
    } else {
        out.talk(&say!("init-check-no-sending"));
    }
    Ok(())
}
