//! A mailbox address with its display name (RFC 5322 section 3.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One address; raw text from outside, to be drawn only through [`crate::model::text::SafeText`].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Address {
    /// The display name, empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `local@domain`; what stood there when it was no valid address.
    pub email: String,
}

impl Address {
    /// Makes an address from its two parts.
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self { name: name.into(), email: email.into() }
    }

    /// Returns the form under which two spellings of an address are the same: lower case. The local part's case is
    /// significant by RFC 5321 section 2.4, but no provider in use keeps it so.
    pub fn key(&self) -> String {
        self.email.trim().to_lowercase()
    }

    /// Returns the domain in lower case, empty where there is none.
    pub fn domain(&self) -> String {
        self.email.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default()
    }

    /// Returns the name, or the address where no name was given.
    pub fn short(&self) -> &str {
        let name = self.name.trim();
        if name.is_empty() { &self.email } else { name }
    }
}

/// Tells whether it looks like `local@domain`, as far as whoever types one can get it wrong.
pub fn is_plain(email: &str) -> bool {
    email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !email.contains(char::is_whitespace) && !domain.contains('@')
    })
}
