use std::collections::BTreeSet;

use super::{Action, Command, CommandError, Context, Problem, check, complete, parse, parse_wish, wish};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle, InboxId, MessageId, Tag};
use crate::model::status::Status;
use crate::op::wish::{Unfit, Wish};

/// A team of three, on a Sunday in Berlin.
struct Team {
    me: Handle,
    agents: Vec<Handle>,
    teams: Vec<Handle>,
    inboxes: Vec<InboxId>,
    tags: Vec<Tag>,
    views: Vec<String>,
    themes: Vec<String>,
    zone: jiff::tz::TimeZone,
}

impl Team {
    fn new() -> Self {
        let handles = |names: &[&str]| names.iter().map(|name| Handle::new(name).unwrap()).collect();
        Self {
            me: Handle::new("alice").unwrap(),
            agents: handles(&["alice", "bob", "carol"]),
            teams: handles(&["billing"]),
            inboxes: ["support", "sales"].map(|name| InboxId::new(name).unwrap()).to_vec(),
            tags: ["billing", "bug", "vip"].map(|name| Tag::new(name).unwrap()).to_vec(),
            views: ["waiting", "vip"].map(str::to_owned).to_vec(),
            themes: ["dark", "light"].map(str::to_owned).to_vec(),
            zone: jiff::tz::TimeZone::get("Europe/Berlin").unwrap(),
        }
    }

    fn context(&self) -> Context<'_> {
        Context {
            me: &self.me,
            now: Timestamp(1_795_939_200_000),
            zone: &self.zone,
            agents: &self.agents,
            teams: &self.teams,
            inboxes: &self.inboxes,
            tags: &self.tags,
            views: &self.views,
            themes: &self.themes,
            replies: &[],
            conversations: &[],
        }
    }
}

fn wished(line: &str) -> Wish {
    parse_wish(line, &Team::new().context()).unwrap()
}

fn error(line: &str) -> CommandError {
    parse_wish(line, &Team::new().context()).unwrap_err()
}

fn tags(names: &[&str]) -> BTreeSet<Tag> {
    names.iter().map(|name| Tag::new(name).unwrap()).collect()
}

