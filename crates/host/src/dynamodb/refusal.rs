//! DynamoDB's errors.

use serde_json::{Value, json};

use super::attribute::{Item, write_item};

/// Why an operation was not done. The texts are DynamoDB's, or say what is not served here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The condition does not hold. With the item, where it was asked for.
    #[error("The conditional request failed")]
    Condition(Option<Item>),
    /// The request makes no sense.
    #[error("{0}")]
    Validation(String),
    /// The body is no request.
    #[error("{0}")]
    Serialization(String),
    /// There is no such table.
    #[error("Requested resource not found")]
    NotFound,
    /// There is no such operation, or it is not served here.
    #[error("{0}")]
    UnknownOperation(String),
    /// The store failed: the cause is for the log.
    #[error("Internal server error")]
    Internal(String),
}

impl Refusal {
    pub(super) fn validation(text: impl Into<String>) -> Self {
        Self::Validation(text.into())
    }

    pub(super) fn serialization(text: impl Into<String>) -> Self {
        Self::Serialization(text.into())
    }

    /// Right at AWS, and not known here.
    pub(super) fn not_served(what: &str) -> Self {
        Self::Validation(format!("Relevo's DynamoDB does not serve {what}"))
    }

    /// The status and the body.
    pub(crate) fn answer(&self) -> (u16, Value) {
        let (status, name) = match self {
            Self::Condition(_) => (400, "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"),
            Self::NotFound => (400, "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"),
            Self::Validation(_) => (400, "com.amazon.coral.validate#ValidationException"),
            Self::Serialization(_) => (400, "com.amazon.coral.service#SerializationException"),
            Self::UnknownOperation(_) => (400, "com.amazon.coral.service#UnknownOperationException"),
            Self::Internal(_) => (500, "com.amazonaws.dynamodb.v20120810#InternalServerError"),
        };
        let mut body = json!({ "__type": name, "message": self.to_string() });
        if let (Self::Condition(Some(item)), Some(members)) = (self, body.as_object_mut()) {
            members.insert("Item".into(), write_item(item));
        }
        (status, body)
    }
}
