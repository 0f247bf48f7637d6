//! From a conversation to a draft, and from a draft to a mail in the outbox.

mod variables;

pub use variables::variables;

use crate::config::Sending;
use crate::error::{ErrorKind, UserError};
use crate::mime;
use crate::mime::compose::{self, BadMail, File, Mail, Parent};
use crate::model::address::Address;
use crate::model::agent::{Agent, Inbox, Team};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, InboxId, MessageId};
use crate::model::message::Envelope;
use crate::model::reply::{Draft, DraftKind};
use crate::model::template::placeholders_among;
use crate::model::text::SafeText;
use crate::store::{Delivery, NewOutgoing, Recipient, Store, StoreError};

/// Begins a draft in a conversation: recipients, subject, quote, and what its author has seen. `parent` is the message to answer. The
/// draft is not kept yet.
///
/// # Errors
/// When the store can't be read, or the message's body is still to be fetched.
pub fn begin(
    store: &Store,
    sending: &Sending,
    kind: DraftKind,
    conversation: &ConversationId,
    inbox: &InboxId,
    parent: &MessageId,
) -> Result<Draft, UserError> {
    let raw = store.raw(parent)?.ok_or_else(|| {
        UserError::new(ErrorKind::Precondition, format!("the message {parent} is not here yet"))
            .hint("sync, and try again")
    })?;
    let parsed = mime::parse(&raw);
    let of = &parsed.envelope;
    let basis = store.basis(conversation)?;
    let answers = matches!(kind, DraftKind::Reply | DraftKind::ReplyAll);
    let recipients = if answers {
        compose::recipients(of, store.team(), kind == DraftKind::ReplyAll)
    } else {
        compose::Recipients::default()
    };
    let subject =
        if kind == DraftKind::Forward { mime::forward_subject(&of.subject) } else { mime::reply_subject(&of.subject) };
    let quote = (kind == DraftKind::Forward || sending.quote)
        .then(|| mime::quote_for_reply(&parsed.readable, &compose::attribution(of)));
    Ok(Draft {
        conversation: Some(conversation.clone()),
        parent: Some(parent.clone()),
        kind,
        inbox: Some(inbox.clone()),
        identity: sending.identity,
        to: recipients.to,
        cc: recipients.cc,
        subject,
        body: body(sending, inbox, store.author().actor.as_str(), quote.as_deref()),
        as_of: basis.as_ref().and_then(|b| b.as_of.clone()),
        seen_op: basis.and_then(|b| b.seen_op),
        ..Draft::default()
    })
}

/// The text that a draft begins with: room to write, the signature, the quote.
fn body(sending: &Sending, inbox: &InboxId, me: &str, quote: Option<&str>) -> String {
    let mut text = signature(sending, inbox, me);
    if let Some(quote) = quote {
        // Above the signature: what stands below the separator is cut off by the recipient's program when they answer.
        text = format!("\n\n{quote}{text}");
    }
    text
}

/// Returns what happened in a draft's conversation since it began, in words.
///
/// # Errors
/// When the store can't be read.
pub fn news(store: &Store, draft: &Draft) -> Result<Vec<SafeText>, StoreError> {
    let Some(conversation) = &draft.conversation else { return Ok(Vec::new()) };
    let Some(basis) = store.basis(conversation)? else { return Ok(Vec::new()) };
    let news = store.news_since(&basis.anchor, draft.as_of.as_ref(), draft.seen_op)?;
    Ok(news.into_iter().map(|news| news.words).collect())
}

/// Returns the signature of an agent, else that of the inbox, as it stands below a text; empty where there is none.
pub fn signature(sending: &Sending, inbox: &InboxId, me: &str) -> String {
    let signature = sending.signatures.get(me).or_else(|| sending.signatures.get(inbox.as_str()));
    let signature = signature.filter(|s| !s.trim().is_empty());
    signature.map(|s| format!("\n\n-- \n{}\n", s.trim_end())).unwrap_or_default()
}

/// Makes of a draft a mail for the outbox, due at `due`. `anyway` leaves out the check for news before sending.
///
/// # Errors
/// When something is missing or wrong that its author can mend: a recipient, an address, a placeholder without a value, a file.
pub fn prepare(store: &Store, draft: &Draft, due: Timestamp, anyway: bool) -> Result<NewOutgoing, UserError> {
    refuse_placeholders(draft, &parents_envelope(store, draft)?.subject)?;
    let team = store.team();
    let inbox = inbox_of(team, draft)?;
    let message_id = MessageId::new(&format!("{}@{}", store.author().ids.next(), domain(inbox))).ok_or_else(no_id)?;
    let date = due.max(store.author().clock.now());
    let mail = mail(store, draft, inbox, Some(message_id.clone()), date, files(store, draft)?)?;
    let built = compose::build(&mail).map_err(|e| refused(&e))?;
    let to: Vec<&str> = draft.to.iter().chain(&draft.cc).chain(&draft.bcc).map(Address::short).collect();
    let anchor = match &draft.conversation {
        Some(id) => store.basis(id)?.map(|basis| basis.anchor).or_else(|| draft.parent.clone()),
        None => draft.parent.clone(),
    };
    Ok(NewOutgoing {
        message_id,
        conversation: draft.conversation.clone(),
        to: to.join(", "),
        subject: draft.subject.clone(),
        due,
        copy: built.copy,
        delivery: Delivery {
            account: inbox.account.clone(),
            from: built.from,
            recipients: built.recipients.into_iter().map(Recipient::new).collect(),
            utf8: built.utf8,
            anchor,
            as_of: draft.as_of.clone(),
            seen_op: draft.seen_op,
            then: draft.then,
            waits_since: due,
            anyway,
            draft: Some(draft.clone()),
            out: false,
            fixed: false,
        },
    })
}

