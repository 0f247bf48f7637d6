//! Answers the screen's questions from the store.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

use crate::app::conversation::NEWEST;
use crate::app::effect::Piping;
use crate::app::event::{Answer, TookBack};
use crate::app::layer::Side;
use crate::app::{Ask, Range, Source, Targets};
use crate::error::{ErrorKind, UserError};
use crate::mime::AttachmentBytes;
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, MessageId};
use crate::model::news::Telling;
use crate::model::own::OwnView;
use crate::model::panel::PanelSaid;
use crate::model::phrase::Phrase;
use crate::model::shown::Shown;
use crate::model::stop::Stop;
use crate::model::text::SafeText;
use crate::model::view::{ListOrder, PageKey};
use crate::model::when::parse_when;
use crate::op::record::Record;
use crate::op::wish::Wish;
use crate::query;
use crate::service::compose::Writing;
use crate::service::customer::{self, Panels};
use crate::service::queue::Shift;
use crate::service::{known, meant, next, pipe, reading, team, triage};
use crate::store::{Body, LogFilter, Resolved, Store, Takeback, Undone, looks};
use crate::sync::pass::is_too_large;
use crate::text;

/// Whoever answers the screen's questions; called from worker threads.
pub trait Backend: Send + Sync + 'static {
    /// Answers a question, and says what that changed.
    ///
    /// # Errors
    /// What went wrong, in words for the screen.
    fn answer(&self, ask: &Ask) -> Result<(Answer, Option<Change>), UserError>;

    /// Returns a number that changes when anybody changes the store.
    ///
    /// # Errors
    /// When the store can't be read.
    fn version(&self) -> Result<i64, UserError>;

    /// Wakes what has slept long enough, and returns what that changed.
    ///
    /// # Errors
    /// When the store can't be written.
    fn wake(&self) -> Result<Option<Change>, UserError>;

    /// Tells whether a held mail is due later than `told`, of which it was told last, and returns its time.
    ///
    /// # Errors
    /// When the store can't be read.
    fn due(&self, told: Option<Timestamp>) -> Result<Option<Timestamp>, UserError> {
        let _ = told;
        Ok(None)
    }

    /// Takes the news that somebody is to be told of and that no other screen told: none that were there before the first call.
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn news(&self) -> Result<Vec<Telling>, UserError> {
        Ok(Vec::new())
    }

    /// Returns a channel of what this process changes.
    fn changes(&self) -> Option<Receiver<Change>>;

    /// Asks a panel of the config about a conversation, and waits for its end or until `stop` says that nobody waits any more.
    ///
    /// # Errors
    /// When the store can't be read.
    fn panel(&self, of: &ConversationId, name: &str, stop: &Stop) -> Result<Answer, UserError> {
        let _ = (of, name, stop);
        Ok(Answer::Panel(PanelSaid::Stopped))
    }

    /// Gives mail to a command that somebody typed, and waits for its end or until `stop` says that nobody waits any more.
    ///
    /// # Errors
    /// When the mail is not here, or the store can't be read.
    fn pipe(&self, command: &str, what: &Piping, stop: &Stop) -> Result<Answer, UserError> {
        let _ = (command, what, stop);
        Err(UserError::new(ErrorKind::Nothing, phrase!("pipe-no-mail")))
    }

    /// Returns an attachment; `None` where its mail is not here yet, and is asked for now.
    ///
    /// # Errors
    /// When the store can't be read, or the mail can't come.
    fn attachment(&self, message: &MessageId, index: usize) -> Result<Option<AttachmentBytes>, UserError>;
}

/// The fewest characters of a word that is looked up as an id: so many are shown.
const ID_MIN: usize = 4;

/// The name of a set of conversations, and each as it stood when the set was fixed.
type Fixed = (u64, Vec<Shown>);

/// A store as the screen asks it.
#[derive(Clone)]
pub struct StoreBackend {
    pub(super) store: Store,
    pub(super) zone: TimeZone,
    pub(super) writing: Writing,
    panels: Panels,
    /// Who works off the queue at this screen.
    shift: Shift,
    /// The file that keeps views of one's own; `None` where none is kept.
    views: Option<PathBuf>,
    /// What `*` marked, and by what it is named: as it stood when the key was pressed.
    fixed: Arc<Mutex<Option<Fixed>>>,
    /// What was to be told up to this number is none of this screen's: it was there before.
    told_since: Arc<Mutex<Option<i64>>>,
}

