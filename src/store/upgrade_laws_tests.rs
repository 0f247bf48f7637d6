//! Whatever the program of before made of mail that people worked on: no upgrade tears it, and all clients end alike.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
struct World {
    /// From whom, what it names, in which conversation the program of before had it, and whether it is old.
    mails: Vec<Mail>,
    /// On which mail, and what.
    work: Vec<(usize, usize)>,
}

/// Who writes: a person, a web form for one, a person whose program says that it is a machine.
const FROM: [&str; 6] = [
    "From: ana@example.net\r\nTo: support@team.example\r\n",
    "From: ana@example.net\r\nTo: support@team.example\r\n",
    "From: ben@example.org\r\nTo: support@team.example\r\n",
    "From: cleo@example.com\r\nTo: support@team.example\r\n",
    "From: Website <support@team.example>\r\nTo: support@team.example\r\nReply-To: ana@example.net\r\n",
    "From: ana@example.net\r\nTo: support@team.example\r\nPrecedence: bulk\r\n",
];

/// So many ids are named of which nobody holds the last ones.
const IDS: usize = 9;

fn world() -> impl Strategy<Value = World> {
    let mail = (0..FROM.len(), prop::collection::vec(0..IDS, 0..3), 0..4usize, any::<bool>());
    prop::collection::vec(mail, 2..7).prop_flat_map(|mails| {
        let work = prop::collection::vec((0..mails.len(), 0..4usize), 0..4);
        (Just(mails), work).prop_map(|(mails, work)| World { mails: as_it_was(mails), work })
    })
}

type Mail = (usize, Vec<usize>, usize, bool);

/// The program of before had in one conversation whatever names one id, with the mail that bears it.
fn as_it_was(mut mails: Vec<Mail>) -> Vec<Mail> {
    for id in 0..IDS {
        let names = |(n, mail): &(usize, &Mail)| *n == id || mail.1.contains(&id);
        let groups: Vec<usize> = mails.iter().enumerate().filter(names).map(|(_, mail)| mail.2).collect();
        for mail in mails.iter_mut().filter(|mail| groups.contains(&mail.2)) {
            mail.2 = groups[0];
        }
    }
    mails
}

fn name(n: usize) -> String {
    format!("m{n}@x")
}

impl World {
    fn at(&self, n: usize) -> i64 {
        i64::try_from(n).unwrap() - if self.mails[n].3 { 20 * DAY } else { DAY }
    }

    fn take_in(&self, bench: &Bench, n: usize) {
        let (from, names, ..) = &self.mails[n];
        let names: Vec<String> = names.iter().filter(|id| **id != n).map(|id| format!("<{}>", name(*id))).collect();
        let re = if names.is_empty() { "" } else { "Re: " };
        let headers = format!("{}Subject: {re}Order {}\r\nReferences: {}\r\n", FROM[*from], n % 2, names.join(" "));
        with_headers(bench, u32::try_from(n).unwrap() + 1, self.at(n), &name(n), &headers);
    }

    fn all_mail(&self, bench: &Bench) {
        (0..self.mails.len()).for_each(|n| self.take_in(bench, n));
    }

    /// The mails of each conversation of before, the first in front.
    fn groups(&self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = (0..4).map(|group| self.members(group)).filter(|g| !g.is_empty()).collect();
        groups.iter_mut().for_each(|group| group.sort_by_key(|n| self.at(*n)));
        groups
    }

    fn members(&self, group: usize) -> Vec<usize> {
        (0..self.mails.len()).filter(|n| self.mails[*n].2 == group).collect()
    }

    fn before(&self) -> Before {
        let of = |from: usize| (0..self.mails.len()).filter(|n| self.mails[*n].0 == from).map(name).collect();
        let mut named = std::collections::BTreeSet::new();
        let groups = self.groups().into_iter().map(|group| {
            let absent = group.iter().flat_map(|n| &self.mails[*n].1).filter(|id| **id >= self.mails.len());
            let absent: Vec<usize> = absent.copied().filter(|id| named.insert(*id)).collect();
            group.into_iter().chain(absent).map(name).collect()
        });
        Before { ours: of(4), machines: of(5), groups: groups.collect() }
    }

    fn old(&self, actor: &str, seed: u64) -> Bench {
        let bench = Bench::of(actor, seed);
        self.all_mail(&bench);
        self.before().put(&bench);
        bench
    }

    fn act(&self, bench: &Bench) {
        for (on, what) in &self.work {
            let op = match what {
                0 => note("Seen."),
                1 => bob(),
                2 => Known::SetStatus { to: Status::Closed },
                _ => Known::Snooze { until: Some(Timestamp::from_seconds(START + DAY)) },
            };
            let _ = bench.act(&name(*on), op);
        }
    }

