//! Sending, against a real SMTP server and a real Dovecot.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use crate::support::desk::{agent, author, inbox, main};
use crate::support::dovecot::Dovecot;
use crate::support::smtp::{At, How, PASSWORD, Setting, SmtpServer};
use postroom::config::{Auth, Security, Sending};
use postroom::error::UserError;
use postroom::model::address::Address;
use postroom::model::agent::Team;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, ConversationId, InboxId, MessageId};
use postroom::model::reply::{Draft, DraftKind, Identity, OutState, Outgoing};
use postroom::model::sender_name::SenderName;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::service::compose::{begin, prepare};
use postroom::service::review::warnings;
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};
use postroom::sync::Remotes;
use postroom::sync::error::SyncError;
use postroom::sync::imap::{ImapAccount, ImapConnection};
use postroom::sync::imap::{Session, Waker};
use postroom::sync::outbox;
use postroom::sync::remote::Filing;
use postroom::sync::smtp::{Envelope, Outcome, Smtp};
use postroom::sync::transport::{Place, Transport};
use postroom::text;

const NOW: i64 = 1_795_000_000_000;

fn envelope(to: &[&str]) -> Envelope {
    Envelope {
        from: "support@shop.example".into(),
        recipients: to.iter().map(|t| (*t).to_owned()).collect(),
        utf8: false,
    }
}

const MAIL: &[u8] = b"Subject: x\r\n\r\n.dot\r\n..\r\nhello\r\n.\r\nend\r\n";

fn said(mail: &Outgoing) -> String {
    text::render_any(mail.reason.as_ref())
}

#[test]
fn a_mail_goes_out_over_every_kind_of_connection_and_login() {
    let server = SmtpServer::start();
    for security in [Security::Plain, Security::StartTls, Security::Tls] {
        let mut smtp = Smtp::new(&server.endpoint(security), PASSWORD);
        let outcome = smtp.send(&envelope(&["carla@x.example"]), MAIL);
        assert!(
            matches!(&outcome, Outcome::Accepted { refused, .. } if refused.is_empty()),
            "{security:?}: {outcome:?}"
        );
    }
    let mails = server.mails();
    assert_eq!(mails.len(), 3);
    assert!(mails.iter().all(|m| m.bytes == MAIL && m.parameters == format!("SIZE={}", MAIL.len())));
    let login = SmtpServer::with(Setting { auth: "LOGIN", ..Setting::default() });
    let mut smtp = Smtp::new(&login.endpoint(Security::Tls), PASSWORD);
    assert!(matches!(smtp.send(&envelope(&["c@x.example"]), MAIL), Outcome::Accepted { .. }));
    let mut token = server.endpoint(Security::Tls);
    token.auth = Auth::XOAuth2;
    let mut smtp = Smtp::new(&token, "token");
    assert!(matches!(smtp.send(&envelope(&["c@x.example"]), MAIL), Outcome::Accepted { .. }));
}

#[test]
fn a_token_logs_in_by_oauthbearer_and_a_refused_one_says_what_to_check() {
    let server = SmtpServer::start();
    for security in [Security::StartTls, Security::Tls] {
        let mut endpoint = server.endpoint(security);
        endpoint.auth = Auth::OAuthBearer;
        endpoint.user = "a=b,c@shop.example".into();
        let mut smtp = Smtp::new(&endpoint, "token");
        let outcome = smtp.send(&envelope(&["c@x.example"]), MAIL);
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        let outcome = Smtp::new(&endpoint, "old token").send(&envelope(&["c@x.example"]), MAIL);
        let Outcome::Blocked(error) = outcome else { panic!("{outcome:?}") };
        assert!(error.to_string().contains("check user and token"), "{error}");
    }
    assert_eq!(server.mails().len(), 2);
    let logins: Vec<String> = server.lines().into_iter().filter(|line| line.starts_with("bearer ")).collect();
    assert_eq!(logins.len(), 4);
    assert!(logins.iter().all(|line| line.starts_with("bearer yes n,a=a=3Db=2Cc@shop.example,")), "{logins:?}");
}

#[test]
fn a_certificate_that_names_its_host_as_its_subject_alone_gets_no_mail_and_is_told() {
    let server = SmtpServer::with(Setting { has_names: false, ..Setting::default() });
    for security in [Security::StartTls, Security::Tls] {
        let mut smtp = Smtp::new(&server.endpoint(security), PASSWORD);
        let outcome = smtp.send(&envelope(&["carla@x.example"]), MAIL);
        let Outcome::Blocked(error) = outcome else { panic!("{security:?}: {outcome:?}") };
        assert!(error.to_string().contains("subjectAltName"), "{error}");
    }
    assert!(server.mails().is_empty() && !server.lines().iter().any(|line| line.starts_with("AUTH")));
}

#[test]
fn one_connection_carries_many_mails() {
    let server = SmtpServer::start();
    let mut smtp = Smtp::new(&server.endpoint(Security::StartTls), PASSWORD);
    for _ in 0..50 {
        assert!(matches!(smtp.send(&envelope(&["c@x.example"]), MAIL), Outcome::Accepted { .. }));
    }
    assert_eq!((server.mails().len(), server.connections()), (50, 1));
}

#[test]
fn a_kept_connection_that_the_server_closed_is_opened_anew() {
    let server = SmtpServer::start();
    let mut smtp = Smtp::new(&server.endpoint(Security::Plain), PASSWORD);
    smtp.send(&envelope(&["c@x.example"]), MAIL);
    for how in [How::Cut, How::Say("421 4.3.2 too many mails here".into())] {
        server.fault(At::Mail, how);
        assert!(matches!(smtp.send(&envelope(&["c@x.example"]), MAIL), Outcome::Accepted { .. }));
    }
    assert_eq!(server.mails().len(), 3);
}

