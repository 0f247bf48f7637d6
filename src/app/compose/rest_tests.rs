use super::*;

fn parts<'a>(text: &'a str, attribution: &str) -> (&'a str, &'a str) {
    text.split_at(rest_at(text, attribution))
}

#[test]
fn the_signature_and_the_quote_below_the_own_words_are_the_rest() {
    let text = "Hello,\n\nyes.\n\nAna wrote:\n> one\n>\n> two\n\n-- \nAlice\n";
    let (own, rest) = parts(text, "Ana wrote:");
    assert_eq!(own, "Hello,\n\nyes.");
    assert_eq!(Folded::of(rest), Folded { signature: true, quoted: 3, forwarded: false });
}

#[test]
fn what_stands_between_quotes_is_the_authors_own() {
    let text = "Ana wrote:\n> one\n\nyes\n\n> two\n";
    assert_eq!(parts(text, "Ana wrote:"), ("Ana wrote:\n> one\n\nyes", "\n\n> two\n"));
    assert_eq!(parts("> all\n\nanswered below", ""), ("> all\n\nanswered below", ""));
}

#[test]
fn a_reply_that_is_still_empty_is_all_rest() {
    assert_eq!(parts("\n\nAna wrote:\n> one", "Ana wrote:"), ("", "\n\nAna wrote:\n> one"));
    assert_eq!(parts("", ""), ("", ""));
    assert_eq!(parts("\n\n", ""), ("\n\n", ""));
}

#[test]
fn a_mail_that_is_forwarded_is_the_rest_with_the_signature_above_it() {
    let text = format!("See below.\n\n-- \nAlice\n\n{FORWARDED}\nFrom: Ana\n\n-- \nBob\n");
    let (own, rest) = parts(&text, "");
    assert_eq!(own, "See below.");
    assert_eq!(Folded::of(rest), Folded { signature: true, quoted: 3, forwarded: true });
}
