//! Answers what the writing screens ask: drafts, the look before sending, the outbox, saved replies, files to attach.

use crate::app::event::Answer;
use crate::app::{Ask, Beginning, Begun, Deed, DraftRow, Leaving, OutRow, Review, SenderChoice};
use crate::error::{ErrorKind, UserError};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;
use crate::model::reply::{Draft, DraftKind, Identity, OutState, Outgoing};
use crate::model::text::SafeText;
use crate::op::operation::{Known, Target, mentions_in};
use crate::op::record::NewOperation;
use crate::runtime::backend::StoreBackend;
use crate::sync::compose;

/// Messages of a conversation that are looked at for people who take part.
const KNOWN_FROM: usize = 50;

type Answered = Result<(Answer, Option<Change>), UserError>;

impl StoreBackend {
    pub(super) fn answer_writing(&self, ask: &Ask) -> Answered {
        let store = &self.store;
        let answer = match ask {
            Ask::Begin(what) => Answer::Begun(self.begin(what)?.map(Box::new)),
            Ask::Keep(draft) => Answer::Kept(Box::new(store.save_draft(draft)?)),
            Ask::Forget(draft) => {
                store.discard_draft(draft.id)?;
                Answer::Done(crate::app::event::Done::default())
            }
            Ask::Review(draft) => Answer::Review(Box::new(self.review(draft)?)),
            Ask::News(draft) => Answer::News(compose::news(store, draft)?),
            Ask::Queue(draft, at) => Answer::Queued(self.queue(draft, *at)?),
            Ask::Lease(conversation, until) => return self.lease(conversation, *until),
            Ask::Outbox => Answer::Outbox(self.outbox()?),
            Ask::Sent(id) => {
                let mail = store.outgoing_by_id(*id)?;
                Answer::Outbox(mail.map(|mail| self.row(mail, false)).transpose()?.into_iter().collect())
            }
            Ask::Drafts => Answer::Drafts(self.drafts()?),
            Ask::Deed(id, deed) => return self.do_deed(*id, *deed),
            Ask::SavedReplies(draft) => Answer::Saved(super::replies::saved(self, draft)?),
            Ask::Files(paths) => super::replies::files(self, paths),
            Ask::Paths(text) => Answer::Paths(super::replies::paths(text)),
            _ => return Err(UserError::new(ErrorKind::Internal, "a question that nobody answers")),
        };
        Ok((answer, None))
    }

    fn begin(&self, what: &Beginning) -> Result<Option<Begun>, UserError> {
        let store = &self.store;
        let (draft, resumed) = match what {
            Beginning::In { conversation, kind, parent } => {
                if let Some(draft) = store.draft_in(conversation)? {
                    (draft, true)
                } else {
                    let gone = || {
                        UserError::new(ErrorKind::Precondition, "the conversation is gone: it was merged or deleted")
                    };
                    let (inbox, newest) = store.to_answer(conversation)?.ok_or_else(gone)?;
                    let parent = parent.clone().unwrap_or(newest);
                    (compose::begin(store, &self.writing.sending, *kind, conversation, &inbox, &parent)?, false)
                }
            }
            Beginning::New => (self.blank(), false),
            Beginning::Kept(id) => match store.restore_draft(*id)? {
                Some(draft) => (draft, true),
                None => return Ok(None),
            },
            Beginning::TakenBack(id) => match store.cancel(*id)? {
                Some(draft) => (draft, true),
                None => return Ok(None),
            },
        };
        let row = match &draft.conversation {
            Some(id) => store.rows(std::slice::from_ref(id))?.into_iter().next(),
            None => None,
        };
        Ok(Some(Begun {
            senders: self.senders(&draft),
            quote: self.quote(&draft)?,
            news: if resumed { compose::news(store, &draft)? } else { Vec::new() },
            other: row.and_then(|row| row.replying).map(|lease| SafeText::line(lease.agent.as_str())),
            draft,
            resumed,
        }))
    }

    fn blank(&self) -> Draft {
        let inbox = self.store.team().inboxes.first().map(|inbox| inbox.id.clone());
        let me = self.store.author().actor.as_str();
        let signatures = &self.writing.sending.signatures;
        let own = signatures.get(me).or_else(|| inbox.as_ref().and_then(|inbox| signatures.get(inbox.as_str())));
        let body = own.map(|text| format!("\n\n-- \n{}\n", text.trim_end())).unwrap_or_default();
        Draft { kind: DraftKind::New, inbox, identity: self.writing.sending.identity, body, ..Draft::default() }
    }

    /// Returns how a draft can be sent: from its inbox, or from any where nothing is answered; as the agent where an address is known.
    fn senders(&self, draft: &Draft) -> Vec<SenderChoice> {
        let team = self.store.team();
        let me = team.agents.iter().find(|agent| agent.handle == self.store.author().actor);
        let agent = me.and_then(|me| me.address.as_ref().map(|address| (me.name.clone(), address.email.clone())));
        let mut choices = Vec::new();
        for inbox in &team.inboxes {
            if draft.conversation.is_some() && Some(&inbox.id) != draft.inbox.as_ref() {
                continue;
            }
            let name = inbox.address.short();
            let from = &inbox.address.email;
            let shown = if name == from { from.clone() } else { format!("{name} <{from}>") };
            let mut push = |identity, words: String| {
                choices.push(SenderChoice {
                    inbox: inbox.id.clone(),
                    identity,
                    words: SafeText::line_max(&words, 200),
                });
            };
            push(Identity::SendAs, shown.clone());
            if let Some((full, email)) = &agent {
                push(Identity::OnBehalf, format!("{shown}, sent by {full}"));
                push(Identity::Personal, format!("{full} <{email}>, answers to {from}"));
            }
        }
        choices
    }

