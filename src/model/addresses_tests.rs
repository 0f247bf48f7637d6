use super::*;

fn fault(email: &str) -> Option<Fault> {
    Fault::of(email)
}

#[test]
fn an_address_that_can_not_be_written_to_is_named_with_its_place() {
    assert_eq!(fault("x@exa mple.net"), Some(Fault::Space(6)));
    assert_eq!(fault("x@exa\u{a0}mple.net"), Some(Fault::Space(6)));
    assert_eq!(fault("x@exa\u{200b}mple.net"), Some(Fault::Invisible(6)));
    assert_eq!(fault("x"), Some(Fault::NoAt));
    assert_eq!(fault("a@b@c.example"), Some(Fault::SecondAt(4)));
    assert_eq!(fault("@c.example"), Some(Fault::NoName));
    assert_eq!(fault("a@"), Some(Fault::NoServer));
    assert_eq!(fault("a@c..example"), Some(Fault::NoServer));
    assert_eq!(fault("a@c.example."), Some(Fault::NoServer));
    assert_eq!(fault("a<b@c.example"), Some(Fault::Letter('<', 2)));
    assert_eq!(fault(&"x".repeat(400)), Some(Fault::TooLong));
    for fine in [
        "a@localhost",
        "\"a.b\"@c.example",
        "a@[192.0.2.1]",
        "a@[IPv6:2001:db8::1]",
        "o'neill+x@c.example",
        "用户@例え.example",
        " a@c.example ",
    ] {
        assert_eq!(fault(fine), None, "{fine}");
    }
}

#[test]
fn what_is_read_of_a_line_is_what_stood_there() {
    let read = |text: &str| parse_addresses(text).into_iter().map(|one| one.email).collect::<Vec<_>>();
    assert_eq!(read("x@exa mple.net"), ["x@exa mple.net"]);
    assert_eq!(read("Ann <x@exa mple.net>, b@b.example"), ["x@exa mple.net", "b@b.example"]);
    assert_eq!(read("a@a.example b@b.example"), ["a@a.example b@b.example"]);
}
