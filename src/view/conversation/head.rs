//! The two rows above a conversation: what it is, how it stands, and where in it one is.

use ratatui::layout::Rect;

use crate::app::{Open, Pane, words};
use crate::model::conversation::Conversation;
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, field, width};
use crate::view::paint::{Frame, Pieces, span};
use crate::view::{Brush, list, paint};

/// Below this many columns only what matters most is told.
const NARROW: u16 = 50;
/// The fewest columns of a title beside what is told at the right.
const TITLE_MIN: usize = 12;
/// So many columns of the second row are for how it stands.
const FACTS_MIN: u16 = 30;
/// What stands between two facts.
const BETWEEN: &str = "  ";

/// Draws both rows; `open` is the conversation as it is seen.
pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, open: &Open, data: &Conversation) {
    title(brush, frame, area, open, data);
    facts(brush, frame, area, data);
}

/// The title, and at the right where one is: the hit, and the message.
fn title(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, open: &Open, data: &Conversation) {
    let app = brush.app;
    let mut right = Pieces::new();
    if let (Some(find), true) = (&open.find, open.has_hits()) {
        let at = find.at.map_or(0, |at| at + 1).to_string();
        let words = say!("chat-hit", at = at, of = open.laid.hits.len().to_string());
        right.push((words, brush.style(Role::Match)));
    }
    if let Some((at, of)) = open.place() {
        let (at, of) = (at.to_string(), of.to_string());
        let words = match area.width {
            ..NARROW => format!("{at}/{of}"),
            _ => say!("chat-place", at = at, of = of),
        };
        if !right.is_empty() {
            right.push((" · ".to_owned(), brush.style(Role::Dim)));
        }
        right.push((words, brush.style(Role::Dim)));
    }
    let room = usize::from(area.width).saturating_sub(2);
    while span(&right) + TITLE_MIN > room && !right.is_empty() {
        right.pop();
    }
    let role = if app.focus == Pane::Conversation { Role::HeadingFocused } else { Role::Heading };
    let left_room = room.saturating_sub(span(&right) + usize::from(!right.is_empty()) * 2);
    let title = field(&cut(&text::titled(&data.row.title.directed()), left_room));
    let gap = room.saturating_sub(width(&title) + span(&right));
    let mut pieces: Pieces = vec![(format!(" {title}"), brush.style(role))];
    if !right.is_empty() {
        pieces.push((" ".repeat(gap), brush.style(Role::Text)));
        pieces.extend(right);
    }
    paint::pieces(frame, paint::line(area, 0), &pieces);
}

/// How it stands, and at the right who is at it.
fn facts(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, data: &Conversation) {
    let app = brush.app;
    let row = &data.row;
    let present = presence(brush, area, data);
    let is_narrow = area.width < NARROW;
    let id = (row.short.clone(), brush.style(Role::ShortId));
    let status = match row.snoozed_until {
        Some(until) => say!("snoozed-until", until = app.say(until)),
        None => text::render(&row.status.phrase()),
    };
    let status = (status, brush.style(list::letter(row).1));
    let owner = match &row.assignee {
        None => (say!("nobody"), brush.style(Role::Unassigned)),
        Some(who) if *who == app.around.me => (say!("me"), brush.style(Role::Mine)),
        Some(who) => (who.to_string(), brush.style(Role::Others)),
    };
    let waits = row
        .waiting_since
        .map(|since| (say!("waits", span = words::span(app.now.since(since))), brush.style(Role::Warning)));
    let mut parts: Pieces = match is_narrow {
        true => waits.into_iter().chain([owner, status]).collect(),
        false => [id, status, owner].into_iter().chain(waits).collect(),
    };
    if row.answered > 0 {
        parts.push((say!("answered", count = row.answered), brush.style(Role::Text)));
    }
    parts.push((row.inbox.to_string(), brush.style(Role::Dim)));
    if !data.followers.is_empty() {
        let followers: Vec<&str> = data.followers.iter().map(|who| who.as_str()).collect();
        parts.push((say!("followed-by", names = followers.join(", ")), brush.style(Role::Dim)));
    }
    // Tags can be many: they come last, so that they push nothing off the line but each other.
    let tags = row.tags.iter().map(|tag| (format!("#{tag}"), brush.style(Role::Tag)));
    let tags_from = parts.len();
    parts.extend(tags);
    let room = usize::from(area.width).saturating_sub(2);
    let left_room = room.saturating_sub(span(&present) + usize::from(!present.is_empty()) * 2);
    let mut pieces: Pieces = vec![(" ".to_owned(), brush.style(Role::Text))];
    let mut used = 0;
    for (n, (words, style)) in parts.into_iter().enumerate() {
        let between = match n {
            0 => "",
            n if n > tags_from => " ",
            _ => BETWEEN,
        };
        let left = left_room.saturating_sub(used + width(between));
        // Each is told whole, but for one that nothing else stands behind.
        if left < width(&words).min(TITLE_MIN) {
            break;
        }
        let words = cut(&words, left);
        used += width(between) + width(&words);
        pieces.push((between.to_owned(), brush.style(Role::Text)));
        pieces.push((words, style));
    }
    if !present.is_empty() {
        pieces.push((" ".repeat(room.saturating_sub(used + span(&present))), brush.style(Role::Text)));
        pieces.extend(present);
    }
    paint::pieces(frame, paint::line(area, 1), &pieces);
}

/// Says who else is at it: writes an answer, has one waiting, works on it from a queue; and what is mine from a queue at another place.
fn presence(brush: &Brush<'_>, area: Rect, data: &Conversation) -> Pieces {
    let app = brush.app;
    let row = &data.row;
    let mut said = Vec::new();
    for present in app.present_at(row) {
        said.push(text::render(&present.phrase(|at| app.since(at))));
    }
    // The head of the queue tells until when it is mine.
    if let Some(worker) = row.worker.as_ref().filter(|_| !app.is_in_hand(&row.id)) {
        let (who, until) = (worker.agent.as_str(), app.say(worker.until));
        said.push(match worker.agent == app.around.me {
            true => say!("is-leased-mine", worker = worker.name.as_str(), until = until),
            false => say!("is-leased", worker = worker.name.as_str(), who = who, until = until),
        });
    }
    let words = said.join(BETWEEN);
    // How it stands keeps its first words.
    let words = cut(&words, usize::from((area.width / 2).max(area.width.saturating_sub(FACTS_MIN))));
    if words.is_empty() { Pieces::new() } else { vec![(words, brush.style(Role::Replying))] }
}
