//! HTML to text: what a person would read of it. It fetches nothing, runs nothing, and takes linear time and bounded depth whatever
//! the markup is: tags are read one by one, and elements that are open stand in a list, not on the stack.

pub(super) mod link;
mod table;
mod token;

use std::collections::HashMap;

use super::lines::cut;
use crate::model::message::Link;
use table::Table;
use token::{Attributes, Token};

/// How many elements may be open; deeper ones are read as if their tags were not there.
const OPEN_MAX: usize = 400;
/// How deep tables are taken as tables: each level copies its text once.
const TABLES_MAX: usize = 24;
/// How many marks a quote is given at most.
const QUOTES_MAX: usize = 20;
/// The most links numbered.
const LINKS_MAX: usize = 5_000;
/// The most bytes of text made.
const TEXT_MAX: usize = super::body::TEXT_MAX;

/// HTML made text.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    /// The text.
    pub text: String,
    /// Its links.
    pub links: Vec<Link>,
    /// What a person should know.
    pub warnings: Vec<&'static str>,
}

/// Makes text of HTML; links are numbered on from `links`. Quotes stand behind `> `, a marked signature behind `-- `.
pub(super) fn to_text(markup: &str, links: usize) -> Text {
    let mut reader = Reader { number: links, ..Reader::default() };
    reader.flows.push(Flow::default());
    let whole = token::read(markup, |token| {
        match token {
            Token::Text(text) => reader.text(text),
            Token::Open(name, attributes) => reader.open(name, attributes),
            Token::Close(name) => reader.close(name),
        }
        reader.made <= TEXT_MAX
    });
    if !whole {
        reader.result.warnings.push("The HTML of this mail is too long to show whole.");
    }
    while !reader.open.is_empty() {
        reader.pop();
    }
    let flow = reader.flows.pop().unwrap_or_default();
    reader.result.text = flow.finish().join("\n");
    reader.result
}

/// Lines being made, of the whole mail or of one cell.
#[derive(Default)]
struct Flow {
    lines: Vec<String>,
    line: String,
    /// What the next line begins with, such as a list's mark.
    mark: String,
    /// Whether a paragraph ended: one empty line before the next.
    gap: bool,
    quotes: usize,
}

impl Flow {
    fn prefix(&self) -> String {
        let mut out = ">".repeat(self.quotes.min(QUOTES_MAX));
        if !out.is_empty() {
            out.push(' ');
        }
        out
    }

    fn end_line(&mut self) {
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
    fn hard_break(&mut self) {
        if self.line.trim().is_empty() {
            self.gap = true;
            self.line.clear();
        } else {
            self.end_line();
        }
    }

    fn paragraph(&mut self) {
        self.end_line();
        self.gap = true;
    }

    fn finish(mut self) -> Vec<String> {
        self.end_line();
        self.lines
    }
}

/// An element that is open.
struct Open {
    name: &'static str,
    /// Nothing inside is shown.
    hides: bool,
    quotes: bool,
    pre: bool,
    /// Whether text outside it has no size.
    sizeless: bool,
}

#[derive(Default)]
struct Reader {
    result: Text,
    number: usize,
    made: usize,
    open: Vec<Open>,
    flows: Vec<Flow>,
    tables: Vec<Table>,
    hidden: usize,
    /// Whether text has no size where the reader stands: senders hide so what only filters are to see.
    sizeless: bool,
    pre: usize,
    lists: Vec<Option<usize>>,
    anchor: Option<(String, String, bool)>,
    numbers: HashMap<String, usize>,
}

/// Elements that are kept track of; others are read through.
const TRACKED: &[&str] = &[
    "a",
    "address",
    "article",
    "b",
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "i",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "table",
    "td",
    "th",
    "tr",
    "u",
    "ul",
    "small",
    "label",
    "button",
    "noscript",
    "caption",
];

impl Reader {
    fn flow(&mut self) -> Option<&mut Flow> {
        self.flows.last_mut()
    }

