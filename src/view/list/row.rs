//! One row of the list. Columns stand at the same place in every row of a list; what the view fixes has no column.

use crate::app::geometry::ONE_LINE_FROM;
use crate::app::words;
use crate::model::list_look::{Column, ListLook};
use crate::model::status::Status;
use crate::model::view::{ConversationRow, View};
use crate::text;
use crate::theme::Role;
use crate::view::Brush;
use crate::view::layout::{cut, field, fit, width};
use crate::view::list::fitting::{Said, Word};
use crate::view::list::time;
use crate::view::paint::Pieces;

/// The sign of a marked row.
pub(super) const MARK: &str = "✓";
/// The sign of a conversation that nobody has.
const NOBODY: &str = "–";
/// The columns of a sender in a row of one line.
const SENDER: usize = 17;
/// The columns of who has it.
const OWNER: usize = 7;
/// In a row of one line that is narrower than those are, sender and owner begin with so many columns, at so many of the row.
const SENDER_NARROW: usize = 12;
const OWNER_NARROW: usize = 5;
const NARROW: usize = 42;
/// The most columns of an inbox.
const INBOX_MAX: usize = 10;
/// The columns of an id, which a longer one of the rows in sight widens.
const ID: usize = 4;
/// The id has a column where so many are left for the subject and what stands behind it.
const ROOM_BESIDE_ID: usize = 30;
/// The most columns of an id.
const ID_MAX: usize = 8;
/// A row of so many columns shows how the newest message begins.
const SNIPPET_FROM: usize = 90;

/// Where the columns of a list stand.
pub(super) struct Columns {
    width: usize,
    two_lines: bool,
    /// Whether the rows' statuses differ in this view and are shown.
    status: bool,
    /// The columns of the sender, in a row of one line.
    sender: usize,
    /// The columns of owner, inbox and id; 0 of what is not shown.
    owner: usize,
    inbox: usize,
    id: usize,
    tags: bool,
    snippet: bool,
}

