use super::*;

#[test]
fn paths_and_tricks_are_cleaned() {
    assert_eq!(clean("../../etc/passwd").as_deref(), Some("passwd"));
    assert_eq!(clean("C:\\Windows\\evil.exe").as_deref(), Some("evil.exe"));
    assert_eq!(clean("invoice\u{202e}fdp.exe").as_deref(), Some("invoicefdp.exe"));
    assert_eq!(clean("a\0b\u{1b}[31mc.txt").as_deref(), Some("abc.txt"));
    assert_eq!(clean(".bashrc").as_deref(), Some("bashrc"));
    assert_eq!(clean("report.pdf. . ").as_deref(), Some("report.pdf"));
    for nothing in ["", "..", ".", " ", "///", "\u{202e}"] {
        assert_eq!(clean(nothing), None, "{nothing:?}");
    }
}

#[test]
fn a_long_name_keeps_its_extension_within_255_bytes() {
    let name = clean(&format!("{}.pdf", "é".repeat(400))).expect("a name");
    assert!(name.len() <= 255 && name.ends_with(".pdf"), "{}", name.len());
}

#[test]
fn a_missing_name_is_made_from_the_media_type() {
    assert_eq!(made_up("image/png", 2), "attachment-2.png");
    assert_eq!(made_up("x/y", 1), "attachment-1.bin");
}
