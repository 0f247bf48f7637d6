//! Setting up an account against real servers: mail that goes out, a mailbox that several read with logins of their own, and a config that is
//! there.

use super::verbs::{config, count};
use crate::environment::{Environment, Said};
use crate::support::dovecot::Dovecot;
use crate::support::smtp::{At, How, SmtpServer};

/// The arguments of `init` for whoever logs in as `user`, over connections in clear.
fn args<'a>(me: &'a str, user: &'a str, imap: &'a str, smtp: &'a str) -> Vec<&'a str> {
    let mut args = vec!["init", "--me", me, "--address", "support@shop.example", "--user", user];
    args.extend(["--imap-host", "localhost", "--imap-port", imap, "--imap-security", "plain"]);
    match smtp {
        "none" => args.extend(["--smtp-host", "none"]),
        port => args.extend(["--smtp-host", "localhost", "--smtp-port", port, "--smtp-security", "plain"]),
    }
    args
}

/// An agent with a login of their own on what `support` shares.
fn agent(server: &Dovecot, name: &str, number: u64, separator: char) -> (Environment, Said) {
    let env = Environment::of_person(number);
    let port = server.imap.to_string();
    let folder = |last: &str| format!("shared{separator}support{last}");
    let (inbox, log) = (folder(""), folder(&format!("{separator}Postroom")));
    let mut args = args(name, name, &port, "none");
    args.extend(["--password-command", "echo pass", "--inbox-folder", &inbox, "--log-folder", &log]);
    let said = env.run(&args);
    assert_eq!(said.status, 0, "{said}");
    (env, said)
}

#[test]
fn with_logins_of_their_own_agents_share_the_teams_mailbox_and_nothing_of_theirs() {
    for (separator, prefix) in [('/', ""), ('.', "INBOX.")] {
        let Some(server) = Dovecot::sharing(separator, prefix) else { return };
        let ((alice, said), (bob, _)) = (agent(&server, "alice", 1, separator), agent(&server, "bob", 2, separator));
        let inbox = format!("shared{separator}support");
        for part in [
            &format!("{inbox} (inbox, 1 mail)"),
            &format!("{inbox}{separator}Sent (sent, 0 mails)"),
            &format!("{inbox}{separator}Postroom (the team's log"),
        ] {
            assert!(said.stderr.contains(part.as_str()), "{part}: {said}");
        }
        for env in [&alice, &bob] {
            let synced = env.run(&["sync"]);
            assert_eq!(synced.status, 0, "her own INBOX can't be read, and is not looked at: {synced}");
            assert_eq!((count(env, "is:any"), count(env, "subject:private")), ("1".to_owned(), "0".to_owned()));
        }
        let noted = alice.run(&["note", "He called, @bob", "subject:question"]);
        assert_eq!(noted.status, 0, "{noted}");
        assert_eq!(bob.run(&["sync"]).status, 0);
        assert_eq!(count(&bob, "note:called"), "1");
        let moved = alice.run(&["config", "show"]);
        assert!(moved.stdout.contains(&format!("inbox_folder = \"{inbox}\"")), "{moved}");
    }
}

#[test]
fn who_may_only_read_the_teams_mailbox_is_told_before_anything_is_done() {
    let Some(server) = Dovecot::sharing('/', "") else { return };
    // Somebody who may write has begun the log.
    let _ = agent(&server, "alice", 1, '/');
    let env = Environment::of_person(3);
    let port = server.imap.to_string();
    let mut args = args("gus", "gus", &port, "none");
    args.extend(["--password-command", "echo pass", "--inbox-folder", "shared/support"]);
    args.extend(["--log-folder", "shared/support/Postroom"]);
    let said = env.run(&args);
    assert!(said.stderr.contains("you may read the team's log and not write to it"), "{said}");
    let synced = env.run(&["sync"]);
    assert_eq!(count(&env, "is:any"), "1", "{synced}");
}

#[test]
fn a_folder_of_the_team_needs_a_log_beside_it_and_has_to_be_there() {
    let Some(server) = Dovecot::sharing('/', "") else { return };
    let env = Environment::new();
    let port = server.imap.to_string();
    let mut wrong = args("alice", "alice", &port, "none");
    wrong.extend(["--password-command", "echo pass", "--inbox-folder", "shared/suport"]);
    let said = env.run(&wrong);
    assert_eq!(said.status, 2, "{said}");
    assert!(
        said.stderr.contains("there is no folder \u{201c}shared/suport\u{201d}")
            || said.stderr.contains("there is no folder \"shared/suport\""),
        "{said}"
    );
    assert!(!config(&env).exists());
    // In a script the log's name is proposed beside it.
    let mut right = args("alice", "alice", &port, "none");
    right.extend(["--password-command", "echo pass", "--inbox-folder", "shared/support"]);
    let said = env.run(&right);
    assert_eq!(said.status, 0, "{said}");
    let text = std::fs::read_to_string(config(&env)).unwrap();
    assert!(text.contains("log_folder = \"shared/support/Postroom\""), "{text}");
    std::fs::write(config(&env), text.replace("log_folder = \"shared/support/Postroom\"\n", "")).unwrap();
    let said = env.run(&["config", "check"]);
    assert!(said.status == 2 && said.stderr.contains("the team's log needs a place there too"), "{said}");
}

