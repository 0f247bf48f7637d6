//! The same work with ten times the mail: what grows with it, and what doesn't.

use std::fs;

use crate::Bench;
use crate::clients;
use crate::mail::{MARK, Mail};
use crate::support::fetching::Ours;
use crate::support::process::{ask, run};
use crate::support::times::brief;
use crate::table::{Table, Unit};
use crate::using::{grown, measure as use_key, start};

/// The columns and rows of the screen.
const SIZE: (u16, u16) = (160, 50);

/// Every question is asked so often.
fn times() -> usize {
    if brief() { 1 } else { 5 }
}

/// The keys that are pressed.
fn keys() -> &'static [&'static str] {
    if brief() { &["open"] } else { &["j, k", "page", "open", "view, folder"] }
}

/// Measures postroom with so many made-up mails each.
pub fn measure(bench: &Bench, table: &mut Table, sizes: &[usize]) {
    for size in sizes {
        let dir = bench.dir.join(format!("growth{size}"));
        let mail = Mail::made_up(*size, &dir.join("mail/INBOX"));
        let user = format!("growth{size}");
        mail.serve(&bench.server, &user);
        let ours = Ours::new(&bench.server, &user, &dir);
        one(&ours, table, *size, &dir);
        fs::remove_dir_all(&dir).unwrap();
        fs::remove_dir_all(bench.server.maildir(&user)).unwrap();
    }
}

fn one(ours: &Ours, table: &mut Table, size: usize, dir: &std::path::Path) {
    let mut add = |work: &str, unit: Unit, figure: f64| {
        table.add(&format!("{size} mails: {work}"), unit, "postroom", figure);
    };
    let sync = run(&mut ours.online(&["--quiet", "sync"]), "");
    add("first sync", Unit::Seconds, sync.seconds);
    add("first sync, processor", Unit::Seconds, sync.cpu);
    add("first sync, memory at most", Unit::Mebibytes, sync.peak_mib);
    for _ in 0..times() {
        add("nothing new", Unit::Seconds, run(&mut ours.online(&["--quiet", "sync"]), "").seconds);
        for (what, args) in [
            ("`list --limit 50`", ["list", "--limit", "50", "is:any"]),
            ("`list --limit 50` of a word that most have", ["list", "--limit", "50", "parcel"]),
            ("`list --limit 50` of one that one has", ["list", "--limit", "50", "17"]),
        ] {
            add(what, Unit::Milliseconds, ask(&mut ours.offline(&args), "").seconds * 1e3);
        }
        add("`count`", Unit::Milliseconds, ask(&mut ours.offline(&["count"]), "").seconds * 1e3);
    }
    let clients = clients::clients();
    let postroom = &clients[0];
    for _ in 0..times() {
        let (mut pty, first) = start(postroom, dir, SIZE, MARK);
        add("start to a full screen", Unit::Milliseconds, first.took.as_secs_f64() * 1e3);
        for deed in postroom.deeds.iter().filter(|deed| keys().contains(&deed.what)) {
            add(deed.what, Unit::Milliseconds, use_key(&mut pty, deed).took.as_secs_f64() * 1e3);
        }
    }
    if brief() {
        return;
    }
    add("screen: memory at most", Unit::Mebibytes, grown(postroom, dir, SIZE, MARK).peak);
}
