//! Configs and records that differ.

use super::*;

fn id(name: &str) -> InboxId {
    InboxId::new(name).unwrap()
}

fn account(name: &str) -> AccountId {
    AccountId::new(name).unwrap()
}

fn handle(name: &str) -> Handle {
    Handle::new(name).unwrap()
}

fn set(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn inbox(name: &str, of: &str, address: &str) -> Inbox {
    let address = Address::new("Shop", address);
    Inbox {
        id: id(name),
        account: account(of),
        address,
        aliases: Vec::new(),
        folder: Some("Support".into()),
        language: None,
    }
}

fn agent(name: &str, shown: &str, address: Option<&str>) -> Agent {
    let address = address.map(|email| Address::new(shown, email));
    Agent { handle: handle(name), name: shown.into(), address, title: Some("Agent".into()), addresses: set(&[]) }
}

fn said_inbox(name: &str, address: &str, aliases: &[&str]) -> RecordInbox {
    RecordInbox { id: id(name), address: address.into(), aliases: set(aliases) }
}

fn said_agent(name: &str, shown: &str, addresses: &[&str]) -> RecordAgent {
    RecordAgent { handle: handle(name), name: shown.into(), addresses: set(addresses) }
}

fn config() -> Team {
    Team {
        agents: vec![agent("alice", "Alice", Some("alice@home.example")), agent("bob", "bob", None)],
        inboxes: vec![inbox("help", "main", "help@shop.example"), inbox("extra", "main", "extra@shop.example")],
        ..Team::default()
    }
}

fn record() -> TeamRecord {
    TeamRecord {
        inboxes: vec![
            said_inbox("sales", "sales@shop.example", &[]),
            said_inbox("support", "help@shop.example", &["hello@shop.example"]),
        ],
        agents: vec![
            said_agent("alice", "Alice Moor", &["alice@shop.example", "am@shop.example"]),
            said_agent("dora", "", &["dora@shop.example"]),
        ],
        teams: vec![RecordTeam { name: handle("billing"), members: [handle("alice")].into() }],
        authserv: Some("mx.shop.example".into()),
        signed: true,
    }
}

fn counting(config: &Team, records: &[(&str, TeamRecord)]) -> Team {
    as_it_counts(config, &records.iter().map(|(name, record)| (account(name), record.clone())).collect())
}

#[test]
fn without_a_record_the_config_is_the_team() {
    assert_eq!(counting(&config(), &[]), config());
    assert_eq!(counting(&config(), &[("gone", record())]), config());
}

#[test]
fn addresses_names_and_order_are_the_records_and_what_is_the_configs_stays() {
    let team = counting(&config(), &[("main", record())]);
    let inboxes: Vec<(&str, &str, Option<&str>)> = team
        .inboxes
        .iter()
        .map(|inbox| (inbox.id.as_str(), inbox.address.email.as_str(), inbox.folder.as_deref()))
        .collect();
    // The record calls it support; the names of one's own config stay.
    let help = ("help", "help@shop.example", Some("Support"));
    let extra = ("extra", "extra@shop.example", Some("Support"));
    assert_eq!(inboxes, [("sales", "sales@shop.example", None), help, extra]);
    assert_eq!(team.inboxes[1].aliases, ["hello@shop.example"]);
    assert_eq!(team.inboxes[1].address.name, "Shop");

    let [alice, bob, dora] = team.agents.as_slice() else { panic!("{:?}", team.agents) };
    assert_eq!((alice.name.as_str(), alice.title.as_deref()), ("Alice Moor", Some("Agent")));
    assert_eq!(alice.address.as_ref().map(|a| a.email.as_str()), Some("alice@shop.example"));
    assert_eq!(alice.addresses, set(&["am@shop.example"]));
    assert_eq!((bob.handle.as_str(), &bob.address), ("bob", &None));
    assert_eq!((dora.name.as_str(), dora.title.as_deref()), ("dora", None));
    for ours in ["am@shop.example", "dora@shop.example", "hello@shop.example", "extra@shop.example"] {
        assert!(team.owns(ours), "{ours}");
    }
    assert!(!team.owns("alice@home.example"), "the record does not say so");
}

#[test]
fn the_address_that_the_config_shows_of_an_agent_stays_the_one_that_is_shown() {
    let mut config = config();
    config.agents[0].address = Some(Address::new("Ally", "AM@shop.example"));
    let team = counting(&config, &[("main", record())]);
    assert_eq!(team.agents[0].address, config.agents[0].address);
    assert_eq!(team.agents[0].addresses, set(&["alice@shop.example"]));
}

#[test]
fn where_an_account_has_no_record_the_configs_addresses_of_agents_go_on_counting() {
    let mut config = config();
    config.inboxes.push(inbox("other", "second", "other@shop.example"));
    config.agents.push(agent("erin", "Erin", Some("erin@shop.example")));
    let team = counting(&config, &[("main", record())]);
    assert!(team.owns("alice@home.example") && team.owns("alice@shop.example") && team.owns("erin@shop.example"));
    let both = counting(&config, &[("main", record()), ("second", TeamRecord::default())]);
    assert!(!both.owns("alice@home.example") && !both.owns("erin@shop.example"));
    assert!(both.owns("other@shop.example"));
}

#[test]
fn a_config_that_says_otherwise_is_told_with_the_difference() {
    let told = differences(&config(), &account("main"), &record());
    let (config, record) = (set(&[]), set(&["hello@shop.example"]));
    assert_eq!(
        told,
        [
            Difference::InboxNotInConfig { inbox: id("sales"), address: "sales@shop.example".into() },
            Difference::InboxName { inbox: id("help"), record: id("support"), address: "help@shop.example".into() },
            Difference::InboxAliases { inbox: id("help"), config, record },
            Difference::InboxNotInRecord { inbox: id("extra"), address: "extra@shop.example".into() },
            Difference::AgentName { agent: handle("alice"), config: "Alice".into(), record: "Alice Moor".into() },
            Difference::AgentAddress { agent: handle("alice"), config: "alice@home.example".into() },
            Difference::AgentNotInConfig { agent: handle("dora") },
            Difference::AgentNotInRecord { agent: handle("bob") },
            Difference::TeamNotInConfig { team: handle("billing") },
        ]
    );
    let warned: Vec<String> = told
        .iter()
        .filter(|difference| difference.is_contradiction())
        .map(|difference| difference.phrase().code.into_owned())
        .collect();
    assert_eq!(warned.len(), 6);
    assert_eq!(
        crate::text::render(&told[2].phrase()),
        "the inbox help has other aliases in the team's record, which counts: only in the config -, only in the record hello@shop.example"
    );
}

#[test]
fn an_inbox_is_matched_by_its_name_before_its_address() {
    let mut record = record();
    record.inboxes = vec![said_inbox("x", "help@shop.example", &[]), said_inbox("help", "new@shop.example", &[])];
    let team = counting(&config(), &[("main", record.clone())]);
    let inboxes: Vec<String> = team.inboxes.iter().map(|i| format!("{} {}", i.id, i.address.email)).collect();
    assert_eq!(inboxes, ["x help@shop.example", "help new@shop.example", "extra extra@shop.example"]);
    let told = differences(&config(), &account("main"), &record);
    let (here, there) = ("help@shop.example".to_owned(), "new@shop.example".to_owned());
    assert!(told.contains(&Difference::InboxAddress { inbox: id("help"), config: here, record: there }));
}

#[test]
fn what_a_config_stands_for_leaves_no_contradiction_and_keeps_what_others_said() {
    for said in [None, Some(record())] {
        let proposed = proposal(&config(), &account("main"), said.as_ref());
        let left = differences(&config(), &account("main"), &proposed);
        assert!(left.iter().all(|difference| !difference.is_contradiction()), "{left:?}");
        assert_eq!(proposal(&config(), &account("main"), Some(&proposed)), proposed, "a second time changes nothing");
    }
    let proposed = proposal(&config(), &account("main"), Some(&record()));
    assert_eq!((proposed.signed, &proposed.authserv, &proposed.teams), (true, &record().authserv, &record().teams));
    let [alice, dora, bob] = proposed.agents.as_slice() else { panic!("{:?}", proposed.agents) };
    assert_eq!(alice.addresses, set(&["alice@home.example", "alice@shop.example", "am@shop.example"]));
    assert_eq!((dora, bob.name.as_str()), (&record().agents[1], ""));
}

#[test]
fn teams_and_authserv_ids_are_told_where_they_differ_and_proposed_as_the_config_has_them() {
    let members = |all: &[&str]| all.iter().map(|name| handle(name)).collect::<BTreeSet<_>>();
    let mut config = config();
    config.groups = vec![
        RecordTeam { name: handle("billing"), members: members(&["alice"]) },
        RecordTeam { name: handle("web"), members: members(&["bob"]) },
    ];
    config.authserv.insert(account("main"), "mx.shop.example".into());
    let mut said = record();
    said.teams = vec![RecordTeam { name: handle("billing"), members: members(&["alice", "dora"]) }];
    said.authserv = None;
    let told = differences(&config, &account("main"), &said);
    for one in [
        Difference::TeamMembers { team: handle("billing"), config: members(&[]), record: members(&["dora"]) },
        Difference::TeamNotInRecord { team: handle("web") },
        Difference::Authserv { config: "mx.shop.example".into(), record: None },
    ] {
        assert!(one.is_contradiction() && told.contains(&one), "{told:?}");
    }
    let proposed = proposal(&config, &account("main"), Some(&said));
    assert_eq!(proposed.teams, config.groups);
    assert_eq!(proposed.authserv.as_deref(), Some("mx.shop.example"));
    let left = differences(&config, &account("main"), &proposed);
    assert!(
        !left.iter().any(|one| matches!(one, Difference::TeamMembers { .. } | Difference::Authserv { .. })),
        "{left:?}"
    );
}

#[test]
fn a_team_of_a_record_that_is_called_like_an_agent_or_like_me_is_none() {
    let mut said = record();
    let team = |name: &str| RecordTeam { name: handle(name), members: [handle("alice")].into() };
    said.teams = ["alice", "me", "care"].map(team).to_vec();
    let counts = counting(&config(), &[("main", said)]);
    assert_eq!(counts.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["care"]);
}

#[test]
fn of_thousands_of_aliases_a_difference_names_the_first_and_counts_all() {
    let record: BTreeSet<String> = (0..3500).map(|n| format!("a{n}@shop.example")).collect();
    let one = Difference::InboxAliases { inbox: InboxId::new("help").unwrap(), config: BTreeSet::new(), record };
    let said = crate::text::render(&one.phrase());
    assert!(said.contains("… (3500)") && said.len() < 500, "{said}");
}
