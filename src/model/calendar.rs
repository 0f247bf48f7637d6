//! The English names of months and weekdays, which mail, mailboxes, config files and typed moments have in whatever language one reads. Names
//! for people to read are of a language: see [`crate::model::language`].

use jiff::civil::Weekday;

/// The months from January on.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The weekdays from Monday on.
pub const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// Returns the number of the month whose name begins so, from January as 1 on. Three letters are enough for each.
pub fn month(begin: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|name| begin.len() >= 3 && begins(name, begin))?;
    i8::try_from(at + 1).ok()
}

/// Returns the name of a month.
pub fn month_name(month: i8) -> Option<&'static str> {
    usize::try_from(month).ok()?.checked_sub(1).and_then(|at| MONTHS.get(at)).copied()
}

/// Returns the weekday whose name begins so. Two letters are enough for each.
pub fn weekday(begin: &str) -> Option<Weekday> {
    let found = WEEKDAYS.iter().find(|(name, _)| begin.len() >= 2 && begins(name, begin));
    found.map(|(_, weekday)| *weekday)
}

/// Returns the name of a weekday.
pub fn weekday_name(weekday: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, known)| *known == weekday).map_or("", |(name, _)| name)
}

/// Returns the weekdays by their first three letters.
pub fn short_weekdays() -> [(&'static str, Weekday); 7] {
    WEEKDAYS.map(|(name, weekday)| (short(name), weekday))
}

/// Returns the first three letters of a name, as mail has it.
fn short(name: &'static str) -> &'static str {
    name.get(..3).unwrap_or(name)
}

fn begins(name: &str, begin: &str) -> bool {
    name.get(..begin.len()).is_some_and(|front| front.eq_ignore_ascii_case(begin))
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
