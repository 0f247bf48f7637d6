use std::collections::BTreeMap;

use super::*;
use crate::model::agent::Inbox;
use crate::model::ids::{AccountId, InboxId};
use crate::model::message::Vouch;

fn team() -> Team {
    let account = AccountId::new("main").unwrap();
    let inbox = Inbox {
        id: InboxId::new("support").unwrap(),
        account: account.clone(),
        address: Address::new("Support", "support@shopware.example"),
        aliases: Vec::new(),
        folder: None,
        language: None,
    };
    Team {
        inboxes: vec![inbox],
        authserv: BTreeMap::from([(account, "MX.shopware.example".into())]),
        ..Team::default()
    }
}

fn from(name: &str, email: &str) -> Envelope {
    Envelope { from: vec![Address::new(name, email)], ..Envelope::default() }
}

fn found(envelope: &Envelope) -> Vec<Doubt> {
    doubts(envelope, Authorship::Sender, &team())
}

fn vouch(by: &str, passed: &[&str], failed: &[&str]) -> Vouch {
    let all = |of: &[&str]| of.iter().map(|one| (*one).to_owned()).collect();
    Vouch { by: by.into(), passed: all(passed), failed: all(failed) }
}

#[test]
fn what_our_own_server_found_to_fail_is_told_and_what_others_say_is_not() {
    let mut mail = from("Bank", "info@bank.example");
    for (vouches, is_told) in [
        (vec![vouch("mx.shopware.example", &[], &["bank.example"])], true),
        (vec![vouch("mx.shopware.example", &["bank.example"], &["bank.example"])], false),
        (vec![vouch("mx.shopware.example", &["evil.example"], &["bank.example"])], true),
        (vec![vouch("mx.shopware.example", &[], &["list.example"])], false),
        (vec![vouch("mx.elsewhere.example", &[], &["bank.example"])], false),
        (
            vec![
                vouch("mx.elsewhere.example", &["bank.example"], &[]),
                vouch("mx.shopware.example", &[], &["bank.example"]),
            ],
            true,
        ),
        (vec![], false),
    ] {
        mail.vouches = vouches.clone();
        let expected = if is_told { vec![Doubt::Failed("bank.example".into())] } else { Vec::new() };
        assert_eq!(found(&mail), expected, "{vouches:?}");
    }
}

#[test]
fn a_name_that_carries_the_address_of_somebody_else_is_told() {
    for (name, address) in [
        ("support@shopware.example", Some("support@shopware.example")),
        ("\"Support <Support@Shopware.example>\"", Some("support@shopware.example")),
        ("Eve (eve@bank.example)", Some("eve@bank.example")),
        ("eve@evil.example", None),
        ("sales@evil.example", None),
        ("Eve @ home", None),
        ("Eve @shopware", None),
        ("", None),
    ] {
        let expected: Vec<Doubt> = address.map(|one| Doubt::Named(one.into())).into_iter().collect();
        assert_eq!(found(&from(name, "eve@evil.example")), expected, "{name}");
    }
}

#[test]
fn domains_that_an_eye_takes_for_ours_are_told_and_others_are_not() {
    let is_told = |domain: &str| !found(&from("Eve", &format!("eve@{domain}"))).is_empty();
    for domain in [
        "sh0pware.example",
        "shopvvare.example",
        "shopwarre.example",
        "shopwaer.example",
        "shopware.example.evil.example",
        "ѕhорware.example",
        "shoрware.example",
    ] {
        assert!(is_told(domain), "{domain}");
    }
    for domain in
        ["shopware.example", "mail.shopware.example", "example", "bank.example", "workshop.example", "shopware.test"]
    {
        assert!(!is_told(domain), "{domain}");
    }
}

#[test]
fn what_claims_to_be_from_us_and_senders_that_are_no_addresses_are_left_to_others() {
    let mail = from("x", "support@shopware.example");
    assert!(found(&mail).is_empty());
    assert!(doubts(&from("support@shopware.example", "eve@evil.example"), Authorship::Filed, &team()).is_empty());
    assert!(found(&from("a@b", "undisclosed")).is_empty());
    let long = format!("eve@{}", "a".repeat(100_000));
    assert!(found(&from("support@shopware.example", &long)).is_empty());
}

#[test]
fn a_list_or_a_form_that_passes_on_what_somebody_wrote_is_no_disguise_unless_it_shows_our_own_address() {
    let list = |name: &str| Envelope { list_id: "users.lists.example".into(), ..from(name, "users@lists.example") };
    let form = |name: &str, answer: &str| Envelope {
        reply_to: vec![Address::new("", answer)],
        ..from(name, "noreply@forms.example")
    };
    assert!(found(&list("jane@customer.example via Users")).is_empty());
    assert!(found(&form("jane@customer.example", "Jane@Customer.example")).is_empty());
    let named = |address: &str| vec![Doubt::Named(address.into())];
    assert_eq!(found(&form("jane@customer.example", "eve@evil.example")), named("jane@customer.example"));
    assert_eq!(found(&list("support@shopware.example via Users")), named("support@shopware.example"));
    assert_eq!(found(&list("boss@shopware.example via Users")), named("boss@shopware.example"));
    assert_eq!(
        found(&form("support@shopware.example", "support@shopware.example")),
        named("support@shopware.example"),
        "whoever reads the name alone takes it for ours"
    );
}

#[test]
fn an_address_of_ours_with_a_public_provider_makes_no_neighbours_of_its_customers() {
    let mut team = team();
    team.inboxes[0].address = Address::new("Shop", "shop@gmail.com");
    let told = |name: &str, email: &str| doubts(&from(name, email), Authorship::Sender, &team);
    for domain in ["gmail.com", "mail.com", "ymail.com", "email.com", "gmai1.com", "gmaul.com"] {
        assert_eq!(told("Eve", &format!("eve@{domain}")), [], "{domain}");
    }
    assert_eq!(told("jane@gmail.com", "jane.doe@gmail.com"), []);
    assert_eq!(told("jane@mail.com", "jane@mail.com"), []);
    assert_eq!(told("Shop <shop@gmail.com>", "eve@gmail.com"), [Doubt::Named("shop@gmail.com".into())]);
    team.inboxes[0].address = Address::new("Shop", "shop@tmail.com");
    assert_eq!(doubts(&from("Eve", "eve@gmail.com"), Authorship::Sender, &team), []);
}

#[test]
fn the_public_providers_stand_in_order_and_once() {
    assert!(PUBLIC.is_sorted() && PUBLIC.windows(2).all(|two| two[0] != two[1]));
}
