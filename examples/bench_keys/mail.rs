//! The same mail for all: a Maildir, and a store that holds what stands in it.

use std::path::Path;

use postroom::model::clock::{Clock, Timestamp};
use postroom::sync::serverless;

use crate::support::desk;

/// Stands in the subject of the newest mail, which is on the first screen.
pub const MARK: &str = "QZXQ";
/// Stands in the newest mail, and not on what a list shows of it.
const LONG: u32 = 40;
/// Mails in the second folder.
const OTHERS: u32 = 50;

const CONFIG: &str = r#"
[me]
handle = "alice"

[agent.alice]
name = "Alice Moor"

[account.main]
local = true

[inbox.support]
address = "support@team.example"

# As other programs list: the newest in front.
[ui]
sort = "activity"
"#;

const WORDS: [&str; 16] = [
    "parcel",
    "invoice",
    "refund",
    "order",
    "broken",
    "please",
    "thanks",
    "delivery",
    "account",
    "late",
    "question",
    "Rechnung",
    "commande",
    "注文",
    "заказ",
    "سؤال",
];

/// Makes `mails` mails in `dir`: a Maildir `mail/INBOX` beside a small `mail/Other`, and a store.
pub fn make(dir: &Path, mails: u32) {
    let now = Clock::System.now();
    let at = |n: u32| now.plus(-3_700_000 - i64::from(n) * 600_000);
    for (folder, many) in [("INBOX", mails), ("Other", OTHERS)] {
        let folder = dir.join("mail").join(folder);
        ["cur", "new", "tmp"].iter().for_each(|part| std::fs::create_dir_all(folder.join(part)).unwrap());
        for n in 0..many {
            let name = format!("{}.{n}.bench:2,S", at(n).0 / 1000);
            std::fs::write(folder.join("cur").join(name), mail(n, at(n))).unwrap();
        }
    }
    let store = dir.join("store");
    std::fs::create_dir_all(&store).unwrap();
    std::fs::write(store.join("config.toml"), CONFIG).unwrap();
    let layers = postroom::config::Layers { store: Some(store.clone()), ..Default::default() };
    let team = postroom::config::Config::load(&layers).unwrap().team();
    let store = desk::open(&store, desk::author("alice"), team);
    desk::fill(&store, (0..mails).map(|n| desk::incoming(mails - n, at(n), mail(n, at(n)))));
    let alone = postroom::config::Account { id: desk::account(), remote: postroom::config::Remote::Local };
    serverless::settle(&store, &[alone]).unwrap();
}

fn mail(n: u32, at: Timestamp) -> Vec<u8> {
    let mut seed = fastrand::Rng::with_seed(u64::from(n));
    let mut words = |many: u32| -> String {
        let words: Vec<&str> = (0..many).filter_map(|_| seed.choice(WORDS)).collect();
        words.join(" ")
    };
    let date = jiff::Timestamp::from_millisecond(at.0).unwrap().strftime("%a, %d %b %Y %H:%M:%S +0000");
    // The newest can be scrolled.
    let lines = if n < LONG { 120 } else { 6 };
    let subject = format!("{}{} {n}", if n == 0 { MARK } else { "" }, words(3));
    let body: String = (0..lines).map(|_| format!("{}\r\n", words(9))).collect();
    format!(
        "Message-ID: <m{n}@bench>\r\nFrom: Customer {c} <customer{c}@example.net>\r\nTo: support@team.example\r\nSubject: {subject}\r\n\
         Date: {date}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}",
        c = n % 5000,
    )
    .into_bytes()
}
