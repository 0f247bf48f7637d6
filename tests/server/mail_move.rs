//! Mail that follows its conversation to the folder of another inbox, on a real server.
//!
//! Tests that need settings of Dovecot's own are skipped on the others.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use crate::support::desk::{author, inbox};
use crate::support::dovecot::{Dovecot, PASSWORD};
use postroom::config::{Endpoint, Security};
use postroom::model::address::Address;
use postroom::model::agent::{Inbox, Team};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::conversation::Item;
use postroom::model::ids::{InboxId, MessageId};
use postroom::op::operation::Known;
use postroom::op::record::NewOperation;
use postroom::store::{MailMove, Store, StoreOptions};
use postroom::sync::imap::ImapAccount;
use postroom::sync::imap::log::once::sync_log_once;
use postroom::sync::imap::mover::move_due;
use postroom::sync::imap::{Session, Waker, pass};
use postroom::sync::moves::{Moves, told};

pub(crate) const USER: &str = "team";
pub(crate) const EVER: Timestamp = Timestamp(i64::MAX);

fn mail(id: &str, refs: &str) -> String {
    let refs = if refs.is_empty() { String::new() } else { format!("References: <{refs}>\nIn-Reply-To: <{refs}>\n") };
    format!(
        "From: Carol <carol@example.org>\nTo: support@example.com\nSubject: {}The parcel {id}\nMessage-ID: <{id}@x>\n{refs}\
         Date: Sun, 22 Nov 2026 08:00:00 +0000\n\nThe text of {id}.\n",
        if refs.is_empty() { "" } else { "Re: " }
    )
}

/// A client of the mailbox: INBOX is support's, and `Returns` and `Press` are those of other inboxes.
pub(crate) struct Client {
    _dir: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) account: ImapAccount,
}

impl Client {
    pub(crate) fn new(server: &Dovecot, agent: &str) -> Self {
        Self::with_clock(server, agent, Clock::System)
    }

    pub(crate) fn with_clock(server: &Dovecot, agent: &str, clock: Clock) -> Self {
        let inbox = |name: &str, folder: Option<String>| Inbox {
            folder,
            ..inbox(name, Address::new("", format!("{name}@example.com")))
        };
        let (returns, press) = (server.named("Returns"), server.named("Press"));
        let mut account = server.account(USER);
        account.folders = vec![returns.clone(), press.clone()];
        let inboxes = vec![inbox("support", None), inbox("returns", Some(returns)), inbox("press", Some(press))];
        let author = author(agent, clock, Ids::Random);
        let team = Team { agents: Vec::new(), inboxes, ..Team::default() };
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), StoreOptions { author, team, history_after: 86_400_000 }).unwrap();
        Self { _dir: dir, store, account }
    }

    /// Reads the log, then the mail: a sync without the moving.
    pub(crate) fn read(&self, server: &Dovecot) {
        let mut session = server.session(USER);
        sync_log_once(&self.store, &self.account, &mut session).unwrap();
        pass(&self.store, &mut session, &self.account, &mut |_| {}).unwrap();
        session.logout();
    }

    fn sync_log(&self, server: &Dovecot) {
        let mut session = server.session(USER);
        sync_log_once(&self.store, &self.account, &mut session).unwrap();
        session.logout();
    }

    pub(crate) fn move_mail(&self, server: &Dovecot) -> Moves {
        let mut session = server.session(USER);
        let moves = move_due(&self.store, &self.account.id, &mut session, EVER).unwrap();
        session.logout();
        moves
    }

    pub(crate) fn sync(&self, server: &Dovecot) -> Moves {
        self.read(server);
        self.move_mail(server)
    }

    pub(crate) fn move_to(&self, id: &str, inbox: &str) {
        let target = self.store.targets(&[self.conversation(id)]).unwrap().remove(0).1;
        let op = Known::Move { inbox: InboxId::new(inbox).unwrap(), from: None };
        let _ = self.store.commit(vec![NewOperation::new(op, vec![target])]).unwrap();
    }

    fn conversation(&self, id: &str) -> postroom::model::ids::ConversationId {
        self.store.conversation_of(&MessageId::new(&format!("{id}@x")).unwrap()).unwrap().unwrap()
    }

    /// The inbox of a conversation, and how many messages it shows.
    pub(crate) fn row(&self, id: &str) -> (String, u32) {
        let row = self.store.rows(&[self.conversation(id)]).unwrap().remove(0);
        (row.inbox.to_string(), row.messages)
    }

    pub(crate) fn waiting(&self) -> Vec<MailMove> {
        self.store.mail_moves(&self.account.id, EVER, 100).unwrap()
    }

    /// Why mails wait.
    pub(crate) fn reasons(&self) -> Vec<String> {
        told(&self.store, None).unwrap().into_iter().map(|error| error.message()).collect()
    }
}

