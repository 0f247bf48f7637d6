//! Markdown made into HTML that carries nothing but text, structure and plain links.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

/// The schemes that a link may have.
const SCHEMES: [&str; 4] = ["http:", "https:", "mailto:", "tel:"];

/// Makes the HTML of a Markdown text. HTML inside the text is shown as it stands, an image becomes a link to it, and a link with
/// another scheme than the known ones loses its target.
pub(super) fn from_markdown(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut body = String::with_capacity(text.len() * 2);
    pulldown_cmark::html::push_html(&mut body, Parser::new_ext(text, options).map(safe));
    format!(
        "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"></head>\n<body dir=\"auto\">\n{}</body>\n</html>\n",
        directed(&body)
    )
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

/// Lets each paragraph take the direction of its own first strong letter, and lets no line begin as a mailbox file begins a mail.
fn directed(body: &str) -> String {
    body.replace("<p>", "<p dir=\"auto\">").replace("<li>", "<li dir=\"auto\">").replace("\nFrom ", "\n&#70;rom ")
}
