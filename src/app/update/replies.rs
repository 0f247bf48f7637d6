//! Saved replies that the team shares: where one comes from, and what became of it since it was last used.

use crate::app::compose::SavedText;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer, Page, words};
use crate::model::shared_reply::{DiffLine, SharedReply};
use crate::model::text::{SafeText, columns};

/// What a line of the page is that shows what became of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Words of ours.
    Said,
    /// What is to be looked at twice.
    Warned,
    /// A line that stands in both texts.
    Same,
    /// A line of the old text.
    Old,
    /// A line of the new text.
    New,
}

impl Mark {
    /// Returns what stands in front of the line.
    pub fn sign(self) -> &'static str {
        match self {
            Mark::Said | Mark::Same => "   ",
            Mark::Warned => " ! ",
            Mark::Old => " - ",
            Mark::New => " + ",
        }
    }
}

impl App {
    /// Says who shared a reply and how long ago.
    pub(super) fn shared_by(&self, reply: &SharedReply) -> String {
        let who = SafeText::line(reply.by.who.as_str());
        say!("reply-shared-by", who = who.as_str(), ago = words::age(reply.by.at, self.now))
    }

    /// Puts a saved reply in, or first shows what became of it since it was last used; the list stays below, to go back to.
    pub(super) fn choose_saved(&mut self, saved: Box<SavedText>) -> Vec<Effect> {
        if saved.change.is_some() {
            return self.push(Layer::Page(Page::Changed { saved, scroll: 0 }));
        }
        self.pop_layer();
        self.use_saved(&saved)
    }

    /// Puts in the reply whose change is shown, and leaves the page and the list.
    pub(super) fn accept_change(&mut self) -> Vec<Effect> {
        let Some(Layer::Page(Page::Changed { saved, .. })) = self.layers.last() else { return Vec::new() };
        let saved = saved.clone();
        self.pop_layer();
        if matches!(self.layers.last(), Some(Layer::Picker(_))) {
            self.pop_layer();
        }
        self.use_saved(&saved)
    }

    /// Puts a saved reply in, and has remembered which text of it was seen here.
    fn use_saved(&mut self, saved: &SavedText) -> Vec<Effect> {
        let mut effects = self.put_saved(saved);
        if let Some(reply) = &saved.team {
            effects.push(self.ask(Purpose::ReplyUsed, Ask::ReplyUsed(Box::new(reply.clone()))));
        }
        effects
    }

    /// Returns the lines that show what became of a reply: who changed it and when, the web addresses that are new in it, the texts.
    pub fn changed_lines(&self, saved: &SavedText) -> Vec<(Mark, SafeText)> {
        let mut lines = Vec::new();
        if let Some(reply) = &saved.team {
            let at = self.say(reply.by.at);
            let who = SafeText::line(reply.by.who.as_str());
            lines.push((Mark::Said, SafeText::line(&say!("reply-changed-by", who = who.as_str(), at = at))));
        }
        let Some(change) = &saved.change else { return lines };
        for link in &change.links {
            lines.push((Mark::Warned, SafeText::line(&say!("reply-new-link", target = link.target.as_str()))));
            lines.extend(link.warning.iter().map(|warning| (Mark::Warned, warning.clone())));
        }
        lines.push((Mark::Said, SafeText::default()));
        lines.extend(change.lines.iter().map(|line| match line {
            DiffLine::Same(text) => (Mark::Same, text.clone()),
            DiffLine::Old(text) => (Mark::Old, text.clone()),
            DiffLine::New(text) => (Mark::New, text.clone()),
            DiffLine::Skipped(count) => (Mark::Said, SafeText::line(&say!("reply-lines-same", count = *count))),
        }));
        lines
    }

    /// Returns a bound of the rows that these lines take on the screen. Two rows of a wrapped line hold more together than one has room
    /// for, so there are never more than this, and the last is always reached.
    pub(super) fn changed_rows(&self, saved: &SavedText) -> usize {
        let room = usize::from(self.size.0).saturating_sub(5).max(8);
        let rows = |text: &SafeText| match columns(text.as_str()) {
            fits if fits <= room => 1,
            long => (2 * long / room).saturating_add(1),
        };
        self.changed_lines(saved).iter().map(|(_, text)| rows(text)).sum()
    }
}
