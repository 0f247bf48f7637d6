//! A browser that comes back to this machine (RFC 8252), or whose address is pasted where it runs on another one, as over SSH.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use reqwest::Url;
use sha2::{Digest as _, Sha256};

use super::error::{OAuthError, Why};
use super::grant::Grant;
use super::http::post;
use crate::config::OAuth2;
use crate::model::clock::Timestamp;

/// The longest line of a browser's question that is read.
const LINE_MAX: u64 = 16 << 10;
/// How long a browser may take for its question once it is connected.
const PATIENCE: Duration = Duration::from_secs(5);

/// Somebody is asked to agree in a browser.
#[derive(Debug)]
pub struct Asking {
    /// What the browser is to open.
    pub url: String,
    redirect: String,
    state: String,
    /// What the code is worth nothing without (RFC 7636).
    verifier: String,
    listener: TcpListener,
}

/// Prepares a question to whoever sits at a browser. From then on this machine listens for it to come back.
///
/// # Errors
/// Where no port is free or the provider's address is none.
pub fn begin(oauth: &OAuth2) -> Result<Asking, OAuthError> {
    let failed = |why: String| OAuthError { account: oauth.account.clone(), why: Why::Nonsense(why) };
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, oauth.redirect_port)).map_err(|why| failed(why.to_string()))?;
    let port = listener.local_addr().map_err(|why| failed(why.to_string()))?.port();
    let redirect = format!("http://{}:{port}", oauth.redirect_host());
    let (state, verifier) = (random().map_err(failed)?, random().map_err(failed)?);
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    let mut url = Url::parse(&oauth.authorize_url).map_err(|why| failed(why.to_string()))?;
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &oauth.client_id)
            .append_pair("redirect_uri", &redirect)
            .append_pair("scope", &oauth.scopes.join(" "))
            .append_pair("state", &state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if !oauth.user.is_empty() {
            query.append_pair("login_hint", &oauth.user);
        }
        query.extend_pairs(oauth.further());
    }
    Ok(Asking { url: url.to_string(), redirect, state, verifier, listener })
}

fn random() -> Result<String, String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|why| why.to_string())?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

impl Asking {
    /// Waits until the browser comes back, and returns the code that it brings. What else asks meanwhile is sent away.
    ///
    /// # Errors
    /// Where the person said no, or nothing can be listened to.
    pub fn wait(&self, oauth: &OAuth2) -> Result<String, OAuthError> {
        loop {
            let (browser, _) = self
                .listener
                .accept()
                .map_err(|why| OAuthError { account: oauth.account.clone(), why: Why::Nonsense(why.to_string()) })?;
            match self.answer(oauth, browser) {
                Some(Err(OAuthError { why: Why::NotTheAddress | Why::OfAnother, .. })) | None => {}
                Some(found) => return found,
            }
        }
    }

    /// Answers one question of a browser; `None` where it could not be read.
    fn answer(&self, oauth: &OAuth2, browser: TcpStream) -> Option<Result<String, OAuthError>> {
        browser.set_read_timeout(Some(PATIENCE)).ok()?;
        browser.set_write_timeout(Some(PATIENCE)).ok()?;
        let mut asked = BufReader::new((&browser).take(LINE_MAX));
        let mut line = String::new();
        asked.read_line(&mut line).ok()?;
        // What is left unread when a connection is closed resets it (RFC 9112 section 9.6): the browser would lose the page.
        let mut header = String::new();
        while asked.read_line(&mut header).is_ok_and(|read| read > 2) {
            header.clear();
        }
        let target = line.strip_prefix("GET ")?.split(' ').next()?.to_owned();
        let found = self.code(oauth, &target);
        let words = match &found {
            Ok(_) => say!("login-page-done"),
            Err(error) => error.to_string(),
        };
        let status = if found.is_ok() { "200 OK" } else { "400 Bad Request" };
        let page = format!("postroom: {}\n", words.replace(['\r', '\n'], " "));
        let head = "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close";
        // Whether the page is seen changes nothing.
        let _ = write!(&browser, "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {}\r\n\r\n{page}", page.len());
        Some(found)
    }

    /// Returns the code that stands in the address to which the browser was sent back, whole or from its path on.
    ///
    /// # Errors
    /// Where it is none, belongs to another try, or brings a refusal.
    pub fn code(&self, oauth: &OAuth2, address: &str) -> Result<String, OAuthError> {
        let failed = |why: Why| OAuthError { account: oauth.account.clone(), why };
        let address = address.trim();
        let base = Url::parse(&self.redirect).map_err(|_| failed(Why::NotTheAddress))?;
        let url = base.join(address).map_err(|_| failed(Why::NotTheAddress))?;
        let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        match (value("code"), value("error")) {
            (None, None) => Err(failed(Why::NotTheAddress)),
            // Whoever else makes the browser come here with a code of theirs would have us read their mailbox.
            _ if value("state").as_deref() != Some(self.state.as_str()) => Err(failed(Why::OfAnother)),
            (_, Some(error)) if error == "access_denied" => Err(failed(Why::Denied)),
            (_, Some(error)) => Err(failed(Why::Refused(error, value("error_description").unwrap_or_default()))),
            (Some(code), None) => Ok(code),
        }
    }

    /// Redeems a code.
    ///
    /// # Errors
    /// Where the provider does not take it.
    pub fn finish(&self, oauth: &OAuth2, code: &str, now: Timestamp) -> Result<Grant, OAuthError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect.as_str()),
            ("code_verifier", self.verifier.as_str()),
        ];
        let answer = post(oauth, &oauth.token_url, &form)?;
        Grant::read(oauth, &answer, None, now)
    }
}
