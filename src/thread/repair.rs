//! Conversations: the pieces of the forest, and how merges and splits, in log order, put them together.
//!
//! A piece is what no split can divide. Splits cut pieces off, merges join groups of pieces, and each record works on what the ones
//! before it left: so it means what its author saw.
//!
//! Anybody who can write to the log can send tens of thousands of them. So pieces are moved the smaller side to the larger, and what is
//! said of a whole group is said once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::graph::{Graph, Vertex};
use super::links::Beside;
use super::union::Union;
use super::{Placement, REFERENCES_MAX, Repair, Why};
use crate::model::ids::{MessageId, OpId};
use crate::model::message::Origin;

/// The conversations.
#[derive(Debug)]
pub(super) struct Groups {
    /// The piece of each vertex.
    piece_of: Vec<usize>,
    pieces: Vec<Piece>,
    groups: Vec<Group>,
    /// The pieces by rank.
    ranked: Vec<usize>,
    /// Counts what was done, so that what was said of a group is told from what a piece brought along later.
    now: u64,
}

#[derive(Debug)]
struct Piece {
    group: usize,
    /// When it came into its group.
    since: u64,
    /// Which of all pieces would give its root to a group before it: what no split made comes first, then what came first.
    rank: usize,
    /// The root that it has by itself.
    root: Vertex,
    /// The earliest vertex.
    first: Vertex,
    /// The message whose split made this piece.
    split: Option<Vertex>,
    /// Pieces that were split off below this one.
    below: Vec<usize>,
    /// The record that put it where it is, unless one did since with the whole group.
    cause: Option<Cause>,
}

#[derive(Clone, Copy, Debug)]
enum Cause {
    Merged(OpId),
    Split(OpId),
}

#[derive(Debug)]
struct Group {
    /// Its pieces, by rank.
    members: BTreeSet<usize>,
    root: Vertex,
    /// The record that last put all that was in it then where it is, and when.
    cause: Option<(u64, Cause)>,
}

impl Groups {
    pub(super) fn build(graph: &Graph<'_>, repairs: &[Repair]) -> Self {
        let cut = cuts(graph, repairs);
        let regions = regions(graph, &cut);
        let mut groups = Self::pieces(graph, &regions);
        groups.join_whole(graph);
        for repair in repairs {
            match repair {
                Repair::Merge { record, message, into } => groups.merge(graph, *record, message, into),
                Repair::Split { record, message } => groups.split(graph, *record, message),
            }
        }
        groups
    }

    /// Joins within each region what belongs together.
    fn pieces(graph: &Graph<'_>, regions: &[Option<Vertex>]) -> Self {
        let mut union = Union::new(graph.ids.len());
        let same = |a: Vertex, b: Vertex| regions.get(a) == regions.get(b);
        for (one, other) in &graph.links.joined {
            if same(*one, *other) {
                union.join(*one, *other);
            }
        }
        let mut number: HashMap<Vertex, usize> = HashMap::new();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut piece_of = Vec::with_capacity(graph.ids.len());
        for vertex in 0..graph.ids.len() {
            let next = pieces.len();
            let piece = *number.entry(union.find(vertex)).or_insert(next);
            if piece == next {
                let split = regions.get(vertex).copied().flatten();
                let group = next;
                let below = Vec::new();
                pieces.push(Piece { group, since: 0, rank: 0, root: vertex, first: vertex, split, below, cause: None });
            }
            piece_of.push(piece);
            if let Some(piece) = pieces.get_mut(piece)
                && graph.order(vertex) < graph.order(piece.first)
            {
                piece.first = vertex;
            }
        }
        let mut this = Self { piece_of, pieces, groups: Vec::new(), ranked: Vec::new(), now: 0 };
        this.rank(graph);
        for index in 0..this.pieces.len() {
            let root = this.own_root(graph, index);
            let mut members = BTreeSet::new();
            if let Some(piece) = this.pieces.get_mut(index) {
                piece.root = root;
                members.insert(piece.rank);
            }
            this.groups.push(Group { members, root, cause: None });
        }
        this
    }

