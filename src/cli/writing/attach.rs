//! Files that are attached on the command line.

use std::io::Read;
use std::path::Path;

use crate::cli::words::usage;
use crate::error::UserError;

/// The most bytes of one file.
const FILE_MAX: u64 = 100 << 20;

/// A file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The name that the recipient sees.
    pub name: String,
    /// The media type, by the name's ending.
    pub media: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Reads a file, or stdin for `-`, which `name` names.
///
/// # Errors
/// When it can't be read or is too large, or stdin has no name.
pub fn read(file: &str, name: Option<&str>) -> Result<Given, UserError> {
    let failed = |error: std::io::Error| usage(format!("{file} can't be attached: {error}"));
    let mut bytes = Vec::new();
    let name = if file == "-" {
        std::io::stdin().lock().take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
        name.ok_or_else(|| usage("the file from stdin has no name").hint("add --attach-name report.pdf"))?.to_owned()
    } else {
        std::fs::File::open(file).and_then(|f| f.take(FILE_MAX + 1).read_to_end(&mut bytes)).map_err(failed)?;
        file.to_owned()
    };
    if bytes.len() as u64 > FILE_MAX {
        return Err(usage(format!("{file} has more than {} MiB", FILE_MAX >> 20)).hint("send a link to it"));
    }
    let name =
        Path::new(&name).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_else(|| "file".to_owned());
    let media = media(&name).to_owned();
    Ok(Given { name, media, bytes })
}

/// Returns the media type of common endings, else `application/octet-stream`.
fn media(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).as_deref() {
        Some("pdf") => "application/pdf",
        Some("txt" | "log" | "md") => "text/plain",
        Some("csv") => "text/csv",
        Some("html" | "htm") => "text/html",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("zip") => "application/zip",
        Some("gz") => "application/gzip",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("svg") => "image/svg+xml",
        Some("webp") => "image/webp",
        Some("ics") => "text/calendar",
        Some("doc") => "application/msword",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xls") => "application/vnd.ms-excel",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("odt") => "application/vnd.oasis.opendocument.text",
        Some("ods") => "application/vnd.oasis.opendocument.spreadsheet",
        _ => "application/octet-stream",
    }
}
