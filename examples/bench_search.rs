//! What finding words in their other forms costs and brings: `bench_search [conversations] [--brief]`.
//!
//! - The bytes of an index of real mail with and without twins, and which words of it stand for one another, for somebody to judge.
//! - How long a page of a search takes, word by word, without quotes and in quotes (which asks for the word alone), in turns in one run.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../tests/support/corpora.rs"]
mod corpora;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use postroom::model::clock::{Clock, Timestamp};
use postroom::op::record::Author;
use postroom::query::{self, Wanted, fold_text, index_words, indexed_text, is_turkish};
use postroom::store::Incoming;
use rusqlite::Connection;
use support::letter::{Letter, WORDS};
use support::times::{number, percentiles};
use support::{corpus, desk};

fn main() {
    sizes();
    times(u32::try_from(number(0, 100_000, 300)).unwrap());
}

/// An index as the store has one, in memory.
struct Index(Connection);

impl Index {
    fn new() -> Self {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE VIRTUAL TABLE search USING fts5 (subject, people, body, notes, attachments,
                 content = '', contentless_delete = 1, tokenize = \"unicode61 remove_diacritics 0\"); BEGIN",
        )
        .unwrap();
        Self(db)
    }

    fn put(&self, subject: &str, body: &str) {
        let mut insert = self.0.prepare_cached("INSERT INTO search (subject, body) VALUES (?1, ?2)").unwrap();
        insert.execute([subject, body]).unwrap();
    }

    fn bytes(&self) -> i64 {
        self.0.execute_batch("COMMIT; INSERT INTO search (search) VALUES ('optimize')").unwrap();
        self.0.query_row("SELECT sum(length(block)) FROM search_data", [], |row| row.get(0)).unwrap()
    }
}

fn sizes() {
    let mut sets: Vec<(String, Vec<Vec<u8>>)> = Vec::new();
    if corpus::is_here() {
        let mut all = Vec::new();
        corpus::each(number(1, 8000, 200), |raw| all.push(raw.to_vec()));
        sets.push(("two lists in English".into(), all));
    }
    for name in ["languages", "hostile", "nasty", "tickets", "bounces"] {
        let Some(folder) = corpora::category(name) else { continue };
        let mut all = Vec::new();
        for file in corpora::files(folder.path()) {
            let bytes = std::fs::read(&file).unwrap();
            all.extend(corpora::mails(&bytes).into_iter().map(<[u8]>::to_vec));
        }
        sets.push((name.to_owned(), all));
    }
    let (whole_plain, whole_twins) = (Index::new(), Index::new());
    let mut words = BTreeSet::new();
    for (name, mails) in &sets {
        let (plain, twins) = (Index::new(), Index::new());
        for raw in mails {
            let parsed = postroom::mime::parse(raw);
            let (subject, body) = (&parsed.envelope.subject, &parsed.search_text);
            let turkish = is_turkish(body) || is_turkish(subject);
            for index in [&plain, &whole_plain] {
                index.put(&fold_text(subject), &fold_text(body));
            }
            for index in [&twins, &whole_twins] {
                index.put(&indexed_text(subject, turkish), &indexed_text(body, turkish));
            }
            words
                .extend(body.split(|c: char| !c.is_alphanumeric()).filter(|word| is_word(word)).map(ToOwned::to_owned));
        }
        told(name, mails.len(), plain.bytes(), twins.bytes());
    }
    told("all of it", sets.iter().map(|(_, mails)| mails.len()).sum(), whole_plain.bytes(), whole_twins.bytes());
    pairs(&words);
}

/// Tells what is a word of somebody from what a broken mail leaves.
fn is_word(word: &str) -> bool {
    !word.is_ascii() && word.chars().all(char::is_alphabetic) && word.chars().count() > 3
}

fn told(name: &str, mails: usize, plain: i64, twins: i64) {
    let more = 100.0 * (twins - plain) as f64 / plain.max(1) as f64;
    println!("index of {name}: {mails} mails, {plain} bytes without twins, {twins} with, {more:+.1} %");
}

