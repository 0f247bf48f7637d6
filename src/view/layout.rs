//! Text on a grid of cells: widths, cutting, wrapping, and right-to-left order.

mod bidi;
mod joining;
mod screen;

pub use bidi::{Laid, Marked, field, lay_out, lay_out_marked, visual, visual_column, visual_fields};
pub use screen::{FENCE, arranged, written};

pub use crate::model::text::wrap::wrap;
pub use crate::model::text::{columns as width, cut};

/// Cuts `text` to `columns` and fills it up with spaces.
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns);
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
