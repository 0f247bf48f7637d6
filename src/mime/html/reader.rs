//! Reads HTML tag by tag: which elements are open, and what each does to the lines that are being made.

use super::elements::{TRACKED, closed_by, is_block};
use super::flow::Flow;
use super::links::{Anchor, Links};
use super::slices;
use super::style::{has_no_size, is_cited, is_hidden, is_indent, is_outlook_head, is_quote, is_signature};
use super::table::Table;
use super::token::Attributes;
use super::{Text, cut};
use crate::model::text::breaks::is_unspaced;

/// How many elements may be open; deeper ones are read as if their tags were not there.
const OPEN_MAX: usize = 400;
/// How deep tables are taken as tables: each level copies its text once.
const TABLES_MAX: usize = 24;

/// An element that is open.
struct Open {
    name: &'static str,
    /// Nothing inside is shown.
    hides: bool,
    quotes: bool,
    signs: bool,
    pre: bool,
    /// Whether text outside it has no size.
    sizeless: bool,
}

#[derive(Default)]
pub(super) struct Reader {
    links: Links,
    /// How many bytes of text were read.
    pub made: usize,
    open: Vec<Open>,
    flows: Vec<Flow>,
    tables: Vec<Table>,
    hidden: usize,
    /// Whether text has no size where the reader stands: senders hide so what only filters are to see.
    sizeless: bool,
    pre: usize,
    lists: Vec<Option<usize>>,
    anchor: Option<Anchor>,
}

/// Returns an element's class and id.
fn named(attributes: Attributes<'_>) -> [&str; 2] {
    ["class", "id"].map(|name| attributes.get(name).unwrap_or_default())
}

impl Reader {
    /// Begins a mail whose links are numbered on from `links`.
    pub fn new(links: usize) -> Self {
        Self { links: Links::after(links), flows: vec![Flow::default()], ..Self::default() }
    }

    /// Closes what is open, and returns the text.
    pub fn finish(mut self) -> Text {
        while !self.open.is_empty() {
            self.pop();
        }
        let flow = self.flows.pop().unwrap_or_default();
        let Links { links, warnings, .. } = self.links;
        Text { text: slices::joined(flow.finish()).join("\n"), links, warnings }
    }

    fn flow(&mut self) -> Option<&mut Flow> {
        self.flows.last_mut()
    }

    pub fn text(&mut self, text: &str) {
        if self.hidden > 0 || self.sizeless {
            return;
        }
        self.made += text.len();
        if let Some(anchor) = &mut self.anchor {
            anchor.shows(text);
        }
        let pre = self.pre > 0;
        let Some(flow) = self.flows.last_mut() else { return };
        // A link's number and the text behind the link, with no space in the markup, are two words.
        if flow.numbered && text.starts_with(char::is_alphanumeric) {
            flow.line.push(' ');
        }
        flow.numbered = false;
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
                // Where a line of Thai, Lao, Khmer or Burmese may end.
                '\u{200b}' if flow.line.ends_with(is_unspaced) => flow.line.push(c),
                // Fillers that keep programs from showing the mail's beginning as a preview.
                '\u{ad}' | '\u{34f}' | '\u{200b}' | '\u{feff}' | '\u{2007}' => {}
                '\u{200c}' | '\u{200d}' if flow.line.is_empty() || flow.line.ends_with(' ') => {}
                '\u{a0}' => flow.line.push(' '),
                _ => flow.line.push(c),
            }
        }
    }

    pub fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        match name {
            "br" if self.hidden == 0 => {
                if let Some(flow) = self.flow() {
                    flow.hard_break();
                }
                return;
            }
            "wbr" if self.hidden == 0 => return self.text("\u{200b}"),
            "hr" if self.hidden == 0 => {
                let outlook = is_outlook_head(name, named(attributes), "", attributes.get("tabindex"));
                if let Some(flow) = self.flow() {
                    flow.rule(outlook);
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
        let class = named(attributes);
        let cites = || is_cited(style, class, attributes) || self.flows.last().is_some_and(Flow::announces_quote);
        let quotes = *name == "blockquote" && !is_indent(style) && cites() || class.into_iter().any(is_quote);
        let signs = class.into_iter().any(is_signature);
        let element = Open { name, hides, quotes, signs, pre: *name == "pre", sizeless: self.sizeless };
        self.sizeless = has_no_size(style).unwrap_or(self.sizeless);
        if self.hidden == 0 && !hides {
            if is_outlook_head(name, class, style, None)
                && let Some(flow) = self.flow()
            {
                flow.rule(true);
            }
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
        let closes = closed_by(name);
        while self.open.last().is_some_and(|top| closes.contains(&top.name)) {
            self.pop();
        }
    }

    fn begin(&mut self, name: &str, attributes: Attributes<'_>, class: [&str; 2]) {
        if let Some(flow) = self.flow().filter(|_| class.into_iter().any(is_signature)) {
            flow.signature();
        }
        match name {
            "a" => {
                let target = attributes.get("href").unwrap_or_default();
                self.anchor = Some(Anchor::to(target));
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
        if let Some(anchor) = &mut self.anchor {
            anchor.image = true;
            anchor.shows(alt);
        }
        if let Some(flow) = self.flow().filter(|_| !alt.is_empty()) {
            flow.line.push_str(&format!("[{}]", cut(&alt.replace(['\n', '\r'], " "), 200)));
        }
    }

    pub fn close(&mut self, name: &str) {
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
            if element.signs {
                flow.signature_ends();
            }
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
        let Some(anchor) = self.anchor.take() else { return };
        let Some((number, image)) = self.links.number(&anchor) else { return };
        if let Some(flow) = self.flow() {
            flow.number(number, image);
        }
    }
}