/// What a draft is to be as a mail.
fn mail(
    store: &Store,
    draft: &Draft,
    inbox: &Inbox,
    message_id: Option<MessageId>,
    date: Timestamp,
    files: Vec<File>,
) -> Result<Mail, UserError> {
    let agents = &store.team().agents;
    Ok(Mail {
        message_id,
        date,
        identity: draft.identity,
        inbox: inbox.address.clone(),
        agent: agents.iter().find(|a| a.handle == store.author().actor).and_then(address_of),
        to: draft.to.clone(),
        cc: draft.cc.clone(),
        bcc: draft.bcc.clone(),
        subject: draft.subject.clone(),
        body: draft.body.clone(),
        markdown: draft.markdown,
        parent: draft.parent.as_ref().map(|id| parent(store, id)).transpose()?,
        forward: draft.kind == DraftKind::Forward,
        files,
        automatic: false,
    })
}

fn domain(inbox: &Inbox) -> String {
    let domain = inbox.address.domain();
    idna::domain_to_ascii(&domain).unwrap_or(domain)
}

/// Makes the Message-ID of a copy of a draft. The mail itself gets another one when it is queued.
///
/// # Errors
/// When there is no inbox for it.
pub fn draft_copy_id(store: &Store, draft: &Draft) -> Result<MessageId, UserError> {
    let inbox = inbox_of(store.team(), draft)?;
    MessageId::of_draft_copy(store.author().ids.next().0, &domain(inbox)).ok_or_else(no_id)
}

/// Makes the bytes of a copy of a draft, for other mail programs to show. Files of more than `files_max` bytes in all are left out.
///
/// # Errors
/// When there is no inbox for it, or the store can't be read.
pub fn draft_copy(store: &Store, draft: &Draft, id: &MessageId, files_max: u64) -> Result<Vec<u8>, UserError> {
    let inbox = inbox_of(store.team(), draft)?;
    let small = draft.files.iter().map(|file| file.size).sum::<u64>() <= files_max;
    let files = if small { files(store, draft)? } else { Vec::new() };
    let mail = mail(store, draft, inbox, Some(id.clone()), draft.saved_at, files)?;
    compose::build_draft(&mail).map_err(|e| refused(&e))
}

fn no_id() -> UserError {
    UserError::new(ErrorKind::Internal, "no Message-ID could be made")
}

/// `theirs` is the subject that an answer took over: what its author wrote in braces is no variable of ours.
fn refuse_placeholders(draft: &Draft, theirs: &str) -> Result<(), UserError> {
    let found = |text: &str| placeholders_among(text, &draft.variables).into_iter().map(|p| p.name).collect::<Vec<_>>();
    let known = found(theirs);
    let mut names = found(&draft.subject);
    names.retain(|name| draft.variables.contains(name) || !known.contains(name));
    names.append(&mut found(&draft.body));
    names.dedup();
    if names.is_empty() {
        return Ok(());
    }
    let list = names.iter().map(|n| format!("{{{n}}}")).collect::<Vec<_>>().join(", ");
    Err(UserError::new(ErrorKind::Precondition, format!("the text still holds {list}"))
        .hint("fill it in; where the braces are meant as such, put a space inside: { name }"))
}

/// Returns the inbox that a draft goes out from, the first where it names none.
///
/// # Errors
/// When the config has no such inbox.
pub fn inbox_of<'a>(team: &'a Team, draft: &Draft) -> Result<&'a Inbox, UserError> {
    let found = match &draft.inbox {
        Some(id) => team.inbox(id),
        None => team.inboxes.first(),
    };
    let name = draft.inbox.as_ref().map_or("", |id| id.as_str());
    found.ok_or_else(|| {
        UserError::new(ErrorKind::Config, format!("there is no inbox {name:?}")).hint("name it in the config")
    })
}

fn address_of(agent: &Agent) -> Option<Address> {
    let address = agent.address.as_ref()?;
    let name = if address.name.is_empty() { agent.name.clone() } else { address.name.clone() };
    Some(Address { name, email: address.email.clone() })
}

