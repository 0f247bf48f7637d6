//! What belongs together, as the verbs tell it.

use postroom::config::{Config, Layers};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::op::record::Author;
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};

use crate::environment::Environment;

/// An hour before the sample ends.
const THEN: i64 = 1_795_334_400;

const MAILS: [(&str, &str); 6] = [
    (
        "Sent",
        "Message-ID: <f04n@example.com>\nFrom: support@example.com\nTo: support@example.com\nBcc: ann@a.example, ben@b.example\nSubject: Outage tonight\n\nWe are down.\nFrom 22:00.\n\nTo 23:00.\nNo order is lost.\nSorry.\n",
    ),
    (
        "Case",
        "Message-ID: <f04ann@x.example>\nFrom: Ann <ann@a.example>\nTo: support@example.com\nSubject: Re: Outage tonight\nIn-Reply-To: <f04n@example.com>\n\nCancel me\n",
    ),
    (
        "Case",
        "Message-ID: <f04ben@x.example>\nFrom: Ben <ben@b.example>\nTo: support@example.com\nSubject: Re: Outage tonight\nIn-Reply-To: <f04n@example.com>\n\nthanks\n",
    ),
    (
        "Case",
        "Message-ID: <order@d.example>\nFrom: Dee <dee@d.example>\nTo: support@example.com\nSubject: Order 4411\n\nWhere is it?\n",
    ),
    (
        "Case",
        "Message-ID: <both@a.example>\nFrom: Ann <ann@a.example>\nTo: support@example.com\nSubject: Re: Outage tonight\nReferences: <order@d.example> <f04ann@x.example>\n\nAnd her order?\n",
    ),
    (
        "Case",
        "Message-ID: <fay@f.example>\nFrom: Fay <fay@f.example>\nTo: support@example.com\nSubject: Re: Outage tonight\nReferences: <f04ann@x.example>\n\nI am her boss.\n",
    ),
];

/// A notice to two, their answers, one of which names another case too, and what somebody new wrote to it.
fn desk() -> Environment {
    let env = Environment::demo();
    let layers =
        Layers { config: Some(env.path("store/config.toml")), store: Some(env.path("store")), ..Layers::default() };
    let config = Config::load(&layers).unwrap();
    let clock = Clock::fixed(Timestamp::from_seconds(THEN));
    let author = Author { actor: config.me.clone(), host: "box".into(), clock, ids: Ids::counted(77_000) };
    let options = StoreOptions { author, team: config.team(), history_after: i64::MAX };
    let store = Store::open(&env.path("store"), options).unwrap();
    let account = config.team().inboxes[0].account.clone();
    for (uid, (folder, mail)) in (9_001..).zip(MAILS) {
        let role = if folder == "Sent" { FolderRole::Sent } else { FolderRole::Inbox };
        let folder = store.folder(&account, folder, role).unwrap().id;
        let raw = mail.replace('\n', "\r\n").into_bytes();
        let arrived = Timestamp::from_seconds(THEN + i64::from(uid));
        let (size, content) = (raw.len() as u64, Content::Whole(raw));
        let mail = Incoming { uid, flags: vec![], arrived, size, modseq: None, content };
        store.ingest(folder, vec![mail]).unwrap();
    }
    env
}

#[test]
fn show_and_why_name_the_notice_what_is_related_and_who_is_new_with_their_ids() {
    let env = desk();
    let mut talk = String::new();
    for args in [
        &["show", "fay@f.example"][..],
        &["show", "fay@f.example", "--full", "-n", "1"],
        &["why", "fay@f.example"],
        &["show", "order@d.example"],
        &["why", "f04n@example.com"],
    ] {
        talk.push_str(&format!("$ {}\n{}", args.join(" "), env.run(args)));
    }
    insta::assert_snapshot!(talk);
}

#[test]
fn the_json_says_the_same_to_programs() {
    let env = desk();
    let of = |args: &[&str]| -> Vec<serde_json::Value> {
        let said = env.run(&[args, &["--json"]].concat());
        assert_eq!(said.status, 0, "{said}");
        said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let (ann, dee, notice) = ("fay@f.example", "order@d.example", "f04n@example.com");
    let [shown, other, home] = [ann, dee, notice].map(|target| of(&["show", target]).remove(0));
    let context = serde_json::json!([{
        "message": "f04n@example.com", "conversation": home["id"], "short": home["short"],
        "subject": "Outage tonight", "at": home["items"][0]["at"],
    }]);
    let related = |other: &serde_json::Value, relation: &str| {
        serde_json::json!([{
            "id": other["id"], "short": other["short"], "title": other["title"], "relation": relation,
        }])
    };
    assert_eq!((&shown["context"], &shown["related"]), (&context, &related(&other, "names")));
    assert_eq!((&other["context"], &other["related"]), (&serde_json::json!([]), &related(&shown, "named-by")));
    let new: Vec<bool> = shown["items"].as_array().unwrap().iter().map(|item| item["new_here"] == true).collect();
    assert_eq!(new, [false, false, true]);
    let listed = of(&["list", "subject:outage"]);
    let row = listed.iter().find(|row| row["id"] == home["id"]).unwrap();
    assert_eq!((&home["answered"], &row["answered"]), (&2.into(), &2.into()));
    let why = of(&["why", ann]);
    let new: Vec<bool> = why.iter().map(|line| line["new_here"] == true).collect();
    assert_eq!(new, [false, false, true, false]);
    let together = why.last().unwrap();
    assert_eq!(together["type"], "together");
    assert_eq!((&together["context"], &together["related"]), (&context, &related(&other, "names")));
    assert_eq!(of(&["why", notice]).last().unwrap()["answered"], 2);
    let short = shown["short"].as_str().unwrap();
    assert_eq!(env.run(&["merge", "--into", other["short"].as_str().unwrap(), short]).status, 0);
    assert_eq!(of(&["show", dee])[0]["related"], serde_json::json!([]));
    let alone = of(&["why", "demo-10-0@mail.example.com"]);
    assert!(alone.iter().all(|line| line["type"] == "why"), "it has nothing to do with others");
}
