//! Real delivery reports, each about a reply in a store: it must stand with that reply, say why, and reopen nothing.

use std::collections::HashSet;
use std::path::Path;

use crate::corpora::{files, unpacked};
use crate::desk::{author, inbox, main};
use postroom::mime;
use postroom::model::address::Address;
use postroom::model::agent::Team;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::conversation::Item;
use postroom::model::ids::MessageId;
use postroom::model::message::Outcome;
use postroom::model::status::Status;
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};

const NOW: i64 = 1_795_000_000;

fn open(dir: &Path) -> Store {
    let author = author("alice", Clock::fixed(Timestamp::from_seconds(NOW)), Ids::counted(1));
    let inboxes = vec![inbox("support", Address::new("", "support@shop.example"))];
    let team = Team { agents: Vec::new(), inboxes, ..Team::default() };
    Store::open(dir, StoreOptions { author, team, history_after: 365 * Timestamp::DAY }).unwrap()
}

fn incoming(uid: u32, raw: Vec<u8>) -> Incoming {
    let arrived = Timestamp::from_seconds(NOW - 100_000 + i64::from(uid));
    Incoming { uid, flags: vec![], arrived, size: raw.len() as u64, modseq: None, content: Content::Whole(raw) }
}

/// A report, the mail that it is about, to whom that went, and whether it tells of a failure.
struct Report {
    raw: Vec<u8>,
    about: MessageId,
    to: String,
    failed: bool,
}

fn reports(root: &Path) -> Vec<Report> {
    let paths = files(root);
    let (mut found, mut ids) = (Vec::new(), HashSet::new());
    for path in paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "eml")) {
        let raw = std::fs::read(path).unwrap();
        let envelope = mime::parse(&raw).envelope;
        let (Some(own), Some(about)) = (envelope.message_id, envelope.about) else { continue };
        // One mail can be in the corpus in several forms.
        if envelope.fates.is_empty() || !ids.insert(own) || !ids.insert(about.clone()) {
            continue;
        }
        let failed = envelope.fates.iter().any(|fate| fate.outcome == Outcome::Failed);
        let named = envelope.fates.iter().map(|fate| fate.recipient.as_str()).filter(|named| named.contains('@'));
        let to = named.collect::<Vec<_>>().join(", ");
        found.push(Report { raw, about, to, failed });
    }
    found
}

#[test]
fn real_reports_stand_with_the_reply_that_they_are_about_and_reopen_nothing() {
    let Some(root) = unpacked("bounces/sisimai-set-of-emails.tar.zst") else { return };
    let reports = reports(root.path());
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let inbox = store.folder(&main(), "INBOX", FolderRole::Inbox).unwrap().id;
    let sent = store.folder(&main(), "Sent", FolderRole::Sent).unwrap().id;
    let (mut mails, mut answers) = (Vec::new(), Vec::new());
    for (n, report) in reports.iter().enumerate() {
        let uid = u32::try_from(n * 2).unwrap() + 1;
        let question = format!(
            "Message-ID: <q{n}@c.example>\r\nFrom: c{n}@c.example\r\nTo: support@shop.example\r\nSubject: Question {n}\r\n\r\nWhere?\r\n"
        );
        let answer = format!(
            "Message-ID: <{}>\r\nFrom: support@shop.example\r\nTo: c{n}@c.example\r\nBcc: {}\r\nSubject: Re: Question {n}\r\nReferences: <q{n}@c.example>\r\n\r\nHere.\r\n",
            report.about, report.to
        );
        mails.push(incoming(uid, question.into_bytes()));
        answers.push(incoming(uid + 1, answer.into_bytes()));
    }
    store.ingest(inbox, mails).unwrap();
    store.ingest(sent, answers).unwrap();
    let late = reports.iter().zip(50_000..).map(|(report, uid)| incoming(uid, report.raw.clone())).collect();
    store.ingest(inbox, late).unwrap();
    let mut wrong = Vec::new();
    for (n, report) in reports.iter().enumerate() {
        let id = store.conversation_of(&MessageId::new(&format!("q{n}@c.example")).unwrap()).unwrap().unwrap();
        let conversation = store.conversation(&id, 50).unwrap().unwrap();
        let said = conversation.items.iter().find_map(|item| match item {
            Item::Message(message) if message.id == report.about => {
                Some((!message.bounced.is_empty(), !message.delayed.is_empty()))
            }
            _ => None,
        });
        let row = &conversation.row;
        let good = row.status == Status::Waiting
            && row.messages == 3
            && row.bounced == report.failed
            && said.is_some_and(|(bounced, delayed)| bounced == report.failed && (bounced || delayed));
        if !good {
            wrong.push(format!("{}: {:?} {} {} {said:?}", report.about, row.status, row.messages, row.bounced));
        }
    }
    println!("{} reports, {} of them not where they belong: {wrong:#?}", reports.len(), wrong.len());
    assert!(reports.len() > 150 && wrong.is_empty(), "{} reports; {wrong:#?}", reports.len());
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}
