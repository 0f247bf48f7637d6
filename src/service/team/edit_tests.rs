use super::*;

fn handle(name: &str) -> Handle {
    Handle::new(name).unwrap()
}

fn set<T: Ord>(all: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    all.into_iter().collect()
}

fn emails(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn support() -> InboxId {
    InboxId::new("support").unwrap()
}

fn record() -> TeamRecord {
    let agent = |name: &str| Edit::Agent(handle(name), Some(emails(&[&format!("{name}@team.example")])));
    let edits = [
        Edit::Inbox(support(), Some("Support@team.example".into())),
        agent("alice"),
        agent("bob"),
        Edit::Team("billing".into(), Some(set([handle("bob")]))),
    ];
    edited(TeamRecord::default(), &edits).unwrap()
}

fn refused(edit: Edit) -> String {
    edited(record(), &[edit]).unwrap_err().to_string()
}

#[test]
fn an_edit_changes_what_it_names_and_nothing_else() {
    let before = record();
    assert_eq!(before.inboxes[0].address, "support@team.example");
    let edits = [
        Edit::Aliases(None, emails(&["Help@team.example"])),
        Edit::Authserv(Some("MX.team.example".into())),
        Edit::Team("billing".into(), Some(set([handle("alice"), handle("bob")]))),
    ];
    let after = edited(before.clone(), &edits).unwrap();
    assert_eq!(after.inboxes[0].aliases, emails(&["help@team.example"]));
    assert_eq!(after.authserv.as_deref(), Some("mx.team.example"));
    assert_eq!(after.teams[0].members.len(), 2);
    assert_eq!(after.agents, before.agents);
    assert_eq!(edited(after.clone(), &edits).unwrap(), after, "said twice it is said once");
}

#[test]
fn who_is_taken_out_leaves_every_team_and_a_team_of_nobody_goes() {
    let after = edited(record(), &[Edit::Agent(handle("bob"), None)]).unwrap();
    assert_eq!((after.agents.len(), after.teams.len()), (1, 0));
    assert_eq!(edited(record(), &[Edit::Team("billing".into(), None)]).unwrap().teams, []);
    assert_eq!(edited(record(), &[Edit::Inbox(support(), None)]).unwrap().inboxes, []);
}

#[test]
fn an_agent_and_their_team_may_be_named_in_any_order() {
    let team = Edit::Team("care".into(), Some(set([handle("carol")])));
    let carol = Edit::Agent(handle("carol"), Some(BTreeSet::new()));
    let all = [team.clone(), carol.clone()];
    assert_eq!(edited(record(), &all).unwrap(), edited(record(), &[carol, team]).unwrap());
}

#[test]
fn what_no_client_could_use_is_refused_with_what_to_do() {
    let bob = || Some(set([handle("bob")]));
    for (edit, says) in [
        (Edit::Team("alice".into(), bob()), "alice is an agent, and teams share the agents' names"),
        (Edit::Team("nobody".into(), bob()), "no team can be called nobody"),
        (Edit::Team("care".into(), Some(set([handle("bbo")]))), "nobody is called bbo (did you mean bob?)"),
        (Edit::Team("biling".into(), None), "the team's record has no biling (did you mean billing?)"),
        (Edit::Agent(handle("billing"), Some(BTreeSet::new())), "billing is an agent"),
        (Edit::Agent(handle("bob"), Some(emails(&["bob at team"]))), "\"bob at team\" is no mail address"),
        (Edit::Inbox(InboxId::new("sales").unwrap(), Some("support@team.example".into())), "stands at two inboxes"),
        (Edit::Aliases(Some(InboxId::new("suport").unwrap()), BTreeSet::new()), "did you mean support?"),
        (Edit::Authserv(Some("mx.example; dkim=pass".into())), "is no authserv-id"),
    ] {
        let said = refused(edit.clone());
        assert!(said.contains(says), "{edit:?}: {said}");
    }
}
