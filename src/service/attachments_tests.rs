use super::*;

#[test]
fn a_file_is_named_without_its_folder_and_typed_by_its_ending() {
    let read = |name: &str| read_from(&mut &b"x"[..], name).map(|file| (file.name, file.media)).unwrap();
    for (given, name, media) in [
        ("/tmp/a b.mp4", "a b.mp4", "video/mp4"),
        ("letter.DOC", "letter.DOC", "application/msword"),
        ("all.tar.gz", "all.tar.gz", "application/gzip"),
        ("../list.csv", "list.csv", "text/csv"),
        ("meeting.ics", "meeting.ics", "text/calendar"),
        ("app.log", "app.log", "text/plain"),
        ("page.html", "page.html", "text/html"),
        ("Makefile", "Makefile", "application/octet-stream"),
        ("x.docx", "x.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("x.ods", "x.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe", "application/octet-stream"),
        ("a\u{1b}[2Jb\n.txt", "ab .txt", "text/plain"),
        ("..", "file", "application/octet-stream"),
        ("", "file", "application/octet-stream"),
    ] {
        assert_eq!(read(given), (name.to_owned(), media.to_owned()), "{given:?}");
    }
}

#[test]
fn what_is_no_file_or_too_large_is_refused_and_a_pipe_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::File::create(at("most")).unwrap().set_len(SIZE_MAX).unwrap();
    std::fs::File::create(at("more")).unwrap().set_len(SIZE_MAX + 1).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    assert_eq!(read(&at("most")).unwrap().bytes.len() as u64, SIZE_MAX);
    assert_eq!(read(&at("more")).unwrap_err(), Unfit::TooLarge);
    assert_eq!(read(&at("pipe")).unwrap_err(), Unfit::NoFile);
    assert_eq!(read(dir.path()).unwrap_err(), Unfit::NoFile);
    assert!(matches!(read(&at("nothing")), Err(Unfit::Unreadable(_))));
}
