use super::*;

#[test]
fn a_glyph_is_repeated_by_number_only_where_the_terminal_is_known_by_its_own_name() {
    let far = |_: &str| false;
    for known in ["alacritty", "foot", "tmux-256color", "xterm-kitty", "vte-256color"] {
        assert!(repeats(known, far), "{known}");
    }
    for unknown in ["xterm-256color", "screen-256color", "linux", "footer", ""] {
        assert!(!repeats(unknown, far), "{unknown}");
    }
    assert!(repeats("xterm-256color", |name| name == "VTE_VERSION"));
    // Within screen, it is screen that draws.
    assert!(!repeats("screen-256color", |name| name == "VTE_VERSION"));
}
