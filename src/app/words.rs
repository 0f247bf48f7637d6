//! What the screen says of times and sizes, by the names of `text`, and what screen and verbs say alike.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::model::ids::{Handle, Tag};
use crate::op::wish::Wish;
pub use crate::text::{age, brief, clock, day, day_number, minute, moment, number, since, size, span, zone};

/// Says that a wish was so already, in `count` conversations.
pub fn already(wish: &Wish, count: usize, me: &Handle, zone: &TimeZone) -> String {
    if count == 0 {
        return say!("already-no-match");
    }
    if count > 1 {
        return say!("already-several", count = count);
    }
    let tags = |tags: &BTreeSet<Tag>| tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ");
    match wish {
        Wish::Assign { to: None } => say!("already-nobody"),
        Wish::Assign { to: Some(who) } if who == me => say!("already-mine"),
        Wish::Assign { to: Some(who) } => say!("already-assigned", who = who.to_string()),
        Wish::Status { to } => say!("already-status", status = to.name()),
        Wish::Snooze { until: None } => say!("already-awake"),
        Wish::Snooze { until: Some(until) } => say!("already-snoozed", until = moment(*until, zone)),
        Wish::Tag { add, remove } if remove.is_empty() => say!("already-tagged", add = tags(add)),
        Wish::Tag { add, remove } if add.is_empty() => say!("already-untagged", remove = tags(remove)),
        Wish::Tag { .. } => say!("already-retagged"),
        Wish::Title { .. } => say!("already-titled"),
        Wish::EditNote { .. } => say!("already-noted"),
        Wish::Move { inbox } => say!("already-moved", inbox = inbox.to_string()),
        Wish::Follow { on: true, .. } => say!("already-followed"),
        Wish::Follow { on: false, .. } => say!("already-unfollowed"),
        Wish::Merge { .. } | Wish::Split { .. } | Wish::Note { .. } | Wish::SeenMentions => say!("already-so"),
    }
}

/// Says that operations for accounts which the config no longer names stay here, and what to do about it.
pub fn orphaned(by_account: &std::collections::BTreeMap<String, u64>) -> (String, String) {
    let all: u64 = by_account.values().sum();
    let names: Vec<&str> = by_account.keys().map(String::as_str).collect();
    (say!("orphaned", count = all, accounts = names.join(", ")), say!("hint-orphaned"))
}
