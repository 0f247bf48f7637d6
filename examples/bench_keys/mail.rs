//! The same mail for all: a Maildir, and a store that holds what stands in it.

use std::path::Path;

use postroom::model::clock::{Clock, Timestamp};

use crate::support::desk;
use crate::support::letter::{self, Letter};

/// Stands in the subject of the newest mail, which is on the first screen.
pub const MARK: &str = "QZXQ";
/// Stands in the newest mail, and not on what a list shows of it.
const LONG: u32 = 40;
/// Mails in the second folder.
const OTHERS: u32 = 50;

/// Makes `mails` mails in `dir`: a Maildir `mail/INBOX` beside a small `mail/Other`, and a store.
pub fn make(dir: &Path, mails: u32) {
    let now = Clock::System.now();
    let at = |n: u32| now.plus(-3_700_000 - i64::from(n) * 600_000);
    for (called, many) in [("INBOX", mails), ("Other", OTHERS)] {
        let folder = dir.join("mail").join(called);
        ["cur", "new", "tmp"].iter().for_each(|part| std::fs::create_dir_all(folder.join(part)).unwrap());
        for n in 0..many {
            // aerc takes mails of one file name for one mail, in whichever folders they are.
            let name = format!("{}.{n}.{called}:2,S", at(n).0 / 1000);
            std::fs::write(folder.join("cur").join(name), mail(n, at(n))).unwrap();
        }
    }
    let store = dir.join("store");
    std::fs::create_dir_all(&store).unwrap();
    std::fs::write(store.join("config.toml"), desk::config(&["support"])).unwrap();
    let team = desk::read_config(&store).team();
    let store = desk::open(&store, desk::author("alice"), team);
    desk::fill(&store, (0..mails).map(|n| desk::incoming(mails - n, at(n), mail(n, at(n)))));
    desk::settle(&store);
}

fn mail(n: u32, at: Timestamp) -> Vec<u8> {
    let mut seed = fastrand::Rng::with_seed(u64::from(n));
    let mut words = |many: usize| letter::words(&mut seed, many);
    // The newest can be scrolled.
    let lines = if n < LONG { 120 } else { 6 };
    let letter = Letter {
        id: format!("m{n}"),
        answers: Vec::new(),
        customer: n % 5000,
        domain: String::new(),
        to: "support",
        subject: format!("{}{} {n}", if n == 0 { MARK } else { "" }, words(3)),
        at,
        body: (0..lines).map(|_| format!("{}\r\n", words(9))).collect(),
    };
    letter.raw()
}
