use super::*;
use crate::model::clock::Ids;

fn id(name: &str) -> MessageId {
    MessageId::new(name).unwrap()
}

fn node(name: &str, minute: i64, parents: &[&str]) -> Node {
    Node {
        id: id(name),
        parents: parents.iter().map(|p| id(p)).collect(),
        base_subject: "refund".into(),
        is_reply: !parents.is_empty(),
        bound: Vec::new(),
        customer: "eve@example.com".into(),
        author: "eve@example.com".into(),
        outside: Outside::One("eve@example.com".into()),
        list_id: String::new(),
        notice: None,
        arrived: Timestamp(minute * 60_000),
        direction: Direction::Inbound,
        origin: Origin::Human,
    }
}

fn placed(nodes: &[Node], repairs: &[Repair]) -> Vec<Placement> {
    thread(nodes, &HashSet::new(), repairs).placements
}

fn roots(nodes: &[Node], repairs: &[Repair]) -> Vec<String> {
    placed(nodes, repairs).iter().map(|p| p.root.to_string()).collect()
}

#[test]
fn answers_join_what_they_answer() {
    let nodes = [node("a", 1, &[]), node("b", 2, &["a"]), node("c", 3, &["a", "b"]), node("x", 4, &[])];
    let placements = placed(&nodes, &[]);
    assert_eq!(roots(&nodes, &[]), ["a", "a", "a", "x"]);
    assert_eq!(placements[2].parent, Some(id("b")));
    assert_eq!(placements[2].why, Why::Refers(id("b")));
    assert_eq!(placements[0].why, Why::First);
}

#[test]
fn mail_that_comes_newest_first_keeps_its_root() {
    let all = [node("a", 1, &[]), node("b", 2, &["a"]), node("c", 3, &["a", "b"]), node("d", 4, &["a", "b", "c"])];
    for from in (0..4).rev() {
        assert!(roots(&all[from..], &[]).iter().all(|root| root == "a"), "from {from}");
    }
}

#[test]
fn two_of_one_customer_that_name_the_same_absent_message_belong_together() {
    let nodes = [node("b", 2, &["a"]), Node { base_subject: "other".into(), ..node("c", 3, &["a", "gone"]) }];
    let placements = placed(&nodes, &[]);
    assert_eq!(roots(&nodes, &[]), ["a", "a"]);
    assert_eq!(placements[1].why, Why::SharesReference(id("a")));
}

#[test]
fn messages_that_name_each_other_in_a_circle_make_one_conversation() {
    let nodes = [node("a", 1, &["c"]), node("b", 2, &["a"]), node("c", 3, &["b"])];
    let placements = placed(&nodes, &[]);
    assert!(placements.iter().all(|p| p.root == placements[0].root));
    assert_eq!(placements[0].parent, None, "the earliest stands on top");
}

#[test]
fn a_message_that_names_itself_is_alone() {
    assert_eq!(roots(&[node("a", 1, &["a"])], &[]), ["a"]);
}

#[test]
fn a_subject_joins_only_the_same_customers_answer_within_the_window() {
    let window = SUBJECT_WINDOW / 60_000;
    let make = |name, minute, reply| Node { customer: "eve".into(), is_reply: reply, ..node(name, minute, &[]) };
    let first = make("a", 0, false);
    let cases = [
        (make("b", 10, true), "a"),
        (make("b", 10, false), "b"),
        (make("b", window, true), "a"),
        (make("b", window + 1, true), "b"),
        (Node { customer: "bob".into(), ..make("b", 10, true) }, "b"),
        (Node { base_subject: "other".into(), ..make("b", 10, true) }, "b"),
        (Node { parents: vec![id("gone")], ..make("b", 10, true) }, "a"),
        (Node { parents: vec![id("gone")], ..make("b", 10, false) }, "gone"),
    ];
    for (second, root) in cases {
        assert_eq!(roots(&[first.clone(), second.clone()], &[])[1], root, "{second:?}");
    }
    let nameless = |name, minute, reply| Node { customer: String::new(), ..make(name, minute, reply) };
    assert_eq!(roots(&[nameless("a", 0, false), nameless("b", 1, true)], &[]), ["a", "b"]);
    let blank = |name, minute, reply| Node { base_subject: String::new(), ..make(name, minute, reply) };
    assert_eq!(roots(&[blank("a", 0, false), blank("b", 1, true)], &[]), ["a", "b"]);
}

#[test]
fn a_bounce_belongs_to_what_bounced() {
    let bounce = Node { origin: Origin::Bounce, ..node("z", 5, &["b"]) };
    let nodes = [node("a", 1, &[]), node("b", 2, &["a"]), bounce];
    assert_eq!(placed(&nodes, &[])[2].why, Why::Bounce(id("b")));
    assert_eq!(roots(&nodes, &[])[2], "a");
}

fn merge(message: &str, into: &str) -> Repair {
    Repair::Merge { record: Ids::Random.next(), message: id(message), into: id(into) }
}

