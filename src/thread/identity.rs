//! Which mail is which: of the mails that bear one Message-ID, which are one mail, and whose the id is; and which of our own mails are
//! copies of another under another Message-ID.
//!
//! Every answer follows from the set of mails alone, so that all clients come to the same one, whatever they read first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;

/// The most mails with one Message-ID, `From`, `Date` and base subject whose texts are compared word for word; of more only equal ones
/// are copies. Bounds what a flood of such mails can cost.
pub const COMPARED_MAX: usize = 40;

/// The longest time between a mail of ours and its copy under another Message-ID, in milliseconds.
pub const COPY_WINDOW: i64 = 10 * 60 * 1000;

/// A mail that bears a Message-ID which others may bear too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The same for mails of one `From`, `Date` and base subject, and only for those.
    pub likeness: i64,
    /// Its words, with one space between them; `None` while its body is not here.
    pub text: Option<String>,
    /// How good its claim to be what we sent is, 0 the best; [`Claim::OF_OTHERS`] for what others sent.
    pub rank: u8,
    /// When the server took it in.
    pub arrived: Timestamp,
    /// The id that it has where another keeps the one that it bears: it tells it from all others.
    pub name: MessageId,
}

impl Claim {
    /// The rank of mail that others sent.
    pub const OF_OTHERS: u8 = 3;

    /// Tells whether it is a mail that we sent.
    fn is_ours(&self) -> bool {
        self.rank < Self::OF_OTHERS
    }
}

/// What one of the mails is that bear a Message-ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The id is its own.
    Keeps,
    /// It is another mail, under an id of its own.
    Apart,
    /// It is a copy of the one with this index.
    CopyOf(usize),
}

/// Decides what each of the mails is that bear one Message-ID.
///
/// Two mails are different where `From`, `Date` or base subject differ, or where neither text contains the other (lists and scanners add
/// footers). Containing is not transitive, so the mails that no other contains are those that are shown, and whatever one of them
/// contains is a copy of it: no words are hidden. Only a mail that we sent is shown as we sent it, whoever has added something to it. A
/// mail whose body is not here counts as the first of those that are like it.
///
/// The id belongs to the mail with the best claim to be what we sent, else to the one that arrived earlier, else to the lower name, each with its copies.
pub fn standings(claims: &[Claim]) -> Vec<Standing> {
    let mut ranked: Vec<usize> = (0..claims.len()).collect();
    ranked.sort_by_key(|at| claims.get(*at).map(rank));
    let mut alike: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for at in &ranked {
        alike.entry(claims.get(*at).map_or(0, |claim| claim.likeness)).or_default().push(*at);
    }
    let mut head_of: Vec<usize> = (0..claims.len()).collect();
    for group in alike.values().filter(|group| group.len() > 1) {
        for (copy, head) in copies(claims, group) {
            if let Some(slot) = head_of.get_mut(copy) {
                *slot = head;
            }
        }
    }
    let keeper = ranked.first().and_then(|first| head_of.get(*first)).copied();
    let standing = |(at, head): (usize, &usize)| match *head {
        head if head != at => Standing::CopyOf(head),
        _ if Some(at) == keeper => Standing::Keeps,
        _ => Standing::Apart,
    };
    head_of.iter().enumerate().map(standing).collect()
}

/// The order in which mails have a right to the id.
fn rank(claim: &Claim) -> (u8, Timestamp, &MessageId) {
    (claim.rank, claim.arrived, &claim.name)
}

/// Returns the copies among mails that are alike, each with what it is a copy of. `group` is in the order of their right to the id.
fn copies(claims: &[Claim], group: &[usize]) -> Vec<(usize, usize)> {
    let words = |at: &usize| claims.get(*at).and_then(|claim| claim.text.as_deref()).map(|text| (*at, Words::of(text)));
    let whole: Vec<(usize, Words)> = group.iter().filter_map(words).collect();
    let compare = if group.len() > COMPARED_MAX { Words::equal } else { Words::within };
    let is_ours = |at: usize| claims.get(at).is_some_and(Claim::is_ours);
    let (ours, others): (Vec<_>, Vec<_>) = whole.into_iter().partition(|(at, _)| is_ours(*at));
    let mut found = Vec::new();
    let heads_of_ours = shown(&ours, compare, &mut found);
    // What others have added to a mail of ours is not shown as ours.
    let related = |words: &Words| {
        let is = |(_, head): &&&(usize, Words)| compare(words, head) || compare(head, words);
        heads_of_ours.iter().find(is).map(|(head, _)| *head)
    };
    let mut foreign = Vec::new();
    for (at, words) in others {
        match related(&words) {
            Some(head) => found.push((at, head)),
            None => foreign.push((at, words)),
        }
    }
    let heads_of_others = shown(&foreign, compare, &mut found);
    let first = heads_of_ours.first().or(heads_of_others.first()).map(|(at, _)| *at).or(group.first().copied());
    let partial = group.iter().filter(|at| claims.get(**at).is_some_and(|claim| claim.text.is_none()));
    found.extend(partial.filter_map(|at| Some((*at, first?))).filter(|(at, head)| at != head));
    found
}

