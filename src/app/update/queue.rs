//! Working off the queue: taking the longest waiting conversation that may be mine, giving it back, going on to the next.

use crate::app::conversation::Open;
use crate::app::queue::{Fate, InHand, Queue};
use crate::app::tickets::Purpose;
use crate::app::update::answers::about;
use crate::app::{App, Ask, Effect, Layer, Pane, Prompt, PromptKind, Severity, Until, words};
use crate::error::UserError;
use crate::keymap::Action;
use crate::model::ids::ConversationId;
use crate::model::phrase::Phrase;
use crate::model::queue::{Hand, QueueStand, Taken};
use crate::model::shown::Shown;
use crate::op::wish::Wish;
use crate::text;

/// Says what went back to the queue before what came of it.
fn after(returned: Option<String>, words: String) -> String {
    match returned {
        Some(first) => say!("queue-then", first = first, then = words),
        None => words,
    }
}

/// A lease that ends sooner than in so many milliseconds is lengthened by the next key.
const RENEW_BEFORE: i64 = 5 * 60_000;

impl App {
    /// Takes the next of the queue. What is in hand and was not dealt with is shown again instead: it is given back by a key of its own.
    pub(super) fn act_take_next(&mut self) -> Vec<Effect> {
        self.layers.retain(|layer| !matches!(layer, Layer::Page(_) | Layer::Out(_)));
        let hand = self.queue.as_ref().and_then(|queue| queue.hand.as_ref());
        let held = hand.filter(|hand| hand.is_held()).map(|hand| hand.row.id.clone());
        match held {
            Some(id) => {
                let words = about(self.named(id.clone()).name.as_deref(), say!("queue-in-hand"));
                let hint = say!("hint-queue-in-hand", close = self.key_of(Action::Close), back = self.give_back_key());
                self.tell_of(Severity::Info, &words, &hint, Some(id));
                self.open_hand()
            }
            None => self.take_next(),
        }
    }

    fn give_back_key(&self) -> String {
        self.key_of(Action::GiveBack)
    }

    /// Has the next conversation taken; the one in hand is left as it is.
    pub(super) fn take_next(&mut self) -> Vec<Effect> {
        let queue = self.queue.get_or_insert_default();
        if std::mem::replace(&mut queue.is_taking, true) {
            return Vec::new();
        }
        let passed = queue.passed.clone();
        // What is typed before the next one is there was meant for this one.
        self.closing.ask(self.now);
        vec![self.ask(Purpose::QueueNext, Ask::QueueNext(passed))]
    }

    pub(super) fn take_taken(&mut self, taken: Option<Taken>, stand: QueueStand) -> Vec<Effect> {
        let Some(queue) = &mut self.queue else {
            // The queue was left meanwhile.
            return taken.map_or_else(Vec::new, |taken| self.return_to_queue(taken.row.id));
        };
        queue.is_taking = false;
        let Some(taken) = taken else { return self.tell_queue_empty(stand) };
        queue.stand = stand;
        let (id, until) = (taken.row.id.clone(), taken.until);
        let name = format!("{} {}", taken.row.people, taken.row.short);
        let before = queue.take_in_hand(InHand::new(taken));
        let returned = queue.returned.take();
        if let Some(before) = before {
            self.let_go_of_dealt(&before.row.id);
        }
        let until = words::clock(until, &self.around.zone);
        let words = after(returned, about(Some(&name), say!("queue-taken", until = until)));
        self.tell_of(Severity::Info, &words, &say!("hint-queue-taken", back = self.give_back_key()), Some(id));
        if self.layers.is_empty() {
            return self.open_hand();
        }
        self.closing.stay();
        Vec::new()
    }

    /// Nothing could be taken, as the store says why.
    pub(super) fn not_taken(&mut self, error: &UserError) {
        self.closing.stay();
        self.fail(error);
        if let Some(queue) = &mut self.queue {
            queue.is_taking = false;
            if queue.hand.is_none() {
                self.queue = None;
            }
        }
    }

