//! Writes an ENVELOPE (RFC 3501 section 7.4.2) as header fields. Pure.
//!
//! Where a server can tell what a mail is about but not send its headers, this is what a list can show of it.

use super::fetched::Value;

/// The fields with text, by their place.
const TEXTS: [(usize, &str); 4] = [(0, "Date"), (1, "Subject"), (8, "In-Reply-To"), (9, "Message-ID")];
/// The fields with addresses, by their place.
const ADDRESSES: [(usize, &str); 6] = [(2, "From"), (3, "Sender"), (4, "Reply-To"), (5, "To"), (6, "Cc"), (7, "Bcc")];
/// Addresses beyond these are left out of a field.
const ADDRESSES_MAX: usize = 200;
/// A text is cut off here.
const TEXT_MAX: usize = 4096;

/// Returns the header block; `None` where it is no ENVELOPE, or one that tells nothing.
pub(super) fn header(value: &Value) -> Option<Vec<u8>> {
    let Value::List(parts) = value else { return None };
    let mut block = String::new();
    for (at, name) in TEXTS {
        if let Some(text) = parts.get(at).and_then(text) {
            block.push_str(&format!("{name}: {text}\r\n"));
        }
    }
    for (at, name) in ADDRESSES {
        let Some(Value::List(all)) = parts.get(at) else { continue };
        let all: Vec<String> = all.iter().take(ADDRESSES_MAX).filter_map(address).collect();
        if !all.is_empty() {
            block.push_str(&format!("{name}: {}\r\n", all.join(",\r\n ")));
        }
    }
    (!block.is_empty()).then(|| format!("{block}\r\n").into_bytes())
}

/// Returns a text that fits into one line.
fn text(value: &Value) -> Option<String> {
    let Value::Text(bytes) = value else { return None };
    let text = String::from_utf8_lossy(bytes);
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(TEXT_MAX).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Writes one address; a member of a group without a host is a mark of the group, and left out.
fn address(value: &Value) -> Option<String> {
    let Value::List(parts) = value else { return None };
    let mailbox = format!("{}@{}", text(parts.get(2)?)?, text(parts.get(3)?)?);
    Some(match parts.first().and_then(text) {
        // An encoded word is none within quotes (RFC 2047 section 5).
        Some(name) if name.contains("=?") => format!("{name} <{mailbox}>"),
        Some(name) => format!("\"{}\" <{mailbox}>", name.replace('\\', "\\\\").replace('"', "\\\"")),
        None => mailbox,
    })
}
