//! Every mail of the corpora through the mail room: nothing panics, nothing is lost, nothing that a terminal obeys comes out.

use crate::corpora::{files, mails};
use postroom::mime::{self, Parsed};
use postroom::model::message::{Block, Origin, Outcome, TextPart};
use postroom::model::text::{SafeText, is_direction_control};

fn is_clean(text: &SafeText) -> bool {
    text.as_str().chars().all(|c| !c.is_control() && !is_direction_control(c))
}

fn warns(parsed: &Parsed, words: &str) -> bool {
    parsed.readable.warnings.iter().any(|warning| warning.as_str().contains(words))
}

/// Checks what holds for every mail whatever it is.
fn check(raw: &[u8], place: &str) -> Parsed {
    let parsed = mime::parse(raw);
    let readable = &parsed.readable;
    for text in readable.blocks.iter().flat_map(Block::lines) {
        assert!(is_clean(text), "{place}: control characters in {text:?}");
    }
    for (at, attachment) in readable.attachments.iter().enumerate() {
        assert_eq!(attachment.index, at, "{place}");
        assert!(is_clean(&attachment.name) && !attachment.name.is_empty(), "{place}: {:?}", attachment.name);
        assert!(attachment.name.as_str().len() <= 255 && !attachment.name.as_str().contains(['/', '\\']), "{place}");
        let bytes =
            mime::attachment(raw, at).unwrap_or_else(|| panic!("{place}: attachment {at} is listed and not there"));
        assert_eq!(bytes.bytes.len() as u64, attachment.size, "{place}: size of attachment {at}");
        assert_eq!(bytes.name, attachment.name.as_str(), "{place}");
    }
    for (at, link) in readable.links.iter().enumerate() {
        assert_eq!(link.number, at + 1, "{place}");
        assert!(is_clean(&link.target));
    }
    assert!(readable.warnings.iter().all(is_clean), "{place}");
    let unread = readable.blocks.iter().flat_map(Block::lines).any(|line| line.as_str().contains('\u{FFFD}'));
    assert!(unread || !warns(&parsed, "can't be read: it"), "{place}: all of it can be read");
    assert!(parsed.search_text.len() <= 256 * 1024, "{place}");
    let envelope = &parsed.envelope;
    assert!(envelope.message_id.is_some(), "{place}");
    assert!(envelope.references.len() <= 64 && envelope.to.len() <= 1000, "{place}");
    assert_eq!(mime::envelope(raw).message_id, envelope.message_id, "{place}");
    parsed
}

/// Reads every mail of a category; at most `empty` of them, which hold parts and no text, show nothing.
fn run(category: &str, empty: usize) {
    let Some(root) = crate::corpora::category(category) else { return };
    let paths = files(root.path());
    let (mut count, mut silent, mut doubtful) = (0, Vec::new(), 0);
    let (mut unreadable, mut guessed, mut two, mut html) = (0, 0, 0, 0);
    for path in paths {
        let bytes = std::fs::read(&path).expect("a corpus file can be read");
        let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
        for (at, raw) in mails(&bytes).into_iter().enumerate() {
            let place = format!("{name} #{at}");
            let parsed = check(raw, &place);
            count += 1;
            doubtful += usize::from(!parsed.readable.warnings.is_empty());
            unreadable += usize::from(warns(&parsed, "can't be read: it"));
            guessed += usize::from(warns(&parsed, "which is a guess"));
            two += usize::from(parsed.readable.part.is_some());
            html += usize::from(parsed.readable.part == Some(TextPart::Html));
            let nothing = parsed.readable.blocks.is_empty()
                && parsed.readable.attachments.is_empty()
                && parsed
                    .readable
                    .warnings
                    .iter()
                    .all(|warning| warning.as_str().contains("no text and no attachments"));
            if nothing && !body_is_empty(raw) {
                silent.push(place);
            }
        }
    }
    println!("{category}: {count} mails, {doubtful} with warnings, {} with nothing to show", silent.len());
    println!("{category}: {unreadable} with bytes that can't be read, {guessed} of a guessed charset");
    println!("{category}: {two} with plain text and HTML, {html} of them shown by the HTML");
    for place in &silent {
        println!("  nothing shown: {place}");
    }
    assert!(silent.len() <= empty, "{category}: {} mails with a body show nothing", silent.len());
}

