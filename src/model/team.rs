//! The team as it counts: what a config says of it, corrected by what the accounts' logs say. Pure, so that every client comes to the
//! same from the same records.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::address::Address;
use crate::model::agent::{Agent, Inbox, RecordAgent, RecordInbox, RecordTeam, Team, TeamRecord};
use crate::model::ids::{AccountId, Handle, InboxId};
use crate::model::phrase::Phrase;

/// Where a config and the team's record of an account say different things. The record counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The record lacks an inbox of the config, which goes on being one here.
    InboxNotInRecord {
        /// The config's name of it.
        inbox: InboxId,
        /// Its address.
        address: String,
    },
    /// The config lacks an inbox of the record.
    InboxNotInConfig {
        /// The record's name of it.
        inbox: InboxId,
        /// Its address.
        address: String,
    },
    /// Both have the address under another name. The config's name counts here.
    InboxName {
        /// The config's name.
        inbox: InboxId,
        /// The record's name.
        record: InboxId,
        /// The address.
        address: String,
    },
    /// An inbox has another address.
    InboxAddress {
        /// The inbox.
        inbox: InboxId,
        /// The config's address.
        config: String,
        /// The record's address.
        record: String,
    },
    /// An inbox has other aliases.
    InboxAliases {
        /// The inbox.
        inbox: InboxId,
        /// Those that only the config has.
        config: BTreeSet<String>,
        /// Those that only the record has.
        record: BTreeSet<String>,
    },
    /// The record lacks an agent of the config: their address is not counted as ours.
    AgentNotInRecord {
        /// The agent.
        agent: Handle,
    },
    /// The config lacks an agent of the record.
    AgentNotInConfig {
        /// The agent.
        agent: Handle,
    },
    /// An agent has another name.
    AgentName {
        /// The agent.
        agent: Handle,
        /// The config's name of them.
        config: String,
        /// The record's name of them.
        record: String,
    },
    /// The record lacks the address that the config has of an agent: it is not counted as ours.
    AgentAddress {
        /// The agent.
        agent: Handle,
        /// The config's address.
        config: String,
    },
    /// The record lacks a team of the config: nothing can be assigned to it.
    TeamNotInRecord {
        /// The team.
        team: Handle,
    },
    /// The config lacks a team of the record.
    TeamNotInConfig {
        /// The team.
        team: Handle,
    },
    /// A team has other members.
    TeamMembers {
        /// The team.
        team: Handle,
        /// Those whom only the config has.
        config: BTreeSet<Handle>,
        /// Those whom only the record has.
        record: BTreeSet<Handle>,
    },
    /// The record names another authserv-id than the config, or none.
    Authserv {
        /// The config's.
        config: String,
        /// The record's.
        record: Option<String>,
    },
}

impl Difference {
    /// Tells whether the config says something that does not count, and so is to be mended; what it merely leaves out needs no warning.
    pub fn is_contradiction(&self) -> bool {
        use Difference::{AgentNotInConfig, InboxNotInConfig, TeamNotInConfig};
        !matches!(self, InboxNotInConfig { .. } | AgentNotInConfig { .. } | TeamNotInConfig { .. })
    }

    /// Returns the difference as a code with arguments; `code` of it is the word of JSON.
    pub fn phrase(&self) -> Phrase {
        match self {
            Difference::InboxNotInRecord { inbox, address } => {
                phrase!("team-inbox-not-in-record", inbox = inbox.as_str(), address = address)
            }
            Difference::InboxNotInConfig { inbox, address } => {
                phrase!("team-inbox-not-in-config", inbox = inbox.as_str(), address = address)
            }
            Difference::InboxName { inbox, record, address } => {
                phrase!("team-inbox-name", inbox = inbox.as_str(), record = record.as_str(), address = address)
            }
            Difference::InboxAddress { inbox, config, record } => {
                phrase!("team-inbox-address", inbox = inbox.as_str(), config = config, record = record)
            }
            Difference::InboxAliases { inbox, config, record } => {
                phrase!("team-inbox-aliases", inbox = inbox.as_str(), config = listed(config), record = listed(record))
            }
            Difference::AgentNotInRecord { agent } => phrase!("team-agent-not-in-record", agent = agent.as_str()),
            Difference::AgentNotInConfig { agent } => phrase!("team-agent-not-in-config", agent = agent.as_str()),
            Difference::AgentName { agent, config, record } => {
                phrase!("team-agent-name", agent = agent.as_str(), config = config, record = record)
            }
            Difference::AgentAddress { agent, config } => {
                phrase!("team-agent-address", agent = agent.as_str(), config = config)
            }
            Difference::TeamNotInRecord { team } => phrase!("team-team-not-in-record", team = team.as_str()),
            Difference::TeamNotInConfig { team } => phrase!("team-team-not-in-config", team = team.as_str()),
            Difference::TeamMembers { team, config, record } => {
                phrase!("team-members", team = team.as_str(), config = listed(config), record = listed(record))
            }
            Difference::Authserv { config, record } => {
                phrase!("team-authserv", config = config, record = record.as_deref().unwrap_or("-"))
            }
        }
    }
}

