//! One event or task (RFC 5545 sections 3.6.1 and 3.6.2) as an invitation.

use jiff::civil::Time;

use super::line::{Line, unescape};
use super::zone::Zones;
use super::{Component, UID_MAX, rule};
use crate::mime::html;
use crate::mime::lines::cut;
use crate::model::address::{Address, is_plain};
use crate::model::invitation::{Answer, Attendee, Invitation, When};
use crate::model::text::SafeText;

/// The most characters of a summary or a place.
const SHORT_MAX: usize = 500;
/// The most bytes of a description that are read.
const LONG_MAX: usize = 32 * 1024;
/// The most lines of a description, and the most characters of each.
const LINES_MAX: (usize, usize) = (200, 2_000);
/// The most characters of a name or address.
const WHO_MAX: usize = 320;
/// The most attendees that are kept: that one of them is us has to be found.
const ATTENDEES_MAX: usize = 1_000;
/// The most links, and the most characters of each.
const LINKS_MAX: (usize, usize) = (10, 2_000);

/// Where programs write how one takes part, the standard's first (RFC 5545 section 3.8.4.6, RFC 7986 section 5.11).
const LINKS: [&str; 10] = [
    "URL",
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-GOOGLE-HANGOUT",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
    "X-MICROSOFT-ONLINEMEETING",
    "X-CONFERENCE",
    "ATTACH",
];

/// Reads an event; its method is the calendar's.
pub(super) fn read(event: &Component<'_>, zones: &Zones) -> Invitation {
    let text = |name: &str| SafeText::line_max(unescape(event.value(name).unwrap_or_default()).trim(), SHORT_MAX);
    let (start, end) = times(event, zones);
    let instance = event.value("RECURRENCE-ID").unwrap_or_default();
    Invitation {
        task: event.kind == "VTODO",
        uid: cut(event.value("UID").unwrap_or_default(), UID_MAX).to_owned(),
        sequence: event.value("SEQUENCE").and_then(|n| n.parse().ok()).unwrap_or(0),
        instance: cut(instance, 80).to_owned(),
        instance_at: event.line("RECURRENCE-ID").and_then(|line| zones.when(line)),
        summary: text("SUMMARY"),
        description: description(event),
        place: text("LOCATION"),
        links: links(event),
        organizer: event.line("ORGANIZER").map(person).filter(|who| !who.email.is_empty()),
        attendees: event.all("ATTENDEE").take(ATTENDEES_MAX).map(attendee).collect(),
        asked: event.all("ATTENDEE").count(),
        start,
        end,
        recurrence: event.line("RRULE").map(|line| rule::read(line, zones)),
        further: event.all("RDATE").map(|line| line.value.split(',').count()).sum(),
        except: event.all("EXDATE").map(|line| line.value.split(',').count()).sum(),
        cancelled: event.value("STATUS").is_some_and(|state| state.eq_ignore_ascii_case("CANCELLED")),
        comment: lines(&unescape(cut(event.value("COMMENT").unwrap_or_default(), LONG_MAX))),
        ..Invitation::default()
    }
}

fn times(event: &Component<'_>, zones: &Zones) -> (Option<When>, Option<When>) {
    let line = event.line("DTSTART").or_else(|| event.line("DUE"));
    let Some((line, start)) = line.and_then(|line| Some((line, zones.when(line)?))) else { return (None, None) };
    let tzid = line.param("TZID").unwrap_or_default();
    let end = event.line("DTEND").or_else(|| event.line("DUE").filter(|due| due.text != line.text));
    let end = end.and_then(|line| zones.when(line)).or_else(|| {
        let length: jiff::Span = event.value("DURATION")?.parse().ok()?;
        zones.at(&start, &tzid, start.time().checked_add(length).ok()?)
    });
    let flag = event.value("X-MICROSOFT-CDO-ALLDAYEVENT").is_some_and(|value| value.eq_ignore_ascii_case("TRUE"));
    let midnight = |when: &When| when.time().time() == Time::midnight();
    if flag && midnight(&start) && end.as_ref().is_none_or(midnight) {
        let day = |when: &When| When::Day { date: when.time().date() };
        return days(day(&start), end.as_ref().map(day));
    }
    days(start, end)
}

