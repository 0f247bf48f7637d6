use super::super::codec;
use super::super::folder::FolderError;
use super::super::imap_log::tests::{Client, claim, log_mail, main, message, one_claim};
use super::super::imap_log::{LogPass, RULES};
use super::super::model_folder::{Fault, Server};
use super::*;
use crate::model::address::Address;
use crate::model::clock::{Clock, Ids};
use crate::model::ids::Tag;
use crate::op::operation::{Known, Target};
use crate::op::record::{Author, NewOperation, Record};
use crate::store::LogPlace;
use crate::sync::log::keys::UpTo;

/// What a server writes on top of a mail that it delivers.
const TRACE: &str = "Return-Path: <eve@evil.example>\r\nDelivered-To: support@shop.example\r\n\
    Received: from evil.example by mx.shop.example with LMTP id 4711;\r\n\tSun, 29 Nov 2026 08:00:00 +0000\r\n";

fn alice(ids: u64) -> Author {
    Author {
        actor: Handle::new("alice").unwrap(),
        host: "box".into(),
        clock: Clock::fixed(Timestamp::from_seconds(1_790_000_000)),
        ids: Ids::counted(ids),
    }
}

/// What a stranger sends: a log mail that says alice wrote it.
fn forged(n: usize, ops: Vec<Known>) -> Vec<u8> {
    let ops = ops.into_iter().map(|op| NewOperation::new(op, vec![Target::on(message(n))])).collect();
    let records = alice(900 + n as u64).batch(0, None, ops);
    log_mail(&records.iter().map(Record::to_json).collect::<Vec<_>>(), "eve@evil.example", None)
}

fn delivered(raw: &[u8]) -> Vec<u8> {
    [TRACE.as_bytes(), raw].concat()
}

fn tag(name: &str) -> Known {
    Known::Tag { add: [Tag::new(name).unwrap()].into(), remove: Default::default() }
}

fn raw(server: &Server, uid: u32) -> Vec<u8> {
    server.mail(uid).unwrap()
}

/// The UIDs of mails that hold keys.
fn keys(server: &Server) -> Vec<u32> {
    let is_key = |uid: &u32| matches!(codec::decode(&raw(server, *uid)), codec::Decoded::Key(_));
    server.uids().into_iter().filter(is_key).collect()
}

fn told(pass: &LogPass) -> Vec<String> {
    pass.told().into_iter().map(|error| error.message()).collect()
}

/// Makes every client's store look as one that an older version wrote.
fn make_old(client: &mut Client) {
    let state = client.store.log_state(&main()).unwrap().unwrap();
    let mut state: serde_json::Value = serde_json::from_str(&state).unwrap();
    state.as_object_mut().unwrap().remove("rules");
    client.store.set_log_state(&main(), &state.to_string()).unwrap();
    client.restart();
}

#[test]
fn what_a_stranger_sends_into_the_folder_counts_for_nothing_and_is_told_once() {
    let (server, mut client) = one_claim();
    let order = client.order();
    server.put(&delivered(&forged(0, vec![tag("evil"), claim(9)])));
    let pass = client.sync().unwrap();
    assert_eq!(client.order(), order);
    assert_eq!((pass.delivered, pass.unsigned), (1, 0));
    let told = told(&pass);
    assert!(told.len() == 1 && told[0].contains("carries records; they don't count"), "{told:?}");
    assert!(told[0].contains("eve@evil.example") && told[0].contains("@log.postroom.invalid"), "{told:?}");
    client.restart();
    assert_eq!(client.sync().unwrap().told(), [], "once is enough");
    let mut newcomer = Client::new(&server, 2);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), order);
    client.log.compact(&mut client.folder).unwrap();
    let mut later = Client::new(&server, 3);
    later.sync().unwrap();
    assert_eq!(later.order(), order, "no snapshot carries it on");
}

