use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;

use super::*;

fn user(text: &str) -> (Keymap, Vec<String>) {
    let (keymap, errors) = Keymap::with_user(Path::new("mine.toml"), text);
    (keymap, errors.iter().map(ToString::to_string).collect())
}

fn press(keymap: &Keymap, context: Context, keys: &str) -> Resolved {
    keymap.resolve(context, &parse_keys(keys).unwrap())
}

#[test]
fn the_built_in_keymap_has_no_mistake_and_no_duplicate() {
    let mut keymap = Keymap::default();
    let errors = keymap.read(Path::new("keymaps/default.toml"), include_str!("../keymaps/default.toml"), false);
    assert_eq!(errors, []);
}

#[test]
fn no_built_in_key_shadows_a_global_one() {
    let keymap = Keymap::builtin();
    for context in [Context::List, Context::Conversation, Context::Customer, Context::Views, Context::Page] {
        for (keys, action) in keymap.bindings(context) {
            for length in 1..=keys.len() {
                let global = keymap.look(Context::Global, &keys[..length]);
                assert_eq!(global, Resolved::Unknown, "{} ({}) in {context:?}", write_keys(&keys), action.name());
            }
        }
    }
}

/// What is asked for by name in the palette, and has no key.
const KEYLESS: [Action; 4] = [Action::Unassign, Action::Status, Action::Unfollow, Action::Seen];

#[test]
fn every_action_is_documented_and_can_be_reached() {
    let keymap = Keymap::builtin();
    let bound: BTreeSet<Action> =
        Context::ALL.into_iter().flat_map(|c| keymap.bindings(c)).filter_map(|(_, bound)| bound.action()).collect();
    let mut names = BTreeSet::new();
    for action in Action::ALL {
        assert!(names.insert(action.name()), "two actions are called {}", action.name());
        assert!(action.sentence().ends_with('.') && action.sentence().len() > 5, "{}", action.name());
        assert!(action.name().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        // The palette reaches whatever has no key of its own.
        assert!(bound.contains(action) || KEYLESS.contains(action), "{} has no key", action.name());
    }
}

#[test]
fn a_sequence_shows_what_can_follow() {
    let keymap = Keymap::builtin();
    let Resolved::Pending(hints) = press(&keymap, Context::List, "s") else { panic!("s is no prefix") };
    let shown: Vec<String> = hints
        .iter()
        .map(|h| format!("{} {}", h.key, h.bound.as_ref().and_then(Bound::action).unwrap().short()))
        .collect();
    assert_eq!(shown, ["c closed", "i in progress", "o open", "w waiting"]);
    assert_eq!(press(&keymap, Context::List, "s c"), Resolved::Matched(Bound::Action(Action::StatusClosed)));
    assert_eq!(press(&keymap, Context::List, "s x"), Resolved::Unknown);
}

#[test]
fn the_users_file_is_read_over_the_built_in_one_key_by_key() {
    let (keymap, errors) = user("[list]\ne = \"noop\"\nx = \"close\"\n\"g g\" = \"top\"\n[global]\ns = \"snooze\"\n");
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(press(&keymap, Context::List, "x"), Resolved::Matched(Bound::Action(Action::Close)));
    assert!(matches!(press(&keymap, Context::List, "g"), Resolved::Pending(_)));
    assert_eq!(press(&keymap, Context::List, "gg"), Resolved::Matched(Bound::Action(Action::Top)));
    assert_eq!(press(&keymap, Context::List, "s"), Resolved::Matched(Bound::Action(Action::Snooze)));
    assert_eq!(press(&keymap, Context::List, "j"), Resolved::Matched(Bound::Action(Action::Down)));
}

#[test]
fn a_mistake_names_file_line_and_the_nearest_word_and_costs_its_row_alone() {
    let (keymap, errors) = user("[list]\nx = \"clsoe\"\n\"<entr>\" = \"open\"\nw = \"tag\"\n\n[lst]\na = \"tag\"\n");
    assert_eq!(
        errors,
        [
            "mine.toml:3: <entr> is no key: did you mean <enter>?",
            "mine.toml:2: \"clsoe\" is no action (did you mean close?)",
            "mine.toml:6: [lst] is no part of a keymap (did you mean \"list\"?)",
        ]
    );
    assert_eq!(press(&keymap, Context::List, "w"), Resolved::Matched(Bound::Action(Action::Tag)));
}

#[test]
fn a_file_that_is_no_toml_is_left_out_with_its_line() {
    let (keymap, errors) = user("[list]\nx = \n");
    assert!(errors[0].starts_with("mine.toml:2: "), "{errors:?}");
    assert_eq!(keymap, Keymap::builtin());
}

#[test]
fn the_notation_survives_writing_and_reading() {
    for text in ["j", "G", "<enter>", "<c-d>", "<lt>", "<space>", "<s-tab>", "<f12>", "<a-x>", "s<c-w>*"] {
        assert_eq!(write_keys(&parse_keys(text).unwrap()), text);
    }
}

#[test]
fn a_key_takes_a_line_with_arguments_and_a_wrong_line_names_its_column() {
    let (keymap, mut errors) =
        user("[list]\nx = \"assign bob\"\ny = \"asign bob\"\nw = \"status clsoed\"\nv = \"close it\"\n");
    assert_eq!(press(&keymap, Context::List, "x"), Resolved::Matched(Bound::Line("assign bob".into())));
    errors.sort();
    assert_eq!(
        errors,
        [
            "mine.toml:3: \"asign\" is no action (did you mean assign?)",
            "mine.toml:4: column 8 of \"status clsoed\": \"clsoed\" is no status: use open, in-progress, waiting or closed (did you mean closed?)",
            "mine.toml:5: column 7 of \"close it\": close takes no \"it\" (write close)",
        ]
    );
    assert!(table_markdown(&keymap).contains("| `x` | `assign bob` | assign bob |"));
}

#[test]
fn the_table_for_the_readme_lists_every_context() {
    let table = table_markdown(&Keymap::builtin());
    for context in Context::ALL {
        assert!(table.contains(&context.title()));
    }
    assert!(table.contains("| `e` | `close` | Close. |"), "{table}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_read_and_what_is_wrong_in_it_is_told(
        lines in prop::collection::vec("(\\[(list|global|\\PC{0,6})\\]|(\"<?[a-zC\\-]{0,6}>?\"|\\PC{0,6}) ?= ?(\"[a-z\\-]{0,9}\"|\\PC{0,8}|\\[.{0,5}\\]|-?[0-9]{1,25}))", 0..8),
        keys in "(<|>|c-|a-|s-|esc|space|F1|é|字|\\PC){0,12}",
    ) {
        let (keymap, errors) = user(&lines.join("\n"));
        for error in errors {
            prop_assert!(error.contains("mine.toml"), "{error}");
        }
        // However it was bent, the built-in way out is there or the binding was taken over knowingly.
        prop_assert!(!keymap.bindings(Context::Global).is_empty());
        if let Ok(keys) = parse_keys(&keys) {
            prop_assert_eq!(parse_keys(&write_keys(&keys)), Ok(keys));
        }
    }
}
