//! The requests that make and change flows.

use super::Attributes;
use crate::flow::FlowKind;

/// Connect's `CreateContactFlow`.
#[derive(Debug, Clone)]
pub struct CreateContactFlow {
    /// The instance's id.
    pub instance_id: String,
    /// Unique among the flows.
    pub name: String,
    /// Its type.
    pub kind: FlowKind,
    /// Its description.
    pub description: Option<String>,
    /// The flow's JSON, 1..256,000 characters.
    pub content: String,
    /// `PUBLISHED`, which checks the content; else `SAVED`, which does not.
    pub publish: bool,
    /// Its tags.
    pub tags: Attributes,
}

/// Connect's `UpdateContactFlowName` and `UpdateContactFlowMetadata`. What is absent stays.
#[derive(Debug, Clone)]
pub struct UpdateContactFlow {
    /// The instance's id.
    pub instance_id: String,
    /// Id or ARN.
    pub flow_id: String,
    /// The new name.
    pub name: Option<String>,
    /// The new description.
    pub description: Option<String>,
    /// `ARCHIVED`, or `ACTIVE` again.
    pub archived: Option<bool>,
}
