//! Help: what can be done, by task, found by words, or every key there is.

use std::collections::BTreeSet;

use crate::app::App;
use crate::app::line::Line;
use crate::app::picker::begin_all;
use crate::keymap::{Action, Bound, Context, Key};
use crate::model::text::columns;
use crate::text;

/// The page of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpPage {
    /// Where it was asked for: the keys of that place are shown.
    pub context: Context,
    /// What is looked for.
    pub line: Line,
    /// Whether every key is listed, instead of the tasks.
    pub every: bool,
    /// The line under the cursor among those that can be done; `None` while nobody chose one.
    pub at: Option<usize>,
    /// Lines that are scrolled away at the top while there is no cursor.
    pub scroll: usize,
}

/// A line of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpLine {
    /// The keys; empty for a heading, and for what has none.
    pub keys: String,
    /// What they do, or the heading.
    pub words: String,
    /// Why it can't be done now.
    pub not_now: Option<String>,
    /// What is done; `None` for a heading, and for what only explains.
    pub does: Option<Bound>,
}

/// Something that a task takes: one action, the two ways of one, or a prefix of several.
#[derive(Clone, Copy, Debug)]
enum Item {
    One(Action),
    Two(Action, Action, fn() -> String),
    Prefix(Action, fn() -> String),
}

use Item::{One, Prefix, Two};

/// What people want to do, with what they press for it, in the order of the page.
fn tasks() -> [(String, Vec<Item>); 9] {
    use Action::*;
    [
        (
            say!("task-answer"),
            vec![One(Reply), One(ReplyAll), One(SavedReply), One(Forward), One(Note), One(NewConversation)],
        ),
        (say!("task-hand-over"), vec![One(AssignMe), One(Assign), One(Move), One(Follow)]),
        (
            say!("task-finish"),
            vec![
                One(Close),
                Two(NextConversation, PreviousConversation, || say!("task-next-one")),
                Prefix(StatusOpen, || say!("task-status")),
                Prefix(SnoozeTomorrow, || say!("task-snooze")),
                One(Wake),
            ],
        ),
        (say!("task-order"), vec![One(Tag), One(Title), One(Merge), One(Split), One(JoinRelated), One(EditNote)]),
        (
            say!("task-read"),
            vec![
                Two(NextMessage, PreviousMessage, || say!("task-message")),
                One(Unfold),
                One(TextOrHtml),
                One(OpenLink),
                One(Attachments),
                One(Earlier),
                One(Related),
                One(Customer),
                Prefix(AcceptInvitation, || say!("task-invitation")),
                Prefix(CopyId, || say!("task-copy")),
            ],
        ),
        (
            say!("task-go"),
            vec![
                One(Search),
                Prefix(Top, || say!("task-places")),
                Two(PreviousView, NextView, || say!("task-views")),
                One(LastView),
                One(View),
                One(NextPane),
                One(SaveView),
                Two(Density, Columns, || say!("task-list-look")),
            ],
        ),
        (say!("task-many"), vec![One(Mark), One(MarkRange), One(MarkAll), One(Again)]),
        (say!("task-undo"), vec![One(Undo), One(Redo), One(Log), One(Outbox), One(Drafts), One(Messages)]),
        (say!("task-screen"), vec![One(Help), One(Palette), One(SyncNow), One(Quit)]),
    ]
}

/// What is done most, in the order in which the palette offers it.
pub const USUAL: [Action; 24] = [
    Action::Reply,
    Action::Close,
    Action::Assign,
    Action::AssignMe,
    Action::Snooze,
    Action::Tag,
    Action::Note,
    Action::View,
    Action::Search,
    Action::SavedReply,
    Action::ReplyAll,
    Action::Forward,
    Action::NewConversation,
    Action::Move,
    Action::Merge,
    Action::Follow,
    Action::Undo,
    Action::Status,
    Action::Wake,
    Action::Title,
    Action::Log,
    Action::Outbox,
    Action::Help,
    Action::Theme,
];

impl HelpPage {
    /// Makes the page as it is opened.
    pub fn new(context: Context) -> Self {
        Self { context, line: Line::default(), every: !has_tasks(context), at: None, scroll: 0 }
    }

    /// Tells whether the tasks are shown, and no list.
    pub fn shows_tasks(&self) -> bool {
        !self.every && self.at.is_none() && self.line.is_empty()
    }
}

/// The columns of a task's name.
pub const TASK: usize = 11;

/// A row of help by task.
pub struct TaskRow {
    /// The task; empty where the row goes on with the one above.
    pub task: String,
    /// Keys, and the few words of what they do.
    pub items: Vec<(String, String)>,
}

/// Tells whether a place has tasks; where one writes there are only keys.
fn has_tasks(context: Context) -> bool {
    context == Context::Global || !context.around().is_empty()
}

impl App {
    /// Returns the tasks of help: each with the keys and the few words of what it takes.
    pub fn help_tasks(&self, context: Context) -> Vec<(String, Vec<(String, String)>)> {
        let label = |action| self.around.keymap.label(context, action);
        let item = |item: &Item| match item {
            One(action) => (label(*action), action.short()),
            Two(one, other, words) => (format!("{} {}", label(*one), label(*other)), words()),
            Prefix(action, words) => {
                let keys = self.around.keymap.keys_of(context, *action);
                (keys.iter().find_map(|keys| prefix(keys)).unwrap_or_default(), words())
            }
        };
        let is_bound = |(keys, _): &(String, String)| !keys.trim().is_empty();
        tasks().iter().map(|(task, items)| (task.clone(), items.iter().map(item).filter(is_bound).collect())).collect()
    }

