use mailparse::{MailHeaderMap, ParsedMail};
use proptest::prelude::*;

use super::*;

pub(super) fn address(email: &str) -> Address {
    Address::new("", email)
}

pub(super) fn simple() -> Mail {
    Mail {
        message_id: MessageId::new("0001@shop.example"),
        date: Timestamp::from_seconds(1_795_000_000),
        inbox: Address::new("Shop Support", "support@shop.example"),
        agent: Some(Address::new("Alice Ödegård", "alice@shop.example")),
        to: vec![Address::new("Carla", "carla@customer.example")],
        subject: "Re: Refund".to_owned(),
        body: "Hello Carla,\n\nit is on its way.\n\n-- \nAlice\n".to_owned(),
        ..Mail::default()
    }
}

fn text(built: &Built) -> String {
    String::from_utf8(built.copy.clone()).unwrap()
}

fn header(built: &Built, name: &str) -> Option<String> {
    mailparse::parse_mail(&built.copy).unwrap().headers.get_first_value(name)
}

/// What a server, a list or a signature check on the way would rewrite.
fn assert_canonical(bytes: &[u8]) {
    assert!(bytes.ends_with(b"\r\n"), "the last line has no end");
    for (n, line) in bytes.split(|b| *b == b'\n').enumerate() {
        let end = bytes.len();
        let Some(line) = line.strip_suffix(b"\r") else {
            assert!(line.is_empty(), "line {n} of {end} bytes ends in a bare LF: {:?}", String::from_utf8_lossy(line));
            continue;
        };
        assert!(!line.contains(&b'\r'), "line {n} holds a bare CR");
        assert!(!line.contains(&0), "line {n} holds a NUL");
        assert!(line.len() <= 998, "line {n} has {} bytes", line.len());
    }
    let head = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    for line in String::from_utf8_lossy(&bytes[..head]).split("\r\n") {
        assert!(!line.ends_with([' ', '\t']), "white space before a fold: {line:?}");
        assert!(!line.trim().is_empty(), "an empty folded line");
        assert!(line.is_ascii() || line.contains('@'), "8-bit header: {line:?}");
    }
}

fn leaves<'a, 'b>(mail: &'a ParsedMail<'b>, out: &mut Vec<&'a ParsedMail<'b>>) {
    if mail.subparts.is_empty() {
        out.push(mail);
    }
    for part in &mail.subparts {
        leaves(part, out);
    }
}

fn plain_text(parsed: &ParsedMail<'_>) -> String {
    let mut all = Vec::new();
    leaves(parsed, &mut all);
    let body = all[0].get_body().unwrap();
    let body = body.strip_suffix("\r\n").unwrap_or(&body);
    unflow(&body.split("\r\n").collect::<Vec<_>>())
}

#[test]
fn a_reply_names_its_parent_and_the_thread() {
    let parent = Parent {
        message_id: MessageId::new("p@x").unwrap(),
        references: ["a@x", "b@x", "a@x", "p@x"].iter().filter_map(|id| MessageId::new(id)).collect(),
    };
    let built = build(&Mail { parent: Some(parent), ..simple() }).unwrap();
    assert_eq!(header(&built, "In-Reply-To").unwrap(), "<p@x>");
    assert_eq!(header(&built, "References").unwrap(), "<a@x> <b@x> <p@x>");
    assert_eq!(header(&built, "Message-ID").unwrap(), "<0001@shop.example>");
    assert_eq!(header(&built, "Date").unwrap(), "Wed, 18 Nov 2026 11:06:40 +0000");
    assert_eq!(header(&built, "Auto-Submitted"), None);
    assert_canonical(&built.copy);
}

#[test]
fn a_long_thread_keeps_its_root_and_its_newest_references() {
    let parent = Parent {
        message_id: MessageId::new("p@x").unwrap(),
        references: (0..500).filter_map(|n| MessageId::new(&format!("{n}@x"))).collect(),
    };
    let built = build(&Mail { parent: Some(parent), ..simple() }).unwrap();
    let found = header(&built, "References").unwrap();
    let ids: Vec<&str> = found.split(' ').collect();
    assert_eq!(ids.len(), REFERENCES_MAX);
    assert_eq!((ids[0], ids[1], ids[39]), ("<0@x>", "<462@x>", "<p@x>"));
}

