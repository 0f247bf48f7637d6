//! The look before a mail goes out.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{Compose, Looking, words};
use crate::model::reply::{DraftKind, FORWARDED};
use crate::model::text::SafeText;
use crate::text;
use crate::theme::Role;
use crate::view::layout::{lay_out, visual, width};
use crate::view::paint::Pieces;
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, compose: &Compose) {
    let Some(review) = &compose.review else { return };
    let inside =
        paint::window(frame, area, &say!("review-title"), brush.style(Role::Border), brush.style(Role::HeadingFocused));
    let columns = usize::from(inside.width.saturating_sub(2)).max(10);
    let lines = lines(brush, compose, columns);
    let rows = usize::from(inside.height);
    let top = review.scroll.min(lines.len().saturating_sub(rows));
    for (n, pieces) in lines.iter().skip(top).take(rows).enumerate() {
        paint::pieces(frame, paint::line(inside, n), pieces);
    }
    if top + rows < lines.len() {
        let more = format!(" {} ", say!("more-lines", count = lines.len() - top - rows));
        let x = inside.right().saturating_sub(u16::try_from(width(&more)).unwrap_or(0) + 1);
        let place = Rect::new(x, area.bottom().saturating_sub(1), area.right().saturating_sub(x + 1), 1);
        paint::text(frame, place, &more, brush.style(Role::Hint));
    }
}

fn lines(brush: &Brush<'_>, compose: &Compose, columns: usize) -> Vec<Pieces> {
    let mut out: Vec<Pieces> = Vec::new();
    let as_is = brush.app.around.terminal_bidi;
    let mut field = |label: &str, value: &str| {
        let room = columns.saturating_sub(9).max(5);
        for (n, line) in lay_out(SafeText::line(value).as_str(), room, as_is).iter().enumerate() {
            let label = if n == 0 { format!(" {label:>7} ") } else { " ".repeat(9) };
            out.push(vec![(label, brush.style(Role::Dim)), (line.text.clone(), brush.style(Role::Text))]);
        }
    };
    field(&say!("label-from"), compose.sender().as_str());
    field(&say!("label-to"), &compose.to.text());
    for (label, line) in [(say!("label-cc"), &compose.cc), (say!("label-bcc"), &compose.bcc)] {
        if !line.is_empty() {
            field(&label, &line.text());
        }
    }
    field(&say!("label-subject"), &text::titled(&compose.subject.text()));
    if compose.draft.markdown {
        field(&say!("label-format"), &say!("review-markdown"));
    }
    if let Some(answer) = &compose.draft.invitation {
        let words = say!("review-invitation", answer = answer.answer.phrase(), who = &answer.attendee.email);
        field(&say!("label-invitation"), &words);
    }
    for (n, file) in compose.draft.files.iter().enumerate() {
        field(
            &if n == 0 { say!("label-files") } else { String::new() },
            &format!("{} ({})", file.name, words::size(file.size)),
        );
    }
    told(brush, compose, columns, &mut out);
    out.push(vec![(format!(" {}", "─".repeat(columns)), brush.style(Role::Border))]);
    let mut theirs = false;
    for line in SafeText::lines(&compose.text()) {
        theirs |= compose.draft.kind == DraftKind::Forward && line.as_str().trim_end() == FORWARDED;
        let (sign, rest) = quoted(line.as_str());
        let role = if theirs || !sign.is_empty() { Role::Quote } else { Role::Text };
        let room = columns.saturating_sub(width(sign)).max(5);
        for laid in lay_out(rest, room, as_is) {
            let gap = if laid.right { room.saturating_sub(width(&laid.text)) } else { 0 };
            out.push(vec![(format!(" {sign}{}{}", " ".repeat(gap), laid.text), brush.style(role))]);
        }
    }
    out
}

/// Parts the signs of a quote from what is quoted, so that each row of a long line can bear them.
fn quoted(line: &str) -> (&str, &str) {
    let rest = line.trim_start_matches('>');
    let deep = line.len() - rest.len();
    let sign = deep + usize::from(deep > 0 && rest.starts_with(' '));
    line.split_at_checked(sign).unwrap_or(("", line))
}

/// Warnings, and what is new since the draft began.
fn told(brush: &Brush<'_>, compose: &Compose, columns: usize, out: &mut Vec<Pieces>) {
    let Some(Looking { review, .. }) = &compose.review else { return };
    let as_is = brush.app.around.terminal_bidi;
    let mut say = |sign: &str, words: &str, role: Role| {
        for (n, line) in lay_out(words, columns.saturating_sub(width(sign) + 2).max(5), as_is).iter().enumerate() {
            let sign = if n == 0 { sign.to_owned() } else { " ".repeat(width(sign)) };
            out.push(vec![(format!("  {sign}{}", visual(&line.text, true)), brush.style(role))]);
        }
    };
    if !review.warnings.is_empty() || !review.news.is_empty() {
        say("", "", Role::Text);
    }
    for warning in &review.warnings {
        let words = SafeText::line_max(&text::render(&warning.words()), 300);
        match warning.stops() {
            true => say(&format!("! {} ", say!("review-cant")), words.as_str(), Role::Error),
            false => say("! ", words.as_str(), Role::Warning),
        }
    }
    if !review.news.is_empty() {
        say("", &say!("review-new"), Role::Warning);
    }
    for news in &review.news {
        say("+ ", news.as_str(), Role::Warning);
    }
}
