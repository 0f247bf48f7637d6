//! The shortest way for the terminal's cursor from one place to another. Lines end raw here: a line feed goes down and nothing else.

/// Where the terminal's cursor is. Behind the last column terminals disagree, so the column is unknown there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub column: Option<u16>,
    pub row: u16,
}

impl At {
    pub fn new(column: u16, row: u16) -> Self {
        Self { column: Some(column), row }
    }
}

/// Writes what takes the cursor to `column` of `row` (from 0).
pub(super) fn go(out: &mut Vec<u8>, from: Option<At>, column: u16, row: u16) {
    if from == Some(At::new(column, row)) {
        return;
    }
    let mut best = absolute(column, row);
    let mut offer = |way: Vec<u8>| {
        if way.len() < best.len() {
            best = way;
        }
    };
    if let Some(At { column: held, row: at }) = from {
        if at == row {
            offer(along(held, column));
        }
        let (down, up) = (usize::from(row.saturating_sub(at)), usize::from(at.saturating_sub(row)));
        if down > 0 {
            offer([b"\r".to_vec(), b"\n".repeat(down), along(Some(0), column)].concat());
        }
        if held.is_some() && at != row {
            let straight = if down > 0 { b"\n".repeat(down) } else { b"\x1bM".repeat(up) };
            offer([straight, along(held, column)].concat());
            offer([sequence(usize::from(row) + 1, b'd'), along(held, column)].concat());
        }
    }
    out.extend(best);
}

fn absolute(column: u16, row: u16) -> Vec<u8> {
    match (column, row) {
        (0, 0) => b"\x1b[H".to_vec(),
        (0, row) => sequence(usize::from(row) + 1, b'H'),
        (column, 0) => format!("\x1b[;{}H", usize::from(column) + 1).into_bytes(),
        (column, row) => format!("\x1b[{};{}H", usize::from(row) + 1, usize::from(column) + 1).into_bytes(),
    }
}

/// Returns the shortest way to `to` within a row.
fn along(from: Option<u16>, to: u16) -> Vec<u8> {
    if from == Some(to) {
        return Vec::new();
    }
    if to == 0 {
        return b"\r".to_vec();
    }
    let relative = from.map(|from| match to.checked_sub(from) {
        Some(right) => sequence(usize::from(right), b'C'),
        None => {
            let left = usize::from(from - to);
            if left <= 4 { b"\x08".repeat(left) } else { sequence(left, b'D') }
        }
    });
    let column = sequence(usize::from(to) + 1, b'G');
    relative.filter(|way| way.len() <= column.len()).unwrap_or(column)
}

/// Returns a control sequence with one number; a 1 need not be said.
pub(super) fn sequence(number: usize, end: u8) -> Vec<u8> {
    let mut out = b"\x1b[".to_vec();
    if number != 1 {
        out.extend(number.to_string().into_bytes());
    }
    out.push(end);
    out
}
