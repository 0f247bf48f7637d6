//! What a doctor looks at on a server of outgoing mail: the way in, the login, what it takes, and the time that its greeting says. No mail
//! is begun.

use jiff::fmt::rfc2822;

use super::Smtp;
use crate::config::Endpoint;
use crate::model::clock::{Clock, Timestamp};
use crate::model::ids::AccountId;
use crate::service::doctor::{Finding, Topic};
use crate::sync::clock;
use crate::sync::error::SyncError;
use crate::sync::secret::SecretProvider;
use crate::text;

/// Smaller mails than this are sent with a photograph or two.
const SIZE_SMALL: u64 = 5 << 20;

/// Looks at the server by which an account sends. `here` is the clock of this machine.
///
/// # Errors
/// When the password can't be had.
pub fn examine(
    id: &AccountId,
    endpoint: &Endpoint,
    secrets: &dyn SecretProvider,
    here: &Clock,
) -> Result<Vec<Finding>, SyncError> {
    let secret = secrets.secret(id, endpoint)?;
    let mut smtp = Smtp::new(endpoint, secret);
    let features = match smtp.test() {
        Ok(features) => features,
        Err(error) => {
            let error = match &error.remedy {
                Some(_) => error,
                None => error.hint(phrase!("hint-doctor-smtp", account = id.as_str())),
            };
            return Ok(vec![Finding::fault(Topic::Server, error)]);
        }
    };
    smtp.quit();
    let (host, port) = (&endpoint.host, endpoint.port.to_string());
    let mut found = vec![match features.size {
        Some(size) => {
            Finding::ok(Topic::Server, phrase!("doctor-smtp-size", host = host, port = port, size = text::size(size)))
        }
        None => Finding::ok(Topic::Server, phrase!("doctor-smtp-fine", host = host, port = port)),
    }];
    found.extend(features.at.map(|there| clock::compared(here.now(), there.seconds())));
    if features.size.is_some_and(|size| size < SIZE_SMALL) {
        found.push(Finding::warning(Topic::Server, phrase!("doctor-smtp-small"), phrase!("hint-doctor-ability")));
    }
    if !features.eight_bit {
        found.push(Finding::ok(
            Topic::Abilities,
            phrase!("doctor-without", name = "8BITMIME", what = phrase!("doctor-without-8bitmime")),
        ));
    }
    if !features.utf8 {
        found.push(Finding::ok(
            Topic::Abilities,
            phrase!("doctor-without", name = "SMTPUTF8", what = phrase!("doctor-without-smtputf8")),
        ));
    }
    Ok(found)
}

/// Reads the moment that some servers say in their greeting, `220 mx.example.com ESMTP Tue, 1 Dec 2026 01:44:00 +0000`.
pub(super) fn greeted_at(greeting: &str) -> Option<Timestamp> {
    let days = ["Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, "];
    let at = days.iter().find_map(|day| greeting.find(day))?;
    let words: Vec<&str> = greeting.get(at..)?.split_whitespace().take(6).collect();
    let zoned = rfc2822::DateTimeParser::new().parse_zoned(words.join(" ")).ok()?;
    Some(Timestamp(zoned.timestamp().as_millisecond()))
}

#[cfg(test)]
#[path = "examine_tests.rs"]
mod tests;
