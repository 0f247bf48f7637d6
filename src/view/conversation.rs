//! The pane of the conversation. Laying out a long one costs more than drawing it, so the lines are kept until something changes.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{Laid, Pane, words};
use crate::keymap::{Action, Context};
use crate::model::conversation::Conversation;
use crate::model::text::SafeText;
use crate::text;
use crate::theme::Role;
use crate::view::chat::{self, ChatLine, Setting};
use crate::view::layout::{cut, visual, width};
use crate::view::paint::Pieces;
use crate::view::{Brush, paint};

/// The lines of the conversation that was last drawn.
#[derive(Debug, Default)]
pub struct Cache {
    of: Option<(Arc<Conversation>, Setting)>,
    lines: Vec<ChatLine>,
    starts: Vec<(usize, usize)>,
}

impl Cache {
    fn lay_out(&mut self, data: &Arc<Conversation>, setting: Setting) {
        let fresh = self.of.as_ref().is_some_and(|(old, as_of)| Arc::ptr_eq(old, data) && *as_of == setting);
        if fresh {
            return;
        }
        self.lines = chat::lines(data, &setting);
        self.starts = self.lines.iter().enumerate().filter(|(_, l)| l.head).map(|(n, l)| (l.item, n)).collect();
        self.of = Some((Arc::clone(data), setting));
    }
}

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, cache: &mut Cache) -> Option<Laid> {
    let app = brush.app;
    let Some(open) = &app.open else {
        paint::text(frame, paint::line(area, 0), &format!(" {}", say!("conversation-none")), brush.style(Role::Dim));
        return None;
    };
    let Some(data) = &open.data else {
        paint::text(frame, paint::line(area, 0), &format!(" {}", say!("loading")), brush.style(Role::Dim));
        return None;
    };
    heading(brush, frame, area, data);
    let top = 2 + related(brush, frame, area, data);
    let body = Rect::new(area.x, area.y + top, area.width, area.height.saturating_sub(top));
    let label = |action| app.around.keymap.label(Context::Conversation, action);
    let today = words::day_number(app.now, &app.around.zone);
    let setting = Setting {
        columns: usize::from(area.width.saturating_sub(2)).max(10),
        unfolded: open.unfolded,
        terminal_bidi: app.around.terminal_bidi,
        zone: app.around.zone.clone(),
        today,
        // Only the day matters, so that time going on lays out nothing anew.
        now: cache.of.as_ref().filter(|(_, old)| old.today == today).map_or(app.now, |(_, old)| old.now),
        unfold_key: label(Action::Unfold),
        earlier_key: label(Action::Earlier),
        part_key: label(Action::TextOrHtml),
        outbox_key: label(Action::Outbox),
        first_new: open.first_new(),
        bodies: open
            .partial()
            .map(|message| (message.id.clone(), text::render(&app.why_no_body(&message.id, false))))
            .collect(),
    };
    let columns = setting.columns;
    cache.lay_out(data, setting);
    let laid = Laid { lines: cache.lines.len(), height: usize::from(body.height), starts: cache.starts.clone() };
    let mut top = open.top;
    if open.growing && laid.lines > open.laid.lines {
        top = Some(open.laid.top(top) + laid.lines - open.laid.lines);
    }
    let top = open.top_of_new(&laid).unwrap_or_else(|| laid.top(top));
    let selected = open.message().map(|message| message.id.clone());
    let place = open.messages().find(|(_, message)| Some(&message.id) == selected.as_ref()).map(|(place, _)| place);
    for (n, line) in cache.lines.iter().skip(top).take(laid.height).enumerate() {
        let row = paint::line(body, n);
        let on = line.head && Some(line.item) == place && app.focus == Pane::Conversation && open.selected.is_some();
        let sign = if on { "▌" } else { " " };
        let gap = if line.right { columns.saturating_sub(width(&line.text)) } else { 0 };
        let pieces = [
            (sign.to_owned(), brush.style(Role::Marked)),
            (" ".repeat(gap), brush.style(Role::Text)),
            (line.text.clone(), brush.style(line.role)),
        ];
        paint::pieces(frame, row, &pieces);
    }
    Some(laid)
}