    /// Shows what is in hand.
    fn open_hand(&mut self) -> Vec<Effect> {
        let hand = self.queue.as_ref().and_then(|queue| queue.hand.as_ref());
        let Some(id) = hand.map(|hand| hand.row.id.clone()) else { return Vec::new() };
        let is_open = self.open.as_ref().is_some_and(|open| open.id == id);
        if is_open && self.focus == Pane::Conversation {
            self.closing.stay();
            return Vec::new();
        }
        let mut effects = if self.is_reading() { self.leave_conversation() } else { Vec::new() };
        self.closing.close(self.now);
        self.focus = Pane::Conversation;
        if !is_open {
            self.open = Some(Open::new(id));
            effects.extend(self.load_open());
        }
        effects.extend(self.look());
        effects
    }

    /// Tells that nothing can be taken, what waits longest all the same, and how to go on. A queue that never began is over.
    fn tell_queue_empty(&mut self, stand: QueueStand) -> Vec<Effect> {
        self.closing.stay();
        let Some(queue) = &mut self.queue else { return Vec::new() };
        let passed = std::mem::take(&mut queue.passed).len();
        let began = queue.hand.is_some();
        let returned = queue.returned.take();
        let words = match &stand.longest {
            _ if passed > 0 => say!("queue-passed-left", count = passed),
            None => say!("queue-empty"),
            Some(longest) => {
                let (row, who) = &**longest;
                let since = row.waiting_since.map(|since| self.now.since(since)).unwrap_or_default();
                let name = format!("{} {}", row.people, row.short);
                say!("queue-empty-longest", name = name, span = words::span(since), who = text::render(who))
            }
        };
        let on = stand.longest.as_ref().filter(|_| passed == 0).map(|longest| longest.0.id.clone());
        queue.stand = stand;
        if !began && passed == 0 {
            self.queue = None;
        }
        let (take, back) = (self.key_of(Action::TakeNext), self.key_of(Action::Back));
        let hint = match &self.queue {
            None => say!("hint-queue-never-began", search = self.key_of(Action::Search), take = take),
            Some(_) => say!("hint-queue-empty", take = take, back = back),
        };
        self.tell_of(Severity::Info, &after(returned, words), &hint, on);
        Vec::new()
    }

    /// Asks why what is in hand is given back; without a word it is passed over.
    pub(super) fn act_give_back(&mut self) -> Vec<Effect> {
        let hand = self.queue.as_ref().and_then(|queue| queue.hand.as_ref()).map(|hand| hand.row.id.clone());
        self.push(Layer::Prompt(Prompt { hand, ..Prompt::new(PromptKind::GiveBack, "") }))
    }

    /// Gives back what is in hand, with the reason as a note, and takes the next.
    pub(super) fn accept_give_back(&mut self, reason: &str) -> Result<Vec<Effect>, Phrase> {
        let asked = match self.layers.last() {
            Some(Layer::Prompt(prompt)) => prompt.hand.clone(),
            _ => None,
        };
        let queue = self.queue.as_ref();
        let hand = queue.and_then(|queue| queue.hand.as_ref().filter(|_| !queue.is_taking)).map(|hand| &hand.row.id);
        if asked.is_none() || hand != asked.as_ref() {
            return Err(phrase!("other-in-hand"));
        }
        let reason = reason.trim();
        let note = match reason {
            "" => None,
            reason => Some(self.wish_of(Action::Note, &[reason]).map_err(|problem| problem.what())?),
        };
        self.pop_layer();
        let Some(queue) = &mut self.queue else { return Ok(Vec::new()) };
        let Some(hand) = queue.hand.take() else { return Ok(Vec::new()) };
        let id = hand.row.id.clone();
        queue.passed.push(id.clone());
        let mut effects = match hand.fate {
            Fate::Held => self.return_to_queue(id),
            _ => {
                let words = about(self.named(id.clone()).name.as_deref(), say!("queue-not-given-back"));
                self.tell_of(Severity::Info, &words, "", Some(id));
                Vec::new()
            }
        };
        effects.extend(note.map(|note| self.wish_for(note, Shown::from(&hand.row))));
        effects.extend(self.take_next());
        Ok(effects)
    }

    fn return_to_queue(&mut self, id: ConversationId) -> Vec<Effect> {
        let named = self.named(id.clone());
        vec![self.ask(Purpose::QueueGiveBack(named), Ask::QueueGiveBack(id))]
    }

