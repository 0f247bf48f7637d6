//! Questions of verbs, which are asked only where somebody sits, and what is said there while work takes its time.

use crate::environment::Environment;
use crate::support::terminal::Terminal;

#[test]
fn a_change_of_many_conversations_is_asked_for() {
    let env = Environment::demo();
    let tag = |more: &[&str]| env.command(&[&["tag", "swept", "is:any"], more].concat());
    let answered = |answer: &str| {
        let mut asking = Terminal::run(tag(&[]), (100, 10));
        asking.shows(&["conversations are to be changed", "[y/N]"]);
        asking
            .text(answer)
            .until("an answer", |screen| screen.contains("nothing was changed") || screen.contains("tagged"));
        asking.ends().code()
    };
    assert_eq!(answered("n\n"), Some(1));
    assert_eq!(env.run(&["count", "tag:swept is:any"]).stdout.trim(), "0");
    assert_eq!(answered("y\n"), Some(0));
    assert_ne!(env.run(&["count", "tag:swept is:any"]).stdout.trim(), "0");
    // Who said how many are fine is not asked.
    let told = Terminal::run(tag(&["--max", "1000"]), (100, 10));
    assert_eq!(told.ends().code(), Some(0));
}

#[test]
fn what_takes_its_time_says_what_it_does_and_takes_that_away_again() {
    let env = Environment::demo();
    let ends = |args: &[&str], says: &[&str]| {
        let mut terminal = Terminal::run(env.command(args), (100, 10));
        assert!(terminal.ended().code().is_some(), "{args:?}: {}", terminal.screen());
        let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
        for part in says {
            assert!(bytes.contains(part), "{args:?} says {part}: {bytes}");
            assert!(!terminal.screen().contains(part), "{args:?} leaves it there: {}", terminal.screen());
        }
    };
    let (backup, export) = (env.path("backup").display().to_string(), env.path("mails.mbox").display().to_string());
    ends(&["backup", &backup], &["copying the store, "]);
    ends(&["backup", "--check", &backup], &["examining the copy of the store, "]);
    ends(&["export", "is:any", "--format", "mbox", "--to", &export], &["20 of "]);
    ends(&["doctor", "--offline", "--only-wrong"], &["looking at the store in "]);
    let id = env.run(&["list", "is:any", "-n", "1", "--format", "ids"]).stdout;
    let many: String = (0..250).map(|n| format!("tag swept{} {}\n", n % 7, id.trim())).collect();
    let lines = env.write("many.txt", &many).display().to_string();
    ends(&["batch", &lines], &["100 of 250 lines", "200 of 250 lines"]);
}
