//! Leaving with mail on its way, and what whoever comes next is told of it.

use postroom::app::Event;
use postroom::model::change::{Change, Part, SyncStatus, Trouble};
use postroom::model::clock::Timestamp;
use postroom::model::ids::AccountId;
use postroom::model::phrase::Phrase;
use postroom::model::reply::OutState;
use postroom::runtime::Harness;
use postroom::store::{LogLine, LogPlace};

use super::seed::Desk;

const SIZES: [(u16, u16); 2] = [(80, 24), (140, 40)];

fn sent(desk: &Desk, size: (u16, u16)) -> Harness {
    let mut screen = desk.screen(size);
    screen.keys("r").unwrap().text("A new lamp is on its way.").unwrap().keys("<c-s><enter>").unwrap();
    screen
}

/// Lets the screen know that the store changed, as the loop would learn within a second.
fn look(screen: &mut Harness) {
    screen.wait(0).unwrap().happen(Event::StoreChanged(Change::Everything)).unwrap();
}

#[test]
fn leaving_with_mail_on_its_way_asks_and_escape_stays() {
    for size in SIZES {
        let desk = Desk::new();
        let mut screen = sent(&desk, size);
        screen.wait(4_000).unwrap().keys("q").unwrap();
        assert!(!screen.app().quitting);
        insta::assert_snapshot!(format!("leaving_with_mail_on_its_way_at_{}x{}", size.0, size.1), screen.screen());
        screen.keys("<esc>").unwrap();
        assert!(screen.app().layers.is_empty() && !screen.app().quitting);
        screen.keys("u").unwrap();
        assert!(screen.screen().contains("A new lamp"), "{}", screen.screen());
    }
}

#[test]
fn without_mail_on_its_way_nothing_is_asked() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("q").unwrap();
    assert!(screen.app().quitting);
}

/// A second mail of the same agent, a row below.
fn another(screen: &mut Harness) {
    screen.keys("jr").unwrap().text("The address is corrected.").unwrap().keys("<c-s><enter>").unwrap();
}

/// Lets the screen know that its account has a connection.
fn connect(screen: &mut Harness) {
    screen.happen(Event::Sync(SyncStatus { account: "main".into(), ..SyncStatus::default() })).unwrap();
}

#[test]
fn a_question_that_nobody_answered_goes_when_the_mail_is_out_and_the_next_key_is_no_command() {
    let desk = Desk::new();
    let mut screen = sent(&desk, (80, 24));
    screen.wait(9_000).unwrap().keys("q").unwrap();
    desk.clock.advance(1_000);
    assert_eq!(desk.deliver(), 1);
    look(&mut screen);
    assert!(screen.app().layers.is_empty() && !screen.app().quitting);
    screen.keys("s").unwrap();
    assert!(screen.app().layers.is_empty() && screen.app().pending.is_empty(), "{}", screen.screen());
    screen.wait(1_000).unwrap().keys("q").unwrap();
    assert!(screen.app().quitting);
}

#[test]
fn of_two_mails_that_are_waited_for_one_that_does_not_go_out_keeps_the_screen_open() {
    let desk = Desk::new();
    let mut screen = sent(&desk, (80, 24));
    another(&mut screen);
    screen.keys("qw").unwrap();
    let first = desk.store.outgoing().unwrap().iter().map(|mail| mail.id).min().unwrap();
    desk.store.advance(first, OutState::Held, OutState::Stopped, Some(Phrase::said("bob answered")), None).unwrap();
    look(&mut screen);
    assert!(screen.app().layers.is_empty());
    screen.wait(12_000).unwrap();
    assert_eq!(desk.deliver(), 1);
    look(&mut screen);
    assert!(!screen.app().quitting);
}

