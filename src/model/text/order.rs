//! Right-to-left text in the order of the screen (UAX #9): for all that is drawn, and for cursors and clicks in it.
//!
//! A text is ordered as a whole paragraph, before its lines are put one below the other. What comes out of that is marked as in place (by
//! U+202D and U+202C, which no text from outside has): whoever draws it leaves it as it stands.

use std::borrow::Cow;
use std::ops::Range;

use icu_properties::CodePointMapData;
use icu_properties::props::BidiMirroringGlyph;
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};
use unicode_segmentation::UnicodeSegmentation as _;

use super::is_direction_control;
use super::wrap::wrap;

/// Begins a field that runs as its first strong letter does (FSI).
pub(crate) const FIELD: char = '\u{2068}';
/// Begins a field that runs from right to left (RLI).
const RIGHT_FIELD: char = '\u{2067}';
/// Ends a field (PDI).
pub(crate) const FIELD_ENDS: char = '\u{2069}';
/// Begins what is in place already (LRO).
const IN_PLACE: char = '\u{202D}';
/// Ends it (PDF).
const IN_PLACE_ENDS: char = '\u{202C}';
/// Where a line may end, and nothing is drawn: so writers of scripts without spaces part their words (ZERO WIDTH SPACE).
const BREAK: &str = "\u{200B}";

/// One line, laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    /// The text, in place.
    pub text: String,
    /// Whether its paragraph runs from right to left, so that it begins at the right edge.
    pub right: bool,
}

/// Wraps a paragraph that somebody wrote to `columns` and puts each line in the order of the screen. With `as_is` the terminal does that
/// itself.
pub fn lay_out(text: &str, columns: usize, as_is: bool) -> Vec<Laid> {
    whole(lines(&Source::of(text), None, columns, as_is, &[]))
}

/// As [`lay_out`], for words of ours around names: they run from left to right as a whole, each name by itself.
pub fn lay_out_said(text: &str, columns: usize, as_is: bool) -> Vec<Laid> {
    whole(lines(&Source::said(text), Some(Level::ltr()), columns, as_is, &[]))
}

fn whole(lines: Vec<Marked>) -> Vec<Laid> {
    let laid =
        |line: Marked| Laid { text: line.pieces.into_iter().map(|(piece, _)| piece).collect(), right: line.right };
    lines.into_iter().map(laid).collect()
}

/// One line, laid out, in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The text from left to right, in place; each piece with the number of the mark that it is of.
    pub pieces: Vec<(String, Option<usize>)>,
    /// Whether its paragraph runs from right to left.
    pub right: bool,
}

/// As [`lay_out`], with stretches of the text marked: `marks` are byte ranges, in order, none over another, none cutting a grapheme.
pub fn lay_out_marked(text: &str, columns: usize, as_is: bool, marks: &[Range<usize>]) -> Vec<Marked> {
    lines(&Source::of(text), None, columns, as_is, marks)
}

/// As [`lay_out_said`], with stretches of the text marked.
pub fn lay_out_said_marked(text: &str, columns: usize, as_is: bool, marks: &[Range<usize>]) -> Vec<Marked> {
    lines(&Source::said(text), Some(Level::ltr()), columns, as_is, marks)
}

fn lines(source: &Source<'_>, base: Option<Level>, columns: usize, as_is: bool, marks: &[Range<usize>]) -> Vec<Marked> {
    let text = source.plain;
    let paragraph = (!as_is && turns(text)).then(|| Paragraph::of(source, base));
    let line = |range: Range<usize>| {
        let bare = text.get(range.clone()).unwrap_or_default().trim_end().len();
        let range = range.start..range.start + bare;
        let Some(paragraph) = &paragraph else {
            return Marked { pieces: as_read(text, range, marks), right: false };
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
        paragraph.line(range).iter().for_each(|glyph| put(glyph.at, &glyph.text));
        pieces.iter_mut().for_each(|(piece, _)| *piece = in_place(piece));
        Marked { pieces, right: paragraph.is_right() }
    };
    wrap(text, columns).into_iter().map(line).collect()
}

/// Returns a line that stands as it is read, in pieces by its marks.
fn as_read(text: &str, line: Range<usize>, marks: &[Range<usize>]) -> Vec<(String, Option<usize>)> {
    let mut pieces: Vec<(String, Option<usize>)> = Vec::new();
    let mut put = |from: usize, to: usize, mark: Option<usize>| {
        let part = text.get(from..to.min(line.end)).unwrap_or_default();
        if !part.is_empty() && part != BREAK {
            pieces.push((part.replace(BREAK, ""), mark));
        }
    };
    let mut from = line.start;
    let first = marks.partition_point(|mark| mark.end <= line.start);
    for (n, mark) in marks.iter().enumerate().skip(first).take_while(|(_, mark)| mark.start < line.end) {
        let begin = mark.start.max(from);
        put(from, begin, None);
        put(begin, mark.end, Some(n));
        from = mark.end;
    }
    if from < line.end {
        put(from, line.end, None);
    }
    pieces
}

/// Marks what is in the order of the screen.
fn in_place(text: &str) -> String {
    if turns(text) { format!("{IN_PLACE}{text}{IN_PLACE_ENDS}") } else { text.to_owned() }
}

/// Marks a text as a field of its own, which runs as its first strong letter does. What is drawn without this runs from left to right as a
/// whole, since it is words of ours around names.
pub fn field(text: &str) -> String {
    if turns(text) { format!("{FIELD}{text}{FIELD_ENDS}") } else { text.to_owned() }
}

/// Tells whether anything in a text has to be put in another order, or is a control of that.
pub(crate) fn turns(text: &str) -> bool {
    // Nothing below the first Hebrew letter does, but for a sign that nobody uses.
    text.chars().any(|c| c >= '\u{590}' && (is_right_to_left(c) || is_direction_control(c)))
}

fn is_right_to_left(c: char) -> bool {
    matches!(bidi_class(c), BidiClass::R | BidiClass::AL | BidiClass::AN)
}

/// A grapheme in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glyph<'t> {
    /// Where it stands in the text, in bytes.
    pub at: usize,
    /// What is drawn: turned round where brackets are.
    pub text: Cow<'t, str>,
}

