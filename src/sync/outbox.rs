//! The outbox at work: checks, sends and files what is due, so that nothing is lost and nothing goes out twice.
//!
//! One process at a time works on an account's outbox; a file lock says which. So a mail that stands in `sending` when the work begins
//! was left there by a process that ended. Where its last byte had not been about to leave it is simply sent again; else nobody knows
//! whether the server took it: it is looked for by its Message-ID, and where it is not found a person decides. Nothing in here sends a mail again on its own once its last byte was out.

mod errand;
mod learned;

use std::collections::{BTreeMap, HashSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;

pub use errand::{OutboxErrand, drain_over, has_work, waiting};
pub use learned::server_files;

use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::mime;
use crate::mime::compose::{redated, without_bcc};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, MessageId};
use crate::model::phrase::Phrase;
use crate::model::reply::{OutState, Outgoing};
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::store::{Answer, Delivery, Store, StoreError};
use crate::sync::remote::Post;
use crate::sync::remotes::Remotes;
use crate::sync::transport::{Envelope, Outcome, Place, Refusal};

/// A server that files what it sends by itself is given so long before it is done for it, in milliseconds.
const FILING: i64 = 180_000;
/// Mails taken on in one go, so that the lock and the connection are not held for ever.
const BATCH: usize = 200;
/// Copies looked for, put away and shown together.
const FILED_AT_ONCE: usize = 20;
/// The first wait after a passing failure, in milliseconds; each further one is twice as long.
const FIRST_WAIT: i64 = 30_000;
/// The longest wait, in milliseconds.
const LONGEST_WAIT: i64 = 3_600_000;
/// After so many tries a person is asked: with the waits above that is after about half a day.
const TRIES_MAX: u32 = 18;
/// How long a mail waits for a check that can't be made before a person is asked, in milliseconds.
const UNCHECKED_MAX: i64 = 900_000;

/// What one go did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Mails that the server took.
    pub sent: usize,
    /// Mails whose copy and record are in place.
    pub filed: usize,
    /// Mails that now want a person.
    pub attention: usize,
    /// Mails that wait for another try.
    pub waiting: usize,
}

/// The accounts of the config, in whose mailboxes a conversation can lie too.
#[derive(Clone)]
pub struct Others {
    /// All of them.
    pub accounts: Vec<Account>,
    /// What stands behind them.
    pub remotes: Remotes,
}

impl Others {
    /// Reads what is new of an account over a connection of its own. An account that the config does not name has nobody to ask.
    fn refresh(&self, id: &AccountId) -> Result<(), UserError> {
        let Some(account) = self.accounts.iter().find(|account| account.id == *id) else { return Ok(()) };
        let mut connection = self.remotes.connect(account).map_err(|error| error.for_user(account))?;
        connection.post().refresh()?;
        connection.close();
        Ok(())
    }
}

/// One account's outbox at work.
pub struct Outbox<'a> {
    store: &'a Store,
    account: &'a Account,
    post: &'a mut dyn Post,
    others: &'a Others,
    done: Drained,
}

/// How the check before sending ended.
enum Fresh {
    Nothing,
    /// It went out already: this store was copied, and the other one sent it.
    Out,
    News(Phrase),
    Unchecked(Phrase),
    /// Colleagues would not learn of it.
    Unrecorded,
}

/// Works on what is due in the outbox of `account`. Returns `None` where another process does so just now.
///
/// # Errors
/// When the store fails, or sending is blocked until somebody changes something (login, certificate): then call again only when asked to,
/// or after minutes. What did not go out stays in the outbox with the reason.
pub fn drain(
    store: &Store,
    account: &Account,
    post: &mut dyn Post,
    others: &Others,
) -> Result<Option<Drained>, UserError> {
    let Some(_lock) = lock(store, account)? else { return Ok(None) };
    learned::learn_from_copies(store, account)?;
    let mut outbox = Outbox { store, account, post, others, done: Drained::default() };
    outbox.recover()?;
    let sent = outbox.send_due();
    // What went out before the trouble is filed all the same.
    let filed = outbox.file_sent();
    sent.and(filed)?;
    Ok(Some(outbox.done))
}

