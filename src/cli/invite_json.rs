//! What `--json` prints of invitations in mail; the rules are those of `json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::Moment;
use crate::model::address::Address;
use crate::model::invitation::{Answer, Attendee, Invitation, Later, Method, When};
use crate::model::text::SafeText;
use crate::text;

/// An event of a mail's calendar.
#[derive(Serialize, JsonSchema)]
pub struct InvitationJson<'a> {
    method: Method,
    task: bool,
    uid: &'a str,
    sequence: u32,
    /// The date of the series that alone is meant.
    instance: Option<WhenJson<'a>>,
    summary: &'a SafeText,
    place: &'a SafeText,
    description: &'a [SafeText],
    comment: &'a [SafeText],
    links: &'a [SafeText],
    organizer: Option<&'a Address>,
    attendees: Vec<AttendeeJson<'a>>,
    asked: usize,
    start: Option<WhenJson<'a>>,
    end: Option<WhenJson<'a>>,
    /// In English; empty where it happens once.
    repeats: String,
    cancelled: bool,
    answered: Option<AnsweredJson>,
    later: Later,
    /// Which of the mail's blocks says it in words.
    block: usize,
}

/// A day, a time on a clock, or a moment with both.
#[derive(Serialize, JsonSchema)]
struct WhenJson<'a> {
    day: Option<String>,
    time: Option<String>,
    zone: Option<&'a SafeText>,
    at: Option<Moment>,
}

#[derive(Serialize, JsonSchema)]
struct AttendeeJson<'a> {
    #[serde(flatten)]
    who: &'a Address,
    answer: Option<Answer>,
}

#[derive(Serialize, JsonSchema)]
struct AnsweredJson {
    answer: Answer,
    at: Moment,
    leaving: bool,
}

impl<'a> From<&'a Invitation> for InvitationJson<'a> {
    fn from(of: &'a Invitation) -> Self {
        let answered = of.answered.as_ref();
        Self {
            method: of.method,
            task: of.task,
            uid: &of.uid,
            sequence: of.sequence,
            instance: of.instance_at.as_ref().map(WhenJson::from),
            summary: &of.summary,
            place: &of.place,
            description: &of.description,
            comment: &of.comment,
            links: &of.links,
            organizer: of.organizer.as_ref(),
            attendees: of.attendees.iter().map(AttendeeJson::from).collect(),
            asked: of.asked,
            start: of.start.as_ref().map(WhenJson::from),
            end: of.end.as_ref().map(WhenJson::from),
            repeats: text::invitation_repeats(of),
            cancelled: of.cancelled,
            answered: answered.map(|own| AnsweredJson { answer: own.answer, at: own.at.into(), leaving: own.leaving }),
            later: of.later,
            block: of.block,
        }
    }
}

impl<'a> From<&'a Attendee> for AttendeeJson<'a> {
    fn from(one: &'a Attendee) -> Self {
        Self { who: &one.who, answer: one.answer }
    }
}

impl<'a> From<&'a When> for WhenJson<'a> {
    fn from(when: &'a When) -> Self {
        match when {
            When::Day { date } => Self { day: Some(date.to_string()), time: None, zone: None, at: None },
            When::Local { time, zone } => Self { day: None, time: Some(time.to_string()), zone: Some(zone), at: None },
            When::At { at, time, zone } => {
                Self { day: None, time: Some(time.to_string()), zone: Some(zone), at: Some((*at).into()) }
            }
        }
    }
}
