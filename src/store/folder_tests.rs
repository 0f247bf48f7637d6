use super::super::testing::{Bench, main, options};
use crate::store::FolderRole;

#[test]
fn mail_comes_into_inbox_and_into_the_folders_that_inboxes_have_for_themselves() {
    let mut options = options("alice", 1);
    options.team.inboxes[0].folder = Some("Sales".into());
    let bench = Bench::with(options);
    for (name, role) in [("Archive", FolderRole::Other), ("Sales", FolderRole::Other), ("Sent", FolderRole::Sent)] {
        bench.store.folder(&main(), name, role).unwrap();
    }
    let names: Vec<String> = bench.store.inbox_folders(&main()).unwrap().into_iter().map(|f| f.name).collect();
    assert_eq!(names, ["INBOX", "Sales"]);
}
