//! From a conversation to a draft, and from a draft to a mail in the outbox.

mod attribution;
mod draft_copy;
pub(in crate::service) mod forward;
mod variables;
mod waits;

pub use attribution::attribute_in;
pub(super) use attribution::attribution_in;
use attribution::{attribution, language_in};
pub use draft_copy::{draft_copy, draft_copy_id};
pub use forward::{forward_as_file, leave_out, usual};
pub use variables::variables;
pub use waits::{lease, leave};

use std::path::PathBuf;

use super::review;
use crate::config::{Account, Config, Sending};
use crate::error::{ErrorKind, UserError};
use crate::mime::compose::{self, BadMail, File, Mail, Parent};
use crate::mime::{self, Original};
use crate::model::address::Address;
use crate::model::agent::{Agent, Inbox, Team};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId, InboxId, MessageId, OpId};
use crate::model::message::Envelope;
use crate::model::phrase::Phrase;
use crate::model::reply::{ComposeSession, Draft, DraftKind, Identity, Instead, Outgoing, Sender, split_forwarded};
use crate::model::text::in_quotes;
use crate::model::view::Lease;
use crate::model::warning::Warning;
use crate::store::{Delivery, NewOutgoing, OutboxEnd, Recipient, Store, StoreError};
use crate::thread::author;

/// How mail is written here.
#[derive(Clone, Debug)]
pub struct Writing {
    /// As the config says.
    pub sending: Sending,
    /// Where saved replies lie.
    pub replies_dir: PathBuf,
    /// The accounts. Where none has a server (the sample), every mail is filed on the spot.
    pub accounts: Vec<Account>,
}

impl Default for Writing {
    fn default() -> Self {
        let sending = Sending {
            undo_seconds: 10,
            quote: true,
            identity: Identity::SendAs,
            company: String::new(),
            variables: std::collections::BTreeMap::new(),
            signatures: std::collections::BTreeMap::new(),
            copy_drafts: false,
        };
        Self { sending, replies_dir: PathBuf::new(), accounts: Vec::new() }
    }
}

impl Writing {
    /// Takes it from a config.
    pub fn of(config: &Config) -> Self {
        let (sending, replies_dir) = (config.sending.clone(), config.replies_dir.clone());
        Self { sending, replies_dir, accounts: config.accounts.clone() }
    }
}

/// Why no mail can leave by an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mute {
    /// Its server is for reading alone: the config names none to send by.
    ReadOnly,
    /// It has no server, and others have.
    NoServer,
}

impl Mute {
    /// Tells why no mail can leave by an account; `None` where it can. `accounts` are all of the config.
    pub fn of(accounts: &[Account], id: &AccountId) -> Option<Self> {
        match accounts.iter().find(|account| account.id == *id) {
            Some(account) if account.has_server() => (!account.can_send()).then_some(Mute::ReadOnly),
            _ => accounts.iter().any(Account::has_server).then_some(Mute::NoServer),
        }
    }

    /// Makes an error of it for that account; `instead` is what can be done with the mail meanwhile.
    pub fn error(self, id: &AccountId, instead: impl Into<Phrase>) -> UserError {
        let (account, instead) = (id.as_str(), instead.into());
        let (what, remedy) = match self {
            Mute::ReadOnly => (
                phrase!("account-read-only", account = account),
                phrase!("hint-add-smtp", account = account, instead = instead),
            ),
            Mute::NoServer => (
                phrase!("account-no-server", account = account),
                phrase!("hint-give-servers", account = account, instead = instead),
            ),
        };
        UserError::new(ErrorKind::Config, what).hint(remedy)
    }
}

/// Takes up the draft that stands in a conversation, else begins one, as [`begin_in`] does. Where another one stands than was asked for,
/// the session tells.
///
/// # Errors
/// Those of [`begin_in`].
pub fn take_up(
    store: &Store,
    sending: &Sending,
    kind: DraftKind,
    conversation: &ConversationId,
    parent: Option<&MessageId>,
) -> Result<ComposeSession, UserError> {
    let instead = |draft: &Draft| Instead::of(draft, kind, parent);
    take_up_or(store, conversation, instead, || begin_in(store, sending, kind, conversation, parent))
}

fn take_up_or(
    store: &Store,
    conversation: &ConversationId,
    instead: impl FnOnce(&Draft) -> Option<Instead>,
    begin: impl FnOnce() -> Result<Draft, UserError>,
) -> Result<ComposeSession, UserError> {
    match store.draft_in(conversation)? {
        Some(draft) => Ok(ComposeSession { instead: instead(&draft), ..session(store, draft, true)? }),
        None => Ok(session(store, begin()?, false)?),
    }
}

