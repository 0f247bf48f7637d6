//! A mail in full, before it is one.

use super::{File, Piece};
use crate::cli::desk::Desk;
use crate::cli::global::Format;
use crate::cli::mail_json::MailJson;
use crate::cli::output::Output;
use crate::model::address::Address;
use crate::model::reply::Identity;
use crate::model::text::SafeText;

/// Prints a mail as its recipients will see it.
pub fn mail(desk: &Desk, out: &mut Output, piece: &Piece, files: &[File]) {
    let draft = &piece.draft;
    let along = draft.files.iter().map(|file| (file.name.as_str(), file.size));
    let files: Vec<(&str, u64)> =
        along.chain(files.iter().map(|file| (file.name.as_str(), file.bytes.len() as u64))).collect();
    match out.format() {
        Format::Json => {
            out.json(&MailJson::new(draft, &files));
        }
        Format::Ids => {
            let id = draft.conversation.as_ref().map_or("new", |id| id.as_str());
            out.line(&SafeText::line(id));
        }
        Format::Table => {
            let scope = piece.row.as_ref().map_or_else(
                || "a new conversation".to_owned(),
                |r| format!("{} {}", r.short, crate::text::titled(r.title.as_str())),
            );
            out.line(&SafeText::line(&format!("--- {scope}")));
            let team = desk.config.team();
            let inbox = draft.inbox.as_ref().and_then(|id| team.inbox(id));
            let agent = desk.config.agents.iter().find(|a| a.handle == desk.config.me).and_then(|a| a.address.clone());
            let inbox = inbox.map(|inbox| match draft.identity {
                Identity::Personal => inbox.address.clone(),
                Identity::SendAs | Identity::OnBehalf => team.sender(inbox, &desk.config.me),
            });
            let inbox = inbox.unwrap_or_default();
            let (from, extra) = match (draft.identity, agent) {
                (Identity::SendAs, _) | (_, None) => (inbox, None),
                (Identity::OnBehalf, Some(agent)) => (inbox, Some(("Sender", agent))),
                (Identity::Personal, Some(agent)) => (agent, Some(("Reply-To", inbox))),
            };
            field(out, "From", &[from]);
            if let Some((name, address)) = extra {
                field(out, name, &[address]);
            }
            field(out, "To", &draft.to);
            field(out, "Cc", &draft.cc);
            field(out, "Bcc", &draft.bcc);
            out.line(&SafeText::line(&format!("Subject: {}", draft.subject)));
            if let Some(answer) = &draft.invitation {
                let words = say!("invite-goes-along", answer = answer.answer.phrase(), who = &answer.attendee.email);
                out.line(&SafeText::line(&words));
            }
            for (name, size) in files {
                out.line(&SafeText::line(&format!("Attached: {name} ({size} bytes)")));
            }
            out.own("\n");
            SafeText::lines(&draft.body).iter().for_each(|line| out.line(line));
            out.own("\n");
        }
    }
}

/// Prints a header field with addresses, where there are any.
pub fn field(out: &mut Output, name: &str, list: &[Address]) {
    if !list.is_empty() {
        let all: Vec<String> = list.iter().map(address).collect();
        out.line(&SafeText::line(&format!("{name}: {}", all.join(", "))));
    }
}

/// Writes an address with its name.
fn address(address: &Address) -> String {
    if address.name.is_empty() { address.email.clone() } else { format!("{} <{}>", address.name, address.email) }
}
