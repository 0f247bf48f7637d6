use super::*;
use crate::model::shared_reply::DiffLine;
use crate::service::compose::tests::store;

const MAIL: &str = "From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\n";

#[test]
fn a_typed_text_is_filled_in_and_its_code_is_left_alone() {
    let values = BTreeMap::from([
        ("customer.first_name".to_owned(), "Carla".to_owned()),
        ("order".to_owned(), "4412".to_owned()),
    ]);
    let text = "Hi {customer.first_name}, order {order}: {company|us} {x} {{y}} {agent.title}";
    assert_eq!(fill_typed(text, &values), "Hi Carla, order 4412: us {x} {{y}} {agent.title}");
}

#[test]
fn what_can_not_be_read_is_named_and_what_is_no_file_is_left_alone() {
    let (_dir, store) = store(MAIL);
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("good.md"), "Hello").unwrap();
    std::fs::write(at("most.md"), vec![b'x'; SIZE_MAX as usize]).unwrap();
    std::fs::write(at("huge.md"), vec![b'x'; SIZE_MAX as usize + 1]).unwrap();
    std::fs::write(at("latin.md"), b"Gr\xfc\xdfe").unwrap();
    std::fs::write(at(".hidden.md"), "x").unwrap();
    std::fs::create_dir(at("folder.md")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", at("endless.md")).unwrap();
    std::os::unix::fs::symlink("good.md", at("link.md")).unwrap();
    std::os::unix::fs::symlink("nowhere", at("dangling.md")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("pipe.md")).status().unwrap().success());
    let shelf = all(&store, dir.path()).unwrap();
    let names: Vec<&str> = shelf.replies.iter().map(|reply| reply.template.name.as_str()).collect();
    assert_eq!(names, ["good", "link", "most"]);
    let trouble = |name: &str, why| Trouble { path: at(name), why };
    assert_eq!(shelf.troubles, [trouble("huge.md", Unreadable::TooLarge), trouble("latin.md", Unreadable::NotUtf8)]);
    assert_eq!((shelf.find("LATIN"), shelf.trouble_of("LATIN")), (None, shelf.troubles.last()));
    assert_eq!(all(&store, &at("nowhere")).unwrap(), Shelf::default());
    let no_folder = all(&store, &at("good.md")).unwrap();
    assert!(matches!(no_folder.troubles.as_slice(), [Trouble { why: Unreadable::System(_), .. }]), "{no_folder:?}");
}

#[test]
fn ones_own_file_goes_before_the_teams_of_the_same_name() {
    let (_dir, store) = store(MAIL);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.md"), "name: Refund\n---\nmine").unwrap();
    std::fs::write(dir.path().join("b.md"), "same").unwrap();
    let texts = [("Refund", "theirs"), ("b", "same"), ("Alone", "name: Another's\n---\nteam")];
    share(&store, texts.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec()).unwrap();
    let shelf = all(&store, dir.path()).unwrap();
    let found: Vec<(&str, &str, Shared)> =
        shelf.replies.iter().map(|r| (r.template.name.as_str(), r.template.body.as_str(), r.shared)).collect();
    assert_eq!(
        found,
        [("Alone", "team", Shared::Same), ("Refund", "mine", Shared::Differs), ("b", "same", Shared::Same)]
    );
    assert_eq!(shelf.find("A").unwrap().template.name, "Refund", "by the name of its file");
    share(&store, vec![("Alone".to_owned(), String::new())]).unwrap();
    assert_eq!(all(&store, dir.path()).unwrap().replies.len(), 2, "an empty text takes it back");
}

#[test]
fn what_nothing_is_known_for_stays_and_is_told() {
    let template =
        Template { subject: "About {order}".into(), body: "{x|y}{cursor}c {missing}".into(), ..Template::default() };
    let filled = fill(&template, &BTreeMap::new());
    assert_eq!((filled.subject.as_str(), filled.text.split_at(filled.cursor)), ("About {order}", ("y", "c {missing}")));
    assert_eq!(filled.unresolved, ["missing", "order"]);
}

/// Another agent on the same store.
fn bob(dir: &tempfile::TempDir, store: &Store) -> Store {
    let ids = crate::model::clock::Ids::counted(500);
    let actor = crate::model::ids::Handle::new("bob").unwrap();
    let author = crate::op::record::Author { actor, ids, ..store.author().clone() };
    let team = store.team().as_ref().clone();
    Store::open(dir.path(), crate::store::StoreOptions { author, team, history_after: 0 }).unwrap()
}

fn shares(store: &Store, name: &str, text: &str) {
    share(store, vec![(name.to_owned(), text.to_owned())]).unwrap();
}

