//! Pictures that are cut into slices, each a link: one line tells of them, instead of a grid of numbers.

/// The fewest marks of pictures and links that are taken together.
const LEAST: usize = 3;

/// What a line holds that holds marks alone.
#[derive(Default)]
struct Marks {
    images: usize,
    /// The pictures and the links that stand for one each.
    pieces: usize,
    numbers: Vec<usize>,
}

/// Takes the lines together that hold nothing but marks of pictures, which say nothing of themselves, and of their links.
pub(super) fn joined(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    let mut run: Vec<String> = Vec::new();
    let mut marks = Marks::default();
    for line in lines {
        let prefix = line.len() - line.trim_start_matches(['>', ' ']).len();
        let same = run.first().is_none_or(|first| first.starts_with(line.get(..prefix).unwrap_or_default()));
        let blank = line.len() == prefix;
        if same && (blank && !run.is_empty() || marks.take(line.get(prefix..).unwrap_or_default())) {
            run.push(line);
            continue;
        }
        end(&mut out, &mut run, &mut marks);
        if !blank && marks.take(line.get(prefix..).unwrap_or_default()) { run.push(line) } else { out.push(line) }
    }
    end(&mut out, &mut run, &mut marks);
    out
}

/// Writes out a run of such lines, with the empty ones behind it.
fn end(out: &mut Vec<String>, run: &mut Vec<String>, marks: &mut Marks) {
    let marks = std::mem::take(marks);
    let lines = std::mem::take(run);
    if marks.images == 0 || marks.pieces < LEAST {
        out.extend(lines);
        return;
    }
    let first = lines.first().map(String::as_str).unwrap_or_default();
    let prefix = first.get(..first.len() - first.trim_start_matches(['>', ' ']).len()).unwrap_or_default();
    let links: Vec<String> = marks.numbers.iter().map(|number| format!("[{number}]")).collect();
    let words = match links.is_empty() {
        true => say!("images-together", count = marks.pieces),
        false => say!("images-linked", count = marks.pieces, links = links.join(" ")),
    };
    out.push(format!("{prefix}{words}"));
    let kept = lines.iter().rposition(|line| line.contains('[')).map_or(0, |last| last + 1);
    out.extend(lines.into_iter().skip(kept));
}

impl Marks {
    /// Takes the marks of a line; tells whether it holds nothing else, and then only they count.
    fn take(&mut self, line: &str) -> bool {
        let (mut images, mut numbers) = (0, Vec::new());
        for word in line.split_whitespace().filter(|word| *word != "|") {
            match word.strip_prefix('[').and_then(|word| word.strip_suffix(']')) {
                Some("image") => images += 1,
                Some(number) => match number.parse() {
                    Ok(number) => numbers.push(number),
                    Err(_) => return false,
                },
                None => return false,
            }
        }
        if images == 0 && numbers.is_empty() {
            return false;
        }
        self.images += images;
        self.pieces += images.max(numbers.len());
        for number in numbers {
            if !self.numbers.contains(&number) {
                self.numbers.push(number);
            }
        }
        true
    }
}
