//! What was told. A list, not a slot. What stands goes with its cause; what happened goes when it was there to be read; no key has to
//! acknowledge anything.

use crate::app::{App, Layer, Page};
use crate::error::{ErrorKind, UserError};
use crate::keymap::{Action, Context};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, OpId};
use crate::model::refusal::{Refusal, Refusals};
use crate::model::text::SafeText;
use crate::text;

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something happened.
    Info,
    /// Something went otherwise than wished.
    Warning,
    /// Something failed.
    Error,
}

/// A conversation that a notice lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub conversation: ConversationId,
    /// What became of it.
    pub text: SafeText,
}

/// One thing that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// What happened, to what.
    pub text: SafeText,
    /// What to do now; empty where there is nothing.
    pub hint: SafeText,
    /// The conversation that it is about; `None` where it is about none, or several.
    pub on: Option<ConversationId>,
    /// The conversations that it is about, where it lists them.
    pub parts: Vec<Part>,
    /// How many more it is about than are listed.
    pub more: usize,
    /// What lets it go.
    pub until: Until,
    /// The command that it tells of, and what takes that back: with that taken back it is over.
    pub command: Option<OpId>,
    /// When.
    pub at: Timestamp,
    /// The account that it is about, while its cause lasts; `None` where it is over, or tells of something that happened.
    pub stands: Option<String>,
    /// Whether it is over: its cause is gone, or it has been shown for long enough.
    pub seen: bool,
}

/// What lets a notice go that does not stand for an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Until {
    /// It was there to be read: a key is pressed when it has been shown for long enough.
    #[default]
    Read,
    /// The outbox was opened, or no mail there wants a person any more.
    Outbox,
    /// The look before sending was left.
    Review,
    /// As [`Until::Read`], or the same conversation was dealt with: it tells that something was not done to it, or is not one's own.
    Dealt,
}

/// For how many milliseconds is shown what happened.
const SHOWN_FOR: i64 = 8_000;
const KEPT: usize = 200;

impl App {
    /// Tells something.
    pub fn tell(&mut self, severity: Severity, text: &str, hint: &str) {
        self.tell_of(severity, text, hint, None);
    }

    /// Tells something of a conversation, which the list of notices opens.
    pub fn tell_of(&mut self, severity: Severity, text: &str, hint: &str, on: Option<ConversationId>) {
        let (text, hint) = (SafeText::line_max(text, 500), SafeText::line_max(hint, 500));
        let under_cursor = self.under_cursor();
        // The same trouble again only counts anew; it doesn't fill the list.
        self.notices.retain(|old| old.text != text || old.hint != hint || old.on != on || old.seen);
        // What was only said gives way to what is said now.
        self.notices.iter_mut().filter(|old| old.severity == Severity::Info).for_each(|old| old.seen = true);
        let at = self.now;
        self.notices.push(Notice {
            severity,
            text,
            hint,
            on,
            parts: Vec::new(),
            more: 0,
            until: Until::Read,
            command: None,
            at,
            stands: None,
            seen: false,
        });
        // The oldest go, but for what lasts.
        let mut over = self.notices.len().saturating_sub(KEPT);
        self.notices.retain(|old| {
            let goes = over > 0 && old.stands.is_none();
            over -= usize::from(goes);
            !goes
        });
        self.keep_cursor(under_cursor);
    }

    /// Says which command the last notice tells of. What it says of the key that takes it back holds for no earlier one any more.
    pub(crate) fn last_command(&mut self, command: Option<OpId>) {
        if command.is_none() {
            return;
        }
        for notice in self.notices.iter_mut().filter(|notice| notice.command.is_some()) {
            if notice.severity == Severity::Info && notice.command != command {
                notice.hint = SafeText::default();
            }
        }
        if let Some(notice) = self.notices.last_mut() {
            notice.command = command;
        }
    }

    /// Says more behind what was told last, where that is of a command on this conversation. Tells whether it is.
    pub(crate) fn add_to_last(&mut self, id: &ConversationId, words: &str) -> bool {
        let is_shown =
            |notice: &&mut Notice| notice.command.is_some() && notice.on.as_ref() == Some(id) && !notice.seen;
        let Some(notice) = self.notices.last_mut().filter(is_shown) else { return false };
        notice.text = SafeText::line_max(&say!("queue-then", first = &notice.text, then = words), 500);
        true
    }

