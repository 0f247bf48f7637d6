//! The invitations of the corpora and of the shared cases: each says what, when, where and by whom.

use std::path::Path;

use jiff::tz::TimeZone;
use postroom::mime;
use postroom::model::invitation::{Invitation, Method, When};
use postroom::model::message::Readable;
use postroom::text;

/// What somebody in Berlin reads of a mail's invitations.
fn read(readable: &Readable) -> String {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let lines = readable.invitations.iter().flat_map(|one| text::invitation(one, Some(&zone)));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn every_invitation_of_the_corpus_says_what_when_and_by_whom() {
    let Some(root) = crate::corpora::category("calendar") else { return };
    let mut count = 0;
    for path in crate::corpora::files(root.path()) {
        if path.extension().is_none_or(|end| end != "eml") {
            continue;
        }
        let raw = std::fs::read(&path).unwrap();
        let (name, readable) = (path.file_name().unwrap().to_string_lossy().into_owned(), mime::readable(&raw));
        println!("--- {name}\n{}", read(&readable));
        assert!(!readable.invitations.is_empty(), "{name}");
        for one in &readable.invitations {
            count += 1;
            assert!(!one.summary.is_empty() && !one.uid.is_empty() && one.method != Method::None, "{name}: {one:?}");
            let timed = matches!(one.start, Some(When::At { .. }));
            assert!(timed || one.method == Method::Cancel, "{name}: {:?}", one.start);
            assert!(one.organizer.is_some(), "{name}");
            if one.method == Method::Request {
                assert!(one.attendees.len() > 1 || name.contains("outlook"), "{name}: {:?}", one.attendees);
                assert!(mime::invitation_source(&raw, &one.uid).is_some(), "{name}");
            }
        }
        let files = readable.attachments.iter().filter(|file| file.name.as_str().ends_with(".ics"));
        assert!(files.count() >= 1, "{name}: it can be saved");
    }
    assert!(count >= 16, "{count}");
}

fn invitation(mail: &str) -> (Invitation, Readable) {
    let readable = mime::readable(mail.as_bytes());
    (readable.invitations.first().expect(mail).clone(), readable)
}

#[test]
fn a_mail_that_is_nothing_but_a_calendar_shows_it_with_its_link_and_can_be_saved() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/reports/11-calendar-only.eml");
    let Ok(raw) = std::fs::read_to_string(&path) else {
        println!("left out: {} is not there", path.display());
        return;
    };
    let (_, readable) = invitation(&raw);
    assert_eq!(
        read(&readable),
        "Invitation: Delivery of pallets\n  When: Mon 2026-11-30 15:00–16:00 CET\n  Where: Gate 4\n  Organizer: Ann <ann@a.example>\n\n  \
         Bring the papers, please.\n  Join: https://meet.example/j/1\n"
    );
    let links: Vec<&str> = readable.addresses.iter().map(|link| link.target.as_str()).collect();
    assert_eq!(links, ["https://meet.example/j/1"]);
    let file = mime::attachment(raw.as_bytes(), 0).unwrap();
    assert!(file.name.ends_with(".ics") && file.bytes.starts_with(b"BEGIN:VCALENDAR"), "{}", file.name);
}