    /// Returns the rows of the tasks in so many columns: each task begins a row, and goes on under itself where it needs more.
    pub fn help_task_rows(&self, context: Context, room: usize) -> Vec<TaskRow> {
        let mut rows = Vec::new();
        for (task, items) in self.help_tasks(context) {
            let mut row = TaskRow { task, items: Vec::new() };
            let mut used = TASK;
            for (keys, words) in items {
                let wide = columns(&keys) + 1 + columns(&words);
                if used + wide > room && !row.items.is_empty() {
                    rows.push(std::mem::replace(&mut row, TaskRow { task: String::new(), items: Vec::new() }));
                    used = TASK;
                }
                used += wide + 2;
                row.items.push((keys, words));
            }
            rows.push(row);
        }
        rows
    }

    /// Tells whether all of a page of help is in view.
    pub(super) fn help_is_whole(&self, page: &HelpPage, lines: &[HelpLine]) -> bool {
        let body = self.geometry().body;
        let rows = match page.shows_tasks() {
            true => self.help_task_rows(page.context, body.width.into()).len(),
            false => lines.len(),
        };
        rows <= usize::from(body.height.saturating_sub(1))
    }

    /// Returns the lines of a page of help: headings and keys, or what was looked for.
    pub fn help_lines(&self, page: &HelpPage) -> Vec<HelpLine> {
        let all = self.every_key(page.context);
        let typed = page.line.text();
        if typed.trim().is_empty() {
            return all;
        }
        let task = |line: &HelpLine| {
            let action = line.does.as_ref().and_then(Bound::action);
            action.and_then(task_of).unwrap_or_default()
        };
        let says = |line: &HelpLine| {
            let name = line.does.as_ref().map_or("", Bound::name);
            begin_all(&typed, &format!("{} {name} {}", line.words, task(line)))
        };
        let mut found: Vec<HelpLine> = all.into_iter().filter(|line| line.does.is_some() && says(line)).collect();
        // What is called so before what only speaks of it.
        found.sort_by_key(|line| {
            let name = line.does.as_ref().map_or("", Bound::name);
            (!begin_all(&typed, name), line.keys.is_empty())
        });
        found
    }

    /// Returns every key of a place, then what there is without a key.
    fn every_key(&self, context: Context) -> Vec<HelpLine> {
        let heading = |words: String| HelpLine { keys: String::new(), words, not_now: None, does: None };
        let contexts = std::iter::once(context).chain(context.around().iter().copied());
        let mut lines = Vec::new();
        let (mut met, mut taken) = (Vec::new(), BTreeSet::new());
        for part in contexts {
            lines.push(heading(part.title()));
            let mut rows = self.around.keymap.rows(part);
            // A key means what the innermost place says.
            for (_, keys) in &mut rows {
                keys.retain(|key| !taken.contains(key));
            }
            rows.retain(|(_, keys)| !keys.is_empty());
            taken.extend(rows.iter().flat_map(|(_, keys)| keys.iter().cloned()));
            for (bound, keys) in rows {
                met.extend(bound.action());
                lines.push(self.help_line(bound, keys.join(" ")));
            }
        }
        if has_tasks(context) {
            lines.push(heading(say!("help-by-name")));
            let keyless = Action::ALL.iter().filter(|action| **action < Action::Accept && !met.contains(action));
            lines.extend(keyless.map(|action| self.help_line(Bound::Action(*action), String::new())));
        }
        if context == Context::List {
            lines.push(heading(say!("help-signs")));
            let sign = |(sign, words): (&str, String)| HelpLine { keys: sign.to_owned(), ..heading(words) };
            lines.extend(signs().map(sign));
        }
        lines
    }

    fn help_line(&self, bound: Bound, keys: String) -> HelpLine {
        let not_now = bound.action().and_then(|action| self.why_not(action)).as_ref().map(text::render);
        HelpLine { keys, words: bound.sentence(), not_now, does: Some(bound) }
    }

    /// Returns the lines of help for a place as they are read: keys and sentence, or a heading without keys.
    pub fn help(&self, context: Context) -> Vec<(String, String)> {
        let read = |line: HelpLine| match line.not_now {
            Some(why) => (line.keys, say!("help-not-now", sentence = line.words, why = why)),
            None => (line.keys, line.words),
        };
        self.every_key(context).into_iter().map(read).collect()
    }
}

/// Returns the task that an action belongs to.
fn task_of(action: Action) -> Option<String> {
    let has = |item: &Item| match item {
        One(one) | Prefix(one, _) => *one == action,
        Two(one, other, _) => *one == action || *other == action,
    };
    tasks().into_iter().find(|(_, items)| items.iter().any(has)).map(|(task, _)| task)
}

/// Writes the first of several keys with a sign that others follow; `None` where it is the only one.
fn prefix(keys: &[Key]) -> Option<String> {
    keys.first().filter(|_| keys.len() > 1).map(|first| format!("{first}…"))
}

/// Returns what the signs of a row mean, in the order of the row.
fn signs() -> [(&'static str, String); 12] {
    [
        ("!", say!("sign-late")),
        ("~", say!("sign-soon")),
        ("z", say!("sign-snoozed")),
        ("·", say!("sign-nobody-waits")),
        ("✓", say!("sign-marked")),
        (text::NEWS_SIGN, say!("sign-new")),
        ("O I W C", say!("sign-status")),
        ("@", say!("sign-mention")),
        ("^", say!("sign-pending")),
        ("#", say!("sign-tag")),
        ("–", say!("sign-nobody")),
        ("…", say!("sign-replying")),
    ]
}
