use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;

fn id(text: &str) -> ConversationId {
    ConversationId::from_kept(text)
}

fn stream() -> Name {
    Name { folder: None, file: String::new() }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn an_interrupted_file_goes_on_behind_the_last_conversation_that_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("all.mbox");
    let mut to = FileTo::open(path.clone(), "mbox is:any", false).unwrap();
    to.put(&stream(), b"one\n").unwrap();
    to.done(&id("a")).unwrap();
    to.put(&stream(), b"tw").unwrap();
    drop(to);
    assert!(!path.exists());
    // The note itself may be cut as well.
    let note = dir.path().join("all.mbox.part.done");
    let mut bytes = std::fs::read(&note).unwrap();
    bytes.extend_from_slice(b"b 99");
    std::fs::write(&note, bytes).unwrap();

    let mut to = FileTo::open(path.clone(), "mbox is:any", false).unwrap();
    assert!(to.has(&id("a")) && !to.has(&id("b")) && !to.is_empty());
    to.put(&stream(), b"two\n").unwrap();
    to.done(&id("b")).unwrap();
    to.finish().unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"one\ntwo\n");
    assert_eq!((names(dir.path()), mode(&path)), (vec!["all.mbox".to_owned()], 0o600));
}

#[test]
fn a_part_that_is_shorter_than_was_noted_is_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    let mut to = FileTo::open(path.clone(), "json", false).unwrap();
    to.put(&stream(), b"one\n").unwrap();
    to.done(&id("a")).unwrap();
    drop(to);
    std::fs::write(dir.path().join("x.part"), b"o").unwrap();
    let to = FileTo::open(path, "json", false).unwrap();
    assert!(!to.has(&id("a")) && to.is_empty());
}

#[test]
fn nothing_is_replaced_without_being_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    std::fs::write(&path, b"mine").unwrap();
    let refused = FileTo::open(path.clone(), "json", false).err().unwrap();
    assert!(refused.is("export-there") && refused.kind == ErrorKind::Usage);
    let mut to = FileTo::open(path.clone(), "json", true).unwrap();
    to.put(&stream(), b"new").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"mine", "the old one stands until the new one is whole");
    to.finish().unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"new");

    let mut to = FileTo::open(dir.path().join("y"), "json", false).unwrap();
    std::fs::write(dir.path().join("y"), b"came meanwhile").unwrap();
    assert!(to.finish().err().unwrap().is("export-there"));
    assert!(FolderTo::open(dir.path().to_owned(), "eml", false).err().unwrap().is("export-there"));
    assert!(FileTo::open("/dev/null".into(), "json", true).err().unwrap().is("export-there"));
}

#[test]
fn what_another_export_left_is_not_gone_on_with() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x");
    let mut to = FileTo::open(path.clone(), "json is:any", false).unwrap();
    to.put(&stream(), b"one\n").unwrap();
    to.done(&id("a")).unwrap();
    assert!(FileTo::open(path.clone(), "json is:any", false).err().unwrap().is("export-busy"));
    drop(to);
    assert!(FileTo::open(path.clone(), "json tag:vip", false).err().unwrap().is("export-of-other"));
    let to = FileTo::open(path, "json tag:vip", true).unwrap();
    assert!(to.is_empty() && !to.has(&id("a")));
}

#[test]
fn a_folder_is_private_and_remembers_what_is_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out");
    let mut to = FolderTo::open(path.clone(), "eml", false).unwrap();
    let name = Name { folder: Some("a".to_owned()), file: "1.eml".to_owned() };
    to.put(&name, b"mail").unwrap();
    to.done(&id("a")).unwrap();
    drop(to);
    let mut to = FolderTo::open(path.clone(), "eml", false).unwrap();
    assert!(to.has(&id("a")));
    to.put(&name, b"mail again").unwrap();
    to.finish().unwrap();
    assert_eq!(names(&path), ["a"]);
    assert_eq!(std::fs::read(path.join("a/1.eml")).unwrap(), b"mail again");
    assert_eq!((mode(&path), mode(&path.join("a")), mode(&path.join("a/1.eml"))), (0o700, 0o700, 0o600));
    assert!(FolderTo::open(path, "eml", false).err().unwrap().is("export-there"), "it is whole");
}

#[test]
fn no_link_leads_out_of_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let (path, outside) = (dir.path().join("out"), dir.path().join("outside"));
    std::fs::create_dir(&path).unwrap();
    std::fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, path.join("a")).unwrap();
    let mut to = FolderTo::open(path, "eml", true).unwrap();
    let name = Name { folder: Some("a".to_owned()), file: "1.eml".to_owned() };
    assert!(to.put(&name, b"mail").is_err());
    assert_eq!(names(&outside), Vec::<String>::new());
}