#[test]
fn sending_at_once_and_leaving_sends_my_mail_and_not_that_of_others_on_this_store() {
    let desk = Desk::new();
    let bob = desk.other("bob");
    let kept = postroom::model::reply::Draft {
        to: vec![postroom::model::address::Address::new("", "li@lei.example")],
        subject: "Quote".into(),
        body: "It costs 4,000.".into(),
        kind: postroom::model::reply::DraftKind::New,
        inbox: postroom::model::ids::InboxId::new("support").ok(),
        ..Default::default()
    };
    let kept = bob.save_draft(&kept).unwrap();
    let due = desk.clock.now().plus(60_000);
    let queued = postroom::service::compose::queue(&bob, &[], &[kept], due, false, None).unwrap();
    let mut screen = sent(&desk, (80, 24));
    screen.keys("qs").unwrap();
    let now = desk.clock.now();
    for mail in desk.store.outgoing().unwrap() {
        let is_bobs = mail.id == queued[0].mail.id;
        assert_eq!((mail.due > now, mail.actor.as_str() == "bob"), (is_bobs, is_bobs), "{mail:?}");
    }
}

#[test]
fn a_mail_that_is_put_off_for_long_is_waited_for_all_the_same() {
    let desk = Desk::new();
    let mut screen = sent(&desk, (80, 24));
    screen.keys("qw").unwrap();
    let id = desk.store.outgoing().unwrap()[0].id;
    let (why, again) = (Some(Phrase::said("smtp.example.com does not answer")), desk.clock.now().plus(7_200_000));
    desk.store.advance(id, OutState::Held, OutState::Held, why, Some(again)).unwrap();
    look(&mut screen);
    assert!(!screen.app().quitting && screen.screen().contains("smtp.example.com does not"), "{}", screen.screen());
    screen.keys("s").unwrap();
    assert_eq!(desk.deliver(), 1);
    look(&mut screen);
    assert!(screen.app().quitting);
}

#[test]
fn whoever_leaves_mail_goes_when_colleagues_were_told_or_after_three_seconds_or_at_once_by_the_same_key() {
    for how in ["told", "time", "key"] {
        let desk = Desk::new();
        let mut screen = sent(&desk, (80, 24));
        connect(&mut screen);
        screen.keys("ql").unwrap();
        assert!(screen.screen().contains("as soon as colleagues are told"), "{}", screen.screen());
        screen.keys("s").unwrap();
        assert_eq!((screen.app().quitting, desk.deliver()), (false, 0), "who leaves it here has not sent it");
        assert_eq!(said_to_wait(&desk), 1);
        match how {
            "time" => {
                screen.wait(1_000).unwrap().wait(2_000).unwrap();
            }
            "key" => {
                screen.keys("l").unwrap();
            }
            _ => {
                push(&desk);
                look(&mut screen);
            }
        }
        assert!(screen.app().quitting, "{how}");
        assert_eq!(said_to_wait(&desk), usize::from(how != "told"), "{how}");
    }
}

/// How many records wait for the log that say that an answer waits.
fn said_to_wait(desk: &Desk) -> usize {
    desk.store.unpushed(100).unwrap().iter().filter(|(_, json)| json.contains("\"waiting\":")).count()
}

/// Lets the log have all that waits for it.
fn push(desk: &Desk) {
    let place = |uid| LogPlace { epoch: 1, validity: 1, uid, index: 0 };
    let waits = desk.store.unpushed(100).unwrap().into_iter().zip(1..);
    let lines = waits.map(|((_, json), uid)| LogLine { place: place(uid), json }).collect();
    desk.store.ingest_log(&AccountId::new("main").unwrap(), lines).unwrap();
}

#[test]
fn a_signal_while_the_question_stands_leaves_the_mail_where_it_is_and_it_goes_out_once() {
    for keys in ["q", "qw"] {
        let desk = Desk::new();
        let mut screen = sent(&desk, (80, 24));
        screen.keys(keys).unwrap().happen(Event::Quit).unwrap();
        assert!(screen.app().quitting);
        drop(screen);
        let mails = desk.store.outgoing().unwrap();
        assert_eq!((mails.len(), mails[0].state), (1, OutState::Held));
        desk.clock.advance(60_000);
        assert_eq!((desk.deliver(), desk.deliver()), (1, 0));
    }
}

