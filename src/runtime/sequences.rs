//! What a terminal sends, taken apart: keys, pastes, the mouse, and what it answers to what it was asked (ECMA-48, and "XTerm Control
//! Sequences").
//!
//! A read may end anywhere. What may be a key by itself, such as an Escape, is held back for the time of one key; what nobody types is
//! waited for. An answer is none of what is typed, be it that its beginning went on as typed because the rest came seconds later over a
//! slow line.

use std::time::{Duration, Instant};

use crate::app::Event;
use crate::app::mouse::{Did, Mouse};
use crate::keymap::{Code, Key};
use crate::runtime::background::{Kind, Wanted};

/// So many times is the rest of what nobody types waited for.
const RESTS_MAX: u8 = 20;
/// How long the end of an answer is waited for, and how long after the question the place of the cursor is taken for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long nothing may come in the middle of a paste: then its end was lost, and what is typed is typed. Long, since the rest of a paste that
/// stalled would be typed too.
const STALL: Duration = Duration::from_secs(30);
/// So many bytes of a paste are handed on at once at most; what follows is pasted behind them.
const PASTE_MAX: usize = 16 << 20;
/// The longest sequence that is still one.
const SEQUENCE_MAX: usize = 64;
const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
/// The beginning of a paste, and its end (bracketed paste of xterm).
const PASTES: &[u8] = b"\x1b[200~";
const PASTED: &[u8] = b"\x1b[201~";

/// What bytes begin with: so many of them, which mean this; a sequence that nobody knows means nothing. `None` where they may begin
/// something longer.
type Found = Option<(usize, Option<Event>)>;

/// Takes apart what comes.
#[derive(Debug, Default)]
pub(super) struct Sequences {
    /// What is asked and not answered.
    awaited: Wanted,
    bytes: Vec<u8>,
    /// Whether what comes is pasted.
    pastes: bool,
    /// So many bytes of what is pasted hold no beginning of its end: it is not looked for there again.
    searched: usize,
    /// What went on as typed since nothing followed it in time, and may have begun an answer after all.
    behind: Vec<u8>,
    /// How often nothing came while the rest of something was waited for.
    rests: u8,
    /// The time, as it was told last, and as it was told first. Where nobody tells it nothing is late.
    now: Option<Instant>,
    begun: Option<Instant>,
    /// When something came last.
    heard: Option<Instant>,
    /// Since when an answer is waited for whose head is there.
    headed: Option<Instant>,
}

impl Sequences {
    /// Makes one for a terminal that was asked this.
    pub(super) fn new(awaited: Wanted) -> Self {
        Self { awaited, ..Self::default() }
    }

    /// Tells what time it is. An answer that has not ended for long is given up, with what was typed into it: nobody can tell its letters
    /// from typed ones.
    pub(super) fn at(&mut self, now: Instant) {
        self.now = Some(now);
        let is_late =
            |since: Option<Instant>, time| since.is_some_and(|since| now.saturating_duration_since(since) >= time);
        self.awaited.signs &= !is_late(Some(*self.begun.get_or_insert(now)), PATIENCE);
        if is_late(self.headed, PATIENCE) {
            self.bytes.clear();
            self.headed = None;
        }
    }

