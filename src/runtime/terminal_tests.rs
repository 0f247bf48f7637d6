use super::*;

#[test]
fn a_glyph_is_repeated_by_number_only_where_the_terminal_is_known_by_its_own_name() {
    let far = |_: &str| false;
    for known in ["alacritty", "foot", "xterm-kitty", "vte-256color"] {
        assert_eq!(repeats(known, far), Repeats::All, "{known}");
    }
    for unknown in ["xterm-256color", "screen-256color", "linux", "footer", ""] {
        assert_eq!(repeats(unknown, far), Repeats::Nothing, "{unknown}");
    }
    assert_eq!(repeats("xterm-256color", |name| name == "VTE_VERSION"), Repeats::All);
    // Within screen, it is screen that draws.
    assert_eq!(repeats("screen-256color", |name| name == "VTE_VERSION"), Repeats::Nothing);
    assert_eq!(repeats("tmux-256color", |name| name == "VTE_VERSION"), Repeats::Ascii);
}
