//! Invitations in words, for whoever reads them in a zone of their own.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;

use crate::model::address::Address;
use crate::model::invitation::{Answer, Attendee, Day, Frequency, Invitation, Later, Method, Recurrence, Rule, When};
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
use crate::text::render;

/// The most attendees that are shown.
const SHOWN_MAX: usize = 30;
/// The most characters of one line.
const LINE_MAX: usize = 2_400;

/// Returns an invitation as lines. Times are said in `zone` and, where that differs, in their author's; without a zone, as their author wrote
/// them, and nothing is said that only the rest of the conversation tells.
pub fn invitation(of: &Invitation, zone: Option<&TimeZone>) -> Vec<SafeText> {
    let mut lines = vec![heading(of)];
    lines.extend(facts(of, zone).into_iter().map(|words| format!("  {words}")));
    lines.extend(asked(of));
    if !of.comment.is_empty() {
        lines.push(format!("  {}", say!("invite-comment")));
        lines.extend(paragraph(&of.comment));
    }
    if !of.description.is_empty() {
        lines.extend(paragraph(&of.description));
    }
    lines.extend(zone.into_iter().flat_map(|zone| settled(of, zone)));
    if of.more > 0 {
        lines.push(say!("invite-more", count = of.more));
    }
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines.iter().map(|line| SafeText::line_max(line, LINE_MAX)).collect()
}

/// A text of several lines, with empty ones around it.
fn paragraph(text: &[SafeText]) -> impl Iterator<Item = String> {
    let own = text.iter().map(|line| format!("  {line}").trim_end().to_owned());
    std::iter::once(String::new()).chain(own).chain([String::new()])
}

/// When, how often, where, by whom.
fn facts(of: &Invitation, zone: Option<&TimeZone>) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(at) = &of.instance_at {
        facts.push(say!("invite-instance", when = span(at, None, zone).0));
    }
    if let Some(start) = &of.start {
        let (own, theirs) = span(start, of.end.as_ref(), zone);
        facts.push(say!("invite-when", when = own));
        facts.extend(theirs.map(|theirs| say!("invite-there", when = theirs)));
    }
    facts.extend(of.recurrence.as_ref().map(|how| say!("invite-repeats", how = repeats(of, how, zone))));
    if !of.place.is_empty() {
        facts.push(say!("invite-where", place = &of.place));
    }
    facts.extend(of.links.iter().map(|link| say!("invite-link", link = link)));
    facts.extend(of.organizer.as_ref().map(|who| say!("invite-organizer", who = named(who))));
    facts
}

/// Returns what a mail says that answers an invitation: `Bob accepts: Delivery of pallets (Mon 2026-11-30 14:00 UTC)`.
pub fn invitation_answer(who: &str, answer: Answer, of: &Invitation) -> String {
    let what = invitation_title(of);
    let when = of.instance_at.as_ref().or(of.start.as_ref()).map(|when| span(when, None, None).0);
    let what = match when {
        Some(when) => say!("invite-what-when", what = what, when = when),
        None => what,
    };
    render(&answers(who, answer, &what))
}

/// Returns the subject of such a mail.
pub fn invitation_subject(answer: Answer, of: &Invitation) -> String {
    let what = invitation_title(of);
    match answer {
        Answer::Accepted => say!("invite-subject-accepted", what = what),
        Answer::Declined => say!("invite-subject-declined", what = what),
        Answer::Tentative => say!("invite-subject-tentative", what = what),
    }
}

/// Returns what an event is called.
pub fn invitation_title(of: &Invitation) -> String {
    if of.summary.is_empty() { say!("invite-untitled") } else { of.summary.to_string() }
}

fn answers(who: &str, answer: Answer, what: &str) -> Phrase {
    match answer {
        Answer::Accepted => phrase!("invite-accepts", who = who, what = what),
        Answer::Declined => phrase!("invite-declines", who = who, what = what),
        Answer::Tentative => phrase!("invite-may-come", who = who, what = what),
    }
}

