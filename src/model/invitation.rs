//! Invitations (iCalendar, RFC 5545; iTIP, RFC 5546) as far as a person and an answer need them. What a calendar says is as little to be
//! trusted as the mail that it came in.

use jiff::civil::{Date, DateTime, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;

/// What a calendar is sent for: its METHOD (RFC 5546 section 1.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Nothing: an event that somebody attached, or a method that nobody knows.
    #[default]
    None,
    /// To be known; nobody is asked.
    Publish,
    /// Attendees are asked.
    Request,
    /// An attendee answers.
    Reply,
    /// Dates are added to a series.
    Add,
    /// It does not take place.
    Cancel,
    /// An attendee asks for the newest version.
    Refresh,
    /// An attendee proposes something else.
    Counter,
    /// The organizer does not take the proposal.
    DeclineCounter,
}

/// How somebody answers: PARTSTAT (RFC 5545 section 3.2.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Comes.
    Accepted,
    /// Does not come.
    Declined,
    /// May come.
    Tentative,
}

impl Answer {
    /// Returns the value of PARTSTAT.
    pub fn partstat(self) -> &'static str {
        match self {
            Answer::Accepted => "ACCEPTED",
            Answer::Declined => "DECLINED",
            Answer::Tentative => "TENTATIVE",
        }
    }

    /// Reads a value of PARTSTAT; `None` where that is no answer.
    pub fn of_partstat(value: &str) -> Option<Self> {
        [Answer::Accepted, Answer::Declined, Answer::Tentative]
            .into_iter()
            .find(|answer| answer.partstat().eq_ignore_ascii_case(value.trim()))
    }

    /// Says how somebody answered.
    pub fn phrase(self) -> Phrase {
        match self {
            Answer::Accepted => phrase!("invite-state-accepted"),
            Answer::Declined => phrase!("invite-state-declined"),
            Answer::Tentative => phrase!("invite-state-tentative"),
        }
    }
}

/// A moment of a calendar, as its author wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum When {
    /// A day.
    Day {
        /// Which.
        date: Date,
    },
    /// A time in whichever zone one is (RFC 5545 section 3.3.5, form 1), or in one of which only the name is known.
    Local {
        /// The time on the clock there.
        time: DateTime,
        /// The zone's name; empty where none is meant.
        zone: SafeText,
    },
    /// A moment.
    At {
        /// The moment.
        at: Timestamp,
        /// The time on its author's clock.
        time: DateTime,
        /// The author's zone; empty where the time is given in UTC.
        zone: SafeText,
    },
}

impl When {
    /// Returns the time on its author's clock; midnight of a day.
    pub fn time(&self) -> DateTime {
        match self {
            When::Day { date } => date.to_datetime(jiff::civil::Time::midnight()),
            When::Local { time, .. } | When::At { time, .. } => *time,
        }
    }
}

/// How often something happens (FREQ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Frequency {
    /// Each hour.
    Hourly,
    /// Each day.
    Daily,
    /// Each week.
    Weekly,
    /// Each month.
    Monthly,
    /// Each year.
    Yearly,
}

/// When a series happens: an RRULE (RFC 5545 section 3.3.10) of the usual shapes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// How often.
    pub frequency: Frequency,
    /// Each so many of them, from 1.
    pub interval: u32,
    /// How many times in all; `None` where that is not said.
    pub count: Option<u32>,
    /// Until when; `None` where that is not said.
    pub until: Option<When>,
    /// On which weekdays.
    pub weekdays: Vec<Day>,
    /// On which days of the month, negative from its end.
    pub month_days: Vec<i8>,
    /// In which months, from 1.
    pub months: Vec<i8>,
}

/// A weekday of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    /// Which of the month or year, negative from its end; 0 for each.
    pub number: i8,
    /// The weekday.
    #[serde(serialize_with = "weekday_name")]
    pub day: Weekday,
}

/// How a series is described.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Recurrence {
    /// By a rule that can be said in words.
    Rule(Rule),
    /// By a rule that stands as it is.
    Raw(SafeText),
}

/// Somebody who is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attendee {
    /// Name and address, each safe to be shown.
    pub who: Address,
    /// The answer; `None` where there is none yet.
    pub answer: Option<Answer>,
    /// Whether another one was sent in their place.
    pub delegated: bool,
    /// Whether it is a room or another thing (CUTYPE).
    pub thing: bool,
}

