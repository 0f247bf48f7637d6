//! The calendar that answers an invitation (RFC 5546 section 3.2.3).

use super::line::{self, Line, escape, fold};
use super::{Calendar, Component, UID_MAX};
use crate::mime::lines::cut;
use crate::model::clock::Timestamp;
use crate::model::invitation::InvitationAnswer;

/// What an answer takes over from the invitation, in this order.
const KEPT: [&str; 9] =
    ["UID", "SEQUENCE", "RECURRENCE-ID", "ORGANIZER", "DTSTART", "DTEND", "DURATION", "SUMMARY", "LOCATION"];
/// The most bytes of a line that only says what is meant.
const SAID_MAX: usize = 2_000;
/// The most bytes of the zones that are taken over.
const ZONES_MAX: usize = 32 * 1024;

/// What an answer takes over from the calendar that it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// For each date or series that is answered, its lines.
    pub events: Vec<Vec<String>>,
    /// The lines of the zones that those name.
    pub zones: Vec<String>,
}

/// Returns what an answer to the event of that id takes over; `None` where the calendar does not hold it. Of a series that comes with
/// dates that differ, the series is answered.
pub(in crate::mime) fn source(text: &str, uid: &str) -> Option<Source> {
    let lines = line::whole(text);
    let calendar = Calendar::read(&lines);
    let is_of = |event: &&Component<'_>| event.value("UID").is_some_and(|found| cut(found, UID_MAX) == uid);
    let all: Vec<&Component<'_>> = calendar.events.iter().filter(is_of).collect();
    let series = all.iter().find(|event| event.line("RECURRENCE-ID").is_none());
    let answered = series.map_or(all.clone(), |series| vec![*series]);
    let events: Vec<Vec<&Line<'_>>> = answered.iter().map(|event| kept(event)).collect();
    let zones = zones(&calendar, &events);
    let text = |lines: Vec<&Line<'_>>| lines.into_iter().map(|line| line.text.to_owned()).collect();
    let events: Vec<Vec<String>> = events.into_iter().map(text).collect();
    (!events.is_empty()).then_some(Source { events, zones })
}

fn kept<'c, 't>(event: &'c Component<'t>) -> Vec<&'c Line<'t>> {
    let is_short = |line: &&Line<'_>| {
        !matches!(line.name.to_ascii_uppercase().as_str(), "SUMMARY" | "LOCATION") || line.text.len() <= SAID_MAX
    };
    KEPT.iter().filter_map(|name| event.line(name)).filter(is_short).collect()
}

/// Returns the lines of the zones that kept lines name, each once.
fn zones(calendar: &Calendar<'_>, events: &[Vec<&Line<'_>>]) -> Vec<String> {
    let named: Vec<String> = events.iter().flatten().filter_map(|line| line.param("TZID")).collect();
    let mut out: Vec<String> = Vec::new();
    for zone in &calendar.zones {
        if zone.value("TZID").is_some_and(|tzid| named.iter().any(|name| name == tzid)) {
            out.push("BEGIN:VTIMEZONE".to_owned());
            out.extend(zone.lines.iter().map(|line| line.text.to_owned()));
            out.push("END:VTIMEZONE".to_owned());
        }
    }
    let short = out.iter().map(String::len).sum::<usize>() <= ZONES_MAX;
    if short { out } else { Vec::new() }
}

/// Writes the calendar of an answer, made at `at`; `comment` is what its author says along with it.
pub fn reply(answer: &InvitationAnswer, comment: &str, at: Timestamp) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "PRODID:-//postroom//postroom//EN".to_owned(),
        "VERSION:2.0".to_owned(),
        "METHOD:REPLY".to_owned(),
    ];
    lines.extend(answer.zones.iter().cloned());
    let stamp = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().strftime("%Y%m%dT%H%M%SZ").to_string();
    for event in &answer.events {
        lines.push("BEGIN:VEVENT".to_owned());
        lines.extend(event.iter().cloned());
        lines.push(format!("DTSTAMP:{stamp}"));
        lines.push(attendee(answer));
        if !comment.trim().is_empty() {
            lines.push(format!("COMMENT:{}", escape(comment.trim())));
        }
        lines.push("END:VEVENT".to_owned());
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| fold(line)).collect()
}

fn attendee(answer: &InvitationAnswer) -> String {
    let name: String = answer.attendee.name.chars().filter(|c| *c != '"' && !c.is_control()).collect();
    let name = if name.trim().is_empty() { String::new() } else { format!(";CN=\"{}\"", name.trim()) };
    let address: String = answer.attendee.email.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    format!("ATTENDEE;PARTSTAT={}{name}:mailto:{address}", answer.answer.partstat())
}
