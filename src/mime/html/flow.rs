//! Lines as they are made, of the whole mail or of one cell of a table.

use crate::mime::quote::{OUTLOOK_MARK, SIGNATURE_END, ends_in_attribution};

/// How many marks a quote is given at most.
const QUOTES_MAX: usize = 20;

/// A rule that the author drew: shorter than the one that Outlook writes into plain text, so that it is not taken for that.
const RULE: &str = "________________________";

/// Lines being made, of the whole mail or of one cell.
#[derive(Default)]
pub(super) struct Flow {
    /// The lines that are whole.
    pub lines: Vec<String>,
    /// The one that is being made.
    pub line: String,
    /// What the next line begins with, such as a list's mark.
    pub mark: String,
    /// Whether a paragraph ended: one empty line before the next.
    pub gap: bool,
    /// How deep it is quoted.
    pub quotes: usize,
    /// Whether the line ends with a link's number.
    pub numbered: bool,
}

impl Flow {
    fn prefix(&self) -> String {
        let mut out = ">".repeat(self.quotes.min(QUOTES_MAX));
        if !out.is_empty() {
            out.push(' ');
        }
        out
    }

    /// Ends the line; an empty one is none.
    pub fn end_line(&mut self) {
        self.numbered = false;
        if self.line.trim().is_empty() {
            self.line.clear();
            return;
        }
        let last = self.lines.last().map(String::as_str).unwrap_or_default();
        if std::mem::take(&mut self.gap) && !last.trim_matches(['>', ' ']).is_empty() {
            // Between two depths the gap belongs to the outer one.
            let depth = last.bytes().take_while(|b| *b == b'>').count().min(self.quotes);
            self.lines.push(">".repeat(depth));
        }
        let line = std::mem::take(&mut self.line);
        // The space is part of a signature's mark (RFC 3676 section 4.3).
        let shown = if line == "-- " { &line } else { line.trim_end() };
        let text = format!("{}{}{shown}", self.prefix(), std::mem::take(&mut self.mark));
        self.lines.push(text);
    }

    /// `<br>`: the line ends; an empty one is a gap.
    pub fn hard_break(&mut self) {
        if self.line.trim().is_empty() {
            self.gap = true;
            self.line.clear();
        } else {
            self.end_line();
        }
    }

    /// Ends a paragraph.
    pub fn paragraph(&mut self) {
        self.end_line();
        self.gap = true;
    }

    /// Draws a rule: Outlook's above what it quotes, or one of the author's.
    pub fn rule(&mut self, outlook: bool) {
        let rule = if outlook { OUTLOOK_MARK } else { RULE };
        self.paragraph();
        let drawn = |line: &String| outlook && [RULE, OUTLOOK_MARK].contains(&line.trim_start_matches(['>', ' ']));
        // Outlook on the web puts its own rule above its own element.
        if self.lines.last().is_some_and(drawn) {
            self.lines.pop();
        }
        self.line.push_str(rule);
        self.end_line();
    }

    /// Begins the signature, unless its separator stands there already.
    pub fn signature(&mut self) {
        self.end_line();
        let marked =
            self.lines.iter().rev().find(|line| !line.trim().is_empty()).is_some_and(|line| line.trim() == "--");
        if !marked {
            self.gap = false;
            self.lines.push(format!("{}-- ", self.prefix()));
        }
    }

    /// Ends the signature: what follows its element is text again.
    pub fn signature_ends(&mut self) {
        self.end_line();
        self.lines.push(format!("{}{SIGNATURE_END}", self.prefix()));
    }

    /// Tells whether what stands here says that a quote follows, or stands in one.
    pub fn announces_quote(&self) -> bool {
        if self.quotes > 0 {
            return true;
        }
        let above = self.lines.iter().rev().take(8).map(String::as_str);
        let said = std::iter::once(self.line.as_str()).chain(above).filter(|line| !line.trim().is_empty());
        let mut lines: Vec<&str> = said.take(4).collect();
        lines.reverse();
        ends_in_attribution(&lines)
    }

    /// Puts a link's number behind what was shown of it; `image` where that is a picture alone.
    pub fn number(&mut self, number: usize, image: bool) {
        let mark = if image { format!("[image] [{number}]") } else { format!("[{number}]") };
        let line = if self.line.trim().is_empty() && !image {
            // The link was a block: its number belongs to the line before.
            self.lines.last_mut().unwrap_or(&mut self.line)
        } else {
            &mut self.line
        };
        if line.trim_end().ends_with(&mark) {
            return;
        }
        let spaced = line.ends_with(' ');
        let kept = line.trim_end().len();
        line.truncate(kept);
        if kept > 0 {
            line.push(' ');
        }
        line.push_str(&mark);
        if spaced {
            line.push(' ');
        }
        self.numbered = self.line.ends_with(']');
    }

    /// Ends the last line and returns all.
    pub fn finish(mut self) -> Vec<String> {
        self.end_line();
        self.lines
    }
}
