//! Who wrote, whatever came first: mails, folders, records, the team.

use proptest::prelude::*;

use super::super::testing::{Bench, START, incoming, main, mid, options};
use super::super::{Content, FolderRole, Incoming, LogLine, LogPlace};
use super::*;
use crate::model::agent::TeamRecord;
use crate::model::ids::Handle;
use crate::model::status::Status;
use crate::model::stop::Stop;
use crate::op::operation::Target;
use crate::op::record::{BY, FORMAT};

const RULES: &str = "Authentication-Results: mx.team.example; ";

/// A mail of these header lines.
fn mail(id: &str, headers: &str) -> Vec<u8> {
    let headers: String = headers.lines().map(|line| format!("{}\r\n", line.trim())).collect();
    format!(
        "Message-ID: <{id}>\r\n{headers}Date: Thu, 14 Jan 2027 08:00:00 +0000\r\n\r\nThe text of {id}, about a parcel.\r\n"
    )
    .into_bytes()
}

fn sent_folder(bench: &Bench) -> i64 {
    bench.store.folder(&main(), "Sent", FolderRole::Sent).unwrap().id
}

fn put(bench: &Bench, folder: i64, uid: u32, raw: &[u8]) {
    bench.store.ingest(folder, vec![incoming(uid, i64::from(uid), raw.to_vec())]).unwrap();
}

fn replied(n: u32, message: &str, hash: Option<String>) -> LogLine {
    let op = Known::Replied { message: mid(message), then: None, hash };
    let record = Record {
        v: FORMAT,
        id: crate::model::ids::OpId(uuid::Uuid::from_u128(u128::from(n) + 1)),
        batch: None,
        actor: Handle::new("bob").unwrap(),
        host: "box".into(),
        by: Some(BY.to_owned()),
        at: Timestamp::from_seconds(START),
        lamport: u64::from(n) + 1,
        after: None,
        on: vec![Target::on(mid(message))],
        op: crate::op::operation::Operation::Known(op),
        place: None,
    };
    LogLine { place: LogPlace { epoch: 1, validity: 1, uid: n + 1, index: 0 }, json: record.to_json() }
}

/// What is told of each mail: its id, how it is known who wrote it, the author, whose conversation it is.
fn wrote(bench: &Bench) -> Vec<String> {
    bench
        .store
        .read(|tx| {
            let mut find = tx.prepare("SELECT id FROM message WHERE hidden = 0 ORDER BY message_id")?;
            let rows = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            let mut all = Vec::new();
            for row in rows {
                let Some(of) = Facts::by_row(tx, row)? else { continue };
                all.push(format!(
                    "{} {:?} {} {:?} {:?} {} {}",
                    of.id, of.authorship, of.author, of.direction, of.origin, of.customer, of.inbox
                ));
            }
            Ok(all)
        })
        .unwrap()
}

fn authorship(bench: &Bench, id: &str) -> Authorship {
    bench.store.authorship(&mid(id)).unwrap()
}

const FORM: &str = "From: Website <support@team.example>\nTo: support@team.example\nSubject: Form\n\
                    Reply-To: Sam Lee <sam@s.example>";

#[test]
fn a_forms_mail_in_sent_and_inbox_at_once_waits_for_us_and_is_found_by_whom_it_names() {
    for both in [[true, false], [false, true]] {
        let bench = Bench::new();
        for is_sent in both {
            let folder = if is_sent { sent_folder(&bench) } else { bench.inbox };
            let delivered = if is_sent { "" } else { "Delivered-To: support@team.example\n" };
            put(&bench, folder, 1, &mail("f@web", &format!("{delivered}{FORM}")));
        }
        let row = bench.row("f@web");
        assert_eq!((row.status, row.people.as_str(), row.messages), (Status::Open, "Sam Lee", 1));
        assert_eq!(authorship(&bench, "f@web"), Authorship::Form);
        for query in ["from:sam@s.example", "from:sam", "from:support@team.example", "sam"] {
            let query = crate::query::parse(query).unwrap();
            let page = bench.store.page(&query, &super::super::testing::context(&bench.store), None, 9).unwrap();
            assert_eq!(page.len(), 1, "{query}");
        }
        bench.sound();
    }
}

#[test]
fn what_a_server_files_into_sent_is_not_ours_for_that() {
    let bench = Bench::new();
    let stranger = "Delivered-To: support+Sent@team.example\nFrom: eve@evil.example\nTo: support+Sent@team.example, zoe@z.example\n\
                    Subject: We give the money back";
    put(&bench, sent_folder(&bench), 1, &mail("e@evil", stranger));
    assert_eq!((bench.row("e@evil").status, authorship(&bench, "e@evil")), (Status::Open, Authorship::Sender));
}

