//! Mails forwarded by verb, and what comes of it: the real program, a real SMTP server, a real Dovecot, and Python's `email` as the
//! reader of what went out.

use std::path::Path;
use std::process::Output;

use crate::support::dovecot::Dovecot;
use crate::support::person::{self, command, said};
use crate::support::python;
use crate::support::smtp::SmtpServer;

fn config(dir: &Path, imap: u16, smtp: u16) {
    person::config(dir, imap, smtp, "address = \"support@example.com\"");
}

fn postroom(dir: &Path, args: &[&str]) -> Output {
    command(env!("CARGO_BIN_EXE_postroom"), dir, args).output().unwrap()
}

/// A desk with these mails in its inbox, synced.
struct Desk {
    dovecot: Dovecot,
    server: SmtpServer,
    dir: tempfile::TempDir,
}

impl Desk {
    fn with(mails: &[&str]) -> Option<Self> {
        let desk = Self { dovecot: Dovecot::start()?, server: SmtpServer::start(), dir: tempfile::tempdir().unwrap() };
        config(desk.dir.path(), desk.dovecot.imap, desk.server.port);
        mails.iter().for_each(|mail| desk.receive(mail));
        Some(desk)
    }

    fn receive(&self, mail: &str) {
        self.dovecot.deliver("support", "INBOX", mail);
        self.run(&["sync"]);
    }

    /// Runs a command that works, and returns what it said.
    fn run(&self, args: &[&str]) -> String {
        let output = postroom(self.dir.path(), args);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        said(&output)
    }

    /// Runs a command that does not work, and returns what it said.
    fn refused(&self, args: &[&str]) -> String {
        let output = postroom(self.dir.path(), args);
        assert!(!output.status.success(), "{args:?}: {}", said(&output));
        said(&output)
    }

    /// The mail that went out last, as Python reads it.
    fn last(&self) -> Option<serde_json::Value> {
        python::read(&self.server.mails().last().unwrap().bytes)
    }
}

const INVOICE: &str = "From: Ann <ann@a.example>\nTo: support@example.com\nCc: Al <al@a.example>\nSubject: Invoice attached\n\
    Date: Thu, 26 Nov 2026 10:00:00 +0000\nMessage-ID: <f02@a.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n\
    --B\nContent-Type: text/plain\n\nsee invoice {link.pay}\n--B\nContent-Type: application/pdf; name=invoice.pdf\n\
    Content-Disposition: attachment; filename=invoice.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQKZmFrZQ==\n--B\n\
    Content-Type: text/csv; charset=utf-8\nContent-Disposition: attachment; filename*=utf-8''r%C3%A4der.csv\n\
    Content-Transfer-Encoding: quoted-printable\n\nr=C3=A4der;2\n--B--\n";
const PDF: &str = "255044462d312e340a66616b65";
const HEAD: &str = "---------- Forwarded message ----------\nFrom: Ann <ann@a.example>\nDate: Thu, 26 Nov 2026 10:00 UTC\n\
    Subject: Invoice attached\nTo: support@example.com\nCc: Al <al@a.example>\n\nsee invoice {link.pay}\n";

