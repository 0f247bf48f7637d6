//! Random keys at random sizes, with a colleague who acts at random, through the loop that also runs in production: nothing breaks, and
//! what an acting key changed is what was under the cursor when it was pressed.

use std::collections::{BTreeMap, BTreeSet};

use postroom::app::{App, Event, Layer, Pane};
use postroom::keymap::{Context, write_keys};
use postroom::model::ids::{ConversationId, Handle, MessageId, Tag};
use postroom::model::status::Status;
use postroom::op::Wish;
use postroom::op::operation::Known;
use postroom::op::record::Record;
use postroom::runtime::Harness;
use postroom::service::triage;
use postroom::store::Store;

use super::seed::{Desk, MAILS, Mail};

/// So many keys are pressed where `POSTROOM_RANDOM_KEYS` names no other number.
const KEYS: usize = 2_500;
/// After so many keys a new desk is begun.
const PER_DESK: usize = 250;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % below.max(1)
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        from.get(self.roll(from.len()))
    }
}

/// More mail, to come in while somebody works.
const LATER: [Mail; 3] = [
    Mail { id: "later1@x", from: "Eve <eve@later.example>", subject: "Late", refs: "", ago: 3, body: "Am I late?" },
    Mail {
        id: "later2@shop",
        from: "Ana Lima <ana@lima.example>",
        subject: "Re: Refund for order 4412",
        refs: "order@shop",
        ago: 2,
        body: "Hello?",
    },
    Mail { id: "later3@x", from: "Fay <fay@later.example>", subject: "", refs: "", ago: 1, body: "No subject." },
];

/// What may be changed by the next key: what is marked, or else what is under the cursor, and what a draft or the queue holds.
fn allowed(app: &App) -> BTreeSet<ConversationId> {
    let mut ids: BTreeSet<ConversationId> = app.marks.these.keys().cloned().collect();
    ids.extend(app.list.rows.iter().filter(|row| app.is_marked(row)).map(|row| row.id.clone()));
    if let Some(all) = &app.marks.all {
        ids.extend(all.ids.iter().flat_map(|ids| ids.iter().cloned()));
    }
    if ids.is_empty() {
        ids.extend(app.current_id());
    }
    ids.extend(app.compose().and_then(|compose| compose.conversation().cloned()));
    // What is asked for in a line or a choice stays about the conversation that it was opened for, and so does what is open alone.
    let is_asked = matches!(app.layers.last(), Some(Layer::Prompt(_) | Layer::Picker(_) | Layer::Page(_)));
    if is_asked || app.focus == Pane::Conversation {
        ids.extend(app.open.as_ref().map(|open| open.id.clone()));
    }
    ids.extend(hand(app));
    ids
}

fn hand(app: &App) -> Option<ConversationId> {
    Some(app.queue.as_ref()?.hand.as_ref()?.row.id.clone())
}

struct Run {
    desk: Desk,
    bob: Store,
    screen: Harness,
    later: usize,
    /// The keys that were pressed and what else happened, to tell where something is wrong.
    past: Vec<String>,
}

impl Run {
    fn new() -> Self {
        let mut desk = Desk::new();
        desk.reply_takes = true;
        let bob = desk.other("bob");
        let screen = desk.screen((80, 24));
        Self { desk, bob, screen, later: 0, past: Vec::new() }
    }

