//! Which part of the screen an action goes to, and why one can't act just now.

use crate::app::picker::{Picked, PickerKind};
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer, Page, Pane, Prompt, PromptKind, Severity};
use crate::keymap::{Action, Context, Need};
use crate::model::invitation::Answer;
use crate::model::phrase::Phrase;
use crate::model::reply::DraftKind;
use crate::model::status::Status;
use crate::model::view::View;
use crate::op::wish::Wish;

impl App {
    /// Returns why `action` can't act just now; `None` where it can.
    pub fn why_not(&self, action: Action) -> Option<Phrase> {
        // What a question is about is only looked at: it is answered, or left, where it stands.
        if self.is_at_a_look() && !is_for_a_look(action) {
            return Some(phrase!("not-while-asked"));
        }
        let open = self.open.as_ref().and_then(|open| open.data.as_ref());
        let needed = match action.need() {
            Need::Nothing => None,
            Need::Selection if self.marks.is_empty() && self.current_id().is_none() => {
                Some(phrase!("not-no-conversation"))
            }
            Need::One if self.current_id().is_none() => Some(phrase!("not-no-conversation")),
            Need::Open if open.is_none() => Some(phrase!("not-none-open")),
            _ => None,
        };
        let needed = needed.or_else(|| self.why_not_beside(action, is_operation(action)));
        needed.or_else(|| match action {
            Action::Merge if self.focus == Pane::Customer => None,
            Action::Merge if self.marks.is_empty() => Some(phrase!("not-none-marked")),
            Action::JoinRelated if !self.marks.is_empty() => Some(phrase!("not-while-marked")),
            Action::JoinRelated | Action::Related if open.is_some_and(|open| open.related.is_empty()) => {
                Some(phrase!("not-none-related"))
            }
            Action::Move if self.around.inboxes.len() < 2 => Some(phrase!("not-one-inbox")),
            Action::TakeBack
                if !matches!(self.layers.last(), Some(Layer::Page(Page::Log { entries: Some(_), .. }))) =>
            {
                Some(phrase!("not-log-closed"))
            }
            Action::Sort if self.shown_view() == Some(&View::InTray) => Some(phrase!("not-in-tray-sorted")),
            Action::GiveBack if self.queue.as_ref().is_none_or(|queue| queue.hand.is_none()) => {
                Some(phrase!("not-in-hand"))
            }
            Action::GiveBack if self.queue.as_ref().is_some_and(|queue| queue.is_taking) => {
                Some(phrase!("not-while-taking"))
            }
            Action::SaveView if self.list.search.is_none() => Some(phrase!("not-no-search")),
            Action::EditNote if self.notes().is_empty() => Some(phrase!("not-no-notes")),
            Action::Split | Action::TextOrHtml | Action::Headers
                if self.layers.is_empty()
                    && self.focus == Pane::Conversation
                    && !self.open.as_ref().is_some_and(crate::app::Open::is_message_in_view) =>
            {
                Some(phrase!("not-no-message-in-view"))
            }
            Action::NextHit | Action::PreviousHit | Action::EndFind
                if !self.open.as_ref().is_some_and(crate::app::Open::has_hits) =>
            {
                Some(phrase!("not-nothing-found"))
            }
            Action::Find | Action::NextInbound | Action::PreviousInbound | Action::NextNote | Action::PreviousNote
                if self.focus != Pane::Conversation =>
            {
                Some(phrase!("not-in-a-conversation"))
            }
            Action::Earlier if open.is_some_and(|open| open.earlier == 0) => Some(phrase!("not-all-of-it")),
            Action::AcceptInvitation | Action::DeclineInvitation | Action::TentativeInvitation
                if self.open.as_ref().is_some_and(|open| {
                    open.data.is_some() && Some(&open.id) == self.current_id().as_ref() && !open.is_asked()
                }) =>
            {
                Some(phrase!("not-no-invitation"))
            }
            Action::OpenLink if self.links().is_empty() => Some(phrase!("not-no-links")),
            Action::Attachments if self.attachments().is_empty() && !self.has_bodies_coming() => {
                Some(phrase!("not-no-attachments"))
            }
            Action::Detach if self.compose().is_some_and(|compose| compose.draft.files.is_empty()) => {
                Some(phrase!("not-nothing-attached"))
            }
            Action::AddPeople if self.compose().is_some_and(|compose| compose.still_left_out().is_empty()) => {
                Some(phrase!("not-nobody-left-out"))
            }
            Action::Quoting if self.compose().is_some_and(|compose| compose.quote.is_empty()) => {
                Some(phrase!("not-nothing-to-quote"))
            }
            Action::Again if self.done.is_none() => Some(phrase!("not-done-yet")),
            Action::SnoozeLast if self.snoozed.is_none() => Some(phrase!("not-snoozed-yet")),
            Action::LastView if self.last_view.is_none() => Some(phrase!("not-another-view")),
            Action::UnfoldRest if self.compose().is_some_and(|compose| !compose.body.can_fold()) => {
                Some(phrase!("not-nothing-below"))
            }
            _ => why_not_on(action, self.layers.last()),
        })
    }

