//! Times as people say them. Pure: the zone is handed in.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, Tag};
pub use crate::model::when::{moment, span};
use crate::op::wish::Wish;

fn zoned(at: Timestamp, zone: &TimeZone) -> Option<jiff::Zoned> {
    jiff::Timestamp::from_millisecond(at.0).ok().map(|at| at.to_zoned(zone.clone()))
}

/// Says that a wish was so already, in `count` conversations.
pub fn already(wish: &Wish, count: usize, me: &Handle, zone: &TimeZone) -> String {
    if count == 0 {
        return "Nothing was changed: nothing matched".into();
    }
    if count > 1 {
        return format!("Nothing was changed: {} are so already", number(count as u64));
    }
    let tags = |tags: &BTreeSet<Tag>| tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ");
    match wish {
        Wish::Assign { to: None } => "Nobody has it already".into(),
        Wish::Assign { to: Some(who) } if who == me => "You have it already".into(),
        Wish::Assign { to: Some(who) } => format!("{who} has it already"),
        Wish::Status { to } => format!("It is {to} already"),
        Wish::Snooze { until: None } => "It is awake already".into(),
        Wish::Snooze { until: Some(until) } => format!("It sleeps until {} already", moment(*until, zone)),
        Wish::Tag { add, remove } if remove.is_empty() => format!("It has {} already", tags(add)),
        Wish::Tag { add, remove } if add.is_empty() => format!("It is without {} already", tags(remove)),
        Wish::Tag { .. } => "It has these tags already, and not those".into(),
        Wish::Title { .. } => "The title is as it was: nothing was changed".into(),
        Wish::EditNote { .. } => "The note is as it was: nothing was changed".into(),
        Wish::Move { inbox } => format!("It is in {inbox} already"),
        Wish::Follow { on: true, .. } => "It is followed already".into(),
        Wish::Follow { on: false, .. } => "It is not followed".into(),
        Wish::Merge { .. } | Wish::Split { .. } | Wish::Note { .. } | Wish::SeenMentions => {
            "Nothing was changed: it is so already".into()
        }
    }
}

/// Returns day and time for columns: `2026-11-23 09:05`.
pub fn minute(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).map_or_else(String::new, |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

/// Returns the zone's name at a moment: `CET`.
pub fn zone(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).map_or_else(String::new, |at| at.strftime("%Z").to_string())
}

/// Returns the time of the day: `09:05`.
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).map_or_else(String::new, |at| at.strftime("%H:%M").to_string())
}

/// Returns the day: `Today`, `Yesterday`, else `Mon 23 Nov 2026`.
pub fn day(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (Some(then), Some(today)) = (zoned(at, zone), zoned(now, zone)) else { return String::new() };
    let (then, today) = (then.date(), today.date());
    if then == today {
        "Today".into()
    } else if today.yesterday().is_ok_and(|yesterday| then == yesterday) {
        "Yesterday".into()
    } else {
        then.strftime("%a %-d %b %Y").to_string()
    }
}

/// Returns the number of the day in the zone, to see where one ends.
pub fn day_number(at: Timestamp, zone: &TimeZone) -> Option<jiff::civil::Date> {
    zoned(at, zone).map(|at| at.date())
}

/// Returns how long ago `at` was, in at most four columns: `now`, `5m`, `3h`, `12d`, `8w`, `2y`.
pub fn age(at: Timestamp, now: Timestamp) -> String {
    let minutes = now.since(at).max(0) / 60_000;
    match minutes {
        0 => "now".into(),
        1..60 => format!("{minutes}m"),
        60..1_440 => format!("{}h", minutes / 60),
        1_440..40_320 => format!("{}d", minutes / 1_440),
        40_320..524_160 => format!("{}w", minutes / 10_080),
        _ => format!("{}y", (minutes / 525_600).max(1)),
    }
}

/// Returns a size in bytes as people say it: `812 B`, `14 KB`, `2.3 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Returns a number with thin groups: `1,204,311`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Says that operations for accounts which the config no longer names stay here, and what to do about it.
pub fn orphaned(by_account: &std::collections::BTreeMap<String, u64>) -> (String, &'static str) {
    let all: u64 = by_account.values().sum();
    let names: Vec<&str> = by_account.keys().map(String::as_str).collect();
    let (what, be) = if all == 1 { ("operation", "stays") } else { ("operations", "stay") };
    let text = format!(
        "{} {what} {be} on this machine: the config no longer names the account {}",
        number(all),
        names.join(", ")
    );
    (text, "put the account back into the config to send them")
}