/// What the answer needs of its parent; a parent that is not here any more still threads by its id.
fn parent(store: &Store, id: &MessageId) -> Result<Parent, UserError> {
    let of: Envelope = store.raw(id)?.map(|raw| mime::envelope(&raw)).unwrap_or_default();
    let references = match of.in_reply_to.as_slice() {
        [only] if of.references.is_empty() => vec![only.clone()],
        _ => of.references,
    };
    Ok(Parent { message_id: id.clone(), references })
}

fn files(store: &Store, draft: &Draft) -> Result<Vec<File>, UserError> {
    let mut files = Vec::new();
    for file in &draft.files {
        let bytes = store.file_bytes(&file.digest)?.ok_or_else(|| {
            UserError::new(ErrorKind::Precondition, format!("the file {:?} is gone from the store", file.name))
                .hint("attach it again")
        })?;
        files.push(File { name: file.name.clone(), media: file.media.clone(), bytes });
    }
    Ok(files)
}

fn refused(error: &BadMail) -> UserError {
    let hint = match error {
        BadMail::NoRecipient => "name somebody in To",
        BadMail::TooManyRecipients(_) => "send it in parts",
        BadMail::BadAddress(_) => "correct it",
        BadMail::NoAgentAddress => "give the agent an address in the config, or send as the inbox",
        BadMail::NoMessageId => "check the inbox's address in the config",
    };
    UserError::new(ErrorKind::Precondition, error.to_string()).hint(hint)
}

/// Says so where an answer goes to another domain than the mail came from, because that mail asked for it (`Reply-To`). Web forms and
/// lists do so honestly, thieves of invoices do it too.
fn redirected(draft: &Draft, of: &Envelope) -> Option<String> {
    let near = |address: &Address| of.from.iter().any(|from| is_of(&from.domain(), &address.domain()));
    let asked = |address: &&Address| of.reply_to.iter().any(|other| other.key() == address.key());
    let to = draft.to.iter().chain(&draft.cc).filter(asked).find(|address| !near(address))?;
    let from = of.from.first()?;
    Some(format!("the answer goes to {}, as the mail asks (Reply-To); it came from {}", to.email, from.email))
}

/// Returns the header of the message that a draft answers or forwards.
fn parents_envelope(store: &Store, draft: &Draft) -> Result<Envelope, StoreError> {
    let raw = match &draft.parent {
        Some(parent) => store.raw(parent)?,
        None => None,
    };
    Ok(raw.map(|raw| mime::envelope(&raw)).unwrap_or_default())
}

/// Tells whether one domain is the other or stands below it.
fn is_of(one: &str, other: &str) -> bool {
    one == other || one.ends_with(&format!(".{other}")) || other.ends_with(&format!(".{one}"))
}

/// Something that its author should look at before a mail goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The sentence to show.
    pub words: String,
    /// Whether the mail can't be sent so.
    pub stops: bool,
}

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

/// Returns what the review screen warns of. `known` are the addresses of the conversation.
///
/// # Errors
/// When the store can't be read.
pub fn warnings(store: &Store, draft: &Draft, known: &[String]) -> Result<Vec<Warning>, StoreError> {
    let parent = parents_envelope(store, draft)?;
    let mut found = Vec::new();
    let mut warn = |stops: bool, words: String| found.push(Warning { words, stops });
    let all: Vec<&Address> = draft.to.iter().chain(&draft.cc).chain(&draft.bcc).collect();
    if all.is_empty() {
        warn(true, "nobody is to receive this".to_owned());
    }
    for address in &all {
        if !address.email.contains('@') {
            warn(true, format!("{:?} is no mail address", address.email));
        }
    }
    if let Err(error) = refuse_placeholders(draft, &parent.subject) {
        warn(true, error.message);
    }
    if draft.subject.trim().is_empty() {
        warn(false, "the subject is empty".to_owned());
    }
    let own: String =
        draft.body.lines().filter(|l| !l.starts_with('>')).take_while(|l| *l != "-- ").collect::<Vec<_>>().join("\n");
    if own.trim().is_empty() {
        warn(false, "there is no text".to_owned());
    }
    let lower = own.to_lowercase();
    if draft.files.is_empty() && ATTACHED.iter().any(|word| lower.contains(word)) {
        warn(false, "the text speaks of an attachment, and there is none".to_owned());
    }
    if all.len() > 5 {
        warn(false, format!("this goes to {} people", all.len()));
    }
    if matches!(draft.kind, DraftKind::Reply | DraftKind::ReplyAll) {
        if let Some(words) = redirected(draft, &parent) {
            warn(false, words);
        }
        for address in all.iter().filter(|a| !known.iter().any(|k| k.eq_ignore_ascii_case(a.email.trim()))) {
            warn(false, format!("{} was not in this conversation before", address.email));
        }
    }
    Ok(found)
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;
