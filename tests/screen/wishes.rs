//! The same wish by key and by verb: equal records, equal warnings, whichever way it came.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use postroom::model::ids::{ConversationId, MessageId};
use postroom::op::record::Record;

use super::seed::{Desk, MAILS, Mail, NOW, keys_and_ids};

const CONFIG: &str = r#"
[me]
handle = "alice"
[agent.alice]
name = "Alice Moor"
address = "alice@team.example"
[agent.bob]
name = "Bob Dale"
address = "bob@team.example"
[agent.cleo]
name = "Cleo Finn"
address = "cleo@team.example"
[teams]
billing = ["bob", "cleo"]
[account.main.imap]
host = "localhost"
port = 1
security = "plain"
user = "support"
password_command = "echo pass"
[inbox.support]
address = "support@team.example"
account = "main"
[inbox.sales]
address = "sales@team.example"
account = "main"
"#;

/// Each command makes ids of its own.
static COMMANDS: AtomicU64 = AtomicU64::new(1000);

/// What a verb said, and how it ended.
pub struct Said {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

/// Runs the program on the store of a desk.
pub fn verb(desk: &Desk, args: &[&str], input: &str) -> Said {
    use std::io::Write;
    let config = desk.dir().join("config.toml");
    std::fs::write(&config, CONFIG).unwrap();
    let at = jiff::Timestamp::from_second(NOW).unwrap().to_string();
    let mut child = Command::new(env!("CARGO_BIN_EXE_postroom"))
        .args(args)
        .arg("--offline")
        .env_clear()
        .env("HOME", desk.dir())
        .env("TZ", "UTC")
        .env("POSTROOM_CONFIG", &config)
        .env("POSTROOM_STORE", desk.dir())
        .env("POSTROOM_CLOCK", at)
        .env("POSTROOM_IDS", COMMANDS.fetch_add(1, Ordering::SeqCst).to_string())
        .env("POSTROOM_HOST", "box")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { stdout: text(output.stdout), stderr: text(output.stderr), status: output.status.code().unwrap() }
}

/// What was written: the operation and its targets, in order.
pub fn records(desk: &Desk) -> Vec<(String, Vec<String>)> {
    let all = desk.store.unpushed(1000).unwrap();
    let read = |json: &str| {
        let record = Record::parse(json).unwrap();
        let mut on: Vec<String> = record.on.iter().map(|target| serde_json::to_string(target).unwrap()).collect();
        // Which of them stands first means nothing.
        on.sort();
        (serde_json::to_string(&record.op).unwrap(), on)
    };
    all.iter().map(|(_, json)| read(json)).collect()
}

pub fn id(desk: &Desk, message: &str) -> ConversationId {
    desk.store.conversation_of(&MessageId::new(message).unwrap()).unwrap().unwrap()
}

/// One more mail of the customer of order 4412.
const MORE: Mail = Mail {
    id: "order4@shop",
    from: "Ana Lima <ana@lima.example>",
    subject: "Re: Refund for order 4412",
    refs: "order@shop",
    ago: -1,
    body: "One more thing.",
};

/// A wish: the keys, with the cursor on the refund, and the verbs, with `ID` for it and `OTHER` for the invoice.
struct Case {
    keys: &'static str,
    verbs: &'static [&'static [&'static str]],
    /// How many records it makes.
    records: usize,
    /// What the screen says at the end, to the letter.
    says: &'static str,
    /// What the last verb says beside its data, to the letter.
    tells: &'static str,
}

const CASES: [Case; 21] = [
    Case {
        keys: "e",
        verbs: &[&["status", "closed", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you closed this",
        tells: "alice closed this · t1z9 Refund for order 4412",
    },
    Case {
        keys: "<enter>si",
        verbs: &[&["status", "in-progress", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you started on this",
        tells: "alice started on this · t1z9 Refund for order 4412",
    },
    Case {
        keys: "<enter>scsc",
        verbs: &[&["status", "closed", "ID"], &["status", "closed", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: It is closed already",
        tells: "nothing to change: it is so already",
    },
    Case {
        keys: "<enter>so",
        verbs: &[&["status", "open", "ID"]],
        records: 0,
        says: "Ana Lima t1z9: It is open already",
        tells: "nothing to change: it is so already",
    },
    Case {
        keys: "tvip<enter>",
        verbs: &[&["tag", "vip", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you tagged this #vip",
        tells: "alice tagged this #vip · t1z9 Refund for order 4412",
    },
    Case {
        keys: "tvip<enter>tvip<enter>",
        verbs: &[&["tag", "vip", "ID"], &["tag", "vip", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: It has #vip already",
        tells: "nothing to change: it is so already",
    },
    Case {
        keys: "tvip<space>late<enter>t+vip<space>-late<space>-gone<enter>",
        verbs: &[&["tag", "vip,late", "ID"], &["tag", "vip,-late,-gone", "ID"]],
        records: 2,
        says: "Ana Lima t1z9: you took #late off",
        tells: "alice took #late off · t1z9 Refund for order 4412",
    },
    Case {
        keys: "<enter>aa",
        verbs: &[&["assign", "me", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you took this",
        tells: "alice took this · t1z9 Refund for order 4412",
    },
    Case {
        keys: "<enter>aaaa",
        verbs: &[&["assign", "me", "ID"], &["assign", "me", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: You have it already",
        tells: "nothing to change: it is so already",
    },
    Case {
        keys: "<enter>abo<enter>",
        verbs: &[&["assign", "bob", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you assigned this to bob",
        tells: "alice assigned this to bob · t1z9 Refund for order 4412",
    },
    Case {
        keys: "<enter>abil<enter>",
        verbs: &[&["assign", "billing", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you assigned this to billing",
        tells: "alice assigned this to billing · t1z9 Refund for order 4412",
    },
    Case {
        keys: "nask<space>@billing<enter>",
        verbs: &[&["note", "ask @billing", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you noted: ask @billing",
        tells: "alice noted: ask @billing · t1z9 Refund for order 4412",
    },
    Case {
        keys: "nask<space>@bob<enter>",
        verbs: &[&["note", "ask @bob", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you noted: ask @bob",
        tells: "alice noted: ask @bob · t1z9 Refund for order 4412",
    },
    Case {
        keys: "zzmon<space>9:00<enter>",
        verbs: &[&["snooze", "mon 9:00", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you snoozed this until Mon 2026-11-23 09:00 UTC",
        tells: "alice snoozed this until Mon 2026-11-23 09:00 UTC · t1z9 Refund for order 4412",
    },
    Case {
        keys: "<enter>Z",
        verbs: &[&["snooze", "now", "ID"]],
        records: 0,
        says: "Ana Lima t1z9: It is awake already",
        tells: "nothing to change: it is so already",
    },
    Case {
        keys: "<enter>T<c-u>Lamp<enter>T<enter>",
        verbs: &[&["title", "Lamp", "ID"], &["title", "Lamp", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: The title is as it was: nothing was changed",
        tells: "nothing to change: it is so already",
    },
    Case {
        keys: "<enter>msales<enter>",
        verbs: &[&["move", "sales", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you moved this to sales",
        tells: "alice moved this to sales · t1z9 Refund for order 4412",
    },
    Case {
        keys: "F",
        verbs: &[&["follow", "ID"]],
        records: 1,
        says: "Ana Lima t1z9: you followed this",
        tells: "alice followed this · t1z9 Refund for order 4412",
    },
    Case {
        keys: "<space><space>F",
        verbs: &[&["follow", "ID", "OTHER"]],
        records: 1,
        says: "You followed 2 conversations",
        tells: "alice followed 2 conversations",
    },
    Case {
        keys: "<space><space>kkMIDS<enter>",
        verbs: &[&["merge", "--into", "ID", "OTHER"]],
        records: 1,
        says: "You merged this into t1z9",
        tells: "alice merged this into \"Refund for order 4412\" · fvmq Invoice 2026-118 has the wrong address",
    },
    Case {
        keys: "<enter>nfirst<enter>N<c-u>second<enter>",
        verbs: &[&["note", "first", "ID"], &["note", "second", "ID", "--edit"]],
        records: 2,
        says: "Ana Lima t1z9: you edited the note",
        tells: "alice edited a note: second · t1z9 Refund for order 4412",
    },
];

#[test]
fn a_wish_by_key_and_by_verb_makes_equal_records_and_says_the_same() {
    for case in &CASES {
        let by_key = Desk::new();
        let mut screen = by_key.screen((120, 24));
        keys_and_ids(&mut screen, case.keys);
        assert_eq!(screen.app().notices.last().unwrap().text.as_str(), case.says, "{}", case.keys);
        let by_verb = Desk::new();
        let (one, other) = (id(&by_verb, "order@shop"), id(&by_verb, "invoice@north"));
        let mut tells = String::new();
        for args in case.verbs {
            let words = args.iter().map(|word| match *word {
                "ID" => one.as_str(),
                "OTHER" => other.as_str(),
                word => word,
            });
            let said = verb(&by_verb, &words.collect::<Vec<_>>(), "");
            assert_eq!(said.status, 0, "{args:?}: {}", said.stderr);
            tells = said.stderr;
        }
        assert_eq!(tells, format!("{}\n", case.tells), "{}", case.keys);
        let (keys, verbs) = (records(&by_key), records(&by_verb));
        assert_eq!(keys.len(), case.records, "{}: {keys:?}", case.keys);
        assert_eq!(without_ids(keys), without_ids(verbs), "{}", case.keys);
    }
}

/// Lines that a key can be bound to, and the verb that wishes the same.
const LINES: [(&str, &[&str]); 10] = [
    ("assign billing", &["assign", "billing", "ID"]),
    ("assign bob", &["assign", "bob", "ID"]),
    ("status waiting", &["status", "waiting", "ID"]),
    ("tag +vip -late", &["tag", "vip,-late", "ID"]),
    ("note ask @bob", &["note", "ask @bob", "ID"]),
    ("snooze mon 9:00", &["snooze", "mon 9:00", "ID"]),
    ("title Lamp", &["title", "Lamp", "ID"]),
    ("move sales", &["move", "sales", "ID"]),
    ("follow bob", &["follow", "--who", "bob", "ID"]),
    ("unfollow", &["follow", "--off", "ID"]),
];

#[test]
fn a_line_on_a_key_makes_the_records_of_the_verb() {
    for (line, args) in LINES {
        let by_key = Desk::new();
        let mut screen = by_key.screen_with_keys((120, 24), &format!("[list]\nX = \"{line}\"\n"));
        screen.keys("X").unwrap();
        let by_verb = Desk::new();
        let one = id(&by_verb, "order@shop");
        let words: Vec<&str> = args.iter().map(|word| if *word == "ID" { one.as_str() } else { word }).collect();
        let said = verb(&by_verb, &words, "");
        assert_eq!(said.status, 0, "{line}: {}", said.stderr);
        assert_eq!(records(&by_key), records(&by_verb), "{line}: {}", screen.status());
        assert_eq!(records(&by_key).len(), usize::from(line != "unfollow"), "{line}");
    }
}

#[test]
fn a_line_that_cannot_be_done_says_why_and_changes_nothing() {
    let desk = Desk::new();
    let mut screen = desk.screen_with_keys((120, 24), "[list]\nX = \"assign zoe\"\nY = \"snooze yesterday\"\n");
    screen.keys("X").unwrap();
    assert!(screen.status().contains("Can't assign zoe: nobody is called zoe"), "{}", screen.status());
    screen.keys("Y").unwrap();
    assert!(screen.status().contains("Can't snooze yesterday"), "{}", screen.status());
    assert!(records(&desk).is_empty());
}

#[test]
fn a_status_is_chosen_from_those_that_it_has_not() {
    let desk = Desk::new();
    let mut screen = desk.screen((120, 24));
    screen.keys(":status<enter>").unwrap();
    assert!(screen.screen().contains("Set Ana Lima t1z9 to"), "{}", screen.screen());
    screen.keys("wait<enter>").unwrap();
    assert!(screen.status().contains("you set this to waiting"), "{}", screen.status());
    assert_eq!(records(&desk).len(), 1);
}

/// Leaves out which record an edit or a lease names: ids are made anew on each side.
pub fn without_ids(records: Vec<(String, Vec<String>)>) -> Vec<(serde_json::Value, Vec<String>)> {
    let without = |op: String| {
        let mut op: serde_json::Value = serde_json::from_str(&op).unwrap();
        op.as_object_mut().unwrap().remove("note");
        op.as_object_mut().unwrap().remove("over");
        op
    };
    records.into_iter().map(|(op, on)| (without(op), on)).collect()
}

#[test]
fn what_was_closed_twice_and_undone_is_open_by_key_and_by_verb() {
    let by_key = Desk::new();
    by_key.screen((120, 24)).keys("<enter>scscu").unwrap();
    let by_verb = Desk::new();
    let one = id(&by_verb, "order@shop");
    for args in [&["status", "closed", one.as_str()][..], &["status", "closed", one.as_str()], &["undo"]] {
        assert_eq!(verb(&by_verb, args, "").status, 0);
    }
    for desk in [&by_key, &by_verb] {
        let row = desk.store.rows(&[id(desk, "order@shop")]).unwrap().remove(0);
        assert_eq!(row.status, postroom::model::status::Status::Open);
        assert_eq!(records(desk).len(), 2, "a close and its undo");
    }
}

#[test]
fn mail_that_was_not_shown_is_not_closed_and_the_rest_is_by_key_and_by_verb() {
    let by_key = Desk::new();
    let mut screen = by_key.screen((120, 24));
    screen.keys("<space><space>").unwrap();
    // Nobody has told the screen yet.
    by_key.mail(50, &MORE);
    screen.keys("e").unwrap();
    assert!(screen.status().contains("1 conversation was left out: new mail came in meanwhile"), "{}", screen.status());

    let by_verb = Desk::new();
    let list = verb(&by_verb, &["list", "-n", "2", "--format", "ids"], "");
    by_verb.mail(50, &MORE);
    let said = verb(&by_verb, &["status", "closed", "-", "--json"], &list.stdout);
    assert_eq!(said.status, 4, "{}", said.stderr);
    assert!(said.stderr.contains("is left out: new mail came in since it was shown"), "{}", said.stderr);
    assert!(said.stdout.contains(r#""operation":"set-status""#) && said.stdout.contains(r#""code":"later-mail""#));
    assert_eq!(records(&by_key), records(&by_verb));
    assert_eq!(records(&by_key).len(), 1);

    // Once the mail was shown it is closed.
    let list = verb(&by_verb, &["list", "-n", "2", "--format", "ids"], "");
    assert_eq!(verb(&by_verb, &["status", "closed", "-"], &list.stdout).status, 0);
}

#[test]
fn a_customer_who_wrote_since_they_were_shown_is_not_answered_past_their_mail() {
    let desk = Desk::new();
    let list = verb(&desk, &["list", "-n", "1", "--format", "ids"], "").stdout;
    desk.mail(50, &MORE);
    for args in [&["reply", list.trim()][..], &["forward", list.trim(), "--to", "eve@supplier.example"]] {
        let args = [args, &["--body", "It is on its way.", "--draft"]].concat();
        let said = verb(&desk, &args, "");
        assert_eq!(said.status, 4, "{args:?}: {}", said.stderr);
        assert!(said.stderr.contains("is left out: new mail came in since it was shown"), "{}", said.stderr);
        assert!(desk.store.drafts().unwrap().is_empty(), "{args:?}");
    }
    // Once it was shown, it is.
    let list = verb(&desk, &["list", "-n", "1", "--format", "ids"], "").stdout;
    assert_eq!(verb(&desk, &["reply", list.trim(), "--body", "It is.", "--draft"], "").status, 0);
    assert_eq!(desk.store.drafts().unwrap().len(), 1);
}

#[test]
fn what_is_not_about_mail_is_done_whatever_came_in() {
    let desk = Desk::new();
    let list = verb(&desk, &["list", "-n", "1", "--format", "ids"], "").stdout;
    desk.mail(50, &MORE);
    assert_eq!(verb(&desk, &["tag", "vip", list.trim()], "").status, 0);
    assert_eq!(verb(&desk, &["show", list.trim()], "").status, 0);
    assert_eq!(records(&desk).len(), 1);
}

#[test]
fn a_claim_of_what_somebody_took_since_it_was_shown_is_lost_by_key_and_by_verb() {
    let take = |desk: &Desk| {
        let bob = desk.other("bob");
        let shown = bob.shown(&[id(desk, "order@shop")]).unwrap();
        let me = postroom::op::Wish::Assign { to: Some(postroom::model::ids::Handle::new("bob").unwrap()) };
        let plan = postroom::service::triage::plan(&bob, &shown, &[me]).unwrap();
        assert!(plan.carry_out(&bob).unwrap().lost.is_empty());
    };
    let by_key = Desk::new();
    let mut screen = by_key.screen((120, 24));
    take(&by_key);
    screen.keys("aa").unwrap();
    assert!(screen.status().contains("bob took it first"), "{}", screen.status());
    let by_verb = Desk::new();
    let list = verb(&by_verb, &["list", "-n", "1", "--format", "ids"], "").stdout;
    take(&by_verb);
    let said = verb(&by_verb, &["assign", "me", list.trim()], "");
    assert_eq!(said.status, 4, "{}", said.stderr);
    assert!(said.stderr.contains("bob has it"), "{}", said.stderr);
    assert_eq!(records(&by_key), records(&by_verb));
}

#[test]
fn an_id_with_its_mark_and_a_message_id_are_kept_apart() {
    let desk = Desk::new();
    let list = verb(&desk, &["list", "-n", "1", "--format", "ids"], "").stdout;
    let (bare, mark) = list.trim().split_once('@').unwrap();
    assert_eq!(bare, id(&desk, "order@shop").as_str());
    let shown = |word: &str| verb(&desk, &["show", word, "--format", "ids"], "").stdout;
    assert_eq!(shown(list.trim()), shown(MAILS[0].id));
    assert_eq!(shown(&format!("{}@{mark}", bare.get(..6).unwrap())), shown(bare));
    let broken = verb(&desk, &["status", "closed", &format!("{bare}@{}0", mark)], "");
    assert_eq!(broken.status, 1, "a broken mark is no mark: {}", broken.stderr);
    assert!(records(&desk).is_empty());
}
