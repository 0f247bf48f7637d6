//! Where the mails of an import go: into the store, onto a server, or nowhere when they are only counted; and a first config where there
//! is none.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::going::Going;
use super::output::Output;
use super::verbs::import::name_damaged;
use super::words::usage;
use super::{connect, remote, verbs};
use crate::config::{Account, Config, Paths, quoted};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::{AccountId, Handle, OpId};
use crate::service::import::{self, Damaged, End, Places, Ready, Sources, Summary};
use crate::store::{FolderRole, MailKey};
use crate::sync::lock::SyncLock;
use crate::sync::round::Round;

/// After so many refusals one after another the server takes nothing at all.
const REFUSED_MAX: usize = 5;
/// So many mails tell whose they are.
const LOOKED_AT: usize = 500;

/// Where the mails go.
pub enum Onto<'t, 'd> {
    /// Nowhere: they are counted.
    Nowhere(&'d Account, HashSet<MailKey>),
    /// Into an account without a server.
    Here(AccountId, Places),
    /// Onto a server.
    Server(Box<OnServer<'t, 'd>>),
}

/// A server to put mails on.
pub struct OnServer<'t, 'd> {
    round: &'t mut Round<'d>,
    account: &'d Account,
    places: Places,
    /// The command that all of it is part of.
    batch: OpId,
    /// Mails that were put there: the store learns of them later.
    met: HashSet<MailKey>,
    /// How many were refused one after another.
    refused: usize,
    /// Why nothing more is put there.
    gave_up: Option<UserError>,
}

impl<'t, 'd> Onto<'t, 'd> {
    /// Puts mails on the server of an account, over a round that holds the lock of the sync.
    pub fn server(desk: &Desk, round: &'t mut Round<'d>, account: &'d Account, places: Places) -> Self {
        let batch = desk.store.author().ids.next();
        Self::Server(Box::new(OnServer {
            round,
            account,
            places,
            batch,
            met: HashSet::new(),
            refused: 0,
            gave_up: None,
        }))
    }
}

/// Puts mails there and tells of it.
pub struct Into<'t, 'd, 'o> {
    desk: &'t Desk,
    out: &'o mut Output,
    target: Onto<'t, 'd>,
    going: Going,
    open: bool,
    stopped: Arc<AtomicBool>,
    damaged: usize,
}

impl<'t, 'd, 'o> Into<'t, 'd, 'o> {
    /// Begins. Ctrl-C ends it between two portions.
    pub fn new(desk: &'t Desk, out: &'o mut Output, target: Onto<'t, 'd>, open: bool) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        // A round ends at it by itself.
        if !matches!(target, Onto::Server(_)) {
            let stop = Arc::clone(&stopped);
            connect::on_interrupt(move || stop.store(true, Ordering::Relaxed));
        }
        let going = Going::new(&desk.clock);
        Self { desk, out, target, going, open, stopped, damaged: 0 }
    }
}

impl import::Into for Into<'_, '_, '_> {
    fn put(&mut self, mails: Vec<Ready>) -> Result<Vec<End>, UserError> {
        let store = &self.desk.store;
        match &mut self.target {
            Onto::Nowhere(account, met) => {
                let mails = if account.has_server() { import::as_kept_by_servers(mails) } else { mails };
                import::look(store, &account.id, met, mails)
            }
            Onto::Here(account, places) => import::put_here(store, account, places, self.open, mails),
            Onto::Server(server) => server.put(self.desk, self.open, mails),
        }
    }

    fn ended(&mut self) -> Option<UserError> {
        match &mut self.target {
            Onto::Server(server) => server.gave_up.take(),
            _ => None,
        }
    }

    fn told(&mut self, so_far: &Summary, percent: Option<u64>) {
        let done = so_far.all();
        let said = match percent {
            Some(percent) => {
                say!("import-progress", done = done, percent = percent) + &self.going.left("import", percent, 100)
            }
            None => say!("import-progress-open", done = done),
        };
        self.out.progress(&said);
    }

    fn is_damaged(&mut self, damaged: &Damaged) {
        self.damaged += 1;
        name_damaged(self.out, damaged, self.damaged);
    }

    fn is_stopped(&self) -> bool {
        match &self.target {
            Onto::Server(server) => server.round.is_stopped(),
            _ => self.stopped.load(Ordering::Relaxed),
        }
    }
}

