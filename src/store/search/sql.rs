//! A query as a condition on `conversation AS c`. Every value is bound; nothing of the query's text gets into the SQL. It finds what
//! [`Query::matches`] says of each conversation.

use rusqlite::types::Value;

use super::vocabulary::Vocabulary;
use crate::model::reply::OutState;
use crate::model::status::Status;
use crate::query::{
    Age, Compare, Context, Day, Expr, Field, Has, Is, Pattern, Query, Role, Side, Stretch, Term, Wanted, Who,
};
use crate::store::StoreError;
use crate::store::code::Code;
use crate::store::connection::Transaction;
use crate::store::news::{TRAY, TRAY_FROM, UNREAD};

/// A condition on the table `conversation AS c`, with `?` for each of `values` in order.
pub(in crate::store) struct Sql {
    /// The condition, to stand behind `WHERE`.
    pub condition: String,
    /// The values.
    pub values: Vec<Value>,
}

/// Returns the query as a condition for the store as this transaction sees it.
pub(in crate::store) fn condition(tx: &Transaction<'_>, query: &Query, context: &Context) -> Result<Sql, StoreError> {
    written(tx, &query.expr, context, false)
}

/// Returns it for who tests conversations one by one: it costs little for one, and for a million more than [`condition`].
pub(in crate::store) fn condition_for_one(
    tx: &Transaction<'_>,
    query: &Query,
    context: &Context,
) -> Result<Sql, StoreError> {
    written(tx, &query.expr, context, true)
}

fn written(tx: &Transaction<'_>, expr: &Expr, context: &Context, for_one: bool) -> Result<Sql, StoreError> {
    let vocabulary = Vocabulary::of(tx);
    let mut writer = Writer { sql: String::new(), values: Vec::new(), context, vocabulary, for_one };
    writer.expr(expr)?;
    Ok(Sql { condition: writer.sql, values: writer.values })
}

struct Writer<'a> {
    sql: String,
    values: Vec<Value>,
    context: &'a Context,
    vocabulary: Vocabulary<'a>,
    /// Whether what is asked for is looked up in one conversation, not in all.
    for_one: bool,
}

