//! The list that the store finds for a query by its SQL, against the evaluation without SQL, on random stores: real migrations, mail
//! that was taken in, operations that were committed, drafts and outgoing mail.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use postroom::model::address::Address;
use postroom::model::agent::{Inbox, Team};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, ConversationId, Handle, InboxId, MessageId, Tag};
use postroom::model::reply::Draft;
use postroom::model::status::Status;
use postroom::model::view::{ListOrder, Sort, View};
use postroom::op::operation::{Known, Target, mentions_in};
use postroom::op::record::{Author, NewOperation};
use postroom::query::{Context, ConversationFacts, Query, fold_text, index_words, parse};
use postroom::store::{Content, Delivery, FolderRole, Incoming, NewOutgoing, Store, StoreOptions};
use proptest::prelude::*;
use proptest::string::string_regex;

const NOW: i64 = 1_795_000_000_000;
const DAY: i64 = Timestamp::DAY;

const WORDS: [&str; 16] = [
    "refund",
    "refunds",
    "Order",
    "4412",
    "東京都",
    "大阪",
    "إعادة",
    "café",
    "İstanbul",
    "กินข้าว",
    "100%",
    "a_b",
    "€",
    "x",
    "a🅐b",
    "คน𑀓𑀸x",
];
const PEOPLE: [&str; 6] = [
    "Ann Lee <ann@x.org>",
    "Joanna <joanna@y.org>",
    "Bób Ü <bob@sub.x.org>",
    "a_b%c@x.org",
    "山田太郎 <tokyo@z.jp>",
    "Support <support@team.example>",
];
const AGENTS: [&str; 3] = ["me", "bob", "eve"];

/// A store that goes away with its folder.
struct Sample {
    store: Store,
    _dir: tempfile::TempDir,
}

fn author(agent: &str, now: i64, ids: u64) -> Author {
    let clock = Clock::fixed(Timestamp(now));
    Author { actor: Handle::new(agent).unwrap(), host: "box".into(), clock, ids: Ids::counted(ids) }
}

fn options(author: Author) -> StoreOptions {
    let inbox = |name: &str| Inbox {
        id: InboxId::new(name).unwrap(),
        account: account(),
        address: Address::new(name, format!("{name}@team.example")),
        aliases: Vec::new(),
        folder: None,
        language: None,
    };
    let team = Team { agents: Vec::new(), inboxes: vec![inbox("support"), inbox("sales")], ..Team::default() };
    StoreOptions { author, team, history_after: 36_500 * DAY }
}

fn account() -> AccountId {
    AccountId::new("main").unwrap()
}

fn one<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(..from.len())]
}

fn some<'a, T>(rng: &mut Rng, from: &'a [T], most: usize) -> Vec<&'a T> {
    (0..rng.usize(0..=most)).map(|_| one(rng, from)).collect()
}

fn text(rng: &mut Rng) -> String {
    some(rng, &WORDS, 4).into_iter().copied().collect::<Vec<_>>().join(" ")
}

/// A mail, perhaps an answer to another, perhaps with a file.
fn mail(rng: &mut Rng, n: usize) -> Vec<u8> {
    let refs =
        if n > 0 && rng.u8(..3) == 0 { format!("References: <m{}@x>\r\n", rng.usize(..n)) } else { String::new() };
    let file = match rng.u8(..3) {
        0 => format!(
            "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*=UTF-8''{}.pdf\r\n\r\nx\r\n",
            one(rng, &["order", "refund%20x", "%E6%9D%B1%E4%BA%AC"])
        ),
        _ => String::new(),
    };
    format!(
        "Message-ID: <m{n}@x>\r\nFrom: {}\r\nTo: {}\r\nSubject: {}\r\n{refs}MIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n{file}--b--\r\n",
        one(rng, &PEOPLE),
        one(rng, &["support@team.example", "sales@team.example", "Ann <ann@x.org>, sales@team.example"]),
        text(rng),
        text(rng),
    )
    .into_bytes()
}

