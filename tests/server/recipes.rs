//! The scripts under `examples/scripts` that are about a server: two users under cron, and a move to another one.

use std::process::{Command, Stdio};

use serde_json::Value;

use super::verbs::{config, count, person, server};
use crate::environment::Environment;

/// What everybody has to agree on, of each conversation.
fn states(env: &Environment) -> Vec<[Value; 6]> {
    let listed = env.run(&["list", "is:any", "--json", "--sort", "created"]).stdout;
    let rows = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.map(|row| ["id", "title", "status", "assignee", "tags", "notes"].map(|name| row[name].clone())).collect()
}

#[test]
fn two_users_under_cron_share_a_mailbox_and_each_conversation_has_one_owner() {
    let Some(server) = server(12) else { return };
    let users = [("alice", 1), ("bob", 2)].map(|(who, number)| {
        let env = person(&server, who, number);
        env.write("rules", &format!("{who}  subject:Question\n"));
        env
    });
    let running = users.each_ref().map(|env| {
        let mut script = env.script("cron-job.sh", &["assign-by-subject.sh", "rules"]);
        script.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    });
    for mut script in running {
        let code = script.wait().unwrap().code();
        // 4: somebody else was faster.
        assert!(matches!(code, Some(0 | 4)), "{code:?}");
    }
    for env in &users {
        assert_eq!(env.run_with(env.script("cron-job.sh", &["assign-by-subject.sh", "rules"]), "").status, 0);
    }
    assert_eq!(users[0].run(&["sync"]).status, 0);
    assert_eq!(states(&users[0]), states(&users[1]));
    let had = |who: &str| count(&users[0], &format!("assignee:{who}")).parse::<usize>().unwrap_or(0);
    assert_eq!(had("alice") + had("bob"), 12);
}

/// Copies the mailbox of the team into that of another user.
fn copy(server: &crate::support::dovecot::Dovecot, env: &Environment, to: &str) -> String {
    let url = |user: &str| format!("imaps://{user}@localhost:{}", server.imaps);
    let mut script: Command = env.script("copy-mailbox.py", &[&url("team"), &url(to), "--ca-file"]);
    script.arg(server.certificate()).env("OLD_PASSWORD", "pass").env("NEW_PASSWORD", "pass");
    let said = env.run_with(script, "");
    assert_eq!(said.status, 0, "{said}");
    said.stdout
}

/// Points somebody's config at another user.
fn move_to(env: &Environment, user: &str) {
    let text = std::fs::read_to_string(config(env)).unwrap();
    assert!(text.contains("user = \"team\""), "{text}");
    std::fs::write(config(env), text.replace("user = \"team\"", &format!("user = \"{user}\""))).unwrap();
}

#[test]
fn a_mailbox_moves_to_another_server_with_all_that_the_team_did() {
    let Some(server) = server(6) else { return };
    let alice = person(&server, "alice", 1);
    for verb in [
        &["assign", "bob", "subject:\"Question 1\""][..],
        &["status", "closed", "subject:\"Question 2\""],
        &["tag", "vip", "subject:\"Question 3\""],
        &["note", "called her", "subject:\"Question 4\""],
    ] {
        assert_eq!(alice.run(verb).status, 0);
    }
    let mut session = server.session("team");
    for (folder, mails) in [("Quoted \"\u{c4}rger\" & Tadel\\Lob", 1), ("Many", 501)] {
        session.create(folder).unwrap();
        for n in 1..=mails {
            let mail = format!("Message-ID: <many{n}@x.example>\r\nSubject: {n}\r\n\r\nText\r\n");
            session.append(folder, &[], None, mail.as_bytes()).unwrap();
        }
    }
    session.logout();
    let first = copy(&server, &alice, "newhome");
    assert!(first.contains("INBOX: 6 copied, 0 there already"), "{first}");
    assert!(first.contains("Quoted \"Ärger\" & Tadel\\Lob: 1 copied"), "{first}");
    assert!(first.contains("Many: 501 copied"), "{first}");
    // Work goes on until the last moment; the second call brings what is new.
    assert_eq!(alice.run(&["tag", "late", "subject:\"Question 5\""]).status, 0);
    let second = copy(&server, &alice, "newhome");
    assert!(second.contains("Tadel\\Lob: 0 copied, 1 there already"), "{second}");
    assert!(second.contains("INBOX: 0 copied, 6 there already") && second.contains("Postroom: 1 copied"), "{second}");

    let before = states(&alice);
    move_to(&alice, "newhome");
    let said = alice.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(states(&alice), before);
    // Who begins on the new server sees the same.
    let bob = Environment::of_person(2);
    assert_eq!(bob.init("bob", server.imaps, &server.certificate()).status, 0);
    move_to(&bob, "newhome");
    assert_eq!(bob.run(&["sync"]).status, 0);
    assert_eq!(states(&bob), before);
    // Nothing came twice, and what is done from now on goes on.
    assert_eq!(bob.run(&["tag", "seen-by-bob", "subject:\"Question 6\""]).status, 0);
    assert_eq!(alice.run(&["sync"]).status, 0);
    assert_eq!((count(&alice, "tag:seen-by-bob"), count(&alice, "is:any")), ("1".into(), "6".into()));
}
