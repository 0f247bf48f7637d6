//! Changing many at once, by a verb that is handed their ids.

use std::fmt::Write as _;

use crate::Bench;
use crate::peers::Notmuch;
use crate::support::fetching::Ours;
use crate::support::process::run;
use crate::table::{Table, Unit};

/// What is done, in this order, twice over: that of the second time meets what the first left in the log.
const DEEDS: [(&str, &[&str]); 5] = [
    ("tag", &["tag", "late", "-"]),
    ("status", &["status", "waiting", "-"]),
    ("assign", &["assign", "bob", "-"]),
    ("snooze", &["snooze", "3d", "-"]),
    ("status back", &["status", "open", "-"]),
];

pub fn measure(bench: &Bench, ours: &Ours, table: &mut Table, wanted: usize) {
    let ids = ours.told(&["list", "is:any", "--limit", &wanted.to_string(), "--format", "ids"]);
    let count = ids.lines().count();
    for time in ["", ", where bulks lie in the log already"] {
        for (what, args) in DEEDS {
            let tag = format!("late{}", time.len());
            let args: Vec<&str> = args.iter().map(|arg| if *arg == "late" { tag.as_str() } else { arg }).collect();
            let work = format!("{what} on {count} conversations{time}");
            let spent = run(&mut ours.offline(&args), &ids);
            table.add(&work, Unit::Seconds, "postroom", spent.seconds);
            if what == "tag" && bench.peers.notmuch {
                table.add(&work, Unit::Seconds, "notmuch tag --batch", theirs(bench, &tag, count));
            }
        }
        let work = format!("undo of the last{time}");
        table.add(&work, Unit::Seconds, "postroom", run(&mut ours.offline(&["undo"]), "").seconds);
    }
}

/// A line a mail, as many as there are conversations.
fn theirs(bench: &Bench, tag: &str, count: usize) -> f64 {
    let notmuch = Notmuch::new(&bench.dir.join("notmuch"), bench.mail.dir.parent().unwrap());
    let _ = run(&mut notmuch.command(&["new", "--quiet"]), "");
    let limit = format!("--limit={count}");
    let output = notmuch.command(&["search", "--output=messages", &limit, "*"]).output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).lines().fold(String::new(), |mut all, id| {
        let id = id.trim_start_matches("id:").replace('%', "%25").replace(' ', "%20").replace('"', "%22");
        writeln!(all, "+{tag} -- id:{id}").unwrap();
        all
    });
    run(&mut notmuch.command(&["tag", "--batch"]), &lines).seconds
}
