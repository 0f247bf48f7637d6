//! What stands in the config file: each section, its keys, their bounds and their defaults.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::hooks::hooks;
use super::layers::{Layers, Paths};
use super::notify::Notify;
use super::oauth2::{OAuth2, oauth2};
use super::panels::panels;
use super::reader::Section;
use super::teams::teams;
use super::views::views;
use super::{Account, AfterClose, Auth, Config, Endpoint, Glyphs, Imap, Remote, Secret, Security, Sending, Ui};
use crate::model::address::{Address, is_plain};
use crate::model::agent::{Agent, Inbox};
use crate::model::ids::{AccountId, Handle, InboxId};
use crate::model::keyboard::Layout;
use crate::model::language::Language;
use crate::model::list_look::ListLook;
use crate::model::nearest::nearest;
use crate::model::own::OwnKey;
use crate::model::reply::Identity;
use crate::model::screen_order::TerminalBidi;
use crate::model::sender_name::SenderName;
use crate::model::text::in_quotes;
use crate::model::view::Sort;

/// Reads the whole file. What is wrong is noted with the reader, and a stand-in is returned in its place; `None` where not even that
/// can be had. `agent` is who the flags or the environment say sits here.
pub(super) fn config(
    root: Section<'_, '_>,
    paths: &Paths,
    layers: &Layers,
    agent: Option<Handle>,
    private: bool,
) -> Option<Config> {
    let me = me(&root, layers, agent);
    let agents = agents(&root);
    let teams = teams(&root.section("teams"), &agents, me.as_ref());
    let mut mistaken = Vec::new();
    let mut accounts = accounts(&root, private, &mut mistaken);
    let names: Vec<AccountId> = accounts.iter().map(|a| a.id.clone()).chain(mistaken).collect();
    let mut sender_names = BTreeMap::new();
    let inboxes = inboxes(&root, &names, &mut sender_names);
    if inboxes.is_empty() && !names.is_empty() {
        root.complain("account", phrase!("config-no-inbox"), phrase!("hint-add-inbox"));
    }
    sync_folders_of(&inboxes, &mut accounts);
    let ui = ui(&root, layers);
    let sending = sending(&root);
    let store = root.text("store").filter(|_| layers.store.is_none()).map(|path| home(&path));
    let replies = root.text("replies").map(|path| home(&path));
    let hooks = hooks(&root);
    let panels = panels(&root);
    let notify = Notify::read(&root);
    let timezone = timezone(&root);
    let environment = root.texts("environment").unwrap_or_default();
    let keys = keys(&root);
    let views = views(&root.section("view").mild(), &[]);
    root.finish();
    let data_dir = store.unwrap_or_else(|| paths.data.clone());
    let beside = paths.config.parent().map(|dir| dir.join("replies"));
    Some(Config {
        file: paths.config.clone(),
        replies_dir: replies.or(beside).unwrap_or_else(|| data_dir.join("replies")),
        data_dir,
        me: me?,
        agents,
        inboxes,
        sender_names,
        teams,
        accounts,
        ui,
        sending,
        timezone,
        environment,
        hooks,
        panels,
        keys,
        views,
        problems: Vec::new(),
        older: Vec::new(),
        notify,
    })
}

fn timezone(root: &Section<'_, '_>) -> Option<TimeZone> {
    let name = root.text("timezone")?;
    let found = TimeZone::get(&name).ok();
    if found.is_none() {
        let all: Vec<String> = jiff::tz::db().available().map(|zone| zone.as_str().to_owned()).collect();
        let hint = match nearest(&name, all.iter().map(String::as_str)) {
            Some(near) if !name.is_empty() => phrase!("hint-use", words = in_quotes(near)),
            _ => phrase!("hint-timezone"),
        };
        root.complain("timezone", phrase!("config-cant-be", key = "timezone", given = in_quotes(name)), hint);
    }
    found
}

fn me(root: &Section<'_, '_>, layers: &Layers, agent: Option<Handle>) -> Option<Handle> {
    let section = root.section("me");
    let handle: Option<Handle> = section.name("handle");
    let by_login = || layers.user.as_deref().and_then(|user| Handle::new(user).ok());
    let me = agent.or_else(|| handle.or_else(by_login));
    if me.is_none() {
        let remedy = phrase!("hint-who-are-you");
        section.complain("handle", phrase!("config-who-are-you"), remedy);
    }
    section.finish();
    me
}

