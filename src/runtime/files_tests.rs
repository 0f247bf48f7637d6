use super::*;

fn written(folder: &Path, name: &str) -> String {
    let path = write_free(folder, name, b"x", PRIVATE).unwrap();
    assert_eq!(path.parent(), Some(folder));
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn a_name_that_is_taken_gets_a_number_and_a_link_is_taken_too() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", dir.path().join("a.pdf")).unwrap();
    assert_eq!(written(dir.path(), "a.pdf"), "a-2.pdf");
    assert_eq!(written(dir.path(), "a.pdf"), "a-3.pdf");
    assert_eq!(written(dir.path(), "README"), "README");
    assert_eq!(written(dir.path(), "README"), "README-2");
}

#[test]
fn the_longest_name_has_room_for_its_number() {
    let dir = tempfile::tempdir().unwrap();
    let name = format!("{}.pdf", "é".repeat(125));
    assert_eq!(written(dir.path(), &name), name);
    let second = written(dir.path(), &name);
    assert!(second.ends_with("é-2.pdf") && second.len() <= NAME_MAX, "{second}");
}
