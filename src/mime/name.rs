//! File names of attachments: made safe to show and to write to a folder.

use super::lines::cut;
use crate::model::text::SafeText;

/// The most bytes of a name; what common file systems take.
const NAME_MAX: usize = 255;

/// Cleans a name: the last piece of a path, no control or direction marks (`exe.fdp` must not read as a document), no leading or trailing
/// dots and spaces, at most 255 bytes with the extension kept. `None` where nothing is left.
pub(super) fn clean(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).find(|piece| !piece.trim().is_empty())?;
    let safe = SafeText::line(cut(last, 4096));
    let plain: String = safe
        .as_str()
        .chars()
        .map(|c| if matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c })
        .collect();
    let trimmed = plain.trim().trim_end_matches(['.', ' ']).trim_start_matches(['.', ' ', '-']);
    (!trimmed.is_empty()).then(|| bound(trimmed))
}

/// Cuts a name to 255 bytes, its extension kept.
pub(super) fn bound(name: &str) -> String {
    if name.len() <= NAME_MAX {
        return name.to_owned();
    }
    match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 16 => {
            format!("{}.{extension}", cut(stem, NAME_MAX - 1 - extension.len()))
        }
        _ => cut(name, NAME_MAX).to_owned(),
    }
}

/// Makes a name from the media type where the mail gives none; `number` counts from 1.
pub(super) fn made_up(media: &str, number: usize) -> String {
    format!("attachment-{number}.{}", extension(media))
}

/// Returns the usual extension of a media type.
pub(super) fn extension(media: &str) -> &str {
    match media {
        "text/plain" => "txt",
        "text/html" | "application/xhtml+xml" => "html",
        "text/calendar" => "ics",
        "text/csv" => "csv",
        "text/x-vcard" | "text/vcard" | "text/directory" => "vcf",
        "text/rfc822-headers" | "message/delivery-status" | "message/disposition-notification" => "txt",
        "message/rfc822" | "message/global" => "eml",
        "image/jpeg" | "image/jpg" | "image/pjpeg" => "jpg",
        "image/png" | "image/x-png" => "png",
        "image/gif" => "gif",
        "image/svg+xml" => "svg",
        "image/tiff" => "tiff",
        "image/webp" => "webp",
        "image/heic" => "heic",
        "image/bmp" => "bmp",
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/wav" | "audio/x-wav" => "wav",
        "audio/ogg" => "ogg",
        "video/mp4" => "mp4",
        "application/pdf" | "application/x-pdf" => "pdf",
        "application/zip" | "application/x-zip-compressed" => "zip",
        "application/gzip" | "application/x-gzip" => "gz",
        "application/json" => "json",
        "application/xml" | "text/xml" => "xml",
        "application/rtf" | "text/rtf" => "rtf",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.ms-powerpoint" => "ppt",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "application/pgp-signature" => "asc",
        "application/pgp-encrypted" | "application/pgp-keys" => "asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "p7m",
        "application/ms-tnef" | "application/vnd.ms-tnef" => "dat",
        _ => "bin",
    }
}

#[cfg(test)]
#[path = "name_tests.rs"]
mod tests;