/// Takes the lock of the account's outbox; it ends with the process, however that ends.
fn lock(store: &Store, account: &Account) -> Result<Option<File>, UserError> {
    let name: String = account.id.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let path = store.path().with_file_name(format!("outbox-{name}.lock"));
    let failed = |e: std::io::Error| {
        UserError::new(ErrorKind::Store, phrase!("store-file", path = path.display().to_string(), why = e.to_string()))
    };
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(e)) => Err(failed(e)),
    }
}

impl Outbox<'_> {
    fn now(&self) -> Timestamp {
        self.store.author().clock.now()
    }

    /// Returns the account's mails in a state, with how to deliver each.
    fn mails(&self, state: OutState) -> Result<Vec<(Outgoing, Delivery)>, StoreError> {
        let mut mails = Vec::new();
        for mail in self.store.outgoing_due(state, self.now(), usize::MAX)? {
            let delivery = self.store.delivery(mail.id)?;
            if delivery.account == self.account.id {
                mails.push((mail, delivery));
            }
            if mails.len() >= BATCH {
                break;
            }
        }
        Ok(mails)
    }

    /// Finds out about mails that a process left in `sending`, and about uncertain ones that have turned up.
    fn recover(&mut self) -> Result<(), UserError> {
        for (mail, delivery) in self.left(OutState::Sending)? {
            if !delivery.out {
                // The final dot was never sent, so the server has nothing.
                self.store.advance(mail.id, OutState::Sending, OutState::Held, None, None)?;
                continue;
            }
            match self.post.find(&mail.message_id) {
                Ok(Place::Nowhere) => {
                    let why = phrase!("outgoing-ended");
                    self.store.advance(mail.id, OutState::Sending, OutState::Uncertain, Some(why), None)?;
                    self.done.attention += 1;
                }
                Ok(Place::Sent | Place::Inbox) => {
                    let mut delivery = delivery;
                    accept_pending(&mut delivery);
                    self.store.record_delivery(
                        mail.id,
                        OutState::Sent,
                        Some(phrase!("outgoing-found")),
                        None,
                        &delivery,
                    )?;
                    self.done.sent += 1;
                }
                // Left as it is: the next go asks again.
                Err(_) => self.done.waiting += 1,
            }
        }
        for (mail, _) in self.left(OutState::Uncertain)? {
            let here = self.store.has_message(&mail.message_id)?;
            // A server that can't be asked now is asked with the next go.
            if here || self.post.find(&mail.message_id).is_ok_and(|place| place != Place::Nowhere) {
                self.store.advance(
                    mail.id,
                    OutState::Uncertain,
                    OutState::Sent,
                    Some(phrase!("outgoing-found")),
                    None,
                )?;
                self.done.sent += 1;
            }
        }
        Ok(())
    }

    /// As [`Outbox::mails`], whatever their time.
    fn left(&self, state: OutState) -> Result<Vec<(Outgoing, Delivery)>, StoreError> {
        let mut mails = Vec::new();
        for mail in self.store.outgoing_due(state, Timestamp(i64::MAX), usize::MAX)? {
            let delivery = self.store.delivery(mail.id)?;
            if delivery.account == self.account.id {
                mails.push((mail, delivery));
            }
        }
        Ok(mails)
    }

    fn send_due(&mut self) -> Result<(), UserError> {
        let mails = self.mails(OutState::Held)?;
        if mails.is_empty() {
            return Ok(());
        }
        // Once for all that are due: a thousand replies in a batch ask once.
        let checked = self.post.refresh();
        let mut others = BTreeMap::new();
        for (mail, delivery) in mails {
            match self.check(&mail, &delivery, &checked, &mut others)? {
                Fresh::Out => self.was_sent(&mail, delivery)?,
                Fresh::News(why) => {
                    self.store.advance(mail.id, OutState::Held, OutState::Stopped, Some(why), None)?;
                    self.done.attention += 1;
                }
                Fresh::Unrecorded => {
                    let why = phrase!("outgoing-unrecorded", account = self.account.id.as_str());
                    self.store.advance(mail.id, OutState::Held, OutState::Stopped, Some(why), None)?;
                    self.done.attention += 1;
                }
                Fresh::Unchecked(why) => self.postpone_unchecked(&mail, &delivery, why)?,
                Fresh::Nothing => self.send(&mail, delivery)?,
            }
        }
        Ok(())
    }

    /// Notes that a mail went out, though not from here.
    fn was_sent(&mut self, mail: &Outgoing, mut delivery: Delivery) -> Result<(), StoreError> {
        if self.store.begin_sending(mail.id, None)? {
            accept_pending(&mut delivery);
            let why = Some(phrase!("outgoing-found"));
            self.store.record_delivery(mail.id, OutState::Sent, why, None, &delivery)?;
            self.done.sent += 1;
        }
        Ok(())
    }

    /// Looks whether a mail is out, though nothing here sent it: a store that was put back from a copy does not know what was done since.
    fn look_for(&mut self, mail: &Outgoing, delivery: &Delivery) -> Result<Fresh, StoreError> {
        // Of a mail that some have already a copy may stand in Sent, and the others still wait.
        let partly = delivery.recipients.iter().any(|r| r.is_accepted());
        let id = &mail.message_id;
        if !partly && (self.store.is_recorded_as_sent(id)? || self.store.is_in_mailbox(id)?) {
            return Ok(Fresh::Out);
        }
        if !delivery.copied || (partly && delivery.anyway) {
            return Ok(Fresh::Nothing);
        }
        Ok(match self.post.find(id) {
            Ok(Place::Nowhere) => Fresh::Nothing,
            Ok(_) if partly => Fresh::News(phrase!("outgoing-found")),
            Ok(_) => Fresh::Out,
            // Somebody was told that this can't be found out, and wants it sent.
            Err(_) if delivery.anyway => Fresh::Nothing,
            Err(error) => Fresh::Unchecked(phrase!("outgoing-unchecked", why = error.what)),
        })
    }

    /// Looks whether the mail is out, and whether something happened in the conversation since the draft was begun.
    fn check(
        &mut self,
        mail: &Outgoing,
        delivery: &Delivery,
        checked: &Result<(), UserError>,
        others: &mut BTreeMap<AccountId, Result<(), UserError>>,
    ) -> Result<Fresh, StoreError> {
        match self.look_for(mail, delivery)? {
            Fresh::Nothing => {}
            found => return Ok(found),
        }
        let partly = delivery.recipients.iter().any(|r| r.is_accepted());
        let is_unrecorded = self.store.may_write_log(&self.account.id)? == Some(false);
        if is_unrecorded && !delivery.anyway && !partly {
            return Ok(Fresh::Unrecorded);
        }
        let Some(anchor) = delivery.anchor.as_ref().filter(|_| !delivery.anyway && !partly) else {
            return Ok(Fresh::Nothing);
        };
        // A colleague may have answered from the other mailbox that the conversation lies in.
        let mut checked = checked.clone();
        for account in self.store.accounts_of(anchor)?.into_iter().filter(|account| *account != self.account.id) {
            let read = others.entry(account).or_insert_with_key(|account| self.others.refresh(account));
            checked = checked.and(read.clone());
        }
        let news = self.store.news(delivery)?;
        if !news.is_empty() {
            let news: Vec<Phrase> = news.into_iter().map(|news| news.what).collect();
            return Ok(Fresh::News(phrase!("outgoing-news", news = news)));
        }
        Ok(match checked {
            Ok(()) => Fresh::Nothing,
            Err(error) => Fresh::Unchecked(phrase!("outgoing-unchecked", why = error.what)),
        })
    }

    fn postpone_unchecked(&mut self, mail: &Outgoing, delivery: &Delivery, why: Phrase) -> Result<(), StoreError> {
        let now = self.now();
        if now.since(delivery.waits_since) > UNCHECKED_MAX {
            self.store.advance(mail.id, OutState::Held, OutState::Stopped, Some(why), None)?;
            self.done.attention += 1;
        } else {
            self.store.advance(mail.id, OutState::Held, OutState::Held, Some(why), Some(now.plus(FIRST_WAIT)))?;
            self.done.waiting += 1;
        }
        Ok(())
    }

    /// Sends one mail. It stands in `sending` on the disk before the first byte goes out.
    fn send(&mut self, mail: &Outgoing, mut delivery: Delivery) -> Result<(), UserError> {
        let Some(copy) = self.store.outgoing_bytes(mail.id)? else {
            self.store.advance(mail.id, OutState::Held, OutState::Failed, Some(phrase!("outgoing-no-bytes")), None)?;
            self.done.attention += 1;
            return Ok(());
        };
        // Sent later than it was written, or tried again: the date is that of the try, unless somebody may have the mail as it is.
        let settled = delivery.fixed || delivery.recipients.iter().any(|r| r.is_accepted());
        let fresh = if settled { None } else { redated(&copy, self.now()) };
        if !self.store.begin_sending(mail.id, fresh.as_deref())? {
            return Ok(());
        }
        let copy = fresh.unwrap_or(copy);
        let envelope = Envelope { from: delivery.from.clone(), recipients: delivery.pending(), utf8: delivery.utf8 };
        let store = self.store;
        let mut mark = || match store.mark_out(mail.id) {
            Ok(true) => Ok(()),
            Ok(false) => Err(say!("outbox-somebody-else")),
            Err(error) => Err(say!("outbox-store", why = error.to_string())),
        };
        let outcome = self.post.send(&envelope, &without_bcc(&copy), &mut mark);
        let tries = mail.attempts.saturating_add(1);
        self.settle(mail, tries, outcome, &mut delivery)
    }

    /// Writes down how sending ended.
    fn settle(
        &mut self,
        mail: &Outgoing,
        tries: u32,
        outcome: Outcome,
        delivery: &mut Delivery,
    ) -> Result<(), UserError> {
        let mut blocked = None;
        let (to, reason, due) = match outcome {
            Outcome::Accepted { refused, .. } => self.accepted(tries, refused, delivery),
            Outcome::Refused { words } => (OutState::Failed, Some(words.into()), None),
            Outcome::Later { words } => self.later(tries, words),
            Outcome::Unknown { words } => {
                (delivery.out, delivery.fixed) = (true, true);
                (OutState::Uncertain, Some(phrase!("outgoing-maybe", why = words)), None)
            }
            Outcome::Blocked(error) => {
                let why = error.whole();
                blocked = Some(error);
                (OutState::Failed, Some(why), None)
            }
        };
        self.store.record_delivery(mail.id, to, reason, due, delivery)?;
        match to {
            OutState::Sent => self.done.sent += 1,
            OutState::Held => self.done.waiting += 1,
            _ => self.done.attention += 1,
        }
        blocked.map_or(Ok(()), Err)
    }

    /// The server took the mail for some recipients at least. Who was put off is tried again, alone.
    fn accepted(
        &self,
        tries: u32,
        refused: Vec<Refusal>,
        delivery: &mut Delivery,
    ) -> (OutState, Option<Phrase>, Option<Timestamp>) {
        for recipient in delivery.recipients.iter_mut().filter(|r| r.is_pending()) {
            let refusal = refused.iter().find(|r| r.recipient == recipient.email);
            recipient.result = Some(match refusal {
                None => Answer::Accepted,
                Some(r) if r.permanent || tries >= TRIES_MAX => Answer::Refused(self.post.explain(&r.words)),
                Some(r) => Answer::Deferred(r.words.clone()),
            });
        }
        let put_off = delivery.pending();
        if !put_off.is_empty() {
            let why = phrase!("outgoing-others-have-it", who = put_off.join(", "));
            return (OutState::Held, Some(why), Some(self.now().plus(wait(tries))));
        }
        let refusals = delivery.refusals();
        let why = (!refusals.is_empty()).then(|| phrase!("outgoing-refused", who = refusals));
        (OutState::Sent, why, None)
    }

    fn later(&self, tries: u32, words: String) -> (OutState, Option<Phrase>, Option<Timestamp>) {
        if tries >= TRIES_MAX {
            return (OutState::Failed, Some(phrase!("outgoing-gave-up", count = tries, why = words)), None);
        }
        (OutState::Held, Some(words.into()), Some(self.now().plus(wait(tries))))
    }

    /// Puts the copies of sent mail into Sent and the replies on the log.
    fn file_sent(&mut self) -> Result<(), UserError> {
        for mails in self.mails(OutState::Sent)?.chunks(FILED_AT_ONCE) {
            let put = self.put_copies(mails);
            for ((mail, delivery), put) in mails.iter().zip(put) {
                match put {
                    // The server is about to.
                    Ok(false) => {
                        let due = self.now().plus(FIRST_WAIT);
                        self.store.advance(mail.id, OutState::Sent, OutState::Sent, None, Some(due))?;
                        self.done.waiting += 1;
                    }
                    Ok(true) => {
                        self.store.file(mail.id, operations(self.store, mail, delivery)?)?;
                        self.done.filed += 1;
                    }
                    Err(error) => {
                        // Only room can be made by the one who reads this; all else is tried again by itself.
                        let why = if error.is("mailbox-full") { error.whole() } else { error.what };
                        let why = phrase!("outgoing-unfiled", why = why);
                        let due = self.now().plus(FIRST_WAIT * 2);
                        self.store.advance(mail.id, OutState::Sent, OutState::Sent, Some(why), Some(due))?;
                        self.done.waiting += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// Sees to it that Sent holds each mail once: an APPEND whose answer was lost may have worked, and some servers file by themselves.
    /// Tells of each whether that is so, or still to come.
    fn put_copies(&mut self, mails: &[(Outgoing, Delivery)]) -> Vec<Result<bool, UserError>> {
        if self.post.files_by_itself() {
            return mails.iter().map(|_| Ok(true)).collect();
        }
        let ids: Vec<MessageId> = mails.iter().map(|(mail, _)| mail.message_id.clone()).collect();
        let put = match self.post.filed(&ids) {
            Ok(there) => mails.iter().map(|(mail, how)| self.put_copy(mail, how, &there)).collect(),
            Err(error) => mails.iter().map(|_| Err(error.clone())).collect(),
        };
        self.post.show_filed();
        put
    }

    fn put_copy(
        &mut self,
        mail: &Outgoing,
        delivery: &Delivery,
        there: &HashSet<MessageId>,
    ) -> Result<bool, UserError> {
        if there.contains(&mail.message_id) {
            return Ok(true);
        }
        let learned = self.account.server_files_sent().is_none() && self.store.server_files_sent(&self.account.id)?;
        if learned && self.now().since(delivery.waits_since) < FILING {
            return Ok(false);
        }
        if let Some(copy) = self.store.outgoing_bytes(mail.id)? {
            self.post.file(&mail.message_id, &copy)?;
        }
        Ok(true)
    }
}

/// Returns how long to wait after that many tries, in milliseconds.
fn wait(tries: u32) -> i64 {
    let doubled = 1i64.checked_shl(tries.saturating_sub(1).min(20)).unwrap_or(1);
    FIRST_WAIT.saturating_mul(doubled).min(LONGEST_WAIT)
}

pub(super) fn accept_pending(delivery: &mut Delivery) {
    for recipient in delivery.recipients.iter_mut().filter(|r| r.is_pending()) {
        recipient.result = Some(Answer::Accepted);
    }
}

/// The records of a sent mail: that it was sent, and whom it did not reach. None where the log has them already.
pub(super) fn operations(store: &Store, mail: &Outgoing, delivery: &Delivery) -> Result<Vec<NewOperation>, StoreError> {
    if store.is_recorded_as_sent(&mail.message_id)? {
        return Ok(Vec::new());
    }
    let anchor: MessageId = delivery.anchor.clone().unwrap_or_else(|| mail.message_id.clone());
    let target = Target { on: anchor.clone(), as_of: delivery.as_of.clone(), expect: None, gone: delivery.gone };
    let hash = store.outgoing_bytes(mail.id)?.map(|copy| mime::text_hash(&copy));
    let replied = Known::Replied { message: mail.message_id.clone(), then: delivery.then, hash };
    let mut operations = vec![NewOperation::new(replied, vec![target])];
    let refusals = delivery.refusals();
    if !refusals.is_empty() {
        let text = crate::text::english(&phrase!("note-refused", subject = &mail.subject, who = refusals));
        let note = Known::Note { text, mentions: std::collections::BTreeSet::new() };
        operations.push(NewOperation::new(note, vec![Target::on(anchor)]));
    }
    Ok(operations)
}
