//! The same wish of somebody who writes, by key and by verb, on equal stores: the same drafts, the same warnings, the same troubles. By
//! key it goes through the production loop of the screen, by verb through the real binary.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::environment::{Environment, Said};
use jiff::tz::TimeZone;
use postroom::app::Surroundings;
use postroom::config::{Config, Layers};
use postroom::keymap::Keymap;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::MessageId;
use postroom::model::reply::Draft;
use postroom::op::record::Author;
use postroom::runtime::backend::StoreBackend;
use postroom::runtime::{self, Harness, Writing};
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};

/// The conversation of most wishes.
const RECALL: &str = "tag:recall";
/// 22 November 2026, 10:00 UTC: an hour after the sample was made.
const NOW: i64 = 1_795_341_600;

/// The sample inbox with files beside it, which every wish finds alike.
fn desk() -> Environment {
    let env = Environment::demo();
    std::fs::create_dir_all(env.path("files")).unwrap();
    std::fs::create_dir_all(env.path("store/replies")).unwrap();
    env
}

fn store(env: &Environment) -> (Store, Config) {
    let layers =
        Layers { config: Some(env.path("store/config.toml")), store: Some(env.path("store")), ..Layers::default() };
    let config = Config::load(&layers).unwrap();
    let clock = Clock::fixed(Timestamp::from_seconds(NOW));
    let author = Author { actor: config.me.clone(), host: "box".into(), clock, ids: Ids::counted(77_000) };
    let options = StoreOptions { author, team: config.team(), history_after: i64::MAX };
    (Store::open(&env.path("store"), options).unwrap(), config)
}

/// The screen on that desk, with the conversations that match `query`, the first under the cursor.
fn screen(env: &Environment, query: &str) -> Harness {
    let (store, config) = store(env);
    let around = Surroundings { zone: TimeZone::UTC, ..runtime::surroundings(&config, Keymap::builtin()) };
    let clock = store.author().clock.clone();
    let backend = StoreBackend::new(store, TimeZone::UTC).with_writing(Writing::of(&config));
    let mut screen = Harness::start(Arc::new(backend), around, clock, (140, 60)).unwrap();
    screen.keys("/").unwrap().text(query).unwrap().keys("<enter>").unwrap();
    screen
}

/// Puts what the external editor would leave into the mail that is being written.
fn write(screen: &mut Harness, to: &str, subject: &str, body: &str) {
    screen.editor(&format!("To: {to}\nSubject: {subject}\n\n{body}")).keys("<c-e>").unwrap();
}

fn attach(screen: &mut Harness, files: &[PathBuf]) {
    for file in files {
        let path = file.to_str().unwrap().replace('\\', "\\\\").replace(' ', "\\ ");
        screen.keys("<c-o>").unwrap().text(&path).unwrap().keys("<enter>").unwrap();
    }
}

/// The sentences of the review that the screen shows.
fn reviewed(screen: &mut Harness) -> BTreeSet<String> {
    screen.keys("<c-s>").unwrap();
    shown_in_review(screen)
}

fn shown_in_review(screen: &Harness) -> BTreeSet<String> {
    let shown = screen.screen();
    assert!(shown.contains("Send to"), "{shown}");
    let signed = |line: &str| line.strip_prefix("! ").map(|rest| rest.split("  ").next().unwrap().trim().to_owned());
    shown.lines().filter_map(signed).map(|line| line.trim_end_matches(['│', ' ']).to_owned()).collect()
}

/// The notes that a verb said.
fn noted(said: &Said) -> BTreeSet<String> {
    assert_eq!(said.status, 0, "{said}");
    said.stderr.lines().filter_map(|line| line.strip_prefix("note: ")).map(str::to_owned).collect()
}

/// What somebody writes, and what an author is warned of.
struct Wish {
    to: &'static str,
    subject: &'static str,
    body: &'static str,
    files: &'static [&'static str],
    warns: &'static [&'static str],
}

