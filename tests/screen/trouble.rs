//! How the screen shows what does not work: in the status line, among the notices, in the outbox; and when it says that all is in sync.

use postroom::app::Event;
use postroom::model::change::{Change, Connectivity, Part, SyncStatus, Trouble};
use postroom::sync::oauth::{OAuthError, Why};

use super::seed::Desk;

const SIZES: [(u16, u16); 2] = [(80, 24), (140, 40)];

fn status() -> SyncStatus {
    SyncStatus { account: "main".into(), state: Connectivity::Current, ..SyncStatus::default() }
}

fn full() -> Trouble {
    Trouble {
        part: Part::Log,
        text: "the team's log: the mailbox is full: Quota exceeded (mailbox for user is full)".into(),
        hint: "make room in the mailbox; what you did is kept, and goes there with the next try".into(),
    }
}

fn refused() -> SyncStatus {
    SyncStatus {
        state: Connectivity::Offline,
        message:
            "account main: mail.example.com:993: it answered NO: Maximum number of connections from user+IP exceeded \
                  (mail_max_userip_connections=10) (end a postroom or a mail program that has some)"
                .into(),
        ..status()
    }
}

#[test]
fn a_log_that_takes_nothing_stands_with_its_reason_until_that_is_gone() {
    for (columns, rows) in SIZES {
        let desk = Desk::new();
        desk.screen((columns, rows)).keys("e").unwrap();
        let mut screen = desk.screen((columns, rows));
        screen.happen(Event::Sync(SyncStatus { troubles: vec![full()], ..status() })).unwrap();
        insta::assert_snapshot!(format!("a_refused_log_at_{columns}x{rows}"), screen.screen());
        let told = screen.status();
        screen.wait(60_000).unwrap().keys("<esc>").unwrap();
        assert_eq!(screen.status(), told, "no key takes away what stands");
        screen.keys("!").unwrap();
        insta::assert_snapshot!(format!("a_refused_log_among_the_notices_at_{columns}x{rows}"), screen.screen());
        screen.keys("<esc>").unwrap();
        screen.happen(Event::Sync(status())).unwrap();
        assert!(!screen.status().contains("trouble") && screen.app().standing() == 0, "{}", screen.status());
    }
}

#[test]
fn a_server_that_lets_nobody_in_is_told_in_its_own_words() {
    for (columns, rows) in SIZES {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        screen.happen(Event::Sync(refused())).unwrap();
        insta::assert_snapshot!(format!("no_connection_at_{columns}x{rows}"), screen.screen());
        // The same again is not told again, and a connection ends it.
        screen.happen(Event::Sync(refused())).unwrap();
        assert_eq!(screen.app().notices.len(), 1);
        screen.keys("!").unwrap();
        assert!(screen.screen().contains("Maximum number"), "{}", screen.screen());
        screen.keys("<esc>").unwrap();
        screen.happen(Event::Sync(status())).unwrap();
        assert!(screen.status().contains("in sync") && screen.app().standing() == 0, "{}", screen.status());
    }
}

#[test]
fn a_server_that_is_away_is_told_with_the_time_of_the_next_try() {
    for (columns, rows) in SIZES {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        let again = Some(desk.clock.now().plus(90_000));
        screen.happen(Event::Sync(SyncStatus { next_try: again, ..refused() })).unwrap();
        assert!(screen.status().ends_with("offline, again 10:01"), "{:?}", screen.status());
        insta::assert_snapshot!(format!("no_connection_and_the_next_try_at_{columns}x{rows}"), screen.screen());
        screen.wait(120_000).unwrap();
        assert!(screen.status().ends_with("offline"), "it is being tried: {:?}", screen.status());
    }
}

#[test]
fn who_may_only_read_the_log_is_told_before_a_word_of_a_reply_is_written() {
    for (columns, rows) in SIZES {
        let desk = Desk::new();
        let account = postroom::model::ids::AccountId::new("main").unwrap();
        desk.store.note_log_rights(&account, false).unwrap();
        let mut screen = desk.screen((columns, rows));
        screen.keys("r").unwrap();
        insta::assert_snapshot!(format!("a_reply_that_leaves_no_record_at_{columns}x{rows}"), screen.screen());
        screen.text("Soon.").unwrap().keys("<c-s>").unwrap();
        assert!(screen.screen().contains("colleagues do not learn of"), "{}", screen.screen());
        desk.store.note_log_rights(&account, true).unwrap();
        let mut screen = desk.screen((columns, rows));
        screen.keys("r").unwrap();
        assert!(!screen.screen().contains("colleagues do not learn of"), "{}", screen.screen());
    }
}

