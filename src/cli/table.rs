//! Tables that fit the terminal.

use crate::model::clock::Timestamp;
use crate::model::screen_order::ScreenOrder;
use crate::model::text::{SafeText, columns as wide, cut, runs_right_to_left};
use crate::view::layout::{field, written};

/// One column: how wide it may get, and whether it gives way when the line is too long.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The most cells it takes.
    pub max: usize,
    /// The fewest cells it is cut to, where it gives way.
    pub min: usize,
}

impl Column {
    /// A column that is never cut.
    pub const FIXED: Column = Column { max: usize::MAX, min: usize::MAX };

    /// A column that gives way between two widths.
    pub const fn between(min: usize, max: usize) -> Self {
        Self { max, min }
    }
}

/// Keeps what stands before it from being turned around together with what stands behind it; takes no cell.
pub const FENCE: char = '\u{200e}';

/// Lays out rows under one another within `width` cells. The last column takes what is left. `order` says how right-to-left cells are put for
/// the terminal; where there is none a program reads, and nothing is added.
pub fn lay_out(columns: &[Column], rows: &[Vec<SafeText>], width: usize, order: Option<ScreenOrder>) -> Vec<String> {
    // Where a program reads nothing is cut: what it looks for may stand there.
    let most = |column: &Column| if width == usize::MAX { usize::MAX } else { column.max };
    let natural =
        |i: usize| rows.iter().filter_map(|row| row.get(i)).map(|cell| wide(cell.as_str())).max().unwrap_or(0);
    let mut widths: Vec<usize> = columns.iter().enumerate().map(|(i, column)| natural(i).min(most(column))).collect();
    let gaps = 2 * columns.len().saturating_sub(1);
    let mut over = (widths.iter().sum::<usize>() + gaps).saturating_sub(width);
    // The last column gives way first, then those in front of it.
    for (cells, column) in widths.iter_mut().zip(columns).rev() {
        let give = over.min(cells.saturating_sub(column.min));
        *cells -= give;
        over -= give;
    }
    rows.iter().map(|row| line(row, &widths, order)).collect()
}

fn line(row: &[SafeText], widths: &[usize], order: Option<ScreenOrder>) -> String {
    let turns = row.iter().any(|cell| runs_right_to_left(cell.as_str()));
    let (is_ours, is_fenced) = order.filter(|_| turns).map_or((false, false), |order| (!order.as_is(), order.fences));
    let mut text = String::new();
    let mut kept = 0;
    if is_fenced {
        text.push(FENCE);
    }
    for (cell, width) in row.iter().zip(widths) {
        let cut = cut(cell.as_str(), *width);
        let used = wide(&cut);
        text.push_str(&match order.filter(|_| is_ours) {
            Some(order) => written(&field(&cut), order),
            None => cut,
        });
        if is_fenced {
            text.push(FENCE);
        }
        kept = if used > 0 { text.len() } else { kept };
        text.extend(std::iter::repeat_n(' ', width.saturating_sub(used) + 2));
    }
    text.truncate(kept);
    text.truncate(text.trim_end().len());
    text
}

/// Returns how long ago `at` was, in a few characters: `now`, `5m`, `3h`, `2d`, else the date.
pub fn age(at: Timestamp, now: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    let minutes = now.since(at) / 60_000;
    match minutes {
        ..0 => date(at, zone, "%Y-%m-%d"),
        0 => "now".into(),
        1..60 => format!("{minutes}m"),
        60..1440 => format!("{}h", minutes / 60),
        1440..14_400 => format!("{}d", minutes / 1440),
        14_400..388_800 => date(at, zone, "%b %d"),
        _ => date(at, zone, "%Y-%m-%d"),
    }
}

fn date(at: Timestamp, zone: &jiff::tz::TimeZone, format: &str) -> String {
    let zoned = jiff::Timestamp::from_millisecond(at.0).map(|t| t.to_zoned(zone.clone()));
    zoned.map(|z| z.strftime(format).to_string()).unwrap_or_default()
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