#[test]
fn the_same_mail_is_warned_of_alike_by_key_and_by_verb() {
    let wish = Wish {
        to: "greta.lindholm@example.org",
        subject: "Re: Is the frame recall about my bike?",
        body: "Yes.",
        files: &[],
        warns: &[],
    };
    const STRANGER: &[&str] = &["stranger@new.example was not in this conversation before"];
    let crowd = "greta.lindholm@example.org, a@new.example, b@new.example, c@new.example, d@new.example, e@new.example";
    let wishes = [
        Wish { ..wish },
        Wish { to: "GRETA.Lindholm@example.org", ..wish },
        Wish { to: "stranger@new.example", warns: STRANGER, ..wish },
        Wish { to: "greta.lindholm@example.org, stranger@new.example", warns: STRANGER, ..wish },
        Wish {
            to: crowd,
            warns: &[
                "a@new.example was not in this conversation before",
                "b@new.example was not in this conversation before",
                "c@new.example was not in this conversation before",
                "d@new.example was not in this conversation before",
                "e@new.example was not in this conversation before",
                "this goes to 6 people",
            ],
            ..wish
        },
        Wish {
            body: "See the attached list.",
            warns: &["the text speaks of an attachment, and there is none"],
            ..wish
        },
        Wish { body: "See the attached list.", files: &["list.pdf"], ..wish },
        Wish { subject: "", warns: &["the subject is empty"], ..wish },
    ];
    let env = desk();
    for wish in &wishes {
        let files: Vec<PathBuf> = wish.files.iter().map(|name| env.write(&format!("files/{name}"), "x")).collect();
        let mut args = vec!["reply", RECALL, "--no-quote", "--to", wish.to, "--subject", wish.subject];
        args.extend(["--body", wish.body, "--dry-run"]);
        files.iter().for_each(|file| args.extend(["--attach", file.to_str().unwrap()]));
        let by_verb = noted(&env.run(&args));
        let mut screen = screen(&env, RECALL);
        screen.keys("r").unwrap();
        attach(&mut screen, &files);
        write(&mut screen, wish.to, wish.subject, wish.body);
        let by_key = reviewed(&mut screen);
        screen.keys("dy").unwrap();
        let warns: BTreeSet<String> = wish.warns.iter().map(|words| (*words).to_owned()).collect();
        assert_eq!((&by_key, &by_verb), (&warns, &warns), "{} · {} · {}", wish.to, wish.subject, wish.body);
    }
}

/// What makes two drafts alike: everything but the store's number, the time and the white space at the end.
fn alike(draft: &Draft) -> Draft {
    let body = draft.body.trim_end().to_owned();
    Draft { id: 0, saved_at: Timestamp(0), then: None, body, ..draft.clone() }
}

#[test]
fn a_draft_begins_alike_by_key_and_by_verb() {
    for (query, key, verb) in [
        (RECALL, "r", &["reply", RECALL][..]),
        (RECALL, "R", &["reply", RECALL, "--all"]),
        ("subject:4398", "r", &["reply", "subject:4398"]),
        (RECALL, "c", &["new", "--subject", "", "--to", "mia@south.example"]),
    ] {
        let (by_verb, by_key) = (desk(), desk());
        let said = by_verb.run(&[verb, &["--body", "Hello", "--draft"]].concat());
        assert_eq!(said.status, 0, "{said}");
        let mut screen = screen(&by_key, query);
        screen.keys(key).unwrap();
        if key == "c" {
            screen.text("mia@south.example").unwrap().keys("<tab><tab><tab><tab>").unwrap();
        }
        screen.text("Hello").unwrap().keys("<esc>").unwrap();
        let [by_verb, by_key] = [by_verb, by_key].map(|env| alike(&store(&env).0.drafts().unwrap()[0]));
        assert_eq!(by_key, by_verb, "{key}, {verb:?}");
    }
}

/// Lets mails come in to the sample inbox, each a header and a text; those from it stand among sent mail.
fn receive(env: &Environment, mails: &[&str]) {
    let (store, config) = store(env);
    let account = config.team().inboxes[0].account.clone();
    for (uid, mail) in (1..).zip(mails) {
        let is_ours = mail.contains("From: support@example.com");
        let (name, role) = if is_ours { ("Sent", FolderRole::Sent) } else { ("Machines", FolderRole::Inbox) };
        let folder = store.folder(&account, name, role).unwrap().id;
        let raw = mail.replace('\n', "\r\n").into_bytes();
        let arrived = Timestamp::from_seconds(NOW - 600 + i64::from(uid));
        let (size, content) = (raw.len() as u64, Content::Whole(raw));
        let mail = Incoming { uid: 9_000 + uid, flags: vec![], arrived, size, modseq: None, content };
        store.ingest(folder, vec![mail]).unwrap();
    }
}