    /// Takes bytes as they came and returns what they mean.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<Event> {
        (self.rests, self.heard) = (0, self.now);
        self.bytes.extend_from_slice(bytes);
        if !self.behind.is_empty() {
            let late = [self.behind.as_slice(), &self.bytes].concat();
            match self.answer_in(&late) {
                Answered::Begun => return Vec::new(),
                Answered::Headed => self.bytes = late,
                Answered::No => {}
            }
            self.behind.clear();
        }
        self.taken_apart()
    }

    fn taken_apart(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            if self.pastes {
                let fresh = self.bytes.get(self.searched..).unwrap_or_default();
                let Some(end) = fresh.windows(PASTED.len()).position(|bytes| bytes == PASTED) else {
                    self.searched = self.bytes.len().saturating_sub(PASTED.len() - 1);
                    if self.searched >= PASTE_MAX {
                        events.push(self.pasted(self.searched));
                    }
                    break;
                };
                let end = self.searched + end;
                let pasted: Vec<u8> = self.bytes.drain(..end + PASTED.len()).take(end).collect();
                (self.pastes, self.searched) = (false, 0);
                events.push(Event::Paste(String::from_utf8_lossy(&pasted).into_owned()));
            }
            if self.bytes.starts_with(PASTES) {
                self.bytes.drain(..PASTES.len());
                self.pastes = true;
                continue;
            }
            let Some((used, event)) = self.first() else { break };
            self.bytes.drain(..used.max(1));
            events.extend(event.inspect(|event| self.awaited.heard(event)));
        }
        let waits = !self.pastes && self.answer_in(&self.bytes) == Answered::Headed;
        self.headed = if waits { self.headed.or(self.now) } else { None };
        events
    }

    /// Hands on so much of what is pasted, whole characters.
    fn pasted(&mut self, most: usize) -> Event {
        let within = |at: &usize| self.bytes.get(*at).is_some_and(|byte| byte & 0xc0 == 0x80);
        let end = (most.saturating_sub(3)..=most).rev().find(|at| !within(at)).unwrap_or(most);
        let pasted: Vec<u8> = self.bytes.drain(..end).collect();
        self.searched = self.searched.saturating_sub(end);
        Event::Paste(String::from_utf8_lossy(&pasted).into_owned())
    }

    /// Ends a paste of which nothing has come for long: what came of it goes on.
    fn stalled(&mut self) -> Option<Event> {
        let quiet = self.now?.saturating_duration_since(self.heard?);
        if !self.pastes || quiet < STALL {
            return None;
        }
        self.pastes = false;
        let pasted = self.pasted(self.bytes.len());
        self.searched = 0;
        Some(pasted)
    }

    /// Tells whether something is held back that may well have been typed.
    pub(super) fn holds(&self) -> bool {
        !self.pastes && !self.bytes.is_empty()
    }

    /// Nothing came for a while: what may have been typed goes on. What can't have been typed is still waited for.
    pub(super) fn rest(&mut self) -> Vec<Event> {
        if let Some(pasted) = self.stalled() {
            return vec![pasted];
        }
        if !self.holds() {
            return Vec::new();
        }
        if self.behind.is_empty() && is_key(&self.bytes) {
            self.behind = std::mem::take(&mut self.bytes);
            return typed_alone(&self.behind);
        }
        // The body of an answer is waited for, but an Escape that ends nothing is one that was typed.
        if matches!(self.answer_in(&self.bytes), Answered::Headed) && self.behind.is_empty() {
            self.rests = self.rests.saturating_add(1);
            if self.bytes.last() == Some(&ESC) && self.rests > RESTS_MAX {
                (self.bytes, self.headed) = (Vec::new(), None);
                self.behind = vec![ESC];
                return typed_alone(&self.behind);
            }
            return Vec::new();
        }
        self.rests += 1;
        if self.rests <= RESTS_MAX && self.behind.is_empty() {
            return Vec::new();
        }
        self.behind.clear();
        // Broken off: what began it is a key, and so is all that follows.
        let bytes = std::mem::take(&mut self.bytes);
        let mut events = Vec::new();
        let mut rest = bytes.as_slice();
        if rest.first() == Some(&ESC) && rest.len() > 1 {
            events.extend(typed_alone(rest.get(..2).unwrap_or_default()));
            rest = rest.get(2..).unwrap_or_default();
        }
        for c in String::from_utf8_lossy(rest).chars().filter(|c| *c != char::REPLACEMENT_CHARACTER) {
            events.extend(key_of_char(c).map(Event::Key));
        }
        events
    }

    /// Returns what the bytes begin with.
    fn first(&self) -> Found {
        let bytes = self.bytes.as_slice();
        match bytes {
            [] | [ESC] => None,
            [ESC, b'[', ..] => self.control(bytes),
            [ESC, b'O'] => None,
            [ESC, b'O', letter, ..] => match key_of_letter(*letter) {
                Some(code) => Some((3, Some(Event::Key(Key::plain(code))))),
                None => Some((2, Some(Event::Key(Key { alt: true, ..Key::char('O') })))),
            },
            [ESC, ESC, ..] => Some((1, Some(Event::Key(Key::plain(Code::Esc))))),
            [ESC, rest @ ..] => match self.answer_in(bytes) {
                Answered::Begun => None,
                Answered::Headed => self.answer(bytes),
                Answered::No => match character(rest) {
                    Some((used, c)) => {
                        let key = c.and_then(key_of_char).map(|key| Event::Key(Key { alt: true, ..key }));
                        Some((used + 1, key))
                    }
                    None => None,
                },
            },
            _ => character(bytes).map(|(used, c)| (used, c.and_then(key_of_char).map(Event::Key))),
        }
    }

    /// Tells how far bytes are what nobody types: an answer that is awaited and has a head of its own, or a paste, whose letters must not
    /// be taken for keys because the line is slow.
    fn answer_in(&self, bytes: &[u8]) -> Answered {
        if bytes.starts_with(PASTES) {
            return Answered::Headed;
        }
        let mut found = if PASTES.starts_with(bytes) && bytes.len() > 1 { Answered::Begun } else { Answered::No };
        for kind in Kind::ALL {
            let head = [&[ESC, kind.opener() as u8], kind.head().as_bytes()].concat();
            if bytes.starts_with(&head) {
                return Answered::Headed;
            }
            if head.starts_with(bytes) && bytes.len() > 1 {
                found = Answered::Begun;
            }
        }
        if self.awaited.signs
            && let Some(rest) = bytes.strip_prefix(b"\x1b[")
            && rest.iter().all(|byte| byte.is_ascii_digit() || *byte == b';')
        {
            found = Answered::Begun;
        }
        if self.awaited.signs && column(bytes).is_some() {
            return Answered::Headed;
        }
        found
    }

    /// Reads an answer whose head is there, to its end: BEL or ST. One that is broken off is nothing that was typed.
    fn answer(&self, bytes: &[u8]) -> Found {
        let kind = Kind::ALL.into_iter().find(|kind| bytes.get(1) == Some(&(kind.opener() as u8)));
        let Some(kind) = kind else { return Some((1, None)) };
        let begin = 2 + kind.head().len();
        let told = bytes.get(begin..).unwrap_or_default();
        let end = told.iter().take(kind.longest() + 1).position(|byte| !kind.takes(char::from(*byte)));
        let said = |end: usize| std::str::from_utf8(told.get(..end).unwrap_or_default()).ok();
        match end {
            None if told.len() <= kind.longest() => None,
            None => Some((begin + told.len(), None)),
            Some(end) => match told.get(end..).unwrap_or_default() {
                [BEL, ..] => Some((begin + end + 1, said(end).and_then(|said| kind.read(said)))),
                [ESC, b'\\', ..] => Some((begin + end + 2, said(end).and_then(|said| kind.read(said)))),
                [ESC] => None,
                _ => Some((begin + end, None)),
            },
        }
    }

    /// Reads a control sequence (`ESC [`).
    fn control(&self, bytes: &[u8]) -> Found {
        let inside = bytes.get(2..).unwrap_or_default();
        // Function keys of the Linux console, and the mouse as terminals told it first: no parameters, and more behind the final letter.
        match inside {
            [b'['] => return None,
            [b'[', letter @ b'A'..=b'E', ..] => {
                return Some((4, Some(Event::Key(Key::plain(Code::F(letter - b'A' + 1))))));
            }
            [b'M', button, column, row, ..] => {
                let place = |byte: u8| u16::from(byte.saturating_sub(33));
                let mouse = mouse(u16::from(button.saturating_sub(32)), place(*column), place(*row), false);
                return Some((6, mouse));
            }
            [b'M', ..] => return None,
            _ => {}
        }
        let end = inside.iter().position(|byte| !matches!(byte, 0x20..=0x3f));
        let Some(end) = end else {
            return if inside.len() < SEQUENCE_MAX { None } else { Some((bytes.len(), None)) };
        };
        let parameters = std::str::from_utf8(inside.get(..end).unwrap_or_default()).unwrap_or_default();
        match inside.get(end) {
            Some(last @ 0x40..=0x7e) => Some((end + 3, self.meant(parameters, *last))),
            // What stands here belongs to no sequence: it begins something else.
            _ => Some((end + 2, None)),
        }
    }

    /// Returns what a control sequence means.
    fn meant(&self, parameters: &str, last: u8) -> Option<Event> {
        if let Some(at) = parameters.strip_prefix('<') {
            let mut numbers = at.split(';').map_while(|number| number.parse::<u16>().ok());
            let (button, column, row) = (numbers.next()?, numbers.next()?, numbers.next()?);
            return mouse(button, column.checked_sub(1)?, row.checked_sub(1)?, last == b'm');
        }
        let mut numbers = parameters.split(';');
        let (first, second) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        let number = |text: &str| text.split(':').next().and_then(|text| text.parse::<u16>().ok());
        if last == b'R' && self.awaited.signs {
            let (_, column) = (number(first)?, number(second)?);
            return Some(Event::Signs(column > 2));
        }
        if last == b'M' {
            let (column, row) = (number(second)?.checked_sub(1)?, number(numbers.next()?)?.checked_sub(1)?);
            return mouse(number(first)?.checked_sub(32)?, column, row, false);
        }
        // Of a key that is let go nothing is heard but where it is asked for.
        if second.ends_with(":3") {
            return None;
        }
        let held = number(second).unwrap_or(1).saturating_sub(1);
        // With the key of the desktop it is none of ours.
        if held & (SUPER | HYPER) != 0 {
            return None;
        }
        let third = numbers.next().unwrap_or_default();
        let key = match last {
            b'Z' => Key::plain(Code::BackTab),
            b'R' => Key::plain(Code::F(3)),
            // Other keys with modifiers, as xterm tells them (modifyOtherKeys).
            b'~' if first == "27" && !third.is_empty() => unicode(third, "", held)?,
            b'~' => Key::plain(key_of_number(number(first)?)?),
            b'u' => unicode(first, third, held)?,
            letter => Key::plain(key_of_letter(letter)?),
        };
        Some(with(key, held))
    }
}

