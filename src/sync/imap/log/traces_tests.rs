use super::*;
use crate::model::stop::Stop;
use crate::op::operation::Target;
use crate::op::record::NewOperation;
use crate::sync::imap::log::imap_log::tests::{Client, claim, log_mail, main, message, one_claim};
use crate::sync::imap::log::model_folder::{Fault, Server};

const WORDS: &[&str] = &["xylophon", "quagga", "zirkonia", "yggdrasil"];

/// Which of the words stand anywhere in the folder, packed or not.
fn words_in_folder(server: &Server) -> Vec<String> {
    let mut found = Vec::new();
    for (uid, raw) in server.mails() {
        let mut text = String::from_utf8_lossy(&raw).to_lowercase();
        match codec::decode(&raw) {
            Decoded::Records { values, .. } => {
                values.into_iter().for_each(|value| text.push_str(&value.json.to_lowercase()))
            }
            Decoded::Snapshot { lines, .. } => lines.into_iter().for_each(|line| text.push_str(&line.to_lowercase())),
            _ => {}
        }
        found.extend(WORDS.iter().filter(|word| text.contains(*word)).map(|word| format!("{word} in {uid}")));
    }
    found
}

/// Which of the words stand in a byte of the store's files.
fn words_in_store(client: &Client) -> Vec<String> {
    assert!(client.store.scrub(&Stop::never()).unwrap());
    let mut found = Vec::new();
    for file in std::fs::read_dir(client.store.path().parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
        let here = |word: &&&str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        found.extend(WORDS.iter().filter(here).map(|word| format!("{word} in {}", path.display())));
    }
    found
}

fn note(text: &str) -> Known {
    Known::Note { text: text.into(), mentions: Default::default() }
}

/// Two clients that know a conversation full of the words, and one that went offline since.
fn begun(server: &Server) -> (Vec<Client>, OpId) {
    let mut clients = vec![Client::new(server, 1), Client::new(server, 2), Client::new(server, 3)];
    for client in &clients {
        client.deliver_saying(0, "Quagga", "Xylophon", "zirkonia");
        client.deliver(1);
    }
    let secret = clients[0].act(note("he said yggdrasil"), 0, None);
    clients[0].act(claim(1), 0, None);
    clients[0].act(claim(2), 1, None);
    for _ in 0..2 {
        clients.iter_mut().for_each(|client| drop(client.sync().unwrap()));
    }
    clients[1].act(Known::Title { text: "zirkonia!".into() }, 0, None);
    clients[1].sync().unwrap();
    clients[1].compact();
    clients[0].act(note("about the lamp"), 1, None);
    clients.iter_mut().for_each(|client| drop(client.sync().unwrap()));
    clients[2].folder.offline = true;
    let edit = Known::EditNote { note: secret, text: "yggdrasil, edited".into(), mentions: Default::default() };
    clients[2].act(edit, 0, None);
    assert!(!words_in_folder(server).is_empty());
    (clients, secret)
}

fn erase(client: &Client) {
    let id = client.store.conversation_of(&message(0)).unwrap().unwrap();
    for (_, reach) in client.store.reach_of(&[id]).unwrap() {
        let op = Known::Erase {
            records: reach.records.iter().map(|record| record.id).collect(),
            messages: reach.mails.iter().map(|mail| mail.id.clone()).collect(),
        };
        let on = reach.targets.into_iter().map(Target::on).collect();
        let _ = client.store.commit(vec![NewOperation::new(op, on)]).unwrap();
    }
}

fn said(client: &Client) -> Vec<String> {
    let lines = client.store.log_lines(&main(), None, 1000).unwrap();
    let said = |line: &LogLine| format!("{:?} {:?}", line.place, Record::parse(&line.json).unwrap());
    lines.iter().map(said).collect()
}

fn assert_clean(server: &Server, clients: &mut [Client]) {
    for _ in 0..3 {
        clients.iter_mut().for_each(|client| drop(client.sync().unwrap()));
    }
    assert_eq!(words_in_folder(server), Vec::<String>::new());
    let mut newcomer = Client::new(server, 9);
    newcomer.sync().unwrap();
    let all = said(&clients[0]);
    for client in clients.iter().chain([&newcomer]) {
        assert_eq!(said(client), all);
        assert_eq!(client.store.unpushed(9).unwrap(), []);
        assert_eq!(words_in_store(client), Vec::<String>::new());
    }
    let waiting = clients[0].store.traces_waiting().unwrap();
    assert!(waiting.iter().all(|waiting| waiting.mails > 0), "{waiting:?}");
}

#[test]
fn no_word_is_left_in_the_folder_nor_in_any_store_and_all_have_the_same_order() {
    let server = Server::new();
    let (mut clients, secret) = begun(&server);
    let before: Vec<OpId> = clients[0].order();
    erase(&clients[0]);
    clients[0].sync().unwrap();
    assert_eq!(words_in_folder(&server), Vec::<String>::new());
    assert!(clients[0].order().starts_with(&before), "every record keeps its place");
    clients[2].folder.offline = false;
    assert_clean(&server, &mut clients);
    assert!(clients[0].order().contains(&secret), "that there was a note stays");
}

