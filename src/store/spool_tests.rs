use super::*;

fn gist(pieces: &[&[u8]]) -> String {
    let mut gist = Gist::default();
    pieces.iter().for_each(|piece| gist.push(piece));
    String::from_utf8(gist.end()).unwrap()
}

#[test]
fn the_bulk_of_an_attachment_is_not_in_the_gist_and_what_stands_behind_it_is() {
    let line = format!("{}\r\n", "QUJD".repeat(19));
    let bulk = line.repeat(3 * RUN_MAX / line.len());
    let text = gist(&[b"Subject: Plans\r\n\r\n--x\r\nhello\r\n--x\r\n", bulk.as_bytes(), b"--x\r\nbye\r\n--x--\r\n"]);
    assert!(text.starts_with("Subject: Plans") && text.contains("hello") && text.ends_with("--x\r\nbye\r\n--x--\r\n"));
    assert!(text.len() < RUN_MAX + 1000, "{}", text.len());
}

#[test]
fn a_mail_without_bulk_is_its_own_gist_however_it_is_cut() {
    let mail =
        format!("Subject: a\r\n\r\n{}\r\nno line end", "words and words, but nothing encoded at all\r\n".repeat(50));
    for size in [1, 7, 4096] {
        let pieces: Vec<&[u8]> = mail.as_bytes().chunks(size).collect();
        assert_eq!(gist(&pieces), mail);
    }
    let endless = "ä".repeat(LINE_MAX);
    assert_eq!(gist(&[endless.as_bytes()]), endless);
}

#[test]
fn the_gist_has_an_end() {
    let mut gist = Gist::default();
    for _ in 0..20 {
        gist.push(&vec![b'.'; GIST_MAX / 10]);
    }
    assert!(gist.end().len() <= GIST_MAX);
}

#[test]
fn the_gist_of_a_mail_that_is_nearly_all_header_has_the_fields_that_are_read_and_the_text() {
    let filler: String =
        (0..60_000).map(|n| format!("X-Filler-{n}: {}\r\n\tSubject: not this\r\n", "y".repeat(60))).collect();
    let long = format!("X-Long: {}From: nobody\r\n", "Subject: z ".repeat(1000));
    let fields = "Subject: Late\r\n and folded\r\nFROM : Ana <ana@example.net>\r\n";
    let mail = format!("X-First: 1\r\n{filler}{long}{fields}\r\nThe text\r\nFrom: the text\r\n");
    for size in [1000, 65_536] {
        let mut gist = Gist::default();
        mail.as_bytes().chunks(size).for_each(|piece| gist.push(piece));
        let gist = String::from_utf8(gist.end()).unwrap();
        assert!(gist.starts_with("X-First: 1\r\n") && gist.len() < 2 << 20, "{}", gist.len());
        let end = format!("{fields}\r\nThe text\r\nFrom: the text\r\n");
        assert!(gist.ends_with(&end), "{size}");
        assert!(!gist.contains("nobody"));
    }
}
