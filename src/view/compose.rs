//! The screen on which a mail is written. Where there is room, the conversation stays beside it.

mod text;

use ratatui::layout::{Position, Rect};

use crate::app::compose::parse_addresses;
use crate::app::line::Line;
use crate::app::{App, Compose, Desk, Field, Folded, Hand, Hit, words};
use crate::keymap::{Action, Context};
use crate::model::address::Address;
use crate::model::reply::{DraftKind, Known, OutgoingFile};
use crate::model::text::SafeText;
use crate::model::text::places::row;
use crate::theme::Role;
use crate::view::field::{self, Seen};
use crate::view::layout::{cut, field, width, wrap};
use crate::view::paint::{Frame, Pieces};
use crate::view::sheet::{self, Title};
use crate::view::{Brush, paint};

/// The columns of the labels in front of the header fields.
const LABELS: usize = 7;
/// From so many rows on the header fields stand one below the other.
const ROOMY_FROM: u16 = 20;
/// Below so many columns or rows the head is its title and what is wrong.
const SMALL: (u16, u16) = (60, 12);
/// The most rows of one line of the head: the text must keep its place.
const NOTE_ROWS: usize = 3;
/// How far the rows of such a line stand in that follow the first.
const NOTE_INDENT: usize = 2;

/// Returns where a mail is written and where its conversation is read.
pub(super) fn desk(brush: &Brush<'_>, compose: &Compose) -> Desk {
    // How many rows it fills depends on how many columns it has, and that on none of this.
    let desk = brush.app.desk(compose, u16::MAX);
    let columns = desk.text.width;
    let text = text::count(compose.body.area.text(), usize::from(desk.text_columns()));
    let below = if compose.body.folded().is_some() { 2 } else { 0 };
    let head = head(brush, compose, Rect::new(0, 0, columns, 0)).len();
    let wanted = if compose.review.is_some() { usize::from(u16::MAX) } else { head + 1 + text + below };
    brush.app.desk(compose, u16::try_from(wanted).unwrap_or(u16::MAX))
}

/// Draws it; `top` is how many rows of the text are scrolled away.
pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, compose: &Compose, top: &mut usize) {
    let desk = desk(brush, compose);
    let area = desk.text.intersection(frame.area());
    if area.is_empty() {
        return;
    }
    paint::clear(frame, area);
    if compose.review.is_some() {
        return super::review::draw(brush, frame, area, compose);
    }
    let is_sheet = !desk.beside && desk.conversation.is_some();
    title(brush, frame, paint::line(area, 0), compose, is_sheet);
    let rows = head(brush, compose, area);
    // The text keeps three rows whatever is to be said above it.
    let room = usize::from(area.height).saturating_sub(4);
    for (n, row) in rows.iter().take(room).enumerate() {
        let place = paint::line(area, n + 1);
        paint::pieces(frame, place, &row.pieces);
        if let Some((field, scrolled)) = row.field {
            let label = u16::try_from(LABELS + 1).unwrap_or(0);
            let text = Rect { x: place.x + label, width: place.width.saturating_sub(label), ..place };
            let room = usize::from(area.width).saturating_sub(LABELS + 2);
            brush.hit(text, Hit::Field { field, left: text.x, scrolled, room });
        }
        if let Some(column) = row.cursor {
            let x = area.x + u16::try_from(column).unwrap_or(0);
            frame.set_cursor_position(Position::new(x.min(area.right().saturating_sub(1)), place.y));
        }
    }
    let blank = u16::from(area.height >= ROWS_WITH_BLANK);
    let above = (u16::try_from(rows.len().min(room)).unwrap_or(0) + 1 + blank).min(area.height);
    let mut body = Rect::new(area.x + 1, area.y + above, desk.text_columns(), area.height - above);
    if let Some(folded) = compose.body.folded() {
        let words = below(brush, folded, area.width);
        let line = Rect::new(area.x, area.bottom().saturating_sub(1), area.width, 1);
        paint::text(
            frame,
            line,
            &format!(" {}", cut(&words, usize::from(area.width).saturating_sub(1))),
            brush.style(Role::Dim),
        );
        body.height = body.height.saturating_sub(1);
    }
    text::draw(brush, frame, body, compose, top);
}

/// From so many rows on an empty one parts the head from the text.
const ROWS_WITH_BLANK: u16 = 8;

