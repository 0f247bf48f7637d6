//! Questions of verbs, which are asked only where somebody sits.

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
