//! The sample's script: conversations in a text that people can write.
//!
//! ```text
//! # INBOX | SUBJECT | CUSTOMER <ADDRESS>     begins a conversation
//! < AGE [OTHER <ADDRESS>]                    a mail that came in so long ago; its text follows
//! > AGE AGENT [close|keep]                   an answer of ours
//! % attach NAME MEDIA | html | auto | cc A   about the mail above
//! @ AGE AGENT VERB WORDS                     something that somebody did
//! ```

use crate::model::address::Address;

/// One conversation.
#[derive(Debug, Default)]
pub struct Script {
    /// The inbox's name.
    pub inbox: String,
    /// The subject.
    pub subject: String,
    /// The customer.
    pub customer: Address,
    /// The mails, oldest first.
    pub mails: Vec<Mail>,
    /// What was done.
    pub deeds: Vec<Deed>,
}

/// One mail.
#[derive(Debug, Default)]
pub struct Mail {
    /// How long ago, in milliseconds.
    pub age: i64,
    /// Who wrote it, if not the customer: another customer.
    pub from: Option<Address>,
    /// Which agent wrote it: an answer of ours.
    pub agent: Option<String>,
    /// The word behind the agent: `close`, `keep` or nothing.
    pub then: String,
    /// The text.
    pub text: String,
    /// Names and media types of the files.
    pub files: Vec<(String, String)>,
    /// Whether the text is HTML.
    pub html: bool,
    /// Whether a machine wrote it.
    pub auto: bool,
    /// `Cc`, as it stands in the header.
    pub cc: String,
}

/// Something that somebody did.
#[derive(Debug)]
pub struct Deed {
    /// How long ago, in milliseconds.
    pub age: i64,
    /// The agent.
    pub agent: String,
    /// The verb.
    pub verb: String,
    /// What stands behind it.
    pub words: String,
}

/// Reads a script. It is part of the program, and a test reads all of it: what makes no sense is passed over.
pub fn read(text: &str) -> Vec<Script> {
    let mut scripts: Vec<Script> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("# ") {
            scripts.push(head_of(head));
            continue;
        }
        let Some(script) = scripts.last_mut() else { continue };
        match line.split_at_checked(2) {
            Some(("< ", rest)) => {
                let (age, from) = rest.split_once(' ').unwrap_or((rest, ""));
                let from = Some(from).filter(|from| !from.is_empty()).map(address);
                script.mails.push(Mail { age: span(age), from, ..Mail::default() });
            }
            Some(("> ", rest)) => {
                let mut words = rest.split(' ');
                let age = span(words.next().unwrap_or_default());
                let agent = words.next().map(str::to_owned);
                let then = words.next().unwrap_or_default().to_owned();
                script.mails.push(Mail { age, agent, then, ..Mail::default() });
            }
            Some(("% ", rest)) => about(script, rest),
            Some(("@ ", rest)) => script.deeds.extend(deed(rest)),
            _ => {
                if let Some(mail) = script.mails.last_mut() {
                    mail.text.push_str(line);
                    mail.text.push('\n');
                }
            }
        }
    }
    scripts
}

fn head_of(head: &str) -> Script {
    let mut parts = head.split(" | ").map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let (inbox, subject, customer) = (next(), next(), next());
    Script { inbox, subject, customer: address(&customer), ..Script::default() }
}

fn about(script: &mut Script, rest: &str) {
    let Some(mail) = script.mails.last_mut() else { return };
    let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    match word {
        "html" => mail.html = true,
        "auto" => mail.auto = true,
        "cc" => rest.clone_into(&mut mail.cc),
        "attach" => mail.files.extend(rest.split_once(' ').map(|(name, media)| (name.to_owned(), media.to_owned()))),
        _ => {}
    }
}

fn deed(rest: &str) -> Option<Deed> {
    let mut parts = rest.splitn(4, ' ').map(str::to_owned);
    let age = span(&parts.next()?);
    Some(Deed { age, agent: parts.next()?, verb: parts.next()?, words: parts.next().unwrap_or_default() })
}

fn address(text: &str) -> Address {
    match text.trim_end_matches('>').split_once('<') {
        Some((name, email)) => Address::new(name.trim(), email.trim()),
        None => Address::new("", text.trim()),
    }
}

/// Reads `2d3h40m` as milliseconds.
pub fn span(text: &str) -> i64 {
    let (mut total, mut number) = (0i64, 0i64);
    for c in text.chars() {
        let minutes = match c {
            'd' => 1440,
            'h' => 60,
            'm' => 1,
            _ => {
                number = c.to_digit(10).map_or(number, |digit| number * 10 + i64::from(digit));
                continue;
            }
        };
        total += number * minutes * 60_000;
        number = 0;
    }
    total
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
