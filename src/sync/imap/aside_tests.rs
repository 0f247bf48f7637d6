use super::*;
use crate::model::ids::AccountId;
use crate::store::FolderRole;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn folder(name: &str) -> Folder {
    Folder {
        id: 1,
        account: AccountId::new("main").unwrap(),
        name: name.to_owned(),
        role: FolderRole::Inbox,
        validity: Some(7),
        uid_next: None,
        modseq: None,
        last_pass: None,
        messages: None,
        flags_below: None,
        lowest_fetched: None,
        highest_fetched: None,
        seen_next: None,
        seen_modseq: None,
    }
}

#[test]
fn the_waits_double_up_to_a_day_for_a_mail_and_an_hour_for_a_folder() {
    for (uid, hours) in
        [(9, [1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 24.0]), (0, [1.0 / 12.0, 1.0 / 6.0, 1.0 / 3.0, 2.0 / 3.0, 1.0, 1.0, 1.0])]
    {
        let mut before: Option<Aside> = None;
        for hour in hours {
            let aside = new(before.as_ref(), uid, 7, Fault::not_sent(), NOW);
            assert_eq!(aside.next_try.0 - NOW.0, (hour * 3_600_000.0_f64).round() as i64, "{aside:?}");
            before = Some(aside);
        }
    }
    let many = Aside { tries: u32::MAX, ..new(None, 9, 7, Fault::not_sent(), NOW) };
    assert_eq!(new(Some(&many), 9, 7, Fault::not_sent(), NOW).next_try.0 - NOW.0, MAIL_LONGEST);
}

#[test]
fn what_stands_in_for_a_mail_says_so_and_has_one_id_everywhere() {
    let refused = ImapError::No { code: "SERVERBUG".into(), text: "no \u{1b}[1mluck".into() };
    let aside = new(None, 9, 7, Fault::of(&refused), NOW);
    assert_eq!((aside.reason.name(), aside.words.contains('\u{1b}')), ("refused", false));
    let make = || stand_in(&folder("INBOX"), &aside, None, None, NOW);
    let Content::Whole(bytes) = make().content else { panic!("it is whole") };
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("Message-ID: <7.9.494e424f58@set-aside.postroom.invalid>\r\n"), "{text}");
    assert!(text.contains("the server refuses it (no") && text.contains("number 9 in the folder INBOX"), "{text}");
    assert_eq!(make(), make());
    let about = Fetched { size: Some(5000), flags: Some(vec!["x".into()]), ..Fetched::default() };
    let shown = stand_in(&folder("INBOX"), &aside, Some(about), Some(b"From: a@b.c\r\n\r\n".to_vec()), NOW);
    assert_eq!((shown.size, shown.content), (5000, Content::Headers(b"From: a@b.c\r\n\r\n".to_vec())));
}