    fn messages(&self) -> Vec<&'static str> {
        MAILS.iter().chain(LATER.iter().take(self.later)).map(|mail| mail.id).collect()
    }

    /// Returns which conversation each message belongs to.
    fn homes(&self) -> BTreeMap<MessageId, ConversationId> {
        let ids = self.messages().into_iter().map(|id| MessageId::new(id).unwrap());
        ids.filter_map(|id| Some((id.clone(), self.desk.store.conversation_of(&id).unwrap()?))).collect()
    }

    fn records(&self) -> Vec<Record> {
        let all = self.desk.store.unpushed(100_000).unwrap();
        all.iter().map(|(_, json)| Record::parse(json).unwrap()).collect()
    }

    fn told(&self) -> String {
        let tail: Vec<&str> = self.past.iter().rev().take(60).rev().map(String::as_str).collect();
        format!("after {}\n{}", tail.join(" "), self.screen.screen())
    }

    /// Returns a key: mostly one that is bound where the screen is, at times a letter.
    fn key(&self, dice: &mut Dice) -> String {
        const LETTERS: [&str; 12] = ["a", "b", "o", "e", "l", "i", "s", ":", "1", "<space>", "<enter>", "<esc>"];
        let context = self.screen.app().context();
        let typing = matches!(context, Context::Input | Context::Compose);
        if dice.roll(if typing { 2 } else { 12 }) == 0 {
            return (*dice.pick(&LETTERS).unwrap()).to_owned();
        }
        let bindings = self.screen.app().around.keymap.bindings(context);
        dice.pick(&bindings).map_or_else(|| "<esc>".into(), |(keys, _)| write_keys(keys))
    }

    fn press(&mut self, keys: &str) {
        let before: BTreeSet<_> = self.records().into_iter().map(|record| record.id).collect();
        let (homes, mut allowed) = (self.homes(), allowed(self.screen.app()));
        let has_marks = !self.screen.app().marks.is_empty();
        self.past.push(keys.to_owned());
        self.screen.keys(keys).unwrap();
        // What the queue handed out just now, it handed out by this key.
        allowed.extend(hand(self.screen.app()));
        for record in self.records() {
            if before.contains(&record.id) || record.actor.as_str() != "alice" {
                continue;
            }
            let kind = record.known();
            // An undo names a record; who merges what is related or of one customer chose it from what is shown.
            let chosen = matches!(kind, Some(Known::Merge { .. })) && !has_marks;
            if chosen || matches!(kind, Some(Known::Undo { .. })) {
                continue;
            }
            for target in &record.on {
                let Some(home) = homes.get(&target.on) else { continue };
                assert!(
                    allowed.contains(home),
                    "{keys} changed {home}, which it was not on: {:?}\n{}",
                    record.op,
                    self.told()
                );
            }
        }
        let (columns, rows) = self.screen.app().size;
        let screen = self.screen.screen();
        assert_eq!(screen.lines().count(), usize::from(rows), "{}", self.told());
        if columns >= 40 && rows >= 8 && !self.screen.app().quitting {
            assert!(!self.screen.hints().is_empty(), "no key is told\n{}", self.told());
        }
    }

    /// Lets the colleague do something, or a mail come in: nothing moves under the hand.
    fn colleague(&mut self, dice: &mut Dice) {
        let id = *dice.pick(&self.messages()).unwrap();
        let handle = |name: &str| Some(Handle::new(name).unwrap());
        let tag = |name: &str| BTreeSet::from([Tag::new(name).unwrap()]);
        let wish = match dice.roll(9) {
            0 | 1 => Wish::Assign { to: handle("bob") },
            2 => Wish::Assign { to: None },
            3 => Wish::Assign { to: handle("alice") },
            4 => Wish::Status { to: Status::Closed },
            5 => Wish::Status { to: Status::Open },
            6 => Wish::Tag { add: tag("late"), remove: BTreeSet::new() },
            7 => Wish::Tag { add: BTreeSet::new(), remove: tag("late") },
            _ => {
                if let Some(mail) = LATER.get(self.later) {
                    self.desk.mail(100 + self.later as u32, mail);
                    self.later += 1;
                    self.past.push(format!("({} comes in)", mail.id));
                }
                return self.look();
            }
        };
        self.past.push(format!("(bob: {wish:?} on {id})"));
        let Some(on) = self.bob.conversation_of(&MessageId::new(id).unwrap()).unwrap() else { return };
        let shown = self.bob.shown(&[on]).unwrap();
        let _ = triage::plan(&self.bob, &shown, &[wish]).unwrap().carry_out(&self.bob).unwrap();
        if dice.roll(3) > 0 {
            self.look();
        }
    }

    fn look(&mut self) {
        let app = self.screen.app();
        let (current, row) = (app.current_id(), app.list.current().map(|row| row.id.clone()));
        self.screen.look().unwrap();
        let app = self.screen.app();
        assert!(
            row.is_none() || app.list.current().map(|row| &row.id) == row.as_ref(),
            "the row moved\n{}",
            self.told()
        );
        assert!(current.is_none() || app.current_id() == current, "another is current\n{}", self.told());
    }

    /// Escape goes out step by step, from wherever one is, and sends nothing.
    fn out(&mut self) {
        let sent = self.desk.store.outgoing().unwrap().len();
        let drafts = self.desk.store.drafts().unwrap().len();
        for _ in 0..6 {
            // What closes by itself takes no key for half a second.
            self.screen.wait(600).unwrap();
            self.press("<esc>");
        }
        let app = self.screen.app();
        assert!(app.layers.is_empty(), "a layer stays: {:?}\n{}", app.layers.last(), self.told());
        assert!(matches!(app.focus, Pane::List | Pane::Views), "{:?}\n{}", app.focus, self.told());
        assert_eq!(self.desk.store.outgoing().unwrap().len(), sent, "Escape sent something\n{}", self.told());
        assert!(self.desk.store.drafts().unwrap().len() >= drafts, "Escape lost a draft\n{}", self.told());
    }
}