#[test]
fn nothing_that_a_stranger_writes_moves_a_customers_conversation_towards_waiting_or_closed() {
    for forged in [
        "From: Support <support@team.example>\nTo: ana@example.net, support@team.example",
        "From: alice@team.example\nTo: ana@example.net\nSender: support@team.example",
        "From: eve@evil.example\nSender: support@team.example\nTo: support@team.example",
        "From: eve@evil.example\nResent-From: support@team.example\nTo: ana@example.net",
        "From: \"support@team.example\" <eve@evil.example>\nTo: ana@example.net",
        "From: eve@evil.example\nReply-To: support@team.example\nTo: ana@example.net",
        "From: support@team.example\nReply-To: eve@evil.example\nTo: ana@example.net",
        "Authentication-Results: mx.evil.example; dkim=pass header.d=team.example\nFrom: support@team.example\nTo: ana@example.net",
        "Authentication-Results: mx.team.example; none\nAuthentication-Results: mx.team.example; dkim=pass header.d=team.example\n\
         From: support@team.example\nTo: ana@example.net",
        "Authentication-Results: mx.team.example; dmarc=fail header.from=team.example; dkim=pass header.d=evil.example\n\
         From: support@team.example\nTo: ana@example.net",
    ] {
        let bench = Bench::new();
        bench.mail(1, "q@x", "ana@example.net", "Refund", &[]);
        let answer = format!("{forged}\nSubject: Re: Refund\nIn-Reply-To: <q@x>");
        put(&bench, bench.inbox, 100, &mail("f@evil", &answer));
        assert_eq!(bench.row("q@x").status, Status::Open, "{forged}");
        let closed = Bench::new();
        closed.mail(1, "q@x", "ana@example.net", "Refund", &[]);
        let _ = closed.act("q@x", Known::SetStatus { to: Status::Closed });
        put(&closed, closed.inbox, 100, &mail("f@evil", &answer));
        assert_eq!(closed.row("q@x").status, Status::Open, "{forged}");
    }
}

#[test]
fn a_record_makes_a_mail_ours_whichever_came_first() {
    let ours = mail(
        "r@team.example",
        "From: support@team.example\nTo: ana@example.net\nSubject: Re: Refund\nReferences: <q@x>",
    );
    let hash = mime::text_hash(&ours);
    let told = |record_first: bool, hash: Option<String>| {
        let bench = Bench::new();
        put(&bench, bench.inbox, 1, &mail("q@x", "From: ana@example.net\nTo: support@team.example\nSubject: Refund"));
        let line = replied(0, "r@team.example", hash);
        if record_first {
            let _ = bench.store.ingest_log(&main(), vec![line.clone()]).unwrap();
        }
        put(&bench, bench.inbox, 5, &ours);
        if !record_first {
            assert_eq!(authorship(&bench, "r@team.example"), Authorship::Unproven);
            let _ = bench.store.ingest_log(&main(), vec![line]).unwrap();
        }
        bench.sound();
        (authorship(&bench, "r@team.example"), bench.row("q@x").people)
    };
    for record_first in [true, false] {
        assert_eq!(told(record_first, Some(hash.clone())), (Authorship::Recorded, "ana@example.net".into()));
        assert_eq!(told(record_first, None).0, Authorship::Recorded);
        assert_eq!(told(record_first, Some("other".into())), (Authorship::Unproven, "ana@example.net +1".into()));
    }
}

#[test]
fn a_folder_that_turns_out_to_hold_sent_mail_makes_its_mail_ours() {
    let bench = Bench::new();
    let folder = bench.store.folder(&main(), "Gesendet", FolderRole::Other).unwrap().id;
    put(&bench, folder, 1, &mail("s@x", "From: support@team.example\nTo: ana@example.net\nSubject: Refund"));
    assert_eq!(bench.row("s@x").status, Status::Open);
    bench.store.folder(&main(), "Gesendet", FolderRole::Sent).unwrap();
    assert_eq!(bench.store.to_derive().unwrap(), 1);
    bench.store.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
    assert_eq!((authorship(&bench, "s@x"), bench.row("s@x").status), (Authorship::Filed, Status::Waiting));
}

#[test]
fn a_store_of_an_older_program_knows_what_its_records_say_was_sent() {
    let bench = Bench::new();
    let ours = mail("r@team.example", "From: support@team.example\nTo: ana@example.net\nSubject: Refund");
    let _ = bench.store.ingest_log(&main(), vec![replied(0, "r@team.example", Some(mime::text_hash(&ours)))]).unwrap();
    put(&bench, bench.inbox, 5, &ours);
    let migration = include_str!("migrations/0020_sending.sql");
    let fill = migration.split("INSERT OR IGNORE").nth(1).unwrap().split(';').next().unwrap();
    let before = |tx: &Transaction<'_>| Ok(tx.query_row("SELECT message_id || hash FROM sending", [], |r| r.get(0))?);
    let kept: String = bench.store.read(before).unwrap();
    let again = format!("DELETE FROM sending; INSERT OR IGNORE {fill}");
    bench.store.write(|tx| Ok(tx.execute_batch(&again)?)).unwrap();
    assert_eq!(bench.store.read(before).unwrap(), kept);
}

