//! Clients of this version and of the one before share one log, on a real IMAP server: each reads what the other writes, and nobody's
//! work is lost.

use std::path::Path;

use crate::environment::{Environment, Said};
use crate::support::dovecot::Dovecot;
use crate::support::previous;

/// The mailbox of the team.
const USER: &str = "team";
const MAILS: u32 = 12;
const AGENTS: [&str; 4] = ["alice", "bob", "carol", "dave"];

fn mail(n: u32) -> String {
    format!(
        "From: Ana {n} <ana{n}@example.org>\r\nTo: team@example.com\r\nSubject: Question {n}\r\nMessage-ID: <{n}@example.org>\r\n\
         Date: Sun, 22 Nov 2026 08:00:00 +0000\r\n\r\nBody {n}\r\n"
    )
}

/// A mailbox that an agent of the old program and one of the new one share.
struct Shared {
    server: Dovecot,
    old: Environment,
    new: Environment,
}

impl Shared {
    /// Makes it; `None` where the server or the old program can't be had.
    fn new() -> Option<Self> {
        let program = previous::program()?;
        let server = Dovecot::start()?;
        let mut session = server.session(USER);
        for n in 1..=MAILS {
            let _ = session.append("INBOX", &[], None, mail(n).as_bytes()).unwrap();
        }
        session.logout();
        let old = person(&server, 0, Some(program));
        let new = person(&server, 1, None);
        let shared = Self { server, old, new };
        shared.settle();
        Some(shared)
    }

    fn settle(&self) {
        // Twice: what the first hears last, the second has said.
        for _ in 0..2 {
            for env in [&self.old, &self.new] {
                sync(env);
            }
        }
    }

    /// Sees to it that both say the same of every conversation; returns what they say.
    fn agree(&self) -> Vec<String> {
        self.settle();
        let (old, new) = (state(&self.old), state(&self.new));
        assert_eq!(old, new);
        new
    }

    /// Empties the folder of the log of what was written so far but for its last `keep` mails.
    fn expunge_log(&self, keep: usize) {
        let cur = self.server.maildir(USER).join(".Postroom");
        let mut files: Vec<_> = ["cur", "new"]
            .iter()
            .flat_map(|dir| std::fs::read_dir(cur.join(dir)).unwrap())
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        files.truncate(files.len().saturating_sub(keep));
        files.iter().for_each(|file| std::fs::remove_file(file).unwrap());
    }
}

/// The `number`th agent, set up, with the mail fetched.
fn person(server: &Dovecot, number: usize, program: Option<&Path>) -> Environment {
    let mut env = Environment::of_person(number as u64 + 1);
    if let Some(program) = program {
        env.use_program(program);
    }
    done(&env.init(AGENTS[number], server.imaps, &server.certificate()));
    let file = env.path("home/.config/postroom/config.toml");
    let others = AGENTS.iter().filter(|other| **other != AGENTS[number]);
    let others: String = others.map(|other| format!("\n[agent.{other}]\nname = \"{other}\"\n")).collect();
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap() + &others).unwrap();
    sync(&env);
    env
}

fn done(said: &Said) {
    assert_eq!(said.status, 0, "{said}");
}

/// Reads and pushes; that something of one's own does not stand is no failure.
fn sync(env: &Environment) {
    let said = env.run(&["sync"]);
    assert!([0, 4].contains(&said.status), "{said}");
}

/// The id of the conversation that question `n` began.
fn id(env: &Environment, n: u32) -> String {
    let said = env.run(&["list", &format!("subject:\"Question {n}\""), "--format", "ids"]);
    said.stdout.trim().split('@').next().unwrap().to_owned()
}

/// What an agent sees of each conversation, without what is the agent's own.
fn state(env: &Environment) -> Vec<String> {
    let said = env.run(&["list", "is:any", "--json"]);
    done(&said);
    let mut all: Vec<String> = said.stdout.lines().map(|line| row(env, line)).collect();
    all.sort();
    all
}

