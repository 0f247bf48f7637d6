//! What the log may not do to a mailbox without the rights for it. Needs Dovecot, whose rights are a file.

use crate::support::desk::{author, main};
use crate::support::dovecot::Dovecot;
use postroom::model::address::Address;
use postroom::model::agent::Team;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::MessageId;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::store::{Store, StoreOptions};
use postroom::sync::imap::Session;
use postroom::sync::imap::log::imap_log::{ImapLog, LogPass, LogSettings};
use postroom::sync::imap::log::session::{FolderName, SessionFolder};

const USER: &str = "team";

/// Returns now, in seconds since 1970: how old a mail is is said by the server, which dates it by the machine's clock.
fn begin() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

/// A client whose clock stands so many days after the beginning.
struct Client {
    _dir: tempfile::TempDir,
    store: Store,
    log: ImapLog,
    name: FolderName,
}

impl Client {
    fn new(agent: &str, days: i64) -> Self {
        let clock = Clock::fixed(Timestamp::from_seconds(begin()).plus(days * Timestamp::DAY));
        let author = author(agent, clock, Ids::Random);
        let dir = tempfile::tempdir().unwrap();
        let store =
            Store::open(dir.path(), StoreOptions { author, team: Team::default(), history_after: 86_400_000 }).unwrap();
        let log =
            ImapLog::new(store.clone(), main(), LogSettings::new(Address::new("", "support@example.com"))).unwrap();
        Self { _dir: dir, store, log, name: FolderName::new("Postroom") }
    }

    fn with(&mut self, session: &mut Session, snapshot: bool) -> LogPass {
        let mut folder = SessionFolder::new(session, &mut self.name);
        if snapshot { self.log.compact(&mut folder) } else { self.log.sync(&mut folder) }.unwrap()
    }
}

/// How many mails the log has, and how many of them are marked as deleted.
fn mails(server: &Dovecot) -> (usize, usize) {
    let mut session = server.session(USER);
    session.examine("Postroom").unwrap();
    (session.search("ALL").unwrap().len(), session.search("DELETED").unwrap().len())
}

#[test]
fn old_mails_of_the_log_are_removed_only_with_both_rights() {
    let acl = "protocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile\n}\n";
    let Some(server) = Dovecot::with(acl) else { return };
    let mut alice = Client::new("alice", 0);
    let mut session = server.session(USER);
    for n in 0..4 {
        let target = Target::on(MessageId::new(&format!("m{n}@example.org")).unwrap());
        let _ = alice.store.commit(vec![NewOperation::new(Known::Assign { to: None }, vec![target])]).unwrap();
        assert_eq!(alice.with(&mut session, false).pushed, 1);
    }
    alice.with(&mut session, true);
    assert_eq!(mails(&server), (6, 0));
    let rights = server.maildir(USER).join(".Postroom/dovecot-acl");
    // A newcomer, long after: what the snapshot covers is old by now.
    for granted in ["lrwsi", "lrwsit", "lrwsie"] {
        std::fs::write(&rights, format!("owner {granted}\n")).unwrap();
        let mut bob = Client::new("bob", 100);
        let pass = bob.with(&mut server.session(USER), false);
        assert!(!pass.read_only, "{granted}");
        assert_eq!(mails(&server), (6, 0), "{granted}: nothing is removed, and nothing marked");
        assert_eq!(bob.store.log_lines(&main(), None, 10).unwrap().len(), 4, "{granted}");
    }
    std::fs::write(&rights, "owner lrwsite\n").unwrap();
    let mut bob = Client::new("bob", 80);
    bob.with(&mut server.session(USER), false);
    assert_eq!(mails(&server), (6, 0), "they are not old enough");
    let mut bob = Client::new("bob", 100);
    bob.with(&mut server.session(USER), false);
    assert_eq!(mails(&server), (2, 0), "the key stays, and the snapshot");
    let mut carol = Client::new("carol", 101);
    carol.with(&mut server.session(USER), false);
    assert_eq!(carol.store.log_lines(&main(), None, 10).unwrap().len(), 4);
}
