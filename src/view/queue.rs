//! The head of the queue while it is worked off: how much waits, until when what is in hand is mine, and why this one.

use ratatui::layout::Rect;

use crate::app::queue::Fate;
use crate::app::{App, words};
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, width};
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, paint};

/// A pane of fewer lines has one line for it, without the reason.
const REASON_FROM: u16 = 10;

/// Draws the head at the top of a pane where the queue is worked off, and returns what is left of the pane.
pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) -> Rect {
    let app = brush.app;
    let Some(first) = first(brush, usize::from(area.width)) else { return area };
    if area.height < 3 {
        return area;
    }
    paint::pieces(frame, paint::line(area, 0), &first);
    let reason = reason(app).filter(|_| area.height >= REASON_FROM);
    if let Some(why) = &reason {
        let why = cut(&format!(" {why}"), usize::from(area.width));
        paint::text(frame, paint::line(area, 1), &why, brush.style(Role::Dim));
    }
    let taken = 1 + u16::from(reason.is_some());
    Rect { y: area.y + taken, height: area.height - taken, ..area }
}

fn first(brush: &Brush<'_>, columns: usize) -> Option<Pieces> {
    let app = brush.app;
    let queue = app.queue.as_ref()?;
    let hand = queue.hand.as_ref().map(|hand| match &hand.fate {
        Fate::Held => (say!("queue-until", until = words::clock(hand.until, &app.around.zone)), Role::Mine),
        Fate::DealtWith => (say!("queue-dealt-with"), Role::Dim),
        Fate::Lost(why) => (say!("queue-went", why = text::render(why)), Role::Warning),
    });
    let mut pieces: Pieces = vec![(
        cut(&format!(" {}", say!("queue-head", count = words::number(queue.stand.waiting))), columns),
        brush.style(Role::Heading),
    )];
    if let Some((words, role)) = hand {
        let left = columns.saturating_sub(paint::span(&pieces));
        pieces.push((cut(&format!("  {words}"), left), brush.style(role)));
    }
    let done = format!(" {} ", say!("queue-done", count = queue.stand.done));
    let left = columns.saturating_sub(paint::span(&pieces));
    if width(&done) <= left {
        pieces.push((" ".repeat(left - width(&done)), brush.style(Role::Text)));
        pieces.push((done, brush.style(Role::Dim)));
    }
    Some(pieces)
}

/// Says why the conversation in hand was taken before the others.
fn reason(app: &App) -> Option<String> {
    let hand = app.queue.as_ref()?.hand.as_ref()?;
    // As it was when it was taken.
    Some(match hand.row.waiting_since {
        Some(since) => say!("queue-why-waits", span = words::span(app.now.since(since))),
        None => say!("queue-why-quiet"),
    })
}