fn operation(rng: &mut Rng) -> Known {
    let who = Handle::new(one::<&str>(rng, &AGENTS)).unwrap();
    let tags: BTreeSet<Tag> =
        some(rng, &["vip", "late", "a*b"], 2).into_iter().map(|tag| Tag::new(tag).unwrap()).collect();
    match rng.u8(..9) {
        0 | 8 => Known::Assign { to: (rng.u8(..4) > 0).then_some(who) },
        1 | 2 => Known::SetStatus { to: *one(rng, &Status::ALL) },
        3 => Known::Tag { add: tags, remove: BTreeSet::new() },
        4 => {
            let text = format!("{} @{who}", text(rng));
            Known::Note { mentions: mentions_in(&text), text }
        }
        5 => Known::Title { text: text(rng) },
        6 => Known::Follow { who, on: rng.u8(..3) > 0 },
        _ => Known::Snooze { until: Some(Timestamp(NOW + rng.i64(-1..2) * DAY / 2)) },
    }
}

fn sample(seed: u64) -> Sample {
    let mut rng = Rng::with_seed(seed);
    let dir = tempfile::tempdir().unwrap();
    // What was done was done three days ago, so that some have woken since.
    let store = Store::open(dir.path(), options(author("me", NOW - 3 * DAY, 1))).unwrap();
    let folder = store.folder(&account(), "INBOX", FolderRole::Inbox).unwrap().id;
    let ages = [0, 1, DAY / 24, DAY, 2 * DAY, 40 * DAY, 800 * DAY];
    let mails = (0..rng.usize(2..16)).map(|n| {
        let raw = mail(&mut rng, n);
        let arrived = Timestamp(NOW - one(&mut rng, &ages));
        let (size, flags) = (raw.len() as u64, vec!["\\Seen".to_owned()]);
        let headers = raw.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
        // Of some only the headers are here.
        let content = if rng.u8(..6) == 0 { Content::Headers(raw[..headers].to_vec()) } else { Content::Whole(raw) };
        Incoming { uid: n as u32 + 1, flags, arrived, size, modseq: None, content }
    });
    let mails: Vec<Incoming> = mails.collect();
    let count = mails.len();
    store.ingest(folder, mails).unwrap();
    work(&store, &mut rng, count);
    if rng.bool() {
        merge(&store, &mut rng, count);
    }
    drop(store);
    // A colleague works at the same store.
    let store = Store::open(dir.path(), options(author("bob", NOW - 2 * DAY, 1 << 10))).unwrap();
    work(&store, &mut rng, count);
    drop(store);
    let store = Store::open(dir.path(), options(author("me", NOW, 1 << 20))).unwrap();
    store.wake().unwrap();
    Sample { store, _dir: dir }
}

/// Operations, drafts and outgoing mail of one agent.
fn work(store: &Store, rng: &mut Rng, count: usize) {
    for _ in 0..rng.usize(0..20) {
        let on = MessageId::new(&format!("m{}@x", rng.usize(..count))).unwrap();
        // Done by somebody who has seen all that is here, or who has not.
        let seen = store.conversation_of(&on).unwrap().filter(|_| rng.u8(..4) > 0);
        let seen = seen.and_then(|id| store.targets(&[id]).unwrap().pop());
        let target = seen.map_or(Target::on(on), |(_, target)| target);
        let _ = store.commit(vec![NewOperation::new(operation(rng), vec![target])]).unwrap();
    }
    write(store, rng);
}

/// Two conversations become one, whose former id leads to it still.
fn merge(store: &Store, rng: &mut Rng, count: usize) {
    let [one, other] = [(); 2].map(|()| MessageId::new(&format!("m{}@x", rng.usize(..count))).unwrap());
    if one != other {
        let merge = Known::Merge { into: other };
        let _ = store.commit(vec![NewOperation::new(merge, vec![Target::on(one)])]).unwrap();
    }
}

