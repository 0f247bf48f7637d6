//! `postroom move` against a real IMAP server, where the inboxes have folders of their own.

use crate::environment::Environment;
use crate::support::dovecot::Dovecot;
use crate::support::smtp::SmtpServer;

const USER: &str = "team";

/// A server with a folder for returns and a mail in INBOX, and a person who is set up and has fetched it.
fn desk(settings: &str) -> Option<(Dovecot, Environment)> {
    let server = if settings.is_empty() { Dovecot::start()? } else { Dovecot::with(settings)? };
    let mut session = server.session(USER);
    session.create(&server.named("Returns")).unwrap();
    session.logout();
    let mail = "From: Carol <carol@example.org>\nTo: team@example.com\nSubject: Parcel\nMessage-ID: <1@example.org>\n\nHello.\n";
    server.deliver(USER, "INBOX", mail);
    let env = Environment::of_person(1);
    env.write(
        "config.toml",
        &format!(
            "store = \"{}\"\n[me]\nhandle = \"alice\"\n[account.main]\n[account.main.imap]\nhost = \"localhost\"\nport = {}\n\
             security = \"plain\"\nuser = \"{USER}\"\npassword_command = \"echo pass\"\n\
             [inbox.support]\naddress = \"team@example.com\"\n\
             [inbox.returns]\naddress = \"returns@example.com\"\nfolder = \"{}\"\n",
            env.path("store").display(),
            server.imap,
            server.named("Returns")
        ),
    );
    assert_eq!(run(&env, &["sync"]).status, 0);
    Some((server, env))
}

fn run(env: &Environment, args: &[&str]) -> crate::environment::Said {
    let mut command = env.command(args);
    command.env("POSTROOM_CONFIG", env.path("config.toml"));
    env.run_with(command, "")
}

/// How many mails are in INBOX and in the folder for returns.
fn mails(server: &Dovecot) -> (usize, usize) {
    let mut session = server.session(USER);
    let mut count = |folder: &str| {
        session.examine(folder).unwrap();
        session.search("ALL").unwrap().len()
    };
    (count("INBOX"), count(&server.named("Returns")))
}

#[test]
fn the_mail_goes_along_and_comes_back() {
    let Some((server, env)) = desk("") else { return };
    let said = run(&env, &["move", "returns", "subject:parcel"]);
    assert_eq!(said.status, 0, "{said}");
    assert!(
        said.stderr.contains("alice moved this to returns") && said.stderr.contains("1 mail moved on the server"),
        "{said}"
    );
    assert_eq!(mails(&server), (0, 1));
    assert_eq!(run(&env, &["count", "inbox:returns"]).stdout, "1\n");
    let again = run(&env, &["move", "returns", "subject:parcel"]);
    assert!(again.stderr.contains("nothing to change"), "{again}");
    assert_eq!(run(&env, &["sync"]).status, 0);
    let undone = run(&env, &["undo"]);
    assert_eq!(undone.status, 0, "{undone}");
    assert_eq!(mails(&server), (1, 0));
    assert_eq!(run(&env, &["sync"]).status, 0);
    assert_eq!(run(&env, &["count", "inbox:support"]).stdout, "1\n");
}

#[test]
fn what_was_moved_offline_goes_with_the_next_sync() {
    let Some((server, env)) = desk("") else { return };
    assert_eq!(run(&env, &["move", "returns", "subject:parcel", "--offline"]).status, 0);
    assert_eq!(mails(&server), (1, 0));
    let said = run(&env, &["sync"]);
    assert_eq!(said.status, 0, "{said}");
    assert!(said.stderr.contains("1 mail moved on the server"), "{said}");
    assert_eq!(mails(&server), (0, 1));
}

