//! A person at the real program, with an inbox on a real IMAP and SMTP server.

use std::path::Path;
use std::process::{Command, Output};

use super::dovecot::PASSWORD;

/// Writes the config of `alice`, who answers for the mailbox `support`; `inbox` are the lines of its section.
pub fn config(dir: &Path, imap: u16, smtp: u16, inbox: &str) {
    let text = format!(
        "[me]\nhandle = \"alice\"\n\n[account.main]\nhistory_days = 30\n\n\
         [account.main.imap]\nhost = \"localhost\"\nport = {imap}\nsecurity = \"plain\"\nuser = \"support\"\npassword_env = \"SECRET\"\n\n\
         [account.main.smtp]\nhost = \"localhost\"\nport = {smtp}\nsecurity = \"plain\"\n\n[inbox.support]\n{inbox}\n"
    );
    std::fs::write(dir.join("config.toml"), text).unwrap();
}

/// Returns a command of hers with `program`, and with no variable of this machine.
pub fn command(program: &str, dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(args)
        .env_clear()
        .env("HOME", dir)
        .env("TZ", "UTC")
        .env("SECRET", PASSWORD)
        .env("POSTROOM_CONFIG", dir.join("config.toml"))
        .env("POSTROOM_STORE", dir.join("store"))
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// What a command said, on both ways.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
