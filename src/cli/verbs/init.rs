//! `postroom init`: asks, tests the login, writes the config. Every answer can be given as a flag.

mod file;
mod guess;

use std::path::PathBuf;

pub use file::write as write_config;

use clap::ValueEnum;

use crate::cli::ask::Asker;
use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::verbs::team;
use crate::cli::{connect, words};
use crate::config::{Account, Auth, Endpoint, Imap, Paths, Remote, Secret, Security};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::{AccountId, Handle, InboxId};
use crate::model::text::in_quotes;
use crate::sync::{Configured, SecretProvider};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// Your handle in the team
    #[arg(long, value_name = "HANDLE")]
    me: Option<String>,
    /// Your name, as customers see it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The inbox's name, such as support
    #[arg(long, value_name = "NAME")]
    inbox: Option<String>,
    /// The address that customers write to
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// The IMAP server
    #[arg(long, value_name = "HOST")]
    imap_host: Option<String>,
    /// Its port
    #[arg(long, value_name = "PORT")]
    imap_port: Option<u16>,
    /// How the connection to it is secured
    #[arg(long, value_enum, default_value_t = SecurityWord::Tls)]
    imap_security: SecurityWord,
    /// The SMTP server; `none` where no mail is to be sent
    #[arg(long, value_name = "HOST")]
    smtp_host: Option<String>,
    /// Its port
    #[arg(long, value_name = "PORT")]
    smtp_port: Option<u16>,
    /// How the connection to it is secured
    #[arg(long, value_enum, default_value_t = SecurityWord::Tls)]
    smtp_security: SecurityWord,
    /// The login name
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Get the password from the first line that this command prints
    #[arg(long, value_name = "COMMAND", group = "password")]
    password_command: Option<String>,
    /// Get the password from this environment variable
    #[arg(long, value_name = "VARIABLE", group = "password")]
    password_env: Option<String>,
    /// Keep the password in the desktop's keyring
    #[arg(long, group = "password")]
    password_keyring: bool,
    /// Ask for the password each time
    #[arg(long, group = "password")]
    password_prompt: bool,
    /// Read the password from stdin and keep it in clear, in a config file that only you can read
    #[arg(long, group = "password")]
    password_stdin: bool,
    /// A PEM file with a further trusted certificate
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Do not try to log in
    #[arg(long)]
    no_test: bool,
    /// Write over a config that is there
    #[arg(long)]
    force: bool,
}

/// How a connection is secured, as a flag says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SecurityWord {
    /// TLS from the first byte
    Tls,
    /// STARTTLS before the login
    Starttls,
    /// None: to this machine only
    Plain,
}

impl From<SecurityWord> for Security {
    fn from(word: SecurityWord) -> Self {
        match word {
            SecurityWord::Tls => Security::Tls,
            SecurityWord::Starttls => Security::StartTls,
            SecurityWord::Plain => Security::Plain,
        }
    }
}

