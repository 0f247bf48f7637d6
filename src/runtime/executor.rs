//! The threads that answer questions: two that read, one that writes, one that watches.

use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::app::event::Ticket;
use crate::app::{Ask, Event};
use crate::error::{ErrorKind, UserError};
use crate::model::change::Change;
use crate::model::ids::MessageId;
use crate::runtime::backend::Backend;

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
    Attachment(MessageId, usize),
}

/// Hands questions to threads.
pub struct Executor {
    reads: mpsc::Sender<Job>,
    writes: mpsc::Sender<Job>,
}

impl Executor {
    /// Starts the threads; they end with the executor.
    pub fn start(backend: Arc<dyn Backend>, sender: Sender) -> Self {
        let (reads, read_queue) = mpsc::channel();
        let (writes, write_queue) = mpsc::channel();
        let read_queue = Arc::new(Mutex::new(read_queue));
        for _ in 0..2 {
            let (backend, sender, queue) = (Arc::clone(&backend), sender.clone(), Arc::clone(&read_queue));
            std::thread::spawn(move || work(&*backend, &sender, || next(&queue)));
        }
        let (writer, to) = (Arc::clone(&backend), sender.clone());
        std::thread::spawn(move || work(&*writer, &to, || write_queue.recv().ok()));
        if let Some(changes) = backend.changes() {
            std::thread::spawn(move || {
                for change in changes {
                    sender.send(Event::StoreChanged(change));
                }
            });
        }
        Self { reads, writes }
    }

    /// Has a question answered.
    pub fn ask(&self, ticket: Ticket, ask: Ask) {
        let writes = matches!(ask, Ask::Commit(_) | Ask::Bulk(..) | Ask::Undo | Ask::Redo);
        let queue = if writes { &self.writes } else { &self.reads };
        let _ = queue.send(Job::Ask(ticket, ask));
    }

    /// Has the store looked at for what others did.
    pub fn look(&self) {
        let _ = self.writes.send(Job::Look);
    }

    /// Has an attachment saved in a folder of its own.
    pub fn save_attachment(&self, message: MessageId, index: usize) {
        let _ = self.reads.send(Job::Attachment(message, index));
    }
}

fn next(queue: &Mutex<Receiver<Job>>) -> Option<Job> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn work(backend: &dyn Backend, sender: &Sender, mut next: impl FnMut() -> Option<Job>) {
    let mut version = None;
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
            }
            Job::Attachment(message, index) => match save(backend, &message, index) {
                Ok(words) => sender.send(Event::Told(crate::model::text::SafeText::line(&words))),
                Err(error) => sender.send(Event::Failed(error)),
            },
        }
    }
}

/// A question that brings a worker down is answered with an error: the screen must not wait for ever.
fn answer(backend: &dyn Backend, sender: &Sender, ticket: Ticket, ask: &Ask) {
    let answered = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| backend.answer(ask)));
    let answered = answered.unwrap_or_else(|_| {
        Err(UserError::new(ErrorKind::Internal, "a mistake in postroom: a question to the store failed")
            .hint("go on working; the log file tells more"))
    });
    let (answered, change) = match answered {
        Ok((answer, change)) => (Ok(answer), change),
        Err(error) => (Err(error), None),
    };
    if let Some(change) = change {
        sender.send(Event::StoreChanged(change));
    }
    sender.send(Event::Answer(ticket, answered));
}

fn save(backend: &dyn Backend, message: &MessageId, index: usize) -> Result<String, UserError> {
    let Some(file) = backend.attachment(message, index)? else {
        return Ok("The attachment is still on the server; it is being fetched".into());
    };
    let home = directories::UserDirs::new();
    let folder = home.as_ref().and_then(|dirs| dirs.download_dir().map(std::path::Path::to_owned));
    let folder = folder.or_else(|| home.map(|dirs| dirs.home_dir().to_owned())).unwrap_or_else(std::env::temp_dir);
    let failed = |error: std::io::Error| {
        UserError::new(ErrorKind::Store, format!("{} can't be saved: {error}", file.name))
            .hint("is there room, and may you write there?")
    };
    std::fs::create_dir_all(&folder).map_err(failed)?;
    for n in 0..1000 {
        let name = if n == 0 { file.name.clone() } else { format!("{n}-{}", file.name) };
        let path = folder.join(name);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(mut open) => {
                std::io::Write::write_all(&mut open, &file.bytes).map_err(failed)?;
                return Ok(format!("Saved as {}", path.display()));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Err(UserError::new(ErrorKind::Store, format!("{}: there are too many files of that name", file.name)))
}
