//! The config file that `init` writes.

use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::Answers;
use crate::config::{Endpoint, Secret, Security, quoted};
use crate::error::{ErrorKind, UserError};

/// Returns the file's text.
pub fn text(answers: &Answers) -> String {
    let Answers { me, name, inbox, address, account, imap, .. } = answers;
    let mut out =
        String::from("# postroom's config. `postroom config check` reads it; the README describes every key.\n");
    // Writing to a string can't fail.
    let _ = write!(out, "\n[me]\nhandle = {}\n", quoted(me.as_str()));
    let _ = write!(out, "\n[agent.{}]\nname = {}\n", quoted(me.as_str()), quoted(name));
    let _ =
        write!(out, "\n[account.{0}]\nlog_folder = {1}\n\n[account.{0}.imap]\n", account.id, quoted(&imap.log_folder));
    endpoint(&mut out, &imap.imap, true);
    if let Some(smtp) = &imap.smtp {
        let _ = write!(out, "\n[account.{}.smtp]\n", account.id);
        endpoint(&mut out, smtp, false);
    }
    let _ = write!(
        out,
        "\n[inbox.{}]\naddress = {}\naccount = {}\n",
        quoted(inbox.as_str()),
        quoted(address),
        quoted(account.id.as_str())
    );
    out
}

/// SMTP takes user and password from IMAP, so they are written once.
fn endpoint(out: &mut String, endpoint: &Endpoint, with_user: bool) {
    let security = match endpoint.security {
        Security::Tls => "tls",
        Security::StartTls => "starttls",
        Security::Plain => "plain",
    };
    let _ = write!(out, "host = {}\nport = {}\nsecurity = \"{security}\"\n", quoted(&endpoint.host), endpoint.port);
    if !with_user {
        return;
    }
    let _ = writeln!(out, "user = {}", quoted(&endpoint.user));
    let _ = match &endpoint.secret {
        Secret::Command(command) => writeln!(out, "password_command = {}", quoted(command)),
        Secret::Program(argv) => {
            let words: Vec<String> = argv.iter().map(|word| quoted(word)).collect();
            writeln!(out, "password_command = [{}]", words.join(", "))
        }
        Secret::Env(name) => writeln!(out, "password_env = {}", quoted(name)),
        Secret::Keyring(name) => writeln!(out, "password_keyring = {}", quoted(name)),
        Secret::Prompt => writeln!(out, "password_prompt = true"),
        Secret::Clear(password) => writeln!(out, "password = {}", quoted(password)),
        // `init` asks for none.
        Secret::OAuth2(_) => Ok(()),
    };
    if let Some(file) = &endpoint.ca_file {
        let _ = writeln!(out, "ca_file = {}", quoted(&file.display().to_string()));
    }
}

/// Writes the file with mode 0600, whole or not at all.
pub fn write(path: &Path, text: &str) -> Result<(), UserError> {
    let failed = |error: std::io::Error| {
        UserError::new(ErrorKind::Config, error.to_string())
            .within(path.display().to_string())
            .hint(phrase!("hint-other-config"))
    };
    if let Some(dir) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
    }
    let half = path.with_extension("toml.new");
    // One that was left behind may have another mode.
    let _ = std::fs::remove_file(&half);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&half, path).map_err(failed)
}