impl OnServer<'_, '_> {
    /// Puts a portion there: first the log says how they stand, so that no client takes them for work.
    fn put(&mut self, desk: &Desk, open: bool, mails: Vec<Ready>) -> Result<Vec<End>, UserError> {
        let mut ends = vec![End::NotPut; mails.len()];
        let places = self.places.clone();
        for ((name, role), at, part) in places.divide(import::as_kept_by_servers(mails)) {
            let of = (name.as_str(), *role);
            let (judged, _) = desk.store.announce_import(&self.account.id, of, &part, (open, self.batch))?;
            self.push_log()?;
            for ((at, mail), judged) in at.into_iter().zip(&part).zip(judged) {
                let mut end = import::end_of(judged.fate);
                if end == End::Taken && !self.met.insert(judged.key) {
                    end = End::There;
                }
                if end == End::Taken
                    && let Some(refusal) = self.round.visit(self.account).put(name, mail)?
                {
                    self.refused += 1;
                    if self.refused >= REFUSED_MAX {
                        self.gave_up = Some(all_refused(&refusal));
                    }
                    end = End::Refused(refusal.what);
                } else if end == End::Taken {
                    self.refused = 0;
                }
                if let Some(place) = ends.get_mut(at) {
                    *place = end;
                }
                if self.gave_up.is_some() {
                    return Ok(ends);
                }
            }
        }
        Ok(ends)
    }

    /// Brings to the log what was said of the mails. Where it does not take that, no mail may follow.
    fn push_log(&mut self) -> Result<(), UserError> {
        for pass in self.round.visit(self.account).log()? {
            if let Some(trouble) = pass.trouble {
                return Err(trouble);
            }
            if pass.read_only {
                let what = phrase!("import-log-read-only", account = self.account.id.as_str());
                return Err(UserError::new(ErrorKind::Remote, what));
            }
        }
        Ok(())
    }
}

/// Says that a server takes nothing at all, and how it goes on when it does.
fn all_refused(last: &UserError) -> UserError {
    let what = phrase!("import-all-refused", count = REFUSED_MAX.to_string(), why = last.what.clone());
    UserError::new(last.kind, what).hint(phrase!("hint-import-all-refused"))
}

/// Syncs the account, as `sync` does.
///
/// # Errors
/// Those of the store.
pub fn sync(around: &Surroundings, desk: &Desk, out: &mut Output, account: &Account) -> Result<Exit, UserError> {
    let accounts = remote::accounts(desk, Some(account.id.as_str()))?;
    remote::sync(around, desk, out, &accounts)
}

/// Runs something over a round of its own.
///
/// # Errors
/// When another process syncs this store, and those of `work`.
pub fn with_round<'d>(
    desk: &'d Desk,
    work: impl FnOnce(&mut Round<'d>) -> Result<(), UserError>,
) -> Result<(), UserError> {
    let Some(_lock) = SyncLock::try_take(&desk.store)? else {
        return Err(UserError::new(ErrorKind::Remote, phrase!("sync-another")).hint(phrase!("hint-import-another")));
    };
    let mut round = connect::round(desk)?;
    let done = work(&mut round);
    let stopped = round.is_stopped();
    round.close();
    // What ended the connection was asked for.
    if stopped { Err(UserError::new(ErrorKind::Remote, phrase!("import-was-stopped"))) } else { done }
}

/// Returns where mails stand in an account without a server: our own answers among what was sent, unless a folder is named.
pub fn places_here(folder: Option<&str>) -> Places {
    let role = match folder.unwrap_or("INBOX") {
        name if name.eq_ignore_ascii_case("inbox") => FolderRole::Inbox,
        name if name.eq_ignore_ascii_case("sent") => FolderRole::Sent,
        _ => FolderRole::Other,
    };
    let name = match role {
        FolderRole::Inbox => "INBOX",
        FolderRole::Sent => "Sent",
        _ => folder.unwrap_or("INBOX"),
    };
    let ours = folder.is_none().then(|| ("Sent".to_owned(), FolderRole::Sent));
    Places { mail: (name.to_owned(), role), ours }
}

