use proptest::prelude::*;
use proptest::string::string_regex;
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
    for name in Theme::builtin_names() {
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

fn ground(rgb: u32) -> floor::Rgb {
    let [_, r, g, b] = rgb.to_be_bytes();
    [r, g, b]
}

/// Returns the least contrast of what is read in a theme to a background, with the role.
fn least(theme: &Theme, ground: floor::Rgb) -> (f64, &'static str) {
    let read = Role::ALL.iter().filter(|role| **role != Role::Border);
    let contrasts = read.filter_map(|role| {
        let style = theme.style(*role);
        let own = floor::rgb(style.fg?).unwrap_or_else(|| panic!("{} is of the palette", role.name()));
        let on = style.bg.and_then(floor::rgb).or(theme.ground().and_then(|text| floor::rgb(text.bg?)));
        Some((floor::contrast(own, on.unwrap_or(ground)), role.name()))
    });
    contrasts.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
}

#[test]
fn what_is_read_has_a_contrast_of_four_and_a_half_on_every_common_background() {
    for (name, backgrounds) in [("dark", &DARK[..]), ("light", &LIGHT)] {
        let theme = Theme::builtin(name).unwrap();
        for on in backgrounds {
            let (contrast, role) = least(&theme, ground(*on));
            assert!(contrast >= 4.5, "{name} {role} on {on:06x}: {contrast:.1}");
        }
    }
}

#[test]
fn whatever_the_terminal_says_its_background_is_what_is_read_has_that_contrast() {
    let odd = [0x7f7f7f, 0x808080, 0x405060, 0xff00ff, 0x00ff00, 0xc0a080, 0x3b4252, 0xd8dee9];
    for on in DARK.iter().chain(&LIGHT).chain(&odd) {
        let mut themes = Themes::default();
        themes.set_ground(ground(*on));
        for name in ["auto", "dark", "light"] {
            let (theme, wrong) = themes.load(name);
            let (contrast, role) = least(&theme, ground(*on));
            assert!(contrast >= 4.5 && wrong.is_empty(), "{name} {role} on {on:06x}: {contrast:.1}");
        }
    }
}

#[test]
fn the_terminals_background_chooses_between_dark_and_light_and_without_one_16_colours_hold() {
    let chosen = |on: Option<u32>| {
        let mut themes = Themes::default();
        assert!(themes.wants_ground(AUTO) && !themes.wants_ground("dark"));
        if let Some(on) = on {
            themes.set_ground(ground(on));
            assert!(!themes.wants_ground(AUTO));
        }
        themes.load(AUTO).0.name
    };
    for on in DARK {
        assert_eq!(chosen(Some(on)), "dark", "{on:06x}");
    }
    for on in LIGHT {
        assert_eq!(chosen(Some(on)), "light", "{on:06x}");
    }
    assert_eq!(chosen(None), "16-colour");
}

#[test]
fn high_contrast_is_seven_to_one_on_the_background_that_it_paints_itself() {
    for name in ["high-contrast", "high-contrast-light"] {
        let theme = Theme::builtin(name).unwrap();
        assert!(theme.ground().is_some(), "{name}");
        // What the terminal says is nothing to it.
        for on in [0x000000, 0xffffff, 0x777777] {
            let (contrast, role) = least(&theme.clone().readable_on(ground(on)), ground(on));
            assert!(contrast >= 7.0, "{name} {role}: {contrast:.1}");
        }
    }
}

#[test]
fn in_every_theme_reverse_is_the_cursor_or_a_hit_and_red_is_what_failed() {
    for name in Theme::builtin_names() {
        let theme = Theme::builtin(name).unwrap();
        let alarm = theme.style(Role::Error);
        for role in Role::ALL {
            let style = theme.style(*role);
            let reverse = style.add_modifier.contains(Modifier::REVERSED);
            assert_eq!(
                reverse,
                matches!(role, Role::Cursor | Role::Choice | Role::Found | Role::FoundHere),
                "{name} {}",
                role.name()
            );
            let failed = matches!(role, Role::Error | Role::Offline | Role::Late);
            assert!(alarm.fg.is_none() || failed == (style.fg == alarm.fg), "{name} {}", role.name());
        }
    }
}

#[test]
fn without_colour_what_failed_warns_and_merely_is_still_looks_different() {
    for name in ["mono", "16-colour"] {
        let theme = Theme::builtin(name).unwrap();
        let looks = [Role::Text, Role::Warning, Role::Error].map(|role| theme.style(role));
        assert!(looks[0] != looks[1] && looks[1] != looks[2] && looks[0] != looks[2], "{name}");
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
    let mut themes = Themes::new("nowhere".into(), true);
    themes.set_ground([0; 3]);
    for name in ["dark", AUTO, "high-contrast"] {
        assert!(!themes.wants_ground(name));
        assert_eq!(themes.load(name).0, Theme::builtin("mono").unwrap());
    }
}

#[test]
fn every_theme_has_its_name_the_users_own_last() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mine.toml"), "inherits = \"light\"\n").unwrap();
    std::fs::write(dir.path().join("dark.toml"), "inherits = \"dark\"\n").unwrap();
    std::fs::write(dir.path().join("notes.txt"), "").unwrap();
    let themes = Themes::new(dir.path().to_owned(), false);
    let names = ["auto", "dark", "light", "high-contrast", "high-contrast-light", "16-colour", "mono", "mine"];
    assert_eq!(themes.names(), names);
    for name in names {
        assert_eq!(themes.load(name).1, [], "{name}");
    }
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
        lines in prop::collection::vec(string_regex("\\[roles\\]|(inherits|parent|base|tag|error|[a-z\\-]{1,10}|\\PC{0,6}) ?= ?(\"(mine|other|#[0-9a-z]{0,7}|[a-z\\-]{0,9})\"|\\{ ?(fg|bg) ?= ?\"\\PC{0,8}\" ?\\}|\\PC{0,8})").unwrap(), 0..8),
        other in string_regex("(inherits|parent|base) = \"(mine|other|dark)\"").unwrap(),
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
