//! Colours that stay readable on the background that the terminal has.

use ratatui::style::Color;

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// The least contrast of what is to be read (WCAG 2, AA).
pub const FLOOR: f64 = 4.5;

/// The first colour of the 256 that no palette of a terminal bends: the cube, and behind it the greys.
const CUBE: u8 = 16;

/// Returns red, green and blue of a colour; `None` where the terminal's own palette says what it is.
pub fn rgb(colour: Color) -> Option<Rgb> {
    let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match colour {
        Color::Rgb(r, g, b) => Some([r, g, b]),
        Color::Indexed(n @ 232..) => Some([8 + 10 * (n - 232); 3]),
        Color::Indexed(n @ CUBE..) => {
            let n = n - CUBE;
            Some([step(n / 36), step(n / 6 % 6), step(n % 6)])
        }
        _ => None,
    }
}

/// The relative luminance of WCAG 2, from 0 to 1.
fn luminance(rgb: Rgb) -> f64 {
    let [r, g, b] = rgb.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Tells whether a background is a dark one: whether white stands out from it more than black does.
pub fn is_dark(ground: Rgb) -> bool {
    contrast(ground, [255; 3]) >= contrast(ground, [0; 3])
}

/// The contrast of WCAG 2 between two colours, from 1 to 21.
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Returns the hue in degrees from 0 to 360; `None` for a grey.
fn hue([r, g, b]: Rgb) -> Option<f64> {
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    if most == least {
        return None;
    }
    let over = |a: u8, b: u8| (f64::from(a) - f64::from(b)) / f64::from(most - least);
    let sixth = match most {
        _ if most == r => over(g, b).rem_euclid(6.0),
        _ if most == g => over(b, r) + 2.0,
        _ => over(r, g) + 4.0,
    };
    Some(sixth * 60.0)
}

/// How far apart two hues are, in degrees; a grey is like greys alone.
fn apart(one: Option<f64>, other: Option<f64>) -> f64 {
    match (one, other) {
        (None, None) => 0.0,
        (Some(one), Some(other)) => {
            let far = (one - other).abs();
            far.min(360.0 - far)
        }
        _ => f64::INFINITY,
    }
}

/// Returns a colour as it is where it can be read on `ground`, else the next lighter one of its hue, or on a light ground the next darker,
/// that can. Where its hue has none there is always black or white.
pub fn readable(colour: Color, ground: Rgb) -> Color {
    let Some(own) = rgb(colour).filter(|own| contrast(*own, ground) < FLOOR) else { return colour };
    let lighter = is_dark(ground);
    let steps = (CUBE..=255).map(Color::Indexed).filter_map(|step| Some((step, rgb(step)?)));
    let fits = |of: &(Color, Rgb)| {
        let beyond = if lighter { luminance(of.1) > luminance(own) } else { luminance(of.1) < luminance(own) };
        beyond && contrast(of.1, ground) >= FLOOR
    };
    let all: Vec<(Color, Rgb)> = steps.filter(fits).collect();
    for spread in [12.0, 25.0, 40.0] {
        let like = all.iter().filter(|(_, rgb)| apart(hue(own), hue(*rgb)) <= spread);
        let near = like.min_by(|a, b| {
            let far = |rgb: Rgb| (luminance(rgb) - luminance(own)).abs();
            far(a.1).total_cmp(&far(b.1))
        });
        if let Some((step, _)) = near {
            return *step;
        }
    }
    Color::Indexed(if lighter { 231 } else { CUBE })
}

/// Reads what a terminal answers to the question for its background (OSC 11): `rgb:1e1e/1e1e/2e2e`, with one to four digits for each, or
/// `#1e1e2e`; `None` where it is neither.
pub fn read_answer(text: &str) -> Option<Rgb> {
    let parts: Vec<&str> = match text.split_once(':') {
        Some(("rgb" | "rgba", parts)) => parts.split('/').collect(),
        Some(_) => return None,
        None => {
            let hex = text.strip_prefix('#')?;
            let wide = hex.len() / 3;
            let part = |n: usize| hex.get(n * wide..(n + 1) * wide);
            vec![part(0)?, part(1)?, hex.get(2 * wide..)?]
        }
    };
    let read = |part: &str| {
        let most = 16u32.checked_pow(u32::try_from(part.len()).ok().filter(|n| (1..=4).contains(n))?)? - 1;
        let value = u32::from_str_radix(part, 16).ok().filter(|_| !part.starts_with('+'))?;
        u8::try_from((value * 255 + most / 2) / most).ok()
    };
    let [r, g, b] = parts.get(..3)? else { return None };
    Some([read(r)?, read(g)?, read(b)?])
}

#[cfg(test)]
#[path = "floor_tests.rs"]
mod tests;