fn agents(root: &Section<'_, '_>) -> Vec<Agent> {
    let mut agents = Vec::new();
    for (name, section) in root.sections("agent") {
        let shown = section.text("name");
        let written = section.texts("address").unwrap_or_default();
        let title = section.text("title");
        written.iter().for_each(|address| check_address(&section, "address", address));
        let mut addresses = written.into_iter();
        let address = addresses.next();
        match Handle::new(&name) {
            Ok(handle) => agents.push(Agent {
                name: shown.clone().unwrap_or_else(|| name.clone()),
                address: address.map(|email| Address::new(shown.unwrap_or_default(), email)),
                addresses: addresses.map(|address| address.trim().to_lowercase()).collect(),
                handle,
                title,
            }),
            Err(error) => section.complain("", error.to_string(), ""),
        }
        section.finish();
    }
    agents
}

fn check_address(section: &Section<'_, '_>, key: &str, address: &str) {
    if !is_plain(address) && !address.is_empty() {
        section.complain(key, phrase!("no-mail-address", given = in_quotes(address)), phrase!("hint-address"));
    }
}

/// Reads the inboxes, and beside them the names that their mail bears.
fn inboxes(root: &Section<'_, '_>, accounts: &[AccountId], names: &mut BTreeMap<InboxId, SenderName>) -> Vec<Inbox> {
    let mut inboxes = Vec::new();
    for (name, section) in root.sections("inbox") {
        let email = section.required("address", phrase!("hint-customers-address"));
        check_address(&section, "address", &email);
        let shown = section.text("name").unwrap_or_default();
        let aliases = section.texts("aliases").unwrap_or_default();
        aliases.iter().for_each(|alias| check_address(&section, "aliases", alias));
        let folder = section.text("folder");
        let sender_name = section.text("sender_name").and_then(|pattern| match SenderName::parse(&pattern) {
            Ok(pattern) => Some(pattern),
            Err(why) => {
                let what = phrase!("config-sender-name", given = in_quotes(&pattern), why = why);
                section.complain("sender_name", what, phrase!("hint-sender-name-braces"));
                None
            }
        });
        let language = language(&section);
        let account = section.name::<AccountId>("account").or_else(|| accounts.first().cloned());
        let id = InboxId::new(&name).map_err(|error| section.complain("", error.to_string(), ""));
        match account {
            Some(account) if accounts.contains(&account) => {
                if let Ok(id) = id {
                    names.extend(sender_name.map(|pattern| (id.clone(), pattern)));
                    let address = Address::new(shown, email);
                    inboxes.push(Inbox { id, account, address, aliases, folder, language });
                }
            }
            Some(account) => {
                let known: Vec<&str> = accounts.iter().map(AccountId::as_str).collect();
                let remedy = phrase!("hint-accounts", names = known.join(", "));
                section.complain("account", phrase!("config-no-account", account = account.to_string()), remedy);
            }
            None => section.complain("account", phrase!("config-no-account-at-all"), phrase!("hint-add-account")),
        }
        section.finish();
    }
    inboxes
}

/// The folders that hold an inbox's mail are synced without being named twice.
fn sync_folders_of(inboxes: &[Inbox], accounts: &mut [Account]) {
    for inbox in inboxes {
        let Some(folder) = inbox.folder.as_ref().filter(|folder| !folder.eq_ignore_ascii_case("INBOX")) else {
            continue;
        };
        if let Some(account) = accounts.iter_mut().find(|account| account.id == inbox.account)
            && let Remote::Imap(imap) = &mut account.remote
            && !imap.folders.contains(folder)
            && imap.inbox_folder.as_ref() != Some(folder)
        {
            imap.folders.push(folder.clone());
        }
    }
}

/// Reads the accounts. Those with a mistake that is told are named in `mistaken`: that no inbox has an account would be another one.
fn accounts(root: &Section<'_, '_>, private: bool, mistaken: &mut Vec<AccountId>) -> Vec<Account> {
    let mut accounts = Vec::new();
    for (name, section) in root.sections("account") {
        match AccountId::new(&name) {
            Ok(id) => match remote(&id, &section, private) {
                Some(remote) => accounts.push(Account { id, remote }),
                None => mistaken.push(id),
            },
            Err(error) => {
                section.complain("", error.to_string(), "");
                continue;
            }
        }
        section.finish();
    }
    accounts
}

