//! The outbox and the drafts: each mail with its state, the reason, the next try.

use crate::app::{DraftRow, OutList, OutRow, words};
use crate::model::reply::OutState;
use crate::theme::Role;
use crate::view::layout::{field, fit, lay_out_said};
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, list: &OutList) {
    let place = brush.app.geometry().page();
    paint::clear(frame, place);
    let title = if list.is_drafts { say!("title-drafts") } else { say!("title-outbox") };
    let count = if list.is_empty() { String::new() } else { crate::app::words::number(list.len() as u64) };
    super::pages::head(brush, frame, paint::line(place, 0), &title, &count);
    let inside = ratatui::layout::Rect { y: place.y + 1, height: place.height.saturating_sub(1), ..place };
    let columns = usize::from(inside.width).saturating_sub(1).max(10);
    let blocks: Vec<Vec<Pieces>> = match (&list.mails, &list.drafts) {
        (Some(mails), _) => mails.iter().map(|mail| self::mail(brush, mail, columns)).collect(),
        (_, Some(drafts)) => drafts.iter().map(|draft| self::draft(brush, draft, columns)).collect(),
        _ => {
            return paint::text(
                frame,
                paint::line(inside, 0),
                &format!(" {}", say!("loading")),
                brush.style(Role::Dim),
            );
        }
    };
    if blocks.is_empty() {
        let words = if list.is_drafts { say!("drafts-none") } else { say!("outbox-none") };
        paint::text(frame, paint::line(inside, 0), &format!(" {words}"), brush.style(Role::Dim));
    }
    let rows = usize::from(inside.height);
    let above: usize = blocks.iter().take(list.at).map(Vec::len).sum();
    let own = blocks.get(list.at).map_or(0, Vec::len).min(rows);
    let top = (above + own).saturating_sub(rows);
    let lines = blocks.iter().enumerate().flat_map(|(n, block)| block.iter().map(move |line| (n, line)));
    for (row, (n, pieces)) in lines.skip(top).take(rows).enumerate() {
        let line = paint::line(inside, row);
        paint::pieces(frame, line, pieces);
        if n == list.at && row + top == above {
            super::sheet::tab(brush, frame, line);
        }
    }
}

fn state(state: OutState) -> (String, Role) {
    match state {
        OutState::Held => (say!("state-held"), Role::Pending),
        OutState::Stopped => (format!("! {}", say!("state-stopped")), Role::Error),
        OutState::Sending => (say!("state-sending"), Role::Pending),
        OutState::Uncertain => (format!("! {}", say!("state-uncertain")), Role::Error),
        OutState::Failed => (format!("! {}", say!("state-failed")), Role::Error),
        OutState::Sent => (say!("state-sent"), Role::Good),
        OutState::Filed => (say!("state-filed"), Role::Good),
        OutState::Cancelled => (say!("outgoing-taken-back"), Role::Dim),
    }
}

fn tried(times: u32) -> String {
    say!("tried", count = times)
}

fn mail(brush: &Brush<'_>, mail: &OutRow, columns: usize) -> Vec<Pieces> {
    let app = brush.app;
    let (sign, role) = state(mail.state);
    let as_is = app.around.screen_order.as_is();
    let mut lines: Vec<Pieces> = vec![vec![
        (format!(" {} ", fit(&sign, 11)), brush.style(role)),
        (format!("{}  ", fit(mail.to.as_str(), columns / 3)), brush.style(Role::Text)),
        (field(&crate::text::titled(&mail.subject.directed())), brush.style(Role::Snippet)),
    ]];
    let mut say = |words: &str, role: Role| {
        for laid in lay_out_said(words, columns.saturating_sub(14).max(5), as_is) {
            lines.push(vec![(format!("{}{}", " ".repeat(13), laid.text), brush.style(role))]);
        }
    };
    let by = (!mail.mine).then(|| say!("by", who = &mail.actor));
    // What is known of it, on one line.
    let all = |parts: Vec<Option<String>>| parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    match mail.state {
        OutState::Held => {
            let tries = (mail.attempts > 0).then(|| tried(mail.attempts));
            let left = mail.due.since(app.now);
            let why = if left <= 0 && mail.reason.is_empty() { app.why_held(&mail.account) } else { None };
            let out = match left {
                ..=0 => say!("goes-out-now"),
                1..60_000 => say!("goes-out-in", span = words::span(left)),
                _ => say!("goes-out-at", at = app.say(mail.due)),
            };
            match why {
                Some(why) => {
                    let waits = all(vec![Some(say!("mail-waits")), tries]);
                    let first = say!("error-within", place = waits, what = why);
                    say(&all(vec![by, Some(first)]), Role::Warning);
                }
                None => say(&all(vec![by, Some(out), tries]), Role::Dim),
            }
        }
        OutState::Failed => say(&all(vec![by, Some(tried(mail.attempts))]), Role::Dim),
        _ => by.iter().for_each(|by| say(by, Role::Dim)),
    }
    if !mail.reason.is_empty() && mail.news.is_empty() {
        say(mail.reason.as_str(), role);
    }
    if !mail.news.is_empty() {
        say(&say!("outgoing-somebody"), Role::Warning);
    }
    for news in &mail.news {
        say(&format!("+ {news}"), Role::Warning);
    }
    lines
}

fn draft(brush: &Brush<'_>, draft: &DraftRow, columns: usize) -> Vec<Pieces> {
    let app = brush.app;
    let (state, role) = match draft.discarded_at {
        Some(_) => (say!("draft-discarded"), Role::Disabled),
        None => (say!("draft-standing"), Role::Pending),
    };
    let age = words::age(draft.saved_at, app.now);
    vec![
        vec![
            (format!(" {} ", fit(&state, 11)), brush.style(role)),
            (format!("{}  ", fit(draft.to.as_str(), columns / 3)), brush.style(Role::Text)),
            (field(&crate::text::titled(&draft.subject.directed())), brush.style(Role::Snippet)),
        ],
        vec![
            (format!(" {} ", fit(&age, 11)), brush.style(Role::Age)),
            (field(&draft.snippet.directed()), brush.style(Role::Dim)),
        ],
    ]
}
