//! Dates as they stand in mail, in the language of whoever gets it. Years are those of the Gregorian calendar and digits 0 to 9 in every
//! language: what a customer's country uses beside them can't be told from the language.

use jiff::civil::Date;

use crate::model::language::Language;

/// Returns a date as people of the language write it out: `22 novembre 2026`. English of no region has it as everybody reads it alike:
/// `2026-11-22`.
pub fn long_date(language: Language, date: Date) -> String {
    let pattern = match language {
        Language::En => return date.to_string(),
        Language::EnGb => "{d} {M} {y}",
        other => other.names().long,
    };
    let month = usize::try_from(date.month()).ok().and_then(|month| month.checked_sub(1));
    let name = month.and_then(|at| language.names().months.get(at)).copied().unwrap_or_default();
    pattern
        .replace("{d}", &date.day().to_string())
        .replace("{M}", name)
        .replace("{m}", &date.month().to_string())
        .replace("{y}", &date.year().to_string())
}

/// Reads what [`long_date`] wrote in that language; `None` for anything else.
pub fn read_long_date(language: Language, text: &str) -> Option<Date> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let year = numbers.clone().find(|digits| digits.len() == 4)?.parse().ok()?;
    let days: Vec<i8> = numbers.by_ref().filter_map(|digits| digits.parse().ok()).collect();
    let dates = (1..=12).flat_map(|month| days.iter().filter_map(move |day| Date::new(year, month, *day).ok()));
    dates.into_iter().find(|date| long_date(language, *date) == text)
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