/// Everything that was answered.
struct Answers {
    me: Handle,
    name: String,
    inbox: InboxId,
    address: String,
    account: Account,
    imap: Imap,
    /// The password, where it was typed or piped in.
    password: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// When an answer is missing or wrong, the login fails, or the file can't be written.
pub fn run(around: &Surroundings, out: &mut Output, args: &InitArgs) -> Result<Exit, UserError> {
    let paths = Paths::of(&around.layers)?;
    let asker = Asker::new();
    if paths.config.exists() && !args.force {
        let question = format!("{} is there already. Write over it?", paths.config.display());
        if !asker.yes(&question)? {
            return Err(UserError::new(
                ErrorKind::Config,
                phrase!("config-there-already", path = paths.config.display().to_string()),
            )
            .hint(phrase!("hint-force")));
        }
    }
    let answers = answers(around, &asker, args)?;
    let text = file::text(&answers);
    // What will be read later is checked before it is written.
    crate::config::Config::parse(&text, &paths, &around.layers, true)?;
    if !args.no_test && !around.global.offline {
        test(out, &answers)?;
    }
    file::write(&paths.config, &text)?;
    if !args.no_test && !around.global.offline {
        establish(around, out, &answers)?;
    }
    out.talk(&say!("told-config-written", path = paths.config.display().to_string()));
    Ok(Exit::Done)
}

/// Opens the store and puts the team's record on the account's log, where that is read and has none. The config stands whatever comes of
/// it.
fn establish(around: &Surroundings, out: &mut Output, answers: &Answers) -> Result<(), UserError> {
    let account = &answers.account;
    // A password that is asked for each time would be asked for once more for this.
    if account.endpoints().iter().any(|endpoint| endpoint.secret == Secret::Prompt) {
        out.talk(&say!("told-team-later", account = account.id.as_str()));
        return Ok(());
    }
    team::establish(around, &around.open()?, out, &account.id)
}

fn answers(around: &Surroundings, asker: &Asker, args: &InitArgs) -> Result<Answers, UserError> {
    let user = around.layers.agent.clone().or_else(|| around.layers.user.clone());
    let me = asker.text(args.me.as_deref(), "--me", "Your handle in the team", user.as_deref())?;
    let me = Handle::new(&me).map_err(|bad| words::usage(bad.phrase()))?;
    let name = asker.text(args.name.as_deref(), "--name", "Your name, as customers see it", Some(me.as_str()))?;
    let address = asker.text(args.address.as_deref(), "--address", "The address that customers write to", None)?;
    let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_owned()).filter(|domain| !domain.is_empty());
    let domain = domain.ok_or_else(|| words::usage(phrase!("no-mail-address", given = in_quotes(&address))))?;
    let local = address.split('@').next().unwrap_or_default().to_owned();
    let inbox = asker.text(args.inbox.as_deref(), "--inbox", "The inbox's name", Some(&local))?;
    let inbox = InboxId::new(&inbox).map_err(|bad| words::usage(bad.phrase()))?;
    let guessed = guess::servers(&domain);
    let imap_host = asker.text(args.imap_host.as_deref(), "--imap-host", "IMAP server", Some(&guessed.imap))?;
    let smtp_host =
        asker.text(args.smtp_host.as_deref(), "--smtp-host", "SMTP server, or none", Some(&guessed.smtp))?;
    let user = asker.text(args.user.as_deref(), "--user", "Login name", Some(&address))?;
    let (secret, password) = secret(asker, args, &user)?;
    let endpoint = |host: &str, port: Option<u16>, security: SecurityWord, standard: [u16; 3]| {
        let [tls, starttls, plain] = standard;
        let usual = match security {
            SecurityWord::Tls => tls,
            SecurityWord::Starttls => starttls,
            SecurityWord::Plain => plain,
        };
        Endpoint {
            host: host.to_owned(),
            port: port.unwrap_or(usual),
            security: security.into(),
            user: user.clone(),
            secret: secret.clone(),
            auth: Auth::Password,
            ca_file: args.ca_file.clone(),
            timeout: 30,
        }
    };
    let smtp = (smtp_host != "none").then(|| endpoint(&smtp_host, args.smtp_port, args.smtp_security, [465, 587, 25]));
    let imap = Imap::of(endpoint(&imap_host, args.imap_port, args.imap_security, [993, 143, 143]), smtp);
    let id = AccountId::new("main").map_err(|bad| words::usage(bad.phrase()))?;
    Ok(Answers {
        me,
        name,
        inbox,
        address,
        account: Account { id, remote: Remote::Imap(Box::new(imap.clone())) },
        imap,
        password,
    })
}