#[test]
fn outgoing_mail_is_logged_in_to_and_what_fails_is_named() {
    let Some(server) = Dovecot::start() else { return };
    let (smtp, env) = (SmtpServer::start(), Environment::new());
    let (imap, port) = (server.imap.to_string(), smtp.port.to_string());
    let run = |port: &str, more: &[&str]| {
        let mut args = args("alice", "team", &imap, port);
        args.extend(["--password-command", "echo pass"]);
        args.extend(more);
        env.run(&args)
    };
    let nobody = run("1", &[]);
    assert_eq!(nobody.status, 3, "{nobody}");
    for part in [
        "outgoing mail, port 1: localhost: can't be reached",
        "465 with tls and 587 with starttls",
        "nothing was written",
    ] {
        assert!(nobody.stderr.contains(part), "{part}: {nobody}");
    }
    smtp.fault(At::Auth, How::Say("535 5.7.8 no".to_owned()));
    let refused = run(&port, &[]);
    assert!(refused.status == 3 && refused.stderr.contains("535 5.7.8"), "{refused}");
    assert!(!config(&env).exists());
    let said = run(&port, &["--test-mail", "--name", "Alice Moreau"]);
    assert_eq!(said.status, 0, "{said}");
    let mails = smtp.mails();
    assert_eq!((mails.len(), mails[0].to.as_slice()), (1, ["support@shop.example".to_owned()].as_slice()));
    assert!(said.stderr.contains("a mail to support@shop.example is on its way"), "{said}");
}

#[test]
fn customers_see_the_name_that_was_asked_for() {
    let Some(server) = Dovecot::start() else { return };
    let (smtp, env) = (SmtpServer::start(), Environment::new());
    let (imap, port) = (server.imap.to_string(), smtp.port.to_string());
    let mut args = args("alice", "team", &imap, &port);
    args.extend(["--password-command", "echo pass", "--name", "Alice Moreau"]);
    assert_eq!(env.run(&args).status, 0);
    let sent = env.run(&["new", "--to", "carla@c.example", "--subject", "Hello", "--body", "Hi.", "--send"]);
    assert_eq!(sent.status, 0, "{sent}");
    let mails = smtp.mails();
    let text = String::from_utf8_lossy(&mails[0].bytes);
    assert!(
        text.contains("From: Alice Moreau <support@shop.example>")
            || text.contains("From: \"Alice Moreau\" <support@shop.example>"),
        "{text}"
    );
}

#[test]
fn what_a_password_command_complains_of_is_told() {
    let Some(server) = Dovecot::start() else { return };
    let (env, imap) = (Environment::new(), server.imap.to_string());
    let mut args = args("alice", "team", &imap, "none");
    args.extend(["--password-command", "echo hunter2; echo 'pass: support is not in the password store' >&2; exit 1"]);
    let said = env.run(&args);
    assert_eq!(said.status, 2, "{said}");
    assert!(said.stderr.contains("support is not in the password store") && !said.stderr.contains("hunter2"), "{said}");
}

#[test]
fn a_config_is_tried_whole_and_nothing_is_written() {
    let Some(server) = Dovecot::start() else { return };
    let (smtp, env) = (SmtpServer::start(), Environment::new());
    let (imap, port) = (server.imap.to_string(), smtp.port.to_string());
    let mut args = args("alice", "team", &imap, &port);
    args.extend(["--password-command", "echo pass", "--no-test"]);
    assert_eq!(env.run(&args).status, 0);
    let before = std::fs::read_to_string(config(&env)).unwrap();
    let fine = env.run(&["init", "--check"]);
    assert_eq!(fine.status, 0, "{fine}");
    for part in ["main: the login works", "INBOX (inbox, 0 mails)", "outgoing mail"] {
        assert!(fine.stderr.contains(part), "{part}: {fine}");
    }
    assert!(!env.path("store").exists(), "nothing is made");
    std::fs::write(config(&env), before.replace(&format!("port = {port}"), "port = 1")).unwrap();
    let broken = env.run(&["init", "--check"]);
    assert_eq!(broken.status, 3, "{broken}");
    assert!(
        broken.stderr.contains("outgoing mail, port 1") && broken.stderr.contains("1 account does not work"),
        "{broken}"
    );
}

#[test]
fn a_relative_certificate_is_written_as_the_file_that_it_is() {
    let Some(server) = Dovecot::start() else { return };
    let env = Environment::new();
    std::fs::copy(server.certificate(), env.path("cert.pem")).unwrap();
    let port = server.imaps.to_string();
    let base =
        ["init", "--me", "alice", "--address", "team@example.com", "--imap-host", "localhost", "--imap-port", &port];
    let more = ["--smtp-host", "none", "--user", "team", "--password-command", "echo pass", "--ca-file"];
    let said = env.run(&[base.as_slice(), &more, &["nowhere.pem"]].concat());
    assert!(said.status == 2 && said.stderr.contains("there is no file"), "{said}");
    let said = env.run(&[base.as_slice(), &more, &["cert.pem"]].concat());
    assert_eq!(said.status, 0, "{said}");
    let text = std::fs::read_to_string(config(&env)).unwrap();
    let written = text.lines().find_map(|line| line.strip_prefix("ca_file = \"")).unwrap();
    assert!(written.starts_with('/') && written.ends_with("/cert.pem\""), "{text}");
}
