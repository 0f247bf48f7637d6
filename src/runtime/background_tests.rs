use super::*;

#[test]
fn inside_tmux_the_question_is_passed_through_too() {
    let ground = Wanted { ground: true, ..Wanted::default() };
    assert_eq!(question(ground, false), "\x1b]11;?\x1b\\");
    assert_eq!(question(ground, true), "\x1b]11;?\x1b\\\x1bPtmux;\x1b\x1b]11;?\x1b\x1b\\\x1b\\");
    let both = Wanted { ground: true, name: true, signs: false };
    assert_eq!(question(both, false), "\x1b]11;?\x1b\\\x1b[>q");
    assert!(question(both, true).ends_with("\x1b[>q\x1bPtmux;\x1b\x1b[>q\x1b\\"));
}
