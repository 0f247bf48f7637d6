fn found(text: &str) -> Vec<String> {
    let raw = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n");
    crate::mime::readable(raw.as_bytes()).addresses.iter().map(|link| link.target.to_string()).collect()
}

#[test]
fn an_address_ends_where_a_reader_sees_it_end() {
    for (text, address) in [
        ("See https://shop.example/orders/4412.", "https://shop.example/orders/4412"),
        ("(at http://a.example/x_(y)), or so", "http://a.example/x_(y)"),
        ("<https://a.example/?q=1&r=[2]>", "https://a.example/?q=1&r=[2]"),
        ("HTTPS://A.example/B!", "HTTPS://A.example/B"),
        ("请看https://a.example/路径，谢谢", "https://a.example/路径"),
        ("שלום https://a.example/שלום?", "https://a.example/שלום"),
        ("\"https://a.example\"", "https://a.example"),
    ] {
        assert_eq!(found(text), [address], "{text}");
    }
}

#[test]
fn what_is_no_web_address_is_left_alone() {
    for text in
        ["://", "https://", "xhttps://a.example", "ftp://a.example/", "javascript://a.example/%0aalert(1)", "http:// a"]
    {
        assert_eq!(found(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn each_address_is_named_once_and_quotes_count_too() {
    let text = "https://a.example and https://b.example\r\n\r\n> https://a.example\r\n> https://c.example";
    assert_eq!(found(text), ["https://a.example", "https://b.example", "https://c.example"]);
}

#[test]
fn an_address_that_looks_like_another_warns() {
    let raw = "Content-Type: text/plain; charset=utf-8\r\n\r\nhttps://pаypal.example/ (with a Cyrillic letter)\r\n";
    let readable = crate::mime::readable(raw.as_bytes());
    assert!(readable.addresses[0].warning.as_ref().unwrap().as_str().contains("mixes"), "{readable:?}");
}

#[test]
fn what_is_numbered_in_html_is_not_named_again() {
    let raw = "Content-Type: text/html\r\n\r\n<p><a href=\"https://a.example\">https://a.example</a> https://b.example</p>\r\n";
    let readable = crate::mime::readable(raw.as_bytes());
    let all = readable.links.iter().chain(&readable.addresses);
    assert_eq!(all.map(|link| link.target.as_str()).collect::<Vec<_>>(), ["https://a.example", "https://b.example"]);
}
