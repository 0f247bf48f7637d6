//! What a doctor looks at on an IMAP server: the way in, folders and rights, what the server can do, and its clock. Nothing is written there,
//! and no mail is read but for the date of the newest.

use super::account::ImapAccount;
use super::error::ImapError;
use super::roles::{self, Wanted};
use super::session::{Capabilities, Listed, Session, may_delete};
use super::{connect, names};
use crate::config::Security;
use crate::error::{ErrorKind, UserError};
use crate::model::clock::{Clock, Timestamp};
use crate::model::phrase::Phrase;
use crate::model::text::{SafeText, in_quotes};
use crate::service::doctor::{Finding, Level, Topic};
use crate::store::FolderRole;
use crate::sync::clock;
use crate::sync::error::SyncError;
use crate::sync::secret::SecretProvider;
use crate::sync::waker::Waker;

/// Looks at an account's server. `here` is the clock of this machine.
pub fn examine(account: &ImapAccount, secrets: &dyn SecretProvider, here: &Clock, waker: &Waker) -> Vec<Finding> {
    let mut found = Vec::new();
    let looked = log_in(account, secrets, waker).and_then(|mut session| {
        found.push(Finding::ok(Topic::Server, reached(account)));
        found.extend(abilities(session.capabilities()));
        let done = look(account, &mut session, here, &mut found);
        session.logout();
        done
    });
    if let Err(error) = looked {
        found.push(Finding::fault(Topic::Server, error.of_imap(account)));
    }
    found
}

fn reached(account: &ImapAccount) -> Phrase {
    let endpoint = &account.imap;
    let security = match endpoint.security {
        Security::Tls => phrase!("doctor-by-tls"),
        Security::StartTls => phrase!("doctor-by-starttls"),
        Security::Plain => phrase!("doctor-in-clear"),
    };
    phrase!("doctor-imap-fine", host = &endpoint.host, port = endpoint.port.to_string(), security = security)
}

/// Connects first, so that a server that can't be reached is told though its password can't be had either.
fn log_in(account: &ImapAccount, secrets: &dyn SecretProvider, waker: &Waker) -> Result<Session, SyncError> {
    let endpoint = &account.imap;
    let greeted = connect::connect(endpoint, waker)?;
    let secret = secrets.secret(&account.id, endpoint)?;
    match greeted.login(&secret) {
        // A token may have ended; a password has no other.
        Err(refused @ ImapError::Login(_)) => match secrets.another(&account.id, endpoint, &secret)? {
            Some(another) => Ok(connect::connect(endpoint, waker)?.login(&another)?),
            None => Err(refused.into()),
        },
        done => Ok(done?),
    }
}

