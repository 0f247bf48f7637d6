use proptest::prelude::*;

use super::*;
use crate::mime::work::steps_of;

/// One attribute, with its checksum.
pub(in crate::mime) fn attribute(level: u8, id: u16, data: &[u8]) -> Vec<u8> {
    let mut out = vec![level];
    out.extend_from_slice(&u32::from(id).to_le_bytes());
    out.extend_from_slice(&(data.len() as u32).to_le_bytes());
    out.extend_from_slice(data);
    let sum = data.iter().fold(0u16, |sum, b| sum.wrapping_add(u16::from(*b)));
    out.extend_from_slice(&sum.to_le_bytes());
    out
}

/// A list of properties with values of variable length.
pub(in crate::mime) fn properties_of(list: &[(u16, u16, &[u8])]) -> Vec<u8> {
    let mut out = (list.len() as u32).to_le_bytes().to_vec();
    for (kind, id, data) in list {
        out.extend_from_slice(&kind.to_le_bytes());
        out.extend_from_slice(&id.to_le_bytes());
        out.extend_from_slice(&1u32.to_le_bytes());
        out.extend_from_slice(&(data.len() as u32).to_le_bytes());
        out.extend_from_slice(data);
        out.resize(out.len().div_ceil(4) * 4, 0);
    }
    out
}

