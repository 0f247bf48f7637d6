//! Exporting conversations: as mailboxes of their mails, as data, or as pages to read.
//!
//! One conversation is in memory at a time. Where it goes is a [`Destination`]: what stands on the disk remembers which conversations are
//! in it whole, so that an export that was interrupted goes on behind them.

mod csv;
mod disk;
mod markdown;
pub(super) mod mbox;
mod names;

use std::path::PathBuf;

use jiff::tz::TimeZone;

pub use disk::{FileTo, FolderTo};

use crate::error::UserError;
use crate::model::conversation::Conversation;
use crate::model::ids::{ConversationId, MessageId};
use crate::model::view::ConversationRow;
use crate::store::{Body, ConversationMail, Store, StoreError};

/// How many conversations are looked at together for mails that are to be fetched.
const PORTION: usize = 100;

/// The most mails that are asked for together.
const ASKED_MAX: usize = 200;

/// What is made of conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One mbox with their mails.
    Mbox,
    /// A folder for each with its mails, and what the team did.
    Eml,
    /// A JSON document for each, one a line.
    Json,
    /// One table.
    Csv(Rows),
    /// A page for each.
    Markdown,
}

/// What the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Conversations.
    Conversations,
    /// Messages.
    Messages,
    /// Notes and events.
    History,
}

impl Rows {
    /// Returns the name that is typed.
    pub fn name(self) -> &'static str {
        match self {
            Rows::Conversations => "conversations",
            Rows::Messages => "messages",
            Rows::History => "history",
        }
    }
}

impl Form {
    /// Returns the name that is typed.
    pub fn name(self) -> &'static str {
        match self {
            Form::Mbox => "mbox",
            Form::Eml => "eml",
            Form::Json => "json",
            Form::Csv(_) => "csv",
            Form::Markdown => "markdown",
        }
    }

    /// Tells whether files in a folder are made of it, rather than one file.
    pub fn is_folder(self) -> bool {
        matches!(self, Form::Eml | Form::Markdown)
    }

    /// Tells whether the text of mails is in it.
    pub fn has_texts(self) -> bool {
        !matches!(self, Form::Csv(Rows::Conversations | Rows::History))
    }
}

/// What is to be exported.
pub struct Job<'a> {
    /// The store.
    pub store: &'a Store,
    /// The conversations, in their order.
    pub ids: &'a [ConversationId],
    /// What is made of them.
    pub form: Form,
    /// The time zone of pages to read.
    pub zone: &'a TimeZone,
}

/// What an export asks of whoever began it.
pub trait Caller {
    /// Fetches mails of which only the headers are here, as far as that can be done.
    ///
    /// # Errors
    /// When the store can't be written; that a server can't be reached is none.
    fn fetch(&self, mails: &[MessageId]) -> Result<(), UserError>;

    /// Tells whether a mail of so many bytes is never fetched whole.
    fn is_too_large(&self, size: u64) -> bool;

    /// Returns a conversation as a JSON document on one line, without its end.
    fn document(&self, conversation: &Conversation) -> String;

    /// Is told how many conversations are done.
    fn told(&self, done: usize);

    /// Is told of a mail or a conversation that the store can't give, and why.
    fn is_damaged(&self, what: &str, error: &UserError);
}

/// The name of a file within an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The folder that it stands in, where there is one.
    pub folder: Option<String>,
    /// Its own.
    pub file: String,
}

/// Where an export goes. What is one file takes all bytes in their order and no name.
pub trait Destination {
    /// Tells whether nothing has been written to it yet.
    fn is_empty(&self) -> bool;

    /// Tells whether a conversation is in it whole.
    fn has(&self, id: &ConversationId) -> bool;

    /// Writes a file, or the next bytes. `false` when nobody reads any more.
    ///
    /// # Errors
    /// When it can't be written.
    fn put(&mut self, name: &Name, bytes: &[u8]) -> Result<bool, UserError>;

    /// Keeps in mind that a conversation is in it whole.
    ///
    /// # Errors
    /// When that can't be written.
    fn done(&mut self, id: &ConversationId) -> Result<(), UserError>;

