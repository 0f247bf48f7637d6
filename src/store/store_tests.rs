use super::testing::{Bench, START, context, incoming, main, mid, options, raw};
use super::*;
use crate::error::UserError;
use crate::model::clock::Timestamp;
use crate::model::conversation::Item;
use crate::model::ids::{AccountId, Handle, OpId, Tag};
use crate::model::status::Status;
use crate::model::view::View;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::query;

fn close() -> Known {
    Known::SetStatus { to: Status::Closed }
}

fn take(who: &str) -> Known {
    Known::Assign { to: Some(Handle::new(who).unwrap()) }
}

fn note(text: &str) -> Known {
    Known::Note { text: text.into(), mentions: crate::op::operation::mentions_in(text) }
}

#[test]
fn a_reply_joins_its_conversation_whichever_comes_first() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let bench = Bench::new();
        let mails = [("a@x", vec![]), ("b@x", vec!["a@x"]), ("c@x", vec!["a@x", "b@x"])];
        for n in order {
            let (id, refs) = &mails[n];
            bench.mail(n as i64, id, "ana@example.net", "Order", refs);
        }
        assert_eq!(bench.row("a@x").messages, 3, "{order:?}");
        assert_eq!(bench.store.message_ids(&bench.id("c@x")).unwrap(), [mid("a@x"), mid("b@x"), mid("c@x")]);
        bench.sound();
    }
}

#[test]
fn an_index_whose_parts_were_merged_since_the_last_check_is_sound() {
    let bench = Bench::new();
    for n in 0..40 {
        bench.mail(n, &format!("m{n}@x"), "ana@example.net", &format!("Order {n}"), &[]);
        bench.sound();
    }
}

#[test]
fn an_id_that_was_shown_before_an_older_root_came_keeps_resolving() {
    let bench = Bench::new();
    bench.mail(5, "b@x", "ana@example.net", "Re: Order", &[]);
    let shown = bench.row("b@x");
    bench.mail(6, "c@x", "ana@example.net", "Re: Order", &["a@x", "b@x"]);
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let now = bench.row("b@x");
    assert_ne!(shown.id, now.id);
    assert_eq!(bench.store.resolve(shown.id.as_str()).unwrap(), Resolved::One(now.id.clone()));
    assert_eq!(bench.store.conversation(&shown.id, 10).unwrap().unwrap().row.id, now.id);
    bench.sound();
}

#[test]
fn closing_does_not_cover_a_mail_that_was_not_seen() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let _ = bench.act("a@x", close());
    assert_eq!(bench.row("a@x").status, Status::Closed);
    bench.mail(2, "b@x", "ana@example.net", "Re: Order", &["a@x"]);
    assert_eq!(bench.row("a@x").status, Status::Open);
    bench.sound();
}

#[test]
fn mail_that_comes_late_reopens_by_an_operation_that_all_clients_share() {
    let bench = Bench::new();
    bench.mail(10, "a@x", "ana@example.net", "Order", &[]);
    bench.finish();
    let _ = bench.act("a@x", close());
    bench.mail(5, "b@x", "ana@example.net", "Re: Order", &["a@x"]);
    assert_eq!(bench.row("a@x").status, Status::Open);
    let log = bench.store.log(&LogFilter { conversation: None, before: None, limit: 1 }).unwrap();
    assert_eq!(log[0].id, OpId::derived("late-arrival", &mid("b@x")));
    bench.sound();
}

#[test]
fn old_mail_of_the_first_import_starts_closed() {
    let bench = Bench::new();
    bench.mail(-40 * 86_400, "old@x", "ana@example.net", "Old", &[]);
    bench.mail(-20 * 86_400, "new@x", "ana@example.net", "New", &[]);
    assert_eq!(bench.row("old@x").status, Status::Closed);
    assert_eq!(bench.row("new@x").status, Status::Open);
}

#[test]
fn a_claim_that_comes_second_is_told_who_was_first() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let target = bench.store.targets(&[bench.id("a@x")]).unwrap().remove(0).1;
    let first = bench.store.commit(vec![NewOperation::new(take("bob"), vec![target.clone()])]).unwrap();
    assert!(first.lost.is_empty());
    let second = bench.store.commit(vec![NewOperation::new(take("alice"), vec![target])]).unwrap();
    assert_eq!(second.lost.len(), 1);
    assert_eq!(second.lost[0].held_by.as_ref().unwrap().0.as_str(), "bob");
}

