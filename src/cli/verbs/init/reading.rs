//! Reads single answers. A wrong one is told with its reason.

use super::answers::{Login, SecurityWord, Server};
use crate::config::is_loopback;
use crate::config::providers::Preset;
use crate::model::address::is_plain;
use crate::model::host::is_host_name;
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;

/// Reads an address that mail can be sent to.
pub fn address(given: &str) -> Result<String, Phrase> {
    let has_domain = given.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if is_plain(given) && has_domain {
        Ok(given.to_owned())
    } else {
        Err(phrase!("no-mail-address", given = in_quotes(given)))
    }
}

/// Reads a host; a port behind a colon, and what a web address would have in front of it, are taken apart.
pub fn host(given: &str, before: &Server) -> Result<Server, Phrase> {
    let bare = given.split_once("://").map_or(given, |(_, rest)| rest).trim_end_matches('/');
    let (host, written) = match (bare.strip_prefix('[').and_then(|rest| rest.split_once(']')), bare.rsplit_once(':')) {
        (Some((host, rest)), _) => (host, rest.strip_prefix(':')),
        // An address of IPv6 has colons of its own.
        (None, Some((host, port))) if !host.contains(':') => (host, Some(port)),
        _ => (bare, None),
    };
    if !is_host(host) {
        return Err(phrase!("answer-host", given = in_quotes(given)));
    }
    let port = written.map(port).transpose()?;
    Ok(Server { host: Some(host.to_owned()), port: port.or(before.port), security: before.security })
}

/// Tells whether text is the name of a host, or its address.
fn is_host(text: &str) -> bool {
    if text.contains(':') {
        return text.parse::<std::net::Ipv6Addr>().is_ok();
    }
    is_host_name(text.strip_suffix('.').unwrap_or(text))
}

/// Reads a port.
pub fn port(given: &str) -> Result<u16, Phrase> {
    given.parse().ok().filter(|port| *port > 0).ok_or_else(|| phrase!("answer-port", given = in_quotes(given)))
}

/// Reads how the connection to a host is secured. In clear, passwords go to this machine only.
pub fn security(given: &str, host: Option<&str>) -> Result<SecurityWord, Phrase> {
    let word = given.to_lowercase();
    let known = match word.as_str() {
        "ssl" | "ssl/tls" => Some(SecurityWord::Tls),
        "none" => Some(SecurityWord::Plain),
        word => SecurityWord::ALL.into_iter().find(|one| one.word() == word),
    };
    match known {
        None => Err(phrase!("answer-security", given = in_quotes(given))),
        Some(SecurityWord::Plain) if host.is_some_and(|host| !is_loopback(host)) => {
            Err(phrase!("config-plain-elsewhere", host = host.unwrap_or_default()))
        }
        Some(known) => Ok(known),
    }
}

/// Reads how is logged in. Some providers let nobody in by password.
pub fn login(given: &str, preset: Option<&Preset>) -> Result<Login, Phrase> {
    let login = match given.to_lowercase().as_str() {
        "" => return Err(phrase!("answer-login", given = in_quotes(given))),
        word if "password".starts_with(word) => Login::Password,
        word if "oauth2".starts_with(word) => Login::Oauth2,
        _ => return Err(phrase!("answer-login", given = in_quotes(given))),
    };
    match preset.filter(|preset| preset.tokens_only && login == Login::Password) {
        Some(preset) => Err(phrase!("answer-tokens-only", title = preset.title)),
        None => Ok(login),
    }
}

/// Reads yes or no.
pub fn yes(given: &str) -> Result<bool, Phrase> {
    match given.to_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err(phrase!("answer-yes-no", given = in_quotes(given))),
    }
}

/// Reads what may be anything but nothing, on one line.
pub fn name(given: &str) -> Result<String, Phrase> {
    if given.is_empty() || given.chars().any(char::is_control) {
        return Err(phrase!("answer-nothing"));
    }
    Ok(given.to_owned())
}

/// Reads a name that stands in front of an address.
pub fn mail_name(given: &str) -> Result<String, Phrase> {
    let name = name(given)?;
    if name.contains(['<', '>', '@']) { Err(phrase!("answer-name", given = in_quotes(name))) } else { Ok(name) }
}