/// Finds out where the password is to come from, and the password itself where it is given now.
fn secret(asker: &Asker, args: &InitArgs, user: &str) -> Result<(Secret, Option<String>), UserError> {
    if let Some(command) = &args.password_command {
        return Ok((Secret::Command(command.clone()), None));
    }
    if let Some(name) = &args.password_env {
        return Ok((Secret::Env(name.clone()), None));
    }
    if args.password_prompt {
        return Ok((Secret::Prompt, None));
    }
    if args.password_stdin {
        let mut line = String::new();
        let read = std::io::BufRead::read_line(&mut std::io::stdin().lock(), &mut line);
        read.map_err(|error| words::usage(phrase!("password-unreadable", why = error.to_string())))?;
        let password = line.trim_end_matches(['\r', '\n']).to_owned();
        if password.is_empty() {
            return Err(words::usage(phrase!("password-not-on-stdin")));
        }
        return Ok((Secret::Clear(password.clone()), Some(password)));
    }
    if args.password_keyring {
        return into_keyring(asker, user);
    }
    let question = "Password from: command, environment, keyring, prompt (each time), or file (in clear, mode 0600)";
    let flag = "--password-command (or -env, -keyring, -prompt, -stdin)";
    let way = asker.text(None, flag, question, None)?;
    match way.chars().next() {
        Some('c') => Ok((Secret::Command(asker.text(None, flag, "The command that prints it", None)?), None)),
        Some('e') => Ok((Secret::Env(asker.text(None, flag, "The environment variable", None)?), None)),
        Some('k') => into_keyring(asker, user),
        Some('p') => Ok((Secret::Prompt, None)),
        Some('f') => {
            let password = typed(asker, user)?;
            Ok((Secret::Clear(password.clone()), Some(password)))
        }
        _ => Err(words::usage(phrase!("password-no-place", given = in_quotes(way)))),
    }
}

fn typed(asker: &Asker, user: &str) -> Result<String, UserError> {
    let typed = asker.password(&format!("Password of {user}"))?.filter(|password| !password.is_empty());
    typed.ok_or_else(|| words::usage(phrase!("password-not-given")))
}

/// Puts a password where [`Secret::Keyring`] finds it.
fn to_keyring(user: &str, password: &str) -> Result<(), UserError> {
    let entry = keyring::Entry::new("postroom", user);
    entry.and_then(|entry| entry.set_password(password)).map_err(|error| {
        UserError::new(ErrorKind::Config, phrase!("keyring-refused", why = error.to_string()))
            .hint(phrase!("hint-other-password"))
    })
}

/// Keeps a typed password in the keyring; a script is expected to have put it there.
fn into_keyring(asker: &Asker, user: &str) -> Result<(Secret, Option<String>), UserError> {
    let password = if asker.is_terminal() { Some(typed(asker, user)?) } else { None };
    if let Some(password) = &password {
        to_keyring(user, password)?;
    }
    Ok((Secret::Keyring(user.to_owned()), password))
}

/// Logs in and shows the folders that will be used.
fn test(out: &mut Output, answers: &Answers) -> Result<(), UserError> {
    let imap = &answers.imap.imap;
    let server = format!("{}:{}", imap.host, imap.port);
    out.talk(&say!("told-logging-in", server = server, user = &imap.user));
    let password = match &answers.password {
        Some(password) => password.clone(),
        None => {
            let ask = |_: &AccountId, endpoint: &Endpoint| connect::prompt(&answers.account, endpoint);
            let found = Configured { prompt: ask, grants: None }.secret(&answers.account.id, imap);
            found.map_err(|error| error.for_user(&answers.account))?
        }
    };
    let folders = connect::test_login(&answers.account, &password).map_err(|error| {
        let remedy = match &error.remedy {
            Some(remedy) => phrase!("hint-not-written-either", remedy = remedy.clone()),
            None => phrase!("hint-not-written"),
        };
        error.hint(remedy)
    })?;
    out.talk(&say!("told-login-works"));
    folders.iter().for_each(|folder| out.talk(&format!("  {folder}")));
    Ok(())
}
