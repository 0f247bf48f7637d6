//! Operations on the marked conversations, or on the one under the cursor.

use std::collections::BTreeSet;

use crate::app::effect::Targets;
use crate::app::picker::{Choice, Picked, Picker, PickerKind};
use crate::app::tickets::Purpose;
use crate::app::update::answers::about;
use crate::app::{App, Ask, Effect, Layer, Pane, Repeat, Severity};
use crate::keymap::Action;
use crate::model::description::Act;
use crate::model::ids::ConversationId;
use crate::model::news::NewsKind;
use crate::model::shown::Shown;
use crate::model::status::Status;
use crate::model::text::SafeText;
use crate::model::view::{ConversationRow, View, WithCustomers};
use crate::op::describe::{self, Names};
use crate::op::operation::Known;
use crate::op::wish::Wish;
use crate::text;

/// The most conversations that one key merges: so many can be looked at before.
const MERGED_MAX: usize = 20;

impl App {
    /// Wishes something for what is marked, or else for the current conversation; of many it is asked before.
    pub(super) fn operate(&mut self, wish: Wish) -> Vec<Effect> {
        if self.is_asked(&wish) { self.ask_of_many(wish) } else { self.operate_now(wish) }
    }

    /// Wishes it without a question.
    pub(super) fn operate_now(&mut self, wish: Wish) -> Vec<Effect> {
        let act = self.act_of(&wish);
        let Some(targets) = self.take_targets() else { return Vec::new() };
        self.remember(&wish);
        vec![self.wish(wish, act, targets)]
    }

    /// Remembers what was wished, to do it again and to offer first what is used.
    fn remember(&mut self, wish: &Wish) {
        match wish {
            Wish::Tag { add, .. } => self.remember_tags(add),
            Wish::Merge { .. } | Wish::Split { .. } | Wish::EditNote { .. } => return,
            _ => {}
        }
        self.done = Some(Repeat::Wish(wish.clone()));
    }

    /// Does the last thing once more, to what is marked, or else to the current conversation.
    pub(super) fn again(&mut self) -> Vec<Effect> {
        match self.done.clone() {
            Some(Repeat::Wish(wish)) => self.operate(wish),
            Some(Repeat::Close) => self.close(),
            None => Vec::new(),
        }
    }

    /// Returns what a wish does where nothing of it is so yet, to be told.
    pub(super) fn act_of(&self, wish: &Wish) -> Act {
        let act = |op: &Known| describe::act(op, &self.around.me, Names::NONE);
        wish.op().as_ref().map_or(Act::Merged(None), act)
    }

    fn wish(&mut self, wish: Wish, act: Act, targets: Targets) -> Effect {
        let on = match &targets {
            Targets::These(shown) => shown.first().filter(|_| shown.len() == 1).map(|shown| shown.id.clone()),
            Targets::Marked { .. } => None,
        };
        let on = on.map(|id| self.named(id));
        if let Targets::These(shown) = &targets {
            self.note_in_queue(&wish, shown);
        }
        let purpose = Purpose::Commit { wish: wish.clone(), act, quiet: false, on };
        self.ask(purpose, Ask::Triage(wish, targets))
    }

    /// Wishes something for this conversation alone, whatever is marked.
    pub(super) fn wish_for(&mut self, wish: Wish, shown: Shown) -> Effect {
        let act = self.act_of(&wish);
        self.wish(wish, act, Targets::These(vec![shown]))
    }

    /// Wishes something for the open conversation alone, whatever is marked.
    pub(super) fn operate_open(&mut self, wish: Wish, act: Act) -> Vec<Effect> {
        let shown = self.open.as_ref().and_then(|open| open.data.as_ref()).map(|data| Shown::from(&data.row));
        let Some(shown) = shown else { return Vec::new() };
        vec![self.wish(wish, act, Targets::These(vec![shown]))]
    }

