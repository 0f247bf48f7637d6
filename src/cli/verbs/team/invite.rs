//! `postroom team invite`: what a colleague has to run, without any secret.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words::usage;
use crate::error::UserError;
use crate::model::ids::Handle;
use crate::store::Store;

/// The arguments.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  postroom team invite bob > bob.sh\n  postroom team invite bob --name 'Bob Ray' --address bob@example.com\n\
                  What it prints is for sh, holds no password, and writes over no config that is there."
)]
pub(super) struct InviteArgs {
    /// The colleague's handle in the team
    #[arg(value_name = "HANDLE")]
    handle: String,
    /// Their name, as customers see it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Their own address
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// Their login name, where each has their own; else that of this config stands
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Print the config alone
    #[arg(long)]
    config_only: bool,
}

/// What ends the text of the config in the script, where no line of it is this.
const END: &str = "END-OF-CONFIG";

/// Prints it.
///
/// # Errors
/// When the handle can't be one, or the config has no account that a colleague could share; those of the config.
pub(super) fn run(around: &Surroundings, out: &mut Output, args: &InviteArgs) -> Result<Exit, UserError> {
    let config = around.config()?;
    let handle = Handle::new(&args.handle).map_err(|bad| usage(bad.phrase()))?;
    if config.served().is_empty() {
        return Err(usage(phrase!("team-invite-alone")).hint(phrase!("hint-add-account")));
    }
    // The keys that are known here: whoever holds these takes no other for the team's.
    let mut keys = Vec::new();
    let data = config.data_dir.clone();
    if Store::is_at(&data) {
        let desk = around.open_with(config.clone())?;
        for account in desk.config.served() {
            let counted = desk.store.log_keys(&account.id)?.into_iter().filter(|key| key.counts);
            keys.push((account.id.clone(), counted.map(|key| key.fingerprint).collect()));
        }
    }
    let toml =
        config.to_invitation(&handle, args.name.as_deref(), args.address.as_deref(), args.user.as_deref(), &keys);
    for account in config.own_authorities() {
        out.talk(&say!("told-invite-ca-file", account = account));
    }
    for account in config.client_secrets() {
        out.talk(&say!("told-invite-client-secret", account = account));
    }
    if args.config_only {
        out.own(&toml);
        return Ok(Exit::Done);
    }
    out.own(&script(&handle, &toml, &config.oauth2_accounts()));
    if !config.agents.iter().any(|agent| agent.handle == handle) {
        out.talk(&say!("told-invite-set", agent = handle.as_str()));
    }
    Ok(Exit::Done)
}

/// Returns what the colleague runs: it writes the config where there is none, and tries it.
fn script(handle: &Handle, toml: &str, logins: &[String]) -> String {
    let logins: String = logins.iter().map(|account| format!("postroom login {}\n", word(account))).collect();
    let end = end_of(toml);
    format!(
        "#!/bin/sh\n# {about}\nset -eu\ndir=${{XDG_CONFIG_HOME:-$HOME/.config}}/postroom\nfile=$dir/config.toml\n\
         if [ -e \"$file\" ]; then\n  echo \"$file {there}\" >&2\n  exit 1\nfi\n\
         umask 077\nmkdir -p \"$dir\"\ncat > \"$file\" <<'{end}'\n{toml}{end}\n\
         postroom config check\n{logins}postroom sync\n",
        about = say!("invite-about", agent = handle.as_str()),
        there = say!("invite-config-there"),
    )
}

/// Returns what ends the text of the config. A signature may have any line in it, and what stood behind its end would be run.
fn end_of(toml: &str) -> String {
    let mut end = END.to_owned();
    while toml.lines().any(|line| line == end) {
        end.push('-');
    }
    end
}

/// Returns a name as one word of sh: names may hold `;`, `$` and the like.
fn word(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || "-_.@".contains(c));
    if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}