/// Tells whether nothing but white space stands behind the first empty line.
fn body_is_empty(raw: &[u8]) -> bool {
    let text = String::from_utf8_lossy(raw).replace('\r', "\n").replace("\n\n\n", "\n\n");
    let body = text.trim_start().split_once("\n\n").map(|(_, body)| body.trim().to_owned()).unwrap_or_default();
    body.len() < 3
}

#[test]
fn bounces_are_read() {
    run("bounces", 0);
}

#[test]
fn invitations_are_read() {
    run("calendar", 0);
}

#[test]
fn signed_and_long_headers_are_read() {
    run("features", 0);
}

#[test]
fn phishing_is_read() {
    run("hostile", 0);
}

#[test]
fn mails_of_many_languages_are_read() {
    run("languages", 0);
}

#[test]
fn nasty_mails_are_read() {
    run("nasty", 7);
}

#[test]
fn thread_corpora_are_read() {
    run("threading", 0);
}

#[test]
fn tickets_are_read() {
    run("tickets", 0);
}

#[test]
fn large_lists_are_read() {
    run("volume", 1);
}

#[test]
fn every_winmail_dat_gives_the_files_that_another_program_finds_in_it() {
    let Some(root) = crate::corpora::category("nasty") else { return };
    let mut paths = files(&root.path().join("mimekit/UnitTests/TestData/tnef"));
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "tnef"));
    let (mut seen, mut found, mut with_text) = (0, 0, 0);
    for path in paths {
        let bytes = std::fs::read(&path).expect("a corpus file can be read");
        let encoded = data_encoding::BASE64.encode(&bytes);
        let head = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n";
        let parsed = check(format!("{head}{encoded}\n").as_bytes(), &path.display().to_string());
        with_text += usize::from(!parsed.readable.blocks.is_empty());
        let list = std::fs::read_to_string(path.with_extension("list")).unwrap_or_default();
        for name in list.lines().filter(|name| !name.starts_with("body.") && !name.starts_with("Untitled")) {
            seen += 1;
            let is_there = parsed.readable.attachments.iter().any(|file| words(file.name.as_str()) == words(name));
            found += usize::from(is_there);
            if !is_there {
                let have: Vec<&str> = parsed.readable.attachments.iter().map(|file| file.name.as_str()).collect();
                println!("{}: {name:?}, here {have:?}", path.display());
            }
        }
    }
    println!("winmail.dat: {found} of {seen} files, {with_text} with text");
    assert!(found == seen && seen > 20, "{found} of {seen}");
}

#[test]
fn most_bounces_are_known_as_such_and_say_what_they_are_about() {
    let Some(root) = crate::corpora::category("bounces") else { return };
    let paths = files(root.path());
    let (mut mails_seen, mut human, mut about) = (0, 0, 0);
    let (mut failed, mut delayed, mut named) = (0, 0, 0);
    for path in paths {
        let bytes = std::fs::read(&path).expect("a corpus file can be read");
        for raw in mails(&bytes) {
            let parsed = mime::parse(raw);
            if parsed.envelope.from.is_empty() {
                continue;
            }
            mails_seen += 1;
            if parsed.envelope.origin == Origin::Human {
                human += 1;
                println!("human: {} {:?} {:?}", path.display(), parsed.envelope.from, parsed.envelope.subject);
            }
            about += usize::from(parsed.envelope.about.is_some());
            let fates = &parsed.envelope.fates;
            failed += usize::from(fates.iter().any(|fate| fate.outcome == Outcome::Failed));
            delayed += usize::from(fates.iter().any(|fate| fate.outcome == Outcome::Delayed));
            named += usize::from(fates.iter().any(|fate| fate.recipient.contains('@')));
        }
    }
    assert!(human <= 12 && about >= 380, "{human} taken for a person's, {about} known");
    assert!(
        failed >= 400 && delayed >= 10 && named >= 300,
        "{failed} failed, {delayed} delayed, {named} with a recipient"
    );
    println!("reports: {failed} of failures, {delayed} of delays, {named} that name whom");
    println!("bounces: {mails_seen} mails, {human} taken for a person's, {about} with the mail they are about");
}

