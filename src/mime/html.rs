//! HTML to text.

use crate::model::message::Link;

/// HTML made text.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    /// The text.
    pub text: String,
    /// Its links.
    pub links: Vec<Link>,
    /// What a person should know.
    pub warnings: Vec<&'static str>,
}

/// Makes text of HTML; links are numbered on from `links`.
pub(super) fn to_text(markup: &str, _links: usize) -> Text {
    let text = html2text::config::plain_no_decorate().string_from_read(markup.as_bytes(), 100).unwrap_or_default();
    Text { text, ..Text::default() }
}

/// Finds the charset that HTML names in its head.
pub(super) fn meta_charset(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048)).unwrap_or_default()).to_ascii_lowercase();
    let Some((_, rest)) = head.split_once("charset=") else { return String::new() };
    rest.trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect()
}

/// Takes the marks out of text/enriched (RFC 1896).
pub(super) fn enriched(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut tag = false;
    for c in text.chars() {
        match c {
            '<' => tag = true,
            '>' if tag => tag = false,
            _ if !tag => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
