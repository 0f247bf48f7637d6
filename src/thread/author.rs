//! Who wrote a mail: its author, which way it went and whom an answer goes to, by its own bytes, the folders that it stands in, the records
//! that say we sent it, and the team. Pure: the same of these give the same on every client, in whatever order they came.
//!
//! What a mail says of itself can be forged, so nothing in it alone makes it ours: it stands among sent mail, a record names it, or our
//! own server vouches for it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::address::Address;
use crate::model::agent::{Agent, Team};
use crate::model::ids::AccountId;
use crate::model::message::{Authorship, Direction, Envelope, Origin, Vouch};

use super::Outside;

/// A folder that a mail stands in, and what the copy there says that copies elsewhere need not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The account of the folder: whose authserv-id counts.
    pub account: AccountId,
    /// Whether it is a folder of sent mail.
    pub is_sent: bool,
    /// What the headers of this copy say.
    pub copy: CopySays,
}

impl Stand {
    /// Tells whether it is the copy that the sender filed, not one that a server delivered into the folder.
    fn is_own_copy(&self) -> bool {
        self.is_sent && !self.copy.is_delivered
    }
}

/// What the header of one copy of a mail says that those of others need not: servers write into it, lists and alias exploders change it, and
/// a sender's own copy names whom nobody else is to see.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct CopySays {
    /// Whether a server says that it delivered the copy.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_delivered: bool,
    /// `To`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Address>,
    /// `Cc`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<Address>,
    /// `Bcc`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<Address>,
    /// `Reply-To`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reply_to: Vec<Address>,
    /// Whom a group that rewrote `From` names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub original: Vec<Address>,
    /// Which of our addresses the copy came in by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delivered_to: Vec<Address>,
    /// What servers found out about the sender.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vouches: Vec<Vouch>,
}

impl CopySays {
    /// Returns what the copy says of which this is the header.
    pub fn of(envelope: &Envelope) -> Self {
        Self {
            is_delivered: envelope.is_delivered,
            to: envelope.to.clone(),
            cc: envelope.cc.clone(),
            bcc: envelope.bcc.clone(),
            reply_to: envelope.reply_to.clone(),
            original: envelope.original.clone(),
            delivered_to: envelope.delivered_to.clone(),
            vouches: envelope.vouches.clone(),
        }
    }

    /// Tells whether it is what a header says.
    fn is_of(&self, envelope: &Envelope) -> bool {
        self.to == envelope.to
            && self.cc == envelope.cc
            && self.bcc == envelope.bcc
            && self.reply_to == envelope.reply_to
            && self.original == envelope.original
    }
}

/// Returns the header of a mail as the copy says it that counts of all: the sender's own, else always the same one, whichever came first.
/// Who was to see it in secret, any of them can name.
pub fn as_it_stands<'a>(envelope: &'a Envelope, stands: &[Stand]) -> Cow<'a, Envelope> {
    let rank = |stand: &&Stand| (!stand.is_own_copy(), stand.copy.clone());
    let own = match stands {
        [one] => Some(one),
        all => all.iter().min_by_key(rank),
    };
    let Some(own) = own else { return Cow::Borrowed(envelope) };
    let mut bcc = own.copy.bcc.clone();
    let others = stands.iter().flat_map(|stand| &stand.copy.bcc);
    for other in others {
        if !bcc.contains(other) {
            bcc.push(other.clone());
        }
    }
    if own.copy.is_of(envelope) && bcc == own.copy.bcc {
        return Cow::Borrowed(envelope);
    }
    let CopySays { to, cc, reply_to, original, .. } = own.copy.clone();
    Cow::Owned(Envelope { to, cc, bcc, reply_to, original, ..envelope.clone() })
}

/// What is known of a mail.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Its header ([`as_it_stands`]).
    pub envelope: &'a Envelope,
    /// Where it stands, in any order.
    pub stands: &'a [Stand],
    /// The records that say we sent it, each with the hash of the text that was sent; records of older programs have none.
    pub sent: &'a [Option<String>],
    /// The hash of its own text; `None` while its body is not here.
    pub text: Option<&'a str>,
    /// Whether another mail that bears the same Message-ID is rather the one that we sent.
    pub is_outranked: bool,
}

/// Tells who wrote a mail: the first rule that fits.
pub fn authorship(of: &Evidence<'_>, team: &Team) -> Authorship {
    let envelope = of.envelope;
    let named = || envelope.from.iter().filter(|from| !from.email.trim().is_empty());
    let claims_us = named().next().is_some() && named().all(|from| team.owns(&from.email));
    let is_form = claims_us && claimed(envelope, team).is_some();
    if !is_to_outside(envelope, team) {
        return match (claims_us, is_form) {
            (false, _) => Authorship::Sender,
            (true, true) => Authorship::Form,
            (true, false) if named().any(|from| is_agent(&from.email, team)) => Authorship::Colleague,
            (true, false) => Authorship::Ourselves,
        };
    }
    if !of.is_outranked {
        if of.stands.iter().any(Stand::is_own_copy) {
            return Authorship::Filed;
        }
        if of.sent.iter().any(|hash| agrees(hash.as_deref(), of.text, claims_us)) {
            return Authorship::Recorded;
        }
    }
    match (claims_us, is_form) {
        (false, _) => Authorship::Sender,
        (true, true) => Authorship::Form,
        (true, false) => vouched(of, team),
    }
}

