//! The way in: resolve, connect, secure, greet, log in. What comes out is a [`Session`], or a reason that a person can act on.
//!
//! Secrets pass through and are kept nowhere.

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::crate_error::{from_crate, guarded};
use super::divert::{Divert, Handle, lock};
use super::error::ImapError;
use super::meter::Meter;
use super::quirks;
use super::session::Session;
use super::wire::{Stream, Wire};
use crate::config::{Auth, Endpoint, Security};
use crate::model::stop::Stop;
use crate::model::text::in_quotes;
use crate::sync::tls::{self, TlsError};
use crate::sync::waker::Waker;

/// The longest greeting or STARTTLS answer, in bytes.
const GREETING_MAX: usize = 8192;

impl Session {
    /// Connects and logs in.
    ///
    /// # Errors
    /// Every way in which that fails; nothing is retried here.
    pub fn open(endpoint: &Endpoint, secret: &str, waker: &Waker) -> Result<Self, ImapError> {
        connect(endpoint, waker)?.login(secret)
    }
}

/// Connected and greeted, not logged in.
pub struct Greeted {
    client: imap::Client<Divert>,
    shared: Handle,
    endpoint: Endpoint,
}

/// Connects, secures the connection as the endpoint says, and reads the greeting.
///
/// # Errors
/// Every way in which a connection fails; nothing is retried here.
pub fn connect(endpoint: &Endpoint, waker: &Waker) -> Result<Greeted, ImapError> {
    let timeout = Duration::from_secs(u64::from(endpoint.timeout.max(1)));
    let addresses = resolve(endpoint, timeout, waker)?;
    if endpoint.security == Security::Plain && !addresses.iter().all(|a| a.ip().is_loopback()) {
        return Err(ImapError::PlainRefused);
    }
    let tcp = dial(&addresses, timeout, waker)?;
    tcp.set_read_timeout(Some(timeout)).and_then(|()| tcp.set_write_timeout(Some(timeout))).map_err(ImapError::Io)?;
    let (stream, greeted) = match endpoint.security {
        Security::Plain => (Stream::Plain(tcp), false),
        Security::Tls => (secure(tcp, endpoint)?, false),
        Security::StartTls => (secure(start_tls(tcp)?, endpoint)?, true),
    };
    let wire = Wire::new(stream, waker.clone(), timeout).map_err(ImapError::from_io)?;
    let (divert, shared) = Divert::new(wire);
    let asked = waker.clone();
    lock(&shared).stop = Stop::when(move || asked.is_stopped());
    let mut client = imap::Client::new(divert);
    if !greeted {
        let line = client.read_greeting().map_err(|e| from_crate(e, &shared))?;
        check_greeting(&line)?;
    }
    lock(&shared).greeted = true;
    Ok(Greeted { client, shared, endpoint: endpoint.clone() })
}

impl Greeted {
    /// Logs in with the password or token `secret`, as the endpoint says.
    ///
    /// # Errors
    /// [`ImapError::Login`] where the server refuses it; other errors of the connection.
    pub fn login(self, secret: &str) -> Result<Session, ImapError> {
        let Self { mut client, shared, endpoint } = self;
        if lock(&shared).capabilities.is_none() {
            // Only for its side effect: the transport keeps the list.
            let asked = guarded(|| client.capabilities());
            if let Err(error @ (ImapError::Lost(_) | ImapError::Timeout | ImapError::Stopped)) =
                asked.and_then(|r| r.map(|_| ()).map_err(|e| from_crate(e, &shared)))
            {
                return Err(error);
            }
        }
        let before = lock(&shared).capabilities.take().unwrap_or_default();
        let offers = |name: &str| before.split_ascii_whitespace().any(|word| word == name);
        let user = endpoint.user.as_str();
        // A in_quotes string is ASCII (RFC 3501 section 9), so other passwords need SASL.
        let quotable = [user, secret].iter().all(|s| s.bytes().all(|b| (0x20..0x7f).contains(&b)));
        let auth = match endpoint.auth {
            Auth::OAuth2 if offers("AUTH=OAUTHBEARER") => Auth::OAuthBearer,
            Auth::OAuth2 => Auth::XOAuth2,
            auth => auth,
        };
        let done = guarded(|| match auth {
            Auth::Password if quotable && !offers("LOGINDISABLED") => client.login(user, secret).map_err(|(e, _)| e),
            Auth::Password => {
                let answer = Answer::new(format!("\0{user}\0{secret}"), "");
                client.authenticate("PLAIN", &answer).map_err(|(e, _)| e)
            }
            Auth::XOAuth2 | Auth::OAuth2 => {
                let answer = Answer::new(format!("user={user}\u{1}auth=Bearer {secret}\u{1}\u{1}"), "");
                client.authenticate("XOAUTH2", &answer).map_err(|(e, _)| e)
            }
            Auth::OAuthBearer => {
                let name = user.replace('=', "=3D").replace(',', "=2C");
                let (host, port) = (&endpoint.host, endpoint.port);
                let text = format!("n,a={name},\u{1}host={host}\u{1}port={port}\u{1}auth=Bearer {secret}\u{1}\u{1}");
                client.authenticate("OAUTHBEARER", &Answer::new(text, "\u{1}")).map_err(|(e, _)| e)
            }
        })?;
        match done {
            Ok(session) => Session::begin(session, shared),
            Err(error) => Err(login_error(error, &shared)),
        }
    }
}

