//! HTML of others made fit to stand in a mail of ours: all of its text, its structure and its look, and nothing that runs, asks, or reaches
//! out of its place. What is not known to be harmless is left out; text never is. Linear, and open elements are a bounded list.

use super::token::{self, Attributes, Token};

/// Elements that are kept. What an unknown one holds stays, without it.
const KEPT: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];
/// Elements that hold nothing and are never closed.
const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];
/// Attributes whose value is text, a number or a word, beside `href`, `src` and `style`.
const ATTRIBUTES: &[&str] = &[
    "align",
    "alt",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "clear",
    "color",
    "colspan",
    "dir",
    "face",
    "height",
    "hspace",
    "lang",
    "nowrap",
    "rowspan",
    "size",
    "span",
    "start",
    "title",
    "type",
    "valign",
    "value",
    "vspace",
    "width",
];
/// Where a link may lead.
const LINKS: &[&str] = &["http:", "https:", "mailto:", "tel:"];
/// Where an image may come from, beside the mail itself.
const IMAGES: &[&str] = &["http:", "https:", "data:image/png", "data:image/gif", "data:image/jpeg", "data:image/webp"];
/// What no declaration of a style may hold, in lower case: what loads, runs, or leaves its place, and what hides such words.
const STYLE_NEVER: &[&str] = &[
    "url",
    "expression",
    "script",
    "behavior",
    "binding",
    "import",
    "position",
    "image",
    "content",
    "\\",
    "/*",
    "<",
    "@",
];
/// The most elements open in one another; deeper ones lose their tags, and no text.
const OPEN_MAX: usize = 256;

/// Makes HTML fit to stand inside an element of our own. `place` gives the address of an image that the mail brings along, by its
/// Content-ID; without one the image is left out and its words stay. Returns nothing where the HTML can't be read to its end.
pub(in crate::mime) fn clean(markup: &str, place: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut cleaner = Cleaner { out: String::with_capacity(markup.len()), open: Vec::new(), place };
    let whole = token::read(markup, |token| {
        match token {
            Token::Text(text) => escape(text, &mut cleaner.out),
            Token::Open(name, attributes) => cleaner.open(name, attributes),
            Token::Close(name) => cleaner.close(name),
        }
        true
    });
    cleaner.close_to(0);
    whole.then_some(cleaner.out)
}

/// Adds text as it stands in HTML.
pub(in crate::mime) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' | '\0' => {}
            c => out.push(c),
        }
    }
}

struct Cleaner<'a> {
    out: String,
    open: Vec<&'static str>,
    place: &'a dyn Fn(&str) -> Option<String>,
}

/// Returns the name under which an element is kept.
fn kept(name: &str) -> Option<&'static str> {
    // The look of the whole becomes the look of a block.
    let name = if name == "body" { "div" } else { name };
    KEPT.iter().copied().find(|kept| *kept == name)
}

/// Tells whether an element ends where another begins, though nothing closes it (HTML section 13.1.2.4).
fn ends_before(open: &str, next: &str) -> bool {
    match next {
        "li" | "p" => open == next,
        "td" | "th" => matches!(open, "td" | "th"),
        "tr" => matches!(open, "td" | "th" | "tr"),
        "dd" | "dt" => matches!(open, "dd" | "dt"),
        _ => false,
    }
}

impl Cleaner<'_> {
    fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        let Some(name) = kept(name) else { return };
        while self.open.last().is_some_and(|open| ends_before(open, name)) {
            self.close_to(self.open.len() - 1);
        }
        let is_void = VOID.contains(&name);
        if !is_void && self.open.len() >= OPEN_MAX {
            return;
        }
        self.out.push('<');
        self.out.push_str(name);
        for attribute in ATTRIBUTES {
            if let Some(value) = attributes.get(attribute) {
                self.attribute(attribute, value);
            }
        }
        if let Some(style) = attributes.get("style").map(style).filter(|style| !style.is_empty()) {
            self.attribute("style", &style);
        }
        match name {
            "a" => {
                if let Some(target) = attributes.get("href").and_then(|target| address(target, LINKS)) {
                    self.attribute("href", &target);
                }
            }
            "img" => {
                if let Some(source) = attributes.get("src").and_then(|source| self.image(source)) {
                    self.attribute("src", &source);
                }
            }
            _ => {}
        }
        self.out.push('>');
        if !is_void {
            self.open.push(name);
        }
    }

    fn image(&self, source: &str) -> Option<String> {
        let bare = source.trim();
        match bare.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("cid:")) {
            Some(_) => (self.place)(bare.get(4..).unwrap_or_default()),
            None => address(bare, IMAGES),
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, &mut self.out);
        self.out.push('"');
    }

    fn close(&mut self, name: &str) {
        let Some(name) = kept(name) else { return };
        if let Some(at) = self.open.iter().rposition(|open| *open == name) {
            self.close_to(at);
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(name) = self.open.pop() {
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
            }
        }
    }
}

/// Returns an address without the white space that browsers pass over, where its scheme is one of these.
fn address(given: &str, schemes: &[&str]) -> Option<String> {
    let flat: String = given.trim().chars().filter(|c| !c.is_control()).collect();
    let begins = |scheme: &&str| flat.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    schemes.iter().any(begins).then_some(flat)
}

/// Returns the declarations of a style that only tell how things look.
fn style(given: &str) -> String {
    let fine = |one: &&str| {
        let lower = one.to_ascii_lowercase();
        !one.is_empty() && !STYLE_NEVER.iter().any(|word| lower.contains(word))
    };
    given.split(';').map(str::trim).filter(fine).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
#[path = "clean_tests.rs"]
mod tests;
