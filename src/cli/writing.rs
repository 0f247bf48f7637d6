//! What `reply`, `forward` and `new` share: the arguments of a mail, from them to a draft, and from drafts to the outbox.

mod show;

use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

use clap::ValueEnum;
use clap::builder::NonEmptyStringValueParser;

use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::global::Format;
use super::output::Output;
use super::saved;
use super::words::{self, usage};
use super::{dry, mail_json, post};
use crate::error::{ErrorKind, UserError};
use crate::model::address::Address;
use crate::model::addresses::{Fault, parse_addresses};
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::reply::{Draft, DraftKind, Identity, OutgoingFile};
use crate::model::status::Status;
use crate::model::text::{SafeText, as_utf8, in_quotes};
use crate::model::view::ConversationRow;
use crate::service::attachments::{self, File, Unfit};
use crate::service::compose::{self, Queued, Went, attribute_in, prepare, queue, variables};
use crate::service::review::{self, warnings};
use crate::service::saved_replies::{self, SavedReply};
use crate::store::OutboxEnd;

pub use show::field;

/// The longest body that is read, in bytes.
const BODY_MAX: u64 = 4 << 20;

/// The arguments of a mail.
#[derive(Debug, Default, clap::Args)]
pub struct Writing {
    /// The text; {customer.first_name} and the like are filled in
    #[arg(long, value_name = "TEXT", conflicts_with = "body_file")]
    body: Option<String>,
    /// Read the text from a file, or from stdin with -
    #[arg(long, value_name = "FILE")]
    body_file: Option<String>,
    /// Use this saved reply; the text stands where it has {cursor}, else after it
    #[arg(long, value_name = "NAME")]
    saved: Option<String>,
    /// Use the saved reply though the team changed it since it was last used; the difference is shown
    #[arg(long, requires = "saved")]
    accept_changed: bool,
    /// Give a variable a value
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Attach a file, or stdin with -
    #[arg(long, value_name = "FILE")]
    attach: Vec<String>,
    /// The name of the file that comes from stdin
    #[arg(long, value_name = "NAME")]
    attach_name: Option<String>,
    /// Send to these instead of the usual recipients
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
    /// Send a copy to these too
    #[arg(long, value_name = "ADDRESS")]
    cc: Vec<String>,
    /// Send a copy to these that the others don't see
    #[arg(long, value_name = "ADDRESS")]
    bcc: Vec<String>,
    /// The subject
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// From whom it goes out
    #[arg(long, value_name = "IDENTITY")]
    identity: Option<IdentityWord>,
    /// The text is Markdown: send it as text and HTML
    #[arg(long)]
    markdown: bool,
    /// The status that sending leaves: open, in-progress, waiting, closed, or keep; waiting unless named, and what is forwarded keeps it
    #[arg(long, value_name = "STATUS")]
    then: Option<String>,
    /// Send at this moment: 2h, "tomorrow 8"
    #[arg(long, value_name = "WHEN", conflicts_with = "draft")]
    later: Option<String>,
    /// Send it
    #[arg(long)]
    send: bool,
    /// Keep it as a draft
    #[arg(long, conflicts_with = "send")]
    draft: bool,
    /// Print each mail in full, and neither keep nor send it
    #[arg(long, conflicts_with_all = ["send", "draft"])]
    dry_run: bool,
    /// Write at most so many mails; more that match are refused
    #[arg(long, value_name = "N", default_value_t = 1)]
    max: usize,
    /// Write it once under this key in each conversation, however often the command is run
    #[arg(long, value_name = "KEY", conflicts_with = "draft", value_parser = NonEmptyStringValueParser::new())]
    once: Option<String>,
    /// Skip and tell conversations that can't be answered as they are, such as those without a recipient; it ends with 4 then
    #[arg(long)]
    skip_unfit: bool,
    /// Write nothing where not just N conversations are meant: exit code 4
    #[arg(long, value_name = "N")]
    expect: Option<usize>,
}

impl Wanted {
    /// Tells whether there is neither text nor file.
    fn is_silent(&self) -> bool {
        self.saved.is_none() && self.files.is_empty() && self.text.as_deref().is_none_or(|text| text.trim().is_empty())
    }
}

/// From whom a mail goes out.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum IdentityWord {
    /// From the inbox
    SendAs,
    /// From the inbox, sent by the agent
    OnBehalf,
    /// From the agent, answers to the inbox
    Personal,
}

impl From<IdentityWord> for Identity {
    fn from(word: IdentityWord) -> Self {
        match word {
            IdentityWord::SendAs => Identity::SendAs,
            IdentityWord::OnBehalf => Identity::OnBehalf,
            IdentityWord::Personal => Identity::Personal,
        }
    }
}