    /// Ends it: all is there.
    ///
    /// # Errors
    /// When it can't be written.
    fn finish(&mut self) -> Result<(), UserError>;
}

/// Mails whose text is in no export, by the reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// It is on the server still.
    pub on_server: usize,
    /// It is too large to be fetched.
    pub too_large: usize,
    /// The mail left the server before it was fetched.
    pub gone: usize,
    /// It was let go when the mail left the server.
    pub let_go: usize,
    /// What is kept of it is damaged.
    pub damaged: usize,
}

impl Missing {
    /// Returns how many there are.
    pub fn all(&self) -> usize {
        self.on_server + self.never()
    }

    /// Returns how many will never come.
    pub fn never(&self) -> usize {
        self.too_large + self.gone + self.let_go + self.damaged
    }

    fn count(&mut self, body: Body, caller: &dyn Caller) {
        match body {
            Body::OnServer(size) if caller.is_too_large(size) => self.too_large += 1,
            Body::OnServer(_) => self.on_server += 1,
            Body::Gone => self.gone += 1,
            Body::LetGo(_) => self.let_go += 1,
            Body::Here | Body::Unknown => {}
        }
    }
}

/// What an export came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The conversations that were written.
    pub conversations: usize,
    /// Their mails whose text is here.
    pub mails: usize,
    /// The conversations that an earlier, interrupted export had written.
    pub before: usize,
    /// Their mails whose text is not here.
    pub missing: Missing,
}

/// Exports conversations; those that are gone from here meanwhile are left out.
///
/// # Errors
/// Those of the store and of the destination; what was written stays, for the next time.
pub fn run(job: &Job<'_>, caller: &dyn Caller, to: &mut dyn Destination) -> Result<Summary, UserError> {
    let mut summary = Summary::default();
    if let Form::Csv(rows) = job.form
        && to.is_empty()
        && !to.put(&stream(), csv::header(rows).as_bytes())?
    {
        return Ok(summary);
    }
    for portion in job.ids.chunks(PORTION) {
        let left: Vec<&ConversationId> = portion.iter().filter(|id| !to.has(id)).collect();
        summary.before += portion.len() - left.len();
        if job.form.has_texts() {
            fetch(job, caller, &left)?;
        }
        for id in left {
            if !one(job, caller, to, id, &mut summary)? {
                return Ok(summary);
            }
            to.done(id)?;
            caller.told(summary.before + summary.conversations);
        }
    }
    to.finish()?;
    Ok(summary)
}

/// Has the mails fetched of which only the headers are here.
fn fetch(job: &Job<'_>, caller: &dyn Caller, ids: &[&ConversationId]) -> Result<(), UserError> {
    let mut away = Vec::new();
    for id in ids {
        let mails = job.store.mails_of(id)?.into_iter();
        let wanted = mails.filter(|mail| matches!(mail.body, Body::OnServer(size) if !caller.is_too_large(size)));
        away.extend(wanted.map(|mail| mail.id));
    }
    away.chunks(ASKED_MAX).try_for_each(|mails| caller.fetch(mails))
}

/// Writes one conversation; `false` when nobody reads any more.
fn one(
    job: &Job<'_>,
    caller: &dyn Caller,
    to: &mut dyn Destination,
    id: &ConversationId,
    summary: &mut Summary,
) -> Result<bool, UserError> {
    let Some(row) = job.store.row_now(id)? else { return Ok(true) };
    if !job.form.has_texts() {
        summary.conversations += 1;
        let Form::Csv(Rows::History) = job.form else {
            return to.put(&stream(), csv::conversation(&row).as_bytes());
        };
        let whole = job.store.conversation(id, usize::MAX / 4)?;
        return to.put(&stream(), whole.as_ref().map(csv::history).unwrap_or_default().as_bytes());
    }
    let damaged = &mut 0;
    let written = with_texts(job, caller, to, (id, &row), (summary, damaged));
    summary.missing.damaged += *damaged;
    written
}

