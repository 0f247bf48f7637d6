use super::*;

fn entries(text: &[u8]) -> Vec<(u64, Entry)> {
    let mut mbox = Mbox::new(text, Vec::new());
    std::iter::from_fn(|| mbox.read_entry().unwrap()).collect()
}

/// The mails of an mbox, as text, with the seconds of their times.
fn mails(text: &str) -> Vec<(String, Option<i64>)> {
    let of = |entry| match entry {
        Entry::Mail { raw, at } => (String::from_utf8(raw).unwrap(), at.map(Timestamp::seconds)),
        other => panic!("{other:?}"),
    };
    entries(text.as_bytes()).into_iter().map(|(_, entry)| of(entry)).collect()
}

fn raws(text: &str) -> Vec<String> {
    mails(text).into_iter().map(|(raw, _)| raw).collect()
}

#[test]
fn mails_come_back_as_they_were_put_in() {
    let text = "From ana@example.org Tue Dec  1 14:00:00 2026\nSubject: One\n\n>From here\n>>From there\n\n\
                From bob@example.org Tue Dec  1 15:00:00 2026\nSubject: Two\r\n\r\nText\r\n\n";
    let found = mails(text);
    let first = "Subject: One\n\nFrom here\n>From there\n";
    assert_eq!(found[0], (first.to_owned(), Some(1_796_133_600)));
    assert_eq!(found[1], ("Subject: Two\r\n\r\nText\r\n".to_owned(), Some(1_796_137_200)));
}

#[test]
fn lines_in_front_of_mails_are_known_as_programs_write_them() {
    for line in [
        "From ana@example.org Tue Dec  1 14:00:00 2026",
        "From ana@example.org Tue Dec  1 14:00 2026",
        "From - Tue Dec 01 14:00:00 2026",
        "From 1234567890123456789@xxx Tue Dec 01 14:00:00 +0000 2026",
        "From ana at example.org  Tue Dec  1 14:00:00 2026",
        "From ???@??? Tue Dec 01 14:00:00 2026",
        "From MAILER-DAEMON Tue Dec  1 14:00:00 2026",
        "From ana@example.org Tue, 1 Dec 2026 14:00:00 +0000",
    ] {
        let found = mails(&format!("{line}\nSubject: One\n\nText\n\n{line}\nSubject: Two\n\nMore\n"));
        let times: Vec<_> = found.iter().map(|(_, at)| *at).collect();
        assert_eq!(times, [Some(1_796_133_600); 2], "{line}");
    }
    let found = mails("From ana@example.org\nSubject: One\n\nText\n\nFrom ana@example.org\nSubject: Two\n\nMore\n");
    assert_eq!(found.iter().map(|(_, at)| *at).collect::<Vec<_>>(), [None, None]);
}

#[test]
fn lines_of_a_text_that_begin_so_divide_nothing() {
    let text = "From ana@example.org Tue Dec  1 14:00:00 2026\nSubject: One\n\nHello,\n\nFrom now on: we are open\nNote: again\n\n\
                From Monday, call\nthe desk at 10:30 2026 times\n\nFrom\n";
    assert_eq!(raws(text).len(), 1);
}

#[test]
fn a_mail_without_an_empty_line_behind_it_ends_at_the_next() {
    let line = "From ana@example.org Tue Dec  1 14:00:00 2026";
    let text = format!("{line}\nSubject: One\n\nText\n{line}\nSubject: Two\n\nMore\n");
    assert_eq!(raws(&text), ["Subject: One\n\nText\n", "Subject: Two\n\nMore\n"]);
}

#[test]
fn a_length_that_leads_to_the_next_mail_or_the_end_is_believed() {
    let line = "From ana@example.org Tue Dec  1 14:00:00 2026";
    let body = format!("Look:\n\n{line}\nSubject: Inner\n\n>From it\n");
    let text =
        format!("{line}\nSubject: One\nContent-Length: {}\n\n{body}\n{line}\nSubject: Two\n\nMore\n", body.len());
    let one = format!("Subject: One\nContent-Length: {}\n\n{body}", body.len());
    assert_eq!(raws(&text), [one.as_str(), "Subject: Two\n\nMore\n"]);
    for wrong in [0usize, 7, 500, usize::MAX / 2] {
        let text = format!("{line}\nSubject: One\nContent-Length: {wrong}\n\nText\n\n{line}\nSubject: Two\n\nMore\n");
        assert_eq!(raws(&text).len(), 2, "{wrong}");
    }
}