#[test]
fn each_identity_puts_inbox_and_agent_where_they_belong() {
    let of = |identity| {
        let built = build(&Mail { identity, ..simple() }).unwrap();
        assert_eq!(built.from, "support@shop.example");
        (header(&built, "From").unwrap(), header(&built, "Sender"), header(&built, "Reply-To"))
    };
    let inbox = "Shop Support <support@shop.example>".to_owned();
    let agent = "Alice Ödegård <alice@shop.example>".to_owned();
    assert_eq!(of(Identity::SendAs), (inbox.clone(), None, None));
    assert_eq!(of(Identity::OnBehalf), (inbox.clone(), Some(agent.clone()), None));
    assert_eq!(of(Identity::Personal), (agent, None, Some(inbox)));
    let nobody = Mail { identity: Identity::Personal, agent: None, ..simple() };
    assert_eq!(build(&nobody), Err(BadMail::NoAgentAddress));
}

#[test]
fn a_blind_copy_stands_in_our_copy_and_not_on_the_wire() {
    let bcc: Vec<Address> = (0..12).map(|n| address(&format!("secret{n}@boss.example"))).collect();
    let built = build(&Mail { bcc, ..simple() }).unwrap();
    let wire = without_bcc(&built.copy);
    assert!(text(&built).contains("secret11@boss.example"));
    assert!(!String::from_utf8_lossy(&wire).contains("secret"));
    assert!(built.recipients.contains(&"secret11@boss.example".to_owned()));
    assert_canonical(&wire);
    let none = build(&simple()).unwrap();
    assert_eq!(without_bcc(&none.copy).as_ref(), none.copy.as_slice());
    let alone = build(&Mail { to: vec![], bcc: vec![address("x@y.example")], ..simple() }).unwrap();
    assert!(text(&alone).contains("To: undisclosed-recipients:;\r\n"));
}

#[test]
fn the_body_may_hold_a_line_that_looks_like_a_blind_copy() {
    let built = build(&Mail { body: "Bcc: not a header\n".to_owned(), ..simple() }).unwrap();
    assert_eq!(without_bcc(&built.copy).as_ref(), built.copy.as_slice());
}

#[test]
fn nothing_pasted_into_a_name_or_subject_becomes_a_header() {
    let mail = Mail {
        subject: "Hello\r\nBcc: evil@x.example\r\n\r\nbody".to_owned(),
        to: vec![Address::new("A\r\nX-Evil: yes", "a@x.example"), Address::new("=?utf-8?Q?evil?=", "b@x.example")],
        ..simple()
    };
    let built = build(&mail).unwrap();
    assert_eq!(header(&built, "X-Evil"), None);
    assert_eq!(header(&built, "Bcc"), None);
    assert!(header(&built, "To").unwrap().contains("=?utf-8?Q?evil?="), "an encoded word in a name is text");
    for bad in ["a@x.example>\r\nX: y", "a b@x.example", "a@", "nobody", "a@x.example\r\n", "<a@x.example>"] {
        let mail = Mail { to: vec![address(bad)], ..simple() };
        assert!(build(&mail).is_err() || !text(&build(&mail).unwrap()).contains("\r\nX:"), "{bad:?}");
    }
    assert_eq!(build(&Mail { to: vec![], ..simple() }), Err(BadMail::NoRecipient));
}

#[test]
fn international_addresses_keep_their_local_part_and_get_an_ascii_domain() {
    let built = build(&Mail { to: vec![Address::new("Jürgen", "info@münchen.example")], ..simple() }).unwrap();
    assert_eq!(built.recipients, ["info@xn--mnchen-3ya.example"]);
    assert!(!built.utf8);
    let built = build(&Mail { to: vec![Address::new("用户", "用户@例え.example")], ..simple() }).unwrap();
    assert_eq!(built.recipients, ["用户@xn--r8jz45g.example"]);
    assert!(built.utf8);
}

