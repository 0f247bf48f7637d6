use super::*;

fn text(markup: &str) -> String {
    to_text(markup, 0).text
}

#[test]
fn paragraphs_breaks_and_lists_become_lines() {
    assert_eq!(text("<p>One\n two</p><p>three<br>four</p>"), "One two\n\nthree\nfour");
    assert_eq!(text("<ul><li>a<li>b<ol><li>c</ol></ul>"), "* a\n* b\n  1. c");
    assert_eq!(text("<pre>a  b\n  c</pre>"), "a  b\n  c");
    assert_eq!(text("a &lt;b&gt; &eacute;&#8364;&#x20ac;&#128; &nosuch; &"), "a <b> é€€€ &nosuch; &");
    assert_eq!(text("1 < 2 <3"), "1 < 2 <3");
}

#[test]
fn where_writers_of_thai_and_khmer_let_a_line_end_is_kept_and_fillers_are_not() {
    assert_eq!(text("<p>ไทย&#8203;แบบ<wbr>มี"), "ไทย\u{200b}แบบ\u{200b}มี");
    assert_eq!(text("<p>&#8203; &#8203;Hello&#8203; w<wbr>orld"), "Hello world");
}

#[test]
fn what_is_hidden_or_no_text_is_left_out() {
    assert_eq!(
        text("<style>p{}</style><script>x('</p>')</script>a<span style='display: none'>b<b>c</b></span>d<!-- e -->"),
        "ad"
    );
    assert_eq!(text("<title>t</title><div hidden>x</div>y"), "y");
    assert_eq!(text("<div style='display:none'>x</div><p>y"), "y");
}

#[test]
fn text_without_size_is_hidden_and_what_sets_a_size_inside_is_not() {
    assert_eq!(text("a<span style='FONT-SIZE: 0px'>b<b>c</b></span>d"), "ad");
    assert_eq!(text("<div style='font-size:0'><div style='font-size:13px'>x</div>y</div>z"), "x\nz");
    assert_eq!(text("<p style='font-size:0.9em'>x"), "x");
}

#[test]
fn what_is_never_closed_hides_nothing() {
    assert_eq!(text("a<!-- b"), "a b");
    assert_eq!(text("a<!-- b<!-- c"), "a b c");
    assert_eq!(text("a<script>b"), "ab");
    assert_eq!(text("a<style>b<p>c<script>d"), "ab\n\ncd");
    assert_eq!(text("a<b title=\"x>b</b> c"), "ab c");
    assert_eq!(text("a<<b title='x>b</b> c"), "a<b c");
}

#[test]
fn a_tag_of_very_many_attributes_is_read_over() {
    let many: String = (0..20_000).map(|n| format!(" a{n}")).collect();
    assert_eq!(text(&format!("x<b{many}>y</b>z")), "xyz");
}

#[test]
fn data_becomes_columns_and_layout_becomes_lines() {
    assert_eq!(text("<table><tr><th>Item<th>Price<tr><td>Tea<td>2</table>"), "Item  Price\nTea   2");
    assert_eq!(
        text(
            "<table><tr><td><table><tr><td>logo</td></tr></table></td></tr><tr><td><p>one</p><p>two</p></td></tr></table>"
        ),
        "logo\none\n\ntwo"
    );
}

#[test]
fn quotes_stand_behind_marks() {
    assert_eq!(
        text("<p>me</p><blockquote type=cite>you<blockquote>he</blockquote></blockquote>me"),
        "me\n\n> you\n>\n>> he\n\nme"
    );
    assert_eq!(text("me<div class='yahoo_quoted'><p>you</p></div>"), "me\n\n> you");
}

#[test]
fn links_are_numbered_and_the_same_target_keeps_its_number() {
    let made = to_text(
        "<a href='https://a.example/1'>one</a> <a href='https://b.example/'>two</a> <a href='https://a.example/1'>three</a>",
        3,
    );
    assert_eq!(made.text, "one [4] two [5] three [4]");
    assert_eq!(made.links.len(), 2);
    assert_eq!(made.links[0].number, 4);
    assert_eq!(made.links[0].target.as_str(), "https://a.example/1");
}

#[test]
fn a_link_that_hides_where_it_leads_is_warned_of() {
    let warning = |markup: &str| {
        let made = to_text(markup, 0);
        made.links.first().and_then(|link| link.warning.as_ref()).map(|text| text.to_string()).unwrap_or_default()
    };
    assert!(warning("<a href='http://evil.example/'>www.paypal.com</a>").contains("the text shows www.paypal.com"));
    assert!(warning("<a href='http://evil.example/'>https://paypal.com/login</a>").contains("evil.example"));
    assert!(warning("<a href='http://paypal.com@evil.example/'>log in</a>").contains("evil.example"));
    assert!(warning("<a href='http://p\u{430}ypal.com/'>log in</a>").contains("mixes"));
    assert!(warning("<a href='http://xn--pypal-4ve.com/'>log in</a>").contains("mixes"));
    assert!(warning("<a href='http://10.0.0.1/x'>log in</a>").contains("a number"));
    assert!(warning("<a href='javascript:alert(1)'>x</a>").contains("javascript"));
    assert_eq!(warning("<a href='https://www.paypal.com/x'>paypal.com</a>"), "");
    assert_eq!(warning("<a href='https://shop.example.com/x'>example.com</a>"), "");
    assert_eq!(warning("<a href='https://x.example/r.pdf'>report.pdf</a>"), "");
}

