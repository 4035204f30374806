//! A view of Connect, as far as this centre knows it: what it is called, and what a flow does with it.

/// The answer of connectparticipant's `DescribeView`. What AWS's own views look like (template and input schema) is AWS's
/// alone, so there is none; who shows one finds what it is filled with in the interactive message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The id in the ARN.
    pub id: String,
    /// The full ARN, without version.
    pub arn: String,
    /// The name of a view of AWS; of any other, its id.
    pub name: String,
    /// The version, where the flow says one.
    pub version: Option<u32>,
    /// What the flow has branches for.
    pub actions: Vec<String>,
}