#[test]
fn markdown_goes_out_as_text_and_html_that_can_do_no_harm() {
    let body = "# Hi\n\n**bold** <script>alert(1)</script>\n\n<img src=x onerror=y>\n\n[x](javascript:evil) [ok](https://a.example)\n\
                ![pic](http://t.example/p.gif)\n";
    let built = build(&Mail { markdown: true, body: body.to_owned(), ..simple() }).unwrap();
    let parsed = mailparse::parse_mail(&built.copy).unwrap();
    assert_eq!(parsed.ctype.mimetype, "multipart/alternative");
    assert_eq!(plain_text(&parsed), body.trim_end());
    let html = parsed.subparts[1].get_body().unwrap();
    assert!(html.contains("<strong>bold</strong>") && html.contains("&lt;script&gt;"));
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("javascript:"), "{html}");
    assert!(html.contains("href=\"https://a.example\"") && html.contains("href=\"http://t.example/p.gif\""));
    assert_canonical(&built.copy);
}

#[test]
fn a_table_of_hundreds_of_columns_is_text_and_makes_no_mail_of_megabytes() {
    let table = |columns: usize, rows: usize| {
        format!("|{}\n|{}\n{}", "a|".repeat(columns), "-|".repeat(columns), "|b\n".repeat(rows))
    };
    let html = |body: String| {
        let built = build(&Mail { markdown: true, body, ..simple() }).unwrap();
        mailparse::parse_mail(&built.copy).unwrap().subparts[1].get_body().unwrap()
    };
    assert!(html(table(3, 2)).contains("<table"));
    for body in [
        table(300, 2_000),
        format!("> {}", table(300, 2_000).replace('\n', "\n> ")),
        format!("* {}", table(300, 2_000).replace('\n', "\n  ")),
    ] {
        let (length, made) = (body.len(), html(body));
        assert!(!made.contains("<table") && made.len() < 4 * length, "{} of {length}", made.len());
    }
}

#[test]
fn rows_without_cells_make_no_more_html_than_their_bytes_allow_and_tables_of_people_stay_tables() {
    let table = |columns: usize, rows: &str| format!("|{}\n|{}\n{rows}", "a|".repeat(columns), ":-:|".repeat(columns));
    let html = |body: String| {
        let built = build(&Mail { markdown: true, body, ..simple() }).unwrap();
        mailparse::parse_mail(&built.copy).unwrap().subparts[1].get_body().unwrap()
    };
    for columns in [2, 8, 32] {
        for rows in ["b\n".repeat(9_000), "|\n".repeat(9_000), "||\n".repeat(9_000)] {
            let body = table(columns, &rows);
            let (length, made) = (body.len(), html(body));
            assert!(made.len() <= 25 * length + (20 << 10), "{columns}: {} of {length}", made.len());
        }
    }
    // Rows that somebody filled, and a few that nobody did.
    for body in [table(32, &format!("{}\n", "|1".repeat(32)).repeat(300)), table(20, &"|sum\n".repeat(12))] {
        assert!(html(body).contains("<table"));
    }
}

#[test]
fn attachments_keep_bytes_and_names_in_every_script() {
    let names = [
        "rechnung.pdf",
        "Größe 10\".pdf",
        "فاتورة نهائية.pdf",
        "請求書.pdf",
        "ใบแจ้งหนี้.pdf",
        "a'b%c*d;e=f.pdf",
        "👩‍👩‍👧.png",
    ];
    let files: Vec<File> = names
        .iter()
        .map(|name| File {
            name: (*name).to_owned(),
            media: "application/pdf".to_owned(),
            bytes: (0..=255).cycle().take(5000).collect(),
            ..File::default()
        })
        .collect();
    let built = build(&Mail { files: files.clone(), ..simple() }).unwrap();
    let parsed = mailparse::parse_mail(&built.copy).unwrap();
    assert_eq!(parsed.subparts.len(), 1 + names.len());
    for (part, file) in parsed.subparts.iter().skip(1).zip(&files) {
        assert_eq!(part.get_body_raw().unwrap(), file.bytes);
        assert_eq!(part.get_content_disposition().params.get("filename"), Some(&file.name));
    }
    assert_canonical(&built.copy);
}