impl StoreBackend {
    /// Takes a store, and the zone in which words such as `tomorrow` are read.
    pub fn new(store: Store, zone: TimeZone) -> Self {
        let (panels, told_since) = (Panels::default(), Arc::default());
        let shift = Shift::new(next::worker_name(&store.author().host), zone.clone());
        let writing = Writing::default();
        Self { store, zone, writing, panels, shift, views: None, fixed: Arc::default(), told_since }
    }

    /// Sets how mail is written.
    #[must_use]
    pub fn with_writing(self, writing: Writing) -> Self {
        Self { writing, ..self }
    }

    /// Sets what the worker calls itself that works off the queue here.
    #[must_use]
    pub fn with_worker(self, name: &str) -> Self {
        Self { shift: Shift::new(name.to_owned(), self.zone.clone()), ..self }
    }

    /// Sets which programs are asked about customers.
    #[must_use]
    pub fn with_panels(self, panels: Panels) -> Self {
        Self { panels, ..self }
    }

    /// Sets the file that views of one's own are kept in.
    #[must_use]
    pub fn with_views(self, file: PathBuf) -> Self {
        Self { views: Some(file), ..self }
    }

    fn save_view(&self, view: &OwnView) -> Result<(), UserError> {
        let Some(file) = &self.views else {
            return Err(UserError::new(ErrorKind::Config, phrase!("views-not-kept")));
        };
        crate::config::keep_view(file, view)
    }

    fn context(&self) -> query::Context {
        let author = self.store.author();
        query::Context { me: author.actor.clone(), now: author.clock.now(), zone: self.zone.clone() }
    }

    /// Reads what is looked for. A single word that is the id of a conversation finds that too.
    fn search(&self, text: &str) -> Result<query::Query, UserError> {
        let query = read(text)?;
        let word = text.trim();
        let is_word = word.chars().count() >= ID_MIN && word.chars().all(char::is_alphanumeric);
        if is_word && matches!(self.store.resolve(word)?, Resolved::One(_)) {
            return read(&[&format!("id:{word}"), word].join(" or "));
        }
        Ok(query)
    }

    fn page(&self, text: &str, order: ListOrder, range: &Range, limit: usize) -> Result<Answer, UserError> {
        let (query, context) = (self.search(text)?, self.context());
        let rows = match range {
            Range::Around(key) => return self.around(text, key, limit),
            Range::Top => self.store.page_in(&query, &context, order, None, limit)?,
            Range::After(key) => self.store.page_in(&query, &context, order, Some(key), limit)?,
            Range::Before(key) => self.store.page_before(&query, &context, key, limit)?,
            Range::Bottom => self.store.page_before(&query, &context, &PageKey::end(order), limit)?,
        };
        Ok(Answer::Rows(rows))
    }

    fn around(&self, text: &str, key: &PageKey, limit: usize) -> Result<Answer, UserError> {
        let (query, context) = (self.search(text)?, self.context());
        let before = self.store.page_before(&query, &context, key, limit)?;
        Ok(Answer::Around { before, behind: self.store.page_in(&query, &context, key.order, Some(key), limit)? })
    }

    /// Asks for a mail's body, and returns why it can't come; `None` where it can, or is here.
    fn cannot_come(&self, message: &MessageId) -> Result<Option<Phrase>, UserError> {
        Ok(match self.store.want_body(message)? {
            Body::OnServer(size) if is_too_large(size) => {
                Some(phrase!("mail-too-large-to-fetch", size = crate::app::words::size(size)))
            }
            Body::Here | Body::OnServer(_) => None,
            Body::LetGo(days) => Some(phrase!("mail-let-go", days = days)),
            Body::Gone | Body::Unknown => Some(phrase!("mail-gone-unfetched")),
        })
    }