    /// Tells of what went back, or that it was dealt with.
    pub(super) fn take_given_back(&mut self, on: super::super::tickets::Named, is_given: bool) -> Vec<Effect> {
        let what = if is_given { say!("queue-given-back") } else { say!("queue-not-given-back") };
        let words = about(on.name.as_deref(), what);
        // Where the queue is over, that was said already.
        let Some(queue) = self.queue.as_mut().filter(|_| !self.quitting) else { return Vec::new() };
        if queue.is_taking {
            queue.returned = Some(words.clone());
        }
        let hand = queue.hand.as_ref().map(|hand| hand.row.id.clone());
        if hand.is_none_or(|hand| !self.add_to_last(&hand, &words)) {
            self.tell_of(Severity::Info, &words, "", Some(on.id));
        }
        Vec::new()
    }

    /// Looks whether what was undone brings back something that was taken from the queue.
    pub(super) fn undone_in_queue(&mut self, about: &[(ConversationId, String)]) -> Vec<Effect> {
        let Some(queue) = &self.queue else { return Vec::new() };
        let known = || queue.hand.iter().chain(queue.earlier.iter().rev()).map(|one| &one.row.id);
        let Some(id) = known().find(|known| about.iter().any(|(id, _)| id == *known)).cloned() else {
            return Vec::new();
        };
        let passed = queue.passed.clone();
        // What is typed before it is there again was meant for what is open now.
        self.closing.ask(self.now);
        vec![self.ask(Purpose::QueueAgain(id.clone()), Ask::QueueStand { hand: Some(id), passed })]
    }

    /// Takes what is mine again in hand again. What was taken since goes back: nobody works on two at once.
    pub(super) fn take_again(&mut self, id: &ConversationId, stand: QueueStand) -> Vec<Effect> {
        let Some(queue) = self.queue.as_mut().filter(|queue| !queue.is_taking) else { return Vec::new() };
        let earlier = queue.earlier.iter().find(|one| one.row.id == *id).cloned();
        let (Some(Hand::Held(until)), Some(mut again)) = (stand.hand.clone(), queue.hand_of(id).cloned().or(earlier))
        else {
            self.closing.stay();
            return Vec::new();
        };
        (again.until, again.fate, again.is_given, again.is_renewing) = (until, Fate::Held, false, false);
        queue.stand = stand;
        let before = queue.take_in_hand(again).filter(|before| before.row.id != *id);
        self.let_go_of_dealt(id);
        let Some(before) = before else {
            self.closing.stay();
            return Vec::new();
        };
        let is_before = |open: &Open| open.id == before.row.id;
        let follows = self.open.as_ref().is_some_and(is_before) && self.is_reading() && self.layers.is_empty();
        if let Some(Some(aside)) = self.set_aside.as_mut().filter(|aside| aside.as_deref().is_some_and(is_before)) {
            **aside = Open::new(id.clone());
        }
        let mut effects = if before.is_held() { self.return_to_queue(before.row.id.clone()) } else { Vec::new() };
        if follows {
            effects.extend(self.open_hand());
        } else {
            self.closing.stay();
        }
        effects
    }

    /// Ends working off the queue: what was not dealt with goes back, and that is said.
    pub(super) fn end_queue(&mut self) -> Vec<Effect> {
        let Some(Queue { hand, stand, .. }) = self.queue.take() else { return Vec::new() };
        let hand = hand.filter(InHand::is_held).map(|hand| hand.row);
        let done = stand.done;
        match &hand {
            Some(row) => {
                let name = format!("{} {}", row.people, row.short);
                let words = about(Some(&name), say!("queue-over-given-back", count = done));
                self.tell_of(Severity::Info, &words, "", Some(row.id.clone()));
            }
            None => self.tell(Severity::Info, &say!("queue-over", count = done), ""),
        }
        self.closing.stay();
        hand.map_or_else(Vec::new, |row| self.return_to_queue(row.id))
    }

    /// Tells whether a conversation is the one in hand.
    pub fn is_in_hand(&self, id: &ConversationId) -> bool {
        let hand = self.queue.as_ref().and_then(|queue| queue.hand.as_ref());
        hand.is_some_and(|hand| hand.row.id == *id)
    }