impl Writer<'_> {
    fn expr(&mut self, expr: &Expr) -> Result<(), StoreError> {
        match expr {
            Expr::Any => self.put("1"),
            Expr::Not(inner) => {
                self.put("NOT (");
                self.expr(inner)?;
                self.put(")");
            }
            Expr::And(parts) => self.list(parts, " AND ")?,
            Expr::Or(parts) => self.list(parts, " OR ")?,
            Expr::Term(term) => self.term(term)?,
        }
        Ok(())
    }

    fn list(&mut self, parts: &[Expr], between: &str) -> Result<(), StoreError> {
        self.put("(");
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.put(between);
            }
            self.expr(part)?;
        }
        self.put(")");
        Ok(())
    }

    fn put(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn text(&mut self, value: impl Into<String>) {
        self.bind(Value::Text(value.into()));
    }

    fn int(&mut self, value: i64) {
        self.bind(Value::Integer(value));
    }

    fn bind(&mut self, value: Value) {
        self.put("?");
        self.values.push(value);
    }

    fn list_of(&mut self, values: impl Iterator<Item = Value>) {
        self.put("(");
        for (index, value) in values.enumerate() {
            if index > 0 {
                self.put(",");
            }
            self.bind(value);
        }
        self.put(")");
    }

    fn texts<'t>(&mut self, values: impl Iterator<Item = &'t str>) {
        self.list_of(values.map(|text| Value::Text(text.to_owned())));
    }

    // Each condition is 0 or 1 and never NULL, so that NOT turns it round.
    fn term(&mut self, term: &Term) -> Result<(), StoreError> {
        match term {
            Term::Status(list) => self.statuses(list),
            Term::Assignee(list) => self.assignees(list),
            Term::Tag(tags) => {
                self.rows_of("conversation_tag");
                self.put("tag IN ");
                self.texts(tags.iter().map(AsRef::as_ref));
                self.put(")");
            }
            Term::Inbox(inboxes) => {
                self.put("c.inbox IN ");
                self.texts(inboxes.iter().map(AsRef::as_ref));
            }
            Term::Person { role, who } => self.person(*role, who),
            Term::Text { field, text, prefix, exact } => {
                let wanted = self.vocabulary.keep_held(Wanted::of(text, *prefix, *exact))?;
                self.words(*field, &wanted);
            }
            Term::Is(is) => self.is(*is),
            Term::Has(has) => self.has(*has),
            Term::Activity(age) => self.activity(*age),
            Term::Waiting(age) => self.waiting(*age),
            Term::Before(day) => {
                self.put("c.last_at < ");
                self.begin_of(*day);
            }
            Term::After(day) => {
                self.put("c.last_at >= ");
                self.begin_of(*day);
            }
            Term::On(day) => {
                self.put("(c.last_at >= ");
                self.begin_of(*day);
                self.put(" AND c.last_at < ");
                self.int(self.context.end_of(*day).0);
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
        Ok(())
    }

    fn statuses(&mut self, list: &[Status]) {
        self.put("c.status IN ");
        self.list_of(list.iter().map(|status| Code(*status).owned()));
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
            Is::Mentioned => self.mentioned(),
            Is::Unread => self.news("conversation_news", UNREAD),
            Is::InTray => self.in_tray(),
            Is::Followed => self.by_agent("conversation_follower"),
            Is::Bounced => self.put("c.bounced IS NOT NULL"),
            Is::Gone => self.put("c.gone = 1"),
            Is::Upgraded if self.for_one => self.put(
                "EXISTS (SELECT 1 FROM member m CROSS JOIN upgraded u ON u.message_id = m.message_id WHERE m.conversation = c.rowid)",
            ),
            Is::Upgraded => self.put(
                "c.rowid IN (SELECT m.conversation FROM upgraded u CROSS JOIN member m ON m.message_id = u.message_id)",
            ),
        }
    }

    fn mentioned(&mut self) {
        self.put("(");
        self.by_agent("conversation_mention");
        self.put(" AND NOT (");
        self.by_agent("conversation_mention_looked");
        self.put("))");
    }

    fn news(&mut self, from: &'static str, of: &'static str) {
        self.rows_of(from);
        self.put("agent = ");
        self.text(self.context.me.as_str());
        self.put(" AND ");
        self.put(of);
        self.put(")");
    }

    fn in_tray(&mut self) {
        self.put("(");
        self.news(TRAY_FROM, TRAY);
        self.put(" OR ");
        self.rows_by_id("outgoing");
        self.put("actor = ");
        self.text(self.context.me.as_str());
        self.put(" AND state IN ");
        self.list_of(NOT_SENT.into_iter().map(|state| Code(state).owned()));
        self.put("))");
    }

    fn by_agent(&mut self, table: &'static str) {
        self.rows_of(table);
        self.put("agent = ");
        self.text(self.context.me.as_str());
        self.put(")");
    }

    /// Begins the condition that the conversation has rows of a table; what they hold is to follow, and a parenthesis. For one conversation
    /// its own rows are looked at: to list those of all others for it would take as long as the table is.
    fn rows_of(&mut self, table: &'static str) {
        self.rows(table, "c.rowid");
    }

    /// The same for a table that knows conversations by id, or none: without the test for that, NOT would find nothing at all.
    fn rows_by_id(&mut self, table: &'static str) {
        self.rows(table, "c.id");
        if !self.for_one {
            self.put("conversation IS NOT NULL AND ");
        }
    }

    fn rows(&mut self, table: &'static str, by: &'static str) {
        let parts = if self.for_one {
            ["EXISTS (SELECT 1 FROM ", table, " WHERE conversation = ", by, " AND "]
        } else {
            [by, " IN (SELECT conversation FROM ", table, " WHERE ", ""]
        };
        parts.into_iter().for_each(|part| self.put(part));
    }

    fn has(&mut self, has: Has) {
        match has {
            Has::Attachment => self.put("c.attachments <> 0"),
            Has::Note => self.put("c.notes > 0"),
            Has::Tag if self.for_one => {
                self.put("EXISTS (SELECT 1 FROM conversation_tag WHERE conversation = c.rowid)");
            }
            Has::Tag => self.put("c.rowid IN (SELECT conversation FROM conversation_tag)"),
            Has::Draft => {
                self.rows_by_id("draft");
                self.put("discarded_at IS NULL AND actor = ");
                self.text(self.context.me.as_str());
                self.put(")");
            }
            Has::Outbox => {
                self.put(if self.for_one {
                    "(c.bounced IS NOT NULL OR EXISTS (SELECT 1 FROM outgoing WHERE conversation = c.id AND state IN "
                } else {
                    "(c.id IN (SELECT id FROM conversation WHERE bounced IS NOT NULL UNION ALL
                         SELECT conversation FROM outgoing WHERE conversation IS NOT NULL AND state IN "
                });
                self.list_of(NOT_OUT.into_iter().map(|state| Code(state).owned()));
                self.put("))");
            }
        }
    }

    fn activity(&mut self, age: Age) {
        match age {
            Age::Over(span) => {
                self.put("c.last_at <= ");
                self.int(self.context.ago(span).0);
            }
            Age::Under(span) => {
                self.put("c.last_at > ");
                self.int(self.context.ago(span).0);
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
        self.int(self.context.ago(span).0);
        self.put(")");
    }

    fn begin_of(&mut self, day: Day) {
        self.int(self.context.begin_of(day).0);
    }

    fn person(&mut self, role: Role, who: &[Pattern]) {
        self.rows_of("conversation_person");
        match role {
            Role::From => self.side(Side::Author),
            Role::To => self.side(Side::Recipient),
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

    fn side(&mut self, side: Side) {
        self.put("role = ");
        self.bind(Code(side).owned());
        self.put(" AND ");
    }

    fn part(&mut self, part: &str) {
        self.put("(");
        self.like("email", &format!("%{}%", escape_like(&part.to_lowercase())));
        for name in Wanted::names(part) {
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

    fn words(&mut self, field: Field, wanted: &Wanted) {
        match wanted {
            Wanted::Words(phrases) => self.indexed(phrases_asked(field, phrases)),
            Wanted::Signs { signs, picture } => {
                self.put("(");
                self.like("(c.subject || ' ' || IFNULL(c.title, ''))", &format!("%{}%", escape_like(signs)));
                if let Some(name) = picture {
                    let phrase = Stretch { folded: name.clone(), begins: false, people: false };
                    self.put(" OR ");
                    self.indexed(in_column(field, &phrase).unwrap_or_default());
                }
                self.put(")");
            }
        }
    }

    fn indexed(&mut self, asked: String) {
        self.put(if self.for_one {
            "EXISTS (SELECT 1 FROM search_owner o WHERE o.conversation = c.rowid AND EXISTS \
             (SELECT 1 FROM search WHERE rowid = o.docid AND search MATCH "
        } else {
            "c.rowid IN (SELECT conversation FROM search_owner WHERE conversation IS NOT NULL AND docid IN \
             (SELECT rowid FROM search WHERE search MATCH "
        });
        self.text(asked);
        self.put("))");
    }
}

/// Any of some phrases in the language of FTS5.
pub(super) fn phrases_asked(field: Field, phrases: &[Stretch]) -> String {
    phrases.iter().filter_map(|phrase| in_column(field, phrase)).collect::<Vec<_>>().join(" OR ")
}

/// A phrase in the language of FTS5; nothing where it stands in another column.
pub(super) fn in_column(field: Field, phrase: &Stretch) -> Option<String> {
    let column = match field {
        Field::Any if phrase.people => "{people} : ",
        Field::Any => "",
        _ if phrase.people => return None,
        Field::Subject => "{subject} : ",
        Field::Body => "{body} : ",
        Field::Note => "{notes} : ",
        Field::Attachment => "{attachments} : ",
    };
    // FTS5 string: only a quote has a meaning in it, and is doubled.
    let quoted = phrase.folded.replace('"', "\"\"");
    let star = if phrase.begins { " *" } else { "" };
    Some(format!("{column}\"{quoted}\"{star}"))
}

/// The states of mail that is not out and may still be. They are named, rather than those of mail that is out: an index finds them, and
/// what was sent is much.
pub(super) const NOT_OUT: [OutState; 5] =
    [OutState::Held, OutState::Stopped, OutState::Sending, OutState::Uncertain, OutState::Failed];

/// The states of mail that went wrong, and that somebody has to see to.
pub(super) const NOT_SENT: [OutState; 3] = [OutState::Stopped, OutState::Uncertain, OutState::Failed];

/// Takes the meaning from `%`, `_` and the escape sign itself, and leaves out NUL, at which SQLite ends a pattern.
fn escape_like(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| *c != '\0') {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
