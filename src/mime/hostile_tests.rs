use super::work::steps_of;
use super::*;

/// The most steps that a byte of a mail may cost: headers are looked at for several questions, and a text for several marks.
const STEPS_A_BYTE: usize = 40;

/// Takes a mail apart, and again one of ten times the length: each byte of either costs no more than a byte may, and one of the longer not
/// twice as much as one of the shorter. What grows with the square is found by that at a tenth of the length at which it costs too much.
fn costs_its_bytes(what: &str, mail: impl Fn(usize) -> String) {
    let costs = |times| {
        let raw = mail(times);
        let steps = steps_of(|| (parse(raw.as_bytes()), envelope(raw.as_bytes())));
        assert!(steps > 0, "{what:?}: nothing is counted");
        assert!(steps <= STEPS_A_BYTE * raw.len(), "{what:?}: {steps} steps for {} bytes", raw.len());
        (steps, raw.len())
    };
    let ((few, short), (many, long)) = (costs(1), costs(10));
    assert!(many * short <= 2 * few * long, "{what:?}: {few} steps for {short} bytes, {many} for {long}");
}

#[test]
fn openings_never_closed_cost_their_bytes() {
    for piece in ["<!--", "<script>", "<a href=\"", "&#", "=?utf-8?q?", "<", "&nbsp", "<![CDATA[", "</", "<p style='"] {
        costs_its_bytes(piece, |times| {
            let (subject, body) = (piece.repeat(250 * times), piece.repeat(6_000 * times));
            format!("Subject: {subject}\nContent-Type: text/html\n\n{body}")
        });
    }
    for piece in ["\"", "(", "<", "=?", "=?utf-8?q?", ":", "a@b (", "\\"] {
        costs_its_bytes(piece, |times| {
            let much = piece.repeat(4_000 * times);
            format!("From: {much}\nTo: {much}\nReferences: {much}\nContent-Type: {much}; name={much}\n\nx")
        });
    }
}

#[test]
fn marks_of_quotes_without_words_cost_their_bytes() {
    for piece in [">\n\n", ">\na\n", "From: a@x\n", "On 3 May a@x wrote:\n", "-----\n\n", "-- \n", "> a@x:\n\n>\n"] {
        costs_its_bytes(piece, |times| {
            format!("From: Ana <ana@x.example>\nSubject: Re: a\n\n{}", piece.repeat(30_000 * times / piece.len()))
        });
    }
}
