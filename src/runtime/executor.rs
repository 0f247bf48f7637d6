//! The threads that answer questions: two that read, one that writes, one that watches.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::app::Ticket;
use crate::app::{Answer, Ask, Event, Saving};
use crate::error::{ErrorKind, UserError};
use crate::model::change::Change;
use crate::model::ids::MessageId;
use crate::model::stop::Stop;
use crate::runtime::backend::Backend;
use crate::runtime::files;

/// An event with the moment at which it arrived.
pub type Arrived = (Instant, Event);

/// The queue's end for all who have something to tell.
#[derive(Clone)]
pub struct Sender(mpsc::Sender<Arrived>);

impl Sender {
    /// Wraps the queue's end.
    pub fn new(queue: mpsc::Sender<Arrived>) -> Self {
        Self(queue)
    }

    /// Tells the loop something. When the loop has ended nobody listens, and nothing is lost.
    pub fn send(&self, event: Event) {
        let _ = self.0.send((Instant::now(), event));
    }
}

enum Job {
    Ask(Ticket, Ask),
    /// Look whether another process changed the store, and whether something wakes.
    Look,
    Open(MessageId, usize),
    Save(Vec<(MessageId, usize)>, Saving),
    /// Say that everything before this is done.
    Done(mpsc::Sender<()>),
}

/// Hands questions to threads.
pub struct Executor {
    backend: Arc<dyn Backend>,
    sender: Sender,
    /// The panels that were asked since the last time that all were stopped have this number.
    asked: Arc<AtomicU64>,
    /// Likewise the command that gets mail.
    piped: Arc<AtomicU64>,
    reads: mpsc::Sender<Job>,
    writes: mpsc::Sender<Job>,
}

impl Executor {
    /// Starts the threads; they end with the executor.
    ///
    /// `opener` is the command that opens attachments; where it is empty they are only saved.
    pub fn start(backend: Arc<dyn Backend>, sender: Sender, opener: String) -> Self {
        let (reads, read_queue) = mpsc::channel();
        let (writes, write_queue) = mpsc::channel();
        let read_queue = Arc::new(Mutex::new(read_queue));
        for _ in 0..2 {
            let (backend, sender, queue) = (Arc::clone(&backend), sender.clone(), Arc::clone(&read_queue));
            let opener = opener.clone();
            std::thread::spawn(move || work(&*backend, &sender, &opener, || next(&queue)));
        }
        let told = sender.clone();
        let (writer, to) = (Arc::clone(&backend), sender.clone());
        std::thread::spawn(move || work(&*writer, &to, &opener, || write_queue.recv().ok()));
        if let Some(changes) = backend.changes() {
            std::thread::spawn(move || {
                for change in changes {
                    sender.send(Event::StoreChanged(change));
                }
            });
        }
        Self { backend, sender: told, asked: Arc::default(), piped: Arc::default(), reads, writes }
    }

    /// Returns the end of the queue for whoever has something to tell later.
    pub(crate) fn sender(&self) -> Sender {
        self.sender.clone()
    }

    /// Has a question answered.
    pub fn ask(&self, ticket: Ticket, ask: Ask) {
        match ask {
            Ask::Panel { of, name } => {
                return self.ask_aside(ticket, &self.asked, move |backend, stop| backend.panel(&of, &name, stop));
            }
            Ask::Pipe { command, what } => {
                return self.ask_aside(ticket, &self.piped, move |backend, stop| backend.pipe(&command, &what, stop));
            }
            _ => {}
        }
        let queue = if ask.writes() { &self.writes } else { &self.reads };
        let _ = queue.send(Job::Ask(ticket, ask));
    }

    /// Has a question answered on a thread of its own, until `asked` counts on: its program may take seconds, and no other question waits
    /// for it.
    fn ask_aside(
        &self,
        ticket: Ticket,
        asked: &Arc<AtomicU64>,
        ask: impl FnOnce(&dyn Backend, &Stop) -> Result<Answer, UserError> + Send + 'static,
    ) {
        let (backend, sender, asked) = (Arc::clone(&self.backend), self.sender.clone(), Arc::clone(asked));
        let number = asked.load(Ordering::Relaxed);
        let stop = Stop::when(move || asked.load(Ordering::Relaxed) != number);
        let asking = move || {
            let said = caught(|| ask(&*backend, &stop));
            if !stop.is_asked() {
                sender.send(Event::Answer(ticket, said));
            }
        };
        if std::thread::Builder::new().spawn(asking).is_err() {
            self.sender.send(Event::Answer(ticket, Err(broken())));
        }
    }

