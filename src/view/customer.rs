//! The customer beside the conversation, or as a page: who it is, their other conversations, the notes in these, and below what the panels of
//! the config say.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::customer::{Entry, ShownPanel};
use crate::app::{Pane, words};
use crate::model::clock::Timestamp;
use crate::model::customer::{Customer, CustomerConversation, CustomerNote};
use crate::model::panel::PanelSaid;
use crate::model::text::SafeText;
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, field, fit, lay_out_said, shortened, width};
use crate::view::list::letter;
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, paint};

/// From this many columns on a conversation takes one line.
const ONE_LINE_FROM: usize = 60;
/// The most lines of a note.
const NOTE_LINES: usize = 4;
/// The most lines that one value of the person takes.
const FACT_LINES: usize = 3;
/// Lines that stay for the person while a panel has the cursor.
const PERSON_LINES: usize = 5;

/// Lines, and from which to behind which the cursor's entry goes.
#[derive(Default)]
struct Lines {
    all: Vec<Pieces>,
    on: Option<(usize, usize)>,
}

impl Lines {
    fn push(&mut self, text: String, style: Style) {
        self.all.push(vec![(text, style)]);
    }
}

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let app = brush.app;
    let role = if app.focus == Pane::Customer { Role::HeadingFocused } else { Role::Heading };
    let columns = usize::from(area.width).saturating_sub(2);
    let customer = app.customer();
    let name = customer.map(|one| shown(&one.name, columns)).filter(|name| !name.is_empty());
    let title = name.unwrap_or_else(|| say!("customer-title"));
    paint::text(frame, paint::line(area, 0), &format!(" {title}"), brush.style(role));
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let Some(customer) = customer else {
        let words = if app.open.is_some() { say!("loading") } else { say!("conversation-none") };
        return paint::text(frame, paint::line(below, 0), &format!(" {words}"), brush.style(Role::Dim));
    };
    let (upper, lower) = (person(brush, customer, columns), panels(brush, columns));
    let room = usize::from(below.height);
    let most = if lower.on.is_some() { room.saturating_sub(PERSON_LINES + 1) } else { room / 2 };
    let rows = lower.all.len().min(most);
    let rule = usize::from(rows > 0);
    draw_lines(brush, frame, part(below, 0, room - rows - rule), &upper);
    if rule > 0 {
        let line = Rect { width: area.width, ..paint::line(below, room - rows - rule) };
        paint::text(frame, line, &"─".repeat(usize::from(line.width)), brush.style(Role::Border));
    }
    draw_lines(brush, frame, part(below, room - rows, rows), &lower);
}

fn part(area: Rect, from: usize, rows: usize) -> Rect {
    let number = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    Rect { y: area.y + number(from), height: number(rows), ..area }.intersection(area)
}

/// Draws as many lines as there is room for, those of the cursor's entry among them, and says how many are below.
fn draw_lines(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, lines: &Lines) {
    let rows = usize::from(area.height);
    let last_top = lines.all.len().saturating_sub(rows);
    let has_keys = brush.app.focus == Pane::Customer;
    let top = match lines.on {
        Some((from, to)) if to > rows => from.min(last_top),
        _ => 0,
    };
    for (n, pieces) in lines.all.iter().skip(top).take(rows).enumerate() {
        paint::pieces(frame, paint::line(area, n), pieces);
        if lines.on.is_some_and(|(from, _)| from == top + n) && has_keys {
            paint::look(frame, paint::line(area, n), brush.style(Role::Cursor));
        }
    }
    let below = last_top.saturating_sub(top);
    if below > 0 && rows > 1 {
        let words = format!(" {}", say!("customer-lines-below", count = below + 1));
        let line = paint::line(area, rows - 1);
        paint::text(frame, line, &fit(&words, usize::from(area.width)), brush.style(Role::Dim));
    }
}

/// Returns a text from outside, cut to fit.
fn shown(text: &SafeText, columns: usize) -> String {
    field(&cut(&text.directed(), columns))
}

/// Puts a text on as many lines as it takes, `most` at most.
fn wrapped(brush: &Brush<'_>, text: &str, style: Style, columns: usize, most: usize, sign: &str, lines: &mut Lines) {
    let room = columns.saturating_sub(width(sign)).max(8);
    for part in lay_out_said(&shortened(text, room, most), room, brush.app.around.screen_order.as_is()) {
        lines.all.push(vec![(format!(" {sign}"), brush.style(Role::Border)), (part.text, style)]);
    }
}