/// A mail that is being made, and the conversation that it belongs to.
pub struct Piece {
    /// The conversation; `None` for a new one.
    pub row: Option<ConversationRow>,
    /// The mail.
    pub draft: Draft,
}

/// The arguments as values, read once for all mails of a command.
#[derive(Default)]
pub struct Wanted {
    text: Option<String>,
    saved: Option<SavedReply>,
    set: BTreeMap<String, String>,
    files: Vec<File>,
    to: Vec<Address>,
    cc: Vec<Address>,
    bcc: Vec<Address>,
    /// `None` where nobody said; within, `None` keeps the status.
    then: Option<Option<Status>>,
    due: Option<Timestamp>,
    /// How far the outbox reached when the command began.
    since: Option<OutboxEnd>,
}

impl Wanted {
    /// Says how far the outbox reached when the command began.
    #[must_use]
    pub fn begun(self, since: OutboxEnd) -> Self {
        Self { since: Some(since), ..self }
    }
}

impl Writing {
    /// Sends a mail that is written already, or with `dry_run` prints it.
    ///
    /// # Errors
    /// Those of [`Writing::finish`].
    pub fn send(
        around: &Surroundings,
        desk: &Desk,
        out: &mut Output,
        piece: Piece,
        dry_run: bool,
    ) -> Result<Exit, UserError> {
        let writing = Self { send: !dry_run, dry_run, max: 1, ..Self::default() };
        let wanted = Wanted { text: Some(piece.draft.body.clone()), ..Wanted::default() };
        writing.finish(around, desk, out, &wanted, vec![piece])
    }

    /// Refuses more mails than `--max` allows, and a command that does not say what is to become of them.
    ///
    /// # Errors
    /// Says what to add.
    pub fn guard(&self, mails: usize) -> Result<(), UserError> {
        if !(self.send || self.draft || self.dry_run || self.later.is_some()) {
            return Err(usage(phrase!("mail-no-end")).hint(phrase!("hint-mail-end")));
        }
        if mails > self.max && !self.dry_run {
            return Err(usage(phrase!("mails-over-max", count = mails, max = self.max.to_string()))
                .hint(phrase!("hint-add-max", max = mails.to_string())));
        }
        Ok(())
    }

    /// Refuses another number of conversations than `--expect` says.
    ///
    /// # Errors
    /// Says how many there are.
    pub fn expected(&self, count: usize) -> Result<(), UserError> {
        self.expect.map_or(Ok(()), |expected| dry::expect(expected, count))
    }

    /// Tells whether a mail with such a fault is skipped.
    pub fn skips(&self, fault: ErrorKind) -> bool {
        self.skip_unfit && matches!(fault, ErrorKind::Precondition | ErrorKind::Usage)
    }

    /// Tells whether recipients are named.
    pub fn is_addressed(&self) -> bool {
        !(self.to.is_empty() && self.cc.is_empty() && self.bcc.is_empty())
    }

    /// Returns the identity where one is named.
    pub fn identity(&self) -> Option<Identity> {
        self.identity.map(Identity::from)
    }

    /// Reads the files, the saved reply and the other arguments.
    ///
    /// # Errors
    /// When one of them can't be read, and where a shared reply was changed that nobody looked at.
    pub fn read(&self, desk: &Desk, out: &mut Output) -> Result<Wanted, UserError> {
        let stdins =
            self.attach.iter().filter(|a| *a == "-").count() + usize::from(self.body_file.as_deref() == Some("-"));
        if stdins > 1 {
            return Err(usage(phrase!("stdin-twice")).hint(phrase!("hint-by-name")));
        }
        let text = match (&self.body, self.body_file.as_deref()) {
            (Some(text), _) => Some(text.clone()),
            (None, Some(file)) => Some(body_file(file)?),
            (None, None) => None,
        };
        let saved = match self.saved.as_deref() {
            Some(name) => {
                let shelf = saved_replies::all(&desk.store, &desk.config.replies_dir)?;
                let reply = saved::find(desk, &shelf, name)?;
                saved::look_at(desk, out, reply, self.accept_changed)?;
                Some(reply.clone())
            }
            None => None,
        };
        let then = match self.then.as_deref() {
            None => None,
            Some("keep") => Some(None),
            Some(word) => Some(Some(word.parse::<Status>().map_err(|bad| usage(bad.phrase()))?)),
        };
        let due = self.later.as_deref().map(|word| words::moment(desk, word)).transpose()?.flatten();
        Ok(Wanted {
            text,
            saved,
            set: saved::settings(&self.set)?,
            files: self
                .attach
                .iter()
                .map(|file| attached(file, self.attach_name.as_deref()))
                .collect::<Result<_, _>>()?,
            to: addresses("--to", &self.to)?,
            cc: addresses("--cc", &self.cc)?,
            bcc: addresses("--bcc", &self.bcc)?,
            then,
            due,
            since: None,
        })
    }

