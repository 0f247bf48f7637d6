use std::fs;
use std::io::Read;
use std::path::Path;

use crate::environment::{Environment, Said};

/// The time of mail `n`: days before the commands run.
fn date(n: u32) -> String {
    let at = jiff::Timestamp::from_second(1_795_339_200 - 86_400 * i64::from(n)).unwrap();
    at.strftime("%a %b %e %H:%M:%S %Y").to_string()
}

fn mail(n: u32) -> String {
    format!(
        "From: Carol {n} <carol{n}@example.org>\nTo: support@example.com\nSubject: Question {n}\n\
         Message-ID: <q{n}@example.org>\n\nBody {n}\n"
    )
}

fn answer(n: u32) -> String {
    format!(
        "From: Support <support@example.com>\nTo: carol{n}@example.org\nSubject: Re: Question {n}\n\
         Message-ID: <a{n}@example.com>\nIn-Reply-To: <q{n}@example.org>\n\nAnswer {n}\n"
    )
}

/// An mbox with questions and answers.
fn mbox(numbers: std::ops::RangeInclusive<u32>) -> String {
    let entry = |n: u32, text: &str| format!("From someone@example.org {}\n{text}\n", date(n));
    numbers.map(|n| entry(n, &mail(n)) + &entry(n, &answer(n))).collect()
}

/// A room with an mbox and an account made of it.
fn room(numbers: std::ops::RangeInclusive<u32>) -> (Environment, Said) {
    let env = Environment::new();
    env.write("archive.mbox", &mbox(numbers));
    let said = env.run(&["import", "archive.mbox", "--address", "support@example.com", "--json"]);
    (env, said)
}

fn all(env: &Environment, lines: &[&[&str]]) -> String {
    lines.iter().map(|args| format!("$ {}\n{}", args.join(" "), env.run(args))).collect()
}

#[test]
fn an_archive_is_looked_at_without_a_config() {
    let env = Environment::new();
    env.write("archive.mbox", &mbox(1..=3));
    let store = "try";
    let mut said = String::new();
    let mut command = env.command(&["import", "archive.mbox"]);
    command.env_remove("POSTROOM_STORE");
    said.push_str(&format!("$ import archive.mbox\n{}", env.run_with(command, "")));
    said.push_str(&all(
        &env,
        &[
            &["import", "archive.mbox", "--store", store],
            &["import", "archive.mbox", "--store", store, "--address", "support@example.com"],
            &["import", "archive.mbox", "--store", store, "--address", "support@example.com"],
            &["import", "archive.mbox", "--store", store],
            &["list", "is:any", "--store", store],
            &["show", "subject:\"Question 2\"", "--store", store],
            &["count", "--store", store],
        ],
    ));
    insta::assert_snapshot!(said);
    insta::assert_snapshot!("config_of_an_archive", fs::read_to_string(env.path("try/config.toml")).unwrap());
}