#[test]
fn undo_and_redo_work_after_a_restart() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let _ = bench.act("a@x", take("bob"));
    let _ = bench.act("a@x", close());
    let undone = bench.again().undo().unwrap().unwrap();
    assert!(undone.notice.as_str().contains("closed"), "{}", undone.notice);
    assert_eq!(bench.row("a@x").status, Status::Open);
    let undone = bench.again().undo().unwrap().unwrap();
    assert!(undone.notice.as_str().contains("bob"), "{}", undone.notice);
    assert_eq!(bench.row("a@x").assignee, None);
    assert!(bench.store.undo().unwrap().is_none());
    let redone = bench.store.redo().unwrap().unwrap();
    assert!(redone.notice.as_str().starts_with("Redid"), "{}", redone.notice);
    assert!(bench.row("a@x").assignee.is_some());
    let _ = bench.store.redo().unwrap().unwrap();
    assert_eq!(bench.row("a@x").status, Status::Closed);
    assert!(bench.store.redo().unwrap().is_none());
    bench.sound();
}

#[test]
fn merge_split_and_their_undo_move_messages_and_operations() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    bench.mail(2, "b@x", "ana@example.net", "Re: Order", &["a@x"]);
    bench.mail(3, "z@x", "zoe@example.org", "Other", &[]);
    let _ = bench.act("z@x", take("bob"));
    let _ = bench.act_blind("z@x", Known::Merge { into: mid("a@x") });
    assert_eq!(bench.id("z@x"), bench.id("a@x"));
    assert_eq!(bench.row("a@x").assignee.unwrap().as_str(), "bob");
    bench.sound();
    let _ = bench.store.undo().unwrap().unwrap();
    assert_ne!(bench.id("z@x"), bench.id("a@x"));
    assert_eq!(bench.row("a@x").assignee, None);
    bench.sound();
    let _ = bench.act_blind("b@x", Known::Split);
    assert_ne!(bench.id("b@x"), bench.id("a@x"));
    bench.mail(4, "c@x", "ana@example.net", "Re: Order", &["a@x", "b@x"]);
    assert_eq!(bench.id("c@x"), bench.id("b@x"));
    bench.sound();
    let _ = bench.store.undo().unwrap().unwrap();
    assert_eq!(bench.row("a@x").messages, 3);
    bench.sound();
}

#[test]
fn counts_follow_every_operation() {
    let bench = Bench::new();
    for n in 0..3 {
        bench.mail(n, &format!("a{n}@x"), "ana@example.net", "Order", &[]);
    }
    let _ = bench.act("a0@x", take("alice"));
    let _ = bench.act("a0@x", Known::Tag { add: [Tag::new("vip").unwrap()].into(), remove: [].into() });
    let _ = bench.act("a1@x", Known::Snooze { until: Some(Timestamp::from_seconds(START + 100)) });
    let _ = bench.act("a2@x", note("what do you think, @alice? @bob knows"));
    let me = Handle::new("bob").unwrap();
    let counts = bench.store.counts(&me).unwrap();
    assert_eq!(counts.get(&View::All), 3);
    assert_eq!(counts.get(&View::Snoozed), 1);
    assert_eq!(counts.get(&View::Unassigned), 1);
    assert_eq!(counts.get(&View::Mentions), 1);
    assert_eq!(counts.get(&View::Tag(Tag::new("vip").unwrap())), 1);
    assert_eq!(counts.to_push, 4);
    assert_eq!(bench.store.counts(&Handle::new("alice").unwrap()).unwrap().get(&View::Mine), 1);
    for view in View::FIXED {
        let query = query::parse(&view.query()).unwrap();
        let listed = bench.store.ids(&query, &context(&bench.store)).unwrap().len() as u64;
        assert_eq!(listed, bench.store.count(&query, &context(&bench.store)).unwrap(), "{view:?}");
    }
    bench.sound();
}