#[test]
fn a_long_name_keeps_its_extension() {
    for stem in ["a".repeat(300), "日".repeat(150)] {
        let file = File { name: format!("{stem}.pdf"), media: "application/pdf".into(), ..File::default() };
        let built = build(&Mail { files: vec![file], ..simple() }).unwrap();
        let parsed = mailparse::parse_mail(&built.copy).unwrap();
        let name = parsed.subparts[1].get_content_disposition().params.remove("filename").unwrap();
        let begins: String = stem.chars().take(60).collect();
        assert!(name.starts_with(&begins) && name.ends_with(".pdf") && name.len() <= 255, "{name}");
        assert_canonical(&built.copy);
    }
}

#[test]
fn an_attached_mail_is_not_encoded_and_a_broken_one_becomes_plain_bytes() {
    let good = File {
        name: "a.eml".into(),
        media: "message/rfc822".into(),
        bytes: b"Subject: x\r\n\r\nhello\r\n".to_vec(),
        ..File::default()
    };
    let bad = File { bytes: b"Subject: x\n\n\xffhello".to_vec(), ..good.clone() };
    let tricky =
        File { name: "../..\u{202e}/".into(), media: "text/x; y\r\nX: z".into(), bytes: vec![], ..File::default() };
    let built = build(&Mail { files: vec![good.clone(), bad.clone(), tricky], ..simple() }).unwrap();
    let parsed = mailparse::parse_mail(&built.copy).unwrap();
    let types: Vec<&str> = parsed.subparts.iter().map(|p| p.ctype.mimetype.as_str()).collect();
    assert_eq!(types, ["text/plain", "message/rfc822", "application/octet-stream", "text/x"]);
    assert_eq!(parsed.subparts[2].get_body_raw().unwrap(), bad.bytes);
    assert_eq!(parsed.subparts[3].get_content_disposition().params.get("filename").unwrap(), "file");
    assert_canonical(&built.copy);
}

#[test]
fn long_paragraphs_flow_and_a_word_without_end_is_encoded() {
    let words = "lorem ipsum ".repeat(200);
    let built = build(&Mail { body: words.clone(), ..simple() }).unwrap();
    assert!(text(&built).lines().all(|line| line.len() <= 78));
    assert_eq!(plain_text(&mailparse::parse_mail(&built.copy).unwrap()), words.trim_end());
    let built = build(&Mail { body: "x".repeat(5000), ..simple() }).unwrap();
    assert_canonical(&built.copy);
    assert_eq!(plain_text(&mailparse::parse_mail(&built.copy).unwrap()), "x".repeat(5000));
}

#[test]
fn what_looks_like_a_quote_or_separator_is_stuffed() {
    assert_eq!(
        flow("From here\n indented\n> quote\n> > deep\n-- \nname"),
        [" From here", "  indented", "> quote", ">> deep", "-- ", "name"]
    );
    assert_eq!(
        unflow(&[" From here", "  indented", "> quote", ">> deep", "-- ", "name"]),
        "From here\n indented\n> quote\n>> deep\n-- \nname"
    );
}

/// Text of all scripts, with the characters that break headers and encodings more often than chance would have them.
pub(super) fn any_text(max: usize) -> impl Strategy<Value = String> {
    let tricky = prop::sample::select(vec![
        " ",
        "  ",
        "\n",
        "=",
        "=?",
        "?=",
        "\"",
        "\\",
        ">",
        ".",
        "From ",
        "-- ",
        "\t",
        "é",
        "ß",
        "字",
        "かな",
        "한글",
        "ไทย",
        "ابجد",
        "ı",
        "İ",
        "שלום",
        "👩‍👩‍👧",
        "e\u{301}",
        "\u{200f}",
        "word",
        "longer-word",
        "\r\n",
        "a,b",
        "<x@y>",
        ";",
        ":",
        "(c)",
    ]);
    prop::collection::vec(prop_oneof![4 => tricky.prop_map(str::to_owned), 1 => "\\PC{0,6}"], 0..max)
        .prop_map(|v| v.concat())
}

