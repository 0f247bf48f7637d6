//! A browser that comes back to this machine (RFC 8252), or whose address is pasted where it runs on another one, as over SSH.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use reqwest::Url;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};

use super::error::{OAuthError, Why};
use super::grant::Grant;
use super::http::post;
use crate::config::OAuth2;
use crate::model::clock::Timestamp;

/// The most bytes of a browser's question, header included, that are read.
const ASKED_MAX: usize = 64 << 10;
/// How long a browser may take for its whole question once it is connected.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most connections that are listened to at once. A browser opens a few, some of them in advance.
const VISITORS_MAX: usize = 32;

/// What ends the header of a question.
const ENDS: [&[u8]; 2] = [b"\r\n\r\n", b"\n\n"];

/// Somebody who connected and has not asked yet.
struct Visitor {
    stream: TcpStream,
    asked: Vec<u8>,
    /// So many bytes of it hold no end: it is not looked for there again.
    looked: usize,
    until: Instant,
}

/// What came of listening to a visitor.
enum Heard {
    /// They have not asked to the end.
    More,
    /// They went, took too long, or asked nothing that can be read.
    Nothing,
    /// They asked for this.
    Asked(String),
}

impl Visitor {
    /// Reads what is there. A question is read to the end of its header: what is left unread when a connection is closed resets it (RFC 9112
    /// section 9.6), and the browser would lose the page.
    fn hear(&mut self, now: Instant) -> Heard {
        let mut chunk = [0_u8; 4096];
        let mut is_over = now >= self.until;
        loop {
            match self.stream.read(&mut chunk) {
                // Whoever says no more may still read the answer.
                Ok(0) => {
                    is_over = true;
                    break;
                }
                Ok(read) => self.asked.extend_from_slice(chunk.get(..read).unwrap_or_default()),
                Err(why) if why.kind() == ErrorKind::Interrupted => {}
                Err(why) if why.kind() == ErrorKind::WouldBlock => break,
                Err(_) => return Heard::Nothing,
            }
            if self.asked.len() > ASKED_MAX {
                return Heard::Nothing;
            }
        }
        let fresh = fresh(&self.asked, self.looked);
        let has_ended = ENDS.iter().any(|end| memchr::memmem::find(fresh, end).is_some());
        self.looked = self.asked.len();
        if !has_ended {
            return if is_over { Heard::Nothing } else { Heard::More };
        }
        let line = self.asked.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let line = String::from_utf8_lossy(line);
        let target = line.strip_prefix("GET ").and_then(|rest| rest.split(' ').next());
        target.map_or(Heard::Nothing, |target| Heard::Asked(target.to_owned()))
    }
}

/// Returns the part of a question in which its end can stand, where `looked` bytes of it have none.
fn fresh(asked: &[u8], looked: usize) -> &[u8] {
    let longest = ENDS.iter().map(|end| end.len()).max().unwrap_or(1);
    asked.get(looked.saturating_sub(longest - 1)..).unwrap_or_default()
}

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
    /// Waits until the browser comes back, and returns the code that it brings. What else asks meanwhile is sent away. Any program of this
    /// machine can connect: each connection has 5 seconds and 64 KiB, and none keeps another waiting.
    ///
    /// # Errors
    /// Where the person said no, or nothing can be listened to.
    pub fn wait(&self, oauth: &OAuth2) -> Result<String, OAuthError> {
        let failed =
            |why: std::io::Error| OAuthError { account: oauth.account.clone(), why: Why::Nonsense(why.to_string()) };
        self.listener.set_nonblocking(true).map_err(failed)?;
        let mut visitors: Vec<Visitor> = Vec::new();
        loop {
            self.rest(&visitors).map_err(failed)?;
            self.let_in(&mut visitors).map_err(failed)?;
            let now = Instant::now();
            let mut waiting = Vec::new();
            for mut visitor in std::mem::take(&mut visitors) {
                match visitor.hear(now) {
                    Heard::More => waiting.push(visitor),
                    Heard::Nothing => {}
                    Heard::Asked(target) => match self.answer(oauth, &visitor.stream, &target) {
                        Err(OAuthError { why: Why::NotTheAddress | Why::OfAnother, .. }) => {}
                        found => return found,
                    },
                }
            }
            visitors = waiting;
        }
    }

    /// Waits until somebody connects or says something, or the time of somebody who says nothing is over.
    fn rest(&self, visitors: &[Visitor]) -> std::io::Result<()> {
        let now = Instant::now();
        let soonest = visitors.iter().map(|visitor| visitor.until.saturating_duration_since(now)).min();
        let time = soonest.and_then(|soonest| Timespec::try_from(soonest).ok());
        let listener = std::iter::once(PollFd::new(&self.listener, PollFlags::IN));
        let mut fds: Vec<PollFd> =
            listener.chain(visitors.iter().map(|visitor| PollFd::new(&visitor.stream, PollFlags::IN))).collect();
        match poll(&mut fds, time.as_ref()) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(why) => Err(why.into()),
        }
    }

    /// Takes whoever connected. Where they are too many the oldest goes: a browser asks at once.
    fn let_in(&self, visitors: &mut Vec<Visitor>) -> std::io::Result<()> {
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    if stream.set_nonblocking(true).is_ok() {
                        visitors.push(Visitor {
                            stream,
                            asked: Vec::new(),
                            looked: 0,
                            until: Instant::now() + PATIENCE,
                        });
                    }
                    if visitors.len() > VISITORS_MAX {
                        visitors.remove(0);
                    }
                }
                Err(why) if why.kind() == ErrorKind::WouldBlock => return Ok(()),
                // One that is gone before it is taken (accept(2)).
                Err(why) if matches!(why.kind(), ErrorKind::Interrupted | ErrorKind::ConnectionAborted) => {}
                Err(why) => return Err(why),
            }
        }
    }

    /// Answers the question of a browser.
    fn answer(&self, oauth: &OAuth2, browser: &TcpStream, target: &str) -> Result<String, OAuthError> {
        let found = self.code(oauth, target);
        let words = match &found {
            Ok(_) => say!("login-page-done"),
            Err(error) => error.to_string(),
        };
        let status = if found.is_ok() { "200 OK" } else { "400 Bad Request" };
        let page = format!("postroom: {}\n", words.replace(['\r', '\n'], " "));
        let head = "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close";
        let answer = format!("HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {}\r\n\r\n{page}", page.len());
        // Whether the page is seen changes nothing, and it has room in the buffer of the socket: nobody is waited for.
        let mut browser = browser;
        let _ = browser.write_all(answer.as_bytes());
        found
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

#[cfg(test)]
#[path = "browser_tests.rs"]
mod tests;
