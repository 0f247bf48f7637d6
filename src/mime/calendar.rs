//! Calendars in mail (iCalendar, RFC 5545; iTIP, RFC 5546) as invitations that a person reads and answers. What is not understood is left out;
//! the file is there as an attachment.
//!
//! Read line by line here, not by a crate: an answer takes over lines as they stand, the offsets of a VTIMEZONE are wanted without the zones
//! that a crate brings in `chrono`'s form, and every count and length has to be bounded before anything is built of it.

mod answer;
mod event;
mod line;
mod rule;
mod windows;
mod zone;

use super::work::step;
use crate::model::invitation::{Invitation, Method};
use line::Line;
use zone::Zones;

pub(super) use answer::source;
pub use answer::{Source, reply};
pub(super) use line::unfold;

/// How many events of one calendar are told.
const EVENTS_MAX: usize = 20;
/// The most bytes of an event's id that tell it from others.
const UID_MAX: usize = 1_000;
/// How many lines of one event are read.
const EVENT_LINES_MAX: usize = 2_000;
/// How many zones of one calendar are read.
const ZONES_MAX: usize = 40;

/// A part of a calendar: an event, a task or a zone, with the lines of its own.
#[derive(Default)]
struct Component<'t> {
    /// `VEVENT`, `VTODO` or `VTIMEZONE`, in upper case.
    kind: String,
    /// Its lines, those of parts within it only for a zone.
    lines: Vec<Line<'t>>,
}

/// A calendar taken apart.
#[derive(Default)]
struct Calendar<'t> {
    method: Option<&'t str>,
    events: Vec<Component<'t>>,
    zones: Vec<Component<'t>>,
    more: usize,
}

/// Reads the events of a calendar. `method` is what the mail says of it, for a calendar that does not say so itself.
pub(super) fn invitations(text: &str, method: &str) -> Vec<Invitation> {
    let lines = line::whole(text);
    let calendar = Calendar::read(&lines);
    let zones = Zones::of(&calendar.zones);
    let method = of_name(calendar.method.unwrap_or(method));
    let mut found: Vec<Invitation> =
        calendar.events.iter().map(|event| Invitation { method, ..event::read(event, &zones) }).collect();
    if let Some(last) = found.last_mut() {
        last.more = calendar.more;
    }
    found
}

fn of_name(name: &str) -> Method {
    match name.trim().to_ascii_uppercase().as_str() {
        "PUBLISH" => Method::Publish,
        "REQUEST" => Method::Request,
        "REPLY" => Method::Reply,
        "ADD" => Method::Add,
        "CANCEL" => Method::Cancel,
        "REFRESH" => Method::Refresh,
        "COUNTER" => Method::Counter,
        "DECLINECOUNTER" => Method::DeclineCounter,
        _ => Method::None,
    }
}

impl<'t> Calendar<'t> {
    fn read(lines: &'t [String]) -> Self {
        let mut calendar = Self::default();
        let mut open: Option<Component<'t>> = None;
        let mut nested = 0usize;
        for line in lines.iter().filter_map(|line| Line::read(line)) {
            let is = |name: &str| line.name.eq_ignore_ascii_case(name);
            let kind = line.value.trim().to_ascii_uppercase();
            match &mut open {
                None if is("BEGIN") && matches!(kind.as_str(), "VEVENT" | "VTODO" | "VTIMEZONE") => {
                    (open, nested) = (Some(Component { kind, lines: Vec::new() }), 0);
                }
                None if is("METHOD") => calendar.method = calendar.method.or(Some(line.value)),
                None => {}
                Some(component) if is("END") && kind == component.kind => calendar.close(open.take()),
                Some(component) => {
                    let within = nested > 0 || is("BEGIN");
                    nested = (nested + usize::from(is("BEGIN"))).saturating_sub(usize::from(is("END")));
                    if (!within || component.kind == "VTIMEZONE") && component.lines.len() < EVENT_LINES_MAX {
                        component.lines.push(line);
                    }
                }
            }
        }
        // What was cut off on its way is told as far as it goes.
        calendar.close(open);
        calendar
    }

    fn close(&mut self, component: Option<Component<'t>>) {
        match component {
            Some(zone) if zone.kind == "VTIMEZONE" && self.zones.len() < ZONES_MAX => self.zones.push(zone),
            Some(zone) if zone.kind == "VTIMEZONE" => {}
            Some(event) if self.events.len() < EVENTS_MAX => self.events.push(event),
            Some(_) => self.more += 1,
            None => {}
        }
    }
}

impl<'t> Component<'t> {
    /// Returns the first line of that name.
    fn line(&self, name: &str) -> Option<&Line<'t>> {
        self.all(name).next()
    }

    /// Returns the value of the first line of that name that has one.
    fn value(&self, name: &str) -> Option<&'t str> {
        self.all(name).map(|line| line.value.trim()).find(|value| !value.is_empty())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &Line<'t>> {
        self.lines.iter().inspect(|_| step(1)).filter(move |line| line.name.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