#[test]
fn a_stranger_sends_no_key_and_no_snapshot() {
    let (server, mut client) = one_claim();
    let key = Key::random().unwrap();
    let record = KeyRecord {
        id: Ids::counted(77).next(),
        key: key.hex(),
        fingerprint: key.fingerprint().to_string(),
        actor: Handle::new("alice").unwrap(),
        host: String::new(),
        by: String::new(),
        at: Timestamp(0),
        replaces: vec![client.log.signing_key().unwrap().fingerprint().to_string()],
        stood: None,
    };
    server.put(&delivered(&client.log.key_mail(&record)));
    client.log.compact(&mut client.folder).unwrap();
    let snapshot = raw(&server, server.uids().pop().unwrap());
    let spoiled = String::from_utf8(snapshot).unwrap().replace("-- signed ", "-- sealed ");
    server.put(&delivered(spoiled.as_bytes()));
    let pass = client.sync().unwrap();
    assert_eq!(pass.delivered, 1, "the snapshot");
    assert_ne!(client.log.signing_key(), Some(key));
    assert_eq!(client.log.keys().unwrap().len(), 1);
}

#[test]
fn signed_mails_count_however_they_came_for_whoever_holds_the_key() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    for n in 0..4 {
        clients[n % 2].act(claim(1), n, None);
        clients[n % 2].sync().unwrap();
    }
    clients[0].sync().unwrap();
    let order = clients[0].order();
    server.redeliver(TRACE.as_bytes());
    for client in &mut clients {
        client.restart();
        let pass = client.sync().unwrap();
        assert_eq!((pass.delivered, pass.unadopted), (0, false));
        assert_eq!(client.order(), order);
    }
    let mut newcomer = Client::new(&server, 3);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), order, "the key was put there again");
}

#[test]
fn signed_mails_that_came_before_their_key_count_once_it_is_there() {
    let server = Server::new();
    let mut alice = Client::new(&server, 1);
    alice.act(claim(1), 0, None);
    alice.sync().unwrap();
    let (key, mail) = (raw(&server, 1), raw(&server, 2));
    let order = alice.order();
    server.empty();
    server.put(&forged(1, vec![tag("old")]));
    let mut bob = Client::new(&server, 2);
    bob.sync().unwrap();
    server.put(&delivered(&mail));
    assert_eq!(bob.sync().unwrap().delivered, 1);
    assert_eq!(bob.order().len(), 1);
    server.put(&key);
    bob.sync().unwrap();
    assert_eq!(bob.order()[1..], order[..]);
}

#[test]
fn founders_that_begin_at_once_have_two_keys_and_both_count() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    for client in &mut clients {
        client.log.pull(&mut client.folder).unwrap();
    }
    clients[0].act(claim(1), 0, None);
    clients[1].act(claim(2), 1, None);
    // Each makes its key before it sees the other's.
    let records: Vec<KeyRecord> = clients.iter_mut().map(|c| c.log.new_key(Vec::new()).unwrap().unwrap()).collect();
    for (client, record) in clients.iter_mut().zip(&records) {
        server.put(&client.log.key_mail(record));
    }
    for _ in 0..2 {
        clients.iter_mut().for_each(|client| drop(client.sync().unwrap()));
    }
    assert_eq!(keys(&server).len(), 2);
    assert_eq!(clients[0].order(), clients[1].order());
    assert_eq!(clients[0].log.signing_key(), clients[1].log.signing_key());
    assert_eq!(clients[0].log.keys().unwrap().len(), 2);
}

#[test]
fn a_key_that_somebody_deleted_is_put_back_and_stands_where_it_stood() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    for (n, client) in clients.iter_mut().enumerate() {
        client.act(claim(1), n, None);
        client.sync().unwrap();
    }
    let order = clients[1].order();
    let key = clients[0].log.signing_key();
    // The first client's key is the first mail.
    server.delete_mail(0);
    assert_eq!(keys(&server), [] as [u32; 0]);
    for _ in 0..2 {
        clients.iter_mut().for_each(|client| {
            client.restart();
            client.sync().unwrap();
        });
    }
    assert_eq!(keys(&server).len(), 1);
    let mut newcomer = Client::new(&server, 3);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), order);
    assert_eq!(newcomer.log.signing_key(), key);
    let stands = newcomer.store.log_keys(&main()).unwrap().remove(0).at.unwrap();
    assert_eq!(stands.uid, 1, "where it stood first");
}

