//! `[account.NAME.oauth2]`: who gives out tokens, with which client of one's own, for what, and where they are kept.

use std::path::PathBuf;
use std::sync::Arc;

use super::Secret;
use super::reader::Section;
use super::shape::{home, is_loopback};
use super::show::{line, list, plain};
use crate::model::ids::AccountId;
use crate::model::text::in_quotes;

/// How tokens of an account are got and kept (RFC 6749).
#[derive(Clone, PartialEq, Eq)]
pub struct OAuth2 {
    /// The account.
    pub account: AccountId,
    /// Who logs in there, to be offered to the provider.
    pub user: String,
    /// The provider, as it was named; `None` for one whose addresses are given.
    pub provider: Option<Provider>,
    /// The client, as it is registered with the provider.
    pub client_id: String,
    /// The client's secret, where it has one: in clear, or what a command prints.
    pub client_secret: Option<Secret>,
    /// Where people agree.
    pub authorize_url: String,
    /// Where tokens are given out.
    pub token_url: String,
    /// Where codes for another device are given out (RFC 8628); `None` where the provider gives none for mail.
    pub device_url: Option<String>,
    /// What the tokens are for.
    pub scopes: Vec<String>,
    /// Where tokens are kept.
    pub kept: Kept,
    /// The port of this machine to which the browser is sent back; 0 takes any that is free.
    pub redirect_port: u16,
    /// A PEM file with further certificates that the provider may show.
    pub ca_file: Option<PathBuf>,
}

/// Where tokens are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// In a file beside the store that its owner alone can read.
    #[default]
    File,
    /// In the keyring of the desktop.
    Keyring,
}

/// A provider whose addresses are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Gmail and Google Workspace.
    Google,
    /// Outlook and Exchange Online.
    Microsoft,
}

const PROVIDERS: [(&str, Provider); 2] = [("google", Provider::Google), ("microsoft", Provider::Microsoft)];
const KEPT: [(&str, Kept); 2] = [("file", Kept::File), ("keyring", Kept::Keyring)];

impl std::fmt::Debug for OAuth2 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OAuth2")
            .field("account", &self.account)
            .field("client_id", &self.client_id)
            .field("token_url", &self.token_url)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

impl Provider {
    /// Returns its name in the config.
    pub fn name(self) -> &'static str {
        PROVIDERS.iter().find(|(_, provider)| *provider == self).map_or("", |(name, _)| name)
    }

    fn authorize_url(self, tenant: &str) -> String {
        match self {
            Provider::Google => "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            Provider::Microsoft => format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize"),
        }
    }

    fn token_url(self, tenant: &str) -> String {
        match self {
            Provider::Google => "https://oauth2.googleapis.com/token".to_owned(),
            Provider::Microsoft => format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"),
        }
    }

    /// Google gives codes for other devices for a few things only, of which mail is none.
    fn device_url(self, tenant: &str) -> Option<String> {
        match self {
            Provider::Google => None,
            Provider::Microsoft => Some(format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode")),
        }
    }

    fn scopes(self) -> &'static [&'static str] {
        match self {
            Provider::Google => &["https://mail.google.com/"],
            Provider::Microsoft => &[
                "https://outlook.office.com/IMAP.AccessAsUser.All",
                "https://outlook.office.com/SMTP.Send",
                "offline_access",
            ],
        }
    }
}

impl OAuth2 {
    /// Returns the name of this machine to which the browser is sent back: RFC 8252 section 7.3 has the number, and Microsoft knows the name.
    pub fn redirect_host(&self) -> &'static str {
        match self.provider {
            Some(Provider::Microsoft) => "localhost",
            _ => "127.0.0.1",
        }
    }

    /// Returns what a provider wants to be told besides, so that it gives a token that renews the others.
    pub fn further(&self) -> &'static [(&'static str, &'static str)] {
        match self.provider {
            Some(Provider::Google) => &[("access_type", "offline"), ("prompt", "consent")],
            _ => &[],
        }
    }
}

