//! Files that are forgotten with the process: for tests, and for whoever keeps none.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use crate::ports::{FileError, Files};

/// [`Files`] in memory.
#[derive(Default)]
pub struct MemoryFiles(Mutex<BTreeMap<String, Vec<u8>>>);

#[async_trait]
impl Files for MemoryFiles {
    async fn write(&self, name: &str, content: Vec<u8>) -> Result<(), FileError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), content);
        Ok(())
    }

    async fn read(&self, name: &str) -> Result<Vec<u8>, FileError> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(name).cloned().ok_or_else(|| FileError(format!("{name} is not there")))
    }

    async fn remove(&self, name: &str) -> Result<(), FileError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }

    async fn list(&self) -> Result<Vec<String>, FileError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect())
    }
}
