//! The contract of exit codes, one line a case.

use std::fs::OpenOptions;
use std::process::Stdio;

use crate::environment::Environment;

/// What a command line and its input end with.
type Case = (&'static [&'static str], &'static str, i32);

const CASES: &[Case] = &[
    // 0: done, also where it was so already.
    (&["list"], "", 0),
    (&["count", "is:any"], "", 0),
    (&["status", "closed", "x6c0"], "", 0),
    (&["status", "closed", "x6c0"], "", 0),
    (&["tag", "vip", "tag:press", "--dry-run"], "", 0),
    (&["next", "--peek"], "", 0),
    (&["undo"], "", 0),
    (&["redo"], "", 0),
    (&["batch", "-"], "tag vip x6c0\ntag vip x6c0\n", 0),
    (&["batch", "-", "--atomic"], "tag vip x6c0\n", 0),
    (&["--version"], "", 0),
    (&["help", "exit-codes"], "", 0),
    (&["config", "path"], "", 0),
    (&["sync"], "", 0),
    (&["backup", "kept"], "", 0),
    (&["backup", "kept", "--check"], "", 0),
    // 1: nothing matched, and 0 where that is said to be fine.
    (&["list", "tag:none-has-this"], "", 1),
    (&["count", "tag:none-has-this"], "", 1),
    (&["show", "tag:none-has-this"], "", 1),
    (&["tag", "x", "tag:none-has-this", "--allow-unknown"], "", 1),
    (&["note", "x", "tag:none-has-this", "--allow-unknown"], "", 1),
    (&["reply", "tag:none-has-this", "--body", "x", "--draft", "--allow-unknown"], "", 1),
    (&["next", "tag:none-has-this", "--allow-unknown"], "", 1),
    (&["next", "tag:none-has-this", "--peek"], "", 1),
    (&["apply", "-"], "", 1),
    (&["tag", "x", "-"], "", 1),
    (&["batch", "-"], "", 1),
    (&["batch", "-"], "tag x subject:none-has-this\n", 1),
    (&["status", "closed", "zzzz"], "", 1),
    (&["list", "tag:none-has-this", "--ok-if-empty"], "", 0),
    (&["count", "tag:none-has-this", "--ok-if-empty"], "", 0),
    (&["tag", "x", "tag:none-has-this", "--ok-if-empty", "--allow-unknown"], "", 0),
    (&["next", "tag:none-has-this", "--ok-if-empty", "--allow-unknown"], "", 0),
    (&["tag", "x", "-", "--ok-if-empty"], "", 0),
    // An id that leads nowhere is a mistake, not an empty list.
    (&["status", "closed", "zzzz", "--ok-if-empty"], "", 1),
    // 2: the command line, a query, a value.
    (&["lst"], "", 2),
    (&["list", "statsu:open"], "", 2),
    (&["status", "shut", "x6c0"], "", 2),
    (&["status", "closed"], "", 2),
    (&["status", "closed", ""], "", 2),
    (&["status", "closed", "x6c0", "is:any"], "", 2),
    (&["tag", "x", "-"], "status:open\n", 2),
    (&["assign", "nobdy", "x6c0"], "", 2),
    (&["move", "suport", "x6c0"], "", 2),
    (&["snooze", "yesterday 9", "x6c0"], "", 2),
    // A name that is not known, where that is no empty list.
    (&["tag", "x", "tag:none-has-this"], "", 2),
    (&["tag", "x", "tag:none-has-this", "--ok-if-empty"], "", 2),
    (&["next", "tag:none-has-this"], "", 2),
    (&["list", "-tag:none-has-this"], "", 2),
    (&["list", "assignee:none-is-called-this"], "", 2),
    (&["count", "inbox:none-is-called-this"], "", 2),
    (&["log", "--actor", "none-is-called-this"], "", 2),
    (&["next", "--lease", "soon"], "", 2),
    (&["undo", "nonsense"], "", 2),
    (&["apply", "-"], "{}\n", 2),
    (&["batch", "/nowhere/at/all"], "", 2),
    (&["backup", "kept"], "", 2),
    (&["backup", "nowhere", "--check"], "", 2),
    (&["batch", "-", "--atomic"], "tag x x6c0\ntagg x\n", 2),
    (&["--config", "/nowhere/at/all.toml", "list"], "", 2),
    // 4: something no longer held, or was otherwise than said.
    (&["tag", "x", "tag:press", "--max", "0"], "", 4),
    (&["tag", "x", "tag:press", "--expect", "1000"], "", 4),
    (&["batch", "-"], "tag x x6c0\ntagg x\n", 4),
    (&["batch", "-", "--max", "1"], "tag x tag:press\n", 4),
    (&["batch", "-", "--atomic"], "tag x tag:press --max 0\n", 4),
    (&["assign", "bob", "jm3n"], "", 0),
    (&["next", "--id", "jm3n"], "", 4),
    // 5: the store.
    (&["--store", "/proc/no/store", "demo"], "", 5),
];

#[test]
fn every_kind_of_end_has_its_code() {
    let env = Environment::demo();
    let mut wrong = Vec::new();
    for (args, input, code) in CASES {
        let said = env.pipe(args, input);
        if said.status != *code {
            wrong.push(format!("{args:?} is to end with {code}: {said}"));
        }
        // What went wrong is told, and never among the data.
        if *code > 1 && said.stderr.is_empty() {
            wrong.push(format!("{args:?} says nothing"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_full_disk_under_the_output_ends_with_5() {
    let env = Environment::demo();
    for args in
        [&["list", "is:any"][..], &["list", "--json"], &["help", "query"], &["--help"], &["--version"], &["keys"]]
    {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = env.command(args).stdout(full).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(5), "{args:?}: {said}");
        assert!(said.contains("the output can't be written"), "{args:?}: {said}");
    }
}

#[test]
fn a_store_that_can_grow_no_more_ends_with_5_and_keeps_what_it_has() {
    let env = Environment::demo();
    let before = env.run(&["count", "is:any"]).stdout;
    let program = env.command(&[]).get_program().to_owned();
    let inner = env.command(&["note", &"long words ".repeat(9000), "is:any"]);
    let mut shell = std::process::Command::new("sh");
    // No file may grow beyond what the store has already.
    shell.arg("-c").arg("trap '' XFSZ; ulimit -f 64; exec \"$@\"").arg("sh").arg(program).args(inner.get_args());
    shell.env_clear();
    for (name, value) in inner.get_envs() {
        shell.envs(value.map(|value| (name, value)));
    }
    let output = shell.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert_eq!(env.run(&["count", "is:any"]).stdout, before);
}

#[test]
fn an_output_that_is_closed_or_left_is_passed_over_in_silence() {
    let env = Environment::demo();
    for redirect in ["\"$@\" >&-", "\"$@\" | true"] {
        let inner = env.command(&["list", "is:any", "--json"]);
        let mut shell = std::process::Command::new("sh");
        shell.arg("-c").arg(redirect).arg("sh").arg(inner.get_program()).args(inner.get_args()).env_clear();
        for (name, value) in inner.get_envs() {
            shell.envs(value.map(|value| (name, value)));
        }
        let output = shell.output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{redirect}");
    }
}