    /// Puts into a draft what the arguments say. `draft` holds what comes by itself: recipients, subject, signature, quote.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn fill(&self, desk: &Desk, wanted: &Wanted, mut draft: Draft, short: &str) -> Result<Draft, UserError> {
        if !wanted.to.is_empty() {
            draft.to = wanted.to.clone();
        }
        draft.cc.extend(wanted.cc.iter().cloned());
        draft.bcc.extend(wanted.bcc.iter().cloned());
        // What is answered waits for the customer; whom something is forwarded to is another.
        let usual = (draft.kind != DraftKind::Forward).then_some(Status::Waiting);
        (draft.then, draft.markdown) = (wanted.then.unwrap_or(usual), self.markdown);
        draft.once = self.once.clone();
        if let Some(identity) = self.identity() {
            draft.identity = identity;
        }
        let mut values = variables(&desk.store, &desk.config.sending, &draft, short, &desk.zone);
        values.extend(wanted.set.clone());
        let mut text = wanted.text.as_deref().map(|text| saved_replies::fill_typed(text, &values)).unwrap_or_default();
        if let Some(saved) = &wanted.saved {
            if let Some(language) = saved_replies::language(&saved.template) {
                attribute_in(&desk.store, &mut draft, language)?;
            }
            let filled = saved_replies::fill(&saved.template, &values);
            draft.variables = filled.unresolved;
            if draft.parent.is_none() && !filled.subject.is_empty() {
                draft.subject = filled.subject;
            }
            text = joined(&filled.text, filled.cursor, saved.template.body.contains("{cursor}"), &text);
        }
        if let Some(subject) = &self.subject {
            draft.subject = saved_replies::fill_typed(subject, &values);
        }
        draft.body = format!("{}{}", text.trim_end(), draft.body);
        Ok(draft)
    }

    /// Prints, keeps or sends the mails.
    ///
    /// # Errors
    /// When one of them can't go out as it is: then none does. Those of the store.
    pub fn finish(
        &self,
        around: &Surroundings,
        desk: &Desk,
        out: &mut Output,
        wanted: &Wanted,
        mut pieces: Vec<Piece>,
    ) -> Result<Exit, UserError> {
        let mut left = Exit::Done;
        let due = wanted.due.unwrap_or_else(|| desk.clock.now());
        if !self.draft {
            if wanted.is_silent() && pieces.iter().any(|piece| piece.draft.kind != DraftKind::Forward) {
                return Err(usage(phrase!("mail-silent")).hint(phrase!("hint-mail-text")));
            }
            let all = pieces.len();
            let is_good = prepared(desk, out, &mut pieces, due, (!self.dry_run, self.skip_unfit))?;
            if !is_good || pieces.is_empty() {
                out.warn(&say!("told-nothing-is-sent"));
                return Ok(Exit::Precondition);
            }
            if pieces.len() < all {
                left = Exit::Precondition;
            }
            warn(desk, out, &pieces, &wanted.files)?;
        }
        if self.dry_run {
            pieces.iter().for_each(|piece| show::mail(desk, out, piece, &wanted.files));
            out.talk(&say!("told-mails-not-sent", count = pieces.len()));
            return Ok(left);
        }
        if let Some(reply) = wanted.saved.as_ref().and_then(SavedReply::from_team) {
            saved_replies::remember(&desk.store, &reply)?;
        }
        let files: Vec<OutgoingFile> = wanted
            .files
            .iter()
            .map(|file| desk.store.put_file(&file.name, &file.media, &file.bytes))
            .collect::<Result<_, _>>()?;
        let with_files = |draft: &Draft| Draft { files: [draft.files.as_slice(), &files].concat(), ..draft.clone() };
        if self.draft {
            for piece in &pieces {
                let (kept, put_aside) = desk.store.save_draft_over(&with_files(&piece.draft))?;
                tell_draft(out, &kept, piece.row.as_ref());
                if let Some(other) = put_aside {
                    out.warn(&say!("told-draft-displaced", id = other.to_string()));
                }
            }
            return Ok(Exit::Done);
        }
        let (mut mails, mut new) = (Vec::new(), Vec::new());
        for piece in &pieces {
            if went_already(desk, out, piece)? {
                continue;
            }
            match waiting_already(desk, &with_files(&piece.draft))? {
                Some(standing) => {
                    out.warn(&say!("told-queued-already", id = standing.to_string()));
                    mails.push(standing);
                }
                None => new.push(with_files(&piece.draft)),
            }
        }
        let queued = queue(&desk.store, &desk.config.accounts, &new, due, false, wanted.since)?;
        let (all, new) = newly_queued(out, &queued);
        mails.extend(all);
        let delivered = post::deliver(around, desk, out, &mails);
        tell_queued(desk, out, &new)?;
        Ok(left.or_worse(delivered?))
    }
}

