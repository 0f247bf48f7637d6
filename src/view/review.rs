//! The look before a mail goes out: a sheet with to whom it goes, what then is, what is to be looked at, and the text.

use ratatui::layout::Rect;

use crate::app::compose::{parse_addresses, rest_at};
use crate::app::{App, Compose, Folded, Looking, words};
use crate::keymap::{Action, Context};
use crate::model::address::Address;
use crate::model::reply::{DraftKind, FORWARDED};
use crate::model::text::SafeText;
use crate::text;
use crate::theme::Role;
use crate::view::layout::{field, lay_out, lay_out_said, width};
use crate::view::paint::{Frame, Pieces};
use crate::view::sheet::{self, Title};
use crate::view::{Brush, paint};

/// The columns of the labels in front of the fields.
const LABELS: usize = 9;

/// What a line of the sheet is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// The fields, and what is to be looked at.
    Head,
    /// The author's own words.
    Own,
    /// What stands below them, from a place in the text on, in bytes.
    Rest(usize),
}

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, compose: &Compose) {
    let Some(looking) = &compose.review else { return };
    let subject = field(&text::titled(&SafeText::line(&compose.subject.text()).directed()));
    let whom = whom(compose);
    let title = Title { words: &whom, typed: None, right: &subject, role: Role::HeadingFocused };
    let inside = sheet::open(brush, frame, area, &title);
    let columns = usize::from(inside.width.saturating_sub(2)).max(10);
    let lines = lines(brush, compose, looking, columns);
    let rows = usize::from(inside.height);
    let top = looking.scroll.min(lines.len().saturating_sub(rows));
    let is_cut = top + rows < lines.len();
    let shown = if is_cut { rows.saturating_sub(1) } else { rows };
    for (n, (_, pieces)) in lines.iter().skip(top).take(shown).enumerate() {
        paint::pieces(frame, paint::line(inside, n), pieces);
    }
    if is_cut {
        let hidden = lines.get(top + shown..).unwrap_or_default();
        let words = hidden_words(brush.app, compose, hidden);
        paint::text(frame, paint::line(inside, shown), &format!(" {words}"), brush.style(Role::Hint));
    }
}

/// Asks whether to send it to these.
fn whom(compose: &Compose) -> String {
    let to = parse_addresses(&compose.to.text());
    let who: Vec<&str> = to.iter().map(Address::short).collect();
    match who.is_empty() {
        true => say!("review-nobody"),
        false => say!("review-whom", who = SafeText::line_max(&who.join(", "), 100)),
    }
}

/// Says what does not fit: how many lines of the author's own, and what stands below them.
fn hidden_words(app: &App, compose: &Compose, hidden: &[(Of, Pieces)]) -> String {
    let own = hidden.iter().filter(|(of, pieces)| !matches!(of, Of::Rest(_)) && paint::span(pieces) > 0).count();
    let text = compose.text();
    let from = hidden.iter().find_map(|(of, _)| if let Of::Rest(at) = of { Some(*at) } else { None });
    let rest = from.and_then(|from| text.get(from..)).map(Folded::of);
    let own = (own > 0).then(|| say!("review-hidden-lines", count = own));
    let rest = rest.map(Folded::words).filter(|words| !words.is_empty());
    let what: Vec<String> = own.into_iter().chain(rest).collect();
    let key = app.around.keymap.label(Context::Review, Action::PageDown);
    say!("review-below", what = what.join(", "), key = key)
}

