//! SNS subscription filter policies over message attributes.

/// Placeholder, see the flow of the stream room.
#[derive(Debug, Clone, Default)]
pub struct FilterPolicy;
