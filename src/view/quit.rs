//! The question whether to leave with mail on its way, as a sheet over the rows at the bottom.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget as _};

use crate::app::{Answered, OutRow, Quitting, words};
use crate::theme::Role;
use crate::view::layout::{cut, fit, visual};
use crate::view::paint::Pieces;
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, quitting: &Quitting) {
    let body = brush.app.geometry().body;
    let width = body.width.min(100);
    let mut rows: Vec<Pieces> = quitting.mail.soon.iter().map(|mail| row(brush, mail, usize::from(width))).collect();
    if let Some((count, first)) = quitting.mail.later {
        let words = say!("quit-later", count = count, at = brush.app.say(first));
        rows.push(vec![(format!(" z {words}"), brush.style(Role::Snoozed))]);
    }
    let most = usize::from(body.height / 2).max(2);
    let height = u16::try_from((rows.len() + 1).min(most)).unwrap_or(2).min(body.height);
    let place = Rect::new(body.x, body.bottom() - height, width, height);
    let whole = Rect::new(body.x, place.y, body.width, height);
    Clear.render(whole, frame.buffer_mut());
    let title = match quitting.answered {
        Answered::Not => say!("quit-title", count = quitting.mail.soon.len()),
        Answered::Waits => say!("quit-waits", count = quitting.mail.soon.len()),
        Answered::Leaves(_) => say!("quit-leaves", count = quitting.mail.soon.len()),
    };
    let dashes = "─".repeat(usize::from(width));
    paint::text(frame, paint::line(place, 0), &dashes, brush.style(Role::Border));
    let head = Rect::new(place.x + 1, place.y, place.width.saturating_sub(2), 1);
    let title = cut(&format!(" {title} "), usize::from(head.width));
    paint::text(frame, head, &title, brush.style(Role::Warning));
    for (n, pieces) in rows.iter().take(usize::from(height.saturating_sub(1))).enumerate() {
        paint::pieces(frame, paint::line(place, n + 1), pieces);
    }
}

fn row(brush: &Brush<'_>, mail: &OutRow, columns: usize) -> Pieces {
    let left = mail.due.since(brush.app.now);
    let when = match left {
        ..=0 => say!("goes-out-now"),
        _ => say!("goes-out-in", span = words::span(left + 500)),
    };
    let as_is = brush.app.around.terminal_bidi;
    let to = fit(&visual(&cut(mail.to.as_str(), columns / 3), as_is), columns / 3);
    // Why a mail was put off says more than what it is about.
    let (said, role) = match mail.reason.as_str() {
        "" => (crate::text::titled(mail.subject.as_str()), Role::Snippet),
        why => (why.into(), Role::Error),
    };
    vec![
        (" ~ ".to_owned(), brush.style(Role::Pending)),
        (format!("{to}  "), brush.style(Role::Text)),
        (format!("{}  ", fit(&when, 18)), brush.style(Role::Pending)),
        (visual(&said, as_is), brush.style(role)),
    ]
}
