//! The HTML of a mail: its author's Markdown, what they quote as it was written, and the mail that they forward.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::Mail;
use crate::mime::html::clean::escape;
use crate::model::reply::split_forwarded;

/// The schemes that a link may have.
const SCHEMES: [&str; 4] = ["http:", "https:", "mailto:", "tel:"];

/// How deep quotes stand in one another; deeper ones keep their marks.
const QUOTES_MAX: usize = 20;

/// A text with a table of more columns has no tables: each of its rows is filled up to its header, and 7 KB would become 60 MB.
const COLUMNS_MAX: usize = 32;
/// A text whose HTML would have more bytes than that, in all and for each of its own, has no tables either: two bytes are a row of up to 32
/// cells. A cell with its alignment has 35, and one that somebody filled has some of their own.
const MADE_MAX: (usize, usize) = (16 << 10, 24);

/// Makes the HTML of a mail; `None` where it goes as text alone.
pub(super) fn of(mail: &Mail) -> Option<String> {
    if !mail.markdown && mail.original.is_none() {
        return None;
    }
    let (own, theirs) = if mail.forward { split_forwarded(&mail.body) } else { (mail.body.as_str(), None) };
    let mut body = if mail.markdown { from_markdown(own, &mail.attribution) } else { verbatim(own.trim_end()) };
    match (theirs, &mail.original) {
        // Their text stands in their HTML; of the block, the header does not.
        (Some(theirs), Some(html)) => {
            let head = theirs.split("\n\n").next().unwrap_or_default();
            body.push_str(&format!("<div dir=\"auto\">{}</div>\n<br>\n{html}", verbatim(head)));
        }
        (Some(theirs), None) => body.push_str(&verbatim(theirs.trim_end())),
        (None, _) => {}
    }
    // No line begins as a mailbox file begins a mail.
    let body = body.replace("\nFrom ", "\n&#70;rom ");
    Some(format!(
        "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"></head>\n<body dir=\"auto\">\n{body}</body>\n</html>\n"
    ))
}

/// Makes HTML of a text as it stands.
fn verbatim(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        escape(&spaced(line), &mut escaped);
        escaped.push_str("<br>\n");
    }
    format!("<div dir=\"auto\">{escaped}</div>\n")
}

/// Keeps the spaces of a line that HTML would let fall together: tables and code are drawn with them.
fn spaced(line: &str) -> String {
    let led = line.len() - line.trim_start_matches(' ').len();
    let rest = line.get(led..).unwrap_or_default().replace("  ", " \u{a0}");
    format!("{}{rest}", "\u{a0}".repeat(led))
}

/// Makes the HTML of a Markdown text. Lines that begin with `>` are what somebody else wrote, and `attribution`, the line above them, names
/// them as they name themselves: both stand as they were written. HTML inside the text is shown as it stands, an image becomes a link to it,
/// and a link with another scheme than the known ones loses its target.
fn from_markdown(text: &str, attribution: &str) -> String {
    let mut body = String::with_capacity(text.len() * 2);
    let is_theirs = |line: &str| line.starts_with('>');
    let mut own = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let is_attribution = !attribution.is_empty() && line.trim_end() == attribution;
        if !is_theirs(line) && !is_attribution {
            own.push_str(line);
            own.push('\n');
            continue;
        }
        push_markdown(&std::mem::take(&mut own), &mut body);
        if is_attribution {
            body.push_str(&verbatim(line));
            continue;
        }
        let mut quoted = vec![line];
        while let Some(next) = lines.next_if(|next| is_theirs(next)) {
            quoted.push(next);
        }
        push_quote(&quoted, &mut body);
    }
    push_markdown(&own, &mut body);
    body
}

/// Tells whether a line can stand between the header and the rows of a table with more than [`COLUMNS_MAX`] columns.
fn is_below_wide_header(line: &str) -> bool {
    line.split(|c: char| !"|-: \t".contains(c))
        .any(|run| run.matches('|').count() > COLUMNS_MAX + 1 && run.contains('-'))
}

fn push_markdown(text: &str, body: &mut String) {
    let most = MADE_MAX.0.saturating_add(text.len().saturating_mul(MADE_MAX.1));
    let with_tables = if text.lines().any(is_below_wide_header) { None } else { made(text, true, most) };
    if let Some(made) = with_tables.or_else(|| made(text, false, usize::MAX)) {
        body.push_str(&directed(&made));
    }
}

/// Makes HTML of Markdown; `None` where it would have more than `most` bytes.
fn made(text: &str, has_tables: bool, most: usize) -> Option<String> {
    let mut options = Options::ENABLE_STRIKETHROUGH;
    options.set(Options::ENABLE_TABLES, has_tables);
    let mut made = Bounded { text: String::with_capacity(text.len() * 2), most };
    pulldown_cmark::html::write_html_fmt(&mut made, Parser::new_ext(text, options).map(safe)).ok()?;
    Some(made.text)
}

/// A text that takes no more than so many bytes.
struct Bounded {
    text: String,
    most: usize,
}

impl std::fmt::Write for Bounded {
    fn write_str(&mut self, more: &str) -> std::fmt::Result {
        if self.text.len() + more.len() > self.most {
            return Err(std::fmt::Error);
        }
        self.text.push_str(more);
        Ok(())
    }
}

/// Makes quotes of lines that begin with `>`, as deep as their marks say.
fn push_quote(lines: &[&str], body: &mut String) {
    let mut depth = 0;
    for line in lines {
        let (marks, text) = unquoted(line);
        while depth < marks {
            body.push_str("<blockquote type=\"cite\" dir=\"auto\">\n");
            depth += 1;
        }
        while depth > marks {
            body.push_str("</blockquote>\n");
            depth -= 1;
        }
        escape(&spaced(text), body);
        body.push_str("<br>\n");
    }
    body.push_str(&"</blockquote>\n".repeat(depth));
}

/// Returns how deep a quoted line stands, and its text.
fn unquoted(line: &str) -> (usize, &str) {
    let (mut depth, mut rest) = (0, line);
    while let Some(inner) = rest.strip_prefix('>').filter(|_| depth < QUOTES_MAX) {
        depth += 1;
        rest = inner;
        if let Some(inner) = rest.strip_prefix(' ').filter(|inner| inner.starts_with('>')) {
            rest = inner;
        }
    }
    (depth, rest.strip_prefix(' ').unwrap_or(rest))
}

fn safe(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        // In a mail a line end means one.
        Event::SoftBreak => Event::HardBreak,
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => link(link_type, dest_url, title, id),
        Event::Start(Tag::Image { dest_url, title, id, .. }) => link(LinkType::Inline, dest_url, title, id),
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        other => other,
    }
}

fn link<'a>(link_type: LinkType, dest_url: CowStr<'a>, title: CowStr<'a>, id: CowStr<'a>) -> Event<'a> {
    let target = dest_url.trim_start().to_ascii_lowercase();
    let known = link_type == LinkType::Email || SCHEMES.iter().any(|scheme| target.starts_with(scheme));
    let dest_url = if known { dest_url } else { CowStr::Borrowed("#") };
    Event::Start(Tag::Link { link_type, dest_url, title, id })
}

/// Lets each paragraph take the direction of its own first strong letter.
fn directed(body: &str) -> String {
    body.replace("<p>", "<p dir=\"auto\">").replace("<li>", "<li dir=\"auto\">")
}
