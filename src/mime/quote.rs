//! What of a plain text its author wrote, what is quoted, and what is the signature.

/// What a run of lines is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The author's own words.
    Text,
    /// Somebody else's, with its attribution.
    Quote,
    /// The signature.
    Signature,
}

/// Splits a text into runs of lines, in order; every line is in exactly one.
pub fn split(text: &str) -> Vec<(Kind, Vec<&str>)> {
    let mut out: Vec<(Kind, Vec<&str>)> = Vec::new();
    let mut signature = false;
    for line in text.lines() {
        let kind = if line.trim_start().starts_with('>') {
            signature = false;
            Kind::Quote
        } else if signature || line == "-- " {
            signature = true;
            Kind::Signature
        } else {
            Kind::Text
        };
        match out.last_mut() {
            Some((last, lines)) if *last == kind => lines.push(line),
            _ => out.push((kind, vec![line])),
        }
    }
    out
}

#[cfg(test)]
#[path = "quote_tests.rs"]
mod tests;
