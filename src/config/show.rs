//! The config as TOML, the way it stands after all layers; passwords are never shown.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::views::write_view;
use super::{Account, AfterClose, Auth, Config, Endpoint, Glyphs, Imap, Remote, Secret, Security};
use crate::model::list_look::Column;
use crate::model::screen_order::TerminalBidi;

impl Config {
    /// Returns the whole config as TOML that could be read back, but for passwords in clear.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        line(&mut out, "store", &self.data_dir.display().to_string());
        line(&mut out, "replies", &self.replies_dir.display().to_string());
        if let Some(name) = self.timezone.as_ref().and_then(|zone| zone.iana_name()) {
            line(&mut out, "timezone", name);
        }
        list(&mut out, "environment", &self.environment);
        self.write_team(&mut out);
        self.write_rest(&mut out);
        out
    }

    /// Writes who sits here, and what a team has in common: agents, teams, accounts, inboxes.
    pub(super) fn write_team(&self, out: &mut String) {
        section(out, "me");
        line(out, "handle", self.me.as_str());
        for agent in &self.agents {
            section(out, &format!("agent.{}", key(agent.handle.as_str())));
            line(out, "name", &agent.name);
            match &agent.address {
                Some(address) if agent.addresses.is_empty() => line(out, "address", &address.email),
                address => {
                    let first = address.iter().map(|address| &address.email);
                    let all: Vec<String> = first.chain(&agent.addresses).cloned().collect();
                    list(out, "address", &all);
                }
            }
            if let Some(title) = &agent.title {
                line(out, "title", title);
            }
        }
        if !self.teams.is_empty() {
            section(out, "teams");
        }
        for team in &self.teams {
            let members: Vec<String> = team.members.iter().map(ToString::to_string).collect();
            list(out, &key(team.name.as_str()), &members);
        }
        self.accounts.iter().for_each(|account| write_account(out, account));
        for inbox in &self.inboxes {
            section(out, &format!("inbox.{}", key(inbox.id.as_str())));
            line(out, "address", &inbox.address.email);
            line(out, "name", &inbox.address.name);
            if let Some(pattern) = self.sender_names.get(&inbox.id) {
                line(out, "sender_name", &pattern.to_string());
            }
            line(out, "account", inbox.account.as_str());
            list(out, "aliases", &inbox.aliases);
            if let Some(folder) = &inbox.folder {
                line(out, "folder", folder);
            }
            if let Some(language) = inbox.language {
                line(out, "language", language.tag());
            }
        }
    }

    fn write_rest(&self, out: &mut String) {
        section(out, "ui");
        line(out, "theme", &self.ui.theme);
        line(out, "keymap", &self.ui.keymap);
        if let Some(editor) = &self.ui.editor {
            line(out, "editor", editor);
        }
        plain(out, "external_editor_first", self.ui.external_editor_first);
        let after_close = match self.ui.after_close {
            AfterClose::Next => "next",
            AfterClose::Stay => "stay",
            AfterClose::List => "list",
        };
        line(out, "after_close", after_close);
        plain(out, "reply_takes", self.ui.reply_takes);
        let glyphs = match self.ui.glyphs {
            Glyphs::Auto => "auto",
            Glyphs::Unicode => "unicode",
            Glyphs::Ascii => "ascii",
        };
        line(out, "glyphs", glyphs);
        line(out, "sort", self.ui.sort.name());
        line(out, "density", self.ui.look.density.name());
        columns_line(out, &self.ui.look.columns);
        plain(out, "mouse", self.ui.mouse);
        plain(out, "linear", self.ui.linear);
        line(out, "motion", if self.ui.reduced_motion { "reduced" } else { "full" });
        match self.ui.terminal_bidi {
            TerminalBidi::Auto => line(out, "terminal_bidi", "auto"),
            TerminalBidi::Words => line(out, "terminal_bidi", "words"),
            TerminalBidi::Terminal => plain(out, "terminal_bidi", true),
            TerminalBidi::Us => plain(out, "terminal_bidi", false),
        }
        if let Some(language) = self.ui.language {
            line(out, "language", language.tag());
        }
        if let Some(layout) = self.ui.layout {
            line(out, "layout", layout.name);
        }
        line(out, "opener", &self.ui.opener);
        section(out, "notify");
        self.notify.lists().iter().for_each(|(key, words)| list(out, key, words));
        self.notify.lines().iter().for_each(|(key, words)| line(out, key, words));
        plain(out, "title", self.notify.title);
        section(out, "sending");
        plain(out, "undo_seconds", self.sending.undo_seconds);
        plain(out, "quote", self.sending.quote);
        let identity = match self.sending.identity {
            crate::model::reply::Identity::SendAs => "send-as",
            crate::model::reply::Identity::OnBehalf => "on-behalf",
            crate::model::reply::Identity::Personal => "personal",
        };
        line(out, "identity", identity);
        line(out, "company", &self.sending.company);
        plain(out, "copy_drafts", self.sending.copy_drafts);
        let mut context = "";
        for own in &self.keys {
            if own.context != context {
                context = &own.context;
                section(out, &format!("keys.{}", key(context)));
            }
            line(out, &key(&own.keys), &own.line);
        }
        self.views.iter().for_each(|view| write_view(out, view));
        for hook in &self.hooks {
            section(out, &format!("hook.{}", key(&hook.name)));
            list(out, "on", &hook.on.iter().map(|event| event.name().to_owned()).collect::<Vec<_>>());
            list(out, "run", &hook.run);
            if !hook.query.is_empty() {
                line(out, "query", &hook.query);
            }
            line(out, "once", hook.once.name());
            plain(out, "timeout", hook.timeout);
        }
        for panel in &self.panels {
            section(out, &format!("panel.{}", key(&panel.name)));
            list(out, "run", &panel.run);
            line(out, "title", panel.title.as_str());
            if !panel.when.is_empty() {
                line(out, "when", &panel.when);
            }
            plain(out, "timeout", panel.timeout);
            plain(out, "keep", panel.keep);
            plain(out, "claims", panel.claims);
        }
        self.write_texts(out);
    }

    /// Writes variables of saved replies, and signatures.
    pub(super) fn write_texts(&self, out: &mut String) {
        for (name, texts) in [("variables", &self.sending.variables), ("signatures", &self.sending.signatures)] {
            if !texts.is_empty() {
                section(out, name);
                texts.iter().for_each(|(name, text)| line(out, &key(name), text));
            }
        }
    }
}

