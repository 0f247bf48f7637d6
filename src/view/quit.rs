//! The question whether to leave with mail on its way, as a sheet over the rows at the bottom.

use ratatui::layout::Rect;

use crate::app::{Answered, OutRow, Quitting, words};
use crate::theme::Role;
use crate::view::layout::{field, fit};
use crate::view::paint::{Frame, Pieces};
use crate::view::sheet::{self, Title};
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, place: Rect, quitting: &Quitting) {
    let columns = usize::from(place.width);
    let mut rows: Vec<Pieces> = quitting.mail.soon.iter().map(|mail| row(brush, mail, columns)).collect();
    if let Some((count, first)) = quitting.mail.later {
        let words = say!("quit-later", count = count, at = brush.app.say(first));
        rows.push(vec![(format!(" z {words}"), brush.style(Role::Snoozed))]);
    }
    let words = match quitting.answered {
        Answered::Not => say!("quit-title", count = quitting.mail.soon.len()),
        Answered::Waits => say!("quit-waits", count = quitting.mail.soon.len()),
        Answered::Leaves(_) => say!("quit-leaves", count = quitting.mail.soon.len()),
    };
    let title = Title { words: &words, typed: None, right: "", role: Role::Warning };
    let inside = sheet::open(brush, frame, place, &title);
    for (n, pieces) in rows.iter().take(usize::from(inside.height)).enumerate() {
        paint::pieces(frame, paint::line(inside, n), pieces);
    }
}

fn row(brush: &Brush<'_>, mail: &OutRow, columns: usize) -> Pieces {
    let left = mail.due.since(brush.app.now);
    let when = match left {
        ..=0 => say!("goes-out-now"),
        _ => say!("goes-out-in", span = words::span(left + 500)),
    };
    let to = fit(mail.to.as_str(), columns / 3);
    // Why a mail was put off says more than what it is about.
    let (said, role) = match mail.reason.as_str() {
        "" => (field(&crate::text::titled(&mail.subject.directed())), Role::Snippet),
        why => (why.into(), Role::Error),
    };
    vec![
        (" ~ ".to_owned(), brush.style(Role::Pending)),
        (format!("{to}  "), brush.style(Role::Text)),
        (format!("{}  ", fit(&when, 18)), brush.style(Role::Pending)),
        (said, brush.style(role)),
    ]
}