/// What is done without an extension of IMAP, and whether that is seen.
type Without = (&'static str, Level, fn() -> Phrase);

/// What postroom makes use of where it is there, with what is done where it is not.
const USED: &[Without] = &[
    ("IDLE", Level::Warning, || phrase!("doctor-without-idle")),
    ("UIDPLUS", Level::Warning, || phrase!("doctor-without-uidplus")),
    ("MOVE", Level::Ok, || phrase!("doctor-without-move")),
    ("CONDSTORE", Level::Ok, || phrase!("doctor-without-condstore")),
    ("QRESYNC", Level::Ok, || phrase!("doctor-without-qresync")),
    ("SPECIAL-USE", Level::Ok, || phrase!("doctor-without-special-use")),
    ("NAMESPACE", Level::Ok, || phrase!("doctor-without-namespace")),
    ("LIST-STATUS", Level::Ok, || phrase!("doctor-without-list-status")),
    ("NOTIFY", Level::Ok, || phrase!("doctor-without-notify")),
    ("ACL", Level::Ok, || phrase!("doctor-without-acl")),
];

fn abilities(offered: &Capabilities) -> Vec<Finding> {
    let (has, lacks): (Vec<&Without>, Vec<&Without>) = USED.iter().partition(|(name, ..)| offered.has(name));
    let has: Vec<&str> = has.iter().map(|(name, ..)| *name).collect();
    let mut found = vec![match has.as_slice() {
        [] => Finding::ok(Topic::Abilities, phrase!("doctor-abilities-none")),
        has => Finding::ok(Topic::Abilities, phrase!("doctor-abilities", names = has.join(", "))),
    }];
    found.extend(lacks.into_iter().map(|(name, level, without)| {
        let what = phrase!("doctor-without", name = *name, what = without());
        match level {
            Level::Ok => Finding::ok(Topic::Abilities, what),
            _ => Finding::warning(Topic::Abilities, what, phrase!("hint-doctor-ability")),
        }
    }));
    found
}

fn look(account: &ImapAccount, session: &mut Session, here: &Clock, found: &mut Vec<Finding>) -> Result<(), SyncError> {
    let listed = session.list()?;
    let (wanted, missing) = roles::chosen(session, account, &listed)?;
    for folder in missing {
        let name = in_quotes(&folder.name);
        let what = phrase!("imap-no-folder", folder = name.clone());
        let hint = match folder.called {
            Some(called) => phrase!("hint-imap-called", called = in_quotes(&called), name = name),
            None => phrase!("hint-imap-no-folder", folder = name, account = account.id.as_str()),
        };
        found.push(Finding::fault(Topic::Folders, UserError::new(ErrorKind::Remote, what).hint(hint)));
    }
    for folder in &wanted {
        found.push(of_folder(session, folder)?);
    }
    if !wanted.iter().any(|folder| folder.role == FolderRole::Sent) {
        let hint = phrase!("hint-doctor-sent", account = account.id.as_str());
        found.push(Finding::warning(Topic::Folders, phrase!("doctor-sent-none"), hint));
    }
    found.push(of_log(session, account, &listed)?);
    let inbox = wanted.iter().find(|folder| folder.role == FolderRole::Inbox);
    found.push(time(session, inbox, here)?);
    Ok(())
}

/// Asks what may be done with a folder; `None` where the server has no rights, or does not tell.
fn rights(session: &mut Session, name: &str) -> Result<Option<String>, SyncError> {
    match session.my_rights(name) {
        Ok(rights) => Ok(rights),
        Err(error) if error.leaves_session_usable() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn of_folder(session: &mut Session, folder: &Wanted) -> Result<Finding, SyncError> {
    let (name, role) = (shown(&folder.name), folder.role.name());
    let state = match session.status(&folder.name) {
        Ok(state) => state,
        Err(error) if error.leaves_session_usable() => {
            let what = phrase!("doctor-folder-closed", folder = name, what = error.phrase());
            let error = UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-doctor-rights", rights = "lrs"));
            return Ok(Finding::fault(Topic::Folders, error));
        }
        Err(error) => return Err(error.into()),
    };
    let messages = state.messages.unwrap_or(0);
    let Some(rights) = rights(session, &folder.name)? else {
        return Ok(Finding::ok(Topic::Folders, phrase!("doctor-folder", folder = name, role = role, count = messages)));
    };
    // `r` to read, `s` to tell what was opened; what is sent is filed with `i`, and mail that moves leaves with `t` and `e`.
    let mut lacks: String = "lrs".chars().filter(|right| !rights.contains(*right)).collect();
    match folder.role {
        FolderRole::Sent if !rights.contains('i') => lacks.push('i'),
        FolderRole::Sent => {}
        _ if !may_delete(&rights) => lacks.push_str("te"),
        _ => {}
    }
    if lacks.is_empty() {
        let what = phrase!("doctor-folder-rights", folder = name, role = role, count = messages, rights = rights);
        return Ok(Finding::ok(Topic::Folders, what));
    }
    let what = phrase!("doctor-folder-lacks", folder = name, role = role, lacks = &lacks, rights = rights);
    Ok(Finding::warning(Topic::Folders, what, phrase!("hint-doctor-rights", rights = lacks)))
}

fn of_log(session: &mut Session, account: &ImapAccount, listed: &[Listed]) -> Result<Finding, SyncError> {
    let name = session.called(listed, &account.log_folder)?;
    if !listed.iter().any(|folder| names::same_name(&folder.name, &name)) {
        return Ok(Finding::ok(Topic::Log, phrase!("doctor-log-none", folder = shown(&name))));
    }
    let messages = match session.status(&name) {
        Ok(state) => Ok(state.messages.unwrap_or(0)),
        Err(error) if error.leaves_session_usable() => Err(error.phrase()),
        Err(error) => return Err(error.into()),
    };
    let rights = rights(session, &name)?;
    let messages = match messages {
        Ok(messages) => messages,
        // The rights say why, where there are any.
        Err(_) if rights.as_ref().is_some_and(|rights| !rights.contains('r')) => 0,
        Err(what) => {
            let what = phrase!("doctor-folder-closed", folder = shown(&name), what = what);
            let error = UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-doctor-log-rights"));
            return Ok(Finding::fault(Topic::Log, error));
        }
    };
    let Some(rights) = rights else {
        return Ok(Finding::ok(Topic::Log, phrase!("doctor-log", folder = shown(&name), count = messages)));
    };
    let lacks: String = "lrsi".chars().filter(|right| !rights.contains(*right)).collect();
    if lacks.contains(['r', 'i']) {
        let what = phrase!("doctor-log-lacks", folder = shown(&name), lacks = &lacks, rights = rights);
        let error = UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-doctor-log-rights"));
        return Ok(Finding::fault(Topic::Log, error));
    }
    if !lacks.is_empty() || !may_delete(&rights) {
        let what = phrase!("doctor-log-untidy", folder = shown(&name), rights = rights);
        return Ok(Finding::warning(Topic::Log, what, phrase!("hint-doctor-rights", rights = "te")));
    }
    Ok(Finding::ok(Topic::Log, phrase!("doctor-log-rights", folder = shown(&name), count = messages, rights = rights)))
}

fn shown(name: &str) -> String {
    SafeText::line_max(name, 100).to_string()
}

/// Compares the clocks. IMAP has no command that asks for the time, but YOUNGER (RFC 5032) compares the date of a mail with the server's
/// own clock: the least number of seconds for which the newest mail is younger says what time it is there. Without it only a mail from the
/// future says something. The mail is of the team's inbox: where that is not INBOX, INBOX is somebody's own.
fn time(session: &mut Session, inbox: Option<&Wanted>, here: &Clock) -> Result<Finding, SyncError> {
    let unknown = || Finding::ok(Topic::Clock, phrase!("doctor-clock-unknown"));
    let Some(inbox) = inbox else { return Ok(unknown()) };
    match session.examine(&inbox.name) {
        Ok(_) => {}
        // What is wrong with the folder was told with the others.
        Err(error) if error.leaves_session_usable() => return Ok(unknown()),
        Err(error) => return Err(error.into()),
    }
    let Some((uid, date)) = newest(session)? else { return Ok(unknown()) };
    // Not before: what was done until here may have taken minutes.
    let now = here.now();
    let since = now.seconds().saturating_sub(date.seconds());
    if !session.capabilities().has("WITHIN") {
        return Ok(if since < -clock::FINE { clock::compared(now, date.seconds()) } else { unknown() });
    }
    let there = match server_age(session, uid, since)? {
        Some(age) => date.seconds().saturating_add(age),
        None => return Ok(unknown()),
    };
    Ok(clock::compared(now, there))
}

/// Returns UID and date of the newest mail of the open folder.
fn newest(session: &mut Session) -> Result<Option<(u32, Timestamp)>, SyncError> {
    let fetched = session.uid_fetch("*", "INTERNALDATE")?;
    let dated = fetched.into_iter().filter_map(|mail| Some((mail.uid, mail.date?)));
    Ok(dated.max_by_key(|(uid, _)| *uid))
}

/// Finds how many seconds old a mail is by the server's clock; `expected` by ours. `None` where the server does not say.
fn server_age(session: &mut Session, uid: u32, expected: i64) -> Result<Option<i64>, SyncError> {
    let mut is_younger = |seconds: i64| -> Result<bool, SyncError> {
        // An interval is a positive number of 32 bits (RFC 5032 section 3).
        let seconds = seconds.clamp(1, i64::from(u32::MAX >> 1));
        Ok(session.search(&format!("UID {uid} YOUNGER {seconds}"))?.contains(&uid))
    };
    let (low, high) = (expected - clock::FINE, expected + clock::FINE);
    if is_younger(high)? && (low < 1 || !is_younger(low)?) {
        return Ok(Some(expected.max(0)));
    }
    let (mut low, mut high) = (0, i64::from(u32::MAX >> 1));
    if !is_younger(high)? {
        return Ok(None);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if is_younger(middle)? { high = middle } else { low = middle }
    }
    Ok(Some(high))
}
