//! What an import reads: mboxes, Maildirs, folders of mails, single mails, stdin; one mail after the other.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind as IoKind, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::maildir::{self, Folder};
use super::mbox::{Entry, MAIL_MAX, Mbox};
use super::{Damage, Damaged, Mail, arrival, flags, is_field, within_lines};
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;

/// So much of a file says what it is.
const HEAD: usize = 4096;

/// What comes next of an import's sources.
pub enum Item {
    /// A mail.
    Mail(Mail),
    /// What is no mail, or can't be read.
    Damaged(Damaged),
    /// A folder of a Maildir whose mails are no customers': drafts, junk, what was thrown away.
    LeftOut(PathBuf),
    /// A mail that a program marked as a draft or as thrown away.
    LeftOutMail,
}

/// What is still to be read.
enum Step {
    /// A file or folder that was named.
    Named(PathBuf),
    /// A file with one mail.
    One { path: PathBuf, maildir: bool, sent: bool },
    /// A folder of a Maildir.
    Maildir(Folder),
    /// A folder in which mails are looked for.
    Folder(PathBuf),
}

/// An mbox that is open.
struct Open {
    name: String,
    mbox: Mbox<Box<dyn Read>>,
    sent: bool,
}

/// The sources of an import, in the order in which they were named.
pub struct Sources {
    steps: VecDeque<Step>,
    open: Option<Open>,
    /// Bytes of mails that were handed over.
    read: u64,
    /// Bytes of the files, where only files were named.
    total: Option<u64>,
}

impl Sources {
    /// Looks that all of these can be read; `-` is stdin.
    ///
    /// # Errors
    /// When one of them is not there.
    pub fn open(paths: &[PathBuf]) -> Result<Self, UserError> {
        let mut total = Some(0u64);
        for path in paths {
            if is_stdin(path) {
                total = None;
                continue;
            }
            let about = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
            total = total.filter(|_| about.is_file()).map(|total| total.saturating_add(about.len()));
        }
        let steps = paths.iter().cloned().map(Step::Named).collect();
        Ok(Self { steps, open: None, read: 0, total })
    }

    /// Returns how much of it was read, in a hundred; `None` where nobody knows how much it is.
    pub fn percent(&self) -> Option<u64> {
        self.total.and_then(|total| self.read.saturating_mul(100).checked_div(total)).map(|percent| percent.min(100))
    }

    /// Returns what comes next; `None` at the end.
    ///
    /// # Errors
    /// When what was named is no mail and no folder. What can't be read of it is damage, and the rest goes on.
    pub fn read_item(&mut self) -> Result<Option<Item>, UserError> {
        loop {
            if let Some(item) = self.of_open_mbox() {
                return Ok(Some(item));
            }
            let Some(step) = self.steps.pop_front() else { return Ok(None) };
            let item = match step {
                Step::Named(path) => self.begin(path)?,
                Step::One { path, maildir, sent } => Some(self.one(&path, maildir, sent)),
                Step::Maildir(folder) if folder.is_left_out() => Some(Item::LeftOut(folder.path)),
                Step::Maildir(folder) => self.maildir(&folder),
                Step::Folder(path) => self.folder(&path),
            };
            if item.is_some() {
                return Ok(item);
            }
        }
    }