fn heading(of: &Invitation) -> String {
    let what = invitation_title(of);
    let who = of.attendees.first().map_or_else(|| say!("invite-somebody"), |one| named(&one.who));
    match of.method {
        Method::Cancel => say!("invite-cancelled", what = what),
        _ if of.cancelled => say!("invite-cancelled", what = what),
        Method::Request if of.sequence > 0 => say!("invite-changed", what = what),
        Method::Request => say!("invite-request", what = what),
        Method::Reply => match of.attendees.first() {
            Some(Attendee { answer: Some(answer), .. }) => render(&answers(&who, *answer, &what)),
            Some(Attendee { delegated: true, .. }) => say!("invite-delegates", who = who, what = what),
            _ => say!("invite-answers", who = who, what = what),
        },
        Method::Counter => say!("invite-proposes", who = who, what = what),
        Method::DeclineCounter => say!("invite-declines-proposal", what = what),
        Method::Refresh => say!("invite-asks-anew", who = who, what = what),
        Method::Add => say!("invite-adds", what = what),
        Method::Publish | Method::None if of.task => say!("invite-task", what = what),
        Method::Publish | Method::None => say!("invite-event", what = what),
    }
}

/// Names somebody: `Ann <ann@a.example>`.
fn named(who: &Address) -> String {
    if who.name.is_empty() { who.email.clone() } else { format!("{} <{}>", who.name, who.email) }
}

/// Who is asked, with their answers. Of an answer, its author stands in the heading.
fn asked(of: &Invitation) -> Vec<String> {
    if of.attendees.is_empty() || matches!(of.method, Method::Reply | Method::Counter | Method::Refresh) {
        return Vec::new();
    }
    let mut lines = vec![format!("  {}", say!("invite-asked", count = of.asked))];
    for one in of.attendees.iter().take(SHOWN_MAX) {
        lines.push(format!("    {}", say!("invite-one-asked", who = named(&one.who), state = state(one))));
    }
    let more = of.asked.saturating_sub(of.attendees.len().min(SHOWN_MAX));
    if more > 0 {
        lines.push(format!("    {}", say!("invite-more-asked", count = more)));
    }
    lines
}

fn state(one: &Attendee) -> Phrase {
    match one.answer {
        Some(answer) => answer.phrase(),
        None if one.delegated => phrase!("invite-state-delegated"),
        None if one.thing => phrase!("invite-state-thing"),
        None => phrase!("invite-state-none"),
    }
}

/// What became of it in the conversation.
fn settled(of: &Invitation, zone: &TimeZone) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(own) = &of.answered {
        let at = super::moment(own.at, zone);
        lines.push(match own.leaving {
            true => say!("invite-leaving", state = own.answer.phrase()),
            false => say!("invite-answered", state = own.answer.phrase(), at = at),
        });
    }
    match of.later {
        Later::Stands => {}
        Later::Updated => lines.push(say!("invite-later-changed")),
        Later::Cancelled => lines.push(say!("invite-later-cancelled")),
    }
    lines.into_iter().map(|line| format!("  {line}")).collect()
}

/// Returns from when to when, in `zone`, and on its author's clock where that shows another time.
fn span(start: &When, end: Option<&When>, zone: Option<&TimeZone>) -> (String, Option<String>) {
    match (start, zone) {
        (When::Day { date }, _) => {
            let last = end.map(|end| end.time().date());
            let days = match last.filter(|last| last != date) {
                Some(last) => say!("invite-days", first = day(*date), last = day(last)),
                None => day(*date),
            };
            (say!("invite-all-day", days = days), None)
        }
        (When::At { at, time, zone: theirs }, Some(own)) => {
            let here = |at: crate::model::clock::Timestamp| {
                jiff::Timestamp::from_millisecond(at.0).ok().map(|at| at.to_zoned(own.clone()))
            };
            let Some(begins) = here(*at) else { return (clock(start, end), None) };
            let ends = match end {
                Some(When::At { at, .. }) => here(*at).map(|zoned| zoned.datetime()),
                _ => None,
            };
            let when = between(begins.datetime(), ends);
            let differs = !theirs.is_empty() && begins.datetime() != *time;
            let own = say!("invite-in-zone", when = when, zone = begins.strftime("%Z").to_string());
            (own, differs.then(|| clock(start, end)))
        }
        _ => (clock(start, end), None),
    }
}

/// Returns from when to when on its author's clock.
fn clock(start: &When, end: Option<&When>) -> String {
    let when = between(start.time(), end.map(When::time));
    match start {
        When::At { zone, .. } if zone.is_empty() => say!("invite-in-zone", when = when, zone = "UTC"),
        When::At { zone, .. } | When::Local { zone, .. } if !zone.is_empty() => {
            say!("invite-of-zone", when = when, zone = zone)
        }
        When::Local { .. } => say!("invite-any-zone", when = when),
        _ => when,
    }
}

