use crate::environment::Environment;

/// How many lines a command printed.
fn lines(env: &Environment, args: &[&str]) -> usize {
    env.run(args).stdout.lines().count()
}

#[test]
fn ids_from_stdin_are_narrowed_by_the_query_beside_the_dash() {
    let env = Environment::demo();
    let all = env.run(&["list", "is:any", "--format", "ids"]).stdout;
    let press: usize = lines(&env, &["list", "tag:press is:any", "--format", "ids"]);
    let ids = env.pipe(&["tag", "seen", "-", "tag:press", "--format", "ids"], &all);
    assert_eq!(ids.status, 0, "{ids}");
    assert_eq!(lines(&env, &["list", "tag:seen is:any", "--format", "ids"]), press);
    let one = all.lines().next().unwrap();
    let said = env.pipe(&["status", "closed", "-", "is:any", "-status:closed", "--dry-run"], &format!("{one}\n"));
    assert!(said.stdout.lines().count() <= 1, "{said}");
}

#[test]
fn an_empty_argument_and_what_is_no_id_on_stdin_change_nothing() {
    let env = Environment::demo();
    let before = env.run(&["log", "--format", "ids"]).stdout;
    let mut talk = String::new();
    let cases: [(&[&str], &str); 8] = [
        (&["tag", "x", ""], ""),
        (&["tag", "x", " ", "tag:press"], ""),
        (&["list", ""], ""),
        (&["tag", "x", "-"], "x6c0\nstatus:open\n"),
        (&["tag", "x", "-", "jm3n"], "x6c0\n"),
        (&["tag", "x", "-"], ""),
        (&["status", "closed", "x6c0", "status:open"], ""),
        (&["status", "closed", "--", "-x6c0"], ""),
    ];
    for (args, input) in cases {
        talk.push_str(&format!("$ {args:?} < {input:?}\n{}", env.pipe(args, input)));
    }
    insta::assert_snapshot!(talk);
    assert_eq!(env.run(&["log", "--format", "ids"]).stdout, before);
    let quoted = env.run(&["count", "\"x6c0\"", "is:any"]);
    assert_eq!(quoted.status, 1, "a word in quotes is a word: {quoted}");
}

#[test]
fn a_change_keeps_within_the_number_that_was_said() {
    let env = Environment::demo();
    let press = lines(&env, &["list", "tag:press", "--format", "ids"]);
    assert!(press > 1);
    let number = press.to_string();
    let said = |args: &[&str]| env.run(args);
    let over = said(&["tag", "x", "tag:press", "--max", "1"]);
    assert!(over.status == 4 && over.stderr.contains("more than --max 1"), "{over}");
    let other = said(&["tag", "x", "tag:press", "--expect", "1"]);
    assert!(other.status == 4 && other.stderr.contains("not 1 as --expect says"), "{other}");
    assert_eq!(said(&["count", "tag:x"]).status, 1, "nothing was done");
    assert_eq!(said(&["tag", "x", "tag:press", "--expect", &number, "--max", &number]).status, 0);
    assert_eq!(said(&["tag", "y", "tag:none-has-this", "--expect", "0", "--ok-if-empty", "--allow-unknown"]).status, 0);
    let reply = said(&["reply", "tag:press", "--body", "Hello", "--draft", "--max", "9", "--expect", "1"]);
    assert_eq!(reply.status, 4, "{reply}");
    let none = said(&[
        "reply",
        "tag:late is:gone",
        "--body",
        "Hello",
        "--draft",
        "--expect",
        "1",
        "--ok-if-empty",
        "--allow-unknown",
    ]);
    assert_eq!(none.status, 4, "{none}");
}
