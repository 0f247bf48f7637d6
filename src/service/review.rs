//! The look at a mail before it goes out: what its author should think over, and what happened since it was begun.

mod left_out;

pub use left_out::left_out;

use std::collections::BTreeSet;

use super::compose::{attribution_in, forward, inbox_of};
use super::invite;
use crate::mime;
use crate::model::address::Address;
use crate::model::addresses::Fault;
use crate::model::ids::AccountId;
use crate::model::message::{Envelope, Origin};
use crate::model::reply::{Draft, DraftKind, Review, Under};
use crate::model::template::placeholders_among;
use crate::model::warning::{FILES_BYTES_MAX, Warning};
use crate::store::{News, Store, StoreError};
use crate::thread::author;

/// The messages of a conversation, from the newest on, that are looked at for people who take part.
const LOOKED_AT: usize = 50;
/// A mail to more people than this is worth a word.
const MANY: usize = 5;

/// Characters that show nothing.
const INVISIBLE: [char; 5] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];

/// Words that promise an attachment, in the languages of our users.
const ATTACHED: [&str; 16] = [
    "attached",
    "attachment",
    "enclosed",
    "im anhang",
    "angehängt",
    "anbei",
    "ci-joint",
    "pièce jointe",
    "adjunto",
    "allegato",
    "ekte",
    "ekteki",
    "مرفق",
    "添付",
    "附件",
    "แนบ",
];

/// Looks a draft over.
///
/// # Errors
/// When the store can't be read.
pub fn review(store: &Store, draft: &Draft) -> Result<Review, StoreError> {
    let basis = match &draft.conversation {
        Some(conversation) => store.basis(conversation)?,
        None => None,
    };
    let news = news(store, draft)?;
    let (as_of, seen_op) = basis.map_or((None, None), |basis| (basis.as_of, basis.seen_op));
    Ok(Review { warnings: warnings(store, draft)?, news, as_of, seen_op })
}

/// Returns what happened in a draft's conversation since it began.
///
/// # Errors
/// When the store can't be read.
pub fn news(store: &Store, draft: &Draft) -> Result<Vec<Under>, StoreError> {
    let Some(conversation) = &draft.conversation else { return Ok(Vec::new()) };
    let Some(basis) = store.basis(conversation)? else { return Ok(Vec::new()) };
    let news = store.news_since(&basis.anchor, draft.as_of.as_ref(), draft.seen_op)?;
    Ok(news.into_iter().map(under).collect())
}

fn under(news: News) -> Under {
    Under { at: news.at, words: news.words(), who: news.who, said: news.said, message: news.message }
}

/// Returns what the author of a draft should look at before it goes out.
///
/// # Errors
/// When the store can't be read.
pub fn warnings(store: &Store, draft: &Draft) -> Result<Vec<Warning>, StoreError> {
    let parent = parent(store, draft)?;
    let all: Vec<&Address> = recipients(draft).collect();
    let mut found = Vec::new();
    found.extend(all.is_empty().then_some(Warning::NoRecipient));
    found.extend(only_ourselves(store, draft));
    found.extend(bad_addresses(draft));
    found.extend(unfilled(draft, &parent.subject));
    found.extend(draft.subject.trim().is_empty().then_some(Warning::NoSubject));
    let own = own_text(store, draft)?.to_lowercase();
    found.extend(silent(draft, &own));
    found.extend(too_large(draft));
    let promised = draft.files.is_empty() && ATTACHED.iter().any(|word| own.contains(word));
    found.extend(promised.then_some(Warning::NoAttachment));
    found.extend((all.len() > MANY).then_some(Warning::Many(all.len())));
    if matches!(draft.kind, DraftKind::Reply | DraftKind::ReplyAll) {
        let strangers = strangers(store, draft, &parent)?;
        if let Some(answer) = &draft.invitation {
            // A calendar program is whom such an answer is for, and that the organizer need not have written is told by itself.
            found.extend(invite::warnings(answer, &parent));
            let others = strangers.into_iter().filter(|who| !who.eq_ignore_ascii_case(&answer.organizer));
            found.extend(others.map(Warning::Stranger));
        } else {
            found.extend(is_to_machine(store, draft, &parent)?.then_some(Warning::Machine));
            found.extend(redirected(draft, &parent).filter(|_| !is_from_us(store, &parent)));
            found.extend(strangers.into_iter().map(Warning::Stranger));
        }
        found.extend(passed_over(store, draft)?.into_iter().map(Warning::ThirdParty));
        found.extend(left_out(store, draft)?.iter().map(|who| Warning::LeftOut(who.short().to_owned())));
    }
    found.extend(forward::warnings(store, draft)?);
    found.extend(quoted_to(store, draft, &parent)?);
    found.extend(unrecorded(store, draft)?.map(|account| Warning::Unrecorded(account.to_string())));
    Ok(found)
}