/// Joins the words of lines, so that only what is kept counts, not how it is broken into lines.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes the addresses out of another parser's JSON.
fn json_addresses(value: &serde_json::Value, out: &mut Vec<(String, String)>) {
    let text = |value: Option<&serde_json::Value>| value.and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    match value {
        serde_json::Value::Object(map) if map.contains_key("address") && !map.contains_key("addresses") => {
            out.push((text(map.get("name")), text(map.get("address"))));
        }
        serde_json::Value::Object(map) => map.values().for_each(|value| json_addresses(value, out)),
        serde_json::Value::Array(list) => list.iter().for_each(|value| json_addresses(value, out)),
        _ => {}
    }
}

#[test]
fn another_parser_reads_the_same_in_nasty_mails() {
    let Some(root) = crate::corpora::category("nasty") else { return };
    let mut paths = files(&root.path().join("stalwart-mail-parser/resources/eml"));
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    let (mut subjects, mut same_subjects, mut authors, mut same_authors, mut names, mut same_names) =
        (0, 0, 0, 0, 0, 0);
    for path in paths {
        let Ok(json) = std::fs::read_to_string(path.with_extension("json")) else { continue };
        let Ok(json) = serde_json::from_str::<serde_json::Value>(&json) else { continue };
        let parsed = mime::parse(&std::fs::read(&path).expect("a corpus file can be read"));
        let place = path.strip_prefix(&root).unwrap_or(&path).display();
        let headers = json["parts"][0]["headers"].as_array().cloned().unwrap_or_default();
        let header =
            |name: &str| headers.iter().find(|header| header["name"] == name).map(|header| header["value"].clone());
        if let Some(subject) = header("subject").and_then(|value| value["Text"].as_str().map(str::to_owned)) {
            subjects += 1;
            same_subjects += usize::from(words(&parsed.envelope.subject) == words(&subject));
            if words(&parsed.envelope.subject) != words(&subject) {
                println!("{place}: subject {subject:?}, here {:?}", parsed.envelope.subject);
            }
        }
        if let Some(from) = header("from") {
            let mut want = Vec::new();
            json_addresses(&from, &mut want);
            let have: Vec<(String, String)> =
                parsed.envelope.from.iter().map(|address| (address.name.clone(), address.email.clone())).collect();
            authors += 1;
            same_authors += usize::from(want == have);
            if want != have {
                println!("{place}: from {want:?}, here {have:?}");
            }
        }
        for part in json["parts"].as_array().into_iter().flatten() {
            let body = &part["body"];
            if !(body.get("Binary").is_some() || body.get("InlineBinary").is_some()) {
                continue;
            }
            let attribute = |field: &str, key: &str| {
                part["headers"].as_array()?.iter().find(|header| header["name"] == field)?["value"]["ContentType"]["attributes"]
                    .as_array()?
                    .iter()
                    .find(|attribute| attribute["name"] == key)?["value"]
                    .as_str()
                    .map(str::to_owned)
            };
            let Some(name) = attribute("content_disposition", "filename").or_else(|| attribute("content_type", "name"))
            else {
                continue;
            };
            let last = words(name.rsplit(['/', '\\']).next().unwrap_or_default());
            names += 1;
            let found = parsed.readable.attachments.iter().any(|attachment| words(attachment.name.as_str()) == last);
            same_names += usize::from(found);
            if !found {
                let have: Vec<&str> =
                    parsed.readable.attachments.iter().map(|attachment| attachment.name.as_str()).collect();
                println!("{place}: attachment {last:?}, here {have:?}");
            }
        }
    }
    println!(
        "stalwart: {same_subjects} of {subjects} subjects, {same_authors} of {authors} authors, {same_names} of {names} names"
    );
    assert!(same_subjects >= 74 && same_authors >= 75 && same_names >= 63);
}