#[test]
fn trouble_that_only_a_person_can_mend_is_told_apart() {
    let server = SmtpServer::start();
    let blocked = |smtp: &mut Smtp| match smtp.send(&envelope(&["c@x.example"]), MAIL) {
        Outcome::Blocked(error) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(blocked(&mut Smtp::new(&server.endpoint(Security::Plain), "wrong")).contains("refuses the login of alice"));
    let mut unknown = server.endpoint(Security::Tls);
    unknown.ca_file = None;
    assert!(blocked(&mut Smtp::new(&unknown, PASSWORD)).contains("certificate"));
    let mut far = server.endpoint(Security::Plain);
    far.host = "mail.example.com".into();
    assert!(blocked(&mut Smtp::new(&far, PASSWORD)).contains("in clear"));
    let bare = SmtpServer::with(Setting { starttls: false, ..Setting::default() });
    assert!(blocked(&mut Smtp::new(&bare.endpoint(Security::StartTls), PASSWORD)).contains("STARTTLS"));
    assert!(!bare.lines().iter().any(|l| l.starts_with("AUTH")), "the password went out in clear");
}

#[test]
fn refusals_come_with_the_servers_words_and_what_they_mean() {
    let server = SmtpServer::with(Setting { size: 20_000, utf8: false, ..Setting::default() });
    let mut smtp = Smtp::new(&server.endpoint(Security::Plain), PASSWORD);
    let mut refused = |envelope: Envelope, bytes: &[u8]| match smtp.send(&envelope, bytes) {
        Outcome::Refused { words } => words,
        other => panic!("{other:?}"),
    };
    let to = || envelope(&["c@x.example"]);
    let words = refused(Envelope { from: "forbidden@shop.example".into(), ..to() }, MAIL);
    assert!(words.contains("5.7.60") && words.contains("Send As"), "{words}");
    assert!(refused(envelope(&["reject@x.example"]), MAIL).contains("no such user"));
    let big = [b"Subject: x\r\n\r\n".to_vec(), b"0123456789abcdef\r\n".repeat(2000)].concat();
    assert!(refused(to(), &big).contains("takes mails up to"));
    assert!(
        refused(Envelope { utf8: true, recipients: vec!["用户@x.example".into()], ..to() }, MAIL).contains("SMTPUTF8")
    );
    assert!(!server.lines().iter().any(|l| l == "DATA"));
    assert!(matches!(smtp.send(&to(), MAIL), Outcome::Accepted { .. }), "the way is good after refusals");
}

#[test]
fn recipients_are_told_apart() {
    let server = SmtpServer::start();
    let mut smtp = Smtp::new(&server.endpoint(Security::Plain), PASSWORD);
    let outcome = smtp.send(&envelope(&["carla@x.example", "reject@x.example", "defer@x.example"]), MAIL);
    let Outcome::Accepted { refused, .. } = outcome else { panic!("{outcome:?}") };
    let said: Vec<(&str, bool)> = refused.iter().map(|r| (r.recipient.as_str(), r.permanent)).collect();
    assert_eq!(said, [("reject@x.example", true), ("defer@x.example", false)]);
    assert_eq!(server.mails()[0].to, ["carla@x.example"]);
}

#[test]
fn after_the_last_byte_an_end_is_unknown_and_before_it_is_safe() {
    for at in At::ALL {
        for how in [How::Cut, How::Stall, How::Say("452 4.3.1 not now".into())] {
            let server = SmtpServer::start();
            let mut endpoint = server.endpoint(Security::Plain);
            endpoint.timeout = 1;
            if matches!((at, &how), (At::Body | At::Stored | At::Answered | At::Connect, How::Say(_))) {
                continue;
            }
            server.fault(at, how.clone());
            // A small mail and its final dot are out before a server can break in the middle of it.
            let big = [MAIL, &b"0123456789abcdef\r\n".repeat(400_000)].concat();
            let mail = if at == At::Body { big.as_slice() } else { MAIL };
            let outcome = Smtp::new(&endpoint, PASSWORD).send(&envelope(&["c@x.example"]), mail);
            let taken = server.mails().len();
            match outcome {
                Outcome::Later { .. } => assert_eq!(taken, 0, "{at:?} {how:?} would be sent twice"),
                Outcome::Unknown { .. } => {
                    let stalled = at == At::Body && how == How::Stall;
                    assert!(matches!(at, At::Dot | At::Stored) || stalled, "{at:?} {how:?}");
                }
                Outcome::Accepted { .. } => assert_eq!((at, taken), (At::Answered, 1), "{at:?} {how:?}"),
                other => panic!("{at:?} {how:?}: {other:?}"),
            }
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------------------
// The outbox.

fn team() -> Team {
    let support = inbox("support", Address::new("Shop Support", "support@shop.example"));
    Team { agents: vec![agent("alice", "ALICE"), agent("bob", "BOB")], inboxes: vec![support], ..Team::default() }
}

fn open(dir: &Path, clock: &Clock) -> Store {
    open_as(dir, clock, "alice")
}

fn open_as(dir: &Path, clock: &Clock, actor: &str) -> Store {
    let author = author(actor, clock.clone(), Ids::default());
    Store::open(dir, StoreOptions { author, team: team(), history_after: 365 * Timestamp::DAY }).unwrap()
}

fn sending() -> Sending {
    Sending {
        undo_seconds: 10,
        quote: true,
        identity: Identity::SendAs,
        company: "Shop".into(),
        variables: BTreeMap::new(),
        signatures: BTreeMap::from([("support".to_owned(), "Shop Support".to_owned())]),
        copy_drafts: false,
    }
}

fn account(server: &SmtpServer) -> ImapAccount {
    let mut account = crate::support::dovecot::account(server.endpoint(Security::Plain));
    account.smtp = Some(server.endpoint(Security::Plain));
    account
}

fn ingest(store: &Store, uid: u32, arrived: Timestamp, raw: &str) {
    let folder = store.folder(&main(), "INBOX", FolderRole::Inbox).unwrap();
    let raw = raw.replace('\n', "\r\n");
    let mail = Incoming {
        uid,
        flags: vec![],
        arrived,
        size: raw.len() as u64,
        modseq: None,
        content: Content::Whole(raw.into_bytes()),
    };
    let _ = store.ingest(folder.id, vec![mail]).unwrap();
}

const QUESTION: &str = "Message-ID: <q1@c.example>\nFrom: Carla <carla@c.example>\nTo: support@shop.example\nSubject: Refund\n\
                        Date: Wed, 18 Nov 2026 10:00:00 +0000\n\nWhere is my refund?\n";

fn conversation() -> ConversationId {
    ConversationId::of_root(&MessageId::new("q1@c.example").unwrap())
}

fn reply(store: &Store, body: &str) -> Draft {
    let inbox = InboxId::new("support").unwrap();
    let parent = MessageId::new("q1@c.example").unwrap();
    let draft = begin(store, &sending(), DraftKind::Reply, &conversation(), &inbox, &parent).unwrap();
    let body = format!("{body}{}", draft.body);
    store.save_draft(&Draft { body, ..draft }).unwrap()
}

/// A mailbox in memory.
#[derive(Default)]
struct Fake {
    sent: HashSet<String>,
    inbox: HashSet<String>,
    fails: bool,
    copies: usize,
    refreshes: usize,
    smtp: Option<Smtp>,
}

impl Fake {
    fn answer(&self) -> Result<(), UserError> {
        if self.fails { Err(UserError::new(postroom::error::ErrorKind::Remote, "imap is away")) } else { Ok(()) }
    }
}

impl Filing for Fake {
    fn refresh(&mut self) -> Result<(), UserError> {
        self.refreshes += 1;
        self.answer()
    }
    fn filed(&mut self, ids: &[MessageId]) -> Result<HashSet<MessageId>, UserError> {
        self.answer()?;
        Ok(ids.iter().filter(|id| self.sent.contains(id.as_str())).cloned().collect())
    }
    fn file(&mut self, id: &MessageId, copy: &[u8]) -> Result<(), UserError> {
        self.answer()?;
        assert!(copy.starts_with(b"Message-ID:"));
        self.copies += 1;
        self.sent.insert(id.as_str().to_owned());
        Ok(())
    }
}

impl Transport for Fake {
    fn ready(&mut self) -> Result<(), SyncError> {
        Ok(())
    }
    fn send(&mut self, envelope: &Envelope, bytes: &[u8], mark: &mut dyn FnMut() -> Result<(), String>) -> Outcome {
        self.smtp.as_mut().unwrap().send_marked(envelope, bytes, mark)
    }
    fn find(&mut self, id: &MessageId) -> Result<Place, UserError> {
        self.answer()?;
        Ok(if self.sent.contains(id.as_str()) {
            Place::Sent
        } else if self.inbox.contains(id.as_str()) {
            Place::Inbox
        } else {
            Place::Nowhere
        })
    }
    fn explain(&self, words: &str) -> String {
        postroom::sync::smtp::explain(words)
    }
}

struct Room {
    _dir: tempfile::TempDir,
    clock: Clock,
    store: Store,
    server: SmtpServer,
    account: ImapAccount,
    mailbox: Fake,
}

fn room() -> Room {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(Timestamp(NOW));
    let store = open(dir.path(), &clock);
    ingest(&store, 1, Timestamp(NOW - 60_000), QUESTION);
    let server = SmtpServer::start();
    let account = account(&server);
    Room { _dir: dir, clock, store, server, account, mailbox: Fake::default() }
}

impl Room {
    fn drain(&mut self) -> Result<outbox::Drained, UserError> {
        self.mailbox.smtp = Some(Smtp::new(self.account.smtp.as_ref().unwrap(), PASSWORD));
        let (account, others) = ((&self.account).into(), alone(&self.store));
        // A process that another test starts holds what is locked here until its own program has begun.
        for _ in 0..1_000_000 {
            if let Some(done) = outbox::drain(&self.store, &account, &mut self.mailbox, &others)? {
                return Ok(done);
            }
            std::thread::yield_now();
        }
        panic!("another process works on the outbox");
    }

    fn queue(&self, body: &str) -> i64 {
        let draft = reply(&self.store, body);
        let mail = prepare(&self.store, &draft, self.clock.now(), false).unwrap();
        self.store.queue(&mail).unwrap().id
    }

    fn state(&self, id: i64) -> (OutState, String) {
        let mail = self.store.outgoing_by_id(id).unwrap().unwrap();
        (mail.state, text::render_any(mail.reason.as_ref()))
    }
}

#[test]
fn a_reply_is_sent_filed_and_recorded_once() {
    let mut room = room();
    let id = room.queue("It is on its way.");
    let done = room.drain().unwrap();
    assert_eq!((done.sent, done.filed), (1, 1));
    assert_eq!(room.state(id).0, OutState::Filed);
    assert_eq!((room.server.mails().len(), room.mailbox.copies), (1, 1));
    let mail = &room.server.mails()[0];
    let read = postroom::mime::envelope(&mail.bytes);
    assert_eq!(read.in_reply_to, [MessageId::new("q1@c.example").unwrap()]);
    assert_eq!(read.subject, "Re: Refund");
    assert!(String::from_utf8_lossy(&mail.bytes).contains("> Where is my refund?"));
    room.drain().unwrap();
    assert_eq!((room.server.mails().len(), room.mailbox.copies), (1, 1));
    assert_eq!(room.store.outgoing_bytes(id).unwrap(), None);
}

#[test]
fn a_mail_bears_the_name_of_whoever_wrote_it_where_its_inbox_wants_that() {
    let mut room = room();
    let dir = room.store.path().parent().unwrap().to_owned();
    for (actor, pattern, from) in [
        ("alice", "{agent} at {inbox}", "ALICE at Shop Support"),
        ("bob", "{agent} ({inbox})", "BOB (Shop Support)"),
        ("alice", "Jörg, {agent}", "Jörg, ALICE"),
    ] {
        let names = BTreeMap::from([(InboxId::new("support").unwrap(), SenderName::parse(pattern).unwrap())]);
        let team = Team { sender_names: names, ..team() };
        let author = author(actor, room.clock.clone(), Ids::default());
        room.store = Store::open(&dir, StoreOptions { author, team, history_after: 365 * Timestamp::DAY }).unwrap();
        let draft = reply(&room.store, &format!("{actor} answers."));
        let mail = prepare(&room.store, &draft, room.clock.now(), true).unwrap();
        assert_eq!(mail.delivery.from, "support@shop.example", "the envelope is the inbox's");
        let _ = room.store.queue(&mail).unwrap();
        assert_eq!(room.drain().unwrap().sent, 1);
        let sent = room.server.mails().last().unwrap().bytes.clone();
        let read = postroom::mime::envelope(&sent);
        assert_eq!(read.from, [Address::new(from, "support@shop.example")], "{}", String::from_utf8_lossy(&sent));
        assert!(read.sender.is_none() && read.reply_to.is_empty());
        // The agent's own address bears the agent's own name, and answers go to the inbox as it is called.
        let own = Draft { identity: Identity::Personal, ..draft.clone() };
        let built = prepare(&room.store, &own, room.clock.now(), true).unwrap();
        let read = postroom::mime::envelope(&built.copy);
        assert_eq!(read.reply_to, [Address::new("Shop Support", "support@shop.example")]);
    }
}

#[test]
fn what_is_held_waits_for_its_time_and_can_be_taken_back() {
    let mut room = room();
    let draft = reply(&room.store, "Too fast.");
    let mail = prepare(&room.store, &draft, Timestamp(NOW + 10_000), false).unwrap();
    let id = room.store.queue(&mail).unwrap().id;
    room.drain().unwrap();
    assert_eq!(room.server.mails().len(), 0);
    assert!(room.store.cancel(id).unwrap().unwrap().body.starts_with("Too fast."));
    room.clock.advance(20_000);
    room.drain().unwrap();
    assert_eq!(room.server.mails().len(), 0);
    assert_eq!(room.store.drafts().unwrap().len(), 1);
}

#[test]
fn sending_stops_when_the_customer_or_a_colleague_was_faster() {
    let mut room = room();
    let id = room.queue("Answer.");
    let more = QUESTION.replace("<q1@", "<q2@").replace("Subject:", "In-Reply-To: <q1@c.example>\nSubject:");
    ingest(&room.store, 2, Timestamp(NOW - 1_000), &more);
    assert_eq!(room.drain().unwrap().attention, 1);
    let (state, reason) = room.state(id);
    assert_eq!(state, OutState::Stopped);
    assert!(reason.contains("Carla wrote: Refund"), "{reason}");
    assert_eq!(room.server.mails().len(), 0);
    assert!(room.store.retry(id, Timestamp(NOW), true).unwrap(), "send anyway");
    room.drain().unwrap();
    assert_eq!((room.server.mails().len(), room.state(id).0), (1, OutState::Filed));

    let id = room.queue("Second answer.");
    let bob = open_as(room.store.path().parent().unwrap(), &room.clock, "bob");
    let target = Target::on(MessageId::new("q1@c.example").unwrap());
    let note = Known::Note { text: "I have called her".into(), mentions: Default::default() };
    let _ = bob.commit(vec![NewOperation::new(note, vec![target])]).unwrap();
    room.drain().unwrap();
    let (state, reason) = room.state(id);
    assert_eq!(state, OutState::Stopped);
    assert!(reason.contains("bob wrote a note"), "{reason}");
}

#[test]
fn two_replies_of_ones_own_in_a_row_are_no_news() {
    let mut room = room();
    let one = room.queue("One.");
    let two = room.queue("Two.");
    room.drain().unwrap();
    assert_eq!((room.state(one).0, room.state(two).0), (OutState::Filed, OutState::Filed));
    assert_eq!(room.mailbox.refreshes, 1, "one check for all that are due");
}

#[test]
fn a_check_that_can_not_be_made_holds_the_mail_and_then_asks() {
    let mut room = room();
    let id = room.queue("Answer.");
    room.mailbox.fails = true;
    room.drain().unwrap();
    let (state, reason) = room.state(id);
    assert_eq!(state, OutState::Held);
    assert!(reason.starts_with("could not check whether somebody answered meanwhile: imap is away"), "{reason}");
    room.clock.advance(1_000_000);
    room.drain().unwrap();
    assert_eq!(room.state(id).0, OutState::Stopped);
    assert_eq!(room.server.mails().len(), 0);
    room.mailbox.fails = false;
    assert!(room.store.retry(id, room.clock.now(), false).unwrap());
    room.drain().unwrap();
    assert_eq!(room.state(id).0, OutState::Filed);
}

/// Goes on with a copy of the store, as whoever puts a backup back.
fn put_back(room: &mut Room) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let _ = room.store.copy_to(&dir.path().join("postroom.db")).unwrap();
    room.store = open(dir.path(), &room.clock);
    dir
}

#[test]
fn a_copy_of_the_store_sends_only_what_the_store_has_not_sent_and_asks_where_nobody_knows() {
    let mut room = room();
    let (sent, waits) = (room.queue("Sent by the other."), room.queue("Still waits."));
    let _dir = put_back(&mut room);
    let there = room.store.outgoing_by_id(sent).unwrap().unwrap().message_id;
    room.mailbox.sent.insert(there.as_str().to_owned());
    room.drain().unwrap();
    assert_eq!(room.state(sent), (OutState::Filed, "found in the mailbox".to_owned()));
    assert_eq!(room.state(waits).0, OutState::Filed);
    let mails = room.server.mails();
    assert_eq!(mails.len(), 1);
    assert!(String::from_utf8_lossy(&mails[0].bytes).contains("Still waits."));

    // One that the other may have sent is not sent while the mailbox can't be asked.
    let id = room.queue("Unknown.");
    let _dir = put_back(&mut room);
    room.mailbox.fails = true;
    room.drain().unwrap();
    assert_eq!((room.state(id).0, room.server.mails().len()), (OutState::Held, 1));
    room.clock.advance(1_000_000);
    room.drain().unwrap();
    assert_eq!(room.state(id).0, OutState::Stopped);
    assert!(room.store.retry(id, room.clock.now(), true).unwrap(), "send anyway");
    room.drain().unwrap();
    assert_eq!(room.server.mails().len(), 2);
}

#[test]
fn a_copy_of_a_store_that_had_sent_to_some_asks_before_it_sends_to_the_others() {
    let mut room = room();
    let draft = reply(&room.store, "To both.");
    let both = [Address::new("Carla", "carla@c.example"), Address::new("", "defer@c.example")];
    let draft = room.store.save_draft(&Draft { to: both.to_vec(), ..draft }).unwrap();
    let mail = prepare(&room.store, &draft, room.clock.now(), false).unwrap();
    let id = room.store.queue(&mail).unwrap().id;
    room.drain().unwrap();
    assert_eq!((room.state(id).0, room.server.mails().len()), (OutState::Held, 1));
    let _dir = put_back(&mut room);
    room.mailbox.sent.insert(mail.message_id.as_str().to_owned());
    room.clock.advance(100_000);
    room.drain().unwrap();
    assert_eq!((room.state(id).0, room.server.mails().len()), (OutState::Stopped, 1));
}

#[test]
fn a_reply_left_in_sending_is_looked_for_and_never_sent_blindly() {
    let mut room = room();
    let (lost, found) = (room.queue("Lost."), room.queue("Found."));
    for id in [lost, found] {
        assert!(room.store.begin_sending(id, None).unwrap());
        assert!(room.store.mark_out(id).unwrap());
    }
    let id = room.store.outgoing_by_id(found).unwrap().unwrap().message_id;
    room.mailbox.fails = true;
    room.drain().unwrap();
    assert_eq!(room.state(lost).0, OutState::Sending, "nobody could look");
    room.mailbox.fails = false;
    room.mailbox.inbox.insert(id.as_str().to_owned());
    room.drain().unwrap();
    assert_eq!(room.state(lost).0, OutState::Uncertain);
    assert_eq!(room.state(found).0, OutState::Filed);
    room.clock.advance(10_000_000);
    room.drain().unwrap();
    assert_eq!(room.server.mails().len(), 0);
    assert!(room.store.retry(lost, room.clock.now(), true).unwrap(), "a person decides");
    room.drain().unwrap();
    assert_eq!((room.server.mails().len(), room.state(lost).0), (1, OutState::Filed));
}

#[test]
fn a_reply_whose_last_byte_never_left_is_sent_again_by_itself() {
    let mut room = room();
    let id = room.queue("Half.");
    assert!(room.store.begin_sending(id, None).unwrap());
    room.drain().unwrap();
    assert_eq!((room.state(id).0, room.server.mails().len()), (OutState::Filed, 1));
}

#[test]
fn an_uncertain_reply_is_sent_when_it_turns_up_on_the_server() {
    let mut room = room();
    let id = room.queue("Where is it?");
    room.store.begin_sending(id, None).unwrap();
    room.store.mark_out(id).unwrap();
    room.drain().unwrap();
    assert_eq!(room.state(id).0, OutState::Uncertain);
    let message = room.store.outgoing_by_id(id).unwrap().unwrap().message_id;
    room.mailbox.sent.insert(message.as_str().to_owned());
    room.drain().unwrap();
    assert_eq!(room.state(id).0, OutState::Filed);
    assert_eq!((room.server.mails().len(), room.mailbox.copies), (0, 0));
}

#[test]
fn a_mail_bears_the_date_at_which_it_went_out_and_the_id_that_it_was_queued_with() {
    let mut room = room();
    let draft = reply(&room.store, "Later.");
    let mail = prepare(&room.store, &draft, Timestamp(NOW + 10_000), false).unwrap();
    room.store.queue(&mail).unwrap();
    room.clock.advance(7_200_000);
    room.drain().unwrap();
    let read = postroom::mime::envelope(&room.server.mails()[0].bytes);
    assert_eq!(read.date, Some(Timestamp(NOW + 7_200_000)));
    assert_eq!(read.message_id, Some(mail.message_id));
}

#[test]
fn a_recipient_that_is_put_off_gets_the_mail_later_and_the_others_get_it_once() {
    let mut room = room();
    let draft = reply(&room.store, "To all.");
    let to = ["carla@c.example", "reject@c.example", "defer@c.example"].map(|a| Address::new("", a)).to_vec();
    let draft = room.store.save_draft(&Draft { to, ..draft }).unwrap();
    let id = room.store.queue(&prepare(&room.store, &draft, room.clock.now(), false).unwrap()).unwrap().id;
    room.drain().unwrap();
    let (state, reason) = room.state(id);
    assert_eq!((state, reason.as_str()), (OutState::Held, "the others have it; not yet taken for defer@c.example"));
    room.clock.advance(60_000);
    room.drain().unwrap();
    let (state, reason) = room.state(id);
    assert_eq!(state, OutState::Filed);
    assert!(reason.contains("not delivered to reject@c.example: 550 5.1.1"), "{reason}");
    let to: Vec<Vec<String>> = room.server.mails().into_iter().map(|m| m.to).collect();
    assert_eq!(to, [["carla@c.example"], ["defer@c.example"]]);
}

#[test]
fn passing_trouble_is_tried_again_with_longer_waits_and_a_refused_login_shouts() {
    let mut room = room();
    let id = room.queue("Answer.");
    for wait in [30_000, 60_000, 120_000] {
        room.server.fault(At::Mail, How::Say("451 4.3.0 busy".into()));
        room.drain().unwrap();
        let mail = room.store.outgoing_by_id(id).unwrap().unwrap();
        assert_eq!((mail.state, mail.due.since(room.clock.now())), (OutState::Held, wait));
        room.clock.advance(wait);
    }
    room.server.fault(At::Auth, How::Say("535 5.7.8 no".into()));
    let error = room.drain().unwrap_err();
    assert!(error.message().contains("refuses the login"), "{error}");
    assert_eq!(room.state(id).0, OutState::Failed);
    assert!(room.store.retry(id, room.clock.now(), false).unwrap());
    room.drain().unwrap();
    assert_eq!((room.state(id).0, room.server.mails().len()), (OutState::Filed, 1));
}

#[test]
fn a_placeholder_keeps_a_mail_from_going_out() {
    let room = room();
    let draft = reply(&room.store, "Hello {customer.first_name},");
    let error = prepare(&room.store, &draft, room.clock.now(), false).unwrap_err();
    assert!(error.message().contains("{customer.first_name}"), "{error}");
    let stops: Vec<bool> = warnings(&room.store, &draft).unwrap().iter().map(|w| w.stops()).collect();
    assert_eq!(stops, [true]);
    let draft = Draft {
        body: "see attached".into(),
        subject: String::new(),
        to: vec![Address::new("", "x@y.example")],
        ..draft
    };
    assert_eq!(warnings(&room.store, &draft).unwrap().len(), 3);
}

#[test]
fn two_processes_never_work_on_one_outbox_at_once() {
    let mut room = room();
    let ids: Vec<i64> = (0..20).map(|n| room.queue(&format!("Answer {n}."))).collect();
    let (store, account) = (&room.store, &room.account);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(move || {
                let smtp = Some(Smtp::new(account.smtp.as_ref().unwrap(), PASSWORD));
                let mut fake = Fake { smtp, ..Fake::default() };
                let _ = outbox::drain(store, &account.into(), &mut fake, &alone(store)).unwrap();
            });
        }
    });
    room.drain().unwrap();
    assert_eq!(room.server.mails().len(), 20);
    assert!(ids.iter().all(|id| room.state(*id).0 == OutState::Filed));
}