/// As [`take_up`], for a forward of the message as a file.
///
/// # Errors
/// Those of [`forward_as_file`].
pub fn take_up_as_file(
    store: &Store,
    sending: &Sending,
    conversation: &ConversationId,
    parent: Option<&MessageId>,
) -> Result<ComposeSession, UserError> {
    let instead = |draft: &Draft| {
        let shows_text = split_forwarded(&draft.body).1.is_some();
        Instead::of(draft, DraftKind::Forward, parent).or(shows_text.then_some(Instead::File))
    };
    take_up_or(store, conversation, instead, || forward_as_file(store, sending, conversation, parent))
}

/// Begins a draft in a conversation, whoever wrote what it answers: that this was a machine is told in the review. `parent` is the message to
/// answer; without, it is the newest that a person wrote to us, else the newest that a person wrote at all, else the newest.
///
/// # Errors
/// When the conversation is gone, and those of [`begin`].
pub fn begin_in(
    store: &Store,
    sending: &Sending,
    kind: DraftKind,
    conversation: &ConversationId,
    parent: Option<&MessageId>,
) -> Result<Draft, UserError> {
    let (inbox, message) = store
        .to_answer(conversation)?
        .ok_or_else(|| UserError::new(ErrorKind::Precondition, phrase!("reply-conversation-gone")))?;
    begin(store, sending, kind, conversation, &inbox, parent.unwrap_or(&message))
}

/// Returns a draft with what whoever writes on it has to know. `resumed` tells that it was kept before.
///
/// # Errors
/// When the store can't be read.
pub fn session(store: &Store, draft: Draft, resumed: bool) -> Result<ComposeSession, StoreError> {
    Ok(ComposeSession {
        senders: senders(store, &draft),
        quote: quote_of(store, &draft)?,
        news: if resumed { review::news(store, &draft)? } else { Vec::new() },
        left_out: review::left_out(store, &draft)?,
        unrecorded: review::unrecorded(store, &draft)?,
        other: other_at(store, &draft)?,
        draft,
        resumed,
        instead: None,
    })
}

/// Returns the quote of a draft, with the line above it as it stands in the draft: a saved reply may have put it into another language.
fn quote_of(store: &Store, draft: &Draft) -> Result<String, StoreError> {
    let (quote, line) = (quote(store, draft)?, attribution_in(store, draft)?);
    Ok(match quote.split_once('\n') {
        Some((_, quoted)) if !line.is_empty() => format!("{line}\n{quoted}"),
        _ => quote,
    })
}

/// Returns who else is replying in the conversation of a draft.
///
/// # Errors
/// When the store can't be read.
pub fn other_at(store: &Store, draft: &Draft) -> Result<Option<Lease>, StoreError> {
    let Some(id) = &draft.conversation else { return Ok(None) };
    Ok(store.rows(std::slice::from_ref(id))?.into_iter().next().and_then(|row| row.replying))
}

/// Begins a mail to somebody new, from the first inbox unless one is named: the signature, and nobody to receive it.
pub fn blank(store: &Store, sending: &Sending, inbox: Option<InboxId>) -> Draft {
    let inbox = inbox.or_else(|| store.team().inboxes.first().map(|inbox| inbox.id.clone()));
    let sign = |inbox: &InboxId| signature(sending, inbox, store.author().actor.as_str());
    let body = inbox.as_ref().map(sign).unwrap_or_default();
    Draft { kind: DraftKind::New, inbox, identity: sending.identity, body, ..Draft::default() }
}

/// Returns how a draft can be sent: from its inbox, or from any where nothing is answered; as the agent where an address is known.
fn senders(store: &Store, draft: &Draft) -> Vec<Sender> {
    let team = store.team();
    let agent = agent_address(store);
    let fits = |inbox: &&Inbox| draft.conversation.is_none() || Some(&inbox.id) == draft.inbox.as_ref();
    let mut senders = Vec::new();
    for inbox in team.inboxes.iter().filter(fits) {
        let mut push = |identity, agent| {
            let address = sender(store, &team, inbox, identity);
            senders.push(Sender { inbox: inbox.id.clone(), address, identity, agent });
        };
        push(Identity::SendAs, None);
        if agent.is_some() {
            push(Identity::OnBehalf, agent.clone());
            push(Identity::Personal, agent.clone());
        }
    }
    senders
}