/// Reads how tokens of an account are got; `None` where that has a mistake, which is told.
pub(super) fn oauth2(section: &Section<'_, '_>, id: &AccountId, user: &str, private: bool) -> Option<Arc<OAuth2>> {
    let provider = section.word("provider", &PROVIDERS);
    let tenant = section.text("tenant").unwrap_or_else(|| "common".to_owned());
    let client_id = section.required("client_id", phrase!("hint-client-id"));
    let client_secret = client_secret(section, private);
    if !tenant.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.') {
        let what = phrase!("config-cant-be", key = format!("{}.tenant", section.name), given = in_quotes(&tenant));
        section.complain("tenant", what, phrase!("hint-tenant"));
    }
    let authorize_url = url(section, "authorize_url").or_else(|| provider.map(|one| one.authorize_url(&tenant)));
    let token_url = url(section, "token_url").or_else(|| provider.map(|one| one.token_url(&tenant)));
    let device_url = url(section, "device_url").or_else(|| provider.and_then(|one| one.device_url(&tenant)));
    if authorize_url.is_none() && device_url.is_none() || token_url.is_none() {
        section.complain("", phrase!("config-no-provider", section = &section.name), phrase!("hint-provider"));
    }
    let own = |one: Provider| one.scopes().iter().map(|scope| (*scope).to_owned()).collect();
    let scopes = section.texts("scopes").or_else(|| provider.map(own)).unwrap_or_default();
    let kept = section.word("tokens", &KEPT).unwrap_or_default();
    let port = section.number("redirect_port", 1..=65_535).and_then(|n| u16::try_from(n).ok());
    let ca_file = section.text("ca_file").map(|path| home(&path));
    if client_id.is_empty() {
        return None;
    }
    Some(Arc::new(OAuth2 {
        account: id.clone(),
        user: user.to_owned(),
        provider,
        client_id,
        client_secret,
        authorize_url: authorize_url.unwrap_or_default(),
        token_url: token_url?,
        device_url,
        scopes,
        kept,
        redirect_port: port.unwrap_or(0),
        ca_file,
    }))
}

/// Reads the secret of the client, or the command that prints it.
fn client_secret(section: &Section<'_, '_>, private: bool) -> Option<Secret> {
    let command = section.line_or_words("client_secret_command").map(|command| match command {
        Ok(line) => Secret::Command(line),
        Err(argv) => Secret::Program(argv),
    });
    let no_program = |secret: &Secret| match secret {
        Secret::Command(line) => line.trim().is_empty(),
        Secret::Program(argv) => argv.first().is_none_or(String::is_empty),
        _ => false,
    };
    if command.as_ref().is_some_and(no_program) {
        section.complain("client_secret_command", phrase!("config-no-program"), phrase!("hint-password-program"));
    }
    let Some(clear) = section.text("client_secret") else { return command };
    if !private || section.is_shared("client_secret") {
        section.complain("client_secret", phrase!("config-open-secret"), phrase!("hint-chmod-600"));
    }
    if command.is_some() {
        let what = phrase!("config-several-passwords", section = &section.name);
        section.complain("client_secret", what, phrase!("hint-keep-one"));
    }
    Some(Secret::Clear(clear))
}

/// Reads an address of the provider: a token goes over it.
fn url(section: &Section<'_, '_>, key: &'static str) -> Option<String> {
    let given = section.text(key)?;
    let parsed = reqwest::Url::parse(&given).ok();
    let is_safe = parsed.is_some_and(|url| match url.scheme() {
        "https" => url.host_str().is_some(),
        "http" => url.host_str().is_some_and(is_loopback),
        _ => false,
    });
    if !is_safe {
        let what = phrase!("config-cant-be", key = format!("{}.{key}", section.name), given = in_quotes(&given));
        section.complain(key, what, phrase!("hint-provider-url"));
    }
    Some(given)
}

/// Writes it as the config has it, without the secret.
pub(super) fn write(out: &mut String, oauth: &OAuth2) {
    if let Some(provider) = oauth.provider {
        line(out, "provider", provider.name());
    }
    line(out, "client_id", &oauth.client_id);
    match &oauth.client_secret {
        Some(Secret::Command(command)) => line(out, "client_secret_command", command),
        Some(Secret::Program(argv)) => list(out, "client_secret_command", argv),
        Some(_) => out.push_str("# client_secret = (not shown)\n"),
        None => {}
    }
    line(out, "authorize_url", &oauth.authorize_url);
    line(out, "token_url", &oauth.token_url);
    if let Some(url) = &oauth.device_url {
        line(out, "device_url", url);
    }
    list(out, "scopes", &oauth.scopes);
    line(out, "tokens", if oauth.kept == Kept::Keyring { "keyring" } else { "file" });
    if oauth.redirect_port > 0 {
        plain(out, "redirect_port", oauth.redirect_port);
    }
    if let Some(file) = &oauth.ca_file {
        line(out, "ca_file", &file.display().to_string());
    }
}

#[cfg(test)]
#[path = "oauth2_tests.rs"]
mod tests;