#[test]
fn what_a_machine_wrote_is_answered_and_warned_of_alike_by_key_and_by_verb() {
    const CRON: &str = "Message-ID: <cron@host.example>\nFrom: cron@host.example\nTo: support@shop.example\nSubject: Nightly zebra\nAuto-Submitted: auto-generated\n\nDone.\n";
    const ASKED: &str = "Message-ID: <q@zoo.example>\nFrom: Zoe <zoe@zoo.example>\nTo: support@shop.example\nSubject: Striped zebra\n\nWhere is it?\n";
    const AWAY: &str = "Message-ID: <away@zoo.example>\nFrom: Zoe <zoe@zoo.example>\nTo: support@shop.example\nSubject: Automatic reply: Striped zebra\nReferences: <q@zoo.example>\nAuto-Submitted: auto-replied\n\nAway.\n";
    const NULL: &str = "Message-ID: <null@zoo.example>\nReturn-Path: <>\nFrom: Zed <zed@zoo.example>\nTo: support@shop.example\nSubject: Null zebra\n\nAway.\n";
    const TICKET: &str = "Message-ID: <rt@corp.example>\nFrom: Ann via RT <help@corp.example>\nTo: support@shop.example\nSubject: Ticket zebra\nPrecedence: bulk\nRT-Ticket: corp #1\n\nSTILL wrong\n";
    const TOLD: Option<&str> = Some("this answers a machine: perhaps nobody reads it");
    for (mails, query, to, told) in [
        (&[CRON][..], "subject:Nightly", "cron@host.example", TOLD),
        (&[NULL], "subject:Null", "zed@zoo.example", TOLD),
        (&[ASKED, AWAY], "subject:Striped", "zoe@zoo.example", None),
        (&[TICKET], "subject:Ticket", "help@corp.example", None),
    ] {
        let (by_verb, by_key) = (desk(), desk());
        [&by_verb, &by_key].into_iter().for_each(|env| receive(env, mails));
        let noted = noted(&by_verb.run(&["reply", query, "--body", "Hello", "--dry-run"]));
        let said = by_verb.run(&["reply", query, "--body", "Hello", "--draft"]);
        assert_eq!(said.status, 0, "{said}");
        let mut screen = screen(&by_key, query);
        screen.keys("r").unwrap().text("Hello").unwrap();
        let reviewed = reviewed(&mut screen);
        screen.keys("<esc><esc>").unwrap();
        let [by_verb, by_key] = [by_verb, by_key].map(|env| alike(&store(&env).0.drafts().unwrap()[0]));
        assert_eq!(by_key, by_verb, "{query}");
        assert_eq!(by_verb.to[0].email, to);
        let told: BTreeSet<String> = told.map(str::to_owned).into_iter().collect();
        assert_eq!((&reviewed, &noted), (&told, &told), "{query}");
    }
}

const NOTICE: &str = "Message-ID: <f04n@shop.example>\nFrom: support@example.com\nTo: support@example.com\nBcc: ann@a.example, ben@b.example, cora@c.example\nSubject: Outage tonight\n\nWe are down from 22:00.\n";
const ANN: &str = "Message-ID: <f04ann@x.example>\nFrom: Ann <ann@a.example>\nTo: support@example.com\nSubject: Re: Outage tonight\nIn-Reply-To: <f04n@shop.example>\n\nMy contract is A-1, cancel me\n";
const BEN: &str = "Message-ID: <f04ben@x.example>\nFrom: Ben <ben@b.example>\nTo: support@example.com\nSubject: Re: Outage tonight\nIn-Reply-To: <f04n@shop.example>\n\nthanks\n";
const CORA: &str = "Message-ID: <f04cora@x.example>\nFrom: Cora <cora@c.example>\nTo: support@example.com\nSubject: Re: Outage tonight\nIn-Reply-To: <f04n@shop.example>\n\nMy shop is down already!\n";

#[test]
fn who_answers_a_notice_to_many_is_answered_alone_by_key_and_by_verb() {
    let hidden = NOTICE.replace("Bcc: ann@a.example, ben@b.example, cora@c.example\n", "");
    for (notice, key, more) in
        [(NOTICE, "r", None), (NOTICE, "R", Some("--all")), (&hidden, "r", None), (&hidden, "R", Some("--all"))]
    {
        let (by_verb, by_key) = (desk(), desk());
        [&by_verb, &by_key].into_iter().for_each(|env| receive(env, &[notice, ANN, BEN, CORA]));
        let mut args = vec!["reply", "from:ann@a.example", "--quote", "--body", "Hello", "--draft"];
        args.extend(more);
        let said = by_verb.run(&args);
        assert_eq!(said.status, 0, "{said}");
        let mut screen = screen(&by_key, "from:ann@a.example");
        screen.keys(key).unwrap().text("Hello").unwrap();
        assert_eq!(reviewed(&mut screen), BTreeSet::new());
        screen.keys("<esc><esc>").unwrap();
        let [verb, key] = [&by_verb, &by_key].map(|env| alike(&store(env).0.drafts().unwrap()[0]));
        assert_eq!(key, verb);
        let to: Vec<&str> = verb.to.iter().chain(&verb.cc).chain(&verb.bcc).map(|one| one.email.as_str()).collect();
        assert_eq!(to, ["ann@a.example"]);
        assert!(verb.body.contains("> My contract is A-1"), "{}", verb.body);
        args.iter_mut().filter(|arg| **arg == "--draft").for_each(|arg| *arg = "--send");
        let said = by_verb.run(&args);
        assert_eq!(said.status, 0, "{said}");
        let (store, _) = store(&by_verb);
        let ann = store.conversation_of(&MessageId::new("f04ann@x.example").unwrap()).unwrap().unwrap();
        let sent = store.message_ids(&ann).unwrap().into_iter().find(|id| id.as_str() != "f04ann@x.example").unwrap();
        let sent = String::from_utf8(store.raw(&sent).unwrap().unwrap()).unwrap();
        let head = sent.split("\r\n\r\n").next().unwrap().replace("\r\n", "");
        let references = head.split("References:").nth(1).unwrap();
        let place = |id: &str| references.find(id).unwrap_or_else(|| panic!("{id} is not in {head}"));
        assert!(place("<f04n@shop.example>") < place("<f04ann@x.example>"), "{head}");
    }
}

