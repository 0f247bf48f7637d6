//! What erasing leaves in a store: nothing of the words, in no byte of its files, in whatever order things come.

use proptest::prelude::*;

use super::super::testing::{Bench, incoming, main, mid, raw};
use super::super::*;
use crate::model::ids::{OpId, Tag};
use crate::model::reply::Draft;
use crate::model::stop::Stop;
use crate::op::operation::{Known, Target};
use crate::op::record::{NewOperation, Record};

/// Returns which of these words stand anywhere in the store's files.
pub fn words_in(dir: &std::path::Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
        for word in words {
            if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                found.push(format!("{word} in {}", path.file_name().unwrap().to_string_lossy()));
            }
        }
    }
    found
}

const WORDS: &[&str] =
    &["xylophon", "quagga", "zirkonia", "wombatus", "yggdrasil", "kumquats", "jabberwock", "fjordling"];

/// Mail and records full of the words, beside a conversation that stays.
fn full() -> Bench {
    let bench = Bench::new();
    bench.mail(0, "a@x", "quagga@example.net", "Xylophon", &[]);
    bench.mail(10, "b@x", "quagga@example.net", "Re: Xylophon zirkonia", &["a@x"]);
    bench.mail(20, "other@x", "ana@example.net", "Parcel", &[]);
    let _ = bench.act("a@x", Known::Note { text: "He wrote wombatus".into(), mentions: Default::default() });
    let _ = bench.act("a@x", Known::Title { text: "yggdrasil".into() });
    let _ = bench.act("a@x", Known::Tag { add: [Tag::new("kumquats").unwrap()].into(), remove: Default::default() });
    let draft = Draft {
        conversation: Some(bench.id("a@x")),
        parent: Some(mid("b@x")),
        body: "Dear jabberwock".into(),
        ..Draft::default()
    };
    bench.store.save_draft(&draft).unwrap();
    bench.store.keep_note(bench.id("a@x").as_str(), "fjordling").unwrap();
    bench
}

/// Erases whole conversations, as the service does.
fn erase(bench: &Bench, message: &str) {
    let reach = bench.store.reach_of(&[bench.id(message)]).unwrap();
    commit(bench, reach);
}

fn commit(bench: &Bench, reach: std::collections::BTreeMap<String, Reach>) {
    for (_, reach) in reach {
        let op = Known::Erase {
            records: reach.records.iter().filter(|record| !record.shared).map(|record| record.id).collect(),
            messages: reach.mails.iter().map(|mail| mail.id.clone()).collect(),
        };
        let on = reach.targets.into_iter().map(Target::on).collect();
        let _ = bench.store.commit(vec![NewOperation::new(op, on)]).unwrap();
    }
}

fn scrubbed(store: &Store) {
    assert!(store.scrub(&Stop::never()).unwrap());
}

#[test]
fn no_byte_of_the_words_is_left_in_the_files() {
    let bench = full();
    // The text of the mails names their ids, which stay.
    assert_ne!(words_in(bench.dir.path(), WORDS), Vec::<String>::new());
    erase(&bench, "a@x");
    scrubbed(&bench.store);
    assert_eq!(words_in(bench.dir.path(), WORDS), Vec::<String>::new());
    bench.sound();
    assert_eq!(
        bench.store.conversation_of(&mid("other@x")).unwrap().map(|id| bench.store.rows(&[id]).unwrap().len()),
        Some(1)
    );
    assert_eq!(bench.store.drafts().unwrap(), []);
}

#[test]
fn a_mail_that_was_erased_is_not_taken_in_again_in_any_folder() {
    let bench = full();
    erase(&bench, "a@x");
    let archive = bench.store.folder(&main(), "Archive", FolderRole::Other).unwrap().id;
    for (uid, folder) in [(70, bench.inbox), (1, archive), (2, archive)] {
        let mail = raw("a@x", "quagga@example.net", "Xylophon", &[]);
        assert_eq!(bench.store.ingest(folder, vec![incoming(uid, 5, mail)]).unwrap().new, 0);
    }
    let mut again = incoming(71, 0, raw("b@x", "quagga@example.net", "Re: Xylophon zirkonia", &["a@x"]));
    again.content = match again.content {
        Content::Whole(raw) => Content::Headers(raw),
        headers => headers,
    };
    bench.store.ingest(bench.inbox, vec![again]).unwrap();
    bench
        .store
        .ingest_body(bench.inbox, 71, &raw("b@x", "quagga@example.net", "Re: Xylophon zirkonia", &["a@x"]))
        .unwrap();
    scrubbed(&bench.store);
    assert_eq!(words_in(bench.dir.path(), WORDS), Vec::<String>::new());
    assert_eq!(bench.store.conversation_of(&mid("a@x")).unwrap(), None);
    bench.sound();
}