#[test]
fn a_snoozed_conversation_wakes_at_its_time() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let until = Timestamp::from_seconds(START + 100);
    let _ = bench.act("a@x", Known::Snooze { until: Some(until) });
    assert_eq!(bench.store.next_wake().unwrap(), Some(until));
    bench.store.author().clock.advance(101_000);
    let _ = bench.store.wake().unwrap();
    let row = bench.row("a@x");
    assert_eq!((row.status, row.snoozed_until, row.last_at), (Status::Open, None, until));
    assert_eq!(bench.store.next_wake().unwrap(), None);
    bench.sound();
}

#[test]
fn search_finds_words_of_mail_and_notes_and_forgets_what_was_taken_back() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Crème brûlée", &[]);
    bench.mail(2, "b@x", "bea@example.net", "Other", &[]);
    let found = |words: &str| {
        let query = query::parse(words).unwrap();
        bench.store.ids(&query, &context(&bench.store)).unwrap().len()
    };
    assert_eq!((found("brulee"), found("parcel"), found("nonsense")), (1, 2, 0));
    let _ = bench.act("a@x", note("ask the warehouse"));
    assert_eq!(found("warehouse"), 1);
    let _ = bench.store.undo().unwrap();
    assert_eq!(found("warehouse"), 0);
}

#[test]
fn a_mail_that_leaves_all_folders_is_closed_by_that_and_comes_back_as_it_was() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let _ = bench.act("a@x", take("bob"));
    let uid = bench.store.uids(bench.inbox).unwrap()[0];
    let _ = bench.store.expunge(bench.inbox, &[uid]).unwrap();
    assert_eq!(bench.store.counts(&Handle::new("bob").unwrap()).unwrap().get(&View::Mine), 0);
    assert_eq!((bench.row("a@x").status, bench.row("a@x").gone), (Status::Closed, true));
    bench.sound();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    assert_eq!((bench.row("a@x").status, bench.row("a@x").gone), (Status::Open, false));
    assert_eq!(bench.row("a@x").assignee.unwrap().as_str(), "bob");
    bench.sound();
}

#[test]
fn a_folder_whose_uids_are_void_keeps_its_messages() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    bench.mail(2, "b@x", "bea@example.net", "Other", &[]);
    bench.store.reset_folder(bench.inbox, 2).unwrap();
    assert!(bench.store.uids(bench.inbox).unwrap().is_empty());
    assert_eq!(bench.row("a@x").messages, 1);
    let at = |uid, id: &str| Relocated { uid, message: mid(id), variant: None, flags: Vec::new(), size: 1 };
    assert_eq!(bench.store.relocate(bench.inbox, vec![at(7, "a@x"), at(8, "new@x")]).unwrap(), [8]);
    bench.finish();
    assert_eq!(bench.row("a@x").messages, 1);
    let lost = bench.store.conversation_of(&mid("b@x")).unwrap().expect("what is not found again stays readable");
    let items = bench.store.conversation(&lost, 10).unwrap().unwrap().items;
    assert!(matches!(&items[..], [Item::Message(message)] if message.gone), "{items:?}");
    bench.sound();
}

#[test]
fn a_large_body_comes_in_pieces_and_leaves_no_file_beside_the_store() {
    let bench = Bench::new();
    let mut dice = fastrand::Rng::with_seed(7);
    let noise: Vec<u8> = std::iter::repeat_with(|| dice.u8(..)).take(3 << 20).collect();
    let lines: String = noise.chunks(57).map(|line| data_encoding::BASE64.encode(line) + "\r\n").collect();
    let head = "From: ana@example.net\r\nTo: support@example.com\r\nSubject: Plans\r\nMessage-ID: <a@x>\r\nMIME-Version: 1.0\r\n\
                Content-Type: multipart/mixed; boundary=x\r\n\r\n";
    let raw = format!(
        "{head}--x\r\n\r\nthe drawings\r\n--x\r\nContent-Type: application/pdf; name=bulk.pdf\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{lines}--x\r\nContent-Type: text/plain; name=last.txt\r\n\
         Content-Disposition: attachment\r\n\r\nbye\r\n--x--\r\n"
    );
    let headers = Incoming { content: Content::Headers(head.into()), ..incoming(9, 1, raw.clone().into_bytes()) };
    bench.store.ingest(bench.inbox, vec![headers]).unwrap();
    let mut spool = bench.store.begin_body().unwrap();
    raw.as_bytes().chunks(1 << 20).for_each(|piece| spool.push(piece).unwrap());
    let _ = bench.store.ingest_spool(bench.inbox, 9, spool).unwrap();
    assert!(bench.store.raw(&mid("a@x")).unwrap().unwrap() == raw.as_bytes(), "the same bytes come back");
    assert!(bench.row("a@x").attachments && bench.row("a@x").snippet.as_str().contains("drawings"));
    for word in ["drawings", "attachment:bulk", "attachment:last"] {
        let query = query::parse(word).unwrap();
        assert_eq!(bench.store.ids(&query, &context(&bench.store)).unwrap().len(), 1, "{word}");
    }
    let dir = bench.store.path().parent().unwrap();
    let names = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| !name.ends_with(".part")));
    bench.sound();
}