/// A whole TNEF.
pub(in crate::mime) fn tnef(attributes: &[Vec<u8>]) -> Vec<u8> {
    // Values are filled up by their own length, which the head of a list, four bytes long, does not shift.
    [SIGNATURE, &[1, 0], &attributes.concat()].concat()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

/// A mail with a text, two files and a mail in it.
pub(in crate::mime) fn sample() -> Vec<u8> {
    let inner = tnef(&[attribute(1, 0x8004, b"Inner\0"), attribute(1, 0x800c, b"inner text\0")]);
    tnef(&[
        attribute(1, 0x9007, &1251u32.to_le_bytes()),
        attribute(1, 0x8004, b"Outer\0"),
        attribute(1, 0x9003, &properties_of(&[(0x001e, 0x1000, b"\xcf\xf0\xe8\xe2\xe5\xf2\0")])),
        attribute(2, 0x9002, &[0; 14]),
        attribute(2, 0x8010, b"SHORT~1.PDF\0"),
        attribute(2, 0x800f, b"%PDF\r\n\r"),
        attribute(2, 0x9005, &properties_of(&[(0x001f, 0x3707, &wide("Rechnung Größe.pdf"))])),
        attribute(2, 0x9002, &[0; 14]),
        attribute(2, 0x8010, b"a.txt\0"),
        attribute(2, 0x800f, b"a"),
        attribute(2, 0x9002, &[0; 14]),
        attribute(2, 0x9005, &properties_of(&[(0x000d, 0x3701, &[&[0; 16][..], &inner].concat())])),
    ])
}

#[test]
fn text_files_and_mails_are_read() {
    let bytes = sample();
    let read = read(&bytes, &mut 1000).unwrap();
    assert!(read.whole);
    assert_eq!((read.subject.as_str(), read.plain.as_deref()), ("Outer", Some("Привет")));
    let files: Vec<(&str, usize, bool)> =
        read.files.iter().map(|file| (file.name.as_str(), file.bytes.len(), file.is_mail)).collect();
    assert_eq!(files[..2], [("Rechnung Größe.pdf", 7, false), ("a.txt", 1, false)]);
    assert_eq!((files[2].0, files[2].2), ("Inner", true));
    assert_eq!((read.files[0].media(), read.files[1].media()), ("application/pdf".to_owned(), "text/plain".to_owned()));
}

#[test]
fn one_cut_off_anywhere_is_read_as_far_as_it_goes() {
    let bytes = sample();
    let whole = read(&bytes, &mut 1000).unwrap().files.len();
    for length in 0..bytes.len() {
        if let Some(read) = read(&bytes[..length], &mut 1000) {
            assert!(read.files.len() <= whole);
            assert!(read.plain.is_none_or(|text| "Привет".starts_with(&text)), "{length}");
        }
    }
}

#[test]
fn files_that_begin_with_their_bytes_are_told_apart() {
    let bytes = tnef(&[
        attribute(2, 0x800f, b"one"),
        attribute(2, 0x8010, b"one.txt\0"),
        attribute(2, 0x800f, b"two"),
        attribute(2, 0x8010, b"two.txt\0"),
    ]);
    let read = read(&bytes, &mut 0).unwrap();
    let files: Vec<(&str, &[u8])> = read.files.iter().map(|file| (file.name.as_str(), file.bytes)).collect();
    assert_eq!(files, [("one.txt", &b"one"[..]), ("two.txt", b"two")]);
}

#[test]
fn mails_in_one_another_are_read_however_deep() {
    // Each level takes 47 bytes, so that a mail of a megabyte holds 20,000; lengths that are too long stand for the rest.
    let lie = 0x7fff_ffffu32.to_le_bytes();
    let property = [&1u32.to_le_bytes()[..], &[0x0d, 0, 0x01, 0x37], &1u32.to_le_bytes(), &lie, &[0; 16]].concat();
    let level = [SIGNATURE, &[1, 0, 2, 0x05, 0x90, 0, 0], &lie, &property].concat();
    let read = read(&level.repeat(100_000), &mut 0).is_some_and(|tnef| tnef.files.len() == 1 && tnef.files[0].is_mail);
    assert!(read);
}

#[test]
fn counts_that_lie_cost_nothing() {
    let many =
        properties_of(&[]).iter().map(|_| 0xff).chain([0x02, 0x10, 1, 0, 0xff, 0xff, 0xff, 0xff]).collect::<Vec<u8>>();
    let bytes = tnef(&[attribute(1, 0x9003, &many), attribute(2, 0x9005, &many)]);
    assert!(read(&bytes, &mut 1000).unwrap().whole);
    assert!(read(b"x\x9f>\x22\0\0", &mut 1000).unwrap().whole);
    assert!(read(b"nothing", &mut 1000).is_none());
}

#[test]
fn no_byte_is_read_more_than_once_for_what_stands_at_its_place() {
    let lie = 0x7fff_ffffu32.to_le_bytes();
    let empty: Vec<(u16, u16, &[u8])> = vec![(0x001f, 0x3707, b""); 20_000];
    let inner = tnef(&vec![attribute(1, 0x8004, b"x\0"); 20_000]);
    let mail = properties_of(&[(0x000d, 0x3701, &[&[0; 16][..], &inner].concat())]);
    for hostile in [
        tnef(&vec![attribute(1, 0x0001, b""); 100_000]),
        tnef(&vec![attribute(2, 0x9002, b""); 100_000]),
        tnef(&vec![attribute(1, 0x9003, &properties_of(&empty)); 10]),
        tnef(&vec![attribute(2, 0x9005, &[&lie[..], &[0x1e, 0x10, 1, 0], &lie, &[0; 400_000]].concat()); 10]),
        tnef(&vec![[attribute(2, 0x9002, b""), attribute(2, 0x9005, &mail)].concat(); 10]),
    ] {
        let mut files = 0;
        let steps = steps_of(|| files = read(&hostile, &mut 1000).map_or(0, |tnef| tnef.files.len()));
        assert!(files <= FILES_MAX);
        assert!(steps > 1_000 && steps <= hostile.len(), "{steps} values of {} bytes", hostile.len());
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail(noise in proptest::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>(), byte: u8) {
        let _ = read(&[SIGNATURE, &noise].concat(), &mut 1000);
        let _ = read(&tnef(&[attribute(1, 0x9003, &noise), attribute(2, 0x9005, &noise)]), &mut 1000);
        let mut bytes = sample();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        let _ = read(&bytes, &mut 1000);
    }
}