fn lines(brush: &Brush<'_>, compose: &Compose, looking: &Looking, columns: usize) -> Vec<(Of, Pieces)> {
    let mut out: Vec<(Of, Pieces)> = Vec::new();
    let as_is = brush.app.around.screen_order.as_is();
    let mut field = |label: &str, value: &str| {
        let room = columns.saturating_sub(LABELS).max(5);
        for (n, line) in lay_out_said(SafeText::line(value).as_str(), room, as_is).iter().enumerate() {
            let label = if n == 0 { format!("{label:>7}  ") } else { " ".repeat(LABELS) };
            out.push((Of::Head, vec![(label, brush.style(Role::Dim)), (line.text.clone(), brush.style(Role::Text))]));
        }
    };
    field(&say!("label-from"), compose.sender().as_str());
    field(&say!("label-to"), &compose.to.text());
    for (label, line) in [(say!("label-cc"), &compose.cc), (say!("label-bcc"), &compose.bcc)] {
        if !line.is_empty() {
            field(&label, &line.text());
        }
    }
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
            &format!("{} {}", file.name, words::size(file.size)),
        );
    }
    if compose.conversation().is_some() {
        field(&say!("review-then"), &then(brush.app));
    }
    told(brush, looking, columns, &mut out);
    out.push((Of::Head, Vec::new()));
    let whole = compose.text();
    let rest_from = rest_at(&whole, compose.attribution());
    let (mut theirs, mut at) = (false, 0);
    for line in whole.split('\n') {
        let is_rest = at > rest_from || (rest_from == 0 && !whole.is_empty());
        let of = if is_rest { Of::Rest(at) } else { Of::Own };
        at += line.len() + 1;
        let line = SafeText::line(line);
        theirs |= compose.draft.kind == DraftKind::Forward && line.as_str().trim_end() == FORWARDED;
        let (sign, rest) = quoted(line.as_str());
        let role = if theirs || !sign.is_empty() { Role::Quote } else { Role::Text };
        let room = columns.saturating_sub(width(sign)).max(5);
        for laid in lay_out(rest, room, as_is) {
            let gap = if laid.right { room.saturating_sub(width(&laid.text)) } else { 0 };
            out.push((of, vec![(format!(" {sign}{}{}", " ".repeat(gap), laid.text), brush.style(role))]));
        }
    }
    out
}

/// Says what will be, and what comes next.
fn then(app: &App) -> String {
    let key = app.around.keymap.label(Context::Review, Action::SendClose);
    let closes = match (app.next_after_closing(), app.around.after_close) {
        (Some(row), _) => {
            let next = format!("{} {}", row.short, row.people);
            say!("review-then-closes", key = key, next = SafeText::line_max(&next, 80))
        }
        (None, crate::config::AfterClose::Stay) => say!("review-then-stays", key = key),
        (None, _) => say!("review-then-list", key = key),
    };
    format!("{} · {closes}", say!("review-then-waiting"))
}

/// Parts the signs of a quote from what is quoted, so that each row of a long line can bear them.
fn quoted(line: &str) -> (&str, &str) {
    let rest = line.trim_start_matches('>');
    let deep = line.len() - rest.len();
    let sign = deep + usize::from(deep > 0 && rest.starts_with(' '));
    line.split_at_checked(sign).unwrap_or(("", line))
}

/// What is to be looked at: what stops it and what came under it in red, then the rest.
fn told(brush: &Brush<'_>, looking: &Looking, columns: usize, out: &mut Vec<(Of, Pieces)>) {
    let review = &looking.review;
    let as_is = brush.app.around.screen_order.as_is();
    let mut say = |words: &str, role: Role| {
        for (n, line) in lay_out_said(words, columns.saturating_sub(2).max(5), as_is).iter().enumerate() {
            let sign = if n == 0 { "! " } else { "  " };
            out.push((Of::Head, vec![(format!("{sign}{}", line.text), brush.style(role))]));
        }
    };
    let words = |warning: &crate::model::warning::Warning| SafeText::line_max(&text::render(&warning.words()), 300);
    for warning in review.warnings.iter().filter(|warning| warning.stops()) {
        say(&format!("{} {}", say!("review-cant"), words(warning)), Role::Error);
    }
    for news in &review.news {
        say(&brush.app.say_under(news), Role::Error);
    }
    for warning in review.warnings.iter().filter(|warning| warning.is_red() && !warning.stops()) {
        say(words(warning).as_str(), Role::Error);
    }
    for warning in review.warnings.iter().filter(|warning| !warning.is_red()) {
        say(words(warning).as_str(), Role::Warning);
    }
}