#[test]
fn keys_go_into_a_folder_that_was_emptied_or_made_again_before_anything_else() {
    for remade in [false, true] {
        let server = Server::new();
        let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
        clients[0].act(claim(1), 0, None);
        clients[0].sync().unwrap();
        clients[1].sync().unwrap();
        let order = clients[0].order();
        if remade {
            server.delete_folder()
        } else {
            server.empty()
        }
        clients[0].act(claim(1), 1, None);
        clients[0].restart();
        clients[0].sync().unwrap();
        let first = server.uids()[0];
        assert_eq!(keys(&server), [first], "{remade}");
        let mut newcomer = Client::new(&server, 3);
        newcomer.sync().unwrap();
        assert_eq!(newcomer.order()[..1], order[..], "{remade}");
        assert_eq!(newcomer.log.signing_key(), clients[0].log.signing_key());
    }
}

#[test]
fn what_a_replaced_key_signs_later_is_pushed_again_where_the_team_wants_signatures() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2), Client::new(&server, 3)];
    clients[0].act(claim(1), 0, None);
    clients.iter_mut().for_each(|client| drop(client.sync().unwrap()));
    let validity = clients[0].store.log_lines(&main(), None, 1).unwrap()[0].place.validity;
    let wanted = vec![(LogPlace { epoch: 1, validity, uid: 2, index: 0 }, true)];
    clients.iter_mut().for_each(|client| client.log.wanted = wanted.clone());
    let old = clients[1].log.signing_key().unwrap();
    clients[0].log.rotate(&mut clients[0].folder).unwrap();
    // Client 2 has not seen that: what it writes meanwhile is signed with the old key.
    let made = clients[1].act(claim(2), 1, None);
    let waiting = clients[1].store.unpushed_of(&main(), 10).unwrap();
    let late = clients[1].log.mail_of(&waiting, Some(&old)).unwrap();
    server.put(&late);
    for _ in 0..3 {
        clients.iter_mut().for_each(|client| drop(client.sync().unwrap()));
    }
    let order = clients[1].order();
    assert_eq!(order.last(), Some(&made));
    for client in &clients {
        assert_eq!(client.order(), order);
        assert_eq!(client.store.unpushed(9).unwrap(), []);
    }
    let place = clients[2].store.log_places(&main(), &[made]).unwrap()[0].1;
    let signed = codec::decode_signed(&raw(&server, place.uid), clients[2].log.reading.as_ref().unwrap().trust.keys());
    let new = clients[0].log.signing_key().unwrap().fingerprint();
    assert!(
        matches!(signed, codec::Decoded::Records { signature: crate::sync::imap::log::sign::Signature::Good(by), .. } if by == new),
        "{signed:?}"
    );
    let mut newcomer = Client::new(&server, 4);
    newcomer.log.wanted = wanted;
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), order);
}

#[test]
fn unsigned_mails_of_older_clients_count_until_the_team_wants_signatures() {
    let (server, mut client) = one_claim();
    server.put(&forged(0, vec![tag("old")]));
    let pass = client.sync().unwrap();
    assert_eq!((pass.delivered, pass.unsigned, client.order().len()), (0, 0, 2));
    let (validity, _) = server.put(&forged(1, vec![tag("older")]));
    let after = LogPlace { epoch: 1, validity, uid: server.uids()[2], index: 0 };
    client.log.wanted = vec![(after, true)];
    let pass = client.sync().unwrap();
    assert_eq!((pass.delivered, pass.unsigned), (0, 1));
    assert_eq!(client.order().len(), 2, "what stands below goes on counting");
    let told = told(&pass);
    assert!(told.iter().any(|told| told.contains("not signed with the team's key")), "{told:?}");
    client.act(claim(1), 2, None);
    client.sync().unwrap();
    assert_eq!(client.order().len(), 3, "what is signed counts");
}

