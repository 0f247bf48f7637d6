//! Which text of a mail is shown, and what stands in its place.

use super::seed::Desk;

fn placeholder() -> String {
    "Message-ID: <two@x>\nFrom: Ana <ana@lima.example>\nTo: support@team.example\nSubject: \nMIME-Version: 1.0\n\
     Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n\
     Coloca uma mensagem opcional aqui caso o HTML não possa ser carregado\n--b\nContent-Type: text/html; charset=utf-8\n\n\
     <p>Dear Ana,</p><p>your order 4412 has been cancelled because the card was refused. Please pay again before Friday.</p>\
     <p><a href=\"https://shop.example/pay\">Pay now</a></p>\n--b--\n"
        .to_owned()
}

#[test]
fn one_key_turns_from_the_html_to_the_plain_text_and_back() {
    let desk = Desk::empty();
    desk.raw_mail(60, &placeholder());
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>").unwrap();
    let html = screen.screen().to_string();
    insta::assert_snapshot!("html_beside_a_placeholder_at_80x24", html);
    assert!(html.contains("your order 4412") && html.contains("HTML, b text"), "{html}");
    assert!(html.contains("[1] shop.example/pay"), "{html}");
    screen.keys("b").unwrap();
    let plain = screen.screen().to_string();
    assert!(plain.contains("Coloca uma mensagem") && !plain.contains("your order 4412"), "{plain}");
    insta::assert_snapshot!("the_placeholder_at_80x24", plain);
    assert!(plain.contains("text, b HTML"), "{plain}");
    screen.keys("b").unwrap();
    assert_eq!(screen.screen().to_string(), html);
}

#[test]
fn a_mail_with_one_text_says_so() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>b").unwrap();
    assert!(screen.status().contains("this mail has one text"), "{}", screen.status());
}

#[test]
fn an_empty_subject_is_said_to_be_none() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::empty();
        desk.raw_mail(60, &placeholder());
        let mut screen = desk.screen(size);
        assert!(screen.screen().to_string().contains("(no subject)"), "{}", screen.screen());
        screen.keys("<enter>").unwrap();
        assert!(screen.screen().to_string().contains("(no subject)"), "{}", screen.screen());
    }
}
