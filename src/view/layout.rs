//! Text on a grid of cells: widths, cutting, wrapping, and right-to-left order.

mod joining;
mod screen;

pub use crate::model::text::order::{Laid, Marked, field, lay_out, lay_out_marked, lay_out_said, lay_out_said_marked};
pub use screen::{FENCE, Look, arranged, is_plain, written};

pub use crate::model::text::wrap::wrap;
pub use crate::model::text::{columns as width, cut};

/// Cuts `text` to `columns` and fills it up with spaces.
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns);
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// Shortens a text so that it takes no more than so many lines of so many columns, with `…` as the last where something was cut off.
pub fn shortened(text: &str, columns: usize, most: usize) -> String {
    let lines = wrap(text, columns);
    let Some(last) = most.checked_sub(1).and_then(|last| lines.get(last)).filter(|_| lines.len() > most) else {
        return text.to_owned();
    };
    let line = cut(text.get(last.clone()).unwrap_or_default().trim_end(), columns.saturating_sub(1));
    format!("{}{}…", text.get(..last.start).unwrap_or_default(), line.trim_end_matches('…'))
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
