//! Where passwords and tokens come from. They are handed on and kept nowhere, and never stand in a message or a log.

use std::time::Duration;

use crate::config::{Endpoint, OAuth2, Secret};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::phrase::Phrase;
use crate::program::{End, Program};
use crate::sync::error::SyncError;
use crate::sync::oauth::{Grants, OAuthError, Why};

/// How long a password command may take: a person may have to touch a key.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);
/// The longest secret, in bytes; tokens of some providers have several thousand.
const SECRET_MAX: usize = 64 << 10;
/// The service under which the keyring of the desktop knows us.
const SERVICE: &str = "postroom";

/// Gives out secrets. The program has one that can ask on the terminal; tests have their own.
pub trait SecretProvider: Send + Sync {
    /// Returns the password or token of an endpoint. It is asked anew for every login, because tokens age.
    ///
    /// # Errors
    /// In words for a person, without the secret.
    fn secret(&self, account: &AccountId, endpoint: &Endpoint) -> Result<String, SyncError>;

    /// Returns another one in the place of one that the server refused; `None` where there is no other.
    ///
    /// # Errors
    /// As [`SecretProvider::secret`].
    fn another(&self, account: &AccountId, endpoint: &Endpoint, refused: &str) -> Result<Option<String>, SyncError> {
        let _ = (account, endpoint, refused);
        Ok(None)
    }
}

/// Does what the config says; `prompt` asks a person, where it must.
pub struct Configured<P> {
    /// Asks for the secret of an account and endpoint; `None` where nobody can be asked.
    pub prompt: P,
    /// Where tokens are kept that renew themselves; `None` where no account has any.
    pub grants: Option<Grants>,
}

impl<P> SecretProvider for Configured<P>
where
    P: Fn(&AccountId, &Endpoint) -> Option<String> + Send + Sync,
{
    fn secret(&self, account: &AccountId, endpoint: &Endpoint) -> Result<String, SyncError> {
        let failed = |why: Phrase, hint: Phrase| {
            UserError::new(ErrorKind::Config, phrase!("secret-missing", account = account.as_str(), why = why))
                .hint(hint)
        };
        let found = match &endpoint.secret {
            Secret::Clear(secret) => Ok(secret.clone()),
            Secret::Env(name) => std::env::var(name)
                .map_err(|_| failed(phrase!("secret-not-set", name = name), phrase!("hint-set-variable"))),
            Secret::Command(_) | Secret::Program(_) => of_command(&endpoint.secret)
                .unwrap_or_else(|| Ok(String::new()))
                .map_err(|why| failed(why, phrase!("hint-run-password-command"))),
            Secret::Keyring(user) => keyring::Entry::new(SERVICE, user)
                .and_then(|entry| entry.get_password())
                .map_err(|e| failed(phrase!("secret-keyring", why = e.to_string()), phrase!("hint-unlock-keyring"))),
            Secret::Prompt => (self.prompt)(account, endpoint)
                .ok_or_else(|| failed(phrase!("secret-nobody"), phrase!("hint-password-command"))),
            Secret::OAuth2(oauth) => return Ok(kept(&self.grants, oauth)?.token(oauth)?),
        };
        Ok(found?)
    }

    fn another(&self, _: &AccountId, endpoint: &Endpoint, refused: &str) -> Result<Option<String>, SyncError> {
        match &endpoint.secret {
            Secret::OAuth2(oauth) => Ok(Some(kept(&self.grants, oauth)?.renew(oauth, refused)?)),
            _ => Ok(None),
        }
    }
}

fn kept<'g>(grants: &'g Option<Grants>, oauth: &OAuth2) -> Result<&'g Grants, OAuthError> {
    grants.as_ref().ok_or_else(|| OAuthError { account: oauth.account.clone(), why: Why::NoGrant })
}

/// Returns what a command prints; `None` of a secret that comes from elsewhere.
pub(super) fn of_command(secret: &Secret) -> Option<Result<String, Phrase>> {
    match secret {
        // One text is a line of the shell: `pass show mail | head -n 1`.
        Secret::Command(line) => Some(run(Program::new(["sh", "-c", line]), COMMAND_TIMEOUT)),
        Secret::Program(argv) => Some(run(Program::new(argv), COMMAND_TIMEOUT)),
        _ => None,
    }
}

/// Runs a password command and returns the first line that it prints.
fn run(program: Program, timeout: Duration) -> Result<String, Phrase> {
    let ended = program.of_session().limit(timeout).output_max(SECRET_MAX).run();
    match ended.end {
        End::Well => {}
        End::NotStarted(why) => return Err(phrase!("secret-command-no-start", why = why)),
        End::Slow(_) => return Err(phrase!("secret-command-slow", seconds = timeout.as_secs().to_string())),
        End::Broke(why) => return Err(phrase!("secret-command-broke", why = why)),
        // What it prints is not told: it may be the secret. What it complains of on its stderr is, or nobody knew what to mend.
        _ => return Err(phrase!("secret-command-failed", status = ended.why().unwrap_or_else(|| Phrase::said("")))),
    }
    let text = String::from_utf8(ended.stdout).map_err(|_| phrase!("secret-command-not-utf8"))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(phrase!("secret-command-nothing")),
    }
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
