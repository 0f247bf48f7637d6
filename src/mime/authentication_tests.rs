//! Fields as servers in use write them, and as somebody writes them who wants to be believed.

use super::*;

fn passed(field: &str) -> Vec<String> {
    of([field.as_bytes()].into_iter()).into_iter().flat_map(|vouch| vouch.passed).collect()
}

fn failed(field: &str) -> Vec<String> {
    of([field.as_bytes()].into_iter()).into_iter().flat_map(|vouch| vouch.failed).collect()
}

#[test]
fn what_servers_in_use_write_is_read() {
    let gmail = "mx.google.com;\n       dkim=pass header.i=@example.com header.s=s1 header.b=\"AbC=\";\n       spf=pass \
                 (google.com: domain of a@example.com designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@example.com;\n\
                 \x20      dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=example.com";
    let found = of([gmail.as_bytes()].into_iter());
    assert_eq!(found, [Vouch { by: "mx.google.com".into(), passed: vec!["example.com".into()], failed: vec![] }]);
    assert_eq!(passed("mx.example.com 1; dkim=pass header.d=mail.example.com"), ["mail.example.com"]);
    assert_eq!(passed("mx; DKIM/1 = pass Header.D = Example.COM."), ["example.com"]);
    assert_eq!(passed("mx; spf=pass smtp.mailfrom=b+u=x.org@list.org; dkim=pass header.d=list.org"), ["list.org"]);
    assert_eq!(passed("\"mx one\"; dmarc=pass header.from=a@example.com"), ["example.com"]);
    assert_eq!(
        failed("mx; dmarc=fail (p=reject) header.from=example.com; dkim=fail header.d=b.org"),
        ["example.com", "b.org"]
    );
}

#[test]
fn only_pass_and_fail_of_dkim_and_dmarc_say_anything() {
    for result in ["none", "neutral", "temperror", "permerror", "policy", "softfail", "passed", ""] {
        let field = format!("mx; dkim={result} header.d=example.com; dmarc={result} header.from=example.com");
        assert!(of([field.as_bytes()].into_iter()).is_empty(), "{result}");
    }
    for field in [
        "mx; none",
        "mx",
        "",
        ";",
        "mx 2; dkim=pass header.d=example.com",
        "mx; spf=pass smtp.mailfrom=example.com; arc=pass header.d=example.com",
        "mx; dkim=pass",
        "mx; dkim=pass header.d=",
        "dkim=pass header.d=example.com; dmarc=pass header.from=example.com",
        "mx; foo dkim=pass header.d=example.com",
    ] {
        assert!(of([field.as_bytes()].into_iter()).is_empty(), "{field}");
    }
}

#[test]
fn comments_and_quotes_hold_no_results() {
    for field in [
        "mx; spf=fail (x; dkim=pass header.d=example.com)",
        "mx; spf=fail (x (y) ; dkim=pass header.d=example.com",
        "mx; spf=fail (x \\) ; dkim=pass header.d=example.com)",
        "mx; spf=fail smtp.mailfrom=\"a; dkim=pass header.d=example.com\"@evil.org",
        "mx; spf=fail smtp.mailfrom=\"a\\\"; dkim=pass header.d=example.com\"@evil.org",
        "mx; spf=fail reason=\"never closed; dkim=pass header.d=example.com",
    ] {
        assert_eq!(passed(field), Vec::<String>::new(), "{field}");
    }
}

#[test]
fn of_a_server_its_topmost_field_counts() {
    let fields = ["mx; none", "other; dkim=pass header.d=b.org", "MX; dkim=pass header.d=example.com"];
    let found = of(fields.iter().map(|field| field.as_bytes()));
    assert_eq!(found, [Vouch { by: "other".into(), passed: vec!["b.org".into()], failed: vec![] }]);
}

#[test]
fn what_is_kept_is_bounded() {
    let fields: Vec<String> = (0..100).map(|n| format!("mx{n}; dkim=pass header.d=example.com")).collect();
    assert_eq!(of(fields.iter().map(String::as_bytes)).len(), SERVERS_MAX);
    let many: String = (0..100).map(|n| format!("; dkim=pass header.d=d{n}.org")).collect();
    assert_eq!(passed(&format!("mx{many}")).len(), DOMAINS_MAX);
    assert_eq!(passed(&format!("mx; dkim=pass header.d={}", "a".repeat(300))), Vec::<String>::new());
}

#[test]
fn it_is_found_in_a_mail_between_what_is_passed_over() {
    let raw = b"Received: by x\nARC-Authentication-Results: i=1; mx; dkim=pass header.d=arc.org\n\
        Authentication-Results: mx;\n\tdkim=pass header.d=example.com\nAuthentication-Results-Original: mx2; dkim=pass\n\
        \theader.d=old.org\nX-MS-Exchange: y\nFrom: a@example.com\n\nAuthentication-Results: mx3; dkim=pass header.d=body.org\n";
    let found = crate::mime::envelope(raw).vouches;
    assert_eq!(found, [Vouch { by: "mx".into(), passed: vec!["example.com".into()], failed: vec![] }]);
}