    fn text(&mut self, text: &str) {
        if self.hidden > 0 || self.sizeless {
            return;
        }
        self.made += text.len();
        if let Some((_, shown, _)) = &mut self.anchor
            && shown.len() < 1_000
        {
            shown.push_str(text);
        }
        let pre = self.pre > 0;
        let Some(flow) = self.flows.last_mut() else { return };
        if pre {
            let mut lines = text.split('\n');
            flow.line.push_str(lines.next().unwrap_or_default());
            for line in lines {
                flow.hard_break();
                flow.line.push_str(line.trim_end_matches('\r'));
            }
            return;
        }
        for c in text.chars() {
            match c {
                ' ' | '\t' | '\n' | '\r' | '\u{c}' => {
                    if !flow.line.is_empty() && !flow.line.ends_with(' ') {
                        flow.line.push(' ');
                    }
                }
                // Fillers that keep programs from showing the mail's beginning as a preview.
                '\u{ad}' | '\u{34f}' | '\u{200b}' | '\u{feff}' | '\u{2007}' => {}
                '\u{200c}' | '\u{200d}' if flow.line.is_empty() || flow.line.ends_with(' ') => {}
                '\u{a0}' => flow.line.push(' '),
                _ => flow.line.push(c),
            }
        }
    }

    fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        match name {
            "br" if self.hidden == 0 => {
                if let Some(flow) = self.flow() {
                    flow.hard_break();
                }
                return;
            }
            "hr" if self.hidden == 0 => {
                if let Some(flow) = self.flow() {
                    flow.paragraph();
                    flow.line.push_str("________________________________");
                    flow.end_line();
                }
                return;
            }
            "img" if self.hidden == 0 => return self.image(attributes),
            _ => {}
        }
        let Some(name) = TRACKED.iter().find(|known| **known == name) else { return };
        self.implied_end(name);
        if self.open.len() >= OPEN_MAX {
            return;
        }
        let style = attributes.get("style").unwrap_or_default();
        let hides = is_hidden(style) || attributes.get("hidden").is_some();
        let class = [attributes.get("class").unwrap_or_default(), attributes.get("id").unwrap_or_default()];
        let quotes = *name == "blockquote" && !is_indent(style) || class.into_iter().any(is_quote);
        let element = Open { name, hides, quotes, pre: *name == "pre", sizeless: self.sizeless };
        self.sizeless = has_no_size(style).unwrap_or(self.sizeless);
        if self.hidden == 0 && !hides {
            self.begin(name, attributes, class);
        }
        self.hidden += usize::from(hides);
        if self.hidden == 0 {
            self.pre += usize::from(element.pre);
            if let Some(flow) = self.flow().filter(|_| quotes) {
                flow.paragraph();
                flow.quotes += 1;
            }
        }
        self.open.push(element);
    }

