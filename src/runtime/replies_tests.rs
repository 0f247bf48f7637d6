use super::*;

#[test]
fn what_is_no_file_among_the_saved_replies_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("good.md"), "Hello").unwrap();
    std::fs::write(at("huge.md"), vec![b'x'; REPLY_MAX as usize + 1]).unwrap();
    std::fs::create_dir(at("folder.md")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", at("endless.md")).unwrap();
    std::os::unix::fs::symlink("good.md", at("link.md")).unwrap();
    std::os::unix::fs::symlink("nowhere", at("dangling.md")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("pipe.md")).status().unwrap().success());
    let found = in_folder(dir.path());
    assert_eq!(found, [(at("good.md"), "Hello".to_owned()), (at("link.md"), "Hello".to_owned())]);
    assert!(in_folder(&at("nowhere")).is_empty());
}

#[test]
fn a_saved_reply_is_safe_and_its_cursor_stays_where_it_was() {
    let template = Template {
        subject: "About {order}".into(),
        body: "a\tb \u{1b}[2J{cursor}c {missing}".into(),
        ..Template::default()
    };
    let filled = filled(&template, &BTreeMap::new());
    assert_eq!(filled.text.split_at(filled.cursor), ("a       b ", "c {missing}"));
    assert_eq!(filled.unresolved, ["missing", "order"]);
}
