//! What the store answered.

use crate::app::event::{Answer, TookBack};
use crate::app::notice::Part;
use crate::app::tickets::{Named, Purpose, Ticket};
use crate::app::{App, Ask, Effect, Layer, Page, Severity, Until, words};
use crate::error::UserError;
use crate::keymap::{Action, Context};
use crate::model::conversation::{Conversation, LogEntry};
use crate::model::description::Act;
use crate::model::ids::{ConversationId, OpId};
use crate::model::pace::Pace;
use crate::model::panel::PanelSaid;
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
use crate::model::view::{ConversationRow, Counts};
use crate::op::operation::{Known, Operation};
use crate::op::outcome::{LeftOut, Outcome, WhyNot};
use crate::op::record::Record;
use crate::op::wish::Wish;
use crate::text;

impl App {
    pub(super) fn answered(&mut self, ticket: Ticket, answer: Result<Answer, UserError>) -> Vec<Effect> {
        let Some(purpose) = self.tickets.close(ticket) else { return Vec::new() };
        match answer {
            Ok(answer) => self.take(purpose, answer),
            Err(error) => self.refused(&purpose, &error),
        }
    }

    fn take(&mut self, purpose: Purpose, answer: Answer) -> Vec<Effect> {
        match (purpose, answer) {
            (purpose, Answer::Rows(rows)) => self.take_rows(&purpose, rows),
            (_, Answer::UsualWait(usual)) => {
                self.usual_wait = usual;
                Vec::new()
            }
            (_, Answer::Around { before, behind }) => self.take_sorted(before, behind),
            (Purpose::Conversation(id), Answer::Conversation(data)) => {
                if self.open.as_ref().is_none_or(|open| open.id != id) {
                    return Vec::new();
                }
                self.take_conversation(data);
                let mut effects = self.want_bodies();
                effects.extend(self.seek_hits());
                effects.extend(self.look());
                effects
            }
            (Purpose::KeptNote(place), Answer::KeptNote(Some(text))) => {
                self.take_kept_note(&place, &text);
                Vec::new()
            }
            (Purpose::Left(id), Answer::Now(row)) => {
                self.list.learn(&id, row.map(|row| *row), &self.around.me);
                Vec::new()
            }
            (Purpose::Merge(asked), Answer::Merging(all)) => self.choose_merge(asked, all),
            (Purpose::MergeTheirs(_), Answer::Merging(all)) => self.ask_merge(all),
            (Purpose::Join(_), Answer::Merging(all)) => self.ask_join(all),
            (Purpose::Customer(id), Answer::Customer(customer, heads)) => {
                self.take_customer(&id, customer.map(|one| *one).unwrap_or_default(), heads)
            }
            (Purpose::Panel { of, name }, Answer::Panel(said)) => {
                self.take_panel(&of, &name, said);
                Vec::new()
            }
            (_, Answer::Bodies(not)) => {
                if let Some(open) = &mut self.open {
                    open.cannot_come.extend(not);
                }
                Vec::new()
            }
            (purpose, answer @ (Answer::Taken(..) | Answer::GivenBack(_) | Answer::Renewed(_) | Answer::Stand(_))) => {
                self.take_of_queue(purpose, answer)
            }
            (_, Answer::OnTheWay(mail)) => self.take_on_the_way(mail),
            (_, Answer::Counts(counts)) => {
                self.shout(&counts);
                self.tell_left(&counts);
                self.tell_orphaned(&counts);
                let mut told = self.tell_departed(&counts);
                told.extend(self.tell_upgraded(&counts));
                self.deriving = self.deriving(counts.to_derive);
                self.counts = counts;
                self.take_views();
                told.extend(self.entitle());
                told
            }
            (purpose, answer @ (Answer::Begun(_) | Answer::Kept(_) | Answer::News { .. } | Answer::Saved(..))) => {
                self.take_writing(&purpose, answer)
            }
            (Purpose::Files { pasted }, Answer::Files(files, wrong)) => self.take_files(pasted, files, &wrong),
            (_, answer @ (Answer::People { .. } | Answer::Strangers(_) | Answer::Collision(_) | Answer::Paths(_))) => {
                self.take_for_mail(answer)
            }
            (Purpose::News, Answer::Review(review)) => self.freshen_review(*review),
            (_, Answer::Review(review)) => self.take_review(*review),
            (_, Answer::Queued(leaving)) => self.queued(leaving),
            (purpose, answer @ (Answer::Outbox(_) | Answer::Drafts(_) | Answer::Did(_))) => {
                self.take_outgoing(&purpose, answer)
            }
            (Purpose::OwnCounts(names), Answer::Counted(counts)) => {
                self.take_own_counts(names, counts).into_iter().collect()
            }
            (_, Answer::ViewSaved(view)) => self.take_saved_view(view),
            (_, Answer::Count(count)) => {
                self.list.found = Some(count);
                Vec::new()
            }
            (_, answer @ (Answer::Meant(_) | Answer::Piped(_) | Answer::Compared(_) | Answer::RowsOf(_))) => {
                self.take_shown(answer);
                Vec::new()
            }
            (_, Answer::Marked { token, ids }) => {
                self.take_marked(token, ids);
                Vec::new()
            }
            (_, Answer::Unknown(names)) => {
                self.tell_unknown(&names);
                Vec::new()
            }
            (_, Answer::Parsed) => {
                self.judge(None);
                Vec::new()
            }
            (_, Answer::When(at)) => {
                if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
                    prompt.when = Some(at);
                    prompt.error = None;
                }
                Vec::new()
            }
            (Purpose::Commit { wish, act, quiet, on }, Answer::Done(done)) => self.done(&wish, &act, quiet, on, &done),
            (Purpose::Undo { redo }, Answer::Undone(what)) => self.undone(redo, what.map(|what| *what)),
            (_, Answer::Refused(why)) => {
                self.tell(Severity::Info, why.as_str(), "");
                Vec::new()
            }
            (_, Answer::Log(found)) => self.take_log(found),
            (Purpose::Source(of), Answer::Source(source)) => self.take_source(&of, source),
            (_, answer @ (Answer::Names { .. } | Answer::Workloads(_))) => {
                self.take_known(answer);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Takes who and what is known, to choose among.
    fn take_known(&mut self, answer: Answer) {
        match answer {
            Answer::Names { tags, used, agents, teams, differs, replies } => {
                self.take_differences(&differs);
                self.tag_uses = used;
                (self.tags, self.others, self.teams, self.replies) = (tags, agents, teams, replies);
                self.refresh_tags();
            }
            Answer::Workloads(known) => self.workloads = known,
            _ => return,
        }
        self.refresh_assignees();
    }

    /// Takes what is only shown.
    fn take_shown(&mut self, answer: Answer) {
        match answer {
            Answer::Piped(piped) => self.take_piped(*piped),
            Answer::Compared(sides) => self.take_compared(sides),
            Answer::RowsOf(rows) => self.take_rows_of(rows),
            Answer::Meant(meant) => self.list.meant = meant.filter(|_| self.list.rows.is_empty()),
            _ => {}
        }
    }

    /// Takes what was found for a mail that is being written or was stopped.
    fn take_for_mail(&mut self, answer: Answer) -> Vec<Effect> {
        match answer {
            Answer::Collision(found) => return self.take_collision(found),
            Answer::Paths(paths) => return self.take_paths(paths),
            Answer::People { typed, found } => self.take_people(typed, found),
            Answer::Strangers(who) => {
                if let Some(compose) = self.compose_mut() {
                    compose.take_strangers(who);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn take_of_queue(&mut self, purpose: Purpose, answer: Answer) -> Vec<Effect> {
        match (purpose, answer) {
            (_, Answer::Taken(taken, stand)) => self.take_taken(taken.map(|taken| *taken), stand),
            (Purpose::QueueGiveBack(on), Answer::GivenBack(is_given)) => self.take_given_back(on, is_given),
            (Purpose::QueueRenew(id), Answer::Renewed(until)) => {
                self.take_renewed(&id, until);
                Vec::new()
            }
            (Purpose::QueueStand(hand), Answer::Stand(stand)) => {
                self.take_stand(hand.as_ref(), stand);
                Vec::new()
            }
            (Purpose::QueueAgain(id), Answer::Stand(stand)) => self.take_again(&id, stand),
            _ => Vec::new(),
        }
    }

    /// Returns since when messages are derived again, where so many are left now.
    fn deriving(&self, left: u64) -> Option<(Pace, u64)> {
        let begun = self.deriving.filter(|(_, all)| left <= *all);
        (left > 0).then(|| begun.unwrap_or_else(|| (Pace::begin(self.now, 0), left)))
    }

    /// Tells once of operations that no server will ever get as things are.
    fn tell_orphaned(&mut self, counts: &Counts) {
        if counts.orphaned.is_empty() || !self.counts.orphaned.is_empty() {
            return;
        }
        let (text, hint) = words::orphaned(&counts.orphaned);
        self.tell(Severity::Warning, &text, &hint);
    }

    /// Tells of conversations of mine that are closed because their mail left, each once.
    fn tell_departed(&mut self, counts: &Counts) -> Vec<Effect> {
        let new = counts.departed.iter().filter(|(id, _)| !self.counts.departed.contains_key(id));
        let new: Vec<(ConversationId, SafeText)> = new.map(|(id, title)| (id.clone(), title.clone())).collect();
        let hint = say!("hint-gone-found", key = self.key_of(Action::Search));
        match new.as_slice() {
            [] => return Vec::new(),
            [(id, title)] => {
                let words = say!("your-mail-left", title = title);
                self.tell_of(Severity::Warning, &words, &hint, Some(id.clone()));
            }
            several => self.tell(Severity::Warning, &say!("your-mails-left", count = several.len()), &hint),
        }
        let ids = new.into_iter().map(|(id, _)| id).collect();
        vec![self.ask(Purpose::Told, Ask::DepartedTold(ids))]
    }

    /// Tells once of conversations that the rules of this program changed, or would have.
    fn tell_upgraded(&mut self, counts: &Counts) -> Option<Effect> {
        if counts.upgraded == 0 || self.counts.upgraded > 0 {
            return None;
        }
        let hint = say!("hint-upgraded-found", key = self.key_of(Action::Search), count = counts.upgraded);
        self.tell(Severity::Warning, &say!("told-upgraded", count = counts.upgraded), &hint);
        Some(self.ask(Purpose::Told, Ask::UpgradeTold))
    }

    fn undone(&mut self, redo: bool, what: Option<TookBack>) -> Vec<Effect> {
        let Some(TookBack { words, about, more, commands, command }) = what else {
            let words = if redo { say!("nothing-to-redo") } else { say!("nothing-to-undo") };
            self.tell(Severity::Info, &words, "");
            return Vec::new();
        };
        let key = self.key_of(if redo { Action::Undo } else { Action::Redo });
        let hint = if redo { say!("hint-undoes", key = key) } else { say!("hint-redoes", key = key) };
        self.let_go_of_commands(&commands);
        about.iter().for_each(|(id, _)| self.let_go_of_dealt(id));
        match about.as_slice() {
            [(id, _)] if more == 0 => self.tell_of(Severity::Info, words.as_str(), &hint, Some(id.clone())),
            several => {
                self.tell(Severity::Info, words.as_str(), &hint);
                let part = |(id, name): &(ConversationId, String)| Part {
                    conversation: id.clone(),
                    text: SafeText::line(name),
                };
                self.last_parts(several.iter().map(part).collect(), more);
            }
        }
        self.last_command(command);
        self.undone_in_queue(&about)
    }

    fn take_log(&mut self, found: Vec<LogEntry>) -> Vec<Effect> {
        if let Some(Layer::Page(Page::Log { entries, at, .. })) = self.layers.last_mut() {
            // The cursor stays on its entry when others come in above it.
            let was = entries.as_ref().and_then(|old| old.get(*at)).map(|entry| entry.id);
            *at = found.iter().position(|entry| Some(entry.id) == was).unwrap_or(0);
            *entries = Some(found);
        }
        Vec::new()
    }

    fn take_conversation(&mut self, data: Option<Box<Conversation>>) {
        let Some(open) = &mut self.open else { return };
        match data {
            Some(data) => open.take_data(*data),
            // What is being read, and what is being written about it, does not become another conversation.
            None if open.data.is_some() => {
                if !std::mem::replace(&mut open.gone, true) {
                    let id = open.id.clone();
                    let words = about(self.named(id.clone()).name.as_deref(), say!("conversation-gone"));
                    self.tell_of(Severity::Warning, &words, "", Some(id));
                }
            }
            None => {
                // What is typed into a line goes there still.
                if self.is_reading() && self.layers.is_empty() {
                    self.closing.close(self.now);
                }
                self.open = None;
                self.focus = crate::app::Pane::List;
                self.tell(Severity::Warning, &say!("conversation-gone"), "");
            }
        }
    }

    fn done(&mut self, wish: &Wish, act: &Act, quiet: bool, on: Option<Named>, done: &Outcome) -> Vec<Effect> {
        let name = on.as_ref().and_then(|on| on.name.as_deref());
        let id = || on.as_ref().map(|on| on.id.clone());
        let lost = done.lost.len();
        let command = done.records.first().map(Record::command);
        for lost in &done.lost {
            let what = match &lost.held_by {
                Some((who, at)) => {
                    say!("stands-taken-first", who = who.to_string(), ago = words::span(self.now.since(*at)))
                }
                None => say!("taken-by-somebody"),
            };
            let key = self.key_of(Action::Assign);
            let what = about(name, what);
            self.list.mine = false;
            self.tell_of(Severity::Warning, &what, &say!("hint-take-over", key = key), id());
            self.last_until(Until::Dealt);
            self.last_command(command);
        }
        let done_to = done.changed().saturating_sub(lost);
        if lost == 0
            && done.changed() > 0
            && let Some(on) = &on
        {
            self.let_go_of_dealt(&on.id);
        }
        if quiet {
            return Vec::new();
        }
        if done_to == 0 && lost == 0 && done.left_out.is_empty() {
            let text = words::already(wish, done.already(), &self.around.me, &self.around.zone);
            self.tell_of(Severity::Info, &about(name, text), "", id());
        }
        if done_to > 0 && lost == 0 {
            // A merge names the one that stays itself.
            let names_it = done_to == 1 && !matches!(act, Act::MergedInto(_));
            let name = name.filter(|_| names_it);
            let time = |at| words::moment(at, &self.around.zone);
            let text = text::did_as_you(&what_was_done(act, done), name, done_to, &time);
            let undo = self.key_of(Action::Undo);
            self.tell_of(Severity::Info, &text, &say!("hint-undoes", key = undo), id());
            self.last_command(command);
        }
        self.tell_left_out(&done.left_out, on.as_ref(), command);
        // New tags may have come into use.
        let tagged = done_to > 0 && matches!(wish, Wish::Tag { .. });
        if tagged { vec![self.ask(Purpose::Names, Ask::Names)] } else { Vec::new() }
    }

    /// Tells what was not done.
    fn tell_left_out(&mut self, left_out: &[LeftOut], on: Option<&Named>, command: Option<OpId>) {
        let again = || say!("hint-look-again");
        let (text, hint) = match left_out {
            [] => return,
            [LeftOut { why: WhyNot::Gone, .. }] => (say!("left-out-gone"), String::new()),
            [_] if on.is_some() => (say!("left-out-news"), again()),
            several => (say!("left-out-several", count = several.len()), again()),
        };
        let text = about(on.and_then(|on| on.name.as_deref()), text);
        self.tell_of(Severity::Warning, &text, &hint, on.map(|on| on.id.clone()));
        self.last_until(Until::Dealt);
        self.last_command(command);
    }

    /// Returns the row of a conversation as it is shown, the newest first; `None` where it stands nowhere on the screen.
    pub(super) fn shown_row(&self, id: &ConversationId) -> Option<&ConversationRow> {
        let open = self.open.as_ref().and_then(|open| open.data.as_ref()).map(|data| &data.row);
        let hand = self.queue.as_ref().and_then(|queue| queue.hand.as_ref()).map(|hand| &hand.row);
        let mut rows = open.into_iter().chain(&self.list.rows).chain(&self.subject).chain(hand);
        rows.find(|row| row.id == *id)
    }

    /// Names a conversation.
    pub(super) fn named(&self, id: ConversationId) -> Named {
        let name = self.shown_row(&id).map(|row| format!("{} {}", row.people, row.short));
        Named { id, name }
    }

    fn refused(&mut self, purpose: &Purpose, error: &UserError) -> Vec<Effect> {
        match purpose {
            Purpose::Leaving => return self.cannot_look(error),
            Purpose::QueueRenew(id) => return self.not_renewed(id, error),
            Purpose::QueueNext => {
                self.not_taken(error);
            }
            Purpose::Parse | Purpose::When => {
                self.judge(Some(error.to_string()));
            }
            Purpose::Found
            | Purpose::Unknown
            | Purpose::Meant
            | Purpose::Paths
            | Purpose::People
            | Purpose::Strangers => {}
            Purpose::Panel { of, name } => {
                self.take_panel(of, name, PanelSaid::Failed(Phrase::said(error.to_string())));
            }
            Purpose::MarkAll => {
                self.marks.clear();
                self.fail(error);
            }
            Purpose::Pipe => {
                self.close_pipe();
                self.fail(error);
            }
            Purpose::Keep | Purpose::Queue | Purpose::Review => self.not_kept(error),
            _ => self.fail(error),
        }
        if matches!(purpose, Purpose::Fill { .. }) {
            self.list.loaded = true;
            self.list.at_start = true;
            self.list.at_end = true;
        }
        Vec::new()
    }

    /// Shows under the line what is wrong with it.
    fn judge(&mut self, error: Option<String>) {
        if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
            prompt.error = error;
            prompt.when = None;
        }
    }

    /// Returns the key of an action in the list, in our notation.
    pub fn key_of(&self, action: Action) -> String {
        self.around.keymap.label(Context::List, action)
    }
}

/// Puts the name of the conversation before what is told of it.
pub(super) fn about(name: Option<&str>, what: String) -> String {
    match name {
        Some(name) => say!("about-one", name = name, what = what),
        None => what,
    }
}

/// Returns what was done of what was wished: of tags only those that were not as wished already.
fn what_was_done(wished: &Act, done: &Outcome) -> Act {
    match done.records.as_slice() {
        [Record { op: Operation::Known(Known::Tag { add, remove }), .. }] => {
            Act::Tagged { add: add.clone(), remove: remove.clone() }
        }
        _ => wished.clone(),
    }
}
