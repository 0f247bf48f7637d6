//! The list: moving, marking, and asking for rows.

use std::collections::HashSet;
use std::sync::Arc;

use crate::app::conversation::Open;
use crate::app::effect::{Range, Timer};
use crate::app::list::{PAGE, WINDOW};
use crate::app::marks::{All, between};
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Pane, Severity};
use crate::keymap::Action;
use crate::model::ids::ConversationId;
use crate::model::phrase::Phrase;
use crate::model::shown::Shown;
use crate::model::view::{ConversationRow, ListOrder, View};
use crate::text;

/// Milliseconds that the cursor rests before the conversation under it is shown beside the list: a held key draws none of them.
const PREVIEW_AFTER: u64 = 60;

impl App {
    pub(super) fn act_list(&mut self, action: Action) -> Vec<Effect> {
        let screen = self.list_rows();
        let half = (screen / 2).max(1) as isize;
        match action {
            Action::Down => self.step(1),
            Action::Up => self.step(-1),
            Action::PageDown => self.step(half),
            Action::PageUp => self.step(-half),
            Action::Top => self.jump(false),
            Action::Bottom => self.jump(true),
            Action::Open => match self.list.meant.clone() {
                Some((query, _)) if self.list.current().is_none() => self.search(&query),
                _ => self.enter_conversation(),
            },
            Action::Mark => {
                if let Some(shown) = self.list.current().map(Shown::from) {
                    self.marks.toggle(shown);
                }
                self.step(1)
            }
            Action::MarkRange => self.mark_range(),
            Action::MarkAll => self.mark_all(),
            _ => self.act_conversation(action),
        }
    }

    pub(super) fn step(&mut self, by: isize) -> Vec<Effect> {
        let screen = self.list_rows();
        if !self.list.step(by, screen) {
            return Vec::new();
        }
        let mut effects = self.want_rows();
        effects.extend(self.preview());
        effects
    }

    /// Asks for rows that the cursor is coming near to.
    pub(super) fn want_rows(&mut self) -> Vec<Effect> {
        if self.tickets.list_is_loading() {
            return Vec::new();
        }
        let key = |row: &ConversationRow| row.key_in(self.list.order);
        match (self.list.rows.first().map(key), self.list.rows.last().map(key)) {
            (_, Some(last)) if self.list.wants_more() => vec![self.page(Purpose::More, Range::After(last), PAGE)],
            (Some(first), _) if self.list.wants_earlier() => {
                vec![self.page(Purpose::Earlier, Range::Before(first), PAGE)]
            }
            _ => Vec::new(),
        }
    }

    fn page(&mut self, purpose: Purpose, range: Range, limit: usize) -> Effect {
        let (query, order) = (self.query(), self.list.order);
        let limit = if self.shown_view() == Some(&View::InTray) { WINDOW } else { limit };
        self.ask(purpose, Ask::Page { query, order, range, limit })
    }

    /// Goes to the list's first row, or its last, which may be a million rows away.
    fn jump(&mut self, bottom: bool) -> Vec<Effect> {
        let there = if bottom { self.list.at_end } else { self.list.at_start };
        if there {
            let by = if bottom { isize::MAX } else { isize::MIN };
            return self.step(by);
        }
        let range = if bottom { Range::Bottom } else { Range::Top };
        vec![self.page(Purpose::Fill { bottom }, range, PAGE)]
    }

    /// Shows another list from its first row.
    pub(super) fn fill_list(&mut self, search: Option<String>) -> Vec<Effect> {
        let told = std::mem::take(&mut self.list.unknown);
        self.let_go_of(&told);
        let order = match (&search, self.views.get(self.view)) {
            (None, Some(view)) => {
                self.sorts.get(&view.name()).copied().unwrap_or_else(|| view.screen_order(self.around.sort))
            }
            _ => ListOrder::default(),
        };
        self.list.reset(search, order);
        self.marks.clear();
        let mut effects = vec![self.page(Purpose::Fill { bottom: false }, Range::Top, PAGE)];
        effects.extend(self.count_found());
        effects.extend(self.ask_unknown());
        effects
    }

    /// Tells which names of the list's query are not known: the result is right, and may not be what was meant.
    pub(super) fn tell_unknown(&mut self, unknown: &[(Phrase, Option<Phrase>)]) {
        for (what, meant) in unknown {
            let hint = meant.as_ref().map(text::render).unwrap_or_default();
            self.tell(Severity::Warning, &text::render(what), &hint);
            self.list.unknown.extend(self.notices.last().map(|notice| notice.text.clone()));
        }
    }

