//! What is done with the files and the links of received mail: listed, saved, piped, opened, copied.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use postroom::app::{Event, Layer};
use postroom::runtime::Harness;

use super::seed::Desk;

/// A mail with files; the third has a name of an attacker's choosing.
fn with_files(third: &str) -> String {
    let part = |name: &str, text: &str| {
        format!(
            "--x\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"{name}\"\n\n{text}\n"
        )
    };
    format!(
        "Message-ID: <files@x>\nFrom: Fay <fay@files.example>\nTo: support@team.example\nSubject: Three files\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nThe files, see https://one.example/a and https://two.example/b.\n{}{}{}--x--\n",
        part("report.pdf", "the report"),
        part("report.pdf", "another report"),
        part(third, "the third"),
    )
}

/// A screen on which that mail is open, and its files are listed.
fn listed(desk: &Desk, third: &str, size: (u16, u16)) -> Harness {
    desk.raw_mail(60, &with_files(third));
    let mut screen = desk.screen(size);
    screen.keys("<enter>A").unwrap();
    screen
}

/// Waits until the worker that saves or pipes has told how it went.
fn told(screen: &mut Harness, words: &str) -> String {
    for _ in 0..2_000 {
        if screen.status().contains(words) {
            return screen.status();
        }
        screen.wait(0).unwrap();
        std::thread::yield_now();
        std::thread::park_timeout(std::time::Duration::from_millis(5));
    }
    panic!("{words}: {}", screen.screen());
}

fn fill(screen: &mut Harness, text: &str) {
    screen.keys("<c-u>").unwrap().text(text).unwrap().keys("<enter>").unwrap();
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn read(dir: &Path, name: &str) -> String {
    std::fs::read_to_string(dir.join(name)).unwrap()
}

#[test]
fn files_are_listed_with_what_can_be_done() {
    for (columns, rows) in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = listed(&desk, "plan.txt", (columns, rows));
        insta::assert_snapshot!(format!("the_files_at_{columns}x{rows}"), screen.screen());
        screen.keys("<enter>").unwrap();
        insta::assert_snapshot!(format!("the_deeds_of_a_file_at_{columns}x{rows}"), screen.screen());
        screen.text("sav").unwrap().keys("<enter>").unwrap();
        insta::assert_snapshot!(format!("where_a_file_is_saved_at_{columns}x{rows}"), screen.screen());
    }
}