    fn quote(&self, draft: &Draft) -> Result<String, UserError> {
        let raw = match &draft.parent {
            Some(parent) => self.store.raw(parent)?,
            None => None,
        };
        Ok(raw.map_or_else(String::new, |raw| {
            let parsed = crate::mime::parse(&raw);
            let attribution = crate::mime::compose::attribution(&parsed.envelope);
            crate::mime::quote_for_reply(&parsed.readable, &attribution)
        }))
    }

    fn review(&self, draft: &Draft) -> Result<Review, UserError> {
        let mut known = Vec::new();
        if let Some(id) = &draft.conversation {
            for message in self.store.message_ids(id)?.iter().rev().take(KNOWN_FROM) {
                let Some(raw) = self.store.raw(message)? else { continue };
                let of = crate::mime::envelope(&raw);
                let people = of.from.iter().chain(&of.reply_to).chain(&of.to).chain(&of.cc);
                known.extend(people.map(|address| address.email.clone()));
            }
        }
        let warnings = compose::warnings(&self.store, draft, &known)?;
        let basis = match &draft.conversation {
            Some(id) => self.store.basis(id)?,
            None => None,
        };
        Ok(Review {
            warnings: warnings.into_iter().map(|w| (SafeText::line_max(&w.words, 300), w.stops)).collect(),
            news: compose::news(&self.store, draft)?,
            as_of: basis.as_ref().and_then(|basis| basis.as_of.clone()),
            seen_op: basis.and_then(|basis| basis.seen_op),
            scroll: 0,
            unread: false,
        })
    }

    fn queue(&self, draft: &Draft, at: Option<Timestamp>) -> Result<Leaving, UserError> {
        let window = i64::from(self.writing.sending.undo_seconds) * 1000;
        let due = at.unwrap_or_else(|| self.store.author().clock.now().plus(window));
        let new = compose::prepare(&self.store, draft, due, false)?;
        if self.writing.mute.contains(&new.delivery.account) {
            let words = format!("the account {} has no server to send by", new.delivery.account);
            return Err(
                UserError::new(ErrorKind::Config, words).hint("set `smtp` for it in the config; the draft is kept")
            );
        }
        let queued = self.store.queue(&new)?;
        Ok(Leaving { id: queued.id, to: SafeText::line_max(&queued.to, 200), due: queued.due })
    }

    fn lease(&self, conversation: &ConversationId, until: Option<Timestamp>) -> Answered {
        let Some(basis) = self.store.basis(conversation)? else { return Ok((Answer::Parsed, None)) };
        let op = until.map_or(Known::StopReplying, |until| Known::Replying { until });
        let done = self.store.commit(vec![NewOperation::new(op, vec![Target::on(basis.anchor)])])?;
        Ok((Answer::Done(crate::app::event::Done::default()), Some(done.change)))
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
        let news = match mail.state {
            OutState::Stopped if news => self.store.news(&self.store.delivery(mail.id)?)?,
            _ => Vec::new(),
        };
        Ok(OutRow {
            id: mail.id,
            state: mail.state,
            to: SafeText::line_max(&mail.to, 200),
            subject: SafeText::line_max(&mail.subject, 200),
            reason: SafeText::line_max(&mail.reason, 1000),
            mine: mail.actor == self.store.author().actor,
            actor: SafeText::line(mail.actor.as_str()),
            attempts: mail.attempts,
            due: mail.due,
            news: news.into_iter().map(|news| news.words).collect(),
        })
    }

    fn drafts(&self) -> Result<Vec<DraftRow>, UserError> {
        let discarded = self.store.discarded_drafts()?;
        let row = |draft: Draft| {
            let to: Vec<&str> = draft.to.iter().map(crate::model::address::Address::short).collect();
            let own: Vec<&str> = draft.body.lines().filter(|line| !line.starts_with('>')).collect();
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
        let now = store.author().clock.now();
        let late = || UserError::new(ErrorKind::Precondition, "too late: the mail is on its way or gone");
        let said = |done: bool, words: &'static str| if done { Ok(SafeText::from(words)) } else { Err(late()) };
        let words = match deed {
            Deed::Retry => said(store.retry(id, now, false)?, "It is tried again now")?,
            Deed::SendAnyway => said(store.retry(id, now, true)?, "It is sent now")?,
            Deed::Cancel => said(store.cancel(id)?.is_some(), "Taken back: it is among the drafts")?,
            Deed::Discard => {
                said(store.discard_draft(id)?, "The draft is discarded; it stays under D, where Enter brings it back")?
            }
            Deed::Drop => {
                let draft = store.cancel(id)?.ok_or_else(late)?;
                store.discard_draft(draft.id)?;
                SafeText::from("Not sent, and discarded; it stays under D, where Enter brings it back")
            }
            Deed::Note => {
                let anchor = store.delivery(id)?.anchor;
                let anchor =
                    anchor.ok_or_else(|| UserError::new(ErrorKind::Precondition, "it belongs to no conversation"))?;
                let draft = store.cancel(id)?.ok_or_else(late)?;
                let own: Vec<&str> = draft.body.lines().filter(|line| !line.starts_with('>')).collect();
                let text = format!("Not sent to the customer:\n{}", own.join("\n").trim());
                let note = Known::Note { mentions: mentions_in(&text), text };
                let done = store.commit(vec![NewOperation::new(note, vec![Target::on(anchor)])])?;
                store.discard_draft(draft.id)?;
                let words = SafeText::from("It is a note now; the customer does not see it");
                return Ok((Answer::Did(words), Some(done.change)));
            }
        };
        Ok((Answer::Did(words), None))
    }
}