/// Tells whether a text may be the one that was sent. While it is not here nobody can see that, and the mail must say itself that it is
/// ours.
fn agrees(sent: Option<&str>, text: Option<&str>, claims_us: bool) -> bool {
    match (sent, text) {
        (None, _) => true,
        (Some(_), None) => claims_us,
        (Some(sent), Some(text)) => sent == text,
    }
}

/// Tells whether a mail names any recipient who is not of the team. What is no address names nobody.
pub fn is_to_outside(envelope: &Envelope, team: &Team) -> bool {
    outside(envelope, team).next().is_some() || envelope.bcc.iter().any(|address| is_foreign(address, team))
}

/// The recipients in `To` and `Cc` who are not of the team.
fn outside<'a>(envelope: &'a Envelope, team: &'a Team) -> impl Iterator<Item = &'a Address> {
    envelope.to.iter().chain(&envelope.cc).filter(|address| is_foreign(address, team))
}

/// Says whether our own server vouches for a mail that says it is from us.
fn vouched(of: &Evidence<'_>, team: &Team) -> Authorship {
    let domains: Vec<String> = of.envelope.from.iter().map(Address::domain).filter(|one| !one.is_empty()).collect();
    let ours = |stand: &'_ Stand| {
        let by = team.authserv.get(&stand.account).map(|by| by.trim().to_lowercase());
        stand.copy.vouches.iter().find(|vouch| by.as_ref() == Some(&vouch.by)).cloned()
    };
    let said: Vec<Vouch> = of.stands.iter().filter_map(ours).collect();
    let holds = |named: &[String], domain: &str| named.iter().any(|named| is_below(domain, named));
    let passed = |domain: &String| said.iter().any(|vouch| holds(&vouch.passed, domain));
    let failed = |domain: &String| said.iter().any(|vouch| holds(&vouch.failed, domain));
    if !domains.is_empty() && domains.iter().all(passed) {
        return match outside(of.envelope, team).next() {
            Some(_) => Authorship::Vouched,
            None => Authorship::Unproven,
        };
    }
    if domains.iter().any(|domain| failed(domain) && !passed(domain)) {
        Authorship::Forged
    } else {
        Authorship::Unproven
    }
}

/// Tells whether a domain is that one or stands below it.
pub(super) fn is_below(domain: &str, above: &str) -> bool {
    domain.strip_suffix(above).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn is_foreign(address: &Address, team: &Team) -> bool {
    address.email.contains('@') && !team.owns(&address.email)
}

fn is_agent(email: &str, team: &Team) -> bool {
    let email = email.trim().to_lowercase();
    let is_theirs = |agent: &Agent| {
        agent.address.as_ref().is_some_and(|address| address.key() == email) || agent.addresses.contains(&email)
    };
    team.agents.iter().any(is_theirs)
}

/// Returns whom a mail that bears our address names as its author.
fn claimed<'a>(envelope: &'a Envelope, team: &Team) -> Option<&'a Address> {
    envelope.original.iter().chain(&envelope.reply_to).find(|address| is_foreign(address, team))
}

/// Returns the foreign address that a mail asks answers to be sent to.
fn foreign_reply_to<'a>(envelope: &'a Envelope, team: &'a Team) -> impl Iterator<Item = &'a Address> {
    envelope.reply_to.iter().filter(|address| is_foreign(address, team))
}

/// Returns who wrote a mail of that authorship; of several the one who counts first.
pub fn authors<'a>(envelope: &'a Envelope, authorship: Authorship, team: &Team) -> Vec<&'a Address> {
    let named = envelope.from.iter().filter(|from| !from.email.trim().is_empty());
    match authorship {
        Authorship::Form => claimed(envelope, team).into_iter().collect(),
        Authorship::Sender => named.filter(|from| !team.owns(&from.email)).collect(),
        Authorship::Colleague => named.filter(|from| is_agent(&from.email, team)).collect(),
        _ => named.collect(),
    }
}

/// Returns the authors of a mail by what was kept of them: the authorship, and the key of the one who counts first.
pub fn named<'a>(envelope: &'a Envelope, authorship: Authorship, first: &str) -> Vec<&'a Address> {
    let is_first = |address: &&Address| address.key() == first;
    if authorship == Authorship::Form {
        return envelope.original.iter().chain(&envelope.reply_to).find(is_first).into_iter().collect();
    }
    let (mut all, others): (Vec<_>, Vec<_>) = envelope.from.iter().partition(is_first);
    all.extend(others);
    all
}

