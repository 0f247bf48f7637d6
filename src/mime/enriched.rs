//! text/enriched (RFC 1896), a mark-up of before HTML.

/// Takes the marks out: `<<` is a `<`, and a single line end is a space.
pub(super) fn to_text(text: &str) -> String {
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
