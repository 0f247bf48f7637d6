//! Changes inputs, the same way for the same seed: bits and bytes, words of the target's language, pieces that are cut, doubled, repeated
//! until they are long, or taken from another input.

use fastrand::Rng;

use super::INPUT_MAX;

/// Bytes at which readers go wrong.
const ODD: [u8; 16] = [0, 1, 7, b'\t', b'\n', b'\r', 0x1b, b' ', b'"', b'\\', b'<', b'=', 0x7f, 0x80, 0xfe, 0xff];

/// Returns a changed copy of one of `inputs`, no longer than [`INPUT_MAX`].
pub fn changed(rng: &mut Rng, inputs: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut input = rng.choice(inputs).cloned().unwrap_or_default();
    for _ in 0..1usize << rng.u32(0..5) {
        change(rng, &mut input, inputs, words);
        input.truncate(INPUT_MAX);
    }
    input
}

fn change(rng: &mut Rng, input: &mut Vec<u8>, inputs: &[Vec<u8>], words: &[&str]) {
    let at = rng.usize(..=input.len());
    let longest = 1 << rng.u32(0..10);
    let length = rng.usize(..=(input.len() - at).min(longest));
    let piece = at..at + length;
    match rng.u32(0..9) {
        0 if at < input.len() => input[at] ^= 1 << rng.u32(0..8),
        1 if at < input.len() => input[at] = *rng.choice(&ODD).unwrap(),
        2 => input.insert(at, rng.u8(..)),
        3 | 4 => drop(input.splice(at..at, rng.choice(words).unwrap_or(&"").bytes())),
        5 => drop(input.drain(piece)),
        6 => {
            let piece = input[piece].to_vec();
            let to = rng.usize(..=input.len());
            drop(input.splice(to..to, piece));
        }
        // What costs more than its length shows where something stands there very often.
        7 => {
            let piece = if piece.is_empty() {
                rng.choice(words).unwrap_or(&"x").as_bytes().to_vec()
            } else {
                input[piece].to_vec()
            };
            let times = 1usize << rng.u32(0..13);
            let many: Vec<u8> = piece.iter().copied().cycle().take((piece.len() * times).min(INPUT_MAX)).collect();
            drop(input.splice(at..at, many));
        }
        _ => {
            let other = rng.choice(inputs).cloned().unwrap_or_default();
            let from = rng.usize(..=other.len());
            input.truncate(at);
            input.extend(other.iter().skip(from));
        }
    }
}
