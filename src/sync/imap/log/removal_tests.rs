use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, OpId, Tag};
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::store::{LogLine, LogPlace};
use crate::sync::imap::log::imap_log::tests::{Client, claim, main, message};
use crate::sync::imap::log::model_folder::Server;
use crate::sync::imap::log::snapshot::{Builder, Header, Making};

/// The mail of the key, and six of records.
const MAILS: usize = 7;

/// A client that has written some mails, and knows them.
fn begun(server: &Server) -> Client {
    let mut client = Client::new(server, 1);
    for n in 1..MAILS {
        client.act(claim(n as u64), n % 4, None);
        client.sync().unwrap();
    }
    client
}

/// A snapshot as Eve writes it: of these lines, and it says that it covers all up to `covers` and was made in 1970.
fn snapshot(client: &Client, covers: u32, lines: &[LogLine]) -> Vec<u8> {
    let head = client.store.log_head(&main()).unwrap().unwrap();
    let ids = crate::model::clock::Ids::counted(77);
    let header = Header::new(ids.next(), 1, head.validity, covers, Timestamp(0));
    let (actor, from) = (Handle::new("eve").unwrap(), Address::new("", "eve@example.org"));
    let mut builder = Builder::new(Making { header, actor: &actor, from: &from, key: None });
    lines.iter().for_each(|line| builder.push(line.clone()));
    builder.finish().remove(0)
}

fn lines(client: &Client) -> Vec<LogLine> {
    client.store.log_lines(&main(), None, 1000).unwrap()
}

/// Puts a mail into the folder now.
fn put(server: &Server, client: &Client, raw: &[u8]) {
    let (_, uid) = server.put(raw);
    server.dated(uid, client.clock.now());
}

/// Two days later.
fn old(client: &mut Client) {
    client.clock.advance(2 * Timestamp::DAY);
    client.restart();
}

/// Whether every mail of the beginning is still there.
fn all_there(server: &Server) -> bool {
    (1..=MAILS as u32).all(|uid| server.uids().contains(&uid))
}

#[test]
fn a_snapshot_that_says_it_covers_itself_is_none() {
    let server = Server::new();
    let mut client = begun(&server);
    let all = lines(&client);
    for covers in [MAILS as u32 + 1, u32::MAX] {
        put(&server, &client, &snapshot(&client, covers, &all));
        old(&mut client);
        let order = client.order();
        client.sync().unwrap();
        assert!(all_there(&server), "{:?}", server.uids());
        let mails = server.uids();
        for _ in 0..3 {
            client.restart();
            client.sync().unwrap();
        }
        assert_eq!(server.uids(), mails, "nothing is written again");
        assert_eq!(client.order(), order);
    }
}

/// A client that does not see that the server was put back says what it knows under UIDs that are yet to come.
#[test]
fn what_only_a_snapshot_that_says_it_covers_itself_has_is_read_from_it() {
    let server = Server::new();
    let mut client = begun(&server);
    let mut other = Client::new(&server, 2);
    other.sync().unwrap();
    server.back_up();
    for n in 0..2 {
        client.act(claim(7), n, None);
        client.sync().unwrap();
    }
    let order = client.order();
    let said = snapshot(&client, MAILS as u32 + 2, &lines(&client));
    server.restore();
    put(&server, &client, &said);
    let mut newcomer = Client::new(&server, 3);
    for _ in 0..2 {
        other.sync().unwrap();
        newcomer.sync().unwrap();
    }
    assert_eq!(newcomer.order(), order);
    assert_eq!(other.order(), order);
    client.restart();
    for _ in 0..2 {
        client.sync().unwrap();
        other.sync().unwrap();
        newcomer.sync().unwrap();
    }
    assert_eq!([client.order(), other.order(), newcomer.order()], [order.clone(), order.clone(), order]);
    let mails = server.uids();
    for client in [&mut client, &mut other, &mut newcomer] {
        client.restart();
        client.sync().unwrap();
    }
    assert_eq!(server.uids(), mails, "nothing is written again");
}

#[test]
fn a_snapshot_that_covers_itself_is_no_word_against_what_mails_say() {
    let server = Server::new();
    let mut client = begun(&server);
    let mut all = lines(&client);
    all[2].json = all[2].json.replace("agent", "eve");
    all[2].place.uid = 2;
    put(&server, &client, &snapshot(&client, MAILS as u32 + 1, &all));
    client.log.compact(&mut client.folder).unwrap();
    old(&mut client);
    client.sync().unwrap();
    assert!(!all_there(&server), "{:?}", server.uids());
}

#[test]
fn what_an_older_version_believed_of_a_snapshot_is_forgotten() {
    let server = Server::new();
    let mut client = begun(&server);
    let state = client.store.log_state(&main()).unwrap().unwrap();
    let mut state: serde_json::Value = serde_json::from_str(&state).unwrap();
    (state["covers"], state["snapshot"], state["snapshot_at"]) = (u32::MAX.into(), 3.into(), 0.into());
    client.store.set_log_state(&main(), &state.to_string()).unwrap();
    for _ in 0..3 {
        client.restart();
        client.sync().unwrap();
    }
    assert_eq!(server.uids().len(), MAILS);
}

