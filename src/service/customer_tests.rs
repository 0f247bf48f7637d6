use super::*;
use crate::model::customer::CustomerAddress;
use crate::model::ids::InboxId;
use crate::model::status::Status;
use crate::text;

fn row() -> ConversationRow {
    ConversationRow {
        id: ConversationId::from_kept("abcdefgh"),
        short: "abcd".into(),
        inbox: InboxId::new("support").unwrap(),
        title: SafeText::default(),
        people: SafeText::default(),
        snippet: SafeText::default(),
        status: Status::Open,
        assignee: None,
        tags: Vec::new(),
        snoozed_until: None,
        last_at: crate::model::clock::Timestamp(0),
        messages: 1,
        notes: 0,
        attachments: false,
        waiting_since: None,
        created: crate::model::clock::Timestamp(0),
        unread: false,
        news: None,
        last_inbound: None,
        last_outbound: None,
        replying: None,
        worker: None,
        pending: false,
        draft: false,
        failed: false,
        bounced: false,
        mentioned: false,
        followed: false,
        answered: 0,
        as_of: None,
        gone: false,
    }
}

fn run(script: &str, timeout: u32, stop: &Stop) -> PanelSaid {
    run_argv(&["sh", "-c", script], timeout, stop)
}

fn run_argv(argv: &[&str], timeout: u32, stop: &Stop) -> PanelSaid {
    run_about(&Customer::default(), argv, timeout, stop)
}

fn run_about(customer: &Customer, argv: &[&str], timeout: u32, stop: &Stop) -> PanelSaid {
    let panel = Panel {
        name: "orders".into(),
        title: "Shop".into(),
        run: argv.iter().map(|word| (*word).to_owned()).collect(),
        when: String::new(),
        timeout,
        keep: 60,
        claims: false,
    };
    let panels = Panels {
        all: Vec::new(),
        payload: Arc::new(|panel, row, _| format!("{} {}\n", panel.name, row.short).into_bytes()),
        variables: vec![("POSTROOM_AGENT", "alice".into())],
    };
    panels.run(&panel, &row(), customer, stop)
}

fn lines(said: &PanelSaid) -> Vec<&str> {
    match said {
        PanelSaid::Lines { lines, .. } => lines.iter().map(SafeText::as_str).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_panel_reads_what_it_is_given_and_its_lines_are_taken_without_empty_ends() {
    let said = run(
        "read line; printf '\\n%s|%s|%s\\n\\nend  \\n\\n' \"$line\" $POSTROOM_PANEL $POSTROOM_AGENT",
        10,
        &Stop::never(),
    );
    assert_eq!(lines(&said), ["orders abcd|orders|alice", "", "end"]);
}

#[test]
fn an_address_with_a_nul_does_not_become_that_of_somebody_else() {
    let key = "an\0a@lima.example".to_owned();
    let address = CustomerAddress { shown: SafeText::line(&key), key, mails: 1 };
    let customer = Customer { addresses: vec![address], ..Customer::default() };
    let said = run_about(&customer, &["sh", "-c", "echo $POSTROOM_CUSTOMER"], 10, &Stop::never());
    assert_eq!(lines(&said), ["an\u{fffd}a@lima.example"]);
}

#[test]
fn what_a_panel_leaves_running_holds_nothing_up_and_is_killed() {
    let said = run("sleep 600 & echo $!", 60, &Stop::never());
    let [child] = lines(&said)[..] else { panic!("{said:?}") };
    let gone = run(
        &format!(
            "while kill -0 {child} 2>/dev/null && ! grep -q 'State:.Z' /proc/{child}/status 2>/dev/null; do :; done; echo gone"
        ),
        60,
        &Stop::never(),
    );
    assert_eq!(lines(&gone), ["gone"]);
}

#[test]
fn no_escape_sequence_of_a_panel_comes_through() {
    let said = run(
        "printf '\\033[2J\\033]0;owned\\007ok \\033[31mred\\033[0m\\302\\2331m\\r\\n\\342\\200\\256rtl\\377\\n'",
        10,
        &Stop::never(),
    );
    assert_eq!(lines(&said), ["ok red", "rtl\u{fffd}"]);
}

#[test]
fn a_panel_that_floods_is_cut_and_ends_all_the_same() {
    let said = run("i=0; while [ $i -lt 40000 ]; do echo line $i; i=$((i+1)); done", 60, &Stop::never());
    assert!(matches!(&said, PanelSaid::Lines { lines, cut: true } if lines.len() == PANEL_LINES_MAX), "{said:?}");
    let said = run("head -c 100000 /dev/zero | tr '\\0' x", 60, &Stop::never());
    assert_eq!(lines(&said).iter().map(|line| line.chars().count()).collect::<Vec<_>>(), [PANEL_LINE_MAX]);
}

#[test]
fn a_panel_that_hangs_is_killed_with_all_that_it_started() {
    assert_eq!(run("sleep 600 & sleep 600", 1, &Stop::never()), PanelSaid::Slow(1));
}

#[test]
fn a_panel_that_nobody_waits_for_is_stopped() {
    assert_eq!(run("sleep 600", 600, &Stop::when(|| true)), PanelSaid::Stopped);
}

#[test]
fn a_panel_that_fails_says_its_last_line_and_one_that_is_missing_why() {
    let PanelSaid::Failed(why) =
        run("echo part; echo first >&2; printf '\\033[31mno such shop\\n' >&2; exit 3", 10, &Stop::never())
    else {
        panic!()
    };
    let why = text::render(&why);
    assert!(
        why.contains("no such shop") && why.contains('3') && !why.contains('\u{1b}') && !why.contains("first"),
        "{why}"
    );
    let missing = run_argv(&["/no/such/program"], 10, &Stop::never());
    assert!(matches!(missing, PanelSaid::Failed(_)), "{missing:?}");
}
