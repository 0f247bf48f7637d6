//! `postroom customer`.

use super::list;
use crate::cli::customer_json::CustomerJson;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::output::Output;
use crate::cli::{act, targets};
use crate::error::UserError;
use crate::model::address::is_plain;
use crate::model::customer::{Customer, CustomerNote};
use crate::model::shown::Mark;
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;
use crate::service::customer;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct CustomerArgs {
    /// Their address, or a conversation of theirs
    #[arg(value_name = "ADDRESS|ID")]
    who: String,
    /// Print at most so many of their conversations
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// Runs the verb. Whoever names a conversation is told of the person that is proven to have written it; whoever names an address, of what
/// there is of that address.
///
/// # Errors
/// Those of reading the arguments and of the store.
pub fn run(around: &Surroundings, out: &mut Output, args: &CustomerArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let Some(customer) = find(&desk, args)? else { return act::nothing(out) };
    match out.format() {
        Format::Json => out.json(&CustomerJson::whole(&customer)),
        Format::Ids => list::print(&desk, out, &rows(&customer)),
        Format::Table => print(&desk, out, &customer),
    }
    if customer.is_claimed {
        out.talk(&say!("customer-claimed-told"));
        out.hint(&say!("hint-customer-claimed"));
    }
    Ok(Exit::Done)
}

/// Finds whom a word means: an address that wrote or was written to, else a conversation.
fn find(desk: &Desk, args: &CustomerArgs) -> Result<Option<Customer>, UserError> {
    let is_marked = args.who.split_once('@').is_some_and(|(_, mark)| Mark::parse(mark).is_some());
    if is_plain(args.who.trim()) && !is_marked {
        let found = customer::of_address(&desk.store, &args.who, args.limit)?;
        if found.is_some() {
            return Ok(found);
        }
        // It may be a Message-ID; an address that nobody knows is no mistake.
        return match targets::one(desk, &args.who) {
            Ok(id) => customer::of_conversation(&desk.store, &id, args.limit),
            Err(_) => Ok(None),
        };
    }
    let id = targets::one(desk, &args.who)?;
    let found = customer::of_conversation(&desk.store, &id, args.limit)?;
    Ok(found.filter(|customer| !customer.addresses.is_empty()))
}

fn rows(customer: &Customer) -> Vec<ConversationRow> {
    customer.conversations.iter().map(|one| one.row.clone()).collect()
}

fn print(desk: &Desk, out: &mut Output, customer: &Customer) {
    out.line(&customer.name);
    for address in &customer.addresses {
        let mails = say!("customer-mails", count = address.mails);
        out.line(&SafeText::line(&format!("<{}>  {mails}", address.shown)));
    }
    let day = |at| crate::text::day(at, desk.clock.now(), &desk.zone);
    if let (Some(first), Some(last)) = (customer.first, customer.last) {
        let inboxes: Vec<String> = customer.inboxes.iter().map(ToString::to_string).collect();
        let in_inboxes = if inboxes.is_empty() { String::new() } else { format!(" · {}", inboxes.join(", ")) };
        out.line(&SafeText::line(&format!(
            "{}{in_inboxes}",
            say!("customer-since", first = day(first), last = day(last))
        )));
    }
    if let Some(to) = &customer.answers_to {
        out.line(&SafeText::line(&say!("answers-go-to", who = to)));
    }
    if !customer.others.is_empty() {
        let names: Vec<&str> = customer.others.iter().map(SafeText::as_str).collect();
        out.line(&SafeText::line(&say!("customer-others", names = names.join(", "))));
    }
    if !customer.conversations.is_empty() {
        out.own("\n");
        list::print(desk, out, &rows(customer));
        for one in customer.conversations.iter().filter(|one| one.is_claimed) {
            out.line(&SafeText::line(&say!("customer-claims-this", short = &one.row.short)));
        }
    }
    if customer.more > 0 || customer.is_part {
        out.line(&SafeText::line(&more(customer)));
    }
    if !customer.notes.is_empty() {
        out.own("\n");
    }
    customer.notes.iter().for_each(|one| print_note(desk, out, one));
}

fn more(customer: &Customer) -> String {
    match customer.is_part {
        true => say!("customer-part"),
        false => say!("customer-more", count = customer.more),
    }
}

fn print_note(desk: &Desk, out: &mut Output, one: &CustomerNote) {
    let (who, at) = (one.note.actor.to_string(), desk.time(one.note.at));
    out.line(&SafeText::line(&format!("## {}", say!("customer-note-of", short = &one.short, who = who, at = at))));
    for line in &one.note.lines {
        out.line(&SafeText::line(&format!("##   {line}")));
    }
}
