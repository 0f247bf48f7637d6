use super::*;

fn name(field: &str) -> Option<String> {
    Params::parse(field.as_bytes()).get("name")
}

#[test]
fn plain_quoted_and_spaced_values_are_read() {
    assert_eq!(name("a/b; name=\"x; y.pdf\"").as_deref(), Some("x; y.pdf"));
    assert_eq!(name("a/b; name=my long file.pdf; size=3").as_deref(), Some("my long file.pdf"));
    assert_eq!(name("a/b; NAME = \"a\\\"b\"").as_deref(), Some("a\"b"));
    assert_eq!(name("a/b; name=\"never closed.pdf").as_deref(), Some("never closed.pdf"));
    assert_eq!(name("a/b; name=\"C:\\dir\\f.pdf\"").as_deref(), Some("C:\\dir\\f.pdf"));
}

#[test]
fn extended_values_are_joined_and_decoded() {
    assert_eq!(name("a/b; name*=utf-8'en'caf%C3%A9.pdf").as_deref(), Some("café.pdf"));
    assert_eq!(name("a/b; name*0*=utf-8''caf%C3; name*1*=%A9; name*2=\".pdf\"").as_deref(), Some("café.pdf"));
    assert_eq!(name("a/b; name*0=\"one \"; name*1=\"two.pdf\"").as_deref(), Some("one two.pdf"));
    assert_eq!(name("a/b; name*1=b.pdf; name*0=a").as_deref(), Some("ab.pdf"));
    assert_eq!(name("a/b; name=plain.pdf; name*=utf-8''better.pdf").as_deref(), Some("better.pdf"));
}

#[test]
fn encoded_words_in_parameters_are_decoded() {
    assert_eq!(name("a/b; name=\"=?utf-8?B?Y2Fmw6kucGRm?=\"").as_deref(), Some("café.pdf"));
}

#[test]
fn the_value_stands_in_lower_case_without_comments() {
    assert_eq!(Params::parse(b"Text/HTML (yes); charset=x").value, "text/html");
    assert_eq!(Params::parse(b"").value, "");
}