#[test]
fn two_mails_with_one_message_id_are_both_kept_each_with_its_own_author() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    bench.mail(2, "a@x", "bea@example.net", "Quite another", &[]);
    bench.mail(3, "a@x", "ana@example.net", "Order", &[]);
    assert_eq!(bench.row("a@x").messages, 1);
    let all = crate::query::parse("").unwrap();
    assert_eq!(bench.store.ids(&all, &context(&bench.store)).unwrap().len(), 2);
    bench.sound();
}

#[test]
fn headers_alone_make_a_conversation_and_the_body_completes_it() {
    let bench = Bench::new();
    let raw = raw("a@x", "ana@example.net", "Order", &[]);
    let end = raw.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    let headers = Incoming { content: Content::Headers(raw[..end].to_vec()), ..incoming(9, 1, raw.clone()) };
    bench.store.ingest(bench.inbox, vec![headers]).unwrap();
    assert_eq!(bench.store.wanted_bodies(bench.inbox, 10).unwrap(), [(9, raw.len() as u64)]);
    let Some(Item::Message(message)) = bench.store.conversation(&bench.id("a@x"), 10).unwrap().unwrap().items.pop()
    else {
        panic!("a message")
    };
    assert!(message.partial);
    let _ = bench.store.ingest_body(bench.inbox, 9, &raw).unwrap();
    assert!(bench.store.wanted_bodies(bench.inbox, 10).unwrap().is_empty());
    assert_eq!(bench.store.raw(&mid("a@x")).unwrap().unwrap(), raw);
    assert!(bench.row("a@x").snippet.as_str().contains("parcel"));
    bench.sound();
}

#[test]
fn a_conversation_opens_only_its_newest_items() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    bench.mail(2, "b@x", "alice@team.example", "Re: Order", &["a@x"]);
    bench.store.author().clock.advance(10_000);
    let _ = bench.act("a@x", note("first\nsecond"));
    let _ = bench.act("a@x", close());
    let conversation = bench.store.conversation(&bench.id("a@x"), 3).unwrap().unwrap();
    assert_eq!((conversation.items.len(), conversation.earlier), (3, 1));
    assert!(conversation.items.iter().any(|item| matches!(item, Item::Note(note) if note.lines.len() == 2)));
    assert!(
        conversation.items.iter().any(|i| matches!(i, Item::Event(e) if e.sentence.as_str() == "alice closed this"))
    );
}

#[test]
fn a_merge_by_way_of_mail_that_is_not_here_is_the_same_whenever_it_comes() {
    let merge = |on: &str, into: &str| NewOperation::new(Known::Merge { into: mid(into) }, vec![Target::on(mid(on))]);
    let writer = Bench::of("alice", 1);
    writer.mail(0, "a@x", "ana@example.net", "Order", &[]);
    let _ = writer.store.commit(vec![merge("gone@x", "a@x")]).unwrap();
    let _ = writer.store.commit(vec![merge("gone@x", "also-gone@x")]).unwrap();
    writer.sound();
    let lines: Vec<LogLine> =
        writer.store.unpushed(9).unwrap().iter().zip(1..).map(|((_, json), uid)| line(uid, json)).collect();
    let (early, late) = (Bench::of("bob", 2), Bench::of("bob", 3));
    early.mail(0, "a@x", "ana@example.net", "Order", &[]);
    for bench in [&writer, &early, &late] {
        let _ = bench.store.ingest_log(&main(), lines.clone()).unwrap();
    }
    late.mail(0, "a@x", "ana@example.net", "Order", &[]);
    assert_eq!(early.dump(), late.dump());
    assert_eq!(writer.dump(), late.dump());
}