#[test]
fn a_mailbox_that_does_not_let_us_is_told_with_exit_code_3_and_the_work_is_kept() {
    let acl = "protocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile\n}\n";
    let Some((server, env)) = desk(acl) else { return };
    let rights = |rights: &str| {
        std::fs::write(server.maildir(USER).join("dovecot-acl"), format!("owner {rights}\n")).unwrap();
    };
    rights("lrwsi");
    for args in [&["move", "returns", "subject:parcel", "--wait"][..], &["sync"]] {
        let said = run(&env, args);
        assert_eq!(said.status, 3, "{said}");
        let words = "cannot move a mail from INBOX to Returns: you may not delete in INBOX";
        assert!(
            said.stderr.contains(words) && said.stderr.contains("hint: the conversation is moved all the same"),
            "{said}"
        );
    }
    assert_eq!((run(&env, &["count", "inbox:returns"]).stdout.as_str(), mails(&server)), ("1\n", (1, 0)));
    rights("lrwsite");
    let said = run(&env, &["sync"]);
    assert_eq!((said.status, mails(&server)), (0, (0, 1)), "{said}");
}

#[test]
fn a_sync_logs_in_once_whatever_there_is_to_do() {
    let Some((server, env)) = desk("") else { return };
    let smtp = SmtpServer::start();
    let config = std::fs::read_to_string(env.path("config.toml")).unwrap();
    let way = format!("[account.main.smtp]\nhost = \"localhost\"\nport = {}\nsecurity = \"plain\"\n", smtp.port);
    env.write("config.toml", &config.replace("[inbox.support]", &format!("{way}[inbox.support]")));
    let second =
        "From: Dora <dora@example.org>\nTo: team@example.com\nSubject: Bill\nMessage-ID: <2@example.org>\n\nHello.\n";
    server.deliver(USER, "INBOX", second);
    assert_eq!(run(&env, &["sync"]).status, 0);
    for args in [
        &["move", "returns", "subject:parcel", "--offline"][..],
        &["reply", "subject:parcel", "--body", "It comes.", "--send", "--offline"],
        &["note", "Later.", "subject:parcel", "--offline"],
        &["erase", "subject:bill", "--yes", "--offline"],
    ] {
        let said = run(&env, args);
        assert_eq!(said.status, 0, "{said}");
    }
    let logins = || server.log().matches("Login: user=<team>").count();
    let before = logins();
    let said = run(&env, &["sync"]);
    assert_eq!((said.status, mails(&server), smtp.mails().len()), (0, (0, 1), 1), "{said}");
    // One of them is that of `mails`.
    assert_eq!(logins() - before, 2, "{said}");
    let before = logins();
    let said = run(&env, &["move", "support", "subject:parcel"]);
    assert_eq!((said.status, logins() - before), (0, 1), "{said}");
}

/// A process that keeps the store in sync until it is dropped.
struct Watcher(std::process::Child);

impl Watcher {
    fn start(env: &Environment) -> Self {
        let mut command = env.command(&["sync", "--watch"]);
        command.env("POSTROOM_CONFIG", env.path("config.toml")).env_remove("POSTROOM_CLOCK");
        let mut child =
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let mut said = std::io::BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("main: connected") {
            line.clear();
            assert!(std::io::BufRead::read_line(&mut said, &mut line).unwrap() > 0, "it ended");
        }
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self(child)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn beside_a_process_that_syncs_a_move_waits_for_it_and_ends_as_the_server_says() {
    let acl = "protocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile\n}\n";
    let Some((server, env)) = desk(acl) else { return };
    std::fs::write(server.maildir(USER).join(".Returns/dovecot-acl"), "owner lrwsi\n").unwrap();
    let watcher = Watcher::start(&env);
    let said = run(&env, &["move", "returns", "subject:parcel", "--wait"]);
    assert_eq!((said.status, mails(&server)), (0, (0, 1)), "{said}");
    let said = run(&env, &["move", "support", "subject:parcel", "--wait"]);
    assert_eq!((said.status, mails(&server)), (3, (0, 1)), "{said}");
    assert!(said.stderr.contains("you may not delete in Returns"), "{said}");
    drop(watcher);
}