/// Returns the address of the inbox as it stands in the header of a mail: with the name of whoever writes, where the inbox wants that and
/// the mail is not from the agent anyway.
fn sender(store: &Store, team: &Team, inbox: &Inbox, identity: Identity) -> Address {
    match identity {
        Identity::SendAs | Identity::OnBehalf => team.sender(inbox, &store.author().actor),
        Identity::Personal => inbox.address.clone(),
    }
}

/// Returns the quote of the message that a draft answers, with its attribution, or the block of the one that it forwards; empty where there
/// is none.
///
/// # Errors
/// When the store can't be read.
fn quote(store: &Store, draft: &Draft) -> Result<String, StoreError> {
    let raw = match &draft.parent {
        Some(parent) => store.raw(parent)?,
        None => None,
    };
    let (Some(raw), Some(parent)) = (raw, &draft.parent) else { return Ok(String::new()) };
    if draft.kind == DraftKind::Forward {
        return Ok(Original::read(&raw).block());
    }
    let parsed = mime::parse(&raw);
    let authorship = store.authorship(parent)?;
    let language = language_in(store, draft.inbox.as_ref(), &parsed, &raw);
    Ok(mime::quote_for_reply(&parsed.readable, &attribution(&parsed.envelope, authorship, &store.team(), language)))
}

/// Returns when a mail leaves that is sent now and can be taken back for as long as the config says.
pub fn after_undo_window(store: &Store, sending: &Sending) -> Timestamp {
    store.author().clock.now().plus(i64::from(sending.undo_seconds) * 1000)
}

/// A mail that was to be put into the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    /// The mail that stands there.
    pub mail: Outgoing,
    /// Whether it is this one. Else it is one that says the same, of another command that was first.
    pub is_new: bool,
}

/// Makes mails of drafts and puts them into the outbox, due at `due`: all of them, or none. `anyway` leaves out the check for news. `since` is
/// how far the outbox reached when whoever wrote them began: what says the same and came since is not sent again ([`Store::queue_all`]).
///
/// # Errors
/// Those of [`prepare`], and when an account of theirs has no server to send by.
pub fn queue(
    store: &Store,
    accounts: &[Account],
    drafts: &[Draft],
    due: Timestamp,
    anyway: bool,
    since: Option<OutboxEnd>,
) -> Result<Vec<Queued>, UserError> {
    let mut mails = Vec::new();
    for draft in drafts {
        let mail = prepare(store, draft, due, anyway)?;
        if let Some(mute) = Mute::of(accounts, &mail.delivery.account) {
            return Err(mute.error(&mail.delivery.account, phrase!("instead-draft-kept")));
        }
        mails.push(mail);
    }
    let queued = store.queue_all(&mails, since)?.into_iter().zip(mails);
    let queued: Vec<Queued> =
        queued.map(|(mail, new)| Queued { is_new: mail.message_id == new.message_id, mail }).collect();
    for Queued { mail, .. } in queued.iter().filter(|queued| queued.is_new) {
        // The mail stands in the outbox: whoever is told that it does not writes it again.
        if let Err(error) = waits::say_it_waits(store, mail, waits::LATER) {
            tracing::warn!(mail = mail.id, %error, "untold");
        }
    }
    Ok(queued)
}

/// Begins a draft in a conversation: recipients, subject, quote, and what its author has seen; a forward takes the files of the message
/// along. `parent` is the message to answer. The draft is not kept yet.
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
    let (draft, _, original) = begin_bare(store, sending, kind, conversation, inbox, parent)?;
    let files = match kind {
        DraftKind::Forward => forward::files(store, &draft, &original)?,
        _ => Vec::new(),
    };
    Ok(Draft { files, ..draft })
}

