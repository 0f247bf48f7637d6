//! A query as text that [`super::parse`] reads back to the same tree.

use std::fmt::{self, Display, Formatter};

use super::Query;
use super::ast::{Age, COMPARES, Day, Expr, Field, HAS_WORDS, IS_WORDS, Pattern, Role, Span, Term, Who, word_of};
use super::signs::{closings, is_comma, is_question, is_star};
use crate::model::when::UNITS;

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // Nothing at all is the shortest way to ask for everything.
        if self.expr == Expr::Any { Ok(()) } else { write(&self.expr, f, Above::Nothing) }
    }
}

/// What an expression stands in: parentheses are written only where needed, so that they never nest deeper than they were read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Above {
    Nothing,
    Not,
    And,
    Or,
}

fn write(expr: &Expr, f: &mut Formatter<'_>, above: Above) -> fmt::Result {
    let list = |parts: &[Expr], between: &str, own: Above, f: &mut Formatter<'_>| {
        let tight = above == Above::Not || (above == Above::And && own == Above::Or);
        if tight {
            f.write_str("(")?;
        }
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                f.write_str(between)?;
            }
            write(part, f, own)?;
        }
        if tight { f.write_str(")") } else { Ok(()) }
    };
    match expr {
        Expr::Any => f.write_str("is:any"),
        Expr::Not(inner) => {
            f.write_str("-")?;
            write(inner, f, Above::Not)
        }
        Expr::And(parts) => list(parts, " ", Above::And, f),
        Expr::Or(parts) => list(parts, " or ", Above::Or, f),
        Expr::Term(term) => term.fmt(f),
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Term::Status(list) => write!(f, "status:{}", Commas(list)),
            Term::Assignee(list) => write!(f, "assignee:{}", Commas(list)),
            Term::Tag(list) => write!(f, "tag:{}", Commas(list)),
            Term::Inbox(list) => write!(f, "inbox:{}", Commas(list)),
            Term::Person { role, who } => {
                let key = match role {
                    Role::From => "from",
                    Role::To => "to",
                    Role::With => "with",
                };
                write!(f, "{key}:{}", Commas(who))
            }
            Term::Text { field, text, prefix, exact } => {
                let (key, star) = (field_key(*field), if *prefix { "*" } else { "" });
                // What was written without quotes can be: with them it would ask for less.
                if *exact {
                    write!(f, "{key}{}{star}", Quoted { text, always: true })
                } else {
                    write!(f, "{key}{text}{star}")
                }
            }
            Term::Is(is) => write!(f, "is:{}", word_of(&IS_WORDS, is)),
            Term::Has(has) => write!(f, "has:{}", word_of(&HAS_WORDS, has)),
            Term::Activity(Age::Over(span)) => write!(f, "older:{span}"),
            Term::Activity(Age::Under(span)) => write!(f, "newer:{span}"),
            Term::Waiting(Age::Over(span)) => write!(f, "waiting:>{span}"),
            Term::Waiting(Age::Under(span)) => write!(f, "waiting:<{span}"),
            Term::Before(day) => write!(f, "before:{day}"),
            Term::After(day) => write!(f, "after:{day}"),
            Term::On(day) => write!(f, "on:{day}"),
            Term::Id(id) => write!(f, "id:{id}"),
            Term::Messages(compare, count) => write!(f, "messages:{}{count}", word_of(&COMPARES, compare)),
        }
    }
}

fn field_key(field: Field) -> &'static str {
    match field {
        Field::Any => "",
        Field::Subject => "subject:",
        Field::Body => "body:",
        Field::Note => "note:",
        Field::Attachment => "attachment:",
    }
}

struct Commas<'a, T>(&'a [T]);

impl<T: Display> Display for Commas<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

impl Display for Who {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Who::Me => f.write_str("me"),
            Who::Nobody => f.write_str("none"),
            Who::Agent(handle) => handle.fmt(f),
        }
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Address(text) | Pattern::Part(text) => Quoted { text, always: false }.fmt(f),
            Pattern::Domain(domain) => Quoted { text: &format!("@{domain}"), always: false }.fmt(f),
        }
    }
}

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, word_of(&UNITS, &self.unit))
    }
}

impl Display for Day {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Day::Today => f.write_str("today"),
            Day::Yesterday => f.write_str("yesterday"),
            Day::Date(date) => date.fmt(f),
        }
    }
}

/// Text in quotes where it would not be read back as it is.
struct Quoted<'a> {
    text: &'a str,
    /// Whether the quotes mean something.
    always: bool,
}

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let odd = |c: char| {
            let sign = is_comma(c) || is_question(c) || is_star(c) || !closings(c).is_empty();
            sign || c.is_whitespace() || c.is_control() || "()（）\\<>=".contains(c)
        };
        if !self.text.is_empty() && !self.text.contains(odd) && !self.always {
            return f.write_str(self.text);
        }
        f.write_str("\"")?;
        for c in self.text.chars() {
            if matches!(c, '"' | '\\') {
                f.write_str("\\")?;
            }
            fmt::Write::write_char(f, c)?;
        }
        f.write_str("\"")
    }
}
