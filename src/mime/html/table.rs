//! Tables: those that hold data become columns, those that only lay a mail out become lines.

use crate::model::text::columns as wide;

/// The widest line of columns, in cells; a wider table is told row by row.
const WIDTH_MAX: usize = 110;
/// The most lines in a cell of data.
const CELL_LINES: usize = 3;

/// A table being read.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<Vec<String>>>,
    nested: bool,
}

impl Table {
    /// Notes that another table stands inside: this one lays out.
    pub fn set_nested(&mut self) {
        self.nested = true;
    }

    /// Begins a row.
    pub fn row(&mut self) {
        self.rows.push(Vec::new());
    }

    /// Adds a cell's lines to the last row.
    pub fn cell(&mut self, lines: Vec<String>) {
        match self.rows.last_mut() {
            Some(row) => row.push(lines),
            None => self.rows.push(vec![lines]),
        }
    }

    /// Returns the lines that show the table.
    pub fn lines(mut self) -> Vec<String> {
        for row in &mut self.rows {
            for cell in row.iter_mut() {
                while cell.last().is_some_and(|line| line.trim().is_empty()) {
                    cell.pop();
                }
            }
        }
        self.rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        if self.is_data() { self.columns() } else { self.stacked() }
    }

    fn is_data(&self) -> bool {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let full = self.rows.iter().filter(|row| row.iter().filter(|cell| !cell.is_empty()).count() >= 2).count();
        let cells = self.rows.iter().flatten();
        !self.nested
            && self.rows.len() >= 2
            && (2..=16).contains(&columns)
            && full * 2 >= self.rows.len()
            && cells.clone().all(|cell| cell.len() <= CELL_LINES)
            && cells.flatten().all(|line| wide(line) <= WIDTH_MAX / 2 && !line.starts_with('>'))
    }

    fn columns(self) -> Vec<String> {
        let rows: Vec<Vec<String>> = self
            .rows
            .into_iter()
            .map(|row| row.into_iter().map(|cell| cell.join(" ").trim().to_owned()).collect())
            .collect();
        let mut widths: Vec<usize> = Vec::new();
        for row in &rows {
            for (at, cell) in row.iter().enumerate() {
                match widths.get_mut(at) {
                    Some(width) => *width = (*width).max(wide(cell)),
                    None => widths.push(wide(cell)),
                }
            }
        }
        if widths.iter().sum::<usize>() + 2 * widths.len() > WIDTH_MAX {
            return rows.into_iter().map(|row| join(row, " | ")).collect();
        }
        rows.iter()
            .map(|row| {
                let mut line = String::new();
                for (cell, width) in row.iter().zip(&widths) {
                    line.push_str(cell);
                    line.extend(std::iter::repeat_n(' ', width.saturating_sub(wide(cell)) + 2));
                }
                line.trim_end().to_owned()
            })
            .collect()
    }

    fn stacked(self) -> Vec<String> {
        let mut out = Vec::new();
        for row in self.rows {
            let flat = row.iter().all(|cell| cell.len() <= 1)
                && row.iter().flatten().map(String::len).sum::<usize>() <= WIDTH_MAX;
            if flat {
                out.push(join(row.into_iter().flatten().collect(), "  "));
            } else {
                out.extend(row.into_iter().flatten());
            }
        }
        out
    }
}

fn join(cells: Vec<String>, between: &str) -> String {
    let full: Vec<String> = cells.into_iter().filter(|cell| !cell.trim().is_empty()).collect();
    full.join(between)
}
