//! Copies of drafts on a real Dovecot.

use std::sync::Arc;
use std::time::Duration;

use crate::support::desk::{agent, author, inbox};
use crate::support::dovecot::Dovecot;
use crate::support::syncing::remotes;
use postroom::model::address::Address;
use postroom::model::agent::Team;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, Handle, InboxId, MessageId};
use postroom::model::reply::{Draft, DraftKind};
use postroom::service::compose;
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};
use postroom::sync::drafts::{DraftErrand, REST};
use postroom::sync::imap::drafts::copy;
use postroom::sync::imap::{ImapAccount, ImapConnection};
use postroom::sync::{Errand, Supervisor};

const NOW: i64 = 1_795_000_000_000;

struct Room {
    dir: tempfile::TempDir,
    clock: Clock,
    store: Store,
    account: ImapAccount,
    connection: ImapConnection,
    server: Dovecot,
}

fn open(dir: &std::path::Path, clock: &Clock) -> Store {
    let author = author("alice", clock.clone(), Ids::default());
    let support = inbox("support", Address::new("Shop Support", "support@shop.example"));
    let team = Team { agents: vec![agent("alice", "Alice")], inboxes: vec![support], ..Team::default() };
    Store::open(dir, StoreOptions { author, team, history_after: 365 * Timestamp::DAY }).unwrap()
}

fn room() -> Option<Room> {
    Some(room_on(Dovecot::start()?))
}

fn room_on(server: Dovecot) -> Room {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(Timestamp(NOW));
    let (store, account, session) = (open(dir.path(), &clock), server.account("support"), server.session("support"));
    let connection = ImapConnection::over(session, &remotes(&store), &account).unwrap();
    Room { dir, clock, store, account, connection, server }
}

fn draft(body: &str) -> Draft {
    Draft {
        kind: DraftKind::New,
        inbox: Some(InboxId::new("support").unwrap()),
        to: vec![Address::new("Carla", "carla@c.example"), Address::new("", "half-typed")],
        bcc: vec![Address::new("", "boss@shop.example")],
        subject: "Your refund".into(),
        body: body.into(),
        ..Draft::default()
    }
}

/// A mail as another program sees it: its UID, its flags, its text.
type Seen = (u32, Vec<String>, String);

impl Room {
    fn copy(&mut self) {
        copy(&self.store, &self.account, &mut self.connection.session, true, self.clock.now()).unwrap();
    }

    /// Keeps a draft a little later than whatever was kept before.
    fn save(&self, draft: &Draft) -> Draft {
        self.clock.advance(1_000);
        self.store.save_draft(draft).unwrap()
    }

    fn seen(&self) -> Vec<Seen> {
        let mut other = self.server.session("support");
        other.examine("Drafts").unwrap();
        let mails = other.uid_fetch_full("1:*").unwrap();
        let text = |bytes: Option<Vec<u8>>| String::from_utf8_lossy(&bytes.unwrap()).into_owned();
        mails.into_iter().map(|mail| (mail.uid, mail.flags.unwrap(), text(mail.body))).collect()
    }

    /// Tells whether exactly one draft stands there, with these words.
    fn only(&self, words: &str) -> bool {
        let seen = self.seen();
        seen.len() == 1 && seen[0].2.contains(words)
    }
}

#[test]
fn a_draft_that_rests_is_copied_as_a_draft_with_its_blind_copies_and_each_version_takes_the_place_of_the_last() {
    let Some(mut room) = room() else { return };
    let mut errand = DraftErrand::new(room.store.clone(), room.account.clone().into(), true);
    let first = room.save(&draft("It is on"));
    errand.run(&mut room.connection).unwrap();
    assert_eq!(room.seen(), [], "not while somebody is typing");
    room.clock.advance(REST);
    errand.run(&mut room.connection).unwrap();
    let seen = room.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    let (_, flags, text) = &seen[0];
    assert!(flags.iter().any(|f| f == "\\Draft") && flags.iter().any(|f| f == "\\Seen"), "{flags:?}");
    for field in ["To: Carla <carla@c.example>\r\n", "Bcc: boss@shop.example", "Subject: Your refund", "It is on"] {
        assert!(text.contains(field), "{field}: {text}");
    }
    let asked = room.connection.session.commands();
    errand.run(&mut room.connection).unwrap();
    assert_eq!(room.connection.session.commands(), asked, "where nothing is to be done the server is asked nothing");
    room.save(&Draft { body: "It is on its way.".into(), ..first });
    room.clock.advance(REST);
    errand.run(&mut room.connection).unwrap();
    assert!(room.only("It is on its way."), "{:?}", room.seen());
}