// ---------------------------------------------------------------------------------------------------------------------------------
// With Dovecot.

/// Reads a folder into the store, as a sync pass does.
fn pass(store: &Store, session: &mut Session, name: &str, role: FolderRole) {
    let account = main();
    let folder = store.folder(&account, name, role).unwrap();
    let selected = session.examine(name).unwrap();
    if let (None, Some(validity)) = (folder.validity, selected.state.validity) {
        store.reset_folder(folder.id, validity).unwrap();
    }
    let known: HashSet<u32> = store.uids(folder.id).unwrap().into_iter().collect();
    let batch: Vec<Incoming> = session
        .uid_fetch_full("1:*")
        .unwrap()
        .into_iter()
        .filter(|m| !known.contains(&m.uid))
        .map(|m| Incoming {
            uid: m.uid,
            flags: m.flags.unwrap_or_default(),
            arrived: m.date.unwrap(),
            size: m.size.unwrap_or(0),
            modseq: None,
            content: Content::Whole(m.body.unwrap()),
        })
        .collect();
    let _ = store.ingest(folder.id, batch).unwrap();
}

fn count(session: &mut Session, folder: &str, id: &MessageId) -> usize {
    session.examine(folder).unwrap();
    session.search_message_id(id.as_str()).unwrap().len()
}

