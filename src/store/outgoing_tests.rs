use super::*;
use crate::model::address::Address;
use crate::model::agent::Team;
use crate::model::clock::{Clock, Ids};
use crate::model::ids::AccountId;
use crate::op::record::Author;
use crate::store::StoreOptions;

fn open(dir: &std::path::Path) -> Store {
    let author = Author {
        actor: Handle::new("alice").unwrap(),
        host: "box".to_owned(),
        clock: Clock::fixed(Timestamp(1_000_000)),
        ids: Ids::counted(1),
    };
    Store::open(dir, StoreOptions { author, team: Team::default(), history_after: 0 }).unwrap()
}

fn mail(id: &str, draft: Option<Draft>) -> NewOutgoing {
    NewOutgoing {
        message_id: MessageId::new(id).unwrap(),
        conversation: Some(ConversationId::from_kept("abcd")),
        to: "Carla".to_owned(),
        subject: "Re: Refund".to_owned(),
        due: Timestamp(1_010_000),
        copy: b"Subject: x\r\n\r\nhello\r\n".to_vec(),
        delivery: Delivery {
            account: AccountId::new("main").unwrap(),
            from: "support@shop.example".to_owned(),
            recipients: vec![Recipient::new("carla@x.example"), Recipient::new("dave@x.example")],
            utf8: false,
            anchor: None,
            as_of: None,
            seen_op: None,
            then: None,
            waits_since: Timestamp(1_010_000),
            anyway: false,
            draft,
            out: false,
            fixed: false,
            gone: false,
            copied: false,
        },
    }
}

#[test]
fn queueing_takes_the_draft_and_cancelling_gives_it_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let draft =
        Draft { conversation: Some(ConversationId::from_kept("abcd")), body: "hello".into(), ..Draft::default() };
    let draft = store.save_draft(&draft).unwrap();
    let queued = store.queue(&mail("a@x", Some(draft.clone()))).unwrap();
    assert!(store.queue(&mail("b@x", Some(draft))).is_err(), "a second terminal sends the same draft");
    assert_eq!(queued.state, OutState::Held);
    assert_eq!(store.drafts().unwrap(), []);
    assert_eq!(store.outgoing_bytes(queued.id).unwrap().unwrap(), b"Subject: x\r\n\r\nhello\r\n");
    assert_eq!(store.cancel(queued.id).unwrap().unwrap().body, "hello");
    assert_eq!(store.drafts().unwrap().len(), 1);
    assert_eq!(store.outgoing_by_id(queued.id).unwrap().unwrap().state, OutState::Cancelled);
    assert_eq!(store.cancel(queued.id).unwrap(), None);
}

#[test]
fn the_same_mail_is_queued_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let one = store.queue(&mail("a@x", None)).unwrap();
    assert_eq!(store.queue(&mail("a@x", None)).unwrap(), one);
    assert_eq!(store.outgoing().unwrap().len(), 1);
}

#[test]
fn two_commands_that_say_the_same_at_once_queue_one_mail() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let draft = |body: &str| Some(Draft { body: body.into(), ..Draft::default() });
    let one = store.queue(&mail("a@x", draft("Yes."))).unwrap();
    assert_eq!(store.queue(&mail("b@x", draft("Yes."))).unwrap(), one);
    assert_ne!(store.queue(&mail("c@x", draft("No."))).unwrap(), one);
    assert_eq!(store.outgoing().unwrap().len(), 2);
}

#[test]
fn of_two_commands_at_once_one_sends_however_fast_the_other_was() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (open(dir.path()), open(dir.path()));
    let draft = || Some(Draft { body: "Yes.".into(), ..Draft::default() });
    let earlier = one.queue(&mail("earlier@x", draft())).unwrap();
    let out = |store: &Store, id| {
        for (from, to) in [(OutState::Held, OutState::Sending), (OutState::Sending, OutState::Sent)] {
            assert!(store.advance(id, from, to, None, None).unwrap());
        }
        assert!(store.file(id, Vec::new()).unwrap());
    };
    out(&one, earlier.id);
    let began = [one.outbox_end().unwrap(), two.outbox_end().unwrap()];
    let first = one.queue_all(&[mail("a@x", draft())], Some(began[0])).unwrap().remove(0);
    assert_ne!(first.id, earlier.id, "what was sent before either began is no reason");
    out(&one, first.id);
    let second = two.queue_all(&[mail("b@x", draft())], Some(began[1])).unwrap().remove(0);
    assert_eq!((second.id, second.state), (first.id, OutState::Filed));
    assert_eq!(two.outgoing().unwrap().len(), 2);
}