/// Reads what stands behind an account; `None` where that has a mistake, which is told.
fn remote(id: &AccountId, section: &Section<'_, '_>, private: bool) -> Option<Remote> {
    let kind = section.text("kind");
    // As `kind = "local"` was written before there were kinds.
    let local = section.yes("local") == Some(true);
    section.is_older("local", phrase!("hint-older-local"));
    let kind = kind.as_deref().unwrap_or(if local { "local" } else { "imap" });
    if local && kind != "local" {
        section.complain("local", phrase!("config-two-kinds", account = id.as_str()), phrase!("hint-keep-kind"));
    }
    match kind {
        "local" => Some(Remote::Local),
        "imap" => imap(id, section, private).map(|imap| Remote::Imap(Box::new(imap))),
        "team" => {
            let _ = section.text("url");
            section.complain("kind", phrase!("config-team-later", account = id.as_str()), phrase!("hint-team-later"));
            None
        }
        other => {
            let (key, given) = (format!("{}.kind", section.name), in_quotes(other));
            let what = phrase!("config-cant-be", key = key, given = given);
            section.complain("kind", what, phrase!("hint-use", words = "\"local\" or \"imap\""));
            // What else stands there may be that of a mailbox: one mistake is told, not more.
            if section.section("imap").is_there() {
                let _ = imap(id, section, private);
            }
            None
        }
    }
}

fn imap(id: &AccountId, section: &Section<'_, '_>, private: bool) -> Option<Imap> {
    let imap_section = section.section("imap");
    let smtp_section = section.section("smtp");
    let oauth_section = section.section("oauth2");
    let user = imap_section.text("user").unwrap_or_default();
    let oauth = oauth_section.is_there().then(|| oauth2(&oauth_section, id, &user, private));
    let means = Means { oauth: oauth.as_ref().map(Option::as_ref), private };
    let imap = endpoint(&imap_section, Service::Imap, None, &means);
    let smtp = smtp_section.is_there().then(|| endpoint(&smtp_section, Service::Smtp, imap.as_ref(), &means)).flatten();
    imap_section.finish();
    smtp_section.finish();
    oauth_section.finish();
    let mirror_keywords = section.yes("mirror_keywords").unwrap_or(false);
    let mirror_flags = section.yes("mirror_flags").unwrap_or(true);
    let number =
        |key, bounds, default: u32| section.number(key, bounds).and_then(|n| u32::try_from(n).ok()).unwrap_or(default);
    let history_days = number("history_days", 0..=36_500, 30);
    let gone_days = number("gone_days", 0..=36_500, 30);
    let sync_archive = section.yes("sync_archive").unwrap_or(true);
    let body_limit = section.number("body_limit", 0..=i64::from(u32::MAX)).and_then(|n| u64::try_from(n).ok());
    let folders = section.texts("folders").unwrap_or_default();
    let sent = section.text("sent");
    let inbox_folder = section.text("inbox_folder").filter(|name| !name.eq_ignore_ascii_case("INBOX"));
    let log_folder = section.text("log_folder");
    if inbox_folder.is_some() && log_folder.is_none() {
        // Made by the usual name it would be a folder of the agent's own, which no colleague reads.
        section.complain(
            "inbox_folder",
            phrase!("config-log-nowhere", account = id.as_str()),
            phrase!("hint-log-folder"),
        );
    }
    let log_folder = log_folder.unwrap_or_else(|| "Postroom".into());
    let log_keys = log_keys(section);
    let server_files_sent = section.yes("server_files_sent");
    let authserv = section.text("authserv").map(|id| id.trim().to_lowercase()).filter(|id| !id.is_empty());
    if let Some(id) = authserv.as_ref().filter(|id| id.contains(char::is_whitespace)) {
        section.complain("authserv", phrase!("authserv-bad", given = in_quotes(id)), phrase!("hint-authserv"));
    }
    Some(Imap {
        imap: imap?,
        smtp,
        inbox_folder,
        folders,
        sent,
        log_folder,
        log_keys,
        server_files_sent,
        authserv,
        history_days,
        gone_days,
        sync_archive,
        body_limit: body_limit.unwrap_or(super::BODY_LIMIT),
        mirror_keywords,
        mirror_flags,
    })
}

/// Reads the fingerprints of keys, of which the first 128 bits of a SHA-256 are left.
fn log_keys(section: &Section<'_, '_>) -> Vec<String> {
    let mut keys = section.texts("log_key").unwrap_or_default();
    keys.iter_mut().for_each(|key| *key = key.trim().to_ascii_lowercase());
    for key in keys.iter().filter(|key| key.len() != 32 || !key.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        let what = phrase!("config-no-fingerprint", given = in_quotes(key));
        section.complain("log_key", what, phrase!("hint-fingerprint"));
    }
    keys
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Service {
    Imap,
    Smtp,
}

impl Service {
    fn port(self, security: Security) -> u16 {
        match (self, security) {
            (Service::Imap, Security::Tls) => 993,
            (Service::Imap, _) => 143,
            (Service::Smtp, Security::Tls) => 465,
            (Service::Smtp, Security::StartTls) => 587,
            (Service::Smtp, Security::Plain) => 25,
        }
    }
}

/// By what an endpoint may log in.
struct Means<'a> {
    /// How tokens are got, where the account says something of it; `None` inside where that has a mistake.
    oauth: Option<Option<&'a Arc<OAuth2>>>,
    /// Whether the file is its owner's alone.
    private: bool,
}