#[test]
fn a_question_an_answer_and_the_answer_to_it_stand_in_one_conversation() {
    let Some(dovecot) = Dovecot::start() else { return };
    let smtp_server = SmtpServer::start();
    let port = dovecot.endpoint("carla", Security::Plain);
    smtp_server.deliver(move |mail| {
        for to in &mail.to {
            let user = to.split('@').next().unwrap();
            let mut endpoint = port.clone();
            endpoint.user = user.to_owned();
            let mut session =
                Session::open(&endpoint, crate::support::dovecot::PASSWORD, &Waker::new().unwrap()).unwrap();
            session.append("INBOX", &[], None, &mail.bytes).unwrap();
        }
    });
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), &Clock::default());
    let mut account = dovecot.account("support");
    account.smtp = Some(smtp_server.endpoint(Security::StartTls));
    dovecot.deliver("support", "INBOX", QUESTION);
    let mut session = dovecot.session("support");
    pass(&store, &mut session, "INBOX", FolderRole::Inbox);
    pass(&store, &mut session, "Sent", FolderRole::Sent);

    let draft = reply(&store, "It is on its way.");
    let draft = store.save_draft(&Draft { bcc: vec![Address::new("", "boss@shop.example")], ..draft }).unwrap();
    let began = std::time::Instant::now();
    let mail = store.queue(&prepare(&store, &draft, store.author().clock.now(), false).unwrap()).unwrap();
    let mut connection = connection(&store, &account, dovecot.session("support"));
    let done = outbox::drain_over(&store, &(&account).into(), &alone(&store), &mut connection).unwrap().unwrap();
    eprintln!("key to filed, with login, check, STARTTLS and APPEND: {:?}", began.elapsed());
    assert_eq!((done.sent, done.filed), (1, 1));

    let mut carla = dovecot.session("carla");
    assert_eq!(count(&mut carla, "INBOX", &mail.message_id), 1);
    assert_eq!(count(&mut session, "Sent", &mail.message_id), 1);
    let copy = session.uid_fetch_full("1:*").unwrap().remove(0).body.unwrap();
    assert!(String::from_utf8_lossy(&copy).contains("Bcc: boss@shop.example"));
    carla.examine("INBOX").unwrap();
    let got = carla.uid_fetch_full("1:*").unwrap().remove(0).body.unwrap();
    assert!(!String::from_utf8_lossy(&got).contains("boss@"), "the blind copy stays blind");
    assert!(store.has_message(&mail.message_id).unwrap(), "the copy shows at once");

    let answer = format!(
        "Message-ID: <q2@c.example>\nFrom: Carla <carla@c.example>\nTo: support@shop.example\nSubject: Re: Refund\n\
         In-Reply-To: <{}>\nReferences: <q1@c.example> <{}>\n\nThank you!\n",
        mail.message_id, mail.message_id
    );
    dovecot.deliver("support", "INBOX", &answer);
    pass(&store, &mut session, "INBOX", FolderRole::Inbox);
    let basis = store.basis(&conversation()).unwrap().unwrap();
    assert_eq!(basis.anchor, MessageId::new("q2@c.example").unwrap(), "the answer is in the same conversation");

    // A second time nothing happens, and a copy that an answer was lost for is not appended again.
    outbox::drain_over(&store, &(&account).into(), &alone(&store), &mut connection).unwrap();
    assert_eq!((count(&mut carla, "INBOX", &mail.message_id), count(&mut session, "Sent", &mail.message_id)), (1, 1));
}

