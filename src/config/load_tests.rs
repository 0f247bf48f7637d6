use proptest::prelude::*;

use super::*;
use crate::config::{Imap, Remote, Secret, Security};
use crate::model::language::Language;
use crate::model::screen_order::TerminalBidi;

const MINIMAL: &str = r#"
[me]
handle = "alice"
[account.main.imap]
host = "imap.example.com"
user = "support@example.com"
password_command = "pass show support"
[inbox.support]
address = "support@example.com"
"#;

fn parse_as(text: &str, layers: &Layers, private: bool) -> Result<Config, String> {
    let paths = Paths { config: "/c/config.toml".into(), data: "/d".into(), shared: Vec::new() };
    Config::parse(text, &paths, layers, private).map_err(|e| e.to_string())
}

fn parse(text: &str) -> Result<Config, String> {
    parse_as(text, &Layers::default(), false)
}

/// What the config says of its first account, which is on an IMAP server.
fn first(config: &Config) -> Imap {
    let Remote::Imap(imap) = &config.accounts[0].remote else { panic!("{:?}", config.accounts) };
    (**imap).clone()
}

fn refused(text: &str) -> String {
    parse(text).unwrap_err()
}

#[test]
fn an_inbox_says_which_name_its_mail_bears_and_a_mistake_in_it_is_told_with_a_remedy() {
    let with = |pattern: &str| {
        let more = format!("name = \"Support\"\nsender_name = \"{pattern}\"\n[agent.alice]\nname = \"Alice Moor\"\n");
        parse(&format!("{MINIMAL}{more}"))
    };
    let config = with("{agent} at {inbox}").unwrap();
    let team = config.team();
    let from = team.sender(&team.inboxes[0], &config.me);
    assert_eq!((from.name.as_str(), from.email.as_str()), ("Alice Moor at Support", "support@example.com"));
    assert_eq!(config.team().sender(&team.inboxes[0], &Handle::new("bob").unwrap()).name, "bob at Support");
    assert!(config.to_toml().contains("sender_name = \"{agent} at {inbox}\""), "{}", config.to_toml());
    let told = with("{agnet} at {inbox}").unwrap_err();
    assert!(told.contains("{agnet} is none of {agent}, {inbox}"), "{told}");
}

#[test]
fn a_small_config_is_enough_and_the_rest_has_defaults() {
    let config = parse(MINIMAL).unwrap();
    assert_eq!(config.me.as_str(), "alice");
    assert_eq!(first(&config).imap.port, 993);
    assert_eq!(first(&config).log_folder, "Postroom");
    assert_eq!(config.inboxes[0].account.as_str(), "main");
    assert_eq!(config.sending.undo_seconds, 10);
    assert_eq!(config.agents[0].handle.as_str(), "alice");
}

#[test]
fn keys_of_the_log_are_named_by_their_fingerprints_one_or_several() {
    let with = |keys: &str| {
        MINIMAL.replace("[account.main.imap]", &format!("[account.main]\nlog_key = {keys}\n[account.main.imap]"))
    };
    let (a, b) = ("0123456789abcdef0123456789ABCDEF", "f".repeat(32));
    let one = parse(&with(&format!("{a:?}"))).unwrap();
    assert_eq!(first(&one).log_keys, [a.to_lowercase()]);
    let two = parse(&with(&format!("[{a:?}, {b:?}]"))).unwrap();
    assert_eq!(first(&two).log_keys, [a.to_lowercase(), b]);
    assert!(parse(&two.to_toml()).is_ok_and(|again| first(&again).log_keys.len() == 2));
    let said = refused(&with("\"0123\""));
    assert!(said.contains("config.toml:5:11") && said.contains("\"0123\" is no fingerprint of a key"), "{said}");
    assert!(said.contains("32 hex digits"), "{said}");
}