/// How many addresses or agents are named; a record may have thousands.
const NAMED_MAX: usize = 10;

/// Names addresses or agents; `-` says that there are none, and behind `…` stands how many there are where not all are named.
fn listed<T: AsRef<str>>(all: &BTreeSet<T>) -> String {
    if all.is_empty() {
        return "-".to_owned();
    }
    let named = all.iter().map(T::as_ref).take(NAMED_MAX).collect::<Vec<_>>().join(", ");
    if all.len() > NAMED_MAX { format!("{named}, … ({})", all.len()) } else { named }
}

/// The pairs of a config's inboxes and a record's: matched by name, else by address. Each is matched once.
struct Matched<'a> {
    /// In the order of the record; `None` where the config lacks it.
    record: Vec<(&'a RecordInbox, Option<&'a Inbox>)>,
    /// Those of the config that the record lacks, in the order of the config.
    rest: Vec<&'a Inbox>,
}

fn matched<'a>(config: &'a Team, account: &AccountId, record: &'a TeamRecord) -> Matched<'a> {
    let mut rest: Vec<&Inbox> = config.inboxes.iter().filter(|inbox| inbox.account == *account).collect();
    let mut pairs: Vec<(&RecordInbox, Option<&Inbox>)> = Vec::with_capacity(record.inboxes.len());
    for said in &record.inboxes {
        let at = rest.iter().position(|inbox| inbox.id == said.id);
        pairs.push((said, at.map(|at| rest.remove(at))));
    }
    for (said, inbox) in pairs.iter_mut().filter(|(_, inbox)| inbox.is_none()) {
        let at = rest.iter().position(|inbox| inbox.address.key() == said.address.to_lowercase());
        *inbox = at.map(|at| rest.remove(at));
    }
    Matched { record: pairs, rest }
}

/// Returns the team as it counts: the config's, corrected by the record of each account that the config names.
///
/// The record counts for addresses and aliases of inboxes and their order, for agents' names and addresses, for groups and authserv-ids.
/// Folders, accounts, titles, and the names that an address is shown with stay the config's. An inbox that only the record has is one; one
/// that only the config has stays. Where every account has a record, an address of an agent that none of them has is not ours.
#[must_use]
pub fn as_it_counts(config: &Team, records: &BTreeMap<AccountId, TeamRecord>) -> Team {
    let mut accounts: Vec<&AccountId> = Vec::new();
    for inbox in &config.inboxes {
        if !accounts.contains(&&inbox.account) {
            accounts.push(&inbox.account);
        }
    }
    let said: Vec<(&AccountId, &TeamRecord)> =
        accounts.iter().filter_map(|account| Some((*account, records.get(*account)?))).collect();
    if said.is_empty() {
        return config.clone();
    }
    let mut team = Team::default();
    for account in &accounts {
        let of_config = || config.inboxes.iter().filter(|inbox| inbox.account == **account).cloned();
        match records.get(*account) {
            Some(record) => team.inboxes.extend(inboxes(config, account, record)),
            None => team.inboxes.extend(of_config()),
        }
    }
    team.agents = agents(&config.agents, &said, said.len() == accounts.len());
    team.groups = groups(&said);
    // Of an agent and a team of one name the agent is meant, as everywhere.
    team.groups.retain(|group| {
        RecordTeam::named(group.name.as_str()).is_ok() && !team.agents.iter().any(|agent| agent.handle == group.name)
    });
    team.sender_names = config.sender_names.clone();
    team.authserv = config.authserv.clone();
    team.authserv
        .extend(said.iter().filter_map(|(account, record)| Some(((*account).clone(), record.authserv.clone()?))));
    team
}

fn inboxes(config: &Team, account: &AccountId, record: &TeamRecord) -> Vec<Inbox> {
    let Matched { record, rest } = matched(config, account, record);
    let mut all: Vec<Inbox> = Vec::with_capacity(record.len() + rest.len());
    for (said, inbox) in record {
        let (id, name, folder) = match inbox {
            Some(inbox) => (inbox.id.clone(), inbox.address.name.clone(), inbox.folder.clone()),
            // Names are one for all accounts: under one that another inbox has, it can't be told from that.
            None if config.inboxes.iter().any(|inbox| inbox.id == said.id) => continue,
            None => (said.id.clone(), String::new(), None),
        };
        all.push(Inbox {
            id,
            account: account.clone(),
            address: Address::new(name, said.address.clone()),
            aliases: said.aliases.iter().cloned().collect(),
            folder,
            language: None,
        });
    }
    all.extend(rest.into_iter().cloned());
    all
}

