use super::*;

fn mid(id: &str) -> MessageId {
    MessageId::new(&format!("{id}@x")).unwrap()
}

fn keys(all: &str) -> Vec<String> {
    all.split_whitespace().map(str::to_owned).collect()
}

/// What somebody outside wrote, as an answer to `parent` where there is one.
fn theirs(id: &str, parent: &str, author: &str, to: &str) -> Part {
    Part {
        id: mid(id),
        parent: (!parent.is_empty()).then(|| mid(parent)),
        is_ours: false,
        is_human: true,
        refers: !parent.is_empty(),
        author: author.into(),
        from: keys(author),
        to: keys(to),
    }
}

fn ours(id: &str, parent: &str, to: &str) -> Part {
    Part { is_ours: true, author: String::new(), from: Vec::new(), ..theirs(id, parent, "", to) }
}

fn of<'a>(parts: &'a [Part], told: fn(&[Part]) -> Vec<bool>) -> Vec<String> {
    let told = told(parts);
    assert_eq!(told.len(), parts.len());
    let id = |part: &'a Part| part.id.as_str().trim_end_matches("@x").to_owned();
    parts.iter().zip(told).filter(|(_, told)| *told).map(|(part, _)| id(part)).collect()
}

#[test]
fn whoever_joins_by_a_reference_and_was_named_by_nobody_is_new() {
    let parts = [
        theirs("1", "", "ann", "carl"),
        ours("2", "1", "ann dora"),
        theirs("3", "2", "ben", ""),
        theirs("4", "2", "carl", ""),
        theirs("5", "2", "dora", ""),
        theirs("6", "3", "ben", "eva"),
        theirs("7", "6", "eva", ""),
        Part { refers: false, ..theirs("8", "", "fay", "") },
        theirs("9", "8", "fay", ""),
    ];
    assert_eq!(of(&parts, newcomers), ["3"], "once, and nobody whom To or Cc named, nor who came by another way");
}

#[test]
fn whoever_began_a_conversation_is_not_new_in_it_though_the_mail_names_one_that_is_elsewhere() {
    assert_eq!(of(&[theirs("1", "notice", "ann", "")], newcomers), Vec::<String>::new());
    let parts = [ours("1", "", "ann"), theirs("2", "1", "ann", ""), theirs("3", "1", "ben", "")];
    assert_eq!(of(&parts, newcomers), ["3"]);
}

#[test]
fn an_address_that_a_mail_asks_answers_to_be_sent_to_is_known() {
    let first = Part { from: keys("ann helper"), ..theirs("1", "", "ann", "") };
    assert_eq!(of(&[first, theirs("2", "1", "helper", "")], newcomers), Vec::<String>::new());
}

#[test]
fn whom_we_asked_without_the_customer_is_a_third_party_with_all_that_comes_of_it() {
    let parts = [
        theirs("1", "", "dee", ""),
        ours("2", "1", "factory"),
        theirs("3", "2", "factory", ""),
        ours("4", "3", "factory"),
        theirs("5", "4", "factory", ""),
        theirs("6", "5", "factory", ""),
        theirs("7", "5", "sales", ""),
        theirs("8", "1", "factory", ""),
        ours("9", "1", "dee"),
        theirs("10", "9", "dee", ""),
    ];
    assert_eq!(of(&parts, third_parties), ["3", "5", "6", "7", "8"]);
}

#[test]
fn who_took_part_on_the_customers_side_is_no_third_party() {
    let copied = [theirs("1", "", "dee", "eva"), ours("2", "1", "eva"), theirs("3", "2", "eva", "")];
    assert_eq!(of(&copied, third_parties), Vec::<String>::new(), "the customer named her");
    let brought = [theirs("1", "", "dee", ""), ours("2", "1", "dee eva"), theirs("3", "2", "eva", "")];
    assert_eq!(of(&brought, third_parties), Vec::<String>::new(), "we wrote to both");
    let forwarded = [theirs("1", "", "dee", ""), ours("2", "1", "dee"), theirs("3", "2", "eva", "")];
    assert_eq!(of(&forwarded, third_parties), Vec::<String>::new(), "she answers what went to the customer");
    let later =
        [theirs("1", "", "dee", ""), ours("2", "1", "eva"), ours("3", "2", "dee eva"), theirs("4", "3", "eva", "")];
    assert_eq!(of(&later, third_parties), Vec::<String>::new(), "then she was brought in");
    let began = [ours("1", "", "ann"), theirs("2", "1", "ann", ""), theirs("3", "1", "ben", "")];
    assert_eq!(of(&began, third_parties), Vec::<String>::new(), "whom we wrote to first is the customer");
    let own = [theirs("1", "", "dee", ""), ours("2", "1", ""), theirs("3", "2", "dee", "")];
    assert_eq!(of(&own, third_parties), Vec::<String>::new());
}

#[test]
fn what_a_machine_of_a_third_party_wrote_is_nobodys() {
    let away = Part { is_human: false, ..theirs("3", "2", "factory", "dee") };
    let parts = [theirs("1", "", "dee", ""), ours("2", "1", "factory"), away, theirs("4", "2", "factory", "")];
    assert_eq!(of(&parts, third_parties), ["4"]);
}

#[test]
fn a_forward_that_seems_older_than_what_it_forwards_is_a_forward_all_the_same() {
    // Our own clock sets the time of what we file, and a second holds several mails.
    let (asked, sent, answered) =
        (theirs("1", "", "dee", ""), ours("2", "1", "factory"), theirs("3", "2", "factory", ""));
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0], [1, 2, 0]] {
        let parts = order.map(|at| [&asked, &sent, &answered][at].clone());
        assert_eq!(of(&parts, third_parties), ["3"], "{order:?}");
    }
    let ring = [theirs("1", "2", "dee", ""), theirs("2", "1", "dee", ""), theirs("3", "3", "dee", "")];
    assert_eq!(of(&ring, third_parties), Vec::<String>::new());
}
