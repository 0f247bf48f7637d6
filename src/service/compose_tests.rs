use super::*;
use crate::config::{Imap, Remote};
use crate::model::clock::{Clock, Ids};
use crate::model::ids::{AccountId, Handle};
use crate::model::language::Language;
use crate::model::warning::Warning;
use crate::op::record::Author;
use crate::store::{Content, FolderRole, Incoming, StoreOptions};

pub(in crate::service) fn sending() -> Sending {
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

pub(in crate::service) fn store(mail: &str) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let account = AccountId::new("main").unwrap();
    let inbox = Inbox {
        id: InboxId::new("support").unwrap(),
        account: account.clone(),
        address: Address::new("Support", "support@shop.example"),
        aliases: Vec::new(),
        folder: None,
        language: None,
    };
    let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
    let actor = Handle::new("alice").unwrap();
    let author = Author { actor, host: "box".into(), clock: clock.clone(), ids: Ids::counted(1) };
    let team = Team { agents: Vec::new(), inboxes: vec![inbox], ..Team::default() };
    let store = Store::open(dir.path(), StoreOptions { author, team, history_after: Timestamp::DAY }).unwrap();
    put(&store, 1, "a@c.example", mail);
    (dir, store)
}

/// Lets a mail come in, some seconds after those of lower numbers.
pub(in crate::service) fn put(store: &Store, uid: u32, id: &str, mail: &str) {
    let folder = store.folder(&AccountId::new("main").unwrap(), "INBOX", FolderRole::Inbox).unwrap().id;
    let to = if mail.contains("\r\nTo: ") { "" } else { "To: support@shop.example\r\n" };
    let raw = format!("Message-ID: <{id}>\r\n{to}{mail}").into_bytes();
    let (size, content) = (raw.len() as u64, Content::Whole(raw));
    let arrived = store.author().clock.now().plus(i64::from(uid) * 1000);
    let mail = Incoming { uid, flags: Vec::new(), arrived, size, modseq: None, content };
    store.ingest(folder, vec![mail]).unwrap();
}

fn endpoint() -> crate::config::Endpoint {
    crate::config::Endpoint {
        host: "localhost".into(),
        port: 1,
        security: crate::config::Security::Plain,
        user: "support".into(),
        secret: crate::config::Secret::Prompt,
        auth: crate::config::Auth::Password,
        ca_file: None,
        timeout: 1,
    }
}

