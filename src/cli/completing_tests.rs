use clap::CommandFactory;

use super::{Known, Offer, complete, offer};
use crate::cli::args::Args;

struct Some;

impl Known for Some {
    fn tags(&self) -> Vec<String> {
        ["billing", "vip"].map(str::to_owned).to_vec()
    }

    fn agents(&self) -> Vec<String> {
        ["alice", "bob"].map(str::to_owned).to_vec()
    }

    fn views(&self) -> Vec<String> {
        ["mine", "waiting", "vip"].map(str::to_owned).to_vec()
    }

    fn inboxes(&self) -> Vec<String> {
        ["sales", "support"].map(str::to_owned).to_vec()
    }

    fn accounts(&self) -> Vec<String> {
        vec!["main".to_owned()]
    }

    fn ids(&self, typed: &str) -> Vec<Offer> {
        ["7k3m", "9xyz"].into_iter().filter(|id| id.starts_with(typed)).map(|id| offer(id, "Order")).collect()
    }

    fn topics(&self) -> Vec<Offer> {
        vec![offer("query", "")]
    }
}

/// What can follow; the word that is typed stands behind the last space.
fn after(line: &str) -> Vec<String> {
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    complete(&mut Args::command(), &words, &Some).into_iter().map(|offer| offer.word).collect()
}

#[test]
fn verbs_and_options_are_those_of_the_program() {
    assert_eq!(after("ass"), ["assign"]);
    assert_eq!(after("--quiet sta"), ["status"]);
    assert!(after("").contains(&"export".to_owned()) && !after("").contains(&"--json".to_owned()));
    assert_eq!(after("export is:any --ov"), ["--overwrite"]);
    assert_eq!(after("list --j"), ["--json", "--jq"]);
    assert_eq!(after("draft sh"), ["show"]);
    assert_eq!(after("help qu"), ["query"]);
}

#[test]
fn values_of_options_are_offered_in_both_spellings() {
    assert_eq!(after("list --format i"), ["ids"]);
    assert_eq!(after("export is:any --format m"), ["mbox", "markdown"]);
    assert_eq!(after("export is:any --format=mb"), ["--format=mbox"]);
    assert_eq!(after("export is:any --rows h"), ["history"]);
    assert_eq!(after("triage is:any --assign b"), ["bob"]);
    assert_eq!(after("--agent a"), ["alice"]);
    assert_eq!(after("list --config x"), Vec::<String>::new(), "the shell knows the files");
}

#[test]
fn what_a_verb_takes_first_is_offered_first() {
    assert_eq!(after("status w"), ["waiting"]);
    assert_eq!(after("assign "), ["me", "nobody", "alice", "bob"]);
    assert_eq!(after("move s"), ["sales", "support"]);
    assert_eq!(after("tag late,-v"), ["late,-vip"]);
    assert_eq!(after("why 7"), ["7k3m"]);
    assert_eq!(after("status closed 7"), ["7k3m"]);
    assert_eq!(after("status closed 7k3m 9"), ["9xyz"], "a target is followed by more");
    assert_eq!(after("list -n 5 stat"), ["status:"]);
}

#[test]
fn a_query_is_completed_word_by_word() {
    assert_eq!(after("list tag:"), ["tag:billing", "tag:vip"]);
    assert_eq!(after("list tag:billing,v"), ["tag:billing,vip"]);
    assert_eq!(after("list assignee:a"), ["assignee:alice"]);
    assert_eq!(after("list -- -inbox:su"), ["-inbox:support"]);
    assert_eq!(after("count is:any status:in"), ["status:in-progress"]);
    assert_eq!(after("list id:9"), ["id:9xyz"]);
    let quoted = ["list".to_owned(), "is:any (tag:v".to_owned()];
    let offers = complete(&mut Args::command(), &quoted, &Some);
    assert_eq!(offers.iter().map(|offer| offer.word.as_str()).collect::<Vec<_>>(), ["is:any (tag:vip"]);
}

#[test]
fn nothing_typed_breaks_it() {
    for line in
        ["-", "--", "--=", "=", ":", "list :", "list -:", "tag ,", "tag -", "nonsense x y z ", "list \u{202e}", "ü"]
    {
        let _ = after(line);
    }
    assert_eq!(complete(&mut Args::command(), &[], &Some), []);
}
