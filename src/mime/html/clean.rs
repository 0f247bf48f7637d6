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
/// Properties of a style that are kept: how text, boxes and tables look where they stand.
const STYLES: &[&str] = &[
    "background",
    "background-color",
    "caption-side",
    "clear",
    "color",
    "direction",
    "display",
    "empty-cells",
    "float",
    "height",
    "hyphens",
    "letter-spacing",
    "line-height",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "mso-line-height-rule",
    "mso-table-lspace",
    "mso-table-rspace",
    "opacity",
    "overflow",
    "overflow-wrap",
    "overflow-x",
    "overflow-y",
    "table-layout",
    "tab-size",
    "vertical-align",
    "visibility",
    "white-space",
    "width",
    "word-break",
    "word-spacing",
    "word-wrap",
];
/// Families of properties that are kept.
const STYLE_FAMILIES: &[&str] = &["border", "font", "list-style", "margin", "padding", "text"];
/// Margins that draw a block over what stands above it where they are negative.
const UPRIGHT: &[&str] =
    &["margin", "margin-top", "margin-bottom", "margin-block", "margin-block-start", "margin-block-end"];
/// What a value may compute: colours.
const FUNCTIONS: &[&str] = &["rgb", "rgba", "hsl", "hsla"];
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
            Some(_) => {
                let id = bare.get(4..).unwrap_or_default();
                // RFC 2392 section 2: a Content-ID stands there as in any address, perhaps with `%40` for `@`.
                (self.place)(id).or_else(|| (self.place)(&percent_decoded(id)))
            }
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

/// Returns the text that a part of an address stands for; one with a broken `%` as it stands.
fn percent_decoded(given: &str) -> String {
    let mut out = Vec::with_capacity(given.len());
    let mut rest = given.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.filter(|_| *first == b'%').and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| given.to_owned())
}

/// Tells whether a link may lead there.
pub(in crate::mime) fn may_lead(target: &str) -> bool {
    address(target, LINKS).is_some()
}

/// Returns an address without the white space that browsers pass over, where its scheme is one of these.
fn address(given: &str, schemes: &[&str]) -> Option<String> {
    let flat: String = given.trim().chars().filter(|c| !c.is_control()).collect();
    let begins = |scheme: &&str| flat.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    schemes.iter().any(begins).then_some(flat)
}

/// Returns the declarations of a style that only tell how things look where they stand.
fn style(given: &str) -> String {
    given.split(';').map(str::trim).filter(|one| is_look(one)).collect::<Vec<_>>().join("; ")
}

/// Tells whether a declaration only tells how something looks where it stands.
fn is_look(declaration: &str) -> bool {
    let lower = declaration.to_ascii_lowercase();
    let Some((property, value)) = lower.split_once(':') else { return false };
    let property = property.trim();
    let is_of =
        |family: &&str| property.strip_prefix(*family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let is_known = STYLES.contains(&property) || STYLE_FAMILIES.iter().any(is_of);
    let is_negative = value.contains('-') && UPRIGHT.contains(&property);
    is_known && !is_negative && computes_colors(value) && !STYLE_NEVER.iter().any(|word| lower.contains(word))
}

/// Tells whether all that a value computes are colours.
fn computes_colors(value: &str) -> bool {
    let mut before = value.split('(');
    before.next_back();
    before.all(|text| FUNCTIONS.iter().any(|function| text.ends_with(function)))
}

#[cfg(test)]
#[path = "clean_tests.rs"]
mod tests;