fn split(message: &str) -> Repair {
    Repair::Split { record: Ids::Random.next(), message: id(message) }
}

fn two() -> Vec<Node> {
    vec![node("a", 1, &[]), node("b", 2, &["a"]), node("c", 3, &["a", "b"]), node("x", 4, &[]), node("y", 5, &["x"])]
}

#[test]
fn a_merge_takes_the_root_of_what_it_merges_into() {
    assert_eq!(roots(&two(), &[merge("b", "y")]), ["x"; 5]);
    let why = placed(&two(), &[merge("b", "y")]);
    assert!(matches!(why[0].why, Why::Merged(_)));
    assert_eq!(why[1].why, Why::Refers(id("a")));
}

#[test]
fn a_split_takes_its_answers_along_also_later_ones() {
    assert_eq!(roots(&two(), &[split("b")]), ["a", "b", "b", "x", "x"]);
    let mut later = two();
    later.push(node("d", 9, &["a", "b", "c"]));
    later.push(node("e", 9, &["a"]));
    assert_eq!(roots(&later, &[split("b")])[5..], ["b", "a"]);
    assert!(matches!(placed(&later, &[split("b")])[1].why, Why::Split(_)));
}

#[test]
fn splits_and_merges_work_on_what_the_ones_before_left() {
    assert_eq!(roots(&two(), &[split("b"), merge("b", "a")]), ["a", "a", "a", "x", "x"]);
    assert_eq!(roots(&two(), &[split("b"), merge("b", "a"), split("b")]), ["a", "b", "b", "x", "x"]);
    assert_eq!(roots(&two(), &[merge("a", "x"), split("b")]), ["x", "b", "b", "x", "x"]);
    assert_eq!(roots(&two(), &[split("b"), merge("b", "x")]), ["a", "x", "x", "x", "x"]);
    assert_eq!(roots(&two(), &[split("b"), split("c")]), ["a", "b", "c", "x", "x"]);
    assert_eq!(roots(&two(), &[split("c"), split("b")]), ["a", "b", "c", "x", "x"]);
}

#[test]
fn what_was_merged_in_stays_when_the_first_is_split_off() {
    let mut nodes = two();
    nodes.push(node("p", 7, &[]));
    assert_eq!(roots(&nodes, &[merge("a", "x"), merge("p", "x"), split("x")]), ["a", "a", "a", "x", "x", "a"]);
}

#[test]
fn splitting_off_the_first_message_of_a_conversation_changes_nothing() {
    assert_eq!(roots(&two(), &[split("a")]), ["a", "a", "a", "x", "x"]);
    assert_eq!(roots(&two(), &[split("nowhere")]), ["a", "a", "a", "x", "x"]);
}

#[test]
fn base_subjects_lose_the_prefixes_of_every_language() {
    let cases = [
        ("Re: Refund", "refund", true),
        ("RE: AW: WG: Refund", "refund", true),
        ("Re[2]: Refund", "refund", true),
        ("Re(3): Refund", "refund", true),
        ("Re^4: Refund", "refund", true),
        ("[list] Re: [list] Refund (fwd)", "refund", true),
        ("[Fwd: Refund]", "refund", true),
        ("SV: VS: Antw: RV: RES: ENC: TR: Rif: Odp: YNT: x", "x", true),
        ("İLT: Konu", "konu", true),
        ("Ответ: Возврат", "возврат", true),
        ("回复：退款", "退款", true),
        ("答复: 转发: 退款", "退款", true),
        ("رد: استرداد", "استرداد", true),
        ("Re : Refund", "refund", true),
        ("ตอบกลับ: คืนเงิน", "คืนเงิน", true),
        ("ส่งต่อ: ตอบ: คืนเงิน", "คืนเงิน", true),
        ("تحويل: استرداد", "استرداد", true),
        ("רֶה: החזר", "החזר", true),
        ("הועבר: תגובה: החזר", "החזר", true),
        ("پاسخ: بازپرداخت", "بازپرداخت", true),
        ("ارسال مجدد: بازپرداخت", "بازپرداخت", true),
        ("Trả lời: Hoàn tiền", "hoàn tiền", true),
        ("TL: CT: Hoàn tiền", "hoàn tiền", true),
        ("Chuyển tiếp: Hoàn tiền", "hoàn tiền", true),
        ("उत्तर: वापसी", "वापसी", true),
        ("ຕອບກັບ: ຄືນເງິນ", "ຄືນເງິນ", true),
        ("ឆ្លើយតប: សំណង", "សំណង", true),
        ("ตอบกลับอัตโนมัติ: คืนเงิน", "ตอบกลับอัตโนมัติ: คืนเงิน", false),
        ("TL 500: x", "tl 500: x", false),
        ("Refund: order 4412", "refund: order 4412", false),
        ("  Many \t spaces\r\n here ", "many spaces here", false),
        ("[foo] Fwd: [bar] Re: fw: b (fWd)  (fwd)", "b", true),
        ("Re: [FWD: c]", "c", true),
        ("re: [fwd: [fwd: re: [fwd: babylon]]]", "babylon", true),
        ("b (a)", "b (a)", false),
        ("Ad: Re: x", "ad: re: x", false),
        ("[list]", "[list]", false),
        ("[list] Refund", "refund", false),
        ("Re:", "", true),
        ("", "", false),
        ("Regarding: x", "regarding: x", false),
    ];
    for (subject, base, reply) in cases {
        assert_eq!(base_subject(subject), (base.to_owned(), reply), "{subject:?}");
    }
}

