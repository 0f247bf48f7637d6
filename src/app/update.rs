//! How the state answers to events: each kind of screen has a file of its own.

mod act;
mod addressing;
mod ahead;
mod answers;
mod assign;
mod collision;
mod command;
mod compose;
mod conversation;
mod customer;
mod files;
mod find;
mod help;
mod idle;
mod input;
mod list;
mod looking;
mod looks;
mod many;
mod mouse;
mod news;
mod notes;
mod operate;
mod outgoing;
mod pages;
mod palette;
mod pickers;
mod pipe;
mod prompts;
mod queue;
mod quit;
mod related;
mod replies;
mod review;
mod sorting;
mod source;
mod sync;
mod tags;
mod themes;
mod views;
mod writing;

pub use idle::Idle;
pub use replies::Mark;

use crate::app::effect::Timer;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Event, Layer, OutList, Severity, Until};
use crate::keymap::{Bound, Context, Key, Resolved};
use crate::model::change::Change;
use crate::model::news::Section;
use crate::model::screen_order::ScreenOrder;
use crate::model::view::{ConversationRow, View};

/// Milliseconds after which it is shown what can follow a key.
const WHICH_AFTER: u64 = 400;

impl App {
    /// Takes what happened and returns what is to be done.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        // How it was laid out changes nothing that is shown, and nobody carries out what would follow.
        let is_drawn = matches!(event, Event::Laid(_) | Event::PageLaid(_) | Event::Drawn(_));
        let mut effects = self.take_event(event);
        if self.layers.is_empty() {
            self.subject = None;
        }
        if self.compose().is_none_or(|compose| compose.review.is_none()) {
            self.release(Until::Review);
        }
        effects.extend(self.give_back_open());
        effects.extend(self.stop_left_pipe());
        self.note_shown();
        // Neither a row that was lent to what is told nor a sheet covers the cursor.
        self.list.follow(self.rows_in_sight());
        if !is_drawn {
            effects.extend(self.follow_customer());
            effects.extend(self.see_theme());
        }
        effects
    }

    fn take_event(&mut self, event: Event) -> Vec<Effect> {
        if self.is_typed_ahead(&event) {
            return self.keep_for_later(event);
        }
        let (may_open, was_opening) = (matches!(event, Event::Answer(..)), self.is_opening());
        let mut effects = self.take_now(event);
        if may_open {
            effects.extend(self.go_on_typing(was_opening));
        }
        effects
    }

    fn take_now(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Key(key) => {
                // Before it acts: what it deals with must not be taken up again behind it.
                let mut effects = self.renew_hand();
                effects.extend(self.key(key));
                effects
            }
            Event::Mouse(mouse) => {
                // Before it acts: what it deals with must not be taken up again behind it.
                let mut effects = self.renew_hand();
                effects.extend(self.mouse(mouse));
                effects
            }
            Event::Drawn(places) => {
                self.hits.take(places, self.now);
                Vec::new()
            }
            Event::Paste(text) => self.paste(&text),
            Event::Resize(columns, rows) => {
                self.size = (columns, rows);
                self.list.follow(self.list_rows());
                self.preview()
            }
            Event::Tick(now) => {
                self.now = now;
                self.expire_notices();
                self.presence.expire(now);
                let mut effects = self.tick_quitting();
                effects.extend(self.judge_waits_again());
                effects
            }
            Event::Timer(Timer::Preview(number)) => self.preview_now(number),
            Event::Timer(Timer::Typed(number)) => self.typed(number),
            Event::Timer(Timer::Which) => {
                self.which = !self.pending.is_empty();
                Vec::new()
            }
            Event::Timer(Timer::Count) => self.count_own().into_iter().collect(),
            Event::Timer(Timer::Keep(_)) => {
                let mut effects = self.keep_note();
                effects.extend(self.keep());
                effects
            }
            Event::Edited(text) => self.edited(text),
            Event::Present(of, who) => {
                self.presence.take(of, who);
                Vec::new()
            }
            // The loop has the sync look at it.
            Event::Due => vec![self.ask(Purpose::Counts, Ask::Counts)],
            // The loop has the theme follow it.
            Event::Ground(_) => Vec::new(),
            Event::Signs(ascii) => {
                self.around.ascii = ascii;
                Vec::new()
            }
            Event::Terminal(None) => Vec::new(),
            Event::Terminal(Some(terminal)) => {
                let order = ScreenOrder::of(self.around.terminal_bidi, Some(terminal));
                let is_other = std::mem::replace(&mut self.around.screen_order, order) != order;
                is_other.then_some(Effect::Redraw).into_iter().collect()
            }
            Event::StoreChanged(change) => self.store_changed(&change),
            Event::Answer(ticket, answer) => self.answered(ticket, answer),
            Event::Sync(status) => {
                self.take_status(status);
                Vec::new()
            }
            Event::ReadOnly(account, read_only) => {
                if read_only {
                    self.read_only.insert(account);
                } else {
                    self.read_only.remove(&account);
                }
                Vec::new()
            }
            Event::Failed(error) => {
                self.fail(&error);
                Vec::new()
            }
            Event::Refused(refused) => {
                self.tell_refused(&refused);
                Vec::new()
            }
            Event::News(told) => self.tell_news(told),
            Event::Told(text) => {
                self.tell(Severity::Info, text.as_str(), "");
                Vec::new()
            }
            Event::Laid(laid) => {
                if let Some(open) = &mut self.open {
                    open.take_layout(laid);
                }
                Vec::new()
            }
            Event::PageLaid(lines) => {
                self.learn_lines(lines);
                Vec::new()
            }
            Event::Resumed => vec![Effect::Redraw],
            Event::Quit => self.end(),
        }
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        if let Some(dropped) = self.closing.press(self.now, key) {
            self.tell_dropped(dropped);
            return Vec::new();
        }
        self.expire_read();
        let latin = key.on_latin(self.around.layout).unwrap_or(key);
        if matches!(self.layers.last(), Some(Layer::Quit(_))) {
            return self.answer_quit(latin);
        }
        let context = self.context();
        if self.compose().is_some_and(|compose| compose.asking) {
            return self.answer_discard(latin);
        }
        if let Some(Layer::Out(OutList { asking: Some(id), .. })) = self.layers.last() {
            let id = *id;
            return self.answer_drop(id, latin);
        }
        // What was said in passing gives the line back to the keys that help here.
        if matches!(context, Context::Compose | Context::Mail | Context::Review | Context::Outbox) {
            self.pass_by();
        }
        if self.pending.is_empty() && key.typed().is_some() {
            match context {
                Context::Input if self.help_page().is_some() => {
                    let letter = key.typed().unwrap_or_default();
                    return self.edit_help(|line| line.insert(letter.encode_utf8(&mut [0; 4])));
                }
                Context::Input => return self.type_key(key),
                Context::Compose => return self.type_text(key),
                _ => {}
            }
        }
        let key = self.meant(context, key);
        self.pending.push(key);
        match self.around.keymap.resolve(context, &self.pending) {
            // Whoever knows what follows presses it before that is shown.
            Resolved::Pending(_) => vec![Effect::SetTimer(Timer::Which, WHICH_AFTER)],
            Resolved::Unknown if self.pending.len() > 1 && Key::char('?') == latin => {
                self.pending.pop();
                self.which = true;
                Vec::new()
            }
            Resolved::Matched(bound) => {
                self.pending.clear();
                self.which = false;
                match bound {
                    Bound::Action(action) => self.act(action),
                    Bound::Line(line) => self.run_line(&line),
                }
            }
            Resolved::Unknown => {
                let keys = std::mem::take(&mut self.pending);
                self.which = false;
                // A letter that means nothing to the mail was meant for its text.
                if let (Context::Mail, [key]) = (context, keys.as_slice())
                    && key.typed().is_some()
                {
                    return self.type_text(*key);
                }
                // Escape out of a half-typed sequence is no mistake.
                let given_up = keys.len() > 1 && keys.last().is_some_and(|key| key.code == crate::keymap::Code::Esc);
                if !given_up && !matches!(context, Context::Input | Context::Compose) {
                    let shown = crate::keymap::write_keys(&keys);
                    self.tell(Severity::Info, &say!("key-does-nothing", key = shown), &say!("hint-shows-keys"));
                }
                Vec::new()
            }
        }
    }

    /// Returns the key that a command is meant by: what stands there on a Latin keyboard where only that is bound, else itself.
    fn meant(&self, context: Context, key: Key) -> Key {
        let is_bound = |key: Key| {
            let mut keys = self.pending.clone();
            keys.push(key);
            !matches!(self.around.keymap.resolve(context, &keys), Resolved::Unknown)
        };
        let latin = key.on_latin(self.around.layout);
        latin.filter(|latin| !is_bound(key) && is_bound(*latin)).unwrap_or(key)
    }

    pub(super) fn quit(&mut self) -> Vec<Effect> {
        self.quitting = true;
        let mut effects = self.end_queue();
        effects.push(Effect::Quit);
        effects
    }

    fn store_changed(&mut self, change: &Change) -> Vec<Effect> {
        let mut effects = vec![self.ask(Purpose::Counts, Ask::Counts)];
        effects.extend(self.refresh_quitting());
        effects.extend(self.look_at_queue());
        effects.extend(self.count_soon());
        effects.extend(self.outgoing_changed(change));
        effects.extend(self.refresh_log());
        if *change == Change::Counts {
            return effects;
        }
        // A mail that begins a conversation of theirs names none that is shown.
        self.customer.stale = self.customer.of.is_some();
        if *change == Change::Everything || self.assigning().is_some() {
            effects.push(self.ask(Purpose::Names, Ask::Names));
        }
        effects.extend(self.refresh_list());
        let touched = match (change, &self.open) {
            (Change::Conversations(ids), Some(open)) => open.shows().any(|shown| ids.contains(shown)),
            (Change::Everything, Some(_)) => true,
            _ => false,
        };
        if touched {
            effects.extend(self.load_open());
        }
        effects
    }

    /// Returns how many rows of the list the screen shows.
    pub fn list_rows(&self) -> usize {
        let geometry = self.geometry();
        // The heads of the in-tray's sections take lines of their own.
        let mut sections: Vec<Section> = self.list.rows.iter().filter_map(|row| self.section_of(row)).collect();
        sections.dedup();
        let heads = sections.len().div_ceil(usize::from(geometry.row_height.max(1)));
        geometry.list_rows().saturating_sub(heads).max(1)
    }

    /// Returns the section of the in-tray that a row stands in; `None` in any other view.
    pub fn section_of(&self, row: &ConversationRow) -> Option<Section> {
        let news = row.news.as_ref().filter(|_| self.shown_view() == Some(&View::InTray))?;
        Some(news.kind.section())
    }

    /// Takes the topmost layer away, and tells whether there was one.
    pub(super) fn pop_layer(&mut self) -> Option<Layer> {
        self.tickets.forget(&Purpose::When);
        self.tickets.forget(&Purpose::Parse);
        self.tickets.forget(&Purpose::Log);
        self.layers.pop()
    }
}
