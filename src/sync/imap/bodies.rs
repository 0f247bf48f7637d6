//! Bodies of which only the headers are here, piece by piece. One that fails twice is set aside, so that it does not keep the others from
//! coming at the beginning of every pass.

use super::aside::{self, Fault};
use super::error::ImapError;
use super::keep::Keep;
use super::line::Line;
use super::{pipeline, plan, portion};
use crate::model::ids::AccountId;
use crate::store::{Folder, StoreError};
use crate::sync::error::SyncError;
use crate::sync::pass::{BODY_MAX, is_too_large};

/// A large body comes in pieces of this many bytes, so that it can be interrupted and a slow line does not run into a timeout.
const PIECE: usize = 1 << 20;

/// Fetches bodies of which only the headers are here, at most `count` of them and `bytes` altogether. What somebody asks for meanwhile
/// comes first. Returns how many came.
pub(super) fn bodies<K: Keep>(
    keep: &K,
    line: &mut Line<'_>,
    folder: &Folder,
    count: usize,
    bytes: u64,
) -> Result<usize, SyncError> {
    let mut left = bytes;
    let mut done = 0;
    for (uid, size) in keep.wanted_bodies(folder.id, count)? {
        if is_too_large(size) || (size > left && done > 0) {
            continue;
        }
        done += asked(keep, line, &folder.account)?;
        left = left.saturating_sub(size);
        done += usize::from(one(keep, line, folder, uid, size)?);
    }
    Ok(done)
}

/// Fetches the bodies that somebody asked for, in whichever folder of the account. Returns how many came.
pub(super) fn asked<K: Keep>(keep: &K, line: &mut Line<'_>, account: &AccountId) -> Result<usize, SyncError> {
    let mut done = 0;
    for asked in keep.asked_bodies(account)?.into_iter().filter(|asked| !is_too_large(asked.size)) {
        done += usize::from(one(keep, line, &asked.folder, asked.uid, asked.size)?);
    }
    Ok(done)
}

/// Fetches one body; tells whether it came. What fails twice is set aside.
fn one<K: Keep>(keep: &K, line: &mut Line<'_>, folder: &Folder, uid: u32, size: u64) -> Result<bool, SyncError> {
    let mut failed = None;
    for _ in 0..2 {
        match open(line, folder) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(error) => {
                // A folder that can't be opened is told by the pass over it.
                line.survive(error)?;
                return Ok(false);
            }
        }
        match body(keep, line, uid, size)? {
            Ok(None) => return Ok(false),
            Ok(Some(came)) => {
                line.fruitful();
                match keep.ingest_body(folder.id, uid, came) {
                    Ok(()) => {
                        keep.forget_asides(folder.id, &[uid])?;
                        return Ok(true);
                    }
                    Err(error) if pipeline::is_of_mail(&error) => failed = Some(Fault::of_store(&error.to_string())),
                    Err(error) => return Err(error.into()),
                }
            }
            Err(error) => failed = Some(Fault::of(&line.survive(error)?)),
        }
    }
    if let Some(fault) = failed {
        set_aside(keep, folder, uid, fault)?;
    }
    Ok(false)
}

fn set_aside<K: Keep>(keep: &K, folder: &Folder, uid: u32, fault: Fault) -> Result<(), StoreError> {
    let before = keep.asides(folder.id)?.into_iter().find(|aside| aside.uid == uid);
    let validity = folder.validity.unwrap_or(0);
    let mut aside = aside::new(before.as_ref(), uid, validity, fault, keep.now());
    aside.shown = true;
    tracing::warn!(folder = folder.name, uid, reason = aside.reason.name(), words = aside.words, "body set aside");
    keep.set_aside(folder.id, &[aside])
}

/// Opens the folder; tells whether its UIDs are those that are kept. Others would name other mails; the pass finds them anew.
fn open(line: &mut Line<'_>, folder: &Folder) -> Result<bool, ImapError> {
    let selected = match line.session.selected().filter(|selected| selected.name == folder.name) {
        Some(selected) => selected.clone(),
        None => line.session.examine(&folder.name)?,
    };
    let void = selected.state.validity != folder.validity || plan::went_back(folder, &selected.state);
    Ok(selected.state.validity.is_some() && !void)
}

/// Fetches the pieces of a mail of which the server says that it has `size` bytes. `None` where it is not there any more.
fn body<K: Keep>(
    keep: &K,
    line: &mut Line<'_>,
    uid: u32,
    size: u64,
) -> Result<Result<Option<K::Body>, ImapError>, StoreError> {
    let mut came = keep.begin_body()?;
    let mut bytes = 0;
    let piece_most = portion::most(u64::try_from(PIECE).unwrap_or(u64::MAX));
    loop {
        let items = format!("(UID BODY.PEEK[]<{bytes}.{PIECE}>)");
        let (told, fault) = line.session.uid_fetch_as_far(&uid.to_string(), &items, piece_most);
        if let Some(fault) = fault {
            return Ok(Err(fault));
        }
        let Some(piece) = told.into_iter().find(|f| f.uid == uid).and_then(|f| f.body) else { return Ok(Ok(None)) };
        bytes += piece.len();
        keep.push_body(&mut came, &piece)?;
        if piece.len() < PIECE {
            return Ok(Ok((bytes > 0).then_some(came)));
        }
        if bytes > BODY_MAX || u64::try_from(bytes).unwrap_or(u64::MAX) > portion::most(size) {
            return Ok(Err(ImapError::TooMuch(format!("over {bytes} bytes of a mail that it says has {size}"))));
        }
    }
}
