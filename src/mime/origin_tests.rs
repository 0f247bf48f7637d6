use super::*;

fn origin(head: &str) -> Origin {
    crate::mime::envelope(head.as_bytes()).origin
}

#[test]
fn machines_are_known_by_their_headers() {
    for head in [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=y",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "Precedence: bulk",
        "Subject: Automatic reply: hello",
        "Subject: =?utf-8?Q?R=C3=A9ponse_automatique?= : hello",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    ] {
        assert_eq!(origin(&format!("From: a@x\n{head}\n\n")), Origin::Automatic, "{head}");
    }
}

#[test]
fn people_are_not_taken_for_machines() {
    for head in [
        "Auto-Submitted: no",
        "X-Auto-Response-Suppress: All",
        "Precedence: list",
        "Precedence: bulk\nList-Id: <users.example.com>",
        "Subject: Re: the automatic reply that I got",
    ] {
        assert_eq!(origin(&format!("From: a@x\n{head}\n\n")), Origin::Human, "{head}");
    }
}

#[test]
fn bounces_are_known() {
    for head in [
        "From: MAILER-DAEMON@x",
        "From: Mail Delivery Subsystem <md@x>",
        "From: a@x\nX-Failed-Recipients: b@y",
        "From: a@x\nContent-Type: multipart/report; report-type=delivery-status; boundary=x",
        "From: postmaster@x\nSubject: Undeliverable: hello",
        "From: system@x\nReturn-Path: <>\nSubject: Delivery Status Notification (Failure)",
    ] {
        assert_eq!(origin(&format!("{head}\n\n")), Origin::Bounce, "{head}");
    }
}
