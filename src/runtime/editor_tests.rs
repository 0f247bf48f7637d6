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