/// The most lines that tell of related conversations.
const RELATED_MAX: usize = 3;

/// Tells of the related conversations in lines below the heading, and returns how many lines that took.
fn related(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, data: &Conversation) -> u16 {
    let app = brush.app;
    let all = &data.related;
    // A pane of a few lines is for what was written.
    let lines = all.len().min(RELATED_MAX).min(usize::from(area.height) / 6);
    let key = app.around.keymap.label(Context::Conversation, Action::JoinRelated);
    for (n, other) in all.iter().take(lines).enumerate() {
        let mut behind = Vec::new();
        if n + 1 == lines && all.len() > lines {
            behind.push(say!("related-more", count = all.len() - lines));
        }
        if n + 1 == lines && !key.is_empty() {
            behind.push(if all.len() == 1 {
                say!("related-joins", key = &key)
            } else {
                say!("related-joins-one", key = &key)
            });
        }
        let behind: String = behind.iter().map(|words| format!(" · {words}")).collect();
        let words = SafeText::line(&say!("related-is", other = other.phrase()));
        let room = usize::from(area.width).saturating_sub(2 + width(&behind));
        let words = visual(&cut(words.as_str(), room), app.around.terminal_bidi);
        let pieces = [(format!(" {words}"), brush.style(Role::Text)), (behind, brush.style(Role::Hint))];
        paint::pieces(frame, paint::line(area, 2 + n), &pieces);
    }
    u16::try_from(lines).unwrap_or(0)
}

fn heading(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, data: &Conversation) {
    let app = brush.app;
    let row = &data.row;
    let role = if app.focus == Pane::Conversation { Role::HeadingFocused } else { Role::Heading };
    let title = visual(
        &cut(&crate::text::titled(row.title.as_str()), usize::from(area.width.saturating_sub(2))),
        app.around.terminal_bidi,
    );
    paint::text(frame, paint::line(area, 0), &format!(" {title}"), brush.style(role));
    let (_, status_role) = super::list::letter(row);
    let status = match row.snoozed_until {
        Some(until) => say!("snoozed-until", until = app.say(until)),
        None => text::render(&row.status.phrase()),
    };
    let mut parts: Pieces = vec![(row.short.clone(), brush.style(Role::ShortId)), (status, brush.style(status_role))];
    parts.push(match &row.assignee {
        None => (say!("nobody"), brush.style(Role::Unassigned)),
        Some(who) if *who == app.around.me => (say!("me"), brush.style(Role::Mine)),
        Some(who) => (who.to_string(), brush.style(Role::Others)),
    });
    if let Some(lease) = &row.replying {
        let said = lease.phrase(|at| app.since(at));
        parts.push((text::render(&said), brush.style(Role::Replying)));
    }
    if let Some(worker) = &row.worker {
        let (who, until) = (worker.agent.as_str(), app.say(worker.until));
        let said = say!("is-leased", worker = worker.name.as_str(), who = who, until = until);
        parts.push((said, brush.style(Role::Replying)));
    }
    if row.answered > 0 {
        parts.push((say!("answered", count = row.answered), brush.style(Role::Text)));
    }
    if let Some(since) = row.waiting_since {
        parts.push((say!("waits", span = words::span(app.now.since(since))), brush.style(Role::Warning)));
    }
    parts.push((row.inbox.to_string(), brush.style(Role::Dim)));
    if !data.followers.is_empty() {
        let followers: Vec<&str> = data.followers.iter().map(|who| who.as_str()).collect();
        parts.push((say!("followed-by", names = followers.join(", ")), brush.style(Role::Dim)));
    }
    // Tags can be many: they come last, so that they push nothing off the line but each other.
    if !row.tags.is_empty() {
        let tags: Vec<String> = row.tags.iter().map(|tag| format!("#{tag}")).collect();
        parts.push((tags.join(" "), brush.style(Role::Tag)));
    }
    let mut pieces: Pieces = Vec::new();
    for (n, part) in parts.into_iter().enumerate() {
        pieces.push((if n == 0 { " ".into() } else { " · ".into() }, brush.style(Role::Dim)));
        pieces.push(part);
    }
    paint::pieces(frame, paint::line(area, 1), &pieces);
}