/// Drafts, some discarded, and outgoing mail, some cancelled; some of both in no conversation.
fn write(store: &Store, rng: &mut Rng) {
    let mut places: Vec<Option<ConversationId>> = everything(store).into_iter().map(Some).collect();
    places.push(None);
    for n in 0..rng.usize(0..5) {
        let conversation = one(rng, &places).clone();
        let draft = store.save_draft(&Draft { conversation, body: "x".into(), ..Draft::default() }).unwrap();
        if n % 2 == 0 {
            store.discard_draft(draft.id).unwrap();
        }
    }
    for n in 0..rng.usize(0..4) {
        let new = NewOutgoing {
            message_id: MessageId::new(&format!("{}{n}@team.example", store.author().actor)).unwrap(),
            conversation: one(rng, &places).clone(),
            to: "ann@x.org".into(),
            subject: "x".into(),
            due: Timestamp(NOW),
            copy: b"Subject: x\r\n\r\nx\r\n".to_vec(),
            delivery: delivery(),
        };
        let queued = store.queue(&new).unwrap();
        if n % 2 == 0 {
            store.cancel(queued.id).unwrap();
        }
    }
}

fn delivery() -> Delivery {
    Delivery {
        account: account(),
        from: "support@team.example".into(),
        recipients: Vec::new(),
        utf8: false,
        anchor: None,
        as_of: None,
        seen_op: None,
        then: None,
        waits_since: Timestamp(NOW),
        anyway: false,
        draft: None,
        out: false,
        fixed: false,
        gone: false,
        copied: false,
    }
}

fn context() -> Context {
    let zone = jiff::tz::TimeZone::get("Europe/Istanbul").unwrap();
    Context { me: Handle::new("me").unwrap(), now: Timestamp(NOW), zone }
}

fn everything(store: &Store) -> Vec<ConversationId> {
    store.ids(&Query::any(), &context()).unwrap()
}

/// What the store's SQL finds, in each of the ways in which lists are found.
fn found(store: &Store, query: &Query) -> BTreeSet<ConversationId> {
    let ids: BTreeSet<ConversationId> = store.ids(query, &context()).unwrap().into_iter().collect();
    // A short page of words is found by testing conversations one by one.
    let page = store.page(query, &context(), None, 1000).unwrap();
    let page: BTreeSet<ConversationId> = page.into_iter().map(|row| row.id).collect();
    assert_eq!(ids, page, "{query}");
    // In another order any short page is found so.
    for sort in [Sort::Created, Sort::Waiting] {
        let order = ListOrder { sort, reverse: false };
        let page = store.page_in(query, &context(), order, None, 1000).unwrap();
        assert_eq!(ids, page.into_iter().map(|row| row.id).collect(), "{query} by {sort:?}");
    }
    assert_eq!(store.count(query, &context()).unwrap(), ids.len() as u64, "{query}");
    ids
}

fn matching(all: &[ConversationFacts], query: &Query) -> BTreeSet<ConversationId> {
    all.iter().filter(|facts| query.matches(facts, &context())).map(|facts| facts.id.clone()).collect()
}