impl Columns {
    pub(super) fn of<'a>(
        brush: &Brush<'_>,
        width: usize,
        height: usize,
        rows: impl Iterator<Item = &'a ConversationRow>,
    ) -> Self {
        let app = brush.app;
        let look = app.list_look();
        let is_shown = |column: Column| look.columns.contains(&column) && !app.is_fixed(column);
        let two_lines = height > 1;
        let (sender, owner) = sender_and_owner(width, two_lines);
        let inboxes = app.around.inboxes.iter().map(|inbox| inbox.as_str().chars().count());
        let without = Self {
            width,
            two_lines,
            status: is_shown(Column::Status),
            sender,
            owner: if is_shown(Column::Owner) { owner } else { 0 },
            inbox: if is_shown(Column::Inbox) { inboxes.max().unwrap_or(0).min(INBOX_MAX) } else { 0 },
            id: 0,
            tags: is_shown(Column::Tags),
            snippet: is_shown(Column::Snippet),
        };
        let id = rows.map(|row| row.short.chars().count()).max().unwrap_or(ID).clamp(ID, ID_MAX);
        // What is left must not be less than it was without, or a wider row would tell less.
        let has_room = width >= usize::from(ONE_LINE_FROM) && (two_lines || without.left() > ROOM_BESIDE_ID + id);
        Self { id: if has_room && is_shown(Column::Id) { id } else { 0 }, ..without }
    }

    /// Returns the columns in front of the sender.
    fn before(&self) -> usize {
        time::CELLS + 2 + if self.status { 2 } else { 0 }
    }

    /// Returns the columns of what stands at the end of a line, each with the blank in front of it.
    fn end(&self) -> usize {
        [self.inbox, self.owner, self.id].into_iter().filter(|wide| *wide > 0).map(|wide| wide + 1).sum()
    }

    /// Returns the columns that a row of one line leaves to the subject and what stands behind it.
    fn left(&self) -> usize {
        self.width.saturating_sub(self.before() + self.sender + 1 + self.end())
    }

    /// Returns the columns of the subject and what stands behind it, in a row of one line.
    fn room(&self, look: &ListLook) -> usize {
        let left = self.left();
        // An id that only has no room yet is made room for.
        if self.id > 0 || !look.columns.contains(&Column::Id) { left } else { left.min(ROOM_BESIDE_ID) }
    }

    /// Returns the lines of a row.
    pub(super) fn lines(&self, brush: &Brush<'_>, row: &ConversationRow) -> Vec<Pieces> {
        let mut first = self.begin(brush, row);
        if self.two_lines {
            first.push(sender(brush, row, self.width.saturating_sub(self.before() + self.end())));
            first.extend(self.at_end(brush, row));
            let mut second: Pieces = vec![(" ".repeat(INDENT), brush.style(Role::Text))];
            second.extend(self.said(brush, row, self.width.saturating_sub(INDENT)));
            return vec![first, second];
        }
        first.push(sender(brush, row, self.sender + 1));
        let (room, left) = (self.room(&brush.app.list_look()), self.left());
        first.extend(self.said(brush, row, room));
        if left > room {
            first.push((" ".repeat(left - room), brush.style(Role::Text)));
        }
        first.extend(self.at_end(brush, row));
        vec![first]
    }

    /// What stands at the end of a line: inbox, owner, id.
    fn at_end(&self, brush: &Brush<'_>, row: &ConversationRow) -> Pieces {
        let mut pieces = Pieces::new();
        if self.inbox > 0 {
            let inbox = fit(&cut(row.inbox.as_str(), self.inbox), self.inbox);
            pieces.push((format!(" {inbox}"), brush.style(Role::Dim)));
        }
        if self.owner > 0 {
            let (who, role) = writer(brush, row, self.owner).unwrap_or_else(|| assignee(brush, row));
            pieces.push((format!(" {}", fit(&cut(&who, self.owner), self.owner)), brush.style(role)));
        }
        if self.id > 0 {
            pieces.push((format!(" {}", cut(&row.short, self.id)), brush.style(Role::ShortId)));
        }
        pieces
    }

    /// Time, mark, news and status.
    fn begin(&self, brush: &Brush<'_>, row: &ConversationRow) -> Pieces {
        let (time, time_role) = time::cells(brush, row);
        let mark = if brush.app.is_marked(row) { (MARK, Role::Marked) } else { (" ", Role::Text) };
        let news = if row.unread { (text::NEWS_SIGN, Role::News) } else { (" ", Role::Text) };
        let mut pieces: Pieces = vec![(time, brush.style(time_role))];
        pieces.extend([mark, news].map(|(sign, role)| (sign.to_owned(), brush.style(role))));
        if self.status {
            let (letter, role) = status_letter(row);
            pieces.push((format!("{letter} "), brush.style(role)));
        }
        pieces
    }

    /// The subject, the words and the tags, in just so many columns.
    fn said(&self, brush: &Brush<'_>, row: &ConversationRow, room: usize) -> Pieces {
        let said = self.say(brush, row);
        let fit = said.fit(room, self.snippet && self.width >= SNIPPET_FROM);
        let role = match is_gone(brush, row) {
            true => Role::Dim,
            false if row.unread => Role::Strong,
            false if row.title.as_str().trim().is_empty() => Role::Dim,
            false => Role::Text,
        };
        let subject = field(&cut(&said.subject, fit.subject));
        let mut gap = fit.subject.saturating_sub(width(&subject));
        let mut pieces: Pieces = vec![(subject, brush.style(role))];
        if fit.snippet > 3 {
            let snippet = format!(" · {}", field(&cut(&said.snippet, fit.snippet - 3)));
            gap = gap.saturating_sub(width(&snippet));
            pieces.push((snippet, brush.style(Role::Snippet)));
        }
        pieces.push((" ".repeat(gap), brush.style(Role::Text)));
        let weak = said.weak.into_iter().take(fit.weak);
        pieces.extend(weak.chain(said.strong).map(|(word, role)| (format!(" {word}"), brush.style(role))));
        let tags: String = said.tags.iter().take(fit.tags).map(|tag| format!(" {tag}")).collect();
        pieces.push((tags, brush.style(Role::Tag)));
        pieces
    }

    fn say(&self, brush: &Brush<'_>, row: &ConversationRow) -> Said {
        let mut strong = strong_words(brush, row);
        if let Some(writes) = writer(brush, row, OWNER).filter(|_| self.owner == 0) {
            strong.push(writes);
        }
        let in_tray = brush.app.shown_view() == Some(&View::InTray);
        let snippet = if in_tray { String::new() } else { row.snippet.directed().into_owned() };
        let tags = row.tags.iter().filter(|_| self.tags).map(|tag| format!("#{tag}")).collect();
        Said { subject: about(brush, row), snippet, strong, weak: weak_words(row), tags }
    }
}

/// Returns the columns of sender and owner in rows so wide. In rows of one line that are narrower than those are by themselves, both begin
/// with less, and never does a wider row leave less to the subject.
fn sender_and_owner(width: usize, two_lines: bool) -> (usize, usize) {
    let wide = usize::from(ONE_LINE_FROM);
    if two_lines || width >= wide {
        return (SENDER, OWNER);
    }
    let more = SENDER + OWNER - SENDER_NARROW - OWNER_NARROW;
    let more = width.saturating_sub(NARROW) * more / (wide - NARROW);
    let of_owner = (more / 3).min(OWNER - OWNER_NARROW);
    (SENDER_NARROW + more - of_owner, OWNER_NARROW + of_owner)
}

/// Where the second line of a row begins.
const INDENT: usize = 10;

