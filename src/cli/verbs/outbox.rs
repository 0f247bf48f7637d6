//! `postroom outbox`.

use clap::Subcommand;

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::mail_json::OutgoingJson;
use crate::cli::output::Output;
use crate::cli::table::Column;
use crate::cli::{post, writing};
use crate::error::{ErrorKind, UserError};
use crate::mime;
use crate::model::reply::{OutState, Outgoing};
use crate::model::text::SafeText;
use crate::service::outbox::{Again, send_again, take_back};
use crate::text;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct OutboxArgs {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List what is on its way out, and why it still is
    List {
        /// List what was sent and taken back in the last days too
        #[arg(long)]
        all: bool,
    },
    /// Show mails in full, with what the server said of each recipient
    Show {
        /// The mails' numbers
        #[arg(required = true, value_name = "MAIL")]
        mails: Vec<i64>,
    },
    /// Try again now
    Retry {
        /// The mails' numbers
        #[arg(required = true, value_name = "MAIL")]
        mails: Vec<i64>,
    },
    /// Send mails that were stopped or are uncertain, whatever happened meanwhile
    SendAnyway {
        /// The mails' numbers
        #[arg(required = true, value_name = "MAIL")]
        mails: Vec<i64>,
    },
    /// Take mails back: each becomes a draft again
    #[command(visible_alias = "edit")]
    Cancel {
        /// The mails' numbers
        #[arg(required = true, value_name = "MAIL")]
        mails: Vec<i64>,
    },
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &OutboxArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    match &args.what {
        None => list(&desk, out, false),
        Some(What::List { all }) => list(&desk, out, *all),
        Some(What::Show { mails }) => {
            for id in mails {
                show(&desk, out, &one(&desk, *id)?)?;
            }
            Ok(Exit::Done)
        }
        Some(What::Retry { mails }) => again(around, &desk, out, mails, false),
        Some(What::SendAnyway { mails }) => again(around, &desk, out, mails, true),
        Some(What::Cancel { mails }) => cancel(&desk, out, mails),
    }
}

fn one(desk: &Desk, id: i64) -> Result<Outgoing, UserError> {
    desk.store.outgoing_by_id(id)?.ok_or_else(|| unknown(id))
}

fn unknown(id: i64) -> UserError {
    UserError::new(ErrorKind::Nothing, phrase!("outbox-no-mail", id = id.to_string()))
        .hint(phrase!("hint-outbox-lists"))
}

fn list(desk: &Desk, out: &mut Output, all: bool) -> Result<Exit, UserError> {
    post::tell_left(desk, out, true)?;
    let over = |mail: &Outgoing| matches!(mail.state, OutState::Filed | OutState::Cancelled);
    let mails: Vec<Outgoing> = desk.store.outgoing()?.into_iter().filter(|mail| all || !over(mail)).collect();
    if mails.is_empty() {
        out.talk(&say!("told-outbox-empty"));
        return Ok(Exit::Nothing);
    }
    match out.format() {
        Format::Json => {
            for mail in &mails {
                out.json(&OutgoingJson::new(mail, &desk.store.delivery(mail.id)?));
            }
        }
        Format::Ids => mails.iter().for_each(|mail| out.line(&SafeText::line(&mail.id.to_string()))),
        Format::Table => {
            let columns = [
                Column::FIXED,
                Column::FIXED,
                Column::FIXED,
                Column::between(8, 24),
                Column::between(8, 30),
                Column::between(10, 400),
            ];
            let cells: Vec<Vec<SafeText>> = mails.iter().map(|mail| cells(desk, mail)).collect();
            out.table(&columns, &cells);
        }
    }
    Ok(Exit::Done)
}

fn cells(desk: &Desk, mail: &Outgoing) -> Vec<SafeText> {
    let when = match mail.state {
        OutState::Held | OutState::Sent => desk.minute(mail.due),
        _ => String::new(),
    };
    [
        mail.id.to_string(),
        mail.state.to_string(),
        when,
        mail.to.clone(),
        text::titled(mail.subject.as_str()),
        text::render_any(mail.reason.as_ref()),
    ]
    .map(|cell| SafeText::line(&cell))
    .to_vec()
}