/// One desk, from its seed.
fn run(seed: u64, keys: usize) {
    const SIZES: [(u16, u16); 8] = [(40, 12), (80, 24), (100, 30), (140, 40), (200, 50), (40, 8), (20, 4), (90, 15)];
    let (mut dice, mut run) = (Dice(seed), Run::new());
    for n in 1..=keys {
        match dice.roll(30) {
            0 => {
                let (columns, rows) = *dice.pick(&SIZES).unwrap();
                run.past.push(format!("({columns}x{rows})"));
                run.screen.happen(Event::Resize(columns, rows)).unwrap();
            }
            1..=3 => run.colleague(&mut dice),
            4 => {
                let time = [10, 700, 9_000, 400_000][dice.roll(4)];
                run.past.push(format!("({time} ms)"));
                run.screen.wait(time).unwrap();
            }
            // A pause: what is typed without one behind a line that did not open is not taken.
            5..=14 => {
                run.screen.wait(600).unwrap();
            }
            _ => {}
        }
        let key = run.key(&mut dice);
        run.press(&key);
        if run.screen.app().quitting {
            run.screen = run.desk.screen((80, 24));
            run.past.push("(again)".into());
        } else if n % 60 == 0 {
            run.out();
        }
        if run.screen.app().quitting {
            run.screen = run.desk.screen((80, 24));
        }
    }
    assert!(run.desk.store.check().unwrap().is_empty(), "{}", run.told());
}

#[test]
fn what_a_random_key_changes_was_under_the_cursor_whatever_a_colleague_does() {
    let count = std::env::var("POSTROOM_RANDOM_KEYS").ok().and_then(|count| count.parse().ok()).unwrap_or(KEYS);
    let first: u64 = std::env::var("POSTROOM_RANDOM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let desks = count.div_ceil(PER_DESK) as u64;
    let workers = std::thread::available_parallelism().map_or(2, usize::from).min(4) as u64;
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..workers)
            .map(|worker| {
                scope.spawn(move || {
                    for desk in (0..desks).filter(|desk| desk % workers == worker) {
                        let seed = first + desk;
                        let done = std::panic::catch_unwind(|| run(seed, PER_DESK));
                        assert!(done.is_ok(), "seed {seed}");
                    }
                })
            })
            .collect();
        let broken = all.into_iter().filter_map(|worker| worker.join().err()).count();
        assert_eq!(broken, 0, "the seeds stand above");
    });
}
