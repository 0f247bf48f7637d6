//! Derives rows again while the program runs, beside the accounts' own threads: it needs no server, and no mail waits for it.

use std::thread::JoinHandle;

use super::waker::Waker;
use crate::model::stop::Stop;
use crate::store::Store;

/// Who does it, on a thread that lives as long as there is something to do.
pub(super) struct Deriver {
    store: Store,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Deriver {
    /// `own` ends it between two portions.
    pub(super) fn new(store: Store, own: &Waker) -> Self {
        let own = own.clone();
        Self { store, stop: Stop::when(move || own.is_stopped()), thread: None }
    }

    /// Begins where there is something to derive again and nobody is at it.
    pub(super) fn look(&mut self) {
        let busy = self.thread.as_ref().is_some_and(|thread| !thread.is_finished());
        if busy || !self.store.is_behind().unwrap_or(false) {
            return;
        }
        let (store, stop) = (self.store.clone(), self.stop.clone());
        let work = move || match store.derive_behind(u64::MAX, &stop, &mut |_| {}) {
            Ok(_) => {}
            Err(_) if stop.is_asked() => {}
            Err(error) => tracing::warn!(%error, "rows that the team's record changes could not be derived again"),
        };
        self.thread = std::thread::Builder::new().name("derive".to_owned()).spawn(work).ok();
    }

    /// Returns the thread, to be waited for.
    pub(super) fn into_thread(self) -> Option<JoinHandle<()>> {
        self.thread
    }
}
