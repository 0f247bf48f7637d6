//! The sample's mails as bytes, the way customers' programs and ours write them.

use data_encoding::BASE64;

use super::script::{Mail, Script};
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;

/// A mail of the sample, ready to come in.
pub struct Made {
    /// Its Message-ID.
    pub id: MessageId,
    /// When it arrived.
    pub at: Timestamp,
    /// Whether it is ours.
    pub ours: bool,
    /// The bytes.
    pub raw: Vec<u8>,
}

/// The two ends of a conversation.
pub struct Ends<'a> {
    /// The inbox.
    pub inbox: &'a Address,
    /// The agent's name, for our own mails.
    pub agent: &'a str,
}

/// Returns the Message-ID of mail `n` of conversation `number`.
pub fn id_of(number: usize, n: usize, ours: bool) -> String {
    let side = if ours { "postroom" } else { "mail" };
    format!("demo-{number}-{n}@{side}.example.com")
}

/// Makes mail `n` of a conversation. Each answers the one before it.
pub fn make(script: &Script, number: usize, n: usize, ends: &Ends<'_>, now: Timestamp) -> Option<Made> {
    let mail = script.mails.get(n)?;
    let ours = mail.agent.is_some();
    let at = now.plus(-mail.age);
    let id = id_of(number, n, ours);
    let customer = mail.from.as_ref().unwrap_or(&script.customer);
    let us = Address::new(format!("{} (Tidewater Bikes)", ends.agent), ends.inbox.email.clone());
    let (from, to) = if ours { (&us, &script.customer) } else { (customer, ends.inbox) };
    let mut head = String::new();
    let subject = if n == 0 { script.subject.clone() } else { format!("Re: {}", script.subject) };
    header(&mut head, "From", &mailbox(from));
    header(&mut head, "To", &mailbox(to));
    if !mail.cc.is_empty() {
        header(&mut head, "Cc", &mail.cc);
    }
    header(&mut head, "Subject", &words(&subject));
    header(&mut head, "Date", &date(at));
    header(&mut head, "Message-ID", &format!("<{id}>"));
    let before: Vec<String> = script.mails.iter().take(n).enumerate().map(|(i, m)| bracketed(number, i, m)).collect();
    if let Some(last) = before.last() {
        header(&mut head, "In-Reply-To", last);
        header(&mut head, "References", &before.join("\r\n "));
    }
    if mail.auto {
        header(&mut head, "Auto-Submitted", "auto-replied");
    }
    header(&mut head, "MIME-Version", "1.0");
    let quoted = if mail.html { None } else { n.checked_sub(1).and_then(|last| script.mails.get(last)) };
    let raw = with_body(head, mail, quoted, number, n);
    Some(Made { id: MessageId::new(&id)?, at, ours, raw })
}

fn bracketed(number: usize, n: usize, mail: &Mail) -> String {
    format!("<{}>", id_of(number, n, mail.agent.is_some()))
}

fn with_body(mut head: String, mail: &Mail, quoted: Option<&Mail>, number: usize, n: usize) -> Vec<u8> {
    let mut text = mail.text.trim_end().to_owned();
    // Every third answer quotes what it answers, as people's programs do.
    if let Some(before) = quoted.filter(|_| n % 3 == 1) {
        text.push_str("\n\nOn that day the other side wrote:\n");
        before.text.trim_end().lines().for_each(|line| text.push_str(&format!("> {line}\n")));
    }
    let text = text.replace('\n', "\r\n");
    let kind = if mail.html { "text/html" } else { "text/plain" };
    let part = format!("Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n");
    if mail.files.is_empty() {
        head.push_str(&part);
        return head.into_bytes();
    }
    let boundary = format!("=_demo_{number}_{n}");
    head.push_str(&format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n{part}"));
    for (name, media) in &mail.files {
        head.push_str(&format!(
            "--{boundary}\r\nContent-Type: {media}; name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n{}",
            lines(&BASE64.encode(&content(name, media)))
        ));
    }
    head.push_str(&format!("--{boundary}--\r\n"));
    head.into_bytes()
}

/// Returns the bytes of a file of that name and type: small, but what its type says.
fn content(name: &str, media: &str) -> Vec<u8> {
    match media {
        "image/png" => BASE64.decode(PIXEL.as_bytes()).unwrap_or_default(),
        "application/pdf" => pdf(name),
        "text/csv" => "day,cycles,percent\r\n1,12,100\r\n2,13,71\r\n3,14,40\r\n".into(),
        "text/calendar" => "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example.com//demo//EN\r\nBEGIN:VEVENT\r\nUID:demo@example.com\r\n\
             DTSTAMP:20261110T090000Z\r\nDTSTART:20261201T180000Z\r\nSUMMARY:Traders' meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            .into(),
        _ => "thread 'main' ended at scan.rs:41: no camera\r\n".into(),
    }
}

/// A picture of one grey pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

/// A page with one line on it.
fn pdf(line: &str) -> Vec<u8> {
    let stream = format!("BT /F1 18 Tf 72 720 Td ({line}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>\nstream\n{stream}\nendstream", stream.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut text = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(text.len());
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let table = text.len();
    text.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    offsets.iter().for_each(|offset| text.push_str(&format!("{offset:010} 00000 n \n")));
    text.push_str(&format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1));
    text.into_bytes()
}

fn header(head: &mut String, name: &str, value: &str) {
    head.push_str(&format!("{name}: {value}\r\n"));
}

fn mailbox(address: &Address) -> String {
    match address.name.as_str() {
        "" => address.email.clone(),
        name if name.is_ascii() => format!("\"{name}\" <{}>", address.email),
        name => format!("{} <{}>", words(name), address.email),
    }
}

/// Writes a text as encoded words (RFC 2047), at most 75 characters each, where it is not ASCII.
fn words(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    let mut chunk = String::new();
    let word = |chunk: &str| format!("=?utf-8?B?{}?=", BASE64.encode(chunk.as_bytes()));
    for c in text.chars() {
        if chunk.len() + c.len_utf8() > 42 {
            words.push(word(&chunk));
            chunk.clear();
        }
        chunk.push(c);
    }
    words.push(word(&chunk));
    words.join("\r\n ")
}

fn lines(base64: &str) -> String {
    let mut out = String::new();
    for (n, c) in base64.chars().enumerate() {
        if n > 0 && n % 76 == 0 {
            out.push_str("\r\n");
        }
        out.push(c);
    }
    out.push_str("\r\n");
    out
}

fn date(at: Timestamp) -> String {
    let zoned = jiff::Timestamp::from_millisecond(at.0).map(|t| t.to_zoned(jiff::tz::TimeZone::UTC));
    zoned.map(|z| z.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()).unwrap_or_default()
}