    /// What no split made comes first: it is where the others were cut from.
    fn rank(&mut self, graph: &Graph<'_>) {
        let mut ranked: Vec<usize> = (0..self.pieces.len()).collect();
        ranked.sort_by_key(|piece| self.pieces.get(*piece).map(|p| (p.split.is_some(), graph.order(p.first))));
        for (rank, piece) in ranked.iter().enumerate() {
            if let Some(piece) = self.pieces.get_mut(*piece) {
                piece.rank = rank;
            }
        }
        self.ranked = ranked;
    }

    /// Undoes the cuts: before the first record, what was split later is still one conversation.
    fn join_whole(&mut self, graph: &Graph<'_>) {
        for child in 0..self.pieces.len() {
            let above = self.pieces.get(child).and_then(|p| p.split).and_then(|split| graph.parent_of(split));
            let Some(&above) = above.and_then(|vertex| self.piece_of.get(vertex)) else { continue };
            if let Some(piece) = self.pieces.get_mut(above) {
                piece.below.push(child);
            }
            let (from, to) = (self.group_of_piece(child), self.group_of_piece(above));
            self.absorb(from, to);
        }
        for index in 0..self.groups.len() {
            self.choose_root(index);
        }
    }

    /// The first id that the earliest message names, and so on upwards, as far as it belongs to the piece.
    fn own_root(&self, graph: &Graph<'_>, piece: usize) -> Vertex {
        let Some(p) = self.pieces.get(piece) else { return 0 };
        if let Some(split) = p.split {
            return split;
        }
        let inside = |vertex: &Vertex| self.piece_of.get(*vertex) == Some(&piece);
        let mut at = p.first;
        let mut steps = 0usize;
        let mut passed = std::collections::HashSet::from([at]);
        loop {
            let subject = graph.subject_of(at);
            let next = graph.names_of(at).iter().copied().find(inside).or(subject.filter(|v| inside(v)));
            steps += 1;
            match next {
                Some(next) if steps < graph.ids.len() && passed.insert(next) => at = next,
                // A circle: its smallest id, wherever it was entered.
                Some(_) => return passed.into_iter().min_by_key(|v| graph.order(*v)).unwrap_or(at),
                None => return at,
            }
        }
    }

    fn merge(&mut self, graph: &Graph<'_>, record: OpId, message: &MessageId, into: &MessageId) {
        let (Some(from), Some(to)) = (self.group_of(graph, message), self.group_of(graph, into)) else { return };
        if from == to {
            return;
        }
        let now = self.tick();
        if let Some(group) = self.groups.get_mut(from) {
            group.cause = Some((now, Cause::Merged(record)));
        }
        self.absorb(from, to);
    }

    fn split(&mut self, graph: &Graph<'_>, record: OpId, message: &MessageId) {
        let Some(vertex) = graph.vertex(message) else { return };
        let Some(&top) = self.piece_of.get(vertex) else { return };
        let from = self.group_of_piece(top);
        let mut moved = Vec::new();
        let mut todo = vec![top];
        while let Some(piece) = todo.pop() {
            // What was split off or merged elsewhere before stays there.
            if self.group_of_piece(piece) == from {
                moved.push(piece);
                todo.extend(self.pieces.get(piece).into_iter().flat_map(|p| &p.below));
            }
        }
        if self.groups.get(from).is_some_and(|g| g.members.len() == moved.len()) {
            // The first message of a conversation, with all of it: there is nothing to split it from.
            return;
        }
        let new = self.groups.len();
        self.groups.push(Group { members: BTreeSet::new(), root: vertex, cause: None });
        for piece in moved {
            self.bring(piece, new);
        }
        if let Some(piece) = self.pieces.get_mut(top) {
            piece.cause = Some(Cause::Split(record));
        }
        let kept = self.groups.get(from).map(|g| g.root).and_then(|root| self.piece_of.get(root)).copied();
        if kept.is_none_or(|piece| self.group_of_piece(piece) != from) {
            self.choose_root(from);
        }
    }

    fn tick(&mut self) -> u64 {
        self.now += 1;
        self.now
    }