    fn of_open_mbox(&mut self) -> Option<Item> {
        let open = self.open.as_mut()?;
        let (line, entry) = match open.mbox.read_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => {
                self.open = None;
                return None;
            }
            Err(error) => {
                let damaged = Damaged { place: open.name.clone(), why: Damage::Read(error.to_string()) };
                self.open = None;
                return Some(Item::Damaged(damaged));
            }
        };
        let place = format!("{}:{line}", open.name);
        Some(match entry {
            Entry::Mail { raw, at } => {
                self.read = self.read.saturating_add(raw.len() as u64);
                let flags = flags::of_mbox(&raw);
                Item::Mail(mail(place, raw, at, None, (flags, open.sent)))
            }
            Entry::TooLarge => Item::Damaged(Damaged { place, why: Damage::TooLarge }),
            Entry::Unreadable => Item::Damaged(Damaged { place, why: Damage::NoMail }),
        })
    }

    /// Begins with what was named.
    fn begin(&mut self, path: PathBuf) -> Result<Option<Item>, UserError> {
        if is_stdin(&path) {
            self.file("-".to_owned(), Box::new(std::io::stdin()), Vec::new(), false)?;
            return Ok(None);
        }
        if path.is_dir() {
            if maildir::is_one(&path) {
                self.front(maildir::folders(&path).into_iter().map(Step::Maildir).collect());
            } else {
                self.steps.push_front(Step::Folder(path));
            }
            return Ok(None);
        }
        let mut file = File::open(&path).map_err(|error| unreadable(&path, &error))?;
        if !file.metadata().is_ok_and(|about| about.is_file()) {
            // A pipe that a shell made, as `<(zcat old.mbox.gz)` does. It is read once, from its front.
            self.file(path.display().to_string(), Box::new(file), Vec::new(), false)?;
            return Ok(None);
        }
        let head = head_of(&mut file).map_err(|error| unreadable(&path, &error))?;
        let name = path.display().to_string();
        if is_mbox(&head) || !is_mail(&head) {
            let sent = maildir::is_sent(&path.file_stem().unwrap_or_default().to_string_lossy());
            self.file(name, Box::new(file), head, sent)?;
            return Ok(None);
        }
        Ok(Some(self.one(&path, false, false)))
    }

    /// Begins with an mbox, or says that it is none.
    fn file(&mut self, name: String, mut input: Box<dyn Read>, mut head: Vec<u8>, sent: bool) -> Result<(), UserError> {
        if head.is_empty() {
            let most = input.by_ref().take(HEAD as u64).read_to_end(&mut head);
            most.map_err(|error| unreadable(Path::new(&name), &error))?;
        }
        if head.starts_with(&[0x1f, 0x8b]) {
            return Err(UserError::new(ErrorKind::Usage, phrase!("import-packed", path = name.clone()))
                .hint(phrase!("hint-import-packed", path = name)));
        }
        if !is_mbox(&head) && !head.trim_ascii().is_empty() {
            return Err(UserError::new(ErrorKind::Usage, phrase!("import-no-mbox", path = name))
                .hint(phrase!("hint-import-forms")));
        }
        self.open = Some(Open { name, mbox: Mbox::new(input, head), sent });
        Ok(())
    }

    fn maildir(&mut self, folder: &Folder) -> Option<Item> {
        let mut mails = Vec::new();
        for name in ["new", "cur"] {
            match sorted(&folder.path.join(name)) {
                Ok(paths) => mails.extend(paths.into_iter().filter(|path| !is_hidden(path))),
                Err(error) => return Some(Item::Damaged(damaged(&folder.path.join(name), &error))),
            }
        }
        let sent = folder.is_sent();
        self.front(mails.into_iter().map(|path| Step::One { path, maildir: true, sent }).collect());
        None
    }

    /// Looks in a folder for files with mails, folders below it too; links are not followed.
    fn folder(&mut self, path: &Path) -> Option<Item> {
        let inside = match sorted(path) {
            Ok(inside) => inside,
            Err(error) => return Some(Item::Damaged(damaged(path, &error))),
        };
        let mut steps = Vec::new();
        for path in inside {
            let Ok(about) = path.symlink_metadata() else { continue };
            let is_eml = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("eml"));
            if about.is_dir() {
                steps.push(if maildir::is_one(&path) { Step::Named(path) } else { Step::Folder(path) });
            } else if is_eml && !about.is_symlink() {
                steps.push(Step::One { path, maildir: false, sent: false });
            }
        }
        self.front(steps);
        None
    }

    fn front(&mut self, steps: Vec<Step>) {
        steps.into_iter().rev().for_each(|step| self.steps.push_front(step));
    }

    /// Reads a file with one mail.
    fn one(&mut self, path: &Path, maildir: bool, sent: bool) -> Item {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if maildir && flags::is_left_out(&name) {
            return Item::LeftOutMail;
        }
        let (raw, changed) = match whole(path) {
            Ok(read) => read,
            Err(error) => return Item::Damaged(damaged(path, &error)),
        };
        let place = path.display().to_string();
        if !is_mail(&raw) {
            return Item::Damaged(Damaged { place, why: Damage::NoMail });
        }
        self.read = self.read.saturating_add(raw.len() as u64);
        let flags = if maildir { Some(flags::of_name(&name)) } else { flags::of_mbox(&raw) };
        Item::Mail(mail(place, raw, arrival::of_name(&name), changed, (flags, sent)))
    }
}

fn mail(
    place: String,
    raw: Vec<u8>,
    named: Option<Timestamp>,
    changed: Option<Timestamp>,
    (flags, sent): (Option<Vec<String>>, bool),
) -> Mail {
    Mail { place, raw: within_lines(raw), named, changed, flags, sent }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Tells whether a file begins as an mbox does.
fn is_mbox(head: &[u8]) -> bool {
    head.trim_ascii_start().starts_with(b"From ")
}

/// Tells whether a file begins as a mail does: with a field of a header.
fn is_mail(head: &[u8]) -> bool {
    head.split(|byte| *byte == b'\n').take(3).any(is_field)
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut inside = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        inside.push(entry?.path());
    }
    inside.sort();
    Ok(inside)
}

fn head_of(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(head.len() as u64))?;
    Ok(head)
}

/// Reads a whole file, and when it was changed last. A pipe or a device is none: it would be waited for.
fn whole(path: &Path) -> std::io::Result<(Vec<u8>, Option<Timestamp>)> {
    // So that opening a pipe, which may have come to stand there just now, waits for nobody either.
    let nonblock = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0);
    let file = OpenOptions::new().read(true).custom_flags(nonblock).open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(IoKind::InvalidInput.into());
    }
    if about.len() > MAIL_MAX as u64 {
        return Err(IoKind::FileTooLarge.into());
    }
    let mut raw = Vec::new();
    file.take(MAIL_MAX as u64).read_to_end(&mut raw)?;
    let changed = about.modified().ok().and_then(|at| jiff::Timestamp::try_from(at).ok());
    Ok((raw, changed.map(|at| Timestamp(at.as_millisecond()))))
}

fn damaged(path: &Path, error: &std::io::Error) -> Damaged {
    let why = match error.kind() {
        IoKind::FileTooLarge => Damage::TooLarge,
        IoKind::InvalidInput => Damage::NoFile,
        _ => Damage::Read(error.to_string()),
    };
    Damaged { place: path.display().to_string(), why }
}

fn unreadable(path: &Path, error: &std::io::Error) -> UserError {
    let what = phrase!("file-unreadable", file = path.display().to_string(), why = error.to_string());
    UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-import-forms"))
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
