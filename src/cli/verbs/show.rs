//! `postroom show`.

use crate::app::words::size;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::ConversationJson;
use crate::cli::output::Output;
use crate::cli::targets::Use;
use crate::cli::{act, bodies, targets, words};
use crate::error::UserError;
use crate::model::conversation::{Conversation, Item, MessageItem, NoteItem};
use crate::model::ids::{ConversationId, MessageId};
use crate::model::message::{Authorship, Block, Direction, TextPart};
use crate::model::text::SafeText;
use crate::model::view::Worker;
use crate::service::reading;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// Ids, a query, or - for ids from stdin
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// Show only the newest N entries
    #[arg(long, short = 'n', value_name = "N")]
    newest: Option<usize>,
    /// Show quotes and signatures too
    #[arg(long)]
    full: bool,
    /// Print message N, counted from 1, as the bytes that came in; made safe on a terminal
    #[arg(long, value_name = "N")]
    raw: Option<usize>,
    /// Show mails that have both by their plain text, or by their HTML
    #[arg(long, value_name = "PART", conflicts_with = "raw")]
    part: Option<Part>,
}

/// One of the texts of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// HTML
    Html,
    /// Plain text
    Plain,
}

impl From<Part> for TextPart {
    fn from(part: Part) -> Self {
        match part {
            Part::Html => TextPart::Html,
            Part::Plain => TextPart::Plain,
        }
    }
}