struct Given;

/// No other account.
fn alone(store: &Store) -> outbox::Others {
    outbox::Others { accounts: Vec::new(), remotes: remotes(store) }
}

fn remotes(store: &Store) -> Remotes {
    Remotes { store: store.clone(), secrets: std::sync::Arc::new(Given), stay: false }
}

fn connection(store: &Store, account: &ImapAccount, session: Session) -> ImapConnection {
    ImapConnection::over(session, &remotes(store), account).unwrap()
}

impl postroom::sync::SecretProvider for Given {
    fn secret(
        &self,
        _: &AccountId,
        _: &postroom::config::Endpoint,
    ) -> Result<String, postroom::sync::error::SyncError> {
        Ok(PASSWORD.to_owned())
    }
}

#[test]
fn an_answer_from_another_mail_program_stops_the_reply() {
    let Some(dovecot) = Dovecot::start() else { return };
    let server = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), &Clock::default());
    let mut account = dovecot.account("support");
    account.smtp = Some(server.endpoint(Security::Plain));
    dovecot.deliver("support", "INBOX", QUESTION);
    dovecot.deliver(
        "support",
        "Sent",
        "Message-ID: <old@shop.example>\nFrom: support@shop.example\nTo: x@y.example\n\nold\n",
    );
    let mut session = dovecot.session("support");
    pass(&store, &mut session, "INBOX", FolderRole::Inbox);
    pass(&store, &mut session, "Sent", FolderRole::Sent);
    let mut connection = connection(&store, &account, session);
    let draft = reply(&store, "From postroom.");
    let id = store.queue(&prepare(&store, &draft, store.author().clock.now(), false).unwrap()).unwrap().id;
    let elsewhere = "Message-ID: <o1@shop.example>\nFrom: Olga <support@shop.example>\nTo: carla@c.example\nSubject: Re: Refund\n\
                     In-Reply-To: <q1@c.example>\n\nFrom another program.\n";
    dovecot.deliver("support", "Sent", elsewhere);
    let done = outbox::drain_over(&store, &(&account).into(), &alone(&store), &mut connection).unwrap().unwrap();
    let mail = store.outgoing_by_id(id).unwrap().unwrap();
    assert_eq!((done.attention, mail.state, server.mails().len()), (1, OutState::Stopped, 0));
    assert!(said(&mail).contains("Olga wrote: Re: Refund"), "{}", said(&mail));
    assert!(store.retry(id, store.author().clock.now(), true).unwrap());
    let done = outbox::drain_over(&store, &(&account).into(), &alone(&store), &mut connection).unwrap().unwrap();
    assert_eq!((done.sent, done.filed, server.mails().len()), (1, 1, 1));
}