pub(super) fn spaced(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\r' | '\n' | '\t' if !out.ends_with(' ') => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// The text as any flowing program shows it: Unix line ends, nothing at the ends of lines, quote marks together.
pub(super) fn expected(text: &str) -> String {
    let text: String = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| !c.is_control() || "\n\t".contains(*c))
        .collect();
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| {
            let mut depth = 0;
            let mut rest = line;
            while let Some(inner) = rest.strip_prefix('>') {
                depth += 1;
                rest = inner.strip_prefix(' ').unwrap_or(inner);
            }
            let rest = if rest == "-- " { rest } else { rest.trim_end_matches([' ', '\t']) };
            if depth == 0 { rest.to_owned() } else { format!("{} {rest}", ">".repeat(depth)) }
        })
        .collect();
    lines.join("\n").trim_end_matches('\n').to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_mail_reads_back_as_it_was_written(
        subject in any_text(20),
        name in any_text(8),
        body in any_text(120),
        file in any_text(6),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        markdown in any::<bool>(),
    ) {
        let mail = Mail {
            subject: subject.clone(),
            body: body.clone(),
            to: vec![Address::new(name.clone(), "to@x.example"), address("other@x.example")],
            files: vec![File { name: file, media: "application/octet-stream".into(), bytes: bytes.clone(), ..File::default() }],
            markdown,
            ..simple()
        };
        let built = build(&mail).unwrap();
        assert_canonical(&built.copy);
        let parsed = mailparse::parse_mail(&built.copy).unwrap();
        prop_assert_eq!(parsed.headers.get_first_value("Subject").unwrap(), spaced(&subject));
        let to = parsed.headers.get_first_header("To").unwrap();
        let to = mailparse::addrparse_header(to).unwrap();
        let mailparse::MailAddr::Single(first) = &to[0] else { panic!("a group") };
        prop_assert_eq!(&first.addr, "to@x.example");
        let wanted = spaced(&name);
        // mailparse collapses spaces inside quoted names.
        prop_assert_eq!(first.display_name.clone().unwrap_or_default(), wanted);
        prop_assert_eq!(plain_text(&parsed), expected(&body));
        let mut all = Vec::new();
        leaves(&parsed, &mut all);
        prop_assert_eq!(all.last().unwrap().get_body_raw().unwrap(), bytes);
    }

    #[test]
    fn flowed_text_joins_to_what_it_was(text in any_text(200)) {
        let lines = flow(&text);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        prop_assert_eq!(unflow(&lines), expected(&text));
    }
}

#[test]
fn a_date_is_replaced_in_the_header_alone() {
    let copy = b"Message-ID: <a@x>\r\nDate: Thu, 01 Jan 1970 00:00:00 +0000\r\n\r\nDate: here\r\n";
    assert_eq!(redated(copy, Timestamp(0)), None);
    let new = redated(copy, Timestamp(1000)).unwrap();
    assert_eq!(new, b"Message-ID: <a@x>\r\nDate: Thu, 01 Jan 1970 00:00:01 +0000\r\n\r\nDate: here\r\n");
    assert_eq!(redated(b"X: y\r\n\r\nDate: here\r\n", Timestamp(0)), None);
}

/// The HTML of a mail with this Markdown, without what stands around its body.
fn html(body: &str, attribution: &str) -> String {
    let mail = Mail { markdown: true, body: body.into(), attribution: attribution.into(), ..simple() };
    let html = super::html::of(&mail).unwrap();
    html.split("<body dir=\"auto\">\n").nth(1).unwrap().split("</body>").next().unwrap().to_owned()
}

