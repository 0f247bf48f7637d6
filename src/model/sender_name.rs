//! The name that mail of an inbox bears: the inbox's alone, or that of whoever wrote it too.

use crate::model::phrase::Phrase;

/// A pattern of names such as `{agent} at {inbox}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderName(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Words(String),
    Agent,
    Inbox,
}

/// What may stand in braces.
const KNOWN: [&str; 2] = ["{agent}", "{inbox}"];

impl SenderName {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Says what stands in it that is none of `{agent}` and `{inbox}`, or that nothing does.
    pub fn parse(text: &str) -> Result<Self, Phrase> {
        let mut parts = Vec::new();
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(phrase!("sender-name-empty"));
        }
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            if !before.is_empty() {
                parts.push(Part::Words(before.to_owned()));
            }
            let known = KNOWN.iter().find_map(|known| Some((*known, from.strip_prefix(known)?)));
            let Some((known, after)) = known else {
                let end = from.find('}').map_or(from.len(), |end| end + 1);
                let given = from.get(..end).unwrap_or(from);
                return Err(phrase!("sender-name-unknown", given = given, known = KNOWN.join(", ")));
            };
            parts.push(if known == "{agent}" { Part::Agent } else { Part::Inbox });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Words(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// Returns the name of a mail that this agent writes for this inbox.
    pub fn of(&self, agent: &str, inbox: &str) -> String {
        let part = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Agent => agent.trim().to_owned(),
            Part::Inbox => inbox.trim().to_owned(),
        };
        self.0.iter().map(part).collect::<String>().trim().to_owned()
    }
}

impl std::fmt::Display for SenderName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Words(words) => f.write_str(words),
            Part::Agent => f.write_str("{agent}"),
            Part::Inbox => f.write_str("{inbox}"),
        })
    }
}

#[cfg(test)]
#[path = "sender_name_tests.rs"]
mod tests;
