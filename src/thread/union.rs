//! Disjoint sets.

/// Disjoint sets of the numbers from 0 on.
#[derive(Debug)]
pub(super) struct Union {
    parent: Vec<usize>,
}

impl Union {
    pub(super) fn new(len: usize) -> Self {
        Self { parent: (0..len).collect() }
    }

    /// Returns the number that stands for the set of `at`.
    pub(super) fn find(&mut self, mut at: usize) -> usize {
        while let Some(&above) = self.parent.get(at) {
            if above == at {
                break;
            }
            let next = self.parent.get(above).copied().unwrap_or(above);
            if let Some(slot) = self.parent.get_mut(at) {
                *slot = next;
            }
            at = next;
        }
        at
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        // The smaller number on top; path halving keeps it near linear.
        if let Some(slot) = self.parent.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}
