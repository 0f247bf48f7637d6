//! Looks, and the shortest way from one to another (SGR, ECMA-48 8.3.117).

use ratatui::style::{Color, Modifier};

/// What can be seen of a blank cell, besides its background.
const SEEN_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// Each attribute with the number that begins it and the one that ends it. Bold and dim end together.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Colours and attributes of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub fg: Color,
    pub bg: Color,
    pub attributes: Modifier,
}

impl Look {
    /// Returns what can be told apart of this look on a blank cell.
    pub fn on_blank(self) -> Self {
        if self.attributes.intersects(SEEN_ON_BLANK) {
            self
        } else {
            Self { fg: Color::Reset, bg: self.bg, attributes: Modifier::empty() }
        }
    }

    /// Tells whether a blank drawn with this look is the blank that is wanted: nobody sees in which colour nothing is written.
    pub fn blanks_as(self, wanted: Look) -> bool {
        self.on_blank() == wanted.on_blank()
    }
}

/// Writes the sequence that makes `to` of `from`: what differs, or everything anew, whichever is shorter.
pub(super) fn change(out: &mut Vec<u8>, from: Look, to: Look) {
    if from == to {
        return;
    }
    let (differing, anew) = (difference(from, to), difference(Look::default(), to));
    // An empty number in front is a zero: all is reset first.
    let anew = if anew.is_empty() { anew } else { format!(";{anew}") };
    let shorter = if anew.len() < differing.len() { anew } else { differing };
    out.extend_from_slice(b"\x1b[");
    out.extend_from_slice(shorter.as_bytes());
    out.push(b'm');
}

fn difference(from: Look, to: Look) -> String {
    let mut numbers = String::new();
    let mut add = |number: &str| {
        if !numbers.is_empty() {
            numbers.push(';');
        }
        numbers.push_str(number);
    };
    let (mut had, ended) = (from.attributes, from.attributes - to.attributes);
    for (attribute, _, end) in ATTRIBUTES {
        if ended.contains(attribute) && had.contains(attribute) {
            add(&end.to_string());
            let also = ATTRIBUTES.iter().filter(|(_, _, other)| *other == end);
            also.for_each(|(other, ..)| had.remove(*other));
        }
    }
    for (attribute, begin, _) in ATTRIBUTES {
        if (to.attributes - had).contains(attribute) {
            add(&begin.to_string());
        }
    }
    if from.fg != to.fg {
        add(&colour(to.fg, 30));
    }
    if from.bg != to.bg {
        add(&colour(to.bg, 40));
    }
    numbers
}

/// Returns the numbers of a colour; `base` is 30 in front and 40 behind.
fn colour(colour: Color, base: u8) -> String {
    let short = |n: u8| if n < 8 { (base + n).to_string() } else { (base + 52 + n).to_string() };
    match colour {
        Color::Reset => (base + 9).to_string(),
        Color::Black => short(0),
        Color::Red => short(1),
        Color::Green => short(2),
        Color::Yellow => short(3),
        Color::Blue => short(4),
        Color::Magenta => short(5),
        Color::Cyan => short(6),
        Color::Gray => short(7),
        Color::DarkGray => short(8),
        Color::LightRed => short(9),
        Color::LightGreen => short(10),
        Color::LightYellow => short(11),
        Color::LightBlue => short(12),
        Color::LightMagenta => short(13),
        Color::LightCyan => short(14),
        Color::White => short(15),
        Color::Indexed(n) => format!("{};5;{n}", base + 8),
        Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b}", base + 8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(from: Look, to: Look) -> String {
        let mut out = Vec::new();
        change(&mut out, from, to);
        String::from_utf8_lossy(&out).replace('\x1b', "ESC")
    }

    #[test]
    fn a_look_becomes_another_by_the_shorter_of_two_ways() {
        let plain = Look::default();
        let bold = Look { attributes: Modifier::BOLD, ..plain };
        let late = Look { fg: Color::Indexed(209), ..bold };
        let tab = Look { fg: Color::Indexed(117), attributes: Modifier::REVERSED, ..plain };
        assert_eq!(changed(plain, plain), "");
        assert_eq!(changed(late, plain), "ESC[m");
        assert_eq!(changed(plain, late), "ESC[1;38;5;209m");
        assert_eq!(changed(late, bold), "ESC[39m");
        assert_eq!(changed(late, tab), "ESC[;7;38;5;117m");
        assert_eq!(changed(plain, Look { fg: Color::Cyan, bg: Color::White, ..plain }), "ESC[36;107m");
        let dim = Look { attributes: Modifier::DIM, ..late };
        assert_eq!(changed(Look { attributes: Modifier::BOLD | Modifier::DIM, ..late }, dim), "ESC[22;2m");
    }
}