#[test]
fn rules_that_are_new_read_the_kept_bytes_again() {
    let bench = Bench::new();
    put(&bench, bench.inbox, 1, &mail("f@web", FORM));
    // As the program of before kept it: what it did not read it did not keep.
    let old = "UPDATE message SET derived = 0, direction = 1, authorship = 0, author = '', text_hash = NULL,
                   envelope = json_remove(envelope, '$.reply_to');
               UPDATE edition SET number = number + 1; INSERT INTO edition (number, rules, team) VALUES (0, 1, 0);";
    let now = wrote(&bench);
    bench.store.write(|tx| Ok(tx.execute_batch(old)?)).unwrap();
    let store = bench.again();
    assert_eq!(store.to_derive().unwrap(), 1);
    store.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
    assert_eq!(wrote(&bench), now);
    let hash: Option<String> =
        store.read(|tx| Ok(tx.query_row("SELECT text_hash FROM message", [], |row| row.get(0))?)).unwrap();
    assert_eq!(hash, Some(mime::text_hash(&mail("f@web", FORM))));
    bench.sound();
}

/// What happens, in an order of its own: a copy of a mail comes, its body comes, it leaves its folder; one more record is read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Copy { mail: usize, is_sent: bool, headers: bool },
    Body { mail: usize, is_sent: bool },
    Leaves { mail: usize, is_sent: bool },
    Log,
}

#[derive(Clone, Debug)]
struct World {
    /// From, To, the other lines, what our server says of the copy in the inbox.
    mails: Vec<(usize, usize, usize, usize)>,
    /// Whether it bears the Message-ID of the one before, with another text; what it names, an absent id above the number of mails.
    named: Vec<(bool, Vec<usize>)>,
    /// The inbox's copy, the one in Sent, each with whether it is delivered; whether the first leaves again.
    stands: Vec<(bool, bool, bool, bool)>,
    /// Which mail, and with what hash; above the number of mails a record of the team.
    records: Vec<(usize, usize)>,
}

const FROMS: [&str; 4] =
    ["support@team.example", "alice@team.example", "eve@evil.example", "alice@team.example, zoe@z.example"];
const TOS: [&str; 3] = ["support@team.example", "ana@example.net, support@team.example", "ana@example.net"];
const OTHERS: [&str; 3] = ["", "Reply-To: sam@s.example\n", "X-Original-From: Rosa <rosa@r.example>\n"];
const SAID: [&str; 4] = ["", "dkim=pass header.d=team.example", "dmarc=fail header.from=team.example", "none"];

fn world() -> impl Strategy<Value = World> {
    let mails = prop::collection::vec((0..FROMS.len(), 0..TOS.len(), 0..OTHERS.len(), 0..SAID.len()), 1..4);
    mails.prop_flat_map(|mails| {
        let stands = prop::collection::vec(any::<(bool, bool, bool, bool)>(), mails.len());
        let records = prop::collection::vec((0..mails.len() + 1, 0..3usize), 0..4);
        let refs = prop::collection::vec(0..mails.len() + 2, 0..3);
        let named = prop::collection::vec((prop::bool::weighted(0.3), refs), mails.len());
        (Just(mails), named, stands, records).prop_map(|(mails, named, stands, records)| World {
            mails,
            named,
            stands,
            records,
        })
    })
}

impl World {
    fn raw(&self, n: usize, is_sent: bool) -> Vec<u8> {
        let (from, to, other, said) = self.mails[n];
        let delivered = !is_sent || self.stands[n].1;
        let mut headers = String::new();
        if delivered {
            headers.push_str("Delivered-To: support@team.example\n");
            headers.push_str(&format!("{RULES}{}\n", SAID[said]));
        } else {
            headers.push_str("Bcc: max@m.example\n");
        }
        let refs: String = self.named[n].1.iter().map(|of| format!("<{}> ", self.id(*of))).collect();
        headers.push_str(&format!("References: {refs}\n"));
        headers.push_str(&format!("From: {}\nTo: {}\n{}Subject: Re: Refund", FROMS[from], TOS[to], OTHERS[other]));
        let mut raw = mail(&self.id(n), &headers);
        if self.named.get(n).is_some_and(|(shares, _)| *shares) {
            raw.extend(format!("Number {n}.\r\n").into_bytes());
        }
        raw
    }

