//! What of the news is told, and how: `[notify]`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Zoned;
use jiff::civil::{Time, Weekday};

use super::reader::Section;
use crate::model::calendar::short_weekdays;
use crate::model::news::NewsEvent;
use crate::model::text::in_quotes;
use crate::program::words;

/// How somebody is told of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The terminal rings.
    Bell,
    /// The terminal shows a notification of the desktop.
    Desktop,
    /// A program is run.
    Command,
}

impl Way {
    const ALL: [(&'static str, Way); 3] = [("bell", Way::Bell), ("desktop", Way::Desktop), ("command", Way::Command)];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, way)| *way == self).map_or("", |(name, _)| name)
    }
}

/// By which escape sequence a terminal shows a notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Desktop {
    /// `OSC 9`: iTerm2, WezTerm, Windows Terminal, Ghostty.
    #[default]
    Osc9,
    /// `OSC 777`: rxvt-unicode, foot, WezTerm, Ghostty.
    Osc777,
    /// `OSC 99`: kitty.
    Osc99,
}

impl Desktop {
    const ALL: [(&'static str, Desktop); 3] =
        [("osc9", Desktop::Osc9), ("osc777", Desktop::Osc777), ("osc99", Desktop::Osc99)];
}

/// When nobody is told of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// From this time of the day on.
    pub from: Time,
    /// Until this one, itself excluded; on the next day where it is not later.
    pub to: Time,
}

impl Quiet {
    fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let time = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
        };
        let (from, to) = (time(from)?, time(to)?);
        (from != to).then_some(Self { from, to })
    }

    fn holds(self, at: Time) -> bool {
        if self.from < self.to { self.from <= at && at < self.to } else { self.from <= at || at < self.to }
    }
}

/// What of the news is told, and how. Nothing is, unless the config says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notify {
    /// The ways of each event.
    pub ways: BTreeMap<NewsEvent, BTreeSet<Way>>,
    /// How a notification of the desktop is asked for.
    pub desktop: Desktop,
    /// Whether the title of the terminal's window says how much is new.
    pub title: bool,
    /// The program that is run, by its words.
    pub command: Vec<String>,
    /// The hours of every day in which nothing is told.
    pub quiet: Option<Quiet>,
    /// The days on which nothing is told.
    pub quiet_days: Vec<Weekday>,
}

impl Notify {
    /// Tells whether nothing is told at that moment, in the zone that it is given in. The title goes on saying how much is new.
    pub fn is_quiet(&self, at: &Zoned) -> bool {
        self.quiet.is_some_and(|quiet| quiet.holds(at.time())) || self.quiet_days.contains(&at.weekday())
    }

    /// Reads the section.
    pub(super) fn read(root: &Section<'_, '_>) -> Self {
        let section = root.section("notify");
        let mut notify = Self { title: section.yes("title").unwrap_or(false), ..Self::default() };
        for event in NewsEvent::ALL {
            let ways: BTreeSet<Way> = named(&section, event.name(), &Way::ALL).into_iter().collect();
            if !ways.is_empty() {
                notify.ways.insert(event, ways);
            }
        }
        notify.desktop = section.word("desktop", &Desktop::ALL).unwrap_or_default();
        notify.command = match section.line_or_words("command") {
            Some(Ok(line)) => words(&line).unwrap_or_default(),
            Some(Err(argv)) => argv,
            None => Vec::new(),
        };
        let wants_command = notify.ways.values().any(|ways| ways.contains(&Way::Command));
        if wants_command && notify.command.first().is_none_or(String::is_empty) {
            section.complain("command", phrase!("config-notify-command"), phrase!("hint-notify-command"));
        }
        if let Some(text) = section.text("quiet") {
            notify.quiet = Quiet::parse(&text);
            if notify.quiet.is_none() {
                let what = phrase!("config-notify-quiet", value = in_quotes(text));
                section.complain("quiet", what, phrase!("hint-notify-quiet"));
            }
        }
        notify.quiet_days = named(&section, "quiet_days", &short_weekdays());
        section.finish();
        notify
    }

    /// Returns the section's keys that hold lists, with these; empty ones are left out.
    pub(super) fn lists(&self) -> Vec<(&'static str, Vec<String>)> {
        let ways = |ways: &BTreeSet<Way>| ways.iter().map(|way| way.name().to_owned()).collect::<Vec<_>>();
        let mut lists: Vec<_> = self.ways.iter().map(|(event, of)| (event.name(), ways(of))).collect();
        lists.push(("command", self.command.clone()));
        let is_quiet = |(_, day): &(&str, Weekday)| self.quiet_days.contains(day);
        let days = short_weekdays().into_iter().filter(is_quiet).map(|(name, _)| name.to_owned());
        lists.push(("quiet_days", days.collect()));
        lists.retain(|(_, list)| !list.is_empty());
        lists
    }

    /// Returns those that hold a text, with it.
    pub(super) fn lines(&self) -> Vec<(&'static str, String)> {
        let desktop = Desktop::ALL.iter().find(|(_, one)| *one == self.desktop).map_or("", |(name, _)| name);
        let mut lines = vec![("desktop", desktop.to_owned())];
        let clock = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        lines.extend(self.quiet.map(|quiet| ("quiet", format!("{}-{}", clock(quiet.from), clock(quiet.to)))));
        lines
    }
}

/// Reads a word, or a list of words, of a table.
fn named<T: Copy>(section: &Section<'_, '_>, key: &'static str, table: &[(&str, T)]) -> Vec<T> {
    let mut all = Vec::new();
    for word in section.texts(key).unwrap_or_default() {
        match table.iter().find(|(name, _)| *name == word) {
            Some((_, value)) => all.push(*value),
            None => {
                let known = table.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
                let what = phrase!("config-notify-word", key = key, word = in_quotes(word));
                section.complain(key, what, phrase!("hint-notify-word", words = known));
            }
        }
    }
    all
}

#[cfg(test)]
#[path = "notify_tests.rs"]
mod tests;