/// Warns of mails that stood in the outbox already. Returns the numbers of all, and of those that are new there.
pub fn newly_queued(out: &mut Output, queued: &[Queued]) -> (Vec<i64>, Vec<i64>) {
    for Queued { mail, .. } in queued.iter().filter(|queued| !queued.is_new) {
        out.warn(&say!("told-queued-already", id = mail.id.to_string()));
    }
    let new = queued.iter().filter(|queued| queued.is_new).map(|queued| queued.mail.id);
    (queued.iter().map(|queued| queued.mail.id).collect(), new.collect())
}

/// Prints mails that were put into the outbox, as they stand by now.
///
/// # Errors
/// When the store can't be read.
pub fn tell_queued(desk: &Desk, out: &mut Output, mails: &[i64]) -> Result<(), UserError> {
    for id in mails {
        match out.format() {
            Format::Json => {
                if let Some(mail) = desk.store.outgoing_by_id(*id)? {
                    out.json(&mail_json::OutgoingJson::new(&mail, &desk.store.delivery(*id)?));
                }
            }
            Format::Ids => out.line(&SafeText::line(&id.to_string())),
            Format::Table => {}
        }
    }
    Ok(())
}

/// Tells of a draft that was kept.
pub fn tell_draft(out: &mut Output, draft: &Draft, row: Option<&ConversationRow>) {
    match out.format() {
        Format::Json => out.json(&mail_json::DraftJson::from(draft)),
        Format::Ids => out.line(&SafeText::line(&draft.id.to_string())),
        Format::Table => {
            let scope = row.map_or_else(
                || crate::text::titled(&draft.subject),
                |row| format!("{} {}", row.short, crate::text::titled(row.title.as_str())),
            );
            out.talk(&format!("{} · {scope}", say!("told-draft-kept", id = draft.id.to_string())));
        }
    }
}

/// Looks whether each mail can be made and, where it `goes_out`, sent; names all that can't, and leaves them out where they are skipped.
fn prepared(
    desk: &Desk,
    out: &mut Output,
    pieces: &mut Vec<Piece>,
    due: Timestamp,
    (goes_out, skips): (bool, bool),
) -> Result<bool, UserError> {
    let (mut good, mut checked, mut fit): (bool, Vec<AccountId>, Vec<Piece>) = (true, Vec::new(), Vec::new());
    let many = pieces.len() > 1;
    for piece in std::mem::take(pieces) {
        let mail = match prepare(&desk.store, &piece.draft, due, false) {
            Ok(mail) => mail,
            Err(error) if error.kind == ErrorKind::Precondition && (many || skips) => {
                let short = piece.row.as_ref().map_or("", |row| row.short.as_str());
                out.warn(&format!("{short}: {}", error.message()));
                if error.remedy.is_some() && good {
                    out.hint(&error.advice());
                }
                good = skips;
                continue;
            }
            Err(error) => return Err(error),
        };
        if goes_out && !checked.contains(&mail.delivery.account) {
            post::check(desk, &mail.delivery.account)?;
            checked.push(mail.delivery.account);
        }
        fit.push(piece);
    }
    *pieces = fit;
    Ok(good)
}

/// Tells once of each thing that an author should look at.
fn warn(desk: &Desk, out: &mut Output, pieces: &[Piece], files: &[File]) -> Result<(), UserError> {
    let mut said = std::collections::BTreeSet::new();
    // Nothing is in the store yet: that there are files is all that counts here.
    let about = |file: &File| OutgoingFile {
        name: file.name.clone(),
        media: file.media.clone(),
        size: file.bytes.len() as u64,
        digest: String::new(),
        cid: String::new(),
    };
    let files: Vec<OutgoingFile> = files.iter().map(about).collect();
    let mut left_out = Vec::new();
    for piece in pieces {
        let draft = Draft { files: [piece.draft.files.as_slice(), &files].concat(), ..piece.draft.clone() };
        // What stops a mail was refused before.
        for warning in warnings(&desk.store, &draft)?.into_iter().filter(|warning| !warning.stops()) {
            if said.insert(warning.clone()) {
                out.talk(&say!("told-note", what = warning.words()));
            }
        }
        left_out.extend(review::left_out(&desk.store, &draft)?.into_iter().map(|who| format!("--cc {}", who.email)));
    }
    if !left_out.is_empty() {
        let flags = left_out.into_iter().collect::<std::collections::BTreeSet<_>>();
        let flags = flags.into_iter().collect::<Vec<_>>().join(" ");
        out.talk(&say!("told-hint", what = phrase!("hint-adds-them", flags = flags)));
    }
    Ok(())
}