/// Returns the account that a draft goes out by, where this login is known to have no right to write to its log: nobody would learn that
/// it went out.
///
/// # Errors
/// When the store can't be read.
pub fn unrecorded(store: &Store, draft: &Draft) -> Result<Option<AccountId>, StoreError> {
    let team = store.team();
    let Ok(inbox) = inbox_of(&team, draft) else { return Ok(None) };
    let is_so = store.may_write_log(&inbox.account)? == Some(false);
    Ok(is_so.then(|| inbox.account.clone()))
}

/// Returns the variables that still stand in a draft. `theirs` is the subject that an answer took over: what its author wrote in braces
/// is no variable of ours.
pub(super) fn unfilled(draft: &Draft, theirs: &str) -> Option<Warning> {
    let found = |text: &str| placeholders_among(text, &draft.variables).into_iter().map(|p| p.name).collect::<Vec<_>>();
    let known = found(theirs);
    let mut names = found(&draft.subject);
    names.retain(|name| draft.variables.contains(name) || !known.contains(name));
    names.append(&mut found(draft.own()));
    names.dedup();
    (!names.is_empty()).then_some(Warning::Unfilled(names))
}

/// Returns what is said of an answer that reaches only our own inboxes: whoever is to get it never does.
pub(super) fn only_ourselves(store: &Store, draft: &Draft) -> Option<Warning> {
    if !matches!(draft.kind, DraftKind::Reply | DraftKind::ReplyAll) {
        return None;
    }
    let team = store.team();
    let is_inbox = |one: &Address| team.inboxes.iter().any(|inbox| inbox.receives(&one.key()));
    let first = recipients(draft).next()?;
    recipients(draft).all(is_inbox).then(|| Warning::OnlyOurselves(first.email.clone()))
}

/// Returns the header of the message that a draft answers or forwards; empty where there is none.
pub(super) fn parent(store: &Store, draft: &Draft) -> Result<Envelope, StoreError> {
    let raw = match &draft.parent {
        Some(parent) => store.raw(parent)?,
        None => None,
    };
    Ok(raw.map(|raw| mime::envelope(&raw)).unwrap_or_default())
}

/// Returns everybody who is to receive a draft.
pub(super) fn recipients(draft: &Draft) -> impl Iterator<Item = &Address> {
    draft.to.iter().chain(&draft.cc).chain(&draft.bcc)
}

/// Returns the recipients that can't be written to, each with its field and what is wrong.
pub(super) fn bad_addresses(draft: &Draft) -> Vec<Warning> {
    let fields = [("To", &draft.to), ("Cc", &draft.cc), ("Bcc", &draft.bcc)];
    let bad = |field, address: &Address| {
        let (given, fault) = (address.email.clone(), Fault::of(&address.email)?);
        Some(Warning::BadAddress { field, given, fault })
    };
    fields.into_iter().flat_map(|(field, list)| list.iter().filter_map(move |one| bad(field, one))).collect()
}

/// Returns what is said of files that have too many bytes together.
pub(super) fn too_large(draft: &Draft) -> Option<Warning> {
    let bytes = draft.files.iter().map(|file| file.size).sum();
    (bytes > FILES_BYTES_MAX).then_some(Warning::TooLarge(bytes))
}

/// Returns what is said of a mail without a word of its author's own. A forward needs none.
fn silent(draft: &Draft, own: &str) -> Option<Warning> {
    let says = own.chars().any(|c| !c.is_whitespace() && !INVISIBLE.contains(&c));
    match draft.kind {
        DraftKind::Reply | DraftKind::ReplyAll if !says && draft.files.is_empty() => Some(Warning::Silent),
        DraftKind::Forward => None,
        _ => (!says).then_some(Warning::NoText),
    }
}

/// Returns what stops an answer that says nothing and brings nothing.
///
/// # Errors
/// When the store can't be read.
pub(super) fn silence(store: &Store, draft: &Draft) -> Result<Option<Warning>, StoreError> {
    Ok(silent(draft, &own_text(store, draft)?).filter(Warning::stops))
}

/// Returns what the author wrote: no quote with the line above it, no signature, not the mail that is forwarded.
fn own_text(store: &Store, draft: &Draft) -> Result<String, StoreError> {
    Ok(own_words(draft.own(), &attribution_in(store, draft)?))
}

/// Returns what of a text stands neither in a quote nor in the signature; `attribution` is the line above the quote, where there is one.
pub(super) fn own_words(text: &str, attribution: &str) -> String {
    let is_theirs = |line: &str| line.starts_with('>') || (!attribution.is_empty() && line.trim_end() == attribution);
    let own = text.lines().filter(|line| !is_theirs(line)).take_while(|line| !matches!(*line, "-- " | "--"));
    own.collect::<Vec<_>>().join("\n")
}

