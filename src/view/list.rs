//! The list of conversations. Every state has a letter or a sign; colour only repeats it.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{Pane, words};
use crate::keymap::Action;
use crate::model::news::Section;
use crate::model::status::Status;
use crate::model::view::{ConversationRow, View};
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, fit, visual, width};
use crate::view::paint::Pieces;
use crate::view::{Brush, paint};

/// The columns of a title that nothing takes.
const TITLE_MIN: usize = 8;
/// The columns at the left edge that show the cursor: the row keeps its colours, and a step of the cursor is few bytes.
const TAB: u16 = 4;

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let app = brush.app;
    heading(brush, frame, paint::line(area, 0));
    let height = usize::from(app.geometry().row_height);
    if app.list.rows.is_empty() {
        let words = match (app.list_is_empty(), &app.list.search) {
            (false, _) => say!("loading"),
            (true, Some(_)) => say!("list-no-match"),
            (true, None) if app.shown_view() == Some(&View::InTray) => {
                say!("in-tray-empty", count = app.counts.get(&View::Unassigned))
            }
            (true, None) => say!("list-empty"),
        };
        let words = loose(brush).unwrap_or(words);
        paint::text(frame, paint::line(area, 1), &format!(" {words}"), brush.style(Role::Dim));
        return;
    }
    let screen = app.list_rows();
    let (mut heads, mut section) = (0, None);
    for (n, row) in app.list.rows.iter().enumerate().skip(app.list.top).take(screen) {
        let begins = app.section_of(row).filter(|now| section != Some(*now));
        if let Some(now) = begins {
            paint::text(
                frame,
                paint::line(area, 1 + (n - app.list.top) * height + heads),
                &format!(" {}", section_title(now)),
                brush.style(Role::Heading),
            );
            (heads, section) = (heads + 1, begins);
        }
        let first = 1 + (n - app.list.top) * height + heads;
        let width = usize::from(area.width);
        let lines = if height == 1 { vec![one_line(brush, row, width)] } else { two_lines(brush, row, width) };
        for (k, pieces) in lines.iter().enumerate() {
            let place = paint::line(area, first + k);
            paint::pieces(frame, place, pieces);
            if n == app.list.cursor && k == 0 {
                let role = if app.focus == Pane::List { Role::Cursor } else { Role::CursorAway };
                paint::look(frame, Rect { width: TAB.min(place.width), ..place }, brush.style(role));
            }
        }
    }
}

fn section_title(section: Section) -> String {
    match section {
        Section::Mentions => say!("section-mentions"),
        Section::Answers => say!("section-answers"),
        Section::Given => say!("section-given"),
        Section::Trouble => say!("section-trouble"),
    }
}

/// Returns what a row is about: in the in-tray what is new, else the title.
fn about(brush: &Brush<'_>, row: &ConversationRow) -> String {
    let title = text::titled(row.title.as_str());
    match row.news.as_ref().filter(|_| brush.app.shown_view() == Some(&View::InTray)) {
        Some(news) => text::news(news, &title),
        None => title,
    }
}

/// Returns the sign of what was not looked at, one column wide.
fn news_sign(row: &ConversationRow) -> &'static str {
    if row.unread { text::NEWS_SIGN } else { " " }
}

/// Says where the drafts and mails are that a view counts and that belong to no conversation.
fn loose(brush: &Brush<'_>) -> Option<String> {
    let view = brush.app.shown_view()?;
    let n = brush.app.counts.loose(view);
    let key = |action| brush.app.key_of(action);
    match view {
        _ if n == 0 => None,
        View::Drafts => Some(say!("loose-drafts", count = n, key = key(Action::Drafts))),
        View::Outbox => Some(say!("loose-mails", count = n, key = key(Action::Outbox))),
        _ => None,
    }
}

