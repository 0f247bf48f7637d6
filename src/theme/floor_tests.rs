use super::*;

#[test]
fn a_terminals_answer_is_read_in_each_of_its_forms() {
    assert_eq!(read_answer("rgb:1e1e/1e1e/2e2e"), Some([0x1e, 0x1e, 0x2e]));
    assert_eq!(read_answer("rgb:ff/00/80"), Some([255, 0, 128]));
    assert_eq!(read_answer("rgb:f/0/8"), Some([255, 0, 136]));
    assert_eq!(read_answer("rgba:0000/2b2b/3636/ffff"), Some([0, 0x2b, 0x36]));
    assert_eq!(read_answer("#fdf6e3"), Some([0xfd, 0xf6, 0xe3]));
    for bad in ["", "rgb:", "rgb:1e1e/1e1e", "rgb:00000/0/0", "rgb:+1/0/0", "#12", "rgb:zz/00/00", "red", "#ééé"] {
        assert_eq!(read_answer(bad), None, "{bad}");
    }
}

#[test]
fn what_is_readable_stays_and_what_is_not_moves_within_its_hue() {
    assert_eq!(readable(Color::Indexed(117), [0, 0, 0]), Color::Indexed(117));
    // A palette's own colours are nobody's to judge.
    assert_eq!(readable(Color::Cyan, [0, 0, 0]), Color::Cyan);
    for (colour, ground) in [(209, [0x50, 0x50, 0x50]), (117, [255; 3]), (25, [0x1e, 0x1e, 0x2e]), (248, [0x60; 3])] {
        let moved = readable(Color::Indexed(colour), ground);
        let (from, to) = (rgb(Color::Indexed(colour)).unwrap(), rgb(moved).unwrap());
        assert!(contrast(to, ground) >= FLOOR, "{colour} on {ground:?} became {moved}");
        assert!(apart(hue(from), hue(to)) <= 40.0, "{colour} on {ground:?} became {moved}");
        assert_eq!(luminance(to) > luminance(from), is_dark(ground), "{colour} on {ground:?} became {moved}");
    }
}

#[test]
fn on_any_ground_something_can_be_read() {
    for grey in 0..=255 {
        for colour in [117, 209, 220, 79, 183, 222, 248, 25, 88, 94, 23, 91, 58, 241] {
            let moved = rgb(readable(Color::Indexed(colour), [grey; 3])).unwrap();
            assert!(contrast(moved, [grey; 3]) >= FLOOR, "{colour} on {grey}");
        }
    }
}
