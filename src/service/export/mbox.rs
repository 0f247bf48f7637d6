//! The mbox form, in its variant mboxrd: every line that begins with `From `, with any number of `>` in front, gets one more `>`, so that
//! taking one off gives the mail back byte for byte.
//!
//! The lines between mails end with LF (RFC 4155 appendix A); those of the mails are left as they came, CRLF for the most part.

use crate::mime;
use crate::model::clock::Timestamp;

/// Who is named in front of a mail that names no author by a plain address.
const NOBODY: &str = "MAILER-DAEMON";

/// Returns a mail with the line in front of it and the empty one behind it.
pub fn entry(raw: &[u8], arrived: Timestamp) -> Vec<u8> {
    let mut out = separator(raw, arrived).into_bytes();
    out.reserve(raw.len() + 8);
    quote(raw, &mut out);
    if !raw.is_empty() && !raw.ends_with(b"\n") {
        out.push(b'\n');
    }
    out.push(b'\n');
    out
}

/// `From ana@example.org Tue Dec  1 14:00:00 2026`, the time in UTC.
fn separator(raw: &[u8], arrived: Timestamp) -> String {
    let author = mime::envelope(raw).from.into_iter().next().map(|author| author.email);
    // A space or an end of line in it would be taken for the next part of the line, or for the mail.
    let is_plain = |email: &String| !email.is_empty() && email.bytes().all(|byte| byte.is_ascii_graphic());
    let author = author.filter(is_plain).unwrap_or_else(|| NOBODY.to_owned());
    let at = jiff::Timestamp::from_millisecond(arrived.0).unwrap_or_default();
    format!("From {author} {}\n", at.strftime("%a %b %e %H:%M:%S %Y"))
}

fn quote(raw: &[u8], out: &mut Vec<u8>) {
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        if line.get(marks..).is_some_and(|rest| rest.starts_with(b"From ")) {
            out.push(b'>');
        }
        out.extend_from_slice(line);
    }
}

#[cfg(test)]
#[path = "mbox_tests.rs"]
mod tests;