fn terms() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "refund",
        "refun*",
        "\"refunds order\"",
        "東京",
        "京",
        "京都",
        "阪",
        "اعاده",
        "CAFE",
        "istanbul",
        "ข้าว",
        "100%",
        "€",
        "%",
        "_",
        "a_b",
        "\"order 4412\"",
        "x",
        "\"a b\"",
        "🅐",
        "คน",
        "subject:refund",
        "body:東京都",
        "note:x",
        "attachment:order*",
        "attachment:東京",
        "subject:€",
        "\"\\\"\"",
        "no\\where",
        "status:open",
        "status:open,closed",
        "is:waiting",
        "assignee:me,none",
        "assignee:bob",
        "tag:vip,late",
        "tag:a*b",
        "inbox:support",
        "from:ann",
        "to:ann",
        "with:@x.org",
        "with:@sub.x.org",
        "with:ann@x.org",
        "with:_",
        "with:b%",
        "with:bob",
        "with:太郎",
        "with:郎",
        "with:u",
        "with:€",
        "is:mine",
        "is:active",
        "is:snoozed",
        "is:unassigned",
        "is:any",
        "is:mentioned",
        "is:followed",
        "is:bounced",
        "is:gone",
        "is:upgraded",
        "has:attachment",
        "has:note",
        "has:draft",
        "has:outbox",
        "has:tag",
        "older:1d",
        "newer:36h",
        "older:2w",
        "newer:20mo",
        "older:1y",
        "newer:99999y",
        "waiting:>30h",
        "waiting:<1w",
        "before:2026-11-16",
        "after:yesterday",
        "on:today",
        "on:2026-11-17",
        "id:0",
        "id:7",
        "id:k",
        "messages:>1",
        "messages:<=2",
        "messages:1",
        "\"*\"",
        "ß",
        "\u{10FFFF}",
    ]);
    let joined = prop::sample::select(vec![" ", " or ", " -", " not ", " and "]);
    proptest::collection::vec((word, joined, 0u8..6), 1..6).prop_map(|parts| {
        let mut text = String::new();
        for (word, between, shape) in parts {
            if !text.is_empty() {
                text.push_str(between);
            }
            match shape {
                0 => text = format!("({text} {word})"),
                1 => text = format!("-({text}{word})"),
                _ => text.push_str(word),
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sql_finds_what_the_evaluation_without_sql_finds(
        seed in any::<u64>(), texts in proptest::collection::vec(terms(), 40),
    ) {
        let sample = sample(seed);
        let all = sample.store.query_facts(&everything(&sample.store), true).unwrap();
        for text in texts {
            let Ok(query) = parse(&text) else { continue };
            prop_assert_eq!(found(&sample.store, &query), matching(&all, &query), "{} in {:#?}", text, all);
        }
    }
}

#[test]
fn any_query_that_is_read_runs_and_is_evaluated_alike() {
    // One store for all: what is random are the queries, and a pattern by itself is compiled again for each text.
    let sample = sample(7);
    let all = sample.store.query_facts(&everything(&sample.store), true).unwrap();
    let text = "\\PC{1,30}|[ -~\\x00\\n]{1,40}|[\"*(){}:^+%_\\\\a-c東ำ -]{1,30}";
    let texts = proptest::collection::vec(string_regex(text).unwrap(), 60);
    let config = ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(texts in texts)| {
        for text in texts {
            let quoted = text.replace(['"', '\\'], "");
            let keyed = ["subject:", "from:", "with:", "body:"].map(|key| format!("{key}\"{quoted}\""));
            for text in keyed.iter().chain([&text]) {
                if let Ok(query) = parse(text) {
                    prop_assert_eq!(found(&sample.store, &query), matching(&all, &query), "{:?}", text);
                }
            }
        }
    });
}

#[test]
fn random_stores_hold_something_of_everything_that_can_be_asked() {
    let all: Vec<ConversationFacts> = (0..25)
        .flat_map(|seed| {
            let sample = sample(seed);
            sample.store.query_facts(&everything(&sample.store), true).unwrap()
        })
        .collect();
    for text in [
        "is:open",
        "is:in-progress",
        "is:waiting",
        "is:closed",
        "is:snoozed",
        "is:mine",
        "is:unassigned",
        "is:mentioned",
        "is:followed",
        "has:attachment",
        "has:note",
        "has:draft",
        "has:outbox",
        "has:tag",
        "waiting:>1h",
        "messages:>1",
        "note:x or note:refund* or note:4412 or note:東京",
        "attachment:order",
        "body:東京",
        "with:ann",
        "inbox:sales",
    ] {
        let query = parse(text).unwrap();
        let found = matching(&all, &query).len();
        assert!(found > 0 && found < all.len(), "{text}: {found} of {}", all.len());
    }
    assert!(all.iter().any(|facts| !facts.former_ids.is_empty()), "nothing was merged");
}

#[test]
fn every_view_lists_and_counts_what_the_evaluation_without_sql_finds() {
    let mut views = View::FIXED.to_vec();
    views.extend(["vip", "late", "a*b"].map(|tag| View::Tag(Tag::new(tag).unwrap())));
    views.extend(["alice", "bob"].map(|handle| View::Team(Handle::new(handle).unwrap())));
    views.extend(["support", "sales"].map(|inbox| View::Inbox(InboxId::new(inbox).unwrap())));
    for sample in (100..115).map(sample) {
        let all = sample.store.query_facts(&everything(&sample.store), false).unwrap();
        for view in &views {
            let query = parse(&view.query()).unwrap();
            assert_eq!(found(&sample.store, &query), matching(&all, &query), "{query} in {all:#?}");
        }
    }
}

#[test]
fn a_former_id_finds_its_conversation_both_ways() {
    let samples = (0..20).map(sample);
    let mut seen = 0;
    for sample in samples {
        let all = sample.store.query_facts(&everything(&sample.store), false).unwrap();
        for id in all.iter().flat_map(|facts| &facts.former_ids) {
            let query = parse(&format!("id:{id}")).unwrap();
            assert_eq!(found(&sample.store, &query), matching(&all, &query), "{id}");
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn the_largest_query_still_runs() {
    let sample = sample(1);
    for text in
        ["a ".repeat(200), vec!["from:a"; 200].join(" or "), format!("{}a{}", "-(b ".repeat(64), ")".repeat(64))]
    {
        found(&sample.store, &parse(&text).unwrap());
    }
    let wide = "\u{fdfa}".repeat(500);
    found(&sample.store, &parse(&format!("{wide} from:{wide} {}", "%".repeat(500))).unwrap());
}

/// What the index of a real store makes of texts.
fn real_words(texts: &[String]) -> Vec<Vec<String>> {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), options(author("me", NOW, 1))).unwrap();
    let mut db = rusqlite::Connection::open(store.path()).unwrap();
    let tx = db.transaction().unwrap();
    tx.execute_batch("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, search, 'instance')").unwrap();
    let mut put = tx.prepare("INSERT INTO search (rowid, body) VALUES (?1, ?2)").unwrap();
    for (n, text) in texts.iter().enumerate() {
        put.execute(rusqlite::params![n as i64, text]).unwrap();
    }
    let mut find = tx.prepare("SELECT doc, offset, term FROM temp.vocabulary").unwrap();
    let mut words: Vec<BTreeMap<i64, String>> = vec![BTreeMap::new(); texts.len()];
    let mut rows = find.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        words[row.get::<_, i64>(0).unwrap() as usize].insert(row.get(1).unwrap(), row.get(2).unwrap());
    }
    words.into_iter().map(|words| words.into_values().collect()).collect()
}

#[test]
fn folded_text_is_the_words_that_the_index_makes_of_it_whatever_the_sign() {
    let mut signs = BTreeSet::new();
    for c in '\0'..=char::MAX {
        // Behind a letter whose accents stay, behind one of a script without spaces, and behind one of a script that drops them.
        for before in ["", "क", "あ", "\u{11005}"] {
            signs.extend(fold_text(&format!("{before}{c}")).chars());
        }
    }
    let texts: Vec<String> = signs.iter().flat_map(|c| [format!("a{c}b"), format!("{c} a"), format!("{c}")]).collect();
    for (text, real) in texts.iter().zip(real_words(&texts)) {
        assert_eq!(index_words(text), real, "{text:?} {:x?}", text.chars().map(u32::from).collect::<Vec<_>>());
    }
}