/// How far bytes are an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answered {
    No,
    /// They may begin one.
    Begun,
    /// They do.
    Headed,
}

/// Returns the column of a report of the cursor's place (`CSI row ; column R`) that the bytes begin with.
fn column(bytes: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\x1b[")?).ok()?;
    let (row, column) = text.split_once('R')?.0.split_once(';')?;
    row.parse::<u16>().ok()?;
    column.parse().ok()
}

/// Tells whether bytes are what a key sends by itself, though more could follow.
fn is_key(bytes: &[u8]) -> bool {
    matches!(bytes, [ESC] | [ESC, b'[' | b']' | b'P' | b'O'])
}

/// Returns what such bytes are where nothing follows.
fn typed_alone(bytes: &[u8]) -> Vec<Event> {
    let key = match bytes {
        [ESC, letter] => Key { alt: true, ..Key::char(char::from(*letter)) },
        _ => Key::plain(Code::Esc),
    };
    vec![Event::Key(key)]
}

/// What is held down, as bits of the number behind the key (the terminal protocol of kitty; xterm has the first four).
const SHIFT: u16 = 1;
const ALT: u16 = 2;
const CTRL: u16 = 4;
const SUPER: u16 = 8;
const HYPER: u16 = 16;
const META: u16 = 32;
const CAPS: u16 = 64;

fn with(key: Key, held: u16) -> Event {
    Event::Key(Key { alt: key.alt || held & (ALT | META) != 0, ctrl: key.ctrl || held & CTRL != 0, ..key })
}

/// Returns the key of a code point (`CSI code:shifted ; held ; text u` of kitty): what it types where that is told, else the letter as it
/// is with Shift.
fn unicode(code: &str, text: &str, held: u16) -> Option<Key> {
    let char_of = |text: &str| text.parse::<u32>().ok().and_then(char::from_u32);
    let mut codes = code.split(':');
    let (plain, shifted) = (char_of(codes.next()?)?, codes.next().and_then(char_of));
    if let Some(code) = key_of_kitty(plain) {
        return Some(Key::plain(code));
    }
    // Keys that type nothing: Shift by itself, and those of players.
    if ('\u{e000}'..='\u{f8ff}').contains(&plain) {
        return None;
    }
    let typed = (held & (ALT | CTRL | META) == 0).then(|| text.split(':').next().and_then(char_of)).flatten();
    let mut c = typed.unwrap_or(plain);
    if typed.is_none() && held & SHIFT != 0 {
        if plain == '\t' {
            return Some(Key::plain(Code::BackTab));
        }
        c = shifted.unwrap_or(plain);
    }
    if typed.is_none() && c == plain && (held & SHIFT != 0) != (held & CAPS != 0) {
        let mut upper = plain.to_uppercase();
        c = upper.next().filter(|_| plain.is_alphabetic() && upper.len() == 0).unwrap_or(plain);
    }
    // Control and a letter are one key, with Shift or without, as terminals have always sent them.
    key_of_char(if held & CTRL != 0 { c.to_ascii_lowercase() } else { c })
}

/// Returns the key of one of the numbers that kitty gives to keys without a character: those of the block of digits, and F13 on. `None` for
/// any other character.
fn key_of_kitty(c: char) -> Option<Code> {
    const DIGITS: [char; 17] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '/', '*', '-', '+', '\r', '='];
    const OTHERS: [Code; 10] = [
        Code::Left,
        Code::Right,
        Code::Up,
        Code::Down,
        Code::PageUp,
        Code::PageDown,
        Code::Home,
        Code::End,
        Code::Insert,
        Code::Delete,
    ];
    let number = u32::from(c);
    let at = |from: u32| usize::try_from(number - from).unwrap_or(usize::MAX);
    match number {
        57_376..=57_398 => u8::try_from(number - 57_376 + 13).ok().map(Code::F),
        57_399..=57_415 => DIGITS.get(at(57_399)).map(|c| if *c == '\r' { Code::Enter } else { Code::Char(*c) }),
        57_416 => Some(Code::Char(',')),
        57_417..=57_426 => OTHERS.get(at(57_417)).copied(),
        _ => None,
    }
}