#[test]
fn what_was_filed_weeks_ago_is_forgotten_and_what_waits_is_not() {
    let Some(dovecot) = Dovecot::start() else { return };
    let server = SmtpServer::start();
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::fixed(Clock::System.now()));
    let store = open(dir.path(), &clock);
    let mut account = dovecot.account("support");
    account.smtp = Some(server.endpoint(Security::Plain));
    dovecot.deliver("support", "INBOX", QUESTION);
    let mut session = dovecot.session("support");
    pass(&store, &mut session, "INBOX", FolderRole::Inbox);
    let mut connection = connection(&store, &account, session);
    let queue = |text: &str, due| store.queue(&prepare(&store, &reply(&store, text), due, false).unwrap()).unwrap().id;
    let filed = queue("For now.", clock.now());
    let waiting = queue("For next year.", clock.now().plus(300 * 24 * 3_600_000));
    let mut drain =
        || outbox::drain_over(&store, &(&account).into(), &alone(&store), &mut connection).unwrap().unwrap();
    assert_eq!(drain().filed, 1);
    assert!(store.outgoing_by_id(filed).unwrap().is_some());
    clock.advance(20 * 24 * 3_600_000);
    drain();
    assert_eq!(store.outgoing_by_id(filed).unwrap(), None);
    assert_eq!(store.outgoing_by_id(waiting).unwrap().unwrap().state, OutState::Held);
}

