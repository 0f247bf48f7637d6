use super::*;
use crate::mime;

const MIXED: &str = "From: Ann <ann@a.example>\nTo: support@example.com, \"Moor, Al\" <al@a.example>\nSubject: Bill\n\
    Date: Thu, 26 Nov 2026 10:00:00 +0100\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/html\n\n<p>see</p>\n--B\n\
    Content-Type: message/rfc822\n\nFrom: bo@b.example\nSubject: Inner\nContent-Type: multipart/mixed; boundary=I\n\n--I\n\nhi\n--I\n\
    Content-Type: application/pdf; name=inner.pdf\nContent-Disposition: attachment\n\nx\n--I--\n--B\n\
    Content-Type: image/png; name=a.png\nContent-ID: <a@x>\n\npng\n--B--\n";

#[test]
fn what_stands_inside_an_attached_mail_goes_with_it_and_not_twice() {
    let found = Original::read(MIXED.as_bytes()).files();
    let names: Vec<(&str, &str)> = found.iter().map(|one| (one.file.name.as_str(), one.cid.as_str())).collect();
    assert_eq!(names, [("Inner.eml", ""), ("a.png", "a@x")]);
    assert!(String::from_utf8_lossy(&found[0].file.bytes).contains("inner.pdf"));
}

#[test]
fn files_beyond_the_most_are_counted() {
    let parts: String =
        (0..=FILES_MAX).map(|n| format!("--B\nContent-Disposition: attachment; filename={n}.txt\n\nx\n")).collect();
    let raw = format!("Content-Type: multipart/mixed; boundary=B\n\n--B\n\nhi\n{parts}--B--\n");
    assert_eq!(
        (Original::read(raw.as_bytes()).files().len(), Original::read(raw.as_bytes()).file_count()),
        (FILES_MAX, FILES_MAX + 1)
    );
    assert_eq!(Original::read(MIXED.as_bytes()).file_count(), 2);
}

#[test]
fn the_block_names_author_time_subject_and_recipients_and_holds_all_of_the_text() {
    let raw = "From: Ann <ann@a.example>\nTo: support@example.com\nCc: Al <al@a.example>\nSubject: =?utf-8?Q?R=C3=A4der?=\n\
        Date: Thu, 26 Nov 2026 10:00:00 +0100\n\nHello\n\n> quoted\n\n-- \nAnn\n";
    let parsed = mime::parse(raw.as_bytes());
    let block = forwarded_block(&parsed.envelope, &parsed.readable);
    let head = "---------- Forwarded message ----------\nFrom: Ann <ann@a.example>\nDate: Thu, 26 Nov 2026 09:00 UTC\nSubject: Räder\n\
        To: support@example.com\nCc: Al <al@a.example>\n\nHello\n\n> quoted\n\n";
    assert!(block.starts_with(head) && block.ends_with("Ann\n"), "{block}");
    let whole = format!("Mine\n\n{block}");
    assert_eq!(crate::model::reply::split_forwarded(&whole), ("Mine\n\n", Some(block.as_str())));
}

#[test]
fn the_block_says_where_the_numbers_in_it_lead() {
    let raw = "Subject: x\nContent-Type: text/html\n\n<p><a href=\"https://x.example/a\">one</a> <a href=\"javascript:x()\">two</a>\n\
        <a href=\"mailto:b@x.example\">three</a></p>\n";
    let parsed = mime::parse(raw.as_bytes());
    let block = forwarded_block(&parsed.envelope, &parsed.readable);
    let text = "\n\none [1] two [2] three [3]\n\n[1] https://x.example/a\n[3] mailto:b@x.example\n";
    assert!(block.ends_with(text), "{block}");
}

#[test]
fn html_is_taken_before_its_plain_alternative_and_plain_texts_beside_it_go_along() {
    let none = |_: &str| None;
    assert_eq!(Original::read(b"Subject: x\n\nplain\n").html(&none), None);
    assert_eq!(Original::read(MIXED.as_bytes()).html(&none).unwrap().trim(), "<div><p>see</p></div>");
    let list = "Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: multipart/alternative; boundary=A\n\n--A\n\nplain\n--A\n\
        Content-Type: text/html\n\n<b>rich</b>\n--A--\n--B\nContent-Type: text/plain\n\n<unsubscribe>\n--B--\n";
    let html = Original::read(list.as_bytes()).html(&none).unwrap();
    assert!(html.contains("<b>rich</b>") && html.contains("&lt;unsubscribe&gt;") && !html.contains("plain"), "{html}");
}

#[test]
fn html_that_says_more_than_the_text_that_is_shown_is_told_and_an_honest_one_is_not() {
    let plain = "Dear team,\nplease pay the bill of 120 euros to the usual account until Friday.\n";
    let mail = |html: &str| {
        format!(
            "Content-Type: multipart/alternative; boundary=A\n\n--A\n\n{plain}\n--A\nContent-Type: text/html\n\n{html}\n--A--\n"
        )
    };
    let says_more = |html: &str| {
        let raw = mail(html);
        Original::read(raw.as_bytes()).html_says_more()
    };
    let honest = format!(
        "<style>p {{ color: red }}</style><p>{plain}</p><a href=https://x.example>https://x.example/a/b/c</a><img alt=\"\">"
    );
    assert!(!says_more(&honest));
    assert!(says_more(&honest.replace("usual account", "new account DE89 3704 0044 0532")));
    let alone = format!("Content-Type: text/html\n\n{honest}");
    assert!(!Original::read(alone.as_bytes()).html_says_more());
}
