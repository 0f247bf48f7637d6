//! The hooks of the config beside a sync: on a thread of their own while it lives, and behind a single one.

use std::thread::JoinHandle;
use std::time::Duration;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use super::desk::Desk;
use super::json::{ConversationJson, Moment, SCHEMA};
use super::output::json_line;
use crate::error::UserError;
use crate::model::clock::Clock;
use crate::model::hook::Hook;
use crate::model::ids::{Handle, MessageId};
use crate::model::stop::Stop;
use crate::query::Context;
use crate::runtime::{Report, Reporter, Syncing};
use crate::store::{HookDue, Store};
use crate::sync::hooks::{Given, HookLock, Hooks};
use crate::sync::notice::Notice;
use crate::sync::waker::Waker;

/// It is looked at least this often whether anybody committed something, or left the lock.
const LOOK: Duration = Duration::from_secs(2);

/// `"type":"hook"`: what a hook reads on its standard input.
#[derive(Serialize, JsonSchema)]
pub struct HookJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    hook: &'a str,
    event: &'static str,
    at: Moment,
    actor: Option<&'a Handle>,
    message: Option<&'a MessageId>,
    op: Option<&'a serde_json::Value>,
    conversation: ConversationJson<'a>,
}

fn payload(due: &HookDue) -> Vec<u8> {
    let json = HookJson {
        schema: SCHEMA,
        r#type: "hook",
        hook: &due.hook,
        event: due.event.name(),
        at: due.at.into(),
        actor: due.actor.as_ref(),
        message: due.message.as_ref(),
        op: due.operation.as_ref(),
        conversation: ConversationJson::row(&due.row),
    };
    let mut line = json_line(&json).into_bytes();
    line.push(b'\n');
    line
}

fn given(desk: &Desk) -> Given {
    Given { payload: Box::new(payload), variables: desk.variables() }
}

/// What the thread works with.
struct Bench {
    store: Store,
    hooks: Vec<Hook>,
    me: Handle,
    clock: Clock,
    zone: TimeZone,
    given: Given,
    stop: Stop,
    waker: Waker,
}

impl Bench {
    fn run(self, reporter: &Reporter) {
        let notice = Notice::of(&self.store);
        let Some(_lock) = self.wait_for_lock(&notice, reporter) else { return };
        let (store, stop) = (self.store.clone(), self.stop.clone());
        let hooks = match Hooks::take_up(store, self.hooks, self.given, stop) {
            Ok(hooks) => hooks,
            Err(error) => return reporter(Report::Told(error)),
        };
        let mut version = None;
        while !self.stop.is_asked() {
            let now = self.store.data_version().ok();
            if now != version {
                let context = Context { me: self.me.clone(), now: self.clock.now(), zone: self.zone.clone() };
                version = match hooks.step(&context, &mut |error| reporter(Report::Told(error))) {
                    Ok(_) => now,
                    // It is tried again, changes or not.
                    Err(error) => {
                        tracing::warn!(%error, "hooks could not be run");
                        None
                    }
                };
            }
            // Whether it is to end is asked at the head of the loop.
            notice.wait(&self.waker, LOOK);
        }
    }

    fn wait_for_lock(&self, notice: &Notice, reporter: &Reporter) -> Option<HookLock> {
        while !self.stop.is_asked() {
            match HookLock::try_take(&self.store) {
                Ok(Some(lock)) => return Some(lock),
                Ok(None) => {}
                Err(error) => {
                    reporter(Report::Told(error));
                    return None;
                }
            }
            notice.wait(&self.waker, LOOK);
        }
        None
    }
}

/// A sync with hooks beside it. Both end with it; a program that runs then is killed.
struct WithHooks {
    sync: Box<dyn Syncing>,
    waker: Waker,
    thread: Option<JoinHandle<()>>,
}

impl Syncing for WithHooks {
    fn nudge(&self) {
        self.sync.nudge();
    }

    fn look(&self) {
        self.sync.look();
    }
}

impl Drop for WithHooks {
    fn drop(&mut self) {
        self.waker.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What starts the hooks of the config beside a sync.
pub struct Beside {
    bench: Bench,
    waker: Waker,
}

impl Beside {
    /// Returns it; `None` where there are no hooks.
    pub fn of(desk: &Desk) -> Option<Self> {
        if desk.config.hooks.is_empty() {
            forget(desk);
            return None;
        }
        let waker = Waker::new().inspect_err(|error| tracing::warn!(%error, "hooks can't be run")).ok()?;
        let asked = waker.clone();
        let bench = Bench {
            store: desk.store.clone(),
            hooks: desk.config.hooks.clone(),
            me: desk.config.me.clone(),
            clock: desk.clock.clone(),
            zone: desk.zone.clone(),
            given: given(desk),
            stop: Stop::when(move || asked.is_stopped()),
            waker: waker.clone(),
        };
        Some(Self { bench, waker })
    }

    /// Starts them.
    pub fn start(self, sync: Box<dyn Syncing>, reporter: Reporter) -> Box<dyn Syncing> {
        let Self { bench, waker } = self;
        let thread = std::thread::Builder::new().name("hooks".to_owned()).spawn(move || bench.run(&reporter)).ok();
        Box::new(WithHooks { sync, waker, thread })
    }
}

/// Without hooks events begin anew with the next one.
fn forget(desk: &Desk) {
    if let Err(error) = desk.store.gather_hooks(&[]) {
        tracing::warn!(%error, "what waited for hooks could not be forgotten");
    }
}

/// Runs the hooks behind a single sync, where no other process does. `bring` brings the claims to the log.
///
/// # Errors
/// Those of the store, and of `bring`.
pub fn behind(
    desk: &Desk,
    stop: Stop,
    tell: &mut dyn FnMut(UserError),
    mut bring: impl FnMut() -> Result<(), UserError>,
) -> Result<(), UserError> {
    if desk.config.hooks.is_empty() {
        forget(desk);
        return Ok(());
    }
    let Some(_lock) = HookLock::try_take(&desk.store)? else { return Ok(()) };
    let hooks = Hooks::take_up(desk.store.clone(), desk.config.hooks.clone(), given(desk), stop)?;
    if hooks.step(&desk.context(), tell)? {
        bring()?;
        hooks.step(&desk.context(), tell)?;
    }
    Ok(())
}
