//! Several processes on one store: two terminals and a cron job are normal.

use std::process::Stdio;

use crate::environment::Environment;

#[test]
fn processes_that_write_at_once_lose_nothing_of_each_other() {
    let env = Environment::demo();
    let all = env.run(&["count", "is:any"]).stdout.trim().to_owned();
    let writers: Vec<_> = (0..6u64)
        .map(|n| {
            let tag = format!("writer-{n}");
            let mut command = env.command(&["triage", "is:any", "--add-tag", &tag, "--note", &format!("seen by {n}")]);
            // Each has ids of its own, as processes outside tests have.
            command.env("POSTROOM_IDS", (1000 + n).to_string());
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    for n in 0..6 {
        assert_eq!(env.run(&["count", &format!("tag:writer-{n}")]).stdout.trim(), all);
        assert_eq!(env.run(&["count", &format!("note:\"seen by {n}\"")]).stdout.trim(), all);
    }
}
