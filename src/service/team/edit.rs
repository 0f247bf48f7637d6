//! Changes to the team's record, one by one: each names one thing and leaves all else as it is.

use std::collections::BTreeSet;

use crate::error::{ErrorKind, UserError};
use crate::model::address::is_plain;
use crate::model::agent::{RecordAgent, RecordInbox, RecordTeam, TeamRecord};
use crate::model::ids::{Handle, InboxId};
use crate::model::nearest::nearest;
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;

/// One change to the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The inbox has this address; `None` takes it out.
    Inbox(InboxId, Option<String>),
    /// The inbox has these other addresses and no more; without a name the only inbox there is.
    Aliases(Option<InboxId>, BTreeSet<String>),
    /// The agent has these addresses and no more; `None` takes the agent out, with every membership.
    Agent(Handle, Option<BTreeSet<String>>),
    /// The team has these members and no more; `None` takes it out.
    Team(String, Option<BTreeSet<Handle>>),
    /// Authentication-Results of this authserv-id count (RFC 8601 section 2.5); `None` says that none is known.
    Authserv(Option<String>),
    /// Whether records count only in signed mails.
    Signed(bool),
}

/// Makes the record as it is to be.
///
/// # Errors
/// When an address is none, a team has the name of an agent or a word that means something else, a member is no agent, an address is of
/// two inboxes, or what is named is not there.
pub fn edited(mut record: TeamRecord, edits: &[Edit]) -> Result<TeamRecord, UserError> {
    for edit in edits {
        match edit.clone() {
            Edit::Inbox(id, address) => inbox(&mut record, id, address)?,
            Edit::Aliases(id, all) => {
                let aliases = all.iter().map(|alias| address(alias)).collect::<Result<_, _>>()?;
                the_inbox(&mut record, id)?.aliases = aliases;
            }
            Edit::Agent(handle, addresses) => agent(&mut record, handle, addresses)?,
            Edit::Team(name, members) => team(&mut record, &name, members)?,
            Edit::Authserv(id) => record.authserv = id.map(|id| authserv(&id)).transpose()?,
            Edit::Signed(signed) => record.signed = signed,
        }
    }
    check(&record)?;
    Ok(record)
}

fn usage(what: Phrase, hint: Phrase) -> UserError {
    UserError::new(ErrorKind::Usage, what).hint(hint)
}

fn address(given: &str) -> Result<String, UserError> {
    let email = given.trim().to_lowercase();
    let what = || phrase!("no-mail-address", given = in_quotes(given));
    if is_plain(&email) { Ok(email) } else { Err(usage(what(), phrase!("hint-address"))) }
}

fn authserv(given: &str) -> Result<String, UserError> {
    let id = given.trim().to_lowercase();
    if id.is_empty() || id.contains(|c: char| c.is_whitespace() || c == ';') || id.len() > 255 {
        return Err(usage(phrase!("authserv-bad", given = in_quotes(given)), phrase!("hint-authserv")));
    }
    Ok(id)
}

fn inbox(record: &mut TeamRecord, id: InboxId, given: Option<String>) -> Result<(), UserError> {
    let email = given.map(|given| address(&given)).transpose()?;
    match (record.inboxes.iter_mut().find(|inbox| inbox.id == id), email) {
        (Some(inbox), Some(email)) => inbox.address = email,
        (None, Some(email)) => record.inboxes.push(RecordInbox { id, address: email, aliases: BTreeSet::new() }),
        (Some(_), None) => record.inboxes.retain(|inbox| inbox.id != id),
        (None, None) => return Err(unknown(id.as_str(), record.inboxes.iter().map(|inbox| inbox.id.as_str()))),
    }
    Ok(())
}

fn the_inbox(record: &mut TeamRecord, id: Option<InboxId>) -> Result<&mut RecordInbox, UserError> {
    let names: Vec<String> = record.inboxes.iter().map(|inbox| inbox.id.to_string()).collect();
    let found = match (&id, record.inboxes.as_mut_slice()) {
        (Some(id), all) => all.iter_mut().find(|inbox| inbox.id == *id),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    found.ok_or_else(|| match id {
        Some(id) => unknown(id.as_str(), names.iter().map(String::as_str)),
        None => usage(phrase!("team-which-inbox"), phrase!("hint-team-which-inbox", names = names.join(", "))),
    })
}

fn agent(record: &mut TeamRecord, handle: Handle, given: Option<BTreeSet<String>>) -> Result<(), UserError> {
    let Some(given) = given else {
        if !record.agents.iter().any(|agent| agent.handle == handle) {
            return Err(unknown(handle.as_str(), record.agents.iter().map(|agent| agent.handle.as_str())));
        }
        record.agents.retain(|agent| agent.handle != handle);
        for team in &mut record.teams {
            team.members.remove(&handle);
        }
        record.teams.retain(|team| !team.members.is_empty());
        return Ok(());
    };
    let addresses = given.iter().map(|email| address(email)).collect::<Result<BTreeSet<_>, _>>()?;
    match record.agents.iter_mut().find(|agent| agent.handle == handle) {
        Some(agent) => agent.addresses = addresses,
        None => record.agents.push(RecordAgent { handle, name: String::new(), addresses }),
    }
    Ok(())
}

fn team(record: &mut TeamRecord, name: &str, members: Option<BTreeSet<Handle>>) -> Result<(), UserError> {
    let Some(members) = members else {
        if !record.teams.iter().any(|team| team.name.as_str() == name) {
            return Err(unknown(name, record.teams.iter().map(|team| team.name.as_str())));
        }
        record.teams.retain(|team| team.name.as_str() != name);
        return Ok(());
    };
    let name = RecordTeam::named(name).map_err(|why| usage(why, phrase!("hint-team-other-name")))?;
    match record.teams.iter_mut().find(|team| team.name == name) {
        Some(team) => team.members = members,
        None => record.teams.push(RecordTeam { name, members }),
    }
    Ok(())
}

/// Says that the record has nothing of that name, and what it has.
fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> UserError {
    let known: Vec<&str> = known.collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => phrase!("hint-did-you-mean", near = near),
        None => phrase!("hint-there-are", names = known.join(", ")),
    };
    usage(phrase!("team-record-has-no", name = name), hint)
}

/// Looks at the record as a whole: names, members and addresses have to agree, whichever edit came first.
fn check(record: &TeamRecord) -> Result<(), UserError> {
    for team in &record.teams {
        if record.agents.iter().any(|agent| agent.handle == team.name) {
            let what = phrase!("config-team-is-agent", team = team.name.as_str());
            return Err(usage(what, phrase!("hint-team-other-name")));
        }
        let stranger = team.members.iter().find(|who| !record.agents.iter().any(|agent| agent.handle == **who));
        if let Some(who) = stranger {
            let what = phrase!("agent-nobody-called", agent = who.as_str());
            return Err(match nearest(who.as_str(), record.agents.iter().map(|agent| agent.handle.as_str())) {
                Some(near) => usage(what, phrase!("hint-did-you-mean", near = near)),
                None => usage(what, phrase!("hint-team-add-agent", agent = who.as_str())),
            });
        }
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let inboxes = record.inboxes.iter().flat_map(|inbox| std::iter::once(&inbox.address).chain(&inbox.aliases));
    for address in inboxes {
        if !seen.insert(address) {
            let what = phrase!("team-address-twice", address = address.as_str());
            return Err(usage(what, phrase!("hint-team-address-twice")));
        }
    }
    if !record.is_within_bounds() {
        return Err(usage(phrase!("team-too-long"), phrase!("hint-shorter")));
    }
    Ok(())
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
