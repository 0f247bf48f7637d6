//! The mail that all programs have: real mail where it is at hand, in one Maildir, and the same files on the server.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use postroom::mime;
use postroom::model::clock::{Clock, Timestamp};

use crate::support::letter::{self, Letter};
use crate::support::servers::dovecot::Dovecot;
use crate::support::{corpus, fetching};

/// Stands in the subject of the newest mail, which is on the first screen.
pub const MARK: &str = "QZXQ";
/// Words are counted in so many mails, taken evenly from all.
const SAMPLE: usize = 2_000;

/// A Maildir, and what is in it.
pub struct Mail {
    pub dir: PathBuf,
    pub count: usize,
    pub bytes: u64,
    what: &'static str,
    /// When the first of it came.
    first: SystemTime,
}

/// What is searched for.
pub struct Words {
    /// In about one mail of a thousand, in two of a hundred, and in a third of all.
    pub rare: String,
    pub some: String,
    pub many: String,
    /// Two words in a row, of which the first is in two mails of a hundred.
    pub phrase: String,
}

impl Mail {
    /// Puts mail into the Maildir `dir`, which is made: that of a Maildir, or of the corpora, or made-up mail.
    pub fn make(from: Option<&Path>, wanted: usize, dir: &Path) -> Self {
        let mut mail = Self::empty(dir, wanted, "real mails");
        match from {
            Some(from) => {
                for part in ["cur", "new"] {
                    let entries =
                        fs::read_dir(from.join(part)).unwrap_or_else(|why| panic!("{}: {why}", from.display()));
                    for entry in entries.flatten().filter(|entry| entry.path().is_file()).take(wanted) {
                        mail.put(&fs::read(entry.path()).unwrap());
                    }
                }
            }
            None if corpus::is_here() => corpus::each(wanted, |raw| mail.put(raw)),
            None => mail.make_up(wanted),
        }
        // The newest by far: real mail is of the past.
        mail.put(&made_up(0, Clock::System.now(), MARK));
        mail
    }

    /// Puts so many made-up mails into the Maildir `dir`.
    pub fn made_up(wanted: usize, dir: &Path) -> Self {
        let mut mail = Self::empty(dir, wanted, "made-up mails");
        mail.make_up(wanted.saturating_sub(1));
        mail.put(&made_up(0, Clock::System.now(), MARK));
        mail
    }

    fn empty(dir: &Path, wanted: usize, what: &'static str) -> Self {
        fetching::maildir(dir);
        let first = SystemTime::now() - Duration::from_secs(wanted as u64 + 60);
        Self { dir: dir.to_owned(), count: 0, bytes: 0, what, first }
    }

    fn make_up(&mut self, wanted: usize) {
        self.what = "made-up mails";
        let now = Clock::System.now();
        for n in (0..u32::try_from(wanted).unwrap()).rev() {
            self.put(&made_up(n + 1, now.plus(-3_700_000 - i64::from(n) * 60_000), ""));
        }
    }

    /// Puts a mail in, which came a second before the next.
    fn put(&mut self, raw: &[u8]) {
        self.count += 1;
        self.bytes += raw.len() as u64;
        let arrived = self.first + Duration::from_secs(self.count as u64);
        let seconds = arrived.duration_since(UNIX_EPOCH).unwrap().as_secs();
        let name = format!("{seconds}.M{}.bench,S={}:2,S", self.count, raw.len());
        let mut file = fs::File::create(self.dir.join("cur").join(name)).unwrap();
        file.write_all(raw).unwrap();
        // The server takes it from there.
        file.set_modified(arrived).unwrap();
    }

    /// How much it is.
    pub fn about(&self) -> String {
        format!("{} {}, {:.0} MB", self.count, self.what, self.bytes as f64 / 1e6)
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            fs::read_dir(self.dir.join("cur")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    /// Has the server have it as the INBOX of a user: the same files, by a second name.
    pub fn serve(&self, server: &Dovecot, user: &str) {
        let theirs = server.maildir(user);
        fetching::maildir(&theirs);
        for file in self.files() {
            let name = theirs.join("cur").join(file.file_name().unwrap());
            fs::hard_link(&file, &name).or_else(|_| fs::copy(&file, &name).map(drop)).unwrap();
        }
        fetching::own(theirs.parent().unwrap());
    }

    /// Looks for words to search for.
    pub fn words(&self) -> Words {
        let files = self.files();
        let step = files.len().div_ceil(SAMPLE);
        let mut texts: Vec<Vec<String>> = Vec::new();
        for file in files.iter().step_by(step) {
            let text = mime::parse(&fs::read(file).unwrap()).search_text.to_string().to_lowercase();
            let is_word = |word: &&str| (4..=12).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase());
            let words = text.split(|c: char| !c.is_alphanumeric());
            texts.push(words.map(|word| if is_word(&word) { word } else { "" }.to_owned()).collect());
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for text in &texts {
            for word in text.iter().collect::<BTreeSet<_>>() {
                *counts.entry(word.as_str()).or_default() += 1;
            }
        }
        counts.remove("");
        let near = |share: f64| {
            let wanted = (texts.len() as f64 * share).max(2.0) as usize;
            counts.iter().min_by_key(|(_, n)| n.abs_diff(wanted)).map_or(String::new(), |(word, _)| (*word).to_owned())
        };
        let some = near(0.02);
        let pair = texts.iter().flat_map(|text| text.windows(2)).find(|two| two[0] == some && !two[1].is_empty());
        let phrase = pair.map_or_else(|| some.clone(), |two| two.join(" "));
        Words { rare: near(0.001), some, many: near(0.33), phrase }
    }
}

fn made_up(n: u32, at: Timestamp, mark: &str) -> Vec<u8> {
    let mut seed = fastrand::Rng::with_seed(u64::from(n));
    let mut words = |many: usize| letter::words(&mut seed, many);
    let letter = Letter {
        id: format!("m{n}"),
        answers: Vec::new(),
        customer: n % 5000,
        domain: String::new(),
        to: "bench",
        subject: format!("{mark}{} {n}", words(3)),
        at,
        body: (0..6).map(|_| format!("{}\r\n", words(9))).collect(),
    };
    letter.raw()
}