const DEE: &str = "Message-ID: <f10a@d.example>\nFrom: Dee <dee@d.example>\nTo: support@example.com\nSubject: Frame cracked\n\nMy frame cracked\n";
const FORWARD: &str = "Message-ID: <fwd@shop.example>\nFrom: support@example.com\nTo: factory@supplier.example\nSubject: Fwd: Frame cracked\nReferences: <f10a@d.example>\n\nWarranty?\n\n> My frame cracked\n";
const FACTORY: &str = "Message-ID: <f10c@supplier.example>\nFrom: Factory <factory@supplier.example>\nTo: support@example.com\nSubject: Re: Fwd: Frame cracked\nIn-Reply-To: <fwd@shop.example>\n\nNo warranty; your cost price 80 EUR, sell her a new one\n";

#[test]
fn a_third_party_never_comes_between_us_and_the_customer_by_key_and_by_verb() {
    const THERE: &str = "factory@supplier.example wrote here too, and gets no copy";
    const QUOTES: &str = "this quotes factory@supplier.example to dee@d.example";
    let told = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<BTreeSet<String>>();
    let query = "subject:cracked";
    let all = [DEE, FORWARD, FACTORY];
    let env = desk();
    receive(&env, &all);
    let draft_by = |env: &Environment, args: &[&str]| {
        let args = [&["reply", query, "--quote", "--body", "Hello"], args].concat();
        let noted = noted(&env.run(&[args.as_slice(), &["--dry-run"]].concat()));
        let said = env.run(&[args.as_slice(), &["--draft"]].concat());
        assert_eq!(said.status, 0, "{said}");
        let (store, _) = store(env);
        let draft = store.drafts().unwrap().remove(0);
        store.discard_draft(draft.id).unwrap();
        (alike(&draft), noted)
    };
    let to = |draft: &Draft| draft.to.iter().map(|one| one.email.clone()).collect::<Vec<_>>();
    let by_key = |keys: &str| {
        let env = desk();
        receive(&env, &all);
        let mut screen = screen(&env, query);
        screen.keys(keys).unwrap().text("Hello").unwrap();
        let reviewed = reviewed(&mut screen);
        screen.keys("<esc><esc>").unwrap();
        (alike(&store(&env).0.drafts().unwrap()[0]), reviewed)
    };
    // The conversation: the customer.
    let (verb, noted) = draft_by(&env, &[]);
    let (key, told_by_key) = by_key("r");
    assert_eq!((&key, &told_by_key), (&verb, &noted));
    assert_eq!((to(&verb), noted), (vec!["dee@d.example".to_owned()], told(&[THERE])));
    assert!(verb.body.contains("> My frame cracked") && !verb.body.contains("80 EUR"), "{}", verb.body);
    // That message: who wrote it. By its number too.
    let (verb, noted) = draft_by(&env, &["--message", "f10c@supplier.example"]);
    let (key, told_by_key) = by_key("<enter>KJr");
    assert_eq!((&key, &told_by_key), (&verb, &noted));
    assert_eq!((to(&verb), noted), (vec!["factory@supplier.example".to_owned()], told(&[])));
    assert_eq!(draft_by(&env, &["--message", "3"]).0.parent, verb.parent);
    // Their words to the customer.
    let (_, noted) = draft_by(&env, &["--message", "3", "--to", "dee@d.example"]);
    assert_eq!(noted, told(&[QUOTES]));
    for (keys, warns) in [("<enter>KJf", told(&[QUOTES])), ("<enter>KKf", told(&[]))] {
        let env = desk();
        receive(&env, &all);
        let mut screen = screen(&env, query);
        screen.keys(keys).unwrap();
        write(&mut screen, "dee@d.example", "Fwd: Frame cracked", "See below\n\n> No warranty\n");
        assert_eq!(reviewed(&mut screen), warns, "{keys}");
    }
    for wrong in ["9", "0", "nothing@x.example"] {
        let said = env.run(&["reply", query, "--message", wrong, "--body", "Hello", "--draft"]);
        assert!(said.status == 2 && said.stderr.contains("messages 1 to 3"), "{said}");
    }
    let several = env.run(&["reply", "is:any", "--max", "99", "--message", "1", "--body", "Hello", "--draft"]);
    assert!(several.status == 2 && several.stderr.contains("one conversation"), "{several}");
}