/// Prints words of real mail that are found by one another.
fn pairs(words: &BTreeSet<String>) {
    let mut by: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for word in words.iter().filter(|word| word.chars().count() < 30) {
        for key in index_words(&indexed_text(word, false)) {
            by.entry(key).or_default().insert(word);
        }
    }
    let (mut found, mut asked) = (BTreeSet::new(), 0);
    for word in words.iter().filter(|word| word.chars().count() < 30) {
        asked += 1;
        let Wanted::Words(all) = Wanted::of(word, false, false) else { continue };
        let own = fold_text(word);
        for stretch in all.iter().filter(|one| !one.folded.contains(' ')) {
            for other in by.get(&stretch.folded).into_iter().flatten().filter(|other| fold_text(other) != own) {
                found.insert(format!("{word} → {other}"));
            }
        }
    }
    println!(
        "{asked} words that are not ASCII, {} pairs of different ones that are found by one another:",
        found.len()
    );
    let step = (found.len() / 300).max(1);
    for pair in found.iter().step_by(step) {
        println!("  {pair}");
    }
}

/// Words with other forms, behind the first of those that all such mail holds.
const FORMS: [&str; 9] = ["Größe", "للطلب", "والطلبات", "siparişi", "faturayı", "האתר", "訂單", "サポート", "ज़रूरी"];
/// So many words go before them.
const PLAIN: usize = 11;

fn word(n: usize) -> &'static str {
    WORDS.iter().take(PLAIN).chain(&FORMS).nth(n).copied().unwrap_or_default()
}

const ASKED: [&str; 14] = [
    "parcel",
    "number777",
    "invoice",
    "Groesse",
    "Größe",
    "طلب",
    "الطلب",
    "sipariş",
    "אתר",
    "订单",
    "さぽーと",
    "जरूरी",
    "nothing",
    "refu",
];

fn times(conversations: u32) {
    let dir = std::env::temp_dir().join(format!("postroom-bench-search-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    let author = Author { clock: Clock::fixed(Timestamp::from_seconds(1_800_000_000)), ..desk::author("alice") };
    let store = desk::open(&dir, author, desk::team("support@team.example"));
    let started = Instant::now();
    desk::fill(&store, (0..conversations).map(mail));
    println!("{conversations} conversations taken in in {:.1} s", started.elapsed().as_secs_f64());
    let context = desk::context(&store);
    let mut all: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for word in ASKED {
        let mut took: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
        for _ in 0..50 {
            for (how, text) in [("quoted", format!("\"{word}\"")), ("word", word.to_owned())] {
                let query = query::parse(&text).unwrap();
                let started = Instant::now();
                store.page(&query, &context, None, 50).unwrap();
                let time = started.elapsed();
                took.entry(how).or_default().push(time);
                all.entry(how).or_default().push(time);
            }
        }
        println!("{word}: quoted {}; as a word {}", percentiles(&took["quoted"]), percentiles(&took["word"]));
    }
    for (how, times) in all {
        println!("all, {how}: {}", percentiles(&times));
    }
    let _ = std::fs::remove_dir_all(&dir);
}

fn mail(n: u32) -> Incoming {
    let mut seed = fastrand::Rng::with_seed(u64::from(n));
    // Some words are in few mails, most in many.
    let all = PLAIN + FORMS.len();
    let body: Vec<&str> = (0..40).map(|_| word(seed.usize(..all) * seed.usize(..all) / all)).collect();
    let at = Timestamp::from_seconds(1_800_000_000 - i64::from(n) * 60);
    let letter = Letter {
        id: format!("c{n}"),
        answers: Vec::new(),
        customer: n % 5000,
        domain: String::new(),
        to: "support",
        subject: format!("{} number{n}", word(n as usize % PLAIN)),
        at,
        body: body.join(" "),
    };
    desk::incoming(n + 1, at, letter.raw())
}
