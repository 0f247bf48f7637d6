use super::super::testing::*;
use super::*;
use crate::model::agent::Inbox;
use crate::model::ids::InboxId;
use crate::op::operation::Known;
use crate::op::record::NewOperation;
use crate::store::{FolderRole, PassEnd, StoreOptions};

fn team_options(actor: &str, seed: u64) -> StoreOptions {
    let mut options = options(actor, seed);
    let inboxes = [("sales", None), ("returns", Some("Returns")), ("press", Some("Press"))];
    let inboxes = inboxes.map(|(name, folder)| Inbox { folder: folder.map(str::to_owned), ..inbox(name, "main") });
    options.team.inboxes.extend(inboxes);
    options
}

/// A store with a folder for each inbox, all of them read.
struct Desk {
    bench: Bench,
    returns: i64,
    press: i64,
    sent: i64,
}

impl Desk {
    fn new() -> Self {
        let bench = Bench::with(team_options("alice", 1));
        let folder = |name: &str, role| bench.store.folder(&main(), name, role).unwrap().id;
        let (returns, press) = (folder("Returns", FolderRole::Other), folder("Press", FolderRole::Other));
        let sent = folder("Sent", FolderRole::Sent);
        for id in [bench.inbox, returns, press, sent] {
            let end = PassEnd {
                validity: 7,
                uid_next: 1,
                modseq: None,
                messages: None,
                flags_below: None,
                at: Timestamp::from_seconds(START),
            };
            bench.store.finish_pass(id, end).unwrap();
        }
        Self { bench, returns, press, sent }
    }

    fn mail_in(&self, folder: i64, uid: u32, id: &str, refs: &[&str]) {
        let mail = incoming(uid, i64::from(uid), raw(id, "ana@example.net", "Broken", refs));
        let _ = self.bench.store.ingest(folder, vec![mail]).unwrap();
    }

    fn move_to(&self, id: &str, inbox: &str) {
        let _ = self.bench.act(id, Known::Move { inbox: InboxId::new(inbox).unwrap(), from: None });
    }

    fn moves(&self) -> Vec<MailMove> {
        self.bench.store.mail_moves(&main(), Timestamp(i64::MAX), 100).unwrap()
    }

    /// What waits: mail, from, to.
    fn ways(&self) -> Vec<(String, String, String)> {
        self.moves().into_iter().map(|m| (m.message.to_string(), m.source, m.target)).collect()
    }

    fn finish(&self, uid: u32) {
        for one in self.moves() {
            let done = MailMoved { id: one.id, was: one.at, now: Some((7, uid)), kept: false };
            self.bench.store.finish_moves(&[done]).unwrap();
        }
    }

    fn places(&self, folder: i64) -> Vec<u32> {
        self.bench.store.uids(folder).unwrap()
    }

    fn inbox(&self, id: &str) -> String {
        self.bench.row(id).inbox.to_string()
    }
}

fn way(mail: &str, source: &str, target: &str) -> (String, String, String) {
    (mail.into(), source.into(), target.into())
}

#[test]
fn a_move_queues_the_mails_of_the_old_inboxs_folder_and_no_other() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.mail_in(desk.bench.inbox, 2, "b@x", &["a@x"]);
    desk.mail_in(desk.sent, 1, "ours@x", &["a@x"]);
    desk.mail_in(desk.press, 1, "other@x", &["a@x"]);
    desk.mail_in(desk.bench.inbox, 3, "stranger@x", &[]);
    desk.move_to("a@x", "returns");
    assert_eq!(desk.ways(), [way("a@x", "INBOX", "Returns"), way("b@x", "INBOX", "Returns")]);
    let counts = desk.bench.store.counts(&desk.bench.store.author().actor).unwrap();
    assert_eq!((counts.to_move, counts.stuck), (2, 0));
    desk.bench.sound();
}

#[test]
fn nothing_is_queued_between_inboxes_of_one_folder() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.move_to("a@x", "sales");
    assert_eq!(desk.inbox("a@x"), "sales");
    assert_eq!(desk.ways(), []);
}