/// Reads one server. SMTP takes user, secret, authentication and CA file from IMAP where it says nothing of its own.
fn endpoint(
    section: &Section<'_, '_>,
    service: Service,
    like: Option<&Endpoint>,
    means: &Means<'_>,
) -> Option<Endpoint> {
    let host = section.required("host", phrase!("hint-server-name"));
    let words = [("tls", Security::Tls), ("starttls", Security::StartTls), ("plain", Security::Plain)];
    let security = section.word("security", &words).unwrap_or(Security::Tls);
    if security == Security::Plain && !host.is_empty() && !is_loopback(&host) {
        let what = phrase!("config-plain-elsewhere", host = &host);
        section.complain("security", what, phrase!("hint-use-tls"));
    }
    let port = section.number("port", 1..=65_535).and_then(|n| u16::try_from(n).ok());
    let user = section.text("user").or_else(|| like.map(|l| l.user.clone()));
    if user.as_deref().unwrap_or_default().is_empty() {
        section.complain(
            "user",
            phrase!("config-key-missing", key = format!("{}.user", section.name)),
            phrase!("hint-login-name"),
        );
    }
    let auth = section.word("auth", &AUTH).or_else(|| like.map(|l| l.auth)).unwrap_or_default();
    let user = user.unwrap_or_default();
    let secret = secret(section, (&user, auth), like, means);
    let ca_file = section.text("ca_file").map(|p| home(&p)).or_else(|| like.and_then(|l| l.ca_file.clone()));
    let timeout = section.number("timeout", 1..=3600).and_then(|n| u32::try_from(n).ok()).unwrap_or(30);
    let port = port.unwrap_or_else(|| service.port(security));
    Some(Endpoint { host, port, security, user, secret: secret?, auth, ca_file, timeout })
}

const AUTH: [(&str, Auth); 4] = [
    ("password", Auth::Password),
    ("xoauth2", Auth::XOAuth2),
    ("oauthbearer", Auth::OAuthBearer),
    ("oauth2", Auth::OAuth2),
];

fn secret(
    section: &Section<'_, '_>,
    (user, auth): (&str, Auth),
    like: Option<&Endpoint>,
    means: &Means<'_>,
) -> Option<Secret> {
    let mut ways = Vec::new();
    ways.extend(section.line_or_words("password_command").map(|command| match command {
        Ok(line) => Secret::Command(line),
        Err(argv) => {
            if argv.first().is_none_or(String::is_empty) {
                section.complain("password_command", phrase!("config-no-program"), phrase!("hint-password-program"));
            }
            Secret::Program(argv)
        }
    }));
    ways.extend(section.text("password_env").map(Secret::Env));
    ways.extend(
        section
            .text("password_keyring")
            .map(|name| Secret::Keyring(if name.is_empty() { user.to_owned() } else { name })),
    );
    ways.extend(section.yes("password_prompt").filter(|yes| *yes).map(|_| Secret::Prompt));
    if let Some(clear) = section.text("password") {
        if !means.private || section.is_shared("password") {
            let remedy = phrase!("hint-chmod-600");
            section.complain("password", phrase!("config-open-password"), remedy);
        }
        ways.push(Secret::Clear(clear));
    }
    let takes_token = auth != Auth::Password;
    let is_of_use = |like: &Endpoint| takes_token == (like.auth != Auth::Password);
    match ways.len() {
        0 if takes_token && means.oauth.is_some() => means.oauth.flatten().cloned().map(Secret::OAuth2),
        0 if like.is_some_and(is_of_use) => like.map(|l| l.secret.clone()),
        1 => ways.pop(),
        0 if auth == Auth::OAuth2 => {
            section.complain("auth", phrase!("config-no-oauth2", section = &section.name), phrase!("hint-oauth2"));
            None
        }
        0 => {
            let remedy = phrase!("hint-password-ways");
            section.complain("", phrase!("config-no-password", section = &section.name), remedy);
            None
        }
        _ => {
            let what = phrase!("config-several-passwords", section = &section.name);
            section.complain("", what, phrase!("hint-keep-one"));
            None
        }
    }
}

