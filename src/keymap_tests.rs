use proptest::prelude::*;
use proptest::string::string_regex;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use super::*;
use crate::error::{ErrorKind, UserError};
use crate::model::own::OwnKey;
use crate::model::phrase::Phrase;

/// Read once: the random files are read over a copy of it.
static BUILTIN: LazyLock<Keymap> = LazyLock::new(Keymap::builtin);

fn user(text: &str) -> (Keymap, Vec<String>) {
    let (keymap, errors) = Keymap::with_user(BUILTIN.clone(), Path::new("mine.toml"), text);
    (keymap, errors.iter().map(ToString::to_string).collect())
}

fn press(keymap: &Keymap, context: Context, keys: &str) -> Resolved {
    keymap.resolve(context, &parse_keys(keys).unwrap())
}

#[test]
fn the_built_in_keymaps_have_no_mistake_and_no_key_that_leads_nowhere() {
    for name in Keymap::presets() {
        let (_, errors) = Keymap::preset(name).unwrap();
        assert_eq!(errors, [], "{name}");
    }
    assert_eq!(Keymap::preset("vi"), None);
}

#[test]
fn every_preset_reaches_by_key_whatever_the_built_in_keys_reach() {
    let builtin = Keymap::builtin();
    for name in Keymap::presets() {
        let (preset, _) = Keymap::preset(name).unwrap();
        let mut missing = Vec::new();
        for context in Context::ALL {
            for action in Action::ALL {
                if !builtin.keys_of(context, *action).is_empty() && preset.keys_of(context, *action).is_empty() {
                    missing.push(format!("[{}] {}", context.name(), action.name()));
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn no_preset_names_a_key_that_a_longer_binding_of_the_same_place_hides() {
    for name in Keymap::presets() {
        let (preset, _) = Keymap::preset(name).unwrap();
        for context in [Context::List, Context::Conversation, Context::Page] {
            for (keys, bound) in preset.bindings(context) {
                assert_eq!(preset.resolve(context, &keys), Resolved::Matched(bound), "{name} {context:?}");
            }
        }
    }
}

#[test]
fn no_built_in_key_shadows_a_global_one() {
    let keymap = Keymap::builtin();
    for context in [Context::List, Context::Conversation, Context::Customer, Context::Views, Context::Page] {
        for (keys, action) in keymap.bindings(context) {
            for length in 1..=keys.len() {
                let global = keymap.look(Context::Global, &keys[..length]);
                // Both may go on from a prefix.
                let is_free = match global {
                    Resolved::Unknown => true,
                    Resolved::Pending(_) => length < keys.len(),
                    Resolved::Matched(_) => false,
                };
                assert!(is_free, "{} ({}) in {context:?}", write_keys(&keys), action.name());
            }
        }
    }
}

/// What is asked for by name in the palette, and has no key.
const KEYLESS: [Action; 5] = [Action::Unassign, Action::Status, Action::Unfollow, Action::Seen, Action::Theme];

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
    assert_eq!(shown, ["c closed", "i in progress", "o open", "s seen", "u unread", "w waiting"]);
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
            "mine.toml:2: \"clsoe\" is no action (did you mean close?)",
            "mine.toml:3: <entr> is no key: did you mean <enter>?",
            "mine.toml:6: [lst] is no part of a keymap (did you mean \"list\"?)",
        ]
    );
    assert_eq!(press(&keymap, Context::List, "w"), Resolved::Matched(Bound::Action(Action::Tag)));
}

#[test]
fn a_row_that_is_no_toml_is_told_with_its_line_and_the_others_count() {
    let (keymap, errors) = user("[list]\nx = \ny = \"close\"\n");
    assert!(errors[0].starts_with("mine.toml:2: ") && errors[0].contains("the rest of the file counts"), "{errors:?}");
    assert_eq!(press(&keymap, Context::List, "y"), Resolved::Matched(Bound::Action(Action::Close)));
}

#[test]
fn a_key_that_is_bound_twice_or_can_not_be_reached_is_told_with_both_lines_and_the_first_counts() {
    let text = "[list]\nx = \"close\"\n\"<C-K>\" = \"tag\"\n\"<c-k>\" = \"note\"\nxx = \"note\"\n\"Q q\" = \"note\"\nQ = \"tag\"\n";
    let (keymap, errors) = user(text);
    assert_eq!(
        errors,
        [
            "mine.toml:4: <c-k> is bound to tag already (mine.toml:3) (the first of them counts; take another key for one of them)",
            "mine.toml:5: xx can't be reached: x is bound by itself (mine.toml:2) (the first of them counts; take another key for one of them)",
            "mine.toml:7: Q begins Qq, which is bound too (mine.toml:6) (the first of them counts; take another key for one of them)",
        ]
    );
    assert_eq!(press(&keymap, Context::List, "x"), Resolved::Matched(Bound::Action(Action::Close)));
    assert_eq!(press(&keymap, Context::List, "Qq"), Resolved::Matched(Bound::Action(Action::Note)));
    let (_, errors) = user("[list]\nx = \"close\"\nx = \"tag\"\ny = \"tag\"\n");
    assert!(errors.len() == 1 && errors[0].starts_with("mine.toml:3: "), "{errors:?}");
}

#[test]
fn a_global_key_that_list_and_conversation_hide_is_told_and_so_is_a_letter_where_text_is_typed() {
    let (_, errors) =
        user("[global]\nj = \"close\"\nx = \"tag\"\n[input]\nq = \"cancel\"\n[compose]\n\"<c-c>q\" = \"review\"\n");
    assert_eq!(
        errors,
        [
            "mine.toml:5: q can't be bound in [input]: it is typed there (take a key with Control or Alt, or one that has a name)",
            "mine.toml:2: j never gets to close: the list and the conversation have that key for something else (bind j in [list] or [conversation])",
        ]
    );
}

fn own(context: &str, keys: &str, line: &str, at: &str) -> OwnKey {
    let [context, keys, line] = [context, keys, line].map(str::to_owned);
    OwnKey { context, keys, line, at: Phrase::said(at) }
}

#[test]
fn keys_of_the_config_are_read_over_the_preset_that_it_names() {
    let rows = [
        own("list", "gs", "snooze 2d", "config.toml:3"),
        own("list", "A", "assign bob", "config.toml:4"),
        own("global", "F1", "view waiting", "config.toml:5"),
        own("list", "V", "tag +vip", "config.toml:6"),
        own("list", "W", "asign bob", "config.toml:7"),
        own("lst", "W", "close", "config.toml:9"),
    ];
    let (keymap, errors) = Keymap::load("mutt", Path::new("nowhere"), &rows, |_| Ok(()));
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "config.toml:7: \"asign\" is no action (did you mean assign?)",
            "config.toml:9: [lst] is no part of a keymap (did you mean \"list\"?)",
        ]
    );
    for (keys, line) in [("gs", "snooze 2d"), ("A", "assign bob"), ("<f1>", "view waiting"), ("V", "tag +vip")] {
        assert_eq!(press(&keymap, Context::List, keys), Resolved::Matched(Bound::Line(line.into())), "{keys}");
    }
    assert_eq!(press(&keymap, Context::List, "d"), Resolved::Matched(Bound::Action(Action::Close)));
}