    fn is_worked_on(&self, group: &[usize]) -> bool {
        self.work.iter().any(|(on, _)| group.contains(on))
    }

    /// Nothing that somebody worked on is torn, or put together with anything.
    fn is_whole(&self, bench: &Bench) -> Result<(), TestCaseError> {
        let id = |n: &usize| bench.id(&name(*n));
        let groups = self.groups();
        for worked in groups.iter().filter(|group| self.is_worked_on(group)) {
            let own = id(&worked[0]);
            prop_assert!(worked.iter().all(|n| id(n) == own), "torn: {:?}", worked);
            for other in groups.iter().filter(|other| *other != worked) {
                prop_assert!(other.iter().all(|n| id(n) != own), "put together: {:?} {:?}", worked, other);
            }
        }
        Ok(())
    }
}

/// The lines that only one of two stores has.
fn unlike(one: &Bench, other: &Bench) -> Vec<String> {
    let (one, other) = (dump(one), dump(other));
    let only =
        |of: &[String], not: &[String]| of.iter().filter(|line| !not.contains(line)).cloned().collect::<Vec<_>>();
    [only(&one, &other), vec!["---".to_owned()], only(&other, &one)]
        .concat()
        .into_iter()
        .filter(|_| one != other)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_people_worked_on_stays_whole_and_all_clients_end_alike(world in world(), portion in 1..4usize) {
        let before = world.old("alice", 1);
        world.act(&before);
        let mut log = Vec::new();
        pushed(&before, &mut log);
        world.is_whole(&before)?;

        let first = world.old("alice", 2);
        let _ = first.store.ingest_log(&main(), log.clone()).unwrap();
        let second = world.old("bob", 3);
        let _ = second.store.ingest_log(&main(), log.clone()).unwrap();
        let third = world.old("bob", 4);
        let _ = third.store.ingest_log(&main(), log.clone()).unwrap();

        let first = first.opened_with(options("alice", 5));
        while first.store.change(|batch| Ok(batch.derive_some(portion)? >= portion)).unwrap().0 {}
        derive(&first);
        world.is_whole(&first)?;
        pushed(&first, &mut log);

        let second = second.opened_with(options("bob", 6));
        derive(&second);
        world.is_whole(&second)?;
        let _ = second.store.ingest_log(&main(), log.clone()).unwrap();
        pushed(&second, &mut log);
        let third = third.opened_with(options("bob", 7));
        let _ = third.store.ingest_log(&main(), log.clone()).unwrap();
        derive(&third);
        pushed(&third, &mut log);
        for bench in [&first, &second] {
            let _ = bench.store.ingest_log(&main(), log.clone()).unwrap();
        }
        let newcomer = Bench::of("bob", 8);
        let _ = newcomer.store.ingest_log(&main(), log.clone()).unwrap();
        world.all_mail(&newcomer);
        for bench in [&second, &third, &newcomer] {
            bench.sound();
            world.is_whole(bench)?;
            prop_assert_eq!(unlike(bench, &first), Vec::<String>::new());
        }
        // Who derived before reading of it, and in other portions, may keep the same by other records; none of them is there twice.
        let ids: BTreeSet<OpId> = log.iter().map(|line| Record::parse(&line.json).unwrap().id).collect();
        prop_assert_eq!(ids.len(), log.len());
    }
}

#[test]
fn what_an_earlier_portion_merged_stays_together_where_a_later_one_splits_it_off() {
    let mails = vec![(4, vec![4], 0, true), (1, vec![7, 0], 0, true), (5, vec![8, 5], 1, true), (5, vec![], 1, false)];
    let world = World { mails, work: vec![(2, 0)] };
    let bench = world.old("alice", 1);
    world.act(&bench);
    let bench = bench.opened_with(options("alice", 2));
    while bench.store.change(|batch| Ok(batch.derive_some(1)? >= 1)).unwrap().0 {
        world.is_whole(&bench).unwrap();
    }
    world.is_whole(&bench).unwrap();
}

#[test]
fn what_an_earlier_portion_split_off_and_merged_is_split_off_again_with_what_it_was_merged_into() {
    // The form says first that ana wrote the oldest mail, when the answer to cleo's was joined to ana's already.
    let mails = vec![
        (4, vec![], 2, true),
        (3, vec![], 0, true),
        (0, vec![8], 1, true),
        (3, vec![7, 3], 1, true),
        (1, vec![3, 4], 1, false),
    ];
    let world = World { mails, work: vec![(2, 0)] };
    for portion in 1..6 {
        let bench = world.old("alice", 1);
        world.act(&bench);
        let bench = bench.opened_with(options("alice", 2));
        while bench.store.change(|batch| Ok(batch.derive_some(portion)? >= portion)).unwrap().0 {
            world.is_whole(&bench).unwrap();
        }
        world.is_whole(&bench).unwrap();
    }
}