#[test]
fn a_reply_with_another_cc_or_bcc_is_another_reply() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let dave = || vec![Address::new("Dave", "dave@x.example")];
    let plain = Draft { body: "Yes.".into(), to: vec![Address::new("", "carla@x.example")], ..Draft::default() };
    let drafts = [plain.clone(), Draft { cc: dave(), ..plain.clone() }, Draft { bcc: dave(), ..plain.clone() }];
    for (n, draft) in drafts.iter().enumerate() {
        store.queue(&mail(&format!("{n}@x"), Some(draft.clone()))).unwrap();
    }
    assert_eq!(store.outgoing().unwrap().len(), 3);
    let again = drafts.map(|draft| store.queue(&mail("again@x", Some(draft))).unwrap().id);
    assert_eq!(again, [1, 2, 3]);
}

#[test]
fn a_mail_is_due_only_after_its_window() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.queue(&mail("a@x", None)).unwrap();
    assert_eq!(store.outgoing_due(OutState::Held, Timestamp(1_009_999), 10).unwrap(), []);
    assert_eq!(store.outgoing_due(OutState::Held, Timestamp(1_010_000), 10).unwrap().len(), 1);
    assert_eq!(store.next_due(Timestamp(1_009_999)).unwrap(), Some(Timestamp(1_010_000)));
}

#[test]
fn a_mail_that_is_overdue_and_stays_does_not_hide_when_the_next_is_due() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.queue(&mail("stays@x", None)).unwrap();
    store.queue(&NewOutgoing { due: Timestamp(1_020_000), ..mail("b@x", None) }).unwrap();
    assert_eq!(store.next_due(Timestamp(1_010_000)).unwrap(), Some(Timestamp(1_020_000)));
    assert_eq!(store.next_due(Timestamp(1_020_000)).unwrap(), None);
}

#[test]
fn of_two_that_send_one_is_told_no() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (open(dir.path()), open(dir.path()));
    let id = one.queue(&mail("a@x", None)).unwrap().id;
    assert!(one.advance(id, OutState::Held, OutState::Sending, None, None).unwrap());
    assert!(!two.advance(id, OutState::Held, OutState::Sending, None, None).unwrap());
    assert_eq!(two.outgoing_by_id(id).unwrap().unwrap().attempts, 1);
    assert_eq!(two.cancel(id).unwrap(), None, "what is on its way can't be taken back");
}

#[test]
fn many_processes_at_once_send_each_mail_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let ids: Vec<i64> = (0..40).map(|n| store.queue(&mail(&format!("{n}@x"), None)).unwrap().id).collect();
    let won: usize = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4)
            .map(|_| {
                let (ids, dir) = (&ids, dir.path());
                scope.spawn(move || {
                    let store = open(dir);
                    ids.iter()
                        .filter(|id| store.advance(**id, OutState::Held, OutState::Sending, None, None).unwrap())
                        .count()
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    });
    assert_eq!(won, 40);
}

#[test]
fn steps_that_would_lose_or_double_a_mail_do_not_exist() {
    use OutState::*;
    let all = [Held, Stopped, Sending, Uncertain, Failed, Sent, Filed, Cancelled];
    for from in all {
        assert!(!is_step(from, Sending) || from == Held, "{from} -> sending leaves out the check");
        assert!(!is_step(Sent, from) || matches!(from, Sent | Filed), "a sent mail is never sent again");
        assert!(!is_step(Filed, from) && !is_step(Cancelled, from));
        assert!(!is_step(Sending, Cancelled) && !is_step(Sending, Filed));
    }
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = store.queue(&mail("a@x", None)).unwrap().id;
    assert!(store.advance(id, Sent, Held, None, None).is_err());
}

#[test]
fn a_mail_that_some_have_is_neither_taken_back_nor_sent_to_them_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = store.queue(&mail("a@x", None)).unwrap().id;
    store.advance(id, OutState::Held, OutState::Sending, None, None).unwrap();
    let mut how = store.delivery(id).unwrap();
    how.recipients[0].result = Some(Answer::Accepted);
    how.recipients[1].result = Some(Answer::Refused("550 no".into()));
    assert!(store.record_delivery(id, OutState::Failed, Some("550 no".into()), None, &how).unwrap());
    assert_eq!(store.cancel(id).unwrap(), None);
    assert!(store.retry(id, Timestamp(2_000_000), false).unwrap());
    assert_eq!(store.delivery(id).unwrap().pending(), ["dave@x.example"]);
}

