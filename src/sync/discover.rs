//! Finds out which servers a domain has, for whoever sets up an account: who takes its mail (MX), what it says of its servers (SRV,
//! RFC 6186 and RFC 8314), and what it tells mail programs in a file of its own (autoconfig). Nobody but the name server of this machine, the
//! domain and whom its web server sends us on to is asked, for a short time; what is found is a proposal that a person agrees to.

mod autoconfig;
mod names;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::config::Security;
use crate::config::providers::{Listens, Preset};
use names::{Asked, Names};

/// How long one question may take.
const ONE: Duration = Duration::from_secs(2);
/// How long all of them may: a person waits.
const ALL: Duration = Duration::from_secs(8);

/// How long is waited.
#[derive(Clone, Copy, Debug)]
struct Patience {
    one: Duration,
    end: Instant,
}

impl Patience {
    /// Begins to wait, for so long in all.
    fn begin(one: Duration, all: Duration) -> Self {
        Self { one, end: Instant::now() + all }
    }

    /// Returns how long the next question may take; `None` where there is no time for it.
    fn left(self) -> Option<Duration> {
        let left = self.end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        Some(left.min(self.one))
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Servers {
    /// The provider that takes the domain's mail.
    pub preset: Option<&'static Preset>,
    /// Where mail is read.
    pub imap: Option<Listens>,
    /// Where mail is sent.
    pub smtp: Option<Listens>,
    /// The login name, where the domain says what it is.
    pub user: Option<String>,
    /// Where it was found.
    pub source: Option<Source>,
}

/// Where servers were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the name system.
    Names,
    /// In the domain's file for mail programs.
    Autoconfig,
}

/// Whom to ask.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Name servers, asked in turn.
    pub name_servers: Vec<SocketAddr>,
    /// Addresses of the file for mail programs, with `{domain}` and `{address}` in them.
    pub files: Vec<String>,
    /// How long all may take.
    pub within: Duration,
}

impl Lookup {
    /// Asks as this machine is set up to. The file is read over HTTPS alone: whoever stands between could name servers of their own.
    pub fn of_system() -> Self {
        let files = [
            "https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={address}",
            "https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
        ];
        let resolv = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
        Self { name_servers: names::name_servers(&resolv), files: files.map(str::to_owned).to_vec(), within: ALL }
    }

    /// Returns the domain of an address, as it is asked about; `None` where nobody is asked.
    pub fn domain(&self, address: &str) -> Option<String> {
        let (_, domain) = address.rsplit_once('@')?;
        let domain = idna::domain_to_ascii(domain).ok().filter(|domain| !is_reserved(domain))?;
        (!self.name_servers.is_empty()).then_some(domain)
    }

    /// Finds out what an address's domain says. What can't be had, or not in time, is left out.
    pub fn servers(&self, address: &str) -> Servers {
        let Some(domain) = self.domain(address) else { return Servers::default() };
        let patience = Patience::begin(ONE, self.within);
        let names = Names::new(&self.name_servers, patience);
        // Where nobody answers the first question there is no network, and the others would only cost time.
        let Asked::Answered(takers) = names.takers(&domain) else { return Servers::default() };
        if let Some(preset) = takers.iter().find_map(|host| Preset::of_mx(host)) {
            return Servers { preset: Some(preset), source: Some(Source::Names), ..Servers::default() };
        }
        let first = |services: [(&str, Security); 2]| {
            services.into_iter().find_map(|(service, security)| {
                let (host, port) = names.service(&format!("{service}._tcp.{domain}"))?;
                Some(Listens { host, port, security })
            })
        };
        let imap = first([("_imaps", Security::Tls), ("_imap", Security::StartTls)]);
        let smtp = first([("_submissions", Security::Tls), ("_submission", Security::StartTls)]);
        if imap.is_some() {
            return Servers { imap, smtp, source: Some(Source::Names), ..Servers::default() };
        }
        let url = |file: &String| file.replace("{domain}", &domain).replace("{address}", &percent(address));
        let found = self
            .files
            .iter()
            .find_map(|file| autoconfig::read(&autoconfig::fetch(&url(file), patience.left()?)?, address));
        found.map(|found| Servers { source: Some(Source::Autoconfig), ..found }).unwrap_or_default()
    }
}

/// Tells whether a domain stands for no place (RFC 2606, RFC 6761): nobody is asked about it.
fn is_reserved(domain: &str) -> bool {
    let top = domain.rsplit('.').next().unwrap_or_default();
    let known = ["example", "invalid", "test", "localhost", "local", "internal"];
    let examples = ["example.com", "example.net", "example.org"];
    known.contains(&top)
        || !domain.contains('.')
        || examples.iter().any(|known| domain == *known || domain.ends_with(&format!(".{known}")))
}

/// Writes text as part of an address on the web.
fn percent(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
#[path = "discover_tests.rs"]
mod tests;