    /// Closes what HTML closes by itself: a paragraph before a block, an item before the next.
    fn implied_end(&mut self, name: &str) {
        let closes: &[&str] = match name {
            "li" => &["li", "p"],
            "td" | "th" => &["td", "th", "p"],
            "tr" => &["tr", "td", "th", "p"],
            "dt" | "dd" => &["dt", "dd", "p"],
            "p" | "div" | "table" | "ul" | "ol" | "blockquote" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                &["p"]
            }
            "a" => &["a"],
            _ => &[],
        };
        while self.open.last().is_some_and(|top| closes.contains(&top.name)) {
            self.pop();
        }
    }

    fn begin(&mut self, name: &str, attributes: Attributes<'_>, class: [&str; 2]) {
        let signs = |class: &str| {
            class.contains("gmail_signature") && !class.contains("prefix") || class.contains("moz-signature")
        };
        if class.into_iter().any(signs) {
            self.signature();
        }
        match name {
            "a" => {
                let target = attributes.get("href").unwrap_or_default();
                self.anchor = Some((target.trim().to_owned(), String::new(), false));
            }
            "table" => {
                if let Some(flow) = self.flow() {
                    flow.end_line();
                }
                if let Some(outer) = self.tables.last_mut() {
                    outer.set_nested();
                }
                if self.tables.len() < TABLES_MAX {
                    self.tables.push(Table::default());
                    self.flows.push(Flow::default());
                } else {
                    self.tables.push(Table::default());
                }
            }
            "tr" | "td" | "th" => self.cell_ends(name == "tr"),
            "ul" | "ol" => {
                if let Some(flow) = self.flow() {
                    flow.end_line();
                }
                self.lists.push((name == "ol").then_some(0));
            }
            "li" => self.list_item(),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" | "dl" => {
                if let Some(flow) = self.flow() {
                    flow.paragraph();
                }
            }
            _ if is_block(name) => {
                if let Some(flow) = self.flow() {
                    flow.end_line();
                }
            }
            _ => {}
        }
    }

    fn signature(&mut self) {
        let Some(flow) = self.flow() else { return };
        flow.end_line();
        let marked =
            flow.lines.iter().rev().find(|line| !line.trim().is_empty()).is_some_and(|line| line.trim() == "--");
        if !marked {
            flow.gap = false;
            flow.lines.push(format!("{}-- ", flow.prefix()));
        }
    }

    fn list_item(&mut self) {
        let depth = self.lists.len().saturating_sub(1).min(8);
        let mark = match self.lists.last_mut() {
            Some(Some(count)) => {
                *count += 1;
                format!("{count}. ")
            }
            _ => "* ".to_owned(),
        };
        if let Some(flow) = self.flow() {
            flow.end_line();
            flow.mark = format!("{}{mark}", "  ".repeat(depth));
        }
    }

    /// Ends the cell that is being read, where there is one with anything in it.
    fn cell_ends(&mut self, row: bool) {
        if self.tables.is_empty() {
            return;
        }
        if self.tables.len() > TABLES_MAX || self.flows.len() < 2 {
            if let Some(flow) = self.flow() {
                flow.end_line();
            }
            return;
        }
        let Some(flow) = self.flows.pop() else { return };
        // Quotes that opened inside this cell and go on are none of the next one's.
        let lines = flow.finish();
        self.flows.push(Flow::default());
        if let Some(table) = self.tables.last_mut() {
            if !lines.is_empty() {
                table.cell(lines);
            }
            if row {
                table.row();
            }
        }
    }

    fn image(&mut self, attributes: Attributes<'_>) {
        let alt = attributes.get("alt").unwrap_or_default();
        let alt = alt.trim();
        if let Some((_, shown, image)) = &mut self.anchor {
            *image = true;
            if shown.len() < 1_000 {
                shown.push_str(alt);
            }
        }
        if let Some(flow) = self.flow().filter(|_| !alt.is_empty()) {
            flow.line.push_str(&format!("[{}]", cut(&alt.replace(['\n', '\r'], " "), 200)));
        }
    }

    fn close(&mut self, name: &str) {
        if name == "p" && self.hidden == 0 && !self.open.iter().rev().take(50).any(|open| open.name == "p") {
            if let Some(flow) = self.flow() {
                flow.paragraph();
            }
            return;
        }
        // A cell's or a table's inside closes nothing outside.
        let found = self.open.iter().rposition(|open| open.name == name);
        let fence = if matches!(name, "table" | "tr" | "td" | "th") {
            None
        } else {
            self.open.iter().rposition(|open| matches!(open.name, "td" | "th" | "table"))
        };
        let Some(found) = found.filter(|found| fence.is_none_or(|fence| fence < *found)) else { return };
        while self.open.len() > found {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(element) = self.open.pop() else { return };
        self.sizeless = element.sizeless;
        if element.hides {
            self.hidden = self.hidden.saturating_sub(1);
            return;
        }
        if self.hidden > 0 {
            return;
        }
        if element.pre {
            self.pre = self.pre.saturating_sub(1);
        }
        match element.name {
            "a" => self.link(),
            "table" => self.table_ends(),
            "td" | "th" => self.cell_ends(false),
            "tr" => self.cell_ends(false),
            "ul" | "ol" => {
                self.lists.pop();
            }
            _ => {}
        }
        if let Some(flow) = self.flows.last_mut() {
            match element.name {
                "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" => flow.paragraph(),
                name if is_block(name) => flow.end_line(),
                _ => {}
            }
            if element.quotes {
                flow.paragraph();
                flow.quotes = flow.quotes.saturating_sub(1);
            }
        }
    }

    fn table_ends(&mut self) {
        self.cell_ends(false);
        let real = self.tables.len() <= TABLES_MAX && self.flows.len() >= 2;
        let Some(table) = self.tables.pop() else { return };
        if !real {
            return;
        }
        self.flows.pop();
        let lines = table.lines();
        if let Some(flow) = self.flows.last_mut() {
            for line in lines {
                if line.trim().is_empty() {
                    flow.gap = true;
                } else {
                    flow.line = line;
                    flow.end_line();
                }
            }
        }
    }

    fn link(&mut self) {
        let Some((target, shown, image)) = self.anchor.take() else { return };
        let plain = shown.trim();
        if target.is_empty() || target.starts_with('#') || (plain.is_empty() && !image) {
            return;
        }
        if target.strip_prefix("mailto:").is_some_and(|address| address.eq_ignore_ascii_case(plain)) {
            return;
        }
        let number = match self.numbers.get(&target) {
            // The picture and the text of one link are one.
            Some(known) if plain.is_empty() => return self.number_shown(*known, false),
            Some(known) if !self.result.links.iter().any(|link| link.number == *known && link.warning.is_some()) => {
                *known
            }
            _ if self.result.links.len() >= LINKS_MAX => return,
            _ => {
                self.number += 1;
                let link = link::make(self.number, &target, plain);
                if link.warning.as_ref().is_some_and(|warning| warning.as_str().contains("the text shows")) {
                    self.warn("A link's text shows another address than the one it leads to.");
                }
                self.result.links.push(link);
                self.numbers.insert(target, self.number);
                self.number
            }
        };
        self.number_shown(number, plain.is_empty());
    }

    fn warn(&mut self, text: &'static str) {
        if !self.result.warnings.contains(&text) {
            self.result.warnings.push(text);
        }
    }

    fn number_shown(&mut self, number: usize, image: bool) {
        let Some(flow) = self.flow() else { return };
        let mark = if image { format!("[image] [{number}]") } else { format!("[{number}]") };
        let line = if flow.line.trim().is_empty() && !image {
            // The link was a block: its number belongs to the line before.
            match flow.lines.last_mut() {
                Some(last) => last,
                None => &mut flow.line,
            }
        } else {
            &mut flow.line
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
}

fn is_block(name: &str) -> bool {
    !matches!(
        name,
        "a" | "b"
            | "em"
            | "font"
            | "i"
            | "span"
            | "strong"
            | "u"
            | "small"
            | "label"
            | "button"
            | "td"
            | "th"
            | "noscript"
    )
}

/// Tells whether a style hides its element. Senders hide texts that only spam filters and previews are to see.
fn is_hidden(style: &str) -> bool {
    if style.is_empty() {
        return false;
    }
    let style: String =
        cut(style, 8 * 1024).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    style.split(';').any(|rule| {
        matches!(
            rule.trim_end_matches("!important"),
            "display:none" | "visibility:hidden" | "mso-hide:all" | "max-height:0" | "max-height:0px" | "opacity:0"
        )
    }) && !style.contains("max-height:0px;overflow:visible")
}

/// Tells whether a style gives text no size; `None` where it says nothing of its size. It goes for the text inside, not for elements
/// that set a size again: layouts close gaps between columns so.
fn has_no_size(style: &str) -> Option<bool> {
    let (_, size) = cut(style, 8 * 1024)
        .split(';')
        .filter_map(|rule| rule.split_once(':'))
        .rfind(|(name, _)| name.trim().eq_ignore_ascii_case("font-size") || name.trim().eq_ignore_ascii_case("font"))?;
    let number = size.trim_start();
    let digits = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
    let (number, unit) = number.split_at_checked(digits)?;
    let named = unit.chars().next().is_none_or(|c| c.is_alphabetic() || matches!(c, '%' | ' ' | '!'));
    Some(number.parse::<f32>().is_ok_and(|size| size == 0.0) && named)
}

/// Tells whether a blockquote is only an indent, as Outlook's and Word's.
fn is_indent(style: &str) -> bool {
    let style = cut(style, 1024).replace(' ', "").to_ascii_lowercase();
    style.contains("margin:000")
        && style.contains("border:none")
        && style.contains("padding:0px")
        && !style.contains("border-left")
}

/// Tells whether a class or id marks a quoted mail that is no blockquote.
fn is_quote(class: &str) -> bool {
    [
        "yahoo_quoted",
        "yqt",
        "OLK_SRC_BODY_SECTION",
        "ms-outlook-mobile-reference-message",
        "mail-editor-reference-message-container",
    ]
    .iter()
    .any(|mark| class.contains(mark))
}

/// Finds the charset that HTML names in its head.
pub(super) fn meta_charset(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048)).unwrap_or_default()).to_ascii_lowercase();
    let Some((_, rest)) = head.split_once("charset=") else { return String::new() };
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c)).take(40).collect()
}

/// Takes the marks out of text/enriched (RFC 1896): `<<` is a `<`, and a single line end is a space.
pub(super) fn enriched(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().filter(|c| *c != '\r').peekable();
    while let Some(c) = chars.next() {
        match c {
            '<' if chars.peek() == Some(&'<') => {
                chars.next();
                out.push('<');
            }
            '<' => {
                let _ = chars.by_ref().take(200).find(|c| *c == '>');
            }
            '\n' if chars.peek() == Some(&'\n') => {
                while chars.next_if_eq(&'\n').is_some() {
                    out.push('\n');
                }
            }
            '\n' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