#[test]
fn a_copy_goes_when_the_draft_is_sent_or_discarded_and_comes_back_with_it() {
    let Some(mut room) = room() else { return };
    let kept = room.save(&draft("first"));
    room.copy();
    assert!(room.only("first"));
    room.store.discard_draft(kept.id).unwrap();
    room.copy();
    assert_eq!(room.seen(), []);
    let back = room.store.restore_draft(kept.id).unwrap().unwrap();
    room.copy();
    assert!(room.only("first"));
    let whole = Draft { to: vec![Address::new("", "carla@c.example")], ..back };
    let whole = room.save(&whole);
    let mail = compose::prepare(&room.store, &whole, room.clock.now(), false).unwrap();
    assert!(!mail.message_id.is_draft_copy(), "the mail has an id of its own");
    let id = room.store.queue(&mail).unwrap().id;
    room.copy();
    assert_eq!(room.seen(), []);
    room.store.cancel(id).unwrap().unwrap();
    room.copy();
    assert!(room.only("first"), "what is taken back is a draft again");
}

#[test]
fn nothing_of_anybody_else_is_touched() {
    let Some(mut room) = room() else { return };
    let theirs = "Message-ID: <a@thunderbird>\nSubject: Theirs\nFrom: support@shop.example\n\nnot yours\n";
    room.server.deliver("support", "Drafts", theirs);
    room.server.deliver(
        "support",
        "Drafts",
        "Message-ID: <postroom-draft.0@shop.example>\nSubject: A colleague's\n\ntheirs\n",
    );
    let kept = room.save(&draft("mine"));
    room.copy();
    // Another program goes on writing on our copy: a new mail with the same id, and ours marked as deleted.
    let ours = room.seen().into_iter().find(|mail| mail.2.contains("mine")).unwrap().2;
    room.server.deliver("support", "Drafts", &ours.replace("mine", "written on elsewhere"));
    room.store.discard_draft(kept.id).unwrap();
    room.copy();
    let texts: Vec<String> = room.seen().into_iter().map(|mail| mail.2).collect();
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("written on elsewhere")), "{texts:?}");
}

#[test]
fn two_stores_on_one_mailbox_leave_each_others_copies_alone() {
    let Some(mut room) = room() else { return };
    let other_dir = tempfile::tempdir().unwrap();
    let other = open(other_dir.path(), &room.clock);
    other.save_draft(&draft("from the laptop")).unwrap();
    copy(&other, &room.account, &mut room.connection.session, true, room.clock.now()).unwrap();
    let kept = room.save(&draft("from the desk"));
    room.copy();
    assert_eq!(room.seen().len(), 2);
    room.store.discard_draft(kept.id).unwrap();
    room.copy();
    assert!(room.only("from the laptop"));
}