/// Returns whom an answer to a mail of that authorship goes to, none of our own addresses among them but a colleague's. Nobody where it
/// was we who wrote to ourselves, or where our server says that somebody only pretends to be us.
pub fn answer_to<'a>(envelope: &'a Envelope, authorship: Authorship, team: &'a Team) -> Vec<&'a Address> {
    match authorship {
        Authorship::Sender => {
            let mut asked: Vec<&Address> = foreign_reply_to(envelope, team).collect();
            if asked.is_empty() {
                asked = authors(envelope, authorship, team);
                asked.retain(|address| address.email.contains('@'));
            }
            asked
        }
        Authorship::Form | Authorship::Colleague => authors(envelope, authorship, team),
        Authorship::Ourselves | Authorship::Forged => Vec::new(),
        // On to those whom our mail, or what says that it is, went to.
        Authorship::Filed | Authorship::Recorded | Authorship::Vouched | Authorship::Unproven => {
            envelope.to.iter().filter(|address| is_foreign(address, team)).collect()
        }
    }
}

/// Whom an answer goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients {
    /// `To`.
    pub to: Vec<Address>,
    /// `Cc`.
    pub cc: Vec<Address>,
}

/// Returns whom an answer to a mail of that authorship goes to; `all` adds its other recipients. Empty where there is nobody but
/// ourselves.
pub fn recipients(of: &Envelope, authorship: Authorship, team: &Team, all: bool) -> Recipients {
    let mut seen = std::collections::HashSet::new();
    let mut to: Vec<Address> =
        answer_to(of, authorship, team).into_iter().filter(|one| seen.insert(one.key())).cloned().collect();
    let mut cc = Vec::new();
    if all {
        cc.extend(outside(of, team).filter(|one| seen.insert(one.key())).cloned());
    }
    if to.is_empty() {
        std::mem::swap(&mut to, &mut cc);
    }
    Recipients { to, cc }
}

/// Of so many recipients it is asked who is from outside: who wrote to more writes to several.
const OUTSIDE_MAX: usize = 200;

/// Returns whom outside a mail is from or goes to. What a machine answers makes nobody take part.
pub fn outside_people(envelope: &Envelope, authorship: Authorship, origin: Origin, team: &Team) -> Outside {
    let mut keys: Vec<String> = Vec::new();
    if authorship.direction() == Direction::Inbound {
        if origin != Origin::Human {
            return Outside::Nobody;
        }
        // As our answers name them.
        let author = || authors(envelope, authorship, team).into_iter().next().filter(|_| !authorship.is_ours());
        keys.extend(foreign_reply_to(envelope, team).next().or_else(author).map(Address::key));
    }
    let named = envelope.to.iter().chain(&envelope.cc).chain(&envelope.bcc).take(OUTSIDE_MAX);
    keys.extend(named.filter(|address| is_foreign(address, team)).map(Address::key));
    Outside::of(keys.iter().map(String::as_str).filter(|key| !key.is_empty()))
}

/// Returns the keys of whom a mail of ours that went to many names in To and Cc, sorted: one whose copy has Bcc, or names nobody outside
/// in To and Cc. `None` for any other mail.
pub fn notice(envelope: &Envelope, authorship: Authorship, team: &Team) -> Option<Vec<String>> {
    if !authorship.is_ours() || (envelope.bcc.is_empty() && outside(envelope, team).next().is_some()) {
        return None;
    }
    let mut named: Vec<String> = envelope.to.iter().chain(&envelope.cc).map(Address::key).collect();
    named.sort();
    named.dedup();
    Some(named)
}

/// Returns the key under which mail of one person is found again: the author's address of an inbound mail, with the foreign address that
/// answers go to where that is another, since one address can stand for many people (a shop's relay); the first outside recipient of an
/// outbound one. Empty where it can't be told, and then no subject joins the mail to anything.
pub fn customer_key(envelope: &Envelope, authorship: Authorship, team: &Team) -> String {
    if authorship.direction() == Direction::Outbound {
        return outside(envelope, team).next().map(Address::key).unwrap_or_default();
    }
    let Some(author) = authors(envelope, authorship, team).first().map(|author| author.key()) else {
        return String::new();
    };
    match foreign_reply_to(envelope, team).map(Address::key).next() {
        Some(answers) if answers != author => format!("{author}\n{answers}"),
        // A list that writes itself into `From` (`Eve via List <list@…>`) and does not say where its author is.
        None if authors(envelope, authorship, team).iter().any(|one| one.name.to_lowercase().contains(" via ")) => {
            String::new()
        }
        _ => author,
    }
}

#[cfg(test)]
#[path = "author_tests.rs"]
mod tests;