fn agents(config: &[Agent], said: &[(&AccountId, &TeamRecord)], all_say: bool) -> Vec<Agent> {
    let mut names: BTreeMap<&Handle, &str> = BTreeMap::new();
    let mut addresses: BTreeMap<&Handle, BTreeSet<String>> = BTreeMap::new();
    for agent in said.iter().flat_map(|(_, record)| &record.agents) {
        let known = addresses.entry(&agent.handle).or_default();
        known.extend(agent.addresses.iter().map(|address| address.to_lowercase()));
        if !agent.name.is_empty() {
            names.entry(&agent.handle).or_insert(&agent.name);
        }
    }
    let mut all: Vec<Agent> = Vec::with_capacity(config.len());
    for agent in config {
        let mut agent = agent.clone();
        match addresses.remove(&agent.handle) {
            Some(of_record) => {
                if let Some(name) = names.get(&agent.handle) {
                    agent.name = (*name).to_owned();
                }
                set_addresses(&mut agent, of_record, all_say);
            }
            None if all_say => {
                agent.address = None;
                agent.addresses.clear();
            }
            None => {}
        }
        all.push(agent);
    }
    for (handle, of_record) in addresses {
        let name = names.get(handle).map_or_else(|| handle.to_string(), |name| (*name).to_owned());
        let mut agent = Agent { handle: handle.clone(), name, address: None, title: None, addresses: BTreeSet::new() };
        set_addresses(&mut agent, of_record, all_say);
        all.push(agent);
    }
    all
}

/// Gives an agent the addresses of the records, and where an account has none leaves those of the config. The config's own one stays the
/// one that is shown, where it counts.
fn set_addresses(agent: &mut Agent, mut of_record: BTreeSet<String>, all_say: bool) {
    if !all_say {
        of_record.extend(agent.address.iter().map(Address::key));
        of_record.append(&mut agent.addresses);
    }
    let shown = agent.address.take().filter(|address| of_record.contains(&address.key()));
    agent.address = shown.or_else(|| of_record.first().map(|email| Address::new(agent.name.clone(), email.clone())));
    if let Some(address) = &agent.address {
        of_record.remove(&address.key());
    }
    agent.addresses = of_record;
}

fn groups(said: &[(&AccountId, &TeamRecord)]) -> Vec<RecordTeam> {
    let mut all: BTreeMap<&Handle, BTreeSet<Handle>> = BTreeMap::new();
    for group in said.iter().flat_map(|(_, record)| &record.teams) {
        all.entry(&group.name).or_default().extend(group.members.iter().cloned());
    }
    all.into_iter().map(|(name, members)| RecordTeam { name: name.clone(), members }).collect()
}

/// Returns where the config and the record of an account say different things: inboxes first, then agents and teams, in the record's order.
#[must_use]
pub fn differences(config: &Team, account: &AccountId, record: &TeamRecord) -> Vec<Difference> {
    let mut all = Vec::new();
    let Matched { record: inboxes, rest } = matched(config, account, record);
    for (said, inbox) in inboxes {
        match inbox {
            Some(inbox) => of_inbox(inbox, said, &mut all),
            None => all.push(Difference::InboxNotInConfig { inbox: said.id.clone(), address: said.address.clone() }),
        }
    }
    all.extend(
        rest.into_iter()
            .map(|inbox| Difference::InboxNotInRecord { inbox: inbox.id.clone(), address: inbox.address.key() }),
    );
    for said in &record.agents {
        match config.agents.iter().find(|agent| agent.handle == said.handle) {
            Some(agent) => of_agent(agent, said, &mut all),
            None => all.push(Difference::AgentNotInConfig { agent: said.handle.clone() }),
        }
    }
    let lacks = |agent: &&Agent| !record.agents.iter().any(|said| said.handle == agent.handle);
    all.extend(config.agents.iter().filter(lacks).map(|a| Difference::AgentNotInRecord { agent: a.handle.clone() }));
    of_groups(&config.groups, &record.teams, &mut all);
    let authserv = config.authserv.get(account).filter(|id| Some(*id) != record.authserv.as_ref());
    all.extend(authserv.map(|id| Difference::Authserv { config: id.clone(), record: record.authserv.clone() }));
    all
}

