//! Character references of HTML (the Living Standard, section 13.5).

/// The names of U+00A0 to U+00FF, in order.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro \
    para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute \
    Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN \
    szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute \
    ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// Others that mail uses.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("AMP", '&'),
    ("lt", '<'),
    ("LT", '<'),
    ("gt", '>'),
    ("GT", '>'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("apos", '\''),
    ("euro", '€'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("bull", '•'),
    ("trade", '™'),
    ("dagger", '†'),
    ("Dagger", '‡'),
    ("permil", '‰'),
    ("prime", '′'),
    ("Prime", '″'),
    ("oline", '‾'),
    ("frasl", '⁄'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("Yuml", 'Ÿ'),
    ("fnof", 'ƒ'),
    ("circ", 'ˆ'),
    ("tilde", '˜'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
    ("larr", '←'),
    ("uarr", '↑'),
    ("rarr", '→'),
    ("darr", '↓'),
    ("harr", '↔'),
    ("rArr", '⇒'),
    ("lArr", '⇐'),
    ("hArr", '⇔'),
    ("minus", '−'),
    ("infin", '∞'),
    ("ne", '≠'),
    ("le", '≤'),
    ("ge", '≥'),
    ("asymp", '≈'),
    ("equiv", '≡'),
    ("radic", '√'),
    ("sum", '∑'),
    ("prod", '∏'),
    ("part", '∂'),
    ("int", '∫'),
    ("Delta", 'Δ'),
    ("Omega", 'Ω'),
    ("Sigma", 'Σ'),
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ε'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("pi", 'π'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("phi", 'φ'),
    ("omega", 'ω'),
    ("theta", 'θ'),
    ("spades", '♠'),
    ("clubs", '♣'),
    ("hearts", '♥'),
    ("diams", '♦'),
    ("loz", '◊'),
    ("check", '✓'),
    ("checkmark", '✓'),
    ("star", '☆'),
    ("starf", '★'),
    ("phone", '☎'),
    ("colon", ':'),
    ("comma", ','),
    ("period", '.'),
    ("excl", '!'),
    ("quest", '?'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("sol", '/'),
    ("bsol", '\\'),
    ("lsqb", '['),
    ("rsqb", ']'),
    ("lowbar", '_'),
    ("lcub", '{'),
    ("rcub", '}'),
    ("verbar", '|'),
    ("commat", '@'),
    ("equals", '='),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("semi", ';'),
    ("hyphen", '‐'),
    ("dash", '‐'),
    ("horbar", '―'),
    ("grave", '`'),
    ("Hat", '^'),
    ("inodot", 'ı'),
    ("Idot", 'İ'),
    ("gbreve", 'ğ'),
    ("Gbreve", 'Ğ'),
    ("scedil", 'ş'),
    ("Scedil", 'Ş'),
    ("ccaron", 'č'),
    ("Ccaron", 'Č'),
    ("zcaron", 'ž'),
    ("Zcaron", 'Ž'),
    ("ecaron", 'ě'),
    ("rcaron", 'ř'),
    ("cacute", 'ć'),
    ("nacute", 'ń'),
    ("sacute", 'ś'),
    ("zacute", 'ź'),
    ("zdot", 'ż'),
    ("lstrok", 'ł'),
    ("Lstrok", 'Ł'),
    ("aogon", 'ą'),
    ("eogon", 'ę'),
    ("odblac", 'ő'),
    ("udblac", 'ű'),
    ("abreve", 'ă'),
];

/// What bytes 128 to 159 mean where a page writes them as numbers: windows-1252.
const C1: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Reads a reference at the front of `text`, which begins with `&`: its character and how many bytes it takes.
pub(super) fn read(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, skip) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 3),
            None => (number, 10, 2),
        };
        let len = digits.bytes().take(9).take_while(|b| char::from(*b).is_digit(radix)).count();
        let value = u32::from_str_radix(digits.get(..len)?, radix).ok()?;
        let semicolon = usize::from(digits.get(len..)?.starts_with(';'));
        return Some((by_number(value), skip + len + semicolon));
    }
    let len = body.bytes().take(32).take_while(u8::is_ascii_alphanumeric).count();
    let name = body.get(..len)?;
    let semicolon = body.get(len..)?.starts_with(';');
    if semicolon {
        return by_name(name).map(|c| (c, len + 2));
    }
    // Without a semicolon only the oldest names count, and they end where they end: `&nbspfoo`.
    let old = ["nbsp", "amp", "lt", "gt", "quot", "copy", "reg"].into_iter().find(|old| name.starts_with(old))?;
    by_name(old).map(|c| (c, old.len() + 1))
}

fn by_number(value: u32) -> char {
    match value {
        128..=159 => usize::try_from(value - 128).ok().and_then(|at| C1.get(at).copied()).unwrap_or('\u{FFFD}'),
        _ => char::from_u32(value).filter(|c| *c != '\0').unwrap_or('\u{FFFD}'),
    }
}

fn by_name(name: &str) -> Option<char> {
    if let Some((_, c)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some(*c);
    }
    let at = LATIN.split_whitespace().position(|known| known == name)?;
    char::from_u32(0xA0 + u32::try_from(at).ok()?)
}

/// Decodes every reference of a text.
pub(super) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        match read(from) {
            Some((c, len)) => {
                out.push(c);
                rest = from.get(len..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}