#[test]
fn what_a_customer_wrote_is_no_markdown_of_ours() {
    for theirs in [
        "*a* __b__ ~~c~~",
        "# big",
        "`code` and ``` fences",
        "```",
        "<b>bold</b> <script>x()</script>",
        "[x](https://evil.example) ![i](https://evil.example/i.png)",
        "[x]: https://evil.example",
        "<https://evil.example>",
        "1. first",
        "- item",
        "    four spaces",
        "Setext",
        "======",
        "| a | b |",
        "|---|---|",
        "* * *",
        "&amp; &#35;",
        "\\*not\\*",
    ] {
        let made = html(&format!("**Ours**\n\nAnn wrote:\n> before\n> {theirs}\n> after\nand **more**"), "Ann wrote:");
        let mut escaped = String::new();
        crate::mime::html::clean::escape(theirs, &mut escaped);
        let escaped = escaped.replace("    ", &"\u{a0}".repeat(4));
        let quote =
            format!("<blockquote type=\"cite\" dir=\"auto\">\nbefore<br>\n{escaped}<br>\nafter<br>\n</blockquote>\n");
        assert!(made.contains(&quote), "{theirs}: {made}");
        assert!(made.starts_with("<p dir=\"auto\"><strong>Ours</strong></p>\n"), "{made}");
        assert!(made.ends_with("and <strong>more</strong></p>\n"), "{made}");
        // The same as the name of whom is quoted.
        let above = format!("On Monday, {theirs} wrote:");
        let made = html(&format!("Ours\n\n{above}\n> before"), &above);
        assert!(
            !made.contains("evil.example\"") && !made.contains("<em>") && !made.contains("<b>"),
            "{theirs}: {made}"
        );
    }
}

#[test]
fn quotes_stand_in_one_another_as_their_marks_say() {
    let made = html("> one\n>> two\n> > > three\n> one", "");
    let (open, close) = ("<blockquote type=\"cite\" dir=\"auto\">\n", "</blockquote>\n");
    assert_eq!(made, format!("{open}one<br>\n{open}two<br>\n{open}three<br>\n{close}{close}one<br>\n{close}"));
    let deep = html(&format!("{} deep", ">".repeat(5_000)), "");
    assert_eq!(deep.matches("<blockquote").count(), 20);
}

#[test]
fn a_forwarded_mail_is_no_markdown_of_ours_either() {
    let body = format!("**See** below\n\n{}\nFrom: *Ann* <a@x>\n\n# big\nFrom there\n", crate::model::reply::FORWARDED);
    let mail = Mail { markdown: true, forward: true, body, ..simple() };
    let made = super::html::of(&mail).unwrap();
    assert!(made.contains("<strong>See</strong>") && made.contains("# big<br>"), "{made}");
    assert!(made.contains("From: *Ann* &lt;a@x&gt;<br>") && !made.contains("\nFrom there"), "{made}");
}

#[test]
fn references_of_long_ids_stay_below_what_servers_take_and_keep_root_and_newest() {
    let id = |n: usize| MessageId::new(&format!("{n:090}@x.example")).unwrap();
    let parent = Parent { message_id: id(60), references: (0..60).map(id).collect() };
    let built = build(&Mail { parent: Some(parent), ..simple() }).unwrap();
    let head = String::from_utf8(built.copy).unwrap();
    let field = head.split("References:").nth(1).unwrap();
    let end = field.find("\r\nMIME-Version").unwrap();
    let field = field.get(..end).unwrap();
    assert!(field.len() + "References:".len() < 4_000, "{}", field.len());
    let kept: Vec<&str> = field.split_whitespace().collect();
    assert_eq!(kept.first(), Some(&format!("<{}>", id(0)).as_str()));
    let newest: Vec<String> = (60 - (kept.len() - 2)..=60).map(|n| format!("<{}>", id(n))).collect();
    assert_eq!(kept.get(1..).unwrap(), newest);
    assert!(kept.len() > 30, "{}", kept.len());
    let two = Parent {
        message_id: MessageId::new(&"p".repeat(800)).unwrap(),
        references: vec![MessageId::new(&"r".repeat(800)).unwrap()],
    };
    let built = build(&Mail { parent: Some(two), ..simple() }).unwrap();
    assert!(String::from_utf8(built.copy).unwrap().contains(&"r".repeat(800)));
}
