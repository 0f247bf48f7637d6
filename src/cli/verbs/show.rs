//! `postroom show`.

use crate::app::words::size;
use crate::cli::args::Format;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::json::ConversationJson;
use crate::cli::output::Output;
use crate::cli::{act, targets, words};
use crate::error::UserError;
use crate::model::conversation::{Conversation, Item, MessageItem, NoteItem};
use crate::model::message::{Block, Direction};
use crate::model::text::SafeText;

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
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments and of the store.
pub fn run(around: &Surroundings, out: &mut Output, args: &ShowArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let ids = targets::find(&desk, &args.targets)?;
    if ids.is_empty() {
        return act::nothing(out);
    }
    for (n, id) in ids.iter().enumerate() {
        if out.is_closed() {
            break;
        }
        if let Some(number) = args.raw {
            raw(&desk, out, id, number)?;
            continue;
        }
        let Some(conversation) = desk.store.conversation(id, args.newest.unwrap_or(usize::MAX / 4))? else { continue };
        match out.format() {
            Format::Json => out.json(&ConversationJson::whole(&conversation)),
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
    Ok(Exit::Done)
}

fn raw(desk: &Desk, out: &mut Output, id: &crate::model::ids::ConversationId, number: usize) -> Result<(), UserError> {
    let messages = desk.store.message_ids(id)?;
    let message = number.checked_sub(1).and_then(|at| messages.get(at));
    let message = message.ok_or_else(|| words::usage(format!("{id} has messages 1 to {}", messages.len())))?;
    let bytes = desk.store.raw(message)?;
    let bytes = bytes.ok_or_else(|| words::usage("the body is not here yet").hint("run `postroom sync`"))?;
    out.raw(&bytes);
    Ok(())
}

fn print(desk: &Desk, out: &mut Output, conversation: &Conversation, full: bool) {
    let row = &conversation.row;
    out.line(&SafeText::line(&format!("{}  {}", row.short, row.title)));
    let holder = row.assignee.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
    let tags: String = row.tags.iter().map(|tag| format!(" #{tag}")).collect();
    let snooze = row.snoozed_until.map(|at| format!(", snoozed until {}", desk.time(at))).unwrap_or_default();
    out.line(&SafeText::line(&format!("{} · {}{snooze} · {holder}{tags}", row.inbox, row.status)));
    if !conversation.followers.is_empty() {
        let names: Vec<&str> = conversation.followers.iter().map(AsRef::as_ref).collect();
        out.line(&SafeText::line(&format!("followed by {}", names.join(", "))));
    }
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
                let void = if event.void { format!(" ({})", event.reason) } else { String::new() };
                out.line(&SafeText::line(&format!("-- {}{void} · {}", event.sentence, desk.time(event.at))));
            }
        }
    }
}

fn print_message(desk: &Desk, out: &mut Output, message: &MessageItem, full: bool) {
    let arrow = if message.direction == Direction::Outbound { ">>" } else { "<<" };
    out.line(&SafeText::line(&format!("{arrow} {} · {}", message.from, desk.time(message.at))));
    out.line(&SafeText::line(&format!("   to {}", message.to)));
    if !message.cc.is_empty() {
        out.line(&SafeText::line(&format!("   cc {}", message.cc)));
    }
    if let Some(sending) = &message.sending {
        out.line(&SafeText::line(&format!("   {sending}")));
    }
    message.bounced.iter().for_each(|fate| out.line(&SafeText::line(&format!("   bounced: {fate}"))));
    message.delayed.iter().for_each(|fate| out.line(&SafeText::line(&format!("   delayed: {fate}"))));
    out.own("\n");
    if message.partial {
        out.line(&SafeText::from("(the body is not here yet)"));
    }
    for block in &message.body.blocks {
        match block {
            Block::Text(lines) => lines.iter().for_each(|line| out.line(line)),
            Block::Quote(lines) | Block::Signature(lines) if full => lines.iter().for_each(|line| out.line(line)),
            Block::Quote(lines) => {
                out.line(&SafeText::line(&format!("[{}]", words::number(lines.len(), "quoted line"))))
            }
            Block::Signature(_) => {}
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

fn print_note(desk: &Desk, out: &mut Output, note: &NoteItem) {
    let edited = if note.edited.is_some() { ", edited" } else { "" };
    out.line(&SafeText::line(&format!("## note by {} · {}{edited}", note.actor, desk.time(note.at))));
    for line in &note.lines {
        out.line(&SafeText::line(&format!("##   {line}")));
    }
}