/// Returns how many bytes the first character has, and it; none where they are no UTF-8, and nothing where it is not whole.
fn character(bytes: &[u8]) -> Option<(usize, Option<char>)> {
    let first = bytes.first()?;
    let long = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    match std::str::from_utf8(bytes.get(..long.min(bytes.len()))?) {
        Ok(text) => Some((long, text.chars().next())),
        Err(error) if error.error_len().is_none() && bytes.len() < long => None,
        Err(error) => Some((error.error_len().unwrap_or(1), None)),
    }
}

/// Returns the key that types a character, control characters included.
fn key_of_char(c: char) -> Option<Key> {
    let control = |letter: u8| Some(Key { ctrl: true, ..Key::char(char::from(letter)) });
    match c {
        '\r' => Some(Key::plain(Code::Enter)),
        '\t' => Some(Key::plain(Code::Tab)),
        '\x7f' => Some(Key::plain(Code::Backspace)),
        '\x1b' => Some(Key::plain(Code::Esc)),
        '\0' => control(b' '),
        '\x01'..='\x1a' => control(u8::try_from(c).ok()? - 1 + b'a'),
        '\x1c'..='\x1f' => control(u8::try_from(c).ok()? - 0x1c + b'4'),
        c if c.is_control() => None,
        c => Some(Key::char(c)),
    }
}

