use super::*;
use crate::config::{Auth, Endpoint, Imap, Secret, Security};
use crate::model::ids::AccountId;

fn account() -> ImapAccount {
    let imap = Endpoint {
        host: "localhost".to_owned(),
        port: 993,
        security: Security::Tls,
        user: "alice".to_owned(),
        secret: Secret::Prompt,
        auth: Auth::Password,
        ca_file: None,
        timeout: 20,
    };
    ImapAccount { id: AccountId::new("main").unwrap(), config: Imap::of(imap, None) }
}

fn listed(name: &str, attributes: &[&str]) -> Listed {
    let attributes = attributes.iter().map(|a| (*a).to_owned()).collect();
    Listed { name: name.to_owned(), attributes, delimiter: Some('.'), state: None }
}

fn names(wanted: &[Wanted]) -> Vec<(&str, FolderRole)> {
    wanted.iter().map(|w| (w.name.as_str(), w.role)).collect()
}

#[test]
fn special_use_wins_over_names() {
    let folders = [listed("INBOX", &[]), listed("Sent", &[]), listed("Post.Raus", &["\\sent"])];
    let (wanted, missing) = choose(&account(), &folders);
    assert_eq!(names(&wanted), [("INBOX", FolderRole::Inbox), ("Post.Raus", FolderRole::Sent)]);
    assert!(missing.is_empty());
}

#[test]
fn names_of_many_languages_are_known_below_a_prefix_too() {
    for name in ["INBOX.Sent Items", "Gesendete Objekte", "INBOX.送信済みメール", "Отправленные", "ÉLÉMENTS ENVOYÉS"]
    {
        let folders = [listed("INBOX", &[]), listed("Other", &[]), listed(name, &[])];
        assert_eq!(sent(&account(), &folders).map(|l| l.name.as_str()), Some(name));
    }
}

#[test]
fn the_log_and_folders_that_hold_no_mail_are_left_alone_and_missing_ones_named() {
    let mut account = account();
    account.folders = ["Support", "Postroom", "INBOX", "Group", "Gone"].map(str::to_owned).to_vec();
    let folders =
        [listed("Inbox", &[]), listed("Support", &[]), listed("INBOX.Postroom", &[]), listed("Group", &["\\noselect"])];
    let (wanted, missing) = choose(&account, &folders);
    assert_eq!(names(&wanted), [("Inbox", FolderRole::Inbox), ("Support", FolderRole::Other)]);
    assert_eq!(missing, ["Postroom", "Group", "Gone"]);
}

#[test]
fn the_archive_is_synced_unless_the_config_says_otherwise_or_names_it_itself() {
    for folder in [listed("Fertig", &["\\archive"]), listed("INBOX.Archiv", &[]), listed("Архив", &[])] {
        let all = [listed("INBOX", &[]), folder.clone()];
        let wanted = choose(&account(), &all).0;
        assert_eq!(names(&wanted).last(), Some(&(folder.name.as_str(), FolderRole::Archive)));
        let mut without = account();
        without.sync_archive = false;
        let without = choose(&without, &all).0;
        assert_eq!(names(&without), [("INBOX", FolderRole::Inbox)]);
        let mut named = account();
        named.folders = vec![folder.name.clone()];
        let named = choose(&named, &all).0;
        assert_eq!(names(&named).last(), Some(&(folder.name.as_str(), FolderRole::Other)));
    }
}

#[test]
fn of_a_mailbox_that_is_shared_with_a_login_of_ones_own_nothing_else_is_chosen() {
    let folder = |name: &str, attributes: &[&str]| Listed {
        name: name.to_owned(),
        attributes: attributes.iter().map(|a| (*a).to_owned()).collect(),
        delimiter: Some('/'),
        state: None,
    };
    let listed = [
        folder("INBOX", &[]),
        folder("Sent", &["\\sent"]),
        folder("Archive", &["\\archive"]),
        folder("shared/support", &[]),
        folder("shared/support/Sent Items", &[]),
        folder("shared/support/Postroom", &[]),
        folder("shared/sales/Sent", &[]),
    ];
    let of = |inbox: &str, sent: Option<&str>| {
        account().with(|imap| {
            imap.inbox_folder = Some(inbox.to_owned());
            imap.log_folder = "shared/support/Postroom".to_owned();
            imap.sent = sent.map(str::to_owned);
        })
    };
    let names = |account: &ImapAccount| {
        let (wanted, missing) = choose(account, &listed);
        (wanted.into_iter().map(|want| (want.name, want.role)).collect::<Vec<_>>(), missing)
    };
    let inbox = ("shared/support".to_owned(), FolderRole::Inbox);
    let (wanted, missing) = names(&of("shared/support", None));
    assert_eq!(wanted, [inbox.clone(), ("shared/support/Sent Items".to_owned(), FolderRole::Sent)]);
    assert!(missing.is_empty());
    let (wanted, missing) = names(&of("shared/support", Some("shared/support/Out")));
    assert_eq!((wanted, missing), (vec![inbox], vec!["shared/support/Out".to_owned()]));
    let (wanted, missing) = names(&of("shared/nobody", None));
    assert_eq!((wanted, missing), (vec![], vec!["shared/nobody".to_owned()]), "INBOX does not stand in for it");
    assert_eq!(beside("shared/support/INBOX", Some('/'), "Postroom").as_deref(), Some("shared/support/Postroom"));
    assert_eq!(beside("user.support", Some('.'), "Sent").as_deref(), Some("user.support.Sent"));
}
