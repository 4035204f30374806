//! The outside world as the contact centre sees it: one small trait a capability.

use async_trait::async_trait;
use serde_json::Value;

use crate::stream::Notification;
pub use crate::time_limit::TimeLimit;

/// The time. Milliseconds since the Unix epoch.
pub trait Clock: Send + Sync {
    /// Now, in milliseconds since the Unix epoch.
    fn now_ms(&self) -> i64;
}

/// Identifiers and secrets.
pub trait Ids: Send + Sync {
    /// A fresh identifier in the shape of a UUID v4.
    fn uuid(&self) -> String;
    /// A fresh unguessable token (at least 128 bits), url-safe, at most 200 characters.
    fn token(&self) -> String;
}

/// One atomic change of the store: all of it is on disk when `commit` answers, or none of it.
#[derive(Debug, Default, Clone)]
pub struct Batch {
    /// Keys to write, with their values (JSON).
    pub put: Vec<(String, Vec<u8>)>,
    /// Keys to remove.
    pub delete: Vec<String>,
}

/// Why the store could not do it. For the log.
#[derive(Debug, Clone, thiserror::Error)]
#[error("store: {0}")]
pub struct StoreError(pub String);

/// An ordered key-value store. Keys are `contact/…`, `item/…`; the centre alone decides their form.
#[async_trait]
pub trait Store: Send + Sync {
    /// Every pair whose key starts with `prefix`, in key order.
    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;
    /// Writes the batch atomically and durably. Batches of one caller are applied in the order of the calls.
    async fn commit(&self, batch: Batch) -> Result<(), StoreError>;
}

/// Why a file could not be written, read or removed. For the log.
#[derive(Debug, Clone, thiserror::Error)]
#[error("files: {0}")]
pub struct FileError(pub String);

/// The content of attachments. Names are the centre's own, of letters, digits and `-`.
#[async_trait]
pub trait Files: Send + Sync {
    /// Writes a whole file; it is on disk when this answers.
    async fn write(&self, name: &str, content: Vec<u8>) -> Result<(), FileError>;
    /// The content of a file.
    async fn read(&self, name: &str) -> Result<Vec<u8>, FileError>;
    /// Removes a file; one that is not there is removed already.
    async fn remove(&self, name: &str) -> Result<(), FileError>;
    /// The names of all files.
    async fn list(&self) -> Result<Vec<String>, FileError>;
}

/// Why a flow's function did not answer: the flow takes its error branch for each of them.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FunctionError {
    /// No function is registered under this ARN or name.
    #[error("no function {0}")]
    Unknown(String),
    /// The function ran longer than the block allows.
    #[error("no answer in time")]
    TimedOut,
    /// Throttled or a 5xx: Connect tries again within the block's time limit.
    #[error("{0}")]
    Retryable(String),
    /// The function answered with an error.
    #[error("{0}")]
    Failed(String),
}

/// What a flow's `InvokeLambdaFunction` block calls.
#[async_trait]
pub trait Functions: Send + Sync {
    /// Whether messages can go through the function with this ARN or name.
    fn can_process(&self, arn: &str) -> bool;

    /// Invokes the function with Connect's event and returns its JSON answer.
    ///
    /// Must begin `limit` when there is something to run the function, and not while that is still coming up or has no room: a
    /// service that begins anew or is crowded is not a slow function, and its customers lose no bot for it. Whoever calls
    /// drops the call when the limit is over.
    async fn invoke(&self, arn: &str, event: Value, limit: &TimeLimit) -> Result<Value, FunctionError>;
}

/// Why a notification could not be handed over: the centre tries again later.
#[derive(Debug, Clone, thiserror::Error)]
#[error("stream: {0}")]
pub struct StreamError(pub String);

/// Where a contact's streamed messages go: the topic.
///
/// `publish` answers when the topic has taken responsibility. Until then the centre keeps the notification in its
/// store and publishes it again after a restart: at least once, in no guaranteed order, like SNS.
#[async_trait]
pub trait Stream: Send + Sync {
    /// Publishes one notification to the topic.
    async fn publish(&self, topic_arn: &str, notification: Notification) -> Result<(), StreamError>;
}
