//! Leaving the program, with mail on its way too; and what was left by whoever went before.

use crate::app::compose::{Answered, OnTheWay, Quitting};
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Deed, Effect, Layer, Severity};
use crate::error::UserError;
use crate::keymap::{Action, Code, Key};
use crate::model::change::Connectivity;
use crate::model::reply::OutState;
use crate::model::view::Counts;

/// As what mail that was left stands among the notices; no account can be called so.
const LEFT: &str = "(outbox)";
/// So often is looked at what is on its way while the question stands, in milliseconds.
const LOOK: i64 = 900;
/// So long is waited at most until the others were told that an answer waits, in milliseconds.
const TELLING: i64 = 3_000;

impl App {
    /// Leaves, once it is known what is on its way.
    pub(super) fn ask_to_quit(&mut self) -> Vec<Effect> {
        vec![self.ask(Purpose::Leaving, Ask::OnTheWay)]
    }

    /// Takes what is on its way: leaves where that is nothing, else asks.
    pub(super) fn take_on_the_way(&mut self, mail: OnTheWay) -> Vec<Effect> {
        let now = self.now;
        if let Some(Layer::Quit(quitting)) = self.layers.last_mut() {
            quitting.mail = mail;
            return self.go_on_quitting();
        }
        // Whoever went on meanwhile does not want to leave any more.
        if !self.layers.is_empty() {
            return Vec::new();
        }
        if mail.soon.is_empty() {
            return self.quit();
        }
        let failed = mail.failed;
        self.push(Layer::Quit(Quitting { mail, answered: Answered::Not, failed, looked: now }))
    }

    /// Leaves where what was answered has come about. The question goes where there is none any more, and where a mail does not go out.
    fn go_on_quitting(&mut self) -> Vec<Effect> {
        let Some(Layer::Quit(Quitting { mail, answered, failed, .. })) = self.layers.last() else { return Vec::new() };
        let (answered, has_failed) = (*answered, mail.failed > *failed);
        let (is_out, is_told) = (mail.soon.is_empty(), mail.untold == 0);
        match answered {
            Answered::Leaves(since) if is_told || self.now.since(since) >= TELLING || !self.can_tell() => self.quit(),
            Answered::Leaves(_) => Vec::new(),
            // What is said of it then is to be read.
            _ if has_failed => self.drop_question(),
            Answered::Waits if is_out => self.quit(),
            Answered::Not if is_out => self.drop_question(),
            _ => Vec::new(),
        }
    }

    /// The question goes by itself: whoever is about to answer it means no command.
    fn drop_question(&mut self) -> Vec<Effect> {
        self.closing.close(self.now);
        self.pop_layer();
        Vec::new()
    }

    /// Tells whether there is a connection by which colleagues can be told.
    fn can_tell(&self) -> bool {
        self.sync.values().any(|status| status.state < Connectivity::Connecting)
    }

    /// What is on its way could not be looked at: that keeps nobody here who was not asked yet.
    pub(super) fn cannot_look(&mut self, error: &UserError) -> Vec<Effect> {
        match self.layers.last() {
            Some(Layer::Quit(Quitting { answered: Answered::Not | Answered::Waits, .. })) => {
                self.fail(error);
                Vec::new()
            }
            _ => self.quit(),
        }
    }

    /// Looks again at what is on its way when time has gone on.
    pub(super) fn tick_quitting(&mut self) -> Vec<Effect> {
        match self.layers.last_mut() {
            Some(Layer::Quit(quitting)) if self.now.since(quitting.looked) >= LOOK => {
                quitting.looked = self.now;
                self.ask_to_quit()
            }
            _ => Vec::new(),
        }
    }

    /// Looks again at what is on its way while the question stands.
    pub(super) fn refresh_quitting(&mut self) -> Vec<Effect> {
        match self.layers.last() {
            Some(Layer::Quit(_)) => self.ask_to_quit(),
            _ => Vec::new(),
        }
    }

    /// Takes the answer: wait and leave, send at once and leave, leave it to the next postroom, or stay.
    pub(super) fn answer_quit(&mut self, key: Key) -> Vec<Effect> {
        let Some(Layer::Quit(quitting)) = self.layers.last_mut() else { return Vec::new() };
        if key == Key::plain(Code::Esc) {
            self.pop_layer();
        } else if key == Key::char('l') {
            return self.leave_mail();
        } else if !self.around.sends || matches!(quitting.answered, Answered::Leaves(_)) {
            // Nothing goes out while this screen runs, or somebody is leaving: both can stay, or go.
        } else if key == Key::char('w') {
            quitting.answered = Answered::Waits;
        } else if key == Key::char('s') {
            quitting.answered = Answered::Waits;
            // Others who use this store may still take theirs back.
            let held = quitting.mail.soon.iter().filter(|mail| mail.state == OutState::Held && mail.mine);
            let ids: Vec<i64> = held.map(|mail| mail.id).collect();
            return ids.into_iter().map(|id| self.ask(Purpose::Deed, Ask::Deed(id, Deed::Retry))).collect();
        }
        Vec::new()
    }

    /// Leaves the mail here, as soon as the others were told that an answer waits; asked for again, at once.
    fn leave_mail(&mut self) -> Vec<Effect> {
        let now = self.now;
        let Some(Layer::Quit(quitting)) = self.layers.last_mut() else { return Vec::new() };
        if matches!(quitting.answered, Answered::Leaves(_)) {
            return self.quit();
        }
        quitting.answered = Answered::Leaves(now);
        let mut effects = vec![self.ask(Purpose::Handed, Ask::LeaveMail)];
        // It is answered behind the other.
        effects.extend(self.ask_to_quit());
        effects
    }

    /// Tells at the start of mail that was left here by whoever went before, until it is out.
    pub(super) fn tell_left(&mut self, counts: &Counts) {
        let (count, since) = counts.overdue.unwrap_or_default();
        let left = self.told_left.map_or(count, |told| told.min(count));
        if self.told_left.replace(left) == Some(left) {
            return;
        }
        self.settle_standing(LEFT, |_| false);
        if left > 0 {
            let words = say!("mail-was-left", count = left, since = self.say(since));
            let key = self.key_of(Action::Outbox);
            let hint = match self.around.sends {
                true => say!("hint-mail-was-left", key = key),
                false => say!("hint-nothing-is-sent", key = key),
            };
            self.tell_standing(LEFT, Severity::Warning, &words, &hint);
        }
    }
}
