//! The rules of contact attributes: keys, and 32,768 bytes in all.

use serde::{Deserialize, Serialize};

use crate::{
    api::{AttributeChange, AttributeSource, Attributes},
    error::{Error, ErrorKind},
};

/// All keys and values of a contact together, in bytes of UTF-8 (model of `UpdateContactAttributes`).
pub(crate) const ATTRIBUTES_LIMIT_BYTES: usize = 32_768;
/// A key's length (model of `AttributeName`).
const KEY_LIMIT: usize = 32_767;

/// `current` with `changes` laid over it.
///
/// # Errors
/// `InvalidParameter` for a key, `InvalidRequest` when all of it would be too large.
pub(crate) fn merged(current: &Attributes, changes: &Attributes) -> Result<Attributes, Error> {
    for key in changes.keys() {
        check_key(key)?;
    }
    let mut all = current.clone();
    all.extend(changes.iter().map(|(k, v)| (k.clone(), v.clone())));
    let bytes: usize = all.iter().map(|(k, v)| k.len() + v.len()).sum();
    if bytes > ATTRIBUTES_LIMIT_BYTES {
        return Err(Error::new(
            ErrorKind::InvalidRequest,
            format!(
                "The contact's attributes would have {bytes} bytes of UTF-8; the limit is {ATTRIBUTES_LIMIT_BYTES} for all keys and values together."
            ),
        ));
    }
    Ok(all)
}

fn check_key(key: &str) -> Result<(), Error> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if key.is_empty() || key.len() > KEY_LIMIT || !key.chars().all(allowed) {
        let shown: String = key.chars().take(64).collect();
        return Err(Error::new(
            ErrorKind::InvalidParameter,
            format!("\"{shown}\" is no attribute name: only letters, digits, \"-\" and \"_\" are allowed."),
        ));
    }
    Ok(())
}

/// How many changes of a contact's attributes are kept.
const KEPT_CHANGES: usize = 100;

/// How a contact's attributes became what they are. Stored with the contact, so it is kept short.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct AttributeLog(Vec<AttributeChange>);

impl AttributeLog {
    pub(crate) fn add(&mut self, at_ms: i64, by: AttributeSource, set: &Attributes) {
        if set.is_empty() {
            return;
        }
        if self.0.len() >= KEPT_CHANGES {
            self.0.remove(0);
        }
        self.0.push(AttributeChange { at_ms, by, set: set.clone() });
    }

    pub(crate) fn changes(&self) -> &[AttributeChange] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(key: &str, value: &str) -> Attributes {
        [(key.to_owned(), value.to_owned())].into()
    }

    #[test]
    fn keys_by_table() {
        for (key, good) in [("a-B_9", true), ("", false), ("with space", false), ("ñ", false), ("a.b", false)] {
            let answer = merged(&Attributes::new(), &one(key, "v"));
            assert_eq!(answer.is_ok(), good, "{key}");
            if let Err(error) = answer {
                assert_eq!(error.kind, ErrorKind::InvalidParameter);
            }
        }
    }

    #[test]
    fn the_limit_counts_bytes_of_keys_and_values_of_the_whole_contact() {
        let half = merged(&Attributes::new(), &one("a", &"x".repeat(16_383))).unwrap();
        assert!(merged(&half, &one("b", &"x".repeat(16_383))).is_ok());
        let error = merged(&half, &one("b", &"x".repeat(16_384))).unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidRequest);
        // 2 bytes a character
        assert!(merged(&half, &one("b", &"ñ".repeat(8_192))).is_err());
        // the same key again replaces, it does not add
        assert!(merged(&half, &one("a", &"y".repeat(32_767))).is_ok());
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_within_the_limit_and_holds_every_change(
            first in proptest::collection::btree_map("[a-z]{1,3}", ".{0,40}", 0..8),
            then in proptest::collection::btree_map("[a-z]{1,3}", ".{0,40}", 0..8),
        ) {
            let current = merged(&Attributes::new(), &first).unwrap();
            let all = merged(&current, &then).unwrap();
            for (key, value) in &then {
                prop_assert_eq!(all.get(key), Some(value));
            }
            for (key, value) in &first {
                prop_assert!(then.contains_key(key) || all.get(key) == Some(value));
            }
        }
    }
}