fn person(brush: &Brush<'_>, customer: &Customer, columns: usize) -> Lines {
    let app = brush.app;
    let mut lines = Lines::default();
    let fact =
        |text: &str, role, lines: &mut Lines| wrapped(brush, text, brush.style(role), columns, FACT_LINES, "", lines);
    if customer.addresses.is_empty() {
        fact(&say!("customer-none"), Role::Dim, &mut lines);
        return lines;
    }
    for address in &customer.addresses {
        fact(address.shown.as_str(), Role::Text, &mut lines);
        fact(&say!("customer-mails", count = address.mails), Role::Dim, &mut lines);
    }
    let day = |at: Timestamp| words::day(at, app.now, &app.around.zone);
    if let (Some(first), Some(last)) = (customer.first, customer.last) {
        fact(&say!("customer-first", day = day(first)), Role::Dim, &mut lines);
        fact(&say!("customer-last", day = day(last)), Role::Dim, &mut lines);
    }
    if !customer.inboxes.is_empty() {
        let inboxes: Vec<String> = customer.inboxes.iter().map(ToString::to_string).collect();
        fact(&say!("customer-inboxes", names = inboxes.join(", ")), Role::Dim, &mut lines);
    }
    if let Some(to) = &customer.answers_to {
        fact(&say!("answers-go-to", who = to), Role::Warning, &mut lines);
    }
    if !customer.others.is_empty() {
        let names: Vec<&str> = customer.others.iter().map(SafeText::as_str).collect();
        fact(&say!("customer-others", names = names.join(", ")), Role::Dim, &mut lines);
    }
    if customer.is_claimed {
        let words = say!("customer-claimed");
        wrapped(brush, &words, brush.style(Role::Warning), columns, 6, "! ", &mut lines);
        return lines;
    }
    conversations(brush, customer, columns, &mut lines);
    if !customer.notes.is_empty() {
        lines.push(String::new(), brush.style(Role::Text));
        lines.push(format!(" {}", say!("customer-notes")), brush.style(Role::Heading));
        customer.notes.iter().for_each(|one| note(brush, one, columns, &mut lines));
    }
    lines
}

fn conversations(brush: &Brush<'_>, customer: &Customer, columns: usize, lines: &mut Lines) {
    lines.push(String::new(), brush.style(Role::Text));
    let count = customer.conversations.len() + customer.more;
    let title = match (count, customer.is_part) {
        (0, _) => say!("customer-no-others"),
        (_, true) => say!("customer-many-others"),
        (count, false) => say!("customer-other", count = count),
    };
    lines.push(format!(" {title}"), brush.style(Role::Heading));
    let on = brush.app.customer.entry();
    for (place, one) in customer.conversations.iter().enumerate() {
        let from = lines.all.len();
        conversation(brush, one, columns, lines);
        if on == Some(Entry::Conversation(place)) {
            lines.on = Some((from, lines.all.len()));
        }
    }
    if customer.more > 0 && !customer.is_part {
        lines.push(format!(" {}", say!("customer-more", count = customer.more)), brush.style(Role::Dim));
    }
}

fn conversation(brush: &Brush<'_>, one: &CustomerConversation, columns: usize, lines: &mut Lines) {
    let row = &one.row;
    let (sign, sign_role) = letter(row);
    let (who, who_role) = match &row.assignee {
        None => ("-".to_owned(), Role::Unassigned),
        Some(who) if *who == brush.app.around.me => (say!("me"), Role::Mine),
        Some(who) => (who.to_string(), Role::Others),
    };
    let age = format!("{:>4} ", words::age(row.last_at, brush.app.now));
    let claim = if one.is_claimed { format!(" {}", say!("customer-claim")) } else { String::new() };
    let mut pieces: Pieces = vec![
        (format!(" {sign} "), brush.style(sign_role)),
        (format!("{} ", fit(&row.short, 5)), brush.style(Role::ShortId)),
        (age, brush.style(Role::Age)),
    ];
    let title = SafeText::line(&text::titled(row.title.as_str()));
    if columns >= ONE_LINE_FROM {
        pieces.push((format!("{} ", fit(&who, 9)), brush.style(who_role)));
        let room = columns.saturating_sub(paint::span(&pieces) + width(&claim));
        pieces.extend([(shown(&title, room), brush.style(Role::Text)), (claim, brush.style(Role::Warning))]);
        return lines.all.push(pieces);
    }
    let room = columns.saturating_sub(paint::span(&pieces) + width(&claim)) + 1;
    pieces.extend([(cut(&who, room), brush.style(who_role)), (claim, brush.style(Role::Warning))]);
    lines.all.push(pieces);
    lines.push(format!("   {}", shown(&title, columns.saturating_sub(2))), brush.style(Role::Text));
}

