//! One mail that is very large: as text, and as an attachment.

use std::fs;

use crate::Bench;
use crate::peers::Notmuch;
use crate::support::fetching::{self, Ours};
use crate::support::process::run;
use crate::support::times::option;
use crate::table::{Table, Unit};

const LINE: &str = "VGhlIHBhcmNlbCBoYXMgbm90IGNvbWUsIGFuZCBub2JvZHkgYW5zd2VycyB0aGUgcGhvbmUu\n";
const HEAD: &str = "From: Customer <customer@example.net>\nTo: bench@example.com\nSubject: QZXQ large\n\
                    Message-ID: <large@bench>\nDate: Sat, 21 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n";

/// Measures mails of so many MB.
pub fn measure(bench: &Bench, table: &mut Table, megabytes: usize) {
    let attached = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nSee the file.\n\n--x\n\
         Content-Type: application/octet-stream; name=a.bin\nContent-Disposition: attachment; filename=a.bin\n\
         Content-Transfer-Encoding: base64\n\n"
    );
    let text = format!("{HEAD}Content-Type: text/plain\n\n");
    for (what, head, tail) in [("as an attachment", attached.as_str(), "--x--\n"), ("as text", text.as_str(), "")] {
        // What is under a MB less than the bound is fetched whole.
        let lines = LINE.repeat(megabytes * 1_000_000 / LINE.len());
        one(bench, table, &format!("a mail of {megabytes} MB {what}"), &format!("{head}{lines}{tail}"));
    }
}

fn one(bench: &Bench, table: &mut Table, work: &str, mail: &str) {
    let user = format!("large{}", mail.len());
    let home = bench.server.maildir(&user);
    fetching::maildir(&home);
    fs::write(home.join("cur").join(format!("1500000001.M1.bench,S={}:2,S", mail.len())), mail).unwrap();
    let dir = bench.dir.join(&user);
    // What the server was given is its own; notmuch reads a copy.
    fetching::maildir(&dir.join("mail/INBOX"));
    fs::write(dir.join("mail/INBOX/cur/1.bench:2,S"), mail).unwrap();
    fetching::own(home.parent().unwrap());
    let ours = Ours::new(&bench.server, &user, &dir);
    let show: [(&str, std::process::Command); 4] = [
        ("`sync`", ours.online(&["--quiet", "sync"])),
        ("`show`, text fetched", ours.online(&["show", "is:any"])),
        ("`show`", ours.offline(&["show", "is:any"])),
        ("`show --raw 1`", ours.offline(&["show", "is:any", "--raw", "1"])),
    ];
    let mut add = |what: &str, program: &str, command: &mut std::process::Command| {
        let spent = run(command, "");
        table.add(&format!("{work}: {what}"), Unit::Seconds, program, spent.seconds);
        table.add(&format!("{work}: {what}, memory at most"), Unit::Mebibytes, program, spent.peak_mib);
    };
    for (what, mut command) in show {
        add(what, "postroom", &mut command);
    }
    if bench.peers.notmuch {
        let notmuch = Notmuch::new(&dir.join("notmuch"), &dir.join("mail"));
        add("`sync`", "notmuch new", &mut notmuch.command(&["new", "--quiet"]));
        add("`show`", "notmuch", &mut notmuch.command(&["show", "*"]));
    }
    if option("--keep").is_none() {
        fs::remove_dir_all(&dir).unwrap();
    }
}
