use super::*;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn allow(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn an_existing_store_that_others_may_enter_is_closed_to_them_and_that_is_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let file = file_in(dir.path());
    std::fs::write(&file, "").unwrap();
    std::fs::write(dir.path().join("postroom.db-wal"), "").unwrap();
    allow(&file, 0o640);
    allow(&dir.path().join("postroom.db-wal"), 0o644);
    allow(dir.path(), 0o775);
    assert!(tighten(dir.path()).unwrap());
    assert_eq!((mode(&file), mode(&dir.path().join("postroom.db-wal")), mode(dir.path())), (0o600, 0o600, 0o755));
    assert!(!tighten(dir.path()).unwrap());
}

#[test]
fn a_folder_without_a_store_and_one_that_many_share_stay_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    allow(dir.path(), 0o755);
    assert!(!tighten(dir.path()).unwrap());
    assert_eq!(mode(dir.path()), 0o755);
    std::fs::write(file_in(dir.path()), "").unwrap();
    allow(dir.path(), 0o1777);
    assert!(tighten(dir.path()).unwrap());
    assert_eq!((mode(dir.path()), mode(&file_in(dir.path()))), (0o1777, 0o600));
}