#[test]
fn a_crash_at_any_step_leaves_one_copy_and_no_heap() {
    let Some(mut room) = room() else { return };
    let account = room.account.id.clone();
    let flags = ["\\Draft", "\\Seen"];
    let noted = |room: &Room, draft: &Draft| {
        let id = compose::draft_copy_id(&room.store, draft).unwrap();
        (room.store.begin_draft_copy(&account, draft, "Drafts", &id).unwrap(), id)
    };
    // Noted, and then nothing.
    let kept = room.save(&draft("one"));
    noted(&room, &kept);
    room.copy();
    assert!(room.only("one"));
    // Appended, and then nothing: the answer never came.
    let kept = room.save(&Draft { body: "two".into(), ..kept });
    let (_, id) = noted(&room, &kept);
    let bytes = compose::draft_copy(&room.store, &kept, &id, 0).unwrap();
    room.connection.session.append("Drafts", &flags, None, &bytes).unwrap();
    room.copy();
    assert!(room.only("two"), "{:?}", room.seen());
    // The same, and somebody wrote on before the next start.
    let kept = room.save(&Draft { body: "three".into(), ..kept });
    let (_, id) = noted(&room, &kept);
    let bytes = compose::draft_copy(&room.store, &kept, &id, 0).unwrap();
    room.connection.session.append("Drafts", &flags, None, &bytes).unwrap();
    let kept = room.save(&Draft { body: "four".into(), ..kept });
    room.copy();
    assert!(room.only("four"), "{:?}", room.seen());
    // The new one is placed, the old one not yet removed.
    let kept = room.save(&Draft { body: "five".into(), ..kept });
    let (number, id) = noted(&room, &kept);
    let bytes = compose::draft_copy(&room.store, &kept, &id, 0).unwrap();
    let at = room.connection.session.append("Drafts", &flags, None, &bytes).unwrap();
    room.store.place_draft_copy(number, at.validity.unwrap(), at.uid.unwrap()).unwrap();
    assert_eq!(room.seen().len(), 2);
    room.copy();
    assert!(room.only("five"), "{:?}", room.seen());
    // It was about to be removed, and the draft was brought back before it was.
    room.store.discard_draft(kept.id).unwrap();
    room.store.doom_draft_copy(number).unwrap();
    room.store.restore_draft(kept.id).unwrap();
    room.copy();
    assert!(room.only("five"), "{:?}", room.seen());
    assert_eq!(room.store.draft_copies(&account).unwrap().len(), 1);
    // It is gone from the server already, only nobody wrote that down.
    room.store.discard_draft(kept.id).unwrap();
    let gone = room.seen()[0].0.to_string();
    let mut other = room.server.session("support");
    other.select("Drafts").unwrap();
    other.store_flags(&gone, "+FLAGS", &["\\Deleted"]).unwrap();
    other.expunge(&gone).unwrap();
    room.copy();
    assert_eq!((room.seen(), room.store.draft_copies(&account).unwrap()), (vec![], vec![]));
}

#[test]
fn switching_it_off_takes_the_copies_away() {
    let Some(mut room) = room() else { return };
    room.save(&draft("here"));
    room.copy();
    let mut errand = DraftErrand::new(room.store.clone(), room.account.clone().into(), false);
    errand.run(&mut room.connection).unwrap();
    assert_eq!(room.seen(), []);
    room.clock.advance(REST);
    let asked = room.connection.session.commands();
    errand.run(&mut room.connection).unwrap();
    assert_eq!(room.connection.session.commands(), asked);
}

#[test]
fn a_server_without_uidplus_gets_the_copies_and_shows_the_old_ones_as_deleted() {
    let Some(server) = Dovecot::without(&["UIDPLUS"]) else { return };
    let mut room = room_on(server);
    let kept = room.save(&draft("one"));
    room.copy();
    room.save(&Draft { body: "two".into(), ..kept });
    room.copy();
    let standing: Vec<String> =
        room.seen().into_iter().filter(|mail| !mail.1.iter().any(|f| f == "\\Deleted")).map(|mail| mail.2).collect();
    assert_eq!(standing.len(), 1, "{standing:?}");
    assert!(standing[0].contains("two"));
}

