//! What is known of common providers of mail: their servers, how one logs in there, and whose mail they carry. Data, read by whoever sets
//! up an account; nothing is asked of anybody for it.

use super::{Provider, Security};
use crate::model::phrase::Phrase;

/// Where a server listens, and how the connection to it is secured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listens {
    /// The host name.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How it is secured.
    pub security: Security,
}

/// A provider.
#[derive(Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Domains of addresses that it gives out itself.
    pub domains: &'static [&'static str],
    /// How the names of the servers end that take mail for domains which others bring to it.
    pub takes_mail_at: &'static [&'static str],
    imap: Server,
    smtp: Server,
    /// Who gives out tokens for it.
    pub tokens: Option<Provider>,
    /// Whether it lets nobody in by password.
    pub tokens_only: bool,
}

/// A host with its port, as it stands in a table.
type Server = (&'static str, u16, Security);

const TLS: Security = Security::Tls;
const STARTTLS: Security = Security::StartTls;

/// One that has none of the rarer traits.
const PLAIN: Preset = Preset {
    name: "",
    title: "",
    domains: &[],
    takes_mail_at: &[],
    imap: ("", 993, TLS),
    smtp: ("", 465, TLS),
    tokens: None,
    tokens_only: false,
};

/// The providers that are known.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "gmail",
        title: "Gmail or Google Workspace",
        domains: &["gmail.com", "googlemail.com"],
        takes_mail_at: &["google.com", "googlemail.com"],
        imap: ("imap.gmail.com", 993, TLS),
        smtp: ("smtp.gmail.com", 465, TLS),
        tokens: Some(Provider::Google),
        ..PLAIN
    },
    Preset {
        name: "outlook",
        title: "Outlook.com or Exchange Online",
        domains: &["outlook.com", "hotmail.com", "live.com", "msn.com"],
        takes_mail_at: &["mail.protection.outlook.com", "mx.microsoft"],
        imap: ("outlook.office365.com", 993, TLS),
        smtp: ("smtp.office365.com", 587, STARTTLS),
        tokens: Some(Provider::Microsoft),
        tokens_only: true,
    },
    Preset {
        name: "fastmail",
        title: "Fastmail",
        domains: &["fastmail.com", "fastmail.fm", "fastmail.net"],
        takes_mail_at: &["messagingengine.com"],
        imap: ("imap.fastmail.com", 993, TLS),
        smtp: ("smtp.fastmail.com", 465, TLS),
        ..PLAIN
    },
    Preset {
        name: "icloud",
        title: "iCloud Mail",
        domains: &["icloud.com", "me.com", "mac.com"],
        takes_mail_at: &["mail.icloud.com"],
        imap: ("imap.mail.me.com", 993, TLS),
        smtp: ("smtp.mail.me.com", 587, STARTTLS),
        ..PLAIN
    },
    Preset {
        name: "yahoo",
        title: "Yahoo Mail",
        domains: &["yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.es", "yahoo.it", "ymail.com"],
        takes_mail_at: &["yahoodns.net"],
        imap: ("imap.mail.yahoo.com", 993, TLS),
        smtp: ("smtp.mail.yahoo.com", 465, TLS),
        ..PLAIN
    },
    Preset {
        name: "zoho",
        title: "Zoho Mail",
        domains: &["zohomail.com", "zoho.com"],
        takes_mail_at: &["zoho.com"],
        imap: ("imap.zoho.com", 993, TLS),
        smtp: ("smtp.zoho.com", 465, TLS),
        ..PLAIN
    },
    Preset {
        name: "zoho-eu",
        title: "Zoho Mail (Europe)",
        domains: &["zohomail.eu", "zoho.eu"],
        takes_mail_at: &["zoho.eu"],
        imap: ("imap.zoho.eu", 993, TLS),
        smtp: ("smtp.zoho.eu", 465, TLS),
        ..PLAIN
    },
    Preset {
        name: "mailbox.org",
        title: "mailbox.org",
        domains: &["mailbox.org"],
        takes_mail_at: &["mailbox.org"],
        imap: ("imap.mailbox.org", 993, TLS),
        smtp: ("smtp.mailbox.org", 465, TLS),
        ..PLAIN
    },
    Preset {
        name: "yandex",
        title: "Yandex Mail",
        domains: &["yandex.com", "yandex.ru", "ya.ru"],
        takes_mail_at: &["yandex.net", "yandex.ru"],
        imap: ("imap.yandex.com", 993, TLS),
        smtp: ("smtp.yandex.com", 465, TLS),
        ..PLAIN
    },
    Preset {
        name: "gmx",
        title: "GMX",
        domains: &["gmx.net", "gmx.de", "gmx.at", "gmx.ch"],
        takes_mail_at: &["gmx.net"],
        imap: ("imap.gmx.net", 993, TLS),
        smtp: ("mail.gmx.net", 465, TLS),
        ..PLAIN
    },
];

/// The name under which a server of one's own is chosen: Dovecot, Cyrus, or another.
pub const OWN: &str = "own";

impl Preset {
    /// Returns the provider of this name.
    pub fn named(name: &str) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.name.eq_ignore_ascii_case(name))
    }

    /// Returns the provider that gives out addresses of this domain.
    pub fn of_domain(domain: &str) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.domains.iter().any(|known| known.eq_ignore_ascii_case(domain)))
    }

    /// Returns the provider that takes mail at this host, which a domain names in its MX record (RFC 5321 section 5.1).
    pub fn of_mx(host: &str) -> Option<&'static Preset> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let below = |name: &str| host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
        PRESETS.iter().find(|preset| preset.takes_mail_at.iter().any(|name| below(name)))
    }

    /// Returns where its IMAP server listens.
    pub fn imap(&self) -> Listens {
        listens(self.imap)
    }

    /// Returns where its server for outgoing mail listens.
    pub fn smtp(&self) -> Listens {
        listens(self.smtp)
    }

    /// Says what password it takes, and where one is made.
    pub fn advice(&self) -> Phrase {
        match self.name {
            "gmail" => phrase!("provider-gmail"),
            "outlook" => phrase!("provider-outlook"),
            "fastmail" => phrase!("provider-fastmail"),
            "icloud" => phrase!("provider-icloud"),
            "yahoo" => phrase!("provider-yahoo"),
            "zoho" | "zoho-eu" => phrase!("provider-zoho"),
            "mailbox.org" => phrase!("provider-mailbox-org"),
            "yandex" => phrase!("provider-yandex"),
            _ => phrase!("provider-imap-on", title = self.title),
        }
    }
}

fn listens((host, port, security): Server) -> Listens {
    Listens { host: host.to_owned(), port, security }
}

#[cfg(test)]
#[path = "providers_tests.rs"]
mod tests;
