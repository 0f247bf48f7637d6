//! The config of a colleague, made of one's own: what a team has in common, without what is a secret, a program or a taste.

use std::sync::Arc;

use super::show::{line, plain, section};
use super::{Account, Config, Endpoint, Remote, Secret};
use crate::model::address::Address;
use crate::model::agent::Agent;
use crate::model::ids::{AccountId, Handle};
use crate::model::reply::Identity;

impl Config {
    /// Returns the config of the colleague `handle` as TOML. Passwords are asked for; where tokens are used, those come by a login. An
    /// authority of one's own is named in a comment. `user` logs in where each has a login of their own. `keys` are the fingerprints of each
    /// account's log.
    pub fn to_invitation(
        &self,
        handle: &Handle,
        name: Option<&str>,
        address: Option<&str>,
        user: Option<&str>,
        keys: &[(AccountId, Vec<String>)],
    ) -> String {
        let mut invited = self.clone();
        invited.me = handle.clone();
        invited.welcome(handle, name, address);
        invited.accounts.retain(Account::has_server);
        for account in &mut invited.accounts {
            let known = keys.iter().filter(|(of, _)| *of == account.id).flat_map(|(_, keys)| keys.iter().cloned());
            if let Remote::Imap(imap) = &mut account.remote {
                imap.log_keys.extend(known);
                imap.log_keys.sort();
                imap.log_keys.dedup();
                std::iter::once(&mut imap.imap).chain(&mut imap.smtp).for_each(|endpoint| invite_to(endpoint, user));
            }
        }
        let served: Vec<&AccountId> = invited.accounts.iter().map(|account| &account.id).collect();
        invited.inboxes.retain(|inbox| served.contains(&&inbox.account));
        let mut out = format!("# {}\n", say!("invite-config-about"));
        for account in self.own_authorities() {
            out.push_str(&format!("# {}\n", say!("invite-ca-file", account = account)));
        }
        invited.write_team(&mut out);
        invited.write_common(&mut out);
        out
    }

    /// Returns the accounts that log in by OAuth2, by name.
    pub fn oauth2_accounts(&self) -> Vec<String> {
        self.accounts
            .iter()
            .filter(|account| account.oauth2().is_some())
            .map(|account| account.id.to_string())
            .collect()
    }

    /// Returns the accounts whose client has a secret, by name: it is in no invitation.
    pub fn client_secrets(&self) -> Vec<String> {
        let has_one = |account: &&Account| account.oauth2().is_some_and(|oauth| oauth.client_secret.is_some());
        self.accounts.iter().filter(has_one).map(|account| account.id.to_string()).collect()
    }

    /// Returns the accounts that trust an authority whose certificate is a file of this machine, by name.
    pub fn own_authorities(&self) -> Vec<String> {
        self.accounts
            .iter()
            .filter(|account| account.endpoints().iter().any(|endpoint| endpoint.ca_file.is_some()))
            .map(|account| account.id.to_string())
            .collect()
    }

    /// Makes the colleague one of the agents, with what was said of them.
    fn welcome(&mut self, handle: &Handle, name: Option<&str>, address: Option<&str>) {
        if !self.agents.iter().any(|agent| agent.handle == *handle) {
            let (handle, name) = (handle.clone(), handle.to_string());
            self.agents.push(Agent { handle, name, address: None, addresses: Default::default(), title: None });
        }
        let Some(agent) = self.agents.iter_mut().find(|agent| agent.handle == *handle) else { return };
        if let Some(name) = name {
            agent.name = name.to_owned();
        }
        if let Some(email) = address {
            agent.address = Some(Address::new(agent.name.clone(), email));
        }
    }

    /// Writes how mail of the team goes out, whoever writes it.
    fn write_common(&self, out: &mut String) {
        section(out, "sending");
        plain(out, "quote", self.sending.quote);
        let identity = match self.sending.identity {
            Identity::SendAs => "send-as",
            Identity::OnBehalf => "on-behalf",
            Identity::Personal => "personal",
        };
        line(out, "identity", identity);
        line(out, "company", &self.sending.company);
        self.write_texts(out);
    }
}

/// Has the password asked for, and names no file of this machine. A token is no secret of the config: everybody logs in by themselves.
fn invite_to(endpoint: &mut Endpoint, user: Option<&str>) {
    endpoint.ca_file = None;
    if let Some(user) = user {
        endpoint.user = user.to_owned();
    }
    match &mut endpoint.secret {
        Secret::OAuth2(oauth) if matches!(oauth.client_secret, Some(Secret::Command(_) | Secret::Program(_))) => {
            Arc::make_mut(oauth).client_secret = Some(Secret::Clear(String::new()));
        }
        Secret::OAuth2(_) => {}
        other => *other = Secret::Prompt,
    }
}