/// A text to be ordered, with what must not be torn in isolates: web addresses, which are read from left to right whatever stands around
/// them, and in words of ours the names.
pub(crate) struct Source<'t> {
    plain: &'t str,
    text: Cow<'t, str>,
    /// Where controls were put in, in bytes of the text as it was.
    put_in: Vec<usize>,
}

/// Begins a field that runs from left to right (LRI).
const LEFT_FIELD: char = '\u{2066}';

impl<'t> Source<'t> {
    /// Takes a text that somebody wrote.
    pub fn of(plain: &'t str) -> Self {
        // Where all runs from left to right nothing is torn.
        let addresses = if turns(plain) { addresses(plain) } else { Vec::new() };
        Self::apart(plain, addresses.into_iter().map(|range| (range, LEFT_FIELD)).collect())
    }

    /// Takes words of ours, in which names stand: each that runs from right to left turns nothing around it, no number behind it, no other
    /// name.
    pub fn said(plain: &'t str) -> Self {
        if !turns(plain) {
            return Self::apart(plain, Vec::new());
        }
        let mut all: Vec<(Range<usize>, char)> =
            addresses(plain).into_iter().map(|range| (range, LEFT_FIELD)).collect();
        let is_free =
            |name: &Range<usize>| !all.iter().any(|(range, _)| range.start < name.end && name.start < range.end);
        let names: Vec<_> = names(plain).into_iter().filter(is_free).map(|range| (range, RIGHT_FIELD)).collect();
        all.extend(names);
        all.sort_by_key(|(range, _)| range.start);
        Self::apart(plain, all)
    }

    fn apart(plain: &'t str, stretches: Vec<(Range<usize>, char)>) -> Self {
        let mut put_in = Vec::with_capacity(2 * stretches.len());
        if stretches.is_empty() {
            return Self { plain, text: Cow::Borrowed(plain), put_in };
        }
        let mut out = String::with_capacity(plain.len() + 6 * stretches.len());
        let mut from = 0;
        for (stretch, begins) in stretches {
            out.push_str(plain.get(from..stretch.start).unwrap_or_default());
            out.push(begins);
            out.push_str(plain.get(stretch.clone()).unwrap_or_default());
            out.push(FIELD_ENDS);
            put_in.extend([stretch.start, stretch.end]);
            from = stretch.end;
        }
        out.push_str(plain.get(from..).unwrap_or_default());
        Self { plain, text: Cow::Owned(out), put_in }
    }

    /// Returns the text with its isolates.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns where a place of the text as it was now is.
    fn now(&self, at: usize) -> usize {
        at + self.put_in.partition_point(|put| *put < at) * FIELD_ENDS.len_utf8()
    }

    /// Returns where a place was in the text as it was.
    fn before(&self, at: usize) -> usize {
        let size = FIELD_ENDS.len_utf8();
        at - self.put_in.iter().enumerate().take_while(|(n, put)| **put + n * size < at).count() * size
    }
}

/// Finds the web addresses of a text, without the marks of the sentence around them.
pub(crate) fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (sign, _) in text.match_indices("://").chain(text.match_indices("www.")) {
        let head = text.get(..sign).unwrap_or_default();
        let start = head.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "+-.".contains(c)).len();
        let rest = text.get(start..).unwrap_or_default();
        let ends =
            |c: char| c.is_whitespace() || is_right_to_left(c) || is_direction_control(c) || "<>\"«»".contains(c);
        let whole = rest.find(ends).map_or(rest, |end| rest.get(..end).unwrap_or(rest));
        let bare = whole.trim_end_matches(|c: char| ".,;:!?)]}'،؛؟".contains(c));
        if bare.len() > 4 {
            found.push(start..start + bare.len());
        }
    }
    found.sort_by_key(|range| range.start);
    found.dedup_by(|next, kept| next.start < kept.end);
    found
}

