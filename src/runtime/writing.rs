//! Answers what the writing screens ask: drafts, the look before sending, the outbox, saved replies, files to attach.

use crate::app::event::Answer;
use crate::app::{Ask, Beginning, Deed, DraftRow, Leaving, OnTheWay, OutRow};
use crate::error::{ErrorKind, UserError};
use crate::model::address::Address;
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::phrase::Phrase;
use crate::model::reply::{ComposeSession, Draft, OutState, Outgoing};
use crate::model::text::SafeText;
use crate::runtime::backend::StoreBackend;
use crate::service::outbox::{self, Again, Noted};
use crate::service::{collision, compose, invite, review, saved_replies};
use crate::sync::lock;
use crate::text;

/// The most people that are offered for what was typed of an address.
const PEOPLE_MAX: usize = 6;
/// What goes out within so many milliseconds is on its way when the program is left.
const SOON: i64 = 3_600_000;

type Answered = Result<(Answer, Option<Change>), UserError>;

impl StoreBackend {
    pub(super) fn answer_writing(&self, ask: &Ask) -> Answered {
        let store = &self.store;
        let answer = match ask {
            Ask::Begin(what) => Answer::Begun(self.begin(what)?.map(Box::new)),
            Ask::Keep(draft) => Answer::Kept(Box::new(store.save_draft(draft)?)),
            Ask::Forget(draft) => {
                store.discard_draft(draft.id)?;
                Answer::Written
            }
            Ask::Review(draft) => Answer::Review(Box::new(review::review(store, draft)?)),
            Ask::News(draft) => {
                Answer::News { news: review::news(store, draft)?, other: compose::other_at(store, draft)? }
            }
            Ask::Queue(draft, at) => Answer::Queued(self.queue(draft, *at)?),
            Ask::Lease(conversation, until) => {
                let done = compose::lease(store, conversation, *until)?;
                return Ok((Answer::Written, done.map(|done| done.change)));
            }
            Ask::Outbox => Answer::Outbox(self.outbox()?),
            Ask::Sent(id) => {
                let mail = store.outgoing_by_id(*id)?;
                Answer::Outbox(mail.map(|mail| self.row(mail, false)).transpose()?.into_iter().collect())
            }
            Ask::OnTheWay => Answer::OnTheWay(self.on_the_way()?),
            Ask::LeaveMail => return Ok((Answer::Written, compose::leave(store)?)),
            Ask::TryNow => {
                let tried = outbox::try_now(store)?;
                return Ok((Answer::Written, (tried > 0).then_some(Change::Counts)));
            }
            Ask::Drafts => Answer::Drafts(self.drafts()?),
            Ask::Deed(id, deed) => return self.do_deed(*id, *deed),
            Ask::SavedReplies(draft) => super::replies::saved(self, draft)?,
            Ask::ReplyUsed(reply) => {
                saved_replies::remember(store, reply)?;
                Answer::Written
            }
            Ask::Files(paths) => super::replies::files(self, paths),
            Ask::People(typed) => Answer::People { found: store.recipients(typed, PEOPLE_MAX)?, typed: typed.clone() },
            Ask::Strangers(all) => Answer::Strangers(store.strangers(all)?),
            Ask::Collision(id) => Answer::Collision(collision::collision(store, *id)?.map(Box::new)),
            Ask::Paths(text) => Answer::Paths(super::replies::paths(text)),
            _ => return Err(UserError::new(ErrorKind::Internal, phrase!("question-unanswered"))),
        };
        Ok((answer, None))
    }

    fn begin(&self, what: &Beginning) -> Result<Option<ComposeSession>, UserError> {
        let (store, sending) = (&self.store, &self.writing.sending);
        let kept = match what {
            Beginning::In { conversation, parent, as_file: true, .. } => {
                return compose::take_up_as_file(store, sending, conversation, parent.as_ref()).map(Some);
            }
            Beginning::In { conversation, kind, parent, .. } => {
                return compose::take_up(store, sending, *kind, conversation, parent.as_ref()).map(Some);
            }
            Beginning::Answer { conversation, message, answer } => {
                let wanted = invite::Wanted { conversation, message: message.as_ref(), answer: *answer, text: "" };
                return invite::take_up(store, sending, wanted).map(Some);
            }
            Beginning::New => return Ok(Some(compose::session(store, compose::blank(store, sending, None), false)?)),
            Beginning::Kept(id) => store.restore_draft(*id)?,
            Beginning::TakenBack(id) => outbox::take_back(store, *id)?,
        };
        Ok(kept.map(|draft| compose::session(store, draft, true)).transpose()?)
    }

    fn queue(&self, draft: &Draft, at: Option<Timestamp>) -> Result<Leaving, UserError> {
        let (store, writing) = (&self.store, &self.writing);
        let due = at.unwrap_or_else(|| compose::after_undo_window(store, &writing.sending));
        let queued = compose::queue(store, &writing.accounts, std::slice::from_ref(draft), due, false, None)?.pop();
        let compose::Queued { mail, .. } =
            queued.ok_or_else(|| UserError::new(ErrorKind::Internal, phrase!("mail-not-queued")))?;
        let watched = lock::is_watched(store)?;
        let (to, conversation) = (SafeText::line_max(&mail.to, 200), mail.conversation);
        Ok(Leaving { id: mail.id, to, conversation, due: mail.due, watched })
    }