/// Returns the letter of a status, or that of one that is asleep.
pub(in crate::view) fn letter(row: &ConversationRow) -> (&'static str, Role) {
    if row.snoozed_until.is_some() { ("Z", Role::Snoozed) } else { status_letter(row) }
}

/// Returns the letter of a status: the same as its key behind `s`.
fn status_letter(row: &ConversationRow) -> (&'static str, Role) {
    match row.status {
        Status::Open => ("O", Role::Open),
        Status::InProgress => ("I", Role::InProgress),
        Status::Waiting => ("W", Role::Waiting),
        Status::Closed => ("C", Role::Closed),
    }
}

fn sender(brush: &Brush<'_>, row: &ConversationRow, columns: usize) -> (String, ratatui::style::Style) {
    let role = match is_gone(brush, row) {
        true => Role::Dim,
        false if row.unread => Role::Strong,
        false => Role::Text,
    };
    let room = columns.saturating_sub(1);
    (format!("{} ", fit(row.people.as_str(), room)), brush.style(role))
}

/// Returns what a row is about: in the in-tray what is new, else the title.
fn about(brush: &Brush<'_>, row: &ConversationRow) -> String {
    let title = text::titled(&row.title.directed());
    match row.news.as_ref().filter(|_| brush.app.shown_view() == Some(&View::InTray)) {
        Some(news) => text::news(news, &title),
        None => title,
    }
}

/// Returns who writes an answer there just now, or works on it: that matters more than who has it.
fn writer(brush: &Brush<'_>, row: &ConversationRow, columns: usize) -> Option<Word> {
    let writer = brush.app.writer_at(row);
    let replies = writer.as_ref().map(|writer| &writer.who);
    let works = row.worker.as_ref().map(|worker| &worker.agent);
    let who = replies.or(works).filter(|who| **who != brush.app.around.me)?;
    let sign = if brush.app.around.ascii { ".." } else { "…" };
    Some((format!("{}{sign}", cut(who.as_str(), columns.saturating_sub(width(sign)))), Role::Replying))
}

fn assignee(brush: &Brush<'_>, row: &ConversationRow) -> Word {
    match &row.assignee {
        None => (NOBODY.into(), Role::Unassigned),
        Some(who) if *who == brush.app.around.me => (say!("me"), Role::Mine),
        Some(who) => (who.to_string(), Role::Others),
    }
}

/// Returns what is rare and serious: it is always drawn.
fn strong_words(brush: &Brush<'_>, row: &ConversationRow) -> Vec<Word> {
    let mut words = Vec::new();
    if row.failed {
        words.push((say!("row-not-sent"), Role::Error));
    } else if row.bounced {
        words.push((say!("row-bounced"), Role::Error));
    }
    if let Some(left) = held(brush, row) {
        words.push((say!("row-held", span = left), Role::Pending));
    }
    let why = why_left(brush, row).or_else(|| {
        let lease = row.replying.as_ref()?;
        let (who, since) = (lease.agent.as_str(), brush.app.since(lease.waiting?));
        Some(say!("row-answer-waits", who = who, since = since))
    });
    words.extend(why.map(|why| (format!("· {why}"), Role::Strong)));
    words
}

/// Returns how long a mail of mine is held back there, to be taken back; where nothing may count down, until when.
fn held(brush: &Brush<'_>, row: &ConversationRow) -> Option<String> {
    let leaving = brush.app.leaving.as_ref().filter(|leaving| leaving.conversation.as_ref() == Some(&row.id))?;
    let left = leaving.due.since(brush.app.now);
    (left > 0).then(|| match brush.app.around.reduced_motion {
        true => words::clock(leaving.due, &brush.app.around.zone),
        false => words::span(left.saturating_add(500)),
    })
}

/// Tells whether it is the row that left the list and stays under the cursor.
fn is_gone(brush: &Brush<'_>, row: &ConversationRow) -> bool {
    let list = &brush.app.list;
    list.left.is_some() && list.current().is_some_and(|on| on.id == row.id)
}

fn why_left(brush: &Brush<'_>, row: &ConversationRow) -> Option<String> {
    let why = brush.app.list.left.as_ref().filter(|_| is_gone(brush, row))?.why.as_ref()?;
    Some(text::render(why))
}

/// Returns what gives way where there is no room, the last first.
fn weak_words(row: &ConversationRow) -> Vec<Word> {
    let mut words = Vec::new();
    if row.draft {
        words.push((say!("row-draft"), Role::Pending));
    }
    if row.notes > 0 {
        words.push((say!("row-note"), Role::Dim));
    }
    if row.mentioned {
        words.push(("@".to_owned(), Role::Strong));
    }
    if row.answered > 0 {
        words.push((say!("answered", count = row.answered), Role::Dim));
    }
    if row.pending {
        words.push(("^".to_owned(), Role::Pending));
    }
    words
}
