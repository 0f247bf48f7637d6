//! Invitations (iCalendar, RFC 5545) as a few lines that a person reads. What is not understood is left out; the file is there as an attachment.

/// How many events of one calendar are told.
const EVENTS_MAX: usize = 20;

/// Tells what an invitation says: what is asked, the event, when, where, by whom.
pub(super) fn summary(text: &str) -> String {
    let lines = unfold(text);
    let method = lines.iter().find_map(|line| value(line, "METHOD")).unwrap_or_default().to_ascii_uppercase();
    let mut out = String::new();
    let mut events = 0;
    let mut nested = 0usize;
    for line in &lines {
        let upper = line.to_ascii_uppercase();
        match upper.as_str() {
            "BEGIN:VEVENT" | "BEGIN:VTODO" => {
                events += 1;
                if events > EVENTS_MAX {
                    break;
                }
                nested = 0;
                out.push_str(heading(&method));
                out.push('\n');
            }
            _ if upper.starts_with("BEGIN:") => nested += 1,
            _ if upper.starts_with("END:") => nested = nested.saturating_sub(1),
            _ if events > 0 && nested == 0 => field(&mut out, line),
            _ => {}
        }
    }
    out
}

fn heading(method: &str) -> &'static str {
    match method {
        "REQUEST" => "Invitation",
        "CANCEL" => "Cancelled invitation",
        "REPLY" => "Answer to an invitation",
        "COUNTER" => "Counter-proposal to an invitation",
        _ => "Calendar event",
    }
}

fn field(out: &mut String, line: &str) {
    for (name, label) in [
        ("SUMMARY", "What"),
        ("DTSTART", "Begins"),
        ("DTEND", "Ends"),
        ("DUE", "Due"),
        ("LOCATION", "Where"),
        ("STATUS", "State"),
    ] {
        if let Some(found) = value(line, name) {
            let found = if name.starts_with('D') { date(line, found) } else { unescape(found) };
            if !found.trim().is_empty() {
                out.push_str(&format!("  {label}: {}\n", found.trim()));
            }
            return;
        }
    }
    if let Some(found) = value(line, "ORGANIZER") {
        out.push_str(&format!("  By: {}\n", person(line, found)));
    } else if let Some(found) = value(line, "ATTENDEE")
        && let Some(state) = parameter(line, "PARTSTAT")
        && !state.eq_ignore_ascii_case("NEEDS-ACTION")
    {
        out.push_str(&format!("  {}: {}\n", person(line, found), state.to_ascii_lowercase()));
    } else if let Some(found) = value(line, "RRULE") {
        let frequency = found.split(';').find_map(|rule| rule.strip_prefix("FREQ=")).unwrap_or("repeatedly");
        out.push_str(&format!("  Repeats: {}\n", frequency.to_ascii_lowercase()));
    }
}

fn unfold(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().take(20_000) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) if last.len() < 10_000 => last.push_str(rest),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// Returns where a line's parameters end: the first colon outside quotes.
fn colon(line: &str) -> Option<usize> {
    let mut quoted = false;
    line.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == ':' && !quoted).then_some(at)
    })
}

fn value<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let head = line.get(..name.len())?;
    let next = line.get(name.len()..)?.chars().next()?;
    if !head.eq_ignore_ascii_case(name) || !matches!(next, ':' | ';') {
        return None;
    }
    line.get(colon(line)? + 1..)
}

fn parameter<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    line.get(..colon(line)?)?.split(';').skip(1).find_map(|piece| {
        let (key, text) = piece.split_once('=')?;
        key.eq_ignore_ascii_case(name).then(|| text.trim_matches('"'))
    })
}

fn person(line: &str, found: &str) -> String {
    let address = match found.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => found.get(7..).unwrap_or_default(),
        _ => found,
    };
    match parameter(line, "CN").filter(|name| !name.is_empty() && *name != address) {
        Some(name) => format!("{name} <{}>", address.trim()),
        None => address.trim().to_owned(),
    }
}

/// `20260131T090000Z` as `2026-01-31 09:00 UTC`; what is no such date stands as it is.
fn date(line: &str, found: &str) -> String {
    let digits: String = found.chars().filter(char::is_ascii_digit).collect();
    let piece = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    if digits.len() < 8 {
        return found.to_owned();
    }
    let day = format!("{}-{}-{}", piece(0, 4), piece(4, 6), piece(6, 8));
    if digits.len() < 12 {
        return day;
    }
    let zone = match parameter(line, "TZID") {
        Some(zone) => format!(" ({zone})"),
        None if found.trim_end().ends_with(['Z', 'z']) => " UTC".to_owned(),
        None => String::new(),
    };
    format!("{day} {}:{}{zone}", piece(8, 10), piece(10, 12))
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push(' '),
                Some(other) => out.push(other),
                None => {}
            },
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
