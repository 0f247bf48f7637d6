//! What references join, before anybody merged or split anything.
//!
//! The messages are taken in the order of their arrival, because one rule asks who had written in two conversations by then: what has
//! once become one does not fall apart when somebody else joins in.

use std::collections::{HashMap, HashSet};

use super::Outside;
use super::graph::{Graph, Vertex};
use super::union::Union;
use crate::model::ids::MessageId;

/// What puts a message beside another without being answered by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// One customer named the same id, which nobody holds.
    OfCustomer(Vertex),
    /// One list carried what names the same id, which nobody holds.
    OnList(Vertex),
    /// It answers a notice that went to many.
    Notice(Vertex),
    /// This message names it, and another conversation of the same person.
    Linked(Vertex),
    /// It bears the id of this one.
    Twin(Vertex),
}

/// What references join.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Pairs of one conversation, unless a split stands between them.
    pub(super) joined: Vec<(Vertex, Vertex)>,
    /// Why a message is there, where it is for no message that it answers.
    pub(super) beside: Vec<Option<Beside>>,
}

/// By what two messages that name the same id may belong together.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Class<'a> {
    Customer(&'a str),
    List(&'a str),
}

/// A pair that belongs together: always, or where both conversations have the same single outside person.
#[derive(Clone, Copy)]
struct Pair {
    one: Vertex,
    other: Vertex,
    is_sure: bool,
    /// Why the later one is there.
    beside: Option<Beside>,
}

struct Linking<'g, 'a> {
    graph: &'g Graph<'a>,
    /// What is to be looked at when a message arrives: the later of the two.
    due: Vec<Vec<Pair>>,
    links: Links,
    union: Union,
    outside: Vec<Outside>,
}

impl Links {
    pub(super) fn build(graph: &Graph<'_>, shared: &HashSet<MessageId>) -> Self {
        let len = graph.ids.len();
        let mut linking = Linking {
            graph,
            due: vec![Vec::new(); len],
            links: Links { joined: Vec::new(), beside: vec![None; len] },
            union: Union::new(len),
            outside: vec![Outside::Nobody; len],
        };
        let order = graph.in_order();
        for vertex in &order {
            linking.name(*vertex);
        }
        linking.meet(&order);
        for vertex in order {
            linking.arrive(vertex);
        }
        linking.own_absent(shared);
        linking.links
    }

    pub(super) fn beside(&self, vertex: Vertex) -> Option<Beside> {
        self.beside.get(vertex).copied().flatten()
    }
}

impl<'a> Linking<'_, 'a> {
    /// Notes the pairs of a message with what it names itself.
    fn name(&mut self, vertex: Vertex) {
        let graph = self.graph;
        let above = graph.answered(vertex);
        for other in above.into_iter().chain(graph.subject_of(vertex)) {
            self.pair(Pair { one: vertex, other, is_sure: true, beside: None });
        }
        for other in graph.bound_of(vertex) {
            self.pair(Pair { one: vertex, other, is_sure: true, beside: Some(Beside::Twin(other)) });
        }
        for other in graph.names_of(vertex).iter().copied() {
            if graph.is_here(other) && Some(other) != above && !graph.is_excepted(vertex, other) {
                self.pair(Pair { one: vertex, other, is_sure: false, beside: None });
            }
        }
    }

    /// Notes the pairs of messages that name the same absent id, or answer the same notice.
    fn meet(&mut self, order: &[Vertex]) {
        let graph = self.graph;
        let mut last: HashMap<(Vertex, Class<'a>), Vertex> = HashMap::new();
        for vertex in order.iter().copied() {
            let Some(node) = graph.node(vertex) else { continue };
            let has_parent = graph.answered(vertex).is_some();
            for named in graph.names_of(vertex).iter().copied() {
                let is_notice = graph.is_excepted(vertex, named);
                if is_notice {
                    self.stand(vertex, Beside::Notice(named));
                } else if graph.is_here(named) {
                    continue;
                }
                let beside = if is_notice { Beside::Notice(named) } else { Beside::OfCustomer(named) };
                if !node.customer.is_empty()
                    && let Some(one) = last.insert((named, Class::Customer(&node.customer)), vertex)
                {
                    let is_sure = !has_parent && graph.answered(one).is_none();
                    self.pair(Pair { one, other: vertex, is_sure, beside: Some(beside) });
                }
                if !is_notice
                    && !node.list_id.is_empty()
                    && let Some(one) = last.insert((named, Class::List(&node.list_id)), vertex)
                {
                    self.pair(Pair { one, other: vertex, is_sure: true, beside: Some(Beside::OnList(named)) });
                }
            }
        }
    }

    fn pair(&mut self, pair: Pair) {
        if pair.one == pair.other || !self.graph.is_here(pair.one) || !self.graph.is_here(pair.other) {
            return;
        }
        let later = if self.graph.order(pair.one) < self.graph.order(pair.other) { pair.other } else { pair.one };
        if let Some(due) = self.due.get_mut(later) {
            due.push(pair);
        }
    }

    /// A message arrives: what it is sure to belong to first, then what it links.
    fn arrive(&mut self, vertex: Vertex) {
        if let Some(node) = self.graph.node(vertex) {
            self.take_part(vertex, &node.outside);
        }
        let due = self.due.get_mut(vertex).map(std::mem::take).unwrap_or_default();
        for pair in due.iter().filter(|pair| pair.is_sure) {
            self.join(*pair);
            match pair.beside {
                Some(beside @ Beside::Twin(_)) => self.stand(pair.one, beside),
                Some(beside) => self.stand(vertex, beside),
                None => {}
            }
        }
        for pair in due.iter().filter(|pair| !pair.is_sure) {
            if self.union.find(pair.one) == self.union.find(pair.other) || !self.is_one_person(pair) {
                continue;
            }
            for end in [pair.one, pair.other] {
                let top = self.graph.top(end);
                if top != vertex {
                    self.stand(top, Beside::Linked(vertex));
                }
            }
            self.join(*pair);
        }
    }

    fn is_one_person(&mut self, pair: &Pair) -> bool {
        let (one, other) = (self.union.find(pair.one), self.union.find(pair.other));
        matches!(
            (self.outside.get(one), self.outside.get(other)),
            (Some(Outside::One(a)), Some(Outside::One(b))) if a == b
        )
    }

    fn join(&mut self, pair: Pair) {
        self.links.joined.push((pair.one, pair.other));
        let (one, other) = (self.union.find(pair.one), self.union.find(pair.other));
        if one == other {
            return;
        }
        let part = [one, other].map(|top| self.outside.get(top).cloned().unwrap_or_default());
        self.union.join(one, other);
        for outside in &part {
            self.take_part(one, outside);
        }
    }

    fn take_part(&mut self, vertex: Vertex, outside: &Outside) {
        let top = self.union.find(vertex);
        if let Some(all) = self.outside.get_mut(top) {
            all.meet(outside);
        }
    }

    /// The first reason stays.
    fn stand(&mut self, vertex: Vertex, beside: Beside) {
        if let Some(slot) = self.links.beside.get_mut(vertex)
            && slot.is_none()
        {
            *slot = Some(beside);
        }
    }

    /// An id that nobody holds belongs to the conversation that names it, where that is one.
    fn own_absent(&mut self, shared: &HashSet<MessageId>) {
        let graph = self.graph;
        let mut namers: HashMap<Vertex, Vec<Vertex>> = HashMap::new();
        for vertex in 0..graph.ids.len() {
            for named in graph.names_of(vertex).iter().filter(|named| !graph.is_here(**named)) {
                namers.entry(*named).or_default().push(vertex);
            }
        }
        let mut home: HashMap<Vertex, usize> = HashMap::new();
        for (absent, namers) in namers {
            let is_shared = graph.ids.get(absent).is_none_or(|id| shared.contains(*id));
            let mut tops = namers.iter().map(|namer| self.union.find(*namer));
            if let Some(first) = tops.next().filter(|_| !is_shared)
                && tops.all(|top| top == first)
            {
                self.links.joined.extend(namers.iter().map(|namer| (*namer, absent)));
                home.insert(absent, first);
            }
        }
        // It stays with what it hangs below, also where what names it is split off.
        for (absent, top) in &home {
            let Some(above) = graph.parent_of(*absent) else { continue };
            let theirs = if graph.is_here(above) { Some(self.union.find(above)) } else { home.get(&above).copied() };
            if theirs == Some(*top) {
                self.links.joined.push((*absent, above));
            }
        }
    }
}
