//! The mailbox of a connection: passes, and the wait between them, which learns what the server tells of.

use std::collections::BTreeSet;
use std::time::Duration;

use super::connection::ImapConnection;
use super::pass::pass_with;
use super::remote::lock;
use super::watch::{self, Pace, Watch};
use super::{drafts, eraser, flags, mover, pass};
use crate::model::clock::Timestamp;
use crate::store::ArchivedMail;
use crate::sync::error::SyncError;
use crate::sync::moves::Moves;
use crate::sync::pass::{Pass, Progress};
use crate::sync::remote::{Look, Mailbox, News};

/// How often the team's log is asked for over the only connection, where the server does not tell of it.
const LOG_POLL: Duration = Duration::from_secs(5);

/// What is waited for, and what the last pass left to learn.
#[derive(Default)]
pub(super) struct Watching {
    watch: Option<Watch>,
    /// The folders of the last pass over all of them, which is to be noted.
    complete: Option<Vec<String>>,
    /// Folders beside INBOX that the last pass opened.
    opened: Vec<String>,
    /// Whether the last wait ended without being told of anything.
    quiet: bool,
}

impl ImapConnection {
    /// Learns from a pass after a wait in which nothing was told.
    fn learn(&mut self, pass: &Pass) {
        let found = |of_inbox| {
            pass.folders.iter().filter(|f| self.account.is_inbox(&f.name) == of_inbox).map(|f| f.fetched).sum()
        };
        let mut kept = lock(&self.kept);
        kept.push.quiet(found(true));
        if self.watching.watch.as_ref().is_some_and(Watch::is_told) {
            kept.notify.quiet(found(false));
        }
    }

    /// Begins to watch the folders of the last pass.
    fn begin(&mut self) -> Result<Watch, SyncError> {
        let mut pace = Pace::default();
        if self.beside.is_some() {
            pace.round = LOG_POLL;
        }
        let notify = !lock(&self.kept).notify.must_poll();
        let names = self.watching.complete.take().unwrap_or_default();
        Watch::begin(&mut self.session, &self.account.id, names, self.beside.clone(), notify, pace)
    }

    /// Notes how the wait ended, and says where to look.
    fn heard(&mut self, watch: &Watch, news: watch::News) -> News {
        self.watching.quiet = matches!(news, watch::News::Found(_) | watch::News::Due);
        match news {
            watch::News::Told(names) => {
                let mut kept = lock(&self.kept);
                if names.iter().any(|name| self.account.is_inbox(name)) {
                    kept.push.told();
                }
                if !names.iter().all(|name| self.account.is_inbox(name)) {
                    kept.notify.told();
                }
                News::Look(only(watch, names))
            }
            watch::News::Found(names) => News::Look(only(watch, names)),
            watch::News::Before(names) => News::Before(only(watch, names)),
            watch::News::Due => News::Look(Look::All),
            watch::News::Woken => News::Woken,
        }
    }
}

impl Mailbox for ImapConnection {
    fn fetch(&mut self, look: &Look, progress: &mut dyn FnMut(Progress)) -> Result<Pass, SyncError> {
        let names = match look {
            Look::All => None,
            Look::Into(names) => Some(names),
            Look::Nowhere => return Ok(Pass::default()),
        };
        let Self { session, store, account, opener, .. } = self;
        let pass = pass_with(store, session, account, names, progress, &mut || opener.open())?;
        if std::mem::take(&mut self.watching.quiet) {
            self.learn(&pass);
        }
        if pass.reopened > 0 {
            // What the old connection was asked to tell of, the new one was not.
            self.watching.watch = None;
        }
        let opened = pass.folders.iter().filter(|folder| !folder.unchanged && !self.account.is_inbox(&folder.name));
        self.watching.opened = opened.map(|folder| folder.name.clone()).collect();
        if *look == Look::All {
            self.watching.complete = Some(pass.folders.iter().map(|folder| folder.name.clone()).collect());
        }
        Ok(pass)
    }

    fn fetch_asked(&mut self) -> Result<usize, SyncError> {
        pass::fetch_asked(&self.store, &mut self.session, &self.account.id)
    }

    fn wait(&mut self) -> Result<News, SyncError> {
        let mut watch = match self.watching.watch.take() {
            Some(mut watch) => {
                watch.beside(self.beside.clone());
                if self.watching.complete.take().is_some_and(|names| !watch.completed(names)) {
                    return Ok(News::Anew);
                }
                watch
            }
            None => self.begin()?,
        };
        let (poll, distrust) = {
            let kept = lock(&self.kept);
            (kept.push.must_poll(), kept.notify.must_poll())
        };
        if distrust {
            watch.distrust();
        }
        let opened = std::mem::take(&mut self.watching.opened);
        let news = watch.wait(&self.store, &mut self.session, &self.opener.waker, &opened, poll)?;
        let news = self.heard(&watch, news);
        self.watching.watch = Some(watch);
        Ok(news)
    }

    fn put(&mut self, folder: &str, mail: &ArchivedMail) -> Result<(), SyncError> {
        let flags: Vec<&str> = mail.flags.iter().map(String::as_str).collect();
        self.session.append(folder, &flags, Some(mail.arrived), &mail.raw)?;
        Ok(())
    }

    fn move_due(&mut self, by: Timestamp) -> Result<Moves, SyncError> {
        mover::move_due(&self.store, &self.account.id, &mut self.session, by)
    }

    fn erase_due(&mut self, by: Timestamp) -> Result<u64, SyncError> {
        eraser::erase_due(&self.store, &self.account.id, &mut self.session, by)
    }

    fn tell_flags(&mut self, by: Timestamp) -> Result<u64, SyncError> {
        flags::tell(&self.store, &self.account, &mut self.session, by)
    }

    fn copy_drafts(&mut self, on: bool, rested: Timestamp) -> Result<(), SyncError> {
        drafts::copy(&self.store, &self.account, &mut self.session, on, rested)
    }
}

/// Looks into these folders, but for one that no pass looks at.
fn only(watch: &Watch, mut names: BTreeSet<String>) -> Look {
    names.retain(|name| !watch.is_beside(name));
    if names.is_empty() { Look::Nowhere } else { Look::Into(names) }
}