fn of_groups(config: &[RecordTeam], record: &[RecordTeam], all: &mut Vec<Difference>) {
    for said in record {
        match config.iter().find(|group| group.name == said.name) {
            Some(group) if group.members == said.members => {}
            Some(group) => all.push(Difference::TeamMembers {
                team: said.name.clone(),
                config: group.members.difference(&said.members).cloned().collect(),
                record: said.members.difference(&group.members).cloned().collect(),
            }),
            None => all.push(Difference::TeamNotInConfig { team: said.name.clone() }),
        }
    }
    let lacks = |group: &&RecordTeam| !record.iter().any(|said| said.name == group.name);
    all.extend(config.iter().filter(lacks).map(|group| Difference::TeamNotInRecord { team: group.name.clone() }));
}

fn of_inbox(inbox: &Inbox, said: &RecordInbox, all: &mut Vec<Difference>) {
    let record = said.address.to_lowercase();
    if inbox.id != said.id {
        let (inbox, address) = (inbox.id.clone(), record.clone());
        all.push(Difference::InboxName { inbox, record: said.id.clone(), address });
    }
    if inbox.address.key() != record {
        all.push(Difference::InboxAddress { inbox: inbox.id.clone(), config: inbox.address.key(), record });
    }
    let here: BTreeSet<String> = inbox.aliases.iter().map(|alias| alias.to_lowercase()).collect();
    let there: BTreeSet<String> = said.aliases.iter().map(|alias| alias.to_lowercase()).collect();
    if here != there {
        all.push(Difference::InboxAliases {
            inbox: inbox.id.clone(),
            config: here.difference(&there).cloned().collect(),
            record: there.difference(&here).cloned().collect(),
        });
    }
}

fn of_agent(agent: &Agent, said: &RecordAgent, all: &mut Vec<Difference>) {
    if says_name(agent) && !said.name.is_empty() && agent.name != said.name {
        let (config, record) = (agent.name.clone(), said.name.clone());
        all.push(Difference::AgentName { agent: agent.handle.clone(), config, record });
    }
    let known: BTreeSet<String> = said.addresses.iter().map(|address| address.to_lowercase()).collect();
    for config in own(agent).into_iter().filter(|address| !known.contains(address)) {
        all.push(Difference::AgentAddress { agent: agent.handle.clone(), config });
    }
}

/// A config that gives no name calls an agent by the handle.
fn says_name(agent: &Agent) -> bool {
    !agent.name.is_empty() && agent.name != agent.handle.as_str()
}

fn own(agent: &Agent) -> BTreeSet<String> {
    agent.address.iter().map(Address::key).chain(agent.addresses.iter().map(|one| one.to_lowercase())).collect()
}

/// Returns the record that a config stands for, given what the account's record says already: the config's inboxes, agents, teams and
/// authserv-id as they are there, and all else that the record says. An agent keeps the addresses that the record has: a colleague's config
/// may name others.
#[must_use]
pub fn proposal(config: &Team, account: &AccountId, said: Option<&TeamRecord>) -> TeamRecord {
    let mut record = said.cloned().unwrap_or_default();
    let plain = said.cloned().unwrap_or_default();
    let Matched { record: pairs, rest } = matched(config, account, &plain);
    record.inboxes = pairs.into_iter().map(|(said, inbox)| inbox.map_or_else(|| said.clone(), recorded)).collect();
    record.inboxes.extend(rest.into_iter().map(recorded));
    for agent in &config.agents {
        let name = if says_name(agent) { agent.name.clone() } else { String::new() };
        match record.agents.iter_mut().find(|said| said.handle == agent.handle) {
            Some(said) => {
                if !name.is_empty() {
                    said.name = name;
                }
                said.addresses.append(&mut own(agent));
            }
            None => {
                record.agents.push(RecordAgent { handle: agent.handle.clone(), name, addresses: own(agent) });
            }
        }
    }
    for group in &config.groups {
        match record.teams.iter_mut().find(|said| said.name == group.name) {
            Some(said) => said.members.clone_from(&group.members),
            None => record.teams.push(group.clone()),
        }
    }
    if let Some(authserv) = config.authserv.get(account) {
        record.authserv = Some(authserv.clone());
    }
    record
}

fn recorded(inbox: &Inbox) -> RecordInbox {
    RecordInbox {
        id: inbox.id.clone(),
        address: inbox.address.key(),
        aliases: inbox.aliases.iter().map(|alias| alias.to_lowercase()).collect(),
    }
}

#[cfg(test)]
#[path = "team_tests.rs"]
mod tests;
