use std::fs;

use super::*;

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// What is found, a line each: the subject, flags and whether it was sent, or what is wrong, within `dir`.
fn found(dir: &Path, paths: &[&str]) -> Vec<String> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| dir.join(path)).collect();
    let mut sources = Sources::open(&paths).unwrap();
    let mut all = Vec::new();
    while let Some(item) = sources.read_item().unwrap() {
        let line = match item {
            Item::Mail(mail) => {
                let subject = crate::mime::envelope(&mail.raw).subject;
                format!("{subject} {:?} {}", mail.flags.unwrap_or_default(), if mail.sent { "sent" } else { "" })
            }
            Item::Damaged(damaged) => format!("{}: {}", damaged.place, crate::text::render(&damaged.why.phrase())),
            Item::LeftOut(path) => format!("left out {}", path.display()),
            Item::LeftOutMail => "left out".to_owned(),
        };
        all.push(line.replace(&format!("{}/", dir.display()), "").trim_end().to_owned());
    }
    all
}

fn mail(subject: &str) -> String {
    format!("Subject: {subject}\n\nText\n")
}

#[test]
fn a_maildir_is_read_with_flags_and_the_folders_below_it() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join("Maildir").join(name);
    put(&at("new/1796133600.a"), &mail("New"));
    put(&at("cur/1796133601.b:2,RS"), &mail("Answered"));
    put(&at("cur/1796133602.c:2,D"), &mail("Draft"));
    put(&at("cur/1796133603.d:2,ST"), &mail("Thrown away"));
    put(&at("cur/1796133604.e:2,FS"), "");
    put(&at("tmp/1796133605.f"), &mail("Half"));
    for folder in [".Sent", ".Archive.2025", ".Junk", ".empty"] {
        fs::create_dir_all(at(folder).join("new")).unwrap();
        put(&at(folder).join("cur/1796133606.g:2,S"), &mail(folder));
    }
    fs::remove_file(at(".empty/cur/1796133606.g:2,S")).unwrap();
    assert_eq!(
        found(dir.path(), &["Maildir"]),
        [
            "New []",
            "Answered [\"\\\\Seen\", \"\\\\Answered\"]",
            "left out",
            "left out",
            "Maildir/cur/1796133604.e:2,FS: no mail begins here",
            ".Archive.2025 [\"\\\\Seen\"]",
            "left out Maildir/.Junk",
            ".Sent [\"\\\\Seen\"] sent",
        ]
    );
    assert_eq!(found(dir.path(), &["Maildir/.Junk"]), [".Junk [\"\\\\Seen\"]"], "named itself it is taken");
}

#[test]
fn a_folder_is_searched_for_mails_and_links_are_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    put(&dir.path().join("all/b/two.EML"), &mail("Two"));
    put(&dir.path().join("all/a/one.eml"), &mail("One"));
    put(&dir.path().join("all/a/conversation.json"), "{}");
    put(&dir.path().join("all/three.eml"), "no mail");
    std::os::unix::fs::symlink(dir.path().join("all"), dir.path().join("all/again")).unwrap();
    assert_eq!(found(dir.path(), &["all"]), ["One []", "Two []", "all/three.eml: no mail begins here"]);
    assert_eq!(found(dir.path(), &["all/a/one.eml"]), ["One []"]);
}

#[test]
fn an_mbox_keeps_the_flags_that_a_program_wrote_into_it() {
    let dir = tempfile::tempdir().unwrap();
    let line = "From ana@example.org Tue Dec  1 14:00:00 2026\n";
    let text = format!("{line}Status: RO\nX-Status: A\n{}\n{line}Status: O\n{}\n", mail("Read"), mail("Unread"));
    put(&dir.path().join("Sent"), &text);
    assert_eq!(found(dir.path(), &["Sent"]), ["Read [\"\\\\Seen\", \"\\\\Answered\"] sent", "Unread [] sent"]);
}

#[test]
fn what_is_no_archive_is_refused_and_says_what_can_be_done() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.gz"), [0x1f, 0x8b, 8, 0]).unwrap();
    fs::write(dir.path().join("table.csv"), "a,b\n1,2\n").unwrap();
    for (name, code) in [("a.gz", "import-packed"), ("table.csv", "import-no-mbox")] {
        let mut sources = Sources::open(&[dir.path().join(name)]).unwrap();
        let error = sources.read_item().err().unwrap();
        assert!(error.is(code), "{error}");
    }
    assert!(Sources::open(&[dir.path().join("nowhere")]).is_err());
}

#[test]
fn what_is_no_regular_file_is_named_and_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = |name: &str| {
        let path = dir.path().join(name);
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    };
    put(&dir.path().join("Maildir/new/1796133600.a"), &mail("New"));
    fs::create_dir_all(dir.path().join("Maildir/cur/1796133602.c:2,S")).unwrap();
    pipe("Maildir/cur/1796133601.b:2,S");
    let expected = [
        "New []",
        "Maildir/cur/1796133601.b:2,S: it is no regular file",
        "Maildir/cur/1796133602.c:2,S: it is no regular file",
    ];
    assert_eq!(found(dir.path(), &["Maildir"]), expected);
    put(&dir.path().join("mails/a.eml"), &mail("One"));
    pipe("mails/b.eml");
    pipe("mails/c");
    assert_eq!(found(dir.path(), &["mails"]), ["One []", "mails/b.eml: it is no regular file"]);
}

#[test]
fn a_pipe_that_is_named_is_read_as_an_mbox() {
    let (read, mut write) = std::io::pipe().unwrap();
    std::io::Write::write_all(&mut write, b"From x Tue Dec  1 14:00:00 2026\nSubject: Piped\n\nText\n").unwrap();
    drop(write);
    let path = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&read));
    assert_eq!(found(Path::new("/"), &[&path]), ["Piped []"]);
}