#[test]
fn a_server_that_marks_all_mails_as_delivered_is_found_out_with_the_first_one() {
    let server = Server::new();
    server.adds(TRACE);
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    clients[0].act(claim(1), 0, None);
    let pass = clients[0].sync().unwrap();
    let said = told(&pass);
    assert!(said.iter().any(|told| told.contains("marks as delivered what postroom writes")), "{said:?}");
    server.put(&delivered(&forged(0, vec![tag("old")])));
    clients[1].act(claim(2), 1, None);
    for _ in 0..3 {
        clients.iter_mut().for_each(|client| {
            client.restart();
            client.sync().unwrap();
        });
    }
    assert_eq!(clients[0].order().len(), 3, "there the fields say nothing");
    assert_eq!(clients[0].order(), clients[1].order());
    assert_eq!(clients[0].log.keys().unwrap().len(), 1, "each counts its own");
    let mails = server.uids().len();
    for client in &mut clients {
        client.restart();
        assert_eq!(client.sync().unwrap().told(), []);
    }
    assert_eq!(server.uids().len(), mails, "keys are put there once");
    let named = clients[0].log.signing_key().unwrap().fingerprint();
    clients[1].log.settings.named = vec![named];
    clients[1].sync().unwrap();
    assert_eq!(clients[1].log.keys().unwrap().len(), 2, "and what the config names");
}

#[test]
fn at_the_upgrade_what_stands_only_in_delivered_mails_is_dropped() {
    let server = Server::new();
    let mut client = Client::new(&server, 1);
    (0..3).for_each(|n| client.deliver(n));
    for n in 0..3 {
        client.act(tag("mine"), n, None);
        client.sync().unwrap();
    }
    let (order, states) = (client.order(), client.states());
    // The older version took it in, and its snapshot said it.
    client.log.adopting = Some(u32::MAX);
    client.log.reading = None;
    server.put(&delivered(&forged(0, vec![tag("evil"), claim(9)])));
    client.sync().unwrap();
    assert_eq!(client.order().len(), order.len() + 2);
    client.log.settings.compact_after = u64::MAX;
    let lines = client.store.log_lines(&main(), None, 100).unwrap();
    let head = client.log.state.clone().unwrap();
    let header = super::super::snapshot::Header::new(
        Ids::counted(50).next(),
        head.epoch,
        head.validity,
        head.head,
        Timestamp(0),
    );
    let (actor, from) = (Handle::new("old").unwrap(), Address::new("", "a@b.example"));
    let making = super::super::snapshot::Making { header, actor: &actor, from: &from, key: None };
    let mut builder = super::super::snapshot::Builder::new(making);
    lines.into_iter().for_each(|line| builder.push(line));
    server.put(&builder.finish().remove(0));
    make_old(&mut client);
    let pass = client.sync().unwrap();
    assert_eq!(client.order(), order);
    assert_eq!(client.states(), states);
    assert_eq!(client.store.unpushed(9).unwrap(), [], "it is not pushed again");
    assert!(!pass.unadopted && pass.delivered == 1, "{pass:?}");
    assert_eq!(client.log.state.as_ref().unwrap().rules, RULES);
    let mut newcomer = Client::new(&server, 2);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), order, "what the old snapshot says of it does not count");
}

/// A log that an older version wrote, moved to another mailbox by delivering its mails again; and a client that was there before.
fn moved() -> (Server, Client, Vec<OpId>) {
    let server = Server::new();
    let mut client = Client::new(&server, 1);
    client.folder.open_and_see();
    for n in 0..4 {
        server.put(&forged(n, vec![claim(n as u64)]));
    }
    client.sync().unwrap();
    let order = client.order();
    server.mark(TRACE.as_bytes());
    server.put(&delivered(&forged(7, vec![tag("new")])));
    make_old(&mut client);
    (server, client, order)
}