/// Returns the recipients who took no part in the conversation. Mails are opened only until everybody is known.
fn strangers(store: &Store, draft: &Draft, parent: &Envelope) -> Result<Vec<String>, StoreError> {
    let mut unknown: Vec<&Address> = recipients(draft).collect();
    let meet = |unknown: &mut Vec<&Address>, of: &Envelope| {
        let people = || of.from.iter().chain(&of.original).chain(&of.reply_to).chain(&of.to).chain(&of.cc);
        unknown.retain(|one| !people().any(|other| other.email.eq_ignore_ascii_case(one.email.trim())));
    };
    meet(&mut unknown, parent);
    if let Some(conversation) = draft.conversation.as_ref().filter(|_| !unknown.is_empty()) {
        for message in store.message_ids(conversation)?.iter().rev().take(LOOKED_AT) {
            if unknown.is_empty() {
                break;
            }
            if let Some(raw) = store.raw(message)? {
                meet(&mut unknown, &mime::envelope(&raw));
            }
        }
    }
    Ok(unknown.into_iter().map(|address| address.email.clone()).collect())
}

/// Returns the third parties who wrote after the message that a draft answers and are not to receive it.
fn passed_over(store: &Store, draft: &Draft) -> Result<BTreeSet<String>, StoreError> {
    let (Some(conversation), Some(parent)) = (&draft.conversation, &draft.parent) else { return Ok(BTreeSet::new()) };
    let asides = store.by_third_parties(conversation)?;
    if asides.is_empty() {
        return Ok(BTreeSet::new());
    }
    let messages = store.message_ids(conversation)?;
    let later = messages.iter().skip_while(|message| *message != parent).skip(1).collect::<BTreeSet<_>>();
    let gets = |author: &Address| recipients(draft).any(|one| one.key() == author.key());
    let passed = asides.into_iter().filter(|(message, author)| later.contains(message) && !gets(author));
    Ok(passed.map(|(_, author)| author.email).collect())
}

/// Tells whom a draft quotes to somebody of the conversation who neither wrote that mail nor got it: a supplier's words to the customer. To
/// forward what is no third party's is to show it on purpose.
fn quoted_to(store: &Store, draft: &Draft, of: &Envelope) -> Result<Option<Warning>, StoreError> {
    let (Some(conversation), Some(parent)) = (&draft.conversation, &draft.parent) else { return Ok(None) };
    let took_part = |to: &Address| {
        let people = of.from.iter().chain(&of.original).chain(&of.reply_to).chain(&of.to).chain(&of.cc);
        people.into_iter().any(|other| other.key() == to.key())
    };
    let team = store.team();
    let others: Vec<&Address> = recipients(draft).filter(|to| !took_part(to) && !team.owns(&to.email)).collect();
    let carries = draft.holds_quote() || draft.kind == DraftKind::Forward && !draft.files.is_empty();
    if others.is_empty() || !carries {
        return Ok(None);
    }
    let is_aside =
        || Ok::<_, StoreError>(store.by_third_parties(conversation)?.iter().any(|(message, _)| message == parent));
    if draft.kind == DraftKind::Forward && !is_aside()? {
        return Ok(None);
    }
    let strangers = strangers(store, draft, of)?;
    let to = others.into_iter().find(|to| !strangers.contains(&to.email));
    let who = author::authors(of, store.authorship(parent)?, &team).first().map(|who| who.email.clone());
    Ok(who.zip(to).map(|(who, to)| Warning::Quotes { who, to: to.email.clone() }))
}

/// Tells whether an answer goes to a machine. What was addressed to somebody else does not.
fn is_to_machine(store: &Store, draft: &Draft, of: &Envelope) -> Result<bool, StoreError> {
    let wrote = |to: &Address| of.from.iter().chain(&of.reply_to).any(|other| other.key() == to.key());
    let Some(parent) = draft.parent.as_ref().filter(|_| recipients(draft).any(wrote)) else { return Ok(false) };
    Ok(store.origin(parent)?.is_some_and(|origin| origin != Origin::Human))
}

/// Tells whether a mail bears our own address, as forms do: who wrote it stands elsewhere, and that an answer goes there says nothing.
fn is_from_us(store: &Store, parent: &Envelope) -> bool {
    let team = store.team();
    parent.from.iter().all(|from| team.owns(&from.email))
}

fn redirected(draft: &Draft, of: &Envelope) -> Option<Warning> {
    let near = |address: &Address| of.from.iter().any(|from| is_of(&from.domain(), &address.domain()));
    let asked = |address: &&Address| of.reply_to.iter().any(|other| other.key() == address.key());
    let to = draft.to.iter().chain(&draft.cc).filter(asked).find(|address| !near(address))?;
    let from = of.from.first()?;
    Some(Warning::Redirected { to: to.email.clone(), from: from.email.clone() })
}

/// Tells whether one domain is the other or stands below it.
fn is_of(one: &str, other: &str) -> bool {
    one == other || one.ends_with(&format!(".{other}")) || other.ends_with(&format!(".{one}"))
}

#[cfg(test)]
#[path = "review_tests.rs"]
mod tests;
