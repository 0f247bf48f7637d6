//! The references of a set of messages as a forest over all ids, also of messages that are not here.
//!
//! Every choice is made by the messages themselves (arrival, then id), never by their order in the input.

use std::collections::{HashMap, HashSet};

use super::links::Links;
use super::union::Union;
use super::{Node, REFERENCES_MAX, Repair, SUBJECT_WINDOW};
use crate::model::ids::MessageId;
use crate::model::message::Origin;

/// An id of the set: a message, or one that is only named.
pub(super) type Vertex = usize;

/// What [`Graph::build`] makes of the messages.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    /// The id of each vertex.
    pub(super) ids: Vec<&'a MessageId>,
    vertex_of: HashMap<&'a MessageId, Vertex>,
    /// The message of each vertex, where it is here.
    pub(super) nodes: Vec<Option<&'a Node>>,
    /// What each message names, in its own order, itself left out.
    pub(super) names: Vec<Vec<Vertex>>,
    /// The vertex above each: what it answers. A forest.
    pub(super) parent: Vec<Option<Vertex>>,
    /// The earlier message that the subject alone joins a message to.
    by_subject: Vec<Option<Vertex>>,
    /// What belongs together.
    pub(super) links: Links,
}

impl<'a> Graph<'a> {
    pub(super) fn build(nodes: &'a [Node], shared: &HashSet<MessageId>, repairs: &'a [Repair]) -> Self {
        let mut graph = Self::read(nodes, repairs);
        graph.join_by_subject();
        graph.choose_parents();
        graph.break_cycles();
        graph.links = Links::build(&graph, shared);
        graph.cut_strangers();
        graph
    }

    /// Takes what does not belong together out of the forest: a split takes along what is below, which must not reach into another
    /// conversation through an id that nobody holds.
    fn cut_strangers(&mut self) {
        let mut union = Union::new(self.ids.len());
        for (one, other) in &self.links.joined {
            union.join(*one, *other);
        }
        for (vertex, parent) in self.parent.iter_mut().enumerate() {
            *parent = parent.filter(|above| union.find(vertex) == union.find(*above));
        }
    }

    /// Reads who names what.
    fn read(nodes: &'a [Node], repairs: &'a [Repair]) -> Self {
        let mut graph = Graph {
            ids: Vec::with_capacity(nodes.len()),
            vertex_of: HashMap::with_capacity(nodes.len()),
            nodes: Vec::with_capacity(nodes.len()),
            names: Vec::new(),
            parent: Vec::new(),
            by_subject: Vec::new(),
            links: Links::default(),
        };
        for node in nodes {
            let vertex = graph.intern(&node.id);
            if let Some(slot) = graph.nodes.get_mut(vertex) {
                // The same id twice: one of them speaks, the same one in any order.
                let speaks = slot.is_none_or(|other| rank(node) < rank(other));
                if speaks {
                    *slot = Some(node);
                }
            }
        }
        graph.read_names(repairs);
        graph
    }

    /// Returns the vertex of an id of the set.
    pub(super) fn vertex(&self, id: &MessageId) -> Option<Vertex> {
        self.vertex_of.get(id).copied()
    }

