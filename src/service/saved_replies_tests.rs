use super::*;
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
