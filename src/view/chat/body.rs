//! What a message says: its text, what it quotes, its files and links.

use super::{Chat, OURS_IN, OURS_IN_FROM, Place, Sign, TEXT_AT};
use crate::app::words;
use crate::model::conversation::MessageItem;
use crate::model::message::{Block, Direction, Link};
use crate::model::text::SafeText;
use crate::query::find_in;
use crate::text;
use crate::theme::Role;
use crate::view::layout::width;

/// The most lines of one block that are laid out: a log of a million lines in a mail stays readable at its beginning.
const BLOCK_LINES: usize = 4_000;

/// The blanks between two files of a line.
const BETWEEN: &str = "   ";

impl Chat<'_> {
    /// Says why the text of a mail is not here, where it is not.
    pub(super) fn no_body(&mut self, message: &MessageItem) {
        if let Some(why) = &message.missing {
            return self.say(&text::render(why), Role::Dim);
        }
        if !message.partial {
            return;
        }
        let words = self.setting.bodies.iter().find(|(id, _)| *id == message.id).map(|(_, words)| words.clone());
        self.say(&words.unwrap_or_else(|| say!("body-not-yet")), Role::Dim);
    }

    pub(super) fn body(&mut self, message: &MessageItem) {
        let is_in = message.direction == Direction::Outbound && self.setting.columns >= OURS_IN_FROM;
        let place = Place { at: TEXT_AT + if is_in { OURS_IN } else { 0 }, ..Place::PLAIN };
        let body = &message.body;
        for (at, block) in body.blocks.iter().enumerate() {
            if let Some(one) = body.invitations.iter().find(|one| one.block == at) {
                self.block(place, &text::invitation(one, Some(&self.setting.zone)), Role::Text);
                self.gap();
                continue;
            }
            match block {
                Block::Text(lines) => self.block(place, lines, Role::Text),
                Block::Quote(lines) => self.folded(place, lines, Role::Quote),
                Block::Signature(lines) => self.folded(place, lines, Role::Signature),
            }
        }
        self.files(place, message);
        body.links.iter().for_each(|link| self.link(place, link));
        for warning in &body.warnings {
            self.warn(warning.as_str(), Role::Warning);
        }
    }

    fn block(&mut self, place: Place, lines: &[SafeText], role: Role) {
        let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        let start = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
        for line in lines.iter().take(end.min(BLOCK_LINES)).skip(start) {
            self.text(place, line, role);
        }
        if end > BLOCK_LINES {
            let words = SafeText::line(&format!("… {}", say!("more-lines", count = end - BLOCK_LINES)));
            self.said(place, &words, Role::Dim);
        }
    }

    fn folded(&mut self, place: Place, lines: &[SafeText], role: Role) {
        let (needles, turkish) = (&self.setting.needles, self.setting.turkish);
        let hits: usize = match self.setting.unfolded || needles.is_empty() {
            true => 0,
            false => lines.iter().take(BLOCK_LINES).map(|line| find_in(line.as_str(), needles, turkish).len()).sum(),
        };
        if self.setting.unfolded || (self.opens && hits > 0) {
            return self.block(place, lines, role);
        }
        let count = lines.iter().filter(|line| !line.is_empty()).count();
        if count == 0 {
            return;
        }
        self.out.folded += hits;
        let mut words = match role {
            Role::Signature => say!("folded-signature", count = count),
            _ => say!("folded-quote", count = count),
        };
        if hits > 0 {
            let key = &self.setting.unfold_key;
            words = format!("{words} · {}", say!("folded-hits", count = hits, key = key));
        }
        self.put(Sign::None, place.at, vec![(words, Role::Dim)]);
    }

    /// Names the files, as many on a line as fit. Each has the keys that open it.
    fn files(&mut self, place: Place, message: &MessageItem) {
        let key = &self.setting.files_key;
        let room = self.columns_from(place.at);
        let mut row = String::new();
        let mut rows: Vec<String> = Vec::new();
        for (n, file) in message.body.attachments.iter().enumerate() {
            let words = format!("[{key}{}] {} {}", n + 1, file.name, words::size(file.size));
            if !row.is_empty() && width(&row) + BETWEEN.len() + width(&words) > room {
                rows.push(std::mem::take(&mut row));
            }
            if !row.is_empty() {
                row.push_str(BETWEEN);
            }
            row.push_str(&words);
        }
        rows.push(row);
        for row in rows.iter().filter(|row| !row.is_empty()) {
            self.names(place, &SafeText::line(row), Role::Link);
        }
    }

    /// Names a link: its number in the text, where it really leads, and what is suspicious about it.
    fn link(&mut self, place: Place, link: &Link) {
        let target = link.target.as_str();
        let shown = target.strip_prefix("https://").filter(|rest| !rest.is_empty()).unwrap_or(target);
        self.names(place, &SafeText::line(&format!("[{}] {shown}", link.number)), Role::Link);
        if let Some(warning) = &link.warning {
            let inside = Place { at: place.at + 4, ..place };
            self.said(inside, &SafeText::line(&format!("! {warning}")), Role::Warning);
        }
    }
}