/// Tells whether a host name stands for this machine.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

const GLYPHS: [(&str, Glyphs); 3] = [("auto", Glyphs::Auto), ("unicode", Glyphs::Unicode), ("ascii", Glyphs::Ascii)];

const AFTER_CLOSE: [(&str, AfterClose); 3] =
    [("next", AfterClose::Next), ("stay", AfterClose::Stay), ("list", AfterClose::List)];

const TERMINAL_BIDI: [(&str, TerminalBidi); 2] = [("auto", TerminalBidi::Auto), ("words", TerminalBidi::Words)];

/// Reads the keys below `[keys.list]` and its like; the keymap says what is wrong with them.
fn keys(root: &Section<'_, '_>) -> Vec<OwnKey> {
    let mut keys = Vec::new();
    for (context, section) in root.section("keys").mild().sections_below() {
        let rows = section.own_rows().into_iter();
        keys.extend(rows.map(|(keys, line, at)| OwnKey { context: context.clone(), keys, line, at }));
    }
    keys
}

/// Whether motion is reduced.
const MOTION: [(&str, bool); 2] = [("full", false), ("reduced", true)];

/// The language that a section names.
fn language(section: &Section<'_, '_>) -> Option<Language> {
    let read = section.text("language")?.parse::<Language>();
    read.map_err(|error| section.complain("language", error.phrase(), error.hint())).ok()
}

/// How lists look where their view says nothing of it.
fn look(section: &Section<'_, '_>) -> ListLook {
    let own = ListLook::default();
    ListLook {
        density: super::views::density(section).unwrap_or(own.density),
        columns: super::views::columns(section).unwrap_or(own.columns),
    }
}

fn ui(root: &Section<'_, '_>, layers: &Layers) -> Ui {
    let section = root.section("ui");
    let theme = root.text("theme").or(section.text("theme"));
    let keymap = root.text("keymap").or(section.text("keymap"));
    let editor = section.text("editor").filter(|e| !e.is_empty());
    let ui = Ui {
        theme: layers.theme.clone().or(theme).unwrap_or_else(|| "auto".into()),
        keymap: layers.keymap.clone().or(keymap).unwrap_or_else(|| "default".into()),
        editor: editor.or_else(|| layers.editor.clone()),
        external_editor_first: section.yes("external_editor_first").unwrap_or(false),
        after_close: section.word("after_close", &AFTER_CLOSE).unwrap_or_default(),
        reply_takes: section.yes("reply_takes").unwrap_or(true),
        glyphs: section.word("glyphs", &GLYPHS).unwrap_or_default(),
        sort: section.word("sort", &Sort::ALL.map(|sort| (sort.name(), sort))).unwrap_or(Sort::Waiting),
        look: look(&section),
        mouse: section.yes("mouse").unwrap_or(false),
        linear: section.yes("linear").unwrap_or(false),
        reduced_motion: section.word("motion", &MOTION).unwrap_or(false),
        terminal_bidi: section
            .yes_or_word("terminal_bidi", [TerminalBidi::Us, TerminalBidi::Terminal], &TERMINAL_BIDI)
            .unwrap_or_default(),
        language: language(&section).or(layers.language),
        layout: section.named("layout", &Layout::names().collect::<Vec<_>>(), Layout::named),
        opener: section.text("opener").unwrap_or_else(|| "xdg-open".into()),
    };
    section.finish();
    ui
}

fn sending(root: &Section<'_, '_>) -> Sending {
    let section = root.section("sending");
    let identities =
        [("send-as", Identity::SendAs), ("on-behalf", Identity::OnBehalf), ("personal", Identity::Personal)];
    let by_name = |key| -> BTreeMap<String, String> { root.section(key).own_texts().into_iter().collect() };
    let sending = Sending {
        undo_seconds: section.number("undo_seconds", 0..=3600).and_then(|n| u32::try_from(n).ok()).unwrap_or(10),
        quote: section.yes("quote").unwrap_or(true),
        identity: section.word("identity", &identities).unwrap_or_default(),
        company: section.text("company").unwrap_or_default(),
        variables: by_name("variables"),
        signatures: by_name("signatures"),
        copy_drafts: section.yes("copy_drafts").unwrap_or(false),
    };
    section.finish();
    sending
}

/// Puts the home folder in place of a leading `~/`.
pub(super) fn home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), directories::BaseDirs::new()) {
        (Some(rest), Some(dirs)) => dirs.home_dir().join(rest),
        _ => PathBuf::from(path),
    }
}
