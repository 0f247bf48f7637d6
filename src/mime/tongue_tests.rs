use super::*;

fn mail(header: &str, body: &str) -> Vec<u8> {
    format!("From: a@x.example\r\nSubject: x\r\n{header}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n")
        .into_bytes()
}

fn of(header: &str, body: &str) -> Option<Language> {
    let raw = mail(header, body);
    language(&crate::mime::parse(&raw), &raw)
}

#[test]
fn what_customers_write_tells_their_language() {
    for (text, expected) in [
        ("مرحبا، لم يصلني الطلب رقم 1042 حتى الآن. شكرا", Language::Ar),
        ("سلام، سفارش من هنوز نرسیده است. لطفا پیگیری کنید", Language::Fa),
        ("שלום, ההזמנה שלי עדיין לא הגיעה", Language::He),
        ("สวัสดีครับ สินค้ายังไม่มาถึง", Language::Th),
        ("Merhaba, siparişim hâlâ gelmedi, yardımcı olur musunuz?", Language::Tr),
        ("注文した商品がまだ届いていません。", Language::Ja),
        ("您好，我的订单还没有到，请问什么时候发货？", Language::ZhHans),
        ("您好，我的訂單還沒有到，請問什麼時候會寄出？", Language::ZhHant),
        ("안녕하세요, 주문한 상품이 아직 도착하지 않았습니다.", Language::Ko),
        ("Guten Tag, meine Bestellung ist noch nicht angekommen.", Language::De),
        ("Bonjour, ma commande n'est pas encore arrivée. Merci", Language::Fr),
        ("Hola, mi pedido no ha llegado todavía. Gracias", Language::Es),
        ("Здравствуйте, мой заказ ещё не пришёл. Это вы отправили?", Language::Ru),
        ("Xin chào, đơn hàng của tôi vẫn chưa đến", Language::Vi),
        ("नमस्ते, मेरा ऑर्डर अभी तक नहीं आया है", Language::Hi),
        ("Buongiorno, il mio ordine non è ancora arrivato", Language::It),
        ("Olá, o meu pedido ainda não chegou. Obrigada", Language::Pt),
        ("Goedemorgen, mijn bestelling is nog niet aangekomen", Language::Nl),
        ("Dzień dobry, moje zamówienie jeszcze nie przyszło", Language::Pl),
        ("Hello, my order has not arrived yet. Could you have a look?", Language::En),
        // With its marks behind the letters.
        (
            "To\u{302}i muo\u{302}\u{301}n khie\u{302}\u{301}u na\u{323}i ve\u{302}\u{300} vie\u{323}\u{302}c giao ha\u{300}ng cha\u{323}\u{302}m",
            Language::Vi,
        ),
        // Names of things stand in Latin letters in every script.
        ("لم يعمل iPhone 15 Pro مع USB-C", Language::Ar),
    ] {
        assert_eq!(of("", text), Some(expected), "{text}");
    }
}

#[test]
fn where_it_is_not_sure_there_is_no_guess() {
    for text in [
        "OK",
        "12345",
        "",
        "Re: x",
        "a b o e i o a e y o u a e i o",
        "https://shop.example/o/1042",
        "Привіт, моє замовлення ще не прийшло",
        "اردو میں ہے یہ",
    ] {
        assert_eq!(of("", text), None, "{text}");
    }
}

#[test]
fn the_header_counts_only_where_the_text_tells_nothing() {
    assert_eq!(of("Content-Language: de-AT\r\n", "OK"), Some(Language::De));
    assert_eq!(
        of("Content-Language: en-US\r\n", "Merhaba, siparişim hâlâ gelmedi, bir bilgi var mı?"),
        Some(Language::Tr)
    );
    assert_eq!(of("Content-Language: de, en\r\n", "OK"), None, "of two nobody knows which");
    assert_eq!(of("Content-Language: tlh\r\n", "OK"), None);
}

#[test]
fn what_is_quoted_is_not_what_they_write() {
    let body = "Merhaba, siparişim hâlâ gelmedi, bir bilgi var mı?\r\n\r\n> Hello, thank you for your order. We have sent it and it is on the way to you.\r\n> With the best of wishes from all of us";
    assert_eq!(of("", body), Some(Language::Tr));
}
