//! By what the list is sorted: chosen for a view, kept until the program ends.

use crate::app::effect::Range;
use crate::app::list::{PAGE, WINDOW};
use crate::app::picker::{Choice, Picked, Picker};
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer};
use crate::keymap::Action;
use crate::model::view::{ConversationRow, ListOrder, PageKey, Sort};
use crate::text;

/// How long it is good to know how long customers usually wait, in milliseconds.
const JUDGED_FOR: i64 = 15 * 60_000;

impl App {
    /// Lists the orders, with the cursor on the present one.
    pub(super) fn open_sorts(&mut self) -> Vec<Effect> {
        let line = |sort: Sort| Picked::Line(format!("{} {}", Action::Sort.name(), sort.name()));
        let choice = |sort: Sort| Choice::new(sort.name(), text::sort_sentence(sort), line(sort));
        let mut picker = Picker::new(say!("title-sorts"), Sort::ALL.map(choice).to_vec());
        picker.at = Sort::ALL.iter().position(|sort| *sort == self.list.order.sort);
        self.push(Layer::Picker(picker))
    }

    /// Sorts the list; what it is sorted by already is turned round. The cursor stays on its conversation.
    pub(super) fn sort(&mut self, sort: Sort) -> Vec<Effect> {
        let was = self.list.order;
        let order = ListOrder { sort, reverse: was.sort == sort && !was.reverse };
        if let Some(view) = self.shown_view() {
            self.sorts.insert(view.name(), order);
        }
        self.list.order = order;
        // A range between two rows is another one in another order.
        self.marks.range = None;
        let range = self.list.current().map(|row| Range::Around(PageKey::before(row, order)));
        let purpose = if range.is_some() { Purpose::Sorted } else { Purpose::Fill { bottom: false } };
        let (query, range) = (self.query(), range.unwrap_or(Range::Top));
        vec![self.ask(purpose, Ask::Page { query, order, range, limit: PAGE })]
    }

    /// Asks how long customers usually wait, where that was not asked for a while.
    pub(super) fn judge_waits(&mut self) -> Option<Effect> {
        if self.judged_at.is_some_and(|at| self.now.since(at) < JUDGED_FOR) {
            return None;
        }
        self.judged_at = Some(self.now);
        Some(self.ask(Purpose::UsualWait, Ask::UsualWait))
    }

    /// Asks again how long customers usually wait.
    pub(super) fn judge_waits_again(&mut self) -> Option<Effect> {
        self.judged_at.and_then(|_| self.judge_waits())
    }

    /// Takes the rows in front of the cursor's and those from it on, in the new order.
    pub(super) fn take_sorted(&mut self, before: Vec<ConversationRow>, behind: Vec<ConversationRow>) -> Vec<Effect> {
        let screen = self.list_rows();
        self.list.sorted(before, behind, screen);
        debug_assert!(self.list.rows.len() <= WINDOW);
        if self.list.stale { self.refresh_list() } else { self.want_rows() }
    }
}