    /// Reads a message as it came.
    fn source(&self, message: &MessageId) -> Result<Option<Arc<Source>>, UserError> {
        if let Some(raw) = self.store.whole(message)? {
            return Ok(Some(Arc::new(Source::read(&raw, false))));
        }
        Ok(self.store.raw(message)?.map(|raw| Arc::new(Source::read(&raw, true))))
    }

    /// Fixes the set of all that match now, each as it stands.
    fn mark_all(&self, token: u64, text: &str) -> Result<Answer, UserError> {
        let all = self.store.shown_of(&self.search(text)?, &self.context())?;
        let ids = Arc::new(all.iter().map(|shown| shown.id.clone()).collect());
        *self.fixed.lock().unwrap_or_else(PoisonError::into_inner) = Some((token, all));
        Ok(Answer::Marked { token, ids })
    }

    /// Returns the conversations that are meant, as they were shown.
    fn shown(&self, targets: &Targets) -> Result<Vec<Shown>, UserError> {
        let (token, except, and) = match targets {
            Targets::These(shown) => return Ok(shown.clone()),
            Targets::Marked { token, except, and } => (token, except, and),
        };
        // Marks are taken away by what is done to them.
        let fixed = self.fixed.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((_, all)) = fixed.filter(|(fixed, _)| fixed == token) else {
            let gone = UserError::new(ErrorKind::Precondition, phrase!("marks-forgotten"));
            return Err(gone.hint(phrase!("hint-mark-again")));
        };
        Ok(all.into_iter().filter(|shown| !except.contains(&shown.id)).chain(and.iter().cloned()).collect())
    }

    fn customer(&self, of: &ConversationId, others: usize) -> Result<Answer, UserError> {
        let Some(found) = customer::of_conversation(&self.store, of, others)? else {
            return Ok(Answer::Customer(None, Vec::new()));
        };
        let heads = self.panels.heads(&self.store, &self.context(), of, &found)?;
        Ok(Answer::Customer(Some(Box::new(found)), heads))
    }

    fn compare(&self, ids: &[ConversationId]) -> Result<Answer, UserError> {
        let mut sides = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(conversation) = self.store.conversation(id, NEWEST)? else { continue };
            let customer = customer::of_conversation(&self.store, id, 0)?.unwrap_or_default();
            sides.push(Side { conversation, customer });
        }
        Ok(Answer::Compared(sides))
    }

    fn triage(&self, wish: &Wish, targets: &Targets) -> Result<(Answer, Option<Change>), UserError> {
        let shown = self.shown(targets)?;
        let outcome = triage::plan(&self.store, &shown, std::slice::from_ref(wish))?.carry_out(&self.store)?;
        let looked = match wish {
            Wish::SeenMentions => self.store.look(&looks(&shown))?,
            _ => None,
        };
        let stale: BTreeSet<_> = outcome.left_out.iter().map(|left| left.conversation.clone()).collect();
        let change = match (outcome.records.is_empty(), stale.is_empty()) {
            (true, true) => None,
            (false, true) => Some(outcome.change.clone()),
            // The screen shows them as they were.
            _ => Some(outcome.change.clone().and(Change::of(stale))),
        };
        let change = match (change, looked) {
            (Some(change), Some(looked)) => Some(change.and(looked)),
            (change, looked) => change.or(looked),
        };
        Ok((Answer::Done(Box::new(outcome)), change))
    }

    fn mark_unread(&self, targets: &Targets) -> Result<(Answer, Option<Change>), UserError> {
        let ids: Vec<ConversationId> = self.shown(targets)?.into_iter().map(|shown| shown.id).collect();
        let (count, change) = self.store.mark_unread(&ids)?;
        Ok((refused(&say!("marked-unread", count = count)), Some(change)))
    }
}