    /// Asks how many there are where no number is kept: of a search, and of a view of one's own.
    fn count_found(&mut self) -> Option<Effect> {
        self.is_query_own().then(|| self.ask(Purpose::Found, Ask::Count(self.query())))
    }

    /// Asks which names are not known, where the query is somebody's own.
    fn ask_unknown(&mut self) -> Option<Effect> {
        self.is_query_own().then(|| self.ask(Purpose::Unknown, Ask::Unknown(self.query())))
    }

    /// Asks what may have been meant, where a search found nothing.
    fn ask_meant(&mut self, purpose: &Purpose) -> Option<Effect> {
        if !self.list.rows.is_empty() {
            self.list.meant = None;
            return None;
        }
        let search = self.list.search.clone().filter(|_| matches!(purpose, Purpose::Fill { .. }))?;
        Some(self.ask(Purpose::Meant, Ask::Meant(search)))
    }

    fn is_query_own(&self) -> bool {
        self.list.search.is_some() || matches!(self.shown_view(), Some(View::Own(_)))
    }

    /// Asks for the window's rows again, because the store changed.
    pub(super) fn refresh_list(&mut self) -> Vec<Effect> {
        if self.tickets.list_is_loading() {
            self.list.stale = true;
            return Vec::new();
        }
        self.list.stale = false;
        let range = self.list.begins_after().map_or(Range::Top, Range::After);
        let limit = self.refresh_limit();
        let mut effects = vec![self.page(Purpose::Refresh, range, limit)];
        effects.extend(self.count_found());
        effects
    }

    fn refresh_limit(&self) -> usize {
        (self.list.rows.len() + 20).clamp(PAGE, WINDOW)
    }

    pub(super) fn take_rows(&mut self, purpose: &Purpose, mut rows: Vec<ConversationRow>) -> Vec<Effect> {
        let is_tray = self.shown_view() == Some(&View::InTray);
        if is_tray {
            rows.sort_by_key(|row| row.news.as_ref().map(|news| news.kind.section()));
        }
        let screen = self.list_rows();
        let was = self.list.current().map(|row| row.id.clone());
        let gone = match purpose {
            Purpose::Fill { bottom } => {
                self.list.fill(rows, *bottom, screen);
                Vec::new()
            }
            Purpose::Refresh => {
                let asked = self.refresh_limit();
                self.list.refresh(rows, asked, screen);
                Vec::new()
            }
            Purpose::More => self.list.append(rows, screen),
            _ => self.list.prepend(rows, screen),
        };
        if is_tray {
            // It stands by sections, not by the order that pages go by, and is all here.
            (self.list.at_start, self.list.at_end) = (true, true);
            self.list.follow(self.list_rows());
        }
        self.keep_range(&gone);
        let mut effects = if self.list.stale { self.refresh_list() } else { self.want_rows() };
        effects.extend(self.ask_meant(purpose));
        if let (Some(_), Some(row)) = (&self.list.left, self.list.current()) {
            let id = row.id.clone();
            effects.push(self.ask(Purpose::Left(id.clone()), Ask::Now(id)));
        }
        if self.list.current().map(|row| &row.id) != was.as_ref() || self.open.is_none() {
            effects.extend(self.judge_waits());
            // No key is held down while a list appears, so its first conversation need not wait.
            let appears = matches!(purpose, Purpose::Fill { .. });
            effects.extend(if appears { self.preview_at_once() } else { self.preview() });
        }
        effects
    }

    /// Marks all that match now. The set is fixed before any wish that is made for it.
    fn mark_all(&mut self) -> Vec<Effect> {
        self.marks.clear();
        let token = self.tickets.newest() + 1;
        self.marks.all = Some(All { token, ids: None });
        self.marks.see(self.list.rows.iter(), self.now);
        let query = self.query();
        vec![self.ask(Purpose::MarkAll, Ask::MarkAll { token, query })]
    }

    pub(super) fn take_marked(&mut self, token: u64, ids: Arc<HashSet<ConversationId>>) {
        if let Some(all) = self.marks.all.as_mut().filter(|all| all.token == token) {
            all.ids = Some(ids);
        }
    }

    fn mark_range(&mut self) -> Vec<Effect> {
        match self.marks.range {
            None => {
                self.marks.range = self.list.current().map(|row| row.key_in(self.list.order));
                self.marks.see(self.list.rows.iter(), self.now);
                self.tell(Severity::Info, &say!("range-begun"), "");
            }
            Some(_) => {
                let rows: Vec<Shown> =
                    self.list.rows.iter().filter(|row| self.in_range(row)).map(Shown::from).collect();
                rows.into_iter().for_each(|shown| self.marks.add(shown));
                self.marks.range = None;
            }
        }
        Vec::new()
    }