    /// Returns the order of a vertex: messages that are here by arrival, then the absent ones by id.
    pub(super) fn order(&self, vertex: Vertex) -> Order<'a> {
        let node = self.nodes.get(vertex).copied().flatten();
        let id = self.ids.get(vertex).copied();
        (node.is_none(), node.map_or(0, |n| n.arrived.0), id)
    }

    /// Returns the messages that are here, in the order of their arrival.
    pub(super) fn in_order(&self) -> Vec<Vertex> {
        let mut order: Vec<Vertex> = (0..self.ids.len()).filter(|v| self.is_here(*v)).collect();
        order.sort_by_key(|vertex| self.order(*vertex));
        order
    }

    /// Returns the message of a vertex, where it is here.
    pub(super) fn node(&self, vertex: Vertex) -> Option<&'a Node> {
        self.nodes.get(vertex).copied().flatten()
    }

    /// Tells whether a message does not join what it names, because that is a notice to many and its author, a person, is not one of
    /// those whom it names openly.
    pub(super) fn is_excepted(&self, vertex: Vertex, named: Vertex) -> bool {
        let (Some(node), Some(notice)) = (self.node(vertex), self.node(named).and_then(|named| named.notice.as_ref()))
        else {
            return false;
        };
        node.origin == Origin::Human && !node.author.is_empty() && !notice.contains(&node.author)
    }

    /// Returns what a message answers: the last that it names, that is here and that it joins.
    pub(super) fn answered(&self, vertex: Vertex) -> Option<Vertex> {
        let names = self.names_of(vertex).iter().rev().copied();
        let mut here = names.filter(|named| self.is_here(*named) && !self.is_excepted(vertex, *named));
        here.next()
    }

    /// Returns the earlier message that the subject alone joins a message to.
    pub(super) fn subject_of(&self, vertex: Vertex) -> Option<Vertex> {
        self.by_subject.get(vertex).copied().flatten()
    }

    /// Returns the messages, here, that a message belongs to whatever it names.
    pub(super) fn bound_of(&self, vertex: Vertex) -> Vec<Vertex> {
        let bound = self.node(vertex).map(|node| node.bound.iter()).into_iter().flatten();
        bound.filter_map(|id| self.vertex(id)).filter(|other| self.is_here(*other)).collect()
    }

    /// Returns the topmost message above one that is here.
    pub(super) fn top(&self, vertex: Vertex) -> Vertex {
        let mut at = vertex;
        for _ in 0..self.ids.len() {
            match self.parent_of(at).filter(|above| self.is_here(*above)) {
                Some(above) => at = above,
                None => break,
            }
        }
        at
    }

    /// Tells whether the message of a vertex is here.
    pub(super) fn is_here(&self, vertex: Vertex) -> bool {
        self.nodes.get(vertex).is_some_and(Option::is_some)
    }

    pub(super) fn parent_of(&self, vertex: Vertex) -> Option<Vertex> {
        self.parent.get(vertex).copied().flatten()
    }

    pub(super) fn names_of(&self, vertex: Vertex) -> &[Vertex] {
        self.names.get(vertex).map_or(&[], Vec::as_slice)
    }

    fn intern(&mut self, id: &'a MessageId) -> Vertex {
        let next = self.ids.len();
        let vertex = *self.vertex_of.entry(id).or_insert(next);
        if vertex == next {
            self.ids.push(id);
            self.nodes.push(None);
        }
        vertex
    }

    fn read_names(&mut self, repairs: &'a [Repair]) {
        let here: Vec<Option<&'a Node>> = self.nodes.clone();
        for (vertex, node) in here.into_iter().enumerate() {
            let mut names = Vec::new();
            for id in node.map(|node| bounded(&node.parents)).into_iter().flatten() {
                let named = self.intern(id);
                if named != vertex {
                    names.push(named);
                }
            }
            self.names.push(names);
        }
        for repair in repairs {
            match repair {
                Repair::Merge { message, into, .. } => {
                    self.intern(message);
                    self.intern(into);
                }
                Repair::Split { message, .. } => {
                    self.intern(message);
                }
            }
        }
        self.names.resize(self.ids.len(), Vec::new());
        self.parent = vec![None; self.ids.len()];
        self.by_subject = vec![None; self.ids.len()];
    }

    /// Finds for each message without a reference that joins, but with a reply prefix, the newest earlier one of the same customer and subject.
    fn join_by_subject(&mut self) {
        let mut same: HashMap<(&str, &str), Vec<Vertex>> = HashMap::new();
        for (vertex, node) in self.nodes.iter().enumerate() {
            let Some(node) = node else { continue };
            if !node.customer.is_empty() && !node.base_subject.is_empty() && node.origin != Origin::Bounce {
                same.entry((&node.customer, &node.base_subject)).or_default().push(vertex);
            }
        }
        for mut group in same.into_values().filter(|group| group.len() > 1) {
            group.sort_by_key(|vertex| self.order(*vertex));
            for pair in group.windows(2) {
                let &[earlier, later] = pair else { continue };
                let (Some(Some(first)), Some(Some(second))) = (self.nodes.get(earlier), self.nodes.get(later)) else {
                    continue;
                };
                let near = second.arrived.since(first.arrived) <= SUBJECT_WINDOW;
                if near
                    && second.is_reply
                    && self.answered(later).is_none()
                    && let Some(slot) = self.by_subject.get_mut(later)
                {
                    *slot = Some(earlier);
                }
            }
        }
    }

    /// A message hangs below the one that it answers, else below the one that the subject joins it to, else below the last that it names.
    /// An absent one hangs below the id in front of it in the list of the earliest message that names it so. Nothing hangs below a notice
    /// that it does not join.
    fn choose_parents(&mut self) {
        for vertex in self.in_order() {
            let mut names = self.names_of(vertex).to_vec();
            names.retain(|named| !self.is_excepted(vertex, *named));
            let above = self.answered(vertex).or(self.subject_of(vertex)).or(names.last().copied());
            self.hang(vertex, above);
            for pair in names.windows(2) {
                let &[before, after] = pair else { continue };
                if before != after && !self.is_here(after) && self.parent_of(after).is_none() {
                    self.hang(after, Some(before));
                }
            }
        }
    }

    fn hang(&mut self, vertex: Vertex, above: Option<Vertex>) {
        if let Some(slot) = self.parent.get_mut(vertex) {
            *slot = above;
        }
    }

    /// Where messages name each other in a circle, the earliest of the circle stands on top.
    fn break_cycles(&mut self) {
        const NEW: u8 = 0;
        const ON_PATH: u8 = 1;
        const DONE: u8 = 2;
        let mut state = vec![NEW; self.ids.len()];
        let mut path = Vec::new();
        for start in 0..self.ids.len() {
            path.clear();
            let mut at = Some(start);
            while let Some(vertex) = at {
                match state.get(vertex).copied() {
                    Some(NEW) => {
                        set(&mut state, vertex, ON_PATH);
                        path.push(vertex);
                        at = self.parent_of(vertex);
                    }
                    Some(ON_PATH) => {
                        let circle = path.iter().skip_while(|v| **v != vertex);
                        if let Some(top) = circle.copied().min_by_key(|v| self.order(*v)) {
                            self.hang(top, None);
                        }
                        at = None;
                    }
                    _ => at = None,
                }
            }
            path.iter().for_each(|vertex| set(&mut state, *vertex, DONE));
        }
    }
}

/// See [`Graph::order`].
pub(super) type Order<'a> = (bool, i64, Option<&'a MessageId>);

fn set(state: &mut [u8], vertex: Vertex, to: u8) {
    if let Some(slot) = state.get_mut(vertex) {
        *slot = to;
    }
}

fn rank(node: &Node) -> impl Ord + '_ {
    let bounce = node.origin == Origin::Bounce;
    let what = (node.arrived.0, &node.parents, &node.base_subject, node.is_reply, &node.customer, bounce);
    let whose = (node.origin == Origin::Human, &node.author, &node.outside, &node.list_id, &node.notice, &node.bound);
    (what, whose)
}

fn bounded(parents: &[MessageId]) -> Vec<&MessageId> {
    if parents.len() <= REFERENCES_MAX {
        return parents.iter().collect();
    }
    let first = REFERENCES_MAX / 4;
    let last = parents.len() - (REFERENCES_MAX - first);
    parents.iter().take(first).chain(parents.iter().skip(last)).collect()
}
