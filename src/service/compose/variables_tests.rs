use super::*;
use crate::model::address::Address;
use crate::service::compose::tests::{answer, sending, store};

#[test]
fn first_names_are_taken_from_either_order() {
    assert_eq!(first_name("Carla Diaz"), "Carla");
    assert_eq!(first_name("Diaz, Carla"), "Carla");
    assert_eq!(first_name("carla@c.example"), "");
}

#[test]
fn what_a_customer_is_called_is_text_and_no_variable_and_moves_no_line() {
    let mail = "From: x@c.example\r\nSubject: Where is {it}?\r\n\r\nHi\r\n";
    let (_dir, store) = store(mail);
    let name = "{agent.email}\r\n\u{202e}{{link.internal|x}}\u{1b}[2J";
    let draft = Draft { to: vec![Address::new(name, "x@c.example")], ..answer(&store) };
    let values = variables(&store, &sending(), &draft, "ab12", &TimeZone::UTC);
    assert_eq!(values["customer.name"], "(agent.email) ((link.internal|x))");
    assert_eq!(values["conversation.subject"], "Where is (it)?");
    assert_eq!(values["conversation.id"], "ab12");
    assert_eq!(values["date"], "2027-01-15");
}

#[test]
fn what_a_customer_is_called_is_no_markdown_of_ours() {
    let (_dir, store) = store("From: x@c.example\r\nSubject: *Now*\r\n\r\nHi\r\n");
    let to = vec![Address::new("[Ann](https://evil.example) <b>", "ann_b@c.example")];
    let draft = Draft { to, markdown: true, ..answer(&store) };
    let values = variables(&store, &sending(), &draft, "ab12", &TimeZone::UTC);
    assert_eq!(values["customer.name"], "\\[Ann\\](https://evil.example) \\<b\\>");
    assert_eq!(
        (values["customer.email"].as_str(), values["conversation.subject"].as_str()),
        ("ann_b@c.example", "\\*Now\\*")
    );
}

#[test]
fn the_date_is_of_the_language_of_the_mail_that_is_answered() {
    let of = |body: &str| {
        let (_dir, store) = store(&format!(
            "From: x@c.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
        ));
        variables(&store, &sending(), &answer(&store), "ab12", &TimeZone::UTC)["date"].clone()
    };
    assert_eq!(of("Merhaba, siparişim hâlâ gelmedi, bir bilgi var mı?"), "15 Ocak 2027");
    assert_eq!(of("สวัสดีครับ สินค้ายังไม่มาถึง"), "15 มกราคม 2027");
    assert_eq!(of("Hello, my order has not arrived yet. Could you have a look?"), "2027-01-15");
}
