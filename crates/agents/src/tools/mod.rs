//! Tools: what executes the functions of an action group.

mod call;
mod compare;
pub mod contract;
mod table;
mod tables;

pub use call::{Argument, Arguments, Caller, ToolCall, ToolError, ToolOutput, Tools};
pub use compare::normalized;
pub use table::{TableTools, TableToolsPorts};
pub use tables::{Inserted, MemoryTables, NewRow, Tables, TablesError};