#[test]
fn what_a_colleague_moved_is_not_queued_here() {
    let (alice, bob) = (Desk::new(), Bench::with(team_options("bob", 9)));
    bob.mail(1, "a@x", "ana@example.net", "Broken", &[]);
    alice.mail_in(alice.bench.inbox, 1, "a@x", &[]);
    alice.move_to("a@x", "returns");
    let json = alice.bench.store.unpushed(1).unwrap().remove(0).1;
    let place = crate::store::LogPlace { epoch: 1, validity: 1, uid: 1, index: 0 };
    bob.store.ingest_log(&main(), vec![crate::store::LogLine { place, json }]).unwrap();
    assert_eq!(bob.row("a@x").inbox.as_str(), "returns");
    assert_eq!(bob.store.moves_waiting().unwrap(), []);
}

#[test]
fn an_undo_before_anything_was_done_calls_the_move_off() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.move_to("a@x", "returns");
    let _ = desk.bench.store.undo().unwrap().unwrap();
    assert_eq!(desk.ways(), []);
    assert_eq!(desk.inbox("a@x"), "support");
    let _ = desk.bench.store.redo().unwrap().unwrap();
    assert_eq!(desk.ways(), [way("a@x", "INBOX", "Returns")]);
    assert_eq!(desk.inbox("a@x"), "returns");
}

#[test]
fn an_undo_after_the_mail_arrived_moves_it_back_and_the_inbox_is_at_once_what_it_was() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.move_to("a@x", "returns");
    desk.finish(5);
    assert_eq!((desk.places(desk.bench.inbox), desk.places(desk.returns)), (vec![], vec![5]));
    // The next pass reads it there: the folder says Returns, and that must not count once the move is undone.
    desk.mail_in(desk.returns, 6, "a@x", &[]);
    let _ = desk.bench.store.undo().unwrap().unwrap();
    assert_eq!(desk.inbox("a@x"), "support");
    assert_eq!(desk.ways()[0], way("a@x", "Returns", "INBOX"));
    desk.finish(9);
    assert_eq!(desk.inbox("a@x"), "support");
    desk.bench.sound();
}

#[test]
fn a_move_that_had_begun_arrives_before_it_goes_on() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.move_to("a@x", "returns");
    let id = desk.moves()[0].id;
    desk.bench.store.begin_moves(&[id], 7, 5).unwrap();
    desk.move_to("a@x", "press");
    assert_eq!(desk.ways(), [way("a@x", "INBOX", "Returns")]);
    assert_eq!(desk.moves()[0].begun, Some((7, 5)));
    desk.finish(5);
    let onward = desk.moves();
    assert_eq!(desk.ways(), [way("a@x", "Returns", "Press")]);
    assert_eq!((onward[0].at, onward[0].begun), (Some((7, 5)), None));
}

#[test]
fn a_move_that_had_begun_and_is_undone_goes_back_and_redone_stays() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.move_to("a@x", "returns");
    desk.bench.store.begin_moves(&[desk.moves()[0].id], 7, 5).unwrap();
    let _ = desk.bench.store.undo().unwrap().unwrap();
    let _ = desk.bench.store.redo().unwrap().unwrap();
    let _ = desk.bench.store.undo().unwrap().unwrap();
    desk.finish(5);
    assert_eq!(desk.ways(), [way("a@x", "Returns", "INBOX")]);
    let _ = desk.bench.store.redo().unwrap().unwrap();
    assert_eq!(desk.ways(), []);
}

#[test]
fn a_move_that_another_one_made_void_is_dropped() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.move_to("a@x", "returns");
    let bob = Bench::with(team_options("bob", 9));
    bob.mail(1, "a@x", "ana@example.net", "Broken", &[]);
    let theirs = bob.act("a@x", Known::Move { inbox: InboxId::new("press").unwrap(), from: None });
    let ours = desk.bench.store.unpushed(1).unwrap().remove(0).1;
    let place = |uid| crate::store::LogPlace { epoch: 1, validity: 1, uid, index: 0 };
    let line = |uid, json| crate::store::LogLine { place: place(uid), json };
    desk.bench.store.ingest_log(&main(), vec![line(1, ours), line(2, theirs.records[0].to_json())]).unwrap();
    assert_eq!(desk.inbox("a@x"), "press");
    assert_eq!(desk.ways(), [], "the mail is bob's to move");
}