#[test]
fn smtp_takes_user_and_secret_from_imap() {
    let text = format!("{MINIMAL}\n[account.main.smtp]\nhost = \"smtp.example.com\"\nsecurity = \"starttls\"\n");
    let smtp = first(&parse(&text).unwrap()).smtp.unwrap();
    assert_eq!((smtp.port, smtp.user.as_str()), (587, "support@example.com"));
    assert_eq!(smtp.secret, Secret::Command("pass show support".into()));
    assert_eq!(smtp.security, Security::StartTls);
}

#[test]
fn programs_are_lines_or_lists_of_words_and_hooks_are_read_back() {
    let secret = |command: &str| {
        let text = MINIMAL.replace("\"pass show support\"", command);
        parse(&text).map(|config| first(&config).imap.secret)
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    assert_eq!(secret("[\"pass\", \"show it\"]").unwrap(), Secret::Program(words(&["pass", "show it"])));
    assert!(secret("[]").unwrap_err().contains("config.toml:7:20"), "{}", secret("[]").unwrap_err());
    let hooks = "[hook.a]\non = \"new\"\nrun = \"to-chat 'a b'\"\n[hook.b-2]\non = [\"sent\", \"mention\"]\nrun = [\"x\", \"$y\"]\n\
                 query = \"tag:vip\"\nonce = \"team\"\ntimeout = 5\n";
    let config = parse(&format!("environment = [\"BW_SESSION\"]\n{MINIMAL}\n{hooks}")).unwrap();
    assert_eq!(config.hooks[0].run, words(&["to-chat", "a b"]));
    assert_eq!((config.hooks[1].on.len(), config.hooks[1].once.name(), config.hooks[1].timeout), (2, "team", 5));
    let again = parse(&config.to_toml()).unwrap();
    assert_eq!((again.hooks, again.environment), (config.hooks, config.environment));
}

#[test]
fn panels_are_read_in_their_order_and_mistakes_in_them_are_told_with_the_line() {
    let with = |panels: &str| format!("{MINIMAL}\n{panels}");
    let two = "[panel.shop]\nrun = \"orders 'a b'\"\ntitle = \"Shop\"\nwhen = \"inbox:support\"\ntimeout = 9\nclaims = true\n\
               [panel.billing]\nrun = [\"bills\"]\nkeep = 0\n";
    let config = parse(&with(two)).unwrap();
    let [shop, billing] = config.panels.as_slice() else { panic!("{:?}", config.panels) };
    assert_eq!(
        (shop.run.join("|"), shop.title.as_str(), shop.timeout, shop.keep),
        ("orders|a b".into(), "Shop", 9, 300)
    );
    assert!(shop.claims && shop.when == "inbox:support");
    assert_eq!((billing.title.as_str(), billing.timeout, billing.keep, billing.claims), ("billing", 5, 0, false));
    assert_eq!(parse(&config.to_toml()).unwrap().panels, config.panels);
    for (panel, line, says) in [
        ("[panel.a]\ntitle = \"A\"", 11, "does not say what to run"),
        ("[panel.a]\nrun = \"x\"\nwhen = \"statsu:open\"", 13, "status"),
        ("[panel.a]\nrun = \"x\"\ntimeout = 90", 13, "from 1 to 60"),
        ("[panel.a]\nrun = \"x\"\ntitel = \"A\"", 13, "\"title\""),
        ("[panel.\"a b\"]\nrun = \"x\"", 11, "can't be the name of a panel"),
    ] {
        let said = refused(&with(panel));
        assert!(said.contains(&format!("config.toml:{line}:")) && said.contains(says), "{panel}: {said}");
    }
    let many: String = (0..9).map(|n| format!("[panel.p{n}]\nrun = \"x\"\n")).collect();
    assert!(refused(&with(&many)).contains("8 panels at most"));
}

#[test]
fn a_time_zone_is_read_by_its_name_and_an_unknown_one_is_told_with_the_nearest() {
    let with = |name: &str| format!("timezone = \"{name}\"\n{MINIMAL}");
    let config = parse(&with("Asia/Tokyo")).unwrap();
    assert_eq!(config.timezone.as_ref().and_then(|zone| zone.iana_name()), Some("Asia/Tokyo"));
    assert_eq!(parse(&config.to_toml()).unwrap().timezone, config.timezone);
    let said = refused(&with("Europe/Berln"));
    assert!(
        said.contains("config.toml:1:12: timezone can't be \"Europe/Berln\"") && said.contains("\"Europe/Berlin\""),
        "{said}"
    );
    assert!(refused(&with("my desk")).contains("Europe/Berlin"));
    // Nothing is near to nothing.
    assert!(refused(&with("")).contains("Europe/Berlin"), "{}", refused(&with("")));
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest_known_one() {
    let text = MINIMAL.replace("host =", "hots =");
    let said = refused(&text);
    assert!(
        said.contains("/c/config.toml:5:1: [account.main.imap] knows no \"hots\" (did you mean \"host\"?)"),
        "{said}"
    );
}

#[test]
fn every_mistake_is_told_at_once_in_the_order_of_the_file() {
    let text = format!("colour = 1\n{MINIMAL}[sending]\nundo_seconds = -4\nquote = \"yes\"\n");
    let said = refused(&text);
    let first = said.find("config.toml:1:1").unwrap();
    let second = said.find("undo_seconds is to be a whole number from 0 to 3600").unwrap();
    let third = said.find("sending.quote is to be true or false").unwrap();
    assert!(said.starts_with("the config has 3 mistakes") && first < second && second < third, "{said}");
}

#[test]
fn broken_toml_is_an_error_with_its_line() {
    let said = refused("[me]\nhandle = \"alice\n");
    assert!(said.contains("/c/config.toml:2:"), "{said}");
}

#[test]
fn a_password_in_clear_is_taken_only_from_a_private_file() {
    let text = MINIMAL.replace("password_command = \"pass show support\"", "password = \"secret\"");
    assert!(refused(&text).contains("chmod 600"));
    let config = parse_as(&text, &Layers::default(), true).unwrap();
    assert!(!format!("{config:?}").contains("\"secret\""));
    assert!(!config.to_toml().contains("\"secret\""));
}

#[test]
fn plain_connections_go_to_this_machine_only() {
    let plain = |host: &str| {
        parse(&MINIMAL.replace("host = \"imap.example.com\"", &format!("host = \"{host}\"\nsecurity = \"plain\"")))
    };
    assert!(plain("imap.example.com").unwrap_err().contains("in clear"));
    assert!(plain("localhost").is_ok() && plain("127.0.0.1").is_ok() && plain("::1").is_ok());
}

#[test]
fn two_ways_to_the_password_are_one_too_many_and_none_is_too_few() {
    assert!(refused(&MINIMAL.replace("user =", "password_env = \"X\"\nuser =")).contains("several passwords"));
    assert!(refused(&MINIMAL.replace("password_command", "# ")).contains("where the password comes from"));
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let variable = |name: &str| match name {
        "POSTROOM_AGENT" => Some("bob".to_owned()),
        "POSTROOM_THEME" => Some("mono".to_owned()),
        _ => None,
    };
    let text = format!("{MINIMAL}[ui]\ntheme = \"dark\"\n");
    let config = parse_as(&text, &Layers::default().with_environment(&variable), false).unwrap();
    assert_eq!((config.me.as_str(), config.ui.theme.as_str()), ("bob", "mono"));
    let flag = Layers { agent: Some("carol".into()), ..Layers::default() }.with_environment(&variable);
    assert_eq!(parse_as(&text, &flag, false).unwrap().me.as_str(), "carol");
}

#[test]
fn an_inbox_of_an_account_that_is_not_there_is_refused() {
    let said = refused(&format!("{MINIMAL}account = \"other\"\n"));
    assert!(said.contains("there is no account other") && said.contains("accounts are: main"), "{said}");
}

#[test]
fn variables_may_be_nested_and_are_known_by_their_dotted_name() {
    let text = format!("{MINIMAL}[variables]\nlink.calendar = \"https://example.com/c\"\n");
    assert_eq!(parse(&text).unwrap().sending.variables["link.calendar"], "https://example.com/c");
}

#[test]
fn the_screen_can_be_told_in_lines_without_motion_and_an_unknown_word_is_told_with_those_that_are() {
    let config = parse(&format!("{MINIMAL}[ui]\nlinear = true\nmotion = \"reduced\"\nreply_takes = false\n")).unwrap();
    assert!(config.ui.linear && config.ui.reduced_motion && !config.ui.reply_takes);
    let config = parse(MINIMAL).unwrap();
    assert!(!config.ui.linear && !config.ui.reduced_motion && config.ui.reply_takes && !config.ui.mouse);
    let error = parse(&format!("{MINIMAL}[ui]\nmotion = \"none\"\n")).unwrap_err();
    assert!(error.to_string().contains("motion"), "{error}");
}

#[test]
fn what_is_shown_can_be_read_back() {
    let text =
        format!("{MINIMAL}[account.main.smtp]\nhost = \"smtp.example.com\"\n[signatures]\nsupport = \"a\\nb\"\n");
    let config = parse(&text).unwrap();
    let again = parse(&config.to_toml()).unwrap();
    assert_eq!(again.to_toml(), config.to_toml());
}

#[test]
fn a_local_account_has_no_server_however_it_is_written() {
    let with = |says: &str| {
        let text =
            format!("[me]\nhandle = \"a\"\n[account.demo]\n{says}\n[inbox.info]\naddress = \"info@example.com\"\n");
        parse(&text)
    };
    for says in ["kind = \"local\"", "local = true", "kind = \"local\"\nlocal = true"] {
        let config = with(says).unwrap();
        assert_eq!(config.accounts[0].remote, Remote::Local);
        assert!(!config.has_server() && config.served().is_empty());
        assert_eq!(config.inboxes[0].account.as_str(), "demo");
        assert!(config.to_toml().contains("[account.demo]\nkind = \"local\"\n"), "{}", config.to_toml());
        assert_eq!(parse(&config.to_toml()).unwrap().to_toml(), config.to_toml());
    }
    let said = with("kind = \"local\"\nfolders = [\"Sales\"]").unwrap_err();
    assert!(said.contains("config.toml:5:1: [account.demo] knows no \"folders\""), "{said}");
}

#[test]
fn the_kind_of_an_account_is_one_of_those_there_are_and_imap_where_none_is_named() {
    let with = |says: &str| {
        parse(&MINIMAL.replace("[account.main.imap]", &format!("[account.main]\n{says}\n[account.main.imap]")))
    };
    assert_eq!(first(&with("kind = \"imap\"").unwrap()), first(&parse(MINIMAL).unwrap()));
    assert!(with("kind = \"imap\"").unwrap().to_toml().contains("kind = \"imap\""));
    let said = with("kind = \"pop\"").unwrap_err();
    assert!(said.contains("config.toml:5:8: account.main.kind can't be \"pop\""), "{said}");
    assert!(said.contains("use \"local\" or \"imap\")"), "{said}");
    let said = with("kind = \"imap\"\nlocal = true").unwrap_err();
    assert!(said.contains("config.toml:6:9: account main is local and of another kind (keep kind"), "{said}");
}

#[test]
fn a_team_server_needs_a_later_version_and_the_line_says_so() {
    let said = refused(
        "[me]\nhandle = \"a\"\n[account.main]\nkind = \"team\"\nurl = \"https://team.example.com\"\n[inbox.info]\naddress = \"info@example.com\"\n",
    );
    let first = "/c/config.toml:4:8: account main is of the kind team, which needs a later version of postroom (use kind = \"imap\"";
    assert!(said.contains(first), "{said}");
    assert!(!said.contains("mistakes"), "nothing else is told: {said}");
}

#[test]
fn an_agent_whom_a_team_does_not_know_is_refused_with_those_there_are() {
    let text = format!("{MINIMAL}\n[agent.alice]\nname = \"Alice\"\n[agent.bob]\nname = \"Bob\"\n");
    let named = |name: &str| Layers { agent: Some(name.into()), ..Layers::default() };
    assert_eq!(parse_as(&text, &named("bob"), false).unwrap().me.as_str(), "bob");
    let said = parse_as(&text, &named("bobb"), false).unwrap_err();
    assert!(said.contains("nobody is called bobb"), "{said}");
    // A config that names no colleagues knows nobody's name.
    assert_eq!(parse_as(MINIMAL, &named("bobb"), false).unwrap().me.as_str(), "bobb");
}

#[test]
fn the_folders_of_inboxes_are_synced_without_being_named_twice() {
    let inbox =
        |name: &str, folder: &str| format!("[inbox.{name}]\naddress = \"{name}@example.com\"\nfolder = \"{folder}\"\n");
    let text = format!("{MINIMAL}{}{}{}", inbox("sales", "Sales"), inbox("press", "Sales"), inbox("info", "Inbox"));
    assert_eq!(first(&parse(&text).unwrap()).folders, ["Sales"]);
}

#[test]
fn teams_have_members_and_share_the_names_of_agents() {
    let agents =
        "[agent.alice]\nname = \"Alice\"\naddress = [\"alice@example.com\", \"a@home.example\"]\n[agent.bob]\n";
    let with = |teams: &str| format!("{MINIMAL}{agents}[teams]\n{teams}\n");
    let config = parse(&with("billing = [\"alice\", \"bob\"]\nweb = \"bob\"")).unwrap();
    let team = config.team();
    assert_eq!(team.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["billing", "web"]);
    assert_eq!(team.groups[0].members.len(), 2);
    assert!(team.owns("alice@example.com") && team.owns("A@home.example"), "{team:?}");
    assert_eq!(parse(&config.to_toml()).unwrap().to_toml(), config.to_toml());
    for (teams, says) in [
        ("bob = [\"alice\"]", "bob is an agent, and teams share the agents' names (give the team another name)"),
        ("me = [\"alice\"]", "no team can be called me"),
        ("billing = [\"bbo\"]", "nobody is called bbo (did you mean bob?)"),
        ("billing = [\"zacharias\"]", "add a section [agent.zacharias]"),
        ("billing = []", "the team billing has no members (name the handles of its members, such as billing = "),
        ("billing = 3", "teams.billing is to be a list of texts"),
        ("\"a b\" = [\"bob\"]", "a b"),
    ] {
        let said = refused(&with(teams));
        assert!(said.contains(says) && said.contains("config.toml:15:"), "{teams}: {said}");
    }
}

#[test]
fn an_authserv_id_is_one_word() {
    let with = |id: &str| parse(&MINIMAL.replace("[inbox", &format!("[account.main]\nauthserv = \"{id}\"\n[inbox")));
    assert_eq!(first(&with("MX.example.com").unwrap()).authserv.as_deref(), Some("mx.example.com"));
    assert!(with("mx.example.com; dkim=pass").unwrap_err().contains("is no authserv-id"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn however_a_config_is_spoiled_it_is_read_or_the_place_is_told(
        at in any::<prop::sample::Index>(),
        length in 0usize..60,
        put in "(\"|'|=|\\[|\\]|\\{|\\}|\n|\\.|-?[0-9]{1,22}|handle|password|imap|true|\\u{202e}|\\PC){0,6}",
        other in any::<prop::sample::Index>(),
    ) {
        const WHOLE: &str = include_str!("../cli/demo/config.toml");
        let text = format!("{MINIMAL}\n{WHOLE}");
        for base in [MINIMAL, WHOLE, &text] {
            let chars: Vec<char> = base.chars().collect();
            let from = at.index(chars.len());
            let (head, tail) = chars.split_at(from);
            let rest = tail.get(length.min(tail.len())..).unwrap_or_default();
            // A line from elsewhere, as an editor pastes it.
            let line = base.lines().nth(other.index(base.lines().count())).unwrap_or_default();
            let spoiled: String = head.iter().collect::<String>() + &put + "\n" + line + "\n" + &rest.iter().collect::<String>();
            if let Err(error) = parse(&spoiled) {
                prop_assert!(error.contains("config.toml"), "{error}");
            }
        }
    }
}

#[test]
fn who_lays_out_text_the_layout_and_the_languages_are_read_and_mistakes_in_them_told() {
    let of = |ui: &str| parse(&format!("{MINIMAL}\n[ui]\n{ui}\n"));
    for (written, meant) in [
        ("terminal_bidi = \"auto\"", TerminalBidi::Auto),
        ("terminal_bidi = \"words\"", TerminalBidi::Words),
        ("terminal_bidi = true", TerminalBidi::Terminal),
        ("terminal_bidi = false", TerminalBidi::Us),
        ("", TerminalBidi::Auto),
    ] {
        let config = of(written).unwrap();
        assert_eq!(config.ui.terminal_bidi, meant, "{written}");
        assert_eq!(parse(&config.to_toml()).unwrap().ui.terminal_bidi, meant, "{written}, written and read again");
    }
    let config = of("language = \"tr\"\nlayout = \"ru\"").unwrap();
    assert_eq!((config.ui.language, config.ui.layout.map(|layout| layout.name)), (Some(Language::Tr), Some("ru")));
    let again = parse(&config.to_toml()).unwrap();
    assert_eq!((again.ui.language, again.ui.layout), (config.ui.language, config.ui.layout));
    let said = of("layout = \"rus\"").unwrap_err();
    assert!(said.contains("ui.layout can't be \"rus\" (did you mean \"ru\"?)"), "{said}");
    let said = of("layout = \"xx\"").unwrap_err();
    assert!(said.contains("ui.layout can't be \"xx\" (it knows ar, el, fa, he, ko, ru, th, tr, uk)"), "{said}");
    let said = of("language = \"klingon\"").unwrap_err();
    assert!(said.contains("\"klingon\" is no language that postroom writes"), "{said}");
    let said = of("terminal_bidi = \"yes\"").unwrap_err();
    assert!(said.contains("ui.terminal_bidi can't be \"yes\"") && said.contains("\"auto\" or \"words\""), "{said}");
    let inbox = MINIMAL.replace("[inbox.support]", "[inbox.support]\nlanguage = \"ar\"");
    let config = parse(&inbox).unwrap();
    assert_eq!(config.inboxes[0].language, Some(Language::Ar));
    assert_eq!(parse(&config.to_toml()).unwrap().inboxes[0].language, Some(Language::Ar));
    let said = parse(&inbox.replace("\"ar\"", "\"arabic\"")).unwrap_err();
    assert!(said.contains("\"arabic\" is no language"), "{said}");
}

/// Reads a text over that of a file for all.
fn over(own: &str, shared: &str) -> Result<Config, String> {
    let paths = Paths { config: "/c/config.toml".into(), data: "/d".into(), shared: Vec::new() };
    let under = Under::all(own, vec![("/etc/xdg/postroom/config.toml".into(), shared.to_owned())]);
    let read = Config::read(Reader::over(&paths.config, own, &under), &paths, &Layers::default(), true);
    read.map_err(|error| error.to_string())
}

#[test]
fn a_config_over_one_for_all_wins_key_by_key() {
    let own = "[me]\nhandle = \"bob\"\n[account.main.imap]\npassword_prompt = true\n[ui]\ntheme = \"light\"\n";
    let shared =
        format!("{MINIMAL}[ui]\ntheme = \"dark\"\nmouse = true\n[inbox.sales]\naddress = \"sales@example.com\"\n");
    let config = over(own, &shared).unwrap();
    assert_eq!((config.me.as_str(), config.ui.theme.as_str(), config.ui.mouse), ("bob", "light", true));
    assert_eq!(config.inboxes.len(), 2);
    // Of the ways to a password one is enough: that of the file over it.
    assert_eq!(first(&config).imap.secret, Secret::Prompt);
    assert_eq!(first(&config).imap.host, "imap.example.com");
    assert!(over("", MINIMAL).is_ok(), "the one for all is enough");
}

#[test]
fn a_mistake_is_told_of_the_file_that_it_stands_in() {
    let shared = MINIMAL.replace("host =", "hots =");
    let told = over("[ui]\nthem = \"light\"\n", &shared).unwrap_err();
    assert!(told.contains("/c/config.toml:2:1"), "{told}");
    assert!(told.contains("/etc/xdg/postroom/config.toml:5:1"), "{told}");
    let told = over("", "[me]\nhandle = \"alice\n").unwrap_err();
    assert!(told.contains("/etc/xdg/postroom/config.toml:2:"), "{told}");
    let clear = MINIMAL.replace("password_command = \"pass show support\"", "password = \"horse\"");
    let told = over("", &clear).unwrap_err();
    assert!(
        told.contains("/etc/xdg/postroom/config.toml:7") && !told.contains("horse"),
        "a file for all holds no password: {told}"
    );
    assert!(over(&clear, "").is_ok());
}

/// A config in which every section stands once.
const WHOLE: &str = r#"
[me]
handle = "alice"
[agent.alice]
name = "Alice"
[teams]
[account.main]
server_files_sent = true
[account.main.imap]
host = "imap.example.com"
user = "support@example.com"
auth = "oauth2"
[account.main.smtp]
host = "smtp.example.com"
[account.main.oauth2]
provider = "google"
client_id = "a-client"
[inbox.support]
address = "support@example.com"
[ui]
mouse = true
[notify]
title = true
[sending]
quote = true
[variables]
[signatures]
[keys]
[view.vip]
query = "tag:vip"
[hook.chat]
on = "new"
run = ["true"]
[panel.shop]
run = ["true"]
"#;

/// Returns the config with a row put right below a section's head, and what is told of it.
fn told_of(section: &str, row: &str) -> String {
    let text = match section {
        "" => format!("{row}\n{WHOLE}"),
        section => {
            let head = format!("[{section}]\n");
            assert!(WHOLE.contains(&head), "no section [{section}] in the config of this test");
            WHOLE.replacen(&head, &format!("{head}{row}\n"), 1)
        }
    };
    match parse_as(&text, &Layers::default(), true) {
        Ok(config) => config.problems.iter().map(|problem| format!("{problem}\n")).collect(),
        Err(told) => told,
    }
}

#[test]
fn a_slip_in_any_key_is_told_with_the_key_that_is_meant() {
    let paths = Paths { config: "/c/config.toml".into(), data: "/d".into(), shared: Vec::new() };
    let reader = Reader::new(&paths.config, WHOLE);
    let table = reader.parse();
    let _ = shape::config(reader.root(&table), &paths, &Layers::default(), None, true).unwrap();
    let asked = reader.asked();
    // Names of sections that are the user's own are none of the program's keys.
    let of_user = ["teams", "variables", "signatures", "keys"];
    let keys: Vec<(String, String)> =
        asked.iter().filter(|(section, _)| !of_user.contains(&section.as_str())).cloned().collect();
    assert!(keys.len() > 80, "the test sees only {} keys", keys.len());
    for (section, key) in &keys {
        let last = key.chars().last().unwrap();
        let letters: Vec<char> = key.chars().collect();
        let mut slips = vec![format!("{key}{last}")];
        if letters.len() > 4 {
            let mut swapped = letters.clone();
            swapped.swap(1, 2);
            slips.push(swapped.into_iter().collect());
        }
        for slip in slips {
            if keys.iter().any(|(of, known)| of == section && *known == slip) || slip == *key {
                continue;
            }
            let told = told_of(section, &format!("{slip} = 1"));
            let meant = format!("did you mean \"{key}\"");
            assert!(told.contains(slip.as_str()) && told.contains(&meant), "[{section}] {slip}: {told}");
        }
    }
}

#[test]
fn what_an_older_version_wrote_is_read_and_told_as_it_is_written_now() {
    let old =
        "[me]\nhandle = \"alice\"\n[account.main]\nlocal = true\n[inbox.support]\naddress = \"support@example.com\"\n";
    let config = parse(old).unwrap();
    assert_eq!(config.accounts[0].remote, Remote::Local);
    let told: Vec<String> = config.older.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("/c/config.toml:4:9") && told[0].contains("kind = \"local\""), "{told:?}");
    assert!(parse(&old.replace("local = true", "kind = \"local\"")).unwrap().older.is_empty());
}
