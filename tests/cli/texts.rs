//! Which text of a mail the verbs show.

use postroom::config::{Config, Layers};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::op::record::Author;
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};

use crate::environment::Environment;

/// An hour before the sample ends.
const THEN: i64 = 1_795_334_400;

const MAILS: [&str; 2] = [
    "Message-ID: <two@x.example>\nFrom: Ana <ana@zebra.example>\nTo: support@example.com\nSubject: \nMIME-Version: 1.0\n\
     Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nThis is an HTML mail.\n--b\n\
     Content-Type: text/html; charset=utf-8\n\n<p>Dear Bob,</p><p>your order 4412 was cancelled. Please pay again before Friday.</p>\
     <table><tr><td>Lamp</td><td>12.00</td></tr><tr><td>Post</td><td>3.50</td></tr></table>\
     <p><a href=\"https://shop.example/pay\">Pay now</a></p>\n--b--\n",
    "Message-ID: <one@x.example>\nFrom: Yan <yan@yak.example>\nTo: support@example.com\nSubject: Plain\n\nJust this.\n",
];

fn desk() -> Environment {
    let env = Environment::demo();
    let layers =
        Layers { config: Some(env.path("store/config.toml")), store: Some(env.path("store")), ..Layers::default() };
    let config = Config::load(&layers).unwrap();
    let clock = Clock::fixed(Timestamp::from_seconds(THEN));
    let author = Author { actor: config.me.clone(), host: "box".into(), clock, ids: Ids::counted(78_000) };
    let options = StoreOptions { author, team: config.team(), history_after: i64::MAX };
    let store = Store::open(&env.path("store"), options).unwrap();
    let account = config.team().inboxes[0].account.clone();
    let folder = store.folder(&account, "Texts", FolderRole::Inbox).unwrap().id;
    for (uid, mail) in (9_101..).zip(MAILS) {
        let raw = mail.replace('\n', "\r\n").into_bytes();
        let arrived = Timestamp::from_seconds(THEN + i64::from(uid));
        let (size, content) = (raw.len() as u64, Content::Whole(raw));
        store.ingest(folder, vec![Incoming { uid, flags: vec![], arrived, size, modseq: None, content }]).unwrap();
    }
    env
}

#[test]
fn a_mail_is_shown_by_the_text_that_is_asked_for() {
    let env = desk();
    insta::assert_snapshot!("the_html_beside_a_placeholder", env.run(&["show", "from:zebra"]));
    insta::assert_snapshot!("the_placeholder_itself", env.run(&["show", "from:zebra", "--part", "plain"]));
    assert_eq!(env.run(&["show", "from:zebra", "--part", "html"]).stdout, env.run(&["show", "from:zebra"]).stdout);
    assert!(env.run(&["show", "from:zebra", "--json"]).stdout.contains("\"part\":\"html\""));
    assert!(env.run(&["show", "from:zebra", "--json", "--part", "plain"]).stdout.contains("\"part\":\"plain\""));
}

#[test]
fn a_text_that_no_mail_has_is_nothing() {
    let env = desk();
    insta::assert_snapshot!("no_html_there", env.run(&["show", "from:yak", "--part", "html"]));
    assert_eq!(env.run(&["show", "from:yak", "--part", "plain"]).status, 0);
}

#[test]
fn an_empty_subject_is_said_to_be_none_and_is_empty_in_json() {
    let env = desk();
    assert!(env.run(&["list", "from:zebra"]).stdout.contains("(no subject)"));
    assert!(env.run(&["show", "from:zebra"]).stdout.contains("(no subject)"));
    let json = env.run(&["list", "from:zebra", "--json"]).stdout;
    assert!(json.contains("\"title\":\"\"") && !json.contains("(no subject)"), "{json}");
}
