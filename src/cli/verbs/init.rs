//! `postroom init`: asks for an address and what else is not known by it, tries the servers, and writes the config. Every answer can be
//! given as a flag.
//!
//! `dialogue` decides what is asked and what an answer means, `reading` reads single answers, `talk` asks, `world` tries them at the
//! servers, `kept` keeps them where somebody leaves, `file` writes the config.

mod answers;
mod check;
mod dialogue;
mod file;
mod kept;
mod reading;
mod talk;
mod world;

use std::path::{Path, PathBuf};

pub use file::write as write_config;

use answers::{Answers, Login, PasswordFrom, SecurityWord};
use dialogue::{Known, Question, accept, provider};
use file::ClientSecret;
use kept::Kept;
use talk::{Person, flag, go_through};
use world::Real;

use crate::cli::ask::Asker;
use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::verbs::team;
use crate::cli::words::usage;
use crate::config::{Paths, Secret};
use crate::error::{ErrorKind, UserError};
use crate::model::address::Address;
use crate::model::ids::AccountId;

/// The arguments.
#[derive(Debug, Default, clap::Args)]
pub struct InitArgs {
    /// The address that customers write to
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// Whose servers these are: gmail, outlook, fastmail, icloud, yahoo, zoho, zoho-eu, mailbox.org, yandex, gmx, or own
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Your handle in the team
    #[arg(long, value_name = "HANDLE")]
    me: Option<String>,
    /// Your name, as customers see it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The inbox's name, such as support
    #[arg(long, value_name = "NAME")]
    inbox: Option<String>,
    /// A further address of the inbox; may be given several times
    #[arg(long = "alias", value_name = "ADDRESS")]
    aliases: Vec<String>,
    /// A further inbox on the account, as NAME=ADDRESS; may be given several times
    #[arg(long = "also", value_name = "NAME=ADDRESS")]
    also: Vec<String>,
    /// The account's name in the config
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// The IMAP server; a port may stand behind a colon
    #[arg(long, value_name = "HOST")]
    imap_host: Option<String>,
    /// Its port
    #[arg(long, value_name = "PORT")]
    imap_port: Option<u16>,
    /// How the connection to it is secured
    #[arg(long, value_enum)]
    imap_security: Option<SecurityWord>,
    /// The SMTP server; `none` where no mail is to be sent
    #[arg(long, value_name = "HOST")]
    smtp_host: Option<String>,
    /// Its port
    #[arg(long, value_name = "PORT")]
    smtp_port: Option<u16>,
    /// How the connection to it is secured
    #[arg(long, value_enum)]
    smtp_security: Option<SecurityWord>,
    /// The login name
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// How to log in
    #[arg(long, value_enum)]
    login: Option<Login>,
    /// The client that is registered with the provider, for OAuth2
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Its secret, where it has one; others on this machine see flags, what is answered at the question they don't
    #[arg(long, value_name = "SECRET")]
    client_secret: Option<String>,
    /// Where people agree, of a provider that is not known
    #[arg(long, value_name = "URL", requires = "oauth_token_url")]
    oauth_authorize_url: Option<String>,
    /// Where it gives out tokens
    #[arg(long, value_name = "URL")]
    oauth_token_url: Option<String>,
    /// Where it gives out codes for other devices
    #[arg(long, value_name = "URL")]
    oauth_device_url: Option<String>,
    /// What its tokens are for; may be given several times
    #[arg(long = "oauth-scope", value_name = "SCOPE")]
    oauth_scopes: Vec<String>,
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
    /// Read the password from stdin and keep it in a file beside the config that only you can read
    #[arg(long, group = "password")]
    password_stdin: bool,
    /// A PEM file with a further trusted certificate
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// The folder that the team's mail comes into, where you log in as yourself; nothing else of your mail is read then
    #[arg(long, value_name = "FOLDER")]
    inbox_folder: Option<String>,
    /// The folder of the team's log
    #[arg(long, value_name = "FOLDER")]
    log_folder: Option<String>,
    /// The folder of sent mail
    #[arg(long, value_name = "FOLDER")]
    sent: Option<String>,
    /// Do not look for the servers of the address's domain
    #[arg(long)]
    no_lookup: bool,
    /// Do not try to log in
    #[arg(long)]
    no_test: bool,
    /// Send a mail from the inbox to itself, to see that it goes out
    #[arg(long, conflicts_with = "no_test")]
    test_mail: bool,
    /// Write over a config that is there
    #[arg(long)]
    force: bool,
    /// Try everything that the config says, and write nothing
    #[arg(long)]
    check: bool,
}