/// As [`begin`], without files; returns the bytes of the message too, and what they are.
fn begin_bare(
    store: &Store,
    sending: &Sending,
    kind: DraftKind,
    conversation: &ConversationId,
    inbox: &InboxId,
    parent: &MessageId,
) -> Result<(Draft, Vec<u8>, Original), UserError> {
    let raw = match kind {
        DraftKind::Forward => forward::whole(store, parent)?,
        _ => store.raw(parent)?.ok_or_else(|| {
            UserError::new(ErrorKind::Precondition, phrase!("message-not-here", message = parent.as_str()))
                .hint(phrase!("hint-sync"))
        })?,
    };
    let original = Original::read(&raw);
    let parsed = &original.parsed;
    let of = &parsed.envelope;
    let basis = store.basis(conversation)?;
    let answers = matches!(kind, DraftKind::Reply | DraftKind::ReplyAll);
    let (team, authorship) = (store.team(), store.authorship(parent)?);
    let recipients = if answers {
        author::recipients(of, authorship, &team, kind == DraftKind::ReplyAll)
    } else {
        author::Recipients::default()
    };
    let subject =
        if kind == DraftKind::Forward { mime::forward_subject(&of.subject) } else { mime::reply_subject(&of.subject) };
    let quote = || {
        let language = language_in(store, Some(inbox), parsed, &raw);
        mime::quote_for_reply(&parsed.readable, &attribution(of, authorship, &team, language))
    };
    let sign = signature(sending, inbox, store.author().actor.as_str());
    let draft = Draft {
        conversation: Some(conversation.clone()),
        parent: Some(parent.clone()),
        kind,
        inbox: Some(inbox.clone()),
        identity: sending.identity,
        to: recipients.to,
        cc: recipients.cc,
        subject,
        body: match kind {
            DraftKind::Forward => forward::body(&sign, &original),
            // Above the signature: what stands below the separator is cut off by the recipient's program when they answer.
            _ if sending.quote => format!("\n\n{}{sign}", quote()),
            _ => sign,
        },
        as_of: basis.as_ref().and_then(|b| b.as_of.clone()),
        seen_op: basis.and_then(|b| b.seen_op),
        ..Draft::default()
    };
    Ok((draft, raw, original))
}

/// Returns the signature of an agent, else that of the inbox, as it stands below a text; empty where there is none.
fn signature(sending: &Sending, inbox: &InboxId, me: &str) -> String {
    let signature = sending.signatures.get(me).or_else(|| sending.signatures.get(inbox.as_str()));
    let signature = signature.filter(|s| !s.trim().is_empty());
    signature.map(|s| format!("\n\n-- \n{}\n", s.trim_end())).unwrap_or_default()
}

/// Makes of a draft a mail for the outbox, due at `due`. `anyway` leaves out the check for news before sending.
///
/// # Errors
/// When something is missing or wrong that its author can mend: a recipient, an address, a placeholder without a value, a file.
pub fn prepare(store: &Store, draft: &Draft, due: Timestamp, anyway: bool) -> Result<NewOutgoing, UserError> {
    refuse_placeholders(store, draft)?;
    refuse(review::bad_addresses(draft).into_iter().next(), phrase!("hint-correct"))?;
    refuse(review::too_large(draft), phrase!("hint-send-link"))?;
    refuse(review::silence(store, draft)?, phrase!("hint-say-something"))?;
    refuse(review::only_ourselves(store, draft), phrase!("hint-add", flag = "--to"))?;
    let team = store.team();
    let inbox = inbox_of(&team, draft)?;
    let message_id = message_id(store, draft, inbox)?;
    let date = due.max(store.author().clock.now());
    let mail = mail(store, draft, inbox, Some(message_id.clone()), date, files(store, draft)?)?;
    let built = compose::build(&mail).map_err(|e| refused(&e))?;
    let to: Vec<&str> = review::recipients(draft).map(Address::short).collect();
    let basis = draft.conversation.as_ref().map(|id| store.basis(id)).transpose()?.flatten();
    let gone = basis.as_ref().is_some_and(|basis| basis.gone);
    let anchor = basis.map(|basis| basis.anchor).or_else(|| draft.parent.clone());
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
            gone,
            copied: false,
        },
    })
}

/// Returns the Message-ID that a mail gets. Of one that goes out once it follows from its key and its conversation: the outbox takes such an
/// id once, and who finds it in the conversation knows that the mail went out.
fn message_id(store: &Store, draft: &Draft, inbox: &Inbox) -> Result<MessageId, UserError> {
    let id = match &draft.once {
        None => store.author().ids.next(),
        Some(key) => {
            let of = draft.conversation.as_ref().map_or("new", ConversationId::as_str);
            let of = MessageId::new(&format!("{of}@conversation.postroom.invalid")).ok_or_else(no_id)?;
            OpId::derived(&format!("mail-once:{key}"), &of)
        }
    };
    MessageId::new(&format!("{id}@{}", domain(inbox))).ok_or_else(no_id)
}

/// What is known of a mail that goes out once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Went {
    /// It is in the outbox, or was.
    Queued(Box<Outgoing>),
    /// It stands in the conversation: it went out from elsewhere.
    Elsewhere,
}

