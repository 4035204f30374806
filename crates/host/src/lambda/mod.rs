//! One Lambda function: a binary as child processes, each behind a Runtime API of its own.
//!
//! A child serves one invocation at a time and is used again; as many run as invocations do at once, up to a limit. What
//! ends an invocation is what ends it in Lambda: the child's answer, its error, its death, or the deadline, at which it is
//! killed.

mod child;
mod error;
mod logs;
mod pool;
mod runtime_api;
mod variables;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::body::Bytes;

pub use self::variables::{access_key, access_key_function};
pub use self::{error::InvokeError, logs::LogLines, pool::Function};

/// What a function is.
#[derive(Clone)]
pub struct FunctionSetup {
    /// Its name.
    pub name: String,
    /// The region and account of its ARN.
    pub region: String,
    /// 12 digits.
    pub account_id: String,
    /// The binary.
    pub binary: PathBuf,
    /// Its arguments: Lambda gives none.
    pub arguments: Vec<String>,
    /// Where its children stand; none: where the binary is.
    pub directory: Option<PathBuf>,
    /// Its own variables. Beside these and Lambda's a child has none.
    pub variables: Vec<(String, String)>,
    /// How long an invocation may take.
    pub timeout: Duration,
    /// How long a child may take until it asks for its first event. Lambda: 10 s.
    pub init_timeout: Duration,
    /// What the function is told that it has, in MB; nothing is enforced.
    pub memory_mb: u32,
    /// How many children may run at once.
    pub most_children: usize,
    /// How many children may start at once: a start takes a core, and Lambda has more of them.
    pub most_starting: usize,
    /// Where the lines go that the children write.
    pub log: Arc<dyn LogLines>,
}

impl FunctionSetup {
    /// Where its children stand, and what they are told is their code's place.
    fn root(&self) -> &Path {
        self.directory.as_deref().or_else(|| self.binary.parent()).unwrap_or(Path::new(""))
    }

    /// The function's ARN.
    pub fn arn(&self) -> String {
        format!("arn:aws:lambda:{}:{}:function:{}", self.region, self.account_id, self.name)
    }
}

/// An event on its way to a child.
#[derive(Debug)]
struct Event {
    request_id: String,
    body: Bytes,
    /// In ms since the epoch.
    deadline_ms: u128,
    function_arn: String,
    trace_id: String,
}
