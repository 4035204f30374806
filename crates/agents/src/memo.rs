//! What was worked out once, kept for the next time within bounds: a cache of something that always comes out the same.

use std::{
    borrow::Borrow,
    fmt,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use lru::LruCache;

/// Values by key, the least used go first. What is kept is shared and never changed, so it is cheap to give out.
pub(crate) struct Memo<K, V> {
    most: usize,
    kept: Mutex<Kept<K, V>>,
}

struct Kept<K, V> {
    values: LruCache<K, (V, usize)>,
    bytes: usize,
}

impl<K: Hash + Eq, V: Clone> Memo<K, V> {
    /// One that keeps about so many bytes, as those who put them in count them.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, kept: Mutex::new(Kept { values: LruCache::unbounded(), bytes: 0 }) }
    }

    /// What is known of a key.
    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.values.get(key).map(|(value, _)| value.clone())
    }

    /// Keeps a value. One that is larger than the bound is not kept.
    pub(crate) fn put(&self, key: K, value: V, bytes: usize) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.values.pop(&key).map_or(0, |(_, bytes)| bytes);
        kept.bytes -= before;
        if bytes > self.most {
            return;
        }
        kept.bytes += bytes;
        kept.values.put(key, (value, bytes));
        while kept.bytes > self.most {
            let Some((_, (_, bytes))) = kept.values.pop_lru() else { break };
            kept.bytes -= bytes;
        }
    }

    /// Forgets a key.
    pub(crate) fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q)
    where
        K: Borrow<Q>,
    {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = kept.values.pop(key).map_or(0, |(_, bytes)| bytes);
        kept.bytes -= bytes;
    }

    /// What is known of a key; else it is worked out now, without keeping others waiting, and kept.
    pub(crate) fn of(&self, key: K, bytes: usize, work_out: impl FnOnce(&K) -> V) -> V {
        if let Some(known) = self.get(&key) {
            return known;
        }
        let value = work_out(&key);
        self.put(key, value.clone(), bytes);
        value
    }
}

impl<K, V> fmt::Debug for Memo<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo").field("most", &self.most).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_used_go_when_it_is_full() {
        let memo: Memo<String, usize> = Memo::new(30);
        for (key, value) in [("a", 1), ("b", 2), ("c", 3)] {
            memo.put(key.into(), value, 10);
        }
        assert_eq!(memo.get("a"), Some(1));
        memo.put("d".into(), 4, 10);
        assert_eq!(["a", "b", "c", "d"].map(|key| memo.get(key)), [Some(1), None, Some(3), Some(4)]);
        memo.put("a".into(), 5, 20);
        assert_eq!(["a", "c", "d"].map(|key| memo.get(key)), [Some(5), None, Some(4)]);
        memo.remove("a");
        memo.put("e".into(), 6, 20);
        assert_eq!(["a", "d", "e"].map(|key| memo.get(key)), [None, Some(4), Some(6)]);
    }

    #[test]
    fn what_is_larger_than_all_of_it_is_not_kept() {
        let memo: Memo<String, usize> = Memo::new(30);
        memo.put("a".into(), 1, 10);
        assert_eq!(memo.of("b".into(), 31, |_| 2), 2);
        assert_eq!((memo.get("a"), memo.get("b")), (Some(1), None));
        memo.put("a".into(), 3, 31);
        assert_eq!(memo.get("a"), None, "the older value is not the value any more");
    }

    #[test]
    fn what_is_known_is_not_worked_out_again() {
        let memo: Memo<String, usize> = Memo::new(30);
        assert_eq!(memo.of("a".into(), 1, String::len), 1);
        assert_eq!(memo.of("a".into(), 1, |_| unreachable!()), 1);
    }
}