#[test]
fn a_mail_that_a_colleague_moved_elsewhere_is_fetched_from_there() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.move_to("a@x", "returns");
    desk.bench.store.set_adrift(desk.bench.inbox, &[1]).unwrap();
    let id = desk.moves()[0].id;
    let later = Timestamp::from_seconds(START + 60);
    assert!(!desk.bench.store.move_astray(id, "gone", later).unwrap());
    let waiting = desk.bench.store.moves_waiting().unwrap();
    assert_eq!((waiting[0].mails, waiting[0].reason.as_str()), (1, "gone"));
    assert_eq!(desk.bench.store.mail_moves(&main(), Timestamp::from_seconds(START), 9).unwrap(), []);
    desk.mail_in(desk.press, 3, "a@x", &[]);
    assert!(desk.bench.store.move_astray(id, "gone", later).unwrap());
    assert_eq!(desk.ways(), [way("a@x", "Press", "Returns")]);
    assert_eq!(desk.moves()[0].at, Some((7, 3)));
}

#[test]
fn a_mail_that_was_deleted_or_has_arrived_is_given_up() {
    let desk = Desk::new();
    for (uid, id) in [(1, "a@x"), (2, "b@x")] {
        desk.mail_in(desk.bench.inbox, uid, id, &[]);
        desk.move_to(id, "returns");
    }
    desk.bench.store.expunge(desk.bench.inbox, &[2]).unwrap();
    desk.mail_in(desk.returns, 8, "a@x", &[]);
    for one in desk.bench.store.mail_moves(&main(), Timestamp(i64::MAX), 9).unwrap() {
        assert!(!desk.bench.store.move_astray(one.id, "gone", Timestamp(0)).unwrap());
    }
    assert_eq!(desk.ways(), []);
}

#[test]
fn mail_that_arrives_later_changes_neither_inbox_nor_queue() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.move_to("a@x", "returns");
    desk.finish(5);
    desk.mail_in(desk.bench.inbox, 2, "later@x", &["a@x"]);
    assert_eq!(desk.inbox("later@x"), "returns");
    assert_eq!(desk.ways(), []);
}

#[test]
fn what_leaves_a_folder_stays_shown_until_all_folders_were_looked_at() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.mail_in(desk.bench.inbox, 2, "b@x", &[]);
    let store = &desk.bench.store;
    store.set_adrift(desk.bench.inbox, &[1, 2]).unwrap();
    assert_eq!(desk.bench.row("a@x").messages, 1);
    desk.mail_in(desk.returns, 5, "a@x", &[]);
    let adrift = store.adrift(&main()).unwrap();
    assert_eq!(adrift.len(), 1);
    // What goes in that moment was not looked for yet.
    desk.mail_in(desk.bench.inbox, 3, "c@x", &[]);
    store.set_adrift(desk.bench.inbox, &[3]).unwrap();
    store.settle_adrift(&main(), &adrift).unwrap();
    assert_eq!(desk.bench.row("a@x").messages, 1);
    assert!(desk.bench.row("b@x").gone);
    assert_eq!(desk.bench.row("c@x").messages, 1);
    desk.bench.sound();
}

#[test]
fn a_server_that_keeps_the_old_copy_leaves_it_marked_and_out_of_the_next_move() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.move_to("a@x", "returns");
    let one = desk.moves().remove(0);
    desk.bench.store.finish_moves(&[MailMoved { id: one.id, was: one.at, now: Some((7, 5)), kept: true }]).unwrap();
    assert_eq!(desk.places(desk.bench.inbox), [1]);
    let _ = desk.bench.store.undo().unwrap().unwrap();
    desk.finish(2);
    let _ = desk.bench.store.redo().unwrap().unwrap();
    assert_eq!(desk.moves().iter().map(|m| m.at).collect::<Vec<_>>(), [Some((7, 2))]);
}

#[test]
fn an_account_without_a_server_moves_at_once() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.mail_in(desk.returns, 4, "b@x", &[]);
    desk.move_to("a@x", "returns");
    desk.bench.store.move_here(&main()).unwrap();
    assert_eq!((desk.places(desk.bench.inbox), desk.places(desk.returns)), (vec![], vec![4, 5]));
    assert_eq!(desk.ways(), []);
}

#[test]
fn a_bulk_out_of_several_inboxes_says_for_each_where_it_came_from() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.mail_in(desk.press, 1, "b@x", &[]);
    let on = ["a@x", "b@x"].map(|id| crate::op::operation::Target::on(mid(id))).to_vec();
    let op = Known::Move { inbox: InboxId::new("returns").unwrap(), from: None };
    let done = desk.bench.store.commit(vec![NewOperation::new(op, on)]).unwrap();
    let from: Vec<_> = done.records.iter().map(|r| r.to_json().contains("\"from\":\"press\"")).collect();
    assert_eq!(from, [false, true]);
    let undone = desk.bench.store.undo().unwrap().unwrap();
    assert_eq!(undone.notice.as_str(), "Undid: moved 2 conversations to returns");
    assert_eq!((desk.inbox("a@x"), desk.inbox("b@x")), ("support".into(), "press".into()));
}