/// Returns those that no other contains, of equal ones the first, in the order given; the others go to `copies`, each with the first
/// that contains it.
fn shown<'a>(
    mails: &'a [(usize, Words)],
    within: fn(&Words, &Words) -> bool,
    copies: &mut Vec<(usize, usize)>,
) -> Vec<&'a (usize, Words)> {
    let mut longest: Vec<usize> = (0..mails.len()).collect();
    longest.sort_by_key(|n| (Reverse(mails.get(*n).map(|(_, words)| words.tight.len())), *n));
    let mut heads: Vec<usize> = Vec::new();
    for n in longest {
        let Some((_, words)) = mails.get(n) else { continue };
        let inside = |head: &usize| mails.get(*head).is_some_and(|(_, head)| within(words, head));
        if !heads.iter().any(inside) {
            heads.push(n);
        }
    }
    heads.sort_unstable();
    let heads_of = |words: &Words| heads.iter().filter_map(|n| mails.get(*n)).find(|(_, head)| within(words, head));
    let rest = mails.iter().enumerate().filter(|(n, _)| heads.binary_search(n).is_err());
    copies.extend(rest.filter_map(|(_, (at, words))| Some((*at, heads_of(words)?.0))));
    heads.iter().filter_map(|n| mails.get(*n)).collect()
}

/// A text as it is compared.
struct Words {
    /// One space between words, before the first and behind the last: what contains it contains whole words, so that an order 1 is not
    /// part of an order 12.
    spaced: String,
    /// Without any space: where lines were wrapped anew, words of some scripts are cut apart.
    tight: String,
}

impl Words {
    fn of(given: &str) -> Self {
        let spaced = format!(" {given} ");
        let tight = given.chars().filter(|c| *c != ' ').collect();
        Self { spaced, tight }
    }

    fn equal(&self, other: &Self) -> bool {
        self.tight == other.tight
    }

    fn within(&self, other: &Self) -> bool {
        self.tight.is_empty() || self.equal(other) || other.spaced.contains(&self.spaced)
    }
}

/// A mail of ours that may be there under two Message-IDs: same recipients, base subject and text as the others that it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnMail {
    /// Its id.
    pub id: MessageId,
    /// Whether a record says that it was sent: two such mails are two, however alike.
    pub recorded: bool,
    /// When the server took it in.
    pub arrived: Timestamp,
    /// Its `Date`, else when the server took it in.
    pub date: Timestamp,
}

/// Decides which of our mails that are alike are copies of another, and of which: relays replace the Message-ID, and the server files
/// what they sent. Which of them is the mail: the one that a record names, else the earlier arrival, else the lower id. Two that were
/// written more than [`COPY_WINDOW`] apart are two mails.
pub fn second_names(mails: &[OwnMail]) -> Vec<Option<usize>> {
    let mut ranked: Vec<usize> = (0..mails.len()).collect();
    ranked.sort_by_key(|at| mails.get(*at).map(|mail| (!mail.recorded, mail.arrived, &mail.id)));
    let mut heads: Vec<usize> = Vec::new();
    let mut copy_of = vec![None; mails.len()];
    for at in ranked {
        let Some(mail) = mails.get(at) else { continue };
        let near = |head: &&usize| {
            let apart = |head: &OwnMail| head.date.0.saturating_sub(mail.date.0).saturating_abs();
            mails.get(**head).is_some_and(|head| apart(head) <= COPY_WINDOW)
        };
        match heads.iter().find(near).filter(|_| !mail.recorded) {
            Some(head) => copy_of.get_mut(at).into_iter().for_each(|slot| *slot = Some(*head)),
            None => heads.push(at),
        }
    }
    copy_of
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
