//! What answers are tried at: the servers themselves.

use std::path::Path;
use std::sync::Arc;

use super::answers::Answers;
use super::dialogue::preset;
use super::file::ClientSecret;
use super::kept::Kept;
use super::talk::World;
use super::{Known, file};
use crate::cli::connect;
use crate::cli::desk::Surroundings;
use crate::cli::output::Output;
use crate::cli::verbs::login::{self, Way};
use crate::config::{Account, Config, Endpoint, OAuth2, Paths};
use crate::error::{ErrorKind, UserError};
use crate::mime::compose::{Mail, build};
use crate::model::address::Address;
use crate::model::ids::{AccountId, MessageId};
use crate::model::text::in_quotes;
use crate::sync::discover::{Lookup, Servers};
use crate::sync::error::SyncError;
use crate::sync::oauth::Grants;
use crate::sync::{Configured, Found, SecretProvider};

/// The world as it is.
pub struct Real<'a> {
    pub around: &'a Surroundings,
    pub out: &'a mut Output,
    pub paths: Paths,
    pub kept: Kept,
    /// Whether somebody can be asked for a password.
    pub asks: bool,
}

impl Real<'_> {
    fn config(&self, answers: &Answers) -> Result<Config, UserError> {
        config(answers, &self.paths, self.around)
    }

    fn grants(&self) -> Grants {
        Grants::beside(&self.paths.data, self.around.clock.clone())
    }

    /// Returns the account with its password or token.
    pub fn account(&self, answers: &Answers) -> Result<(Account, String), UserError> {
        let account = first(self.config(answers)?)?;
        let secret = match &answers.password {
            Some(password) => password.clone(),
            None => secret(&account, self.grants(), self.asks)?,
        };
        Ok((account, secret))
    }
}

/// Returns what the config will be.
///
/// # Errors
/// What `config check` would say of it.
pub fn config(answers: &Answers, paths: &Paths, around: &Surroundings) -> Result<Config, UserError> {
    Config::parse(&text(answers, &paths.config, ClientSecret::Within), paths, &around.layers, true)
}

/// Returns its text.
pub fn text(answers: &Answers, config: &Path, client_secret: ClientSecret) -> String {
    let tokens = preset(answers, &Known::default()).and_then(|preset| preset.tokens);
    file::text(answers, tokens.filter(|_| answers.token_url.is_none()), config, client_secret)
}

fn first(config: Config) -> Result<Account, UserError> {
    let first = config.accounts.into_iter().next();
    first.ok_or_else(|| UserError::new(ErrorKind::Internal, phrase!("config-neither")))
}

/// Returns the password or token of an account.
///
/// # Errors
/// As its command, the keyring or the provider says.
pub fn secret(account: &Account, grants: Grants, asks: bool) -> Result<String, UserError> {
    let Some(endpoint) = account.endpoints().into_iter().next() else { return Ok(String::new()) };
    let ask = |_: &AccountId, endpoint: &Endpoint| asks.then(|| connect::prompt(account, endpoint)).flatten();
    let found = Configured { prompt: ask, grants: Some(grants) }.secret(&account.id, endpoint);
    found.map_err(|error| match error {
        SyncError::User(error) => error,
        other => other.for_user(account),
    })
}

/// Logs in to the server for outgoing mail of an account.
///
/// # Errors
/// Says what the server said.
pub fn try_sending(account: &Account, secret: &str) -> Result<(), UserError> {
    crate::sync::test_outgoing(account, secret)?;
    Ok(())
}

/// Sends a mail from an inbox to itself.
///
/// # Errors
/// Says what the server said.
pub fn mail_to_oneself(around: &Surroundings, account: &Account, secret: &str, to: &Address) -> Result<(), UserError> {
    let id = format!("{}@{}", around.ids.next(), to.email.rsplit('@').next().unwrap_or_default());
    let failed = |why: String| UserError::new(ErrorKind::Usage, why);
    let mail = Mail {
        message_id: Some(
            MessageId::new(&id).ok_or_else(|| failed(say!("no-mail-address", given = in_quotes(&to.email))))?,
        ),
        date: around.clock.now(),
        inbox: to.clone(),
        to: vec![to.clone()],
        subject: say!("init-mail-subject"),
        body: say!("init-mail-body"),
        ..Mail::default()
    };
    let built = build(&mail).map_err(|bad| failed(crate::text::render(&bad.phrase())))?;
    crate::sync::send_to_oneself(account, secret, &built)
}

impl World for Real<'_> {
    fn servers(&mut self, address: &str) -> Servers {
        let lookup = Lookup::of_system();
        if let Some(domain) = lookup.domain(address) {
            self.out.talk(&say!("told-looking-up", domain = domain));
        }
        lookup.servers(address)
    }

    fn log_in(&mut self, answers: &Answers) -> Result<(), UserError> {
        let account = first(self.config(answers)?)?;
        let oauth: &Arc<OAuth2> =
            account.oauth2().ok_or_else(|| UserError::new(ErrorKind::Internal, phrase!("config-neither")))?;
        let way = Way { device: false, browser: false, opener: "xdg-open", open: true, ends: true };
        login::agree(self.out, oauth, &self.grants(), &way).map(drop)
    }

    fn look(&mut self, answers: &Answers) -> Result<Found, UserError> {
        let (account, secret) = self.account(answers)?;
        if let Some(endpoint) = account.endpoints().first() {
            self.out.talk(&connect::logging_in(endpoint));
        }
        let then = if self.asks { phrase!("then-again") } else { phrase!("then-init") };
        connect::test_login(&account, &secret, then)
    }

    fn try_sending(&mut self, answers: &Answers) -> Result<(), UserError> {
        let (account, secret) = self.account(answers)?;
        if let Some(endpoint) = account.endpoints().get(1) {
            self.out.talk(&connect::logging_in(endpoint));
        }
        try_sending(&account, &secret)?;
        self.out.talk(&say!("login-smtp-works"));
        Ok(())
    }

    fn keep(&mut self, answers: &Answers) {
        self.kept.save(answers);
    }
}