/// Writes one conversation with the texts of its mails.
fn with_texts(
    job: &Job<'_>,
    caller: &dyn Caller,
    to: &mut dyn Destination,
    (id, row): (&ConversationId, &ConversationRow),
    (summary, damaged): (&mut Summary, &mut usize),
) -> Result<bool, UserError> {
    let mails = job.store.mails_of(id)?;
    let here = mails.iter().filter(|mail| mail.body == Body::Here);
    summary.conversations += 1;
    mails.iter().for_each(|mail| summary.missing.count(mail.body, caller));
    let count = &mut summary.mails;
    if job.form == Form::Mbox {
        return each(job, (caller, damaged), here, |mail, raw| {
            *count += 1;
            to.put(&stream(), &mbox::entry(&raw, mail.arrived))
        });
    }
    let name = names::conversation(row);
    if job.form == Form::Eml {
        let file = |file: String| Name { folder: Some(name.clone()), file };
        let put = |mail: &ConversationMail, raw: Vec<u8>| {
            *count += 1;
            to.put(&file(names::mail(mail)), &raw)
        };
        if !each(job, (caller, damaged), here, put)? {
            return Ok(false);
        }
        let Some(whole) = whole(job, (caller, damaged), id)? else { return Ok(true) };
        return to.put(&file("conversation.json".to_owned()), format!("{}\n", caller.document(&whole)).as_bytes());
    }
    let here = here.count();
    let Some(whole) = whole(job, (caller, damaged), id)? else { return Ok(true) };
    *count += here;
    match job.form {
        Form::Csv(_) => to.put(&stream(), csv::messages(&whole).as_bytes()),
        Form::Markdown => {
            to.put(&Name { folder: None, file: format!("{name}.md") }, markdown::page(&whole, job.zone).as_bytes())
        }
        Form::Mbox | Form::Eml | Form::Json => to.put(&stream(), format!("{}\n", caller.document(&whole)).as_bytes()),
    }
}

/// Returns what was read of the store; `None` where what is kept is damaged, which is told. Any other trouble ends the export.
fn unless_damaged<T>(
    read: Result<Option<T>, StoreError>,
    what: &str,
    (caller, damaged): (&dyn Caller, &mut usize),
) -> Result<Option<T>, UserError> {
    match read {
        Err(error @ (StoreError::Content(_) | StoreError::Damaged { .. })) => {
            *damaged += 1;
            caller.is_damaged(what, &error.into());
            Ok(None)
        }
        read => Ok(read?),
    }
}

/// Reads a conversation with the texts of its mails.
fn whole(
    job: &Job<'_>,
    (caller, damaged): (&dyn Caller, &mut usize),
    id: &ConversationId,
) -> Result<Option<Conversation>, UserError> {
    match job.store.conversation(id, usize::MAX / 4) {
        // One of its mails was told already.
        Err(StoreError::Content(_) | StoreError::Damaged { .. }) if *damaged > 0 => Ok(None),
        read => unless_damaged(read, id.as_str(), (caller, damaged)),
    }
}

/// Hands over the bytes of mails, one after another, until nobody wants any more.
fn each<'m>(
    job: &Job<'_>,
    (caller, damaged): (&dyn Caller, &mut usize),
    mails: impl Iterator<Item = &'m ConversationMail>,
    mut take: impl FnMut(&ConversationMail, Vec<u8>) -> Result<bool, UserError>,
) -> Result<bool, UserError> {
    for mail in mails {
        if let Some(raw) = unless_damaged(job.store.whole(&mail.id), mail.id.as_str(), (caller, &mut *damaged))?
            && !take(mail, raw)?
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The name of what has none.
fn stream() -> Name {
    Name { folder: None, file: String::new() }
}

/// Opens what stands on the disk: a folder or a file, as the form wants it. `what` says in a word of the caller's what is exported: an
/// interrupted export of the same is gone on with.
///
/// # Errors
/// When something stands there already and is not to be replaced, when another export is writing there or left something of another
/// kind, or when it can't be written.
pub fn open(form: Form, path: PathBuf, what: &str, overwrite: bool) -> Result<Box<dyn Destination>, UserError> {
    Ok(if form.is_folder() {
        Box::new(FolderTo::open(path, what, overwrite)?)
    } else {
        Box::new(FileTo::open(path, what, overwrite)?)
    })
}

#[cfg(test)]
#[path = "export_tests.rs"]
mod tests;