fn write_account(out: &mut String, account: &Account) {
    let name = format!("account.{}", key(account.id.as_str()));
    section(out, &name);
    match &account.remote {
        Remote::Local => line(out, "kind", "local"),
        Remote::Imap(imap) => {
            line(out, "kind", "imap");
            write_imap(out, &name, imap);
        }
        Remote::Team { url } => {
            line(out, "kind", "team");
            line(out, "url", url);
        }
        #[cfg(test)]
        Remote::Scripted(_) => {}
    }
}

fn write_imap(out: &mut String, name: &str, account: &Imap) {
    if let Some(folder) = &account.inbox_folder {
        line(out, "inbox_folder", folder);
    }
    list(out, "folders", &account.folders);
    if let Some(sent) = &account.sent {
        line(out, "sent", sent);
    }
    line(out, "log_folder", &account.log_folder);
    if !account.log_keys.is_empty() {
        list(out, "log_key", &account.log_keys);
    }
    if let Some(files) = account.server_files_sent {
        plain(out, "server_files_sent", files);
    }
    if let Some(authserv) = &account.authserv {
        line(out, "authserv", authserv);
    }
    plain(out, "history_days", account.history_days);
    plain(out, "gone_days", account.gone_days);
    plain(out, "sync_archive", account.sync_archive);
    plain(out, "body_limit", account.body_limit);
    plain(out, "mirror_keywords", account.mirror_keywords);
    plain(out, "mirror_flags", account.mirror_flags);
    section(out, &format!("{name}.imap"));
    write_endpoint(out, &account.imap);
    if let Some(smtp) = &account.smtp {
        section(out, &format!("{name}.smtp"));
        write_endpoint(out, smtp);
    }
    let tokens = std::iter::once(&account.imap).chain(&account.smtp).find_map(|endpoint| match &endpoint.secret {
        Secret::OAuth2(oauth) => Some(oauth),
        _ => None,
    });
    if let Some(oauth) = tokens {
        section(out, &format!("{name}.oauth2"));
        super::oauth2::write(out, oauth);
    }
}

fn write_endpoint(out: &mut String, endpoint: &Endpoint) {
    line(out, "host", &endpoint.host);
    plain(out, "port", endpoint.port);
    let security = match endpoint.security {
        Security::Tls => "tls",
        Security::StartTls => "starttls",
        Security::Plain => "plain",
    };
    line(out, "security", security);
    line(out, "user", &endpoint.user);
    let auth = match endpoint.auth {
        Auth::Password => "password",
        Auth::XOAuth2 => "xoauth2",
        Auth::OAuthBearer => "oauthbearer",
        Auth::OAuth2 => "oauth2",
    };
    line(out, "auth", auth);
    match &endpoint.secret {
        Secret::Command(command) => line(out, "password_command", command),
        Secret::Program(argv) => list(out, "password_command", argv),
        Secret::Env(name) => line(out, "password_env", name),
        Secret::Keyring(name) => line(out, "password_keyring", name),
        Secret::Prompt => plain(out, "password_prompt", true),
        Secret::Clear(_) => out.push_str("# password = (not shown)\n"),
        // It has a section of its own.
        Secret::OAuth2(_) => {}
    }
    if let Some(file) = &endpoint.ca_file {
        line(out, "ca_file", &file.display().to_string());
    }
    plain(out, "timeout", endpoint.timeout);
}

pub(super) fn section(out: &mut String, name: &str) {
    out.push_str(&format!("\n[{name}]\n"));
}

/// Returns a key, in quotes where TOML wants them.
pub(super) fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare { name.to_owned() } else { quoted(name) }
}

/// Returns a text as TOML writes it.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

pub(super) fn line(out: &mut String, key: &str, text: &str) {
    // Writing to a string can't fail.
    let _ = writeln!(out, "{key} = {}", quoted(text));
}

pub(super) fn plain(out: &mut String, key: &str, value: impl std::fmt::Display) {
    let _ = writeln!(out, "{key} = {value}");
}

/// Writes which columns a list has; that it has none is said too.
pub(super) fn columns_line(out: &mut String, columns: &BTreeSet<Column>) {
    let names: Vec<String> = columns.iter().map(|column| quoted(column.name())).collect();
    let _ = writeln!(out, "columns = [{}]", names.join(", "));
}

pub(super) fn list(out: &mut String, key: &str, texts: &[String]) {
    if !texts.is_empty() {
        let items: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        let _ = writeln!(out, "{key} = [{}]", items.join(", "));
    }
}
