//! The connection: lines out, replies in, every step bounded in time and size.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use native_tls::TlsStream;

use crate::config::{Endpoint, Security};
use crate::sync::tls::{self, TlsError};

/// The most bytes of one reply.
const REPLY_MAX: usize = 64 * 1024;

/// A connection that can't be used any more.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// The name leads nowhere, or nobody listens.
    #[error("can't be reached: {0}")]
    Unreachable(io::Error),
    /// It took too long.
    #[error("no answer in time")]
    TimedOut,
    /// The other side ended it.
    #[error("the connection was closed")]
    Closed,
    /// The network.
    #[error("{0}")]
    Io(io::Error),
    /// The certificate is not to be trusted.
    #[error("{0}")]
    Untrusted(String),
    /// Not SMTP.
    #[error("does not speak SMTP: {0}")]
    Nonsense(String),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::TimedOut,
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Io(error),
        }
    }
}

/// A server's reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

impl Reply {
    pub(super) fn is_positive(&self) -> bool {
        (200..400).contains(&self.code)
    }

    pub(super) fn is_permanent(&self) -> bool {
        self.code >= 500
    }

    /// Code and text on one line, made safe to show.
    pub(super) fn words(&self) -> String {
        let text = crate::model::text::SafeText::line_max(&self.lines.join(" "), 500);
        format!("{} {text}", self.code).trim_end().to_owned()
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

pub(super) struct Wire {
    stream: Stream,
    /// What was read and not yet used.
    ahead: Vec<u8>,
    step: Duration,
}

impl Wire {
    pub(super) fn connect(endpoint: &Endpoint, step: Duration) -> Result<Self, Broken> {
        let tcp = dial(&endpoint.host, endpoint.port, step)?;
        tcp.set_read_timeout(Some(step))?;
        tcp.set_write_timeout(Some(step))?;
        tcp.set_nodelay(true)?;
        let stream = match endpoint.security {
            Security::Tls => Stream::Tls(Box::new(secure(tcp, endpoint)?)),
            Security::StartTls | Security::Plain => Stream::Plain(tcp),
        };
        Ok(Self { stream, ahead: Vec::new(), step })
    }

    /// Goes over to TLS. What the server sent ahead in clear is thrown away: it can be anybody's (CVE-2011-0411).
    pub(super) fn upgrade(self, endpoint: &Endpoint) -> Result<Self, Broken> {
        match self.stream {
            Stream::Plain(tcp) => {
                let stream = Stream::Tls(Box::new(secure(tcp, endpoint)?));
                Ok(Self { stream, ahead: Vec::new(), step: self.step })
            }
            Stream::Tls(_) => Ok(self),
        }
    }

    /// Sends one command, which ends its own line, and reads the reply.
    pub(super) fn command(&mut self, command: &impl fmt::Display) -> Result<Reply, Broken> {
        self.write(command.to_string().as_bytes())?;
        self.reply()
    }

    /// Logs in, answering the server's questions.
    pub(super) fn authenticate(&mut self, mechanism: Mechanism, credentials: &Credentials) -> Result<Reply, Broken> {
        let mut line = format!("AUTH {mechanism}");
        if mechanism.supports_initial_response() {
            let first = mechanism.response(credentials, None).map_err(|e| Broken::Nonsense(e.to_string()))?;
            line = format!("{line} {}", encode(&first));
        }
        let mut reply = self.command(&Line(&line))?;
        // LOGIN asks twice; a failed XOAUTH2 sends its reason as a question, to be answered with nothing.
        for _ in 0..3 {
            if reply.code != 334 {
                break;
            }
            let question = reply.lines.first().and_then(|l| data_encoding::BASE64.decode(l.trim().as_bytes()).ok());
            let question = String::from_utf8_lossy(&question.unwrap_or_default()).into_owned();
            let answer = mechanism.response(credentials, Some(&question)).unwrap_or_default();
            reply = self.command(&Line(&encode(&answer)))?;
        }
        Ok(reply)
    }

    /// OAUTHBEARER (RFC 7628 section 3.1).
    pub(super) fn bearer(&mut self, user: &str, token: &str, host: &str, port: u16) -> Result<Reply, Broken> {
        // A name in a GS2 header (RFC 5801 section 4).
        let user = user.replace('=', "=3D").replace(',', "=2C");
        let first = format!("n,a={user},\u{1}host={host}\u{1}port={port}\u{1}auth=Bearer {token}\u{1}\u{1}");
        let reply = self.command(&Line(&format!("AUTH OAUTHBEARER {}", encode(&first))))?;
        // The reason of a refusal comes as a question; section 3.2.3 has it answered with one byte.
        if reply.code == 334 { self.command(&Line("AQ==")) } else { Ok(reply) }
    }

    /// Sends the mail with its dots doubled (RFC 5321 section 4.5.2), but not the dot that ends it.
    pub(super) fn body(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let mut chunk = Vec::with_capacity(70_000);
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            if line.first() == Some(&b'.') {
                chunk.push(b'.');
            }
            chunk.extend_from_slice(line);
            if chunk.len() > 64 * 1024 {
                self.write(&chunk)?;
                chunk.clear();
            }
        }
        if !chunk.ends_with(b"\r\n") && !chunk.is_empty() {
            chunk.extend_from_slice(b"\r\n");
        }
        self.write(&chunk)
    }

    /// Sends the final dot and waits for the answer, at most `limit`.
    pub(super) fn finish(&mut self, limit: Duration) -> Result<Reply, Broken> {
        self.write(b".\r\n")?;
        self.tcp().set_read_timeout(Some(limit))?;
        let step = std::mem::replace(&mut self.step, limit);
        let reply = self.reply();
        self.step = step;
        let _ = self.tcp().set_read_timeout(Some(step));
        reply
    }

    /// Returns what the server said before it closed the connection on us, if anything.
    pub(super) fn last_words(&mut self) -> Option<Reply> {
        self.tcp().set_read_timeout(Some(Duration::from_secs(1))).ok()?;
        self.reply().ok().filter(|reply| !reply.is_positive())
    }

    /// Reads one reply.
    pub(super) fn reply(&mut self) -> Result<Reply, Broken> {
        let until = Instant::now() + self.step;
        let mut lines = Vec::new();
        let mut size = 0;
        loop {
            let line = self.line(until)?;
            size += line.len();
            let nonsense = || Broken::Nonsense(crate::model::text::SafeText::line_max(&line, 80).to_string());
            let code: u16 = line.get(..3).and_then(|c| c.parse().ok()).ok_or_else(nonsense)?;
            let rest = line.get(3..).unwrap_or_default();
            if !(200..600).contains(&code) || size > REPLY_MAX {
                return Err(nonsense());
            }
            lines.push(rest.get(1..).unwrap_or_default().to_owned());
            match rest.chars().next() {
                Some('-') => {}
                None | Some(' ') => return Ok(Reply { code, lines }),
                Some(_) => return Err(nonsense()),
            }
        }
    }

    fn line(&mut self, until: Instant) -> Result<String, Broken> {
        let mut buffer = [0u8; 4096];
        loop {
            if let Some(end) = self.ahead.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.ahead.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.ahead.len() > REPLY_MAX {
                return Err(Broken::Nonsense("a line without end".to_owned()));
            }
            if Instant::now() > until {
                return Err(Broken::TimedOut);
            }
            let read = match &mut self.stream {
                Stream::Plain(tcp) => tcp.read(&mut buffer),
                Stream::Tls(tls) => tls.read(&mut buffer),
            };
            match read {
                Ok(0) => return Err(Broken::Closed),
                Ok(n) => self.ahead.extend_from_slice(buffer.get(..n).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let stream: &mut dyn Write = match &mut self.stream {
            Stream::Plain(tcp) => tcp,
            Stream::Tls(tls) => tls.as_mut(),
        };
        stream.write_all(bytes)?;
        Ok(stream.flush()?)
    }

    fn tcp(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(tcp) => tcp,
            Stream::Tls(tls) => tls.get_ref(),
        }
    }
}

/// A line of ours with its end.
struct Line<'a>(&'a str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\r\n", self.0)
    }
}

fn encode(text: &str) -> String {
    data_encoding::BASE64.encode(text.as_bytes())
}

/// Tells whether a host is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn dial(host: &str, port: u16, step: Duration) -> Result<TcpStream, Broken> {
    let addresses = (host, port).to_socket_addrs().map_err(Broken::Unreachable)?;
    let mut last = None;
    for address in addresses {
        match TcpStream::connect_timeout(&address, step) {
            Ok(tcp) => return Ok(tcp),
            Err(error) => last = Some(error),
        }
    }
    Err(Broken::Unreachable(last.unwrap_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the name has no address"))))
}

fn secure(tcp: TcpStream, endpoint: &Endpoint) -> Result<TlsStream<TcpStream>, Broken> {
    tls::secure(tcp, endpoint).map_err(|error| match error {
        TlsError::TimedOut => Broken::TimedOut,
        TlsError::CaFile(why) | TlsError::Untrusted(why) => Broken::Untrusted(why),
        TlsError::Failed(why) => Broken::Io(io::Error::other(why)),
    })
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