#[test]
fn of_a_conversation_with_one_message_erased_all_else_stays() {
    let bench = full();
    let (id, before) = (bench.id("a@x"), bench.row("a@x"));
    commit(&bench, bench.store.reach_of_message(&mid("b@x")).unwrap());
    scrubbed(&bench.store);
    let after = bench.row("a@x");
    assert_eq!((bench.id("a@x"), bench.id("b@x")), (id.clone(), id.clone()));
    assert_eq!((before.messages, after.messages), (2, 1));
    assert_eq!(after.title, before.title);
    assert_eq!(words_in(bench.dir.path(), &["zirkonia", "jabberwock"]), Vec::<String>::new());
    let items = bench.store.conversation(&id, 99).unwrap().unwrap().items;
    assert!(format!("{items:?}").contains("alice erased the words of one message"), "{items:?}");
    bench.sound();
}

#[test]
fn an_erased_note_says_who_erased_it_and_an_edit_that_comes_later_brings_no_words_back() {
    let bench = full();
    let note = bench.act("a@x", Known::Note { text: "secret".into(), mentions: Default::default() }).records[0].id;
    let op = Known::Erase { records: [note].into(), messages: Default::default() };
    let _ = bench.act("a@x", op);
    let edit = Known::EditNote { note, text: "wombatus again".into(), mentions: Default::default() };
    let edit = bench.act("a@x", edit).records[0].id;
    let json = bench.store.unpushed(99).unwrap();
    let said = json.iter().find(|(id, _)| *id == edit).unwrap();
    assert!(!said.1.contains("wombatus"), "{}", said.1);
    let items = bench.store.conversation(&bench.id("a@x"), 99).unwrap().unwrap().items;
    let erased = items.iter().find_map(|item| match item {
        crate::model::conversation::Item::Note(item) if item.id == note => Some(item.clone()),
        _ => None,
    });
    let erased = erased.unwrap();
    assert_eq!(erased.erased.map(|by| by.who.to_string()), Some("alice".to_owned()));
    bench.sound();
}

#[test]
fn a_bulk_that_says_the_same_of_conversations_that_stay_keeps_its_words() {
    let bench = full();
    let tag = Known::Tag { add: [Tag::new("both").unwrap()].into(), remove: Default::default() };
    let on = vec![Target::on(mid("a@x")), Target::on(mid("other@x"))];
    let _ = bench.store.commit(vec![NewOperation::new(tag, on)]).unwrap();
    erase(&bench, "a@x");
    assert_eq!(bench.row("other@x").tags.len(), 1);
    bench.sound();
}

#[test]
fn the_scrubbing_goes_on_where_it_was_interrupted() {
    let bench = full();
    erase(&bench, "a@x");
    let stop = Stop::when(|| true);
    assert!(matches!(bench.store.scrub(&stop), Err(StoreError::Stopped)));
    let again = bench.again();
    scrubbed(&again);
    assert_eq!(words_in(bench.dir.path(), WORDS), Vec::<String>::new());
}

#[test]
fn what_is_erased_while_somebody_is_scrubbing_is_scrubbed_too() {
    let bench = full();
    erase(&bench, "a@x");
    for (n, (at, next)) in [("index", "at-index"), ("at-index", "file"), ("file", "log")].into_iter().enumerate() {
        let later = format!("later{n}@x");
        bench.mail(30 + 10 * n as i64, &later, "quagga@example.net", "Jabberwock", &[]);
        assert_eq!(bench.store.next_step(at, Some(next)).unwrap().as_deref(), Some(next));
        erase(&bench, &later);
        let again = bench.store.next_step(next, Some("past it")).unwrap();
        assert_eq!(again.as_deref(), Some("index"), "{next}");
        if next != "log" {
            bench.store.next_step("index", Some(next)).unwrap();
        }
    }
    scrubbed(&bench.store);
    assert_eq!(words_in(bench.dir.path(), WORDS), Vec::<String>::new());
}

/// The records of a log as a store has them, without their order.
fn said(bench: &Bench) -> Vec<String> {
    let lines = bench.store.log_lines(&main(), None, 1000).unwrap();
    lines.iter().map(|line| serde_json::to_string(&Record::parse(&line.json).unwrap()).unwrap()).collect()
}