/// Says what is folded away below the text.
fn below(brush: &Brush<'_>, folded: Folded, columns: u16) -> String {
    let what = folded.words();
    if columns < SMALL.0 {
        return say!("compose-below-short", what = what);
    }
    let keymap = &brush.app.around.keymap;
    let leave = brush.app.compose_key(Action::LeaveText);
    let shows = keymap.label(Context::Mail, Action::UnfoldRest);
    let keys: Vec<String> = match brush.app.context() {
        Context::Mail => vec![shows],
        _ => vec![leave, shows],
    };
    say!(
        "compose-below",
        what = what,
        keys = keys.into_iter().filter(|key| !key.is_empty()).collect::<Vec<_>>().join(" ")
    )
}

/// The title: what it is and as whom it goes out, or on a small screen to whom; and when it was kept.
fn title(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, compose: &Compose, is_sheet: bool) {
    let what = match compose.draft.kind {
        DraftKind::Reply => say!("compose-reply"),
        DraftKind::ReplyAll => say!("compose-reply-all"),
        DraftKind::Forward => say!("compose-forward"),
        DraftKind::New => say!("compose-new"),
    };
    let is_small = area.width < SMALL.0;
    // When it was last kept stands while it is typed on: what is typed is a second ahead of it, and no letter costs a title.
    let state = match compose.draft.id {
        0 => String::new(),
        _ if is_small => say!("compose-kept-short"),
        _ => {
            let at = words::clock(compose.draft.saved_at, &brush.app.around.zone);
            say!("compose-kept", at = at)
        }
    };
    let mut words = match is_small {
        true => {
            let to = parse_addresses(&compose.to.text());
            let who: Vec<&str> = to.iter().map(Address::short).collect();
            say!("compose-to", what = what, who = SafeText::line_max(&who.join(", "), 200))
        }
        false => say!("compose-as", what = what, who = compose.sender_short()),
    };
    if compose.draft.markdown {
        words = format!("{words} {}", say!("compose-markdown"));
    }
    if is_sheet {
        let title = Title { words: &words, typed: None, right: &state, role: Role::HeadingFocused };
        return sheet::title(brush, frame, area, &title);
    }
    let columns = usize::from(area.width);
    let room = columns.saturating_sub(width(&state) + 4);
    let words = cut(&words, room);
    let gap = columns.saturating_sub(width(&words) + width(&state) + 2);
    let pieces: Pieces = vec![
        (format!(" {words}"), brush.style(Role::HeadingFocused)),
        (" ".repeat(gap), brush.style(Role::Text)),
        (format!(" {state}"), brush.style(Role::Dim)),
    ];
    paint::pieces(frame, area, &pieces);
}

/// A row of the head, with the column of the cursor where that is in it.
struct Row {
    pieces: Pieces,
    cursor: Option<usize>,
    /// Of a field: which, and how many columns of it are scrolled away.
    field: Option<(Field, isize)>,
}

/// Returns the rows between the title and the text: to whom it goes, and what is to be looked at, the red before the amber.
fn head(brush: &Brush<'_>, compose: &Compose, area: Rect) -> Vec<Row> {
    let columns = usize::from(area.width);
    let body = brush.app.geometry().body;
    let is_small = area.width < SMALL.0 || body.height < SMALL.1;
    let is_roomy = brush.app.desk(compose, u16::MAX).beside && body.height >= ROOMY_FROM;
    let mut rows: Vec<Row> = Vec::new();
    if compose.field != Field::Body && compose.hand != Hand::Mail {
        for field in Field::ALL.into_iter().filter(|field| *field != Field::Body) {
            // On a small screen the one that has the keys must be in sight.
            if !is_small || field == compose.field {
                rows.push(header(brush, columns, compose, field));
            }
            if field == compose.field {
                rows.extend(offered(brush, columns, compose));
            }
        }
    } else if is_roomy {
        let shown = |field: &Field| match field {
            Field::To | Field::Cc | Field::Subject => true,
            Field::Bcc => !compose.bcc.is_empty(),
            Field::From | Field::Body => false,
        };
        rows.extend(Field::ALL.into_iter().filter(shown).map(|field| header(brush, columns, compose, field)));
    } else if !is_small {
        rows.push(short_header(brush, columns, compose));
    }
    if !compose.draft.files.is_empty() {
        let name = |f: &OutgoingFile| format!("{} ({})", SafeText::line(&f.name), words::size(f.size));
        let files: Vec<String> = compose.draft.files.iter().map(name).collect();
        rows.push(labelled(brush, columns, &say!("label-files"), &files.join(", "), Role::Link));
    }
    for (text, role) in notes(brush, compose) {
        for part in note_rows(&text, columns, if is_small { 1 } else { NOTE_ROWS }) {
            rows.push(Row { pieces: vec![(part, brush.style(role))], cursor: None, field: None });
        }
    }
    rows
}

