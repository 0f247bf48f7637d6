//! The program of the config that is told of news: it runs once for each event, one after the other, beside the screen.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use crate::app::Event;
use crate::error::{ErrorKind, UserError};
use crate::model::phrase::Phrase;
use crate::program::Program;
use crate::runtime::executor::Sender;

/// So many events wait for their turn at most: a program that hangs must not gather them without end.
const WAITING: usize = 64;

/// Runs programs in their turn.
#[derive(Default)]
pub(super) struct Notifier {
    queue: Option<SyncSender<(Program, Sender)>>,
}

impl Notifier {
    /// Has a program run when those before it have ended. `failed` gets what went wrong.
    pub(super) fn run(&mut self, program: Program, failed: &Sender) {
        let Some(queue) = self.queue() else {
            return tell(failed, phrase!("notifier-no-thread"));
        };
        match queue.try_send((program, failed.clone())) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => tell(failed, phrase!("notifier-behind", count = WAITING)),
            Err(TrySendError::Disconnected(_)) => {
                self.queue = None;
                tell(failed, phrase!("notifier-no-thread"));
            }
        }
    }

    /// Returns the queue, with a thread that empties it; `None` where the system gives none.
    fn queue(&mut self) -> Option<&SyncSender<(Program, Sender)>> {
        if self.queue.is_none() {
            let (queue, jobs) = sync_channel(WAITING);
            std::thread::Builder::new().name("notifier".to_owned()).spawn(move || work(&jobs)).ok()?;
            self.queue = Some(queue);
        }
        self.queue.as_ref()
    }
}

fn work(jobs: &Receiver<(Program, Sender)>) {
    while let Ok((program, failed)) = jobs.recv() {
        if let Some(why) = program.run().why() {
            tell(&failed, phrase!("notifier-failed", why = why));
        }
    }
}

fn tell(failed: &Sender, what: Phrase) {
    failed.send(Event::Failed(UserError::new(ErrorKind::Config, what).hint(phrase!("hint-notifier-failed"))));
}

#[cfg(test)]
#[path = "notifier_tests.rs"]
mod tests;