    /// Returns what is on its way out of this store. What a postroom without a screen sends keeps nobody here.
    fn on_the_way(&self) -> Result<OnTheWay, UserError> {
        let soon = self.store.author().clock.now().plus(SOON);
        let untold = self.store.counts(&self.store.author().actor)?.to_push;
        let mut found = OnTheWay { untold, ..OnTheWay::default() };
        let is_watched = lock::is_watched(&self.store)?;
        for mail in self.store.outgoing()? {
            match mail.state {
                // What a server put off is on its way, however long it takes.
                OutState::Held if mail.due > soon && mail.reason.is_none() => {
                    let (count, first) = found.later.unwrap_or((0, mail.due));
                    found.later = Some((count + 1, first.min(mail.due)));
                }
                OutState::Held | OutState::Sending if !is_watched => found.soon.push(self.row(mail, false)?),
                state => found.failed += usize::from(state.wants_attention()),
            }
        }
        Ok(found)
    }

    fn outbox(&self) -> Result<Vec<OutRow>, UserError> {
        let mut mails = self.store.outgoing()?;
        // What wants a person first, then what is on its way, then what is done.
        mails.sort_by_key(|mail| {
            let done = matches!(mail.state, OutState::Filed | OutState::Cancelled);
            (!mail.state.wants_attention(), done, std::cmp::Reverse(mail.id))
        });
        mails.into_iter().filter(|mail| mail.state != OutState::Cancelled).map(|mail| self.row(mail, true)).collect()
    }

    fn row(&self, mail: Outgoing, news: bool) -> Result<OutRow, UserError> {
        let delivery = self.store.delivery(mail.id)?;
        let news = match mail.state {
            OutState::Stopped if news => self.store.news(&delivery)?,
            _ => Vec::new(),
        };
        Ok(OutRow {
            id: mail.id,
            account: delivery.account.to_string(),
            state: mail.state,
            to: SafeText::line_max(&mail.to, 200),
            subject: SafeText::line_max(&mail.subject, 200),
            refused: mail.reason.as_ref().is_some_and(|why| why.is("outgoing-refused")),
            reason: mail.reason.map_or_else(SafeText::default, |why| SafeText::line_max(&text::render(&why), 1000)),
            mine: mail.actor == self.store.author().actor,
            actor: SafeText::line(mail.actor.as_str()),
            attempts: mail.attempts,
            due: mail.due,
            news: news.into_iter().map(|news| news.words()).collect(),
        })
    }

    fn drafts(&self) -> Result<Vec<DraftRow>, UserError> {
        let discarded = self.store.discarded_drafts()?;
        let row = |draft: Draft| {
            let to: Vec<&str> = draft.to.iter().map(Address::short).collect();
            let own = outbox::own_lines(&draft);
            DraftRow {
                id: draft.id,
                to: SafeText::line_max(&to.join(", "), 200),
                subject: SafeText::line_max(&draft.subject, 200),
                snippet: SafeText::line_max(own.join(" ").trim(), 200),
                saved_at: draft.saved_at,
                discarded_at: draft.discarded_at,
            }
        };
        let written = |draft: &Draft| !draft.body.trim().is_empty();
        Ok(self.store.drafts()?.into_iter().chain(discarded.into_iter().filter(written)).map(row).collect())
    }

    fn do_deed(&self, id: i64, deed: Deed) -> Answered {
        let store = &self.store;
        let late = || UserError::new(ErrorKind::Precondition, phrase!("mail-too-late"));
        let said = |done: bool, words: Phrase| if done { Ok(words) } else { Err(late()) };
        let again = |anyway: bool, words: Phrase| match outbox::send_again(store, id, anyway)? {
            Again::Due => Ok(words),
            Again::MayHaveArrived => Err(UserError::new(ErrorKind::Precondition, phrase!("mail-may-have-arrived"))
                .hint(phrase!("hint-look-then-send"))),
            Again::Settled(_) | Again::Unknown => Err(late()),
        };
        let mut change = None;
        let words = match deed {
            Deed::Retry => again(false, phrase!("deed-retried"))?,
            Deed::SendAnyway => again(true, phrase!("deed-sent-anyway"))?,
            Deed::Cancel => said(outbox::take_back(store, id)?.is_some(), phrase!("deed-taken-back"))?,
            Deed::Discard => said(store.discard_draft(id)?, phrase!("deed-discarded"))?,
            Deed::Drop => said(outbox::drop_mail(store, id)?, phrase!("deed-dropped"))?,
            Deed::Note => match outbox::make_note(store, id)? {
                Noted::Done { change: done, kept } => {
                    change = Some(done);
                    match kept.is_empty() {
                        true => phrase!("deed-noted"),
                        false => phrase!("deed-noted-without", files = kept.join(", ")),
                    }
                }
                Noted::NoConversation => {
                    return Err(UserError::new(ErrorKind::Precondition, phrase!("mail-no-conversation")));
                }
                Noted::TooLate => return Err(late()),
            },
        };
        Ok((Answer::Did(SafeText::line(&text::render(&words))), change))
    }
}
