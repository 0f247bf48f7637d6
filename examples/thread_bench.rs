//! How long threading and folding text take: `cargo run --release --example thread_bench`.

use std::collections::HashSet;
use std::time::Instant;

use postroom::model::clock::{Ids, Timestamp};
use postroom::model::ids::MessageId;
use postroom::model::message::{Direction, Origin};
use postroom::query::fold_text;
use postroom::thread::{Node, Outside, Repair, thread};

fn id(number: usize) -> Option<MessageId> {
    MessageId::new(&format!("{number}.postroom@bench.example"))
}

/// Conversations of `length` messages, each naming the last ones before it; every tenth names nothing and has a reply prefix.
fn mail(count: usize, length: usize) -> Vec<Node> {
    (0..count)
        .filter_map(|n| {
            let first = n - n % length;
            let loose = n % 10 == 9;
            let from = n.saturating_sub(16).max(first);
            let parents = if loose { Vec::new() } else { (from..n).filter_map(id).collect() };
            Some(Node {
                id: id(n)?,
                parents,
                base_subject: format!("order {}", n / 50),
                is_reply: n != first,
                bound: Vec::new(),
                customer: format!("customer{}@x.example", n / 50),
                author: format!("customer{}@x.example", n / 50),
                outside: Outside::One(format!("customer{}@x.example", n / 50)),
                list_id: String::new(),
                notice: None,
                arrived: Timestamp::from_seconds(n as i64 * 60),
                direction: Direction::Inbound,
                origin: Origin::Human,
            })
        })
        .collect()
}

#[expect(clippy::print_stdout, reason = "a program that measures prints what it measured")]
fn main() {
    // `--brief` is for CI, where it only has to run through.
    let brief = std::env::args().any(|arg| arg == "--brief");
    let sizes = [(1_000, 5), (10_000, 5), (100_000, 5), (100_000, 100_000)];
    for (count, length) in sizes.into_iter().take(if brief { 1 } else { sizes.len() }) {
        let mut nodes = mail(count, length);
        fastrand::Rng::with_seed(1).shuffle(&mut nodes);
        let ids = Ids::counted(1);
        let repairs: Vec<Repair> = (0..count / 100)
            .filter_map(|n| Some(Repair::Split { record: ids.next(), message: id(n * 100 + 3)? }))
            .collect();
        for (what, repairs) in [("no repairs", &[][..]), ("a split in a hundred", &repairs)] {
            let begin = Instant::now();
            let placed = thread(&nodes, &HashSet::new(), repairs).placements;
            println!(
                "{count} messages, {length} a conversation, {what}: {:?} ({} placed)",
                begin.elapsed(),
                placed.len()
            );
        }
    }
    for (what, text) in
        [("English", "The Refund for order 4412. "), ("Arabic", "إعادة المَبْلَغ "), ("Japanese", "返金をお願いします。")]
    {
        let text = text.repeat(1 + (1 << 20) / text.len());
        let begin = Instant::now();
        let folded = fold_text(&text);
        println!("fold_text, 1 MiB of {what}: {:?} ({} bytes)", begin.elapsed(), folded.len());
    }
}