/// Runs the verb.
///
/// # Errors
/// When an answer is missing or wrong, the login fails, or the file can't be written.
pub fn run(around: &Surroundings, out: &mut Output, args: &InitArgs) -> Result<Exit, UserError> {
    if args.check {
        return check::run(around, out);
    }
    let paths = Paths::of(&around.layers)?;
    file::target(&paths.config)?;
    let asker = Asker::new();
    if paths.config.exists() && !args.force {
        let question = say!("ask-write-over", path = paths.config.display().to_string());
        if !asker.yes(&question)? {
            return Err(UserError::new(
                ErrorKind::Config,
                phrase!("config-there-already", path = paths.config.display().to_string()),
            )
            .hint(phrase!("hint-force")));
        }
    }
    let asks = asker.is_terminal();
    let mut answers = given(args)?;
    let tries = !args.no_test && !around.global.offline;
    let mut known = Known {
        agent: around.layers.agent.clone().or_else(|| around.layers.user.clone()),
        keyring: std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|bus| !bus.is_empty()),
        looks_up: !args.no_lookup && !around.global.offline,
        tries,
        asks,
        ..Known::default()
    };
    let kept = Kept::beside(&paths);
    if asks {
        out.talk(&say!("init-begins"));
        let is_meant = |before: &Answers| answers.address.is_none() || answers.address == before.address;
        if let Some(before) = kept.load().filter(is_meant)
            && let Some(address) = &before.address
        {
            out.talk(&say!("init-kept", address = address));
            known.kept = before;
        }
    } else {
        complete(&mut answers, &known)?;
    }
    let mut real = Real { around, out, paths, kept, asks };
    go_through(&mut OnTerminal(asker), &mut real, &mut answers, &mut known)?;
    write(real, &answers, tries)
}

/// Writes what was answered, and begins the team's log.
fn write(real: Real<'_>, answers: &Answers, tries: bool) -> Result<Exit, UserError> {
    // What will be read later is checked before it is written.
    let config = world::config(answers, &real.paths, real.around)?;
    if answers.test_mail == Some(true) {
        let (account, secret) = real.account(answers)?;
        let address = Address::new("", answers.address.clone().unwrap_or_default());
        match world::mail_to_oneself(real.around, &account, &secret, &address) {
            Ok(()) => real.out.talk(&say!("init-mail-sent", address = &address.email)),
            // Both logins work: what was answered is not to be lost for this.
            Err(error) if real.asks => real.out.warn(&say!("init-mail-failed", why = error.whole())),
            Err(error) => return Err(error.hint(phrase!("hint-not-written"))),
        }
    }
    let user = answers.user.as_deref().unwrap_or_default();
    match (answers.from, &answers.password) {
        (Some(PasswordFrom::Keyring), Some(password)) => to_keyring(user, password)?,
        (Some(PasswordFrom::File), Some(password)) => {
            file::write(&file::password_file(&real.paths.config, answers.account()), &format!("{password}\n"))?;
        }
        _ => {}
    }
    let path = &real.paths.config;
    if answers.by_tokens()
        && let Some(secret) = answers.client_secret.as_deref().filter(|secret| !secret.is_empty())
    {
        file::write(&file::client_file(path, answers.account()), &format!("{secret}\n"))?;
    }
    file::write(&file::target(path)?, &world::text(answers, path, ClientSecret::Beside))?;
    real.kept.forget();
    if tries {
        establish(real.around, real.out, &config)?;
    }
    real.out.talk(&say!("told-config-written", path = path.display().to_string()));
    if answers.by_tokens() && !tries {
        real.out.talk(&say!("init-then-login", account = answers.account()));
    }
    Ok(Exit::Done)
}

/// Puts a password where [`Secret::Keyring`] finds it.
fn to_keyring(user: &str, password: &str) -> Result<(), UserError> {
    let entry = keyring::Entry::new("postroom", user);
    entry.and_then(|entry| entry.set_password(password)).map_err(|error| {
        UserError::new(ErrorKind::Config, phrase!("keyring-refused", why = error.to_string()))
            .hint(phrase!("hint-other-password"))
    })
}

/// Opens the store and puts the team's record on the account's log, where that is read and has none. The config stands whatever comes of
/// it.
fn establish(around: &Surroundings, out: &mut Output, config: &crate::config::Config) -> Result<(), UserError> {
    let Some(account) = config.accounts.first() else { return Ok(()) };
    // A password that is asked for each time would be asked for once more for this.
    if account.endpoints().iter().any(|endpoint| endpoint.secret == Secret::Prompt) {
        out.talk(&say!("told-team-later", account = account.id.as_str()));
        return Ok(());
    }
    team::establish(around, &around.open()?, out, &account.id)
}