fn label(words: &str) -> String {
    format!("{words:>width$} ", width = LABELS - 1)
}

fn labelled(brush: &Brush<'_>, columns: usize, name: &str, value: &str, role: Role) -> Row {
    let value = cut(value, columns.saturating_sub(LABELS + 2));
    let pieces = vec![
        (label(name), brush.style(Role::Dim)),
        (" ".to_owned(), brush.style(Role::Text)),
        (value, brush.style(role)),
    ];
    Row { pieces, cursor: None, field: None }
}

/// Whom it goes to, and what else of the head is not empty, in one row.
fn short_header(brush: &Brush<'_>, columns: usize, compose: &Compose) -> Row {
    let count = |line: &Line| parse_addresses(&line.text()).len();
    let none_or = |n: usize| if n == 0 { "–".to_owned() } else { words::number(u64::try_from(n).unwrap_or(0)) };
    let mut right = format!(
        "{}  {}",
        say!("compose-cc", who = none_or(count(&compose.cc))),
        say!("compose-files", count = compose.draft.files.len())
    );
    if !compose.bcc.is_empty() {
        right = format!("{} {}  {right}", say!("label-bcc"), none_or(count(&compose.bcc)));
    }
    let room = columns.saturating_sub(LABELS + 3 + width(&right));
    let to = cut(SafeText::line(&compose.to.text()).as_str(), room);
    let gap = " ".repeat(room.saturating_sub(width(&to)) + 1);
    let role = if compose.strangers.is_empty() { Role::Text } else { Role::Warning };
    let pieces = vec![
        (label(&say!("label-to")), brush.style(Role::Dim)),
        (format!(" {to}"), brush.style(role)),
        (gap, brush.style(Role::Text)),
        (right, brush.style(Role::Dim)),
    ];
    Row { pieces, cursor: None, field: None }
}

fn header(brush: &Brush<'_>, columns: usize, compose: &Compose, field: Field) -> Row {
    let on = compose.field == field && compose.hand != Hand::Mail;
    let name = if field == Field::Subject { say!("label-subject-short") } else { field.label() };
    let label_role = if on { Role::Prompt } else { Role::Dim };
    let room = columns.saturating_sub(LABELS + 2);
    let line = match field {
        Field::From => None,
        Field::To => Some(&compose.to),
        Field::Cc => Some(&compose.cc),
        Field::Bcc => Some(&compose.bcc),
        Field::Subject | Field::Body => Some(&compose.subject),
    };
    let Seen { text: mut shown, cursor, scrolled } = match line {
        Some(line) => window(line, room, on, brush.app.around.screen_order.as_is()),
        None => Seen { text: cut(compose.sender().as_str(), room), ..Seen::default() },
    };
    if shown.is_empty() && !on {
        shown = "–".to_owned();
    }
    let hint = match field {
        Field::From if on && compose.senders.len() > 1 => format!(" {}", say!("compose-from-hint")),
        _ => String::new(),
    };
    let is_new = |who: &String| line.is_some_and(|line| line.text().contains(who.as_str()));
    let holds_people = matches!(field, Field::To | Field::Cc | Field::Bcc);
    let role = if holds_people && compose.strangers.iter().any(is_new) { Role::Warning } else { Role::Text };
    let pieces = vec![
        (label(&name), brush.style(label_role)),
        (format!(" {shown}"), brush.style(role)),
        (hint, brush.style(Role::Hint)),
    ];
    Row { pieces, cursor: on.then_some(LABELS + 1 + cursor), field: Some((field, scrolled)) }
}

