use super::*;

#[test]
fn a_reply_has_one_mark_whatever_stood_there() {
    for subject in
        ["Help", "Re: Help", "RE: re: Help", "AW: Help", "Re[2]: Help", "SV: Re: Help", "回复：Help", "رد: Help"]
    {
        assert_eq!(reply_subject(subject), "Re: Help", "{subject}");
    }
    assert_eq!(reply_subject("Order: late"), "Re: Order: late");
    assert_eq!(reply_subject(""), "Re:");
}

#[test]
fn a_forward_has_one_mark() {
    assert_eq!(forward_subject("Fw: Help"), "Fwd: Help");
    assert_eq!(forward_subject("Re: Help"), "Fwd: Re: Help");
}

#[test]
fn quoting_leaves_the_signature_out_and_deepens_quotes() {
    let readable = crate::mime::readable(b"From: a@x\nSubject: Re: a\n\nhello\n> older\nmore\n-- \nme\n");
    assert_eq!(
        quote_for_reply(&readable, "On Monday Joe wrote:"),
        "On Monday Joe wrote:\n> hello\n>\n>> older\n>\n> more\n"
    );
}
