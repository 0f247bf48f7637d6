//! Signs and their ASCII twins of the same width, for terminals that draw some of them two columns wide or not at all.

use ratatui::buffer::Buffer;

/// Each sign that this program draws, with its twin. What mail says is drawn with the same twins: there the sign would be two wide as well.
const TWINS: &[(&str, &str)] = &[
    ("●", "o"),
    ("✓", "*"),
    ("‹", "<"),
    ("›", ">"),
    ("–", "-"),
    ("—", "-"),
    ("−", "-"),
    ("│", "|"),
    ("▎", "|"),
    ("▏", "|"),
    ("─", "-"),
    ("━", "="),
    ("┌", "+"),
    ("┐", "+"),
    ("└", "+"),
    ("┘", "+"),
    ("├", "+"),
    ("┤", "+"),
    ("┬", "+"),
    ("┴", "+"),
    ("┼", "+"),
    ("·", "."),
    ("•", "*"),
    ("…", ">"),
    ("↑", "^"),
    ("↓", "v"),
    ("→", ">"),
    ("←", "<"),
    ("▴", "^"),
    ("▾", "v"),
    ("▁", "."),
    ("▂", "."),
    ("▃", ":"),
    ("▄", "-"),
    ("▅", "-"),
    ("▆", "="),
    ("▇", "="),
    ("█", "#"),
];

/// Draws the twin of every sign.
pub(super) fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        // A fence may stand beside the sign.
        let shown = cell.symbol().trim_matches(crate::view::layout::FENCE);
        let twin = TWINS.iter().find(|(sign, _)| *sign == shown).map(|(_, twin)| *twin);
        if let Some(twin) = twin {
            cell.set_symbol(twin);
        }
    }
}

/// Returns text with the twin of every sign. Where text goes on in its line nothing has to keep its width: what is left out is dots there,
/// as whoever listens knows them.
pub(super) fn in_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let mut sign = [0; 4];
        let sign: &str = letter.encode_utf8(&mut sign);
        out.push_str(match TWINS.iter().find(|(twin_of, _)| *twin_of == sign) {
            _ if sign == "…" => "..",
            Some((_, twin)) => twin,
            None => sign,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::layout::width;

    #[test]
    fn every_sign_is_as_wide_as_its_twin() {
        for (sign, twin) in TWINS {
            assert_eq!((width(sign), width(twin)), (1, 1), "{sign}");
            assert!(twin.is_ascii(), "{sign}");
        }
    }
}
