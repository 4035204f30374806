//! Where a key lies, and what a change reads and writes. A transaction sees what it has written itself.

use fjall::{Readable as _, SingleWriterTxKeyspace as Keyspace, SingleWriterWriteTx as WriteTransaction, UserValue};

use super::DiskError;

/// The database's limit for a key, in bytes.
const LONGEST_KEY: usize = 65_535;

/// A part of the database: text keys in order, bytes as values. Its name stands before its keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Space(&'static str);

impl Space {
    /// Names have no `/`, so that none begins with another's keys.
    pub(super) const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The whole key.
    pub(super) fn key(self, key: &str) -> Result<String, DiskError> {
        let whole = self.prefix(key);
        if key.is_empty() || whole.len() > LONGEST_KEY { Err(DiskError::Key(key.len())) } else { Ok(whole) }
    }

    /// What every key of the space that begins with `prefix` begins with.
    pub(super) fn prefix(self, prefix: &str) -> String {
        format!("{}/{prefix}", self.0)
    }

    /// The key within the space.
    pub(super) fn name_of(self, key: &[u8]) -> Result<String, DiskError> {
        let text = std::str::from_utf8(key).ok().and_then(|key| key.strip_prefix(self.0)?.strip_prefix('/'));
        let unreadable = || DiskError::Value(String::from_utf8_lossy(key).into_owned(), "no key".into());
        text.map(str::to_owned).ok_or_else(unreadable)
    }
}

/// A change that is being made.
pub(crate) struct Transaction<'a> {
    open: WriteTransaction<'a>,
    keyspace: &'a Keyspace,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(open: WriteTransaction<'a>, keyspace: &'a Keyspace) -> Self {
        Self { open, keyspace }
    }

    /// One value.
    pub(crate) fn get(&self, space: Space, key: &str) -> Result<Option<UserValue>, DiskError> {
        Ok(self.open.get(self.keyspace, space.key(key)?)?)
    }

    /// Writes one value.
    pub(crate) fn put(&mut self, space: Space, key: &str, value: &[u8]) -> Result<(), DiskError> {
        self.open.insert(self.keyspace, space.key(key)?, value);
        Ok(())
    }

    /// Removes one value, if there is one.
    pub(crate) fn remove(&mut self, space: Space, key: &str) -> Result<(), DiskError> {
        self.open.remove(self.keyspace, space.key(key)?);
        Ok(())
    }

    pub(super) fn commit(self) -> Result<(), fjall::Error> {
        self.open.commit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_holds_its_own_keys_alone() {
        let (runs, settled) = (Space::new("runs"), Space::new("runs-settled"));
        assert!(!settled.key("a").unwrap().starts_with(&runs.prefix("")));
        assert_eq!(runs.name_of(runs.key("ñ/1").unwrap().as_bytes()).unwrap(), "ñ/1");
        assert!(runs.name_of(settled.key("a").unwrap().as_bytes()).is_err());
    }

    #[test]
    fn what_the_database_would_not_take_is_an_error() {
        assert!(matches!(Space::new("runs").key(""), Err(DiskError::Key(0))));
        assert!(matches!(Space::new("runs").key(&"x".repeat(65_536)), Err(DiskError::Key(65_536))));
    }
}