fn line(uid: u32, json: &str) -> LogLine {
    LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json: json.into() }
}

#[test]
fn the_log_decides_between_two_claims_on_both_clients() {
    let (alice, bob) = (Bench::of("alice", 1), Bench::of("bob", 2));
    let mut lines = Vec::new();
    for (bench, who) in [(&alice, "alice"), (&bob, "bob")] {
        bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
        let _ = bench.act("a@x", take(who));
        lines.push(bench.store.unpushed(10).unwrap().remove(0).1);
    }
    for bench in [&alice, &bob] {
        let _ =
            bench.store.ingest_log(&main(), vec![line(2, &lines[0]), line(1, &lines[1]), line(3, "nonsense")]).unwrap();
        assert_eq!(bench.row("a@x").assignee.unwrap().as_str(), "bob");
        assert!(bench.store.unpushed(10).unwrap().is_empty());
        assert_eq!(bench.store.log_lines(&main(), None, 10).unwrap().len(), 3);
        assert!(!bench.row("a@x").pending);
        bench.sound();
    }
    assert_eq!(alice.dump(), bob.dump());
}

#[test]
fn a_record_waits_for_its_message() {
    let (alice, bob) = (Bench::of("alice", 1), Bench::of("bob", 2));
    alice.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let _ = alice.act("a@x", take("alice"));
    let json = alice.store.unpushed(1).unwrap().remove(0).1;
    let _ = bob.store.ingest_log(&main(), vec![line(1, &json)]).unwrap();
    bob.mail(1, "a@x", "ana@example.net", "Order", &[]);
    assert_eq!(bob.row("a@x").assignee.unwrap().as_str(), "alice");
    bob.sound();
}

#[test]
fn saved_replies_are_the_newest_of_each_name() {
    let bench = Bench::new();
    let share = |name: &str, text: &str| {
        let op = Known::SavedReply { name: name.into(), text: text.into() };
        let _ = bench.store.commit(vec![NewOperation::new(op, Vec::<Target>::new())]).unwrap();
    };
    share("hello", "Hi");
    share("hello", "Good day");
    share("bye", "So long");
    share("bye", "");
    assert_eq!(super::testing::shared(&bench.store), ["hello: Good day"]);
    let _ = bench.store.undo().unwrap().unwrap();
    assert_eq!(bench.store.saved_replies().unwrap().len(), 2);
}

#[test]
fn another_process_notices_a_commit() {
    let bench = Bench::new();
    let other = bench.again();
    let before = other.data_version().unwrap();
    assert_eq!(other.data_version().unwrap(), before);
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    assert_ne!(other.data_version().unwrap(), before);
}

#[test]
fn a_listener_that_is_late_is_told_to_read_everything() {
    let bench = Bench::new();
    let changes = bench.store.subscribe();
    for n in 0..80 {
        bench.mail(n, &format!("a{n}@x"), "ana@example.net", "Order", &[]);
    }
    assert_eq!(changes.try_iter().count(), 64);
    bench.store.data_version().unwrap();
    assert_eq!(changes.try_iter().collect::<Vec<_>>(), [Change::Everything]);
}

#[test]
fn a_file_that_is_no_store_is_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("postroom.db"), "this is a shopping list, not a database".repeat(100)).unwrap();
    let Err(error) = Store::open(dir.path(), options("alice", 1)) else { panic!("opened") };
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(UserError::from(error).advice().contains("keep the file, move it away"));
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let bench = Bench::new();
    bench.store.write(|tx| Ok(tx.execute_batch("PRAGMA user_version = 99")?)).unwrap();
    let Err(error) = Store::open(bench.dir.path(), options("alice", 1)) else { panic!("opened") };
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
}