    /// Lets go of what was told of commands that are taken back.
    pub(crate) fn let_go_of_commands(&mut self, commands: &[OpId]) {
        let of_them = |notice: &&mut Notice| notice.command.is_some_and(|command| commands.contains(&command));
        for notice in self.notices.iter_mut().filter(of_them) {
            (notice.seen, notice.hint) = (true, SafeText::default());
        }
    }

    /// Lets go of what was told of something that was not done to a conversation, which is dealt with now.
    pub(crate) fn let_go_of_dealt(&mut self, id: &ConversationId) {
        let of_it = |notice: &&mut Notice| notice.until == Until::Dealt && notice.on.as_ref() == Some(id);
        self.notices.iter_mut().filter(of_it).for_each(|notice| notice.seen = true);
    }

    /// Lets go of what was told in these words: it holds no longer.
    pub(crate) fn let_go_of(&mut self, told: &[SafeText]) {
        if told.is_empty() {
            return;
        }
        let under_cursor = self.under_cursor();
        self.notices.iter_mut().filter(|notice| told.contains(&notice.text)).for_each(|notice| notice.seen = true);
        self.keep_cursor(under_cursor);
    }

    /// Tells what does not work of an account; it stands until [`App::settle_standing`] says that it is over. What stands already is not
    /// told again.
    pub(crate) fn tell_standing(&mut self, account: &str, severity: Severity, text: &str, hint: &str) {
        let safe = SafeText::line_max(text, 500);
        if self.notices.iter().any(|old| old.stands.as_deref() == Some(account) && old.text == safe) {
            return;
        }
        self.tell(severity, text, hint);
        let under_cursor = self.under_cursor();
        if let Some(notice) = self.notices.last_mut() {
            notice.stands = Some(account.to_owned());
        }
        self.keep_cursor(under_cursor);
    }

    /// Lets go of what stood of an account and is over: all but the texts that still hold.
    pub(crate) fn settle_standing(&mut self, account: &str, still: impl Fn(&str) -> bool) {
        let under_cursor = self.under_cursor();
        let of_it = self.notices.iter_mut().filter(|notice| notice.stands.as_deref() == Some(account));
        for notice in of_it.filter(|notice| !still(notice.text.as_str())) {
            (notice.stands, notice.seen) = (None, true);
        }
        self.keep_cursor(under_cursor);
    }

    /// Returns what was told as the list of notices shows it: what stands first, then the newest.
    fn in_order(&self) -> impl Iterator<Item = &Notice> {
        let stands = |notice: &&Notice| notice.stands.is_some();
        let over = self.notices.iter().rev().filter(move |notice| !stands(notice));
        self.notices.iter().rev().filter(stands).chain(over)
    }

    /// Returns how many notices stand until their cause is gone.
    pub fn standing(&self) -> usize {
        self.notices.iter().filter(|notice| notice.stands.is_some()).count()
    }

    /// Tells an error.
    pub fn fail(&mut self, error: &UserError) {
        // What somebody else was faster with is no failure; it stays until read all the same.
        let severity = if error.kind == ErrorKind::Precondition { Severity::Warning } else { Severity::Error };
        self.tell(severity, &error.message(), &error.advice());
    }

    /// Tells what I did and what does not stand: one notice, however many there are, that lists them.
    pub(crate) fn tell_refused(&mut self, refused: &Refusals) {
        let key = self.around.keymap.label(Context::List, Action::Messages);
        match refused.listed.as_slice() {
            [] => {}
            [one] if refused.more == 0 => {
                let hint = say!("hint-opens-it", key = key);
                self.tell_of(Severity::Warning, text::refusal(one).as_str(), &hint, Some(one.conversation.clone()));
            }
            many => {
                let under_cursor = self.under_cursor();
                let text = say!("changes-do-not-stand", count = refused.len());
                self.tell(Severity::Warning, &text, &say!("hint-lists-them", key = key));
                let part = |one: &Refusal| Part { conversation: one.conversation.clone(), text: text::refusal(one) };
                self.last_parts(many.iter().map(part).collect(), refused.more);
                self.keep_cursor(under_cursor);
            }
        }
    }

    /// Returns the notice that the cursor of their list is on, with the place within it; `None` where the list is not open.
    fn under_cursor(&self) -> Option<(Notice, usize)> {
        let Some(Layer::Page(Page::Messages { at })) = self.layers.last() else { return None };
        let mut left = *at;
        for notice in self.in_order() {
            if left <= notice.parts.len() {
                return Some((notice.clone(), left));
            }
            left -= notice.parts.len() + 1;
        }
        None
    }

