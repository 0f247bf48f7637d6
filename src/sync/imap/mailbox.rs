//! Reads LIST and STATUS responses (RFC 3501 sections 7.2.2 and 7.2.4). Pure.
//!
//! A reader of our own, because the one of the crate leaves the escapes in quoted names, and a value that it does not know, such as
//! `HIGHESTMODSEQ NIL` of a folder without MODSEQ, costs it the whole line.

use std::borrow::Cow;

use imap_proto::{MailboxDatum, NameAttribute, Response, StatusAttribute};

use super::fetched::{Cursor, Value};
use super::names::is_inbox;

/// Reads the line, each literal of which is a NUL; `None` where it is neither LIST nor STATUS, or breaks their form.
pub(super) fn parse(line: &[u8], literals: &[Vec<u8>]) -> Option<Response<'static>> {
    let rest = line.strip_prefix(b"* ")?;
    let blank = rest.iter().position(|b| *b == b' ')?;
    let (word, rest) = rest.split_at(blank);
    let mut cursor = Cursor::new(rest, literals.to_vec());
    let datum = if word.eq_ignore_ascii_case(b"LIST") {
        list(&mut cursor)?
    } else if word.eq_ignore_ascii_case(b"STATUS") {
        status(&mut cursor)?
    } else {
        return None;
    };
    Some(Response::MailboxData(datum))
}

fn list(cursor: &mut Cursor<'_>) -> Option<MailboxDatum<'static>> {
    let Value::List(attributes) = cursor.value(0)? else { return None };
    let attribute = |value: &Value| Some(NameAttribute::Extension(Cow::Owned(value.text()?.to_owned())));
    let name_attributes = attributes.iter().filter_map(attribute).collect();
    let delimiter = cursor.value(0)?.text().map(|text| Cow::Owned(text.to_owned()));
    Some(MailboxDatum::List { name_attributes, delimiter, name: name(cursor)? })
}

fn status(cursor: &mut Cursor<'_>) -> Option<MailboxDatum<'static>> {
    let mailbox = name(cursor)?;
    let Value::List(items) = cursor.value(0)? else { return None };
    let (pairs, _) = items.as_chunks::<2>();
    let attribute = |[key, value]: &[Value; 2]| {
        Some(match key.text()?.to_ascii_uppercase().as_str() {
            "MESSAGES" => StatusAttribute::Messages(value.number()?),
            "UIDNEXT" => StatusAttribute::UidNext(value.number()?),
            "UIDVALIDITY" => StatusAttribute::UidValidity(value.number()?),
            "HIGHESTMODSEQ" => StatusAttribute::HighestModSeq(value.number()?),
            _ => return None,
        })
    };
    Some(MailboxDatum::Status { mailbox, status: pairs.iter().filter_map(attribute).collect() })
}

fn name(cursor: &mut Cursor<'_>) -> Option<Cow<'static, str>> {
    let value = cursor.value(0)?;
    // A folder may be called NIL, where no other value can stand.
    let name = if matches!(value, Value::Nil) { "NIL" } else { value.text()? };
    Some(Cow::Owned(if is_inbox(name) { "INBOX" } else { name }.to_owned()))
}

#[cfg(test)]
#[path = "mailbox_tests.rs"]
mod tests;