/// Finds a mail of the outbox that says the same in the same conversation and is not out yet, so that a script may run twice.
fn waiting_already(desk: &Desk, draft: &Draft) -> Result<Option<i64>, UserError> {
    let Some(conversation) = &draft.conversation else { return Ok(None) };
    Ok(desk.store.standing(conversation, draft)?)
}

/// Tells whether a mail that goes out once has done so, or is on its way.
fn went_already(desk: &Desk, out: &mut Output, piece: &Piece) -> Result<bool, UserError> {
    let Some(went) = compose::went(&desk.store, &piece.draft)? else { return Ok(false) };
    let short = piece.row.as_ref().map_or("-", |row| row.short.as_str());
    out.talk(&match went {
        Went::Queued(mail) => {
            say!("told-once-queued", id = short, number = mail.id.to_string(), state = mail.state.name())
        }
        Went::Elsewhere => say!("told-once-sent", id = short),
    });
    Ok(true)
}

fn joined(saved: &str, cursor: usize, marked: bool, own: &str) -> String {
    if own.trim().is_empty() {
        return saved.to_owned();
    }
    match (marked, saved.get(..cursor), saved.get(cursor..)) {
        (true, Some(before), Some(after)) => format!("{before}{}{after}", own.trim_end()),
        _ => format!("{}\n\n{own}", saved.trim_end()),
    }
}

/// Reads a file to attach, or stdin for `-`, which `name` names.
fn attached(file: &str, name: Option<&str>) -> Result<File, UserError> {
    let read = if file == "-" {
        let name = name.ok_or_else(|| usage(phrase!("stdin-no-name")).hint(phrase!("hint-attach-name")))?;
        attachments::read_from(&mut std::io::stdin().lock(), name)
    } else if std::fs::metadata(file).is_ok_and(|meta| meta.file_type().is_fifo()) {
        // What a shell puts there for `<(command)`: unlike a screen, a command may wait for it.
        std::fs::File::open(file).map_err(Unfit::from).and_then(|mut pipe| attachments::read_from(&mut pipe, file))
    } else {
        attachments::read(Path::new(file))
    };
    read.map_err(|unfit| usage(phrase!("file-not-attached", file = file, why = unfit.phrase())).hint_any(unfit.hint()))
}

fn body_file(file: &str) -> Result<String, UserError> {
    let failed = |error: std::io::Error| usage(phrase!("body-unreadable", file = file, why = error.to_string()));
    let mut bytes = Vec::new();
    if file == "-" {
        std::io::stdin().lock().take(BODY_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        std::fs::File::open(file).and_then(|f| f.take(BODY_MAX + 1).read_to_end(&mut bytes)).map_err(failed)?;
    }
    if bytes.len() as u64 > BODY_MAX {
        return Err(usage(phrase!("body-too-long", file = file)).hint(phrase!("hint-attach-it")));
    }
    as_utf8(bytes).map_err(|(line, byte)| {
        let (line, byte) = (line.to_string(), byte.to_string());
        usage(phrase!("body-not-utf8", file = file, line = line, byte = byte)).hint(phrase!("hint-to-utf8"))
    })
}

/// Reads the addresses of a flag as people write them: `Carla <carla@c.example>, dave@d.example`. What can't be written to is refused, and
/// nothing is mended.
fn addresses(flag: &str, given: &[String]) -> Result<Vec<Address>, UserError> {
    let mut found = Vec::new();
    for text in given {
        let read = parse_addresses(&text.replace(['\r', '\n'], " "));
        let bad = read.iter().find_map(|address| Fault::of(&address.email).map(|fault| fault.phrase(&address.email)));
        match bad {
            Some(what) => return Err(usage(phrase!("address-in-field", field = flag, what = what))),
            None if read.is_empty() => {
                return Err(
                    usage(phrase!("no-mail-address", given = in_quotes(text))).hint(phrase!("hint-write-address"))
                );
            }
            None => found.extend(read),
        }
    }
    Ok(found)
}