#[test]
fn a_mail_that_is_just_going_out_is_not_sent_again_by_sending_now() {
    let desk = Desk::new();
    let mut screen = sent(&desk, (80, 24));
    screen.keys("q").unwrap();
    let id = desk.store.outgoing().unwrap()[0].id;
    assert!(desk.store.begin_sending(id, None).unwrap());
    screen.keys("s").unwrap();
    assert_eq!(desk.store.outgoing_by_id(id).unwrap().unwrap().state, OutState::Sending);
    assert!(!screen.app().quitting);
}

#[test]
fn waiting_leaves_as_soon_as_the_mail_is_out() {
    let desk = Desk::new();
    let mut screen = sent(&desk, (80, 24));
    screen.keys("qw").unwrap();
    assert!(screen.screen().contains("Quits as soon as the mail is out"), "{}", screen.screen());
    screen.wait(5_000).unwrap();
    assert!(!screen.app().quitting);
    screen.wait(6_000).unwrap();
    assert_eq!(desk.deliver(), 1);
    look(&mut screen);
    assert!(screen.app().quitting);
}

#[test]
fn sending_now_makes_the_mail_due_and_waits_for_it() {
    let desk = Desk::new();
    let mut screen = sent(&desk, (80, 24));
    screen.keys("qs").unwrap();
    assert_eq!(desk.deliver(), 1);
    look(&mut screen);
    assert!(screen.app().quitting);
}

#[test]
fn a_mail_that_was_stopped_while_it_was_waited_for_keeps_the_screen_open() {
    let desk = Desk::new();
    let mut screen = sent(&desk, (80, 24));
    screen.keys("qw").unwrap();
    let id = desk.store.outgoing().unwrap()[0].id;
    desk.store.advance(id, OutState::Held, OutState::Stopped, Some(Phrase::said("bob answered")), None).unwrap();
    look(&mut screen);
    assert!(!screen.app().quitting && screen.app().layers.is_empty());
    assert!(screen.status().contains("A mail was not sent"), "{}", screen.status());
}

#[test]
fn what_is_left_is_told_to_colleagues_and_to_whoever_comes_next_on_this_store() {
    for size in SIZES {
        let desk = Desk::new();
        let mut screen = sent(&desk, size);
        screen.keys("ql").unwrap();
        assert!(screen.app().quitting);
        assert_eq!(desk.store.outgoing().unwrap()[0].state, OutState::Held);
        let id = desk.store.outgoing().unwrap()[0].conversation.clone().unwrap();
        let bob = desk.other("bob");
        let lease = bob.rows(std::slice::from_ref(&id)).unwrap()[0].replying.clone().unwrap();
        assert_eq!((lease.agent.as_str(), lease.waiting), ("alice", Some(desk.clock.now())));
        drop(screen);
        desk.clock.advance(3_600_000);
        let mut screen = desk.screen(size);
        insta::assert_snapshot!(format!("mail_that_was_left_at_{}x{}", size.0, size.1), screen.screen());
        assert_eq!(desk.deliver(), 1);
        look(&mut screen);
        assert!(!screen.status().contains("was left here"), "{}", screen.status());
        assert_eq!(bob.rows(&[id]).unwrap()[0].replying, None);
    }
}