#[test]
fn what_is_no_mail_is_told_with_its_line_and_the_rest_goes_on() {
    let line = "From ana@example.org Tue Dec  1 14:00:00 2026";
    let text = format!(
        "rubbish\nmore\n\n{line}\nSubject: One\n\nText\n\n{line}\nno header here\n\n{line}\nSubject: Two\n\nMore\n"
    );
    let found = entries(text.as_bytes());
    let kinds: Vec<(u64, bool)> = found.iter().map(|(at, entry)| (*at, matches!(entry, Entry::Mail { .. }))).collect();
    assert_eq!(kinds, [(1, false), (4, true), (9, false), (12, true)]);
    assert_eq!(entries(b""), []);
    assert_eq!(entries(b"\n\r\n\n"), []);
}

/// Hands out a few bytes at a time.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(into.len());
        (&mut self.0).take(count as u64).read(into)
    }
}

#[test]
fn how_much_comes_at_a_time_makes_no_difference() {
    let line = "From ana@example.org Tue Dec  1 14:00:00 2026";
    let text: String = (0..40).map(|n| format!("{line}\nSubject: {n}\n\n{}\n\n", ">From x\n".repeat(n * 30))).collect();
    let whole = entries(text.as_bytes());
    assert_eq!(whole.len(), 40);
    let slowly = |text: &str, at_a_time| {
        let mut mbox = Mbox::new(Slow(text.as_bytes(), at_a_time), Vec::new());
        std::iter::from_fn(|| mbox.read_entry().unwrap()).collect::<Vec<_>>()
    };
    for at_a_time in [1000, 4096, 70_000] {
        assert_eq!(slowly(&text, at_a_time), whole, "{at_a_time}");
    }
    let short: String = text.chars().take(300).collect();
    assert_eq!(slowly(&short, 1), entries(short.as_bytes()));
}

#[test]
fn a_mail_beyond_all_bounds_is_passed_over_without_being_kept() {
    let line = b"From ana@example.org Tue Dec  1 14:00:00 2026\n";
    let input = line.chain(&b"Subject: Large\n\n"[..]).chain(std::io::repeat(b'x').take(MAIL_MAX as u64 + 10));
    let input = input.chain(&b"\n\n"[..]).chain(&line[..]).chain(&b"Subject: Small\n\nText\n"[..]);
    let mut mbox = Mbox::new(input, Vec::new());
    assert_eq!(mbox.read_entry().unwrap(), Some((1, Entry::TooLarge)));
    let next = mbox.read_entry().unwrap();
    assert!(matches!(&next, Some((_, Entry::Mail { raw, .. })) if raw.starts_with(b"Subject: Small")), "{next:?}");
    assert!(mbox.buffer.room() <= CHUNK * 8, "{}", mbox.buffer.room());
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300),
        lines in proptest::collection::vec(0usize..8, 0..40)) {
        let parts: [&[u8]; 8] = [b"From a@b Tue Dec  1 14:00:00 2026\n", b"From x\n", b"\n", b"Subject: x\n", b"\r\n",
            b"Content-Length: 30\n", b">From \n", b"From "];
        let mut text: Vec<u8> = lines.iter().flat_map(|at| parts[*at].to_vec()).collect();
        text.extend(&bytes);
        let found = entries(&text);
        proptest::prop_assert!(found.len() <= text.len());
    }
}

#[test]
fn a_wrong_length_of_each_mail_has_no_byte_moved_more_than_twice() {
    let mail = |n: u32| {
        format!("From ana@example.org Tue Dec  1 14:00:00 2026\nSubject: {n}\nContent-Length: 99000000\n\nText {n}\n\n")
    };
    let text: String = (0..20_000).map(mail).collect();
    let mut mbox = Mbox::new(text.as_bytes(), Vec::new());
    let mut subjects = 0;
    while let Some((_, entry)) = mbox.read_entry().unwrap() {
        let Entry::Mail { raw, .. } = entry else { panic!("{entry:?}") };
        assert!(raw.starts_with(format!("Subject: {subjects}\n").as_bytes()));
        subjects += 1;
    }
    assert_eq!(subjects, 20_000);
    assert!(mbox.buffer.moved <= 2 * text.len(), "{} of {}", mbox.buffer.moved, text.len());
}
