//! The look before a mail goes out, and sending it.

use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Hand, Leaving, Looking, Next, PromptKind, Severity, Until, words};
use crate::config::AfterClose;
use crate::keymap::Action;
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::reply::{OutState, Review, Under};
use crate::model::status::Status;
use crate::model::text::cut;
use crate::model::view::{ConversationRow, Counts};
use crate::text;

/// For so many milliseconds the look at a mail takes no key to send.
const DEAF: i64 = 500;
/// The most columns that are told of what somebody wrote.
const SAID_MAX: usize = 60;

impl App {
    pub(super) fn take_review(&mut self, review: Review) -> Vec<Effect> {
        let now = self.now;
        if let Some(compose) = self.compose_mut() {
            compose.news.clone_from(&review.news);
            compose.review = Some(Looking::new(review, now));
            // Who of them is new stands there too.
            compose.meet_strangers();
        }
        Vec::new()
    }

    /// Takes what is new while the mail is being looked over. It comes to the top of the page, and the next key to send only says so:
    /// nobody sends what they had no time to think over again.
    pub(super) fn freshen_review(&mut self, fresh: Review) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        compose.news.clone_from(&fresh.news);
        let Some(shown) = &mut compose.review else { return Vec::new() };
        let is_new = shown.review.news != fresh.news;
        if is_new {
            (shown.scroll, shown.unmet) = (0, true);
        }
        shown.review = fresh;
        if is_new {
            self.tell(Severity::Info, &say!("review-news"), "");
            self.last_until(Until::Review);
        }
        Vec::new()
    }

    /// Tells whether the mail is on its way into the outbox: what is sent is no draft any more that could be kept, sent again or written on.
    pub(super) fn is_queuing(&self) -> bool {
        self.tickets.has(&Purpose::Queue)
    }

    pub(super) fn act_review(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Edit | Action::DiscardDraft if self.is_queuing() => return Vec::new(),
            Action::Send => return self.send(Some(Status::Waiting), None),
            Action::SendClose => return self.send(Some(Status::Closed), None),
            Action::SendKeep => return self.send(None, None),
            Action::SendLater => {
                return match self.stopped() {
                    true => Vec::new(),
                    false => self.open_prompt(PromptKind::SendLater, ""),
                };
            }
            _ => {}
        }
        let half = usize::from(self.size.1 / 2).max(1);
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        let Some(review) = &mut compose.review else { return Vec::new() };
        match action {
            Action::Edit => (compose.review, compose.hand) = (None, Hand::Typing),
            Action::DiscardDraft => compose.asking = true,
            Action::Down => review.scroll = review.scroll.saturating_add(1),
            Action::Up => review.scroll = review.scroll.saturating_sub(1),
            Action::PageDown => review.scroll = review.scroll.saturating_add(half),
            Action::PageUp => review.scroll = review.scroll.saturating_sub(half),
            _ => {}
        }
        Vec::new()
    }

    /// Tells whether something keeps the mail from going out, and says so.
    fn stopped(&mut self) -> bool {
        let looking = self.compose().and_then(|compose| compose.review.as_ref());
        let stop = looking.and_then(|looking| looking.review.warnings.iter().find(|warning| warning.stops()).cloned());
        if let Some(warning) = &stop {
            self.tell(Severity::Warning, &say!("review-stops", why = warning.words()), &say!("hint-edit"));
            self.last_until(Until::Review);
        }
        stop.is_some() || self.is_too_soon() || self.is_unmet()
    }

    /// Returns for how many milliseconds the look at a mail takes no key to send yet: one that was on its way when it came up was not
    /// meant for it.
    pub fn sheet_opens_in(&self) -> i64 {
        let looking = self.compose().and_then(|compose| compose.review.as_ref());
        looking.map_or(0, |looking| (DEAF - self.now.since(looking.since)).clamp(0, DEAF))
    }

    fn is_too_soon(&mut self) -> bool {
        let is_so = self.sheet_opens_in() > 0;
        if is_so {
            self.tell(Severity::Info, &say!("review-too-soon"), &say!("hint-same-key"));
            self.last_until(Until::Review);
        }
        is_so
    }

    /// Tells whether a red line stands there that no key to send has met, and points at it once.
    fn is_unmet(&mut self) -> bool {
        let Some(looking) = self.compose_mut().and_then(|compose| compose.review.as_mut()) else { return false };
        if !std::mem::take(&mut looking.unmet) {
            return false;
        }
        looking.scroll = 0;
        let review = looking.review.clone();
        let news = review.news.last().map(|one| self.say_under(one));
        let red = review.warnings.iter().find(|warning| warning.is_red()).map(|warning| text::render(&warning.words()));
        if let Some(why) = news.or(red) {
            self.tell(Severity::Warning, &say!("review-red", why = why), "");
            self.last_until(Until::Review);
        }
        true
    }

    /// Says what came under a draft, and when.
    pub fn say_under(&self, one: &Under) -> String {
        let zone = &self.around.zone;
        let is_today = words::day_number(one.at, zone) == words::day_number(self.now, zone);
        let at = if is_today { words::clock(one.at, zone) } else { words::minute(one.at, zone) };
        match one.said.is_empty() {
            true => say!("compose-under-did", what = &one.words, at = at),
            false => {
                let said = cut(one.said.as_str(), SAID_MAX);
                say!("compose-under", who = &one.who, at = at, said = said)
            }
        }
    }

    /// Returns the row that comes when the mail is sent and its conversation closed; `None` where one stays, or goes back to the list's end.
    pub fn next_after_closing(&self) -> Option<&ConversationRow> {
        let answered = self.compose()?.conversation()?;
        let is_listed = self.list.current().is_some_and(|row| row.id == *answered);
        let goes_on = self.around.after_close == AfterClose::Next && is_listed;
        self.list.rows.get(self.list.cursor + 1).filter(|_| goes_on)
    }

    pub(super) fn accept_later(&mut self, at: Timestamp) -> Vec<Effect> {
        self.pop_layer();
        self.send(Some(Status::Waiting), Some(at))
    }

    fn send(&mut self, then: Option<Status>, at: Option<Timestamp>) -> Vec<Effect> {
        if self.is_queuing() || self.stopped() {
            return Vec::new();
        }
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        let Some(Looking { review, .. }) = &compose.review else { return Vec::new() };
        // The news stood on the screen: they don't stop the mail again.
        if review.as_of.is_some() {
            compose.draft.as_of.clone_from(&review.as_of);
            compose.draft.seen_op = review.seen_op;
        }
        compose.draft.then = then;
        compose.dirty = true;
        self.closing.ask(self.now);
        // An answer that was written already, such as to an invitation, had no first letter.
        let mut effects = self.take_by_reply();
        effects.extend(self.after_keeping(Next::Send { at }));
        effects
    }

    /// The mail stands in the outbox.
    pub(super) fn queued(&mut self, leaving: Leaving) -> Vec<Effect> {
        let answered = self.compose().and_then(|compose| compose.conversation().cloned());
        let closes = self.compose().is_some_and(|compose| compose.draft.then == Some(Status::Closed));
        self.sent_at = self.compose().map(|compose| (leaving.id, compose.body.offset()));
        self.drop_compose();
        let mut effects = self.give_back_open();
        self.tell_leaving(leaving);
        if let Some(id) = &answered {
            self.answered_in_queue(id);
        }
        let is_here = answered.is_some() && answered == self.current_id();
        self.list.mine |= is_here;
        if closes && is_here {
            effects.extend(self.go_on_from_here());
        }
        effects
    }

    fn tell_leaving(&mut self, leaving: Leaving) {
        let window = leaving.due.since(self.now);
        if window <= 0 {
            self.tell(Severity::Info, &say!("leaving-now", who = &leaving.to), "");
        } else if window > 3_600_000 {
            let (at, key) = (self.say(leaving.due), self.key_of(Action::Outbox));
            let words = say!("leaving-later", who = &leaving.to, at = at);
            let hint = match leaving.watched {
                true => say!("hint-lists-outbox", key = key),
                false => say!("hint-needs-postroom"),
            };
            return self.tell(Severity::Info, &words, &hint);
        }
        self.leaving = Some(leaving);
    }

    /// Takes the mail back that was just sent.
    pub(super) fn take_back(&mut self) -> Vec<Effect> {
        match self.leaving.take() {
            Some(leaving) => {
                let mut effects = self.begin_with(crate::app::Beginning::TakenBack(leaving.id));
                let answered: Vec<_> = leaving.conversation.into_iter().map(|id| (id, String::new())).collect();
                effects.extend(self.undone_in_queue(&answered));
                effects
            }
            None => Vec::new(),
        }
    }

    /// Looks what became of the mail that left, and what is new under a draft.
    pub(super) fn outgoing_changed(&mut self, change: &Change) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(leaving) = &self.leaving {
            let id = leaving.id;
            effects.push(self.ask(Purpose::Sent, Ask::Sent(id)));
        }
        let draft = self.compose().filter(|compose| compose.conversation().is_some() && touches(change, compose));
        if let Some((draft, looking)) = draft.map(|compose| (Box::new(compose.whole()), compose.review.is_some())) {
            let ask = if looking { Ask::Review(draft) } else { Ask::News(draft) };
            effects.push(self.ask(Purpose::News, ask));
        }
        effects.extend(self.refresh_outgoing());
        effects
    }

    /// Tells what became of the mail that left.
    pub(super) fn take_sent(&mut self, row: &crate::app::OutRow) {
        let done = match row.state {
            OutState::Held | OutState::Sending => false,
            OutState::Sent | OutState::Filed if row.refused => {
                let key = self.key_of(Action::Outbox);
                self.tell(Severity::Error, &say!("sent-but", why = &row.reason), &say!("hint-shows-mail", key = key));
                true
            }
            OutState::Sent | OutState::Filed => {
                self.tell(Severity::Info, &say!("sent-to", who = &row.to), "");
                true
            }
            // The shout about mails that want a person tells it.
            _ => true,
        };
        if done && self.leaving.as_ref().is_some_and(|leaving| leaving.id == row.id) {
            self.leaving = None;
        }
    }

    /// Shouts when there are more mails that want a person than before.
    pub(super) fn shout(&mut self, counts: &Counts) {
        if counts.bounced > self.counts.bounced {
            let words = say!("mails-came-back", count = counts.bounced);
            let key = self.key_of(Action::Search);
            self.tell(Severity::Error, &words, &say!("hint-bounced", key = key));
        }
        let failed = counts.failed;
        if failed > self.counts.failed {
            let hint = say!("hint-outbox", key = self.key_of(Action::Outbox));
            self.tell(Severity::Error, &say!("mails-not-sent", count = failed), &hint);
            self.last_until(Until::Outbox);
        } else if failed == 0 {
            self.release(Until::Outbox);
        }
    }
}

fn touches(change: &Change, compose: &crate::app::Compose) -> bool {
    match (change, compose.conversation()) {
        (Change::Conversations(ids), Some(id)) => ids.contains(id),
        (Change::Everything, _) => true,
        _ => false,
    }
}