#[test]
fn a_mail_whose_copy_finds_no_room_in_sent_is_sent_once_says_why_and_is_filed_when_there_is_room() {
    let quota = "mail_plugins = quota\nplugin {\n  quota = count:User quota\n  quota_vsizes = yes\n  quota_rule = *:storage=8K\n}\n";
    let Some(dovecot) = Dovecot::with(quota) else { return };
    let server = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(Timestamp(NOW));
    let store = open(dir.path(), &clock);
    let mut account = dovecot.account("support");
    account.smtp = Some(server.endpoint(Security::Plain));
    dovecot.deliver("support", "INBOX", QUESTION);
    let big = format!("Message-ID: <big@x.example>\nSubject: big\n\n{}", "0123456789abcdef\n".repeat(400));
    let big = dovecot.deliver("support", "INBOX", &big).to_string();
    let mut session = dovecot.session("support");
    pass(&store, &mut session, "INBOX", FolderRole::Inbox);
    let mut connection = connection(&store, &account, session);
    let draft = reply(&store, &"It is on its way. ".repeat(100));
    let mail = store.queue(&prepare(&store, &draft, clock.now(), false).unwrap()).unwrap();
    for _ in 0..3 {
        let _ = outbox::drain_over(&store, &(&account).into(), &alone(&store), &mut connection).unwrap().unwrap();
        clock.advance(3_600_000);
    }
    let standing = store.outgoing_by_id(mail.id).unwrap().unwrap();
    assert_eq!((standing.state, server.mails().len()), (OutState::Sent, 1), "{}", said(&standing));
    assert!(said(&standing).contains("sent; the copy could not be filed yet"), "{}", said(&standing));
    assert!(
        said(&standing).contains("the mailbox is full") && said(&standing).contains("make room"),
        "{}",
        said(&standing)
    );
    assert_eq!(count(&mut connection.session, "Sent", &mail.message_id), 0);
    assert!(connection.session.is_usable(), "a refusal ends no connection");
    connection.session.select("INBOX").unwrap();
    connection.session.store_flags(&big, "+FLAGS", &["\\Deleted"]).unwrap();
    connection.session.expunge(&big).unwrap();
    let done = outbox::drain_over(&store, &(&account).into(), &alone(&store), &mut connection).unwrap().unwrap();
    assert_eq!((done.sent, done.filed), (0, 1));
    let filed = store.outgoing_by_id(mail.id).unwrap().unwrap();
    assert_eq!((filed.state, server.mails().len()), (OutState::Filed, 1));
    assert_eq!(count(&mut connection.session, "Sent", &mail.message_id), 1);
}