    fn choose_root(&mut self, group: usize) {
        let first = self.groups.get(group).and_then(|g| g.members.first()).and_then(|rank| self.ranked.get(*rank));
        let root = first.and_then(|piece| self.pieces.get(*piece)).map(|piece| piece.root);
        if let (Some(root), Some(group)) = (root, self.groups.get_mut(group)) {
            group.root = root;
        }
    }

    /// Brings a piece into another group, with what put it where it is.
    fn bring(&mut self, piece: usize, to: usize) {
        let cause = self.pieces.get(piece).and_then(|p| self.cause_of(p));
        let now = self.tick();
        let Some(piece) = self.pieces.get_mut(piece) else { return };
        if let Some(group) = self.groups.get_mut(piece.group) {
            group.members.remove(&piece.rank);
        }
        (piece.group, piece.since, piece.cause) = (to, now, cause);
        if let Some(group) = self.groups.get_mut(to) {
            group.members.insert(piece.rank);
        }
    }

    fn cause_of(&self, piece: &Piece) -> Option<Cause> {
        let said = self.groups.get(piece.group).and_then(|group| group.cause);
        said.filter(|(when, _)| *when > piece.since).map(|(_, cause)| cause).or(piece.cause)
    }

    /// Joins two groups; the root is that of `to`. The smaller one is moved.
    fn absorb(&mut self, from: usize, to: usize) {
        if from == to {
            return;
        }
        let size = |group: usize| self.groups.get(group).map_or(0, |g| g.members.len());
        let (moved, stays) = if size(from) <= size(to) { (from, to) } else { (to, from) };
        let root = self.groups.get(to).map(|g| g.root);
        let pieces: Vec<usize> = match self.groups.get(moved) {
            Some(group) => group.members.iter().filter_map(|rank| self.ranked.get(*rank)).copied().collect(),
            None => Vec::new(),
        };
        for piece in pieces {
            self.bring(piece, stays);
        }
        if let (Some(root), Some(group)) = (root, self.groups.get_mut(stays)) {
            group.root = root;
        }
    }

    fn group_of(&self, graph: &Graph<'_>, id: &MessageId) -> Option<usize> {
        let piece = self.piece_of.get(graph.vertex(id)?)?;
        Some(self.group_of_piece(*piece))
    }

    fn group_of_piece(&self, piece: usize) -> usize {
        self.pieces.get(piece).map_or(usize::MAX, |p| p.group)
    }

    /// Says where a message belongs and why.
    pub(super) fn place(&self, graph: &Graph<'_>, id: &MessageId) -> Placement {
        let (message, root) = (id.clone(), id.clone());
        let alone = Placement { message, root, parent: None, why: Why::First, related: Vec::new() };
        let Some(vertex) = graph.vertex(id) else { return alone };
        let Some(piece) = self.piece_of.get(vertex).and_then(|p| self.pieces.get(*p)) else { return alone };
        let root = self.groups.get(piece.group).and_then(|g| graph.ids.get(g.root)).copied();
        let parent = self.answered(graph, vertex, piece.group);
        Placement {
            message: id.clone(),
            root: root.unwrap_or(id).clone(),
            parent: parent.and_then(|v| graph.ids.get(v)).map(|id| (*id).clone()),
            why: self.why(graph, vertex, piece),
            related: self.related(graph, vertex, piece.group),
        }
    }

    /// The ids that nobody holds and that are in a conversation with messages, each with the root of that.
    pub(super) fn absent(&self, graph: &Graph<'_>) -> BTreeMap<MessageId, MessageId> {
        let mut peopled = HashSet::new();
        for vertex in graph.in_order() {
            peopled.extend(self.piece_of.get(vertex).map(|piece| self.group_of_piece(*piece)));
        }
        let mut absent = BTreeMap::new();
        for (vertex, id) in graph.ids.iter().enumerate().filter(|(vertex, _)| !graph.is_here(*vertex)) {
            let group = self.piece_of.get(vertex).map(|piece| self.group_of_piece(*piece));
            let root = group.filter(|group| peopled.contains(group)).and_then(|group| self.groups.get(group));
            if let Some(root) = root.and_then(|group| graph.ids.get(group.root)) {
                absent.insert((*id).clone(), (*root).clone());
            }
        }
        absent
    }