fn heading(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let app = brush.app;
    let role = if app.focus == Pane::List { Role::HeadingFocused } else { Role::Heading };
    let title = match &app.list.search {
        Some(search) => format!(" / {}", crate::model::text::SafeText::line_max(search, 200)),
        None => app.shown_view().map(|view| format!(" {}", text::render(&view.title()))).unwrap_or_default(),
    };
    let total = app.total().map(|total| format!("  {}", words::number(total))).unwrap_or_default();
    let mut pieces: Pieces = vec![(title, brush.style(role)), (total, brush.style(Role::Count))];
    if !app.marks.is_empty() {
        let count = app.marked_count().map_or_else(|| say!("marked-all"), |count| say!("marked", count = count));
        pieces.push((format!("  * {count}"), brush.style(Role::Marked)));
    }
    // Without a column of views, their numbers stand beside the heading.
    if app.geometry().views.is_none() {
        let room = usize::from(area.width).saturating_sub(paint::span(&pieces) + 3);
        let mut tabs = String::new();
        for (n, view) in app.views.iter().enumerate().take(9) {
            let count = app.counts.get(view);
            if n == app.view || count == 0 {
                continue;
            }
            let tab = format!("  {} {} {}", n + 1, text::render(&view.title()), words::number(count));
            if width(&tabs) + width(&tab) > room {
                break;
            }
            tabs.push_str(&tab);
        }
        let gap = (usize::from(area.width)).saturating_sub(paint::span(&pieces) + width(&tabs) + 1);
        pieces.push((format!("{}{tabs}", " ".repeat(gap)), brush.style(Role::Dim)));
    }
    paint::pieces(frame, area, &pieces);
}

/// Returns the letter of a status: the same as its key behind `s`.
pub(super) fn letter(row: &ConversationRow) -> (&'static str, Role) {
    if row.snoozed_until.is_some() {
        return ("Z", Role::Snoozed);
    }
    match row.status {
        Status::Open => ("O", Role::Open),
        Status::InProgress => ("I", Role::InProgress),
        Status::Waiting => ("W", Role::Waiting),
        Status::Closed => ("C", Role::Closed),
    }
}

/// Returns the sign in front of a row, the most pressing first: failed mail, mark, somebody replying or a worker at it, draft, not on the server.
fn sign(brush: &Brush<'_>, row: &ConversationRow) -> (&'static str, Role) {
    if row.failed || row.bounced {
        ("!", Role::Error)
    } else if brush.app.is_marked(row) {
        ("*", Role::Marked)
    } else if row.replying.is_some() || row.worker.is_some() {
        ("~", Role::Replying)
    } else if row.draft {
        ("d", Role::Pending)
    } else if row.pending {
        ("^", Role::Pending)
    } else {
        (" ", Role::Text)
    }
}

fn assignee(brush: &Brush<'_>, row: &ConversationRow) -> (String, Role) {
    match &row.assignee {
        None => ("-".into(), Role::Unassigned),
        Some(who) if *who == brush.app.around.me => (say!("me"), Role::Mine),
        Some(who) => (who.to_string(), Role::Others),
    }
}

/// Returns what is said behind a title. How many answered a notice needs room beside all else.
fn extras(row: &ConversationRow, room: usize) -> String {
    let answered = (row.answered > 0).then(|| format!(" {}", say!("answered", count = row.answered)));
    let bare = extras_with(row, "");
    let all = answered.map_or_else(String::new, |answered| extras_with(row, &answered));
    if all.is_empty() || width(&crate::text::titled(row.title.as_str())) + width(&all) > room { bare } else { all }
}

fn extras_with(row: &ConversationRow, answered: &str) -> String {
    let mut out = String::new();
    if row.messages > 1 {
        out.push_str(&format!(" ({})", row.messages));
    }
    out.push_str(answered);
    if row.notes > 0 {
        out.push_str(" n");
    }
    if row.attachments {
        out.push_str(" +");
    }
    if row.mentioned {
        out.push_str(" @");
    }
    out
}

/// Returns what is said of a row in strong words: why it left the list, or that a colleague's answer waits.
fn strong_words(brush: &Brush<'_>, row: &ConversationRow) -> Option<String> {
    let waits = || {
        let lease = row.replying.as_ref()?;
        let (who, since) = (lease.agent.as_str(), brush.app.since(lease.waiting?));
        Some(format!(" · {}", say!("row-answer-waits", who = who, since = since)))
    };
    left_words(brush, row).or_else(waits)
}

/// Returns what is said of the row that left the list and stays under the cursor.
fn left_words(brush: &Brush<'_>, row: &ConversationRow) -> Option<String> {
    let list = &brush.app.list;
    let why = list.left.as_ref().filter(|_| list.current().is_some_and(|on| on.id == row.id))?.why.as_ref()?;
    Some(format!(" · {}", text::render(why)))
}

fn tags(row: &ConversationRow, room: usize) -> String {
    let all: Vec<String> = row.tags.iter().map(|tag| format!("#{tag}")).collect();
    if all.is_empty() { String::new() } else { format!(" {}", cut(&visual(&all.join(" "), false), room)) }
}

