//! Sending one mail over SMTP (RFC 5321), and knowing exactly how far it got.
//!
//! Commands and login answers are `lettre`'s. The connection is ours: lettre's has no timeout while TLS is being set up, keeps what a
//! server sent in clear before STARTTLS, fails the whole mail on one refused recipient, and does not tell whether the last byte was out
//! when the connection broke. The last is what decides whether a mail may be sent again.

mod examine;
mod explain;
mod wire;

use std::time::{Duration, Instant};

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Quit, Rcpt, Rset, Starttls};
use lettre::transport::smtp::extension::{ClientId, MailBodyParameter, MailParameter};

pub use examine::examine;
pub use explain::explain;
use wire::{Broken, Reply, Wire};

use crate::config::{Auth, Endpoint, Secret, Security};
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::text::in_quotes;
pub use crate::sync::transport::{Envelope, Outcome, Refusal};

/// A connection unused for longer is asked whether it still stands.
const FRESH: Duration = Duration::from_secs(5);
/// How much longer than any other step the answer to a whole mail may take; RFC 5321 section 4.5.3.2.6 asks for ten minutes where other
/// steps have five. Giving up there costs more than waiting: the mail may be out.
const LAST_STEP_FACTOR: u32 = 4;

/// What a server says that it can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// The largest mail in bytes (RFC 1870), where it names one.
    pub size: Option<u64>,
    /// Whether `SIZE` is known at all.
    pub knows_size: bool,
    /// 8BITMIME (RFC 6152).
    pub eight_bit: bool,
    /// SMTPUTF8 (RFC 6531).
    pub utf8: bool,
    /// STARTTLS (RFC 3207).
    pub starttls: bool,
    /// The SASL mechanisms (RFC 4954), in upper case.
    pub auth: Vec<String>,
    /// The server's time, where its greeting says it.
    pub at: Option<Timestamp>,
}

/// A way to one server; the connection is kept for the next mail.
pub struct Smtp {
    endpoint: Endpoint,
    secret: String,
    open: Option<Open>,
}

struct Open {
    wire: Wire,
    features: Features,
    used: Instant,
}

