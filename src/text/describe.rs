//! What an operation did, in words: the audit trail, the time line, the notices of the screen, the subject of the log's mails.

use std::collections::BTreeSet;

use super::{english, render};
use crate::model::clock::Timestamp;
use crate::model::description::{Act, Description, Undone};
use crate::model::ids::Tag;
use crate::model::phrase::Phrase;
use crate::model::refusal::Refusal;
use crate::model::status::Status;
use crate::model::text::SafeText;
use crate::model::view::Sort;

/// Says what stands first in a list that is sorted so.
pub fn sort_sentence(sort: Sort) -> String {
    match sort {
        Sort::Waiting => say!("sort-is-waiting"),
        Sort::Activity => say!("sort-is-activity"),
        Sort::Created => say!("sort-is-created"),
    }
}

/// The most characters of a sentence.
const SENTENCE_MAX: usize = 400;

/// How moments are written in sentences: the caller knows the time zone.
pub type SayTime<'a> = &'a dyn Fn(Timestamp) -> String;

/// Returns what was done as a sentence with its actor: `alice assigned this to bob`. No full stop at the end.
pub fn sentence(what: &Description, time: SayTime<'_>) -> SafeText {
    SafeText::line_max(&render(&sentence_phrase(what, time)), SENTENCE_MAX)
}

/// As [`sentence`], in English whoever reads it: for the log's mails and for JSON.
pub fn english_sentence(what: &Description, time: SayTime<'_>) -> SafeText {
    SafeText::line_max(&english(&sentence_phrase(what, time)), SENTENCE_MAX)
}

fn sentence_phrase(what: &Description, time: SayTime<'_>) -> Phrase {
    phrase!("act-sentence", actor = what.actor.to_string(), did = did_phrase(&what.act, what.count, time))
}

/// Returns the sentence's second half: `closed this`, `closed 12 conversations`.
pub fn did(act: &Act, count: usize, time: SayTime<'_>) -> String {
    render(&did_phrase(act, count, time))
}

/// Returns the sentence for the one who did it: `You closed 12 conversations`, or of one with a name `Ana Lima 4412: you closed this`.
pub fn did_as_you(act: &Act, name: Option<&str>, count: usize, time: SayTime<'_>) -> String {
    match name {
        Some(name) => say!("act-you-of", name = name, did = did(act, count, time)),
        None => say!("act-you", did = did(act, count, time)),
    }
}

/// Returns what would be done to one conversation: `close this`.
pub fn planned(act: &Act, time: SayTime<'_>) -> String {
    planned_for(act, 1, time)
}

/// Returns what would be done to so many conversations: `close 12 conversations`; with 0 to all that match.
pub fn planned_for(act: &Act, count: usize, time: SayTime<'_>) -> String {
    // A sentence that says on how many conversations.
    macro_rules! deed {
        ($id:literal $(, $name:ident = $value:expr)*) => { phrase!($id, count = count $(, $name = $value)*) };
    }
    let plan = match act {
        Act::Took => deed!("plan-took"),
        Act::Assigned(to) => deed!("plan-assigned", who = to.to_string()),
        Act::Unassigned => deed!("plan-unassigned"),
        Act::SetStatus(Status::Open) => deed!("plan-opened"),
        Act::SetStatus(Status::InProgress) => deed!("plan-started"),
        Act::SetStatus(Status::Waiting) => deed!("plan-waiting"),
        Act::SetStatus(Status::Closed) => deed!("plan-closed"),
        Act::Snoozed(until) => deed!("plan-snoozed", until = time(*until)),
        Act::Woke => deed!("plan-woke"),
        Act::Tagged { add, remove } => match (add.is_empty(), remove.is_empty()) {
            (true, true) => deed!("plan-tagged-nothing"),
            (false, true) => deed!("plan-tagged", add = tags(add)),
            (true, false) => deed!("plan-untagged", remove = tags(remove)),
            (false, false) => deed!("plan-retagged", add = tags(add), remove = tags(remove)),
        },
        Act::Noted(text) => deed!("plan-noted", text = text),
        Act::EditedNote(text) => deed!("plan-edited-note", text = text),
        Act::ChangedNote => deed!("plan-changed-note"),
        Act::SawMentions => phrase!("plan-saw-mentions"),
        Act::Replied(Some(then)) => deed!("plan-replied-then", status = then.name()),
        Act::Replied(None) => phrase!("plan-replied"),
        Act::Titled(text) => deed!("plan-titled", text = text),
        Act::Untitled => deed!("plan-untitled"),
        Act::Moved(inbox) => deed!("plan-moved", inbox = inbox.to_string()),
        Act::Followed => deed!("plan-followed"),
        Act::Unfollowed => deed!("plan-unfollowed"),
        Act::MadeFollower(who) => deed!("plan-made-follower", who = who.to_string()),
        Act::RemovedFollower(who) => deed!("plan-removed-follower", who = who.to_string()),
        Act::Merged(Some(subject)) => deed!("plan-merged", subject = subject),
        Act::Merged(None) => deed!("plan-merged-unknown"),
        Act::MergedInto(short) => deed!("plan-merged-into", short = short),
        Act::Split => deed!("plan-split"),
        Act::Replying(until) => phrase!("plan-replying", until = time(*until)),
        Act::AnswerWaits(since) => phrase!("plan-answer-waits", since = time(*since)),
        Act::StoppedReplying => phrase!("plan-stopped-replying"),
        Act::TookBack(undone) => phrase!("plan-took-back", what = what_came_back(undone, time)),
        Act::SharedReply(name) => phrase!("plan-shared-reply", name = name),
        Act::WithdrewReply(name) => phrase!("plan-withdrew-reply", name = name),
        Act::KeptHistory { mailbox, before } => {
            phrase!("plan-kept-history", mailbox = mailbox, before = time(*before))
        }
        Act::SetTeam => phrase!("plan-set-team"),
        Act::Leased { worker, until } => deed!("plan-leased", worker = worker, until = time(*until)),
        Act::Ran { host, until } => phrase!("plan-ran", host = host, until = time(*until)),
        Act::Claimed(what) => phrase!("plan-claimed", what = what),
        Act::Erased { records, messages } => phrase!("plan-erased", records = *records, messages = *messages),
        Act::Unknown(kind) => phrase!("plan-unknown", kind = kind),
    };
    render(&plan)
}

