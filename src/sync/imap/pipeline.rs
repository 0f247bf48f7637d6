//! Mail on its way into the store: read on one thread and written on another, each a portion behind the network.
//!
//! One mail that the store does not take must not keep the others out: its portion is taken in mail by mail.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{SyncSender, sync_channel};

use super::keep::Keep;
use crate::store::{Incoming, StoreError};
use crate::sync::error::SyncError;

/// What became of the mail that went through.
#[derive(Debug, Default)]
pub(super) struct Stored {
    /// How many messages were not known before.
    pub new: usize,
    /// Mails that the store did not take, with its words.
    pub refused: Vec<(Incoming, String)>,
}

/// Runs `work` with a channel to the store, which works on other threads; returns what became of the mail, and what `work` did.
pub(super) fn run<K: Keep, T>(
    keep: &K,
    folder: i64,
    work: impl FnOnce(&SyncSender<Vec<Incoming>>) -> Result<T, SyncError>,
) -> Result<(Stored, T), SyncError> {
    std::thread::scope(|scope| {
        // Nothing waits in a channel: portions are held only by the three that work.
        let (send, receive) = sync_channel::<Vec<Incoming>>(0);
        let (hand, take) = sync_channel::<(Vec<Incoming>, Result<K::Ready, StoreError>)>(0);
        let reader = scope.spawn(move || {
            for batch in receive {
                let ready = guarded(|| keep.read_mail(folder, batch.clone()));
                // Only a store that failed hangs up, and its error is the one that is told.
                if hand.send((batch, ready)).is_err() {
                    break;
                }
            }
        });
        let writer = scope.spawn(move || {
            let mut stored = Stored::default();
            for (batch, ready) in take {
                match ready.and_then(|ready| guarded(|| keep.ingest(ready))) {
                    Ok(new) => stored.new += new,
                    Err(error) if is_of_mail(&error) => singly(keep, folder, batch, &mut stored)?,
                    Err(error) => return Err(error),
                }
            }
            Ok::<Stored, StoreError>(stored)
        });
        let worked = work(&send);
        drop(send);
        let panicked = || StoreError::Content("a mail could not be taken in".to_owned());
        let read = reader.join().map_err(|_| panicked());
        let stored = writer.join().unwrap_or_else(|_| Err(panicked()));
        match (worked, read, stored) {
            (_, _, Err(error)) | (_, Err(error), _) => Err(error.into()),
            (Err(error), Ok(()), _) => Err(error),
            (Ok(done), Ok(()), Ok(stored)) => Ok((stored, done)),
        }
    })
}

/// Takes a portion in mail by mail.
fn singly<K: Keep>(keep: &K, folder: i64, batch: Vec<Incoming>, stored: &mut Stored) -> Result<(), StoreError> {
    for mail in batch {
        match one(keep, folder, mail.clone()) {
            Ok(new) => stored.new += new,
            Err(error) if is_of_mail(&error) => {
                tracing::warn!(uid = mail.uid, %error, "a mail is not taken in");
                stored.refused.push((mail, error.to_string()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Takes one mail in; returns how many were new.
pub(super) fn one<K: Keep>(keep: &K, folder: i64, mail: Incoming) -> Result<usize, StoreError> {
    let ready = guarded(|| keep.read_mail(folder, vec![mail]))?;
    guarded(|| keep.ingest(ready))
}

/// Tells whether another mail may be taken in where one was not.
pub(super) fn is_of_mail(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Content(_) | StoreError::Sqlite(_) | StoreError::TooLong(_) | StoreError::Refused { .. }
    )
}

fn guarded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(StoreError::Content("it can't be read (a mistake of postroom's)".to_owned())))
}