#[test]
fn files_are_attached_alike_by_key_and_by_verb() {
    let (by_verb, by_key) = (desk(), desk());
    let names = [
        "film.mp4",
        "letter.doc",
        "table.xls",
        "data.xml",
        "all.tgz",
        "all.tar.gz",
        "report.PDF",
        "notes.md",
        "song.mp3",
        "slides.pptx",
        "mail.eml",
        "no-ending",
        "what.isthis",
    ];
    let put = |env: &Environment| -> Vec<PathBuf> {
        names.iter().map(|name| env.write(&format!("files/{name}"), name)).collect()
    };
    let mut args = vec!["reply", RECALL, "--body", "The files.", "--draft"];
    let files = put(&by_verb);
    files.iter().for_each(|file| args.extend(["--attach", file.to_str().unwrap()]));
    let said = by_verb.run(&args);
    assert_eq!(said.status, 0, "{said}");
    let files = put(&by_key);
    let mut screen = screen(&by_key, RECALL);
    screen.keys("r").unwrap();
    attach(&mut screen, &files);
    screen.keys("<esc>").unwrap();
    let attached = |env: &Environment| -> Vec<(String, String, String)> {
        let draft = store(env).0.drafts().unwrap().remove(0);
        draft.files.into_iter().map(|file| (file.name, file.media, file.digest)).collect()
    };
    let (by_key, by_verb) = (attached(&by_key), attached(&by_verb));
    assert_eq!(by_key, by_verb);
    assert_eq!(by_key.len(), names.len());
    let media = |name: &str| by_key.iter().find(|file| file.0 == name).map(|file| file.1.as_str());
    assert_eq!(media("film.mp4"), Some("video/mp4"));
    assert_eq!(media("letter.doc"), Some("application/msword"));
    assert_eq!(media("report.PDF"), Some("application/pdf"));
    assert_eq!(media("what.isthis"), Some("application/octet-stream"));
}

#[test]
fn what_can_not_be_attached_is_told_in_the_same_words() {
    let env = desk();
    let huge = env.path("files/huge.iso");
    std::fs::File::create(&huge).unwrap().set_len((100 << 20) + 1).unwrap();
    std::fs::create_dir(env.path("files/folder")).unwrap();
    let mut screen = screen(&env, RECALL);
    screen.keys("r").unwrap();
    for (file, words) in [
        (huge, "it has more than 100 MiB"),
        (env.path("files/folder"), "it is no file"),
        (env.path("files/nothing"), "No such file or directory"),
    ] {
        let path = file.to_str().unwrap();
        let said = env.run(&["reply", RECALL, "--body", "Here.", "--attach", path, "--dry-run"]);
        assert!(said.status == 2 && said.stderr.contains(words), "{said}");
        attach(&mut screen, &[file]);
        assert!(screen.status().contains(words), "{}", screen.status());
        screen.keys("<esc>r").unwrap();
    }
}

/// Puts two good replies and two that can't be read into the folder.
fn replies(dir: &Path) {
    std::fs::write(dir.join("good.md"), "name: Good\n---\nAll is well.\n").unwrap();
    std::fs::write(dir.join("latin.md"), b"Sch\xf6ne Gr\xfc\xdfe\n").unwrap();
    std::fs::write(dir.join("huge.md"), vec![b'x'; (1 << 20) + 1]).unwrap();
    std::fs::write(dir.join("utf8.md"), "name: Schön\n---\nSchöne Grüße\n").unwrap();
}