/// Shows a conversation's mails by one of their texts.
fn turn(desk: &Desk, out: &mut Output, conversation: &mut Conversation, part: Part) -> Result<Exit, UserError> {
    if reading::show_parts(&desk.store, conversation, part.into())? {
        return Ok(Exit::Done);
    }
    let id = conversation.row.short.clone();
    out.warn(&match part {
        Part::Html => say!("no-part-html", id = id),
        Part::Plain => say!("no-part-plain", id = id),
    });
    out.warn(&say!("hint-part"));
    Ok(Exit::Nothing)
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments and of the store.
pub fn run(around: &Surroundings, out: &mut Output, args: &ShowArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let ids = targets::find(&desk, &args.targets, Use::Read(out))?;
    if ids.is_empty() {
        return act::nothing(out);
    }
    let newest = args.newest.unwrap_or(usize::MAX / 4);
    let mut exit = Exit::Done;
    for (n, id) in ids.iter().enumerate() {
        if out.is_closed() {
            break;
        }
        if let Some(number) = args.raw {
            exit = raw(around, &desk, out, id, number)?.or_worse(exit);
            continue;
        }
        let Some(mut conversation) = desk.store.conversation(id, newest)? else { continue };
        let partial = partial(&conversation);
        if !partial.is_empty() && out.format() != Format::Ids {
            exit = bodies::bring(around, &desk, out, &partial)?.or_worse(exit);
            conversation = desk.store.conversation(id, newest)?.unwrap_or(conversation);
        }
        if let Some(part) = args.part.filter(|_| out.format() != Format::Ids) {
            let turned = turn(&desk, out, &mut conversation, part)?;
            exit = turned.or_worse(exit);
            if turned != Exit::Done {
                continue;
            }
        }
        match out.format() {
            Format::Json => {
                let stats = desk.store.stats(std::slice::from_ref(id))?;
                out.json(&ConversationJson::whole(&conversation).with_stats(stats.first()));
            }
            Format::Ids => {
                let messages = desk.store.message_ids(id)?;
                messages.iter().for_each(|message| out.line(&SafeText::line(message.as_str())));
            }
            Format::Table => {
                if n > 0 {
                    out.own("\n");
                }
                print(&desk, out, &conversation, args.full);
            }
        }
    }
    Ok(exit)
}

/// Returns the mails of which only the headers are here, those left out whose text was let go: that is said where it would stand.
fn partial(conversation: &Conversation) -> Vec<MessageId> {
    let mails = conversation.items.iter().filter_map(|item| match item {
        Item::Message(message) => Some(&**message),
        _ => None,
    });
    let all = conversation.context.iter().map(|notice| &notice.message).chain(mails);
    all.filter(|message| message.partial && !is_let_go(message)).map(|message| message.id.clone()).collect()
}

fn is_let_go(message: &MessageItem) -> bool {
    message.missing.as_ref().is_some_and(|why| why.code == "mail-let-go")
}

fn raw(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    id: &ConversationId,
    number: usize,
) -> Result<Exit, UserError> {
    let messages = desk.store.message_ids(id)?;
    let message = number.checked_sub(1).and_then(|at| messages.get(at));
    let message = message
        .ok_or_else(|| words::usage(phrase!("messages-there", id = id.as_str(), last = messages.len().to_string())))?;
    let exit = bodies::bring(around, desk, out, std::slice::from_ref(message))?;
    if let Some(bytes) = desk.store.whole(message)? {
        out.raw(&bytes);
    }
    Ok(exit)
}

fn print(desk: &Desk, out: &mut Output, conversation: &Conversation, full: bool) {
    let row = &conversation.row;
    out.line(&SafeText::line(&format!("{}  {}", row.short, crate::text::titled(row.title.as_str()))));
    let holder = row.assignee.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
    let tags: String = row.tags.iter().map(|tag| format!(" #{tag}")).collect();
    let snooze = row.snoozed_until.map(|at| format!(", snoozed until {}", desk.time(at))).unwrap_or_default();
    out.line(&SafeText::line(&format!("{} · {}{snooze} · {holder}{tags}", row.inbox, row.status)));
    if let Some(Worker { agent, name, until }) = &row.worker {
        let said = say!("is-leased", worker = name.as_str(), who = agent.as_str(), until = desk.time(*until));
        out.line(&SafeText::line(&said));
    }
    if !conversation.followers.is_empty() {
        let names: Vec<&str> = conversation.followers.iter().map(AsRef::as_ref).collect();
        out.line(&SafeText::line(&format!("followed by {}", names.join(", "))));
    }
    print_together(desk, out, conversation, Some(full));
    if conversation.earlier > 0 {
        let (count, be) = (conversation.earlier, if conversation.earlier == 1 { "y is" } else { "ies are" });
        out.line(&SafeText::line(&format!("({count} earlier entr{be} left out)")));
    }
    let mut after_mail = true;
    for item in &conversation.items {
        let is_mail = matches!(item, Item::Message(_));
        if after_mail || is_mail {
            out.own("\n");
        }
        after_mail = is_mail;
        match item {
            Item::Message(message) => print_message(desk, out, message, full),
            Item::Note(note) => print_note(desk, out, note),
            Item::Event(event) => {
                let void =
                    event.void.as_ref().map_or_else(String::new, |why| format!(" ({})", crate::text::render(why)));
                out.line(&SafeText::line(&format!("-- {}{void} · {}", event.sentence, desk.time(event.at))));
            }
        }
    }
}

/// Tells what a conversation has to do with others, with their ids. `full` says whether all of the notices is printed, or their first lines;
/// `None` prints none of their text.
pub fn print_together(desk: &Desk, out: &mut Output, conversation: &Conversation, full: Option<bool>) {
    let Conversation { row, context, related, .. } = conversation;
    if row.answered > 0 {
        out.line(&SafeText::line(&say!("answered", count = row.answered)));
    }
    for other in related {
        out.line(&SafeText::line(&say!("related-is", other = other.phrase())));
    }
    for notice in context {
        let at = desk.time(notice.message.at).to_string();
        let words = say!("context-is", at = at, short = &notice.short);
        out.line(&SafeText::line(&format!("{words}: {}", notice.message.subject)));
        if let Some(full) = full {
            print_context(out, &notice.message, full);
        }
    }
}

/// The lines of a notice that are printed above an answer to it, unless all are wanted.
const CONTEXT_LINES: usize = 3;

fn print_context(out: &mut Output, notice: &MessageItem, full: bool) {
    let lines = notice.body.blocks.iter().flat_map(Block::lines);
    let lines: Vec<&SafeText> = lines.filter(|line| !line.is_empty()).collect();
    let shown = if full { lines.len() } else { CONTEXT_LINES };
    lines.iter().take(shown).for_each(|line| out.line(&SafeText::line(&format!("   {line}"))));
    if lines.len() > shown {
        out.line(&SafeText::line(&format!("   [{}]", say!("more-lines", count = lines.len() - shown))));
    }
}

fn print_message(desk: &Desk, out: &mut Output, message: &MessageItem, full: bool) {
    let arrow = if message.direction == Direction::Outbound { ">>" } else { "<<" };
    let is_form = message.authorship == Authorship::Form;
    let who = if is_form { &message.author } else { &message.from };
    out.line(&SafeText::line(&format!("{arrow} {who} · {}", desk.time(message.at))));
    if let Some(mark) = message.authorship.mark(message.author.as_str()) {
        let from = if is_form { format!("; {}", say!("wrote-from", from = &message.from)) } else { String::new() };
        out.line(&SafeText::line(&format!("   {}{from}", crate::text::render(&mark))));
    }
    message.doubts.iter().for_each(|doubt| out.line(&SafeText::line(&format!("   ! {doubt}"))));
    if let Some(reply_to) = message.reply_to.as_ref().filter(|_| !is_form) {
        out.line(&SafeText::line(&format!("   {}", say!("answers-go-to", who = reply_to))));
    }
    if let Some(who) = &message.new_here {
        out.line(&SafeText::line(&format!("   {}", say!("new-here", who = who))));
    }
    out.line(&SafeText::line(&format!("   to {}", message.to)));
    if !message.cc.is_empty() {
        out.line(&SafeText::line(&format!("   cc {}", message.cc)));
    }
    match message.body.part {
        Some(TextPart::Html) => out.line(&SafeText::line(&format!("   {}", say!("part-html-of")))),
        Some(TextPart::Plain) if message.body.turned => {
            out.line(&SafeText::line(&format!("   {}", say!("part-plain-of"))));
        }
        _ => {}
    }
    if let Some(sending) = &message.sending {
        out.line(&SafeText::line(&format!("   {sending}")));
    }
    match &message.left {
        Some(left) => out.line(&SafeText::line(&format!("   {}", crate::text::render(left)))),
        None if message.gone => out.line(&SafeText::line(&format!("   {}", say!("mail-gone-from-server")))),
        None => {}
    }
    if !message.shares.is_empty() {
        let who: Vec<&str> = message.shares.iter().map(|other| other.who.as_str()).collect();
        out.line(&SafeText::line(&format!("   {}", say!("shares-id", who = who.join(", ")))));
    }
    message.bounced.iter().for_each(|fate| out.line(&SafeText::line(&format!("   bounced: {fate}"))));
    message.delayed.iter().for_each(|fate| out.line(&SafeText::line(&format!("   delayed: {fate}"))));
    out.own("\n");
    match &message.missing {
        Some(why) => out.line(&SafeText::line(&format!("({})", crate::text::render(why)))),
        None if message.partial => out.line(&SafeText::from("(the body is not here yet)")),
        None => {}
    }
    for (at, block) in message.body.blocks.iter().enumerate() {
        if let Some(one) = message.body.invitations.iter().find(|one| one.block == at) {
            crate::text::invitation(one, Some(&desk.zone)).iter().for_each(|line| out.line(line));
            out.own("\n");
            continue;
        }
        match block {
            Block::Text(lines) => lines.iter().for_each(|line| out.prose(line)),
            Block::Quote(lines) | Block::Signature(lines) if full => lines.iter().for_each(|line| out.prose(line)),
            Block::Quote(lines) => print_folded(out, |count| say!("quoted-lines-of", count = count), lines),
            Block::Signature(lines) => print_folded(out, |count| say!("signature-lines-of", count = count), lines),
        }
    }
    for file in &message.body.attachments {
        out.line(&SafeText::line(&format!(
            "[file {}] {} ({}, {})",
            file.index + 1,
            file.name,
            file.media,
            size(file.size)
        )));
    }
    for link in &message.body.links {
        let warning = link.warning.as_ref().map(|w| format!(" ({w})")).unwrap_or_default();
        out.line(&SafeText::line(&format!("[{}] {}{warning}", link.number, link.target)));
    }
    for warning in &message.body.warnings {
        out.line(&SafeText::line(&format!("(! {warning})")));
    }
}

/// Says how many lines are left out.
fn print_folded(out: &mut Output, words: impl Fn(usize) -> String, lines: &[SafeText]) {
    let count = lines.iter().filter(|line| !line.is_empty()).count();
    out.line(&SafeText::line(&format!("[{}]", words(count))));
}

fn print_note(desk: &Desk, out: &mut Output, note: &NoteItem) {
    let edited = if note.edited.is_some() { ", edited" } else { "" };
    out.line(&SafeText::line(&format!("## note by {} · {}{edited}", note.actor, desk.time(note.at))));
    if let Some(erased) = &note.erased {
        let words = say!("note-erased", who = erased.who.to_string(), at = desk.time(erased.at).to_string());
        out.line(&SafeText::line(&format!("##   {words}")));
        return;
    }
    for line in &note.lines {
        out.prose(&SafeText::line(&format!("##   {line}")));
    }
}
