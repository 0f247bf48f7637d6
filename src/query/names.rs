//! The names of agents, inboxes and tags that a query asks for, so that a slip in one can be told: to the language any name is right, and
//! `-tag:vpi` finds everything.

use super::Query;
use super::ast::{Expr, Term, Who};

/// What a name is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Naming {
    /// An agent or a team.
    Agent,
    /// An inbox.
    Inbox,
    /// A tag.
    Tag,
}

/// A name that a query asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameAsked {
    /// What it is meant to be.
    pub naming: Naming,
    /// The name.
    pub name: String,
    /// Whether the query asks for what does not have it: where nobody is called so, that is everything.
    pub negated: bool,
}

impl Query {
    /// Returns the names of agents, teams, inboxes and tags that it asks for, each once for each way, in their order. `from:` and the like
    /// ask for people outside and name none of these.
    pub fn names(&self) -> Vec<NameAsked> {
        let mut found = Vec::new();
        gather(&self.expr, false, &mut found);
        found
    }
}

fn gather(expr: &Expr, negated: bool, found: &mut Vec<NameAsked>) {
    match expr {
        Expr::Any => {}
        Expr::Not(inner) => gather(inner, !negated, found),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| gather(part, negated, found)),
        Expr::Term(term) => {
            for (naming, name) in of_term(term) {
                let asked = NameAsked { naming, name, negated };
                if !found.contains(&asked) {
                    found.push(asked);
                }
            }
        }
    }
}

fn of_term(term: &Term) -> Vec<(Naming, String)> {
    match term {
        Term::Assignee(list) => list
            .iter()
            .filter_map(|who| match who {
                Who::Agent(agent) => Some((Naming::Agent, agent.to_string())),
                Who::Me | Who::Nobody => None,
            })
            .collect(),
        Term::Inbox(list) => list.iter().map(|inbox| (Naming::Inbox, inbox.to_string())).collect(),
        Term::Tag(list) => list.iter().map(|tag| (Naming::Tag, tag.to_string())).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
