//! Three clients of one log, of which one has a clock ten years late and one ten years ahead: all end with the same records, in the same
//! order, and the same state of each conversation.

use postroom::model::clock::{Clock, Timestamp};
use postroom::model::ids::MessageId;
use postroom::model::status::Status;
use postroom::op::operation::{Known, Target};
use postroom::op::record::{Author, NewOperation};
use postroom::store::Store;

use super::support::client::Client;
use super::support::desk;
use super::support::servers::dovecot::Dovecot;
use super::{Plan, Tally, compare, records};

/// Ten years in milliseconds, leap days included.
const DECADE: i64 = 3_652 * Timestamp::DAY;
const CONVERSATIONS: usize = 5;

pub fn run(plan: &Plan) -> Option<Tally> {
    let server = Dovecot::start()?;
    let mut tally = Tally::default();
    let mut random = fastrand::Rng::with_seed(plan.seed);
    for run in 0..plan.runs {
        let user = format!("team{run}");
        let dir = tempfile::tempdir().unwrap();
        let now = Clock::System.now();
        let mut clients: Vec<Client> = [-DECADE, 0, DECADE]
            .into_iter()
            .enumerate()
            .map(|(n, off)| {
                let clock = Clock::fixed(now.plus(off));
                let author = Author { clock, ..desk::author(&format!("agent{n}")) };
                let client = Client::open(&dir.path().join(n.to_string()), author, server.session(&user), 20);
                let mails = (0..CONVERSATIONS).map(|n| mail(n, now));
                desk::fill(&client.store, mails);
                client
            })
            .collect();
        let mut made = Vec::new();
        for _ in 0..30 {
            let n = random.usize(0..clients.len());
            let on = MessageId::new(&format!("m{}@clock.example", random.usize(0..CONVERSATIONS))).unwrap();
            let me = clients[n].store.author().actor.clone();
            let op = match random.u8(0..4) {
                0 => Known::Assign { to: Some(me) },
                1 => Known::SetStatus { to: Status::Closed },
                2 => Known::Title { text: format!("by {me}") },
                _ => Known::Snooze { until: Some(clients[n].store.author().clock.now().plus(Timestamp::DAY)) },
            };
            let done = clients[n].store.commit(vec![NewOperation::new(op, vec![Target::on(on)])]).unwrap();
            made.extend(done.records.iter().map(|record| record.id.to_string()));
            if random.bool() {
                clients[n].sync();
            }
        }
        for _ in 0..2 {
            clients.iter_mut().for_each(Client::sync);
        }
        drop(clients);
        // What sleeps wakes by each machine's own clock: the state is compared at one moment.
        let stores: Vec<_> = (0..3)
            .map(|n: usize| {
                let author = Author { clock: Clock::fixed(now), ..desk::author("alice") };
                desk::open(&dir.path().join(n.to_string()), author, desk::team("support@example.com"))
            })
            .collect();
        let first = records(&stores[0]);
        compare(&first, &made, &mut tally);
        for (n, store) in stores.iter().enumerate() {
            if records(store) != first {
                tally.wrong.push(format!("run {run}: client {n} has another log than the first"));
            }
            if state(store) != state(&stores[0]) {
                tally.wrong.push(format!("run {run}: client {n} shows another state than the first"));
            }
            tally.wrong.extend(store.check().unwrap());
        }
        tally.runs += 1;
        tally.faults += 2;
    }
    Some(tally)
}

/// Title, status, assignee and sleep of each conversation.
fn state(store: &Store) -> Vec<String> {
    let all = (0..CONVERSATIONS).map(|n| MessageId::new(&format!("m{n}@clock.example")).unwrap());
    let ids: Vec<_> = all.map(|id| store.conversation_of(&id).unwrap().unwrap()).collect();
    let rows = store.rows(&ids).unwrap();
    rows.iter()
        .map(|row| format!("{} {:?} {:?} {:?}", row.title, row.status, row.assignee, row.snoozed_until))
        .collect()
}

fn mail(n: usize, now: Timestamp) -> postroom::store::Incoming {
    let raw = format!(
        "From: ann{n}@clock.example\r\nTo: support@example.com\r\nSubject: Question {n}\r\nMessage-ID: <m{n}@clock.example>\r\n\r\nhello\r\n"
    );
    desk::incoming(u32::try_from(n).unwrap() + 1, now, raw.into_bytes())
}
