//! Looking things up, as a script does: a process each, from its start to its end.

use crate::Bench;
use crate::mail::Words;
use crate::peers::{Mu, Notmuch};
use crate::support::fetching::Ours;
use crate::support::process::{ask, run};
use crate::support::times::brief;
use crate::table::{Table, Unit};

/// Every question is asked so often in a round.
fn times() -> usize {
    if brief() { 1 } else { 5 }
}

pub fn measure(bench: &Bench, ours: &Ours, table: &mut Table, rounds: usize) {
    let words = bench.mail.words();
    let mail = bench.mail.dir.parent().unwrap();
    let notmuch = bench.peers.notmuch.then(|| Notmuch::new(&bench.dir.join("notmuch"), mail));
    let mu = bench.peers.mu.then(|| Mu::new(&bench.dir.join("mu"), mail));
    if let Some(notmuch) = &notmuch {
        let _ = run(&mut notmuch.command(&["new", "--quiet"]), "");
    }
    if let Some(mu) = &mu {
        let _ = run(&mut mu.command(&["index", "--quiet"]), "");
    }
    for _ in 0..rounds * times() {
        let mut add = |work: &str, program: &str, command: &mut std::process::Command| {
            table.add(work, Unit::Milliseconds, program, ask(command, "").seconds * 1e3);
        };
        add("an empty start of the program", "postroom", &mut ours.offline(&["--version"]));
        for (what, query) in queries(&words) {
            let work = format!("`list --limit 50`: {what}");
            add(&work, "postroom", &mut ours.offline(&["list", "--limit", "50", &query]));
            if let Some(notmuch) = &notmuch {
                add(&work, "notmuch", &mut notmuch.command(&["search", "--limit=50", &query]));
            }
            if let Some(mu) = &mu {
                add(&work, "mu", &mut mu.command(&["find", "--maxnum=50", &query]));
            }
        }
        for (work, query, theirs) in
            [("`count` of all", "is:any", "*"), ("`count` of a word that many have", &words.many, &words.many)]
        {
            add(work, "postroom", &mut ours.offline(&["count", query]));
            if let Some(notmuch) = &notmuch {
                add(work, "notmuch", &mut notmuch.command(&["count", "--output=threads", theirs]));
            }
        }
    }
}

fn queries(words: &Words) -> [(&'static str, String); 6] {
    [
        ("a rare word", words.rare.clone()),
        ("a word of some mails", words.some.clone()),
        ("a word of many mails", words.many.clone()),
        ("two words", format!("{} {}", words.some, words.many)),
        ("a phrase", format!("\"{}\"", words.phrase)),
        ("the beginning of a word", format!("{}*", &words.some[..3])),
    ]
}