/// The reply of that name as it would be used with no file of one's own, and how it differs from what is known of it.
fn on_shelf(store: &Store, name: &str) -> (SavedReply, Option<Difference>) {
    let shelf = all(store, Path::new("nowhere")).unwrap();
    let reply = shelf.find(name).unwrap().clone();
    let change = reply.change();
    (reply, change)
}

fn uses(store: &Store, name: &str) {
    remember(store, &on_shelf(store, name).0.from_team().unwrap()).unwrap();
}

#[test]
fn a_shared_reply_that_was_changed_since_its_last_use_is_shown_as_a_difference_until_it_is_used() {
    let (dir, store) = store(MAIL);
    let bob = bob(&dir, &store);
    shares(&bob, "Refund", "Hello,\nsee https://good.example/refund\n");
    let (first, change) = on_shelf(&store, "Refund");
    let by = Sharing { who: bob.author().actor.clone(), at: store.author().clock.now() };
    assert_eq!((first.from_team().unwrap().by, change), (by, None), "the first use needs no question");
    uses(&store, "refund");
    assert_eq!(on_shelf(&store, "Refund").1, None);
    shares(&bob, "Refund", "Hello,\nsee https://evil.example/refund\n");
    let change = on_shelf(&store, "Refund").1.unwrap();
    let targets: Vec<&str> = change.links.iter().map(|link| link.target.as_str()).collect();
    assert_eq!(targets, ["https://evil.example/refund"]);
    let expected = [
        DiffLine::Same("Hello,".into()),
        DiffLine::Old("see https://good.example/refund".into()),
        DiffLine::New("see https://evil.example/refund".into()),
    ];
    assert_eq!(change.lines, expected);
    uses(&store, "Refund");
    assert_eq!(on_shelf(&store, "Refund").1, None, "not again");
    shares(&bob, "Refund", "");
    shares(&bob, "Refund", "Another");
    assert!(
        on_shelf(&store, "Refund").1.is_some(),
        "but again when it changes again, though it was withdrawn meanwhile"
    );
}

#[test]
fn line_ends_alone_are_no_change_and_a_name_in_other_capitals_is_no_first_use() {
    let (dir, store) = store(MAIL);
    let bob = bob(&dir, &store);
    shares(&bob, "Refund", "Hello\n");
    uses(&store, "Refund");
    shares(&bob, "Refund", "Hello\r\n");
    assert_eq!(on_shelf(&store, "Refund").1, None);
    shares(&bob, "REFUND", "https://evil.example");
    assert!(on_shelf(&store, "REFUND").1.is_some());
}

#[test]
fn what_was_shared_from_here_and_an_own_file_are_used_without_a_question() {
    let (dir, store) = store(MAIL);
    let bob = bob(&dir, &store);
    shares(&store, "Refund", "mine");
    uses(&store, "Refund");
    shares(&store, "Refund", "mine, mended");
    assert_eq!(on_shelf(&store, "Refund").1, None);
    shares(&bob, "Refund", "theirs");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("refund.md"), "mine").unwrap();
    shares(&bob, "REFUND", "https://evil.example");
    std::fs::write(folder.path().join("Refund.md"), "mine").unwrap();
    let shelf = all(&store, folder.path()).unwrap();
    for name in ["Refund", "refund", "REFUND"] {
        let reply = shelf.find(name).unwrap();
        assert_eq!((reply.text.as_str(), reply.from_team(), reply.change()), ("mine", None, None), "{name}");
    }
}

#[test]
fn a_link_whose_letters_look_like_others_is_told_with_what_it_is() {
    let change = difference("https://apple.example", "https://аррle.example");
    let warning = change.links[0].warning.as_ref().unwrap();
    assert!(warning.as_str().contains("xn--"), "{warning}");
}

#[test]
fn the_date_in_a_saved_reply_is_of_its_language_and_one_set_by_hand_stays() {
    let reply = |language: &str| Template::parse("a", &format!("language: {language}\n---\n{{date}}"));
    let values = |date: &str| BTreeMap::from([("date".to_owned(), date.to_owned())]);
    for (language, written, expected) in [
        ("ar", "2027-01-15", "15 يناير 2027"),
        ("ja", "15 Ocak 2027", "2027年1月15日"),
        ("", "15 Ocak 2027", "15 Ocak 2027"),
        ("ar", "next Monday", "next Monday"),
        ("fr", "2 mai 2027", "2 mai 2027"),
    ] {
        assert_eq!(fill(&reply(language), &values(written)).text, expected, "{language}");
    }
}
