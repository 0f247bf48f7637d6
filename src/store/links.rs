//! Links that only mail held which left: kept on the log by whoever knew it, so that clients which never saw that mail have the same
//! conversations.

use std::collections::{BTreeSet, HashSet};

use super::batch::Batch;
use super::commit::append_new;
use super::error::StoreError;
use super::facts::Facts;
use super::home::Homes;
use super::record;
use crate::model::ids::{MessageId, OpId};
use crate::op::operation::{Known, Target};
use crate::op::record::{Author, NewOperation};
use crate::thread::{self, Node, Placement, Repair};

impl Batch<'_> {
    /// Notes what of a threaded set would fall apart without the mail of it that left. Where all that still stands was there before the
    /// team began, nobody waits for anything.
    pub(super) fn note_parted(
        &mut self,
        facts: &[Facts],
        nodes: &[Node],
        shared: &HashSet<MessageId>,
        repairs: &[Repair],
        placements: &[Placement],
    ) {
        let there: BTreeSet<&MessageId> = facts.iter().filter(|f| f.gone_at.is_none()).map(|f| &f.id).collect();
        let gone: BTreeSet<&MessageId> = facts.iter().map(|f| &f.id).filter(|id| !there.contains(id)).collect();
        if gone.is_empty() || there.len() < 2 {
            return;
        }
        let work: BTreeSet<&MessageId> =
            facts.iter().filter(|f| f.gone_at.is_none() && !f.history && !f.hidden).map(|f| &f.id).collect();
        let roots: BTreeSet<&MessageId> =
            placements.iter().filter(|placed| work.contains(&placed.message)).map(|placed| &placed.root).collect();
        let worked = placements.iter().filter(|placed| roots.contains(&placed.root)).map(|placed| &placed.message);
        let worked: BTreeSet<&MessageId> = worked.collect();
        let parted = thread::parted(nodes, shared, repairs, placements, &gone);
        self.parted.extend(parted.into_iter().filter(|(message, _)| worked.contains(message)));
    }

    /// Writes the merges that [`Batch::note_parted`] found. Their ids follow from what they join: however many clients write one, it
    /// counts once, and whoever takes it back has taken it back for all.
    pub(super) fn keep_links(&mut self, author: &Author) -> Result<(), StoreError> {
        let parted = std::mem::take(&mut self.parted);
        if parted.is_empty() {
            return Ok(());
        }
        let mut operations = Vec::new();
        for (message, into) in parted {
            let homes = Homes::of(self.tx, self.team())?;
            let account = homes.of_message(&message)?;
            // Whoever shares only one of the accounts could not follow.
            if account != homes.of_message(&into)? {
                continue;
            }
            let id = OpId::derived(&format!("kept-link\n{into}"), &message);
            let merge = NewOperation::new(Known::Merge { into }, vec![Target::on(message)]);
            operations.push((account, merge.with_id(id).by(record::system()?)));
        }
        append_new(self, author, operations)?;
        Ok(())
    }
}
