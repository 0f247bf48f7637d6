//! Who takes part in a conversation: who is new in it, and whom we asked something about it whom its customer does not know. Pure: told of
//! the same messages in the order of their arrival, it says the same on every client.

use std::collections::{HashMap, HashSet};

use crate::model::ids::MessageId;

/// What a message says of who takes part. The keys of addresses are those of people outside; what only claims to be from us names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The message.
    pub id: MessageId,
    /// The message that it answers, where that is here.
    pub parent: Option<MessageId>,
    /// Whether it went out.
    pub is_ours: bool,
    /// Whether a person wrote it.
    pub is_human: bool,
    /// Whether a reference put it where it is.
    pub refers: bool,
    /// Who wrote it; empty where nobody outside did.
    pub author: String,
    /// Whom it is from (`From`, `Reply-To`, and whom a form names).
    pub from: Vec<String>,
    /// Whom it goes to (`To`, `Cc`).
    pub to: Vec<String>,
}

/// Tells of each message whether its author is new: a reference joined it, and no message before it names that address. The first message
/// is nobody's joining. `parts` stand in the order of arrival.
pub fn newcomers(parts: &[Part]) -> Vec<bool> {
    let mut known: HashSet<&str> = HashSet::new();
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        let is_known = part.author.is_empty() || known.contains(part.author.as_str());
        all.push(!all.is_empty() && part.refers && !is_known);
        known.extend(part.from.iter().chain(&part.to).chain([&part.author]).map(String::as_str));
    }
    all
}

/// Tells of each message whether a third party wrote it: somebody to whom we wrote of the conversation without its customer (a forward to a
/// supplier), or who answers such a mail. Whoever took part on the customer's side before, or is written to together with the customer, is
/// none. `parts` stand in the order of arrival; what a message answers counts before it all the same, for clocks differ, and a second holds
/// several mails.
pub fn third_parties(parts: &[Part]) -> Vec<bool> {
    let mut sides = Sides::default();
    let mut thirds = vec![false; parts.len()];
    for at in parents_first(parts) {
        if let (Some(part), Some(third)) = (parts.get(at), thirds.get_mut(at)) {
            *third = sides.meet(part);
        }
    }
    thirds
}

/// Returns the places of all parts in their order, but each behind the one that it answers.
fn parents_first(parts: &[Part]) -> Vec<usize> {
    let places: HashMap<&MessageId, usize> = parts.iter().enumerate().map(|(at, part)| (&part.id, at)).collect();
    let above = |at: usize| parts.get(at).and_then(|part| part.parent.as_ref()).and_then(|id| places.get(id).copied());
    let mut seen = vec![false; parts.len()];
    let mut order = Vec::with_capacity(parts.len());
    for at in 0..parts.len() {
        let (mut waiting, mut next) = (Vec::new(), Some(at));
        // Each is met once, also where messages answer one another in a ring.
        while let Some(at) = next.filter(|at| !seen.get(*at).copied().unwrap_or(true)) {
            if let Some(seen) = seen.get_mut(at) {
                *seen = true;
            }
            waiting.push(at);
            next = above(at);
        }
        order.extend(waiting.into_iter().rev());
    }
    order
}

/// Who stands on which side, as far as was told.
#[derive(Debug, Default)]
struct Sides<'a> {
    customers: HashSet<&'a str>,
    thirds: HashSet<&'a str>,
    /// What was written between us and third parties.
    aside: HashSet<&'a MessageId>,
}

impl<'a> Sides<'a> {
    /// Takes in the next message, and tells whether a third party wrote it.
    fn meet(&mut self, part: &'a Part) -> bool {
        let to = || part.to.iter().map(String::as_str);
        if part.is_ours {
            if self.customers.is_empty() || to().any(|one| self.customers.contains(one)) {
                self.customers.extend(to());
            } else if !part.to.is_empty() {
                self.thirds.extend(to());
                self.aside.insert(&part.id);
            }
            return false;
        }
        if !part.is_human || part.author.is_empty() {
            return false;
        }
        let author = part.author.as_str();
        let answers_aside = part.parent.as_ref().is_some_and(|parent| self.aside.contains(parent));
        if !self.customers.contains(author) && (answers_aside || self.thirds.contains(author)) {
            self.thirds.insert(author);
            self.aside.insert(&part.id);
            return true;
        }
        self.customers.insert(author);
        self.customers.extend(part.from.iter().map(String::as_str).chain(to()));
        false
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
