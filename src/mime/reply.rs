//! What the composer begins with: subjects and the quoted text.

use crate::model::message::{Block, Envelope, Readable};
use crate::model::text::SafeText;

/// How many characters a prefix of answers has at most: `Antw`, with a number.
const PREFIX_MAX: usize = 8;
/// Reply prefixes of mail programs in many languages, in lower case; `[2]` and `^2` counts are passed over.
const REPLY: &[&str] = &[
    "re",
    "aw",
    "sv",
    "antw",
    "antwort",
    "vs",
    "ynt",
    "yan",
    "odp",
    "tr",
    "rép",
    "rif",
    "res",
    "ref",
    "atb",
    "bls",
    "vá",
    "r",
    "ответ",
    "отв",
    "на",
    "回复",
    "回覆",
    "答复",
    "返信",
    "رد",
    "השב",
    "回信",
    "답장",
    "απ",
    "σχετ",
    "ตอบ",
    "ตอบกลับ",
    "الرد",
    "پاسخ",
    "תגובה",
    "רה",
    "trả lời",
    "tl",
    "उत्तर",
    "ຕອບກັບ",
    "ឆ្លើយតប",
];
/// Forward prefixes, in lower case.
const FORWARD: &[&str] = &[
    "fw",
    "fwd",
    "tr",
    "wg",
    "vb",
    "rv",
    "enc",
    "i",
    "pd",
    "doorst",
    "vl",
    "vidarebefordra",
    "továbbítás",
    "转发",
    "轉寄",
    "転送",
    "إعادة توجيه",
    "إعادة",
    "переслано",
    "пересл",
    "ilt",
    "전달",
    "轉發",
    "تحويل",
    "ارسال مجدد",
    "باز ارسال",
    "فوروارد",
    "הועבר",
    "ส่งต่อ",
    "ສົ່ງຕໍ່",
    "បញ្ជូនបន្ត",
    "chuyển tiếp",
    "ct",
    "अग्रेषित",
];

/// Takes reply marks off the front of a subject, however many there are.
fn bare(subject: &str) -> &str {
    let mut rest = subject.trim();
    for _ in 0..20 {
        let Some((head, tail)) = rest.split_once([':', '：']) else { break };
        let word = head
            .trim()
            .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '^' | '*'));
        let word = word.trim().to_lowercase();
        if word.chars().count() < 2 || !REPLY.contains(&word.as_str()) {
            break;
        }
        rest = tail.trim_start();
    }
    rest
}

/// Returns the subject of a reply: one `Re: `, whatever stood there.
pub fn reply_subject(subject: &str) -> String {
    format!("Re: {}", bare(subject)).trim_end().to_owned()
}

/// Returns the subject of a forwarded mail: one `Fwd: ` in front.
pub fn forward_subject(subject: &str) -> String {
    let rest = subject.trim();
    let already = is_forward(rest);
    let rest = if already { rest.split_once([':', '：']).map_or(rest, |(_, tail)| tail.trim_start()) } else { rest };
    format!("Fwd: {rest}").trim_end().to_owned()
}

/// Tells whether a subject says that its mail is forwarded, in front or behind what a gateway put there: `[External] Fwd: …`.
pub(super) fn is_forwarded(subject: &str) -> bool {
    let subject = subject.trim_start();
    let tagged = subject.strip_prefix('[').and_then(|inner| inner.split_once(']')).map(|(_, rest)| rest);
    is_forward(subject) || tagged.is_some_and(is_forward)
}

/// Tells whether a mail answers none: it names no other, and no short word and a colon stand before its subject, as `Re:` does in any language.
pub(super) fn is_first(envelope: &Envelope) -> bool {
    let head = envelope.subject.split_once([':', '：']).map_or("", |(head, _)| head.trim());
    let prefixed = !head.is_empty() && head.chars().count() <= PREFIX_MAX && !head.contains(' ');
    envelope.in_reply_to.is_empty() && envelope.references.is_empty() && !prefixed
}

/// Returns whom a mail goes to, each by what stands before the `@`, in lower case; the first hundred.
pub(super) fn names_of(envelope: &Envelope) -> Vec<String> {
    let all = envelope.to.iter().chain(&envelope.cc).take(100);
    all.filter_map(|one| one.email.split_once('@')).map(|(name, _)| name.to_lowercase()).collect()
}

/// Tells whether the first prefix of a subject is one of forwarded mail.
fn is_forward(subject: &str) -> bool {
    subject.trim().split_once([':', '：']).is_some_and(|(head, _)| {
        let count = |c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '^');
        let word = head.trim().trim_end_matches(count).trim().to_lowercase();
        word.chars().count() >= 2 && FORWARD.contains(&word.as_str())
    })
}

/// Quotes a mail for a reply: the attribution line, then its text and quotes behind `> `, without the signature. Deeper quotes gain a
/// mark: `>> `.
pub fn quote_for_reply(readable: &Readable, attribution: &str) -> String {
    let mut out = SafeText::line(attribution).to_string();
    if !out.is_empty() {
        out.push('\n');
    }
    let mut first = true;
    for block in &readable.blocks {
        let lines = match block {
            Block::Text(lines) | Block::Quote(lines) => lines,
            Block::Signature(_) => continue,
        };
        if !first {
            out.push_str(">\n");
        }
        first = false;
        for line in lines {
            let text = line.as_str().trim_end();
            out.push('>');
            if !text.is_empty() && !text.starts_with('>') {
                out.push(' ');
            }
            out.push_str(text);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
#[path = "reply_tests.rs"]
mod tests;
