//! What styles and classes say of an element: that it is hidden, has no size, is an indent, or is a quoted mail.

use super::cut;
use super::token::Attributes;

/// Tells whether a style hides its element. Senders hide texts that only spam filters and previews are to see.
pub(super) fn is_hidden(style: &str) -> bool {
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
pub(super) fn has_no_size(style: &str) -> Option<bool> {
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
pub(super) fn is_indent(style: &str) -> bool {
    let style = cut(style, 1024).replace(' ', "").to_ascii_lowercase();
    style.contains("margin:000")
        && style.contains("border:none")
        && style.contains("padding:0px")
        && !style.contains("border-left")
}

/// Tells whether a blockquote is marked as a mail program marks what it quotes. Forms and pages put what somebody says to them into bare ones.
pub(super) fn is_cited(style: &str, class: [&str; 2], of: Attributes<'_>) -> bool {
    let style = cut(style, 1024).to_ascii_lowercase();
    let named = class.into_iter().any(|class| class.contains("quote") && !class.contains("wp-"));
    named || of.get("type") == Some("cite") || of.get("cite").is_some() || style.contains("border-left")
}

/// Tells whether a class or id marks a quoted mail that is no blockquote.
pub(super) fn is_quote(class: &str) -> bool {
    ["yahoo_quoted", "yqt", "OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container"]
        .iter()
        .any(|mark| class.contains(mark))
}

/// Tells whether an element holds the headers of a mail that Outlook quotes, or begins with them: what it quotes goes on behind the element.
/// `stopSpelling` is Hotmail's; a rule that can be reached by keyboard is of Outlook on the web.
pub(super) fn is_outlook_head(name: &str, class: [&str; 2], style: &str, tabindex: Option<&str>) -> bool {
    let named = |mark: &str| class.into_iter().any(|class| class.contains(mark));
    if name == "hr" {
        return named("stopSpelling") || tabindex == Some("-1");
    }
    if named("divRplyFwdMsg") || named("ms-outlook-mobile-reference-message") {
        return true;
    }
    let style = cut(style, 1024).to_ascii_lowercase();
    let border = style.split(';').filter_map(|rule| rule.split_once(':')).find(|(rule, _)| rule.trim() == "border-top");
    let colours = ["#e1e1e1", "#b5c4df"];
    name == "div"
        && border.is_some_and(|(_, line)| line.contains("solid") && colours.iter().any(|colour| line.contains(colour)))
}

/// Tells whether a class or id marks a signature.
pub(super) fn is_signature(class: &str) -> bool {
    class.contains("gmail_signature") && !class.contains("prefix") || class.contains("moz-signature")
}
