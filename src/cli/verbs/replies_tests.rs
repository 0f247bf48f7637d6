use super::*;

#[test]
fn a_name_from_the_log_leads_nowhere_but_into_the_folder() {
    assert_eq!(stem("Refund accepted!"), "refund-accepted");
    for (name, file) in [
        ("../../.ssh/authorized_keys", "ssh-authorized-keys"),
        ("/etc/passwd", "etc-passwd"),
        ("..", "reply"),
        ("", "reply"),
        ("a\0b\n", "a-b"),
        ("\u{202e}dm", "dm"),
        (".bashrc", "bashrc"),
        ("~", "reply"),
    ] {
        assert_eq!(stem(name), file, "{name:?}");
    }
    assert!(stem(&"𝕏".repeat(500)).len() <= STEM_MAX);
}

#[test]
fn two_replies_that_make_one_file_name_become_two_files_and_nothing_is_written_over() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/etc/passwd", dir.path().join("a-b-2.md")).unwrap();
    let one = write_new(dir.path(), "A B", "one").unwrap();
    let two = write_new(dir.path(), "a/b", "two").unwrap();
    assert_eq!((one, two.clone()), (dir.path().join("a-b.md"), dir.path().join("a-b-3.md")));
    assert_eq!(std::fs::read_to_string(two).unwrap(), "two");
}
