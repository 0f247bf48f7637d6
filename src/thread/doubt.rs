//! What speaks against a sender being who `From` says: what our own server found out, a name that carries another's address, a domain that
//! looks like one of ours. It marks, and decides nothing.

use unicode_security::confusable_detection::skeleton;

use super::author::is_below;
use crate::model::address::Address;
use crate::model::agent::Team;
use crate::model::message::{Authorship, Envelope};
use crate::model::phrase::Phrase;

/// Something that speaks against a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Our server found that the mail is not from this domain (RFC 8601: `dmarc=fail` or `dkim=fail`, and neither passes).
    Failed(String),
    /// The display name carries this address, which is not the sender's.
    Named(String),
    /// The first domain, the sender's, looks like the second, ours.
    LooksLike(String, String),
}

impl Doubt {
    /// Says it.
    pub fn phrase(&self) -> Phrase {
        match self {
            Doubt::Failed(domain) => phrase!("doubt-failed", domain = domain),
            Doubt::Named(address) => phrase!("doubt-named", address = address),
            Doubt::LooksLike(domain, ours) => phrase!("doubt-looks-like", domain = domain, ours = ours),
        }
    }
}

/// The most senders of one mail that are looked at (RFC 5322 section 3.6.2 bounds them not at all).
const SENDERS_MAX: usize = 10;
/// The longest domain that is compared, in bytes (RFC 1035 section 2.3.4).
const DOMAIN_MAX: usize = 253;
/// The fewest letters of a label of which one may differ: of shorter ones too many are one letter apart.
const LABEL_MIN: usize = 5;

/// Domains of providers with whom everybody can have an address: several are one letter apart (gmail.com, mail.com, ymail.com), and none is
/// ours because one of our addresses is there.
const PUBLIC: [&str; 62] = [
    "126.com",
    "163.com",
    "aim.com",
    "aol.com",
    "arcor.de",
    "att.net",
    "bigpond.com",
    "bk.ru",
    "bluewin.ch",
    "bol.com.br",
    "btinternet.com",
    "comcast.net",
    "cox.net",
    "email.com",
    "email.cz",
    "fastmail.com",
    "fastmail.fm",
    "foxmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "inbox.ru",
    "laposte.net",
    "libero.it",
    "list.ru",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.de",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "seznam.cz",
    "t-online.de",
    "uol.com.br",
    "web.de",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// Returns what speaks against the senders of a mail of that authorship. Of what claims to be from us the authorship says enough.
pub fn doubts(envelope: &Envelope, authorship: Authorship, team: &Team) -> Vec<Doubt> {
    if !matches!(authorship, Authorship::Sender | Authorship::Form) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let ours = domains(team);
    for from in envelope.from.iter().take(SENDERS_MAX) {
        let domain = from.domain();
        if domain.is_empty() || domain.len() > DOMAIN_MAX || team.owns(&from.email) {
            continue;
        }
        let failed = has_failed(envelope, &domain, team).then(|| Doubt::Failed(domain.clone()));
        let like = ours.iter().find(|ours| looks_like(&domain, ours));
        let all = [
            failed,
            named(from, envelope, &ours, team),
            like.map(|ours| Doubt::LooksLike(domain.clone(), ours.clone())),
        ];
        found.extend(all.into_iter().flatten().filter(|doubt| !found.contains(doubt)).collect::<Vec<_>>());
    }
    found
}

/// The domains of our own addresses, but for those where everybody has one.
fn domains(team: &Team) -> Vec<String> {
    let inboxes = team.inboxes.iter().map(|inbox| inbox.address.domain());
    let agents = team.agents.iter().filter_map(|agent| agent.address.as_ref()).map(Address::domain);
    let mut all: Vec<String> = inboxes.chain(agents).filter(|domain| domain.len() <= DOMAIN_MAX).collect();
    all.sort();
    all.dedup();
    all.retain(|domain| !domain.is_empty() && !is_public(domain));
    all
}

/// Tells whether a server of ours says that a mail is not from `domain`. What it says for and against stands in one field, of which nobody
/// else can have written the topmost.
fn has_failed(envelope: &Envelope, domain: &str, team: &Team) -> bool {
    let holds = |named: &[String]| named.iter().any(|named| is_below(domain, named));
    envelope.vouches.iter().any(|vouch| {
        let is_ours = team.authserv.values().any(|by| by.trim().to_lowercase() == vouch.by);
        is_ours && holds(&vouch.failed) && !holds(&vouch.passed)
    })
}

/// Finds an address of somebody else in a display name, which many programs show alone. One of ours always is a disguise; another's is none
/// where a list says that it passes on what they wrote (RFC 2919), or where a form or list names them as whom to answer.
fn named(from: &Address, envelope: &Envelope, ours: &[String], team: &Team) -> Option<Doubt> {
    let is_edge = |c: char| !c.is_alphanumeric();
    let carried = from
        .name
        .split(|c: char| c.is_whitespace() || "<>()[]\"',;:".contains(c))
        .map(|word| word.trim_matches(is_edge));
    let address = carried.map(str::to_lowercase).find(|word| {
        let domain = word.rsplit_once('@').map(|(local, domain)| !local.is_empty() && domain.contains('.'));
        domain.unwrap_or(false) && word.len() <= DOMAIN_MAX
    })?;
    let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
    if !team.owns(&address) && !ours.iter().any(|ours| is_below(&domain, ours)) {
        let answers = envelope.reply_to.iter().chain(&envelope.original).chain(&envelope.sender);
        let is_told = !envelope.list_id.is_empty() || answers.into_iter().any(|one| one.key() == address);
        // One of another folder of the same house is no disguise.
        if is_told || domain == from.domain() {
            return None;
        }
    }
    Some(Doubt::Named(address))
}

/// Tells whether everybody can have an address of a domain.
fn is_public(domain: &str) -> bool {
    PUBLIC.contains(&domain)
}

/// Tells whether somebody could take a domain for ours: it has ours in front (`shop.example.net.evil.example`), the same letters to the
/// eye (Unicode UTS #39 section 4), or one letter more, less, other or in another place.
fn looks_like(domain: &str, ours: &str) -> bool {
    if is_below(domain, ours) || is_below(ours, domain) || is_public(domain) {
        return false;
    }
    let domain = idna::domain_to_unicode(domain).0;
    let ours = idna::domain_to_unicode(ours).0;
    if domain.starts_with(&format!("{ours}.")) || eye(&domain) == eye(&ours) {
        return true;
    }
    let (Some((label, rest)), Some((own, own_rest))) = (domain.split_once('.'), ours.split_once('.')) else {
        return false;
    };
    rest == own_rest && own.chars().count() >= LABEL_MIN && strsim::osa_distance(label, own) == 1
}

/// Returns a domain as the eye takes it.
fn eye(domain: &str) -> String {
    let lower: String = skeleton(domain).collect::<String>().to_lowercase();
    lower.replace('0', "o").replace(['1', 'i'], "l").replace("vv", "w")
}

#[cfg(test)]
#[path = "doubt_tests.rs"]
mod tests;