#[test]
fn saved_replies_that_can_not_be_read_are_named_and_the_others_work() {
    let env = desk();
    replies(&env.path("store/replies"));
    let troubles = ["huge.md is too large for a saved reply", "latin.md can't be read: it is not UTF-8"];
    let listed = env.run(&["replies", "--format", "ids"]);
    assert_eq!((listed.status, listed.stdout.as_str()), (0, "Good\nSchön\n"), "{listed}");
    let good = env.run(&["reply", RECALL, "--saved", "good", "--dry-run"]);
    assert!(good.status == 0 && good.stdout.contains("All is well."), "{good}");
    let mut screen = screen(&env, RECALL);
    screen.keys("r<c-r>").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("Good") && shown.contains("Schön") && !shown.contains("latin  "), "{shown}");
    let told: String = screen.app().notices.iter().map(|notice| format!("{}\n", notice.text)).collect();
    for trouble in troubles {
        assert!(listed.stderr.contains(trouble), "{listed}");
        assert!(told.contains(trouble), "{told}");
    }
    let bad = env.run(&["reply", RECALL, "--saved", "latin", "--dry-run"]);
    assert!(bad.status == 2 && bad.stderr.contains(troubles[1]), "{bad}");
    let lint = env.run(&["replies", "lint"]);
    assert!(lint.status == 4 && lint.stderr.contains(troubles[0]), "{lint}");
}

