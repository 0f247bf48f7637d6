//! The tree as a condition on `conversation AS c`. Every value is bound; nothing of the query's text gets into the SQL.

use jiff::civil::Date;
use jiff::{Timestamp as Instant, Zoned};

use super::ast::{Age, Compare, Day, Expr, Field, Has, Is, Pattern, Role, Span, Term, Who};
use super::fold::{fold_text, fold_wanted};
use super::{Context, Param, Sql};
use crate::model::clock::Timestamp;
use crate::model::reply::OutState;
use crate::model::status::Status;

pub(super) fn compile(expr: &Expr, context: &Context) -> Sql {
    written(expr, context, false)
}

/// Likewise, for who tests single conversations.
pub(super) fn compile_for_one(expr: &Expr, context: &Context) -> Sql {
    written(expr, context, true)
}

fn written(expr: &Expr, context: &Context, for_one: bool) -> Sql {
    let mut writer = Writer { sql: String::new(), params: Vec::new(), context, for_one };
    writer.expr(expr);
    Sql { condition: writer.sql, params: writer.params }
}

struct Writer<'a> {
    sql: String,
    params: Vec<Param>,
    context: &'a Context,
    /// Whether words are looked up in the mail of one conversation, not in all.
    for_one: bool,
}

impl Writer<'_> {
    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Any => self.put("1"),
            Expr::Not(inner) => {
                self.put("NOT (");
                self.expr(inner);
                self.put(")");
            }
            Expr::And(parts) => self.list(parts, " AND "),
            Expr::Or(parts) => self.list(parts, " OR "),
            Expr::Term(term) => self.term(term),
        }
    }

    fn list(&mut self, parts: &[Expr], between: &str) {
        self.put("(");
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.put(between);
            }
            self.expr(part);
        }
        self.put(")");
    }

    fn put(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn text(&mut self, value: impl Into<String>) {
        self.put("?");
        self.params.push(Param::Text(value.into()));
    }

    fn int(&mut self, value: i64) {
        self.put("?");
        self.params.push(Param::Int(value));
    }

    fn texts<'t>(&mut self, values: impl Iterator<Item = &'t str>) {
        self.put("(");
        for (index, value) in values.enumerate() {
            if index > 0 {
                self.put(",");
            }
            self.text(value);
        }
        self.put(")");
    }

    // Each condition is 0 or 1 and never NULL, so that NOT turns it round.
    fn term(&mut self, term: &Term) {
        match term {
            Term::Status(list) => self.statuses(list),
            Term::Assignee(list) => self.assignees(list),
            Term::Tag(tags) => {
                self.put("c.rowid IN (SELECT conversation FROM conversation_tag WHERE tag IN ");
                self.texts(tags.iter().map(AsRef::as_ref));
                self.put(")");
            }
            Term::Inbox(inboxes) => {
                self.put("c.inbox IN ");
                self.texts(inboxes.iter().map(AsRef::as_ref));
            }
            Term::Person { role, who } => self.person(*role, who),
            Term::Text { field, text, prefix } => self.words(*field, text, *prefix),
            Term::Is(is) => self.is(*is),
            Term::Has(has) => self.has(*has),
            Term::Activity(age) => self.activity(*age),
            Term::Waiting(age) => self.waiting(*age),
            Term::Before(day) => {
                self.put("c.last_at < ");
                self.day(*day, false);
            }
            Term::After(day) => {
                self.put("c.last_at >= ");
                self.day(*day, false);
            }
            Term::On(day) => {
                self.put("(c.last_at >= ");
                self.day(*day, false);
                self.put(" AND c.last_at < ");
                self.day(*day, true);
                self.put(")");
            }
            Term::Id(prefix) => {
                // A range, so that the index on the id is used; `~` sorts behind every letter of an id.
                self.put("(c.id >= ");
                self.text(prefix);
                self.put(" AND c.id < ");
                self.text(format!("{prefix}~"));
                // An id that a conversation had before it was merged leads to it still.
                self.put(
                    " OR c.rowid IN (SELECT m.conversation FROM conversation_alias a JOIN member m
                         ON m.message_id = a.message_id WHERE a.id >= ",
                );
                self.text(prefix);
                self.put(" AND a.id < ");
                self.text(format!("{prefix}~"));
                self.put("))");
            }
            Term::Messages(compare, count) => {
                self.put(match compare {
                    Compare::Over => "c.messages > ",
                    Compare::AtLeast => "c.messages >= ",
                    Compare::Under => "c.messages < ",
                    Compare::AtMost => "c.messages <= ",
                    Compare::Equal => "c.messages = ",
                });
                self.int(i64::from(*count));
            }
        }
    }

    fn statuses(&mut self, list: &[Status]) {
        self.put("c.status IN (");
        for (index, status) in list.iter().enumerate() {
            if index > 0 {
                self.put(",");
            }
            self.int(match status {
                Status::Open => 0,
                Status::InProgress => 1,
                Status::Waiting => 2,
                Status::Closed => 3,
            });
        }
        self.put(")");
    }

    fn assignees(&mut self, list: &[Who]) {
        self.put("(");
        for (index, who) in list.iter().enumerate() {
            if index > 0 {
                self.put(" OR ");
            }
            match who {
                Who::Nobody => self.put("c.assignee IS NULL"),
                Who::Me => self.assigned(self.context.me.as_str()),
                Who::Agent(handle) => self.assigned(handle.as_str()),
            }
        }
        self.put(")");
    }

    fn assigned(&mut self, handle: &str) {
        self.put("(c.assignee IS NOT NULL AND c.assignee = ");
        self.text(handle);
        self.put(")");
    }

    fn is(&mut self, is: Is) {
        match is {
            Is::Any => self.put("1"),
            Is::Active => self.put("c.active = 1"),
            Is::Snoozed => self.put("c.snoozed_until IS NOT NULL"),
            Is::Unassigned => self.put("(c.active = 1 AND c.assignee IS NULL)"),
            Is::Mine => {
                self.put("(c.active = 1 AND ");
                self.assigned(self.context.me.as_str());
                self.put(")");
            }
            Is::Mentioned => self.by_agent("conversation_mention"),
            Is::Followed => self.by_agent("conversation_follower"),
            Is::Bounced => self.put("c.bounced IS NOT NULL"),
        }
    }

    fn by_agent(&mut self, table: &'static str) {
        self.put("c.rowid IN (SELECT conversation FROM ");
        self.put(table);
        self.put(" WHERE agent = ");
        self.text(self.context.me.as_str());
        self.put(")");
    }

    fn has(&mut self, has: Has) {
        match has {
            Has::Attachment => self.put("c.attachments <> 0"),
            Has::Note => self.put("c.notes > 0"),
            Has::Tag => self.put("c.rowid IN (SELECT conversation FROM conversation_tag)"),
            Has::Draft => {
                // A conversation of NULL is a new mail's; without the test, NOT would find nothing at all.
                self.put("c.id IN (SELECT conversation FROM draft WHERE conversation IS NOT NULL AND discarded_at IS NULL AND actor = ");
                self.text(self.context.me.as_str());
                self.put(")");
            }
            Has::Outbox => {
                self.put("c.id IN (SELECT id FROM conversation WHERE bounced IS NOT NULL UNION ALL SELECT conversation FROM outgoing WHERE conversation IS NOT NULL AND state NOT IN ");
                self.texts([OutState::Sent, OutState::Filed, OutState::Cancelled].into_iter().map(OutState::name));
                self.put(")");
            }
        }
    }

    fn activity(&mut self, age: Age) {
        match age {
            Age::Over(span) => {
                self.put("c.last_at <= ");
                self.int(ago(self.context, span));
            }
            Age::Under(span) => {
                self.put("c.last_at > ");
                self.int(ago(self.context, span));
            }
        }
    }

    fn waiting(&mut self, age: Age) {
        self.put("(c.waiting_since IS NOT NULL AND c.waiting_since ");
        let (compare, span) = match age {
            Age::Over(span) => ("<= ", span),
            Age::Under(span) => ("> ", span),
        };
        self.put(compare);
        self.int(ago(self.context, span));
        self.put(")");
    }

    fn day(&mut self, day: Day, next: bool) {
        self.int(day_start(self.context, day, next));
    }

    fn person(&mut self, role: Role, who: &[Pattern]) {
        self.put("c.rowid IN (SELECT conversation FROM conversation_person WHERE ");
        match role {
            Role::From => self.put("role = 0 AND "),
            Role::To => self.put("role = 1 AND "),
            Role::With => {}
        }
        self.put("(");
        for (index, pattern) in who.iter().enumerate() {
            if index > 0 {
                self.put(" OR ");
            }
            match pattern {
                Pattern::Address(email) => {
                    self.put("email = ");
                    self.text(email);
                }
                Pattern::Domain(domain) => self.like("email", &format!("%@{}", escape_like(domain))),
                Pattern::Part(part) => self.part(part),
            }
        }
        self.put("))");
    }

    fn part(&mut self, part: &str) {
        self.put("(");
        self.like("email", &format!("%{}%", escape_like(&part.to_lowercase())));
        let (name, _) = fold_wanted(part);
        if !name.is_empty() {
            // The beginning of a word of the name: `ann` finds Anna and not Joanna.
            self.put(" OR ");
            self.like("(' ' || name)", &format!("% {}%", escape_like(&name)));
        }
        self.put(")");
    }

    fn like(&mut self, column: &'static str, pattern: &str) {
        self.put(column);
        self.put(" LIKE ");
        self.text(pattern);
        self.put(" ESCAPE '\\'");
    }

    fn words(&mut self, field: Field, text: &str, prefix: bool) {
        let (folded, begins) = if prefix { (fold_text(text), true) } else { fold_wanted(text) };
        if folded.is_empty() {
            // Nothing that the index holds, such as a lone `€`: the subject is looked through.
            return self.like("(c.subject || ' ' || IFNULL(c.title, ''))", &format!("%{}%", escape_like(text.trim())));
        }
        self.put(if self.for_one {
            "EXISTS (SELECT 1 FROM search_owner o WHERE o.conversation = c.rowid AND EXISTS \
             (SELECT 1 FROM search WHERE rowid = o.docid AND search MATCH "
        } else {
            "c.rowid IN (SELECT conversation FROM search_owner WHERE conversation IS NOT NULL AND docid IN \
             (SELECT rowid FROM search WHERE search MATCH "
        });
        let column = match field {
            Field::Any => "",
            Field::Subject => "{subject} : ",
            Field::Body => "{body} : ",
            Field::Note => "{notes} : ",
            Field::Attachment => "{attachments} : ",
        };
        // FTS5 string: only a quote has a meaning in it, and is doubled.
        let quoted = folded.replace('"', "\"\"");
        let star = if begins { " *" } else { "" };
        self.text(format!("{column}\"{quoted}\"{star}"));
        self.put("))");
    }
}