#[test]
fn mailparse_decodes_the_same_text_where_it_can_read_a_mail() {
    let Some(root) = crate::corpora::category("languages") else { return };
    let paths = files(root.path());
    let (mut seen, mut same) = (0, 0);
    for path in paths {
        let bytes = std::fs::read(&path).expect("a corpus file can be read");
        for raw in mails(&bytes) {
            let head = raw.iter().position(|b| *b == b'\n').map_or(0, |n| n + 1);
            let raw = if raw.starts_with(b"From ") { &raw[head..] } else { raw };
            let Ok(mail) = mailparse::parse_mail(raw) else { continue };
            let Some(part) = mail.parts().find(|part| part.ctype.mimetype == "text/plain") else { continue };
            let Ok(body) = part.get_body() else { continue };
            let own = mime::parse(raw);
            let have: String =
                own.readable.blocks.iter().flat_map(Block::lines).map(|line| format!("{line}\n")).collect();
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            seen += 1;
            same += usize::from(letters(&have).starts_with(&letters(&body)));
        }
    }
    println!("mailparse: {same} of {seen} texts the same");
    assert!(same >= 169, "{same} of {seen}");
}

/// Who wrote the mails of a folder, as the whole mail tells: how many there are, and those that are not a person's.
fn machines(folder: &std::path::Path) -> (usize, Vec<(Origin, String)>) {
    let (mut seen, mut machines) = (0, Vec::new());
    let ours = |path: &std::path::PathBuf| {
        let name = path.to_string_lossy();
        !(name.contains("/spam-") || name.ends_with(".json") || name.ends_with(".sh"))
    };
    for path in files(folder).into_iter().filter(ours) {
        let bytes = std::fs::read(&path).expect("a corpus file can be read");
        for raw in mails(&bytes) {
            let envelope = mime::parse(raw).envelope;
            seen += 1;
            if envelope.origin != Origin::Human {
                machines.push((envelope.origin, format!("{} {:?}", path.display(), envelope.subject)));
            }
        }
    }
    (seen, machines)
}

#[test]
fn no_person_is_taken_for_a_machine() {
    // Four of these mails are reports, written by MAILER-DAEMON or a postmaster. All others were written by people, or sent by them.
    for (category, reports) in [
        ("volume", 3),
        ("threading", 0),
        ("features", 0),
        ("languages", 0),
        ("quotes", 0),
        ("calendar", 0),
        ("tickets", 1),
    ] {
        let Some(root) = crate::corpora::category(category) else { return };
        let (seen, machines) = machines(root.path());
        println!("{category}: {seen} mails, {} of them not a person's: {machines:#?}", machines.len());
        assert_eq!(machines.len(), reports, "{category}: {machines:#?}");
        assert!(machines.iter().all(|(origin, _)| *origin == Origin::Bounce), "{category}: {machines:#?}");
    }
}

#[test]
fn reports_of_many_mail_systems_are_known_as_such() {
    let Some(root) = crate::corpora::category("bounces") else { return };
    let folder = root.path().join("sisimai-set-of-emails/maildir/bsd");
    let (mut reports, mut missed) = (0, Vec::new());
    // What begins with `arf` are complaints (RFC 5965), which a person sent by a button.
    for path in files(&folder).into_iter().filter(|path| !path.to_string_lossy().contains("/arf-")) {
        let envelope = mime::parse(&std::fs::read(&path).expect("a corpus file can be read")).envelope;
        reports += 1;
        if envelope.origin != Origin::Bounce {
            missed.push(format!("{:?} {} {:?}", envelope.origin, path.display(), envelope.subject));
        }
        let formal = path.to_string_lossy().contains("/rfc3464-");
        assert!(!formal || envelope.origin == Origin::Bounce, "{}", path.display());
    }
    println!("reports: {} of {reports} known: {missed:#?}", reports - missed.len());
    assert!(reports == 316 && missed.len() <= 2, "{reports}; {missed:#?}");
}

#[test]
fn every_mail_of_the_cases_in_many_scripts_is_read_without_a_doubt() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/languages");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no {}", folder.display());
        return;
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    for path in paths.filter(|path| path.extension().is_some_and(|end| end == "eml")) {
        let place = path.display().to_string();
        let parsed = check(&std::fs::read(&path).unwrap(), &place);
        let shown = parsed.readable.blocks.iter().flat_map(Block::lines);
        let texts = shown.map(|line| line.as_str().to_owned()).chain([parsed.envelope.subject.to_string()]);
        for text in texts {
            assert!(!text.contains("=?") && !text.contains('\u{FFFD}'), "{place}: {text}");
        }
    }
}
