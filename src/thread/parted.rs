//! What mail that left held together: a client that never saw it has in parts what is one conversation to those that did.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Node, Placement, Repair, thread};
use crate::model::ids::MessageId;

/// Returns the merges that keep conversations whole for whoever does not have the mails in `gone`: a message of each part but the
/// earliest, and the first of the earliest. `whole` is where [`thread`] puts all the nodes. Only mail that stands counts as a part, and
/// each part is named by its earliest message, so that all who see the same mail stand find the same merges.
pub fn parted(
    nodes: &[Node],
    shared: &HashSet<MessageId>,
    repairs: &[Repair],
    whole: &[Placement],
    gone: &BTreeSet<&MessageId>,
) -> Vec<(MessageId, MessageId)> {
    let standing: Vec<Node> = nodes.iter().filter(|node| !gone.contains(&node.id)).cloned().collect();
    if standing.len() == nodes.len() || standing.len() < 2 {
        return Vec::new();
    }
    let roots: HashMap<&MessageId, &MessageId> = whole.iter().map(|placed| (&placed.message, &placed.root)).collect();
    let apart = thread(&standing, shared, repairs).placements;
    let mut parts: BTreeMap<&MessageId, BTreeMap<&MessageId, (i64, &MessageId)>> = BTreeMap::new();
    for (node, placed) in standing.iter().zip(&apart) {
        let Some(root) = roots.get(&node.id) else { continue };
        let first = (node.arrived.seconds(), &node.id);
        let part = parts.entry(root).or_default().entry(&placed.root).or_insert(first);
        *part = (*part).min(first);
    }
    let mut merges = Vec::new();
    for parts in parts.into_values() {
        let mut firsts: Vec<(i64, &MessageId)> = parts.into_values().collect();
        firsts.sort();
        if let Some(((_, into), others)) = firsts.split_first() {
            merges.extend(others.iter().map(|(_, message)| ((*message).clone(), (*into).clone())));
        }
    }
    merges
}

#[cfg(test)]
#[path = "parted_tests.rs"]
mod tests;