    /// Tells whether what a question is about is looked at, with the question below.
    pub(super) fn is_at_a_look(&self) -> bool {
        matches!(self.layers.last(), Some(Layer::Page(Page::Compared { .. } | Page::Marked { .. })))
    }

    /// Returns why `action` could not act if the palette were left for it.
    pub(super) fn why_not_below(&self, action: Action) -> Option<Phrase> {
        let is_palette = |layer: &Layer| matches!(layer, Layer::Picker(picker) if picker.kind == PickerKind::Palette);
        let below = self.layers.iter().rev().find(|layer| !is_palette(layer));
        self.why_not(action).or_else(|| why_not_on(action, below))
    }

    fn has_bodies_coming(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !open.coming().is_empty())
    }

    /// Carries out `action`, or tells why it can't be. Whoever presses the key of a line types on: where none opened, that is not taken.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        let (layers, writes) = (self.layers.len(), matches!(self.context(), Context::Input | Context::Compose));
        let effects = self.act_now(action);
        if is_typed_in(action) && !writes && self.layers.len() <= layers && !self.is_opening() {
            self.closing.refuse(self.now, 0);
        }
        effects
    }

    /// Carries out `action`, or tells why it can't be.
    pub(super) fn act_now(&mut self, action: Action) -> Vec<Effect> {
        if let Some(reason) = self.why_not(action) {
            self.tell(Severity::Info, &say!("cant-act", what = action.name().replace('-', " "), why = reason), "");
            return Vec::new();
        }
        match self.layers.last() {
            Some(Layer::Prompt(_) | Layer::Picker(_)) if is_input(action) || is_motion(action) => {
                return self.act_input(action);
            }
            Some(Layer::Compose(_)) if is_input(action) || is_motion(action) => return self.act_compose(action),
            Some(Layer::Collision(_)) if is_input(action) => return self.act_collision(action),
            Some(Layer::Out(_)) if is_input(action) || is_motion(action) => return self.act_outgoing(action),
            Some(Layer::Page(Page::Help(_))) if is_input(action) || is_motion(action) => return self.act_help(action),
            Some(Layer::Page(Page::Messages { at })) if action == Action::Open => return self.open_told(*at),
            Some(Layer::Page(Page::Changed { .. })) if action == Action::Open => return self.accept_change(),
            Some(Layer::Page(_)) if is_motion(action) => return self.act_page(action),
            Some(Layer::Page(Page::Source { .. })) if action == Action::Headers => {
                self.turn_source();
                return Vec::new();
            }
            _ if action == Action::TakeBack => return self.take_back_entry(),
            _ => {}
        }
        if let Some(number) = action.view_number() {
            return self.view_of_digit(number + 1).map_or_else(Vec::new, |view| self.show_view(view));
        }
        match action {
            Action::Quit => self.act_quit(),
            Action::Back => self.act_back(),
            Action::View => self.open_views(),
            Action::TakeNext => self.act_take_next(),
            Action::GiveBack => self.act_give_back(),
            Action::SaveView => self.open_prompt(PromptKind::SaveView, ""),
            Action::Theme => self.open_themes(),
            Action::Sort => self.open_sorts(),
            Action::Density => self.open_densities(),
            Action::Columns => self.open_columns(),
            Action::Redraw => vec![Effect::Redraw],
            Action::Suspend => vec![Effect::Suspend],
            Action::SyncNow => {
                self.tell(Severity::Info, &say!("syncing-now"), "");
                vec![self.ask(Purpose::Handed, Ask::TryNow), Effect::SyncNow]
            }
            Action::Undo if self.leaving.as_ref().is_some_and(|mail| mail.due > self.now) => self.take_back(),
            Action::Outbox => self.open_outgoing(false),
            Action::Drafts => self.open_outgoing(true),
            Action::Undo => self.undo(false),
            Action::Redo => self.undo(true),
            Action::Help => self.open_help(),
            Action::LastView => self.show_last_view(),
            Action::Related => self.open_related(),
            Action::LogOfAll => self.open_log(None),
            Action::Delete => {
                self.tell(Severity::Info, &say!("nothing-deleted", key = self.key_of(Action::Close)), "");
                Vec::new()
            }
            Action::Messages => {
                self.notices.iter_mut().filter(|notice| notice.stands.is_none()).for_each(|notice| notice.seen = true);
                self.push(Layer::Page(Page::Messages { at: 0 }))
            }
            Action::Palette => self.open_palette(),
            Action::Search => self.open_search(),
            Action::NextView => self.show_view((self.view + 1) % self.views.len().max(1)),
            Action::PreviousView => {
                let count = self.views.len().max(1);
                self.show_view((self.view + count - 1) % count)
            }
            Action::Customer => self.show_customer(),
            Action::NextPane => self.turn(1),
            Action::PreviousPane => self.turn(-1),
            _ if changes(action) && self.say_left() => Vec::new(),
            _ if is_operation(action) => self.act_operation(action),
            _ => match self.focus {
                Pane::Views => self.act_views(action),
                Pane::List => self.act_list(action),
                Pane::Conversation => self.act_conversation(action),
                Pane::Customer => self.act_customer(action),
            },
        }
    }

    pub(super) fn open_search(&mut self) -> Vec<Effect> {
        let text = self.list.search.clone().unwrap_or_default();
        let fresh = !text.is_empty();
        self.push(Layer::Prompt(Prompt { fresh, ..Prompt::new(PromptKind::Search, &text) }))
    }

    fn act_operation(&mut self, action: Action) -> Vec<Effect> {
        let status = |to| Wish::Status { to };
        match action {
            Action::StatusOpen => self.operate(status(Status::Open)),
            Action::StatusInProgress => self.operate(status(Status::InProgress)),
            Action::StatusWaiting => self.operate(status(Status::Waiting)),
            Action::StatusClosed => self.operate(status(Status::Closed)),
            Action::Close => self.close(),
            Action::Again => self.again(),
            Action::AssignMe => self.operate(Wish::Assign { to: Some(self.around.me.clone()) }),
            Action::Unassign => self.operate(Wish::Assign { to: None }),
            Action::Status => self.open_status(),
            Action::Unfollow => self.operate(Wish::Follow { who: self.around.me.clone(), on: false }),
            Action::Seen => self.operate(Wish::SeenMentions),
            Action::Unread => self.mark_unread(),
            Action::Wake => self.operate(Wish::Snooze { until: None }),
            Action::Assign => self.open_assign(),
            Action::Move => self.open_move(),
            Action::Tag => self.open_tags(),
            Action::Note => self.open_note(),
            Action::EditNote => self.open_edit_note(),
            Action::Snooze => self.open_prompt(PromptKind::Snooze, ""),
            Action::SnoozeLast => self.snoozed.clone().map_or_else(Vec::new, |line| self.run_line(&line)),
            Action::SnoozeTomorrow | Action::SnoozeMonday | Action::SnoozeWeek | Action::SnoozeHours => {
                self.run_line(action.name())
            }
            Action::SnoozeEvening => self.run_line(action.name()),
            Action::Title => {
                let title = self.current_row().map(|row| row.title.to_string()).unwrap_or_default();
                self.open_prompt(PromptKind::Title, &title)
            }
            Action::Follow => self.follow(),
            Action::Merge => self.merge(),
            Action::JoinRelated => self.open_join_related(),
            Action::Split => self.split(),
            Action::Reply => self.begin(DraftKind::Reply, false),
            Action::SavedReply => self.reply_with(None),
            Action::ReplyAll => self.begin(DraftKind::ReplyAll, false),
            Action::Forward => self.begin(DraftKind::Forward, false),
            Action::ForwardFile => self.begin(DraftKind::Forward, true),
            Action::AcceptInvitation => self.answer_invitation(Answer::Accepted),
            Action::DeclineInvitation => self.answer_invitation(Answer::Declined),
            Action::TentativeInvitation => self.answer_invitation(Answer::Tentative),
            Action::NewConversation => self.begin(DraftKind::New, false),
            Action::Log => self.current_id().map_or_else(Vec::new, |id| self.open_log(Some(id))),
            Action::OpenLink => self.open_links(say!("title-links"), Picked::Link),
            Action::Attachments => self.open_attachments(),
            Action::Pipe => self.open_pipe(),
            _ => self.copy(action),
        }
    }

    fn act_quit(&mut self) -> Vec<Effect> {
        if self.pop_layer().is_some() {
            return Vec::new();
        }
        match self.focus {
            Pane::Conversation => self.leave_read(),
            Pane::Customer => self.leave_customer(),
            Pane::Views | Pane::List => self.ask_to_quit(),
        }
    }

    /// Escape goes one step out: of a layer, the open conversation, marks, the column of views, the search.
    fn act_back(&mut self) -> Vec<Effect> {
        if self.pop_layer().is_some() {
            return Vec::new();
        }
        match self.focus {
            Pane::Conversation => return self.leave_read(),
            Pane::Customer => return self.leave_customer(),
            Pane::Views | Pane::List => {}
        }
        if !self.marks.is_empty() {
            self.marks.clear();
            return Vec::new();
        }
        if self.queue.is_some() {
            return self.end_queue();
        }
        if self.focus == Pane::Views {
            self.focus = Pane::List;
            return Vec::new();
        }
        if self.list.search.is_some() {
            return self.show_view(self.view);
        }
        Vec::new()
    }

    /// Leaves what is read; with it the queue, where that is worked off.
    fn leave_read(&mut self) -> Vec<Effect> {
        let mut effects = self.end_queue();
        effects.extend(self.leave_conversation());
        effects
    }

    /// Puts a layer over the panes. What is asked for there is about what was under the cursor when it was opened.
    pub(super) fn push(&mut self, layer: Layer) -> Vec<Effect> {
        if self.layers.is_empty() && self.subject.is_none() {
            self.subject = self.current_row().cloned();
        }
        self.layers.push(layer);
        Vec::new()
    }

    /// Gives the keys to the next pane, or with -1 the previous one.
    fn turn(&mut self, by: isize) -> Vec<Effect> {
        const PANES: [Pane; 4] = [Pane::Views, Pane::List, Pane::Conversation, Pane::Customer];
        let now = PANES.iter().position(|pane| *pane == self.focus).unwrap_or(1) as isize;
        // Where it does not stand beside the others it has a key of its own.
        let has_customer = self.open.is_some() && self.focus != Pane::Customer && self.geometry().customer.is_some();
        for step in 1..=4 {
            let next = (now + by * step).rem_euclid(4) as usize;
            match PANES.get(next) {
                Some(Pane::Conversation) if self.current_id().is_none() => {}
                Some(Pane::Conversation) if self.focus == Pane::Customer => {
                    self.focus = Pane::Conversation;
                    return Vec::new();
                }
                Some(Pane::Conversation) => return self.enter_conversation(),
                Some(Pane::Customer) if !has_customer => {}
                Some(Pane::Customer) => return self.show_customer(),
                Some(pane) => {
                    self.focus = *pane;
                    self.view_cursor = self.view;
                    return Vec::new();
                }
                None => {}
            }
        }
        Vec::new()
    }
}

