//! `postroom sync --watch`: the sync of the screen, without a screen.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::channel;

use sd_notify::NotifyState;

use super::desk::Desk;
use super::exit::Exit;
use super::output::Output;
use super::{connect, status, syncing};
use crate::error::UserError;
use crate::model::change::{Connectivity, SyncStatus};
use crate::runtime::Report;
use crate::sync::lock;

enum Event {
    Report(Report),
    Stop,
}

/// Keeps all accounts in sync and sends what is due, until Ctrl-C or SIGTERM. Where another process syncs the store, it waits until that
/// ends and takes over at once. What changes is told as it comes, to systemd too.
///
/// # Errors
/// When the lock of the sync can't be made. What fails later is told, and tried again.
pub fn run(desk: &Desk, out: &mut Output) -> Result<Exit, UserError> {
    let _watch = lock::keep_watch(&desk.store)?;
    let (send, events) = channel();
    let reports = send.clone();
    connect::on_interrupt(move || {
        // Nobody listens any more when it ends by itself.
        let _ = send.send(Event::Stop);
    });
    out.talk(&say!("watch-begins", count = desk.config.served().len()));
    if desk.config.has_server() && lock::is_held(&desk.store)? {
        out.talk(&say!("watch-stands-by"));
    }
    let syncing = syncing::start(desk)(Arc::new(move |report| _ = reports.send(Event::Report(report))));
    let mut watch = Watch::default();
    if !desk.config.has_server() {
        manager(&[NotifyState::Ready]);
    }
    while let Ok(Event::Report(report)) = events.recv() {
        watch.take(desk, out, report);
    }
    manager(&[NotifyState::Stopping]);
    // It ends its threads within seconds; what is in the middle of something goes on at the next start.
    drop(syncing);
    Ok(Exit::Done)
}

/// What was told so far.
#[derive(Default)]
struct Watch {
    told: BTreeMap<String, SyncStatus>,
    /// Accounts that got through, or said why not.
    settled: BTreeMap<String, bool>,
    ready: bool,
}

impl Watch {
    fn take(&mut self, desk: &Desk, out: &mut Output, report: Report) {
        match report {
            Report::Status(status) => self.status(desk, out, status),
            Report::Told(error) => out.error(&error),
            Report::Refused(refused) => {
                refused.listed.iter().for_each(|refusal| out.warn(crate::text::refusal(refusal).as_str()));
            }
            Report::ReadOnly(..) | Report::Present(..) => {}
        }
    }

    fn status(&mut self, desk: &Desk, out: &mut Output, status: SyncStatus) {
        let is_settled = !matches!(status.state, Connectivity::Connecting | Connectivity::Working);
        if is_settled {
            self.settled.insert(status.account.clone(), status.state < Connectivity::Offline);
            self.tell_manager(desk);
        }
        // How far a pass has come, and that one runs, is no news.
        let lasting =
            SyncStatus { progress: None, left: None, last_pass: None, looked: None, ran: None, ..status.clone() };
        if is_settled && self.told.get(&status.account) != Some(&lasting) {
            status::tell(desk, out, &status);
            self.told.insert(status.account, lasting);
        }
    }

    /// Says to systemd that it is ready, once each account got through or said why not, and how many did.
    fn tell_manager(&mut self, desk: &Desk) {
        let all = desk.config.served().len();
        let well = self.settled.values().filter(|well| **well).count();
        let words = say!("watch-status", well = well, all = all);
        manager(&[NotifyState::Status(&words)]);
        if !self.ready && self.settled.len() >= all {
            self.ready = true;
            manager(&[NotifyState::Ready]);
        }
    }
}

/// Tells systemd, where it started this process.
fn manager(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "systemd could not be told");
    }
}
