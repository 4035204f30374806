//! A list of what was said. It grows at its end and is cut at its beginning, and most of it stays as it is: that part is held in
//! common by the session, the requests to models and what was stored, so that none of them costs more in a long conversation.

use std::{fmt, iter::Chain, ops::Range, slice, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Shared;

/// What has a size that is counted up to a budget.
pub(crate) trait Weigh {
    /// It.
    fn weigh(&self) -> usize;
}

/// A list of shared values. Cloned in the time that what is not settled takes.
pub struct Log<T> {
    settled: Arc<Settled<T>>,
    /// What of the settled part still stands.
    standing: Range<usize>,
    /// What came since.
    rest: Vec<Shared<T>>,
}

struct Settled<T> {
    items: Vec<Shared<T>>,
    /// What the first one, two, … weigh together.
    weights: Vec<usize>,
}

/// The values in their order.
pub type Iter<'l, T> = Chain<slice::Iter<'l, Shared<T>>, slice::Iter<'l, Shared<T>>>;

impl<T> Log<T> {
    /// The values in their order.
    pub fn iter(&self) -> Iter<'_, T> {
        self.standing().iter().chain(&self.rest)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.standing.len() + self.rest.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last.
    pub fn last(&self) -> Option<&T> {
        self.rest.last().or_else(|| self.standing().last()).map(|last| &**last)
    }

    /// The last, to be changed.
    pub fn last_mut(&mut self) -> Option<&mut Shared<T>> {
        if self.rest.is_empty()
            && let Some(last) = self.standing().last().cloned()
        {
            self.standing.end -= 1;
            self.rest.push(last);
        }
        self.rest.last_mut()
    }

    /// Adds one.
    pub fn push(&mut self, value: impl Into<Shared<T>>) {
        self.rest.push(value.into());
    }

    /// Without the first so many.
    pub fn drop_first(&mut self, count: usize) {
        let of_settled = count.min(self.standing.len());
        self.standing.start += of_settled;
        self.rest.drain(..(count - of_settled).min(self.rest.len()));
    }

    fn standing(&self) -> &[Shared<T>] {
        self.settled.items.get(self.standing.clone()).unwrap_or_default()
    }

    /// What came since it was settled.
    pub(crate) fn since(&self) -> &[Shared<T>] {
        &self.rest
    }

    /// The same, to be changed.
    pub(crate) fn since_mut(&mut self) -> &mut [Shared<T>] {
        &mut self.rest
    }

    /// The places of what stands of a settled log, if it is that log's.
    pub(crate) fn stands_on(&self, settled: &Self) -> Option<Range<usize>> {
        Arc::ptr_eq(&self.settled, &settled.settled).then(|| self.standing.clone())
    }

    /// These places of a settled log, and this behind them; none, where it has no such places.
    pub(crate) fn behind(self, settled: &Self, places: Range<usize>) -> Option<Self> {
        settled.settled.items.get(places.clone())?;
        let rest = if self.standing.is_empty() { self.rest } else { self.iter().cloned().collect() };
        Some(Self { settled: Arc::clone(&settled.settled), standing: places, rest })
    }

    /// All of it is settled from now on.
    pub(crate) fn settle(&mut self)
    where
        T: Weigh,
    {
        let items: Vec<Shared<T>> = self.iter().cloned().collect();
        let weights = items.iter().scan(0, |sum, item| {
            *sum += item.weight();
            Some(*sum)
        });
        let standing = 0..items.len();
        *self = Self { settled: Arc::new(Settled { weights: weights.collect(), items }), standing, rest: Vec::new() };
    }

    /// What all of it weighs.
    pub(crate) fn weight(&self) -> usize
    where
        T: Weigh,
    {
        let up_to = |place: usize| {
            place.checked_sub(1).and_then(|last| self.settled.weights.get(last)).copied().unwrap_or_default()
        };
        up_to(self.standing.end).saturating_sub(up_to(self.standing.start)) + self.weight_since()
    }

    /// What came since it was settled weighs.
    pub(crate) fn weight_since(&self) -> usize
    where
        T: Weigh,
    {
        self.rest.iter().map(Shared::weight).sum()
    }
}

impl<T> From<Vec<Shared<T>>> for Log<T> {
    fn from(rest: Vec<Shared<T>>) -> Self {
        let settled = Arc::new(Settled { items: Vec::new(), weights: Vec::new() });
        Self { settled, standing: 0..0, rest }
    }
}

impl<T, V: Into<Shared<T>>> FromIterator<V> for Log<T> {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        values.into_iter().map(Into::into).collect::<Vec<Shared<T>>>().into()
    }
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> Clone for Log<T> {
    fn clone(&self) -> Self {
        Self { settled: Arc::clone(&self.settled), standing: self.standing.clone(), rest: self.rest.clone() }
    }
}

impl<'l, T> IntoIterator for &'l Log<T> {
    type Item = &'l Shared<T>;
    type IntoIter = Iter<'l, T>;

    fn into_iter(self) -> Iter<'l, T> {
        self.iter()
    }
}

/// The values themselves.
impl<T: Clone> IntoIterator for Log<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().map(|value| T::clone(value)).collect::<Vec<T>>().into_iter()
    }
}

impl<T: PartialEq> PartialEq for Log<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other)
    }
}

impl<T: fmt::Debug> fmt::Debug for Log<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<T: Serialize> Serialize for Log<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Log<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests;