impl Backend for StoreBackend {
    fn answer(&self, ask: &Ask) -> Result<(Answer, Option<Change>), UserError> {
        let store = &self.store;
        let answer = match ask {
            Ask::Page { query, order, range, limit } => self.page(query, *order, range, *limit)?,
            Ask::Conversation { id, newest, parts } => {
                let mut found = store.conversation(id, *newest)?.map(Box::new);
                if let Some(conversation) = &mut found {
                    for (message, part) in parts {
                        reading::show_part(store, conversation, message, *part)?;
                    }
                }
                Answer::Conversation(found)
            }
            Ask::Now(id) => Answer::Now(store.row_now(id)?.map(Box::new)),
            Ask::Merging(ids) => Answer::Merging(store.with_customers(ids)?),
            Ask::Compare(ids) => self.compare(ids)?,
            Ask::RowsOf(ids) => Answer::RowsOf(store.targets(ids)?.into_iter().map(|(row, _)| row).collect()),
            Ask::Customer { of, others } => self.customer(of, *others)?,
            Ask::Panel { of, name } => self.panel(of, name, &Stop::never())?,
            Ask::Counts => Answer::Counts(store.counts(&store.author().actor)?),
            Ask::DepartedTold(ids) => {
                store.departed_are_told(ids)?;
                Answer::Written
            }
            Ask::Opened(id, as_of) => {
                store.note_opened(id)?;
                return Ok((Answer::Written, store.look(&[(id.clone(), as_of.clone())])?));
            }
            Ask::Unread(targets) => return self.mark_unread(targets),
            Ask::UpgradeTold => {
                store.upgrade_is_told()?;
                Answer::Written
            }
            Ask::UsualWait => Answer::UsualWait(store.usual_wait()?),
            Ask::Count(query) => Answer::Count(store.count(&self.search(query)?, &self.context())?),
            Ask::Unknown(text) => {
                let unknown = known::unknown(store, &read(text)?)?;
                Answer::Unknown(unknown.iter().map(|one| (one.phrase(), one.meant())).collect())
            }
            Ask::Pipe { command, what } => self.pipe(command, what, &Stop::never())?,
            Ask::Meant(text) => {
                let meant = meant::meant(store, &read(text)?, &self.context())?;
                Answer::Meant(meant.map(|meant| (meant.query, meant.count)))
            }
            Ask::CountAll(queries) => {
                // One that can't be counted has no number; the list says why, where it is shown.
                let count = |query: &String| self.store.count(&read(query).ok()?, &self.context()).ok();
                Answer::Counted(queries.iter().map(count).collect())
            }
            Ask::SaveView(view) => {
                self.save_view(view)?;
                Answer::ViewSaved(view.clone())
            }
            Ask::Parse(text) => read(text).map(|_| Answer::Parsed)?,
            Ask::Triage(wish, targets) => return self.triage(wish, targets),
            Ask::MarkAll { token, query } => self.mark_all(*token, query)?,
            Ask::Undo | Ask::Redo => {
                let undone = if *ask == Ask::Undo { store.undo()? } else { store.redo()? };
                let change = undone.as_ref().map(|undone| undone.committed.change.clone());
                return Ok((Answer::Undone(undone.map(|undone| took_back(undone, &self.zone))), change));
            }
            Ask::TakeBack(of) => {
                return Ok(match store.undo_operation(*of)? {
                    Takeback::Done(undone) => {
                        let change = undone.committed.change.clone();
                        (Answer::Undone(Some(took_back(*undone, &self.zone))), Some(change))
                    }
                    Takeback::Unknown => (refused(&say!("take-back-gone")), None),
                    Takeback::Already(what) => (refused(&say!("take-back-already", what = what)), None),
                    Takeback::Never(what) => (refused(&say!("take-back-never", what = what)), None),
                });
            }
            Ask::When(text) => {
                let now = store.author().clock.now();
                let at = parse_when(text, now, &self.zone);
                Answer::When(at.map_err(|error| UserError::new(ErrorKind::Usage, error.phrase()))?)
            }
            Ask::Log(id) => {
                let filter = LogFilter { conversation: id.clone(), before: None, limit: 1000 };
                Answer::Log(store.log(&filter)?)
            }
            Ask::Bodies(messages) => {
                let mut not = Vec::new();
                for message in messages {
                    if let Some(why) = self.cannot_come(message)? {
                        not.push((message.clone(), SafeText::line(&text::render(&why))));
                    }
                }
                Answer::Bodies(not)
            }
            Ask::KeepNote { place, text } => {
                store.keep_note(place, text)?;
                Answer::KeptNote(None)
            }
            Ask::KeptNote(place) => Answer::KeptNote(store.kept_note(place)?),
            Ask::Source(message) => Answer::Source(self.source(message)?),
            Ask::Workloads(of) => Answer::Workloads(store.workloads(of.as_ref())?),
            Ask::Names => Answer::Names {
                tags: store.known_tags()?,
                used: store.tags_used()?,
                agents: store.known_agents()?,
                teams: store.team().groups.clone(),
                replies: super::replies::names(self),
                differs: team::contradictions(store)?,
            },
            Ask::QueueNext(passed) => {
                let taken = self.shift.take(store, passed)?;
                let hand = taken.as_ref().map(|taken| &taken.row.id);
                let stand = self.shift.stand(store, hand, passed)?;
                Answer::Taken(taken.map(Box::new), stand)
            }
            Ask::QueueGiveBack(id) => Answer::GivenBack(self.shift.give_back(store, id)?),
            Ask::QueueRenew(id) => Answer::Renewed(self.shift.renew(store, id)?),
            Ask::QueueStand { hand, passed } => Answer::Stand(self.shift.stand(store, hand.as_ref(), passed)?),
            _ => return self.answer_writing(ask),
        };
        Ok((answer, None))
    }

