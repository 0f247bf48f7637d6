//! The config file that `init` writes, and the password's file beside it. No secret stands in the config: it can be shown to others.

use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::answers::{Answers, PasswordFrom, Server};
use crate::config::{Provider, quoted};
use crate::error::{ErrorKind, UserError};

/// Returns where the password of an account stands that is kept in a file of its own.
pub fn password_file(config: &Path, account: &str) -> PathBuf {
    config.with_file_name(format!("{account}.password"))
}

/// Returns where the secret of an account's client stands.
pub fn client_file(config: &Path, account: &str) -> PathBuf {
    config.with_file_name(format!("{account}.client"))
}

/// Returns the file to which a config is written: where it is a link, as those keep it who have their configs in one place, what that leads
/// to. The link stays.
///
/// # Errors
/// When it leads to nothing.
pub fn target(config: &Path) -> Result<PathBuf, UserError> {
    if !config.is_symlink() {
        return Ok(config.to_owned());
    }
    config.canonicalize().map_err(|error| {
        let path = config.display().to_string();
        UserError::new(ErrorKind::Config, phrase!("config-link-broken", path = &path, why = error.to_string()))
            .hint(phrase!("hint-config-link", path = path))
    })
}

/// Where the text has the secret of a client.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ClientSecret {
    /// In it: it is parsed and tried, and written nowhere.
    Within,
    /// In a file beside it.
    Beside,
}

/// Returns the config's text. What is not answered yet is filled with a stand-in, so that the account can be tried. `tokens` is who gives
/// out tokens.
pub fn text(answers: &Answers, tokens: Option<Provider>, config: &Path, client_secret: ClientSecret) -> String {
    let account = answers.account();
    let me = answers.me.as_deref().unwrap_or("me");
    let mut out = String::from(
        "# postroom's config. `postroom config check` reads it; `postroom help accounts` tells what may stand here.\n",
    );
    // Writing to a string can't fail.
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "{key} = {}", quoted(value));
    };
    line("\n[me]\nhandle", me);
    line(&format!("\n[agent.{}]\nname", quoted(me)), answers.name.as_deref().unwrap_or(me));
    line(&format!("\n[account.{account}]\nkind"), "imap");
    if let Some(folder) = answers.team_folder() {
        line("inbox_folder", folder);
    }
    line("log_folder", answers.log_folder.as_deref().unwrap_or("Postroom"));
    if let Some(sent) = &answers.sent {
        line("sent", sent);
    }
    out.push_str(&server(&format!("account.{account}.imap"), &answers.imap));
    out.push_str(&login(answers, config));
    if !answers.smtp.is_none() {
        out.push_str(&server(&format!("account.{account}.smtp"), &answers.smtp));
        if answers.by_tokens() {
            out.push_str("auth = \"oauth2\"\n");
        }
    }
    if answers.by_tokens() {
        out.push_str(&client(answers, tokens, client_file(config, answers.account()), client_secret));
    }
    let main = (answers.inbox.as_deref().unwrap_or("inbox"), answers.address.as_deref().unwrap_or_default());
    let aliases = answers.aliases.as_deref().unwrap_or_default();
    inbox(&mut out, main, account, aliases);
    answers.more.iter().for_each(|more| inbox(&mut out, (&more.name, &more.address), account, &[]));
    out
}

/// Writing to a string can't fail.
fn server(section: &str, server: &Server) -> String {
    let host = quoted(server.host.as_deref().unwrap_or_default());
    let mut out = format!("\n[{section}]\nhost = {host}\n");
    if let Some(port) = server.port {
        let _ = writeln!(out, "port = {port}");
    }
    if let Some(security) = server.security {
        let _ = writeln!(out, "security = \"{}\"", security.word());
    }
    out
}

/// The user and where the password is; SMTP takes both from IMAP.
fn login(answers: &Answers, config: &Path) -> String {
    let user = answers.user.as_deref().unwrap_or_default();
    let mut out = format!("user = {}\n", quoted(user));
    let _ = match answers.from {
        _ if answers.by_tokens() => writeln!(out, "auth = \"oauth2\""),
        Some(PasswordFrom::Command) => {
            writeln!(out, "password_command = {}", quoted(answers.command.as_deref().unwrap_or_default()))
        }
        Some(PasswordFrom::Environment) => {
            writeln!(out, "password_env = {}", quoted(answers.environment.as_deref().unwrap_or_default()))
        }
        Some(PasswordFrom::Keyring) => writeln!(out, "password_keyring = {}", quoted(user)),
        Some(PasswordFrom::File) => {
            let file = password_file(config, answers.account());
            writeln!(out, "password_command = [\"cat\", {}]", quoted(&file.display().to_string()))
        }
        Some(PasswordFrom::Prompt) | None => writeln!(out, "password_prompt = true"),
    };
    if let Some(file) = &answers.ca_file {
        let _ = writeln!(out, "ca_file = {}", quoted(file));
    }
    out
}

/// How tokens are got.
fn client(answers: &Answers, tokens: Option<Provider>, file: PathBuf, secret: ClientSecret) -> String {
    let mut out = format!("\n[account.{}.oauth2]\n", answers.account());
    let mut line = |key: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(out, "{key} = {}", quoted(value));
        }
    };
    line("provider", tokens.map(Provider::name));
    line("client_id", answers.client_id.as_deref());
    if secret == ClientSecret::Within {
        line("client_secret", answers.client_secret.as_deref());
    }
    line("authorize_url", answers.authorize_url.as_deref());
    line("token_url", answers.token_url.as_deref());
    line("device_url", answers.device_url.as_deref());
    if secret == ClientSecret::Beside && answers.client_secret.as_deref().is_some_and(|secret| !secret.is_empty()) {
        let _ = writeln!(out, "client_secret_command = [\"cat\", {}]", quoted(&file.display().to_string()));
    }
    if !answers.scopes.is_empty() {
        let _ = writeln!(out, "scopes = [{}]", list(&answers.scopes));
    }
    out
}

fn list(texts: &[String]) -> String {
    texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")
}

/// Customers see who writes: that is what the name was asked for.
fn inbox(out: &mut String, (name, address): (&str, &str), account: &str, aliases: &[String]) {
    let _ = write!(
        out,
        "\n[inbox.{}]\naddress = {}\naccount = {}\nsender_name = \"{{agent}}\"\n",
        quoted(name),
        quoted(address),
        quoted(account)
    );
    if !aliases.is_empty() {
        let _ = writeln!(out, "aliases = [{}]", list(aliases));
    }
}

/// Writes a file with mode 0600, whole or not at all.
///
/// # Errors
/// When the folder or the file can't be made.
pub fn write(path: &Path, text: &str) -> Result<(), UserError> {
    let failed = |error: std::io::Error| {
        UserError::new(ErrorKind::Config, error.to_string())
            .within(path.display().to_string())
            .hint(phrase!("hint-other-config"))
    };
    if let Some(dir) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
    }
    let mut half = path.as_os_str().to_owned();
    half.push(".new");
    let half = PathBuf::from(half);
    // One that was left behind may have another mode.
    let _ = std::fs::remove_file(&half);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half).map_err(failed)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let written = written.and_then(|()| std::fs::rename(&half, path));
    if written.is_err() {
        // A password may be in it.
        let _ = std::fs::remove_file(&half);
    }
    written.map_err(failed)
}
