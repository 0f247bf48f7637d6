//! TLS to a server of mail, the same for reading and for sending (RFC 8314): version 1.2 at the least, a certificate that is trusted and
//! names the host among its alternative names.

use std::net::TcpStream;

use native_tls::{Certificate, HandshakeError, Protocol, TlsConnector, TlsStream};

use crate::config::Endpoint;
use crate::model::text::SafeText;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub(super) enum TlsError {
    /// The file of certificates that the config names is of no use.
    #[error("{0}")]
    CaFile(String),
    /// The certificate is not to be trusted: that needs a person.
    #[error("{0}")]
    Untrusted(String),
    /// The two sides found no way to talk, or the connection broke.
    #[error("{0}")]
    Failed(String),
    /// No answer within the connection's time.
    #[error("no answer in time")]
    TimedOut,
}

/// The most characters of a library's own words that are told.
const WORDS_MAX: usize = 200;
/// The identifier of a certificate's alternative names (RFC 5280 section 4.2.1.6), as DER encodes it.
const ALTERNATIVE_NAMES: [u8; 5] = [0x06, 0x03, 0x55, 0x1d, 0x11];

/// Secures a connection.
///
/// # Errors
/// Every way in which that fails; what is said names no file of a library's source.
pub(super) fn secure(tcp: TcpStream, endpoint: &Endpoint) -> Result<TlsStream<TcpStream>, TlsError> {
    let stream = match connector(endpoint)?.connect(&endpoint.host, tcp) {
        Ok(stream) => stream,
        Err(HandshakeError::WouldBlock(_)) => return Err(TlsError::TimedOut),
        Err(HandshakeError::Failure(error)) => return Err(of_handshake(&error.to_string())),
    };
    // Where a certificate has no alternative names OpenSSL compares its common name, which RFC 9525 section 2 no longer allows.
    let certificate = stream.peer_certificate().ok().flatten().and_then(|certificate| certificate.to_der().ok());
    match certificate {
        Some(der) if !has_alternative_names(&der) => {
            Err(TlsError::Untrusted("the certificate names no host (it has no subjectAltName)".to_owned()))
        }
        _ => Ok(stream),
    }
}

fn has_alternative_names(der: &[u8]) -> bool {
    der.windows(ALTERNATIVE_NAMES.len()).any(|window| window == ALTERNATIVE_NAMES)
}

fn connector(endpoint: &Endpoint) -> Result<TlsConnector, TlsError> {
    let mut builder = TlsConnector::builder();
    builder.min_protocol_version(Some(Protocol::Tlsv12));
    if let Some(file) = &endpoint.ca_file {
        let bad = |why: &str| TlsError::CaFile(format!("{}: {why}", file.display()));
        let pem = std::fs::read(file).map_err(|error| bad(&error.to_string()))?;
        let certificates = Certificate::stack_from_pem(&pem).map_err(|error| bad(&words(&error.to_string())))?;
        if certificates.is_empty() {
            return Err(bad("it holds no certificate"));
        }
        for certificate in certificates {
            builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(|error| TlsError::Failed(words(&error.to_string())))
}

/// Tells a certificate that is refused, which needs a person, from a connection that broke.
fn of_handshake(text: &str) -> TlsError {
    let lower = text.to_ascii_lowercase();
    if lower.contains("certificate verify failed")
        || lower.contains("hostname mismatch")
        || lower.contains("ip address mismatch")
    {
        TlsError::Untrusted(words(text))
    } else {
        TlsError::Failed(words(text))
    }
}

/// Returns what a person can use of OpenSSL's words. Verification says it in brackets at the end,
/// `error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:ssl/statem/statem_clnt.c:2092: (hostname mismatch)`;
/// without it the reason stands behind library and function, and in front of the source file.
fn words(text: &str) -> String {
    let reason = match text.rsplit_once('(') {
        Some((before, reason)) if before.starts_with("error:") && reason.ends_with(')') => {
            reason.trim_end_matches(')').to_owned()
        }
        _ => text.split(", ").map(reason).collect::<Vec<_>>().join(", "),
    };
    SafeText::line_max(reason.trim(), WORDS_MAX).to_string()
}

/// Returns the fourth field of one of OpenSSL's errors, `error:CODE:LIBRARY:FUNCTION:REASON:FILE:LINE:DATA`; other text as it is.
fn reason(text: &str) -> &str {
    let is_error = text.starts_with("error:");
    text.split(':').nth(4).filter(|reason| is_error && !reason.trim().is_empty()).unwrap_or(text)
}

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
