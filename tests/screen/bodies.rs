//! Large mails, of which the headers come first and the body when somebody opens them.

use postroom::app::Event;
use postroom::model::change::{Change, Connectivity, SyncStatus};

use super::seed::Desk;

const HEAD: &str = "Message-ID: <big@shop>\nFrom: Ana Lima <ana@lima.example>\nTo: support@team.example\nSubject: Photos\n\
    Date: Fri, 20 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b";

fn whole() -> String {
    format!(
        "{HEAD}\n\n--b\nContent-Type: text/plain\n\nHere are the photos.\n--b\nContent-Type: image/png\n\
         Content-Disposition: attachment; filename=lamp.png\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n"
    )
}

fn online() -> Event {
    let status = SyncStatus { account: "main".into(), state: Connectivity::Current, ..SyncStatus::default() };
    Event::Sync(status)
}

#[test]
fn a_mail_that_is_not_whole_is_asked_for_when_it_is_opened_and_shown_when_it_came() {
    let desk = Desk::new();
    desk.headers(100, HEAD);
    let mut screen = desk.screen((178, 24));
    screen.keys("<enter>").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("still on the server; it is fetched when there is a connection"), "{shown}");
    let asked = desk.store.asked_bodies(None).unwrap();
    assert_eq!(asked.iter().map(|asked| asked.uid).collect::<Vec<_>>(), [100]);
    screen.happen(online()).unwrap();
    assert!(screen.screen().contains("still on the server; it is being fetched"), "{}", screen.screen());
    desk.body(100, &whole());
    screen.happen(Event::StoreChanged(Change::Everything)).unwrap();
    let shown = screen.screen();
    assert!(shown.contains("Here are the photos.") && !shown.contains("on the server"), "{shown}");
}

#[test]
fn files_of_a_mail_that_is_not_whole_are_listed_as_soon_as_it_came() {
    let desk = Desk::new();
    desk.headers(100, HEAD);
    let mut screen = desk.screen((120, 24));
    screen.happen(online()).unwrap();
    screen.keys("<enter>A").unwrap();
    let said = screen.status();
    assert!(said.contains("The mail is still on the server; it is being fetched"), "{said}");
    desk.body(100, &whole());
    screen.happen(Event::StoreChanged(Change::Everything)).unwrap();
    let shown = screen.screen();
    assert!(shown.contains("Attachments") && shown.contains("lamp.png"), "{shown}");
}

#[test]
fn a_mail_that_is_too_large_or_gone_says_so_and_is_not_waited_for() {
    let desk = Desk::new();
    desk.headers(100, HEAD);
    let folder = desk.store.folders(&postroom::model::ids::AccountId::new("main").unwrap()).unwrap()[0].id;
    desk.store.expunge(folder, &[100]).unwrap();
    let id = postroom::model::ids::MessageId::new("big@shop").unwrap();
    assert_eq!(desk.store.want_body(&id).unwrap(), postroom::store::Body::Gone);
    let huge = Desk::new();
    huge.headers_of(100, HEAD, 200 << 20);
    let mut screen = huge.screen((220, 24));
    screen.keys("<enter>").unwrap();
    assert!(screen.screen().contains("too large to be fetched"), "{}", screen.screen());
    screen.keys("A").unwrap();
    assert!(screen.status().contains("there are no attachments here"), "{}", screen.status());
}
