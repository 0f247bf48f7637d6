//! `postroom erase`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::act;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::dry::Bounds;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::{Moment, SCHEMA};
use crate::cli::output::Output;
use crate::cli::targets::Use;
use crate::cli::{remote, targets, words};
use crate::error::UserError;
use crate::model::ids::{MessageId, OpId};
use crate::model::shown::Mark;
use crate::model::stop::Stop;
use crate::model::text::{SafeText, in_quotes};
use crate::op::record::Record;
use crate::service::erase::{self, ErasePlan, Wanted};
use crate::store::{ErasedMail, ErasedRecord, SharedMail, Writer};

/// The arguments.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
A Message-ID erases that mail alone. An id or a query erases all mails of the conversations and the words of all records on them: notes \
and their edits, titles, tags. What was erased is removed on the server in every folder, from the folder of the team's log, and from the \
store of every colleague as soon as it syncs; a mail that comes back is not taken in. That there was something, by whom and when, stays. \
It can't be undone, and reaches no backup. Look at it with --dry-run first.")]
pub struct EraseArgs {
    /// A Message-ID for one mail; ids, a query, or - for ids from stdin for whole conversations
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// A note, or another record, by its id, as `log` prints it; may be given several times
    #[arg(long, value_name = "RECORD")]
    note: Vec<String>,
    /// Print what would be erased, where it stands and which colleagues' programs don't know of erasing, and do nothing
    #[arg(long = "dry-run")]
    dry: bool,
    /// Do it: nothing can be taken back
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    bounds: Bounds,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &EraseArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let wanted = wanted(&desk, args)?;
    args.bounds.check(wanted.conversations.len())?;
    let plan = erase::plan(&desk.store, &wanted)?;
    for id in &plan.gone {
        out.talk(&say!("told-erased-already", id = id.to_string()));
    }
    if plan.is_empty() {
        return if plan.gone.is_empty() { act::nothing(out) } else { Ok(Exit::Done) };
    }
    tell_outdated(out, &plan);
    tell_sharing(&desk, out, &plan);
    if args.dry {
        show(&desk, out, &plan);
        return Ok(Exit::Done);
    }
    if !args.yes {
        let (mails, records) = (plan.mails().len(), going(&plan).count());
        let what = phrase!("erase-not-sure", mails = mails, records = records);
        return Err(words::usage(what).hint(phrase!("hint-erase-sure")));
    }
    let (mails, records) = (plan.mails().len(), going(&plan).count());
    let done = plan.carry_out(&desk.store)?;
    out.progress(&say!("erase-scrubs"));
    desk.store.scrub(&Stop::never())?;
    match out.format() {
        Format::Json => out.json(&EraseJson::new(ErasedJson::Done { operations: ids(&done.records), mails, records })),
        Format::Ids => ids(&done.records).iter().for_each(|id| out.line(&SafeText::line(&id.to_string()))),
        Format::Table => {}
    }
    out.talk(&say!("erased-here", mails = mails, records = records));
    if around.global.offline && desk.config.has_server() {
        out.talk(&say!("erased-later"));
    }
    remote::bring(around, &desk, out, Exit::Done)
}

fn ids(records: &[Record]) -> Vec<OpId> {
    records.iter().map(|record| record.id).collect()
}

fn going(plan: &ErasePlan) -> impl Iterator<Item = &ErasedRecord> {
    plan.records().into_iter().filter(|record| !record.shared)
}

/// Reads what is to be erased. A Message-ID means that mail, not its conversation.
fn wanted(desk: &Desk, args: &EraseArgs) -> Result<Wanted, UserError> {
    let mut wanted = Wanted::default();
    for word in &args.note {
        let unknown =
            || words::usage(phrase!("operation-id-bad", word = in_quotes(word))).hint(phrase!("hint-log-prints"));
        wanted.records.push(word.parse().map_err(|_| unknown())?);
    }
    let mut others = Vec::new();
    for word in &args.targets {
        match message(desk, word)? {
            Some(message) => wanted.messages.push(message),
            None => others.push(word.clone()),
        }
    }
    if !others.is_empty() || (wanted.messages.is_empty() && wanted.records.is_empty()) {
        wanted.conversations = targets::find(desk, &others, Use::Change)?;
    }
    Ok(wanted)
}

fn message(desk: &Desk, word: &str) -> Result<Option<MessageId>, UserError> {
    let marked = word.split_once('@').is_some_and(|(_, mark)| Mark::parse(mark).is_some());
    let named =
        MessageId::new(word.trim_start_matches('<').trim_end_matches('>')).filter(|_| word.contains('@') && !marked);
    match named {
        Some(id) if desk.store.conversation_of(&id)?.is_some() => Ok(Some(id)),
        _ => Ok(None),
    }
}

