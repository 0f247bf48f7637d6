//! Which servers an address probably has.

/// The guess.
#[derive(Debug, PartialEq, Eq)]
pub struct Servers {
    /// The IMAP server.
    pub imap: String,
    /// The SMTP server.
    pub smtp: String,
}

/// Providers whose servers are not called `imap.` and `smtp.` of the address's domain.
const KNOWN: &[(&str, &str, &str)] = &[
    ("gmail.com", "imap.gmail.com", "smtp.gmail.com"),
    ("googlemail.com", "imap.gmail.com", "smtp.gmail.com"),
    ("outlook.com", "outlook.office365.com", "smtp.office365.com"),
    ("hotmail.com", "outlook.office365.com", "smtp.office365.com"),
    ("live.com", "outlook.office365.com", "smtp.office365.com"),
    ("icloud.com", "imap.mail.me.com", "smtp.mail.me.com"),
    ("me.com", "imap.mail.me.com", "smtp.mail.me.com"),
    ("yahoo.com", "imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
    ("gmx.net", "imap.gmx.net", "mail.gmx.net"),
    ("gmx.de", "imap.gmx.net", "mail.gmx.net"),
    ("localhost", "localhost", "localhost"),
];

/// Guesses the servers of a domain.
pub fn servers(domain: &str) -> Servers {
    let domain = domain.to_lowercase();
    let known = KNOWN.iter().find(|(name, _, _)| *name == domain);
    match known {
        Some((_, imap, smtp)) => Servers { imap: (*imap).to_owned(), smtp: (*smtp).to_owned() },
        None => Servers { imap: format!("imap.{domain}"), smtp: format!("smtp.{domain}") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_domain_is_taken_to_name_its_servers_as_most_do() {
        assert_eq!(servers("Example.com").imap, "imap.example.com");
        assert_eq!(servers("gmail.com").smtp, "smtp.gmail.com");
    }
}
