//! Which names a query asks for that nobody and nothing here is called by.
//!
//! Known are the agents and teams of the config, of the team's record and of the log: whoever acted once, or was given a conversation; the
//! inboxes of the config, of the record and of the conversations here; and the tags that are in use or ever were, as far as this store
//! knows. Another name is a slip, or is not in use yet: the query is right, and finds nothing by it, or everything where it is negated.

use std::collections::BTreeSet;

use crate::error::UserError;
use crate::model::ids::{Handle, InboxId, Tag};
use crate::model::nearest::nearest;
use crate::model::phrase::Phrase;
use crate::query::{NameAsked, Naming, Query};
use crate::store::Store;

/// The most names that are listed where none is near.
const LISTED_MAX: usize = 12;

/// A name of a query that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The name as the query asks for it.
    pub asked: NameAsked,
    /// The known name that is most like it.
    pub near: Option<String>,
    /// The known names, where none is like it: a few, sorted.
    pub others: Vec<String>,
}

impl Unknown {
    /// Says that it is not known.
    pub fn phrase(&self) -> Phrase {
        let name = self.asked.name.as_str();
        match (self.asked.naming, self.asked.negated) {
            (Naming::Agent, false) => phrase!("query-unknown-agent", name = name),
            (Naming::Agent, true) => phrase!("query-unknown-agent-not", name = name),
            (Naming::Inbox, false) => phrase!("query-unknown-inbox", name = name),
            (Naming::Inbox, true) => phrase!("query-unknown-inbox-not", name = name),
            (Naming::Tag, false) => phrase!("query-unknown-tag", name = name),
            (Naming::Tag, true) => phrase!("query-unknown-tag-not", name = name),
        }
    }

    /// Says which name may be meant; `None` where there are none.
    pub fn meant(&self) -> Option<Phrase> {
        match &self.near {
            Some(near) => Some(phrase!("hint-did-you-mean", near = near)),
            None if self.others.is_empty() => None,
            None => Some(phrase!("hint-there-are", names = self.others.join(", "))),
        }
    }

    /// Tells whether nothing but a slip explains it: agents and inboxes are named before anybody asks for them, a tag comes into use by the
    /// first that bears it. Where it is negated the query finds what nobody meant.
    pub fn is_slip(&self) -> bool {
        self.asked.negated || self.asked.naming != Naming::Tag
    }
}

/// Returns the names of `query` that are not known, in their order.
///
/// # Errors
/// When the store can't be read.
pub fn unknown(store: &Store, query: &Query) -> Result<Vec<Unknown>, UserError> {
    let mut found = Vec::new();
    for asked in query.names() {
        found.extend(unknown_name(store, asked)?);
    }
    Ok(found)
}

/// Returns a name where it is not known.
///
/// # Errors
/// When the store can't be read.
pub fn unknown_name(store: &Store, asked: NameAsked) -> Result<Option<Unknown>, UserError> {
    if is_known(store, &asked)? {
        return Ok(None);
    }
    let known = known(store, asked.naming)?;
    let near = nearest(&asked.name, known.iter().map(String::as_str)).map(str::to_owned);
    let others = if near.is_some() { Vec::new() } else { known.into_iter().take(LISTED_MAX).collect() };
    Ok(Some(Unknown { asked, near, others }))
}

fn is_known(store: &Store, asked: &NameAsked) -> Result<bool, UserError> {
    let name = asked.name.as_str();
    Ok(match asked.naming {
        Naming::Agent => match Handle::new(name) {
            Ok(agent) => store.knows_agent(&agent)?,
            Err(_) => false,
        },
        Naming::Inbox => match InboxId::new(name) {
            Ok(inbox) => store.knows_inbox(&inbox)?,
            Err(_) => false,
        },
        Naming::Tag => match Tag::new(name) {
            Ok(tag) => store.knows_tag(&tag)?,
            Err(_) => false,
        },
    })
}

/// Returns the names that there are now, sorted.
fn known(store: &Store, naming: Naming) -> Result<BTreeSet<String>, UserError> {
    Ok(match naming {
        Naming::Agent => {
            let agents = store.known_agents()?.into_iter().map(|agent| agent.to_string());
            agents.chain(store.team().groups.iter().map(|group| group.name.to_string())).collect()
        }
        Naming::Inbox => store.known_inboxes()?.into_iter().map(|inbox| inbox.to_string()).collect(),
        Naming::Tag => store.known_tags()?.into_iter().map(|tag| tag.to_string()).collect(),
    })
}

#[cfg(test)]
#[path = "known_tests.rs"]
mod tests;