#[test]
fn a_shared_reply_that_was_changed_is_looked_at_by_key_and_by_verb_and_once_for_both() {
    let env = desk();
    let reply = |more: &[&'static str]| env.run(&[&["reply", RECALL, "--saved", "Refund"], more].concat());
    let bob = {
        let (alice, config) = store(&env);
        let actor =
            config.team().agents.iter().map(|agent| agent.handle.clone()).find(|who| *who != config.me).unwrap();
        let author = Author { actor, ids: Ids::counted(99_000), ..alice.author().clone() };
        Store::open(&env.path("store"), StoreOptions { author, team: config.team(), history_after: i64::MAX }).unwrap()
    };
    let share = |text: &str| {
        postroom::service::saved_replies::share(&bob, vec![("Refund".to_owned(), text.to_owned())]).unwrap();
    };
    let seen = |env: &Environment| store(env).0.seen_replies().unwrap().into_values().collect::<Vec<_>>();
    share("first");
    screen(&env, RECALL).keys("r<c-r><enter>").unwrap();
    assert_eq!(seen(&env), ["first"]);
    share("second");
    let refused = reply(&["--draft"]);
    assert!(refused.status == 4 && refused.stderr.contains("- first\n+ second\n"), "{refused}");
    let mut by_key = screen(&env, RECALL);
    let shown = by_key.keys("r<c-r><enter>").unwrap().screen();
    assert!(shown.contains("- first") && shown.contains("+ second"), "{shown}");
    assert_eq!(seen(&env), ["first"], "neither way has used it");
    by_key.keys("<enter>").unwrap();
    assert_eq!(seen(&env), ["second"]);
    assert_eq!(reply(&["--draft"]).status, 0, "looked at by key, used by verb");
    share("third");
    assert_eq!(reply(&["--draft", "--accept-changed"]).status, 0);
    assert_eq!(seen(&env), ["third"]);
    let shown = screen(&env, RECALL).keys("r<c-r><enter>").unwrap().screen();
    assert!(shown.contains("third") && !shown.contains("+ third"), "looked at by verb, used by key: {shown}");
}

const INVITATION: &str = "Message-ID: <inv@a.example>\nFrom: Ann <ann@a.example>\nTo: support@example.com\nSubject: Pallets\nMIME-Version: 1.0\n\
    Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:u1\n\
    DTSTART:20261130T140000Z\nSUMMARY:Delivery of pallets\nORGANIZER;CN=Boss:mailto:boss@a.example\nEND:VEVENT\nEND:VCALENDAR\n";

#[test]
fn an_invitation_is_answered_and_warned_of_alike_by_key_and_by_verb() {
    for (key, verb, subject) in [
        ("Ia", "accept", "Accepted: Delivery of pallets"),
        ("Id", "decline", "Declined: Delivery of pallets"),
        ("It", "tentative", "Tentative: Delivery of pallets"),
    ] {
        let (by_verb, by_key) = (desk(), desk());
        [&by_verb, &by_key].into_iter().for_each(|env| receive(env, &[INVITATION]));
        let said = by_verb.run(&["invite", "subject:Pallets", verb]);
        let noted = noted(&said);
        let mut screen = screen(&by_key, "subject:Pallets");
        screen.keys(key).unwrap();
        let reviewed = shown_in_review(&screen);
        screen.keys("k").unwrap();
        let sent = |env: &Environment| {
            let (store, _) = store(env);
            let mail = store.outgoing().unwrap().into_iter().max_by_key(|mail| mail.id).unwrap();
            assert_eq!(mail.subject, subject);
            let waiting = store.outgoing_bytes(mail.id).unwrap();
            let copy = waiting.or_else(|| store.raw(&mail.message_id).unwrap()).unwrap();
            let copy = String::from_utf8(copy).unwrap();
            assert!(copy.contains("Content-Type: text/calendar; method=REPLY; charset=utf-8"), "{copy}");
            let own = ["Message-ID:", "Date:", "DTSTAMP:", " boundary=", "--=_"];
            copy.lines().filter(|line| !own.iter().any(|own| line.starts_with(own))).map(str::to_owned).collect()
        };
        let (verb, key): (Vec<String>, Vec<String>) = (sent(&by_verb), sent(&by_key));
        assert_eq!(verb, key);
        assert!(verb.contains(&"To: Boss <boss@a.example>".to_owned()), "{verb:?}");
        let told: BTreeSet<String> =
            ["support@example.com was not invited", "this goes to the organizer boss@a.example, not to ann@a.example"]
                .map(str::to_owned)
                .into();
        assert_eq!(noted, told);
        // A long sentence goes on in the review's next line.
        let begins = |(shown, whole): (&String, &String)| whole.starts_with(shown.as_str());
        assert!(reviewed.len() == told.len() && reviewed.iter().zip(&told).all(begins), "{reviewed:?}");
    }
}

const INVOICE: &str = "From: Ann <ann@a.example>\nTo: support@example.com\nSubject: Zebra invoice\nMessage-ID: <f02@a.example>\nDate: Thu, 26 Nov 2026 10:00:00 +0000\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nsee invoice\n--B\nContent-Type: application/pdf; name=invoice.pdf\nContent-Disposition: attachment; filename=invoice.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQKZmFrZQ==\n--B\nContent-Type: image/png; name=photo.png\nContent-Disposition: attachment\n\npng\n--B--\n";

#[test]
fn a_forward_takes_the_same_along_by_key_and_by_verb() {
    let query = "subject:zebra";
    for (key, then, verb) in [
        ("f", "", &[][..]),
        ("f", "<c-x>invoice<enter>", &["--without", "invoice.pdf"]),
        ("<c-f>", "", &["--as-eml"]),
        ("<enter>f", "", &["--message", "f02@a.example"]),
    ] {
        let (by_verb, by_key) = (desk(), desk());
        [&by_verb, &by_key].into_iter().for_each(|env| receive(env, &[INVOICE]));
        let args = [&["forward", query, "--to", "tax@t.example", "--body", "Hello"], verb].concat();
        let dry = by_verb.run(&[args.as_slice(), &["--dry-run"]].concat());
        let said = by_verb.run(&[args.as_slice(), &["--draft"]].concat());
        assert_eq!(said.status, 0, "{said}");
        let mut screen = screen(&by_key, query);
        screen.keys(key).unwrap().text("tax@t.example").unwrap().keys("<tab><tab><tab><tab>").unwrap();
        screen.text("Hello").unwrap();
        then.split_inclusive('>').for_each(|keys| {
            screen.keys(keys).unwrap();
        });
        screen.keys("<c-s>").unwrap();
        let shown = screen.screen();
        screen.keys("<esc><esc>").unwrap();
        let [verb, key] = [by_verb, by_key].map(|env| alike(&store(&env).0.drafts().unwrap()[0]));
        assert_eq!(key, verb);
        assert!(!verb.files.is_empty());
        for file in &verb.files {
            assert!(
                shown.contains(&file.name) && dry.stdout.contains(&format!("Attached: {} (", file.name)),
                "{shown}{dry}"
            );
        }
    }
}

#[test]
fn a_reply_to_all_offers_whom_the_last_mail_left_out_by_key_and_by_verb() {
    const FIRST: &str = "Message-ID: <r1@z.example>\nFrom: Zoe <zoe@z.example>\nTo: support@example.com\nCc: Cora Bell <cora@c.example>, Max <max@m.example>\nSubject: Zebra crossing\n\nHi\n";
    const LAST: &str = "Message-ID: <r2@z.example>\nFrom: Zoe <zoe@z.example>\nTo: support@example.com\nReferences: <r1@z.example>\nSubject: Re: Zebra crossing\n\nWell?\n";
    let (by_verb, by_key) = (desk(), desk());
    [&by_verb, &by_key].into_iter().for_each(|env| receive(env, &[FIRST, LAST]));
    let query = "subject:crossing";
    let told: BTreeSet<String> =
        ["Cora Bell", "Max"].map(|who| format!("the last mail left out {who}")).into_iter().collect();
    let said = by_verb.run(&["reply", query, "--all", "--body", "Hello", "--dry-run"]);
    assert_eq!(noted(&said), told);
    assert!(said.stderr.contains("hint: --cc cora@c.example --cc max@m.example adds them"), "{said}");
    let said =
        by_verb.run(&["reply", query, "--all", "--body", "Hello", "--cc", "Cora Bell <cora@c.example>", "--draft"]);
    assert_eq!(said.status, 0, "{said}");
    let mut screen = screen(&by_key, query);
    screen.keys("R").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("! the last mail left out Cora Bell, Max · <c-g> adds them"), "{shown}");
    screen.text("Hello").unwrap();
    assert_eq!(reviewed(&mut screen), told);
    screen.keys("<esc><c-g>").unwrap().text("cora").unwrap().keys("<enter>").unwrap();
    assert!(screen.screen().contains("! the last mail left out Max · "), "{}", screen.screen());
    screen.keys("<esc>").unwrap();
    let [verb, key] = [by_verb, by_key].map(|env| alike(&store(&env).0.drafts().unwrap()[0]));
    assert_eq!(key, verb);
    assert_eq!(verb.cc.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), ["cora@c.example"]);
}

