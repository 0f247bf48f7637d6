use super::super::related;
use super::super::testing::{Bench, incoming, main, mid};
use super::*;
use crate::mime::TAKEN_APART;
use crate::model::conversation::Item;
use crate::model::message::Block;
use crate::store::FolderRole;

const OURS: &str = "Hello Ana,\r\n\r\nthank you for your order 4412. Which size do you need, and which colour may it be?\r\n\r\nBest regards\r\nAlice";
const HEAD: &str = "From: Alice\r\nSent: Monday, January 4, 2027 10:00\r\nTo: Ana\r\nSubject: Your order\r\n\r\n";

fn mail(id: &str, from: &str, to: &str, refs: &str, text: &str) -> Vec<u8> {
    let refs = if refs.is_empty() { String::new() } else { format!("References: <{refs}>\r\n") };
    format!(
        "Message-ID: <{id}>\r\nFrom: <{from}>\r\nTo: {to}\r\nSubject: Your order\r\n{refs}\
         Date: Thu, 14 Jan 2027 08:00:00 +0000\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

/// A mail of ours, as it stands among sent mail.
fn ours(bench: &Bench, to: &str) {
    let sent = bench.store.folder(&main(), "Sent", FolderRole::Sent).unwrap().id;
    let raw = mail("ours@x", "alice@team.example", to, "", OURS);
    bench.store.ingest(sent, vec![incoming(1, 10, raw)]).unwrap();
}

fn theirs(bench: &Bench, uid: u32, id: &str, refs: &str, text: &str) {
    let raw = mail(id, "ana@example.net", "support@team.example", refs, text);
    bench.store.ingest(bench.inbox, vec![incoming(uid, 10 + i64::from(uid), raw)]).unwrap();
}

/// Returns what is shown of a mail without a key, one line after the other.
fn shown(bench: &Bench, id: &str) -> String {
    let conversation = bench.store.conversation(&bench.id(id), 100).unwrap().unwrap();
    let body = conversation.items.iter().find_map(|item| match item {
        Item::Message(message) if message.id.as_str() == id => Some(&message.body),
        _ => None,
    });
    let text = body.unwrap().blocks.iter().filter(|block| matches!(block, Block::Text(_)));
    text.flat_map(Block::lines).map(|line| line.as_str()).collect::<Vec<_>>().join("|")
}

#[test]
fn a_quote_without_marks_is_folded_once_the_mail_that_it_quotes_is_here() {
    let bench = Bench::new();
    let answer = format!("Red, please.\r\n\r\n{HEAD}{OURS}");
    theirs(&bench, 1, "a@x", "ours@x", &answer);
    assert!(shown(&bench, "a@x").contains("Which size"), "nobody holds it yet");
    let snippet = bench.row("a@x").snippet;
    ours(&bench, "ana@example.net");
    assert_eq!(shown(&bench, "a@x"), "Red, please.");
    assert_eq!(bench.row("a@x").snippet, snippet, "what the list shows goes by the mail alone");
    theirs(&bench, 2, "b@x", "ours@x", &format!("See inside.\r\n\r\n{HEAD}{}", OURS.replace("be?", "be? Red!")));
    let answered = shown(&bench, "b@x");
    assert!(
        answered.starts_with("See inside.|thank you for your order 4412.") && answered.contains("be? Red!"),
        "{answered}"
    );
    assert!(!answered.contains("Hello Ana"), "{answered}");
}

#[test]
fn a_notice_and_a_mail_of_another_conversation_are_held_too() {
    let bench = Bench::new();
    ours(&bench, "ben@example.net\r\nBcc: ana@example.net, cleo@example.net");
    theirs(&bench, 1, "a@x", "ours@x", &format!("Red, please.\r\n\r\n{HEAD}{OURS}"));
    assert_ne!(bench.id("a@x"), bench.id("ours@x"));
    assert_eq!(shown(&bench, "a@x"), "Red, please.");
}

#[test]
fn a_copy_of_a_mail_is_no_quote_of_it() {
    let bench = Bench::new();
    let text = "This is the chat I had:\r\n\r\n10:15 Ben <ben@example.com>:\r\nhello, how can I help you with your lamp today\r\n\r\nPlease call.";
    theirs(&bench, 1, "a@x", "", text);
    theirs(&bench, 2, "b@x", "a@x", text);
    assert!(shown(&bench, "a@x").contains("how can I help") && shown(&bench, "b@x").contains("how can I help"));
}

#[test]
fn of_two_mails_that_say_the_same_the_first_shows_it() {
    let bench = Bench::new();
    let text = "Hello,\r\n\r\nOn 3 May 2026 Ben <ben@example.com> wrote:\r\nYou get the money back by the end of May. Nothing came, please pay me today.";
    theirs(&bench, 1, "a@x", "", text);
    theirs(&bench, 2, "b@x", "a@x", &format!("Second try!\r\n\r\n{text}"));
    assert_eq!(bench.id("a@x"), bench.id("b@x"));
    assert!(shown(&bench, "a@x").contains("Nothing came"), "{}", shown(&bench, "a@x"));
    assert!(!shown(&bench, "b@x").contains("Nothing came"), "{}", shown(&bench, "b@x"));
}

/// Opens the conversation of a message and returns how many mails were taken apart for it.
fn taken_apart(bench: &Bench, id: &str) -> usize {
    let before = TAKEN_APART.get();
    let opened = bench.store.conversation(&bench.id(id), 100).unwrap().unwrap();
    assert!(!opened.items.is_empty());
    TAKEN_APART.get() - before
}

#[test]
fn a_mail_is_read_beside_others_only_where_they_can_tell_more_of_it() {
    let bench = Bench::new();
    theirs(&bench, 1, "m1@x", "", "Hello,\r\n\r\nthe lamp is broken.\r\n\r\nAna");
    for n in 2..=20 {
        let quote = "On 3 May 2026 Alice <support@team.example> wrote:\r\n> which one of them do you mean";
        let text = format!("It is number {n}.\r\n\r\nThanks,\r\nAna\r\n\r\n{quote}");
        theirs(&bench, n, &format!("m{n}@x"), "m1@x", &text);
    }
    assert_eq!(taken_apart(&bench, "m1@x"), 20, "a marked quote is one whatever is held");
    theirs(&bench, 21, "m21@x", "m1@x", &format!("Red, please.\r\n\r\n{HEAD}{OURS}"));
    assert_eq!(taken_apart(&bench, "m1@x"), 22, "one is read twice: once it was known that others can tell more of it");
    theirs(&bench, 22, "m22@x", "m1@x", "Any news?\r\n\r\n-- \r\nAna\r\nThe Lamp Shop");
    assert!(taken_apart(&bench, "m1@x") > 24, "what she signs one mail with may end the others");
    theirs(&bench, 23, "m23@x", "m1@x", "Nobody there?\r\n\r\nAna\r\nThe Lamp Shop");
    assert_eq!(shown(&bench, "m23@x"), "Nobody there?");
}

/// Reads each message of a conversation beside all others, whether it asks for them or not.
fn beside_all(bench: &Bench, id: i64) -> (Vec<Readable>, Vec<Readable>) {
    let read = bench.store.read(|tx| {
        let mut all = Facts::of_conversation(tx, id)?;
        all.retain(|one| !one.hidden);
        let notices = related::notices(tx, id)?;
        let shown: Vec<&Facts> = all.iter().chain(&notices).collect();
        let mut lazy = bodies(tx, &all, &notices, &shown)?;
        let named = named(tx, &all)?;
        let own = all.iter().rev().take(TEXTS_MAX);
        let others: Vec<&Facts> = notices.iter().chain(&named).chain(own).filter(|one| !one.partial).collect();
        let held = Texts { tx, alone: HashMap::new() }.held(&others)?;
        let mut pairs = (Vec::new(), Vec::new());
        for one in shown {
            let raw = get_raw(tx, one.row, SHOWN_MAX)?.unwrap_or_default();
            pairs.0.push(lazy.remove(&one.row).unwrap_or_default());
            pairs.1.push(mime::readable_beside(&raw, held.beside(super::mail(one))));
        }
        Ok(pairs)
    });
    read.unwrap()
}

#[test]
fn what_is_read_beside_others_only_where_it_asks_for_them_reads_the_same() {
    let said = "thank you for your order 4412. Which size do you need, and which colour may it be?";
    let shapes = [
        format!("Red.\r\n\r\n{HEAD}{OURS}"),
        format!("Red.\r\n\r\nOn 3 May 2026 Alice <support@team.example> wrote:\r\n> {said}"),
        format!("Red.\r\n\r\nOn 3 May 2026 Alice <support@team.example> wrote:\r\n{said}\r\nNo, blue!"),
        format!("> {said}\r\n\r\nRed."),
        "Hello,\r\n\r\nany news?\r\n\r\nAna\r\nThe Lamp Shop".to_owned(),
        "Hello,\r\n\r\nany news?\r\n\r\n-- \r\nAna\r\nThe Lamp Shop".to_owned(),
        format!("{said}\r\n\r\n-----Original Message-----\r\nhello"),
        "ok".to_owned(),
    ];
    for first in &shapes {
        for second in &shapes {
            let bench = Bench::new();
            ours(&bench, "ana@example.net");
            theirs(&bench, 1, "a@x", "ours@x", first);
            theirs(&bench, 2, "b@x", "a@x", second);
            let id = bench.store.read(|tx| super::super::batch::conversation_of(tx, &mid("b@x"))).unwrap().unwrap();
            let (lazy, eager) = beside_all(&bench, id);
            assert_eq!(lazy, eager, "{first:?} then {second:?}");
        }
    }
}
