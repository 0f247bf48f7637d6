use super::*;
use crate::model::clock::{Clock, Ids};
use crate::model::ids::{AccountId, Handle};
use crate::op::record::Author;
use crate::store::{Content, FolderRole, Incoming, StoreOptions};

pub(super) fn sending() -> Sending {
    Sending {
        undo_seconds: 10,
        quote: true,
        identity: crate::model::reply::Identity::SendAs,
        company: String::new(),
        variables: std::collections::BTreeMap::new(),
        signatures: std::collections::BTreeMap::new(),
        copy_drafts: false,
    }
}

pub(super) fn store(mail: &str) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let account = AccountId::new("main").unwrap();
    let inbox = Inbox {
        id: InboxId::new("support").unwrap(),
        account: account.clone(),
        address: Address::new("Support", "support@shop.example"),
        aliases: Vec::new(),
        folder: None,
    };
    let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
    let actor = Handle::new("alice").unwrap();
    let author = Author { actor, host: "box".into(), clock: clock.clone(), ids: Ids::counted(1) };
    let team = Team { agents: Vec::new(), inboxes: vec![inbox] };
    let store = Store::open(dir.path(), StoreOptions { author, team, history_after: Timestamp::DAY }).unwrap();
    let folder = store.folder(&account, "INBOX", FolderRole::Inbox).unwrap().id;
    let raw = format!("Message-ID: <a@c.example>\r\nTo: support@shop.example\r\n{mail}").into_bytes();
    let size = raw.len() as u64;
    let content = Content::Whole(raw);
    let mail = Incoming { uid: 1, flags: Vec::new(), arrived: clock.now(), size, modseq: None, content };
    store.ingest(folder, vec![mail]).unwrap();
    (dir, store)
}

pub(super) fn answer(store: &Store) -> Draft {
    let parent = MessageId::new("a@c.example").unwrap();
    let conversation = store.conversation_of(&parent).unwrap().unwrap();
    let inbox = InboxId::new("support").unwrap();
    begin(store, &sending(), DraftKind::Reply, &conversation, &inbox, &parent).unwrap()
}

#[test]
fn an_answer_that_goes_to_another_domain_than_the_mail_came_from_is_told() {
    let words = |headers: &str| {
        let (_dir, store) = store(&format!("{headers}\r\nSubject: Invoice\r\n\r\nPay there.\r\n"));
        let found = warnings(&store, &answer(&store), &["carla@c.example".to_owned()]).unwrap();
        found.into_iter().map(|warning| warning.words).find(|words| words.contains("Reply-To"))
    };
    let told = words("From: Carla <carla@c.example>\r\nReply-To: carla@c-example.evil").unwrap();
    assert!(told.contains("carla@c-example.evil") && told.contains("carla@c.example"), "{told}");
    assert_eq!(words("From: Carla <carla@c.example>\r\nReply-To: help@desk.C.example"), None);
    assert_eq!(words("From: Carla <carla@c.example>"), None);
}

#[test]
fn braces_in_a_customers_name_or_subject_keep_no_answer_back() {
    let mail = "From: \"{agent.email} {link.internal}\" <carla@c.example>\r\nSubject: Error in {user.name}\r\n\r\nHi {x.y}\r\n";
    let (_dir, store) = store(mail);
    let draft = answer(&store);
    let own = |body: &str| Draft { body: format!("{body}{}", draft.body), ..draft.clone() };
    prepare(&store, &own("Thank you."), Timestamp(0), false).unwrap();
    assert!(prepare(&store, &own("Hello {agent.email}"), Timestamp(0), false).is_err());
    // A variable that a saved reply brought into the subject still counts.
    let brought = Draft { variables: vec!["user.name".to_owned()], ..own("Hello") };
    assert!(prepare(&store, &brought, Timestamp(0), false).is_err());
}
