use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::config::{Account, Auth, Config, Layers, Paths, Secret};

/// An account that logs in by OAuth2, with the rows of its section.
fn text(rows: &str) -> String {
    format!(
        "[me]\nhandle = \"alice\"\n[inbox.support]\naddress = \"support@example.com\"\n\
         [account.main.imap]\nhost = \"imap.example.com\"\nuser = \"support@example.com\"\nauth = \"oauth2\"\n\
         [account.main.smtp]\nhost = \"smtp.example.com\"\n[account.main.oauth2]\n{rows}\n"
    )
}

fn parse_in(text: &str, private: bool) -> Result<Config, String> {
    let paths = Paths { config: PathBuf::from("config.toml"), data: PathBuf::from("/data"), shared: Vec::new() };
    Config::parse(text, &paths, &Layers::default(), private).map_err(|error| error.to_string())
}

fn read(rows: &str) -> Arc<OAuth2> {
    let config = parse_in(&text(rows), true).unwrap();
    Arc::clone(config.accounts[0].oauth2().unwrap())
}

fn refused(rows: &str) -> String {
    parse_in(&text(rows), true).unwrap_err()
}

fn secrets(account: &Account) -> Vec<(Auth, bool)> {
    let is_token = |secret: &Secret| matches!(secret, Secret::OAuth2(_));
    account.endpoints().iter().map(|endpoint| (endpoint.auth, is_token(&endpoint.secret))).collect()
}

#[test]
fn a_known_provider_wants_no_more_than_a_client() {
    let google = read("provider = \"google\"\nclient_id = \"x\"\nclient_secret = \"y\"");
    assert_eq!(
        (google.scopes.as_slice(), google.device_url.as_ref()),
        (["https://mail.google.com/".to_owned()].as_slice(), None)
    );
    assert!(google.further().contains(&("access_type", "offline")) && google.redirect_host() == "127.0.0.1");
    let microsoft = read("provider = \"microsoft\"\nclient_id = \"x\"\ntenant = \"harbour.example\"");
    assert!(microsoft.token_url.contains("/harbour.example/oauth2/v2.0/token"), "{}", microsoft.token_url);
    assert!(microsoft.device_url.is_some() && microsoft.redirect_host() == "localhost");
    assert_eq!(microsoft.user, "support@example.com");
}

#[test]
fn both_servers_take_the_tokens_and_one_that_wants_a_password_needs_it() {
    let config = parse_in(&text("provider = \"google\"\nclient_id = \"x\""), true).unwrap();
    assert_eq!(secrets(&config.accounts[0]), [(Auth::OAuth2, true), (Auth::OAuth2, true)]);
    let other = text("provider = \"google\"\nclient_id = \"x\"")
        .replace("host = \"smtp.example.com\"", "host = \"smtp.example.com\"\nauth = \"password\"");
    assert!(parse_in(&other, true).unwrap_err().contains("password"), "a token is no password");
    let own = other.replace("auth = \"password\"", "auth = \"password\"\npassword_env = \"SMTP\"");
    assert_eq!(secrets(&parse_in(&own, true).unwrap().accounts[0]), [(Auth::OAuth2, true), (Auth::Password, false)]);
}

#[test]
fn what_is_wrong_with_a_section_is_told_with_what_to_write() {
    assert!(refused("provider = \"gogle\"\nclient_id = \"x\"").contains("google"));
    assert!(refused("provider = \"google\"").contains("client_id"));
    assert!(refused("client_id = \"x\"").contains("names no provider"));
    let elsewhere =
        "client_id = \"x\"\nauthorize_url = \"http://login.example/a\"\ntoken_url = \"https://login.example/t\"";
    assert!(refused(elsewhere).contains("begins with https://"), "{}", refused(elsewhere));
    assert!(refused("provider = \"microsoft\"\nclient_id = \"x\"\ntenant = \"../x\"").contains("tenant"));
    let without = text("").replace("[account.main.oauth2]", "");
    assert!(parse_in(&without, true).unwrap_err().contains("nothing says how"));
    let open = parse_in(&text("provider = \"google\"\nclient_id = \"x\"\nclient_secret = \"y\""), false);
    assert!(open.unwrap_err().contains("others can read"));
}

#[test]
fn it_is_written_so_that_it_can_be_read_back_and_never_with_the_secret() {
    let rows = "provider = \"microsoft\"\nclient_id = \"x\"\nclient_secret = \"hush\"\ntenant = \"t\"\n\
                tokens = \"keyring\"\nredirect_port = 8123";
    let config = parse_in(&text(rows), true).unwrap();
    let written = config.to_toml();
    assert!(!written.contains("hush") && !format!("{config:?}").contains("hush"), "{written}");
    let again = parse_in(&written, true).unwrap();
    let (was, is) = (read(rows), Arc::clone(again.accounts[0].oauth2().unwrap()));
    assert_eq!(OAuth2 { client_secret: None, ..(*was).clone() }, *is);
}

#[test]
fn the_secret_of_the_client_may_come_from_a_command_and_from_one_place_alone() {
    let rows = |rest: &str| format!("provider = \"google\"\nclient_id = \"x\"\n{rest}");
    let line = read(&rows("client_secret_command = \"pass show client\""));
    assert_eq!(line.client_secret, Some(Secret::Command("pass show client".to_owned())));
    let words = rows("client_secret_command = [\"cat\", \"/home/a/main.client\"]");
    let config = parse_in(&text(&words), false).unwrap();
    let again = parse_in(&config.to_toml(), false).unwrap();
    assert_eq!(again.accounts[0].oauth2(), config.accounts[0].oauth2());
    let bob = crate::model::ids::Handle::new("bob").unwrap();
    let invited = config.to_invitation(&bob, None, None, None, &[]);
    assert!(!invited.contains("main.client") && invited.contains("# client_secret = (not shown)"), "{invited}");
    assert_eq!(config.client_secrets(), ["main"]);
    assert!(refused(&rows("client_secret_command = []")).contains("names no program"));
    assert!(refused(&rows("client_secret = \"a\"\nclient_secret_command = \"b\"")).contains("several"));
}