/// Takes the meaning from `%`, `_` and the escape sign itself.
fn escape_like(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Returns the moment `span` before now, in milliseconds: days, weeks, months and years by the calendar.
pub(super) fn ago(context: &Context, span: Span) -> i64 {
    // Before the beginning of the calendar everything is younger.
    let then = zoned(context).and_then(|now| now.checked_sub(span.step()?).ok());
    then.map_or(i64::MIN, |then| then.timestamp().as_millisecond())
}

fn zoned(context: &Context) -> Option<Zoned> {
    Some(Instant::from_millisecond(context.now.0).ok()?.to_zoned(context.zone.clone()))
}

/// Returns the first moment of a day, or of the one behind it, in milliseconds.
fn day_start(context: &Context, day: Day, next: bool) -> i64 {
    let date = |day: Day| -> Option<Date> {
        match day {
            Day::Date(date) => Some(date),
            Day::Today => Some(zoned(context)?.date()),
            Day::Yesterday => zoned(context)?.date().yesterday().ok(),
        }
    };
    let date = date(day).and_then(|date| if next { date.tomorrow().ok() } else { Some(date) });
    let start = date.and_then(|date| date.to_zoned(context.zone.clone()).ok());
    start.map_or(Timestamp(i64::MAX).0, |zoned| zoned.timestamp().as_millisecond())
}
