use super::*;

#[test]
fn an_editor_changes_the_text_and_its_arguments_are_taken() {
    assert_eq!(edit("sed -i s/one/two/", "one\n", 1).unwrap(), "two\n");
}

#[test]
fn an_editor_that_fails_says_so_and_leaves_the_text_to_its_owner() {
    assert!(edit("false", "kept", 1).unwrap_err().message().contains("ended with"));
    assert!(edit("/nowhere/at/all", "kept", 1).is_err());
}

#[test]
fn what_was_written_before_an_editor_failed_is_kept_and_its_place_named() {
    let error = edit("sh -c 'echo typed for an hour > \"$0\"; exit 1'", "begun", 1).unwrap_err();
    let advice = error.advice();
    let path = advice.split(" in ").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "typed for an hour\n");
    std::fs::remove_dir_all(Path::new(path).parent().unwrap()).unwrap();
}

#[test]
fn nobody_else_can_look_at_what_is_edited() {
    let seen =
        edit("sh -c 'stat -c %a \"$0\" \"$(dirname \"$0\")\" > \"$0.modes\"; mv \"$0.modes\" \"$0\"'", "", 1).unwrap();
    assert_eq!(seen, "600\n700\n");
}

#[test]
fn what_an_editor_had_saved_before_it_was_killed_is_not_lost() {
    assert_eq!(edit("kill_me() { printf saved > \"$1\"; kill -HUP $$; }; kill_me", "before", 1).unwrap(), "saved");
}

#[test]
fn what_is_no_utf8_is_refused_with_its_place_and_the_file_is_kept() {
    let error = edit("sh -c 'printf \"one\\nSch\\366n\\n\" > \"$0\"'", "begun", 1).unwrap_err();
    assert_eq!(error.message(), "what the editor left is not UTF-8: byte 4 of line 2 can't be read");
    let advice = error.advice();
    let path = advice.split(" stands in ").nth(1).and_then(|rest| rest.split(": ").next()).unwrap();
    assert_eq!(std::fs::read(path).unwrap(), b"one\nSch\xf6n\n");
    std::fs::remove_dir_all(Path::new(path).parent().unwrap()).unwrap();
}

#[test]
fn the_editors_that_people_have_begin_at_the_line_of_the_text() {
    let at = |command| place(command, 6);
    let before = Place::Before("+6".to_owned());
    for command in [
        "vi",
        "/usr/bin/vim.tiny",
        "nvim -R",
        "nano",
        "emacs -nw",
        "emacsclient -t",
        "EDITOR=1 vim",
        "env vim",
        "'nvim'",
    ] {
        assert_eq!(at(command), before, "{command}");
    }
    assert_eq!(at("hx"), Place::Behind(":6".to_owned()));
    for command in ["ed", "sed -i s/a/b/", "code --wait", "my-editor", "vim +normal", "vim -c startinsert", ""] {
        assert_eq!(at(command), Place::Unknown, "{command}");
    }
    assert_eq!(place("vim", 1), Place::Unknown, "it begins there by itself");
}

#[test]
fn an_editor_that_is_told_a_line_gets_it_in_front_of_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let editor = dir.path().join("vim");
    std::fs::write(&editor, "#!/bin/sh\necho \"line $1\" >> \"$2\"\n").unwrap();
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(edit(&editor.display().to_string(), "one\n", 6).unwrap(), "one\nline +6\n");
}