/// Returns where mails stand on a server. The folder is one that is synced: elsewhere nobody would see them.
///
/// # Errors
/// When it is none, or there is no folder for sent mail.
pub fn places_on(desk: &Desk, account: &Account, folder: Option<&str>, sent: bool) -> Result<Places, UserError> {
    let folders = desk.store.folders(&account.id)?;
    let usable = || folders.iter().filter(|folder| folder.last_pass.is_some());
    let wanted = folder.unwrap_or("INBOX");
    let is_meant =
        |name: &str| name == wanted || (name.eq_ignore_ascii_case("inbox") && wanted.eq_ignore_ascii_case("inbox"));
    let mail = usable().find(|folder| is_meant(&folder.name)).ok_or_else(|| {
        let names = usable().map(|folder| folder.name.as_str()).collect::<Vec<_>>().join(", ");
        usage(phrase!("import-no-folder", folder = wanted, account = account.id.as_str())).hint(phrase!(
            "hint-import-folder",
            names = names,
            account = account.id.as_str()
        ))
    })?;
    let mut ours = None;
    if sent {
        let found = usable().find(|folder| folder.role == FolderRole::Sent);
        let found = found.ok_or_else(|| {
            usage(phrase!("import-no-sent", account = account.id.as_str())).hint(phrase!("hint-import-no-sent"))
        })?;
        ours = Some((found.name.clone(), found.role));
    }
    Ok(Places { mail: (mail.name.clone(), mail.role), ours })
}

/// Makes a config with one account without a server in the folder of the store, for whoever tries an archive.
///
/// # Errors
/// When no folder or no address is named; says which address it may be.
pub fn set_up(
    around: &Surroundings,
    out: &mut Output,
    paths: &[PathBuf],
    addresses: &[String],
) -> Result<Desk, UserError> {
    let Some(dir) = &around.layers.store else {
        let file = Paths::of(&around.layers)?.config.display().to_string();
        let path = paths.first().map(|path| path.display().to_string()).unwrap_or_default();
        return Err(UserError::new(ErrorKind::Config, phrase!("config-missing", file = file))
            .hint(phrase!("hint-import-try", path = path)));
    };
    let Some((first, others)) = addresses.split_first() else {
        return Err(whose(paths, &dir.display().to_string()));
    };
    let file = dir.join("config.toml");
    let named = around.layers.agent.clone().or_else(|| around.layers.user.clone()).unwrap_or_default();
    let me = Handle::new(&named.to_lowercase()).or_else(|_| Handle::new("me")).map_err(|bad| usage(bad.phrase()))?;
    let text = config(me.as_str(), first, others);
    let paths = Paths { config: file.clone(), data: dir.clone(), shared: Vec::new() };
    Config::parse(&text, &paths, &around.layers, true)?;
    verbs::init::write_config(&file, &text)?;
    out.talk(&say!("import-set-up", path = file.display().to_string(), dir = dir.display().to_string()));
    around.open()
}

/// Says that the address is missing, and which one it may be.
fn whose(paths: &[PathBuf], dir: &str) -> UserError {
    let files: Vec<PathBuf> = paths.iter().filter(|path| path.as_os_str() != "-").cloned().collect();
    let found = Sources::open(&files).and_then(|mut sources| import::likely_address(&mut sources, LOOKED_AT));
    let path = paths.first().map(|path| path.display().to_string()).unwrap_or_default();
    let error = usage(phrase!("import-wants-address"));
    error.hint(match found {
        Ok(Some(address)) => phrase!("hint-import-likely", address = address, path = path, dir = dir),
        _ => phrase!("hint-import-address", path = path, dir = dir),
    })
}

fn config(me: &str, address: &str, others: &[String]) -> String {
    let mut text =
        String::from("# An archive to look at, without a server. `postroom help accounts` tells of such accounts.\n");
    // Writing to a string can't fail.
    let _ = write!(text, "\n[me]\nhandle = {0}\n\n[agent.{0}]\nname = {0}\n", quoted(me));
    let _ = write!(text, "\n[account.archive]\nkind = \"local\"\n\n[inbox.archive]\naddress = {}\n", quoted(address));
    if !others.is_empty() {
        let others: Vec<String> = others.iter().map(|other| quoted(other)).collect();
        let _ = writeln!(text, "aliases = [{}]", others.join(", "));
    }
    text
}
