//! Which rows of a frame are rows of the one before that moved.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use ratatui::buffer::Cell;

/// The farthest that rows are looked for.
const FARTHEST: usize = 8;
/// Fewer rows that moved are drawn anew.
const ROWS_MIN: usize = 3;

/// Rows that move together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moved {
    /// The first row that takes part.
    pub top: usize,
    /// The row behind the last.
    pub bottom: usize,
    /// By how many rows, up where positive.
    pub by: i32,
}

impl Moved {
    /// Returns which row stands at `y` after the move; `None` is a blank one.
    pub fn source(&self, y: usize) -> Option<usize> {
        if y < self.top || y >= self.bottom {
            return Some(y);
        }
        let from = y.checked_add_signed(isize::try_from(self.by).ok()?)?;
        (from >= self.top && from < self.bottom).then_some(from)
    }
}

/// Returns moves that may be worth it, for whoever counts bytes to choose from.
pub(super) fn candidates(shown: &[&[Cell]], next: &[&[Cell]]) -> Vec<Moved> {
    let (shown, next) = (hashes(shown), hashes(next));
    let Some((by, first, last)) = most_moved(&shown, &next) else { return Vec::new() };
    let far = usize::try_from(by.unsigned_abs()).unwrap_or_default();
    let rows = next.len();
    // The rows that the moved ones came from or go to belong to the block. One row more at the open end takes along the row that only
    // lost its cursor.
    let reach = |more: usize| {
        if by > 0 {
            Moved { top: first, bottom: (last + 1 + far + more).min(rows), by }
        } else {
            Moved { top: first.saturating_sub(far + more), bottom: last + 1, by }
        }
    };
    let mut out: Vec<Moved> = [0, 1, far, far + 1].map(reach).to_vec();
    out.dedup();
    out
}

fn hashes(rows: &[&[Cell]]) -> Vec<Option<u64>> {
    let blank = |row: &[Cell]| row.iter().all(|cell| *cell == Cell::EMPTY);
    let hash = |row: &&[Cell]| {
        let mut hasher = DefaultHasher::new();
        row.hash(&mut hasher);
        (!blank(row)).then(|| hasher.finish())
    };
    rows.iter().map(hash).collect()
}

/// Returns by how much most rows moved, with the first and the last place that they went to.
fn most_moved(shown: &[Option<u64>], next: &[Option<u64>]) -> Option<(i32, usize, usize)> {
    let mut found: HashMap<i32, (usize, usize, usize)> = HashMap::new();
    for (y, row) in next.iter().enumerate().filter(|(y, row)| row.is_some() && shown.get(*y) != Some(row)) {
        for from in y.saturating_sub(FARTHEST)..=y + FARTHEST {
            if shown.get(from) == Some(row)
                && let (Ok(from), Ok(to)) = (i32::try_from(from), i32::try_from(y))
            {
                let entry = found.entry(from - to).or_insert((0, y, y));
                (entry.0, entry.2) = (entry.0 + 1, y);
            }
        }
    }
    let best = found.into_iter().max_by_key(|(by, (count, ..))| (*count, -by.abs(), *by));
    best.filter(|(_, (count, ..))| *count >= ROWS_MIN).map(|(by, (_, first, last))| (by, first, last))
}
