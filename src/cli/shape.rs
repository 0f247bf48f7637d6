//! What `--fields` and `--jq` make of each JSON object before it is printed.

pub(super) mod keys;

use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Filter, Vars, compile, data};
use jaq_json::{Map, Val, read};

use super::global::{FormatWord, Global};
use crate::error::{ErrorKind, UserError};
use crate::model::nearest::nearest;
use crate::model::text::in_quotes;

/// What an object becomes.
pub enum Shape {
    /// An object with these fields, each a path.
    Fields(Vec<String>),
    /// What an expression makes of it.
    Jq(Box<Filter<Data>>),
}

/// What an expression is run with.
type Data = data::JustLut<Val>;

/// Something that is printed on a line of its own.
pub enum Piece {
    /// JSON.
    Json(String),
    /// The text of a string, which is printed without quotes.
    Text(String),
}

impl Shape {
    /// Returns what the flags ask for.
    ///
    /// # Errors
    /// Names the nearest of a field that the verb does not print, and the place where the expression is wrong.
    pub fn of(global: &Global, verb: Option<&str>) -> Result<Option<Self>, UserError> {
        if !global.is_shaped() {
            return Ok(None);
        }
        if global.format.is_some_and(|format| format != FormatWord::Json) {
            let what = UserError::new(ErrorKind::Usage, phrase!("shape-of-json"));
            return Err(what.hint(phrase!("hint-shape-of-json")));
        }
        if let Some(code) = &global.jq {
            return Ok(Some(Self::Jq(Box::new(compiled(code)?))));
        }
        let known = verb.map(keys::of).unwrap_or_default();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        for field in &global.fields {
            let first = field.split('.').next().unwrap_or_default();
            if field.split('.').any(str::is_empty) || (!known.is_empty() && !known.contains(&first)) {
                return Err(unknown(field, &known));
            }
        }
        Ok(Some(Self::Fields(global.fields.clone())))
    }

    /// Makes of an object what is to be printed, and hands each over until `print` says that nobody reads any more.
    ///
    /// # Errors
    /// When the expression fails.
    pub fn apply(&self, json: &str, print: &mut dyn FnMut(Piece) -> bool) -> Result<(), UserError> {
        let value = read::parse_single(json.as_bytes())
            .map_err(|error| UserError::new(ErrorKind::Internal, phrase!("jq-failed", why = error.to_string())))?;
        match self {
            Self::Fields(fields) => {
                print(Piece::Json(of_fields(fields, &value).to_string()));
            }
            Self::Jq(filter) => {
                let context = Ctx::<Data>::new(&filter.lut, Vars::new([]));
                for made in filter.id.run((context, value)) {
                    let piece = match made {
                        Ok(Val::TStr(text)) => Piece::Text(String::from_utf8_lossy(&text).into_owned()),
                        Ok(value) => Piece::Json(value.to_string()),
                        Err(exception) => {
                            let why = exception.get_err().map_or_else(|_| "halt".to_owned(), |error| error.to_string());
                            return Err(UserError::new(ErrorKind::Usage, phrase!("jq-failed", why = why)));
                        }
                    };
                    if !print(piece) {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Returns an object with these fields, those that it lacks null. An object of another kind than the one that was thought of may have none of
/// them; that is no fault by then, for what is printed was done.
fn of_fields(fields: &[String], value: &Val) -> Val {
    let made: Map = fields.iter().map(|field| (key(field), at(value, field.split('.')))).collect();
    Val::obj(made)
}

/// Returns what stands at a path; of a list that of each.
fn at<'p>(value: &Val, mut path: impl Iterator<Item = &'p str> + Clone) -> Val {
    if let Val::Arr(all) = value {
        return all.iter().map(|one| at(one, path.clone())).collect();
    }
    match (path.next(), value) {
        (None, value) => value.clone(),
        (Some(name), Val::Obj(map)) => map.get(&key(name)).map_or(Val::Null, |inner| at_rest(inner, path)),
        (Some(_), _) => Val::Null,
    }
}

/// As [`at`], but what stands at the end of the path is taken as it is.
fn at_rest<'p>(value: &Val, path: impl Iterator<Item = &'p str> + Clone) -> Val {
    if path.clone().next().is_none() { value.clone() } else { at(value, path) }
}

fn first(field: &str) -> &str {
    field.split('.').next().unwrap_or_default()
}

fn key(name: &str) -> Val {
    Val::from(name.to_owned())
}

/// Says that no object has such a field.
fn unknown(field: &str, known: &[&str]) -> UserError {
    let what = phrase!("field-unknown", field = in_quotes(field));
    let hint = match nearest(first(field), known.iter().copied()) {
        Some(near) => phrase!("hint-did-you-mean", near = near),
        None => phrase!("hint-there-are", names = known.join(", ")),
    };
    UserError::new(ErrorKind::Usage, what).hint(hint)
}

/// What jq makes rows of tables with, and the library lacks; as jq writes them.
const TABLES: &str = r#"
def @tsv: map(if . == null then "" else tostring | gsub("\\\\"; "\\\\") | gsub("\t"; "\\t") | gsub("\n"; "\\n") | gsub("\r"; "\\r") end) | join("\t");
def @csv: map(if type == "string" then "\"" + gsub("\""; "\"\"") + "\"" elif . == null then "" else tostring end) | join(",");
"#;

/// Reads an expression. It may be of any length and use all of jq's library; it reads no files.
fn compiled(code: &str) -> Result<Filter<Data>, UserError> {
    let tables = load::parse(TABLES, |parser| parser.defs()).unwrap_or_default();
    let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()).chain(tables);
    let funs = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let (arena, program) = (Arena::default(), File { code, path: () });
    let modules = Loader::new(defs).load(&arena, program).map_err(|errors| unread(code, errors))?;
    Compiler::default().with_funs(funs).compile(modules).map_err(|errors| undefined(code, errors))
}

fn unread(code: &str, errors: load::Errors<&str, ()>) -> UserError {
    let (expected, found) = match errors.into_iter().next().map(|(_, error)| error) {
        Some(load::Error::Lex(all)) => all.first().map(|(expect, at)| (expect.as_str(), *at)),
        Some(load::Error::Parse(all)) => all.first().map(|(expect, at)| (expect.as_str(), *at)),
        Some(load::Error::Io(all)) => all.first().map(|(at, _)| ("no module", *at)),
        None => None,
    }
    .unwrap_or_default();
    wrong(code, found, phrase!("jq-expected", what = expected))
}

fn undefined(code: &str, errors: compile::Errors<&str, ()>) -> UserError {
    let first = errors.into_iter().flat_map(|(_, all)| all).next();
    let (name, what) = first.map(|(name, what)| (name, what.as_str())).unwrap_or_default();
    wrong(code, name, phrase!("jq-undefined", what = what, name = name))
}

/// Shows the expression with a mark under the place.
fn wrong(code: &str, at: &str, why: crate::model::phrase::Phrase) -> UserError {
    let before = code.get(..load::span(code, at).start).unwrap_or(code);
    let column = before.chars().count();
    let mark = if code.contains('\n') { String::new() } else { format!("\n  {code}\n  {}^", " ".repeat(column)) };
    let what = phrase!("jq-wrong", why = why, column = (column + 1).to_string(), mark = mark);
    UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-jq"))
}