#[test]
fn a_forward_takes_the_files_and_the_header_along_and_a_dry_run_lists_both() {
    let Some(desk) = Desk::with(&[INVOICE]) else { return };
    let forward = ["forward", "subject:invoice", "--to", "tax@t.example"];
    let dry = desk.run(&[&forward[..], &["--dry-run"]].concat());
    assert!(dry.contains("Attached: invoice.pdf (13 bytes)\nAttached: räder.csv (8 bytes)\n"), "{dry}");
    assert!(dry.contains(HEAD), "{dry}");
    let json = desk.run(&[&forward[..], &["--dry-run", "--json"]].concat());
    assert!(json.contains("\"name\":\"invoice.pdf\",\"size\":13"), "{json}");

    desk.run(&[&forward[..], &["--body", "For the books.", "--send"]].concat());
    let Some(mail) = desk.last() else { return };
    assert_eq!(mail["fields"]["Subject"], "Fwd: Invoice attached");
    assert_eq!((mail["fields"].get("In-Reply-To"), &mail["fields"]["References"]), (None, &"<f02@a.example>".into()));
    assert_eq!(python::each(&mail, "type"), ["multipart/mixed", "text/plain", "application/pdf", "text/csv"]);
    assert_eq!(python::each(&mail, "name"), ["", "", "invoice.pdf", "räder.csv"]);
    assert_eq!(python::each(&mail, "hex")[2..], [PDF.to_owned(), "72c3a46465723b32".to_owned()]);
    assert_eq!(python::each(&mail, "text")[1], format!("For the books.\n\n{}", HEAD.trim_end()));

    for out in [&["--without", "invoice.pdf"][..], &["--without", "1"]] {
        desk.run(&[&forward[..], out, &["--body", "Without", "--send"]].concat());
        assert_eq!(python::each(&desk.last().unwrap(), "name"), ["", "", "räder.csv"]);
    }
    desk.run(&[&forward[..], &["--without", "2", "--without", "1", "--body", "None", "--send"]].concat());
    assert_eq!(python::each(&desk.last().unwrap(), "type"), ["text/plain"]);
    let none = desk.refused(&[&forward[..], &["--without", "3", "--send"]].concat());
    assert!(none.contains("no file \"3\" goes along") && none.contains("1 invoice.pdf, 2 räder.csv"), "{none}");
    desk.run(&[&forward[..], &["--send"]].concat());
    assert_eq!(desk.server.mails().len(), 5, "a forward needs no words");
}

#[test]
fn a_forward_as_a_file_is_the_mail_byte_for_byte() {
    let eight_bit = "From: Bo <bo@b.example>\nTo: support@example.com\nSubject: R\u{e4}der\nDate: Thu, 26 Nov 2026 10:00:00 +0000\n\
        Message-ID: <bo@b.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\
        Gr\u{fc}\u{df}e\n\u{20}\nFrom us\n";
    let Some(desk) = Desk::with(&[INVOICE, eight_bit]) else { return };
    for (query, mail, name) in
        [("subject:invoice", INVOICE, "Invoice attached.eml"), ("from:bo@b.example", eight_bit, "Räder.eml")]
    {
        desk.run(&["forward", query, "--to", "tax@t.example", "--body", "As it came.", "--as-eml", "--send"]);
        let sent = desk.server.mails().last().unwrap().bytes.clone();
        let wire = mail.replace('\n', "\r\n").into_bytes();
        assert!(sent.windows(wire.len()).any(|part| part == wire), "{}", String::from_utf8_lossy(&sent));
        let Some(read) = desk.last() else { return };
        assert_eq!(python::each(&read, "type"), ["multipart/mixed", "text/plain", "message/rfc822"]);
        assert_eq!(python::each(&read, "name")[2], name);
        assert_eq!(python::each(&read, "text")[1].trim(), "As it came.");
    }
}

const NEWSLETTER: &str = "From: Ann <ann@a.example>\nTo: support@example.com\nSubject: Broken lamp\nDate: Thu, 26 Nov 2026 10:00:00 +0000\n\
    Message-ID: <html@a.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=M\n\n--M\n\
    Content-Type: multipart/alternative; boundary=A\n\n--A\nContent-Type: text/plain\n\nLook at the *lamp*\n--A\n\
    Content-Type: multipart/related; boundary=R\n\n--R\nContent-Type: text/html; charset=utf-8\n\n\
    <html><head><style>p{}</style></head><body bgcolor=\"#eee\"><p onclick=\"x()\">Look at the <b>lamp</b></p>\n\
    <img src=\"cid:lamp@a\" alt=\"the lamp\"><script>alert(1)</script></body></html>\n--R\nContent-Type: image/png\nContent-ID: <lamp@a>\n\
    Content-Disposition: inline; filename=lamp.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--R--\n--A--\n--M\n\
    Content-Type: application/pdf; name=bill.pdf\nContent-Disposition: attachment; filename=bill.pdf\nContent-Transfer-Encoding: base64\n\n\
    JVBERi0xLjQKZmFrZQ==\n--M--\n";