fn one_line(brush: &Brush<'_>, row: &ConversationRow, columns: usize) -> Pieces {
    let as_is = brush.app.around.terminal_bidi;
    let (sign, sign_role) = sign(brush, row);
    let (letter, letter_role) = letter(row);
    let (who, who_role) = assignee(brush, row);
    let people_room = (columns / 5).clamp(10, 28);
    let tags = tags(row, columns / 6);
    let room = columns.saturating_sub(4 + 6 + people_room + 1 + width(&tags) + 1 + 8 + 1 + 4);
    // The reason why a row left is read whole, and the title gives way.
    let gone = strong_words(brush, row);
    let said = gone.as_ref().map_or(0, |why| width(why).min(room.saturating_sub(TITLE_MIN)));
    let title = visual(&cut(&about(brush, row), room.saturating_sub(said)), as_is);
    let extras = extras(row, room);
    let mut left = room.saturating_sub(width(&title));
    let mut rest: Pieces = Vec::new();
    if let Some(why) = &gone {
        let why = cut(why, left);
        left -= width(&why);
        rest.push((why, brush.style(Role::Strong)));
    } else if left >= width(&extras) {
        left -= width(&extras);
        rest.push((extras, brush.style(Role::Dim)));
    }
    if gone.is_none() && left > 8 && !row.snippet.is_empty() && brush.app.shown_view() != Some(&View::InTray) {
        let snippet = visual(&cut(row.snippet.as_str(), left - 3), as_is);
        left -= width(&snippet) + 3;
        rest.push((format!(" - {snippet}"), brush.style(Role::Snippet)));
    }
    rest.push((" ".repeat(left), brush.style(Role::Text)));
    let title_role = match left_words(brush, row) {
        Some(_) => Role::Dim,
        None if row.unread => Role::Strong,
        None => Role::Text,
    };
    let mut pieces = vec![
        (sign.into(), brush.style(sign_role)),
        (news_sign(row).into(), brush.style(Role::News)),
        (format!("{letter} "), brush.style(letter_role)),
        (format!("{} ", fit(&row.short, 5)), brush.style(Role::ShortId)),
        (
            format!("{} ", fit(&visual(&cut(row.people.as_str(), people_room), as_is), people_room)),
            brush.style(if row.unread { Role::Strong } else { Role::Text }),
        ),
        (title, brush.style(title_role)),
    ];
    pieces.extend(rest);
    pieces.push((tags, brush.style(Role::Tag)));
    pieces.push((format!(" {}", fit(&who, 8)), brush.style(who_role)));
    pieces.push((format!(" {:>4}", words::age(row.last_at, brush.app.now)), brush.style(Role::Age)));
    pieces
}

fn two_lines(brush: &Brush<'_>, row: &ConversationRow, columns: usize) -> Vec<Pieces> {
    let as_is = brush.app.around.terminal_bidi;
    let (sign, sign_role) = sign(brush, row);
    let (letter, letter_role) = letter(row);
    let (who, who_role) = assignee(brush, row);
    let people_room = columns.saturating_sub(4 + 6 + 9 + 5);
    let people = fit(&visual(&cut(row.people.as_str(), people_room), as_is), people_room);
    let first = vec![
        (sign.into(), brush.style(sign_role)),
        (news_sign(row).into(), brush.style(Role::News)),
        (format!("{letter} "), brush.style(letter_role)),
        (format!("{} ", fit(&row.short, 5)), brush.style(Role::ShortId)),
        (people, brush.style(if row.unread { Role::Strong } else { Role::Text })),
        (format!(" {}", fit(&who, 8)), brush.style(who_role)),
        (format!(" {:>4}", words::age(row.last_at, brush.app.now)), brush.style(Role::Age)),
    ];
    let tags = tags(row, columns / 3);
    let gone = strong_words(brush, row);
    let extras = match &gone {
        Some(why) => cut(why, columns.saturating_sub(4 + TITLE_MIN + width(&tags) + 1)),
        None => extras(row, columns.saturating_sub(4 + width(&tags) + 1)),
    };
    let room = columns.saturating_sub(4 + width(&tags) + width(&extras) + 1);
    let title = visual(&cut(&about(brush, row), room), as_is);
    let gap = columns.saturating_sub(4 + width(&title) + width(&extras) + width(&tags) + 1);
    let title_role = match left_words(brush, row) {
        Some(_) => Role::Dim,
        None if row.unread => Role::Strong,
        None => Role::Text,
    };
    let second = vec![
        ("    ".into(), brush.style(Role::Text)),
        (title, brush.style(title_role)),
        (extras, brush.style(if gone.is_some() { Role::Strong } else { Role::Dim })),
        (" ".repeat(gap), brush.style(Role::Text)),
        (tags, brush.style(Role::Tag)),
    ];
    vec![first, second]
}