fn tell_outdated(out: &mut Output, plan: &ErasePlan) {
    for Writer { actor, host, by } in &plan.outdated {
        let (who, host) = (actor.as_str(), host.as_str());
        out.warn(&match by {
            Some(by) => say!("erase-outdated", who = who, host = host, by = SafeText::line_max(by, 64)),
            None => say!("erase-outdated-unknown", who = who, host = host),
        });
    }
}

/// Names each mail that stays though it bears the Message-ID of one that goes.
fn tell_sharing(desk: &Desk, out: &mut Output, plan: &ErasePlan) {
    for (id, mails) in plan.sharing_ids() {
        let name = |mail: &&SharedMail| format!("{}  {}  {}", desk.minute(mail.at), mail.from, mail.subject);
        let which: Vec<String> = mails.iter().map(name).collect();
        let (id, which) = (SafeText::line_max(id.as_str(), 200), SafeText::line(&which.join("; ")));
        out.warn(&say!("erase-shared-id", id = id, count = mails.len(), which = which));
    }
}

/// Prints what would be erased, a line each.
fn show(desk: &Desk, out: &mut Output, plan: &ErasePlan) {
    for mail in plan.mails() {
        match out.format() {
            Format::Json => out.json(&EraseJson::new(ErasedJson::mail(mail))),
            Format::Ids => out.line(&SafeText::line(mail.id.as_str())),
            Format::Table => {
                let places: Vec<String> =
                    mail.folders.iter().map(|(account, folder)| format!("{account}: {folder}")).collect();
                let places = if places.is_empty() { "in no folder".to_owned() } else { places.join(", ") };
                let (at, from, subject) = (desk.minute(mail.at), &mail.from, &mail.subject);
                out.line(&SafeText::line(&format!("mail  {at}  {from}  {subject}  <{}>  ({places})", mail.id)));
            }
        }
    }
    for record in plan.records() {
        match out.format() {
            Format::Json => out.json(&EraseJson::new(ErasedJson::record(record))),
            Format::Ids if record.shared => {}
            Format::Ids => out.line(&SafeText::line(&record.id.to_string())),
            Format::Table => {
                let stays = if record.shared { "  (stays: it is on other conversations too)" } else { "" };
                let (kind, at, actor) = (&record.kind, desk.minute(record.at), &record.actor);
                out.line(&SafeText::line(&format!("{kind}  {at}  {actor}  {}{stays}", record.id)));
            }
        }
    }
    let writing = plan.writing;
    if out.format() == Format::Json {
        let (drafts, notes, outbox) = (writing.drafts, writing.notes, writing.held + writing.leaving);
        out.json(&EraseJson::new(ErasedJson::Writing { drafts, notes, outbox }));
    }
    if writing.drafts + writing.notes + writing.held > 0 {
        let (drafts, notes, held) = (writing.drafts, writing.notes, writing.held);
        out.talk(&say!("erase-writing", drafts = drafts, notes = notes, held = held));
    }
    if writing.leaving > 0 {
        out.warn(&say!("erase-while-sending", count = writing.leaving));
    }
    out.talk(&say!("erase-planned", mails = plan.mails().len(), records = going(plan).count()));
}

/// `"type":"erase"`: what goes, or went.
#[derive(Serialize, JsonSchema)]
pub struct EraseJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    #[serde(flatten)]
    what: ErasedJson<'a>,
}

impl<'a> EraseJson<'a> {
    fn new(what: ErasedJson<'a>) -> Self {
        Self { schema: SCHEMA, r#type: "erase", what }
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "what", rename_all = "kebab-case")]
enum ErasedJson<'a> {
    /// A mail that would go.
    Mail { id: &'a MessageId, from: &'a SafeText, at: Moment, subject: &'a SafeText, folders: Vec<FolderJson<'a>> },
    /// A record whose words would go, unless it stays.
    Record { id: OpId, kind: &'a SafeText, actor: &'a SafeText, at: Moment, stays: bool },
    /// What is being written and would go.
    Writing { drafts: u64, notes: u64, outbox: u64 },
    /// What was erased.
    Done { operations: Vec<OpId>, mails: usize, records: usize },
}

#[derive(Serialize, JsonSchema)]
struct FolderJson<'a> {
    account: &'a str,
    folder: &'a str,
}

impl<'a> ErasedJson<'a> {
    fn mail(mail: &'a ErasedMail) -> Self {
        let folders = mail.folders.iter().map(|(account, folder)| FolderJson { account: account.as_str(), folder });
        let ErasedMail { id, from, at, subject, .. } = mail;
        Self::Mail { id, from, at: (*at).into(), subject, folders: folders.collect() }
    }

    fn record(record: &'a ErasedRecord) -> Self {
        let ErasedRecord { id, kind, actor, at, shared } = record;
        Self::Record { id: *id, kind, actor, at: (*at).into(), stays: *shared }
    }
}