#[test]
fn html_goes_along_whole_with_its_images_and_nothing_that_runs() {
    let Some(desk) = Desk::with(&[NEWSLETTER]) else { return };
    let forward = ["forward", "subject:lamp", "--to", "fac@f.example", "--body", "See <below> & answer."];
    desk.run(&[&forward[..], &["--send"]].concat());
    let Some(mail) = desk.last() else { return };
    let types = [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ];
    assert_eq!(python::each(&mail, "type"), types);
    assert_eq!(python::each(&mail, "hex")[5..], ["89504e470d0a1a0a".to_owned(), PDF.to_owned()]);
    let html = &python::each(&mail, "text")[4];
    let cid = python::each(&mail, "cid")[5].trim_matches(['<', '>']).to_owned();
    assert!(cid.ends_with("@example.com"), "{cid}");
    assert!(html.contains(&format!("src=\"cid:{cid}\"")), "{html}");
    let own = html.find("See &lt;below&gt; &amp; answer.").unwrap();
    let head = html.find("Subject: Broken lamp").unwrap();
    let theirs = html.find("<p>Look at the <b>lamp</b></p>").unwrap();
    assert!(own < head && head < theirs && html.contains("bgcolor=\"#eee\""), "{html}");
    assert!(!html.contains("script") && !html.contains("onclick") && !html.contains("alert"), "{html}");
    assert!(python::each(&mail, "text")[2].contains("Look at the *lamp*"));

    desk.run(&[&forward[..], &["--without", "lamp.png", "--send"]].concat());
    let mail = desk.last().unwrap();
    assert_eq!(python::each(&mail, "name").join(""), "bill.pdf");
    let html = &python::each(&mail, "text")[3];
    assert!(html.contains("<img alt=\"the lamp\">") && !html.contains("cid:"), "{html}");
}

#[test]
fn after_a_forward_the_suppliers_answer_is_a_side_thread_and_the_customer_is_answered() {
    let dee = "From: Dee <dee@d.example>\nTo: support@example.com\nSubject: Frame cracked\nMessage-ID: <f10a@d.example>\n\nMy frame cracked\n";
    let Some(desk) = Desk::with(&[dee]) else { return };
    desk.run(&["forward", "subject:cracked", "--to", "factory@supplier.example", "--body", "Warranty?", "--send"]);
    let sent = postroom::mime::envelope(&desk.server.mails()[0].bytes).message_id.unwrap();
    desk.receive(&format!(
        "From: Factory <factory@supplier.example>\nTo: support@example.com\nSubject: Re: Fwd: Frame cracked\n\
         Message-ID: <f10c@supplier.example>\nIn-Reply-To: <{sent}>\n\nNo warranty; your cost price 80 EUR\n"
    ));
    assert_eq!(desk.run(&["count", "subject:cracked"]).trim(), "1");
    let reply = ["reply", "subject:cracked", "--quote", "--body"];
    let dry = desk.run(&[&reply[..], &["Hello", "--dry-run"]].concat());
    assert!(dry.contains("To: Dee <dee@d.example>") && dry.contains("> My frame cracked"), "{dry}");
    assert!(dry.contains("factory@supplier.example wrote here too") && !dry.contains("80 EUR"), "{dry}");
    let quoting = desk.run(
        &[&reply[..], &["Hello", "--message", "f10c@supplier.example", "--to", "dee@d.example", "--dry-run"]].concat(),
    );
    assert!(quoting.contains("this quotes factory@supplier.example to dee@d.example"), "{quoting}");
    let forward =
        ["forward", "subject:cracked", "--message", "f10c@supplier.example", "--to", "dee@d.example", "--dry-run"];
    for more in [&[][..], &["--as-eml"]] {
        let dry = desk.run(&[&forward[..], more].concat());
        assert!(dry.contains("this quotes factory@supplier.example to dee@d.example"), "{dry}");
    }

    desk.run(&[&reply[..], &["We ask.", "--message", "f10c@supplier.example", "--send"]].concat());
    desk.run(&[&reply[..], &["A new one is on its way.", "--send"]].concat());
    let mails = desk.server.mails();
    assert_eq!((&mails[1].to, &mails[2].to), (&vec!["factory@supplier.example".into()], &vec!["dee@d.example".into()]));
    let Some(mail) = python::read(&mails[2].bytes) else { return };
    assert_eq!(mail["fields"]["In-Reply-To"], "<f10a@d.example>");
    let text = &python::each(&mail, "text")[0];
    assert!(text.contains("> My frame cracked") && !text.contains("EUR"), "{text}");
}