#[test]
fn whoever_is_interrupted_at_any_step_goes_on() {
    for step in 0..7 {
        for fault in [Fault::Before, Fault::After, Fault::NoUid] {
            let server = Server::new();
            let (mut clients, _) = begun(&server);
            erase(&clients[0]);
            clients[0].folder.fault = fault;
            clients[0].folder.fault_in = step;
            let _ = clients[0].sync();
            clients[0].restart();
            clients[1].sync().unwrap();
            clients[0].sync().unwrap();
            clients[2].folder.offline = false;
            assert_clean(&server, &mut clients);
        }
    }
}

#[test]
fn words_that_an_older_program_pushes_again_are_kept_nowhere_and_removed_again() {
    let server = Server::new();
    let (mut clients, secret) = begun(&server);
    let old = server.mails();
    erase(&clients[0]);
    clients[0].sync().unwrap();
    let with_words = old.iter().find(|(_, raw)| String::from_utf8_lossy(raw).contains("yggdrasil")).unwrap();
    server.put(&with_words.1);
    clients[2].folder.offline = false;
    assert_clean(&server, &mut clients);
    assert!(clients[0].order().contains(&secret));
}

#[test]
fn where_the_folder_lost_its_order_no_word_comes_back() {
    let server = Server::new();
    let (mut clients, _) = begun(&server);
    erase(&clients[0]);
    clients[0].sync().unwrap();
    server.lose_order(7);
    clients[2].folder.offline = false;
    assert_clean(&server, &mut clients);
}

#[test]
fn what_the_server_does_not_let_us_remove_is_told_and_stays_queued() {
    let server = Server::new();
    let (mut clients, _) = begun(&server);
    erase(&clients[0]);
    clients[0].folder.no_remove = true;
    clients[0].sync().unwrap();
    let waiting = clients[0].store.traces_waiting().unwrap();
    assert!(waiting.iter().any(|waiting| waiting.mails == 0 && waiting.reason.contains("remove")), "{waiting:?}");
    clients[0].folder.no_remove = false;
    clients[0].clock.advance(REFUSED + 1);
    clients[2].folder.offline = false;
    assert_clean(&server, &mut clients);
}

#[test]
fn ephemera_a_day_old_leave_snapshots_and_nobody_establishes_the_order_anew_for_that() {
    let server = Server::new();
    let mut clients = vec![Client::new(&server, 1), Client::new(&server, 2)];
    let until = clients[0].clock.now().plus(60_000);
    let lease = clients[0].act(Known::Replying { until, waiting: None }, 0, None);
    let kept = clients[0].act(claim(1), 0, None);
    for _ in 0..2 {
        clients.iter_mut().for_each(|client| drop(client.sync().unwrap()));
    }
    for client in &clients {
        client.clock.advance(2 * Timestamp::DAY);
    }
    clients[0].compact();
    for client in &mut clients {
        assert!(!client.sync().unwrap().reordered);
    }
    let mut newcomer = Client::new(&server, 9);
    newcomer.clock.advance(2 * Timestamp::DAY);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), [kept]);
    assert_eq!(clients[1].order(), [lease, kept]);
    // Who has them and who does not both believe the next one.
    newcomer.act(claim(2), 1, None);
    newcomer.sync().unwrap();
    newcomer.compact();
    clients.push(newcomer);
    for client in &mut clients {
        assert!(!client.sync().unwrap().reordered);
        assert_eq!(client.store.unpushed(9).unwrap(), []);
    }
}

#[test]
fn only_a_signed_mail_says_where_its_records_stood_and_only_in_front_of_itself() {
    let (server, mut client) = one_claim();
    client.compact();
    let first = client.store.log_lines(&main(), None, 9).unwrap().remove(0).place;
    let stranger = Client::new(&server, 7);
    let key = client.log.signing_key();
    assert!(key.is_some());
    let cases = [(None, first.uid - 1, false), (key.as_ref(), first.uid - 1, true), (key.as_ref(), 10_000, false)];
    for (n, (key, uid, counts)) in cases.into_iter().enumerate() {
        let id = stranger.act(claim(2), n + 1, None);
        let json = stranger.store.unpushed(9).unwrap().into_iter().find(|(found, _)| *found == id).unwrap().1;
        let said = without_words(&json, LogPlace { uid, ..first }, &LogTraces::default());
        server.put(&log_mail(&[said], "support@shop.example", key));
        client.sync().unwrap();
        let order = client.order();
        assert_eq!(order.first() == Some(&id), counts, "case {n}");
        assert!(order.contains(&id));
    }
}
