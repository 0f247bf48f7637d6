//! Tables that fit the terminal.

use crate::model::clock::Timestamp;
use crate::model::text::{SafeText, columns as wide, cut};

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

/// Lays out rows under one another within `width` cells. The last column takes what is left.
pub fn lay_out(columns: &[Column], rows: &[Vec<SafeText>], width: usize) -> Vec<SafeText> {
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
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line(row: &[SafeText], widths: &[usize]) -> SafeText {
    let mut text = String::new();
    for (cell, width) in row.iter().zip(widths) {
        let cut = cut(cell.as_str(), *width);
        text.push_str(&cut);
        text.extend(std::iter::repeat_n(' ', width.saturating_sub(wide(&cut)) + 2));
    }
    SafeText::line(text.trim_end())
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