/// Returns the people whom what is typed can mean, a row each.
fn offered(brush: &Brush<'_>, columns: usize, compose: &Compose) -> Vec<Row> {
    let Some(completion) = &compose.completion else { return Vec::new() };
    let app = brush.app;
    let row = |(n, known): (usize, &Known)| {
        let mut about = vec![match (known.conversations, known.many) {
            (0, _) => say!("known-colleague"),
            (count, true) => say!("known-many", count = count),
            (count, false) => say!("known-conversations", count = count),
        }];
        about.extend(known.last.map(|last| say!("known-last", age = words::age(last, app.now))));
        let name = SafeText::line_max(&known.address.name, 100);
        let who = match name.is_empty() {
            true => SafeText::line_max(&known.address.email, 100).to_string(),
            false => format!("{name}  {}", SafeText::line_max(&known.address.email, 100)),
        };
        let room = columns.saturating_sub(LABELS + 2);
        // What is known of them gives way to who they are.
        while !about.is_empty() && width(&who) + 2 + width(&about.join(", ")) > room {
            about.pop();
        }
        let about = if about.is_empty() { String::new() } else { format!("  {}", about.join(", ")) };
        let room = room.saturating_sub(width(&about));
        let role = if completion.at == Some(n) { Role::Choice } else { Role::Text };
        let pieces = vec![
            (" ".repeat(LABELS + 1), brush.style(Role::Text)),
            (cut(&who, room), brush.style(role)),
            (about, brush.style(Role::Hint)),
        ];
        Row { pieces, cursor: None, field: None }
    };
    completion.found.iter().enumerate().map(row).collect()
}

/// Returns what of a line fits, with the cursor where it has the keys.
fn window(line: &Line, room: usize, on: bool, as_is: bool) -> Seen {
    if on {
        return field::seen(line, room, as_is);
    }
    let text = cut(SafeText::line(&line.text()).as_str(), room);
    // What runs from right to left stands where it does while it is typed.
    let gap = if row(&text, room, as_is).is_right { room.saturating_sub(width(&text)) } else { 0 };
    Seen { text: format!("{}{}", " ".repeat(gap), field(&text)), ..Seen::default() }
}

/// Returns the rows of one line of the head, no more than `most`, the last cut where more would follow.
fn note_rows(text: &str, columns: usize, most: usize) -> Vec<String> {
    let ranges = wrap(text, columns.saturating_sub(NOTE_INDENT).max(1));
    let row = |(n, range): (usize, &std::ops::Range<usize>)| {
        let end = if n + 1 == most { text.len() } else { range.end };
        let part = text.get(range.start..end).unwrap_or_default().trim_end();
        let indent = if n == 0 { 0 } else { NOTE_INDENT };
        format!("{}{}", " ".repeat(indent), cut(part, columns.saturating_sub(indent)))
    };
    ranges.iter().enumerate().take(most).map(row).collect()
}

/// Returns every warning while its cause holds: what stops it or came under it, then what is to be looked at.
fn notes(brush: &Brush<'_>, compose: &Compose) -> Vec<(String, Role)> {
    let mut lines = Vec::new();
    let warn = |words: String, role: Role| (format!("! {words}"), role);
    if let Some(newest) = compose.news.last() {
        let newest = brush.app.say_under(newest);
        let words = match compose.news.len() - 1 {
            0 => newest,
            more => say!("compose-under-more", newest = newest, count = more),
        };
        lines.push(warn(words, Role::Error));
    }
    if let Some(account) = &compose.unrecorded {
        let words = say!("warn-unrecorded", account = account.as_str());
        lines.push(warn(format!("{words}; {}", say!("hint-unrecorded")), Role::Warning));
    }
    lines.extend(unfilled(brush.app, compose).map(|words| warn(words, Role::Warning)));
    if let Some(other) = compose.other.as_ref().filter(|lease| lease.until > brush.app.now) {
        let words = match other.waiting {
            Some(_) => crate::text::render(&other.phrase(|at| brush.app.since(at))),
            None => say!("compose-other", who = other.agent.to_string()),
        };
        lines.push(warn(words, Role::Replying));
    }
    for who in &compose.strangers {
        lines.push(warn(say!("compose-stranger", who = SafeText::line_max(who, 100)), Role::Warning));
    }
    let left_out = compose.still_left_out();
    if !left_out.is_empty() {
        let who: Vec<String> = left_out.iter().map(|who| SafeText::line_max(who.short(), 60).to_string()).collect();
        let key = brush.app.compose_key(Action::AddPeople);
        lines.push(warn(say!("compose-left-out", who = who.join(", "), key = key), Role::Warning));
    }
    lines
}

/// Says which variables are to be filled in, each once, and by which key one comes to the next; `None` where there is none.
fn unfilled(app: &App, compose: &Compose) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for variable in compose.unfilled() {
        let name = format!("{{{}}}", SafeText::line_max(&variable.name, 60));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let key = app.compose_key(Action::NextField);
    (!names.is_empty()).then(|| say!("compose-unfilled", count = names.len(), names = names.join(" "), key = key))
}