/// A text with what is known of its order.
pub(crate) struct Paragraph<'t> {
    source: &'t Source<'t>,
    info: BidiInfo<'t>,
}

impl<'t> Paragraph<'t> {
    /// Resolves the order of a text; `base` is its direction, told from its first strong letter where none is given.
    pub fn of(source: &'t Source<'t>, base: Option<Level>) -> Self {
        Self { source, info: BidiInfo::new(&source.text, base) }
    }

    /// Tells whether it runs from right to left.
    pub fn is_right(&self) -> bool {
        self.info.paragraphs.first().is_some_and(|paragraph| paragraph.level.is_rtl())
    }

    /// Returns a line of it from left to right, without the controls.
    pub fn line(&self, range: Range<usize>) -> Vec<Glyph<'t>> {
        let range = self.source.now(range.start)..self.source.now(range.end);
        let Some(paragraph) = self.info.paragraphs.first().filter(|_| !range.is_empty()) else { return Vec::new() };
        let (levels, runs) = self.info.visual_runs(paragraph, range);
        let mut out = Vec::new();
        for run in runs {
            let part = self.source.text.get(run.clone()).unwrap_or_default();
            let at = |at: usize| self.source.before(run.start + at);
            let is_seen = |one: &str| one != BREAK && !one.chars().all(is_direction_control);
            let glyphs = part.grapheme_indices(true).filter(|(_, one)| is_seen(one));
            if levels.get(run.start).is_some_and(|level| level.is_rtl()) {
                out.extend(glyphs.rev().map(|(from, one)| Glyph { at: at(from), text: mirrored(one) }));
            } else {
                out.extend(glyphs.map(|(from, one)| Glyph { at: at(from), text: Cow::Borrowed(one) }));
            }
        }
        out
    }
}

/// Returns a bracket turned round, as it must be drawn in text that runs from right to left (rule L4).
pub(crate) fn mirrored(grapheme: &str) -> Cow<'_, str> {
    let mut chars = grapheme.chars();
    let twin = chars.next().and_then(|c| CodePointMapData::<BidiMirroringGlyph>::new().get(c).mirroring_glyph);
    match twin {
        Some(twin) => Cow::Owned(format!("{twin}{}", chars.as_str())),
        None => Cow::Borrowed(grapheme),
    }
}

/// What stands between two names of a row of ours: neither is turned together with the other.
const BETWEEN: [&str; 4] = [", ", " · ", "  ", " #"];

/// Finds each name in a text of ours that runs from right to left. What is a field or in place already is none.
fn names(text: &str) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let (mut open, mut last_end) = (None::<usize>, 0);
    let (mut inside, mut brackets) = (0usize, 0usize);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let begins_or_ends_field = match c {
            '\u{2066}'..=FIELD | '\u{202A}' | '\u{202B}' | IN_PLACE | '\u{202E}' => {
                inside += 1;
                true
            }
            FIELD_ENDS | IN_PLACE_ENDS => {
                inside = inside.saturating_sub(1);
                true
            }
            _ => inside > 0,
        };
        let is_apart = text.get(at..).is_some_and(|rest| BETWEEN.iter().any(|sign| rest.starts_with(sign)));
        match bidi_class(c) {
            _ if begins_or_ends_field || is_apart => close(&mut open, last_end, &mut stretches),
            BidiClass::R | BidiClass::AL | BidiClass::AN => {
                if open.is_none() {
                    (open, brackets) = (Some(at), 0);
                }
                last_end = end;
            }
            BidiClass::L => close(&mut open, last_end, &mut stretches),
            // Marks belong to the letter before them, a closing bracket to what it opened in.
            BidiClass::NSM | BidiClass::BN if open.is_some() && last_end == at => last_end = end,
            // A name that was cut ends where it is read no farther.
            _ if c == '…' && open.is_some() && text.get(last_end..at).is_some_and(|gap| gap.trim().is_empty()) => {
                last_end = end;
            }
            _ if matches!(c, '(' | '[' | '{' | '«' | '<') => brackets += 1,
            _ if matches!(c, ')' | ']' | '}' | '»' | '>') && open.is_some() && brackets > 0 => {
                brackets -= 1;
                last_end = end;
            }
            _ => {}
        }
    }
    close(&mut open, last_end, &mut stretches);
    stretches
}

fn close(open: &mut Option<usize>, end: usize, stretches: &mut Vec<Range<usize>>) {
    stretches.extend(open.take().map(|start| start..end));
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
