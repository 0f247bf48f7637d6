//! Several clients that move the same mail at once on a server that can only copy and remove: one of each stays, whoever is killed.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crate::mail_move::{Client, EVER, USER, listed, mails, prepare, row};
use crate::support::dovecot::{Dovecot, PASSWORD};
use postroom::config::{Endpoint, Security};
use postroom::model::clock::{Clock, Timestamp};
use postroom::sync::imap::mover::move_due;
use postroom::sync::imap::{Session, Waker};

/// A way to the server on which everything is held up for good at a command that has these words, once that was told to the receiver;
/// it goes on when the other end of the second channel says so.
fn held_at(server: &Dovecot, words: &'static str) -> (u16, Receiver<()>, Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, imap) = (listener.local_addr().unwrap().port(), server.imap);
    let (tell, told) = channel();
    let (go, on) = channel();
    std::thread::spawn(move || {
        let client = listener.accept().unwrap().0;
        let mut upstream = TcpStream::connect(("127.0.0.1", imap)).unwrap();
        let (mut answers, mut down) = (upstream.try_clone().unwrap(), client.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut answers, &mut down));
        for line in BufReader::new(client).lines().map_while(Result::ok) {
            if line.contains(words) && tell.send(()).is_ok() && on.recv().is_err() {
                return;
            }
            upstream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        }
    });
    (port, told, go)
}

/// A command that has those words comes at once or never.
const WITHIN: Duration = Duration::from_secs(10);

/// What stands in INBOX, Returns and Press.
fn stands(server: &Dovecot) -> [Vec<String>; 3] {
    ["INBOX", "Returns", "Press"].map(|folder| listed(server, folder, "ALL"))
}

/// Where the conversation and its two mails are to be in the end.
fn all_in(inbox: &str) -> [Vec<String>; 3] {
    let at = |folder: &str| if folder == inbox { vec!["a".to_owned(), "b".to_owned()] } else { Vec::new() };
    [vec!["stranger".to_owned()], at("returns"), at("press")]
}

/// Alice and Bob move the same conversation from INBOX, hers to Returns, and hers is first on the log. Both know of no other.
fn two_at_once(to: &str) -> Option<(Dovecot, Client, Client, Clock)> {
    two_at(Dovecot::without(&["MOVE"]), to)
}

fn two_at(server: Option<Dovecot>, to: &str) -> Option<(Dovecot, Client, Client, Clock)> {
    let server = server?;
    prepare(&server);
    let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
    let alice = Client::with_clock(&server, "alice", clock.clone());
    let bob = Client::with_clock(&server, "bob", clock.clone());
    alice.sync(&server);
    bob.sync(&server);
    alice.move_to("a", "returns");
    bob.move_to("a", to);
    alice.read(&server);
    Some((server, alice, bob, clock))
}

fn at_rest(server: &Dovecot, clients: [&Client; 2], to: &str) {
    for _ in 0..2 {
        clients.iter().for_each(|client| _ = client.sync(server));
    }
    assert_eq!(stands(server), all_in(to), "{to}");
    for client in clients {
        assert_eq!((client.waiting(), client.row("a")), (Vec::new(), row(to, 2)), "{to}");
        assert!(client.store.check().unwrap().is_empty(), "{:?}", client.store.check());
    }
}

/// Lets Alice's client move, and Bob's do all it does at the moment when Alice's has copied and removed nothing yet.
fn meet(server: &Dovecot, alice: &Client, bob: &Client) {
    let (port, copied, go) = held_at(server, " UID STORE ");
    let endpoint = Endpoint { port, ..server.endpoint(USER, Security::Plain) };
    let mut session = Session::open(&endpoint, PASSWORD, &Waker::new().unwrap()).unwrap();
    std::thread::scope(|scope| {
        let (store, id) = (alice.store.clone(), alice.account.id.clone());
        let moving = scope.spawn(move || move_due(&store, &id, &mut session, EVER).unwrap());
        if copied.recv_timeout(WITHIN).is_ok() {
            drop(copied);
            bob.sync(server);
            go.send(()).unwrap();
        }
        moving.join().unwrap();
    });
}

