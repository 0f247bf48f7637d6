use proptest::prelude::*;
use std::path::PathBuf;

use ratatui::style::{Color, Modifier};

use super::*;

fn read(name: &str, files: &[(&str, &str)]) -> (Theme, Vec<String>) {
    let find = |wanted: &str| {
        let found = files.iter().find(|(known, _)| *known == wanted);
        found.map(|(known, text)| (PathBuf::from(format!("{known}.toml")), (*text).to_owned()))
    };
    let (theme, errors) = Theme::read(name, &find);
    (theme, errors.iter().map(ToString::to_string).collect())
}

#[test]
fn the_built_in_themes_have_no_mistakes() {
    for name in ["dark", "light", "16-colour", "mono"] {
        assert_eq!(read(name, &[]).1, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_theme_without_colour_has_none() {
    let mono = Theme::builtin("mono").unwrap();
    for role in Role::ALL {
        let style = mono.style(*role);
        assert_eq!((style.fg, style.bg), (None, None), "{}", role.name());
    }
}

/// Backgrounds of common palettes: black, Campbell, GNOME, Alacritty, Tokyo Night, Catppuccin, VS Code, Breeze, Gruvbox, Dracula, One Dark,
/// Solarized, Nord.
const DARK: [u32; 13] = [
    0x000000, 0x0c0c0c, 0x171421, 0x181818, 0x1a1b26, 0x1e1e2e, 0x1e1e1e, 0x232627, 0x282828, 0x282a36, 0x282c34,
    0x002b36, 0x2e3440,
];
/// The same of light ones: white, One Light, Solarized, Latte, Gruvbox.
const LIGHT: [u32; 5] = [0xffffff, 0xfafafa, 0xfdf6e3, 0xeff1f5, 0xfbf1c7];

/// Returns red, green and blue of a number of the cube or of the greys: what no palette of a terminal changes.
fn rgb(index: u8) -> [u8; 3] {
    let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match index {
        232.. => [8 + 10 * (index - 232); 3],
        16.. => [step((index - 16) / 36), step((index - 16) / 6 % 6), step((index - 16) % 6)],
        _ => panic!("{index} is of the terminal's own palette"),
    }
}

/// The relative luminance of WCAG 2.
fn luminance([r, g, b]: [u8; 3]) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

#[test]
fn what_is_read_has_a_contrast_of_four_and_a_half_on_every_common_background() {
    for (name, backgrounds) in [("dark", &DARK[..]), ("light", &LIGHT)] {
        let theme = Theme::builtin(name).unwrap();
        for role in Role::ALL.iter().filter(|role| **role != Role::Border) {
            let Some(colour) = theme.style(*role).fg else { continue };
            let Color::Indexed(index) = colour else { panic!("{name} {}: {colour}", role.name()) };
            for ground in backgrounds {
                let [_, r, g, b] = ground.to_be_bytes();
                let (one, other) = (luminance(rgb(index)), luminance([r, g, b]));
                let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                assert!(contrast >= 4.5, "{name} {} on {ground:06x}: {contrast:.1}", role.name());
            }
        }
    }
}

#[test]
fn in_sixteen_colours_only_those_are_used_that_every_palette_keeps_readable() {
    let theme = Theme::builtin("16-colour").unwrap();
    for role in Role::ALL {
        let colour = theme.style(*role).fg;
        assert!(
            matches!(colour, None | Some(Color::Green | Color::Yellow | Color::Cyan)),
            "{}: {colour:?}",
            role.name()
        );
    }
}

#[test]
fn no_color_wins_over_the_configured_theme() {
    let (theme, _) = Theme::load("dark", std::path::Path::new("nowhere"), true);
    assert_eq!(theme.style(Role::Error).fg, None);
}

#[test]
fn a_role_that_a_theme_leaves_out_looks_like_its_fallback() {
    let (theme, errors) = read("mine", &[("mine", "[roles]\nwarning = { fg = \"red\" }\n")]);
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(theme.style(Role::Offline).fg, Some(Color::Red));
}

#[test]
fn every_chain_of_fallbacks_ends() {
    for role in Role::ALL {
        let mut at = Some(*role);
        for _ in 0..10 {
            at = at.and_then(Role::fallback);
        }
        assert_eq!(at, None, "{}", role.name());
    }
}

#[test]
fn a_theme_names_only_what_differs_from_the_one_it_inherits() {
    let (theme, errors) = read("mine", &[("mine", "inherits = \"dark\"\n[roles]\ntag = { bold = true }\n")]);
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(theme.style(Role::Tag).add_modifier, Modifier::BOLD);
    assert_eq!(theme.style(Role::Error).fg, Some(Color::Indexed(209)));
}

#[test]
fn the_users_file_of_a_built_in_name_may_inherit_the_built_in_one() {
    let (theme, errors) = read("dark", &[("dark", "inherits = \"dark\"\n[roles]\ntag = { fg = \"red\" }\n")]);
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(theme.style(Role::Tag).fg, Some(Color::Red));
    assert_eq!(theme.style(Role::Mine).fg, Some(Color::Indexed(79)));
}

#[test]
fn mistakes_are_told_with_their_place_and_the_theme_is_used_without_them() {
    let text = "[roles]\ntga = { bold = true }\nerror = { fg = \"blurple\" }\nnote = { fg = \"blue\" }\n";
    let (theme, errors) = read("mine", &[("mine", text)]);
    assert_eq!(errors.len(), 2);
    assert!(
        errors.iter().any(|e| e.starts_with("mine.toml:2: \"tga\" is no role (did you mean \"tag\"?)")),
        "{errors:?}"
    );
    assert!(errors.iter().any(|e| e.starts_with("mine.toml:3: \"blurple\" is no colour")), "{errors:?}");
    assert_eq!(theme.style(Role::Note).fg, Some(Color::Blue));
}

#[test]
fn themes_that_inherit_each_other_are_told_and_end() {
    let (_, errors) = read("a", &[("a", "inherits = \"b\"\n"), ("b", "inherits = \"a\"\n")]);
    assert_eq!(errors.len(), 1, "{errors:?}");
}

#[test]
fn a_theme_that_is_missing_gives_way_to_a_built_in_one() {
    let (theme, errors) = read("drak", &[]);
    assert_eq!(errors, ["there is no theme \"drak\" (dark is used)"]);
    assert_eq!(theme.style(Role::Error).fg, Some(Color::Indexed(209)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_read_and_what_is_wrong_in_it_is_told(
        lines in prop::collection::vec("\\[roles\\]|(inherits|parent|base|tag|error|[a-z\\-]{1,10}|\\PC{0,6}) ?= ?(\"(mine|other|#[0-9a-z]{0,7}|[a-z\\-]{0,9})\"|\\{ ?(fg|bg) ?= ?\"\\PC{0,8}\" ?\\}|\\PC{0,8})", 0..8),
        other in "(inherits|parent|base) = \"(mine|other|dark)\"",
    ) {
        let (_, errors) = read("mine", &[("mine", &lines.join("\n")), ("other", &other)]);
        for error in errors {
            prop_assert!(error.contains(".toml") || error.starts_with("there is no theme"), "{error}");
        }
    }
}

#[test]
fn a_theme_that_inherits_itself_is_told_so_and_stands_on_dark() {
    let (theme, errors) = read("mine", &[("mine", "inherits = \"other\""), ("other", "inherits = \"mine\"")]);
    assert_eq!(errors, ["mine.toml: the theme inherits itself (take `inherits` out; dark is used beneath it)"]);
    assert_eq!(theme.style(Role::ALL[0]), Theme::builtin("dark").unwrap().style(Role::ALL[0]));
}