fn row(env: &Environment, line: &str) -> String {
    let row: serde_json::Value = serde_json::from_str(line).unwrap();
    let shown = env.run(&["show", row["short"].as_str().unwrap(), "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    let items = shown["items"].as_array().unwrap().iter();
    let notes: Vec<String> = items.map(|item| item["lines"].to_string()).collect();
    let named =
        ["title", "status", "assignee", "tags", "messages", "notes"].map(|name| format!("{name}={}", row[name]));
    format!("{} {notes:?}", named.join(" "))
}

/// Makes a person of each program do this, first without a connection.
fn offline(env: &Environment, args: &[&str]) {
    let said = env.run(&[args, &["--offline"]].concat());
    done(&said);
}

#[test]
fn what_either_version_does_the_other_reads() {
    let Some(team) = Shared::new() else { return };
    for (env, first) in [(&team.old, 1), (&team.new, 5)] {
        done(&env.run(&["assign", "me", &id(env, first), "--wait"]));
        done(&env.run(&["status", "waiting", &id(env, first), "--wait"]));
        done(&env.run(&["tag", "late", &id(env, first + 1), "--wait"]));
        done(&env.run(&["note", "Called her, @carol.", &id(env, first + 1), "--wait"]));
        done(&env.run(&["merge", "--into", &id(env, first + 2), &id(env, first + 3), "--wait"]));
        sync(&team.old);
        sync(&team.new);
    }
    let all = team.agree();
    assert_eq!(all.len(), MAILS as usize - 2);
    assert_eq!(all.iter().filter(|row| row.contains("Called her, @carol.")).count(), 2, "{all:#?}");
    assert_eq!(all.iter().filter(|row| row.contains(r#""waiting" "#)).count(), 2, "{all:#?}");
}

#[test]
fn of_two_claims_the_first_on_the_log_has_it_whichever_version_made_it() {
    let Some(team) = Shared::new() else { return };
    for (n, first, second) in [(1, &team.old, &team.new), (2, &team.new, &team.old)] {
        offline(first, &["assign", "me", &id(first, n)]);
        offline(second, &["assign", "me", &id(second, n)]);
        sync(first);
        let said = second.run(&["sync"]);
        assert_eq!(said.status, 4, "{said}");
    }
    let all = team.agree();
    let owner = |n: u32| all.iter().find(|row| row.contains(&format!("Question {n}\""))).unwrap().clone();
    assert!(owner(1).contains(r#"assignee="alice""#), "{all:#?}");
    assert!(owner(2).contains(r#"assignee="bob""#), "{all:#?}");
}

#[test]
fn a_bulk_and_its_undo_are_the_same_for_both() {
    let Some(team) = Shared::new() else { return };
    for (doer, other) in [(&team.old, &team.new), (&team.new, &team.old)] {
        done(&doer.run(&["status", "closed", "status:open", "--wait"]));
        sync(other);
        assert_eq!(other.run(&["count", "status:closed"]).stdout.trim(), MAILS.to_string());
        done(&doer.run(&["undo", "--wait"]));
        sync(other);
        assert_eq!(other.run(&["count", "status:open"]).stdout.trim(), MAILS.to_string());
        team.agree();
    }
}

#[test]
fn work_done_offline_at_the_same_time_is_all_there() {
    let Some(team) = Shared::new() else { return };
    for n in 1..=MAILS {
        for (env, tag) in [(&team.old, "of-old"), (&team.new, "of-new")] {
            offline(env, &["tag", tag, &id(env, n)]);
        }
        offline(&team.old, &["note", &format!("old on {n}"), &id(&team.old, n)]);
        offline(&team.new, &["note", &format!("new on {n}"), &id(&team.new, n)]);
    }
    let all = team.agree();
    for n in 1..=MAILS {
        let row = all.iter().find(|row| row.contains(&format!("Question {n}\""))).unwrap();
        for part in ["of-old", "of-new", &format!("old on {n}"), &format!("new on {n}")] {
            assert!(row.contains(part), "{part}: {row}");
        }
    }
}

#[test]
fn newcomers_of_both_versions_read_snapshots_of_both() {
    let Some(team) = Shared::new() else { return };
    for (n, writer) in [(1, &team.old), (2, &team.new)] {
        done(&team.old.run(&["note", "by the old one", &id(&team.old, n), "--wait"]));
        done(&team.new.run(&["assign", "me", &id(&team.new, n), "--wait"]));
        let before = team.agree();
        // Whoever misses mails of the log says what they held.
        team.expunge_log(0);
        sync(writer);
        let newcomers = [person(&team.server, 2, previous::program()), person(&team.server, 3, None)];
        for newcomer in &newcomers {
            sync(newcomer);
            assert_eq!(state(newcomer), before);
        }
        assert_eq!(team.agree(), before);
    }
}

#[test]
fn a_log_whose_folder_was_deleted_is_put_back_by_either() {
    let Some(team) = Shared::new() else { return };
    for (n, first) in [(1, &team.old), (2, &team.new)] {
        done(&team.old.run(&["tag", "old", &id(&team.old, n), "--wait"]));
        done(&team.new.run(&["note", "by the new one", &id(&team.new, n), "--wait"]));
        let before = team.agree();
        let mut session = team.server.session(USER);
        session.delete("Postroom").unwrap();
        session.logout();
        sync(first);
        assert_eq!(team.agree(), before);
        let newcomer = person(&team.server, 2, previous::program());
        sync(&newcomer);
        assert_eq!(state(&newcomer), before);
    }
}

#[test]
fn what_only_the_new_version_writes_hurts_the_old_one_in_nothing() {
    let Some(team) = Shared::new() else { return };
    done(&team.new.run(&["team", "set", "--colleague", "alice", "--colleague", "bob", "--team", "billing=alice,bob"]));
    done(&team.new.run(&["team", "rotate-key", "--yes"]));
    done(&team.old.run(&["note", "after the new key", &id(&team.old, 1), "--wait"]));
    done(&team.new.run(&["tag", "signed", &id(&team.new, 1), "--wait"]));
    let all = team.agree();
    let row = all.iter().find(|row| row.contains("Question 1\"")).unwrap();
    assert!(row.contains("after the new key") && row.contains("signed"), "{row}");
    let said = team.old.run(&["log", "--json"]);
    done(&said);
    assert!(said.stdout.contains("\"team\""), "it is carried: {said}");
}

/// A mail of a customer whose shop writes one id, which nobody holds, into the mail of all its customers.
fn ticket(who: &str, shop: &str) -> String {
    format!(
        "From: {who} <{who}@{who}.example>\r\nTo: team@example.com\r\nSubject: Ticket of {who}\r\nMessage-ID: <{who}@x.example>\r\n\
         References: <constant@{shop}.example>\r\nDate: Sun, 22 Nov 2026 08:00:00 +0000\r\n\r\nHello from {who}\r\n"
    )
}

#[test]
fn the_day_of_the_upgrade_tears_nothing_that_anybody_worked_on() {
    let (Some(program), Some(server)) = (previous::program(), Dovecot::start()) else { return };
    let mut session = server.session(USER);
    for (who, shop) in [("lea", "one"), ("max", "one"), ("ned", "one"), ("ida", "two"), ("jon", "two")] {
        let _ = session.append("INBOX", &[], None, ticket(who, shop).as_bytes()).unwrap();
    }
    session.logout();
    let alice = person(&server, 0, Some(program));
    let mut bob = person(&server, 1, Some(program));
    let found = |env: &Environment, who: &str| {
        let said = env.run(&["list", &format!("from:{who}@{who}.example"), "--format", "ids"]);
        said.stdout.trim().split('@').next().unwrap().to_owned()
    };
    done(&alice.run(&["assign", "me", &found(&alice, "lea"), "--wait"]));
    done(&alice.run(&["note", "All three wait for the same part.", &found(&alice, "lea"), "--wait"]));
    sync(&bob);
    assert_eq!(state(&bob).len(), 2, "{:#?}", state(&bob));

    bob.use_program(Path::new(env!("CARGO_BIN_EXE_postroom")));
    // One pass takes the mail in, reads again what the old rules put together, and pushes what keeps it so.
    sync(&bob);
    let upgraded = state(&bob);
    assert_eq!(upgraded.len(), 3, "only what nobody worked on is two conversations now: {upgraded:#?}");
    assert!(upgraded.iter().any(|row| row.contains("messages=3") && row.contains("notes=1")), "{upgraded:#?}");
    assert_eq!(found(&bob, "ned"), found(&bob, "lea"));
    assert_eq!(bob.run(&["count", "is:upgraded"]).stdout.trim(), "1");

    // Who comes new has the same, and the old program goes on with it.
    let carol = person(&server, 2, None);
    assert_eq!(state(&carol), upgraded);
    sync(&alice);
    done(&alice.run(&["status", "closed", &found(&alice, "max"), "--wait"]));
    for env in [&bob, &carol] {
        sync(env);
        assert_eq!(env.run(&["count", "status:closed"]).stdout.trim(), "1");
        assert_eq!(found(env, "max"), found(env, "lea"));
    }
    // Nothing of the upgrade is written again.
    let records = |env: &Environment| env.run(&["log", "--json", "--limit", "1000"]).stdout.lines().count();
    let before = records(&bob);
    sync(&bob);
    sync(&carol);
    assert_eq!((records(&bob), records(&carol)), (before, before));
    assert_eq!(state(&bob), state(&carol));
}
