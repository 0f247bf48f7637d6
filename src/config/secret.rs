//! Where a password or token is taken from, at the moment it is needed and no earlier. It is never logged and never shown.

use std::io::IsTerminal;
use std::process::{Command, Stdio};

use super::Secret;
use crate::error::{ErrorKind, UserError};

/// The service under which passwords stand in the keyring.
const SERVICE: &str = "postroom";

/// Whether a password may be asked for on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// It may, when there is a terminal.
    Terminal,
    /// It may not: a screen is drawn there, or a script runs.
    Never,
}

impl Secret {
    /// Gets the password or token. `whose` names it in messages, such as `alice@imap.example.com`.
    ///
    /// # Errors
    /// When the command fails or prints nothing, the variable or keyring entry is missing, or nobody can be asked.
    pub fn reveal(&self, whose: &str, ask: Ask) -> Result<String, UserError> {
        let secret = match self {
            Secret::Command(command) => from_command(command, whose)?,
            Secret::Env(name) => std::env::var(name)
                .map_err(|_| missing(whose, &format!("the variable {name} is not set")).hint(format!("set {name}")))?,
            Secret::Keyring(user) => from_keyring(user, whose)?,
            Secret::Prompt => from_prompt(whose, ask)?,
            Secret::Clear(clear) => clear.clone(),
        };
        if secret.is_empty() {
            return Err(missing(whose, "it is empty"));
        }
        Ok(secret)
    }
}

fn missing(whose: &str, why: &str) -> UserError {
    UserError::new(ErrorKind::Config, format!("no password for {whose}: {why}"))
}

fn from_command(command: &str, whose: &str) -> Result<String, UserError> {
    let run = Command::new("sh").arg("-c").arg(command).stdin(Stdio::null()).stderr(Stdio::piped()).output();
    let output = run.map_err(|error| missing(whose, &format!("`{command}` could not be run: {error}")))?;
    let line = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().trim_end().to_owned();
    if !output.status.success() {
        let why = format!("`{command}` ended with {}: {}", output.status, line(&output.stderr));
        return Err(missing(whose, &why).hint("run the command by hand to see what it wants"));
    }
    let secret = line(&output.stdout);
    if secret.is_empty() {
        return Err(missing(whose, &format!("`{command}` printed nothing")));
    }
    Ok(secret)
}

fn from_keyring(user: &str, whose: &str) -> Result<String, UserError> {
    let entry = keyring::v1::Entry::new(SERVICE, user);
    entry.and_then(|entry| entry.get_password()).map_err(|error| {
        missing(whose, &format!("the keyring says: {error}"))
            .hint(format!("store it under service {SERVICE:?}, user {user:?}, or use password_command"))
    })
}

/// Puts a password into the keyring.
///
/// # Errors
/// When there is no keyring, or it is locked.
pub fn to_keyring(user: &str, secret: &str) -> Result<(), UserError> {
    let entry = keyring::v1::Entry::new(SERVICE, user);
    entry.and_then(|entry| entry.set_password(secret)).map_err(|error| {
        UserError::new(ErrorKind::Config, format!("the keyring did not take the password: {error}"))
            .hint("use --password-command or --password-env")
    })
}

fn from_prompt(whose: &str, ask: Ask) -> Result<String, UserError> {
    if ask == Ask::Never || !std::io::stdin().is_terminal() {
        return Err(missing(whose, "there is no terminal to ask on")
            .hint("use password_command, password_env or password_keyring instead of password_prompt"));
    }
    rpassword::prompt_password(format!("Password of {whose}: ")).map_err(|error| missing(whose, &error.to_string()))
}