#[test]
fn where_most_mails_look_delivered_nothing_is_dropped_and_the_way_out_is_told() {
    let (server, mut client, order) = moved();
    let pass = client.sync().unwrap();
    assert!(pass.unadopted);
    let standing = pass.standing().unwrap();
    assert!(standing.advice().contains("postroom team adopt-log"), "{standing:?}");
    assert_eq!(client.order(), order, "what we have stays, what is new does not come in");
    assert_eq!(client.store.unpushed(9).unwrap(), []);
    let mails = server.uids();
    client.restart();
    assert!(client.sync().unwrap().unadopted, "it stands");
    assert_eq!(server.uids(), mails, "and nothing is written of it");
    let mut newcomer = Client::new(&server, 2);
    assert!(newcomer.sync().unwrap().unadopted);
    assert_eq!(newcomer.order(), []);
}

#[test]
fn who_has_looked_at_the_authors_takes_all_in_for_everybody() {
    let (server, mut client, order) = moved();
    client.sync().unwrap();
    let mut other = Client::new(&server, 2);
    other.sync().unwrap();
    let waiting = client.log.adoptable(&mut client.folder, None).unwrap();
    let listed: Vec<(&str, u64)> = waiting.authors.iter().map(|of| (of.actor.as_str(), of.records)).collect();
    assert_eq!(listed, [("alice", 5)]);
    let pass = client.log.adopt(&mut client.folder, waiting.up_to.unwrap()).unwrap().unwrap();
    assert!(!pass.unadopted && pass.standing().is_none());
    assert_eq!(client.order().len(), order.len() + 1);
    for client in [&mut client, &mut other] {
        for _ in 0..2 {
            client.restart();
            let pass = client.sync().unwrap();
            assert!(!pass.unadopted);
        }
        assert_eq!(client.store.unpushed(9).unwrap(), []);
    }
    assert_eq!(other.order(), client.order());
    let mut newcomer = Client::new(&server, 3);
    assert!(!newcomer.sync().unwrap().unadopted);
    assert_eq!(newcomer.order(), client.order());
    assert_eq!(client.log.adoptable(&mut client.folder, None).unwrap().authors, []);
}

