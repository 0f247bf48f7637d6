//! What the variables of saved replies stand for.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::config::Sending;
use crate::model::language::Language;
use crate::model::reply::Draft;
use crate::model::text::SafeText;
use crate::store::Store;
use crate::text::long_date;

/// Returns the values of all variables for a draft: those that the config gives, and those that postroom fills in by itself. `short` is
/// the conversation's short id, empty where there is none; dates are those of `zone`.
///
/// What customers wrote becomes one safe line without braces: nothing in a name may read as another variable. In a draft that is Markdown it
/// does not read as Markdown either.
pub fn variables(
    store: &Store,
    sending: &Sending,
    draft: &Draft,
    short: &str,
    zone: &TimeZone,
) -> BTreeMap<String, String> {
    let theirs = |text: &str| if draft.markdown { no_markdown(text) } else { text.to_owned() };
    let mut values = sending.variables.clone();
    let mut put = |name: &str, value: &str| {
        values.insert(name.to_owned(), SafeText::line(value).to_string());
    };
    if let Some(customer) = draft.to.first() {
        let (name, email) = (without_braces(&customer.name), without_braces(&customer.email));
        put("customer.name", &theirs(&name));
        put("customer.first_name", &theirs(first_name(&name)));
        put("customer.email", &theirs(&email));
    }
    let team = store.team();
    if let Some(me) = team.agents.iter().find(|agent| agent.handle == store.author().actor) {
        put("agent.name", &me.name);
        put("agent.first_name", first_name(&me.name));
        put("agent.title", me.title.as_deref().unwrap_or_default());
        put("agent.email", me.address.as_ref().map_or("", |address| &address.email));
    }
    let inbox = draft.inbox.as_ref().and_then(|id| team.inbox(id));
    put("inbox.address", inbox.map_or("", |inbox| &inbox.address.email));
    put("company", &sending.company);
    put("conversation.id", short);
    // The customer's subject, never the title that the team gave: that is internal.
    let subject = without_braces(&draft.subject);
    let marked = ["Re: ", "Fwd: "].iter().find_map(|mark| subject.strip_prefix(mark));
    put("conversation.subject", &theirs(marked.unwrap_or(&subject)));
    if let Ok(now) = jiff::Timestamp::from_millisecond(store.author().clock.now().0) {
        let language = super::attribution::language_of(store, draft).unwrap_or(Language::En);
        put("date", &long_date(language, now.to_zoned(zone.clone()).date()));
    }
    values
}

fn without_braces(text: &str) -> String {
    text.replace('{', "(").replace('}', ")")
}

/// Puts a backslash before what Markdown would take for more than a letter. `_` between letters is one.
fn no_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        if matches!(c, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '#' | '|' | '&' | '~') || c == '_' && !inside {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// Returns the first name of `Carla Diaz` and of `Diaz, Carla`; nothing of what is no name.
fn first_name(name: &str) -> &str {
    let given = name.split_once(',').map_or(name, |(_, given)| given);
    given.split_whitespace().next().filter(|word| !word.contains('@')).unwrap_or_default()
}

#[cfg(test)]
#[path = "variables_tests.rs"]
mod tests;
