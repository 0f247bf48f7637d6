//! The table: a row for each kind of work, a figure for each program that does it.

use serde_json::{Value, json};

use crate::Bench;
use crate::support::times::load;

/// What a figure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Seconds,
    Milliseconds,
    Mebibytes,
    Megabytes,
    Bytes,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Mebibytes => "MiB",
            Self::Megabytes => "MB",
            Self::Bytes => "B",
        }
    }

    fn tell(self, figure: f64) -> String {
        let places = match self {
            Self::Seconds if figure < 10.0 => 3,
            Self::Seconds => 1,
            Self::Milliseconds if figure < 100.0 => 1,
            _ => 0,
        };
        format!("{figure:.places$} {}", self.name())
    }
}

struct Row {
    work: String,
    unit: Unit,
    /// Each program's figures, round by round.
    cells: Vec<(String, Vec<f64>)>,
}

/// Figures, as they come.
pub struct Table {
    rows: Vec<Row>,
    machine: String,
    date: String,
    mail: String,
    load: String,
    versions: Vec<(String, String)>,
}

/// The program that the others are compared with.
const OURS: &str = "postroom";

impl Table {
    pub fn new(bench: &Bench) -> Self {
        Self {
            rows: Vec::new(),
            machine: machine(),
            date: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
            mail: bench.mail.about(),
            load: load(),
            versions: bench.peers.versions(),
        }
    }

    /// The machine, the day and the mail.
    pub fn about(&self) -> String {
        format!("{}, {}, {}", self.date, self.machine, self.mail)
    }

    /// Adds a figure of a round.
    pub fn add(&mut self, work: &str, unit: Unit, program: &str, figure: f64) {
        println!("  {work}, {program}: {}", unit.tell(figure));
        let at = self.rows.iter().position(|row| row.work == work && row.unit == unit).unwrap_or_else(|| {
            self.rows.push(Row { work: work.to_owned(), unit, cells: Vec::new() });
            self.rows.len() - 1
        });
        let cells = &mut self.rows[at].cells;
        match cells.iter_mut().find(|(name, _)| name == program) {
            Some((_, figures)) => figures.push(figure),
            None => cells.push((program.to_owned(), vec![figure])),
        }
    }

    /// Prints it as Markdown, and as JSON where that is wanted.
    pub fn print(&self) {
        println!("\n{}; load before and after: {}, {}", self.about(), self.load, load());
        let versions: Vec<String> = self.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
        println!("{}\n", versions.join(", "));
        println!("| work | postroom | others: figure (times postroom's) |\n|---|---|---|");
        for row in &self.rows {
            let ours = row.cells.iter().find(|(name, _)| name == OURS).map(|(_, figures)| middle(figures));
            let others = row.cells.iter().filter(|(name, _)| name != OURS).map(|(name, figures)| {
                let figure = middle(figures);
                let times = ours.filter(|ours| *ours > 0.0).map(|ours| format!(" ({})", times(figure / ours)));
                format!("{name} {}{}", row.unit.tell(figure), times.unwrap_or_default())
            });
            let told = ours.map_or("–".to_owned(), |ours| row.unit.tell(ours));
            println!("| {} | {told} | {} |", row.work, others.collect::<Vec<_>>().join(", "));
        }
        if std::env::args().any(|argument| argument == "--json") {
            println!("\n{}", self.json());
        }
    }

    fn json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let programs = row
                .cells
                .iter()
                .map(|(name, figures)| (name.clone(), json!({ "median": middle(figures), "rounds": figures })));
            let programs: serde_json::Map<String, Value> = programs.collect();
            json!({ "work": row.work, "unit": row.unit.name(), "programs": programs })
        });
        let versions: serde_json::Map<String, Value> =
            self.versions.iter().map(|(name, version)| (name.clone(), json!(version))).collect();
        json!({
            "date": self.date, "machine": self.machine, "mail": self.mail, "load": self.load, "versions": versions,
            "rows": rows.collect::<Vec<_>>(),
        })
    }
}

fn times(ratio: f64) -> String {
    let places = if ratio < 0.1 {
        3
    } else if ratio < 10.0 {
        2
    } else {
        0
    };
    format!("{ratio:.places$}")
}

fn middle(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn machine() -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} cores of {}", model.map_or("a processor without a name", |(_, name)| name))
}
