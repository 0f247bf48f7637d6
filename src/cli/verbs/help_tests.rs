use super::{TOPICS, topic};
use crate::cli::exit::Exit;
use crate::command::Action;

#[test]
fn every_topic_has_a_text_with_a_heading_and_lines_that_a_terminal_holds() {
    for (name, about) in TOPICS {
        let text = topic(name).unwrap();
        assert!(text.starts_with("# ") && text.ends_with('\n') && !about.is_empty(), "{name}");
        let long = text.lines().find(|line| !line.starts_with('|') && line.chars().count() > 140);
        assert_eq!(long, None, "{name}");
    }
    assert_eq!(topic("nonsense"), None);
}

#[test]
fn the_commands_are_those_of_the_table_of_actions_with_what_each_takes() {
    let text = topic("commands").unwrap();
    for action in Action::ALL.iter().filter(|action| !action.params().is_empty()) {
        let params = action.params().iter().map(|param| {
            let name = param.name.to_uppercase();
            if param.optional { format!(" [{name}]") } else { format!(" {name}") }
        });
        let usage = format!("| `{}{}` |", action.name(), params.collect::<String>());
        assert!(text.contains(&usage), "{usage}");
    }
}

#[test]
fn every_exit_code_is_explained() {
    let text = topic("exit-codes").unwrap();
    let all = [Exit::Done, Exit::Nothing, Exit::Usage, Exit::Remote, Exit::Precondition, Exit::Store, Exit::Internal];
    for exit in all {
        assert!(text.contains(&format!("| {} |", exit.code())), "{exit:?}");
    }
}
