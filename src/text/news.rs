//! News in words.

use crate::model::ids::Handle;
use crate::model::news::{News, NewsEvent, NewsKind, Telling};

/// The sign of what came and was not looked at, one column wide.
pub const NEWS_SIGN: &str = "●";

/// Says what is new in a conversation of this title.
pub fn news(news: &News, title: &str) -> String {
    let who = news.who.as_ref().map_or("", Handle::as_str);
    let words = if news.words.is_empty() { title } else { news.words.as_str() };
    match news.kind {
        NewsKind::Mention => say!("news-mention", who = who, words = words),
        NewsKind::Answer => words.to_owned(),
        NewsKind::Given => say!("news-given", who = who, title = title),
        NewsKind::Lost if who.is_empty() => say!("news-lost-somebody", title = title),
        NewsKind::Lost => say!("news-lost", who = who, title = title),
        NewsKind::Bounced => say!("news-bounced", title = title),
        NewsKind::NotSent => say!("news-not-sent", title = title),
    }
}

/// Names an event.
pub fn news_event(event: NewsEvent) -> String {
    match event {
        NewsEvent::Assigned => say!("event-assigned"),
        NewsEvent::Mention => say!("event-mention"),
        NewsEvent::Answer => say!("event-answer"),
        NewsEvent::Bounce => say!("event-bounce"),
        NewsEvent::Lost => say!("event-lost"),
        NewsEvent::New => say!("event-new"),
    }
}

/// Says what happened, in a line.
pub fn telling(told: &Telling) -> String {
    let (title, short, people) = (super::titled(told.title.as_str()), &told.short, &told.people);
    let who = told.who.as_ref().map_or("", Handle::as_str);
    match told.event {
        NewsEvent::Assigned => say!("told-assigned", who = who, title = title, short = short),
        NewsEvent::Mention => say!("told-mention", who = who, title = title, short = short),
        NewsEvent::Answer => say!("told-answer", people = people, title = title, short = short),
        NewsEvent::Bounce => say!("told-bounce", title = title, short = short),
        NewsEvent::Lost => say!("told-lost", title = title, short = short),
        NewsEvent::New => say!("told-new", people = people, title = title, short = short),
    }
}