#[test]
fn one_file_is_saved_into_a_folder_readable_by_its_owner_alone() {
    let (desk, dir) = (Desk::new(), tempfile::tempdir().unwrap());
    let mut screen = listed(&desk, "plan.txt", (80, 24));
    screen.keys("<enter>").unwrap().text("save").unwrap().keys("<enter>").unwrap();
    fill(&mut screen, &format!("{}/new/", dir.path().display()));
    told(&mut screen, "Saved as ");
    let folder = dir.path().join("new");
    assert_eq!((names(&folder), read(&folder, "report.pdf")), (vec!["report.pdf".into()], "the report".into()));
    assert_eq!(std::fs::metadata(folder.join("report.pdf")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn one_file_is_saved_under_a_name_and_never_over_another() {
    let (desk, dir) = (Desk::new(), tempfile::tempdir().unwrap());
    let mut screen = listed(&desk, "plan.txt", (80, 24));
    let path = dir.path().join("mine.pdf");
    std::fs::write(&path, "precious").unwrap();
    screen.keys("<enter>").unwrap().text("save").unwrap().keys("<enter>").unwrap();
    fill(&mut screen, path.to_str().unwrap());
    told(&mut screen, "mine.pdf: File exists");
    assert_eq!(read(dir.path(), "mine.pdf"), "precious");
    screen.wait(1_000).unwrap().keys("A<enter>").unwrap().text("save").unwrap().keys("<enter>").unwrap();
    fill(&mut screen, dir.path().join("other.pdf").to_str().unwrap());
    told(&mut screen, "Saved as ");
    assert_eq!(read(dir.path(), "other.pdf"), "the report");
}

#[test]
fn all_files_are_saved_each_under_a_name_of_its_own() {
    let (desk, dir) = (Desk::new(), tempfile::tempdir().unwrap());
    std::fs::write(dir.path().join("plan.txt"), "precious").unwrap();
    let mut screen = listed(&desk, "plan.txt", (80, 24));
    screen.keys("<enter>").unwrap().text("all").unwrap().keys("<enter>").unwrap();
    fill(&mut screen, dir.path().to_str().unwrap());
    told(&mut screen, "Saved 3 files in ");
    assert_eq!(names(dir.path()), ["plan-2.txt", "plan.txt", "report-2.pdf", "report.pdf"]);
    assert_eq!((read(dir.path(), "plan.txt"), read(dir.path(), "plan-2.txt")), ("precious".into(), "the third".into()));
    assert_eq!(read(dir.path(), "report-2.pdf"), "another report");
}

#[test]
fn a_hostile_name_leads_out_of_no_folder_and_is_no_option_and_hides_nothing() {
    for (hostile, saved) in [
        ("../../../etc/cron.d/evil", "evil"),
        ("..\\\\..\\\\evil.exe", "evil.exe"),
        ("/etc/passwd", "passwd"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("..", "attachment-3.bin"),
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
        ("a\u{1b}[2Jb.txt", "ab.txt"),
    ] {
        let (desk, dir) = (Desk::new(), tempfile::tempdir().unwrap());
        let inside = dir.path().join("a/b");
        let mut screen = listed(&desk, hostile, (80, 24));
        assert!(!screen.screen().contains(['\u{202e}', '\u{1b}']), "{}", screen.screen());
        screen.keys("<enter>").unwrap().text("all").unwrap().keys("<enter>").unwrap();
        fill(&mut screen, inside.to_str().unwrap());
        told(&mut screen, "Saved 3 files in ");
        let mut expected = vec!["report-2.pdf".to_owned(), "report.pdf".into(), saved.into()];
        expected.sort();
        assert_eq!(names(&inside), expected, "{hostile:?}");
        assert_eq!(names(dir.path()), ["a"]);
    }
}

#[test]
fn a_file_is_piped_to_a_command_and_its_failure_is_told() {
    let (desk, dir) = (Desk::new(), tempfile::tempdir().unwrap());
    let mut screen = listed(&desk, "plan.txt", (80, 24));
    let out = dir.path().join("out");
    screen.keys("<enter>").unwrap().text("pipe").unwrap().keys("<enter>").unwrap();
    fill(&mut screen, &format!("tr a-z A-Z > {}", out.display()));
    told(&mut screen, "Piped to tr");
    assert_eq!(read(dir.path(), "out"), "THE REPORT");
    screen.keys("A<enter>").unwrap().text("pipe").unwrap().keys("<enter>").unwrap();
    fill(&mut screen, "exit 3");
    told(&mut screen, "exit 3: it ended with status 3");
}

#[test]
fn links_are_listed_opened_and_copied() {
    for (columns, rows) in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        desk.raw_mail(60, &with_files("plan.txt"));
        let mut screen = desk.screen((columns, rows));
        screen.keys("<enter>o").unwrap();
        insta::assert_snapshot!(format!("the_links_at_{columns}x{rows}"), screen.screen());
        screen.keys("<down><enter>").unwrap();
        assert_eq!(screen.asked().opened, ["https://two.example/b"]);
        screen.keys("yl").unwrap().text("two").unwrap().keys("<enter>").unwrap();
        assert_eq!(screen.asked().copied, ["https://two.example/b"]);
        assert!(screen.status().contains("Copied https://two.example/b"), "{}", screen.status());
    }
}

#[test]
fn the_only_link_is_copied_without_a_question_and_where_there_is_none_that_is_told() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>yl").unwrap();
    assert_eq!(screen.asked().copied, ["https://shop.example/orders/4412"]);
    screen.keys("<esc><esc>j<enter>o").unwrap();
    assert!(screen.status().contains("there are no links here"), "{}", screen.status());
    assert!(!matches!(screen.app().layers.last(), Some(Layer::Picker(_))));
    screen.happen(Event::Resize(80, 24)).unwrap();
}
