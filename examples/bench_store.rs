//! Fills a store with synthetic mail and times what people wait for: `bench_store [conversations] [folder] [--brief]`.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod support;

use std::time::Instant;

use postroom::model::clock::{Clock, Timestamp};
use postroom::model::ids::ConversationId;
use postroom::model::status::Status;
use postroom::model::view::View;
use postroom::op::operation::{Known, Target};
use postroom::op::record::{Author, NewOperation};
use postroom::query;
use postroom::store::{FolderRole, Incoming, LogLine, LogPlace, Store};
use support::desk;
use support::letter::{Letter, WORDS};
use support::times::{arguments, number};

fn main() {
    let conversations = u32::try_from(number(0, 20_000, 500)).unwrap();
    let own = || std::env::temp_dir().join(format!("postroom-bench-{}", std::process::id()));
    let dir = arguments().get(1).map_or_else(own, Into::into);
    let _ = std::fs::remove_dir_all(&dir);
    let author = Author { clock: Clock::fixed(Timestamp::from_seconds(1_800_000_000)), ..desk::author("alice") };
    let store = desk::open(&dir, author, desk::team("support@team.example"));
    let folder = store.folder(&desk::account(), "INBOX", FolderRole::Inbox).unwrap();

    // Newest first, as the sync fetches; every third conversation holds three mails.
    let started = Instant::now();
    let mut mails = 0u32;
    let mut uid = conversations * 3 + 1;
    let mut batch = Vec::new();
    for n in 0..conversations {
        let answers = if n % 3 == 0 { 3 } else { 1 };
        for answer in (0..answers).rev() {
            uid -= 1;
            batch.push(mail(uid, n, answer));
            mails += 1;
        }
        if batch.len() >= 500 {
            store.ingest(folder.id, std::mem::take(&mut batch)).unwrap();
        }
    }
    store.ingest(folder.id, batch).unwrap();
    let took = started.elapsed().as_secs_f64();
    println!("ingest: {mails} mails in {took:.2} s, {:.0} a second", f64::from(mails) / took);

    let context = desk::context(&store);
    let page = |text: &str| {
        let query = query::parse(text).unwrap();
        let started = Instant::now();
        let rows = store.page(&query, &context, None, 50).unwrap();
        println!("page {text:?}: {} rows in {:.2} ms", rows.len(), started.elapsed().as_secs_f64() * 1e3);
        rows
    };
    for view in View::FIXED {
        page(&view.query());
    }
    for text in ["parcel", "number777", "from:customer12", "is:unassigned invoice"] {
        page(text);
    }
    let rows = page("is:any");
    let time = |what: &str, work: &mut dyn FnMut()| {
        let started = Instant::now();
        work();
        println!("{what}: {:.2} ms", started.elapsed().as_secs_f64() * 1e3);
    };
    time("counts", &mut || {
        store.counts(&context.me).unwrap();
    });
    let target = store.targets(&[rows.first().unwrap().id.clone()]).unwrap().remove(0).1;
    for what in ["first commit", "commit"] {
        time(what, &mut || {
            let op = Known::SetStatus { to: Status::Closed };
            let _ = store.commit(vec![NewOperation::new(op, vec![target.clone()])]).unwrap();
        });
    }
    let ids: Vec<_> = store.ids(&query::parse("is:any").unwrap(), &context).unwrap().into_iter().take(5000).collect();
    let targets: Vec<_> = store.targets(&ids).unwrap().into_iter().map(|(_, target)| target).collect();
    time(&format!("bulk close of {}", targets.len()), &mut || {
        let op = Known::SetStatus { to: Status::Closed };
        let _ = store.commit(vec![NewOperation::new(op, targets.clone())]).unwrap();
    });
    time("bulk undo", &mut || {
        let _ = store.undo().unwrap();
    });
    time("open a conversation", &mut || {
        store.conversation(&rows.first().unwrap().id, 50).unwrap();
    });
    day_offline(&store, &store.ids(&query::parse("is:any").unwrap(), &context).unwrap());
    let bytes: u64 = std::fs::read_dir(&dir).unwrap().map(|f| f.unwrap().metadata().unwrap().len()).sum();
    println!("files: {} MB", bytes / 1_000_000);
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status
            .lines()
            .filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"))
            .for_each(|l| println!("{l}"));
    }
}

/// Closes made one by one without a connection reach the log: what the first pass afterwards takes to see that all of them stand.
fn day_offline(store: &Store, ids: &[ConversationId]) {
    let targets: Vec<Target> = store.targets(ids).unwrap().into_iter().take(CLOSES).map(|(_, target)| target).collect();
    let close = |target| NewOperation::new(Known::SetStatus { to: Status::Closed }, vec![target]);
    let closes = targets.len();
    let _ = store.commit(targets.into_iter().map(close).collect()).unwrap();
    store.remember_waiting(&desk::account()).unwrap();
    let line = |(n, (_, json))| LogLine { place: LogPlace { epoch: 0, validity: 1, uid: n, index: 0 }, json };
    let log = (1..).zip(store.unpushed(usize::MAX).unwrap()).map(line).collect();
    let _ = store.ingest_log(&desk::account(), log).unwrap();
    let started = Instant::now();
    let refused = store.refusals(&desk::account(), true).unwrap();
    let took = started.elapsed().as_secs_f64() * 1e3;
    println!("a day offline: {closes} closes looked at in {took:.0} ms, {} did not stand", refused.listed.len());
}

/// So many closes are made without a connection.
const CLOSES: usize = 10_000;

fn mail(uid: u32, n: u32, answer: u32) -> Incoming {
    let mut seed = fastrand::Rng::with_seed(u64::from(uid));
    let word = |n: usize| WORDS.get(n % WORDS.len()).copied().unwrap_or_default();
    let body: Vec<&str> = (0..60).map(|_| word(seed.usize(..WORDS.len()))).collect();
    let at = Timestamp::from_seconds(1_800_000_000 - i64::from(n) * 60 + i64::from(answer));
    let letter = Letter {
        id: format!("c{n}.{answer}"),
        answers: (0..answer).map(|before| format!("c{n}.{before}")).collect(),
        customer: n % 5000,
        domain: String::new(),
        to: "support",
        subject: format!("{}{} number{n}", if answer == 0 { "" } else { "Re: " }, word(n as usize)),
        at,
        body: body.join(" "),
    };
    desk::incoming(uid, at, letter.raw())
}