#[test]
fn what_is_imported_is_closed_whatever_its_age_unless_it_is_to_be_open() {
    let (env, said) = room(1..=40);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(env.run(&["count", "status:closed"]).stdout, "40\n");
    assert_eq!(env.run(&["count", "is:any", "--ok-if-empty"]).stdout, "40\n");
    env.write("more.mbox", &mbox(50..=51));
    let said = env.run(&["import", "more.mbox", "--open"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(env.run(&["count", "-status:closed"]).stdout, "2\n");
}

#[test]
fn nothing_comes_twice_and_an_import_that_ended_early_goes_on() {
    let env = Environment::new();
    let whole = mbox(1..=150);
    // As a pipe that breaks, or a process that is killed, leaves it.
    let (half, _) = whole.rsplit_once(&format!("From someone@example.org {}", date(80))).unwrap();
    let first = env.pipe(&["import", "-", "--address", "support@example.com", "--json"], half);
    env.write("archive.mbox", &whole);
    let again = env.run(&["import", "archive.mbox", "archive.mbox", "--json"]);
    let third = env.run(&["import", "archive.mbox", "--dry-run", "--json"]);
    insta::assert_snapshot!(format!("{first}{again}{third}"));
    assert_eq!(env.run(&["count", "is:any"]).stdout, "150\n");
}

#[test]
fn a_mail_that_joins_a_conversation_leaves_it_as_it_is() {
    let (env, _) = room(1..=2);
    let id = env.run(&["list", "subject:\"Question 1\"", "is:any", "--format", "ids"]).stdout;
    let said = env.run(&["status", "in-progress", id.trim()]);
    assert_eq!(said.status, 0, "{said}");
    let late = answer(1).replace("<a1@", "<later1@").replace("Answer", "More");
    env.write("late.eml", &late);
    let said = env.run(&["import", "late.eml"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(env.run(&["count", "status:in-progress"]).stdout, "1\n");
}

#[test]
fn damaged_mails_are_named_and_the_others_come() {
    let env = Environment::new();
    let text = format!("{}From x@y.org {}\nno header\n\n{}", mbox(1..=1), date(3), mbox(4..=4));
    env.write("archive.mbox", &text);
    fs::create_dir_all(env.path("mails/deeper")).unwrap();
    env.write("mails/deeper/one.eml", &mail(9));
    env.write("mails/empty.eml", "");
    let args = ["import", "archive.mbox", "mails", "--address", "support@example.com"];
    let said = env.run(&args);
    let json = env.run(&["import", "archive.mbox", "mails", "--json", "--quiet"]);
    insta::assert_snapshot!(format!("{said}{json}"));
}

#[test]
fn what_can_t_be_imported_is_told() {
    let (env, _) = room(1..=1);
    env.write("table.csv", "a,b\n1,2\n");
    fs::write(env.path("old.mbox.gz"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]).unwrap();
    fs::create_dir(env.path("empty")).unwrap();
    insta::assert_snapshot!(all(
        &env,
        &[
            &["import", "nowhere.mbox"],
            &["import", "table.csv"],
            &["import", "old.mbox.gz"],
            &["import", "empty"],
            &["import", "archive.mbox", "--to", "main"],
            &["import", "archive.mbox", "--address", "me@example.com"],
            &["import"],
        ]
    ));
}

/// Each conversation by its subjects and its messages, in order of the subjects.
fn conversations(env: &Environment) -> Vec<Vec<String>> {
    let said = env.run(&["show", "is:any", "--json"]);
    let of = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut ids: Vec<String> = value["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["kind"] == "message")
            .map(|item| format!("{} {}", item["id"], item["direction"]))
            .collect();
        ids.sort();
        ids
    };
    let mut all: Vec<Vec<String>> = said.stdout.lines().map(of).collect();
    all.sort();
    all
}

#[test]
fn what_was_exported_comes_back_as_the_same_conversations() {
    let demo = Environment::demo();
    let before = conversations(&demo);
    assert!(before.len() > 10 && before.iter().all(|messages| !messages.is_empty()), "{before:?}");
    for (form, name) in [("mbox", "out.mbox"), ("eml", "out")] {
        let said = demo.run(&["export", "is:any", "--format", form, "--to", name]);
        assert_eq!(said.status, 0, "{said}");
        let env = Environment::new();
        let path = demo.path(name);
        let mut args = vec!["import", path.to_str().unwrap()];
        for address in ["support@example.com", "sales@example.com", "info@example.com"] {
            args.extend(["--address", address]);
        }
        let said = env.run(&args);
        assert_eq!(said.status, 0, "{said}");
        assert_eq!(conversations(&env), before, "{form}");
    }
}

#[test]
fn mboxes_of_mailing_lists_are_read_whole() {
    for name in ["r-help", "usrp-users"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../shared/corpora/large/{name}.mbox.zst"));
        let Ok(file) = fs::File::open(&path) else {
            println!("skipped: there is no {}", path.display());
            continue;
        };
        let mut bytes = Vec::new();
        zstd::stream::read::Decoder::new(file).unwrap().take(1_500_000).read_to_end(&mut bytes).unwrap();
        let env = Environment::new();
        fs::write(env.path("list.mbox"), &bytes).unwrap();
        let first = env.run(&["import", "list.mbox", "--address", "someone@example.com", "--json"]);
        let read: serde_json::Value = serde_json::from_str(&first.stdout).unwrap();
        let lines = bytes.split(|byte| *byte == b'\n');
        let begins = lines.filter(|line| is_begin(line)).count();
        let sum =
            ["imported", "there", "damaged", "left_out"].iter().map(|key| read[key].as_u64().unwrap()).sum::<u64>();
        assert_eq!(sum, begins as u64, "{first}");
        let again: serde_json::Value =
            serde_json::from_str(&env.run(&["import", "list.mbox", "--json"]).stdout).unwrap();
        assert_eq!((&again["imported"], &again["damaged"]), (&0.into(), &read["damaged"]));
    }
}

/// Tells whether a line stands in front of a mail, as these two archives write it: it ends with the time and the year.
fn is_begin(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let time = words.len().checked_sub(2).map(|at| words[at]).unwrap_or_default();
    line.starts_with("From ") && words.len() > 5 && time.len() == 8 && time.matches(':').count() == 2
}

#[test]
fn help_tells_how_an_import_is_made() {
    let env = Environment::new();
    insta::assert_snapshot!(env.run(&["import", "--help"]));
}