/// Returns why an action that belongs to a line, a mail or the outbox can't act where none of them lies topmost.
fn why_not_on(action: Action, layer: Option<&Layer>) -> Option<Phrase> {
    use Action::*;
    let is_page =
        |layer: &Layer| matches!(layer, Layer::Page(Page::Messages { .. } | Page::Log { .. } | Page::Changed { .. }));
    if !is_input(action) || layer.is_some_and(|layer| !is_page(layer)) {
        return None;
    }
    Some(match action {
        Send | SendClose | SendKeep | SendLater => phrase!("not-looked-over"),
        SendAnyway | ToNote | Retry | Edit | CancelMail | DiscardDraft => phrase!("not-in-the-outbox"),
        NextField | PreviousField | Review | Editor | SavedReplies | Attach | Detach | AddPeople | Quoting
        | Markdown | KeepDraft | UndoTyping | RedoTyping => phrase!("not-writing"),
        _ => phrase!("not-typing"),
    })
}

/// Tells whether an action opens something that is typed in.
fn is_typed_in(action: Action) -> bool {
    use Action::*;
    let in_mail = matches!(action, SavedReplies | Attach | Detach | AddPeople | SendLater);
    let writes = matches!(action, Reply | ReplyAll | SavedReply | Forward | ForwardFile | NewConversation);
    let chooses = matches!(action, View | Theme | Sort | Status | Assign | Move | Tag | OpenLink | Attachments);
    let asks = matches!(action, Search | Find | SaveView | GiveBack | Note | EditNote | Snooze | Title | Pipe);
    in_mail || writes || chooses || asks
}

fn is_motion(action: Action) -> bool {
    use Action::*;
    matches!(action, Down | Up | PageDown | PageUp | Top | Bottom | Open)
}

/// Tells whether an action only moves in a page, leaves it, or has nothing to do with what lies below.
fn is_for_a_look(action: Action) -> bool {
    is_motion(action) || matches!(action, Action::Back | Action::Quit | Action::Redraw | Action::Suspend)
}

fn is_input(action: Action) -> bool {
    action >= Action::Accept
}

/// Tells whether an action changes a conversation, or begins to write in it.
fn changes(action: Action) -> bool {
    use Action::*;
    let reads = matches!(
        action,
        Log | CopyId | CopyTitle | CopyAddress | CopyLink | OpenLink | Attachments | Pipe | NewConversation
    );
    is_operation(action) && !reads
}

fn is_operation(action: Action) -> bool {
    use Action::*;
    (action >= Status && action <= CopyTitle) || matches!(action, OpenLink | Attachments | Pipe)
}
