//! Pages that are only read: help, notices, the audit trail.

use crate::app::conversation::Open;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer, Page, Pane, Severity};
use crate::keymap::Action;
use crate::model::ids::ConversationId;

impl App {
    pub(super) fn act_page(&mut self, action: Action) -> Vec<Effect> {
        let half = usize::from(self.size.1 / 2).max(1);
        let (longest, end) = (self.page_lines(), self.page_end());
        if let Some(Layer::Page(page)) = self.layers.last_mut() {
            let cursor = !matches!(
                page,
                Page::Changed { .. } | Page::Source { .. } | Page::Piped { .. } | Page::Compared { .. }
            );
            let scroll = page.scroll_mut();
            *scroll = match action {
                Action::Down => scroll.saturating_add(1),
                Action::Up => scroll.saturating_sub(1),
                Action::PageDown => scroll.saturating_add(half),
                Action::PageUp => scroll.saturating_sub(half),
                Action::Top => 0,
                Action::Bottom => usize::MAX,
                _ => *scroll,
            };
            // Where there is a cursor it goes down to the last entry itself.
            let last = if cursor { longest.saturating_sub(1) } else { end };
            *scroll = (*scroll).min(last);
        }
        Vec::new()
    }

    /// Returns how many lines are scrolled away where the end of the topmost page is in view.
    pub(super) fn page_end(&self) -> usize {
        self.page_lines().saturating_sub(usize::from(self.geometry().body.height.saturating_sub(1)))
    }

    /// Returns how many lines the topmost page has.
    fn page_lines(&self) -> usize {
        match self.layers.last() {
            Some(Layer::Page(Page::Messages { .. })) => self.told_lines().len(),
            Some(Layer::Page(Page::Log { entries, .. })) => entries.as_ref().map_or(1, Vec::len),
            Some(Layer::Page(Page::Compared { lines, .. })) => *lines,
            Some(Layer::Page(Page::Marked { rows, .. })) => rows.as_ref().map_or(1, Vec::len),
            Some(Layer::Page(Page::Changed { saved, .. })) => self.changed_rows(saved),
            Some(Layer::Page(Page::Piped { piped, .. })) => self.piped_rows(piped.as_deref()),
            Some(Layer::Page(Page::Source { source, raw, .. })) => self.source_rows(source.as_deref(), *raw),
            _ => 0,
        }
    }

    /// Opens the conversation that the notice under the cursor is about.
    pub(super) fn open_told(&mut self, at: usize) -> Vec<Effect> {
        let told = self.told_lines();
        let on = told.get(at).and_then(|(notice, part)| match part {
            Some(part) => Some(&part.conversation),
            None => notice.on.as_ref(),
        });
        let why = match on {
            None if told.get(at).is_some_and(|(notice, _)| !notice.parts.is_empty()) => phrase!("not-a-heading"),
            None => phrase!("not-about-one"),
            // What lies under the page, such as a mail that is being written, is not left by chance.
            Some(_) if self.layers.len() > 1 => phrase!("not-below"),
            Some(id) => {
                let id = id.clone();
                self.pop_layer();
                self.focus = Pane::Conversation;
                self.open = Some(Open::new(id));
                return self.load_open();
            }
        };
        self.tell(Severity::Info, &say!("cant-open", why = why), "");
        Vec::new()
    }

    /// Undoes what the log's cursor is on, whoever did it.
    pub(super) fn take_back_entry(&mut self) -> Vec<Effect> {
        let Some(Layer::Page(Page::Log { entries: Some(entries), at, .. })) = self.layers.last() else {
            return Vec::new();
        };
        let Some(id) = entries.get(*at).map(|entry| entry.id) else { return Vec::new() };
        vec![self.ask(Purpose::Undo { redo: false }, Ask::TakeBack(id))]
    }

    /// Reads the log again that is shown, because something changed.
    pub(super) fn refresh_log(&mut self) -> Vec<Effect> {
        let Some(Layer::Page(Page::Log { id, .. })) = self.layers.last() else { return Vec::new() };
        let id = id.clone();
        vec![self.ask(Purpose::Log, Ask::Log(id))]
    }

    /// Opens the log of a conversation, or of all.
    pub(super) fn open_log(&mut self, id: Option<ConversationId>) -> Vec<Effect> {
        let short = id.as_ref().map(|_| self.current_row().map(|row| row.short.clone()).unwrap_or_default());
        let mut effects = self.push(Layer::Page(Page::Log { id: id.clone(), short, entries: None, at: 0 }));
        effects.push(self.ask(Purpose::Log, Ask::Log(id)));
        effects
    }
}