#[test]
fn a_snapshot_that_is_gone_is_made_again_once() {
    let server = Server::new();
    let mut client = begun(&server);
    client.log.compact(&mut client.folder).unwrap();
    server.delete_mail(MAILS);
    for _ in 0..3 {
        client.restart();
        client.sync().unwrap();
    }
    assert_eq!(server.uids().len(), MAILS + 1, "{:?}", server.uids());
}

#[test]
fn a_snapshot_is_as_old_as_the_server_says() {
    let server = Server::new();
    let mut client = begun(&server);
    client.clock.advance(2 * Timestamp::DAY);
    put(&server, &client, &snapshot(&client, MAILS as u32, &lines(&client)));
    client.restart();
    client.sync().unwrap();
    client.restart();
    client.sync().unwrap();
    assert!(all_there(&server), "it says 1970, and came just now");
    client.clock.advance(2 * Timestamp::DAY);
    client.restart();
    client.sync().unwrap();
    assert!(!all_there(&server), "two days later it is old");
}

#[test]
fn what_an_old_snapshot_leaves_out_keeps_the_mails_that_it_covers() {
    let server = Server::new();
    let mut client = begun(&server);
    let order = client.order();
    let some: Vec<LogLine> = lines(&client).into_iter().skip(1).collect();
    put(&server, &client, &snapshot(&client, MAILS as u32, &some));
    client.sync().unwrap();
    assert_eq!(client.order(), order, "the mail itself says what the snapshot does not");
    assert_eq!(server.uids().len(), MAILS + 1, "nothing is pushed again");
    old(&mut client);
    client.sync().unwrap();
    assert!(all_there(&server), "{:?}", server.uids());
    assert_eq!(client.order(), order);
    let mut newcomer = Client::new(&server, 3);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), order, "a better snapshot stands behind it");
    let mails = server.uids();
    client.restart();
    client.sync().unwrap();
    assert_eq!(server.uids(), mails, "once is enough");
}

#[test]
fn who_comes_later_reads_what_a_snapshot_left_out_before_anything_is_removed() {
    let server = Server::new();
    let client = begun(&server);
    let order = client.order();
    let some: Vec<LogLine> = lines(&client).into_iter().take(2).collect();
    put(&server, &client, &snapshot(&client, MAILS as u32, &some));
    let mut newcomer = Client::new(&server, 3);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order().len(), 2);
    old(&mut newcomer);
    newcomer.sync().unwrap();
    assert!(all_there(&server));
    assert_eq!(newcomer.order(), order);
}

#[test]
fn a_snapshot_that_says_something_else_of_a_record_removes_nothing() {
    let server = Server::new();
    let mut client = begun(&server);
    let mut other = lines(&client);
    other[2].json = other[2].json.replace("agent", "eve");
    put(&server, &client, &snapshot(&client, MAILS as u32, &other));
    client.sync().unwrap();
    old(&mut client);
    client.sync().unwrap();
    assert!(all_there(&server), "{:?}", server.uids());
}

#[test]
fn a_snapshot_of_another_time_of_the_folder_may_cover_what_it_likes() {
    let server = Server::new();
    let mut client = begun(&server);
    client.log.compact(&mut client.folder).unwrap();
    let order = client.order();
    server.lose_order(3);
    client.sync().unwrap();
    assert_eq!(client.order(), order);
}

#[test]
fn records_say_which_program_made_them_and_bulks_go_in_mails_of_twenty_thousand_targets() {
    let server = Server::new();
    let mut client = Client::new(&server, 1);
    let tag = |name: &str| Known::Tag { add: [Tag::new(name).unwrap()].into(), remove: Default::default() };
    let on = |n: usize| (0..n).map(|n| Target::on(message(n))).collect::<Vec<_>>();
    let operations = vec![
        NewOperation::new(tag("a"), on(12_000)),
        NewOperation::new(tag("b"), on(9_000)),
        NewOperation::new(tag("c"), on(9_000)),
    ];
    let made: Vec<OpId> = client.store.commit(operations).unwrap().records.iter().map(|record| record.id).collect();
    let pass = client.sync().unwrap();
    assert_eq!((pass.pushed, pass.appended), (3, 3), "the key, and two of records");
    let mut other = Client::new(&server, 2);
    other.sync().unwrap();
    assert_eq!(other.order(), made);
    client.log.compact(&mut client.folder).unwrap();
    assert_eq!(server.uids().len(), 5, "two parts of a snapshot");
    let mut newcomer = Client::new(&server, 3);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), made);
    assert!(lines(&newcomer).iter().all(|line: &LogLine| line.json.contains("\"by\":\"postroom/")));
    let places: Vec<LogPlace> = lines(&newcomer).into_iter().map(|line| line.place).collect();
    assert_eq!(places, lines(&client).into_iter().map(|line| line.place).collect::<Vec<_>>());
}
