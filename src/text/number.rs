//! Numbers, counts and sizes as people read them.

/// Writes a number with its thousands set apart: `1,204,311`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// As [`number`], for what is counted in memory.
pub fn count(n: usize) -> String {
    number(u64::try_from(n).unwrap_or(u64::MAX))
}

/// Writes a number of the catalogue's, which all come from whole numbers.
pub(super) fn grouped(n: f64) -> String {
    let whole = format!("{n:.0}");
    whole.parse().map_or(whole, number)
}

/// Says a number of conversations: `10,000 conversations`.
pub fn conversations(count: usize) -> String {
    say!("conversations", count = count)
}

/// Says a size in bytes: `812 B`, `14 KB`, `2.3 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => say!("size-bytes", n = bytes),
        1_000..1_000_000 => say!("size-kilobytes", n = bytes / 1_000),
        _ => {
            // Not set apart: `1204.3 MB`.
            let n = format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000);
            say!("size-megabytes", n = n)
        }
    }
}