/// The end of days is the day after the last (RFC 5545 section 3.6.1); what ends before it begins has no end.
fn days(start: When, end: Option<When>) -> (Option<When>, Option<When>) {
    let end = match (&start, end) {
        (When::Day { date: first }, Some(When::Day { date })) => {
            date.yesterday().ok().filter(|last| last > first).map(|date| When::Day { date })
        }
        (When::At { at: begin, .. }, Some(When::At { at, time, zone })) if at > *begin => {
            Some(When::At { at, time, zone })
        }
        (When::Local { time: begin, .. }, Some(When::Local { time, zone })) if time > *begin => {
            Some(When::Local { time, zone })
        }
        _ => None,
    };
    (Some(start), end)
}

fn description(event: &Component<'_>) -> Vec<SafeText> {
    let html = || event.line("X-ALT-DESC").filter(|line| line.has("FMTTYPE", "text/html")).map(|line| line.value);
    let Some(value) = event.value("DESCRIPTION").or_else(html) else { return Vec::new() };
    let text = unescape(cut(value, LONG_MAX));
    lines(&if is_html(&text) { without_tags(&text) } else { text })
}

fn lines(text: &str) -> Vec<SafeText> {
    // Programs draw lines around what they put in; those say nothing.
    let is_drawn = |line: &str| line.chars().count() > 20 && !line.chars().any(char::is_alphanumeric);
    let all = text.lines().map(str::trim_end).filter(|line| !is_drawn(line)).take(LINES_MAX.0);
    let mut lines: Vec<SafeText> = all.map(|line| SafeText::line_max(line, LINES_MAX.1)).collect();
    lines.dedup_by(|next, line| next.is_empty() && line.is_empty());
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    lines.drain(..first);
    while lines.last().is_some_and(SafeText::is_empty) {
        lines.pop();
    }
    lines
}

fn is_html(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["<br", "</", "<p>", "<html", "<a href", "&nbsp;"].iter().any(|tag| lower.contains(tag))
}

/// The text of a description that is HTML; where it links, the target stands behind.
fn without_tags(markup: &str) -> String {
    let markup =
        if markup.to_ascii_lowercase().contains("<html") { markup.to_owned() } else { markup.replace('\n', "<br>") };
    let found = html::to_text(&markup, 0);
    let named = found.links.iter().filter(|link| link.number > 0).take(50);
    named.fold(found.text, |text, link| text.replacen(&format!("[{}]", link.number), &format!("<{}>", link.target), 1))
}

fn links(event: &Component<'_>) -> Vec<SafeText> {
    let mut found: Vec<SafeText> = Vec::new();
    for line in LINKS.iter().flat_map(|name| event.all(name)) {
        let value = line.value.trim();
        let scheme = value.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let link = SafeText::line_max(value, LINKS_MAX.1);
        let is_link = matches!(scheme.as_str(), "http" | "https" | "tel" | "sip" | "xmpp");
        if is_link && found.len() < LINKS_MAX.0 && !found.contains(&link) {
            found.push(link);
        }
    }
    found
}

fn attendee(line: &Line<'_>) -> Attendee {
    let state = line.param("PARTSTAT").unwrap_or_default();
    Attendee {
        who: person(line),
        answer: Answer::of_partstat(&state),
        delegated: state.eq_ignore_ascii_case("DELEGATED"),
        thing: line.has("CUTYPE", "ROOM") || line.has("CUTYPE", "RESOURCE"),
    }
}

/// Returns whom an ORGANIZER or ATTENDEE names: the address of its `mailto:`, else that of its EMAIL.
pub(super) fn person(line: &Line<'_>) -> Address {
    let safe = |text: &str| SafeText::line_max(text.trim(), WHO_MAX).to_string();
    let value = line.value.trim();
    let (scheme, rest) = value.split_once(':').unwrap_or(("", value));
    let mailed = match scheme.to_ascii_lowercase().as_str() {
        "mailto" => percent(rest.split('?').next().unwrap_or_default()),
        _ => value.to_owned(),
    };
    let given = line.param("EMAIL").filter(|email| !is_plain(mailed.trim()) && is_plain(email));
    let email = safe(&given.unwrap_or(mailed));
    let name = safe(&line.param("CN").unwrap_or_default());
    let repeats = name.trim_matches('\'').eq_ignore_ascii_case(&email);
    Address { name: if repeats { String::new() } else { name }, email }
}

/// Reads `%40` and the like (RFC 6068 section 2).
fn percent(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = more.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.filter(|_| *first == b'%').and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = more.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