/// Returns what became of a mail that goes out once; `None` where it is none, or there was none under its key.
///
/// # Errors
/// When the store can't be read, or the mail has no inbox.
pub fn went(store: &Store, draft: &Draft) -> Result<Option<Went>, UserError> {
    if draft.once.is_none() {
        return Ok(None);
    }
    let id = message_id(store, draft, inbox_of(&store.team(), draft)?)?;
    if let Some(mail) = store.outgoing_of(&id)? {
        return Ok(Some(Went::Queued(Box::new(mail))));
    }
    Ok(store.has_message(&id)?.then_some(Went::Elsewhere))
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
    Ok(Mail {
        message_id,
        date,
        identity: draft.identity,
        inbox: sender(store, &store.team(), inbox, draft.identity),
        agent: agent_address(store),
        to: draft.to.clone(),
        cc: draft.cc.clone(),
        bcc: draft.bcc.clone(),
        subject: draft.subject.clone(),
        body: draft.body.clone(),
        markdown: draft.markdown,
        parent: draft.parent.as_ref().map(|id| parent(store, id)).transpose()?,
        forward: draft.kind == DraftKind::Forward,
        original: match forward::original(store, draft)?.map(|original| forward::held(store, draft, &original)) {
            Some(forward::Held::Whole(html)) => Some(html),
            _ => None,
        },
        attribution: attribution_in(store, draft)?,
        files,
        calendar: draft.invitation.as_ref().map(|answer| super::invite::calendar(answer, &draft.body, date)),
        automatic: false,
    })
}

fn domain(inbox: &Inbox) -> String {
    let domain = inbox.address.domain();
    idna::domain_to_ascii(&domain).unwrap_or(domain)
}

fn no_id() -> UserError {
    UserError::new(ErrorKind::Internal, phrase!("no-message-id"))
}

/// Refuses a mail of which a warning says that it can't go out.
fn refuse(warning: Option<Warning>, hint: Phrase) -> Result<(), UserError> {
    match warning {
        Some(warning) => Err(UserError::new(ErrorKind::Precondition, warning.words()).hint(hint)),
        None => Ok(()),
    }
}

fn refuse_placeholders(store: &Store, draft: &Draft) -> Result<(), UserError> {
    let Some(unfilled) = review::unfilled(draft, &review::parent(store, draft)?.subject) else { return Ok(()) };
    Err(UserError::new(ErrorKind::Precondition, unfilled.words()).hint(phrase!("hint-fill-in-or-space-brace")))
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
        UserError::new(ErrorKind::Config, phrase!("no-inbox", inbox = in_quotes(name)))
            .hint(phrase!("hint-name-in-config"))
    })
}

/// Returns the address of whoever writes, with their name.
fn agent_address(store: &Store) -> Option<Address> {
    let team = store.team();
    let agent: &Agent = team.agents.iter().find(|agent| agent.handle == store.author().actor)?;
    let address = agent.address.as_ref()?;
    let name = if address.name.is_empty() { agent.name.clone() } else { address.name.clone() };
    Some(Address { name, email: address.email.clone() })
}

/// What the answer needs of its parent; a parent that is not here any more still threads by its id.
fn parent(store: &Store, id: &MessageId) -> Result<Parent, UserError> {
    let of: Envelope = store.raw(id)?.map(|raw| mime::envelope(&raw)).unwrap_or_default();
    let mut references = match of.in_reply_to.as_slice() {
        [only] if of.references.is_empty() => vec![only.clone()],
        _ => of.references,
    };
    // Where another mail keeps the Message-ID that it bears, its own id says to us which one is answered, and that one to its author.
    references.extend(of.message_id.filter(|bears| bears != id));
    Ok(Parent { message_id: id.clone(), references })
}

fn files(store: &Store, draft: &Draft) -> Result<Vec<File>, UserError> {
    let mut files = Vec::new();
    for file in &draft.files {
        let bytes = store.file_bytes(&file.digest)?.ok_or_else(|| {
            UserError::new(ErrorKind::Precondition, phrase!("attached-gone", file = in_quotes(&file.name)))
                .hint(phrase!("hint-attach-again"))
        })?;
        files.push(File { name: file.name.clone(), media: file.media.clone(), bytes, cid: file.cid.clone() });
    }
    Ok(files)
}

fn refused(error: &BadMail) -> UserError {
    let hint = match error {
        BadMail::NoRecipient => phrase!("hint-name-recipient"),
        BadMail::TooManyRecipients(_) => phrase!("hint-send-in-parts"),
        BadMail::BadAddress(_) => phrase!("hint-correct"),
        BadMail::NoAgentAddress => phrase!("hint-agent-address"),
        BadMail::NoMessageId => phrase!("hint-inbox-address"),
    };
    UserError::new(ErrorKind::Precondition, error.phrase()).hint(hint)
}

#[cfg(test)]
#[path = "compose_tests.rs"]
pub(super) mod tests;