    fn version(&self) -> Result<i64, UserError> {
        Ok(self.store.data_version()?)
    }

    fn wake(&self) -> Result<Option<Change>, UserError> {
        let due = self.store.next_wake()?.is_some_and(|at| at <= self.store.author().clock.now());
        Ok(if due { Some(self.store.wake()?) } else { None })
    }

    fn due(&self, told: Option<Timestamp>) -> Result<Option<Timestamp>, UserError> {
        let now = self.store.author().clock.now();
        Ok(self.store.next_due(told.unwrap_or(Timestamp(i64::MIN)))?.filter(|at| *at <= now))
    }

    fn panel(&self, of: &ConversationId, name: &str, stop: &Stop) -> Result<Answer, UserError> {
        Ok(Answer::Panel(self.panels.ask(&self.store, &self.context(), name, of, stop)?))
    }

    fn pipe(&self, command: &str, what: &Piping, stop: &Stop) -> Result<Answer, UserError> {
        let mails = match what {
            Piping::Message(id) => vec![id.clone()],
            Piping::Newest(id) => pipe::mails_of(&self.store, std::slice::from_ref(id))?.pop().into_iter().collect(),
            Piping::All(targets) => {
                let ids: Vec<ConversationId> = self.shown(targets)?.into_iter().map(|shown| shown.id).collect();
                pipe::mails_of(&self.store, &ids)?
            }
        };
        Ok(Answer::Piped(Box::new(pipe::to_command(&self.store, command, &mails, stop)?)))
    }

    fn news(&self) -> Result<Vec<Telling>, UserError> {
        let mut since = self.told_since.lock().unwrap_or_else(PoisonError::into_inner);
        match *since {
            Some(since) => Ok(self.store.take_tellings(since)?),
            None => {
                *since = Some(self.store.last_telling()?);
                Ok(Vec::new())
            }
        }
    }

    fn changes(&self) -> Option<Receiver<Change>> {
        Some(self.store.subscribe())
    }

    fn attachment(&self, message: &MessageId, index: usize) -> Result<Option<AttachmentBytes>, UserError> {
        let Some(raw) = self.store.whole(message)? else {
            return match self.cannot_come(message)? {
                Some(why) => Err(UserError::new(ErrorKind::Precondition, why)),
                None => Ok(None),
            };
        };
        Ok(crate::mime::attachment(&raw, index))
    }
}

fn took_back(undone: Undone, zone: &TimeZone) -> Box<TookBack> {
    let words = undone.named_notice(zone);
    let Undone { about, more, commands, committed, .. } = undone;
    let command = committed.records.first().map(Record::command);
    Box::new(TookBack { words, about, more, commands, command })
}

fn refused(why: &str) -> Answer {
    Answer::Refused(SafeText::line_max(why, 300))
}

fn read(text: &str) -> Result<query::Query, UserError> {
    query::parse(text).map_err(|error| UserError::new(ErrorKind::Usage, error.phrase()).hint_any(error.hint))
}