#[test]
fn what_is_opened_is_to_be_told_to_the_server_and_what_is_only_passed_is_not() {
    let desk = Desk::new();
    let account = postroom::model::ids::AccountId::new("main").unwrap();
    let waits = || desk.store.flags_wanted(&account, postroom::model::clock::Timestamp(i64::MAX)).unwrap().len();
    let mut screen = desk.screen((140, 40));
    screen.keys("jk").unwrap().wait(1000).unwrap();
    assert_eq!(waits(), 0);
    screen.keys("<enter>").unwrap();
    let opened = waits();
    assert!(opened > 0);
    screen.keys("<esc>").unwrap();
    assert_eq!(waits(), opened);
}

#[test]
fn in_sync_is_said_only_when_nothing_waits_and_nothing_is_in_trouble() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    let mut says = |event: Event| {
        screen.happen(event).unwrap();
        screen.status().contains("in sync")
    };
    assert!(says(Event::Sync(status())));
    assert!(!says(Event::Sync(SyncStatus { troubles: vec![full()], ..status() })));
    assert!(!says(Event::Sync(SyncStatus { state: Connectivity::Working, ..status() })));
    assert!(!says(Event::Sync(SyncStatus { message: "another postroom on this machine syncs".into(), ..status() })));
    let long_ago = desk.clock.now().plus(-300_000);
    assert!(!says(Event::Sync(SyncStatus { last_pass: Some(long_ago), ..status() })));
    assert!(says(Event::Sync(status())));
    screen.keys("e").unwrap().happen(Event::StoreChanged(Change::Everything)).unwrap();
    assert!(!screen.status().contains("in sync"), "{}", screen.status());
    assert!(screen.status().contains("1 to push connected"), "{}", screen.status());
}

#[test]
fn a_held_mail_whose_time_has_come_says_why_it_does_not_go() {
    for (columns, rows) in SIZES {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        screen.keys("r").unwrap().text("Soon.").unwrap().keys("<c-s><enter>").unwrap();
        screen.wait(60_000).unwrap();
        let mut screen = desk.screen((columns, rows));
        screen.happen(Event::Sync(status())).unwrap();
        screen.keys("O").unwrap();
        assert!(screen.screen().contains("goes out now"), "{}", screen.screen());
        screen.happen(Event::Sync(SyncStatus { troubles: vec![full()], ..status() })).unwrap();
        insta::assert_snapshot!(format!("a_held_mail_that_waits_at_{columns}x{rows}"), screen.screen());
    }
}

#[test]
fn a_screen_has_its_store_as_long_as_it_runs() {
    let desk = Desk::new();
    let file = desk.store.path().to_owned();
    // Whoever asks for a screen in one breath lets go of the desk: a further connection would find no file.
    let mut screen = desk.screen((80, 24));
    drop(desk);
    assert!(file.exists());
    screen.keys("jjVwe").unwrap();
    assert!(!screen.status().contains("Error"), "{}", screen.status());
    drop(screen);
    assert!(!file.exists(), "nothing of a test stays behind");
}

#[test]
fn a_login_that_ended_is_told_with_the_command_that_mends_it_until_somebody_logged_in() {
    for (columns, rows) in SIZES {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        let account = postroom::model::ids::AccountId::new("main").unwrap();
        let ended = OAuthError { account, why: Why::Revoked("Token has been expired or revoked.".into()) };
        let message = ended.for_user().to_string();
        let blocked = SyncStatus { state: Connectivity::Blocked, message, ..status() };
        screen.happen(Event::Sync(blocked)).unwrap();
        insta::assert_snapshot!(format!("a_login_that_ended_at_{columns}x{rows}"), screen.screen());
        screen.keys("!").unwrap();
        assert!(screen.screen().contains("postroom login main"), "{}", screen.screen());
        screen.keys("<esc>").unwrap();
        screen.happen(Event::Sync(status())).unwrap();
        assert!(screen.status().contains("in sync") && screen.app().standing() == 0, "{}", screen.status());
    }
}

#[test]
fn a_mailbox_that_is_fetched_shows_how_far_it_is_and_how_long_it_takes_while_one_works() {
    for (columns, rows) in SIZES {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        let (progress, left) = (Some((1_200, 52_000)), Some(95 * 60_000));
        screen.happen(Event::Sync(SyncStatus { state: Connectivity::Working, progress, left, ..status() })).unwrap();
        assert!(screen.status().contains("1,200/52,000"), "{}", screen.status());
        assert_eq!(screen.status().contains("1 h left"), columns > 100, "{}", screen.status());
        screen.keys("<enter>").unwrap();
        assert!(screen.status().contains("1,200/52,000"), "{}", screen.status());
        screen.happen(Event::Sync(status())).unwrap();
        assert!(!screen.status().contains("52,000"), "{}", screen.status());
    }
}
