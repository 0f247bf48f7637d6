//! The check before sending where a conversation lies in the mailboxes of two accounts, or an inbox in a folder of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::support::dovecot::{Dovecot, PASSWORD};
use crate::support::smtp::SmtpServer;
use postroom::config::{Account, Endpoint, Security, Sending};
use postroom::model::address::Address;
use postroom::model::agent::{Inbox, Team};
use postroom::model::clock::{Clock, Ids};
use postroom::model::ids::{AccountId, ConversationId, Handle, InboxId, MessageId};
use postroom::model::reply::{Draft, DraftKind, Identity, OutState};
use postroom::op::operation::Known;
use postroom::op::record::{Author, NewOperation};
use postroom::service::compose::{begin, prepare};
use postroom::store::{Store, StoreOptions};
use postroom::sync::error::SyncError;
use postroom::sync::imap::log::once::sync_log_once;
use postroom::sync::imap::once::sync_once;
use postroom::sync::imap::{ImapAccount, ImapConnection};
use postroom::sync::outbox::{Others, drain_over};
use postroom::sync::{Remotes, SecretProvider, Waker};

const QUESTION: &str = "Message-ID: <q1@c.example>\nFrom: Carla <carla@c.example>\nTo: support@shop.example, sales@shop.example\n\
                        Subject: Refund\nDate: Wed, 18 Nov 2026 10:00:00 +0000\n\nWhere is my refund?\n";
const ANSWER: &str = "Message-ID: <o1@shop.example>\nFrom: Olga <sales@shop.example>\nTo: carla@c.example\nSubject: Re: Refund\n\
                      In-Reply-To: <q1@c.example>\n\nFrom another program.\n";

struct Given;

impl SecretProvider for Given {
    fn secret(&self, _: &AccountId, _: &Endpoint) -> Result<String, SyncError> {
        Ok(PASSWORD.to_owned())
    }
}

fn inbox(name: &str, account: &str, folder: Option<&str>) -> Inbox {
    Inbox {
        id: InboxId::new(name).unwrap(),
        account: AccountId::new(account).unwrap(),
        address: Address::new(name, format!("{name}@shop.example")),
        aliases: Vec::new(),
        folder: folder.map(str::to_owned),
        language: None,
    }
}

fn open(dir: &tempfile::TempDir, actor: &str, inboxes: Vec<Inbox>) -> Store {
    let (clock, ids) = (Clock::default(), Ids::default());
    let author = Author { actor: Handle::new(actor).unwrap(), host: "box".into(), clock, ids };
    let team = Team { agents: Vec::new(), inboxes, ..Team::default() };
    Store::open(dir.path(), StoreOptions { author, team, history_after: i64::MAX / 4 }).unwrap()
}

fn bring(store: &Store, account: &ImapAccount) {
    sync_once(store, account, PASSWORD, &mut |_| {}, &Waker::new().unwrap()).unwrap();
}

/// Alice, with her reply to the question in the outbox of support@.
struct Desk {
    store: Store,
    mail: i64,
    server: SmtpServer,
    _dir: tempfile::TempDir,
}

impl Desk {
    fn new(inboxes: Vec<Inbox>, accounts: &mut [ImapAccount]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = SmtpServer::start();
        accounts[0].smtp = Some(server.endpoint(Security::Plain));
        let store = open(&dir, "alice", inboxes);
        accounts.iter().for_each(|account| bring(&store, account));
        let sending = Sending {
            undo_seconds: 0,
            quote: true,
            identity: Identity::SendAs,
            company: "Shop".into(),
            variables: BTreeMap::new(),
            signatures: BTreeMap::new(),
            copy_drafts: false,
        };
        let parent = MessageId::new("q1@c.example").unwrap();
        let conversation = ConversationId::of_root(&parent);
        let support = InboxId::new("support").unwrap();
        let draft = begin(&store, &sending, DraftKind::Reply, &conversation, &support, &parent).unwrap();
        let draft = store.save_draft(&Draft { body: "It is on its way.".into(), ..draft }).unwrap();
        let mail = store.queue(&prepare(&store, &draft, store.author().clock.now(), false).unwrap()).unwrap().id;
        Self { store, mail, server, _dir: dir }
    }

    /// Works on the outbox; returns the state and the reason.
    fn drain(&self, dovecot: &Dovecot, accounts: &[ImapAccount]) -> (OutState, String) {
        let remotes = Remotes { store: self.store.clone(), secrets: Arc::new(Given), stay: false };
        let mut connection = ImapConnection::over(dovecot.session("support"), &remotes, &accounts[0]).unwrap();
        let others = Others { accounts: accounts.iter().map(Account::from).collect(), remotes };
        drain_over(&self.store, &(&accounts[0]).into(), &others, &mut connection).unwrap().unwrap();
        connection.session.logout();
        let mail = self.store.outgoing_by_id(self.mail).unwrap().unwrap();
        (mail.state, postroom::text::render_any(mail.reason.as_ref()))
    }
}

