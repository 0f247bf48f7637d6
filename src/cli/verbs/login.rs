//! `postroom login`: has a person agree that an account is used, and keeps the tokens that come of it.

use std::ffi::OsString;
use std::io::BufRead as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::connect;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::{Moment, SCHEMA};
use crate::cli::output::Output;
use crate::config::{Account, Kept, OAuth2};
use crate::error::{ErrorKind, UserError};
use crate::program::Program;
use crate::sync::lock::nudge;
use crate::sync::oauth::browser::{self, Asking};
use crate::sync::oauth::{Grant, Grants, OAuthError, Why, device};

/// How long a browser is waited for.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct LoginArgs {
    /// The account; where one alone logs in with tokens, that one
    #[arg(value_name = "ACCOUNT")]
    account: Option<String>,
    /// By a code that is typed on another device
    #[arg(long, conflicts_with = "browser")]
    device: bool,
    /// By a browser that comes back to this machine, or whose address is pasted here
    #[arg(long)]
    browser: bool,
    /// Print the address, and open no browser
    #[arg(long)]
    no_open: bool,
    /// Keep the tokens without trying them at the mail servers
    #[arg(long)]
    no_test: bool,
    /// Forget the tokens that are kept
    #[arg(long, conflicts_with_all = ["device", "browser", "no_open", "no_test"])]
    forget: bool,
}

/// `"type":"login"`: tokens that are kept.
#[derive(Serialize, JsonSchema)]
pub struct LoginJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    account: &'a str,
    /// Until when the token is good, which renews itself where `renews` says so.
    expires: Option<Moment>,
    renews: bool,
    /// Where they are kept: `file` or `keyring`; nothing once they are forgotten.
    kept: Option<&'static str>,
}

/// Runs the verb.
///
/// # Errors
/// Those of the config and the store; where nobody agreed, the provider refuses, or a mail server takes no token of it.
pub fn run(around: &Surroundings, out: &mut Output, args: &LoginArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let account = account(&desk, args.account.as_deref())?;
    let Some(oauth) = account.oauth2() else { return Err(without(account)) };
    let grants = connect::grants(&desk);
    if args.forget {
        let was = grants.forget(oauth).map_err(|error| error.for_user())?;
        out.talk(&if was { say!("login-forgotten") } else { say!("login-nothing-kept") });
        tell(out, account, oauth, None);
        return Ok(if was { Exit::Done } else { Exit::Nothing });
    }
    if around.global.offline {
        return Err(UserError::new(ErrorKind::Usage, phrase!("login-offline")));
    }
    let way = Way {
        device: args.device,
        browser: args.browser,
        opener: &desk.config.ui.opener,
        open: !args.no_open,
        ends: false,
    };
    let grant = agree(out, oauth, &grants, &way)?;
    if !args.no_test {
        try_out(out, account, grant.access_token())?;
    }
    // Whoever syncs goes on at once.
    nudge(&desk.store);
    let place = match oauth.kept {
        Kept::File => say!("login-in-file"),
        Kept::Keyring => say!("login-in-keyring"),
    };
    out.talk(&say!("login-done", account = account.id.as_str(), place = place));
    tell(out, account, oauth, Some(&grant));
    Ok(Exit::Done)
}

/// How somebody agrees.
pub struct Way<'a> {
    /// By a code for another device, whatever else is possible.
    pub device: bool,
    /// By a browser.
    pub browser: bool,
    /// What opens an address.
    pub opener: &'a str,
    /// Whether it may.
    pub open: bool,
    /// Whether other questions follow: their answers are not to be read as addresses.
    pub ends: bool,
}

/// Has somebody agree that an account is used, and keeps what is given.
///
/// # Errors
/// Where nobody agreed, the provider refuses, or the tokens can't be kept.
pub fn agree(out: &mut Output, oauth: &Arc<OAuth2>, grants: &Grants, way: &Way<'_>) -> Result<Grant, UserError> {
    let by_device =
        way.device || !way.browser && (oauth.authorize_url.is_empty() || is_far() && oauth.device_url.is_some());
    let grant = match by_device {
        true => by_code(out, oauth, || grants.now()),
        false => by_browser(out, oauth, way, || grants.now()),
    };
    let grant = grant.map_err(|error| error.for_user())?;
    grants.keep(oauth, &grant).map_err(|error| error.for_user())?;
    if !grant.renews() {
        out.warn(&say!("login-renews-not"));
    }
    Ok(grant)
}

fn tell(out: &mut Output, account: &Account, oauth: &OAuth2, grant: Option<&Grant>) {
    if out.format() == Format::Json {
        let kept = if oauth.kept == Kept::File { "file" } else { "keyring" };
        out.json(&LoginJson {
            schema: SCHEMA,
            r#type: "login",
            account: account.id.as_str(),
            expires: grant.map(|grant| grant.expires().into()),
            renews: grant.is_some_and(Grant::renews),
            kept: grant.map(|_| kept),
        });
    }
}

/// Returns the account that is meant.
fn account<'d>(desk: &'d Desk, name: Option<&str>) -> Result<&'d Account, UserError> {
    if name.is_some() {
        return crate::cli::remote::accounts(desk, name)?.into_iter().next().ok_or_else(none);
    }
    let all: Vec<&Account> = desk.config.accounts.iter().filter(|account| account.oauth2().is_some()).collect();
    match all.as_slice() {
        [one] => Ok(one),
        [] => Err(none()),
        several => {
            let names: Vec<&str> = several.iter().map(|account| account.id.as_str()).collect();
            let error = UserError::new(ErrorKind::Usage, phrase!("login-which"));
            Err(error.hint(phrase!("hint-accounts", names = names.join(", "))))
        }
    }
}