/// What became of an invitation later in its conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Later {
    /// Nothing.
    #[default]
    Stands,
    /// A newer version of it came.
    Updated,
    /// It was cancelled.
    Cancelled,
}

/// An answer of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// What we answered.
    pub answer: Answer,
    /// When.
    pub at: Timestamp,
    /// Whether it is still on its way out.
    pub leaving: bool,
}

/// One event of a calendar that came by mail. Every text is safe to be shown, on one line, and bounded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// What the calendar was sent for.
    pub method: Method,
    /// Whether it is a task, not an event.
    pub task: bool,
    /// The id of the event or series; empty where it has none.
    pub uid: String,
    /// The version, from 0.
    pub sequence: u32,
    /// The date of the series that alone is meant, as it is written; empty where all of it is.
    pub instance: String,
    /// That date; `None` where all of the series is meant.
    pub instance_at: Option<When>,
    /// What it is.
    pub summary: SafeText,
    /// What is said of it, line by line.
    pub description: Vec<SafeText>,
    /// Where it is.
    pub place: SafeText,
    /// Where one takes part or reads more: web addresses and telephone numbers.
    pub links: Vec<SafeText>,
    /// Who invites.
    pub organizer: Option<Address>,
    /// Who is asked, as many as are kept.
    pub attendees: Vec<Attendee>,
    /// How many are asked in all.
    pub asked: usize,
    /// When it begins.
    pub start: Option<When>,
    /// When it ends: of a day, the last one.
    pub end: Option<When>,
    /// When a series happens.
    pub recurrence: Option<Recurrence>,
    /// How many further dates are named one by one.
    pub further: usize,
    /// How many dates of the series are left out.
    pub except: usize,
    /// Whether its state is that it does not take place.
    pub cancelled: bool,
    /// What an attendee wrote along with an answer, line by line.
    pub comment: Vec<SafeText>,
    /// How many more events the calendar holds behind this one that are not told.
    pub more: usize,
    /// In which of the mail's blocks it stands as text, without the zone of whoever reads.
    pub block: usize,
    /// The last answer of ours in the conversation.
    pub answered: Option<Answered>,
    /// What became of it later.
    pub later: Later,
}

impl Invitation {
    /// Tells whether it speaks of the same event or date of a series.
    pub fn is_of(&self, other: &Invitation) -> bool {
        !self.uid.is_empty() && self.uid == other.uid && self.instance == other.instance
    }

    /// Tells whether it is `other` in a newer version.
    pub fn replaces(&self, other: &Invitation) -> bool {
        self.method == Method::Request
            && self.is_of(other)
            && self.is_by_the_same(other)
            && self.sequence >= other.sequence
    }

    fn is_by_the_same(&self, other: &Invitation) -> bool {
        match (&self.organizer, &other.organizer) {
            (Some(one), Some(two)) => one.key() == two.key(),
            _ => false,
        }
    }

    /// Tells whether it says that `other`, or the whole series of that, does not take place.
    pub fn cancels(&self, other: &Invitation) -> bool {
        self.method == Method::Cancel
            && !self.uid.is_empty()
            && self.uid == other.uid
            && (self.instance.is_empty() || self.instance == other.instance)
            && self.is_by_the_same(other)
    }
}

/// An answer to an invitation, as a draft keeps it: the mail carries it as a calendar of its own (RFC 5546 section 3.2.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationAnswer {
    /// What is answered.
    pub answer: Answer,
    /// As whom.
    pub attendee: Address,
    /// Whether that address was invited.
    pub invited: bool,
    /// The organizer's address, to whom it goes.
    pub organizer: String,
    /// What the mail's text begins with by itself: the rest is what its author says.
    pub said: String,
    /// For each date or series that is answered, the lines that are taken over from the invitation.
    pub events: Vec<Vec<String>>,
    /// The lines that say what the zones named in them are.
    pub zones: Vec<String>,
}

// The signature is serde's.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn weekday_name<S: serde::Serializer>(day: &Weekday, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(match day {
        Weekday::Monday => "mo",
        Weekday::Tuesday => "tu",
        Weekday::Wednesday => "we",
        Weekday::Thursday => "th",
        Weekday::Friday => "fr",
        Weekday::Saturday => "sa",
        Weekday::Sunday => "su",
    })
}