/// Answers the first challenge with what it has, and any other, which carries the reason of a refusal, with the polite end.
struct Answer {
    first: String,
    later: &'static str,
    asked: Cell<bool>,
}

impl Answer {
    fn new(first: String, later: &'static str) -> Self {
        Self { first, later, asked: Cell::new(false) }
    }
}

impl imap::Authenticator for Answer {
    type Response = String;

    fn process(&self, _challenge: &[u8]) -> String {
        if self.asked.replace(true) { self.later.to_owned() } else { self.first.clone() }
    }
}

fn login_error(error: imap::Error, shared: &Handle) -> ImapError {
    let refused = matches!(error, imap::Error::No(_) | imap::Error::Bad(_));
    let error = from_crate(error, shared);
    match error {
        ImapError::No { code, text } if refused && !quirks::login_may_pass_later(&code, &text) => {
            ImapError::Login(text)
        }
        ImapError::Bad(text) if refused => ImapError::Login(text),
        other => other,
    }
}

fn check_greeting(line: &[u8]) -> Result<(), ImapError> {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end();
    match text.get(..4).map(str::to_ascii_uppercase).as_deref() {
        Some("* OK") => Ok(()),
        Some("* PR") => Err(ImapError::Protocol("it takes us for somebody already logged in (PREAUTH)".to_owned())),
        Some("* BY") => {
            let words = text.get(6..).unwrap_or_default();
            Err(quirks::throttled(words).unwrap_or_else(|| ImapError::Lost(words.to_owned())))
        }
        _ => Err(ImapError::Protocol(format!("a greeting of IMAP begins with `* OK`, not {}", in_quotes(clip(text))))),
    }
}

fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Resolving can't be given a timeout, so it is waited for from another thread.
fn resolve(endpoint: &Endpoint, timeout: Duration, waker: &Waker) -> Result<Vec<SocketAddr>, ImapError> {
    let (host, port) = (endpoint.host.clone(), endpoint.port);
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("resolve".to_owned())
        .spawn(move || {
            let found = (host.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
            let _ = sender.send(found);
        })
        .map_err(ImapError::Io)?;
    let end = Instant::now() + timeout;
    loop {
        match receiver.recv_timeout(Duration::from_millis(100)) {
            Ok(Ok(addresses)) if !addresses.is_empty() => return Ok(addresses),
            Ok(_) => return Err(ImapError::UnknownHost),
            Err(_) if waker.is_stopped() => return Err(ImapError::Stopped),
            Err(_) if Instant::now() >= end => return Err(ImapError::Timeout),
            Err(_) => {}
        }
    }
}

/// Tries every address in turn; the time is shared among them, so that a dead IPv6 route does not use it up.
fn dial(addresses: &[SocketAddr], timeout: Duration, waker: &Waker) -> Result<TcpStream, ImapError> {
    let end = Instant::now() + timeout;
    let mut failed = ImapError::UnknownHost;
    for (at, address) in addresses.iter().enumerate() {
        if waker.is_stopped() {
            return Err(ImapError::Stopped);
        }
        let left = end.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(addresses.len() - at).unwrap_or(1).max(1);
        match TcpStream::connect_timeout(address, share.max(Duration::from_millis(100))) {
            Ok(tcp) => return Ok(tcp),
            Err(error) => failed = ImapError::from_io(error),
        }
    }
    Err(failed)
}

/// STARTTLS by hand (RFC 3501 section 6.2.1), a byte at a time: what a stranger put behind the answer must not be taken for the
/// server's once the connection is secure.
fn start_tls(mut tcp: TcpStream) -> Result<TcpStream, ImapError> {
    check_greeting(&read_line(&mut tcp)?)?;
    tcp.write_all(b"s1 STARTTLS\r\n").map_err(ImapError::from_io)?;
    loop {
        let line = read_line(&mut tcp)?;
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        match text.split_once(' ') {
            Some(("s1", answer)) if answer.to_ascii_uppercase().starts_with("OK") => return Ok(tcp),
            Some(("s1", _)) => return Err(ImapError::NoStartTls),
            Some(("*", _)) => {}
            _ => return Err(ImapError::Protocol(format!("no answer to STARTTLS: {}", in_quotes(clip(&text))))),
        }
    }
}

fn read_line(tcp: &mut TcpStream) -> Result<Vec<u8>, ImapError> {
    let mut line = Vec::new();
    let mut byte = [0_u8; 1];
    let mut meter = Meter::default();
    while line.last() != Some(&b'\n') {
        if line.len() >= GREETING_MAX {
            return Err(ImapError::Protocol("the greeting has no end".to_owned()));
        }
        let begun = Instant::now();
        let read = tcp.read(&mut byte);
        meter.received(begun.elapsed(), 1, !line.is_empty())?;
        match read {
            Ok(0) => return Err(ImapError::Lost(String::new())),
            Ok(_) => line.extend(byte),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ImapError::from_io(error)),
        }
    }
    Ok(line)
}

fn secure(tcp: TcpStream, endpoint: &Endpoint) -> Result<Stream, ImapError> {
    match tls::secure(tcp, endpoint) {
        Ok(tls) => Ok(Stream::Tls(Box::new(tls))),
        Err(TlsError::TimedOut) => Err(ImapError::Timeout),
        Err(TlsError::CaFile(why)) => Err(ImapError::CaFile(why)),
        Err(TlsError::Untrusted(why)) => Err(ImapError::Certificate(why)),
        Err(TlsError::Failed(why)) => Err(ImapError::Tls(why)),
    }
}