#[test]
fn a_copy_that_a_pass_brings_in_is_no_message_of_its_conversation() {
    let Some(mut room) = room() else { return };
    let question = "Message-ID: <q1@c.example>\r\nFrom: Carla <carla@c.example>\r\nTo: support@shop.example\r\nSubject: Refund\r\n\r\nWhere?\r\n";
    let take = |room: &Room, folder: &str, uid: u32, flags: &[String], raw: &str| {
        let folder = room.store.folder(&room.account.id, folder, FolderRole::Other).unwrap();
        let content = Content::Whole(raw.as_bytes().to_vec());
        let (size, arrived, flags) = (raw.len() as u64, room.clock.now(), flags.to_vec());
        room.store.ingest(folder.id, vec![Incoming { uid, flags, arrived, size, modseq: None, content }]).unwrap();
    };
    take(&room, "INBOX", 1, &[], question);
    let parent = MessageId::new("q1@c.example").unwrap();
    let conversation = room.store.conversation_of(&parent).unwrap().unwrap();
    let answer = Draft {
        parent: Some(parent),
        conversation: Some(conversation.clone()),
        kind: DraftKind::Reply,
        ..draft("half")
    };
    room.save(&answer);
    room.copy();
    room.save(&draft("to somebody new"));
    room.copy();
    for (uid, flags, text) in room.seen() {
        take(&room, "Drafts", uid, &flags, &text);
    }
    let rows = room.store.rows(std::slice::from_ref(&conversation)).unwrap();
    assert_eq!(rows[0].messages, 1);
    assert_eq!(room.store.message_ids(&conversation).unwrap().len(), 1);
    let all = room.store.counts(&Handle::new("alice").unwrap()).unwrap();
    assert_eq!(all.get(&postroom::model::view::View::All), 1, "and none is a conversation of its own");
    assert_eq!(room.store.check().unwrap(), Vec::<String>::new());
    // Sent by another program under the id of our copy it is a mail like any other.
    let (_, _, text) = room.seen().into_iter().find(|mail| mail.2.contains("half")).unwrap();
    take(&room, "Sent", 7, &["\\Seen".to_owned()], &text);
    assert_eq!(room.store.rows(&[conversation]).unwrap()[0].messages, 2);
    assert_eq!(room.store.check().unwrap(), Vec::<String>::new());
    drop(room.dir);
}

#[test]
fn a_full_mailbox_holds_up_nothing_and_the_copy_comes_when_there_is_room() {
    let quota = "mail_plugins = quota\nplugin {\n  quota = count:User quota\n  quota_vsizes = yes\n  quota_rule = *:storage=4K\n}\n";
    let Some(server) = Dovecot::with(quota) else { return };
    let mut room = room_on(server);
    let kept = room.save(&draft(&"a long text that has no room there. ".repeat(300)));
    room.clock.advance(REST);
    let mut errand = DraftErrand::new(room.store.clone(), room.account.clone().into(), true);
    errand.run(&mut room.connection).unwrap();
    assert!(room.connection.session.is_usable());
    assert_eq!(room.seen(), []);
    room.save(&Draft { body: "short".into(), ..kept });
    room.clock.advance(301_000);
    errand.run(&mut room.connection).unwrap();
    assert!(room.only("short"), "{:?}", room.seen());
    assert_eq!(room.store.draft_copies(&room.account.id).unwrap().len(), 1);
}

#[test]
fn beside_the_screen_a_draft_is_copied_as_soon_as_it_rests_and_removed_as_soon_as_it_is_gone() {
    let Some(room) = room() else { return };
    let maker: postroom::sync::ErrandMaker = Box::new(|store, account| {
        Ok(vec![Box::new(DraftErrand::new(store.clone(), account.clone(), true)) as Box<dyn Errand>])
    });
    let secrets =
        postroom::sync::Configured { prompt: |_: &AccountId, _: &postroom::config::Endpoint| None, grants: None };
    let (store, accounts) = (room.store.clone(), vec![room.account.clone().into()]);
    let supervisor = Supervisor::start_with(store, accounts, Arc::new(secrets), maker, |_| {});
    let mut watching = room.server.session("support");
    watching.examine("Drafts").unwrap();
    let mut wait_until = |standing: usize| {
        while room.seen().len() != standing {
            watching.idle(Duration::from_secs(60)).unwrap();
            watching.take_events();
        }
    };
    let kept = room.save(&draft("typed beside the sync"));
    room.clock.advance(REST);
    wait_until(1);
    assert!(room.only("typed beside the sync"));
    room.store.discard_draft(kept.id).unwrap();
    wait_until(0);
    supervisor.stop();
}