#[test]
fn a_full_disk_changes_nothing_and_says_so() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    bench.store.inner.connections.writer_pragma("PRAGMA max_page_count = 1").unwrap();
    let before = bench.dump();
    let big = raw("big@x", "ana@example.net", &"x".repeat(900), &[]);
    let mut failed = None;
    for uid in 100..1000 {
        let mail = incoming(uid, 1, [big.clone(), format!("{uid}").repeat(30_000).into_bytes()].concat());
        if let Err(error) = bench.store.ingest(bench.inbox, vec![Incoming { uid, ..mail }]) {
            failed = Some(error);
            break;
        }
    }
    assert!(matches!(failed, Some(StoreError::Full)), "{failed:?}");
    assert!(!before.is_empty());
    bench.sound();
}

#[test]
fn the_account_of_a_folder_is_kept() {
    let bench = Bench::new();
    let account = AccountId::new("main").unwrap();
    let folders = bench.store.folders(&account).unwrap();
    assert_eq!(folders.len(), 1);
    assert_eq!((folders[0].role, folders[0].last_pass), (FolderRole::Inbox, None));
}

#[test]
fn an_index_of_an_older_folding_is_made_anew() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let _ = bench.act("a@x", note("ask the warehouse"));
    let spoil =
        "INSERT INTO search (search) VALUES ('delete-all'); UPDATE meta SET value = '0' WHERE name = 'fold-version'";
    bench.store.write(|tx| Ok(tx.execute_batch(spoil)?)).unwrap();
    let again = bench.again();
    let mut told = Vec::new();
    again.write(|tx| Ok(tx.execute_batch(spoil)?)).unwrap();
    again.index_as_folded_now(&mut |at| told.push(at)).unwrap();
    assert_eq!(told, [Opening::Indexing { done: 0, all: 1 }]);
    for word in ["parcel", "warehouse"] {
        let query = query::parse(word).unwrap();
        assert_eq!(again.ids(&query, &context(&again)).unwrap().len(), 1, "{word}");
    }
    bench.sound();
}

#[test]
fn a_store_of_version_1_is_brought_up_to_date_with_all_that_it_holds() {
    let dir = tempfile::tempdir().unwrap();
    let old = rusqlite::Connection::open(dir.path().join("postroom.db")).unwrap();
    old.execute_batch(include_str!("migrations/0001_mail.sql")).unwrap();
    old.execute_batch(
        "PRAGMA user_version = 1;
         INSERT INTO conversation (rowid, id, root, inbox, status, active, last_at, first_at, subject, people, snippet,
             messages, notes, attachments) VALUES (1, '00000000000000000000000000', 'a@x', 'support', 0, 1, 5, 5, 'Order',
             'Ana', 'Hello', 1, 0, 0);
         INSERT INTO tally VALUES ('all', 1);",
    )
    .unwrap();
    drop(old);
    let mut told = Vec::new();
    let store = Store::open_told(dir.path(), options("alice", 1), &mut |at| told.push(at)).unwrap();
    assert!(matches!(told.first(), Some(Opening::Migrating { done: 0, all }) if *all > 30), "{told:?}");
    told.clear();
    Store::open_told(dir.path(), options("alice", 1), &mut |at| told.push(at)).unwrap();
    assert_eq!(told, [], "of this version it opens at once");
    let query = query::parse("").unwrap();
    let rows = store.page(&query, &context(&store), None, 10).unwrap();
    assert_eq!((rows.len(), rows[0].title.as_str()), (1, "Order"));
    assert_eq!(store.counts(&Handle::new("alice").unwrap()).unwrap().get(&View::All), 1);
}

#[test]
fn a_mail_that_a_merge_named_before_it_came_stays_with_its_id_whatever_comes_beside_it() {
    let bench = Bench::new();
    bench.mail(0, "1@x", "ana@example.net", "One", &[]);
    let _ = bench.act_blind("1@x", Known::Merge { into: mid("2@x") });
    // In one batch with an answer to what it is merged with, which is threaded first.
    let mails = [("2@x", "Two", vec![]), ("3@x", "Re: One", vec!["1@x"])];
    let mails = (10..)
        .zip(&mails)
        .map(|(uid, (id, subject, refs))| incoming(uid, 5, raw(id, "ana@example.net", subject, refs)));
    bench.store.ingest(bench.inbox, mails.collect()).unwrap();
    bench.sound();
    assert_eq!(bench.id("1@x"), bench.id("2@x"));
    assert_eq!(bench.row("1@x").messages, 3);
}
