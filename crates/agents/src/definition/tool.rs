//! Executors of functions: look-up and insert in a local table, which need no code, and what is called elsewhere.

use std::collections::BTreeMap;

pub use super::remote::{HttpMethod, HttpTool, LambdaTool, McpServer, McpTool, Offered};

use serde::Deserialize;

/// In place of a function's name: every function of the action group that has no entry of its own.
pub const ALL: &str = "*";

/// How one function is executed.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Tool {
    /// Finds one row. The answer is `{"found": true, <returned columns>}` or `{"found": false}`, and nothing else: it does
    /// not tell which of the columns did not match.
    Lookup(Lookup),
    /// Adds one row. The answer is `{"inserted": true, <returned columns>}`, or `{"inserted": false}` when what it requires is not there.
    Insert(Insert),
    /// Calls an HTTP endpoint.
    Http(HttpTool),
    /// Invokes a Lambda function with Bedrock's event of an action group.
    Lambda(LambdaTool),
    /// Calls a tool of an MCP server.
    Mcp(McpTool),
}

/// A look-up.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lookup {
    /// The table.
    pub table: String,
    /// Column to parameter: all must match (compared without case, spaces, dots and dashes).
    pub r#match: BTreeMap<String, String>,
    /// The columns of the answer.
    pub r#return: Vec<String>,
    /// That no row matches is an error for the model, as Bedrock's `REPROMPT`: for a function that verifies the customer.
    #[serde(default)]
    pub must_find: bool,
}

/// An insert.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Insert {
    /// The table.
    pub table: String,
    /// A row that must exist for the insert to be done (such as: the order belongs to this identity document).
    pub requires: Option<Requires>,
    /// The new row: column to value.
    pub row: BTreeMap<String, Value>,
    /// The columns of the answer.
    pub r#return: Vec<String>,
}

/// A row that must exist.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Requires {
    /// The table.
    pub table: String,
    /// Column to parameter.
    pub r#match: BTreeMap<String, String>,
}

/// A column's value in a new row.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Value {
    /// A parameter of the function.
    Parameter(String),
    /// The same for every row.
    Constant(String),
    /// A session attribute, such as `contactId`.
    SessionAttribute(String),
    /// So many random decimal digits, unique in the column and unguessable.
    RandomDigits(u8),
    /// The time, ISO-8601.
    Now {},
}

/// A local table.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Table {
    /// The column that identifies a row.
    pub key: String,
    /// A file below the bot's folder with the first rows: CSV with a header line, or JSON (a list of flat objects).
    pub data: Option<String>,
}