/// Returns what is shown of an HTML mail, one line after the other.
fn own(markup: &str) -> String {
    let readable = crate::mime::readable(
        format!("From: a@x\nSubject: Re: a\nContent-Type: text/html; charset=utf-8\n\n{markup}").as_bytes(),
    );
    let text = readable.blocks.iter().filter(|block| matches!(block, crate::model::message::Block::Text(_)));
    text.flat_map(crate::model::message::Block::lines).map(|line| line.as_str()).collect::<Vec<_>>().join("|")
}

#[test]
fn a_bare_blockquote_is_no_quote_unless_an_attribution_stands_above_it() {
    assert_eq!(
        own("Message:<blockquote>I want my money back.</blockquote>Sent by the form"),
        "Message:|I want my money back.|Sent by the form"
    );
    for quote in [
        "<blockquote type=cite>old</blockquote>",
        "<blockquote class=\"gmail_quote\">old</blockquote>",
        "<blockquote style='border-left: 2px solid blue'>old</blockquote>",
        "<div>05.10.2026, 10:00, Joe &lt;joe@x&gt; wrote:</div><blockquote>old</blockquote>",
    ] {
        assert_eq!(own(&format!("<p>new</p>{quote}<p>more</p>")), "new|more", "{quote}");
    }
}

#[test]
fn what_outlook_quotes_goes_on_behind_the_headers_that_it_marks() {
    let head = "<b>From:</b> Ben<br><b>Sent:</b> Monday<br><b>To:</b> Ana<br><b>Subject:</b> z";
    for mark in [
        "<hr tabindex='-1'><div id=divRplyFwdMsg>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'>",
        "<div style='BORDER-LEFT: medium none; BORDER-TOP: #b5c4df 1pt solid'>",
        "<div class='ms-outlook-mobile-reference-message'>",
    ] {
        assert_eq!(own(&format!("<p>new</p>{mark}{head}</div><p>old</p>")), "new", "{mark}");
        let shown = own(&format!("<p>new</p>{mark}no headers</div><p>text</p>"));
        assert!(shown.contains("no headers") && shown.ends_with("|text"), "{mark}: {shown}");
    }
    let form = "New request<hr>From: ana@x<br>Date: 3 May 2026<br>Subject: piano<br><br>Please call.";
    assert!(own(form).ends_with("Please call."), "a rule of a form");
}

#[test]
fn what_follows_the_element_of_a_signature_is_text() {
    let text = "hello<div class=gmail_signature>Ana<br>Phone</div><p>P.S. please call</p><blockquote type=cite>old</blockquote>";
    assert_eq!(own(text), "hello|P.S. please call");
    assert_eq!(own("hello<div>-- <br>Ana</div>"), "hello");
}

#[test]
fn a_picture_in_slices_is_one_line() {
    let slice = |n: usize| format!("<td><a href=\"https://a.example/{n}\"><img src=x></a></td>");
    let rows: String = (0..3).map(|row| format!("<tr>{}{}</tr>", slice(2 * row), slice(2 * row + 1))).collect();
    let text = to_text(&format!("<p>Sale</p><table>{rows}</table><p>Bye</p>"), 0);
    assert_eq!(text.text, "Sale\n\n[6 images] [1] [2] [3] [4] [5] [6]\n\nBye");
    assert_eq!(text.links.len(), 6);
    let same: String = (0..4).map(|_| "<tr><td><a href=\"https://a.example/\"><img src=x></a></td></tr>").collect();
    assert_eq!(to_text(&format!("<table>{same}</table>"), 0).text, "[4 images] [1]");
}

#[test]
fn pictures_that_say_something_and_numbers_in_text_stay() {
    let named = "<a href=https://a.example/><img alt=Shop></a>".repeat(3);
    assert!(to_text(&named, 0).text.starts_with("[Shop] [1]"));
    assert_eq!(to_text("<p>[1] [2] [3] [4]</p>", 0).text, "[1] [2] [3] [4]");
}

#[test]
fn a_long_address_stays_whole() {
    let address = format!("https://a.example/{}?x={}", "path-".repeat(100), "y".repeat(500));
    let text = to_text(&format!("<p>Look: {address}</p><a href=\"{address}\">here</a>"), 0);
    assert_eq!(text.text, format!("Look: {address}\nhere [1]").replace("\nhere", "\n\nhere"));
    assert_eq!(text.links[0].target.as_str(), address);
}

#[test]
fn text_behind_a_link_begins_a_word_of_its_own() {
    let link = "<a href=https://a.example/><img alt=Pic></a>";
    assert_eq!(to_text(&format!("{link}Now <i>x</i>"), 0).text, "[Pic] [1] Now x");
    assert_eq!(to_text(&format!("{link}, and{link}."), 0).text, "[Pic] [1], and[Pic] [1].");
}