#[test]
fn a_line_is_read_into_what_is_wished() {
    let handle = |name| Handle::new(name).unwrap();
    assert_eq!(wished("assign bob"), Wish::Assign { to: Some(handle("bob")) });
    assert_eq!(wished("assign @bob"), wished("  assign   bob  "));
    assert_eq!(wished("assign me"), wished("assign-me"));
    assert_eq!(wished("assign nobody"), wished("unassign"));
    assert_eq!(wished("status closed"), Wish::Status { to: Status::Closed });
    assert_eq!(wished("close"), wished("status-closed"));
    assert_eq!(wished("tag +vip -bug, billing"), Wish::Tag { add: tags(&["vip", "billing"]), remove: tags(&["bug"]) });
    assert_eq!(wished("tag vip,-vip"), Wish::Tag { add: tags(&[]), remove: tags(&["vip"]) });
    assert_eq!(wished("note call her  back"), Wish::Note { text: "call her  back".into() });
    assert_eq!(wished(r#"note "say \"no\" to \\ him""#), Wish::Note { text: r#"say "no" to \ him"#.into() });
    assert_eq!(wished(r#"note "quoted" and more"#), Wish::Note { text: r#""quoted" and more"#.into() });
    assert_eq!(wished("title"), Wish::Title { text: String::new() });
    assert_eq!(wished("move sales"), Wish::Move { inbox: InboxId::new("sales").unwrap() });
    assert_eq!(wished("follow"), Wish::Follow { who: handle("alice"), on: true });
    assert_eq!(wished("unfollow carol"), Wish::Follow { who: handle("carol"), on: false });
    assert_eq!(wished("merge AB12"), Wish::Merge { into: ConversationId::from_kept("ab12") });
    assert_eq!(wished("split <a@example.com>"), Wish::Split { message: MessageId::new("a@example.com").unwrap() });
    assert_eq!(wished("seen"), Wish::SeenMentions);
    assert_eq!(wished("wake"), wished("snooze now"));
}

#[test]
fn a_moment_takes_the_rest_of_the_line_and_is_read_in_the_readers_zone() {
    // 30 November 2026, 9:00 in Berlin.
    assert_eq!(wished("snooze tomorrow 9"), Wish::Snooze { until: Some(Timestamp(1_796_025_600_000)) });
    assert_eq!(wished("snooze \"tomorrow 9\""), wished("snooze tomorrow 9:00"));
}

#[test]
fn words_given_one_by_one_are_read_as_a_line_is() {
    let team = Team::new();
    let context = team.context();
    assert_eq!(
        wish(Action::Note, &["\"quoted\" as typed"], &context).unwrap(),
        Wish::Note { text: "\"quoted\" as typed".into() }
    );
    assert_eq!(wish(Action::Assign, &["bob"], &context), parse_wish("assign bob", &context));
    assert_eq!(wish(Action::Tag, &["vip,-bug"], &context), parse_wish("tag vip,-bug", &context));
    assert_eq!(wish(Action::Assign, &[], &context).unwrap_err().problem, error("assign").problem);
}

#[test]
fn an_action_without_its_words_is_left_to_the_screen_to_ask() {
    let team = Team::new();
    assert_eq!(parse("assign", &team.context()), Ok(Command::Action(Action::Assign)));
    assert_eq!(parse("follow", &team.context()), Ok(Command::Action(Action::Follow)));
    assert_eq!(parse("reply", &team.context()), Ok(Command::Action(Action::Reply)));
    assert_eq!(parse("close", &team.context()), Ok(Command::Wish(Wish::Status { to: Status::Closed })));
    assert_eq!(error("reply").problem, Problem::ScreenOnly(Action::Reply));
}

#[test]
fn an_error_names_its_column_and_the_nearest_name() {
    let said = |line: &str| {
        let error = error(line);
        format!("{error} ({})", crate::text::render_any(error.problem.hint().as_ref()))
    };
    insta::assert_snapshot!(
        [
            "",
            "asign bob",
            "assign bub",
            "assign zachary",
            "status opne",
            "move sale",
            "snooze yesterday",
            "snooze never",
            "tag ,",
            "tag a'b",
            "note",
            "note \"",
            "close it",
            "merge !",
            "split \"\"",
            "edit-note 7 text",
            "follow nobody here",
            "assign 'bob",
        ]
        .map(said)
        .join("\n"),
        @r##"
    column 1: no action is named (`postroom keys` lists the actions)
    column 1: "asign" is no action (did you mean assign?)
    column 8: nobody is called bub (did you mean bob?; a new colleague gets a section [agent.bub] in the config)
    column 8: nobody is called zachary (there are alice, bob, carol, billing; a new colleague gets a section [agent.zachary] in the config)
    column 8: "opne" is no status: use open, in-progress, waiting or closed (did you mean open?)
    column 6: there is no inbox sale (did you mean sales?)
    column 8: "yesterday" is no time: write 3h, 2d, tomorrow 9, tonight, mon 14:30, next week, 1 dec, 18:00 or 2026-12-01 14:00 ()
    column 8: "never" is no time: write 3h, 2d, tomorrow 9, tonight, mon 14:30, next week, 1 dec, 18:00 or 2026-12-01 14:00 ()
    column 5: no tag is named ()
    column 5: tag "a'b" can't be used: use letters, digits and - _ . / only, with no spaces ()
    column 1: note needs its text (write note TEXT)
    column 1: a quote is not closed (put " at its end, or \" where the sign itself is meant)
    column 7: close takes no "it" (write close)
    column 7: "!" is no conversation's id ()
    column 7: "" is no Message-ID (`postroom why ID` lists them)
    column 11: "7" is no operation's id (`postroom log` prints the ids)
    column 15: follow takes no "here" (write follow [AGENT])
    column 8: agent "'bob" can't be used: use letters, digits and - _ . / only, with no spaces ()
    "##
    );
}

#[test]
fn where_no_colleague_is_known_any_handle_is_taken() {
    let mut team = Team::new();
    team.agents.truncate(1);
    assert_eq!(
        parse_wish("assign zachary", &team.context()),
        Ok(Wish::Assign { to: Some(Handle::new("zachary").unwrap()) })
    );
}

#[test]
fn a_wish_beyond_its_bounds_is_refused() {
    let long = format!("title {}", "x".repeat(501));
    assert_eq!(error(&long).problem, Problem::Unfit(Unfit::LongTitle));
    assert_eq!(error(&format!("note {}", "x".repeat(200_000))).problem, Problem::TooLong);
}

#[test]
fn a_file_is_checked_without_knowing_the_team() {
    assert_eq!(check("assign somebody"), Ok(Action::Assign));
    assert_eq!(check("snooze tomorrow 9"), Ok(Action::Snooze));
    assert_eq!(check("status clsoed").unwrap_err().at, 7);
    assert_eq!(check("close it").unwrap_err().at, 6);
    assert!(matches!(check("colse").unwrap_err().problem, Problem::NoAction { near: Some("close"), .. }));
}

#[test]
fn completion_offers_actions_and_then_what_they_take() {
    let team = Team::new();
    let offered = |line: &str| {
        let found = complete(line, &team.context());
        let words: Vec<String> = found.offers.into_iter().take(4).map(|offer| offer.word).collect();
        format!("{line:?} at {}: {}", found.at, words.join(" "))
    };
    insta::assert_snapshot!(
        [
            "",
            "ass",
            "open",
            "assign ",
            "assign c",
            "assign @b",
            "assign bob ",
            "status cl",
            "tag ",
            "tag b",
            "tag +vip,-b",
            "tag +vip ",
            "move s",
            "snooze to",
            "note @",
            "  foll"
        ]
        .map(offered)
        .join("\n"),
        @r##"
    "" at 0: down up page-down page-up
    "ass" at 0: assign assign-me
    "open" at 0: open open-link status-open
    "assign " at 7: me nobody alice bob
    "assign c" at 7: carol
    "assign @b" at 7: bob billing
    "assign bob " at 11: 
    "status cl" at 7: closed
    "tag " at 4: billing bug vip
    "tag b" at 4: billing bug
    "tag +vip,-b" at 9: -billing -bug
    "tag +vip " at 9: billing bug vip
    "move s" at 5: support sales
    "snooze to" at 7: tomorrow 9:00
    "note @" at 5: @alice @bob @carol @billing
    "  foll" at 2: follow
    "##
    );
}

#[test]
fn every_name_is_a_word_of_its_own_and_what_takes_the_rest_stands_last() {
    let names: BTreeSet<&str> = Action::ALL.iter().map(|action| action.name()).collect();
    assert_eq!(names.len(), Action::ALL.len());
    for action in Action::ALL {
        let params = action.params();
        let rest = params.iter().position(|param| param.kind.takes_rest());
        assert!(rest.is_none_or(|at| at + 1 == params.len()), "{}", action.name());
        assert!(!action.name().contains(char::is_whitespace));
    }
}

#[test]
fn a_team_is_assigned_to_and_mentioned_and_follows_nothing() {
    let billing = || Some(Handle::new("billing").unwrap());
    assert_eq!(wished("assign billing"), Wish::Assign { to: billing() });
    assert_eq!(wished("assign @Billing"), Wish::Assign { to: billing() });
    assert_eq!(error("follow billing").problem, Problem::Team(Handle::new("billing").unwrap()));
    let near = error("assign biling").problem.hint().map(|hint| crate::text::render(&hint));
    assert!(near.as_ref().is_some_and(|hint| hint.starts_with("did you mean billing?")), "{near:?}");
    let offered = |line: &str| -> Vec<String> {
        complete(line, &Team::new().context()).offers.into_iter().map(|offer| offer.word).collect()
    };
    assert_eq!(offered("assign b"), ["bob", "billing"]);
    assert_eq!(offered("note ask @b"), ["@bob", "@billing"]);
    assert_eq!(offered("follow b"), ["bob"]);
}
