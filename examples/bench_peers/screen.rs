//! The screens, on the same mail, in terminals of one size.

use std::path::Path;

use crate::clients::{self, Client};
use crate::mail::MARK;
use crate::support::times::brief;
use crate::table::{Table, Unit};
use crate::using::{grown, measure as use_key, start};

/// A small terminal, and one that has room for a preview beside the list.
const SIZES: [(u16, u16); 2] = [(80, 24), (160, 50)];
/// What is measured of the keys.
const KEYS: [&str; 3] = ["j, k", "page", "open"];

/// Measures the programs on the mail and the store in `dir`.
pub fn measure(dir: &Path, table: &mut Table, rounds: usize) {
    let clients = clients::clients();
    if brief() {
        return clients.iter().for_each(|client| keys(client, dir, SIZES[0], table));
    }
    // The first start is the one that fills caches; the others are what a day begins with.
    for client in &clients {
        table.add(
            "screen: first start of all",
            Unit::Milliseconds,
            client.name,
            grown(client, dir, SIZES[0], MARK).start,
        );
    }
    for size in SIZES {
        for _ in 0..rounds {
            for client in &clients {
                keys(client, dir, size, table);
            }
        }
    }
    for client in &clients {
        let used = grown(client, dir, SIZES[1], MARK);
        table.add("screen: memory after some keys", Unit::Mebibytes, client.name, used.resident);
        table.add("screen: memory at most", Unit::Mebibytes, client.name, used.peak);
    }
}

fn keys(client: &Client, dir: &Path, size: (u16, u16), table: &mut Table) {
    let (mut pty, first) = start(client, dir, size, MARK);
    let at = format!("{}x{}", size.0, size.1);
    table.add(
        &format!("{at}: start to a full screen"),
        Unit::Milliseconds,
        client.name,
        first.took.as_secs_f64() * 1e3,
    );
    let wanted = if brief() { &KEYS[2..] } else { &KEYS[..] };
    for deed in client.deeds.iter().filter(|deed| wanted.contains(&deed.what)) {
        let drawn = use_key(&mut pty, deed);
        table.add(&format!("{at}: {}", deed.what), Unit::Milliseconds, client.name, drawn.took.as_secs_f64() * 1e3);
        table.add(&format!("{at}: {}, drawn", deed.what), Unit::Bytes, client.name, drawn.bytes as f64);
    }
}
