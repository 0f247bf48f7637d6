//! Fetching: everything for the first time, and once more when there is nothing new.

use std::fs;

use crate::Bench;
use crate::peers::{Mu, Notmuch, size};
use crate::support::fetching::{Mbsync, Ours};
use crate::support::process::{Spent, run};
use crate::table::{Table, Unit};

const FIRST: &str = "first sync";
const NOTHING: &str = "nothing new";

/// Measures so many rounds, and returns the store of the last, which is at `store` beside the mail. With none it is only filled.
pub fn measure(bench: &Bench, table: &mut Table, rounds: usize) -> Ours {
    for round in 0..rounds {
        let dir = bench.dir.join(format!("round{round}"));
        one(bench, table, &dir, round + 1 == rounds);
        fs::remove_dir_all(&dir).unwrap();
    }
    // The screen's programs look for the store beside the mail.
    let ours = Ours::new(&bench.server, "bench", &bench.dir);
    let _ = run(&mut ours.online(&["--quiet", "sync"]), "");
    if rounds > 0 {
        let sizes = (size(&ours.store()) as f64, bench.mail.bytes as f64);
        table.add("on disk, the mail in it", Unit::Megabytes, "postroom", sizes.0 / 1e6);
        table.add("on disk, the mail in it", Unit::Megabytes, "the mail itself", sizes.1 / 1e6);
    }
    ours
}

fn one(bench: &Bench, table: &mut Table, dir: &std::path::Path, last: bool) {
    let sync = ["--quiet", "sync"];
    let ours = Ours::new(&bench.server, "bench", &dir.join("ours"));
    let kinds = [("mbsync", true), ("mbsync FSync no", false)];
    let kinds = if bench.peers.mbsync { &kinds[..] } else { &[] };
    let theirs: Vec<(&str, Mbsync)> = kinds
        .iter()
        .map(|(name, fsync)| (*name, Mbsync::new(&bench.server, "bench", &dir.join(name.replace(' ', "-")), *fsync)))
        .collect();
    first(table, "postroom", run(&mut ours.online(&sync), ""));
    for (name, mbsync) in &theirs {
        first(table, name, run(&mut mbsync.command(), ""));
    }
    let notmuch = bench.peers.notmuch.then(|| Notmuch::new(&dir.join("notmuch"), bench.mail.dir.parent().unwrap()));
    if let Some(notmuch) = &notmuch {
        first(table, "notmuch new, fetched already", run(&mut notmuch.command(&["new", "--quiet"]), ""));
    }
    let mu = bench.peers.mu.then(|| Mu::new(&dir.join("mu"), bench.mail.dir.parent().unwrap()));
    if let Some(mu) = &mu {
        first(table, "mu index, fetched already", run(&mut mu.command(&["index", "--quiet"]), ""));
    }
    let mut nothing = |name: &str, spent: Spent| table.add(NOTHING, Unit::Seconds, name, spent.seconds);
    nothing("postroom", run(&mut ours.online(&sync), ""));
    for (name, mbsync) in theirs.iter().take(1) {
        nothing(name, run(&mut mbsync.command(), ""));
    }
    if let Some(notmuch) = &notmuch {
        nothing("notmuch new", run(&mut notmuch.command(&["new", "--quiet"]), ""));
    }
    if let Some(mu) = &mu {
        nothing("mu index", run(&mut mu.command(&["index", "--quiet"]), ""));
    }
    if last {
        let beside =
            [("notmuch, beside the mail", notmuch.map(|n| n.index())), ("mu, beside the mail", mu.map(|m| m.index()))];
        for (name, index) in beside {
            if let Some(index) = index {
                table.add("on disk, the mail in it", Unit::Megabytes, name, size(&index) as f64 / 1e6);
            }
        }
    }
}

fn first(table: &mut Table, name: &str, spent: Spent) {
    table.add(FIRST, Unit::Seconds, name, spent.seconds);
    table.add("first sync, processor", Unit::Seconds, name, spent.cpu);
    table.add("first sync, memory at most", Unit::Mebibytes, name, spent.peak_mib);
}