#[test]
fn a_colleague_sees_since_when_an_answer_waits_and_no_more_when_it_is_taken_back() {
    for size in SIZES {
        let desk = Desk::new();
        let bob = desk.other("bob");
        let row = bob.page(
            &postroom::query::parse("is:any").unwrap(),
            &postroom::query::Context {
                me: bob.author().actor.clone(),
                now: desk.clock.now(),
                zone: jiff::tz::TimeZone::UTC,
            },
            None,
            1,
        );
        let row = row.unwrap().remove(0);
        let draft = |store: &postroom::store::Store| {
            let sending = postroom::runtime::Writing::default().sending;
            let kind = postroom::model::reply::DraftKind::Reply;
            let session = postroom::service::compose::take_up(store, &sending, kind, &row.id, None).unwrap();
            postroom::model::reply::Draft { body: "Next week.".into(), ..session.draft }
        };
        let due = desk.clock.now().plus(2 * Timestamp::DAY);
        let kept = bob.save_draft(&draft(&bob)).unwrap();
        let queued = postroom::service::compose::queue(&bob, &[], &[kept], due, false, None).unwrap();
        let mut screen = desk.screen(size);
        insta::assert_snapshot!(format!("an_answer_that_waits_at_{}x{}", size.0, size.1), screen.screen());
        screen.keys("<enter>").unwrap();
        assert!(screen.screen().contains("bob has an answer waiting since 10:00"), "{}", screen.screen());
        // Whoever looks at it again and leaves it has it waiting still.
        let until = Some(desk.clock.now().plus(300_000));
        postroom::service::compose::lease(&bob, &row.id, until).unwrap();
        look(&mut screen);
        assert!(screen.screen().contains("bob writes…"), "{}", screen.screen());
        postroom::service::compose::lease(&bob, &row.id, None).unwrap();
        look(&mut screen);
        assert!(screen.screen().contains("bob has an answer waiting since 10:00"), "{}", screen.screen());
        postroom::service::outbox::take_back(&bob, queued[0].mail.id).unwrap();
        look(&mut screen);
        assert!(!screen.screen().contains("has an answer waiting"), "{}", screen.screen());
    }
}

#[test]
fn sending_later_says_that_a_postroom_must_run_unless_one_is_kept_running() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    let later = |screen: &mut Harness, who: &str| {
        screen.keys("c").unwrap().text(who).unwrap().keys("<tab><tab><tab>").unwrap().text("Quote").unwrap();
        screen.keys("<tab>").unwrap().text("It costs 4,000.").unwrap().keys("<c-s>l").unwrap();
        screen.text("tomorrow 8:00").unwrap().keys("<enter>").unwrap();
        screen.status()
    };
    let told = later(&mut screen, "mia@south.example");
    assert!(told.contains("if a postroom runs then: `postroom sync --watch` keeps one"), "{told}");
    let _watch = postroom::sync::lock::keep_watch(&desk.store).unwrap();
    let told = later(&mut screen, "li@lei.example");
    assert!(!told.contains("if a postroom runs then") && told.contains("Goes to li@lei.example"), "{told}");
    // What it sends keeps nobody here.
    screen.keys("jr").unwrap().text("Soon.").unwrap().keys("<c-s><enter>q").unwrap();
    assert!(screen.app().quitting);
}

#[test]
fn mail_that_the_server_does_not_take_is_red_says_which_key_tries_and_is_tried_by_it() {
    for size in SIZES {
        let desk = Desk::new();
        let mut screen = sent(&desk, size);
        let id = desk.store.outgoing().unwrap()[0].id;
        let again = desk.clock.now().plus(600_000);
        let why = Some(Phrase::said("smtp.example.com does not answer"));
        desk.store.advance(id, OutState::Held, OutState::Held, why, Some(again)).unwrap();
        let text = "a mail to Ana Lima waits: smtp.example.com does not answer".into();
        let hint = "it is tried again by itself; the outbox lists what waits, and when".into();
        let troubles = vec![Trouble { part: Part::Outbox, text, hint }];
        screen.wait(12_000).unwrap();
        screen.happen(Event::Sync(SyncStatus { account: "main".into(), troubles, ..SyncStatus::default() })).unwrap();
        insta::assert_snapshot!(format!("mail_that_is_not_taken_at_{}x{}", size.0, size.1), screen.screen());
        assert_eq!(desk.deliver(), 0);
        screen.keys("$").unwrap();
        assert_eq!(desk.deliver(), 1);
    }
}