#[test]
fn a_keymap_that_is_nowhere_is_told_with_the_nearest_and_the_built_in_keys_work() {
    let (keymap, errors) = Keymap::load("mut", Path::new("nowhere"), &[], |_| Ok(()));
    assert_eq!(errors[0].to_string(), "there is no keymap \"mut\" (did you mean \"mutt\"?)");
    assert_eq!(keymap, Keymap::builtin());
}

#[test]
fn a_file_that_somebody_else_can_change_is_told_and_not_read() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mutt.toml"), "[list]\nX = \"| sh\"\n").unwrap();
    let refuse = |path: &Path| {
        Err(UserError::new(ErrorKind::Config, phrase!("config-others-write", path = path.display().to_string())))
    };
    let (keymap, errors) = Keymap::load("mutt", dir.path(), &[], refuse);
    assert_eq!(keymap, Keymap::preset("mutt").unwrap().0);
    assert!(errors.len() == 1 && errors[0].message().contains("mutt.toml"), "{errors:?}");
}

#[test]
fn a_file_of_ones_own_begins_with_the_preset_that_it_inherits() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mine.toml"), "inherits = \"mutt\"\n[list]\nX = \"close\"\n").unwrap();
    let (keymap, errors) = Keymap::load("mine", dir.path(), &[], |_| Ok(()));
    assert_eq!(errors, []);
    assert_eq!(press(&keymap, Context::List, "X"), Resolved::Matched(Bound::Action(Action::Close)));
    assert_eq!(press(&keymap, Context::List, "d"), Resolved::Matched(Bound::Action(Action::Close)));
    let (_, errors) = user("inherits = \"emcs\"\n");
    assert_eq!(errors, ["mine.toml:1: there is no keymap \"emcs\" (did you mean \"emacs\"?)"]);
}

#[test]
fn a_function_key_is_written_with_or_without_brackets_and_the_letter_with_a_blank() {
    assert_eq!(parse_keys("F1"), parse_keys("<f1>"));
    assert_eq!(parse_keys("F12"), parse_keys("<f12>"));
    assert_eq!(parse_keys("F 1").unwrap(), [Key::char('F'), Key::char('1')]);
    assert_eq!(parse_keys("F13").unwrap().len(), 3);
    assert_eq!(write_keys(&parse_keys("F 1").unwrap()), "F 1");
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
    // A pattern that stands here by itself is compiled again for each text: the tables of \PC are large.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_read_and_what_is_wrong_in_it_is_told(
        lines in prop::collection::vec(string_regex("(\\[(list|global|\\PC{0,6})\\]|(\"<?[a-zC\\-]{0,6}>?\"|\\PC{0,6}) ?= ?(\"[a-z\\-]{0,9}\"|\\PC{0,8}|\\[.{0,5}\\]|-?[0-9]{1,25}))").unwrap(), 0..8),
        keys in string_regex("(<|>|c-|a-|s-|esc|space|F1|é|字|\\PC){0,12}").unwrap(),
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

#[test]
fn a_label_is_the_first_of_the_keys_also_where_some_were_bound_anew() {
    let mut keymap = Keymap::builtin();
    let is_first = |keymap: &Keymap| {
        for context in Context::ALL {
            for action in Action::ALL {
                let first = keymap.keys_of(context, *action).first().map(|keys| write_keys(keys)).unwrap_or_default();
                assert_eq!(keymap.label(context, *action), first, "{context:?} {action:?}");
            }
        }
    };
    is_first(&keymap);
    let known = keymap.clone();
    let keys = parse_keys("Q").unwrap();
    keymap.bind(Context::List, &keys, Bound::Action(Action::Close));
    assert_ne!(keymap, known);
    keymap.unbind(Context::List, &parse_keys("e").unwrap());
    assert_eq!(keymap.label(Context::List, Action::Close), "Q");
    is_first(&keymap);
}
