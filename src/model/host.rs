//! Names of hosts.

/// Tells whether text is the name of a host: labels of letters of any script, digits, `-` and `_`, none of which begins or ends with `-`.
/// The dot behind the last is not part of it.
pub fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        let takes = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(takes)
    };
    text.split('.').all(is_label)
}
