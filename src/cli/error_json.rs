//! What a verb says on stderr with `--json`: each thing an object on a line of its own, in English, with what to decide by.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::SCHEMA;
use crate::error::UserError;
use crate::model::phrase::{Arg, Args, Phrase};
use crate::text;

/// What went wrong and what to do.
#[derive(Serialize, JsonSchema)]
pub struct ErrorJson {
    kind: &'static str,
    code: String,
    args: Args,
    message: String,
    hint: Option<String>,
    /// What a verb ends with that ends by this.
    exit: u8,
    /// Where the mistake stands, where that is in a file: line and column from 1, the column in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
    /// Where it is several mistakes at once: each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mistakes: Vec<ErrorJson>,
}

impl ErrorJson {
    /// Makes the object.
    pub fn new(error: &UserError) -> Self {
        let (place, what) = within(&error.what);
        let said = |name: &str| match place?.args.get(name)? {
            Arg::Text(text) => Some(text.clone()),
            _ => None,
        };
        let number = |name: &str| said(name)?.parse().ok();
        Self {
            kind: error.kind.name(),
            code: what.code.to_string(),
            args: what.args.clone(),
            message: text::english(&error.what),
            hint: error.remedy.as_ref().map(text::english),
            exit: error.kind.exit_code(),
            file: said("file"),
            line: number("line"),
            column: number("column"),
            mistakes: error.parts().iter().map(Self::new).collect(),
        }
    }
}

/// Returns the place in a file that something is said of, and what.
fn within(what: &Phrase) -> (Option<&Phrase>, &Phrase) {
    match (what.args.get("place"), what.args.get("what")) {
        (Some(Arg::Phrase(place)), Some(Arg::Phrase(what))) if place.is("file-place") || place.is("file-row") => {
            (Some(place), what)
        }
        _ => (None, what),
    }
}

/// `"type":"error"`.
#[derive(Serialize, JsonSchema)]
pub struct ErrorLine {
    schema: &'static str,
    r#type: &'static str,
    #[serde(flatten)]
    error: ErrorJson,
}

impl ErrorLine {
    /// Makes the object.
    pub fn new(error: &UserError) -> Self {
        Self { schema: SCHEMA, r#type: "error", error: ErrorJson::new(error) }
    }
}

/// `"type":"warning"`, `"hint"` or `"info"`: something that is said.
#[derive(Serialize, JsonSchema)]
pub struct SaidLine<'a> {
    schema: &'static str,
    r#type: &'static str,
    message: &'a str,
}

impl<'a> SaidLine<'a> {
    /// Makes the object.
    pub fn new(kind: Said, message: &'a str) -> Self {
        let r#type = match kind {
            Said::Warning => "warning",
            Said::Hint => "hint",
            Said::Info => "info",
        };
        Self { schema: SCHEMA, r#type, message: message.trim() }
    }
}

/// What kind of thing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It must be read.
    Warning,
    /// What to do about what was said before.
    Hint,
    /// What was done, which `--quiet` keeps back.
    Info,
}