#[test]
fn whose_turn_the_moves_of_a_bulk_are_is_read_from_its_record_once() {
    let reads = [5_u32, 50].map(|many| {
        let desk = Desk::new();
        (1..=many).for_each(|n| desk.mail_in(desk.bench.inbox, n, &format!("m{n}@x"), &[]));
        desk.bench.finish();
        let ids: Vec<_> = (1..=many).map(|n| desk.bench.id(&format!("m{n}@x"))).collect();
        let on: Vec<_> = desk.bench.store.targets(&ids).unwrap().into_iter().map(|(_, target)| target).collect();
        let to = Known::Move { inbox: InboxId::new("returns").unwrap(), from: None };
        let _ = desk.bench.store.commit(vec![NewOperation::new(to, on)]).unwrap();
        let moves: Vec<i64> = desk.moves().into_iter().map(|mail| mail.id).collect();
        assert_eq!(moves.len(), usize::try_from(many).unwrap());
        let before = crate::store::undone::READ.with(std::cell::Cell::get).0;
        let turns = desk.bench.store.move_turns(&moves).unwrap();
        assert!(turns.iter().all(|turn| !turn.is_placed), "{turns:?}");
        crate::store::undone::READ.with(std::cell::Cell::get).0 - before
    });
    assert_eq!(reads, [1, 1]);
}

#[test]
fn what_turns_out_not_to_have_begun_takes_the_new_way_at_once() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.move_to("a@x", "returns");
    let id = desk.moves()[0].id;
    desk.bench.store.begin_moves(&[id], 7, 5).unwrap();
    desk.move_to("a@x", "press");
    desk.bench.store.redirect_moves(&[(id, "Press")]).unwrap();
    assert_eq!((desk.ways(), desk.moves()[0].begun), (vec![way("a@x", "INBOX", "Press")], None));
    desk.bench.store.begin_moves(&[id], 7, 5).unwrap();
    desk.move_to("a@x", "support");
    desk.bench.store.redirect_moves(&[(id, "INBOX")]).unwrap();
    assert_eq!(desk.ways(), []);
}

#[test]
fn a_move_into_a_mailbox_that_is_shared_with_a_login_of_ones_own_is_wanted_there() {
    let desk = Desk::new();
    let rename = "UPDATE folder SET name = 'Other Users/team' WHERE name = 'INBOX'";
    let _ = desk.bench.store.change(|batch| Ok(batch.tx.prepare_cached(rename)?.execute([])?)).unwrap();
    desk.mail_in(desk.returns, 1, "a@x", &[]);
    desk.move_to("a@x", "support");
    assert_eq!(desk.ways(), [way("a@x", "Returns", "Other Users/team")]);
    let id = desk.moves()[0].id;
    desk.bench.store.begin_moves(&[id], 7, 5).unwrap();
    assert_eq!(
        desk.moves()[0].carried,
        None,
        "a colleague wants it nowhere else, least of all in the login's own INBOX"
    );
}

#[test]
fn a_conversation_is_pending_until_its_mail_has_arrived() {
    let desk = Desk::new();
    desk.mail_in(desk.bench.inbox, 1, "a@x", &[]);
    desk.mail_in(desk.bench.inbox, 2, "b@x", &[]);
    desk.move_to("a@x", "returns");
    let json = desk.bench.store.unpushed(1).unwrap().remove(0).1;
    let place = crate::store::LogPlace { epoch: 1, validity: 1, uid: 1, index: 0 };
    desk.bench.store.ingest_log(&main(), vec![crate::store::LogLine { place, json }]).unwrap();
    assert!(desk.bench.row("a@x").pending && !desk.bench.row("b@x").pending);
    let changes = desk.bench.store.subscribe();
    desk.finish(5);
    assert!(!desk.bench.row("a@x").pending);
    let told: Vec<Change> = changes.try_iter().collect();
    assert!(told.contains(&Change::of([desk.bench.id("a@x")].into())), "{told:?}");
}