pub(crate) fn row(inbox: &str, messages: u32) -> (String, u32) {
    (inbox.to_owned(), messages)
}

/// A server with the folders, and two mails of one conversation and a stranger in INBOX.
pub(crate) fn prepare(server: &Dovecot) {
    let mut session = server.session(USER);
    for folder in ["Returns", "Press"] {
        session.create(&server.named(folder)).unwrap();
    }
    session.logout();
    for (id, refs) in [("a", ""), ("stranger", ""), ("b", "a@x")] {
        server.deliver(USER, "INBOX", &mail(id, refs));
    }
}

/// The mails of a folder that are not marked as deleted, by the local part of their Message-IDs.
pub(crate) fn mails(server: &Dovecot, folder: &str) -> Vec<String> {
    listed(server, folder, "UNDELETED")
}

pub(crate) fn listed(server: &Dovecot, folder: &str, criteria: &str) -> Vec<String> {
    let mut session = server.session(USER);
    session.examine(&if folder == "INBOX" { folder.to_owned() } else { server.named(folder) }).unwrap();
    let mut found = Vec::new();
    for uid in session.search(criteria).unwrap() {
        let body = session.uid_fetch_full(&uid.to_string()).unwrap().remove(0).body.unwrap();
        let text = String::from_utf8(body).unwrap();
        found.push(text.split_once("Message-ID: <").unwrap().1.split_once("@x>").unwrap().0.to_owned());
    }
    found.sort();
    session.logout();
    found
}

#[test]
fn the_mails_go_along_and_come_back_with_an_undo() {
    let Some(server) = Dovecot::start() else { return };
    prepare(&server);
    let alice = Client::new(&server, "alice");
    alice.sync(&server);
    alice.move_to("a", "returns");
    assert_eq!(alice.sync(&server).moved, 2);
    assert_eq!(
        (mails(&server, "INBOX"), mails(&server, "Returns")),
        (vec!["stranger".into()], vec!["a".into(), "b".into()])
    );
    assert_eq!((alice.row("a"), alice.waiting()), (row("returns", 2), vec![]));
    // A sync between finds everything as it should be.
    assert_eq!(alice.sync(&server), Moves::default());
    assert_eq!(alice.row("a"), row("returns", 2));
    let _ = alice.store.undo().unwrap().unwrap();
    assert_eq!(alice.row("a"), row("support", 2));
    // Without a pass in between: where they stand was learned when they were moved.
    assert_eq!(alice.move_mail(&server).moved, 2);
    assert_eq!((mails(&server, "INBOX").len(), mails(&server, "Returns").len()), (3, 0));
    let _ = alice.store.redo().unwrap().unwrap();
    assert_eq!(alice.sync(&server).moved, 2);
    assert_eq!((mails(&server, "INBOX").len(), mails(&server, "Returns").len()), (1, 2));
    alice.read(&server);
    assert_eq!(alice.row("a"), row("returns", 2));
    assert!(alice.store.check().unwrap().is_empty(), "{:?}", alice.store.check());
}