    /// Returns what is marked, or else the current conversation, as it was shown; marks are taken away.
    pub(super) fn take_targets(&mut self) -> Option<Targets> {
        let under_cursor = self.list.current();
        let is_marked = under_cursor.is_some_and(|row| self.is_marked(row));
        let is_current = self.marks.is_empty() && under_cursor.map(|row| &row.id) == self.current_id().as_ref();
        self.list.mine |= is_marked || is_current;
        let mut these: Vec<Shown> = self.marks.these.values().cloned().collect();
        if self.marks.range.is_some() {
            let open = self.list.rows.iter().filter(|row| self.is_marked(row) && !self.marks.contains(&row.id));
            these.extend(open.map(Shown::from));
        }
        let all = self.marks.all.take();
        let except = std::mem::take(&mut self.marks.except);
        self.marks.clear();
        if let Some(all) = all {
            return Some(Targets::Marked { token: all.token, except, and: these });
        }
        if these.is_empty() {
            these.extend(self.current_row().map(Shown::from));
        }
        (!these.is_empty()).then_some(Targets::These(these))
    }

    pub(super) fn follow(&mut self) -> Vec<Effect> {
        let me = self.around.me.clone();
        let follows = self.current_row().is_some_and(|row| row.followed);
        self.operate(Wish::Follow { who: me, on: !follows || !self.marks.is_empty() })
    }

    /// Tells that a colleague or a mail made the row under the cursor leave the list, when a key is about to act on it for the first time;
    /// tells whether that was so.
    pub(super) fn say_left(&mut self) -> bool {
        if self.focus != Pane::List || !self.marks.is_empty() || !self.layers.is_empty() {
            return false;
        }
        let Some((row, why)) = self.list.unseen_leave() else { return false };
        let (id, words) = (row.id.clone(), text::render(&why));
        if let Some(left) = &mut self.list.left {
            left.told = true;
        }
        let words = about(self.named(id.clone()).name.as_deref(), words);
        self.tell_of(Severity::Info, &words, &say!("hint-acts-again"), Some(id));
        true
    }

    /// Tells whether closing means that a mention was seen: in the in-tray, of a row that stands there for one.
    pub fn close_is_seen(&self) -> bool {
        let is_mention = |row: &ConversationRow| row.news.as_ref().is_some_and(|news| news.kind == NewsKind::Mention);
        if self.shown_view() != Some(&View::InTray) {
            return false;
        }
        if self.marks.is_empty() {
            return self
                .current_id()
                .is_some_and(|id| self.list.rows.iter().any(|row| row.id == id && is_mention(row)));
        }
        // What is marked on all pages is not known here: nobody's conversation is closed by it.
        let mut marked = self.list.rows.iter().filter(|row| self.is_marked(row));
        self.marks.all.is_some() || marked.all(is_mention)
    }

    /// Closes what is marked, or else the current conversation, and goes on to the next. In the in-tray mentions are only seen.
    pub(super) fn close(&mut self) -> Vec<Effect> {
        let one = self.marks.is_empty();
        let wish = if self.close_is_seen() { Wish::SeenMentions } else { Wish::Status { to: Status::Closed } };
        let mut effects = self.operate(wish);
        self.done = Some(Repeat::Close);
        if one {
            effects.extend(self.go_on_from_here());
        }
        effects
    }

    /// Marks what is marked, or else the current conversation, as unread. An open one is left, or it would be looked at at once.
    pub(super) fn mark_unread(&mut self) -> Vec<Effect> {
        let Some(targets) = self.take_targets() else { return Vec::new() };
        let mut effects = Vec::new();
        if self.focus == Pane::Conversation {
            effects = self.leave_conversation();
        }
        effects.push(self.ask(Purpose::Unread, Ask::Unread(targets)));
        effects
    }

    pub(super) fn undo(&mut self, redo: bool) -> Vec<Effect> {
        self.list.mine = true;
        let ask = if redo { Ask::Redo } else { Ask::Undo };
        vec![self.ask(Purpose::Undo { redo }, ask)]
    }

    /// Sets about merging what is marked.
    pub(super) fn merge(&mut self) -> Vec<Effect> {
        if self.focus == Pane::Customer {
            return self.merge_theirs();
        }
        let Some(ids) = self.marked_ids() else {
            self.tell(Severity::Info, &say!("merge-not-counted"), "");
            return Vec::new();
        };
        if ids.len() < 2 {
            self.tell(Severity::Info, &say!("merge-only-this"), &say!("hint-mark-others"));
            return Vec::new();
        }
        if ids.len() > MERGED_MAX {
            self.tell(Severity::Info, &say!("merge-too-many", count = ids.len(), most = MERGED_MAX), "");
            return Vec::new();
        }
        vec![self.ask(Purpose::Merge(ids.clone()), Ask::Merging(ids))]
    }