#[test]
fn who_takes_a_move_back_while_another_moves_on_leaves_one_of_each() {
    for undo_again in [false, true] {
        let Some(server) = Dovecot::without(&["MOVE"]) else { return };
        prepare(&server);
        let (alice, bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
        alice.sync(&server);
        alice.move_to("a", "returns");
        alice.sync(&server);
        bob.sync(&server);
        let _ = alice.store.undo().unwrap().unwrap();
        bob.move_to("a", "press");
        if undo_again {
            // Back to where it was, by two undos of his own.
            let _ = (bob.store.undo().unwrap().unwrap(), bob.store.redo().unwrap().unwrap());
        }
        alice.read(&server);
        meet(&server, &alice, &bob);
        at_rest(&server, [&alice, &bob], "press");
    }
}

#[test]
fn two_who_copy_the_same_mails_at_the_same_moment_leave_one_of_each() {
    for to in ["returns", "press"] {
        let Some((server, alice, bob, _)) = two_at_once(to) else { return };
        // Both stand in Returns and in INBOX when Bob comes.
        meet(&server, &alice, &bob);
        at_rest(&server, [&alice, &bob], to);
    }
}

#[test]
fn two_who_copy_the_same_mails_from_where_a_third_brought_them_leave_one_of_each() {
    for (hers, his) in [("press", "press"), ("press", "support"), ("support", "press")] {
        let Some(server) = Dovecot::without(&["MOVE"]) else { return };
        prepare(&server);
        let [alice, bob, carol] = ["alice", "bob", "carol"].map(|agent| Client::new(&server, agent));
        for client in [&alice, &bob, &carol] {
            client.sync(&server);
        }
        carol.move_to("a", "returns");
        alice.move_to("a", hers);
        bob.move_to("a", if his == "support" { "returns" } else { his });
        carol.sync(&server);
        alice.read(&server);
        if his == "support" {
            bob.move_to("a", his);
        }
        meet(&server, &alice, &bob);
        for _ in 0..2 {
            [&carol, &alice, &bob].into_iter().for_each(|client| _ = client.sync(&server));
        }
        let mut all = stands(&server).concat();
        all.sort();
        assert_eq!(all, ["a", "b", "stranger"], "{hers} {his}");
    }
}

#[test]
fn who_comes_first_and_is_killed_holds_up_the_mails_for_a_minute() {
    for (to, steps) in [("returns", 0), ("returns", 1), ("press", 0), ("press", 1)] {
        let Some((server, alice, bob, clock)) = two_at_once(to) else { return };
        let ids: Vec<i64> = alice.waiting().iter().map(|one| one.id).collect();
        let mut session = server.session(USER);
        let target = session.status("Returns").unwrap();
        alice.store.begin_moves(&ids, target.validity.unwrap(), target.uid_next.unwrap()).unwrap();
        if steps > 0 {
            session.select("INBOX").unwrap();
            session.uid_copy("1,3", "Returns").unwrap();
        }
        session.logout();
        let before = stands(&server);
        for _ in 0..3 {
            bob.sync(&server);
        }
        assert_eq!((stands(&server), bob.reasons()), (before, Vec::new()), "{to} {steps}");
        clock.advance(60_000);
        bob.sync(&server);
        assert_eq!(stands(&server), all_in(to), "{to} {steps}");
        at_rest(&server, [&alice, &bob], to);
    }
}

#[test]
fn who_comes_first_and_hears_of_a_later_move_leaves_it_to_that_one() {
    let Some((server, alice, bob, clock)) = two_at_once("press") else { return };
    bob.sync(&server);
    alice.sync(&server);
    assert_eq!(alice.waiting(), []);
    clock.advance(60_000);
    bob.sync(&server);
    at_rest(&server, [&alice, &bob], "press");
}

#[test]
fn who_comes_second_waits_too_where_the_server_moves_since_its_move_may_be_a_copy() {
    let Some((server, alice, bob, clock)) = two_at(Dovecot::start(), "press") else { return };
    assert_eq!(bob.sync(&server).moved, 0);
    clock.advance(60_000);
    assert_eq!(bob.sync(&server).moved, 2);
    at_rest(&server, [&alice, &bob], "press");
}

#[test]
fn a_move_that_is_not_on_the_log_yet_copies_nothing() {
    let Some(server) = Dovecot::without(&["MOVE"]) else { return };
    prepare(&server);
    let alice = Client::new(&server, "alice");
    alice.sync(&server);
    alice.move_to("a", "returns");
    assert_eq!((alice.move_mail(&server).moved, mails(&server, "Returns").len()), (0, 0));
    assert_eq!(alice.sync(&server).moved, 2);
    assert_eq!(mails(&server, "Returns"), ["a", "b"]);
}