/// Reads what the flags answer.
fn given(args: &InitArgs) -> Result<Answers, UserError> {
    let mut answers = Answers {
        login: args.login,
        client_id: args.client_id.clone(),
        client_secret: args.client_secret.clone(),
        authorize_url: args.oauth_authorize_url.clone(),
        token_url: args.oauth_token_url.clone(),
        device_url: args.oauth_device_url.clone(),
        scopes: args.oauth_scopes.clone(),
        ca_file: args.ca_file.as_deref().map(absolute).transpose()?,
        test_mail: args.test_mail.then_some(true),
        ..Answers::default()
    };
    answers.imap.security = args.imap_security;
    answers.smtp.security = args.smtp_security;
    answers.provider = args.provider.as_deref().map(provider).transpose().map_err(usage)?;
    if let Some(name) = &args.account {
        answers.account = Some(AccountId::new(name).map_err(|bad| usage(bad.phrase()))?.to_string());
    }
    let port = |port: Option<u16>| port.map(|port| port.to_string());
    let flags = [
        (Question::Address, args.address.clone()),
        (Question::ImapHost, args.imap_host.clone()),
        (Question::ImapPort, port(args.imap_port)),
        (Question::SmtpHost, args.smtp_host.clone()),
        (Question::SmtpPort, port(args.smtp_port)),
        (Question::User, args.user.clone()),
        (Question::Me, args.me.clone()),
        (Question::Name, args.name.clone()),
        (Question::Inbox, args.inbox.clone()),
        (Question::Aliases, (!args.aliases.is_empty()).then(|| args.aliases.join(" "))),
        (Question::InboxFolder, args.inbox_folder.clone()),
        (Question::LogFolder, args.log_folder.clone()),
        (Question::Sent, args.sent.clone()),
        (Question::Command, args.password_command.clone()),
        (Question::Environment, args.password_env.clone()),
    ];
    for (question, given) in flags {
        if let Some(given) = given {
            accept(question, &mut answers, &Known::default(), &given).map_err(usage)?;
        }
    }
    if let (Some(Login::Password), Some(preset)) = (args.login, dialogue::preset(&answers, &Known::default()))
        && preset.tokens_only
    {
        return Err(usage(phrase!("answer-tokens-only", title = preset.title)));
    }
    for given in &args.also {
        accept(Question::More, &mut answers, &Known::default(), given).map_err(usage)?;
    }
    answers.no_more = !answers.more.is_empty();
    answers.from = [
        (args.password_command.is_some(), PasswordFrom::Command),
        (args.password_env.is_some(), PasswordFrom::Environment),
        (args.password_keyring, PasswordFrom::Keyring),
        (args.password_prompt, PasswordFrom::Prompt),
        (args.password_stdin, PasswordFrom::File),
    ]
    .into_iter()
    .find_map(|(is_given, from)| is_given.then_some(from));
    if args.password_stdin {
        answers.password = Some(from_stdin()?);
    }
    Ok(answers)
}

/// A config is read from anywhere: a path that is not whole would lead elsewhere then.
fn absolute(path: &Path) -> Result<String, UserError> {
    let whole = std::path::absolute(path).map_err(|error| usage(phrase!("said", text = error.to_string())))?;
    if !whole.is_file() {
        return Err(usage(phrase!("answer-no-file", path = whole.display().to_string())));
    }
    Ok(whole.display().to_string())
}

fn from_stdin() -> Result<String, UserError> {
    let mut line = String::new();
    let read = std::io::BufRead::read_line(&mut std::io::stdin().lock(), &mut line);
    read.map_err(|error| usage(phrase!("password-unreadable", why = error.to_string())))?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() { Err(usage(phrase!("password-not-on-stdin"))) } else { Ok(password) }
}

/// Takes for granted what a script needs not say, and names at once all that it has to.
fn complete(answers: &mut Answers, known: &Known) -> Result<(), UserError> {
    let preset = dialogue::preset(answers, known);
    if answers.login.is_none() && preset.is_some_and(|preset| preset.tokens_only) {
        answers.login = Some(Login::Oauth2);
    }
    answers.aliases.get_or_insert_default();
    answers.test_mail.get_or_insert(false);
    let missing = [
        (Question::Address, answers.address.is_none()),
        (Question::Me, answers.me.is_none() && known.agent.is_none()),
        (Question::ClientId, answers.by_tokens() && answers.client_id.is_none()),
        (Question::From, !answers.by_tokens() && answers.from.is_none()),
    ];
    let missing: Vec<&str> =
        missing.into_iter().filter(|(_, is_missing)| *is_missing).map(|(question, _)| flag(question)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let flags = missing.join(", ");
    Err(UserError::new(ErrorKind::Usage, phrase!("flags-missing", flags = &flags))
        .hint(phrase!("hint-add", flag = flags)))
}

/// Whoever sits at the terminal.
struct OnTerminal(Asker);

impl Person for OnTerminal {
    fn line(&mut self, question: &str) -> Result<String, UserError> {
        self.0.line(question)
    }

    fn hidden(&mut self, question: &str) -> Result<String, UserError> {
        self.0.hidden(question)
    }

    fn tell(&mut self, words: &str) {
        self.0.tell(words);
    }
}

/// With no config there is nothing to show: asks whether one is to be made, or the sample looked at. `None` where nobody can be asked.
///
/// # Errors
/// When the terminal goes away.
pub fn first_of_all() -> Result<Option<First>, UserError> {
    let asker = Asker::new();
    if !asker.is_terminal() {
        return Ok(None);
    }
    asker.tell(&say!("first-none"));
    loop {
        match asker.line(&say!("first-which"))?.to_lowercase().as_str() {
            "" | "i" | "init" => return Ok(Some(First::Init)),
            "d" | "demo" => return Ok(Some(First::Demo)),
            _ => asker.tell(&say!("first-again")),
        }
    }
}

/// What somebody without a config wants.
pub enum First {
    /// To set up an account.
    Init,
    /// To look around.
    Demo,
}
