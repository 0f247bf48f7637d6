//! A message as it came: its headers, and its lines.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::app::words;
use crate::model::text::{self, SafeText};

/// The most bytes of a message that are shown.
pub const BYTES_MAX: usize = 512 * 1024;
/// The most characters of one line: an encoded file without line ends stays a few rows.
const LINE_MAX: usize = 2_000;

/// A message as it came, made safe to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The headers, each line as it came.
    pub headers: Vec<SafeText>,
    /// All lines, the headers among them.
    pub lines: Vec<SafeText>,
    /// How many bytes it has.
    pub size: u64,
    /// How many of those are shown.
    pub shown: u64,
    /// Whether only its headers are here.
    pub partial: bool,
}

impl Source {
    /// Reads the bytes of a message. What is no UTF-8 is shown by a sign for each byte that can't be read.
    pub fn read(raw: &[u8], partial: bool) -> Self {
        let shown = raw.get(..BYTES_MAX).unwrap_or(raw);
        let lines: Vec<SafeText> = String::from_utf8_lossy(shown).split('\n').map(line).collect();
        let headers = lines.iter().take_while(|line| !line.as_str().is_empty()).cloned().collect();
        Self { headers, lines, size: raw.len() as u64, shown: shown.len() as u64, partial }
    }
}

impl Source {
    /// Returns the rows of the screen, of the whole or of the headers alone, at so many columns.
    pub fn rows(&self, raw: bool, columns: usize) -> impl Iterator<Item = &str> {
        let lines = if raw { &self.lines } else { &self.headers };
        lines.iter().flat_map(move |line| chopped(line.as_str(), columns))
    }

    /// Says of what is not shown why.
    pub fn ends(&self, raw: bool) -> Vec<String> {
        if self.size == 0 {
            return vec![say!("source-nothing")];
        }
        let mut said = Vec::new();
        if self.partial {
            said.push(say!("source-partial"));
        }
        if raw && self.shown < self.size {
            said.push(say!("source-cut", shown = words::size(self.shown), size = words::size(self.size)));
        }
        said
    }
}

/// Cuts a line into rows, wherever one is full but never inside a grapheme.
pub fn chopped(line: &str, columns: usize) -> Vec<&str> {
    let columns = columns.max(2);
    if line.len() <= columns {
        return vec![line];
    }
    let (mut rows, mut start, mut used) = (Vec::new(), 0, 0);
    for (at, grapheme) in line.grapheme_indices(true) {
        let wide = text::columns(grapheme);
        if used + wide > columns {
            rows.extend(line.get(start..at));
            (start, used) = (at, 0);
        }
        used += wide;
    }
    rows.extend(line.get(start..));
    rows
}

/// Makes a line safe. Blanks at its beginning say that it goes on with the one before.
fn line(raw: &str) -> SafeText {
    let bounded: String = raw.trim_end_matches('\r').chars().take(LINE_MAX + 1).collect();
    let safe = SafeText::lines(&bounded).into_iter().next().unwrap_or_default();
    if bounded.chars().count() > LINE_MAX { SafeText::line_max(safe.as_str(), LINE_MAX) } else { safe }
}