    /// Rows of an open range that leave the window stay marked.
    fn keep_range(&mut self, gone: &[ConversationRow]) {
        let kept: Vec<Shown> = gone.iter().filter(|row| self.in_range(row)).map(Shown::from).collect();
        kept.into_iter().for_each(|shown| self.marks.add(shown));
    }

    fn in_range(&self, row: &ConversationRow) -> bool {
        match (&self.marks.range, self.list.current()) {
            (Some(from), Some(to)) => between(&row.key_in(self.list.order), from, &to.key_in(self.list.order)),
            _ => false,
        }
    }

    /// Tells whether a row is marked, or lies in the range that is being marked.
    pub fn is_marked(&self, row: &ConversationRow) -> bool {
        self.marks.contains(&row.id) || self.in_range(row)
    }

    /// Returns how many are marked, with those of an open range; `None` where it is not known.
    pub fn marked_count(&self) -> Option<u64> {
        let open = self.list.rows.iter().filter(|row| self.in_range(row) && !self.marks.contains(&row.id)).count();
        self.marks.count().map(|count| count + open as u64)
    }

    /// Sets about showing the conversation under the cursor beside the list, where there is room.
    pub(super) fn preview(&mut self) -> Vec<Effect> {
        if !self.is_preview_due() {
            return Vec::new();
        }
        vec![Effect::SetTimer(Timer::Preview(self.tickets.newest()), PREVIEW_AFTER)]
    }

    fn preview_at_once(&mut self) -> Vec<Effect> {
        if self.is_preview_due() { self.preview_now(0) } else { Vec::new() }
    }

    /// Tells whether another conversation is to be shown beside the list; what is shown goes where the list is empty.
    fn is_preview_due(&mut self) -> bool {
        let shown = self.geometry_with(Pane::List).conversation.is_some();
        let current = self.list.current().map(|row| row.id.clone());
        if !shown || self.keeps_open() || self.open.as_ref().map(|open| &open.id) == current.as_ref() {
            return false;
        }
        if current.is_none() {
            self.open = None;
        }
        current.is_some()
    }

    pub(super) fn preview_now(&mut self, _number: u64) -> Vec<Effect> {
        let current = self.list.current().map(|row| row.id.clone());
        let shown = self.open.as_ref().map(|open| open.id.clone());
        match current {
            Some(id) if !self.keeps_open() && shown.as_ref() != Some(&id) => {
                self.open = Some(Open::new(id).found_by(self.list.search.as_deref()));
                self.load_open()
            }
            _ => Vec::new(),
        }
    }

    /// Tells whether what is open stays, because it is read or answered.
    fn keeps_open(&self) -> bool {
        self.is_reading() || self.compose().is_some_and(|compose| compose.conversation().is_some())
    }

    /// Tells whether the open conversation stays, whatever the list's cursor is on.
    pub(super) fn is_reading(&self) -> bool {
        matches!(self.focus, Pane::Conversation | Pane::Customer)
    }

    /// Returns the conversation that the next action is about, marks left aside. What was asked for stays about the same one.
    pub fn current_id(&self) -> Option<ConversationId> {
        if let Some(subject) = &self.subject {
            return Some(subject.id.clone());
        }
        match (self.focus, &self.open) {
            (Pane::Conversation | Pane::Customer, Some(open)) => Some(open.id.clone()),
            _ => self.list.current().map(|row| row.id.clone()),
        }
    }

    /// Returns its row.
    pub fn current_row(&self) -> Option<&ConversationRow> {
        if let Some(subject) = &self.subject {
            let open = self.open.as_ref().and_then(|open| open.data.as_ref()).map(|data| &data.row);
            let shown = open.into_iter().chain(&self.list.rows).find(|row| row.id == subject.id);
            return shown.or(Some(subject));
        }
        match (self.focus, &self.open) {
            (Pane::Conversation | Pane::Customer, Some(open)) => match &open.data {
                Some(data) => Some(&data.row),
                None => self.list.rows.iter().find(|row| row.id == open.id),
            },
            _ => self.list.current(),
        }
    }

    /// Returns a list that holds nothing, for a screen that has not loaded yet.
    pub fn list_is_empty(&self) -> bool {
        self.list.loaded && self.list.rows.is_empty()
    }
}