fn between(start: DateTime, end: Option<DateTime>) -> String {
    let moment = |at: DateTime| format!("{} {}", day(at.date()), at.strftime("%H:%M"));
    match end {
        None => moment(start),
        Some(end) if end.date() == start.date() => {
            say!("invite-hours", start = moment(start), end = end.strftime("%H:%M").to_string())
        }
        Some(end) => say!("invite-days", first = moment(start), last = moment(end)),
    }
}

fn day(date: Date) -> String {
    date.strftime("%a %Y-%m-%d").to_string()
}

/// Returns how it repeats, with times as their author wrote them; empty where it happens once.
pub fn invitation_repeats(of: &Invitation) -> String {
    of.recurrence.as_ref().map_or_else(String::new, |how| repeats(of, how, None))
}

fn repeats(of: &Invitation, recurrence: &Recurrence, zone: Option<&TimeZone>) -> String {
    let mut words = match recurrence {
        Recurrence::Rule(rule) => by_rule(rule, zone),
        Recurrence::Raw(rule) => rule.to_string(),
    };
    if of.further > 0 {
        words.push_str(&say!("invite-further", count = of.further));
    }
    if of.except > 0 {
        words.push_str(&say!("invite-except", count = of.except));
    }
    words
}

fn by_rule(rule: &Rule, zone: Option<&TimeZone>) -> String {
    let n = rule.interval;
    let mut words = match rule.frequency {
        Frequency::Hourly => say!("invite-hourly", n = n),
        Frequency::Daily => say!("invite-daily", n = n),
        Frequency::Weekly => say!("invite-weekly", n = n),
        Frequency::Monthly => say!("invite-monthly", n = n),
        Frequency::Yearly => say!("invite-yearly", n = n),
    };
    if !rule.weekdays.is_empty() {
        words.push_str(&say!("invite-on", what = list(rule.weekdays.iter().map(weekday).collect())));
    }
    if !rule.month_days.is_empty() {
        let days = rule.month_days.iter().map(|day| match day {
            -1 => say!("invite-last-day"),
            day if *day < 0 => say!("invite-day-from-end", n = day.unsigned_abs().to_string()),
            day => say!("invite-day", n = day.to_string()),
        });
        words.push_str(&say!("invite-on", what = list(days.collect())));
    }
    if !rule.months.is_empty() {
        words.push_str(&say!("invite-in", what = list(rule.months.iter().map(|number| month(*number)).collect())));
    }
    if let Some(count) = rule.count {
        words.push_str(&say!("invite-times", count = count));
    }
    if let Some(until) = &rule.until {
        let last = match (span(until, None, zone).0, until) {
            (_, When::Day { date }) => day(*date),
            (whole, _) => whole,
        };
        words.push_str(&say!("invite-until", when = last));
    }
    words
}

fn list(mut all: Vec<String>) -> String {
    let Some(last) = all.pop() else { return String::new() };
    if all.is_empty() { last } else { say!("invite-and", first = all.join(", "), last = last) }
}

fn weekday(day: &Day) -> String {
    let name = match day.day {
        Weekday::Monday => say!("weekday-monday"),
        Weekday::Tuesday => say!("weekday-tuesday"),
        Weekday::Wednesday => say!("weekday-wednesday"),
        Weekday::Thursday => say!("weekday-thursday"),
        Weekday::Friday => say!("weekday-friday"),
        Weekday::Saturday => say!("weekday-saturday"),
        Weekday::Sunday => say!("weekday-sunday"),
    };
    match day.number {
        1 => say!("invite-first", day = name),
        2 => say!("invite-second", day = name),
        3 => say!("invite-third", day = name),
        4 => say!("invite-fourth", day = name),
        5 => say!("invite-fifth", day = name),
        -1 => say!("invite-last", day = name),
        -2 => say!("invite-second-last", day = name),
        _ => name,
    }
}

fn month(number: i8) -> String {
    match number {
        1 => say!("month-1"),
        2 => say!("month-2"),
        3 => say!("month-3"),
        4 => say!("month-4"),
        5 => say!("month-5"),
        6 => say!("month-6"),
        7 => say!("month-7"),
        8 => say!("month-8"),
        9 => say!("month-9"),
        10 => say!("month-10"),
        11 => say!("month-11"),
        _ => say!("month-12"),
    }
}

#[cfg(test)]
#[path = "invitation_tests.rs"]
mod tests;
