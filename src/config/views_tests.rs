use super::*;

#[test]
fn screens_that_keep_views_at_once_lose_none_and_name_none_twice() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(VIEWS_FILE);
    std::fs::write(&file, "[view.hand]\nquery = \"is:any\"").unwrap();
    let keep = |name: &str| keep_view(&file, &OwnView::new(name, "lamp"));
    std::thread::scope(|scope| {
        for n in 0..8 {
            scope.spawn(move || {
                keep(&format!("own-{n}")).unwrap();
                // One of them may.
                let _ = keep("same");
            });
        }
    });
    for taken in ["same", "Hand"] {
        let error = keep(taken).unwrap_err();
        assert!(error.is("view-name-taken"), "{error:?}");
    }
    let (views, wrong) = saved(&file, &[]);
    assert_eq!(wrong, []);
    let mut names: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["hand", "own-0", "own-1", "own-2", "own-3", "own-4", "own-5", "own-6", "own-7", "same"]);
}