/// Returns what taking it back did, for the line that tells it: `Undid: closed 12 conversations`. Taking back an undo is redoing.
pub fn undo_notice(undone: &Undone, time: SayTime<'_>) -> SafeText {
    let what = listed(undone, time);
    let line = match undone.again {
        false => say!("undo-undid", what = what),
        true => say!("undo-redid", what = what),
    };
    SafeText::line_max(&line, 200)
}

/// Returns what taking it back did to conversations, by name: these, and so many more.
pub fn undo_notice_of(undone: &Undone, names: &[String], more: usize, time: SayTime<'_>) -> SafeText {
    let what = listed(undone, time);
    let again = undone.again;
    let line = match names {
        [] => return undo_notice(undone, time),
        [name] if more == 0 && again => say!("undo-redid-of", name = name, what = what),
        [name] if more == 0 => say!("undo-undid-of", name = name, what = what),
        names => {
            let others = (more > 0).then(|| phrase!("undo-more", count = more));
            let names = in_a_row(names.iter().map(Phrase::said).chain(others).collect());
            match again {
                false => say!("undo-undid-these", what = what, names = names),
                true => say!("undo-redid-these", what = what, names = names),
            }
        }
    };
    SafeText::line_max(&line, 300)
}

/// Returns the notice of an undo whose user had erased something just before, which stays. `subject` is the conversation's.
pub fn past_erasure(notice: &SafeText, subject: Option<&str>) -> SafeText {
    let line = match subject {
        Some(subject) => say!("undo-past-erasure-in", what = notice, subject = SafeText::line_max(subject, 60)),
        None => say!("undo-past-erasure", what = notice),
    };
    SafeText::line(&line)
}

/// Names what an undo took back, and counts what is not named.
fn listed(undone: &Undone, time: SayTime<'_>) -> Phrase {
    let named = undone.what.iter().map(|(act, count)| did_phrase(act, *count, time));
    let more = (undone.more > 0).then(|| phrase!("undo-more", count = undone.more));
    in_a_row(named.chain(more).collect())
}

fn in_a_row(all: Vec<Phrase>) -> Phrase {
    let one_after_the_other = |rest, first| phrase!("list-comma", first = first, rest = rest);
    all.into_iter().rev().reduce(one_after_the_other).unwrap_or_else(|| Phrase::said(""))
}

/// Returns what was done and does not stand as one line.
pub fn refusal(refused: &Refusal) -> SafeText {
    let title = SafeText::line_max(&super::titled(refused.title.as_str()), 60);
    let (did, why) = (refused.did.clone(), refused.why.clone());
    SafeText::line(&say!("refusal", short = &refused.short, title = title, did = did, why = why))
}

