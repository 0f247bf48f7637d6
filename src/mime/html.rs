//! HTML to text: what a person would read of it. It fetches nothing, runs nothing, and takes linear time and bounded depth whatever
//! the markup is: tags are read one by one, and elements that are open stand in a list, not on the stack.

pub(super) mod clean;
mod elements;
mod flow;
pub(super) mod link;
mod links;
mod reader;
mod slices;
mod style;
mod table;
mod token;

use super::TEXT_MAX;
use super::lines::cut;
use crate::model::message::Link;
use reader::Reader;
use token::Token;

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

/// Makes text of HTML; links are numbered on from `links`. Quotes stand behind `> `, a marked signature behind `-- `.
pub(super) fn to_text(markup: &str, links: usize) -> Text {
    let mut reader = Reader::new(links);
    let whole = token::read(markup, |token| {
        match token {
            Token::Text(text) => reader.text(text),
            Token::Open(name, attributes) => reader.open(name, attributes),
            Token::Close(name) => reader.close(name),
        }
        reader.made <= TEXT_MAX
    });
    let mut text = reader.finish();
    if !whole {
        text.warnings.push("The HTML of this mail is too long to show whole.");
    }
    text
}

/// Finds the charset that HTML names in its head.
pub(super) fn meta_charset(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048)).unwrap_or_default()).to_ascii_lowercase();
    let Some((_, rest)) = head.split_once("charset=") else { return String::new() };
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c)).take(40).collect()
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