/// A mail of somebody who wrote nothing else.
fn from(name: &str, minute: i64, parents: &[&str], who: &str) -> Node {
    let (customer, author) = (who.to_owned(), who.to_owned());
    Node {
        outside: Outside::One(who.into()),
        base_subject: name.into(),
        customer,
        author,
        ..node(name, minute, parents)
    }
}

#[test]
fn strangers_that_name_an_id_which_nobody_holds_stay_apart_and_are_related() {
    let nodes = [
        from("lea", 1, &["constant"], "lea@x"),
        from("max", 2, &["constant"], "max@x"),
        from("max2", 3, &["constant"], "max@x"),
    ];
    let placements = placed(&nodes, &[]);
    assert_eq!(roots(&nodes, &[]), ["lea", "max", "max"]);
    assert_eq!(placements[0].related, [id("constant")]);
    assert_eq!(placements[2].why, Why::SharesReference(id("constant")));
    let listed = nodes.map(|node| Node { list_id: "list.x".into(), ..node });
    assert_eq!(roots(&listed, &[]), ["constant"; 3]);
    assert_eq!(placed(&listed, &[])[1].why, Why::SharesOnList(id("constant")));
    let shared = HashSet::from([id("constant")]);
    let alone = thread(&[from("lea", 1, &["constant"], "lea@x")], &shared, &[]);
    assert_eq!(alone.placements[0].root, id("lea"), "others outside the set name it too");
    assert!(alone.absent.is_empty());
}

#[test]
fn an_answer_joins_what_is_here_from_any_address() {
    let nodes = [from("a", 1, &[], "lea@x"), from("b", 2, &["a"], "lea.private@y")];
    assert_eq!(roots(&nodes, &[]), ["a", "a"]);
}

#[test]
fn each_who_answers_a_notice_to_many_has_a_conversation_of_their_own() {
    let notice =
        Node { notice: Some(BTreeSet::from(["ben@b".into()])), author: String::new(), ..from("n", 1, &[], "") };
    let nodes = [
        notice.clone(),
        from("ann", 2, &["n"], "ann@a"),
        from("ben", 3, &["n"], "ben@b"),
        from("ann2", 4, &["n"], "ann@a"),
        Node { origin: Origin::Bounce, ..from("bounce", 5, &["n"], "mailer-daemon@a") },
        Node { author: String::new(), ..from("ours", 6, &["n"], "") },
        from("ann3", 7, &["n", "ann"], "ann@a"),
    ];
    let placements = placed(&nodes, &[]);
    assert_eq!(roots(&nodes, &[]), ["n", "ann", "n", "ann", "n", "n", "ann"]);
    assert_eq!(placements[1].why, Why::Notice(id("n")));
    assert_eq!(placements[3].why, Why::Notice(id("n")));
    assert_eq!(placements[6].why, Why::Refers(id("ann")));
    assert!(placements.iter().all(|placement| placement.related.is_empty()));
}

#[test]
fn a_mail_that_names_two_conversations_joins_the_last_and_makes_them_one_only_for_the_same_single_person() {
    let both = |a: &str, b: &str| [from("a", 1, &[], a), from("b", 2, &[], b), from("c", 3, &["a", "b"], "ann@x")];
    let nodes = both("ann@x", "ben@x");
    assert_eq!(roots(&nodes, &[]), ["a", "b", "b"]);
    assert_eq!(placed(&nodes, &[])[2].related, [id("a")]);
    let nodes = both("ann@x", "ann@x");
    assert_eq!(roots(&nodes, &[]), ["a"; 3]);
    assert_eq!(placed(&nodes, &[])[1].why, Why::Linked(id("c")));
    // What is one stays one when somebody else joins in, and a split says otherwise.
    let mut later = nodes.to_vec();
    later.push(from("d", 4, &["a"], "ben@x"));
    assert_eq!(roots(&later, &[]), ["a"; 4]);
    assert_eq!(roots(&later, &[split("b")]), ["a", "b", "b", "a"]);
}

#[test]
fn a_mail_of_another_text_stays_beside_the_one_that_has_its_id() {
    let twin = Node { bound: vec![id("a")], ..from("derived", 0, &[], "eve@x") };
    let nodes = [from("a", 1, &[], "eve@x"), twin];
    assert_eq!(roots(&nodes, &[]), ["derived", "derived"]);
    assert_eq!(placed(&nodes, &[])[1].why, Why::First);
}
