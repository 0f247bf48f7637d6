//! Rules by which something happens again (RRULE, RFC 5545 section 3.3.10).

use jiff::civil::Weekday;

use super::line::Line;
use super::zone::Zones;
use crate::model::invitation::{Day, Frequency, Recurrence, Rule};
use crate::model::text::SafeText;

/// The most characters of a rule that stands as it is.
const RAW_MAX: usize = 300;
/// The most days or months that a rule in words names.
const NAMED_MAX: usize = 12;

/// Parts that no words are made of.
const RARE: [&str; 6] = ["BYSECOND", "BYMINUTE", "BYHOUR", "BYYEARDAY", "BYWEEKNO", "RSCALE"];

/// Reads a rule: in its parts where it is of a usual shape, else as it stands.
pub(super) fn read(line: &Line<'_>, zones: &Zones) -> Recurrence {
    usual(line, zones).map_or_else(|| Recurrence::Raw(SafeText::line_max(line.value.trim(), RAW_MAX)), Recurrence::Rule)
}

/// Returns a part of a rule.
pub(super) fn part<'t>(value: &'t str, name: &str) -> Option<&'t str> {
    value.split(';').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

fn usual(line: &Line<'_>, zones: &Zones) -> Option<Rule> {
    let part = |name: &str| part(line.value, name);
    if RARE.iter().any(|name| part(name).is_some()) {
        return None;
    }
    let frequency = match part("FREQ")?.to_ascii_uppercase().as_str() {
        "HOURLY" => Frequency::Hourly,
        "DAILY" => Frequency::Daily,
        "WEEKLY" => Frequency::Weekly,
        "MONTHLY" => Frequency::Monthly,
        "YEARLY" => Frequency::Yearly,
        _ => return None,
    };
    let until = match part("UNTIL") {
        Some(value) => Some(zones.when(&Line { value, ..*line })?),
        None => None,
    };
    let rule = Rule {
        frequency,
        interval: part("INTERVAL").map_or(Some(1), |n| n.parse().ok().filter(|n| *n > 0))?,
        count: part("COUNT").map(|n| n.parse().ok()).map_or(Some(None), |n| n.map(Some))?,
        until,
        weekdays: list(part("BYDAY"), day)?,
        month_days: list(part("BYMONTHDAY"), |day| day.parse().ok().filter(|day| matches!(day, -31..=-1 | 1..=31)))?,
        months: list(part("BYMONTH"), |month| month.parse().ok().filter(|month| (1..=12).contains(month)))?,
    };
    numbered(rule, part("BYSETPOS"))
}

/// Outlook writes the second Monday as `BYDAY=MO;BYSETPOS=2`. No other position is put in words.
fn numbered(mut rule: Rule, position: Option<&str>) -> Option<Rule> {
    if let Some(position) = position {
        let number: i8 = position.parse().ok()?;
        match rule.weekdays.as_mut_slice() {
            [day] if day.number == 0 && rule.month_days.is_empty() => day.number = number,
            _ => return None,
        }
    }
    let monthly = matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly);
    let sayable = |day: &Day| day.number == 0 || (monthly && matches!(day.number, -2..=5));
    let both = !rule.weekdays.is_empty() && !rule.month_days.is_empty();
    (rule.weekdays.iter().all(sayable) && !both).then_some(rule)
}

fn list<T>(value: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Some(Vec::new()) };
    let all: Vec<T> = value.split(',').take(NAMED_MAX + 1).map(|one| read(one.trim())).collect::<Option<_>>()?;
    (all.len() <= NAMED_MAX).then_some(all)
}

/// Reads `MO`, `2MO`, `-1SU`; of several the first.
pub(super) fn day(text: &str) -> Option<Day> {
    let text = text.split(',').next()?.trim();
    let (number, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let day = match name.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let number = if number.is_empty() { 0 } else { number.strip_prefix('+').unwrap_or(number).parse().ok()? };
    Some(Day { number, day })
}