    /// Returns what is marked; `None` until it is known.
    pub(super) fn marked_ids(&self) -> Option<Vec<ConversationId>> {
        let mut ids: BTreeSet<ConversationId> = self.marks.these.keys().cloned().collect();
        ids.extend(self.list.rows.iter().filter(|row| self.is_marked(row)).map(|row| row.id.clone()));
        if let Some(all) = &self.marks.all {
            let all = all.ids.as_ref()?;
            ids.extend(all.iter().filter(|id| !self.marks.except.contains(id)).cloned());
        }
        Some(ids.into_iter().collect())
    }

    /// Merges what is marked: where all is of one customer at once, else after a choice that names them.
    /// `asked` was marked when the key was pressed; where that is no longer so, nobody wants it any more.
    pub(super) fn choose_merge(&mut self, asked: Vec<ConversationId>, mut all: Vec<WithCustomers>) -> Vec<Effect> {
        if self.marked_ids() != Some(asked) || !self.layers.is_empty() {
            return Vec::new();
        }
        let current = self.current_id();
        // What the cursor is on stays before the others; these in the order of the list.
        all.sort_by_key(|one| (Some(&one.row.id) != current.as_ref(), std::cmp::Reverse(one.row.last_at)));
        let [first, _, ..] = all.as_slice() else {
            self.tell(Severity::Info, &say!("merge-only-this"), &say!("hint-mark-others"));
            return Vec::new();
        };
        // Where nobody from outside wrote, it is not known whose it is.
        let is_of_first = |one: &WithCustomers| !one.customers.is_empty() && one.customers == first.customers;
        if all.iter().all(is_of_first) {
            return self.merge_into(&first.row.clone());
        }
        self.pick_merge(&all, |row| Picked::MergeInto(Box::new(row)))
    }

    /// Asks which of a conversation and another one of its customer stays.
    pub(super) fn ask_merge(&mut self, mut all: Vec<WithCustomers>) -> Vec<Effect> {
        if self.focus != Pane::Customer || !self.layers.is_empty() {
            return Vec::new();
        }
        let of = self.customer.of.clone();
        all.sort_by_key(|one| Some(&one.row.id) != of.as_ref());
        let [open, theirs] = all.as_slice() else { return Vec::new() };
        if Some(&open.row.id) != of.as_ref() {
            return Vec::new();
        }
        let (open, theirs) = (open.row.clone(), theirs.row.clone());
        self.pick_merge(&all, move |row| {
            let other = if row.id == open.id { Shown::from(&theirs) } else { Shown::from(&open) };
            Picked::MergeTheirs(Box::new(row), other)
        })
    }

    /// Joins the open conversation with one that is related to it: at once where both are of one customer.
    pub(super) fn ask_join(&mut self, mut all: Vec<WithCustomers>) -> Vec<Effect> {
        let open = self.open.as_ref().and_then(|open| open.data.as_ref()).map(|data| data.row.id.clone());
        if !self.layers.is_empty() {
            return Vec::new();
        }
        all.sort_by_key(|one| Some(&one.row.id) != open.as_ref());
        let [here, other] = all.as_slice() else { return Vec::new() };
        if Some(&here.row.id) != open.as_ref() {
            return Vec::new();
        }
        let (into, theirs) = (here.row.clone(), other.row.clone());
        if !here.customers.is_empty() && here.customers == other.customers {
            return self.merge_one(&into, Shown::from(&theirs));
        }
        self.pick_merge(&all, move |row| {
            let other = if row.id == into.id { Shown::from(&theirs) } else { Shown::from(&into) };
            Picked::MergeTheirs(Box::new(row), other)
        })
    }

    /// Offers the conversations of which one stays. Those of different customers are only merged once the ids of all are typed: answers to
    /// one may show the other what was written.
    fn pick_merge(&mut self, all: &[WithCustomers], means: impl Fn(ConversationRow) -> Picked) -> Vec<Effect> {
        let customers: BTreeSet<&String> = all.iter().flat_map(|one| &one.customers).collect();
        let (kind, title) = match customers.len() {
            0 | 1 => (PickerKind::Choice, say!("title-merge-into", count = all.len())),
            customers => (PickerKind::Merge, say!("title-merge", count = all.len(), customers = customers)),
        };
        let choices = all.iter().map(|WithCustomers { row, .. }| {
            let label = format!("{} {}", row.short, row.people);
            let detail = say!("merge-stays", title = text::titled(row.title.as_str()), count = row.messages);
            Choice::new(label, detail, means(row.clone()))
        });
        let choices = choices.collect();
        self.push(Layer::Picker(Picker::of(kind, title, choices)))
    }

