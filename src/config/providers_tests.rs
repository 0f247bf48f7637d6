use super::*;

#[test]
fn a_provider_is_known_by_its_addresses_and_by_who_takes_mail_for_a_domain() {
    let name = |preset: Option<&'static Preset>| preset.map(|preset| preset.name);
    assert_eq!(name(Preset::of_domain("GMail.com")), Some("gmail"));
    assert_eq!(name(Preset::of_mx("aspmx.l.google.com.")), Some("gmail"));
    assert_eq!(name(Preset::of_mx("shop-example.mail.protection.outlook.com")), Some("outlook"));
    assert_eq!(name(Preset::of_mx("in1-smtp.messagingengine.com")), Some("fastmail"));
    assert_eq!(name(Preset::of_mx("mx.zoho.eu")), Some("zoho-eu"));
    assert_eq!(name(Preset::of_mx("mxext1.mailbox.org")), Some("mailbox.org"));
    assert_eq!(name(Preset::of_mx("mx.evilgoogle.com")), None, "a name that only ends like it is another");
    assert_eq!(name(Preset::of_domain("example.com")), None);
}

#[test]
fn each_has_servers_that_are_secured_words_of_its_own_and_no_domain_of_anothers() {
    for (at, preset) in PRESETS.iter().enumerate() {
        assert_eq!(Preset::named(preset.name), Some(preset));
        for server in [preset.imap(), preset.smtp()] {
            assert!(server.host.contains('.') && server.security != Security::Plain, "{server:?}");
        }
        assert_eq!(preset.smtp().port, if preset.smtp().security == Security::Tls { 465 } else { 587 });
        assert!(!crate::text::render(&preset.advice()).is_empty());
        for other in PRESETS.iter().skip(at + 1) {
            assert!(preset.domains.iter().all(|domain| !other.domains.contains(domain)), "{}", other.name);
        }
        assert!(!preset.tokens_only || preset.tokens.is_some(), "{}", preset.name);
    }
}
