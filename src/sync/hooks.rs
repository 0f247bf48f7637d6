//! Runs the hooks of the config: one process of a store does, whichever came first of the screen, `sync --watch` and `sync`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::error::{ErrorKind, UserError};
use crate::model::hook::Hook;
use crate::model::phrase::Phrase;
use crate::model::stop::Stop;
use crate::program::{End, Program};
use crate::query::Context;
use crate::store::{HookDue, Store};

/// The right to run the hooks of a store. It ends with the value, and with the process however that ends.
#[derive(Debug)]
pub struct HookLock {
    _file: File,
}

impl HookLock {
    /// Takes the lock; `None` where another process has it.
    ///
    /// # Errors
    /// When the lock file, beside the store's, can't be made.
    pub fn try_take(store: &Store) -> Result<Option<Self>, UserError> {
        let path = store.path().with_file_name("hooks.lock");
        let failed = |error: std::io::Error| {
            let path = path.display().to_string();
            UserError::new(ErrorKind::Store, phrase!("store-file", path = path, why = error.to_string()))
                .hint(phrase!("hint-folder-and-disk"))
        };
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// Makes what a hook reads on its standard input.
pub type Payload = Box<dyn Fn(&HookDue) -> Vec<u8> + Send + Sync>;

/// What a hook is given.
pub struct Given {
    /// Makes what it reads.
    pub payload: Payload,
    /// Its variables, beside those that say what happened.
    pub variables: Vec<(&'static str, OsString)>,
}

/// Runs hooks. Whoever has one has the [`HookLock`].
pub struct Hooks {
    store: Store,
    hooks: Vec<Hook>,
    given: Given,
    stop: Stop,
    /// Hooks whose failure was told, until they succeed.
    told: Mutex<BTreeSet<String>>,
}

impl Hooks {
    /// Takes the hooks up: what another process was running when it ended is noted as failed.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn take_up(store: Store, hooks: Vec<Hook>, given: Given, stop: Stop) -> Result<Self, UserError> {
        store.hooks_were_interrupted()?;
        Ok(Self { store, hooks, given, stop, told: Mutex::default() })
    }

    /// Gathers what happened and runs what is due, one program at a time; `tell` gets what somebody must read. Returns whether a claim was
    /// made that is to be brought to the log before its hook can be run.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn step(&self, context: &Context, tell: &mut dyn FnMut(UserError)) -> Result<bool, UserError> {
        let left_out = self.store.gather_hooks(&self.hooks)?;
        if left_out > 0 {
            let what = phrase!("hooks-left-out", count = left_out);
            tell(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-hooks-left-out")));
        }
        let look = self.store.look_at_hooks(&self.hooks, context)?;
        for due in &look.due {
            let hook = self.hooks.iter().find(|hook| hook.name == due.hook);
            if let Some(hook) = hook.filter(|_| !self.stop.is_asked())
                && self.store.begin_hook(due)?
            {
                let failed = self.run(hook, due);
                self.store.end_hook(due, failed.as_ref())?;
                self.tell(due, failed, tell);
            }
        }
        Ok(look.claimed)
    }

    fn run(&self, hook: &Hook, due: &HookDue) -> Option<Phrase> {
        let ended = Program::new(&hook.run)
            .input((self.given.payload)(due))
            .variables(&self.given.variables)
            .variable("POSTROOM_HOOK", &hook.name)
            .variable("POSTROOM_EVENT", due.event.name())
            .variable("POSTROOM_CONVERSATION", due.row.id.as_str())
            .limit(Duration::from_secs(u64::from(hook.timeout)))
            .until(self.stop.clone())
            .run();
        match ended.end {
            End::Stopped => Some(phrase!("hook-interrupted")),
            _ => ended.why(),
        }
    }

    /// Tells of the first failure of a hook since it last ended well.
    fn tell(&self, due: &HookDue, failed: Option<Phrase>, tell: &mut dyn FnMut(UserError)) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(why) = failed else {
            told.remove(&due.hook);
            return;
        };
        if told.insert(due.hook.clone()) {
            let title = crate::text::titled(due.row.title.as_str());
            let what = phrase!("hook-failed", hook = &due.hook, event = due.event.name(), title = title, why = why);
            tell(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-hook-failed")));
        }
    }
}
