use super::*;

const LETTER: &str = "Dear Ana, your order 4412 has been cancelled because the card was refused. Please pay again before Friday with the \
    link below, or call us on 555 0199. We keep the parts for you until then. Pay now";

fn reads_plain(plain: &str, html: &str) -> bool {
    is_worth(&Words::of(plain), &Words::of(html), &Words::of(html))
}

#[test]
fn a_plain_text_that_says_the_same_is_read() {
    assert!(reads_plain(LETTER, LETTER));
    let shorter =
        "Dear Ana, your order 4412 has been cancelled because the card was refused. Please pay again before Friday.";
    assert!(reads_plain(shorter, LETTER));
    assert!(reads_plain("Thanks, Ana", "Thanks, Ana"));
    assert!(reads_plain("see below", "<logo>"));
    // About HTML, and its HTML says the same.
    let about = "How do I send HTML with your program? The preview of my letter is empty and the help page does not say why that is.";
    assert!(reads_plain(about, about));
}

#[test]
fn a_word_that_there_is_html_is_none_in_any_language() {
    for placeholder in [
        "This is an HTML mail.",
        "Your mail program doesn't show HTML",
        "Your email client cannot read this email.",
        "Coloca uma mensagem opcional aqui caso o HTML não possa ser carregado",
        "Diese E-Mail wurde im HTML-Format verfasst. Bitte verwenden Sie ein Programm, das HTML anzeigen kann.",
        "Ce message est au format HTML",
        "Este mensaje no puede mostrarse en su programa de correo",
        "このメールはHTML形式です。",
        "此邮件为网页格式，请使用支持的客户端查看。",
        "Это письмо в формате, который ваша программа не показывает",
        "plain text part",
        "[image: logo]",
    ] {
        assert!(!reads_plain(placeholder, LETTER), "{placeholder}");
    }
}

#[test]
fn an_address_alone_is_no_text() {
    for address in [
        "https://shop.example/mail?id=1",
        "<https://shop.example/a>\n\nhttps://shop.example/b\n",
        "info@shop.example",
        "-- 1 --",
    ] {
        assert!(!reads_plain(address, LETTER), "{address}");
    }
    assert!(reads_plain("https://shop.example/mail?id=1", ""));
}

#[test]
fn a_text_far_poorer_than_the_html_is_not_read() {
    let long = LETTER.repeat(4);
    assert!(!reads_plain("Dear Ana, your order has been cancelled. Pay now", &long));
    let quoted = Words::of("Dear Ana, your order has been cancelled. Pay now");
    assert!(is_worth(&quoted, &Words::of(&long), &quoted), "what the HTML quotes makes the text no poorer");
    assert!(reads_plain(&LETTER.repeat(2), &long));
}

#[test]
fn a_long_text_is_read_whatever_the_html_says() {
    assert!(reads_plain(&"word ".repeat(400), LETTER));
    assert!(reads_plain(&"other ".repeat(100), LETTER));
}