#[test]
fn files_are_kept_by_their_content_and_forgotten_when_nothing_names_them() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let one = store.put_file("a.pdf", "application/pdf", b"bytes").unwrap();
    let two = store.put_file("b.pdf", "application/pdf", b"bytes").unwrap();
    assert_eq!((one.size, &one.digest), (5, &two.digest));
    let lost = store.put_file("c.pdf", "application/pdf", b"other").unwrap();
    store.save_draft(&Draft { files: vec![one.clone()], ..Draft::default() }).unwrap();
    store.clean_outbox().unwrap();
    assert!(store.file_bytes(&lost.digest).unwrap().is_some(), "a mail that names it may be on its way to the disk");
    store.author().clock.advance(8 * Timestamp::DAY);
    store.clean_outbox().unwrap();
    assert_eq!(store.file_bytes(&one.digest).unwrap().unwrap(), b"bytes");
    assert_eq!(store.file_bytes(&lost.digest).unwrap(), None);
}

#[test]
fn the_look_for_the_same_mail_reads_one_conversation_and_not_the_whole_outbox() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let draft = |body: &str| Draft { body: body.into(), ..Draft::default() };
    for n in 0..50 {
        let new = mail(&format!("{n}@x"), Some(draft("hello")));
        let conversation = Some(ConversationId::from_kept(format!("c{n}")));
        store.queue(&NewOutgoing { conversation, ..new }).unwrap();
    }
    let plan: Vec<String> = store
        .read(|tx| {
            let mut explain = tx.prepare(&format!("EXPLAIN QUERY PLAN {STANDING}"))?;
            Ok(explain.query_map(params!["c7", "alice", 0], |row| row.get(3))?.collect::<Result<_, _>>()?)
        })
        .unwrap();
    assert!(plan.iter().all(|step| step.contains("outgoing_conversation (conversation=?)")), "{plan:?}");
    let at = |name: &str| ConversationId::from_kept(name);
    assert_eq!(store.standing(&at("c7"), &draft("hello")).unwrap(), Some(8));
    assert_eq!(store.standing(&at("c7"), &draft("other words")).unwrap(), None);
    store.cancel(8).unwrap();
    assert_eq!(store.standing(&at("c7"), &draft("hello")).unwrap(), None, "what was taken back stands in nobody's way");
}

#[test]
fn what_an_older_store_said_of_a_mail_is_said_in_the_same_words() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("postroom.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    for sql in [
        include_str!("migrations/0001_mail.sql"),
        include_str!("migrations/0002_outgoing_file.sql"),
        include_str!("migrations/0003_log_account.sql"),
        include_str!("migrations/0004_mail_move.sql"),
        include_str!("migrations/0005_draft_copy.sql"),
        include_str!("migrations/0006_folder_watch.sql"),
        include_str!("migrations/0007_note_draft.sql"),
        "PRAGMA user_version = 7",
    ] {
        old.execute_batch(sql).unwrap();
    }
    let reasons = [
        ("", None),
        ("gave up after 18 tries: \"no\" {x}", Some("said")),
        ("bounced: ana@x 5.1.1 user unknown", Some("outgoing-bounced")),
        ("delayed, the server goes on trying: ana@x 4.4.1", Some("outgoing-delayed")),
        ("not delivered to bob@x: 550 no", Some("outgoing-refused")),
    ];
    for (reason, _) in reasons {
        let insert = "INSERT INTO outgoing (message_id, actor, state, reason) VALUES (?1, 'alice', 'sent', ?2)";
        old.execute(insert, params![format!("{}@x", reason.len()), reason]).unwrap();
    }
    drop(old);
    let mails = open(dir.path()).outgoing().unwrap();
    for (mail, (reason, code)) in mails.iter().zip(reasons) {
        let kept = mail.reason.as_ref();
        assert_eq!((crate::text::render_any(kept).as_str(), kept.map(|why| &*why.code)), (reason, code));
    }
    assert_eq!(mails.len(), reasons.len());
}

#[test]
fn a_reason_is_kept_as_its_code_with_what_it_names() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = store.queue(&mail("a@x", None)).unwrap().id;
    let why = phrase!("outgoing-news", news = vec![phrase!("news-replied", who = "bob")]);
    store.advance(id, OutState::Held, OutState::Stopped, Some(why.clone()), None).unwrap();
    assert_eq!(store.outgoing_by_id(id).unwrap().unwrap().reason, Some(why));
}
