//! The named groups of agents of `[teams]`, and what tells a team from an agent.

use super::reader::Section;
use crate::model::agent::{Agent, RecordTeam};
use crate::model::ids::Handle;
use crate::model::nearest::nearest;

/// Reads `billing = ["alice", "bob"]` below `[teams]`. `me` sits here, with or without a section among the agents.
pub(super) fn teams(section: &Section<'_, '_>, agents: &[Agent], me: Option<&Handle>) -> Vec<RecordTeam> {
    let mut teams = Vec::new();
    let is_agent = |handle: &Handle| me == Some(handle) || agents.iter().any(|agent| agent.handle == *handle);
    for (written, members) in section.own_lists() {
        let name = match RecordTeam::named(&written) {
            Ok(name) => name,
            Err(why) => {
                section.complain(&written, why, phrase!("hint-team-other-name"));
                continue;
            }
        };
        if is_agent(&name) {
            let what = phrase!("config-team-is-agent", team = name.as_str());
            section.complain(&written, what, phrase!("hint-team-other-name"));
            continue;
        }
        if members.is_empty() {
            let what = phrase!("config-team-empty", team = name.as_str());
            section.complain(&written, what, phrase!("hint-team-members", team = written.as_str()));
        }
        let mut team = RecordTeam { name, members: Default::default() };
        for member in &members {
            match Handle::new(member) {
                // A config that names no colleagues knows nobody's name.
                Ok(handle) if agents.len() < 2 || is_agent(&handle) => {
                    team.members.insert(handle);
                }
                Ok(handle) => {
                    let what = phrase!("agent-nobody-called", agent = handle.as_str());
                    let near = nearest(handle.as_str(), agents.iter().map(|agent| agent.handle.as_str()));
                    let remedy = match near {
                        Some(near) => phrase!("hint-did-you-mean", near = near),
                        None => phrase!("hint-agent-section", agent = handle.as_str()),
                    };
                    section.complain(&written, what, remedy);
                }
                Err(error) => section.complain(&written, error.phrase(), ""),
            }
        }
        teams.push(team);
    }
    teams
}