fn note(brush: &Brush<'_>, one: &CustomerNote, columns: usize, lines: &mut Lines) {
    let (who, age) = (one.note.actor.to_string(), words::age(one.note.at, brush.app.now));
    let head = say!("customer-note", who = who, short = &one.short, age = age);
    wrapped(brush, &head, brush.style(Role::Dim), columns, 1, "▎ ", lines);
    let text: Vec<&str> = one.note.lines.iter().map(SafeText::as_str).filter(|line| !line.trim().is_empty()).collect();
    wrapped(brush, &text.join(" "), brush.style(Role::Note), columns, NOTE_LINES, "▎ ", lines);
}

fn panels(brush: &Brush<'_>, columns: usize) -> Lines {
    let mut lines = Lines::default();
    let on = brush.app.customer.entry();
    for (place, panel) in brush.app.customer.panels.iter().enumerate() {
        if place > 0 {
            lines.push(String::new(), brush.style(Role::Text));
        }
        let from = lines.all.len();
        let has_cursor = on == Some(Entry::Panel(place));
        let scroll = if has_cursor { brush.app.customer.scroll } else { 0 };
        panel_lines(brush, panel, scroll, columns, &mut lines);
        if has_cursor {
            lines.on = Some((from, lines.all.len()));
        }
    }
    lines
}

fn panel_lines(brush: &Brush<'_>, panel: &ShownPanel, scroll: usize, columns: usize, lines: &mut Lines) {
    let age = match &panel.said {
        None => say!("panel-asking"),
        Some(PanelSaid::Lines { .. }) => ago(brush.app.now.since(panel.at)),
        Some(_) => String::new(),
    };
    let title = shown(&panel.head.title, columns.saturating_sub(width(&age) + 1));
    lines
        .all
        .push(vec![(format!(" {title}"), brush.style(Role::Heading)), (format!(" {age}"), brush.style(Role::Dim))]);
    let trouble = |words: &str, lines: &mut Lines| {
        let words = format!("{words} · {}", say!("panel-again"));
        wrapped(brush, &words, brush.style(Role::Warning), columns, FACT_LINES + 1, "", lines);
    };
    match &panel.said {
        None => {}
        Some(PanelSaid::Lines { lines: said, cut }) => {
            for line in said.iter().skip(scroll) {
                said_line(brush, line, columns, lines);
            }
            if said.is_empty() {
                lines.push(format!(" {}", say!("panel-nothing")), brush.style(Role::Dim));
            }
            if *cut {
                lines.push(format!(" {}", say!("panel-cut")), brush.style(Role::Dim));
            }
        }
        Some(PanelSaid::Slow(seconds)) => trouble(&say!("panel-slow", seconds = seconds.to_string()), lines),
        Some(PanelSaid::Failed(why)) => trouble(&text::render(why), lines),
        Some(PanelSaid::Stopped) => trouble(&say!("panel-stopped"), lines),
    }
}

/// Puts a line of a panel on as many as it takes: where it were cut, nothing would show its end.
fn said_line(brush: &Brush<'_>, line: &SafeText, columns: usize, lines: &mut Lines) {
    let style = brush.style(Role::Text);
    if width(line.as_str()) <= columns {
        return lines.push(format!(" {}", shown(line, columns)), style);
    }
    wrapped(brush, line.as_str(), style, columns, usize::MAX, "", lines);
}

/// Says how long ago that was, in steps of ten seconds at first: no more of the screen is drawn for it than has to be.
fn ago(span: i64) -> String {
    match span / 1000 {
        ..10 => say!("panel-just"),
        seconds @ 10..60 => say!("panel-ago", span = words::span(seconds / 10 * 10_000)),
        seconds => say!("panel-ago", span = words::span(seconds / 60 * 60_000)),
    }
}