#[test]
fn a_refused_recipient_is_named_beside_the_mail_that_the_others_have_and_in_a_note() {
    let mut room = room();
    let draft = reply(&room.store, "Hello all.");
    let to = ["carla@c.example", "reject@c.example"].map(|email| Address::new("", email)).to_vec();
    let draft = room.store.save_draft(&Draft { to, ..draft }).unwrap();
    let mail = prepare(&room.store, &draft, room.clock.now(), false).unwrap();
    let id = room.store.queue(&mail).unwrap().id;
    room.drain().unwrap();
    let (state, reason) = room.state(id);
    assert_eq!(state, OutState::Filed);
    assert!(reason.starts_with("not delivered to reject@c.example: ") && reason.contains("no such user"), "{reason}");
    assert!(!reason.contains("carla"), "who has it is not named: {reason}");
    assert_eq!(room.server.mails()[0].to, ["carla@c.example"]);
    let shown = room.store.conversation(&conversation(), 50).unwrap().unwrap();
    let notes: Vec<String> = shown
        .items
        .iter()
        .filter_map(|item| match item {
            postroom::model::conversation::Item::Note(note) => {
                Some(note.lines.iter().map(ToString::to_string).collect())
            }
            _ => None,
        })
        .collect();
    assert!(notes.len() == 1 && notes[0].contains("was not delivered to reject@c.example"), "{notes:?}");
}