    fn id(&self, n: usize) -> String {
        match self.named.get(n) {
            Some((true, _)) if n > 0 => self.id(n - 1),
            _ => format!("m{n}@x"),
        }
    }

    fn events(&self) -> Vec<Event> {
        let mut all = vec![Event::Log; self.records.len()];
        for (mail, (both, _, headers, leaves)) in self.stands.iter().copied().enumerate() {
            for is_sent in [false, true].into_iter().filter(|is_sent| both || !is_sent) {
                all.push(Event::Copy { mail, is_sent, headers });
                all.extend(headers.then_some(Event::Body { mail, is_sent }));
            }
            all.extend((both && leaves).then_some(Event::Leaves { mail, is_sent: false }));
        }
        all
    }

    fn log(&self) -> Vec<LogLine> {
        let line = |(n, (of, hash)): (usize, &(usize, usize))| {
            let n = u32::try_from(n).unwrap();
            if *of == self.mails.len() {
                let authserv = (*hash > 0).then(|| "mx.team.example".to_owned());
                let record = TeamRecord { authserv, ..super::super::testing::team_record() };
                let mut line = replied(n, "none@x", None);
                let mut made = Record::parse(&line.json).unwrap();
                (made.on, made.op) = (Vec::new(), crate::op::operation::Operation::Known(Known::Team(record)));
                line.json = made.to_json();
                return line;
            }
            let hash = [None, Some(mime::text_hash(&self.raw(*of, false))), Some("other".to_owned())][*hash].clone();
            replied(n, &self.id(*of), hash)
        };
        self.records.iter().enumerate().map(line).collect()
    }

    /// Lets all of it happen, in an order that the seed gives: what must come behind something else waits for that.
    fn happened(&self, seed: u64) -> (Vec<String>, String) {
        let mut options = options("alice", 1);
        options.team.authserv.clear();
        let bench = Bench::with(options);
        let sent = sent_folder(&bench);
        let log = self.log();
        let mut events = self.events();
        fastrand::Rng::with_seed(seed).shuffle(&mut events);
        let (mut done, mut read) = (Vec::new(), 0);
        while !events.is_empty() {
            let is_ready = |event: &Event| match *event {
                Event::Body { mail, is_sent } => done.contains(&Event::Copy { mail, is_sent, headers: true }),
                Event::Leaves { mail, is_sent } => {
                    let came = |event: &Event| matches!(event, Event::Copy { mail: m, is_sent: s, .. } if (*m, *s) == (mail, is_sent));
                    // Whoever saw a mail leave that another folder holds too, before that was looked at, keeps its links on the log.
                    let elsewhere =
                        |event: &Event| matches!(event, Event::Copy { mail: m, is_sent: true, .. } if *m == mail);
                    done.iter().any(came)
                        && done.iter().any(elsewhere)
                        && (!self.stands[mail].2 || done.contains(&Event::Body { mail, is_sent }))
                }
                _ => true,
            };
            let next = events.iter().position(is_ready).unwrap();
            let event = events.remove(next);
            let uid = |mail: usize| u32::try_from(mail).unwrap() + 1;
            match event {
                Event::Copy { mail, is_sent, headers } => {
                    let raw = self.raw(mail, is_sent);
                    let end = raw.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
                    let content =
                        if headers { Content::Headers(raw[..end].to_vec()) } else { Content::Whole(raw.clone()) };
                    let one = Incoming { content, ..incoming(uid(mail), i64::from(uid(mail)), raw) };
                    bench.store.ingest(if is_sent { sent } else { bench.inbox }, vec![one]).unwrap();
                }
                Event::Body { mail, is_sent } => {
                    let folder = if is_sent { sent } else { bench.inbox };
                    bench.store.ingest_body(folder, uid(mail), &self.raw(mail, is_sent)).unwrap();
                }
                Event::Leaves { mail, .. } => _ = bench.store.expunge(bench.inbox, &[uid(mail)]).unwrap(),
                Event::Log => {
                    read += 1;
                    let _ = bench.store.ingest_log(&main(), log[..read].to_vec()).unwrap();
                }
            }
            done.push(event);
        }
        bench.store.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
        bench.sound();
        let statuses: Vec<String> = wrote(&bench);
        (statuses, bench.dump())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_mails_folders_and_records_gives_the_same_authors_and_conversations(world in world(), seeds in any::<[u64; 2]>()) {
        let (one, other) = (world.happened(seeds[0]), world.happened(seeds[1]));
        prop_assert_eq!(&one.0, &other.0);
        prop_assert_eq!(&one.1, &other.1);
    }
}
