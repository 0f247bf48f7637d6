//! Lines as they are made, of the whole mail or of one cell of a table.

/// How many marks a quote is given at most.
const QUOTES_MAX: usize = 20;

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
        let text = format!("{}{}{}", self.prefix(), std::mem::take(&mut self.mark), line.trim_end());
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
    }

    /// Ends the last line and returns all.
    pub fn finish(mut self) -> Vec<String> {
        self.end_line();
        self.lines
    }
}