    /// Merges what is marked into one of them.
    pub(super) fn merge_into(&mut self, row: &ConversationRow) -> Vec<Effect> {
        let into = row.id.clone();
        let Some(targets) = self.take_targets() else { return Vec::new() };
        self.merge_targets(row, without(targets, &into))
    }

    /// Merges another conversation into one, whatever is marked.
    pub(super) fn merge_one(&mut self, into: &ConversationRow, other: Shown) -> Vec<Effect> {
        self.merge_targets(into, Targets::These(vec![other]))
    }

    fn merge_targets(&mut self, row: &ConversationRow, targets: Targets) -> Vec<Effect> {
        let (into, short) = (row.id.clone(), row.short.clone());
        let wish = Wish::Merge { into: into.clone() };
        let on = Some(self.named(into));
        let purpose = Purpose::Commit { wish: wish.clone(), act: Act::MergedInto(short), quiet: false, on };
        vec![self.ask(purpose, Ask::Triage(wish, targets))]
    }

    /// Sets about merging another conversation into the open one, whatever is marked.
    pub(super) fn join(&mut self, other: &Shown) -> Vec<Effect> {
        let Some(data) = self.open.as_ref().and_then(|open| open.data.as_ref()) else { return Vec::new() };
        let ids = vec![data.row.id.clone(), other.id.clone()];
        vec![self.ask(Purpose::Join(ids.clone()), Ask::Merging(ids))]
    }

    /// Asks whether the message under the cursor is to be split off, with the answers to it.
    pub(super) fn split(&mut self) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let messages = open.messages().count();
        let Some(message) = open.message().cloned() else { return Vec::new() };
        let earlier = open.data.as_ref().map_or(0, |data| data.earlier);
        if messages + earlier < 2 {
            self.tell(Severity::Info, &say!("split-only-one"), "");
            return Vec::new();
        }
        let label =
            say!("split-message", who = &message.author, at = crate::app::words::minute(message.at, &self.around.zone));
        let choice = Choice::new(label, message.body.snippet(200).to_string(), Picked::Split(message.id.clone()));
        self.push(Layer::Picker(Picker::new(say!("title-split"), vec![choice])))
    }

    pub(super) fn copy(&mut self, action: Action) -> Vec<Effect> {
        let Some(row) = self.current_row().cloned() else { return Vec::new() };
        let open = self.open.as_ref().filter(|open| open.id == row.id);
        let customer = open.and_then(|open| {
            let inbound =
                |m: &crate::model::conversation::MessageItem| m.direction == crate::model::message::Direction::Inbound;
            open.messages().rev().find(|(_, m)| inbound(m)).map(|(_, m)| m.from_email.to_string())
        });
        if action == Action::CopyLink && self.links().len() > 1 {
            return self.open_links(say!("title-copy-link"), Picked::CopyLink);
        }
        let text = match action {
            Action::CopyId => Some(row.short.clone()),
            Action::CopyTitle => Some(row.title.to_string()),
            Action::CopyAddress if self.focus == Pane::Customer => {
                // What is drawn may be cut, and half an address is somebody else's.
                let address = self.customer().and_then(|customer| customer.addresses.first());
                address.map(|one| SafeText::line(&one.key).to_string())
            }
            Action::CopyAddress => customer,
            Action::CopyLink => self.links().first().map(|(_, link)| link.target.to_string()),
            _ => None,
        };
        let Some(text) = text else {
            self.tell(Severity::Info, &say!("nothing-to-copy"), "");
            return Vec::new();
        };
        self.copy_text(text)
    }

    pub(super) fn copy_text(&mut self, text: String) -> Vec<Effect> {
        self.tell(Severity::Info, &say!("copied", text = &text), &say!("hint-clipboard"));
        vec![Effect::Copy(text)]
    }
}

fn without(targets: Targets, id: &ConversationId) -> Targets {
    let others = |shown: Vec<Shown>| shown.into_iter().filter(|shown| shown.id != *id).collect();
    match targets {
        Targets::These(shown) => Targets::These(others(shown)),
        Targets::Marked { token, mut except, and } => {
            except.insert(id.clone());
            Targets::Marked { token, except, and: others(and) }
        }
    }
}
