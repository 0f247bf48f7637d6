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
    for name in ["dark", "light", "mono"] {
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
    assert_eq!(theme.style(Role::Error).fg, Some(Color::LightRed));
}

#[test]
fn the_users_file_of_a_built_in_name_may_inherit_the_built_in_one() {
    let (theme, errors) = read("dark", &[("dark", "inherits = \"dark\"\n[roles]\ntag = { fg = \"red\" }\n")]);
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(theme.style(Role::Tag).fg, Some(Color::Red));
    assert_eq!(theme.style(Role::Mine).fg, Some(Color::Green));
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
    assert_eq!(theme.style(Role::Error).fg, Some(Color::LightRed));
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