pub(in crate::service) fn answer(store: &Store) -> Draft {
    let parent = MessageId::new("a@c.example").unwrap();
    let conversation = store.conversation_of(&parent).unwrap().unwrap();
    let inbox = InboxId::new("support").unwrap();
    begin(store, &sending(), DraftKind::Reply, &conversation, &inbox, &parent).unwrap()
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

/// What an answer in the conversation of a mail answers, and what its author is told of that.
fn begun(store: &Store, mail: &str) -> (String, Vec<Warning>) {
    let conversation = store.conversation_of(&MessageId::new(mail).unwrap()).unwrap().unwrap();
    let draft = begin_in(store, &sending(), DraftKind::Reply, &conversation, None).unwrap();
    let told = review::warnings(store, &Draft { body: "Hello".into(), ..draft.clone() }).unwrap();
    (draft.parent.unwrap().as_str().to_owned(), told)
}

#[test]
fn where_nobody_wrote_to_us_our_own_mail_is_answered_before_what_a_machine_wrote() {
    let (_dir, store) =
        store("From: Support <support@shop.example>\r\nTo: carla@c.example\r\nSubject: Offer\r\n\r\nHi\r\n");
    let answered = || begun(&store, "a@c.example").0;
    let away = "From: carla@c.example\r\nSubject: Re: Offer\r\nIn-Reply-To: <a@c.example>\r\nAuto-Submitted: auto-replied\r\n\r\nAway.\r\n";
    put(&store, 2, "away@c.example", away);
    assert_eq!(answered(), "a@c.example");
    put(
        &store,
        3,
        "back@c.example",
        "From: carla@c.example\r\nSubject: Re: Offer\r\nIn-Reply-To: <a@c.example>\r\n\r\nBack.\r\n",
    );
    assert_eq!(answered(), "back@c.example");
}

#[test]
fn a_mail_that_no_account_can_send_is_refused_and_none_of_its_command_is_queued() {
    let (_dir, store) = store("From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\n");
    let draft = Draft { body: "Done.".into(), ..answer(&store) };
    let imap = |id: &str, smtp| Account {
        id: AccountId::new(id).unwrap(),
        remote: Remote::Imap(Box::new(Imap::of(endpoint(), smtp))),
    };
    let account = |id: &str| imap(id, None);
    let local = Account { id: AccountId::new("main").unwrap(), remote: Remote::Local };
    let refused = |accounts: &[Account]| {
        queue(&store, accounts, std::slice::from_ref(&draft), Timestamp(0), false, None).unwrap_err()
    };
    assert!(refused(&[account("main")]).message().contains("can only read mail"));
    assert!(refused(&[account("other")]).message().contains("account main has no server"));
    assert!(refused(&[account("other"), local.clone()]).message().contains("account main has no server"));
    assert!(store.outgoing().unwrap().is_empty());
    let able = imap("main", Some(endpoint()));
    assert_eq!(queue(&store, &[able], std::slice::from_ref(&draft), Timestamp(0), false, None).unwrap().len(), 1);
    assert_eq!(
        queue(&store, &[local], &[draft], Timestamp(0), false, None).unwrap().len(),
        1,
        "the sample sends without a server"
    );
}

#[test]
fn an_answer_to_what_a_machine_wrote_is_begun_and_its_author_is_told() {
    let (_dir, store) =
        store("From: cron@c.example\r\nSubject: Report\r\nAuto-Submitted: auto-generated\r\n\r\nDone.\r\n");
    assert_eq!(begun(&store, "a@c.example"), ("a@c.example".to_owned(), vec![Warning::Machine]));
    let gone = ConversationId::from_kept("nothing");
    assert!(begin_in(&store, &sending(), DraftKind::Reply, &gone, None).is_err());
}

#[test]
fn what_answers_a_machine_and_goes_to_somebody_else_is_not_warned_of() {
    let (_dir, store) =
        store("From: cron@c.example\r\nSubject: Report\r\nAuto-Submitted: auto-generated\r\n\r\nDone.\r\n");
    let to = vec![Address::new("", "support@shop.example")];
    let draft = Draft { to, body: "Look at this.".into(), ..answer(&store) };
    assert!(!review::warnings(&store, &draft).unwrap().contains(&Warning::Machine));
}

#[test]
fn the_line_above_a_quote_is_of_the_customers_language_and_else_of_the_inboxes() {
    let begun = |body: &str, language: Option<Language>| {
        let mail = format!(
            "From: Sam <sam@c.example>\r\nDate: Fri, 15 Jan 2027 10:00:00 +0000\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
        );
        let (dir, store) = store(&mail);
        let store = match language {
            None => store,
            Some(language) => {
                let mut team = (*store.team()).clone();
                team.inboxes.iter_mut().for_each(|inbox| inbox.language = Some(language));
                let author = store.author().clone();
                drop(store);
                Store::open(dir.path(), StoreOptions { author, team, history_after: Timestamp::DAY }).unwrap()
            }
        };
        let body = answer(&store).body;
        body.lines().find(|line| line.contains("Sam")).unwrap().to_owned()
    };
    let turkish = "Merhaba, siparişim hâlâ gelmedi, bir bilgi var mı?";
    assert_eq!(begun(turkish, None), "15 Ocak 2027 10:00 UTC tarihinde Sam yazdı:");
    assert_eq!(begun(turkish, Some(Language::Ar)), "15 Ocak 2027 10:00 UTC tarihinde Sam yazdı:");
    assert_eq!(begun("OK", Some(Language::Ar)), "في 15 يناير 2027 الساعة 10:00 UTC، كتب Sam:");
    assert_eq!(begun("OK", None), "On 2027-01-15 10:00 UTC, Sam wrote:");
}

#[test]
fn a_saved_reply_of_another_language_takes_the_line_above_the_quote_along() {
    let (_dir, store) =
        store("From: Sam <sam@c.example>\r\nDate: Fri, 15 Jan 2027 10:00:00 +0000\r\nSubject: x\r\n\r\nOK\r\n");
    let mut draft = answer(&store);
    attribute_in(&store, &mut draft, Language::De).unwrap();
    assert!(draft.body.contains("\nAm 15. Januar 2027 um 10:00 UTC schrieb Sam:\n> OK\n"), "{}", draft.body);
    let line = attribution_in(&store, &draft).unwrap();
    assert_eq!(line, "Am 15. Januar 2027 um 10:00 UTC schrieb Sam:", "it is known for no word of the author");
    let quote = session(&store, draft.clone(), true).unwrap().quote;
    assert_eq!(quote.lines().collect::<Vec<_>>(), [line.as_str(), "> OK"], "it is the same that stands in the draft");
    // Who took the line away gets none back.
    draft.body = "Hello\n".to_owned();
    attribute_in(&store, &mut draft, Language::Fr).unwrap();
    assert_eq!(draft.body, "Hello\n");
}