/// Returns the key of a final letter, behind `ESC [` and `ESC O` alike.
fn key_of_letter(letter: u8) -> Option<Code> {
    Some(match letter {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'P'..=b'S' => Code::F(letter - b'P' + 1),
        _ => return None,
    })
}

/// Returns the key of a number in front of `~`, as VT220 and rxvt count them.
fn key_of_number(number: u16) -> Option<Code> {
    let function = |from: u16| u8::try_from(number - from).ok().map(Code::F);
    match number {
        1 | 7 => Some(Code::Home),
        2 => Some(Code::Insert),
        3 => Some(Code::Delete),
        4 | 8 => Some(Code::End),
        5 => Some(Code::PageUp),
        6 => Some(Code::PageDown),
        11..=15 => function(10),
        17..=21 => function(11),
        23..=26 => function(12),
        28..=29 => function(15),
        31..=34 => function(17),
        _ => None,
    }
}

/// Returns what the mouse did, by the number of the button with its bits: 32 for a movement, 64 for the wheel.
fn mouse(button: u16, column: u16, row: u16, is_up: bool) -> Option<Event> {
    let did = match (button & 3 | button >> 4 & 12, button & 32 != 0) {
        (0, false) if is_up => Did::Release,
        (0, false) => Did::Press,
        (0, true) => Did::Drag,
        (3, false) => Did::Release,
        (4, _) => Did::WheelUp,
        (5, _) => Did::WheelDown,
        _ => return None,
    };
    Some(Event::Mouse(Mouse { column, row, did }))
}

#[cfg(test)]
#[path = "sequences_tests.rs"]
mod tests;