    /// Leaves the cursor on its notice when others come in above it.
    fn keep_cursor(&mut self, was: Option<(Notice, usize)>) {
        let Some((was, within)) = was else { return };
        let behind = self.in_order().take_while(|n| (&n.text, n.at) != (&was.text, was.at));
        let above: usize = behind.map(|notice| notice.parts.len() + 1).sum();
        if let Some(Layer::Page(Page::Messages { at })) = self.layers.last_mut() {
            *at = above + within;
        }
    }

    /// Returns what the list of notices shows, newest first: each notice, and behind it what it lists.
    pub fn told_lines(&self) -> Vec<(&Notice, Option<&Part>)> {
        let with_parts = |notice| std::iter::once((notice, None)).chain(parts_of(notice));
        self.in_order().flat_map(with_parts).collect()
    }

    /// Returns what the row of notices shows. What just came in goes before what has stood for a while, so that what a key did is always
    /// seen; of several of one moment the heaviest stands there.
    pub fn notice(&self) -> Option<&Notice> {
        let shown = || self.notices.iter().filter(|notice| !notice.seen);
        let is_new = |notice: &&Notice| self.now.since(notice.at) < SHOWN_FOR;
        let newest = shown().filter(is_new).max_by_key(|notice| (notice.at, notice.severity));
        newest.or_else(|| shown().max_by_key(|notice| notice.severity))
    }

    /// Notes since when the row of notices shows what it shows.
    pub(crate) fn note_shown(&mut self) {
        let shown = self.notice().map(|notice| (notice.at, notice.text.clone()));
        if self.shown.as_ref().map(|(what, _)| what) != shown.as_ref() {
            self.shown = shown.map(|what| (what, self.now));
        }
    }

    /// Lets go of what waited for something of its own that has happened.
    pub(crate) fn release(&mut self, until: Until) {
        self.notices.iter_mut().filter(|notice| notice.until == until).for_each(|notice| notice.seen = true);
    }

    /// Says what lets the last notice go.
    pub(crate) fn last_until(&mut self, until: Until) {
        if let Some(notice) = self.notices.last_mut() {
            notice.until = until;
        }
    }

    /// Says what the last notice lists, and how many more it is about.
    pub(crate) fn last_parts(&mut self, parts: Vec<Part>, more: usize) {
        if let Some(notice) = self.notices.last_mut() {
            (notice.parts, notice.more) = (parts, more);
        }
    }

    /// Returns how many errors and warnings are not over.
    pub fn unread(&self) -> usize {
        self.notices.iter().filter(|notice| !notice.seen && notice.severity > Severity::Info).count()
    }

    /// Tells whether something is to be told that a low screen lends a row to.
    pub(crate) fn has_something_to_tell(&self) -> bool {
        self.notice().is_some() || self.asks() || self.leaving.as_ref().is_some_and(|mail| mail.due > self.now)
    }

    /// Tells whether a question stands on the row of notices.
    fn asks(&self) -> bool {
        let in_list = matches!(self.layers.last(), Some(Layer::Out(list)) if list.asking.is_some());
        in_list || self.compose().is_some_and(|compose| compose.asking)
    }

    /// Lets go of what was only said.
    pub(crate) fn pass_by(&mut self) {
        self.notices
            .iter_mut()
            .filter(|notice| notice.severity == Severity::Info)
            .for_each(|notice| notice.seen = true);
    }

    /// Lets go of what was only said and has been shown for long enough.
    pub(crate) fn expire_notices(&mut self) {
        let now = self.now;
        self.notices
            .iter_mut()
            .filter(|notice| notice.severity == Severity::Info && now.since(notice.at) >= SHOWN_FOR)
            .for_each(|notice| notice.seen = true);
    }

    /// Lets go of what is shown, where it happened, was there for long enough and somebody is here to have read it.
    pub(crate) fn expire_read(&mut self) {
        let is_read = self.shown.as_ref().is_some_and(|(_, since)| self.now.since(*since) >= SHOWN_FOR);
        let goes = |notice: &&Notice| matches!(notice.until, Until::Read | Until::Dealt) && notice.stands.is_none();
        let shown = self.notice().filter(goes).cloned();
        if let Some(shown) = shown.filter(|_| is_read) {
            self.notices.iter_mut().filter(|notice| **notice == shown).for_each(|notice| notice.seen = true);
        }
    }
}

fn parts_of(notice: &Notice) -> impl Iterator<Item = (&Notice, Option<&Part>)> {
    notice.parts.iter().map(move |part| (notice, Some(part)))
}