fn none() -> UserError {
    UserError::new(ErrorKind::Config, phrase!("login-no-account")).hint(phrase!("hint-oauth2"))
}

fn without(account: &Account) -> UserError {
    UserError::new(ErrorKind::Config, phrase!("login-by-password", account = account.id.as_str()))
        .hint(phrase!("hint-oauth2"))
}

/// Tells whether a browser of this machine would open where nobody sees it.
fn is_far() -> bool {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    has("SSH_CONNECTION") || !has("DISPLAY") && !has("WAYLAND_DISPLAY")
}

fn by_code(
    out: &mut Output,
    oauth: &OAuth2,
    now: impl Fn() -> crate::model::clock::Timestamp,
) -> Result<Grant, OAuthError> {
    let device = device::begin(oauth)?;
    out.talk(&say!("login-type", code = &device.user_code, uri = &device.uri));
    if let Some(uri) = &device.uri_complete {
        out.talk(&say!("login-or-open", uri = uri));
    }
    out.talk(&say!("login-waits"));
    let rest = |wait: Duration| {
        std::thread::park_timeout(wait);
        true
    };
    device::finish(oauth, &device, rest, now)
}

fn by_browser(
    out: &mut Output,
    oauth: &Arc<OAuth2>,
    way: &Way<'_>,
    now: impl Fn() -> crate::model::clock::Timestamp,
) -> Result<Grant, OAuthError> {
    let asking = Arc::new(browser::begin(oauth)?);
    let opened = way.open && !is_far() && open(way.opener, &asking.url);
    out.talk(&if opened { say!("login-opened") } else { say!("login-open") });
    // Whole, on a line of its own: it is copied.
    out.talk(&asking.url);
    out.talk(&say!("login-paste"));
    let (send, came) = channel();
    listen(&asking, oauth, send.clone());
    let pasted = Pasted::begin(&asking, oauth, send, way.ends);
    let ended = awaited(out, &asking, oauth, &came, now);
    pasted.end();
    ended
}

/// Waits for what comes first of a browser and a pasted address.
fn awaited(
    out: &mut Output,
    asking: &Asking,
    oauth: &OAuth2,
    came: &Receiver<Result<String, OAuthError>>,
    now: impl Fn() -> crate::model::clock::Timestamp,
) -> Result<Grant, OAuthError> {
    let failed = |why: Why| OAuthError { account: oauth.account.clone(), why };
    out.talk(&say!("login-waits"));
    loop {
        match came.recv_timeout(PATIENCE) {
            Ok(Ok(code)) => return asking.finish(oauth, &code, now()),
            Ok(Err(error)) if matches!(error.why, Why::NotTheAddress | Why::OfAnother) => out.warn(&error.to_string()),
            Ok(Err(error)) => return Err(error),
            Err(RecvTimeoutError::Timeout) => return Err(failed(Why::TooLate)),
            Err(RecvTimeoutError::Disconnected) => return Err(failed(Why::Stopped)),
        }
    }
}

/// Waits on a thread of its own for the browser to come back.
fn listen(asking: &Arc<Asking>, oauth: &Arc<OAuth2>, send: Sender<Result<String, OAuthError>>) {
    let (asking, oauth) = (Arc::clone(asking), Arc::clone(oauth));
    std::thread::spawn(move || {
        let _ = send.send(asking.wait(&oauth));
    });
}

/// Reads on a thread of its own what is pasted.
struct Pasted {
    over: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<()>,
    ends: bool,
}

impl Pasted {
    /// Where it `ends`, no line is begun to be read before it is there: what is typed later is for others.
    fn begin(asking: &Arc<Asking>, oauth: &Arc<OAuth2>, send: Sender<Result<String, OAuthError>>, ends: bool) -> Self {
        let (asking, oauth, over) = (Arc::clone(asking), Arc::clone(oauth), Arc::new(AtomicBool::new(false)));
        let is_over = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            loop {
                if ends && !is_ready(&is_over) {
                    return;
                }
                let mut line = String::new();
                if std::io::stdin().lock().read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                if !line.trim().is_empty() && send.send(asking.code(&oauth, line.trim())).is_err() {
                    return;
                }
            }
        });
        Self { over, thread, ends }
    }

    fn end(self) {
        self.over.store(true, Ordering::Relaxed);
        if self.ends {
            let _ = self.thread.join();
        }
    }
}

/// Waits until there is a line; `false` where there is nothing more to wait for.
fn is_ready(over: &AtomicBool) -> bool {
    let stdin = std::io::stdin();
    let tenth = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
    while !over.load(Ordering::Relaxed) {
        let mut ends = [PollFd::new(&stdin, PollFlags::IN)];
        match rustix::event::poll(&mut ends, Some(&tenth)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) => return !over.load(Ordering::Relaxed),
            Err(_) => return false,
        }
    }
    false
}

/// Opens an address; `false` where that can't be had.
fn open(opener: &str, url: &str) -> bool {
    let words: Vec<OsString> = opener.split_whitespace().map(OsString::from).chain([url.into()]).collect();
    words.len() > 1 && Program::new(words).of_session().launch().is_ok()
}

/// Logs in to the mail servers of an account with a token.
fn try_out(out: &mut Output, account: &Account, token: &str) -> Result<(), UserError> {
    let endpoints = account.endpoints();
    if let Some(imap) = endpoints.first() {
        out.progress(&connect::logging_in(imap));
    }
    let _ = connect::test_login(account, token, phrase!("then-command"))?;
    out.talk(&say!("login-imap-works"));
    if let Some(smtp) = endpoints.get(1) {
        out.progress(&connect::logging_in(smtp));
    }
    if crate::sync::test_sending(account, token)? {
        out.talk(&say!("login-smtp-works"));
    }
    Ok(())
}