    /// Stops the panels that run: nobody waits for what they say any more.
    pub fn stop_panels(&self) {
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    /// Stops the command that gets mail.
    pub fn stop_pipe(&self) {
        self.piped.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits until all that was asked to be written is written, for `patience` at most.
    pub fn finish(&self, patience: Duration) {
        let (done, told) = mpsc::channel();
        if self.writes.send(Job::Done(done)).is_ok() {
            // Where it takes longer, the program ends all the same: somebody wants it to.
            let _ = told.recv_timeout(patience);
        }
    }

    /// Has the store looked at for what others did.
    pub fn look(&self) {
        let _ = self.writes.send(Job::Look);
    }

    /// Has an attachment opened.
    pub fn open_attachment(&self, message: MessageId, index: usize) {
        let _ = self.reads.send(Job::Open(message, index));
    }

    /// Has attachments saved, or piped to a command.
    pub fn save_attachments(&self, files: Vec<(MessageId, usize)>, saving: Saving) {
        let _ = self.reads.send(Job::Save(files, saving));
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        self.stop_panels();
        self.stop_pipe();
    }
}

fn next(queue: &Mutex<Receiver<Job>>) -> Option<Job> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn work(backend: &dyn Backend, sender: &Sender, opener: &str, mut next: impl FnMut() -> Option<Job>) {
    let (mut version, mut due) = (None, None);
    while let Some(job) = next() {
        match job {
            Job::Ask(ticket, ask) => answer(backend, sender, ticket, &ask),
            Job::Look => {
                match backend.version() {
                    Ok(now) => {
                        if version.is_some_and(|old| old != now) {
                            sender.send(Event::StoreChanged(Change::Everything));
                        }
                        version = Some(now);
                    }
                    Err(error) => sender.send(Event::Failed(error)),
                }
                match backend.wake() {
                    Ok(Some(change)) => sender.send(Event::StoreChanged(change)),
                    Ok(None) => {}
                    Err(error) => sender.send(Event::Failed(error)),
                }
                match backend.news() {
                    Ok(told) if !told.is_empty() => sender.send(Event::News(told)),
                    Ok(_) => {}
                    Err(error) => sender.send(Event::Failed(error)),
                }
                if let Ok(Some(at)) = backend.due(due) {
                    due = Some(at);
                    sender.send(Event::Due);
                }
            }
            Job::Done(done) => drop(done.send(())),
            Job::Open(message, index) => tell(sender, files::open(backend, &message, index, opener)),
            Job::Save(chosen, saving) => tell(sender, files::save(backend, &chosen, &saving)),
        }
    }
}

fn tell(sender: &Sender, done: Result<String, UserError>) {
    match done {
        Ok(words) => sender.send(Event::Told(crate::model::text::SafeText::line(&words))),
        Err(error) => sender.send(Event::Failed(error)),
    }
}

/// A question that brings a worker down is answered with an error: the screen must not wait for ever.
fn caught<T>(work: impl FnOnce() -> Result<T, UserError>) -> Result<T, UserError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| Err(broken()))
}

fn broken() -> UserError {
    UserError::new(ErrorKind::Internal, phrase!("question-failed")).hint(phrase!("hint-go-on"))
}

fn answer(backend: &dyn Backend, sender: &Sender, ticket: Ticket, ask: &Ask) {
    let (answered, change) = match caught(|| backend.answer(ask)) {
        Ok((answer, change)) => (Ok(answer), change),
        Err(error) => (Err(error), None),
    };
    if let Some(change) = change {
        sender.send(Event::StoreChanged(change));
    }
    sender.send(Event::Answer(ticket, answered));
}

#[cfg(test)]
#[path = "executor_tests.rs"]
mod tests;