#[test]
fn an_empty_reply_and_a_broken_address_are_stopped_in_the_same_words_by_key_and_by_verb() {
    let env = desk();
    std::fs::write(env.path("files/blank.txt"), " \n\u{200b}\n").unwrap();
    let blank = env.path("files/blank.txt");
    let silent = "there is no word of your own";
    let said = env.run(&["reply", RECALL, "--quote", "--body-file", blank.to_str().unwrap(), "--send"]);
    assert!(said.status != 0 && said.stderr.contains("says nothing") || said.stderr.contains(silent), "{said}");
    let mut by_key = screen(&env, RECALL);
    by_key.keys("r<c-s>").unwrap();
    assert!(by_key.screen().contains(silent), "{}", by_key.screen());
    by_key.keys("<enter>").unwrap();
    assert!(by_key.status().contains(silent), "{}", by_key.status());
    assert!(store(&env).0.outgoing().unwrap().is_empty());
    by_key.keys("dy").unwrap();

    let words = "\"x@exa mple.net\" is no mail address: a space stands at character 6";
    for flag in ["--to", "--cc", "--bcc"] {
        let said = env.run(&["reply", RECALL, "--body", "Hello", flag, "x@exa mple.net", "--send"]);
        assert!(said.status == 2 && said.stderr.contains(&format!("{flag}: {words}")), "{said}");
        let said = env.run(&["reply", RECALL, "--body", "Hello", flag, "Ann <x@exa mple.net>", "--draft"]);
        assert!(said.status == 2 && said.stderr.contains(words), "{said}");
    }
    let env = desk();
    let mut by_key = screen(&env, RECALL);
    by_key.keys("r").unwrap();
    write(&mut by_key, "greta.lindholm@example.org\nCc: x@exa mple.net", "Re: Bike", "Hello");
    by_key.keys("<c-s>").unwrap();
    assert!(by_key.screen().contains("can't be sent: Cc: \"x@exa mple.net\""), "{}", by_key.screen());
    by_key.keys("<enter>").unwrap();
    assert!(by_key.status().contains("Cc: "), "{}", by_key.status());
    assert!(store(&env).0.outgoing().unwrap().is_empty());
}

#[test]
fn a_second_reply_is_written_and_sent_while_the_first_is_held() {
    let env = desk();
    let mut by_key = screen(&env, RECALL);
    by_key.keys("r").unwrap().text("First").unwrap().keys("<c-s><enter>").unwrap();
    by_key.keys("r").unwrap();
    assert!(!by_key.app().compose().unwrap().text().contains("First"), "{}", by_key.screen());
    by_key.text("Second").unwrap().keys("<c-s><enter>").unwrap();
    let bodies = || -> Vec<String> {
        let (store, _) = store(&env);
        let held = store.outgoing().unwrap().into_iter().filter(|mail| mail.state.name() == "held");
        held.map(|mail| store.delivery(mail.id).unwrap().draft.unwrap().body).collect()
    };
    assert!(
        bodies().len() == 2 && bodies()[0].starts_with("First") && bodies()[1].starts_with("Second"),
        "{:?}",
        bodies()
    );
    // The first taken back while a third is being written: neither is lost.
    by_key.keys("r").unwrap().text("Third").unwrap().keys("<esc>").unwrap();
    let first = store(&env).0.outgoing().unwrap()[0].id;
    let back = store(&env).0.cancel(first).unwrap().unwrap();
    assert!(back.body.starts_with("First"));
    let (store, _) = store(&env);
    let kept: Vec<String> =
        [store.drafts().unwrap(), store.discarded_drafts().unwrap()].concat().into_iter().map(|one| one.body).collect();
    assert!(kept.iter().any(|body| body.starts_with("Third")), "{kept:?}");
}
