//! What an author should look at before a mail goes out.

use std::fmt;

/// Something about a mail that its author should look at before it goes out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// Nobody is to receive it.
    NoRecipient,
    /// This recipient is no mail address.
    BadAddress(String),
    /// The subject or the text still holds these variables.
    Unfilled(Vec<String>),
    /// It has no subject.
    NoSubject,
    /// There is no text of its author's own.
    NoText,
    /// The text speaks of an attachment, and there is none.
    NoAttachment,
    /// It goes to so many people.
    Many(usize),
    /// The answer goes to another domain than the mail came from, because that mail asks for it (`Reply-To`). Web forms and lists do so
    /// honestly, thieves of invoices do it too.
    Redirected {
        /// Where it goes.
        to: String,
        /// Where the mail came from.
        from: String,
    },
    /// This recipient of an answer took no part in the conversation so far.
    Stranger(String),
}

impl Warning {
    /// Tells whether the mail can't be sent so.
    pub fn stops(&self) -> bool {
        matches!(self, Warning::NoRecipient | Warning::BadAddress(_) | Warning::Unfilled(_))
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::NoRecipient => f.write_str("nobody is to receive this"),
            Warning::BadAddress(address) => write!(f, "{address:?} is no mail address"),
            Warning::Unfilled(names) => {
                let list: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
                write!(f, "the text still holds {}", list.join(", "))
            }
            Warning::NoSubject => f.write_str("the subject is empty"),
            Warning::NoText => f.write_str("there is no text"),
            Warning::NoAttachment => f.write_str("the text speaks of an attachment, and there is none"),
            Warning::Many(people) => write!(f, "this goes to {people} people"),
            Warning::Redirected { to, from } => {
                write!(f, "the answer goes to {to}, as the mail asks (Reply-To); it came from {from}")
            }
            Warning::Stranger(address) => write!(f, "{address} was not in this conversation before"),
        }
    }
}
