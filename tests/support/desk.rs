//! What a client of a test has: who acts, the team, its inboxes.
#![allow(dead_code, clippy::unwrap_used)]

use postroom::model::address::Address;
use postroom::model::agent::{Agent, Inbox};
use postroom::model::clock::{Clock, Ids};
use postroom::model::ids::{AccountId, Handle, InboxId};
use postroom::op::record::Author;

/// The account of all tests that have one.
pub fn main() -> AccountId {
    AccountId::new("main").unwrap()
}

/// Who acts, on a machine called `box`.
pub fn author(agent: &str, clock: Clock, ids: Ids) -> Author {
    Author { actor: Handle::new(agent).unwrap(), host: "box".into(), clock, ids }
}

/// An agent of the shop, with an address there.
pub fn agent(handle: &str, name: &str) -> Agent {
    let address = Some(Address::new("", format!("{handle}@shop.example")));
    Agent {
        handle: Handle::new(handle).unwrap(),
        name: name.into(),
        address,
        title: None,
        addresses: std::collections::BTreeSet::new(),
    }
}

/// An inbox whose mail lies in INBOX.
pub fn inbox(name: &str, address: Address) -> Inbox {
    Inbox {
        id: InboxId::new(name).unwrap(),
        account: main(),
        address,
        aliases: Vec::new(),
        folder: None,
        language: None,
    }
}
