//! Where passwords and tokens come from. They are handed on and kept nowhere, and never stand in a message or a log.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::config::{Endpoint, Secret};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::phrase::Phrase;

/// How long a password command may take: a person may have to touch a key.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);
/// How often it is looked whether a command has ended that prints nothing more.
const LOOK: Duration = Duration::from_millis(5);
/// The longest secret, in bytes; tokens of some providers have several thousand.
const SECRET_MAX: u64 = 64 << 10;
/// The service under which the keyring of the desktop knows us.
const SERVICE: &str = "postroom";

/// Gives out secrets. The program has one that can ask on the terminal; tests have their own.
pub trait SecretProvider: Send + Sync {
    /// Returns the password or token of an endpoint. It is asked anew for every login, because tokens age.
    ///
    /// # Errors
    /// In words for a person, without the secret.
    fn secret(&self, account: &AccountId, endpoint: &Endpoint) -> Result<String, UserError>;
}

/// Does what the config says; `prompt` asks a person, where it must.
pub struct Configured<P> {
    /// Asks for the secret of an account and endpoint; `None` where nobody can be asked.
    pub prompt: P,
}

impl<P> SecretProvider for Configured<P>
where
    P: Fn(&AccountId, &Endpoint) -> Option<String> + Send + Sync,
{
    fn secret(&self, account: &AccountId, endpoint: &Endpoint) -> Result<String, UserError> {
        let failed = |why: Phrase, hint: Phrase| {
            UserError::new(ErrorKind::Config, phrase!("secret-missing", account = account.as_str(), why = why))
                .hint(hint)
        };
        match &endpoint.secret {
            Secret::Clear(secret) => Ok(secret.clone()),
            Secret::Env(name) => std::env::var(name)
                .map_err(|_| failed(phrase!("secret-not-set", name = name), phrase!("hint-set-variable"))),
            Secret::Command(command) => {
                run(command, COMMAND_TIMEOUT).map_err(|why| failed(why, phrase!("hint-run-password-command")))
            }
            Secret::Keyring(user) => keyring::Entry::new(SERVICE, user)
                .and_then(|entry| entry.get_password())
                .map_err(|e| failed(phrase!("secret-keyring", why = e.to_string()), phrase!("hint-unlock-keyring"))),
            Secret::Prompt => (self.prompt)(account, endpoint)
                .ok_or_else(|| failed(phrase!("secret-nobody"), phrase!("hint-password-command"))),
        }
    }
}

/// Runs a password command and returns the first line that it prints.
fn run(command: &str, timeout: Duration) -> Result<String, Phrase> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|e| phrase!("secret-command-no-start", why = e.to_string()))?;
    let end = Instant::now() + timeout;
    let (send, receive) = mpsc::sync_channel(1);
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            let read = stdout.take(SECRET_MAX).read_to_end(&mut text);
            let _ = send.send(read.map(|_| text));
        });
    }
    let printed = receive.recv_timeout(timeout);
    // A command that has closed its stdout may still run.
    let ended = if printed.is_ok() { end_of(&mut child, end) } else { Ok(None) };
    let (text, status) = match (printed, ended) {
        (Ok(Ok(text)), Ok(Some(status))) => (text, status),
        (printed, ended) => {
            kill(&mut child);
            return Err(match (printed, ended) {
                (Ok(Err(error)), _) | (_, Err(error)) => phrase!("secret-command-broke", why = error.to_string()),
                _ => phrase!("secret-command-slow", seconds = timeout.as_secs().to_string()),
            });
        }
    };
    if !status.success() {
        return Err(phrase!("secret-command-failed", status = status.to_string()));
    }
    let text = String::from_utf8(text).map_err(|_| phrase!("secret-command-not-utf8"))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(phrase!("secret-command-nothing")),
    }
}

/// Waits until the command has ended, until `end` at most; `None` where it still runs then.
fn end_of(child: &mut Child, end: Instant) -> std::io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= end {
            return Ok(None);
        }
        std::thread::park_timeout(LOOK);
    }
}

/// Ends the command with all that it started.
fn kill(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    // Only so that no dead process stays behind.
    let _ = child.wait();
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
