//! Right-to-left text in the order of the screen (UAX #9), for terminals that don't do it themselves. Letters are joined by the terminal's
//! font; postroom only orders them.

use std::ops::Range;

use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::view::layout::{width, wrap};

/// One line in the order of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    /// The text, left to right.
    pub text: String,
    /// Whether its paragraph runs from right to left, so that it begins at the right edge.
    pub right: bool,
}

/// Wraps a paragraph to `columns` and puts each line in the order of the screen. With `as_is` the terminal does that itself.
pub fn lay_out(text: &str, columns: usize, as_is: bool) -> Vec<Laid> {
    let ranges = wrap(text, columns);
    let plain = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default().trim_end().to_owned();
    if as_is || !has_right_to_left(text) {
        return ranges.iter().map(|range| Laid { text: plain(range), right: false }).collect();
    }
    ordered(text, ranges, None)
}

/// One line in the order of the screen, in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The text, left to right; each piece with the number of the mark that it is of.
    pub pieces: Vec<(String, Option<usize>)>,
    /// Whether its paragraph runs from right to left.
    pub right: bool,
}

/// As [`lay_out`], with stretches of the text marked: `marks` are byte ranges, in order, none over another, none cutting a grapheme.
pub fn lay_out_marked(text: &str, columns: usize, as_is: bool, marks: &[Range<usize>]) -> Vec<Marked> {
    let info = (!as_is && has_right_to_left(text)).then(|| BidiInfo::new(text, None));
    let paragraph = info.as_ref().and_then(|info| Some((info, info.paragraphs.first()?)));
    let line = |range: Range<usize>| {
        let bare = text.get(range.clone()).unwrap_or_default().trim_end().len();
        let range = range.start..range.start + bare;
        let runs: Vec<(Range<usize>, bool)> = match paragraph {
            _ if range.is_empty() => Vec::new(),
            None => std::iter::once((range, false)).collect(),
            Some((info, paragraph)) => {
                let (levels, runs) = info.visual_runs(paragraph, range);
                let turned = |run: &Range<usize>| levels.get(run.start).is_some_and(|level| level.is_rtl());
                runs.into_iter().map(|run| (run.clone(), turned(&run))).collect()
            }
        };
        let mut pieces: Vec<(String, Option<usize>)> = Vec::new();
        let mut put = |at: usize, grapheme: &str| {
            let next = marks.partition_point(|mark| mark.end <= at);
            let mark = marks.get(next).filter(|mark| mark.contains(&at)).map(|_| next);
            match pieces.last_mut() {
                Some((piece, of)) if *of == mark => piece.push_str(grapheme),
                _ => pieces.push((grapheme.to_owned(), mark)),
            }
        };
        for (run, turned) in runs {
            let part = text.get(run.clone()).unwrap_or_default();
            match turned {
                true => part.grapheme_indices(true).rev().for_each(|(at, one)| put(run.start + at, mirror(one))),
                false => part.grapheme_indices(true).for_each(|(at, one)| put(run.start + at, one)),
            }
        }
        Marked { pieces, right: paragraph.is_some_and(|(_, paragraph)| paragraph.level.is_rtl()) }
    };
    wrap(text, columns).into_iter().map(line).collect()
}

/// Puts lines of a paragraph in the order of the screen; `base` is the paragraph's direction, told from its first letters where none is given.
fn ordered(text: &str, ranges: Vec<Range<usize>>, base: Option<Level>) -> Vec<Laid> {
    let plain = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default().trim_end().to_owned();
    let info = BidiInfo::new(text, base);
    let Some(paragraph) = info.paragraphs.first() else { return Vec::new() };
    let right = paragraph.level.is_rtl();
    let line = |range: Range<usize>| {
        let bare = plain(&range);
        let range = range.start..range.start + bare.len();
        if range.is_empty() {
            return Laid { text: String::new(), right };
        }
        let (levels, runs) = info.visual_runs(paragraph, range);
        let mut out = String::new();
        for run in runs {
            let part = text.get(run.clone()).unwrap_or_default();
            if levels.get(run.start).is_some_and(|level| level.is_rtl()) {
                out.extend(part.graphemes(true).rev().map(mirror));
            } else {
                out.push_str(part);
            }
        }
        Laid { text: out, right }
    };
    ranges.into_iter().map(line).collect()
}

/// Returns one line of text in the order of the screen.
pub fn visual(text: &str, as_is: bool) -> String {
    if as_is || !has_right_to_left(text) {
        return text.to_owned();
    }
    lay_out(text, usize::MAX, false).into_iter().next().map(|line| line.text).unwrap_or_default()
}

/// Returns one line of our own words around names and addresses in the order of the screen. It runs from left to right whatever the names
/// are written in, so that a name can't change places with the address behind it.
pub fn visual_fields(text: &str, as_is: bool) -> String {
    if as_is || !has_right_to_left(text) {
        return text.to_owned();
    }
    let whole = std::iter::once(0..text.len()).collect();
    ordered(text, whole, Some(Level::ltr())).into_iter().next().map(|line| line.text).unwrap_or_default()
}

/// Returns the column at which a cursor in front of character `at` of a line stands on the screen.
pub fn visual_column(text: &str, at: usize) -> usize {
    let offset = text.char_indices().nth(at).map_or(text.len(), |(offset, _)| offset);
    if !has_right_to_left(text) {
        return text.get(..offset).map_or(0, width);
    }
    let info = BidiInfo::new(text, None);
    let Some(paragraph) = info.paragraphs.first() else { return 0 };
    let (levels, runs) = info.visual_runs(paragraph, 0..text.len());
    let span = |range: Range<usize>| text.get(range).map_or(0, width);
    let mut column = 0;
    for run in runs {
        if run.contains(&offset) {
            let backwards = levels.get(run.start).is_some_and(|level| level.is_rtl());
            return column + if backwards { span(offset..run.end) } else { span(run.start..offset) };
        }
        column += span(run);
    }
    // Behind the last character: at the left end of text that runs from right to left.
    if paragraph.level.is_rtl() { 0 } else { column }
}

fn has_right_to_left(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| matches!(bidi_class(c), BidiClass::R | BidiClass::AL | BidiClass::AN))
}

/// Returns a bracket turned round, as it must be drawn in text that runs from right to left.
fn mirror(grapheme: &str) -> &str {
    match grapheme {
        "(" => ")",
        ")" => "(",
        "[" => "]",
        "]" => "[",
        "{" => "}",
        "}" => "{",
        "<" => ">",
        ">" => "<",
        "«" => "»",
        "»" => "«",
        other => other,
    }
}