    /// The nearest message above that is here and in the same conversation.
    fn answered(&self, graph: &Graph<'_>, vertex: Vertex, group: usize) -> Option<Vertex> {
        let mut at = graph.parent_of(vertex)?;
        let mut steps = 0;
        while !graph.is_here(at) {
            // Many hostile mails can chain up ids that are not here, each for all the others to climb.
            steps += 1;
            if steps > 2 * REFERENCES_MAX {
                return None;
            }
            at = graph.parent_of(at)?;
        }
        let same = self.piece_of.get(at).is_some_and(|piece| self.group_of_piece(*piece) == group);
        same.then_some(at)
    }

    /// What a message names that is in another conversation, or belongs to none.
    fn related(&self, graph: &Graph<'_>, vertex: Vertex, group: usize) -> Vec<MessageId> {
        let elsewhere = |named: &&Vertex| {
            let theirs = self.piece_of.get(**named).map(|piece| self.group_of_piece(*piece));
            theirs != Some(group) && !graph.is_excepted(vertex, **named)
        };
        let named = graph.names_of(vertex).iter().filter(elsewhere);
        named.filter_map(|named| graph.ids.get(*named)).map(|id| (*id).clone()).collect()
    }

    fn why(&self, graph: &Graph<'_>, vertex: Vertex, piece: &Piece) -> Why {
        let id = |vertex: Vertex| graph.ids.get(vertex).map(|id| (*id).clone());
        let above = graph.parent_of(vertex).filter(|v| self.piece_of.get(*v) == self.piece_of.get(vertex));
        if let Some(above) = above.filter(|v| graph.is_here(*v))
            && let Some(named) = id(above)
        {
            let by_name = graph.names_of(vertex).contains(&above);
            let bounce = graph.node(vertex).is_some_and(|n| n.origin == Origin::Bounce);
            return match (by_name, bounce) {
                (true, true) => Why::Bounce(named),
                (true, false) => Why::Refers(named),
                (false, _) => Why::SameSubject(named),
            };
        }
        match self.cause_of(piece) {
            Some(Cause::Merged(record)) => return Why::Merged(record),
            Some(Cause::Split(record)) if piece.split == Some(vertex) => return Why::Split(record),
            _ => {}
        }
        let beside = graph.links.beside(vertex).and_then(|beside| match beside {
            Beside::Notice(of) => id(of).map(Why::Notice),
            _ if vertex == piece.first => None,
            Beside::OfCustomer(named) => id(named).map(Why::SharesReference),
            Beside::OnList(named) => id(named).map(Why::SharesOnList),
            Beside::Linked(by) => id(by).map(Why::Linked),
            Beside::Twin(of) => id(of).map(Why::Twin),
        });
        beside.unwrap_or(Why::First)
    }
}

/// The messages that a split names.
fn cuts(graph: &Graph<'_>, repairs: &[Repair]) -> Vec<bool> {
    let mut cut = vec![false; graph.ids.len()];
    for repair in repairs {
        if let Repair::Split { message, .. } = repair
            && let Some(slot) = graph.vertex(message).and_then(|vertex| cut.get_mut(vertex))
        {
            *slot = true;
        }
    }
    cut
}

/// The nearest split message at or above each vertex.
fn regions(graph: &Graph<'_>, cut: &[bool]) -> Vec<Option<Vertex>> {
    let mut known: Vec<Option<Option<Vertex>>> = vec![None; graph.ids.len()];
    let mut path = Vec::new();
    for start in 0..graph.ids.len() {
        let mut at = Some(start);
        let mut region = None;
        while let Some(vertex) = at {
            if let Some(Some(found)) = known.get(vertex) {
                region = *found;
                break;
            }
            path.push(vertex);
            if cut.get(vertex) == Some(&true) {
                region = Some(vertex);
                break;
            }
            at = graph.parent_of(vertex);
        }
        for vertex in path.drain(..) {
            if let Some(slot) = known.get_mut(vertex) {
                *slot = Some(region);
            }
        }
    }
    known.into_iter().map(Option::flatten).collect()
}