/// Why a step before the last byte failed.
enum Stop {
    Broken(Broken),
    Said(Reply),
    Blocked(UserError),
    Refused(String),
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl Smtp {
    /// Makes a way to `endpoint`; nothing is connected yet. `secret` is the password or token.
    pub fn new(endpoint: &Endpoint, secret: impl Into<String>) -> Self {
        Self { endpoint: endpoint.clone(), secret: secret.into(), open: None }
    }

    /// Returns the password or token with which it logs in.
    pub(super) fn secret(&self) -> &str {
        &self.secret
    }

    /// Connects and logs in, and returns what the server can do.
    ///
    /// # Errors
    /// When it can't be reached or refuses the login.
    pub fn test(&mut self) -> Result<Features, UserError> {
        match self.connection() {
            Ok(open) => Ok(open.features.clone()),
            Err(stop) => Err(match self.outcome(stop) {
                Outcome::Blocked(error) => error,
                Outcome::Later { words } | Outcome::Refused { words } | Outcome::Unknown { words } => UserError::new(
                    ErrorKind::Remote,
                    phrase!("smtp-test-failed", what = words, port = self.endpoint.port.to_string()),
                )
                .hint(phrase!("hint-smtp-test-failed")),
                Outcome::Accepted { words, .. } => UserError::new(ErrorKind::Internal, words),
            }),
        }
    }

    /// As [`Smtp::send_marked`], without a mark.
    pub fn send(&mut self, envelope: &Envelope, bytes: &[u8]) -> Outcome {
        self.send_marked(envelope, bytes, &mut || Ok(()))
    }

    /// Sends one mail: `bytes` with CRLF line ends, the last line ended. `mark` is called when all but the byte that hands the mail over
    /// is out; where it fails, that byte stays here.
    pub fn send_marked(
        &mut self,
        envelope: &Envelope,
        bytes: &[u8],
        mark: &mut dyn FnMut() -> Result<(), String>,
    ) -> Outcome {
        let reused = self.open.is_some();
        let mut ready = self.offer(envelope, bytes);
        // A kept connection that the server has closed meanwhile says nothing about the mail: once more on a new one.
        let stale =
            matches!(&ready, Err(Stop::Broken(_))) || matches!(&ready, Err(Stop::Said(reply)) if reply.code == 421);
        if reused && stale {
            self.open = None;
            ready = self.offer(envelope, bytes);
        }
        match ready {
            Ok(refused) if refused.len() == envelope.recipients.len() => self.all_refused(&refused),
            Ok(refused) => self.transfer(bytes, refused, mark),
            Err(stop) => self.outcome(stop),
        }
    }

    /// Takes leave of the server.
    pub fn quit(&mut self) {
        if let Some(mut open) = self.open.take() {
            let _ = open.wire.command(&Quit);
        }
    }

    /// MAIL and RCPT: returns who was refused.
    fn offer(&mut self, envelope: &Envelope, bytes: &[u8]) -> Result<Vec<Refusal>, Stop> {
        let host = self.endpoint.host.clone();
        let open = self.connection()?;
        let parameters =
            mail_parameters(&open.features, envelope, bytes).map_err(|why| Stop::Refused(format!("{host} {why}")))?;
        let from = address(&envelope.from)?;
        positive(open.wire.command(&Mail::new(Some(from), parameters))?)?;
        let mut refused = Vec::new();
        for recipient in &envelope.recipients {
            let reply = open.wire.command(&Rcpt::new(address(recipient)?, Vec::new()))?;
            if reply.code == 421 {
                return Err(Stop::Said(reply));
            }
            if !reply.is_positive() {
                let permanent = reply.is_permanent();
                refused.push(Refusal { recipient: recipient.clone(), permanent, words: reply.words() });
            }
        }
        Ok(refused)
    }

    /// Nobody was taken: nothing is sent. The connection stays good.
    fn all_refused(&mut self, refused: &[Refusal]) -> Outcome {
        let reset = self.open.as_mut().map(|open| open.wire.command(&Rset));
        if !matches!(reset, Some(Ok(reply)) if reply.is_positive()) {
            self.open = None;
        }
        let words: Vec<String> = refused.iter().map(|r| format!("{}: {}", r.recipient, explain(&r.words))).collect();
        let words = words.join("; ");
        if refused.iter().all(|r| r.permanent) { Outcome::Refused { words } } else { Outcome::Later { words } }
    }

    /// DATA, the mail, the final dot, and the answer.
    fn transfer(
        &mut self,
        bytes: &[u8],
        refused: Vec<Refusal>,
        mark: &mut dyn FnMut() -> Result<(), String>,
    ) -> Outcome {
        let patience = self.step() * LAST_STEP_FACTOR;
        let Some(open) = self.open.as_mut() else {
            return Outcome::Later { words: "the connection is gone".to_owned() };
        };
        match open.wire.command(&Data) {
            Ok(reply) if reply.code == 354 => {}
            Ok(reply) => return self.outcome(Stop::Said(reply)),
            Err(broken) => return self.outcome(Stop::Broken(broken)),
        }
        // Without its final dot the server may not take the mail (RFC 5321 section 4.1.1.4), so up to here all is safe to repeat.
        if let Err(broken) = open.wire.body(bytes) {
            let said = open.wire.last_words();
            return self.outcome(said.map_or(Stop::Broken(broken), Stop::Said));
        }
        if let Err(words) = mark() {
            self.open = None;
            return Outcome::Later { words };
        }
        match open.wire.finish(patience) {
            Ok(reply) if reply.is_positive() => {
                open.used = Instant::now();
                Outcome::Accepted { words: reply.words(), refused }
            }
            Ok(reply) => self.outcome(Stop::Said(reply)),
            Err(broken) => {
                self.open = None;
                let host = &self.endpoint.host;
                Outcome::Unknown { words: say!("smtp-no-answer", host = host, why = broken.to_string()) }
            }
        }
    }

    fn step(&self) -> Duration {
        Duration::from_secs(u64::from(self.endpoint.timeout.max(1)))
    }

    /// Says what a step that failed means for the mail. Whatever happened, this connection is not used again.
    fn outcome(&mut self, stop: Stop) -> Outcome {
        self.open = None;
        let host = &self.endpoint.host;
        match stop {
            Stop::Broken(Broken::Untrusted(why)) => Outcome::Blocked(
                UserError::new(ErrorKind::Remote, phrase!("smtp-untrusted", host = host, why = why))
                    .hint(phrase!("hint-smtp-untrusted")),
            ),
            Stop::Broken(broken) => Outcome::Later { words: format!("{host}: {broken}") },
            Stop::Said(reply) if reply.is_permanent() => Outcome::Refused { words: explain(&reply.words()) },
            Stop::Said(reply) => Outcome::Later { words: say!("smtp-said", host = host, words = reply.words()) },
            Stop::Blocked(error) => Outcome::Blocked(error),
            Stop::Refused(words) => Outcome::Refused { words },
        }
    }

    /// Returns the open connection, or makes one.
    fn connection(&mut self) -> Result<&mut Open, Stop> {
        if let Some(open) = &mut self.open
            && open.used.elapsed() > FRESH
            && !open.wire.command(&Rset).is_ok_and(|reply| reply.is_positive())
        {
            self.open = None;
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => self.connect()?,
        };
        Ok(self.open.insert(open))
    }

    fn connect(&self) -> Result<Open, Stop> {
        let endpoint = &self.endpoint;
        if endpoint.security == Security::Plain && !wire::is_loopback(&endpoint.host) {
            let error = UserError::new(ErrorKind::Config, phrase!("smtp-plain", host = &endpoint.host))
                .hint(phrase!("hint-smtp-plain"));
            return Err(Stop::Blocked(error));
        }
        let mut wire = Wire::connect(endpoint, self.step())?;
        let greeting = positive(wire.reply()?)?;
        let at = examine::greeted_at(&greeting.words());
        let mut features = hello(&mut wire)?;
        if endpoint.security == Security::StartTls {
            if !features.starttls {
                // Going on in clear would hand the password to whoever cut the word out.
                let error = UserError::new(ErrorKind::Remote, phrase!("smtp-no-starttls", host = &endpoint.host))
                    .hint(phrase!("hint-smtp-no-starttls"));
                return Err(Stop::Blocked(error));
            }
            positive(wire.command(&Starttls)?)?;
            wire = wire.upgrade(endpoint)?;
            features = hello(&mut wire)?;
        }
        if !endpoint.user.is_empty() {
            self.log_in(&mut wire, &features)?;
        }
        Ok(Open { wire, features: Features { at, ..features }, used: Instant::now() })
    }

    fn log_in(&self, wire: &mut Wire, features: &Features) -> Result<(), Stop> {
        let credentials = Credentials::new(self.endpoint.user.clone(), self.secret.clone());
        let offered = |name: &str| features.auth.iter().any(|a| a == name);
        let auth = match self.endpoint.auth {
            Auth::OAuth2 if offered("OAUTHBEARER") => Auth::OAuthBearer,
            Auth::OAuth2 => Auth::XOAuth2,
            auth => auth,
        };
        let reply = match auth {
            Auth::Password if offered("PLAIN") || !offered("LOGIN") => {
                wire.authenticate(Mechanism::Plain, &credentials)?
            }
            Auth::Password => wire.authenticate(Mechanism::Login, &credentials)?,
            Auth::XOAuth2 | Auth::OAuth2 => wire.authenticate(Mechanism::Xoauth2, &credentials)?,
            Auth::OAuthBearer => {
                wire.bearer(&self.endpoint.user, &self.secret, &self.endpoint.host, self.endpoint.port)?
            }
        };
        if reply.is_positive() {
            return Ok(());
        }
        if !reply.is_permanent() {
            return Err(Stop::Said(reply));
        }
        let hint = match (&self.endpoint.secret, self.endpoint.auth) {
            (Secret::OAuth2(oauth), _) => phrase!("hint-token-refused", account = oauth.account.as_str()),
            (_, Auth::Password) => phrase!("hint-smtp-password"),
            _ => phrase!("hint-smtp-token"),
        };
        let (host, user) = (&self.endpoint.host, &self.endpoint.user);
        let what = phrase!("smtp-login-refused", host = host, user = user, words = reply.words());
        Err(Stop::Blocked(UserError::new(ErrorKind::Remote, what).hint(hint)))
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.quit();
    }
}

fn address(email: &str) -> Result<lettre::Address, Stop> {
    let parts = email.rsplit_once('@').and_then(|(local, domain)| lettre::Address::new(local, domain).ok());
    parts.ok_or_else(|| Stop::Refused(say!("smtp-no-address", address = in_quotes(email))))
}

fn positive(reply: Reply) -> Result<Reply, Stop> {
    if reply.is_positive() { Ok(reply) } else { Err(Stop::Said(reply)) }
}

fn hello(wire: &mut Wire) -> Result<Features, Stop> {
    let reply = positive(wire.command(&Ehlo::new(ClientId::default()))?)?;
    let mut features = Features::default();
    for line in reply.lines.iter().skip(1) {
        let mut words = line.split_whitespace();
        match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "SIZE" => {
                features.knows_size = true;
                features.size = words.next().and_then(|n| n.parse().ok()).filter(|n| *n > 0);
            }
            "8BITMIME" => features.eight_bit = true,
            "SMTPUTF8" => features.utf8 = true,
            "STARTTLS" => features.starttls = true,
            "AUTH" => features.auth.extend(words.map(str::to_ascii_uppercase)),
            _ => {}
        }
    }
    Ok(features)
}

/// The parameters of MAIL, or why this server can't carry the mail.
fn mail_parameters(features: &Features, envelope: &Envelope, bytes: &[u8]) -> Result<Vec<MailParameter>, String> {
    let mut parameters = Vec::new();
    if let Some(limit) = features.size
        && bytes.len() as u64 > limit
    {
        let mib = |n: u64| format!("{:.1} MB", n as f64 / 1_000_000.0);
        return Err(format!(
            "takes mails up to {}, and this one has {}: send fewer or smaller files",
            mib(limit),
            mib(bytes.len() as u64)
        ));
    }
    if features.knows_size {
        parameters.push(MailParameter::Size(bytes.len()));
    }
    if !bytes.is_ascii() {
        if !features.eight_bit {
            return Err(
                "can't carry an attached mail with letters outside ASCII (8BITMIME): attach it in another form"
                    .to_owned(),
            );
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    // Of our own header only addresses can make it so (RFC 6531 section 3.3).
    if envelope.utf8 {
        if !features.utf8 || !features.eight_bit {
            return Err("can't carry addresses with letters outside ASCII before the @ (SMTPUTF8)".to_owned());
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    Ok(parameters)
}
