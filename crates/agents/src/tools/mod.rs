//! Tools: what executes the functions of an action group.

mod compare;
pub mod contract;
mod table;
mod tables;

use std::collections::BTreeMap;

use async_trait::async_trait;

pub use compare::normalized;
pub use table::{TableTools, TableToolsPorts};
pub use tables::{Inserted, MemoryTables, NewRow, Tables, TablesError};

/// One call of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The action group.
    pub action_group: String,
    /// The function.
    pub function: String,
    /// By parameter name; all values are texts, of the declared type. Parameters that were not given are absent.
    pub arguments: BTreeMap<String, String>,
    /// The session's attributes.
    pub session_attributes: BTreeMap<String, String>,
    /// The same for the same call in the same turn, also when the turn is run again after a failure or a crash: what it
    /// changes must change once.
    pub idempotency_key: String,
}

/// Why a function gave no result. The model is told only that it failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ToolError {
    /// Nobody here executes this function.
    #[error("nobody executes {action_group}.{function}")]
    Unknown {
        /// The action group.
        action_group: String,
        /// The function.
        function: String,
    },
    /// It took too long.
    #[error("timed out")]
    TimedOut,
    /// Anything else; for the log.
    #[error("{0}")]
    Failed(String),
}

/// Executes functions.
#[async_trait]
pub trait Tools: Send + Sync {
    /// Executes one function; the answer is JSON text.
    async fn call(&self, call: ToolCall) -> Result<String, ToolError>;
}