/// Returns what `did` says, not yet in words.
pub fn did_phrase(act: &Act, count: usize, time: SayTime<'_>) -> Phrase {
    let count = count.max(1);
    // A sentence that says on how many conversations.
    macro_rules! deed {
        ($id:literal $(, $name:ident = $value:expr)*) => { phrase!($id, count = count $(, $name = $value)*) };
    }
    match act {
        Act::Took => deed!("did-took"),
        Act::Assigned(to) => deed!("did-assigned", who = to.to_string()),
        Act::Unassigned => deed!("did-unassigned"),
        Act::SetStatus(Status::Open) => deed!("did-opened"),
        Act::SetStatus(Status::InProgress) => deed!("did-started"),
        Act::SetStatus(Status::Waiting) => deed!("did-waiting"),
        Act::SetStatus(Status::Closed) => deed!("did-closed"),
        Act::Snoozed(until) => deed!("did-snoozed", until = time(*until)),
        Act::Woke => deed!("did-woke"),
        Act::Tagged { add, remove } => match (add.is_empty(), remove.is_empty()) {
            (true, true) => deed!("did-tagged-nothing"),
            (false, true) => deed!("did-tagged", add = tags(add)),
            (true, false) => deed!("did-untagged", remove = tags(remove)),
            (false, false) => deed!("did-retagged", add = tags(add), remove = tags(remove)),
        },
        // A note is empty only where its words were erased.
        Act::Noted(text) if text.as_str().is_empty() => deed!("did-noted-erased"),
        Act::EditedNote(text) if text.as_str().is_empty() => deed!("did-changed-note"),
        Act::Noted(text) => deed!("did-noted", text = text),
        Act::EditedNote(text) => deed!("did-edited-note", text = text),
        Act::ChangedNote => deed!("did-changed-note"),
        Act::SawMentions => deed!("did-saw-mentions"),
        Act::Replied(Some(then)) => deed!("did-replied-then", status = then.name()),
        Act::Replied(None) => deed!("did-replied"),
        Act::Titled(text) => deed!("did-titled", text = text),
        Act::Untitled => deed!("did-untitled"),
        Act::Moved(inbox) => deed!("did-moved", inbox = inbox.to_string()),
        Act::Followed => deed!("did-followed"),
        Act::Unfollowed => deed!("did-unfollowed"),
        Act::MadeFollower(who) => deed!("did-made-follower", who = who.to_string()),
        Act::RemovedFollower(who) => deed!("did-removed-follower", who = who.to_string()),
        Act::Merged(Some(subject)) => deed!("did-merged", subject = subject),
        Act::Merged(None) => deed!("did-merged-unknown"),
        Act::MergedInto(short) => deed!("did-merged-into", short = short),
        Act::Split => deed!("did-split"),
        Act::Replying(until) => deed!("did-replying", until = time(*until)),
        Act::AnswerWaits(since) => deed!("did-answer-waits", since = time(*since)),
        Act::StoppedReplying => deed!("did-stopped-replying"),
        Act::TookBack(undone) => took_back(undone, time),
        Act::SharedReply(name) => deed!("did-shared-reply", name = name),
        Act::WithdrewReply(name) => deed!("did-withdrew-reply", name = name),
        Act::KeptHistory { mailbox, before } => {
            deed!("did-kept-history", mailbox = mailbox, before = time(*before))
        }
        Act::SetTeam => phrase!("did-set-team"),
        Act::Leased { worker, until } => {
            deed!("did-leased", worker = worker, until = time(*until))
        }
        Act::Ran { host, until } => phrase!("did-ran", host = host, until = time(*until)),
        Act::Claimed(what) => deed!("did-claimed", what = what),
        Act::Erased { records, messages } => {
            phrase!("did-erased", records = *records, messages = *messages)
        }
        Act::Unknown(kind) => phrase!("did-unknown", kind = kind),
    }
}

/// What an undo says that it took back counts by itself: how many conversations the undo is about says no more.
fn took_back(undone: &Undone, time: SayTime<'_>) -> Phrase {
    if undone.what.is_empty() && undone.whose.is_none() {
        return phrase!("did-took-something-back");
    }
    let what = listed(undone, time);
    match (&undone.whose, undone.again) {
        (None, false) => phrase!("did-took-back", what = what),
        (None, true) => phrase!("did-brought-back", what = what),
        (Some(who), false) => phrase!("did-took-back-of", who = who.to_string(), what = what),
        (Some(who), true) => phrase!("did-brought-back-of", who = who.to_string(), what = what),
    }
}

fn what_came_back(undone: &Undone, time: SayTime<'_>) -> Phrase {
    match undone.what.is_empty() {
        true => phrase!("plan-something"),
        false => listed(undone, time),
    }
}

fn tags(set: &BTreeSet<Tag>) -> String {
    set.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ")
}