#[test]
fn colleagues_see_the_conversation_in_its_inbox_at_every_moment() {
    let Some(server) = Dovecot::start() else { return };
    prepare(&server);
    let (alice, bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    alice.sync(&server);
    bob.sync(&server);
    alice.move_to("a", "returns");
    alice.read(&server);
    bob.read(&server);
    assert_eq!((bob.row("a"), bob.waiting()), (row("returns", 2), vec![]));
    alice.move_mail(&server);
    bob.read(&server);
    assert_eq!(bob.row("a"), row("returns", 2));
    let carol = Client::new(&server, "carol");
    carol.read(&server);
    assert_eq!(carol.row("a"), row("returns", 2));
    // The undo is known before the mail is back, and a newcomer has seen the mail nowhere else.
    let _ = alice.store.undo().unwrap().unwrap();
    alice.read(&server);
    for client in [&bob, &carol] {
        client.read(&server);
        assert_eq!(client.row("a"), row("support", 2));
    }
    assert_eq!(alice.move_mail(&server).moved, 2);
    for client in [&alice, &bob, &carol] {
        client.read(&server);
        assert_eq!(client.row("a"), row("support", 2));
        assert!(client.store.check().unwrap().is_empty(), "{:?}", client.store.check());
        assert_eq!(client.move_mail(&server), Moves::default());
    }
    assert_eq!(mails(&server, "INBOX"), ["a", "b", "stranger"]);
}

/// Moves a mail as another mail program does.
fn carry(session: &mut Session, from: &str, to: &str) {
    session.select(from).unwrap();
    let uid = session.search_message_id("a@x").unwrap()[0].to_string();
    session.uid_copy(&uid, to).unwrap();
    session.store_flags(&uid, "+FLAGS", &["\\Deleted"]).unwrap();
    session.expunge(&uid).unwrap();
}

#[test]
fn mail_that_another_program_moves_stays_in_its_conversation() {
    let Some(server) = Dovecot::start() else { return };
    prepare(&server);
    let bob = Client::new(&server, "bob");
    bob.sync(&server);
    let number = bob.conversation("a");
    let mut other = server.session(USER);
    carry(&mut other, "INBOX", &server.named("Returns"));
    bob.read(&server);
    assert_eq!((bob.conversation("a"), bob.row("a").1), (number.clone(), 2));
    // Into a folder that the pass has behind it when the mail leaves the one before it.
    server.deliver(USER, "INBOX", &mail("new", ""));
    server.deliver(USER, &server.named("Returns"), &mail("other", ""));
    let mut session = server.session(USER);
    let mut carried = false;
    pass(&bob.store, &mut session, &bob.account, &mut |progress| {
        if progress.folder == "INBOX" && !carried {
            carried = true;
            carry(&mut other, &server.named("Returns"), "INBOX");
        }
    })
    .unwrap();
    assert!(carried);
    assert_eq!((bob.conversation("a"), bob.row("a").1), (number, 2));
}

#[test]
fn mail_that_was_deleted_is_marked_in_its_conversation_at_once() {
    let Some(server) = Dovecot::start() else { return };
    prepare(&server);
    let bob = Client::new(&server, "bob");
    bob.sync(&server);
    let mut other = server.session(USER);
    other.select("INBOX").unwrap();
    other.store_flags("1", "+FLAGS", &["\\Deleted"]).unwrap();
    other.expunge("1").unwrap();
    bob.read(&server);
    assert_eq!(bob.row("b").1, 2);
    let items = bob.store.conversation(&bob.conversation("b"), 9).unwrap().unwrap().items;
    let left = items.iter().filter(|item| matches!(item, Item::Message(mail) if mail.left.is_some())).count();
    assert_eq!(left, 1);
}

/// Does by hand what a client had done when it was killed, and lets the next one go on. `steps` are so many of: copy, mark as deleted,
/// expunge.
fn interrupted(server: &Dovecot, steps: usize) {
    prepare(server);
    let alice = Client::new(server, "alice");
    alice.sync(server);
    alice.move_to("a", "returns");
    let moves = alice.waiting();
    let ids: Vec<i64> = moves.iter().map(|one| one.id).collect();
    let mut session = server.session(USER);
    let target = session.status(&server.named("Returns")).unwrap();
    alice.store.begin_moves(&ids, target.validity.unwrap(), target.uid_next.unwrap()).unwrap();
    session.select("INBOX").unwrap();
    // Half of a batch may be done.
    let uid = moves[0].at.unwrap().1.to_string();
    if steps > 0 {
        session.uid_copy(&uid, &server.named("Returns")).unwrap();
    }
    if steps > 1 {
        session.store_flags(&uid, "+FLAGS", &["\\Deleted"]).unwrap();
    }
    if steps > 2 {
        session.expunge(&uid).unwrap();
    }
    session.logout();
    alice.sync_log(server);
    alice.move_mail(server);
    assert_eq!(alice.waiting(), [], "{steps}");
    assert_eq!(listed(server, "INBOX", "ALL"), ["stranger"], "{steps}");
    assert_eq!(listed(server, "Returns", "ALL"), ["a", "b"], "{steps}");
    alice.read(server);
    assert_eq!(alice.row("a"), row("returns", 2), "{steps}");
    let _ = alice.store.undo().unwrap().unwrap();
    alice.sync_log(server);
    alice.move_mail(server);
    assert_eq!(mails(server, "INBOX"), ["a", "b", "stranger"], "{steps}");
    assert_eq!(mails(server, "Returns"), [""; 0], "{steps}");
}

#[test]
fn a_crash_at_any_step_loses_and_doubles_nothing() {
    for steps in 0..=3 {
        let Some(server) = Dovecot::start() else { return };
        interrupted(&server, steps);
    }
}

#[test]
fn a_crash_at_any_step_loses_and_doubles_nothing_without_move() {
    for steps in 0..=3 {
        let Some(server) = Dovecot::without(&["MOVE"]) else { return };
        interrupted(&server, steps);
    }
}

#[test]
fn an_undo_after_a_crash_brings_back_what_was_copied() {
    let Some(server) = Dovecot::without(&["MOVE"]) else { return };
    prepare(&server);
    let alice = Client::new(&server, "alice");
    alice.sync(&server);
    alice.move_to("a", "returns");
    let ids: Vec<i64> = alice.waiting().iter().map(|one| one.id).collect();
    let mut session = server.session(USER);
    let target = session.status("Returns").unwrap();
    alice.store.begin_moves(&ids, target.validity.unwrap(), target.uid_next.unwrap()).unwrap();
    session.select("INBOX").unwrap();
    session.uid_copy("1,3", "Returns").unwrap();
    session.store_flags("1", "+FLAGS", &["\\Deleted"]).unwrap();
    let _ = alice.store.undo().unwrap().unwrap();
    alice.sync(&server);
    assert_eq!(alice.waiting(), []);
    assert_eq!(listed(&server, "INBOX", "UNDELETED"), ["a", "b", "stranger"]);
    assert_eq!(listed(&server, "Returns", "ALL"), [""; 0]);
    alice.read(&server);
    assert_eq!(alice.row("a"), row("support", 2));
}

/// Alice is killed after so many steps of her move from INBOX to Returns; Bob has his client move the conversation on before she is back.
/// Returns what stands in INBOX, Returns and Press when both are done.
fn carried_on(steps: usize, to: &str) -> Option<[Vec<String>; 3]> {
    let server = Dovecot::without(&["MOVE"])?;
    prepare(&server);
    let (alice, bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    alice.sync(&server);
    alice.move_to("a", "returns");
    alice.read(&server);
    let ids: Vec<i64> = alice.waiting().iter().map(|one| one.id).collect();
    let mut session = server.session(USER);
    let target = session.status("Returns").unwrap();
    alice.store.begin_moves(&ids, target.validity.unwrap(), target.uid_next.unwrap()).unwrap();
    session.select("INBOX").unwrap();
    if steps > 0 {
        session.uid_copy("1,3", "Returns").unwrap();
    }
    if steps > 1 {
        session.store_flags("1,3", "+FLAGS", &["\\Deleted"]).unwrap();
    }
    session.logout();
    bob.read(&server);
    bob.move_to("a", to);
    bob.sync(&server);
    for _ in 0..2 {
        alice.sync(&server);
        bob.sync(&server);
    }
    for client in [&alice, &bob] {
        assert_eq!(client.waiting(), [], "{steps} {to}");
        assert_eq!(client.row("a"), row(to, 2), "{steps} {to}");
        assert!(client.store.check().unwrap().is_empty(), "{:?}", client.store.check());
    }
    Some(["INBOX", "Returns", "Press"].map(|folder| listed(&server, folder, "ALL")))
}

#[test]
fn a_crash_between_copy_and_removal_leaves_no_second_copy_where_a_colleague_moved_it_back() {
    for steps in 0..=2 {
        let Some(found) = carried_on(steps, "support") else { return };
        assert_eq!(found, [vec!["a", "b", "stranger"], vec![], vec![]], "{steps}");
    }
}

#[test]
fn a_crash_between_copy_and_removal_leaves_no_second_copy_where_a_colleague_moved_it_on() {
    for steps in 0..=2 {
        let Some(found) = carried_on(steps, "press") else { return };
        assert_eq!(found, [vec!["stranger"], vec![], vec!["a", "b"]], "{steps}");
    }
}

#[test]
fn without_move_and_uidplus_nothing_is_expunged_that_others_have_marked() {
    let Some(server) = Dovecot::without(&["MOVE", "UIDPLUS"]) else { return };
    prepare(&server);
    let alice = Client::new(&server, "alice");
    alice.sync(&server);
    let mut session = server.session(USER);
    session.select("INBOX").unwrap();
    session.store_flags("2", "+FLAGS", &["\\Deleted"]).unwrap();
    session.logout();
    alice.move_to("a", "returns");
    let moves = alice.sync(&server);
    assert_eq!((moves.moved, moves.kept), (2, vec!["INBOX".to_owned()]));
    assert_eq!(listed(&server, "INBOX", "ALL"), ["a", "b", "stranger"]);
    assert_eq!((mails(&server, "INBOX"), mails(&server, "Returns")), (vec![], vec!["a".into(), "b".into()]));
    let _ = alice.store.undo().unwrap().unwrap();
    alice.sync_log(&server);
    assert_eq!(alice.move_mail(&server).moved, 2);
    assert_eq!((mails(&server, "INBOX"), mails(&server, "Returns").len()), (vec!["a".into(), "b".into()], 0));
    alice.read(&server);
    assert_eq!(alice.row("a"), row("support", 2));
}

#[test]
fn a_copy_that_stood_there_before_is_not_taken_for_ours() {
    let Some(server) = Dovecot::without(&["MOVE"]) else { return };
    prepare(&server);
    // Sent to both addresses, so the same mail was delivered to both folders.
    for folder in ["Press", "Returns"] {
        server.deliver(USER, folder, &mail("p", ""));
    }
    let alice = Client::new(&server, "alice");
    alice.sync(&server);
    assert_eq!(alice.row("p"), row("press", 1));
    alice.move_to("p", "returns");
    let begun: Vec<i64> = alice.waiting().iter().map(|one| one.id).collect();
    let target = server.session(USER).status("Returns").unwrap();
    alice.store.begin_moves(&begun, target.validity.unwrap(), target.uid_next.unwrap()).unwrap();
    alice.sync_log(&server);
    assert_eq!(alice.move_mail(&server).moved, 1);
    assert_eq!((mails(&server, "Press").len(), mails(&server, "Returns")), (0, vec!["p".into(), "p".into()]));
}

#[test]
fn uids_of_before_are_not_acted_on_when_the_folder_is_another() {
    let Some(server) = Dovecot::start() else { return };
    prepare(&server);
    let press = server.named("Press");
    for id in ["p", "q"] {
        server.deliver(USER, &press, &mail(id, ""));
    }
    let alice = Client::new(&server, "alice");
    alice.sync(&server);
    alice.move_to("p", "returns");
    let mut session = server.session(USER);
    session.delete(&press).unwrap();
    session.create(&press).unwrap();
    session.logout();
    // The UID of `p` is that of another mail now. Made again in the same second, the folder may even have its old UIDVALIDITY.
    for id in ["q", "p"] {
        server.deliver(USER, &press, &mail(id, ""));
    }
    alice.move_mail(&server);
    assert!(!mails(&server, "Returns").contains(&"q".to_owned()));
    alice.sync(&server);
    assert_eq!((mails(&server, "Press"), mails(&server, "Returns")), (vec!["q".into()], vec!["p".into()]));
    assert_eq!(alice.waiting(), []);
}

#[test]
fn two_who_move_at_once_end_with_one_copy_in_the_last_ones_folder() {
    let Some(server) = Dovecot::start() else { return };
    prepare(&server);
    let (alice, bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    alice.sync(&server);
    bob.sync(&server);
    alice.move_to("a", "returns");
    bob.move_to("a", "press");
    // Bob is first on the log and moves first; alice's comes last and counts.
    bob.sync(&server);
    assert_eq!(mails(&server, "Press"), ["a", "b"]);
    for _ in 0..2 {
        alice.sync(&server);
        bob.sync(&server);
    }
    assert_eq!((mails(&server, "INBOX"), mails(&server, "Press").len()), (vec!["stranger".into()], 0));
    assert_eq!(mails(&server, "Returns"), ["a", "b"]);
    for client in [&alice, &bob] {
        assert_eq!((client.row("a"), client.waiting()), (row("returns", 2), vec![]));
    }
}

#[test]
fn mail_without_a_message_id_goes_along_too() {
    for gone in [&[][..], &["MOVE"], &["MOVE", "UIDPLUS"]] {
        let Some(server) = (if gone.is_empty() { Dovecot::start() } else { Dovecot::without(gone) }) else { return };
        prepare(&server);
        let bare = "From: Eve <eve@example.org>\nTo: support@example.com\nSubject: Bare\nX-Is: Message-ID: <bare@x>\n\nNo id.\n";
        server.deliver(USER, "INBOX", bare);
        let alice = Client::new(&server, "alice");
        alice.sync(&server);
        let query = postroom::query::parse("from:eve").unwrap();
        let context = postroom::query::Context {
            me: alice.store.author().actor.clone(),
            now: alice.store.author().clock.now(),
            zone: jiff::tz::TimeZone::UTC,
        };
        let ids = alice.store.ids(&query, &context).unwrap();
        let target = alice.store.targets(&ids).unwrap().remove(0).1;
        let op = Known::Move { inbox: InboxId::new("returns").unwrap(), from: None };
        let _ = alice.store.commit(vec![NewOperation::new(op, vec![target])]).unwrap();
        alice.sync(&server);
        assert_eq!((mails(&server, "INBOX").len(), mails(&server, "Returns").len()), (3, 1), "{gone:?}");
        let _ = alice.store.undo().unwrap().unwrap();
        alice.sync_log(&server);
        alice.move_mail(&server);
        assert_eq!((mails(&server, "INBOX").len(), mails(&server, "Returns").len()), (4, 0), "{gone:?}");
    }
}

#[test]
fn a_folder_that_is_missing_is_told_and_the_mail_follows_once_it_is_there() {
    let Some(server) = Dovecot::start() else { return };
    prepare(&server);
    let mut session = server.session(USER);
    session.delete(&server.named("Returns")).unwrap();
    let alice = Client::new(&server, "alice");
    alice.sync(&server);
    alice.move_to("a", "returns");
    assert_eq!(alice.sync(&server).moved, 0);
    let reasons = alice.reasons();
    assert!(
        reasons[0].contains("cannot move 2 mails from INBOX") && reasons[0].contains("there is no folder"),
        "{reasons:?}"
    );
    assert_eq!((alice.row("a"), mails(&server, "INBOX").len()), (row("returns", 2), 3));
    session.create(&server.named("Returns")).unwrap();
    assert_eq!(alice.sync(&server).moved, 2);
    assert_eq!(alice.reasons(), [""; 0]);
}

/// A server on which rights can be taken away.
fn with_rights() -> Option<Dovecot> {
    let acl = "protocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile\n}\n";
    let server = Dovecot::with(acl)?;
    prepare(&server);
    Some(server)
}

fn grant(server: &Dovecot, folder: &str, rights: &str) {
    let dir = server.maildir(USER);
    let dir = if folder == "INBOX" { dir } else { dir.join(format!(".{folder}")) };
    std::fs::write(dir.join("dovecot-acl"), format!("owner {rights}\n")).unwrap();
}

#[test]
fn rights_that_are_missing_are_told_and_nothing_is_copied() {
    for (folder, rights, words) in [
        ("INBOX", "lrwsi", "you may not delete in INBOX"),
        ("INBOX", "lrwsit", "you may not delete in INBOX"),
        ("Returns", "lrwste", "you may not put mail into Returns"),
    ] {
        let Some(server) = with_rights() else { return };
        let alice = Client::new(&server, "alice");
        alice.sync(&server);
        grant(&server, folder, rights);
        alice.move_to("a", "returns");
        assert_eq!(alice.sync(&server).moved, 0);
        assert_eq!(alice.reasons(), [format!("cannot move 2 mails from INBOX to Returns: {words}")]);
        let counts = alice.store.counts(&alice.store.author().actor).unwrap();
        assert_eq!((counts.to_move, counts.stuck), (2, 2));
        assert_eq!((mails(&server, "INBOX").len(), alice.row("a")), (3, row("returns", 2)));
        // Until its time has come again it is left alone.
        let now = alice.store.author().clock.now();
        assert_eq!(alice.store.mail_moves(&alice.account.id, now, 9).unwrap(), []);
        grant(&server, folder, "lrwstipekxa");
        assert_eq!(alice.sync(&server).moved, 2, "{words}");
        assert_eq!((mails(&server, "Returns"), alice.reasons().len()), (vec!["a".into(), "b".into()], 0));
    }
}

#[test]
fn a_hundred_conversations_are_moved_by_a_few_commands() {
    let Some(server) = Dovecot::start() else { return };
    prepare(&server);
    let mut session = server.session(USER);
    for n in 0..100 {
        session.append("INBOX", &[], None, mail(&format!("n{n}"), "").replace('\n', "\r\n").as_bytes()).unwrap();
    }
    let alice = Client::new(&server, "alice");
    alice.sync(&server);
    let ids: Vec<_> = (0..100).map(|n| alice.conversation(&format!("n{n}"))).collect();
    let on = alice.store.targets(&ids).unwrap().into_iter().map(|(_, target)| target).collect();
    let op = Known::Move { inbox: InboxId::new("returns").unwrap(), from: None };
    let _ = alice.store.commit(vec![NewOperation::new(op, on)]).unwrap();
    let mut session = Session::open(&alice.account.imap, PASSWORD, &Waker::new().unwrap()).unwrap();
    let before = session.commands();
    assert_eq!(move_due(&alice.store, &alice.account.id, &mut session, EVER).unwrap().moved, 100);
    assert!(session.commands() - before <= 12, "{}", session.commands() - before);
    alice.read(&server);
    assert_eq!((mails(&server, "INBOX").len(), mails(&server, "Returns").len()), (3, 100));
}

/// A way to the server on which its MOVE is none: it offers it, and says BAD to it.
fn without_move(server: &Dovecot) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, imap) = (listener.local_addr().unwrap().port(), server.imap);
    std::thread::spawn(move || {
        let client = listener.accept().unwrap().0;
        let mut upstream = TcpStream::connect(("127.0.0.1", imap)).unwrap();
        let (mut answers, mut down) = (upstream.try_clone().unwrap(), client.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut answers, &mut down));
        for line in BufReader::new(client).lines().map_while(Result::ok) {
            let line = line.replace(" UID MOVE ", " UID MOOV ");
            upstream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        }
    });
    port
}

#[test]
fn where_the_server_offers_move_and_refuses_it_mail_is_copied_and_removed() {
    let Some(server) = Dovecot::start() else { return };
    prepare(&server);
    let alice = Client::new(&server, "alice");
    alice.read(&server);
    alice.move_to("a", "returns");
    alice.sync_log(&server);
    let endpoint = Endpoint { port: without_move(&server), ..server.endpoint(USER, Security::Plain) };
    let mut session = Session::open(&endpoint, PASSWORD, &Waker::new().unwrap()).unwrap();
    assert!(session.capabilities().has("MOVE"));
    let moves = move_due(&alice.store, &alice.account.id, &mut session, EVER).unwrap();
    session.logout();
    assert_eq!((moves.moved, moves.kept), (2, Vec::new()));
    assert_eq!(
        (mails(&server, "INBOX"), mails(&server, "Returns")),
        (vec!["stranger".into()], vec!["a".into(), "b".into()])
    );
    alice.read(&server);
    assert_eq!((alice.row("a"), alice.waiting()), (row("returns", 2), Vec::new()));
}
