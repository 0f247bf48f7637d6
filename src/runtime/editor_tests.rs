use super::*;

#[test]
fn an_editor_changes_the_text_and_its_arguments_are_taken() {
    assert_eq!(edit("sed -i s/one/two/", "one\n").unwrap(), "two\n");
}

#[test]
fn an_editor_that_fails_says_so_and_leaves_the_text_to_its_owner() {
    assert!(edit("false", "kept").unwrap_err().message.contains("ended with"));
    assert!(edit("/nowhere/at/all", "kept").is_err());
}

#[test]
fn what_an_editor_had_saved_before_it_was_killed_is_not_lost() {
    assert_eq!(edit("kill_me() { printf saved > \"$1\"; kill -HUP $$; }; kill_me", "before").unwrap(), "saved");
}