/// The accounts of support@ and of sales@, both with the question in their INBOX.
fn two(dovecot: &Dovecot) -> Vec<ImapAccount> {
    for user in ["support", "sales"] {
        dovecot.deliver(user, "INBOX", QUESTION);
        dovecot.deliver(user, "Sent", "Message-ID: <old@x.example>\nFrom: x@x.example\nSubject: old\n\nold\n");
    }
    let sales = ImapAccount { id: AccountId::new("second").unwrap(), config: dovecot.account("sales").config };
    vec![dovecot.account("support"), sales]
}

fn both() -> Vec<Inbox> {
    vec![inbox("support", "main", None), inbox("sales", "second", None)]
}

#[test]
fn an_answer_that_went_out_from_the_other_account_stops_the_reply() {
    let Some(dovecot) = Dovecot::start() else { return };
    let mut accounts = two(&dovecot);
    let desk = Desk::new(both(), &mut accounts);
    dovecot.deliver("sales", "Sent", ANSWER);
    let (state, reason) = desk.drain(&dovecot, &accounts);
    assert_eq!((state, desk.server.mails().len()), (OutState::Stopped, 0), "{reason}");
    assert!(reason.contains("Olga wrote: Re: Refund"), "{reason}");
}

#[test]
fn a_note_on_the_other_accounts_log_stops_the_reply() {
    let Some(dovecot) = Dovecot::start() else { return };
    let mut accounts = two(&dovecot);
    let desk = Desk::new(both(), &mut accounts);
    let dir = tempfile::tempdir().unwrap();
    let bob = open(&dir, "bob", vec![inbox("sales", "second", None)]);
    bring(&bob, &accounts[1]);
    let id = ConversationId::of_root(&MessageId::new("q1@c.example").unwrap());
    let target = bob.targets(&[id]).unwrap().remove(0).1;
    let note = Known::Note { text: "I am on it".into(), mentions: std::collections::BTreeSet::new() };
    let _ = bob.commit(vec![NewOperation::new(note, vec![target])]).unwrap();
    let mut session = dovecot.session("sales");
    sync_log_once(&bob, &accounts[1], &mut session).unwrap();
    let (state, reason) = desk.drain(&dovecot, &accounts);
    assert_eq!((state, desk.server.mails().len()), (OutState::Stopped, 0), "{reason}");
    assert!(reason.contains("bob wrote a note"), "{reason}");
}

#[test]
fn a_reply_waits_where_the_other_account_can_not_be_asked_and_goes_out_when_it_can() {
    let Some(dovecot) = Dovecot::start() else { return };
    let mut accounts = two(&dovecot);
    let desk = Desk::new(both(), &mut accounts);
    let port = std::mem::replace(&mut accounts[1].imap.port, 1);
    let (state, reason) = desk.drain(&dovecot, &accounts);
    assert_eq!((state, desk.server.mails().len()), (OutState::Held, 0));
    assert!(
        reason.contains("could not check whether somebody answered meanwhile") && reason.contains("second"),
        "{reason}"
    );
    accounts[1].imap.port = port;
    assert!(desk.store.retry(desk.mail, desk.store.author().clock.now(), false).unwrap());
    let (state, reason) = desk.drain(&dovecot, &accounts);
    assert_eq!((state, desk.server.mails().len()), (OutState::Filed, 1), "{reason}");
}

#[test]
fn an_answer_in_the_folder_that_an_inbox_has_for_itself_stops_the_reply() {
    let Some(dovecot) = Dovecot::start() else { return };
    let mut session = dovecot.session("support");
    session.create("Support").unwrap();
    session.logout();
    dovecot.deliver("support", "Support", QUESTION);
    let mut accounts = vec![dovecot.account("support")];
    accounts[0].folders = vec!["Support".into()];
    let desk = Desk::new(vec![inbox("support", "main", Some("Support"))], &mut accounts);
    let more =
        QUESTION.replace("q1@", "q2@").replace("Subject: Refund", "Subject: Re: Refund\nIn-Reply-To: <q1@c.example>");
    dovecot.deliver("support", "Support", &more);
    let (state, reason) = desk.drain(&dovecot, &accounts);
    assert_eq!((state, desk.server.mails().len()), (OutState::Stopped, 0), "{reason}");
    assert!(reason.contains("Carla wrote: Re: Refund"), "{reason}");
}