fn operation(kind: u8, on: usize, made: &[OpId]) -> Known {
    let word = format!("glimmerword{on}q");
    match kind % 7 {
        0 => Known::Note { text: word, mentions: Default::default() },
        1 => Known::Title { text: word },
        2 => Known::Tag { add: [Tag::new(&word).unwrap()].into(), remove: Default::default() },
        3 if !made.is_empty() => {
            Known::EditNote { note: made[on % made.len()], text: word, mentions: Default::default() }
        }
        4 => Known::Merge { into: mid(&format!("{}@x", (on + 1) % 6)) },
        5 => Known::Split,
        _ => Known::Assign { to: None },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn erasing_gives_the_same_store_in_any_order_and_leaves_no_word(
        mails in prop::collection::btree_map(0..6usize, (prop::collection::vec(0..6usize, 0..2), 0..20i64), 1..6),
        ops in prop::collection::vec((any::<u8>(), 0..6usize), 1..10),
        gone in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        gone_mail in prop::collection::btree_set(0..6usize, 0..4),
        at in any::<prop::sample::Index>(),
        seed in any::<u64>(),
    ) {
        let writer = Bench::of("bob", 2);
        let mut made = Vec::new();
        for (kind, on) in &ops {
            let on_message = Target::on(mid(&format!("{on}@x")));
            let op = NewOperation::new(operation(*kind, *on, &made), vec![on_message]);
            made.extend(writer.store.commit(vec![op]).unwrap().records.iter().map(|record| record.id));
        }
        let lines = |all: Vec<(OpId, String)>| all.into_iter().zip(1..).map(|((_, json), uid)| {
            LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json }
        }).collect::<Vec<_>>();
        // With its words, as old mails and old clients have them.
        let mut log = lines(writer.store.unpushed(1000).unwrap());
        let records = gone.iter().map(|index| made[index.index(made.len())]).collect();
        let messages = gone_mail.iter().map(|n| mid(&format!("{n}@x"))).collect();
        let erase = Known::Erase { records, messages };
        let on = Target::on(mid("0@x"));
        let erase = writer.store.commit(vec![NewOperation::new(erase, vec![on])]).unwrap().records.remove(0);
        // The record can even stand in front of those that it names.
        let place = at.index(log.len() + 1);
        let uid = u32::try_from(place).unwrap() + 1;
        log.iter_mut().skip(place).for_each(|line| line.place.uid += 1);
        log.push(LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json: erase.to_json() });

        let all: Vec<Incoming> = mails.iter().enumerate().map(|(n, (id, (refs, at)))| {
            let refs: Vec<String> = refs.iter().filter(|r| *r != id).map(|r| format!("{r}@x")).collect();
            let refs: Vec<&str> = refs.iter().map(String::as_str).collect();
            let mail = raw(&format!("{id}@x"), "ana@example.net", &format!("Glimmerword{id}q"), &refs);
            incoming(u32::try_from(n).unwrap() + 1, *at, mail)
        }).collect();
        let mut random = fastrand::Rng::with_seed(seed);
        let clients: Vec<Bench> = (0..3).map(|n| {
            let bench = Bench::of("carol", 10 + n);
            let (mut mails, mut log) = (all.clone(), log.clone());
            random.shuffle(&mut mails);
            random.shuffle(&mut log);
            let doubled: Vec<LogLine> = log.iter().filter(|_| random.bool()).cloned().collect();
            log.extend(doubled);
            while !mails.is_empty() || !log.is_empty() {
                let some = random.usize(..=mails.len());
                bench.store.ingest(bench.inbox, mails.drain(..some).collect()).unwrap();
                let some = random.usize(..=log.len());
                let _ = bench.store.ingest_log(&main(), log.drain(..some).collect()).unwrap();
            }
            bench.sound();
            bench
        }).collect();
        for client in &clients[1..] {
            prop_assert_eq!(clients[0].dump(), client.dump());
            prop_assert_eq!(said(&clients[0]), said(client));
        }
        scrubbed(&clients[0].store);
        let visible: Vec<String> = gone_mail.iter().map(|n| format!("glimmerword{n}q")).collect();
        let kept = said(&clients[0]).join(" ");
        for word in visible.iter().filter(|word| !kept.contains(*word)) {
            prop_assert_eq!(words_in(clients[0].dir.path(), &[word]), Vec::<String>::new());
        }
    }
}
