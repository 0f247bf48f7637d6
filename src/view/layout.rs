//! Text on a grid of cells: widths, cutting, wrapping, and right-to-left order.

mod bidi;
mod wrap;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

pub use bidi::{Laid, lay_out, visual, visual_column};
pub use wrap::wrap;

/// Returns how many columns `text` takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts `text` to `columns`, with `…` as the last where something was cut off. Never cuts a grapheme in two.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = width(grapheme);
        if used + wide + 1 > columns {
            break;
        }
        out.push_str(grapheme);
        used += wide;
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

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