#[test]
fn a_forward_kept_where_a_reply_stands_names_the_reply_that_it_puts_aside() {
    let Some(desk) = Desk::with(&[INVOICE]) else { return };
    let first = desk.run(&["reply", "subject:invoice", "--body", "We look into it.", "--draft"]);
    assert!(!first.contains("discarded"), "{first}");
    let said = desk.run(&["forward", "subject:invoice", "--to", "tax@t.example", "--body", "Look.", "--draft"]);
    assert!(said.contains("stood there is discarded") && said.contains("postroom draft restore 1"), "{said}");
    desk.run(&["draft", "restore", "1"]);
    assert!(desk.run(&["draft", "list"]).contains("Re: Invoice attached"));
    assert!(desk.run(&["draft", "list", "--discarded"]).contains("Fwd: Invoice attached"));
}

#[test]
fn a_mail_that_is_still_on_the_server_is_fetched_to_be_forwarded_and_offline_it_is_said_so() {
    let Some(desk) = Desk::with(&[]) else { return };
    let path = desk.dir.path().join("config.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, config.replacen("[account.main]\n", "[account.main]\nbody_limit = 100\n", 1)).unwrap();
    desk.dovecot.deliver("support", "INBOX", INVOICE);
    // A pass fetches 32 bodies, the newest.
    for n in 0..33 {
        let other = INVOICE.replace("f02@", &format!("{n}@")).replace("Invoice", &format!("Bill {n}"));
        desk.dovecot.deliver("support", "INBOX", &other);
    }
    desk.run(&["sync"]);
    for more in [&[][..], &["--as-eml"]] {
        let forward = [&["forward", "subject:invoice", "--to", "tax@t.example"], more].concat();
        let offline = desk.refused(&[&forward[..], &["--offline", "--draft"]].concat());
        assert!(offline.contains("still on the server") && offline.contains("without --offline"), "{offline}");
    }
    assert_eq!(said(&postroom(desk.dir.path(), &["draft", "list"])).trim(), "there are no drafts");
    desk.run(&["forward", "subject:invoice", "--to", "tax@t.example", "--send"]);
    let Some(mail) = desk.last() else { return };
    assert_eq!(python::each(&mail, "name"), ["", "", "invoice.pdf", "räder.csv"]);
}

#[test]
fn a_customers_markdown_comes_back_to_them_as_they_wrote_it_and_their_long_thread_stays_one() {
    let old: Vec<String> = (0..60).map(|n| format!("<{n:090}@a.example>")).collect();
    let hostile = format!(
        "From: \"*Ann* [x](https://evil.example)\" <ann@a.example>\nTo: support@example.com\nSubject: Re: Table\nMessage-ID: <md@a.example>\n\
         References: {}\n\n# Big\n<b>bold</b> [x](https://evil.example)\n1. one\n\nTitle\n=====\n\n| a | b |\n|---|---|\n",
        old.join("\n ")
    );
    let Some(desk) = Desk::with(&[&hostile]) else { return };
    let reply = ["reply", "subject:table", "--quote", "--markdown", "--body", "See **this**:"];
    desk.run(&[&reply[..], &["--send"]].concat());
    let Some(mail) = desk.last() else { return };
    assert_eq!(python::each(&mail, "type"), ["multipart/alternative", "text/plain", "text/html"]);
    let html = &python::each(&mail, "text")[2];
    assert!(html.contains("<strong>this</strong>") && html.contains("# Big<br>"), "{html}");
    assert!(html.contains("&lt;b&gt;bold&lt;/b&gt; [x](https://evil.example)<br>"), "{html}");
    for never in ["<h1", "<h2", "<a ", "<b>", "<em>", "<ol", "<table"] {
        assert!(!html.contains(never), "{never}: {html}");
    }
    let references = mail["fields"]["References"].as_str().unwrap();
    assert!(references.len() < 4_000, "{}", references.len());
    assert!(references.starts_with(&old[0]) && references.ends_with("<md@a.example>"), "{references}");
}
