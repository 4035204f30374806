//! A value that many hold: a message of a history is in the session, in each request to a model, and in what was stored.

use std::{
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error as _};
use serde_json::value::RawValue;

use crate::log::Weigh;

/// A value that is cloned by reference, and copied only when one of its holders changes it. Its JSON is made once; it can be
/// serialized to JSON only.
pub struct Shared<T>(Arc<Held<T>>);

struct Held<T> {
    value: T,
    weight: OnceLock<usize>,
    json: OnceLock<Box<RawValue>>,
}

impl<T> Held<T> {
    fn new(value: T) -> Self {
        Self { value, weight: OnceLock::new(), json: OnceLock::new() }
    }
}

impl<T> Shared<T> {
    /// The value, to be changed: the other holders keep it as it is.
    pub fn make_mut(&mut self) -> &mut T
    where
        T: Clone,
    {
        let held = Arc::make_mut(&mut self.0);
        (held.weight, held.json) = (OnceLock::new(), OnceLock::new());
        &mut held.value
    }

    /// What the value weighs: weighed once.
    pub(crate) fn weight(&self) -> usize
    where
        T: Weigh,
    {
        *self.0.weight.get_or_init(|| self.0.value.weigh())
    }
}

impl<T: Clone> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self::new(self.value.clone())
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(Held::new(value)))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl<T: Eq> Eq for Shared<T> {}

impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(json) = self.0.json.get() {
            return json.serialize(serializer);
        }
        let json = serde_json::value::to_raw_value(&self.0.value).map_err(S::Error::custom)?;
        self.0.json.get_or_init(|| json).serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen_by_nobody_else() {
        let one = Shared::from(1_usize);
        let mut other = one.clone();
        assert_eq!(one.weight(), 1);
        *other.make_mut() = 2;
        assert_eq!((*one, *other), (1, 2));
        assert_eq!((one.weight(), other.weight()), (1, 2));
        let alone: *const usize = &raw const *other;
        *other.make_mut() = 1;
        assert_eq!((&raw const *other, other.weight()), (alone, 1), "who holds it alone changes it in place");
        assert_eq!(one, other);
    }

    #[test]
    fn it_is_stored_as_the_value_itself() {
        let mut shared = Shared::from(vec![1, 2]);
        for _ in 0..2 {
            assert_eq!(serde_json::to_string(&shared).unwrap(), "[1,2]");
            assert_eq!(serde_json::to_value(&shared).unwrap(), serde_json::json!([1, 2]));
        }
        shared.make_mut().push(3);
        assert_eq!(serde_json::to_string(&shared).unwrap(), "[1,2,3]", "as it is, not as it was");
        assert_eq!(serde_json::from_str::<Shared<Vec<i32>>>("[1,2,3]").unwrap(), shared);
    }
}