fn show(desk: &Desk, out: &mut Output, mail: &Outgoing) -> Result<(), UserError> {
    if out.format() != Format::Table {
        out.json(&OutgoingJson::new(mail, &desk.store.delivery(mail.id)?));
        return Ok(());
    }
    let say = |out: &mut Output, text: String| out.line(&SafeText::line(&text));
    say(
        out,
        format!("--- mail {}: {} {}", mail.id, mail.state, text::render_any(mail.reason.as_ref()))
            .trim_end()
            .to_owned(),
    );
    say(out, format!("Message-ID: <{}>", mail.message_id));
    let tries = if mail.attempts == 1 { "once".to_owned() } else { format!("{} times", mail.attempts) };
    say(out, format!("By: {}, tried {tries}, due {}", mail.actor, desk.time(mail.due)));
    for recipient in &desk.store.delivery(mail.id)?.recipients {
        let words = match &recipient.result {
            None => "not tried yet".to_owned(),
            Some(crate::store::Answer::Accepted) => "taken".to_owned(),
            Some(crate::store::Answer::Refused(words)) => format!("refused: {words}"),
            Some(crate::store::Answer::Deferred(words)) => format!("not now: {words}"),
        };
        say(out, format!("Recipient: {}: {words}", recipient.email));
    }
    let Some(copy) = desk.store.outgoing_bytes(mail.id)? else {
        say(out, format!("Subject: {}", text::titled(mail.subject.as_str())));
        say(out, "The text stands in the Sent folder.".to_owned());
        return Ok(());
    };
    let parsed = mime::parse(&copy);
    for (name, list) in [("From", &parsed.envelope.from), ("To", &parsed.envelope.to), ("Cc", &parsed.envelope.cc)] {
        writing::field(out, name, list);
    }
    say(out, format!("Subject: {}", text::titled(&parsed.envelope.subject)));
    for file in &parsed.readable.attachments {
        say(out, format!("Attached: {} ({} bytes)", file.name, file.size));
    }
    out.own("\n");
    parsed.readable.blocks.iter().flat_map(|block| block.lines()).for_each(|line| out.line(line));
    out.own("\n");
    Ok(())
}

fn again(around: &Surroundings, desk: &Desk, out: &mut Output, ids: &[i64], anyway: bool) -> Result<Exit, UserError> {
    let mut exit = Exit::Done;
    let mut mails = Vec::new();
    for id in ids {
        let mail = one(desk, *id)?;
        post::check(desk, &desk.store.delivery(mail.id)?.account)?;
        let refused = match send_again(&desk.store, mail.id, anyway)? {
            Again::Due => {
                mails.push(mail.id);
                continue;
            }
            Again::MayHaveArrived => say!("told-may-have-arrived", id = id.to_string()),
            Again::Settled(state) => say!("told-settled", id = id.to_string(), state = state.to_string()),
            Again::Unknown => return Err(unknown(*id)),
        };
        out.warn(&refused);
        exit = Exit::Precondition;
    }
    let sent = if mails.is_empty() { Exit::Done } else { post::deliver(around, desk, out, &mails)? };
    Ok(if exit == Exit::Done { sent } else { exit })
}

fn cancel(desk: &Desk, out: &mut Output, ids: &[i64]) -> Result<Exit, UserError> {
    let mut exit = Exit::Done;
    for id in ids {
        let mail = one(desk, *id)?;
        match take_back(&desk.store, mail.id)? {
            Some(draft) => writing::tell_draft(out, &draft, None),
            None => {
                out.warn(&say!("told-too-late", id = id.to_string(), state = mail.state.to_string()));
                exit = Exit::Precondition;
            }
        }
    }
    Ok(exit)
}
