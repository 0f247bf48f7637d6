//! What is known of HTML's elements: which are kept track of, which begin a line, and which end others.

/// Elements that are kept track of; others are read through.
pub(super) const TRACKED: &[&str] = &[
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

/// Returns the elements that an element ends where it begins inside them: a block ends a paragraph, an item the one before.
pub(super) fn closed_by(name: &str) -> &'static [&'static str] {
    match name {
        "li" => &["li", "p"],
        "td" | "th" => &["td", "th", "p"],
        "tr" => &["tr", "td", "th", "p"],
        "dt" | "dd" => &["dt", "dd", "p"],
        "p" | "div" | "table" | "ul" | "ol" | "blockquote" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => &["p"],
        "a" => &["a"],
        _ => &[],
    }
}

/// Tells whether an element stands on lines of its own.
pub(super) fn is_block(name: &str) -> bool {
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