#[test]
fn what_comes_after_somebody_looked_is_not_taken_in_until_it_is_looked_at_too() {
    let (server, mut client, order) = moved();
    client.sync().unwrap();
    let seen = client.log.adoptable(&mut client.folder, None).unwrap().up_to.unwrap();
    server.put(&delivered(&forged(30, vec![tag("evil")])));
    let pass = client.log.adopt(&mut client.folder, seen).unwrap().unwrap();
    assert!(!pass.unadopted);
    assert_eq!(client.order().len(), order.len() + 1, "only what was looked at");
    let mut newcomer = Client::new(&server, 2);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), client.order(), "the snapshot does not vouch for it");
    let later = client.log.adoptable(&mut client.folder, None).unwrap();
    let listed: Vec<(&str, u64)> = later.authors.iter().map(|of| (of.from.as_str(), of.records)).collect();
    assert_eq!(listed, [(r#""alice (postroom)" <eve@evil.example>"#, 1)]);
    let _ = client.log.adopt(&mut client.folder, later.up_to.unwrap()).unwrap().unwrap();
    assert_eq!(client.order().len(), order.len() + 2, "below the snapshot, too");
}

#[test]
fn a_look_at_another_folder_or_at_less_than_is_held_takes_nothing_in() {
    let (_server, mut client, order) = moved();
    client.sync().unwrap();
    let seen = client.log.adoptable(&mut client.folder, None).unwrap().up_to.unwrap();
    for up_to in [UpTo { log: seen.log + 1, ..seen }, UpTo { place: 1, ..seen }] {
        assert_eq!(client.log.adopt(&mut client.folder, up_to).unwrap(), None);
        assert_eq!(client.order(), order);
    }
}

#[test]
fn a_mail_that_was_tampered_with_is_not_signed() {
    let (server, mut client) = one_claim();
    let good = raw(&server, *server.uids().last().unwrap());
    let text = String::from_utf8(good).unwrap();
    let other = text.replace("agent1", "agent2");
    server.put(&delivered(other.as_bytes()));
    server.put(&delivered(text.replace("-- end --", "-- end --\r\n-- signed 00 00 --").as_bytes()));
    let pass = client.sync().unwrap();
    assert_eq!(
        pass.delivered, 1,
        "the one that says something else; a line of nonsense before the signature is passed over"
    );
    assert_eq!(client.order().len(), 1);
}

#[test]
fn a_key_is_made_once_though_the_answer_to_it_was_lost() {
    let server = Server::new();
    let mut client = Client::new(&server, 1);
    client.act(claim(1), 0, None);
    for fault in [Fault::Before, Fault::After] {
        client.folder.fault = fault;
        assert!(matches!(client.sync(), Err(crate::sync::imap::log::imap_log::LogError::Folder(FolderError::Lost(_)))));
        client.restart();
    }
    client.sync().unwrap();
    assert_eq!(client.log.keys().unwrap().len(), 1);
    assert_eq!(keys(&server).len(), 1);
    assert_eq!(client.order().len(), 1);
}

#[test]
fn no_words_that_a_subject_quotes_make_our_own_mail_look_delivered() {
    let author = alice(1);
    let mut folded = false;
    for pad in 1..70 {
        let text = format!("{} Received: nothing", "x".repeat(pad));
        let note = Known::Note { text, mentions: Default::default() };
        let records = author.batch(0, None, vec![NewOperation::new(note, vec![Target::on(message(1))])]);
        let lines: Vec<String> = records.iter().map(Record::to_json).collect();
        let raw = log_mail(&lines, "a@b.example", None);
        folded |= memchr::memmem::find(&raw, b"\r\n Received: nothing").is_some();
        assert!(!crate::sync::imap::log::trust::is_delivered(&raw), "{pad}");
    }
    assert!(folded, "one of them breaks there");
}

#[test]
fn who_was_interrupted_while_replacing_the_key_goes_on_reading_what_the_old_one_signs() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    clients[0].act(claim(1), 0, None);
    clients.iter_mut().for_each(|client| drop(client.sync().unwrap()));
    let validity = clients[0].store.log_lines(&main(), None, 1).unwrap()[0].place.validity;
    let wanted = vec![(LogPlace { epoch: 1, validity, uid: 2, index: 0 }, true)];
    let old = clients[0].log.signing_key().unwrap().fingerprint().to_string();
    clients[0].log.new_key(vec![old]).unwrap().unwrap();
    clients[0].restart();
    clients.iter_mut().for_each(|client| client.log.wanted = wanted.clone());
    let made = clients[1].act(claim(2), 1, None);
    clients[1].sync().unwrap();
    let pass = clients[0].sync().unwrap();
    assert_eq!(pass.unsigned, 0);
    assert!(clients[0].order().contains(&made));
    clients[1].sync().unwrap();
    assert_eq!(clients[0].order(), clients[1].order());
    assert_eq!(clients[0].log.signing_key(), clients[1].log.signing_key());
    assert_eq!(keys(&server).len(), 2, "and puts the new one there");
}

#[test]
fn newcomers_count_what_those_count_who_were_there_when_signatures_were_asked_for() {
    let server = Server::new();
    let mut client = Client::new(&server, 1);
    client.act(claim(1), 0, None);
    server.put(&forged(1, vec![tag("before")]));
    client.sync().unwrap();
    let signed = crate::model::agent::TeamRecord { signed: true, ..Default::default() };
    let _ = client.store.set_team(&main(), signed).unwrap().unwrap();
    client.sync().unwrap();
    server.put(&forged(2, vec![tag("after")]));
    assert_eq!(client.sync().unwrap().unsigned, 1);
    let mut newcomer = Client::new(&server, 2);
    assert_eq!(newcomer.sync().unwrap().unsigned, 1);
    assert_eq!(newcomer.order(), client.order());
}