    /// Has the lease lengthened while somebody works: a key was pressed, and is still to act.
    pub(super) fn renew_hand(&mut self) -> Vec<Effect> {
        let now = self.now;
        let queue = self.queue.as_mut().filter(|queue| !queue.is_taking);
        let Some(hand) = queue.and_then(|queue| queue.hand.as_mut()) else { return Vec::new() };
        if !hand.is_held() || hand.is_given || hand.is_renewing || hand.until.since(now) >= RENEW_BEFORE {
            return Vec::new();
        }
        hand.is_renewing = true;
        let id = hand.row.id.clone();
        vec![self.ask(Purpose::QueueRenew(id.clone()), Ask::QueueRenew(id))]
    }

    pub(super) fn take_renewed(&mut self, id: &ConversationId, until: crate::model::clock::Timestamp) {
        if let Some(hand) = self.queue.as_mut().and_then(|queue| queue.hand_of(id)) {
            (hand.until, hand.is_renewing) = (until, false);
        }
    }

    /// The lease could not be lengthened: the next look says what became of it, unless the store itself can't be written.
    pub(super) fn not_renewed(&mut self, id: &ConversationId, error: &UserError) -> Vec<Effect> {
        if let Some(hand) = self.queue.as_mut().and_then(|queue| queue.hand_of(id)) {
            hand.is_renewing = false;
        }
        if error.kind != crate::error::ErrorKind::Precondition && error.kind != crate::error::ErrorKind::Nothing {
            self.fail(error);
        }
        self.look_at_queue()
    }

    /// Asks how the queue stands, and what became of what is in hand.
    pub(super) fn look_at_queue(&mut self) -> Vec<Effect> {
        let Some(queue) = &self.queue else { return Vec::new() };
        let hand = queue.hand.as_ref().map(|hand| hand.row.id.clone());
        let passed = queue.passed.clone();
        vec![self.ask(Purpose::QueueStand(hand.clone()), Ask::QueueStand { hand, passed })]
    }

    pub(super) fn take_stand(&mut self, asked: Option<&ConversationId>, stand: QueueStand) {
        let now = self.now;
        let Some(queue) = &mut self.queue else { return };
        let fate = stand.hand.clone();
        queue.stand = stand;
        let Some(hand) = asked.and_then(|id| queue.hand_of(id)) else { return };
        match fate {
            Some(Hand::Held(until)) if hand.fate != Fate::DealtWith => (hand.until, hand.fate) = (until, Fate::Held),
            // A lease that ended by itself is taken up again by the next key.
            Some(Hand::Kept) if hand.until > now => hand.fate = Fate::DealtWith,
            Some(Hand::Lost(_)) if hand.is_given => hand.fate = Fate::DealtWith,
            Some(Hand::Lost(why)) if hand.is_held() => {
                hand.fate = Fate::Lost(why.clone());
                let id = hand.row.id.clone();
                let name = format!("{} {}", hand.row.people, hand.row.short);
                let words = about(Some(&name), say!("queue-lost", why = text::render(&why)));
                let hint = say!("hint-queue-lost", take = self.key_of(Action::TakeNext));
                self.tell_of(Severity::Warning, &words, &hint, Some(id));
                self.last_until(Until::Dealt);
            }
            _ => {}
        }
    }

    /// Notes what a wish does to what is in hand.
    pub(super) fn note_in_queue(&mut self, wish: &Wish, shown: &[Shown]) {
        let me = &self.around.me;
        let gives = match wish {
            Wish::Assign { to } => to.as_ref() != Some(me),
            Wish::Merge { .. } => true,
            _ => false,
        };
        let Some(queue) = self.queue.as_mut().filter(|_| gives) else { return };
        for one in shown {
            if let Some(hand) = queue.hand_of(&one.id) {
                hand.is_given = true;
            }
        }
    }

    /// Notes that an answer to what is in hand is on its way.
    pub(super) fn answered_in_queue(&mut self, id: &ConversationId) {
        if let Some(hand) = self.queue.as_mut().and_then(|queue| queue.hand_of(id)) {
            hand.fate = Fate::DealtWith;
        }
    }
}
